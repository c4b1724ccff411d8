package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// withNulls is a batch of rows of which every third has no vector and every second no score.
func withNulls(from, n int) *storage.Rows {
	in := rows(from, n)
	for i := range n {
		if i%3 == 0 {
			in.Cols[4].SetNull(i)
		}
		if i%2 == 0 {
			in.Cols[2].SetNull(i)
		}
	}
	return in
}

// reading reads everything of the table in all ways there are, and returns the first error and what was read before.
func (h *harness) reading() (got []string, err error) {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	r := tx.Reader()
	defer func() { h.check(r.Close()) }()
	tr, err := r.Table(h.table)
	h.check(err)
	var ids []storage.RowID
	for s := tr.Scan(storage.ScanOptions{Cols: allCols}); ; {
		b, rows, err := s.Next(ctx)
		if err != nil {
			return got, err
		}
		if b == nil {
			break
		}
		ids = append(ids, rows...)
		for i := range b.N {
			got = append(got, show(b, i))
		}
	}
	b, _, err := tr.Fetch(ctx, ids, allCols)
	if err != nil {
		return got, err
	}
	for i := range b.N {
		if s := show(b, i); s != got[i] {
			return got, fmt.Errorf("fetched %s, scanned %s", s, got[i])
		}
	}
	return got, nil
}

// A byte that has changed anywhere in a fragment's file, of scalars or of vectors, is found by the first read
// that it matters to. No read of a vector by its row, which looks at less than a scan does, gives a wrong one.
func TestFlippedByteInFragments(t *testing.T) {
	h := newHarness(t, storage.Options{})
	tx := h.begin()
	_, err := tx.Insert(ctx, h.table, withNulls(1, 60))
	h.check(err)
	h.commit(tx)
	h.flush()
	h.rename("refers to its vector", 2, 5, 8) // the next scalars have a hidden column of references
	h.flush()
	want, err := h.reading()
	h.check(err)
	vectors := h.vectorsByRow(nil)
	h.check(h.s.Close())
	dir := fmt.Sprintf("%s/data/%d", h.dir, h.table)
	files, err := h.fs.List(dir)
	h.check(err)
	if len(files) != 3 {
		t.Fatalf("files %v", files)
	}
	for _, file := range files {
		path := dir + "/" + file
		info, err := h.fs.Stat(path)
		h.check(err)
		found := 0
		for at := int64(0); at < info.Size(); at += 43 {
			flip(h, path, at)
			h.open()
			got, err := h.reading()
			switch {
			case err == nil && !slices.Equal(got, want):
				t.Fatalf("%s, byte %d: wrong rows", file, at)
			case errors.Is(err, storage.ErrCorrupt):
				found++
			default:
				t.Fatalf("%s, byte %d: not noticed: %v", file, at, err)
			}
			h.vectorsByRow(vectors)
			h.check(h.s.Close())
			flip(h, path, at)
		}
		if found == 0 {
			t.Fatalf("%s: no damage was found", file)
		}
	}
	h.open()
	if got, err := h.reading(); err != nil || !slices.Equal(got, want) {
		t.Fatal(err)
	}
	h.check(h.s.Close())
}

// vectorsByRow reads the vectors one by one. What is read must be as wanted, if that is given, or an ErrCorrupt.
func (h *harness) vectorsByRow(want map[storage.RowID]float32) map[storage.RowID]float32 {
	h.t.Helper()
	tx := h.begin()
	defer tx.Rollback()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	got := map[storage.RowID]float32{}
	for id := storage.RowID(1); id <= 60; id++ {
		err := tr.FetchVectors([]storage.RowID{id}, 5, func(_ int, v []float32) {
			got[id] = -1 // null
			if v != nil {
				got[id] = v[0]
			}
		})
		if err != nil && !errors.Is(err, storage.ErrCorrupt) {
			h.t.Fatal(err)
		}
		if w, ok := want[id]; ok && err == nil && got[id] != w {
			h.t.Fatalf("the vector of row %d begins with %v, want %v", id, got[id], w)
		}
	}
	return got
}

// A file that is too short, too long, empty, or another one is found as well.
func TestFragmentOfOtherLength(t *testing.T) {
	h := newHarness(t, storage.Options{})
	h.insert(1, 50)
	h.flush()
	h.check(h.s.Close())
	path := fmt.Sprintf("%s/data/%d/2.arrow", h.dir, h.table)
	good := h.read(path)
	other := h.read(fmt.Sprintf("%s/data/%d/1.arrow", h.dir, h.table))
	for what, content := range map[string]string{
		"empty": "", "cut": good[:len(good)-1], "half": good[:len(good)/2], "a byte": good[:1],
		"longer": good + "\x00", "twice": good + good, "another file": other, "zeros": strings.Repeat("\x00", len(good)),
	} {
		h.write(path, content)
		h.open()
		if _, err := h.reading(); !errors.Is(err, storage.ErrCorrupt) {
			t.Fatalf("%s: %v", what, err)
		}
		h.check(h.s.Close())
	}
	h.write(path, good)
	h.open()
	if got, err := h.reading(); err != nil || len(got) != 50 {
		t.Fatal(err)
	}
	h.check(h.s.Close())
}

