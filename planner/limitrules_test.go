package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// LIMIT ALL OFFSET 0 is nothing; anything else stays.
func TestEliminateLimit(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleEliminateLimit, "SELECT * FROM w OFFSET 0", `
Seq Scan on w`, `
Limit
  ->  Seq Scan on w`)
	f.rule(planner.RuleEliminateLimit, "SELECT * FROM w LIMIT NULL OFFSET 0", `
Seq Scan on w`, `
Limit
  ->  Seq Scan on w`)
	f.never(planner.RuleEliminateLimit, "SELECT * FROM w LIMIT ALL OFFSET 1", `
Limit
  ->  Seq Scan on w`)
	f.never(planner.RuleEliminateLimit, "SELECT * FROM w LIMIT $1", `
Limit
  ->  Seq Scan on w`)
	f.never(planner.RuleEliminateLimit, "SELECT * FROM w LIMIT 3 OFFSET 0", `
Limit
  ->  Seq Scan on w`)
	f.never(planner.RuleEliminateLimit, "SELECT * FROM w OFFSET $1", `
Limit
  ->  Seq Scan on w`)
}

// An order that nobody sees is not made: below another sort, in a semi join, in EXISTS.
func TestDropSortBelow(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleDropSortBelow, "SELECT * FROM (SELECT * FROM w ORDER BY v) s ORDER BY k", `
Sort
  Sort Key: k
  ->  Seq Scan on w`, `
Sort
  Sort Key: k
  ->  Sort
        Sort Key: v
        ->  Seq Scan on w`)
	f.rule(planner.RuleDropSortBelow, "SELECT * FROM w WHERE k IN (SELECT k FROM z ORDER BY v)", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`, `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Sort
              Sort Key: z.v
              ->  Seq Scan on z`)
	f.is("SELECT * FROM w WHERE EXISTS (SELECT 1 FROM z WHERE z.k = w.k ORDER BY z.v)", `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RuleDropSortBelow, "SELECT * FROM (SELECT * FROM w ORDER BY v LIMIT 3) s ORDER BY k", `
Sort
  Sort Key: k
  ->  Limit
        ->  Sort
              Sort Key: v
              ->  Seq Scan on w`)
	f.never(planner.RuleDropSortBelow, "SELECT * FROM (SELECT DISTINCT ON (k) * FROM w ORDER BY k, v) s ORDER BY v", `
Sort
  Sort Key: v
  ->  Unique
        ->  Sort
              Sort Key: k, v
              ->  Seq Scan on w`)
	f.never(planner.RuleDropSortBelow, "SELECT array_agg(k) FROM (SELECT * FROM w ORDER BY v) s", `
Aggregate
  ->  Sort
        Sort Key: v
        ->  Seq Scan on w`)
	f.never(planner.RuleDropSortBelow, "SELECT * FROM w WHERE k IN (SELECT k FROM z ORDER BY v LIMIT 2)", `
Nested Loop Semi Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Limit
        ->  Sort
              Sort Key: z.v
              ->  Seq Scan on z`)
}

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

// A sort that its input satisfies is not made: by an index, forward or backward, by constants, and through joins
// that keep the order of their outer side.
func TestOrderEliminated(t *testing.T) {
	f := newRules(t)
	f.is("SELECT * FROM t ORDER BY id", `
Sort
  Sort Key: id
  ->  Seq Scan on t`)
	f.is("SELECT * FROM t ORDER BY id LIMIT 5", `
Limit
  ->  Index Scan using t_pkey on t`)
	f.is("SELECT * FROM t ORDER BY id DESC LIMIT 5", `
Limit
  ->  Index Scan Backward using t_pkey on t`)
	f.is("SELECT * FROM t ORDER BY b, a DESC LIMIT 5", `
Limit
  ->  Index Scan using t_ba on t`)
	f.is("SELECT * FROM t ORDER BY b DESC, a LIMIT 5", `
Limit
  ->  Index Scan Backward using t_ba on t`)
	f.is("SELECT * FROM t ORDER BY b, a LIMIT 5", `
Limit
  ->  Sort
        Sort Key: b, a
        ->  Seq Scan on t`)
	f.is("SELECT * FROM t ORDER BY a LIMIT 5", `
Limit
  ->  Index Scan using t_a on t`)
	f.is("SELECT * FROM t ORDER BY a NULLS FIRST LIMIT 5", `
Limit
  ->  Sort
        Sort Key: a NULLS FIRST
        ->  Seq Scan on t`)
	f.is("SELECT * FROM t ORDER BY a DESC LIMIT 5", `
Limit
  ->  Index Scan Backward using t_a on t`)
}

