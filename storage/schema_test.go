package storage_test

import (
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

// Changes of the schema are seen by their own transaction at once, by others after the commit, and by nobody after a
// rollback to a mark or of the whole; tables, indexes and rows alike.
func TestSchemaChangesRollBack(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 3)
	tx := h.begin()
	a := tx.Savepoint()
	one := tableOf(h.oid(tx), "one")
	h.check(tx.Put(one))
	_, err := tx.Insert(ctx, one.OID, rows(1, 2))
	h.check(err)
	b := tx.Savepoint()
	h.check(tx.Drop(tx.Catalog().Index(h.pk)))
	h.check(tx.Drop(tx.Catalog().Table(h.table)))
	if tx.Catalog().Table(h.table) != nil || h.s.Catalog().Table(h.table) == nil || h.s.Catalog().Table(one.OID) != nil {
		t.Fatal("who sees what")
	}
	if _, err := tx.Insert(ctx, h.table, rows(9, 1)); !errors.Is(err, storage.ErrNoRelation) {
		t.Fatal(err)
	}
	h.check(tx.Put(tableOf(h.oid(tx), "t"))) // the name is free
	tx.RollbackTo(b)
	h.sees(tx, lines(1, 3)...)
	if _, ok := tx.Catalog().Relation(schema.PublicOID, "one"); !ok {
		t.Fatal("what was made before the mark is gone")
	}
	tx.RollbackTo(a)
	if tx.Catalog().Table(one.OID) != nil || tx.Written() {
		t.Fatal("what was made after the mark is there")
	}
	idx := h.indexOf(h.oid(tx), "i", false, keyOn(2, textOID))
	h.check(tx.BuildIndex(ctx, idx, storage.BuildOptions{}))
	tx.Rollback()
	cat := h.s.Catalog()
	if cat.Table(one.OID) != nil || cat.Index(idx.OID) != nil {
		t.Fatal("what was rolled back is there")
	}
	h.holds(lines(1, 3)...)
	h.reopen()
	h.holds(lines(1, 3)...)
}

// Of two transactions that make an object of one name the second to commit fails, as a whole.
func TestNameTakenMeanwhile(t *testing.T) {
	h := start(t, storage.Options{})
	a, b := h.begin(), h.begin()
	h.check(a.Put(tableOf(h.oid(a), "x")))
	h.check(b.Put(tableOf(h.oid(b), "x")))
	h.check(b.Put(tableOf(h.oid(b), "y")))
	_, err := b.Insert(ctx, h.table, rows(1, 1))
	h.check(err)
	h.commit(a)
	b.StartStatement()
	if _, ok := b.Catalog().Relation(schema.PublicOID, "y"); !ok {
		t.Fatal("the transaction does not see its own table any more")
	}
	var dup *catalog.DuplicateError
	if _, err := b.Commit(ctx); !errors.As(err, &dup) || dup.Name != "x" {
		t.Fatal(err)
	}
	if _, ok := h.s.Catalog().Relation(schema.PublicOID, "y"); ok {
		t.Fatal("half of a failed commit")
	}
	h.holds()
}

// An index that is made while another transaction writes to its table makes that one fail, not miss entries.
func TestIndexMadeWhileWriting(t *testing.T) {
	h := start(t, storage.Options{})
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, 1))
	h.check(err)
	other := h.begin()
	h.check(other.Put(h.indexOf(h.oid(other), "i", false, keyOn(2, textOID))))
	h.commit(other)
	_, err = tx.Commit(ctx)
	h.wants(err, storage.ErrConflict)
	h.holds()
}

