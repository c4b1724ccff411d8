package index

import (
	"cmp"
	"math"
	"slices"
)

// Neighbor is a row and its distance.
type Neighbor struct {
	Row      RowID
	Distance float64
}

// Compare orders neighbors by distance, NaN last, and then by row id, so that equal distances have
// one order everywhere.
func (a Neighbor) Compare(b Neighbor) int {
	if a.Distance != b.Distance {
		an, bn := math.IsNaN(a.Distance), math.IsNaN(b.Distance)
		switch {
		case an && !bn:
			return 1
		case bn && !an:
			return -1
		case !an:
			return cmp.Compare(a.Distance, b.Distance)
		}
	}
	return cmp.Compare(a.Row, b.Row)
}

// TopK accumulates the k nearest of the rows pushed into it. The zero TopK keeps nothing; make it
// ready by Reset. It is not safe for concurrent use.
type TopK struct {
	k    int
	heap []Neighbor // a max-heap: heap[0] is the farthest kept
}

// NewTopK returns an accumulator of k rows.
func NewTopK(k int) *TopK {
	t := new(TopK)
	t.Reset(k)
	return t
}

// Reset empties t and lets it keep k rows. Memory grows with the rows pushed, not with k.
func (t *TopK) Reset(k int) {
	t.k, t.heap = max(k, 0), t.heap[:0]
}

// Len returns the number of rows kept.
func (t *TopK) Len() int { return len(t.heap) }

// Full tells whether k rows are kept.
func (t *TopK) Full() bool { return len(t.heap) >= t.k }

// Threshold returns the distance beyond which a row is not kept: infinite until t is full.
func (t *TopK) Threshold() float64 {
	if t.k == 0 {
		return math.Inf(-1)
	}
	if len(t.heap) < t.k || math.IsNaN(t.heap[0].Distance) {
		return math.Inf(1)
	}
	return t.heap[0].Distance
}

// Push considers a row. The caller pushes no row twice.
func (t *TopK) Push(row RowID, distance float64) {
	n := Neighbor{row, distance}
	if len(t.heap) < t.k {
		t.heap = append(t.heap, n)
		t.up(len(t.heap) - 1)
		return
	}
	if t.k == 0 || n.Compare(t.heap[0]) >= 0 {
		return
	}
	t.heap[0] = n
	t.down(0)
}

// PushAll considers rows with their distances, which are of one length.
func (t *TopK) PushAll(rows []RowID, distances []float64) {
	limit := t.Threshold()
	for i, d := range distances {
		if d > limit {
			continue
		}
		t.Push(rows[i], d)
		limit = t.Threshold()
	}
}

// Merge considers all rows of o.
func (t *TopK) Merge(o *TopK) {
	for _, n := range o.heap {
		t.Push(n.Row, n.Distance)
	}
}

// Sorted appends the kept rows to dst, nearest first. t keeps them.
func (t *TopK) Sorted(dst []Neighbor) []Neighbor {
	from := len(dst)
	dst = append(dst, t.heap...)
	slices.SortFunc(dst[from:], Neighbor.Compare)
	return dst
}

func (t *TopK) up(i int) {
	for i > 0 {
		p := (i - 1) / 2
		if t.heap[i].Compare(t.heap[p]) <= 0 {
			return
		}
		t.heap[i], t.heap[p] = t.heap[p], t.heap[i]
		i = p
	}
}

func (t *TopK) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(t.heap) {
			return
		}
		if c+1 < len(t.heap) && t.heap[c+1].Compare(t.heap[c]) > 0 {
			c++
		}
		if t.heap[c].Compare(t.heap[i]) <= 0 {
			return
		}
		t.heap[i], t.heap[c] = t.heap[c], t.heap[i]
		i = c
	}
}
