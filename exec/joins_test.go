package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// joinTables have duplicate and null keys on both sides, and keys of several types.
const joinTables = `
create table l (k int, v int, s text, n numeric);
insert into l values (1, 10, 'a', 1), (1, 11, 'b', 1.0), (2, 20, 'a', 2.50), (3, 30, null, 3),
(null, 40, 'd', null), (5, 50, 'e', 5);
create table r (k bigint, w int, s varchar(5), f float8);
insert into r values (1, 100, 'a', 1), (1, 101, 'c', 1.5), (2, 200, 'a', 2.5), (2, 201, null, 2),
(null, 300, 'd', null), (4, 400, 'e', 'NaN');
create table none (k int, w int)`

// Every kind of join keeps the rows that SQL says, with duplicates and nulls among the keys.
func TestJoinKinds(t *testing.T) {
	db := dbtest.New(t)
	db.Must(joinTables)
	for _, off := range []string{"", "set enable_hashjoin = off", "reset enable_hashjoin; set enable_nestloop = off"} {
		if off != "" {
			db.Must(off)
		}
		db.Is("select v, w from l join r on l.k = r.k order by 1, 2", "10|100; 10|101; 11|100; 11|101; 20|200; 20|201")
		db.Is("select v, w from l left join r on l.k = r.k order by 1, 2",
			"10|100; 10|101; 11|100; 11|101; 20|200; 20|201; 30|<null>; 40|<null>; 50|<null>")
		db.Is("select v, w from l right join r on l.k = r.k order by 2, 1",
			"10|100; 11|100; 10|101; 11|101; 20|200; 20|201; <null>|300; <null>|400")
		db.Is("select v, w from l full join r on l.k = r.k order by 1, 2",
			"10|100; 10|101; 11|100; 11|101; 20|200; 20|201; 30|<null>; 40|<null>; 50|<null>; <null>|300; <null>|400")
		db.Is("select v from l where exists (select from r where r.k = l.k) order by 1", "10; 11; 20")
		db.Is("select v from l where not exists (select from r where r.k = l.k) order by 1", "30; 40; 50")
		db.Is("select v from l where k in (select k from r) order by 1", "10; 11; 20")
		db.Is("select v from l where k not in (select k from r) order by 1", "")
		db.Is("select v from l where k not in (select k from r where k is not null) order by 1", "30; 50")
		db.Is("select v from l where k not in (select k from none) order by 1", "10; 11; 20; 30; 40; 50")
	}
}

// A condition beside the keys belongs to the match in an outer join, and to the result in WHERE.
func TestJoinResiduals(t *testing.T) {
	db := dbtest.New(t)
	db.Must(joinTables)
	f := func(query, want string) {
		t.Helper()
		for _, off := range []string{"hashjoin", "nestloop"} {
			db.Must("reset all; set enable_" + off + " = off")
			db.Is(query, want)
		}
	}
	f("select v, w from l left join r on l.k = r.k and w > 100 order by 1, 2",
		"10|101; 11|101; 20|200; 20|201; 30|<null>; 40|<null>; 50|<null>")
	f("select v, w from l left join r on l.k = r.k where w > 100 order by 1, 2", "10|101; 11|101; 20|200; 20|201")
	f("select v, w from l left join r on l.k = r.k and v < 20 order by 1, 2",
		"10|100; 10|101; 11|100; 11|101; 20|<null>; 30|<null>; 40|<null>; 50|<null>")
	f("select v, w from l full join r on l.k = r.k and v + w = 111 order by 1, 2",
		"10|101; 11|100; 20|<null>; 30|<null>; 40|<null>; 50|<null>; <null>|200; <null>|201; <null>|300; <null>|400")
	f("select v, w from l left join r on false order by 1",
		"10|<null>; 11|<null>; 20|<null>; 30|<null>; 40|<null>; 50|<null>")
	f("select v, w from l right join r on l.k = r.k and l.v > 10 order by 2, 1",
		"11|100; 11|101; 20|200; 20|201; <null>|300; <null>|400")
	f("select v from l where exists (select from r where r.k = l.k and r.w > l.v * 10) order by 1", "10; 20")
	f("select v from l where not exists (select from r where r.k = l.k and r.w > l.v * 10) order by 1", "11; 30; 40; 50")
	f("select v from l where (k, s) in (select k, s from r) order by 1", "10; 20")
	f("select v from l where (k, s) not in (select k, s from r where s is not null) order by 1", "11; 50")
	f("select v from l where (k, s) not in (select k, s from r) order by 1", "11; 50")
	f("select v, w from l join r on l.k = r.k and l.s = r.s order by 1, 2", "10|100; 20|200")
	f("select v, w from l left join r using (k, s) order by 1, 2",
		"10|100; 11|<null>; 20|200; 30|<null>; 40|<null>; 50|<null>")
	f("select v, w from l join r on l.k is not distinct from r.k order by 1, 2",
		"10|100; 10|101; 11|100; 11|101; 20|200; 20|201; 40|300")
	f("select v, w from l left join r on l.k is not distinct from r.k and w > 100 order by 1, 2",
		"10|101; 11|101; 20|200; 20|201; 30|<null>; 40|300; 50|<null>")
	f("select v, w from l join r on l.v < r.w / 10 and l.k > 1 order by 1, 2", "20|300; 20|400; 30|400")
}

