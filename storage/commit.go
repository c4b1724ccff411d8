package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// Commit makes the transaction's writes durable and visible, all or none, and returns their version
// (that of the snapshot when there were none). It ends the transaction in any case. A commit with
// ErrFailed may be found done or not done when the store is opened again.
func (t *Txn) Commit(ctx context.Context) (Version, error) {
	if t.done {
		return 0, ErrClosed
	}
	if !t.Written() {
		v := t.snap.version
		t.Rollback()
		return v, nil
	}
	if err := t.needSpace(); err != nil {
		t.Rollback()
		return 0, err
	}
	for _, w := range t.writes {
		if err := w.spillForCommit(ctx); err != nil {
			t.Rollback()
			return 0, err
		}
	}
	c := &commit{txn: t, store: t.store}
	if err := c.apply(); err != nil {
		t.Rollback()
		return 0, fmt.Errorf("commit: %w", err)
	}
	err := c.batch.SyncWait()
	if err != nil {
		err = fmt.Errorf("commit: %w", t.store.fail(err))
	} else {
		t.store.publish(c.next)
		for _, f := range c.doomed {
			f.condemn()
		}
		err = c.batch.Close()
	}
	t.finish()
	return c.next.version, err
}

// commit carries a transaction through the commit lock: everything is checked and encoded before the
// batch goes to Pebble, and nothing after it can fail.
type commit struct {
	txn    *Txn
	store  *Store
	batch  *pebble.Batch
	next   *published
	tables []*tableCommit
	doomed []condemner // files that the commit takes out of the catalog
	log    logRecord
	key    []byte
	value  []byte
}

// condemner is a file that can be removed once nobody reads it.
type condemner interface{ condemn() }

// tableCommit is what a commit does to one table in memory once Pebble has it.
type tableCommit struct {
	writes *tableWrites
	table  *table
	ends   []place // committed versions that end
	live   []place // own versions that become tail rows
	frags  []*fragment
}

// apply brings the writes into Pebble's log and into memory as the next version. They are not synced
// and not published yet.
func (c *commit) apply() (err error) {
	s := c.store
	s.commitMu.Lock()
	defer s.commitMu.Unlock()
	if err := c.validate(); err != nil {
		return err
	}
	cat, err := s.applied.catalog.With(c.txn.changes()...)
	if err != nil {
		return err
	}
	c.next = &published{s.nextVersion(c.txn.number), cat}
	c.batch = s.db.NewBatch()
	if n := c.txn.number; n != 0 && n != c.next.version {
		if err := c.batch.Set(numberKey(c.next.version), u64(uint64(n)), nil); err != nil {
			return errors.Join(err, c.batch.Close())
		}
	}
	if err := c.encode(); err != nil {
		return errors.Join(err, c.batch.Close())
	}
	if err := s.applyBatch(c.batch); err != nil {
		return err
	}
	c.remember()
	s.applied = c.next
	return nil
}

// applyBatch writes a batch to the log without waiting for its sync.
func (s *Store) applyBatch(b *pebble.Batch) error {
	return s.toLog(func() error { return s.db.ApplyNoSyncWait(b, pebble.Sync) })
}

// validate checks what SERIALIZABLE promises: a writer's reads still hold.
func (c *commit) validate() error {
	for oid := range c.txn.read {
		if tb := c.store.table(oid); tb != nil && tb.lastChange.Load() > uint64(c.txn.snap.version) {
			return fmt.Errorf("table %d changed after it was read: %w", oid, ErrConflict)
		}
	}
	return nil
}

