// Package types is the one table of SQL types: for each its OID, its physical form in execution,
// and its text, binary, row, key and Arrow forms. A new type is one entry in the table plus its codecs.
//
// Read type.go (the table's row and the scalar Datum), table.go (the entries, from PostgreSQL's own facts),
// then one file or two per family: scalar.go (bool, numbers, oid and what is like it), text.go (texts,
// bytea, uuid), numeric.go and numericmath.go, calendar.go, datetime.go and datetimein.go, zone.go,
// interval.go and intervalin.go, json.go and jsonin.go, array.go and arrayin.go, record.go, vector.go, half.go,
// sparsevec.go, bit.go. The files that end in "in" parse.
//
// Physical forms are few (Bool, Int, Float, String), so that a kernel written for one serves every
// type that shares it; what distinguishes the types is in their codecs. The bytes of a String value
// are in the canonical form that the family's file states; two equal values need not have equal bytes
// (numeric 1.0 and 1.00), so equality is Compare or AppendKey, never ==, unless the family says so.
//
// What is here answers as PostgreSQL 16 does, to the letter: testdata/io and testdata/numericmath come from
// a running server and can be held against one again, see io_test.go.
//
// Everything is read-only after start and safe for many goroutines. Returned strings may share memory
// with the input string, never with a caller's byte slice.
package types