// Dropping tables and indexes with few keys, as many as are deleted one by one, and more leaves nothing of them and all
// of their neighbours.
func TestDropIsComplete(t *testing.T) {
	for _, n := range []int{0, 1, storage.DropKeysMax - 1, storage.DropKeysMax, storage.DropKeysMax + 1, 3000} {
		h := start(t, storage.Options{DirectRows: 1 << 30, EntriesMax: 1 << 30})
		first := h.table
		tx := h.begin()
		var tables []storage.OID
		for i := range 3 { // the middle one is dropped
			tb := tableOf(h.oid(tx), fmt.Sprint("t", i))
			h.check(tx.Put(tb))
			h.check(tx.Put(&schema.Index{
				OID: h.oid(tx), DB: 5, Namespace: schema.PublicOID, Table: tb.OID, Name: fmt.Sprint("i", i), Method: "btree",
				Keys: []schema.IndexKey{keyOn(1, int4OID)},
			}))
			if n > 0 {
				_, err := tx.Insert(ctx, tb.OID, rows(1, n))
				h.check(err)
			}
			tables = append(tables, tb.OID)
		}
		h.check(tx.Put(&catalog.Stats{Table: tables[1], Rows: 5}))
		h.commit(tx)
		dropped := h.s.Catalog().IndexesOf(tables[1])[0]
		tx = h.begin()
		h.check(tx.Drop(dropped))
		h.check(tx.Drop(h.s.Catalog().Table(tables[1])))
		h.commit(tx)
		for range 2 {
			for _, oid := range []storage.OID{tables[1], dropped.OID} {
				if left := h.s.Keys(oid); left != 0 {
					t.Fatalf("%d rows: %d keys of %d are left", n, left, oid)
				}
			}
			for _, oid := range []storage.OID{tables[0], tables[2]} {
				h.table, h.pk = oid, h.s.Catalog().IndexesOf(oid)[0].OID
				if got := len(h.scanNew()); got != n {
					t.Fatalf("%d rows: a neighbour has %d", n, got)
				}
			}
			if h.s.Catalog().Stats(tables[1]) != nil {
				t.Fatal("statistics are left")
			}
			h.reopen()
		}
		h.table = first
	}
}

// Databases, roles, namespaces, extensions and statistics are kept as tables are.
func TestOtherObjectsAreKept(t *testing.T) {
	h := start(t, storage.Options{})
	tx := h.begin()
	database := &schema.Database{OID: h.oid(tx), Name: "shop", Owner: 10, PublicSchema: h.oid(tx)}
	role := &schema.Role{OID: h.oid(tx), Name: "clerk", Login: true}
	ns := &schema.Namespace{OID: database.PublicSchema, DB: database.OID, Name: "public"}
	ext := &schema.Extension{OID: h.oid(tx), DB: database.OID, Name: "vector", Namespace: ns.OID}
	inside := tableOf(h.oid(tx), "t") // a second table of that name, in another database
	inside.DB, inside.Namespace = database.OID, ns.OID
	for _, o := range []any{database, role, ns, ext, inside, &catalog.Stats{Table: inside.OID, Rows: 9}} {
		h.check(tx.Put(o))
	}
	_, err := tx.Insert(ctx, inside.OID, rows(1, 2))
	h.check(err)
	h.commit(tx)
	for range 2 {
		cat := h.s.Catalog()
		if cat.DatabaseNamed("shop") == nil || cat.RoleNamed("clerk") == nil ||
			cat.Namespace(database.OID, "public") == nil ||
			cat.Extension(database.OID,
				"vector") == nil || cat.Stats(inside.OID).Rows != 9 || len(cat.Tables(database.OID)) != 1 {
			t.Fatal("something is gone")
		}
		if h.s.RowCount(inside.OID) != 2 || h.s.RowCount(h.table) != 0 {
			t.Fatal("rows of one database in another")
		}
		h.reopen()
	}
	tx = h.begin()
	for _, o := range []any{inside, ext, ns, role, database} {
		h.check(tx.Drop(o))
	}
	h.commit(tx)
	h.reopen()
	cat := h.s.Catalog()
	if cat.DatabaseNamed("shop") != nil || cat.RoleNamed("clerk") != nil || cat.Object(ext.OID) != nil ||
		cat.Table(inside.OID) != nil {
		t.Fatal("something is left")
	}
	tx = h.begin()
	defer tx.Rollback()
	if err := tx.Put(5); !errors.Is(err, catalog.ErrUnknownObject) {
		t.Fatal(err)
	}
}

