package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// callNode applies a function.
type callNode struct {
	call   fn.Call
	kernel fn.Kernel
	strict bool
	args   []node
	cols   []*batch.Column
	out    result
	sel    []int32
}

func (c *compiler) compileCall(e *Call) (node, traits, error) {
	if e.F.Kernel == nil {
		return nil, 0, e.F.Unsupported()
	}
	exprs := variadicArgs(e)
	args, t, err := c.args(exprs, callTraits(e.F.Vol))
	if err != nil {
		return nil, 0, err
	}
	n := newCall(e.F, exprs, e.T, args)
	n.call.Spread = e.Variadic
	if n2 := newCompare(e.F, n, exprs); n2 != nil {
		return n2, t, nil
	}
	return n, t, nil
}

func newCall(f *fn.Func, exprs []Expr, t types.T, args []node) *callNode {
	n := &callNode{
		call:   fn.Call{Ret: t, Args: make([]types.T, len(exprs))},
		kernel: f.Kernel, strict: f.Strict, args: args,
		cols: make([]*batch.Column, len(args)), out: newResult(t),
	}
	for i, e := range exprs {
		n.call.Args[i] = e.Type()
	}
	n.call.Names = RowNames(exprs)
	return n
}

// RowNames gives the field names of the arguments that are rows with names, for fn.Call; nil when none
// is.
func RowNames(args []Expr) [][]string {
	var names [][]string
	for i, e := range args {
		if r, ok := e.(*Relabel); ok {
			e = r.Arg // the row of a table taken for a record
		}
		if row, ok := e.(*Row); ok && row.Names != nil {
			if names == nil {
				names = make([][]string, len(args))
			}
			names[i] = row.Names
		}
	}
	return names
}

// variadicArgs gathers the trailing arguments of a VARIADIC function into the array that its kernel
// expects, unless they are one already.
func variadicArgs(e *Call) []Expr {
	f := e.F
	if f.Variadic == 0 || f.Variadic == types.AnyOID || e.Variadic || len(f.Args) == 0 {
		return e.Args
	}
	fixed := len(f.Args) - 1
	if len(e.Args) == len(f.Args) && isArray(e.Args[fixed].Type().OID) {
		return e.Args
	}
	if len(e.Args) < fixed {
		return e.Args
	}
	elem := f.Variadic
	if len(e.Args) > fixed {
		elem = e.Args[fixed].Type().OID
	}
	args := append(make([]Expr, 0, fixed+1), e.Args[:fixed]...)
	return append(args, &Array{Elems: e.Args[fixed:], T: types.Of(arrayOf(elem))})
}

func (n *callNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	for i, a := range n.args {
		col, err := a.eval(f, sel)
		if err != nil {
			return nil, err
		}
		n.cols[i] = col
	}
	return n.apply(f, sel)
}

// apply runs the kernel on the columns in n.cols.
func (n *callNode) apply(f *frame, sel []int32) (*batch.Column, error) {
	out := n.out.start(f.n)
	var nulls []bool
	if n.strict {
		for _, col := range n.cols {
			if col.Nulls != nil {
				nulls = n.markNulls(nulls, col.Nulls, sel, f.n)
			}
		}
	}
	if nulls != nil {
		sel = n.notNull(nulls, sel, f.n)
		if len(sel) == 0 {
			out.Nulls = nulls
			return out, nil
		}
	}
	n.call.Env = f.rt.Env
	if err := n.kernel(&n.call, n.cols, sel, f.n, out); err != nil {
		return nil, err
	}
	if out.Phys == types.String {
		for k := range selected(sel, f.n) {
			f.rt.Made += int64(len(out.S[at(sel, k)]))
		}
	}
	if nulls != nil {
		mergeNulls(out, nulls, f.n)
	}
	return out, nil
}

// markNulls adds the rows of sel that are null in one argument to the result's mask.
func (n *callNode) markNulls(mask, nulls []bool, sel []int32, rows int) []bool {
	if mask == nil {
		mask = n.out.nulls(rows)
		n.out.col.Nulls = nil // the kernel is promised none
	}
	if sel == nil {
		for i, null := range nulls[:rows] {
			mask[i] = mask[i] || null
		}
		return mask
	}
	for _, i := range sel {
		mask[i] = mask[i] || nulls[i]
	}
	return mask
}

// notNull lists the rows of sel that mask does not mark.
func (n *callNode) notNull(mask []bool, sel []int32, rows int) []int32 {
	n.sel = room(n.sel, selected(sel, rows))
	if sel == nil {
		for i, null := range mask[:rows] {
			if !null {
				n.sel = append(n.sel, int32(i))
			}
		}
		return n.sel
	}
	for _, i := range sel {
		if !mask[i] {
			n.sel = append(n.sel, i)
		}
	}
	return n.sel
}

// mergeNulls joins the nulls of the arguments with those that the kernel found.
func mergeNulls(out *batch.Column, mask []bool, n int) {
	if out.Nulls == nil {
		out.Nulls = mask
		return
	}
	for i, null := range mask[:n] {
		if null {
			out.Nulls[i] = true
		}
	}
}
