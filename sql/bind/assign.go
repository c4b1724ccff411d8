package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// assignments binds SET of UPDATE and ON CONFLICT.
func (b *binder) assignments(sc *scope, rel *cat.Relation, list []sql.Target) ([]Assign, error) {
	out := make([]Assign, 0, len(list))
	seen := make(map[int16]bool)
	multi := &multiSource{}
	for i := range list {
		t := &list[i]
		c := rel.Table.Column(t.Name)
		if c == nil && rel.Table.Kind == schema.KindTable && IsSystemColumn(t.Name) {
			return nil, errAt(t.Pos(), pgerrcode.FeatureNotSupported, "cannot assign to system column %q", t.Name)
		}
		if c == nil {
			return nil, errAt(t.Pos(), pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", t.Name, rel.Table.Name)
		}
		if len(t.Steps) > 0 {
			return nil, unsupportedAt(t.Pos(), "assignment to a part of a column")
		}
		if seen[c.Num] {
			return nil, pgerr.New(pgerrcode.SyntaxError, "multiple assignments to same column %q", t.Name)
		}
		seen[c.Num] = true
		x, err := b.assignment(sc, rel, c, t, multi)
		if err != nil {
			return nil, err
		}
		out = append(out, Assign{Attr: c.Num, Expr: x})
	}
	return out, nil
}

// assignment binds one column = expression.
func (b *binder) assignment(sc *scope, rel *cat.Relation, c *schema.Column, t *sql.Target, multi *multiSource) (eval.Expr, error) {
	sc.clause = inSet
	e, at := t.Expr, -1
	var x eval.Expr
	var err error
	if m, ok := e.(*sql.MultiAssign); ok {
		if e, x, at, err = multi.next(b, sc, m); err != nil {
			return nil, err
		}
	}
	if _, ok := e.(*sql.Default); ok {
		if c.Generated != "" {
			return nil, nil //nolint:nilnil // computed with the row
		}
		return b.columnDefault(rel, c)
	}
	if c.Generated != "" {
		return nil, pgerr.New(pgerrcode.GeneratedAlways, "column %q can only be updated to DEFAULT", c.Name).
			Detail("Column %q is a generated column.", c.Name)
	}
	if c.Identity == 'a' {
		return nil, pgerr.New(pgerrcode.GeneratedAlways, "column %q can only be updated to DEFAULT", c.Name).
			Detail("Column %q is an identity column defined as GENERATED ALWAYS.", c.Name)
	}
	if x == nil {
		if x, err = b.expr(sc, e); err != nil {
			return nil, err
		}
		at = sql.Start(e)
	}
	return b.assign(x, c.Name, c.Type, at)
}

// multiSource is the source of SET (a, b) = ..., which the grammar repeats for each column.
type multiSource struct {
	sub *eval.Subquery
	out *queryOut
}

// next returns the expression for one column: as written, or bound already, and then where it stands.
func (m *multiSource) next(b *binder, sc *scope, e *sql.MultiAssign) (written sql.Expr, bound eval.Expr, at int, err error) {
	switch src := e.Source.(type) {
	case *sql.Row:
		if len(src.Fields) != e.Count {
			return nil, nil, 0, errAt(src.Pos(), pgerrcode.SyntaxError, "number of columns does not match number of values")
		}
		return src.Fields[e.N-1], nil, -1, nil
	case *sql.Subquery:
		if src.Kind != sql.SubScalar {
			break
		}
		if e.N == 1 {
			if m.sub, m.out, err = b.rowOf(sc, src); err != nil {
				return nil, nil, 0, err
			}
		}
		cols := m.sub.Rel.Output()
		if len(cols) != e.Count {
			return nil, nil, 0, errAt(src.Pos(), pgerrcode.SyntaxError, "number of columns does not match number of values")
		}
		c := cols[e.N-1]
		return src, &eval.Field{Arg: m.sub, N: e.N - 1, Name: c.Name, T: c.T}, m.out.at(e.N - 1), nil
	}
	return nil, nil, 0, errAt(e.Source.Pos(), pgerrcode.FeatureNotSupported,
		"source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
}

// updatedRow is the whole row after SET over the old one, generated columns computed anew.
func (b *binder) updatedRow(rel *cat.Relation, set []Assign, old *item) ([]eval.Expr, error) {
	byAttr := make(map[int16]eval.Expr, len(set))
	for _, a := range set {
		if a.Expr != nil {
			byAttr[a.Attr] = a.Expr
		}
	}
	live := rel.Table.Live()
	row := &item{name: rel.Table.Name, bare: true, named: true}
	out := make([]eval.Expr, len(live))
	for i, c := range live {
		out[i] = byAttr[c.Num]
		if out[i] == nil {
			out[i] = old.cols[i].expr
		}
		row.cols = append(row.cols, itemCol{name: c.Name, expr: &eval.Col{ID: -eval.ColID(i) - 1, T: c.Type, Name: c.Name}, attr: c.Num})
	}
	for i, c := range live {
		if c.Generated == "" {
			continue
		}
		x, err := b.generatedExpr(row, c)
		if err != nil {
			return nil, err
		}
		out[i] = eval.Rewrite(x, func(e eval.Expr) eval.Expr {
			if col, ok := e.(*eval.Col); ok && col.ID < 0 {
				return out[-col.ID-1]
			}
			return e
		})
	}
	return out, nil
}
