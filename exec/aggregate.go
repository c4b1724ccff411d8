package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// aggregate groups its input and computes aggregates, for one or several grouping sets. Groups come out
// in the order in which they were first seen.
//
// When the groups pass the memory budget, no new ones are made: rows of known groups are still aggregated,
// the others go to temporary files by the hash of their key. The files are aggregated one after the other
// when the groups at hand have been given out, each with the whole budget.
type aggregate struct {
	rt     *Runtime
	itypes []types.T   // of the input
	active []*groupSet // the sets that the rows being read are for
	sc     *scope
	in     Operator
	groups []*eval.Program
	gtypes []types.T
	gcols  []*batch.Column
	sets   []*groupSet
	held   int64 // bytes of them that are counted
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
	ids    []int32 // by row of the batch at hand: its group, -1 for a row that went to a file

	level   int  // how often the rows at hand were partitioned
	full    bool // no new groups
	missed  bool // some ids are -1
	parts   [aggFanout]*spillFile
	waiting []aggPart
}

// aggFanout is the number of files into which the rows of new groups are dealt.
const aggFanout = 16

// aggLevelsMax is how often rows are partitioned; then memory is used whatever the budget.
const aggLevelsMax = 6

// aggPart is a file of rows that still are to be aggregated.
type aggPart struct {
	file  *spillFile
	level int
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
	in = b.narrowed(in, append(append([]eval.Expr(nil), n.Groups...), n.Aggs...)...)
	a := &aggregate{rt: b.rt, sc: b.sc, in: in, gtypes: exprTypes(n.Groups), cols: n.Cols, out: newGathered(typesOf(n.Cols)), itypes: typesOf(cols)}
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
	if call.Distinct && !orderFree[call.F.Name] {
		// PostgreSQL finds distinct values by sorting, so they come in their order.
		for i := range call.Args {
			s.ord.keys = append(s.ord.keys, newOrderKey(i, s.argTypes[i], false, false))
		}
	}
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
	a.dropParts()
	for _, g := range a.sets {
		a.start(g, 0)
		if len(g.kcols) == 0 {
			g.resize(1) // a set without columns has one group, also of no rows
		}
	}
	if err := a.in.Open(ctx); err != nil {
		return err
	}
	a.active = a.sets
	return a.read(func() (*batch.Batch, error) { return a.in.Next(ctx) })
}

// start empties a set for rows that were partitioned level times.
func (a *aggregate) start(g *groupSet, level int) {
	g.keys.clear()
	g.values.reset()
	g.n, g.level, g.full = 0, level, false
	g.states = g.states[:0]
	for i := range a.aggs {
		g.states = append(g.states, a.newState(&a.aggs[i]))
	}
}

// read aggregates rows into the active sets, to the end.
func (a *aggregate) read(next func() (*batch.Batch, error)) error {
	for {
		b, err := next()
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := a.add(b); err != nil {
			return err
		}
		if err := a.limit(); err != nil {
			return err
		}
	}
	for _, g := range a.active {
		for i := range g.states {
			if err := g.states[i].finish(); err != nil {
				return err
			}
		}
		for i, f := range g.parts {
			if f != nil {
				g.waiting = append(g.waiting, aggPart{f, g.level + 1})
				g.parts[i] = nil
			}
		}
	}
	return nil
}

// limit stops the active sets from making groups when they have used up the budget.
func (a *aggregate) limit() error {
	var used int64
	for _, g := range a.active {
		used += g.bytes()
	}
	if used > a.rt.workMem() {
		for _, g := range a.active {
			g.full = len(g.kcols) > 0 && g.level < aggLevelsMax
		}
	}
	return a.rt.Keep(&a.held, used)
}

func (g *groupSet) bytes() int64 {
	n := g.keys.bytes + g.values.bytes
	for i := range g.states {
		n += g.states[i].bytes()
	}
	return n
}

