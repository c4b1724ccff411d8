package planner_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/types"
)

// fixture is a catalog with statistics, and the plans that it leads to.
type fixture struct {
	t     testing.TB
	c     *testcat.Catalog
	stats map[string]*testStats
	set   planner.Settings
}

func newFixture(t testing.TB, ddl string) *fixture {
	t.Helper()
	f := &fixture{t: t, c: testcat.New(), stats: map[string]*testStats{}}
	if err := f.c.Exec(ddl); err != nil {
		t.Fatal(err)
	}
	return f
}

// testStats are statistics as a test states them.
type testStats struct {
	rows float64
	cols map[int16]*cat.ColumnStats
	ann  map[types.OID]*cat.ANNStats
}

// Rows implements cat.Stats.
func (s *testStats) Rows() float64 { return s.rows }

// Column implements cat.Stats.
func (s *testStats) Column(attr int16) *cat.ColumnStats { return s.cols[attr] }

// ANN implements cat.Stats.
func (s *testStats) ANN(index types.OID) *cat.ANNStats { return s.ann[index] }

func (f *fixture) statsOf(table string) *testStats {
	s := f.stats[table]
	if s == nil {
		s = &testStats{cols: map[int16]*cat.ColumnStats{}, ann: map[types.OID]*cat.ANNStats{}}
		f.stats[table] = s
		f.c.SetStats(table, s)
	}
	return s
}

// rows says how many rows a table has.
func (f *fixture) rows(table string, n float64) { f.statsOf(table).rows = n }

// column gives a column statistics; values are in text form.
func (f *fixture) column(table, name string, st cat.ColumnStats) *cat.ColumnStats {
	f.statsOf(table).cols[f.c.Table(table).Table.Column(name).Num] = &st
	return &st
}

// curve gives an ANN index a measured curve.
func (f *fixture) curve(table, index string, rows, unindexed float64, points ...cat.ANNPoint) *cat.ANNStats {
	st := &cat.ANNStats{Rows: rows, Unindexed: unindexed, Partitions: 100, Curve: points}
	for _, ix := range f.c.Table(table).Indexes {
		if ix.Name == index {
			f.statsOf(table).ann[ix.OID] = st
		}
	}
	return st
}

// make plans a statement with rules and settings switched off by name.
func (f *fixture) make(query string, off ...string) (*planner.Plan, error) {
	s := f.set
	s.Off = map[string]bool{}
	for _, name := range off {
		turnOff(&s, name)
	}
	stmts, err := sql.Parse(query)
	if err != nil {
		return nil, err
	}
	b := &bind.Binder{Catalog: f.c, Cache: bind.NewCache(), Session: &types.Session{Catalog: f.c}}
	r, err := b.Bind(stmts[0])
	if err != nil {
		return nil, err
	}
	return planner.Make(r, f.c, s)
}

func turnOff(s *planner.Settings, name string) {
	switch name {
	case "seqscan":
		s.NoSeqScan = true
	case "indexscan":
		s.NoIndexScan = true
	case "bitmapscan":
		s.NoBitmapScan = true
	case "hashjoin":
		s.NoHashJoin = true
	case "nestloop":
		s.NoNestLoop = true
	case "sort":
		s.NoSort = true
	case "ann":
		s.NoAnn = true
	case "all":
		s.Off = planner.RulesOff("all")
	default:
		s.Off[name] = true
	}
}

// must is make for statements that can be planned.
func (f *fixture) must(query string, off ...string) *planner.Plan {
	f.t.Helper()
	p, err := f.make(query, off...)
	if err != nil {
		f.t.Fatalf("%s\n%v", query, err)
	}
	return p
}

// text is the plan as EXPLAIN (COSTS OFF) prints it.
func (f *fixture) text(p *planner.Plan) string {
	e := planner.Explainer{Plan: p, Catalog: f.c}
	return "\n" + strings.Join(e.Lines(), "\n")
}

// is compares a plan with what is wanted, which begins with an empty line.
func (f *fixture) is(query, want string, off ...string) {
	f.t.Helper()
	same(f.t, query, f.text(f.must(query, off...)), want)
}

// rule compares the plans that a query has with a rule and without it.
func (f *fixture) rule(rule, query, with, without string) {
	f.t.Helper()
	p := f.must(query)
	if !slices.Contains(p.Rules, rule) {
		f.t.Errorf("%s\nrule %s was not applied, but %v", query, rule, p.Rules)
	}
	same(f.t, query, f.text(p), with)
	p = f.must(query, rule)
	if slices.Contains(p.Rules, rule) {
		f.t.Errorf("%s\nrule %s was applied although it is off", query, rule)
	}
	same(f.t, query+" -- without "+rule, f.text(p), without)
}

// never compares a plan, to which a rule must not be applied.
func (f *fixture) never(rule, query, want string) {
	f.t.Helper()
	p := f.must(query)
	if slices.Contains(p.Rules, rule) {
		f.t.Errorf("%s\nrule %s was applied", query, rule)
	}
	same(f.t, query, f.text(p), want)
}

func same(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\ngot:%s\nwant:%s", what, got, want)
	}
}

// textDatum is a text value, intDatum an integer, for statistics.
func textDatum(s string) types.Datum { return types.StringDatum(s) }

func intDatum(i int64) types.Datum { return types.IntDatum(i) }