// A column that was dropped is gone from every way of reading, its number is not given to another, and rows stored
// before and after live side by side.
func TestDroppedColumns(t *testing.T) {
	h := start(t, storage.Options{})
	h.insert(1, 2)
	h.flush()
	h.insert(3, 1)
	tx := h.begin()
	narrow := *h.s.Catalog().Table(h.table)
	narrow.Columns = append(narrow.Columns[:0:0], narrow.Columns...)
	narrow.Columns[1].Dropped, narrow.Columns[4].Dropped = true, true
	h.check(tx.Put(&narrow))
	in := rows(4, 1)
	in.Cols = append(in.Cols[:1:1], in.Cols[2:4]...)
	_, err := tx.Insert(ctx, h.table, in)
	h.check(err)
	h.commit(tx)
	check := func() {
		t.Helper()
		tx := h.begin()
		defer tx.Rollback()
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		h.expect(h.readAll(tr.Scan(storage.ScanOptions{Cols: []int16{1, 3, 4}})), "1|0.5|false", "2|1|true", "3|1.5|false",
			"4|2|true")
		for _, col := range []int16{2, 5} {
			_, _, err := tr.Scan(storage.ScanOptions{Cols: []int16{col}}).Next(ctx)
			h.wants(err, storage.ErrNoRelation)
			_, _, err = tr.Fetch(ctx, nil, []int16{col})
			h.wants(err, storage.ErrNoRelation)
		}
	}
	check()
	h.reopen()
	check()
	h.flush()
	check()
	h.merge(h.s.Version())
	check()
}

// A sequence counts within its bounds in both directions and around, and never gives a value that it could not.
func TestSequenceBounds(t *testing.T) {
	h := start(t, storage.Options{})
	oid := storage.OID(40000)
	f := func(p schema.Sequence, want ...int64) {
		t.Helper()
		oid++
		for i, w := range want {
			if got, err := h.s.NextVal(oid, &p, 1); err != nil || got != w {
				t.Fatalf("%+v: value %d is %d, %v, want %d", p, i, got, err, w)
			}
		}
		if p.Cycle {
			return
		}
		for range 2 {
			_, err := h.s.NextVal(oid, &p, 1)
			h.wants(err, storage.ErrSequenceLimit)
		}
		if st, err := h.s.Sequence(oid, &p); err != nil || st.Last != want[len(want)-1] {
			t.Fatalf("%+v: at the limit its state is %+v, %v", p, st, err)
		}
	}
	f(schema.Sequence{Start: 1, Increment: 1, Min: 1, Max: 3}, 1, 2, 3)
	f(schema.Sequence{Start: 2, Increment: 3, Min: 1, Max: 9}, 2, 5, 8)
	f(schema.Sequence{Start: -1, Increment: -2, Min: -6, Max: -1}, -1, -3, -5)
	f(schema.Sequence{Start: math.MaxInt64 - 1, Increment: 1, Min: 1, Max: math.MaxInt64}, math.MaxInt64-1, math.MaxInt64)
	f(schema.Sequence{Start: math.MinInt64 + 1, Increment: -1, Min: math.MinInt64, Max: -1}, math.MinInt64+1,
		math.MinInt64)
	f(schema.Sequence{Start: 1, Increment: math.MaxInt64, Min: 1, Max: math.MaxInt64}, 1)
	f(schema.Sequence{Start: 3, Increment: 2, Min: 1, Max: 4, Cycle: true}, 3, 1, 3, 1)
	f(schema.Sequence{Start: -3, Increment: -2, Min: -4, Max: -1, Cycle: true}, -3, -1, -3)
	f(schema.Sequence{Start: 5, Increment: 1, Min: 5, Max: 5, Cycle: true}, 5, 5, 5)
	// A run of values is given whole or not at all.
	p := schema.Sequence{Start: 1, Increment: 1, Min: 1, Max: 10}
	if got, err := h.s.NextVal(50000, &p, 10); err != nil || got != 1 {
		t.Fatal(got, err)
	}
	p.Max = 15
	_, err := h.s.NextVal(50000, &p, 6)
	h.wants(err, storage.ErrSequenceLimit)
	if got, err := h.s.NextVal(50000, &p, 5); err != nil || got != 11 {
		t.Fatal(got, err)
	}
}

