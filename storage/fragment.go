package storage

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// fragmentID numbers the fragments of a table; never reused while the store is open.
type fragmentID uint64

// fragmentFormat is the first byte of a fragment record.
const fragmentFormat = 1

// fragmentRecord is what the catalog knows about a fragment: an Arrow IPC file with one column group
// of some row versions, sorted by row id and version. On disk: docs/format/fragment.md.
type fragmentRecord struct {
	ID      fragmentID
	Group   int16 // scalarGroup or the number of a vector column
	File    string
	Bytes   int64
	Rows    int
	MinRow  RowID
	MaxRow  RowID
	Dense   bool    `json:",omitempty"` // the rows are MinRow to MaxRow, each once
	Created Version `json:",omitempty"` // of all rows; 0: each row's is in the file
	// MaxCreated is the newest Created of all rows.
	MaxCreated Version
	// Aligned names, for each vector column, the fragment whose row n is the vector of row n here.
	Aligned map[int16]fragmentID `json:",omitempty"`
	// Refs lists the vector columns for which some rows have the vector of an earlier version.
	Refs    []int16 `json:",omitempty"`
	Columns []columnRecord
	Blocks  []blockRecord
}

// columnRecord is a column of a fragment.
type columnRecord struct {
	Num  int16
	Type types.T
}

// blockRecord is a record batch of a fragment: where it lies, which rows it has, and what its columns
// hold, in the order of Columns.
type blockRecord struct {
	Offset int64
	MinRow RowID
	Zones  []zone `json:",omitempty"`
}

// zone bounds the values of a column in a block. Without HasBounds nothing is known but the nulls.
type zone struct {
	Nulls     int         `json:",omitempty"`
	HasBounds bool        `json:",omitempty"`
	Min, Max  types.Datum // of values that are not null
}

func (r *fragmentRecord) encode() ([]byte, error) {
	b, err := json.Marshal(r)
	return append([]byte{fragmentFormat}, b...), err
}

func decodeFragment(b []byte) (*fragmentRecord, error) {
	if len(b) == 0 || b[0] != fragmentFormat {
		return nil, fmt.Errorf("%w: fragment record format", ErrCorrupt)
	}
	r := new(fragmentRecord)
	if err := json.Unmarshal(b[1:], r); err != nil {
		return nil, fmt.Errorf("%w: fragment record: %w", ErrCorrupt, err)
	}
	if r.Rows < 1 || len(r.Blocks) != (r.Rows-1)/blockRows+1 {
		return nil, fmt.Errorf("%w: fragment %d has %d rows in %d blocks", ErrCorrupt, r.ID, r.Rows, len(r.Blocks))
	}
	return r, nil
}

// columnAt returns the index in Columns of the column num, or -1.
func (r *fragmentRecord) columnAt(num int16) int {
	return slices.IndexFunc(r.Columns, func(c columnRecord) bool { return c.Num == num })
}

// fragment is a fragment with its ends, and its file mapped on first use. Table states hold references;
// when the last one goes the file is unmapped, and deleted if the catalog names it no longer.
type fragment struct {
	rec   *fragmentRecord
	store *Store
	table OID
	path  string
	ends  *endSet

	life lifetime

	mu   sync.Mutex // guards opening
	file atomic.Pointer[fragmentFile]

	// seqs, for a fragment of a transaction's own writes, are the sequence numbers of its rows;
	// until the commit Created is 0 and nobody else knows the fragment.
	seqs []uint64
	sums []byte // checksums, for as long as Pebble does not have them
}

func (s *Store) newFragment(table OID, rec *fragmentRecord) *fragment {
	return &fragment{
		rec: rec, store: s, table: table, path: s.fragmentPath(table, rec.File),
		ends: newEndSet(rec.Rows),
	}
}

// opened returns the mapped file. Errors are ErrCorrupt or of the file system.
func (f *fragment) opened() (*fragmentFile, error) {
	if file := f.file.Load(); file != nil {
		return file, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if file := f.file.Load(); file != nil {
		return file, nil
	}
	file, err := openFragmentFile(f)
	if err != nil {
		return nil, fmt.Errorf("open fragment %d of table %d: %w", f.rec.ID, f.table, err)
	}
	f.file.Store(file)
	return file, nil
}

// keepSums reads the checksums into memory when the file is not open yet: whoever reads the fragment in an
// older state may open it after Pebble has lost them.
func (f *fragment) keepSums() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.file.Load() != nil || f.sums != nil {
		return nil
	}
	value, closer, err := f.store.db.Get(sumsKey(f.table, f.rec.ID))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil // opening it will say so
	}
	if err != nil {
		return err
	}
	f.sums = slices.Clone(value)
	return closer.Close()
}

func (f *fragment) ref() { f.life.refs.Add(1) }

// unref gives a reference back; the last one closes the file, and removes it when it is condemned.
func (f *fragment) unref() {
	if f.life.refs.Add(-1) > 0 {
		return
	}
	if file := f.file.Swap(nil); file != nil {
		if err := file.close(); err != nil {
			f.store.opts.Log.Error("close fragment", "file", f.path, "error", err)
		}
	}
	f.life.reap(f.store, f.path)
}

// condemn makes the file go with the last reference. What took it out of the catalog must be synced:
// a file that is gone while the catalog of a restart names it is lost data.
func (f *fragment) condemn() {
	f.life.condemned.Store(true)
	f.life.reap(f.store, f.path)
}

