package session_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// The options of EXPLAIN are read and refused as in PostgreSQL.
func TestExplainOptions(t *testing.T) {
	db := dbtest.New(t)
	db.Is("explain (costs off) select 1", "Result")
	db.Is("explain (costs 0, summary off, timing off) select 1", "Result")
	db.Is("explain (costs False, verbose Off, settings, buffers) select 1", "Result")
	db.Is("explain (costs 2) select 1", "42601: costs requires a Boolean value")
	db.Is("explain (analyze maybe) select 1", "42601: analyze requires a Boolean value")
	db.Is("explain (wal) select 1", "22023: EXPLAIN option WAL requires ANALYZE")
	db.Is("explain (timing) select 1", "22023: EXPLAIN option TIMING requires ANALYZE")
	db.Is("explain (analyze, generic_plan) select 1",
		"22023: EXPLAIN options ANALYZE and GENERIC_PLAN cannot be used together")
	db.Is("explain (format nonsense) select 1", `22023: unrecognized value for EXPLAIN option "format": "nonsense"`)
	db.Is("explain (nonsense) select 1", `42601: unrecognized EXPLAIN option "nonsense"`)
	db.Is("explain (analyze, timing off, summary off, costs off) select 1", "Result (actual rows=1 loops=1)")
}

// Each spelling of a boolean option is on or off, and the last of two counts.
func TestExplainBooleans(t *testing.T) {
	db := dbtest.New(t)
	f := func(option, want string) {
		t.Helper()
		db.Is("explain ("+option+") select 1", want)
	}
	f("costs false", "Result")
	f("costs 'off'", "Result")
	f("costs 'FALSE'", "Result")
	f("\"costs\" off", "Result")
	f("costs, costs off", "Result")
	f("costs off, costs on, costs off", "Result")
	f("costs off, format text", "Result")
	f("costs off, format 'TEXT'", `22023: unrecognized value for EXPLAIN option "format": "TEXT"`)
	f("costs off, analyze off, wal off, timing off", "Result")
	f("costs off, generic_plan", "Result")
	f("costs off, generic_plan off, analyze off", "Result")
	f("costs ''", "42601: costs requires a Boolean value")
	f("costs -1", "42601: costs requires a Boolean value")
	f("costs 1.0", "42601: costs requires a Boolean value")
	f("costs null", `42601: syntax error at or near "null"`)
	f("verbose 3", "42601: verbose requires a Boolean value")
	f("buffers no", "42601: buffers requires a Boolean value")
	f("settings x", "42601: settings requires a Boolean value")
	f("summary tru", "42601: summary requires a Boolean value")
	f("timing 7", "42601: timing requires a Boolean value")
	f("wal yes", "42601: wal requires a Boolean value")
	f("generic_plan t", "42601: generic_plan requires a Boolean value")
	f("format", "42601: format requires a parameter")
	f("format ''", `22023: unrecognized value for EXPLAIN option "format": ""`)
	f("format on", `22023: unrecognized value for EXPLAIN option "format": "on"`)
	f("Costs off", "Result")
	f("\"Costs\" off", `42601: unrecognized EXPLAIN option "Costs"`)
	f("", `42601: syntax error at or near ")"`)
	f("costs off,", `42601: syntax error at or near ")"`)
	f("wal, timing", "22023: EXPLAIN option WAL requires ANALYZE")
	f("timing, wal", "22023: EXPLAIN option WAL requires ANALYZE")
	f("timing on, analyze off", "22023: EXPLAIN option TIMING requires ANALYZE")
}

