package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/vecdb/vecdb/internal/rowset"
)

// VectorSource reads the vector fragments of a column for building segments: the vectors that some row version
// has which was not ended at the source's version. It pins the table's state; Close it. It belongs to one
// goroutine.
type VectorSource struct {
	table   *table
	st      *tableState
	col     int16
	version Version
	frags   []*fragment
	live    []*liveVectors // by fragment; nil: not looked at yet
	scalars map[fragmentID]*fragment
	fetch   *rowFetcher

	column column
}

// liveVectors are the vectors of a fragment that a row still has.
type liveVectors struct {
	all  bool
	offs []rowOffset // unless all are live
	rows int
}

// Vectors opens the vector fragments that a column has now.
func (s *Store) Vectors(table OID, col int16) (*VectorSource, error) {
	tb := s.table(table)
	if tb == nil {
		return nil, fmt.Errorf("table %d: %w", table, ErrNoRelation)
	}
	ts := s.Catalog().Table(table)
	if ts == nil {
		return nil, fmt.Errorf("table %d: %w", table, ErrNoRelation)
	}
	l, err := s.layoutOf(ts)
	if err != nil {
		return nil, err
	}
	at := l.at(col)
	if at < 0 {
		return nil, fmt.Errorf("column %d of table %d: %w", col, table, ErrNoRelation)
	}
	// The version first: all that it ended is then in the state.
	v := &VectorSource{table: tb, col: col, version: s.Version(), column: l.cols[at], scalars: map[fragmentID]*fragment{}}
	v.st = tb.pin()
	v.fetch = &rowFetcher{store: s, layout: l, state: v.st}
	if g := v.st.group(col); g != nil {
		v.frags = g.frags
		v.live = make([]*liveVectors, len(v.frags))
	}
	for _, f := range v.st.scalars() {
		if id, ok := f.rec.Aligned[col]; ok && !slices.Contains(f.rec.Refs, col) {
			v.scalars[id] = f
		}
	}
	return v, nil
}

// Close unpins the state.
func (v *VectorSource) Close() { v.st.unpin() }

// Version is the version at which the source tells live vectors from dead ones, for Segment.Since.
func (v *VectorSource) Version() Version { return v.version }

// VectorFragment names a fragment and its number of rows, dead ones included.
type VectorFragment struct {
	ID   uint64
	Rows int
}

// Fragments lists the fragments, in the order that Live and Read count them.
func (v *VectorSource) Fragments() []VectorFragment {
	out := make([]VectorFragment, len(v.frags))
	for i, f := range v.frags {
		out[i] = VectorFragment{uint64(f.rec.ID), f.rec.Rows}
	}
	return out
}

// Index returns the state of an index over the column: its model, its segments with the number of the
// fragments that they cover.
func (v *VectorSource) Index(index OID) (model []byte, segments []*OpenSegment) {
	for _, a := range v.st.ann {
		if a.index != index {
			continue
		}
		for i, rec := range a.records() {
			segments = append(segments, &OpenSegment{Segment: rec, file: a.segments[i]})
		}
		return a.model, segments
	}
	return nil, nil
}

// Live returns the number of rows of a fragment that Read reads.
func (v *VectorSource) Live(ctx context.Context, frag int) (int, error) {
	l := v.live[frag]
	if l == nil {
		var err error
		if l, err = v.findLive(ctx, v.frags[frag]); err != nil {
			return 0, v.wrap(err)
		}
		v.live[frag] = l
	}
	return l.rows, nil
}

