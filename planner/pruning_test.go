package planner_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/eval"
)

// readColumns names the columns that the scans of a plan read, table by table, in the order of the plan.
func readColumns(p *planner.Plan) string {
	var out []string
	names := func(alias string, cols []eval.Column) {
		s := alias + "("
		for i, c := range cols {
			if i > 0 {
				s += " "
			}
			s += c.Name
		}
		out = append(out, s+")")
	}
	var walk func(n planner.Node)
	walk = func(n planner.Node) {
		switch n := n.(type) {
		case *planner.SeqScan:
			names(n.Alias, n.Cols)
		case *planner.IndexScan:
			names(n.Alias, n.Cols)
		case *planner.BitmapScan:
			names(n.Alias, n.Cols)
		case *planner.CTEScan:
			names(n.CTE.Name, n.Cols)
		}
		for _, in := range n.Inputs() {
			walk(in)
		}
	}
	walk(p.Root)
	for _, s := range p.SubPlans {
		walk(s.Root)
	}
	return strings.Join(out, " ")
}

// Only columns that somebody above uses are read: in results, conditions, keys of joins, sorts, groups and windows.
func TestPruneColumns(t *testing.T) {
	x := newRules(t)
	f := func(query, want string) {
		t.Helper()
		same(t, query, readColumns(x.must(query)), want)
	}
	f("SELECT a FROM t", "t(a)")
	f("SELECT * FROM w", "w(k v)")
	f("SELECT count(*) FROM t", "t()")
	f("SELECT 1 FROM t", "t()")
	f("SELECT a FROM t WHERE d > 1", "t(a d)")
	f("SELECT a FROM t ORDER BY c", "t(a c)")
	f("SELECT sum(d) FROM t GROUP BY c", "t(c d)")
	f("SELECT count(*) FILTER (WHERE d > 1) FROM t", "t(d)")
	f("SELECT string_agg(c, ',' ORDER BY d) FROM t", "t(c d)")
	f("SELECT rank() OVER (PARTITION BY b ORDER BY c) FROM t", "t(b c)")
	f("SELECT DISTINCT b FROM t", "t(b)")
	f("SELECT DISTINCT ON (b) c FROM t", "t(b c)")
	f("SELECT w.v FROM w JOIN z ON w.k = z.k", "z(k) w(k v)")
	f("SELECT w.v FROM w, z", "w(v) z()")
	f("SELECT z.v FROM w LEFT JOIN z ON w.k = z.k AND w.v > 3", "w(k v) z(k v)")
	f("SELECT k FROM (SELECT k, v, k + v AS s FROM w) x", "w(k)")
	f("SELECT k FROM (SELECT k, v FROM w ORDER BY v LIMIT 3) x", "w(k v)")
	f("SELECT k FROM (SELECT DISTINCT k, v FROM w) x", "w(k v)")
	f("SELECT k FROM (SELECT k, v FROM w UNION ALL SELECT k, v FROM z) x", "w(k) z(k)")
	f("SELECT k FROM (SELECT k, v FROM w UNION SELECT k, v FROM z) x", "w(k v) z(k v)")
	f("SELECT k FROM (SELECT k, v FROM w EXCEPT ALL SELECT k, v FROM z) x", "w(k v) z(k v)")
	f("SELECT k FROM w WHERE EXISTS (SELECT * FROM t WHERE t.a = w.v)", "w(k v) t(a)")
	f("SELECT k FROM w WHERE v IN (SELECT a FROM t)", "w(k v) t(a)")
	f("SELECT (SELECT max(d) FROM t) FROM w", "w() t(d)")
	f("SELECT k, (SELECT c FROM t WHERE t.id = w.v) FROM w", "w(k v) t(id c)")
	f("SELECT s.c FROM w, LATERAL (SELECT c, d FROM t WHERE t.id = w.v) s", "w(v) t(id c)")
	f("SELECT k FROM w FOR UPDATE", "w(k rowid)")
	f("WITH q AS MATERIALIZED (SELECT * FROM w) SELECT k FROM q", "w(k v) q(k v)")
	f("SELECT generate_series(1, k) FROM w", "w(k)")
	f("SELECT g FROM (SELECT k, generate_series(1, v) AS g FROM w) s", "w(v)")
	f("SELECT k FROM (SELECT k, generate_series(1, v) AS g FROM w) s", "w(k v)")
	f("INSERT INTO w (k) SELECT a FROM t", "t(a)")
	f("DELETE FROM t WHERE a = 3 AND d > 1", "t(a d rowid)")
	f("DELETE FROM w RETURNING v", "w(v rowid)")
	f("DELETE FROM w USING z WHERE w.k = z.k RETURNING z.v", "z(k v) w(k rowid)")
	f("UPDATE w SET v = 1 WHERE k = 2", "w(k rowid)")
	f("UPDATE w SET v = z.v FROM z WHERE w.k = z.k", "z(k v) w(k rowid)")
}

