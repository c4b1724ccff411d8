package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// distinct passes the first of the rows that are equal in its keys. Where equal rows come together, a row
// is compared with the one before; else a table of keys tells. When the table passes the memory budget,
// rows with further keys go to files by the hash of their key and come later, file by file.
type distinct struct {
	rt     *Runtime
	sc     *scope
	in     Operator
	progs  []*eval.Program // nil: all columns
	cols   []*batch.Column
	types  []types.T
	ktypes []types.T // of the keys
	keys   *keyTable
	held   int64 // bytes of keys that are counted
	sorted bool
	last   *rowStore // sorted: the key of the row before
	ord    ordering

	parts    *rowParts
	todo     []part
	cur      *part
	reader   *spillReader
	level    int
	finished bool
	sel      []int32
	out      batch.Batch
}

func newDistinct(b *builder, n *planner.Distinct) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	d := &distinct{rt: b.rt, sc: b.sc, in: in, types: typesOf(n.Cols), sorted: n.Sorted}
	kt := d.types
	if n.On != nil {
		if d.progs, err = b.compileList(n.On, n.Input.Info().Cols); err != nil {
			return nil, err
		}
		d.cols = make([]*batch.Column, len(d.progs))
		kt = exprTypes(n.On)
	}
	d.ktypes, d.keys = kt, newKeyTable(kt)
	if d.sorted {
		d.last = newRowStore(kt)
		for i, t := range kt {
			d.ord.keys = append(d.ord.keys, newOrderKey(i, t, false, false))
		}
	}
	return d, nil
}

// Open implements Operator.
func (d *distinct) Open(ctx context.Context) error {
	if d.last != nil {
		d.last.reset()
	}
	d.level, d.finished = 0, false
	if err := d.reset(); err != nil {
		return err
	}
	return d.in.Open(ctx)
}

// reset forgets the keys and removes the files.
func (d *distinct) reset() error {
	d.keys.clear()
	d.parts.drop()
	dropPending(d.rt, d.todo)
	d.parts, d.todo = nil, nil
	return d.endPart()
}

// Next implements Operator.
func (d *distinct) Next(ctx context.Context) (*batch.Batch, error) {
	for !d.finished {
		b, err := d.input(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			if err := d.nextPart(); err != nil {
				return nil, err
			}
			continue
		}
		cols := b.Cols
		if d.progs != nil {
			if err := evalAll(d.sc, d.progs, b, d.cols); err != nil {
				return nil, err
			}
			cols = d.cols
		}
		d.sel = d.sel[:0]
		if d.sorted {
			d.unlikeLast(cols, b)
		} else if err := d.unseen(cols, b); err != nil {
			return nil, err
		}
		if len(d.sel) > 0 {
			d.out = batch.Batch{Cols: b.Cols, N: b.N, Sel: d.sel}
			return &d.out, nil
		}
	}
	return nil, nil
}

// unlikeLast selects the rows that differ from the row before them.
func (d *distinct) unlikeLast(keys []*batch.Column, b *batch.Batch) {
	prev, at := d.last.cols, 0
	if d.last.n == 0 {
		prev = nil
	}
	for i := range b.Rows() {
		r := b.Row(i)
		if prev == nil || d.ord.compare(keys, r, prev, at) != 0 {
			d.sel = append(d.sel, int32(r))
		}
		prev, at = keys, r
	}
	d.last.reset()
	d.last.appendSel(keys, []int32{int32(at)}, b.N)
}

// unseen selects the rows whose key is new, and puts aside those for whose keys there is no room.
func (d *distinct) unseen(keys []*batch.Column, b *batch.Batch) error {
	if d.parts == nil && d.keys.bytes > d.rt.workMem() && d.level < partLevelsMax {
		d.parts = newRowParts(d.rt, d.types, newKeyTable(d.ktypes), d.level)
	}
	for i := range b.Rows() {
		r := b.Row(i)
		if d.parts != nil {
			if d.keys.find(keys, r) < 0 {
				d.parts.put(keys, r)
			}
			continue
		}
		if _, isNew := d.keys.add(keys, r); isNew {
			d.sel = append(d.sel, int32(r))
		}
	}
	if d.parts != nil {
		return d.parts.flush(b.Cols, b.N)
	}
	return d.rt.Keep(&d.held, d.keys.bytes)
}

func (d *distinct) input(ctx context.Context) (*batch.Batch, error) {
	if d.reader == nil {
		return d.in.Next(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, sqlError(err)
	}
	return d.reader.next()
}

// nextPart goes on with the next file, or finishes.
func (d *distinct) nextPart() error {
	if d.parts != nil {
		d.todo = d.parts.pending(d.todo)
		d.parts = nil
	}
	if err := d.endPart(); err != nil {
		return err
	}
	if len(d.todo) == 0 {
		d.finished = true
		return nil
	}
	c := d.todo[len(d.todo)-1]
	d.cur, d.todo = &c, d.todo[:len(d.todo)-1]
	d.keys.clear()
	d.level = d.cur.level
	var err error
	d.reader, err = d.cur.left.reader(d.rt)
	return err
}

func (d *distinct) endPart() error {
	if d.reader != nil {
		_ = d.reader.close() // reading is over
		d.reader = nil
	}
	if d.cur == nil {
		return nil
	}
	c := d.cur
	d.cur = nil
	return c.remove(d.rt)
}

// Close implements Operator.
func (d *distinct) Close() error {
	err := d.reset()
	if cerr := d.in.Close(); err == nil {
		err = cerr
	}
	return err
}
