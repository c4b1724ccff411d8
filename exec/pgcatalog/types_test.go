package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// pg_type has PostgreSQL's OIDs, lengths, categories and functions for the types that there are.
func TestType(t *testing.T) {
	db := dbtest.New(t)
	db.Rows(`select oid, typname, typlen, typbyval, typtype, typcategory, typispreferred, typalign, typstorage,
		typcollation from pg_type
where typname in ('bool', 'bytea', 'char', 'name', 'int8', 'int2', 'int4', 'text', 'oid', 'tid', 'xid', 'json',
'float4', 'float8', 'bpchar', 'varchar', 'date',
	'time', 'timestamp', 'timestamptz', 'interval', 'timetz', 'numeric', 'uuid', 'jsonb', 'regclass', 'regtype',
	'regproc', 'record', 'void', 'unknown', 'int2vector', 'oidvector')
	and typnamespace = 'pg_catalog'::regnamespace order by oid`,
		"16|bool|1|t|b|B|t|c|p|0",
		"17|bytea|-1|f|b|U|f|i|x|0",
		"18|char|1|t|b|Z|f|c|p|0",
		"19|name|64|f|b|S|f|c|p|950",
		"20|int8|8|t|b|N|f|d|p|0",
		"21|int2|2|t|b|N|f|s|p|0",
		"22|int2vector|-1|f|b|A|f|i|p|0",
		"23|int4|4|t|b|N|f|i|p|0",
		"24|regproc|4|t|b|N|f|i|p|0",
		"25|text|-1|f|b|S|t|i|x|100",
		"26|oid|4|t|b|N|t|i|p|0",
		"27|tid|6|f|b|U|f|s|p|0",
		"28|xid|4|t|b|U|f|i|p|0",
		"30|oidvector|-1|f|b|A|f|i|p|0",
		"114|json|-1|f|b|U|f|i|x|0",
		"700|float4|4|t|b|N|f|i|p|0",
		"701|float8|8|t|b|N|t|d|p|0",
		"705|unknown|-2|f|p|X|f|c|p|0",
		"1042|bpchar|-1|f|b|S|f|i|x|100",
		"1043|varchar|-1|f|b|S|f|i|x|100",
		"1082|date|4|t|b|D|f|i|p|0",
		"1083|time|8|t|b|D|f|d|p|0",
		"1114|timestamp|8|t|b|D|f|d|p|0",
		"1184|timestamptz|8|t|b|D|t|d|p|0",
		"1186|interval|16|f|b|T|t|d|p|0",
		"1266|timetz|12|f|b|D|f|d|p|0",
		"1700|numeric|-1|f|b|N|f|i|m|0",
		"2205|regclass|4|t|b|N|f|i|p|0",
		"2206|regtype|4|t|b|N|f|i|p|0",
		"2249|record|-1|f|p|P|f|d|x|0",
		"2278|void|4|t|p|P|f|i|p|0",
		"2950|uuid|16|f|b|U|f|c|p|0",
		"3802|jsonb|-1|f|b|U|f|i|x|0",
	)
	db.Rows(`select typname, typelem::regtype, typarray::regtype, typdelim, typrelid, typbasetype, typtypmod,
		typndims, typisdefined, typnotnull from pg_type
where oid in (16, 17, 20, 21, 23, 25, 114, 600, 700, 1000, 1007, 1009, 1015, 1043, 1184, 1231, 1700, 2950,
3802, 22, 30) order by oid`,
		"bool|-|boolean[]|,|0|0|-1|0|t|f",
		"bytea|-|bytea[]|,|0|0|-1|0|t|f",
		"int8|-|bigint[]|,|0|0|-1|0|t|f",
		"int2|-|smallint[]|,|0|0|-1|0|t|f",
		"int2vector|smallint|int2vector[]|,|0|0|-1|0|t|f",
		"int4|-|integer[]|,|0|0|-1|0|t|f",
		"text|-|text[]|,|0|0|-1|0|t|f",
		"oidvector|oid|oidvector[]|,|0|0|-1|0|t|f",
		"json|-|json[]|,|0|0|-1|0|t|f",
		"point|double precision|point[]|,|0|0|-1|0|t|f",
		"float4|-|real[]|,|0|0|-1|0|t|f",
		"_bool|boolean|-|,|0|0|-1|0|t|f",
		"_int4|integer|-|,|0|0|-1|0|t|f",
		"_text|text|-|,|0|0|-1|0|t|f",
		"_varchar|character varying|-|,|0|0|-1|0|t|f",
		"varchar|-|character varying[]|,|0|0|-1|0|t|f",
		"timestamptz|-|timestamp with time zone[]|,|0|0|-1|0|t|f",
		"_numeric|numeric|-|,|0|0|-1|0|t|f",
		"numeric|-|numeric[]|,|0|0|-1|0|t|f",
		"uuid|-|uuid[]|,|0|0|-1|0|t|f",
		"jsonb|-|jsonb[]|,|0|0|-1|0|t|f",
	)
	db.Rows(`select typname, typinput, typoutput, typreceive, typsend from pg_type where oid in (16, 17, 20,
	25, 114, 700, 1007, 1042, 1082, 1184, 1186, 1700, 2950, 3802, 2205, 2249) order by oid`,
		"bool|boolin|boolout|boolrecv|boolsend",
		"bytea|byteain|byteaout|bytearecv|byteasend",
		"int8|int8in|int8out|int8recv|int8send",
		"text|textin|textout|textrecv|textsend",
		"json|json_in|json_out|json_recv|json_send",
		"float4|float4in|float4out|float4recv|float4send",
		"_int4|array_in|array_out|array_recv|array_send",
		"bpchar|bpcharin|bpcharout|bpcharrecv|bpcharsend",
		"date|date_in|date_out|date_recv|date_send",
		"timestamptz|timestamptz_in|timestamptz_out|timestamptz_recv|timestamptz_send",
		"interval|interval_in|interval_out|interval_recv|interval_send",
		"numeric|numeric_in|numeric_out|numeric_recv|numeric_send",
		"regclass|regclassin|regclassout|regclassrecv|regclasssend",
		"record|record_in|record_out|record_recv|record_send",
		"uuid|uuid_in|uuid_out|uuid_recv|uuid_send",
		"jsonb|jsonb_in|jsonb_out|jsonb_recv|jsonb_send",
	)
	db.Rows(`select typname, typtype, typcategory from pg_type where typname in ('any', 'anyarray',
	'anyelement', 'anynonarray', 'trigger', 'cstring', 'internal', 'record', 'void', 'int4range',
	'int4multirange') order by 1`,
		"any|p|P",
		"anyarray|p|P",
		"anyelement|p|P",
		"anynonarray|p|P",
		"cstring|p|P",
		"int4multirange|m|R",
		"int4range|r|R",
		"internal|p|P",
		"record|p|P",
		"trigger|p|P",
		"void|p|P",
	)
	db.Is(`select count(*) from pg_type t where typarray <> 0 and not exists (select 1 from pg_type e where
	e.oid = t.typarray and e.typelem = t.oid)`,
		"0")
	db.Is(`select count(*) from pg_type a left join pg_type e on e.oid = a.typelem where a.typcategory =
	'A' and a.typelem <> 0 and e.oid is null`,
		"0")
	db.Rows(`select t.typname, r.rngsubtype::regtype from pg_range r join pg_type t on t.oid = r.rngtypid
	order by 1`,
		"daterange|date",
		"int4range|integer",
		"int8range|bigint",
		"numrange|numeric",
		"tsrange|timestamp without time zone",
		"tstzrange|timestamp with time zone",
	)
	db.Must("create table t (a int)")
	db.Must("create view v as select 1 as x")
	db.Rows(`select typname, typtype, typcategory, typlen, typrelid::regclass, typelem, typinput, typoutput,
	typnamespace::regnamespace, typowner::regrole from pg_type where typname in ('t', 'v') order by
	1`,
		"t|c|C|-1|t|0|record_in|record_out|public|postgres",
		"v|c|C|-1|v|0|record_in|record_out|public|postgres",
	)
	db.Is(`select typname, typtype, typcategory, typelem::regtype, typarray, typrelid, typinput from
	pg_type where typname in ('_t', '_v') order by 1`,
		"_t|b|A|t|0|0|array_in; _v|b|A|v|0|0|array_in")
	db.Must("alter table t rename to t2")
	db.Is("select typname from pg_type where typname in ('t', '_t', 't2', '_t2') order by 1",
		"_t2; t2")
	db.Must("drop table t2")
	db.Is("select count(*) from pg_type where typname in ('t2', '_t2')", "0")
}

