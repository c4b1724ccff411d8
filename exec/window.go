package exec

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// window computes window functions over an input that comes in the order of partition and order keys. It
// gathers whole partitions, small ones together until they fill a batch. A partition has to fit in
// memory, for window functions see it as a whole.
type window struct {
	rt    *Runtime
	sc    *scope
	in    Operator
	nin   int         // columns of the input, which pass through
	keys  *keyColumns // partition keys, order keys, then arguments and filters of the calls
	part  ordering    // partition keys, of which only equality counts
	order ordering
	frame *frameSpec
	calls []*windowCall

	store  *rowStore // the rows of the partitions at hand
	held   int64     // bytes of store that are counted
	starts []int32   // where each of them begins
	given  int       // rows of store that were given out
	cols   []*batch.Column
	next   *batch.Batch // the input batch at hand and the first of its rows that is not in store
	at     int
	done   bool
	out    batch.Batch
	slices []batch.Column
}

// windowCall is one function of the window. Its columns are positions in the layout of keyColumns.
type windowCall struct {
	bind.WindowCall
	args   []int
	filter int // -1: none
	call   fn.AggCall
	result *batch.Column // of the rows in store
	part   *batch.Column // of one partition
}

func newWindow(b *builder, n *planner.Window) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	cols := n.Input.Info().Cols
	var keys []eval.SortKey
	for _, e := range n.Partition {
		keys = append(keys, eval.SortKey{Expr: e})
	}
	keys = append(keys, n.Order...)
	w := &window{rt: b.rt, sc: b.sc, in: in, nin: len(cols)}
	if w.keys, err = newKeyColumns(b, keys, cols); err != nil {
		return nil, err
	}
	w.part.keys = w.keys.ord.keys[:len(n.Partition)]
	w.order.keys = w.keys.ord.keys[len(n.Partition):]
	if w.frame, err = newFrameSpec(b, n, &w.order); err != nil {
		return nil, err
	}
	for _, c := range n.Calls {
		call, err := w.newCall(b, c, cols)
		if err != nil {
			return nil, err
		}
		w.calls = append(w.calls, call)
	}
	w.keys.cols = make([]*batch.Column, len(w.keys.types))
	w.store = newRowStore(w.keys.types)
	w.slices = make([]batch.Column, w.nin+len(w.calls))
	for i := range w.slices {
		w.out.Cols = append(w.out.Cols, &w.slices[i])
	}
	return w, nil
}

func (w *window) newCall(b *builder, c bind.WindowCall, cols []eval.Column) (*windowCall, error) {
	if c.F.Window == nil && c.F.Agg == nil {
		return nil, c.F.Unsupported()
	}
	call := &windowCall{WindowCall: c, filter: -1}
	call.result = batch.New(c.T, physOf(c.T), 0)
	call.part = batch.New(c.T, physOf(c.T), 0)
	call.call.Call = fn.Call{Env: b.rt.Env, Args: exprTypes(c.Args), Ret: c.T, Names: eval.RowNames(c.Args)}
	for _, e := range c.Args {
		at, err := w.place(e, cols)
		if err != nil {
			return nil, err
		}
		call.args = append(call.args, at)
	}
	if c.Filter != nil {
		at, err := w.place(c.Filter, cols)
		if err != nil {
			return nil, err
		}
		call.filter = at
	}
	return call, nil
}

// place is where an expression's values are found: in a column of the input, or in one added to the keys.
func (w *window) place(e eval.Expr, cols []eval.Column) (int, error) {
	slot := slots(cols)
	if c, ok := e.(*eval.Col); ok {
		if i, ok := slot(c.ID); ok {
			return i, nil
		}
	}
	p, err := eval.Compile(e, slot)
	if err != nil {
		return 0, err
	}
	w.keys.extra = append(w.keys.extra, p)
	w.keys.types = append(w.keys.types, e.Type())
	return len(w.keys.types) - 1, nil
}

