package storage

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// oidAhead is how many object numbers one log record covers: a restart skips at most as many.
const oidAhead = 256

// NewOID returns a number that no object of the store has or will have.
func (t *Txn) NewOID() (OID, error) { return t.store.newOID() }

func (s *Store) newOID() (OID, error) {
	oid := s.nextOID.Add(1) - 1
	if oid < s.oidLogged.Load() {
		return OID(oid), nil
	}
	// Numbers are promised in the log before they are used, not synced: a commit that uses one syncs
	// everything before it.
	limit := oid + oidAhead
	err := s.toLog(func() error {
		return s.db.Set(spaceKey(spaceMeta, metaNextOID), u64(uint64(limit)), pebble.NoSync)
	})
	if err != nil {
		return 0, fmt.Errorf("reserve object numbers: %w", err)
	}
	for {
		old := s.oidLogged.Load()
		if old >= limit || s.oidLogged.CompareAndSwap(old, limit) {
			return OID(oid), nil
		}
	}
}

// Put makes a schema object, or replaces the one with its OID: *schema.Database, Role, Namespace, Table,
// Index, Extension or *catalog.Stats. The object must not be changed afterwards. The error is a
// *catalog.DuplicateError when the name is taken.
func (t *Txn) Put(object any) error {
	if err := t.change(catalog.Change{Object: object}); err != nil {
		return err
	}
	if ts, ok := object.(*schema.Table); ok && ts.Kind == schema.KindTable && t.physical(ts.OID) == nil {
		if t.fresh == nil {
			t.fresh = map[OID]*table{}
		}
		t.fresh[ts.OID] = t.store.newTable(ts.OID)
	}
	return nil
}

// Drop removes a schema object with its rows or entries. What depends on it is the caller's concern.
func (t *Txn) Drop(object any) error {
	return t.change(catalog.Change{Object: object, Drop: true})
}

func (t *Txn) change(ch catalog.Change) error {
	if t.done {
		return ErrClosed
	}
	if t.opts.ReadOnly {
		return ErrReadOnly
	}
	c, err := t.Catalog().With(ch)
	if err != nil {
		return err
	}
	t.ddl = append(t.ddl, ddlStep{seq: t.seq, change: ch})
	t.own, t.ownOf = c, t.snap.catalog
	return nil
}

// Truncate removes all rows of a table at once. The caller holds an AccessExclusive lock; older
// snapshots find the table empty, as in PostgreSQL.
func (t *Txn) Truncate(oid OID) error {
	w, err := t.writable(oid)
	if err != nil {
		return err
	}
	for _, c := range w.tail.chunks {
		for off := range rowOffset(c.count()) {
			if c.ended[off].Load() == 0 {
				w.endOwn(c.rows[off], place{chunk: c, off: off})
			}
		}
	}
	for _, f := range w.frags {
		for off := range rowOffset(f.rec.Rows) {
			if f.rec.Group == scalarGroup && f.ends.at(off) == 0 {
				id, err := f.row(off)
				if err != nil {
					return err
				}
				w.endOwn(id, place{frag: f, off: off})
			}
		}
	}
	// Ends of committed rows have nothing to end any more; a rollback to before the truncation must find
	// them again, so they stay, and the commit passes them over.
	t.ddl = append(t.ddl, ddlStep{seq: t.seq, truncate: oid})
	return nil
}

// dropKeys deletes all keys with the prefix: one by one when they are few.
func (c *commit) dropKeys(prefix []byte) error {
	it, err := c.store.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: prefixEnd(prefix)})
	if err != nil {
		return err
	}
	n := 0
	for ok := it.First(); ok && n <= dropKeysMax; ok = it.Next() {
		n++
	}
	if n > dropKeysMax {
		return errors.Join(it.Error(), it.Close(), c.batch.DeleteRange(prefix, prefixEnd(prefix), nil))
	}
	for ok := it.First(); ok; ok = it.Next() {
		if err := c.batch.Delete(it.Key(), nil); err != nil {
			return errors.Join(err, it.Close())
		}
	}
	return errors.Join(it.Error(), it.Close())
}

// dropRows deletes all that Pebble has of a table's rows.
func (c *commit) dropRows(oid OID) error {
	if tb := c.store.table(oid); tb != nil {
		for _, f := range tb.state.Load().fragments() {
			if err := f.keepSums(); err != nil {
				return err
			}
		}
	}
	return c.dropKeys(oidKey(spaceTable, oid))
}

