package crash_test

import "github.com/vecdb/vecdb/sql/types"

const vectorOID types.OID = 16385
