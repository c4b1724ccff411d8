package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// setOp is UNION, INTERSECT and EXCEPT, with and without ALL, by a table of keys. Equal rows are those
// whose values are equal, nulls included.
type setOp struct {
	kind        bind.SetKind
	all         bool
	left, right Operator
	ts          []types.T
	keys        *keyTable
	counts      []int64 // by key: how often it may still come (INTERSECT ALL, EXCEPT ALL), or whether it came
	onRight     bool
	sel         []int32
	out         batch.Batch
}

func newSetOp(b *builder, n *planner.SetOp) (Operator, error) {
	l, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	r, err := b.build(n.Right)
	if err != nil {
		return nil, err
	}
	ts := typesOf(n.Cols)
	return &setOp{kind: n.Kind, all: n.All, left: l, right: r, ts: ts, keys: newKeyTable(ts)}, nil
}

// Open implements Operator. INTERSECT and EXCEPT count the right side first.
func (s *setOp) Open(ctx context.Context) error {
	s.keys.clear()
	s.counts = s.counts[:0]
	s.onRight = false
	if s.kind == bind.Union {
		return s.left.Open(ctx)
	}
	if err := s.right.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := s.right.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			return s.left.Open(ctx)
		}
		for i := range b.Rows() {
			k, isNew := s.keys.add(b.Cols, b.Row(i))
			if isNew {
				s.counts = append(s.counts, 0)
			}
			s.counts[k]++
		}
	}
}

// Next implements Operator.
func (s *setOp) Next(ctx context.Context) (*batch.Batch, error) {
	for {
		b, err := s.input(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		s.sel = s.sel[:0]
		for i := range b.Rows() {
			if r := b.Row(i); s.passes(b.Cols, r) {
				s.sel = append(s.sel, int32(r))
			}
		}
		if len(s.sel) > 0 {
			s.out = batch.Batch{Cols: b.Cols, N: b.N, Sel: s.sel}
			return &s.out, nil
		}
	}
}

// input is the next batch of the left side, and for UNION of the right side behind it.
func (s *setOp) input(ctx context.Context) (*batch.Batch, error) {
	if s.onRight {
		return s.right.Next(ctx)
	}
	b, err := s.left.Next(ctx)
	if b != nil || err != nil || s.kind != bind.Union {
		return b, err
	}
	s.onRight = true
	if err := s.right.Open(ctx); err != nil {
		return nil, err
	}
	return s.right.Next(ctx)
}

// used marks a key whose row was passed.
const used = -1

func (s *setOp) passes(cols []*batch.Column, r int) bool {
	switch {
	case s.kind == bind.Union && s.all:
		return true
	case s.kind == bind.Union:
		_, isNew := s.keys.add(cols, r)
		return isNew
	}
	k := s.keys.find(cols, r)
	if s.kind == bind.Intersect {
		if k < 0 || s.counts[k] <= 0 {
			return false
		}
		if s.all {
			s.counts[k]--
		} else {
			s.counts[k] = used
		}
		return true
	}
	if k >= 0 {
		if s.all && s.counts[k] > 0 {
			s.counts[k]--
			return false
		}
		return s.all
	}
	if !s.all {
		s.keys.add(cols, r)
		s.counts = append(s.counts, used)
	}
	return true
}

// Close implements Operator.
func (s *setOp) Close() error { return closeAll(s.left, s.right) }

// appendParts is UNION ALL of its parts, one after the other.
type appendParts struct {
	parts []Operator
	at    int
}

func newAppend(b *builder, n *planner.Append) (Operator, error) {
	a := &appendParts{}
	for _, p := range n.Parts {
		op, err := b.build(p)
		if err != nil {
			return nil, err
		}
		a.parts = append(a.parts, op)
	}
	return a, nil
}

// Open implements Operator.
func (a *appendParts) Open(ctx context.Context) error {
	a.at = 0
	if len(a.parts) == 0 {
		return nil
	}
	return a.parts[0].Open(ctx)
}

// Next implements Operator.
func (a *appendParts) Next(ctx context.Context) (*batch.Batch, error) {
	for a.at < len(a.parts) {
		b, err := a.parts[a.at].Next(ctx)
		if b != nil || err != nil {
			return b, err
		}
		if a.at++; a.at < len(a.parts) {
			if err := a.parts[a.at].Open(ctx); err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// Close implements Operator.
func (a *appendParts) Close() error { return closeAll(a.parts...) }

// distinct passes the first of the rows that are equal in its keys.
type distinct struct {
	sc    *scope
	in    Operator
	progs []*eval.Program // nil: all columns
	cols  []*batch.Column
	keys  *keyTable
	sel   []int32
	out   batch.Batch
}

func newDistinct(b *builder, n *planner.Distinct) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	d := &distinct{sc: b.sc, in: in, keys: newKeyTable(typesOf(n.Cols))}
	if n.On != nil {
		if d.progs, err = b.compileList(n.On, n.Input.Info().Cols); err != nil {
			return nil, err
		}
		d.cols = make([]*batch.Column, len(d.progs))
		d.keys = newKeyTable(exprTypes(n.On))
	}
	return d, nil
}

// Open implements Operator.
func (d *distinct) Open(ctx context.Context) error {
	d.keys.clear()
	return d.in.Open(ctx)
}

// Next implements Operator.
func (d *distinct) Next(ctx context.Context) (*batch.Batch, error) {
	for {
		b, err := d.in.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		cols := b.Cols
		if d.progs != nil {
			if err := evalAll(d.sc, d.progs, b, d.cols); err != nil {
				return nil, err
			}
			cols = d.cols
		}
		d.sel = d.sel[:0]
		for i := range b.Rows() {
			r := b.Row(i)
			if _, isNew := d.keys.add(cols, r); isNew {
				d.sel = append(d.sel, int32(r))
			}
		}
		if len(d.sel) > 0 {
			d.out = batch.Batch{Cols: b.Cols, N: b.N, Sel: d.sel}
			return &d.out, nil
		}
	}
}

// Close implements Operator.
func (d *distinct) Close() error { return d.in.Close() }
