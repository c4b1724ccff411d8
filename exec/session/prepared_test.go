package session_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// PREPARE, EXECUTE and DEALLOCATE: names, parameters and their types, and what is wrong with each.
func TestPrepareExecute(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	db.Is("prepare p as select $1 + 1", "PREPARE")
	db.Is("execute p(1)", "2")
	db.Is("execute p('41')", "42")
	db.Is("execute p(null)", "<null>")
	db.Is("execute p('x')", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("execute p",
		`42601: wrong number of parameters for prepared statement "p" DETAIL: Expected 1 parameters but got 0.`)
	db.Is("execute p(1, 2)",
		`42601: wrong number of parameters for prepared statement "p" DETAIL: Expected 1 parameters but got 2.`)
	db.Is("execute p(2 + 3 * length('abc'))", "12")
	db.Is("execute p((select 1))", "0A000: cannot use subquery in EXECUTE parameter")
	db.Is("prepare p as select 1", `42P05: prepared statement "p" already exists`)
	db.Is("execute q", `26000: prepared statement "q" does not exist`)
	db.Is("deallocate q", `26000: prepared statement "q" does not exist`)
	db.Is("deallocate p; execute p", `26000: prepared statement "p" does not exist`)
	db.Is("prepare p(text, int) as select $1 || $2; execute p('a', 5)", "a5")
	db.Is("prepare q(int) as select $1, $2::text; execute q(1, 'b')", "1|b")
	db.Is("prepare r(nothing) as select $1", `42704: type "nothing" does not exist`)
	db.Is("prepare r as select $1", "PREPARE")
	db.Is("prepare s as insert into t values ($1, $2) returning b, a; execute s(1, 'one')", "one|1")
	db.Is("execute s(2, 'two'); select * from t order by a", "1|one; 2|two")
	db.Is("prepare u as update t set b = $2 where a = $1; execute u(1, 'eins')", "UPDATE 1")
	db.Is("prepare d as delete from t where a = any ($1); execute d('{1,7}')", "DELETE 1")
	db.Is("prepare v as values ($1::date), ('2024-02-01'); execute v('2024-01-01')", "2024-01-01; 2024-02-01")
	db.Is("prepare w as create table x (a int)", `42601: syntax error at or near "create"`)
	db.Is("prepare w as select 1; select 2", "2")
	db.Is("prepare w as select nothing", `42703: column "nothing" does not exist`)
	db.Is("prepare w as select $1 from t where b = $1; execute w('two')", `42P05: prepared statement "w" already exists`)
	db.Is("prepare x as select a from t limit $1 offset $2; execute x(5, 0)", "2")
	db.Rows(`select name, parameter_types, from_sql, statement from pg_prepared_statements where name in ('u', 'x')
		order by name`,
		"u|{integer,text}|t|prepare u as update t set b = $2 where a = $1",
		"execute u(1, 'eins')",
		"x|{bigint,bigint}|t|prepare x as select a from t limit $1 offset $2",
		"execute x(5, 0)",
	)
	db.Is("deallocate all; select count(*) from pg_prepared_statements", "0")
	db.Is("deallocate prepare all", "DEALLOCATE ALL")
	// A transaction does not own them, and a failed one does not take them.
	db.Is("begin; prepare p as select 7; rollback; execute p", "7")
	db.Is("explain (costs off) execute p", "Result")
	db.Is("create table y as execute p; select * from y", "7")
}

// A prepared statement follows the objects, the path and the settings that it was made with, or refuses to.
func TestPreparedFollowsChanges(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b int); insert into t values (1, 2); create schema s;
		create table s.t (a int, b int); insert into s.t values (8, 9)`)
	db.Must("prepare everything as select * from t; prepare one as select a from t; prepare total as select sum(b) from t")
	db.Is("execute one", "1")
	db.Is("alter table t add c int default 3; execute one", "1")
	db.Is("execute everything", "0A000: cached plan must not change result type")
	db.Is("alter table t drop c; execute everything", "1|2")
	db.Is("alter table t rename a to z; execute one", `42703: column "a" does not exist`)
	db.Is("alter table t rename z to a; execute one", `42703: column "z" does not exist`)
	db.Is("alter table t alter b type bigint; execute total", "0A000: cached plan must not change result type")
	db.Is("alter table t alter a type text; execute one", "0A000: cached plan must not change result type")
	db.Is("alter table t alter a type int using a::int; execute one", "1")
	db.Is("create index on t (a); execute one", "1")
	db.Is("set search_path = s, public; execute one", "8")
	db.Is("set search_path = public; execute one", "1")
	db.Is("create temp table t (a int); insert into t values (55); execute one", "55")
	db.Is("drop table pg_temp.t; execute one", "1")
	db.Is("drop table t; execute one", `42P01: relation "t" does not exist`)
	db.Is("create table t (a int); insert into t values (77); execute one", `42P07: relation "t" already exists`)
	db.Is("prepare at as select '2024-02-01 12:00+00'::timestamptz::text, date '02.01.2024'; execute at",
		"2024-02-01 12:00:00+00|2024-02-01")
	db.Is("set timezone = 'Asia/Tokyo'; execute at", "2024-02-01 21:00:00+09|2024-02-01")
	db.Must("create view v as select a from t; prepare viewed as select * from v")
	db.Is("execute viewed", "1")
	db.Is("create or replace view v as select a + 1 as a from t; execute viewed", "2")
	db.Is("begin; drop view v; create view v as select 5 as a; execute viewed", "5")
	db.Is("rollback; execute viewed", "2")
}

// shapes are statements that look alike to a cache of plans: literals of other types, NULL, signs, casts, lengths.
func shapes() []string {
	literals := []string{
		"1", "2", "-1", "1.5", "1e2", "'1'", "'x'", "null", "true", "1::text", "'1'::int", "9999999999", "0.1", "''",
		"'1' || '2'", "date '2024-01-01'",
		"'2024-01-01'", "interval '1 day'", "b'1'", "array[1]", "'{1}'", "+1", "- 1", "(1)", "0x10", "e'\\x31'", "$$1$$",
		"U&'1'",
	}
	forms := []string{
		"select %s", "select %s as a", "select a from t where a = %s", "select a from t where b = %s", "select %s::text",
		"select 1 + %s",
		"select a from t order by %s", "select a from t order by a limit %s", "select coalesce(%s, '7')",
		"select count(*), %s from t",
		"select a from t group by a, %s order by a", "select case when a > 1 then %s else 5 end from t order by a",
		"select a from t where a in (1, %s) order by a",
		"select substr('abc', %s)", "select round(2.345, %s)", "select a from t where b like %s",
		"select sum(a) over (order by a rows %s preceding) from t",
		"select distinct %s from t", "select a from t where d = %s", "select length(%s)", "values (%s), (1)",
		"select %s union select 3 order by 1",
	}
	var all []string
	for _, form := range forms {
		for _, l := range literals {
			all = append(all, fmt.Sprintf(form, l))
		}
	}
	return all
}

// A plan that is kept never answers for another statement: what a session that has seen many like it says is what a
// session says that sees it first.
func TestPlanCacheAnswersForItsOwn(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	db := dbtest.New(t)
	db.Must(`create table t (a int, b text, d date); insert into t
		values (1, '1', '2024-01-01'), (2, 'x', null), (100, null, '2024-02-01')`)
	fresh := db.Beside()
	want := map[string]string{}
	all := shapes()
	for _, query := range all {
		fresh.Must("discard plans")
		want[query] = fresh.Ask(query)
	}
	for range 3 {
		rng.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		for _, query := range all {
			if got := db.Ask(query); got != want[query] {
				t.Fatalf("%s\n got %s\nwant %s", query, got, want[query])
			}
		}
	}
}

// A plan that is kept follows what changes under it, as a statement that is planned each time does.
func TestPlanCacheFollowsChanges(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b int); insert into t values (1, 10), (2, 20); create schema s;
		create table s.t (a int, b text); insert into s.t values (1, 'other')`)
	db.Must("create role se_cache; grant select on t to se_cache")
	const query = "select * from t where a = 1"
	f := func(change, want string) {
		t.Helper()
		db.Ask(change)
		for range 3 { // made, kept, used
			db.Is(query, want)
		}
	}
	f("", "1|10")
	f("alter table t add c text default 'c'", "1|10|c")
	f("alter table t alter a type text",
		"42883: operator does not exist: text = integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("alter table t alter a type int using a::int", "1|10|c")
	f("create index on t (a)", "1|10|c")
	f("set search_path = s", "1|other")
	f("reset search_path", "1|10|c")
	f("update t set b = 11 where a = 1", "1|11|c")
	f("set role se_cache", "1|11|c")
	f("reset role", "1|11|c")
	f("revoke select on t from se_cache", "1|11|c")
	f("set role se_cache", "42501: permission denied for table t")
	f("reset role", "1|11|c")
	f("create temp table t (a int); insert into t values (1), (1)", "1; 1")
	f("discard temp", "1|11|c")
	f("drop table t", `42P01: relation "t" does not exist`)
	f("create table t as select 1 as a, 'new' as b", "1|new")
	f("begin; alter table t drop b", "1")
	f("rollback", "1|new")
}