// The vector extension's type and functions are in the catalogs once it is installed, in its schema.
func TestVectorType(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select count(*) from pg_type where typname in ('vector', '_vector')", "0")
	db.Is("select count(*) from pg_extension where extname = 'vector'", "0")
	db.Is(`select name, default_version, installed_version, comment from pg_available_extensions where name
	= 'vector'`,
		"vector|0.8.5|<null>|vector data type and ivfflat and hnsw access methods")
	db.Must("create schema s")
	db.Must("create extension vector schema s")
	db.Is(`select extname, extnamespace::regnamespace, extrelocatable, extversion, extowner::regrole,
	extconfig, extcondition from pg_extension where extname = 'vector'`,
		"vector|s|t|0.8.5|postgres|<null>|<null>")
	db.Is(`select name, installed_version = default_version from pg_available_extensions where name =
	'vector'`,
		"vector|t")
	db.Is(`select name, installed, superuser, relocatable, schema, requires from
	pg_available_extension_versions where name = 'vector' and installed`,
		"vector|t|t|t|<null>|<null>")
	db.Is(`select typname, typlen, typtype, typcategory, typnamespace::regnamespace, typelem, typinput,
	typoutput, typstorage, typalign from pg_type where typname = 'vector'`,
		"vector|-1|b|U|s|0|s.vector_in|s.vector_out|e|i")
	db.Is("select typname, typtype, typcategory, typelem::regtype from pg_type where typname = '_vector'",
		"_vector|b|A|s.vector")
	db.Must("set search_path = s, public")
	db.Must("create table t (a vector(3), b vector)")
	db.Is(`select attname, format_type(atttypid, atttypmod), atttypmod, attlen, attndims, attstorage from
	pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum`,
		"a|vector(3)|3|-1|0|e; b|vector|-1|-1|0|e")
	db.Is(`select column_name, data_type, udt_schema, udt_name, character_maximum_length from
	information_schema.columns where table_name = 't' order by 1`,
		"a|USER-DEFINED|s|vector|<null>; b|USER-DEFINED|s|vector|<null>")
	db.Must("reset search_path")
	db.Is(`select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 's.t'::regclass and
	attnum > 0 order by attnum`,
		"s.vector(3); s.vector")
	db.Rows(`select proname, pronargs, prorettype::regtype, pronamespace::regnamespace from pg_proc where
	proname in ('l2_distance', 'cosine_distance', 'inner_product') and proargtypes[0] =
	's.vector'::regtype order by 1`,
		"cosine_distance|2|double precision|s",
		"inner_product|2|double precision|s",
		"l2_distance|2|double precision|s",
	)
	db.Rows(`select oprname, oprleft::regtype, oprright::regtype, oprresult::regtype,
	oprnamespace::regnamespace from pg_operator where oprname in ('<->', '<=>', '<#>') and oprleft =
	's.vector'::regtype order by 1`,
		"<#>|s.vector|s.vector|double precision|s",
		"<->|s.vector|s.vector|double precision|s",
		"<=>|s.vector|s.vector|double precision|s",
	)
	db.Is(`select opcname, opcdefault, opcintype::regtype, opcnamespace::regnamespace from pg_opclass o
	join pg_am m on m.oid = opcmethod where amname = 'btree' and opcname = 'vector_ops'`,
		"vector_ops|t|s.vector|s")
	db.Is("select obj_description(oid, 'pg_extension') from pg_extension where extname = 'vector'",
		"vector data type and ivfflat and hnsw access methods")
	db.Must("drop extension vector cascade")
	db.Is("select count(*) from pg_type where typname in ('vector', '_vector')", "0")
	db.Is("select count(*) from pg_proc where proname = 'l2_distance'", "0")
	db.Is(`select attname from pg_attribute where attrelid = 's.t'::regclass and attnum > 0 and not
	attisdropped`,
		"")
}

