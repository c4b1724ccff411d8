package ivfpq_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/internal/vfs"
)

// writeCompat writes the files of the present format anew. A released file is never written again: a new
// format gets a new name and the old ones stay.
var writeCompat = flag.Bool("write-compat", false, "write tests/compat/ivfpq-*.segment anew")

// compatRows lie on a line, far enough apart that no rounding changes their order.
func compatRows() *data {
	d := &data{dims: 6, base: 1 << 33}
	for i := range 90 {
		for j := range d.dims {
			d.vectors = append(d.vectors, float32((i*(j+1))%90))
		}
	}
	return d
}

// TestOldSegments reads files of each format there has been, with the model inside them.
func TestOldSegments(t *testing.T) {
	for format := 1; format <= 1; format++ {
		for _, bits := range []int{4, 8} {
			name := fmt.Sprintf("../../tests/compat/ivfpq-%d-%dbit.segment", format, bits)
			d := compatRows()
			if *writeCompat {
				b := build(t, d, ivfpq.Params{NumPartitions: 3, NumBits: bits}, ivfpq.BuilderOptions{})
				if err := os.WriteFile(name, contents(t, b.fs, "segment"), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			seg, err := ivfpq.OpenSegment(vfs.Default, name)
			if err != nil {
				t.Fatal(err)
			}
			m, err := seg.Model()
			if err != nil {
				t.Fatal(err)
			}
			s, err := ivfpq.NewSearcher(m, seg)
			if err != nil {
				t.Fatal(err)
			}
			if m.NumBits() != bits || m.NumPartitions() != 3 || seg.Rows() != 90 {
				t.Errorf("%s: %v, %d rows", name, m, seg.Rows())
			}
			got, _, err := s.Search(context.Background(), d.vec(40), ivfpq.Options{K: 90, NProbe: 3}, nil)
			if err != nil || len(got) != 90 {
				t.Fatal(len(got), err)
			}
			// The row itself is estimated nearer than all but a few of its like.
			at := slices.IndexFunc(got, func(n index.Neighbor) bool { return n.Row == d.base+40 })
			if at < 0 || at > 5 {
				t.Errorf("%s: the query's own row is in place %d", name, at)
			}
			if err := seg.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
