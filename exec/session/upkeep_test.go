package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// ANALYZE fills pg_class and pg_stats with what is in the table.
func TestAnalyzeStatistics(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (id int, few text, half int, never text, long text, v float8);
		insert into t select i, 'k' || i % 4, case when i % 2 = 0 then i end, null, repeat('x', 10), i / 2
		from generate_series(1, 200) i`)
	db.Is("select count(*) from pg_stats where tablename = 't'", "0")
	db.Is("analyze t", "ANALYZE")
	db.Is("select reltuples, relpages > 0 from pg_class where relname = 't'", "200|t")
	db.Rows("select attname, null_frac, n_distinct from pg_stats where tablename = 't' and attname <> 'v' order by 1",
		"few|0|4",
		"half|0.5|-0.5",
		"id|0|-1",
		"long|0|1",
		"never|1|0",
	)
	db.Is("select schemaname, inherited from pg_stats where attname = 'few'", "public|f")
	db.Is(`select most_common_vals, most_common_freqs, histogram_bounds, correlation from pg_stats
		where attname = 'never'`,
		"<null>|<null>|<null>|<null>")
	db.Must("delete from t where id > 50")
	db.Is("analyze t; select reltuples from pg_class where relname = 't'", "50")
	db.Must("truncate t")
	db.Is("analyze t; select count(*) from pg_stats where tablename = 't'", "6")
	db.Is("drop table t; select count(*) from pg_stats where tablename = 't'", "0")
}

// ANALYZE takes a table, columns, several, or all there are, with its options.
func TestAnalyzeForms(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create schema s; create table t (a int, b int); create table s.u (a int); create view v as select 1;
		create sequence q;
		create index t_a on t (a); insert into t values (1, 2)`)
	for _, c := range [][2]string{
		{"analyze", "ANALYZE"},
		{"analyse t", "ANALYZE"},
		{"analyze t, s.u", "ANALYZE"},
		{"analyze t (a)", "ANALYZE"},
		{"analyze t (a, b), s.u (a)", "ANALYZE"},
		{"analyze pg_catalog.pg_class", "ANALYZE"},
		{"analyze verbose t", "ANALYZE"},
		{"analyze (verbose) t", "ANALYZE"},
		{"analyze (verbose off, skip_locked) t", "ANALYZE"},
		{"analyze (skip_locked 2) t", "42601: skip_locked requires a Boolean value"},
		{"analyze (full) t", `42601: unrecognized ANALYZE option "full"`},
		{"analyze (buffer_usage_limit '1MB') t", "ANALYZE"},
		{"analyze none", `42P01: relation "none" does not exist`},
		{"analyze s.none", `42P01: relation "s.none" does not exist`},
		{"analyze none.t", `3F000: schema "none" does not exist`},
		{"analyze t (z)", `42703: column "z" of relation "t" does not exist`},
		{"analyze t (a, a)", `42701: column "a" of relation "t" appears more than once`},
		{"analyze t ()", `42601: syntax error at or near ")"`},
		{"analyze t, none", `42P01: relation "none" does not exist`},
		{"begin; analyze t; rollback", "ROLLBACK"},
		{"begin read only; analyze t", "ANALYZE"},
		{"rollback", "ROLLBACK"},
	} {
		db.Is(c[0], c[1])
	}
	db.IsHeard("analyze v", "ANALYZE",
		`WARNING: skipping "v" --- cannot analyze non-tables or special system tables`,
	)
	db.IsHeard("analyze q", "ANALYZE",
		`WARNING: skipping "q" --- cannot analyze non-tables or special system tables`,
	)
}

