package storage

import (
	"fmt"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// scalarGroup is the column group of everything that is not a vector; the group of a vector column
// is numbered as the column.
const scalarGroup int16 = 0

// column is what storage has to know about a live column of a table.
type column struct {
	num     int16
	name    string
	typ     types.T
	phys    types.Physical
	dense   *types.Dense // of a vector column, which is a group of its own
	missing types.Datum  // of rows stored before the column was added
}

func (c *column) vector() bool { return c.dense != nil }

// layout is a table's schema as storage uses it. Immutable; made once for each schema.Table.
type layout struct {
	table   *schema.Table
	cols    []column
	pos     []int16 // pos[num-1]: index in cols, -1 when dropped
	vectors []int   // indexes in cols of the vector columns
	width   int64   // bytes of a row without its strings, for accounting
}

func newLayout(t *schema.Table) (*layout, error) {
	l := &layout{table: t, pos: make([]int16, len(t.Columns)), width: 24}
	for i := range t.Columns {
		c := &t.Columns[i]
		l.pos[i] = -1
		if c.Dropped {
			continue
		}
		typ := types.Lookup(c.Type.OID)
		if typ == nil {
			return nil, fmt.Errorf("column %q of table %d: %w: type %d", c.Name, t.OID, ErrUnsupported, c.Type.OID)
		}
		l.pos[i] = int16(len(l.cols))
		col := column{
			num: c.Num, name: c.Name, typ: c.Type, phys: typ.Physical,
			dense: types.DenseOf(c.Type.OID), missing: types.NullDatum,
		}
		if c.HasMissing {
			d, err := typ.Parse(c.Missing, c.Type.Mod, &types.Session{})
			if err != nil {
				return nil, fmt.Errorf("missing value of column %q of table %d: %w", c.Name, t.OID, err)
			}
			col.missing = d
		}
		if col.vector() {
			l.vectors = append(l.vectors, len(l.cols))
		}
		l.cols = append(l.cols, col)
		l.width += 8
	}
	return l, nil
}

// at returns the index in cols of the column num, or -1.
func (l *layout) at(num int16) int {
	if num < 1 || int(num) > len(l.pos) {
		return -1
	}
	return int(l.pos[num-1])
}

// setValue stores d at row i of a column that is already long enough. Unlike SetDatum it never
// allocates a null mask: masks of chunks are made with them.
func setValue(c *batch.Column, i int, d types.Datum) {
	if d.Null {
		c.Nulls[i] = true
		return
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
