package fn_test

import "testing"

// TestSessionFunctions holds what a session says of itself.
func TestSessionFunctions(t *testing.T) {
	f := selecter(t)
	f("current_user, session_user, user, current_role, current_user = current_role, getdatabaseencoding(), "+
		"pg_client_encoding()",
		"postgres|postgres|postgres|postgres|t|UTF8|UTF8")
	f("current_schema, current_schema(), current_schemas(false), current_schemas(true), pg_typeof(current_schema)",
		"public|public|{public}|{pg_catalog,public}|name")
	f("pg_backend_pid() > 0, pg_is_in_recovery(), pg_trigger_depth(), current_catalog = current_database(), "+
		"pg_typeof(current_catalog)",
		"t|f|0|t|name")
	f("version() like 'PostgreSQL 16%', current_setting('server_version_num')::int / 10000, "+
		"current_setting('server_encoding'), current_setting('integer_datetimes')",
		"t|16|UTF8|on")
	f("pg_encoding_to_char(6), pg_encoding_to_char(0), pg_encoding_to_char(8), pg_encoding_to_char(99), "+
		"pg_char_to_encoding('utf-8'), pg_char_to_encoding('LATIN1'), pg_char_to_encoding('nothing'), "+
		"pg_encoding_max_length(6)",
		"UTF8|SQL_ASCII|LATIN1||6|8|-1|4")
	f("current_date = now()::date, now() = transaction_timestamp(), clock_timestamp() >= statement_timestamp(), "+
		"localtimestamp = now()::timestamp, current_timestamp(0) = date_trunc('second', now() + interval '0.5 s'), "+
		"pg_typeof(current_time), pg_typeof(localtime)",
		"t|t|t|t|t|time with time zone|time without time zone")
	f("pg_typeof(1), pg_typeof('a'), pg_typeof(null), pg_typeof(array[1]), pg_typeof(1.5), pg_typeof(row(1)), "+
		"pg_typeof('1'::\"char\"), pg_typeof('[1]'::vector)",
		`integer|unknown|unknown|integer[]|numeric|record|"char"|vector`)
	f("pg_collation_for('a'::text)", `"default"`)
	f("pg_collation_for(1)", "42804: collations are not supported by type integer")
	f("pg_column_size(1), pg_column_size(1::bigint), pg_column_size(true), pg_column_size(1.5::float8), "+
		"pg_column_size(null::int)",
		"4|8|1|8|<null>")
}

// TestSettingFunctions holds current_setting and set_config, for the session and the transaction.
func TestSettingFunctions(t *testing.T) {
	db := newDB(t)
	db.Is("select set_config('work_mem', '8MB', false), current_setting('work_mem')", "8MB|8MB")
	db.Is("begin; select set_config('work_mem', '16MB', true); select current_setting('work_mem')", "16MB")
	db.Is("rollback; select current_setting('work_mem')", "8MB")
	db.Is("select set_config('my.value', 'x', false), current_setting('my.value'), current_setting('MY.value', true)",
		"x|x|x")
	db.Is("select current_setting('no.such', true), current_setting('nosuch', true)", "<null>|<null>")
	db.Is("select current_setting('nosuch')", `42704: unrecognized configuration parameter "nosuch"`)
	db.Is("select set_config('nosuch', '1', false)", `42704: unrecognized configuration parameter "nosuch"`)
	db.Is("select set_config('work_mem', 'x', false)", `22023: invalid value for parameter "work_mem": "x"`)
	db.Is("select set_config(null, '1', false)", "22004: SET requires parameter name")
	db.Is("select set_config('my.value', null, false), current_setting('my.value')", "|")
	db.Is("select set_config('my.value', 'y', null), current_setting('my.value')", "y|y")
	db.Is("select current_setting(null), current_setting('work_mem', null)", "<null>|<null>")
}

