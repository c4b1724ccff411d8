package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// A condition goes through a projection by taking the expression's place, unless that is volatile or a subquery.
func TestPushThroughProject(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushThroughProject, "SELECT * FROM (SELECT v + 1 AS n FROM w) s WHERE n = 5", `
Seq Scan on w
  Filter: ((v + 1) = 5)`, `
Seq Scan on w
  Filter: ((v + 1) = 5)`)
	f.rule(planner.RulePushThroughProject,
		"SELECT * FROM (SELECT k AS one, v AS two FROM w) s WHERE one = 1 AND two < one", `
Seq Scan on w
  Filter: ((k = 1) AND (v < k))`, `
Seq Scan on w
  Filter: ((k = 1) AND (v < k))`)
	f.rule(planner.RulePushThroughProject, "SELECT * FROM wv WHERE twice = 8", `
Seq Scan on w
  Filter: ((v > 0) AND ((v * 2) = 8))`, `
Seq Scan on w
  Filter: ((v > 0) AND ((v * 2) = 8))`)
	f.never(planner.RulePushThroughProject, "SELECT * FROM (SELECT random() AS n FROM w) s WHERE n > 0.5", `
Seq Scan on w
  Filter: (random() > '0.5'::double precision)`)
	f.never(planner.RulePushThroughProject, "SELECT * FROM (SELECT (SELECT max(x) FROM u) AS n FROM w) s WHERE n > 5", `
Seq Scan on w
  Filter: ($0 > 5)
  InitPlan 1 (returns $0)
    ->  Aggregate
          ->  Seq Scan on u`)
	f.is("SELECT * FROM (SELECT generate_series(1, v) AS n FROM w) s WHERE n = 2", `
Subquery Scan
  Filter: (generate_series(1, v) = 2)
  ->  ProjectSet
        ->  Seq Scan on w`)
	f.never(planner.RulePushThroughProject, "SELECT * FROM (SELECT nextval('u'::regclass) AS n FROM w) s WHERE n = 2", `
Seq Scan on w
  Filter: (nextval('u'::regclass) = 2)`)
}

// A condition on one side of an inner join goes to that side; of a left join only to the left; of a full join to none.
func TestPushIntoJoinSides(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushIntoJoinLeft, "SELECT * FROM w JOIN z ON w.k = z.k WHERE w.v = 1", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.v = 1)
  ->  Seq Scan on z`, `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.v = 1)
  ->  Seq Scan on z`)
	f.rule(planner.RulePushIntoJoinRight, "SELECT * FROM w JOIN z ON w.k = z.k WHERE z.v = 1", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Seq Scan on z
        Filter: (z.v = 1)`, `
Hash Join
  Hash Cond: (z.k = w.k)
  Join Filter: (z.v = 1)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`)
	f.rule(planner.RulePushIntoJoinLeft, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE w.v = 1", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.v = 1)
  ->  Seq Scan on z`, `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (w.v = 1)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushIntoJoinRight, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE z.v IS NULL", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (z.v IS NULL)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushIntoJoinRight, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE coalesce(z.v, 1) = 1", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (COALESCE(z.v, 1) = 1)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushIntoJoinLeft, "SELECT * FROM w FULL JOIN z ON w.k = z.k WHERE w.v IS NULL", `
Hash Full Join
  Hash Cond: (w.k = z.k)
  Filter: (w.v IS NULL)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushIntoJoinLeft, "SELECT * FROM w JOIN z ON w.k = z.k WHERE random() < w.v", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (random() < w.v)
  ->  Seq Scan on z`)
	f.never(planner.RulePushIntoJoinLeft, "SELECT * FROM w JOIN z ON w.k = z.k WHERE w.v = z.v + 1", `
Hash Join
  Hash Cond: (((z.v + 1) = w.v) AND (z.k = w.k))
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`)
}

