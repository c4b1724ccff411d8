// Package dbtest is a server in the test's own process: the whole of vecdb but its sockets, on a file system in
// memory. Read db.go.
//
//	db := dbtest.New(t)
//	db.Is("create table t (a int primary key)", "CREATE TABLE")
//	db.Is("insert into t values (1), (null)", `23502: null value in column "a" of relation "t" ...`)
//	db.Is("select a, null from t", "1|<null>")
//
// An answer is one string: the rows of the last statement, columns parted by "|" and rows by "; ", or its command
// tag when it returns no rows, or the SQLSTATE and message of the error, with DETAIL and HINT when there are some. What
// is wanted is what PostgreSQL 16 with pgvector answers.
//
// For tests of parse, plan and run together where no socket is needed; what a socket adds is tested in tests/wire.
package dbtest
