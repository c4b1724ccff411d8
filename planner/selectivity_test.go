package planner_test

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/types"
)

// estimated is the number of rows that a condition is thought to leave of table t.
func (f *fixture) estimated(cond string) float64 {
	f.t.Helper()
	return f.must("SELECT * FROM t WHERE " + cond).Root.Info().Rows
}

// leaves compares that number.
func (f *fixture) leaves(cond string, want float64) {
	f.t.Helper()
	if got := f.estimated(cond); math.Abs(got-want) > math.Max(1, want*1e-6) {
		f.t.Errorf("%s: %v rows, want %v", cond, got, want)
	}
}

// newStats is a table of a million rows whose columns have the statistics of the selectivity tests:
//
//	a      0..1000 evenly, a tenth null
//	m      1 in half of the rows, 2 in a fifth, a tenth null, 100 others between 10 and 110
//	c      text, '' to 'z'
//	flag   true in a tenth, null in a tenth
//	n      ten values, not null
//	id     unique
//	x      nothing known
func newStats(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t,
		`CREATE TABLE t (id int PRIMARY KEY, a int, m int, c text, flag bool, n int NOT NULL, x int, y text,
			f float8, d date);
		CREATE TABLE u (id int PRIMARY KEY, a int)`)
	f.rows("t", 1e6)
	f.rows("u", 100)
	a := f.column("t", "a", cat.ColumnStats{NullFrac: 0.1, Distinct: 1000})
	for i := range 11 {
		a.Histogram = append(a.Histogram, intDatum(int64(100*i)))
	}
	m := f.column("t", "m", cat.ColumnStats{NullFrac: 0.1, Distinct: 102})
	m.MCV, m.MCVFreq = []types.Datum{intDatum(1), intDatum(2)}, []float64{0.5, 0.2}
	m.Histogram = []types.Datum{intDatum(10), intDatum(60), intDatum(110)}
	c := f.column("t", "c", cat.ColumnStats{Distinct: 1000})
	for _, s := range []string{"", "b", "d", "f", "h", "l", "p", "q", "t", "w", "z"} {
		c.Histogram = append(c.Histogram, textDatum(s))
	}
	flag := f.column("t", "flag", cat.ColumnStats{NullFrac: 0.1, Distinct: 2})
	flag.MCV, flag.MCVFreq = []types.Datum{types.BoolDatum(false), types.BoolDatum(true)}, []float64{0.8, 0.1}
	f.column("t", "n", cat.ColumnStats{Distinct: 10})
	f.column("u", "a", cat.ColumnStats{Distinct: 50})
	return f
}

// Every kind of condition leaves the number of rows that its statistics say, computed by hand.
func TestSelectivity(t *testing.T) {
	x := newStats(t)
	f := func(cond string, want float64) {
		t.Helper()
		x.leaves(cond, want)
	}
	// equality: the rest of the rows over the rest of the values
	f("a = 5", 900)
	f("a = 5000", 900)
	f("5 = a", 900)
	f("a = $1", 900)
	f("id = 5", 1)
	f("id = $1", 1)
	f("n = 3", 1e5)
	f("x = 3", 5000)
	f("a = NULL", 1)
	// most common values
	f("m = 1", 5e5)
	f("m = 2", 2e5)
	f("m = 50", 2000)
	f("m = $1", 2000)
	f("m = 1::int8", 5e5)
	// inequality leaves out nulls
	f("a <> 5", 1e6-900-1e5)
	f("m <> 1", 4e5)
	f("n <> 3", 9e5)
	f("x <> 3", 995000)
	// null tests
	f("a IS NULL", 1e5)
	f("a IS NOT NULL", 9e5)
	f("n IS NULL", 1)
	f("n IS NOT NULL", 1e6)
	f("x IS NULL", 5000)
	f("a IS DISTINCT FROM 5", 1e6-900)
	f("a IS NOT DISTINCT FROM 5", 900)
	f("a IS NOT DISTINCT FROM NULL", 1e5)
	// ranges interpolate in the histogram
	f("a < 250", 225000)
	f("a <= 250", 225000)
	f("a > 250", 675000)
	f("250 > a", 225000)
	f("a < 0", 1)
	f("a < -5", 1)
	f("a > 1000", 1)
	f("a > 2000", 1)
	f("a < 2000", 9e5)
	f("a < $1", 333333)
	f("x < 5", 333333)
	f("a < 250::int8", 225000)
	// common values are counted, the others interpolated
	f("m < 10", 7e5)
	f("m <= 1", 5e5)
	f("m < 2", 5e5)
	f("m > 1", 4e5)
	f("m > 2", 2e5)
	f("m < 60", 8e5)
	f("m >= 85", 5e4)
	// two bounds of one column
	f("a > 200 AND a < 300", 9e4)
	f("a BETWEEN 200 AND 300", 9e4)
	f("a < 300 AND a > 200", 9e4)
	f("a > 300 AND a < 200", 1)
	f("a > 100 AND a > 500", 450000)
	f("a > 500 AND a > 100 AND a < 600 AND a < 900", 9e4)
	f("m > 1 AND m < 60", 3e5)
	f("x > 1 AND x < 5", 5000)
	f("x + 1 > 1 AND x + 1 < 5", 5000)
	f("x + 1 > 1 AND x + 2 < 5", 111111)
	f("x > 1 AND y < 'a'", 111111)
}

