package upkeep_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/upkeep"
)

// injector makes writes to files whose path has a part fail with err, or calls stop before the first of them.
type injector struct {
	mu   sync.Mutex
	part string
	err  error
	stop func()
	hits int
}

// MaybeError implements errorfs.Injector.
func (i *injector) MaybeError(op errorfs.Op) error {
	if op.Kind != errorfs.OpCreate && op.Kind != errorfs.OpFileWrite && op.Kind != errorfs.OpFileSync {
		return nil
	}
	i.mu.Lock()
	if i.part == "" || !strings.Contains(op.Path, i.part) {
		i.mu.Unlock()
		return nil
	}
	i.hits++
	stop, err := i.stop, i.err
	i.stop = nil
	i.mu.Unlock()
	if stop != nil {
		stop()
	}
	return err
}

// String implements errorfs.Injector.
func (i *injector) String() string { return "injector" }

func (i *injector) set(part string, err error, stop func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.part, i.err, i.stop, i.hits = part, err, stop, 0
}

// newFaultyWorld is newWorld over a file system that the test can make fail.
func newFaultyWorld(t *testing.T) (*world, *injector) {
	t.Helper()
	w, i := newWorld(t), &injector{}
	w.check(w.s.Close())
	w.o.FS = errorfs.Wrap(w.o.FS, i)
	w.open()
	t.Cleanup(func() {
		if err := w.s.Close(); err != nil && !t.Failed() {
			t.Error(err)
		}
	})
	return w, i
}

// step does one step and says whether there was one.
func (w *world) step() bool {
	w.t.Helper()
	did, err := w.k.Step(ctx)
	w.check(err)
	return did
}

// tail is the number of rows that are in no fragment.
func (w *world) tail() int64 {
	w.t.Helper()
	in, _ := w.s.TableInfo(tableOID)
	return in.TailRows
}

// strays counts the files below the folders of indexes and temporary files.
func (w *world) strays() (n int) {
	w.t.Helper()
	for _, dir := range []string{"/db/tmp", fmt.Sprintf("/db/index/%d", annOID)} {
		names, err := w.o.FS.List(dir)
		if err == nil {
			n += len(names)
		}
	}
	return n
}

// Which fragments are merged: enough small ones, as many as the result may hold, or one with a good share of dead rows.
func TestChoose(t *testing.T) {
	many := func(n, rows, dead int) (out []storage.FragmentInfo) {
		for i := range n {
			out = append(out, storage.FragmentInfo{ID: uint64(i + 1), Rows: rows, Dead: dead})
		}
		return out
	}
	f := func(what string, all []storage.FragmentInfo, dead int, want ...uint64) {
		t.Helper()
		pick, d := upkeep.Choose(all)
		slices.Sort(pick)
		if !slices.Equal(pick, want) || d != dead {
			t.Fatalf("%s: %v with %d dead, want %v with %d", what, pick, d, want, dead)
		}
	}
	f("none", nil, 0)
	f("too few small", many(upkeep.MergeCountMin-1, 10, 0), 0)
	f("enough small", many(upkeep.MergeCountMin, 10, 0), 0, 1, 2, 3, 4, 5, 6, 7, 8)
	f("large ones", many(20, upkeep.SmallRows, 0), 0)
	f("as many as fit", many(20, upkeep.SmallRows-1, 0), 0, 1, 2, 3, 4, 5, 6, 7, 8)
	vectors := many(20, 10, 0)
	for i := range vectors {
		vectors[i].Column = 5
	}
	f("vectors do not count", vectors, 0)
	f("dead rows", many(1, 5*upkeep.DeadRowsMin, upkeep.DeadRowsMin), upkeep.DeadRowsMin/2, 1)
	f("too small a share", many(1, 5*upkeep.DeadRowsMin+1, upkeep.DeadRowsMin), 0)
	f("too few dead", many(1, upkeep.DeadRowsMin, upkeep.DeadRowsMin-1), 0)
	mixed := append(many(7, 10, 0), storage.FragmentInfo{ID: 100, Rows: 1 << 20, Dead: 1 << 19})
	f("the dead one of many", mixed, 1<<18, 100)
}

