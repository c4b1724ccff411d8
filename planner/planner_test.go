package planner_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// TestPlans runs the files of testdata. Those below testdata/rules have a section for each behaviour of a rule and
// share the catalog of newRules; the others make theirs. Commands:
//
//	exec     DDL for the catalog of the file
//	stats    table=NAME rows=N, then a line a column: NAME distinct=N null=F hist=(1,10,20) mcv=(1:0.5)
//	ann      table=NAME index=NAME rows=N unindexed=N, then a line a point: PROBES REFINE RECALL
//	plan     prints the plan as EXPLAIN (COSTS OFF) does.
//	         expect=(Rule,..) checks that rules were applied, absent=(..) that they were not;
//	         off=(..) turns rules or settings off; costs prints estimates, rules the names of the rules
//	rule     NAME: prints the plan with the rule, which must be applied, and without it
func TestPlans(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		f := planFile{newFixture(t, "")}
		if filepath.Base(filepath.Dir(path)) == "rules" {
			f.fixture = newRules(t)
		}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "exec":
				if err := f.c.Exec(d.Input); err != nil {
					return "error: " + err.Error() + "\n"
				}
				return ""
			case "stats":
				f.setStats(t, d)
				return ""
			case "ann":
				f.setANN(t, d)
				return ""
			case "plan":
				return f.plan(t, d)
			case "rule":
				return f.withAndWithout(t, d)
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

// planFile is a file of testdata.
type planFile struct{ *fixture }

func (f planFile) setStats(t *testing.T, d *datadriven.TestData) {
	var table string
	var rows int
	d.ScanArgs(t, "table", &table)
	d.ScanArgs(t, "rows", &rows)
	s := f.statsOf(table)
	s.rows = float64(rows)
	for _, line := range strings.Split(d.Input, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		col := f.c.Table(table).Table.Column(fields[0])
		st := &cat.ColumnStats{}
		for _, kv := range fields[1:] {
			k, v, _ := strings.Cut(kv, "=")
			switch k {
			case "distinct":
				st.Distinct = number(t, v)
			case "null":
				st.NullFrac = number(t, v)
			case "hist":
				for _, x := range strings.Split(strings.Trim(v, "()"), ",") {
					st.Histogram = append(st.Histogram, datum(t, col, x))
				}
			case "mcv":
				for _, x := range strings.Split(strings.Trim(v, "()"), ",") {
					val, freq, _ := strings.Cut(x, ":")
					st.MCV, st.MCVFreq = append(st.MCV, datum(t, col, val)), append(st.MCVFreq, number(t, freq))
				}
			}
		}
		s.cols[col.Num] = st
	}
}

func (f planFile) setANN(t *testing.T, d *datadriven.TestData) {
	var table, index string
	var rows, unindexed int
	d.ScanArgs(t, "table", &table)
	d.ScanArgs(t, "index", &index)
	d.ScanArgs(t, "rows", &rows)
	d.MaybeScanArgs(t, "unindexed", &unindexed)
	a := &cat.ANNStats{Rows: float64(rows), Unindexed: float64(unindexed), Partitions: 100}
	for _, line := range strings.Split(d.Input, "\n") {
		if f := strings.Fields(line); len(f) == 3 {
			a.Curve = append(a.Curve, cat.ANNPoint{
				Probes: int(number(t, f[0])), Refine: int(number(t, f[1])), Recall: number(t, f[2]),
			})
		}
	}
	for _, ix := range f.c.Table(table).Indexes {
		if ix.Name == index {
			f.statsOf(table).ann[ix.OID] = a
		}
	}
}

func number(t *testing.T, s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func datum(t *testing.T, col *schema.Column, s string) types.Datum {
	v, err := types.Lookup(col.Type.OID).Parse(s, -1, &types.Session{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (f planFile) plan(t *testing.T, d *datadriven.TestData) string {
	var off []string
	for _, arg := range d.CmdArgs {
		if arg.Key == "off" {
			off = append(off, arg.Vals...)
		}
	}
	p, err := f.make(d.Input, off...)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	e := planner.Explainer{Plan: p, Catalog: f.c}
	out := ""
	for _, arg := range d.CmdArgs {
		switch arg.Key {
		case "expect":
			for _, v := range arg.Vals {
				if !slices.Contains(p.Rules, v) {
					t.Errorf("%s: rule %s was not applied, but %v", d.Pos, v, p.Rules)
				}
			}
		case "absent":
			for _, v := range arg.Vals {
				if slices.Contains(p.Rules, v) {
					t.Errorf("%s: rule %s was applied", d.Pos, v)
				}
			}
		case "costs":
			e.Costs = true
		case "rules":
			out = fmt.Sprintf("rules: %s\n", strings.Join(p.Rules, " "))
		}
	}
	return strings.Join(e.Lines(), "\n") + "\n" + out
}

// withAndWithout plans with a rule, which must be applied, and without it.
func (f planFile) withAndWithout(t *testing.T, d *datadriven.TestData) string {
	name := d.CmdArgs[0].Key
	with, err := f.make(d.Input)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	if !slices.Contains(with.Rules, name) {
		t.Errorf("%s: rule %s was not applied, but %v", d.Pos, name, with.Rules)
	}
	without, err := f.make(d.Input, name)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	if slices.Contains(without.Rules, name) {
		t.Errorf("%s: rule %s was applied although it is off", d.Pos, name)
	}
	return f.text(with)[1:] + "\n-- without the rule --" + f.text(without) + "\n"
}
