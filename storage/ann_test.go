package storage_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// annIndex commits a vector index on the column vec; nothing builds it.
func (h *harness) annIndex() storage.OID {
	h.t.Helper()
	tx := h.begin()
	idx := h.indexOf(h.oid(tx), "ann", false, schema.IndexKey{Column: 5, Type: vectorType()})
	idx.Method = "ivfpq"
	h.check(tx.BuildIndex(ctx, idx, storage.BuildOptions{}))
	h.commit(tx)
	return idx.OID
}

// cover gives the index a segment over all fragments that none covers. Its content is the test's.
func (h *harness) cover(index storage.OID, drop ...storage.SegmentID) (storage.SegmentID, bool) {
	h.t.Helper()
	v, err := h.s.Vectors(h.table, 5)
	h.check(err)
	defer v.Close()
	_, segments := v.Index(index)
	covered := map[uint64]bool{}
	for _, s := range segments {
		for _, id := range s.Covers {
			covered[id] = !slices.Contains(drop, s.ID)
		}
	}
	id, err := h.s.NewSegmentID()
	h.check(err)
	rec := storage.Segment{ID: id, File: strconv.Itoa(int(id)) + ".seg", Bytes: 3, Since: v.Version()}
	for _, f := range v.Fragments() {
		if !covered[f.ID] {
			rec.Covers = append(rec.Covers, f.ID)
			rec.Rows += int64(f.Rows)
		}
	}
	path, err := h.s.SegmentPath(index, rec.File)
	h.check(err)
	h.write(path, "seg")
	h.check(h.s.SyncSegments(index))
	ok, err := h.s.ChangeANN(h.table, index,
		storage.ANNChange{Model: []byte("model"), Add: []storage.Segment{rec}, Drop: drop})
	h.check(err)
	return id, ok
}

// uncovered returns the rows that no segment has, with the first number of their vectors.
func (h *harness) uncovered(tx *storage.Txn, index storage.OID) map[storage.RowID]float32 {
	h.t.Helper()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	a, err := tr.ANN(index)
	h.check(err)
	out := map[storage.RowID]float32{}
	for u := a.Uncovered(); ; {
		ids, vecs, err := u.Next(ctx)
		h.check(err)
		if len(ids) == 0 {
			break
		}
		for i, id := range ids {
			if _, twice := out[id]; twice {
				h.t.Fatalf("row %d comes twice", id)
			}
			out[id] = vecs[i][0]
		}
	}
	return out
}

// A row whose vector no segment has is found exactly: in memory, in files, changed, the transaction's own, and with the
// vector that the statement sees; rows without a vector and dead ones are not.
func TestUncoveredRows(t *testing.T) {
	for _, o := range []storage.Options{{}, {SpillBytes: 1}} {
		h := start(t, o)
		index := h.annIndex()
		h.insert(1, 4)
		h.flush()
		h.cover(index) // rows 1 to 4
		h.insert(5, 3)
		h.flush()
		h.insert(8, 2)
		h.rename("same vector", 1, 5, 8)
		h.remove(6)
		move := func(tx *storage.Txn, to float64, keys ...int64) {
			t.Helper()
			c := batch.New(vectorType(), types.String, len(keys))
			for range keys {
				if to < 0 {
					c.Append(types.NullDatum)
				} else {
					c.Append(types.StringDatum(vec(to)))
				}
			}
			h.check(tx.Update(ctx, h.table, h.findAll(tx, keys...), []int16{5},
				&storage.Rows{N: len(keys), Cols: []*batch.Column{c}}))
		}
		tx := h.begin()
		move(tx, 100, 2, 7)
		move(tx, -1, 9)
		h.commit(tx)
		want := map[storage.RowID]float32{2: 100, 5: 5, 7: 100, 8: 8}
		check := func(tx *storage.Txn, want map[storage.RowID]float32) {
			t.Helper()
			if got := h.uncovered(tx, index); !maps.Equal(got, want) {
				t.Fatalf("%+v: uncovered %v, want %v", o, got, want)
			}
		}
		tx = h.begin()
		check(tx, want)
		ids, err := tx.Insert(ctx, h.table, rows(20, 2))
		h.check(err)
		h.check(h.renameIn(tx, "own", 3, 5, 20))
		move(tx, 200, 4, 8)
		h.check(tx.Delete(ctx, h.table, h.findAll(tx, 7, 21)))
		own := map[storage.RowID]float32{2: 100, 5: 5, 8: 200, 4: 200, ids[0]: 20}
		check(tx, own)
		other := h.begin()
		check(other, want)
		other.Rollback()
		h.commit(tx)
		for range 2 {
			tx = h.begin()
			check(tx, own)
			tx.Rollback()
			h.flush()
			tx = h.begin()
			check(tx, own)
			tx.Rollback()
			h.reopen()
		}
		h.cover(index)
		tx = h.begin()
		check(tx, map[storage.RowID]float32{})
		h.check(tx.Truncate(h.table))
		_, err = tx.Insert(ctx, h.table, rows(1, 1))
		h.check(err)
		if got := h.uncovered(tx, index); len(got) != 1 {
			t.Fatalf("%v after TRUNCATE", got)
		}
		tx.Rollback()
	}
}

