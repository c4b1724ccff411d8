package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Comments are in pg_description and by obj_description, col_description and shobj_description.
func TestComments(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table s.t (a int primary key, b int check (b > 0))")
	db.Must("create index i on s.t (b)")
	db.Must("create view v as select 1 as one")
	db.Must("create sequence q")
	db.Must("comment on table s.t is 'a table'")
	db.Must("comment on column s.t.b is 'a column'")
	db.Must("comment on view v is 'it''s a view'")
	db.Must("comment on column v.one is 'one'")
	db.Must("comment on index s.i is 'an index'")
	db.Must("comment on sequence q is 'a sequence'")
	db.Must("comment on constraint t_b_check on s.t is 'positive'")
	db.Must("comment on schema s is 'a schema'")
	db.Must("comment on database postgres is 'the database'")
	db.Is(`select obj_description('s.t'::regclass), obj_description('s.t'::regclass, 'pg_class'),
	obj_description('s.t'::regclass, 'pg_type'), obj_description('s.t'::regclass, 'none')`,
		"a table|a table|<null>|<null>")
	db.Is(`select col_description('s.t'::regclass, 2), col_description('s.t'::regclass, 1),
	col_description('s.t'::regclass, 0), col_description('s.t'::regclass, 9),
	col_description('v'::regclass, 1), col_description(0, 1)`,
		"a column|<null>|a table|<null>|one|<null>")
	db.Is(`select obj_description('v'::regclass), obj_description('s.i'::regclass, 'pg_class'),
	obj_description('q'::regclass), obj_description((select oid from pg_constraint where conname =
	't_b_check'), 'pg_constraint'), obj_description('s'::regnamespace, 'pg_namespace')`,
		"it's a view|an index|a sequence|positive|a schema")
	db.Is("select shobj_description(oid, 'pg_database') from pg_database where datname = 'postgres'", "the database")
	db.Is(`select shobj_description(0, 'pg_database'), shobj_description(null, 'pg_database'),
	shobj_description(10, 'none')`,
		"<null>|<null>|<null>")
	db.Rows(`select classoid::regclass, objsubid, description from pg_description where description in ('a table',
	'a column', 'it''s a view', 'one', 'an index', 'a sequence', 'positive', 'a schema') order by
	description`,
		"pg_class|2|a column",
		"pg_namespace|0|a schema",
		"pg_class|0|a sequence",
		"pg_class|0|a table",
		"pg_class|0|an index",
		"pg_class|0|it's a view",
		"pg_class|1|one",
		"pg_constraint|0|positive",
	)
	db.Must("comment on table s.t is null")
	db.Must("comment on column s.t.b is ''")
	db.Must("comment on index s.i is 'another'")
	db.Is(`select obj_description('s.t'::regclass), col_description('s.t'::regclass, 2),
	obj_description('s.i'::regclass)`,
		"<null>|<null>|another")
	db.Must("drop view v")
	db.Is("select count(*) from pg_description where description like 'it%'", "0")
	db.Is("comment on table none is 'x'", `42P01: relation "none" does not exist`)
	db.Is("comment on column s.t.none is 'x'",
		`42703: column "none" of relation "s.t" does not exist`)
	db.Is("comment on constraint none on s.t is 'x'",
		`42704: constraint "none" for table "t" does not exist`)
	db.Is("comment on table v is 'x'", `42P01: relation "v" does not exist`)
	db.Must("comment on database postgres is null")
	db.Is("select shobj_description(oid, 'pg_database') from pg_database where datname = 'postgres'", "<null>")
}

