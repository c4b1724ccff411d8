package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Aggregates of no rows, of nulls alone and of one row.
func TestAggregatesOfLittle(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (g int, i int, f float8, n numeric, s text, b bool, d date)")
	const all = `count(*), count(i), sum(i), avg(i), min(i), max(i), sum(f), avg(f), sum(n), avg(n), min(s), max(s), string_agg(s, ','),
		bool_and(b), bool_or(b), every(b), bit_and(i), bit_or(i), bit_xor(i), array_agg(i), min(d), max(d), stddev(f), variance(i),
		json_agg(i), jsonb_agg(s), any_value(i)`
	db.Is("select "+all+" from t",
		"0|0|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|"+
			"<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>")
	db.Is("select g, "+all+" from t group by g", "")
	db.Is("select "+all+" from t group by ()",
		"0|0|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|"+
			"<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>")
	db.Must("insert into t values (1, null, null, null, null, null, null)")
	db.Is("select "+all+" from t",
		"1|0|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|"+
			"<null>|<null>|<null>|{NULL}|<null>|<null>|<null>|<null>|[null]|[null]|<null>")
	db.Is("select g, "+all+" from t group by g",
		"1|1|0|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|"+
			"<null>|<null>|<null>|{NULL}|<null>|<null>|<null>|<null>|[null]|[null]|<null>")
	db.Must("delete from t; insert into t values (1, 5, 0.5, 2.50, 'x', true, '2024-02-29')")
	db.Is("select "+all+" from t",
		`1|1|5|5.0000000000000000|5|5|0.5|0.5|2.50|2.5000000000000000|x|x|x|t|t|t|5|5|5|{5}|2024-02-29|2024-02-29|`+
			`<null>|<null>|[5]|["x"]|5`)
	db.Must("insert into t values (1, 7, 'NaN', 'NaN', '', false, 'infinity'), (2, -7, '-Infinity', 1, 'z', null, null)")
	db.Is("select "+all+" from t where i > 0",
		`2|2|12|6.0000000000000000|5|7|NaN|NaN|NaN|NaN||x|x,|f|t|f|5|7|2|{5,7}|2024-02-29|infinity|NaN|`+
			`2.0000000000000000|[5, 7]|["x", ""]|5`)
	db.Is("select g, count(*), sum(i) from t group by g having sum(i) > 0", "1|2|12")
	db.Is("select count(*) from t having count(*) > 5", "")
	db.Is("select 1 from t having true", "1")
	db.Is("select 1 where false group by ()", "1")
	db.Is("select count(*) where false", "0")
}