// Damage in one block of a large file does not touch the rows of the others.
func TestDamageIsOfItsBlock(t *testing.T) {
	h := newHarness(t, storage.Options{DirectRows: 1})
	h.insert(1, 40000)
	h.check(h.s.Close())
	path := fmt.Sprintf("%s/data/%d/2.arrow", h.dir, h.table)
	info, err := h.fs.Stat(path)
	h.check(err)
	flip(h, path, info.Size()/2) // in the second of three blocks
	h.open()
	defer func() { h.check(h.s.Close()) }()
	tx := h.begin()
	defer tx.Rollback()
	r, tr := h.reader(tx)
	defer func() { h.check(r.Close()) }()
	b, _, err := tr.Fetch(ctx, []storage.RowID{1, 16384}, allCols)
	h.check(err)
	if show(b, 0) != line(1, "") || show(b, 1) != line(16384, "") {
		t.Fatalf("rows %s and %s", show(b, 0), show(b, 1))
	}
	bad := 0
	for id := storage.RowID(16385); id <= 32768; id += 1000 {
		if _, _, err := tr.Fetch(ctx, []storage.RowID{id}, allCols); errors.Is(err, storage.ErrCorrupt) {
			bad++
		} else {
			h.check(err)
		}
	}
	if bad == 0 {
		t.Fatal("the damage is not found")
	}
	_, _, err = tr.Fetch(ctx, []storage.RowID{40000}, allCols)
	h.check(err)
	err = nil
	for s := tr.Scan(storage.ScanOptions{Cols: allCols}); err == nil; {
		var b *batch.Batch
		if b, _, err = s.Next(ctx); b == nil {
			break
		}
	}
	h.wants(err, storage.ErrCorrupt)
}

// A byte that has changed in the log or the tables of the catalog is found when the store opens or when it is
// read, or it was in a part that nothing reads; no row is ever wrong, half there, or there twice.
func TestFlippedByteInTheCatalog(t *testing.T) {
	h := newHarness(t, storage.Options{})
	h.insert(1, 30)
	h.check(h.s.Close())
	h.open() // the rows lie in a table now
	h.insert(31, 5)
	h.check(h.s.Close())
	names, err := h.fs.List(h.dir + "/catalog")
	h.check(err)
	found := map[string]int{}
	for _, name := range names {
		path := h.dir + "/catalog/" + name
		content := h.read(path)
		kind := name[strings.LastIndexAny(name, ".-0")+1:]
		if strings.HasPrefix(name, "MANIFEST") {
			kind = "MANIFEST"
		}
		for at := 0; at < len(content); at += max(len(content)/60, 1) {
			before := h.snapshot()
			flip(h, path, int64(at))
			if h.opensOrSays(path, at) {
				found[kind]++
			}
			h.restore(before)
		}
	}
	if found["sst"] == 0 || found["MANIFEST"] == 0 {
		t.Fatalf("damage found by kind of file: %v", found)
	}
}

// snapshot and restore keep the whole folder of the catalog, which every start changes.
func (h *harness) snapshot() map[string]string {
	h.t.Helper()
	out := map[string]string{}
	names, err := h.fs.List(h.dir + "/catalog")
	h.check(err)
	for _, n := range names {
		out[n] = h.read(h.dir + "/catalog/" + n)
	}
	return out
}

func (h *harness) restore(files map[string]string) {
	h.t.Helper()
	h.check(h.fs.RemoveAll(h.dir + "/catalog"))
	for n, content := range files {
		h.write(h.dir+"/catalog/"+n, content)
	}
}

// opensOrSays opens the damaged store and reads it. It says whether there was an error.
func (h *harness) opensOrSays(path string, at int) (found bool) {
	h.t.Helper()
	s, err := storage.Open(h.dir, h.o)
	if err != nil {
		return true
	}
	h.s = s
	defer func() { _ = s.Close() }() // what is damaged may be told again
	if s.Catalog().Table(h.table) == nil {
		return false // the whole log is unreadable from its first byte: it ends there
	}
	got, err := h.reading()
	if err != nil {
		return true
	}
	if n := len(got); n != 35 && n != 30 && n != 0 || !slices.Equal(got, lines(1, len(got))) {
		h.t.Fatalf("%s, byte %d: %d rows, the first %q", path, at, n, got[:min(n, 3)])
	}
	tx := h.begin()
	defer tx.Rollback()
	r, tr := h.reader(tx)
	defer func() { _ = r.Close() }() // as above
	set, err := tr.IndexRows(ctx, h.pk, []storage.KeyRange{{}})
	if err == nil && set.Cardinality() != len(got) {
		h.t.Fatalf("%s, byte %d: the index has %d rows of %d", path, at, set.Cardinality(), len(got))
	}
	return err != nil
}

