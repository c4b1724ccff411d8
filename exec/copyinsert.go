package exec

import (
	"context"

	"github.com/vecdb/vecdb/internal/invariants"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// CopyInsert puts rows that come from outside, a batch at a time, into a table, with all that an INSERT
// of them would do: defaults, generated columns, NOT NULL, CHECK, unique and foreign keys. Insert as often
// as there are batches, then Finish. The runtime counts the rows and is closed by who made it.
type CopyInsert struct {
	*writer
	below []*eval.Program // what generated columns need computed first; nil: nothing
	row   []*eval.Program
	where *eval.Program
	mid   batch.Batch
	b     batch.Batch
}

// NewCopyInsert makes the steps of stmt, an INSERT of one row of VALUES without RETURNING and ON CONFLICT:
// the batches take the place of its VALUES, one column for each. where, if not nil, keeps rows out.
func NewCopyInsert(rt *Runtime, stmt *bind.Insert, where *bind.TableExpr) (*CopyInsert, error) {
	b := &builder{rt: rt, sc: rt.newScope(nil, nil)}
	w, err := newWriter(b, stmt.Rel.Table, stmt.Checks, nil, stmt.NewCols)
	if err != nil {
		return nil, err
	}
	c := &CopyInsert{writer: w}
	source := stmt.Source
	if p, ok := source.(*bind.Project); ok {
		if c.below, err = b.compileList(p.Exprs, p.Input.Output()); err != nil {
			return nil, err
		}
		c.mid.Cols = make([]*batch.Column, len(c.below))
		source = p.Input
	}
	if _, ok := source.(*bind.Values); !ok {
		return nil, invariants.Broken("the source of COPY is %T", source)
	}
	if c.row, err = b.compileList(stmt.Row, stmt.Source.Output()); err != nil {
		return nil, err
	}
	c.b.Cols = make([]*batch.Column, len(c.row))
	if where != nil {
		if c.where, err = b.compile(where.Expr, where.Cols); err != nil {
			return nil, err
		}
	}
	rt.Reader() // foreign keys and defaults must not see what the statement writes
	return c, nil
}

// Insert adds the rows of b. When a row is at fault, bad is its position in b; -1 when it is not known. As in
// PostgreSQL, no row of b is inserted before all are computed and checked.
func (c *CopyInsert) Insert(ctx context.Context, b *batch.Batch) (bad int, err error) {
	rows, bad, err := c.computed(b)
	if err != nil || rows.N == 0 {
		return bad, err
	}
	put := func(rows *batch.Batch) error {
		_, err := c.rt.Txn.Insert(ctx, c.table.OID, &storage.Rows{N: rows.Rows(), Cols: compact(rows.Cols, c.live, rows)})
		return c.unique(err)
	}
	mark := c.rt.Txn.Savepoint()
	if err := put(rows); err != nil {
		if !aboutRow(err) {
			return -1, err
		}
		undo := func() error { c.rt.Txn.RollbackTo(mark); return nil }
		if bad, err = oneByOne(rows, err, undo, put); bad >= 0 {
			bad = c.b.Row(bad)
		}
		return bad, err
	}
	c.rt.Affected += int64(rows.N)
	c.fk.added(rows)
	return -1, nil
}

// Check computes and checks the rows of b and no more: what comes behind them cannot be read.
func (c *CopyInsert) Check(b *batch.Batch) (bad int, err error) {
	_, bad, err = c.computed(b)
	return bad, err
}

// computed is the new rows for those of b, checked.
func (c *CopyInsert) computed(b *batch.Batch) (rows *batch.Batch, bad int, err error) {
	undo := c.rt.attempt()
	rows, err = c.compute(b)
	if err == nil || !aboutRow(err) {
		return rows, -1, err
	}
	bad, err = oneByOne(b, err, undo, func(row *batch.Batch) error {
		_, err := c.compute(row)
		return err
	})
	return nil, bad, err
}

func (c *CopyInsert) compute(b *batch.Batch) (*batch.Batch, error) {
	if c.below != nil {
		if err := evalAll(c.sc, c.below, b, c.mid.Cols); err != nil {
			return nil, err
		}
		c.mid.N, c.mid.Sel = b.N, b.Sel
		b = &c.mid
	}
	if err := evalAll(c.sc, c.row, b, c.b.Cols); err != nil {
		return nil, err
	}
	c.b.N, c.b.Sel = b.N, b.Sel
	if c.where != nil {
		sel, err := c.where.Filter(&c.sc.ev, &c.b)
		if err != nil || len(sel) == 0 {
			return &batch.Batch{}, err
		}
		c.b.Sel = sel
	}
	whole := &batch.Batch{Cols: compact(c.b.Cols, c.live, &c.b), N: c.b.Rows()}
	return whole, c.check(whole, nil, func(r int) []types.Datum { return rowOf(whole, len(c.live), r) })
}

// Finish checks the foreign keys of all rows.
func (c *CopyInsert) Finish(ctx context.Context) error { return c.fk.finish(ctx) }
