package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// CREATE TABLE AS takes columns and rows from a query, and nothing else of its tables.
func TestCreateTableAs(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension if not exists vector")
	db.Must(`create table src (id int primary key, v varchar(5) not null default 'x',
		n numeric(6,2) check (n > 0), e vector(2), ts timestamp(0),
		c char(3), a int[], i interval hour to minute)`)
	db.Must(`insert into src values (1, 'a', 1.5, '[1,2]', '2024-01-01', 'c', '{1}', '1:02'),
		(2, 'b', null, null, null, null, null, null)`)
	db.Is("create table copy as select * from src", "SELECT 2")
	db.Rows(shape("copy"),
		"id integer",
		"v character varying(5)",
		"n numeric(6,2)",
		"e vector(2)",
		"ts timestamp(0) without time zone",
		"c character(3)",
		"a integer[]",
		"i interval hour to minute",
	)
	db.Rows("select * from copy order by id",
		"1|a|1.50|[1,2]|2024-01-01 00:00:00|c  |{1}|01:02:00",
		"2|b|<null>|<null>|<null>|<null>|<null>|<null>")
	db.Must("insert into copy values (1, null, -1)")
	db.Is(`create table exprs as select id + 1 as next, n * 2, v || 'z', e <-> '[0,0]' as d, 'lit', null, 1.5,
		now() > now(), count(*) over () from src`,
		`42701: column "?column?" specified more than once`)
	db.Is(`create table exprs as select id + 1 as next, n * 2 as n2, v || 'z' as s, e <-> '[0,0]' as d,
		'lit' as lit, null as nul from src`,
		"SELECT 2")
	db.Rows(shape("exprs"),
		"next integer",
		"n2 numeric",
		"s text",
		"d double precision",
		"lit text",
		"nul text",
	)
	db.Is("create table named (x, y) as select id, v, n from src", "SELECT 2")
	db.Rows(shape("named"),
		"x integer",
		"y character varying(5)",
		"n numeric(6,2)",
	)
	db.Is("create table toomany (a, b, c) as select id, v from src", "42601: too many column names were specified")
	db.Is("create table twice (a, a) as select id, v from src", `42701: column "a" specified more than once`)
	db.Is("create table twice as select id, id from src", `42701: column "id" specified more than once`)
	db.Is("create table twice as select a.id, b.id from src a, src b", `42701: column "id" specified more than once`)
	db.Is("create table none as select id, v from src with no data", "CREATE TABLE AS")
	db.Is("select count(*) from none", "0")
	db.Rows(shape("none"),
		"id integer",
		"v character varying(5)",
	)
	db.Is("create table vals as values (1, 'a'), (2, null)", "SELECT 2")
	db.Rows(shape("vals"),
		"column1 integer",
		"column2 text",
	)
	db.Is("create table t as table src", "SELECT 2")
	db.Is("create table u (i) as select generate_series(1, 3000)", "SELECT 3000")
	db.Is("select count(*), sum(i) from u", "3000|4501500")
	db.Is("create table w as with q as (select id from src) select id from q union all select 9", "SELECT 3")
	db.Is("create table empty as select", "SELECT 1")
	db.Is("select count(*) from empty", "1")
	db.Restart()
	db.Rows("select * from copy order by id, v",
		"1|a|1.50|[1,2]|2024-01-01 00:00:00|c  |{1}|01:02:00",
		"1|<null>|-1.00|<null>|<null>|<null>|<null>|<null>",
		"2|b|<null>|<null>|<null>|<null>|<null>|<null>")
	db.Is("select count(*), sum(i) from u", "3000|4501500")
}

// CREATE TABLE AS refuses what a table cannot be, and leaves nothing behind when its query fails.
func TestCreateTableAsRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int)")
	db.Must("insert into t values (0), (1)")
	db.Is("create table t as select 1 as a", `42P07: relation "t" already exists`)
	db.IsHeard("create table if not exists t as select 1 / 0 as a", "CREATE TABLE AS",
		`NOTICE: relation "t" already exists, skipping`,
	)
	db.Is("create table u as select 1 / a as q from t", "22012: division by zero")
	db.Is("select count(*) from u", `42P01: relation "u" does not exist`)
	db.Is("create table u as select * from nosuch", `42P01: relation "nosuch" does not exist`)
	db.Is("create table u as select row(1, 2) as r", `42P16: column "r" has pseudo-type record`)
	db.Is("create table u as select a from t limit 'x'", `22P02: invalid input syntax for type bigint: "x"`)
	db.Is("create table u as insert into t values (1) returning a", `42601: syntax error at or near "insert"`)
	db.Is("create table pg_catalog.u as select 1 as a",
		`42501: permission denied to create "pg_catalog.u" DETAIL: System catalog modifications are currently disallowed.`)
	db.Is("prepare q as select a from t where a = $1", "PREPARE")
	db.Is("create table u as execute q(1)", "SELECT 1")
	db.Is("select * from u", "1")
}