// A tail is flushed when it is large, at once; when it is of some size, once nothing was written for a while; and a
// small one never.
func TestWhenTailsAreFlushed(t *testing.T) {
	w, _ := newFaultyWorld(t)
	w.insert(0, 1023)
	w.now = w.now.Add(time.Hour)
	if w.step() || w.tail() != 1023 {
		t.Fatal("a small tail was flushed")
	}
	w.insert(2000, 1)
	if w.step() || w.tail() != 1024 {
		t.Fatal("a tail that is written to was flushed")
	}
	w.now = w.now.Add(1999 * time.Millisecond)
	if w.step() {
		t.Fatal("flushed too early")
	}
	w.now = w.now.Add(time.Millisecond)
	if !w.step() || w.tail() != 0 {
		t.Fatal("an idle tail was not flushed")
	}
	w.insert(3000, 1999)
	if w.step() {
		t.Fatal("flushed below the limit")
	}
	w.insert(6000, 1)
	if !w.step() || w.tail() != 0 {
		t.Fatal("a large tail was not flushed")
	}
	w.k = upkeep.New(w.s, upkeep.Options{FlushBytes: 1, Now: w.o.Now})
	w.insert(7000, 1)
	if !w.step() || w.tail() != 0 {
		t.Fatal("the limit in bytes does not count")
	}
}

// A step is one thing: memory is bounded before indexes grow, and indexes grow before space is saved.
func TestOrderOfSteps(t *testing.T) {
	w, _ := newFaultyWorld(t)
	w.createIndex()
	for i := range upkeep.MergeCountMin { // enough fragments to merge
		w.insert(i*1000, 200)
		w.check(w.s.FlushTable(ctx, tableOID))
	}
	w.insert(20000, 2000)
	scalars := func() (n int) {
		in, _ := w.s.TableInfo(tableOID)
		for _, f := range in.Fragments {
			if f.Column == 0 {
				n++
			}
		}
		return n
	}
	if !w.step() || w.tail() != 0 {
		t.Fatal("the first step is not the flush")
	}
	if _, _, trained := w.info(); trained || scalars() != upkeep.MergeCountMin+1 {
		t.Fatal("the first step did more")
	}
	if !w.step() {
		t.Fatal("no second step")
	}
	if _, segments, trained := w.info(); !trained || segments != 1 || scalars() != upkeep.MergeCountMin+1 {
		t.Fatal("the second step is not the index")
	}
	if !w.step() || scalars() != 1 {
		t.Fatal("the third step is not the merge")
	}
	w.keep()
	w.expect(0, 1)
	w.verify()
}

// A step that fails is told and put off; tables that can be kept are kept meanwhile, and later it succeeds.
func TestFailedStepIsPutOff(t *testing.T) {
	w, i := newFaultyWorld(t)
	other := storage.OID(21000)
	tx := w.s.Begin(storage.TxnOptions{})
	w.check(tx.Put(&schema.Table{
		OID: other, DB: 5, Namespace: schema.PublicOID, Name: "other", Kind: schema.KindTable,
		Columns: w.s.Catalog().Table(tableOID).Columns,
	}))
	w.commit(tx)
	w.insert(0, 2000)
	w.insertInto(other, 2000)
	broken := errors.New("broken")
	i.set(fmt.Sprintf("/db/data/%d/", tableOID), broken, nil)
	if did, err := w.k.Step(ctx); did || !errors.Is(err, broken) ||
		!strings.Contains(err.Error(), fmt.Sprint("table ", tableOID)) {
		t.Fatalf("%v, %v", did, err)
	}
	if !w.step() { // the other table
		t.Fatal("the other table is not kept")
	}
	if in, _ := w.s.TableInfo(other); in.TailRows != 0 {
		t.Fatal("the other table was not flushed")
	}
	if w.step() {
		t.Fatal("the failed table is not left alone")
	}
	w.now = w.now.Add(upkeep.RetryAfter)
	if _, err := w.k.Step(ctx); !errors.Is(err, broken) {
		t.Fatalf("not tried again: %v", err)
	}
	i.set("", nil, nil)
	w.now = w.now.Add(upkeep.RetryAfter)
	if !w.step() || w.tail() != 0 {
		t.Fatal("not done when it could be")
	}
}

// insertInto gives a table of the same columns rows without telling the world.
func (w *world) insertInto(table storage.OID, n int) {
	w.t.Helper()
	tx := w.s.Begin(storage.TxnOptions{})
	in, _ := w.batch(100000, n)
	_, err := tx.Insert(ctx, table, in)
	w.check(err)
	w.commit(tx)
}

