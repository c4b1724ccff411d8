// Package sqllogic runs files of SQL statements and their expected results over the wire.
//
// Each <topic>/*.test is a list of records in the dialect of SQLite's sqllogictest, extended for
// PostgreSQL: README.md beside this file tells the dialect. parse.go reads and writes the files, run.go
// runs their records on connections to a fresh database, render.go makes result text. The test builds
// and starts the server of this module, or uses the one that VECDB_DSN names, and makes a database
// for each file. What the files expect was written by PostgreSQL with pgvector: `-rewrite` with
// VECDB_DSN of such a server writes it anew, but for records that only vecdb runs.
//
// A File and a Runner belong to one goroutine.
package sqllogic
