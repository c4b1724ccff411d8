package storage_test

import (
	"errors"
	"io"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"

	"github.com/vecdb/vecdb/storage"
)

// TestPlainReader reads the fragments as any Arrow program would and joins the groups by row id.
func TestPlainReader(t *testing.T) {
	h := newHarness(t, storage.Options{})
	defer func() { h.check(h.s.Close()) }()
	h.seed(5)
	h.check(h.s.FlushTable(ctx, h.table))
	in, _ := h.s.TableInfo(h.table)
	if len(in.Fragments) != 2 || in.TailRows != 0 {
		t.Fatalf("%+v", in)
	}
	dir := h.dir + "/data"
	folders, err := h.fs.List(dir)
	h.check(err)
	names := map[uint64]string{}
	vecs := map[uint64]float32{}
	files, err := h.fs.List(h.fs.PathJoin(dir, folders[0]))
	h.check(err)
	for _, file := range files {
		f, err := h.fs.Open(h.fs.PathJoin(dir, folders[0], file))
		h.check(err)
		info, err := f.Stat()
		h.check(err)
		r, err := ipc.NewFileReader(io.NewSectionReader(f, 0, info.Size()))
		h.check(err)
		for i := range r.NumRecords() {
			rec, err := r.RecordBatch(i)
			h.check(err)
			ids := rec.Column(0).(*array.Uint64)
			for j := range int(rec.NumRows()) {
				if at := r.Schema().FieldIndices("name"); len(at) > 0 {
					names[ids.Value(j)] = rec.Column(at[0]).(*array.String).ValueStr(j)
				}
				if at := r.Schema().FieldIndices("vec"); len(at) > 0 {
					l := rec.Column(at[0]).(*array.FixedSizeList)
					vecs[ids.Value(j)] = l.ListValues().(*array.Float32).Value(3 * j)
				}
			}
		}
		h.check(r.Close())
		h.check(f.Close())
	}
	for id := uint64(1); id <= 5; id++ {
		want := "(null)"
		if id != 3 {
			want = "name " + string('0'+rune(id))
		}
		if names[id] != want || vecs[id] != float32(id) {
			t.Fatalf("row %d: %q %v", id, names[id], vecs[id])
		}
	}
}

// TestDamage changes one byte of a fragment at a time: reading must say so, and other tables must work.
func TestDamage(t *testing.T) {
	h := newHarness(t, storage.Options{})
	h.seed(50)
	h.check(h.s.FlushTable(ctx, h.table))
	tx := h.begin()
	other := h.oid(tx)
	h.check(tx.Put(tableOf(other, "other")))
	_, err := tx.Insert(ctx, other, rows(1, 1))
	h.check(err)
	h.commit(tx)
	h.check(h.s.Close())
	dir := h.dir + "/data"
	folders, err := h.fs.List(dir)
	h.check(err)
	path := h.fs.PathJoin(dir, folders[0], "2.arrow") // the scalars; vectors are written first
	info, err := h.fs.Stat(path)
	h.check(err)
	for at := int64(0); at < info.Size(); at += 97 {
		flip(h, path, at)
		h.open()
		tx := h.begin()
		r := tx.Reader()
		tr, err := r.Table(h.table)
		h.check(err)
		s := tr.Scan(storage.ScanOptions{Cols: allCols})
		for b, _, err := s.Next(ctx); ; b, _, err = s.Next(ctx) {
			if err != nil && !errors.Is(err, storage.ErrCorrupt) {
				t.Fatalf("byte %d: %v", at, err)
			}
			if err == nil && b == nil {
				t.Fatalf("byte %d: the damage is not noticed", at)
			}
			if err != nil {
				break
			}
		}
		or, err := r.Table(other)
		h.check(err)
		if b, _, err := or.Scan(storage.ScanOptions{Cols: allCols}).Next(ctx); err != nil || b.N != 1 {
			t.Fatalf("the other table: %v", err)
		}
		h.check(r.Close())
		tx.Rollback()
		h.check(h.s.Close())
		flip(h, path, at)
	}
}

func flip(h *harness, path string, at int64) {
	h.t.Helper()
	f, err := h.fs.OpenReadWrite(path, "")
	h.check(err)
	b := make([]byte, 1)
	_, err = f.ReadAt(b, at)
	h.check(err)
	b[0] ^= 0x10
	_, err = f.WriteAt(b, at)
	h.check(err)
	h.check(f.Close())
}
