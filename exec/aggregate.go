package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// aggregate groups its input and computes aggregates, for one or several grouping sets. Groups come out
// in the order in which they were first seen.
type aggregate struct {
	rt     *Runtime
	sc     *scope
	in     Operator
	groups []*eval.Program
	gtypes []types.T
	gcols  []*batch.Column
	sets   []*groupSet
	aggs   []aggSpec
	out    *gathered
	cols   []eval.Column
	set    int // being given out
	pos    int
}

// groupSet is one grouping set: the groups by which it divides the input and their aggregates.
type groupSet struct {
	member []bool // by group expression: part of this set
	keys   *keyTable
	kcols  []*batch.Column
	values *rowStore // the group expressions' values, by group
	states []aggState
	n      int
	ids    []int32
}

// aggSpec is one aggregate of the list, or a GROUPING() call.
type aggSpec struct {
	call     *eval.Agg
	grouping []int
	args     []*eval.Program // arguments, then the keys of ORDER BY or WITHIN GROUP
	argTypes []types.T
	nargs    int
	filter   *eval.Program
	ord      ordering
}

func newAggregate(b *builder, n *planner.Aggregate) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	cols := n.Input.Info().Cols
	a := &aggregate{rt: b.rt, sc: b.sc, in: in, gtypes: exprTypes(n.Groups), cols: n.Cols, out: newGathered(typesOf(n.Cols))}
	if a.groups, err = b.compileList(n.Groups, cols); err != nil {
		return nil, err
	}
	a.gcols = make([]*batch.Column, len(a.groups))
	for _, e := range n.Aggs {
		s, err := newAggSpec(b, e, cols)
		if err != nil {
			return nil, err
		}
		a.aggs = append(a.aggs, s)
	}
	sets := n.Sets
	if sets == nil {
		all := make([]int, len(n.Groups))
		for i := range all {
			all[i] = i
		}
		sets = [][]int{all}
	}
	for _, list := range sets {
		a.sets = append(a.sets, a.newSet(list))
	}
	return a, nil
}

func newAggSpec(b *builder, e eval.Expr, cols []eval.Column) (aggSpec, error) {
	if g, ok := e.(*eval.Grouping); ok {
		return aggSpec{grouping: g.Groups}, nil
	}
	call := e.(*eval.Agg)
	s := aggSpec{call: call, nargs: len(call.Args)}
	if call.F.Agg == nil {
		return s, call.F.Unsupported()
	}
	exprs := append([]eval.Expr(nil), call.Args...)
	for i, k := range call.Order {
		exprs = append(exprs, k.Expr)
		s.ord.keys = append(s.ord.keys, newOrderKey(len(call.Args)+i, k.Expr.Type(), k.Desc, k.NullsFirst))
	}
	if call.Within { // the state gets the aggregated columns behind the direct ones
		s.nargs = len(exprs)
	}
	s.argTypes = exprTypes(exprs)
	var err error
	if s.args, err = b.compileList(exprs, cols); err != nil {
		return s, err
	}
	s.filter, err = b.compile(call.Filter, cols)
	return s, err
}

func (a *aggregate) newSet(list []int) *groupSet {
	g := &groupSet{member: make([]bool, len(a.groups)), values: newRowStore(a.gtypes)}
	var ts []types.T
	for _, i := range list {
		if !g.member[i] {
			g.member[i] = true
		}
	}
	for i, in := range g.member {
		if in {
			ts = append(ts, a.gtypes[i])
		}
	}
	g.keys = newKeyTable(ts)
	g.kcols = make([]*batch.Column, len(ts))
	return g
}

