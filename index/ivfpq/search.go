package ivfpq

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/distance/simd"
)

// Vectors gives a search the exact distances of its candidates, and so decides which rows exist.
type Vectors interface {
	// Distances sets dist[i] to the raw distance (distance.Metric) of row rows[i] to the query, or
	// live[i], which comes as true, to false if there is no such row for this reader. The slices are
	// of one length and valid during the call; the rows are in no order.
	Distances(ctx context.Context, rows []index.RowID, dist []float64, live []bool) error
}

// Options say what to search for and how hard. K is the one that must be set.
type Options struct {
	// K is the number of rows wanted. A search for a large part of all rows works, in memory of some 24
	// bytes a row, but an exact scan is the better plan for it.
	K int
	// NProbe is the number of partitions to read first; take it from Curve.Pick. More are read when
	// there are not enough rows in them, and in proportion when Filter lets few rows through.
	// Default: a 32nd of the partitions, at least 8.
	NProbe int
	// FixedProbes keeps NProbe from growing with the filter. Rows are still found while there are any.
	FixedProbes bool
	// Refine is the number of candidates whose exact distance is computed, at least K. Default: 8*K.
	Refine int
	// Filter, unless its Bits are nil, names the rows that may be found.
	Filter index.Bitmap
	// FilterRows is the number of rows in Filter; 0 has them counted.
	FilterRows int
	// Exclude names rows that must not be found.
	Exclude index.Bitmap
	// Vectors re-ranks the candidates. Without it distances are estimates.
	Vectors Vectors
}

// Stats say what a search did, for EXPLAIN ANALYZE.
type Stats struct {
	Partitions int   // read
	Codes      int   // estimated
	Refined    int   // exact distances computed
	Bytes      int64 // of partitions read
}

// Searcher searches the segments of one index.
type Searcher struct {
	m       *Model
	segs    []*Segment
	rows    int64
	entries int // in all segments; a row has one or two
	scratch sync.Pool
}

// NewSearcher joins segments, which must be over the model and stay open as long as it is used.
func NewSearcher(m *Model, segs ...*Segment) (*Searcher, error) {
	s := &Searcher{m: m, segs: segs}
	for _, seg := range segs {
		if seg.print != m.print {
			return nil, fmt.Errorf("search %s: %w", seg.name, index.ErrStale)
		}
		if seg.nlist != m.nlist || seg.subs != m.codeSubs() || seg.blockBytes() != m.blockBytes() {
			return nil, fmt.Errorf("search %s: shape: %w", seg.name, index.ErrCorrupt)
		}
		s.rows += seg.rows
		s.entries += int(seg.header.entries)
	}
	s.scratch.New = func() any { return newScratch(m) }
	return s, nil
}

// Model returns the model that the segments share.
func (s *Searcher) Model() *Model { return s.m }

// Rows returns the number of rows in the segments.
func (s *Searcher) Rows() int64 { return s.rows }

// scratch is what one search needs; searches reuse it.
type scratch struct {
	q      []float32 // prepared query
	raw    []float32 // the caller's
	shift  float64   // added to estimates that are returned
	dist   []float32 // to centroids, or the negative product
	near   []float32 // the order's distances
	order  []uint64  // partitions, nearest first
	probed []bool
	lut    []float32
	lut8   []byte
	scale  float32
	bias   float32
	pool   simd.Pool
	parts  simd.Partitions
	seen   rowTable
	rows   []index.RowID
	exact  []float64
	live   []bool
	top    index.TopK
	stats  Stats
}

func newScratch(m *Model) *scratch {
	sc := &scratch{
		q: make([]float32, m.padded), dist: make([]float32, m.nlist), near: make([]float32, m.nlist),
		order: make([]uint64, m.nlist), probed: make([]bool, m.nlist), lut: make([]float32, m.book.M*m.book.Ksub),
	}
	if m.bits == 4 {
		sc.lut8 = make([]byte, m.codeSubs()*16)
	}
	return sc
}

// begin prepares the query: distances to all centroids and the one look-up table.
func (m *Model) begin(sc *scratch, query []float32) {
	sc.stats = Stats{}
	m.prepareQuery(sc.q, query)
	if m.metric == distance.InnerProduct {
		m.level.Rows(simd.Dot, sc.q, m.centroids, sc.dist, nil)
		for i, v := range sc.dist {
			sc.dist[i] = -v
		}
		sc.shift = -float64(m.level.Pair(simd.Dot, query, m.mean))
	} else {
		m.level.Rows(simd.L2, sc.q, m.centroids, sc.dist, nil)
		sc.shift = 0
	}
	m.level.LUT(sc.q, m.book, sc.lut)
	if m.bits == 4 {
		sc.scale, sc.bias = m.level.LUT8(sc.lut, m.book.M, m.codeSubs(), sc.lut8)
	}
}

