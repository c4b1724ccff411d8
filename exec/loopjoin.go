package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// loopJoin reads the right side for each left row: a lateral one anew, with the row's values as outer
// columns, batch by batch; another is read once and kept. One that passes the memory budget is kept in a file, which is
// then read for each left row.
type loopJoin struct {
	*pairs
	left, right Operator
	lateral     bool
	lcols       []eval.Column

	in     *batch.Batch // the left batch at hand
	rows   []int32
	at     int
	cur    int // the left row that a lateral right side runs for
	kept   *spoolRows
	hit    []bool
	done   bool // the left side is at its end
	scan   spoolCursor
	pos    int  // right rows that scan has given
	open   bool // scan is under way
	paired bool // the left row at hand has found a partner
	wait   queue
	buf    []int32
	li, ri []int32
}

func newLoopJoin(b *builder, n *planner.NestLoop) (Operator, error) {
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	p, err := newPairs(b, n.Kind, n.Left, n.Right, n.Conds)
	if err != nil {
		return nil, err
	}
	j := &loopJoin{pairs: p, left: left, lateral: n.Lateral, lcols: n.Left.Info().Cols}
	rb := b
	if n.Lateral {
		slot := slots(j.lcols)
		rb = b.inner(func(id eval.ColID) (types.Datum, bool) {
			i, ok := slot(id)
			if !ok || j.in == nil {
				return types.Datum{}, false
			}
			return j.in.Cols[i].Datum(j.cur), true
		})
	}
	if j.right, err = rb.build(n.Right); err != nil {
		return nil, err
	}
	j.kept = newSpool(b.rt, p.rtypes)
	return j, nil
}

// Open implements Operator.
func (j *loopJoin) Open(ctx context.Context) error {
	j.in, j.rows, j.at, j.done = nil, nil, 0, false
	j.wait = queue{}
	j.endScan()
	if !j.lateral {
		j.kept.reset()
		if err := j.kept.fill(ctx, j.right); err != nil {
			return err
		}
		if j.kind == bind.Full {
			j.hit = make([]bool, j.kept.rows())
		}
	}
	return j.left.Open(ctx)
}

// Next implements Operator.
func (j *loopJoin) Next(ctx context.Context) (*batch.Batch, error) {
	for {
		if b := j.wait.next(j.pairs); b != nil {
			return b, nil
		}
		if j.done {
			if !j.open {
				return nil, nil
			}
			if err := j.rest(ctx); err != nil {
				return nil, err
			}
			continue
		}
		if j.at >= len(j.rows) {
			b, err := j.left.Next(ctx)
			if err != nil {
				return nil, err
			}
			if b == nil {
				j.finish()
				continue
			}
			j.in, j.at = b, 0
			j.rows = selected(b, j.buf)
			if b.Sel == nil {
				j.buf = j.rows
			}
		}
		var err error
		if j.lateral || j.kept.disk != nil {
			err = j.stepScan(ctx)
		} else {
			err = j.step(ctx)
		}
		if err != nil {
			return nil, err
		}
	}
}

// pairsMax bounds the candidate pairs that are tried at once.
const pairsMax = 16 * batch.RowsMax

// step joins as many left rows as give a bounded number of pairs, at least one.
func (j *loopJoin) step(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return sqlError(err)
	}
	j.li, j.ri = j.li[:0], j.ri[:0]
	from := j.at
	right := j.kept.mem
	for j.at < len(j.rows) && (j.at == from || len(j.li)+right.n <= pairsMax) {
		j.cross(j.rows[j.at], right.n)
		j.at++
	}
	li, ri, err := j.match(j.in.Cols, right.cols, j.li, j.ri)
	if err != nil {
		return err
	}
	if j.kind == bind.Full {
		for _, r := range ri {
			j.hit[r] = true
		}
	}
	li, ri = j.resolve(j.rows[from:j.at], li, ri)
	j.wait.set(j.in.Cols, right.cols, li, ri)
	return nil
}

