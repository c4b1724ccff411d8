package storage_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// named is a row with its own key and name; "" is a null name.
func named(key int, name string) *storage.Rows {
	in := rows(key, 1)
	in.Cols[1].Reset(1)
	if name == "" {
		in.Cols[1].Append(types.NullDatum)
	} else {
		in.Cols[1].Append(types.StringDatum(name))
	}
	return in
}

// duplicate checks that an error is a duplicate in an index and names the row that was there.
func (h *harness) duplicate(err error, index storage.OID, existing storage.RowID) {
	h.t.Helper()
	var u *storage.UniqueError
	if !errors.As(err, &u) || u.Index != index || (existing != 0 && u.Existing != existing) {
		h.t.Fatalf("got %v, want a duplicate in index %d of row %d", err, index, existing)
	}
}

// Nulls are distinct in a unique index unless it says otherwise, also within one batch, and when only one of several
// columns is null.
func TestUniqueNulls(t *testing.T) {
	f := func(notDistinct bool) {
		t.Helper()
		h := start(t, storage.Options{})
		tx := h.begin()
		idx := h.indexOf(h.oid(tx), "t_name_ok", true, keyOn(2, textOID), keyOn(4, boolOID))
		idx.NullsNotDistinct = notDistinct
		h.check(tx.Put(idx))
		_, err := tx.Insert(ctx, h.table, named(2, ""))
		h.check(err)
		first := h.find(tx, 2)
		h.commit(tx)
		for range 2 { // once before and once after a restart
			tx = h.begin()
			m := tx.Savepoint()
			_, err = tx.Insert(ctx, h.table, named(4, ""))
			if notDistinct {
				h.duplicate(err, idx.OID, first)
				tx.RollbackTo(m)
			} else {
				h.check(err)
			}
			m = tx.Savepoint()
			_, err = tx.Insert(ctx, h.table, named(5, "")) // the other column differs
			h.check(err)
			in := rows(10, 20) // none is equal to another but for the nulls
			for i := range 20 {
				in.Cols[1].SetNull(i)
			}
			tx.RollbackTo(m)
			_, err = tx.Insert(ctx, h.table, in)
			if notDistinct {
				h.duplicate(err, idx.OID, 0)
			} else {
				h.check(err)
			}
			tx.Rollback()
			h.reopen()
		}
	}
	f(false)
	f(true)
}

// Two equal keys of one batch are found, wherever they are in it and however large it is.
func TestDuplicateWithinBatch(t *testing.T) {
	h := start(t, storage.Options{})
	f := func(n, i, j int) {
		t.Helper()
		tx := h.begin()
		defer tx.Rollback()
		in := rows(1, n)
		in.Cols[0].I[j] = in.Cols[0].I[i]
		_, err := tx.Insert(ctx, h.table, in)
		var u *storage.UniqueError
		if !errors.As(err, &u) || u.Index != h.pk {
			t.Fatalf("%d rows, %d and %d equal: %v", n, i, j, err)
		}
	}
	for _, n := range []int{2, 15, 16, 17, 18, 100, 1025} {
		f(n, 0, 1)
		f(n, 0, n-1)
		f(n, n-2, n-1)
	}
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, 1025))
	h.check(err)
	tx.Rollback()
}

// A key is free again when its row has gone, in the same transaction, after a rollback, and for others; and one that
// a row has moved to is taken.
func TestKeysMove(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 3)
	move := func(tx *storage.Txn, from, to int64) error {
		t.Helper()
		in := rows(int(to), 1)
		in.Cols = in.Cols[:1]
		return tx.Update(ctx, h.table, h.findAll(tx, from), []int16{1}, in)
	}
	insert := func(tx *storage.Txn, key int) error {
		_, err := tx.Insert(ctx, h.table, rows(key, 1))
		return err
	}
	tx := h.begin()
	two := h.find(tx, 2)
	m := tx.Savepoint()
	h.duplicate(move(tx, 1, 2), h.pk, two)
	tx.RollbackTo(m)
	h.check(move(tx, 2, 20))
	h.check(move(tx, 1, 2))
	m = tx.Savepoint()
	h.duplicate(insert(tx, 2), h.pk, 0)
	h.duplicate(insert(tx, 20), h.pk, two)
	tx.RollbackTo(m)
	h.check(insert(tx, 1))
	m = tx.Savepoint()
	h.check(tx.Delete(ctx, h.table, h.findAll(tx, 3)))
	h.check(insert(tx, 3))
	tx.RollbackTo(m)
	h.duplicate(insert(tx, 3), h.pk, 3)
	h.check(move(tx, 20, 20)) // to itself
	h.commit(tx)
	tx = h.begin()
	for _, k := range []int{1, 2, 3, 20} {
		m := tx.Savepoint()
		h.duplicate(insert(tx, k), h.pk, 0)
		tx.RollbackTo(m)
	}
	h.check(tx.Delete(ctx, h.table, h.findAll(tx, 20)))
	h.commit(tx)
	h.insert(20, 1)
	h.flush()
	h.merge(h.s.Version())
	h.reopen()
	tx = h.begin()
	defer tx.Rollback()
	h.duplicate(insert(tx, 20), h.pk, 0)
}

