package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A sequence's bounds, start and step follow its type and direction unless they are given.
func TestCreateSequenceDefaults(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence a")
	db.Must("create sequence b as smallint")
	db.Must("create sequence c as integer increment 5")
	db.Must("create sequence d increment -1")
	db.Must("create sequence e as smallint increment -2")
	db.Must("create sequence f minvalue 5")
	db.Must("create sequence g maxvalue 9 increment -3")
	db.Must("create sequence h minvalue -4 maxvalue 4 start 0 cycle cache 3")
	db.Must("create sequence i as bigint no minvalue no maxvalue no cycle")
	db.Rows(`select seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache,
		seqcycle from pg_sequence order by 1::text`,
		"a|bigint|1|1|1|9223372036854775807|1|f",
		"b|smallint|1|1|1|32767|1|f",
		"c|integer|1|5|1|2147483647|1|f",
		"d|bigint|-1|-1|-9223372036854775808|-1|1|f",
		"e|smallint|-1|-2|-32768|-1|1|f",
		"f|bigint|5|1|5|9223372036854775807|1|f",
		"g|bigint|9|-3|-9223372036854775808|9|1|f",
		"h|bigint|0|1|-4|4|3|t",
		"i|bigint|1|1|1|9223372036854775807|1|f")
	db.Is("select nextval('d'), nextval('d'), nextval('e'), nextval('f'), nextval('g'), nextval('c')",
		"-1|-2|-1|5|9|1")
}

// Options that contradict each other or the type are refused.
func TestCreateSequenceRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Is("create sequence s increment 0", "22023: INCREMENT must not be zero")
	db.Is("create sequence s increment by 0", "22023: INCREMENT must not be zero")
	db.Is("create sequence s minvalue 10 maxvalue 5", "22023: MINVALUE (10) must be less than MAXVALUE (5)")
	db.Is("create sequence s minvalue 5 maxvalue 5", "22023: MINVALUE (5) must be less than MAXVALUE (5)")
	db.Is("create sequence s start 0", "22023: START value (0) cannot be less than MINVALUE (1)")
	db.Is("create sequence s maxvalue 10 start 11", "22023: START value (11) cannot be greater than MAXVALUE (10)")
	db.Is("create sequence s as smallint maxvalue 32768",
		"22023: MAXVALUE (32768) is out of range for sequence data type smallint")
	db.Is("create sequence s as smallint minvalue -32769",
		"22023: MINVALUE (-32769) is out of range for sequence data type smallint")
	db.Is("create sequence s as integer maxvalue 2147483648",
		"22023: MAXVALUE (2147483648) is out of range for sequence data type integer")
	db.Is("create sequence s as integer start 2147483648",
		"22023: START value (2147483648) cannot be greater than MAXVALUE (2147483647)")
	db.Is("create sequence s as text", "22023: sequence type must be smallint, integer, or bigint")
	db.Is("create sequence s as numeric", "22023: sequence type must be smallint, integer, or bigint")
	db.Is("create sequence s as nosuch", `42704: type "nosuch" does not exist`)
	db.Is("create sequence s cache 0", "22023: CACHE (0) must be greater than zero")
	db.Is("create sequence s cache -1", "22023: CACHE (-1) must be greater than zero")
	db.Is("create sequence s increment 1 increment 2", "42601: conflicting or redundant options")
	db.Is("create sequence s cycle no cycle", "42601: conflicting or redundant options")
	db.Is("create sequence s minvalue 1 no minvalue", "42601: conflicting or redundant options")
	db.Is("create sequence s owned by nosuch",
		"42601: invalid OWNED BY option HINT: Specify OWNED BY table.column or OWNED BY NONE.")
	db.Is("create sequence s owned by nosuch.a", `42P01: relation "nosuch" does not exist`)
	db.Is("create sequence s owned by public.t.a", `42P01: relation "public.t" does not exist`)
	db.Is("create sequence s start 1.5", `22P02: invalid input syntax for type bigint: "1.5"`)
	db.Is("create sequence s increment 9223372036854775808",
		`22003: value "9223372036854775808" is out of range for type bigint`)
	db.Is("create sequence s minvalue -9223372036854775808", "CREATE SEQUENCE")
	db.Is("drop sequence s", "DROP SEQUENCE")
	db.Is("create sequence s maxvalue 9223372036854775807 start with 9223372036854775807", "CREATE SEQUENCE")
	db.Is("select nextval('s')", "9223372036854775807")
	db.Is("select nextval('s')", `2200H: nextval: reached maximum value of sequence "s" (9223372036854775807)`)
	db.Is("create sequence s", `42P07: relation "s" already exists`)
	db.IsHeard("create sequence if not exists s start 7", "CREATE SEQUENCE",
		`NOTICE: relation "s" already exists, skipping`)
	db.Is("create table s (a int)", `42P07: relation "s" already exists`)
	db.Is("create sequence nosuch.s", `3F000: schema "nosuch" does not exist`)
	db.Is("create sequence pg_catalog.s",
		`42501: permission denied to create "pg_catalog.s" DETAIL: System catalog modifications are currently disallowed.`)
	db.Is("create temp sequence public.ts", "42P16: cannot create temporary relation in non-temporary schema")
	db.Is("create temp sequence ts", "CREATE SEQUENCE")
	db.Is("select nextval('ts'), nextval('pg_temp.ts')", "1|2")
}

