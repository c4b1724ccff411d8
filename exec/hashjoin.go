package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// hashJoin builds a table of the right side by its keys and looks the left rows up in it.
type hashJoin struct {
	*pairs
	rt          *Runtime
	left, right Operator
	lkeys       []*eval.Program
	rkeys       []*eval.Program
	lcols       []*batch.Column
	rcols       []*batch.Column
	nullAware   bool

	keys    *keyTable
	rows    *rowStore // the right side
	first   []int32   // by key: its first row, chained by next
	next    []int32
	last    []int32
	hit     []bool // Full: right rows that found a partner
	anyNull bool   // a right key was null
	wait    queue
	drained bool // Full: the left side is at its end
	buf     []int32
	li, ri  []int32
}

func newHashJoin(b *builder, n *planner.HashJoin) (Operator, error) {
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.build(n.Right)
	if err != nil {
		return nil, err
	}
	p, err := newPairs(b, n.Kind, n.Left, n.Right, n.Conds)
	if err != nil {
		return nil, err
	}
	j := &hashJoin{pairs: p, rt: b.rt, left: left, right: right, nullAware: n.NullAware}
	if j.lkeys, err = b.compileList(n.LeftKeys, n.Left.Info().Cols); err != nil {
		return nil, err
	}
	if j.rkeys, err = b.compileList(n.RightKeys, n.Right.Info().Cols); err != nil {
		return nil, err
	}
	j.lcols, j.rcols = make([]*batch.Column, len(j.lkeys)), make([]*batch.Column, len(j.rkeys))
	j.keys = newKeyTable(exprTypes(n.RightKeys))
	j.rows = newRowStore(p.rtypes)
	return j, nil
}

// Open implements Operator.
func (j *hashJoin) Open(ctx context.Context) error {
	j.keys.clear()
	j.rows.reset()
	j.first, j.next, j.last = j.first[:0], j.next[:0], j.last[:0]
	j.anyNull, j.drained = false, false
	j.wait = queue{}
	if err := j.build(ctx); err != nil {
		return err
	}
	if j.kind == bind.Full {
		j.hit = make([]bool, j.rows.n)
	}
	return j.left.Open(ctx)
}

func (j *hashJoin) build(ctx context.Context) error {
	if err := j.right.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := j.right.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		if err := evalAll(j.sc, j.rkeys, b, j.rcols); err != nil {
			return err
		}
		base := j.rows.n
		j.rows.append(b)
		for i := range b.Rows() {
			j.chain(b.Row(i), int32(base+i))
		}
	}
}

// chain adds a right row to the rows of its key. A null key has no partner, but a Full join still gives
// its row.
func (j *hashJoin) chain(r int, row int32) {
	j.next = append(j.next, -1)
	if hasNull(j.rcols, r) {
		j.anyNull = true
		return
	}
	k, isNew := j.keys.add(j.rcols, r)
	if isNew {
		j.first, j.last = append(j.first, row), append(j.last, row)
		return
	}
	j.next[j.last[k]] = row
	j.last[k] = row
}

// Next implements Operator.
func (j *hashJoin) Next(ctx context.Context) (*batch.Batch, error) {
	for {
		if b := j.wait.next(j.pairs); b != nil {
			return b, nil
		}
		if j.drained {
			return nil, nil
		}
		b, err := j.left.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			j.drained = true
			if j.kind == bind.Full {
				j.restOfRight()
			}
			continue
		}
		if err := j.probe(b); err != nil {
			return nil, err
		}
	}
}

// probe finds the partners of a left batch.
func (j *hashJoin) probe(b *batch.Batch) error {
	rows := selected(b, j.buf)
	j.buf = rows[:0:cap(rows)]
	if b.Sel != nil {
		j.buf = nil
	}
	if j.nullAware {
		return j.probeNotIn(b, rows)
	}
	if err := evalAll(j.sc, j.lkeys, b, j.lcols); err != nil {
		return err
	}
	j.li, j.ri = j.li[:0], j.ri[:0]
	for _, r := range rows {
		if hasNull(j.lcols, int(r)) {
			continue
		}
		k := j.keys.find(j.lcols, int(r))
		if k < 0 {
			continue
		}
		for row := j.first[k]; row >= 0; row = j.next[row] {
			j.li, j.ri = append(j.li, r), append(j.ri, row)
			if j.cond == nil && j.onlyLeft() {
				break
			}
		}
	}
	li, ri, err := j.match(b.Cols, j.rows.cols, j.li, j.ri)
	if err != nil {
		return err
	}
	if j.kind == bind.Full {
		for _, r := range ri {
			j.hit[r] = true
		}
	}
	li, ri = j.resolve(rows, li, ri)
	j.wait.set(b.Cols, j.rows.cols, li, ri)
	return nil
}

// probeNotIn is the anti join of NOT IN: a null among the right keys keeps every row out, and so does a
// null on the left unless the right side is empty.
func (j *hashJoin) probeNotIn(b *batch.Batch, rows []int32) error {
	if j.anyNull {
		return nil
	}
	if err := evalAll(j.sc, j.lkeys, b, j.lcols); err != nil {
		return err
	}
	var out []int32
	for _, r := range rows {
		switch {
		case j.rows.n == 0:
		case hasNull(j.lcols, int(r)), j.keys.find(j.lcols, int(r)) >= 0:
			continue
		}
		out = append(out, r)
	}
	j.wait.set(b.Cols, nil, out, nil)
	return nil
}

// restOfRight queues the right rows of a Full join that found no partner.
func (j *hashJoin) restOfRight() {
	var li, ri []int32
	for r, hit := range j.hit {
		if !hit {
			li, ri = append(li, -1), append(ri, int32(r))
		}
	}
	j.wait.set(newRowStore(j.ltypes).cols, j.rows.cols, li, ri)
}

// Close implements Operator.
func (j *hashJoin) Close() error {
	j.rows.reset()
	j.keys.clear()
	return closeAll(j.left, j.right)
}