// EXPLAIN without parentheses takes ANALYZE and VERBOSE in that order only.
func TestExplainOldSyntax(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int)")
	db.Is("explain verbose analyze select 1", `42601: syntax error at or near "analyze"`)
	db.Is("explain analyze analyze select 1", `42601: syntax error at or near "analyze"`)
	db.Is("explain costs off select 1", `42601: syntax error at or near "costs"`)
	db.Is("explain", "42601: syntax error at end of input")
	db.Is("explain analyze", "42601: syntax error at end of input")
	db.Is("explain (costs off)", "42601: syntax error at end of input")
	db.Is("explain (costs off) explain select 1", `42601: syntax error at or near "explain"`)
	db.Is("explain (costs off) vacuum t", `42601: syntax error at or near "vacuum"`)
	db.Is("explain (costs off) begin", `42601: syntax error at or near "begin"`)
	db.Is("explain (costs off) create table x (a int)", `42601: syntax error at or near "int"`)
	db.Is("explain (costs off) copy t to stdout", `42601: syntax error at or near "copy"`)
	db.Is("explain (costs off) select * from none", `42P01: relation "none" does not exist`)
	db.Is("explain (costs off) select b from t", `42703: column "b" does not exist`)
	db.Is("explain (costs off) execute none", `26000: prepared statement "none" does not exist`)
	db.Is("explain (costs off) insert into t values ('x')", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("explain (costs off) select $1::int", "42P02: there is no parameter $1")
	db.Is("explain (costs off) select 1; select 2", "2")
}

// EXPLAIN alone runs nothing: no row is written, no sequence moves, no error of running is met.
func TestExplainRunsNothing(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int); insert into t values (1, 10); create sequence q")
	f := func(query string) {
		t.Helper()
		if got := db.Ask("explain (costs off) " + query); strings.Contains(got, ": ") && got[0] >= '0' && got[0] <= '9' {
			t.Errorf("%s: %s", query, got)
		}
		db.Is("select * from t", "1|10")
	}
	f("insert into t values (2, 20)")
	f("insert into t values (1, 20)")
	f("insert into t values (1, 20) on conflict (a) do update set b = excluded.b")
	f("update t set b = b + 1")
	f("update t set b = b / 0")
	f("delete from t")
	f("with gone as (delete from t returning *) select * from gone")
	f("select a / 0 from t")
	f("select nextval('q') from t")
	f("create table made as select * from t")
	f("declare c cursor for select * from t")
	db.Is("select nextval('q')", "1")
	db.Is("select * from made", `42P01: relation "made" does not exist`)
	db.Is("fetch c", `34000: cursor "c" does not exist`)
}

// EXPLAIN ANALYZE runs what it explains, and what that writes is there behind it.
func TestExplainAnalyzeRuns(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int check (b < 100)); insert into t values (1, 10); create sequence q")
	f := func(query, table string) {
		t.Helper()
		db.Must("explain (analyze, costs off) " + query)
		db.Is("select a, b from t order by a", table)
	}
	f("insert into t values (2, 20), (3, 30)", "1|10; 2|20; 3|30")
	f("insert into t values (3, 1), (4, 40) on conflict do nothing", "1|10; 2|20; 3|30; 4|40")
	f("insert into t values (4, 1) on conflict (a) do update set b = t.b + excluded.b", "1|10; 2|20; 3|30; 4|41")
	f("update t set b = b + 1 where a > 1", "1|10; 2|21; 3|31; 4|42")
	f("delete from t where a = 4", "1|10; 2|21; 3|31")
	f("with gone as (delete from t where a = 5 returning *) select count(*) from gone", "1|10; 2|21; 3|31")
	f("insert into t select 7, nextval('q') returning a", "1|10; 2|21; 3|31; 7|1")
	db.Is("select currval('q')", "1")
	e := func(query, want string) {
		t.Helper()
		db.Is("explain analyze "+query, want)
	}
	e("insert into t values (1, 1)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`)
	e("update t set b = 100 where a = 1",
		`23514: new row for relation "t" violates check constraint "t_b_check" DETAIL: Failing row contains (1, 100).`)
	e("select b / (a - a) from t", "22012: division by zero")
	e("select (select a from t)", "21000: more than one row returned by a subquery used as an expression")
	db.Is("select a, b from t order by a", "1|10; 2|21; 3|31; 7|1")
}

