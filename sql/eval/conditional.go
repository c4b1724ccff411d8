package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// caseNode is CASE: each condition sees the rows that no earlier one took, each result those that its
// condition took.
type caseNode struct {
	operand    node // of a simple CASE
	operandCol *batch.Column
	conds      []node
	results    []node // one more than conds: the last is ELSE
	out        result
	rest, took []int32
}

func (c *compiler) compileCase(e *Case) (node, traits, error) {
	n := &caseNode{out: newResult(e.T)}
	all := traits(0)
	if e.Arg != nil {
		operand, t, err := c.args([]Expr{e.Arg}, usesRow)
		if err != nil {
			return nil, 0, err
		}
		n.operand = operand[0]
		all |= t
	}
	exprs := make([]Expr, 0, 2*len(e.Whens)+1)
	for _, w := range e.Whens {
		exprs = append(exprs, w.Cond, w.Result)
	}
	if e.Else != nil {
		exprs = append(exprs, e.Else)
	} else {
		exprs = append(exprs, &Const{T: e.T, D: types.NullDatum})
	}
	if e.Arg != nil {
		c.cases = append(c.cases, n)
		defer func() { c.cases = c.cases[:len(c.cases)-1] }()
	}
	nodes, t, err := c.args(exprs, all)
	if err != nil {
		return nil, 0, err
	}
	for i := range e.Whens {
		n.conds = append(n.conds, nodes[2*i])
		n.results = append(n.results, nodes[2*i+1])
	}
	n.results = append(n.results, nodes[len(nodes)-1])
	return n, t, nil
}

func (n *caseNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	if n.operand != nil {
		col, err := n.operand.eval(f, sel)
		if err != nil {
			return nil, err
		}
		n.operandCol = col
	}
	n.out.start(f.n)
	rest := sel
	for i, cond := range n.conds {
		took, err := filterNode(cond, f, rest, room(n.took, selected(rest, f.n)))
		if err != nil {
			return nil, err
		}
		n.took = took[:0]
		if len(took) == 0 {
			continue
		}
		// The rest is taken before the result runs: a nested CASE has buffers of its own.
		next := n.without(rest, took, f.n)
		if err := n.put(f, n.results[i], took); err != nil {
			return nil, err
		}
		rest = next
		if len(rest) == 0 {
			return &n.out.col, nil
		}
	}
	if err := n.put(f, n.results[len(n.conds)], rest); err != nil {
		return nil, err
	}
	return &n.out.col, nil
}

func (n *caseNode) put(f *frame, arm node, sel []int32) error {
	col, err := arm.eval(f, sel)
	if err != nil {
		return err
	}
	n.out.store(col, sel, f.n)
	return nil
}

// without returns the rows of sel that took, an ascending part of it, does not have.
func (n *caseNode) without(sel, took []int32, rows int) []int32 {
	if cap(n.rest) < rows {
		n.rest = make([]int32, 0, rows)
	}
	next := n.rest[:0]
	k := 0
	for j := range selected(sel, rows) {
		i := int32(at(sel, j))
		if k < len(took) && took[k] == i {
			k++
			continue
		}
		next = append(next, i)
	}
	return next
}

// caseValueNode is the operand of a simple CASE.
type caseValueNode struct{ owner *caseNode }

func (n *caseValueNode) eval(*frame, []int32) (*batch.Column, error) { return n.owner.operandCol, nil }

// coalesceNode evaluates each operand only for the rows that are still null.
type coalesceNode struct {
	args []node
	out  result
	sel  []int32
}

func (c *compiler) compileCoalesce(e *Coalesce) (node, traits, error) {
	args, t, err := c.args(e.Args, 0)
	if err != nil {
		return nil, 0, err
	}
	return &coalesceNode{args: args, out: newResult(e.T)}, t, nil
}

func (n *coalesceNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	out := n.out.start(f.n)
	active := sel
	for _, a := range n.args {
		col, err := a.eval(f, active)
		if err != nil {
			return nil, err
		}
		n.out.store(col, active, f.n)
		if col.Nulls == nil {
			break
		}
		next := n.sel[:0]
		if active == nil {
			next = room(n.sel, f.n)
		} else if cap(next) < len(active) {
			next = make([]int32, 0, len(active))
		}
		for k := range selected(active, f.n) {
			if i := at(active, k); col.Nulls[i] {
				next = append(next, int32(i))
			}
		}
		n.sel, active = next[:0], next
		if len(active) == 0 {
			break
		}
	}
	return out, nil
}

// minMaxNode is GREATEST and LEAST: nulls are passed over.
type minMaxNode struct {
	args    []node
	compare func(a, b types.Datum) int
	sign    int
	out     result
}

func (c *compiler) compileMinMax(e *MinMax) (node, traits, error) {
	args, t, err := c.args(e.Args, 0)
	if err != nil {
		return nil, 0, err
	}
	typ, err := typeOf(e.T.OID)
	if err != nil {
		return nil, 0, err
	}
	if typ.Compare == nil {
		return nil, 0, errNoOrder(typ)
	}
	n := &minMaxNode{args: args, compare: typ.Compare, sign: 1, out: newResult(e.T)}
	if e.Greatest {
		n.sign = -1
	}
	return n, t, nil
}

func (n *minMaxNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	out := n.out.start(f.n)
	mask := n.out.nulls(f.n)
	for k := range selected(sel, f.n) {
		mask[at(sel, k)] = true
	}
	for _, a := range n.args {
		col, err := a.eval(f, sel)
		if err != nil {
			return nil, err
		}
		for k := range selected(sel, f.n) {
			i := at(sel, k)
			if col.Null(i) {
				continue
			}
			d := col.Datum(i)
			if mask[i] || n.sign*n.compare(d, out.Datum(i)) < 0 {
				out.SetDatum(i, d)
			}
		}
	}
	return out, nil
}

// nullIfNode is NULLIF.
type nullIfNode struct {
	left node
	eq   *callNode
	out  result
}

func (c *compiler) compileNullIf(e *NullIf) (node, traits, error) {
	if e.Eq.Kernel == nil {
		return nil, 0, e.Eq.Unsupported()
	}
	compared := e.CmpLeft
	if compared == nil {
		compared = e.Left
	}
	args, t, err := c.args([]Expr{e.Left, compared, e.Right}, callTraits(e.Eq.Vol))
	if err != nil {
		return nil, 0, err
	}
	eq := newCall(e.Eq, []Expr{compared, e.Right}, boolT, args[1:])
	return &nullIfNode{left: args[0], eq: eq, out: newResult(e.Left.Type())}, t, nil
}

func (n *nullIfNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	same, err := n.eq.eval(f, sel)
	if err != nil {
		return nil, err
	}
	left, err := n.left.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	n.out.store(left, sel, f.n)
	for k := range selected(sel, f.n) {
		if i := at(sel, k); !same.Null(i) && same.B[i] {
			n.out.nulls(f.n)[i] = true
		}
	}
	return out, nil
}
