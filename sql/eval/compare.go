package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// compareNode is a comparison by the order of the physical form with a value that is the same for all
// rows: as a filter it makes no column of booleans.
type compareNode struct {
	*callNode
	op    fn.Comparison
	value node
	other node
	one   frame // one row, to ask value of
}

// newCompare returns the node when the call is such a comparison, else nil.
func newCompare(f *fn.Func, call *callNode, exprs []Expr) node {
	if f.Compare == 0 || len(exprs) != 2 {
		return nil
	}
	switch {
	case isRepeated(call.args[1]):
		return &compareNode{callNode: call, op: f.Compare, value: call.args[1], other: call.args[0]}
	case isRepeated(call.args[0]):
		return &compareNode{callNode: call, op: f.Compare.Flip(), value: call.args[0], other: call.args[1]}
	}
	return nil
}

func isRepeated(n node) bool {
	switch n.(type) {
	case *constNode, *paramNode, *outerNode, *onceNode:
		return true
	}
	return false
}

// filter appends the rows whose comparison is true.
func (n *compareNode) filter(f *frame, sel, dst []int32) ([]int32, error) {
	n.one = frame{rt: f.rt, n: 1, seq: f.seq}
	v, err := n.value.eval(&n.one, nil)
	if err != nil {
		return nil, err
	}
	if v.Null(0) {
		return dst, nil
	}
	col, err := n.other.eval(f, sel)
	if err != nil {
		return nil, err
	}
	dst = dst[:0]
	if rows := selected(sel, f.n); cap(dst) < rows {
		dst = make([]int32, 0, rows)
	}
	switch col.Phys {
	case types.Int:
		dst = filterOrdered(n.op, col.I, v.I[0], col.Nulls, sel, f.n, dst)
	case types.String:
		dst = filterOrdered(n.op, col.S, v.S[0], col.Nulls, sel, f.n, dst)
	case types.Float:
		dst = filterFloat(n.op, col, v.F[0], sel, f.n, dst)
	default:
		out, err := n.eval(f, sel)
		if err != nil {
			return nil, err
		}
		return trueRows(out, sel, f.n, dst), nil
	}
	return dst, nil
}

// filterOrdered appends the rows of a for which (a op k). dst may share memory with sel: rows are
// written no further than they have been read.
func filterOrdered[T int64 | string](op fn.Comparison, a []T, k T, nulls []bool, sel []int32, n int, dst []int32) []int32 {
	if sel == nil && nulls == nil {
		return filterDense(op, a[:n], k, dst)
	}
	for j := range selected(sel, n) {
		i := at(sel, j)
		if nulls != nil && nulls[i] {
			continue
		}
		if v := a[i]; op.Holds(v < k, v == k) {
			dst = append(dst, int32(i))
		}
	}
	return dst
}

// filterDense is filterOrdered of all rows, without a branch on the outcome.
func filterDense[T int64 | string](op fn.Comparison, a []T, k T, dst []int32) []int32 {
	dst = dst[:len(a)]
	j := 0
	switch op {
	case fn.EQ:
		for i, v := range a {
			dst[j] = int32(i)
			j += bit(v == k)
		}
	case fn.NE:
		for i, v := range a {
			dst[j] = int32(i)
			j += bit(v != k)
		}
	case fn.LT:
		for i, v := range a {
			dst[j] = int32(i)
			j += bit(v < k)
		}
	case fn.LE:
		for i, v := range a {
			dst[j] = int32(i)
			j += bit(v <= k)
		}
	case fn.GT:
		for i, v := range a {
			dst[j] = int32(i)
			j += bit(v > k)
		}
	default:
		for i, v := range a {
			dst[j] = int32(i)
			j += bit(v >= k)
		}
	}
	return dst[:j]
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// filterFloat counts NaN as equal to itself and above all other numbers.
func filterFloat(op fn.Comparison, col *batch.Column, k float64, sel []int32, n int, dst []int32) []int32 {
	kNaN := k != k
	for j := range selected(sel, n) {
		i := at(sel, j)
		if col.Nulls != nil && col.Nulls[i] {
			continue
		}
		v := col.F[i]
		if op.Holds(v < k || kNaN && v == v, v == k || kNaN && v != v) {
			dst = append(dst, int32(i))
		}
	}
	return dst
}
