package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
)

// An outer join whose null-extended rows are thrown away by a condition above it is an inner one.
func TestOuterToInnerJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE z.v = 3", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Seq Scan on z
        Filter: (z.v = 3)`, `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (z.v = 3)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE z.v IS NOT NULL", `
Hash Join
  Hash Cond: (z.k = w.k)
  ->  Seq Scan on z
        Filter: (z.v IS NOT NULL)
  ->  Hash
        ->  Seq Scan on w`, `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (z.v IS NOT NULL)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE z.v IN (1, 2)", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Seq Scan on z
        Filter: (z.v = ANY ('{1,2}'::integer[]))`, `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (z.v = ANY ('{1,2}'::integer[]))
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE z.v = ANY ($1)", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
  ->  Seq Scan on z
        Filter: (z.v = ANY ($1))`, `
Hash Left Join
  Hash Cond: (w.k = z.k)
  Filter: (z.v = ANY ($1))
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM w FULL JOIN z ON w.k = z.k WHERE z.v = 3 AND w.v = 2", `
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.v = 2)
  ->  Seq Scan on z
        Filter: (z.v = 3)`, `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  Filter: (z.v = 3)
  ->  Seq Scan on w
        Filter: (w.v = 2)
  ->  Seq Scan on z`)
}

// A condition of a join above throws null-extended rows away as well.
func TestOuterToInnerBelowJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN z ON w.k = z.k JOIN u ON u.x = z.v", `
Hash Join
  Hash Cond: (u.x = z.v)
  ->  Seq Scan on u
  ->  Hash
        ->  Hash Join
              Hash Cond: (z.k = w.k)
              ->  Seq Scan on z
              ->  Hash
                    ->  Seq Scan on w`, `
Hash Join
  Hash Cond: (u.x = z.v)
  ->  Seq Scan on u
  ->  Hash
        ->  Hash Left Join
              Hash Cond: (w.k = z.k)
              ->  Seq Scan on w
              ->  Hash
                    ->  Seq Scan on z`)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM w LEFT JOIN (z LEFT JOIN u ON u.id = z.v) ON u.x = w.k", `
Hash Left Join
  Hash Cond: (w.k = u.x)
  ->  Seq Scan on w
  ->  Hash
        ->  Nested Loop
              ->  Seq Scan on z
              ->  Index Scan using u_pkey on u
                    Index Cond: (u.id = z.v)`, `
Hash Left Join
  Hash Cond: (w.k = u.x)
  ->  Seq Scan on w
  ->  Hash
        ->  Nested Loop Left Join
              ->  Seq Scan on z
              ->  Index Scan using u_pkey on u
                    Index Cond: (u.id = z.v)`)
	f.rule(planner.RuleOuterToInner,
		"SELECT * FROM (w LEFT JOIN z ON w.k = z.k) LEFT JOIN (u LEFT JOIN t ON t.id = u.t_id) ON t.a = z.v", `
Hash Left Join
  Hash Cond: (z.v = t.a)
  ->  Hash Left Join
        Hash Cond: (w.k = z.k)
        ->  Seq Scan on w
        ->  Hash
              ->  Seq Scan on z
  ->  Hash
        ->  Hash Join
              Hash Cond: (u.t_id = t.id)
              ->  Seq Scan on u
              ->  Hash
                    ->  Seq Scan on t`, `
Hash Left Join
  Hash Cond: (z.v = t.a)
  ->  Hash Left Join
        Hash Cond: (w.k = z.k)
        ->  Seq Scan on w
        ->  Hash
              ->  Seq Scan on z
  ->  Hash
        ->  Hash Left Join
              Hash Cond: (u.t_id = t.id)
              ->  Seq Scan on u
              ->  Hash
                    ->  Seq Scan on t`)
	f.rule(planner.RuleOuterToInner, "SELECT * FROM (w LEFT JOIN z ON w.k = z.k) LEFT JOIN u ON u.x = z.v WHERE u.id = 7",
		`
Nested Loop
  Join Filter: (w.k = z.k)
  ->  Nested Loop
        Join Filter: (u.x = z.v)
        ->  Seq Scan on z
        ->  Index Scan using u_pkey on u
              Index Cond: (u.id = 7)
  ->  Seq Scan on w`, `
