package storage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/schema"
)

// tableWrites are the pending writes of a transaction to one table: new row versions in a tail of
// its own whose versions are sequence numbers, ends of committed rows, and index entries. Everything
// carries the number of the step that made it, so a step can be undone and a reader can leave out
// what came after it.
type tableWrites struct {
	txn    *Txn
	table  *table
	layout *layout
	tail   *tail
	frags  []*fragment      // row versions that outgrew memory, in files under intent
	ends   map[RowID]uint64 // committed rows that are updated or deleted, with the step
	undo   []undoStep       // ends in the order they were made
	lists  []*entryList     // index entries, one list an index
	specs  []*keySpec       // of lists
	idxs   []*schema.Index  // indexes when specs were made
}

// undoStep is an end that can be taken back: of a committed row (own is none) or of one of ours.
type undoStep struct {
	seq uint64
	id  RowID
	own place
}

// entryList are the pending entries of an index in the order they were made.
type entryList struct {
	spec    *keySpec
	entries []ownEntry
	byKey   map[string][]RowID // unique indexes: to find a duplicate among our own rows
	ahead   bool               // some entries were written to Pebble ahead of the commit
	bytes   int64
}

type ownEntry struct {
	key string
	row RowID
	seq uint64
}

func (w *tableWrites) empty() bool {
	for _, l := range w.lists {
		if len(l.entries) > 0 {
			return false
		}
	}
	return w.tail.rows == 0 && len(w.frags) == 0 && len(w.ends) == 0
}

// prepare makes the writes fit the table's current schema and indexes.
func (w *tableWrites) prepare(l *layout) error {
	w.layout = l
	idxs := w.txn.Catalog().IndexesOf(w.table.oid)
	if slices.Equal(idxs, w.idxs) && w.idxs != nil {
		return nil
	}
	old := w.lists
	w.lists, w.specs, w.idxs = nil, nil, idxs
	for _, idx := range idxs {
		if !isOrdered(idx) {
			continue
		}
		spec, err := newKeySpec(idx)
		if err != nil {
			return err
		}
		list := &entryList{spec: spec, byKey: map[string][]RowID{}}
		for _, o := range old {
			if o.spec.idx.OID == idx.OID {
				list = o
				list.spec = spec
			}
		}
		w.lists = append(w.lists, list)
		w.specs = append(w.specs, spec)
	}
	return nil
}

// list returns the pending entries of an index, or nil.
func (w *tableWrites) list(idx OID) *entryList {
	for _, l := range w.lists {
		if l.spec.idx.OID == idx {
			return l
		}
	}
	return nil
}

// endOwn ends one of our own row versions, endCommitted a committed row.
func (w *tableWrites) endOwn(id RowID, p place) {
	seq := w.txn.seq
	if p.chunk != nil {
		p.chunk.end(p.off, seq)
	} else {
		p.frag.ends.set(p.off, seq)
	}
	w.undo = append(w.undo, undoStep{seq, id, p})
}

func (w *tableWrites) endCommitted(id RowID) {
	w.ends[id] = w.txn.seq
	w.undo = append(w.undo, undoStep{seq: w.txn.seq, id: id})
}

// endedAt says whether the transaction has ended the committed row id at or before seq.
func (w *tableWrites) endedAt(id RowID, seq uint64) bool {
	if w == nil || len(w.ends) == 0 {
		return false
	}
	e, ok := w.ends[id]
	return ok && e <= seq
}

// locate returns our own version of row id as seen at step seq.
func (w *tableWrites) locate(id RowID, seq uint64) (place, error) {
	if w == nil {
		return place{}, nil
	}
	if c, off := w.tail.find(id, seq); c != nil {
		return place{chunk: c, off: off}, nil
	}
	for _, f := range w.frags {
		if f.rec.Group != scalarGroup {
			continue
		}
		if off, ok, err := f.findVisible(id, seq); ok || err != nil {
			return place{frag: f, off: off}, err
		}
	}
	return place{}, nil
}

