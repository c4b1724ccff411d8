package storage_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vecdb/vecdb/storage"
)

// Table 8 of the PostgreSQL manual's chapter on explicit locking: which modes conflict.
func TestTableLockConflicts(t *testing.T) {
	const allModes = 8
	want := map[storage.LockMode]string{
		storage.AccessShare:          ".......X",
		storage.RowShare:             "......XX",
		storage.RowExclusive:         "....XXXX",
		storage.ShareUpdateExclusive: "...XXXXX",
		storage.Share:                "..XX.XXX",
		storage.ShareRowExclusive:    "..XXXXXX",
		storage.Exclusive:            ".XXXXXXX",
		storage.AccessExclusive:      "XXXXXXXX",
	}
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	for mode, conflicts := range want {
		for i := range allModes {
			a, b := h.begin(), h.begin()
			h.check(a.Lock(ctx, h.table, mode))
			err := b.LockWait(ctx, h.table, storage.LockMode(i+1), storage.NoWait)
			if got := errors.Is(err, storage.ErrLocked); got != (conflicts[i] == 'X') {
				t.Errorf("%d held, %d wanted: %v", mode, i+1, err)
			}
			a.Rollback()
			h.check(b.LockWait(ctx, h.table, storage.AccessExclusive, storage.NoWait)) // its own does not stand in the way
			b.Rollback()
		}
	}
}

func (h *harness) seed(n int) {
	h.t.Helper()
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, n))
	h.check(err)
	h.commit(tx)
}

func TestRetryAndConflict(t *testing.T) {
	f := func(iso storage.Isolation, want error) {
		t.Helper()
		h := newHarness(t, storage.Options{})
		defer func() { h.check(h.s.Close()) }()
		h.seed(3)
		a := h.s.Begin(storage.TxnOptions{Isolation: iso})
		m := a.StartStatement()
		id := h.find(a, 2)
		b := h.begin()
		h.check(b.Update(ctx, h.table, []storage.RowID{id}, []int16{2}, textColumn("b")))
		h.commit(b)
		err := a.Update(ctx, h.table, []storage.RowID{id}, []int16{2}, textColumn("a"))
		if !errors.Is(err, want) {
			t.Fatalf("got %v, want %v", err, want)
		}
		a.RollbackTo(m)
		if iso != storage.ReadCommitted {
			a.Rollback()
			return
		}
		a.StartStatement()
		h.check(a.Update(ctx, h.table, []storage.RowID{id}, []int16{2}, textColumn("a")))
		h.commit(a)
		h.expect(h.scanNew()[1:2], "2|a|1|true|[2]")
	}
	f(storage.ReadCommitted, storage.ErrRetry)
	f(storage.RepeatableRead, storage.ErrConflict)
	f(storage.Serializable, storage.ErrConflict)
}

func TestSerializableReads(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	h.seed(2)
	// Write skew: each reads both rows and changes one.
	a := h.s.Begin(storage.TxnOptions{Isolation: storage.Serializable})
	b := h.s.Begin(storage.TxnOptions{Isolation: storage.Serializable})
	h.scan(a)
	h.scan(b)
	h.check(a.Update(ctx, h.table, []storage.RowID{h.find(a, 1)}, []int16{2}, textColumn("a")))
	h.check(b.Update(ctx, h.table, []storage.RowID{h.find(b, 2)}, []int16{2}, textColumn("b")))
	h.commit(a)
	if _, err := b.Commit(ctx); !errors.Is(err, storage.ErrConflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
}

func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, storage.Options{})
		defer func() { h.check(h.s.Close()) }()
		h.seed(2)
		a, b := h.begin(), h.begin()
		one, two := []storage.RowID{h.find(a, 1)}, []storage.RowID{h.find(a, 2)}
		h.check(a.Delete(ctx, h.table, one))
		h.check(b.Delete(ctx, h.table, two))
		got := make(chan error, 1)
		go func() { got <- a.Delete(ctx, h.table, two) }()
		synctest.Wait()
		if err := b.Delete(ctx, h.table, one); !errors.Is(err, storage.ErrDeadlock) {
			t.Fatalf("got %v, want a deadlock", err)
		}
		b.Rollback()
		h.check(<-got)
		h.commit(a)
		h.expect(h.scanNew())

		// A wait ends with its context, or with the lock timeout.
		a, b = h.begin(), h.begin()
		h.check(a.Lock(ctx, h.table, storage.AccessExclusive))
		limited, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		if err := b.Lock(limited, h.table, storage.AccessShare); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		b.SetLockTimeout(time.Second)
		if err := b.Lock(ctx, h.table, storage.AccessShare); !errors.Is(err, storage.ErrLocked) {
			t.Fatalf("got %v", err)
		}
		a.Rollback()
		h.check(b.Lock(ctx, h.table, storage.AccessShare))
		b.Rollback()
	})
}

