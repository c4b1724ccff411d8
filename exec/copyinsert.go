package exec

import (
	"context"
	"errors"
	"strings"

	"github.com/vecdb/vecdb/internal/invariants"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
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

// Insert adds the rows of b. When a row is at fault, bad is its position among the rows that count; -1
// when it is not known.
func (c *CopyInsert) Insert(ctx context.Context, b *batch.Batch) (bad int, err error) {
	mark := c.rt.Txn.Savepoint()
	err = c.insert(ctx, b)
	if err == nil || !aboutRow(err) {
		return -1, err
	}
	// A batch does not know which of its rows failed: one by one they do.
	c.rt.Txn.RollbackTo(mark)
	for i := range b.Rows() {
		one := &batch.Batch{Cols: b.Cols, N: b.N, Sel: []int32{int32(b.Row(i))}}
		if rerr := c.insert(ctx, one); rerr != nil {
			return i, rerr
		}
	}
	return -1, err
}

// aboutRow says whether an error is of the values of a row: SQLSTATE classes 22 and 23.
func aboutRow(err error) bool {
	var pe *pgerr.Error
	return errors.As(err, &pe) && (strings.HasPrefix(pe.SQLState, "22") || strings.HasPrefix(pe.SQLState, "23"))
}

func (c *CopyInsert) insert(ctx context.Context, b *batch.Batch) error {
	if c.below != nil {
		if err := evalAll(c.sc, c.below, b, c.mid.Cols); err != nil {
			return err
		}
		c.mid.N, c.mid.Sel = b.N, b.Sel
		b = &c.mid
	}
	if err := evalAll(c.sc, c.row, b, c.b.Cols); err != nil {
		return err
	}
	c.b.N, c.b.Sel = b.N, b.Sel
	if c.where != nil {
		sel, err := c.where.Filter(&c.sc.ev, &c.b)
		if err != nil || len(sel) == 0 {
			return err
		}
		c.b.Sel = sel
	}
	whole := &batch.Batch{Cols: compact(c.b.Cols, c.live, &c.b), N: c.b.Rows()}
	if err := c.check(whole, nil, func(r int) []types.Datum { return rowOf(whole, len(c.live), r) }); err != nil {
		return err
	}
	if _, err := c.rt.Txn.Insert(ctx, c.table.OID, &storage.Rows{N: whole.N, Cols: whole.Cols}); err != nil {
		return c.unique(err)
	}
	c.rt.Affected += int64(whole.N)
	c.fk.added(whole)
	return nil
}

// Finish checks the foreign keys of all rows.
func (c *CopyInsert) Finish(ctx context.Context) error { return c.fk.finish(ctx) }
