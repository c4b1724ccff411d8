package storage_test

import (
	"testing"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// BenchmarkBuildIndex builds an ordered index over rows in fragments.
func BenchmarkBuildIndex(b *testing.B) {
	const n = 300000
	h := newHarness(b, storage.Options{FS: vfs.Default})
	defer func() { h.check(h.s.Close()) }()
	for from := 1; from <= n; from += 50000 {
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(from, 50000))
		h.check(err)
		h.commit(tx)
	}
	for b.Loop() {
		tx := h.begin()
		h.check(tx.BuildIndex(ctx, &schema.Index{
			OID: h.oid(tx), DB: 5, Namespace: schema.PublicOID, Table: h.table,
			Name: "t_name", Method: "btree", Keys: []schema.IndexKey{{Column: 2, Type: types.Of(textOID)}},
		},
			storage.BuildOptions{}))
		tx.Rollback()
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
