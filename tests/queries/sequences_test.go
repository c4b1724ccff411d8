package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Sequences count, wrap, stop and start again as they are told; what was taken is not given back by a rollback.
func TestSequences(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create sequence up; create sequence down increment -3 start 5 minvalue -4 maxvalue 5 cycle;
		create sequence short as smallint start 32766`)
	db.Rows("select nextval('up') from generate_series(1, 6)",
		"1",
		"2",
		"3",
		"4",
		"5",
		"6",
	)
	db.Rows("select nextval('down') from generate_series(1, 6)",
		"5",
		"2",
		"-1",
		"-4",
		"5",
		"2",
	)
	db.Rows("select nextval('short') from generate_series(1, 2)",
		"32766",
		"32767",
	)
	db.Is("select nextval('short')", `2200H: nextval: reached maximum value of sequence "short" (32767)`)
	db.Is("select currval('up'), lastval()", "6|32767")
	db.Is("select setval('up', 100), nextval('up'), setval('up', 200, false), nextval('up')", "100|101|200|200")
	db.Is("select setval('down', 6)", `22003: setval: value 6 is out of bounds for sequence "down" (-4..5)`)
	db.Is("begin; select nextval('up'); rollback; select nextval('up')", "202")
	db.Is("alter sequence up restart with 7 increment by 2; select nextval('up'), nextval('up')", "7|9")
	db.Is("alter sequence down no cycle restart with -3; select nextval('down')", "-3")
	db.Is("select nextval('down')", `2200H: nextval: reached minimum value of sequence "down" (-4)`)
	db.Is("create sequence bad start 5 maxvalue 3", "22023: START value (5) cannot be greater than MAXVALUE (3)")
	db.Is("create sequence bad increment 0", "22023: INCREMENT must not be zero")
	db.Is("create sequence bad cache 0", "22023: CACHE (0) must be greater than zero")
	db.Is("create sequence up", `42P07: relation "up" already exists`)
	db.Is("create sequence if not exists up", "CREATE SEQUENCE")
	db.Is("select nextval('none')", `42P01: relation "none" does not exist`)
	db.Is("create table t (a int); select nextval('t')", `42809: "t" is not a sequence`)
	db.Beside().Is("select currval('up')", `55000: currval of sequence "up" is not yet defined in this session`)
	db.Rows(`select sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, last_value
		from pg_sequences order by 1`,
		"down|bigint|5|-4|5|-3|f|-3",
		"short|smallint|32766|1|32767|1|f|32767",
		"up|bigint|1|1|9223372036854775807|2|f|9",
	)
	db.Rows("select last_value, is_called from up",
		"9|t",
	)
	db.Is("drop sequence up, down; select count(*) from pg_sequences", "1")
}

// A temporary table hides one of the same name, belongs to its session, and goes with it.
func TestTemporaryTables(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t values (1)")
	db.Must("create temp table t (a int, b text); insert into t values (2, 'mine')")
	other := db.Beside()
	db.Rows("select * from t",
		"2|mine",
	)
	other.Is("select * from t", "1")
	db.Rows("select * from public.t union all select a from pg_temp.t order by 1",
		"1",
		"2",
	)
	db.Rows(`select n.nspname like 'pg_temp%', c.relpersistence from pg_class c
		join pg_namespace n on n.oid = c.relnamespace where relname = 't' order by 1`,
		"f|p",
		"t|t",
	)
	other.Is("create temp table t (c int); insert into t values (3); select * from t", "3")
	db.Is("create index on t (a); select count(*) from pg_indexes where tablename = 't'", "1")
	db.Is("create view v as select * from t", "CREATE VIEW")
	db.Is("create table k (a int references t)",
		"42P16: constraints on permanent tables may reference only permanent tables")
	db.Is("create temp table copy as select a, a * 2 as b from t; select * from copy", "2|4")
	db.Is("drop table t; select * from t",
		"2BP01: cannot drop table t because other objects depend on it DETAIL: view v depends on table t "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.",
	)
	other.Is("discard temp; select * from t", "1")
	db.Is("select count(*) from pg_class where relname = 'copy'", "1")
}

// Settings of a session change how values are read and shown, for the rest of the transaction or the session.
func TestShownBySettings(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table v (d date, z timestamptz, i interval, y bytea, f double precision, r real)")
	db.Must(`insert into v values ('2024-02-03', '2024-07-01 12:00+00', '1 year 2 mons -3 days 04:05:06.7',
		'\x00ff41', 0.1, 1e10)`)
	f := func(settings, want string) {
		t.Helper()
		db.Is(settings+"; select * from v", want)
	}
	f("set datestyle = 'ISO, DMY'",
		`2024-02-03|2024-07-01 12:00:00+00|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set datestyle = 'SQL, MDY'",
		`02/03/2024|07/01/2024 12:00:00 UTC|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set datestyle = 'SQL, DMY'",
		`03/02/2024|01/07/2024 12:00:00 UTC|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set datestyle = 'German'",
		`03.02.2024|01.07.2024 12:00:00 UTC|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set datestyle = 'Postgres, DMY'",
		`03-02-2024|Mon 01 Jul 12:00:00 2024 UTC|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set timezone = 'America/New_York'",
		`03-02-2024|Mon 01 Jul 08:00:00 2024 EDT|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set timezone = 'Asia/Kathmandu'",
		`03-02-2024|Mon 01 Jul 17:45:00 2024 +0545|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set timezone = '-3'",
		`03-02-2024|Mon 01 Jul 09:00:00 2024 -03|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	f("set intervalstyle = 'sql_standard'",
		`03-02-2024|Mon 01 Jul 09:00:00 2024 -03|+1-2 -3 +4:05:06.7|\x00ff41|0.1|1e+10`)
	f("set intervalstyle = 'postgres_verbose'",
		`03-02-2024|Mon 01 Jul 09:00:00 2024 -03|@ 1 year 2 mons -3 days 4 hours 5 mins 6.7 secs|\x00ff41|0.1|1e+10`)
	f("set intervalstyle = 'iso_8601'", `03-02-2024|Mon 01 Jul 09:00:00 2024 -03|P1Y2M-3DT4H5M6.7S|\x00ff41|0.1|1e+10`)
	f("set bytea_output = 'escape'", `03-02-2024|Mon 01 Jul 09:00:00 2024 -03|P1Y2M-3DT4H5M6.7S|\000\377A|0.1|1e+10`)
	f("set extra_float_digits = 0", `03-02-2024|Mon 01 Jul 09:00:00 2024 -03|P1Y2M-3DT4H5M6.7S|\000\377A|0.1|1e+10`)
	f("set extra_float_digits = -5", `03-02-2024|Mon 01 Jul 09:00:00 2024 -03|P1Y2M-3DT4H5M6.7S|\000\377A|0.1|1e+10`)
	db.Is("reset all; select * from v",
		`2024-02-03|2024-07-01 12:00:00+00|1 year 2 mons -3 days +04:05:06.7|\x00ff41|0.1|1e+10`)
	db.Is("begin; set local datestyle = 'German'; select d from v", "03.02.2024")
	db.Is("commit; select d from v", "2024-02-03")
	db.Is("set datestyle = 'SQL, DMY'; select '03/02/2024'::date = d from v", "t")
	db.Is("set datestyle = 'SQL, MDY'; select '03/02/2024'::date = d from v", "f")
	db.Is("select '13/02/2024'::date",
		`22008: date/time field value out of range: "13/02/2024" HINT: Perhaps you need a different "datestyle" setting.`,
	)
	db.Is("set intervalstyle = 'sql_standard'; select interval '-1 2:03:04', interval '1-2'", "-1 2:03:04|1-2")
	db.Is(`set timezone = 'Europe/Berlin'; select '2024-07-01 12:00'::timestamptz = '2024-07-01 10:00Z',
		date_trunc('day', z) from v`,
		"t|07/01/2024 00:00:00 CEST",
	)
}