// Lists, booleans, combinations and patterns.
func TestSelectivityOfParts(t *testing.T) {
	x := newStats(t)
	f := func(cond string, want float64) {
		t.Helper()
		x.leaves(cond, want)
	}
	// lists
	f("a IN (1, 2, 3)", 2700)
	f("a IN (1, NULL)", 900)
	f("m IN (1, 2, 50)", 702000)
	f("n IN (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)", 1e6)
	f("id IN (1, 2, 3)", 3)
	f("a = ANY ('{1,2,3}')", 2700)
	f("m <> ALL ('{1,2}')", 2e5)
	// booleans
	f("flag", 1e5)
	f("NOT flag", 8e5)
	f("flag = true", 1e5)
	f("flag IS TRUE", 1e5)
	f("flag IS NOT TRUE", 9e5)
	f("flag IS FALSE", 8e5)
	f("flag IS UNKNOWN", 1e5)
	f("flag IS NOT UNKNOWN", 9e5)
	f("(a < 250) IS TRUE", 225000)
	f("(a < 250) IS FALSE", 775000)
	// combinations are independent
	f("a = 5 AND n = 3", 90)
	f("n = 3 OR n = 4", 1e6*(1-0.9*0.9))
	f("NOT (n = 3)", 9e5)
	f("NOT (n = 3 OR m = 1)", 1e6*0.9*0.4)
	f("n = 3 AND false", 0)
	f("(n = 3 AND m = 1) OR (n = 3 AND m = 2)", 1e5*(1-0.5*0.8))
	f("a = 5 AND m = 50 AND n = 3 AND x = 1", 1)
	// text patterns
	f("c LIKE 'f%'", 49805)
	f("c LIKE 'r%'", 33203)
	f("c LIKE '%'", 5000)
	f("c LIKE 'f%x'", 49805)
	f("c LIKE 'f_x'", 8965)
	f("c LIKE 'fx'", 1000)
	f("c LIKE 'f\\%'", 1000)
	f("c NOT LIKE 'f%'", 950195)
	f("y LIKE 'f%'", 5000)
	f("y NOT LIKE 'f%'", 990000)
	f("c ILIKE 'f%'", 5000)
	f("c ~ '^f'", 5000)
	f("c !~ '^f'", 995000)
	f("c > 'e'", 750000)
	// other functions
	f("y IS NOT NULL AND starts_with(y, 'a')", 331667)
	f("random() < 0.5", 333333)
}

// An empty table has no rows to leave, and one without statistics is taken for a thousand.
func TestSelectivityWithoutRows(t *testing.T) {
	f := newFixture(t, "CREATE TABLE t (id int PRIMARY KEY, a int, b text)")
	for cond, want := range map[string]float64{
		"true": 1000, "a = 5": 5, "id = 5": 1, "a < 5": 333, "a IS NULL": 5, "a IN (1, 2)": 10, "b LIKE 'x%'": 5,
		"a > 1 AND a < 5": 5,
	} {
		if got := f.estimated(cond); got != want {
			t.Errorf("%s: %v rows, want %v", cond, got, want)
		}
	}
	f.rows("t", 0)
	for _, cond := range []string{
		"true", "a = 5", "id = 5", "a <> 5", "a < 5", "a IS NULL", "a IN (1, 2)", "b LIKE 'x%'",
	} {
		p := f.must("SELECT * FROM t WHERE " + cond)
		if n := p.Root.Info(); n.Rows != 1 || math.IsNaN(n.Total) || n.Total < 0 {
			t.Errorf("%s of an empty table: %v rows at cost %v", cond, n.Rows, n.Total)
		}
	}
}

