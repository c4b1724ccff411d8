// Package backend is the contract between the protocol loop (package wire) and whatever runs
// statements (package exec/session): sessions, prepared statements, portals, COPY streams. It is a
// leaf. Read backend.go.
//
// A Session is used by one goroutine at a time, the connection's; Cancel alone may be called from
// another. The wire encodes rows: a Portal hands out batches of columns, and the result formats asked
// for in Bind are applied by the wire through the type table, so no session code knows bytes.
package backend