// A condition over both sides joins the join's own condition; one over none of them stays above, once.
func TestPushIntoJoinCondition(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushIntoJoinOn, "SELECT * FROM w, z WHERE w.k = z.k", `
Hash Join
  Hash Cond: (z.k = w.k)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`, `
Hash Join
  Hash Cond: (z.k = w.k)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`)
	f.rule(planner.RulePushIntoJoinOn, "SELECT * FROM w JOIN z ON w.k = z.k WHERE w.v < z.v", `
Hash Join
  Hash Cond: (z.k = w.k)
  Join Filter: (w.v < z.v)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`, `
Hash Join
  Hash Cond: (z.k = w.k)
  Join Filter: (w.v < z.v)
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`)
	f.never(planner.RulePushIntoJoinOn, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE w.v IS DISTINCT FROM z.v", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (w.v IS DISTINCT FROM z.v)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushIntoJoinOn, "SELECT * FROM w CROSS JOIN z WHERE $1 = 5", `
Result
  One-Time Filter: ($1 = 5)
  ->  Nested Loop
        ->  Seq Scan on w
        ->  Seq Scan on z`)
}

// A condition of a left join that is about its right side filters that side; one about the left side must not
// filter the left side, whose rows all stay.
func TestPushJoinConditionRight(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushOnToRight, "SELECT * FROM w LEFT JOIN z ON w.k = z.k AND z.v > 3", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Seq Scan on z
        Filter: (z.v > 3)`, `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Join Filter: (z.v > 3)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.rule(planner.RulePushOnToRight, "SELECT * FROM w WHERE (w.k, 5) IN (SELECT k, v FROM z)", `
Nested Loop Semi Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Seq Scan on z
        Filter: (5 = z.v)`, `
Hash Semi Join
  Hash Cond: (w.k = z.k)
  Join Filter: (5 = z.v)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushOnToRight, "SELECT * FROM w LEFT JOIN z ON w.k = z.k AND w.v > 3", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Join Filter: (w.v > 3)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushOnToRight, "SELECT * FROM w LEFT JOIN z ON w.k = z.k AND random() < z.v", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Join Filter: (random() < z.v)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RulePushOnToRight, "SELECT * FROM w FULL JOIN z ON w.k = z.k AND z.v > 3", `
Hash Full Join
  Hash Cond: (w.k = z.k)
  Join Filter: (z.v > 3)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
}

// Conditions on grouping columns go below the aggregation, those on results and on columns that are not in every
// grouping set stay.
func TestPushThroughAggregate(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushThroughAgg, "SELECT * FROM counts WHERE b = 7", `
HashAggregate
  Group Key: b
  ->  Bitmap Heap Scan on t
        Recheck Cond: (b = 7)
        ->  Bitmap Index Scan on t_ba
              Index Cond: (b = 7)`, `
HashAggregate
  Group Key: b
  Filter: (b = 7)
  ->  Seq Scan on t`)
	f.rule(planner.RulePushThroughAgg,
		"SELECT k + v AS s, count(*) FROM w GROUP BY k + v HAVING k + v > 3 AND count(*) > 1", `
HashAggregate
  Group Key: (k + v)
  Filter: (count(*) > 1)
  ->  Seq Scan on w
        Filter: ((k + v) > 3)`, `
HashAggregate
  Group Key: (k + v)
  Filter: (((k + v) > 3) AND (count(*) > 1))
  ->  Seq Scan on w`)
	f.rule(planner.RulePushThroughAgg, "SELECT k, v FROM w GROUP BY GROUPING SETS ((k, v), (k)) HAVING k > 3", `
HashAggregate
  Hash Key: k, v
  Hash Key: k
  ->  Seq Scan on w
        Filter: (k > 3)`, `
HashAggregate
  Hash Key: k, v
  Hash Key: k
  Filter: (k > 3)
  ->  Seq Scan on w`)
	f.never(planner.RulePushThroughAgg, "SELECT * FROM counts WHERE n = 7", `
HashAggregate
  Group Key: b
  Filter: (count(*) = 7)
  ->  Seq Scan on t`)
	f.never(planner.RulePushThroughAgg, "SELECT k, v FROM w GROUP BY GROUPING SETS ((k, v), (k)) HAVING v > 3", `
HashAggregate
  Hash Key: k, v
  Hash Key: k
  Filter: (v > 3)
  ->  Seq Scan on w`)
	f.never(planner.RulePushThroughAgg, "SELECT k FROM w GROUP BY ROLLUP (k) HAVING k IS NULL", `
HashAggregate
  Hash Key: k
  Group Key: ()
  Filter: (k IS NULL)
  ->  Seq Scan on w`)
	f.never(planner.RulePushThroughAgg, "SELECT count(*) FROM w HAVING count(*) > 3", `
Aggregate
  Filter: (count(*) > 3)
  ->  Seq Scan on w`)
	f.never(planner.RulePushThroughAgg, "SELECT * FROM (SELECT k, count(*) AS n FROM w GROUP BY k) s WHERE k < n", `
HashAggregate
  Group Key: k
  Filter: (k < count(*))
  ->  Seq Scan on w`)
	f.never(planner.RulePushThroughAgg, "SELECT * FROM (SELECT k, count(*) FROM w GROUP BY k) s WHERE random() < k", `
HashAggregate
  Group Key: k
  Filter: (random() < k)
  ->  Seq Scan on w`)
	f.never(planner.RulePushThroughAgg, "SELECT count(*) FROM w HAVING $1 > 3", `
Result
  One-Time Filter: ($1 > 3)
  ->  Aggregate
        ->  Seq Scan on w`)
}

// Conditions on the partitioning columns of all window functions go below them, others would change the frames.
func TestPushThroughWindow(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushThroughWindow,
		"SELECT * FROM (SELECT k, v, rank() OVER (PARTITION BY k ORDER BY v) AS r FROM w) s WHERE k = 3", `
WindowAgg
  ->  Sort
        Sort Key: k, v
        ->  Seq Scan on w
              Filter: (k = 3)`, `
Subquery Scan
  Filter: (k = 3)
  ->  WindowAgg
        ->  Sort
              Sort Key: k, v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughWindow,
		"SELECT * FROM (SELECT k, v, rank() OVER (PARTITION BY k ORDER BY v) AS r FROM w) s WHERE v = 3", `
Subquery Scan
  Filter: (v = 3)
  ->  WindowAgg
        ->  Sort
              Sort Key: k, v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughWindow, "SELECT * FROM (SELECT k, rank() OVER (ORDER BY k) AS r FROM w) s WHERE k = 3",
		`
Subquery Scan
  Filter: (k = 3)
  ->  WindowAgg
        ->  Sort
              Sort Key: k
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughWindow,
		"SELECT * FROM (SELECT k, count(*) OVER (PARTITION BY k + 1) AS r FROM w) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  WindowAgg
        ->  Sort
              Sort Key: (k + 1)
              ->  Seq Scan on w`)
	f.is(`SELECT * FROM (SELECT k, v, count(*) OVER (PARTITION BY k) AS m, count(*) OVER (PARTITION BY k, v) AS n
		FROM w) s WHERE k = 3 AND v = 2`,
		`
WindowAgg
  ->  Sort
        Sort Key: k, v
        ->  Subquery Scan
              Filter: (v = 2)
              ->  WindowAgg
                    ->  Sort
                          Sort Key: k
                          ->  Seq Scan on w
                                Filter: (k = 3)`)
	f.is(`SELECT * FROM (SELECT k, v, count(*) OVER (PARTITION BY k) AS m, count(*) OVER (PARTITION BY v) AS n
		FROM w) s WHERE k = 3`,
		`
Subquery Scan
  Filter: (k = 3)
  ->  WindowAgg
        ->  Sort
              Sort Key: v
              ->  WindowAgg
                    ->  Sort
                          Sort Key: k
                          ->  Seq Scan on w`)
}

// DISTINCT lets any condition through, DISTINCT ON only those on its own columns: others would change the first row.
func TestPushThroughDistinct(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushThroughDistinct, "SELECT * FROM (SELECT DISTINCT k, v FROM w) s WHERE v = 3", `
HashAggregate
  Group Key: k, v
  ->  Seq Scan on w
        Filter: (v = 3)`, `
Subquery Scan
  Filter: (v = 3)
  ->  HashAggregate
        Group Key: k, v
        ->  Seq Scan on w`)
	f.rule(planner.RulePushThroughDistinct,
		"SELECT * FROM (SELECT DISTINCT ON (k) k, v FROM w ORDER BY k, v) s WHERE k = 3", `
Unique
  ->  Sort
        Sort Key: k, v
        ->  Seq Scan on w
              Filter: (k = 3)`, `
Subquery Scan
  Filter: (k = 3)
  ->  Unique
        ->  Sort
              Sort Key: k, v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughDistinct,
		"SELECT * FROM (SELECT DISTINCT ON (k) k, v FROM w ORDER BY k, v) s WHERE v = 3", `
Subquery Scan
  Filter: (v = 3)
  ->  Unique
        ->  Sort
              Sort Key: k, v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughDistinct,
		"SELECT * FROM (SELECT DISTINCT ON (k) k, v FROM w ORDER BY k, v) s WHERE k < v", `
Subquery Scan
  Filter: (k < v)
  ->  Unique
        ->  Sort
              Sort Key: k, v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughDistinct, "SELECT * FROM (SELECT DISTINCT ON (k + 1) k, v FROM w) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  Unique
        ->  Seq Scan on w`)
	f.never(planner.RulePushThroughDistinct, "SELECT * FROM (SELECT DISTINCT k FROM w) s WHERE random() < k", `
Subquery Scan
  Filter: (random() < k)
  ->  HashAggregate
        Group Key: k
        ->  Seq Scan on w`)
}

// A condition on a set operation holds for each of its sides.
func TestPushThroughSetOp(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushThroughSetOp, "SELECT * FROM (SELECT k FROM w UNION SELECT v FROM z) s WHERE k = 3", `
HashAggregate
  Group Key: k
  ->  Append
        ->  Seq Scan on w
              Filter: (w.k = 3)
        ->  Seq Scan on z
              Filter: (z.v = 3)`, `
Subquery Scan
  Filter: (k = 3)
  ->  HashAggregate
        Group Key: k
        ->  Append
              ->  Seq Scan on w
              ->  Seq Scan on z`)
	f.rule(planner.RulePushThroughSetOp, "SELECT * FROM (SELECT k FROM w EXCEPT ALL SELECT v FROM z) s WHERE k = 3", `
HashSetOp Except All
  ->  Seq Scan on w
        Filter: (w.k = 3)
  ->  Seq Scan on z
        Filter: (z.v = 3)`, `
Subquery Scan
  Filter: (k = 3)
  ->  HashSetOp Except All
        ->  Seq Scan on w
        ->  Seq Scan on z`)
	f.rule(planner.RulePushThroughSetOp, "SELECT * FROM (SELECT k FROM w INTERSECT SELECT v FROM z) s WHERE k = 3", `
HashSetOp Intersect
  ->  Seq Scan on w
        Filter: (w.k = 3)
  ->  Seq Scan on z
        Filter: (z.v = 3)`, `
Subquery Scan
  Filter: (k = 3)
  ->  HashSetOp Intersect
        ->  Seq Scan on w
        ->  Seq Scan on z`)
	f.rule(planner.RulePushThroughSetOp,
		"SELECT * FROM (SELECT k, 1 AS side FROM w UNION ALL SELECT k, 2 FROM z) s WHERE side = 2", `
Seq Scan on z`, `
Subquery Scan
  Filter: (side = 2)
  ->  Append
        ->  Seq Scan on w
        ->  Seq Scan on z`)
	f.never(planner.RulePushThroughSetOp,
		"SELECT * FROM (SELECT k FROM w UNION ALL SELECT v FROM z) s WHERE random() < k", `
Subquery Scan
  Filter: (random() < k)
  ->  Append
        ->  Seq Scan on w
        ->  Seq Scan on z`)
	f.never(planner.RulePushThroughSetOp,
		"SELECT * FROM (SELECT k FROM w UNION ALL SELECT v FROM z LIMIT 5) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  Limit
        ->  Append
              ->  Seq Scan on w
              ->  Seq Scan on z`)
}

