package catalog

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync/atomic"

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
	next.lists = new([classes]atomic.Pointer[[]any])
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
	k := classOf(ch.Object)
	c.objects[k] = c.objects[k].with(oid, ch.Object)
	switch o := ch.Object.(type) {
	case *schema.Index:
		l := append(slices.Clone(c.IndexesOf(o.Table)), o)
		slices.SortFunc(l, func(a, b *schema.Index) int { return cmp.Compare(a.OID, b.OID) })
		c.indexes = c.indexes.with(o.Table, l)
	case *schema.Table:
		for part := range partsOf(o) {
			c.parts = c.parts.with(part, oid)
		}
		for to := range refersTo(o) {
			l, _ := c.referrers.get(to)
			if i, has := slices.BinarySearch(l, oid); !has {
				c.referrers = c.referrers.with(to, slices.Insert(slices.Clone(l), i, oid))
			}
		}
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
	k := classOf(old)
	c.objects[k] = c.objects[k].without(oid)
	switch o := old.(type) {
	case *schema.Index:
		c.indexes = withoutOne(c.indexes, o.Table, func(i *schema.Index) bool { return i.OID == oid })
	case *schema.Table:
		for part := range partsOf(o) {
			c.parts = c.parts.without(part)
		}
		for to := range refersTo(o) {
			c.referrers = withoutOne(c.referrers, to, func(r OID) bool { return r == oid })
		}
	}
}

// withoutOne takes what is says off a list, and the list out of the map when it is empty.
func withoutOne[T any](m pmap[OID, []T], k OID, is func(T) bool) pmap[OID, []T] {
	l, _ := m.get(k)
	if l = slices.DeleteFunc(slices.Clone(l), is); len(l) == 0 {
		return m.without(k)
	}
	return m.with(k, l)
}

// partsOf yields the OIDs of what a table has that is no object of its own: the types of its rows, its constraints.
func partsOf(t *schema.Table) iter.Seq[OID] {
	return func(yield func(OID) bool) {
		if t.RowType != 0 && (!yield(t.RowType) || !yield(t.RowType+1)) {
			return
		}
		for i := range t.Constraints {
			if !yield(t.Constraints[i].OID) {
				return
			}
		}
	}
}

// refersTo yields the tables that a table's foreign keys point at, and the one that owns a sequence.
func refersTo(t *schema.Table) iter.Seq[OID] {
	return func(yield func(OID) bool) {
		for i := range t.Constraints {
			if c := &t.Constraints[i]; c.Type == 'f' && !yield(c.RefTable) {
				return
			}
		}
		if t.Sequence != nil && t.Sequence.OwnerTable != 0 {
			yield(t.Sequence.OwnerTable)
		}
	}
}