// TestSizes holds pg_size_pretty and pg_size_bytes at the borders of their units.
func TestSizes(t *testing.T) {
	f := selecter(t)
	f("pg_size_pretty(0::bigint), pg_size_pretty(1::bigint), pg_size_pretty(10239::bigint), "+
		"pg_size_pretty(10240::bigint), pg_size_pretty(-10240::bigint), pg_size_pretty(10485247::bigint), "+
		"pg_size_pretty(10485248::bigint)",
		"0 bytes|1 bytes|10239 bytes|10 kB|-10 kB|10239 kB|10 MB")
	f("pg_size_pretty(9223372036854775807), pg_size_pretty(-9223372036854775808), "+
		"pg_size_pretty(1e20::numeric), pg_size_pretty(10239.5), pg_size_pretty(10240.5), pg_size_pretty(-1.5), "+
		"pg_size_pretty(null::bigint)",
		"8192 PB|-8192 PB|88818 PB|10239.5 bytes|10 kB|-1.5 bytes|<null>")
	f("pg_size_bytes('1'), pg_size_bytes('1 kB'), pg_size_bytes('1.5 MB'), pg_size_bytes(' 2GB '), "+
		"pg_size_bytes('-1TB'), pg_size_bytes('1e3 bytes'), pg_size_bytes('10 B'), pg_size_bytes('.5 KB')",
		"1|1024|1572864|2147483648|-1099511627776|1000|10|512")
	f("pg_size_bytes('1 XB')",
		`22023: invalid size: "1 XB" DETAIL: Invalid size unit: "XB". `+
			`HINT: Valid units are "bytes", "B", "kB", "MB", "GB", "TB", and "PB".`)
	f("pg_size_bytes('')", `22023: invalid size: ""`)
	f("pg_size_bytes('kB')", `22023: invalid size: "kB"`)
	f("pg_size_bytes('1e100 TB')", "22003: bigint out of range")
	f("pg_size_bytes('1 2')",
		`22023: invalid size: "1 2" DETAIL: Invalid size unit: "2". `+
			`HINT: Valid units are "bytes", "B", "kB", "MB", "GB", "TB", and "PB".`)
}

// TestSequenceFunctions holds nextval and its kin, with their limits.
func TestSequenceFunctions(t *testing.T) {
	db := newDB(t)
	db.Must(`create sequence s; create sequence c minvalue 1 maxvalue 2 cycle;
		create sequence d increment -1 maxvalue 3 minvalue 2; create sequence m maxvalue 2 start 2`)
	db.Is("select currval('s')", `55000: currval of sequence "s" is not yet defined in this session`)
	db.Is("select lastval()", "55000: lastval is not yet defined in this session")
	db.Is("select nextval('s'), nextval('s'), currval('s'), lastval()", "1|2|2|2")
	db.Is("select nextval('c'), nextval('c'), nextval('c'), nextval('d'), nextval('d'), lastval()", "1|2|1|3|2|2")
	db.Is("select nextval('d')", `2200H: nextval: reached minimum value of sequence "d" (2)`)
	db.Is("select nextval('m')", "2")
	db.Is("select nextval('m')", `2200H: nextval: reached maximum value of sequence "m" (2)`)
	db.Is(`select setval('s', 10), nextval('s'), setval('s', 20, false), nextval('s'), setval('s', 30, true),
		nextval('s'), currval('s')`,
		"10|11|20|20|30|31|31")
	db.Is("select setval('s', 0)", `22003: setval: value 0 is out of bounds for sequence "s" (1..9223372036854775807)`)
	db.Is("select setval('m', 2)", "2")
	db.Is("select setval('s', null), nextval(null), currval(null), setval(null, 1)", "<null>|<null>|<null>|<null>")
	db.Is("select nextval('nosuch')", `42P01: relation "nosuch" does not exist`)
	db.Is("create table t (a int); select nextval('t')", `42809: "t" is not a sequence`)
	db.Is("select nextval('public.s'), nextval('\"s\"'), nextval('S')", "32|33|34")
	db.Is("select last_value, is_called from s", "34|t")
}

// TestSleepAndRandom holds the functions of time and chance by what they can be.
func TestSleepAndRandom(t *testing.T) {
	f := selecter(t)
	f("pg_sleep(0), pg_sleep(-1), pg_sleep_for('0'), pg_sleep_until(now() - interval '1 day'), pg_sleep(null)",
		"||||<null>")
	f("random() between 0 and 1, random() <> random(), random_normal() is not null, random_normal(5, 0), "+
		"pg_typeof(random_normal(0, 1))",
		"t|t|t|5|double precision")
	f("setseed(0.5), random() is not null", "|t")
	f("setseed(2)", "22023: setseed parameter 2 is out of allowed range [-1,1]")
	f("setseed('nan')", "22023: setseed parameter NaN is out of allowed range [-1,1]")
	db := newDB(t)
	db.Is("select count(distinct random()) from generate_series(1, 100)", "100")
	db.Is("begin; select setseed(0.25); create temp table a as select random() r from generate_series(1, 5); "+
		`select setseed(0.25); create temp table b as select random() r from generate_series(1, 5);
			select count(*) from a join b on a.r = b.r`,
		"5")
}
