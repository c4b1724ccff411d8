package fn_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

func TestSets(t *testing.T) {
	env := testEnv(t)
	f := func(sig, want string, texts ...string) {
		t.Helper()
		g, args := find(t, sig)
		var vals []types.Datum
		for i, a := range args {
			d, err := types.Lookup(a.OID).Parse(texts[i], -1, env.Session)
			if err != nil {
				t.Fatal(err)
			}
			vals = append(vals, d)
		}
		outs := []types.OID{g.Ret}
		if g.Outs != nil {
			outs = nil
			for _, o := range g.Outs {
				outs = append(outs, o.Type)
			}
		}
		if typ := types.Lookup(outs[0]); typ.Kind == 'p' {
			outs[0] = types.Lookup(args[0].OID).Elem
		}
		var rows []string
		err := fn.RunSet(g, &fn.Call{Env: env, Args: args}, vals, func(row []types.Datum) error {
			var cells []string
			for i, d := range row {
				if d.Null {
					cells = append(cells, "-")
					continue
				}
				cells = append(cells, string(types.Lookup(outs[i]).Format(nil, d, env.Session)))
			}
			rows = append(rows, strings.Join(cells, "="))
			return nil
		})
		got := strings.Join(rows, " ")
		if err != nil {
			got = pgerr.Code(err) + " " + err.Error()
		}
		if got != want {
			t.Errorf("%s %q: got %s, want %s", sig, texts, got, want)
		}
	}
	f("generate_series(int4,int4)", "2 3 4", "2", "4")
	f("generate_series(int4,int4,int4)", "5 3 1", "5", "1", "-2")
	f("generate_series(int4,int4)", "", "4", "3")
	f("generate_series(int4,int4,int4)", "22023 step size cannot equal zero", "1", "2", "0")
	f("generate_series(int8,int8)", "9223372036854775806 9223372036854775807", "9223372036854775806",
		"9223372036854775807")
	f("generate_series(numeric,numeric,numeric)", "1.1 2.4 3.7", "1.1", "4", "1.3")
	f("generate_series(numeric,numeric)", "22023 stop value cannot be NaN", "1", "NaN")
	f("generate_series(timestamp,timestamp,interval)", "2008-03-01 00:00:00 2008-03-01 10:00:00 2008-03-01 20:00:00",
		"2008-03-01 00:00", "2008-03-02 00:00", "10 hours")
	f("generate_series(timestamp,timestamp,interval)", "2001-01-31 00:00:00 2001-02-28 00:00:00 2001-03-28 00:00:00",
		"2001-01-31", "2001-04-01", "1 month")
	f("generate_series(timestamptz,timestamptz,interval)",
		"2021-03-13 00:00:00-05 2021-03-14 00:00:00-05 2021-03-15 00:00:00-04",
		"2021-03-13", "2021-03-15", "1 day")
	f("unnest(_int4)", "1 - 3 4", "{{1,NULL},{3,4}}")
	f("generate_subscripts(_int4,int4)", "2 3", "[2:3]={7,8}", "1")
	f("generate_subscripts(_int4,int4,bool)", "3 2 1", "{7,8,9}", "1", "t")
	f("string_to_table(text,text)", "a b", "a,b", ",")
	f("regexp_matches(text,text)", "{bar}", "foobarbaz", "ba.")
	f("regexp_matches(text,text,text)", "{ba,r} {ba,z}", "foobarbaz", "(ba)(.)", "g")
	f("regexp_split_to_table(text,text)", "a b c", "abc", "")
	f("json_each(json)", `a=1 b="x"`, `{"a":1, "b":"x"}`)
	f("jsonb_each_text(jsonb)", `a=- b=x`, `{"b":"x","a":null}`)
	f("jsonb_each(jsonb)", `22023 cannot call jsonb_each on a non-object`, `1`)
	f("jsonb_object_keys(jsonb)", `b aa`, `{"aa":1,"b":2}`)
	f("json_object_keys(json)", `22023 cannot call json_object_keys on an array`, `[1]`)
	f("json_array_elements(json)", `1 {"a":2} null`, `[1, {"a":2}, null]`)
	f("jsonb_array_elements_text(jsonb)", `1 x -`, `[1, "x", null]`)
	f("jsonb_array_elements(jsonb)", `22023 cannot extract elements from an object`, `{}`)
}

func TestWindows(t *testing.T) {
	// Five rows in order of 10 20 20 30 30; the frame is from the start to the end of the peers.
	values := batch.New(types.Of(types.Int4OID), types.Int, 5)
	for _, v := range []int64{10, 20, 20, 30, 30} {
		values.Append(types.IntDatum(v))
	}
	ends := []int{1, 3, 3, 5, 5}
	p := &fn.Partition{N: 5, Peers: []int32{0, 1, 1, 3, 3}, Frame: func(i int) (int, int) { return 0, ends[i] }}
	constant := func(v int64) *batch.Column {
		c := batch.New(types.Of(types.Int4OID), types.Int, 5)
		for range 5 {
			c.Append(types.IntDatum(v))
		}
		return c
	}
	f := func(name string, nargs int, want string, args ...*batch.Column) {
		t.Helper()
		for _, g := range fn.FuncsByName(name) {
			if g.Kind != 'w' || len(g.Args) != nargs {
				continue
			}
			ret := types.Lookup(g.Ret)
			if ret.Kind == 'p' {
				ret = types.Lookup(types.Int4OID)
			}
			out := batch.New(types.Of(ret.OID), ret.Physical, 5)
			out.Resize(5)
			p.Args = args
			got := ""
			if err := g.Window(&fn.Call{}, p, out); err != nil {
				got = err.Error()
			} else {
				var cells []string
				for i := range 5 {
					if out.Null(i) {
						cells = append(cells, "-")
						continue
					}
					cells = append(cells, string(ret.Format(nil, out.Datum(i), nil)))
				}
				got = strings.Join(cells, " ")
			}
			if got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
			return
		}
		t.Errorf("no window function %s of %d arguments", name, nargs)
	}
	f("row_number", 0, "1 2 3 4 5")
	f("rank", 0, "1 2 2 4 4")
	f("dense_rank", 0, "1 2 2 3 3")
	f("percent_rank", 0, "0 0.25 0.25 0.75 0.75")
	f("cume_dist", 0, "0.2 0.6 0.6 1 1")
	f("ntile", 1, "1 1 2 2 3", constant(3))
	f("ntile", 1, "1 2 3 4 5", constant(9))
	f("ntile", 1, "argument of ntile must be greater than zero", constant(0))
	f("lag", 1, "- 10 20 20 30", values)
	f("lead", 1, "20 20 30 30 -", values)
	f("lag", 2, "- - 10 20 20", values, constant(2))
	f("lag", 3, "7 7 10 20 20", values, constant(2), constant(7))
	f("lead", 2, "10 20 20 30 30", values, constant(0))
	f("first_value", 1, "10 10 10 10 10", values)
	f("last_value", 1, "10 20 20 30 30", values)
	f("nth_value", 2, "- 20 20 20 20", values, constant(2))
	f("nth_value", 2, "argument of nth_value must be greater than zero", values, constant(0))
	p.Excluded = func(i, j int) bool { return i == j }
	f("first_value", 1, "- 10 10 10 10", values)
	f("last_value", 1, "- 20 20 30 30", values)
	p.Excluded = nil
}
