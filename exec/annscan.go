package exec

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/upkeep"
)

// annScan yields the rows nearest to a vector. The filter is computed first, as a set of rows; its size
// decides between exact distances over the set, a search of partitions that looks only at rows of the set,
// and exact distances over everything. Rows that no segment has are always searched exactly, and rows without
// a vector come at the end, as an exact search would have them.
type annScan struct {
	*tableOutput
	rt         *Runtime
	n          *planner.AnnScan
	metric     distance.Metric
	query      value
	limit, off value
	bitmap     *bitmapPlan
	filter     *annFilter
	note       *Actual

	table *storage.TableReader
	dense *types.Dense // the type of the vectors
	read  *types.ElementReader
	q     *distance.Query
	vec   []float32   // the query vector
	set   *rowset.Set // rows that pass the filter; nil: all
	k     int         // rows wanted
	top   index.TopK
	found []index.Neighbor
	ids   []storage.RowID
	segs  []int // beside ids
	dist  []float64
	pos   int
	nulls *nullVectors // behind (or before) the rows with a distance
	dists *batch.Column
	given map[index.RowID]struct{} // without a limit: rows given out already
	bad   error                    // the first error inside a callback that has no way to return it
}

// annMetrics are the metrics by the planner's names.
var annMetrics = map[string]distance.Metric{
	"l2": distance.L2, "ip": distance.InnerProduct, "cosine": distance.Cosine, "l1": distance.L1,
}

func newAnnScan(b *builder, n *planner.AnnScan) (Operator, error) {
	// The last output column is the distance; tableOutput makes the others.
	cols := n.Cols[:len(n.Cols)-1]
	out, err := newTableOutput(b, n.Rel, cols, nil)
	if err != nil {
		return nil, err
	}
	dense := types.DenseOf(n.Rel.Table.Col(n.Vector).Type.OID)
	s := &annScan{tableOutput: out, rt: b.rt, n: n, metric: annMetrics[n.Metric], dense: dense, read: dense.Reader()}
	s.out.Cols = append(s.out.Cols, nil)
	s.dists = batch.New(n.Cols[len(n.Cols)-1].T, types.Float, 0)
	if s.query, err = b.newValue(n.Query); err != nil {
		return nil, err
	}
	if s.limit, err = b.newValue(n.Limit); err != nil {
		return nil, err
	}
	if s.off, err = b.newValue(n.Offset); err != nil {
		return nil, err
	}
	if n.Set != nil {
		if s.bitmap, err = newBitmapPlan(b, n.Rel.Table.OID, n.Set); err != nil {
			return nil, err
		}
	}
	if len(n.Rest) > 0 {
		s.filter, err = newAnnFilter(b, n)
	}
	return s, err
}

// noteTo lets EXPLAIN ANALYZE show the strategy that was taken.
func (s *annScan) noteTo(a *Actual) { s.note = a }

func (s *annScan) say(format string, args ...any) {
	if s.note != nil {
		s.note.Note = fmt.Sprintf(format, args...)
	}
}

// Open implements Operator.
func (s *annScan) Open(ctx context.Context) error {
	s.found, s.pos, s.nulls, s.set, s.q, s.bad, s.given = s.found[:0], 0, nil, nil, nil, nil, nil
	var err error
	if s.table, err = s.rt.Reader().Table(s.rel.Table.OID); err != nil {
		return sqlError(err)
	}
	if err := s.wanted(); err != nil || s.k == 0 {
		return err
	}
	d, err := s.query.get(s.sc)
	if err != nil {
		return err
	}
	if !d.Null { // a null query has null distances only
		s.vec = s.dense.Floats(d.S)
		s.q = s.metric.NewQuery(s.vec)
		err = s.search(ctx)
	} else {
		err = s.filterRows(ctx)
	}
	if err != nil {
		return err
	}
	all := len(s.found) < s.k
	if s.n.NullsFirst || all {
		s.nulls = newNullVectors(s)
	}
	if all {
		s.given = nil
	}
	return nil
}

// streamGrowth is how many times more rows each further search of a scan without limit looks for.
const streamGrowth = 4

// more searches, when there is no limit, until there are further rows or all were found. Rows that a wider
// search finds late come late: the plan sorts what it took.
func (s *annScan) more(ctx context.Context) error {
	for s.given != nil && s.pos >= len(s.found) {
		for _, n := range s.found {
			s.given[n.Row] = struct{}{}
		}
		s.k = int(min(int64(s.k)*streamGrowth, s.table.Rows()+int64(len(s.given))+1))
		s.found, s.pos = s.found[:0], 0
		if err := s.search(ctx); err != nil {
			return err
		}
		last := len(s.found) < s.k
		s.found = slices.DeleteFunc(s.found, func(n index.Neighbor) bool { return has(s.given, n.Row) })
		if !last {
			continue
		}
		s.given = nil
		if !s.n.NullsFirst {
			s.nulls = newNullVectors(s)
		}
	}
	return nil
}

