package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/vecdb/vecdb/storage"
)

// The table of the PostgreSQL manual's chapter on row-level locks: which modes conflict.
func TestRowLockConflicts(t *testing.T) {
	want := map[storage.LockMode]string{
		storage.ForKeyShare:    "...X",
		storage.ForShare:       "..XX",
		storage.ForNoKeyUpdate: ".XXX",
		storage.ForUpdate:      "XXXX",
	}
	h := start(t, storage.Options{})
	h.insert(1, 2)
	for mode, conflicts := range want {
		for i := range conflicts {
			a, b := h.begin(), h.begin()
			ids := h.findAll(a, 1, 2)
			_, err := a.LockRows(ctx, h.table, ids[:1], mode, storage.Wait)
			h.check(err)
			_, err = b.LockRows(ctx, h.table, ids[:1], storage.LockMode(i+1), storage.NoWait)
			if got := errors.Is(err, storage.ErrLocked); got != (conflicts[i] == 'X') {
				t.Errorf("%d held, %d wanted: %v", mode, i+1, err)
			}
			got, err := b.LockRows(ctx, h.table, ids, storage.LockMode(i+1), storage.SkipLocked)
			h.check(err)
			if skipped := len(got) == 1; skipped != (conflicts[i] == 'X') {
				t.Errorf("%d held, %d wanted: %d rows locked", mode, i+1, len(got))
			}
			a.Rollback()
			b.Rollback()
		}
	}
}

// What a statement locks a row as: an update of no key lets others share the key, that of a key and a delete do not.
func TestLocksOfStatements(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 2)
	f := func(what string, do func(tx *storage.Txn) error, free ...storage.LockMode) {
		t.Helper()
		a := h.begin()
		h.check(do(a))
		for mode := storage.ForKeyShare; mode <= storage.ForUpdate; mode++ {
			b := h.begin()
			_, err := b.LockRows(ctx, h.table, h.findAll(b, 1), mode, storage.NoWait)
			want := false
			for _, m := range free {
				want = want || m == mode
			}
			if (err == nil) != want {
				t.Errorf("%s: lock in mode %d: %v", what, mode, err)
			}
			b.Rollback()
		}
		a.Rollback()
	}
	f("update", func(tx *storage.Txn) error { return h.renameIn(tx, "x", 1) }, storage.ForKeyShare)
	f("update of a key", func(tx *storage.Txn) error {
		in := rows(9, 1)
		in.Cols = in.Cols[:1]
		return tx.Update(ctx, h.table, h.findAll(tx, 1), []int16{1}, in)
	})
	f("delete", func(tx *storage.Txn) error { return tx.Delete(ctx, h.table, h.findAll(tx, 1)) })
}

// The first to change a row wins: the second waits, and then starts anew, fails, or goes on, by the first's fate and
// its own level.
func TestFirstUpdaterWins(t *testing.T) {
	change := map[string]func(h *harness, tx *storage.Txn, id storage.RowID) error{
		"update": func(h *harness, tx *storage.Txn, id storage.RowID) error {
			return tx.Update(ctx, h.table, []storage.RowID{id}, []int16{2}, textColumn("second"))
		},
		"delete": func(h *harness, tx *storage.Txn, id storage.RowID) error {
			return tx.Delete(ctx, h.table, []storage.RowID{id})
		},
		"lock": func(h *harness, tx *storage.Txn, id storage.RowID) error {
			_, err := tx.LockRows(ctx, h.table, []storage.RowID{id}, storage.ForUpdate, storage.Wait)
			return err
		},
	}
	f := func(iso storage.Isolation, first, second string, commit bool) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, storage.Options{})
			defer func() { h.check(h.s.Close()) }()
			h.insert(1, 2)
			a, b := h.begin(), h.s.Begin(storage.TxnOptions{Isolation: iso})
			id := h.find(a, 1)
			h.check(change[first](h, a, id))
			got := make(chan error, 1)
			go func() { got <- change[second](h, b, id) }()
			synctest.Wait()
			select {
			case err := <-got:
				t.Fatalf("%s did not wait for %s: %v", second, first, err)
			default:
			}
			if commit {
				h.commit(a)
			} else {
				a.Rollback()
			}
			err := <-got
			var want error
			if commit && first != "lock" {
				want = storage.ErrConflict
				if iso == storage.ReadCommitted {
					want = storage.ErrRetry
				}
			}
			if !errors.Is(err, want) {
				t.Errorf("level %d: %s, commit %v, then %s: got %v, want %v", iso, first, commit, second, err, want)
			}
			b.Rollback()
		})
	}
	for _, iso := range []storage.Isolation{storage.ReadCommitted, storage.RepeatableRead, storage.Serializable} {
		for first := range change {
			for second := range change {
				f(iso, first, second, true)
				f(iso, first, second, false)
			}
		}
	}
}

