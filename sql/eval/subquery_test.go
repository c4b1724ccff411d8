package eval_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// innerID is the column of the relations that a script gives.
const innerID eval.ColID = 50

// script is a runner that gives prepared batches, of one integer column, or makes them for the row's values. It
// counts runs and batches and then fails if it is to.
type script struct {
	batches [][]int64 // -1 stands for NULL
	make    func(outer func(eval.ColID) types.Datum) [][]int64
	dead    bool // each batch has dead rows before, between and behind
	err     error

	runs, given int
}

func (s *script) RunSubquery(_ *eval.Subquery, outer func(eval.ColID) types.Datum, emit func(*batch.Batch) (bool, error)) error {
	s.runs++
	batches := s.batches
	if s.make != nil {
		batches = s.make(outer)
	}
	for _, rows := range batches {
		s.given++
		if more, err := emit(s.batch(rows)); err != nil || !more {
			return err
		}
	}
	return s.err
}

func (s *script) batch(rows []int64) *batch.Batch {
	col := batch.New(int4T, types.Int, len(rows))
	put := func(v int64) {
		d := types.IntDatum(v)
		d.Null = v < 0
		col.Append(d)
	}
	b := &batch.Batch{Cols: []*batch.Column{col}}
	if s.dead {
		b.Sel = []int32{}
		put(1000)
	}
	for _, v := range rows {
		put(v)
		if s.dead {
			b.Sel = append(b.Sel, int32(col.Len()-1))
			put(-1)
		}
	}
	b.N = col.Len()
	return b
}

// subquery is a subquery over the script's relation; outer columns make it run once a row.
func subquery(kind eval.SubqueryKind, outer ...eval.ColID) *eval.Subquery {
	e := &eval.Subquery{
		Kind: kind, Rel: &rel{cols: []eval.Column{{ID: innerID, Name: "x", T: int4T}}}, T: boolT,
		Outer: outer,
	}
	switch kind {
	case eval.Scalar:
		e.T = int4T
	case eval.ArrayOf:
		e.T = types.Of(types.Int4ArrayOID)
	case eval.RowOf:
		e.T = types.Of(types.RecordOID)
	}
	return e
}

func innerCol() eval.Expr { return &eval.Col{ID: innerID, T: int4T, Name: "x"} }

// tested is Left op ANY or ALL of the script's relation.
func tested(kind eval.SubqueryKind, name string, outer ...eval.ColID) *eval.Subquery {
	e := subquery(kind, outer...)
	e.Left, e.Test, e.Op = []eval.Expr{a()}, op(name, a(), innerCol()), name
	return e
}

// answered evaluates e over the rows of a batch by a script.
func answered(t *testing.T, e eval.Expr, s *script, in *batch.Batch) string {
	t.Helper()
	p, err := eval.Compile(e, slot)
	if err != nil {
		t.Fatal(err)
	}
	rt := runtime()
	rt.Subqueries = s
	col, err := p.Eval(rt, in)
	if err != nil {
		return pgerr.Code(err) + " " + err.Error()
	}
	out := ""
	for k := range in.Rows() {
		if k > 0 {
			out += " "
		}
		if i := in.Row(k); col.Null(i) {
			out += "-"
		} else {
			out += string(types.Lookup(e.Type().OID).Format(nil, col.Datum(i), nil))
		}
	}
	return out
}

