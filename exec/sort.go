package exec

import (
	"container/heap"
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// sortOp orders its input: in memory, by sorted runs on disk above the memory budget, and with a
// limit by keeping the best rows only.
type sortOp struct {
	rt    *Runtime
	sc    *scope
	in    Operator
	keys  *keyColumns
	limit value
	off   value
	top   bool

	store  *rowStore
	held   int64 // bytes of store that are counted
	order  []int32
	pos    int
	out    *gathered
	runs   []*spillFile
	merge  *runMerge
	bound  *rowStore // top-N: the last row that is still good enough
	keep   int
	passed []int32
}

func newSort(b *builder, n *planner.Sort) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	s := &sortOp{rt: b.rt, sc: b.sc, in: in, top: n.Limit != nil}
	if s.keys, err = newKeyColumns(b, n.Keys, n.Input.Info().Cols); err != nil {
		return nil, err
	}
	if s.limit, err = b.newValue(n.Limit); err != nil {
		return nil, err
	}
	if s.off, err = b.newValue(n.Offset); err != nil {
		return nil, err
	}
	s.store = newRowStore(s.keys.types)
	s.out = newGathered(s.keys.types[:s.keys.inputs])
	return s, nil
}

// topRowsMax is the number of rows up to which top-N keeps rows; a greater limit sorts all.
const topRowsMax = 100_000

func (s *sortOp) Open(ctx context.Context) error {
	s.reset()
	if s.top {
		if err := s.openTop(); err != nil {
			return err
		}
	}
	if err := s.in.Open(ctx); err != nil {
		return err
	}
	if err := s.read(ctx); err != nil {
		return err
	}
	if len(s.runs) > 0 {
		if err := s.flush(); err != nil {
			return err
		}
		m, err := newRunMerge(ctx, s.rt, &s.keys.ord, s.keys.types, &s.runs)
		s.merge = m
		return err
	}
	s.order = s.keys.ord.sorted(s.store.cols, s.store.n)
	if s.keep >= 0 && len(s.order) > s.keep {
		s.order = s.order[:s.keep]
	}
	return nil
}

func (s *sortOp) reset() {
	s.store.reset()
	s.pos, s.order, s.keep, s.bound = 0, nil, -1, nil
	s.dropRuns()
}

func (s *sortOp) dropRuns() {
	if s.merge != nil {
		s.merge.close()
		s.merge = nil
	}
	for _, r := range s.runs {
		_ = r.remove(s.rt) // a temporary file that stays is removed at the next start
	}
	s.runs = nil
}

func (s *sortOp) openTop() error {
	n, err := s.limit.get(s.sc)
	if err != nil || n.Null {
		return err
	}
	off, err := s.off.get(s.sc)
	if err != nil {
		return err
	}
	// The limit node above raises the error for negative values.
	if total := max(n.I, 0) + max(off.I, 0); total >= 0 && total <= topRowsMax {
		s.keep = int(total)
	}
	return nil
}

func (s *sortOp) read(ctx context.Context) error {
	for {
		b, err := s.in.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		cols, err := s.keys.compute(s.sc, b)
		if err != nil {
			return err
		}
		if s.keep >= 0 {
			s.addTop(cols, b)
			if err := s.rt.Keep(&s.held, s.store.bytes); err != nil {
				return err
			}
			continue
		}
		s.store.appendSel(cols, b.Sel, b.N)
		if s.store.bytes > s.rt.workMem() {
			if err := s.flush(); err != nil {
				return err
			}
		}
		if err := s.rt.Keep(&s.held, s.store.bytes); err != nil {
			return err
		}
	}
}

// addTop adds the rows that may be among the best, and drops the others once in a while.
func (s *sortOp) addTop(cols []*batch.Column, b *batch.Batch) {
	sel := b.Sel
	if s.bound != nil {
		sel = s.passed[:0]
		for k := range b.Rows() {
			r := b.Row(k)
			if s.keys.ord.compare(cols, r, s.bound.cols, 0) < 0 {
				sel = append(sel, int32(r))
			}
		}
		s.passed = sel
		if len(sel) == 0 {
			return
		}
	}
	s.store.appendSel(cols, sel, b.N)
	if s.store.n >= 2*s.keep+batch.RowsMax {
		s.shrink()
	}
}

// shrink keeps the best rows. Earlier rows win ties, so a later row must be strictly better than the last.
func (s *sortOp) shrink() {
	order := s.keys.ord.sorted(s.store.cols, s.store.n)
	if len(order) > s.keep {
		order = order[:s.keep]
	}
	kept := newRowStore(s.keys.types)
	kept.appendSel(s.store.cols, order, s.store.n)
	s.store = kept
	if kept.n == s.keep && s.keep > 0 {
		s.bound = newRowStore(s.keys.types)
		s.bound.appendSel(kept.cols, []int32{int32(kept.n - 1)}, kept.n)
	}
}

// flush writes what is in memory as one sorted run.
func (s *sortOp) flush() error {
	run, err := s.rt.newSpill(s.keys.types)
	if err != nil {
		return err
	}
	order := s.keys.ord.sorted(s.store.cols, s.store.n)
	for from := 0; from < len(order); from += batch.RowsMax {
		to := min(from+batch.RowsMax, len(order))
		if err := run.write(s.store.cols, order[from:to], s.store.n); err != nil {
			return err
		}
	}
	s.runs = append(s.runs, run)
	s.store.reset()
	return run.finish()
}

