package metamorphic_test

import "github.com/vecdb/vecdb/sql/types"

func vector2() types.T { return types.T{OID: 16400, Mod: 2} }
