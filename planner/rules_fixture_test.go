package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner/cat"
)

// newRules is the catalog of the tests of rules: two large tables and two small ones.
func newRules(t testing.TB) *fixture {
	t.Helper()
	f := newFixture(t, `CREATE TABLE t (id int PRIMARY KEY, a int, b int NOT NULL, c text, d float8);
		CREATE TABLE u (id int PRIMARY KEY, t_id int, x int, y text);
		CREATE TABLE w (k int, v int);
		CREATE TABLE z (k int NOT NULL, v int NOT NULL);
		CREATE INDEX t_a ON t (a);
		CREATE INDEX t_ba ON t (b, a DESC);
		CREATE INDEX t_c ON t (c);
		CREATE INDEX u_t ON u (t_id);
		CREATE VIEW wv AS SELECT k, v * 2 AS twice FROM w WHERE v > 0;
		CREATE VIEW counts AS SELECT b, count(*) AS n FROM t GROUP BY b`)
	f.rows("t", 100000)
	f.rows("u", 300000)
	f.rows("w", 20)
	f.rows("z", 30)
	a := f.column("t", "a", cat.ColumnStats{Distinct: 1000, NullFrac: 0.01})
	for i := range 11 {
		a.Histogram = append(a.Histogram, intDatum(int64(100*i)))
	}
	f.column("t", "b", cat.ColumnStats{Distinct: 50})
	f.column("t", "c", cat.ColumnStats{Distinct: 20000})
	f.column("u", "t_id", cat.ColumnStats{Distinct: 100000})
	x := f.column("u", "x", cat.ColumnStats{Distinct: 10, MCVFreq: []float64{0.5, 0.3}})
	x.MCV = append(x.MCV, intDatum(1), intDatum(2))
	return f
}
