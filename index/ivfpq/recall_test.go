package ivfpq_test

import (
	"fmt"
	"math/rand/v2"
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

// TestRecallOfShapelessData: with nothing to find for k-means, recall costs effort but is kept.
func TestRecallOfShapelessData(t *testing.T) {
	shapeless := func(rows, dims int, draw func(r *rand.Rand) float64) *data {
		r := rand.New(rand.NewPCG(uint64(rows), uint64(dims)))
		d := &data{dims: dims, base: 5}
		for range rows * dims {
			d.vectors = append(d.vectors, float32(draw(r)))
		}
		return d
	}
	normal := (*rand.Rand).NormFloat64
	for name, d := range map[string]*data{
		"plane":     shapeless(6100, 2, (*rand.Rand).Float64),
		"cube":      shapeless(6100, 10, (*rand.Rand).Float64),
		"ball":      shapeless(6100, 100, normal),
		"heavy":     shapeless(6100, 20, func(r *rand.Rand) float64 { v := r.NormFloat64(); return v * v * v }),
		"bits":      shapeless(6100, 64, func(r *rand.Rand) float64 { return float64(r.IntN(2)) }),
		"far":       shapeless(6100, 16, func(r *rand.Rand) float64 { return 1000 + r.NormFloat64() }),
		"mostly 0s": shapeless(6100, 50, func(r *rand.Rand) float64 { return max(r.NormFloat64()-1.5, 0) }),
	} {
		for _, metric := range []distance.Metric{distance.L2, distance.InnerProduct, distance.Cosine} {
			t.Run(fmt.Sprintf("%s/%v", name, metric), func(t *testing.T) {
				all, probes := d.take(100)
				b := build(t, all, ivfpq.Params{Metric: metric}, ivfpq.BuilderOptions{})
				b.floor(t, name, probes, nil, 0.94) // of 100 queries
				b.floor(t, "third", probes, func(i int) bool { return i%3 == 0 }, 0.94)
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
	t.Logf("%s: recall %.4f, promised %.4f, at probes %d of %d, refine %d", name, mean, e.Recall, e.NProbe,
		b.curve.Partitions, e.Refine)
	if mean < floor {
		t.Errorf("%s: recall %.4f is below %.4f", name, mean, floor)
	}
}