// Without the rule everything is read.
func TestPruneColumnsOff(t *testing.T) {
	f := newRules(t)
	same(t, "off", readColumns(f.must("SELECT a FROM t WHERE d > 1", planner.RulePruneColumns)), "t(id a b c d)")
}

// Aggregates that nobody uses are not computed, and an aggregation without any is one row.
func TestPruneAggregates(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePruneAggregates, "SELECT k FROM (SELECT k, sum(v) AS s FROM w GROUP BY k) x", `
HashAggregate
  Group Key: k
  ->  Seq Scan on w`, `
HashAggregate
  Group Key: k
  ->  Seq Scan on w`)
	same(t, "columns", readColumns(f.must("SELECT k FROM (SELECT k, sum(v) AS s FROM w GROUP BY k) x")), "w(k)")
	same(t, "columns",
		readColumns(f.must("SELECT k FROM (SELECT k, sum(v) AS s FROM w GROUP BY k) x", planner.RulePruneAggregates)),
		"w(k v)")
	f.rule(planner.RuleAggregateNothing, "SELECT 1 FROM (SELECT count(*) FROM t) x", `
Result`, `
Aggregate
  ->  Seq Scan on t`)
	f.never(planner.RulePruneAggregates, "SELECT k FROM (SELECT k, sum(v) AS s FROM w GROUP BY k) x WHERE s > 3", `
HashAggregate
  Group Key: k
  Filter: (sum(v) > 3)
  ->  Seq Scan on w`)
	f.never(planner.RuleAggregateNothing, "SELECT 1 FROM (SELECT k, count(*) FROM w GROUP BY k) x", `
HashAggregate
  Group Key: k
  ->  Seq Scan on w`)
	f.never(planner.RuleAggregateNothing, "SELECT 1 FROM (SELECT count(*) FROM w GROUP BY GROUPING SETS ((), ())) x", `
HashAggregate
  Group Key: ()
  Group Key: ()
  ->  Seq Scan on w`)
}

// Projections that change nothing go, and two in a row become one unless that would compute something twice.
func TestMergeProjects(t *testing.T) {
	f := newRules(t)
	projects := func(query string, off ...string) (n int) {
		var walk func(n planner.Node)
		walk = func(node planner.Node) {
			if _, ok := node.(*planner.Project); ok {
				n++
			}
			for _, in := range node.Inputs() {
				walk(in)
			}
		}
		walk(f.must(query, off...).Root)
		return n
	}
	check := func(rule, query string, with, without int) {
		t.Helper()
		if got := projects(query); got != with {
			t.Errorf("%s: %d projections, want %d", query, got, with)
		}
		if got := projects(query, rule); got != without {
			t.Errorf("%s: %d projections without %s, want %d", query, got, rule, without)
		}
	}
	check(planner.RuleMergeProjects, "SELECT a1 + 1 FROM (SELECT a + 1 AS a1 FROM t) s", 1, 2)
	check(planner.RuleMergeProjects, "SELECT a1 AS x, a2 AS y FROM (SELECT a AS a1, b AS a2 FROM t) s", 1, 2)
	check(planner.RuleMergeProjects, "SELECT a1 * a1 FROM (SELECT a + 1 AS a1 FROM t) s", 2, 2)
	check(planner.RuleMergeProjects, "SELECT a1 * a1 FROM (SELECT a AS a1 FROM t) s", 1, 2)
	check(planner.RuleMergeProjects, "SELECT r + 1 FROM (SELECT random() AS r FROM t) s", 2, 2)
	check(planner.RuleMergeProjects, "SELECT (SELECT max(k) FROM w WHERE w.v < a1) FROM (SELECT a + 1 AS a1 FROM t) s", 2,
		2)
	check(planner.RuleEliminateProject, "SELECT k, v FROM w", 0, 1)
	check(planner.RuleEliminateProject, "SELECT v, k FROM w", 1, 1)
	check(planner.RuleEliminateProject, "SELECT k AS other, v FROM w", 1, 1)
}
