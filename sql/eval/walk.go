package eval

import (
	"slices"
	"strings"

	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// mapChildren returns e with f applied to each direct operand, in a fixed order, and e itself when f
// changed none. The relation of a Subquery is no operand; its Left and Test are.
func mapChildren(e Expr, f func(Expr) Expr) Expr {
	switch e := e.(type) {
	case *Call:
		if args, changed := mapList(e.Args, f); changed {
			c := *e
			c.Args = args
			return &c
		}
	case *And:
		if args, changed := mapList(e.Args, f); changed {
			return &And{Args: args}
		}
	case *Or:
		if args, changed := mapList(e.Args, f); changed {
			return &Or{Args: args}
		}
	case *Coalesce:
		if args, changed := mapList(e.Args, f); changed {
			return &Coalesce{Args: args, T: e.T, Merged: e.Merged}
		}
	case *MinMax:
		if args, changed := mapList(e.Args, f); changed {
			return &MinMax{Args: args, Greatest: e.Greatest, T: e.T}
		}
	case *Array:
		if elems, changed := mapList(e.Elems, f); changed {
			c := *e
			c.Elems = elems
			return &c
		}
	case *Row:
		c := *e
		var changed bool
		c.Fields, changed = mapList(e.Fields, f)
		if e.Present != nil {
			c.Present = f(e.Present)
		}
		return pick(e, &c, !changed && c.Present == e.Present)
	default:
		return mapUnary(e, f)
	}
	return e
}

// mapUnary is mapChildren of the nodes with one operand.
func mapUnary(e Expr, f func(Expr) Expr) Expr {
	switch e := e.(type) {
	case *Not:
		if a := f(e.Arg); a != e.Arg {
			return &Not{Arg: a}
		}
	case *IsNull:
		if a := f(e.Arg); a != e.Arg {
			return &IsNull{Arg: a, Not: e.Not}
		}
	case *BoolTest:
		if a := f(e.Arg); a != e.Arg {
			return &BoolTest{Arg: a, Want: e.Want, Not: e.Not}
		}
	case *Field:
		if a := f(e.Arg); a != e.Arg {
			return &Field{Arg: a, N: e.N, Name: e.Name, T: e.T}
		}
	case *IOCast:
		if a := f(e.Arg); a != e.Arg {
			return &IOCast{Arg: a, T: e.T, Explicit: e.Explicit}
		}
	case *Relabel:
		if a := f(e.Arg); a != e.Arg {
			return &Relabel{Arg: a, T: e.T, Explicit: e.Explicit, Collation: e.Collation}
		}
	case *ModCast:
		if a := f(e.Arg); a != e.Arg {
			return &ModCast{Arg: a, T: e.T, Explicit: e.Explicit}
		}
	default:
		return mapMixed(e, f)
	}
	return e
}

// mapMixed is mapChildren of the nodes whose operands differ in role.
func mapMixed(e Expr, f func(Expr) Expr) Expr {
	switch e := e.(type) {
	case *Distinct:
		c := *e
		c.Left, c.Right = f(e.Left), f(e.Right)
		return pick(e, &c, c.Left == e.Left && c.Right == e.Right)
	case *NullIf:
		c := *e
		c.Left, c.Right = f(e.Left), f(e.Right)
		if e.CmpLeft != nil {
			c.CmpLeft = f(e.CmpLeft)
		}
		return pick(e, &c, c.Left == e.Left && c.Right == e.Right && c.CmpLeft == e.CmpLeft)
	case *AnyAll:
		c := *e
		c.Left, c.Right = f(e.Left), f(e.Right)
		return pick(e, &c, c.Left == e.Left && c.Right == e.Right)
	case *ArrayCast:
		c := *e
		c.Arg, c.Elem = f(e.Arg), f(e.Elem)
		return pick(e, &c, c.Arg == e.Arg && c.Elem == e.Elem)
	case *RowCompare:
		left, lc := mapList(e.Left, f)
		right, rc := mapList(e.Right, f)
		c := *e
		c.Left, c.Right = left, right
		return pick(e, &c, !lc && !rc)
	case *Subquery:
		left, changed := mapList(e.Left, f)
		c := *e
		c.Left = left
		if e.Test != nil {
			c.Test = f(e.Test)
		}
		return pick(e, &c, !changed && c.Test == e.Test)
	case *Case:
		return mapCase(e, f)
	case *Subscript:
		return mapSubscript(e, f)
	case *Agg:
		return mapAgg(e, f)
	}
	return e
}

func pick[E Expr](old, changed E, same bool) Expr {
	if same {
		return old
	}
	return changed
}

func mapList(list []Expr, f func(Expr) Expr) ([]Expr, bool) {
	out := list
	for i, e := range list {
		n := f(e)
		if n == e {
			continue
		}
		if &out[0] == &list[0] {
			out = slices.Clone(list)
		}
		out[i] = n
	}
	return out, len(list) > 0 && &out[0] != &list[0]
}

func mapCase(e *Case, f func(Expr) Expr) Expr {
	c := *e
	if e.Arg != nil {
		c.Arg = f(e.Arg)
	}
	same := c.Arg == e.Arg
	c.Whens = make([]When, len(e.Whens))
	for i, w := range e.Whens {
		c.Whens[i] = When{f(w.Cond), f(w.Result)}
		same = same && c.Whens[i] == w
	}
	if e.Else != nil {
		c.Else = f(e.Else)
	}
	return pick(e, &c, same && c.Else == e.Else)
}

func mapSubscript(e *Subscript, f func(Expr) Expr) Expr {
	c := *e
	c.Arg = f(e.Arg)
	same := c.Arg == e.Arg
	c.Indexes = slices.Clone(e.Indexes)
	for i := range c.Indexes {
		x := &c.Indexes[i]
		if x.Lower != nil {
			x.Lower = f(x.Lower)
		}
		if x.Upper != nil {
			x.Upper = f(x.Upper)
		}
		same = same && *x == e.Indexes[i]
	}
	return pick(e, &c, same)
}

func mapAgg(e *Agg, f func(Expr) Expr) Expr {
	c := *e
	var changed bool
	c.Args, changed = mapList(e.Args, f)
	same := !changed
	if len(e.Order) > 0 {
		c.Order = slices.Clone(e.Order)
		for i := range c.Order {
			c.Order[i].Expr = f(c.Order[i].Expr)
			same = same && c.Order[i] == e.Order[i]
		}
	}
	if e.Filter != nil {
		c.Filter = f(e.Filter)
	}
	return pick(e, &c, same && c.Filter == e.Filter)
}

// Rewrite rebuilds e from the leaves up: f sees every node after its operands have been rewritten
// and returns what stands in its place. Nodes that nothing changed are shared with e.
func Rewrite(e Expr, f func(Expr) Expr) Expr {
	return f(mapChildren(e, func(c Expr) Expr { return Rewrite(c, f) }))
}

// Walk calls f for e and, as long as f returns true, for the operands below.
func Walk(e Expr, f func(Expr) bool) {
	if !f(e) {
		return
	}
	mapChildren(e, func(c Expr) Expr {
		Walk(c, f)
		return c
	})
}

// operands lists the direct operands.
func operands(e Expr) []Expr {
	var list []Expr
	mapChildren(e, func(c Expr) Expr {
		list = append(list, c)
		return c
	})
	return list
}

// Columns adds the ids of all columns that e uses to set. Of a Subquery these are its Outer columns
// and those of Left and Test, less the ones its own relation defines.
func Columns(e Expr, set map[ColID]bool) {
	Walk(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Col:
			set[e.ID] = true
		case *Subquery:
			inner := make(map[ColID]bool)
			for _, id := range e.Outer {
				inner[id] = true
			}
			for _, l := range e.Left {
				Columns(l, inner)
			}
			if e.Test != nil {
				Columns(e.Test, inner)
			}
			if e.Rel != nil {
				for _, c := range e.Rel.Output() {
					delete(inner, c.ID)
				}
			}
			for id := range inner {
				set[id] = true
			}
			return false
		}
		return true
	})
}