// The estimate of a join is that of its keys' distinct values, of outer and semi joins what they keep.
func TestJoinSelectivity(t *testing.T) {
	x := newStats(t)
	f := func(query string, want float64) {
		t.Helper()
		if got := x.must("SELECT * FROM " + query).Root.Info().Rows; math.Abs(got-want) > math.Max(1, want*1e-3) {
			t.Errorf("%s: %v rows, want %v", query, got, want)
		}
	}
	f("t JOIN u ON t.a = u.id", 1e6*100/1000)
	f("t JOIN u ON t.a = u.a", 1e6*100/1000)
	f("t JOIN u ON t.n = u.a", 1e6*100/50)
	f("t JOIN u ON t.id = u.id", 100)
	f("t JOIN u ON t.x = u.a", 1e6*100/200)
	f("t JOIN u ON t.x + 1 = u.a", 1e6*100/200)
	f("t JOIN u ON t.n = u.a AND t.m = 1", 5e5*100/50)
	f("t CROSS JOIN u", 1e8)
	f("t JOIN u ON t.a < u.a", 1e8/3)
	f("t LEFT JOIN u ON t.id = u.id", 1e6)
	f("t LEFT JOIN u ON t.n = u.a", 2e6)
	f("t FULL JOIN u ON t.id = u.id", 1e6)
	f("u WHERE EXISTS (SELECT 1 FROM t WHERE t.n = u.a)", 100)
	f("t WHERE EXISTS (SELECT 1 FROM u WHERE t.id = u.id)", 100)
	f("t WHERE NOT EXISTS (SELECT 1 FROM u WHERE t.id = u.id)", 1e6-100)
	f("u WHERE NOT EXISTS (SELECT 1 FROM t WHERE t.n = u.a)", 1)
}

// Estimates of aggregates, DISTINCT, LIMIT and set operations.
func TestGroupEstimates(t *testing.T) {
	x := newStats(t)
	f := func(query string, want float64) {
		t.Helper()
		if got := x.must(query).Root.Info().Rows; math.Abs(got-want) > math.Max(1, want*1e-3) {
			t.Errorf("%s: %v rows, want %v", query, got, want)
		}
	}
	f("SELECT count(*) FROM t", 1)
	f("SELECT n, count(*) FROM t GROUP BY n", 10)
	f("SELECT n, a, count(*) FROM t GROUP BY n, a", 10000)
	f("SELECT n, a, id, count(*) FROM t GROUP BY n, a, id", 1e6)
	f("SELECT flag FROM t GROUP BY flag", 2)
	f("SELECT x FROM t GROUP BY x", 200)
	f("SELECT x + 1 FROM t GROUP BY x + 1", 200)
	f("SELECT n FROM t WHERE id = 5 GROUP BY n", 1)
	f("SELECT DISTINCT n FROM t", 10)
	f("SELECT DISTINCT ON (n) n, a FROM t ORDER BY n, a", 10)
	f("SELECT n, a, count(*) FROM t GROUP BY ROLLUP (n, a)", 15000)
	f("SELECT * FROM t LIMIT 7", 7)
	f("SELECT * FROM t LIMIT 7 OFFSET 3", 7)
	f("SELECT * FROM t WHERE id = 3 LIMIT 7", 1)
	f("SELECT * FROM t LIMIT $1", 10)
	f("SELECT * FROM t ORDER BY x LIMIT 7", 7)
	f("SELECT id FROM t UNION ALL SELECT id FROM u", 1e6+100)
	f("SELECT id FROM u UNION SELECT a FROM u", 200)
	f("SELECT id FROM t INTERSECT SELECT id FROM u", 50)
	f("SELECT id FROM t EXCEPT SELECT id FROM u", 5e5)
	f("VALUES (1), (2), (3)", 3)
	f("SELECT * FROM generate_series(1, 50)", 50)
	f("SELECT * FROM generate_series(1, 50, 2)", 1000)
	f("SELECT * FROM unnest(ARRAY[1, 2, 3])", 3)
	f("SELECT * FROM unnest('{1,2,3,4}'::int[])", 4)
	f("SELECT * FROM unnest($1::int[])", 10)
	f("SELECT generate_series(1, 3) FROM u", 1000)
	f("WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT * FROM r", 10)
}