// The rows of one update are checked one after the other, as in PostgreSQL: a row may take the key that one before it
// has left, but not that of one which is still to move, or which stays.
func TestKeysOfOneUpdate(t *testing.T) {
	for _, n := range []int{4, 40} { // compared with each other, and by a map
		h := start(t, storage.Options{})
		h.insert(1, n)
		ids := make([]storage.RowID, n)
		for i := range ids {
			ids[i] = storage.RowID(i + 1)
		}
		f := func(existing storage.RowID, key int64, to func(k int64) int64) {
			t.Helper()
			tx := h.begin()
			defer tx.Rollback()
			c := batch.New(types.Of(int4OID), types.Int, n)
			for k := range int64(n) {
				c.Append(types.IntDatum(to(k + 1)))
			}
			err := tx.Update(ctx, h.table, ids, []int16{1}, &storage.Rows{N: n, Cols: []*batch.Column{c}})
			if existing == 0 {
				h.check(err)
				return
			}
			h.duplicate(err, h.pk, existing)
			var u *storage.UniqueError
			if errors.As(err, &u); len(u.Key) != 1 || u.Key[0].I != key {
				t.Fatalf("the error names the key %v, want %d", u.Key, key)
			}
		}
		last := int64(n)
		f(0, 0, func(k int64) int64 { return k - 1 })
		f(2, 2, func(k int64) int64 { return k + 1 })
		f(0, 0, func(k int64) int64 { return k })
		f(0, 0, func(k int64) int64 { return k + 1000 })
		f(2, 2, func(int64) int64 { return 2 })
		f(1, 1, func(int64) int64 { return 1 })
		f(storage.RowID(n), last, func(int64) int64 { return last })
		f(storage.RowID(n-1), last-1, func(k int64) int64 { return min(k, last-1) }) // the last goes where one stays
		f(2, 2, func(k int64) int64 { return max(k, 2) })
		f(0, 0, func(k int64) int64 { return k - k%2*2*k }) // every other one moves
	}
}

// A unique index over rows that were written ahead of the commit still finds their duplicates.
func TestUniqueBeyondMemory(t *testing.T) {
	for _, o := range []storage.Options{{EntriesMax: 1}, {SpillBytes: 1}, {EntriesMax: 3, SpillBytes: 500}} {
		h := start(t, o)
		h.insert(1, 5)
		tx := h.begin()
		for k := 10; k < 20; k++ {
			_, err := tx.Insert(ctx, h.table, rows(k, 1))
			h.check(err)
		}
		m := tx.Savepoint()
		for k := 10; k < 20; k++ {
			_, err := tx.Insert(ctx, h.table, rows(k, 1))
			h.duplicate(err, h.pk, h.find(tx, int64(k)))
			tx.RollbackTo(m)
		}
		_, err := tx.Insert(ctx, h.table, rows(20, 5))
		h.check(err)
		tx.RollbackTo(m)
		_, err = tx.Insert(ctx, h.table, rows(20, 5))
		h.check(err)
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 1, 10)))
		_, err = tx.Insert(ctx, h.table, rows(10, 1))
		h.check(err)
		h.commit(tx)
		h.holds(append(lines(2, 4), lines(10, 15)...)...)
		h.reopen()
		tx = h.begin()
		_, err = tx.Insert(ctx, h.table, rows(24, 1))
		h.duplicate(err, h.pk, 0)
		tx.Rollback()
		h.insert(1, 1)
	}
}

