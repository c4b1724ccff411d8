package bind

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// cteScope is a chain of visible WITH queries, innermost first.
type cteScope struct {
	next *cteScope
	cte  *CTE
	name string
	// working: references read the working table, since the query's recursive term is being bound.
	working bool
	reader  *scope // of the query that has the reference to the working table in its FROM
}

func (c *cteScope) find(name string) *cteScope {
	for s := c; s != nil; s = s.next {
		if s.name == name {
			return s
		}
	}
	return nil
}

// bindWith binds WITH and makes its queries visible in sc. Nil when there are none.
func (b *binder) bindWith(sc *scope, w *sql.With) ([]*CTE, error) {
	if w == nil {
		return nil, nil
	}
	seen := make(map[string]bool)
	for _, c := range w.CTEs {
		if seen[c.Name] {
			return nil, errAt(c.Pos(), pgerrcode.DuplicateAlias, "WITH query name %q specified more than once", c.Name)
		}
		seen[c.Name] = true
	}
	list := w.CTEs
	if w.Recursive {
		var err error
		if list, err = recursiveOrder(list); err != nil {
			return nil, err
		}
	}
	var out []*CTE
	for _, c := range list {
		cte, err := b.bindCTE(sc, c, w.Recursive)
		if err != nil {
			return nil, err
		}
		out = append(out, cte)
		sc.ctes = &cteScope{next: sc.ctes, cte: cte, name: c.Name}
	}
	return out, nil
}

func (b *binder) bindCTE(sc *scope, c *sql.CTE, recursive bool) (*CTE, error) {
	cte := &CTE{Name: c.Name, Materialized: c.Materialized}
	q, ok := c.Query.(*sql.Select)
	if !ok {
		return b.modifyingCTE(sc, c, cte)
	}
	if recursive && refersTo(q, c.Name) {
		return cte, b.recursiveCTE(sc, c, q, cte)
	}
	inner := sc.relay(nil)
	out, err := b.bindQuery(q, inner, queryOpts{})
	if err != nil {
		return nil, err
	}
	sc.absorb(inner)
	cte.Rel = out.rel
	return cte, cteColumns(cte, c, out.rel.Output())
}

// cteColumns names the columns of a CTE.
func cteColumns(cte *CTE, c *sql.CTE, cols []eval.Column) error {
	if len(c.Cols) > len(cols) {
		return errAt(c.Pos(), pgerrcode.InvalidColumnReference, "WITH query %q has %d columns available but %d columns specified",
			c.Name, len(cols), len(c.Cols))
	}
	cte.Cols = append([]eval.Column(nil), cols...)
	for i, name := range c.Cols {
		cte.Cols[i].Name = name
	}
	return nil
}

// modifyingCTE binds INSERT, UPDATE or DELETE in WITH.
func (b *binder) modifyingCTE(sc *scope, c *sql.CTE, cte *CTE) (*CTE, error) {
	if sc.parent != nil {
		return nil, errAt(c.Pos(), pgerrcode.FeatureNotSupported, "WITH clause containing a data-modifying statement must be at the top level")
	}
	inner := sc.relay(nil)
	var stmt Stmt
	var err error
	switch q := c.Query.(type) {
	case *sql.Insert:
		stmt, err = b.bindInsert(q, inner)
	case *sql.Update:
		stmt, err = b.bindUpdate(q, inner)
	case *sql.Delete:
		stmt, err = b.bindDelete(q, inner)
	default:
		return nil, unsupportedAt(c.Pos(), "%s in WITH", c.Query.Tag())
	}
	if err != nil {
		return nil, err
	}
	cte.Materialized = 'm'
	cte.Rel = &Modify{Stmt: stmt}
	return cte, cteColumns(cte, c, stmt.Returning())
}

// recursiveCTE binds a query that refers to itself: a UNION whose left side does not.
func (b *binder) recursiveCTE(sc *scope, c *sql.CTE, q *sql.Select, cte *CTE) error {
	if q.Op == sql.SetUnion && refersTo(q.Left, c.Name) {
		return errAt(c.Pos(), pgerrcode.InvalidRecursion, "recursive reference to query %q must not appear within its non-recursive term", c.Name)
	}
	if q.Op != sql.SetUnion {
		return errAt(c.Pos(), pgerrcode.InvalidRecursion,
			"recursive query %q does not have the form non-recursive-term UNION [ALL] recursive-term", c.Name)
	}
	switch {
	case len(q.OrderBy) > 0:
		return errAt(c.Pos(), pgerrcode.FeatureNotSupported, "ORDER BY in a recursive query is not implemented")
	case q.Limit != nil:
		return errAt(c.Pos(), pgerrcode.FeatureNotSupported, "LIMIT in a recursive query is not implemented")
	case q.Offset != nil:
		return errAt(c.Pos(), pgerrcode.FeatureNotSupported, "OFFSET in a recursive query is not implemented")
	}
	if err := checkRecursiveTerm(q.Right, c.Name); err != nil {
		return err
	}
	inner := sc.relay(nil)
	if ctes, err := b.bindWith(inner, q.With); err != nil {
		return err
	} else if ctes != nil {
		return unsupportedAt(c.Pos(), "WITH inside a recursive WITH query")
	}
	left, err := b.bindQuery(q.Left, inner, queryOpts{})
	if err != nil {
		return err
	}
	cte.Recursive, cte.All, cte.Rel = true, q.All, left.rel
	if err := cteColumns(cte, c, left.rel.Output()); err != nil {
		return err
	}
	self := &cteScope{next: inner.ctes, cte: cte, name: c.Name, working: true}
	inner.ctes = self
	step, err := b.bindQuery(q.Right, inner, queryOpts{keepUnknown: true})
	if err != nil {
		return err
	}
	if r := self.reader; r != nil && r.q != nil {
		if i := slices.IndexFunc(r.q.aggs, isAggregate); i >= 0 {
			return errAt(r.q.aggAt[i], pgerrcode.InvalidRecursion,
				"aggregate functions are not allowed in a recursive query's recursive term")
		}
	}
	sc.absorb(inner)
	cte.Step, err = b.matchStep(cte, step, c)
	return err
}