// lifetime decides when a file may be removed: when nothing refers to it and the catalog durably does
// not name it.
type lifetime struct {
	refs      atomic.Int32
	condemned atomic.Bool
	removed   atomic.Bool
}

func (l *lifetime) reap(s *Store, path string) {
	if l.condemned.Load() && l.refs.Load() <= 0 && l.removed.CompareAndSwap(false, true) {
		s.removeFile(path)
	}
}

// created returns the version that made the row at off.
func (f *fragment) created(off rowOffset) (uint64, error) {
	if f.seqs != nil {
		return f.seqs[off], nil
	}
	if f.rec.Created != 0 {
		return uint64(f.rec.Created), nil
	}
	b, err := f.block(int(off) / blockRows)
	if err != nil {
		return 0, err
	}
	return b.created[int(off)%blockRows], nil
}

// row returns the id of the row at off.
func (f *fragment) row(off rowOffset) (RowID, error) {
	if f.rec.Dense {
		return f.rec.MinRow + RowID(off), nil
	}
	b, err := f.block(int(off) / blockRows)
	if err != nil {
		return 0, err
	}
	return RowID(b.rows[int(off)%blockRows]), nil
}

func (f *fragment) block(i int) (*block, error) {
	file, err := f.opened()
	if err != nil {
		return nil, err
	}
	return file.block(i)
}

// visible says whether the row version at off is seen at v.
func (f *fragment) visible(off rowOffset, v uint64) (bool, error) {
	created, err := f.created(off)
	return visibleAt(created, f.ends.at(off), v), err
}

// appendVisible appends to sel the offsets from <= i < to, all in one block, that are seen at v.
func (f *fragment) appendVisible(sel []int32, from, to int, v uint64) ([]int32, error) {
	ended := f.ends.any(from, to)
	if f.seqs == nil && uint64(f.rec.MaxCreated) <= v {
		for i := from; i < to; i++ {
			if ended {
				if e := f.ends.at(rowOffset(i)); e != 0 && e <= v {
					continue
				}
			}
			sel = append(sel, int32(i))
		}
		return sel, nil
	}
	for i := from; i < to; i++ {
		ok, err := f.visible(rowOffset(i), v)
		if err != nil {
			return nil, err
		}
		if ok {
			sel = append(sel, int32(i))
		}
	}
	return sel, nil
}

// find returns the offsets lo <= i < hi of the versions of row id here, oldest first.
func (f *fragment) find(id RowID) (lo, hi rowOffset, err error) {
	if id < f.rec.MinRow || id > f.rec.MaxRow {
		return 0, 0, nil
	}
	if f.rec.Dense {
		off := rowOffset(id - f.rec.MinRow)
		return off, off + 1, nil
	}
	// The first block that may have the row is the one before the first that starts at or behind it.
	bi, _ := slices.BinarySearchFunc(f.rec.Blocks, id, func(b blockRecord, id RowID) int {
		return cmp.Compare(b.MinRow, id)
	})
	lo, hi = 0, 0
	for i := max(bi-1, 0); i < len(f.rec.Blocks) && f.rec.Blocks[i].MinRow <= id; i++ {
		b, err := f.block(i)
		if err != nil {
			return 0, 0, err
		}
		from, _ := slices.BinarySearch(b.rows, uint64(id))
		to := from
		for to < len(b.rows) && b.rows[to] == uint64(id) {
			to++
		}
		if from == to {
			continue
		}
		if hi == 0 {
			lo = rowOffset(i*blockRows + from)
		}
		hi = rowOffset(i*blockRows + to)
	}
	return lo, hi, nil
}

// findVisible returns the version of row id that is seen at v.
func (f *fragment) findVisible(id RowID, v uint64) (off rowOffset, ok bool, err error) {
	lo, hi, err := f.find(id)
	for off = lo; off < hi && err == nil; off++ {
		if ok, err = f.visible(off, v); ok {
			return off, true, err
		}
	}
	return 0, false, err
}

// findCreated returns the version of row id that was made at v. A transaction that spilled may have left
// others of the same version, which ended as they were made.
func (f *fragment) findCreated(id RowID, v uint64) (off rowOffset, ok bool, err error) {
	lo, hi, err := f.find(id)
	for off = lo; off < hi && err == nil; off++ {
		created, cerr := f.created(off)
		if cerr == nil && created == v && (f.seqs != nil || f.ends.at(off) != v) {
			return off, true, nil
		}
		err = cerr
	}
	return 0, false, err
}

// load fills dst, whose memory it may overwrite, with the rows from <= i < to, all in one block, of a
// column; strings and vectors point into the file. A column that the fragment lacks has the missing value.
func (f *fragment) load(dst *batch.Column, c *column, from, to int) error {
	b, err := f.block(from / blockRows)
	if err != nil {
		return err
	}
	base := from / blockRows * blockRows
	return b.load(dst, c, from-base, to-base)
}

// vectorRef returns the version whose vector of column num the row at off has; 0: its own.
func (f *fragment) vectorRef(num int16, off rowOffset) (Version, error) {
	if !slices.Contains(f.rec.Refs, num) {
		return 0, nil
	}
	b, err := f.block(int(off) / blockRows)
	if err != nil {
		return 0, err
	}
	return Version(b.refs[num][int(off)%blockRows]), nil
}