// A full device while a segment is written fails the build or the step as such, leaves no file, and the table answers
// exactly; with space again the index is made.
func TestFullDeviceInSegment(t *testing.T) {
	w, i := newFaultyWorld(t)
	w.insert(0, upkeep.TrainRowsMin)
	w.check(w.s.FlushTable(ctx, tableOID))
	tx := w.s.Begin(storage.TxnOptions{})
	i.set("/db/index/", syscall.ENOSPC, nil)
	err := tx.BuildIndex(ctx, annIndex(), storage.BuildOptions{})
	tx.Rollback()
	if !errors.Is(err, storage.ErrDiskFull) || i.hits == 0 {
		t.Fatalf("CREATE INDEX: %v", err)
	}
	if n := w.strays(); n != 0 {
		t.Fatalf("%d files are left", n)
	}
	i.set("", nil, nil)
	tx = w.s.Begin(storage.TxnOptions{})
	w.check(tx.Put(annIndex())) // as on an empty table
	w.commit(tx)
	i.set("/db/index/", syscall.ENOSPC, nil)
	if _, err := w.k.Step(ctx); !errors.Is(err, storage.ErrDiskFull) {
		t.Fatalf("upkeep: %v", err)
	}
	i.set("", nil, nil)
	if n := w.strays(); n != 0 {
		t.Fatalf("%d files are left", n)
	}
	w.verify()
	w.now = w.now.Add(time.Minute)
	w.keep()
	w.expect(0, 1)
	w.verify()
}

// An index that by its prediction does not fit is refused before a byte of it is written.
func TestIndexDoesNotFit(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 2000)
	w.check(w.s.FlushTable(ctx, tableOID))
	p, err := upkeep.Params(annIndex())
	w.check(err)
	file, temp, err := p.Sizes(dims, 2000, 32<<20)
	w.check(err)
	if temp != 0 || file < 2000*16 {
		t.Fatalf("%d bytes and %d temporary ones", file, temp)
	}
	if _, temp, err = p.Sizes(dims, 2000, 1); err != nil || temp != file {
		t.Fatalf("%d temporary bytes without memory, %v", temp, err)
	}
	if _, _, err := p.Sizes(0, 10, 1); !errors.Is(err, ivfpq.ErrParams) {
		t.Fatal(err)
	}
	mem := w.o.FS.(*pvfs.MemFS)
	const total, reserve = 1 << 30, 64 << 20
	build := func(free int64) error {
		mem.TestingSetDiskUsage(pvfs.DiskUsage{TotalBytes: total, AvailBytes: uint64(reserve + free)})
		defer mem.TestingSetDiskUsage(pvfs.DiskUsage{})
		tx := w.s.Begin(storage.TxnOptions{})
		defer tx.Rollback()
		return tx.BuildIndex(ctx, annIndex(), storage.BuildOptions{})
	}
	if err := build(file - 1); !errors.Is(err, storage.ErrDiskFull) || w.strays() != 0 {
		t.Fatalf("%v, %d files", err, w.strays())
	}
	w.check(build(file))
	if n := w.strays(); n != 0 {
		t.Fatalf("%d files of a rolled back build", n)
	}
	// The prediction is near: the file is not a fifth larger.
	w.createIndex()
	in, _ := w.s.TableInfo(tableOID)
	if got := in.Indexes[0].Segments[0].Bytes; got > file*6/5 {
		t.Fatalf("a segment of %d bytes, %d were predicted", got, file)
	}
}

// While upkeep writes files statements go on: they insert, delete and search, and what they did is there afterwards.
func TestStepsBlockNobody(t *testing.T) {
	for _, part := range []string{"/db/data/", "/db/index/"} {
		w, i := newFaultyWorld(t)
		w.createIndex()
		w.insert(0, 2000)
		ran := false
		i.set(part, nil, func() {
			ran = true
			w.insert(5000, 100)
			w.remove(10, 50)
			w.verify()
		})
		w.keep()
		if !ran {
			t.Fatalf("%s: no file was written", part)
		}
		w.verify()
		w.now = w.now.Add(time.Minute)
		w.keep()
		w.verify()
		w.reopen()
		w.verify()
	}
}

