package metamorphic_test

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// row is a row of the model: columns id int4, name text, vec vector(2).
type row struct {
	id   int64
	name string // "" is null
	vec  float32
	null bool // the vector is null
}

func (r row) String() string {
	v := fmt.Sprint(r.vec)
	if r.null {
		v = "null"
	}
	return fmt.Sprintf("%d|%s|%s", r.id, r.name, v)
}

// rows is a state of the table.
type rows map[storage.RowID]row

func (r rows) texts() []string {
	out := make([]string, 0, len(r))
	for id, x := range r {
		out = append(out, fmt.Sprintf("%d: %s", id, x))
	}
	slices.Sort(out)
	return out
}

// ids returns the row ids in order.
func (r rows) ids() []storage.RowID { return slices.Sorted(maps.Keys(r)) }

// change is a pending write of a transaction: the new row, or its end.
type change struct {
	row  row
	gone bool
}

// session is an open transaction and what the model knows of it.
type session struct {
	tx    *storage.Txn
	iso   storage.Isolation
	base  rows // what its snapshot sees
	own   map[storage.RowID]change
	marks []savepoint
}

type savepoint struct {
	mark storage.Mark
	own  map[storage.RowID]change
}

// view is what the session must see.
func (s *session) view() rows {
	out := maps.Clone(s.base)
	for id, c := range s.own {
		if c.gone {
			delete(out, id)
		} else {
			out[id] = c.row
		}
	}
	return out
}

func vector2() types.T { return types.T{OID: types.VectorOID, Mod: 2} }

func vecString(v float32) string {
	var b []byte
	for _, f := range []float32{v, -v} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return string(b)
}

func columnsOf(rs []row) []*batch.Column {
	cols := []*batch.Column{
		batch.New(types.Of(int4), types.Int, len(rs)),
		batch.New(types.Of(text), types.String, len(rs)), batch.New(vector2(), types.String, len(rs)),
	}
	for _, r := range rs {
		cols[0].Append(types.IntDatum(r.id))
		if r.name == "" {
			cols[1].Append(types.NullDatum)
		} else {
			cols[1].Append(types.StringDatum(r.name))
		}
		if r.null {
			cols[2].Append(types.NullDatum)
		} else {
			cols[2].Append(types.StringDatum(vecString(r.vec)))
		}
	}
	return cols
}

// rowAt reads row i of a batch of all columns.
func rowAt(b *batch.Batch, i int) row {
	r := row{id: b.Cols[0].I[i]}
	if !b.Cols[1].Null(i) {
		r.name = b.Cols[1].S[i]
	}
	if b.Cols[2].Null(i) {
		r.null = true
	} else {
		r.vec = math.Float32frombits(binary.LittleEndian.Uint32([]byte(b.Cols[2].S[i])))
	}
	return r
}

// byName is the order of the index (name DESC NULLS FIRST, id).
func byName(v rows) []storage.RowID {
	ids := v.ids()
	slices.SortStableFunc(ids, func(a, b storage.RowID) int {
		x, y := v[a], v[b]
		if (x.name == "") != (y.name == "") {
			if x.name == "" {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(y.name, x.name), cmp.Compare(x.id, y.id), cmp.Compare(a, b))
	})
	return ids
}
