package exec

import (
	"math"
	"slices"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// ordering compares rows by sort keys, which are columns of the rows.
type ordering struct {
	keys []orderKey
}

type orderKey struct {
	col        int
	cmp        compareFunc
	phys       types.Physical
	raw        bool // strings order by their bytes
	unsigned   bool // numbers order by their bits
	desc       bool
	nullsFirst bool
}

// keyColumns says where sort keys are found: plain columns of the input, and behind them a column for
// each computed key.
type keyColumns struct {
	ord    ordering
	inputs int
	extra  []*eval.Program
	types  []types.T // of input and extra columns
	cols   []*batch.Column
}

// newKeyColumns compiles keys over an input.
func newKeyColumns(b *builder, keys []eval.SortKey, in []eval.Column) (*keyColumns, error) {
	k := &keyColumns{inputs: len(in), types: typesOf(in)}
	slot := slots(in)
	for _, key := range keys {
		at := -1
		if c, ok := key.Expr.(*eval.Col); ok {
			if i, ok := slot(c.ID); ok {
				at = i
			}
		}
		if at < 0 {
			p, err := eval.Compile(key.Expr, slot)
			if err != nil {
				return nil, err
			}
			at = len(k.types)
			k.extra = append(k.extra, p)
			k.types = append(k.types, key.Expr.Type())
		}
		k.ord.keys = append(k.ord.keys, newOrderKey(at, key.Expr.Type(), key.Desc, key.NullsFirst))
	}
	k.cols = make([]*batch.Column, len(k.types))
	return k, nil
}

func newOrderKey(col int, t types.T, desc, nullsFirst bool) orderKey {
	return orderKey{
		col: col, cmp: comparer(t), phys: physOf(t), raw: kindOf(t) == keyText, unsigned: isUnsigned(t.OID),
		desc: desc, nullsFirst: nullsFirst,
	}
}

// compute returns the columns of b followed by the computed keys.
func (k *keyColumns) compute(sc *scope, b *batch.Batch) ([]*batch.Column, error) {
	copy(k.cols, b.Cols[:k.inputs])
	return k.cols, evalAll(sc, k.extra, b, k.cols[k.inputs:])
}

// compare orders row i of a before (-1) or after (1) row j of b.
func (o *ordering) compare(a []*batch.Column, i int, b []*batch.Column, j int) int {
	for n := range o.keys {
		if c := o.keys[n].compare(a, i, b, j); c != 0 {
			return c
		}
	}
	return 0
}

func (k *orderKey) compare(a []*batch.Column, i int, b []*batch.Column, j int) int {
	x, y := a[k.col], b[k.col]
	xn, yn := x.Null(i), y.Null(j)
	if xn || yn {
		switch {
		case xn && yn:
			return 0
		case xn == k.nullsFirst:
			return -1
		}
		return 1
	}
	c := k.cmp(x, i, y, j)
	if k.desc {
		return -c
	}
	return c
}

// ranked is a row with the start of its first key as a number that orders alike.
type ranked struct {
	prefix uint64
	row    int32
}

// sorted returns the rows 0..n-1 of cols in order; rows that tie stay in their order.
func (o *ordering) sorted(cols []*batch.Column, n int) []int32 {
	list := make([]ranked, n)
	if len(o.keys) > 0 {
		o.keys[0].prefixes(cols[o.keys[0].col], list)
	}
	slices.SortFunc(list, func(a, b ranked) int {
		if a.prefix != b.prefix {
			if a.prefix < b.prefix {
				return -1
			}
			return 1
		}
		if c := o.compare(cols, int(a.row), cols, int(b.row)); c != 0 {
			return c
		}
		return int(a.row) - int(b.row)
	})
	out := make([]int32, n)
	for i := range list {
		out[i] = list[i].row
	}
	return out
}

// prefixes computes the prefix of each row. Equal prefixes say nothing; different ones decide.
func (k *orderKey) prefixes(c *batch.Column, list []ranked) {
	for i := range list {
		list[i].row = int32(i)
		if c.Null(i) {
			if !k.nullsFirst {
				list[i].prefix = math.MaxUint64
			}
			continue
		}
		var p uint64
		switch {
		case k.phys == types.Int && k.unsigned:
			p = uint64(c.I[i])
		case k.phys == types.Int:
			p = uint64(c.I[i]) ^ 1<<63
		case k.phys == types.Float:
			p = floatPrefix(c.F[i])
		case k.phys == types.Bool:
			if c.B[i] {
				p = 1
			}
		case k.raw:
			p = textPrefix(c.S[i])
		}
		if k.desc {
			p = ^p
		}
		list[i].prefix = p
	}
}

// floatPrefix is a number that orders as the float does, NaN last.
func floatPrefix(f float64) uint64 {
	if f != f { // NaN is what differs from itself
		return math.MaxUint64
	}
	if f == 0 {
		f = 0 // both zeros are equal
	}
	b := math.Float64bits(f)
	if b>>63 == 1 {
		return ^b
	}
	return b | 1<<63
}

func textPrefix(s string) uint64 {
	var p uint64
	for i := range 8 {
		p <<= 8
		if i < len(s) {
			p |= uint64(s[i])
		}
	}
	return p
}