// encodeDDL writes a catalog change or a truncation.
func (c *commit) encodeDDL(d ddlStep) error {
	if d.truncate != 0 {
		return c.encodeTruncate(d.truncate)
	}
	if !d.change.Drop {
		return errors.Join(c.encodeRestart(d.change.Object), putObject(c.batch, d.change.Object))
	}
	oid, db, err := catalog.OIDOf(d.change.Object)
	if err != nil {
		return err
	}
	if _, ok := d.change.Object.(*catalog.Stats); ok {
		return c.batch.Delete(oidKey(spaceStats, oid), nil)
	}
	err = c.batch.Delete(objectKey(db, oid), nil)
	switch o := d.change.Object.(type) {
	case *schema.Index:
		err = errors.Join(err, c.dropKeys(oidKey(spaceIndex, oid)))
	case *schema.Table:
		err = errors.Join(err, c.batch.Delete(oidKey(spaceStats, oid), nil))
		if o.Kind == schema.KindTable {
			err = errors.Join(err, c.dropRows(oid))
		} else if o.Sequence != nil {
			err = errors.Join(err, c.batch.Delete(oidKey(spaceSequence, sequenceValues(oid, o.Sequence)), nil))
		}
	}
	return err
}

// encodeRestart deletes the values that a sequence had before its restart.
func (c *commit) encodeRestart(o any) error {
	t, ok := o.(*schema.Table)
	if !ok || t.Sequence == nil {
		return nil
	}
	old := c.txn.snap.catalog.Table(t.OID)
	if old == nil || old.Sequence == nil || old.Sequence.Values == t.Sequence.Values {
		return nil
	}
	return c.batch.Delete(oidKey(spaceSequence, sequenceValues(old.OID, old.Sequence)), nil)
}

// encodeTruncate deletes the rows of a table and the entries of its indexes, but not the high mark of
// its row ids.
func (c *commit) encodeTruncate(oid OID) error {
	if c.store.table(oid) == nil {
		return nil // made by this transaction
	}
	err := c.dropRows(oid)
	for _, idx := range c.store.applied.catalog.IndexesOf(oid) {
		err = errors.Join(err, c.dropKeys(indexKey(idx.OID, indexSegment)))
		if w := c.txn.written(oid); w != nil && w.list(idx.OID) != nil && w.list(idx.OID).ahead {
			continue // new entries lie among the old ones, which are stale hints now: a sweep takes them
		}
		err = errors.Join(err, c.dropKeys(indexKey(idx.OID, indexEntry)))
	}
	return errors.Join(err, c.batch.Set(tableKey(oid, tableMeta), c.store.table(oid).meta(), nil))
}

// rememberDDL makes the physical tables follow the catalog.
func (c *commit) rememberDDL(d ddlStep) {
	s := c.store
	if d.truncate != 0 {
		if tb := s.table(d.truncate); tb != nil {
			c.doomed = append(c.doomed, tb.empty()...)
			tb.lastChange.Store(uint64(c.next.version))
		}
		return
	}
	switch o := d.change.Object.(type) {
	case *schema.Table:
		if old := c.txn.snap.catalog.Table(o.OID); old != nil && old != o {
			s.forgetLayout(old)
		}
		if d.change.Drop {
			s.forgetLayout(o)
			c.dropTable(o.OID)
			if o.Sequence != nil {
				s.sequences.forget(sequenceValues(o.OID, o.Sequence))
			}
		} else if o.Kind == schema.KindTable && c.next.catalog.Table(o.OID) != nil && s.table(o.OID) == nil {
			s.tablesMu.Lock()
			s.tables[o.OID] = c.txn.fresh[o.OID]
			s.tablesMu.Unlock()
		}
	case *schema.Index:
		if tb := s.table(o.Table); tb != nil && !isOrdered(o) {
			c.doomed = append(c.doomed, tb.changeANN(o, d.change.Drop)...)
		}
	}
}

// empty gives the table a state without rows and returns the files of the old one.
func (t *table) empty() (doomed []condemner) {
	old := t.state.Load()
	for _, f := range old.fragments() {
		doomed = append(doomed, f)
	}
	var ann []*annState
	for _, a := range old.ann {
		for _, seg := range a.segments {
			doomed = append(doomed, seg)
		}
		emptied := newANNState(a.index, a.column)
		emptied.model = a.model
		ann = append(ann, emptied)
	}
	t.install(newState(t, nil, newTail(), ann))
	t.rows.Store(0)
	return doomed
}

func (c *commit) dropTable(oid OID) {
	s := c.store
	s.tablesMu.Lock()
	tb := s.tables[oid]
	delete(s.tables, oid)
	s.tablesMu.Unlock()
	if tb != nil {
		c.doomed = append(c.doomed, tb.empty()...)
	}
}

// changeANN adds an ANN index without segments to the table's state, or takes one out and returns its
// files.
func (t *table) changeANN(idx *schema.Index, drop bool) (doomed []condemner) {
	st := t.state.Load()
	var ann []*annState
	found := false
	for _, a := range st.ann {
		if a.index != idx.OID {
			ann = append(ann, a)
			continue
		}
		found = true
		if drop {
			for _, seg := range a.segments {
				doomed = append(doomed, seg)
			}
			continue
		}
		ann = append(ann, a)
	}
	if !drop && !found {
		ann = append(ann, newANNState(idx.OID, idx.Keys[0].Column))
	}
	t.install(newState(t, st.fragments(), st.tail, ann))
	return doomed
}
