package planner

import (
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

func (o *optimizer) aggregate(r *bind.Aggregate) (Node, error) {
	in, err := o.node(r.Input, want{})
	if err != nil {
		return nil, err
	}
	if first := o.firstOfIndex(r); first != nil && first.Info().Total < in.Info().Total {
		in = first
	}
	for i := range r.GroupCols {
		o.alias(r.GroupCols[i].ID, r.Groups[i])
	}
	n := &Aggregate{Base: *in.Info(), Input: in, Groups: o.exprs(r.Groups), Sets: r.Sets, Aggs: o.exprs(r.Aggs)}
	n.Cols = r.Output()
	n.Order, n.Fixed = nil, nil
	rows := in.Info().Rows
	n.Rows = o.groups(r.Groups, rows)
	if len(r.Sets) > 1 {
		n.Rows = clampRows(n.Rows * float64(len(r.Sets)) / 2)
	}
	n.Total += rows * (costGroupRow*math.Min(1, float64(len(r.Groups))) + costExpr*float64(len(r.Aggs)))
	n.Startup = n.Total
	n.Total += n.Rows * costRow
	return n, nil
}

// firstOfIndex is the input of min(column) or max(column) without groups as one row: the first or last of
// an index. Nil when no index has that order.
func (o *optimizer) firstOfIndex(r *bind.Aggregate) Node {
	if len(r.Groups) > 0 || r.Sets != nil || len(r.Aggs) != 1 {
		return nil
	}
	a, ok := r.Aggs[0].(*eval.Agg)
	if !ok || a.Filter != nil || len(a.Args) != 1 || (a.F.Name != "min" && a.F.Name != "max") {
		return nil
	}
	col, ok := stripRelabel(a.Args[0]).(*eval.Col)
	if !ok {
		return nil
	}
	var conds []eval.Expr
	in := r.Input
	if f, ok := in.(*bind.Filter); ok {
		conds, in = conjuncts(nil, f.Cond), f.Input
	}
	s, ok := in.(*bind.Scan)
	if !ok || len(s.Rel.Indexes) == 0 {
		return nil
	}
	conds = append(conds[:len(conds):len(conds)], &eval.IsNull{Arg: col, Not: true})
	last := a.F.Name == "max"
	n := o.orderedScan(s, conds, []eval.SortKey{{Expr: col, Desc: last, NullsFirst: last}}, 1)
	if n == nil {
		return nil
	}
	l := &Limit{Base: *n.Info(), Input: n, Count: &eval.Const{T: types.Of(types.Int8OID), D: types.IntDatum(1)}}
	l.Total, l.Rows = goalCost(n.Info(), 1), 1
	return l
}

func (o *optimizer) distinctNode(r *bind.Distinct) (Node, error) {
	in, err := o.node(r.Input, want{})
	if err != nil {
		return nil, err
	}
	n := o.distinctOver(in, r.On)
	return n, nil
}

func (o *optimizer) distinctOver(in Node, on []eval.Expr) Node {
	n := &Distinct{Base: *in.Info(), Input: in, On: o.exprs(on)}
	keys := on
	if on == nil {
		for i := range n.Cols {
			keys = append(keys, colOf(&n.Cols[i]))
		}
	}
	if n.Sorted = sortedTogether(in.Info(), keys); !n.Sorted {
		n.Order, n.Fixed = nil, nil
	}
	rows := n.Rows
	n.Rows = o.groups(keys, rows)
	n.Total += rows * costGroupRow
	return n
}

func (o *optimizer) window(r *bind.Window) (Node, error) {
	in, err := o.node(r.Input, want{})
	if err != nil {
		return nil, err
	}
	var keys []eval.SortKey
	for _, p := range r.Partition {
		keys = append(keys, eval.SortKey{Expr: p})
	}
	keys = dedupKeys(append(keys, r.Order...))
	if len(keys) > 0 {
		in = o.sortNode(in, keys, 0, nil, nil)
	}
	n := &Window{Base: *in.Info(), Input: in, Partition: o.exprs(r.Partition), Order: o.keys(r.Order), Frame: r.Frame}
	n.Frame.StartOff, n.Frame.EndOff = o.expr(r.Frame.StartOff), o.expr(r.Frame.EndOff)
	n.Calls = append([]bind.WindowCall(nil), r.Calls...)
	for i := range n.Calls {
		n.Calls[i].Args, n.Calls[i].Filter = o.exprs(n.Calls[i].Args), o.expr(n.Calls[i].Filter)
	}
	have := in.Info().Cols
	n.Cols = append(have[:len(have):len(have)], r.Cols...)
	n.Total += n.Rows * costGroupRow * float64(len(r.Calls))
	return n, nil
}
