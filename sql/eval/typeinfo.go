package eval

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// isText says whether the value of a type is its text form.
func isText(oid types.OID) bool {
	switch oid {
	case types.NameOID, types.TextOID, types.VarcharOID, types.UnknownOID, types.CstringOID:
		return true
	}
	return false
}

func errNoOrder(t *types.Type) error {
	return pgerr.New(pgerrcode.UndefinedFunction, "could not identify a comparison function for type %s", t.SQLName)
}

func errNoCast(from, to *types.Type) error {
	return pgerr.Unsupported("cast from %s to %s", from.SQLName, to.SQLName)
}

var defaultSession types.Session

// sessionOf is the session that text forms depend on.
func sessionOf(rt *Runtime) *types.Session {
	if rt.Env == nil || rt.Env.Session == nil {
		return &defaultSession
	}
	return rt.Env.Session
}

// physical is the form of a type's values.
func physical(oid types.OID) types.Physical {
	return types.Representation(oid).Physical
}

func typeOf(oid types.OID) (*types.Type, error) {
	if t := types.Representation(oid); t != nil {
		return t, nil
	}
	return nil, pgerr.New(pgerrcode.UndefinedObject, "type with OID %d does not exist", oid)
}

// unstable are the types whose text form depends on settings, the time or the catalog.
var unstable = map[types.OID]bool{
	types.DateOID: true, types.TimestampOID: true, types.TimestamptzOID: true, types.TimetzOID: true,
	types.IntervalOID: true, types.RegclassOID: true, types.RegprocOID: true, types.RegtypeOID: true,
}

// immutableText says whether a value and its text determine each other for good.
func immutableText(oid types.OID) bool {
	t := types.Lookup(oid)
	if t == nil {
		return false
	}
	if t.IsArray() {
		return immutableText(t.Elem)
	}
	return !unstable[oid] && !(t.Physical == types.Int && len(t.Name) > 3 && t.Name[:3] == "reg")
}

// shownBySettings are the types whose text form, immutable by name as in PostgreSQL, follows settings none the less:
// extra_float_digits and bytea_output. It is computed under the session, never before.
var shownBySettings = map[types.OID]bool{types.Float4OID: true, types.Float8OID: true, types.ByteaOID: true}

// bySettings says whether a node gives a text form that settings change.
func bySettings(e Expr) bool {
	c, ok := e.(*IOCast)
	if !ok {
		return false
	}
	from := c.Arg.Type().OID
	return shownBySettings[from] || shownBySettings[elementOf(from)]
}

func isArray(oid types.OID) bool { return elementOf(oid) != 0 }

// elementOf is the element type of an array type, else 0.
func elementOf(oid types.OID) types.OID {
	if t := types.Lookup(oid); t != nil && t.IsArray() {
		return t.Elem
	}
	return 0
}

func arrayOf(oid types.OID) types.OID {
	if t := types.Lookup(oid); t != nil {
		return t.Array
	}
	return 0
}