Hash Left Join
  Hash Cond: (z.v = u.x)
  Filter: (u.id = 7)
  ->  Hash Left Join
        Hash Cond: (w.k = z.k)
        ->  Seq Scan on w
        ->  Hash
              ->  Seq Scan on z
  ->  Hash
        ->  Seq Scan on u`)
}

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

// Of a full join one side may still have to be kept: it is a left join then, of whichever side.
func TestFullToLeftJoin(t *testing.T) {
	f := newRules(t)
	f.rule(planner.RuleFullToLeft, "SELECT * FROM w FULL JOIN z ON w.k = z.k WHERE w.v = 2", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on w
        Filter: (w.v = 2)
  ->  Seq Scan on z`, `
Hash Full Join
  Hash Cond: (w.k = z.k)
  Filter: (w.v = 2)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.rule(planner.RuleFullToLeft, "SELECT * FROM w FULL JOIN z ON w.k = z.k WHERE z.v = 2", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on z
        Filter: (z.v = 2)
  ->  Seq Scan on w`, `
Hash Full Join
  Hash Cond: (w.k = z.k)
  Filter: (z.v = 2)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.rule(planner.RuleFullToLeft, "SELECT z.*, w.* FROM w FULL JOIN z ON w.k = z.k WHERE z.v + 1 > 3", `
Nested Loop Left Join
  Join Filter: (w.k = z.k)
  ->  Seq Scan on z
        Filter: ((z.v + 1) > 3)
  ->  Seq Scan on w`, `
Hash Full Join
  Hash Cond: (w.k = z.k)
  Filter: ((z.v + 1) > 3)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RuleFullToLeft, "SELECT * FROM w FULL JOIN z ON w.k = z.k WHERE coalesce(w.v, z.v) = 2", `
Hash Full Join
  Hash Cond: (w.k = z.k)
  Filter: (COALESCE(w.v, z.v) = 2)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.never(planner.RuleFullToLeft, "SELECT * FROM w FULL JOIN z USING (k) WHERE k = 2", `
Hash Full Join
  Hash Cond: (w.k = z.k)
  Filter: (COALESCE(w.k, z.k) = 2)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
}

// Which join methods an outer join may use: a full join hashes or loops, never through an index.
func TestOuterJoinMethods(t *testing.T) {
	f := newRules(t)
	f.is("SELECT * FROM w LEFT JOIN t ON t.id = w.k", `
Nested Loop Left Join
  ->  Seq Scan on w
  ->  Index Scan using t_pkey on t
        Index Cond: (t.id = w.k)`)
	f.is("SELECT * FROM w RIGHT JOIN t ON t.id = w.k", `
Hash Left Join
  Hash Cond: (t.id = w.k)
  ->  Seq Scan on t
  ->  Hash
        ->  Seq Scan on w`)
	f.is("SELECT * FROM w FULL JOIN t ON t.id = w.k", `
Hash Full Join
  Hash Cond: (w.k = t.id)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on t`)
	f.is("SELECT * FROM w FULL JOIN z ON false", `
Nested Loop Full Join
  Join Filter: false
  ->  Seq Scan on w
  ->  Seq Scan on z`)
	f.is("SELECT * FROM w LEFT JOIN z ON w.k < z.k AND w.v = z.v", `
Hash Left Join
  Hash Cond: (w.v = z.v)
  Join Filter: (w.k < z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
	f.is("SELECT * FROM w LEFT JOIN z ON true", `
Nested Loop Left Join
  ->  Seq Scan on w
  ->  Seq Scan on z`)
	f.is("SELECT * FROM w LEFT JOIN (z JOIN u ON u.x = z.v) ON w.k = z.k", `
Hash Left Join
  Hash Cond: (w.k = z.k)
  ->  Seq Scan on w
  ->  Hash
        ->  Hash Join
              Hash Cond: (u.x = z.v)
              ->  Seq Scan on u
              ->  Hash
                    ->  Seq Scan on z`)
	f.is("SELECT * FROM w LEFT JOIN t ON t.id = w.k AND t.d > 5", `
Nested Loop Left Join
  ->  Seq Scan on w
  ->  Index Scan using t_pkey on t
        Index Cond: (t.id = w.k)
        Filter: (t.d > '5'::double precision)`)
	f.is("SELECT * FROM w LEFT JOIN t ON t.id = w.k LEFT JOIN u ON u.id = t.a", `
Nested Loop Left Join
  ->  Nested Loop Left Join
        ->  Seq Scan on w
        ->  Index Scan using t_pkey on t
              Index Cond: (t.id = w.k)
  ->  Index Scan using u_pkey on u
        Index Cond: (u.id = t.a)`)
	f.is("SELECT * FROM w NATURAL LEFT JOIN z", `
Hash Left Join
  Hash Cond: ((w.k = z.k) AND (w.v = z.v))
  ->  Seq Scan on w
  ->  Hash
        ->  Seq Scan on z`)
}