// UsesOnly says whether every column that e uses satisfies ok.
func UsesOnly(e Expr, ok func(ColID) bool) bool {
	set := make(map[ColID]bool)
	Columns(e, set)
	for id := range set {
		if !ok(id) {
			return false
		}
	}
	return true
}

// some says whether a node of e satisfies f.
func some(e Expr, f func(Expr) bool) bool {
	found := false
	Walk(e, func(e Expr) bool {
		found = found || f(e)
		return !found
	})
	return found
}

// HasVolatile says whether e calls a volatile function, so that it must run exactly once a row. A
// subquery counts as not volatile: what is inside runs under its own plan.
func HasVolatile(e Expr) bool {
	return some(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Call:
			return e.F.Vol == fn.Volatile
		case *AnyAll:
			return e.F.Vol == fn.Volatile
		}
		return false
	})
}

// HasSubquery says whether e holds a Subquery.
func HasSubquery(e Expr) bool {
	return some(e, func(e Expr) bool { _, ok := e.(*Subquery); return ok })
}

// HasAgg says whether e holds an aggregate call or GROUPING.
func HasAgg(e Expr) bool {
	return some(e, func(e Expr) bool {
		switch e.(type) {
		case *Agg, *Grouping:
			return true
		}
		return false
	})
}

// IsImmutable says whether e depends on nothing but its columns and parameters: not on settings, the
// time or the catalog, so that an index or a partial predicate may be made of it.
func IsImmutable(e Expr) bool {
	return !some(e, func(e Expr) bool {
		switch e := e.(type) {
		case *Call:
			return e.F.Vol != fn.Immutable
		case *AnyAll:
			return e.F.Vol != fn.Immutable
		case *IOCast:
			return !immutableText(e.Arg.Type().OID) || !immutableText(e.T.OID)
		case *Subquery, *Agg, *Grouping, *Default:
			return true
		}
		return false
	})
}

