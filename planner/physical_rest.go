package planner

import (
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
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

// setOp plans UNION, INTERSECT and EXCEPT. A chain of UNION ALL becomes one Append.
func (o *optimizer) setOp(r *bind.SetOp) (Node, error) {
	if r.Kind == bind.Union {
		a := &Append{}
		a.Cols = r.Cols
		if err := o.unionParts(r, r.All, a); err != nil {
			return nil, err
		}
		if r.All {
			return a, nil
		}
		return o.distinctOver(a, nil), nil
	}
	l, err := o.exact(r.Left, r.Left.Output())
	if err != nil {
		return nil, err
	}
	rt, err := o.exact(r.Right, r.Right.Output())
	if err != nil {
		return nil, err
	}
	n := &SetOp{Kind: r.Kind, All: r.All, Left: l, Right: rt}
	n.Cols = r.Cols
	li, ri := l.Info(), rt.Info()
	n.Total = li.Total + ri.Total + (li.Rows+ri.Rows)*costGroupRow
	n.Startup = n.Total
	n.Rows = clampRows(li.Rows / 2)
	if r.Kind == bind.Intersect {
		n.Rows = clampRows(math.Min(li.Rows, ri.Rows) / 2)
	}
	return n, nil
}

// unionParts collects the inputs of nested unions that may be flattened: duplicates below a UNION are
// dropped above anyway.
func (o *optimizer) unionParts(r eval.Rel, all bool, a *Append) error {
	if s, ok := r.(*bind.SetOp); ok && s.Kind == bind.Union && (s.All || !all) {
		if err := o.unionParts(s.Left, all, a); err != nil {
			return err
		}
		return o.unionParts(s.Right, all, a)
	}
	n, err := o.exact(r, r.Output())
	if err != nil {
		return err
	}
	a.Parts = append(a.Parts, n)
	a.Rows += n.Info().Rows
	a.Total += n.Info().Total
	return nil
}

// exact plans r for a consumer that goes by position.
func (o *optimizer) exact(r eval.Rel, cols []eval.Column) (Node, error) {
	n, err := o.node(r, want{})
	if err != nil {
		return nil, err
	}
	return exactColumns(n, cols), nil
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

func (o *optimizer) with(r *bind.With, w want) (Node, error) {
	if o.ctes == nil {
		o.ctes = map[*bind.CTE]*CTE{}
	}
	n := &With{}
	for _, c := range r.CTEs {
		p := &CTE{Name: c.Name, Cols: c.Rel.Output(), Recursive: c.Recursive, All: c.All}
		o.ctes[c] = p
		var err error
		if m, ok := c.Rel.(*bind.Modify); ok {
			o.writes, p.Modifying = true, true
			p.Plan, err = o.modify(m.Stmt)
		} else {
			p.Plan, err = o.exact(c.Rel, c.Rel.Output())
		}
		if err != nil {
			return nil, err
		}
		n.Total += p.Plan.Info().Total
		if c.Step != nil {
			if p.Step, err = o.exact(c.Step, c.Step.Output()); err != nil {
				return nil, err
			}
			n.Total += p.Step.Info().Total * recursiveGrowth
		}
		n.CTEs = append(n.CTEs, p)
	}
	in, err := o.node(r.Input, w)
	if err != nil {
		return nil, err
	}
	cost := n.Total
	n.Base = *in.Info()
	n.Startup, n.Total = n.Startup+cost, n.Total+cost
	n.Input = in
	return n, nil
}

func (o *optimizer) cteScan(r *bind.CTERef) (Node, error) {
	p := o.ctes[r.CTE]
	for c := r.CTE; p == nil && o.renewed[c] != nil; p = o.ctes[c] {
		c = o.renewed[c]
	}
	if p == nil {
		return nil, pgerr.New("XX000", "WITH query %q is not visible here", r.CTE.Name)
	}
	n := &CTEScan{CTE: p, Working: r.Working}
	n.Cols = r.Cols
	n.Rows = defaultRows
	if p.Plan != nil {
		n.Rows = p.Plan.Info().Rows
		if p.Recursive {
			n.Rows *= recursiveGrowth
		}
	}
	n.Total = n.Rows * costRow
	return n, nil
}

func (o *optimizer) funcScan(r *bind.FuncScan) Node {
	n := &FuncScan{Calls: o.exprs(r.Calls), CallCols: r.CallCols, Ordinality: r.Ordinality, Alias: r.Alias}
	n.Cols = r.Cols
	n.Rows = 1
	for _, c := range r.Calls {
		n.Rows = math.Max(n.Rows, funcRows(c))
	}
	n.Total = n.Rows * costRow
	return n
}

// funcRows estimates what a function in FROM yields.
func funcRows(e eval.Expr) float64 {
	c, ok := e.(*eval.Call)
	if !ok || !c.F.RetSet {
		return 1
	}
	switch c.F.Name {
	case "generate_series":
		lo, ok1 := intConst(c.Args[0])
		hi, ok2 := intConst(c.Args[1])
		if ok1 && ok2 && len(c.Args) == 2 && hi >= lo {
			return clampRows(hi - lo + 1)
		}
	case "unnest":
		if list, ok := listOf(c.Args[0]); ok {
			return float64(len(list))
		}
		return 10
	}
	return defaultFuncRows
}

func intConst(e eval.Expr) (float64, bool) {
	c, ok := e.(*eval.Const)
	if !ok || c.D.Null || familyOf(c.T.OID) != types.Int8OID {
		return 0, false
	}
	return float64(c.D.I), true
}
