package planner_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner/cat"
)

// indexUse says which index a plan reads, and by which conditions: "t_a: (a = 5)", "" for none.
func (f *fixture) indexUse(query string, off ...string) string {
	f.t.Helper()
	var index, cond string
	for _, line := range strings.Split(f.text(f.must(query, off...)), "\n") {
		line = strings.TrimLeft(line, " ->")
		switch {
		case strings.Contains(line, "Index Scan"):
			for _, word := range []string{" using ", " on "} {
				if _, rest, ok := strings.Cut(line, word); ok {
					index, _, _ = strings.Cut(rest, " ")
					break
				}
			}
		case strings.HasPrefix(line, "Index Cond: "):
			cond = strings.TrimPrefix(line, "Index Cond: ")
		}
	}
	if index == "" {
		return ""
	}
	return strings.TrimSuffix(index+": "+cond, ": ")
}

// newPartial is a large table with one partial index, over id where pred holds.
func newPartial(t *testing.T, pred string) *fixture {
	t.Helper()
	f := newFixture(t,
		`CREATE TABLE p (id int, a int, b int8, c text, d float8, e date, flag bool, n numeric, ts timestamptz);
		CREATE INDEX p_ix ON p (id) WHERE `+pred)
	f.rows("p", 1e6)
	f.column("p", "id", cat.ColumnStats{Distinct: 1e6})
	return f
}

// A partial index serves a query only when the query's conditions imply its predicate: equal clauses, subsets of an
// AND, ranges within ranges, lists within lists, and IS NOT NULL by strict conditions.
func TestPredicateImplication(t *testing.T) {
	f := func(pred, cond string, want bool) {
		t.Helper()
		got := newPartial(t, pred).indexUse("SELECT * FROM p WHERE id = 5 AND "+cond) != ""
		if got != want {
			t.Errorf("index WHERE %s, query WHERE %s: used %v, want %v", pred, cond, got, want)
		}
	}
	// equal clauses
	f("a = 5", "a = 5", true)
	f("a = 5", "5 = a", true)
	f("a = 5", "a = 6", false)
	f("a = 5", "b = 5", false)
	f("a = 5", "a = 5 AND c = 'x'", true)
	f("a = 5", "(a = 5 OR c = 'x')", false)
	f("c = 'x'", "c = 'x'", true)
	f("flag", "flag", true)
	f("flag", "NOT flag", false)
	f("NOT flag", "NOT flag", true)
	f("flag", "flag IS TRUE", true)
	f("flag IS TRUE", "flag", true)
	f("flag IS TRUE", "flag IS NOT TRUE", false)
	f("flag", "flag IS NOT FALSE", false)
	f("a + 1 = 5", "a + 1 = 5", true)
	f("a + 1 = 5", "a = 4", false)
	f("a = 2 + 3", "a = 5", true)
	// subsets of an AND; arms of an OR
	f("a = 5 AND c = 'x'", "c = 'x' AND d > 1 AND a = 5", true)
	f("a = 5 AND c = 'x'", "a = 5", false)
	f("a = 5 OR c = 'x'", "a = 5", true)
	f("a = 5 OR c = 'x'", "c = 'x'", true)
	f("a = 5 OR c = 'x'", "(c = 'x' OR a = 5)", true)
	f("a = 5 OR c = 'x' OR d = 1", "(c = 'x' OR a = 5)", true)
	f("a = 5 OR c = 'x'", "(a = 5 OR c = 'x' OR d = 1)", false)
	f("a > 5", "(a = 6 OR a > 7)", true)
	f("a > 5", "(a = 5 OR a > 7)", false)
	f("a = 1 OR a > 10 AND c = 'x'", "a = 11 AND c = 'x'", true)
	f("a = 1 OR a > 10 AND c = 'x'", "a = 11", false)
	// IS NOT NULL follows from what is strict
	f("a IS NOT NULL", "a = 5", true)
	f("a IS NOT NULL", "a > $1", true)
	f("a IS NOT NULL", "a + b < 7", true)
	f("a IS NOT NULL", "a IN (1, 2)", true)
	f("a IS NOT NULL", "a = ANY ($1::int[])", true)
	f("a IS NOT NULL", "a = ALL ($1::int[])", false) // true of an empty array
	f("a IS NOT NULL", "NOT (a = 5)", true)
	f("a IS NOT NULL", "(a = 5 OR a = 6)", true)
	f("a IS NOT NULL", "(a = 5 OR b = 6)", false)
	f("a IS NOT NULL", "a IS NULL", false)
	f("a IS NOT NULL", "coalesce(a, 5) = 5", false)
	f("a IS NOT NULL", "a IS DISTINCT FROM 5", false)
	f("a IS NOT NULL", "a IS NOT NULL", true)
	f("c IS NOT NULL", "c LIKE 'x%'", true)
	f("c IS NOT NULL", "lower(c) = 'x'", true)
	f("lower(c) IS NOT NULL", "lower(c) = 'x'", true)
	f("lower(c) IS NOT NULL", "upper(c) = 'X'", false)
	f("flag IS NOT NULL", "flag", true)
	f("flag IS NOT NULL", "NOT flag", true)
	f("flag IS NOT NULL", "flag IS FALSE", true)
	f("flag IS NOT NULL", "flag IS NOT TRUE", false)
	f("a IS NULL", "a IS NULL", true)
	f("a IS NULL", "a = 5", false)
	// parameters are not known
	f("a = 5", "a = $1", false)
	f("a > 5", "a > $1", false)
	// other types of the same family; a function's literal of another one
	f("b = 5", "b = 5::int2", true)
	f("b > 5", "b = 5", false)
	f("n > 1.5", "n = 2", true)
	f("n > 1.5", "n = 1.5", false)
	f("d > 1", "d > 1.5", true)
	f("c > 'b'", "c = 'ba'", true)
	f("c > 'b'", "c = 'b'", false)
	f("e >= '2024-01-01'", "e = '2024-02-01'", true)
	f("e >= '2024-01-01'", "e > '2023-12-31'", false) // true of dates, but no rule knows that they are discrete
	f("ts >= '2024-01-01 00:00:00+00'", "ts >= '2024-01-01 02:00:00+01'", true)
}

