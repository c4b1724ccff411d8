package catalog

import (
	"cmp"
	"slices"

	"github.com/vecdb/vecdb/sql/schema"
)

// list returns the objects of one class that keep says, in order of OID.
func list[T any](c *Catalog, keep func(*T) bool) []*T {
	out := []*T{}
	for _, o := range c.sorted(classOf((*T)(nil))) {
		if t := o.(*T); keep(t) {
			out = append(out, t)
		}
	}
	return out
}

// sorted returns the objects of a class in order of OID. They are sorted once for each state of the catalog.
func (c *Catalog) sorted(k class) []any {
	if c.lists != nil {
		if l := c.lists[k].Load(); l != nil {
			return *l
		}
	}
	l := make([]any, 0, c.objects[k].count)
	for o := range c.objects[k].values() {
		l = append(l, o)
	}
	slices.SortFunc(l, func(a, b any) int { return cmp.Compare(oidOf(a), oidOf(b)) })
	if c.lists != nil {
		c.lists[k].Store(&l)
	}
	return l
}

// oidOf is the OID of an object of the catalog.
func oidOf(o any) OID {
	oid, _, _ := OIDOf(o) // what is in the catalog is a schema object
	return oid
}

// Databases returns all databases in order of OID, as every list here.
func (c *Catalog) Databases() []*schema.Database {
	return list(c, func(*schema.Database) bool { return true })
}

// Roles returns all roles.
func (c *Catalog) Roles() []*schema.Role {
	return list(c, func(*schema.Role) bool { return true })
}

// Namespaces returns the namespaces of a database and those that all databases share; of all
// databases for db 0.
func (c *Catalog) Namespaces(db OID) []*schema.Namespace {
	return list(c, func(n *schema.Namespace) bool { return db == 0 || n.DB == db || n.DB == 0 })
}

// Tables returns the tables, views and sequences of a database, or of all for db 0.
func (c *Catalog) Tables(db OID) []*schema.Table {
	return list(c, func(t *schema.Table) bool { return db == 0 || t.DB == db })
}

// TablesIn returns the tables, views and sequences of a namespace.
func (c *Catalog) TablesIn(namespace OID) []*schema.Table {
	return list(c, func(t *schema.Table) bool { return t.Namespace == namespace })
}

// Indexes returns the indexes of a database, or of all for db 0.
func (c *Catalog) Indexes(db OID) []*schema.Index {
	return list(c, func(i *schema.Index) bool { return db == 0 || i.DB == db })
}

// Extensions returns the extensions of a database.
func (c *Catalog) Extensions(db OID) []*schema.Extension {
	return list(c, func(e *schema.Extension) bool { return e.DB == db })
}

// Len is the number of objects.
func (c *Catalog) Len() int {
	n := 0
	for k := range c.objects {
		n += c.objects[k].count
	}
	return n
}
