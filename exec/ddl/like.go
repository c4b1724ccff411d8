package ddl

import (
	"context"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// addLike copies the columns of another table, and what INCLUDING names of it: LIKE t INCLUDING ...
func (c *Context) addLike(p *tablePlan, like sql.TableLike) error {
	r, err := c.relation(like.Table)
	if err != nil {
		return err
	}
	if r == nil {
		return noRelation(like.Table)
	}
	if k := r.Kind(); k != schema.KindTable && k != schema.KindView {
		return pgerr.New(pgerrcode.WrongObjectType, "relation %q is invalid in LIKE clause", r.Name()).Detail("%s", notFor(k))
	}
	for _, col := range r.Table.Live() {
		if err := c.addLikeColumn(p, like, col); err != nil {
			return err
		}
	}
	if like.Generated {
		copyGenerated(p.table, r.Table)
	}
	if like.Constraints {
		c.copyChecks(p, r.Table, like.Comments)
	}
	if like.Indexes {
		c.copyIndexes(p, r.Table, like.Comments)
	}
	return nil
}

func (c *Context) addLikeColumn(p *tablePlan, like sql.TableLike, col *schema.Column) error {
	n := schema.Column{
		Num: int16(len(p.table.Columns) + 1), Name: col.Name, Type: col.Type, NotNull: col.NotNull, Collation: col.Collation,
	}
	if p.table.Column(n.Name) != nil {
		return pgerr.New(pgerrcode.DuplicateColumn, "column %q specified more than once", n.Name)
	}
	if like.Defaults && col.Identity == 0 && col.Generated == "" {
		n.Default, n.Deps = col.Default, col.Deps
	}
	if like.Generated {
		n.Generated = col.Generated
	}
	if like.Comments {
		n.Comment = col.Comment
	}
	if like.Identity && col.Identity != 0 {
		n.Identity = col.Identity
		if err := c.addOwnedSequence(p, &n, nil); err != nil {
			return err
		}
		c.copySequence(p.sequences[len(p.sequences)-1], col.Sequence)
	}
	p.table.Columns = append(p.table.Columns, n)
	return nil
}

// copySequence gives a new sequence the options of another.
func (c *Context) copySequence(to *schema.Table, from schema.OID) {
	if s := c.catalog().Table(from); s != nil {
		seq := *s.Sequence
		seq.OwnerTable, seq.OwnerColumn, seq.Values = to.Sequence.OwnerTable, to.Sequence.OwnerColumn, 0
		to.Sequence = &seq
	}
}

// copyGenerated lets the generated columns of a copy depend on the copy's columns.
func copyGenerated(to, from *schema.Table) {
	for _, col := range from.Live() {
		if col.Generated != "" {
			n := to.Column(col.Name)
			n.Deps = copyDeps(to, from, col.Deps)
		}
	}
}

// copyDeps are dependencies in which the copy stands for the table that it was made of.
func copyDeps(to, from *schema.Table, deps []schema.Dep) []schema.Dep {
	out := slices.Clone(deps)
	for i, d := range out {
		if d.OID == from.OID {
			out[i].OID = to.OID
			if d.Column != 0 {
				out[i].Column = to.Column(from.Col(d.Column).Name).Num
			}
		}
	}
	return out
}

// copyChecks copies check constraints.
func (c *Context) copyChecks(p *tablePlan, from *schema.Table, comments bool) {
	for _, con := range from.Constraints {
		if con.Type == 'c' {
			con.OID = c.newOID()
			con.Columns = mapColumns(p.table, from, con.Columns)
			if !comments {
				con.Comment = ""
			}
			p.table.Constraints = append(p.table.Constraints, con)
		}
	}
}

// copyIndexes plans copies of keys and indexes.
func (c *Context) copyIndexes(p *tablePlan, from *schema.Table, comments bool) {
	for _, x := range c.catalog().IndexesOf(from.OID) {
		n := *x
		n.Keys = slices.Clone(x.Keys)
		for i, k := range n.Keys {
			if k.Column != 0 {
				n.Keys[i].Column = p.table.Column(from.Col(k.Column).Name).Num
			}
		}
		n.Include = mapColumns(p.table, from, x.Include)
		n.Deps = copyDeps(p.table, from, x.Deps)
		if !comments {
			n.Comment = ""
		}
		p.indexes = append(p.indexes, &n)
		if x.Primary {
			for _, k := range n.Keys {
				p.table.Col(k.Column).NotNull = true
			}
		}
	}
}

// addCopy makes the copy of an index, and of the constraint that it holds, under names that are free.
func (c *Context) addCopy(ctx context.Context, table schema.OID, x *schema.Index) error {
	t := cloneTable(c.catalog().Table(table))
	middle, label := indexColumnsText(t, x), "idx"
	switch {
	case x.Primary:
		middle, label = "", "pkey"
	case x.Constraint != 0:
		label = "key"
	}
	x.OID, x.DB, x.Namespace, x.Table, x.Owner = c.newOID(), t.DB, t.Namespace, t.OID, t.Owner
	x.Name = c.chooseName(t.Namespace, t.Name, middle, label, nil)
	if x.Constraint != 0 {
		x.Constraint = c.newOID()
		con := schema.Constraint{OID: x.Constraint, Name: x.Name, Type: 'u', Index: x.OID}
		if x.Primary {
			con.Type = 'p'
		}
		for _, k := range x.Keys {
			con.Columns = append(con.Columns, k.Column)
		}
		t.Constraints = append(t.Constraints, con)
		if err := c.Txn.Put(t); err != nil {
			return err
		}
	}
	return c.buildIndex(ctx, x, false)
}

func mapColumns(to, from *schema.Table, nums []int16) []int16 {
	out := make([]int16, 0, len(nums))
	for _, n := range nums {
		if col := to.Column(from.Col(n).Name); col != nil {
			out = append(out, col.Num)
		}
	}
	return out
}
