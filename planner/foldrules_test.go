package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// What is constant is computed while planning; what would fail or change from run to run is not.
func TestFoldConstants(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleFoldConstants, "SELECT * FROM w WHERE k = 1 + 2 * 3", `
Seq Scan on w
  Filter: (k = 7)`, `
Seq Scan on w
  Filter: (k = (1 + (2 * 3)))`)
	f.rule(planner.RuleFoldConstants, "SELECT * FROM t WHERE c = upper('x') || 'y'", `
Index Scan using t_c on t
  Index Cond: (c = 'Xy'::text)`, `
Index Scan using t_c on t
  Index Cond: (c = (upper('x'::text) || 'y'::text))`)
	f.rule(planner.RuleFoldConstants, "SELECT * FROM w WHERE k = CASE WHEN 1 > 2 THEN v ELSE 7 END", `
Seq Scan on w
  Filter: (k = 7)`, `
Seq Scan on w
  Filter: (k = CASE WHEN (1 > 2) THEN v ELSE 7 END)`)
	f.rule(planner.RuleFoldConstants, "SELECT * FROM w WHERE k = coalesce(NULL, 3, v)", `
Seq Scan on w
  Filter: (k = 3)`, `
Seq Scan on w
  Filter: (k = COALESCE(NULL::integer, 3, v))`)
	f.rule(planner.RuleFoldConstants, "SELECT * FROM w WHERE k IN (1, 1 + 1)", `
Seq Scan on w
  Filter: (k = ANY ('{1,2}'::integer[]))`, `
Seq Scan on w
  Filter: (k = ANY (ARRAY[1, (1 + 1)]))`)
	f.never(planner.RuleFoldConstants, "SELECT * FROM w WHERE k = 1 / 0", `
Seq Scan on w
  Filter: (k = (1 / 0))`)
	f.never(planner.RuleFoldConstants, "SELECT * FROM w WHERE k = v + 0", `
Seq Scan on w
  Filter: (k = (v + 0))`)
	f.never(planner.RuleFoldConstants, "SELECT * FROM t WHERE d < random()", `
Seq Scan on t
  Filter: (d < random())`)
	f.never(planner.RuleFoldConstants, "SELECT * FROM w WHERE k = $1 + 1", `
Seq Scan on w
  Filter: (k = ($1 + 1))`)
	f.never(planner.RuleFoldConstants, "SELECT * FROM t WHERE c = now()::text", `
Index Scan using t_c on t
  Index Cond: (c = (now())::text)`)
	f.is("SELECT * FROM w WHERE k = CASE WHEN v = 0 THEN 0 ELSE 10 / v END", `
Seq Scan on w
  Filter: (k = CASE WHEN (v = 0) THEN 0 ELSE (10 / v) END)`)
	f.is("SELECT CASE WHEN true THEN 1 ELSE 1 / 0 END FROM w WHERE k = 1", `
Seq Scan on w
  Filter: (k = 1)`)
}

