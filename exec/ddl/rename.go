package ddl

import (
	"context"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

func (c *Context) rename(ctx context.Context, n *sql.Rename) error {
	switch n.Kind {
	case sql.ObjSchema, sql.ObjDatabase, sql.ObjRole:
		return c.renameTop(n)
	}
	r, err := c.relation(n.Table)
	if err != nil {
		return err
	}
	if r == nil {
		if n.MissingOK {
			c.notice("relation %q does not exist, skipping", n.Table.Name)
			return nil
		}
		return noRelation(n.Table)
	}
	if r.Index != nil {
		return c.renameIndex(ctx, r.Index, n)
	}
	if err := c.mustOwn(r.Table.Owner, r.Table.DB, kindWords[r.Kind()], r.Table.Name); err != nil {
		return err
	}
	if err := c.lockTable(ctx, r.Table.OID); err != nil {
		return err
	}
	before := c.catalog()
	t := cloneTable(r.Table)
	switch n.Kind {
	case sql.ObjColumn:
		err = renameColumn(t, n)
	case sql.ObjConstraint:
		return c.renameConstraint(ctx, t, n)
	default:
		if _, taken := before.Relation(t.Namespace, n.New); taken {
			return duplicateObject(&schema.Table{Name: n.New})
		}
		t.Name = n.New
	}
	if err != nil {
		return err
	}
	return c.putRenamed(before, t)
}

func renameColumn(t *schema.Table, n *sql.Rename) error {
	col := t.Column(n.Old)
	if col == nil {
		return pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", n.Old)
	}
	if t.Column(n.New) != nil || systemColumns[n.New] {
		return pgerr.New(pgerrcode.DuplicateColumn, "column %q of relation %q already exists", n.New, t.Name)
	}
	col.Name = n.New
	return nil
}

func (c *Context) renameConstraint(_ context.Context, t *schema.Table, n *sql.Rename) error {
	i := findConstraint(t, n.Old)
	if i < 0 {
		return pgerr.New(pgerrcode.UndefinedObject, "constraint %q for table %q does not exist", n.Old, t.Name)
	}
	if findConstraint(t, n.New) >= 0 {
		return pgerr.New(pgerrcode.DuplicateObject, "constraint %q for relation %q already exists", n.New, t.Name)
	}
	t.Constraints[i].Name = n.New
	if err := c.Txn.Put(t); err != nil {
		return err
	}
	if x := c.catalog().Index(t.Constraints[i].Index); x != nil {
		y := *x
		y.Name = n.New
		return c.Txn.Put(&y)
	}
	return nil
}

func (c *Context) renameIndex(ctx context.Context, x *schema.Index, n *sql.Rename) error {
	if err := c.mustOwn(x.Owner, x.DB, "index", x.Name); err != nil {
		return err
	}
	if _, taken := c.catalog().Relation(x.Namespace, n.New); taken {
		return duplicateObject(&schema.Table{Name: n.New})
	}
	if x.Constraint != 0 {
		t := cloneTable(c.catalog().Table(x.Table))
		return c.renameConstraint(ctx, t, &sql.Rename{Old: x.Name, New: n.New})
	}
	y := *x
	y.Name = n.New
	return c.Txn.Put(&y)
}

// putRenamed puts an object under its new names and prints the stored texts of what depends on it anew:
// texts name objects, so they are bound with the catalog before the change and deparsed with the one
// after it.
func (c *Context) putRenamed(before *catalog.Catalog, t *schema.Table) error {
	deps := before.Dependents(t.OID)
	self, err := c.Binder.Rename(t)
	if err != nil {
		return err
	}
	if err := c.Txn.Put(self); err != nil {
		return err
	}
	done := []schema.OID{t.OID}
	for _, d := range deps {
		if slices.Contains(done, d.OID) {
			continue
		}
		done = append(done, d.OID)
		if err := c.renameIn(c.catalog().Object(d.OID)); err != nil {
			return err
		}
	}
	return nil
}

func (c *Context) renameIn(o any) error {
	switch o := o.(type) {
	case *schema.Table:
		n, err := c.Binder.Rename(o)
		if err != nil || n == o {
			return err
		}
		return c.Txn.Put(n)
	case *schema.Index:
		n, err := c.Binder.RenameIndex(o)
		if err != nil || n == o {
			return err
		}
		return c.Txn.Put(n)
	}
	return nil
}

// renameTop renames schemas, databases and roles.
func (c *Context) renameTop(n *sql.Rename) error {
	old := n.Table.Name
	switch n.Kind {
	case sql.ObjSchema:
		ns := c.catalog().Namespace(c.DB.OID, old)
		if ns == nil {
			return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", old)
		}
		if err := c.mustOwn(ns.Owner, ns.DB, "schema", old); err != nil {
			return err
		}
		before := c.catalog()
		m := *ns
		m.Name = n.New
		if err := c.Txn.Put(&m); err != nil {
			return err
		}
		return c.renameContents(before, ns.OID)
	case sql.ObjDatabase:
		d := c.catalog().DatabaseNamed(old)
		if d == nil {
			return pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", old)
		}
		if d.OID == c.DB.OID {
			return pgerr.New(pgerrcode.FeatureNotSupported, "current database cannot be renamed")
		}
		if err := c.mustOwn(d.Owner, 0, "database", old); err != nil {
			return err
		}
		m := *d
		m.Name = n.New
		return c.Txn.Put(&m)
	}
	r := c.catalog().RoleNamed(old)
	if r == nil {
		return pgerr.New(pgerrcode.UndefinedObject, "role %q does not exist", old)
	}
	if err := c.mayAdminister(); err != nil {
		return err
	}
	m := *r
	m.Name = n.New
	if err := c.Txn.Put(&m); err != nil {
		return err
	}
	return c.renameInACLs(old, n.New)
}

// renameContents reprints what depends on the relations of a renamed schema.
func (c *Context) renameContents(before *catalog.Catalog, ns schema.OID) error {
	for _, t := range before.TablesIn(ns) {
		for _, d := range before.Dependents(t.OID) {
			if err := c.renameIn(c.catalog().Object(d.OID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// alterSchema is ALTER ... SET SCHEMA.
func (c *Context) alterSchema(ctx context.Context, n *sql.AlterSchema) error {
	if n.Kind == sql.ObjExtension {
		return pgerr.Unsupported("ALTER EXTENSION SET SCHEMA")
	}
	r, err := c.relation(n.Table)
	if err != nil {
		return err
	}
	if r == nil {
		if n.MissingOK {
			c.notice("relation %q does not exist, skipping", n.Table.Name)
			return nil
		}
		return noRelation(n.Table)
	}
	if r.Table == nil {
		return pgerr.New(pgerrcode.WrongObjectType, "cannot change schema of index %q", r.Name())
	}
	ns := c.catalog().Namespace(c.DB.OID, n.New)
	if ns == nil {
		return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", n.New)
	}
	if err := c.mustOwn(r.Table.Owner, r.Table.DB, kindWords[r.Kind()], r.Table.Name); err != nil {
		return err
	}
	if err := c.mayCreateIn(ns, -1); err != nil {
		return err
	}
	if err := c.lockTable(ctx, r.Table.OID); err != nil {
		return err
	}
	return c.moveTable(r.Table, ns)
}

// moveTable puts a relation into another schema, with its indexes and the sequences that it owns.
func (c *Context) moveTable(old *schema.Table, ns *schema.Namespace) error {
	if s := old.Sequence; s != nil && s.OwnerTable != 0 {
		return pgerr.New(pgerrcode.FeatureNotSupported, "cannot move an owned sequence into another schema").
			Detail("Sequence %q is linked to table %q.", old.Name, c.catalog().Table(s.OwnerTable).Name)
	}
	if ns.OID == old.Namespace {
		return nil
	}
	before := c.catalog()
	if err := c.freeIn(ns, old.Name); err != nil {
		return err
	}
	t := cloneTable(old)
	t.Namespace = ns.OID
	for _, x := range before.IndexesOf(t.OID) {
		if err := c.freeIn(ns, x.Name); err != nil {
			return err
		}
		y := *x
		y.Namespace = ns.OID
		if err := c.Txn.Put(&y); err != nil {
			return err
		}
	}
	for _, s := range before.Tables(c.DB.OID) {
		if s.Sequence == nil || s.Sequence.OwnerTable != t.OID {
			continue
		}
		if err := c.freeIn(ns, s.Name); err != nil {
			return err
		}
		m := cloneTable(s)
		m.Namespace = ns.OID
		if err := c.Txn.Put(m); err != nil {
			return err
		}
	}
	return c.putRenamed(before, t)
}

// freeIn refuses to move a relation to where its name is taken.
func (c *Context) freeIn(ns *schema.Namespace, name string) error {
	if _, taken := c.catalog().Relation(ns.OID, name); taken {
		return pgerr.New(pgerrcode.DuplicateTable, "relation %q already exists in schema %q", name, ns.Name)
	}
	return nil
}

// ownTable is ALTER TABLE OWNER TO; the table's indexes and owned sequences follow.
func (c *Context) ownTable(t *schema.Table, to *sql.RoleName) error {
	role, err := c.role(to)
	if err != nil {
		return err
	}
	n := cloneTable(t)
	n.Owner = role.OID
	for _, x := range c.catalog().IndexesOf(t.OID) {
		y := *x
		y.Owner = role.OID
		if err := c.Txn.Put(&y); err != nil {
			return err
		}
	}
	for _, s := range c.catalog().Tables(c.DB.OID) {
		if s.Sequence != nil && s.Sequence.OwnerTable == t.OID {
			m := cloneTable(s)
			m.Owner = role.OID
			if err := c.Txn.Put(m); err != nil {
				return err
			}
		}
	}
	return c.Txn.Put(n)
}

// alterOwner is OWNER TO for objects that are not relations.
func (c *Context) alterOwner(n *sql.AlterOwner) error {
	role, err := c.role(n.Owner)
	if err != nil {
		return err
	}
	switch n.Kind {
	case sql.ObjSchema:
		ns := c.catalog().Namespace(c.DB.OID, n.Name)
		if ns == nil {
			return pgerr.New(pgerrcode.InvalidSchemaName, "schema %q does not exist", n.Name)
		}
		if err := c.mustOwn(ns.Owner, ns.DB, "schema", n.Name); err != nil {
			return err
		}
		m := *ns
		m.Owner = role.OID
		return c.Txn.Put(&m)
	case sql.ObjDatabase:
		d := c.catalog().DatabaseNamed(n.Name)
		if d == nil {
			return pgerr.New(pgerrcode.InvalidCatalogName, "database %q does not exist", n.Name)
		}
		if err := c.mustOwn(d.Owner, 0, "database", n.Name); err != nil {
			return err
		}
		m := *d
		m.Owner = role.OID
		if err := c.Txn.Put(&m); err != nil {
			return err
		}
		public := c.catalog().Namespace(d.OID, "public")
		if public == nil || public.Owner != d.Owner {
			return nil
		}
		p := *public // belongs to the database's owner
		p.Owner = role.OID
		return c.Txn.Put(&p)
	}
	return pgerr.Unsupported("ALTER %s OWNER TO", n.Kind)
}
