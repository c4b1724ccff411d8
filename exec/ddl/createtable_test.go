package ddl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A column keeps its type with modifiers under the name that PostgreSQL prints.
func TestCreateTableTypes(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension if not exists vector")
	db.Must(`create table nums (a smallint, b int2, c int, d integer, e int4, f bigint, g int8, h real, i float4,
		j float, k float(24),
		l float(25), m double precision, n numeric, o decimal, p numeric(5), q numeric(5,2), r numeric(3,-2), s dec(10,4))`)
	db.Rows(shape("nums"),
		"a smallint",
		"b smallint",
		"c integer",
		"d integer",
		"e integer",
		"f bigint",
		"g bigint",
		"h real",
		"i real",
		"j double precision",
		"k real",
		"l double precision",
		"m double precision",
		"n numeric",
		"o numeric",
		"p numeric(5,0)",
		"q numeric(5,2)",
		"r numeric(3,-2)",
		"s numeric(10,4)",
	)
	db.Must(`create table texts (a text, b varchar, c varchar(10), d character varying(3), e char, f char(4),
		g character(2), h bpchar,
		i name, j "char", k bytea, l json, m jsonb, n uuid, o boolean, p bool)`)
	db.Rows(shape("texts"),
		"a text",
		"b character varying",
		"c character varying(10)",
		"d character varying(3)",
		"e character(1)",
		"f character(4)",
		"g character(2)",
		"h bpchar",
		"i name",
		`j "char"`,
		"k bytea",
		"l json",
		"m jsonb",
		"n uuid",
		"o boolean",
		"p boolean",
	)
	db.Must(`create table times (a date, b time, c time(3), d time without time zone, e timetz,
		f time(2) with time zone, g timestamp,
		h timestamp(0), i timestamptz, j timestamp(6) with time zone, k interval, l interval(2), m interval year to month,
		n interval day to second(3), o interval hour)`)
	db.Rows(shape("times"),
		"a date",
		"b time without time zone",
		"c time(3) without time zone",
		"d time without time zone",
		"e time with time zone",
		"f time(2) with time zone",
		"g timestamp without time zone",
		"h timestamp(0) without time zone",
		"i timestamp with time zone",
		"j timestamp(6) with time zone",
		"k interval",
		"l interval(2)",
		"m interval year to month",
		"n interval day to second(3)",
		"o interval hour",
	)
	db.Must(`create table lists (a int[], b int[][], c int[3], d int array, e int array[4], f varchar(5)[],
		g numeric(4,1)[], h timestamptz(0)[],
		i vector(3), j vector, k oid, l regclass, m pg_catalog.int4, n pg_catalog.text)`)
	db.Rows(shape("lists"),
		"a integer[]",
		"b integer[]",
		"c integer[]",
		"d integer[]",
		"e integer[]",
		"f character varying(5)[]",
		"g numeric(4,1)[]",
		"h timestamp(0) with time zone[]",
		"i vector(3)",
		"j vector",
		"k oid",
		"l regclass",
		"m integer",
		"n text",
	)
}

// A type that does not exist, or a modifier that it cannot have, is refused.
func TestCreateTableTypesRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension if not exists vector")
	f := func(typ, want string) {
		t.Helper()
		db.Is("create table t (a "+typ+")", want)
	}
	f("nosuch", `42704: type "nosuch" does not exist`)
	f("nosuch(3)", `42704: type "nosuch" does not exist`)
	f("nosuch.int4", `3F000: schema "nosuch" does not exist`)
	f("pg_catalog.nosuch", `42704: type "pg_catalog.nosuch" does not exist`)
	f("nosuch[]", `42704: type "nosuch[]" does not exist`)
	f("int(3)", `42601: syntax error at or near "("`)
	f("text(3)", `42601: type modifier is not allowed for type "text"`)
	f("boolean(1)", `42601: syntax error at or near "("`)
	f("varchar(0)", "22023: length for type varchar must be at least 1")
	f("varchar(-1)", `42601: syntax error at or near "-"`)
	f("varchar(10485761)", "22023: length for type varchar cannot exceed 10485760")
	f("varchar(1,2)", `42601: syntax error at or near ","`)
	f("char(0)", "22023: length for type char must be at least 1")
	f("char(10485761)", "22023: length for type char cannot exceed 10485760")
	f("numeric(0)", "22023: NUMERIC precision 0 must be between 1 and 1000")
	f("numeric(1001)", "22023: NUMERIC precision 1001 must be between 1 and 1000")
	f("numeric(5,1001)", "22023: NUMERIC scale 1001 must be between -1000 and 1000")
	f("numeric(5,-1001)", "22023: NUMERIC scale -1001 must be between -1000 and 1000")
	f("numeric(1,2,3)", "22023: invalid NUMERIC type modifier")
	f("float(0)", "22023: precision for type float must be at least 1 bit")
	f("float(54)", "22023: precision for type float must be less than 54 bits")
	f("vector(0)", "22023: dimensions for type vector must be at least 1")
	f("vector(16001)", "22023: dimensions for type vector cannot exceed 16000")
	f("vector(2,3)", "22023: invalid type modifier")
	f("vector('x')", `22P02: invalid input syntax for type integer: "x"`)
	f("date(3)", `42601: type modifier is not allowed for type "date"`)
	f("anyelement", `42P16: column "a" has pseudo-type anyelement`)
	f("anyarray", `42P16: column "a" has pseudo-type anyarray`)
	f("record", `42P16: column "a" has pseudo-type record`)
	f("trigger", `42P16: column "a" has pseudo-type trigger`)
	f("cstring", `42P16: column "a" has pseudo-type cstring`)
	f("void", `42P16: column "a" has pseudo-type void`)
	f("unknown", `42P16: column "a" has pseudo-type unknown`)
	f("setof int", `42P16: column "a" cannot be declared SETOF`)
	f("serial[]", "0A000: array of serial is not implemented")
	db.Is("select count(*) from pg_class where relname = 't'", "0")
}

