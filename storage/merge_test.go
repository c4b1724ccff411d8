package storage_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// during runs do once, while step writes its first file.
func during(h *harness, f *faults, step func() error, do func()) {
	h.t.Helper()
	did := false
	f.watch(func(op errorfs.Op) bool { return op.Kind == errorfs.OpCreate && has(op.Path, []string{"/db/data/"}) },
		func(errorfs.Op) {
			if !did {
				did = true
				do()
			}
		})
	h.check(step())
	f.off()
	if !did {
		h.t.Fatal("no file was written")
	}
}

// Rows that are changed, deleted and inserted while a flush or a merge writes its files are as they were left, for
// every snapshot and after a restart; nobody waits for it.
func TestWritesDuringUpkeep(t *testing.T) {
	for _, step := range []string{"flush", "merge"} {
		h, f := startFaulty(t, storage.Options{})
		h.insert(1, 6)
		h.rename("before", 6)
		if step == "merge" {
			h.flush()
			h.insert(7, 2)
			h.flush()
		} else {
			h.insert(7, 2)
		}
		old := h.s.Begin(storage.TxnOptions{Isolation: storage.RepeatableRead})
		pending := h.begin()
		h.check(h.renameIn(pending, "pending", 5))
		during(h, f, func() error {
			if step == "flush" {
				return h.s.FlushTable(ctx, h.table)
			}
			if !h.merge(old.Version()) {
				return errors.New("nothing was merged")
			}
			return nil
		}, func() {
			h.rename("during", 1)
			h.remove(2, 7)
			h.insert(20, 1)
			h.rename("twice", 3)
			h.rename("thrice", 3)
			h.holds(line(1, "during"), line(3, "thrice"), line(4, ""), line(5, ""), line(6, "before"), line(8, ""), line(20, ""))
		})
		before := append(lines(1, 5), line(6, "before"), line(7, ""), line(8, ""))
		h.sees(old, before...)
		h.wants(h.renameIn(old, "x", 1), storage.ErrConflict)
		old.Rollback()
		h.commit(pending)
		after := []string{
			line(1, "during"), line(3, "thrice"), line(4, ""), line(5, "pending"), line(6, "before"), line(8, ""), line(20, ""),
		}
		h.holds(after...)
		h.reopen()
		h.holds(after...)
		h.flush()
		h.merge(h.s.Version())
		h.holds(after...)
		in, _ := h.s.TableInfo(h.table)
		for _, fr := range in.Fragments {
			if fr.Column == 0 && (fr.Dead != 0 || fr.Rows != len(after)) {
				t.Fatalf("%s: %+v after all has been merged", step, fr)
			}
		}
	}
}

// A table that is truncated or dropped while its rows are being written into files stays so, and the files go.
func TestTruncateDuringUpkeep(t *testing.T) {
	for _, step := range []string{"flush", "merge"} {
		for _, drop := range []bool{false, true} {
			h, f := startFaulty(t, storage.Options{})
			h.insert(1, 6)
			if step == "merge" {
				h.flush()
			}
			during(h, f, func() error {
				if step == "flush" {
					return h.s.FlushTable(ctx, h.table)
				}
				_, err := h.s.MergeTable(ctx, h.table, storage.MergeOptions{Fragments: h.fragments(0)})
				return err
			}, func() {
				tx := h.begin()
				if drop {
					h.check(tx.Drop(tx.Catalog().Index(h.pk)))
					h.check(tx.Drop(tx.Catalog().Table(h.table)))
				} else {
					h.check(tx.Truncate(h.table))
					_, err := tx.Insert(ctx, h.table, rows(50, 1))
					h.check(err)
				}
				h.commit(tx)
			})
			if n := h.countFiles(h.dir + "/data"); n != 0 {
				t.Fatalf("%s, drop %v: %d files are left", step, drop, n)
			}
			if drop {
				continue
			}
			h.holds(line(50, ""))
			h.reopen()
			h.holds(line(50, ""))
		}
	}
}

// A merge keeps the versions that the horizon sees and drops the others, scalars and vectors.
func TestMergeHorizon(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 2)
	h.flush()
	versions := []storage.Version{h.s.Version()}
	for _, name := range []string{"a", "b", "c"} {
		versions = append(versions, h.rename(name, 1))
		h.flush()
	}
	names := []string{"", "a", "b", "c"}
	sizes := func() (scalars, vectors int) {
		in, _ := h.s.TableInfo(h.table)
		for _, f := range in.Fragments {
			if f.Column == 0 {
				scalars += f.Rows
			} else {
				vectors += f.Rows
			}
		}
		return scalars, vectors
	}
	for keep, v := range versions {
		if !h.merge(v) {
			t.Fatal("nothing was merged")
		}
		if s, vec := sizes(); s != 1+len(versions)-keep || vec != 2 {
			t.Fatalf("horizon %d: %d versions and %d vectors", v, s, vec)
		}
		for i := keep; i < len(versions); i++ {
			tx := h.s.Begin(storage.TxnOptions{AsOf: versions[i]})
			h.expect(h.scan(tx), line(1, names[i]), line(2, ""))
			tx.Rollback()
		}
		h.reopen()
	}
	h.holds(line(1, "c"), line(2, ""))
}