// What equals a constant may stand anywhere in an order.
func TestOrderWithConstants(t *testing.T) {
	f := newRules(t)
	f.is("SELECT * FROM t WHERE b = 3 ORDER BY a DESC LIMIT 5", `
Limit
  ->  Index Scan using t_ba on t
        Index Cond: (b = 3)`)
	f.is("SELECT * FROM t WHERE b = 3 ORDER BY b DESC, a DESC LIMIT 5", `
Limit
  ->  Index Scan using t_ba on t
        Index Cond: (b = 3)`)
	f.is("SELECT * FROM t WHERE b = $1 ORDER BY a DESC LIMIT 5", `
Limit
  ->  Index Scan using t_ba on t
        Index Cond: (b = $1)`)
	f.is("SELECT * FROM t WHERE b IN (3, 4) ORDER BY a DESC LIMIT 5", `
Limit
  ->  Index Scan Backward using t_a on t
        Filter: (b = ANY ('{3,4}'::integer[]))`)
	f.is("SELECT * FROM t WHERE b > 3 ORDER BY b LIMIT 5", `
Limit
  ->  Index Scan using t_ba on t
        Index Cond: (b > 3)`)
	f.is("SELECT * FROM t WHERE d > 3 ORDER BY id LIMIT 5", `
Limit
  ->  Index Scan using t_pkey on t
        Filter: (d > '3'::double precision)`)
	f.is("SELECT * FROM t ORDER BY id + 0 LIMIT 5", `
Limit
  ->  Sort
        Sort Key: (id + 0)
        ->  Seq Scan on t`)
	f.is("SELECT * FROM t ORDER BY id, c LIMIT 5", `
Limit
  ->  Sort
        Sort Key: id, c
        ->  Seq Scan on t`)
	f.is("SELECT id AS x, a FROM t ORDER BY x LIMIT 5", `
Limit
  ->  Index Scan using t_pkey on t`)
	f.is("SELECT * FROM w ORDER BY 1, k, v, k DESC", `
Sort
  Sort Key: k, v
  ->  Seq Scan on w`)
	f.is("SELECT 5 AS c, k FROM w ORDER BY c", `
Seq Scan on w`)
	f.is("SELECT DISTINCT b FROM t ORDER BY b", `
Sort
  Sort Key: b
  ->  HashAggregate
        Group Key: b
        ->  Seq Scan on t`)
	f.is("SELECT b, count(*) FROM t GROUP BY b ORDER BY b", `
Sort
  Sort Key: b
  ->  HashAggregate
        Group Key: b
        ->  Seq Scan on t`)
	f.is("SELECT * FROM (SELECT * FROM t ORDER BY id LIMIT 5) s ORDER BY id", `
Limit
  ->  Index Scan using t_pkey on t`)
	f.is("SELECT rank() OVER (ORDER BY k) FROM w ORDER BY k", `
WindowAgg
  ->  Sort
        Sort Key: k
        ->  Seq Scan on w`)
	f.is("SELECT * FROM t ORDER BY id LIMIT 5", `
Limit
  ->  Sort
        Sort Key: id
        ->  Seq Scan on t`, "indexscan")
}

// The smallest and the greatest value come from the ends of an index.
func TestMinMaxFromIndex(t *testing.T) {
	f := newRules(t)
	f.is("SELECT min(a) FROM t", `
Aggregate
  ->  Limit
        ->  Index Scan using t_a on t
              Index Cond: (a IS NOT NULL)`)
	f.is("SELECT max(a) FROM t", `
Aggregate
  ->  Limit
        ->  Index Scan Backward using t_a on t
              Index Cond: (a IS NOT NULL)`)
	f.is("SELECT max(a) FROM t WHERE b = 3", `
Aggregate
  ->  Limit
        ->  Index Scan using t_ba on t
              Index Cond: ((b = 3) AND (a IS NOT NULL))`)
	f.is("SELECT min(id) FROM t WHERE id > 5", `
Aggregate
  ->  Limit
        ->  Index Scan using t_pkey on t
              Index Cond: ((id > 5) AND (id IS NOT NULL))`)
	f.is("SELECT min(a), max(a) FROM t", `
Aggregate
  ->  Seq Scan on t`)
	f.is("SELECT min(d) FROM t", `
Aggregate
  ->  Seq Scan on t`)
	f.is("SELECT min(a + 1) FROM t", `
Aggregate
  ->  Seq Scan on t`)
	f.is("SELECT min(a) FILTER (WHERE b = 1) FROM t", `
Aggregate
  ->  Seq Scan on t`)
	f.is("SELECT b, min(a) FROM t GROUP BY b", `
HashAggregate
  Group Key: b
  ->  Seq Scan on t`)
	f.is("SELECT count(a) FROM t", `
Aggregate
  ->  Seq Scan on t`)
	f.is("SELECT min(k) FROM w", `
Aggregate
  ->  Seq Scan on w`)
}

