package catalog

import (
	"sync/atomic"

	"github.com/vecdb/vecdb/sql/schema"
)

// OID identifies an object in the whole store.
type OID = schema.OID

// Catalog is an immutable snapshot of all schema objects. The zero value is empty and usable.
type Catalog struct {
	version uint64

	objects   [classes]pmap[OID, any]    // by class: *schema.Database, Role, Namespace, Table, Index, Extension
	names     pmap[name, OID]            // the names of objects that have unique ones
	indexes   pmap[OID, []*schema.Index] // of a table
	parts     pmap[OID, OID]             // row types and constraints: their tables
	referrers pmap[OID, []OID]           // of a table: those whose foreign keys point at it, and its sequences
	stats     pmap[OID, *Stats]

	lists *[classes]atomic.Pointer[[]any] // the objects of each class in order of OID, once somebody has asked
}

// class divides objects by their types.
type class uint8

const (
	classDatabase class = iota
	classRole
	classNamespace
	classTable
	classIndex
	classExtension
	classes
)

// classOf is the class of a schema object; classes for any other value.
func classOf(object any) class {
	switch object.(type) {
	case *schema.Database:
		return classDatabase
	case *schema.Role:
		return classRole
	case *schema.Namespace:
		return classNamespace
	case *schema.Table:
		return classTable
	case *schema.Index:
		return classIndex
	case *schema.Extension:
		return classExtension
	}
	return classes
}

// name is the key under which an object is unique.
type name struct {
	kind  nameKind
	scope OID // database of a namespace or extension, namespace of a relation, 0
	name  string
}

type nameKind uint8

const (
	nameDatabase nameKind = iota + 1
	nameRole
	nameNamespace
	nameRelation // tables, views, sequences and indexes share one name space, as in pg_class
	nameExtension
)

// Version changes with each committed change of the catalog: a plan made at one version is good at
// the same version.
func (c *Catalog) Version() uint64 { return c.version }

// Object returns the object numbered oid, or nil.
func (c *Catalog) Object(oid OID) any {
	for k := range c.objects {
		if o, ok := c.objects[k].get(oid); ok {
			return o
		}
	}
	return nil
}

func get[T any](c *Catalog, oid OID) *T {
	o, _ := c.objects[classOf((*T)(nil))].get(oid)
	t, _ := o.(*T)
	return t
}

func named[T any](c *Catalog, kind nameKind, scope OID, s string) *T {
	oid, ok := c.names.get(name{kind, scope, s})
	if !ok {
		return nil
	}
	return get[T](c, oid)
}

// Database returns the database numbered oid, or nil.
func (c *Catalog) Database(oid OID) *schema.Database { return get[schema.Database](c, oid) }

// DatabaseNamed returns the database of that name, or nil.
func (c *Catalog) DatabaseNamed(s string) *schema.Database {
	return named[schema.Database](c, nameDatabase, 0, s)
}

// Role returns the role numbered oid, or nil.
func (c *Catalog) Role(oid OID) *schema.Role { return get[schema.Role](c, oid) }

// RoleNamed returns the role of that name, or nil.
func (c *Catalog) RoleNamed(s string) *schema.Role { return named[schema.Role](c, nameRole, 0, s) }

// Namespace returns the namespace of that name in the database, or nil. Namespaces that all
// databases share (pg_catalog, information_schema) are found in each.
func (c *Catalog) Namespace(db OID, s string) *schema.Namespace {
	if n := named[schema.Namespace](c, nameNamespace, db, s); n != nil {
		return n
	}
	return named[schema.Namespace](c, nameNamespace, 0, s)
}

// NamespaceName is the name of the schema that a relation is in, "" when it is gone.
func (c *Catalog) NamespaceName(t *schema.Table) string {
	if ns := c.NamespaceByOID(t.Namespace); ns != nil {
		return ns.Name
	}
	return ""
}

// NamespaceByOID returns the namespace numbered oid, or nil.
func (c *Catalog) NamespaceByOID(oid OID) *schema.Namespace { return get[schema.Namespace](c, oid) }

// Relation returns the table, view, sequence or index of that name in the namespace.
func (c *Catalog) Relation(namespace OID, s string) (Relation, bool) {
	oid, ok := c.names.get(name{nameRelation, namespace, s})
	if !ok {
		return Relation{}, false
	}
	return c.RelationByOID(oid)
}

// Has says whether the namespace has a relation of that name.
func (c *Catalog) Has(namespace OID, s string) bool {
	_, ok := c.names.get(name{nameRelation, namespace, s})
	return ok
}

// RelationByOID returns the table, view, sequence or index numbered oid.
func (c *Catalog) RelationByOID(oid OID) (Relation, bool) {
	switch o := c.Object(oid).(type) {
	case *schema.Table:
		return Relation{Table: o}, true
	case *schema.Index:
		return Relation{Index: o}, true
	}
	return Relation{}, false
}

// Table returns the table, view or sequence numbered oid, or nil.
func (c *Catalog) Table(oid OID) *schema.Table { return get[schema.Table](c, oid) }

// Index returns the index numbered oid, or nil.
func (c *Catalog) Index(oid OID) *schema.Index { return get[schema.Index](c, oid) }

// IndexesOf returns the indexes of a table in order of their OIDs. The caller must not change it.
func (c *Catalog) IndexesOf(table OID) []*schema.Index {
	l, _ := c.indexes.get(table)
	return l
}

// TableOfPart returns the table that a row type, its array type or a constraint belongs to, or nil.
func (c *Catalog) TableOfPart(oid OID) *schema.Table {
	table, _ := c.parts.get(oid)
	return c.Table(table)
}

// Referrers returns the tables whose foreign keys point at a table, and the sequences that its columns own, in order of
// their OIDs.
func (c *Catalog) Referrers(table OID) []*schema.Table {
	oids, _ := c.referrers.get(table)
	out := make([]*schema.Table, len(oids))
	for i, o := range oids {
		out[i] = c.Table(o)
	}
	return out
}

// Extension returns the extension of that name in the database, or nil.
func (c *Catalog) Extension(db OID, s string) *schema.Extension {
	return named[schema.Extension](c, nameExtension, db, s)
}

// Stats returns the statistics of a table, or nil.
func (c *Catalog) Stats(table OID) *Stats {
	s, _ := c.stats.get(table)
	return s
}

// Relation is a row of pg_class: one of its fields is set.
type Relation struct {
	Table *schema.Table
	Index *schema.Index
}

// OID is the relation's number.
func (r Relation) OID() OID {
	if r.Index != nil {
		return r.Index.OID
	}
	return r.Table.OID
}

// Name is the relation's name.
func (r Relation) Name() string {
	if r.Index != nil {
		return r.Index.Name
	}
	return r.Table.Name
}

// Namespace is the relation's namespace.
func (r Relation) Namespace() OID {
	if r.Index != nil {
		return r.Index.Namespace
	}
	return r.Table.Namespace
}

// Kind is pg_class.relkind.
func (r Relation) Kind() byte {
	if r.Index != nil {
		return schema.KindIndex
	}
	return r.Table.Kind
}
