package storage

import (
	"context"
	"encoding/binary"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/schema"
)

// FlushTable moves the rows that a table's tail has now into fragments. Statements go on meanwhile:
// the files are written without any lock, and the commit lock is held only to hand over the ends that
// came in the meantime.
func (s *Store) FlushTable(ctx context.Context, oid OID) error {
	tb := s.table(oid)
	if tb == nil {
		return fmt.Errorf("table %d: %w", oid, ErrNoRelation)
	}
	tb.upkeep.Lock()
	defer tb.upkeep.Unlock()
	s.commitMu.Lock()
	st := tb.pin()
	defer st.unpin()
	sealed := st.tail.seal()
	s.commitMu.Unlock()
	var versions []rowVersion
	for _, c := range sealed {
		for off := range rowOffset(c.count()) {
			versions = append(versions, rowVersion{place{chunk: c, off: off}, c.rows[off], c.created[off]})
		}
	}
	if len(versions) == 0 {
		return nil
	}
	ts := s.appliedCatalogTable(oid)
	if ts == nil {
		return fmt.Errorf("table %d: %w", oid, ErrNoRelation)
	}
	l, err := s.layoutOf(ts)
	if err != nil {
		return err
	}
	w := &fragmentWriter{store: s, table: tb, layout: l, fetch: &rowFetcher{store: s, layout: l, state: st}}
	frags, err := w.write(ctx, versions)
	if err != nil {
		return err
	}
	ok, err := s.installFlush(tb, sealed, versions, frags)
	if !ok {
		for _, f := range frags {
			s.removeFile(f.path)
		}
	}
	return err
}

// installFlush commits a flush: the fragments, the ends of their rows, and the end of the tail records.
// It reports false when the table was truncated or dropped meanwhile.
func (s *Store) installFlush(tb *table, sealed []*chunk, versions []rowVersion, frags []*fragment) (bool, error) {
	s.commitMu.Lock()
	defer s.commitMu.Unlock()
	st := tb.state.Load()
	if s.table(tb.oid) != tb || len(st.tail.chunks) < len(sealed) || st.tail.chunks[0] != sealed[0] {
		return false, nil
	}
	scalar := frags[len(frags)-1]
	b := s.db.NewBatch()
	defer func() { _ = b.Close() }() // releases memory, cannot fail
	for _, f := range frags {
		if err := putFragment(b, tb.oid, f); err != nil {
			return false, err
		}
	}
	var key []byte
	for i, v := range versions {
		key = tailKey(key, tb.oid, tableTail, v.row, Version(v.created))
		if err := b.Delete(key, nil); err != nil {
			return false, err
		}
		ended := v.place.ended()
		if ended == 0 {
			continue
		}
		scalar.ends.set(rowOffset(i), ended)
		key = tailKey(key, tb.oid, tableTailEnd, v.row, Version(v.created))
		if err := b.Delete(key, nil); err != nil {
			return false, err
		}
		key = endKey(key, tb.oid, scalar.rec.ID, rowOffset(i))
		if err := b.Set(key, binary.BigEndian.AppendUint64(nil, ended), nil); err != nil {
			return false, err
		}
	}
	if err := s.toLog(func() error { return s.db.Apply(b, pebble.NoSync) }); err != nil {
		return false, err
	}
	for _, f := range frags {
		f.sums = nil // Pebble has them
	}
	tb.install(newState(tb, append(st.fragments(), frags...), st.tail.without(len(sealed)), st.ann))
	return true, nil
}

// putFragment writes the record and the checksums of a fragment.
func putFragment(b *pebble.Batch, table OID, f *fragment) error {
	rec, err := f.rec.encode()
	if err != nil {
		return err
	}
	if err := b.Set(fragmentKey(table, f.rec.ID), rec, nil); err != nil {
		return err
	}
	return b.Set(sumsKey(table, f.rec.ID), f.sums, nil)
}

// appliedCatalogTable returns the newest record of a table, or nil.
func (s *Store) appliedCatalogTable(oid OID) *schema.Table {
	s.commitMu.Lock()
	defer s.commitMu.Unlock()
	return s.applied.catalog.Table(oid)
}
