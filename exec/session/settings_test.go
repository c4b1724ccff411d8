package session_test

import (
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
	"github.com/vecdb/vecdb/wire/backend"
)

// SET is undone by ROLLBACK and kept by COMMIT, SET LOCAL ends with the block, and RESET obeys the same rules.
func TestSetInTransactions(t *testing.T) {
	db := dbtest.New(t)
	f := func(script, within, after string) {
		t.Helper()
		db.Must("reset all; set work_mem = '1MB'; begin")
		db.Is(script+"; show work_mem", within)
		db.Ask("commit")
		db.Is("show work_mem", after)
	}
	f("set work_mem = '2MB'", "2MB", "2MB")
	f("set local work_mem = '2MB'", "2MB", "1MB")
	f("set work_mem = '2MB'; set local work_mem = '3MB'", "3MB", "2MB")
	f("set local work_mem = '3MB'; set work_mem = '2MB'", "2MB", "2MB")
	f("set work_mem = '2MB'; reset work_mem", "4MB", "4MB")
	f("set local work_mem = '2MB'; reset work_mem", "4MB", "4MB")
	f("set local work_mem to default", "4MB", "1MB")
	f("set work_mem to default", "4MB", "4MB")
	f("set local work_mem = '2MB'; reset all", "4MB", "4MB")
	f("savepoint s; set work_mem = '2MB'; rollback to s", "1MB", "1MB")
	f("savepoint s; set work_mem = '2MB'; release s", "2MB", "2MB")
	f("savepoint s; set local work_mem = '2MB'; release s", "2MB", "1MB")
	f("set local work_mem = '2MB'; savepoint s; set local work_mem = '3MB'; rollback to s", "2MB", "1MB")
	f("set local work_mem = '2MB'; savepoint s; set work_mem = '3MB'; rollback to s", "2MB", "1MB")
	f("set local work_mem = '2MB'; savepoint s; set work_mem = '3MB'; release s", "3MB", "3MB")
	f("set work_mem = '2MB'; savepoint s; reset work_mem; rollback to s", "2MB", "2MB")
	f("savepoint a; set work_mem = '2MB'; savepoint b; set local work_mem = '3MB'; release b; release a", "3MB", "2MB")
	f("savepoint a; set work_mem = '2MB'; savepoint b; set local work_mem = '3MB'; release b; rollback to a", "1MB", "1MB")
	f("select set_config('work_mem', '2MB', false)", "2MB", "2MB")
	f("select set_config('work_mem', '2MB', true)", "2MB", "1MB")
	for _, set := range []string{
		"set work_mem = '2MB'", "set local work_mem = '2MB'", "reset work_mem", "select set_config('work_mem', '2MB', false)",
	} {
		db.Must("set work_mem = '1MB'; begin; " + set + "; rollback")
		db.Is("show work_mem", "1MB")
		db.Must("set work_mem = '1MB'")
		db.Ask(set + "; select 1/0")
		db.Is("show work_mem", "1MB")
	}
}

