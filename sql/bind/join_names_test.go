package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

const joinsDDL = `create table a (id int, x text, y int2, only_a int);
	create table b (id int8, x varchar(5), y int4, only_b int);
	create table c (id numeric, z date, only_c int);
	insert into a values (1, 'one', 1, 11), (2, 'two', null, 12);
	insert into b values (1, 'one', 1, 21), (3, 'three', 3, 22);
	insert into c values (1, '2024-01-01', 31), (4, null, 32);`

// USING merges the columns of its list into one each, which come first; the others of both sides follow.
func TestUsing(t *testing.T) {
	f := answers(t, joinsDDL)
	f("select * from a join b using (id)", "1|one|1|11|one|1|21")
	f("select * from a join b using (x, id)", "one|1|1|11|1|21")
	f("select * from a left join b using (id) order by 1", "1|one|1|11|one|1|21; 2|two|<null>|12|<null>|<null>|<null>")
	f("select * from a right join b using (id) order by 1", "1|one|1|11|one|1|21; 3|<null>|<null>|<null>|three|3|22")
	f("select * from a full join b using (id) order by 1",
		"1|one|1|11|one|1|21; 2|two|<null>|12|<null>|<null>|<null>; 3|<null>|<null>|<null>|three|3|22")
	f("select id, a.id, b.id from a full join b using (id) order by 1", "1|1|1; 2|2|<null>; 3|<null>|3")
	f("select id, a.*, b.* from a join b using (id)", "1|1|one|1|11|1|one|1|21")
	f("select x from a join b using (id)", `42702: column reference "x" is ambiguous @ x from a joi`)
	f("select a.x, b.x from a join b using (id)", "one|one")
	f("select * from a join b using (id) join c using (id)", "1|one|1|11|one|1|21|2024-01-01|31")
	f("select * from a join (b join c using (id)) using (id)", "1|one|1|11|one|1|21|2024-01-01|31")
	f("select * from a full join b using (id) full join c using (id) order by 1",
		"1|one|1|11|one|1|21|2024-01-01|31; 2|two|<null>|12|<null>|<null>|<null>|<null>|<null>; "+
			"3|<null>|<null>|<null>|three|3|22|<null>|<null>; 4|<null>|<null>|<null>|<null>|<null>|<null>|<null>|32")
	f("select id from a left join b using (id) left join c using (id) order by 1", "1; 2")
	f("select count(*) from a join b using (id, x, y)", "1")
	f("select j.id from (a join b using (id)) as j (id)", "1")
	f("select j.* from a join b using (id) as j", "1")
	f("select j.id, a.id, only_b from a join b using (id) as j", "1|1|21")
	f("select j.x from a join b using (id) as j",
		`42703: column j.x does not exist `+
			`HINT: Perhaps you meant to reference the column "a.x" or the column "b.x". @ j.x from a j`)
	f("select j from a join b using (id, x) as j", "(1,one)")
	f("select 1 from a join b using (id) as a", `42712: table name "a" specified more than once`)
	f("select * from a join b using (nope)", `42703: column "nope" specified in USING clause does not exist in left table`)
	f("select * from a join b using (only_a)",
		`42703: column "only_a" specified in USING clause does not exist in right table`)
	f("select * from a join b using (only_b)",
		`42703: column "only_b" specified in USING clause does not exist in left table`)
	f("select * from a join b using (id, id)", `42701: column name "id" appears more than once in USING clause`)
	f("select * from a join b on a.id = b.id join c using (id)",
		`42702: common column name "id" appears more than once in left table`)
	f("select * from c join (a join b on a.id = b.id) using (id)",
		`42702: common column name "id" appears more than once in right table`)
	f("select * from a join b using (id) where b.id = 1 and id = 1", "1|one|1|11|one|1|21")
	f("select id from a join b using (id) group by id", "1")
	f("select a.id from a join b using (id) group by id",
		`42803: column "a.id" must appear in the GROUP BY clause or be used in an aggregate function @ a.id from a`)
	f("select b.id from a join b using (id) group by id", "1")
	f("select id from a left join b using (id) group by a.id order by 1", "1; 2")
	f("select id from a full join b using (id) group by id order by 1", "1; 2; 3")
	f("select a.id from a full join b using (id) group by id order by 1",
		`42803: column "a.id" must appear in the GROUP BY clause or be used in an aggregate function @ a.id from a`)
	f("select id, count(*) from a full join b using (id) group by id having id > 1 order by id", "2|1; 3|1")
	f("select only_a from a full join b using (id) order by id, only_b", "11; 12; <null>")
	f("update a set x = 'u' from b join c using (id) where a.id = b.id returning a.id, c.id", "1|1")
}

