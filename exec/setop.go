package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/types"
)

// setOp is UNION, INTERSECT and EXCEPT, with and without ALL, by a table of keys. Equal rows are those
// whose values are equal, nulls included. When the table passes the memory budget, rows with keys that are
// not in it go to files, and the files are treated one by one like the inputs before.
type setOp struct {
	rt          *Runtime
	kind        bind.SetKind
	all         bool
	left, right Operator
	ts          []types.T
	keys        *keyTable
	held        int64   // bytes of keys that are counted
	counts      []int64 // by key: how often it may still come (INTERSECT ALL, EXCEPT ALL), or whether it came
	onRight     bool
	sel         []int32
	out         batch.Batch

	level    int
	lparts   *rowParts // set once memory is full
	rparts   *rowParts
	todo     []part
	cur      *part // being read instead of the inputs
	curLeft  *spillReader
	finished bool
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
	return &setOp{rt: b.rt, kind: n.Kind, all: n.All, left: l, right: r, ts: ts, keys: newKeyTable(ts)}, nil
}

// Open implements Operator. INTERSECT and EXCEPT count the right side first.
func (s *setOp) Open(ctx context.Context) error {
	if err := s.dropFiles(); err != nil {
		return err
	}
	s.reset(0)
	s.onRight, s.finished = false, false
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
		if err := s.count(b); err != nil {
			return err
		}
	}
}

// reset empties the table for the inputs or for the next file.
func (s *setOp) reset(level int) {
	s.keys.clear()
	s.counts = s.counts[:0]
	s.level, s.lparts, s.rparts = level, nil, nil
}

// dropFiles removes the files of an earlier run.
func (s *setOp) dropFiles() error {
	s.lparts.drop()
	s.rparts.drop()
	dropPending(s.rt, s.todo)
	s.lparts, s.rparts, s.todo = nil, nil, nil
	return s.endPart()
}

// full says whether new keys go to files from now on.
func (s *setOp) full() bool {
	if s.lparts == nil && s.keys.bytes > s.rt.workMem() && s.level < partLevelsMax {
		hash := newKeyTable(s.ts)
		s.lparts, s.rparts = newRowParts(s.rt, s.ts, hash, s.level), newRowParts(s.rt, s.ts, hash, s.level)
	}
	return s.lparts != nil
}

// count adds the keys of a batch of the right side.
func (s *setOp) count(b *batch.Batch) error {
	full := s.full()
	for i := range b.Rows() {
		r := b.Row(i)
		k := s.keys.find(b.Cols, r)
		if k < 0 {
			if full {
				s.rparts.put(b.Cols, r)
				continue
			}
			k, _ = s.keys.add(b.Cols, r)
			s.counts = append(s.counts, 0)
		}
		s.counts[k]++
	}
	if full {
		return s.rparts.flush(b.Cols, b.N)
	}
	return s.rt.Keep(&s.held, s.keys.bytes)
}

// Next implements Operator.
func (s *setOp) Next(ctx context.Context) (*batch.Batch, error) {
	for !s.finished {
		b, err := s.input(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			if err := s.nextPart(ctx); err != nil {
				return nil, err
			}
			continue
		}
		full := s.full()
		s.sel = s.sel[:0]
		for i := range b.Rows() {
			r := b.Row(i)
			if full && !(s.kind == bind.Union && s.all) && s.keys.find(b.Cols, r) < 0 {
				s.lparts.put(b.Cols, r)
				continue
			}
			if s.passes(b.Cols, r) {
				s.sel = append(s.sel, int32(r))
			}
		}
		if full {
			if err := s.lparts.flush(b.Cols, b.N); err != nil {
				return nil, err
			}
		}
		if len(s.sel) > 0 {
			s.out = batch.Batch{Cols: b.Cols, N: b.N, Sel: s.sel}
			return &s.out, nil
		}
	}
	return nil, nil
}

// nextPart goes on with the next pair of files.
func (s *setOp) nextPart(ctx context.Context) error {
	if s.lparts != nil {
		for i, f := range s.lparts.files {
			if f != nil || s.rparts.files[i] != nil {
				s.todo = append(s.todo, part{left: f, right: s.rparts.files[i], level: s.level + 1})
			}
		}
		s.lparts, s.rparts = nil, nil
	}
	if err := s.endPart(); err != nil {
		return err
	}
	if len(s.todo) == 0 {
		s.finished = true
		return nil
	}
	c := s.todo[len(s.todo)-1]
	s.cur, s.todo = &c, s.todo[:len(s.todo)-1]
	s.reset(s.cur.level)
	if s.cur.left == nil {
		return nil // keys of the right side alone give no row
	}
	if s.cur.right != nil {
		right, err := s.cur.right.reader(s.rt)
		if err != nil {
			return err
		}
		defer func() { _ = right.close() }() // reading is over
		for {
			b, err := right.next()
			if err != nil {
				return err
			}
			if b == nil {
				break
			}
			if err := s.count(b); err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return sqlError(err)
			}
		}
	}
	var err error
	s.curLeft, err = s.cur.left.reader(s.rt)
	return err
}

// endPart closes the files at hand.
func (s *setOp) endPart() error {
	if s.curLeft != nil {
		_ = s.curLeft.close() // reading is over
		s.curLeft = nil
	}
	if s.cur == nil {
		return nil
	}
	c := s.cur
	s.cur = nil
	return c.remove(s.rt)
}

// input is the next batch of the file at hand, or of the left side, and for UNION of the right side
// behind it.
func (s *setOp) input(ctx context.Context) (*batch.Batch, error) {
	if s.cur != nil {
		if s.curLeft == nil {
			return nil, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, sqlError(err)
		}
		return s.curLeft.next()
	}
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
func (s *setOp) Close() error {
	err := s.dropFiles()
	s.keys.clear()
	if cerr := closeAll(s.left, s.right); err == nil {
		err = cerr
	}
	return err
}

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
