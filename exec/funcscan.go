package exec

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// setCall computes a set-returning function, or a plain expression as a set of one row.
type setCall struct {
	sc    *scope
	call  *eval.Call // nil: plain
	f     fn.Call
	args  []*eval.Program
	plain *eval.Program
	width int
}

func newSetCall(b *builder, e eval.Expr, in []eval.Column, width int) (*setCall, error) {
	s := &setCall{sc: b.sc, width: width}
	c, ok := e.(*eval.Call)
	if !ok || !c.F.RetSet {
		p, err := b.compile(e, in)
		s.plain = p
		return s, err
	}
	if c.F.Set == nil {
		return nil, c.F.Unsupported()
	}
	s.call = c
	s.f = fn.Call{Ret: c.T, Args: make([]types.T, len(c.Args)), Spread: c.Variadic, Names: eval.RowNames(c.Args)}
	for i, a := range c.Args {
		s.f.Args[i] = a.Type()
	}
	var err error
	s.args, err = b.compileList(c.Args, in)
	return s, err
}

// run gives the rows for row r of b.
func (s *setCall) run(b *batch.Batch, r int, emit func(row []types.Datum) error) error {
	one := &batch.Batch{Cols: b.Cols, N: b.N, Sel: []int32{int32(r)}}
	if s.plain != nil {
		c, err := s.plain.Eval(&s.sc.ev, one)
		if err != nil {
			return err
		}
		return emit(s.spread(c.Datum(r)))
	}
	vals := make([]types.Datum, len(s.args))
	for i, p := range s.args {
		c, err := p.Eval(&s.sc.ev, one)
		if err != nil {
			return err
		}
		vals[i] = c.Datum(r)
	}
	s.f.Env = s.sc.ev.Env
	return fn.RunSet(s.call.F, &s.f, vals, emit)
}

// spread turns a record into its fields when several columns are wanted.
func (s *setCall) spread(d types.Datum) []types.Datum {
	if s.width == 1 {
		return []types.Datum{d}
	}
	out := make([]types.Datum, s.width)
	for i := range out {
		out[i] = types.NullDatum
	}
	if d.Null {
		return out
	}
	fields, err := types.DecodeRecord(d.S)
	if err != nil {
		return out
	}
	for i := range min(len(fields), s.width) {
		out[i] = fields[i].D
	}
	return out
}

// funcScan is functions in FROM: several are zipped, the shorter ones filled with nulls.
type funcScan struct {
	rt    *Runtime
	sc    *scope
	calls []*setCall
	ord   bool
	types []types.T
	rows  *spoolRows
	cur   spoolCursor
}

func newFuncScan(b *builder, n *planner.FuncScan) (Operator, error) {
	f := &funcScan{rt: b.rt, sc: b.sc, ord: n.Ordinality, types: typesOf(n.Cols)}
	for i, e := range n.Calls {
		c, err := newSetCall(b, e, nil, n.CallCols[i])
		if err != nil {
			return nil, err
		}
		f.calls = append(f.calls, c)
	}
	f.rows = newSpool(b.rt, f.types)
	return f, nil
}

// funcRowsMax bounds the rows that one function in FROM may give.
const funcRowsMax = 1 << 31

// Open implements Operator: it computes all rows.
func (f *funcScan) Open(ctx context.Context) error {
	f.rows.reset()
	if len(f.calls) == 1 && !f.ord {
		if err := f.single(ctx); err != nil {
			return err
		}
	} else if err := f.zip(ctx); err != nil {
		return err
	}
	f.cur = f.rows.cursor()
	return nil
}

// rowBuffer gathers rows of datums into batches.
type rowBuffer struct {
	g    *gathered
	emit func(*batch.Batch) error
}

func (r *rowBuffer) add(row []types.Datum) error {
	for i, c := range r.g.b.Cols {
		c.Append(row[i])
	}
	if r.g.b.N++; r.g.b.N == batch.RowsMax {
		return r.flush()
	}
	return nil
}

func (r *rowBuffer) flush() error {
	if r.g.b.N == 0 {
		return nil
	}
	err := r.emit(&r.g.b)
	r.g.reset()
	return err
}

func (f *funcScan) single(ctx context.Context) error {
	buf := rowBuffer{newGathered(f.types), f.rows.add}
	buf.g.reset()
	n := 0
	err := f.calls[0].run(oneRow, 0, func(row []types.Datum) error {
		if n++; n%batch.RowsMax == 0 {
			if err := ctx.Err(); err != nil {
				return sqlError(err)
			}
		}
		if n > funcRowsMax {
			return pgerr.New(pgerrcode.ProgramLimitExceeded, "set-returning function gave more than %d rows", funcRowsMax)
		}
		return buf.add(f.fit(row))
	})
	if err != nil {
		return err
	}
	return buf.flush()
}

