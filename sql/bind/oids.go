package bind

import (
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// OIDs of the polymorphic types and of others that only binding names.
const (
	oidAnyNonArray types.OID = 2776
	oidAnyEnum     types.OID = 3500
	oidAnyRange    types.OID = 3831
	oidAnyMulti    types.OID = 4537
	oidCompatMulti types.OID = 4538
	oidCompat      types.OID = 5077
	oidCompatArray types.OID = 5078
	oidCompatNon   types.OID = 5079
	oidCompatRange types.OID = 5080
)

// extensionTypeMin and extensionTypeMax bound the OIDs of the vector extension's types, which exist
// once CREATE EXTENSION has run.
const (
	extensionTypeMin types.OID = 16400
	extensionTypeMax types.OID = 16419
)

const extensionName = "vector"

// Categories of types, as pg_type.typcategory.
const (
	catString  = 'S'
	catUnknown = 'X'
	catPseudo  = 'P'
)

// isPolymorphic says whether a declared argument type stands for the type of the actual argument.
func isPolymorphic(oid types.OID) bool {
	switch oid {
	case types.AnyArrayOID, types.AnyElementOID, oidAnyNonArray, oidAnyEnum, oidAnyRange, oidAnyMulti:
		return true
	}
	return isCompat(oid)
}

// isCompat says whether a declared type is of the anycompatible family.
func isCompat(oid types.OID) bool {
	return oid >= oidCompat && oid <= oidCompatRange || oid == oidCompatMulti
}

// lookup returns the built-in type, or nil.
func lookup(oid types.OID) *types.Type { return types.Lookup(oid) }

func (b *binder) category(oid types.OID) byte {
	if oid == types.UnknownOID {
		return catUnknown
	}
	if t := lookup(oid); t != nil {
		return t.Category
	}
	if b.Catalog.RowTypeRelation(oid) != nil {
		return 'C'
	}
	return 'U'
}

func (b *binder) preferred(oid types.OID) bool {
	t := lookup(oid)
	return t != nil && t.Preferred
}

// isIntVector says whether the type is int2vector or oidvector: arrays that no cast makes.
func isIntVector(oid types.OID) bool {
	return oid == types.Int2VectorOID || oid == types.OIDVectorOID
}

// elemOf returns the element type of an array type, or 0.
func (b *binder) elemOf(oid types.OID) types.OID {
	if t := lookup(oid); t != nil {
		if !t.IsArray() {
			return 0
		}
		return t.Elem
	}
	if rel := b.Catalog.RowTypeRelation(oid - 1); rel != nil {
		return oid - 1 // a row type's array has the next number
	}
	return 0
}

// arrayOf returns the array type over an element type, or 0. Arrays of tables' rows are arrays of records.
func (b *binder) arrayOf(oid types.OID) types.OID {
	if t := lookup(oid); t != nil {
		return t.Array
	}
	if b.Catalog.RowTypeRelation(oid) != nil {
		return types.RecordArrayOID
	}
	return 0
}

// rowTypeOf says whether oid is a composite type: record or a table's row type.
func (b *binder) isComposite(oid types.OID) bool {
	return oid == types.RecordOID || lookup(oid) == nil && b.Catalog.RowTypeRelation(oid) != nil
}

// typeName is the name of a type in messages: format_type without a modifier.
func (b *binder) typeName(oid types.OID) string {
	if t := lookup(oid); t != nil {
		if t.IsArray() && !isIntVector(oid) {
			return b.typeName(t.Elem) + "[]"
		}
		return t.SQLName
	}
	if rel := b.Catalog.RowTypeRelation(oid); rel != nil {
		return rel.Table.Name
	}
	if rel := b.Catalog.RowTypeRelation(oid - 1); rel != nil {
		return rel.Table.Name + "[]"
	}
	return "???"
}

// typeText is format_type with the modifier.
func (b *binder) typeText(t types.T) string { return formatType(b.Catalog, t) }

// visibleFunc says whether the function exists in this database.
func (b *binder) visibleFunc(f *fn.Func) bool { return !f.Extension || b.extension() }

// extension says whether the vector extension has been created; asked once a statement.
func (b *binder) extension() bool {
	if b.ext == 0 {
		b.ext = 1
		if b.Catalog.HasExtension(extensionName) {
			b.ext = 2
		}
	}
	return b.ext == 2
}