// nextval, currval, lastval and setval.
func TestSequenceFunctions(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence s")
	db.Must(`create sequence "Odd Name" start 10`)
	db.Is("select currval('s')", `55000: currval of sequence "s" is not yet defined in this session`)
	db.Is("select lastval()", "55000: lastval is not yet defined in this session")
	db.Is(`select nextval('s'), nextval('"Odd Name"')`, "1|10")
	db.Is(`select currval('s'), currval('"Odd Name"'), lastval()`, "1|10|10")
	db.Is("select nextval('odd name')", "42602: invalid name syntax")
	db.Is("select nextval('nosuch')", `42P01: relation "nosuch" does not exist`)
	db.Is("select setval('s', 10), nextval('s')", "10|11")
	db.Is("select setval('s', 10, false), nextval('s')", "10|10")
	db.Is("select setval('s', 10, true), nextval('s')", "10|11")
	db.Is("select setval('s', 0)",
		`22003: setval: value 0 is out of bounds for sequence "s" (1..9223372036854775807)`)
	db.Is("select setval('s', 9223372036854775807)", "9223372036854775807")
	db.Is("select nextval('s')", `2200H: nextval: reached maximum value of sequence "s" (9223372036854775807)`)
	db.Is("select setval('s', null), setval(null, 3), setval('s', 3, null)", "<null>|<null>|<null>")
	db.Is("select nextval(null::regclass)", "<null>")
	db.Is("select * from s", "9223372036854775807|0|t")
	db.Is(`select last_value, is_called from "Odd Name"`, "10|t")
	db.Is("create table t (a int)", "CREATE TABLE")
	db.Is("select nextval('t')", `42809: "t" is not a sequence`)
	db.Is("select currval('t')", `42809: "t" is not a sequence`)
	db.Is("select setval('t', 1)", `42809: "t" is not a sequence`)
	db.Is("create view v as select 1 as x", "CREATE VIEW")
	db.Is("select nextval('v')", `42809: "v" is not a sequence`)
	db.Is("select nextval('s'::regclass::oid)",
		`2200H: nextval: reached maximum value of sequence "s" (9223372036854775807)`)
	db.Is(`select pg_sequence_last_value('s'), pg_sequence_last_value('"Odd Name"')`, "9223372036854775807|10")
	db.Is("insert into s values (1)", `42809: cannot change sequence "s"`)
	db.Is("update s set last_value = 4", `42809: cannot change sequence "s"`)
	db.Is("delete from s", `42809: cannot change sequence "s"`)
	db.Is("truncate s", `42809: "s" is not a table`)
	db.Is("alter table s add column x int",
		`42809: ALTER action ADD COLUMN cannot be performed on relation "s" `+
			`DETAIL: This operation is not supported for sequences.`)
}

// At its end a sequence stops, or begins anew with CYCLE.
func TestSequenceEnd(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence up maxvalue 3 increment 2")
	db.Must("create sequence down minvalue -3 increment -2")
	db.Must("create sequence round minvalue 2 maxvalue 4 cycle")
	db.Must("create sequence back minvalue 1 maxvalue 2 increment -1 cycle")
	db.Is("select nextval('up'), nextval('up')", "1|3")
	db.Is("select nextval('up')", `2200H: nextval: reached maximum value of sequence "up" (3)`)
	db.Is("select currval('up'), (select last_value from up)", "3|3")
	db.Is("select nextval('down'), nextval('down')", "-1|-3")
	db.Is("select nextval('down')", `2200H: nextval: reached minimum value of sequence "down" (-3)`)
	db.Is("select nextval('round'), nextval('round'), nextval('round'), nextval('round')", "2|3|4|2")
	db.Is("select nextval('back'), nextval('back'), nextval('back')", "2|1|2")
}