// A search that has begun goes on over an index that is dropped under it, and its file goes with it.
func TestDropWhileSearching(t *testing.T) {
	w, _ := newFaultyWorld(t)
	w.insert(0, 2000)
	w.createIndex()
	tx := w.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	r := tx.Reader()
	tr, err := r.Table(tableOID)
	w.check(err)
	a, err := tr.ANN(annOID)
	w.check(err)
	s, err := upkeep.Open(w.s.FS(), a)
	w.check(err)
	drop := w.s.Begin(storage.TxnOptions{})
	w.check(drop.Drop(drop.Catalog().Index(annOID)))
	w.commit(drop)
	w.keep()
	if w.strays() != 1 {
		t.Fatalf("%d files while it is searched", w.strays())
	}
	q := w.vectors[7]
	out, _, err := s.Search(ctx, q, ivfpq.Options{K: 1, NProbe: 1 << 16, Refine: 100, Vectors: &tableVectors{a, q}}, nil)
	if err != nil || len(out) != 1 || storage.RowID(out[0].Row) != w.rows[7] {
		t.Fatalf("found %v, %v", out, err)
	}
	w.check(r.Close())
	if n := w.strays(); n != 0 {
		t.Fatalf("%d files after the search", n)
	}
}

// A byte that has changed in a segment's file is found when the index is searched, or makes no difference; the table
// and the rest of the store are not touched by it.
func TestDamagedSegment(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 1100)
	w.createIndex()
	in, _ := w.s.TableInfo(tableOID)
	path := fmt.Sprintf("/db/index/%d/%s", annOID, in.Indexes[0].Segments[0].File)
	info, err := w.o.FS.Stat(path)
	w.check(err)
	found, steps := 0, int64(60)
	for n := range steps {
		at := info.Size() * n / steps
		w.flip(path, at)
		w.reopen()
		if err := w.tryAll(); err != nil {
			found++
			if !errors.Is(err, index.ErrCorrupt) && !errors.Is(err, storage.ErrCorrupt) && !errors.Is(err, index.ErrStale) {
				t.Fatalf("byte %d: %v", at, err)
			}
		}
		w.flip(path, at)
	}
	w.reopen()
	w.verify()
	if found < int(steps)/2 {
		t.Fatalf("damage was found in %d of %d places", found, steps)
	}
}

func (w *world) flip(path string, at int64) {
	w.t.Helper()
	f, err := w.o.FS.OpenReadWrite(path, pvfs.WriteCategoryUnspecified)
	w.check(err)
	b := make([]byte, 1)
	_, err = f.ReadAt(b, at)
	w.check(err)
	b[0] ^= 0x20
	_, err = f.WriteAt(b, at)
	w.check(errors.Join(err, f.Close()))
}

// tryAll searches the whole index for some rows. Without an error each must be found.
func (w *world) tryAll() error {
	w.t.Helper()
	tx := w.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	r := tx.Reader()
	defer func() { w.check(r.Close()) }()
	tr, err := r.Table(tableOID)
	w.check(err)
	a, err := tr.ANN(annOID)
	w.check(err)
	s, err := upkeep.Open(w.s.FS(), a)
	if err != nil {
		return err
	}
	for id := int64(0); id < 1100; id += 100 {
		q := w.vectors[id]
		out, _, err := s.Search(ctx, q, ivfpq.Options{K: 1, NProbe: 1 << 16, Refine: 1100, Vectors: &tableVectors{a, q}},
			nil)
		if err != nil {
			return err
		}
		if len(out) != 1 || storage.RowID(out[0].Row) != w.rows[id] {
			w.t.Fatalf("row %d: found %v", id, out)
		}
	}
	return nil
}

// The curve of effort and recall is kept with a segment that CREATE INDEX or training made; what cannot be read is
// none.
func TestCurveOf(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 2000)
	w.createIndex()
	in, _ := w.s.TableInfo(tableOID)
	c := upkeep.CurveOf(in.Indexes[0].Segments[0])
	if c == nil || c.Rows != 2000 || c.Dims != dims || c.Partitions == 0 {
		t.Fatalf("%+v", c)
	}
	w.insert(10000, 2000)
	w.now = w.now.Add(time.Minute)
	w.keep()
	in, _ = w.s.TableInfo(tableOID)
	if len(in.Indexes[0].Segments) != 2 {
		t.Fatalf("%d segments", len(in.Indexes[0].Segments))
	}
	for _, s := range in.Indexes[0].Segments {
		if s.Rows == 2000 && len(s.Details) == 0 && upkeep.CurveOf(s) != nil {
			t.Fatal("a curve of nothing")
		}
	}
	for _, details := range []string{"", "{", "{}", "[]", `{"Curve":null}`} {
		if upkeep.CurveOf(storage.Segment{Details: []byte(details)}) != nil {
			t.Fatalf("%q has a curve", details)
		}
	}
}
