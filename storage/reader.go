package storage

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/schema"
)

// Reader reads tables as a transaction's current statement sees them: the rows of its version and the
// transaction's own writes made before the Reader was opened, never later ones. It keeps what it
// reads from going away; strings and vectors it hands out are valid until Close.
type Reader struct {
	txn    *Txn
	v      uint64 // version read at
	seq    uint64 // last own step seen
	tables []*TableReader
	iters  map[OID]*pebble.Iterator // index iterators not in use
	pinned Version                  // by this reader itself; 0: the transaction's
}

// Reader opens a reader for the current statement. Close it before the transaction ends.
func (t *Txn) Reader() *Reader {
	r := &Reader{txn: t, v: uint64(t.snap.version), seq: t.seq}
	t.seq++
	return r
}

// NewestReader opens a reader of the newest durable version with the transaction's own writes. Checks
// across tables need it: what others committed since the statement began counts for them, too.
func (t *Txn) NewestReader() *Reader {
	p := t.store.pinNewest()
	r := &Reader{txn: t, v: uint64(p.version), seq: t.seq, pinned: p.version}
	t.seq++
	return r
}

// Close gives back what the reader pinned.
func (r *Reader) Close() error {
	var err error
	if r.pinned != 0 {
		r.txn.store.unpinVersion(r.pinned)
		r.pinned = 0
	}
	for _, tr := range r.tables {
		tr.state.unpin()
	}
	for _, it := range r.iters {
		err = errors.Join(err, it.Close())
	}
	r.tables, r.iters = nil, nil
	return err
}

// TableReader reads one table.
type TableReader struct {
	reader *Reader
	schema *schema.Table
	layout *layout
	state  *tableState
	hidden bool         // the transaction truncated the table: only own rows count
	own    *tableWrites // nil: none
}

// Table returns a reader of the table.
func (r *Reader) Table(oid OID) (*TableReader, error) {
	for _, tr := range r.tables {
		if tr.schema.OID == oid {
			return tr, nil
		}
	}
	t := r.txn
	ts := t.Catalog().Table(oid)
	if ts == nil {
		return nil, fmt.Errorf("table %d: %w", oid, ErrNoRelation)
	}
	l, err := t.store.layoutOf(ts)
	if err != nil {
		return nil, err
	}
	tb := t.physical(oid)
	if tb == nil {
		return nil, fmt.Errorf("table %d: %w", oid, ErrNoRelation)
	}
	if t.opts.Isolation == Serializable {
		if t.read == nil {
			t.read = map[OID]bool{}
		}
		t.read[oid] = true
	}
	if v := t.opts.AsOf; v != 0 && (uint64(v) < t.store.horizon.Load() || v > t.store.Version()) {
		return nil, fmt.Errorf("table %d at version %d: %w", oid, v, ErrVersion)
	}
	tr := &TableReader{reader: r, schema: ts, layout: l, state: tb.pin(), own: t.written(oid)}
	_, tr.hidden = t.truncatedAt(oid, r.seq)
	r.tables = append(r.tables, tr)
	return tr, nil
}

// Schema is the table's record.
func (r *TableReader) Schema() *schema.Table { return r.schema }

// Rows estimates the number of visible rows.
func (r *TableReader) Rows() int64 {
	var n int64
	if !r.hidden {
		n = r.state.table.rows.Load()
	}
	if r.own != nil {
		n += r.own.rowsAdded()
	}
	return max(n, 0)
}

func (r *TableReader) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read table %d: %w", r.schema.OID, Marked(err))
}

// locate returns the visible version of row id.
func (r *TableReader) locate(id RowID) (place, error) {
	if r.own != nil {
		if p, err := r.own.locate(id, r.reader.seq); err != nil || !p.none() {
			return p, err
		}
		if r.own.endedAt(id, r.reader.seq) {
			return place{}, nil
		}
	}
	if r.hidden {
		return place{}, nil
	}
	return r.state.locate(id, r.reader.v)
}

func (r *TableReader) fetcher() *rowFetcher {
	return &rowFetcher{store: r.reader.txn.store, layout: r.layout, state: r.state, own: r.own}
}
