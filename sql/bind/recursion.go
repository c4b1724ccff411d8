package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
)

// recursiveOrder puts the queries of WITH RECURSIVE so that each comes behind those that it reads.
func recursiveOrder(list []*sql.CTE) ([]*sql.CTE, error) {
	var out []*sql.CTE
	rest := list
	for len(rest) > 0 {
		var later []*sql.CTE
		for i, c := range rest {
			if q, ok := c.Query.(*sql.Select); ok && refersToAny(q, rest, i) {
				later = append(later, c)
				continue
			}
			out = append(out, c)
		}
		if len(later) == len(rest) {
			return nil, errAt(rest[0].Pos(), pgerrcode.FeatureNotSupported, "mutual recursion between WITH items is not implemented")
		}
		rest = later
	}
	return out, nil
}

// refersToAny says whether q reads one of the queries other than its own, the i-th.
func refersToAny(q *sql.Select, list []*sql.CTE, i int) bool {
	for k, c := range list {
		if k != i && refersTo(q, c.Name) {
			return true
		}
	}
	return false
}

// selfReferences looks for the references of a recursive term to its own query, which SQL allows only where
// every further row of the query can but add rows.
type selfReferences struct {
	name  string
	found int // in FROM; what else there is stands in expressions
}

// checkRecursiveTerm refuses references where rows could go again.
func checkRecursiveTerm(term *sql.Select, name string) error {
	r := &selfReferences{name: name}
	if err := r.query(term, ""); err != nil {
		return err
	}
	all, at := 0, 0
	sql.WalkTables(term, func(t *sql.TableName) {
		if r.is(t) {
			all++
			at = t.Pos()
		}
	})
	switch {
	case all > r.found:
		return r.misplaced(at, "a subquery")
	case all > 1:
		return errAt(at, pgerrcode.InvalidRecursion, "recursive reference to query %q must not appear more than once", name)
	}
	return nil
}

func (r *selfReferences) is(t *sql.TableName) bool { return t.Schema == "" && t.Name == r.name }

func (r *selfReferences) misplaced(pos int, where string) error {
	return errAt(pos, pgerrcode.InvalidRecursion, "recursive reference to query %q must not appear within %s", r.name, where)
}

// query looks through FROM; within names what encloses the query that admits no reference.
func (r *selfReferences) query(q *sql.Select, within string) error {
	if q == nil {
		return nil
	}
	left, right := within, within
	switch {
	case q.Op == sql.SetExcept:
		right = "EXCEPT"
		if q.All {
			left = "EXCEPT"
		}
	case q.Op == sql.SetIntersect && q.All:
		left, right = "INTERSECT", "INTERSECT"
	}
	if err := r.query(q.Left, left); err != nil {
		return err
	}
	if err := r.query(q.Right, right); err != nil {
		return err
	}
	for _, t := range q.From {
		if err := r.table(t, within); err != nil {
			return err
		}
	}
	return nil
}

func (r *selfReferences) table(t sql.TableExpr, within string) error {
	switch t := t.(type) {
	case *sql.TableName:
		if !r.is(t) {
			return nil
		}
		if r.found++; within != "" {
			return r.misplaced(t.Pos(), within)
		}
	case *sql.Join:
		left, right := within, within
		if t.Kind == sql.JoinRight || t.Kind == sql.JoinFull {
			left = "an outer join"
		}
		if t.Kind == sql.JoinLeft || t.Kind == sql.JoinFull {
			right = "an outer join"
		}
		if err := r.table(t.Left, left); err != nil {
			return err
		}
		return r.table(t.Right, right)
	case *sql.SubqueryTable:
		return r.query(t.Query, within)
	}
	return nil
}
