package storage_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

// pairRow is a row (a text, b float8) of the model; nil is null.
type pairRow struct {
	id storage.RowID
	a  types.Datum
	b  types.Datum
}

// keyOrder is how an index with these keys orders two values.
func keyOrder(k schema.IndexKey, x, y types.Datum) int {
	switch {
	case x.Null && y.Null:
		return 0
	case x.Null || y.Null:
		first := -1
		if x.Null != k.NullsFirst {
			first = 1
		}
		return first
	}
	c := types.Lookup(k.Type.OID).Compare(x, y)
	if k.Desc {
		return -c
	}
	return c
}

// prefixOrder compares a row with a bound, a prefix of the key columns.
func prefixOrder(keys []schema.IndexKey, r pairRow, bound []types.Datum) int {
	values := []types.Datum{r.a, r.b}
	for i, d := range bound {
		if c := keyOrder(keys[i], values[i], d); c != 0 {
			return c
		}
	}
	return 0
}

// inRange says whether a row is in the range.
func inRange(keys []schema.IndexKey, r pairRow, k storage.KeyRange) bool {
	if lo := prefixOrder(keys, r, k.Lo); len(k.Lo) > 0 && (lo < 0 || lo == 0 && k.LoOpen) {
		return false
	}
	hi := prefixOrder(keys, r, k.Hi)
	return len(k.Hi) == 0 || hi < 0 || hi == 0 && !k.HiOpen
}

var (
	pairTexts  = []string{"", "a", "a\x00", "ab", "b", "ü"}
	pairFloats = []float64{-1.5, 0, 1, 1e300}
)

func pairDatums(rng *rand.Rand) (a, b types.Datum) {
	a, b = types.StringDatum(pairTexts[rng.IntN(len(pairTexts))]), types.FloatDatum(pairFloats[rng.IntN(len(pairFloats))])
	if rng.IntN(5) == 0 {
		a = types.NullDatum
	}
	if rng.IntN(5) == 0 {
		b = types.NullDatum
	}
	return a, b
}

// pairs replaces the table by one of the columns a and b, with an index in each order and place of nulls.
func (h *harness) pairs() (indexes []*schema.Index) {
	h.t.Helper()
	tx := h.begin()
	h.table = h.oid(tx)
	h.check(tx.Put(&schema.Table{
		OID: h.table, DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Name: "pairs", Kind: schema.KindTable,
		Columns: []schema.Column{{Num: 1, Name: "a", Type: types.Of(textOID)}, {Num: 2, Name: "b", Type: types.Of(floatOID)}},
	}))
	for i := range 8 {
		a, b := keyOn(1, textOID), keyOn(2, floatOID)
		a.Desc, a.NullsFirst, b.Desc, b.NullsFirst = i&1 != 0, i&2 != 0, i&4 != 0, i&2 == 0
		idx := h.indexOf(h.oid(tx), fmt.Sprint("pairs", i), false, a, b)
		h.check(tx.Put(idx))
		indexes = append(indexes, idx)
	}
	h.commit(tx)
	return indexes
}

func pairColumns(rows ...pairRow) []*batch.Column {
	cols := []*batch.Column{
		batch.New(types.Of(textOID), types.String, len(rows)), batch.New(types.Of(floatOID), types.Float, len(rows)),
	}
	for _, r := range rows {
		cols[0].Append(r.a)
		cols[1].Append(r.b)
	}
	return cols
}

// randomBound is a bound of up to two columns.
func randomBound(rng *rand.Rand) []types.Datum {
	a, b := pairDatums(rng)
	return []types.Datum{a, b}[:rng.IntN(3)]
}

