package storage_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

func TestAddColumn(t *testing.T) {
	f := func(flush, reopen bool) {
		t.Helper()
		h := newHarness(t, storage.Options{})
		defer func() { h.check(h.s.Close()) }()
		h.seed(2)
		if flush {
			h.check(h.s.FlushTable(ctx, h.table))
		}
		tx := h.begin()
		wide := *h.s.Catalog().Table(h.table)
		wide.Columns = append(append([]schema.Column{}, wide.Columns...),
			schema.Column{Num: 6, Name: "more", Type: types.Of(int4OID), HasMissing: true, Missing: "42"},
			schema.Column{Num: 7, Name: "none", Type: types.Of(textOID)},
			schema.Column{Num: 8, Name: "vec2", Type: vectorType(), HasMissing: true, Missing: "[9,9,9]"})
		wide.Columns[1].Dropped = true
		h.check(tx.Put(&wide))
		h.commit(tx)
		if reopen {
			h.reopen()
		}
		check := func(want ...string) {
			t.Helper()
			tx := h.begin()
			defer tx.Rollback()
			r := tx.Reader()
			defer func() { h.check(r.Close()) }()
			tr, err := r.Table(h.table)
			h.check(err)
			s := tr.Scan(storage.ScanOptions{Cols: []int16{1, 6, 7, 8}})
			var got []string
			for {
				b, _, err := s.Next(ctx)
				h.check(err)
				if b == nil {
					break
				}
				for i := range b.N {
					got = append(got, show(b, i))
				}
			}
			h.expect(got, want...)
		}
		check("1|42|null|[9]", "2|42|null|[9]")
		// A new version keeps what was missing; a flush makes it real.
		tx = h.begin()
		h.check(tx.Update(ctx, h.table, []storage.RowID{h.find(tx, 2)}, []int16{7}, textColumn("x")))
		h.commit(tx)
		check("1|42|null|[9]", "2|42|x|[9]")
		h.check(h.s.FlushTable(ctx, h.table))
		check("1|42|null|[9]", "2|42|x|[9]")
		h.reopen()
		check("1|42|null|[9]", "2|42|x|[9]")
	}
	f(false, false)
	f(false, true)
	f(true, false)
	f(true, true)
}

// countFiles counts the files below the data and index folders.
func (h *harness) countFiles(dir string) (n int) {
	h.t.Helper()
	names, err := h.fs.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	h.check(err)
	for _, name := range names {
		path := h.fs.PathJoin(dir, name)
		info, err := h.fs.Stat(path)
		h.check(err)
		if info.IsDir() {
			n += h.countFiles(path)
		} else {
			n++
		}
	}
	return n
}

func TestTruncateAndDrop(t *testing.T) {
	h := newHarness(t, storage.Options{DirectRows: 1})
	defer func() { h.check(h.s.Close()) }()
	h.seed(5)
	tx := h.begin()
	m := tx.Savepoint()
	h.check(tx.Truncate(h.table))
	h.expect(h.scan(tx))
	_, err := tx.Insert(ctx, h.table, rows(1, 1))
	h.check(err)
	h.expect(h.scan(tx), "1|name 1|0.5|false|[1]")
	tx.RollbackTo(m)
	if n := len(h.scan(tx)); n != 5 {
		t.Fatalf("%d rows after the rollback", n)
	}
	h.check(tx.Truncate(h.table))
	_, err = tx.Insert(ctx, h.table, rows(2, 1))
	h.check(err)
	reader := h.begin()
	h.commit(tx)
	h.expect(h.scanNew(), "2|name 2|1|true|[2]")
	reader.Rollback()
	h.reopen()
	h.expect(h.scanNew(), "2|name 2|1|true|[2]")
	tx = h.begin()
	h.check(tx.Drop(h.s.Catalog().Index(h.pk)))
	h.check(tx.Drop(h.s.Catalog().Table(h.table)))
	if tx.Catalog().Table(h.table) != nil || h.s.Catalog().Table(h.table) == nil {
		t.Fatal("the drop is seen by others, or not by itself")
	}
	h.commit(tx)
	if n := h.countFiles(h.dir + "/data"); n != 0 {
		t.Fatalf("%d files left", n)
	}
	if left, err := h.fs.List(h.dir + "/data"); err != nil || len(left) != 0 {
		t.Fatalf("folders left: %v, %v", left, err)
	}
	tx = h.begin()
	if _, err := tx.Insert(ctx, h.table, rows(1, 1)); !errors.Is(err, storage.ErrNoRelation) {
		t.Fatal(err)
	}
	tx.Rollback()
	h.reopen()
	if got := h.s.Stats().OrphansRemoved; got != 0 {
		t.Fatalf("%d orphans", got)
	}
}

func TestCreateAndFillInOneTransaction(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	tx := h.begin()
	old := h.table
	h.table = h.oid(tx)
	h.check(tx.Put(tableOf(h.table, "u")))
	var dup *catalog.DuplicateError
	if err := tx.Put(tableOf(h.oid(tx), "t")); !errors.As(err, &dup) || dup.Existing != old {
		t.Fatal(err)
	}
	_, err := tx.Insert(ctx, h.table, rows(1, 2))
	h.check(err)
	idx := &schema.Index{
		OID: h.oid(tx), DB: 5, Namespace: schema.PublicOID, Table: h.table, Name: "u_name",
		Method: "btree", Unique: true, Keys: []schema.IndexKey{{Column: 2, Type: types.Of(textOID)}},
	}
	h.check(tx.BuildIndex(ctx, idx, storage.BuildOptions{}))
	if n := len(h.scan(tx)); n != 2 {
		t.Fatalf("%d rows", n)
	}
	h.commit(tx)
	h.reopen()
	if n := len(h.scanNew()); n != 2 {
		t.Fatalf("%d rows", n)
	}
}

