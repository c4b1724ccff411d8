package storage_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// gate holds syncs of the log until it is opened.
type gate struct {
	reached chan struct{} // closed when the first sync is held
	open    chan struct{}
	once    sync.Once
}

func newGate(f *faults) *gate {
	g := &gate{reached: make(chan struct{}), open: make(chan struct{})}
	f.watch(func(op errorfs.Op) bool { return isLog(op.Path) && syncs(".log")(op) }, func(errorfs.Op) {
		g.once.Do(func() { close(g.reached) })
		<-g.open
	})
	return g
}

// Nobody sees a commit before it is on disk, and everybody after: a crash must not take back what was read.
func TestCommitIsSeenWhenSynced(t *testing.T) {
	h, f := startFaulty(t, storage.Options{})
	old := h.s.Version()
	g := newGate(f)
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, 2))
	h.check(err)
	done := make(chan storage.Version, 1)
	go func() {
		v, err := tx.Commit(ctx)
		if err != nil {
			t.Error(err)
		}
		done <- v
	}()
	<-g.reached
	h.holds()
	if h.s.Version() != old {
		t.Fatalf("version %d before the sync, it was %d", h.s.Version(), old)
	}
	// The rows are decided all the same: their keys are taken.
	other := h.begin()
	other.SetLockTimeout(-1)
	_, err = other.Insert(ctx, h.table, rows(1, 1))
	h.wants(err, storage.ErrLocked)
	other.Rollback()
	close(g.open)
	if v := <-done; v != old+1 || h.s.Version() != v {
		t.Fatalf("version %d after %d, the store is at %d", v, old, h.s.Version())
	}
	f.off()
	h.holds(lines(1, 2)...)
}

// Commits that come while the disk is busy with one share the next sync.
func TestGroupCommit(t *testing.T) {
	const others = 20
	h, f := startFaulty(t, storage.Options{})
	old := h.s.Version()
	g := newGate(f)
	var wg sync.WaitGroup
	commit := func(id int) {
		tx := h.begin()
		if _, err := tx.Insert(ctx, h.table, rows(id, 1)); err != nil {
			t.Error(err)
		}
		if _, err := tx.Commit(ctx); err != nil {
			t.Error(err)
		}
	}
	wg.Go(func() { commit(1) })
	<-g.reached
	for i := range others {
		wg.Go(func() { commit(2 + i) })
	}
	for h.s.Applied() != old+1+others {
		runtime.Gosched()
	}
	close(g.open)
	wg.Wait()
	f.mu.Lock()
	n := f.seen
	f.mu.Unlock()
	f.off()
	if n > 4 { // the first, the group, and a few for what Pebble does beside it
		t.Fatalf("%d commits took %d syncs", 1+others, n)
	}
	h.holds(lines(1, 1+others)...)
	h.reopen()
	h.holds(lines(1, 1+others)...)
}

// A transaction that wrote nothing makes no version, and has none of its own to tell.
func TestCommitOfNothing(t *testing.T) {
	h := start(t, storage.Options{})
	v := h.insert(1, 3)
	f := func(what string, do func(tx *storage.Txn)) {
		t.Helper()
		tx := h.begin()
		do(tx)
		if tx.Written() {
			t.Fatalf("%s: something is written", what)
		}
		if got := h.commit(tx); got != v || h.s.Version() != v {
			t.Fatalf("%s: version %d, the store is at %d, it was %d", what, got, h.s.Version(), v)
		}
	}
	f("nothing", func(*storage.Txn) {})
	f("a read", func(tx *storage.Txn) { h.scan(tx) })
	f("an insert of no rows", func(tx *storage.Txn) {
		_, err := tx.Insert(ctx, h.table, rows(1, 0))
		h.check(err)
	})
	f("a delete of no rows", func(tx *storage.Txn) { h.check(tx.Delete(ctx, h.table, nil)) })
	f("locks", func(tx *storage.Txn) {
		_, err := tx.LockRows(ctx, h.table, h.findAll(tx, 1, 2), storage.ForUpdate, storage.Wait)
		h.check(err)
	})
	f("rolled back writes", func(tx *storage.Txn) {
		m := tx.Savepoint()
		_, err := tx.Insert(ctx, h.table, rows(10, 1))
		h.check(err)
		h.check(h.renameIn(tx, "x", 1))
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 2)))
		h.check(tx.Truncate(h.table))
		tx.RollbackTo(m)
	})
	h.holds(lines(1, 3)...)
}

