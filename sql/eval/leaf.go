package eval

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// colNode is a column of the batch.
type colNode struct{ slot int }

func (n *colNode) eval(f *frame, _ []int32) (*batch.Column, error) { return f.cols[n.slot], nil }

// repeat is one value as a column: it is filled as far as it was ever needed and filled again only
// when the value changes.
type repeat struct {
	col    batch.Column
	d      types.Datum
	filled int
}

func newRepeat(t types.T) repeat {
	return repeat{col: batch.Column{Type: t, Phys: physical(t.OID)}}
}

func (r *repeat) set(d types.Datum) {
	if d != r.d {
		r.d, r.filled = d, 0
	}
}

// column returns n rows of the value.
func (r *repeat) column(n int) *batch.Column {
	c := &r.col
	c.Nulls = c.Nulls[:min(len(c.Nulls), n)]
	from := min(r.filled, n)
	switch c.Phys {
	case types.Bool:
		c.B = fill(c.B, from, n, r.d.I != 0)
	case types.Int:
		c.I = fill(c.I, from, n, r.d.I)
	case types.Float:
		c.F = fill(c.F, from, n, r.d.Float())
	default:
		c.S = fill(c.S, from, n, r.d.S)
	}
	if r.d.Null {
		c.Nulls = fill(c.Nulls, from, n, true)
	} else {
		c.Nulls = nil
	}
	r.filled = max(r.filled, n)
	return c
}

// fill makes s n long and sets the rows from from on.
func fill[T any](s []T, from, n int, v T) []T {
	if cap(s) < n {
		grown := make([]T, n, max(n, min(4*cap(s), batch.RowsMax)))
		copy(grown, s[:from])
		s = grown
	}
	s = s[:n]
	for i := from; i < n; i++ {
		s[i] = v
	}
	return s
}

// constNode is a literal.
type constNode struct{ repeat }

func newConst(e *Const) *constNode {
	n := &constNode{newRepeat(e.T)}
	n.set(e.D)
	return n
}

func (n *constNode) eval(f *frame, _ []int32) (*batch.Column, error) { return n.column(f.n), nil }

// paramNode is a parameter of the statement.
type paramNode struct {
	repeat
	index int
}

func newParam(e *Param) *paramNode { return &paramNode{newRepeat(e.T), e.N - 1} }

func (n *paramNode) eval(f *frame, _ []int32) (*batch.Column, error) {
	if n.index < 0 || n.index >= len(f.rt.Params) {
		return nil, pgerr.New(pgerrcode.UndefinedParameter, "there is no parameter $%d", n.index+1)
	}
	n.set(f.rt.Params[n.index])
	return n.column(f.n), nil
}

// outerNode is a column of an enclosing query.
type outerNode struct {
	repeat
	id   ColID
	name string
}

func newOuter(e *Col) *outerNode { return &outerNode{newRepeat(e.T), e.ID, e.Name} }

func (n *outerNode) eval(f *frame, _ []int32) (*batch.Column, error) {
	if f.rt.Outer == nil {
		return nil, errInternal("column " + n.name + " is not in the input")
	}
	n.set(f.rt.Outer(n.id))
	return n.column(f.n), nil
}

// onceNode computes a subtree whose value is the same for all rows and repeats it: once a Runtime, or
// once a call of the program when outer columns are in it. It does so only when a row asks, so that
// an error in an arm of CASE that no row takes is not raised.
type onceNode struct {
	repeat
	arg   node
	outer bool
	rt    *Runtime
	seq   uint64
}

func (n *onceNode) eval(f *frame, _ []int32) (*batch.Column, error) {
	if n.rt != f.rt || n.outer && n.seq != f.seq {
		one := frame{rt: f.rt, n: 1, seq: f.seq}
		col, err := n.arg.eval(&one, nil)
		if err != nil {
			return nil, err
		}
		n.set(col.Datum(0))
		n.rt, n.seq = f.rt, f.seq
	}
	return n.column(f.n), nil
}
