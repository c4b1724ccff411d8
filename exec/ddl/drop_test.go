package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A view needs its tables and the columns it names; CASCADE takes it along.
func TestDropNeededByView(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int, c text)")
	db.Must("create view v as select a, b from t")
	db.Must("create view w as select b from v")
	db.Is("drop table t",
		`2BP01: cannot drop table t because other objects depend on it DETAIL: view v depends on table t
view w depends on view v HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop table t restrict",
		`2BP01: cannot drop table t because other objects depend on it DETAIL: view v depends on table t
view w depends on view v HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("alter table t drop column a",
		`2BP01: cannot drop column a of table t because other objects depend on it DETAIL: view v depends on column a of table t
view w depends on view v HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("alter table t drop column b",
		`2BP01: cannot drop column b of table t because other objects depend on it DETAIL: view v depends on column b of table t
view w depends on view v HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.IsHeard("alter table t drop column c", "ALTER TABLE")
	db.Is("drop view v",
		"2BP01: cannot drop view v because other objects depend on it DETAIL: view w depends on view v "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.IsHeard("alter table t drop column b cascade", "ALTER TABLE", "NOTICE: drop cascades to 2 other objects")
	db.Is("select count(*) from pg_class where relname in ('v', 'w')", "0")
	db.Must("create view v as select * from t")
	db.IsHeard("drop table t cascade", "DROP TABLE", "NOTICE: drop cascades to view v")
	db.Is("select count(*) from pg_class where relname in ('v', 't')", "0")
	db.Is("drop table v", `42P01: table "v" does not exist`)
	db.Must("create table t (a int)")
	db.Must("create view v as select a from t")
	db.Must("create view u as select a from t")
	db.IsHeard("drop view u, v", "DROP VIEW")
	db.Is("drop table t restrict", "DROP TABLE")
}

// Dropping one of two objects together with what needs it is no error.
func TestDropTogether(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table a (x int primary key)")
	db.Must("create table b (x int references a)")
	db.Must("create view v as select * from b")
	db.Is("drop table a",
		"2BP01: cannot drop table a because other objects depend on it "+
			"DETAIL: constraint b_x_fkey on table b depends on table a "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("drop table b",
		"2BP01: cannot drop table b because other objects depend on it DETAIL: view v depends on table b "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("drop table a, b",
		"2BP01: cannot drop desired object(s) because other objects depend on them "+
			"DETAIL: view v depends on table b HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("drop table b, a",
		"2BP01: cannot drop desired object(s) because other objects depend on them "+
			"DETAIL: view v depends on table b HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("drop view v", "DROP VIEW")
	db.Is("drop table a, b", "DROP TABLE")
	db.Must("create table c (x int)")
	db.Must("create view v1 as select * from c")
	db.Must("create view v2 as select * from v1")
	db.Is("drop view v1",
		"2BP01: cannot drop view v1 because other objects depend on it DETAIL: view v2 depends on view v1 "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("drop view v2, v1", "DROP VIEW")
	db.Is("drop view v1, v2", `42P01: view "v1" does not exist`)
	db.Is("drop table c, c", "DROP TABLE")
	db.Is("drop table c", `42P01: table "c" does not exist`)
}

// A list of which one name is wrong drops nothing.
func TestDropListIsOneStatement(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table a (x int)")
	db.Must("create table b (x int)")
	db.Is("drop table a, nosuch, b", `42P01: table "nosuch" does not exist`)
	db.IsHeard("drop table if exists nosuch, a, other", "DROP TABLE", `NOTICE: table "nosuch" does not exist, skipping`,
		`NOTICE: table "other" does not exist, skipping`)
	db.Is("select relname from pg_class where relname in ('a', 'b')", "b")
	db.Is("drop table b, a", `42P01: table "a" does not exist`)
}

// DROP of another kind names the command that is meant.
func TestDropWrongKind(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key)")
	db.Must("create view v as select 1 as x")
	db.Must("create sequence s")
	db.Must("create index i on t (a)")
	db.Is("drop view t", `42809: "t" is not a view HINT: Use DROP TABLE to remove a table.`)
	db.Is("drop sequence t", `42809: "t" is not a sequence HINT: Use DROP TABLE to remove a table.`)
	db.Is("drop index t", `42809: "t" is not an index HINT: Use DROP TABLE to remove a table.`)
	db.Is("drop table v", `42809: "v" is not a table HINT: Use DROP VIEW to remove a view.`)
	db.Is("drop sequence v", `42809: "v" is not a sequence HINT: Use DROP VIEW to remove a view.`)
	db.Is("drop index v", `42809: "v" is not an index HINT: Use DROP VIEW to remove a view.`)
	db.Is("drop table s", `42809: "s" is not a table HINT: Use DROP SEQUENCE to remove a sequence.`)
	db.Is("drop view s", `42809: "s" is not a view HINT: Use DROP SEQUENCE to remove a sequence.`)
	db.Is("drop index s", `42809: "s" is not an index HINT: Use DROP SEQUENCE to remove a sequence.`)
	db.Is("drop table i", `42809: "i" is not a table HINT: Use DROP INDEX to remove an index.`)
	db.Is("drop view i", `42809: "i" is not a view HINT: Use DROP INDEX to remove an index.`)
	db.Is("drop sequence i", `42809: "i" is not a sequence HINT: Use DROP INDEX to remove an index.`)
	db.Is("drop table t_pkey", `42809: "t_pkey" is not a table HINT: Use DROP INDEX to remove an index.`)
	db.IsHeard("drop table if exists v", `42809: "v" is not a table HINT: Use DROP VIEW to remove a view.`)
	db.IsHeard("drop view if exists t", `42809: "t" is not a view HINT: Use DROP TABLE to remove a table.`)
}

// What does not exist is an error, or a notice with IF EXISTS, also when its schema does not.
func TestDropMissing(t *testing.T) {
	db := dbtest.New(t)
	db.Is("drop table nosuch", `42P01: table "nosuch" does not exist`)
	db.Is("drop view nosuch", `42P01: view "nosuch" does not exist`)
	db.Is("drop sequence nosuch", `42P01: sequence "nosuch" does not exist`)
	db.Is("drop index nosuch", `42704: index "nosuch" does not exist`)
	db.Is("drop schema nosuch", `3F000: schema "nosuch" does not exist`)
	db.Is("drop table nosuch.t", `3F000: schema "nosuch" does not exist`)
	db.Is("drop view nosuch.t", `3F000: schema "nosuch" does not exist`)
	db.Is("drop index nosuch.t", `3F000: schema "nosuch" does not exist`)
	db.Is("drop table public.t", `42P01: table "t" does not exist`)
	db.Is("drop role g_nosuch", `42704: role "g_nosuch" does not exist`)
	db.Is("drop database nosuch", `3D000: database "nosuch" does not exist`)
	db.IsHeard("drop table if exists nosuch", "DROP TABLE", `NOTICE: table "nosuch" does not exist, skipping`)
	db.IsHeard("drop view if exists nosuch", "DROP VIEW", `NOTICE: view "nosuch" does not exist, skipping`)
	db.IsHeard("drop sequence if exists nosuch", "DROP SEQUENCE", `NOTICE: sequence "nosuch" does not exist, skipping`)
	db.IsHeard("drop index if exists nosuch", "DROP INDEX", `NOTICE: index "nosuch" does not exist, skipping`)
	db.IsHeard("drop schema if exists nosuch", "DROP SCHEMA", `NOTICE: schema "nosuch" does not exist, skipping`)
	db.IsHeard("drop table if exists nosuch.t", "DROP TABLE", `NOTICE: schema "nosuch" does not exist, skipping`)
	db.IsHeard("drop table if exists public.t", "DROP TABLE", `NOTICE: table "t" does not exist, skipping`)
	db.IsHeard("drop index if exists nosuch.i", "DROP INDEX", `NOTICE: schema "nosuch" does not exist, skipping`)
	db.IsHeard("drop role if exists g_nosuch", "DROP ROLE", `NOTICE: role "g_nosuch" does not exist, skipping`)
	db.IsHeard("drop database if exists nosuch", "DROP DATABASE", `NOTICE: database "nosuch" does not exist, skipping`)
	db.IsHeard("drop table if exists nosuch cascade", "DROP TABLE", `NOTICE: table "nosuch" does not exist, skipping`)
	db.Is("drop table pg_class", `42501: permission denied: "pg_class" is a system catalog`)
	db.Is("drop schema pg_catalog",
		"2BP01: cannot drop schema pg_catalog because it is required by the database system")
}

// The index of a constraint goes with its constraint alone.
func TestDropIndexOfConstraint(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int unique, c int)")
	db.Must("create index on t (c)")
	db.Must("create unique index t_u on t (b)")
	db.Is("drop index t_pkey",
		"2BP01: cannot drop index t_pkey because constraint t_pkey on table t requires it "+
			"HINT: You can drop constraint t_pkey on table t instead.")
	db.Is("drop index t_b_key",
		"2BP01: cannot drop index t_b_key because constraint t_b_key on table t requires it "+
			"HINT: You can drop constraint t_b_key on table t instead.")
	db.Is("drop index t_pkey cascade",
		"2BP01: cannot drop index t_pkey because constraint t_pkey on table t requires it "+
			"HINT: You can drop constraint t_pkey on table t instead.")
	db.Is("drop index if exists t_b_key",
		"2BP01: cannot drop index t_b_key because constraint t_b_key on table t requires it "+
			"HINT: You can drop constraint t_b_key on table t instead.")
	db.Is("drop index t_c_idx", "DROP INDEX")
	db.Is("drop index t_u", "DROP INDEX")
	db.Is("alter table t drop constraint t_pkey", "ALTER TABLE")
	db.Is("select conname from pg_constraint where conrelid = 't'::regclass", "t_b_key")
	db.Is("select indexrelid::regclass from pg_index where indrelid = 't'::regclass", "t_b_key")
	db.Is("insert into t values (1, 1), (1, 2)", "INSERT 0 2")
	db.Is("begin", "BEGIN")
	db.Is("drop index concurrently t_b_key", "25001: DROP INDEX CONCURRENTLY cannot run inside a transaction block")
	db.Is("rollback", "ROLLBACK")
	db.Must("create index k on t (c)")
	db.Is("drop index concurrently k", "DROP INDEX")
	db.IsHeard("drop index concurrently if exists k", "DROP INDEX", `NOTICE: index "k" does not exist, skipping`)
}

// A foreign key needs the key it points at.
func TestDropKeyNeededByForeignKey(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (a int primary key, b int unique, c int)")
	db.Must("create table f (a int references p, b int references p (b))")
	db.Is("alter table p drop constraint p_pkey",
		"2BP01: cannot drop constraint p_pkey on table p because other objects depend on it "+
			"DETAIL: constraint f_a_fkey on table f depends on index p_pkey "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table p drop constraint p_b_key",
		"2BP01: cannot drop constraint p_b_key on table p because other objects depend on it "+
			"DETAIL: constraint f_b_fkey on table f depends on index p_b_key "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table p drop column a",
		"2BP01: cannot drop column a of table p because other objects depend on it "+
			"DETAIL: constraint f_a_fkey on table f depends on column a of table p "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table p drop column b",
		"2BP01: cannot drop column b of table p because other objects depend on it "+
			"DETAIL: constraint f_b_fkey on table f depends on column b of table p "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table p drop column c", "ALTER TABLE")
	db.IsHeard("alter table p drop constraint p_pkey cascade", "ALTER TABLE",
		"NOTICE: drop cascades to constraint f_a_fkey on table f")
	db.Is("select conname from pg_constraint where conrelid = 'f'::regclass", "f_b_fkey")
	db.IsHeard("alter table p drop column b cascade", "ALTER TABLE",
		"NOTICE: drop cascades to constraint f_b_fkey on table f")
	db.Is("select conname from pg_constraint where conrelid = 'f'::regclass", "")
	db.Is("insert into f values (7, 8)", "INSERT 0 1")
	db.Must("create table p2 (a int primary key)")
	db.Must("create table f2 (a int references p2, b int references p2)")
	db.Is("drop table p2",
		`2BP01: cannot drop table p2 because other objects depend on it DETAIL: constraint f2_a_fkey on table f2 depends on table p2
constraint f2_b_fkey on table f2 depends on table p2 HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.IsHeard("drop table p2 cascade", "DROP TABLE", "NOTICE: drop cascades to 2 other objects")
	db.Is("select conname from pg_constraint where conrelid = 'f2'::regclass", "")
}

// A default needs the sequence it calls; a sequence that a column owns goes with the column.
func TestDropSequenceOfDefault(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a serial, b int)")
	db.Is("drop sequence t_a_seq",
		"2BP01: cannot drop sequence t_a_seq because other objects depend on it "+
			"DETAIL: default value for column a of table t depends on sequence t_a_seq "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.IsHeard("drop sequence t_a_seq cascade", "DROP SEQUENCE",
		"NOTICE: drop cascades to default value for column a of table t")
	db.Is("insert into t values (default, 1) returning a",
		`23502: null value in column "a" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, 1).`)
	db.Must("create sequence s")
	db.Must("alter table t alter b set default nextval('s')")
	db.Is("drop sequence s",
		"2BP01: cannot drop sequence s because other objects depend on it "+
			"DETAIL: default value for column b of table t depends on sequence s "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter sequence s owned by t.b", "ALTER SEQUENCE")
	db.Is("drop sequence s",
		"2BP01: cannot drop sequence s because other objects depend on it "+
			"DETAIL: default value for column b of table t depends on sequence s "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table t drop column b", "ALTER TABLE")
	db.Is("select count(*) from pg_class where relname = 's'", "0")
	db.Must("create table u (a serial, i int generated always as identity)")
	db.Is("drop sequence u_i_seq",
		"2BP01: cannot drop sequence u_i_seq because column i of table u requires it "+
			"HINT: You can drop column i of table u instead.")
	db.Is("drop sequence u_i_seq cascade",
		"2BP01: cannot drop sequence u_i_seq because column i of table u requires it "+
			"HINT: You can drop column i of table u instead.")
	db.Is("drop table u", "DROP TABLE")
	db.Is("select relname from pg_class where relname like 'u%seq'", "")
	db.Must("create sequence s")
	db.Must("create table d1 (a int default nextval('s'), b int default 3)")
	db.Must("create table d2 (a bigint default nextval('s'))")
	db.Is("drop sequence s",
		`2BP01: cannot drop sequence s because other objects depend on it DETAIL: default value for column a of table d1 depends on sequence s
default value for column a of table d2 depends on sequence s HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.IsHeard("drop sequence s cascade", "DROP SEQUENCE", "NOTICE: drop cascades to 2 other objects")
	db.Is("insert into d1 default values returning a, b", "<null>|3")
}

// A dropped column takes along the constraints, indexes and defaults that name it.
func TestDropColumnTakesAlong(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b int check (b > 0), c int, d int, check (c > d), unique (a, c),
		foreign key (d) references t (e), e int primary key)`)
	db.Must("create index i on t (a, b)")
	db.Must("create index j on t (e)")
	db.Must("create index x on t ((a + 1))")
	db.Must("create index p on t (e) where d > 1")
	db.Is("alter table t drop column b", "ALTER TABLE")
	db.Is("select conname from pg_constraint where conrelid = 't'::regclass order by 1",
		"t_a_c_key; t_check; t_d_fkey; t_pkey")
	db.Is("select indexrelid::regclass::text from pg_index where indrelid = 't'::regclass order by 1",
		"j; p; t_a_c_key; t_pkey; x")
	db.Is("alter table t drop column d", "ALTER TABLE")
	db.Is("select conname from pg_constraint where conrelid = 't'::regclass order by 1", "t_a_c_key; t_pkey")
	db.Is("select indexrelid::regclass::text from pg_index where indrelid = 't'::regclass order by 1",
		"j; t_a_c_key; t_pkey; x")
	db.Is("alter table t drop column a", "ALTER TABLE")
	db.Is("select indexrelid::regclass::text from pg_index where indrelid = 't'::regclass order by 1", "j; t_pkey")
	db.Is("alter table t drop column nosuch", `42703: column "nosuch" of relation "t" does not exist`)
	db.IsHeard("alter table t drop column if exists nosuch", "ALTER TABLE",
		`NOTICE: column "nosuch" of relation "t" does not exist, skipping`)
	db.Is("insert into t values (5, 6)", "INSERT 0 1")
	db.Is("select * from t", "5|6")
	db.Is(`select attnum, attname, attisdropped from pg_attribute where attrelid = 't'::regclass and attnum > 0
		order by 1`,
		"1|........pg.dropped.1........|t; 2|........pg.dropped.2........|t; 3|c|f; 4|........pg.dropped.4........|t; 5|e|f")
	db.Is("alter table t add column b text default 'again'", "ALTER TABLE")
	db.Is("select * from t", "5|6|again")
	db.Is("alter table t drop column c, drop column e, drop column b", "ALTER TABLE")
	db.Is("select count(*) from t", "1")
}

// What depends is listed by age, each followed by what depends on it, with the schema where the path does not find it.
func TestDropListsDependents(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int)")
	db.Must("create view v1 as select a from t")
	db.Must("create view v2 as select a from t")
	db.Must("create view v3 as select a from v1")
	db.Must("create view v4 as select v1.a from v1, v2")
	db.Must("create schema s")
	db.Must("create view s.v5 as select a from v3")
	db.Must("create table s.t (a int references t, b int default 1)")
	db.Must("create view s.v6 as select a from s.t")
	db.Must(`create schema "S x"`)
	db.Must(`create view "S x"."select" as select * from s.v6`)
	db.Is("drop table t",
		`2BP01: cannot drop table t because other objects depend on it DETAIL: view v1 depends on table t
view v3 depends on view v1
view s.v5 depends on view v3
view v2 depends on table t
view v4 depends on view v2
constraint t_a_fkey on table s.t depends on table t HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.IsHeard("drop view v1 cascade", "DROP VIEW", "NOTICE: drop cascades to 3 other objects")
	db.Is("select relname from pg_class where relname like 'v_' order by 1", "v2; v6")
	db.Is("drop table s.t",
		`2BP01: cannot drop table s.t because other objects depend on it DETAIL: view s.v6 depends on table s.t
view "S x"."select" depends on view s.v6 HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop schema s",
		`2BP01: cannot drop schema s because other objects depend on it DETAIL: table s.t depends on schema s
view s.v6 depends on schema s
view "S x"."select" depends on view s.v6 HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("set search_path to s", "SET")
	db.Is("drop view v5", `42P01: view "v5" does not exist`)
	db.Is("drop table public.t",
		`2BP01: cannot drop table public.t because other objects depend on it DETAIL: view public.v2 depends on table public.t
constraint t_a_fkey on table t depends on table public.t HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop table public.t, t",
		`2BP01: cannot drop desired object(s) because other objects depend on them DETAIL: view v6 depends on table t
view "S x"."select" depends on view v6
view public.v2 depends on table public.t HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop view v6",
		`2BP01: cannot drop view v6 because other objects depend on it `+
			`DETAIL: view "S x"."select" depends on view v6 HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is(`set search_path to "S x", s`, "SET")
	db.Is("drop view v6",
		`2BP01: cannot drop view v6 because other objects depend on it DETAIL: view "select" depends on view v6 `+
			`HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop view v6, nosuch", `42P01: view "nosuch" does not exist`)
	db.Is("set search_path to public", "SET")
	db.IsHeard("drop schema s cascade", "DROP SCHEMA", "NOTICE: drop cascades to 3 other objects")
}

// A schema with objects needs CASCADE.
func TestDropSchema(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table s.a (x int)")
	db.Is("drop schema s",
		"2BP01: cannot drop schema s because other objects depend on it DETAIL: table s.a depends on schema s "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.IsHeard("drop schema s cascade", "DROP SCHEMA", "NOTICE: drop cascades to table s.a")
	db.Must("create schema s")
	db.IsHeard("drop schema s", "DROP SCHEMA")
	db.Must("create schema s")
	db.Must("create schema s2")
	db.Must("create table s.a (x int primary key)")
	db.Must("create table s.b (x int references s.a)")
	db.Must("create view public.v as select * from s.a")
	db.IsHeard("drop schema s cascade", "DROP SCHEMA", "NOTICE: drop cascades to 3 other objects")
	db.Is("select count(*) from pg_class where relname = 'v'", "0")
	db.Is("drop schema s2, nosuch", `3F000: schema "nosuch" does not exist`)
	db.IsHeard("drop schema if exists s2, nosuch", "DROP SCHEMA", `NOTICE: schema "nosuch" does not exist, skipping`)
}

// A rolled back DROP leaves all as it was.
func TestDropRollback(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b text default 'x')")
	db.Must("create index i on t (b)")
	db.Must("create view v as select * from t")
	db.Must("insert into t values (1), (2)")
	db.Must("begin")
	db.Must("drop table t cascade")
	db.Is("select * from t", `42P01: relation "t" does not exist`)
	db.Must("rollback")
	db.Is("select * from v", "1|x; 2|x")
	db.Is("insert into t values (1)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`)
	db.Must("begin")
	db.Must("savepoint s")
	db.Must("drop index i")
	db.Must("drop view v")
	db.Must("alter table t drop column b")
	db.Is("select * from t", "1; 2")
	db.Must("rollback to s")
	db.Is("select * from v", "1|x; 2|x")
	db.Must("commit")
	db.Is("select * from v where b = 'x'", "1|x; 2|x")
	db.Is("select indexrelid::regclass::text from pg_index where indrelid = 't'::regclass order by 1", "i; t_pkey")
}
