package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// ANN is an ANN index as a statement sees it: the trained model, the segments, and how to find the rows
// that no segment has. It is valid until its Reader is closed.
type ANN struct {
	Index    OID
	Model    []byte // nil: not trained; all rows are uncovered
	Segments []*OpenSegment
	table    *TableReader
	state    *annState
}

// OpenSegment is a segment that a statement has pinned.
type OpenSegment struct {
	Segment
	file *segmentFile
}

// Payload returns the segment's opened form, which open makes on first use by anybody.
func (s *OpenSegment) Payload(open func(path string, rec Segment) (Payload, error)) (Payload, error) {
	return s.file.opened(open)
}

// ANN returns the index. A row of a segment may be deleted, or have another vector by now: whoever
// searches checks hits with CodedVectors.
func (r *TableReader) ANN(index OID) (*ANN, error) {
	var state *annState
	for _, b := range r.reader.txn.built {
		if b.idx.OID == index {
			state = b.ann
		}
	}
	if state == nil {
		for _, a := range r.state.ann {
			if a.index == index {
				state = a
			}
		}
	}
	if state == nil {
		idx := r.reader.txn.Catalog().Index(index)
		if idx == nil || isOrdered(idx) || idx.Table != r.schema.OID {
			return nil, r.wrap(fmt.Errorf("index %d: %w", index, ErrNoRelation))
		}
		state = newANNState(index, idx.Keys[0].Column)
	}
	a := &ANN{Index: index, Model: state.model, table: r, state: state}
	if r.hidden {
		return a, nil // truncated: no committed row counts
	}
	for _, f := range state.segments {
		a.Segments = append(a.Segments, &OpenSegment{Segment: f.rec, file: f})
	}
	return a, nil
}

// CodedVectors is TableReader.FetchVectors for rows that were found by a code: segments[i] is the number among
// Segments of the one that has it. The vector is nil as well when the row has by now another one than the code is
// of: that one is found by a code of its own, or uncovered.
func (a *ANN) CodedVectors(ids []RowID, segments []int, f func(i int, vec []float32)) error {
	accept := func(i int, row, vec place) (bool, error) {
		seg := a.Segments[segments[i]]
		if vec.frag == nil || a.state.covered[vec.frag.rec.ID] != seg.ID {
			return false, nil
		}
		out, err := a.leftOut(seg, ids[i], row)
		return !out, err
	}
	return a.table.fetchVectors(ids, a.state.column, accept, f)
}

// leftOut says whether the visible version of a row had ended when a segment over its vector was built.
func (a *ANN) leftOut(seg *OpenSegment, id RowID, p place) (bool, error) {
	r := a.table
	if uint64(seg.Since) <= r.reader.v {
		return false, nil
	}
	if own, err := r.own.locate(id, r.reader.seq); err != nil || !own.none() {
		return false, err // we hold its lock: nobody else has ended it
	}
	end := p.ended()
	return end != 0 && end <= uint64(seg.Since), nil
}

// CoveredRows is the number of rows in segments, dead ones included.
func (a *ANN) CoveredRows() (n int64) {
	for _, s := range a.Segments {
		n += s.Rows
	}
	return n
}

func (a *ANN) uncoveredFragments() []*fragment {
	g := a.table.state.group(a.state.column)
	if g == nil || a.table.hidden {
		return nil
	}
	var out []*fragment
	for _, f := range g.frags {
		if a.state.covered[f.rec.ID] == 0 {
			out = append(out, f)
		}
	}
	return out
}

// Uncovered returns the visible rows whose vector is in no segment.
func (a *ANN) Uncovered() *Uncovered {
	t := a.table
	u := &Uncovered{ann: a, frags: a.uncoveredFragments(), fetch: t.fetcher(), col: t.layout.at(a.state.column)}
	u.scan = Scan{table: t, fetch: u.fetch}
	if !t.hidden {
		u.chunks = t.state.tail.list()
		u.leftOut = a.newEndedSources()
	}
	if t.own != nil {
		u.scan.addSources(t.own.frags, t.own.tail.list(), t.reader.seq, true)
	}
	return u
}

// Uncovered walks the rows that no segment has: those of fragments not indexed yet, of the tail, those that a
// build left out since only older snapshots see them, and the transaction's own.
type Uncovered struct {
	ann     *ANN
	col     int
	frags   []*fragment
	chunks  []*chunk
	off     rowOffset // in the first of frags
	leftOut *endedRows
	scan    Scan // own rows
	fetch   *rowFetcher
	rows    []RowID
	vecs    [][]float32
}