// pg_table_is_visible and its kin follow the search path.
func TestVisible(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table t (a int)")
	db.Must("create table s.t (a int)")
	db.Must("create table s.u (a int)")
	db.Must("create index s_i on s.u (a)")
	db.Is(`select c.relname, n.nspname, pg_table_is_visible(c.oid), pg_type_is_visible(c.reltype) from pg_class c
		join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 's') order by 1, 2`,
		"s_i|s|f|<null>; t|public|t|t; t|s|f|f; u|s|f|f")
	db.Must("set search_path = s, public")
	db.Is(`select c.relname, n.nspname, pg_table_is_visible(c.oid) from pg_class c
		join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 's') order by 1, 2`,
		"s_i|s|t; t|public|f; t|s|t; u|s|t")
	db.Must("set search_path = ''")
	db.Is(`select count(*) from pg_class where relnamespace in ('public'::regnamespace, 's'::regnamespace)
	and pg_table_is_visible(oid)`,
		"0")
	db.Is(`select pg_table_is_visible('pg_class'::regclass),
	pg_table_is_visible('information_schema.tables'::regclass), pg_table_is_visible(0),
	pg_table_is_visible(null)`,
		"t|f|<null>|<null>")
	db.Must("set search_path = public, pg_catalog")
	db.Must("create table pg_class (a int)")
	db.Is(`select 'pg_class'::regclass, pg_table_is_visible('pg_catalog.pg_class'::regclass), count(*) from
	pg_class group by 1, 2`,
		"")
	db.Must("reset search_path")
	db.Is(`select pg_type_is_visible(23), pg_function_is_visible('now'::regproc),
	pg_operator_is_visible('=(int,int)'::regoperator), pg_opclass_is_visible((select oid from
	pg_opclass where opcname = 'int4_ops' and opcmethod = 403)), pg_collation_is_visible(100)`,
		"t|t|t|t|t")
}

// Size functions count bytes, and are null for what does not exist.
func TestSizes(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b text)")
	db.Must("insert into t select i, repeat('x', 100) from generate_series(1, 1000) i")
	db.Must("create view v as select 1")
	db.Is(`select pg_relation_size('t') > 0 or pg_table_size('t') >= 0, pg_table_size('t') <=
	pg_total_relation_size('t'), pg_indexes_size('t') + pg_table_size('t') =
	pg_total_relation_size('t')`,
		"t|t|t")
	db.Is(`select pg_relation_size(0), pg_table_size(0), pg_total_relation_size(0),
	pg_relation_size(null::regclass), pg_indexes_size(0)`,
		"<null>|<null>|<null>|<null>|<null>")
	db.Is(`select pg_relation_size('v'), pg_relation_size('t', 'main') >= 0, pg_relation_size('t', 'fsm')
	>= 0`,
		"0|t|t")
	db.Is("select pg_relation_size('t', 'none')",
		`22023: invalid fork name HINT: Valid fork names are "main", "fsm", "vm", and "init".`)
	db.Is("select pg_relation_size('none')", `42P01: relation "none" does not exist`)
	db.Is(`select pg_database_size(current_database()) > 0, pg_database_size((select oid from pg_database
	where datname = current_database())) > 0, pg_database_size(0)`,
		"t|t|<null>")
	db.Is("select pg_database_size('none')", `3D000: database "none" does not exist`)
	db.Is(`select pg_size_pretty(0::bigint), pg_size_pretty(10239::bigint), pg_size_pretty(10240::bigint),
	pg_size_pretty(-1048576::bigint), pg_size_pretty(1e15::bigint), pg_size_pretty(12345.678),
	pg_size_pretty(null::bigint)`,
		"0 bytes|10239 bytes|10 kB|-1024 kB|909 TB|12 kB|<null>")
	db.Is("select pg_size_bytes('1 kB'), pg_size_bytes('2.5MB'), pg_size_bytes('-3'), pg_size_bytes(' 7 bytes ')",
		"1024|2621440|-3|7")
	db.Is("select pg_size_bytes('1 zB')",
		`22023: invalid size: "1 zB" DETAIL: Invalid size unit: "zB". `+
			`HINT: Valid units are "bytes", "B", "kB", "MB", "GB", "TB", and "PB".`)
	db.Is("select pg_relation_filenode('t') is not null, pg_relation_filenode('v'), pg_relation_filenode(0)",
		"t|<null>|<null>")
	db.Is(`select pg_tablespace_size('pg_default') >= 0, pg_tablespace_location(1663),
	pg_tablespace_location(0)`,
		"t||")
	db.Is(`select relname, relpages >= 0, reltuples >= -1 from pg_class where relname in ('t', 't_pkey')
	order by 1`,
		"t|t|t; t_pkey|t|t")
}

