package exec

import (
	"context"

	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// tableOutput turns rows of a table into a node's output: system columns are made from row ids, and the
// conditions are applied.
type tableOutput struct {
	rt     *Runtime
	sc     *scope
	cols   []eval.Column
	rel    *cat.Relation
	stored []int16 // attnums to read
	pos    []int   // by output column: index in stored, -1 for a system column
	filter *eval.Program
	out    batch.Batch
	system []*batch.Column
}

func newTableOutput(b *builder, rel *cat.Relation, cols []eval.Column, conds []eval.Expr) (*tableOutput, error) {
	t := &tableOutput{rt: b.rt, sc: b.sc, cols: cols, rel: rel, pos: make([]int, len(cols)), stored: make([]int16, 0, len(cols))}
	t.out.Cols = make([]*batch.Column, len(cols))
	for i := range cols {
		if cols[i].Attr > 0 {
			t.pos[i] = len(t.stored)
			t.stored = append(t.stored, cols[i].Attr)
			continue
		}
		t.pos[i] = -1
		if t.system == nil {
			t.system = make([]*batch.Column, len(cols))
		}
		t.system[i] = batch.New(cols[i].T, physOf(cols[i].T), 0)
	}
	var err error
	t.filter, err = b.condition(conds, cols)
	return t, err
}

// emit makes the output of rows read; nil when no row passes.
func (t *tableOutput) emit(b *batch.Batch, ids []storage.RowID) (*batch.Batch, error) {
	for i, p := range t.pos {
		if p >= 0 {
			t.out.Cols[i] = b.Cols[p]
			continue
		}
		if err := t.systemColumn(t.system[i], t.cols[i].Attr, ids); err != nil {
			return nil, err
		}
		t.out.Cols[i] = t.system[i]
	}
	t.out.N, t.out.Sel = b.N, b.Sel
	if t.filter == nil {
		if t.out.Rows() == 0 {
			return nil, nil
		}
		return &t.out, nil
	}
	sel, err := t.filter.Filter(&t.sc.ev, &t.out)
	if err != nil {
		return nil, err
	}
	if len(sel) == 0 {
		return nil, nil
	}
	if len(sel) < b.N {
		t.out.Sel = sel
	}
	return &t.out, nil
}

func (t *tableOutput) systemColumn(c *batch.Column, attr int16, ids []storage.RowID) error {
	c.Nulls = nil
	c.Resize(len(ids))
	switch {
	case attr == bind.AttrXmin && !t.rel.Virtual:
		table, err := t.rt.Reader().Table(t.rel.Table.OID)
		if err != nil {
			return sqlError(err)
		}
		numbers, err := table.Numbers(ids)
		for i, n := range numbers {
			c.I[i] = int64(uint32(n))
		}
		return sqlError(err)
	case attr == bind.AttrRowID, attr == bind.AttrCTID:
		for i, id := range ids {
			c.I[i] = int64(id)
		}
	case attr == bind.AttrTableOID:
		fill(c.I, int64(t.rel.Table.OID))
	default:
		fill(c.I, 0)
	}
	return nil
}

// seqScan reads a whole table.
type seqScan struct {
	*tableOutput
	rt    *Runtime
	prune []pruneBound
	scan  *storage.Scan
	set   *rowset.Set // nil: all
	done  bool        // a bound is null: no row can match
}

// pruneBound is a condition that may skip blocks.
type pruneBound struct {
	attr int16
	op   string
	v    value
}

func newSeqScan(b *builder, n *planner.SeqScan) (Operator, error) {
	out, err := newTableOutput(b, n.Rel, n.Cols, n.Conds)
	if err != nil {
		return nil, err
	}
	s := &seqScan{tableOutput: out, rt: b.rt}
	for _, p := range n.Prune {
		v, err := b.newValue(p.Value)
		if err != nil {
			return nil, err
		}
		s.prune = append(s.prune, pruneBound{attr: p.Attr, op: p.Op, v: v})
	}
	return s, nil
}

func (s *seqScan) Open(context.Context) error {
	t, err := s.rt.Reader().Table(s.rel.Table.OID)
	if err != nil {
		return sqlError(err)
	}
	o := storage.ScanOptions{Cols: s.stored, Filter: s.set}
	s.done = false
	for i := range s.prune {
		p := &s.prune[i]
		d, err := p.v.get(s.sc)
		if err != nil {
			// The condition itself raises it, if a row gets that far.
			continue
		}
		if d.Null {
			s.done = true
			return nil
		}
		o.Prune = append(o.Prune, columnRange(p.attr, p.op, d))
	}
	s.scan = t.Scan(o)
	return nil
}

func columnRange(attr int16, op string, d types.Datum) storage.ColumnRange {
	r := storage.ColumnRange{Col: attr}
	switch op {
	case "=":
		r.Lo, r.Hi = &d, &d
	case "<", "<=":
		r.Hi = &d
	default:
		r.Lo = &d
	}
	return r
}

func (s *seqScan) Next(ctx context.Context) (*batch.Batch, error) {
	if s.done || s.scan == nil {
		return nil, nil
	}
	for {
		b, ids, err := s.scan.Next(ctx)
		if err != nil {
			return nil, sqlError(err)
		}
		if b == nil {
			s.done = true
			return nil, nil
		}
		out, err := s.emit(b, ids)
		if out != nil || err != nil {
			return out, err
		}
	}
}

func (s *seqScan) Close() error {
	s.scan = nil
	return nil
}

// virtualScan reads a computed table.
type virtualScan struct {
	*tableOutput
	rt   *Runtime
	keys []planner.KeyEqual
	vals []value
	rows *rowStore
	pos  int
	view view
}

func newVirtualScan(b *builder, n *planner.VirtualScan) (Operator, error) {
	out, err := newTableOutput(b, n.Rel, n.Cols, n.Conds)
	if err != nil {
		return nil, err
	}
	s := &virtualScan{tableOutput: out, rt: b.rt, keys: n.Keys}
	for _, k := range n.Keys {
		v, err := b.newValue(k.Value)
		if err != nil {
			return nil, err
		}
		s.vals = append(s.vals, v)
	}
	return s, nil
}

// Open computes the table, with only the columns that are used.
func (s *virtualScan) Open(ctx context.Context) error {
	s.pos = 0
	ts := make([]types.T, len(s.stored))
	for i, a := range s.stored {
		ts[i] = s.rel.Table.Col(a).Type
	}
	s.rows = newRowStore(ts)
	if s.rt.Virtual == nil {
		return nil
	}
	keys := make([]KeyValue, 0, len(s.keys))
	for i, k := range s.keys {
		d, err := s.vals[i].get(s.sc)
		if err != nil {
			return err
		}
		if d.Null {
			return nil
		}
		keys = append(keys, KeyValue{Attr: k.Attr, Value: d})
	}
	used := make([]*batch.Column, len(s.stored))
	return s.rt.Virtual.Scan(ctx, s.rel, keys, func(b *batch.Batch) error {
		for i, a := range s.stored {
			used[i] = b.Cols[a-1]
		}
		s.rows.appendSel(used, b.Sel, b.N)
		return ctx.Err()
	})
}

func (s *virtualScan) Next(context.Context) (*batch.Batch, error) {
	for s.rows != nil && s.pos < s.rows.n {
		to := min(s.pos+batch.RowsMax, s.rows.n)
		b := s.view.rows(s.rows, s.pos, to)
		ids := make([]storage.RowID, to-s.pos)
		for i := range ids {
			ids[i] = storage.RowID(s.pos + i)
		}
		s.pos = to
		out, err := s.emit(b, ids)
		if out != nil || err != nil {
			return out, err
		}
	}
	return nil, nil
}

func (s *virtualScan) Close() error {
	s.rows = nil
	return nil
}
