package crash_test

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/storage"
)

// found reads the whole table.
func (r *run) found(tx *storage.Txn) (state, map[storage.RowID]int64) {
	r.t.Helper()
	out, keys := state{rows: map[int64]row{}}, map[storage.RowID]int64{}
	rd := tx.Reader()
	defer func() { r.check(rd.Close()) }()
	tr, err := rd.Table(tableOID)
	r.check(err)
	for s := tr.Scan(storage.ScanOptions{Cols: []int16{1, 2, 3}}); ; {
		b, ids, err := s.Next(ctx)
		r.check(err)
		if b == nil {
			break
		}
		for i := range b.N {
			key := b.Cols[0].I[i]
			if _, twice := out.rows[key]; twice {
				r.fail("key %d comes twice", key)
			}
			v := math.Float32frombits(binary.LittleEndian.Uint32([]byte(b.Cols[2].S[i])))
			out.rows[key] = row{b.Cols[1].S[i], v}
			keys[ids[i]] = key
		}
	}
	out.named = tx.Catalog().Index(nameOID) != nil
	return out, keys
}

// verify looks at an opened store: its content must be one of the states.
func (r *run) verify(allowed ...state) {
	r.t.Helper()
	tx := r.s.Begin(storage.TxnOptions{})
	defer tx.Rollback()
	got, keys := r.found(tx)
	ok := slices.ContainsFunc(allowed, func(s state) bool {
		return s.named == got.named && slices.Equal(s.texts(), got.texts())
	})
	if !ok {
		r.fail("found %v %q\nwant %v %q\n(%d states allowed)", got.named, got.texts(), allowed[0].named, allowed[0].texts(),
			len(allowed))
	}
	r.verifyIndexes(tx, got, keys)
	r.verifyFiles()
}

// verifyIndexes checks that the indexes have all rows and only them.
func (r *run) verifyIndexes(tx *storage.Txn, got state, keys map[storage.RowID]int64) {
	r.t.Helper()
	rd := tx.Reader()
	defer func() { r.check(rd.Close()) }()
	tr, err := rd.Table(tableOID)
	r.check(err)
	indexes := []storage.OID{pkOID}
	if got.named {
		indexes = append(indexes, nameOID)
	}
	for _, idx := range indexes {
		set, err := tr.IndexRows(ctx, idx, []storage.KeyRange{{}})
		r.check(err)
		for id := range keys {
			if !set.Contains(uint64(id)) {
				r.fail("index %d lacks row %d", idx, id)
			}
		}
		if set.Cardinality() != len(keys) {
			r.fail("index %d has %d rows of %d", idx, set.Cardinality(), len(keys))
		}
	}
	a, err := tr.ANN(annOID)
	r.check(err)
	covered := a.CoveredRows()
	uncovered := int64(0)
	for u := a.Uncovered(); ; {
		ids, _, err := u.Next(ctx)
		r.check(err)
		if len(ids) == 0 {
			break
		}
		uncovered += int64(len(ids))
	}
	if covered+uncovered < int64(len(keys)) {
		r.fail("the vector index reaches %d + %d rows of %d", covered, uncovered, len(keys))
	}
}

// verifyFiles checks that exactly the files that the catalog names are there.
func (r *run) verifyFiles() {
	r.t.Helper()
	in, _ := r.s.TableInfo(tableOID)
	want := map[string]bool{}
	for _, f := range in.Fragments {
		want["/db/data/"+strconv.Itoa(int(tableOID))+"/"+strconv.FormatUint(f.ID, 10)+".arrow"] = true
	}
	for _, a := range in.Indexes {
		for _, s := range a.Segments {
			want["/db/index/"+strconv.Itoa(int(a.Index))+"/"+s.File] = true
		}
	}
	for _, dir := range []string{"/db/data", "/db/index", "/db/tmp"} {
		for _, name := range r.files(r.s.FS(), dir) {
			if !want[name] {
				r.fail("stray file %s", name)
			}
			delete(want, name)
		}
	}
	if len(want) > 0 {
		r.fail("missing files %v", want)
	}
}

// files lists the files below dir.
func (r *run) files(fs vfs.FS, dir string) (out []string) {
	r.t.Helper()
	names, err := fs.List(dir)
	r.check(err)
	for _, n := range names {
		path := fs.PathJoin(dir, n)
		info, err := fs.Stat(path)
		r.check(err)
		if info.IsDir() {
			out = append(out, r.files(fs, path)...)
		} else {
			out = append(out, path)
		}
	}
	return out
}

var txnOptions storage.TxnOptions

// expect compares what was found with what was acknowledged.
func (r *run) expect(got state) {
	r.t.Helper()
	if got.named != r.acked.named || !slices.Equal(got.texts(), r.acked.texts()) {
		r.fail("found %v %q\nwant %v %q", got.named, got.texts(), r.acked.named, r.acked.texts())
	}
}