// NATURAL is USING with all the names that both sides have, none of them also.
func TestNatural(t *testing.T) {
	f := answers(t, joinsDDL)
	f("select * from a natural join b", "1|one|1|11|21")
	f("select * from a natural join c", "1|one|1|11|2024-01-01|31")
	f("select * from a natural left join c order by 1", "1|one|1|11|2024-01-01|31; 2|two|<null>|12|<null>|<null>")
	f("select * from a natural right join c order by 1", "1|one|1|11|2024-01-01|31; 4|<null>|<null>|<null>|<null>|32")
	f("select * from a natural full join c order by 1",
		"1|one|1|11|2024-01-01|31; 2|two|<null>|12|<null>|<null>; 4|<null>|<null>|<null>|<null>|32")
	f("select count(*) from (select 1 as p) s natural join (select 2 as q) r", "1")
	f("select * from (select 1 as p, 2 as q) s natural join (select 2 as q, 1 as p) r", "1|2")
	f("select * from (select 1 as p, 2 as p) s natural join (select 1 as p) r",
		`42702: common column name "p" appears more than once in left table`)
	f("select * from (select 1 as p) s natural join (select 1 as p, 2 as p) r",
		`42702: common column name "p" appears more than once in right table`)
	f("select * from a natural join b natural join c", "1|one|1|11|21|2024-01-01|31")
	f("select * from a natural join (select true as y) s",
		"42883: operator does not exist: smallint = boolean (no operator)")
	f("select * from a natural join (select 'x' as id) s", "42883: operator does not exist: integer = text (no operator)")
}

