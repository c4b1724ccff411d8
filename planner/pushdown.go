package planner

import (
	"slices"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// push moves the conditions conds, which hold of r's rows, as far down as they may go. It returns a
// relation of the rows of r for which all of conds are true.
func (o *optimizer) push(r eval.Rel, conds []eval.Expr) eval.Rel {
	o.depth++
	defer func() { o.depth-- }()
	if o.depth > depthMax {
		return withFilter(r, conds)
	}
	if o.on(RuleEmptyFalse) && slices.ContainsFunc(conds, isFalseOrNull) && !relVolatile(r) {
		o.fire(RuleEmptyFalse)
		return emptyRel(r.Output())
	}
	out := o.pushNode(r, conds)
	if o.on(RuleEmptyInput) {
		if n := emptyInput(o, out); n != nil {
			o.fire(RuleEmptyInput)
			return n
		}
	}
	return out
}

func (o *optimizer) pushNode(r eval.Rel, conds []eval.Expr) eval.Rel {
	switch r := r.(type) {
	case *bind.Filter:
		return o.pushFilter(r, conds)
	case *bind.Project:
		return o.pushProject(r, conds)
	case *bind.Join:
		return o.pushJoin(r, conds)
	case *bind.Aggregate:
		return o.pushAggregate(r, conds)
	case *bind.Window:
		return o.pushWindow(r, conds)
	case *bind.Distinct:
		return o.pushDistinct(r, conds)
	case *bind.Sort:
		if len(conds) > 0 && o.on(RulePushThroughSort) {
			o.fire(RulePushThroughSort)
			return &bind.Sort{Input: o.push(r.Input, conds), Keys: r.Keys}
		}
		return withFilter(&bind.Sort{Input: o.push(r.Input, nil), Keys: r.Keys}, conds)
	case *bind.LockRows:
		n := *r
		if len(conds) > 0 && o.on(RulePushThroughLock) { // as PostgreSQL: what is not asked for is not locked
			o.fire(RulePushThroughLock)
			n.Input = o.push(r.Input, conds)
			return &n
		}
		n.Input = o.push(r.Input, nil)
		return withFilter(&n, conds)
	case *bind.SetOp:
		return o.pushSetOp(r, conds)
	case *bind.With:
		for _, c := range r.CTEs {
			if !isModify(c.Rel) {
				c.Rel = reorder(o.push(c.Rel, nil), c.Rel.Output())
			}
			if c.Step != nil {
				c.Step = reorder(o.push(c.Step, nil), c.Step.Output())
			}
		}
		return &bind.With{CTEs: r.CTEs, Input: o.push(r.Input, conds)}
	case *bind.Scan:
		if len(conds) > 0 {
			o.fire(RulePushIntoScan)
		}
		return withFilter(r, conds)
	}
	m := relMapper{rel: func(in eval.Rel) eval.Rel { return o.push(in, nil) }}
	return withFilter(m.node(r), conds)
}

func withFilter(r eval.Rel, conds []eval.Expr) eval.Rel {
	if len(conds) == 0 {
		return r
	}
	return &bind.Filter{Input: r, Cond: conjoin(conds)}
}

func (o *optimizer) pushFilter(r *bind.Filter, conds []eval.Expr) eval.Rel {
	var own, volatile []eval.Expr
	for _, c := range conjuncts(nil, r.Cond) {
		if isVolatile(c) {
			volatile = append(volatile, c)
		} else {
			own = append(own, c)
		}
	}
	if len(volatile) > 0 {
		// A volatile condition sees the rows it was written over: nothing passes it.
		return withFilter(&bind.Filter{Input: o.push(r.Input, own), Cond: conjoin(volatile)}, conds)
	}
	return o.push(r.Input, append(own, conds...))
}

func (o *optimizer) pushProject(r *bind.Project, conds []eval.Expr) eval.Rel {
	var down, stay []eval.Expr
	by := make(map[eval.ColID]eval.Expr, len(r.Cols))
	if len(conds) > 0 {
		for i := range r.Cols {
			by[r.Cols[i].ID] = r.Exprs[i]
		}
	}
	for _, c := range conds {
		if o.on(RulePushThroughProject) && canSubstitute(c, by) {
			down = conjuncts(down, o.refold(substitute(c, by)))
		} else {
			stay = append(stay, c)
		}
	}
	if len(conds) > len(stay) {
		o.fire(RulePushThroughProject)
	}
	in := o.push(r.Input, down)
	return withFilter(&bind.Project{Input: in, Cols: r.Cols, Exprs: r.Exprs}, stay)
}

// refold computes what has become constant in a condition by putting expressions in the place of columns.
func (o *optimizer) refold(c eval.Expr) eval.Expr {
	if hasSubquery(c) {
		return c
	}
	if c = o.fold(c); o.on(RuleFoldQual) {
		c = asQual(c)
	}
	return c
}

// canSubstitute says whether the columns of c may be replaced by the expressions: not by volatile ones,
// and inside of a subquery only by columns.
func canSubstitute(c eval.Expr, by map[eval.ColID]eval.Expr) bool {
	ok := true
	visit(c, func(x eval.Expr) bool {
		switch x := x.(type) {
		case *eval.Col:
			if e, has := by[x.ID]; has && (isVolatile(e) || hasSubquery(e)) {
				ok = false
			}
		case *eval.Subquery:
			for _, id := range x.Outer {
				if e, has := by[id]; has {
					if _, plain := e.(*eval.Col); !plain {
						ok = false
					}
				}
			}
		}
		return ok
	})
	return ok
}

func (o *optimizer) pushAggregate(r *bind.Aggregate, conds []eval.Expr) eval.Rel {
	var down, stay []eval.Expr
	by := map[eval.ColID]eval.Expr{}
	for i := range r.GroupCols {
		if inAllSets(r, i) {
			by[r.GroupCols[i].ID] = r.Groups[i]
		}
	}
	keys := colSet{}
	for id := range by {
		keys.add(id)
	}
	own := outputSet(r)
	for _, c := range conds {
		cols := exprCols(c)
		groups := cols.meets(keys)
		cols.each(func(id eval.ColID) { groups = groups && (keys.has(id) || !own.has(id)) })
		if groups && o.on(RulePushThroughAgg) && canSubstitute(c, by) {
			down = append(down, substitute(c, by))
		} else {
			stay = append(stay, c)
		}
	}
	if len(down) > 0 {
		o.fire(RulePushThroughAgg)
	}
	n := *r
	n.Input = o.push(r.Input, down)
	return withFilter(&n, stay)
}

// inAllSets says whether group i is in every grouping set; elsewhere its column is null.
func inAllSets(r *bind.Aggregate, i int) bool {
	for _, set := range r.Sets {
		found := false
		for _, g := range set {
			found = found || g == i
		}
		if !found {
			return false
		}
	}
	return true
}

func (o *optimizer) pushWindow(r *bind.Window, conds []eval.Expr) eval.Rel {
	var part colSet
	for _, p := range r.Partition {
		if c, ok := p.(*eval.Col); ok {
			part.add(c.ID)
		}
	}
	down, stay := o.splitWithin(conds, part, outputSet(r), RulePushThroughWindow)
	n := *r
	n.Input = o.push(r.Input, down)
	return withFilter(&n, stay)
}

func (o *optimizer) pushDistinct(r *bind.Distinct, conds []eval.Expr) eval.Rel {
	keys := outputSet(r)
	if r.On != nil {
		keys = colSet{}
		for _, e := range r.On {
			if c, ok := e.(*eval.Col); ok {
				keys.add(c.ID)
			}
		}
	}
	down, stay := o.splitWithin(conds, keys, outputSet(r), RulePushThroughDistinct)
	return withFilter(&bind.Distinct{Input: o.push(r.Input, down), On: r.On}, stay)
}

// splitWithin parts the conditions that use only the columns keys of a node (and outer ones) from the rest.
func (o *optimizer) splitWithin(conds []eval.Expr, keys, own colSet, rule string) (down, stay []eval.Expr) {
	for _, c := range conds {
		cols := exprCols(c)
		ok := o.on(rule) && cols.meets(keys)
		cols.each(func(id eval.ColID) { ok = ok && (keys.has(id) || !own.has(id)) })
		if ok {
			o.fire(rule)
			down = append(down, c)
		} else {
			stay = append(stay, c)
		}
	}
	return down, stay
}

func (o *optimizer) pushSetOp(r *bind.SetOp, conds []eval.Expr) eval.Rel {
	lout, rout := r.Left.Output(), r.Right.Output()
	lby, rby := map[eval.ColID]eval.Expr{}, map[eval.ColID]eval.Expr{}
	for i := range r.Cols {
		lby[r.Cols[i].ID], rby[r.Cols[i].ID] = colOf(&lout[i]), colOf(&rout[i])
	}
	var ldown, rdown, stay []eval.Expr
	for _, c := range conds {
		// An expression over set operation columns has their type, to which both sides are coerced.
		if !o.on(RulePushThroughSetOp) {
			stay = append(stay, c)
			continue
		}
		o.fire(RulePushThroughSetOp)
		ldown, rdown = append(ldown, substitute(c, lby)), append(rdown, substitute(c, rby))
	}
	n := *r
	n.Left = reorder(o.push(r.Left, ldown), lout)
	n.Right = reorder(o.push(r.Right, rdown), rout)
	return withFilter(&n, stay)
}

// pushJoin places conditions into a join: on one side, into its condition, or above it.
func (o *optimizer) pushJoin(r *bind.Join, conds []eval.Expr) eval.Rel {
	l, rt := r.Left, r.Right
	left, right := outputSet(l), outputSet(rt)
	kind, swap := o.weaken(r.Kind, conds, left, right)
	if swap {
		l, rt, left, right = rt, l, right, left
	}
	p := &joinPush{o: o, kind: kind, left: left, right: right}
	on := conjuncts(nil, r.On)
	if kind == bind.Inner {
		conds = append(append([]eval.Expr(nil), conds...), on...)
		on = nil
		conds = o.inferConstants(conds)
	}
	for _, c := range conds {
		p.above(c)
	}
	for _, c := range on {
		p.on(c)
	}
	if kind == bind.Inner || kind == bind.Semi {
		l = o.weakenBelow(l, p.toOn)
	}
	if kind != bind.Full {
		rt = o.weakenBelow(rt, p.toOn)
	}
	l, rt = o.push(l, p.toLeft), o.push(rt, p.toRight)
	return withFilter(&bind.Join{Kind: kind, Left: l, Right: rt, On: conjoin(p.toOn), Lateral: r.Lateral}, p.stay)
}

// weaken makes an outer join an inner one, or a full one a left one, when a condition above it throws the
// null-extended rows away. swap says that it is a left join with the sides exchanged.
func (o *optimizer) weaken(k bind.JoinKind, conds []eval.Expr, left, right colSet) (kind bind.JoinKind, swap bool) {
	if k != bind.Left && k != bind.Full {
		return k, false
	}
	needLeft, needRight := false, false
	for _, c := range conds {
		needLeft = needLeft || rejectsNulls(c, left)
		needRight = needRight || rejectsNulls(c, right)
	}
	switch {
	case k == bind.Left && needRight && o.on(RuleOuterToInner):
		o.fire(RuleOuterToInner)
		return bind.Inner, false
	case k == bind.Full && needLeft && needRight && o.on(RuleOuterToInner):
		o.fire(RuleOuterToInner)
		return bind.Inner, false
	case k == bind.Full && (needLeft || needRight) && o.on(RuleFullToLeft):
		o.fire(RuleFullToLeft)
		return bind.Left, !needLeft
	}
	return k, false
}

// weakenBelow is weaken for the outer joins directly under a join whose result has only rows for which conds are true.
func (o *optimizer) weakenBelow(r eval.Rel, conds []eval.Expr) eval.Rel {
	j, ok := r.(*bind.Join)
	if !ok || len(conds) == 0 {
		return r
	}
	n := *j
	if j.Kind == bind.Left || j.Kind == bind.Full {
		kind, swap := o.weaken(j.Kind, conds, outputSet(j.Left), outputSet(j.Right))
		if n.Kind = kind; swap {
			n.Left, n.Right = j.Right, j.Left
		}
	}
	if n.Kind != bind.Full {
		n.Left = o.weakenBelow(n.Left, conds)
	}
	if n.Kind == bind.Inner {
		n.Right = o.weakenBelow(n.Right, conds)
	}
	if n == *j {
		return r
	}
	return &n
}

// joinPush sorts the conditions of one join.
type joinPush struct {
	o                           *optimizer
	kind                        bind.JoinKind
	left, right                 colSet
	toLeft, toRight, toOn, stay []eval.Expr
}

// sides says which sides' columns e uses.
func (p *joinPush) sides(e eval.Expr) (l, r bool) {
	c := exprCols(e)
	return c.meets(p.left), c.meets(p.right)
}

// above places a condition on the join's result.
func (p *joinPush) above(c eval.Expr) {
	l, r := p.sides(c)
	inner := p.kind == bind.Inner
	switch {
	case !l && !r:
		p.stay = append(p.stay, c) // about outer columns or none: once, above
	case l && !r && p.kind != bind.Full && p.o.on(RulePushIntoJoinLeft):
		p.o.fire(RulePushIntoJoinLeft)
		p.toLeft = append(p.toLeft, c)
	case r && !l && inner && p.o.on(RulePushIntoJoinRight):
		p.o.fire(RulePushIntoJoinRight)
		p.toRight = append(p.toRight, c)
	case inner && p.o.on(RulePushIntoJoinOn):
		p.o.fire(RulePushIntoJoinOn)
		p.toOn = append(p.toOn, c)
	default:
		p.stay = append(p.stay, c)
	}
}

// on places a condition of the join itself (not of an inner one, whose conditions are as those above).
func (p *joinPush) on(c eval.Expr) {
	l, r := p.sides(c)
	switch {
	case r && !l && p.kind != bind.Full && !isVolatile(c) && p.o.on(RulePushOnToRight):
		p.o.fire(RulePushOnToRight)
		p.toRight = append(p.toRight, c)
	case l && !r && p.kind == bind.Semi && !isVolatile(c) && p.o.on(RulePushIntoJoinLeft):
		p.o.fire(RulePushIntoJoinLeft)
		p.toLeft = append(p.toLeft, c)
	default:
		p.toOn = append(p.toOn, c)
	}
}

// inferConstants adds a = const when a = b and b = const are given by the same equality function.
func (o *optimizer) inferConstants(conds []eval.Expr) []eval.Expr {
	if !o.on(RuleInferConstant) {
		return conds
	}
	var known map[eval.ColID]*eval.Call // column = constant
	var pairs []*eval.Call              // column = column
	for _, c := range conds {
		cmp, ok := asComparison(c)
		if !ok || cmp.op != "=" {
			continue
		}
		l, lc := cmp.left.(*eval.Col)
		_, rc := cmp.right.(*eval.Col)
		if lc && rc {
			pairs = append(pairs, cmp.call)
		} else if lc && isValue(cmp.right) {
			if known == nil {
				known = map[eval.ColID]*eval.Call{}
			}
			known[l.ID] = cmp.call
		}
	}
	if known == nil || len(pairs) == 0 {
		return conds
	}
	for again := true; again; {
		again = false
		for _, p := range pairs {
			a, b := p.Args[0].(*eval.Col), p.Args[1].(*eval.Col)
			for range 2 {
				if k := known[a.ID]; k != nil && known[b.ID] == nil && k.F == p.F && a.T.OID == b.T.OID {
					n := *k
					n.Args = []eval.Expr{b, k.Args[1]}
					known[b.ID] = &n
					conds = append(conds[:len(conds):len(conds)], &n)
					again = true
					o.fire(RuleInferConstant)
				}
				a, b = b, a
			}
		}
	}
	return conds
}

// isValue says whether e is a constant or a parameter.
func isValue(e eval.Expr) bool {
	switch stripRelabel(e).(type) {
	case *eval.Const, *eval.Param:
		return true
	}
	return false
}
