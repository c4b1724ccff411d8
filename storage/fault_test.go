package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/storage"
)

// eachFault prepares a store and does something to it, with the k-th operation that matches failing, for every k. What
// was done must say so or have succeeded, and the store must hold what it then should: as it is, and opened again.
func eachFault(
	t *testing.T, what string, o storage.Options, match func(errorfs.Op) bool,
	prepare func(h *harness), do func(h *harness) error, before, after []string,
) {
	t.Helper()
	for k := 0; ; k++ {
		h, f := startFaulty(t, o)
		prepare(h)
		f.setOnce(match, k, errBroken)
		err := do(h)
		hits := f.off()
		name := fmt.Sprintf("%s, operation %d", what, k)
		if err != nil && hits == 0 {
			t.Fatalf("%s: failed without a fault: %v", name, err)
		}
		if err != nil && !errors.Is(err, errBroken) {
			t.Fatalf("%s: the cause is lost: %v", name, err)
		}
		want := after
		if err != nil {
			want = before
		}
		if n := h.s.Stats().Snapshots; n != 0 {
			t.Fatalf("%s: %d versions stay pinned", name, n)
		}
		h.holds(slices.Clone(want)...)
		if err != nil { // once the device works again, so does everything
			h.check(do(h))
			h.holds(slices.Clone(after)...)
		}
		h.reopen()
		h.holds(slices.Clone(after)...)
		if n := h.s.Stats().OrphansRemoved; err != nil && n > 1 {
			t.Fatalf("%s: %d files were left for the next start", name, n)
		}
		if hits == 0 {
			if k == 0 {
				t.Fatalf("%s: nothing matched", what)
			}
			return
		}
	}
}

// An error at any write of a file fails the step that met it, and nothing else.
func TestFaultAtEachWrite(t *testing.T) {
	small := storage.Options{DirectRows: 20, EntriesMax: 8}
	data := writes("/db/data")
	seed := func(h *harness) { h.insert(1, 10) }
	commit := func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		if _, err := tx.Insert(ctx, h.table, rows(11, 25)); err != nil {
			return err
		}
		if err := tx.Delete(ctx, h.table, h.findAll(tx, 1)); err != nil {
			return err
		}
		_, err := tx.Commit(ctx)
		return err
	}
	eachFault(t, "a commit into files", small, data, seed, commit, lines(1, 10), lines(2, 34))
	eachFault(t, "a commit that spilled", storage.Options{SpillBytes: 1500}, data, seed, commit, lines(1, 10),
		lines(2, 34))
	eachFault(t, "a flush", small, data, func(h *harness) { seed(h); h.remove(1) },
		func(h *harness) error { return h.s.FlushTable(ctx, h.table) }, lines(2, 9), lines(2, 9))
	merge := func(h *harness) error {
		_, err := h.s.MergeTable(ctx, h.table, storage.MergeOptions{Fragments: h.fragments(0), Horizon: h.s.Version()})
		return err
	}
	fragments := func(h *harness) { seed(h); h.flush(); h.insert(11, 5); h.flush(); h.remove(1) }
	eachFault(t, "a merge", small, func(op errorfs.Op) bool { return data(op) && op.Kind != errorfs.OpRemove }, fragments,
		merge,
		lines(2, 14), lines(2, 14))
	build := func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		if err := tx.BuildIndex(ctx, h.indexOf(h.oid(tx), "i", true, keyOn(3, floatOID)),
			storage.BuildOptions{}); err != nil {
			return err
		}
		if _, err := tx.Commit(ctx); err != nil {
			return err
		}
		tx = h.begin()
		defer tx.Rollback()
		return tx.Drop(h.s.Catalog().IndexesOf(h.table)[1])
	}
	eachFault(t, "an index build", storage.Options{EntriesMax: 1}, func(op errorfs.Op) bool {
		return writes("/db/tmp")(op) && op.Kind != errorfs.OpRemove
	}, seed, func(h *harness) error {
		if len(h.s.Catalog().IndexesOf(h.table)) > 1 {
			return nil
		}
		return build(h)
	}, lines(1, 10), lines(1, 10))
}