// Many transactions insert, move and delete the same few keys at once, some of them with a rollback: no key is ever
// there twice, and who gets no error has its row.
func TestUniqueUnderConcurrency(t *testing.T) {
	const workers, rounds, keys = 6, 60, 5
	h := start(t, storage.Options{DirectRows: 2}) // some commits write fragments, others the log
	name := h.build("t_name", true, keyOn(2, textOID))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(w), 5))
			for r := range rounds {
				if err := h.churn(rng, keys, 1000+w*rounds*3+3*r); err != nil {
					t.Errorf("worker %d, round %d: %v", w, r, err)
				}
			}
		})
	}
	wg.Go(func() {
		for range rounds / 3 {
			if err := h.s.FlushTable(ctx, h.table); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	check := func() {
		t.Helper()
		tx := h.begin()
		defer tx.Rollback()
		seen, n := map[string]bool{}, 0
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		for s := tr.Scan(storage.ScanOptions{Cols: []int16{1, 2}}); ; {
			b, _, err := s.Next(ctx)
			h.check(err)
			if b == nil {
				break
			}
			for i := range b.N {
				for _, k := range []string{fmt.Sprint("key ", b.Cols[0].I[i]), "name " + b.Cols[1].S[i]} {
					if seen[k] {
						t.Fatalf("%s is there twice", k)
					}
					seen[k] = true
				}
				n++
			}
		}
		for _, idx := range []storage.OID{h.pk, name} {
			set, err := tr.IndexRows(ctx, idx, []storage.KeyRange{{}})
			h.check(err)
			if set.Cardinality() != n {
				t.Fatalf("index %d has %d rows of %d", idx, set.Cardinality(), n)
			}
		}
	}
	check()
	h.reopen()
	check()
}

// churn is a transaction that inserts rows of which one has a name of few, or deletes a row with such a name.
func (h *harness) churn(rng *rand.Rand, names, key int) error {
	tx := h.begin()
	defer tx.Rollback()
	tx.StartStatement()
	name := fmt.Sprint("n", rng.IntN(names))
	var err error
	if rng.IntN(3) == 0 {
		err = h.deleteNamed(tx, name)
	} else if _, err = tx.Insert(ctx, h.table, named(key, name)); err == nil {
		_, err = tx.Insert(ctx, h.table, named(key+1, fmt.Sprint("own ", key)))
	}
	if err == nil && rng.IntN(4) > 0 {
		_, err = tx.Commit(ctx)
	}
	var u *storage.UniqueError
	if errors.As(err, &u) || errors.Is(err, storage.ErrRetry) || errors.Is(err, storage.ErrDeadlock) {
		return nil
	}
	return err
}

func (h *harness) deleteNamed(tx *storage.Txn, name string) error {
	r := tx.Reader()
	defer func() { _ = r.Close() }() // no iterator is left open
	tr, err := r.Table(h.table)
	if err != nil {
		return err
	}
	var idx *schema.Index
	for _, i := range tx.Catalog().IndexesOf(h.table) {
		if i.Name == "t_name" {
			idx = i
		}
	}
	k := []types.Datum{types.StringDatum(name)}
	s := tr.IndexScan(idx.OID, []storage.KeyRange{{Lo: k, Hi: k}}, false)
	ids, err := s.Next(ctx)
	if err := errors.Join(err, s.Close()); err != nil || len(ids) == 0 {
		return err
	}
	if len(ids) > 1 {
		return fmt.Errorf("%d rows are named %s", len(ids), name)
	}
	return tx.Delete(ctx, h.table, ids)
}

// Several versions of a row with one key are no duplicates to a unique index that is built over them.
func TestBuildUniqueOverVersions(t *testing.T) {
	for _, o := range []storage.Options{{}, {EntriesMax: 1}} {
		h := start(t, o)
		h.insert(1, 10)
		h.rename("x", 3)
		h.flush()
		h.rename("y", 3, 4)
		tx := h.begin()
		h.check(h.renameIn(tx, "z", 3, 5))
		h.check(tx.BuildIndex(ctx, h.indexOf(h.oid(tx), "u", true, keyOn(3, floatOID)), storage.BuildOptions{}))
		h.commit(tx)
	}
}

// A unique index is not built over rows of which two are alike, at any place of the table, and is once one is gone.
func TestBuildUniqueFindsDuplicates(t *testing.T) {
	f := func(what string, prepare func(h *harness)) {
		t.Helper()
		for _, o := range []storage.Options{{}, {EntriesMax: 2}} {
			h := start(t, o)
			h.insert(1, 30)
			prepare(h)
			tx := h.begin()
			err := tx.BuildIndex(ctx, h.indexOf(h.oid(tx), "u", true, keyOn(3, floatOID)), storage.BuildOptions{})
			var u *storage.UniqueError
			if !errors.As(err, &u) {
				t.Fatalf("%s: %v", what, err)
			}
			tx.Rollback()
			if len(h.s.Catalog().IndexesOf(h.table)) != 1 {
				t.Fatalf("%s: the index is there", what)
			}
			h.remove(50)
			idx := h.build("u", true, keyOn(3, floatOID))
			tx = h.begin()
			in := rows(60, 1)
			in.Cols[2].F[0] = 5
			_, err = tx.Insert(ctx, h.table, in)
			h.duplicate(err, idx, 10)
			tx.Rollback()
		}
	}
	same := func(h *harness) *storage.Rows {
		in := rows(50, 1)
		in.Cols[2].F[0] = 5 // as row 10 has
		return in
	}
	commit := func(h *harness) {
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, same(h))
		h.check(err)
		h.commit(tx)
	}
	f("both in memory", commit)
	f("one in a fragment", func(h *harness) { h.flush(); commit(h) })
	f("in one fragment", func(h *harness) { commit(h); h.flush() })
	f("in two fragments", func(h *harness) { h.flush(); commit(h); h.flush() })
}