// A merge that would drop fewer rows than it should does nothing, and neither does one of fragments that are not there.
func TestMergeOfTooLittle(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 10)
	h.flush()
	h.remove(1, 2, 3)
	f := func(o storage.MergeOptions, want bool) {
		t.Helper()
		if o.Fragments == nil {
			o.Fragments = h.fragments(0)
		}
		before := h.fragments(0)
		ok, err := h.s.MergeTable(ctx, h.table, o)
		if err != nil || ok != want || (slices.Equal(before, h.fragments(0)) == want) {
			t.Fatalf("%+v: %v, %v", o, ok, err)
		}
	}
	v := h.s.Version()
	f(storage.MergeOptions{Horizon: v - 1, DeadMin: 1}, false)
	f(storage.MergeOptions{Horizon: v, DeadMin: 4}, false)
	f(storage.MergeOptions{Horizon: v, Fragments: []uint64{77}}, false)
	f(storage.MergeOptions{Horizon: v, DeadMin: 3}, true)
	if ok, err := h.s.MergeTable(ctx, 99999, storage.MergeOptions{}); ok || err != nil {
		t.Fatalf("a merge of no table: %v, %v", ok, err)
	}
	h.remove(4, 5, 6, 7, 8, 9, 10)
	f(storage.MergeOptions{Horizon: h.s.Version()}, true)
	if n := h.countFiles(h.dir + "/data"); n != 0 {
		t.Fatalf("%d files of a table without rows", n)
	}
	h.reopen()
	h.holds()
	h.insert(1, 1)
	h.holds(lines(1, 1)...)
}

// An update of scalars writes no vector, neither to the log nor to files, however often; a new vector writes only
// itself.
func TestVectorsAreNotRewritten(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 50)
	h.flush()
	vectors := h.fragments(5)
	for _, name := range []string{"a", "b", "c"} {
		h.rename(name, 1, 2, 3)
		h.flush()
	}
	if got := h.fragments(5); !slices.Equal(got, vectors) {
		t.Fatalf("vector fragments %v, were %v", got, vectors)
	}
	if got := len(h.fragments(0)); got != 4 {
		t.Fatalf("%d scalar fragments", got)
	}
	tx := h.begin()
	c := batch.New(vectorType(), types.String, 1)
	c.Append(types.StringDatum(vec(500)))
	h.check(tx.Update(ctx, h.table, h.findAll(tx, 2), []int16{5}, &storage.Rows{N: 1, Cols: []*batch.Column{c}}))
	h.commit(tx)
	h.rename("d", 2)
	h.flush()
	want := append([]string{line(1, "c"), "2|d|1|true|[500]", line(3, "c")}, lines(4, 47)...)
	check := func() {
		t.Helper()
		h.holds(want...)
		h.reopen()
		h.holds(want...)
		in, _ := h.s.TableInfo(h.table)
		n := 0
		for _, f := range in.Fragments {
			if f.Column == 5 {
				n += f.Rows
			}
		}
		if n != 51 && n != 50 {
			t.Fatalf("%d vectors on disk for 50 rows", n)
		}
	}
	check()
	h.merge(1) // keeps all versions
	check()
	h.merge(h.s.Version())
	check()
	h.rename("e", 2)
	want[slices.Index(want, "2|d|1|true|[500]")] = "2|e|1|true|[500]"
	check()
}

// A step that is canceled leaves everything as it was.
func TestUpkeepIsCanceled(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 20)
	c, cancel := context.WithCancel(ctx)
	cancel()
	h.wants(h.s.FlushTable(c, h.table), context.Canceled)
	h.flush()
	_, err := h.s.MergeTable(c, h.table, storage.MergeOptions{Fragments: h.fragments(0)})
	h.wants(err, context.Canceled)
	_, _, err = h.s.SweepIndex(c, h.pk, nil)
	h.wants(err, context.Canceled)
	tx := h.begin()
	h.wants(tx.BuildIndex(c, h.indexOf(h.oid(tx), "i", false, keyOn(2, textOID)), storage.BuildOptions{}),
		context.Canceled)
	tx.Rollback()
	tx = h.begin()
	r, tr := h.reader(tx)
	_, _, err = tr.Scan(storage.ScanOptions{Cols: allCols}).Next(c)
	h.wants(err, context.Canceled)
	s := tr.IndexScan(h.pk, []storage.KeyRange{{}}, false)
	_, err = s.Next(c)
	h.wants(err, context.Canceled)
	h.check(s.Close())
	_, _, err = tr.Fetch(c, nil, allCols)
	h.wants(err, context.Canceled)
	h.check(r.Close())
	tx.Rollback()
	if n := h.countFiles(h.dir + "/data"); n != 2 {
		t.Fatalf("%d files", n)
	}
	h.holds(lines(1, 20)...)
}

// Files go when the last one who reads them has, and not before.
func TestFilesLiveAsLongAsReaders(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 5)
	h.flush()
	tx := h.begin()
	r, tr := h.reader(tx)
	s := tr.Scan(storage.ScanOptions{Cols: allCols})
	h.rename("x", 1)
	h.flush()
	h.merge(h.s.Version())
	if n := h.countFiles(h.dir + "/data"); n != 3 { // old scalars, new ones, and vectors, which are not rewritten
		t.Fatalf("%d files while the old ones are read", n)
	}
	h.expect(h.readAll(s), lines(1, 5)...) // what it opens only now
	h.check(r.Close())
	tx.Rollback()
	if n := h.countFiles(h.dir + "/data"); n != 2 {
		t.Fatalf("%d files after the reader has closed", n)
	}
	// A dropped table's too, and its folder.
	tx = h.begin()
	r, tr = h.reader(tx)
	other := h.begin()
	h.check(other.Drop(other.Catalog().Table(h.table)))
	h.check(other.Drop(other.Catalog().Index(h.pk)))
	h.commit(other)
	if got := h.readAll(tr.Scan(storage.ScanOptions{Cols: []int16{1}})); len(got) != 5 {
		t.Fatalf("%d rows of a dropped table that is being read", len(got))
	}
	h.check(r.Close())
	tx.Rollback()
	if left, err := h.fs.List(h.dir + "/data"); err != nil || len(left) != 0 {
		t.Fatalf("left: %v, %v", left, err)
	}
}