// Open implements Operator.
func (w *window) Open(ctx context.Context) error {
	w.clear()
	w.next, w.at, w.done = nil, 0, false
	if err := w.frame.open(w.sc); err != nil {
		return err
	}
	return w.in.Open(ctx)
}

func (w *window) clear() {
	w.store.reset()
	w.starts, w.given = w.starts[:0], 0
	for _, c := range w.calls {
		c.result.Reset(0)
	}
}

// Next implements Operator.
func (w *window) Next(ctx context.Context) (*batch.Batch, error) {
	if w.given >= w.store.n {
		w.clear()
		if err := w.gather(ctx); err != nil {
			return nil, err
		}
		if w.store.n == 0 {
			return nil, nil
		}
		if err := w.compute(ctx); err != nil {
			return nil, err
		}
	}
	to := min(w.given+batch.RowsMax, w.store.n)
	for i := range w.nin {
		sliceColumn(&w.slices[i], w.store.cols[i], w.given, to)
	}
	for i, c := range w.calls {
		sliceColumn(&w.slices[w.nin+i], c.result, w.given, to)
	}
	w.out.N = to - w.given
	w.given = to
	return &w.out, nil
}

// gather fills the store with whole partitions, about a batch of rows or one partition.
func (w *window) gather(ctx context.Context) error {
	for !w.done {
		if w.next == nil || w.at >= w.next.Rows() {
			b, err := w.in.Next(ctx)
			if err != nil {
				return err
			}
			if b == nil {
				w.done = true
				return nil
			}
			w.next, w.at = b, 0
			if w.cols, err = w.keys.compute(w.sc, b); err != nil {
				return err
			}
		}
		if full, err := w.take(); full || err != nil {
			return err
		}
	}
	return nil
}

// take moves rows of the batch at hand into the store. It stops before a partition that begins when the
// store is full, and says so.
func (w *window) take() (full bool, err error) {
	var sel []int32
	for rows := w.next.Rows(); w.at < rows; w.at++ {
		r := w.next.Row(w.at)
		have := w.store.n + len(sel)
		if have == 0 || w.begins(r, sel) {
			if have >= batch.RowsMax {
				full = true
				break
			}
			w.starts = append(w.starts, int32(have))
		}
		sel = append(sel, int32(r))
	}
	if len(sel) > 0 {
		w.store.appendSel(w.cols, sel, w.next.N)
	}
	return full, w.rt.Keep(&w.held, w.store.bytes)
}

// begins says whether row r is of another partition than the row before it: the last of sel, else the
// last one in the store.
func (w *window) begins(r int, sel []int32) bool {
	if len(sel) > 0 {
		return w.part.compare(w.cols, int(sel[len(sel)-1]), w.cols, r) != 0
	}
	return w.part.compare(w.store.cols, w.store.n-1, w.cols, r) != 0
}

// compute runs all calls over the partitions in the store.
func (w *window) compute(ctx context.Context) error {
	var v view
	for k, from := range w.starts {
		to := w.store.n
		if k+1 < len(w.starts) {
			to = int(w.starts[k+1])
		}
		if err := ctx.Err(); err != nil {
			return sqlError(err)
		}
		p := &windowPart{n: to - int(from), cols: v.rows(w.store, int(from), to).Cols}
		p.findPeers(&w.order)
		if err := w.frame.bounds(p); err != nil {
			return err
		}
		for _, c := range w.calls {
			if err := c.run(ctx, p, w.frame.exclude); err != nil {
				return err
			}
			c.result.AppendFrom(c.part, nil, p.n)
		}
	}
	return nil
}

// Close implements Operator.
func (w *window) Close() error {
	w.clear()
	w.next = nil
	return w.in.Close()
}

// windowPart is a partition: its rows, which of them tie, and the frame of each.
type windowPart struct {
	n        int
	cols     []*batch.Column
	peers    []int32 // first row of the row's peer group
	ends     []int32 // the row behind it
	from, to []int32 // the frame
}

