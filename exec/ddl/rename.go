package ddl

import (
	"context"
	"slices"
	"strings"

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
	r, err := c.existing(n.Table, n.MissingOK)
	if err != nil || r == nil {
		return err
	}
	if n.Kind == sql.ObjView || n.Kind == sql.ObjSequence {
		if err := isKind(*r, n.Kind); err != nil {
			return err
		}
	}
	if r.Index != nil {
		return c.renameIndex(r.Index, n)
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
		return c.renameConstraint(t, n.Old, n.New)
	default:
		if _, err := c.freeName(t.Namespace, n.New, false); err != nil {
			return err
		}
		t.Name = n.New
	}
	if err != nil {
		return err
	}
	return c.putRenamed(before, t)
}

func renameColumn(t *schema.Table, n *sql.Rename) error {
	if t.Kind == schema.KindSequence {
		return pgerr.New(pgerrcode.WrongObjectType, "cannot rename columns of relation %q", t.Name).Detail("%s", notFor(t.Kind))
	}
	col := t.Column(n.Old)
	switch {
	case systemColumns[n.Old]:
		return pgerr.New(pgerrcode.FeatureNotSupported, "cannot rename system column %q", n.Old)
	case col == nil:
		return pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", n.Old)
	case systemColumns[n.New]:
		return errSystemColumn(n.New)
	case t.Column(n.New) != nil:
		return pgerr.New(pgerrcode.DuplicateColumn, "column %q of relation %q already exists", n.New, t.Name)
	}
	col.Name = n.New
	return nil
}

// renameConstraint renames a constraint of a copied record, and the index of a key with it.
func (c *Context) renameConstraint(t *schema.Table, old, now string) error {
	i := findConstraint(t, old)
	if i < 0 {
		return pgerr.New(pgerrcode.UndefinedObject, "constraint %q for table %q does not exist", old, t.Name)
	}
	x := c.catalog().Index(t.Constraints[i].Index)
	if findConstraint(t, now) >= 0 && (x == nil || old == now) {
		return pgerr.New(pgerrcode.DuplicateObject, "constraint %q for relation %q already exists", now, t.Name)
	}
	if x == nil {
		t.Constraints[i].Name = now
		return c.Txn.Put(t)
	}
	if _, err := c.freeName(x.Namespace, now, false); err != nil {
		return err
	}
	if findConstraint(t, now) >= 0 {
		return pgerr.New(pgerrcode.DuplicateObject, "constraint %q for relation %q already exists", now, t.Name)
	}
	t.Constraints[i].Name = now
	if err := c.Txn.Put(t); err != nil {
		return err
	}
	y := *x
	y.Name = now
	return c.Txn.Put(&y)
}

// renameIndex renames an index or one of its columns.
func (c *Context) renameIndex(x *schema.Index, n *sql.Rename) error {
	if err := c.mustOwn(x.Owner, x.DB, "index", x.Name); err != nil {
		return err
	}
	if n.Kind == sql.ObjColumn {
		return c.renameKey(x, n)
	}
	if _, err := c.freeName(x.Namespace, n.New, false); err != nil {
		return err
	}
	if x.Constraint != 0 {
		return c.renameConstraint(cloneTable(c.catalog().Table(x.Table)), x.Name, n.New)
	}
	y := *x
	y.Name = n.New
	return c.Txn.Put(&y)
}

// renameKey gives a key of an index a name of its own.
func (c *Context) renameKey(x *schema.Index, n *sql.Rename) error {
	t := c.catalog().Table(x.Table)
	named := func(name string) int {
		return slices.IndexFunc(x.Keys, func(k schema.IndexKey) bool { return keyName(t, k) == name })
	}
	i := named(n.Old)
	if i < 0 {
		return pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", n.Old)
	}
	if named(n.New) >= 0 {
		return pgerr.New(pgerrcode.DuplicateColumn, "column %q of relation %q already exists", n.New, x.Name)
	}
	y := *x
	y.Keys = slices.Clone(x.Keys)
	y.Keys[i].Name = n.New
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
	return c.renameIn(deps, t.OID)
}

// renameIn reprints the objects that have dependencies, each once, but for the one that was put already.
func (c *Context) renameIn(deps []catalog.Dependent, put schema.OID) error {
	done := map[schema.OID]bool{put: true}
	for _, d := range deps {
		if done[d.OID] {
			continue
		}
		done[d.OID] = true
		if err := c.reprint(c.catalog().Object(d.OID)); err != nil {
			return err
		}
	}
	return nil
}

// reprintViews prints the views over a relation anew that have USING: the relation has got a column whose name may be
// that of others there.
func (c *Context) reprintViews(oid schema.OID) error {
	var views []catalog.Dependent
	for _, d := range c.catalog().Dependents(oid) {
		if v, ok := c.catalog().Object(d.OID).(*schema.Table); ok && v.Kind == schema.KindView && strings.Contains(v.View, " USING (") {
			views = append(views, d)
		}
	}
	return c.renameIn(views, oid)
}

// reprint prints the stored texts of an object with the names that are in force.
func (c *Context) reprint(o any) error {
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
		if err := checkSchemaName(n.New); err != nil {
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
	if err := c.mayRename(r); err != nil {
		return err
	}
	if err := checkRoleName(n.New); err != nil {
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
	var deps []catalog.Dependent
	for _, t := range before.TablesIn(ns) {
		deps = append(deps, before.Dependents(t.OID)...)
	}
	return c.renameIn(deps, 0)
}

// alterSchema is ALTER ... SET SCHEMA.
func (c *Context) alterSchema(ctx context.Context, n *sql.AlterSchema) error {
	if n.Kind == sql.ObjExtension {
		return pgerr.Unsupported("ALTER EXTENSION SET SCHEMA")
	}
	r, err := c.existing(n.Table, n.MissingOK)
	if err != nil || r == nil {
		return err
	}
	if err := isKind(*r, n.Kind); err != nil {
		return err
	}
	if r.Table == nil {
		return pgerr.New(pgerrcode.WrongObjectType, "cannot change schema of index %q", r.Name()).
			Hint("Change the schema of the table instead.")
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
	if from := c.catalog().NamespaceByOID(old.Namespace); ns.Temp || from != nil && from.Temp {
		return pgerr.New(pgerrcode.FeatureNotSupported, "cannot move objects into or out of temporary schemas")
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

// ownTable is ALTER TABLE OWNER TO.
func (c *Context) ownTable(t *schema.Table, to *sql.RoleName) error {
	role, err := c.role(to)
	if err != nil {
		return err
	}
	if err := c.mayGive(role); err != nil {
		return err
	}
	return c.giveTable(t, role)
}

// giveTable makes a role the owner of a table; the table's indexes and owned sequences follow.
func (c *Context) giveTable(t *schema.Table, role *schema.Role) error {
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
		if err := c.mayGive(role); err != nil {
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
		if err := c.mayGive(role); err != nil {
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
