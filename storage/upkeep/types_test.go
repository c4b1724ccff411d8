package upkeep_test

import "github.com/vecdb/vecdb/sql/types"

func vectorType() types.T { return types.T{OID: 16400, Mod: dims} }
