package planner_test

import (
	"testing"
)

const exprSchema = `CREATE TABLE t (id int PRIMARY KEY, name varchar, a int, b int, d date, j jsonb, f float8);
	CREATE INDEX t_lower ON t (lower(name));
	CREATE INDEX t_sum ON t ((a + b), id DESC);
	CREATE INDEX t_mixed ON t (a, (b * 2));
	CREATE INDEX t_json ON t ((j ->> 'k'));
	CREATE UNIQUE INDEX t_abs ON t (abs(a)) WHERE b > 10;
	CREATE INDEX t_nulls ON t ((-b) DESC NULLS LAST);
	CREATE TABLE u (id int, name text)`

func newExpr(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t, exprSchema)
	f.rows("t", 1e6)
	f.rows("u", 5)
	return f
}

// An expression of a query is looked up in an index when it is the expression of the index: in equalities, lists,
// ranges, prefixes and tests for null.
func TestExpressionConditions(t *testing.T) {
	x := newExpr(t)
	f := func(cond, want string) {
		t.Helper()
		same(t, cond, x.indexUse("SELECT * FROM t WHERE "+cond), want)
	}
	f("lower(name) = 'x'", "t_lower: (lower(name) = 'x'::text)")
	f("'x' = lower(name)", "t_lower: ('x'::text = lower(name))")
	f("lower(name) IN ('x', 'y')", "t_lower: (lower(name) = ANY ('{x,y}'::text[]))")
	f("lower(name) LIKE 'ab%'", "t_lower: (lower(name) ~~ 'ab%'::text)")
	f("lower(name) >= 'a' AND lower(name) < 'b'", "t_lower: ((lower(name) >= 'a'::text) AND (lower(name) < 'b'::text))")
	f("lower(name) IS NULL", "t_lower: (lower(name) IS NULL)")
	f("lower(name) = $1", "t_lower: (lower(name) = $1)")
	f("lower(name) = ANY ($1)", "t_lower: (lower(name) = ANY ($1))")
	f("upper(name) = 'X'", "")
	f("name = 'x'", "")
	f("lower(lower(name)) = 'x'", "")
	f("lower(name) || '' = 'x'", "")
	f("a + b = 7", "t_sum: ((a + b) = 7)")
	f("b + a = 7", "")
	f("a + b = 7 AND id < 3", "t_sum: (((a + b) = 7) AND (id < 3))")
	f("a + b = 7 AND a = 2", "t_sum: ((a + b) = 7)")
	f("a + b = 7::int8", "t_sum: ((a + b) = '7'::bigint)")
	f("a + b = 7.0", "")
	f("a = 3 AND b * 2 = 8", "t_mixed: ((a = 3) AND ((b * 2) = 8))")
	f("a = 3 AND b * 2 > 8", "t_mixed: ((a = 3) AND ((b * 2) > 8))")
	f("a = 3 AND b = 4", "t_mixed: (a = 3)")
	f("a = 3 AND b * (1 + 1) = 8", "t_mixed: ((a = 3) AND ((b * 2) = 8))")
	f("j ->> 'k' = 'v'", "t_json: ((j ->> 'k'::text) = 'v'::text)")
	f("j ->> 'z' = 'v'", "")
	f("abs(a) = 5 AND b > 20", "t_abs: (abs(a) = 5)")
	f("abs(a) = 5 AND b > 5", "")
	f("-b = 5", "t_nulls: ((- b) = 5)")
	f("-b > 5 AND -b < 9", "t_nulls: (((- b) > 5) AND ((- b) < 9))")
	f("lower(name) = name", "")
	f("lower(name) = (SELECT max(name) FROM u)", "t_lower: (lower(t.name) = $0)")
	f("lower(name) = 'x' || random()::text", "")
}