// A transaction that has ended does nothing more.
func TestAfterTheEnd(t *testing.T) {
	h := start(t, storage.Options{})
	f := func(what string, end func(tx *storage.Txn)) {
		t.Helper()
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(1, 1))
		h.check(err)
		end(tx)
		if _, err := tx.Commit(ctx); !errors.Is(err, storage.ErrClosed) {
			t.Fatalf("%s: commit: %v", what, err)
		}
		if _, err := tx.Insert(ctx, h.table, rows(2, 1)); !errors.Is(err, storage.ErrClosed) {
			t.Fatalf("%s: insert: %v", what, err)
		}
		if err := tx.Put(tableOf(1, "x")); !errors.Is(err, storage.ErrClosed) {
			t.Fatalf("%s: put: %v", what, err)
		}
		tx.Rollback()
		tx.Rollback()
		if got := h.s.Locks(); len(got) != 0 {
			t.Fatalf("%s: locks are left: %+v", what, got)
		}
	}
	f("rollback", func(tx *storage.Txn) { tx.Rollback() })
	h.holds()
	f("commit", func(tx *storage.Txn) { h.commit(tx) })
	h.holds(lines(1, 1)...)
}

// Versions are given one by one, in the order in which commits get into the log.
func TestVersionsOfConcurrentCommits(t *testing.T) {
	const workers, each = 8, 25
	h := start(t, storage.Options{})
	first := h.s.Version()
	var mu sync.Mutex
	var got []storage.Version
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			last := storage.Version(0)
			for i := range each {
				tx := h.begin()
				_, err := tx.Insert(ctx, h.table, rows(1+w*each+i, 1))
				if err != nil {
					t.Error(err)
				}
				v, err := tx.Commit(ctx)
				if err != nil || v <= last || h.s.Version() < v {
					t.Errorf("version %d after %d, the store is at %d: %v", v, last, h.s.Version(), err)
				}
				last = v
				mu.Lock()
				got = append(got, v)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(got)
	for i, v := range got {
		if v != first+1+storage.Version(i) {
			t.Fatalf("commit %d has version %d, the first was %d", i, v, first)
		}
	}
	h.reopen()
	h.holds(lines(1, workers*each)...)
	if h.s.Version() != got[len(got)-1] {
		t.Fatalf("version %d after a restart, it was %d", h.s.Version(), got[len(got)-1])
	}
}

// A commit with rows in several tables, a new table, a dropped one and an index is all there or not at all.
func TestCommitIsAllOrNothing(t *testing.T) {
	f := func(commit, spill bool) {
		t.Helper()
		o := storage.Options{}
		if spill {
			o.SpillBytes, o.DirectRows = 1, 1
		}
		h := start(t, o)
		h.insert(1, 5)
		tx := h.begin()
		old := h.oid(tx)
		h.check(tx.Put(tableOf(old, "old")))
		h.commit(tx)
		tx = h.begin()
		fresh := h.oid(tx)
		h.check(tx.Put(tableOf(fresh, "fresh")))
		_, err := tx.Insert(ctx, fresh, rows(1, 3))
		h.check(err)
		_, err = tx.Insert(ctx, h.table, rows(6, 2))
		h.check(err)
		h.check(h.renameIn(tx, "new", 1))
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 2)))
		h.check(tx.Drop(tx.Catalog().Table(old)))
		idx := h.indexOf(h.oid(tx), "t_score", false, keyOn(3, floatOID))
		h.check(tx.BuildIndex(ctx, idx, storage.BuildOptions{}))
		if commit {
			h.commit(tx)
		} else {
			tx.Rollback()
		}
		for range 2 {
			cat := h.s.Catalog()
			if (cat.Table(fresh) != nil) != commit || (cat.Table(old) == nil) != commit ||
				(cat.Index(idx.OID) != nil) != commit {
				t.Fatalf("commit %v spill %v: half of the catalog", commit, spill)
			}
			want := lines(1, 5)
			if commit {
				want = append([]string{line(1, "new")}, lines(3, 5)...)
			}
			h.holds(want...)
			if n := h.s.RowCount(fresh); (n == 3) != commit {
				t.Fatalf("commit %v spill %v: %d rows in the new table", commit, spill, n)
			}
			h.reopen()
		}
		if n := h.s.Stats().OrphansRemoved; n != 0 {
			t.Fatalf("commit %v spill %v: %d files were left", commit, spill, n)
		}
	}
	f(true, false)
	f(true, true)
	f(false, false)
	f(false, true)
}

// A commit that is larger than Pebble's memory table, which takes another way there, is as any other.
func TestLargeCommit(t *testing.T) {
	const rowBytes, n = 1 << 20, 20
	h := start(t, storage.Options{DirectBytes: 1 << 40, SpillBytes: 1 << 40})
	in := rows(1, n)
	for i := range in.Cols[1].S {
		in.Cols[1].Nulls = nil
		in.Cols[1].S[i] = strings.Repeat(string(rune('a'+i)), rowBytes)
	}
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, in)
	h.check(err)
	h.commit(tx)
	h.insert(n+1, 1)
	for range 2 {
		got := h.scanNew()
		if len(got) != n+1 {
			t.Fatalf("%d rows", len(got))
		}
		for _, s := range got {
			if len(s) > rowBytes && strings.Count(s, s[len(s)/2:len(s)/2+1]) < rowBytes {
				t.Fatal("a text has changed")
			}
		}
		h.reopen()
	}
}