// Each kind of setting is read, checked and shown as PostgreSQL does: units, bounds, words, lists, names.
func TestSetValues(t *testing.T) {
	db := dbtest.New(t)
	f := func(set, shown string) {
		t.Helper()
		db.Is("set "+set+"; select current_setting(split_part(translate('"+quoted(set)+"', '=', ' '), ' ', 1))", shown)
	}
	// Whole numbers and their units.
	f("work_mem = 64", "64kB")
	f("work_mem = 63", `22023: 63 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)`)
	f("work_mem = '2147483647kB'", "2147483647kB")
	f("work_mem = '2147483648kB'",
		`22023: invalid value for parameter "work_mem": "2147483648kB" HINT: Value exceeds integer range.`)
	f("work_mem = '1.5GB'", "1536MB")
	f("work_mem = '0.0001GB'", `22023: 0 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)`)
	f("work_mem = '100B'", `22023: 0 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)`)
	f("work_mem = '100000B'", "98kB")
	f("work_mem = ' 8 MB '", "8MB")
	f("work_mem = '8mb'",
		`22023: invalid value for parameter "work_mem": "8mb" `+
			`HINT: Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".`)
	f("work_mem = '8 M'",
		`22023: invalid value for parameter "work_mem": "8 M" `+
			`HINT: Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".`)
	f("work_mem = '0x1000'", "4MB")
	f("work_mem = '1e4'", "10000kB")
	f("work_mem = '1e'",
		`22023: invalid value for parameter "work_mem": "1e" `+
			`HINT: Valid units for this parameter are "B", "kB", "MB", "GB", and "TB".`)
	f("work_mem = -1", `22023: -1 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)`)
	f("work_mem = '-1kB'", `22023: -1 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)`)
	f("work_mem = ''", `22023: invalid value for parameter "work_mem": ""`)
	f("work_mem = 'MB'", `22023: invalid value for parameter "work_mem": "MB"`)
	f("work_mem = '1TB'", "1TB")
	f("work_mem = 1.5", `22023: 2 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)`)
	f("lock_timeout = '1.5s'", "1500ms")
	f("statement_timeout = '90min'", "90min")
	f("statement_timeout = '2d'", "2d")
	f("statement_timeout = '25h'", "25h")
	f("lock_timeout = '1us'", "0")
	f("lock_timeout = '600us'", "1ms")
	f("lock_timeout = '500us'", "0")
	f("lock_timeout = '1500us'", "2ms")
	f("statement_timeout = '-1'",
		`22023: -1 ms is outside the valid range for parameter "statement_timeout" (0 .. 2147483647)`)
	f("statement_timeout = '25d'",
		`22023: invalid value for parameter "statement_timeout": "25d" HINT: Value exceeds integer range.`)
	f("statement_timeout = '1 fortnight'",
		`22023: invalid value for parameter "statement_timeout": "1 fortnight" `+
			`HINT: Valid units for this parameter are "us", "ms", "s", "min", "h", and "d".`)
	f("extra_float_digits = 3", "3")
	f("extra_float_digits = 4", `22023: 4 is outside the valid range for parameter "extra_float_digits" (-15 .. 3)`)
	f("extra_float_digits = -15", "-15")
	f("extra_float_digits = -16", `22023: -16 is outside the valid range for parameter "extra_float_digits" (-15 .. 3)`)
	f("extra_float_digits = '1s'", `22023: invalid value for parameter "extra_float_digits": "1s"`)
	f("effective_cache_size = '1GB'", "1GB")
	f("effective_cache_size = 3", "24kB")
	f("effective_cache_size = '12kB'", "16kB")
	f("geqo_threshold = 1", `22023: 1 is outside the valid range for parameter "geqo_threshold" (2 .. 2147483647)`)
	// Reals.
	f("seq_page_cost = 1.25", "1.25")
	f("seq_page_cost = '1e3'", "1000")
	f("seq_page_cost = -0.1", `22023: -0.1 is outside the valid range for parameter "seq_page_cost" (0 .. 1.79769e+308)`)
	f("seq_page_cost = 'NaN'", `22023: invalid value for parameter "seq_page_cost": "NaN"`)
	f("seq_page_cost = 'Infinity'",
		`22023: Infinity is outside the valid range for parameter "seq_page_cost" (0 .. 1.79769e+308)`)
	f("seq_page_cost = 'x'", `22023: invalid value for parameter "seq_page_cost": "x"`)
	f("cursor_tuple_fraction = 1", "1")
	f("cursor_tuple_fraction = 1.01",
		`22023: 1.01 is outside the valid range for parameter "cursor_tuple_fraction" (0 .. 1)`)
	f("vacuum_cost_delay = '2ms'", "2ms")
	f("vacuum_cost_delay = '1500us'", "1500us")
	// Truth values.
	f("enable_seqscan = true", "on")
	f("enable_seqscan = f", "off")
	f("enable_seqscan = 'YE'", "on")
	f("enable_seqscan = of", "off")
	f("enable_seqscan = o", `22023: parameter "enable_seqscan" requires a Boolean value`)
	f("enable_seqscan = 2", `22023: parameter "enable_seqscan" requires a Boolean value`)
	f("enable_seqscan = 1", "on")
	f("enable_seqscan = ''", `22023: parameter "enable_seqscan" requires a Boolean value`)
	f("enable_seqscan = maybe", `22023: parameter "enable_seqscan" requires a Boolean value`)
	// Words.
	f("intervalstyle = Postgres_Verbose", "postgres_verbose")
	f("intervalstyle = german",
		`22023: invalid value for parameter "intervalstyle": "german" `+
			`HINT: Available values: postgres, postgres_verbose, sql_standard, iso_8601.`)
	f("bytea_output = ESCAPE", "escape")
	f("bytea_output = 1", `22023: invalid value for parameter "bytea_output": "1" HINT: Available values: escape, hex.`)
	f("client_min_messages = warning", "warning")
	f("client_min_messages = fatal",
		`22023: invalid value for parameter "client_min_messages": "fatal" `+
			`HINT: Available values: debug5, debug4, debug3, debug2, debug1, log, notice, warning, error.`)
	f("default_transaction_isolation = 'Repeatable Read'", "repeatable read")
	f("default_transaction_isolation = 'snapshot'",
		`22023: invalid value for parameter "default_transaction_isolation": "snapshot" `+
			`HINT: Available values: serializable, repeatable read, read committed, read uncommitted.`)
	f("plan_cache_mode = force_generic_plan", "force_generic_plan")
	f("constraint_exclusion = partition", "partition")
	f("constraint_exclusion = yes", "on")
	f("constraint_exclusion = sometimes",
		`22023: invalid value for parameter "constraint_exclusion": "sometimes" HINT: Available values: partition, on, off.`)
}

