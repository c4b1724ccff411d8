package ivfpq_test

import (
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/distance/simd"
	"github.com/vecdb/vecdb/index/ivfpq"
)

// bitmap makes a filter of the rows that keep allows.
func (d *data) bitmap(keep func(i int) bool) (b index.Bitmap, n int) {
	b = index.Bitmap{Base: d.base, Bits: make([]uint64, (d.rows()+63)/64)}
	for i := range d.rows() {
		if keep(i) {
			b.Bits[i/64] |= 1 << (i % 64)
			n++
		}
	}
	return b, n
}

// TestRecall is the promise: whatever the curve picks for a target holds for queries that were never
// in the index, with filters that go along with the vectors' places and without.
func TestRecall(t *testing.T) {
	const rows, queries = 12000, 100
	for _, metric := range []distance.Metric{distance.L2, distance.InnerProduct, distance.Cosine} {
		for _, bits := range []int{4, 8} {
			t.Run(fmt.Sprintf("%v/bits=%d", metric, bits), func(t *testing.T) {
				all, probes := clustered(5, rows+queries, 48).take(queries)
				b := build(t, all, ivfpq.Params{Metric: metric, NumBits: bits}, ivfpq.BuilderOptions{})
				groups := rows / 100
				for _, share := range []struct {
					name string
					keep func(i int) bool
				}{
					{"all", nil},
					{"half", func(i int) bool { return all.group[i]%2 == 0 }},
					{"tenth", func(i int) bool { return all.group[i] < groups/10 }},
					{"hundredth", func(i int) bool { return all.group[i] < max(groups/100, 1) }},
				} {
					b.floor(t, share.name, probes, share.keep, 0.95)
				}
			})
		}
	}
}

// TestRecallAtEveryLevel holds each set of kernels to the same floor.
func TestRecallAtEveryLevel(t *testing.T) {
	all, probes := clustered(5, 3000+50, 20).take(50)
	for _, level := range simd.Levels() {
		for _, bits := range []int{4, 8} {
			t.Run(fmt.Sprintf("%v/bits=%d", level, bits), func(t *testing.T) {
				b := build(t, all, ivfpq.Params{NumBits: bits}.At(level), ivfpq.BuilderOptions{})
				b.floor(t, "all", probes, nil, 0.95)
			})
		}
	}
}

// floor searches for all probes and fails when their mean recall is below the floor, or when a search
// returns fewer rows than there are.
func (b *built) floor(t *testing.T, name string, probes *data, keep func(i int) bool, floor float64) {
	t.Helper()
	const k = 10
	e := b.curve.Pick(0.95, k)
	o := ivfpq.Options{K: k, NProbe: e.NProbe, Refine: e.Refine}
	if keep != nil {
		o.Filter, o.FilterRows = b.bitmap(keep)
	}
	sum := 0.0
	for i := range probes.rows() {
		o.Vectors = nil
		got, want := b.search(t, probes.vec(i), o), b.exact(b.model.Metric(), probes.vec(i), k, keep)
		if len(got) != len(want) {
			t.Fatalf("%s: %d rows, want %d", name, len(got), len(want))
		}
		for _, g := range got {
			if keep != nil && !keep(int(g.Row-b.base)) {
				t.Fatalf("%s: row %d is not in the filter", name, g.Row)
			}
		}
		sum += recall(got, want)
	}
	mean := sum / float64(probes.rows())
	t.Logf("%s: recall %.4f at probes %d of %d, refine %d", name, mean, e.NProbe, b.curve.Partitions, e.Refine)
	if mean < floor {
		t.Errorf("%s: recall %.4f is below %.4f", name, mean, floor)
	}
}
