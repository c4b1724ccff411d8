package bind

import (
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// ResolveType finds the type that a type name means, with its modifier.
func (bn *Binder) ResolveType(n *sql.TypeName) (types.T, error) {
	return bn.start(0).typeOf(n)
}

func (b *binder) typeOf(n *sql.TypeName) (types.T, error) {
	oid, err := b.typeOID(n)
	if err != nil {
		return types.T{}, err
	}
	t := types.Of(oid)
	if len(n.Mods) > 0 {
		if t.Mod, err = b.typeMod(oid, n); err != nil {
			return types.T{}, place(err, n.Pos())
		}
	} else if oid == types.BpcharOID && n.Names[0] == "pg_catalog" && len(n.Names) == 2 {
		t.Mod = -1
	}
	if n.Dims > 0 {
		array := b.arrayOf(oid)
		if lookup(oid) == nil {
			array = oid + 1 // a row type's array has the next number
		}
		if array == 0 {
			return types.T{}, errAt(n.Pos(), pgerrcode.UndefinedObject, "could not find array type for data type %s", b.typeName(oid))
		}
		t.OID = array
	}
	return t, nil
}

// typeOID finds the type by name, without array bounds.
func (b *binder) typeOID(n *sql.TypeName) (types.OID, error) {
	names := n.Names
	if err := b.checkNames(names, n.Pos()); err != nil {
		return 0, err
	}
	namespace, name := "", names[len(names)-1]
	if len(names) > 1 {
		namespace = names[len(names)-2]
	}
	if namespace == "" || namespace == "pg_catalog" || namespace == "public" {
		if t := types.ByName(name); t != nil && b.visibleType(t.OID, namespace) {
			return t.OID, nil
		}
	}
	if oid, ok := b.Catalog.TypeByName(namespace, name); ok {
		return oid, nil
	}
	shown := strings.Join(names, ".")
	if n.Dims > 0 {
		shown += "[]"
	}
	return 0, errAt(n.Pos(), pgerrcode.UndefinedObject, "type %q does not exist", shown)
}

// visibleType says whether a built-in type can be named in this database: those of the extension once
// it is created, and then not as pg_catalog's; all others not as public's.
func (b *binder) visibleType(oid types.OID, namespace string) bool {
	if oid >= extensionTypeMin && oid <= extensionTypeMax {
		return namespace != "pg_catalog" && b.extension()
	}
	return namespace != "public"
}

// typeMod computes the modifier of varchar(10), numeric(8,2), vector(3).
func (b *binder) typeMod(oid types.OID, n *sql.TypeName) (int32, error) {
	args := make([]int32, 0, len(n.Mods))
	for _, m := range n.Mods {
		lit, ok := m.(*sql.Literal)
		if !ok {
			return 0, pgerr.New(pgerrcode.SyntaxError, "type modifiers must be simple constants or identifiers")
		}
		v, err := strconv.ParseInt(lit.Text, 10, 32)
		if err != nil {
			return 0, pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type integer: %q", lit.Text)
		}
		args = append(args, int32(v))
	}
	t := lookup(oid)
	if t == nil || t.ModIn == nil {
		return 0, pgerr.New(pgerrcode.SyntaxError, "type modifier is not allowed for type %q", strings.Join(n.Names, "."))
	}
	return t.ModIn(args)
}

// formatType prints a type as format_type does: "character varying(10)[]".
func formatType(c cat.Catalog, t types.T) string {
	bt := lookup(t.OID)
	if bt == nil {
		if rel := c.RowTypeRelation(t.OID); rel != nil {
			return qualifiedName(c, rel)
		}
		if rel := c.RowTypeRelation(t.OID - 1); rel != nil {
			return qualifiedName(c, rel) + "[]"
		}
		return "???"
	}
	if bt.IsArray() && !isIntVector(t.OID) {
		return formatType(c, types.T{OID: bt.Elem, Mod: t.Mod}) + "[]"
	}
	if t.Mod < 0 {
		switch t.OID { // written without a length, the SQL names mean a length of one
		case types.BpcharOID:
			return "bpchar"
		case types.BitOID:
			return `"bit"`
		}
	}
	if t.Mod < 0 || bt.ModOut == nil {
		return bt.SQLName
	}
	mod := bt.ModOut(t.Mod)
	for _, suffix := range []string{" without time zone", " with time zone"} {
		if s, ok := strings.CutSuffix(bt.SQLName, suffix); ok {
			return s + mod + suffix // timestamp(3) without time zone
		}
	}
	return bt.SQLName + mod
}