// FILTER and DISTINCT decide which rows count, ORDER BY in which order they come.
func TestAggregateModifiers(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (g int, a int, s text); insert into t
		values (1, 3, 'c'), (1, 1, 'a'), (1, 3, 'b'), (2, 2, 'x'), (2, null, 'y'), (3, null, null), (1, 2, 'a')`)
	f := func(call, want string) {
		t.Helper()
		db.Is("select g, "+call+" from t group by g order by g", want)
	}
	f("count(distinct a)", "1|3; 2|1; 3|0")
	f("sum(distinct a)", "1|6; 2|2; 3|<null>")
	f("count(distinct (a, s))", "1|4; 2|2; 3|1")
	f("string_agg(distinct s, '-')", "1|a-b-c; 2|x-y; 3|<null>")
	f("string_agg(distinct s, '-' order by s desc)", "1|c-b-a; 2|y-x; 3|<null>")
	f("string_agg(s, '-' order by a desc nulls last, s)", "1|b-c-a-a; 2|x-y; 3|<null>")
	f("array_agg(a order by s desc, a)", "1|{3,3,1,2}; 2|{NULL,2}; 3|{NULL}")
	f("array_agg(distinct a order by a desc nulls last)", "1|{3,2,1}; 2|{2,NULL}; 3|{NULL}")
	f("array_agg(s order by length(s), a, s)", "1|{a,a,b,c}; 2|{x,y}; 3|{NULL}")
	f("count(*) filter (where a > 1)", "1|3; 2|1; 3|0")
	f("sum(a) filter (where s < 'c')", "1|6; 2|<null>; 3|<null>")
	f("array_agg(a order by a) filter (where a is not null)", "1|{1,2,3,3}; 2|{2}; 3|<null>")
	f("count(distinct a) filter (where s <> 'a')", "1|1; 2|1; 3|0")
	f("sum(a) filter (where g = 1), sum(a) filter (where g <> 1), count(*)",
		"1|9|<null>|4; 2|<null>|2|2; 3|<null>|<null>|1")
	f("string_agg(s, s order by s)", "1|aaabbcc; 2|xyy; 3|<null>")
	f("jsonb_object_agg(s, a order by a) filter (where s is not null)",
		`1|{"a": 2, "b": 3, "c": 3}; 2|{"x": 2, "y": null}; 3|<null>`)
	f("mode() within group (order by a)", "1|3; 2|2; 3|<null>")
	f("percentile_disc(0.5) within group (order by a)", "1|2; 2|2; 3|<null>")
	f("percentile_cont(array[0.0, 0.5, 1.0]) within group (order by a)", "1|{1,2.5,3}; 2|{2,2,2}; 3|<null>")
	f("percentile_disc(0.5) within group (order by s desc) filter (where a > 1)", "1|b; 2|x; 3|<null>")
	f("max(a) - min(a)", "1|2; 2|0; 3|<null>")
	f("count(*) + sum(a + 1)", "1|17; 2|5; 3|<null>")
	f("string_agg(distinct s, '-' order by a)",
		"42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
	f("sum(sum(a))", "42803: aggregate function calls cannot be nested")
	f("percentile_cont(1.5) within group (order by a)", "22003: percentile value 1.5 is not between 0 and 1")
	f("count(distinct)", `42601: syntax error at or near ")"`)
	f("lower(distinct s)", "42809: DISTINCT specified, but lower is not an aggregate function")
	f("sum(a order by a) filter (where s)", "42804: argument of FILTER must be type boolean, not type text")
	f("mode() within group (order by a, s)",
		"42883: function mode(integer, text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// A group is found by all its keys, whatever they are, nulls being one value.
func TestGroupKeys(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b text, c numeric, d float8);
		insert into t values (1, 'x', 1, 0), (1, 'x', 1.0, '-0'), (null, 'x', 1.50, 'NaN'), (null, 'x', 1.5, 'NaN'),
		(1, null, null, null), (1, '', 2, 1)`)
	db.Is("select a, count(*) from t group by a order by a", "1|4; <null>|2")
	db.Is("select a, b, count(*) from t group by a, b order by a, b", "1||1; 1|x|2; 1|<null>|1; <null>|x|2")
	db.Is("select count(*), min(d) from t group by c order by 1, 2", "1|1; 1|<null>; 2|-0; 2|NaN")
	db.Is("select d::text = '-0', count(*) from t group by d order by 2 desc, 1", "f|2; f|2; f|1; <null>|1")
	db.Is("select a + 1 as x, count(*) from t group by x order by x", "2|4; <null>|2")
	db.Is("select a + 1, count(*) from t group by 1 order by 1", "2|4; <null>|2")
	db.Is("select a + 1 + 1 from t group by a + 1 order by 1", "3; <null>")
	db.Is("select b || 'y', max(c) from t group by b || 'y' having b || 'y' > 'x' order by 1", "xy|1.5; y|2")
	db.Is("select a is null, b is null, count(*) from t group by 1, 2 order by 1, 2", "f|f|3; f|t|1; t|f|2")
	db.Is("select a, b from t group by b, a order by 1, 2", "1|; 1|x; 1|<null>; <null>|x")
	db.Is("select (a, b), count(*) from t group by (a, b) order by 1", `(1,"")|1; (1,x)|2; (1,)|1; (,x)|2`)
	db.Is("select a from t group by a, a order by a", "1; <null>")
	db.Is("select count(*) from t group by null::int", "6")
	db.Is("select 'k', count(*) from t group by 1", "k|6")
	db.Is("select a, b from t group by a",
		`42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function`)
	db.Is("select a from t group by count(*)", "42803: aggregate functions are not allowed in GROUP BY")
	db.Is("select a from t group by 2", "42P10: GROUP BY position 2 is not in select list")
	db.Is("select * from t group by a",
		`42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function`)
	db.Is("select a from t where count(*) > 1 group by a", "42803: aggregate functions are not allowed in WHERE")
	db.Must("create table p (id int primary key, v text); insert into p values (1, 'one'), (2, 'two')")
	db.Is("select id, v, count(*) from p group by id order by id", "1|one|1; 2|two|1")
	db.Is("select p.v, count(t.b) from p left join t on t.a = p.id group by p.id order by p.id", "one|3; two|0")
	db.Is("select v, id from p group by v",
		`42803: column "p.id" must appear in the GROUP BY clause or be used in an aggregate function`)
	db.Is("select group_keys.a from (select a, count(*) from t group by a) group_keys order by 1", "1; <null>")
	db.Is("select (select count(*) from t u where u.a = t.a) from t group by a order by a", "4; 0")
	db.Is("select (select count(*) from t u where u.b = t.b) from t group by a",
		`42803: subquery uses ungrouped column "t.b" from outer query`)
}

