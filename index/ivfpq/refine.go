package ivfpq

import (
	"cmp"
	"context"
	"slices"

	"github.com/vecdb/vecdb/index"
)

// candidates leaves the best codes, of each segment's rows one, in sc.list with their estimates, and returns how
// many there are, at most most. The best refine come first; they are in order when all is to be sorted.
func (sc *scratch) candidates(m *Model, refine, most int, sorted bool) int {
	n := sc.pool.Len()
	est, id := sc.pool.Est[:n], sc.pool.ID[:n]
	if keep := most * m.copies(); n > keep {
		m.level.Select(est, id, keep)
		est, id = est[:keep], id[:keep]
	}
	n = sc.seen.unique(est, id)
	est, id = est[:n], id[:n]
	if len(est) > most {
		m.level.Select(est, id, most)
		est, id = est[:most], id[:most]
	}
	if len(est) > refine && !sorted {
		m.level.Select(est, id, refine)
	}
	sc.list = sc.list[:0]
	for i, r := range id {
		sc.list = append(sc.list, Candidate{
			Row: index.RowID(r & (1<<segmentShift - 1)), Segment: int(r >> segmentShift),
			Live: true, Distance: float64(est[i]),
		})
	}
	if sorted {
		slices.SortFunc(sc.list, func(a, b Candidate) int { return cmp.Compare(a.Distance, b.Distance) })
	}
	return len(est)
}

// rerank fills sc.top from the candidates by exact distance, and returns how many of those it looked at are live, and
// whether they are enough: want of them, about, and, if e is to settle, the last ones brought few of the nearest.
func (sc *scratch) rerank(ctx context.Context, m *Model, o *Options, e effort, want int) (live int, enough bool, err error) {
	sc.stats.Codes += sc.pool.Codes()
	n := sc.candidates(m, e.refine, e.most(), e.settle)
	sc.top.Reset(e.kept(o.K))
	if o.Vectors == nil {
		sc.estimated(sc.list[:min(n, e.refine)])
		return want, true, nil
	}
	sc.byRow.reset()
	from, to := 0, e.refine
	if e.settle {
		to = max(to/2, 1)
	}
	for from < n && !enough {
		to = min(to, n)
		more, err := sc.measure(ctx, o, sc.list[from:to])
		if err != nil {
			return live, false, err
		}
		live += more
		settled := !e.settle || sc.settled(&sc.byRow, o.K, e.allow)
		enough = to >= e.refine && settled && live >= want-want/liveSlack
		from, to = to, 2*to
	}
	return live, enough || e.settle && from == n && n < e.most() && live == n, nil
}

// estimated puts candidates with their estimates into sc.top. Of a row in several segments it takes the nearest.
func (sc *scratch) estimated(list []Candidate) {
	slices.SortFunc(list, func(a, b Candidate) int { return cmp.Compare(a.Distance, b.Distance) })
	sc.seen.start(len(list))
	for _, c := range list {
		if _, old := sc.seen.place(uint64(c.Row)); !old {
			sc.top.Push(c.Row, c.Distance+sc.shift)
		}
	}
}

// measure puts candidates with their exact distances into sc.top, and returns how many of them are live.
func (sc *scratch) measure(ctx context.Context, o *Options, list []Candidate) (live int, err error) {
	if len(list) == 0 {
		return 0, nil
	}
	if err := o.Vectors.Distances(ctx, list); err != nil {
		return 0, err
	}
	sc.stats.Refined += len(list)
	for _, c := range list {
		if c.Live {
			sc.top.Push(c.Row, c.Distance)
			live++
		}
	}
	return live, nil
}

// rowTable is a hash table of row ids that is emptied by counting up.
type rowTable struct {
	key   []uint64
	at    []int32
	age   []uint32
	epoch uint32
}

// start empties the table for n keys.
func (t *rowTable) start(n int) {
	size := 64
	for size < 2*n {
		size *= 2
	}
	if len(t.key) < size {
		*t = rowTable{key: make([]uint64, size), at: make([]int32, size), age: make([]uint32, size)}
	}
	if t.epoch++; t.epoch == 0 {
		clear(t.age)
		t.epoch = 1
	}
}

// place returns the number that goes with a key, and whether the key was there already.
func (t *rowTable) place(k uint64) (at *int32, old bool) {
	mask := uint64(len(t.key) - 1)
	h := k * 0x9e3779b97f4a7c15 >> 32 & mask
	for t.age[h] == t.epoch && t.key[h] != k {
		h = (h + 1) & mask
	}
	old = t.age[h] == t.epoch
	t.age[h], t.key[h] = t.epoch, k
	return &t.at[h], old
}

// unique moves the first appearance of each id to the front, with the smaller of its estimates, and
// returns how many there are.
func (t *rowTable) unique(est []float32, id []uint64) int {
	t.start(len(id))
	n := 0
	for i, k := range id {
		at, old := t.place(k)
		if old {
			est[*at] = min(est[*at], est[i])
			continue
		}
		*at = int32(n)
		est[n], id[n] = est[i], k
		n++
	}
	return n
}