// Of a condition only being true matters: null is as good as false, and NOT moves inward.
func TestFoldConditions(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleFoldQual, "SELECT * FROM w WHERE NOT (k = 1 AND v = 2)", `
Seq Scan on w
  Filter: ((k <> 1) OR (v <> 2))`, `
Seq Scan on w
  Filter: (NOT ((k = 1) AND (v = 2)))`)
	f.rule(planner.RuleFoldQual, "SELECT * FROM w WHERE NOT (k = 1 OR v = 2)", `
Seq Scan on w
  Filter: ((k <> 1) AND (v <> 2))`, `
Seq Scan on w
  Filter: (NOT ((k = 1) OR (v = 2)))`)
	f.rule(planner.RuleFoldQual, "SELECT * FROM w WHERE NOT (k = 1 OR NOT (v = 2 AND k = 3))", `
Seq Scan on w
  Filter: ((k <> 1) AND (v = 2) AND (k = 3))`, `
Seq Scan on w
  Filter: (NOT ((k = 1) OR (NOT ((v = 2) AND (k = 3)))))`)
	f.rule(planner.RuleFoldQual, "SELECT * FROM w WHERE k = 1 OR k = NULL", `
Seq Scan on w
  Filter: (k = 1)`, `
Seq Scan on w
  Filter: ((k = 1) OR NULL::boolean)`)
	f.rule(planner.RuleFoldQual, "SELECT * FROM w WHERE k = 1 AND (k = NULL OR v = NULL)", `
Result
  One-Time Filter: false`, `
Result
  One-Time Filter: false`)
	f.is("SELECT * FROM w WHERE NOT NULL", `
Result
  One-Time Filter: false`)
	f.is("SELECT * FROM w WHERE k = 1 OR true", `
Seq Scan on w`)
	f.is("SELECT * FROM w WHERE k = 1 OR false", `
Seq Scan on w
  Filter: (k = 1)`)
	f.is("SELECT * FROM w WHERE k = 1 AND true", `
Seq Scan on w
  Filter: (k = 1)`)
	f.is("SELECT * FROM w WHERE (k = NULL) IS NULL", `
Seq Scan on w`)
	// in a select list and in a CASE null is not false
	f.is("SELECT k FROM w WHERE CASE WHEN k = NULL THEN v = 1 ELSE v = 2 END", `
Seq Scan on w
  Filter: (v = 2)`)
	f.is("SELECT k FROM w GROUP BY k HAVING NOT (k = 1 AND count(*) = 2)", `
HashAggregate
  Group Key: k
  Filter: ((k <> 1) OR (count(*) <> 2))
  ->  Seq Scan on w`)
}

// NOT of NOT, and of a null test, goes; rows are compared field by field.
func TestFoldBooleans(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleFoldBooleans, "SELECT * FROM t WHERE (NOT (NOT (a = 1))) IS TRUE", `
Seq Scan on t
  Filter: ((a = 1) IS TRUE)`, `
Seq Scan on t
  Filter: ((NOT (NOT (a = 1))) IS TRUE)`)
	f.rule(planner.RuleFoldBooleans, "SELECT * FROM w WHERE (k, v) = (1, 2)", `
Seq Scan on w
  Filter: ((k = 1) AND (v = 2))`, `
Seq Scan on w
  Filter: (ROW(k, v) = ROW(1, 2))`)
	f.rule(planner.RuleFoldBooleans, "SELECT * FROM t JOIN u ON (t.id, t.a) = (u.t_id, u.x)", `
Hash Join
  Hash Cond: ((u.t_id = t.id) AND (u.x = t.a))
  ->  Seq Scan on u
  ->  Hash
        ->  Seq Scan on t`, `
Nested Loop
  Join Filter: (ROW(t.id, t.a) = ROW(u.t_id, u.x))
  ->  Seq Scan on t
  ->  Seq Scan on u`)
	f.is("SELECT * FROM t WHERE NOT (a IS NULL)", `
Seq Scan on t
  Filter: (a IS NOT NULL)
  Index Not Used: t_a: costs 71286.00`)
	f.is("SELECT * FROM t WHERE NOT (a IS NOT NULL)", `
Bitmap Heap Scan on t
  Recheck Cond: (a IS NULL)
  ->  Bitmap Index Scan on t_a
        Index Cond: (a IS NULL)`)
	f.is("SELECT * FROM w WHERE NOT (ROW(k, v) IS NULL)", `
Seq Scan on w
  Filter: (NOT (ROW(k, v) IS NULL))`)
	f.is("SELECT * FROM w WHERE NOT (w IS NULL)", `
Seq Scan on w
  Filter: (NOT (ROW(k, v)::w IS NULL))`)
	f.never(planner.RuleFoldBooleans, "SELECT * FROM w WHERE (k, v) < (1, 2)", `
Seq Scan on w
  Filter: (ROW(k, v) < ROW(1, 2))`)
	f.never(planner.RuleFoldBooleans, "SELECT * FROM w WHERE (k, v) <> (1, 2)", `
Seq Scan on w
  Filter: (ROW(k, v) <> ROW(1, 2))`)
}

