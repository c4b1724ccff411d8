package ivfpq

import (
	"context"
	"math"
	"runtime"
	"slices"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/distance/simd"
	"github.com/vecdb/vecdb/internal/guard"
)

// truthDepth is how many exact neighbors are kept per query: those of the deepest K that is measured,
// the query's own row, and ties.
const truthDepth = 128

// Truth is the exact neighbors of the model's sampled queries among the rows of a build.
type Truth struct {
	m       *Model
	n       int
	queries []float32 // prepared. Layout: [n][padded]float32
	norms   []float32
	self    []float32 // the distance that a query's own row has
	packed  []float32
	top     []index.TopK
}

func newTruth(m *Model) *Truth {
	t := &Truth{m: m, n: len(m.queries) / m.dims}
	t.queries = make([]float32, t.n*m.padded)
	t.self, t.top = make([]float32, t.n), make([]index.TopK, t.n)
	for i := range t.n {
		raw := m.queries[i*m.dims : (i+1)*m.dims]
		m.prepareQuery(t.queries[i*m.padded:(i+1)*m.padded], raw)
		t.top[i].Reset(truthDepth)
		if m.metric == distance.InnerProduct {
			t.self[i] = m.level.Pair(simd.Dot, raw, m.mean) - m.level.Pair(simd.Dot, raw, raw)
		}
	}
	t.norms = norms(m.level, t.queries, t.n, m.padded)
	for i := range t.n {
		if _, zero := m.unit(m.queries[i*m.dims : (i+1)*m.dims]); zero && m.metric == distance.Cosine {
			t.norms[i] = 0 // every answer is right
		}
	}
	t.packed = m.level.Pack(t.queries, t.n, m.padded)
	return t
}

// merge takes over what a worker found.
func (t *Truth) merge(w *truthTile) {
	for i := range t.top {
		t.top[i].Merge(&w.top[i])
	}
}

// truthTile is one worker's share.
type truthTile struct {
	*Truth
	dots  []float32
	top   []index.TopK
	limit []float32
}

func newTruthTile(t *Truth) *truthTile {
	w := &truthTile{
		Truth: t, dots: make([]float32, tileRows*t.m.level.Stride(t.n)),
		top: make([]index.TopK, t.n), limit: make([]float32, t.n),
	}
	for i := range w.top {
		w.top[i].Reset(truthDepth)
		w.limit[i] = float32(math.Inf(1))
	}
	return w
}

// add compares a tile of prepared rows with all queries. Rows without a direction are no neighbors.
func (w *truthTile) add(x []float32, ids []index.RowID, zero []bool) {
	m, n := w.m, len(ids)
	m.level.Dots(x, n, m.padded, w.packed, w.n, w.dots)
	stride := m.level.Stride(w.n)
	for r, id := range ids {
		if zero[r] {
			continue
		}
		dots := w.dots[r*stride : r*stride+w.n]
		xx, twice := float32(0), float32(1)
		if m.metric != distance.InnerProduct {
			row := x[r*m.padded : (r+1)*m.padded]
			xx, twice = m.level.Pair(simd.Dot, row, row), 2
		}
		for q, dot := range dots {
			d := xx - twice*dot
			if d < w.limit[q] {
				w.top[q].Push(id, float64(d))
				w.limit[q] = float32(w.top[q].Threshold())
			}
		}
	}
}

// want is one query's answer at one K.
type want struct {
	rows map[index.RowID]bool // all rows as near as the K-th
	k    int
	ties bool // rows is not all of them: more were equally near than are kept
}

// answer returns what a query ought to find, and its own row. ok is false for a query that says
// nothing because it has no direction.
func (t *Truth) answer(q, k int) (a want, self index.RowID, hasSelf, ok bool) {
	list := t.top[q].Sorted(nil)
	// |q|^2 completes the distance; rounding leaves some millionths of the norms.
	norm := float64(t.norms[q])
	own := float64(t.self[q])
	if t.m.metric != distance.InnerProduct {
		own = -norm
	}
	const rounding = 1e-5
	at, off := -1, rounding*(math.Abs(own)+norm)
	for i, n := range list {
		if d := math.Abs(n.Distance - own); d <= off {
			at, off = i, d
		}
	}
	if at >= 0 {
		self, hasSelf = list[at].Row, true
		list = slices.Delete(list, at, at+1)
	}
	a.k = min(k, len(list))
	if a.k == 0 || norm == 0 {
		return a, self, hasSelf, false
	}
	edge := list[a.k-1].Distance
	edge += 1e-6 * (math.Abs(edge) + norm)
	a.rows = make(map[index.RowID]bool, a.k)
	for _, n := range list {
		if n.Distance <= edge {
			a.rows[n.Row] = true
		}
	}
	a.ties = len(a.rows) == len(list) && len(list) >= truthDepth-1
	return a, self, hasSelf, true
}

