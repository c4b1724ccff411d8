package eval_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// show prints the shape of an expression.
func show(e eval.Expr) string {
	switch e := e.(type) {
	case *eval.Const:
		if e.D.Null {
			return "null"
		}
		return string(types.Lookup(e.T.OID).Format(nil, e.D, nil))
	case *eval.Col:
		return e.Name
	case *eval.Param:
		return fmt.Sprintf("$%d", e.N)
	}
	var parts []string
	eval.Walk(e, func(c eval.Expr) bool {
		if c == e {
			return true
		}
		parts = append(parts, show(c))
		return false
	})
	name := strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", e), "*eval."))
	if c, ok := e.(*eval.Call); ok {
		name = c.F.Name
	}
	return name + "(" + strings.Join(parts, " ") + ")"
}

func TestFold(t *testing.T) {
	f := func(e eval.Expr, want string) {
		t.Helper()
		if got := show(eval.Fold(e)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	yes, no := lit("bool", "t"), lit("bool", "f")
	f(op("+", num(1), op("*", num(2), num(3))), "7")
	f(op("+", a(), op("*", num(2), num(3))), "int4pl(a 6)")
	f(op("/", num(1), num(0)), "int4div(1 0)")
	f(op("+", a(), null(int4OID)), "null")
	f(&eval.And{Args: []eval.Expr{yes, tt()}}, "t")
	f(&eval.And{Args: []eval.Expr{tt(), no}}, "f")
	f(&eval.Or{Args: []eval.Expr{no, tt(), no}}, "t")
	f(&eval.Or{Args: []eval.Expr{tt(), yes}}, "t")
	f(&eval.And{Args: []eval.Expr{tt(), null(boolOID)}}, "and(t null)")
	f(&eval.Not{Arg: yes}, "f")
	f(&eval.Case{
		Whens: []eval.When{{Cond: no, Result: num(1)}, {Cond: tt(), Result: num(2)}, {Cond: yes, Result: num(3)}},
		Else:  num(4), T: types.Of(int4OID),
	}, "case(t 2 3)")
	f(&eval.Case{Whens: []eval.When{{Cond: yes, Result: num(1)}}, Else: op("/", num(1), num(0)), T: types.Of(int4OID)},
		"1")
	f(&eval.Coalesce{Args: []eval.Expr{null(int4OID), a(), num(1), b()}, T: types.Of(int4OID)}, "coalesce(a 1)")
	f(&eval.Coalesce{Args: []eval.Expr{null(int4OID), num(1)}, T: types.Of(int4OID)}, "1")
	now := &eval.Call{F: fn.FuncsByName("now")[0], T: types.Of(types.TimestamptzOID)}
	f(now, "now()")
	f(&eval.IOCast{Arg: lit("text", "5"), T: types.Of(int4OID)}, "5")
	f(&eval.IOCast{Arg: lit("text", "today"), T: types.Of(types.DateOID)}, "iocast(today)")
	f(&eval.AnyAll{
		Left: num(1), Right: &eval.Array{Elems: []eval.Expr{num(1), num(2)}, T: types.Of(types.Int4ArrayOID)},
		F: fn.FindOperator("=", int4OID, int4OID).Func,
	}, "t")
}

func TestWalk(t *testing.T) {
	e := &eval.And{Args: []eval.Expr{op("<", a(), num(3)), &eval.Or{Args: []eval.Expr{tt(), &eval.IsNull{Arg: b()}}}}}
	set := map[eval.ColID]bool{}
	eval.Columns(e, set)
	if len(set) != 3 {
		t.Errorf("columns %v", set)
	}
	renamed := eval.Rewrite(e, func(x eval.Expr) eval.Expr {
		if c, ok := x.(*eval.Col); ok && c.ID == colA {
			return &eval.Col{ID: 77, T: c.T, Name: "z"}
		}
		return x
	})
	if got := show(renamed); got != "and(int4lt(z 3) or(t isnull(b)))" {
		t.Errorf("rewritten: %s", got)
	}
	if got := show(e); got != "and(int4lt(a 3) or(t isnull(b)))" {
		t.Errorf("the original changed: %s", got)
	}
	if eval.Rewrite(e, func(x eval.Expr) eval.Expr { return x }) != eval.Expr(e) {
		t.Error("a rewrite that changes nothing made a new tree")
	}
	if len(eval.Conjuncts(nil, e)) != 2 {
		t.Error("conjuncts")
	}
	if eval.HasVolatile(e) || eval.HasSubquery(e) || eval.HasAgg(e) || !eval.IsImmutable(e) {
		t.Error("properties of a plain condition")
	}
}

func TestEqual(t *testing.T) {
	f := func(x, y eval.Expr, want bool) {
		t.Helper()
		if eval.Equal(x, y) != want {
			t.Errorf("Equal(%s, %s) = %v", show(x), show(y), !want)
		}
	}
	f(op("+", a(), num(1)), op("+", a(), num(1)), true)
	f(op("+", a(), num(1)), op("+", a(), num(2)), false)
	f(op("+", a(), num(1)), op("-", a(), num(1)), false)
	f(a(), b(), false)
	f(&eval.IsNull{Arg: a()}, &eval.IsNull{Arg: a(), Not: true}, false)
	f(&eval.And{Args: []eval.Expr{tt(), tt()}}, &eval.Or{Args: []eval.Expr{tt(), tt()}}, false)
	sum := fn.FuncsByName("sum")[0]
	f(&eval.Agg{F: sum, Args: []eval.Expr{a()}}, &eval.Agg{F: sum, Args: []eval.Expr{a()}}, true)
	f(&eval.Agg{F: sum, Args: []eval.Expr{a()}}, &eval.Agg{F: sum, Args: []eval.Expr{a()}, Distinct: true}, false)
	f(&eval.Agg{F: sum, Args: []eval.Expr{a()}}, &eval.Agg{F: sum, Args: []eval.Expr{a()}, Filter: tt()}, false)
	key := func(desc bool) *eval.Agg {
		return &eval.Agg{F: sum, Args: []eval.Expr{a()}, Order: []eval.SortKey{{Expr: b(), Desc: desc}}}
	}
	f(key(true), key(true), true)
	f(key(true), key(false), false)
}
