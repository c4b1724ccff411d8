package bind

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// regrouper rewrites expressions over a query's FROM into expressions over its Aggregate: grouping
// expressions become the group's columns, and any other column of FROM is an error.
type regrouper struct {
	b *binder
	q *query
	// keys are the grouping expressions with the plain columns in them already replaced, as a rewrite
	// from the leaves up meets them.
	keys []eval.Expr
	// plain maps the columns that are grouping expressions themselves.
	plain map[eval.ColID]int
	// subqueries are those in the grouping expressions: one that means the same is taken for it.
	subqueries []*eval.Subquery
	renamed    map[*eval.Subquery]eval.Expr
	err        error
}

// aggregateNode makes the Aggregate of a query. A group that is a plain column keeps the column's id
// when there are no grouping sets: subqueries above may then go on referring to it.
func (b *binder) aggregateNode(q *query, input Rel) (*Aggregate, *regrouper) {
	r := &regrouper{b: b, q: q, plain: make(map[eval.ColID]int), renamed: make(map[*eval.Subquery]eval.Expr)}
	for i, g := range q.groups {
		if c, ok := g.(*eval.Col); ok && q.sets == nil {
			q.groupCols[i].ID = c.ID
		} else {
			q.groupCols[i].ID = b.newID()
		}
		if c, ok := g.(*eval.Col); ok {
			r.plain[c.ID] = i
		}
	}
	for _, g := range q.groups {
		eval.Walk(g, func(e eval.Expr) bool {
			if s, ok := e.(*eval.Subquery); ok {
				r.subqueries = append(r.subqueries, s)
			}
			return true
		})
		key := g
		if _, ok := g.(*eval.Col); !ok {
			key = eval.Rewrite(g, func(e eval.Expr) eval.Expr {
				if e == g {
					return e
				}
				return r.node(e)
			})
		}
		r.keys = append(r.keys, key)
	}
	return &Aggregate{
		Input: input, Groups: q.groups, GroupCols: q.groupCols, Sets: q.sets, Written: q.written, Aggs: q.aggs, AggCols: q.aggCols,
	}, r
}

// direct checks the direct arguments of the ordered-set aggregates, which have one value a group.
func (r *regrouper) direct() error {
	for _, a := range r.q.aggs {
		agg, ok := a.(*eval.Agg)
		if !ok || !agg.Within {
			continue
		}
		for _, arg := range agg.Args {
			if _, err := r.expr(arg); err != nil {
				return pgerr.From(err).Detail("Direct arguments of an ordered-set aggregate must use only grouped columns.")
			}
		}
	}
	return nil
}

// expr rewrites e.
func (r *regrouper) expr(e eval.Expr) (eval.Expr, error) {
	if e == nil {
		return nil, nil //nolint:nilnil // nothing to rewrite
	}
	out := eval.Rewrite(e, r.node)
	eval.Walk(out, func(x eval.Expr) bool {
		switch x := x.(type) {
		case *eval.Col:
			r.check(x.ID, x)
		case *eval.Subquery:
			for _, id := range x.Outer {
				r.check(id, nil)
			}
		}
		return r.err == nil
	})
	return out, r.err
}

func (r *regrouper) exprs(list []eval.Expr) error {
	for i, e := range list {
		var err error
		if list[i], err = r.expr(e); err != nil {
			return err
		}
	}
	return nil
}

func (r *regrouper) keysOf(list []eval.SortKey) error {
	for i := range list {
		var err error
		if list[i].Expr, err = r.expr(list[i].Expr); err != nil {
			return err
		}
	}
	return nil
}

// node is the step of the rewrite.
func (r *regrouper) node(e eval.Expr) eval.Expr {
	switch x := e.(type) {
	case *eval.Const, *eval.Param:
		if len(r.keys) == 0 {
			return e
		}
	case *eval.Col:
		if i, ok := r.plain[x.ID]; ok {
			c := r.q.groupCols[i]
			return r.moved(x, c)
		}
		return e
	case *eval.Subquery:
		if e = r.known(x); e != x || slices.Contains(r.subqueries, x) {
			break
		}
		return r.subquery(x)
	}
	for i, k := range r.keys {
		if _, plain := k.(*eval.Col); !plain && eval.Equal(k, e) {
			c := r.q.groupCols[i]
			return &eval.Col{ID: c.ID, T: c.T, Name: c.Name}
		}
	}
	if x, ok := e.(*eval.Subquery); ok {
		return r.subquery(x)
	}
	return e
}