func (p *windowPart) findPeers(ord *ordering) {
	mem := make([]int32, 4*p.n)
	p.peers, p.ends, p.from, p.to = mem[:p.n], mem[p.n:2*p.n], mem[2*p.n:3*p.n], mem[3*p.n:]
	for i := 1; i < p.n; i++ {
		p.peers[i] = p.peers[i-1]
		if ord.compare(p.cols, i-1, p.cols, i) != 0 {
			p.peers[i] = int32(i)
		}
	}
	end := int32(p.n)
	for i := p.n - 1; i >= 0; i-- {
		p.ends[i] = end
		if int(p.peers[i]) == i {
			end = int32(i)
		}
	}
}

// excluded makes the test of an EXCLUDE clause: whether row j is out of row i's frame.
func (p *windowPart) excluded(exclude byte) func(i, j int) bool {
	switch exclude {
	case 'c':
		return func(i, j int) bool { return i == j }
	case 'g':
		return func(i, j int) bool { return p.peers[i] == p.peers[j] }
	case 't':
		return func(i, j int) bool { return i != j && p.peers[i] == p.peers[j] }
	}
	return nil
}

// run computes the call for every row of a partition, into c.part.
func (c *windowCall) run(ctx context.Context, p *windowPart, exclude byte) error {
	args := make([]*batch.Column, len(c.args))
	for i, at := range c.args {
		args[i] = p.cols[at]
	}
	c.part.Reset(p.n)
	if c.F.Window != nil {
		c.part.Resize(p.n)
		return c.F.Window(&c.call.Call, &fn.Partition{
			N: p.n, Args: args, Peers: p.peers, Excluded: p.excluded(exclude),
			Frame: func(i int) (int, int) { return int(p.from[i]), int(p.to[i]) },
		}, c.part)
	}
	f := &frameAggregate{c: c, p: p, args: args, excluded: p.excluded(exclude)}
	if c.filter >= 0 {
		f.filter = p.cols[c.filter]
	}
	switch {
	case f.excluded == nil && allEqual(p.from):
		return f.growing(ctx)
	case f.excluded == nil && allEqual(p.to) && c.anyOrder():
		return f.shrinking(ctx)
	}
	return f.moving(ctx)
}

func allEqual(list []int32) bool {
	for _, v := range list {
		if v != list[0] {
			return false
		}
	}
	return true
}

// orderFree are the aggregates whose value does not depend on the order of the rows.
var orderFree = map[string]bool{
	"count": true, "min": true, "max": true, "sum": true, "avg": true, "bool_and": true, "bool_or": true,
	"every": true, "bit_and": true, "bit_or": true, "bit_xor": true,
}

// anyOrder says whether the rows may be added from the last to the first. Floats are not, since their
// sums round differently then, and neither are vectors, which are sums of floats.
func (c *windowCall) anyOrder() bool {
	for _, t := range c.call.Args {
		if physOf(t) == types.Float || types.Lookup(t.OID) == nil || t.OID >= types.FirstExtensionOID {
			return c.F.Name == "count"
		}
	}
	return orderFree[c.F.Name]
}

// frameAggregate computes an aggregate over the frames of a partition. There is no way to take a row out
// of an aggregate, so frames that only grow are computed in one pass and others anew for each row.
type frameAggregate struct {
	c        *windowCall
	p        *windowPart
	args     []*batch.Column
	filter   *batch.Column
	excluded func(i, j int) bool

	sel    []int32 // rows to be added, and the group of each
	groups []int32
	one    *batch.Column
}

// framePairsMax bounds the rows that wait to be added to their groups.
const framePairsMax = 16 * batch.RowsMax

func (f *frameAggregate) want(row int) bool {
	return f.filter == nil || !f.filter.Null(row) && f.filter.B[row]
}