// Keys of different types are equal when their values are.
func TestJoinMixedTypes(t *testing.T) {
	db := dbtest.New(t)
	db.Must(joinTables)
	db.Is("select v, w from l join r on l.n = r.k order by 1, 2", "10|100; 10|101; 11|100; 11|101")
	db.Is("select v, w from l join r on l.n = r.f order by 1, 2", "10|100; 11|100; 20|200")
	db.Is("select v, w from l join r on l.k = r.f order by 1, 2", "10|100; 11|100; 20|201")
	db.Is("select v, w from l join r on l.s = r.s order by 1, 2", "10|100; 10|200; 20|100; 20|200; 40|300; 50|400")
	db.Is(`select a, b from (values (1.0), (1.00), (2)) x(a) join (values (1::numeric), (2.000)) y(b) on a = b
		order by 1, 2`,
		"1.0|1; 1.00|1; 2|2.000")
	db.Is(`select a, b from (values ('NaN'::float8), ('-0'), (1)) x(a)
		join (values ('NaN'::float8), (0), (1)) y(b) on a = b order by 1, 2`,
		"-0|0; 1|1; NaN|NaN")
	db.Is(`select a from (values (date '2024-01-01'), ('2024-01-02')) x(a)
		join (values (timestamp '2024-01-02 00:00'), ('2024-01-01 01:00')) y(b) on a = b`, "2024-01-02")
	db.Is("select a from (values (interval '1 day'), ('25 hours')) x(a) join (values (interval '24 hours')) y(b) on a = b",
		"1 day")
	db.Is("select a from (values ('x'::char(3)), ('y')) x(a) join (values ('x  '::char(5))) y(b) on a = b", "x  ")
	db.Is("select a from (values (array[1, null]), (array[2])) x(a) join (values (array[1, null])) y(b) on a = b",
		"{1,NULL}")
	db.Is(`select a from (values (row(1, 'x'::text)), (row(2, 'y'::text))) x(a)
		join (values (row(2, 'y'::text))) y(b) on a = b`,
		"(2,y)")
	db.Is(`select a from (values ('{"x": 1, "y": 2}'::jsonb), ('[1]')) x(a)
		join (values ('{"y": 2, "x": 1.0}'::jsonb)) y(b) on a = b`,
		`{"x": 1, "y": 2}`)
	db.Is("select a from (values ('\\x00'::bytea), ('')) x(a) join (values (''::bytea)) y(b) on a = b", `\x`)
	db.Is("select a from (values (true), (false), (null)) x(a) join (values (true), (null)) y(b) on a = b", "t")
}

// USING and NATURAL merge columns, and an outer join's merged column has the value of whichever side is there.
func TestJoinUsing(t *testing.T) {
	db := dbtest.New(t)
	db.Must(joinTables)
	db.Rows("select k, v, w from l full join r using (k) order by 1, 2, 3",
		"1|10|100", "1|10|101", "1|11|100", "1|11|101", "2|20|200", "2|20|201", "3|30|<null>", "4|<null>|400", "5|50|<null>",
		"<null>|40|<null>", "<null>|<null>|300")
	db.Rows("select k, l.k, r.k from l right join r using (k) order by w, v",
		"1|1|1", "1|1|1", "1|1|1", "1|1|1", "2|2|2", "2|2|2", "<null>|<null>|<null>", "4|<null>|4")
	db.Is("select * from none natural join r", "")
	db.Rows("select * from r natural left join none order by w",
		"1|100|a|1", "1|101|c|1.5", "2|200|a|2.5", "2|201|<null>|2", "<null>|300|d|<null>", "4|400|e|NaN")
	db.Is("select count(*) from l natural join r", "2")
	db.Is("select x.k, v from (l join r using (k)) as x order by 1, 2, w", "1|10; 1|10; 1|11; 1|11; 2|20; 2|20")
	db.Is("select k from l join r using (k) join none using (k)", "")
	db.Is("select k from l join r on l.k = r.k", `42702: column reference "k" is ambiguous`)
	db.Is("select * from l join r using (v)", `42703: column "v" specified in USING clause does not exist in right table`)
}

