package bind

import (
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// AttrPresent is a column without a value of its own: null where an outer join did not find the row.
const AttrPresent int16 = -101

// makeOptional notes which entries of FROM an outer join may leave without a row.
func makeOptional(items []*item, j *Join) {
	for _, it := range items {
		if it.optional == nil {
			it.optional = j
		}
	}
}

// wholeRow is the row of an item as one value.
func (b *binder) wholeRow(sc *scope, it *item, level int) eval.Expr {
	if it.scalar {
		return b.use(sc, it, &it.cols[0], level, -1)
	}
	row := &eval.Row{T: types.Of(types.RecordOID), Whole: it.name}
	if it.rel != nil && it.rel.Table.RowType != 0 {
		row.T = types.Of(it.rel.Table.RowType)
	}
	for i := range it.cols {
		row.Fields = append(row.Fields, b.use(sc, it, &it.cols[i], level, -1))
		row.Names = append(row.Names, it.cols[i].name)
	}
	if it.optional != nil {
		c := b.presence(it)
		sc.noteOuter(c.ID, level)
		row.Present = c
	}
	return row
}

// presence is a column that is null where an outer join did not find the item's row: one that every row of a table has,
// or one that is put above another entry of FROM.
func (b *binder) presence(it *item) *eval.Col {
	switch {
	case it.present != nil:
	case it.scan != nil && it.scan.Rel.Virtual:
		it.present = &eval.Col{ID: it.scan.column(b, AttrTableOID, "tableoid", types.Of(types.OIDOID)), T: types.Of(types.OIDOID)}
	case it.scan != nil:
		it.present = &eval.Col{ID: it.scan.column(b, AttrRowID, "rowid", types.Of(types.Int8OID)), T: types.Of(types.Int8OID)}
	default:
		it.present = b.markPresent(it)
	}
	c := *it.present
	return &c
}

func (b *binder) markPresent(it *item) *eval.Col {
	mark := eval.Column{ID: b.newID(), Name: "present", T: types.Of(types.BoolOID), Attr: AttrPresent}
	p := passThrough(it.leaf)
	p.Cols = append(p.Cols[:len(p.Cols):len(p.Cols)], mark)
	p.Exprs = append(p.Exprs, &eval.Const{T: mark.T, D: types.BoolDatum(true)})
	replaceLeaf(it.optional, it.leaf, p)
	return &eval.Col{ID: mark.ID, T: mark.T, Name: mark.Name}
}

// replaceLeaf puts another relation in the place of an entry of FROM under a join.
func replaceLeaf(r, leaf, by Rel) Rel {
	if r == leaf {
		return by
	}
	if j, ok := r.(*Join); ok {
		j.Left, j.Right = replaceLeaf(j.Left, leaf, by), replaceLeaf(j.Right, leaf, by)
	}
	return r
}

// unmarked is what stands in FROM, without the column that says that it is present.
func unmarked(r Rel) Rel {
	if p, ok := r.(*Project); ok && len(p.Cols) > 0 && p.Cols[len(p.Cols)-1].Attr == AttrPresent {
		return p.Input
	}
	return r
}