// wanted reads LIMIT and OFFSET. The limit node above raises their errors. Below a join there is none: the
// plan says with how many rows to begin.
func (s *annScan) wanted() error {
	if s.n.Limit == nil && s.n.First > 0 {
		s.k, s.given = s.n.First, map[index.RowID]struct{}{}
		return nil
	}
	s.k = int(min(s.table.Rows()+1, topAllRows))
	n, err := s.limit.get(s.sc)
	if err != nil {
		return err
	}
	o, err := s.off.get(s.sc)
	if err != nil {
		return err
	}
	if s.n.Limit != nil && !n.Null {
		if total := max(n.I, 0) + max(o.I, 0); total >= 0 && total < topAllRows {
			s.k = int(total)
		}
	}
	return nil
}

// topAllRows bounds how many rows a search keeps.
const topAllRows = 1 << 31

// filterRows computes the rows that pass the conditions: first what indexes say, then the conditions over
// the columns of the rows that are left.
func (s *annScan) filterRows(ctx context.Context) (err error) {
	if s.bitmap != nil {
		if s.set, err = s.bitmap.rows(ctx, s.table); err != nil {
			return err
		}
	}
	if s.filter != nil {
		s.set, err = s.filter.rows(ctx, s.table, s.set)
	}
	return err
}

// exactPart is the part of all rows from which computing all distances is cheaper than a search for
// that many.
const exactPart = 4

// search fills found.
func (s *annScan) search(ctx context.Context) error {
	ann, err := s.table.ANN(s.n.Index.OID)
	if err != nil {
		return sqlError(err)
	}
	sr, err := upkeep.Open(s.rt.fs(), ann)
	if err != nil {
		return sqlError(err)
	}
	if k := s.candidates(sr); k > 0 {
		done, err := s.filterAfter(ctx, sr, ann, k)
		if done || err != nil {
			return err
		}
	}
	if err := s.filterRows(ctx); err != nil {
		return err
	}
	s.top.Reset(s.k)
	if s.set != nil {
		if n := s.set.Cardinality(); n <= planner.ExactRowsMax || n <= s.k || s.n.ReadsVectors {
			s.say("exact over %d filtered rows", n)
			if n > planner.ExactRowsMax {
				return s.exactAll(ctx)
			}
			err := s.exactRows(ctx, s.set)
			s.found = s.top.Sorted(s.found)
			return err
		}
	}
	if sr != nil && (int64(s.k)*exactPart >= sr.Rows() || s.leastProbes(sr) == sr.Model().NumPartitions()) {
		s.say("exact over all rows")
		return s.exactAll(ctx)
	}
	if err := s.exactUncovered(ctx, ann); err != nil {
		return err
	}
	if sr == nil {
		s.say("exact, no row is in the index yet")
		s.found = s.top.Sorted(s.found)
		return nil
	}
	return s.partitions(ctx, sr, ann, s.k)
}

// A condition that many rows pass need not be computed for all of them: candidates enough that k should
// pass are searched without it, and checked. These bound when that is tried.
const (
	afterRowsMin   = 50_000 // of smaller tables, reading the columns of the condition is cheap
	afterShareMin  = 0.02   // of rows that are thought to pass
	afterMargin    = 1.5    // candidates beyond what the estimate asks for
	candidatesMore = 16
	candidatesMax  = 1000
)

// candidates is the number of rows to search for before the filter is looked at; 0: filter first.
func (s *annScan) candidates(sr *upkeep.Searcher) int {
	if s.filter == nil || s.bitmap != nil || sr == nil || sr.Rows() < afterRowsMin || s.nullsMatter() || s.n.ReadsVectors {
		return 0
	}
	share := s.n.FilterRows / max(float64(s.table.Rows()), 1)
	k := int(float64(s.k)/max(share, 1e-9)*afterMargin) + candidatesMore
	if share < afterShareMin || k > candidatesMax {
		return 0
	}
	return k
}

// nullsMatter says whether rows without a distance come before the others.
func (s *annScan) nullsMatter() bool {
	c := s.rel.Table.Col(s.n.Vector)
	return s.n.NullsFirst && !s.n.SkipNulls && (c == nil || !c.NotNull)
}

