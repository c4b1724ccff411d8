package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// WITH RECURSIVE adds rounds until one gives nothing; UNION drops rows that were there before.
func TestRecursiveQueries(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table edge (a int, b int); insert into edge
		values (1, 2), (2, 3), (3, 1), (3, 4), (4, 5), (6, 7), (null, 8), (5, 5)`)
	f := func(query, want string) {
		t.Helper()
		db.Is("with recursive "+query, want)
	}
	f("c(n) as (values (1) union all select n + 1 from c where n < 5) select * from c", "1; 2; 3; 4; 5")
	f("c(n) as (values (1) union all select n + 1 from c where n < 5) select sum(n), count(*) from c", "15|5")
	f("c(n) as (select 1 where false union all select n + 1 from c) select count(*) from c", "0")
	f("c(n) as (values (1), (1), (2) union select n from c) select * from c order by 1", "1; 2")
	f("c(n) as (values (1), (1), (2) union all select n + 2 from c where n < 3) select * from c order by 1",
		"1; 1; 2; 3; 3; 4")
	f("reach(x) as (select 1 union select b from reach join edge on a = x) select * from reach order by x",
		"1; 2; 3; 4; 5")
	f("reach(x) as (select null::int union select b from reach join edge on a is not distinct from x) select * "+
		"from reach order by x",
		"8; <null>")
	f("reach(x, d) as (select 1, 0 union all select b, d + 1 from reach join edge on a = x where d < 4) "+
		"select x, min(d), count(*) from reach group by x order by x",
		"1|0|2; 2|1|2; 3|2|1; 4|3|1; 5|4|1")
	f("path(x, p) as (select 1, array[1] union all select b, p || b from path join edge on a = x "+
		"where b <> all (p)) select * from path order by p",
		"1|{1}; 2|{1,2}; 3|{1,2,3}; 4|{1,2,3,4}; 5|{1,2,3,4,5}")
	f("back(x) as (select 5 union select a from edge left join back on b = x where x is not null) select * "+
		"from back order by 1",
		`42P19: recursive reference to query "back" must not appear within an outer join`)
	f("fib(a, b) as (select 0::numeric, 1::numeric union all select b, a + b from fib where b < 1e20) "+
		"select max(a) from fib",
		"83621143489848422977")
	f("c(n) as (select 1 union all select n + 1 from c) select * from c limit 3", "1; 2; 3")
	f("c(n) as (select 1 union all select n + 1 from c) select n from c where n > 5 limit 2", "6; 7")
	f("c(n) as (select 1 union all select n + 1 from c where n < 3) select x.n, y.n from c x, c y "+
		"where x.n < y.n order by 1, 2",
		"1|2; 1|3; 2|3")
	f("c(n) as (select 1 union all select n + 1 from c where n < 3), d(m) as (select n from c union all "+
		"select m + 10 from d where m < 20) select * from d order by 1",
		"1; 2; 3; 11; 12; 13; 21; 22; 23")
	f("d as (select * from c where n > 1), c(n) as (select 1 union all select n + 1 from c where n < 3) "+
		"select * from d order by 1",
		"2; 3")
	f("c(n) as (select 1 union all (select n + 1 from c where n < 4)) select n from c "+
		"where exists (select from c x where x.n = c.n + 1) order by n",
		"1; 2; 3")
	f("c(n, s) as (select 1, 'a'::text union all select n + 1, s || 'b' from c where n < 3) select s from c "+
		"order by n desc",
		"abb; ab; a")
	f("c(n) as (select 1 union all select n * 2 from c "+
		"where n < 100 and n in (select 2 ^ i from generate_series(0, 4) i)) select * from c order by 1",
		"1; 2; 4; 8; 16; 32")
	f("c(n) as (select 1 union all select n + 1 from (select n from c where n < 4 order by n desc limit 1) x) "+
		"select array_agg(n) from c",
		"{1,2,3,4}")
	f("c(n) as (select n + 1 from c) select * from c",
		`42P19: recursive query "c" does not have the form non-recursive-term UNION [ALL] recursive-term`)
	f("c(n) as (select n from c union all select 1) select * from c",
		`42P19: recursive reference to query "c" must not appear within its non-recursive term`)
	f("c(n) as (select 1 union all select c.n + x.n from c, c x) select * from c",
		`42P19: recursive reference to query "c" must not appear more than once`)
	f("c(n) as (select 1 union all select count(*)::int from c) select * from c",
		"42P19: aggregate functions are not allowed in a recursive query's recursive term")
	f("c(n) as (select 1 union all select n from edge left join c on a = n) select * from c",
		`42P19: recursive reference to query "c" must not appear within an outer join`)
	f("c(n) as (select 1 except select n + 1 from c) select * from c",
		`42P19: recursive query "c" does not have the form non-recursive-term UNION [ALL] recursive-term`)
	f("c(n) as (select 1 union all select n + 1.5 from c where n < 3) select * from c",
		`42804: recursive query "c" column 1 has type integer in non-recursive term but type numeric overall `+
			`HINT: Cast the output of the non-recursive term to the correct type.`)
	f("c(n, m) as (select 1 union all select n + 1 from c) select * from c",
		`42P10: WITH query "c" has 1 columns available but 2 columns specified`)
	f("a as (select * from b), b as (select * from a) select * from a",
		"0A000: mutual recursion between WITH items is not implemented")
}

// Rounds of many rows, and many rounds of one, in memory and by way of files.
func TestRecursionSpills(t *testing.T) {
	db := dbtest.New(t)
	for _, mem := range []string{"64MB", "64kB"} {
		db.Must("set work_mem = '" + mem + "'")
		db.Is(`with recursive c(n) as (select 1 union all select n + 1 from c where n < 5000)
			select count(*), sum(n), max(n) from c`,
			"5000|12502500|5000")
		db.Is("with recursive c(n) as (select 1 union select n % 3000 + 1 from c) select count(*), sum(n) from c",
			"3000|4501500")
		db.Rows(`with recursive c(n, d) as (select i, 0 from generate_series(1, 4000) i union all select n + 1, d + 1
			from c where d < 3)
			select d, count(*), sum(n) from c group by d order by d`,
			"0|4000|8002000", "1|4000|8006000", "2|4000|8010000", "3|4000|8014000")
		db.Is(`with recursive c(n) as (select i from generate_series(1, 3000) i union select n / 2 from c where n > 1)
			select count(*), sum(n) from c`,
			"3000|4501500")
	}
}

// A WITH query runs once however often it is read, not at all when nobody does, and sees those before it.
func TestCommonTables(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence s; create table t (a int); insert into t values (1), (2)")
	db.Is("with c as (select nextval('s') n) select x.n = y.n from c x, c y", "t")
	db.Is("with c as materialized (select nextval('s') n from t) select count(*) from t", "2")
	db.Is("select nextval('s')", "2")
	db.Is("with c as (select a from t), d as (select a + 1 b from c) select * from c join d on b = a", "2|2")
	db.Is("with t as (select a + 10 as a from t) select * from t order by a", "11; 12")
	db.Is("with c(x, y) as (values (1, 2)) select y, x from c", "2|1")
	db.Is("with c as (select 1 a) select * from (with c as (select 2 a) select * from c) x, c", "2|1")
	db.Is("with c as (select a from t) select (select max(a) from c where c.a < t.a) from t order by a", "<null>; 1")
	db.Is("with c as not materialized (select a from t where a > 1) select * from c, c d", "2|2")
	db.Is("with c as (select * from t order by a desc limit 1) select * from t where a in (select a from c)", "2")
	db.Is(`with n as (insert into t values (3), (4) returning a),
		u as (update t set a = a + 100 where a = 1 returning a) select * from n union all select * from u order by 1`,
		"3; 4; 101")
	db.Is("with d as (delete from t where a > 3 returning a) select (select count(*) from t), (select count(*) from d)",
		"4|2")
	db.Is("select a from t order by a", "2; 3")
	db.Is("with m as (insert into t values (9)) select 1", "1")
	db.Is("with m as (delete from t) select a from m", `0A000: WITH query "m" does not have a RETURNING clause`)
	db.Is("select count(*) from t", "3")
	db.Is("select * from (with x as (insert into t values (5) returning a) select * from x) y",
		"0A000: WITH clause containing a data-modifying statement must be at the top level")
	db.Is("with c as (select 1), c as (select 2) select 1", `42712: WITH query name "c" specified more than once`)
	db.Is("with c(a, b) as (select 1) select * from c",
		`42P10: WITH query "c" has 1 columns available but 2 columns specified`)
}
