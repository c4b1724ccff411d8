package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// setMin is the number of constants from which IN asks a set instead of comparing one by one.
const setMin = 4

// setNode is = ANY over constants (negated: <> ALL).
type setNode struct {
	left    node
	set     *memberSet
	negated bool
	out     result
}

func (c *compiler) compileAnyAll(e *AnyAll) (node, traits, error) {
	if e.F.Kernel == nil {
		return nil, 0, e.F.Unsupported()
	}
	list, ok := e.Right.(*Array)
	if !ok || list.Multi || len(list.Elems) == 0 { // the left operand counts, if only for its errors
		return c.compileAnyArray(e)
	}
	if negated, ok := setTest(e); ok && len(list.Elems) >= setMin && allConst(list.Elems) {
		set := newMemberSet(e.F.Args[1])
		for _, x := range list.Elems {
			set.add(x.(*Const).D)
		}
		return c.unary(e.Left, func(a node) node {
			return &setNode{left: a, set: set, negated: negated, out: newResult(boolT)}
		})
	}
	args, t, err := c.args(append([]Expr{e.Left}, list.Elems...), callTraits(e.F.Vol))
	if err != nil {
		return nil, 0, err
	}
	// Left op ANY (a, b) is (Left op a) OR (Left op b), op ALL the same with AND.
	logic := &logicNode{stop: !e.All, out: newResult(boolT)}
	left := &sharedNode{arg: args[0]}
	for i, x := range list.Elems {
		logic.args = append(logic.args, newCall(e.F, []Expr{e.Left, x}, boolT, []node{left, args[i+1]}))
	}
	if isRepeated(args[0]) || isColumn(args[0]) {
		return logic, t, nil
	}
	return &sharedList{left: left, logic: logic}, t, nil
}

// setTest says whether the test is membership in a set, or (negated) its opposite.
func setTest(e *AnyAll) (negated, ok bool) {
	if !e.All {
		return false, hashable(e.F)
	}
	return true, e.F.Compare == fn.NE
}

func isColumn(n node) bool {
	_, ok := n.(*colNode)
	return ok
}

// sharedNode hands out a column that is computed once a call.
type sharedNode struct {
	arg node
	col *batch.Column
}

func (n *sharedNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	if n.col != nil {
		return n.col, nil
	}
	return n.arg.eval(f, sel)
}

// sharedList computes the left operand for all rows before the list is gone through.
type sharedList struct {
	left  *sharedNode
	logic *logicNode
}

func (n *sharedList) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.left.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	n.left.col = col
	out, err := n.logic.eval(f, sel)
	n.left.col = nil
	return out, err
}

func (n *setNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.left.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		switch {
		case col.Null(i):
			n.out.nulls(f.n)[i] = true
		case n.set.has(col, i):
			out.B[i] = !n.negated
		case n.set.null:
			n.out.nulls(f.n)[i] = true
		default:
			out.B[i] = n.negated
		}
	}
	return out, nil
}

// anyArrayNode is Left op ANY or ALL over an array value.
type anyArrayNode struct {
	left, right node
	test        equality
	stop        bool // the outcome that settles a row: true of ANY
	logic       logicNode

	// What is known of an array that is the same for all rows.
	repeated bool
	known    string
	items    []types.Datum
	isKnown  bool
	set      *memberSet
	negated  bool

	elem, value repeat
}

func (c *compiler) compileAnyArray(e *AnyAll) (node, traits, error) {
	args, t, err := c.args([]Expr{e.Left, e.Right}, callTraits(e.F.Vol))
	if err != nil {
		return nil, 0, err
	}
	elem := types.Of(elementOf(e.Right.Type().OID))
	if elem.OID == 0 {
		return nil, 0, errInternal("op ANY/ALL over no array")
	}
	n := &anyArrayNode{
		left: args[0], right: args[1], stop: !e.All, repeated: isRepeated(args[1]),
		test:  newEquality(e.F, e.Left, &Const{T: elem}),
		logic: logicNode{stop: !e.All, out: newResult(boolT)},
		elem:  newRepeat(elem), value: newRepeat(e.Left.Type()),
	}
	if negated, ok := setTest(e); ok {
		n.set, n.negated = newMemberSet(e.F.Args[1]), negated
	}
	return n, t, nil
}

