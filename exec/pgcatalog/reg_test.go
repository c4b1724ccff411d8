package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// regclass reads relation names as SQL does, by the search path, and prints as short a name as is read again.
func TestRegclass(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table t (a int primary key)")
	db.Must("create table s.t (a int)")
	db.Must(`create table s."Mixed.Case" (a int)`)
	db.Must(`create table "select" (a int)`)
	db.Must("create index s_i on s.t (a)")
	db.Must("create sequence sq")
	db.Must("create view s.v as select 1 as one")
	db.Is(`select 't'::regclass, 'public.t'::regclass, 's.t'::regclass, 'T'::regclass, '"t"'::regclass`,
		"t|t|s.t|t|t")
	db.Is(`select 's."Mixed.Case"'::regclass, '"select"'::regclass, 't_pkey'::regclass, 's.s_i'::regclass,
	'sq'::regclass, 's.v'::regclass`,
		`s."Mixed.Case"|"select"|t_pkey|s.s_i|sq|s.v`)
	db.Is("select 's.t'::regclass::text, ' t '::regclass, 's . t'::regclass", "s.t|t|s.t")
	db.Is(`select 'pg_class'::regclass, 'pg_catalog.pg_class'::regclass,
	'information_schema.tables'::regclass`,
		"pg_class|pg_class|information_schema.tables")
	db.Is(`select '-'::regclass, 0::regclass, 1259::regclass, 4000000000::regclass, '1259'::regclass,
	'999999'::regclass`,
		"-|-|pg_class|4000000000|pg_class|999999")
	db.Is("select 'none'::regclass", `42P01: relation "none" does not exist`)
	db.Is("select 's.none'::regclass", `42P01: relation "s.none" does not exist`)
	db.Is("select 'nos.t'::regclass", `42P01: relation "nos.t" does not exist`)
	db.Is("select 'mixed.case'::regclass", `42P01: relation "mixed.case" does not exist`)
	db.Is("select 's.mixed.case'::regclass",
		`0A000: cross-database references are not implemented: "s.mixed.case"`)
	db.Is("select 'w3h_x.s.t'::regclass",
		`0A000: cross-database references are not implemented: "w3h_x.s.t"`)
	db.Is("select 'a.b.c.d'::regclass",
		"42601: improper relation name (too many dotted names): a.b.c.d")
	db.Is("select ''::regclass", "42602: invalid name syntax")
	db.Is("select 't.'::regclass", "42602: invalid name syntax")
	db.Is(`select '"t'::regclass`, "42602: invalid name syntax")
	db.Is("select 't x'::regclass", "42602: invalid name syntax")
	db.Is("select 's_i'::regclass", `42P01: relation "s_i" does not exist`)
	db.Must("set search_path = s, public")
	db.Is(`select 't'::regclass, 'public.t'::regclass, 'v'::regclass, 's_i'::regclass,
	's."Mixed.Case"'::regclass, 's.t'::regclass = 't'::regclass`,
		`t|public.t|v|s_i|"Mixed.Case"|t`)
	db.Must("set search_path = ''")
	db.Is("select 'public.t'::regclass, 's.v'::regclass, 'pg_type'::regclass",
		"public.t|s.v|pg_type")
	db.Is("select 't'::regclass", `42P01: relation "t" does not exist`)
	db.Must("reset search_path")
	db.Is(`select 't'::regclass::oid = (select oid from pg_class where relname = 't' and relnamespace =
	'public'::regnamespace)`,
		"t")
	db.Is("select oid::regclass from pg_class where relnamespace = 's'::regnamespace order by relname",
		`s."Mixed.Case"; s.s_i; s.t; s.v`)
	db.Is("select relname from pg_class where oid = 't'::regclass", "t")
	db.Is("select t.oid from (values (1259::oid)) t(oid) where t.oid = 'pg_class'::regclass", "1259")
	db.Must("create temp table t (b int)")
	db.Is("select 't'::regclass, 'public.t'::regclass, 'pg_temp.t'::regclass = 't'::regclass",
		"t|public.t|t")
	db.Is("select null::regclass, array['t'::regclass, 'sq'::regclass]", "<null>|{t,sq}")
}

