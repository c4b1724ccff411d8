package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// A scalar aggregate that is correlated by equality becomes a left join with a grouped aggregate; a count of nothing
// is 0, every other aggregate of nothing is null.
func TestScalarAggregateToJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v) FROM z WHERE z.k = w.k) FROM w", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  HashAggregate
              Group Key: z.k
              ->  Seq Scan on z`, `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.rule(planner.RuleScalarToJoin, "SELECT k, (SELECT count(*) FROM z WHERE z.k = w.k) AS n FROM w", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  HashAggregate
              Group Key: z.k
              ->  Seq Scan on z`, `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.rule(planner.RuleScalarToJoin, "SELECT * FROM w WHERE v > (SELECT avg(v) FROM z WHERE z.k = w.k)", `
Hash Join
  Hash Cond: (z.k = w.k)
  Join Filter: (w.v > avg(z.v))
  ->  HashAggregate
        Group Key: z.k
        ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on w`, `
Seq Scan on w
  Filter: (w.v > (SubPlan 1))
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.rule(planner.RuleScalarToJoin,
		"SELECT * FROM w WHERE 3 = (SELECT count(*) + 1 FROM z WHERE z.k = w.k AND z.v = w.v)", `
Hash Left Join
  Hash Cond: ((w.k = z.k) AND (w.v = z.v))
  Filter: (3 = (COALESCE(count(*), '0'::bigint) + 1))
  ->  Seq Scan on w
  ->  Hash
        ->  HashAggregate
              Group Key: z.k, z.v
              ->  Seq Scan on z`, `
Seq Scan on w
  Filter: (3 = (SubPlan 1))
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: ((z.k = w.k) AND (z.v = w.v))
                ->  Materialize
                      ->  Seq Scan on z`)
}

// Several of them, and ones over joins, become joins as well.
func TestScalarAggregatesToJoins(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleScalarToJoin,
		"SELECT (SELECT min(v) FROM z WHERE z.k = w.k), (SELECT sum(v) FROM z WHERE z.v = w.v) FROM w", `
Hash Left Join
  Hash Cond: (w.v = z.v)
  ->  Hash Left Join
        Hash Cond: (w.k = z.k)
        ->  Seq Scan on w
        ->  Hash
              ->  HashAggregate
                    Group Key: z.k
                    ->  Seq Scan on z
  ->  Hash
        ->  HashAggregate
              Group Key: z.v
              ->  Seq Scan on z`, `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z
  SubPlan 2
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.v = w.v)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.rule(planner.RuleScalarToJoin,
		"SELECT * FROM w WHERE v = (SELECT max(z.v) FROM z JOIN u ON u.id = z.v WHERE w.k = z.k)", `
Hash Join
  Hash Cond: ((max(z.v) = w.v) AND (z.k = w.k))
  ->  HashAggregate
        Group Key: z.k
        ->  Nested Loop
              ->  Seq Scan on z
              ->  Index Scan using u_pkey on u
                    Index Cond: (u.id = z.v)
  ->  Hash
        ->  Seq Scan on w`, `
Seq Scan on w
  Filter: (w.v = (SubPlan 1))
  SubPlan 1
    ->  Aggregate
          ->  Nested Loop
                ->  Subquery Scan
                      Filter: (w.k = z.k)
                      ->  Materialize
                            ->  Seq Scan on z
                ->  Index Scan using u_pkey on u
                      Index Cond: (u.id = z.v)`)
}