// sampleStats makes statistics of values as ANALYZE does: values that are much more common than the average, and a
// histogram of the others.
func sampleStats(values []int, nulls int) cat.ColumnStats {
	counts := map[int]int{}
	for _, v := range values {
		counts[v]++
	}
	total := float64(len(values) + nulls)
	st := cat.ColumnStats{NullFrac: float64(nulls) / total, Distinct: float64(len(counts))}
	var rest []int
	for _, v := range slices.Sorted(slices.Values(values)) {
		switch {
		case float64(counts[v]) < 3*float64(len(values))/float64(len(counts)):
			rest = append(rest, v)
		case len(st.MCV) == 0 || st.MCV[len(st.MCV)-1].I != int64(v):
			st.MCV, st.MCVFreq = append(st.MCV, intDatum(int64(v))), append(st.MCVFreq, float64(counts[v])/total)
		}
	}
	const buckets = 50
	for i := range buckets + 1 {
		if len(rest) > buckets {
			st.Histogram = append(st.Histogram, intDatum(int64(rest[i*(len(rest)-1)/buckets])))
		}
	}
	return st
}

// Estimates of comparisons are close to what counting gives, for even, skewed and clustered values.
func TestSelectivityAgainstCounts(t *testing.T) {
	const rows, seed = 20000, 3
	r := rand.New(rand.NewSource(seed))
	zipf := rand.NewZipf(r, 1.3, 1, 5000)
	shapes := map[string]func() int{
		"even":      func() int { return r.Intn(1000) },
		"zipf":      func() int { return int(zipf.Uint64()) },
		"normal":    func() int { return int(r.NormFloat64()*100) + 500 },
		"clustered": func() int { return r.Intn(3)*10000 + r.Intn(20) },
		"constant":  func() int { return 42 },
	}
	for name, next := range shapes {
		f := newFixture(t, "CREATE TABLE t (v int)")
		values := make([]int, rows)
		for i := range values {
			values[i] = next()
		}
		const nulls = 2000
		f.rows("t", rows+nulls)
		f.column("t", "v", sampleStats(values, nulls))
		count := func(pass func(int) bool) (n float64) {
			for _, v := range values {
				if pass(v) {
					n++
				}
			}
			return n
		}
		check := func(cond string, want float64) {
			got := f.estimated(cond)
			// Within a factor of 1.5, or two buckets of the histogram.
			if math.Abs(got-want) > 2*rows/50 && (got > 1.5*want || want > 1.5*got) {
				t.Errorf("%s: %s: estimated %v, counted %v", name, cond, got, want)
			}
		}
		for range 40 {
			k, w := values[r.Intn(rows)], r.Intn(300)
			check(fmt.Sprintf("v = %d", k), count(func(v int) bool { return v == k }))
			check(fmt.Sprintf("v <> %d", k), count(func(v int) bool { return v != k }))
			check(fmt.Sprintf("v < %d", k), count(func(v int) bool { return v < k }))
			check(fmt.Sprintf("v >= %d", k), count(func(v int) bool { return v >= k }))
			check(fmt.Sprintf("v BETWEEN %d AND %d", k, k+w), count(func(v int) bool { return v >= k && v <= k+w }))
			check(fmt.Sprintf("v IN (%d, %d)", k, k+1), count(func(v int) bool { return v == k || v == k+1 }))
		}
		check("v IS NULL", nulls)
		check("v > 100000", 0)
		check("v < -100000", 0)
	}
}

// Estimates never leave 1 to the rows that there are, whatever the condition, and a further condition never
// makes them greater.
func TestSelectivityBounds(t *testing.T) {
	f := newStats(t)
	conds := []string{
		"a = 5", "a <> 5", "a < 250", "a >= 990", "a IS NULL", "m = 1", "m > 1", "m IN (1, 2, 3)", "flag", "NOT flag",
		"n = 3",
		"c LIKE 'f%'", "c NOT LIKE 'f%'", "x + 1 < 7", "a IS DISTINCT FROM 5", "(a = 1 OR m = 1)", "NOT (a = 1 OR m = 1)",
		"id = 7",
	}
	r := rand.New(rand.NewSource(1))
	for range 300 {
		one := conds[r.Intn(len(conds))]
		two := one + " AND " + conds[r.Intn(len(conds))]
		a, b := f.estimated(one), f.estimated(two)
		if a < 1 || a > 1e6 || b < 1 || b > a {
			t.Errorf("%s: %v rows, %s: %v rows", one, a, two, b)
		}
		or := fmt.Sprintf("(%s OR %s)", one, conds[r.Intn(len(conds))])
		if n := f.estimated(or); n < a-1 || n > 1e6 {
			t.Errorf("%s: %v rows, %s: %v rows", one, a, or, n)
		}
	}
}
