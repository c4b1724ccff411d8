package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/storage"
)

// lockRows locks the rows that pass through, for SELECT ... FOR UPDATE and its kin.
type lockRows struct {
	rt   *Runtime
	in   Operator
	plan *planner.LockRows
	at   []int
	sel  []int32
	out  batch.Batch
}

// lockModes by the strength of the clause.
var lockModes = map[byte]storage.LockMode{
	'u': storage.ForUpdate, 'n': storage.ForNoKeyUpdate, 's': storage.ForShare, 'k': storage.ForKeyShare,
}

func newLockRows(b *builder, n *planner.LockRows) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	l := &lockRows{rt: b.rt, in: in, plan: n}
	for _, k := range n.Locks {
		l.at = append(l.at, columnAt(n.Input.Info().Cols, k.RowID))
	}
	return l, nil
}

// Open implements Operator.
func (l *lockRows) Open(ctx context.Context) error { return l.in.Open(ctx) }

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
		b, err := l.in.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		l.sel = l.sel[:0]
		for i := range b.Rows() {
			r := b.Row(i)
			ok, err := l.lockRow(ctx, b, r, wait)
			if err != nil {
				return nil, sqlError(err)
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

// lockRow locks the row of each table in one row; false when one is held by others and SKIP LOCKED is on.
func (l *lockRows) lockRow(ctx context.Context, b *batch.Batch, r int, wait storage.WaitMode) (bool, error) {
	for k, lock := range l.plan.Locks {
		c := b.Cols[l.at[k]]
		if c.Null(r) {
			continue
		}
		ids, err := l.rt.Txn.LockRows(ctx, lock.Table, []storage.RowID{storage.RowID(c.I[r])}, lockModes[lock.Strength], wait)
		if err != nil || len(ids) == 0 {
			return false, err
		}
	}
	return true, nil
}

// Close implements Operator.
func (l *lockRows) Close() error { return l.in.Close() }