// uncoveredBatch is the number of rows that Next looks at.
const uncoveredBatch = 1024

// Next returns the next rows and their vectors, none at the end. The slices are valid until the
// following call, the vectors until the Reader is closed.
func (u *Uncovered) Next(ctx context.Context) ([]RowID, [][]float32, error) {
	u.rows, u.vecs = u.rows[:0], u.vecs[:0]
	for len(u.rows) == 0 {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		var err error
		switch {
		case len(u.frags) > 0:
			err = u.fromFragment(u.frags[0])
		case len(u.chunks) > 0:
			err = u.fromChunk(u.chunks[0])
			u.chunks = u.chunks[1:]
		case u.leftOut.more():
			err = u.fromLeftOut()
		default:
			var more bool
			if more, err = u.fromOwn(); !more && err == nil {
				return nil, nil, nil
			}
		}
		if err != nil {
			return nil, nil, u.ann.table.wrap(err)
		}
	}
	return u.rows, u.vecs, nil
}

// fromFragment adds the visible rows of the next part of a vector fragment.
func (u *Uncovered) fromFragment(f *fragment) error {
	from := u.off
	to := min(from+uncoveredBatch, rowOffset(f.rec.Rows), (from/blockRows+1)*blockRows)
	if u.off = to; int(to) == f.rec.Rows {
		u.frags, u.off = u.frags[1:], 0
	}
	for off := from; off < to; off++ {
		row, err := f.row(off)
		if err != nil {
			return err
		}
		if err := u.addIfVisible(row, place{frag: f, off: off}); err != nil {
			return err
		}
	}
	return nil
}

// fromChunk adds the visible rows whose vectors lie in a chunk of the tail.
func (u *Uncovered) fromChunk(c *chunk) error {
	col := c.layout.at(u.ann.state.column)
	if col < 0 {
		return nil
	}
	t := u.ann.table
	for off := range rowOffset(c.count()) {
		if c.cols[col].refs[off] != 0 {
			continue
		}
		row := c.rows[off]
		if t.own == nil && c.visible(off, t.reader.v) { // the common case needs no look-up
			if err := u.add(row, place{chunk: c, off: off}); err != nil {
				return err
			}
			continue
		}
		if err := u.addIfVisible(row, place{chunk: c, off: off}); err != nil {
			return err
		}
	}
	return nil
}

// addIfVisible adds the row when the vector at p is that of its visible version.
func (u *Uncovered) addIfVisible(row RowID, p place) error {
	seen, err := u.ann.table.locate(row)
	if err != nil || seen.none() {
		return err
	}
	if seen, err = u.fetch.vectorPlace(seen, u.ann.state.column); err != nil || seen != p {
		return err
	}
	return u.add(row, p)
}

// fromLeftOut adds the visible rows whose vectors lie in covered fragments, of the next part of those that builds left
// out.
func (u *Uncovered) fromLeftOut() error {
	a := u.ann
	rows, places, err := u.leftOut.next(nil, nil)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if a.table.own != nil && a.table.own.endedAt(row, a.table.reader.seq) {
			continue
		}
		p, err := u.fetch.vectorPlace(places[i], a.state.column)
		if err != nil {
			return err
		}
		if p.frag == nil || a.state.covered[p.frag.rec.ID] == 0 {
			continue
		}
		if err := u.add(row, p); err != nil {
			return err
		}
	}
	return nil
}

// fromOwn adds the next of our own rows that have a vector of their own.
func (u *Uncovered) fromOwn() (bool, error) {
	s := &u.scan
	for s.cur < len(s.sources) {
		src := &s.sources[s.cur]
		if s.pos >= src.count {
			s.cur, s.pos = s.cur+1, 0
			continue
		}
		from, to := s.window(src)
		s.pos += to - from
		if err := s.selectRows(src, from, to); err != nil {
			return false, err
		}
		for i, off := range s.sel {
			p := place{frag: src.frag, chunk: src.chunk, off: rowOffset(off)}
			ref, err := u.fetch.vectorVersion(p, u.ann.state.column)
			if err == nil && ref == 0 {
				if p, err = u.fetch.vectorPlace(p, u.ann.state.column); err == nil {
					err = u.add(s.rows[i], p)
				}
			}
			if err != nil {
				return false, err
			}
		}
		return true, nil
	}
	return false, nil
}