// Conjuncts splits a condition at its ANDs and appends the parts to list.
func Conjuncts(list []Expr, e Expr) []Expr {
	if and, ok := e.(*And); ok {
		for _, a := range and.Args {
			list = Conjuncts(list, a)
		}
		return list
	}
	return append(list, e)
}

// Conjunction joins conditions by AND; of none it is nil.
func Conjunction(list []Expr) Expr {
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return &And{Args: list}
}

// Equal says whether two expressions are the same, node by node.
func Equal(a, b Expr) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	ha := header(a)
	if ha == nil || ha != header(b) {
		return false
	}
	ca, cb := operands(a), operands(b)
	if len(ca) != len(cb) {
		return false
	}
	for i := range ca {
		if !Equal(ca[i], cb[i]) {
			return false
		}
	}
	return true
}

// header is what distinguishes a node beside its operands, as a comparable value that holds its
// kind; nil means that the node equals only itself.
func header(e Expr) any {
	switch e := e.(type) {
	case *Const:
		return *e
	case *Col:
		return e.ID
	case *Param:
		return *e
	case *Call:
		type call struct {
			f        *fn.Func
			t        types.T
			variadic bool
		}
		return call{e.F, e.T, e.Variadic}
	case *AnyAll:
		type anyAll struct {
			f   *fn.Func
			all bool
		}
		return anyAll{e.F, e.All}
	case *Distinct:
		type distinct struct {
			eq  *fn.Func
			not bool
		}
		return distinct{e.Eq, e.Not}
	case *NullIf:
		type nullIf struct{ eq *fn.Func }
		return nullIf{e.Eq}
	case *Case:
		type caseNode struct {
			whens        int
			arg, hasElse bool
			t            types.T
		}
		return caseNode{len(e.Whens), e.Arg != nil, e.Else != nil, e.T}
	default:
		return typedHeader(e)
	}
}

// typedHeader is header of the nodes that a type and a few flags describe.
func typedHeader(e Expr) any {
	type key struct {
		kind  string
		t     types.T
		n     int
		a     bool
		words string
	}
	switch e := e.(type) {
	case *And:
		return key{kind: "and"}
	case *Or:
		return key{kind: "or"}
	case *Not:
		return key{kind: "not"}
	case *IsNull:
		return key{kind: "is null", a: e.Not}
	case *BoolTest:
		return key{kind: "bool test", n: int(e.Want), a: e.Not}
	case *CaseValue:
		return key{kind: "case value", t: e.T}
	case *Coalesce:
		return key{kind: "coalesce", t: e.T}
	case *MinMax:
		return key{kind: "min max", t: e.T, a: e.Greatest}
	case *Array:
		return key{kind: "array", t: e.T, a: e.Multi}
	case *Row:
		// The names count: functions that make JSON of a row read them.
		return key{kind: "row", t: e.T, a: e.Present != nil, words: strings.Join(e.Names, "\x00")}
	case *RowCompare:
		return key{kind: "row compare", n: len(e.Left), words: e.Op}
	case *Field:
		return key{kind: "field", t: e.T, n: e.N}
	case *IOCast:
		return key{kind: "io", t: e.T, a: e.Explicit}
	case *Relabel:
		return key{kind: "relabel", t: e.T, words: e.Collation}
	case *ModCast:
		return key{kind: "mod", t: e.T, a: e.Explicit}
	case *ArrayCast:
		return key{kind: "array cast", t: e.T}
	case *ArrayElem:
		return key{kind: "array elem", t: e.T}
	case *Agg:
		words := make([]byte, 0, 2*len(e.Order)+2)
		for _, k := range e.Order {
			words = append(words, flag(k.Desc), flag(k.NullsFirst))
		}
		words = append(words, flag(e.Filter != nil), flag(e.Star))
		return aggHeader{e.F, e.Distinct, e.T, string(words)}
	case *Subscript:
		words := make([]byte, 0, 3*len(e.Indexes))
		for _, x := range e.Indexes {
			words = append(words, flag(x.Slice), flag(x.Lower != nil), flag(x.Upper != nil))
		}
		return key{kind: "subscript", t: e.T, words: string(words)}
	}
	return nil
}

type aggHeader struct {
	f        *fn.Func
	distinct bool
	t        types.T
	words    string
}

func flag(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}
