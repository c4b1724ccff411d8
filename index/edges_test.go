package index_test

import (
	"math"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/index"
)

// TestThreshold holds the distance up to which a row may still be kept, from empty to full, with NaN and without room.
func TestThreshold(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	f := func(k int, want float64, distances ...float64) {
		t.Helper()
		top := index.NewTopK(k)
		for i, d := range distances {
			top.Push(index.RowID(i), d)
		}
		if got := top.Threshold(); got != want {
			t.Errorf("%d of %v: %v, want %v", k, distances, got, want)
		}
	}
	f(2, inf)
	f(2, inf, 1)
	f(2, 3, 1, 3)
	f(2, 2, 1, 3, 2)
	f(2, 2, 1, 3, 2, 9)
	f(2, inf, 1, nan)
	f(2, 5, 1, nan, 5)
	f(1, math.Inf(-1), 1, math.Inf(-1))
	f(0, math.Inf(-1))
	f(0, math.Inf(-1), 1, 2)
	f(-3, math.Inf(-1), 1)
}

// TestTies holds that of equal distances the smaller row ids are kept, whatever the order they come in and way they
// come by.
func TestTies(t *testing.T) {
	rows := []index.RowID{9, 3, 7, 1, 8, 2}
	distances := []float64{1, 1, 1, 1, 1, 0}
	want := []index.Neighbor{{Row: 2}, {Row: 1, Distance: 1}, {Row: 3, Distance: 1}}
	for range rows {
		rows, distances = append(rows[1:], rows[0]), append(distances[1:], distances[0])
		one, all := index.NewTopK(3), index.NewTopK(3)
		for i, r := range rows {
			one.Push(r, distances[i])
		}
		all.PushAll(rows, distances)
		for _, top := range []*index.TopK{one, all} {
			if got := top.Sorted(nil); !slices.Equal(got, want) {
				t.Errorf("%v: %v, want %v", rows, got, want)
			}
		}
	}
}

// TestTopKIsUsedAgain holds that the zero value keeps nothing, Reset forgets the rows and takes another number, and
// Sorted appends and leaves the rows where they are.
func TestTopKIsUsedAgain(t *testing.T) {
	var top index.TopK
	top.Push(1, 1)
	if top.Len() != 0 || !top.Full() {
		t.Errorf("the zero value keeps %d rows", top.Len())
	}
	top.Reset(2)
	top.PushAll([]index.RowID{1, 2, 3}, []float64{3, 2, 1})
	head := []index.Neighbor{{Row: 77, Distance: 99}}
	want := []index.Neighbor{{Row: 77, Distance: 99}, {Row: 3, Distance: 1}, {Row: 2, Distance: 2}}
	for range 2 {
		if got := top.Sorted(head); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	top.Push(4, 0)
	if got := top.Sorted(nil); got[0].Row != 4 || got[1].Row != 3 {
		t.Errorf("after Sorted: %v", got)
	}
	top.Reset(3)
	if top.Len() != 0 || top.Full() || len(top.Sorted(nil)) != 0 {
		t.Errorf("Reset keeps %v", top.Sorted(nil))
	}
	top.Push(5, math.NaN())
	top.Merge(&index.TopK{})
	if got := top.Sorted(nil); len(got) != 1 || got[0].Row != 5 {
		t.Errorf("NaN among free places: %v", got)
	}
}

// TestCompareNeighbors holds the order: distance, NaN last, then the row.
func TestCompareNeighbors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	ordered := []index.Neighbor{
		{Row: 9, Distance: -inf},
		{Row: 1, Distance: -1},
		{Row: 1, Distance: 0},
		{Row: 2, Distance: math.Copysign(0, -1)},
		{Row: 0, Distance: 1},
		{Row: math.MaxUint64, Distance: 1},
		{Row: 3, Distance: inf},
		{Row: 1, Distance: nan},
		{Row: 2, Distance: nan},
	}
	for i, a := range ordered {
		for k, b := range ordered {
			got := a.Compare(b)
			if (got < 0) != (i < k) || (got > 0) != (i > k) {
				t.Errorf("%v and %v: %d", a, b, got)
			}
		}
	}
}

// TestBitmapEdges holds bitmaps without words, at the ends of words, and based near the last row id.
func TestBitmapEdges(t *testing.T) {
	for _, empty := range []index.Bitmap{{}, {Base: 5}, {Bits: []uint64{}}, {Bits: []uint64{0, 0}}} {
		if empty.Has(0) || empty.Has(5) || empty.Has(math.MaxUint64) || empty.Count() != 0 {
			t.Errorf("%v has rows", empty)
		}
	}
	full := index.Bitmap{Base: 64, Bits: []uint64{math.MaxUint64, 1}}
	for id := range index.RowID(200) {
		if full.Has(id) != (id >= 64 && id <= 128) {
			t.Errorf("row %d: %v", id, full.Has(id))
		}
	}
	if full.Count() != 65 {
		t.Errorf("%d rows", full.Count())
	}
	last := index.Bitmap{Base: math.MaxUint64 - 63, Bits: []uint64{1 << 63}}
	if !last.Has(math.MaxUint64) || last.Has(0) || last.Has(math.MaxUint64-1) {
		t.Error("the last row id")
	}
}
