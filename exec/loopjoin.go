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
// columns; another is read once and kept.
type loopJoin struct {
	*pairs
	left, right Operator
	lateral     bool
	lcols       []eval.Column

	in     *batch.Batch // the left batch at hand
	rows   []int32
	at     int
	cur    int // the left row that a lateral right side runs for
	kept   *rowStore
	loaded bool
	hit    []bool
	done   bool
	wait   queue
	buf    []int32
	li, ri []int32
	part   *rowStore // the right rows of one left row
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
	j.kept, j.part = newRowStore(p.rtypes), newRowStore(p.rtypes)
	return j, nil
}

// Open implements Operator.
func (j *loopJoin) Open(ctx context.Context) error {
	j.in, j.rows, j.at, j.done = nil, nil, 0, false
	j.wait = queue{}
	if !j.lateral {
		j.kept.reset()
		if err := fillStore(ctx, j.right, j.kept); err != nil {
			return err
		}
		if j.kind == bind.Full {
			j.hit = make([]bool, j.kept.n)
		}
	}
	return j.left.Open(ctx)
}

func fillStore(ctx context.Context, op Operator, s *rowStore) error {
	if err := op.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := op.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		s.append(b)
	}
}

// Next implements Operator.
func (j *loopJoin) Next(ctx context.Context) (*batch.Batch, error) {
	for {
		if b := j.wait.next(j.pairs); b != nil {
			return b, nil
		}
		if j.done {
			return nil, nil
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
		if err := j.step(ctx); err != nil {
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
	right := j.kept
	if j.lateral {
		j.cur = int(j.rows[j.at])
		j.part.reset()
		if err := fillStore(ctx, j.right, j.part); err != nil {
			return err
		}
		right = j.part
		j.cross(j.rows[j.at], right.n)
		j.at++
	} else {
		for j.at < len(j.rows) && (j.at == from || len(j.li)+right.n <= pairsMax) {
			j.cross(j.rows[j.at], right.n)
			j.at++
		}
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

// finish ends the left side; a Full join gives the right rows without partners.
func (j *loopJoin) finish() {
	j.done = true
	if j.kind != bind.Full {
		return
	}
	var li, ri []int32
	for r, hit := range j.hit {
		if !hit {
			li, ri = append(li, -1), append(ri, int32(r))
		}
	}
	j.wait.set(newRowStore(j.ltypes).cols, j.kept.cols, li, ri)
}

// Close implements Operator.
func (j *loopJoin) Close() error {
	j.kept.reset()
	j.part.reset()
	return closeAll(j.left, j.right)
}
