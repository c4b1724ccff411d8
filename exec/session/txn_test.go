package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// BEGIN, COMMIT and ROLLBACK where they make no sense warn and change nothing.
func TestBlockWarnings(t *testing.T) {
	db := dbtest.New(t)
	db.IsHeard("commit", "COMMIT",
		"WARNING: there is no transaction in progress",
	)
	db.IsHeard("end", "COMMIT",
		"WARNING: there is no transaction in progress",
	)
	db.IsHeard("rollback", "ROLLBACK",
		"WARNING: there is no transaction in progress",
	)
	db.IsHeard("abort", "ROLLBACK",
		"WARNING: there is no transaction in progress",
	)
	db.IsHeard("begin; begin", "BEGIN",
		"WARNING: there is already a transaction in progress",
	)
	db.IsHeard("start transaction read only", "START TRANSACTION",
		"WARNING: there is already a transaction in progress",
	)
	db.Is("show transaction_read_only", "on")
	db.IsHeard("commit; commit", "COMMIT",
		"WARNING: there is no transaction in progress",
	)
	db.IsHeard("set transaction read only", "SET",
		"WARNING: SET TRANSACTION can only be used in transaction blocks",
	)
	db.IsHeard("set local work_mem = '5MB'", "SET",
		"WARNING: SET LOCAL can only be used in transaction blocks",
	)
	db.Is("show work_mem", "4MB")
	db.Is("savepoint a", "25P01: SAVEPOINT can only be used in transaction blocks")
	db.Is("release a", "25P01: RELEASE SAVEPOINT can only be used in transaction blocks")
	db.Is("rollback to a", "25P01: ROLLBACK TO SAVEPOINT can only be used in transaction blocks")
	db.Is("commit and chain", "25P01: COMMIT AND CHAIN can only be used in transaction blocks")
	db.Is("rollback and chain", "25P01: ROLLBACK AND CHAIN can only be used in transaction blocks")
	db.Is("declare c cursor for select 1", "25P01: DECLARE CURSOR can only be used in transaction blocks")
	db.Is("lock table pg_class", "25P01: LOCK TABLE can only be used in transaction blocks")
	db.Is("begin; prepare transaction 'a'",
		"55000: prepared transactions are disabled HINT: Set max_prepared_transactions to a nonzero value.")
}

// In a failed block only what ends it, or goes back before the failure, is taken; each other kind of statement is
// 25P02.
func TestFailedBlock(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); prepare p as select 1; set work_mem = '1MB'")
	fails := func(query string) {
		t.Helper()
		db.Must("begin; savepoint s")
		if got := db.Ask("select 1/0"); got != "22012: division by zero" {
			t.Fatal(got)
		}
		db.Is(query, "25P02: current transaction is aborted, commands ignored until end of transaction block")
		db.Is("rollback to s; select 1", "1")
		db.Is("rollback", "ROLLBACK")
	}
	for _, query := range []string{
		"select 1", "insert into t values (1)", "create table u (a int)", "show work_mem", "set work_mem = '2MB'",
		"set local work_mem = '2MB'",
		"reset work_mem", "begin", "savepoint x", "release s", "set transaction read only", "execute p",
		"prepare q as select 1", "deallocate p",
		"declare c cursor for select 1", "fetch c", "close c", "explain select 1", "lock table t", "listen x", "notify x",
		"unlisten *",
		"discard plans", "copy t to stdout", "analyze t", "set role none", "reset all", "select no_such_column",
	} {
		fails(query)
	}
	db.Must("begin")
	db.Is("select 1/0", "22012: division by zero")
	db.Is("", "")
	db.Is("commit", "ROLLBACK")
	db.Is("show work_mem", "1MB")
	db.Must("begin")
	db.Is("select 1/0", "22012: division by zero")
	db.Is("commit and chain", "ROLLBACK")
	db.Is("select 1", "1")
	db.Is("rollback and no chain", "ROLLBACK")
}

