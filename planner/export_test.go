package planner

// GraphRel is a relation of a join graph for tests of its order.
type GraphRel struct {
	Rows, Cost float64
	Needs      []int // relations that a lateral one refers to
}

// GraphCond is a condition between two relations; Lookup is the cost of finding the rows of B for one of A by an index,
// 0 for none.
type GraphCond struct {
	A, B   int
	Sel    float64
	Eq     bool
	Lookup float64
}

// Graph is a join graph without expressions.
type Graph struct{ g joinGraph }

// NewGraph makes a graph.
func NewGraph(rels []GraphRel, conds []GraphCond) *Graph {
	out := &Graph{}
	for _, r := range rels {
		jr := joinRel{rows: r.Rows, cost: r.Cost}
		for _, n := range r.Needs {
			jr.needs |= 1 << n
		}
		out.g.rels = append(out.g.rels, jr)
	}
	for _, c := range conds {
		a, b := uint64(1)<<c.A, uint64(1)<<c.B
		out.g.conds = append(out.g.conds, joinCond{mask: a | b, sel: c.Sel, eq: c.Eq, lmask: a, rmask: b})
		if c.Lookup > 0 {
			r := &out.g.rels[c.B]
			r.lookups = append(r.lookups, indexLookup{mask: a, cost: c.Lookup})
		}
	}
	return out
}

// DP, Greedy and Order are the orders that the planner finds.
func (g *Graph) DP() []int     { return g.g.orderDP() }
func (g *Graph) Greedy() []int { return g.g.orderGreedy() }
func (g *Graph) Order() []int  { return g.g.order() }

// Allowed says whether an order has every lateral relation behind what it needs.
func (g *Graph) Allowed(order []int) bool {
	var s uint64
	for _, i := range order {
		if g.g.rels[i].needs&^s != 0 {
			return false
		}
		s |= 1 << i
	}
	return true
}

// Cost is the estimated cost of joining in an order, and how many of its joins are cross products.
func (g *Graph) Cost(order []int) (cost float64, crosses int) {
	first := &g.g.rels[order[0]]
	cost = first.cost
	rows := first.rows
	s := uint64(1) << order[0]
	for _, i := range order[1:] {
		r, c, linked := g.g.step(s, rows, i)
		if !linked {
			crosses++
		}
		cost += c
		rows = r
		s |= 1 << i
	}
	return cost, crosses
}