// findLive looks at the row versions that brought the vectors. Where the fragment's rows lie beside their
// vectors, runs in which nothing has ended need no look.
func (v *VectorSource) findLive(ctx context.Context, g *fragment) (*liveVectors, error) {
	f, rows := v.scalars[g.rec.ID], g.rec.Rows
	if f != nil && f.ends.count.Load() == 0 {
		return &liveVectors{all: true, rows: rows}, nil
	}
	l := &liveVectors{offs: make([]rowOffset, 0, rows)}
	for from := 0; from < rows; from += endBlockRows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+endBlockRows, rows)
		whole := f != nil && !f.ends.any(from, to)
		for off := rowOffset(from); off < rowOffset(to); off++ {
			live := whole
			if !live {
				var err error
				if live, err = v.isLive(g, f, off); err != nil {
					return nil, err
				}
			}
			if live {
				l.offs = append(l.offs, off)
			}
		}
	}
	if l.rows = len(l.offs); l.rows == rows {
		l.all, l.offs = true, nil
	}
	return l, nil
}

// isLive says whether a row version that was not ended at the source's version has the vector at off of g. f, unless
// it is nil, has the row version that brought it at the same offset.
func (v *VectorSource) isLive(g, f *fragment, off rowOffset) (bool, error) {
	if f != nil {
		if e := f.ends.at(off); e == 0 || e > uint64(v.version) {
			return true, nil
		}
	}
	row, err := g.row(off)
	if err != nil {
		return false, err
	}
	created, err := g.created(off)
	if err != nil || g.ends.at(off) == created {
		return false, err
	}
	return v.st.vectorNeeded(v.fetch, v.col, row, created, uint64(v.version))
}

// LiveRows returns the rows of some fragments that have a live vector there.
func (v *VectorSource) LiveRows(ctx context.Context, covers []uint64) (*rowset.Set, error) {
	out := rowset.New()
	for i, f := range v.frags {
		if !slices.Contains(covers, uint64(f.rec.ID)) {
			continue
		}
		if _, err := v.Live(ctx, i); err != nil {
			return nil, err
		}
		if err := v.addLive(out, f, v.live[i]); err != nil {
			return nil, v.wrap(err)
		}
	}
	return out, nil
}

// addLive adds the live rows of f whose vector is not null.
func (v *VectorSource) addLive(out *rowset.Set, f *fragment, l *liveVectors) error {
	nulls := f.mayHaveNulls(v.col)
	if l.all && !nulls && f.rec.Dense {
		out.AddRange(uint64(f.rec.MinRow), uint64(f.rec.MaxRow)+1)
		return nil
	}
	run := make([]uint64, 0, endBlockRows)
	for i := range l.rows {
		off := l.at(i)
		if nulls {
			if null, err := v.isNull(f, off); null || err != nil {
				if err != nil {
					return err
				}
				continue
			}
		}
		row, err := f.row(off)
		if err != nil {
			return err
		}
		if run = append(run, uint64(row)); len(run) == cap(run) {
			out.AddMany(run)
			run = run[:0]
		}
	}
	out.AddMany(run)
	return nil
}

func (v *VectorSource) isNull(f *fragment, off rowOffset) (bool, error) {
	at, err := findVector(place{frag: f, off: off}, v.col)
	if err != nil {
		return false, err
	}
	vec, err := at.read(&v.column, v.column.dense.Floats)
	return vec == nil, err
}

// at returns the offset of the i-th live vector.
func (l *liveVectors) at(i int) rowOffset {
	if l.all {
		return rowOffset(i)
	}
	return l.offs[i]
}

// Read returns the live rows from <= i < to of a fragment: their ids and vectors, nil for null. Valid until Close.
func (v *VectorSource) Read(ctx context.Context, frag, from, to int) (ids []RowID, vecs [][]float32, err error) {
	if _, err := v.Live(ctx, frag); err != nil {
		return nil, nil, err
	}
	f, l := v.frags[frag], v.live[frag]
	if err := v.advise(f, l, from, to); err != nil {
		return nil, nil, v.wrap(err)
	}
	for i := from; i < to; i++ {
		off := l.at(i)
		id, err := f.row(off)
		if err != nil {
			return nil, nil, v.wrap(err)
		}
		at, err := findVector(place{frag: f, off: off}, v.col)
		if err != nil {
			return nil, nil, v.wrap(err)
		}
		vec, err := at.read(&v.column, v.column.dense.Floats)
		if err != nil {
			return nil, nil, v.wrap(err)
		}
		ids, vecs = append(ids, id), append(vecs, vec)
	}
	return ids, vecs, nil
}

