package upkeep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/storage"
)

// Limits of upkeep.
const (
	// trainRowsMin is the number of rows below which an ANN index is not trained: scanning them exactly
	// takes less time than finding partitions.
	trainRowsMin = 1024
	// deltaRowsMin is the number of rows outside of all segments that is worth a segment of its own at
	// once; fewer wait until nothing was written for a while.
	deltaRowsMin = 8192
	// segmentsMax is the number of segments above which the smaller ones become one.
	segmentsMax = 8
	// retrainGrowth is how many times the rows it was trained for an index may have before it is
	// trained anew.
	retrainGrowth = 4
	// mergeCountMin is the number of small fragments that are merged.
	mergeCountMin = 8
	// smallRows is the size below which a fragment is small, and mergeRowsMax that of a merge's result.
	smallRows    = 1 << 17
	mergeRowsMax = 1 << 20
	// deadShareMin and deadRowsMin say when a fragment is rewritten for its dead rows alone.
	deadShareMin = 0.2
	deadRowsMin  = 1024
)

// Options say when upkeep does what. The zero value works.
type Options struct {
	// FlushRows and FlushBytes are the size of a tail that is moved into fragments. Default 65,536 rows, 16 MB.
	FlushRows  int64
	FlushBytes int64
	// IdleFlushRows is the size that is enough when the table was not written for IdleAfter. Default
	// 1024 rows: smaller tails cost nothing where they are.
	IdleFlushRows int64
	// IdleAfter is when a table counts as idle. Default 2 s.
	IdleAfter time.Duration
	// Interval is the time between two looks when there is nothing to do. Default 250 ms.
	Interval time.Duration
	// WorkMem bounds the memory of building a segment. Default 64 MB.
	WorkMem int64
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Log gets what fails. Default: nothing.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	o.FlushRows = cmp.Or(o.FlushRows, 65536)
	o.FlushBytes = cmp.Or(o.FlushBytes, 16<<20)
	o.IdleFlushRows = cmp.Or(o.IdleFlushRows, 1024)
	o.IdleAfter = cmp.Or(o.IdleAfter, 2*time.Second)
	o.Interval = cmp.Or(o.Interval, 250*time.Millisecond)
	o.WorkMem = cmp.Or(o.WorkMem, 64<<20)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Keeper does the upkeep of one store.
type Keeper struct {
	store  *storage.Store
	o      Options
	cancel context.CancelFunc
	done   chan error

	mu     sync.Mutex // steps do not overlap
	sweeps []sweep
	failed map[storage.OID]time.Time // when a step on a table last failed
	// merged is when a merge of a table found too little to drop: the horizon must move on first.
	merged map[storage.OID]time.Time
	// pruned is how many row versions of its table had ended when prune last looked at an index.
	pruned map[storage.OID]int64
}

// sweep is a walk over an index that is not at its end.
type sweep struct {
	index  storage.OID
	cursor []byte
}

// New returns a keeper that works only when Step is called.
func New(s *storage.Store, o Options) *Keeper {
	return &Keeper{
		store: s, o: o.withDefaults(), failed: map[storage.OID]time.Time{}, merged: map[storage.OID]time.Time{},
		pruned: map[storage.OID]int64{},
	}
}

// Start returns a keeper that works in the background until Close.
func Start(s *storage.Store, o Options) *Keeper {
	k := New(s, o)
	ctx, cancel := context.WithCancel(context.Background())
	k.cancel, k.done = cancel, make(chan error, 1)
	guard.Go("upkeep", func(err error) { k.done <- err }, func() error { return k.run(ctx) })
	return k
}

// Close ends the background work and waits for it.
func (k *Keeper) Close() error {
	if k.cancel == nil {
		return nil
	}
	k.cancel()
	err := <-k.done
	k.cancel = nil
	return err
}

func (k *Keeper) run(ctx context.Context) error {
	tick := time.NewTicker(k.o.Interval)
	defer tick.Stop()
	for {
		for {
			did, err := k.guardedStep(ctx)
			if ctx.Err() != nil {
				return nil
			}
			if err != nil {
				k.o.Log.Warn("upkeep", "error", err)
				break
			}
			if !did {
				break
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// guardedStep is Step whose panic is an error: upkeep goes on with other tables.
func (k *Keeper) guardedStep(ctx context.Context) (did bool, err error) {
	err = guard.Run("upkeep step", func() (err error) {
		did, err = k.Step(ctx)
		return err
	})
	return did, err
}

// retryAfter is how long a relation whose step failed is left alone.
const retryAfter = 10 * time.Second

// remergeAfter is how long a table is left alone whose dead rows are still within the retention.
const remergeAfter = time.Minute

// Step does the most urgent step and reports whether there was one: what bounds memory first, then
// what makes searches fast, then what saves space.
func (k *Keeper) Step(ctx context.Context) (bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	tables := k.store.Tables()
	slices.SortFunc(tables, func(a, b storage.TableInfo) int { return cmp.Compare(a.Table, b.Table) })
	for _, step := range []func(context.Context, storage.TableInfo) (bool, error){k.flush, k.index, k.merge} {
		for _, t := range tables {
			if at, ok := k.failed[t.Table]; ok && k.o.Now().Sub(at) < retryAfter {
				continue
			}
			did, err := step(ctx, t)
			if err != nil {
				k.failed[t.Table] = k.o.Now()
				return false, fmt.Errorf("upkeep of table %d: %w", t.Table, err)
			}
			if did {
				return true, nil
			}
			delete(k.failed, t.Table)
		}
	}
	if did, err := k.sweep(ctx); did || err != nil {
		return did, err
	}
	if _, err := k.store.Horizon(); err != nil {
		return false, err
	}
	return k.store.TrimLog()
}

func (k *Keeper) idle(t storage.TableInfo) bool {
	return t.LastWrite.IsZero() || k.o.Now().Sub(t.LastWrite) >= k.o.IdleAfter
}

// flush moves a tail that is large, or large enough and idle, into fragments.
func (k *Keeper) flush(ctx context.Context, t storage.TableInfo) (bool, error) {
	large := t.TailRows >= k.o.FlushRows || t.TailBytes >= k.o.FlushBytes
	if !large && (t.TailRows < k.o.IdleFlushRows || !k.idle(t)) {
		return false, nil
	}
	err := k.store.FlushTable(ctx, t.Table)
	if errors.Is(err, storage.ErrNoRelation) { // dropped meanwhile
		err = nil
	}
	return true, err
}

// merge rewrites fragments: many small ones as one, or one with many dead rows.
func (k *Keeper) merge(ctx context.Context, t storage.TableInfo) (bool, error) {
	pick, dead := choose(t.Fragments)
	if at, ok := k.merged[t.Table]; len(pick) == 0 || dead > 0 && ok && k.o.Now().Sub(at) < remergeAfter {
		return false, nil
	}
	h, err := k.store.Horizon()
	if err != nil {
		return false, err
	}
	ok, err := k.store.MergeTable(ctx, t.Table, storage.MergeOptions{Fragments: pick, Horizon: h, DeadMin: dead})
	if err != nil || !ok {
		k.merged[t.Table] = k.o.Now()
		return false, err
	}
	for _, idx := range k.store.Catalog().IndexesOf(t.Table) {
		k.sweeps = append(k.sweeps, sweep{index: idx.OID})
	}
	return true, nil
}

// choose picks the fragments to merge. dead is how many rows must go for it to be worth while, when
// that is the only reason.
func choose(all []storage.FragmentInfo) (pick []uint64, dead int) {
	var small []storage.FragmentInfo
	for _, f := range all {
		if f.Column != 0 {
			continue
		}
		if f.Rows < smallRows {
			small = append(small, f)
		}
	}
	if len(small) >= mergeCountMin {
		slices.SortFunc(small, func(a, b storage.FragmentInfo) int { return cmp.Compare(a.Rows, b.Rows) })
		rows := 0
		for _, f := range small {
			if rows += f.Rows; rows > mergeRowsMax {
				break
			}
			pick = append(pick, f.ID)
		}
		return pick, 0
	}
	for _, f := range all {
		if f.Column == 0 && f.Dead >= deadRowsMin && float64(f.Dead) >= deadShareMin*float64(f.Rows) {
			return []uint64{f.ID}, max(f.Dead/2, 1)
		}
	}
	return nil, 0
}

// sweep goes on with the first sweep there is to do.
func (k *Keeper) sweep(ctx context.Context) (bool, error) {
	if len(k.sweeps) == 0 {
		return false, nil
	}
	s := &k.sweeps[0]
	next, _, err := k.store.SweepIndex(ctx, s.index, s.cursor)
	if err != nil || next == nil {
		k.sweeps = k.sweeps[1:]
		return err == nil, err
	}
	s.cursor = next
	return true, nil
}

// index builds, grows, merges or retrains an ANN index of the table.
func (k *Keeper) index(ctx context.Context, t storage.TableInfo) (bool, error) {
	for _, a := range t.Indexes {
		did, err := k.indexOne(ctx, t, a)
		if did || err != nil {
			return did, err
		}
	}
	return false, nil
}

func (k *Keeper) indexOne(ctx context.Context, t storage.TableInfo, a storage.ANNInfo) (bool, error) {
	idx := k.store.Catalog().Index(a.Index)
	if idx == nil || !isOurs(idx.Method) {
		return false, nil
	}
	total := a.Uncovered
	for _, s := range a.Segments {
		total += s.Rows
	}
	if !a.Trained && total < trainRowsMin {
		return false, nil
	}
	v, err := k.store.Vectors(t.Table, a.Column)
	if errors.Is(err, storage.ErrNoRelation) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer v.Close()
	w := &work{store: k.store, idx: idx, memory: k.o.WorkMem, workers: 1}
	model, segments := v.Index(a.Index)
	if model == nil {
		return k.rebuild(ctx, w, t.Table, v, segments)
	}
	m, err := ivfpq.UnmarshalModel(model)
	if err != nil {
		return false, err
	}
	switch {
	case total > retrainGrowth*max(m.TrainedRows(), trainRowsMin):
		return k.rebuild(ctx, w, t.Table, v, segments)
	case a.Uncovered >= deltaRowsMin, a.Uncovered > 0 && k.idle(t):
		return k.grow(ctx, w, t.Table, v, m, segments)
	case len(segments) > segmentsMax:
		return k.join(ctx, w, t.Table, v, m, segments)
	}
	return k.prune(ctx, w, t, v, m, segments)
}

// rebuild trains a model on all rows and puts them into one new segment.
func (k *Keeper) rebuild(
	ctx context.Context, w *work, table storage.OID, v *storage.VectorSource, old []*storage.OpenSegment,
) (bool, error) {
	s, err := sourceOf(ctx, v, everyFragment)
	if err != nil {
		return false, err
	}
	m, err := w.train(ctx, &s)
	if err != nil || m == nil {
		return false, err
	}
	rec, err := w.segment(ctx, m, &s, nil, true)
	if err != nil {
		return false, err
	}
	ch := storage.ANNChange{Add: []storage.Segment{rec}}
	if ch.Model, err = m.MarshalBinary(); err != nil {
		return false, err
	}
	for _, o := range old {
		ch.Drop = append(ch.Drop, o.ID)
	}
	return k.store.ChangeANN(table, w.idx.OID, ch)
}

// grow puts the fragments that no segment covers into a segment of their own.
func (k *Keeper) grow(
	ctx context.Context, w *work, table storage.OID, v *storage.VectorSource, m *ivfpq.Model,
	segments []*storage.OpenSegment,
) (bool, error) {
	covered := map[uint64]bool{}
	for _, o := range segments {
		for _, id := range o.Covers {
			covered[id] = true
		}
	}
	s, err := sourceOf(ctx, v, func(f storage.VectorFragment) bool { return !covered[f.ID] })
	if err != nil || len(s.frags) == 0 {
		return false, err
	}
	rec, err := w.segment(ctx, m, &s, nil, false)
	if err != nil {
		return false, err
	}
	return k.store.ChangeANN(table, w.idx.OID, storage.ANNChange{Add: []storage.Segment{rec}})
}

// join makes one segment of the smaller half of them.
func (k *Keeper) join(
	ctx context.Context, w *work, table storage.OID, v *storage.VectorSource, m *ivfpq.Model,
	segments []*storage.OpenSegment,
) (bool, error) {
	slices.SortFunc(segments, func(a, b *storage.OpenSegment) int { return cmp.Compare(a.Rows, b.Rows) })
	return k.rewrite(ctx, w, table, v, m, segments[:len(segments)-segmentsMax/2])
}

// prune looks for dead codes, which are in the way of searches, when as many row versions ended since it last did that
// there may be some. It trains anew when most of the rows are gone that the model was trained with, else it
// rewrites the segments in which a good part is dead.
func (k *Keeper) prune(
	ctx context.Context, w *work, t storage.TableInfo, v *storage.VectorSource, m *ivfpq.Model, segments []*storage.OpenSegment,
) (bool, error) {
	codes := int64(0)
	for _, o := range segments {
		codes += o.Rows
	}
	last, again := k.pruned[w.idx.OID]
	if again && t.Ended-last < max(deadRowsMin, int64(deadShareMin/2*float64(codes))) {
		return false, nil
	}
	k.pruned[w.idx.OID] = t.Ended
	var old []*storage.OpenSegment
	live, measured, trained := int64(0), int64(0), int64(0)
	for _, o := range segments {
		rows, err := v.LiveRows(ctx, o.Covers)
		if err != nil {
			return false, err
		}
		n := int64(rows.Cardinality())
		live += n
		if c := CurveOf(o.Segment); c != nil && c.Rows > measured {
			measured, trained = c.Rows, n
		}
		if dead := o.Rows - n; dead >= deadRowsMin && float64(dead) >= deadShareMin*float64(o.Rows) {
			old = append(old, o)
		}
	}
	switch {
	case trained < measured/2 && live >= trainRowsMin:
		return k.rebuild(ctx, w, t.Table, v, segments)
	case len(old) > 0:
		return k.rewrite(ctx, w, t.Table, v, m, old)
	}
	return false, nil
}

// rewrite makes one segment of what is live in some.
func (k *Keeper) rewrite(
	ctx context.Context, w *work, table storage.OID, v *storage.VectorSource, m *ivfpq.Model, old []*storage.OpenSegment,
) (bool, error) {
	rec, err := w.segment(ctx, m, &source{vectors: v}, old, false)
	if err != nil {
		return false, err
	}
	ch := storage.ANNChange{Add: []storage.Segment{rec}}
	for _, o := range old {
		ch.Drop = append(ch.Drop, o.ID)
	}
	return k.store.ChangeANN(table, w.idx.OID, ch)
}