func (n *anyArrayNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	left, err := n.left.eval(f, sel)
	if err != nil {
		return nil, err
	}
	right, err := n.right.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.logic.out.start(f.n)
	if n.repeated {
		return out, n.evalRepeated(f, left, right.Datum(at(sel, 0)), sel)
	}
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if right.Null(i) {
			n.logic.out.nulls(f.n)[i] = true
			continue
		}
		a, err := types.DecodeArray(right.S[i])
		if err != nil {
			return nil, err
		}
		d, err := n.evalItems(f, left.Datum(i), a.Items)
		if err != nil {
			return nil, err
		}
		if d.Null {
			n.logic.out.nulls(f.n)[i] = true
			continue
		}
		out.B[i] = d.Bool()
	}
	return out, nil
}

// evalItems tests one value against the items of one array.
func (n *anyArrayNode) evalItems(f *frame, left types.Datum, items []types.Datum) (types.Datum, error) {
	if len(items) == 0 {
		return types.BoolDatum(!n.stop), nil
	}
	n.value.set(left)
	col := batch.New(n.elem.col.Type, n.elem.col.Phys, len(items))
	for _, d := range items {
		col.Append(d)
	}
	inner := frame{rt: f.rt, n: len(items), seq: f.seq}
	test, err := n.test.compare(&inner, n.value.column(len(items)), col, nil)
	if err != nil {
		return types.Datum{}, err
	}
	null := false
	for i := range items {
		if test.Null(i) {
			null = true
		} else if test.B[i] == n.stop {
			return types.BoolDatum(n.stop), nil
		}
	}
	return types.Datum{Null: null, I: types.BoolDatum(!n.stop).I}, nil
}

// evalRepeated tests all rows against one array: by a set, or item by item.
func (n *anyArrayNode) evalRepeated(f *frame, left *batch.Column, array types.Datum, sel []int32) error {
	if array.Null {
		mask := n.logic.out.nulls(f.n)
		for k := range selected(sel, f.n) {
			mask[at(sel, k)] = true
		}
		return nil
	}
	if !n.isKnown || n.known != array.S {
		if err := n.learn(array.S); err != nil {
			return err
		}
	}
	r := n.logic.out.col.B
	for k := range selected(sel, f.n) {
		r[at(sel, k)] = !n.stop
	}
	if n.set != nil && len(n.items) > 0 {
		n.evalSet(f, left, sel)
		return nil
	}
	active := sel
	for _, d := range n.items {
		n.elem.set(d)
		test, err := n.test.compare(f, left, n.elem.column(f.n), active)
		if err != nil {
			return err
		}
		if active = n.logic.take(test, active, f.n); len(active) == 0 {
			return nil
		}
	}
	return nil
}

func (n *anyArrayNode) learn(s string) error {
	a, err := types.DecodeArray(s)
	if err != nil {
		return err
	}
	n.known, n.items, n.isKnown = s, a.Items, true
	if n.set != nil {
		n.set.reset()
		for _, d := range a.Items {
			n.set.add(d)
		}
	}
	return nil
}

func (n *anyArrayNode) evalSet(f *frame, left *batch.Column, sel []int32) {
	r := n.logic.out.col.B
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		switch {
		case left.Null(i):
			n.logic.out.nulls(f.n)[i] = true
		case n.set.has(left, i):
			r[i] = !n.negated
		case n.set.null:
			n.logic.out.nulls(f.n)[i] = true
		default:
			r[i] = n.negated
		}
	}
}
