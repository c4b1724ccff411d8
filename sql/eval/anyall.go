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
	if !ok || list.Multi {
		return c.compileAnyArray(e)
	}
	if len(list.Elems) == 0 {
		return newConst(&Const{T: boolT, D: types.BoolDatum(e.All)}), isLeaf, nil
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