// estimates returns the estimates of the wanted rows among the candidates, if there are more equally
// near ones than are known: equal rows have equal codes, so what has the same estimate is as good.
func (a *want) estimates(list []Candidate) map[float64]bool {
	if !a.ties {
		return nil
	}
	found := make(map[float64]bool)
	for _, c := range list {
		if a.rows[c.Row] {
			found[c.Distance] = true
		}
	}
	return found
}

// The grid that is measured. Refinements above the last one mostly add nothing that more probes do not; where all
// probes are not enough (vectors of very unequal length, whose codes say little), those of deepGrid are measured too.
var (
	refineGrid = []int{10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512}
	deepGrid   = []int{1024, 2048, 4096, 8192, 16384, 32768}
	kGrid      = [2]int{10, 100}
)

// deepBelow is the recall at 10 rows below which deepGrid is measured, by deepProbes times fewer probes and by as many
// as before.
const (
	deepBelow  = 0.99
	deepProbes = 4
)

// probeGrid is every partition count worth trying, about sqrt(2) apart.
func probeGrid(nlist int) []int {
	var grid []int
	for p := 1.0; p < float64(nlist); p *= math.Sqrt2 {
		if n := int(p + 0.5); n < nlist && (len(grid) == 0 || n > grid[len(grid)-1]) {
			grid = append(grid, n)
		}
	}
	return append(grid, nlist)
}

// saturated are the recalls at 10 and 100 rows beyond which more probes are not tried, nor are they
// once a step brings less than stalled.
var saturated = [len(kGrid)]float64{0.998, 0.99}

const stalled = 0.0005

// Calibrate measures the recall of s at growing effort, by searches for sampled rows that do not
// count themselves, against the exact neighbors found during the build. It needs no vectors: a row
// among the refined candidates is found.
func Calibrate(ctx context.Context, s *Searcher, t *Truth, progress Progress) (*Curve, error) {
	c := &Curve{Rows: s.rows, Dims: s.m.dims, Partitions: s.m.nlist, SubVectors: s.m.codeSubs(), Bits: s.m.bits}
	if t == nil {
		return c, ctx.Err()
	}
	answers := make([]queryAnswer, 0, t.n)
	for q := range t.n {
		a := queryAnswer{raw: s.m.queries[q*s.m.dims : (q+1)*s.m.dims]}
		var ok [len(kGrid)]bool
		for i, k := range kGrid {
			a.want[i], a.self, a.hasSelf, ok[i] = t.answer(q, k)
		}
		if ok[0] && ok[1] {
			answers = append(answers, a)
		}
	}
	c.Queries = len(answers)
	if len(answers) == 0 {
		return c, ctx.Err()
	}
	grid := probeGrid(s.m.nlist)
	for i, nprobe := range grid {
		done, err := c.measure(ctx, s, answers[:s.affordable(c, len(answers), nprobe)], nprobe, refineGrid)
		if err != nil {
			return nil, err
		}
		progress.report(PhaseCalibrate, int64(i+1), int64(len(grid)))
		if done {
			break
		}
	}
	if err := c.measureDeep(ctx, s, answers); err != nil {
		return nil, err
	}
	progress.report(PhaseCalibrate, int64(len(grid)), int64(len(grid)))
	return c, nil
}

// measureDeep adds points of many refined rows when the greatest effort measured does not find nearly everything.
func (c *Curve) measureDeep(ctx context.Context, s *Searcher, answers []queryAnswer) error {
	last := c.Points[len(c.Points)-1]
	if last.Recall[0] >= deepBelow {
		return nil
	}
	grid := deepGrid
	for len(grid) > 1 && int64(grid[len(grid)-2]) >= s.rows {
		grid = grid[:len(grid)-1]
	}
	for _, nprobe := range []int{max(last.NProbe/deepProbes, 1), last.NProbe} {
		if _, err := c.measure(ctx, s, answers[:s.affordable(c, len(answers), nprobe)], nprobe, grid); err != nil {
			return err
		}
	}
	return nil
}

// A measurement at one probe count estimates about this many rows in all, for 4-bit codes some 30 ms;
// great efforts are measured by fewer queries, but no fewer than leastQueries.
const (
	measureCodes4 = 32 << 20
	measureCodes8 = 4 << 20
	leastQueries  = 48
)

