package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// What PostgreSQL has and this server has not is refused by name, is not half done, and leaves the session as it was.
func TestUnsupportedStatements(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create table t (a int primary key, b text)")
	f := func(query, feature string) {
		t.Helper()
		db.Is(query, "0A000: "+feature+" is not supported")
	}
	f("create type mood as enum ('a')", "CREATE TYPE")
	f("create type pair as (a int, b int)", "CREATE TYPE")
	f("create type r as range (subtype = int)", "CREATE TYPE")
	f("alter type mood add value 'b'", "ALTER TYPE")
	f("create domain d as int", "CREATE DOMAIN")
	f("create function f() returns int language sql as 'select 1'", "CREATE FUNCTION")
	f("create procedure p() language sql as 'select 1'", "CREATE PROCEDURE")
	f("alter function f() immutable", "ALTER FUNCTION")
	f("create aggregate g (int) (sfunc = int4pl, stype = int)", "CREATE AGGREGATE")
	f("create operator class c for type int using btree as operator 1 <", "CREATE OPERATOR CLASS")
	f("create operator family c using btree", "CREATE OPERATOR FAMILY")
	f("create cast (int as text) without function", "CREATE CAST")
	f("create trigger g before insert on t for each row execute function f()", "CREATE TRIGGER")
	f("create event trigger g on ddl_command_start execute function f()", "CREATE EVENT TRIGGER")
	f("create rule r as on insert to t do instead nothing", "CREATE RULE")
	f("create policy p on t", "CREATE POLICY")
	f("create materialized view m as select 1 as x", "CREATE MATERIALIZED VIEW")
	f("refresh materialized view m", "REFRESH MATERIALIZED VIEW")
	f("create statistics s on a, b from t", "CREATE STATISTICS")
	f("create publication p for table t", "CREATE PUBLICATION")
	f("create subscription s connection '' publication p", "CREATE SUBSCRIPTION")
	f("create foreign data wrapper w", "CREATE FOREIGN DATA WRAPPER")
	f("create server s foreign data wrapper w", "CREATE SERVER")
	f("create foreign table x (a int) server s", "CREATE FOREIGN TABLE")
	f("create user mapping for postgres server s", "CREATE USER MAPPING")
	f("import foreign schema s from server s into public", "IMPORT FOREIGN SCHEMA")
	f("create tablespace s location '/x'", "CREATE TABLESPACE")
	f("create access method m type index handler h", "CREATE ACCESS METHOD")
	f("create conversion c for 'utf8' to 'latin1' from x", "CREATE CONVERSION")
	f("create transform for int language sql (from sql with function f(internal))", "CREATE TRANSFORM")
	f("create collation c (locale = 'de')", "CREATE COLLATION")
	f("create text search configuration c (copy = english)", "CREATE TEXT SEARCH CONFIGURATION")
	f("create text search dictionary c (template = simple)", "CREATE TEXT SEARCH DICTIONARY")
	f("create table p (a int) partition by range (a)", "CREATE TABLE ... PARTITION BY")
	f("create table c () inherits (t)", "table inheritance")
	f("create table x of mood", "CREATE TABLE ... OF type")
	f("do $$ begin end $$", "DO")
	f("call p()", "CALL")
	f("load 'x'", "LOAD")
	f("security label on table t is 'x'", "SECURITY LABEL")
	f("cluster t using t_pkey", "CLUSTER")
	f("alter system set work_mem = '1MB'", "ALTER SYSTEM")
	f("alter default privileges grant select on tables to public", "ALTER DEFAULT PRIVILEGES")
	f("alter table t enable row level security", "ALTER TABLE ENABLE ROW SECURITY")
	f("copy t to program 'x'", "COPY TO a program")
	f("select * from t tablesample system (1)", "TABLESAMPLE")
	f("select xmlelement(name x)", "XML")
	f("with recursive r as (select 1 as n union all select n from r) search depth first by n set o select * from r",
		"SEARCH and CYCLE in WITH")
	db.Is("commit prepared 'x'", `42704: prepared transaction with identifier "x" does not exist`)
	db.Is("rollback prepared 'x'", `42704: prepared transaction with identifier "x" does not exist`)
	db.Is("prepare transaction 'x'",
		"55000: prepared transactions are disabled HINT: Set max_prepared_transactions to a nonzero value.")
	db.Is("select count(*) from pg_class where relnamespace = 'public'::regnamespace", "2")
}