// encode fills the batch.
func (c *commit) encode() error {
	for _, d := range c.txn.ddl {
		if err := c.encodeDDL(d); err != nil {
			return err
		}
	}
	for _, b := range c.txn.built {
		if err := c.encodeBuilt(b); err != nil {
			return err
		}
	}
	for _, w := range c.txn.writes {
		if w.empty() || c.next.catalog.Table(w.table.oid) == nil {
			continue
		}
		tc := &tableCommit{writes: w, table: w.table}
		if err := c.encodeEnds(tc); err != nil {
			return err
		}
		if err := c.encodeRows(tc); err != nil {
			return err
		}
		if err := c.encodeEntries(tc); err != nil {
			return err
		}
		made := uint64(len(tc.live))
		for _, f := range tc.frags {
			if f.rec.Group == scalarGroup {
				made += uint64(f.rec.Rows)
			}
		}
		c.log.Tables = append(c.log.Tables, tableChange{w.table.oid, made, uint64(len(tc.ends))})
		c.tables = append(c.tables, tc)
	}
	c.log.Time = c.store.opts.Now().UnixMicro()
	return c.batch.Set(logKey(c.next.version), c.log.encode(), nil)
}

// encodeEnds writes the ends of committed rows, wherever upkeep has moved them meanwhile.
func (c *commit) encodeEnds(tc *tableCommit) error {
	if _, truncated := c.txn.truncatedAt(tc.table.oid, c.txn.seq); truncated {
		return nil // all rows that it could have ended are gone
	}
	st := tc.table.state.Load() // the commit lock keeps it the newest
	c.value = binary.BigEndian.AppendUint64(c.value[:0], uint64(c.next.version))
	for id := range tc.writes.ends {
		p, err := st.locateLive(id)
		if err != nil {
			return err
		}
		if p.none() {
			return fmt.Errorf("row %d of table %d is gone although it was locked: %w", id, tc.table.oid, ErrConflict)
		}
		if p.chunk != nil {
			c.key = tailKey(c.key, tc.table.oid, tableTailEnd, id, Version(p.chunk.created[p.off]))
		} else {
			c.key = endKey(c.key, tc.table.oid, p.frag.rec.ID, p.off)
		}
		if err := c.batch.Set(c.key, c.value, nil); err != nil {
			return err
		}
		tc.ends = append(tc.ends, p)
	}
	return nil
}

// encodeRows writes new row versions: those in memory as tail records, those in files by naming the
// files. Versions that the transaction itself replaced are left out, or ended as they are made.
func (c *commit) encodeRows(tc *tableCommit) error {
	w := tc.writes
	for _, ch := range w.tail.chunks {
		for off := range rowOffset(ch.count()) {
			if ch.ended[off].Load() != 0 {
				continue
			}
			c.key = tailKey(c.key, tc.table.oid, tableTail, ch.rows[off], c.next.version)
			c.value = appendRow(c.value[:0], ch, off)
			if err := c.batch.Set(c.key, c.value, nil); err != nil {
				return err
			}
			tc.live = append(tc.live, place{chunk: ch, off: off})
		}
	}
	dead, err := w.deadVersions()
	if err != nil {
		return err
	}
	for _, f := range w.frags {
		if err := c.encodeFragment(tc, f, dead); err != nil {
			return err
		}
	}
	return nil
}

// ownVersion names a row version of a write set.
type ownVersion struct {
	row RowID
	seq uint64
}

// deadVersions returns the row versions in files that the transaction replaced or rolled back.
func (w *tableWrites) deadVersions() (map[ownVersion]bool, error) {
	dead := map[ownVersion]bool{}
	for _, f := range w.frags {
		if f.rec.Group != scalarGroup || f.ends.count.Load() == 0 {
			continue
		}
		for off := range rowOffset(f.rec.Rows) {
			if f.ends.at(off) == 0 {
				continue
			}
			row, err := f.row(off)
			if err != nil {
				return nil, err
			}
			dead[ownVersion{row, f.seqs[off]}] = true
		}
	}
	return dead, nil
}