// A sort does not mind losing rows before it; a limit does, and so do FOR UPDATE and set-returning functions.
func TestPushThroughSort(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushThroughSort, "SELECT * FROM (SELECT k, v FROM w ORDER BY v) s WHERE k = 3", `
Sort
  Sort Key: v
  ->  Seq Scan on w
        Filter: (k = 3)`, `
Subquery Scan
  Filter: (k = 3)
  ->  Sort
        Sort Key: v
        ->  Seq Scan on w`)
	f.never(planner.RulePushThroughSort, "SELECT * FROM (SELECT k, v FROM w ORDER BY v LIMIT 5) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  Limit
        ->  Sort
              Sort Key: v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughSort, "SELECT * FROM (SELECT k, v FROM w ORDER BY v OFFSET 5) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  Limit
        ->  Sort
              Sort Key: v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughSort,
		"SELECT * FROM (SELECT k, v FROM w ORDER BY v FETCH FIRST 2 ROWS WITH TIES) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  Limit
        ->  Sort
              Sort Key: v
              ->  Seq Scan on w`)
	f.never(planner.RulePushThroughSort, "SELECT * FROM (SELECT k, generate_series(1, v) AS g FROM w) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  ProjectSet
        ->  Seq Scan on w`)
}

// Rows that a query does not ask for are not locked for it either.
func TestPushThroughLock(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RulePushThroughLock, "SELECT * FROM (SELECT k, v FROM w FOR UPDATE) s WHERE k = 3", `
LockRows
  ->  Seq Scan on w
        Filter: (k = 3)`, `
Subquery Scan
  Filter: (k = 3)
  ->  LockRows
        ->  Seq Scan on w`)
	f.never(planner.RulePushThroughLock, "SELECT * FROM (SELECT k, v FROM w FOR UPDATE) s WHERE random() < k", `
Subquery Scan
  Filter: (random() < k)
  ->  LockRows
        ->  Seq Scan on w`)
	f.never(planner.RulePushThroughLock, "SELECT * FROM (SELECT k, v FROM w LIMIT 2 FOR UPDATE) s WHERE k = 3", `
Subquery Scan
  Filter: (k = 3)
  ->  Limit
        ->  LockRows
              ->  Seq Scan on w`)
}