// to_regclass and its kin return null for what does not exist, not an error.
func TestToReg(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table s.t (a int)")
	db.Must(`create table "Odd" (a int)`)
	db.Is(`select to_regclass('s.t'), to_regclass('"Odd"'), to_regclass('odd'), to_regclass('nos.t'),
	to_regclass('t'), to_regclass(null), to_regclass('pg_class'), to_regclass('s.none')`,
		`s.t|"Odd"|<null>|<null>|<null>|<null>|pg_class|<null>`)
	db.Is(`select to_regclass('"Odd')`, "<null>")
	db.Is("select to_regclass('')", "<null>")
	db.Is("select to_regclass('a.b.c.d')",
		"42601: improper relation name (too many dotted names): a.b.c.d")
	db.Is(`select to_regtype('int'), to_regtype('integer'), to_regtype('varchar'),
	to_regtype('numeric(5,2)'), to_regtype('text[]'), to_regtype('nonesuch'), to_regtype('s.t'),
	to_regtype('pg_catalog.int4'), to_regtype('timestamp with time zone')`,
		"integer|integer|character varying|numeric|text[]|<null>|s.t|integer|timestamp with time zone")
	db.Is(`select to_regnamespace('s'), to_regnamespace('none'), to_regnamespace('"public"'),
	to_regnamespace('pg_catalog')`,
		"s|<null>|public|pg_catalog")
	db.Is("select to_regnamespace('a.b')", "<null>")
	db.Is("select to_regrole('postgres'), to_regrole('nobody')", "postgres|<null>")
	db.Is("select to_regproc('now'), to_regproc('none'), to_regproc('lower'), to_regproc('pg_catalog.now')",
		"now|<null>|<null>|now")
	db.Is(`select to_regprocedure('now()'), to_regprocedure('lower(text)'), to_regprocedure('lower(int)'),
	to_regprocedure('none(int)'), to_regprocedure('abs(int)'),
	to_regprocedure('pg_catalog.abs(bigint)')`,
		"now()|lower(text)|<null>|<null>|abs(integer)|abs(bigint)")
	db.Is("select to_regoper('||/'), to_regoper('+'), to_regoper('@#@'), to_regoper('pg_catalog.||/')",
		"||/|<null>|<null>|||/")
	db.Is(`select to_regoperator('+(int,int)'), to_regoperator('+(int4, bigint)'),
	to_regoperator('@#@(int,int)'), to_regoperator('-(none,int)')`,
		"+(integer,integer)|+(integer,bigint)|<null>|-(NONE,integer)")
	db.Is(`select to_regcollation('"C"'), to_regcollation('none')`, `"C"|<null>`)
}

