package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
)

// cteState is one WITH query in one execution: its rows, computed when they are first asked for. A recursive
// one makes a round when a reader has read all rows of the rounds before.
type cteState struct {
	plan  *planner.CTE
	rt    *Runtime
	op    Operator
	step  Operator
	rows  *growingRows
	ready bool // op has run

	// Of a recursive one:
	work *spoolRows // the rows of the last round
	seen *keyTable  // UNION without ALL: all rows so far
	held int64      // bytes of seen that are counted
	done bool       // the last round gave none
}

// with makes CTEs known to its input. Modifying ones run first and to their ends.
type with struct {
	ctes []*cteState
	in   Operator
}

func newWith(b *builder, n *planner.With) (Operator, error) {
	if b.rt.ctes == nil {
		b.rt.ctes = map[*planner.CTE]*cteState{}
	}
	w := &with{}
	for _, c := range n.CTEs {
		st := &cteState{plan: c, rt: b.rt, rows: newGrowingRows(b.rt, typesOf(c.Cols)), work: newSpool(b.rt, typesOf(c.Cols))}
		b.rt.ctes[c] = st
		w.ctes = append(w.ctes, st)
		var err error
		if st.op, err = b.build(c.Plan); err != nil {
			return nil, err
		}
		if c.Step != nil {
			if st.step, err = b.build(c.Step); err != nil {
				return nil, err
			}
		}
	}
	var err error
	w.in, err = b.build(n.Input)
	return w, err
}

// Open implements Operator.
func (w *with) Open(ctx context.Context) error {
	for _, c := range w.ctes {
		c.ready = false
		if c.plan.Modifying {
			affected := c.rt.Affected // what counts is the main statement
			if err := c.compute(ctx); err != nil {
				return err
			}
			c.rt.Affected = affected
		}
	}
	return w.in.Open(ctx)
}

// Next implements Operator.
func (w *with) Next(ctx context.Context) (*batch.Batch, error) { return w.in.Next(ctx) }

// Close implements Operator.
func (w *with) Close() error {
	err := w.in.Close()
	for _, c := range w.ctes {
		if cerr := closeAll(c.op, c.step); err == nil {
			err = cerr
		}
		c.rows.reset()
		c.work.reset()
		c.ready = false
	}
	return err
}

// compute runs the query, once: to its end, or the first term of a recursive one.
func (c *cteState) compute(ctx context.Context) error {
	if c.ready {
		return nil
	}
	c.rows.reset()
	if c.plan.Recursive {
		c.seen, c.done = nil, false
		if !c.plan.All {
			c.seen = newKeyTable(typesOf(c.plan.Cols))
		}
		if err := c.take(ctx, c.op); err != nil {
			return err
		}
	} else if err := c.fill(ctx); err != nil {
		return err
	}
	c.ready = true
	return nil
}

// fill keeps all rows of a query that is not recursive.
func (c *cteState) fill(ctx context.Context) error {
	if err := c.op.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := c.op.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := c.rows.add(b); err != nil {
			return err
		}
	}
}

// more runs the step over the rows of the last round; false: there are no further rows.
func (c *cteState) more(ctx context.Context) (bool, error) {
	if !c.plan.Recursive || c.done {
		return false, nil
	}
	err := c.take(ctx, c.step)
	return err == nil && !c.done, err
}

// take runs a term as the next round and adds what it gives to the rows.
func (c *cteState) take(ctx context.Context, term Operator) error {
	round, err := c.round(ctx, term, c.seen)
	if err != nil {
		return err
	}
	c.work.reset()
	c.work, c.done = round, round.rows() == 0
	for cur := round.cursor(); ; {
		b, err := cur.next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := c.rows.add(b); err != nil {
			return err
		}
	}
}

// round runs one term and keeps its new rows.
func (c *cteState) round(ctx context.Context, op Operator, seen *keyTable) (_ *spoolRows, err error) {
	out := newSpool(c.rt, c.rows.types)
	defer func() {
		if err != nil {
			out.reset()
		}
	}()
	if err := op.Open(ctx); err != nil {
		return nil, err
	}
	for {
		b, err := op.Next(ctx)
		if b == nil || err != nil {
			return out, err
		}
		if seen != nil {
			var sel []int32
			for i := range b.Rows() {
				r := b.Row(i)
				if _, isNew := seen.add(b.Cols, r); isNew {
					sel = append(sel, int32(r))
				}
			}
			if err := c.rt.Keep(&c.held, seen.bytes); err != nil {
				return nil, err
			}
			if len(sel) == 0 {
				continue
			}
			b = &batch.Batch{Cols: b.Cols, N: b.N, Sel: sel}
		}
		if err := out.add(b); err != nil {
			return nil, err
		}
	}
}

// cteScan reads a CTE's rows, or the last round's inside a recursive one.
type cteScan struct {
	st      *cteState
	working bool
	cur     growingCursor
	round   spoolCursor
}

func newCTEScan(b *builder, n *planner.CTEScan) (Operator, error) {
	return &cteScan{st: b.rt.ctes[n.CTE], working: n.Working}, nil
}

// Open implements Operator.
func (s *cteScan) Open(ctx context.Context) error {
	if s.working {
		s.round = s.st.work.cursor()
		return nil
	}
	if err := s.st.compute(ctx); err != nil {
		return err
	}
	err := s.cur.close()
	s.cur = s.st.rows.cursor()
	return err
}

// Next implements Operator.
func (s *cteScan) Next(ctx context.Context) (*batch.Batch, error) {
	if s.working {
		return s.round.next(ctx)
	}
	for {
		b, err := s.cur.next(ctx)
		if b != nil || err != nil {
			return b, err
		}
		if more, err := s.st.more(ctx); err != nil || !more {
			return nil, err
		}
	}
}

// Close implements Operator.
func (s *cteScan) Close() error { return s.cur.close() }