// A type with a precision above its greatest one gets that.
func TestCreateTablePrecisionReduced(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a timestamp(7), b timestamptz(10), c time(9), d timetz(7), e interval(8))")
	db.Rows(shape("t"),
		"a timestamp(6) without time zone",
		"b timestamp(6) with time zone",
		"c time(6) without time zone",
		"d time(6) with time zone",
		"e interval(6)",
	)
}

// Defaults are shown as PostgreSQL prints them, are cast to the column's type, and are used.
func TestCreateTableDefaults(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (id int, a int default 1 + 2, b text default 'x', c varchar(3) default 'abc',
		d numeric(5,2) default 1, e date default '2024-02-29',
		f timestamptz default now(), g bool default true, h int[] default '{1,2}', i int[] default array[1,2],
		j jsonb default '{"a": 1}',
		k text default current_user, l int default -1, m float default 'Infinity', n text default null,
		o text default upper('x') || 'y',
		p int default length('abc'), q bigint default 5, r date default current_date, s interval default '1 day',
		t bytea default '\x01', u char(3) default 'a', v text default (case when true then 'a' else 'b' end),
		w int default (null))`)
	db.Rows(shape("t"),
		"id integer",
		"a integer default (1 + 2)",
		"b text default 'x'::text",
		"c character varying(3) default 'abc'::character varying",
		"d numeric(5,2) default 1",
		"e date default '2024-02-29'::date",
		"f timestamp with time zone default now()",
		"g boolean default true",
		"h integer[] default '{1,2}'::integer[]",
		"i integer[] default ARRAY[1, 2]",
		`j jsonb default '{"a": 1}'::jsonb`,
		"k text default CURRENT_USER",
		"l integer default '-1'::integer",
		"m double precision default 'Infinity'::double precision",
		"n text",
		"o text default (upper('x'::text) || 'y'::text)",
		"p integer default length('abc'::text)",
		"q bigint default 5",
		"r date default CURRENT_DATE",
		"s interval default '1 day'::interval",
		`t bytea default '\x01'::bytea`,
		"u character(3) default 'a'::bpchar",
		"v text default \nCASE\n    WHEN true THEN 'a'::text\n    ELSE 'b'::text\nEND",
		"w integer",
	)
	db.Must("insert into t (id) values (1)")
	db.Is("select a, b, c, d, e, f = now(), g, h, i, j, k, l, m, n, o, p, q, r = current_date, s, t, u, v, w from t",
		`3|x|abc|1.00|2024-02-29|f|t|{1,2}|{1,2}|{"a": 1}|postgres|-1|Infinity|<null>|Xy|3|5|t|1 day|\x01|a  |a|<null>`)
	db.Is("insert into t (id, a, b) values (2, default, default) returning a, b", "3|x")
	db.Is("insert into t values (3, 7) returning a, b, q", "7|x|5")
	db.Is("update t set a = default, b = default where id = 3 returning a, b", "3|x")
	f := func(column, want string) {
		t.Helper()
		db.Is("create table r (x int, y int, "+column+")", want)
	}
	f("a int default 'x'", `22P02: invalid input syntax for type integer: "x"`)
	f("a int default 1.5::text",
		`42804: column "a" is of type integer but default expression is of type text `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("a int default true",
		`42804: column "a" is of type integer but default expression is of type boolean `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("a date default 5",
		`42804: column "a" is of type date but default expression is of type integer `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("a int default x", "0A000: cannot use column reference in DEFAULT expression")
	f("a int default nosuch", "0A000: cannot use column reference in DEFAULT expression")
	f("a int default (select 1)", "0A000: cannot use subquery in DEFAULT expression")
	f("a int default sum(1)", "42803: aggregate functions are not allowed in DEFAULT expressions")
	f("a int default row_number() over ()", "42P20: window functions are not allowed in DEFAULT expressions")
	f("a int default generate_series(1, 2)", "0A000: set-returning functions are not allowed in DEFAULT expressions")
	f("a int default $1", "42P02: there is no parameter $1")
	f("a int default 1 default 2", `42601: multiple default values specified for column "a" of table "r"`)
	f("a int default nosuch(1)",
		"42883: function nosuch(integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("a varchar(2) default 'abc'", "CREATE TABLE")
	db.Is("insert into r (x) values (1)", "22001: value too long for type character varying(2)")
}

// The name of a table, and each column's, is free, not reserved, and cut at 63 bytes with a notice.
func TestCreateTableNames(t *testing.T) {
	db := dbtest.New(t)
	long := strings.Repeat("n", 64)
	db.IsHeard("create table "+long+" (a int)", "CREATE TABLE",
		`NOTICE: identifier "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" will be truncated `+
			`to "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"`,
	)
	db.Is("select relname, length(relname) from pg_class where relname like 'nnn%'",
		"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn|63")
	db.Is("select count(*) from "+long, "0")
	db.Is("create table "+long+"x (a int)",
		`42P07: relation "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" already exists`)
	db.IsHeard("create table c ("+long+"a int, "+long+"b int)",
		`42701: column "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" specified more than once`,
		`NOTICE: identifier "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnna" will be truncated `+
			`to "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"`,
		`NOTICE: identifier "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnb" will be truncated `+
			`to "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"`,
	)
	db.Is("create table \""+strings.Repeat("é", 32)+"\" (a int)", "CREATE TABLE")
	db.Is("select length(relname), octet_length(relname) from pg_class where relname like 'éé%'", "31|62")
	db.Is(`create table "Mixed Case" ("a b" int, "A B" int, "select" int, "ü" int)`, "CREATE TABLE")
	db.Rows(shape(`"Mixed Case"`),
		"a b integer",
		"A B integer",
		"select integer",
		"ü integer",
	)
	db.Is("create table t (a int, A int)", `42701: column "a" specified more than once`)
	db.Is(`create table t (a int, "A" int)`, "CREATE TABLE")
	db.Is("create table t (a int)", `42P07: relation "t" already exists`)
	db.Is("create table T (b int)", `42P07: relation "t" already exists`)
	db.Is("create table public.t (b int)", `42P07: relation "t" already exists`)
	db.IsHeard("create table if not exists t (b int)", "CREATE TABLE",
		`NOTICE: relation "t" already exists, skipping`,
	)
	db.Rows(shape("t"),
		"a integer",
		"A integer",
	)
	db.Must("create view v as select 1 as a")
	db.Must("create sequence s")
	db.Must("create index i on t (a)")
	db.Is("create table v (a int)", `42P07: relation "v" already exists`)
	db.Is("create table s (a int)", `42P07: relation "s" already exists`)
	db.Is("create table i (a int)", `42P07: relation "i" already exists`)
	db.IsHeard("create table if not exists v (a int)", "CREATE TABLE",
		`NOTICE: relation "v" already exists, skipping`,
	)
	db.Is("create table nosuch.t (a int)", `3F000: schema "nosuch" does not exist`)
	db.Is("create table if not exists nosuch.t (a int)", `3F000: schema "nosuch" does not exist`)
	db.Is("create table pg_catalog.t (a int)",
		`42501: permission denied to create "pg_catalog.t" DETAIL: System catalog modifications are currently disallowed.`)
	db.Is("create table other.public.t (a int)", `0A000: cross-database references are not implemented: "other.public.t"`)
	db.Is("create table a.b.c.d (a int)", "42601: improper qualified name (too many dotted names): a.b.c.d")
	db.Is("create table select (a int)", `42601: syntax error at or near "select"`)
	db.Is("create table table (a int)", `42601: syntax error at or near "table"`)
	db.Is(`create table "" (a int)`, `42601: zero-length delimited identifier at or near """"`)
	db.Is("create table pg_class (a int)", "CREATE TABLE")
	db.Is("select count(*) > 0 from pg_class", "t")
	db.Is("select count(*) from public.pg_class", "0")
	db.Is("drop table public.pg_class", "DROP TABLE")
}

// The names of system columns cannot be a column's.
func TestCreateTableSystemColumns(t *testing.T) {
	db := dbtest.New(t)
	for _, name := range []string{"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"} {
		db.Is("create table t ("+name+" int)",
			fmt.Sprintf(`42701: column name "%s" conflicts with a system column name`, name))
	}
	db.Is("create table t (oid int, rowid int)", "CREATE TABLE")
	db.Is("alter table t add xmin int", `42701: column name "xmin" conflicts with a system column name`)
	db.Is("alter table t rename oid to ctid", `42701: column name "ctid" conflicts with a system column name`)
	db.Is("alter table t rename oid to tableoid", `42701: column name "tableoid" conflicts with a system column name`)
	db.Is("create table u as select 1 as xmin", `42701: column name "xmin" conflicts with a system column name`)
	db.Is("create view v as select 1 as xmin", "CREATE VIEW")
}

// A table may have no columns, and rows all the same.
func TestCreateTableWithoutColumns(t *testing.T) {
	db := dbtest.New(t)
	db.Is("create table t ()", "CREATE TABLE")
	db.Is("insert into t default values", "INSERT 0 1")
	db.Is("insert into t default values", "INSERT 0 1")
	db.Is("select count(*) from t", "2")
	db.Is("alter table t add a int default 7", "ALTER TABLE")
	db.Is("select a from t", "7; 7")
	db.Is("alter table t drop a", "ALTER TABLE")
	db.Is("select count(*), (select count(*) from t as u) from t", "2|2")
	db.Restart()
	db.Is("select count(*) from t", "2")
	db.Is("delete from t", "DELETE 2")
}

// A table has at most 1600 columns, the dropped ones counted.
func TestCreateTableColumnsMax(t *testing.T) {
	db := dbtest.New(t)
	columns := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf("c%d int", i+1)
		}
		return strings.Join(list, ", ")
	}
	db.Is("create table t ("+columns(1601)+")", "54011: tables can have at most 1600 columns")
	db.Is("create table t ("+columns(1600)+")", "CREATE TABLE")
	db.Is("insert into t (c1, c800, c1600) values (1, 2, 3)", "INSERT 0 1")
	db.Is("select c1, c2, c800, c1599, c1600 from t", "1|<null>|2|<null>|3")
	db.Is("alter table t add d int", "54011: tables can have at most 1600 columns")
	db.Is("alter table t drop c7, drop c1600", "ALTER TABLE")
	db.Is("alter table t add d int", "54011: tables can have at most 1600 columns")
	db.Is("select c1, c800, c1599 from t", "1|2|<null>")
	db.Is("select count(*) from pg_attribute where attrelid = 't'::regclass and attnum > 0", "1600")
}

// Clauses about storage are taken when they are well formed, and what they name is there.
func TestCreateTableStorage(t *testing.T) {
	db := dbtest.New(t)
	f := func(query, want string) {
		t.Helper()
		db.Is("create table t "+query, want)
	}
	f("(a int) tablespace nosuch", `42704: tablespace "nosuch" does not exist`)
	f("(a int) using nosuch", `42704: access method "nosuch" does not exist`)
	f("(a int) with (nosuch = 1)", `22023: unrecognized parameter "nosuch"`)
	f("(a int) with (fillfactor = 9)",
		`22023: value 9 out of bounds for option "fillfactor" DETAIL: Valid values are between "10" and "100".`)
	f("(a int) with (fillfactor = 101)",
		`22023: value 101 out of bounds for option "fillfactor" DETAIL: Valid values are between "10" and "100".`)
	f("(a int) with (fillfactor = 'x')", `22023: invalid value for integer option "fillfactor": x`)
	f("(a int) with (fillfactor = 50, fillfactor = 60)", `22023: parameter "fillfactor" specified more than once`)
	f("(a int) with (autovacuum_enabled = 7)", `22023: invalid value for boolean option "autovacuum_enabled": 7`)
	f("(a int) on commit drop", "42P16: ON COMMIT can only be used on temporary tables")
	f("(a int collate \"nosuch\")", `42704: collation "nosuch" for encoding "UTF8" does not exist`)
	f("(a int collate \"C\")", "42804: collations are not supported by type integer")
	f("(a text compression nosuch)", `22023: invalid compression method "nosuch"`)
	f("(a int storage nosuch)", `22023: invalid storage type "nosuch"`)
	db.Is("select count(*) from pg_class where relname = 't'", "0")
	f("(a int, b text collate \"C\", c text collate \"POSIX\", d text collate pg_catalog.\"default\", "+
		"e text storage extended) using heap with (fillfactor = 70) without oids",
		`42601: syntax error at or near "without"`)
	db.Is("select reloptions from pg_class where relname = 't'", "")
	db.Is("create unlogged table u (a int)", "CREATE TABLE")
	db.Is("create table w (a int) tablespace pg_default", "CREATE TABLE")
}
