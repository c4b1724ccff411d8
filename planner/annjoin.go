package planner

import (
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// plannedRel is a relation whose plan is there already, inside a tree that is still to be planned. A join
// that has one puts it first and keeps its order.
type plannedRel struct{ node Node }

// Output implements eval.Rel.
func (r *plannedRel) Output() []eval.Column { return r.node.Info().Cols }

// annLeaf is a table of a join tree by whose distance the result is ordered.
type annLeaf struct {
	scan  *bind.Scan
	conds []eval.Expr
	key   distanceKey
}

// annShareMin is the least part of a table's rows that must come through the joins for a search that goes on
// until enough have to be better than sorting all that come through.
const annShareMin = 0.005

// annJoin plans LIMIT over ORDER BY distance over a join: the index yields the table's rows nearest first,
// the joins keep that order and let some through, and the limit ends it. Nil when the shape does not allow
// that, or when so few rows come through that sorting them is better.
func (o *optimizer) annJoin(r *bind.Limit, b *sortBelow, chain *annChain, goal float64) (Node, error) {
	in := b.input
	leaf := findLeaf(in, b.keys[0])
	if leaf == nil {
		return nil, nil
	}
	ix := o.distanceIndex(leaf.scan, leaf.key)
	if ix == nil {
		return nil, nil
	}
	all, err := o.node(in, want{}) // what sorting everything would read
	if err != nil {
		return nil, err
	}
	share := math.Min(1, all.Info().Rows/math.Max(1, relRows(leaf.scan.Rel)))
	if share < annShareMin {
		o.reason(leaf.scan.Rel, ix, "too few rows come through the joins")
		return nil, nil
	}
	dist := o.newCol("distance", leaf.key.call.T)
	n, after := o.annScan(leaf.scan, leaf.conds, ix, leaf.key, dist)
	replaced := chain.replace(leaf.key.call, colOf(&dist))
	need := chain.scanNeeds(replaced)
	keys := []eval.SortKey{leaf.key.sortKey(colOf(&dist))}
	if len(b.keys) > 1 {
		keys = replaceInKeys(b.keys, leaf.key.call, colOf(&dist))
		for _, k := range keys {
			need.addExpr(k.Expr)
		}
	}
	treeNeeds(in, leaf.scan, &need)
	n.setCols(leaf.scan, need, dist)
	n.Rows = n.FilterRows
	n.First = int(math.Min(goal/share*1.5+candidatesMin, n.Rows+1))
	n.Total = n.Startup + n.Rows*(costFetchRow+costAnnRefine)

	var first Node = n
	if len(after) > 0 {
		first = o.filter(first, after)
	}
	top, err := o.keepingOrder(swapLeaf(in, leaf.scan, &plannedRel{first}))
	if err != nil || top == nil {
		return nil, err
	}
	return o.projectAll(o.sortFirst(top, r, keys), replaced), nil
}

// candidatesMin is the least number of rows that the first search of a stream looks for.
const candidatesMin = 32

// sortFirst ends a stream of rows that come nearest first at the limit and sorts what came: a wider search may
// find a near row late, and keys after the distance decide among all rows that are as far as the last.
func (o *optimizer) sortFirst(top Node, r *bind.Limit, keys []eval.SortKey) Node {
	goal := constCount(r.Count, defaultLimit) + constCount(r.Offset, 0)
	l := &Limit{Base: *top.Info(), Input: top, Count: o.expr(r.Count), Offset: o.expr(r.Offset), Sum: true}
	if len(keys) > 1 {
		l.WithTies, l.Ties = true, keys[:1]
	}
	l.Total, l.Rows = goalCost(top.Info(), math.Max(goal, 1)), clampRows(math.Min(top.Info().Rows, goal))
	sorted := &Sort{Base: l.Base, Input: l, Keys: keys}
	sorted.Startup = l.Total + sortCost(l.Rows, 0)
	sorted.Total = sorted.Startup + l.Rows*costRow
	sorted.Order, sorted.Fixed = orderOf(sorted.Keys), nil
	return sorted
}

// keepingOrder plans a join tree that has a plannedRel so that its order stays.
func (o *optimizer) keepingOrder(r eval.Rel) (Node, error) {
	saved := o.ordered
	o.ordered = true
	defer func() { o.ordered = saved }()
	n, err := o.node(r, want{})
	if err != nil || len(n.Info().Order) == 0 {
		return nil, err
	}
	return n, nil
}

// findLeaf finds the table that a sort key is a distance of, among those whose order a join can keep.
func findLeaf(r eval.Rel, key eval.SortKey) *annLeaf {
	switch r := r.(type) {
	case *bind.Scan:
		return newLeaf(r, nil, key)
	case *bind.Filter:
		if s, ok := r.Input.(*bind.Scan); ok {
			return newLeaf(s, conjuncts(nil, r.Cond), key)
		}
		if j, ok := r.Input.(*bind.Join); ok {
			return findLeaf(j, key)
		}
	case *bind.Join:
		switch {
		case r.Lateral || r.Kind == bind.Full:
			return nil
		case r.Kind == bind.Inner:
			if l := findLeaf(r.Right, key); l != nil {
				return l
			}
		}
		return findLeaf(r.Left, key)
	}
	return nil
}

func newLeaf(s *bind.Scan, conds []eval.Expr, key eval.SortKey) *annLeaf {
	d, ok := asDistance(key, setOf(s.Cols))
	if !ok || s.Rel.Virtual || !exprCols(d.query).empty() {
		return nil
	}
	return &annLeaf{scan: s, conds: conds, key: d}
}

// swapLeaf puts a relation in the place of a table with its filter.
func swapLeaf(r eval.Rel, s *bind.Scan, by eval.Rel) eval.Rel {
	switch n := r.(type) {
	case *bind.Scan:
		if n == s {
			return by
		}
		return r
	case *bind.Filter:
		if n.Input == eval.Rel(s) {
			return by
		}
	case *bind.Join:
	default:
		return r
	}
	m := relMapper{rel: func(in eval.Rel) eval.Rel { return swapLeaf(in, s, by) }}
	return m.node(r)
}

// treeNeeds adds the columns that the joins above the table s use.
func treeNeeds(r eval.Rel, s *bind.Scan, need *colSet) {
	if f, ok := r.(*bind.Filter); ok && f.Input == eval.Rel(s) {
		return // the search itself reads what its filter needs
	}
	eachExpr(r, func(e eval.Expr) { need.addExpr(e) })
	for _, in := range inputs(r) {
		treeNeeds(in, s, need)
	}
}
