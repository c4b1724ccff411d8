package exec

import (
	"context"
	"errors"
	"iter"

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
// the longest of its sets. Sets are computed as far as they are read, so that they need no memory.
type projectSet struct {
	sc    *scope
	in    Operator
	calls []*setCall
	out   *gathered
	b     *batch.Batch // the input batch at hand and the next of its rows
	at    int
	done  bool      // the input is at its end
	sets  []openSet // of the row at hand; none: it is at its end
}

// openSet is a set that is being read, or a plain value.
type openSet struct {
	next func() (types.Datum, error, bool) // nil: plain, or at its end
	stop func()
	d    types.Datum
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
	p.endRow()
	p.b, p.done = nil, false
	return p.in.Open(ctx)
}

// Next implements Operator.
func (p *projectSet) Next(ctx context.Context) (*batch.Batch, error) {
	p.out.reset()
	for p.out.b.N < batch.RowsMax {
		if p.sets == nil {
			if more, err := p.nextRow(ctx); err != nil {
				return nil, err
			} else if !more {
				break
			}
		}
		if err := p.emit(); err != nil {
			return nil, err
		}
	}
	if p.out.b.N == 0 {
		return nil, nil
	}
	return &p.out.b, sqlError(ctx.Err())
}

// nextRow opens the sets of the next input row; false when there is none.
func (p *projectSet) nextRow(ctx context.Context) (bool, error) {
	for p.b == nil || p.at == p.b.Rows() {
		if p.done {
			return false, nil
		}
		b, err := p.in.Next(ctx)
		if err != nil {
			return false, err
		}
		p.b, p.at, p.done = b, 0, b == nil
		if p.out.b.N > 0 && ctx.Err() != nil {
			return false, sqlError(ctx.Err())
		}
	}
	r := p.b.Row(p.at)
	p.at++
	p.sets = make([]openSet, len(p.calls))
	for i, c := range p.calls {
		if c.plain == nil {
			p.sets[i].next, p.sets[i].stop = iter.Pull2(c.values(p.b, r))
			continue
		}
		err := c.run(p.b, r, func(row []types.Datum) error {
			p.sets[i].d = row[0]
			return nil
		})
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// errStopped ends a set that is not read to its end.
var errStopped = errors.New("the set is not read on")

// values gives the values of a set-returning call for row r of b.
func (s *setCall) values(b *batch.Batch, r int) iter.Seq2[types.Datum, error] {
	return func(yield func(types.Datum, error) bool) {
		err := s.run(b, r, func(row []types.Datum) error {
			d := row[0]
			if len(row) > 1 {
				d = recordOf(s.call, row)
			}
			if !yield(d, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(types.NullDatum, err)
		}
	}
}

// emit appends the next output row of the row at hand, or ends that.
func (p *projectSet) emit() error {
	more := false
	for i := range p.sets {
		s := &p.sets[i]
		if s.next == nil {
			continue
		}
		d, err, ok := s.next()
		if err != nil {
			return err
		}
		if s.d = d; !ok {
			s.next, s.d = nil, types.NullDatum
		}
		more = more || ok
	}
	if !more {
		p.endRow()
		return nil
	}
	for i, c := range p.out.b.Cols {
		c.Append(p.sets[i].d)
	}
	p.out.b.N++
	return nil
}

// endRow ends the sets of the row at hand.
func (p *projectSet) endRow() {
	for _, s := range p.sets {
		if s.stop != nil {
			s.stop()
		}
	}
	p.sets = nil
}

// recordOf makes a record of a row of several columns.
func recordOf(c *eval.Call, row []types.Datum) types.Datum {
	fields := make([]types.Field, len(row))
	for i, d := range row {
		fields[i] = types.Field{Type: types.TextOID, D: d}
		if i < len(c.F.Outs) {
			fields[i].Type = c.F.Outs[i].Type
		}
		if fields[i].Type == types.AnyElementOID {
			fields[i].Type = types.Lookup(c.Args[0].Type().OID).Elem // of an array function
		}
	}
	return types.StringDatum(types.EncodeRecord(fields))
}

// Close implements Operator.
func (p *projectSet) Close() error {
	p.endRow()
	return p.in.Close()
}
