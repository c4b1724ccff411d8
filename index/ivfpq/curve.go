package ivfpq

import "math"

// Curve is the measured recall of an index at growing effort. It is plain data: store it as JSON
// beside the index. The zero Curve knows nothing and picks by rule of thumb.
type Curve struct {
	Rows       int64   `json:"rows"` // in the index when it was measured
	Dims       int     `json:"dims"`
	Partitions int     `json:"partitions"`
	SubVectors int     `json:"sub_vectors"`
	Bits       int     `json:"bits"`
	Queries    int     `json:"queries"` // that measured it
	Points     []Point `json:"points"`  // by probes, then refinement
}

// Point is one effort with what it gives.
type Point struct {
	NProbe int        `json:"nprobe"`
	Refine int        `json:"refine"`
	Recall [2]float64 `json:"recall"` // at 10 and at 100 rows
	Error  [2]float64 `json:"error"`  // standard error of each
	Codes  float64    `json:"codes"`  // estimated per query
}

// Effort is how hard to search, and what to expect of it.
type Effort struct {
	NProbe, Refine int
	Recall         float64 // measured; 0 if unknown
	Codes          float64 // expected to be estimated
	CostNanos      float64 // of one core, with everything in memory
}

const (
	// caution is the part of the way to perfect recall that is asked for beyond the target: queries
	// come from elsewhere than the rows that measured the curve. A sampled row has also pulled its
	// partition towards itself, the more so the fewer rows are in one: cautionRows over their number
	// is added, up to cautionMax.
	caution     = 0.3
	cautionRows = 15
	cautionMax  = 0.7
	// errorsOff is how many standard errors a measured recall is discounted by.
	errorsOff = 1
	// refineLeast times k rows are refined at least, and leastPart of the partitions read: a measured
	// minimum is cheap to exceed, and strange queries need it.
	refineLeast = 4
	leastPart   = 64
)

// Pick returns the cheapest effort whose recall of the k nearest rows is at least target, with some
// caution; the greatest if none is.
func (c *Curve) Pick(target float64, k int) Effort {
	k = max(k, 1)
	if len(c.Points) == 0 {
		nprobe := min(max(c.Partitions/8, 16), max(c.Partitions, 1))
		return c.effort(nprobe, max(16*k, 160), 0, 0)
	}
	last := c.Points[len(c.Points)-1]
	if target >= 1 { // no sample can promise that
		last.NProbe, last.Codes = max(c.Partitions, 1), float64(c.Rows)
		return c.scaled(last, k, 1)
	}
	careful := min(caution+cautionRows*float64(c.Partitions)/float64(max(c.Rows, 1)), cautionMax)
	need := target + (1-target)*careful
	best, found := Effort{}, false
	for _, p := range c.Points {
		if p.Refine < min(k, kGrid[1]) {
			continue
		}
		recall, low := p.at(k)
		if low < need && recall < 1 {
			continue
		}
		if e := c.scaled(p, k, recall); !found || e.CostNanos < best.CostNanos {
			best, found = e, true
		}
	}
	if found {
		return best
	}
	recall, _ := last.at(k)
	return c.scaled(last, k, recall)
}

// at returns the recall at k rows and what it is at least, between the two depths measured on the
// logarithm of k.
func (p *Point) at(k int) (recall, low float64) {
	w := math.Log10(float64(k)) - 1 // 0 at 10, 1 at 100
	w = min(max(w, 0), 1)
	recall = p.Recall[0]*(1-w) + p.Recall[1]*w
	return recall, recall - errorsOff*(p.Error[0]*(1-w)+p.Error[1]*w)
}

// scaled is the point's effort for k rows; beyond the deepest k measured it grows with k.
func (c *Curve) scaled(p Point, k int, recall float64) Effort {
	nprobe := max(p.NProbe, c.Partitions/leastPart)
	refine := max(p.Refine, k, min(refineLeast*k, kGrid[1]))
	codes := p.Codes * float64(nprobe) / float64(p.NProbe)
	if deep := float64(k) / float64(kGrid[1]); deep > 1 {
		refine = int(float64(p.Refine) * deep)
		more := min(math.Sqrt(deep), float64(c.Partitions)/float64(nprobe))
		nprobe, codes = int(float64(nprobe)*more), codes*more
	}
	return c.effort(nprobe, refine, recall, codes)
}

// Measured on one core of a machine with AVX-512; only their proportions matter to a choice.
const (
	nanosQuery       = 4000 // fixed: preparing, selecting
	nanosCentroidDim = 0.04
	nanosCodeSub4    = 0.009
	nanosCodeSub8    = 0.2
	nanosRefineRow   = 60
	nanosRefineDim   = 0.15
)

func (c *Curve) effort(nprobe, refine int, recall, codes float64) Effort {
	sub := nanosCodeSub4
	if c.Bits == 8 {
		sub = nanosCodeSub8
	}
	cost := nanosQuery + nanosCentroidDim*float64(c.Partitions*c.Dims) +
		codes*(0.2+sub*float64(c.SubVectors)) + float64(refine)*(nanosRefineRow+nanosRefineDim*float64(c.Dims))
	return Effort{NProbe: nprobe, Refine: refine, Recall: recall, Codes: codes, CostNanos: cost}
}