// ordered returns the rows of the range in the order of the index, and by row id where it does not decide.
func ordered(keys []schema.IndexKey, rows map[storage.RowID]pairRow, ranges []storage.KeyRange) (out []storage.RowID) {
	for _, k := range ranges {
		var in []pairRow
		for _, r := range rows {
			if inRange(keys, r, k) {
				in = append(in, r)
			}
		}
		slices.SortFunc(in, func(x, y pairRow) int {
			return cmp.Or(keyOrder(keys[0], x.a, y.a), keyOrder(keys[1], x.b, y.b), cmp.Compare(x.id, y.id))
		})
		for _, r := range in {
			out = append(out, r.id)
		}
	}
	return out
}

// disjoint returns up to two random ranges, the second behind the first.
func disjoint(rng *rand.Rand, keys []schema.IndexKey) []storage.KeyRange {
	one := storage.KeyRange{Lo: randomBound(rng), Hi: randomBound(rng), LoOpen: rng.IntN(2) == 0, HiOpen: rng.IntN(2) == 0}
	if len(one.Hi) == 0 || rng.IntN(2) == 0 {
		return []storage.KeyRange{one}
	}
	// What follows the first is what its upper bound leaves out.
	return []storage.KeyRange{one, {Lo: one.Hi, LoOpen: !one.HiOpen, Hi: nil}}
}

// Ranges over two columns, in each direction and with nulls at each end, bounded by prefixes, open and closed, forwards
// and backwards, give the rows that comparing all of them gives, in that order: with rows in memory and files, with
// stale entries, and with the transaction's own rows between them.
func TestRangesAgainstSort(t *testing.T) {
	for seed := uint64(1); seed <= 6; seed++ {
		rng := rand.New(rand.NewPCG(seed, 3))
		h := start(t, storage.Options{})
		indexes := h.pairs()
		committed := map[storage.RowID]pairRow{}
		for range 4 {
			tx := h.begin()
			m := h.changePairs(rng, tx, committed)
			h.comparePairs(t, seed, rng, tx, indexes, m)
			if rng.IntN(4) == 0 {
				tx.Rollback()
				continue
			}
			h.commit(tx)
			committed = m
			switch rng.IntN(4) {
			case 0:
				h.flush()
			case 1:
				h.reopen()
			case 2:
				for _, idx := range indexes {
					_, _, err := h.s.SweepIndex(ctx, idx.OID, nil)
					h.check(err)
				}
			}
			tx = h.begin()
			h.comparePairs(t, seed, rng, tx, indexes, committed)
			tx.Rollback()
		}
	}
}

// changePairs inserts, updates and deletes some rows and returns what the transaction then sees.
func (h *harness) changePairs(rng *rand.Rand, tx *storage.Txn, old map[storage.RowID]pairRow) map[storage.RowID]pairRow {
	h.t.Helper()
	m := map[storage.RowID]pairRow{}
	for id, r := range old {
		m[id] = r
	}
	var in []pairRow
	for range 30 {
		a, b := pairDatums(rng)
		in = append(in, pairRow{0, a, b})
	}
	ids, err := tx.Insert(ctx, h.table, &storage.Rows{N: len(in), Cols: pairColumns(in...)})
	h.check(err)
	for i, id := range ids {
		m[id] = pairRow{id, in[i].a, in[i].b}
	}
	for id, r := range m {
		switch rng.IntN(6) {
		case 0:
			h.check(tx.Delete(ctx, h.table, []storage.RowID{id}))
			delete(m, id)
		case 1:
			r.a, r.b = pairDatums(rng)
			h.check(tx.Update(ctx, h.table, []storage.RowID{id}, []int16{1, 2}, &storage.Rows{N: 1, Cols: pairColumns(r)}))
			m[id] = r
		}
	}
	return m
}