// known is the subquery of a grouping expression that means the same as x, or x.
func (r *regrouper) known(x *eval.Subquery) *eval.Subquery {
	for _, s := range r.subqueries {
		if s == x || sameSubquery(s, x) {
			return s
		}
	}
	return x
}

func (r *regrouper) moved(x *eval.Col, c eval.Column) eval.Expr {
	if x.ID == c.ID {
		return x
	}
	return &eval.Col{ID: c.ID, T: x.T, Name: x.Name}
}

// subquery renames the group columns inside a subquery when they have new ids.
func (r *regrouper) subquery(x *eval.Subquery) eval.Expr {
	renames := make(map[eval.ColID]eval.ColID)
	for _, id := range x.Outer {
		if i, ok := r.plain[id]; ok && r.q.groupCols[i].ID != id {
			renames[id] = r.q.groupCols[i].ID
		}
	}
	if len(renames) == 0 {
		return x
	}
	if r.renamed[x] == nil {
		r.renamed[x] = renameOuter(x, renames)
	}
	return r.renamed[x]
}

// check reports a column of FROM that is neither grouped nor in an aggregate, unless the groups
// determine it.
func (r *regrouper) check(id eval.ColID, col *eval.Col) {
	q := r.q
	for _, c := range q.groupCols {
		if c.ID == id {
			return
		}
	}
	if !q.sc.owns(id) || r.err != nil {
		return
	}
	it, c := q.sc.itemOf(id)
	if q.sets == nil && r.determined(it) {
		q.groups = append(q.groups, &eval.Col{ID: id, T: colType(it, id, c), Name: c.name})
		q.groupCols = append(q.groupCols, eval.Column{ID: id, Name: c.name, T: colType(it, id, c), Table: c.table, Attr: c.attr})
		return
	}
	at := -1
	if col != nil {
		at = r.b.posOf(col)
	}
	name := it.name + "." + c.name
	if col == nil {
		r.err = errAt(at, pgerrcode.GroupingError, "subquery uses ungrouped column %q from outer query", name)
		return
	}
	r.err = pgerr.New(pgerrcode.GroupingError,
		"column %q must appear in the GROUP BY clause or be used in an aggregate function", name).At(at)
}

func colType(it *item, id eval.ColID, c itemCol) types.T {
	if c.expr != nil {
		return c.expr.Type()
	}
	for _, sc := range it.scan.Cols {
		if sc.ID == id {
			return sc.T
		}
	}
	return types.T{}
}

// itemOf finds the item and column behind an id of this level.
func (sc *scope) itemOf(id eval.ColID) (*item, itemCol) {
	var fallback *item
	for _, it := range sc.items {
		if !it.owns(id) {
			continue
		}
		if it.named || fallback == nil {
			fallback = it
		}
	}
	for i := range fallback.cols {
		if c, ok := fallback.cols[i].expr.(*eval.Col); ok && c.ID == id {
			return fallback, fallback.cols[i]
		}
	}
	if fallback.scan != nil {
		for _, c := range fallback.scan.Cols {
			if c.ID == id {
				return fallback, itemCol{name: c.Name, table: c.Table, attr: c.Attr}
			}
		}
	}
	return fallback, itemCol{name: "?column?"}
}

// determined says whether the groups hold a primary key of the item's table, so that its other columns
// have one value a group.
func (r *regrouper) determined(it *item) bool {
	if it.rel == nil || it.rel.Table.Kind != schema.KindTable {
		return false
	}
	for _, k := range it.rel.Table.Constraints {
		if k.Type != 'p' || len(k.Columns) == 0 {
			continue
		}
		for _, attr := range k.Columns {
			if !r.grouped(it, attr) {
				return false
			}
		}
		r.b.dep(it.rel.Table.OID, 0)
		return true
	}
	return false
}

func (r *regrouper) grouped(it *item, attr int16) bool {
	for i := range it.cols {
		if it.cols[i].attr != attr {
			continue
		}
		if c, ok := it.cols[i].expr.(*eval.Col); ok {
			for _, g := range r.q.groups {
				if gc, ok := g.(*eval.Col); ok && gc.ID == c.ID {
					return true
				}
			}
		}
	}
	return false
}