// What reaches a table filters there.
func TestPushIntoScan(t *testing.T) {
	f := newRules(t)
	f.is("SELECT * FROM w WHERE k = 1 AND (v = 2 OR v = 3)", `
Seq Scan on w
  Filter: ((k = 1) AND ((v = 2) OR (v = 3)))`)
	f.is("SELECT * FROM t WHERE a = 5 AND c > 'x' AND d = 1.5", `
Bitmap Heap Scan on t
  Recheck Cond: (a = 5)
  Filter: ((c > 'x'::text) AND (d = '1.5'::double precision))
  ->  Bitmap Index Scan on t_a
        Index Cond: (a = 5)`)
	f.is("SELECT * FROM w WHERE k = 1 AND random() < 0.5 AND v = 2", `
Seq Scan on w
  Filter: ((k = 1) AND (v = 2) AND (random() < '0.5'::double precision))`)
	f.is("SELECT * FROM (SELECT * FROM (SELECT * FROM w WHERE k = 1) x WHERE v = 2) y WHERE k < v", `
Seq Scan on w
  Filter: ((k = 1) AND (v = 2) AND (k < v))`)
	f.is("SELECT * FROM generate_series(1, 10) g WHERE g > 5", `
Function Scan on generate_series g
  Filter: (g > 5)`)
	f.is("SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v (n, s) WHERE n = 2", `
Values Scan on "*VALUES*"
  Filter: (n = 2)`)
	f.is("WITH m AS MATERIALIZED (SELECT * FROM w) SELECT * FROM m WHERE k = 1", `
CTE Scan on m
  Filter: (m.k = 1)
  CTE m
    ->  Seq Scan on w`)
}

