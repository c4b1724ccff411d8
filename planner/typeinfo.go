package planner

import (
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// physicalOf is the physical form of a type; String for one that is not built in.
func physicalOf(t types.OID) types.Physical {
	if e := types.Lookup(t); e != nil {
		return e.Physical
	}
	return types.String
}

// compareStats compares a stored statistic with a constant of a type of the same family; -1 when they
// do not compare.
func compareStats(or origin, a types.Datum, c *eval.Const) int {
	t := typeOf(or)
	e := types.Lookup(t)
	if e == nil || e.Compare == nil || a.Null || c.D.Null || !sameFamily(t, c.T.OID) {
		return -1
	}
	return e.Compare(a, c.D)
}

// comparable says whether values of the type have an order and keys, so that they may be sorted, hashed and
// indexed.
func hasKeys(t types.OID) bool {
	e := types.Lookup(t)
	return e == nil || e.AppendKey != nil
}