// Search appends the K nearest rows to dst, nearest first, fewer only if there are fewer that match.
func (s *Searcher) Search(ctx context.Context, query []float32, o Options, dst []index.Neighbor) ([]index.Neighbor, Stats, error) {
	if len(query) != s.m.dims {
		return dst, Stats{}, fmt.Errorf("%w: %d and %d", index.ErrDims, len(query), s.m.dims)
	}
	if o.K <= 0 || s.rows == 0 {
		return dst, Stats{}, ctx.Err()
	}
	nprobe, refine := s.effort(&o)
	sc := s.scratch.Get().(*scratch)
	defer s.release(sc)
	s.m.begin(sc, query)
	for {
		whole, err := s.scan(ctx, sc, &o, nprobe, refine)
		if err != nil {
			return dst, sc.stats, err
		}
		if err := sc.rerank(ctx, s.m, &o, refine); err != nil {
			return dst, sc.stats, err
		}
		if whole || sc.top.Full() {
			break
		}
		// Rows that are gone took the places: once more, wider. It ends when all is read and nothing
		// was turned away, at the latest when there is room for everything.
		nprobe, refine = min(4*nprobe, s.m.nlist), min(4*refine, s.entries)
	}
	return sc.top.Sorted(dst), sc.stats, nil
}

// poolKept bounds the scratch that is kept for later searches, in candidates.
const poolKept = 1 << 16

func (s *Searcher) release(sc *scratch) {
	if len(sc.pool.Est) <= poolKept {
		s.scratch.Put(sc)
	}
}

// Rows that a filter leaves are often in places of their own, away from the query: the nearest are
// then spread over many partitions, and their distances lie close together. So with a filter probes
// grow with the inverse of its share, from no less than filterPart of the partitions, and twice as
// many candidates are refined.
const (
	filterProbes = 1.25
	filterPart   = 32
	filterRefine = 2
)

// effort completes the options and returns how many partitions to read and rows to refine.
func (s *Searcher) effort(o *Options) (nprobe, refine int) {
	nprobe, refine = o.NProbe, o.Refine
	if nprobe <= 0 {
		nprobe = max(s.m.nlist/32, 8)
	}
	if refine <= 0 {
		refine = 8 * o.K
	}
	if o.Filter.Bits != nil && !o.FixedProbes {
		if o.FilterRows <= 0 {
			o.FilterRows = o.Filter.Count()
		}
		share := float64(o.FilterRows) / float64(s.rows)
		if share < 0.95 {
			least := float64(max(nprobe, s.m.nlist/filterPart, 8))
			nprobe = int(min(least*min(filterProbes, 1/share)/share, float64(s.m.nlist)))
			refine = max(filterRefine*refine, 8*o.K)
		}
	}
	return min(nprobe, s.m.nlist), min(max(refine, o.K), s.entries)
}

// scan estimates the rows of the nprobe nearest partitions, and of more until refine rows were met.
// It reports whether every row that matches was met and kept.
func (s *Searcher) scan(ctx context.Context, sc *scratch, o *Options, nprobe, refine int) (whole bool, err error) {
	m := s.m
	keep := min(refine*m.copies(), s.entries)
	sc.pool.Reset(keep)
	clear(sc.probed)
	m.level.Nearest(sc.dist, nprobe, sc.near, sc.order)
	if err := s.probe(ctx, sc, o, sc.order[:nprobe]); err != nil {
		return false, err
	}
	if nprobe < m.nlist && sc.pool.Codes() < keep {
		m.level.Nearest(sc.dist, m.nlist, sc.near, sc.order)
		rest := slices.DeleteFunc(sc.order, func(p uint64) bool { return sc.probed[p] })
		sc.order = sc.order[:m.nlist]
		for step := nprobe; len(rest) > 0 && sc.pool.Codes() < keep; step *= 2 {
			n := min(step, len(rest))
			if err := s.probe(ctx, sc, o, rest[:n]); err != nil {
				return false, err
			}
			rest = rest[n:]
			nprobe += n
		}
	}
	return nprobe == m.nlist && sc.pool.Codes() <= keep, nil
}

// scanRows bounds a call into the kernels, which cannot be interrupted, to some 100 microseconds.
const scanRows = 1 << 16