// flush adds the rows that wait.
func (f *frameAggregate) flush(ctx context.Context, st fn.State) error {
	if len(f.sel) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return sqlError(err)
	}
	err := st.Add(f.groups, f.args, f.sel, f.p.n)
	f.sel, f.groups = f.sel[:0], f.groups[:0]
	return err
}

func (f *frameAggregate) push(row, group int) {
	f.sel, f.groups = append(f.sel, int32(row)), append(f.groups, int32(group))
}

// value takes the value of the only group.
func (f *frameAggregate) value(st fn.State) (types.Datum, error) {
	if f.one == nil {
		f.one = batch.New(f.c.T, physOf(f.c.T), 1)
	}
	f.one.Reset(1)
	f.one.Resize(1)
	if err := st.Result(1, f.one); err != nil {
		return types.NullDatum, err
	}
	return f.one.Datum(0), nil
}

// growing serves frames with one start: each has the rows of the one before and perhaps more.
func (f *frameAggregate) growing(ctx context.Context) error {
	st := f.c.F.Agg(f.c.call)
	st.Resize(1)
	last, d := int32(-1), types.NullDatum
	done := f.p.from[0]
	for i := range f.p.n {
		if to := f.p.to[i]; to != last {
			for ; done < to; done++ {
				if f.want(int(done)) {
					f.push(int(done), 0)
				}
			}
			if err := f.flush(ctx, st); err != nil {
				return err
			}
			var err error
			if d, err = f.value(st); err != nil {
				return err
			}
			last = to
		}
		f.c.part.Append(d)
	}
	return nil
}

// shrinking serves frames with one end, from the last row to the first.
func (f *frameAggregate) shrinking(ctx context.Context) error {
	st := f.c.F.Agg(f.c.call)
	st.Resize(1)
	f.c.part.Resize(f.p.n)
	last, d := int32(-1), types.NullDatum
	done := f.p.to[0]
	for i := f.p.n - 1; i >= 0; i-- {
		if from := f.p.from[i]; from != last {
			for ; done > from; done-- {
				if f.want(int(done) - 1) {
					f.push(int(done)-1, 0)
				}
			}
			if err := f.flush(ctx, st); err != nil {
				return err
			}
			var err error
			if d, err = f.value(st); err != nil {
				return err
			}
			last = from
		}
		f.c.part.SetDatum(i, d)
	}
	return nil
}

// moving serves all frames: a group for each frame, in blocks so that few are in memory at once. Rows
// with the same frame share one.
func (f *frameAggregate) moving(ctx context.Context) error {
	ids := make([]int32, 0, batch.RowsMax)
	values := batch.New(f.c.T, physOf(f.c.T), batch.RowsMax)
	for from := 0; from < f.p.n; from += batch.RowsMax {
		to := min(from+batch.RowsMax, f.p.n)
		st := f.c.F.Agg(f.c.call)
		st.Resize(to - from)
		ids = ids[:0]
		for i := from; i < to; i++ {
			if i > from && f.sameFrame(i) {
				ids = append(ids, ids[i-from-1])
				continue
			}
			if err := f.addFrame(ctx, st, i, i-from); err != nil {
				return err
			}
			ids = append(ids, int32(i-from))
		}
		if err := f.flush(ctx, st); err != nil {
			return err
		}
		values.Reset(to - from)
		values.Resize(to - from)
		if err := st.Result(to-from, values); err != nil {
			return err
		}
		f.c.part.AppendFrom(values, ids, to-from)
	}
	return nil
}

func (f *frameAggregate) sameFrame(i int) bool {
	return f.excluded == nil && f.p.from[i] == f.p.from[i-1] && f.p.to[i] == f.p.to[i-1]
}

