package ddl

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

func (c *Context) createView(ctx context.Context, n *sql.CreateView) error {
	ns, err := c.createIn(n.View)
	if err != nil {
		return err
	}
	if n.Check != 0 {
		return pgerr.Unsupported("WITH CHECK OPTION")
	}
	text, cols, deps, err := c.Binder.View(n.Query, n.Cols)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i := range cols {
		if seen[cols[i].Name] {
			return pgerr.New(pgerrcode.DuplicateColumn, "column %q specified more than once", cols[i].Name)
		}
		seen[cols[i].Name] = true
		cols[i].Num = int16(i + 1)
	}
	if old, taken := c.catalog().Relation(ns, n.View.Name); taken {
		if !n.Replace {
			return duplicateObject(&schema.Table{Name: n.View.Name})
		}
		if old.Kind() != schema.KindView {
			return pgerr.New(pgerrcode.WrongObjectType, "%q is not a view", n.View.Name)
		}
		return c.replaceView(ctx, old.Table, text, cols, deps)
	}
	v := c.newTable(ns, n.View.Name, schema.KindView)
	v.View, v.Columns, v.Deps = text, cols, deps
	return c.Txn.Put(v)
}

// replaceView keeps the old columns, in order; new ones may only follow.
func (c *Context) replaceView(ctx context.Context, old *schema.Table, text string, cols []schema.Column, deps []schema.Dep) error {
	if err := c.mustOwn(old.Owner, old.DB, "view", old.Name); err != nil {
		return err
	}
	if len(cols) < len(old.Columns) {
		return pgerr.New(pgerrcode.InvalidTableDefinition, "cannot drop columns from view")
	}
	for i, o := range old.Columns {
		if cols[i].Name != o.Name {
			return pgerr.New(pgerrcode.InvalidTableDefinition, "cannot change name of view column %q to %q", o.Name, cols[i].Name).
				Hint("Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.")
		}
		if cols[i].Type != o.Type {
			return pgerr.New(pgerrcode.InvalidTableDefinition, "cannot change data type of view column %q from %s to %s",
				o.Name, types.FormatType(o.Type), types.FormatType(cols[i].Type))
		}
	}
	for _, d := range deps {
		if d.OID == old.OID {
			return pgerr.New(pgerrcode.InvalidObjectDefinition, "infinite recursion detected in rules for relation %q", old.Name)
		}
	}
	if err := c.lockTable(ctx, old.OID); err != nil {
		return err
	}
	v := cloneTable(old)
	v.View, v.Columns, v.Deps = text, cols, deps
	return c.Txn.Put(v)
}
