package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
)

// filter passes the rows for which a condition is true.
type filter struct {
	sc      *scope
	in      Operator
	cond    *eval.Program
	oneTime bool
	pass    bool
	out     batch.Batch
}

func newFilter(b *builder, n *planner.Filter) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	cols := n.Input.Info().Cols
	if n.OneTime {
		cols = nil
	}
	cond, err := b.condition(n.Conds, cols)
	if err != nil {
		return nil, err
	}
	if !n.OneTime {
		in = b.narrowed(in, n.Conds...)
	}
	return &filter{sc: b.sc, in: in, cond: cond, oneTime: n.OneTime}, nil
}

func (f *filter) Open(ctx context.Context) error {
	if !f.oneTime {
		return f.in.Open(ctx)
	}
	sel, err := f.cond.Filter(&f.sc.ev, oneRow)
	if err != nil {
		return err
	}
	if f.pass = len(sel) == 1; f.pass {
		return f.in.Open(ctx)
	}
	return nil
}

func (f *filter) Next(ctx context.Context) (*batch.Batch, error) {
	if f.oneTime {
		if !f.pass {
			return nil, nil
		}
		return f.in.Next(ctx)
	}
	for {
		b, err := f.in.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		sel, err := f.cond.Filter(&f.sc.ev, b)
		if err != nil {
			return nil, err
		}
		if len(sel) > 0 {
			f.out = batch.Batch{Cols: b.Cols, N: b.N, Sel: sel}
			return &f.out, nil
		}
	}
}

func (f *filter) Close() error { return f.in.Close() }

// project computes expressions.
type project struct {
	sc    *scope
	in    Operator
	progs []*eval.Program
	out   batch.Batch
}

func newProject(b *builder, n *planner.Project) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	progs, err := b.compileList(n.Exprs, n.Input.Info().Cols)
	if err != nil {
		return nil, err
	}
	p := &project{sc: b.sc, in: b.narrowed(in, n.Exprs...), progs: progs}
	p.out.Cols = make([]*batch.Column, len(progs))
	return p, nil
}

func (p *project) Open(ctx context.Context) error { return p.in.Open(ctx) }

func (p *project) Next(ctx context.Context) (*batch.Batch, error) {
	b, err := p.in.Next(ctx)
	if b == nil || err != nil {
		return nil, err
	}
	if err := evalAll(p.sc, p.progs, b, p.out.Cols); err != nil {
		return nil, err
	}
	p.out.N, p.out.Sel = b.N, b.Sel
	return &p.out, nil
}

func (p *project) Close() error { return p.in.Close() }

// empty yields no row.
type empty struct{}

func (empty) Open(context.Context) error                 { return nil }
func (empty) Next(context.Context) (*batch.Batch, error) { return nil, nil }
func (empty) Close() error                               { return nil }

// values yields rows of expressions. Plain values, the usual thing, are filled in without programs.
type values struct {
	sc   *scope
	rows [][]value
	out  *gathered
	cols []eval.Column
	pos  int
}

func newValues(b *builder, n *planner.Values) (Operator, error) {
	v := &values{sc: b.sc, cols: n.Cols, rows: make([][]value, len(n.Lists))}
	for i, list := range n.Lists {
		row := make([]value, len(list))
		for j, e := range list {
			var err error
			if row[j], err = b.newValue(e); err != nil {
				return nil, err
			}
		}
		v.rows[i] = row
	}
	v.out = newGathered(typesOf(n.Cols))
	return v, nil
}

func (v *values) Open(context.Context) error {
	v.pos = 0
	return nil
}

func (v *values) Next(ctx context.Context) (*batch.Batch, error) {
	if v.pos >= len(v.rows) {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, sqlError(err)
	}
	v.out.reset()
	to := min(v.pos+batch.RowsMax, len(v.rows))
	for _, row := range v.rows[v.pos:to] {
		for j := range row {
			d, err := row[j].get(v.sc)
			if err != nil {
				return nil, err
			}
			v.out.b.Cols[j].Append(d)
		}
	}
	v.out.b.N = to - v.pos
	v.pos = to
	return &v.out.b, nil
}

func (v *values) Close() error { return nil }
