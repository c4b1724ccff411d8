package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// pg_stat_activity has a row for each session of a client, with what it does and since when.
func TestStatActivity(t *testing.T) {
	db := dbtest.New(t)
	b := db.Beside()
	db.Must("set application_name = 'first'")
	b.Must("set application_name = 'second'")
	const mine = " from pg_stat_activity where datname = current_database() and backend_type = 'client backend'"
	db.Is("select count(*)"+mine, "2")
	db.Is("select usename, application_name, state, query"+mine+" and pid = pg_backend_pid()",
		"postgres|first|active|select usename, application_name, state, query from pg_stat_activity "+
			"where datname = current_database() and backend_type = 'client backend' and pid = pg_backend_pid()")
	db.Is("select application_name, state, query"+mine+" and pid <> pg_backend_pid()",
		"second|idle|set application_name = 'second'")
	b.Must("begin; select 7")
	db.Is("select state, query, xact_start is not null, state_change >= query_start"+mine+" and "+
		"application_name = 'second'",
		"idle in transaction|begin; select 7|t|t")
	b.Ask("select 1 / 0")
	db.Is("select state, query"+mine+" and application_name = 'second'", "idle in transaction (aborted)|select 1 / 0")
	b.Must("rollback")
	db.Is("select state, query, xact_start"+mine+" and application_name = 'second'", "idle|rollback|<null>")
	b.Must("set application_name = 'third'")
	db.Is("select count(*)"+mine+" and application_name = 'second'", "0")
	b.Must("reset application_name")
	db.Is("select application_name"+mine+" and pid <> pg_backend_pid()", "")
	db.Is(`select leader_pid, backend_xid, datid = (select oid from pg_database
		where datname = current_database()), usesysid = 'postgres'::regrole::oid`+mine+" and pid = pg_backend_pid()",
		"<null>|<null>|t|t")
	db.Is("select backend_start <= query_start, xact_start = now(), query_start <= clock_timestamp()"+mine+" "+
		"and pid = pg_backend_pid()",
		"t|t|t")
}

// pg_prepared_statements shows what PREPARE and Parse have made, with its text, types and where it is from.
func TestPreparedStatementsView(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	const columns = "select name, statement, parameter_types, result_types, from_sql from pg_prepared_statements"
	db.Is(columns, "")
	db.Must("prepare one as select a, b from t where a = $1")
	db.Must("prepare two (bigint, text[]) as insert into t values ($1, $2[1])")
	db.Must("prepare \"A b\" (date) as delete from t where $1 > '2024-01-01' returning a + 1")
	db.Rows(columns+" order by name",
		`A b|prepare "A b" (date) as delete from t where $1 > '2024-01-01' returning a + 1|{date}|{integer}|t`,
		"one|prepare one as select a, b from t where a = $1|{integer}|{integer,text}|t",
		"two|prepare two (bigint, text[]) as insert into t values ($1, $2[1])|{bigint,text[]}|<null>|t",
	)
	db.Is("select name, generic_plans, custom_plans from pg_prepared_statements where name = 'one'", "one|0|0")
	db.Must("execute one (1); execute one (2)")
	db.Is("begin; prepare three as select 1; rollback; select name from pg_prepared_statements order by 1",
		"A b; one; three; two")
	db.Is("select prepare_time <= now() from pg_prepared_statements where name = 'one'", "t")
	db.Is("deallocate one; select name from pg_prepared_statements order by 1", "A b; three; two")
	b := db.Beside()
	b.Is("select count(*) from pg_prepared_statements", "0")
	db.Is("deallocate all; select count(*) from pg_prepared_statements", "0")
	db.Is("prepare one as select 1; discard all", "25001: DISCARD ALL cannot run inside a transaction block")
	db.Is("select count(*) from pg_prepared_statements", "1")
	db.Is(`prepare two as values (1, 'x', null); select result_types, parameter_types from pg_prepared_statements
		order by name`,
		"{integer}|{}; {integer,text,text}|{}")
}

