package exec

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// rowStore keeps rows in memory, column by column. Strings share their bytes with the rows they came
// from, which live as long as the statement.
type rowStore struct {
	cols  []*batch.Column
	n     int
	bytes int64
}

func newRowStore(types []types.T) *rowStore {
	s := &rowStore{cols: make([]*batch.Column, len(types))}
	store := make([]batch.Column, len(types))
	for i, t := range types {
		store[i] = batch.Column{Type: t, Phys: physOf(t)}
		s.cols[i] = &store[i]
	}
	return s
}

// typesOf lists the types of columns.
func typesOf(cols []eval.Column) []types.T {
	out := make([]types.T, len(cols))
	for i := range cols {
		out[i] = cols[i].T
	}
	return out
}

func exprTypes(list []eval.Expr) []types.T {
	out := make([]types.T, len(list))
	for i, e := range list {
		out[i] = e.Type()
	}
	return out
}

// append adds the rows of b that count. b may have more columns than the store keeps.
func (s *rowStore) append(b *batch.Batch) { s.appendSel(b.Cols, b.Sel, b.N) }

// appendSel adds the rows of cols that sel lists (all n when nil), in the order of sel.
func (s *rowStore) appendSel(cols []*batch.Column, sel []int32, n int) {
	for i, c := range s.cols {
		c.AppendFrom(cols[i], sel, n)
		s.bytes += columnBytes(cols[i], sel, n)
	}
	if sel != nil {
		n = len(sel)
	}
	s.n += n
}

// reset empties the store and keeps its memory.
func (s *rowStore) reset() {
	for _, c := range s.cols {
		c.Reset(0)
	}
	s.n, s.bytes = 0, 0
}

// view is a reader of a store's rows in batches without copying.
type view struct {
	b    batch.Batch
	cols []batch.Column
}

// rows makes the batch of rows from..to.
func (v *view) rows(s *rowStore, from, to int) *batch.Batch {
	if len(v.cols) != len(s.cols) {
		v.cols = make([]batch.Column, len(s.cols))
		v.b.Cols = make([]*batch.Column, len(s.cols))
		for i := range v.cols {
			v.b.Cols[i] = &v.cols[i]
		}
	}
	for i, c := range s.cols {
		sliceColumn(&v.cols[i], c, from, to)
	}
	v.b.N, v.b.Sel = to-from, nil
	return &v.b
}

// gathered is a batch made of picked rows of other columns; its memory is used again and again.
type gathered struct {
	b batch.Batch
}

func newGathered(types []types.T) *gathered {
	g := &gathered{}
	store := newRowStore(types)
	g.b.Cols = store.cols
	return g
}

func (g *gathered) reset() {
	for _, c := range g.b.Cols {
		c.Reset(0)
	}
	g.b.N, g.b.Sel = 0, nil
}

// pick fills columns at.. with the rows idx of src; -1 is a row of nulls.
func (g *gathered) pick(at int, src []*batch.Column, idx []int32, hasNulls bool) {
	for i, c := range src {
		dst := g.b.Cols[at+i]
		if !hasNulls {
			dst.AppendFrom(c, idx, len(idx))
			continue
		}
		pickNullable(dst, c, idx)
	}
}

func pickNullable(dst, src *batch.Column, idx []int32) {
	from := 0
	for from < len(idx) {
		to := from
		if idx[from] < 0 {
			for to < len(idx) && idx[to] < 0 {
				to++
			}
			appendNulls(dst, to-from)
		} else {
			for to < len(idx) && idx[to] >= 0 {
				to++
			}
			dst.AppendFrom(src, idx[from:to], to-from)
		}
		from = to
	}
}
