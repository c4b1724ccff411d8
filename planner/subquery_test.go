package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// EXISTS becomes a semi join when its correlation is conditions that a join may apply.
func TestExistsToSemiJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleExistsToSemi, "SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z WHERE z.k = w.k)", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.k)
          ->  Materialize
                ->  Seq Scan on z`)
	f.rule(planner.RuleExistsToSemi,
		"SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z WHERE z.k = w.k AND z.v > w.v AND z.v < 9)", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  Join Filter: (z.v > w.v)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z
              Filter: (z.v < 9)`, `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Subquery Scan
          Filter: ((z.k = w.k) AND (z.v > w.v))
          ->  Materialize
                ->  Seq Scan on z
                      Filter: (z.v < 9)`)
	f.rule(planner.RuleExistsToSemi,
		"SELECT * FROM w WHERE EXISTS (SELECT DISTINCT z.v FROM z WHERE z.k = w.k ORDER BY z.v LIMIT 3)", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.k)
          ->  Materialize
                ->  Seq Scan on z`)
	f.rule(planner.RuleExistsToSemi, "SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z JOIN u ON u.x = z.v WHERE z.k = w.k)",
		`
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Hash Join
              Hash Cond: (u.x = z.v)
              ->  Seq Scan on u
              ->  Hash
                    ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Nested Loop
          Join Filter: (u.x = z.v)
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z
          ->  Materialize
                ->  Seq Scan on u`)
	f.rule(planner.RuleExistsToSemi, "SELECT * FROM w WHERE v = 3 AND EXISTS (SELECT 1 FROM u WHERE u.t_id = w.k)", `
Nested Loop Semi Join
  ->  Seq Scan on w
        Filter: (w.v = 3)
  ->  Index Scan using u_t on u
        Index Cond: (u.t_id = w.k)`, `
Seq Scan on w
  Filter: ((w.v = 3) AND (SubPlan 1))
  SubPlan 1
    ->  Index Scan using u_t on u
          Index Cond: (u.t_id = w.k)`)
	f.rule(planner.RuleExistsToSemi,
		"SELECT * FROM w WHERE EXISTS (SELECT * FROM z LEFT JOIN u ON u.id = z.v WHERE z.k = w.k)", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Nested Loop Left Join
              ->  Seq Scan on z
              ->  Index Scan using u_pkey on u
                    Index Cond: (u.id = z.v)`, `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Nested Loop Left Join
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z
          ->  Index Scan using u_pkey on u
                Index Cond: (u.id = z.v)`)
}

// EXISTS stays an expression where a join cannot stand for it.
func TestExistsStays(t *testing.T) {
	f := newRules(t)
	f.never(planner.RuleExistsToSemi, "SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z WHERE z.k = 5)", `
Result
  One-Time Filter: $0
  InitPlan 1 (returns $0)
    ->  Seq Scan on z
          Filter: (z.k = 5)
  ->  Seq Scan on w`)
	f.never(planner.RuleExistsToSemi, "SELECT * FROM w WHERE v = 1 OR EXISTS (SELECT 1 FROM z WHERE z.k = w.k)", `
Seq Scan on w
  Filter: ((w.v = 1) OR (SubPlan 1))
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.k)
          ->  Materialize
                ->  Seq Scan on z`)
	f.never(planner.RuleExistsToSemi, "SELECT EXISTS (SELECT 1 FROM z WHERE z.k = w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.k)
          ->  Materialize
                ->  Seq Scan on z`)
	f.never(planner.RuleExistsToSemi, "SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z WHERE z.k = w.k OFFSET 2)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Limit
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleExistsToSemi,
		"SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z WHERE z.k = w.k GROUP BY z.v HAVING count(*) > 1)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  HashAggregate
          Group Key: z.v
          Filter: (count(*) > 1)
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleExistsToSemi,
		"SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z WHERE z.k = w.k AND random() < 0.5 * w.v)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Subquery Scan
          Filter: (random() < (0.5 * w.v))
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleExistsToSemi,
		"SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z LEFT JOIN u ON u.id = w.k WHERE z.v = 1)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Nested Loop Left Join
          ->  Materialize
                ->  Seq Scan on z
                      Filter: (z.v = 1)
          ->  Index Scan using u_pkey on u
                Index Cond: (u.id = w.k)`)
	f.never(planner.RuleExistsToSemi,
		"SELECT * FROM w WHERE EXISTS (SELECT 1 FROM generate_series(1, w.v) g WHERE g = w.k)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Function Scan on generate_series g
          Filter: (g.g = w.k)`)
	f.never(planner.RuleExistsToSemi, "SELECT * FROM w WHERE EXISTS (SELECT z.k FROM z WHERE z.k = w.k UNION SELECT 1)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  HashAggregate
          Group Key: k
          ->  Append
                ->  Subquery Scan
                      Filter: (z.k = w.k)
                      ->  Materialize
                            ->  Seq Scan on z
                ->  Materialize
                      ->  Result`)
}

