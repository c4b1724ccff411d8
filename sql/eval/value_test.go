package eval_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// lit is a constant given in text form.
func lit(name, text string) *eval.Const {
	typ := types.ByName(name)
	d, err := typ.Parse(text, -1, nil)
	if err != nil {
		panic(err)
	}
	return &eval.Const{T: types.Of(typ.OID), D: d}
}

// one evaluates an expression without columns and prints the value.
func one(t *testing.T, e eval.Expr) string {
	t.Helper()
	d, err := eval.Constant(&eval.Runtime{Env: &fn.Env{}}, e)
	if err != nil {
		return err.Error()
	}
	if d.Null {
		return "-"
	}
	return string(types.Lookup(e.Type().OID).Format(nil, d, nil))
}

func TestArrays(t *testing.T) {
	f := func(e eval.Expr, want string) {
		t.Helper()
		if got := one(t, e); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	ints := types.Of(types.Int4ArrayOID)
	f(&eval.Array{Elems: []eval.Expr{num(1), null(int4OID), num(3)}, T: ints}, "{1,NULL,3}")
	row := func(a, b int64) eval.Expr { return &eval.Array{Elems: []eval.Expr{num(a), num(b)}, T: ints} }
	f(&eval.Array{Elems: []eval.Expr{row(1, 2), row(3, 4)}, T: ints, Multi: true}, "{{1,2},{3,4}}")
	f(&eval.Array{Elems: []eval.Expr{row(1, 2), lit("_int4", "{5}")}, T: ints, Multi: true},
		"multidimensional arrays must have array expressions with matching dimensions")
	at := func(arr string, idx ...eval.SubscriptIndex) eval.Expr {
		e := &eval.Subscript{Arg: lit("_int4", arr), Indexes: idx, T: types.Of(int4OID)}
		for _, x := range idx {
			if x.Slice {
				e.T = ints
			}
		}
		return e
	}
	i := func(v int64) eval.SubscriptIndex { return eval.SubscriptIndex{Upper: num(v)} }
	s := func(a, b eval.Expr) eval.SubscriptIndex { return eval.SubscriptIndex{Slice: true, Lower: a, Upper: b} }
	f(at("{7,8,9}", i(2)), "8")
	f(at("{7,8,9}", i(4)), "-")
	f(at("[0:1]={7,8}", i(0)), "7")
	f(at("{{1,2},{3,4}}", i(2), i(1)), "3")
	f(at("{{1,2},{3,4}}", i(2)), "-")
	f(at("{1,2,3,4}", s(num(2), num(3))), "{2,3}")
	f(at("{1,2,3,4}", s(nil, num(2))), "{1,2}")
	f(at("{1,2,3,4}", s(num(3), nil)), "{3,4}")
	f(at("{1,2,3,4}", s(num(5), num(9))), "{}")
	f(at("{{1,2,3},{4,5,6}}", s(num(1), num(2)), s(num(2), num(3))), "{{2,3},{5,6}}")
	f(at("{{1,2,3},{4,5,6}}", s(num(2), num(2)), i(2)), "{{4,5}}")
	f(&eval.Subscript{Arg: lit("jsonb", `{"a":[1,{"b":2}]}`), T: types.Of(types.JSONBOID), Indexes: []eval.SubscriptIndex{
		{Upper: lit("text", "a")}, {Upper: num(1)}, {Upper: lit("text", "b")},
	}}, "2")
	f(&eval.ArrayCast{
		Arg: lit("_int4", "{{1,2},{3,NULL}}"),
		Elem: &eval.Call{
			F: fn.CastBetween(int4OID, int8OID).Func, Args: []eval.Expr{&eval.ArrayElem{T: types.Of(int4OID)}},
			T: types.Of(int8OID),
		},
		T: types.Of(types.Int8ArrayOID),
	}, "{{1,2},{3,NULL}}")
}

func TestAnyArray(t *testing.T) {
	eq, lt := fn.FindOperator("=", int4OID, int4OID).Func, fn.FindOperator("<", int4OID, int4OID).Func
	f := func(e eval.Expr, want string) {
		t.Helper()
		if got := run(e, testBatch(6)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(&eval.AnyAll{Left: b(), Right: lit("_int4", "{10,40}"), F: eq}, "f t - f t -")
	f(&eval.AnyAll{Left: b(), Right: lit("_int4", "{10,NULL}"), F: eq}, "- t - - - -")
	f(&eval.AnyAll{Left: b(), Right: lit("_int4", "{}"), F: eq}, "f f f f f f")
	f(&eval.AnyAll{Left: b(), Right: lit("_int4", "{}"), F: lt, All: true}, "t t t t t t")
	f(&eval.AnyAll{Left: a(), Right: lit("_int4", "{3,5}"), F: lt, All: true}, "t t t f f f")
	f(&eval.AnyAll{Left: a(), Right: lit("_int4", "{3,5}"), F: lt}, "t t t t t f")
	own := &eval.Array{Elems: []eval.Expr{num(1), b()}, T: types.Of(types.Int4ArrayOID)}
	f(&eval.AnyAll{Left: a(), Right: &eval.Relabel{Arg: own, T: own.T}, F: eq}, "t t - f f -")
	f(&eval.AnyAll{Left: a(), Right: &eval.Const{T: own.T, D: types.NullDatum}, F: eq}, "- - - - - -")
}

func TestRows(t *testing.T) {
	row := &eval.Row{
		Fields: []eval.Expr{num(1), lit("text", "x y"), null(int4OID)}, T: types.Of(types.RecordOID),
		Names: []string{"a", "b", "c"},
	}
	f := func(e eval.Expr, want string) {
		t.Helper()
		if got := one(t, e); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(row, `(1,"x y",)`)
	f(&eval.Field{Arg: row, N: 1, T: types.Of(textOID)}, "x y")
	f(&eval.Field{Arg: &eval.Relabel{Arg: row, T: row.T}, N: 2, T: types.Of(int4OID)}, "-")
	f(&eval.IsNull{Arg: &eval.Relabel{Arg: row, T: row.T}}, "f")
	f(&eval.IsNull{Arg: &eval.Relabel{Arg: row, T: row.T}, Not: true}, "f")
	for _, g := range fn.FuncsByName("row_to_json") {
		if len(g.Args) == 1 {
			f(&eval.Call{F: g, Args: []eval.Expr{row}, T: types.Of(types.JSONOID)}, `{"a":1,"b":"x y","c":null}`)
		}
	}
}

func TestCasts(t *testing.T) {
	f := func(e eval.Expr, want string) {
		t.Helper()
		if got := one(t, e); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(&eval.IOCast{Arg: num(42), T: types.Of(textOID)}, "42")
	f(&eval.IOCast{Arg: lit("text", "42"), T: types.Of(int4OID)}, "42")
	f(&eval.IOCast{Arg: lit("text", "4x"), T: types.Of(int4OID)}, `invalid input syntax for type integer: "4x"`)
	f(&eval.IOCast{Arg: null(textOID), T: types.Of(int4OID)}, "-")
	f(&eval.Relabel{Arg: num(-1), T: types.Of(types.OIDOID)}, "4294967295")
	f(&eval.Relabel{Arg: lit("oid", "4294967295"), T: types.Of(int4OID)}, "-1")
	f(&eval.ModCast{Arg: lit("varchar", "hello"), T: types.T{OID: types.VarcharOID, Mod: 4 + 3}, Explicit: true}, "hel")
	f(&eval.ModCast{Arg: lit("varchar", "hello"), T: types.T{OID: types.VarcharOID, Mod: 4 + 3}},
		"value too long for type character varying(3)")
	f(&eval.MinMax{Args: []eval.Expr{num(3), null(int4OID), num(7)}, Greatest: true, T: types.Of(int4OID)}, "7")
	f(&eval.MinMax{Args: []eval.Expr{num(3), null(int4OID), num(7)}, T: types.Of(int4OID)}, "3")
	f(&eval.MinMax{Args: []eval.Expr{null(int4OID)}, T: types.Of(int4OID)}, "-")
}

func TestVariadic(t *testing.T) {
	concat := fn.FuncsByName("concat")[0]
	if got := one(t,
		&eval.Call{
			F: concat, Args: []eval.Expr{num(1), null(textOID), lit("bool", "t")},
			T: types.Of(textOID),
		}); got != "1t" {
		t.Errorf("concat: %q", got)
	}
	spread := &eval.Call{F: concat, Args: []eval.Expr{lit("_int4", "{1,2}")}, T: types.Of(textOID), Variadic: true}
	if got := one(t, spread); got != "12" {
		t.Errorf("concat of VARIADIC: %q", got)
	}
	path := fn.FuncsByName("jsonb_extract_path_text")[0]
	doc := lit("jsonb", `{"a":{"b":"x"}}`)
	if got := one(t,
		&eval.Call{F: path, Args: []eval.Expr{doc, lit("text", "a"), lit("text", "b")}, T: types.Of(textOID)}); got != "x" {
		t.Errorf("path: %q", got)
	}
}

// rel is a relation that the test runner knows: its rows are computed from outer values.
type rel struct {
	cols []eval.Column
	rows func(outer func(eval.ColID) types.Datum) []int64
}

func (r *rel) Output() []eval.Column { return r.cols }

type runner struct{ runs int }

func (r *runner) RunSubquery(sub *eval.Subquery, outer func(eval.ColID) types.Datum, emit func(*batch.Batch) (bool, error)) error {
	r.runs++
	col := batch.New(types.Of(int4OID), types.Int, 4)
	for _, v := range sub.Rel.(*rel).rows(outer) {
		d := types.IntDatum(v)
		d.Null = v < 0
		col.Append(d)
	}
	if col.Len() == 0 {
		return nil
	}
	_, err := emit(&batch.Batch{Cols: []*batch.Column{col}, N: col.Len()})
	return err
}

func TestSubqueries(t *testing.T) {
	const inner eval.ColID = 50
	fixed := func(vals ...int64) *rel {
		return &rel{
			cols: []eval.Column{{ID: inner, T: types.Of(int4OID)}},
			rows: func(func(eval.ColID) types.Datum) []int64 { return vals },
		}
	}
	upto := &rel{cols: fixed().cols, rows: func(outer func(eval.ColID) types.Datum) []int64 {
		var list []int64
		for v := range outer(colA).I {
			list = append(list, v)
		}
		return list
	}}
	f := func(e eval.Expr, want string, runs int) {
		t.Helper()
		p, err := eval.Compile(e, slot)
		if err != nil {
			t.Fatal(err)
		}
		r := &runner{}
		rt := &eval.Runtime{Env: &fn.Env{}, Subqueries: r}
		in := testBatch(4)
		got := ""
		for range 2 { // the second call must not run uncorrelated ones again
			col, err := p.Eval(rt, in)
			if err != nil {
				got = err.Error()
				break
			}
			got = ""
			for i := range in.N {
				if i > 0 {
					got += " "
				}
				if col.Null(i) {
					got += "-"
					continue
				}
				got += string(types.Lookup(e.Type().OID).Format(nil, col.Datum(i), nil))
			}
		}
		if got != want || r.runs != runs {
			t.Errorf("got %q in %d runs, want %q in %d", got, r.runs, want, runs)
		}
	}
	test := op("=", a(), &eval.Col{ID: inner, T: types.Of(int4OID)})
	boolean := types.Of(boolOID)
	correlated := []eval.ColID{colA}
	f(&eval.Subquery{Kind: eval.Scalar, Rel: fixed(7), T: types.Of(int4OID)}, "7 7 7 7", 1)
	f(&eval.Subquery{Kind: eval.Scalar, Rel: fixed(), T: types.Of(int4OID)}, "- - - -", 1)
	f(&eval.Subquery{Kind: eval.Scalar, Rel: fixed(1, 2), T: types.Of(int4OID)},
		"more than one row returned by a subquery used as an expression", 1)
	f(&eval.Subquery{Kind: eval.Exists, Rel: fixed(), T: boolean}, "f f f f", 1)
	f(&eval.Subquery{Kind: eval.Exists, Rel: upto, T: boolean, Outer: correlated}, "f t t t", 8)
	f(&eval.Subquery{Kind: eval.ArrayOf, Rel: upto, T: types.Of(types.Int4ArrayOID), Outer: correlated},
		"{} {0} {0,1} {0,1,2}", 8)
	in := func(r *rel, outer ...eval.ColID) *eval.Subquery {
		return &eval.Subquery{Kind: eval.Any, Rel: r, Left: []eval.Expr{a()}, Test: test, T: boolean, Outer: outer}
	}
	f(in(fixed(1, 3)), "f t f t", 1)
	f(in(fixed(1, -1)), "- t - -", 1)
	f(in(fixed()), "f f f f", 1)
	f(in(upto, colA), "f f f f", 8)
	less := op(">", a(), &eval.Col{ID: inner, T: types.Of(int4OID)})
	f(&eval.Subquery{Kind: eval.All, Rel: fixed(0, 1), Left: []eval.Expr{a()}, Test: less, T: boolean}, "f f t t", 1)
	f(&eval.Subquery{Kind: eval.All, Rel: fixed(0, -1), Left: []eval.Expr{a()}, Test: less, T: boolean}, "f - - -", 1)
	f(&eval.Subquery{Kind: eval.Any, Rel: fixed(0, -1), Left: []eval.Expr{a()}, Test: less, T: boolean}, "- t t t", 1)
}

func TestOuter(t *testing.T) {
	outer := &eval.Col{ID: 99, T: types.Of(int4OID), Name: "o"}
	p, err := eval.Compile(op("+", a(), op("*", outer, num(2))), slot)
	if err != nil {
		t.Fatal(err)
	}
	v := int64(1)
	rt := &eval.Runtime{Env: &fn.Env{}, Outer: func(eval.ColID) types.Datum { return types.IntDatum(v) }}
	for _, want := range []int64{2, 20, 200} {
		v = want / 2
		col, err := p.Eval(rt, testBatch(3))
		if err != nil || col.I[1] != want+1 {
			t.Fatalf("got %v %v, want %d", col.I, err, want+1)
		}
	}
}

func TestParams(t *testing.T) {
	p, err := eval.Compile(op("+", a(), &eval.Param{N: 1, T: types.Of(int4OID)}), slot)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []int64{5, 7} {
		col, err := p.Eval(&eval.Runtime{Env: &fn.Env{}, Params: []types.Datum{types.IntDatum(v)}}, testBatch(3))
		if err != nil || col.I[2] != v+2 {
			t.Fatalf("got %v %v", col, err)
		}
	}
	if _, err := p.Eval(&eval.Runtime{Env: &fn.Env{}}, testBatch(1)); err == nil {
		t.Error("no error for a missing parameter")
	}
}
