package exec

import (
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// pairs is what all joins share: the layout of joined rows, the condition on a pair, and the rows that are
// ready to go out.
type pairs struct {
	sc     *scope
	kind   bind.JoinKind
	nl, nr int // columns of each side
	cond   *eval.Program
	try    *gathered // candidate pairs, for the condition
	out    *gathered
	ltypes []types.T
	rtypes []types.T
}

func newPairs(b *builder, kind bind.JoinKind, left, right planner.Node, conds []eval.Expr) (*pairs, error) {
	lc, rc := left.Info().Cols, right.Info().Cols
	p := &pairs{sc: b.sc, kind: kind, nl: len(lc), nr: len(rc), ltypes: typesOf(lc), rtypes: typesOf(rc)}
	both := append(append([]eval.Column(nil), lc...), rc...)
	var err error
	if p.cond, err = b.condition(conds, both); err != nil {
		return nil, err
	}
	all := append(append([]types.T(nil), p.ltypes...), p.rtypes...)
	p.try = newGathered(all)
	if p.onlyLeft() {
		p.out = newGathered(p.ltypes)
	} else {
		p.out = newGathered(all)
	}
	return p, nil
}

// onlyLeft says whether the output has the left columns alone.
func (p *pairs) onlyLeft() bool { return p.kind == bind.Semi || p.kind == bind.Anti }

// match keeps the candidate pairs li[k], ri[k] for which the condition holds, in place.
func (p *pairs) match(left, right []*batch.Column, li, ri []int32) ([]int32, []int32, error) {
	if p.cond == nil || len(li) == 0 {
		return li, ri, nil
	}
	keptL, keptR := li[:0], ri[:0]
	for from := 0; from < len(li); from += batch.RowsMax {
		to := min(from+batch.RowsMax, len(li))
		p.try.reset()
		p.try.pick(0, left, li[from:to], false)
		p.try.pick(p.nl, right, ri[from:to], false)
		p.try.b.N = to - from
		sel, err := p.cond.Filter(&p.sc.ev, &p.try.b)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range sel {
			keptL, keptR = append(keptL, li[from+int(s)]), append(keptR, ri[from+int(s)])
		}
	}
	return keptL, keptR, nil
}

// emit makes an output batch of pairs; -1 is a row of nulls. Semi and anti joins pass no right side.
func (p *pairs) emit(left, right []*batch.Column, li, ri []int32) *batch.Batch {
	p.out.reset()
	p.out.pick(0, left, li, true)
	if !p.onlyLeft() {
		p.out.pick(p.nl, right, ri, true)
	}
	p.out.b.N = len(li)
	return &p.out.b
}

// queue holds pairs that wait to go out, so that no output batch is larger than RowsMax.
type queue struct {
	left, right []*batch.Column
	li, ri      []int32
	at          int
}

func (q *queue) set(left, right []*batch.Column, li, ri []int32) {
	q.left, q.right, q.li, q.ri, q.at = left, right, li, ri, 0
}

func (q *queue) next(p *pairs) *batch.Batch {
	if q.at >= len(q.li) {
		return nil
	}
	to := min(q.at+batch.RowsMax, len(q.li))
	var ri []int32
	if q.ri != nil {
		ri = q.ri[q.at:to]
	}
	b := p.emit(q.left, q.right, q.li[q.at:to], ri)
	q.at = to
	return b
}

// resolve turns the matches of one left batch into the rows that the join's kind gives: rows lists the left
// rows in order, li and ri the pairs that hold, li ascending in the order of rows.
func (p *pairs) resolve(rows, li, ri []int32) ([]int32, []int32) {
	switch p.kind {
	case bind.Inner:
		return li, ri
	case bind.Semi:
		out := li[:0]
		for k, l := range li {
			if k == 0 || l != li[k-1] {
				out = append(out, l)
			}
		}
		return out, nil
	}
	var outL, outR []int32
	k := 0
	for _, r := range rows {
		from := k
		for k < len(li) && li[k] == r {
			k++
		}
		switch {
		case p.kind == bind.Anti:
			if k == from {
				outL = append(outL, r)
			}
		case k == from:
			outL, outR = append(outL, r), append(outR, -1)
		default:
			outL, outR = append(outL, li[from:k]...), append(outR, ri[from:k]...)
		}
	}
	return outL, outR
}

// selected lists the rows of a batch that count.
func selected(b *batch.Batch, buf []int32) []int32 {
	if b.Sel != nil {
		return b.Sel
	}
	buf = buf[:0]
	for i := range b.N {
		buf = append(buf, int32(i))
	}
	return buf
}
