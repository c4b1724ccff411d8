package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// sorts counts the sorts of a plan.
func sorts(n planner.Node) (count int) {
	if _, ok := n.(*planner.Sort); ok {
		count++
	}
	for _, in := range n.Inputs() {
		count += sorts(in)
	}
	return count
}

// An order that is known is kept by what passes rows on as they come, and lost by what does not.
func TestOrderIsKept(t *testing.T) {
	f := newRules(t)
	check := func(query string, want int) {
		t.Helper()
		// Sorting is made dear, so that an order that is there is used.
		p := f.must(query, "sort")
		if got := sorts(p.Root); got != want {
			t.Errorf("%s: %d sorts, want %d%s", query, got, want, f.text(p))
		}
	}
	// kept
	check("SELECT id FROM t ORDER BY id", 0)
	check("SELECT id + 1 AS n, id FROM t ORDER BY id", 0)
	check("SELECT id AS x FROM t WHERE d > 3 ORDER BY x", 0)
	check("SELECT * FROM (SELECT id, a FROM t ORDER BY id LIMIT 50) s ORDER BY id", 0)
	check("SELECT * FROM (SELECT id, a FROM t ORDER BY id LIMIT 50) s WHERE a > 3 ORDER BY id", 0)
	check("SELECT * FROM (SELECT id, a FROM t ORDER BY id LIMIT 50) s JOIN w ON w.k = s.a ORDER BY s.id", 0)
	check("SELECT k, count(*) OVER (PARTITION BY k ORDER BY v) FROM w ORDER BY k, v", 1)
	check("SELECT k, count(*) OVER (PARTITION BY k), sum(v) OVER (PARTITION BY k ORDER BY v) FROM w", 2)
	check("SELECT DISTINCT ON (id) id, a FROM t ORDER BY id, a", 1)
	check("SELECT b, a FROM t WHERE b = 3 ORDER BY b, a DESC", 0)
	check("SELECT b, a FROM t WHERE b = 3 AND a = 4 ORDER BY a, b", 0)
	check("SELECT 1 AS c, id FROM t ORDER BY c, id", 0)
	check("SELECT 1 AS c, k FROM w ORDER BY c", 0)
	// lost, or never there
	check("SELECT id FROM t ORDER BY id, a", 1)
	check("SELECT a, b FROM t ORDER BY b, a", 1)
	check("SELECT b, a FROM t WHERE b IN (3, 4) ORDER BY a DESC", 0)
	check("SELECT b, d FROM t WHERE b IN (3, 4) ORDER BY d", 1)
	check("SELECT -id AS n FROM t ORDER BY n", 1)
	check("SELECT id % 3 AS n FROM t ORDER BY n", 1)
	check("SELECT id, count(*) FROM t GROUP BY id ORDER BY id", 1)
	check("SELECT DISTINCT id FROM t ORDER BY id", 1)
	check("SELECT id FROM t UNION ALL SELECT id FROM u ORDER BY id", 1)
	check("SELECT id FROM t EXCEPT SELECT id FROM u ORDER BY id", 1)
	check("SELECT generate_series(1, 2) AS g, id FROM t ORDER BY id", 1)
	check("SELECT t.id FROM t FULL JOIN u ON t.id = u.t_id ORDER BY t.id", 1)
}

// Equal rows that come together are told apart without a hash table.
func TestSortedDistinct(t *testing.T) {
	f := newRules(t)
	check := func(query string, want bool, off ...string) {
		t.Helper()
		p := f.must(query, off...)
		var found *planner.Distinct
		var walk func(n planner.Node)
		walk = func(n planner.Node) {
			if d, ok := n.(*planner.Distinct); ok {
				found = d
			}
			for _, in := range n.Inputs() {
				walk(in)
			}
		}
		walk(p.Root)
		if found == nil || found.Sorted != want {
			t.Errorf("%s: sorted %v, want %v%s", query, found != nil && found.Sorted, want, f.text(p))
		}
	}
	check("SELECT DISTINCT ON (k) k, v FROM w ORDER BY k, v", true)
	check("SELECT DISTINCT ON (k, v) k, v FROM w ORDER BY v, k", true)
	check("SELECT DISTINCT ON (k) k, v FROM w ORDER BY k DESC", true)
	check("SELECT DISTINCT ON (k) k, v FROM w", false)
	check("SELECT DISTINCT ON (k + 1) k, v FROM w", false)
	check("SELECT DISTINCT k FROM (SELECT k FROM w ORDER BY k LIMIT 5) s", true)
	check("SELECT DISTINCT k, v FROM (SELECT k, v FROM w ORDER BY k LIMIT 5) s", false)
	check("SELECT DISTINCT k, v FROM (SELECT k, v FROM w ORDER BY v DESC, k LIMIT 5) s", true)
	check("SELECT DISTINCT k FROM w", false)
}