// filterAfter searches for k rows and keeps those that pass the filter. It is done when enough do.
func (s *annScan) filterAfter(ctx context.Context, sr *upkeep.Searcher, ann *storage.ANN, k int) (done bool, err error) {
	s.top.Reset(k)
	if err := s.exactUncovered(ctx, ann); err != nil {
		return false, err
	}
	if err := s.partitions(ctx, sr, ann, k); err != nil {
		return false, err
	}
	all := s.found
	s.ids = s.ids[:0]
	for _, n := range all {
		s.ids = append(s.ids, storage.RowID(n.Row))
	}
	b, err := fetchVisible(ctx, s.table, s.ids, s.filter.stored)
	if err != nil {
		return false, err
	}
	out, err := s.filter.emit(b, s.ids)
	if err != nil {
		return false, err
	}
	passed := 0
	if out != nil {
		passed = out.Rows()
	}
	if passed < s.k {
		s.found = all[:0]
		return false, nil
	}
	for i := range s.k { // the rows that pass are ascending, so this may be done in place
		all[i] = all[out.Row(i)]
	}
	s.found = all[:s.k]
	s.say("partitions, filter after: %d of %d candidates pass", passed, len(all))
	return true, nil
}

// partitions searches the segments for k rows and merges what the rows outside of them gave.
func (s *annScan) partitions(ctx context.Context, sr *upkeep.Searcher, ann *storage.ANN, k int) error {
	dims := sr.Model().Dims()
	if len(s.vec) != dims {
		return s.errDims(dims, len(s.vec))
	}
	effort := &s.rt.Search
	o := ivfpq.Options{
		K: k, Vectors: annVectors{s, ann}, Curve: sr.Curve, Recall: effort.Recall(s.n.Index), LeastProbes: s.leastProbes(sr),
		NProbe: effort.Probes, Refine: effort.Refine, FixedProbes: effort.Probes > 0,
	}
	how := "partitions"
	if s.set != nil {
		how = "partitions with filter"
		o.Filter, o.FilterRows = denseFilter(s.set), s.set.Cardinality()
	}
	near, st, err := sr.Search(ctx, s.vec, o, nil)
	if s.bad != nil {
		return s.bad
	}
	if err != nil {
		return sqlError(err)
	}
	s.say("%s: partitions=%d codes=%d refined=%d", how, st.Partitions, st.Codes, st.Refined)
	s.found = merged(s.found, near, s.top.Sorted(nil), k)
	return nil
}

// leastProbes is how many partitions the session wants to be read at least.
func (s *annScan) leastProbes(sr *upkeep.Searcher) int {
	return s.rt.Search.LeastProbes(s.n.Index, sr.Model().NumPartitions())
}

// merged joins two sorted lists. A row whose vector changed may be in both, at one distance.
func merged(dst, a, b []index.Neighbor, k int) []index.Neighbor {
	if len(b) == 0 {
		return append(dst, a...)
	}
	seen := make(map[index.RowID]struct{}, len(b))
	for _, n := range b {
		seen[n.Row] = struct{}{}
	}
	for (len(a) > 0 || len(b) > 0) && len(dst) < k {
		switch {
		case len(a) > 0 && has(seen, a[0].Row):
			a = a[1:]
		case len(b) == 0 || len(a) > 0 && a[0].Compare(b[0]) < 0:
			dst, a = append(dst, a[0]), a[1:]
		default:
			dst, b = append(dst, b[0]), b[1:]
		}
	}
	return dst
}

func has[K comparable](m map[K]struct{}, k K) bool {
	_, ok := m[k]
	return ok
}

// denseFilter is the set in the form that the index tests.
func denseFilter(set *rowset.Set) index.Bitmap {
	base, words := set.Bits()
	return index.Bitmap{Base: index.RowID(base), Bits: words}
}

func (s *annScan) errDims(a, b int) error {
	return pgerr.New(pgerrcode.DataException, "different %s dimensions %d and %d", s.dense.Name, a, b)
}

// pair is the distance of a stored vector to the query. A vector of another length is the error that the
// distance function has; it is kept, since callbacks cannot return it.
func (s *annScan) pair(vec []float32) (float64, bool) {
	if len(vec) != len(s.vec) {
		if s.bad == nil {
			s.bad = s.errDims(len(vec), len(s.vec))
		}
		return 0, false
	}
	return s.q.Pair(vec), true
}

// exactChunk is how many vectors are asked for at once.
const exactChunk = 1024