// add puts an entry on the list.
func (l *entryList) add(key []byte, row RowID, seq uint64) {
	k := string(key)
	l.entries = append(l.entries, ownEntry{k, row, seq})
	l.bytes += int64(len(k)) + 48
	if l.spec.idx.Unique {
		l.byKey[k] = append(l.byKey[k], row)
	}
}

// rollbackTo undoes all steps after seq.
func (w *tableWrites) rollbackTo(seq uint64) {
	for len(w.undo) > 0 && w.undo[len(w.undo)-1].seq > seq {
		u := w.undo[len(w.undo)-1]
		w.undo = w.undo[:len(w.undo)-1]
		switch {
		case u.own.chunk != nil:
			u.own.chunk.unend(u.own.off)
		case u.own.frag != nil:
			u.own.frag.ends.clear(u.own.off)
		default:
			delete(w.ends, u.id)
		}
	}
	w.tail.truncate(func(created uint64) bool { return created <= seq })
	w.frags = slices.DeleteFunc(w.frags, func(f *fragment) bool {
		keep := slices.ContainsFunc(f.seqs, func(s uint64) bool { return s <= seq })
		if !keep {
			f.condemn()
			f.unref()
			return true
		}
		for off, s := range f.seqs {
			if s > seq {
				f.ends.set(rowOffset(off), s) // never seen: ended as it was made
			}
		}
		return false
	})
	for _, l := range w.lists {
		l.rollbackTo(seq)
	}
}

func (l *entryList) rollbackTo(seq uint64) {
	for len(l.entries) > 0 {
		e := l.entries[len(l.entries)-1]
		if e.seq <= seq {
			return
		}
		l.entries = l.entries[:len(l.entries)-1]
		l.bytes -= int64(len(e.key)) + 48
		if rows := l.byKey[e.key]; len(rows) > 1 {
			l.byKey[e.key] = rows[:len(rows)-1]
		} else {
			delete(l.byKey, e.key)
		}
	}
}

// discard drops the writes of a transaction that does not commit: its files go, and what entries were
// written ahead stay as hints to rows that never were, until upkeep sweeps them.
func (w *tableWrites) discard() {
	for _, f := range w.frags {
		f.condemn()
		f.unref()
	}
	w.frags = nil
}

// sorted returns the entries in index order; of those with the same key and row the first.
func (l *entryList) sorted() []ownEntry {
	out := slices.Clone(l.entries)
	slices.SortStableFunc(out, func(a, b ownEntry) int {
		if c := strings.Compare(a.key, b.key); c != 0 {
			return c
		}
		return int(int64(a.row) - int64(b.row))
	})
	return slices.CompactFunc(out, func(a, b ownEntry) bool { return a.key == b.key && a.row == b.row })
}

// writeAhead writes the pending entries to Pebble before the commit. They are hints: until the rows
// commit nobody finds a visible row behind them. It keeps a large load from growing without bound.
func (w *tableWrites) writeAhead(l *entryList) error {
	if !w.txn.ahead {
		w.txn.ahead = true
		w.txn.store.ahead.Add(1)
	}
	s := w.txn.store
	if err := w.txn.intend(l.spec.idx); err != nil {
		return fmt.Errorf("write entries of index %d: %w", l.spec.idx.OID, err)
	}
	b := s.db.NewBatch()
	defer func() { _ = b.Close() }() // releases memory, cannot fail
	var buf []byte
	for _, e := range l.entries {
		buf = appendEntry(buf[:0], l.spec.idx.OID, []byte(e.key), e.row)
		if err := b.Set(buf, nil, nil); err != nil {
			return err
		}
	}
	if err := s.toLog(func() error { return s.db.Apply(b, pebble.NoSync) }); err != nil {
		return fmt.Errorf("write entries of index %d: %w", l.spec.idx.OID, err)
	}
	l.ahead, l.entries, l.bytes = true, nil, 0
	clear(l.byKey)
	return nil
}
