package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// pg_class has a row for each relation, with its kind and what belongs to it.
func TestClass(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table t (a int primary key, b text, c numeric(8,2), check (a > 0), check (b <> ''))")
	db.Must("create unique index t_b on t (b)")
	db.Must("create table s.child (a int references t (a), d date default now())")
	db.Must("create view v as select a, b from t")
	db.Must("create sequence seq")
	db.Must("create temp table tmp (x int)")
	// Kinds, and what a relation owns.
	db.Rows(`select relname, relkind, relpersistence, relnatts, relchecks, relhasindex, relhastriggers from
	pg_class where relnamespace in ('public'::regnamespace, 's'::regnamespace) order by relname`,
		"child|r|p|2|0|f|t",
		"seq|S|p|3|0|f|f",
		"t|r|p|3|2|t|t",
		"t_b|i|p|1|0|f|f",
		"t_pkey|i|p|1|0|f|f",
		"v|v|p|2|0|f|f",
	)
	db.Is(`select relkind, relpersistence, relnatts, relnamespace = pg_my_temp_schema() from pg_class where
	relname = 'tmp'`,
		"r|t|1|t")
	db.Rows(`select relname, relhasrules, relispopulated, relreplident, relispartition, relrowsecurity,
	relforcerowsecurity, relhassubclass, relisshared from pg_class where relnamespace =
	'public'::regnamespace order by relname`,
		"seq|f|t|n|f|f|f|f|f",
		"t|f|t|d|f|f|f|f|f",
		"t_b|f|t|n|f|f|f|f|f",
		"t_pkey|f|t|n|f|f|f|f|f",
		"v|t|t|n|f|f|f|f|f",
	)
	// The access method, of tables and indexes only; a file, except for views.
	db.Rows(`select c.relname, am.amname, c.relfilenode <> 0, c.reltoastrelid <> 0 and c.relkind <> 'r',
	c.reltablespace from pg_class c left join pg_am am on am.oid = c.relam where relnamespace =
	'public'::regnamespace order by relname`,
		"seq|<null>|t|f|0",
		"t|heap|t|f|0",
		"t_b|btree|t|f|0",
		"t_pkey|btree|t|f|0",
		"v|<null>|f|f|0",
	)
	// The row type names its relation; indexes and sequences have none.
	db.Rows(`select c.relname, t.typname, t.typrelid = c.oid from pg_class c left join pg_type t on t.oid =
	c.reltype where c.relnamespace = 'public'::regnamespace order by 1`,
		"seq|<null>|<null>",
		"t|t|t",
		"t_b|<null>|<null>",
		"t_pkey|<null>|<null>",
		"v|v|t",
	)
	db.Is(`select t.typname, t.typtype, t.typcategory, e.typname, e.typtype from pg_type t join pg_type e
	on e.oid = t.typarray where t.typname in ('t', 'v', 'child') order by 1`,
		"child|c|C|_child|b; t|c|C|_t|b; v|c|C|_v|b")
	db.Is(`select relowner::regrole, relnamespace::regnamespace, relacl, reloptions, reloftype, relrewrite
	from pg_class where oid = 's.child'::regclass`,
		"postgres|s|<null>|<null>|0|0")
	// Dropping and renaming show at once.
	db.Must("alter table t rename to t2")
	db.Must("alter table t2 rename column b to bb")
	db.Must("drop view v")
	db.Must("alter table s.child set schema public")
	db.Must("alter table t2 drop column c")
	db.Is(`select relname, relnamespace::regnamespace, relnatts from pg_class where relname in ('t', 't2',
	'v', 'child', 't_b') order by 1`,
		"child|public|2; t2|public|3; t_b|public|1")
	db.Is(`select attname, attnum, attisdropped, atttypid from pg_attribute where attrelid = 't2'::regclass
	and attnum > 0 order by attnum`,
		"a|1|f|23; bb|2|f|25; ........pg.dropped.3........|3|t|0")
	db.Must("begin")
	db.Must("drop table child")
	db.Is("select count(*) from pg_class where relname = 'child'", "0")
	db.Must("rollback")
	db.Is("select count(*) from pg_class where relname = 'child'", "1")
}