func isAggregate(e eval.Expr) bool {
	_, ok := e.(*eval.Agg)
	return ok
}

// matchStep coerces the recursive term to the columns of the other one.
func (b *binder) matchStep(cte *CTE, step *queryOut, c *sql.CTE) (Rel, error) {
	cols := step.rel.Output()
	if len(cols) != len(cte.Cols) {
		return nil, errAt(c.Pos(), pgerrcode.SyntaxError, "each UNION query must have the same number of columns")
	}
	same := true
	exprs := make([]eval.Expr, len(cols))
	for i, col := range cols {
		want := cte.Cols[i].T
		if col.T.OID == types.UnknownOID && step.retype != nil {
			if err := step.retype(i, want, -1); err != nil {
				return nil, err
			}
			col = step.rel.Output()[i]
		}
		exprs[i] = &eval.Col{ID: col.ID, T: col.T, Name: col.Name}
		if col.T.OID == want.OID {
			continue
		}
		overall, err := b.commonType([]eval.Expr{&eval.Col{T: want}, exprs[i]}, "UNION", func(int) int { return c.Pos() })
		if err != nil {
			return nil, err
		}
		if overall != want.OID || !b.canCoerce(col.T.OID, want.OID, fn.Implicit) {
			return nil, pgerr.New(pgerrcode.DatatypeMismatch,
				"recursive query %q column %d has type %s in non-recursive term but type %s overall",
				c.Name, i+1, b.typeText(want), b.typeName(overall)).
				Hint("Cast the output of the non-recursive term to the correct type.").At(c.Pos())
		}
		if exprs[i], err = b.coerceType(exprs[i], types.Of(want.OID), fn.Implicit, c.Pos()); err != nil {
			return nil, err
		}
		same = false
	}
	if same {
		return step.rel, nil
	}
	return b.projectAs(step.rel, exprs), nil
}

// projectAs computes exprs over rel under rel's column names.
func (b *binder) projectAs(rel Rel, exprs []eval.Expr) *Project {
	cols := rel.Output()
	p := &Project{Input: rel, Exprs: exprs, Cols: make([]eval.Column, len(cols))}
	for i, c := range cols {
		p.Cols[i] = c
		if col, ok := exprs[i].(*eval.Col); !ok || col.ID != c.ID {
			p.Cols[i].ID, p.Cols[i].T = b.newID(), exprs[i].Type()
			p.Cols[i].Table, p.Cols[i].Attr = 0, 0
		}
	}
	return p
}

// cteRef makes a reference to a CTE with column ids of its own.
func (b *binder) cteRef(sc *scope, c *cteScope, t *sql.TableName) (*fromPart, error) {
	if c.cte.Cols == nil && c.cte.Rel != nil {
		if m, ok := c.cte.Rel.(*Modify); ok && m.Stmt.Returning() == nil {
			return nil, errAt(t.Pos(), pgerrcode.FeatureNotSupported, "WITH query %q does not have a RETURNING clause", t.Name)
		}
	}
	if c.working {
		c.reader = sc
	}
	node := &CTERef{CTE: c.cte, Working: c.working, Cols: append([]eval.Column(nil), c.cte.Cols...)}
	for i := range node.Cols {
		from := node.Cols[i]
		node.Cols[i].ID = b.newID()
		b.noteFields(node.Cols[i].ID, &eval.Col{ID: from.ID, T: from.T})
	}
	if !c.working {
		c.cte.Refs++
	}
	it := newItem(c.name, node.Cols)
	it.cte, it.leaf = c.cte, node
	if err := it.rename(t.Alias); err != nil {
		return nil, err
	}
	sc.make(it)
	if b.origins != nil && b.viewDepth == 0 {
		b.origins[node] = Origin{Alias: it.name}
	}
	return &fromPart{rel: node, items: []*item{it}}, nil
}

// refersTo says whether a query names a table that could be the CTE of that name.
func refersTo(q *sql.Select, name string) bool {
	found := false
	sql.WalkTables(q, func(t *sql.TableName) {
		found = found || t.Schema == "" && t.Name == name
	})
	return found
}
