package storage

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/schema"
)

// BuildOptions bound and watch the building of an index.
type BuildOptions struct {
	// WorkMem is the memory that the build may take, in bytes. Default 64 MB.
	WorkMem int64
	// Progress, when set, is called now and then with the rows done and all rows.
	Progress func(done, total int64)
}

// buildWorkMem is the default of BuildOptions.WorkMem: that of PostgreSQL's maintenance_work_mem.
const buildWorkMem = 64 << 20

const (
	// entryFixedBytes is what an entry takes in a table of Pebble's beside its key, about.
	entryFixedBytes = 24
	// buildTables is how many times a build's entries lie on disk at most: as they were written, and once more
	// while Pebble makes one table of many.
	buildTables = 2
)

// Builder builds an index of one method over the rows there are: it reads them from b and leaves
// there what it made. It is called inside a transaction, whose rollback discards everything.
type Builder func(ctx context.Context, b *Build) error

// Build is an index build in progress.
type Build struct {
	Index   *schema.Index
	Options BuildOptions
	Vectors *VectorSource // the vectors of the column, for methods over vectors
	txn     *Txn
	built   *builtIndex
}

// builtIndex is what a transaction has built and not committed.
type builtIndex struct {
	seq    uint64
	idx    *schema.Index
	ahead  bool // entries were given to Pebble ahead, under an intent
	tables int  // that they were given in
	ann    *annState
}

// intentKey marks an index whose entries are written ahead of the commit that names it.
func intentKey(idx OID) []byte { return oidKey(spaceIntent, idx) }

// BuildIndex makes the index known, when Put has not, and fills it with the rows that the table has,
// committed and our own. The caller holds at least a Share lock on the table. The error is a
// *UniqueError when two live rows have the same key of a unique index.
func (t *Txn) BuildIndex(ctx context.Context, idx *schema.Index, o BuildOptions) error {
	if o.WorkMem <= 0 {
		o.WorkMem = buildWorkMem
	}
	if t.Catalog().Index(idx.OID) == nil {
		if err := t.Put(idx); err != nil {
			return err
		}
	}
	if isOrdered(idx) {
		return t.buildOrdered(ctx, idx, o)
	}
	return t.buildVectors(ctx, idx, o)
}

func (t *Txn) buildVectors(ctx context.Context, idx *schema.Index, o BuildOptions) error {
	b := &builtIndex{
		seq: t.seq, idx: idx,
		ann: newANNState(idx.OID, idx.Keys[0].Column),
	}
	builder := t.store.opts.Builders[idx.Method]
	tb := t.store.table(idx.Table)
	if builder != nil && tb != nil {
		if err := t.store.FlushTable(ctx, idx.Table); err != nil {
			return err
		}
		src, err := t.store.Vectors(idx.Table, idx.Keys[0].Column)
		if err != nil {
			return err
		}
		defer src.Close()
		if err := builder(ctx, &Build{Index: idx, Options: o, Vectors: src, txn: t, built: b}); err != nil {
			t.discardBuilt(b)
			return fmt.Errorf("build index %d: %w", idx.OID, Marked(err))
		}
	}
	t.built = append(t.built, b)
	return nil
}

// SetModel keeps the trained model of the index.
func (b *Build) SetModel(model []byte) { b.built.ann.model = model }

// AddSegment adds a segment whose file lies, synced, under SegmentPath.
func (b *Build) AddSegment(rec Segment) {
	s := b.txn.store
	f := &segmentFile{rec: rec, store: s, path: s.segmentPath(b.Index.OID, rec.File)}
	f.life.refs.Add(1)
	b.built.ann.add(f)
}

// Store is the store that the index belongs to.
func (b *Build) Store() *Store { return b.txn.store }

