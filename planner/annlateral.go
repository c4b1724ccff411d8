package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// annLateral rewrites LIMIT over ORDER BY distance over a table joined with a relation of one row at most, from which the
// query vector comes (WITH q AS (SELECT v FROM t WHERE id = 1) SELECT ... FROM t, q ORDER BY t.v <-> q.v LIMIT 5): for
// that row, the nearest of the table, as LATERAL would say it. The sort above stays; it has no more rows than the limit.
// Nil when the shape or the indexes do not allow that.
func (o *optimizer) annLateral(r *bind.Limit) *bind.Limit {
	count := innerCount(r)
	s := sortUnder(r.Input)
	if count == nil || s == nil {
		return nil
	}
	below := belowProjects(s)
	if below == nil {
		return nil
	}
	var conds []eval.Expr
	in := below.input
	if f, ok := in.(*bind.Filter); ok {
		conds, in = conjuncts(nil, f.Cond), f.Input
	}
	j, ok := in.(*bind.Join)
	if !ok || j.Kind != bind.Inner || j.Lateral {
		return nil
	}
	conds = conjuncts(conds, j.On)
	for _, c := range conds {
		if isVolatile(c) {
			return nil
		}
	}
	one, many := j.Left, j.Right
	if !o.atMostOne(one) {
		one, many = many, one
	}
	t := distanceTargetOf(&sortBelow{keys: below.keys, input: many})
	if t == nil || !exprCols(t.key.query).meets(outputSet(one)) || !o.atMostOne(one) || o.distanceIndex(t.scan, t.key) == nil {
		return nil
	}
	near := many
	if len(conds) > 0 {
		near = &bind.Filter{Input: t.scan, Cond: conjoin(append(t.conds[:len(t.conds):len(t.conds)], conds...))}
	}
	near = &bind.Limit{Input: &bind.Sort{Input: near, Keys: below.keys}, Count: count}
	by := &bind.Join{Kind: bind.Inner, Left: one, Right: near, Lateral: true}
	out := *r
	out.Input = replaceInput(r.Input, below.input, by)
	return &out
}

// innerCount is how many rows a limit with its offset needs from below; nil when that is not to be known.
func innerCount(r *bind.Limit) eval.Expr {
	if r.Count == nil || r.WithTies || isVolatile(r.Count) || hasSubquery(r.Count) {
		return nil
	}
	if r.Offset == nil {
		return r.Count
	}
	c, ok := r.Count.(*eval.Const)
	off, isConst := r.Offset.(*eval.Const)
	if !ok || !isConst || c.D.Null || off.D.Null || c.D.I < 0 || off.D.I < 0 || c.D.I+off.D.I < 0 {
		return nil
	}
	return &eval.Const{T: c.T, D: types.IntDatum(c.D.I + off.D.I)}
}

// sortUnder is the sort under projections; nil when there is none.
func sortUnder(r eval.Rel) *bind.Sort {
	for {
		switch n := r.(type) {
		case *bind.Project:
			r = n.Input
		case *bind.Sort:
			return n
		default:
			return nil
		}
	}
}

// replaceInput is r with one of the relations below it replaced.
func replaceInput(r, old, by eval.Rel) eval.Rel {
	if r == old {
		return by
	}
	m := relMapper{rel: func(in eval.Rel) eval.Rel { return replaceInput(in, old, by) }}
	return m.node(r)
}

// atMostOne says whether a relation is known to have no more than one row.
func (o *optimizer) atMostOne(r eval.Rel) bool {
	switch r := r.(type) {
	case *bind.Values:
		return len(r.Rows) <= 1
	case *bind.Project:
		return o.atMostOne(r.Input)
	case *bind.Sort:
		return o.atMostOne(r.Input)
	case *bind.Distinct:
		return o.atMostOne(r.Input)
	case *bind.Aggregate:
		return len(r.Groups) == 0 && r.Sets == nil
	case *bind.Limit:
		c, ok := r.Count.(*eval.Const)
		return ok && !c.D.Null && c.D.I <= 1 && !r.WithTies || o.atMostOne(r.Input)
	case *bind.Join:
		return r.Kind == bind.Inner && o.atMostOne(r.Left) && o.atMostOne(r.Right)
	case *bind.Filter:
		if s, ok := r.Input.(*bind.Scan); ok {
			return o.oneByKey(s, conjuncts(nil, r.Cond))
		}
		return o.atMostOne(r.Input)
	}
	return false
}

// oneByKey says whether conditions fix all columns of a unique key.
func (o *optimizer) oneByKey(s *bind.Scan, conds []eval.Expr) bool {
	own, sc := setOf(s.Cols), newScanCols(s)
	fixed := map[int16]bool{}
	for _, c := range conds {
		cmp, ok := asComparison(c)
		if !ok || cmp.op != "=" {
			continue
		}
		for _, side := range [2]comparison{cmp, cmp.flip()} {
			if col, ok := stripRelabel(side.left).(*eval.Col); ok && own.has(col.ID) && !exprCols(side.right).meets(own) &&
				!isVolatile(side.right) {
				fixed[sc.attr(col)] = true
			}
		}
	}
nextIndex:
	for _, ix := range s.Rel.Indexes {
		if !ix.Unique || ix.Where != "" {
			continue
		}
		for _, k := range ix.Keys {
			if k.Expr != "" || !fixed[k.Column] {
				continue nextIndex
			}
		}
		return true
	}
	return false
}