// VACUUM takes its options, runs alone, and says which tables it leaves.
func TestVacuumForms(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b int); create table u (a int); create view v as select 1;
		create index t_a on t (a); insert into t values (1, 2), (2, 3); delete from t where a = 1`)
	for _, c := range [][2]string{
		{"vacuum", "VACUUM"},
		{"vacuum t", "VACUUM"},
		{"vacuum t, u", "VACUUM"},
		{"vacuum full t", "VACUUM"},
		{"vacuum freeze t", "VACUUM"},
		{"vacuum analyze t", "VACUUM"},
		{"vacuum full freeze verbose analyze t", "VACUUM"},
		{"vacuum (analyze) t (a)", "VACUUM"},
		{"vacuum (full off, freeze false, analyze 0, verbose off, skip_locked, process_toast, process_main) t", "VACUUM"},
		{"vacuum (index_cleanup auto) t", "VACUUM"},
		{"vacuum (index_cleanup on, truncate off) t", "VACUUM"},
		{"vacuum (parallel 2) t", "VACUUM"},
		{"vacuum (parallel 0) t", "VACUUM"},
		{"vacuum (skip_database_stats) t", "VACUUM"},
		{"vacuum (only_database_stats)", "VACUUM"},
		{"vacuum (buffer_usage_limit 256) t", "VACUUM"},
		{"vacuum (index_cleanup maybe) t", "42601: index_cleanup requires a Boolean value"},
		{"vacuum (parallel) t", "42601: parallel option requires a value between 0 and 1024"},
		{"vacuum (parallel -1) t", "42601: parallel workers for vacuum must be between 0 and 1024"},
		{"vacuum (parallel 5000) t", "42601: parallel workers for vacuum must be between 0 and 1024"},
		{"vacuum (full, parallel 2) t", "0A000: VACUUM FULL cannot be performed in parallel"},
		{"vacuum (nonsense) t", `42601: unrecognized VACUUM option "nonsense"`},
		{"vacuum (analyze 3) t", "42601: analyze requires a Boolean value"},
		{"vacuum (full, disable_page_skipping) t", "0A000: VACUUM option DISABLE_PAGE_SKIPPING cannot be used with FULL"},
		{"vacuum (only_database_stats) t", "0A000: ONLY_DATABASE_STATS cannot be specified with a list of tables"},
		{"vacuum (only_database_stats, full)", "0A000: ONLY_DATABASE_STATS cannot be specified with other VACUUM options"},
		{"vacuum (process_toast off, full) t", "0A000: PROCESS_TOAST required with VACUUM FULL"},
		{"vacuum (buffer_usage_limit 256, full) t", "0A000: BUFFER_USAGE_LIMIT cannot be specified for VACUUM FULL"},
		{"vacuum t (a)", "0A000: ANALYZE option must be specified when a column list is provided"},
		{"vacuum analyze t (z)", `42703: column "z" of relation "t" does not exist`},
		{"vacuum none", `42P01: relation "none" does not exist`},
		{"vacuum analyze full t", `42601: syntax error at or near "full"`},
		{"select 1; vacuum t", "25001: VACUUM cannot run inside a transaction block"},
		{"begin; vacuum t", "25001: VACUUM cannot run inside a transaction block"},
		{"rollback", "ROLLBACK"},
		{"select * from t", "2|3"},
	} {
		db.Is(c[0], c[1])
	}
	db.IsHeard("vacuum v", "VACUUM",
		`WARNING: skipping "v" --- cannot vacuum non-tables or special system tables`,
	)
	db.Is("vacuum analyze t; select 1", "25001: VACUUM cannot run inside a transaction block")
}

// REINDEX rebuilds an index, those of a table, a schema or the database, and leaves answers as they were.
func TestReindexForms(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create schema s; create table t (a int primary key, b text); create unique index t_b on t (b);
		create table s.u (a int); create index u_a on s.u (a);
		create view v as select 1; create sequence q; insert into t select i, 'b' || i from generate_series(1, 1500) i`)
	for _, c := range [][2]string{
		{"reindex index t_b", "REINDEX"},
		{"reindex index t_pkey", "REINDEX"},
		{"reindex index s.u_a", "REINDEX"},
		{"reindex table t", "REINDEX"},
		{"reindex table s.u", "REINDEX"},
		{"reindex schema s", "REINDEX"},
		{"reindex (verbose off) table t", "REINDEX"},
		{"reindex (concurrently off) index t_b", "REINDEX"},
		{"reindex table concurrently t", "REINDEX"},
		{"reindex index concurrently t_b", "REINDEX"},
		{"reindex (concurrently) table t", "REINDEX"},
		{"reindex index t", `42809: "t" is not an index`},
		{"reindex table t_b", `42809: "t_b" is not a table or materialized view`},
		{"reindex table v", `42809: "v" is not a table or materialized view`},
		{"reindex index q", `42809: "q" is not an index`},
		{"reindex index none", `42P01: relation "none" does not exist`},
		{"reindex table none", `42P01: relation "none" does not exist`},
		{"reindex schema none", `3F000: schema "none" does not exist`},
		{"reindex database none", "0A000: can only reindex the currently open database"},
		{"reindex system none", "0A000: can only reindex the currently open database"},
		{"reindex (nonsense) table t", `42601: unrecognized REINDEX option "nonsense"`},
		{"reindex (verbose 2) table t", "42601: verbose requires a Boolean value"},
		{"reindex (tablespace none) table t", `42704: tablespace "none" does not exist`},
		{"reindex t", `42601: syntax error at or near "t"`},
		{"reindex", "42601: syntax error at end of input"},
		{"begin; reindex table t; reindex index t_b; commit", "COMMIT"},
		{"begin; reindex schema s", "25001: REINDEX SCHEMA cannot run inside a transaction block"},
		{"rollback", "ROLLBACK"},
		{"begin; reindex table concurrently t", "25001: REINDEX CONCURRENTLY cannot run inside a transaction block"},
		{"rollback", "ROLLBACK"},
		{"select a from t where b = 'b1025'", "1025"},
		{
			"insert into t values (2000, 'b7')",
			`23505: duplicate key value violates unique constraint "t_b" DETAIL: Key (b)=(b7) already exists.`,
		},
		{
			"insert into t values (7, 'x')",
			`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(7) already exists.`,
		},
	} {
		db.Is(c[0], c[1])
	}
}

