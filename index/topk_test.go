package index_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/index"
)

func TestTopKAgainstSort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		n, k := r.IntN(60), r.IntN(20)
		all := make([]index.Neighbor, n)
		rows, dist := make([]index.RowID, n), make([]float64, n)
		for i, p := range r.Perm(n) {
			d := float64(r.IntN(8))
			switch d {
			case 0:
				d = math.NaN()
			case 1:
				d = math.Inf(1)
			}
			all[i] = index.Neighbor{Row: index.RowID(p), Distance: d}
			rows[i], dist[i] = all[i].Row, d
		}
		one, many, left, right := index.NewTopK(k), index.NewTopK(k), index.NewTopK(k), index.NewTopK(k)
		for i, a := range all {
			one.Push(a.Row, a.Distance)
			if i%2 == 0 {
				left.Push(a.Row, a.Distance)
			} else {
				right.Push(a.Row, a.Distance)
			}
		}
		many.PushAll(rows, dist)
		left.Merge(right)
		slices.SortFunc(all, index.Neighbor.Compare)
		want := all[:min(k, n)]
		for _, top := range []*index.TopK{one, many, left} {
			got := top.Sorted(nil)
			if !slices.EqualFunc(got, want, func(a, b index.Neighbor) bool { return a.Compare(b) == 0 }) {
				t.Fatalf("n=%d k=%d: %v, want %v", n, k, got, want)
			}
			if top.Len() != len(want) || top.Full() != (len(want) == k) {
				t.Fatalf("n=%d k=%d: len %d full %v", n, k, top.Len(), top.Full())
			}
		}
	}
}

func TestBitmap(t *testing.T) {
	b := index.Bitmap{Base: 100, Bits: []uint64{1 << 3, 1 << 63}}
	for _, id := range []index.RowID{103, 227} {
		if !b.Has(id) {
			t.Errorf("%d is missing", id)
		}
	}
	for _, id := range []index.RowID{0, 99, 100, 102, 228, math.MaxUint64} {
		if b.Has(id) {
			t.Errorf("%d is there", id)
		}
	}
	if b.Count() != 2 {
		t.Errorf("count %d", b.Count())
	}
}