// regtype reads any way to write a type and prints its SQL name.
func TestRegtype(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`select 'int'::regtype, 'int4'::regtype, 'bigint'::regtype, 'varchar(10)'::regtype, 'character varying'::regtype,
	'bool'::regtype, 'float'::regtype, 'float(10)'::regtype, 'decimal'::regtype,
	'timestamptz'::regtype, '"char"'::regtype, 'char'::regtype`,
		`integer|integer|bigint|character varying|character varying|boolean|double precision|real|numeric|`+
			`timestamp with time zone|"char"|character`)
	db.Is(`select 'int[]'::regtype, 'int4[][]'::regtype, '_int4'::regtype, 'text []'::regtype,
	'timestamp(3) with time zone[]'::regtype, 'interval day'::regtype, 'time without time zone'::regtype`,
		"integer[]|integer[]|integer[]|text[]|timestamp with time zone[]|interval|time without time zone")
	db.Is(`select 23::regtype, '23'::regtype, 0::regtype, '-'::regtype, 999999::regtype,
	'int'::regtype::oid, 'text'::regtype::int`,
		"integer|integer|-|-|999999|23|25")
	db.Is(`select 'pg_catalog.int4'::regtype, 'regclass'::regtype, 'record'::regtype, 'anyarray'::regtype,
	'void'::regtype, 'trigger'::regtype, 'name'::regtype, 'oid'::regtype, 'xid'::regtype,
	'tid'::regtype`,
		"integer|regclass|record|anyarray|void|trigger|name|oid|xid|tid")
	db.Must("create schema s")
	db.Must("create table s.t (a int)")
	db.Must("create table u (a int)")
	db.Is("select 's.t'::regtype, 'u'::regtype, 'u[]'::regtype, '_u'::regtype, 's.t[]'::regtype",
		"s.t|u|u[]|u[]|s.t[]")
	db.Is("select 'none'::regtype", `42601: syntax error at or near "none"`)
	db.Is("select 'nos.t'::regtype", `3F000: schema "nos" does not exist`)
	db.Is("select ''::regtype", `42601: invalid type name ""`)
	db.Is("select 'int int'::regtype", `42601: syntax error at or near "int"`)
	db.Is("select 'int)'::regtype", `42601: syntax error at or near ")"`)
	db.Is(`select pg_typeof(1), pg_typeof('x'), pg_typeof('x'::text), pg_typeof(null), pg_typeof(1.5),
	pg_typeof(array[1]), pg_typeof(now()), pg_typeof('u'::regclass), pg_typeof(pg_typeof(1)),
	pg_typeof(row(1)), pg_typeof(current_date), pg_typeof(1 = 1)`,
		"integer|unknown|text|unknown|numeric|integer[]|timestamp with time zone|regclass|regtype|record|date|boolean")
	db.Is("select pg_typeof(u) from (select 1) x left join u on false", "u")
	db.Rows(`select oid::regtype from pg_type where oid in (16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
	28, 29, 30, 114, 142, 600, 700, 701, 1000, 1007, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266,
	1560, 1562, 1700, 2205, 2249, 2950, 3802, 3904) order by oid`,
		"boolean",
		"bytea",
		`"char"`,
		"name",
		"bigint",
		"smallint",
		"int2vector",
		"integer",
		"regproc",
		"text",
		"oid",
		"tid",
		"xid",
		"cid",
		"oidvector",
		"json",
		"xml",
		"point",
		"real",
		"double precision",
		"boolean[]",
		"integer[]",
		"character",
		"character varying",
		"date",
		"time without time zone",
		"timestamp without time zone",
		"timestamp with time zone",
		"interval",
		"time with time zone",
		"bit",
		"bit varying",
		"numeric",
		"regclass",
		"record",
		"uuid",
		"jsonb",
		"int4range",
	)
}

// format_type names a type with its modifier.
func TestFormatType(t *testing.T) {
	db := dbtest.New(t)
	db.Rows(`select format_type(oid, mod) from (values (23, null), (23, -1), (1043, 14), (1043, -1), (1043, null),
		(1042, 8), (1042, -1), (1042, null),
	(1700, 655366), (1700, -1), (1700, 327683), (1700, 329727), (1114, 3), (1184, 0), (1083, 6), (1266, 2),
	(1186, -1), (1186, 327679), (1186, 470286338),
	(1560, 5), (1562, 7), (1560, -1), (1015, 9), (1231, 655366), (1009, -1), (1007, null), (0, null), (null, 3),
	(999999, null), (18, -1), (705, -1), (2249, -1), (16, -1), (25, 7)) v(oid, mod)`,
		"integer",
		"integer",
		"character varying(10)",
		"character varying",
		"character varying",
		"character(4)",
		"bpchar",
		"character",
		"numeric(10,2)",
		"numeric",
		"numeric(4,-1)",
		"numeric(5,-5)",
		"timestamp(3) without time zone",
		"timestamp(0) with time zone",
		"time(6) without time zone",
		"time(2) with time zone",
		"interval",
		"interval year",
		"interval day to second(2)",
		"bit(5)",
		"bit varying(7)",
		`"bit"`,
		"character varying(5)[]",
		"numeric(10,2)[]",
		"text[]",
		"integer[]",
		"-",
		"<null>",
		"???",
		`"char"`,
		"unknown",
		"record",
		"boolean",
		"text(7)",
	)
	db.Must("create schema s")
	db.Must(`create table s."Odd" (a int)`)
	db.Must("create table t (a int)")
	db.Is(`select format_type(reltype, null), format_type(reltype, -1) from pg_class where relname in
	('Odd', 't') order by relname`,
		`s."Odd"|s."Odd"; t|t`)
	db.Is("select format_type(typarray, null) from pg_type where typname in ('Odd', 't') order by typname",
		`s."Odd"[]; t[]`)
}

