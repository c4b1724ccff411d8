package catalog

import (
	"cmp"
	"slices"

	"github.com/vecdb/vecdb/sql/schema"
)

// list returns the objects of one kind that keep says, in order of OID.
func list[T any](c *Catalog, keep func(*T) bool) []*T {
	type entry struct {
		oid OID
		o   *T
	}
	var found []entry
	for o := range c.objects.values() {
		if t, ok := o.(*T); ok && keep(t) {
			oid, _, _ := OIDOf(o) // objects in the catalog are schema objects
			found = append(found, entry{oid, t})
		}
	}
	slices.SortFunc(found, func(a, b entry) int { return cmp.Compare(a.oid, b.oid) })
	out := make([]*T, len(found))
	for i, e := range found {
		out[i] = e.o
	}
	return out
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
func (c *Catalog) Len() int { return c.objects.count }