// A snapshot that is older than a change meets it without waiting.
func TestChangedBefore(t *testing.T) {
	f := func(flush bool, change func(h *harness)) {
		t.Helper()
		h := start(t, storage.Options{})
		h.insert(1, 2)
		old := h.s.Begin(storage.TxnOptions{Isolation: storage.RepeatableRead})
		rc := h.begin()
		id := h.find(old, 1)
		change(h)
		if flush {
			h.flush()
			h.merge(old.Version())
		}
		for tx, want := range map[*storage.Txn]error{old: storage.ErrConflict, rc: storage.ErrRetry} {
			h.wants(tx.Delete(ctx, h.table, []storage.RowID{id}), want)
			_, err := tx.LockRows(ctx, h.table, []storage.RowID{id}, storage.ForKeyShare, storage.NoWait)
			h.wants(err, want)
			h.sees(tx, lines(1, 2)...) // it goes on reading
			tx.Rollback()
		}
	}
	for _, flush := range []bool{false, true} {
		f(flush, func(h *harness) { h.rename("x", 1) })
		f(flush, func(h *harness) { h.remove(1) })
		f(flush, func(h *harness) { h.rename("x", 1); h.rename("y", 1) })
	}
}

// SERIALIZABLE: a writer whose reads no longer hold fails at its commit, one that only read does not; tables that it
// did not read do not count.
func TestSerializable(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 2)
	first := h.table
	tx := h.begin()
	other := h.oid(tx)
	h.check(tx.Put(tableOf(other, "other")))
	h.commit(tx)
	f := func(what string, readFirst, write bool, want error) {
		t.Helper()
		tx := h.s.Begin(storage.TxnOptions{Isolation: storage.Serializable})
		if readFirst {
			h.scan(tx)
		}
		if write {
			_, err := tx.Insert(ctx, other, rows(1, 1))
			h.check(err)
		}
		h.table = first
		h.rename(what, 1)
		_, err := tx.Commit(ctx)
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", what, err, want)
		}
		if n := h.s.Stats().Snapshots; n != 0 {
			t.Fatalf("%s: %d snapshots are left", what, n)
		}
	}
	f("read and wrote", true, true, storage.ErrConflict)
	f("read", true, false, nil)
	f("wrote", false, true, nil)
}

// Three transactions that wait in a ring: the one that closes it gets the error, the others go on.
func TestDeadlockOfThree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, storage.Options{})
		defer func() { h.check(h.s.Close()) }()
		h.insert(1, 3)
		var txs [3]*storage.Txn
		var ids []storage.RowID
		for i := range txs {
			txs[i] = h.begin()
			ids = append(ids, h.find(txs[i], int64(i+1)))
			h.check(txs[i].Delete(ctx, h.table, ids[i:]))
		}
		done := make(chan string, 3)
		wait := func(i, on int) {
			go func() {
				err := txs[i].Delete(ctx, h.table, ids[on:on+1])
				done <- fmt.Sprint(i, errors.Is(err, storage.ErrDeadlock))
				txs[i].Rollback()
			}()
			synctest.Wait()
		}
		wait(0, 1)
		wait(1, 2)
		wait(2, 0)
		for _, want := range []string{"2 true", "1 false", "0 false"} {
			if got := <-done; got != want {
				t.Fatalf("got %s, want %s", got, want)
			}
		}
	})
}

// A lock upgrade that another holder of the same lock wants too is a deadlock, found for tables and rows.
func TestUpgradeDeadlock(t *testing.T) {
	f := func(what string, weak, strong func(h *harness, tx *storage.Txn) error) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, storage.Options{})
			defer func() { h.check(h.s.Close()) }()
			h.insert(1, 1)
			a, b := h.begin(), h.begin()
			h.check(weak(h, a))
			h.check(weak(h, b))
			got := make(chan error, 1)
			go func() { got <- strong(h, a) }()
			synctest.Wait()
			if err := strong(h, b); !errors.Is(err, storage.ErrDeadlock) {
				t.Errorf("%s: got %v", what, err)
			}
			b.Rollback()
			if err := <-got; err != nil && !errors.Is(err, storage.ErrRetry) {
				t.Errorf("%s: the other got %v", what, err)
			}
			a.Rollback()
		})
	}
	row := func(mode storage.LockMode) func(h *harness, tx *storage.Txn) error {
		return func(h *harness, tx *storage.Txn) error {
			_, err := tx.LockRows(ctx, h.table, []storage.RowID{1}, mode, storage.Wait)
			return err
		}
	}
	table := func(mode storage.LockMode) func(h *harness, tx *storage.Txn) error {
		return func(h *harness, tx *storage.Txn) error { return tx.Lock(ctx, h.table, mode) }
	}
	f("row", row(storage.ForShare), row(storage.ForUpdate))
	f("table", table(storage.Share), table(storage.ShareRowExclusive))
}

