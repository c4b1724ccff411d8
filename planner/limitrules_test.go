package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// A limit is taken before a select list is computed, but after set-returning functions, and before volatile
// functions that the order does not need.
func TestLimitBelowProject(t *testing.T) {
	f := newRules(t)
	below := func(query string, want bool) {
		t.Helper()
		p := f.must(query)
		_, project := p.Root.(*planner.Project)
		if project != want {
			t.Errorf("%s: a projection on top: %v, want %v\n%s", query, project, want, f.text(p))
		}
	}
	below("SELECT k + 1 FROM w LIMIT 3", true)
	below("SELECT k + 1 FROM w ORDER BY v LIMIT 3", true)
	below("SELECT k + 1 AS n FROM w ORDER BY n LIMIT 3", false)
	below("SELECT k + 1 FROM w ORDER BY v FETCH FIRST 3 ROWS WITH TIES", true)
	f.rule(planner.RulePostponeVolatile, "SELECT random() AS r, k FROM w ORDER BY k LIMIT 3", `
Limit
  ->  Sort
        Sort Key: k
        ->  Seq Scan on w`, `
Limit
  ->  Sort
        Sort Key: k
        ->  Seq Scan on w`)
	f.never(planner.RulePostponeVolatile, "SELECT random() AS r, k FROM w ORDER BY r LIMIT 3", `
Limit
  ->  Sort
        Sort Key: random()
        ->  Seq Scan on w`)
	f.never(planner.RulePostponeVolatile, "SELECT k + 1 AS n, k FROM w ORDER BY k LIMIT 3", `
Limit
  ->  Sort
        Sort Key: k
        ->  Seq Scan on w`)
}