// NOT EXISTS becomes an anti join under the same conditions.
func TestNotExistsToAntiJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleNotExistsToAnti, "SELECT * FROM w WHERE NOT EXISTS (SELECT 1 FROM z WHERE z.k = w.k)", `
Hash Anti Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (NOT (SubPlan 1))
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.k)
          ->  Materialize
                ->  Seq Scan on z`)
	f.rule(planner.RuleNotExistsToAnti, "SELECT * FROM w WHERE NOT EXISTS (SELECT 1 FROM z WHERE z.k = w.k AND w.v > 3)", `
Hash Anti Join
  Hash Cond: (w.k = z.k)
  Join Filter: (w.v > 3)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (NOT (SubPlan 1))
  SubPlan 1
    ->  Result
          One-Time Filter: (w.v > 3)
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.rule(planner.RuleNotExistsToAnti, "SELECT * FROM w WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.t_id = w.k)", `
Nested Loop Anti Join
  ->  Seq Scan on w
  ->  Index Scan using u_t on u
        Index Cond: (u.t_id = w.k)`, `
Seq Scan on w
  Filter: (NOT (SubPlan 1))
  SubPlan 1
    ->  Index Scan using u_t on u
          Index Cond: (u.t_id = w.k)`)
	f.never(planner.RuleNotExistsToAnti, "SELECT * FROM w WHERE NOT EXISTS (SELECT 1 FROM z WHERE z.k = 5)", `
Result
  One-Time Filter: (NOT $0)
  InitPlan 1 (returns $0)
    ->  Seq Scan on z
          Filter: (z.k = 5)
  ->  Seq Scan on w`)
	f.never(planner.RuleNotExistsToAnti, "SELECT * FROM w WHERE NOT (NOT EXISTS (SELECT 1 FROM z WHERE z.k = w.k))", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
}

// IN and op ANY become semi joins, by whatever comparison; rows are compared field by field.
func TestInToSemiJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT k FROM z)", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  Seq Scan on z`)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE (k, v) IN (SELECT k, v FROM z)", `
Hash Semi Join
  Hash Cond: ((w.k = z.k) AND (w.v = z.v))
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  Seq Scan on z`)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE k < ANY (SELECT v FROM z)", `
Nested Loop Semi Join
  Join Filter: (w.k < z.v)
  ->  Seq Scan on w
  ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  Seq Scan on z`)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT v FROM z WHERE z.k = w.v)", `
Hash Semi Join
  Hash Cond: ((w.v = z.k) AND (w.k = z.v))
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.v)
          ->  Materialize
                ->  Seq Scan on z`)
}

// What IN compares with may be grouped, limited, or a set operation.
func TestInQueriesToSemiJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT v FROM z GROUP BY v HAVING count(*) > 1)", `
Nested Loop Semi Join
  Join Filter: (w.k = z.v)
  ->  Seq Scan on w
  ->  HashAggregate
        Group Key: z.v
        Filter: (count(*) > 1)
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  HashAggregate
          Group Key: z.v
          Filter: (count(*) > 1)
          ->  Seq Scan on z`)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT v FROM z ORDER BY v LIMIT 3)", `
Nested Loop Semi Join
  Join Filter: (w.k = z.v)
  ->  Seq Scan on w
  ->  Limit
        ->  Sort
              Sort Key: z.v
              ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  Limit
          ->  Sort
                Sort Key: z.v
                ->  Seq Scan on z`)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT k FROM z UNION SELECT v FROM z)", `
Hash Semi Join
  Hash Cond: (w.k = k)
  ->  Seq Scan on w
  ->  Hash
        ->  HashAggregate
              Group Key: k
              ->  Append
                    ->  Seq Scan on z
                    ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  HashAggregate
          Group Key: k
          ->  Append
                ->  Seq Scan on z
                ->  Seq Scan on z`)
	f.rule(planner.RuleInToSemi, "SELECT * FROM w WHERE k + 1 IN (SELECT v * 2 FROM z)", `
Hash Semi Join
  Hash Cond: ((w.k + 1) = (z.v * 2))
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  Seq Scan on z`)
}

// IN stays an expression where a join cannot stand for it.
func TestInStays(t *testing.T) {
	f := newRules(t)
	f.never(planner.RuleInToSemi, "SELECT * FROM w WHERE 5 IN (SELECT k FROM z)", `
Result
  One-Time Filter: (hashed SubPlan 1)
  ->  Seq Scan on w
  SubPlan 1
    ->  Seq Scan on z`)
	f.never(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT k FROM z) OR v = 1", `
