package storage_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// moveTo gives rows a vector that starts with a number.
func (h *harness) moveTo(tx *storage.Txn, to float64, keys ...int64) {
	h.t.Helper()
	c := batch.New(vectorType(), types.String, len(keys))
	for range keys {
		c.Append(types.StringDatum(vec(to)))
	}
	h.check(tx.Update(ctx, h.table, h.findAll(tx, keys...), []int16{5}, &storage.Rows{N: len(keys), Cols: []*batch.Column{c}}))
}

// live are the rows that a source reads, with the first number of their vectors; a row may come once in each fragment.
func (h *harness) live() (rows []storage.RowID, firsts []float32) {
	h.t.Helper()
	v, err := h.s.Vectors(h.table, 5)
	h.check(err)
	defer v.Close()
	for i, f := range v.Fragments() {
		n, err := v.Live(ctx, i)
		h.check(err)
		ids, vecs, err := v.Read(ctx, i, 0, n)
		h.check(err)
		set, err := v.LiveRows(ctx, []uint64{f.ID})
		h.check(err)
		var with []uint64
		for j, id := range ids {
			rows = append(rows, id)
			if vecs[j] == nil {
				firsts = append(firsts, -1)
				continue
			}
			firsts, with = append(firsts, vecs[j][0]), append(with, uint64(id))
		}
		var got []uint64
		set.All(func(id uint64) bool { got = append(got, id); return true })
		if !slices.Equal(got, with) {
			h.t.Fatalf("fragment %d: live rows %v, read %v", f.ID, got, with)
		}
	}
	return rows, firsts
}

// A build reads the vectors that rows have now: not those of rows that are gone or were given others, but those that an
// update of other columns left in their place; before and after merges.
func TestLiveVectors(t *testing.T) {
	for _, o := range []storage.Options{{}, {SpillBytes: 1}, {DirectRows: 1}} {
		h := start(t, o)
		check := func(rows []storage.RowID, firsts ...float32) {
			t.Helper()
			for range 2 {
				gotRows, got := h.live()
				if !slices.Equal(gotRows, rows) || !slices.Equal(got, firsts) {
					t.Fatalf("%+v: rows %v with %v, want %v with %v", o, gotRows, got, rows, firsts)
				}
				h.reopen()
			}
		}
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, withNulls(1, 6))
		h.check(err)
		h.commit(tx)
		h.flush()
		ids := []storage.RowID{1, 2, 3, 4, 5, 6}
		_, all := h.live()
		check(ids, all...)
		h.remove(2)
		h.rename("same vector", 1, 3)
		check([]storage.RowID{1, 3, 4, 5, 6}, slices.Delete(slices.Clone(all), 1, 2)...)
		tx = h.begin()
		h.moveTo(tx, 50, 1, 5)
		other := h.begin()
		h.check(other.Delete(ctx, h.table, h.findAll(other, 6))) // not committed: it has not ended
		check2 := slices.Delete(slices.Clone(all), 1, 2)
		gotRows, got := h.live()
		if !slices.Equal(gotRows, []storage.RowID{1, 3, 4, 5, 6}) || !slices.Equal(got, check2) {
			t.Fatalf("%+v: before the commit rows %v with %v", o, gotRows, got)
		}
		other.Rollback()
		h.commit(tx)
		h.flush()
		check([]storage.RowID{3, 4, 6, 1, 5}, all[2], all[3], all[5], 50, 50)
		h.merge(h.s.Version())
		rows, got := h.live()
		byRow := map[storage.RowID]float32{}
		for i, id := range rows {
			byRow[id] = got[i]
		}
		want := map[storage.RowID]float32{1: 50, 3: all[2], 4: all[3], 5: 50, 6: all[5]}
		if len(rows) != len(want) || !maps.Equal(byRow, want) {
			t.Fatalf("%+v: after a merge %v, want %v", o, byRow, want)
		}
	}
}

// A segment that was built after rows had ended lacks them: a snapshot that still sees them finds them uncovered, with the
// vectors that it sees, and takes no code for theirs. Later snapshots have nothing uncovered.
func TestSnapshotOlderThanSegment(t *testing.T) {
	h := start(t, storage.Options{})
	index := h.annIndex()
	h.insert(1, 6)
	h.flush()
	old := h.begin()
	tx := h.begin()
	h.moveTo(tx, 70, 2, 3)
	h.check(tx.Delete(ctx, h.table, h.findAll(tx, 4)))
	h.commit(tx)
	h.rename("same vector", 5)
	h.flush()
	seg, ok := h.cover(index)
	if !ok {
		t.Fatal("no segment")
	}
	uncovered := func(tx *storage.Txn, want map[storage.RowID]float32) {
		t.Helper()
		if got := h.uncovered(tx, index); !maps.Equal(got, want) {
			t.Fatalf("uncovered %v, want %v", got, want)
		}
	}
	coded := func(tx *storage.Txn, want ...float32) {
		t.Helper()
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		a, err := tr.ANN(index)
		h.check(err)
		if len(a.Segments) != 1 || a.Segments[0].ID != seg {
			t.Fatalf("segments %v", a.Segments)
		}
		got := make([]float32, 6)
		ids := []storage.RowID{1, 2, 3, 4, 5, 6}
		h.check(a.CodedVectors(ids, make([]int, 6), func(i int, vec []float32) {
			if vec != nil {
				got[i] = vec[0]
			}
		}))
		if !slices.Equal(got, want) {
			t.Fatalf("coded %v, want %v", got, want)
		}
	}
	uncovered(old, map[storage.RowID]float32{2: 2, 3: 3, 4: 4, 5: 5})
	coded(old, 1, 0, 0, 0, 0, 6)
	now := h.begin()
	uncovered(now, map[storage.RowID]float32{})
	coded(now, 1, 70, 70, 0, 5, 6)
	// Own changes hide rows from either.
	h.check(now.Delete(ctx, h.table, h.findAll(now, 1)))
	h.moveTo(now, 90, 6)
	uncovered(now, map[storage.RowID]float32{6: 90})
	coded(now, 0, 70, 70, 0, 5, 0)
	now.Rollback()
	h.check(old.Delete(ctx, h.table, h.findAll(old, 6)))
	uncovered(old, map[storage.RowID]float32{2: 2, 3: 3, 4: 4, 5: 5})
	coded(old, 1, 0, 0, 0, 0, 0)
	old.Rollback()
}