// ALTER SEQUENCE changes what it names and keeps the rest, its value also.
func TestAlterSequence(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence s start 5")
	db.Is("select nextval('s'), nextval('s')", "5|6")
	db.Is("alter sequence s increment 10", "ALTER SEQUENCE")
	db.Is("select nextval('s'), currval('s')", "16|16")
	db.Is("alter sequence s restart", "ALTER SEQUENCE")
	db.Is("select nextval('s')", "5")
	db.Is("alter sequence s restart with 100", "ALTER SEQUENCE")
	db.Is("select nextval('s')", "100")
	db.Is("alter sequence s start 50", "ALTER SEQUENCE")
	db.Is("alter sequence s restart", "ALTER SEQUENCE")
	db.Is("select nextval('s'), nextval('s')", "50|60")
	db.Is("alter sequence s maxvalue 40", "22023: START value (50) cannot be greater than MAXVALUE (40)")
	db.Is("alter sequence s maxvalue 100 start 20", "ALTER SEQUENCE")
	db.Is("alter sequence s maxvalue 55", "22023: RESTART value (60) cannot be greater than MAXVALUE (55)")
	db.Is("alter sequence s minvalue 58", "22023: START value (20) cannot be less than MINVALUE (58)")
	db.Is("select seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle from pg_sequence", "20|10|1|100|1|f")
	db.Is("alter sequence s cycle cache 7 minvalue 3", "ALTER SEQUENCE")
	db.Is("select seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle from pg_sequence", "20|10|3|100|7|t")
	db.Is("alter sequence s no cycle no minvalue no maxvalue", "ALTER SEQUENCE")
	db.Is("select seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle from pg_sequence",
		"20|10|1|9223372036854775807|7|f")
	db.Is("alter sequence s restart with 0", "22023: RESTART value (0) cannot be less than MINVALUE (1)")
	db.Is("alter sequence s increment 0", "22023: INCREMENT must not be zero")
	db.Is("alter sequence s as smallint", "ALTER SEQUENCE")
	db.Is("select seqtypid::regtype, seqmin, seqmax from pg_sequence", "smallint|1|32767")
	db.Is("alter sequence s as bigint", "ALTER SEQUENCE")
	db.Is("select seqtypid::regtype, seqmin, seqmax from pg_sequence", "bigint|1|9223372036854775807")
	db.Is("alter sequence s maxvalue 1000 as integer", "ALTER SEQUENCE")
	db.Is("select seqtypid::regtype, seqmin, seqmax from pg_sequence", "integer|1|1000")
	db.Is("alter sequence s as smallint", "ALTER SEQUENCE")
	db.Is("select seqtypid::regtype, seqmin, seqmax from pg_sequence", "smallint|1|1000")
	db.Is("select setval('s', 900)", "900")
	db.Is("alter sequence s maxvalue 800", "22023: RESTART value (900) cannot be greater than MAXVALUE (800)")
	db.Is("alter sequence s", "42601: syntax error at end of input")
	db.Is("alter sequence nosuch restart", `42P01: relation "nosuch" does not exist`)
	db.IsHeard("alter sequence if exists nosuch restart", "ALTER SEQUENCE",
		`NOTICE: relation "nosuch" does not exist, skipping`)
	db.Is("create table t (a int)", "CREATE TABLE")
	db.Is("alter sequence t restart", `42809: "t" is not a sequence`)
}

// What nextval has given is not taken back; what ALTER SEQUENCE did is.
func TestSequenceRollback(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence s")
	db.Must("begin")
	db.Is("select nextval('s'), nextval('s')", "1|2")
	db.Must("rollback")
	db.Is("select nextval('s')", "3")
	db.Must("begin")
	db.Is("alter sequence s increment 100", "ALTER SEQUENCE")
	db.Is("select nextval('s')", "103")
	db.Must("rollback")
	db.Is("select nextval('s')", "4")
	db.Must("begin")
	db.Must("create sequence r")
	db.Is("select nextval('r')", "1")
	db.Must("rollback")
	db.Is("select nextval('r')", `42P01: relation "r" does not exist`)
	db.Must("begin")
	db.Must("alter sequence s restart with 1000")
	db.Is("select nextval('s')", "1000")
	db.Must("rollback")
	db.Is("select nextval('s')", "5")
}