// exactRows computes the distances of the rows of a set.
func (s *annScan) exactRows(ctx context.Context, set *rowset.Set) error {
	buf := make([]uint64, min(set.Cardinality(), exactChunk))
	ids := make([]storage.RowID, 0, len(buf))
	for it := set.Iterator(); len(buf) > 0; {
		n := it.Next(buf)
		if n == 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return sqlError(err)
		}
		ids = ids[:0]
		for _, id := range buf[:n] {
			ids = append(ids, storage.RowID(id))
		}
		err := s.table.FetchVectors(ids, s.n.Vector, func(i int, vec []float32) {
			if vec == nil {
				return
			}
			if d, ok := s.pair(vec); ok {
				s.top.Push(index.RowID(ids[i]), d)
			}
		})
		if err != nil {
			return sqlError(err)
		}
		if s.bad != nil {
			return s.bad
		}
	}
	return nil
}

// exactAll computes the distances of all rows, or of all in the filter.
func (s *annScan) exactAll(ctx context.Context) error {
	scan := s.table.Scan(storage.ScanOptions{Cols: []int16{s.n.Vector}, Filter: s.set})
	for {
		b, ids, err := scan.Next(ctx)
		if err != nil {
			return sqlError(err)
		}
		if b == nil {
			s.found = s.top.Sorted(s.found)
			return nil
		}
		for i, id := range ids {
			if b.Cols[0].Null(i) {
				continue
			}
			if d, ok := s.pair(s.read.Floats(b.Cols[0].S[i])); ok {
				s.top.Push(index.RowID(id), d)
			}
		}
		if s.bad != nil {
			return s.bad
		}
	}
}

// exactUncovered computes the distances of the rows that are in no segment.
func (s *annScan) exactUncovered(ctx context.Context, ann *storage.ANN) error {
	u := ann.Uncovered()
	for {
		ids, vecs, err := u.Next(ctx)
		if err != nil {
			return sqlError(err)
		}
		if len(ids) == 0 {
			return nil
		}
		for i, id := range ids {
			if s.set != nil && !s.set.Contains(uint64(id)) {
				continue
			}
			if d, ok := s.pair(vecs[i]); ok {
				s.top.Push(index.RowID(id), d)
			}
		}
		if s.bad != nil {
			return s.bad
		}
	}
}

// annVectors re-ranks candidates by the stored vectors, and so drops rows that the statement does not see.
type annVectors struct {
	s   *annScan
	ann *storage.ANN
}

// Distances implements ivfpq.Vectors.
func (v annVectors) Distances(ctx context.Context, list []ivfpq.Candidate) error {
	s := v.s
	if err := ctx.Err(); err != nil {
		return err
	}
	s.ids, s.segs = slices.Grow(s.ids[:0], len(list)), slices.Grow(s.segs[:0], len(list))
	for _, c := range list {
		s.ids, s.segs = append(s.ids, storage.RowID(c.Row)), append(s.segs, c.Segment)
	}
	return v.ann.CodedVectors(s.ids, s.segs, func(i int, vec []float32) {
		if vec == nil {
			list[i].Live = false
			return
		}
		list[i].Distance, list[i].Live = s.pair(vec)
	})
}

// Next implements Operator.
func (s *annScan) Next(ctx context.Context) (*batch.Batch, error) {
	if err := s.more(ctx); err != nil {
		return nil, err
	}
	if s.nulls != nil && (s.n.NullsFirst || s.pos >= len(s.found)) {
		b, err := s.nulls.next(ctx)
		if b != nil || err != nil {
			return b, err
		}
		s.nulls = nil
	}
	if s.pos >= len(s.found) {
		return nil, nil
	}
	to := min(s.pos+batch.RowsMax, len(s.found))
	part := s.found[s.pos:to]
	s.pos = to
	s.ids, s.dist = s.ids[:0], s.dist[:0]
	for _, n := range part {
		s.ids = append(s.ids, storage.RowID(n.Row))
		s.dist = append(s.dist, s.value(n.Distance))
	}
	var b *batch.Batch
	if len(s.stored) > 0 {
		var err error
		if b, _, err = s.table.Fetch(ctx, s.ids, s.stored); err != nil {
			return nil, sqlError(err)
		}
	} else {
		b = &batch.Batch{N: len(part)}
	}
	s.dists.Nulls = nil
	s.dists.F = append(s.dists.F[:0], s.dist...)
	return s.withDistance(b, s.ids)
}

// value is what the plan's distance function gives for a raw distance.
func (s *annScan) value(raw float64) float64 {
	switch s.n.Form {
	case planner.DistanceSquared:
		return raw
	case planner.DistanceNegated:
		return -s.metric.Final(raw)
	}
	return s.metric.Final(raw)
}