// What all arms of an OR demand is demanded once; an arm that demands nothing else makes the OR go.
func TestExtractCommonOr(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleExtractOr, "SELECT * FROM w, z WHERE (w.k = z.k AND w.v = 1) OR (w.k = z.k AND z.v = 2)", `
Hash Join
  Hash Cond: (z.k = w.k)
  Join Filter: ((w.v = 1) OR (z.v = 2))
  ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`, `
Nested Loop
  Join Filter: (((w.k = z.k) AND (w.v = 1)) OR ((w.k = z.k) AND (z.v = 2)))
  ->  Seq Scan on w
  ->  Seq Scan on z`)
	f.rule(planner.RuleExtractOr,
		"SELECT * FROM t WHERE (a = 5 AND c = 'x') OR (a = 5 AND c = 'y') OR (c = 'z' AND a = 5)", `
Bitmap Heap Scan on t
  Recheck Cond: ((c = 'x'::text) OR (c = 'y'::text) OR (c = 'z'::text))
  Filter: (a = 5)
  ->  BitmapOr
        ->  Bitmap Index Scan on t_c
              Index Cond: (c = 'x'::text)
        ->  Bitmap Index Scan on t_c
              Index Cond: (c = 'y'::text)
        ->  Bitmap Index Scan on t_c
              Index Cond: (c = 'z'::text)`, `
Bitmap Heap Scan on t
  Filter: (((a = 5) AND (c = 'x'::text)) OR ((a = 5) AND (c = 'y'::text)) OR ((c = 'z'::text) AND (a = 5)))
  ->  BitmapOr
        ->  Bitmap Index Scan on t_c
              Index Cond: (c = 'x'::text)
        ->  Bitmap Index Scan on t_c
              Index Cond: (c = 'y'::text)
        ->  Bitmap Index Scan on t_c
              Index Cond: (c = 'z'::text)`)
	f.rule(planner.RuleExtractOr, "SELECT * FROM w WHERE (k = 1 AND v = 2) OR k = 1", `
Seq Scan on w
  Filter: (k = 1)`, `
Seq Scan on w
  Filter: (((k = 1) AND (v = 2)) OR (k = 1))`)
	f.never(planner.RuleExtractOr, "SELECT * FROM w WHERE (k = 1 AND v = 2) OR (k = 2 AND v = 3)", `
Seq Scan on w
  Filter: (((k = 1) AND (v = 2)) OR ((k = 2) AND (v = 3)))`)
	f.never(planner.RuleExtractOr, "SELECT * FROM w WHERE (random() < 0.5 AND v = 2) OR (random() < 0.5 AND v = 3)", `
Seq Scan on w
  Filter: (((random() < '0.5'::double precision) AND (v = 2)) OR ((random() < '0.5'::double precision) AND (v = 3)))`)
}

// A condition that is always true goes, one that never is empties what is below, up to where rows come from nothing.
func TestEmptyResults(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleEliminateFilter, "SELECT * FROM w WHERE 2 > 1", `
Seq Scan on w`, `
Seq Scan on w`)
	f.rule(planner.RuleEmptyFalse, "SELECT * FROM w WHERE k = 1 AND 1 > 2", `
Result
  One-Time Filter: false`, `
Result
  One-Time Filter: false
  ->  Seq Scan on w`)
	f.rule(planner.RuleEmptyFalse, "SELECT * FROM w LIMIT 0", `
Result
  One-Time Filter: false`, `
Limit
  ->  Seq Scan on w`)
	f.rule(planner.RuleEmptyFalse, "SELECT * FROM w JOIN z ON false", `
Result
  One-Time Filter: false`, `
Result
  One-Time Filter: false
  ->  Nested Loop
        ->  Seq Scan on w
        ->  Seq Scan on z`)
	f.rule(planner.RuleEmptyInput, "SELECT * FROM (SELECT * FROM w WHERE false) s JOIN z ON s.k = z.k ORDER BY 1", `
Result
  One-Time Filter: false`, `
Sort
  Sort Key: k
  ->  Nested Loop
        Join Filter: (k = k)
        ->  Result
              One-Time Filter: false
        ->  Seq Scan on z`)
	f.rule(planner.RuleEmptyInput, "SELECT DISTINCT k + 1 FROM (SELECT * FROM w WHERE false) s LIMIT 3", `
Result
  One-Time Filter: false`, `
Limit
  ->  HashAggregate
        Group Key: (k + 1)
        ->  Result
              One-Time Filter: false`)
	f.rule(planner.RuleEmptyInput, "SELECT * FROM (SELECT * FROM w WHERE false) s LEFT JOIN z ON s.k = z.k", `
Result
  One-Time Filter: false`, `
Nested Loop Left Join
  Join Filter: (k = k)
  ->  Result
        One-Time Filter: false
  ->  Seq Scan on z`)
	f.is("SELECT * FROM z WHERE NOT EXISTS (SELECT 1 FROM w WHERE w.k = z.k AND false)", `
Seq Scan on z`)
}