// A column of a type that cannot be stored is refused when the table is first written to, and the
// transaction can go on.
func TestUnknownColumnType(t *testing.T) {
	h := start(t, storage.Options{})
	tx := h.begin()
	odd := tableOf(h.oid(tx), "odd")
	odd.Columns[1].Type = types.Of(99999)
	h.check(tx.Put(odd))
	_, err := tx.Insert(ctx, odd.OID, rows(1, 1))
	h.wants(err, storage.ErrUnsupported)
	_, err = tx.Insert(ctx, h.table, rows(1, 1))
	h.check(err)
	tx.Rollback()
}

// Rows whose columns do not fit the table are refused.
func TestInsertOfOtherColumns(t *testing.T) {
	h := start(t, storage.Options{})
	tx := h.begin()
	defer tx.Rollback()
	in := rows(1, 1)
	in.Cols = in.Cols[:4]
	if _, err := tx.Insert(ctx, h.table, in); err == nil || !strings.Contains(err.Error(), "4 columns for 5") {
		t.Fatal(err)
	}
	for _, oid := range []storage.OID{h.pk, 1, 99999} {
		_, err := tx.Insert(ctx, oid, rows(1, 1))
		h.wants(err, storage.ErrNoRelation)
		h.wants(tx.Delete(ctx, oid, nil), storage.ErrNoRelation)
		h.wants(tx.Update(ctx, oid, nil, nil, &storage.Rows{}), storage.ErrNoRelation)
		h.wants(tx.Truncate(oid), storage.ErrNoRelation)
		_, err = tx.LockRows(ctx, oid, nil, storage.ForUpdate, storage.Wait)
		h.wants(err, storage.ErrNoRelation)
	}
}

// The log could not be written: the commit says so, nothing more is written, what was there can be read,
// everything comes to an end, and the next start has the commit or not, but no half of it.
func TestLogFails(t *testing.T) {
	f := func(what string, match func(errorfs.Op) bool) {
		t.Helper()
		h, faulty := startFaulty(t, storage.Options{})
		h.insert(1, 3)
		faulty.set(match, 0, errBroken)
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(4, 2))
		h.check(err)
		within(t, what, func() { _, err = tx.Commit(ctx) })
		if faulty.off() == 0 {
			t.Fatalf("%s: nothing failed", what)
		}
		h.wants(err, storage.ErrFailed)
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: the cause is lost: %v", what, err)
		}
		h.holds(lines(1, 3)...)
		within(t, what+": later writes", func() { h.refusesWrites() })
		within(t, what+": Close", func() { _ = h.s.Close() }) // may tell the error again
		h.open()
		if n := len(h.scanNew()); n != 3 && n != 5 {
			t.Fatalf("%s: %d rows after a restart", what, n)
		}
		h.insert(10, 1)
	}
	f("write", func(op errorfs.Op) bool { return isLog(op.Path) && op.Kind == errorfs.OpFileWrite })
	f("sync", func(op errorfs.Op) bool { return isLog(op.Path) && syncs(".log")(op) })
}

// refusesWrites checks that a failed store answers ErrFailed to everything that would write.
func (h *harness) refusesWrites() {
	h.t.Helper()
	p := &schema.Sequence{Type: int8OID, Start: 1, Increment: 1, Min: 1, Max: 1 << 40}
	f := func(what string, err error) {
		h.t.Helper()
		if !errors.Is(err, storage.ErrFailed) {
			h.t.Errorf("%s: got %v, want ErrFailed", what, err)
		}
	}
	tx := h.begin()
	defer tx.Rollback()
	_, err := tx.Insert(ctx, h.table, rows(100, 1))
	h.check(err)
	_, err = tx.Commit(ctx)
	f("commit", err)
	_, err = h.s.NextVal(30000, p, 1)
	f("NextVal", err)
	f("SetVal", h.s.SetVal(30000, p, 7, true))
	f("FlushTable", h.s.FlushTable(ctx, h.table))
	tx = h.begin()
	defer tx.Rollback()
	for range 300 { // some are reserved
		if _, err = tx.NewOID(); err != nil {
			break
		}
	}
	f("NewOID", err)
}

// Errors tell what was being done and to what.
func TestErrorTexts(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 1)
	tx := h.begin()
	defer tx.Rollback()
	_, err := tx.Insert(ctx, h.table, rows(1, 1))
	var u *storage.UniqueError
	if !errors.As(err, &u) || u.Existing != h.find(tx, 1) ||
		u.Error() != fmt.Sprintf("duplicate key in unique index %d (row %d)", h.pk, u.Existing) {
		t.Fatal(err)
	}
	for _, err := range []error{tx.Truncate(77), h.s.FlushTable(ctx, 77)} {
		if err == nil || !strings.Contains(err.Error(), "table 77") {
			t.Fatalf("%v does not name the table", err)
		}
	}
}