// addFrame adds the rows of row i's frame to a group.
func (f *frameAggregate) addFrame(ctx context.Context, st fn.State, i, group int) error {
	for j := int(f.p.from[i]); j < int(f.p.to[i]); j++ {
		if !f.want(j) || f.excluded != nil && f.excluded(i, j) {
			continue
		}
		f.push(j, group)
		if len(f.sel) >= framePairsMax {
			if err := f.flush(ctx, st); err != nil {
				return err
			}
		}
	}
	return nil
}

// frameSpec computes the frames of rows.
type frameSpec struct {
	bind.Frame
	exclude  byte
	startOff value
	endOff   value
	start    types.Datum // the offsets, once open
	end      types.Datum
	key      orderKey // RANGE with an offset: the key it is added to
	inRange  *fn.Func // key, key, offset, back, less to boolean
	call     fn.Call
	args     []*batch.Column // of inRange: value, base, offset, back, less
	result   *batch.Column
}

func newFrameSpec(b *builder, n *planner.Window, ord *ordering) (*frameSpec, error) {
	f := &frameSpec{Frame: n.Frame, exclude: n.Frame.Exclude}
	var err error
	if f.startOff, err = b.newValue(n.Frame.StartOff); err != nil {
		return nil, err
	}
	if f.endOff, err = b.newValue(n.Frame.EndOff); err != nil {
		return nil, err
	}
	off := n.Frame.StartOff
	if off == nil {
		off = n.Frame.EndOff
	}
	if n.Frame.Mode != 'r' || off == nil {
		return f, nil
	}
	f.key = ord.keys[0]
	return f, f.findRange(b, n.Order[0].Expr.Type(), off.Type())
}

// findRange looks up the function that compares keys at a distance.
func (f *frameSpec) findRange(b *builder, key, off types.T) error {
	for _, c := range fn.FuncsByName("in_range") {
		if len(c.Args) == 5 && c.Args[0] == key.OID && c.Args[2] == off.OID && c.Kernel != nil {
			f.inRange = c
		}
	}
	if f.inRange == nil {
		return pgerr.Unsupported("RANGE with an offset over this type of column")
	}
	bools := types.Of(types.BoolOID)
	f.call = fn.Call{Env: b.rt.Env, Args: []types.T{key, key, off, bools, bools}, Ret: bools}
	f.args = make([]*batch.Column, 5)
	for i, t := range f.call.Args {
		f.args[i] = constColumn(t, types.Datum{}, 1)
	}
	f.result = constColumn(bools, types.Datum{}, 1)
	return nil
}

// open computes the offsets, which are the same for all rows.
func (f *frameSpec) open(sc *scope) error {
	var err error
	if f.start, err = f.offset(sc, f.StartOff, &f.startOff, "starting"); err != nil {
		return err
	}
	f.end, err = f.offset(sc, f.EndOff, &f.endOff, "ending")
	return err
}

func (f *frameSpec) offset(sc *scope, e eval.Expr, v *value, which string) (types.Datum, error) {
	if e == nil {
		return types.NullDatum, nil
	}
	d, err := v.get(sc)
	switch {
	case err != nil:
		return d, err
	case d.Null:
		return d, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "frame %s offset must not be null", which)
	case f.Mode != 'r' && d.I < 0:
		return d, pgerr.New(pgerrcode.InvalidPrecedingOrFollowingSize, "frame %s offset must not be negative", which)
	}
	return d, nil
}

// bounds computes the frames of a partition. A frame whose end is not behind its start is empty.
func (f *frameSpec) bounds(p *windowPart) error {
	var err error
	switch {
	case f.Mode == 'o':
		f.rowBounds(p)
	case f.Mode == 'g':
		f.groupBounds(p)
	default:
		err = f.rangeBounds(p)
	}
	for i := range p.to {
		p.to[i] = max(p.to[i], p.from[i])
	}
	return err
}

// position moves i by an offset and keeps it within 0..n.
func position(i int, b bind.Bound, off int64, n int) int {
	by := int(min(off, int64(n)+1))
	switch b {
	case bind.OffsetPreceding:
		i -= by
	case bind.OffsetFollowing:
		i += by
	}
	return min(max(i, 0), n)
}