// The system's relations are in pg_class under PostgreSQL's OIDs.
func TestClassOfSystem(t *testing.T) {
	db := dbtest.New(t)
	db.Rows(`select oid, relname, relkind from pg_class where relname in ('pg_class', 'pg_attribute',
	'pg_type', 'pg_proc', 'pg_namespace', 'pg_index', 'pg_constraint') order by oid`,
		"1247|pg_type|r",
		"1249|pg_attribute|r",
		"1255|pg_proc|r",
		"1259|pg_class|r",
		"2606|pg_constraint|r",
		"2610|pg_index|r",
		"2615|pg_namespace|r",
	)
	db.Rows(`select relname, relkind, relnamespace::regnamespace from pg_class where relname in ('pg_tables',
	'pg_views', 'pg_roles', 'pg_settings', 'pg_stat_activity', 'tables', 'columns',
	'key_column_usage') order by relname`,
		"columns|v|information_schema",
		"key_column_usage|v|information_schema",
		"pg_roles|v|pg_catalog",
		"pg_settings|v|pg_catalog",
		"pg_stat_activity|v|pg_catalog",
		"pg_tables|v|pg_catalog",
		"pg_views|v|pg_catalog",
		"tables|v|information_schema",
	)
	db.Is(`select 'pg_class'::regclass::oid, 'pg_catalog.pg_type'::regclass::oid,
	'information_schema.columns'::regclass::text, 'pg_class'::regclass::text`,
		"1259|1247|information_schema.columns|pg_class")
	db.Is("select count(*) from pg_class where relkind not in ('r', 'v', 'i', 'S', 't')", "0")
	db.Is("drop table pg_class", `42501: permission denied: "pg_class" is a system catalog`)
	db.Is("create table pg_catalog.x (a int)",
		`42501: permission denied to create "pg_catalog.x" DETAIL: System catalog modifications are currently disallowed.`)
}