// CHECKPOINT may stand anywhere but in a failed block.
func TestCheckpoint(t *testing.T) {
	db := dbtest.New(t)
	db.Is("checkpoint", "CHECKPOINT")
	db.Is("create table t (a int); insert into t values (1); checkpoint; select a from t", "1")
	db.Is("begin; insert into t values (2); checkpoint; rollback; select a from t", "1")
	db.Is("begin; select 1/0", "22012: division by zero")
	db.Is("checkpoint", "25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Is("rollback", "ROLLBACK")
	db.Is("checkpoint t", `42601: syntax error at or near "t"`)
	db.Must("drop role if exists se_points; create role se_points; set role se_points")
	db.Is("checkpoint",
		`42501: permission denied to execute CHECKPOINT command `+
			`DETAIL: Only roles with privileges of the "pg_checkpoint" role may execute this command.`)
	db.Must("reset role; drop role se_points")
}

// Only who owns a table may keep it up; others are told and passed by, or refused.
func TestUpkeepRights(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`drop role if exists se_sweeps; create table t (a int primary key); create role se_sweeps;
		grant all on t to se_sweeps; set role se_sweeps`)
	db.IsHeard("analyze t", "ANALYZE",
		`WARNING: permission denied to analyze "t", skipping it`,
	)
	db.IsHeard("vacuum t", "VACUUM",
		`WARNING: permission denied to vacuum "t", skipping it`,
	)
	db.Is("reindex table t", "42501: must be owner of table t")
	db.Is("reindex index t_pkey", "42501: must be owner of index t_pkey")
	db.Is("reindex schema public", "42501: must be owner of schema public")
	db.Must("reset role; drop owned by se_sweeps; drop role se_sweeps")
}
