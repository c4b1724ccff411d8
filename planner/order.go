package planner

import (
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// sortedBy says how many leading keys of a required order the node already yields.
func sortedBy(i *Base, keys []eval.SortKey) int {
	pos := 0
	for n, k := range keys {
		c, ok := k.Expr.(*eval.Col)
		if !ok {
			return n
		}
		if isFixed(i.Fixed, c.ID) {
			continue
		}
		for pos < len(i.Order) && isFixed(i.Fixed, i.Order[pos].Col) {
			pos++
		}
		if pos == len(i.Order) || i.Order[pos] != (OrderKey{Col: c.ID, Desc: k.Desc, NullsFirst: k.NullsFirst}) {
			return n
		}
		pos++
	}
	return len(keys)
}

// sortedTogether says whether rows that are equal in the keys come one after the other: the input is sorted
// by just these keys first, in any order and direction.
func sortedTogether(i *Base, keys []eval.Expr) bool {
	var want, have colSet
	for _, k := range keys {
		c, ok := k.(*eval.Col)
		if !ok {
			return false
		}
		want.add(c.ID)
	}
	for _, f := range i.Fixed {
		have.add(f)
	}
	for _, k := range i.Order {
		if want.within(have) {
			break
		}
		if !want.has(k.Col) && !have.has(k.Col) {
			return false
		}
		have.add(k.Col)
	}
	return len(keys) > 0 && want.within(have)
}

func isFixed(list []eval.ColID, id eval.ColID) bool {
	for _, f := range list {
		if f == id {
			return true
		}
	}
	return false
}

// orderOf is the order that sorting by keys gives, as far as it is by columns.
func orderOf(keys []eval.SortKey) []OrderKey {
	var out []OrderKey
	for _, k := range keys {
		c, ok := k.Expr.(*eval.Col)
		if !ok {
			break
		}
		out = append(out, OrderKey{Col: c.ID, Desc: k.Desc, NullsFirst: k.NullsFirst})
	}
	return out
}

// throughProject renames an order to the output of a projection: it ends at the first column that is
// not passed on.
func throughProject(in *Base, cols []eval.Column, exprs []eval.Expr) (order []OrderKey, fixed []eval.ColID) {
	if len(in.Order) == 0 && len(in.Fixed) == 0 {
		return nil, nil
	}
	renamed := func(id eval.ColID) (eval.ColID, bool) {
		for i, e := range exprs {
			if c, ok := e.(*eval.Col); ok && c.ID == id {
				return cols[i].ID, true
			}
		}
		return 0, false
	}
	for _, f := range in.Fixed {
		if id, ok := renamed(f); ok {
			fixed = append(fixed, id)
		}
	}
	for _, k := range in.Order {
		id, ok := renamed(k.Col)
		if !ok {
			if isFixed(in.Fixed, k.Col) {
				continue
			}
			break
		}
		k.Col = id
		order = append(order, k)
	}
	return order, fixed
}

// sort plans an ORDER BY. goal is the number of rows wanted (0: all); limit and offset are given when
// the node above is a LIMIT, so that only the first rows need to be kept.
func (o *optimizer) sort(r *bind.Sort, goal float64, limit, offset eval.Expr) (Node, error) {
	o.noteUnlimited(r, limit != nil)
	in, err := o.node(r.Input, want{})
	if err != nil {
		return nil, err
	}
	keys := dedupKeys(r.Keys)
	if len(keys) == 0 {
		return in, nil
	}
	best := o.sortNode(in, keys, goal, limit, offset)
	if alt := o.orderedInput(r.Input, keys, goal); alt != nil && goalCost(alt.Info(), goal) < goalCost(best.Info(), goal) {
		return alt, nil
	}
	return best, nil
}

// dedupKeys drops keys that repeat an earlier one or are constant.
func dedupKeys(keys []eval.SortKey) []eval.SortKey {
	out := keys[:0:0]
	for _, k := range keys {
		if isValue(k.Expr) {
			continue
		}
		dup := false
		for _, p := range out {
			dup = dup || eval.Equal(p.Expr, k.Expr)
		}
		if !dup {
			out = append(out, k)
		}
	}
	return out
}

func (o *optimizer) sortNode(in Node, keys []eval.SortKey, goal float64, limit, offset eval.Expr) Node {
	done := sortedBy(in.Info(), keys)
	if done == len(keys) {
		return in
	}
	n := &Sort{Base: *in.Info(), Input: in, Keys: o.keys(keys), Limit: o.expr(limit), Offset: o.expr(offset), Presorted: done}
	n.Startup = n.Total + sortCost(n.Rows, goal)
	n.Total = n.Startup + n.Rows*costRow
	if goal > 0 && limit != nil {
		n.Rows = math.Min(n.Rows, goal)
	}
	n.Order = orderOf(keys)
	if o.set.NoSort {
		n.Total += costDisabled
		n.Startup += costDisabled
	}
	return n
}

// orderedInput reads the input through an index whose order is the wanted one: the input must be one
// table under filters and projections that pass the key columns on.
func (o *optimizer) orderedInput(r eval.Rel, keys []eval.SortKey, goal float64) Node {
	switch r := r.(type) {
	case *bind.Project:
		by := make(map[eval.ColID]eval.Expr, len(r.Cols))
		for i := range r.Cols {
			by[r.Cols[i].ID] = r.Exprs[i]
		}
		below := make([]eval.SortKey, len(keys))
		for i, k := range keys {
			below[i] = k
			below[i].Expr = substitute(k.Expr, by)
		}
		in := o.orderedInput(r.Input, dedupKeys(below), goal)
		if in == nil {
			return nil
		}
		return o.project(in, r.Cols, r.Exprs)
	case *bind.Filter:
		if s, ok := r.Input.(*bind.Scan); ok {
			return o.orderedScan(s, conjuncts(nil, r.Cond), keys, goal)
		}
	case *bind.Scan:
		return o.orderedScan(r, nil, keys, goal)
	}
	return nil
}

func (o *optimizer) orderedScan(s *bind.Scan, conds []eval.Expr, keys []eval.SortKey, goal float64) Node {
	if s.Rel.Virtual {
		return nil
	}
	o.track(s)
	sc := newScanCols(s)
	var best Node
	for _, ix := range s.Rel.Indexes {
		m := o.matchIndex(ix, sc, conds)
		if m == nil {
			continue
		}
		for _, reverse := range [2]bool{false, true} {
			n := o.indexScan(s, m, conds, reverse)
			if sortedBy(n.Info(), m.index.asColumns(keys, n.Order)) < len(keys) {
				continue
			}
			if best == nil || goalCost(n.Info(), goal) < goalCost(best.Info(), goal) {
				best = n
			}
		}
	}
	return best
}

// asColumns replaces the sort keys that are expressions of the index by the columns that stand for them in its order.
func (x *scanIndex) asColumns(keys []eval.SortKey, order []OrderKey) []eval.SortKey {
	m := mapper{f: func(e eval.Expr) eval.Expr {
		for i := range order {
			if k := x.expr(i); k != nil && eval.Equal(k, e) {
				return &eval.Col{ID: order[i].Col, T: e.Type()}
			}
		}
		return e
	}}
	return m.keys(keys)
}
