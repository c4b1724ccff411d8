package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// OIDs that the tests build expressions of.
const (
	boolOID types.OID = 16
	int8OID types.OID = 20
	int4OID types.OID = 23
	textOID types.OID = 25
)

// The columns of the test batch.
const (
	colA eval.ColID = iota + 1 // int4: 0 1 2 ...
	colB                       // int4: 0 10 20 ..., null in every third row
	colT                       // bool: true false null true ...
)

func slot(id eval.ColID) (int, bool) { return int(id) - 1, id >= 1 && id <= 3 }

func testBatch(n int) *batch.Batch {
	a := batch.New(types.Of(int4OID), types.Int, n)
	b := batch.New(types.Of(int4OID), types.Int, n)
	t := batch.New(types.Of(boolOID), types.Bool, n)
	for i := range n {
		a.Append(types.IntDatum(int64(i)))
		d := types.IntDatum(int64(10 * i))
		d.Null = i%3 == 2
		b.Append(d)
		d = types.BoolDatum(i%3 == 0)
		d.Null = i%3 == 2
		t.Append(d)
	}
	return &batch.Batch{Cols: []*batch.Column{a, b, t}, N: n}
}

func a() eval.Expr               { return &eval.Col{ID: colA, T: types.Of(int4OID), Name: "a"} }
func b() eval.Expr               { return &eval.Col{ID: colB, T: types.Of(int4OID), Name: "b"} }
func tt() eval.Expr              { return &eval.Col{ID: colT, T: types.Of(boolOID), Name: "t"} }
func num(v int64) eval.Expr      { return &eval.Const{T: types.Of(int4OID), D: types.IntDatum(v)} }
func null(o types.OID) eval.Expr { return &eval.Const{T: types.Of(o), D: types.NullDatum} }

func op(name string, l, r eval.Expr) eval.Expr {
	o := fn.FindOperator(name, l.Type().OID, r.Type().OID)
	if o == nil {
		panic("no operator " + name)
	}
	return &eval.Call{F: o.Func, Args: []eval.Expr{l, r}, T: types.Of(o.Ret), Op: name, Form: eval.FormOp}
}

// run evaluates e over the rows that count and prints the values.
func run(e eval.Expr, in *batch.Batch) string {
	p, err := eval.Compile(e, slot)
	if err != nil {
		return pgerr.Code(err) + " " + err.Error()
	}
	col, err := p.Eval(&eval.Runtime{Env: &fn.Env{}}, in)
	if err != nil {
		return pgerr.Code(err) + " " + err.Error()
	}
	var out []string
	for i := range in.Rows() {
		d := col.Datum(in.Row(i))
		switch {
		case d.Null:
			out = append(out, "-")
		case col.Phys == types.Bool:
			out = append(out, fmt.Sprint(d.Bool())[:1])
		case col.Phys == types.String:
			out = append(out, d.S)
		default:
			out = append(out, fmt.Sprint(d.I))
		}
	}
	return strings.Join(out, " ")
}

