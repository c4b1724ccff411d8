package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/vecdb/vecdb/sql/batch"
)

// Update gives rows new values in some columns (attnums); rows.Cols are aligned with cols. Every id
// must be of a row that the current statement sees, each at most once. A vector that is not among cols
// is not written again. Errors: ErrRetry or ErrConflict when a row changed meanwhile, *UniqueError.
func (t *Txn) Update(ctx context.Context, table OID, ids []RowID, cols []int16, rows *Rows) error {
	if err := t.Lock(ctx, table, RowExclusive); err != nil {
		return err
	}
	w, err := t.writable(table)
	if err != nil {
		return err
	}
	mode := changeRow
	for _, l := range w.lists {
		if l.spec.idx.Unique && l.spec.touchedBy(cols) {
			mode = changeKey
		}
	}
	places, own, st, err := t.lockForWrite(ctx, w, ids, mode)
	if err != nil {
		return err
	}
	defer st.unpin()
	t.seq++ // in files the versions of a row are told apart by their step
	f := &rowFetcher{store: t.store, layout: w.layout, state: st, own: w}
	full, refs, err := w.newVersions(f, places, own, cols, rows)
	if err != nil {
		return err
	}
	oldKeys := make([]*rowKeys, len(w.lists))
	for i, l := range w.lists {
		if l.spec.touchedBy(cols) {
			if oldKeys[i], err = f.keys(t, l.spec, places); err != nil {
				return err
			}
		}
	}
	newKeys, err := w.changedKeys(oldKeys, full, len(ids), rows.Keys)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if own[i] {
			w.endOwn(id, places[i])
		} else {
			w.endCommitted(id)
		}
	}
	for i, l := range w.lists {
		if newKeys[i] != nil {
			if err := t.checkUnique(ctx, w, l, newKeys[i], oldKeys[i], ids); err != nil {
				return err
			}
		}
	}
	w.appendRows(ids, full, refs)
	for i, l := range w.lists {
		if newKeys[i] != nil {
			if err := w.addEntries(l, newKeys[i], ids); err != nil {
				return err
			}
		}
	}
	return w.spillIfLarge(ctx)
}

// touchedBy says whether new values in cols can change the index's keys.
func (k *keySpec) touchedBy(cols []int16) bool {
	if !k.plain {
		return true
	}
	return slices.ContainsFunc(k.cols, func(c int16) bool { return slices.Contains(cols, c) })
}

// changedKeys computes the new keys and marks those that stay; nil for indexes that the update does not touch.
func (w *tableWrites) changedKeys(
	old []*rowKeys, full []*batch.Column, n int, given map[OID]*KeyCols,
) ([]*rowKeys, error) {
	out := make([]*rowKeys, len(w.lists))
	for i, l := range w.lists {
		if old[i] == nil {
			continue
		}
		kc := given[l.spec.idx.OID]
		if kc == nil {
			var err error
			if kc, err = w.txn.store.keyColumns(w.txn, l.spec, w.layout, full, n); err != nil {
				return nil, err
			}
		}
		k := l.spec.encode(kc, n)
		k.same = make([]bool, n)
		for j := range n {
			k.same[j] = k.has(j) && old[i].has(j) && string(old[i].key(j)) == string(k.key(j))
		}
		out[i] = k
	}
	return out, nil
}

// newVersions returns the columns, aligned with the layout, of the rows' next versions, and for vector
// columns that stay the versions they are taken from.
func (w *tableWrites) newVersions(
	f *rowFetcher, places []place, own []bool, cols []int16, rows *Rows,
) (full []*batch.Column, refs map[int][]Version, err error) {
	full = make([]*batch.Column, len(w.layout.cols))
	for i := range w.layout.cols {
		c := &w.layout.cols[i]
		if j := slices.Index(cols, c.num); j >= 0 {
			full[i] = rows.Cols[j]
			continue
		}
		full[i] = new(batch.Column)
		if !c.vector() {
			if err := f.column(full[i], i, places); err != nil {
				return nil, nil, err
			}
			continue
		}
		if refs == nil {
			refs = map[int][]Version{}
		}
		if refs[i], err = w.shareVectors(f, full[i], i, places, own); err != nil {
			return nil, nil, err
		}
	}
	return full, refs, nil
}

