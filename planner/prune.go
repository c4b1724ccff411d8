package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// prune drops the columns that nobody needs. The result yields at least the columns of need that r
// yields, in r's order.
func (o *optimizer) prune(r eval.Rel, need colSet) eval.Rel {
	if !o.on(RulePruneColumns) {
		return r
	}
	switch r := r.(type) {
	case *bind.Scan:
		return o.pruneScan(r, need)
	case *bind.Project:
		return o.pruneProject(r, need)
	case *bind.Filter:
		n := need.clone()
		n.addExpr(r.Cond)
		return &bind.Filter{Input: o.prune(r.Input, n), Cond: r.Cond}
	case *bind.Join:
		n := need.clone()
		n.addExpr(r.On)
		if r.Lateral {
			n.addAll(freeCols(r.Right))
		}
		return &bind.Join{Kind: r.Kind, Left: o.prune(r.Left, n), Right: o.prune(r.Right, n), On: r.On, Lateral: r.Lateral}
	case *bind.Sort:
		n := need.clone()
		for _, k := range r.Keys {
			n.addExpr(k.Expr)
		}
		return &bind.Sort{Input: o.prune(r.Input, n), Keys: r.Keys}
	case *bind.Limit:
		c := *r
		c.Input = o.prune(r.Input, need)
		return &c
	case *bind.Aggregate:
		return o.pruneAggregate(r, need)
	case *bind.Window:
		return o.pruneWindow(r, need)
	case *bind.Distinct:
		n := need.clone()
		if r.On == nil {
			n.addCols(r.Input.Output())
		}
		for _, e := range r.On {
			n.addExpr(e)
		}
		return &bind.Distinct{Input: o.prune(r.Input, n), On: r.On}
	}
	return o.pruneRest(r, need)
}

func (o *optimizer) pruneRest(r eval.Rel, need colSet) eval.Rel {
	switch r := r.(type) {
	case *bind.SetOp:
		return o.pruneSetOp(r, need)
	case *bind.ProjectSet:
		c := &bind.ProjectSet{}
		var below colSet
		for i, e := range r.Exprs {
			if need.has(r.Cols[i].ID) || isVolatile(e) { // set-returning ones say how many rows there are
				c.Cols, c.Exprs = append(c.Cols, r.Cols[i]), append(c.Exprs, e)
				below.addExpr(e)
			}
		}
		c.Input = o.prune(r.Input, below)
		return c
	case *bind.LockRows:
		n := need.clone()
		for _, l := range r.Locks {
			n.add(l.RowID)
		}
		c := *r
		c.Input = o.prune(r.Input, n)
		return &c
	case *bind.With:
		for _, c := range r.CTEs {
			if isModify(c.Rel) {
				continue
			}
			c.Rel = reorder(o.prune(c.Rel, outputSet(c.Rel)), c.Rel.Output())
			if c.Step != nil {
				c.Step = reorder(o.prune(c.Step, outputSet(c.Step)), c.Step.Output())
			}
		}
		return &bind.With{CTEs: r.CTEs, Input: o.prune(r.Input, need)}
	}
	return r
}

func (o *optimizer) pruneScan(r *bind.Scan, need colSet) eval.Rel {
	n := 0
	for i := range r.Cols {
		if need.has(r.Cols[i].ID) {
			n++
		}
	}
	if n == len(r.Cols) {
		return r
	}
	o.fire(RulePruneColumns)
	cols := make([]eval.Column, 0, n)
	for i := range r.Cols {
		if need.has(r.Cols[i].ID) {
			cols = append(cols, r.Cols[i])
		}
	}
	return &bind.Scan{Rel: r.Rel, Alias: r.Alias, Cols: cols}
}

func (o *optimizer) pruneProject(r *bind.Project, need colSet) eval.Rel {
	c := &bind.Project{}
	var below colSet
	for i := range r.Cols {
		if need.has(r.Cols[i].ID) || isVolatile(r.Exprs[i]) {
			c.Cols, c.Exprs = append(c.Cols, r.Cols[i]), append(c.Exprs, r.Exprs[i])
			below.addExpr(r.Exprs[i])
		}
	}
	if len(c.Cols) < len(r.Cols) {
		o.fire(RulePruneColumns)
	}
	c.Input = o.prune(r.Input, below)
	return c
}

func (o *optimizer) pruneAggregate(r *bind.Aggregate, need colSet) eval.Rel {
	c := *r
	c.Aggs, c.AggCols = nil, nil
	below := exprsCols(r.Groups)
	for i := range r.Aggs {
		if need.has(r.AggCols[i].ID) || !o.on(RulePruneAggregates) {
			c.Aggs, c.AggCols = append(c.Aggs, r.Aggs[i]), append(c.AggCols, r.AggCols[i])
			below.addExpr(r.Aggs[i])
		}
	}
	if len(c.Aggs) < len(r.Aggs) {
		o.fire(RulePruneAggregates)
	}
	if o.on(RuleAggregateNothing) {
		if n := aggregateNothing(o, &c); n != nil {
			o.fire(RuleAggregateNothing)
			return n
		}
	}
	c.Input = o.prune(r.Input, below)
	return &c
}

func (o *optimizer) pruneWindow(r *bind.Window, need colSet) eval.Rel {
	c := *r
	c.Calls, c.Cols = nil, nil
	below := need.clone()
	for i := range r.Calls {
		if !need.has(r.Cols[i].ID) && o.on(RulePruneWindow) {
			continue
		}
		c.Calls, c.Cols = append(c.Calls, r.Calls[i]), append(c.Cols, r.Cols[i])
		for _, a := range r.Calls[i].Args {
			below.addExpr(a)
		}
		below.addExpr(r.Calls[i].Filter)
	}
	if len(c.Calls) == 0 {
		o.fire(RulePruneWindow)
		return o.prune(r.Input, need)
	}
	for _, p := range r.Partition {
		below.addExpr(p)
	}
	for _, k := range r.Order {
		below.addExpr(k.Expr)
	}
	c.Input = o.prune(r.Input, below)
	return &c
}

// pruneSetOp prunes by position under UNION ALL; the other operations compare whole rows.
func (o *optimizer) pruneSetOp(r *bind.SetOp, need colSet) eval.Rel {
	c := *r
	lout, rout := r.Left.Output(), r.Right.Output()
	var l, rt colSet
	var cols, lcols, rcols []eval.Column
	whole := r.Kind != bind.Union || !r.All
	for i := range r.Cols {
		if whole || need.has(r.Cols[i].ID) {
			cols, lcols, rcols = append(cols, r.Cols[i]), append(lcols, lout[i]), append(rcols, rout[i])
			l.add(lout[i].ID)
			rt.add(rout[i].ID)
		}
	}
	c.Cols = cols
	c.Left = reorder(o.prune(r.Left, l), lcols)
	c.Right = reorder(o.prune(r.Right, rt), rcols)
	return &c
}