// A scalar subquery stays an expression when it is no aggregate by itself, or its correlation is no equality.
func TestScalarSubqueryStays(t *testing.T) {
	f := newRules(t)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT v FROM z WHERE z.k = w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Subquery Scan
          Filter: (z.k = w.k)
          ->  Materialize
                ->  Seq Scan on z`)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v) FROM z WHERE z.k < w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k < w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v) FROM z WHERE z.k = w.k GROUP BY z.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  HashAggregate
          Group Key: z.k
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v + w.v) FROM z WHERE z.k = w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v) + w.v FROM z WHERE z.k = w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v) FROM z WHERE z.k = w.k HAVING count(*) > 1) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          Filter: (count(*) > 1)
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v) FROM z) FROM w", `
Seq Scan on w
  InitPlan 1 (returns $0)
    ->  Aggregate
          ->  Seq Scan on z`)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT max(v) FROM (SELECT v FROM z WHERE z.k = w.k LIMIT 2) s) FROM w",
		`
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Limit
                ->  Subquery Scan
                      Filter: (z.k = w.k)
                      ->  Materialize
                            ->  Seq Scan on z`)
}

// Few outer rows and an index on the correlated column: running the subquery for each is better than grouping
// all of a large table.
func TestScalarAggregateStays(t *testing.T) {
	f := newRules(t)
	f.never(planner.RuleScalarToJoin, "SELECT k, (SELECT count(*) FROM u WHERE u.t_id = w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Index Scan using u_t on u
                Index Cond: (u.t_id = w.k)`)
	f.rule(planner.RuleScalarToJoin, "SELECT id, (SELECT count(*) FROM u WHERE u.t_id = t.id) FROM t", `
Hash Left Join
  Hash Cond: (t.id = u.t_id)
  ->  Seq Scan on t
  ->  Hash
        ->  HashAggregate
              Group Key: u.t_id
              ->  Seq Scan on u`, `
Seq Scan on t
  SubPlan 1
    ->  Aggregate
          ->  Index Scan using u_t on u
                Index Cond: (u.t_id = t.id)`)
	f.rule(planner.RuleScalarToJoin, "SELECT k, (SELECT count(*) FROM u WHERE u.x = w.k) FROM w", `
Nested Loop Left Join
  Join Filter: (u.x = w.k)
  ->  Seq Scan on w
  ->  HashAggregate
        Group Key: u.x
        ->  Seq Scan on u`, `
Seq Scan on w
  SubPlan 1
    ->  Aggregate
          ->  Subquery Scan
                Filter: (u.x = w.k)
                ->  Materialize
                      ->  Seq Scan on u`)
}

// What does not depend on the outer row is computed once, also within a subquery that does.
func TestCorrelatedParts(t *testing.T) {
	f := newRules(t)
	f.is("SELECT k, (SELECT z.v FROM z WHERE z.k = w.k LIMIT 1) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Limit
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.is("SELECT k, (SELECT z.v FROM z WHERE z.k = w.k AND z.v > 3 LIMIT 1) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Limit
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z
                            Filter: (z.v > 3)`)
	f.is("SELECT k, (SELECT z.v FROM z JOIN w y ON y.v = z.v WHERE z.k + y.k = w.k LIMIT 1) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Limit
          ->  Hash Join
                Hash Cond: (z.v = y.v)
                Join Filter: ((z.k + y.k) = w.k)
                ->  Materialize
                      ->  Seq Scan on z
                ->  Hash
                      ->  Materialize
                            ->  Seq Scan on w y`)
	f.is("SELECT k, (SELECT t.c FROM t WHERE t.id = w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Index Scan using t_pkey on t
          Index Cond: (t.id = w.k)`)
	f.is("SELECT k, (SELECT z.v FROM z WHERE z.k = (SELECT max(y.k) FROM w y) LIMIT 1) FROM w", `
Seq Scan on w
  InitPlan 2 (returns $1)
    ->  Limit
          ->  Seq Scan on z
                Filter: (z.k = $0)
                InitPlan 1 (returns $0)
                  ->  Aggregate
                        ->  Seq Scan on w y`)
	f.is("SELECT k, ARRAY(SELECT z.v FROM z WHERE z.k = w.k ORDER BY z.v) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Sort
          Sort Key: z.v
          ->  Subquery Scan
                Filter: (z.k = w.k)
                ->  Materialize
                      ->  Seq Scan on z`)
	f.is("SELECT (SELECT w.k) FROM w", `
Seq Scan on w
  SubPlan 1
    ->  Result`)
	f.is("SELECT k FROM w WHERE v = (SELECT 1)", `
Seq Scan on w
  Filter: (v = $0)
  InitPlan 1 (returns $0)
    ->  Result`)
	f.is("SELECT * FROM w, LATERAL (SELECT z.v FROM z WHERE z.k = w.k LIMIT 1) s", `
Nested Loop
  ->  Seq Scan on w
  ->  Limit
        ->  Subquery Scan
              Filter: (z.k = w.k)
              ->  Materialize
                    ->  Seq Scan on z`)
	f.is("SELECT * FROM w LEFT JOIN LATERAL (SELECT t.c FROM t WHERE t.id = w.k) s ON true", `
Nested Loop Left Join
  ->  Seq Scan on w
  ->  Index Scan using t_pkey on t
        Index Cond: (t.id = w.k)`)
	f.is("SELECT * FROM w, LATERAL generate_series(1, w.v) g", `
Nested Loop
  ->  Seq Scan on w
  ->  Function Scan on generate_series g`)
	f.is("SELECT * FROM w CROSS JOIN LATERAL (VALUES (w.k), (w.v)) s (n) WHERE n > 3", `
Nested Loop
  ->  Seq Scan on w
  ->  Values Scan on "*VALUES*"
        Filter: (n > 3)`)
}