// discardBuilt removes what a build made that does not commit.
func (t *Txn) discardBuilt(b *builtIndex) {
	if b.ann != nil {
		for _, f := range b.ann.segments {
			f.condemn()
			f.unref()
		}
	}
	if b.ahead {
		prefix := oidKey(spaceIndex, b.idx.OID)
		db := t.store.db
		err := t.store.toLog(func() error {
			return errors.Join(db.DeleteRange(prefix, prefixEnd(prefix), pebble.NoSync), db.Delete(intentKey(b.idx.OID), pebble.NoSync))
		})
		if err != nil { // the intent stays, the next start does it
			t.store.opts.Log.Warn("discard index entries", "index", b.idx.OID, "error", err)
		}
	}
}

// intend marks an index that this transaction makes, so that entries which are written ahead go with it when it does not
// come to the commit. Those of an index that others know are swept.
func (t *Txn) intend(idx *schema.Index) error {
	at, seq := 0, uint64(0)
	for _, d := range t.ddl {
		if made, ok := d.change.Object.(*schema.Index); ok && made.OID == idx.OID && seq == 0 {
			seq = d.seq
		}
	}
	for _, b := range t.built {
		if b.idx.OID == idx.OID && b.ahead {
			return nil
		}
		if b.seq <= seq {
			at++
		}
	}
	if seq == 0 || t.store.Catalog().Index(idx.OID) != nil {
		return nil
	}
	if err := t.store.markIntent(idx.OID); err != nil {
		return err
	}
	t.built = slices.Insert(t.built, at, &builtIndex{seq: seq, idx: idx, ahead: true})
	return nil
}

// markIntent lets a restart find the entries of an index that the catalog does not name.
func (s *Store) markIntent(idx OID) error {
	return s.toLog(func() error { return s.db.Set(intentKey(idx), nil, pebble.Sync) })
}

// encodeBuilt writes what makes a built index real.
func (c *commit) encodeBuilt(b *builtIndex) error {
	if c.next.catalog.Index(b.idx.OID) == nil {
		return nil
	}
	if b.ahead {
		return c.batch.Delete(intentKey(b.idx.OID), nil)
	}
	if b.ann == nil {
		return nil
	}
	return encodeANN(c.batch, b.ann.index, b.ann.model, b.ann)
}

// encodeANN writes the model, unless it is nil, and the segments of an index.
func encodeANN(batch *pebble.Batch, index OID, model []byte, a *annState) error {
	if model != nil {
		if err := batch.Set(indexKey(index, indexModel), model, nil); err != nil {
			return err
		}
	}
	for _, seg := range a.records() {
		rec, err := json.Marshal(seg)
		if err != nil {
			return err
		}
		if err := batch.Set(segmentKey(index, seg.ID), append([]byte{fragmentFormat}, rec...), nil); err != nil {
			return err
		}
	}
	return nil
}

func segmentKey(index OID, id SegmentID) []byte {
	return binary.BigEndian.AppendUint64(indexKey(index, indexSegment), uint64(id))
}

// rememberBuilt puts a built ANN index into the table's state.
func (c *commit) rememberBuilt(b *builtIndex) {
	tb := c.store.table(b.idx.Table)
	if b.ann == nil || tb == nil || c.next.catalog.Index(b.idx.OID) == nil {
		return
	}
	tb.replaceANN(b.ann)
	for _, f := range b.ann.segments {
		f.unref() // the state has its own reference
	}
	b.ann = nil
}

// replaceANN installs a state with a new form of one ANN index.
func (t *table) replaceANN(a *annState) {
	st := t.state.Load()
	ann := []*annState{a}
	for _, o := range st.ann {
		if o.index != a.index {
			ann = append(ann, o)
		}
	}
	t.install(newState(t, st.fragments(), st.tail, ann))
}

