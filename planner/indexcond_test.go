package planner_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
)

// newKeys is a large table with an index for each way that a key may be used.
func newKeys(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t,
		`CREATE TABLE k (id int PRIMARY KEY, a int, b int, c text, d int8, e float4, g numeric, h timestamptz,
			u uuid, v varchar(9), s int2, n name, y bytea);
		CREATE INDEX k_abc ON k (a, b, c);
		CREATE INDEX k_c ON k (c);
		CREATE INDEX k_d ON k (d DESC);
		CREATE INDEX k_e ON k (e);
		CREATE INDEX k_g ON k (g);
		CREATE INDEX k_h ON k (h);
		CREATE INDEX k_u ON k (u);
		CREATE INDEX k_v ON k (v);
		CREATE INDEX k_s ON k (s NULLS FIRST);
		CREATE INDEX k_y ON k (y)`)
	f.rows("k", 1e6)
	for _, c := range []string{"a", "b", "c", "d", "e", "g", "h", "u", "v", "s", "y"} {
		f.column("k", c, cat.ColumnStats{Distinct: 50000, NullFrac: 0.00001})
	}
	return f
}

// Which conditions an index answers: the leading keys by equality, then one key by a range; the rest are checked
// on the rows.
func TestIndexConditions(t *testing.T) {
	x := newKeys(t)
	f := func(cond, want string) {
		t.Helper()
		same(t, cond, x.indexUse("SELECT * FROM k WHERE "+cond), want)
	}
	// multi-column: prefixes, order of the conditions, gaps
	f("a = 1 AND b = 2 AND c = 'x'", "k_abc: ((a = 1) AND (b = 2) AND (c = 'x'::text))")
	f("c = 'x' AND b = 2 AND a = 1", "k_abc: ((a = 1) AND (b = 2) AND (c = 'x'::text))")
	f("a = 1 AND b = 2", "k_abc: ((a = 1) AND (b = 2))")
	f("a = 1 AND c LIKE 'x%' AND b = 2", "k_abc: ((a = 1) AND (b = 2) AND (c ~~ 'x%'::text))")
	f("a = 1 AND b > 2 AND b < 5 AND c = 'x'", "k_abc: ((a = 1) AND (b > 2) AND (b < 5))")
	f("b = 2", "")
	f("a = 1 AND a = 2", "k_abc: (a = 1)")
	f("a = 1 OR b = 2", "")
	f("a = b", "")
	f("a IN (1, 2) AND b = 3", "k_abc: ((a = ANY ('{1,2}'::integer[])) AND (b = 3))")
	f("a = 1 AND b IN (3, 4, 5) AND c > 'x'", "k_abc: ((a = 1) AND (b = ANY ('{3,4,5}'::integer[])) AND (c > 'x'::text))")
	f("a IS NULL AND b = 3", "k_abc: ((a IS NULL) AND (b = 3))")
	f("a = 1 AND b IS NULL", "k_abc: ((a = 1) AND (b IS NULL))")
	f("a = 1 AND b IS NOT NULL", "k_abc: ((a = 1) AND (b IS NOT NULL))")
	f("a = 1 AND b <> 3", "k_abc: (a = 1)")
	f("(a, b) = (1, 2)", "k_abc: ((a = 1) AND (b = 2))")
	f("(a, b) > (1, 2)", "")
	// sides and lists
	f("1 = a", "k_abc: (1 = a)")
	f("5 < d AND d < 9", "k_d: ((5 < d) AND (d < 9))")
	f("d BETWEEN 5 AND 9", "k_d: ((d >= 5) AND (d <= 9))")
	f("d > 5 AND d > 7 AND d < 9", "k_d: ((d > 5) AND (d < 9))")
	f("a = ANY ('{1,2}')", "k_abc: (a = ANY ('{1,2}'::integer[]))")
	f("a = ANY ($1)", "k_abc: (a = ANY ($1))")
	f("a <> ALL ('{1,2}')", "")
	f("a = ALL ('{1,2}')", "")
	f("a IN ($1, $2)", "k_abc: (a = ANY (ARRAY[$1, $2]))")
	f("a IN (1, b)", "")
	f("a NOT IN (1, 2)", "")
	f("a > ANY ('{1,2}')", "")
	f("NOT (d >= 5) AND NOT (d < 2)", "k_d: ((d < 5) AND (d >= 2))")
	f("NOT (d <> 5)", "k_d: (d = 5)")
	f("NOT (c ~~ 'ab%')", "")
	// integers of other widths are the same keys, other numbers are not
	f("a = 5::int8", "k_abc: (a = '5'::bigint)")
	f("a = 5::int2", "k_abc: (a = '5'::smallint)")
	f("d = 5::int2", "k_d: (d = '5'::smallint)")
	f("s = 5::int8", "k_s: (s = '5'::bigint)")
	f("s = 70000", "k_s: (s = 70000)")
	f("a = 5.0", "")
	f("a::int8 = 5", "")
	f("a::text = '5'", "")
	f("a + 0 = 5", "")
	f("e = 1.5", "")
	f("e = 1.5::float4", "k_e: (e = '1.5'::real)")
	f("e > 1.5::float8", "")
	f("g = 5", "k_g: (g = '5'::numeric)")
	f("g > 1.25 AND g < 1.26", "k_g: ((g > 1.25) AND (g < 1.26))")
	// text
	f("c = 'x'", "k_c: (c = 'x'::text)")
	f("c = 'x'::varchar", "k_c: (c = 'x'::text)")
	f("v = 'x'", "k_v: (v = 'x'::text)")
	f("v LIKE 'ab%'", "k_v: (v ~~ 'ab%'::text)")
	f("c LIKE 'ab%'", "k_c: (c ~~ 'ab%'::text)")
	f("c LIKE 'ab%d'", "k_c: (c ~~ 'ab%d'::text)")
	f("c LIKE 'ab'", "k_c: (c ~~ 'ab'::text)")
	f("c LIKE '%ab'", "")
	f("c LIKE '_b'", "")
	f(`c LIKE 'a\%b%'`, "k_c: (c ~~ 'a\\%b%'::text)")
	f("c LIKE $1", "")
	f("c ILIKE 'ab%'", "")
	f("c NOT LIKE 'ab%'", "")
	f("c ~ '^ab'", "")
	f("starts_with(c, 'ab')", "k_c: starts_with(c, 'ab'::text)")
	f("c ^@ 'ab'", "k_c: (c ^@ 'ab'::text)")
	f("c LIKE 'ab%' AND c > 'abc'", "k_c: (c ~~ 'ab%'::text)")
	f("lower(c) = 'x'", "")
	// other types
	f("u = '123e4567-e89b-12d3-a456-426614174000'", "k_u: (u = '123e4567-e89b-12d3-a456-426614174000'::uuid)")
	f("h > '2024-01-01' AND h < '2024-01-02'",
		"k_h: ((h > '2024-01-01 00:00:00+00'::timestamp with time zone) "+
			"AND (h < '2024-01-02 00:00:00+00'::timestamp with time zone))")
	f("h = now()", "k_h: (h = now())")
	f("h = clock_timestamp()", "")
	f(`y = '\x00'`, "k_y: (y = '\\x00'::bytea)")
	// nulls
	f("d IS NULL", "k_d: (d IS NULL)")
	f("s IS NULL", "k_s: (s IS NULL)")
	f("d IS NOT NULL", "")
	f("d = NULL", "")
	f("d IS NOT DISTINCT FROM 5", "")
	f("d IS DISTINCT FROM 5", "")
	// values that are known only when it runs
	f("d = (SELECT max(d) FROM k)", "k_d: (k.d IS NOT NULL)")
	f("d = (SELECT x.d FROM k x WHERE x.id = k.id)", "k_pkey: (x.id = k.id)")
	f("d = random()::int8", "")
	f("d = length($1)", "k_d: (d = length($1))")
}