func TestBuildUniqueIndex(t *testing.T) {
	f := func(entriesMax int, flush bool) {
		t.Helper()
		h := newHarness(t, storage.Options{EntriesMax: entriesMax})
		defer func() { h.check(h.s.Close()) }()
		h.seed(20)
		if flush {
			h.check(h.s.FlushTable(ctx, h.table))
		}
		tx := h.begin()
		idx := &schema.Index{
			OID: h.oid(tx), DB: 5, Namespace: schema.PublicOID, Table: h.table, Name: "t_ok",
			Method: "btree", Unique: true, Keys: []schema.IndexKey{{Column: 4, Type: types.Of(boolOID)}},
		}
		var u *storage.UniqueError
		if err := tx.BuildIndex(ctx, idx, storage.BuildOptions{}); !errors.As(err, &u) {
			t.Fatalf("got %v, want a duplicate", err)
		}
		tx.Rollback()
		tx = h.begin()
		h.check(tx.Delete(ctx, h.table, allBut(h, tx, 1, 2)))
		h.commit(tx)
		tx = h.begin()
		h.check(tx.BuildIndex(ctx, idx, storage.BuildOptions{}))
		h.commit(tx)
		tx = h.begin()
		if _, err := tx.Insert(ctx, h.table, rows(50, 1)); !errors.As(err, &u) || u.Index != idx.OID {
			t.Fatalf("got %v, want a duplicate", err)
		}
		tx.Rollback()
		h.reopen()
	}
	f(0, false)
	f(0, true)
	f(4, false)
	f(4, true)
}

// allBut returns the row ids of all keys but some.
func allBut(h *harness, tx *storage.Txn, keep ...int64) (out []storage.RowID) {
	for key := int64(1); key <= 20; key++ {
		kept := false
		for _, k := range keep {
			kept = kept || k == key
		}
		if !kept {
			out = append(out, h.find(tx, key))
		}
	}
	return out
}

func TestReadOnly(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	tx := h.s.Begin(storage.TxnOptions{ReadOnly: true})
	defer tx.Rollback()
	if _, err := tx.Insert(ctx, h.table, rows(1, 1)); !errors.Is(err, storage.ErrReadOnly) {
		t.Fatal(err)
	}
	if err := tx.Put(tableOf(1, "x")); !errors.Is(err, storage.ErrReadOnly) {
		t.Fatal(err)
	}
}

func TestSequence(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	const oid storage.OID = 30000
	p := &schema.Sequence{Type: int4OID, Start: 1, Increment: 1, Min: 1, Max: 100}
	next := func(n, want int64) {
		t.Helper()
		got, err := h.s.NextVal(oid, p, n)
		if err != nil || got != want {
			t.Fatalf("got %d %v, want %d", got, err, want)
		}
	}
	next(1, 1)
	next(5, 2)
	next(1, 7)
	h.check(h.s.SetVal(oid, p, 50, true))
	next(1, 51)
	h.check(h.s.SetVal(oid, p, 60, false))
	next(1, 60)
	h.commit(h.begin())
	h.reopen()
	got, err := h.s.NextVal(oid, p, 1)
	if err != nil || got <= 60 {
		t.Fatalf("after reopening: %d %v", got, err)
	}
	h.check(h.s.SetVal(oid, p, 100, true))
	if _, err := h.s.NextVal(oid, p, 1); !errors.Is(err, storage.ErrSequenceLimit) {
		t.Fatal(err)
	}
	p.Cycle = true
	next(1, 1)
	down := &schema.Sequence{Type: int4OID, Start: -1, Increment: -2, Min: -4, Max: -1}
	h.check(h.s.SetVal(oid, down, -1, false))
	next2 := func(want int64) {
		t.Helper()
		if got, err := h.s.NextVal(oid, down, 1); err != nil || got != want {
			t.Fatalf("got %d %v, want %d", got, err, want)
		}
	}
	next2(-1)
	next2(-3)
	if _, err := h.s.NextVal(oid, down, 1); !errors.Is(err, storage.ErrSequenceLimit) {
		t.Fatal(err)
	}
	if st, err := h.s.Sequence(oid, down); err != nil || st.Last != -3 || !st.Called {
		t.Fatal(st, err)
	}
}

func TestNewOIDIsNeverGivenAgain(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	last := storage.OID(0)
	for range 3 {
		tx := h.begin()
		for range 300 {
			oid := h.oid(tx)
			if oid <= last {
				t.Fatalf("%d after %d", oid, last)
			}
			last = oid
		}
		tx.Rollback()
		h.reopen()
	}
}

func TestOpenRefuses(t *testing.T) {
	h := newHarness(t, storage.Options{})
	if _, err := storage.Open(h.dir, h.o); !errors.Is(err, storage.ErrInUse) {
		t.Fatal(err)
	}
	h.check(h.s.Close())
	f, err := h.fs.Create(h.dir+"/FORMAT", "")
	h.check(err)
	_, err = f.Write([]byte("vecdb 999\n"))
	h.check(err)
	h.check(f.Close())
	_, err = storage.Open(h.dir, h.o)
	if !errors.Is(err, storage.ErrFormat) || !strings.Contains(err.Error(), "999") {
		t.Fatal(err)
	}
}