// Waiters get a lock in the order they came, those who can share it together; one who gives up lets those behind it in.
func TestWaitersQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, storage.Options{})
		defer func() { h.check(h.s.Close()) }()
		holder := h.begin()
		h.check(holder.Lock(ctx, h.table, storage.RowExclusive))
		order := make(chan string, 8)
		waiter := func(name string, mode storage.LockMode) (*storage.Txn, context.CancelFunc) {
			tx := h.begin()
			c, cancel := context.WithCancel(ctx)
			go func() {
				err := tx.Lock(c, h.table, mode)
				if errors.Is(err, storage.ErrRetry) { // held now
					err = nil
				}
				order <- fmt.Sprint(name, " ", err == nil, errors.Is(err, context.Canceled))
			}()
			synctest.Wait()
			return tx, cancel
		}
		none := func() {
			t.Helper()
			synctest.Wait()
			select {
			case s := <-order:
				t.Fatalf("%s came too early", s)
			default:
			}
		}
		excl, giveUp := waiter("exclusive", storage.AccessExclusive)
		read, c1 := waiter("reader", storage.AccessShare) // fits the holder, but does not pass the queue
		write, c2 := waiter("writer", storage.RowExclusive)
		share, c3 := waiter("share", storage.Share)
		none()
		giveUp()
		got := map[string]bool{<-order: true, <-order: true, <-order: true}
		if !got["exclusive false true"] || !got["reader true false"] || !got["writer true false"] {
			t.Fatalf("got %v", got)
		}
		none() // share waits for the holder and the writer
		holder.Rollback()
		none()
		write.Rollback()
		if s := <-order; s != "share true false" {
			t.Fatal(s)
		}
		for _, tx := range []*storage.Txn{excl, read, share} {
			tx.Rollback()
		}
		for _, c := range []context.CancelFunc{c1, c2, c3} {
			c()
		}
		if l := h.s.Locks(); len(l) != 0 {
			t.Fatalf("locks left: %+v", l)
		}
	})
}

// A wait for a row or a key ends with its context, and what the transaction did before it stays.
func TestCancelWhileWaiting(t *testing.T) {
	f := func(do func(h *harness, c context.Context, tx *storage.Txn) error) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			h := newHarness(t, storage.Options{})
			defer func() { h.check(h.s.Close()) }()
			h.insert(1, 2)
			a, b := h.begin(), h.begin()
			h.check(a.Delete(ctx, h.table, h.findAll(a, 1)))
			_, err := a.Insert(ctx, h.table, rows(10, 1))
			h.check(err)
			h.check(h.renameIn(b, "b", 2))
			c, cancel := context.WithCancel(ctx)
			got := make(chan error, 1)
			m := b.Savepoint()
			go func() { got <- do(h, c, b) }()
			synctest.Wait()
			cancel()
			if err := <-got; !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			b.RollbackTo(m)
			a.Rollback()
			h.check(do(h, ctx, b))
			h.commit(b)
		})
	}
	f(func(h *harness, c context.Context, tx *storage.Txn) error {
		return tx.Delete(c, h.table, []storage.RowID{1})
	})
	f(func(h *harness, c context.Context, tx *storage.Txn) error {
		_, err := tx.LockRows(c, h.table, []storage.RowID{1}, storage.ForUpdate, storage.Wait)
		return err
	})
	f(func(h *harness, c context.Context, tx *storage.Txn) error {
		_, err := tx.Insert(c, h.table, rows(10, 1))
		return err
	})
}

// Above the limit a transaction has all rows of the table locked instead of one more, and below it just those it named.
func TestLockEscalation(t *testing.T) {
	const n = storage.RowLocksMax
	h := start(t, storage.Options{DirectRows: 1})
	h.insert(1, n+10)
	a := h.begin()
	all := make([]storage.RowID, n+10)
	for i := range all {
		all[i] = storage.RowID(i + 1)
	}
	lock := func(tx *storage.Txn, ids []storage.RowID) error {
		_, err := tx.LockRows(ctx, h.table, ids, storage.ForUpdate, storage.NoWait)
		return err
	}
	h.check(lock(a, all[:n]))
	b := h.begin()
	h.check(lock(b, all[n:n+1]))
	h.wants(lock(a, all[n+1:]), storage.ErrLocked) // b has a row, so a cannot have all
	b.Rollback()
	h.check(lock(a, all[n+1:n+2]))
	b = h.begin()
	h.wants(lock(b, all[n+5:n+6]), storage.ErrLocked)
	h.check(lock(a, all)) // it has them all
	a.Rollback()
	h.check(lock(b, all[n+5:n+6]))
	b.Rollback()
}