// Whatever else reads a damaged fragment says so, changes nothing, and the store goes on.
func TestDamageInWritingPaths(t *testing.T) {
	f := func(what string, do func(h *harness) error) {
		t.Helper()
		h := newHarness(t, storage.Options{})
		h.insert(1, 20)
		h.flush()
		h.insert(21, 20)
		h.flush()
		h.check(h.s.Close())
		path := fmt.Sprintf("%s/data/%d/2.arrow", h.dir, h.table)
		info, err := h.fs.Stat(path)
		h.check(err)
		flip(h, path, info.Size()/2)
		h.open()
		h.wants(do(h), storage.ErrCorrupt)
		if got := len(h.fragments(0)); got != 2 {
			t.Fatalf("%s: %d fragments", what, got)
		}
		if n := h.countFiles(h.dir + "/data"); n != 4 {
			t.Fatalf("%s: %d files", what, n)
		}
		h.insert(100, 1)
		h.check(h.s.Close())
	}
	f("merge", func(h *harness) error {
		_, err := h.s.MergeTable(ctx, h.table, storage.MergeOptions{Fragments: h.fragments(0)})
		return err
	})
	f("update", func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		return tx.Update(ctx, h.table, []storage.RowID{5}, []int16{2}, textColumn("x"))
	})
	f("index", func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		return tx.BuildIndex(ctx, h.indexOf(h.oid(tx), "i", false, keyOn(2, textOID)), storage.BuildOptions{})
	})
	f("index scan", func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		r, tr := h.reader(tx)
		defer func() { h.check(r.Close()) }()
		_, err := tr.IndexRows(ctx, h.pk, []storage.KeyRange{{}})
		return err
	})
	f("unique check", func(h *harness) error {
		tx := h.begin()
		defer tx.Rollback()
		_, err := tx.Insert(ctx, h.table, rows(5, 1))
		return err
	})
	f("sweep", func(h *harness) error {
		_, _, err := h.s.SweepIndex(ctx, h.pk, nil)
		return err
	})
}

// The null bits of vectors lie apart from what else a look at a vector verifies. Damage there is found as well,
// though the checksums of the file are of blocks: the name of the column moves them over the border of one.
func TestFlippedNullBits(t *testing.T) {
	const n = 16384
	found := 0
	for shift := range 4 {
		h := newHarness(t, storage.Options{DirectRows: 1})
		tx := h.begin()
		h.table = h.oid(tx)
		h.check(tx.Put(&schema.Table{
			OID: h.table, DB: schema.PostgresDBOID, Namespace: schema.PublicOID, Name: "wide", Kind: schema.KindTable,
			Columns: []schema.Column{{Num: 1, Name: strings.Repeat("n", 62600+shift*500), Type: vectorType()}},
		}))
		col := batch.New(vectorType(), types.String, n)
		for i := range n {
			if i%3 == 0 {
				col.Append(types.NullDatum)
			} else {
				col.Append(types.StringDatum(vec(float64(i))))
			}
		}
		_, err := tx.Insert(ctx, h.table, &storage.Rows{N: n, Cols: []*batch.Column{col}})
		h.check(err)
		h.commit(tx)
		h.check(h.s.Close())
		path := fmt.Sprintf("%s/data/%d/1.arrow", h.dir, h.table)
		content := h.read(path)
		bits := strings.Index(content, strings.Repeat("\xb6\x6d\xdb", 100)) // every third is null
		if bits < 0 {
			t.Fatal("the null bits are not found")
		}
		at := bits + n/8 - 10
		flip(h, path, int64(at))
		h.open()
		tx = h.begin()
		r, tr := h.reader(tx)
		row := storage.RowID(8*(at-bits) + 1)
		for id := row; id < row+8; id++ {
			err := tr.FetchVectors([]storage.RowID{id}, 1, func(_ int, v []float32) {
				if null := (id-1)%3 == 0; (v == nil) != null {
					t.Fatalf("shift %d: row %d is %v", shift, id, v)
				}
			})
			if err != nil {
				h.wants(err, storage.ErrCorrupt)
				found++
			}
		}
		h.check(r.Close())
		tx.Rollback()
		h.check(h.s.Close())
	}
	if found == 0 {
		t.Fatal("no damage was found")
	}
}
