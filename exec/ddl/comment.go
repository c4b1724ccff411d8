package ddl

import (
	"context"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
)

// comment is COMMENT ON.
func (c *Context) comment(_ context.Context, n *sql.Comment) error {
	text := n.Text
	if n.Null {
		text = ""
	}
	switch n.Kind {
	case sql.ObjSchema, sql.ObjDatabase, sql.ObjRole, sql.ObjExtension:
		return c.commentTop(n, text)
	}
	r, err := c.relation(n.Table)
	if err != nil {
		return err
	}
	if r == nil {
		return noRelation(n.Table)
	}
	if k := r.Kind(); n.Kind == sql.ObjColumn && k != schema.KindTable && k != schema.KindView {
		return pgerr.New(pgerrcode.WrongObjectType, "cannot set comment on relation %q", r.Name()).Detail("%s", notFor(k))
	}
	if word := kindWords[r.Kind()]; n.Kind != sql.ObjColumn && n.Kind != sql.ObjConstraint && sqlWord(n.Kind) != word {
		return pgerr.New(pgerrcode.WrongObjectType, "%q is not %s %s", r.Name(), article(sqlWord(n.Kind)), sqlWord(n.Kind))
	}
	if r.Index != nil {
		if err := c.mustOwn(r.Index.Owner, r.Index.DB, "index", r.Index.Name); err != nil {
			return err
		}
		x := *r.Index
		x.Comment = text
		return c.Txn.Put(&x)
	}
	if err := c.mustOwn(r.Table.Owner, r.Table.DB, kindWords[r.Kind()], r.Table.Name); err != nil {
		return err
	}
	t := cloneTable(r.Table)
	switch n.Kind {
	case sql.ObjColumn:
		col := t.Column(n.Column)
		if col == nil {
			shown := t.Name
			if n.Table.Schema != "" {
				shown = n.Table.Schema + "." + shown
			}
			return pgerr.New(pgerrcode.UndefinedColumn, "column %q of relation %q does not exist", n.Column, shown)
		}
		col.Comment = text
	case sql.ObjConstraint:
		i := findConstraint(t, n.Column)
		if i < 0 {
			return pgerr.New(pgerrcode.UndefinedObject, "constraint %q for table %q does not exist", n.Column, t.Name)
		}
		t.Constraints[i].Comment = text
	default:
		t.Comment = text
	}
	return c.Txn.Put(t)
}

func sqlWord(k sql.ObjectKind) string {
	for kind, word := range map[sql.ObjectKind]string{
		sql.ObjTable: "table", sql.ObjView: "view", sql.ObjSequence: "sequence", sql.ObjIndex: "index",
	} {
		if kind == k {
			return word
		}
	}
	return "relation"
}

func (c *Context) commentTop(n *sql.Comment, text string) error {
	name := n.Table.Name
	switch n.Kind {
	case sql.ObjSchema:
		if ns := c.catalog().Namespace(c.DB.OID, name); ns != nil {
			m := *ns
			m.Comment = text
			return c.owned(ns.Owner, ns.DB, "schema", name, &m)
		}
		return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", name)
	case sql.ObjDatabase:
		if d := c.catalog().DatabaseNamed(name); d != nil {
			m := *d
			m.Comment = text
			return c.owned(d.Owner, 0, "database", name, &m)
		}
		return pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", name)
	case sql.ObjRole:
		if r := c.catalog().RoleNamed(name); r != nil {
			m := *r
			m.Comment = text
			return c.owned(r.OID, 0, "role", name, &m)
		}
		return pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", name)
	}
	return pgerr.Unsupported("COMMENT ON %s", n.Kind)
}

// owned puts a changed object when the current role may change it.
func (c *Context) owned(owner, db schema.OID, kind, name string, object any) error {
	if err := c.mustOwn(owner, db, kind, name); err != nil {
		return err
	}
	return c.Txn.Put(object)
}
