package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A temporary table is its session's: it hides one of its name, is seen by nobody else, and ends with DISCARD or the
// session.
func TestTemporaryTables(t *testing.T) {
	db := dbtest.New(t)
	other := db.Beside()
	db.Must("create table t (a int); insert into t values (1)")
	db.Is("create temp table t (b text); insert into t values ('mine'); select * from t", "mine")
	db.Is("select * from pg_temp.t", "mine")
	db.Is("select * from public.t", "1")
	other.Is("select * from t", "1")
	other.Is("select * from pg_temp.t", `42P01: relation "pg_temp.t" does not exist`)
	db.Is("select count(*) from pg_class where relname = 't'", "2")
	db.Is("select relpersistence from pg_class where oid = 't'::regclass", "t")
	other.Is("create temp table t (c int); select count(*) from t", "0")
	db.Is("drop table t; select * from t", "1")
	db.Is("create temp table u (a serial primary key, b int unique); insert into u (b) values (5); select * from u", "1|5")
	db.Is("insert into u (b) values (5)",
		`23505: duplicate key value violates unique constraint "u_b_key" DETAIL: Key (b)=(5) already exists.`)
	db.Is("create temp view w as select b from u; select * from w", "5")
	db.Is("discard temp", "DISCARD TEMP")
	db.Is("select * from u", `42P01: relation "u" does not exist`)
	db.Is("select * from w", `42P01: relation "w" does not exist`)
	db.Is("begin; create temp table x (a int); rollback; select * from x", `42P01: relation "x" does not exist`)
	db.Is("begin; savepoint s; create temp table x (a int); rollback to s; commit; select * from x",
		`42P01: relation "x" does not exist`)
	db.Is("create temp table x (a int); select 1", "1")
	db.Is("discard all", "DISCARD ALL")
	db.Is("select * from x", `42P01: relation "x" does not exist`)
	db.Is("create temp table public.y (a int)", "42P16: cannot create temporary relation in non-temporary schema")
	db.Is("create temp table pg_temp.y (a int); select count(*) from y", "0")
	db.Is("create table pg_temp.z (a int); select count(*) from z", "0")
	other.Close()
	db.Is("select count(*) from pg_class where relname = 't'", "1")
	db.Is("create temp table k (a int primary key); create table perm (a int references k)",
		"42P16: constraints on permanent tables may reference only permanent tables")
}

// SET, LISTEN, prepared statements, cursors, sequences and temporary tables: DISCARD ends what its word says.
func TestDiscard(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence s; create temp table tmp (a int); prepare p as select 1; set work_mem = '1MB'; listen x")
	db.Must("select nextval('s')")
	db.Is("discard plans", "DISCARD PLANS")
	db.Is("execute p", "1")
	db.Is("select currval('s')", "1")
	db.Is("discard sequences", "DISCARD SEQUENCES")
	db.Is("select currval('s')", `55000: currval of sequence "s" is not yet defined in this session`)
	db.Is("select lastval()", "55000: lastval is not yet defined in this session")
	db.Is("select count(*) from tmp", "0")
	db.Is("discard temporary", "DISCARD TEMP")
	db.Is("select count(*) from tmp", `42P01: relation "tmp" does not exist`)
	db.Is("show work_mem", "1MB")
	db.Must("begin; declare c cursor with hold for select 1; commit; create temp table tmp (a int)")
	db.Is("discard all", "DISCARD ALL")
	db.Is("fetch c", `34000: cursor "c" does not exist`)
	db.Is("execute p", `26000: prepared statement "p" does not exist`)
	db.Is("show work_mem", "4MB")
	db.Is("select count(*) from tmp", `42P01: relation "tmp" does not exist`)
	db.Is("select nextval('s')", "2")
	db.Is("discard everything", `42601: syntax error at or near "everything"`)
}