// affordable returns how many of n queries to search with, going by the last point.
func (s *Searcher) affordable(c *Curve, n, nprobe int) int {
	if len(c.Points) == 0 {
		return n
	}
	last := c.Points[len(c.Points)-1]
	codes := last.Codes * float64(nprobe) / float64(last.NProbe)
	most := float64(measureCodes4)
	if s.m.bits == 8 {
		most = measureCodes8
	}
	return min(n, max(int(most/max(codes, 1)), leastQueries))
}

// queryAnswer is a query with what it ought to find.
type queryAnswer struct {
	raw     []float32
	want    [len(kGrid)]want
	self    index.RowID
	hasSelf bool
}

// tally is one worker's share of a measurement: recall and its square summed over queries (Layout:
// [k][refine]), and room for the order of candidates.
type tally struct {
	refine      []int
	sum, square [len(kGrid)][]float64
	codes       int
	near        []float32
	order       []uint64
}

func newTally(refine []int) *tally {
	room := refine[len(refine)-1] + 1
	y := &tally{refine: refine, near: make([]float32, room), order: make([]uint64, room)}
	for i := range kGrid {
		y.sum[i], y.square[i] = make([]float64, len(refine)), make([]float64, len(refine))
	}
	return y
}

// add takes over another worker's share.
func (y *tally) add(o *tally) {
	for i := range kGrid {
		for j := range y.refine {
			y.sum[i][j] += o.sum[i][j]
			y.square[i][j] += o.square[i][j]
		}
	}
	y.codes += o.codes
}

// measure adds the points of one probe count and reports whether more probes are not worth trying.
func (c *Curve) measure(
	ctx context.Context, s *Searcher, answers []queryAnswer, nprobe int, grid []int,
) (done bool, err error) {
	workers := runtime.GOMAXPROCS(0)
	tallies := make([]*tally, workers)
	g, ctx := guard.NewGroup(ctx)
	for w := range workers {
		g.Go("measure recall", func() error {
			tallies[w] = newTally(grid)
			for i := w; i < len(answers); i += workers {
				if err := s.tryQuery(ctx, &answers[i], nprobe, tallies[w]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return false, err
	}
	total, n := newTally(grid), float64(len(answers))
	for _, y := range tallies {
		total.add(y)
	}
	for j, refine := range grid {
		p := Point{NProbe: nprobe, Refine: refine, Codes: float64(total.codes) / n}
		for i := range kGrid {
			mean := total.sum[i][j] / n
			variance := max(total.square[i][j]/n-mean*mean, 0)
			p.Recall[i], p.Error[i] = mean, math.Sqrt(variance/n)
		}
		c.Points = append(c.Points, p)
	}
	best := c.Points[len(c.Points)-1].Recall
	done = best[0] >= saturated[0] && best[1] >= saturated[1]
	if before := len(c.Points) - 1 - len(grid); before >= 0 {
		last := c.Points[before].Recall
		done = done || best[0]-last[0] < stalled && best[1]-last[1] < stalled
	}
	return done, nil
}

// tryQuery searches once and counts what each refinement would have found.
func (s *Searcher) tryQuery(ctx context.Context, a *queryAnswer, nprobe int, y *tally) error {
	refine := y.refine[len(y.refine)-1] + 1 // and its own row
	sc := s.scratch.Get().(*scratch)
	defer s.scratch.Put(sc)
	o := Options{K: refine}
	s.m.begin(sc, a.raw)
	keep := refine * s.m.copies()
	sc.pool.Reset(keep)
	s.m.level.Nearest(sc.dist, nprobe, sc.near, sc.order)
	if err := s.probe(ctx, sc, &o, sc.order[:nprobe]); err != nil {
		return err
	}
	n := sc.candidates(s.m, refine, refine, false)
	y.codes += sc.pool.Codes()
	s.m.level.Nearest(sc.pool.Est[:n], n, y.near[:n], y.order[:n])
	var hits [len(kGrid)]int
	rank, j := 0, 0
	count := func() {
		for i := range kGrid {
			r := float64(min(hits[i], a.want[i].k)) / float64(a.want[i].k)
			y.sum[i][j] += r
			y.square[i][j] += r * r
		}
		j++
	}
	var found [len(kGrid)]map[float64]bool
	for i := range kGrid {
		found[i] = a.want[i].estimates(sc.list)
	}
	for _, at := range y.order[:n] {
		row := sc.list[at].Row
		if a.hasSelf && row == a.self {
			continue
		}
		for j < len(y.refine) && rank == y.refine[j] {
			count()
		}
		for i := range kGrid {
			if a.want[i].rows[row] || found[i][sc.list[at].Distance] {
				hits[i]++
			}
		}
		rank++
	}
	for j < len(y.refine) {
		count()
	}
	return nil
}