// cross adds the pairs of one left row with all right rows.
func (j *loopJoin) cross(l int32, n int) {
	for r := range n {
		j.li, j.ri = append(j.li, l), append(j.ri, int32(r))
	}
}

func (j *loopJoin) startScan() {
	j.scan, j.pos, j.open, j.paired = j.kept.cursor(), 0, true, false
}

func (j *loopJoin) endScan() {
	if j.scan.disk != nil {
		_ = j.scan.disk.close() // reading is over; closing cannot lose anything
	}
	j.scan, j.open = spoolCursor{}, false
}

// stepScan joins the left row at hand with the next right rows of a right side that is on disk, or lateral.
func (j *loopJoin) stepScan(ctx context.Context) error {
	left := j.rows[j.at]
	b, err := j.nextRight(ctx, int(left))
	if err != nil {
		return err
	}
	if b == nil {
		j.endRow(left)
		return nil
	}
	j.li, j.ri = j.li[:0], j.ri[:0]
	for i := range b.Rows() {
		j.li, j.ri = append(j.li, left), append(j.ri, int32(b.Row(i)))
	}
	li, ri, err := j.match(j.in.Cols[:j.nl], b.Cols, j.li, j.ri)
	if err != nil {
		return err
	}
	if j.kind == bind.Full {
		for _, r := range ri {
			j.hit[j.pos+int(r)] = true
		}
	}
	j.pos += b.N
	j.paired = j.paired || len(li) > 0
	switch {
	case !j.onlyLeft():
		j.wait.set(j.in.Cols[:j.nl], b.Cols, li, ri)
	case j.paired: // one partner decides
		j.endRow(left)
	}
	return nil
}

// nextRight is the next batch of the right side for a left row, nil when that has seen all of it.
func (j *loopJoin) nextRight(ctx context.Context, left int) (*batch.Batch, error) {
	if !j.lateral {
		if !j.open {
			j.startScan()
		}
		return j.scan.next(ctx)
	}
	if !j.open {
		j.cur, j.pos, j.open, j.paired = left, 0, true, false
		if err := sqlError(ctx.Err()); err != nil {
			return nil, err
		}
		if err := j.right.Open(ctx); err != nil {
			return nil, err
		}
	}
	return j.right.Next(ctx)
}

// endRow gives what a left row gives beside its pairs, and goes on to the next.
func (j *loopJoin) endRow(left int32) {
	switch j.kind {
	case bind.Semi:
		if j.paired {
			j.wait.set(j.in.Cols[:j.nl], nil, []int32{left}, nil)
		}
	case bind.Anti:
		if !j.paired {
			j.wait.set(j.in.Cols[:j.nl], nil, []int32{left}, nil)
		}
	case bind.Left, bind.Full:
		if !j.paired {
			j.wait.set(j.in.Cols[:j.nl], j.kept.mem.cols, []int32{left}, []int32{-1})
		}
	case bind.Inner:
	}
	j.endScan()
	j.at++
}

// finish ends the left side; a Full join gives the right rows without partners.
func (j *loopJoin) finish() {
	j.done = true
	if j.kind == bind.Full {
		j.startScan()
	}
}

// rest queues the next right rows of a Full join that found no partner.
func (j *loopJoin) rest(ctx context.Context) error {
	b, err := j.scan.next(ctx)
	if err != nil {
		return err
	}
	if b == nil {
		j.endScan()
		return nil
	}
	var li, ri []int32
	for r := range b.N {
		if !j.hit[j.pos+r] {
			li, ri = append(li, -1), append(ri, int32(r))
		}
	}
	j.pos += b.N
	j.wait.set(newRowStore(j.ltypes).cols, b.Cols, li, ri)
	return nil
}

// Close implements Operator.
func (j *loopJoin) Close() error {
	j.endScan()
	j.kept.reset()
	return closeAll(j.left, j.right)
}