// WITH queries that are read once take the place of their reference, those that nobody reads go; what has an effect,
// is recursive, read twice, volatile or MATERIALIZED stays.
func TestInlineCTE(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleInlineCTE, "WITH q AS (SELECT * FROM w WHERE v > 1) SELECT * FROM q WHERE k = 3", `
Seq Scan on w
  Filter: ((v > 1) AND (k = 3))`, `
CTE Scan on q
  Filter: (q.k = 3)
  CTE q
    ->  Seq Scan on w
          Filter: (w.v > 1)`)
	f.rule(planner.RuleInlineCTE, "WITH q AS NOT MATERIALIZED (SELECT * FROM w) SELECT * FROM q", `
Seq Scan on w`, `
CTE Scan on q
  CTE q
    ->  Seq Scan on w`)
	f.rule(planner.RuleInlineCTE, "WITH q AS (SELECT * FROM w), r AS (SELECT k FROM q) SELECT * FROM r WHERE k = 3", `
Seq Scan on w
  Filter: (k = 3)`, `
CTE Scan on r
  Filter: (r.k = 3)
  CTE q
    ->  Seq Scan on w
  CTE r
    ->  CTE Scan on q`)
	f.rule(planner.RuleInlineCTE, "WITH q AS (SELECT k FROM w) SELECT * FROM z WHERE k IN (SELECT k FROM q)", `
Hash Semi Join
  Hash Cond: (z.k = w.k)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`, `
Hash Semi Join
  Hash Cond: (z.k = q.k)
  CTE q
    ->  Seq Scan on w
  ->  Seq Scan on z
  ->  Hash
        ->  CTE Scan on q`)
	f.rule(planner.RuleDropUnusedCTE, "WITH q AS (SELECT * FROM w) SELECT * FROM z", `
Seq Scan on z`, `
Seq Scan on z
  CTE q
    ->  Seq Scan on w`)
	f.never(planner.RuleInlineCTE, "WITH q AS MATERIALIZED (SELECT * FROM w) SELECT * FROM q WHERE k = 3", `
CTE Scan on q
  Filter: (q.k = 3)
  CTE q
    ->  Seq Scan on w`)
	f.never(planner.RuleInlineCTE, "WITH q AS (SELECT * FROM w) SELECT * FROM q x JOIN q y ON x.k = y.v", `
Hash Join
  Hash Cond: (q.k = q.v)
  CTE q
    ->  Seq Scan on w
  ->  CTE Scan on q
  ->  Hash
        ->  CTE Scan on q`)
	f.never(planner.RuleInlineCTE, "WITH q AS (SELECT random() AS r FROM w) SELECT * FROM q WHERE r > 0.5", `
CTE Scan on q
  Filter: (q.r > '0.5'::double precision)
  CTE q
    ->  Seq Scan on w`)
	f.never(planner.RuleInlineCTE, "WITH q AS (SELECT * FROM w FOR UPDATE) SELECT * FROM q WHERE k = 3", `
CTE Scan on q
  Filter: (q.k = 3)
  CTE q
    ->  LockRows
          ->  Seq Scan on w`)
	f.never(planner.RuleInlineCTE,
		"WITH RECURSIVE q AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM q WHERE n < 5) SELECT * FROM q", `
CTE Scan on q
  CTE q
    ->  Recursive Union
          ->  Result
          ->  WorkTable Scan on q
                Filter: (q.n < 5)`)
	f.never(planner.RuleDropUnusedCTE, "WITH q AS (INSERT INTO w VALUES (1, 2) RETURNING k) SELECT * FROM z", `
Seq Scan on z
  CTE q
    ->  Insert on w
          ->  Values Scan on "*VALUES*"`)
	f.never(planner.RuleDropUnusedCTE, "WITH q AS (DELETE FROM w RETURNING k) SELECT * FROM q", `
CTE Scan on q
  CTE q
    ->  Delete on w
          ->  Seq Scan on w`)
}

// Views take the place of their names, as WITH queries do.
func TestInlineView(t *testing.T) {
	f := newRules(t)
	f.is("SELECT * FROM wv WHERE k = 3", `
Seq Scan on w
  Filter: ((v > 0) AND (k = 3))`)
	f.is("SELECT * FROM wv a JOIN wv b ON a.k = b.twice", `
Nested Loop
  Join Filter: (w.k = (w.v * 2))
  ->  Seq Scan on w
        Filter: (w.v > 0)
  ->  Seq Scan on w
        Filter: (w.v > 0)`)
	f.is("SELECT * FROM counts WHERE b = 3 AND n > 5", `
HashAggregate
  Group Key: b
  Filter: (count(*) > 5)
  ->  Bitmap Heap Scan on t
        Recheck Cond: (b = 3)
        ->  Bitmap Index Scan on t_ba
              Index Cond: (b = 3)`)
}
