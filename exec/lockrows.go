package exec

import (
	"context"
	"errors"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/storage"
)

// lockRows locks the rows that pass through, for SELECT ... FOR UPDATE and its kin.
type lockRows struct {
	rt   *Runtime
	in   Operator
	plan *planner.LockRows
	at   []int
	one  bool         // below a LIMIT: no row is locked before it is asked for
	rows *batch.Batch // of which rows are left, when one
	next int          // the first of them
	sel  []int32
	out  batch.Batch
}

// lockModes by the strength of the clause.
var lockModes = map[byte]storage.LockMode{
	'u': storage.ForUpdate, 'n': storage.ForNoKeyUpdate, 's': storage.ForShare, 'k': storage.ForKeyShare,
}

func newLockRows(b *builder, n *planner.LockRows) (Operator, error) {
	l := &lockRows{rt: b.rt, plan: n, one: b.oneByOne}
	b.oneByOne = false
	var err error
	if l.in, err = b.build(n.Input); err != nil {
		return nil, err
	}
	for _, k := range n.Locks {
		l.at = append(l.at, columnAt(n.Input.Info().Cols, k.RowID))
	}
	return l, nil
}

// Open implements Operator.
func (l *lockRows) Open(ctx context.Context) error {
	l.rows, l.next = nil, 0
	return l.in.Open(ctx)
}

// Next implements Operator.
func (l *lockRows) Next(ctx context.Context) (*batch.Batch, error) {
	wait := storage.Wait
	switch {
	case l.plan.NoWait:
		wait = storage.NoWait
	case l.plan.Skip:
		wait = storage.SkipLocked
	}
	for {
		b, err := l.input(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		l.sel = l.sel[:0]
		for ; l.next < b.Rows() && (!l.one || len(l.sel) == 0); l.next++ {
			r := b.Row(l.next)
			ok, err := l.lockRow(ctx, b, r, wait)
			if err != nil {
				return nil, err
			}
			if ok {
				l.sel = append(l.sel, int32(r))
			}
		}
		if len(l.sel) > 0 {
			l.out = batch.Batch{Cols: b.Cols, N: b.N, Sel: l.sel}
			return &l.out, nil
		}
	}
}

// input is the batch whose rows are to be locked from next on.
func (l *lockRows) input(ctx context.Context) (*batch.Batch, error) {
	if l.rows != nil && l.next < l.rows.Rows() {
		return l.rows, nil
	}
	var err error
	l.rows, err = l.in.Next(ctx)
	l.next = 0
	return l.rows, err
}

// lockRow locks the row of each table in one row; false when one is held by others and SKIP LOCKED is on.
func (l *lockRows) lockRow(ctx context.Context, b *batch.Batch, r int, wait storage.WaitMode) (bool, error) {
	for k, lock := range l.plan.Locks {
		c := b.Cols[l.at[k]]
		if c.Null(r) {
			continue
		}
		ids, err := l.rt.Txn.LockRows(ctx, lock.Table, []storage.RowID{storage.RowID(c.I[r])}, lockModes[lock.Strength], wait)
		if errors.Is(err, storage.ErrLocked) && !errors.Is(err, storage.ErrLockTimeout) {
			return false, pgerr.New(pgerrcode.LockNotAvailable, "could not obtain lock on row in relation %q",
				l.rt.Catalog.RelationByOID(lock.Table).Table.Name)
		}
		if err != nil || len(ids) == 0 {
			return false, sqlError(err)
		}
	}
	return true, nil
}

// Close implements Operator.
func (l *lockRows) Close() error { return l.in.Close() }
