package fn

import (
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Names for the type numbers that families use.
const (
	textType     = types.TextOID
	nameType     = types.NameOID
	realType     = types.Float4OID
	intervalType = types.IntervalOID
)

const (
	boolForm  = types.Bool
	intForm   = types.Int
	floatForm = types.Float
)

func physicalOf(oid types.OID) types.Physical {
	if t := types.Lookup(oid); t != nil {
		return t.Physical
	}
	return types.String
}

var noSession types.Session

func sessionOf(env *Env) *types.Session {
	if env == nil || env.Session == nil {
		return &noSession
	}
	return env.Session
}

// outputText is the text form of a value that is not null.
func outputText(env *Env, oid types.OID, d types.Datum) (string, error) {
	switch oid {
	case types.TextOID, types.VarcharOID, types.NameOID, types.UnknownOID:
		return d.S, nil
	}
	t := types.Lookup(oid)
	if t == nil || t.Format == nil {
		return "", pgerr.Unsupported("output of type %s", types.FormatType(types.Of(oid)))
	}
	return string(t.Format(nil, d, sessionOf(env))), nil
}

// textOf is the value cast to text, which differs from its output for boolean and character(n).
func textOf(env *Env, oid types.OID, d types.Datum) (string, error) {
	switch oid {
	case types.BoolOID:
		return boolText(d.Bool()), nil
	case types.BpcharOID:
		return trimBlanks(d.S), nil
	}
	return outputText(env, oid, d)
}

// elementOf is the element type of an array type, 0 when it is none.
func elementOf(oid types.OID) types.OID {
	if t := types.Lookup(oid); t != nil {
		return t.Elem
	}
	return 0
}

// elements are the items of an array, in row-major order.
func elements(d types.Datum) ([]types.Datum, error) {
	a, err := types.DecodeArray(d.S)
	return a.Items, err
}

// makeArray is a one-dimensional array.
func makeArray(elem types.OID, list []types.Datum) types.Datum {
	return types.StringDatum(types.ArrayOf(elem, list))
}

// comparer is the order of a type; of a type without one it is that of the physical form.
func comparer(oid types.OID) func(a, b types.Datum) int {
	if t := types.Lookup(oid); t != nil && t.Compare != nil {
		return t.Compare
	}
	return func(a, b types.Datum) int {
		if a.S != b.S {
			return compareStrings(a.S, b.S)
		}
		return compareInt64(a.I, b.I)
	}
}