func (f *frameSpec) rowBounds(p *windowPart) {
	for i := range p.n {
		p.from[i], p.to[i] = 0, int32(p.n)
		if f.Start != bind.UnboundedPreceding {
			p.from[i] = int32(position(i, f.Start, f.start.I, p.n))
		}
		if f.End != bind.UnboundedFollowing {
			p.to[i] = int32(position(i+1, f.End, f.end.I, p.n))
		}
	}
}

func (f *frameSpec) groupBounds(p *windowPart) {
	var starts []int32 // of the peer groups, and the end of the last
	for i := range p.n {
		if int(p.peers[i]) == i {
			starts = append(starts, int32(i))
		}
	}
	groups := len(starts)
	starts = append(starts, int32(p.n))
	g := -1
	for i := range p.n {
		if int(p.peers[i]) == i {
			g++
		}
		p.from[i], p.to[i] = 0, int32(p.n)
		if f.Start != bind.UnboundedPreceding {
			p.from[i] = starts[position(g, f.Start, f.start.I, groups)]
		}
		if f.End != bind.UnboundedFollowing {
			p.to[i] = starts[position(g+1, f.End, f.end.I, groups)]
		}
	}
}

// rangeBounds computes frames by value. Without an offset a bound is the edge of the peer group.
func (f *frameSpec) rangeBounds(p *windowPart) error {
	for i := range p.n {
		p.from[i], p.to[i] = p.peers[i], p.ends[i]
		if f.Start == bind.UnboundedPreceding {
			p.from[i] = 0
		}
		if f.End == bind.UnboundedFollowing {
			p.to[i] = int32(p.n)
		}
	}
	if f.inRange == nil {
		return nil
	}
	return f.distances(p)
}

// distances sets the bounds that lie at an offset from the row's key. Keys are sorted and the offset is
// the same for all rows, so a bound only ever moves on. Null keys are at no distance from others: their
// frames end at their peer group, and no other row's bound lies among them.
func (f *frameSpec) distances(p *windowPart) error {
	keys := p.cols[f.key.col]
	first, behind := 0, p.n
	for first < behind && keys.Null(first) {
		first++
	}
	for behind > first && keys.Null(behind-1) {
		behind--
	}
	from, to := first, first
	for i := first; i < behind; i++ {
		if int(p.peers[i]) != i { // a peer has the frame of the row before it
			p.from[i], p.to[i] = p.from[i-1], p.to[i-1]
			continue
		}
		base := keys.Datum(i)
		var err error
		if f.StartOff != nil {
			if from, err = f.advance(keys, base, f.start, from, behind, f.Start, false); err != nil {
				return err
			}
			p.from[i] = int32(from)
		}
		if f.EndOff != nil {
			if to, err = f.advance(keys, base, f.end, to, behind, f.End, true); err != nil {
				return err
			}
			p.to[i] = int32(to)
		}
	}
	return nil
}

// advance moves j on to the first row that is within the start bound, or beyond the end bound.
func (f *frameSpec) advance(keys *batch.Column, base, off types.Datum, j, behind int, b bind.Bound, end bool) (int, error) {
	back, less := b == bind.OffsetPreceding, end
	if f.key.desc {
		back, less = !back, !less
	}
	f.args[1].SetDatum(0, base)
	f.args[2].SetDatum(0, off)
	f.args[3].SetDatum(0, types.BoolDatum(back))
	f.args[4].SetDatum(0, types.BoolDatum(less))
	for ; j < behind; j++ {
		f.args[0].SetDatum(0, keys.Datum(j))
		f.result.Reset(1)
		f.result.Resize(1)
		if err := f.inRange.Kernel(&f.call, f.args, nil, 1, f.result); err != nil {
			return j, err
		}
		if f.result.B[0] != end {
			break
		}
	}
	return j, nil
}