// pg_proc has the functions with their arguments, results and properties.
func TestProc(t *testing.T) {
	db := dbtest.New(t)
	db.Rows(`select proname, proargtypes, prorettype::regtype, pronargs, proisstrict, proretset, provolatile,
		prokind, provariadic from pg_proc
where proname in ('lower', 'abs', 'now', 'random', 'count', 'row_number', 'generate_series', 'concat',
'unnest', 'nextval', 'sum', 'coalesce')
	and (proname <> 'generate_series' or proargtypes[0] in (23, 1700)) and (proname <> 'lower' or proargtypes = '25')
order by 1, oid`,
		"abs|700|real|1|t|f|i|f|0",
		"abs|701|double precision|1|t|f|i|f|0",
		"abs|20|bigint|1|t|f|i|f|0",
		"abs|23|integer|1|t|f|i|f|0",
		"abs|21|smallint|1|t|f|i|f|0",
		"abs|1700|numeric|1|t|f|i|f|0",
		"concat|2276|text|1|f|f|s|f|2276",
		"count|2276|bigint|1|f|f|i|a|0",
		"count||bigint|0|f|f|i|a|0",
		"generate_series|23 23 23|integer|3|t|t|i|f|0",
		"generate_series|23 23|integer|2|t|t|i|f|0",
		"generate_series|1700 1700 1700|numeric|3|t|t|i|f|0",
		"generate_series|1700 1700|numeric|2|t|t|i|f|0",
		"lower|25|text|1|t|f|i|f|0",
		"nextval|2205|bigint|1|t|f|v|f|0",
		"now||timestamp with time zone|0|t|f|s|f|0",
		"random||double precision|0|t|f|v|f|0",
		"row_number||bigint|0|f|f|i|w|0",
		"sum|20|numeric|1|f|f|i|a|0",
		"sum|23|bigint|1|f|f|i|a|0",
		"sum|21|bigint|1|f|f|i|a|0",
		"sum|700|real|1|f|f|i|a|0",
		"sum|701|double precision|1|f|f|i|a|0",
		"sum|790|money|1|f|f|i|a|0",
		"sum|1186|interval|1|f|f|i|a|0",
		"sum|1700|numeric|1|f|f|i|a|0",
		"unnest|4537|anyrange|1|t|t|i|f|0",
		"unnest|2277|anyelement|1|t|t|i|f|0",
		"unnest|3614|record|1|t|t|i|f|0",
	)
	db.Rows(`select proname, pronargs, pronargdefaults, proargnames from pg_proc where proname in
	('make_interval', 'parse_ident', 'jsonb_set', 'now') order by 1`,
		"jsonb_set|4|1|{jsonb_in,path,replacement,create_if_missing}",
		"make_interval|7|7|{years,months,weeks,days,hours,mins,secs}",
		"now|0|0|<null>",
		"parse_ident|2|1|{str,strict}",
	)
	db.Rows(`select oid, proname from pg_proc where oid in (31, 42, 43, 46, 67, 870, 871, 877, 1299, 1397,
	2147, 2803, 3100) order by oid`,
		"31|byteaout",
		"42|int4in",
		"43|int4out",
		"46|textin",
		"67|texteq",
		"870|lower",
		"871|upper",
		"877|substr",
		"1299|now",
		"1397|abs",
		"2147|count",
		"2803|count",
		"3100|row_number",
	)
	db.Is("select count(*) from pg_proc where prolang not in (select oid from pg_language)", "0")
	db.Is(`select lanname, lanispl, lanpltrusted from pg_language where lanname in ('internal', 'c', 'sql')
	order by 1`,
		"c|f|f; internal|f|f; sql|f|t")
	db.Is(`select prosrc is not null, prolang <> 0, proowner::regrole, pronamespace::regnamespace,
	prosecdef, proleakproof from pg_proc where oid = 'abs(int)'::regprocedure`,
		"t|t|postgres|pg_catalog|f|f")
	db.Is(`select aggkind, aggnumdirectargs from pg_aggregate where aggfnoid in ('sum(int)'::regprocedure,
	'count(*)'::regprocedure)`,
		`42601: syntax error at or near "*"`)
	db.Is(`select proargtypes[0], proargtypes[1], array_length(proargtypes, 1) from pg_proc where oid =
	'round(numeric,int)'::regprocedure`,
		"1700|23|2")
}