func (h *harness) comparePairs(
	t *testing.T, seed uint64, rng *rand.Rand, tx *storage.Txn, indexes []*schema.Index, m map[storage.RowID]pairRow,
) {
	t.Helper()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	for _, idx := range indexes {
		for range 12 {
			ranges := disjoint(rng, idx.Keys)
			want := ordered(idx.Keys, m, ranges)
			set, err := tr.IndexRows(ctx, idx.OID, ranges)
			h.check(err)
			if set.Cardinality() != len(want) {
				t.Fatalf("seed %d: %+v: ranges %+v: a set of %d rows, want %d", seed, idx.Keys, ranges, set.Cardinality(),
					len(want))
			}
			got := h.indexIDs(tr.IndexScan(idx.OID, ranges, false))
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: %+v: ranges %+v: rows %v, want %v", seed, idx.Keys, ranges, got, want)
			}
			got = h.indexIDs(tr.IndexScan(idx.OID, ranges, true))
			slices.Reverse(got)
			if !slices.Equal(got, want) {
				t.Fatalf("seed %d: %+v: ranges %+v backwards: rows %v, want %v", seed, idx.Keys, ranges, got, want)
			}
		}
	}
}

// indexIDs reads an index scan to its end.
func (h *harness) indexIDs(s *storage.IndexScan) (out []storage.RowID) {
	h.t.Helper()
	defer func() { h.check(s.Close()) }()
	for {
		ids, err := s.Next(ctx)
		h.check(err)
		if len(ids) == 0 {
			return out
		}
		out = append(out, ids...)
	}
}

// A row whose key went away and came back within one transaction is found once, by each key that it has at the time.
func TestKeyThereAndBack(t *testing.T) {
	for _, o := range []storage.Options{{}, {EntriesMax: 1}, {SpillBytes: 1}} {
		h := start(t, o)
		h.insert(1, 2)
		name := h.build("t_name", false, keyOn(2, textOID))
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(4, 2))
		h.check(err)
		f := func(text string, want ...storage.RowID) {
			t.Helper()
			r, tr := h.reader(tx)
			defer func() { h.check(r.Close()) }()
			k := []types.Datum{types.StringDatum(text)}
			for _, reverse := range []bool{false, true} {
				got := h.indexIDs(tr.IndexScan(name, []storage.KeyRange{{Lo: k, Hi: k}}, reverse))
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Fatalf("%+v: %q finds %v, want %v", o, text, got, want)
				}
			}
		}
		ids := h.findAll(tx, 1, 4)
		for range 3 {
			h.check(h.renameIn(tx, "away", 1, 4))
			f("away", ids...)
			f("back")
			h.check(h.renameIn(tx, "back", 1, 4))
			f("away")
			f("back", ids...)
		}
		h.commit(tx)
		tx = h.begin()
		f("back", ids...)
		f("away")
		tx.Rollback()
	}
}

// Ranges that a null bounds: everything but the nulls, only the nulls, and nothing.
func TestNullBounds(t *testing.T) {
	h := start(t, storage.Options{})
	indexes := h.pairs()
	tx := h.begin()
	defer tx.Rollback()
	null, x := types.NullDatum, types.StringDatum("x")
	ids, err := tx.Insert(ctx, h.table,
		&storage.Rows{
			N:    3,
			Cols: pairColumns(pairRow{0, null, null}, pairRow{0, x, null}, pairRow{0, x, types.FloatDatum(1)}),
		})
	h.check(err)
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	f := func(k storage.KeyRange, want ...storage.RowID) {
		t.Helper()
		for i, idx := range indexes[:4] { // a's nulls are last in the first two, first in the others
			k := k
			if i >= 2 {
				k = storage.KeyRange{Lo: k.Hi, Hi: k.Lo, LoOpen: k.HiOpen, HiOpen: k.LoOpen}
			}
			got := h.indexIDs(tr.IndexScan(idx.OID, []storage.KeyRange{k}, false))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Fatalf("index %d, %+v: %v, want %v", i, k, got, want)
			}
		}
	}
	aNull := []types.Datum{null}
	f(storage.KeyRange{}, ids...)
	f(storage.KeyRange{Hi: aNull, HiOpen: true}, ids[1], ids[2])
	f(storage.KeyRange{Lo: aNull, Hi: aNull}, ids[0])
	f(storage.KeyRange{Lo: aNull, LoOpen: true})
	f(storage.KeyRange{Lo: aNull}, ids[0])
}

