package ivfpq

import (
	"cmp"
	"math"

	"github.com/vecdb/vecdb/index"
)

// effort is how hard to search.
type effort struct {
	nprobe, refine int     // at least
	settle         bool    // go on until more partitions and candidates bring few of the nearest
	crowded        bool    // most codes near the query are dead: passes go on until one brings few of the nearest
	allow          float64 // the part of the nearest that is few
}

// The k nearest of a share of the rows are among the k/share nearest of all, if the filter has nothing to do with
// the vectors' places: how many partitions have those the measured curve says. A filter that follows the places
// leaves rows that may lie far from the query, spread over many partitions, and with distances close together. So
// a filtered search goes on in steps, each settleGrowth times as far as the one before, until a step has brought few of the
// nearest: what the step behind it would bring is less. Partitions settle by estimates, candidates by exact distances.
const (
	settleGrowth = 2.0
	settleRows   = 20  // as many nearest rows are looked at at least: of fewer, chance would have it
	settleMiss   = 1.5 // times the recall that may be missed is few: the less, the more partitions
	settleRefine = 4   // times as many candidates are kept as are refined at least
	filterRefine = 2   // times as many are refined at least as without a filter
	filterProbes = 0.3 // the power of the inverse share by which partitions grow
	// anyShare is the share of rows from which on a filter is none.
	anyShare = 0.95
)

// Codes of rows that are gone, or have another vector now, take places among the candidates. A search keeps a
// spare part more of them than it is to refine, looks at those when too few of the others were live, and is done
// over with more room when these do not suffice either: codes come in places of their own, so that most of those
// near a query may be dead where few are in all. That is like a filter that follows the places.
const (
	spareCandidates = 4  // 1/4
	liveSlack       = 10 // a tenth of the wanted candidates may be missing
	widenMargin     = 1.25
	widenMax        = 8.0
)

// most is the number of candidates that are kept.
func (e *effort) most() int {
	if e.settle {
		return settleRefine * e.refine
	}
	return e.refine + e.refine/spareCandidates
}

// kept is the number of nearest rows that are kept of k wanted.
func (e *effort) kept(k int) int {
	if e.settle {
		return max(k, settleRows)
	}
	return k
}

// plan completes the options and returns the effort to begin with.
func (s *Searcher) plan(o *Options) effort {
	recall := cmp.Or(o.Recall, 0.95)
	e := effort{nprobe: o.NProbe, refine: o.Refine, allow: settleMiss * (1 - recall)}
	nprobe, refine := max(s.m.nlist/32, 8), 8*o.K
	if o.Curve != nil {
		p := o.Curve.Pick(recall, o.K)
		nprobe, refine = p.NProbe, p.Refine
	}
	if e.nprobe <= 0 {
		e.nprobe = max(nprobe, o.LeastProbes)
	}
	if e.refine <= 0 {
		e.refine = refine
	}
	if o.Filter.Bits != nil && !o.FixedProbes {
		if o.FilterRows <= 0 {
			o.FilterRows = o.Filter.Count()
		}
		if share := float64(o.FilterRows) / float64(s.rows); share < anyShare {
			e.nprobe = int(float64(e.nprobe) * math.Pow(max(share, 1/float64(s.rows)), -filterProbes))
			e.refine = max(filterRefine*e.refine, 8*o.K)
			e.settle = true
		}
	}
	e.nprobe, e.refine = min(e.nprobe, s.m.nlist), min(max(e.refine, o.K), s.entries)
	return e
}

// wider is the effort after one that met live candidates of those wanted; enough says that it needs no more of them. It
// ends when all is read and nothing was turned away, at the latest when there is room for everything.
func (s *Searcher) wider(e effort, want, live int, enough bool) effort {
	e.crowded = e.crowded || live < want/2
	e.nprobe = min(2*e.nprobe, s.m.nlist)
	if enough {
		return e
	}
	more := min(float64(want)/float64(max(live, 1))*widenMargin, widenMax)
	if e.settle {
		more = max(more, settleRefine)
	}
	e.settle = e.settle || e.crowded
	e.refine = min(int(float64(e.refine)*more)+1, s.entries)
	return e
}

// settled remembers the nearest rows of a step.
type settled struct{ rows []uint64 }

func (t *settled) reset() { t.rows = t.rows[:0] }

// fresh takes over the first k different ones of rows, and returns how many of them it did not have.
func (t *settled) fresh(seen *rowTable, nearest []index.Neighbor, k int) (n int) {
	seen.start(len(t.rows) + len(nearest))
	for _, r := range t.rows {
		at, _ := seen.place(r)
		*at = 0
	}
	t.rows = t.rows[:0]
	for _, b := range nearest {
		if len(t.rows) == k {
			break
		}
		at, old := seen.place(uint64(b.Row))
		if old && *at != 0 {
			continue // the row's second code
		}
		if !old {
			n++
		}
		*at = 1
		t.rows = append(t.rows, uint64(b.Row))
	}
	return n
}

// codesSettled says whether few of the nearest by estimate were not among them when it was last asked. A row has as
// many codes as copies says.
func (sc *scratch) codesSettled(k, copies int, allow float64) bool {
	k = max(k, settleRows)
	sc.codes.Reset(k * copies)
	limit := sc.codes.Threshold()
	for i, e := range sc.pool.Est[:sc.pool.Len()] {
		if d := float64(e); d <= limit {
			sc.codes.Push(index.RowID(sc.pool.ID[i]), d)
			limit = sc.codes.Threshold()
		}
	}
	sc.best = sc.codes.Sorted(sc.best[:0])
	return float64(sc.byCode.fresh(&sc.seen, sc.best, k)) <= allow*float64(k)
}

// settled says whether few of the nearest were not among them when it was last asked of the same steps.
func (sc *scratch) settled(steps *settled, k int, allow float64) bool {
	k = max(k, settleRows)
	sc.best = sc.top.Sorted(sc.best[:0])
	return float64(steps.fresh(&sc.seen, sc.best, k)) <= allow*float64(k)
}