func (s *sortOp) Next(ctx context.Context) (*batch.Batch, error) {
	if s.merge != nil {
		if err := ctx.Err(); err != nil {
			return nil, sqlError(err)
		}
		return s.merge.next(s.out, s.keys.inputs)
	}
	if s.pos >= len(s.order) {
		return nil, nil
	}
	to := min(s.pos+batch.RowsMax, len(s.order))
	s.out.reset()
	s.out.pick(0, s.store.cols[:s.keys.inputs], s.order[s.pos:to], false)
	s.out.b.N = to - s.pos
	s.pos = to
	return &s.out.b, nil
}

func (s *sortOp) Close() error {
	s.dropRuns()
	s.store.reset()
	s.order = nil
	return s.in.Close()
}

// runMerge merges sorted runs. Runs tie in the order in which they were written.
type runMerge struct {
	ord   *ordering
	heads []*runHead
	all   []*spillReader
}

type runHead struct {
	n int // run
	r *spillReader
	b *batch.Batch
	i int
}

// mergeMax is how many runs are merged at once; more are merged in rounds.
const mergeMax = 64

// newRunMerge begins to merge runs. The list stays its owner's, who removes the files: runs that were merged in
// rounds are gone from it, and what they became has their place.
func newRunMerge(ctx context.Context, rt *Runtime, ord *ordering, ts []types.T, runs *[]*spillFile) (*runMerge, error) {
	for len(*runs) > mergeMax {
		if err := mergeRound(ctx, rt, ord, ts, runs); err != nil {
			return nil, err
		}
	}
	return openRuns(rt, ord, *runs)
}

// mergeRound merges the first runs of the list into one, which comes first then, so that ties stay in input order.
func mergeRound(ctx context.Context, rt *Runtime, ord *ordering, ts []types.T, runs *[]*spillFile) error {
	parts := (*runs)[:mergeMax:mergeMax]
	m, err := openRuns(rt, ord, parts)
	if err != nil {
		return err
	}
	defer m.close()
	out, err := rt.newSpill(ts)
	if err != nil {
		return err
	}
	*runs = append(*runs, out)
	for g := newGathered(ts); ; {
		if err := ctx.Err(); err != nil {
			return sqlError(err)
		}
		b, err := m.next(g, len(ts))
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := out.write(b.Cols, nil, b.N); err != nil {
			return err
		}
	}
	rest := (*runs)[mergeMax : len(*runs)-1]
	*runs = append([]*spillFile{out}, rest...)
	for _, r := range parts {
		if err := r.remove(rt); err != nil {
			return err
		}
	}
	return out.finish()
}

func openRuns(rt *Runtime, ord *ordering, runs []*spillFile) (*runMerge, error) {
	m := &runMerge{ord: ord}
	for i, run := range runs {
		r, err := run.reader(rt)
		if err != nil {
			return nil, err
		}
		m.all = append(m.all, r)
		b, err := r.next()
		if err != nil {
			return nil, err
		}
		if b != nil {
			m.heads = append(m.heads, &runHead{n: i, r: r, b: b})
		}
	}
	heap.Init(m)
	return m, nil
}

// Len, Less, Swap, Push and Pop implement heap.Interface.
func (m *runMerge) Len() int { return len(m.heads) }

// Less implements heap.Interface.
func (m *runMerge) Less(i, j int) bool {
	a, b := m.heads[i], m.heads[j]
	if c := m.ord.compare(a.b.Cols, a.i, b.b.Cols, b.i); c != 0 {
		return c < 0
	}
	return a.n < b.n
}

// Swap implements heap.Interface.
func (m *runMerge) Swap(i, j int) { m.heads[i], m.heads[j] = m.heads[j], m.heads[i] }

// Push implements heap.Interface.
func (m *runMerge) Push(x any) { m.heads = append(m.heads, x.(*runHead)) }

// Pop implements heap.Interface.
func (m *runMerge) Pop() any {
	h := m.heads[len(m.heads)-1]
	m.heads = m.heads[:len(m.heads)-1]
	return h
}

// next gathers the next rows, of which the first cols columns are wanted.
func (m *runMerge) next(out *gathered, cols int) (*batch.Batch, error) {
	out.reset()
	one := make([]int32, 1)
	for out.b.N < batch.RowsMax && len(m.heads) > 0 {
		h := m.heads[0]
		one[0] = int32(h.i)
		out.pick(0, h.b.Cols[:cols], one, false)
		out.b.N++
		h.i++
		if h.i == h.b.N {
			b, err := h.r.next()
			if err != nil {
				return nil, err
			}
			if b == nil {
				heap.Pop(m)
				continue
			}
			h.b, h.i = b, 0
		}
		heap.Fix(m, 0)
	}
	if out.b.N == 0 {
		return nil, nil
	}
	return &out.b, nil
}

func (m *runMerge) close() {
	for _, r := range m.all {
		_ = r.close() // reading is over; closing cannot lose anything
	}
}