// Asking for more columns than an index has, for no index, for a vector index or one of another table is an error
// that stays.
func TestIndexScanErrors(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 1)
	tx := h.begin()
	defer tx.Rollback()
	ann := h.indexOf(h.oid(tx), "ann", false, schema.IndexKey{Column: 5, Type: vectorType()})
	ann.Method = "ivfpq"
	h.check(tx.Put(ann))
	other := h.oid(tx)
	h.check(tx.Put(tableOf(other, "other")))
	foreign := h.indexOf(h.oid(tx), "foreign", false, keyOn(1, int4OID))
	foreign.Table = other
	h.check(tx.Put(foreign))
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	for _, oid := range []storage.OID{ann.OID, foreign.OID, h.table, 12345} {
		s := tr.IndexScan(oid, []storage.KeyRange{{}}, false)
		for range 2 {
			_, err := s.Next(ctx)
			h.wants(err, storage.ErrNoRelation)
		}
		h.check(s.Close())
		_, err := tr.IndexRows(ctx, oid, []storage.KeyRange{{}})
		h.wants(err, storage.ErrNoRelation)
	}
	two := []types.Datum{types.IntDatum(1), types.IntDatum(2)}
	for _, k := range []storage.KeyRange{{Lo: two}, {Hi: two}} {
		s := tr.IndexScan(h.pk, []storage.KeyRange{k}, false)
		if _, err := s.Next(ctx); err == nil {
			t.Fatal("two values for one column")
		}
		h.check(s.Close())
		if _, err := tr.IndexRows(ctx, h.pk, []storage.KeyRange{k}); err == nil {
			t.Fatal("two values for one column")
		}
	}
	s := tr.IndexScan(h.pk, nil, true)
	if ids, err := s.Next(ctx); err != nil || len(ids) != 0 {
		t.Fatalf("no range gives %v, %v", ids, err)
	}
	h.check(s.Close())
	h.check(s.Close())
	_, err := s.Next(ctx)
	h.wants(err, storage.ErrClosed)
}

// An index whose keys are computed wants them from above: without the function it is refused, with it rows out of a
// partial index are left out and come in when they change.
func TestComputedKeys(t *testing.T) {
	h := start(t, storage.Options{})
	tx := h.begin()
	idx := h.indexOf(h.oid(tx), "partial", true, schema.IndexKey{Expr: "score", Type: types.Of(floatOID)})
	idx.Where = "ok"
	h.check(tx.Put(idx))
	_, err := tx.Insert(ctx, h.table, rows(1, 1))
	h.wants(err, storage.ErrUnsupported)
	tx.Rollback()

	h.check(h.s.Close())
	h.o.Keys = partialKeys
	h.open()
	h.insert(1, 6) // 2, 4 and 6 are ok
	tx = h.begin()
	h.check(tx.BuildIndex(ctx, idx, storage.BuildOptions{}))
	h.commit(tx)
	f := func(want ...storage.RowID) {
		t.Helper()
		tx := h.begin()
		defer tx.Rollback()
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		if got := h.indexIDs(tr.IndexScan(idx.OID, []storage.KeyRange{{}}, false)); !slices.Equal(got, want) {
			t.Fatalf("rows %v, want %v", got, want)
		}
	}
	f(2, 4, 6)
	tx = h.begin()
	ok := batch.New(types.Of(boolOID), types.Bool, 2)
	ok.Append(types.BoolDatum(false))
	ok.Append(types.BoolDatum(true))
	h.check(tx.Update(ctx, h.table, []storage.RowID{2, 5}, []int16{4}, &storage.Rows{N: 2, Cols: []*batch.Column{ok}}))
	h.commit(tx)
	f(4, 5, 6)
	h.flush()
	h.reopen()
	f(4, 5, 6)
	tx = h.begin()
	in := rows(10, 1)
	in.Cols[2].F[0] = 2 // as row 4 has
	_, err = tx.Insert(ctx, h.table, in)
	h.duplicate(err, idx.OID, 4)
	in.Cols[3].B[0] = false // out of the index there are no duplicates
	_, err = tx.Insert(ctx, h.table, in)
	h.check(err)
	h.commit(tx)
	for cursor, n := []byte(nil), 0; ; n++ {
		cursor, _, err = h.s.SweepIndex(ctx, idx.OID, cursor)
		h.check(err)
		if cursor == nil {
			break
		}
	}
	f(4, 5, 6)
}