// Of two comparisons of one column with constants, the first implies the second as by this table, found by trying
// every value.
func TestRangeImplication(t *testing.T) {
	ops := map[string]func(a, b int) bool{
		"=": func(a, b int) bool { return a == b }, "<>": func(a, b int) bool { return a != b },
		"<": func(a, b int) bool { return a < b }, "<=": func(a, b int) bool { return a <= b },
		">": func(a, b int) bool { return a > b }, ">=": func(a, b int) bool { return a >= b },
	}
	for pop, phas := range ops {
		f := newPartial(t, "d "+pop+" 5") // float8, so that no value lies beside another
		for cop, chas := range ops {
			for k := 4; k <= 6; k++ {
				want := true
				for v := range 100 { // in tenths
					want = want && (!chas(v, 10*k) || phas(v, 50))
				}
				cond := "d " + cop + " " + string(rune('0'+k))
				if got := f.indexUse("SELECT * FROM p WHERE id = 5 AND "+cond) != ""; got != want {
					t.Errorf("index WHERE d %s 5, query WHERE %s: used %v, want %v", pop, cond, got, want)
				}
			}
		}
	}
}

// Lists count as the equalities that they are.
func TestListImplication(t *testing.T) {
	f := func(pred, cond string, want bool) {
		t.Helper()
		if got := newPartial(t, pred).indexUse("SELECT * FROM p WHERE id = 5 AND "+cond) != ""; got != want {
			t.Errorf("index WHERE %s, query WHERE %s: used %v, want %v", pred, cond, got, want)
		}
	}
	f("a IN (1, 2, 3)", "a IN (1, 2, 3)", true)
	f("a IN (1, 2, 3)", "a IN (3, 1)", true)
	f("a IN (1, 2, 3)", "a IN (1, 4)", false)
	f("a IN (1, 2, 3)", "a = 2", true)
	f("a IN (1, 2, 3)", "a = 4", false)
	f("a IN (1, 2, 3)", "a IN (1, NULL)", true)
	f("a IN (1, 2, 3)", "(a = 1 OR a = 2)", true)
	f("a IN (1, 2, 3)", "a < 4", false)
	f("a > 0", "a IN (1, 2, 3)", true)
	f("a > 1", "a IN (1, 2, 3)", false)
	f("a <> 4", "a IN (1, 2, 3)", true)
	f("a = 1 OR a > 2", "a IN (1, 3)", true)
	f("a = 1 OR a > 2", "a IN (1, 2)", false)
	f("a IS NOT NULL", "a IN (1, 2, 3)", true)
	f("b IS NOT NULL", "a IN (1, 2, 3)", false)
	f("a > 0", "a NOT IN (1, 2)", false)
	f("a > 0", "a <> ALL ('{1,2}')", false)
	f("c IN ('x', 'y')", "c = 'y'", true)
}

