package exec

import (
	"context"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// numberedRows gives batches of the sizes, every other row of which counts, with the numbers from 0 on.
type numberedRows struct {
	sizes []int
	next  int64
}

func (n *numberedRows) Open(context.Context) error { return nil }
func (n *numberedRows) Close() error               { return nil }

func (n *numberedRows) Next(context.Context) (*batch.Batch, error) {
	if len(n.sizes) == 0 {
		return nil, nil
	}
	b := &batch.Batch{N: 2 * n.sizes[0], Cols: []*batch.Column{batch.New(types.Of(types.Int8OID), types.Int, 0)}}
	for i := range n.sizes[0] {
		b.Cols[0].Append(types.Datum{I: -1})
		b.Cols[0].Append(types.Datum{I: n.next})
		b.Sel = append(b.Sel, int32(2*i+1))
		n.next++
	}
	n.sizes = n.sizes[1:]
	return b, nil
}

// RunNarrow hands batches of so many rows on by a narrow, whose rows see gets.
func RunNarrow(sizes []int, made *int64, see func(values []int64)) error {
	n := &narrow{in: &numberedRows{sizes: sizes}, made: made}
	if err := n.Open(context.Background()); err != nil {
		return err
	}
	for {
		b, err := n.Next(context.Background())
		if b == nil || err != nil {
			return err
		}
		var values []int64
		for k := range b.Rows() {
			values = append(values, b.Cols[0].I[b.Row(k)])
		}
		see(values)
	}
}
