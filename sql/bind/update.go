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

// changed is the table that UPDATE or DELETE changes, with the rows of it that the statement is about.
type changed struct {
	sc     *scope
	rel    *cat.Relation
	item   *item
	rowID  eval.ColID
	old    []eval.Column
	source Rel
}

// bindChanged binds what comes before the new values: an UPDATE finds its rows as a DELETE does.
func (b *binder) bindChanged(s *sql.Delete, parent *scope, verb, privilege string) (*changed, error) {
	sc, ctes, err := b.dmlScope(parent, s.With)
	if err != nil {
		return nil, err
	}
	rel, err := b.targetTable(s.Table, verb, privilege)
	if err != nil {
		return nil, err
	}
	scan, it, rowID, err := b.targetScan(rel, s.Table)
	if err != nil {
		return nil, err
	}
	live := len(scan.Cols) - 1
	out := &changed{sc: sc, rel: rel, item: it, rowID: rowID, old: append([]eval.Column(nil), scan.Cols[:live]...)}
	if out.source, err = b.joined(sc, scan, it, s.Using); err != nil {
		return nil, err
	}
	if out.source, err = b.where(sc, out.source, s.Where); err != nil {
		return nil, err
	}
	if ctes != nil {
		out.source = &With{CTEs: ctes, Input: out.source}
	}
	return out, nil
}

// mayRead checks the privilege to read the table, if the statement does.
func (c *changed) mayRead(b *binder) error {
	if !c.item.read {
		return nil
	}
	return b.needPrivilege(c.rel, "SELECT")
}

func (b *binder) bindUpdate(s *sql.Update, parent *scope) (Stmt, error) {
	rows := &sql.Delete{With: s.With, Table: s.Table, Using: s.From, Where: s.Where}
	c, err := b.bindChanged(rows, parent, "update", "UPDATE")
	if err != nil {
		return nil, err
	}
	out := &Update{Rel: c.rel, RowID: c.rowID, Old: c.old, Source: c.source}
	if out.Set, err = b.assignments(c.sc, c.rel, s.Set); err != nil {
		return nil, err
	}
	if err := c.mayRead(b); err != nil {
		return nil, err
	}
	if out.NewExprs, err = b.updatedRow(c.rel, out.Set, c.item); err != nil {
		return nil, err
	}
	out.Set = withoutDefaults(out.Set)
	for _, col := range out.Old {
		col.ID = b.newID()
		out.New = append(out.New, col)
	}
	if out.Checks, err = b.checks(c.rel, out.New); err != nil {
		return nil, err
	}
	row := b.newRowItem(c.rel, s.Table, out.New)
	row.written = true
	ret := *c.sc
	ret.items = append([]*item{row}, c.sc.items[1:]...)
	out.Return, out.ReturnCols, err = b.returning(&ret, s.Returning, c.rel)
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
	c, err := b.bindChanged(s, parent, "delete from", "DELETE")
	if err != nil {
		return nil, err
	}
	if err := c.mayRead(b); err != nil {
		return nil, err
	}
	out := &Delete{Rel: c.rel, RowID: c.rowID, Old: c.old, Source: c.source}
	out.Return, out.ReturnCols, err = b.returning(c.sc, s.Returning, c.rel)
	return out, err
}
