package storage_test

import (
	"context"
	"fmt"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// A store with a table: rows go in with a transaction and come out of a scan at a version.
func Example() {
	ctx := context.Background()
	s, err := storage.Open("/db", storage.Options{FS: pvfs.NewMem()})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { fmt.Println("closed:", s.Close()) }()
	tx := s.Begin(storage.TxnOptions{})
	oid, _ := tx.NewOID()
	int4 := types.Of(types.Int4OID)
	err = tx.Put(&schema.Table{
		OID: oid, DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Name: "t", Kind: schema.KindTable,
		Columns: []schema.Column{{Num: 1, Name: "id", Type: int4}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	col := batch.New(int4, types.Int, 2)
	col.Append(types.IntDatum(7))
	col.Append(types.NullDatum)
	ids, _ := tx.Insert(ctx, oid, &storage.Rows{N: 2, Cols: []*batch.Column{col}})
	v, err := tx.Commit(ctx)
	fmt.Println("version", v, err)

	tx = s.Begin(storage.TxnOptions{})
	_ = tx.Delete(ctx, oid, ids[:1])
	_, _ = tx.Commit(ctx)

	tx = s.Begin(storage.TxnOptions{AsOf: v}) // before the delete
	defer tx.Rollback()
	r := tx.Reader()
	defer func() { _ = r.Close() }()
	t, _ := r.Table(oid)
	b, rows, _ := t.Scan(storage.ScanOptions{Cols: []int16{1}}).Next(ctx)
	fmt.Println(rows, b.Cols[0].I[0], b.Cols[0].Null(1))
	// Output:
	// version 2 <nil>
	// [1 2] 7 true
	// closed: <nil>
}