// A side without rows goes from set operations and outer joins, and does not stop what has an effect.
func TestEmptySides(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleEmptyInput, "SELECT * FROM (SELECT k FROM w WHERE false UNION ALL SELECT v FROM z) s", `
Seq Scan on z`, `
Append
  ->  Result
        One-Time Filter: false
  ->  Seq Scan on z`)
	f.rule(planner.RuleEmptyInput, "SELECT k FROM w WHERE false UNION SELECT v FROM z", `
HashAggregate
  Group Key: v
  ->  Seq Scan on z`, `
HashAggregate
  Group Key: k
  ->  Append
        ->  Result
              One-Time Filter: false
        ->  Seq Scan on z`)
	f.rule(planner.RuleEmptyInput, "SELECT k FROM w WHERE false INTERSECT SELECT v FROM z", `
Result
  One-Time Filter: false`, `
HashSetOp Intersect
  ->  Result
        One-Time Filter: false
  ->  Seq Scan on z`)
	f.rule(planner.RuleEmptyInput, "SELECT k FROM w EXCEPT SELECT v FROM z WHERE false", `
HashAggregate
  Group Key: k
  ->  Seq Scan on w`, `
HashSetOp Except
  ->  Seq Scan on w
  ->  Result
        One-Time Filter: false`)
	f.rule(planner.RuleEmptyInput, "SELECT k FROM w WHERE false EXCEPT ALL SELECT v FROM z", `
Result
  One-Time Filter: false`, `
HashSetOp Except All
  ->  Result
        One-Time Filter: false
  ->  Seq Scan on z`)
	f.is("SELECT * FROM (SELECT * FROM w WHERE false) s, LATERAL (SELECT 1 / s.k) y", `
Result
  One-Time Filter: false`)
	f.is("SELECT z.k, s.k FROM z LEFT JOIN (SELECT * FROM w WHERE false) s ON s.k = z.k WHERE s.v IS NULL AND z.v > 3", `
Seq Scan on z
  Filter: (v > 3)`)
	f.is("SELECT * FROM z LEFT JOIN (SELECT * FROM w WHERE false) s ON s.k = z.k", `
Seq Scan on z`)
	f.is("SELECT * FROM (SELECT * FROM w WHERE false) s FULL JOIN z ON s.k = z.k", `
Seq Scan on z`)
	f.is("SELECT count(*) FROM w WHERE false", `
Aggregate
  ->  Result
        One-Time Filter: false`)
	f.is("SELECT k, count(*) FROM w WHERE false GROUP BY k", `
HashAggregate
  Group Key: k
  ->  Result
        One-Time Filter: false`)
	f.is("SELECT * FROM z WHERE EXISTS (SELECT 1 FROM w WHERE false)", `
Result
  One-Time Filter: false`)
	f.is("INSERT INTO w SELECT * FROM z WHERE false", `
Insert on w
  ->  Result
        One-Time Filter: false`)
	f.is("UPDATE w SET v = 1 WHERE false", `
Update on w
  ->  Result
        One-Time Filter: false`)
	f.is("WITH d AS (DELETE FROM w RETURNING k) SELECT * FROM d WHERE false", `
Result
  One-Time Filter: false
  CTE d
    ->  Delete on w
          ->  Seq Scan on w`)
}
