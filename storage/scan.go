package storage

import (
	"context"
	"fmt"
	"slices"

	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// ScanOptions say what a scan returns.
type ScanOptions struct {
	Cols    []int16       // attnums of the columns, in the order they are wanted
	Filter  *rowset.Set   // only these rows; nil: all
	Prune   []ColumnRange // blocks whose values cannot match are left out; rows still want a filter
	Reverse bool          // newest fragments first, rows descending
}

// ColumnRange says that only rows with Lo <= column <= Hi matter; a nil bound is open. Nulls never match.
type ColumnRange struct {
	Col    int16
	Lo, Hi *types.Datum
}

// Scan reads the visible rows of a table: fragments in order of their row ids, then the tail, then the
// transaction's own rows. It belongs to one goroutine.
type Scan struct {
	table   *TableReader
	opts    ScanOptions
	cols    []int // indexes in the layout
	sources []scanSource
	cur     int
	pos     int // rows of the current source that are done
	fetch   *rowFetcher
	sel     []int32
	rows    []RowID
	places  []place
	out     batch.Batch
	// What out's columns point to: views show memory of chunks, loaded and picked are the scan's own.
	views, loaded, picked []batch.Column
	err                   error
}

// scanSource is a fragment or chunk with the version to read it at.
type scanSource struct {
	frag  *fragment
	chunk *chunk
	count int
	v     uint64
	own   bool
}

// Scan starts a scan.
func (r *TableReader) Scan(o ScanOptions) *Scan {
	s := &Scan{table: r, opts: o, fetch: r.fetcher(), cols: make([]int, len(o.Cols))}
	n := len(o.Cols)
	buf := make([]batch.Column, 3*n)
	s.views, s.loaded, s.picked = buf[:n:n], buf[n:2*n:2*n], buf[2*n:]
	s.out.Cols = make([]*batch.Column, len(o.Cols))
	for i, num := range o.Cols {
		if s.cols[i] = r.layout.at(num); s.cols[i] < 0 {
			s.err = r.wrap(fmt.Errorf("column %d: %w", num, ErrNoRelation))
			return s
		}
	}
	if !r.hidden {
		s.addSources(r.state.scalars(), r.state.tail.list(), r.reader.v, false)
	}
	if r.own != nil {
		s.addSources(r.own.frags, r.own.tail.list(), r.reader.seq, true)
	}
	if o.Reverse {
		slices.Reverse(s.sources)
	}
	return s
}

func (s *Scan) addSources(frags []*fragment, chunks []*chunk, v uint64, own bool) {
	for _, f := range frags {
		if f.rec.Group == scalarGroup {
			s.sources = append(s.sources, scanSource{frag: f, count: f.rec.Rows, v: v, own: own})
		}
	}
	for _, c := range chunks {
		if n := c.count(); n > 0 {
			s.sources = append(s.sources, scanSource{chunk: c, count: n, v: v, own: own})
		}
	}
}

// Next returns the next rows and their ids, at most batch.RowsMax, and a nil batch at the end. Both are
// valid until the following call; the batch has no selection.
func (s *Scan) Next(ctx context.Context) (*batch.Batch, []RowID, error) {
	if s.err != nil {
		return nil, nil, s.err
	}
	for s.cur < len(s.sources) {
		src := &s.sources[s.cur]
		if s.pos >= src.count {
			s.cur, s.pos = s.cur+1, 0
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		from, to := s.window(src)
		if src.frag != nil && s.pruned(src.frag, from/blockRows) {
			s.skipBlock(src, from, to)
			continue
		}
		s.pos += to - from
		if err := s.selectRows(src, from, to); err != nil {
			s.err = s.table.wrap(err)
			return nil, nil, s.err
		}
		if len(s.sel) == 0 {
			continue
		}
		if err := s.fill(src, from, to); err != nil {
			s.err = s.table.wrap(err)
			return nil, nil, s.err
		}
		return &s.out, s.rows, nil
	}
	return nil, nil, nil
}

// window returns the next rows to look at: of one block, at most batch.RowsMax.
func (s *Scan) window(src *scanSource) (from, to int) {
	if !s.opts.Reverse {
		from = s.pos
		to = min(from+batch.RowsMax, src.count, (from/blockRows+1)*blockRows)
		return from, to
	}
	to = src.count - s.pos
	from = max(to-batch.RowsMax, (to-1)/blockRows*blockRows)
	return from, to
}

// skipBlock moves behind the block that the window from..to lies in.
func (s *Scan) skipBlock(src *scanSource, from, to int) {
	block := from / blockRows
	if s.opts.Reverse {
		s.pos += to - block*blockRows
		return
	}
	s.pos = min((block+1)*blockRows, src.count)
}

// pruned says whether no row of a block can match the ranges.
func (s *Scan) pruned(f *fragment, block int) bool {
	for _, r := range s.opts.Prune {
		i := f.rec.columnAt(r.Col)
		if i < 0 || i >= len(f.rec.Blocks[block].Zones) {
			continue
		}
		z := &f.rec.Blocks[block].Zones[i]
		typ := types.Lookup(f.rec.Columns[i].Type.OID)
		if !z.HasBounds || typ == nil || typ.Compare == nil {
			continue
		}
		if r.Lo != nil && typ.Compare(z.Max, *r.Lo) < 0 || r.Hi != nil && typ.Compare(z.Min, *r.Hi) > 0 {
			return true
		}
	}
	return false
}

// selectRows puts the offsets of the rows to return into sel and their ids into rows.
func (s *Scan) selectRows(src *scanSource, from, to int) (err error) {
	if src.chunk != nil {
		s.sel = src.chunk.appendVisible(s.sel[:0], from, to, src.v)
	} else if s.sel, err = src.frag.appendVisible(s.sel[:0], from, to, src.v); err != nil {
		return err
	}
	s.rows = s.rows[:0]
	for _, off := range s.sel {
		id := RowID(0)
		if src.chunk != nil {
			id = src.chunk.rows[off]
		} else if id, err = src.frag.row(rowOffset(off)); err != nil {
			return err
		}
		s.rows = append(s.rows, id)
	}
	own := s.table.own
	if s.opts.Filter != nil || (!src.own && own != nil && len(own.ends) > 0) {
		kept := 0
		for i, id := range s.rows {
			if s.opts.Filter != nil && !s.opts.Filter.Contains(uint64(id)) {
				continue
			}
			if !src.own && own.endedAt(id, s.table.reader.seq) {
				continue
			}
			s.rows[kept], s.sel[kept] = id, s.sel[i]
			kept++
		}
		s.rows, s.sel = s.rows[:kept], s.sel[:kept]
	}
	if s.opts.Reverse {
		slices.Reverse(s.rows)
		slices.Reverse(s.sel)
	}
	return nil
}

// fill makes the batch of the selected rows.
func (s *Scan) fill(src *scanSource, from, to int) error {
	s.out.N = len(s.sel)
	whole := len(s.sel) == to-from && !s.opts.Reverse
	for j, col := range s.cols {
		var err error
		switch c := &s.table.layout.cols[col]; {
		case c.vector():
			err = s.fillVector(src, j, col, from, to, whole)
		case src.chunk != nil:
			s.fillChunk(src.chunk, j, c, from, to, whole)
		default:
			err = s.fillFragment(src.frag, j, c, from, to, whole)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Scan) fillChunk(c *chunk, j int, col *column, from, to int, whole bool) {
	i := c.layout.at(col.num)
	if i < 0 {
		fillMissing(&s.loaded[j], col, len(s.sel))
		s.out.Cols[j] = &s.loaded[j]
		return
	}
	if whole {
		c.view(&s.views[j], i, from, to)
		s.out.Cols[j] = &s.views[j]
		return
	}
	var src batch.Column
	c.view(&src, i, 0, to)
	s.gather(j, &src, 0)
}

func (s *Scan) fillFragment(f *fragment, j int, col *column, from, to int, whole bool) error {
	if err := f.load(&s.loaded[j], col, from, to); err != nil {
		return err
	}
	s.out.Cols[j] = &s.loaded[j]
	if !whole {
		s.gather(j, &s.loaded[j], from)
	}
	return nil
}

// gather copies the selected rows of src, whose first row is base, into the column j of the batch.
func (s *Scan) gather(j int, src *batch.Column, base int) {
	dst := &s.picked[j]
	s.out.Cols[j] = dst
	dst.Type, dst.Phys = src.Type, src.Phys
	nulls := dst.Nulls
	dst.Nulls = nil
	dst.Resize(len(s.sel))
	if src.Nulls != nil {
		if cap(nulls) < len(s.sel) {
			nulls = make([]bool, len(s.sel))
		}
		dst.Nulls = nulls[:len(s.sel)]
	}
	switch src.Phys {
	case types.Bool:
		gatherRows(dst.B, src.B, s.sel, base)
	case types.Int:
		gatherRows(dst.I, src.I, s.sel, base)
	case types.Float:
		gatherRows(dst.F, src.F, s.sel, base)
	default:
		gatherRows(dst.S, src.S, s.sel, base)
	}
	if src.Nulls != nil {
		gatherRows(dst.Nulls, src.Nulls, s.sel, base)
	}
}

func gatherRows[V any](dst, src []V, sel []int32, base int) {
	for i, off := range sel {
		dst[i] = src[int(off)-base]
	}
}

// fillVector reads a vector column: in one piece when the rows and the vectors lie side by side,
// else row by row.
func (s *Scan) fillVector(src *scanSource, j, col, from, to int, whole bool) error {
	c := &s.table.layout.cols[col]
	if src.frag != nil && !slices.Contains(src.frag.rec.Refs, c.num) {
		if g := s.fetch.aligned(src.frag, c.num); g != nil {
			return s.fillFragment(g, j, c, from, to, whole)
		}
	}
	s.places = s.places[:0]
	for _, off := range s.sel {
		s.places = append(s.places, place{frag: src.frag, chunk: src.chunk, off: rowOffset(off)})
	}
	s.out.Cols[j] = &s.loaded[j]
	return s.fetch.column(&s.loaded[j], col, s.places)
}