// fit makes a row as wide as the output.
func (f *funcScan) fit(row []types.Datum) []types.Datum {
	for len(row) < len(f.types) {
		row = append(row, types.NullDatum)
	}
	return row[:len(f.types)]
}

func (f *funcScan) zip(ctx context.Context) error {
	sets := make([][][]types.Datum, len(f.calls))
	longest := 0
	for i, c := range f.calls {
		err := c.run(oneRow, 0, func(row []types.Datum) error {
			sets[i] = append(sets[i], append([]types.Datum(nil), row...))
			return sqlError(ctx.Err())
		})
		if err != nil {
			return err
		}
		longest = max(longest, len(sets[i]))
	}
	buf := rowBuffer{newGathered(f.types), f.rows.add}
	buf.g.reset()
	row := make([]types.Datum, len(f.types))
	for r := range longest {
		at := 0
		for i, c := range f.calls {
			for k := range c.width {
				row[at+k] = types.NullDatum
				if r < len(sets[i]) && k < len(sets[i][r]) {
					row[at+k] = sets[i][r][k]
				}
			}
			at += c.width
		}
		if f.ord {
			row[len(row)-1] = types.IntDatum(int64(r + 1))
		}
		if err := buf.add(row); err != nil {
			return err
		}
	}
	return buf.flush()
}

// Next implements Operator.
func (f *funcScan) Next(ctx context.Context) (*batch.Batch, error) { return f.cur.next(ctx) }

// Close implements Operator.
func (f *funcScan) Close() error {
	f.rows.reset()
	return nil
}

// projectSet computes a select list with set-returning functions: each input row gives as many rows as
// the longest of its sets.
type projectSet struct {
	sc    *scope
	in    Operator
	calls []*setCall
	out   *gathered
	queue [][]types.Datum
}

func newProjectSet(b *builder, n *planner.ProjectSet) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	p := &projectSet{sc: b.sc, in: in, out: newGathered(typesOf(n.Cols))}
	for _, e := range n.Exprs {
		c, err := newSetCall(b, e, n.Input.Info().Cols, 1)
		if err != nil {
			return nil, err
		}
		p.calls = append(p.calls, c)
	}
	return p, nil
}

// Open implements Operator.
func (p *projectSet) Open(ctx context.Context) error {
	p.queue = nil
	return p.in.Open(ctx)
}

// Next implements Operator.
func (p *projectSet) Next(ctx context.Context) (*batch.Batch, error) {
	for len(p.queue) == 0 {
		b, err := p.in.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		for i := range b.Rows() {
			if err := p.expand(ctx, b, b.Row(i)); err != nil {
				return nil, err
			}
		}
	}
	n := min(len(p.queue), batch.RowsMax)
	p.out.reset()
	for _, row := range p.queue[:n] {
		for i, c := range p.out.b.Cols {
			c.Append(row[i])
		}
	}
	p.out.b.N = n
	p.queue = p.queue[n:]
	return &p.out.b, nil
}

// expand queues the rows of one input row.
func (p *projectSet) expand(ctx context.Context, b *batch.Batch, r int) error {
	sets := make([][]types.Datum, len(p.calls))
	longest, anySet := 0, false
	for i, c := range p.calls {
		err := c.run(b, r, func(row []types.Datum) error {
			d := row[0]
			if len(row) > 1 {
				d = recordOf(c.call, row)
			}
			sets[i] = append(sets[i], d)
			if len(sets[i])%batch.RowsMax == 0 {
				return sqlError(ctx.Err())
			}
			return nil
		})
		if err != nil {
			return err
		}
		if c.plain == nil {
			anySet = true
			longest = max(longest, len(sets[i]))
		}
	}
	if !anySet {
		longest = 1
	}
	for k := range longest {
		row := make([]types.Datum, len(p.calls))
		for i, c := range p.calls {
			switch {
			case c.plain != nil:
				row[i] = sets[i][0]
			case k < len(sets[i]):
				row[i] = sets[i][k]
			default:
				row[i] = types.NullDatum
			}
		}
		p.queue = append(p.queue, row)
	}
	return nil
}

// recordOf makes a record of a row of several columns.
func recordOf(c *eval.Call, row []types.Datum) types.Datum {
	fields := make([]types.Field, len(row))
	for i, d := range row {
		fields[i] = types.Field{Type: types.TextOID, D: d}
		if i < len(c.F.Outs) {
			fields[i].Type = c.F.Outs[i].Type
		}
	}
	return types.StringDatum(types.EncodeRecord(fields))
}

// Close implements Operator.
func (p *projectSet) Close() error {
	p.queue = nil
	return p.in.Close()
}
