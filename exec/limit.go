package exec

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// limit skips rows and passes a number of them, with WITH TIES also those that equal the last.
type limit struct {
	sc         *scope
	in         Operator
	count, off value
	ties       *keyColumns
	sum        bool // pass count plus offset rows, skip none

	skip, left int64 // left < 0: all
	last       *rowStore
	done       bool
	sel        []int32
	out        batch.Batch
}

func newLimit(b *builder, n *planner.Limit) (Operator, error) {
	_, b.oneByOne = n.Input.(*planner.LockRows)
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	l := &limit{sc: b.sc, in: in, sum: n.Sum}
	if l.count, err = b.newValue(n.Count); err != nil {
		return nil, err
	}
	if l.off, err = b.newValue(n.Offset); err != nil {
		return nil, err
	}
	if n.WithTies {
		l.ties, err = newKeyColumns(b, n.Ties, n.Input.Info().Cols)
	}
	return l, err
}

// Open implements Operator.
func (l *limit) Open(ctx context.Context) error {
	l.skip, l.left, l.done, l.last = 0, -1, false, nil
	c, err := l.count.get(l.sc)
	if err != nil {
		return err
	}
	if !c.Null {
		if c.I < 0 {
			return pgerr.New(pgerrcode.InvalidRowCountInLimitClause, "LIMIT must not be negative")
		}
		l.left = c.I
	}
	o, err := l.off.get(l.sc)
	if err != nil {
		return err
	}
	if !o.Null {
		if o.I < 0 {
			return pgerr.New(pgerrcode.InvalidRowCountInResultOffsetClause, "OFFSET must not be negative")
		}
		l.skip = o.I
	}
	if l.sum {
		if l.left >= 0 {
			l.left += l.skip
		}
		l.skip = 0
	}
	if l.left == 0 {
		l.done = true
		return nil
	}
	return l.in.Open(ctx)
}

// Next implements Operator.
func (l *limit) Next(ctx context.Context) (*batch.Batch, error) {
	for !l.done {
		b, err := l.in.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		rows := int64(b.Rows())
		if l.skip >= rows {
			l.skip -= rows
			continue
		}
		if l.skip == 0 && (l.left < 0 || l.left > rows) {
			if l.left > 0 {
				l.left -= rows
			}
			return b, nil
		}
		if out, err := l.cut(b); out != nil || err != nil {
			return out, err
		}
	}
	return nil, nil
}

// cut takes the rows of a batch that are wanted.
func (l *limit) cut(b *batch.Batch) (*batch.Batch, error) {
	var cols []*batch.Column
	if l.ties != nil {
		var err error
		if cols, err = l.ties.compute(l.sc, b); err != nil {
			return nil, err
		}
	}
	l.sel = l.sel[:0]
	for i := range b.Rows() {
		r := b.Row(i)
		switch {
		case l.skip > 0:
			l.skip--
			continue
		case l.left == 0:
			if l.last == nil || l.ties.ord.compare(cols, r, l.last.cols, 0) != 0 {
				l.done = true
			}
		case l.left > 0:
			l.left--
			if l.left == 0 && l.ties != nil {
				l.last = newRowStore(l.ties.types)
				l.last.appendSel(cols, []int32{int32(r)}, b.N)
			}
		}
		if l.done {
			break
		}
		l.sel = append(l.sel, int32(r))
		if l.left == 0 && l.ties == nil {
			l.done = true
			break
		}
	}
	if len(l.sel) == 0 {
		return nil, nil
	}
	l.out = batch.Batch{Cols: b.Cols, N: b.N, Sel: l.sel}
	return &l.out, nil
}

// Close implements Operator.
func (l *limit) Close() error { return l.in.Close() }

// material keeps its input's rows for reading again.
type material struct {
	rt    *Runtime
	in    Operator
	rows  *spoolRows
	ready bool
	next  spoolCursor
}

func newMaterial(b *builder, n *planner.Material) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	return &material{rt: b.rt, in: in, rows: newSpool(b.rt, typesOf(n.Cols))}, nil
}

// Open implements Operator.
func (m *material) Open(ctx context.Context) error {
	if !m.ready {
		m.rows.reset()
		if err := m.rows.fill(ctx, m.in); err != nil {
			return err
		}
		m.ready = true
	}
	m.next = m.rows.cursor()
	return nil
}

// Next implements Operator.
func (m *material) Next(ctx context.Context) (*batch.Batch, error) { return m.next.next(ctx) }

// Close implements Operator.
func (m *material) Close() error {
	m.ready = false
	m.rows.reset()
	return m.in.Close()
}