// A step of upkeep that no longer fits, since the index, a segment or a fragment has gone meanwhile, does nothing and
// leaves no file.
func TestANNChangeNoLongerFits(t *testing.T) {
	h := start(t, storage.Options{})
	index := h.annIndex()
	h.insert(1, 3)
	h.flush()
	seg, ok := h.cover(index)
	if !ok {
		t.Fatal("the first segment was refused")
	}
	files := func(want int) {
		t.Helper()
		if n := h.countFiles(h.dir + "/index"); n != want {
			t.Fatalf("%d files, want %d", n, want)
		}
	}
	f := func(what string, index storage.OID, ch storage.ANNChange) {
		t.Helper()
		for i := range ch.Add {
			ch.Add[i].File = what
			path, err := h.s.SegmentPath(index, what)
			h.check(err)
			h.write(path, "x")
		}
		if ok, err := h.s.ChangeANN(h.table, index, ch); ok || err != nil {
			t.Fatalf("%s: %v, %v", what, ok, err)
		}
		files(1)
	}
	add := func(covers ...uint64) []storage.Segment { return []storage.Segment{{ID: 90000, Covers: covers}} }
	f("no such segment", index, storage.ANNChange{Drop: []storage.SegmentID{seg + 1}, Add: add()})
	f("no such fragment", index, storage.ANNChange{Add: add(77)})
	f("no such index", 99999, storage.ANNChange{Add: add()})
	next, ok := h.cover(index, seg)
	if !ok || next == seg {
		t.Fatal("a segment cannot be replaced")
	}
	files(1)
	tx := h.begin()
	h.check(tx.Truncate(h.table))
	h.commit(tx)
	files(0)
	h.insert(1, 1)
	h.reopen()
	in, _ := h.s.TableInfo(h.table)
	if len(in.Indexes) != 1 || len(in.Indexes[0].Segments) != 0 || !in.Indexes[0].Trained {
		t.Fatalf("%+v", in.Indexes)
	}
}

// payload is an opened segment that counts how often it is closed.
type payload struct{ closed *int }

func (p payload) Close() error { *p.closed++; return errors.New("told in the log") }

// A segment is opened once for all who search it, and closed and deleted when the last of them has gone, though the
// index was dropped, joined or truncated meanwhile.
func TestSegmentsLiveAsLongAsSearches(t *testing.T) {
	for what, end := range map[string]func(h *harness, tx *storage.Txn, index storage.OID) error{
		"drop": func(_ *harness, tx *storage.Txn, index storage.OID) error { return tx.Drop(tx.Catalog().Index(index)) },
		"drop table": func(h *harness, tx *storage.Txn, index storage.OID) error {
			return errors.Join(tx.Drop(tx.Catalog().Index(index)), tx.Drop(tx.Catalog().Index(h.pk)),
				tx.Drop(tx.Catalog().Table(h.table)))
		},
		"truncate": func(h *harness, tx *storage.Txn, _ storage.OID) error { return tx.Truncate(h.table) },
	} {
		h := start(t, storage.Options{})
		index := h.annIndex()
		h.insert(1, 3)
		h.flush()
		h.cover(index)
		opened, closed, made := 0, 0, 0
		open := func(string, storage.Segment) (storage.Payload, error) {
			opened++
			return payload{&closed}, nil
		}
		var readers []*storage.Reader
		var txs []*storage.Txn
		for range 2 {
			tx := h.begin()
			r, tr := h.reader(tx)
			a, err := tr.ANN(index)
			h.check(err)
			if a.CoveredRows() != 3 || string(a.Model) != "model" {
				t.Fatalf("%d rows covered by %q", a.CoveredRows(), a.Model)
			}
			_, err = a.Segments[0].Payload(open)
			h.check(err)
			for range 2 {
				v, err := a.Cached(func() (any, error) { made++; return made, nil })
				if err != nil || v != 1 {
					t.Fatalf("cached %v, %v", v, err)
				}
			}
			readers, txs = append(readers, r), append(txs, tx)
		}
		if opened != 1 {
			t.Fatalf("%s: opened %d times", what, opened)
		}
		tx := h.begin()
		h.check(end(h, tx, index))
		h.commit(tx)
		for i, r := range readers {
			if closed != 0 || h.countFiles(h.dir+"/index") != 1 {
				t.Fatalf("%s: gone before reader %d", what, i)
			}
			h.check(r.Close())
			txs[i].Rollback()
		}
		if closed != 1 || h.countFiles(h.dir+"/index") != 0 {
			t.Fatalf("%s: closed %d times, %d files left", what, closed, h.countFiles(h.dir+"/index"))
		}
	}
}

