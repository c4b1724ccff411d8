package storage

import (
	"sync/atomic"
	"unsafe"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// rowOffset is a row's position in a fragment or chunk.
type rowOffset uint32

// chunk holds row versions in memory, column by column: a part of a table's tail, or of the writes of
// a transaction. Its arrays never move. Rows are written behind n and then published by raising n,
// so readers need no lock; only the ends of rows change later, and those are atomic.
//
// In a tail created and ended are versions; in a write set they are sequence numbers of the
// transaction, and everything else is the same.
type chunk struct {
	no      uint32 // its number in its tail
	layout  *layout
	n       atomic.Int32
	ends    atomic.Int32 // rows with an end, to skip looking when there are none
	rows    []RowID
	created []uint64
	ended   []atomic.Uint64
	prev    []uint64 // tail position + 1 of the row's version before this one, 0: none
	cols    []chunkColumn
}

// chunkColumn is a column of a chunk; col's slices and null mask have the chunk's capacity.
type chunkColumn struct {
	col     batch.Column
	hasNull atomic.Bool
	// refs, for vector columns, names the version whose vector this row version has; 0: its own.
	refs []Version
}

func newChunk(no uint32, l *layout, capacity int) *chunk {
	c := &chunk{
		no: no, layout: l,
		rows: make([]RowID, capacity), created: make([]uint64, capacity),
		ended: make([]atomic.Uint64, capacity), prev: make([]uint64, capacity),
		cols: make([]chunkColumn, len(l.cols)),
	}
	for i := range l.cols {
		cc := &c.cols[i]
		cc.col = batch.Column{Type: l.cols[i].typ, Phys: l.cols[i].phys}
		cc.col.Resize(capacity)
		cc.col.Nulls = make([]bool, capacity)
		if l.cols[i].vector() {
			cc.refs = make([]Version, capacity)
		}
	}
	return c
}

// count is the number of published rows.
func (c *chunk) count() int { return int(c.n.Load()) }

// room is the number of rows that still fit.
func (c *chunk) room() int { return len(c.rows) - c.count() }

// visibleAt says whether a row version made at created and ended at ended (0: not) is seen at v.
func visibleAt(created, ended, v uint64) bool {
	return created <= v && (ended == 0 || ended > v)
}

func (c *chunk) visible(off rowOffset, v uint64) bool {
	return visibleAt(c.created[off], c.ended[off].Load(), v)
}

// appendVisible appends to sel the offsets from <= i < to that are seen at v.
func (c *chunk) appendVisible(sel []int32, from, to int, v uint64) []int32 {
	created := c.created[from:to]
	if c.ends.Load() == 0 {
		for i := range created {
			if created[i] <= v {
				sel = append(sel, int32(from+i))
			}
		}
		return sel
	}
	ended := c.ended[from:to]
	for i := range created {
		if visibleAt(created[i], ended[i].Load(), v) {
			sel = append(sel, int32(from+i))
		}
	}
	return sel
}

// end ends the row version at off. It reports false when it has an end already.
func (c *chunk) end(off rowOffset, v uint64) bool {
	if !c.ended[off].CompareAndSwap(0, v) {
		return false
	}
	c.ends.Add(1)
	return true
}

// unend takes the end of the row version at off back.
func (c *chunk) unend(off rowOffset) {
	if c.ended[off].Swap(0) != 0 {
		c.ends.Add(-1)
	}
}

// copyColumn copies n values of src from row from to row at of the chunk's column i. The bytes of
// strings are not copied.
func (c *chunk) copyColumn(i, at int, src *batch.Column, from, n int) {
	dst := &c.cols[i].col
	switch dst.Phys {
	case types.Bool:
		copy(dst.B[at:at+n], src.B[from:from+n])
	case types.Int:
		copy(dst.I[at:at+n], src.I[from:from+n])
	case types.Float:
		copy(dst.F[at:at+n], src.F[from:from+n])
	default:
		copy(dst.S[at:at+n], src.S[from:from+n])
	}
	if src.Nulls == nil {
		clear(dst.Nulls[at : at+n])
		return
	}
	copy(dst.Nulls[at:at+n], src.Nulls[from:from+n])
	for _, null := range src.Nulls[from : from+n] {
		if null {
			c.cols[i].hasNull.Store(true)
			return
		}
	}
}

// copyRow copies a row of another chunk, of the same or another layout, to row at.
func (c *chunk) copyRow(at int, src *chunk, off rowOffset) {
	same := src.layout == c.layout
	for i := range c.cols {
		j := i
		if !same {
			j = src.layout.at(c.layout.cols[i].num)
		}
		if j < 0 {
			c.setDatum(i, at, c.layout.cols[i].missing)
			continue
		}
		c.copyValue(i, at, &src.cols[j], off)
	}
}

func (c *chunk) copyValue(i, at int, src *chunkColumn, off rowOffset) {
	dst := &c.cols[i]
	switch dst.col.Phys {
	case types.Bool:
		dst.col.B[at] = src.col.B[off]
	case types.Int:
		dst.col.I[at] = src.col.I[off]
	case types.Float:
		dst.col.F[at] = src.col.F[off]
	default:
		dst.col.S[at] = src.col.S[off]
	}
	null := src.col.Nulls[off]
	dst.col.Nulls[at] = null
	if null {
		dst.hasNull.Store(true)
	}
	if dst.refs != nil && src.refs != nil {
		dst.refs[at] = src.refs[off]
	}
}

func (c *chunk) setDatum(i, at int, d types.Datum) {
	setValue(&c.cols[i].col, at, d)
	if d.Null {
		c.cols[i].hasNull.Store(true)
	} else {
		c.cols[i].col.Nulls[at] = false
	}
}

// view points dst at the rows from <= i < to of column i without copying.
func (c *chunk) view(dst *batch.Column, i, from, to int) {
	cc := &c.cols[i]
	src := &cc.col
	*dst = batch.Column{Type: src.Type, Phys: src.Phys}
	switch src.Phys {
	case types.Bool:
		dst.B = src.B[from:to:to]
	case types.Int:
		dst.I = src.I[from:to:to]
	case types.Float:
		dst.F = src.F[from:to:to]
	default:
		dst.S = src.S[from:to:to]
	}
	if cc.hasNull.Load() {
		dst.Nulls = src.Nulls[from:to:to]
	}
}

// datum returns the value of column i at off.
func (c *chunk) datum(i int, off rowOffset) types.Datum { return c.cols[i].col.Datum(int(off)) }

// ownStrings replaces the strings of a column, rows from <= i < to, by copies in one allocation, so
// that the chunk does not hold on to what the caller may reuse. It returns the number of bytes.
func (c *chunk) ownStrings(i, from, to int) int64 {
	s := c.cols[i].col.S[from:to]
	nulls := c.cols[i].col.Nulls[from:to]
	total := 0
	for j := range s {
		if nulls[j] {
			s[j] = ""
		}
		total += len(s[j])
	}
	slab := make([]byte, 0, total)
	for j := range s {
		at := len(slab)
		slab = append(slab, s[j]...)
		s[j] = unsafe.String(unsafe.SliceData(slab[at:]), len(s[j]))
	}
	return int64(total)
}

// stringBytes is the length of all strings of a row.
func (c *chunk) stringBytes(at int) (n int64) {
	for i := range c.cols {
		if s := c.cols[i].col.S; s != nil {
			n += int64(len(s[at]))
		}
	}
	return n
}