// What EXPLAIN ANALYZE wrote is the transaction's: a rollback takes it back, and a read-only one refuses it.
func TestExplainAnalyzeInTransactions(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t values (1)")
	db.Is("begin; explain (analyze, costs off, timing off, summary off) insert into t values (2); select count(*) from t",
		"2")
	db.Is("rollback; select count(*) from t", "1")
	db.Is("begin; savepoint s; explain analyze delete from t; rollback to s; select count(*) from t", "1")
	db.Is("commit; select count(*) from t", "1")
	db.Is("begin read only; explain (costs off) select 1", "Result")
	db.Is("explain (analyze, costs off, timing off, summary off) select 1", "Result (actual rows=1 loops=1)")
	db.Is("explain analyze insert into t values (2)", "25006: cannot execute INSERT in a read-only transaction")
	db.Is("rollback; begin read only; explain analyze with x as (delete from t returning 1) select * from x",
		"25006: cannot execute SELECT in a read-only transaction")
	db.Is("rollback; begin; select 1/0", "22012: division by zero")
	db.Is("explain select 1", "25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Is("rollback", "ROLLBACK")
}

// EXPLAIN needs no right, EXPLAIN ANALYZE those of the statement.
func TestExplainRights(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`drop role if exists se_explains; create table t (a int); create role se_explains;
		grant select on t to se_explains; set role se_explains`)
	db.Rows("explain (analyze, costs off, timing off, summary off) select count(*) from t",
		"Aggregate (actual rows=1 loops=1)",
		"  ->  Seq Scan on t (actual rows=0 loops=1)")
	db.Is("explain analyze insert into t values (1)", "42501: permission denied for table t")
	db.Is("explain analyze delete from t", "42501: permission denied for table t")
	db.Must("reset role; drop owned by se_explains; drop role se_explains")
}

// Of a prepared statement EXPLAIN shows the plan, takes its parameters, and ANALYZE runs it with them.
func TestExplainExecute(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text); prepare p (int, text) as insert into t values ($1, $2)")
	db.Is("explain (costs off) execute p (1)",
		`42601: wrong number of parameters for prepared statement "p" DETAIL: Expected 2 parameters but got 1.`)
	db.Is("explain (costs off) execute p (1, 'a', 2)",
		`42601: wrong number of parameters for prepared statement "p" DETAIL: Expected 2 parameters but got 3.`)
	db.Is("explain (costs off) execute p ('x', 'a')", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("explain (costs off) execute p (2, 'b'); select count(*) from t", "0")
	db.Is("explain analyze execute p (3, 'c'); select * from t", "3|c")
	db.Is("explain analyze execute p (3 + 1, null); select * from t order by a", "3|c; 4|<null>")
	db.Is("deallocate p; explain execute p (1, 'x')", `26000: prepared statement "p" does not exist`)
}