// SELECT INTO is CREATE TABLE AS.
func TestSelectInto(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	db.Must("insert into t values (1, 'x'), (2, 'y'), (3, 'z')")
	db.Is("select a, b into u from t where a > 1 order by a desc", "SELECT 2")
	db.Rows(shape("u"),
		"a integer",
		"b text",
	)
	db.Is("select * from u order by a", "2|y; 3|z")
	db.Is("select a into u from t", `42P07: relation "u" already exists`)
	db.Is("select a into temp tmp from t", "SELECT 3")
	db.Is("select a, b into table tab from t union select 4, 'w'", "SELECT 4")
	db.Is("select count(*) from tmp, tab", "12")
	db.Is("select (select a into w from t)", "42601: SELECT ... INTO is not allowed here")
	db.Is("insert into u select a, b into w from t", "42601: SELECT ... INTO is not allowed here")
	db.Is("select 1 as a into pg_catalog.w",
		`42501: permission denied to create "pg_catalog.w" DETAIL: System catalog modifications are currently disallowed.`)
	db.Is("select 1, 2 into w", `42701: column "?column?" specified more than once`)
	db.Is("begin; select a into gone from t; rollback", "ROLLBACK")
	db.Is("select * from gone", `42P01: relation "gone" does not exist`)
}