// Open implements Operator: it reads the whole input.
func (a *aggregate) Open(ctx context.Context) error {
	a.set, a.pos = 0, 0
	for _, g := range a.sets {
		g.keys.clear()
		g.values.reset()
		g.n = 0
		g.states = g.states[:0]
		for i := range a.aggs {
			g.states = append(g.states, a.newState(&a.aggs[i]))
		}
		if len(g.kcols) == 0 {
			g.resize(1) // a set without columns has one group, also of no rows
		}
	}
	if err := a.in.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := a.in.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := a.add(b); err != nil {
			return err
		}
	}
	for _, g := range a.sets {
		for i := range g.states {
			if err := g.states[i].finish(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *groupSet) resize(n int) {
	g.n = n
	for i := range g.states {
		g.states[i].resize(n)
	}
}

// add takes one batch into all sets.
func (a *aggregate) add(b *batch.Batch) error {
	if err := evalAll(a.sc, a.groups, b, a.gcols); err != nil {
		return err
	}
	for _, g := range a.sets {
		g.number(a, b)
	}
	for i := range a.aggs {
		s := &a.aggs[i]
		if s.call == nil {
			continue
		}
		if err := a.addTo(i, s, b); err != nil {
			return err
		}
	}
	return nil
}

// number finds the group of each row, and notes the values of new groups.
func (g *groupSet) number(a *aggregate, b *batch.Batch) {
	rows := b.Rows()
	g.ids = resizeInts(g.ids, rows)
	if len(g.kcols) == 0 {
		clear(g.ids)
		return
	}
	k := 0
	for i, in := range g.member {
		if in {
			g.kcols[k] = a.gcols[i]
			k++
		}
	}
	var fresh []int32
	for i := range rows {
		r := b.Row(i)
		id, isNew := g.keys.add(g.kcols, r)
		if isNew {
			fresh = append(fresh, int32(r))
		}
		g.ids[i] = id
	}
	if len(fresh) > 0 {
		g.values.appendSel(a.gcols, fresh, b.N)
		g.resize(int(g.keys.n))
	}
}

func resizeInts(s []int32, n int) []int32 {
	if cap(s) < n {
		return make([]int32, n)
	}
	return s[:n]
}

// addTo computes the arguments of one aggregate and gives them to all sets.
func (a *aggregate) addTo(i int, s *aggSpec, b *batch.Batch) error {
	in, pick := b, []int32(nil)
	if s.filter != nil {
		sel, err := s.filter.Filter(&a.sc.ev, b)
		if err != nil || len(sel) == 0 {
			return err
		}
		pick = positions(b, sel)
		in = &batch.Batch{Cols: b.Cols, N: b.N, Sel: sel}
	}
	cols := make([]*batch.Column, len(s.args))
	if err := evalAll(a.sc, s.args, in, cols); err != nil {
		return err
	}
	for _, g := range a.sets {
		ids := g.ids
		if pick != nil {
			ids = make([]int32, len(pick))
			for k, p := range pick {
				ids[k] = g.ids[p]
			}
		}
		if err := g.states[i].add(ids, cols, in.Sel, in.N); err != nil {
			return err
		}
	}
	return nil
}

// positions finds where the rows of sel stand among the rows of b that count.
func positions(b *batch.Batch, sel []int32) []int32 {
	if b.Sel == nil {
		return sel
	}
	out := make([]int32, 0, len(sel))
	k := 0
	for i, r := range b.Sel {
		if k < len(sel) && sel[k] == r {
			out = append(out, int32(i))
			k++
		}
	}
	return out
}

// Next implements Operator.
func (a *aggregate) Next(context.Context) (*batch.Batch, error) {
	for a.set < len(a.sets) {
		g := a.sets[a.set]
		if a.pos >= g.n {
			a.set, a.pos = a.set+1, 0
			continue
		}
		if a.pos == 0 {
			for i := range g.states {
				if err := g.states[i].result(g.n); err != nil {
					return nil, err
				}
			}
		}
		to := min(a.pos+batch.RowsMax, g.n)
		b := a.emit(g, a.pos, to)
		a.pos = to
		return b, nil
	}
	return nil, nil
}

// emit makes the output of groups from..to of a set.
func (a *aggregate) emit(g *groupSet, from, to int) *batch.Batch {
	a.out.reset()
	n := to - from
	idx := make([]int32, n)
	for i := range idx {
		idx[i] = int32(from + i)
	}
	for i, in := range g.member {
		if in {
			a.out.b.Cols[i].AppendFrom(g.values.cols[i], idx, n)
		} else {
			appendNulls(a.out.b.Cols[i], n)
		}
	}
	for i := range a.aggs {
		dst := a.out.b.Cols[len(a.groups)+i]
		if s := &a.aggs[i]; s.call == nil {
			bits := groupingBits(s.grouping, g.member)
			for range n {
				dst.Append(types.IntDatum(bits))
			}
			continue
		}
		dst.AppendFrom(g.states[i].out, idx, n)
	}
	a.out.b.N = n
	return &a.out.b
}

// groupingBits is GROUPING(): a bit for each argument, 1 when it is not in the set.
func groupingBits(list []int, member []bool) int64 {
	var bits int64
	for _, i := range list {
		bits <<= 1
		if !member[i] {
			bits |= 1
		}
	}
	return bits
}

// Close implements Operator.
func (a *aggregate) Close() error {
	for _, g := range a.sets {
		g.keys.clear()
		g.values.reset()
		g.states = g.states[:0]
	}
	return a.in.Close()
}

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
	c := fn.AggCall{Ordered: len(s.call.Order) > 0}
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