// TestSubqueryBatches holds each kind of subquery over relations of no batch, of empty ones, and of several, with
// and without dead rows in them.
func TestSubqueryBatches(t *testing.T) {
	f := func(e *eval.Subquery, want string, batches ...[]int64) {
		t.Helper()
		for _, dead := range []bool{false, true} {
			for _, correlated := range []bool{false, true} {
				own := *e
				if correlated {
					own.Outer = []eval.ColID{colA}
				}
				s := &script{batches: batches, dead: dead}
				if got := answered(t, &own, s, testBatch(3)); got != want {
					t.Errorf("kind %d over %v, dead rows %v, correlated %v: %q, want %q", e.Kind, batches, dead, correlated, got, want)
				}
			}
		}
	}
	const many = "21000 more than one row returned by a subquery used as an expression"
	f(subquery(eval.Scalar), "- - -")
	f(subquery(eval.Scalar), "- - -", nil, nil)
	f(subquery(eval.Scalar), "5 5 5", nil, []int64{5}, nil)
	f(subquery(eval.Scalar), "- - -", []int64{-1})
	f(subquery(eval.Scalar), many, []int64{5, 6})
	f(subquery(eval.Scalar), many, []int64{5}, []int64{6})
	f(subquery(eval.Scalar), many, []int64{-1}, nil, []int64{-1})
	f(subquery(eval.RowOf), "- - -")
	f(subquery(eval.RowOf), "(5) (5) (5)", []int64{5})
	f(subquery(eval.RowOf), "() () ()", []int64{-1})
	f(subquery(eval.RowOf), many, []int64{5}, []int64{5})
	f(subquery(eval.Exists), "f f f")
	f(subquery(eval.Exists), "f f f", nil, nil)
	f(subquery(eval.Exists), "t t t", nil, []int64{-1})
	f(subquery(eval.ArrayOf), "{} {} {}", nil)
	f(subquery(eval.ArrayOf), "{1,NULL,2} {1,NULL,2} {1,NULL,2}", []int64{1, -1}, nil, []int64{2})
	f(tested(eval.Any, "="), "f f f", nil)
	f(tested(eval.Any, "="), "t f t", []int64{0}, []int64{2, 7})
	f(tested(eval.Any, "="), "t - -", []int64{-1}, []int64{0})
	f(tested(eval.Any, ">"), "f t t", []int64{5, 0}, []int64{5})
	f(tested(eval.Any, ">"), "- t t", []int64{-1, 0})
	f(tested(eval.All, "<>"), "t t t", nil, nil)
	f(tested(eval.All, "<>"), "f t f", []int64{0}, []int64{2, 7})
	f(tested(eval.All, "<>"), "f - -", []int64{0, -1})
	f(tested(eval.All, "<="), "t t f", []int64{1}, []int64{1, 9})
}

// TestSubqueriesOfOneRow holds that a correlated subquery sees the values of each selected row, the batch's own
// before outer ones, and runs for no other row.
func TestSubqueriesOfOneRow(t *testing.T) {
	const far eval.ColID = 99
	var seen []int64
	s := &script{make: func(outer func(eval.ColID) types.Datum) [][]int64 {
		seen = append(seen, outer(colA).I, outer(far).I)
		b := outer(colB)
		if b.Null {
			return [][]int64{{-1}}
		}
		return [][]int64{{b.I + outer(far).I}}
	}}
	p, err := eval.Compile(subquery(eval.Scalar, colA, colB, far), slot)
	if err != nil {
		t.Fatal(err)
	}
	rt := runtime()
	rt.Subqueries = s
	v := int64(100)
	rt.Outer = func(id eval.ColID) types.Datum {
		if id == colA {
			t.Error("an outer query was asked for a column of the batch")
		}
		return types.IntDatum(v)
	}
	in := testBatch(6)
	in.Sel = []int32{1, 2, 4}
	for range 2 {
		col, err := p.Eval(rt, in)
		if err != nil || col.I[1] != 10+v || !col.Null(2) || col.I[4] != 40+v {
			t.Errorf("outer %d: %v %v", v, col, err)
		}
		v *= 2
	}
	if want := []int64{1, 100, 2, 100, 4, 100, 1, 200, 2, 200, 4, 200}; !slices.Equal(seen, want) {
		t.Errorf("ran with %v, want %v", seen, want)
	}
}

// TestSubqueriesStopEarly holds how many batches are asked for: no more than decide.
func TestSubqueriesStopEarly(t *testing.T) {
	f := func(e eval.Expr, runs, given int) {
		t.Helper()
		s := &script{batches: [][]int64{nil, {0, 1}, {2}, {3}}}
		answered(t, e, s, testBatch(2))
		if s.runs != runs || s.given != given {
			t.Errorf("%d runs of %d batches, want %d of %d", s.runs, s.given, runs, given)
		}
	}
	f(subquery(eval.Exists), 1, 2)
	f(subquery(eval.Exists, colA), 2, 4)
	f(subquery(eval.Scalar), 1, 2)
	f(subquery(eval.Scalar, colA), 1, 2)
	f(subquery(eval.ArrayOf), 1, 4)
	f(tested(eval.Any, "="), 1, 4)
	f(tested(eval.Any, "=", colA), 2, 4)
	f(tested(eval.Any, ">", colA), 2, 6)
	f(tested(eval.All, ">", colA), 2, 4)
	no := lit("bool", "f")
	f(&eval.And{Args: []eval.Expr{no, subquery(eval.Exists)}}, 0, 0)
	f(&eval.Case{Whens: []eval.When{{Cond: op("=", a(), num(1)), Result: subquery(eval.Scalar, colA)}}, T: int4T}, 1, 2)
	f(&eval.Coalesce{Args: []eval.Expr{b(), subquery(eval.Scalar, colA)}, T: int4T}, 0, 0)
	f(&eval.Or{Args: []eval.Expr{op("=", a(), num(0)), subquery(eval.Exists, colA)}}, 1, 2)
}

