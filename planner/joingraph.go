package planner

import (
	"math"
	"math/bits"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// joinGraph is a tree of inner joins taken apart: the relations that it joins and the conditions
// between them. Sets of relations are bit masks, so a graph has at most graphMax of them; a larger tree
// is planned in pieces.
type joinGraph struct {
	rels  []joinRel
	conds []joinCond
}

const graphMax = 64

// joinRel is one relation of the graph.
type joinRel struct {
	rel  eval.Rel
	node Node // its plan by itself; nil for a lateral one until its left side is known
	cols colSet
	// needs are the relations whose columns a lateral one uses.
	needs uint64
	rows  float64
	cost  float64
	// lookups are the equalities that an index of the relation can answer row by row.
	lookups []indexLookup
}

// indexLookup is the cost of finding the rows of a relation for one row of the relations in mask.
type indexLookup struct {
	mask uint64
	cost float64
}

// joinCond is one condition with the relations it speaks of.
type joinCond struct {
	expr eval.Expr
	mask uint64
	sel  float64
	// For an equality that can be hashed: its two sides and the relations of each.
	eq          bool
	left, right eval.Expr
	lmask       uint64
	rmask       uint64
}

// collect adds the relations and conditions of a tree of inner joins.
func (g *joinGraph) collect(r eval.Rel, conds *[]eval.Expr) {
	switch j := r.(type) {
	case *bind.Join:
		if j.Kind == bind.Inner {
			g.collect(j.Left, conds)
			g.collect(j.Right, conds)
			*conds = conjuncts(*conds, j.On)
			return
		}
	case *bind.Filter:
		if in, ok := j.Input.(*bind.Join); ok && in.Kind == bind.Inner {
			list := conjuncts(nil, j.Cond)
			volatile := false
			for _, c := range list {
				volatile = volatile || isVolatile(c)
			}
			if !volatile {
				g.collect(in, conds)
				*conds = append(*conds, list...)
				return
			}
		}
	}
	g.rels = append(g.rels, joinRel{rel: r, cols: outputSet(r)})
}

// maskOf is the set of relations whose columns are in cols.
func (g *joinGraph) maskOf(cols colSet) uint64 {
	var m uint64
	for i := range g.rels {
		if cols.meets(g.rels[i].cols) {
			m |= 1 << i
		}
	}
	return m
}

// newCond classifies a condition.
func (g *joinGraph) newCond(o *optimizer, e eval.Expr) joinCond {
	c := joinCond{expr: e, mask: g.maskOf(exprCols(e)), sel: o.selectivity(e)}
	if cmp, ok := asComparison(e); ok && cmp.op == "=" && hashable(cmp) && !hasSubquery(e) && !isVolatile(e) {
		c.left, c.right = cmp.left, cmp.right
		c.lmask, c.rmask = g.maskOf(exprCols(cmp.left)), g.maskOf(exprCols(cmp.right))
		c.eq = c.lmask != 0 && c.rmask != 0 && c.lmask&c.rmask == 0
	}
	return c
}

// hashable says whether an equality can be looked up in a hash table: equal values of both sides must
// have equal keys.
func hashable(c comparison) bool {
	l, r := c.left.Type().OID, c.right.Type().OID
	return sameFamily(l, r) && hasKeys(l) && hasKeys(r)
}

// joinOrder is a sequence of relations; the graph is joined from left to right.
type joinOrder []int

// dpMax is the number of relations up to which all left-deep orders are looked at.
const dpMax = 8

// order finds a cheap order: dynamic programming for few relations, greedy for many.
func (g *joinGraph) order() joinOrder {
	if len(g.rels) <= dpMax {
		return g.orderDP()
	}
	return g.orderGreedy()
}

// step estimates joining relation i to the set s of srows rows: the rows that come out, the cost of the
// join itself, and whether an equality connects them.
func (g *joinGraph) step(s uint64, srows float64, i int) (rows, cost float64, connected bool) {
	bit := uint64(1) << i
	sel := 1.0
	linked := false
	for k := range g.conds {
		c := &g.conds[k]
		if c.mask&bit == 0 || c.mask&^(s|bit) != 0 || c.mask == bit {
			continue
		}
		sel *= c.sel
		linked = true
		if c.eq && ((c.lmask&^s == 0 && c.rmask == bit) || (c.rmask&^s == 0 && c.lmask == bit)) {
			connected = true
		}
	}
	r := &g.rels[i]
	rows = math.Max(srows*r.rows*sel, 1e-3)
	if connected {
		build, probe := math.Min(srows, r.rows), math.Max(srows, r.rows)
		cost = build*costHashBuild + probe*costHashProbe + rows*costRow + r.cost
		for _, l := range r.lookups {
			if l.mask&^s == 0 {
				cost = math.Min(cost, srows*l.cost+rows*costRow)
			}
		}
		return rows, cost, true
	}
	cost = srows*r.rows*costPair + rows*costRow + r.cost
	if !linked {
		cost += srows*r.rows*costRow + crossPenalty
	}
	return rows, cost, linked
}

// crossPenalty makes cross products the last resort among orders of equal size.
const crossPenalty = 1e3

// orderDP looks at all left-deep orders: best[s] is the cheapest way to have joined the set s.
func (g *joinGraph) orderDP() joinOrder {
	n := len(g.rels)
	type entry struct {
		cost, rows float64
		last       int8
		ok         bool
	}
	best := make([]entry, 1<<n)
	for i := range g.rels {
		if g.rels[i].needs == 0 {
			best[1<<i] = entry{cost: g.rels[i].cost, rows: g.rels[i].rows, last: int8(i), ok: true}
		}
	}
	for s := uint64(1); s < 1<<n; s++ {
		b := best[s]
		if !b.ok {
			continue
		}
		for i := range g.rels {
			bit := uint64(1) << i
			if s&bit != 0 || g.rels[i].needs&^s != 0 {
				continue
			}
			rows, cost, _ := g.step(s, b.rows, i)
			cost += b.cost
			if e := &best[s|bit]; !e.ok || cost < e.cost {
				*e = entry{cost: cost, rows: rows, last: int8(i), ok: true}
			}
		}
	}
	out := make(joinOrder, n)
	s := uint64(1)<<n - 1
	for k := n - 1; k >= 0; k-- {
		i := int(best[s].last)
		out[k] = i
		s &^= 1 << i
	}
	return out
}

// leading moves the relation whose order is to be kept to the front.
func (g *joinGraph) leading(ord joinOrder) joinOrder {
	for k, i := range ord {
		if g.keepsOrder(g.rels[i].rel) {
			copy(ord[1:k+1], ord[:k])
			ord[0] = i
			break
		}
	}
	return ord
}

// keepsOrder says whether a relation is the one, or an outer join over it.
func (g *joinGraph) keepsOrder(r eval.Rel) bool {
	switch r := r.(type) {
	case *plannedRel:
		return true
	case *bind.Join:
		return g.keepsOrder(r.Left)
	case *bind.Filter:
		return g.keepsOrder(r.Input)
	}
	return false
}

// greedyStarts is how many of the smallest relations are tried as the first one.
const greedyStarts = 4

// orderGreedy adds the cheapest connected relation each time; a cross product only when nothing is
// connected.
func (g *joinGraph) orderGreedy() joinOrder {
	starts := g.smallest(greedyStarts)
	var best joinOrder
	bestCost := math.Inf(1)
	for _, st := range starts {
		ord, cost := g.greedyFrom(st)
		if cost < bestCost {
			best, bestCost = ord, cost
		}
	}
	return best
}

func (g *joinGraph) smallest(n int) []int {
	var out []int
	var taken uint64
	for range n {
		pick := -1
		for i := range g.rels {
			if taken&(1<<i) != 0 || g.rels[i].needs != 0 {
				continue
			}
			if pick < 0 || g.rels[i].rows < g.rels[pick].rows {
				pick = i
			}
		}
		if pick < 0 {
			break
		}
		taken |= 1 << pick
		out = append(out, pick)
	}
	return out
}

func (g *joinGraph) greedyFrom(first int) (joinOrder, float64) {
	out := joinOrder{first}
	s := uint64(1) << first
	rows, total := g.rels[first].rows, g.rels[first].cost
	for bits.OnesCount64(s) < len(g.rels) {
		pick, pickRows, pickCost, pickLink := -1, 0.0, 0.0, false
		for i := range g.rels {
			if s&(1<<i) != 0 || g.rels[i].needs&^s != 0 {
				continue
			}
			r, c, link := g.step(s, rows, i)
			better := pick < 0 || link && !pickLink || link == pickLink && (r < pickRows || r == pickRows && c < pickCost)
			if better {
				pick, pickRows, pickCost, pickLink = i, r, c, link
			}
		}
		out = append(out, pick)
		s |= 1 << pick
		rows = pickRows
		total += pickCost
	}
	return out, total
}
