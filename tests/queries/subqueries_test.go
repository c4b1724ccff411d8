package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// depots is a small database of places, goods and what of them lies where.
func depots(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
create table depot (id int primary key, name text, parent int);
create table goods (id int primary key, label text, cost int);
create table stock (depot int, goods int, n int);
insert into depot values (1, 'main', null), (2, 'east', 1), (3, 'west', 1), (4, 'dock', 2), (5, 'void', null);
insert into goods values (1, 'nut', 5), (2, 'bolt', 7), (3, 'cog', null), (4, 'axle', 90);
insert into stock values (1, 1, 100), (1, 2, 50), (2, 1, 10), (2, 3, null), (3, 2, 5), (4, 4, 1), (4, null, 3),
(null, 1, 9)`)
	return db
}

// A scalar subquery is one value: NULL of no row, an error of two.
func TestScalarSubqueries(t *testing.T) {
	db := depots(t)
	db.Rows(`select name, (select sum(n) from stock where depot = d.id), (select count(*) from stock
		where depot = d.id) from depot d order by id`,
		"main|150|2",
		"east|10|2",
		"west|5|1",
		"dock|4|2",
		"void|<null>|0",
	)
	db.Rows(`select name, (select p.name from depot p where p.id = d.parent) up from depot d
		order by up nulls first, name`,
		"main|<null>",
		"void|<null>",
		"dock|east",
		"east|main",
		"west|main",
	)
	db.Rows("select label from goods where cost = (select max(cost) from goods)",
		"axle",
	)
	db.Rows("select label from goods where cost > (select avg(cost) from goods where id < 3) order by 1",
		"axle",
		"bolt",
	)
	db.Rows("select (select label from goods where id = 99) is null, (select cost from goods where id = 3)",
		"t|<null>",
	)
	db.Rows("select (select 1) + (select 2) * (select (select 3))",
		"7",
	)
	db.Rows("select (select d from depot d where id = 2), (select array(select id from goods order by id desc))",
		"(2,east,1)|{4,3,2,1}",
	)
	db.Rows("select array(select n from stock where depot = d.id order by n) from depot d order by id",
		"{50,100}",
		"{10,NULL}",
		"{5}",
		"{1,3}",
		"{}",
	)
	db.Rows("select (select (g).label from goods g where id = 2), (select x.a from (select 5 a) x)",
		"bolt|5",
	)
	db.Rows("select name from depot d where (select count(*) from stock where depot = d.id) = 0",
		"void",
	)
	db.Rows(`select (select string_agg(g.label, '+' order by g.id) from stock s join goods g on g.id = s.goods
		where s.depot = d.id) from depot d order by id`,
		"nut+bolt",
		"nut+cog",
		"bolt",
		"axle",
		"<null>",
	)
	db.Rows(`select (select n from stock s where s.depot = d.id order by n desc nulls last limit 1) from depot d
		order by id`,
		"100",
		"10",
		"5",
		"3",
		"<null>",
	)
	db.Is("select (select id from depot)", "21000: more than one row returned by a subquery used as an expression")
	db.Is("select (select id, name from depot where id = 1)", "42601: subquery must return only one column")
	db.Is("select name, (select n from stock where depot = d.id) from depot d order by id",
		"21000: more than one row returned by a subquery used as an expression",
	)
	db.Is("select (select d.nope) from depot d",
		`42703: column d.nope does not exist HINT: Perhaps you meant to reference the column "d.name".`)
	db.Is("select (select)", "42601: subquery must return only one column")
}

// IN and NOT IN with NULLs on either side are true, false or unknown as SQL has it.
func TestInWithNulls(t *testing.T) {
	db := depots(t)
	db.Rows(`select 1 in (select cost from goods), 5 in (select cost from goods), null in (select cost
		from goods), null in (select 1 where false)`,
		"<null>|t|<null>|f",
	)
	db.Rows(`select 1 not in (select cost from goods), 5 not in (select cost from goods), 1 not in (select cost
		from goods where cost > 0)`,
		"<null>|f|t",
	)
	db.Rows("select null not in (select id from goods), null not in (select id from goods where false)",
		"<null>|t",
	)
	db.Rows(`select (1, null) in (select id, cost from goods), (1, null) in (select 2, 3),
		(3, 4) in (select id, cost from goods)`,
		"<null>|f|<null>",
	)
	db.Rows("select (3, 4) not in (select id, cost from goods), (9, 4) not in (select id, cost from goods)",
		"<null>|t",
	)
	db.Rows(`select id, goods in (select id from goods where cost > 6) from stock join depot on id = depot
		order by id, goods`,
		"1|f",
		"1|t",
		"2|f",
		"2|f",
		"3|t",
		"4|t",
		"4|<null>",
	)
	db.Rows("select id from depot where id not in (select depot from stock) order by id")
	db.Rows("select id from depot where id not in (select depot from stock where depot is not null) order by id",
		"5",
	)
	db.Rows("select id from depot where parent not in (select id from depot where parent is null) order by id",
		"4",
	)
	db.Rows("select id, parent in (select depot from stock where depot > 1) from depot order by id",
		"1|<null>",
		"2|f",
		"3|f",
		"4|t",
		"5|<null>",
	)
	db.Rows("select id, (id in (select depot from stock where goods = 1)) is not true from depot order by id",
		"1|f",
		"2|f",
		"3|t",
		"4|t",
		"5|t",
	)
	db.Rows("select 1 in (1, null), 2 in (1, null), 2 not in (1, null), null in (1), 1 not in (2, 3)",
		"t|<null>|<null>|<null>|t",
	)
	db.Rows("select id from goods g where cost in (select n / 20 from stock where goods = g.id) order by id",
		"1",
	)
	db.Is("select 'a' in (select id from goods)", `22P02: invalid input syntax for type integer: "a"`)
	db.Is("select name in (select id from goods) from depot",
		"42883: operator does not exist: text = integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.",
	)
}

// ANY and ALL compare with each row: of none, ANY is false and ALL is true.
func TestAnyAndAll(t *testing.T) {
	db := depots(t)
	db.Rows("select label from goods where cost > all (select cost from goods where cost < 50) order by 1",
		"axle",
	)
	db.Rows("select label from goods where cost >= all (select cost from goods) order by 1")
	db.Rows("select label from goods where cost < any (select n from stock where depot = 1) order by 1",
		"axle",
		"bolt",
		"nut",
	)
	db.Rows("select label from goods g where cost <> all (select n from stock where goods = g.id) order by 1",
		"axle",
		"bolt",
		"nut",
	)
	db.Rows(`select label from goods g where cost = some (select n + 4 from stock where goods is null or depot = 4)
		order by 1`,
		"bolt",
		"nut",
	)
	db.Rows(`select 1 < all (select cost from goods), 1 > all (select cost from goods), 100 < any (select cost
		from goods), 6 < any (select cost from goods)`,
		"<null>|f|<null>|t",
	)
	db.Rows(`select 1 = any (select 1 where false), 1 = all (select 1 where false), null = any (select 1
		where false), null < all (select 1)`,
		"f|t|f|<null>",
	)
	db.Rows("select (1, 5) = any (select id, cost from goods), (1, 6) <> all (select id, cost from goods)",
		"t|t",
	)
	db.Rows("select label like any (array['n%', '%x%']), label not like all (array['n%', '%x%']) from goods order by id",
		"t|f",
		"f|t",
		"f|t",
		"t|f",
	)
	db.Rows("select 'bolt' ilike any (select upper(label) from goods), 'b' ~ all (select '^.$')",
		"t|t",
	)
	db.Rows("select 3 = any (array(select id from goods)), 3 = all (array(select id from goods where false))",
		"t|t",
	)
	db.Is("select 1 > all (select id, cost from goods)", "42601: subquery has too many columns")
	db.Is("select 1 = any (5)", "42809: op ANY/ALL (array) requires array on right side")
	db.Is("select 1 + any (select 1)", "42804: row comparison operator must yield type boolean, not type integer")
}

// Subqueries see the query around them and the one around that.
func TestCorrelatedTwoLevels(t *testing.T) {
	db := depots(t)
	db.Rows(`select name from depot d where exists (select from stock s
		where s.depot = d.id and exists (select from goods g where g.id = s.goods and g.cost > d.id)) order by 1`,
		"dock",
		"east",
		"main",
		"west",
	)
	db.Rows(`select name, (select count(*) from stock s where s.depot = d.id and s.n > (select avg(n) from stock t
		where t.goods = s.goods and t.depot <> d.id)) from depot d order by 1`,
		"dock|0",
		"east|0",
		"main|2",
		"void|0",
		"west|0",
	)
	db.Rows(`select name, (select max((select g.cost * s.n from goods g where g.id = s.goods and d.id > 0))
		from stock s where s.depot = d.id) from depot d order by 1`,
		"dock|90",
		"east|50",
		"main|500",
		"void|<null>",
		"west|35",
	)
	db.Rows(`select label from goods g where not exists (select from depot d
		where d.parent is null and d.id < 5 and not exists (select from stock s
		where s.depot = d.id and s.goods = g.id)) order by 1`,
		"bolt",
		"nut",
	)
	db.Rows(`select d.name, (select (select (select d.id + s.n + g.id from goods g where g.id = s.goods)
		from stock s where s.depot = d.id order by s.n desc limit 1)) from depot d order by 1`,
		"dock|<null>",
		"east|<null>",
		"main|102",
		"void|<null>",
		"west|10",
	)
	db.Rows("select d.name, (select sum(d.id) from stock s where s.depot = d.id) from depot d order by 1",
		`42803: column "d.name" must appear in the GROUP BY clause or be used in an aggregate function`,
	)
	db.Rows("select (select sum(d.id)) from depot d",
		"15",
	)
	db.Rows("select (select count(s.depot) from goods g where g.id = 1) from stock s",
		"7",
	)
	db.Rows(`select d.parent, (select string_agg(x.name, ',' order by x.name) from depot x
		where x.id <> d.parent and x.parent = d.parent) from depot d group by d.parent order by 1`,
		"1|east,west",
		"2|dock",
		"<null>|<null>",
	)
	db.Rows(`select name from depot d where id in (select depot from stock s
		where n > (select min(n) from stock where depot = s.depot and goods <= d.id)) order by 1`,
		"dock",
	)
	db.Is("select (select name from stock where depot = x.id) from depot d",
		`42P01: missing FROM-clause entry for table "x"`)
	db.Is("select (select d.name) from depot d group by d.id + 1",
		`42803: subquery uses ungrouped column "d.name" from outer query`)
}

// Every clause takes a subquery.
func TestSubqueriesInClauses(t *testing.T) {
	db := depots(t)
	db.Rows("select id from depot order by (select count(*) from stock where depot = id), id desc",
		"5",
		"3",
		"4",
		"2",
		"1",
	)
	db.Rows("select id from depot order by id limit (select cost - 3 from goods where id = 1) offset (select 1)",
		"2",
		"3",
	)
	db.Rows("select id from depot order by id limit (select null::int) offset (select 3)",
		"4",
		"5",
	)
	db.Rows(`select id, case when id in (select depot from stock) then 'has' when (select true) then 'none' end
		from depot order by id`,
		"1|has",
		"2|has",
		"3|has",
		"4|has",
		"5|none",
	)
	db.Rows(`select case (select count(*) from stock where depot = d.id) when 0 then 'zero' when 2 then 'two' else
		'some' end from depot d order by id`,
		"two",
		"two",
		"some",
		"two",
		"zero",
	)
	db.Rows("select coalesce((select cost from goods where id = d.id), (select -1)) from depot d order by id",
		"5",
		"7",
		"-1",
		"90",
		"-1",
	)
	db.Rows("values ((select max(id) from depot), 'a'), (0, (select label from goods where id = 2)) order by 1",
		"0|bolt",
		"5|a",
	)
	db.Rows("select * from (values ((select 1)), ((select 2))) v(x) order by x",
		"1",
		"2",
	)
	db.Rows("select depot, sum(n) from stock group by depot having sum(n) > (select avg(n) from stock) order by 1",
		"1|150",
	)
	db.Rows(`select d.id, s.n from depot d left join stock s on s.depot = d.id and s.n = (select max(n) from stock
		where depot = d.id) order by 1`,
		"1|100",
		"2|10",
		"3|5",
		"4|3",
		"5|<null>",
	)
	db.Rows("select array[(select 1), (select 2)], row((select 3), 'x'), greatest((select 4), 2)",
		"{1,2}|(3,x)|4",
	)
	db.Rows("select id between (select 2) and (select max(id) - 1 from depot) from depot order by id",
		"f",
		"t",
		"t",
		"t",
		"f",
	)
	db.Rows("select g from generate_series((select min(id) from depot), (select count(*)::int from goods)) g order by g",
		"1",
		"2",
		"3",
		"4",
	)
	db.Rows("select sum(n) filter (where depot in (select id from depot where parent is null)) from stock",
		"150",
	)
	db.Rows("select id, sum(id) over (order by id rows (select 1) preceding) from depot order by id",
		"1|1",
		"2|3",
		"3|5",
		"4|7",
		"5|9",
	)
	db.Is("select id from depot limit (select id from depot)",
		"21000: more than one row returned by a subquery used as an expression")
	db.Is("select id from depot limit (select -1)", "2201W: LIMIT must not be negative")
	db.Is("select id from depot d limit d.id", "42P10: argument of LIMIT must not contain variables")
	db.Is("select * from (select 1)", "1")
	db.Is("create table bad (a int default (select 1))", "0A000: cannot use subquery in DEFAULT expression")
	db.Is("create table bad (a int check (a in (select id from depot)))", "0A000: cannot use subquery in check constraint")
}

// INSERT, UPDATE and DELETE take their rows, values and conditions from subqueries, all of the state before them.
func TestSubqueriesThatWrite(t *testing.T) {
	db := depots(t)
	db.Rows(`insert into depot values ((select max(id) + 1 from depot), (select label from goods where id = 1))
		returning *`,
		"6|nut|<null>",
	)
	db.Rows(`insert into depot select id + 10, label || '!', (select min(id) from depot) from goods
		where cost is not null returning id, name, parent, (select count(*) from depot)`,
		"11|nut!|1|6",
		"12|bolt!|1|6",
		"14|axle!|1|6",
	)
	db.Rows("update depot set name = (select label from goods g where g.id = depot.id) where id < 6 returning id, name",
		"1|nut",
		"2|bolt",
		"3|cog",
		"4|axle",
		"5|<null>",
	)
	db.Rows(`update depot set (name, parent) = (select label || cost, cost from goods g where g.id = depot.id - 10)
		where id > 10 returning *`,
		"11|nut5|5",
		"12|bolt7|7",
		"14|axle90|90",
	)
	db.Rows("update goods set cost = coalesce(cost, 0) + (select count(*) from goods) returning id, cost",
		"1|9",
		"2|11",
		"3|4",
		"4|94",
	)
	db.Rows(`update goods set cost = s.total from (select goods, sum(n) total from stock group by goods) s
		where s.goods = goods.id returning id, cost`,
		"1|119",
		"2|55",
		"3|<null>",
		"4|1",
	)
	db.Rows(`delete from stock where n < (select avg(n) from stock) and depot in (select id from depot)
		returning depot, goods, n`,
		"2|1|10",
		"3|2|5",
		"4|4|1",
		"4|<null>|3",
	)
	db.Rows("delete from stock using (select id from goods where label = 'nut') g where goods = g.id returning g.id, n",
		"1|100",
		"1|9",
	)
	db.Is("update goods set cost = (select id from goods)",
		"21000: more than one row returned by a subquery used as an expression")
	db.Is("update goods set (label, cost) = (select 1)", "42601: number of columns does not match number of values")
	db.Is("update goods set (label, cost) = (select label, cost from goods where false) where id = 1 returning *",
		"1|<null>|<null>")
	db.Is("insert into goods values (9, (select label, id from goods))", "42601: subquery must return only one column")
	db.Is("delete from goods where id = (select id from depot union all select id from goods)",
		"21000: more than one row returned by a subquery used as an expression",
	)
}

// WITH names queries for what follows, in any depth; one that writes does so once, whoever reads it.
func TestCommonTables(t *testing.T) {
	db := depots(t)
	db.Rows(`with a as (select id from depot where parent is null), b as (select id + 1 x from a) select a.id, b.x
		from a, b order by 1, 2`,
		"1|2",
		"1|6",
		"5|2",
		"5|6",
	)
	db.Rows("with a(x, y) as (select id, name from depot) select y from a where x = (select max(x) from a)",
		"void",
	)
	db.Rows("with a as (with b as (select 1 x) select x + 1 y from b) select * from a",
		"2",
	)
	db.Rows(`with a as (select 1 x) select * from (with a as (select 2 x) select x from a union all select x
		from a) q order by x`,
		"2",
		"2",
	)
	db.Rows("with depot as (select 99 id) select id from depot",
		"99",
	)
	db.Rows("with a as (select 1 x), b as (with a as (select x + 1 x from a) select x from a) select a.x, b.x from a, b",
		"1|2",
	)
	db.Rows("select (with m as (select max(n) k from stock where depot = d.id) select k from m) from depot d order by id",
		"100",
		"10",
		"5",
		"3",
		"<null>",
	)
	db.Rows(`with a as materialized (select id from depot), b as not materialized (select id from goods)
		select count(*), sum(a.id) from a join b using (id)`,
		"4|10",
	)
	db.Rows(`with gone as (delete from stock where n < 5 returning *)
		select count(*), sum(n), (select count(*) from stock) from gone`,
		"2|4|8",
	)
	db.Rows("select count(*) from stock",
		"6",
	)
	db.Rows(`with new as (insert into goods values (7, 'pin', 1) returning id),
		up as (update goods set cost = 8 where id = 1 returning cost) select id, cost, (select count(*) from goods)
		from new, up`,
		"7|8|4",
	)
	db.Rows("with a as (insert into goods values (8, 'rod', 2)) select id, cost from goods order by id",
		"1|8",
		"2|7",
		"3|<null>",
		"4|90",
		"7|1",
	)
	db.Rows(`with x as (select max(id) m from goods) update goods set label = 'last' from x where id = m
		returning id, label`,
		"8|last",
	)
	db.Rows("with x as (select 22 i) delete from goods using x where id = i returning label")
	db.Is("with a as (select 1), a as (select 2) select * from a", `42712: WITH query name "a" specified more than once`)
	db.Is("with a(x, y) as (select 1) select * from a",
		`42P10: WITH query "a" has 1 columns available but 2 columns specified`)
	db.Is("with a as (delete from stock) select * from a", `0A000: WITH query "a" does not have a RETURNING clause`)
	db.Is("select * from (with a as (delete from stock returning n) select n from a) q",
		"0A000: WITH clause containing a data-modifying statement must be at the top level",
	)
	db.Is("with a as (select 1)", "42601: syntax error at end of input")
}

// Recursive tables grow until no new row comes; UNION also stops what goes in circles.
func TestRecursiveTables(t *testing.T) {
	db := depots(t)
	db.Rows("with recursive r(n) as (values (1) union all select n + 1 from r where n < 5) select n from r order by n",
		"1",
		"2",
		"3",
		"4",
		"5",
	)
	db.Rows(`with recursive r as (select id, name::text path, 0 depth from depot where parent is null union all
		select d.id, r.path || '/' || d.name, depth + 1 from depot d join r on d.parent = r.id) select * from r
		order by path`,
		"1|main|0",
		"2|main/east|1",
		"4|main/east/dock|2",
		"3|main/west|1",
		"5|void|0",
	)
	db.Rows(`with recursive up as (select id, parent from depot where id = 4 union all select d.id, d.parent
		from depot d, up where d.id = up.parent) select id from up order by id`,
		"1",
		"2",
		"4",
	)
	db.Rows(`with recursive e(a, b) as (values (1, 2), (2, 3), (3, 1), (3, 4)), r as (select 1 n union select b
		from e join r on a = n) select n from r order by n`,
		"1",
		"2",
		"3",
		"4",
	)
	db.Rows("with recursive r(n) as (select 1 union all select n * 2 from r) select n from r limit 5",
		"1",
		"2",
		"4",
		"8",
		"16",
	)
	db.Rows(`with recursive r(a, b) as (select 0, 1 union all select b, a + b from r where b < 50)
		select max(b), count(*) from r`,
		"55|10",
	)
	db.Rows(`with recursive r(n) as (select 1 union all select n + 1 from r where n < 2100)
		select count(*), sum(n), max(n) from r`,
		"2100|2206050|2100",
	)
	db.Rows("with recursive r(n) as (select 1 union select (n + 1) % 7 from r) select array_agg(n order by n) from r",
		"{0,1,2,3,4,5,6}",
	)
	db.Rows(`with recursive r(n, s) as (select 1, 'a' union all select n + 1, s || 'a' from r where length(s) < 3),
		q as (select max(n) m from r) select m from q`,
		"3",
	)
	db.Rows(`with recursive r(n) as (select 1 union all select n + 1 from r where n < 3) select d.id, r.n
		from depot d left join r on r.n = d.id order by 1`,
		"1|1",
		"2|2",
		"3|3",
		"4|<null>",
		"5|<null>",
	)
	db.Rows(`with recursive r as (select id, parent from depot where id = 1 union all select d.id, d.parent
		from r, lateral (select * from depot x where x.parent = r.id) d) select id from r order by id`,
		"1",
		"2",
		"3",
		"4",
	)
	db.Rows(`with recursive e(a, b) as (values (1, 2), (2, 1)), r as (select 1 n, array[1] p, false c union all
		select b, p || b, b = any (p) from r join e on a = n where not c) select n, p, c from r order by cardinality(p)`,
		"1|{1}|f",
		"2|{1,2}|f",
		"1|{1,2,1}|t",
	)
	db.Rows("with recursive r(n) as (select 1 where false union all select n + 1 from r) select count(*) from r",
		"0",
	)
	db.Rows("with recursive plain as (select 5 x) select x from plain",
		"5",
	)
	db.Is("with recursive r(n) as (select n from r) select * from r",
		`42P19: recursive query "r" does not have the form non-recursive-term UNION [ALL] recursive-term`,
	)
	db.Is("with recursive r(n) as (select n + 1 from r union all select 1) select * from r",
		`42P19: recursive reference to query "r" must not appear within its non-recursive term`,
	)
	db.Is("with recursive r(n) as (select 1 union all select a.n from r a, r b) select * from r",
		`42P19: recursive reference to query "r" must not appear more than once`,
	)
	db.Is("with recursive r(n) as (select 1 union all select max(n) from r) select * from r",
		"42P19: aggregate functions are not allowed in a recursive query's recursive term",
	)
	db.Is("with recursive r(n) as (select 1 union all select d.id from depot d left join r on true) select * from r",
		`42P19: recursive reference to query "r" must not appear within an outer join`,
	)
	db.Is("with recursive r(n) as (select 1 union all select 2 where 1 in (select n from r)) select * from r",
		`42P19: recursive reference to query "r" must not appear within a subquery`,
	)
	db.Is("with recursive r(n) as (select 1 except select n from r) select * from r",
		`42P19: recursive query "r" does not have the form non-recursive-term UNION [ALL] recursive-term`,
	)
	db.Is("with recursive r(n) as (select 1 union all select n + 0.5 from r where n < 3) select * from r",
		`42804: recursive query "r" column 1 has type integer in non-recursive term but type numeric overall `+
			`HINT: Cast the output of the non-recursive term to the correct type.`,
	)
	db.Is(`with recursive r(n) as (select 'a' union all select n || 'b' from r where n < 'abb') select * from r
		order by n`,
		"a; ab; abb")
	db.Is("with recursive r(n) as (select 1 union all select n, n from r) select * from r",
		"42601: each UNION query must have the same number of columns",
	)
	db.Is("with recursive a as (select 1 union all select * from b), b as (select * from a) select * from a",
		"0A000: mutual recursion between WITH items is not implemented",
	)
	db.Is("with recursive r(n) as (select 1 union all select n + 1 from r order by 1) select * from r",
		"0A000: ORDER BY in a recursive query is not implemented",
	)
}