// pg_attribute has a row for each column: its type's facts, its modifier, and system columns below zero.
func TestAttribute(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`create table t (a smallint, b bigint not null, c varchar(7), d char(3), e numeric(10,3), f timestamp(3),
	g text[], h int default 7, i int generated always as identity, j int generated by default as identity,
	k int generated always as (a + 1) stored, l "char", m name, n bytea, o uuid, p jsonb,
	q interval day to second(2), r time(0))`,
		"CREATE TABLE")
	db.Rows(`select attname, atttypid::regtype, attlen, attnum, atttypmod, attndims, attbyval, attalign, attstorage
from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum`,
		"a|smallint|2|1|-1|0|t|s|p",
		"b|bigint|8|2|-1|0|t|d|p",
		"c|character varying|-1|3|11|0|f|i|x",
		"d|character|-1|4|7|0|f|i|x",
		"e|numeric|-1|5|655367|0|f|i|m",
		"f|timestamp without time zone|8|6|3|0|t|d|p",
		"g|text[]|-1|7|-1|1|f|i|x",
		"h|integer|4|8|-1|0|t|i|p",
		"i|integer|4|9|-1|0|t|i|p",
		"j|integer|4|10|-1|0|t|i|p",
		"k|integer|4|11|-1|0|t|i|p",
		`l|"char"|1|12|-1|0|t|c|p`,
		"m|name|64|13|-1|0|f|c|p",
		"n|bytea|-1|14|-1|0|f|i|x",
		"o|uuid|16|15|-1|0|f|c|p",
		"p|jsonb|-1|16|-1|0|f|i|x",
		"q|interval|16|17|470286338|0|f|d|p",
		"r|time without time zone|8|18|0|0|t|d|p",
	)
	db.Rows(`select attname, attnotnull, atthasdef, attidentity, attgenerated, atthasmissing, attisdropped,
		attislocal, attinhcount
from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum`,
		"a|f|f|||f|f|t|0",
		"b|t|f|||f|f|t|0",
		"c|f|f|||f|f|t|0",
		"d|f|f|||f|f|t|0",
		"e|f|f|||f|f|t|0",
		"f|f|f|||f|f|t|0",
		"g|f|f|||f|f|t|0",
		"h|f|t|||f|f|t|0",
		"i|t|f|a||f|f|t|0",
		"j|t|f|d||f|f|t|0",
		"k|f|t||s|f|f|t|0",
		"l|f|f|||f|f|t|0",
		"m|f|f|||f|f|t|0",
		"n|f|f|||f|f|t|0",
		"o|f|f|||f|f|t|0",
		"p|f|f|||f|f|t|0",
		"q|f|f|||f|f|t|0",
		"r|f|f|||f|f|t|0",
	)
	db.Rows(`select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid =
	't'::regclass and attnum > 0 order by attnum`,
		"a|smallint",
		"b|bigint",
		"c|character varying(7)",
		"d|character(3)",
		"e|numeric(10,3)",
		"f|timestamp(3) without time zone",
		"g|text[]",
		"h|integer",
		"i|integer",
		"j|integer",
		"k|integer",
		`l|"char"`,
		"m|name",
		"n|bytea",
		"o|uuid",
		"p|jsonb",
		"q|interval day to second(2)",
		"r|time(0) without time zone",
	)
	db.Rows(`select attname, atttypid::regtype, attnum, attnotnull from pg_attribute where attrelid =
	't'::regclass and attnum < 0 order by attnum desc`,
		"ctid|tid|-1|t",
		"xmin|xid|-2|t",
		"cmin|cid|-3|t",
		"xmax|xid|-4|t",
		"cmax|cid|-5|t",
		"tableoid|oid|-6|t",
	)
	db.Rows(`select attname, attcollation, attcacheoff, attcompression, attacl, attoptions, attfdwoptions,
	attmissingval from pg_attribute where attrelid = 't'::regclass and attname in ('a', 'c')`,
		"a|0|-1||<null>|<null>|<null>|<null>",
		"c|100|-1||<null>|<null>|<null>|<null>",
	)
	// Columns of views and sequences.
	db.Must("create view v as select a, c, e * 2 as twice from t")
	db.Must("create sequence sq")
	db.Is(`select attname, attnum, atttypid::regtype, atttypmod, attnotnull from pg_attribute where
	attrelid = 'v'::regclass order by attnum`,
		"a|1|smallint|-1|f; c|2|character varying|11|f; twice|3|numeric|-1|f")
	db.Is(`select attname, attnum, atttypid::regtype, attnotnull from pg_attribute where attrelid =
	'sq'::regclass and attnum > 0 order by attnum`,
		"last_value|1|bigint|t; log_cnt|2|bigint|t; is_called|3|boolean|t")
	// Columns of an index: those of the key, and expressions.
	db.Must("create index t_i on t (c, lower(c), (a + 1), b desc) include (o)")
	db.Rows(`select attname, attnum, atttypid::regtype, atttypmod from pg_attribute where attrelid =
	't_i'::regclass order by attnum`,
		"c|1|character varying|11",
		"lower|2|text|-1",
		"expr|3|integer|-1",
		"b|4|bigint|-1",
		"o|5|uuid|-1",
	)
}