// readPart aggregates the next file of a set; false when there is none.
func (a *aggregate) readPart(ctx context.Context, g *groupSet) (bool, error) {
	if len(g.waiting) == 0 {
		return false, nil
	}
	p := g.waiting[len(g.waiting)-1]
	a.start(g, p.level)
	a.active = []*groupSet{g}
	r, err := p.file.reader(a.rt)
	if err != nil {
		return false, err
	}
	g.waiting = g.waiting[:len(g.waiting)-1]
	err = a.read(func() (*batch.Batch, error) {
		if err := ctx.Err(); err != nil {
			return nil, sqlError(err)
		}
		return r.next()
	})
	if cerr := r.close(); err == nil {
		err = cerr
	}
	if rerr := p.file.remove(a.rt); err == nil {
		err = rerr
	}
	return true, err
}

// dropParts removes the files that nobody read.
func (a *aggregate) dropParts() {
	for _, g := range a.sets {
		for i, f := range g.parts {
			if f != nil {
				_ = f.remove(a.rt) // a temporary file that stays is removed at the next start
				g.parts[i] = nil
			}
		}
		for _, p := range g.waiting {
			_ = p.file.remove(a.rt) // as above
		}
		g.waiting = nil
	}
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
	for _, g := range a.active {
		if err := g.number(a, b); err != nil {
			return err
		}
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

// number finds the group of each row, and notes the values of new groups. Rows that may not make a group
// go to a file.
func (g *groupSet) number(a *aggregate, b *batch.Batch) error {
	rows := b.Rows()
	g.ids = resizeInts(g.ids, rows)
	if len(g.kcols) == 0 {
		clear(g.ids)
		return nil
	}
	k := 0
	for i, in := range g.member {
		if in {
			g.kcols[k] = a.gcols[i]
			k++
		}
	}
	g.missed = false
	if g.full {
		return g.known(a, b)
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
	return nil
}

// known is number when there are to be no new groups.
func (g *groupSet) known(a *aggregate, b *batch.Batch) error {
	var rest [aggFanout][]int32
	for i := range g.ids {
		r := b.Row(i)
		if g.ids[i] = g.keys.find(g.kcols, r); g.ids[i] < 0 {
			p := g.keys.hashKey(g.kcols, r, g.level) % aggFanout
			rest[p] = append(rest[p], int32(r))
			g.missed = true
		}
	}
	for p, sel := range rest {
		if len(sel) == 0 {
			continue
		}
		if g.parts[p] == nil {
			var err error
			if g.parts[p], err = a.rt.newSpill(a.itypes); err != nil {
				return err
			}
		}
		if err := g.parts[p].write(b.Cols, sel, b.N); err != nil {
			return err
		}
	}
	return nil
}

// route is the rows of in for the state of an aggregate, and their groups. pick says where the rows
// stand in the batch that was numbered; nil: all of them are there.
func (g *groupSet) route(in *batch.Batch, pick []int32) (ids, sel []int32) {
	if pick == nil && !g.missed {
		return g.ids, in.Sel
	}
	rows := in.Rows()
	ids, sel = make([]int32, 0, rows), make([]int32, 0, rows)
	for k := range rows {
		at := k
		if pick != nil {
			at = int(pick[k])
		}
		if id := g.ids[at]; id >= 0 {
			ids, sel = append(ids, id), append(sel, int32(in.Row(k)))
		}
	}
	return ids, sel
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
	for _, g := range a.active {
		ids, sel := g.route(in, pick)
		if len(ids) == 0 {
			continue
		}
		if err := g.states[i].add(ids, cols, sel, in.N); err != nil {
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
func (a *aggregate) Next(ctx context.Context) (*batch.Batch, error) {
	for a.set < len(a.sets) {
		g := a.sets[a.set]
		if a.pos >= g.n {
			a.pos = 0
			more, err := a.readPart(ctx, g)
			if err != nil {
				return nil, err
			}
			if !more {
				a.set++
			}
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
	a.dropParts()
	for _, g := range a.sets {
		g.keys.clear()
		g.values.reset()
		g.states = g.states[:0]
	}
	return a.in.Close()
}