// regproc and regprocedure name functions; regoper and regoperator operators.
func TestRegproc(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`select 'now'::regproc, 'pg_catalog.now'::regproc, 'NOW'::regproc, '"now"'::regproc, 0::regproc,
	'-'::regproc, 'pg_typeof'::regproc`,
		"now|now|now|now|-|-|pg_typeof")
	db.Is("select 'lower'::regproc", `42725: more than one function named "lower"`)
	db.Is("select 'none'::regproc", `42883: function "none" does not exist`)
	db.Is("select 'lower(text)'::regproc", `42883: function "lower(text)" does not exist`)
	db.Is(`select 'lower(text)'::regprocedure, 'abs(int4)'::regprocedure, 'abs ( double precision )'::regprocedure,
	'now()'::regprocedure, 'round(numeric,int)'::regprocedure, 'concat("any")'::regprocedure`,
		`lower(text)|abs(integer)|abs(double precision)|now()|round(numeric,integer)|concat("any")`)
	db.Is("select 'abs(text)'::regprocedure", `42883: function "abs(text)" does not exist`)
	db.Is("select 'abs'::regprocedure", "22P02: expected a left parenthesis")
	db.Is("select 'abs('::regprocedure", "22P02: expected a right parenthesis")
	db.Is(`select '+(int,int)'::regoperator, '= (text, text)'::regoperator, '-(none, integer)'::regoperator,
	'pg_catalog.+(int8,int8)'::regoperator, 0::regoperator`,
		"+(integer,integer)|=(text,text)|-(NONE,integer)|+(bigint,bigint)|0")
	db.Is("select '+'::regoper", "42725: more than one operator named +")
	db.Is("select '+(text,text)'::regoperator", "42883: operator does not exist: +(text,text)")
	db.Is("select '+(int)'::regoperator",
		"42P02: missing argument HINT: Use NONE to denote the missing argument of a unary operator.")
	db.Is("select '||/'::regoper", "||/")
	db.Rows(`select typinput, typoutput, typreceive, typsend from pg_type where oid in (23, 1043, 1007) order
	by oid`,
		"int4in|int4out|int4recv|int4send",
		"array_in|array_out|array_recv|array_send",
		"varcharin|varcharout|varcharrecv|varcharsend",
	)
	db.Is(`select oprname, oprcode, oprcom::regoper::text is not null from pg_operator where oid =
	'=(int,int)'::regoperator`,
		"=|int4eq|t")
	db.Rows("select oid::regprocedure from pg_proc where proname = 'abs' order by oid",
		"abs(real)",
		"abs(double precision)",
		"abs(bigint)",
		"abs(integer)",
		"abs(smallint)",
		"abs(numeric)",
	)
	db.Is(`select 'now'::regproc::oid = (select oid from pg_proc where proname = 'now'),
	'abs(int)'::regprocedure::oid, '+(int,int)'::regoperator::oid`,
		"t|1397|551")
}

// regnamespace, regrole and regcollation.
func TestRegnamespace(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create schema "My Schema"`)
	db.Is(`select 'public'::regnamespace, '"My Schema"'::regnamespace, 'PUBLIC'::regnamespace,
	'pg_catalog'::regnamespace::oid, 11::regnamespace, 0::regnamespace, '-'::regnamespace`,
		`public|"My Schema"|public|11|pg_catalog|-|-`)
	db.Is("select 'my schema'::regnamespace", "42602: invalid name syntax")
	db.Is("select 'none'::regnamespace", `3F000: schema "none" does not exist`)
	db.Is(`select 'postgres'::regrole, 10::regrole, 'POSTGRES'::regrole, 0::regrole, '-'::regrole,
	424242::regrole`,
		"postgres|postgres|postgres|-|-|424242")
	db.Is("select 'nobody'::regrole", `42704: role "nobody" does not exist`)
	db.Is("select 'a.b'::regrole", "42602: invalid name syntax")
	db.Is(`select '"C"'::regcollation, '"POSIX"'::regcollation, '"default"'::regcollation,
	100::regcollation`,
		`"C"|"POSIX"|"default"|"default"`)
	db.Is("select 'none'::regcollation",
		`42704: collation "none" for encoding "UTF8" does not exist`)
	db.Is("select nspname, nspowner::regrole from pg_namespace where nspname = 'pg_catalog'",
		"pg_catalog|postgres")
}
