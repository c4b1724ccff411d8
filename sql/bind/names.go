package bind

import (
	"strings"

	"github.com/vecdb/vecdb/sql"
)

// columnName is the name of a select list entry that has no AS.
func columnName(e sql.Expr) string {
	name, _ := figureName(e)
	if name == "" {
		return "?column?"
	}
	return name
}

// KeyName is the name of an index's key over an expression.
func KeyName(e sql.Expr) string {
	if name, _ := figureName(e); name != "" {
		return name
	}
	return "expr"
}

// figureName returns a name and how good it is: 2 a name from the expression itself, 1 one from a
// construct or type around it.
func figureName(e sql.Expr) (string, int) {
	switch e := e.(type) {
	case *sql.ColumnRef:
		if !e.Star {
			return e.Names[len(e.Names)-1], 2
		}
	case *sql.Indirection:
		for i := len(e.Steps) - 1; i >= 0; i-- {
			if e.Steps[i].Field != "" {
				return e.Steps[i].Field, 2
			}
		}
		return figureName(e.Arg)
	case *sql.Func:
		return e.Names[len(e.Names)-1], 2
	case *sql.NullIf:
		return "nullif", 2
	case *sql.Cast:
		name, strength := figureName(e.Arg)
		if strength <= 1 {
			return e.Type.Names[len(e.Type.Names)-1], 1
		}
		return name, strength
	case *sql.Collate:
		return figureName(e.Arg)
	case *sql.Subquery:
		return subqueryName(e)
	case *sql.Case:
		name, strength := figureName(e.Else)
		if strength <= 1 {
			return "case", 1
		}
		return name, strength
	case *sql.Array:
		return "array", 2
	case *sql.Row:
		return "row", 2
	case *sql.Coalesce:
		return "coalesce", 2
	case *sql.MinMax:
		if e.Greatest {
			return "greatest", 2
		}
		return "least", 2
	case *sql.Grouping:
		return "grouping", 2
	case *sql.ValueFunc:
		return strings.ToLower(e.Name), 2
	}
	return "", 0
}

func subqueryName(e *sql.Subquery) (string, int) {
	switch e.Kind {
	case sql.SubExists:
		return "exists", 2
	case sql.SubArray:
		return "array", 2
	case sql.SubScalar:
		q := e.Query
		for q.Op != sql.SetNone {
			q = q.Left
		}
		if len(q.Targets) > 0 {
			if q.Targets[0].Name != "" {
				return q.Targets[0].Name, 2
			}
			return figureName(q.Targets[0].Expr)
		}
		return "column1", 2
	}
	return "", 0
}