// A failure to open a segment or to make what is cached is told, and tried again by the next.
func TestPayloadFails(t *testing.T) {
	h := start(t, storage.Options{})
	index := h.annIndex()
	h.insert(1, 1)
	h.flush()
	h.cover(index)
	tx := h.begin()
	defer tx.Rollback()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	a, err := tr.ANN(index)
	h.check(err)
	_, err = a.Segments[0].Payload(func(string, storage.Segment) (storage.Payload, error) { return nil, errBroken })
	h.wants(err, errBroken)
	_, err = a.Cached(func() (any, error) { return nil, errBroken })
	h.wants(err, errBroken)
	closed := 0
	path := ""
	_, err = a.Segments[0].Payload(func(p string, rec storage.Segment) (storage.Payload, error) {
		path = p
		return payload{&closed}, nil
	})
	h.check(err)
	if want := fmt.Sprintf("%s/index/%d/%s", h.dir, index, a.Segments[0].File); path != want {
		t.Fatalf("path %s, want %s", path, want)
	}
	v, err := a.Cached(func() (any, error) { return "made", nil })
	if err != nil || v != "made" {
		t.Fatal(v, err)
	}
	for _, oid := range []storage.OID{h.pk, h.table, 99999} {
		_, err := tr.ANN(oid)
		h.wants(err, storage.ErrNoRelation)
	}
}

// Vectors of a table, column or row that is not there are refused; those there are come fragment by fragment.
func TestVectorSource(t *testing.T) {
	h := start(t, storage.Options{})
	_, err := h.s.Vectors(99999, 5)
	h.wants(err, storage.ErrNoRelation)
	_, err = h.s.Vectors(h.table, 9)
	h.wants(err, storage.ErrNoRelation)
	v, err := h.s.Vectors(h.table, 5)
	h.check(err)
	if len(v.Fragments()) != 0 {
		t.Fatal("fragments of an empty table")
	}
	v.Close()
	tx := h.begin()
	_, err = tx.Insert(ctx, h.table, withNulls(1, 10))
	h.check(err)
	h.commit(tx)
	h.flush()
	h.remove(2)
	v, err = h.s.Vectors(h.table, 5)
	h.check(err)
	defer v.Close()
	h.insert(50, 5)
	h.flush()
	fr := v.Fragments()
	if len(fr) != 1 || fr[0].Rows != 10 {
		t.Fatalf("fragments %+v", fr) // as of when it was opened
	}
	ids, vecs, err := v.Read(ctx, 0, 1, 4)
	h.check(err)
	if !slices.Equal(ids, []storage.RowID{3, 4, 5}) || vecs[1] != nil || vecs[2][0] != 5 {
		t.Fatalf("rows %v, vectors %v", ids, vecs)
	}
	if model, segments := v.Index(99999); model != nil || segments != nil {
		t.Fatal("an index that is not there")
	}
}

// A merge keeps what a segment covers: rows that it has do not become uncovered, and rows that it has not do not
// vanish.
func TestMergeKeepsCoverage(t *testing.T) {
	h := start(t, storage.Options{})
	index := h.annIndex()
	h.insert(1, 4)
	h.flush()
	h.insert(5, 4)
	h.flush()
	h.cover(index)
	f := func(want ...storage.RowID) {
		t.Helper()
		for range 2 {
			tx := h.begin()
			got := slices.Sorted(maps.Keys(h.uncovered(tx, index)))
			tx.Rollback()
			if !slices.Equal(got, want) {
				t.Fatalf("uncovered %v, want %v", got, want)
			}
			h.reopen()
		}
	}
	f()
	h.merge(h.s.Version())
	if n := len(h.fragments(5)); n != 1 {
		t.Fatalf("%d vector fragments", n)
	}
	f()
	h.insert(9, 2)
	h.flush()
	h.merge(h.s.Version()) // one is covered, one is not: the vectors stay apart
	if n := len(h.fragments(5)); n != 2 {
		t.Fatalf("%d vector fragments", n)
	}
	f(9, 10)
	h.remove(1, 2, 3, 4, 5, 6, 7, 8)
	h.merge(h.s.Version())
	f(9, 10)
}
