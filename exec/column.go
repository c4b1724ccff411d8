package exec

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// physOf is the physical form of a type.
func physOf(t types.T) types.Physical { return types.Representation(t.OID).Physical }

// slots finds columns by id in a row layout.
func slots(cols []eval.Column) func(eval.ColID) (int, bool) {
	if len(cols) > 32 {
		m := make(map[eval.ColID]int, len(cols))
		for i := range cols {
			m[cols[i].ID] = i
		}
		return func(id eval.ColID) (int, bool) {
			i, ok := m[id]
			return i, ok
		}
	}
	return func(id eval.ColID) (int, bool) {
		for i := range cols {
			if cols[i].ID == id {
				return i, true
			}
		}
		return 0, false
	}
}

// sliceColumn makes dst rows from..to of src, sharing memory.
func sliceColumn(dst, src *batch.Column, from, to int) {
	*dst = batch.Column{Type: src.Type, Phys: src.Phys}
	switch src.Phys {
	case types.Bool:
		dst.B = src.B[from:to]
	case types.Int:
		dst.I = src.I[from:to]
	case types.Float:
		dst.F = src.F[from:to]
	default:
		dst.S = src.S[from:to]
	}
	if src.Nulls != nil {
		dst.Nulls = src.Nulls[from:to]
	}
}

// constColumn is a column of n rows of one value.
func constColumn(t types.T, d types.Datum, n int) *batch.Column {
	c := batch.New(t, physOf(t), n)
	c.Resize(n)
	fillColumn(c, d, n)
	return c
}

// fillColumn sets the first n rows.
func fillColumn(c *batch.Column, d types.Datum, n int) {
	if d.Null {
		if c.Nulls == nil {
			c.Nulls = make([]bool, n, max(n, 16))
		}
		for i := range n {
			c.Nulls[i] = true
		}
		return
	}
	c.Nulls = nil
	switch c.Phys {
	case types.Bool:
		fill(c.B[:n], d.Bool())
	case types.Int:
		fill(c.I[:n], d.I)
	case types.Float:
		fill(c.F[:n], d.Float())
	default:
		fill(c.S[:n], d.S)
	}
}

func fill[V any](s []V, v V) {
	for i := range s {
		s[i] = v
	}
}

// appendNulls adds n null rows.
func appendNulls(c *batch.Column, n int) {
	base := c.Len()
	c.Resize(base + n)
	if c.Nulls == nil {
		c.Nulls = make([]bool, base+n)
	}
	for i := base; i < base+n; i++ {
		c.Nulls[i] = true
	}
}

// BatchBytes estimates the memory of the rows of a batch that count.
func BatchBytes(b *batch.Batch) (n int64) {
	for _, c := range b.Cols {
		n += columnBytes(c, b.Sel, b.N)
	}
	return n
}

// columnBytes estimates the memory of the rows of a column that sel lists.
func columnBytes(c *batch.Column, sel []int32, n int) int64 {
	rows := n
	if sel != nil {
		rows = len(sel)
	}
	switch c.Phys {
	case types.Bool:
		return int64(rows) * 2
	case types.Int, types.Float:
		return int64(rows) * 9
	}
	b := int64(rows) * 17
	if sel == nil {
		for i := range n {
			b += int64(len(c.S[i]))
		}
		return b
	}
	for _, i := range sel {
		b += int64(len(c.S[i]))
	}
	return b
}

// compareRows compares row i of a with row j of b by the default order of their type; nulls equal each
// other and are handled by the caller otherwise.
type compareFunc func(a *batch.Column, i int, b *batch.Column, j int) int

// comparer returns the comparison of non-null values of a type.
func comparer(t types.T) compareFunc {
	e := types.Representation(t.OID)
	switch e.Physical {
	case types.Int:
		if isUnsigned(t.OID) {
			return func(a *batch.Column, i int, b *batch.Column, j int) int {
				return e.Compare(types.IntDatum(a.I[i]), types.IntDatum(b.I[j]))
			}
		}
		return func(a *batch.Column, i int, b *batch.Column, j int) int { return cmp3(a.I[i], b.I[j]) }
	case types.Float:
		return func(a *batch.Column, i int, b *batch.Column, j int) int { return types.CompareFloat(a.F[i], b.F[j]) }
	case types.Bool:
		return func(a *batch.Column, i int, b *batch.Column, j int) int { return cmpBool(a.B[i], b.B[j]) }
	}
	if isRawText(t.OID) || e.Compare == nil {
		return func(a *batch.Column, i int, b *batch.Column, j int) int { return cmp3(a.S[i], b.S[j]) }
	}
	return func(a *batch.Column, i int, b *batch.Column, j int) int {
		return e.Compare(types.Datum{S: a.S[i]}, types.Datum{S: b.S[j]})
	}
}

// isUnsigned says whether a type's numbers have no sign: pg_lsn, xid8, "char".
func isUnsigned(o types.OID) bool {
	e := types.Representation(o)
	return e.Physical == types.Int && e.Compare != nil && e.Compare(types.IntDatum(-1), types.IntDatum(0)) > 0
}

// isRawText says whether a type's values order and equal by their bytes.
func isRawText(o types.OID) bool {
	switch o {
	case types.ByteaOID, types.NameOID, types.TextOID, types.VarcharOID, types.UUIDOID:
		return true
	}
	return false
}

func cmp3[V int64 | string](a, b V) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}

func cmpBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