// An IN list longer than a thousand values is not looked up value by value.
func TestIndexListLimit(t *testing.T) {
	f := newKeys(t)
	f.rows("k", 1e9)
	list := func(n int) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprint(i))
		}
		return strings.Join(out, ", ")
	}
	for n, want := range map[int]bool{1: true, 2: true, 1000: true, 1001: false} {
		if got := f.indexUse("SELECT * FROM k WHERE a IN ("+list(n)+")") != ""; got != want {
			t.Errorf("%d values: index used %v, want %v", n, got, want)
		}
	}
}

// Several indexes together: a union for OR, an intersection for AND, and what neither says is checked.
func TestBitmaps(t *testing.T) {
	f := newKeys(t)
	for _, c := range []string{"a", "c", "d", "e", "g"} {
		f.column("k", c, cat.ColumnStats{Distinct: 100})
	}
	f.is("SELECT * FROM k WHERE a = 1", `
Bitmap Heap Scan on k
  Recheck Cond: (a = 1)
  ->  Bitmap Index Scan on k_abc
        Index Cond: (a = 1)`)
	f.is("SELECT * FROM k WHERE c = 'x' AND d = 5", `
Bitmap Heap Scan on k
  Recheck Cond: (c = 'x'::text)
  Filter: (d = 5)
  ->  Bitmap Index Scan on k_c
        Index Cond: (c = 'x'::text)`)
	f.is("SELECT * FROM k WHERE c = 'x' AND d = 5 AND b = 7", `
Bitmap Heap Scan on k
  Recheck Cond: (c = 'x'::text)
  Filter: ((d = 5) AND (b = 7))
  ->  Bitmap Index Scan on k_c
        Index Cond: (c = 'x'::text)`)
	f.is("SELECT * FROM k WHERE c = 'x' OR d = 5", `
Bitmap Heap Scan on k
  Recheck Cond: ((c = 'x'::text) OR (d = 5))
  ->  BitmapOr
        ->  Bitmap Index Scan on k_c
              Index Cond: (c = 'x'::text)
        ->  Bitmap Index Scan on k_d
              Index Cond: (d = 5)`)
	f.is("SELECT * FROM k WHERE (c = 'x' OR d = 5) AND a = 3", `
Index Scan using k_abc on k
  Index Cond: (a = 3)
  Filter: ((c = 'x'::text) OR (d = 5))`)
	f.is("SELECT * FROM k WHERE (c = 'x' OR d = 5) AND (a = 3 OR g = 4)", `
Bitmap Heap Scan on k
  Recheck Cond: (((c = 'x'::text) OR (d = 5)) AND ((a = 3) OR (g = '4'::numeric)))
  ->  BitmapAnd
        ->  BitmapOr
              ->  Bitmap Index Scan on k_c
                    Index Cond: (c = 'x'::text)
              ->  Bitmap Index Scan on k_d
                    Index Cond: (d = 5)
        ->  BitmapOr
              ->  Bitmap Index Scan on k_abc
                    Index Cond: (a = 3)
              ->  Bitmap Index Scan on k_g
                    Index Cond: (g = '4'::numeric)`)
	f.is("SELECT * FROM k WHERE (c = 'x' AND b = 3) OR d = 5", `
Bitmap Heap Scan on k
  Filter: (((c = 'x'::text) AND (b = 3)) OR (d = 5))
  ->  BitmapOr
        ->  Bitmap Index Scan on k_c
              Index Cond: (c = 'x'::text)
        ->  Bitmap Index Scan on k_d
              Index Cond: (d = 5)`)
	f.is("SELECT * FROM k WHERE c = 'x' OR b = 5", `
Seq Scan on k
  Filter: ((c = 'x'::text) OR (b = 5))`)
	f.is("SELECT * FROM k WHERE c = 'x' OR c = 'y' OR c LIKE 'z%'", `
Bitmap Heap Scan on k
  Recheck Cond: ((c = 'x'::text) OR (c = 'y'::text) OR (c ~~ 'z%'::text))
  ->  BitmapOr
        ->  Bitmap Index Scan on k_c
              Index Cond: (c = 'x'::text)
        ->  Bitmap Index Scan on k_c
              Index Cond: (c = 'y'::text)
        ->  Bitmap Index Scan on k_c
              Index Cond: (c ~~ 'z%'::text)`)
	f.is("SELECT * FROM k WHERE c = 'x' OR d = 5", `
Seq Scan on k
  Filter: ((c = 'x'::text) OR (d = 5))`, "bitmapscan")
	f.is("SELECT * FROM k WHERE c IN ('x', 'y') AND d > 3", `
Bitmap Heap Scan on k
  Recheck Cond: (c = ANY ('{x,y}'::text[]))
  Filter: (d > 3)
  ->  Bitmap Index Scan on k_c
        Index Cond: (c = ANY ('{x,y}'::text[]))`)
}