// pg_operator and pg_cast.
func TestOperator(t *testing.T) {
	db := dbtest.New(t)
	db.Rows(`select oprname, oprkind, oprleft::regtype, oprright::regtype, oprresult::regtype,
		oprcom::regoperator, oprnegate::regoperator, oprcode, oprcanhash, oprcanmerge
from pg_operator where oid in ('=(int,int)'::regoperator, '<(text,text)'::regoperator,
'+(int,int)'::regoperator, '-(none,int)'::regoperator, '||(text,text)'::regoperator,
'~~(text,text)'::regoperator) order by 1`,
		"+|b|integer|integer|integer|+(integer,integer)|0|int4pl|f|f",
		"-|l|-|integer|integer|0|0|int4um|f|f",
		"<|b|text|text|boolean|>(text,text)|>=(text,text)|text_lt|f|f",
		"=|b|integer|integer|boolean|=(integer,integer)|<>(integer,integer)|int4eq|t|t",
		"|||b|text|text|text|0|0|textcat|f|f",
		"~~|b|text|text|boolean|0|!~~(text,text)|textlike|f|f",
	)
	db.Rows(`select oid, oprname from pg_operator where oid in (96, 97, 98, 410, 521, 551, 654, 1752, 3877)
	order by oid`,
		"96|=",
		"97|<",
		"98|=",
		"410|=",
		"521|>",
		"551|+",
		"654|||",
		"1752|=",
		"3877|^@",
	)
	db.Rows(`select castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext, castmethod from pg_cast
where (castsource, casttarget) in ((23, 20), (20, 23), (23, 1700), (25, 1043), (1043, 25), (1114, 1184),
(16, 23), (23, 16), (1700, 701), (114, 3802), (1043, 1043), (1082, 1114))
order by castsource, casttarget`,
		"boolean|integer|int4(boolean)|e|f",
		"bigint|integer|int4(bigint)|a|f",
		"integer|boolean|bool(integer)|e|f",
		"integer|bigint|int8(integer)|i|f",
		`integer|numeric|"numeric"(integer)|i|f`,
		"text|character varying|-|i|b",
		"json|jsonb|-|a|i",
		"character varying|text|-|i|b",
		`character varying|character varying|"varchar"(character varying,integer,boolean)|i|f`,
		`date|timestamp without time zone|"timestamp"(date)|i|f`,
		"timestamp without time zone|timestamp with time zone|timestamptz(timestamp without time zone)|i|f",
		"numeric|double precision|float8(numeric)|i|f",
	)
	db.Is("select count(*) from pg_cast where castfunc <> 0 and castfunc not in (select oid from pg_proc)",
		"0")
	db.Is("select count(*) from pg_operator where oprcode <> 0 and oprcode not in (select oid from pg_proc)",
		"0")
}

