package catalog

import (
	"errors"
	"fmt"
	"slices"

	"github.com/vecdb/vecdb/sql/schema"
)

// ErrUnknownObject is returned for a value that is no schema object.
var ErrUnknownObject = errors.New("not a schema object")

// DuplicateError says that another object already has the name.
type DuplicateError struct {
	Name     string
	Existing OID
}

// Error implements error.
func (e *DuplicateError) Error() string {
	return fmt.Sprintf("name %q is taken by object %d", e.Name, e.Existing)
}

// Change is one step from a catalog to the next: Object is put, or dropped.
type Change struct {
	Object any
	Drop   bool
}

// OIDOf returns the OID and the database (0 for store-wide objects) of a schema object.
func OIDOf(object any) (oid, db OID, err error) {
	switch o := object.(type) {
	case *schema.Database:
		return o.OID, 0, nil
	case *schema.Role:
		return o.OID, 0, nil
	case *schema.Namespace:
		return o.OID, o.DB, nil
	case *schema.Table:
		return o.OID, o.DB, nil
	case *schema.Index:
		return o.OID, o.DB, nil
	case *schema.Extension:
		return o.OID, o.DB, nil
	case *Stats:
		return o.Table, 0, nil
	}
	return 0, 0, fmt.Errorf("%w: %T", ErrUnknownObject, object)
}

// nameOf returns the unique name of an object.
func nameOf(object any) (name, bool) {
	switch o := object.(type) {
	case *schema.Database:
		return name{nameDatabase, 0, o.Name}, true
	case *schema.Role:
		return name{nameRole, 0, o.Name}, true
	case *schema.Namespace:
		return name{nameNamespace, o.DB, o.Name}, true
	case *schema.Table:
		return name{nameRelation, o.Namespace, o.Name}, true
	case *schema.Index:
		return name{nameRelation, o.Namespace, o.Name}, true
	case *schema.Extension:
		return name{nameExtension, o.DB, o.Name}, true
	}
	return name{}, false
}

// With returns the catalog after the changes, made in order, with the next version. The error is a
// *DuplicateError when a name is taken.
func (c *Catalog) With(changes ...Change) (*Catalog, error) {
	if len(changes) == 0 {
		return c, nil
	}
	next := *c
	next.version++
	for _, ch := range changes {
		if err := next.apply(ch); err != nil {
			return nil, err
		}
	}
	return &next, nil
}

func (c *Catalog) apply(ch Change) error {
	oid, _, err := OIDOf(ch.Object)
	if err != nil {
		return err
	}
	if s, ok := ch.Object.(*Stats); ok {
		if ch.Drop {
			c.stats = c.stats.without(oid)
		} else {
			c.stats = c.stats.with(oid, s)
		}
		return nil
	}
	c.remove(oid)
	if ch.Drop {
		c.stats = c.stats.without(oid)
		return nil
	}
	n, _ := nameOf(ch.Object)
	if other, taken := c.names.get(n); taken {
		return &DuplicateError{Name: n.name, Existing: other}
	}
	c.names = c.names.with(n, oid)
	c.objects = c.objects.with(oid, ch.Object)
	if idx, ok := ch.Object.(*schema.Index); ok {
		l := append(slices.Clone(c.IndexesOf(idx.Table)), idx)
		slices.SortFunc(l, func(a, b *schema.Index) int { return int(a.OID) - int(b.OID) })
		c.indexes = c.indexes.with(idx.Table, l)
	}
	return nil
}

// remove takes the object numbered oid, if there is one, out of all maps.
func (c *Catalog) remove(oid OID) {
	old := c.Object(oid)
	if old == nil {
		return
	}
	if n, ok := nameOf(old); ok {
		c.names = c.names.without(n)
	}
	c.objects = c.objects.without(oid)
	if idx, ok := old.(*schema.Index); ok {
		l := slices.DeleteFunc(slices.Clone(c.IndexesOf(idx.Table)),
			func(i *schema.Index) bool { return i.OID == oid })
		if len(l) == 0 {
			c.indexes = c.indexes.without(idx.Table)
		} else {
			c.indexes = c.indexes.with(idx.Table, l)
		}
	}
}