// ANALYZE tells the rows that each node gave, and how often it was run.
func TestExplainActualRows(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t select generate_series(1, 2000)")
	rows := regexp.MustCompile(`actual rows=(\d+) loops=(\d+)`)
	f := func(query, want string) {
		t.Helper()
		top := rows.FindStringSubmatch(db.Ask("explain (analyze, costs off, timing off, summary off) " + query))
		if got := strings.Join(top[min(1, len(top)):], " "); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	f("select * from t", "2000 1")
	f("select * from t where a > 1500", "500 1")
	f("select * from t where a < 0", "0 1")
	f("select * from t limit 7", "7 1")
	f("select * from t order by a limit 1 offset 1999", "1 1")
	f("select count(*) from t", "1 1")
	f("select a % 10 from t group by 1", "10 1")
	f("select * from t x join t y on x.a = y.a where x.a <= 1025", "1025 1")
	f("select * from t where a = 1 union all select * from t where a = 2", "2 1")
	f("values (1), (2), (3)", "3 1")
	f("insert into t values (1)", "0 1")
	f("update t set a = a where a = 2 returning a", "1 1")
	f("select * from generate_series(1, 1024)", "1024 1")
}

// With FORMAT JSON the answer is one document of type json with what the options ask for.
func TestExplainJSON(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key); insert into t select generate_series(1, 10)")
	db.Describes("explain (format json) select 1", "-> QUERY PLAN json")
	db.Describes("explain (format text) select 1", "-> QUERY PLAN text")
	f := func(options, query string, keys ...string) map[string]any {
		t.Helper()
		var doc []map[string]any
		if err := json.Unmarshal([]byte(db.Ask("explain (format json"+options+") "+query)), &doc); err != nil ||
			len(doc) != 1 {
			t.Fatal(query, err, doc)
		}
		var got []string
		for k := range doc[0] {
			got = append(got, k)
		}
		slices.Sort(got)
		if !slices.Equal(got, keys) {
			t.Errorf("%s%s: %q, want %q", options, query, got, keys)
		}
		return doc[0]["Plan"].(map[string]any)
	}
	has := func(plan map[string]any, want bool, keys ...string) {
		t.Helper()
		for _, k := range keys {
			if _, ok := plan[k]; ok != want {
				t.Errorf("%q is there: %v, in %v", k, ok, plan)
			}
		}
	}
	costs := []string{"Startup Cost", "Total Cost", "Plan Rows", "Plan Width"}
	has(f("", "select * from t", "Plan"), true, append(costs, "Node Type", "Relation Name", "Alias")...)
	has(f(", costs off", "select * from t", "Plan"), false, costs...)
	has(f(", analyze off", "select * from t", "Plan"), false, "Actual Rows", "Actual Loops")
	f(", summary", "select * from t", "Plan", "Planning Time")
	plan := f(", analyze", "select * from t", "Execution Time", "Plan", "Planning Time", "Triggers")
	has(plan, true, "Actual Rows", "Actual Loops", "Actual Startup Time", "Actual Total Time")
	if plan["Actual Rows"] != float64(10) || plan["Actual Loops"] != float64(1) {
		t.Errorf("%v rows in %v loops, want 10 in 1", plan["Actual Rows"], plan["Actual Loops"])
	}
	plan = f(", analyze, timing off, summary off", "select * from t where a < 4", "Plan", "Triggers")
	has(plan, false, "Actual Startup Time", "Actual Total Time")
	if plan["Actual Rows"] != float64(3) {
		t.Errorf("%v rows, want 3", plan["Actual Rows"])
	}
	plan = f("", "select count(*) from t x", "Plan")
	below, _ := plan["Plans"].([]any)
	if len(below) != 1 || below[0].(map[string]any)["Alias"] != "x" ||
		below[0].(map[string]any)["Parent Relationship"] != "Outer" {
		t.Errorf("below the aggregate: %v", below)
	}
	plan = f(", verbose", `select a as "x<y" from t`, "Plan")
	has(plan, true, "Output", "Schema")
}

// SUMMARY adds the times behind the plan, which ANALYZE does by itself.
func TestExplainSummary(t *testing.T) {
	db := dbtest.New(t)
	number := regexp.MustCompile(`\d+\.\d+`)
	f := func(options, want string) {
		t.Helper()
		if got := number.ReplaceAllString(db.Ask("explain ("+options+") select 1"), "N"); got != want {
			t.Errorf("%s\n got %s\nwant %s", options, got, want)
		}
	}
	f("costs off, summary", "Result; Planning Time: N ms")
	f("costs off, summary off", "Result")
	f("costs off, analyze", "Result (actual time=N..N rows=1 loops=1); Planning Time: N ms; Execution Time: N ms")
	f("costs off, analyze, timing off", "Result (actual rows=1 loops=1); Planning Time: N ms; Execution Time: N ms")
	f("costs off, analyze, summary off", "Result (actual time=N..N rows=1 loops=1)")
	f("", "42601: syntax error at or near \")\"")
	f("costs", "Result  (cost=N..N rows=1 width=4)")
	f("analyze, timing off, summary off", "Result  (cost=N..N rows=1 width=4) (actual rows=1 loops=1)")
	f("verbose, costs off", "Result;   Output: 1")
}
