package session

import (
	"context"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
)

// IndexKeys is storage.KeyFunc: it computes the keys of expression and partial indexes. Their
// expressions are immutable, so no session is needed, only the names of the index's database.
func IndexKeys(c *catalog.Catalog, x *schema.Index) ([]int16, func(*batch.Batch) (*storage.KeyCols, error), error) {
	t := c.Table(x.Table)
	v := newCatalogView(c, nil, c.Database(x.DB), &schema.Role{Super: true}, "public", 0)
	b := &bind.Binder{Catalog: v}
	var attrs []int16
	slotOf := map[int16]int{}
	compile := func(text string, use bind.ExprUse) (*eval.Program, error) {
		e, err := b.BindText(text, t, use)
		if err != nil {
			return nil, err
		}
		ids := map[eval.ColID]int16{}
		for _, col := range e.Cols {
			ids[col.ID] = col.Attr
		}
		return eval.Compile(e.Expr, func(id eval.ColID) (int, bool) {
			attr, ok := ids[id]
			if !ok {
				return 0, false
			}
			if _, known := slotOf[attr]; !known {
				slotOf[attr] = len(attrs)
				attrs = append(attrs, attr)
			}
			return slotOf[attr], true
		})
	}
	keys := make([]*eval.Program, len(x.Keys))
	for i, k := range x.Keys {
		text := k.Expr
		if k.Column != 0 {
			text = bind.QuoteIdent(t.Col(k.Column).Name)
		}
		var err error
		if keys[i], err = compile(text, bind.UseIndex); err != nil {
			return nil, nil, err
		}
	}
	var where *eval.Program
	if x.Where != "" {
		var err error
		if where, err = compile(x.Where, bind.UsePredicate); err != nil {
			return nil, nil, err
		}
	}
	return attrs, func(rows *batch.Batch) (*storage.KeyCols, error) { return computeKeys(keys, where, rows) }, nil
}

func computeKeys(keys []*eval.Program, where *eval.Program, rows *batch.Batch) (*storage.KeyCols, error) {
	rt := &eval.Runtime{Env: &fn.Env{Ctx: context.Background(), Session: &types.Session{}}}
	out := &storage.KeyCols{}
	in := rows
	if where != nil {
		sel, err := where.Filter(rt, rows)
		if err != nil {
			return nil, err
		}
		out.Sel = append(make([]int32, 0, len(sel)), sel...)
		in = &batch.Batch{Cols: rows.Cols, N: rows.N, Sel: out.Sel}
	}
	for _, p := range keys {
		c, err := p.Eval(rt, in)
		if err != nil {
			return nil, err
		}
		n := *c
		n.I, n.F, n.B, n.S = append([]int64(nil), c.I...), append([]float64(nil), c.F...), append([]bool(nil), c.B...), append([]string(nil), c.S...)
		if c.Nulls != nil {
			n.Nulls = append([]bool(nil), c.Nulls...)
		}
		out.Cols = append(out.Cols, &n)
	}
	return out, nil
}