// quoted doubles the quotes of a literal.
func quoted(s string) string {
	var out []byte
	for i := range len(s) {
		if s[i] == '\'' {
			out = append(out, '\'')
		}
		out = append(out, s[i])
	}
	return string(out)
}

// The settings that have a language of their own: times, dates, encodings, names.
func TestSetSpecialValues(t *testing.T) {
	db := dbtest.New(t)
	db.Is("set timezone = 'europe/berlin'; show timezone", "Europe/Berlin")
	db.Is("set time zone 'UTC'; show time zone", "UTC")
	db.Is("set time zone -7; show timezone", "<-07>+07")
	db.Is("set time zone 5.5; show timezone", "<+05:30>-05:30")
	db.Is("set time zone 'PST8PDT'; show timezone", "PST8PDT")
	db.Is("set timezone = 'Mars/Phobos'", `22023: invalid value for parameter "TimeZone": "Mars/Phobos"`)
	db.Is("set timezone = ''", `22023: invalid value for parameter "TimeZone": ""`)
	db.Is("set time zone local; show timezone", "UTC")
	db.Is("set time zone default; show timezone", "UTC")
	db.Is("set datestyle = 'sql, dmy'; select date '2024-02-01'", "01/02/2024")
	db.Is("set datestyle = german; show datestyle", "German, DMY")
	db.Is("set datestyle = iso, mdy; show datestyle", "ISO, MDY")
	db.Is("set datestyle to 'postgres'; show datestyle", "Postgres, MDY")
	db.Is("set datestyle to 'ymd'; show datestyle", "Postgres, YMD")
	db.Is("set datestyle to default; show datestyle", "ISO, MDY")
	db.Is("set datestyle = 'iso, sql'",
		`22023: invalid value for parameter "DateStyle": "iso, sql" DETAIL: Conflicting "datestyle" specifications.`)
	db.Is("set datestyle = 'iso, martian'",
		`22023: invalid value for parameter "DateStyle": "iso, martian" DETAIL: Unrecognized key word: "martian".`)
	db.Is("set client_encoding = 'utf-8'; show client_encoding", "UTF8")
	db.Is("set names 'UTF8'; show client_encoding", "UTF8")
	db.Is("set client_encoding = 'klingon'", `22023: invalid value for parameter "client_encoding": "klingon"`)
	db.Is("set search_path = a, \"B c\", public; show search_path", `a, "B c", public`)
	db.Is("set search_path = 'a, b'; show search_path", `"a, b"`)
	db.Is("set search_path = ''; show search_path", `""`)
	db.Is("select set_config('search_path', 'a, \"B\", public', false)", `a, "B", public`)
	db.Is("select set_config('search_path', 'a,,b', false)",
		`22023: invalid value for parameter "search_path": "a,,b" DETAIL: List syntax is invalid.`)
	db.Is("set search_path to default; show search_path", `"$user", public`)
	db.Is("set application_name = 'Ä\tb'; show application_name", `\xc3\x84\x09b`)
	db.Is(`set application_name = 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz';
		show application_name`,
		"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk")
	db.Is("set seed = 0.5; select random() = random()", "f")
	db.Is("show seed", "unavailable")
	db.Is("set seed = 2", `22023: 2 is outside the valid range for parameter "seed" (-1 .. 1)`)
	db.Is("set seed = 'x'", `22023: invalid value for parameter "seed": "x"`)
	db.Is("set schema 'other'; show search_path", "other")
	db.Is("set session work_mem = '5MB'; show work_mem", "5MB")
}