Seq Scan on w
  Filter: ((hashed SubPlan 1) OR (w.v = 1))
  SubPlan 1
    ->  Seq Scan on z`)
	f.never(planner.RuleInToSemi, "SELECT * FROM w WHERE (k IN (SELECT k FROM z)) IS NOT TRUE", `
Seq Scan on w
  Filter: ((hashed SubPlan 1) IS NOT TRUE)
  SubPlan 1
    ->  Seq Scan on z`)
	f.never(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT v FROM z WHERE z.k = w.v LIMIT 1)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Limit
          ->  Subquery Scan
                Filter: (z.k = w.v)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleInToSemi, "SELECT * FROM w WHERE k IN (SELECT max(v) FROM z WHERE z.k = w.v)", `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k = w.v)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleInToSemi, "SELECT * FROM w WHERE k + random() IN (SELECT v FROM z)", `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  Seq Scan on z`)
	f.never(planner.RuleInToSemi, "SELECT k IN (SELECT k FROM z) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Seq Scan on z`)
}

// NOT IN is an anti join that heeds nulls: plain when neither side can be null, null-aware over one equality, else a
// loop over a test.
func TestNotInToAntiJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM z WHERE k NOT IN (SELECT v FROM z AS y)", `
Hash Anti Join
  Hash Cond: (z.k = y.v)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on z y`, `
Seq Scan on z
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on z y`)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM w WHERE k NOT IN (SELECT k FROM z)", `
Hash Anti Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on z`)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM z WHERE k NOT IN (SELECT k FROM w WHERE k IS NOT NULL)", `
Hash Anti Join
  Hash Cond: (z.k = w.k)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w
              Filter: (w.k IS NOT NULL)`, `
Seq Scan on z
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on w
          Filter: (w.k IS NOT NULL)`)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM z WHERE k NOT IN (SELECT k FROM w WHERE k > 3)", `
Nested Loop Anti Join
  Join Filter: (z.k = w.k)
  ->  Seq Scan on z
  ->  Seq Scan on w
        Filter: (w.k > 3)`, `
Seq Scan on z
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on w
          Filter: (w.k > 3)`)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM z WHERE (k, v) NOT IN (SELECT k, v FROM w)", `
Nested Loop Anti Join
  Join Filter: (((z.k = w.k) AND (z.v = w.v)) IS NOT FALSE)
  ->  Seq Scan on z
  ->  Seq Scan on w`, `
Seq Scan on z
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on w`)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM z WHERE (k, v) NOT IN (SELECT v, k FROM z AS y)", `
Hash Anti Join
  Hash Cond: ((z.k = y.v) AND (z.v = y.k))
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on z y`, `
Seq Scan on z
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on z y`)
}

// op ALL is an anti join that wants every test true; what is no condition by itself stays.
func TestAllToAntiJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM w WHERE k > ALL (SELECT v FROM z)", `
Nested Loop Anti Join
  Join Filter: ((w.k > z.v) IS NOT TRUE)
  ->  Seq Scan on w
  ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (hashed SubPlan 1)
  SubPlan 1
    ->  Seq Scan on z`)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM w WHERE k <> ALL (SELECT v FROM z WHERE z.k = w.v)", `
Hash Anti Join
  Hash Cond: (w.v = z.k)
  Join Filter: ((w.k <> z.v) IS NOT TRUE)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (SubPlan 1)
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.v)
          ->  Materialize
                ->  Seq Scan on z`)
	f.rule(planner.RuleNotInToAnti, "SELECT * FROM w WHERE NOT (k < ANY (SELECT v FROM z))", `
Nested Loop Anti Join
  Join Filter: ((w.k < z.v) IS NOT FALSE)
  ->  Seq Scan on w
  ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on z`)
	f.never(planner.RuleNotInToAnti, "SELECT * FROM w WHERE NOT (k > ALL (SELECT v FROM z))", `
Seq Scan on w
  Filter: (NOT (hashed SubPlan 1))
  SubPlan 1
    ->  Seq Scan on z`)
	f.never(planner.RuleNotInToAnti, "SELECT * FROM w WHERE k NOT IN (SELECT k FROM z) OR v = 1", `
Seq Scan on w
  Filter: ((NOT (hashed SubPlan 1)) OR (w.v = 1))
  SubPlan 1
    ->  Seq Scan on z`)
	f.never(planner.RuleNotInToAnti, "SELECT * FROM w WHERE 5 NOT IN (SELECT k FROM z)", `
Result
  One-Time Filter: (NOT (hashed SubPlan 1))
  ->  Seq Scan on w
  SubPlan 1
    ->  Seq Scan on z`)
}
