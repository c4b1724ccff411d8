package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// update changes rows.
type update struct {
	*writer
	stmt    *bind.Update
	targets *targets
	exprs   []*eval.Program // by live column: the new value over the source; nil: not read, unchanged
	changed map[int16]bool
	attrs   []int16 // changed columns
	at      []int   // their positions among the live ones
	full    batch.Batch
}

func newUpdate(b *builder, n *planner.Update) (Operator, error) {
	in, err := b.build(n.Source)
	if err != nil {
		return nil, err
	}
	s := n.Stmt
	src := n.Source.Info().Cols
	// Checks and RETURNING see the new row, then the source's columns.
	layout := append(append([]eval.Column(nil), s.New...), src...)
	w, err := newWriter(b, s.Rel.Table, s.Checks, s.Return, layout)
	if err != nil {
		return nil, err
	}
	u := &update{writer: w, stmt: s, targets: newTargets(src, s.RowID), changed: map[int16]bool{}}
	for i, c := range w.live {
		old, plain := s.NewExprs[i].(*eval.Col)
		same := plain && old.ID == s.Old[i].ID
		if !same {
			u.changed[c.Num] = true
			u.attrs = append(u.attrs, c.Num)
			u.at = append(u.at, i)
		}
		var p *eval.Program
		if !same || columnAt(src, old.ID) >= 0 {
			if p, err = b.compile(s.NewExprs[i], src); err != nil {
				return nil, err
			}
		}
		u.exprs = append(u.exprs, p)
	}
	u.full.Cols = make([]*batch.Column, len(layout))
	return &modifyOp{in: in, rt: b.rt, step: u.step, end: w.fk.finish}, nil
}

func (u *update) step(ctx context.Context, b *batch.Batch) (*batch.Batch, error) {
	ids, sel := u.targets.take(b)
	if len(ids) == 0 {
		return nil, nil
	}
	in := &batch.Batch{Cols: b.Cols, N: b.N, Sel: sel}
	for i, p := range u.exprs {
		if p == nil {
			u.full.Cols[i] = constColumn(u.live[i].Type, types.NullDatum, b.N)
			continue
		}
		c, err := p.Eval(&u.sc.ev, in)
		if err != nil {
			return nil, err
		}
		u.full.Cols[i] = c
	}
	copy(u.full.Cols[len(u.exprs):], b.Cols)
	u.full.N, u.full.Sel = b.N, sel
	if err := u.check(&u.full, u.changed, func(r int) []types.Datum { return rowOf(&u.full, len(u.live), r) }); err != nil {
		return nil, err
	}
	if err := u.fk.replaced(ctx, ids, u.attrs); err != nil {
		return nil, err
	}
	live := make([]*schema.Column, len(u.at))
	cols := make([]*batch.Column, len(u.at))
	for k, i := range u.at {
		live[k], cols[k] = u.live[i], u.full.Cols[i]
	}
	rows := &storage.Rows{N: len(ids), Cols: compact(cols, live, &u.full)}
	if err := u.rt.Txn.Update(ctx, u.table.OID, ids, u.attrs, rows); err != nil {
		return nil, u.unique(err)
	}
	u.rt.Affected += int64(len(ids))
	u.fk.replacedBy(u.attrs, &u.full)
	u.fk.addedAttrs(rows.N, u.attrs, rows.Cols, &u.full, u.live)
	return u.returning(&u.full)
}

// deleteRows removes rows.
type deleteRows struct {
	*writer
	targets *targets
}

func newDelete(b *builder, n *planner.Delete) (Operator, error) {
	in, err := b.build(n.Source)
	if err != nil {
		return nil, err
	}
	s := n.Stmt
	src := n.Source.Info().Cols
	w, err := newWriter(b, s.Rel.Table, nil, s.Return, src)
	if err != nil {
		return nil, err
	}
	d := &deleteRows{writer: w, targets: newTargets(src, s.RowID)}
	return &modifyOp{in: in, rt: b.rt, step: d.step, end: w.fk.finish}, nil
}

func (d *deleteRows) step(ctx context.Context, b *batch.Batch) (*batch.Batch, error) {
	ids, sel := d.targets.take(b)
	if len(ids) == 0 {
		return nil, nil
	}
	if err := d.fk.replaced(ctx, ids, nil); err != nil {
		return nil, err
	}
	if err := d.rt.Txn.Delete(ctx, d.table.OID, ids); err != nil {
		return nil, d.unique(err)
	}
	d.rt.Affected += int64(len(ids))
	return d.returning(&batch.Batch{Cols: b.Cols, N: b.N, Sel: sel})
}
