package ivfpq

import (
	"cmp"
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
	// Distances sets Distance of the candidates, the raw one (distance.Metric), or Live, which comes as
	// true, to false if the reader sees no such row, or sees it with another vector than the one that the
	// segment has a code of. The slice is valid during the call; the rows are in no order.
	Distances(ctx context.Context, list []Candidate) error
}

// Candidate is a row whose code is near the query.
type Candidate struct {
	Row      index.RowID
	Segment  int // the code's, as NewSearcher counts them
	Live     bool
	Distance float64
}

// Options say what to search for and how hard. K is the one that must be set.
type Options struct {
	// K is the number of rows wanted. A search for a large part of all rows works, in memory of some 24
	// bytes a row, but an exact scan is the better plan for it.
	K int
	// Curve, unless it is nil, tells the effort that Recall takes, also under a filter. Recall is 0.95 by
	// default.
	Curve  *Curve
	Recall float64
	// NProbe is the number of partitions to read first. More are read when there are not enough rows in
	// them, or with Filter while they bring many of the nearest. Default: what Curve says, else a 32nd of
	// the partitions, at least 8.
	NProbe int
	// LeastProbes bounds the default of NProbe from below.
	LeastProbes int
	// FixedProbes keeps the effort from growing with the filter. Rows are still found while there are any.
	FixedProbes bool
	// Refine is the number of candidates whose exact distance is computed, at least K. Default: what Curve says,
	// else 8*K.
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
	if len(segs) > 1<<(64-segmentShift) {
		return nil, fmt.Errorf("search %d segments: %w", len(segs), ErrRowRange)
	}
	for _, seg := range segs {
		if seg.base >= 1<<segmentShift-1<<32 {
			return nil, fmt.Errorf("search %s: %w", seg.name, ErrRowRange)
		}
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

// segmentShift is where an id in a pool has the number of the segment above that of the row.
const segmentShift = 48

// scratch is what one search needs; searches reuse it.
type scratch struct {
	q      []float32 // prepared query
	shift  float64   // added to estimates that are returned
	dist   []float32 // to centroids, or the negative product
	near   []float32 // the order's distances
	order  []uint64  // partitions, nearest first
	lut    []float32
	lut8   []byte
	scale  float32
	bias   float32
	pool   simd.Pool
	parts  simd.Partitions
	seen   rowTable
	list   []Candidate
	byCode settled // over estimates
	byRow  settled // over exact distances, in one pass
	byPass settled // over exact distances, of whole passes
	best   []index.Neighbor
	top    index.TopK
	codes  index.TopK // the nearest by estimate
	stats  Stats
}

func newScratch(m *Model) *scratch {
	sc := &scratch{
		q: make([]float32, m.padded), dist: make([]float32, m.nlist), near: make([]float32, m.nlist),
		order: make([]uint64, m.nlist), lut: make([]float32, m.book.M*m.book.Ksub),
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
	e := s.plan(&o)
	sc := s.scratch.Get().(*scratch)
	defer s.release(sc)
	s.m.begin(sc, query)
	sc.byPass.reset()
	for want := e.refine; ; {
		whole, err := s.scan(ctx, sc, &o, e)
		if err != nil {
			return dst, sc.stats, err
		}
		live, enough, err := sc.rerank(ctx, s.m, &o, e, want)
		if err != nil {
			return dst, sc.stats, err
		}
		enough = enough && sc.top.Len() >= o.K
		settled := !e.crowded || sc.settled(&sc.byPass, o.K, e.allow)
		if whole || enough && settled {
			break
		}
		e = s.wider(e, want, live, enough)
	}
	from := len(dst)
	dst = sc.top.Sorted(dst)
	return dst[:min(len(dst), from+o.K)], sc.stats, nil
}

// poolKept bounds the scratch that is kept for later searches, in candidates.
const poolKept = 1 << 16

func (s *Searcher) release(sc *scratch) {
	if len(sc.pool.Est) <= poolKept {
		s.scratch.Put(sc)
	}
}

// scan estimates the rows of the nearest partitions, as many as e says, and of more until candidates enough were met
// and, if e is to settle, the last partitions brought few of the nearest. It reports whether every row that matches was
// met and kept.
func (s *Searcher) scan(ctx context.Context, sc *scratch, o *Options, e effort) (whole bool, err error) {
	m := s.m
	keep := min(e.most()*m.copies(), s.entries)
	sc.pool.Reset(keep)
	sc.byCode.reset()
	done, to := 0, e.nprobe
	if e.settle {
		to = max(int(float64(to)/settleGrowth), 1)
	}
	order := sc.nearest(m, to)
	for {
		if to > len(order) {
			order = sc.allAfter(m, order)
		}
		if err := s.probe(ctx, sc, o, order[done:to]); err != nil {
			return false, err
		}
		done = to
		settled := !e.settle || sc.codesSettled(o.K, m.copies(), e.allow)
		if done == m.nlist || done >= e.nprobe && settled && sc.pool.Codes() >= min(e.refine*m.copies(), s.entries) {
			return done == m.nlist && sc.pool.Codes() <= keep, nil
		}
		to = min(max(int(float64(done)*settleGrowth), done+1), m.nlist)
	}
}

// nearest returns the n nearest partitions, nearest first.
func (sc *scratch) nearest(m *Model, n int) []uint64 {
	m.level.Nearest(sc.dist, n, sc.near, sc.order)
	sc.sortParts(sc.order[:n])
	return sc.order[:n]
}

// allAfter returns the partitions of first and then all others, nearest first.
func (sc *scratch) allAfter(m *Model, first []uint64) []uint64 {
	taken := make([]bool, m.nlist)
	for _, p := range first {
		taken[p] = true
	}
	all := slices.Grow(slices.Clone(first), m.nlist)
	for p, t := range taken {
		if !t {
			all = append(all, uint64(p))
		}
	}
	sc.sortParts(all[len(first):])
	return all
}

func (sc *scratch) sortParts(parts []uint64) {
	slices.SortFunc(parts, func(a, b uint64) int { return cmp.Compare(sc.dist[a], sc.dist[b]) })
}

// scanRows bounds a call into the kernels, which cannot be interrupted, to some 100 microseconds.
const scanRows = 1 << 16

// probe estimates the rows of some partitions in all segments.
func (s *Searcher) probe(ctx context.Context, sc *scratch, o *Options, parts []uint64) error {
	sc.stats.Partitions += len(parts)
	for i, seg := range s.segs {
		seg.willNeed(parts)
		ps, mark := &sc.parts, uint64(i)<<segmentShift
		*ps = simd.Partitions{
			Slab: seg.m.Data, Offset: ps.Offset[:0], Rows: ps.Rows[:0], Base: ps.Base[:0],
			IDBase: mark + uint64(seg.base), Keep: simd.Filter{Bits: o.Filter.Bits, Base: mark + uint64(o.Filter.Base)},
			Drop: simd.Filter{Bits: o.Exclude.Bits, Base: mark + uint64(o.Exclude.Base)},
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