// pg_cursors shows the cursors that are open, with what they can do.
func TestCursorsView(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t values (1), (2)")
	const columns = "select name, statement, is_holdable, is_binary, is_scrollable from pg_cursors where name <> ''"
	db.Is(columns, "")
	db.Must("begin")
	db.Must("declare a cursor for select a from t")
	db.Must("declare b no scroll cursor for select a from t order by a")
	db.Must("declare c binary scroll cursor with hold for select 1")
	db.Must("declare \"D d\" insensitive cursor for select a from t where a > 1")
	db.Rows(columns+" order by name",
		`D d|declare "D d" insensitive cursor for select a from t where a > 1|f|f|t`,
		"a|declare a cursor for select a from t|f|f|t",
		"b|declare b no scroll cursor for select a from t order by a|f|f|f",
		"c|declare c binary scroll cursor with hold for select 1|t|t|t",
	)
	db.Is("select count(*) from pg_cursors where creation_time > now() or creation_time is null", "4")
	db.Is("close a; select name from pg_cursors where name <> '' order by 1", "D d; b; c")
	db.Is("savepoint s; declare e cursor for select 1; rollback to s; select name from pg_cursors "+
		"where name <> '' order by 1",
		"D d; b; c")
	db.Must("commit")
	db.Rows(columns,
		"c|declare c binary scroll cursor with hold for select 1|t|t|t",
	)
	db.Is("select count(*) from pg_cursors where name = 'c' and statement like 'declare c%'", "1")
	db.Beside().Is("select count(*) from pg_cursors where name <> ''", "0")
	db.Is("close all; select count(*) from pg_cursors where name <> ''", "0")
}

// pg_locks shows a table's lock while its transaction is open, by mode, and none of it afterwards.
func TestLocksOfStatements(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t values (1)")
	b := db.Beside()
	f := func(query, modes string) {
		t.Helper()
		b.Must("begin; " + query)
		db.Is(`select string_agg(mode, ',' order by mode) from pg_locks l where relation = 't'::regclass and granted
			and database = (select oid from pg_database where datname = current_database())`, modes)
		b.Must("rollback")
		db.Is("select count(*) from pg_locks where relation = 't'::regclass", "0")
	}
	f("select * from t", "AccessShareLock")
	f("select * from t for update", "RowShareLock")
	f("select * from t for key share", "RowShareLock")
	f("insert into t values (2)", "RowExclusiveLock")
	f("update t set a = 3", "RowExclusiveLock")
	f("delete from t", "RowExclusiveLock")
	f("analyze t", "ShareUpdateExclusiveLock")
	f("alter table t add b int", "AccessExclusiveLock")
	f("alter table t rename to u; alter table u rename to t", "AccessExclusiveLock")
	f("create index on t (a)", "ShareLock")
	f("drop table t", "AccessExclusiveLock")
	f("lock table t in row share mode", "RowShareLock")
	f("lock table t in exclusive mode; lock table t in share mode", "ExclusiveLock,ShareLock")
	f("select 1", "<null>")
}

// current_setting and set_config read and write as SHOW and SET do, inside queries too.
func TestSettingFunctions(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select set_config('work_mem', '64kB', false), current_setting('work_mem')", "64kB|64kB")
	db.Is("show work_mem", "64kB")
	db.Is("select current_setting('WORK_MEM'), current_setting('Work_Mem', true)", "64kB|64kB")
	db.Is("begin; select set_config('work_mem', '2MB', true); select current_setting('work_mem')", "2MB")
	db.Is("commit; show work_mem", "64kB")
	db.Is("select set_config('work_mem', '3MB', true); show work_mem", "3MB")
	db.Is("show work_mem", "64kB")
	db.Is("begin; select set_config('work_mem', '4MB', false); rollback; show work_mem", "64kB")
	db.Is("select current_setting('none')", `42704: unrecognized configuration parameter "none"`)
	db.Is("select current_setting('none', false)", `42704: unrecognized configuration parameter "none"`)
	db.Is("select current_setting('none', true) is null", "t")
	db.Is("select current_setting('my.own')", `42704: unrecognized configuration parameter "my.own"`)
	db.Is("select current_setting('my.own', true) is null", "t")
	db.Is("select set_config('my.own', 'x''y', false), current_setting('my.own')", "x'y|x'y")
	db.Is("select set_config('my.own', null, false)", "")
	db.Is("select current_setting('my.own') = ''", "t")
	db.Is("select set_config('none', '1', false)", `42704: unrecognized configuration parameter "none"`)
	db.Is("select set_config('work_mem', 'x', false)", `22023: invalid value for parameter "work_mem": "x"`)
	db.Is("select set_config('work_mem', '1', false)",
		`22023: 1 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)`)
	db.Is("select set_config('server_version', '1', false)", `55P02: parameter "server_version" cannot be changed`)
	db.Is("select set_config(null, '1', false)", "22004: SET requires parameter name")
	db.Is("select set_config('work_mem', null, false)", "4MB")
	db.Is("select set_config('work_mem', '5MB', null); show work_mem", "5MB")
	db.Is("select current_setting(null), current_setting('work_mem', null)", "<null>|<null>")
	db.Is("select count(set_config('my.n', i::text, false)) from generate_series(1, 1025) i", "1025")
	db.Is("show my.n", "1025")
	db.Is("select set_config('timezone', 'Asia/Tokyo', false), timestamptz '2024-01-01 00:00+00'",
		"Asia/Tokyo|2024-01-01 09:00:00+09")
	db.Is("select current_setting('timezone') from generate_series(1, 2)", "Asia/Tokyo; Asia/Tokyo")
}

