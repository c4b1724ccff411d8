package planner

import (
	"math"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// join plans a join with further conditions on its result. Trees of inner joins are taken apart and
// put together in the cheapest order found.
func (o *optimizer) join(r *bind.Join, conds []eval.Expr) (Node, error) {
	if r.Kind != bind.Inner {
		n, err := o.outerJoin(r)
		if err != nil || len(conds) == 0 {
			return n, err
		}
		return o.filter(n, conds), nil
	}
	g := &joinGraph{}
	list := append([]eval.Expr(nil), conds...)
	g.collect(r, &list)
	if len(g.rels) > graphMax {
		return o.largeJoin(r, conds)
	}
	for i := range g.rels {
		if err := o.joinInput(g, i); err != nil {
			return nil, err
		}
	}
	var once []eval.Expr
	for _, c := range list {
		jc := g.newCond(o, c)
		if jc.mask == 0 {
			once = append(once, c)
			continue
		}
		g.conds = append(g.conds, jc)
	}
	o.findLookups(g)
	ord := make(joinOrder, len(g.rels))
	for i := range ord {
		ord[i] = i
	}
	if o.on(RuleJoinOrder) {
		ord = g.order()
		o.noteOrder(ord)
	}
	ord = g.leading(ord)
	n, err := o.joinInOrder(g, ord)
	if err != nil || len(once) == 0 {
		return n, err
	}
	return o.filter(n, once), nil
}

// findLookups notes which equalities indexes can answer.
func (o *optimizer) findLookups(g *joinGraph) {
	for i := range g.rels {
		r := &g.rels[i]
		s, by, local := lookupTarget(r.rel)
		if s == nil || len(s.Rel.Indexes) == 0 {
			continue
		}
		sc := newScanCols(s)
		for k := range g.conds {
			c := &g.conds[k]
			col, mask := c.right, c.lmask
			if c.lmask == 1<<i {
				col, mask = c.left, c.rmask
			} else if c.rmask != 1<<i {
				continue
			}
			key := substitute(col, by)
			for _, ix := range s.Rel.Indexes {
				x := o.usableIndex(ix, s, local)
				if c.eq && x != nil && sc.isKey(x, 0, key) {
					rows := math.Max(1, relRows(s.Rel)*c.sel)
					r.lookups = append(r.lookups, indexLookup{mask, costIndexStart + costRerun + rows*o.indexRowCost(s, nil)})
				}
			}
		}
	}
}

// lookupTarget is the scan that a relation is under filters and renaming projections, with what its
// columns are called there and the conditions of the filter.
func lookupTarget(r eval.Rel) (*bind.Scan, map[eval.ColID]eval.Expr, []eval.Expr) {
	by := map[eval.ColID]eval.Expr{}
	if p, ok := r.(*bind.Project); ok && plainProject(p) {
		for i := range p.Cols {
			by[p.Cols[i].ID] = p.Exprs[i]
		}
		r = p.Input
	}
	var local []eval.Expr
	if f, ok := r.(*bind.Filter); ok {
		local, r = conjuncts(nil, f.Cond), f.Input
	}
	s, ok := r.(*bind.Scan)
	if !ok || s.Rel.Virtual {
		return nil, nil, nil
	}
	return s, by, local
}

func (o *optimizer) noteOrder(ord joinOrder) {
	for i, r := range ord {
		if i != r {
			o.fire(RuleJoinOrder)
			return
		}
	}
}

// largeJoin plans a join of more relations than a graph holds as two joins.
func (o *optimizer) largeJoin(r *bind.Join, conds []eval.Expr) (Node, error) {
	l, err := o.node(r.Left, want{})
	if err != nil {
		return nil, err
	}
	g := &joinGraph{rels: []joinRel{
		{rel: r.Left, node: l, cols: outputSet(r.Left), rows: l.Info().Rows, cost: l.Info().Total},
		{rel: r.Right, cols: outputSet(r.Right)},
	}}
	if err := o.joinInput(g, 1); err != nil {
		return nil, err
	}
	for _, c := range conjuncts(append([]eval.Expr(nil), conds...), r.On) {
		g.conds = append(g.conds, g.newCond(o, c))
	}
	return o.joinInOrder(g, joinOrder{0, 1})
}

// joinInput plans one relation of a graph by itself.
func (o *optimizer) joinInput(g *joinGraph, i int) error {
	r := &g.rels[i]
	if free := freeCols(r.rel); !free.empty() {
		r.needs = g.maskOf(free) &^ (1 << i)
	}
	saved := o.corr
	if r.needs != 0 {
		// The left side's rows change from run to run, as an outer query's do.
		o.corr = saved.clone()
		for k := range g.rels {
			if r.needs&(1<<k) != 0 {
				o.corr.addAll(g.rels[k].cols)
			}
		}
	}
	n, err := o.node(r.rel, want{})
	o.corr = saved
	if err != nil {
		return err
	}
	r.node, r.rows, r.cost = n, math.Max(n.Info().Rows, 1e-3), n.Info().Total
	return nil
}

// joinInOrder builds the left-deep tree.
func (o *optimizer) joinInOrder(g *joinGraph, ord joinOrder) (Node, error) {
	first := &g.rels[ord[0]]
	n := first.node
	s := uint64(1) << ord[0]
	done := make([]bool, len(g.conds))
	var early []eval.Expr // conditions on one relation that could not be pushed into it
	take := func(upto uint64) []*joinCond {
		var out []*joinCond
		for k := range g.conds {
			if !done[k] && g.conds[k].mask&^upto == 0 {
				done[k] = true
				out = append(out, &g.conds[k])
			}
		}
		return out
	}
	for _, c := range take(s) {
		early = append(early, c.expr)
	}
	if len(early) > 0 {
		n = o.filter(n, early)
	}
	for _, i := range ord[1:] {
		bit := uint64(1) << i
		n = o.joinStep(n, &g.rels[i], s, bit, take(s|bit))
		s |= bit
	}
	return n, nil
}

// joinStep joins one more relation by the cheapest method.
func (o *optimizer) joinStep(left Node, r *joinRel, s, bit uint64, conds []*joinCond) Node {
	var lk, rk, rest, all []eval.Expr
	sel := 1.0
	for _, c := range conds {
		all = append(all, c.expr)
		sel *= c.sel
		switch {
		case c.eq && c.lmask&^s == 0 && c.rmask == bit:
			lk, rk = append(lk, c.left), append(rk, c.right)
		case c.eq && c.rmask&^s == 0 && c.lmask == bit:
			lk, rk = append(lk, c.right), append(rk, c.left)
		default:
			rest = append(rest, c.expr)
		}
	}
	rows := clampRows(left.Info().Rows * r.rows * sel)
	if r.needs&s != 0 {
		return o.nestLoop(bind.Inner, left, r.node, all, true, rows)
	}
	loop := o.nestLoop(bind.Inner, left, r.node, all, false, rows)
	best := Node(loop)
	if len(lk) > 0 {
		if h := o.innerHash(left, r.node, lk, rk, rest, rows); o.preferHash(h, loop) {
			best = h
		}
	}
	if ix := o.indexLoop(bind.Inner, left, r.rel, all, rows); ix != nil && ix.Info().Total < best.Info().Total {
		best = ix
	}
	return best
}

// preferHash: a hash join is taken unless it is switched off or a loop over very few pairs is as good. There may be more left
// rows than was thought, and each goes through the whole right side: with a large one the loop is reckoned to have a few more.
func (o *optimizer) preferHash(h Node, loop *NestLoop) bool {
	cost := loop.Total
	if n := loop.Right.Info().Rows; n >= largeInner {
		cost += moreLeft * n * costPair
	}
	return h.Info().Total < cost
}

// largeInner is the number of rows of a loop's right side from which moreLeft more left rows are reckoned with.
const (
	largeInner = 200
	moreLeft   = 5
)

// innerHash builds the hash table on the smaller side.
func (o *optimizer) innerHash(left, right Node, lk, rk, rest []eval.Expr, rows float64) Node {
	if !o.ordered && left.Info().Rows < right.Info().Rows {
		left, right, lk, rk = right, left, rk, lk
	}
	return o.hashJoin(bind.Inner, left, right, lk, rk, rest, rows)
}

func (o *optimizer) hashJoin(k bind.JoinKind, left, right Node, lk, rk, rest []eval.Expr, rows float64) *HashJoin {
	l, r := left.Info(), right.Info()
	n := &HashJoin{Kind: k, Left: left, Right: right, LeftKeys: o.exprs(lk), RightKeys: o.exprs(rk), Conds: o.exprs(rest)}
	n.Cols = joinCols(k, l.Cols, r.Cols)
	n.Rows = rows
	n.Startup = r.Total + r.Rows*costHashBuild + l.Startup
	n.Total = n.Startup + (l.Total - l.Startup) + l.Rows*costHashProbe + rows*(costRow+costCond*float64(len(rest)))
	if k != bind.Full {
		n.Order, n.Fixed = l.Order, l.Fixed
	}
	if o.set.NoHashJoin {
		n.Total += costDisabled
	}
	return n
}

func joinCols(k bind.JoinKind, l, r []eval.Column) []eval.Column {
	if k == bind.Semi || k == bind.Anti {
		return l
	}
	return append(l[:len(l):len(l)], r...)
}

func (o *optimizer) nestLoop(k bind.JoinKind, left, right Node, conds []eval.Expr, lateral bool, rows float64) *NestLoop {
	l, r := left.Info(), right.Info()
	n := &NestLoop{Kind: k, Left: left, Right: right, Conds: o.exprs(conds), Lateral: lateral}
	n.Cols = joinCols(k, l.Cols, r.Cols)
	n.Rows = rows
	n.Startup = l.Startup + r.Startup
	pairs := l.Rows * r.Rows
	if lateral {
		n.Total = l.Total + l.Rows*(r.Total+costRerun) + pairs*costCond*float64(len(conds))
	} else {
		n.Total = l.Total + r.Total + pairs*(costPair+costCond*float64(max(len(conds)-1, 0)))
	}
	n.Total += rows * costRow
	if k != bind.Full {
		n.Order, n.Fixed = l.Order, l.Fixed
	}
	if o.set.NoNestLoop {
		n.Total += costDisabled
	}
	return n
}

// indexLoop looks each left row up in an index of the right table; nil when no index fits.
func (o *optimizer) indexLoop(k bind.JoinKind, left Node, right eval.Rel, conds []eval.Expr, rows float64) Node {
	var local []eval.Expr
	rel := right
	var proj *bind.Project
	if p, ok := rel.(*bind.Project); ok && plainProject(p) {
		proj, rel = p, p.Input
	}
	if f, ok := rel.(*bind.Filter); ok {
		local = conjuncts(nil, f.Cond)
		rel = f.Input
	}
	s, ok := rel.(*bind.Scan)
	if !ok || s.Rel.Virtual || len(o.corr) > 0 && exprsCols(local).meets(o.corr) {
		return nil
	}
	keyed := conds
	if proj != nil {
		by := map[eval.ColID]eval.Expr{}
		for i := range proj.Cols {
			by[proj.Cols[i].ID] = proj.Exprs[i]
		}
		keyed = make([]eval.Expr, len(conds))
		for i, c := range conds {
			keyed[i] = substitute(c, by)
		}
	}
	for _, c := range keyed {
		if hasSubquery(c) || isVolatile(c) {
			return nil
		}
	}
	o.track(s)
	sc := newScanCols(s)
	all := append(local[:len(local):len(local)], keyed...)
	var best *IndexScan
	for _, ix := range s.Rel.Indexes {
		m := o.matchIndex(ix, sc, all)
		if m == nil || !usesJoinCond(m, len(local)) {
			continue
		}
		n := o.indexScan(s, m, all, false)
		if best == nil || n.Total < best.Total {
			best = n
		}
	}
	if best == nil {
		return nil
	}
	var rn Node = best
	if proj != nil {
		rn = o.project(rn, proj.Cols, proj.Exprs)
	}
	return o.nestLoop(k, left, rn, nil, true, rows)
}

// plainProject says whether a projection only renames columns.
func plainProject(p *bind.Project) bool {
	for _, e := range p.Exprs {
		if _, ok := e.(*eval.Col); !ok {
			return false
		}
	}
	return true
}

// usesJoinCond says whether the index is used for a condition after the first local ones.
func usesJoinCond(m *indexMatch, local int) bool {
	for i := local; i < len(m.used); i++ {
		if m.used[i] {
			return true
		}
	}
	return false
}

// outerJoin plans left, full, semi and anti joins, which stay where they were written.
func (o *optimizer) outerJoin(r *bind.Join) (Node, error) {
	left, err := o.node(r.Left, want{})
	if err != nil {
		return nil, err
	}
	g := &joinGraph{rels: []joinRel{
		{rel: r.Left, node: left, cols: setOf(left.Info().Cols), rows: left.Info().Rows, cost: left.Info().Total},
		{rel: r.Right, cols: outputSet(r.Right)},
	}}
	if err := o.joinInput(g, 1); err != nil {
		return nil, err
	}
	right := g.rels[1].node
	if test := nullAwareKey(r); test != nil {
		if n := o.notIn(g, left, right, test); n != nil {
			return n, nil
		}
	}
	var lk, rk, rest, all []eval.Expr
	sel := 1.0
	for _, c := range conjuncts(nil, r.On) {
		jc := g.newCond(o, c)
		all = append(all, c)
		sel *= jc.sel
		switch {
		case jc.eq && jc.lmask == 1 && jc.rmask == 2:
			lk, rk = append(lk, jc.left), append(rk, jc.right)
		case jc.eq && jc.lmask == 2 && jc.rmask == 1:
			lk, rk = append(lk, jc.right), append(rk, jc.left)
		default:
			rest = append(rest, c)
		}
	}
	if r.Kind == bind.Full && len(lk) == 0 && !g.fullJoinable(rest) {
		return nil, pgerr.New(pgerrcode.FeatureNotSupported,
			"FULL JOIN is only supported with merge-joinable or hash-joinable join conditions")
	}
	rows := outerRows(r.Kind, left.Info().Rows, right.Info().Rows, sel)
	if g.rels[1].needs != 0 || r.Lateral {
		return o.nestLoop(r.Kind, left, right, all, g.rels[1].needs != 0, rows), nil
	}
	loop := o.nestLoop(r.Kind, left, right, all, false, rows)
	best := Node(loop)
	if len(lk) > 0 {
		if h := o.hashJoin(r.Kind, left, right, lk, rk, rest, rows); o.preferHash(h, loop) {
			best = h
		}
	}
	if r.Kind != bind.Full {
		if ix := o.indexLoop(r.Kind, left, r.Right, all, rows); ix != nil && ix.Info().Total < best.Info().Total {
			best = ix
		}
	}
	return best, nil
}

// fullJoinable says whether PostgreSQL could make a full join of conditions: one must be an equality between the sides,
// unless all are constant.
func (g *joinGraph) fullJoinable(conds []eval.Expr) bool {
	between := func(l, r eval.Expr) bool {
		lm, rm := g.maskOf(exprCols(l)), g.maskOf(exprCols(r))
		return lm != 0 && rm != 0 && lm&rm == 0
	}
	constant := true
	for _, c := range conds {
		if rows, ok := c.(*eval.RowCompare); ok && rows.Op == "=" && slices.EqualFunc(rows.Left, rows.Right, between) {
			return true
		}
		if cmp, ok := asComparison(c); ok && cmp.op == "=" && between(cmp.left, cmp.right) {
			return true
		}
		_, ok := c.(*eval.Const)
		constant = constant && ok
	}
	return constant
}

// outerRows estimates the result of a join that keeps left rows.
func outerRows(k bind.JoinKind, l, r, sel float64) float64 {
	pairs := l * r * sel
	match := math.Min(1, r*sel)
	switch k {
	case bind.Semi:
		return clampRows(l * match)
	case bind.Anti:
		return clampRows(l * (1 - match))
	case bind.Full:
		return clampRows(math.Max(pairs, l+r-math.Min(l, r)))
	}
	return clampRows(math.Max(pairs, l))
}

// nullAwareKey recognises the anti join of NOT IN: one test that must not be true or unknown.
func nullAwareKey(r *bind.Join) *eval.BoolTest {
	if r.Kind != bind.Anti {
		return nil
	}
	t, ok := r.On.(*eval.BoolTest)
	if !ok || !t.Not || t.Want != eval.WantFalse {
		return nil
	}
	return t
}

// notIn plans a NOT IN over one column as a null-aware hash join; nil when its test is no single equality.
func (o *optimizer) notIn(g *joinGraph, left, right Node, t *eval.BoolTest) Node {
	jc := g.newCond(o, t.Arg)
	if !jc.eq || g.rels[1].needs != 0 {
		return nil
	}
	lk, rk := jc.left, jc.right
	if jc.lmask == 2 {
		lk, rk = rk, lk
	}
	rows := outerRows(bind.Anti, left.Info().Rows, right.Info().Rows, jc.sel)
	n := o.hashJoin(bind.Anti, left, right, []eval.Expr{lk}, []eval.Expr{rk}, nil, rows)
	n.NullAware = true
	return n
}
