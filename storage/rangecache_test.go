package storage_test

import (
	"math/rand/v2"
	"testing"

	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// rangeRows is large enough for its ranges to be kept.
const rangeRows = 2 * storage.RangeCacheRowsMin

// all reads every row of the primary key's index as a set.
func (h *harness) all(tx *storage.Txn) *rowset.Set {
	h.t.Helper()
	r := tx.Reader()
	defer func() { h.check(r.Close()) }()
	tr, err := r.Table(h.table)
	h.check(err)
	set, err := tr.IndexRows(ctx, h.pk, []storage.KeyRange{{}})
	h.check(err)
	return set
}

// A range that is asked for again is not read again, until the table changes.
func TestRangeIsKept(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	h.seed(rangeRows)
	tx := h.begin()
	defer tx.Rollback()
	first := h.all(tx)
	if first.Cardinality() != rangeRows {
		t.Fatalf("%d rows of %d", first.Cardinality(), rangeRows)
	}
	if h.all(tx) != first {
		t.Fatal("the set was made twice")
	}
	h.check(h.s.FlushTable(ctx, h.table))
	later := h.begin()
	defer later.Rollback()
	if h.all(later) != first {
		t.Fatal("a flush changes no row, and the set was made again")
	}
}

// Who does not see the table as its last change left it does not get what others kept, and keeps nothing
// for them: a transaction with writes of its own, and one that reads an earlier version.
func TestRangeOfAnotherState(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	h.seed(rangeRows)
	f := func(tx *storage.Txn, want int, what string) {
		t.Helper()
		for range 2 {
			if n := h.all(tx).Cardinality(); n != want {
				t.Fatalf("%s: %d rows, want %d", what, n, want)
			}
		}
	}
	old := h.begin()
	defer old.Rollback()
	f(old, rangeRows, "before")

	writer := h.begin()
	_, err := writer.Insert(ctx, h.table, rows(rangeRows+1, 3))
	h.check(err)
	f(writer, rangeRows+3, "own rows")
	f(old, rangeRows, "another's pending rows")
	h.commit(writer)
	f(old, rangeRows, "a version before the commit")
	next := h.begin()
	defer next.Rollback()
	f(next, rangeRows+3, "the version of the commit")
	f(old, rangeRows, "a version before the commit, after another's look")

	deleter := h.begin()
	h.check(deleter.Delete(ctx, h.table, []storage.RowID{h.find(deleter, 1)}))
	f(deleter, rangeRows+2, "own delete")
	f(next, rangeRows+3, "another's pending delete")
	deleter.Rollback()

	truncater := h.begin()
	h.check(truncater.Truncate(h.table))
	f(truncater, 0, "own truncate")
	f(next, rangeRows+3, "another's pending truncate")
	truncater.Rollback()
	f(next, rangeRows+3, "after the rollbacks")
}

// Sets are given up in the order of their last use when they would take more than the limit.
func TestRangeCacheIsBounded(t *testing.T) {
	c := &storage.RangeCache{}
	set := rowset.Range(0, 1000)
	set.Add(5000)
	key := func(i int) []byte { return []byte{byte(i), byte(i >> 8), byte(i >> 16)} }
	const many = 300_000
	for i := range many {
		c.Put(key(i), 1, set)
		if i > 0 {
			c.Get(key(0), 1)
		}
		if c.Bytes() > storage.RangeCacheBytesMax {
			t.Fatalf("%d bytes after %d sets", c.Bytes(), i+1)
		}
	}
	if c.Get(key(0), 1) == nil || c.Get(key(many-1), 1) == nil {
		t.Fatal("the sets used last are gone")
	}
	if c.Get(key(1), 1) != nil {
		t.Fatal("a set that was not used for long is there, and the limit was met")
	}
	if c.Get(key(0), 2) != nil || c.Get(key(0), 0) != nil {
		t.Fatal("a set of one change is given for another")
	}
	c.Put(key(0), 2, set)
	c.Put(key(0), 1, rowset.New())
	if c.Get(key(0), 2) != set {
		t.Fatal("a set of an earlier change replaces that of a later one")
	}
}

// A set that would fill a good part of the cache is not kept.
func TestRangeTooLargeToKeep(t *testing.T) {
	c := &storage.RangeCache{}
	set := rowset.New()
	for id := uint64(0); set.Bytes() <= storage.RangeCacheBytesMax/4; id += 3 << 4 {
		for k := range uint64(3 << 10) {
			set.Add(id + k*17)
		}
		id += 3 << 16
	}
	c.Put([]byte("k"), 1, set)
	if c.Get([]byte("k"), 1) != nil || c.Bytes() != 0 {
		t.Fatal("it was kept")
	}
}

// Sets that were kept are what the table has, for every reader, through random commits and upkeep.
func TestRangesAgainstScan(t *testing.T) {
	const seed = 6
	rng := rand.New(rand.NewPCG(seed, 1))
	h := start(t, storage.Options{})
	h.insert(1, rangeRows)
	next := rangeRows + 1
	bound := func(k int) []types.Datum { return []types.Datum{types.IntDatum(int64(k))} }
	check := func(tx *storage.Txn) {
		t.Helper()
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		keys := map[int64]bool{}
		for _, k := range h.keysOf(tr.Scan(storage.ScanOptions{Cols: []int16{1}})) {
			keys[k] = true
		}
		for _, lo := range []int{0, 100} {
			set, err := tr.IndexRows(ctx, h.pk, []storage.KeyRange{{Lo: bound(lo)}})
			h.check(err)
			n := 0
			for k := range keys {
				if k >= int64(lo) {
					n++
				}
			}
			if set.Cardinality() != n {
				t.Fatalf("seed %d: from %d: %d rows, a scan has %d", seed, lo, set.Cardinality(), n)
			}
		}
	}
	old := h.s.Begin(storage.TxnOptions{Isolation: storage.RepeatableRead})
	defer old.Rollback()
	for range 40 {
		tx := h.begin()
		switch rng.IntN(3) {
		case 0:
			_, err := tx.Insert(ctx, h.table, rows(next, 5))
			h.check(err)
			next += 5
		case 1:
			h.check(tx.Delete(ctx, h.table, h.findAll(tx, h.someKeys(tx, rng, 3)...)))
		default:
			h.check(h.renameIn(tx, "x", h.someKeys(tx, rng, 2)...))
		}
		check(tx)
		if rng.IntN(4) == 0 {
			tx.Rollback()
		} else {
			h.commit(tx)
		}
		check(old)
		now := h.begin()
		check(now)
		now.Rollback()
		if rng.IntN(8) == 0 {
			h.flush()
		}
	}
}

// someKeys picks n keys of the table.
func (h *harness) someKeys(tx *storage.Txn, rng *rand.Rand, n int) []int64 {
	h.t.Helper()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	keys := h.keysOf(tr.Scan(storage.ScanOptions{Cols: []int16{1}}))
	rng.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return keys[:n]
}
