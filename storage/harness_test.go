package storage_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// start is newHarness with a store that the end of the test closes. By then no transaction may pin a
// version, and after it no file may be open.
func start(t testing.TB, o storage.Options) *harness {
	t.Helper()
	if o.FS == nil {
		o.FS = pvfs.NewMem()
	}
	files := &openFiles{FS: o.FS, open: map[*countedFile]string{}}
	o.FS = files
	h := newHarness(t, o)
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		if n := h.s.Stats().Snapshots; n != 0 {
			t.Errorf("%d versions are pinned at the end", n)
		}
		if err := h.s.Close(); err != nil {
			t.Error(err)
		}
		if left := files.list(); len(left) != 0 {
			t.Errorf("files are open after Close: %v", left)
		}
	})
	return h
}

// openFiles knows the files that are open.
type openFiles struct {
	vfs.FS
	mu   sync.Mutex
	open map[*countedFile]string
}

type countedFile struct {
	pvfs.File
	fs *openFiles
}

func (f *countedFile) Close() error {
	f.fs.mu.Lock()
	delete(f.fs.open, f)
	f.fs.mu.Unlock()
	return f.File.Close()
}

func (fs *openFiles) counted(name string, f pvfs.File, err error) (pvfs.File, error) {
	if err != nil {
		return nil, err
	}
	c := &countedFile{File: f, fs: fs}
	fs.mu.Lock()
	fs.open[c] = name
	fs.mu.Unlock()
	return c, nil
}

// list returns the names of the files that are open.
func (fs *openFiles) list() []string {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return slices.Sorted(maps.Values(fs.open))
}

func (fs *openFiles) Create(name string, c pvfs.DiskWriteCategory) (pvfs.File, error) {
	f, err := fs.FS.Create(name, c)
	return fs.counted(name, f, err)
}

func (fs *openFiles) Open(name string, opts ...pvfs.OpenOption) (pvfs.File, error) {
	f, err := fs.FS.Open(name, opts...)
	return fs.counted(name, f, err)
}

func (fs *openFiles) OpenReadWrite(name string, c pvfs.DiskWriteCategory, opts ...pvfs.OpenOption) (pvfs.File, error) {
	f, err := fs.FS.OpenReadWrite(name, c, opts...)
	return fs.counted(name, f, err)
}

func (fs *openFiles) OpenDir(name string) (pvfs.File, error) {
	f, err := fs.FS.OpenDir(name)
	return fs.counted(name, f, err)
}

func (fs *openFiles) ReuseForWrite(from, to string, c pvfs.DiskWriteCategory) (pvfs.File, error) {
	f, err := fs.FS.ReuseForWrite(from, to, c)
	return fs.counted(from, f, err)
}

// faults makes operations on files fail, or stop for a while. It is an errorfs.Injector.
type faults struct {
	mu    sync.Mutex
	match func(errorfs.Op) bool // the operations that count; nil: none
	skip  int                   // how many of them pass first
	err   error                 // what those behind them fail with
	once  bool                  // only one fails
	seen  int                   // how many counted
	hits  int                   // how many failed
	stop  func(errorfs.Op)      // called, without the mutex, before an operation that counts and passes
}

var errBroken = errors.New("broken device")

// MaybeError implements errorfs.Injector.
func (f *faults) MaybeError(op errorfs.Op) error {
	f.mu.Lock()
	if f.match == nil || !f.match(op) {
		f.mu.Unlock()
		return nil
	}
	f.seen++
	fails := f.err != nil && f.seen > f.skip && (!f.once || f.hits == 0)
	if fails {
		f.hits++
	}
	stop, err := f.stop, f.err
	f.mu.Unlock()
	switch {
	case fails:
		return err
	case stop != nil:
		stop(op)
	}
	return nil
}

// String implements errorfs.Injector.
func (f *faults) String() string { return "faults" }

// set replaces what fails, and counts anew.
func (f *faults) set(match func(errorfs.Op) bool, skip int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.match, f.skip, f.err, f.seen, f.hits, f.once, f.stop = match, skip, err, 0, 0, false, nil
}

// setOnce makes just one operation fail.
func (f *faults) setOnce(match func(errorfs.Op) bool, skip int, err error) {
	f.set(match, skip, err)
	f.mu.Lock()
	f.once = true
	f.mu.Unlock()
}

// watch calls stop before each operation that matches.
func (f *faults) watch(match func(errorfs.Op) bool, stop func(errorfs.Op)) {
	f.set(match, 0, nil)
	f.mu.Lock()
	f.stop = stop
	f.mu.Unlock()
}

// off lets everything pass and returns how many operations had failed.
func (f *faults) off() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.match = nil
	return f.hits
}

// writes matches what changes the files whose path has one of the parts.
func writes(parts ...string) func(errorfs.Op) bool {
	return func(op errorfs.Op) bool { return op.Kind.ReadOrWrite() == errorfs.OpIsWrite && has(op.Path, parts) }
}

// reads matches what reads the files whose path has one of the parts.
func reads(parts ...string) func(errorfs.Op) bool {
	return func(op errorfs.Op) bool { return op.Kind.ReadOrWrite() == errorfs.OpIsRead && has(op.Path, parts) }
}

// syncs matches the syncs of files whose path has one of the parts.
func syncs(parts ...string) func(errorfs.Op) bool {
	return func(op errorfs.Op) bool {
		switch op.Kind {
		case errorfs.OpFileSync, errorfs.OpFileSyncData, errorfs.OpFileSyncTo:
			return has(op.Path, parts)
		default:
			return false
		}
	}
}

func has(name string, parts []string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(name, p) })
}

// isLog says whether a file is a log of Pebble's.
func isLog(name string) bool { return path.Ext(name) == ".log" }