// ALTER TABLE shows in pg_attribute: numbers are never used again, a dropped column keeps its place.
func TestAttributeChanges(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int, c int)")
	db.Must("alter table t drop column b")
	db.Must("alter table t add column d text not null default 'x'")
	db.Must("alter table t alter column a set not null")
	db.Must("alter table t alter column c type bigint")
	db.Must("alter table t alter column c set default 5")
	db.Rows(`select attname, attnum, atttypid, attnotnull, atthasdef, attisdropped, attlen from pg_attribute
	where attrelid = 't'::regclass and attnum > 0 order by attnum`,
		"a|1|23|t|f|f|4",
		"........pg.dropped.2........|2|0|f|f|t|4",
		"c|3|20|f|t|f|8",
		"d|4|25|t|t|f|-1",
	)
	db.Must("alter table t alter column c drop default")
	db.Must("alter table t alter column a drop not null")
	db.Must("alter table t rename column d to e")
	db.Must("alter table t drop column a, drop column e")
	db.Must("alter table t add column a date")
	db.Rows(`select attname, attnum, atttypid, attnotnull, atthasdef, attisdropped from pg_attribute where
	attrelid = 't'::regclass and attnum > 0 order by attnum`,
		"........pg.dropped.1........|1|0|f|f|t",
		"........pg.dropped.2........|2|0|f|f|t",
		"c|3|20|f|f|f",
		"........pg.dropped.4........|4|0|f|f|t",
		"a|5|1082|f|f|f",
	)
	db.Is("select * from t", "")
}

// pg_attrdef has the default or the generation expression of a column, read by pg_get_expr.
func TestAttrdef(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence sq")
	db.Is(`create table t (a int default 1 + 2, b text default 'it''s', c timestamptz default now(),
		d int default nextval('sq'),
	e serial, f int generated always as (a * 2) stored, g boolean default true, h numeric(5,2) default 1.5,
	i int[] default '{1,2}',
	j text default null, k date default current_date, l int default -1, m varchar(4) default 'abcd',
	n text default upper('x') || 'y',
	o timestamp default current_timestamp, p text default current_user, q int default (3), r jsonb default '{}',
	s interval default '1 day')`,
		"CREATE TABLE")
	db.Rows(`select attname, pg_get_expr(adbin, adrelid) from pg_attrdef join pg_attribute on attrelid =
	adrelid and attnum = adnum where adrelid = 't'::regclass order by adnum`,
		"a|(1 + 2)",
		"b|'it''s'::text",
		"c|now()",
		"d|nextval('sq'::regclass)",
		"e|nextval('t_e_seq'::regclass)",
		"f|(a * 2)",
		"g|true",
		"h|1.5",
		"i|'{1,2}'::integer[]",
		"k|CURRENT_DATE",
		"l|'-1'::integer",
		"m|'abcd'::character varying",
		"n|(upper('x'::text) || 'y'::text)",
		"o|CURRENT_TIMESTAMP",
		"p|CURRENT_USER",
		"q|3",
		"r|'{}'::jsonb",
		"s|'1 day'::interval",
	)
	db.Is(`select attname, pg_get_expr(adbin, adrelid, true) from pg_attrdef join pg_attribute on attrelid
	= adrelid and attnum = adnum where adrelid = 't'::regclass and adnum in (1, 6, 14) order by
	adnum`,
		"a|1 + 2; f|a * 2; n|upper('x'::text) || 'y'::text")
	db.Rows(`select column_name, column_default, is_generated, generation_expression from
	information_schema.columns where table_name = 't' and (column_default is not null or
	is_generated = 'ALWAYS') order by ordinal_position`,
		"a|(1 + 2)|NEVER|<null>",
		"b|'it''s'::text|NEVER|<null>",
		"c|now()|NEVER|<null>",
		"d|nextval('sq'::regclass)|NEVER|<null>",
		"e|nextval('t_e_seq'::regclass)|NEVER|<null>",
		"f|<null>|ALWAYS|(a * 2)",
		"g|true|NEVER|<null>",
		"h|1.5|NEVER|<null>",
		"i|'{1,2}'::integer[]|NEVER|<null>",
		"k|CURRENT_DATE|NEVER|<null>",
		"l|'-1'::integer|NEVER|<null>",
		"m|'abcd'::character varying|NEVER|<null>",
		"n|(upper('x'::text) || 'y'::text)|NEVER|<null>",
		"o|CURRENT_TIMESTAMP|NEVER|<null>",
		"p|CURRENT_USER|NEVER|<null>",
		"q|3|NEVER|<null>",
		"r|'{}'::jsonb|NEVER|<null>",
		"s|'1 day'::interval|NEVER|<null>",
	)
}