// Names that there are not, and values that cannot be changed here, by whom and why.
func TestSetRefuses(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role se_plain login")
	plain := db.Open(t, "se_plain", "postgres")
	db.Is("set nonsense = 1", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("set local nonsense = 1", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("reset nonsense", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("show nonsense", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("set server_version = '17'", `55P02: parameter "server_version" cannot be changed`)
	db.Is("set max_connections = 5", `55P02: parameter "max_connections" cannot be changed without restarting the server`)
	db.Is("set fsync = off", `55P02: parameter "fsync" cannot be changed now`)
	db.Is("set log_connections = on", `55P02: parameter "log_connections" cannot be set after connection start`)
	db.Is("set post_auth_delay = 1", `55P02: parameter "post_auth_delay" cannot be set after connection start`)
	db.Is("reset server_version", `55P02: parameter "server_version" cannot be changed`)
	db.Is("reset max_connections", `55P02: parameter "max_connections" cannot be changed without restarting the server`)
	db.Is("reset fsync", `55P02: parameter "fsync" cannot be changed now`)
	db.Is("set block_size = 1", `55P02: parameter "block_size" cannot be changed`)
	db.Is("set work_mem = 1, 2", "22023: SET work_mem takes only one argument")
	db.Is("set work_mem", "42601: syntax error at end of input")
	db.Is("select set_config('nonsense', '1', false)", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("select set_config(null, '1', false)", "22004: SET requires parameter name")
	db.Is("select set_config('work_mem', null, false)", "4MB")
	db.Is("select set_config('work_mem', '2MB', null); show work_mem", "2MB")
	db.Is("select current_setting('nonsense')", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("select current_setting('nonsense', true)", "<null>")
	db.Is("select current_setting('nonsense', false)", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("select current_setting(null)", "<null>")
	db.Is("select current_setting('WORK_MEM')", "2MB")
	plain.Is("set log_statement = 'all'", `42501: permission denied to set parameter "log_statement"`)
	plain.Is("set session_replication_role = replica",
		`42501: permission denied to set parameter "session_replication_role"`)
	plain.Is("select set_config('log_min_duration_statement', '1', false)",
		`42501: permission denied to set parameter "log_min_duration_statement"`)
	plain.Is("set work_mem = '9MB'; show work_mem", "9MB")
	db.Is("set log_min_duration_statement = '1s'; show log_min_duration_statement", "1s")
	// Who acts as another has its rights, no more and no less.
	db.Is("set role se_plain; set log_statement = 'all'", `42501: permission denied to set parameter "log_statement"`)
	db.Is("show role", "none")
	db.Must("set role se_plain")
	db.Is("set log_statement = 'all'", `42501: permission denied to set parameter "log_statement"`)
	db.Is("reset role; set log_statement = 'ddl'; show log_statement", "ddl")
}

// A setting with a dot in its name is the session's own: text, made by the first SET, and under transactions too.
func TestCustomSettings(t *testing.T) {
	db := dbtest.New(t)
	db.Is("show app.who", `42704: unrecognized configuration parameter "app.who"`)
	db.Is("select current_setting('app.who', true)", "<null>")
	db.Is("set app.who = 'anna'; show app.who", "anna")
	db.Is("select current_setting('APP.User')", `42704: unrecognized configuration parameter "APP.User"`)
	db.Is("set app.number = 5; show app.number", "5")
	db.Is("set app.list = a, b; show app.list", "22023: SET app.list takes only one argument")
	db.Is("begin; set local app.who = 'bert'; show app.who", "bert")
	db.Is("commit; show app.who", "anna")
	db.Is("reset app.who; show app.who", "")
	db.Is("begin; set app.fresh = 1; rollback; show app.fresh", "")
	db.Is("begin; set local app.late = 1; commit; show app.late", "")
	db.Is("select set_config('app.x.y', '1', false)", "1")
	db.Is("select set_config('app.', '1', false)",
		`42602: invalid configuration parameter name "app." `+
			`DETAIL: Custom parameter names must be two or more simple identifiers separated by dots.`)
	db.Is("select set_config('.x', '1', false)",
		`42602: invalid configuration parameter name ".x" `+
			`DETAIL: Custom parameter names must be two or more simple identifiers separated by dots.`)
	db.Is("select set_config('app.1x', '1', false)",
		`42602: invalid configuration parameter name "app.1x" `+
			`DETAIL: Custom parameter names must be two or more simple identifiers separated by dots.`)
	db.Is("select set_config('app.a-b', '1', false)",
		`42602: invalid configuration parameter name "app.a-b" `+
			`DETAIL: Custom parameter names must be two or more simple identifiers separated by dots.`)
	db.Is(`set "app.a b" = 1`,
		`42602: invalid configuration parameter name "app.a b" `+
			`DETAIL: Custom parameter names must be two or more simple identifiers separated by dots.`)
	db.Is("reset app.never; show app.never", "")
	db.Is("select name, setting, vartype, category from pg_settings where name like 'app.%' order by name", "")
	db.Is("discard all; show app.number", "25001: DISCARD ALL cannot run inside a transaction block")
}

// ALTER ROLE and ALTER DATABASE give sessions to come their settings, the role's before the database's.
func TestSettingsOfRolesAndDatabases(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role se_set login")
	db.Must("create database se_settings")
	show := func(database, name, want string) {
		t.Helper()
		s := db.Open(t, "se_set", database)
		s.Is("show "+name, want)
		s.Close()
	}
	db.Must("alter database se_settings set work_mem = '2MB'; alter database se_settings set statement_timeout = '5min'")
	db.Must("alter role se_set set work_mem = '3MB'")
	show("se_settings", "work_mem", "3MB")
	show("se_settings", "statement_timeout", "5min")
	show("postgres", "statement_timeout", "0")
	db.Must("alter role se_set reset work_mem")
	show("se_settings", "work_mem", "2MB")
	db.Must("alter database se_settings reset all")
	show("se_settings", "work_mem", "4MB")
	db.Is("alter role se_set set nonsense = 1", `42704: unrecognized configuration parameter "nonsense"`)
	db.Is("alter role se_set set work_mem = 'x'", `22023: invalid value for parameter "work_mem": "x"`)
	db.Is("alter role se_set set server_version = '17'", `55P02: parameter "server_version" cannot be changed`)
	db.Is("alter role se_nobody set work_mem = '1MB'", `42704: role "se_nobody" does not exist`)
	db.Is("alter database se_nowhere set work_mem = '1MB'", `3D000: database "se_nowhere" does not exist`)
	db.Is("alter role se_set set work_mem from current; alter role se_set set app.x = 'y'", "ALTER ROLE")
	show("postgres", "app.x", "y")
	s := db.Open(t, "se_set", "postgres")
	s.Is("set app.x = 'z'; reset app.x; show app.x", "y")
	s.Is("alter role se_set set work_mem = '6MB'; show work_mem", "4MB")
	s.Is("alter role postgres set work_mem = '6MB'",
		"42501: permission denied to alter role "+
			"DETAIL: Only roles with the SUPERUSER attribute may alter roles with the SUPERUSER attribute.")
	s.Is("alter database se_settings set work_mem = '6MB'", "42501: must be owner of database se_settings")
	show("postgres", "work_mem", "6MB")
	db.Must("alter role se_set set search_path = a, b")
	show("postgres", "search_path", "a, b")
	db.Rows(`select unnest(s.setconfig) as c from pg_db_role_setting s join pg_roles r on r.oid = s.setrole
		where r.rolname = 'se_set' order by c`,
		"app.x=y",
		"search_path=a, b",
		"work_mem=6MB",
	)
	db.Must("alter role se_set reset all")
	show("postgres", "work_mem", "4MB")
}

// pg_settings shows each setting with its unit, its bounds and where it comes from.
func TestPgSettings(t *testing.T) {
	db := dbtest.New(t)
	db.Must("set work_mem = '64kB'; set enable_seqscan = off; begin; set local statement_timeout = '1h'")
	const cols = "name, setting, unit, context, vartype, min_val, max_val, enumvals, boot_val, reset_val"
	db.Rows("select "+cols+" from pg_settings where name in ('work_mem', 'enable_seqscan', 'IntervalStyle', "+
		"'TimeZone', 'seq_page_cost', 'statement_timeout') order by lower(name)",
		"enable_seqscan|off|<null>|user|bool|<null>|<null>|<null>|on|on",
		"IntervalStyle|postgres|<null>|user|enum|<null>|<null>|{postgres,postgres_verbose,sql_standard,iso_8601}|"+
			"postgres|postgres",
		"seq_page_cost|1|<null>|user|real|0|1.79769e+308|<null>|1|1",
		"statement_timeout|3600000|ms|user|integer|0|2147483647|<null>|0|0",
		"TimeZone|UTC|<null>|user|string|<null>|<null>|<null>|GMT|UTC",
		"work_mem|64|kB|user|integer|64|2147483647|<null>|4096|4096",
	)
	db.Rows(`select name, source from pg_settings where name in ('work_mem', 'enable_seqscan', 'statement_timeout',
		'geqo') order by name`,
		"enable_seqscan|session",
		"geqo|default",
		"statement_timeout|session",
		"work_mem|session",
	)
	db.Is("rollback; select count(*) from pg_settings where name in ('role', 'seed', 'session_authorization', "+
		"'is_superuser')",
		"0")
	db.Is("select setting from pg_settings where name = 'statement_timeout'", "0")
	db.Is(`select count(*) = count(distinct name), bool_and(setting is not null),
		bool_and(vartype in ('bool', 'integer', 'real', 'string', 'enum')) from pg_settings`,
		"t|t|t")
	db.Is("select count(*) from pg_settings where vartype = 'enum' and not setting = any (enumvals)", "0")
	db.Is("select count(*) from pg_settings where vartype = 'bool' and setting not in ('on', 'off')", "0")
	db.Is(`select count(*) from pg_settings where vartype in ('integer', 'real')
		and not setting::numeric between min_val::numeric and max_val::numeric`,
		"3")
}

// A client's startup parameters are settings that RESET goes back to; wrong ones refuse the connection.
func TestStartupOptions(t *testing.T) {
	db := dbtest.New(t)
	f := func(name, value, query, want string) {
		t.Helper()
		as := backend.Startup{User: "postgres", Database: "postgres", Params: map[string]string{name: value}}
		s, err := db.Connect(t, as)
		got := ""
		if err != nil {
			got = dbtest.ErrorText(err)
		} else {
			got = s.Ask(query)
			s.Close()
		}
		if got != want {
			t.Errorf("%s = %s\n got %s\nwant %s", name, value, got, want)
		}
	}
	f("application_name", "app", "set application_name = 'x'; reset application_name; show application_name", "app")
	f("work_mem", "1MB", "set work_mem = '2MB'; reset all; show work_mem", "1MB")
	f("TimeZone", "Europe/Berlin", "show timezone", "Europe/Berlin")
	f("DateStyle", "SQL, DMY", "select date '2024-02-01'", "01/02/2024")
	f("client_encoding", "utf8", "show client_encoding", "UTF8")
	f("options", "-c work_mem=3MB -cenable_seqscan=off --statement-timeout=5h",
		"select current_setting('work_mem') || current_setting('enable_seqscan') || current_setting('statement_timeout')",
		"3MBoff5h")
	f("options", `-c application_name=two\ words`, "show application_name", "two words")
	f("options", `-c application_name=back\\slash`, "show application_name", `back\slash`)
	f("options", "-c app.who=anna", "show app.who", "anna")
	f("options", "-c role=postgres", "show role", "postgres")
	f("options", "", "select 1", "1")
	f("options", "-c nonsense=1", "", `42704: unrecognized configuration parameter "nonsense"`)
	f("options", "-c work_mem=x", "", `22023: invalid value for parameter "work_mem": "x"`)
	f("options", "-c work_mem", "", "42601: -c work_mem requires a value")
	f("options", "-c", "",
		"42601: invalid command-line argument for server process: -c HINT: Try \"postgres --help\" for more information.")
	f("options", "work_mem=1MB", "",
		"42601: invalid command-line argument for server process: work_mem=1MB "+
			"HINT: Try \"postgres --help\" for more information.")
	f("options", "--work_mem", "", "42601: --work_mem requires a value")
	f("options", "-c role=se_nobody", "", `22023: role "se_nobody" does not exist`)
	f("nonsense", "1", "", `42704: unrecognized configuration parameter "nonsense"`)
	f("server_version", "17", "", `55P02: parameter "server_version" cannot be changed`)
	f("replication", "off", "select 1", "1")
	f("replication", "database", "", "0A000: replication connections is not supported")
}

// A client is told of the settings that it must know of, when they change and only then, also when a rollback changes
// them back.
func TestParameterStatus(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role se_told")
	f := func(query string, want ...string) {
		t.Helper()
		db.Heard()
		if got := db.Ask(query); len(got) > 6 && got[5] == ':' {
			t.Errorf("%s: %s", query, got)
		}
		if got := db.Heard(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\n got %q\nwant %q", query, got, want)
		}
	}
	f("set application_name = 'a'", "application_name=a")
	f("set application_name = 'a'")
	f("set work_mem = '1MB'")
	f("set timezone = 'europe/berlin'", "TimeZone=Europe/Berlin")
	f("set datestyle = german", "DateStyle=German, DMY")
	f("set intervalstyle = iso_8601", "IntervalStyle=iso_8601")
	f("begin; set application_name = 'b'", "application_name=b")
	f("rollback", "application_name=a")
	f("begin; set local application_name = 'c'", "application_name=c")
	f("commit", "application_name=a")
	f("begin; savepoint s; set application_name = 'd'", "application_name=d")
	f("rollback to s", "application_name=a")
	f("commit")
	f("set default_transaction_read_only = on", "default_transaction_read_only=on")
	f("set role se_told", "is_superuser=off")
	f("reset role", "is_superuser=on")
	f("set session authorization se_told", "session_authorization=se_told", "is_superuser=off")
	f("reset session authorization", "session_authorization=postgres", "is_superuser=on")
	f("reset all", "TimeZone=UTC", "IntervalStyle=postgres", "application_name=", "default_transaction_read_only=off",
		"DateStyle=ISO, MDY")
}