// startFaulty is start on a file system whose operations the test can make fail.
func startFaulty(t testing.TB, o storage.Options) (*harness, *faults) {
	t.Helper()
	f := &faults{}
	if o.FS == nil {
		o.FS = pvfs.NewMem()
	}
	o.FS = errorfs.Wrap(o.FS, f)
	return start(t, o), f
}

// insert commits n rows with ids from, from+1, ... and returns the version.
func (h *harness) insert(from, n int) storage.Version {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	_, err := tx.Insert(ctx, h.table, rows(from, n))
	h.check(err)
	return h.commit(tx)
}

// rename commits a new name for each of the keys.
func (h *harness) rename(name string, keys ...int64) storage.Version {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	h.check(h.renameIn(tx, name, keys...))
	return h.commit(tx)
}

func (h *harness) renameIn(tx *storage.Txn, name string, keys ...int64) error {
	h.t.Helper()
	c := batch.New(types.Of(textOID), types.String, len(keys))
	for range keys {
		c.Append(types.StringDatum(name))
	}
	return tx.Update(ctx, h.table, h.findAll(tx, keys...), []int16{2},
		&storage.Rows{N: len(keys), Cols: []*batch.Column{c}})
}

// remove commits the deletion of keys.
func (h *harness) remove(keys ...int64) storage.Version {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	h.check(tx.Delete(ctx, h.table, h.findAll(tx, keys...)))
	return h.commit(tx)
}

func (h *harness) findAll(tx *storage.Txn, keys ...int64) (out []storage.RowID) {
	h.t.Helper()
	for _, k := range keys {
		id := h.find(tx, k)
		if id == 0 {
			h.t.Fatalf("no row with key %d", k)
		}
		out = append(out, id)
	}
	return out
}

// line is the text of a row that rows made, with another name unless it is "".
func line(id int, name string) string {
	if name == "" {
		name = "null"
		if id%7 != 3 {
			name = fmt.Sprintf("name %d", id)
		}
	}
	return fmt.Sprintf("%d|%s|%g|%v|[%d]", id, name, float64(id)/2, id%2 == 0, id)
}

// lines are the texts of n rows that rows made.
func lines(from, n int) (out []string) {
	for id := from; id < from+n; id++ {
		out = append(out, line(id, ""))
	}
	return out
}

// sees checks what a transaction sees of the table: by a scan, and by the primary key.
func (h *harness) sees(tx *storage.Txn, want ...string) {
	h.t.Helper()
	h.expect(h.scan(tx), want...)
	r := tx.Reader()
	defer func() { h.check(r.Close()) }()
	tr, err := r.Table(h.table)
	h.check(err)
	s := tr.IndexScan(h.pk, []storage.KeyRange{{}}, false)
	defer func() { h.check(s.Close()) }()
	var got []string
	for {
		ids, err := s.Next(ctx)
		h.check(err)
		if len(ids) == 0 {
			break
		}
		b, found, err := tr.Fetch(ctx, ids, allCols)
		h.check(err)
		for i := range b.N {
			if !found[i] {
				h.t.Fatalf("row %d of the index is not found", ids[i])
			}
			got = append(got, show(b, i))
		}
	}
	slices.Sort(got)
	h.expect(got, want...)
}

// holds checks what a new transaction sees.
func (h *harness) holds(want ...string) {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	h.sees(tx, want...)
}

// flush moves the tail into fragments.
func (h *harness) flush() {
	h.t.Helper()
	h.check(h.s.FlushTable(ctx, h.table))
}

// fragments lists the ids of the table's fragments of a column group.
func (h *harness) fragments(group int16) (out []uint64) {
	h.t.Helper()
	in, ok := h.s.TableInfo(h.table)
	if !ok {
		h.t.Fatal("the table is gone")
	}
	for _, f := range in.Fragments {
		if f.Column == group {
			out = append(out, f.ID)
		}
	}
	return out
}

// merge makes one fragment of all and drops what nobody sees from the version on.
func (h *harness) merge(horizon storage.Version) bool {
	h.t.Helper()
	ok, err := h.s.MergeTable(ctx, h.table, storage.MergeOptions{Fragments: h.fragments(0), Horizon: horizon})
	h.check(err)
	return ok
}

// build commits an ordered index over columns of the table.
func (h *harness) build(name string, unique bool, keys ...schema.IndexKey) storage.OID {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	idx := h.indexOf(h.oid(tx), name, unique, keys...)
	h.check(tx.BuildIndex(ctx, idx, storage.BuildOptions{}))
	h.commit(tx)
	return idx.OID
}

func (h *harness) indexOf(oid storage.OID, name string, unique bool, keys ...schema.IndexKey) *schema.Index {
	return &schema.Index{
		OID: oid, DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Table: h.table, Name: name,
		Method: "btree", Unique: unique, Keys: keys,
	}
}

// keyOn is a key over a column.
func keyOn(col int16, typ types.OID) schema.IndexKey {
	return schema.IndexKey{Column: col, Type: types.Of(typ)}
}

// wants checks an error against a sentinel.
func (h *harness) wants(err, want error) {
	h.t.Helper()
	if !errors.Is(err, want) {
		h.t.Fatalf("got %v, want %v", err, want)
	}
}

// patience is how long within waits, far longer than anything takes.
const patience = 60 * time.Second

// within runs f, which must come to an end: a deadlock shall fail the test and not time it out.
func within(t testing.TB, what string, f func()) {
	t.Helper()
	done, c := context.WithTimeout(ctx, patience)
	defer c()
	go func() { f(); c() }()
	<-done.Done()
	if errors.Is(done.Err(), context.DeadlineExceeded) {
		t.Fatalf("%s does not come to an end", what)
	}
}