// An error at any read of a fragment fails the statement or step that met it, is no damage, and the next one finds all.
func TestFaultAtEachRead(t *testing.T) {
	data := reads("/db/data")
	seed := func(h *harness) {
		h.insert(1, 10)
		h.flush()
		h.insert(11, 5)
		h.flush()
		h.check(h.s.Close()) // so that files are opened anew
		h.open()
	}
	all := lines(1, 15)
	eachFault(t, "a scan", storage.Options{}, data, seed, func(h *harness) error {
		got, err := h.reading()
		if err == nil && len(got) != 15 {
			return fmt.Errorf("%d rows", len(got))
		}
		return err
	}, all, all)
	eachFault(t, "a merge", storage.Options{}, data, seed, func(h *harness) error {
		_, err := h.s.MergeTable(ctx, h.table, storage.MergeOptions{Fragments: h.fragments(0)})
		return err
	}, all, all)
	renamed := append(lines(2, 14), line(1, "x"))
	eachFault(t, "an update", storage.Options{}, data, seed, func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		if err := tx.Update(ctx, h.table, []storage.RowID{1}, []int16{2}, textColumn("x")); err != nil {
			return err
		}
		_, err := tx.Commit(ctx)
		return err
	}, all, renamed)
	eachFault(t, "a unique check", storage.Options{}, data, seed, func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		_, err := tx.Insert(ctx, h.table, rows(5, 1))
		var u *storage.UniqueError
		if errors.As(err, &u) {
			return nil
		}
		if err == nil {
			return errors.New("the duplicate is not found")
		}
		return err
	}, all, all)
	eachFault(t, "vectors", storage.Options{}, data, seed, func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		n := 0
		err := tr.FetchVectors([]storage.RowID{1, 12}, 5, func(_ int, v []float32) {
			if v != nil {
				n++
			}
		})
		if err == nil && n != 2 {
			return fmt.Errorf("%d vectors", n)
		}
		return err
	}, all, all)
}

// A file that cannot be removed costs space until the next start, and no statement.
func TestFileThatStays(t *testing.T) {
	h, f := startFaulty(t, storage.Options{})
	h.insert(1, 5)
	h.flush()
	f.set(func(op errorfs.Op) bool { return op.Kind == errorfs.OpRemove }, 0, errBroken)
	h.remove(1, 2)
	if !h.merge(h.s.Version()) {
		t.Fatal("nothing was merged")
	}
	tx := h.begin()
	h.check(tx.Truncate(h.table))
	h.commit(tx)
	if f.off() == 0 {
		t.Fatal("nothing was to be removed")
	}
	h.holds()
	if n := h.countFiles(h.dir + "/data"); n == 0 {
		t.Fatal("no file has stayed")
	}
	h.reopen()
	if n := h.countFiles(h.dir + "/data"); n != 0 || h.s.Stats().OrphansRemoved == 0 {
		t.Fatalf("%d files after the next start, %d removed", n, h.s.Stats().OrphansRemoved)
	}
	h.holds()
}

// What a build wrote that a crash kept from its commit is removed by the next start, and the index can be made.
func TestBuildThatCrashed(t *testing.T) {
	h, _ := startFaulty(t, storage.Options{EntriesMax: 2})
	h.insert(1, 50)
	tx := h.begin()
	oid := h.oid(tx)
	h.check(tx.BuildIndex(ctx, h.indexOf(oid, "i", false, keyOn(2, textOID)), storage.BuildOptions{}))
	if h.s.Keys(oid) == 0 {
		t.Fatal("nothing was written ahead")
	}
	h.check(h.s.Close()) // with the transaction open
	h.open()
	if n := h.s.Keys(oid); n != 0 {
		t.Fatalf("%d entries are left", n)
	}
	h.holds(lines(1, 50)...)
	if idx := h.build("i", false, keyOn(2, textOID)); h.s.Keys(idx) < 50 {
		t.Fatal("the index has not all entries")
	}
	// A rollback removes them at once.
	tx = h.begin()
	oid = h.oid(tx)
	h.check(tx.BuildIndex(ctx, h.indexOf(oid, "j", false, keyOn(2, textOID)), storage.BuildOptions{}))
	m := tx.Savepoint()
	second := h.oid(tx)
	h.check(tx.BuildIndex(ctx, h.indexOf(second, "k", false, keyOn(2, textOID)), storage.BuildOptions{}))
	tx.RollbackTo(m)
	if h.s.Keys(second) != 0 || h.s.Keys(oid) == 0 {
		t.Fatal("a rollback to a mark removes the wrong entries")
	}
	tx.Rollback()
	if n := h.s.Keys(oid); n != 0 {
		t.Fatalf("%d entries are left after a rollback", n)
	}
}