// advise asks for the vectors that will be read, block by block.
func (v *VectorSource) advise(f *fragment, l *liveVectors, from, to int) error {
	for from < to {
		first, end := l.at(from), from+1
		for end < to && l.at(end)/blockRows == first/blockRows {
			end++
		}
		if err := f.adviseVectors(v.col, int(first), int(l.at(end-1))+1); err != nil {
			return err
		}
		from = end
	}
	return nil
}

func (v *VectorSource) wrap(err error) error {
	return fmt.Errorf("read vectors of table %d: %w", v.table.oid, Marked(err))
}

// mayHaveNulls says whether a value of the column is null in a block.
func (f *fragment) mayHaveNulls(num int16) bool {
	i := f.rec.columnAt(num)
	for _, b := range f.rec.Blocks {
		if i < 0 || i >= len(b.Zones) || b.Zones[i].Nulls > 0 {
			return true
		}
	}
	return false
}

// vectorNeeded says whether a row version that is not ended at a version has the vector that version created of
// the row brought.
func (st *tableState) vectorNeeded(f *rowFetcher, num int16, row RowID, created, at uint64) (needed bool, err error) {
	check := func(p place) error {
		if e := p.ended(); needed || e != 0 && e <= at {
			return nil
		}
		ref, err := f.vectorVersion(p, num)
		if err != nil {
			return err
		}
		v := uint64(ref)
		if v == 0 {
			if v, err = p.created(); err != nil {
				return err
			}
		}
		needed = v == created
		return nil
	}
	return needed, st.eachVersionOf(row, check, &needed)
}

// endedRows walks the row versions that a snapshot sees and that ended by a later version.
type endedRows struct {
	v, since uint64
	frags    []*fragment
	chunks   []*chunk
}

// newEndedSources returns the rows that a segment may lack since they had ended when it was built, but not for this
// snapshot; nil, which has none, when every segment is as old as the snapshot.
func (a *ANN) newEndedSources() *endedRows {
	e := &endedRows{v: a.table.reader.v}
	for _, s := range a.Segments {
		e.since = max(e.since, uint64(s.Since))
	}
	if e.since <= e.v {
		return nil
	}
	e.frags, e.chunks = a.table.state.scalars(), a.table.state.tail.list()
	return e
}

func (e *endedRows) more() bool { return e != nil && len(e.frags)+len(e.chunks) > 0 }

// next appends those of one fragment or chunk.
func (e *endedRows) next(rows []RowID, places []place) ([]RowID, []place, error) {
	if len(e.frags) == 0 {
		c := e.chunks[0]
		e.chunks = e.chunks[1:]
		for off := range rowOffset(c.count()) {
			if end := c.ended[off].Load(); end > e.v && end <= e.since && c.created[off] <= e.v {
				rows, places = append(rows, c.rows[off]), append(places, place{chunk: c, off: off})
			}
		}
		return rows, places, nil
	}
	f := e.frags[0]
	e.frags = e.frags[1:]
	for from := 0; from < f.rec.Rows; from += endBlockRows {
		to := min(from+endBlockRows, f.rec.Rows)
		if !f.ends.any(from, to) {
			continue
		}
		for off := rowOffset(from); off < rowOffset(to); off++ {
			end := f.ends.at(off)
			if end <= e.v || end > e.since {
				continue
			}
			created, err := f.created(off)
			if err != nil {
				return nil, nil, err
			}
			row, err := f.row(off)
			if err != nil {
				return nil, nil, err
			}
			if created <= e.v {
				rows, places = append(rows, row), append(places, place{frag: f, off: off})
			}
		}
	}
	return rows, places, nil
}