// buildOrdered writes the entries of all row versions, visible or not: an older snapshot may use the
// index too.
func (t *Txn) buildOrdered(ctx context.Context, idx *schema.Index, o BuildOptions) error {
	w, err := t.writable(idx.Table)
	if err != nil {
		return err
	}
	l := w.list(idx.OID)
	b := &builtIndex{seq: t.seq, idx: idx}
	t.built = append(t.built, b)
	st := w.table.pin()
	defer st.unpin()
	f := &rowFetcher{store: t.store, layout: w.layout, state: st, own: w}
	total := max(w.table.rows.Load()+w.rowsAdded(), 0)
	var done int64
	add := func(places []place, rows []RowID) error {
		keys, err := f.keys(t, l.spec, places)
		if err != nil {
			return err
		}
		if done == 0 { // the first rows stand for all
			size := (int64(len(keys.arena))/int64(len(rows)) + entryFixedBytes) * max(total, int64(len(rows)))
			if err := t.store.NeedSpace("the index", buildTables*size); err != nil {
				return err
			}
		}
		for i, row := range rows {
			if keys.has(i) {
				l.add(keys.key(i), row, t.seq)
			}
		}
		if done += int64(len(rows)); o.Progress != nil {
			o.Progress(done, total)
		}
		if len(l.entries) > buildEntriesFactor*t.store.opts.EntriesMax {
			return t.buildAhead(ctx, l, b)
		}
		return nil
	}
	if _, truncated := t.truncatedAt(idx.Table, t.seq); !truncated {
		if err := eachVersion(ctx, st.scalars(), st.tail.list(), true, add); err != nil {
			return err
		}
	}
	// Versions of our own that have ended already are nobody's: who goes back to them loses the index too.
	if err := eachVersion(ctx, w.frags, w.tail.list(), false, add); err != nil {
		return err
	}
	if !idx.Unique {
		return nil
	}
	return t.checkBuilt(ctx, w, l, f)
}

// eachVersion calls f for the row versions of the fragments of scalars and the chunks, with or without those that have ended,
// some at a time.
func eachVersion(
	ctx context.Context, frags []*fragment, chunks []*chunk, ended bool, f func([]place, []RowID) error,
) error {
	const step = 1024
	var places []place
	var rows []RowID
	flush := func() error {
		if err := ctx.Err(); err != nil || len(rows) == 0 {
			return err
		}
		err := f(places, rows)
		places, rows = places[:0], rows[:0]
		return err
	}
	for _, fr := range frags {
		if fr.rec.Group != scalarGroup {
			continue
		}
		for off := range rowOffset(fr.rec.Rows) {
			if !ended && fr.ends.at(off) != 0 {
				continue
			}
			row, err := fr.row(off)
			if err != nil {
				return err
			}
			places, rows = append(places, place{frag: fr, off: off}), append(rows, row)
			if len(rows) == step {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	for _, c := range chunks {
		for off := range rowOffset(c.count()) {
			if ended || c.ended[off].Load() == 0 {
				places, rows = append(places, place{chunk: c, off: off}), append(rows, c.rows[off])
			}
		}
		if err := flush(); err != nil {
			return err
		}
	}
	return flush()
}

// checkBuilt looks for two live rows with the same key by walking the new index in order.
func (t *Txn) checkBuilt(ctx context.Context, w *tableWrites, l *entryList, f *rowFetcher) error {
	r := t.Reader()
	defer func() { _ = r.Close() }() // no iterator is left open
	tr, err := r.Table(w.table.oid)
	if err != nil {
		return err
	}
	// Liveness is what the newest commit left, which the table lock keeps as it is.
	r.v = newestVersion
	s := tr.IndexScan(l.spec.idx.OID, []KeyRange{{}}, false)
	defer func() { _ = s.Close() }() // its iterator goes to the reader
	var last []byte
	var lastRow RowID
	for {
		rows, err := s.Next(ctx)
		if err != nil || len(rows) == 0 {
			return err
		}
		places := make([]place, len(rows))
		for i, row := range rows {
			if places[i], err = tr.locate(row); err != nil {
				return err
			}
		}
		keys, err := f.keys(t, l.spec, places)
		if err != nil {
			return err
		}
		for i, row := range rows {
			k := keys.key(i)
			null := keys.null != nil && keys.null[i] && !l.spec.idx.NullsNotDistinct
			if lastRow != 0 && string(k) == string(last) && !null {
				return keys.duplicate(l.spec.idx, i, lastRow)
			}
			last, lastRow = append(last[:0], k...), row
		}
	}
}
