package eval_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/tests/dbtest"
)

// leaf is a column by number, a new node each time.
func leaf(id int) eval.Expr {
	return &eval.Col{ID: eval.ColID(id), T: types.Of(int4OID), Name: fmt.Sprintf("c%d", id)}
}

// leaves are the columns from, from+1, ...
func leaves(from, n int) []eval.Expr {
	var out []eval.Expr
	for i := range n {
		out = append(out, leaf(from+i))
	}
	return out
}

// everyNode makes one node of each kind and of each of its variants. The operands of a node are the columns 1, 2,
// ... in the order in which they are visited; no two nodes are equal.
func everyNode() []eval.Expr {
	eq, lt := fn.FindOperator("=", int4OID, int4OID).Func, fn.FindOperator("<", int4OID, int4OID).Func
	text, ints := types.Of(textOID), types.Of(types.Int4ArrayOID)
	record := types.Of(types.RecordOID)
	sum := fn.FuncsByName("sum")[0]
	call := func(f *fn.Func, variadic bool, t types.T) eval.Expr {
		return &eval.Call{F: f, Args: leaves(1, 2), T: t, Variadic: variadic}
	}
	whens := func(from, n int) []eval.When {
		var out []eval.When
		for i := range n {
			out = append(out, eval.When{Cond: leaf(from + 2*i), Result: leaf(from + 2*i + 1)})
		}
		return out
	}
	subscript := func(index ...eval.SubscriptIndex) eval.Expr {
		return &eval.Subscript{Arg: leaf(1), Indexes: index, T: int4T}
	}
	order := func(desc, first bool) []eval.SortKey {
		return []eval.SortKey{{Expr: leaf(2), Desc: desc, NullsFirst: first}}
	}
	compare := func(op string, n int) eval.Expr {
		return &eval.RowCompare{
			Op: op, Left: leaves(1, n), Right: leaves(1+n, n), Eq: slices.Repeat([]*fn.Func{eq}, n),
			Cmp: slices.Repeat([]*fn.Func{lt}, n),
		}
	}
	return []eval.Expr{
		num(1), num(2), null(int4OID), lit("int8", "1"), leaf(0), leaf(-1),
		&eval.Param{N: 1, T: int4T}, &eval.Param{N: 2, T: int4T}, &eval.Param{N: 1, T: text},
		call(eq, false, boolT), call(lt, false, boolT), call(eq, true, boolT), call(eq, false, int4T),
		&eval.And{Args: leaves(1, 2)}, &eval.And{Args: leaves(1, 3)}, &eval.Or{Args: leaves(1, 2)},
		&eval.Not{Arg: leaf(1)}, &eval.IsNull{Arg: leaf(1)}, &eval.IsNull{Arg: leaf(1), Not: true},
		&eval.BoolTest{Arg: leaf(1)}, &eval.BoolTest{Arg: leaf(1), Want: eval.WantFalse},
		&eval.BoolTest{Arg: leaf(1), Want: eval.WantUnknown}, &eval.BoolTest{Arg: leaf(1), Not: true},
		&eval.Distinct{Left: leaf(1), Right: leaf(2), Eq: eq},
		&eval.Distinct{Left: leaf(1), Right: leaf(2), Eq: eq, Not: true},
		&eval.Distinct{Left: leaf(1), Right: leaf(2), Eq: lt},
		&eval.Case{Whens: whens(1, 1), T: int4T}, &eval.Case{Whens: whens(1, 2), T: int4T},
		&eval.Case{Whens: whens(1, 1), T: text},
		&eval.Case{Whens: whens(1, 1), Else: leaf(3), T: int4T}, &eval.Case{Arg: leaf(1), Whens: whens(2, 1), T: int4T},
		&eval.Case{Arg: leaf(1), Whens: whens(2, 1), Else: leaf(4), T: int4T},
		&eval.CaseValue{T: int4T}, &eval.CaseValue{T: text}, &eval.ArrayElem{T: int4T}, &eval.ArrayElem{T: text},
		&eval.Coalesce{Args: leaves(1, 2), T: int4T}, &eval.Coalesce{Args: leaves(1, 2), T: text},
		&eval.MinMax{Args: leaves(1, 2), T: int4T}, &eval.MinMax{Args: leaves(1, 2), Greatest: true, T: int4T},
		&eval.NullIf{Left: leaf(1), Right: leaf(2), Eq: eq}, &eval.NullIf{Left: leaf(1), Right: leaf(2), Eq: lt},
		&eval.NullIf{Left: leaf(1), Right: leaf(2), CmpLeft: leaf(3), Eq: eq},
		&eval.AnyAll{Left: leaf(1), Right: leaf(2), F: eq}, &eval.AnyAll{Left: leaf(1), Right: leaf(2), F: lt},
		&eval.AnyAll{Left: leaf(1), Right: leaf(2), F: eq, All: true},
		&eval.Array{Elems: leaves(1, 2), T: ints}, &eval.Array{Elems: leaves(1, 2), T: ints, Multi: true},
		&eval.Array{T: ints},
		subscript(eval.SubscriptIndex{Upper: leaf(2)}), subscript(eval.SubscriptIndex{Slice: true, Upper: leaf(2)}),
		subscript(eval.SubscriptIndex{Slice: true, Lower: leaf(2)}), subscript(eval.SubscriptIndex{Slice: true}),
		subscript(eval.SubscriptIndex{Slice: true, Lower: leaf(2), Upper: leaf(3)}, eval.SubscriptIndex{Upper: leaf(4)}),
		subscript(eval.SubscriptIndex{Upper: leaf(2)}, eval.SubscriptIndex{Upper: leaf(3)},
			eval.SubscriptIndex{Upper: leaf(4)}),
		&eval.Row{Fields: leaves(1, 2), T: record}, &eval.Row{Fields: leaves(1, 2), T: types.Of(70000)}, &eval.Row{T: record},
		&eval.Row{Fields: leaves(1, 2), Names: []string{"a", "b"}, T: record},
		&eval.Row{Fields: leaves(1, 2), Names: []string{"a", "c"}, T: record},
		compare("=", 2), compare("<>", 2), compare("<", 2), compare("=", 1),
		&eval.Field{Arg: leaf(1), T: int4T}, &eval.Field{Arg: leaf(1), N: 1, T: int4T}, &eval.Field{Arg: leaf(1), T: text},
		&eval.IOCast{Arg: leaf(1), T: text}, &eval.IOCast{Arg: leaf(1), T: text, Explicit: true},
		&eval.IOCast{Arg: leaf(1), T: int4T},
		&eval.Relabel{Arg: leaf(1), T: text}, &eval.Relabel{Arg: leaf(1), T: int4T},
		&eval.ModCast{Arg: leaf(1), T: types.T{OID: types.VarcharOID, Mod: 7}},
		&eval.ModCast{Arg: leaf(1), T: types.T{OID: types.VarcharOID, Mod: 8}},
		&eval.ModCast{Arg: leaf(1), T: types.T{OID: types.VarcharOID, Mod: 7}, Explicit: true},
		&eval.ArrayCast{Arg: leaf(1), Elem: leaf(2), T: ints},
		&eval.Agg{F: sum, Args: leaves(1, 1), T: int4T}, &eval.Agg{F: sum, Args: leaves(1, 2), T: int4T},
		&eval.Agg{F: sum, T: int4T, Star: true},
		&eval.Agg{F: sum, Args: leaves(1, 1), T: int4T, Distinct: true},
		&eval.Agg{F: sum, Args: leaves(1, 1), Filter: leaf(2), T: int4T},
		&eval.Agg{F: sum, Args: leaves(1, 1), Order: order(false, false), T: int4T},
		&eval.Agg{F: sum, Args: leaves(1, 1), Order: order(true, false), T: int4T},
		&eval.Agg{F: sum, Args: leaves(1, 1), Order: order(false, true), T: int4T},
		&eval.Agg{F: sum, Args: leaves(1, 1), Order: order(true, true), Filter: leaf(3), T: int4T},
	}
}

