package eval

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// OIDs of the types whose value is its own text form.
const (
	nameOID    types.OID = 19
	textOID    types.OID = 25
	varcharOID types.OID = 1043
	unknownOID types.OID = 705
	cstringOID types.OID = 2275
)

// isText says whether the value of a type is its text form.
func isText(oid types.OID) bool {
	switch oid {
	case nameOID, textOID, varcharOID, unknownOID, cstringOID:
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
	switch oid {
	case 16:
		return types.Bool
	case 18, 20, 21, 23, 24, 26, 28, 29, 790, 1082, 1083, 1114, 1184, 2202, 2203, 2204, 2205, 2206, 3220, 3734, 3769, 4089, 4096, 4191, 5069:
		return types.Int
	case 700, 701:
		return types.Float
	}
	return types.String
}

func typeOf(oid types.OID) (*types.Type, error) {
	return nil, pgerr.Unsupported("type %d", oid)
}

func immutableText(oid types.OID) bool {
	switch oid {
	case 1114, 1184, 1082, 1083, 1266, 2205, 2206, 24, 2202:
		return false
	}
	return true
}
func isArray(oid types.OID) bool      { return false }
func arrayOf(oid types.OID) types.OID { return 0 }
