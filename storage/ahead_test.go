package storage_test

import (
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
)

// fresh makes a table with a key in the transaction and returns both.
func (h *harness) fresh(tx *storage.Txn, name string) (table, key storage.OID) {
	h.t.Helper()
	tb := tableOf(h.oid(tx), name)
	h.check(tx.Put(tb))
	idx := &schema.Index{
		OID: h.oid(tx), DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Table: tb.OID, Name: name + "_pkey",
		Method: "btree", Unique: true, Keys: []schema.IndexKey{keyOn(1, int4OID)},
	}
	h.check(tx.Put(idx))
	return tb.OID, idx.OID
}

// A load into a table of its own transaction writes index entries ahead; they go with the table when it does not
// come to the commit: by a rollback, by one to a mark, or by a crash.
func TestEntriesAheadOfANewTable(t *testing.T) {
	h := start(t, storage.Options{EntriesMax: 5})
	load := func(tx *storage.Txn, table storage.OID, from int) {
		t.Helper()
		for i := range 4 {
			_, err := tx.Insert(ctx, table, rows(from+3*i, 3))
			h.check(err)
		}
	}
	none := func(what string, index storage.OID) {
		t.Helper()
		if n := h.s.Keys(index); n != 0 {
			t.Fatalf("%s: %d entries are left", what, n)
		}
	}
	tx := h.begin()
	table, key := h.fresh(tx, "u")
	load(tx, table, 1)
	if h.s.Keys(key) == 0 {
		t.Fatal("nothing was written ahead")
	}
	tx.Rollback()
	none("rollback", key)

	tx = h.begin()
	table, key = h.fresh(tx, "u")
	load(tx, table, 1)
	h.check(h.s.Close()) // with the transaction open
	h.open()
	none("crash", key)

	tx = h.begin()
	table, key = h.fresh(tx, "u")
	_, err := tx.Insert(ctx, table, rows(100, 3))
	h.check(err)
	inner := tx.Savepoint()
	load(tx, table, 1) // writes the first rows' entries ahead, too
	tx.RollbackTo(inner)
	outer := tx.Savepoint()
	other, otherKey := h.fresh(tx, "v")
	load(tx, other, 1)
	tx.RollbackTo(outer)
	none("rollback to a mark", otherKey)
	load(tx, table, 200)
	h.commit(tx)
	h.table, h.pk = table, key
	want := append(lines(100, 3), lines(200, 12)...)
	for range 2 {
		h.holds(append([]string(nil), want...)...)
		h.reopen()
	}
	if n := h.s.Keys(key); n < len(want) {
		t.Fatalf("%d entries of %d", n, len(want))
	}
}