// onlyItself are the nodes that are equal to nothing but themselves.
func onlyItself() []eval.Expr {
	return []eval.Expr{
		&eval.Grouping{Groups: []int{1}}, &eval.Default{T: int4T},
		&eval.Subquery{Kind: eval.Any, Rel: &rel{}, Left: leaves(1, 2), Test: leaf(3), T: boolT},
		&eval.Subquery{Kind: eval.Exists, Rel: &rel{}, T: boolT},
	}
}

// below lists the direct operands of e by their numbers.
func below(e eval.Expr) []eval.ColID {
	var ids []eval.ColID
	eval.Walk(e, func(x eval.Expr) bool {
		if x == e {
			return true
		}
		ids = append(ids, x.(*eval.Col).ID)
		return false
	})
	return ids
}

// TestEveryNodeIsWalked holds that each kind of node shows all its operands, in order.
func TestEveryNodeIsWalked(t *testing.T) {
	withOperands := 0
	for i, e := range append(everyNode(), onlyItself()...) {
		ids := below(e)
		for k, id := range ids {
			if int(id) != k+1 {
				t.Errorf("node %d, %T: operands %v", i, e, ids)
			}
		}
		if len(ids) > 0 {
			withOperands++
		}
	}
	if withOperands < 60 {
		t.Errorf("only %d nodes have operands", withOperands)
	}
}