func TestEval(t *testing.T) {
	f := func(e eval.Expr, want string) {
		t.Helper()
		if got := run(e, testBatch(6)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		in := testBatch(6)
		in.Sel = []int32{1, 2, 5}
		words := strings.Split(want, " ")
		if len(words) == 6 {
			want = strings.Join([]string{words[1], words[2], words[5]}, " ")
		}
		if got := run(e, in); got != want && !strings.HasPrefix(want, "22") {
			t.Errorf("selected: got %q, want %q", got, want)
		}
	}
	f(op("+", a(), op("*", b(), num(2))), "0 21 - 63 84 -")
	f(op("/", num(10), a()), "22012 division by zero")
	f(op("+", a(), null(int4OID)), "- - - - - -")
	f(op("<", a(), num(3)), "t t t f f f")
	f(op("<", num(3), a()), "f f f f t t")
	f(&eval.And{Args: []eval.Expr{op(">", a(), num(0)), op(">", op("/", num(4), a()), num(1))}}, "f t t f f f")
	f(&eval.And{Args: []eval.Expr{tt(), op("<", a(), num(2))}}, "t f f f f f")
	f(&eval.Or{Args: []eval.Expr{tt(), op("<", a(), num(2))}}, "t t - t f -")
	f(&eval.Not{Arg: tt()}, "f t - f t -")
	f(&eval.IsNull{Arg: b()}, "f f t f f t")
	f(&eval.IsNull{Arg: &eval.Row{Fields: []eval.Expr{b(), null(int4OID)}}}, "f f t f f t")
	f(&eval.IsNull{Arg: &eval.Row{Fields: []eval.Expr{b(), a()}}, Not: true}, "t t f t t f")
	f(&eval.BoolTest{Arg: tt(), Want: eval.WantTrue, Not: true}, "f t t f t t")
	f(&eval.BoolTest{Arg: tt(), Want: eval.WantUnknown}, "f f t f f t")
	eq := fn.FindOperator("=", int4OID, int4OID).Func
	f(&eval.Distinct{Left: b(), Right: num(10), Eq: eq}, "t f t t t t")
	f(&eval.Distinct{Left: b(), Right: null(int4OID), Eq: eq, Not: true}, "f f t f f t")
	f(&eval.NullIf{Left: a(), Right: num(1), Eq: eq}, "0 - 2 3 4 5")
	f(&eval.Coalesce{Args: []eval.Expr{b(), a()}, T: types.Of(int4OID)}, "0 10 2 30 40 5")
	f(&eval.Case{Whens: []eval.When{
		{Cond: op("=", a(), num(0)), Result: num(-1)},
		{Cond: tt(), Result: op("/", num(60), a())},
	}, T: types.Of(int4OID)}, "-1 - - 20 - -")
	f(&eval.Case{Arg: a(), Whens: []eval.When{
		{Cond: op("=", &eval.CaseValue{T: types.Of(int4OID)}, num(4)), Result: b()},
	}, Else: num(7), T: types.Of(int4OID)}, "7 7 7 7 40 7")
}

func list(vals ...eval.Expr) *eval.Array { return &eval.Array{Elems: vals, T: types.Of(1007)} }

func TestAnyAll(t *testing.T) {
	f := func(e eval.Expr, want string) {
		t.Helper()
		if got := run(e, testBatch(6)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	eq := fn.FindOperator("=", int4OID, int4OID).Func
	ne := fn.FindOperator("<>", int4OID, int4OID).Func
	f(&eval.AnyAll{Left: b(), Right: list(num(10), a()), F: eq, Op: "="}, "t t - f f -")
	f(&eval.AnyAll{Left: b(), Right: list(num(10), null(int4OID)), F: eq, Op: "="}, "- t - - - -")
	f(&eval.AnyAll{Left: b(), Right: list(num(10), num(40), num(1), num(2)), F: eq, Op: "="}, "f t - f t -")
	f(&eval.AnyAll{Left: b(), Right: list(num(10), num(40), num(1), null(int4OID)), F: eq, Op: "="}, "- t - - t -")
	f(&eval.AnyAll{Left: b(), Right: list(num(10), num(40), num(1), num(2)), F: ne, Op: "<>", All: true}, "t f - t f -")
	f(&eval.AnyAll{Left: op("+", a(), num(1)), Right: list(num(1), num(3)), F: eq, Op: "="}, "t f t f f f")
	f(&eval.AnyAll{Left: a(), Right: list(), F: eq, Op: "="}, "f f f f f f")
}

func TestRowCompare(t *testing.T) {
	eq, lt := fn.FindOperator("=", int4OID, int4OID).Func, fn.FindOperator("<", int4OID, int4OID).Func
	f := func(op string, right []eval.Expr, want string) {
		t.Helper()
		e := &eval.RowCompare{
			Op: op, Left: []eval.Expr{a(), b()}, Right: right, Eq: []*fn.Func{eq, eq},
			Cmp: []*fn.Func{lt, lt},
		}
		if got := run(e, testBatch(6)); got != want {
			t.Errorf("%s: got %q, want %q", op, got, want)
		}
	}
	f("=", []eval.Expr{num(1), num(10)}, "f t f f f f")
	f("=", []eval.Expr{num(2), num(10)}, "f f - f f f")
	f("<>", []eval.Expr{num(2), num(10)}, "t t - t t t")
	f("<", []eval.Expr{num(2), num(10)}, "t t - f f f")
	f("<=", []eval.Expr{num(1), num(10)}, "t t f f f f")
	f("<", []eval.Expr{num(1), num(10)}, "t f f f f f")
}

func TestFilter(t *testing.T) {
	f := func(e eval.Expr, want string) {
		t.Helper()
		for _, sel := range [][]int32{nil, {0, 1, 2, 3, 4, 5}} {
			in := testBatch(6)
			in.Sel = sel
			p, err := eval.Compile(e, slot)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := p.Filter(&eval.Runtime{Env: &fn.Env{}}, in)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(rows); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
	for _, c := range []struct{ op, want string }{
		{"=", "[3]"}, {"<>", "[0 1 2 4 5]"}, {"<", "[0 1 2]"}, {"<=", "[0 1 2 3]"}, {">", "[4 5]"}, {">=", "[3 4 5]"},
	} {
		f(op(c.op, a(), num(3)), c.want)
	}
	f(op("<", num(3), a()), "[4 5]")
	f(op(">", b(), num(5)), "[1 3 4]")
	f(op(">", b(), null(int4OID)), "[]")
	f(&eval.And{Args: []eval.Expr{op(">", a(), num(0)), tt(), op(">", op("/", num(9), a()), num(1))}}, "[3]")
	f(&eval.Or{Args: []eval.Expr{op(">", a(), num(4)), tt()}}, "[0 3 5]")
	f(tt(), "[0 3]")
}

func BenchmarkArithmetic(bb *testing.B) {
	in := testBatch(1024)
	in.Cols[1].Nulls = nil
	e := op("<", op("+", a(), op("*", b(), num(3))), num(10))
	p, err := eval.Compile(e, slot)
	if err != nil {
		bb.Fatal(err)
	}
	rt := &eval.Runtime{Env: &fn.Env{}}
	bb.ReportAllocs()
	for bb.Loop() {
		if _, err := p.Filter(rt, in); err != nil {
			bb.Fatal(err)
		}
	}
	bb.ReportMetric(float64(bb.Elapsed().Nanoseconds())/float64(bb.N)/1024/3, "ns/op/row")
}

func BenchmarkCompileTiny(bb *testing.B) {
	e := op("<", op("+", a(), op("*", b(), num(3))), num(10))
	in := testBatch(1)
	bb.ReportAllocs()
	for bb.Loop() {
		p, _ := eval.Compile(e, slot)
		if _, err := p.Eval(&eval.Runtime{Env: &fn.Env{}}, in); err != nil {
			bb.Fatal(err)
		}
	}
}