// A statement that runs for longer than statement_timeout ends, alone, and the session goes on.
func TestStatementTimeout(t *testing.T) {
	db := dbtest.New(t)
	const canceled = "57014: canceling statement due to statement timeout"
	// The short limit goes with the transaction of its string: nothing but the query can come too late.
	f := func(query string) {
		t.Helper()
		db.Is("set statement_timeout = 30; "+query, canceled)
		db.Is("show statement_timeout", "90min")
	}
	db.Is("set statement_timeout = '90min'; show statement_timeout", "90min")
	f("select pg_sleep(60)")
	f("select count(*) from generate_series(1, 100000000) a where a % 7 = 8")
	f("with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r")
	db.Is("select set_config('statement_timeout', '0', false)", "0")
	db.Is("select pg_sleep(0.05)", "")
	db.Is("begin; set local statement_timeout = 30; select pg_sleep(60)", canceled)
	db.Is("select 1", "25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Is("rollback; show statement_timeout", "0")
	db.Must("set statement_timeout = '90min'; create table t (a int); insert into t values (1)")
	// A wait for a lock counts, and an earlier lock_timeout ends it first.
	b := db.Beside()
	b.Must("begin; lock table t")
	f("select * from t")
	db.Is("set lock_timeout = 30; select * from t", "55P03: canceling statement due to lock timeout")
	b.Must("rollback; begin; update t set a = 2")
	f("update t set a = 3")
	b.Must("rollback")
	db.Is("select * from t", "1")
	// What it had written is not there.
	f("insert into t select 5 from generate_series(1, 3) i where pg_sleep(i * 20) is not null")
	db.Is("select * from t", "1")
}

// pg_cancel_backend ends the statement of another session, pg_terminate_backend the session; each says if it was there.
func TestCancelBackend(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select pg_cancel_backend(0)", "f")
	db.Is("select pg_cancel_backend(pg_backend_pid())", "57014: canceling statement due to user request")
	db.Is("select pg_cancel_backend(null)", "<null>")
	db.Is("select 1", "1")
	db.Must(`drop role if exists se_stops; drop role if exists se_stopped; create role se_stops;
		create role se_stopped login; set role se_stops`)
	b := db.Beside()
	pid := b.Ask("select pg_backend_pid()")
	f := func(function, pid, want string) {
		t.Helper()
		db.Is("select "+function+"("+pid+")", want)
	}
	f("pg_cancel_backend", pid,
		"42501: permission denied to cancel query "+
			"DETAIL: Only roles with the SUPERUSER attribute may cancel queries of roles with the SUPERUSER attribute.")
	f("pg_terminate_backend", pid,
		"42501: permission denied to terminate process "+
			"DETAIL: Only roles with the SUPERUSER attribute may terminate processes of roles with the SUPERUSER attribute.")
	c := db.Open(t, "se_stopped", "postgres")
	pid = c.Ask("select pg_backend_pid()")
	f("pg_cancel_backend", pid,
		`42501: permission denied to cancel query `+
			`DETAIL: Only roles with privileges of the role whose query is being canceled `+
			`or with privileges of the "pg_signal_backend" role may cancel this query.`)
	f("pg_terminate_backend", pid,
		`42501: permission denied to terminate process `+
			`DETAIL: Only roles with privileges of the role whose process is being terminated `+
			`or with privileges of the "pg_signal_backend" role may terminate this process.`)
	db.Must("reset role; grant se_stopped to se_stops; set role se_stops")
	f("pg_cancel_backend", pid, "t")
	c.Is("select 1", "1")
	b.Is("select 1", "1")
	c.Close()
	db.Must("reset role; drop role se_stops; drop role se_stopped")
}