// Values are given once, to many at a time, through crashes of the process, and whatever becomes of the transaction
// that asked; a new set of values begins anew.
func TestSequenceValuesAreGivenOnce(t *testing.T) {
	h := start(t, storage.Options{})
	p := &schema.Sequence{Type: int8OID, Start: 1, Increment: 1, Min: 1, Max: 1 << 40}
	const oid, workers, each = storage.OID(40000), 6, 100
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range each {
				v, err := h.s.NextVal(oid, p, 2)
				mu.Lock()
				if err != nil || seen[v] || seen[v+1] {
					t.Errorf("value %d: %v, or it was given before", v, err)
				}
				seen[v], seen[v+1] = true, true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != workers*each*2 || !seen[1] || !seen[workers*each*2] {
		t.Fatalf("%d values", len(seen))
	}
	h.insert(1, 1) // makes them durable
	h.reopen()
	v, err := h.s.NextVal(oid, p, 1)
	if err != nil || seen[v] {
		t.Fatalf("value %d is given again: %v", v, err)
	}
	again := *p
	again.Values = 40001 // as ALTER SEQUENCE RESTART gives it
	if v, err := h.s.NextVal(oid, &again, 1); err != nil || v != 1 {
		t.Fatal(v, err)
	}
	if w, err := h.s.NextVal(oid, p, 1); err != nil || w != v+1 {
		t.Fatalf("the old values go on with %d, %v, want %d", w, err, v+1)
	}
}

// Values that one user has drawn are taken back as far as no other's are among or behind them, and nothing when the
// sequence was set.
func TestGiveBack(t *testing.T) {
	h := start(t, storage.Options{})
	p := &schema.Sequence{Start: 1, Increment: 1, Min: 1, Max: 100}
	const oid = storage.OID(40000)
	draw := func(d *storage.Draws, want int64) {
		t.Helper()
		if v, err := h.s.Draw(oid, p, d); err != nil || v != want {
			t.Fatalf("drew %d, %v, want %d", v, err, want)
		}
	}
	back := func(d *storage.Draws) {
		t.Helper()
		if err := h.s.GiveBack(oid, p, *d); err != nil {
			t.Fatal(err)
		}
		*d = storage.Draws{}
	}
	var a, b storage.Draws
	back(&a)
	draw(&a, 1)
	draw(&a, 2)
	back(&a)
	draw(&a, 1)
	draw(&b, 2)
	back(&a) // 2 is b's
	draw(&b, 3)
	back(&b)
	draw(&a, 2)
	draw(&b, 3)
	draw(&a, 4)
	draw(&a, 5)
	back(&a) // 3 is b's: 4 and 5 come again
	draw(&b, 4)
	if err := h.s.SetVal(oid, p, 4, true); err != nil {
		t.Fatal(err)
	}
	back(&b)
	draw(&a, 5)
	h.insert(1, 1) // makes it durable
	h.reopen()
	if v, err := h.s.NextVal(oid, p, 1); err != nil || v <= 5 {
		t.Fatalf("after a restart it gives %d, %v", v, err)
	}
}

// The size of a relation is that of its files and tail, of an index about its share; nothing is not there.
func TestSizes(t *testing.T) {
	h := start(t, storage.Options{})
	size := func(oid storage.OID) int64 {
		t.Helper()
		n, err := h.s.Sizes(oid)
		h.check(err)
		return n
	}
	if size(h.table) != 0 || size(99999) != 0 {
		t.Fatal("an empty table has a size")
	}
	h.insert(1, 1000)
	tail := size(h.table)
	h.flush()
	files := size(h.table)
	var sum int64
	in, _ := h.s.TableInfo(h.table)
	for _, f := range in.Fragments {
		sum += f.Bytes
	}
	if tail < 1000*8 || files != sum || files < 1000*8 {
		t.Fatalf("%d bytes in memory, %d in files of %d", tail, files, sum)
	}
	h.reopen() // the index is in Pebble's tables then
	if n := size(h.pk); n < 1000 {
		t.Fatalf("an index of 1000 rows takes %d bytes", n)
	}
	if in, ok := h.s.TableInfo(99999); ok {
		t.Fatalf("%+v", in)
	}
	if s := h.s.Stats(); s.Tables != 1 || s.Fragments != 2 || s.TailRows != 0 || s.PebbleBytes == 0 {
		t.Fatalf("%+v", s)
	}
}