// encodeFragment names a file of the write set. Rows in it that are dead, and their vectors, end as they
// are made, so that nobody takes them for the version that lives.
func (c *commit) encodeFragment(tc *tableCommit, f *fragment, dead map[ownVersion]bool) error {
	rec := *f.rec
	rec.Created, rec.MaxCreated = c.next.version, c.next.version
	named := c.store.newFragment(tc.table.oid, &rec)
	named.sums = f.sums
	if err := putFragment(c.batch, tc.table.oid, named); err != nil {
		return err
	}
	named.sums = nil // Pebble has them
	c.value = binary.BigEndian.AppendUint64(c.value[:0], uint64(c.next.version))
	for off := rowOffset(0); len(dead) > 0 && int(off) < rec.Rows; off++ {
		row, err := f.row(off)
		if err != nil {
			return err
		}
		if !dead[ownVersion{row, f.seqs[off]}] {
			continue
		}
		named.ends.set(off, uint64(c.next.version))
		c.key = endKey(c.key, tc.table.oid, rec.ID, off)
		if err := c.batch.Set(c.key, c.value, nil); err != nil {
			return err
		}
	}
	tc.frags = append(tc.frags, named)
	return nil
}

// encodeEntries writes the pending index entries of live rows. An entry of a row version that the
// transaction replaced itself is only a stale hint, which is legal; so none is looked at twice.
func (c *commit) encodeEntries(tc *tableCommit) error {
	for _, idx := range c.next.catalog.IndexesOf(tc.table.oid) {
		if isOrdered(idx) && tc.writes.list(idx.OID) == nil {
			return fmt.Errorf("index %d was made while its table was written to: %w", idx.OID, ErrConflict)
		}
	}
	for _, l := range tc.writes.lists {
		if c.next.catalog.Index(l.spec.idx.OID) == nil {
			continue
		}
		for _, e := range l.entries {
			c.key = appendEntry(c.key[:0], l.spec.idx.OID, []byte(e.key), e.row)
			if err := c.batch.Set(c.key, nil, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// remember brings into memory what Pebble has now. It cannot fail.
func (c *commit) remember() {
	v := uint64(c.next.version)
	for _, d := range c.txn.ddl {
		c.rememberDDL(d)
	}
	for _, b := range c.txn.built {
		c.rememberBuilt(b)
	}
	now := c.store.opts.Now().UnixNano()
	for _, tc := range c.tables {
		for _, p := range tc.ends {
			if p.chunk != nil {
				p.chunk.end(p.off, v)
			} else {
				p.frag.ends.set(p.off, v)
			}
		}
		st := tc.table.state.Load()
		made := st.tail.appendCommitted(tc.writes.layout, tc.live, v)
		for _, f := range tc.frags {
			if f.rec.Group == scalarGroup {
				made += int64(f.rec.Rows) - f.ends.count.Load()
			}
		}
		if len(tc.frags) > 0 {
			tc.table.install(newState(tc.table, append(st.fragments(), tc.frags...), st.tail, st.ann))
		}
		tc.table.rows.Add(made - int64(len(tc.ends)))
		tc.table.ended.Add(int64(len(tc.ends)))
		tc.table.lastWrite.Store(now)
		tc.table.lastChange.Store(v)
	}
	for _, w := range c.txn.writes {
		// The new state has fragments of its own over the same files; these close without deleting, unless
		// the table is gone.
		named := slices.ContainsFunc(c.tables, func(tc *tableCommit) bool { return tc.writes == w })
		for _, f := range w.frags {
			if !named {
				f.condemn()
			}
			f.unref()
		}
		w.frags = nil
	}
}

// appendCommitted copies rows of a write set into the tail as made at version v.
func (t *tail) appendCommitted(l *layout, rows []place, v uint64) int64 {
	for done := 0; done < len(rows); {
		c := t.reserve(l, len(rows)-done)
		n := min(c.room(), len(rows)-done)
		at := c.count()
		var bytes int64
		for i, p := range rows[done : done+n] {
			c.rows[at+i], c.created[at+i] = p.chunk.rows[p.off], v
			c.copyRow(at+i, p.chunk, p.off)
			bytes += l.width + c.stringBytes(at+i)
		}
		t.publish(c, n, bytes)
		done += n
	}
	return int64(len(rows))
}
