package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// sweepStep is the number of entries that one step of a sweep looks at.
const sweepStep = 4096

// SweepIndex looks at some entries of an ordered index, from the cursor on (nil: the first), and deletes
// those that no version of their row has any more. It returns the cursor to go on with, nil at the
// end, and the number deleted. An index that a transaction writes ahead into is left alone, since
// the rows of its entries are not known yet.
func (s *Store) SweepIndex(ctx context.Context, index OID, cursor []byte) (next []byte, deleted int, err error) {
	cat := s.Catalog()
	idx := cat.Index(index)
	if idx == nil || !isOrdered(idx) || cat.Table(idx.Table) == nil {
		return nil, 0, nil
	}
	tb := s.table(idx.Table)
	if tb == nil {
		return nil, 0, nil
	}
	tx := s.Begin(TxnOptions{ReadOnly: true})
	defer tx.Rollback()
	l, err := s.layoutOf(cat.Table(idx.Table))
	if err != nil {
		return nil, 0, err
	}
	spec, err := newKeySpec(idx)
	if err != nil {
		return nil, 0, err
	}
	entries, next, err := s.someEntries(index, cursor)
	if err != nil || len(entries) == 0 {
		return nil, 0, err
	}
	sw := &sweep{store: s, tx: tx, table: tb, layout: l, spec: spec}
	stale, err := sw.stale(ctx, entries)
	if err != nil || len(stale) == 0 {
		return next, 0, err
	}
	deleted, err = sw.remove(ctx, stale)
	return next, deleted, err
}

func (s *Store) someEntries(index OID, cursor []byte) (entries [][]byte, next []byte, err error) {
	prefix := indexKey(index, indexEntry)
	if cursor == nil {
		cursor = prefix
	}
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: cursor, UpperBound: prefixEnd(prefix)})
	if err != nil {
		return nil, nil, err
	}
	for ok := it.First(); ok; ok = it.Next() {
		if len(entries) == sweepStep {
			next = bytes.Clone(it.Key())
			break
		}
		entries = append(entries, bytes.Clone(it.Key()))
	}
	return entries, next, errors.Join(it.Error(), it.Close())
}

type sweep struct {
	store  *Store
	tx     *Txn
	table  *table
	layout *layout
	spec   *keySpec
}

// stale returns the entries that no version of their row has.
func (w *sweep) stale(ctx context.Context, entries [][]byte) (out [][]byte, err error) {
	st := w.table.pin()
	defer st.unpin()
	f := &rowFetcher{store: w.store, layout: w.layout, state: st}
	for i, e := range entries {
		if i%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		key, row, ok := splitEntry(e)
		found := false
		if ok {
			err = st.eachVersionOf(row, func(p place) error {
				keys, err := f.keys(w.tx, w.spec, []place{p})
				found = err == nil && keys.has(0) && bytes.Equal(keys.key(0), key)
				return err
			}, &found)
			if err != nil {
				return nil, fmt.Errorf("sweep index %d: %w", w.spec.idx.OID, err)
			}
		}
		if !found {
			out = append(out, e)
		}
	}
	return out, nil
}

// remove deletes entries that are still stale when no commit can come between.
func (w *sweep) remove(ctx context.Context, entries [][]byte) (int, error) {
	s := w.store
	s.commitMu.Lock()
	defer s.commitMu.Unlock()
	if s.ahead.Load() > 0 || s.table(w.table.oid) != w.table {
		return 0, nil
	}
	entries, err := w.stale(ctx, entries)
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	b := s.db.NewBatch()
	defer func() { _ = b.Close() }() // releases memory, cannot fail
	for _, e := range entries {
		if err := b.Delete(e, nil); err != nil {
			return 0, err
		}
	}
	return len(entries), s.toLog(func() error { return s.db.Apply(b, pebble.NoSync) })
}
