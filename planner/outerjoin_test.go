package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// Conditions that a null-extended row may pass leave the join as it is.
func TestOuterJoinStays(t *testing.T) {
	f := newRules(t)
	stays := func(cond string) {
		t.Helper()
		f.never(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE "+cond, `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: `+cond+`
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	}
	stays("(z.v IS NULL)")
	stays("((z.v = 3) OR (w.v = 2))")
	stays("(COALESCE(z.v, 3) = 3)")
	stays("(z.v IS DISTINCT FROM 3)")
	stays("((z.v = 3) IS NOT TRUE)")
	stays("((z.v = 3) IS UNKNOWN)")
	stays("CASE WHEN (z.v IS NULL) THEN true ELSE (z.v > 3) END")
	stays("(z.v > ALL ($1))")
	stays("((z.v IS NULL) OR (z.v = 3))")
	f.never(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k AND z.v = 3", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Seq Scan on z
        Filter: (z.v = 3)`)
	f.never(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE w.v = 3", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.v = 3)
  ->  Seq Scan on z`)
}
