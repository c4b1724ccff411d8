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

func testEnv(t testing.TB) *fn.Env {
	zone, err := types.ParseZone("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return &fn.Env{Session: &types.Session{TimeZone: zone}, Random: func() float64 { return 0.5 }}
}

// find returns the function that name(types) calls: exactly, or with polymorphic arguments.
func find(t testing.TB, sig string) (*fn.Func, []types.T) {
	t.Helper()
	name, list, _ := strings.Cut(strings.TrimSuffix(sig, ")"), "(")
	var args []types.T
	for n := range strings.SplitSeq(list, ",") {
		if n == "" {
			continue
		}
		typ := types.ByName(n)
		if typ == nil {
			t.Fatalf("%s: no type %s", sig, n)
		}
		args = append(args, types.Of(typ.OID))
	}
	var fits *fn.Func
	for _, f := range fn.FuncsByName(name) {
		if len(f.Args) != len(args) {
			continue
		}
		exact, ok := true, true
		for i, a := range f.Args {
			if a != args[i].OID {
				exact = false
				if typ := types.Lookup(a); typ == nil || typ.Kind != 'p' {
					ok = false
				}
			}
		}
		if exact {
			return f, args
		}
		if ok && (fits == nil || !fits.Supported()) {
			fits = f
		}
	}
	if fits == nil {
		t.Fatalf("no function %s", sig)
	}
	return fits, args
}

// run calls the function with arguments in text form and prints result type and value, as the file of
// calls has them.
func run(t testing.TB, env *fn.Env, sig string, texts []string, ret string) (string, string) {
	f, args := find(t, sig)
	out := func(err error) (string, string) { return "!", pgerr.Code(err) + " " + err.Error() }
	var cols []*batch.Column
	for i, a := range args {
		typ := types.Lookup(a.OID)
		d, err := typ.Parse(texts[i], -1, env.Session)
		if err != nil {
			return out(err)
		}
		c := batch.New(a, typ.Physical, 1)
		c.Append(d)
		cols = append(cols, c)
	}
	typ := types.Lookup(f.Ret)
	if typ.Kind == 'p' {
		if typ = types.ByName(ret); typ == nil {
			typ = types.Lookup(args[0].OID)
		}
	}
	if f.Kernel == nil {
		return out(f.Unsupported())
	}
	result := batch.New(types.Of(typ.OID), typ.Physical, 1)
	result.Resize(1)
	call := &fn.Call{Env: env, Args: args, Ret: types.Of(typ.OID)}
	if err := f.Kernel(call, cols, nil, 1, result); err != nil {
		return out(err)
	}
	d := result.Datum(0)
	if d.Null {
		return typ.Name, "<null>"
	}
	text := string(typ.Format(nil, d, env.Session))
	return typ.Name, strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(text)
}

// TestCalls holds the kernels against what PostgreSQL answered.
func TestCalls(t *testing.T) {
	data, err := os.ReadFile("testdata/calls.tsv")
	if err != nil {
		t.Fatal(err)
	}
	env := testEnv(t)
	for line := range strings.Lines(string(data)) {
		v := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(v) != 4 {
			continue
		}
		texts := strings.Split(v[1], "|")
		typ, got := run(t, env, v[0], texts, v[2])
		if typ != v[2] || got != v[3] {
			t.Errorf("%s %s\n got %s %s\nwant %s %s", v[0], v[1], typ, got, v[2], v[3])
		}
	}
}