// Scans skip blocks by the bounds that conditions put on columns.
func TestPruneBounds(t *testing.T) {
	f := newKeys(t)
	bounds := func(cond, want string) {
		t.Helper()
		p := f.must("SELECT * FROM k WHERE "+cond, "indexscan", "bitmapscan")
		s, ok := p.Root.(*planner.SeqScan)
		if !ok {
			t.Fatalf("%s: %T", cond, p.Root)
		}
		var out []string
		for _, b := range s.Prune {
			out = append(out, f.c.Table("k").Table.Col(b.Attr).Name+" "+b.Op)
		}
		same(t, cond, strings.Join(out, ", "), want)
	}
	bounds("a = 5", "a =")
	bounds("5 > a", "a <")
	bounds("a > 3 AND b <= 4 AND c = 'x'", "a >, b <=, c =")
	bounds("a <> 3", "")
	bounds("a = b", "")
	bounds("a IN (1, 2)", "")
	bounds("a = 1 OR a = 2", "")
	bounds("a = $1", "a =")
	bounds("a = 5.0", "")
	bounds("a = 5::int8", "a =")
	bounds("a = (SELECT max(a) FROM k)", "")
	bounds("h < now()", "h <")
	bounds("h < clock_timestamp()", "")
	bounds("a + 1 = 5", "")
}

// Computed tables are asked by their key columns.
func TestVirtualKeys(t *testing.T) {
	f := newKeys(t)
	rel := f.c.Table("k")
	rel.Virtual, rel.KeyColumns = true, []int16{1, 4}
	keys := func(cond, want string) {
		t.Helper()
		p := f.must("SELECT * FROM k WHERE " + cond)
		s, ok := p.Root.(*planner.VirtualScan)
		if !ok {
			t.Fatalf("%s: %T", cond, p.Root)
		}
		var out []string
		for _, k := range s.Keys {
			out = append(out, rel.Table.Col(k.Attr).Name)
		}
		same(t, cond, strings.Join(out, " "), want)
		if len(s.Conds) == 0 {
			t.Errorf("%s: no conditions are left to check", cond)
		}
	}
	keys("id = 5", "id")
	keys("5 = id AND c = 'x'", "id c")
	keys("a = 5", "")
	keys("id > 5", "")
	keys("id = a", "")
	keys("id = $1", "id")
	keys("id = 5.0", "")
	keys("id IN (1, 2)", "")
	keys("id = 1 OR id = 2", "")
}
