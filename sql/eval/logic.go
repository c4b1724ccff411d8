package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
)

// logicNode is AND (stop false) and OR (stop true): a row is decided once an operand is stop, and later
// operands see only the rows that are not decided.
type logicNode struct {
	args []node
	stop bool
	out  result
	sel  []int32
}

func (c *compiler) compileLogic(exprs []Expr, stop bool) (node, traits, error) {
	args, t, err := c.args(exprs, 0)
	if err != nil {
		return nil, 0, err
	}
	return &logicNode{args: args, stop: stop, out: newResult(boolT)}, t, nil
}

func (n *logicNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	out := n.out.start(f.n)
	r := out.B
	for k := range selected(sel, f.n) {
		r[at(sel, k)] = !n.stop
	}
	active := sel
	for _, a := range n.args {
		col, err := a.eval(f, active)
		if err != nil {
			return nil, err
		}
		active = n.take(col, active, f.n)
		if len(active) == 0 {
			break
		}
	}
	return out, nil
}

// take puts one operand into the result and returns the rows that stay undecided.
func (n *logicNode) take(col *batch.Column, active []int32, rows int) []int32 {
	r, b := n.out.col.B, col.B
	next := n.sel[:0]
	if active == nil {
		next = room(n.sel, rows)
	}
	for k := range selected(active, rows) {
		i := at(active, k)
		switch {
		case col.Nulls != nil && col.Nulls[i]:
			n.out.nulls(rows)[i] = true
			next = append(next, int32(i))
		case b[i] == n.stop:
			r[i] = n.stop
			if n.out.col.Nulls != nil {
				n.out.col.Nulls[i] = false
			}
		default:
			next = append(next, int32(i))
		}
	}
	if cap(next) > cap(n.sel) {
		n.sel = next[:0]
	}
	return next
}

// filter of AND narrows operand by operand; a row that is not true is out.
func (n *logicNode) filter(f *frame, sel, dst []int32) ([]int32, error) {
	if n.stop {
		col, err := n.eval(f, sel)
		if err != nil {
			return nil, err
		}
		return trueRows(col, sel, f.n, dst), nil
	}
	for _, a := range n.args {
		rows, err := filterNode(a, f, sel, dst[:0])
		if err != nil || len(rows) == 0 {
			return rows, err
		}
		sel, dst = rows, rows
	}
	return sel, nil
}

// notNode negates.
type notNode struct {
	arg node
	out result
}

func (n *notNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	n.out.copyNulls(col, sel, f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		out.B[i] = !col.B[i]
	}
	return out, nil
}

// copyNulls takes over the nulls of a column for the rows of sel.
func (r *result) copyNulls(src *batch.Column, sel []int32, n int) {
	if src.Nulls != nil {
		storeRows(r.nulls(n), src.Nulls, sel, n)
	}
}

// isNullNode is IS [NOT] NULL of a plain value.
type isNullNode struct {
	arg node
	not bool
	out result
}

func (n *isNullNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		out.B[i] = col.Null(i) != n.not
	}
	return out, nil
}

// boolTestNode is IS [NOT] TRUE, FALSE, UNKNOWN.
type boolTestNode struct {
	arg  node
	want BoolWant
	not  bool
	out  result
}

func (n *boolTestNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		var is bool
		switch n.want {
		case WantTrue:
			is = !col.Null(i) && col.B[i]
		case WantFalse:
			is = !col.Null(i) && !col.B[i]
		case WantUnknown:
			is = col.Null(i)
		}
		out.B[i] = is != n.not
	}
	return out, nil
}

// distinctNode is IS [NOT] DISTINCT FROM. Its equality sees only rows without nulls.
type distinctNode struct {
	left, right node
	eq          *callNode
	not         bool
	out         result
}

func (c *compiler) compileDistinct(e *Distinct) (node, traits, error) {
	if e.Eq.Kernel == nil {
		return nil, 0, e.Eq.Unsupported()
	}
	exprs := []Expr{e.Left, e.Right}
	args, t, err := c.args(exprs, callTraits(e.Eq.Vol))
	if err != nil {
		return nil, 0, err
	}
	eq := newCall(e.Eq, exprs, boolT, args)
	return &distinctNode{left: args[0], right: args[1], eq: eq, not: e.Not, out: newResult(boolT)}, t, nil
}

func (n *distinctNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	same, err := n.eq.eval(f, sel)
	if err != nil {
		return nil, err
	}
	left, right := n.eq.cols[0], n.eq.cols[1]
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		lnull, rnull := left.Null(i), right.Null(i)
		distinct := lnull != rnull
		if !lnull && !rnull {
			distinct = !same.B[i] || same.Null(i)
		}
		out.B[i] = distinct != n.not
	}
	return out, nil
}

// equality runs an equality function on two columns that are already there.
type equality struct{ callNode }

func newEquality(f *fn.Func, left, right Expr) equality {
	return equality{*newCall(f, []Expr{left, right}, boolT, make([]node, 2))}
}

func (e *equality) compare(f *frame, left, right *batch.Column, sel []int32) (*batch.Column, error) {
	e.cols[0], e.cols[1] = left, right
	return e.apply(f, sel)
}