// A constant that one side of an equality has, the other side has too: by the same equality only, and never through
// an outer join's condition.
func TestInferConstant(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleInferConstant, "SELECT * FROM w JOIN z ON w.k = z.k WHERE w.k = 5", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.k = 5)
  ->  Seq Scan on z
        Filter: (z.k = 5)`, `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.k = 5)
  ->  Seq Scan on z`)
	f.rule(planner.RuleInferConstant, "SELECT * FROM w, z, u WHERE w.k = z.k AND z.k = u.x AND w.k = $1", `
Nested Loop
  Join Filter: (z.k = u.x)
  ->  Nested Loop
        Join Filter: (w.k = z.k)
        ->  Seq Scan on w
              Filter: (w.k = $1)
        ->  Seq Scan on z
              Filter: (z.k = $1)
  ->  Seq Scan on u
        Filter: (u.x = $1)`, `
Nested Loop
  Join Filter: (z.k = u.x)
  ->  Nested Loop
        Join Filter: (w.k = z.k)
        ->  Seq Scan on w
              Filter: (w.k = $1)
        ->  Seq Scan on z
  ->  Seq Scan on u`)
	f.never(planner.RuleInferConstant, "SELECT * FROM w JOIN z ON w.k = z.k WHERE w.k > 5", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.k > 5)
  ->  Seq Scan on z`)
	f.never(planner.RuleInferConstant, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE w.k = 5", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.k = 5)
  ->  Seq Scan on z`)
	f.never(planner.RuleInferConstant, "SELECT * FROM w JOIN z ON w.k = z.k + 1 WHERE w.k = 5", `
Nested Loop
  Join Filter: (w.k = (z.k + 1))
  ->  Seq Scan on w
        Filter: (w.k = 5)
  ->  Seq Scan on z`)
	f.never(planner.RuleInferConstant, "SELECT * FROM w JOIN t ON w.k = t.d WHERE w.k = 5", `
Nested Loop
  Join Filter: (w.k = t.d)
  ->  Seq Scan on w
        Filter: (w.k = 5)
  ->  Seq Scan on t`)
	f.never(planner.RuleInferConstant, "SELECT * FROM w JOIN z ON w.k = z.k WHERE w.k = 5::int8", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.k = '5'::bigint)
  ->  Seq Scan on z`)
	f.never(planner.RuleInferConstant, "SELECT * FROM w JOIN z ON w.k = z.k WHERE w.k = 5 OR w.v = 1", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: ((w.k = 5) OR (w.v = 1))
  ->  Seq Scan on z`)
}
