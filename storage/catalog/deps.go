package catalog

import (
	"cmp"
	"slices"

	"github.com/vecdb/vecdb/sql/schema"
)

// Dependent is an object, or a part of one, that needs another.
type Dependent struct {
	Object any // what depends
	OID    OID // its number
	// Column is the column of Object whose default or expression depends, or 0.
	Column int16
	// Constraint is the constraint of Object that depends, or 0.
	Constraint OID
	// RefColumn is the column that is needed, or 0 for the whole object.
	RefColumn int16
	// Auto dependents go silently with what they need; others want CASCADE.
	Auto bool
}

// Dependents returns what needs the object numbered oid, in order of OID: indexes of a table,
// sequences it owns, views over it, defaults that call a sequence, foreign keys that point at it,
// objects in a namespace or a database. Those that need the dependents in turn are not in it.
func (c *Catalog) Dependents(oid OID) []Dependent {
	var out []Dependent
	for k := range c.objects {
		for o := range c.objects[k].values() {
			out = append(out, dependents(o, oid)...)
		}
	}
	slices.SortFunc(out, func(a, b Dependent) int {
		return cmp.Or(cmp.Compare(a.OID, b.OID), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Constraint, b.Constraint), cmp.Compare(a.RefColumn, b.RefColumn))
	})
	return out
}

// dependents returns the ways in which o needs oid.
func dependents(o any, oid OID) []Dependent {
	switch o := o.(type) {
	case *schema.Namespace:
		return containedIn(o, o.OID, oid, o.DB)
	case *schema.Extension:
		return containedIn(o, o.OID, oid, o.DB, o.Namespace)
	case *schema.Index:
		out := containedIn(o, o.OID, oid, o.DB)
		if o.Table == oid {
			out = append(out, Dependent{Object: o, OID: o.OID, Auto: true})
		}
		return append(out, edges(Dependent{Object: o, OID: o.OID}, o.Deps, oid)...)
	case *schema.Table:
		return tableDependents(o, oid)
	}
	return nil
}

func containedIn(o any, self, oid OID, containers ...OID) []Dependent {
	if oid != 0 && slices.Contains(containers, oid) {
		return []Dependent{{Object: o, OID: self}}
	}
	return nil
}

func edges(d Dependent, deps []schema.Dep, oid OID) []Dependent {
	var out []Dependent
	for _, e := range deps {
		if e.OID == oid {
			d.RefColumn, d.Auto = e.Column, e.Auto
			out = append(out, d)
		}
	}
	return out
}

func tableDependents(t *schema.Table, oid OID) []Dependent {
	self := Dependent{Object: t, OID: t.OID}
	out := containedIn(t, t.OID, oid, t.DB, t.Namespace)
	out = append(out, edges(self, t.Deps, oid)...)
	if t.Sequence != nil && t.Sequence.OwnerTable == oid && oid != 0 {
		d := self
		d.RefColumn, d.Auto = t.Sequence.OwnerColumn, true
		out = append(out, d)
	}
	for i := range t.Columns {
		if col := &t.Columns[i]; !col.Dropped {
			d := self
			d.Column = col.Num
			out = append(out, edges(d, col.Deps, oid)...)
		}
	}
	for i := range t.Constraints {
		con := &t.Constraints[i]
		d := self
		d.Constraint = con.OID
		out = append(out, edges(d, con.Deps, oid)...)
		if con.RefTable == oid && t.OID != oid && oid != 0 {
			out = append(out, d)
		}
	}
	return out
}
