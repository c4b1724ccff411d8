package fn_test

import (
	"os"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// column makes a column of the items of an array literal; a plain value is repeated n times.
func column(t testing.TB, env *fn.Env, typ types.T, text string, n int, repeat bool) *batch.Column {
	t.Helper()
	elem := types.Lookup(typ.OID)
	c := batch.New(typ, elem.Physical, n)
	if repeat {
		d, err := elem.Parse(text, -1, env.Session)
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			c.Append(d)
		}
		return c
	}
	d, err := types.Lookup(elem.Array).Parse(text, -1, env.Session)
	if err != nil {
		t.Fatal(err)
	}
	a, err := types.DecodeArray(d.S)
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range a.Items {
		c.Append(item)
	}
	return c
}

// aggregate runs an aggregate over columns for group 1 of 3, rows one by one and all at once in turn,
// and prints the results of groups 0 and 1.
func aggregate(f *fn.Func, declared []types.T, cols []*batch.Column, ret *types.Type, env *fn.Env, whole bool) (empty, got string) {
	state := f.Agg(fn.AggCall{Call: fn.Call{Env: env, Args: declared, Ret: types.Of(ret.OID)}})
	state.Resize(2)
	n := cols[len(cols)-1].Len()
	fail := func(err error) (string, string) { return "", pgerr.Code(err) + " " + err.Error() }
	if whole {
		groups := make([]int32, n)
		for i := range groups {
			groups[i] = 1
		}
		if err := state.Add(groups, cols, nil, n); err != nil {
			return fail(err)
		}
	} else {
		for i := range n {
			if err := state.Add([]int32{1}, cols, []int32{int32(i)}, n); err != nil {
				return fail(err)
			}
		}
	}
	state.Resize(3)
	out := batch.New(types.Of(ret.OID), ret.Physical, 3)
	out.Resize(3)
	if err := state.Result(3, out); err != nil {
		return fail(err)
	}
	text := func(g int) string {
		if out.Null(g) {
			return "<null>"
		}
		return strings.ReplaceAll(string(ret.Format(nil, out.Datum(g), env.Session)), "\n", `\n`)
	}
	if text(0) != text(2) || state.Bytes() < 0 {
		return text(2), "groups without rows differ"
	}
	return text(0), text(1)
}

// TestAggregates holds the aggregates against what PostgreSQL answered.
func TestAggregates(t *testing.T) {
	data, err := os.ReadFile("testdata/aggregates.tsv")
	if err != nil {
		t.Fatal(err)
	}
	env := testEnv(t)
	for line := range strings.Lines(string(data)) {
		v := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(v) != 4 {
			continue
		}
		f, args := find(t, v[0])
		if f.Agg == nil {
			t.Errorf("%s has no state", v[0])
			continue
		}
		texts := strings.Split(v[1], "|")
		if texts[0] == "" {
			texts = texts[1:]
		}
		last := column(t, env, args[len(args)-1], texts[len(texts)-1], 0, false)
		var cols []*batch.Column
		for i := range args {
			cols = append(cols, column(t, env, args[i], texts[i], last.Len(), i < f.Direct))
		}
		ret := types.Lookup(f.Ret)
		if ret.Kind == 'p' {
			ret = types.ByName(v[2])
		}
		if v[2] == "!" {
			ret = types.ByName("float8")
		}
		for _, whole := range []bool{true, false} {
			empty, got := aggregate(f, args, cols, ret, env, whole)
			if got != v[3] {
				t.Errorf("%s %s: got %s, want %s", v[0], v[1], got, v[3])
			}
			if want := map[bool]string{true: "0", false: "<null>"}[strings.Contains(f.Name, "count")]; empty != want &&
				v[2] != "!" {
				t.Errorf("%s of no rows: got %s", v[0], empty)
			}
		}
	}
}