// What the predicate says is not checked again, it makes the rows fewer, and a partial index may be read for
// nothing but its predicate.
func TestPartialPlans(t *testing.T) {
	f := newFixture(t, `CREATE TABLE jobs (id int PRIMARY KEY, state text, due int, note text);
		CREATE INDEX jobs_due ON jobs (due) WHERE state = 'new';
		CREATE INDEX jobs_failed ON jobs (id) WHERE state = 'failed' AND due > 100;
		CREATE UNIQUE INDEX jobs_note ON jobs (note) WHERE note IS NOT NULL;
		CREATE TABLE w (k int, v text)`)
	f.rows("jobs", 1e6)
	f.rows("w", 10)
	f.column("jobs", "due", cat.ColumnStats{Distinct: 1e5})
	state := f.column("jobs", "state", cat.ColumnStats{Distinct: 4})
	for _, v := range []struct {
		text string
		freq float64
	}{{"done", 0.98}, {"new", 0.01}, {"failed", 0.001}} {
		state.MCV, state.MCVFreq = append(state.MCV, textDatum(v.text)), append(state.MCVFreq, v.freq)
	}
	f.is("SELECT * FROM jobs WHERE state = 'new' AND due = 7", `
Index Scan using jobs_due on jobs
  Index Cond: (due = 7)`)
	f.is("SELECT * FROM jobs WHERE state = 'new'", `
Bitmap Heap Scan on jobs
  Recheck Cond: (state = 'new'::text)
  ->  Bitmap Index Scan on jobs_due`)
	f.is("SELECT * FROM jobs WHERE state = 'new' ORDER BY due LIMIT 5", `
Limit
  ->  Index Scan using jobs_due on jobs`)
	f.is("SELECT * FROM jobs WHERE state = 'new' AND note = 'x' ORDER BY due LIMIT 5", `
Limit
  ->  Sort
        Sort Key: due
        ->  Index Scan using jobs_note on jobs
              Index Cond: (note = 'x'::text)
              Filter: (state = 'new'::text)`)
	f.is("SELECT * FROM jobs WHERE state = 'failed' AND due > 200", `
Bitmap Heap Scan on jobs
  Recheck Cond: (state = 'failed'::text)
  Filter: (due > 200)
  ->  Bitmap Index Scan on jobs_failed`)
	f.is("SELECT * FROM jobs WHERE state = 'done' AND due = 7", `
Seq Scan on jobs
  Filter: ((state = 'done'::text) AND (due = 7))
  Index Not Used: jobs_due: partial: its predicate is not implied by the conditions
  Index Not Used: jobs_failed: partial: its predicate is not implied by the conditions
  Index Not Used: jobs_note: partial: its predicate is not implied by the conditions`)
	f.is("SELECT * FROM jobs WHERE note = 'x'", `
Index Scan using jobs_note on jobs
  Index Cond: (note = 'x'::text)`)
	f.is("SELECT * FROM jobs ORDER BY due LIMIT 5", `
Limit
  ->  Sort
        Sort Key: due
        ->  Seq Scan on jobs`)
	f.is("SELECT min(due) FROM jobs WHERE state = 'new'", `
Aggregate
  ->  Limit
        ->  Index Scan using jobs_due on jobs
              Index Cond: (due IS NOT NULL)`)
	f.is("SELECT * FROM w JOIN jobs ON jobs.due = w.k WHERE jobs.state = 'new'", `
Nested Loop
  ->  Seq Scan on w
  ->  Index Scan using jobs_due on jobs
        Index Cond: (jobs.due = w.k)`)
	f.is("SELECT * FROM w JOIN jobs ON jobs.due = w.k", `
Hash Join
  Hash Cond: (jobs.due = w.k)
  ->  Seq Scan on jobs
  ->  Hash
        ->  Seq Scan on w`)
	f.is("SELECT * FROM w JOIN jobs ON jobs.note = w.v", `
Nested Loop
  ->  Seq Scan on w
  ->  Index Scan using jobs_note on jobs
        Index Cond: (jobs.note = w.v)`)
	f.is("SELECT * FROM w LEFT JOIN jobs ON jobs.due = w.k AND jobs.state = 'new'", `
Nested Loop Left Join
  ->  Seq Scan on w
  ->  Index Scan using jobs_due on jobs
        Index Cond: (jobs.due = w.k)`)
	f.is("SELECT * FROM jobs WHERE state = 'new' AND due = 7 OR state = 'failed' AND due > 200", `
Bitmap Heap Scan on jobs
  Filter: (((state = 'new'::text) AND (due = 7)) OR ((state = 'failed'::text) AND (due > 200)))
  ->  BitmapOr
        ->  Bitmap Index Scan on jobs_due
              Index Cond: (due = 7)
        ->  Bitmap Index Scan on jobs_failed`)
	f.is("UPDATE jobs SET state = 'done' WHERE state = 'new' AND due < 3", `
Update on jobs
  ->  Bitmap Heap Scan on jobs
        Recheck Cond: ((state = 'new'::text) AND (due < 3))
        ->  Bitmap Index Scan on jobs_due
              Index Cond: (due < 3)`)
	f.is("DELETE FROM jobs WHERE state = 'failed' AND due > 100 AND id = 4", `
Delete on jobs
  ->  Index Scan using jobs_failed on jobs
        Index Cond: (id = 4)`)
}