// TestSubqueryErrors holds that the errors of the runner, of the left operand and of the test come back, and that
// what was half read is not kept.
func TestSubqueryErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, kind := range []eval.SubqueryKind{eval.Exists, eval.Scalar, eval.ArrayOf, eval.RowOf, eval.Any, eval.All} {
		for _, outer := range [][]eval.ColID{nil, {colA}} {
			e := subquery(kind, outer...)
			if kind == eval.Any || kind == eval.All {
				e = tested(kind, "<>", outer...)
				if kind == eval.Any {
					e = tested(kind, "=", outer...)
				}
			}
			s := &script{batches: [][]int64{nil}, err: broken}
			p, err := eval.Compile(e, slot)
			if err != nil {
				t.Fatal(err)
			}
			rt := runtime()
			rt.Subqueries = s
			if _, err := p.Eval(rt, testBatch(2)); !errors.Is(err, broken) {
				t.Errorf("kind %d, outer %v: %v", kind, outer, err)
			}
			s.err, s.batches = nil, [][]int64{{7}}
			if _, err := p.Eval(rt, testBatch(2)); err != nil || s.runs < 2 {
				t.Errorf("kind %d, outer %v: %v, run %d times", kind, outer, err, s.runs)
			}
		}
	}
	f := func(e eval.Expr, want string, rows ...int64) {
		t.Helper()
		if got := answered(t, e, &script{batches: [][]int64{rows}}, testBatch(2)); got != want {
			t.Errorf("%v: %q, want %q", rows, got, want)
		}
	}
	left := subquery(eval.Any)
	left.Left, left.Test = []eval.Expr{op("/", num(1), a())}, op("=", op("/", num(1), a()), innerCol())
	f(left, "22012 division by zero", 5)
	f(left, "22012 division by zero")
	test := tested(eval.Any, "=")
	test.Test = op("=", a(), op("/", num(6), innerCol()))
	f(test, "22012 division by zero", 9, 0)
	f(test, "f f")
	f(test, "t t", 9, 6)
}

// TestSubqueriesBelongToARuntime holds that the rows of a subquery are kept for one execution and read anew in the
// next, also when they are kept as a set.
func TestSubqueriesBelongToARuntime(t *testing.T) {
	for _, e := range []eval.Expr{
		subquery(eval.Scalar), subquery(eval.Exists), tested(eval.Any, "="), tested(eval.All, "<"),
	} {
		p, err := eval.Compile(e, slot)
		if err != nil {
			t.Fatal(err)
		}
		s := &script{}
		for _, rows := range [][]int64{{2}, nil, {0}, {-1}, {1}} {
			s.batches = [][]int64{rows}
			rt, before := runtime(), s.runs
			rt.Subqueries = s
			want := answered(t, e, &script{batches: s.batches}, testBatch(3))
			for range 3 {
				col, err := p.Eval(rt, testBatch(3))
				if err != nil {
					t.Fatal(err)
				}
				got := ""
				for i := range 3 {
					if i > 0 {
						got += " "
					}
					if col.Null(i) {
						got += "-"
					} else {
						got += string(types.Lookup(e.Type().OID).Format(nil, col.Datum(i), nil))
					}
				}
				if got != want {
					t.Errorf("%T over %v: %q, want %q", e, rows, got, want)
				}
			}
			if s.runs != before+1 {
				t.Errorf("run %d times in one execution", s.runs-before)
			}
		}
	}
}

// TestTestsSeeEverything holds that the test of ANY may use the row's columns, outer ones, parameters and the
// relation's.
func TestTestsSeeEverything(t *testing.T) {
	e := subquery(eval.Any)
	far := &eval.Col{ID: 99, T: int4T, Name: "far"}
	e.Left = []eval.Expr{a()}
	e.Test = op("=", op("+", op("+", a(), far), &eval.Param{N: 1, T: int4T}), innerCol())
	p, err := eval.Compile(e, slot)
	if err != nil {
		t.Fatal(err)
	}
	v := int64(10)
	rt := &eval.Runtime{
		Env: &fn.Env{}, Params: []types.Datum{types.IntDatum(3)},
		Outer:      func(eval.ColID) types.Datum { return types.IntDatum(v) },
		Subqueries: &script{batches: [][]int64{{14}, {25}}},
	}
	for _, want := range [][]bool{{false, true, false}, {false, false, true}} {
		col, err := p.Eval(rt, testBatch(3))
		if err != nil || !slices.Equal(col.B[:3], want) {
			t.Errorf("outer %d: %v %v, want %v", v, col, err, want)
		}
		v += 10
	}
}
