package exec

import (
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// aggState is one aggregate of one grouping set. Rows of an ordered one wait until all are there.
type aggState struct {
	spec *aggSpec
	st   fn.State
	seen *keyTable // DISTINCT: group and arguments
	wait *rowStore // ordered: arguments and sort keys, then the group
	n    int
	out  *batch.Column
	idc  batch.Column
}

func (a *aggregate) newState(s *aggSpec) aggState {
	if s.call == nil {
		return aggState{spec: s}
	}
	var c fn.AggCall
	for _, k := range s.call.Order {
		c.Order = append(c.Order, fn.Direction{Desc: k.Desc, NullsFirst: k.NullsFirst})
	}
	c.Env, c.Ret, c.Args = a.rt.Env, s.call.T, s.argTypes[:s.nargs]
	c.Names = eval.RowNames(s.call.Args)
	t := aggState{spec: s, st: s.call.F.Agg(c), out: batch.New(s.call.T, physOf(s.call.T), 0)}
	if s.call.Distinct {
		t.seen = newKeyTable(append([]types.T{types.Of(types.Int4OID)}, s.argTypes[:len(s.call.Args)]...))
	}
	if len(s.ord.keys) > 0 {
		t.wait = newRowStore(append(append([]types.T(nil), s.argTypes...), types.Of(types.Int4OID)))
	}
	return t
}

func (t *aggState) resize(n int) {
	t.n = n
	if t.st != nil {
		t.st.Resize(n)
	}
}

// bytes is the memory held.
func (t *aggState) bytes() int64 {
	if t.st == nil {
		return 0
	}
	n := t.st.Bytes()
	if t.seen != nil {
		n += t.seen.bytes
	}
	if t.wait != nil {
		n += t.wait.bytes
	}
	return n
}

// add takes rows: groups[k] is the group of the k-th row that sel lists.
func (t *aggState) add(groups []int32, cols []*batch.Column, sel []int32, n int) error {
	if t.seen == nil && t.wait == nil {
		return t.st.Add(groups, cols, sel, n)
	}
	ids := &t.idc
	*ids = batch.Column{Type: types.Of(types.Int4OID), Phys: types.Int, I: make([]int64, n)}
	b := &batch.Batch{N: n, Sel: sel}
	for k, g := range groups {
		ids.I[b.Row(k)] = int64(g)
	}
	if t.seen != nil {
		keys := append([]*batch.Column{ids}, cols[:len(t.spec.call.Args)]...)
		var kept, keptGroups []int32
		for k := range groups {
			r := b.Row(k)
			if _, isNew := t.seen.add(keys, r); isNew {
				kept, keptGroups = append(kept, int32(r)), append(keptGroups, groups[k])
			}
		}
		if len(kept) == 0 {
			return nil
		}
		sel, groups = kept, keptGroups
	}
	if t.wait == nil {
		return t.st.Add(groups, cols, sel, n)
	}
	t.wait.appendSel(append(append([]*batch.Column(nil), cols...), ids), sel, n)
	return nil
}

// finish sorts the rows that waited and gives them to the state.
func (t *aggState) finish() error {
	if t.wait == nil || t.wait.n == 0 {
		return nil
	}
	order := t.spec.ord.sorted(t.wait.cols, t.wait.n)
	g := newGathered(columnTypes(t.wait.cols))
	groups := make([]int32, 0, batch.RowsMax)
	last := len(t.wait.cols) - 1
	for from := 0; from < len(order); from += batch.RowsMax {
		part := order[from:min(from+batch.RowsMax, len(order))]
		g.reset()
		g.pick(0, t.wait.cols, part, false)
		groups = groups[:0]
		for i := range part {
			groups = append(groups, int32(g.b.Cols[last].I[i]))
		}
		if err := t.st.Add(groups, g.b.Cols[:t.spec.nargs], nil, len(part)); err != nil {
			return err
		}
	}
	t.wait.reset()
	return nil
}

// result computes the values of all groups.
func (t *aggState) result(n int) error {
	if t.st == nil {
		return nil
	}
	t.out.Reset(n)
	t.out.Resize(n)
	return t.st.Result(n, t.out)
}