// Functions that say what the server or the session is.
func TestDescribeFunctions(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`select current_schema(), current_schemas(false), current_schemas(true), current_catalog =
	current_database()`,
		"public|{public}|{pg_catalog,public}|t")
	db.Is(`select current_user, session_user, user, current_role, pg_get_userbyid(10),
	pg_get_userbyid(4242424)`,
		"postgres|postgres|postgres|postgres|postgres|unknown (OID=4242424)")
	db.Is(`select pg_backend_pid() > 0, pg_is_in_recovery(), pg_postmaster_start_time() <= now(), version()
	like 'PostgreSQL 16%'`,
		"t|f|t|t")
	db.Is(`select pg_encoding_to_char(6), pg_char_to_encoding('UTF8'), pg_encoding_to_char(-1),
	pg_client_encoding(), getdatabaseencoding()`,
		"UTF8|6||UTF8|UTF8")
	db.Is("select pg_my_temp_schema(), pg_is_other_temp_schema('public'::regnamespace)", "0|f")
	db.Must("create temp table tmp (a int)")
	db.Is(`select pg_my_temp_schema() <> 0, pg_my_temp_schema()::regnamespace::text like 'pg_temp_%',
	current_schemas(true)::text like '{pg_temp_%,pg_catalog,public}'`,
		"t|t|t")
	db.Is(`select pg_typeof(pg_backend_pid()), pg_typeof(current_database()), pg_typeof(current_user),
	pg_typeof(current_schemas(true)), pg_typeof(version())`,
		"integer|name|name|name[]|text")
	db.Is(`select pg_get_functiondef(0), pg_get_function_arguments(0), pg_get_function_result(0),
	pg_get_triggerdef(0), pg_get_ruledef(0)`,
		"<null>|<null>|<null>|<null>|<null>")
	db.Is(`select pg_get_function_arguments('abs(int)'::regprocedure),
	pg_get_function_identity_arguments('round(numeric,int)'::regprocedure),
	pg_get_function_result('abs(int)'::regprocedure),
	pg_get_function_result('generate_series(int,int)'::regprocedure),
	pg_get_function_arguments('concat'::regproc)`,
		`integer|numeric, integer|integer|SETOF integer|VARIADIC "any"`)
	db.Is(`select pg_get_partkeydef('pg_class'::regclass), pg_relation_is_publishable('tmp'),
	pg_relation_is_publishable('pg_class'), row_security_active('tmp')`,
		"<null>|f|f|f")
	db.Is("select inet_server_addr() is null or true, inet_client_port() is null or true", "t|t")
	db.Is("select pg_column_size(1), pg_column_size('abc'::text) > 3, pg_column_size(null)",
		"4|t|<null>")
	db.Is("select has_database_privilege(current_database(), 'connect'), pg_conf_load_time() <= now()",
		"t|t")
	db.Is(`select quote_ident('a b'), quote_ident('select'), quote_ident('abc'), quote_ident('A'),
	quote_ident('a$b'), quote_ident(''), quote_ident('é')`,
		`"a b"|"select"|abc|"A"|"a$b"|""|"é"`)
	db.Must(`create table "a$b" ("c d" int, "É" int, "select" int, "a""b" int, _x int, "1a" int, "über" int)`)
	db.Is("select 'a$b'::regclass", `"a$b"`)
	db.Must(`create index on "a$b" ("c d", "É", "select", "a""b", _x, "1a", "über")`)
	db.Is(`select pg_get_indexdef(indexrelid) from pg_index where indrelid = '"a$b"'::regclass`,
		`CREATE INDEX "a$b_c d_É_select_a""b__x_1a_über_idx" ON public."a$b" USING btree ("c d", "É", "select", `+
			`"a""b", _x, "1a", "über")`)
	db.Is(`select indexrelid::regclass from pg_index where indrelid = '"a$b"'::regclass`,
		`"a$b_c d_É_select_a""b__x_1a_über_idx"`)
}