// Locks on names of the caller's making: shared ones fit each other, exclusive ones nobody; spaces do not meet.
func TestLockName(t *testing.T) {
	h := start(t, storage.Options{})
	f := func(aShared, bShared bool, space storage.OID, id uint64, want error) {
		t.Helper()
		a, b := h.begin(), h.begin()
		defer a.Rollback()
		defer b.Rollback()
		h.check(a.LockName(ctx, storage.Name{Space: 1, Key: 7}, aShared, storage.Wait))
		h.wants(b.LockName(ctx, storage.Name{Space: space, Key: id}, bShared, storage.NoWait), want)
		h.check(b.LockName(ctx, storage.Name{Space: space, Key: id, Pair: true}, bShared, storage.NoWait))
		h.check(a.LockName(ctx, storage.Name{Space: 1, Key: 7}, aShared, storage.NoWait)) // again
	}
	f(true, true, 1, 7, nil)
	f(true, false, 1, 7, storage.ErrLocked)
	f(false, true, 1, 7, storage.ErrLocked)
	f(false, false, 1, 7, storage.ErrLocked)
	f(false, false, 2, 7, nil)
	f(false, false, 1, 8, nil)
}

// Locks lists who has which table locks and who waits for which.
func TestLocksList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHarness(t, storage.Options{})
		defer func() { h.check(h.s.Close()) }()
		a, b := h.s.Begin(storage.TxnOptions{Owner: &storage.Owner{ID: 1}}), h.s.Begin(storage.TxnOptions{Owner: &storage.Owner{ID: 2}})
		h.check(a.Lock(ctx, h.table, storage.AccessShare))
		h.check(a.Lock(ctx, h.table, storage.RowExclusive))
		h.check(a.LockName(ctx, storage.Name{Space: 5, Key: 6}, true, storage.Wait))
		done := make(chan error, 1)
		go func() { done <- b.Lock(ctx, h.table, storage.AccessExclusive) }()
		synctest.Wait()
		got := map[storage.LockInfo]bool{}
		for _, l := range h.s.Locks() {
			got[l] = true
		}
		for _, l := range []storage.LockInfo{
			{Owner: 1, Relation: h.table, Mode: storage.AccessShare, Granted: true},
			{Owner: 1, Relation: h.table, Mode: storage.RowExclusive, Granted: true},
			{Owner: 2, Relation: h.table, Mode: storage.AccessExclusive, Granted: false},
			{Owner: 1, Name: storage.Name{Space: 5, Key: 6}, Mode: storage.Share, Granted: true},
		} {
			if !got[l] {
				t.Errorf("%+v is not listed", l)
			}
		}
		if got := h.s.Blocking(2); len(got) != 1 || got[0] != 1 {
			t.Errorf("2 waits for %v", got)
		}
		if len(got) != 4 {
			t.Errorf("listed: %v", got)
		}
		a.Rollback()
		h.wants(<-done, storage.ErrRetry) // it waited: the table may have changed
		b.Rollback()
	})
}

// A lock on a table that others have changed since the statement began says so, and is held.
func TestLockOfAChangedTable(t *testing.T) {
	h := start(t, storage.Options{})
	tx := h.begin()
	m := tx.StartStatement()
	h.build("i", false, keyOn(2, textOID))
	h.wants(tx.Lock(ctx, h.table, storage.AccessShare), storage.ErrRetry)
	tx.RollbackTo(m)
	tx.StartStatement()
	h.check(tx.Lock(ctx, h.table, storage.AccessShare))
	if len(tx.Catalog().IndexesOf(h.table)) != 2 {
		t.Fatal("the new statement does not see the index")
	}
	tx.Rollback()
	// At higher levels the rows stay those of the snapshot, the schema is the newest.
	h.insert(1, 1)
	tx = h.s.Begin(storage.TxnOptions{Isolation: storage.RepeatableRead})
	h.insert(2, 1)
	h.build("j", false, keyOn(3, floatOID))
	tx.StartStatement()
	h.check(tx.Lock(ctx, h.table, storage.AccessShare))
	if len(tx.Catalog().IndexesOf(h.table)) != 3 {
		t.Fatal("an old schema")
	}
	h.sees(tx, lines(1, 1)...)
	tx.Rollback()
}
