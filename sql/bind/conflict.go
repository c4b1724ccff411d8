package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// onConflict binds ON CONFLICT. The proposed row is named excluded, the one in the table as the
// statement names it.
func (in *insertion) onConflict(sc *scope, target *item) error {
	o := in.ast.OnConflict
	if o == nil {
		return nil
	}
	b, rel := in.b, in.out.Rel
	out := &OnConflict{Update: o.Update}
	in.out.OnConflict = out
	var err error
	if out.Indexes, err = b.arbiters(rel, o); err != nil {
		return err
	}
	if !o.Update {
		return nil
	}
	if out.Indexes == nil {
		return pgerr.New(pgerrcode.SyntaxError, "ON CONFLICT DO UPDATE requires inference specification or constraint name").
			Hint("For example, ON CONFLICT (column_name).").At(o.Pos())
	}
	if err := b.needPrivilege(rel, "UPDATE"); err != nil {
		return err
	}
	for _, c := range in.live {
		out.Existing = append(out.Existing, eval.Column{ID: b.newID(), Name: c.Name, T: c.Type, Table: rel.Table.OID, Attr: c.Num})
	}
	existing := b.newRowItem(rel, in.ast.Table, out.Existing)
	out.Existing = append(out.Existing, eval.Column{ID: b.newID(), Name: "rowid", T: types.Of(types.Int8OID), Table: rel.Table.OID, Attr: AttrRowID})
	excluded := newItem("excluded", in.out.NewCols)
	inner := &scope{ctes: sc.ctes, items: []*item{existing, excluded}, made: &[]*item{existing, excluded}}
	set, err := b.assignments(inner, rel, o.Set)
	if err != nil {
		return err
	}
	out.Set = set
	if o.Where != nil {
		if out.Where, err = b.condition(inner, o.Where, inWhere); err != nil {
			return err
		}
	}
	if existing.read {
		if err := b.needPrivilege(rel, "SELECT"); err != nil {
			return err
		}
	}
	out.Updated, err = b.updatedRow(rel, set, existing)
	return err
}

// arbiters finds the unique indexes that ON CONFLICT means; nil means any.
func (b *binder) arbiters(rel *cat.Relation, o *sql.OnConflict) ([]types.OID, error) {
	if o.Constraint != "" {
		for i := range rel.Table.Constraints {
			k := &rel.Table.Constraints[i]
			if k.Name == o.Constraint && (k.Type == 'p' || k.Type == 'u') {
				return []types.OID{k.Index}, nil
			}
		}
		return nil, pgerr.New(pgerrcode.UndefinedObject, "constraint %q for table %q does not exist", o.Constraint, rel.Table.Name)
	}
	if o.Target == nil {
		return nil, nil
	}
	sc := &scope{items: []*item{b.indexItem(rel)}, clause: inIndex}
	want, err := b.inferElems(sc, rel, o.Target)
	if err != nil {
		return nil, err
	}
	var pred []eval.Expr
	if o.TargetPred != nil {
		sc.clause = inPredicate
		x, err := b.condition(sc, o.TargetPred, inPredicate)
		if err != nil {
			return nil, err
		}
		pred = eval.Conjuncts(nil, x)
	}
	var out []types.OID
	for _, ix := range rel.Indexes {
		if !ix.Unique && !ix.Primary {
			continue
		}
		ok, err := b.arbitrates(sc, ix, want, pred)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, ix.OID)
		}
	}
	if out == nil {
		return nil, pgerr.New(pgerrcode.InvalidColumnReference,
			"there is no unique or exclusion constraint matching the ON CONFLICT specification")
	}
	return out, nil
}

// indexItem is a row of the table as index expressions see it, with ids that mean nothing outside.
func (b *binder) indexItem(rel *cat.Relation) *item {
	cols := make([]eval.Column, 0, len(rel.Table.Columns))
	for i := range rel.Table.Columns {
		if c := &rel.Table.Columns[i]; !c.Dropped {
			cols = append(cols, eval.Column{ID: b.newID(), Name: c.Name, T: c.Type, Attr: c.Num})
		}
	}
	return newItem(rel.Table.Name, cols)
}

// inferElems binds the columns and expressions of ON CONFLICT (...).
func (b *binder) inferElems(sc *scope, rel *cat.Relation, list []sql.IndexElem) ([]eval.Expr, error) {
	var out []eval.Expr
	for _, e := range list {
		var x eval.Expr
		var err error
		if e.Column != "" {
			if rel.Table.Column(e.Column) == nil {
				return nil, pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", e.Column)
			}
			x, _, err = b.bareColumn(sc, e.Column, -1)
		} else {
			x, err = b.expr(sc, e.Expr)
		}
		if err != nil {
			return nil, err
		}
		if !hasExpr(out, x) {
			out = append(out, x)
		}
	}
	return out, nil
}

func hasExpr(list []eval.Expr, x eval.Expr) bool {
	for _, e := range list {
		if eval.Equal(e, x) {
			return true
		}
	}
	return false
}

// arbitrates says whether an index's keys are exactly the wanted ones, and its predicate, if any, is
// among the conditions given.
func (b *binder) arbitrates(sc *scope, ix *schema.Index, want, pred []eval.Expr) (bool, error) {
	if len(ix.Keys) != len(want) {
		return false, nil
	}
	for _, k := range ix.Keys {
		x, err := b.indexKey(sc, k)
		if err != nil || x == nil || !hasExpr(want, x) {
			return false, err
		}
	}
	if ix.Where == "" {
		return true, nil
	}
	e, err := b.Cache.expr(ix.Where)
	if err != nil {
		return false, err
	}
	sc.clause = inPredicate
	x, err := b.condition(sc, e, inPredicate)
	if err != nil {
		return false, err
	}
	for _, c := range eval.Conjuncts(nil, x) {
		if !hasExpr(pred, c) {
			return false, nil
		}
	}
	return true, nil
}

// indexKey binds one key of an index; nil when its column is gone.
func (b *binder) indexKey(sc *scope, k schema.IndexKey) (eval.Expr, error) {
	if k.Column == 0 {
		e, err := b.Cache.expr(k.Expr)
		if err != nil {
			return nil, err
		}
		return b.expr(sc, e)
	}
	for i := range sc.items[0].cols {
		if c := &sc.items[0].cols[i]; c.attr == k.Column {
			return c.expr, nil
		}
	}
	return nil, nil //nolint:nilnil // no such column
}