// The order of an expression index is the order by its expression.
func TestExpressionOrder(t *testing.T) {
	f := newExpr(t)
	f.is("SELECT id FROM t ORDER BY lower(name) LIMIT 3", `
Limit
  ->  Index Scan using t_lower on t`)
	f.is("SELECT lower(name) AS l FROM t ORDER BY l DESC LIMIT 3", `
Limit
  ->  Index Scan Backward using t_lower on t`)
	f.is("SELECT id FROM t ORDER BY upper(name) LIMIT 3", `
Limit
  ->  Sort
        Sort Key: upper(name)
        ->  Seq Scan on t`)
	f.is("SELECT id FROM t ORDER BY a + b, id DESC LIMIT 3", `
Limit
  ->  Index Scan using t_sum on t`)
	f.is("SELECT id FROM t ORDER BY a + b, id LIMIT 3", `
Limit
  ->  Sort
        Sort Key: (a + b), id
        ->  Seq Scan on t`)
	f.is("SELECT id FROM t WHERE a + b = 3 ORDER BY id DESC LIMIT 3", `
Limit
  ->  Index Scan using t_sum on t
        Index Cond: ((a + b) = 3)`)
	f.is("SELECT id FROM t WHERE a + b = 3 ORDER BY a + b, id LIMIT 3", `
Limit
  ->  Index Scan Backward using t_sum on t
        Index Cond: ((a + b) = 3)`)
	f.is("SELECT id FROM t ORDER BY -b DESC NULLS LAST LIMIT 3", `
Limit
  ->  Index Scan using t_nulls on t`)
	f.is("SELECT id FROM t ORDER BY -b DESC LIMIT 3", `
Limit
  ->  Sort
        Sort Key: (- b) DESC
        ->  Seq Scan on t`)
	f.is("SELECT id FROM t WHERE a = 2 ORDER BY b * 2 LIMIT 3", `
Limit
  ->  Index Scan using t_mixed on t
        Index Cond: (a = 2)`)
	f.is("SELECT id FROM t WHERE b > 20 ORDER BY abs(a) LIMIT 3", `
Limit
  ->  Index Scan using t_abs on t
        Filter: (b > 20)`)
	f.is("SELECT id FROM t ORDER BY abs(a) LIMIT 3", `
Limit
  ->  Sort
        Sort Key: abs(a)
        ->  Seq Scan on t`)
}

// Joins look rows up by an expression as well.
func TestExpressionJoins(t *testing.T) {
	f := newExpr(t)
	f.is("SELECT t.id FROM u JOIN t ON lower(t.name) = u.name", `
Nested Loop
  ->  Seq Scan on u
  ->  Index Scan using t_lower on t
        Index Cond: (lower(t.name) = u.name)`)
	f.is("SELECT t.id FROM u LEFT JOIN t ON t.a + t.b = u.id", `
Nested Loop Left Join
  ->  Seq Scan on u
  ->  Index Scan using t_sum on t
        Index Cond: ((t.a + t.b) = u.id)`)
	f.is("SELECT t.id FROM u JOIN t ON abs(t.a) = u.id AND t.b > 10", `
Nested Loop
  ->  Seq Scan on u
  ->  Index Scan using t_abs on t
        Index Cond: (abs(t.a) = u.id)`)
	f.is("SELECT x.id FROM t x JOIN t y ON x.a + x.b = y.a + y.b WHERE y.id = 1", `
Nested Loop
  ->  Index Scan using t_pkey on t y
        Index Cond: (y.id = 1)
  ->  Index Scan using t_sum on t x
        Index Cond: ((x.a + x.b) = (y.a + y.b))`)
	f.is("SELECT id FROM u WHERE EXISTS (SELECT 1 FROM t WHERE lower(t.name) = u.name)", `
Nested Loop Semi Join
  ->  Seq Scan on u
  ->  Index Scan using t_lower on t
        Index Cond: (lower(t.name) = u.name)`)
}

// An index whose text no longer binds is left alone.
func TestExpressionThatDoesNotBind(t *testing.T) {
	f := newExpr(t)
	f.c.Table("t").Indexes[1].Keys[0].Expr = "lower(gone)"
	same(t, "index", f.indexUse("SELECT * FROM t WHERE lower(name) = 'x'"), "")
}