// GROUPING SETS, ROLLUP and CUBE give the groups of each of their sets, and GROUPING says of which.
func TestGroupingSets(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b text, v int); insert into t
		values (1, 'x', 10), (1, 'y', 20), (2, 'x', 30), (null, 'x', 40), (1, null, 50)`)
	f := func(by, want string) {
		t.Helper()
		db.Is("select a, b, grouping(a, b), count(*), sum(v) from t group by "+by+" order by 3, 1, 2, 5", want)
	}
	f("rollup (a, b)",
		"1|x|0|1|10; 1|y|0|1|20; 1|<null>|0|1|50; 2|x|0|1|30; <null>|x|0|1|40; 1|<null>|1|3|80; 2|<null>|1|1|30; "+
			"<null>|<null>|1|1|40; <null>|<null>|3|5|150")
	f("cube (a, b)",
		"1|x|0|1|10; 1|y|0|1|20; 1|<null>|0|1|50; 2|x|0|1|30; <null>|x|0|1|40; 1|<null>|1|3|80; 2|<null>|1|1|30; "+
			"<null>|<null>|1|1|40; <null>|x|2|3|80; <null>|y|2|1|20; <null>|<null>|2|1|50; <null>|<null>|3|5|150")
	f("grouping sets ((a), (b), ())",
		"1|<null>|1|3|80; 2|<null>|1|1|30; <null>|<null>|1|1|40; <null>|x|2|3|80; <null>|y|2|1|20; "+
			"<null>|<null>|2|1|50; <null>|<null>|3|5|150")
	f("grouping sets ((a, b), (a, b), ())",
		"1|x|0|1|10; 1|x|0|1|10; 1|y|0|1|20; 1|y|0|1|20; 1|<null>|0|1|50; 1|<null>|0|1|50; 2|x|0|1|30; 2|x|0|1|30; "+
			"<null>|x|0|1|40; <null>|x|0|1|40; <null>|<null>|3|5|150")
	f("grouping sets (a, rollup (b))",
		"1|<null>|1|3|80; 2|<null>|1|1|30; <null>|<null>|1|1|40; <null>|x|2|3|80; <null>|y|2|1|20; "+
			"<null>|<null>|2|1|50; <null>|<null>|3|5|150")
	f("a, rollup (b)",
		"1|x|0|1|10; 1|y|0|1|20; 1|<null>|0|1|50; 2|x|0|1|30; <null>|x|0|1|40; 1|<null>|1|3|80; 2|<null>|1|1|30; "+
			"<null>|<null>|1|1|40")
	f("rollup ((a, b))", "1|x|0|1|10; 1|y|0|1|20; 1|<null>|0|1|50; 2|x|0|1|30; <null>|x|0|1|40; <null>|<null>|3|5|150")
	f("distinct rollup (a), rollup (a, b)",
		"1|x|0|1|10; 1|y|0|1|20; 1|<null>|0|1|50; 2|x|0|1|30; <null>|x|0|1|40; 1|<null>|1|3|80; 2|<null>|1|1|30; "+
			"<null>|<null>|1|1|40; <null>|<null>|3|5|150")
	f("a, b, grouping sets ((), ())",
		"1|x|0|1|10; 1|x|0|1|10; 1|y|0|1|20; 1|y|0|1|20; 1|<null>|0|1|50; 1|<null>|0|1|50; 2|x|0|1|30; 2|x|0|1|30; "+
			"<null>|x|0|1|40; <null>|x|0|1|40")
	f("grouping sets ((b), (a)), grouping sets ((a), ())",
		"1|x|0|1|10; 1|y|0|1|20; 1|<null>|0|1|50; 2|x|0|1|30; <null>|x|0|1|40; 1|<null>|1|3|80; 1|<null>|1|3|80; "+
			"2|<null>|1|1|30; 2|<null>|1|1|30; <null>|<null>|1|1|40; <null>|<null>|1|1|40; <null>|x|2|3|80; "+
			"<null>|y|2|1|20; <null>|<null>|2|1|50")
	db.Is("select a, sum(v) from t group by rollup (a) having grouping(a) = 1", "<null>|150")
	db.Is("select a, sum(v) from t group by grouping sets ((a), ()) having sum(v) > 35 order by 1, 2",
		"1|80; <null>|40; <null>|150")
	db.Is("select count(*) from t where false group by rollup (a)", "0")
	db.Is("select a, count(*) from t where false group by a", "")
	db.Is("select count(*) from t where false group by grouping sets ((), (), (a))", "0; 0")
	db.Is("select coalesce(a::text, 'all'), count(*) from t group by rollup (a) order by grouping(a), a",
		"1|3; 2|1; all|1; all|5")
	db.Rows(`select a % 2 as odd, count(distinct b), string_agg(b, ',' order by b desc) from t
		group by rollup (a % 2) order by grouping(a % 2), 1`,
		"0|1|x", "1|2|y,x", "<null>|1|x", "<null>|2|y,x,x,x")
	db.Is("select a, rank() over (order by sum(v) desc) from t group by rollup (a) order by 2, 1",
		"<null>|1; 1|2; <null>|3; 2|4")
	db.Is("select grouping(v) from t group by a",
		"42803: arguments to GROUPING must be grouping expressions of the associated query level")
	db.Is("select grouping(a)", `42703: column "a" does not exist`)
	db.Rows("select a, b from t group by grouping sets ((a), (a, b)) order by a, b",
		"1|x", "1|y", "1|<null>", "1|<null>", "2|x", "2|<null>", "<null>|x", "<null>|<null>")
	db.Is("select a as x, count(*) from t group by grouping sets (x, ()) order by 1, 2", "1|3; 2|1; <null>|1; <null>|5")
}

// Groups that do not fit in memory are aggregated by way of files, with every modifier and in every grouping set.
func TestManyGroups(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t as select i, i * 31 % 4001 as g, repeat('s', i % 5) || i % 40 as s, i % 13 as m
		from generate_series(1, 12000) i`)
	for _, mem := range []string{"64MB", "64kB"} {
		db.Must("set work_mem = '" + mem + "'")
		db.Is("select count(*), sum(n), min(n), max(n) from (select g, count(*) n from t group by g) x", "4001|12000|2|3")
		db.Is("select count(*), sum(n), md5(string_agg(s, '' order by s)) from (select s, count(*) n from t group by s) x",
			"40|12000|00a79278b3c4290bb50f8be0f7c54969")
		db.Is(`select count(*), sum(d), sum(k) from (select g, count(distinct m) d, sum(m) filter (where m > 5) k
			from t group by g) x`,
			"4001|12000|58149")
		db.Is(`select count(*), sum(length(x)), md5(string_agg(x, ';' order by g))
			from (select g, string_agg(s, ',' order by i desc) x from t group by g) x`,
			"4001|52999|addd99e962ac7e719aa215f55c7feffe")
		db.Is(`select count(*), sum(n), sum(grouping) from (select g, m, count(*) n, grouping(g, m) from t
			group by rollup (g, m)) x`,
			"16002|36000|4004")
		db.Is(`select count(*), sum(c) from (select distinct g, m, count(*) c from t
			group by grouping sets ((g), (m), (g, m))) x`,
			"16014|36000")
		db.Is("select count(distinct i), count(distinct s), count(distinct g), sum(distinct g) from t",
			"12000|40|4001|8002000")
		db.Is("select md5(string_agg(distinct s, ',')), md5(array_agg(i order by m, i desc)::text) from t",
			"45494a43c8edd3c2bff01fa967b2d754|7bb2bafcc68f53d9acd5b39b642c89ec")
		db.Is(`select count(*) from (select g, array_agg(distinct m order by m desc) from t group by g
			having count(*) > 2) x`,
			"3998")
	}
}
