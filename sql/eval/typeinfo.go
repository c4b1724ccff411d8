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
