package fn

import (
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

const textType types.OID = 25

const (
	boolForm  = types.Bool
	intForm   = types.Int
	floatForm = types.Float
)

func physicalOf(oid types.OID) types.Physical { return types.String }

func outputText(env *Env, oid types.OID, d types.Datum) (string, error) { return d.S, nil }
func textOf(env *Env, oid types.OID, d types.Datum) (string, error)     { return d.S, nil }
func elementOf(oid types.OID) types.OID                                 { return textType }
func elements(d types.Datum) ([]types.Datum, error)                     { return nil, pgerr.Unsupported("arrays") }
func makeArray(elem types.OID, list []types.Datum) types.Datum          { return types.NullDatum }