// probe estimates the rows of some partitions in all segments.
func (s *Searcher) probe(ctx context.Context, sc *scratch, o *Options, parts []uint64) error {
	for _, p := range parts {
		sc.probed[p] = true
	}
	sc.stats.Partitions += len(parts)
	for _, seg := range s.segs {
		seg.willNeed(parts)
		ps := &sc.parts
		*ps = simd.Partitions{
			Slab: seg.m.Data, Offset: ps.Offset[:0], Rows: ps.Rows[:0], Base: ps.Base[:0],
			IDBase: uint64(seg.base), Keep: simd.Filter{Bits: o.Filter.Bits, Base: uint64(o.Filter.Base)},
			Drop: simd.Filter{Bits: o.Exclude.Bits, Base: uint64(o.Exclude.Base)},
		}
		rows := 0
		for _, p := range parts {
			n := seg.count[p]
			if n == 0 {
				continue
			}
			if err := seg.ensure(int(p)); err != nil {
				return err
			}
			ps.Offset, ps.Rows = append(ps.Offset, seg.offset[p]), append(ps.Rows, n)
			ps.Base = append(ps.Base, sc.dist[p])
			sc.stats.Bytes += seg.partitionBytes(int(p))
			if rows += int(n); rows >= scanRows {
				if err := ctx.Err(); err != nil {
					return err
				}
				s.m.kernel(sc)
				ps.Offset, ps.Rows, ps.Base, rows = ps.Offset[:0], ps.Rows[:0], ps.Base[:0], 0
			}
		}
		s.m.kernel(sc)
	}
	sc.parts.Slab, sc.parts.Keep, sc.parts.Drop = nil, simd.Filter{}, simd.Filter{}
	return ctx.Err()
}

// kernel scans what is gathered in sc.parts.
func (m *Model) kernel(sc *scratch) {
	if len(sc.parts.Offset) == 0 {
		return
	}
	if m.bits == 4 {
		m.level.Scan4(&sc.parts, m.codeSubs(), sc.lut8, sc.scale, sc.bias, &sc.pool)
	} else {
		m.level.Scan8(&sc.parts, m.codeSubs(), sc.lut, &sc.pool)
	}
}

// candidates leaves the best rows, each once, in sc.rows and the pool's estimates, in no order, and
// returns how many there are, at most refine.
func (sc *scratch) candidates(m *Model, refine int) int {
	n := sc.pool.Len()
	est, id := sc.pool.Est[:n], sc.pool.ID[:n]
	keep := refine * m.copies()
	if n > keep {
		m.level.Select(est, id, keep)
		est, id = est[:keep], id[:keep]
	}
	if m.double {
		n = sc.seen.unique(est, id)
		est, id = est[:n], id[:n]
	}
	if len(est) > refine {
		m.level.Select(est, id, refine)
		est, id = est[:refine], id[:refine]
	}
	sc.rows = sc.rows[:0]
	for _, r := range id {
		sc.rows = append(sc.rows, index.RowID(r))
	}
	return len(est)
}

// rerank fills sc.top from the candidates by exact distance.
func (sc *scratch) rerank(ctx context.Context, m *Model, o *Options, refine int) error {
	sc.stats.Codes += sc.pool.Codes()
	n := sc.candidates(m, refine)
	sc.top.Reset(o.K)
	if o.Vectors == nil {
		for i, r := range sc.rows {
			sc.top.Push(r, float64(sc.pool.Est[i])+sc.shift)
		}
		return nil
	}
	sc.exact, sc.live = slices.Grow(sc.exact[:0], n)[:n], slices.Grow(sc.live[:0], n)[:n]
	for i := range sc.live {
		sc.live[i] = true
	}
	if n > 0 {
		if err := o.Vectors.Distances(ctx, sc.rows, sc.exact, sc.live); err != nil {
			return err
		}
	}
	sc.stats.Refined += n
	for i, r := range sc.rows {
		if sc.live[i] {
			sc.top.Push(r, sc.exact[i])
		}
	}
	return nil
}

// rowTable is a hash table of row ids that is emptied by counting up.
type rowTable struct {
	key   []uint64
	at    []int32
	age   []uint32
	epoch uint32
}

// unique moves the first appearance of each id to the front, with the smaller of its estimates, and
// returns how many there are.
func (t *rowTable) unique(est []float32, id []uint64) int {
	size := 64
	for size < 2*len(id) {
		size *= 2
	}
	if len(t.key) < size {
		*t = rowTable{key: make([]uint64, size), at: make([]int32, size), age: make([]uint32, size)}
	}
	if t.epoch++; t.epoch == 0 {
		clear(t.age)
		t.epoch = 1
	}
	mask := uint64(len(t.key) - 1)
	n := 0
	for i, k := range id {
		h := k * 0x9e3779b97f4a7c15 >> 32 & mask
		for t.age[h] == t.epoch && t.key[h] != k {
			h = (h + 1) & mask
		}
		if t.age[h] == t.epoch {
			est[t.at[h]] = min(est[t.at[h]], est[i])
			continue
		}
		t.age[h], t.key[h], t.at[h] = t.epoch, k, int32(n)
		est[n], id[n] = est[i], k
		n++
	}
	return n
}
