package eval_test

import (
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// counted is a function of one integer that counts the calls of its kernel and the rows they were asked for.
type counted struct {
	f           *fn.Func
	calls, rows int
}

func newCounted(vol fn.Volatility) *counted {
	c := &counted{}
	c.f = &fn.Func{
		Name: "counted", Args: []types.OID{int4OID}, Ret: int4OID, Strict: true, Vol: vol,
		Kernel: func(_ *fn.Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
			c.calls++
			if sel == nil {
				c.rows += n
				copy(out.I, args[0].I[:n])
				return nil
			}
			c.rows += len(sel)
			for _, i := range sel {
				out.I[i] = args[0].I[i]
			}
			return nil
		},
	}
	return c
}

func (c *counted) of(arg eval.Expr) eval.Expr {
	return &eval.Call{F: c.f, Args: []eval.Expr{arg}, T: int4T}
}

// TestConstantsAreComputedOnce holds how often a call runs that does not depend on the row: once a Runtime beside
// rows, only when a row needs it, and for each row when it is volatile.
func TestConstantsAreComputedOnce(t *testing.T) {
	f := func(name string, vol fn.Volatility, make func(c *counted) eval.Expr, sel []int32, runtimes, wantCalls, wantRows int) {
		t.Helper()
		c := newCounted(vol)
		p, err := eval.Compile(make(c), slot)
		if err != nil {
			t.Fatal(err)
		}
		in := testBatch(6)
		in.Sel = sel
		for range runtimes {
			rt := runtime()
			for range 3 {
				if _, err := p.Eval(rt, in); err != nil {
					t.Fatal(err)
				}
			}
		}
		if c.calls != wantCalls || c.rows != wantRows {
			t.Errorf("%s: %d calls for %d rows, want %d for %d", name, c.calls, c.rows, wantCalls, wantRows)
		}
	}
	param := func() eval.Expr { return &eval.Param{N: 1, T: int4T} }
	beside := func(c *counted) eval.Expr { return op("+", a(), c.of(param())) }
	f("of a parameter, alone", fn.Immutable, func(c *counted) eval.Expr { return c.of(param()) }, nil, 1, 1, 1)
	f("of a parameter, beside a column", fn.Immutable, beside, nil, 1, 1, 1)
	f("stable", fn.Stable, beside, nil, 1, 1, 1)
	f("in two executions", fn.Immutable, beside, nil, 2, 2, 2)
	f("volatile", fn.Volatile, beside, nil, 1, 3, 18)
	f("volatile, of some rows", fn.Volatile, beside, []int32{0, 5}, 1, 3, 6)
	f("of a column", fn.Immutable, func(c *counted) eval.Expr { return c.of(a()) }, []int32{1, 2, 4}, 1, 3, 9)
	f("strict, of nulls", fn.Immutable, func(c *counted) eval.Expr { return c.of(b()) }, nil, 1, 3, 12)
	f("strict, of null rows alone", fn.Immutable, func(c *counted) eval.Expr { return c.of(b()) }, []int32{2, 5}, 1, 0, 0)
	untaken := func(c *counted) eval.Expr {
		return &eval.Case{Whens: []eval.When{{Cond: op("<", a(), num(0)), Result: c.of(param())}}, Else: a(), T: int4T}
	}
	f("in an arm that no row takes", fn.Immutable, untaken, nil, 1, 0, 0)
	arm := func(c *counted) eval.Expr {
		return &eval.Case{Whens: []eval.When{{Cond: op("<", a(), num(2)), Result: c.of(a())}}, Else: num(0), T: int4T}
	}
	f("in an arm that two rows take", fn.Immutable, arm, nil, 1, 3, 6)
	second := func(c *counted) eval.Expr { return &eval.Coalesce{Args: []eval.Expr{b(), c.of(a())}, T: int4T} }
	f("behind COALESCE's first", fn.Immutable, second, nil, 1, 3, 6)
	f("behind COALESCE's first, where that is known", fn.Immutable, second, []int32{0, 1}, 1, 0, 0)
	and := func(c *counted) eval.Expr {
		return &eval.And{Args: []eval.Expr{op(">", a(), num(3)), op(">", c.of(a()), num(0))}}
	}
	f("behind an AND that is false", fn.Immutable, and, nil, 1, 3, 6)
	or := func(c *counted) eval.Expr {
		return &eval.Or{Args: []eval.Expr{op(">", a(), num(3)), op(">", c.of(a()), num(0))}}
	}
	f("behind an OR that is true", fn.Immutable, or, nil, 1, 3, 12)
	shared := func(c *counted) eval.Expr {
		return &eval.AnyAll{Left: c.of(a()), Right: list(num(1), a()), F: equality(int4OID), Op: "="}
	}
	f("left of IN", fn.Immutable, shared, nil, 1, 3, 18)
	operand := func(c *counted) eval.Expr {
		v := &eval.CaseValue{T: int4T}
		return &eval.Case{
			Arg:   c.of(a()),
			Whens: []eval.When{{Cond: op("=", v, num(1)), Result: num(1)}, {Cond: op("=", v, num(2)), Result: num(2)}}, T: int4T,
		}
	}
	f("operand of CASE", fn.Immutable, operand, nil, 1, 3, 18)
	f("no rows at all", fn.Volatile, beside, []int32{}, 1, 0, 0)
}

// TestCompileErrors holds what no program can be made of.
func TestCompileErrors(t *testing.T) {
	f := func(e eval.Expr, want string) {
		t.Helper()
		if _, err := eval.Compile(e, slot); err == nil || pgerr.Code(err)+" "+err.Error() != want {
			t.Errorf("%s: %v, want %s", show(e), err, want)
		}
	}
	sum := fn.FuncsByName("sum")[0]
	f(&eval.CaseValue{T: int4T}, "XX000 CASE operand outside of CASE")
	f(&eval.ArrayElem{T: int4T}, "XX000 array element outside of an array cast")
	f(&eval.Agg{F: sum, Args: []eval.Expr{a()}, T: int4T}, "XX000 aggregate sum outside of an aggregation")
	f(&eval.Grouping{}, "XX000 GROUPING outside of an aggregation")
	f(&eval.Default{T: int4T}, "42601 DEFAULT is not allowed in this context")
	f(op("+", a(), &eval.Default{T: int4T}), "42601 DEFAULT is not allowed in this context")
	f(&eval.Case{
		Arg: a(), Whens: []eval.When{{Cond: op("=", &eval.CaseValue{T: int4T}, num(1)), Result: num(1)}},
		Else: &eval.Default{T: int4T}, T: int4T,
	},
		"42601 DEFAULT is not allowed in this context")
	f(&eval.AnyAll{Left: a(), Right: num(1), F: equality(int4OID)}, "XX000 op ANY/ALL over no array")
	f(&eval.MinMax{Args: []eval.Expr{lit("json", "1")}, T: types.Of(types.JSONOID)},
		"42883 could not identify a comparison function for type json")
	f(&eval.IOCast{Arg: num(1), T: types.Of(600)}, "0A000 cast from integer to point is not supported")
	index := eval.SubscriptIndex{Upper: num(1)}
	f(&eval.Subscript{Arg: list(num(1)), Indexes: slices.Repeat([]eval.SubscriptIndex{index}, 7), T: int4T},
		"54000 number of array dimensions (7) exceeds the maximum allowed (6)")
	f(&eval.Subscript{
		Arg:     lit("jsonb", "[1]"),
		Indexes: []eval.SubscriptIndex{{Slice: true, Lower: num(1), Upper: num(2)}}, T: types.Of(types.JSONBOID),
	},
		"42804 jsonb subscript does not support slices")
	without := &fn.Func{Name: "lost", Args: []types.OID{int4OID}, Ret: int4OID}
	for _, e := range []eval.Expr{
		&eval.Call{F: without, Args: []eval.Expr{a()}, T: int4T},
		&eval.AnyAll{Left: a(), Right: list(num(1)), F: without},
		&eval.Distinct{Left: a(), Right: b(), Eq: without},
		&eval.NullIf{Left: a(), Right: b(), Eq: without},
		&eval.RowCompare{Op: "=", Left: []eval.Expr{a()}, Right: []eval.Expr{b()}, Eq: []*fn.Func{without}},
	} {
		if _, err := eval.Compile(e, slot); pgerr.Code(err) != "0A000" {
			t.Errorf("%s: %v", show(e), err)
		}
	}
}

// TestRunErrors holds what a Runtime must have for a program to run.
func TestRunErrors(t *testing.T) {
	f := func(e eval.Expr, rt *eval.Runtime, want string) {
		t.Helper()
		p, err := eval.Compile(e, slot)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Eval(rt, testBatch(2)); err == nil || pgerr.Code(err)+" "+err.Error() != want {
			t.Errorf("%s: %v, want %s", show(e), err, want)
		}
	}
	empty := &eval.Runtime{}
	f(op("+", a(), &eval.Param{N: 2, T: int4T}), runtime(), "42P02 there is no parameter $2")
	f(&eval.Param{N: 0, T: int4T}, runtime(), "42P02 there is no parameter $0")
	f(&eval.Col{ID: 99, T: int4T, Name: "o"}, empty, "XX000 column o is not in the input")
	f(&eval.Subquery{Kind: eval.Exists, Rel: &rel{}, T: boolT}, empty, "XX000 no runner for subqueries")
	broken := &eval.Const{T: types.Of(types.Int4ArrayOID), D: types.StringDatum("damaged")}
	f(&eval.Subscript{Arg: broken, Indexes: []eval.SubscriptIndex{{Upper: a()}}, T: int4T}, empty,
		"XX001 array value is damaged")
	f(&eval.AnyAll{Left: a(), Right: broken, F: equality(int4OID)}, empty, "XX001 array value is damaged")
	record := &eval.Const{T: types.Of(types.RecordOID), D: types.StringDatum("\x05")}
	f(&eval.Field{Arg: record, N: 0, T: int4T}, empty, "XX001 record value is damaged")
	f(&eval.IsNull{Arg: record}, empty, "XX001 record value is damaged")
}

// TestProperties holds what is asked of expressions before they are planned.
func TestProperties(t *testing.T) {
	random := &eval.Call{F: fn.FuncsByName("random")[0], T: types.Of(types.Float8OID)}
	now := &eval.Call{F: fn.FuncsByName("now")[0], T: types.Of(types.TimestamptzOID)}
	sub := &eval.Subquery{Kind: eval.Exists, Rel: &rel{}, T: boolT, Outer: []eval.ColID{colA}}
	agg := &eval.Agg{F: fn.FuncsByName("sum")[0], Args: []eval.Expr{a()}, T: int4T}
	f := func(e eval.Expr, volatile, subquery, aggregate, immutable bool) {
		t.Helper()
		got := []bool{eval.HasVolatile(e), eval.HasSubquery(e), eval.HasAgg(e), eval.IsImmutable(e)}
		if want := []bool{volatile, subquery, aggregate, immutable}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", show(e), got, want)
		}
	}
	f(a(), false, false, false, true)
	f(random, true, false, false, false)
	f(now, false, false, false, false)
	f(sub, false, true, false, false)
	f(agg, false, false, true, false)
	f(&eval.Grouping{}, false, false, true, false)
	f(&eval.Not{Arg: sub}, false, true, false, false)
	f(&eval.Case{Arg: agg, Whens: []eval.When{{Cond: tt(), Result: random}}, T: int4T}, true, false, true, false)
	f(&eval.Coalesce{Args: []eval.Expr{a(), random}, T: int4T}, true, false, false, false)
	f(&eval.IOCast{Arg: a(), T: types.Of(textOID)}, false, false, false, true)
	f(&eval.IOCast{Arg: lit("text", "x"), T: types.Of(types.DateOID)}, false, false, false, false)
	f(&eval.IOCast{Arg: lit("_date", "{}"), T: types.Of(textOID)}, false, false, false, false)
	f(&eval.IOCast{Arg: lit("float8", "1"), T: types.Of(textOID)}, false, false, false, true)
	f(&eval.IOCast{Arg: lit("text", "x"), T: types.Of(types.RegclassOID)}, false, false, false, false)
	f(list(a(), num(1)), false, false, false, true)

	and := &eval.And{Args: []eval.Expr{tt(), &eval.And{Args: []eval.Expr{sub, &eval.Or{Args: []eval.Expr{tt(), tt()}}}}}}
	parts := eval.Conjuncts(nil, and)
	if len(parts) != 3 || len(eval.Conjuncts(parts[:1], tt())) != 2 {
		t.Errorf("%d conditions", len(parts))
	}
	if eval.Conjunction(nil) != nil || eval.Conjunction(parts[:1]) != parts[0] ||
		len(eval.Conjunction(parts).(*eval.And).Args) != 3 {
		t.Error("conditions are joined otherwise")
	}
	used := map[eval.ColID]bool{}
	eval.Columns(and, used)
	if len(used) != 2 || !used[colA] || !used[colT] {
		t.Errorf("columns %v", used)
	}
}

// TestFloatTextsFollowSettings holds that a float's text is not folded, for a setting changes it.
func TestFloatTextsFollowSettings(t *testing.T) {
	e := eval.Fold(&eval.IOCast{Arg: lit("float8", "0.123456789"), T: types.Of(textOID)})
	if _, folded := e.(*eval.Const); folded {
		t.Fatal("the text is computed without a session")
	}
	env := &fn.Env{Session: &types.Session{ExtraFloatDigits: -13}}
	if d, err := eval.Constant(&eval.Runtime{Env: env}, e); err != nil || d.S != "0.123" {
		t.Errorf("three digits: %q %v", d.S, err)
	}
}