// Stale entries are swept, and only they: those that a version within the retention has stay.
func TestSweep(t *testing.T) {
	const n = 9000 // more than two steps of a sweep
	h := start(t, storage.Options{DirectRows: 1})
	h.insert(1, n)
	name := h.build("t_name", false, keyOn(2, textOID))
	sweep := func() (deleted, steps int) {
		t.Helper()
		for cursor := []byte(nil); ; {
			next, k, err := h.s.SweepIndex(ctx, name, cursor)
			h.check(err)
			deleted += k
			if steps++; next == nil {
				return deleted, steps
			}
			cursor = next
		}
	}
	if deleted, steps := sweep(); deleted != 0 || steps != 3 {
		t.Fatalf("%d entries of live rows deleted in %d steps", deleted, steps)
	}
	for i := range 3 {
		h.rename(fmt.Sprint("new ", i), 1, 2, 4)
	}
	h.remove(5)
	if deleted, _ := sweep(); deleted != 0 {
		t.Fatalf("%d entries of old versions deleted", deleted)
	}
	h.flush()
	h.merge(h.s.Version())
	if deleted, _ := sweep(); deleted != 3*3+1 {
		t.Fatalf("%d entries deleted, want 10", deleted)
	}
	tx := h.begin()
	defer tx.Rollback()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	set, err := tr.IndexRows(ctx, name, []storage.KeyRange{{}})
	h.check(err)
	if set.Cardinality() != n-1 {
		t.Fatalf("%d rows in the index", set.Cardinality())
	}
	for _, oid := range []storage.OID{h.table, 9999} {
		if next, deleted, err := h.s.SweepIndex(ctx, oid, nil); next != nil || deleted != 0 || err != nil {
			t.Fatalf("a sweep of no index: %v %d %v", next, deleted, err)
		}
	}
}

// Entries that a transaction wrote ahead of its commit are not swept while it is open; those of a rolled back one are.
func TestSweepAndEntriesAhead(t *testing.T) {
	h := start(t, storage.Options{EntriesMax: 5})
	h.insert(1, 3)
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(10, 20))
	h.check(err)
	_, deleted, err := h.s.SweepIndex(ctx, h.pk, nil)
	if err != nil || deleted != 0 {
		t.Fatalf("%d entries of an open transaction deleted: %v", deleted, err)
	}
	h.commit(tx)
	h.holds(append(lines(1, 3), lines(10, 20)...)...)
	tx = h.begin()
	_, err = tx.Insert(ctx, h.table, rows(100, 20))
	h.check(err)
	tx.Rollback()
	if _, deleted, err = h.s.SweepIndex(ctx, h.pk, nil); err != nil || deleted != 20 {
		t.Fatalf("%d entries of a rolled back transaction deleted: %v", deleted, err)
	}
	h.holds(append(lines(1, 3), lines(10, 20)...)...)
}

// partialKeys computes the keys of an index over score of the rows that are ok.
func partialKeys(_ *catalog.Catalog, _ *schema.Index) ([]int16, func(*batch.Batch) (*storage.KeyCols, error), error) {
	return []int16{3, 4}, func(b *batch.Batch) (*storage.KeyCols, error) {
		out := &storage.KeyCols{Cols: b.Cols[:1], Sel: []int32{}}
		for i := range b.N {
			if !b.Cols[1].Null(i) && b.Cols[1].B[i] {
				out.Sel = append(out.Sel, int32(i))
			}
		}
		return out, nil
	}, nil
}