// A text that cannot be read is an error of its own, in and out of a failed block.
func TestFailedBlockSyntax(t *testing.T) {
	db := dbtest.New(t)
	db.Must("begin")
	db.Is("no sense at all", `42601: syntax error at or near "no"`)
	db.Is("select 1", "25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Is("no sense at all", `42601: syntax error at or near "no"`)
	db.Is("rollback to nowhere", `3B001: savepoint "nowhere" does not exist`)
	db.Is("select 1; commit", "25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Is("commit; select 1", "1")
	db.Is("select 2", "2")
}

// The statements of one string are one transaction, which BEGIN and COMMIT in it divide.
func TestImplicitTransactionOfString(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key)")
	f := func(query, want, left string) {
		t.Helper()
		db.Must("rollback; delete from t")
		db.Is(query, want)
		db.Is("rollback", "ROLLBACK")
		db.Is("select string_agg(a::text, ' ' order by a) from t", left)
	}
	f("insert into t values (1); insert into t values (2)", "INSERT 0 1", "1 2")
	f("insert into t values (1); insert into t values (1)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`, "<null>")
	f("insert into t values (1); select 1/0; insert into t values (2)", "22012: division by zero", "<null>")
	f("insert into t values (1); commit; insert into t values (1)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`, "1")
	f("insert into t values (1); rollback; insert into t values (2)", "INSERT 0 1", "2")
	f("begin; insert into t values (1); commit; insert into t values (2); select 1/0", "22012: division by zero", "1")
	f("insert into t values (1); begin; insert into t values (2)", "INSERT 0 1", "<null>")
	f("insert into t values (1); begin; insert into t values (2); commit; insert into t values (2)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(2) already exists.`, "1 2")
	f("begin; insert into t values (1)", "INSERT 0 1", "<null>")
	f("insert into t values (1); savepoint s", "25P01: SAVEPOINT can only be used in transaction blocks", "<null>")
	f("begin; insert into t values (1); savepoint s; insert into t values (2); rollback to s; commit", "COMMIT", "1")
	f("insert into t values (1); syntax error", `42601: syntax error at or near "syntax"`, "<null>")
	f("insert into t values (1); select nothing from t", `42703: column "nothing" does not exist`, "<null>")
	f("begin; insert into t values (1); select 1/0; commit; insert into t values (2)", "22012: division by zero", "<null>")
	f("insert into t values (1); commit and chain; insert into t values (2)",
		"25P01: COMMIT AND CHAIN can only be used in transaction blocks", "<null>")
	f("begin; insert into t values (1); commit and chain; insert into t values (2)", "INSERT 0 1", "1")
	f("insert into t values (1); vacuum t", "25001: VACUUM cannot run inside a transaction block", "<null>")
	f("insert into t values (1); set local work_mem = '7MB'; select current_setting('work_mem')::text", "7MB", "1")
	f("declare c cursor for select 5; fetch c", "5", "<null>")
	f("create table u (a int); drop table u; insert into t values (3)", "INSERT 0 1", "3")
}

// Statements that must be alone say so in a block and in a string of several.
func TestAloneStatements(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int)")
	f := func(query, want string) {
		t.Helper()
		db.Must("begin")
		db.Is(query, want)
		db.Is("rollback", "ROLLBACK")
	}
	f("vacuum", "25001: VACUUM cannot run inside a transaction block")
	f("vacuum full t", "25001: VACUUM cannot run inside a transaction block")
	f("create database se_alone", "25001: CREATE DATABASE cannot run inside a transaction block")
	f("drop database se_alone", "25001: DROP DATABASE cannot run inside a transaction block")
	f("create index concurrently i on t (a)", "25001: CREATE INDEX CONCURRENTLY cannot run inside a transaction block")
	f("drop index concurrently i", "25001: DROP INDEX CONCURRENTLY cannot run inside a transaction block")
	f("reindex database postgres", "25001: REINDEX DATABASE cannot run inside a transaction block")
	f("reindex schema public", "25001: REINDEX SCHEMA cannot run inside a transaction block")
	f("reindex table concurrently t", "25001: REINDEX CONCURRENTLY cannot run inside a transaction block")
	f("discard all", "25001: DISCARD ALL cannot run inside a transaction block")
	f("checkpoint", "CHECKPOINT")
	db.Is("begin; vacuum t", "25001: VACUUM cannot run inside a transaction block")
	db.Is("rollback", "ROLLBACK")
	db.Is("select 1; vacuum t", "25001: VACUUM cannot run inside a transaction block")
	db.Is("select 1; discard all", "25001: DISCARD ALL cannot run inside a transaction block")
	db.Is("select 1; create database se_alone", "25001: CREATE DATABASE cannot run inside a transaction block")
	db.Is("vacuum t", "VACUUM")
	db.Is("discard all", "DISCARD ALL")
}

// Isolation level and access mode can be chosen until the first query, of a transaction or of all to come.
func TestTransactionModes(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int)")
	f := func(query, want string) {
		t.Helper()
		db.Is(query, want)
		db.Is("rollback", "ROLLBACK")
	}
	const show = "; select current_setting('transaction_isolation') || ', " +
		"' || current_setting('transaction_read_only') || ', ' || current_setting('transaction_deferrable')"
	f("begin"+show, "read committed, off, off")
	f("begin isolation level read uncommitted"+show, "read uncommitted, off, off")
	f("begin isolation level repeatable read, read only"+show, "repeatable read, on, off")
	f("begin isolation level serializable read only deferrable"+show, "serializable, on, on")
	f("begin; set transaction isolation level serializable"+show, "serializable, off, off")
	f("begin; set transaction isolation level serializable, read only, deferrable"+show, "serializable, on, on")
	f("begin read only; set transaction read write"+show, "read committed, off, off")
	f("begin; select 1; set transaction isolation level serializable",
		"25001: SET TRANSACTION ISOLATION LEVEL must be called before any query")
	f("begin; select 1; set transaction isolation level read committed", "SET")
	f("begin; savepoint a; set transaction isolation level serializable",
		"25001: SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction")
	f("begin; select 1; set transaction read only; insert into t values (1)",
		"25006: cannot execute INSERT in a read-only transaction")
	f("begin read only; select 1; set transaction read write",
		"25001: transaction read-write mode must be set before any query")
	f("begin; set transaction read only; savepoint a; set transaction read write",
		"25001: cannot set transaction read-write mode inside a read-only transaction")
	f("begin; select 1; set transaction deferrable",
		"25001: SET TRANSACTION [NOT] DEFERRABLE must be called before any query")
	f("begin; set transaction_isolation = 'serializable'"+show, "serializable, off, off")
	f("begin; select 1; set transaction_isolation = 'serializable'",
		"25001: SET TRANSACTION ISOLATION LEVEL must be called before any query")
	f("begin; set transaction_read_only = on"+show, "read committed, on, off")
	f("begin; set transaction_isolation = 'none'",
		`22023: invalid value for parameter "transaction_isolation": "none" `+
			`HINT: Available values: serializable, repeatable read, read committed, read uncommitted.`)
	f("begin; reset transaction_isolation", `0A000: parameter "transaction_isolation" cannot be reset`)
	f("begin; set transaction isolation level repeatable read; select 1; commit and chain"+show,
		"repeatable read, off, off")
	f("begin read only; rollback and chain"+show, "read committed, on, off")
	db.Is("set session characteristics as transaction isolation level repeatable read, read only", "SET")
	f("begin"+show, "repeatable read, on, off")
	db.Is("select current_setting('transaction_isolation')", "repeatable read")
	db.Is("insert into t values (1)", "25006: cannot execute INSERT in a read-only transaction")
	f("begin read write; insert into t values (1)", "INSERT 0 1")
	db.Is("show default_transaction_isolation", "repeatable read")
	db.Is("set session characteristics as transaction read write, deferrable", "SET")
	db.Is("show default_transaction_deferrable", "on")
	db.Is("set default_transaction_isolation = 'chaos'",
		`22023: invalid value for parameter "default_transaction_isolation": "chaos" `+
			`HINT: Available values: serializable, repeatable read, read committed, read uncommitted.`)
	db.Is("reset all", "RESET")
	f("begin"+show, "read committed, off, off")
}

// A read-only transaction refuses by name what would write, and takes the rest, temporary tables too.
func TestReadOnly(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int primary key); insert into t values (1); create sequence s;
		create view v as select 1 as a; create temp table tmp (a int)`)
	f := func(query, want string) {
		t.Helper()
		db.Must("begin read only")
		db.Is(query, want)
		db.Is("rollback", "ROLLBACK")
	}
	f("insert into t values (2)", "25006: cannot execute INSERT in a read-only transaction")
	f("update t set a = 2", "25006: cannot execute UPDATE in a read-only transaction")
	f("delete from t", "25006: cannot execute DELETE in a read-only transaction")
	f("truncate t", "25006: cannot execute TRUNCATE TABLE in a read-only transaction")
	f("with x as (insert into t values (2) returning a) select * from x",
		"25006: cannot execute SELECT in a read-only transaction")
	f("select * from t for update", "25006: cannot execute SELECT FOR UPDATE in a read-only transaction")
	f("select * from t for share", "25006: cannot execute SELECT FOR SHARE in a read-only transaction")
	f("select nextval('s')", "25006: cannot execute nextval() in a read-only transaction")
	f("select setval('s', 5)", "25006: cannot execute setval() in a read-only transaction")
	f("create table u (a int)", "25006: cannot execute CREATE TABLE in a read-only transaction")
	f("create temp table u (a int)", "25006: cannot execute CREATE TABLE in a read-only transaction")
	f("create index on t (a)", "25006: cannot execute CREATE INDEX in a read-only transaction")
	f("create view w as select 1", "25006: cannot execute CREATE VIEW in a read-only transaction")
	f("create schema x", "25006: cannot execute CREATE SCHEMA in a read-only transaction")
	f("create role se_ro", "25006: cannot execute CREATE ROLE in a read-only transaction")
	f("alter table t add b int", "25006: cannot execute ALTER TABLE in a read-only transaction")
	f("alter role postgres set work_mem = '1MB'", "25006: cannot execute ALTER ROLE in a read-only transaction")
	f("drop table t", "25006: cannot execute DROP TABLE in a read-only transaction")
	f("drop view v", "25006: cannot execute DROP VIEW in a read-only transaction")
	f("comment on table t is 'x'", "25006: cannot execute COMMENT in a read-only transaction")
	f("grant select on t to public", "25006: cannot execute GRANT in a read-only transaction")
	f("select 1 as a into u", "25006: cannot execute SELECT INTO in a read-only transaction")
	f("create table u as select 1", "25006: cannot execute CREATE TABLE AS in a read-only transaction")
	f("copy t from stdin", "25006: cannot execute COPY FROM in a read-only transaction")
	f("explain analyze insert into t values (2)", "25006: cannot execute INSERT in a read-only transaction")
	f("lock table t in exclusive mode", "LOCK TABLE")
	f("lock table t in access share mode", "LOCK TABLE")
	f("notify x", "NOTIFY")
	f("insert into tmp values (1)", "INSERT 0 1")
	f("delete from tmp", "DELETE 0")
	f("select * from t", "1")
	f("set work_mem = '1MB'", "SET")
	f("prepare p as insert into t values (2)", "PREPARE")
	f("declare c cursor for select * from t", "DECLARE CURSOR")
	f("analyze t", "ANALYZE")
	f("reindex table t", "REINDEX")
}

// now() is the transaction's time, statement_timestamp() the statement's, in blocks and in strings.
func TestTransactionTime(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t as select now() as at; begin; insert into t select now()")
	db.Is("insert into t select now(); select count(distinct at) from t", "1")
	db.Is(`select bool_and(now() = transaction_timestamp() and now() <= statement_timestamp()
		and statement_timestamp() <= clock_timestamp())`,
		"t")
	db.Is("select now() = statement_timestamp()", "f")
	db.Is("commit; select now() > max(at) from t", "t")
	db.Is("savepoint x", "25P01: SAVEPOINT can only be used in transaction blocks")
	db.Must("begin; create temp table u as select now() as at; savepoint s")
	db.Is("select now() = at from u", "t")
	db.Is("rollback to s; select now() = at from u", "t")
	db.Is("commit and chain; select now() > at from u", "t")
	db.Is("rollback", "ROLLBACK")
}
