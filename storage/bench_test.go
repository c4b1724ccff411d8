package storage_test

import (
	"testing"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

func BenchmarkScan30Rows(b *testing.B) {
	h := newHarness(b, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, 30))
	h.check(err)
	h.commit(tx)
	b.ReportAllocs()
	for b.Loop() {
		tx := h.begin()
		tx.StartStatement()
		r := tx.Reader()
		tr, err := r.Table(h.table)
		h.check(err)
		s := tr.Scan(storage.ScanOptions{Cols: allCols[:3]})
		for {
			batch, _, err := s.Next(ctx)
			h.check(err)
			if batch == nil {
				break
			}
		}
		h.check(r.Close())
		tx.Rollback()
	}
}

func BenchmarkPointLookup(b *testing.B) {
	h := newHarness(b, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, rows(1, 1000))
	h.check(err)
	h.commit(tx)
	b.ReportAllocs()
	for b.Loop() {
		tx := h.begin()
		r := tx.Reader()
		tr, err := r.Table(h.table)
		h.check(err)
		k := []types.Datum{types.IntDatum(77)}
		s := tr.IndexScan(h.pk, []storage.KeyRange{{Lo: k, Hi: k}}, false)
		ids, err := s.Next(ctx)
		h.check(err)
		_, _, err = tr.Fetch(ctx, ids, allCols)
		h.check(err)
		h.check(s.Close())
		h.check(r.Close())
		tx.Rollback()
	}
}

func BenchmarkInsertCommit(b *testing.B) {
	h := newHarness(b, storage.Options{FS: vfs.Default})
	defer func() { h.check(h.s.Close()) }()
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		i++
		tx := h.begin()
		_, err := tx.Insert(ctx, h.table, rows(i, 1))
		h.check(err)
		h.commit(tx)
	}
}

func BenchmarkLoad(b *testing.B) {
	h := newHarness(b, storage.Options{FS: vfs.Default})
	defer func() { h.check(h.s.Close()) }()
	next := 1
	for b.Loop() {
		tx := h.begin()
		for range 20 {
			_, err := tx.Insert(ctx, h.table, rows(next, 1000))
			h.check(err)
			next += 1000
		}
		h.commit(tx)
	}
	b.ReportMetric(20000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkLoadVectors loads rows with 384 numbers each as COPY does.
func BenchmarkLoadVectors(b *testing.B) {
	const dims, n, batches = 384, 1000, 40
	h := newHarness(b, storage.Options{FS: vfs.Default})
	defer func() { h.check(h.s.Close()) }()
	tx := h.begin()
	wide := tableOf(h.oid(tx), "wide")
	wide.Columns[4].Type = types.T{OID: types.VectorOID, Mod: dims}
	h.check(tx.Put(wide))
	h.commit(tx)
	in := rows(1, n)
	in.Cols[4].Type.Mod = dims
	for i := range in.Cols[4].S {
		in.Cols[4].S[i] = types.VectorString(make([]float32, dims))
	}
	for b.Loop() {
		tx := h.begin()
		for range batches {
			_, err := tx.Insert(ctx, wide.OID, in)
			h.check(err)
		}
		h.commit(tx)
	}
	b.ReportMetric(n*batches*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