// TestEveryOperandIsRewritten holds that changing one operand makes a new node with that operand changed and the others
// shared, and leaves the old node as it was.
func TestEveryOperandIsRewritten(t *testing.T) {
	for i, e := range append(everyNode(), onlyItself()...) {
		before := below(e)
		if got := eval.Rewrite(e, func(x eval.Expr) eval.Expr { return x }); got != e {
			t.Errorf("node %d, %T: built anew without need", i, e)
		}
		for k, id := range before {
			got := eval.Rewrite(e, func(x eval.Expr) eval.Expr {
				if c, ok := x.(*eval.Col); ok && c.ID == id {
					return leaf(500)
				}
				return x
			})
			want := slices.Clone(before)
			want[k] = 500
			if got == e || !slices.Equal(below(got), want) || !slices.Equal(below(e), before) {
				t.Errorf("node %d, %T: operand %d changed gives %v, the old one has %v", i, e, k, below(got), below(e))
			}
			if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", e) || got.Type() != e.Type() && id != 1 {
				t.Errorf("node %d: %T became %T", i, e, got)
			}
			if eval.Equal(got, e) || eval.Equal(e, got) {
				t.Errorf("node %d, %T: equal with operand %d changed", i, e, k)
			}
			old := eval.Rewrite(got, func(x eval.Expr) eval.Expr {
				if c, ok := x.(*eval.Col); ok && c.ID == 500 {
					return leaf(int(id))
				}
				return x
			})
			if _, own := e.(*eval.Subquery); !own && !eval.Equal(old, e) {
				t.Errorf("node %d, %T: differs with operand %d changed there and back", i, e, k)
			}
		}
	}
}

// TestEveryNodeIsEqualToItsLike holds that nodes made twice are equal, and differ when a field does.
func TestEveryNodeIsEqualToItsLike(t *testing.T) {
	left, right := everyNode(), everyNode()
	for i, x := range left {
		for k, y := range right {
			if eval.Equal(x, y) != (i == k) {
				t.Errorf("nodes %d and %d, %s and %s: equal is %v", i, k, show(x), show(y), i != k)
			}
		}
		if eval.Equal(x, nil) || eval.Equal(nil, x) {
			t.Errorf("node %d is equal to none", i)
		}
	}
	own, other := onlyItself(), onlyItself()
	for i, x := range own {
		if !eval.Equal(x, x) || eval.Equal(x, other[i]) {
			t.Errorf("%T: equal to another", x)
		}
	}
	if !eval.Equal(nil, nil) {
		t.Error("none differs from none")
	}
}

// TestColumnsOfSubqueries holds that a subquery uses its outer columns and those of its test, less its own.
func TestColumnsOfSubqueries(t *testing.T) {
	const inner eval.ColID = 50
	sub := &eval.Subquery{
		Kind: eval.Any, Rel: &rel{cols: []eval.Column{{ID: inner, T: int4T}}}, Left: []eval.Expr{op("+", leaf(3), num(1))},
		Test: op("=", leaf(3), op("+", leaf(int(inner)), leaf(4))), Outer: []eval.ColID{7, inner}, T: boolT,
	}
	used := map[eval.ColID]bool{9: true}
	eval.Columns(&eval.Or{Args: []eval.Expr{sub, op("=", leaf(1), num(1))}}, used)
	want := map[eval.ColID]bool{1: true, 3: true, 4: true, 7: true, 9: true}
	if fmt.Sprint(used) != fmt.Sprint(want) {
		t.Errorf("uses %v, want %v", used, want)
	}
	if eval.UsesOnly(sub, func(id eval.ColID) bool { return id != 7 }) ||
		!eval.UsesOnly(sub, func(id eval.ColID) bool { return id != inner }) {
		t.Error("an outer column is not used, or an inner one is")
	}
}

// TestRowsDifferByTheirNames holds that aggregates over rows of the same fields under other names are computed apart.
func TestRowsDifferByTheirNames(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select json_agg(s), json_agg(row(s.a)), json_agg(q) from (select 1 as a) s, lateral (select s.a as b) q",
		`[{"a":1}]|[{"f1":1}]|[{"b":1}]`)
	db.Is("select row_to_json(s), row_to_json(row(s.a)) from (select 1 as a) s", `{"a":1}|{"f1":1}`)
	db.Is("select s, row(s.a) from (select 1 as a) s group by s, s.a", "(1)|(1)")
}