// LATERAL reads the row to its left, for inner and left joins, functions, aggregates and limits.
func TestLateral(t *testing.T) {
	db := dbtest.New(t)
	db.Must(joinTables)
	db.Is("select v, x.w from l, lateral (select w from r where r.k = l.k order by w desc limit 1) x order by 1",
		"10|101; 11|101; 20|201")
	db.Rows(`select v, x.w from l left join lateral (select w from r where r.k = l.k order by w limit 1) x on true
		order by 1`,
		"10|100", "11|100", "20|200", "30|<null>", "40|<null>", "50|<null>")
	db.Rows("select v, x.w from l left join lateral (select w from r where r.k = l.k) x on x.w > 100 order by 1, 2",
		"10|101", "11|101", "20|200", "20|201", "30|<null>", "40|<null>", "50|<null>")
	db.Is("select v, c from l, lateral (select count(*) c from r where r.k = l.k) x order by 1",
		"10|2; 11|2; 20|2; 30|0; 40|0; 50|0")
	db.Rows("select v, g from l, generate_series(1, l.k) g order by 1, 2",
		"10|1", "11|1", "20|1", "20|2", "30|1", "30|2", "30|3", "50|1", "50|2", "50|3", "50|4", "50|5")
	db.Rows("select v, g from l left join generate_series(2, l.k) g on true order by 1, 2",
		"10|<null>", "11|<null>", "20|2", "30|2", "30|3", "40|<null>", "50|2", "50|3", "50|4", "50|5")
	db.Is("select v, a, b from l, lateral (select l.v + 1) x(a), lateral (select a * 2) y(b) where l.k = 1 order by 1",
		"10|11|22; 11|12|24")
	db.Rows(`select v, y.w from l, lateral (select * from r where r.k = l.k) x, lateral (select x.w + l.v) y(w)
		order by 1, 2`,
		"10|110", "10|111", "11|111", "11|112", "20|220", "20|221")
	db.Is("select v from l, lateral (select from r where r.k = l.k) x order by 1", "10; 10; 11; 11; 20; 20")
	db.Rows(`select v, x.* from l left join lateral (select w, f from r where r.k = l.k and r.f > l.n) x on true
		order by 1, 2`,
		"10|101|1.5", "11|101|1.5", "20|<null>|<null>", "30|<null>|<null>", "40|<null>|<null>", "50|<null>|<null>")
	db.Rows(`select v, u from l, lateral (select 1 u union all select l.k union all select w from r
		where r.k = l.k) x where l.v < 20 order by 1, 2`,
		"10|1", "10|1", "10|100", "10|101", "11|1", "11|1", "11|100", "11|101")
}

// Joins of several tables keep the meaning of the parentheses and of the order of outer joins.
func TestJoinTrees(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table a (x int); create table b (x int, y int); create table c (y int)")
	db.Must(`insert into a values (1), (2), (3); insert into b values (1, 1), (2, null), (4, 4);
		insert into c values (1), (4), (5)`)
	db.Is("select a.x, b.y, c.y from a left join b on a.x = b.x left join c on b.y = c.y order by 1",
		"1|1|1; 2|<null>|<null>; 3|<null>|<null>")
	db.Is("select a.x, b.y, c.y from a left join (b join c on b.y = c.y) on a.x = b.x order by 1",
		"1|1|1; 2|<null>|<null>; 3|<null>|<null>")
	db.Is("select a.x, b.y, c.y from (a left join b on a.x = b.x) join c on b.y = c.y order by 1", "1|1|1")
	db.Rows("select a.x, b.x, c.y from a full join b on a.x = b.x full join c on b.y = c.y order by 1, 2, 3",
		"1|1|1", "2|2|<null>", "3|<null>|<null>", "<null>|4|4", "<null>|<null>|5")
	db.Is("select a.x, b.x, c.y from a left join b on a.x = b.x right join c on c.y = b.y order by 3, 1",
		"1|1|1; <null>|<null>|4; <null>|<null>|5")
	db.Rows("select a.x, b.x, c.y from a cross join b left join c on c.y = a.x and b.y is null order by 1, 2",
		"1|1|<null>", "1|2|1", "1|4|<null>", "2|1|<null>", "2|2|<null>", "2|4|<null>", "3|1|<null>", "3|2|<null>",
		"3|4|<null>")
	db.Is("select a.x from a left join b on a.x = b.x where b.x is null order by 1", "3")
	db.Is("select a.x, coalesce(b.y, -1) from a left join b on a.x = b.x where coalesce(b.y, -1) < 0 order by 1",
		"2|-1; 3|-1")
	db.Is("select count(*) from a, b, c where a.x = b.x or b.y = c.y", "11")
	db.Is("select a1.x, a2.x from a a1 left join a a2 on a2.x = a1.x + 1 order by 1", "1|2; 2|3; 3|<null>")
	db.Is("select a.x from a left join b on a.x = b.x and exists (select from c where c.y = b.y) where b.x is not null",
		"1")
	db.Is(`select (select count(*) from b left join c on c.y = b.y and b.x = a.x where c.y is not null) from a
		order by a.x`,
		"1; 0; 0")
	db.Is("select x from a full join b on a.x = b.x", `42702: column reference "x" is ambiguous`)
	db.Is("select 1 from a join b on a.x", "42804: argument of JOIN/ON must be type boolean, not type integer")
	db.Is("select 1 from a join b on c.y = 1 join c on true", `42P01: missing FROM-clause entry for table "c"`)
}