// Two transactions insert the same key: the second waits, and fails or not with the first's fate.
func TestUniqueWaits(t *testing.T) {
	f := func(commit bool) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, storage.Options{})
			defer func() { h.check(h.s.Close()) }()
			a, b := h.begin(), h.begin()
			_, err := a.Insert(ctx, h.table, rows(1, 1))
			h.check(err)
			got := make(chan error, 1)
			go func() {
				_, err := b.Insert(ctx, h.table, rows(1, 1))
				got <- err
			}()
			synctest.Wait()
			if commit {
				h.commit(a)
			} else {
				a.Rollback()
			}
			var u *storage.UniqueError
			if err := <-got; errors.As(err, &u) != commit {
				t.Fatalf("first committed %v, second got %v", commit, err)
			}
			b.Rollback()
		})
	}
	f(true)
	f(false)
}

func TestLockRows(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	h.seed(3)
	a, b := h.begin(), h.begin()
	ids := []storage.RowID{h.find(a, 1), h.find(a, 2), h.find(a, 3)}
	lock := func(tx *storage.Txn, ids []storage.RowID, mode storage.LockMode, wait storage.WaitMode) (int, error) {
		got, err := tx.LockRows(ctx, h.table, ids, mode, wait)
		return len(got), err
	}
	if n, err := lock(a, ids[:1], storage.ForUpdate, storage.Wait); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := lock(b, ids, storage.ForShare, storage.SkipLocked); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := lock(b, ids, storage.ForKeyShare, storage.NoWait); !errors.Is(err, storage.ErrLocked) {
		t.Fatal(err)
	}
	if n, err := lock(a, ids[1:], storage.ForKeyShare, storage.NoWait); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if _, err := lock(a, ids[1:], storage.ForNoKeyUpdate, storage.NoWait); !errors.Is(err, storage.ErrLocked) {
		t.Fatal(err)
	}
	a.Rollback()
	b.Rollback()
}

// Of many row locks that became one of the whole table the older come back when the newer are given up.
func TestUnlockToBelowAll(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	const n = storage.RowLocksMax + 10
	a := h.begin()
	ids, err := a.Insert(ctx, h.table, rows(1, n))
	h.check(err)
	h.commit(a)
	a, b := h.begin(), h.begin()
	lock := func(tx *storage.Txn, ids []storage.RowID, want int) {
		t.Helper()
		got, err := tx.LockRows(ctx, h.table, ids, storage.ForUpdate, storage.SkipLocked)
		h.check(err)
		if len(got) != want {
			t.Fatalf("locked %d rows, want %d", len(got), want)
		}
	}
	lock(a, ids[:5], 5)
	mark := a.Savepoint()
	lock(a, ids, n)
	lock(b, ids[n-2:], 0)
	a.RollbackTo(mark)
	a.UnlockTo(mark)
	lock(b, ids[:10], 5)
	b.Rollback()
	lock(a, ids, n) // counts anew
	b = h.begin()
	lock(b, ids[n-2:], 0)
	a.Rollback()
	lock(b, ids[:10], 10)
	b.Rollback()
}