// shareVectors finds, for rows whose vector column (index in the layout) stays, the committed version
// whose vector they share. A vector that is itself not committed yet is copied into dst: it will have
// the same version as the new row, and only the last of a transaction's versions of a row is stored.
func (w *tableWrites) shareVectors(
	f *rowFetcher, dst *batch.Column, col int, places []place, own []bool,
) ([]Version, error) {
	c := &w.layout.cols[col]
	refs := make([]Version, len(places))
	copied := make([]place, len(places)) // none where the vector is shared
	for i, p := range places {
		ref, err := f.vectorVersion(p, c.num)
		if err != nil {
			return nil, err
		}
		switch {
		case ref != 0:
			refs[i] = ref
		case own[i]:
			copied[i] = p
		default:
			if v, err := f.vectorPlace(p, c.num); err != nil {
				return nil, err
			} else if v.none() { // older than the column: it has the missing value
				copied[i] = p
				continue
			}
			created, err := p.created()
			if err != nil {
				return nil, err
			}
			refs[i] = Version(created)
		}
	}
	return refs, f.column(dst, col, copied)
}

// lockForWrite locks the rows and returns where the versions to be replaced are, which of them are our
// own, and the pinned state they lie in.
func (t *Txn) lockForWrite(
	ctx context.Context, w *tableWrites, ids []RowID, mode LockMode,
) (places []place, own []bool, st *tableState, err error) {
	places, own = make([]place, len(ids)), make([]bool, len(ids))
	for i, id := range ids {
		if places[i], err = w.locate(id, t.seq); err != nil {
			return nil, nil, nil, err
		}
		if own[i] = !places[i].none(); own[i] {
			continue
		}
		if _, err := t.lockOne(ctx, lockRow, lockRows, w.table.oid, uint64(id), mode, Wait); err != nil {
			return nil, nil, nil, fmt.Errorf("lock row %d of table %d: %w", id, w.table.oid, err)
		}
	}
	st = w.table.pin()
	for i, id := range ids {
		if own[i] {
			continue
		}
		if places[i], err = t.unchanged(st, w, id); err != nil {
			st.unpin()
			return nil, nil, nil, err
		}
	}
	return places, own, st, nil
}

// unchanged returns the newest version of a locked row, and ErrRetry or ErrConflict when it is not the
// one that the statement saw.
func (t *Txn) unchanged(st *tableState, w *tableWrites, id RowID) (place, error) {
	p := place{}
	var err error
	if _, truncated := t.truncatedAt(st.table.oid, t.seq); !truncated && !w.endedAt(id, t.seq) {
		if p, err = st.locateLive(id); err != nil {
			return place{}, err
		}
	}
	if !p.none() {
		created, err := p.created()
		if err != nil || created <= uint64(t.snap.version) {
			return p, err
		}
	}
	if t.opts.Isolation == ReadCommitted {
		return place{}, fmt.Errorf("row %d of table %d: %w", id, st.table.oid, ErrRetry)
	}
	if p.none() {
		return place{}, fmt.Errorf("row %d of table %d: %w: %w", id, st.table.oid, ErrConflict, ErrDeleted)
	}
	return place{}, fmt.Errorf("row %d of table %d: %w", id, st.table.oid, ErrConflict)
}

// Delete ends rows. Ids are as for Update.
func (t *Txn) Delete(ctx context.Context, table OID, ids []RowID) error {
	if err := t.Lock(ctx, table, RowExclusive); err != nil {
		return err
	}
	w, err := t.writable(table)
	if err != nil {
		return err
	}
	places, own, st, err := t.lockForWrite(ctx, w, ids, changeKey)
	if err != nil {
		return err
	}
	defer st.unpin()
	for i, id := range ids {
		if own[i] {
			w.endOwn(id, places[i])
		} else {
			w.endCommitted(id)
		}
	}
	return nil
}

// LockRows locks rows as SELECT ... FOR does. It returns the ids that are locked: with SkipLocked those
// held by others are left out. A row that changed since the snapshot gives ErrRetry or ErrConflict.
func (t *Txn) LockRows(ctx context.Context, table OID, ids []RowID, mode LockMode, wait WaitMode) ([]RowID, error) {
	if err := t.Lock(ctx, table, RowShare); err != nil {
		return nil, err
	}
	tb := t.physical(table)
	if tb == nil {
		return nil, fmt.Errorf("table %d: %w", table, ErrNoRelation)
	}
	w := t.written(table)
	locked := make([]RowID, 0, len(ids))
	check := make([]RowID, 0, len(ids))
	for _, id := range ids {
		p, err := w.locate(id, t.seq)
		if err != nil {
			return nil, err
		}
		if !p.none() {
			locked = append(locked, id)
			continue
		}
		_, err = t.lockOne(ctx, lockRow, lockRows, table, uint64(id), mode, wait)
		if wait == SkipLocked && isLocked(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("lock row %d of table %d: %w", id, table, err)
		}
		locked, check = append(locked, id), append(check, id)
	}
	st := tb.pin()
	defer st.unpin()
	for _, id := range check {
		if _, err := t.unchanged(st, w, id); err != nil {
			return nil, err
		}
	}
	return locked, nil
}
