package bind

import (
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// targetScan is the scan of the table that UPDATE and DELETE change, with the row ids.
func (b *binder) targetScan(rel *cat.Relation, t *sql.TableName) (*Scan, *item, eval.ColID, error) {
	scan := b.scan(rel, rel.Table.Name)
	it := newItem(rel.Table.Name, scan.Cols)
	it.rel, it.scan, it.target = rel, scan, true
	if err := it.rename(t.Alias); err != nil {
		return nil, nil, 0, err
	}
	scan.Alias = it.name
	id := scan.column(b, AttrRowID, "rowid", types.Of(types.Int8OID))
	return scan, it, id, nil
}

// joined adds the tables of FROM or USING to the target's scan.
func (b *binder) joined(sc *scope, scan *Scan, it *item, list []sql.TableExpr) (Rel, error) {
	sc.make(it)
	if len(list) == 0 {
		sc.items = []*item{it}
		return scan, nil
	}
	inner := &scope{parent: sc.parent, ctes: sc.ctes, made: sc.made, barred: []*item{it}}
	rest, err := b.bindFrom(inner, list)
	if err != nil {
		return nil, err
	}
	if err := uniqueNames([]*item{it}, inner.items); err != nil {
		return nil, err
	}
	sc.absorb(inner)
	sc.items = append([]*item{it}, inner.items...)
	return &Join{Kind: Inner, Left: scan, Right: rest}, nil
}

func (b *binder) bindUpdate(s *sql.Update, parent *scope) (Stmt, error) {
	sc, ctes, err := b.dmlScope(parent, s.With)
	if err != nil {
		return nil, err
	}
	rel, err := b.targetTable(s.Table, "update", "UPDATE")
	if err != nil {
		return nil, err
	}
	scan, it, rowID, err := b.targetScan(rel, s.Table)
	if err != nil {
		return nil, err
	}
	live := len(scan.Cols) - 1
	out := &Update{Rel: rel, RowID: rowID, Old: append([]eval.Column(nil), scan.Cols[:live]...)}
	if out.Source, err = b.joined(sc, scan, it, s.From); err != nil {
		return nil, err
	}
	if out.Source, err = b.where(sc, out.Source, s.Where); err != nil {
		return nil, err
	}
	if ctes != nil {
		out.Source = &With{CTEs: ctes, Input: out.Source}
	}
	if out.Set, err = b.assignments(sc, rel, s.Set); err != nil {
		return nil, err
	}
	if it.read {
		if err := b.needPrivilege(rel, "SELECT"); err != nil {
			return nil, err
		}
	}
	if out.NewExprs, err = b.updatedRow(rel, out.Set, it); err != nil {
		return nil, err
	}
	out.Set = withoutDefaults(out.Set)
	for _, c := range out.Old {
		c.ID = b.newID()
		out.New = append(out.New, c)
	}
	if out.Checks, err = b.checks(rel, out.New); err != nil {
		return nil, err
	}
	ret := *sc
	ret.items = append([]*item{b.newRowItem(rel, s.Table, out.New)}, sc.items[1:]...)
	out.Return, out.ReturnCols, err = b.returning(&ret, s.Returning, rel)
	return out, err
}

// withoutDefaults drops SET generated = DEFAULT, which says nothing.
func withoutDefaults(set []Assign) []Assign {
	out := set[:0]
	for _, a := range set {
		if a.Expr != nil {
			out = append(out, a)
		}
	}
	return out
}

func (b *binder) bindDelete(s *sql.Delete, parent *scope) (Stmt, error) {
	sc, ctes, err := b.dmlScope(parent, s.With)
	if err != nil {
		return nil, err
	}
	rel, err := b.targetTable(s.Table, "delete from", "DELETE")
	if err != nil {
		return nil, err
	}
	scan, it, rowID, err := b.targetScan(rel, s.Table)
	if err != nil {
		return nil, err
	}
	live := len(scan.Cols) - 1
	out := &Delete{Rel: rel, RowID: rowID, Old: append([]eval.Column(nil), scan.Cols[:live]...)}
	if out.Source, err = b.joined(sc, scan, it, s.Using); err != nil {
		return nil, err
	}
	if out.Source, err = b.where(sc, out.Source, s.Where); err != nil {
		return nil, err
	}
	if ctes != nil {
		out.Source = &With{CTEs: ctes, Input: out.Source}
	}
	if it.read {
		if err := b.needPrivilege(rel, "SELECT"); err != nil {
			return nil, err
		}
	}
	out.Return, out.ReturnCols, err = b.returning(sc, s.Returning, rel)
	return out, err
}
