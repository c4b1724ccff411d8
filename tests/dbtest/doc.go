// Package dbtest is a server in the test's own process: the whole of vecdb but its sockets, on a file system in
// memory. Read db.go and describe.go, then reference.go and rewrite.go.
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
// With VECDB_DSN=postgres://... in the environment the same calls go to a PostgreSQL with pgvector, each DB to a
// database of its own that goes with the test, so that what is wanted can be checked there. With VECDB_REWRITE=1 as well,
// what it answers is written into the test's source in place of the literals that are wanted. So a new test is written as
//
//	db.Rows("select a, b from t order by a", "?")
//
// completed by PostgreSQL, and reviewed. Where a literal cannot be found (it is computed, say) the test fails as ever.
// Parameter changes are not heard from such a server, and what a test does by way of Store and Keeper is not seen there.
//
// For tests of parse, plan and run together where no socket is needed; what a socket adds is tested in tests/wire.
package dbtest