// withDistance completes rows read by the distance column, which s.dists holds.
func (s *annScan) withDistance(b *batch.Batch, ids []storage.RowID) (*batch.Batch, error) {
	s.out.Cols[len(s.out.Cols)-1] = s.dists
	return s.emit(b, ids)
}

// Close implements Operator.
func (s *annScan) Close() error {
	s.found, s.nulls, s.set, s.table = s.found[:0], nil, nil, nil
	return nil
}

// annFilter computes the rows that pass conditions by reading the columns they use.
type annFilter struct {
	*tableOutput
}

func newAnnFilter(b *builder, n *planner.AnnScan) (*annFilter, error) {
	out, err := newTableOutput(b, n.Rel, n.FilterCols, n.Rest)
	if err != nil {
		return nil, err
	}
	return &annFilter{tableOutput: out}, nil
}

// rows returns the rows of within (nil: all) that pass.
func (f *annFilter) rows(ctx context.Context, t *storage.TableReader, within *rowset.Set) (*rowset.Set, error) {
	set := rowset.New()
	next := f.scanned(ctx, t, within)
	if within != nil && isSparse(within, t) {
		next = f.fetched(ctx, t, within)
	}
	run := make([]uint64, 0, batch.RowsMax)
	for {
		b, ids, err := next()
		if err != nil {
			return nil, err
		}
		if b == nil {
			return set, nil
		}
		if run, err = f.passing(b, ids, run[:0]); err != nil {
			return nil, err
		}
		set.AddMany(run)
	}
}

// passing appends the rows of b that pass.
func (f *annFilter) passing(b *batch.Batch, ids []storage.RowID, dst []uint64) ([]uint64, error) {
	out, err := f.emit(b, ids)
	if out == nil || err != nil {
		return dst, err
	}
	for i := range out.Rows() {
		dst = append(dst, uint64(ids[out.Row(i)]))
	}
	return dst, nil
}

// rowSource gives rows with their ids, a nil batch at the end.
type rowSource func() (*batch.Batch, []storage.RowID, error)

func (f *annFilter) scanned(ctx context.Context, t *storage.TableReader, within *rowset.Set) rowSource {
	scan := t.Scan(storage.ScanOptions{Cols: f.stored, Filter: within})
	return func() (*batch.Batch, []storage.RowID, error) {
		b, ids, err := scan.Next(ctx)
		return b, ids, sqlError(err)
	}
}

func (f *annFilter) fetched(ctx context.Context, t *storage.TableReader, within *rowset.Set) rowSource {
	chunks := newIDChunks(within)
	return func() (*batch.Batch, []storage.RowID, error) {
		ids := chunks.next()
		if len(ids) == 0 {
			return nil, nil, nil
		}
		b, err := fetchVisible(ctx, t, ids, f.stored)
		return b, ids, err
	}
}

// nullVectors reads the rows whose distance is null: those without a vector, or all when the query is null.
type nullVectors struct {
	s    *annScan
	scan *storage.Scan
	cols []int16
	at   int // the vector among cols
}

// newNullVectors returns nil when such rows are not wanted.
func newNullVectors(s *annScan) *nullVectors {
	if s.n.SkipNulls {
		return nil
	}
	if c := s.rel.Table.Col(s.n.Vector); c != nil && c.NotNull && s.q != nil {
		return nil
	}
	n := &nullVectors{s: s, cols: slices.Clone(s.stored), at: slices.Index(s.stored, s.n.Vector)}
	if n.at < 0 {
		n.at = len(n.cols)
		n.cols = append(n.cols, s.n.Vector)
	}
	n.scan = s.table.Scan(storage.ScanOptions{Cols: n.cols, Filter: s.set})
	return n
}

func (n *nullVectors) next(ctx context.Context) (*batch.Batch, error) {
	for {
		b, ids, err := n.scan.Next(ctx)
		if b == nil || err != nil {
			return nil, sqlError(err)
		}
		sel := make([]int32, 0, 16)
		for i := range b.N {
			if n.s.q == nil || b.Cols[n.at].Null(i) {
				sel = append(sel, int32(i))
			}
		}
		if len(sel) == 0 {
			continue
		}
		d := n.s.dists
		d.Nulls = nil
		d.Resize(b.N)
		fillColumn(d, types.NullDatum, b.N)
		return n.s.withDistance(&batch.Batch{Cols: b.Cols, N: b.N, Sel: sel}, ids)
	}
}
