package planner_test

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
)

// permutations calls f with every order of 0..n-1.
func permutations(n int, f func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var rec func(k int)
	rec = func(k int) {
		if k == n {
			f(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			rec(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	rec(0)
}

// randomGraph is a chain, a star, a clique or anything, of relations of very different sizes.
func randomGraph(r *rand.Rand, n int) ([]planner.GraphRel, []planner.GraphCond) {
	rels := make([]planner.GraphRel, n)
	for i := range rels {
		rows := math.Round(math.Pow(10, r.Float64()*6))
		rels[i] = planner.GraphRel{Rows: rows, Cost: rows * 0.05}
		if i > 0 && r.Intn(6) == 0 {
			rels[i].Needs = []int{r.Intn(i)}
		}
	}
	var conds []planner.GraphCond
	link := func(a, b int) {
		c := planner.GraphCond{A: a, B: b, Sel: 1 / math.Max(rels[a].Rows, rels[b].Rows), Eq: true}
		switch r.Intn(5) {
		case 0:
			c.Eq, c.Sel = false, 1.0/3
		case 1, 2:
			c.Lookup = 10
		}
		conds = append(conds, c)
	}
	shape := r.Intn(4)
	for b := 1; b < n; b++ {
		switch shape {
		case 0:
			link(b-1, b)
		case 1:
			link(0, b)
		case 2:
			for a := range b {
				link(a, b)
			}
		default:
			if r.Intn(3) > 0 {
				link(r.Intn(b), b)
			}
		}
	}
	return rels, conds
}

// For few relations the order that is found costs what the cheapest of all orders does.
func TestJoinOrderIsCheapest(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewSource(seed))
	for round := range 400 {
		n := 2 + r.Intn(4)
		rels, conds := randomGraph(r, n)
		g := planner.NewGraph(rels, conds)
		best := math.Inf(1)
		permutations(n, func(order []int) {
			if g.Allowed(order) {
				c, _ := g.Cost(order)
				best = math.Min(best, c)
			}
		})
		order := g.DP()
		got, _ := g.Cost(order)
		if !g.Allowed(order) || got > best*(1+1e-9) {
			t.Fatalf("seed %d, round %d: order %v costs %v, the cheapest %v\n%+v\n%+v", seed, round, order, got, best, rels,
				conds)
		}
	}
}

// The order for many relations has each once, behind what it needs, is no worse than dynamic programming by much, and
// makes no cross product that is not needed.
func TestGreedyJoinOrder(t *testing.T) {
	const seed = 12
	r := rand.New(rand.NewSource(seed))
	worse := 0
	for round := range 200 {
		n := 3 + r.Intn(6)
		rels, conds := randomGraph(r, n)
		g := planner.NewGraph(rels, conds)
		order, best := g.Greedy(), g.DP()
		sorted := slices.Sorted(slices.Values(order))
		for i := range n {
			if len(sorted) != n || sorted[i] != i {
				t.Fatalf("seed %d, round %d: order %v", seed, round, order)
			}
		}
		if !g.Allowed(order) {
			t.Fatalf("seed %d, round %d: order %v, where %+v", seed, round, order, rels)
		}
		greedy, _ := g.Cost(order)
		if dp, _ := g.Cost(best); greedy > 10*dp {
			worse++
		}
	}
	if worse > 20 {
		t.Errorf("seed %d: %d of 200 orders cost ten times the best", seed, worse)
	}
}

// A chain that is connected is joined without cross products, whatever its length, by either way.
func TestJoinOrderAvoidsCrossProducts(t *testing.T) {
	for _, n := range []int{2, 5, 8, 9, 20, 64} {
		var rels []planner.GraphRel
		var conds []planner.GraphCond
		for i := range n {
			rels = append(rels, planner.GraphRel{Rows: float64(1 + i*7919%1000), Cost: 1})
			if i > 0 {
				conds = append(conds, planner.GraphCond{A: i - 1, B: i, Sel: 0.001, Eq: true})
			}
		}
		g := planner.NewGraph(rels, conds)
		order := g.Order()
		if _, crosses := g.Cost(order); crosses > 0 || len(order) != n {
			t.Errorf("%d relations: %d cross products in %v", n, crosses, order)
		}
	}
}

// joinCount counts the joins and the scanned tables of a plan.
func joinCount(n planner.Node) (joins, scans int) {
	switch n.(type) {
	case *planner.HashJoin, *planner.NestLoop:
		joins++
	case *planner.SeqScan, *planner.IndexScan, *planner.BitmapScan:
		scans++
	}
	for _, in := range n.Inputs() {
		j, s := joinCount(in)
		joins, scans = joins+j, scans+s
	}
	return joins, scans
}

// Joins of as many tables as a graph holds, of one more, and of many more are planned, with each table once.
func TestManyTables(t *testing.T) {
	f := newFixture(t, "CREATE TABLE t (id int PRIMARY KEY, a int, b int)")
	f.rows("t", 1000)
	for _, n := range []int{2, 8, 9, 63, 64, 65, 200} {
		var from, where []string
		for i := range n {
			from = append(from, fmt.Sprintf("t t%d", i))
			if i > 0 {
				where = append(where, fmt.Sprintf("t%d.a = t%d.b", i-1, i))
			}
		}
		for _, query := range []string{
			"SELECT 1 FROM " + strings.Join(from, ", ") + " WHERE " + strings.Join(where, " AND "),
			"SELECT 1 FROM " + strings.Join(from, ", "),
			"SELECT 1 FROM " + strings.Join(from, " NATURAL JOIN "),
			"SELECT 1 FROM " + strings.Join(from, " CROSS JOIN ") + " WHERE t0.id = 1",
		} {
			if joins, scans := joinCount(f.must(query).Root); joins != n-1 || scans != n {
				t.Errorf("%d tables: %d joins of %d scans in %.60s...", n, joins, scans, query)
			}
		}
	}
}

// With real plans the chosen order is about as cheap as the cheapest one that writing the tables in another order
// leads to when they are not reordered.
func TestChosenOrderAgainstWrittenOrders(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewSource(seed))
	for round := range 25 {
		n := 3 + r.Intn(2)
		f := newFixture(t, "")
		var conds []string
		for i := range n {
			if err := f.c.Exec(fmt.Sprintf("CREATE TABLE t%d (id int PRIMARY KEY, a int, b int); CREATE INDEX ON t%d (a)", i,
				i)); err != nil {
				t.Fatal(err)
			}
			rows := math.Round(math.Pow(10, 1+r.Float64()*5))
			table := fmt.Sprintf("t%d", i)
			f.rows(table, rows)
			f.column(table, "a", cat.ColumnStats{Distinct: math.Ceil(rows / 10)})
			f.column(table, "b", cat.ColumnStats{Distinct: math.Ceil(rows / 3)})
			if i > 0 {
				conds = append(conds,
					fmt.Sprintf("t%d.%s = t%d.%s", r.Intn(i), []string{"id", "a", "b"}[r.Intn(3)], i, []string{"id", "a"}[r.Intn(2)]))
			}
		}
		if r.Intn(2) == 0 {
			conds = append(conds, fmt.Sprintf("t%d.b = 1", r.Intn(n)))
		}
		query := func(order []int) string {
			var from []string
			for _, i := range order {
				from = append(from, fmt.Sprintf("t%d", i))
			}
			return "SELECT 1 FROM " + strings.Join(from, ", ") + " WHERE " + strings.Join(conds, " AND ")
		}
		best, written := math.Inf(1), ""
		permutations(n, func(order []int) {
			q := query(order)
			if c := f.must(q, planner.RuleJoinOrder).Root.Info().Total; c < best {
				best, written = c, q
			}
		})
		first := make([]int, n)
		for i := range first {
			first[i] = i
		}
		if p := f.must(query(first)); p.Root.Info().Total > 2*best {
			t.Errorf("seed %d, round %d: cost %.0f%s\nbut %.0f for %s%s", seed, round, p.Root.Info().Total, f.text(p), best,
				written,
				f.text(f.must(written, planner.RuleJoinOrder)))
		}
	}
}

// Whatever the order of FROM, the plan costs the same.
func TestWrittenOrderDoesNotMatter(t *testing.T) {
	f := newRules(t)
	tables := []string{"t", "u", "w", "z"}
	want := 0.0
	permutations(len(tables), func(order []int) {
		var from []string
		for _, i := range order {
			from = append(from, tables[i])
		}
		p := f.must("SELECT 1 FROM " + strings.Join(from,
			", ") + " WHERE t.id = u.t_id AND u.x = w.k AND z.k = w.v AND t.b = 3")
		if c := p.Root.Info().Total; want == 0 {
			want = c
		} else if math.Abs(c-want) > want*0.001 {
			t.Errorf("FROM %v costs %v, not %v", from, c, want)
		}
	})
}
