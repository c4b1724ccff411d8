package eval

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// Runtime is what programs need beside the batch: it belongs to one execution of a statement, and
// what programs find constant they keep per Runtime. Make a new one to run again.
type Runtime struct {
	Env    *fn.Env
	Params []types.Datum

	// Outer gives the value of a column that the batch does not have: one of an enclosing query. It may
	// give other values from one call of a program to the next.
	Outer func(ColID) types.Datum
	// Subqueries runs the subqueries that survived planning; nil when there are none.
	Subqueries SubqueryRunner

	// Made counts the bytes of the strings that functions have made, so that who feeds the programs can see when
	// fewer rows at a time are called for.
	Made int64
}

// SubqueryRunner runs the relation of a Subquery node. Package exec implements it.
type SubqueryRunner interface {
	// RunSubquery runs sub.Rel with the given values for the columns that sub.Outer lists and calls emit
	// for every batch, whose columns are sub.Rel.Output(), until emit returns false.
	RunSubquery(sub *Subquery, outer func(ColID) types.Datum, emit func(*batch.Batch) (more bool, err error)) error
}

// Program is a compiled expression. It owns the columns that it returns and belongs to one operator:
// it is not safe for concurrent use, and a result is valid until its next call.
type Program struct {
	root  node
	t     types.T
	frame frame
	sel   []int32
}

// frame is one call of a program.
type frame struct {
	rt   *Runtime
	cols []*batch.Column
	n    int
	// seq numbers the calls, so that nodes know whether what they keep is of this call.
	seq uint64
}

// node is a compiled expression node. eval returns a column whose rows in sel (all n of the frame
// when nil) are valid; it is called with at least one row. The column is the node's own or the
// batch's and is read-only to the caller.
type node interface {
	eval(f *frame, sel []int32) (*batch.Column, error)
}

// filterer is a node that can do better than make a column of booleans: filter appends to dst, which
// has room, the rows of sel that are true. dst may be sel[:0].
type filterer interface {
	filter(f *frame, sel []int32, dst []int32) ([]int32, error)
}

// Type is the type of the results.
func (p *Program) Type() types.T { return p.t }

// Eval computes the expression for the rows of b that count. The column has b.N rows and is valid in
// those; it is valid until the next call and not to be changed, for it may be one of b's own.
func (p *Program) Eval(rt *Runtime, b *batch.Batch) (*batch.Column, error) {
	f := p.begin(rt, b)
	if b.Rows() == 0 {
		return emptyColumn(p.t, b.N), nil
	}
	return p.root.eval(f, b.Sel)
}

// Filter returns the rows of b that count and for which the expression is true, ascending. The slice
// is valid until the next call.
func (p *Program) Filter(rt *Runtime, b *batch.Batch) ([]int32, error) {
	f := p.begin(rt, b)
	rows := b.Rows()
	if cap(p.sel) < rows {
		p.sel = make([]int32, 0, max(rows, min(b.N, batch.RowsMax)))
	}
	if rows == 0 {
		return p.sel[:0], nil
	}
	return filterNode(p.root, f, b.Sel, p.sel[:0])
}

func (p *Program) begin(rt *Runtime, b *batch.Batch) *frame {
	p.frame.rt, p.frame.cols, p.frame.n = rt, b.Cols, b.N
	p.frame.seq++
	return &p.frame
}

// Constant computes an expression without columns of its own.
func Constant(rt *Runtime, e Expr) (types.Datum, error) {
	if c, ok := e.(*Const); ok {
		return c.D, nil
	}
	p, err := Compile(e, noColumns)
	if err != nil {
		return types.Datum{}, err
	}
	col, err := p.Eval(rt, &batch.Batch{N: 1})
	if err != nil {
		return types.Datum{}, err
	}
	return col.Datum(0), nil
}

func noColumns(ColID) (int, bool) { return 0, false }

// filterNode appends the rows of sel for which n is true to dst.
func filterNode(n node, f *frame, sel, dst []int32) ([]int32, error) {
	if fl, ok := n.(filterer); ok {
		return fl.filter(f, sel, dst)
	}
	col, err := n.eval(f, sel)
	if err != nil {
		return nil, err
	}
	return trueRows(col, sel, f.n, dst), nil
}

// trueRows appends the rows of sel whose boolean is true.
func trueRows(col *batch.Column, sel []int32, n int, dst []int32) []int32 {
	b := col.B
	switch {
	case sel == nil && col.Nulls == nil:
		for i := range n {
			if b[i] {
				dst = append(dst, int32(i))
			}
		}
	case sel == nil:
		for i := range n {
			if b[i] && !col.Nulls[i] {
				dst = append(dst, int32(i))
			}
		}
	default:
		for _, i := range sel {
			if b[i] && (col.Nulls == nil || !col.Nulls[i]) {
				dst = append(dst, i)
			}
		}
	}
	return dst
}

func emptyColumn(t types.T, n int) *batch.Column {
	c := batch.New(t, physical(t.OID), n)
	c.Resize(n)
	return c
}

// result is the column that a node owns, with the null mask kept between calls.
type result struct {
	col  batch.Column
	mask []bool
}

func newResult(t types.T) result {
	return result{col: batch.Column{Type: t, Phys: physical(t.OID)}}
}

// start returns the column with n rows and no nulls.
func (r *result) start(n int) *batch.Column {
	if r.col.Nulls != nil {
		r.mask = r.col.Nulls
		r.col.Nulls = nil
	}
	r.col.Resize(n)
	return &r.col
}

// nulls returns the column's null mask, all false when it had none.
func (r *result) nulls(n int) []bool {
	if r.col.Nulls != nil {
		return r.col.Nulls
	}
	if cap(r.mask) < n {
		r.mask = make([]bool, n)
	} else {
		r.mask = r.mask[:n]
		clear(r.mask)
	}
	r.col.Nulls = r.mask
	return r.mask
}

// store copies rows sel of src into the column.
func (r *result) store(src *batch.Column, sel []int32, n int) {
	dst := &r.col
	switch dst.Phys {
	case types.Bool:
		storeRows(dst.B, src.B, sel, n)
	case types.Int:
		storeRows(dst.I, src.I, sel, n)
	case types.Float:
		storeRows(dst.F, src.F, sel, n)
	default:
		storeRows(dst.S, src.S, sel, n)
	}
	if src.Nulls != nil {
		storeRows(r.nulls(n), src.Nulls, sel, n)
	} else if dst.Nulls != nil {
		if sel == nil {
			clear(dst.Nulls[:n])
		}
		for _, i := range sel {
			dst.Nulls[i] = false
		}
	}
}

func storeRows[T any](dst, src []T, sel []int32, n int) {
	if sel == nil {
		copy(dst[:n], src[:n])
		return
	}
	for _, i := range sel {
		dst[i] = src[i]
	}
}

// selected is the number of rows of sel, n when it is nil.
func selected(sel []int32, n int) int {
	if sel == nil {
		return n
	}
	return len(sel)
}

// at is the k-th row of sel.
func at(sel []int32, k int) int {
	if sel == nil {
		return k
	}
	return int(sel[k])
}

// room returns buf emptied, with room for n rows.
func room(buf []int32, n int) []int32 {
	if cap(buf) < n {
		return make([]int32, 0, n)
	}
	return buf[:0]
}
