package exec

import (
	"context"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// madeBytesMax is what the functions of an operator may make for one batch, about: a value may take 1 GB, so that a
// full batch of them would not fit anywhere.
const madeBytesMax = 32 << 20

// narrow hands on its input's rows in batches so small that the values made of them stay within madeBytesMax, as far
// as the rows before are a guide. It begins with one row and widens as the values turn out to be small.
type narrow struct {
	in   Operator
	made *int64 // bytes made so far by the programs above

	b     *batch.Batch // being handed on
	at    int          // its rows that were handed on
	width int          // rows of the next batch
	last  int          // rows of the batch before
	seen  int64        // *made before it
	sel   []int32
	out   batch.Batch
}

// narrowed puts a narrow between an operator and the expressions computed over it, when they make values that may
// be larger than what they are made of.
func (b *builder) narrowed(in Operator, exprs ...eval.Expr) Operator {
	makes := false
	for _, e := range exprs {
		if e == nil {
			continue
		}
		eval.Walk(e, func(e eval.Expr) bool {
			if c, ok := e.(*eval.Call); ok && physOf(c.T) == types.String {
				makes = true
			}
			return !makes
		})
	}
	if !makes {
		return in
	}
	return &narrow{in: in, made: &b.sc.ev.Made}
}

// Open implements Operator.
func (n *narrow) Open(ctx context.Context) error {
	n.b, n.at, n.width, n.last = nil, 0, 1, 0
	return n.in.Open(ctx)
}

// Next implements Operator.
func (n *narrow) Next(ctx context.Context) (*batch.Batch, error) {
	n.adapt()
	if n.b == nil || n.at >= n.b.Rows() {
		b, err := n.in.Next(ctx)
		if b == nil || err != nil {
			n.b = nil
			return nil, err
		}
		n.b, n.at = b, 0
	} else if err := ctx.Err(); err != nil {
		return nil, sqlError(err)
	}
	rows := n.b.Rows()
	n.seen, n.last = *n.made, min(n.width, rows-n.at)
	if n.last == rows {
		n.at = rows
		return n.b, nil
	}
	n.sel = n.sel[:0]
	for range n.last {
		n.sel = append(n.sel, int32(n.b.Row(n.at)))
		n.at++
	}
	n.out = batch.Batch{Cols: n.b.Cols, N: n.b.N, Sel: n.sel}
	return &n.out, nil
}

// adapt sets the width by what the rows handed on last have made.
func (n *narrow) adapt() {
	if n.last == 0 {
		return
	}
	each := (*n.made - n.seen) / int64(n.last)
	n.width = max(1, min(n.width*8, batch.RowsMax, int(madeBytesMax/max(each, 1))))
}

// Close implements Operator.
func (n *narrow) Close() error { return n.in.Close() }