// A sequence owned by a column follows the table's schema and owner, and refuses others.
func TestSequenceOwnedBy(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int)")
	db.Must("create schema x")
	db.Must("create sequence s owned by t.a")
	db.Must("create sequence x.s")
	db.Is("alter sequence x.s owned by t.a", "55000: sequence must be in same schema as table it is linked to")
	db.Is("alter sequence s owned by t.nosuch", `42703: column "nosuch" of relation "t" does not exist`)
	db.Is("alter sequence s owned by nosuch.a", `42P01: relation "nosuch" does not exist`)
	db.Is("alter sequence s owned by t",
		"42601: invalid OWNED BY option HINT: Specify OWNED BY table.column or OWNED BY NONE.")
	db.Is("alter sequence s owned by s.last_value",
		`42809: sequence cannot be owned by relation "s" DETAIL: This operation is not supported for sequences.`)
	db.Is("select pg_get_serial_sequence('t', 'a'), pg_get_serial_sequence('t', 'b')", "public.s|<null>")
	db.Is("alter table t set schema x", `42P07: relation "s" already exists in schema "x"`)
	db.Is("select pg_get_serial_sequence('x.t', 'a')", `42P01: relation "x.t" does not exist`)
	db.Is("alter table x.t rename column a to z", `42P01: relation "x.t" does not exist`)
	db.Is("select pg_get_serial_sequence('x.t', 'z')", `42P01: relation "x.t" does not exist`)
	db.Is("select pg_get_serial_sequence('x.t', 'a')", `42P01: relation "x.t" does not exist`)
	db.Is("select pg_get_serial_sequence('x.nosuch', 'a')", `42P01: relation "x.nosuch" does not exist`)
	db.Is("drop sequence x.s", "DROP SEQUENCE")
	db.Is("alter table x.t set schema public", `42P01: relation "x.t" does not exist`)
	db.Is("alter sequence s owned by none", "ALTER SEQUENCE")
	db.Is("select pg_get_serial_sequence('t', 'z')", `42703: column "z" of relation "t" does not exist`)
	db.Is("drop table t", "DROP TABLE")
	db.Is("select nextval('s')", "1")
}

// serial makes a sequence of the column's type, which the column owns, and NOT NULL.
func TestSerial(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a smallserial, b serial, c bigserial, d serial4 primary key, e serial8 unique)")
	db.Rows(`select attname, atttypid::regtype, attnotnull, pg_get_expr(adbin, adrelid) from pg_attribute
		join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 't'::regclass order by attnum`,
		"a|smallint|t|nextval('t_a_seq'::regclass)",
		"b|integer|t|nextval('t_b_seq'::regclass)",
		"c|bigint|t|nextval('t_c_seq'::regclass)",
		"d|integer|t|nextval('t_d_seq'::regclass)",
		"e|bigint|t|nextval('t_e_seq'::regclass)")
	db.Rows("select seqrelid::regclass, seqtypid::regtype, seqmax from pg_sequence order by 1::text",
		"t_a_seq|smallint|32767",
		"t_b_seq|integer|2147483647",
		"t_c_seq|bigint|9223372036854775807",
		"t_d_seq|integer|2147483647",
		"t_e_seq|bigint|9223372036854775807")
	db.Is("insert into t default values returning *", "1|1|1|1|1")
	db.Is("insert into t (a) values (null)",
		`23502: null value in column "a" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, 2, 2, 2, 2).`)
	db.Is("insert into t (b) values (7) returning *", "2|7|3|3|3")
	db.Is("insert into t (d) values (1)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (d)=(1) already exists.`)
	db.Is("create table u (a serial default 3)",
		`42601: multiple default values specified for column "a" of table "u"`)
	db.Is("create table u (a serial null)",
		`42601: conflicting NULL/NOT NULL declarations for column "a" of table "u"`)
	db.Is("create table u (a serial[])", "0A000: array of serial is not implemented")
	db.Is("create table u (a serial generated always as identity)",
		`42601: both default and identity specified for column "a" of table "u"`)
	db.Is("alter table t add column f serial", "ALTER TABLE")
	db.Is("select f from t order by d", "1; 2")
	db.Is("alter table t alter a type serial", `42704: type "serial" does not exist`)
	db.Is("alter table t alter a drop default", "ALTER TABLE")
	db.Is("insert into t (b) values (1)",
		`23502: null value in column "a" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, 1, 5, 4, 5, 3).`)
	db.Is("select pg_get_serial_sequence('t', 'f')", "public.t_f_seq")
	db.Is(`create table "T x" ("A b" serial)`, "CREATE TABLE")
	db.Is(`select pg_get_serial_sequence('"T x"', 'A b')`, `public."T x_A b_seq"`)
	db.Is("create table t_g_seq (x int)", "CREATE TABLE")
	db.Is("alter table t add column g serial", "ALTER TABLE")
	db.Is("select pg_get_serial_sequence('t', 'g')", "public.t_g_seq1")
}
