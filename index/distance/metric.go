package distance

import (
	"math"

	"github.com/vecdb/vecdb/index/distance/simd"
)

// Metric is how near two vectors are; smaller is nearer for every metric.
type Metric uint8

const (
	// L2 orders by Euclidean distance (operator <->). Its raw distance is the square.
	L2 Metric = iota
	// InnerProduct orders by the negative inner product (<#>).
	InnerProduct
	// Cosine orders by one minus the cosine (<=>). It is NaN when a vector is zero.
	Cosine
	// L1 orders by the sum of absolute differences (<+>).
	L1
)

// metrics is the table of all metrics.
var metrics = [...]struct {
	name string
	op   simd.Op
}{
	L2:           {"l2", simd.L2},
	InnerProduct: {"ip", simd.Dot},
	Cosine:       {"cosine", simd.DotNorm},
	L1:           {"l1", simd.L1},
}

// Valid tells whether m is one of the metrics above.
func (m Metric) Valid() bool { return int(m) < len(metrics) }

// String returns the metric's short name.
func (m Metric) String() string {
	if !m.Valid() {
		return "invalid"
	}
	return metrics[m].name
}

// Final turns a raw distance, as Pair, Rows and Gather give it, into what SQL's operator returns.
func (m Metric) Final(raw float64) float64 {
	if m == L2 {
		return math.Sqrt(raw)
	}
	return raw
}

// Raw is the inverse of Final, for thresholds.
func (m Metric) Raw(final float64) float64 {
	if m == L2 {
		return final * final
	}
	return final
}

// L2Squared returns the squared Euclidean distance of two vectors of one length.
func L2Squared(a, b []float32) float32 { return simd.Best().Pair(simd.L2, a, b) }

// Dot returns the inner product of two vectors of one length.
func Dot(a, b []float32) float32 { return simd.Best().Pair(simd.Dot, a, b) }

// Manhattan returns the sum of absolute differences of two vectors of one length.
func Manhattan(a, b []float32) float32 { return simd.Best().Pair(simd.L1, a, b) }

// CosineDistance returns one minus the cosine of two vectors of one length, NaN if one is zero.
func CosineDistance(a, b []float32) float64 {
	return cosine(Dot(a, b), Dot(a, a), Dot(b, b))
}

// cosine is exact for equal vectors and never leaves [0, 2].
func cosine(dot, aa, bb float32) float64 {
	c := float64(dot) / math.Sqrt(float64(aa)*float64(bb))
	return 1 - min(max(c, -1), 1)
}

// Pair returns the raw distance of two vectors of one length.
func (m Metric) Pair(a, b []float32) float64 {
	switch m {
	case Cosine:
		return CosineDistance(a, b)
	case InnerProduct:
		return -float64(Dot(a, b))
	default:
		return float64(simd.Best().Pair(metrics[m].op, a, b))
	}
}

// blockRows is how many rows go to a kernel at once: enough to hide the call, few enough that the
// results stay in the first-level cache and a call stays far below a millisecond.
const blockRows = 256

// Query is one query vector prepared for many rows. It is not safe for concurrent use.
type Query struct {
	metric Metric
	vec    []float32
	norm   float32 // squared, for Cosine
	out    [blockRows]float32
	out2   [blockRows]float32
}

// NewQuery prepares vec, which it keeps.
func (m Metric) NewQuery(vec []float32) *Query {
	q := new(Query)
	q.Reset(m, vec)
	return q
}

// Reset makes q a query for vec, which it keeps.
func (q *Query) Reset(m Metric, vec []float32) {
	q.metric, q.vec = m, vec
	if m == Cosine {
		q.norm = Dot(vec, vec)
	}
}

// Pair writes the raw distance to one row.
func (q *Query) Pair(row []float32) float64 {
	if q.metric == Cosine {
		return cosine(Dot(q.vec, row), q.norm, Dot(row, row))
	}
	return q.metric.Pair(q.vec, row)
}

// Rows writes the raw distances to len(out) rows that lie one after the other in rows.
// Layout of rows: [len(out)][dims]float32.
func (q *Query) Rows(rows []float32, out []float64) {
	d := len(q.vec)
	for len(out) > 0 {
		n := min(len(out), blockRows)
		simd.Best().Rows(metrics[q.metric].op, q.vec, rows[:n*d], q.out[:n], q.out2[:n])
		q.finish(out[:n])
		rows, out = rows[n*d:], out[n:]
	}
}

// Gather writes the raw distances to the rows that start at the given offsets, in floats, of slab.
func (q *Query) Gather(slab []float32, offsets []int64, out []float64) {
	for len(offsets) > 0 {
		n := min(len(offsets), blockRows)
		simd.Best().Gather(metrics[q.metric].op, q.vec, slab, offsets[:n], q.out[:n], q.out2[:n])
		q.finish(out[:n])
		offsets, out = offsets[n:], out[n:]
	}
}

// finish turns the kernels' results into raw distances.
func (q *Query) finish(out []float64) {
	switch q.metric {
	case Cosine:
		for i := range out {
			out[i] = cosine(q.out[i], q.norm, q.out2[i])
		}
	case InnerProduct:
		for i := range out {
			out[i] = -float64(q.out[i])
		}
	default:
		for i := range out {
			out[i] = float64(q.out[i])
		}
	}
}
