// Package types is the one table of SQL types: for each its OID, its physical form in execution,
// and its text, binary, row, key and Arrow forms. A new type is one entry here plus its codecs.
//
// Read type.go (the table's row and the scalar Datum), table.go (the entries), then one file per
// family: integer.go, numeric.go, datetime.go, interval.go, array.go, vector.go, json.go, ...
//
// Physical forms are few (Bool, Int, Float, String), so that a kernel written for one serves every
// type that shares it; what distinguishes the types is in their codecs. Everything here is
// read-only after start and safe for many goroutines.
package types