// What a cluster has: databases, roles, tablespaces, collations, settings.
func TestCluster(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`select datname, pg_encoding_to_char(encoding), datlocprovider, datistemplate, datallowconn,
	datconnlimit, dattablespace from pg_database where datname in ('template1', 'template0') order
	by 1`,
		"template0|UTF8|c|t|f|-1|1663; template1|UTF8|c|t|t|-1|1663")
	db.Rows("select oid, spcname, spcowner::regrole, spcacl, spcoptions from pg_tablespace order by oid",
		"1663|pg_default|postgres|<null>|<null>",
		"1664|pg_global|postgres|<null>|<null>",
	)
	db.Rows(`select oid, collname, collprovider, collencoding, collcollate, collctype, collisdeterministic
	from pg_collation where collname in ('C', 'POSIX', 'default', 'ucs_basic') and collencoding in
	(-1, 6) and oid < 1000 order by oid`,
		"100|default|d|-1|<null>|<null>|t",
		"950|C|c|-1|C|C|t",
		"951|POSIX|c|-1|POSIX|POSIX|t",
		"962|ucs_basic|c|6|C|C|t",
	)
	db.Rows(`select name, setting, unit, vartype, context, min_val, max_val, enumvals from pg_settings where
	name in ('search_path', 'statement_timeout', 'server_version_num', 'datestyle', 'bytea_output',
	'standard_conforming_strings', 'max_identifier_length', 'block_size') order by name`,
		"block_size|8192|<null>|integer|internal|8192|8192|<null>",
		"bytea_output|hex|<null>|enum|user|<null>|<null>|{escape,hex}",
		"max_identifier_length|63|<null>|integer|internal|63|63|<null>",
		`search_path|"$user", public|<null>|string|user|<null>|<null>|<null>`,
		"server_version_num|160014|<null>|integer|internal|160014|160014|<null>",
		"standard_conforming_strings|on|<null>|bool|user|<null>|<null>|<null>",
		"statement_timeout|0|ms|integer|user|0|2147483647|<null>",
	)
	db.Must("set statement_timeout = '1h'")
	db.Must("set application_name = 'me'")
	db.Is(`select name, setting, source, boot_val, reset_val, pending_restart from pg_settings where name
	in ('statement_timeout', 'application_name') order by 1`,
		"application_name|me|session|||f; statement_timeout|3600000|session|0|0|f")
	db.Is(`select abbrev, utc_offset, is_dst from pg_timezone_abbrevs where abbrev in ('UTC', 'CET',
	'CEST', 'EST') order by 1`,
		"CEST|02:00:00|t; CET|01:00:00|f; EST|-05:00:00|f; UTC|00:00:00|f")
	db.Rows(`select name, abbrev, utc_offset, is_dst from pg_timezone_names where name in ('UTC',
	'Asia/Tokyo', 'Asia/Kolkata') order by 1`,
		"Asia/Kolkata|IST|05:30:00|f",
		"Asia/Tokyo|JST|09:00:00|f",
		"UTC|UTC|00:00:00|f",
	)
	db.Is(`select word, catcode, barelabel from pg_get_keywords() where word in ('select', 'abort',
	'between', 'authorization') order by 1`,
		"abort|U|t; authorization|T|t; between|C|t; select|R|t")
	db.Is(`select nspname, nspowner::regrole, oid from pg_namespace where nspname in ('pg_catalog') order
	by 1`,
		"pg_catalog|postgres|11")
	db.Is("select amname from pg_am where amname in ('btree', 'hash', 'heap') order by 1",
		"btree; hash; heap")
	db.Is(`select datname = current_database(), numbackends > 0 from pg_stat_database where datname =
	current_database()`,
		"t|t")
	db.Is("select count(*) from pg_stat_activity where pid = pg_backend_pid()", "1")
	db.Is(`select state, backend_type, usename, datname = current_database(), application_name,
	client_hostname, wait_event_type is null from pg_stat_activity where pid = pg_backend_pid()`,
		"active|client backend|postgres|t|me|<null>|t")
}
