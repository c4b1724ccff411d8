package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// compileIsNull follows the rules of row values for ROW(...): IS NULL wants every field null, IS NOT
// NULL wants none.
func (c *compiler) compileIsNull(e *IsNull) (node, traits, error) {
	row, ok := e.Arg.(*Row)
	if !ok && e.Arg.Type().OID == types.RecordOID {
		return c.unary(e.Arg, func(a node) node { return &recordNullNode{arg: a, not: e.Not, out: newResult(boolT)} })
	}
	if !ok {
		return c.unary(e.Arg, func(a node) node { return &isNullNode{arg: a, not: e.Not, out: newResult(boolT)} })
	}
	fields, t, err := c.args(row.Fields, 0)
	if err != nil {
		return nil, 0, err
	}
	return &rowNullNode{fields: fields, not: e.Not, out: newResult(boolT)}, t, nil
}

// rowNullNode is IS [NOT] NULL of ROW(...).
type rowNullNode struct {
	fields []node
	not    bool
	out    result
}

func (n *rowNullNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		out.B[at(sel, k)] = true
	}
	for _, field := range n.fields {
		col, err := field.eval(f, sel)
		if err != nil {
			return nil, err
		}
		for k := range selected(sel, f.n) {
			if i := at(sel, k); col.Null(i) == n.not {
				out.B[i] = false
			}
		}
	}
	return out, nil
}

// rowCompareNode compares field by field. Rows are undecided until a field settles them.
type rowCompareNode struct {
	eq, cmp []*callNode
	op      fn.Comparison
	out     result
	sel     []int32
}

// rowOps are the operators of RowCompare.
var rowOps = map[string]fn.Comparison{
	"=": fn.EQ, "<>": fn.NE, "<": fn.LT, "<=": fn.LE, ">": fn.GT, ">=": fn.GE,
}

func (c *compiler) compileRowCompare(e *RowCompare) (node, traits, error) {
	exprs := make([]Expr, 0, 2*len(e.Left))
	for i := range e.Left {
		exprs = append(exprs, e.Left[i], e.Right[i])
	}
	args, t, err := c.args(exprs, 0)
	if err != nil {
		return nil, 0, err
	}
	n := &rowCompareNode{op: rowOps[e.Op], out: newResult(boolT)}
	for i := range e.Left {
		pair, nodes := exprs[2*i:2*i+2], args[2*i:2*i+2]
		if e.Eq[i].Kernel == nil {
			return nil, 0, e.Eq[i].Unsupported()
		}
		n.eq = append(n.eq, newCall(e.Eq[i], pair, boolT, nodes))
		if n.op >= fn.LT {
			if e.Cmp[i].Kernel == nil {
				return nil, 0, e.Cmp[i].Unsupported()
			}
			n.cmp = append(n.cmp, newCall(e.Cmp[i], pair, boolT, nodes))
		}
	}
	return n, t, nil
}

func (n *rowCompareNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	out := n.out.start(f.n)
	// A row whose fields are all equal: true of = <= >=, false of <> < >.
	ties := n.op == fn.EQ || n.op == fn.LE || n.op == fn.GE
	for k := range selected(sel, f.n) {
		out.B[at(sel, k)] = ties
	}
	active := sel
	for i, eq := range n.eq {
		same, err := eq.eval(f, active)
		if err != nil {
			return nil, err
		}
		var less *batch.Column
		if n.op >= fn.LT {
			if less, err = n.cmp[i].eval(f, active); err != nil {
				return nil, err
			}
		}
		active = n.settle(f, same, less, active)
		if len(active) == 0 {
			break
		}
	}
	return out, nil
}

// settle decides rows by one field and returns those it leaves open. Of = and <> a null leaves the row
// open, as a later field may still differ; of an order it makes the result null.
func (n *rowCompareNode) settle(f *frame, same, less *batch.Column, active []int32) []int32 {
	next := n.sel[:0]
	if active == nil {
		next = room(n.sel, f.n)
	}
	out := &n.out.col
	for k := range selected(active, f.n) {
		i := at(active, k)
		switch {
		case same.Null(i):
			n.out.nulls(f.n)[i] = true
			if less == nil {
				next = append(next, int32(i))
			}
		case same.B[i]:
			next = append(next, int32(i))
		default:
			if out.Nulls != nil {
				out.Nulls[i] = false
			}
			if less == nil {
				out.B[i] = n.op == fn.NE
				continue
			}
			out.B[i] = less.B[i]
		}
	}
	if cap(next) > cap(n.sel) {
		n.sel = next[:0]
	}
	return next
}