func (u *Uncovered) add(row RowID, p place) error {
	v, err := findVector(p, u.ann.state.column)
	if err != nil {
		return err
	}
	col := &u.ann.table.layout.cols[u.col]
	vec, err := v.read(col, col.dense.Floats)
	if vec != nil {
		u.rows, u.vecs = append(u.rows, row), append(u.vecs, vec)
	}
	return err
}

// ANNChange is a step of upkeep on an ANN index. It changes no row, so it makes no version.
type ANNChange struct {
	Model []byte      // nil: as it is
	Add   []Segment   // whose files lie, synced, under SegmentPath
	Drop  []SegmentID // whose files go when nobody reads them
}

// ChangeANN commits a step of upkeep. It reports false, having done nothing but removed the new files,
// when the index is gone or a segment to drop or a fragment to cover is: the table was truncated.
func (s *Store) ChangeANN(table, index OID, ch ANNChange) (bool, error) {
	b := s.db.NewBatch()
	doomed, err := s.changeANN(b, table, index, ch)
	if err != nil || doomed == nil {
		for _, rec := range ch.Add {
			s.removeFile(s.segmentPath(index, rec.File))
		}
		return false, errors.Join(err, b.Close())
	}
	if err := s.waitSynced(b); err != nil {
		return false, err
	}
	for _, f := range doomed {
		f.condemn()
	}
	return true, nil
}

// changeANN applies the step and returns the files that go, nil when it did nothing.
func (s *Store) changeANN(b *pebble.Batch, table, index OID, ch ANNChange) ([]*segmentFile, error) {
	s.commitMu.Lock()
	defer s.commitMu.Unlock()
	tb := s.table(table)
	if tb == nil || s.applied.catalog.Index(index) == nil {
		return nil, nil
	}
	next := s.nextANN(tb, index, ch)
	if next == nil {
		return nil, nil
	}
	for _, id := range ch.Drop {
		if err := b.Delete(segmentKey(index, id), nil); err != nil {
			return nil, err
		}
	}
	if err := encodeANN(b, index, ch.Model, next); err != nil {
		return nil, err
	}
	if err := s.applyBatch(b); err != nil {
		return nil, err
	}
	doomed := []*segmentFile{}
	for _, a := range tb.state.Load().ann {
		if a.index != index {
			continue
		}
		for _, f := range a.segments {
			if dropped(ch.Drop, f.rec.ID) {
				doomed = append(doomed, f)
			}
		}
	}
	tb.replaceANN(next)
	return doomed, nil
}

func dropped(ids []SegmentID, id SegmentID) bool {
	for _, d := range ids {
		if d == id {
			return true
		}
	}
	return false
}

// nextANN returns the index after the change, nil when it no longer fits.
func (s *Store) nextANN(tb *table, index OID, ch ANNChange) *annState {
	st := tb.state.Load()
	for _, a := range st.ann {
		if a.index != index {
			continue
		}
		next := newANNState(index, a.column)
		next.model = a.model
		if ch.Model != nil {
			next.model = ch.Model
		}
		found := 0
		for _, f := range a.segments {
			if dropped(ch.Drop, f.rec.ID) {
				found++
				continue
			}
			next.segments = append(next.segments, f)
		}
		for id, seg := range a.covered {
			if !dropped(ch.Drop, seg) {
				next.covered[id] = seg
			}
		}
		if found != len(ch.Drop) {
			return nil
		}
		for _, rec := range ch.Add {
			for _, id := range rec.Covers {
				if st.group(a.column).fragment(fragmentID(id)) == nil {
					return nil
				}
			}
			next.add(&segmentFile{rec: rec, store: s, path: s.segmentPath(index, rec.File)})
		}
		return next
	}
	return nil
}

// SegmentPath is where the file of a segment of an index belongs; its folder exists after the call.
func (s *Store) SegmentPath(index OID, file string) (string, error) {
	if err := s.fs.MkdirAll(s.path(indexDir, oidName(index)), 0o700); err != nil {
		return "", Marked(err)
	}
	return s.segmentPath(index, file), nil
}

// SyncSegments makes the names of an index's segment files durable.
func (s *Store) SyncSegments(index OID) error {
	return Marked(errors.Join(s.syncDir(s.path(indexDir, oidName(index))), s.syncDir(s.path(indexDir))))
}

// NewSegmentID returns a number that no segment of the store has.
func (s *Store) NewSegmentID() (SegmentID, error) {
	id, err := s.newOID()
	return SegmentID(id), err
}