// LIKE copies names, types and NOT NULL, and each further thing only when INCLUDING names it.
func TestCreateTableLike(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table src (id int generated by default as identity (start 10 increment 5),
		a varchar(5) not null default 'x',
		b numeric(6,2) constraint b_positive check (b > 0), c int generated always as (id * 2) stored, d serial,
		primary key (id), unique (a, b), constraint whole check (a <> b::text))`)
	db.Must("create index src_expr on src (lower(a), b desc) where b > 1")
	db.Must("create unique index on src (d) include (a)")
	db.Must("comment on column src.a is 'of a'")
	db.Must("comment on constraint b_positive on src is 'of b_positive'")
	db.Must("comment on index src_expr is 'of src_expr'")
	likeSrc := func(options string) string {
		t.Helper()
		db.Must("drop table if exists copy")
		db.Must("create table copy (like src " + options + ")")
		return shape("copy")
	}
	db.Rows(likeSrc(""),
		"id integer not null",
		"a character varying(5) not null",
		"b numeric(6,2)",
		"c integer",
		"d integer not null",
	)
	db.Rows(likeSrc("including defaults"),
		"id integer not null",
		"a character varying(5) not null default 'x'::character varying",
		"b numeric(6,2)",
		"c integer",
		"d integer not null default nextval('src_d_seq'::regclass)",
	)
	db.Rows(likeSrc("including generated"),
		"id integer not null",
		"a character varying(5) not null",
		"b numeric(6,2)",
		"c integer generated default (id * 2)",
		"d integer not null",
	)
	db.Rows(likeSrc("including identity"),
		"id integer not null identity d",
		"a character varying(5) not null",
		"b numeric(6,2)",
		"c integer",
		"d integer not null",
	)
	db.Rows(likeSrc("including constraints"),
		"id integer not null",
		"a character varying(5) not null",
		"b numeric(6,2)",
		"c integer",
		"d integer not null",
		"b_positive CHECK ((b > (0)::numeric))",
		"whole CHECK (((a)::text <> (b)::text))",
	)
	db.Rows(likeSrc("including indexes"),
		"id integer not null",
		"a character varying(5) not null",
		"b numeric(6,2)",
		"c integer",
		"d integer not null",
		"copy_a_b_key UNIQUE (a, b)",
		"copy_pkey PRIMARY KEY (id)",
		"CREATE UNIQUE INDEX copy_a_b_key ON public.copy USING btree (a, b)",
		"CREATE UNIQUE INDEX copy_d_a_idx ON public.copy USING btree (d) INCLUDE (a)",
		"CREATE INDEX copy_lower_b_idx ON public.copy USING btree (lower((a)::text), b DESC) WHERE (b > (1)::numeric)",
		"CREATE UNIQUE INDEX copy_pkey ON public.copy USING btree (id)",
	)
	db.Rows(likeSrc("including storage including statistics including compression"),
		"id integer not null",
		"a character varying(5) not null",
		"b numeric(6,2)",
		"c integer",
		"d integer not null",
	)
	db.Rows(likeSrc("including all"),
		"id integer not null identity d",
		"a character varying(5) not null default 'x'::character varying",
		"b numeric(6,2)",
		"c integer generated default (id * 2)",
		"d integer not null default nextval('src_d_seq'::regclass)",
		"b_positive CHECK ((b > (0)::numeric))",
		"copy_a_b_key UNIQUE (a, b)",
		"copy_pkey PRIMARY KEY (id)",
		"whole CHECK (((a)::text <> (b)::text))",
		"CREATE UNIQUE INDEX copy_a_b_key ON public.copy USING btree (a, b)",
		"CREATE UNIQUE INDEX copy_d_a_idx ON public.copy USING btree (d) INCLUDE (a)",
		"CREATE INDEX copy_lower_b_idx ON public.copy USING btree (lower((a)::text), b DESC) WHERE (b > (1)::numeric)",
		"CREATE UNIQUE INDEX copy_pkey ON public.copy USING btree (id)",
	)
	db.Rows(likeSrc("including all excluding indexes excluding constraints"),
		"id integer not null identity d",
		"a character varying(5) not null default 'x'::character varying",
		"b numeric(6,2)",
		"c integer generated default (id * 2)",
		"d integer not null default nextval('src_d_seq'::regclass)",
	)
	db.Rows(likeSrc("including defaults excluding all"),
		"id integer not null",
		"a character varying(5) not null",
		"b numeric(6,2)",
		"c integer",
		"d integer not null",
	)
	db.Must("drop table copy")
	db.Must("create table copy (before int, like src including all, after int)")
	db.Rows(shape("copy"),
		"before integer",
		"id integer not null identity d",
		"a character varying(5) not null default 'x'::character varying",
		"b numeric(6,2)",
		"c integer generated default (id * 2)",
		"d integer not null default nextval('src_d_seq'::regclass)",
		"after integer",
		"b_positive CHECK ((b > (0)::numeric))",
		"copy_a_b_key UNIQUE (a, b)",
		"copy_pkey PRIMARY KEY (id)",
		"whole CHECK (((a)::text <> (b)::text))",
		"CREATE UNIQUE INDEX copy_a_b_key ON public.copy USING btree (a, b)",
		"CREATE UNIQUE INDEX copy_d_a_idx ON public.copy USING btree (d) INCLUDE (a)",
		"CREATE INDEX copy_lower_b_idx ON public.copy USING btree (lower((a)::text), b DESC) WHERE (b > (1)::numeric)",
		"CREATE UNIQUE INDEX copy_pkey ON public.copy USING btree (id)",
	)
	db.Is("insert into copy (a, b) values ('q', 2) returning *", "<null>|10|q|2.00|20|1|<null>")
	db.Is("insert into copy (a, b) values ('q', 2)",
		`23505: duplicate key value violates unique constraint "copy_a_b_key" DETAIL: Key (a, b)=(q, 2.00) already exists.`)
	db.Is("insert into copy (a, b) values ('r', -2)",
		`23514: new row for relation "copy" violates check constraint "b_positive" `+
			`DETAIL: Failing row contains (null, 20, r, -2.00, 40, 3, null).`)
	db.Is(`select col_description('copy'::regclass, attnum) from pg_attribute
		where attrelid = 'copy'::regclass and attname = 'a'`,
		"of a")
	db.Is(`select conname, obj_description(oid, 'pg_constraint') from pg_constraint where conrelid = 'copy'::regclass and
		obj_description(oid, 'pg_constraint') is not null`, "b_positive|of b_positive")
	db.Is(`select indexrelid::regclass, obj_description(indexrelid, 'pg_class') from pg_index
		where indrelid = 'copy'::regclass and obj_description(indexrelid, 'pg_class') is not null`,
		"copy_lower_b_idx|of src_expr")
	db.Is("drop table src",
		"2BP01: cannot drop table src because other objects depend on it "+
			"DETAIL: default value for column d of table copy depends on sequence src_d_seq "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("insert into copy (a, b) values ('s', 2) returning id, c", "25|50")
}

// LIKE copies from views and system tables too, and not what does not exist or is there twice.
func TestCreateTableLikeSources(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int not null, gone int, b text)")
	db.Must("alter table t drop gone")
	db.Must("create view v as select a, b as bb from t")
	db.Must("create sequence s")
	db.Must("create table of_view (like v including all)")
	db.Rows(shape("of_view"),
		"a integer",
		"bb text",
	)
	db.Must("create table of_two (c int, like t, d int)")
	db.Is("create table of_twice (like t, a int)", `42701: column "a" specified more than once`)
	db.Is("create table of_twice (like t, like t)", `42701: column "a" specified more than once`)
	db.Must("create table of_dropped (like t including all)")
	db.Rows(shape("of_dropped"),
		"a integer not null",
		"b text",
	)
	db.Must("create table of_system (like pg_am)")
	db.Rows(`select attname, atttypid::regtype, attnotnull from pg_attribute
		where attrelid = 'of_system'::regclass and attnum > 0 order by attnum`,
		"oid|oid|t", "amname|name|t", "amhandler|regproc|t", `amtype|"char"|t`)
	db.Is("create table of_index (like t_idx)", `42P01: relation "t_idx" does not exist`)
	db.Must("create index t_idx on t (a)")
	db.Is("create table of_index (like t_idx)",
		`42809: relation "t_idx" is invalid in LIKE clause DETAIL: This operation is not supported for indexes.`)
	db.Is("create table of_sequence (like s)",
		`42809: relation "s" is invalid in LIKE clause DETAIL: This operation is not supported for sequences.`)
	db.Is("create table of_self (like of_self)", `42P01: relation "of_self" does not exist`)
	db.Is("create table if not exists t (like nosuch)", "CREATE TABLE")
}

// A temporary table is the session's own, stands before others of its name, and ends with the session.
func TestTemporaryTable(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int)")
	db.Must("insert into t values (1)")
	db.Is("create temp table t (a int, b int)", "CREATE TABLE")
	db.Is("select count(*) from t", "0")
	db.Is("select * from public.t", "1")
	db.Is("insert into t values (2, 3)", "INSERT 0 1")
	db.Is("select * from pg_temp.t", "2|3")
	other := db.Beside()
	other.Is("select * from t", "1")
	other.Is("select * from pg_temp.t", `42P01: relation "pg_temp.t" does not exist`)
	other.Is("create temporary table t as select 9 as only", "SELECT 1")
	other.Is("select * from t", "9")
	db.Is("select * from t", "2|3")
	other.Close()
	db.Is("create temp table t (a int)", `42P07: relation "t" already exists`)
	db.IsHeard("create temp table if not exists t (a int)", "CREATE TABLE",
		`NOTICE: relation "t" already exists, skipping`,
	)
	db.Is("create temp table public.u (a int)", "42P16: cannot create temporary relation in non-temporary schema")
	db.Is("create temp table pg_temp.u (a int primary key, b serial references t)",
		`42704: there is no primary key for referenced table "t"`)
	db.Is("create temp table pg_temp.u (a int primary key, b serial)", "CREATE TABLE")
	db.Is("create table pg_temp.w (a int)", "CREATE TABLE")
	db.Is("select relname, relpersistence from pg_class where relnamespace = pg_my_temp_schema() order by 1",
		"t|t; u|t; u_b_seq|t; u_pkey|t; w|t")
	db.Is("create table perm (a int references u)",
		"42P16: constraints on permanent tables may reference only permanent tables")
	db.Is("create temp table child (a int references public.t)",
		"42P16: constraints on temporary tables may reference only temporary tables")
	db.IsHeard("create view over as select * from t", "CREATE VIEW",
		`NOTICE: view "over" will be a temporary view`,
	)
	db.Is("drop table t",
		"2BP01: cannot drop table t because other objects depend on it DETAIL: view over depends on table t "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("drop table t cascade", "DROP TABLE")
	db.Is("select * from t", "1")
	db.Is("drop table t", "DROP TABLE")
	db.Is("create local temp table l (a int)", "CREATE TABLE")
	db.Is("create global temp table g (a int)", "CREATE TABLE")
	db.Is("alter table g set schema public", "0A000: cannot move objects into or out of temporary schemas")
	db.Is("create index on g (a)", "CREATE INDEX")
	db.Is("create temp sequence sq", "CREATE SEQUENCE")
	db.Is("create temp view tv as select 1 as one", "CREATE VIEW")
	db.Rows("select relname from pg_class where relnamespace = pg_my_temp_schema() order by 1",
		"g", "g_a_idx", "l", "sq", "tv", "u", "u_b_seq", "u_pkey", "w")
	db.Is("discard temp", "DISCARD TEMP")
	db.Is("select relname from pg_class where relnamespace = pg_my_temp_schema() order by 1", "")
}

// ON COMMIT is for temporary tables; their rows stay.
func TestTemporaryTableOnCommit(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create temp table keep (a int) on commit preserve rows")
	db.Must("begin; insert into keep values (1); commit")
	db.Is("select * from keep", "1")
	db.Is("create table t (a int) on commit preserve rows", "42P16: ON COMMIT can only be used on temporary tables")
}
