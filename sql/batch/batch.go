package batch

import (
	"github.com/vecdb/vecdb/sql/types"
)

// RowsMax is the number of rows that operators put into one batch.
const RowsMax = 1024

// Column is a run of values of one type. Exactly one of B, I, F, S is used, as the type's physical
// form says; its length is the batch's N. Nulls is nil when no value is null, else one entry a row;
// the slot of a null value holds anything.
type Column struct {
	Type  types.T
	Phys  types.Physical
	Nulls []bool
	B     []bool
	I     []int64
	F     []float64
	S     []string
}

// Batch is N rows of columns. Sel, when not nil, lists the rows that count, ascending; the others
// are dead and kernels neither compute nor raise errors for them.
type Batch struct {
	Cols []*Column
	N    int
	Sel  []int32
}

// Rows is the number of rows that count.
func (b *Batch) Rows() int {
	if b.Sel != nil {
		return len(b.Sel)
	}
	return b.N
}

// Row maps the i-th row that counts to its position in the columns.
func (b *Batch) Row(i int) int {
	if b.Sel != nil {
		return int(b.Sel[i])
	}
	return i
}

// New returns an empty column of type t with room for capacity rows.
func New(t types.T, phys types.Physical, capacity int) *Column {
	c := &Column{Type: t, Phys: phys}
	c.Reset(capacity)
	return c
}

// Len is the number of rows.
func (c *Column) Len() int {
	switch c.Phys {
	case types.Bool:
		return len(c.B)
	case types.Int:
		return len(c.I)
	case types.Float:
		return len(c.F)
	default:
		return len(c.S)
	}
}

// Reset empties the column and keeps its memory, with room for at least capacity rows.
func (c *Column) Reset(capacity int) {
	c.Nulls = nil
	switch c.Phys {
	case types.Bool:
		c.B = grow(c.B, capacity)
	case types.Int:
		c.I = grow(c.I, capacity)
	case types.Float:
		c.F = grow(c.F, capacity)
	default:
		c.S = grow(c.S, capacity)
	}
}

func grow[V any](s []V, capacity int) []V {
	if cap(s) < capacity {
		return make([]V, 0, capacity)
	}
	return s[:0]
}

// Resize makes the column n rows long; new slots hold anything and are not null.
func (c *Column) Resize(n int) {
	switch c.Phys {
	case types.Bool:
		c.B = resize(c.B, n)
	case types.Int:
		c.I = resize(c.I, n)
	case types.Float:
		c.F = resize(c.F, n)
	default:
		c.S = resize(c.S, n)
	}
	if c.Nulls != nil {
		c.Nulls = resize(c.Nulls, n)
	}
}

func resize[V any](s []V, n int) []V {
	if cap(s) >= n {
		old := len(s)
		s = s[:n]
		if n > old {
			clear(s[old:])
		}
		return s
	}
	out := make([]V, n)
	copy(out, s)
	return out
}

// Null says whether row i is null.
func (c *Column) Null(i int) bool { return c.Nulls != nil && c.Nulls[i] }

// SetNull marks row i null.
func (c *Column) SetNull(i int) {
	if c.Nulls == nil {
		c.Nulls = make([]bool, c.Len())
	}
	c.Nulls[i] = true
}

// Datum returns row i as a datum.
func (c *Column) Datum(i int) types.Datum {
	if c.Null(i) {
		return types.NullDatum
	}
	switch c.Phys {
	case types.Bool:
		return types.BoolDatum(c.B[i])
	case types.Int:
		return types.IntDatum(c.I[i])
	case types.Float:
		return types.FloatDatum(c.F[i])
	default:
		return types.StringDatum(c.S[i])
	}
}

// SetDatum stores d in row i.
func (c *Column) SetDatum(i int, d types.Datum) {
	if d.Null {
		c.SetNull(i)
		return
	}
	if c.Nulls != nil {
		c.Nulls[i] = false
	}
	switch c.Phys {
	case types.Bool:
		c.B[i] = d.I != 0
	case types.Int:
		c.I[i] = d.I
	case types.Float:
		c.F[i] = d.Float()
	default:
		c.S[i] = d.S
	}
}

// Append adds d as a new last row.
func (c *Column) Append(d types.Datum) {
	n := c.Len()
	switch c.Phys {
	case types.Bool:
		c.B = append(c.B, d.I != 0)
	case types.Int:
		c.I = append(c.I, d.I)
	case types.Float:
		c.F = append(c.F, d.Float())
	default:
		c.S = append(c.S, d.S)
	}
	if c.Nulls != nil {
		c.Nulls = append(c.Nulls, d.Null)
	} else if d.Null {
		c.Nulls = make([]bool, n+1, cap(c.slotsCap(n+1)))
		c.Nulls[n] = true
	}
}

// slotsCap returns a slice whose capacity is that of the value slice, so that the null mask grows
// in step with it.
func (c *Column) slotsCap(n int) []struct{} {
	k := max(cap(c.B), cap(c.I), cap(c.F), cap(c.S), n)
	return make([]struct{}, 0, k)
}

// AppendFrom adds the rows of src that sel lists (all n rows when sel is nil).
func (c *Column) AppendFrom(src *Column, sel []int32, n int) {
	base := c.Len()
	switch c.Phys {
	case types.Bool:
		c.B = gather(c.B, src.B, sel, n)
	case types.Int:
		c.I = gather(c.I, src.I, sel, n)
	case types.Float:
		c.F = gather(c.F, src.F, sel, n)
	default:
		c.S = gather(c.S, src.S, sel, n)
	}
	if c.Nulls == nil && src.Nulls == nil {
		return
	}
	if c.Nulls == nil {
		c.Nulls = make([]bool, base, c.Len())
	}
	if src.Nulls == nil {
		c.Nulls = resize(c.Nulls, c.Len())
		return
	}
	c.Nulls = gather(c.Nulls, src.Nulls, sel, n)
}

func gather[V any](dst, src []V, sel []int32, n int) []V {
	if sel == nil {
		return append(dst, src[:n]...)
	}
	for _, i := range sel {
		dst = append(dst, src[i])
	}
	return dst
}