// A merged column has the common type of its two, and the modifier when both have the same.
func TestMergedTypes(t *testing.T) {
	db := dbtest.New(t)
	db.Must(joinsDDL + `create table d (x varchar(5), y numeric(5,2));
		create table e (x varchar(5), y numeric(5,2)); create table g (x varchar(9), y int);`)
	db.Describes("select id, x, y from a join b using (id, x, y)", "-> id bigint b.id; x text a.x; y integer b.y")
	db.Describes("select id, x, y from a left join b using (id, x, y)", "-> id bigint; x text a.x; y integer")
	db.Describes("select id, x, y from a right join b using (id, x, y)", "-> id bigint b.id; x text; y integer b.y")
	db.Describes("select id, x, y from a full join b using (id, x, y)", "-> id bigint; x text; y integer")
	db.Describes("select id from a join c using (id)", "-> id numeric c.id")
	db.Describes("select x, y from d join e using (x, y)", "-> x character varying(5) d.x; y numeric(5,2) d.y")
	db.Describes("select x, y from d full join e using (x, y)", "-> x character varying(5); y numeric(5,2)")
	db.Describes("select x, y from d join g using (x, y)", "-> x character varying; y numeric")
	db.Describes("select x, y from d full join g using (x, y)", "-> x character varying; y numeric")
	db.Describes("select x from g right join d using (x)", "-> x character varying")
	db.Describes("select * from (select 'a' as x) s join d using (x)", "-> x text; y numeric(5,2) d.y")
	db.Describes("select * from (select null as y) s join (select '1' as y) r using (y)", "-> y text")
	db.Is("select * from (select 1 as y) s join (select 'x'::text as y) r using (y)",
		"42883: operator does not exist: integer = text "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select * from (select 1 as y) s full join (select 'x'::text as y) r using (y)",
		"42883: operator does not exist: integer = text "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select * from (select '{}'::json as y) s join (select '{}'::json as y) r using (y)",
		"42883: operator does not exist: json = json "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select * from (select date '2024-01-01' as y) s join (select 1 as y) r using (y)",
		"42883: operator does not exist: date = integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// A condition of ON sees both sides of its join and nothing beside it.
func TestOnScope(t *testing.T) {
	f := answers(t, joinsDDL)
	f("select count(*) from a join b on a.id = b.id", "1")
	f("select count(*) from c, a join b on a.id = c.id",
		`42P01: invalid reference to FROM-clause entry for table "c" `+
			`DETAIL: There is an entry for table "c", but it cannot be referenced from this part of the query. @ c.id`)
	f("select count(*) from a join b on a.id = c.id, c", `42P01: missing FROM-clause entry for table "c" @ c.id, c`)
	f("select count(*) from a join b on a.id = c.id join c on true",
		`42P01: missing FROM-clause entry for table "c" @ c.id join c`)
	f("select count(*) from a join (b join c on a.id = c.id) on true",
		`42P01: invalid reference to FROM-clause entry for table "a" `+
			`DETAIL: There is an entry for table "a", but it cannot be referenced from this part of the query. @ a.id = c.id)`)
	f("select count(*) from a join b on true join c on a.id = c.id and b.id = c.id", "1")
	f("select count(*) from a join b on id = 1", `42702: column reference "id" is ambiguous @ id = 1`)
	f("select count(*) from a join b on only_a = only_b - 10", "2")
	f("select count(*) from a join b on a.only_a = (select only_c - 20 from c where c.id = a.id)", "2")
	f("select count(*) from a join b on exists (select 1 from c where c.id = b.id)", "2")
	f("select count(*) from a join b on count(*) > 1",
		"42803: aggregate functions are not allowed in JOIN conditions @ count(*) > 1")
	f("select count(*) from a join b on row_number() over () > 1",
		"42P20: window functions are not allowed in JOIN conditions @ row_number()")
	f("select count(*) from a join b on generate_series(1, 2) = 1",
		"0A000: set-returning functions are not allowed in JOIN conditions @ generate_ser")
	f("select count(*) from a full join b on a.id = b.id and a.x = b.x", "3")
	f("select count(*) from a full join b on true", "4")
	f("select count(*) from a full join b on false", "4")
	f("select count(*) from a full join b on a.id = b.id and only_a > 11", "4")
	f("select count(*) from a cross join b cross join c", "8")
	f("select count(*) from a inner join b on a.id = b.id left outer join c on c.id = b.id", "1")
}

// LATERAL sees what stands to its left; a function does so without the word; RIGHT and FULL hide their left side.
func TestLateral(t *testing.T) {
	f := answers(t, joinsDDL)
	f("select a.id, s.n from a, lateral (select a.id * 2 as n) s order by 1", "1|2; 2|4")
	f("select a.id, s.n from a, (select a.id * 2 as n) s",
		`42P01: invalid reference to FROM-clause entry for table "a" `+
			`DETAIL: There is an entry for table "a", but it cannot be referenced from this part of the query. `+
			`HINT: To reference that table, you must mark this subquery with LATERAL. @ a.id * 2 as`)
	f("select a.id, s.n from a, (select id * 2 as n) s",
		`42703: column "id" does not exist `+
			`DETAIL: There is a column named "id" in table "a", but it cannot be referenced `+
			`from this part of the query. `+
			`HINT: To reference that column, you must mark this subquery with LATERAL. @ id * 2 as n)`)
	f("select a.id, s.n from (select a.id * 2 as n) s, a", `42P01: missing FROM-clause entry for table "a" @ a.id * 2 as`)
	f("select a.id, s.n from lateral (select a.id * 2 as n) s, a",
		`42P01: missing FROM-clause entry for table "a" @ a.id * 2 as`)
	f("select a.id, g from a, generate_series(1, a.id) g order by 1, 2", "1|1; 2|1; 2|2")
	f("select a.id, g from generate_series(1, a.id) g, a", `42P01: missing FROM-clause entry for table "a" @ a.id) g, a`)
	f("select a.id, g from a join generate_series(1, a.id) g on true order by 1, 2", "1|1; 2|1; 2|2")
	f("select a.id, g from a left join generate_series(2, a.id) g on true order by 1, 2", "1|<null>; 2|2")
	f("select a.id, g from a right join generate_series(1, a.id) g on true",
		`42P10: invalid reference to FROM-clause entry for table "a" `+
			`DETAIL: The combining JOIN type must be INNER or LEFT for a LATERAL reference. @ a.id) g on t`)
	f("select a.id, g from a full join generate_series(1, a.id) g on true",
		`42P10: invalid reference to FROM-clause entry for table "a" `+
			`DETAIL: The combining JOIN type must be INNER or LEFT for a LATERAL reference. @ a.id) g on t`)
	f("select a.id, s.n from a right join lateral (select a.id as n) s on true",
		`42P10: invalid reference to FROM-clause entry for table "a" `+
			`DETAIL: The combining JOIN type must be INNER or LEFT for a LATERAL reference. @ a.id as n) s`)
	f("select a.id, s.n from a full join lateral (select a.id as n) s on true",
		`42P10: invalid reference to FROM-clause entry for table "a" `+
			`DETAIL: The combining JOIN type must be INNER or LEFT for a LATERAL reference. @ a.id as n) s`)
	f("select a.id, s.n from a left join lateral (select b.id as n from b where b.id = a.id) s on true order by 1",
		"1|1; 2|<null>")
	f("select s.n from a join b on true, lateral (select a.id + b.id as n) s order by 1", "2; 3; 4; 5")
	f("select s.n from a, b join lateral (select a.id + b.id as n) s on true order by 1", "2; 3; 4; 5")
	f("select s.n from a, b right join lateral (select a.id as n) s on true order by 1", "1; 1; 2; 2")
	f("select s.n from a, b right join lateral (select b.id as n) s on true",
		`42P10: invalid reference to FROM-clause entry for table "b" `+
			`DETAIL: The combining JOIN type must be INNER or LEFT for a LATERAL reference. @ b.id as n) s`)
	f("select s.n, r.m from a, lateral (select a.id as n) s, lateral (select s.n + a.id as m) r order by 1", "1|2; 2|4")
	f("select x.n from a, lateral (select n from (select a.id as n) q) x order by 1", "1; 2")
	f("select x.n from a, lateral (select (select a.id + b.id) as n from b) x order by 1", "2; 3; 4; 5")
	f("select x.c from a, lateral (select count(*) as c from b where b.id <= a.id) x", "1; 1")
	f("select x.c from a, lateral (select sum(a.id) as c) x",
		"42803: aggregate functions are not allowed in FROM clause of their own query level @ sum(a.id) as")
	f("select x.c from a, lateral (select sum(a.id) as c from b) x order by 1",
		"42803: aggregate functions are not allowed in FROM clause of their own query level @ sum(a.id) as")
	f("select x.* from a, lateral (values (a.id, a.x), (a.id + 10, 'more')) x order by 1",
		"1|one; 2|two; 11|more; 12|more")
	f("select x.* from a, lateral (select a.*) x order by 1", "1|one|1|11; 2|two|<null>|12")
	f("select x from a, lateral (select a) x order by 1", "one; two")
	f("select x.y from a, lateral (select a.only_a as y union all select b.only_b from b where b.id = a.id) x order by 1",
		"11; 12; 21")
	f("select (select x.n from lateral (select a.id as n) x) from a order by 1", "1; 2")
	f("select u, o from a, unnest(array[a.id, 9]) with ordinality v (u, o) order by 2, 1", "1|1; 2|1; 9|2; 9|2")
	f("select * from rows from (generate_series(1, 2), generate_series(1, 3)) as r (p, q)", "1|1; 2|2; <null>|3")
	f("update a set x = s.n from lateral (select a.id::text as n) s",
		`42P10: invalid reference to FROM-clause entry for table "a" `+
			`HINT: There is an entry for table "a", but it cannot be referenced from this part of the query. @ a.id::text a`)
	f("update a set x = s.n from b, lateral (select b.id::text as n) s where b.id = a.id returning a.x", "1")
	f("delete from a using lateral (select a.id) s",
		`42P10: invalid reference to FROM-clause entry for table "a" `+
			`HINT: There is an entry for table "a", but it cannot be referenced from this part of the query. @ a.id) s`)
	f("select 1 from a, lateral (select nope.id) s", `42P01: missing FROM-clause entry for table "nope" @ nope.id) s`)
	f("select 1 from a, lateral (select a.nope) s", "42703: column a.nope does not exist @ a.nope) s")
	f("select 1 from a x, lateral (select a.id) s",
		`42P01: invalid reference to FROM-clause entry for table "a" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ a.id) s`)
	f("select 1 from a, lateral (select id from b) s, lateral (select id) r",
		`42702: column reference "id" is ambiguous @ id) r`)
}
