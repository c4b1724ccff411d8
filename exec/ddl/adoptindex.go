package ddl

import (
	"context"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// adoptIndex is ADD CONSTRAINT ... USING INDEX: the index becomes the constraint's, and takes its name.
func (c *Context) adoptIndex(ctx context.Context, old *schema.Table, con *sql.Constraint) error {
	if con.Deferrable {
		return pgerr.Unsupported("DEFERRABLE on unique constraints")
	}
	rel, _ := c.catalog().Relation(old.Namespace, con.UsingIndex)
	x := rel.Index
	if x == nil {
		return pgerr.New(pgerrcode.UndefinedObject, "index %q does not exist", con.UsingIndex)
	}
	if err := adoptable(old, x); err != nil {
		return err
	}
	t, adopted := cloneTable(old), *x
	kind := byte('u')
	if con.Kind == sql.ConPrimary {
		if slices.ContainsFunc(t.Constraints, func(c schema.Constraint) bool { return c.Type == 'p' }) {
			return pgerr.New(pgerrcode.InvalidTableDefinition, "multiple primary keys for table %q are not allowed", t.Name)
		}
		kind = 'p'
	}
	if con.Name != "" && con.Name != x.Name {
		c.notice("ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index %q to %q", x.Name, con.Name)
		if _, err := c.freeName(t.Namespace, con.Name, false); err != nil {
			return err
		}
		adopted.Name = con.Name
	}
	if findConstraint(t, adopted.Name) >= 0 {
		return pgerr.New(pgerrcode.DuplicateObject, "constraint %q for relation %q already exists", adopted.Name, t.Name)
	}
	var nums []int16
	for _, k := range x.Keys {
		nums = append(nums, k.Column)
		if kind == 'p' && !t.Col(k.Column).NotNull {
			if err := c.checkNotNullRows(ctx, old, old.Col(k.Column)); err != nil {
				return err
			}
			t.Col(k.Column).NotNull = true
		}
	}
	adopted.Constraint, adopted.Primary = c.newOID(), kind == 'p'
	t.Constraints = append(t.Constraints,
		schema.Constraint{OID: adopted.Constraint, Name: adopted.Name, Type: kind, Columns: nums, Index: x.OID})
	if err := c.Txn.Put(t); err != nil {
		return err
	}
	return c.Txn.Put(&adopted)
}

// adoptable refuses indexes that no key constraint can have.
func adoptable(t *schema.Table, x *schema.Index) error {
	unfit := func(format string, args ...any) error {
		return pgerr.New(pgerrcode.WrongObjectType, format, args...).
			Detail("Cannot create a primary key or unique constraint using such an index.")
	}
	switch {
	case x.Constraint != 0:
		return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "index %q is already associated with a constraint", x.Name)
	case x.Table != t.OID:
		return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "index %q does not belong to table %q", x.Name, t.Name)
	case !x.Unique:
		return unfit("%q is not a unique index", x.Name)
	case slices.ContainsFunc(x.Keys, func(k schema.IndexKey) bool { return k.Column == 0 }):
		return unfit("index %q contains expressions", x.Name)
	case x.Where != "":
		return unfit("%q is a partial index", x.Name)
	}
	for i, k := range x.Keys {
		usual := fn.DefaultOpClass(x.Method, k.Type.OID)
		if k.Desc || k.NullsFirst || usual != nil && k.Opclass != "" && k.Opclass != usual.Name {
			return unfit("index %q column number %d does not have default sorting behavior", x.Name, i+1)
		}
	}
	return nil
}
