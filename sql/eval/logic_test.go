package eval_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Each truth table of three values holds over columns, over constants and in a filter.
func TestThreeValues(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table v (n int, p bool, q bool)")
	db.Must(`insert into v select row_number() over (), p, q
		from (values (true), (false), (null)) a(p), (values (true), (false), (null)) b(q)`)
	db.Rows("select p and q, p or q, not p from v order by n",
		"t|t|f", "f|t|f", "<null>|t|f", "f|t|t", "f|f|t", "f|<null>|t", "<null>|t|<null>", "f|<null>|<null>",
		"<null>|<null>|<null>")
	db.Rows("select p = q, p <> q, p < q, p >= q from v order by n",
		"t|f|f|t", "f|t|f|t", "<null>|<null>|<null>|<null>", "f|t|t|f", "t|f|f|t", "<null>|<null>|<null>|<null>",
		"<null>|<null>|<null>|<null>", "<null>|<null>|<null>|<null>", "<null>|<null>|<null>|<null>")
	db.Rows("select p is distinct from q, p is not distinct from q from v order by n",
		"f|t", "t|f", "t|f", "t|f", "f|t", "t|f", "t|f", "t|f", "f|t")
	db.Rows(`select p is true, p is not true, p is false, p is not false, p is unknown, p is not unknown, p is null
		from v where q order by n`,
		"t|f|f|t|f|t|f", "f|t|t|f|f|t|f", "f|t|f|t|t|f|t")
	db.Is("select n from v where p and q order by n", "1")
	db.Is("select n from v where p or q order by n", "1; 2; 3; 4; 7")
	db.Is("select n from v where not (p and q) order by n", "2; 4; 5; 6; 8")
	db.Is("select n from v where not (p or q) order by n", "5")
	db.Is("select n from v where (p = q) is null order by n", "3; 6; 7; 8; 9")
	db.Is("select n from v where p is not distinct from q order by n", "1; 5; 9")
	db.Is("select n from v where coalesce(p, q, true) order by n", "1; 2; 3; 7; 9")
	db.Is("select true and null, false and null, null and null, true or null, false or null, not null::bool",
		"<null>|f|<null>|t|<null>|<null>")
	db.Is("select null = null, null <> null, null is null, (null = 1) is null, null is distinct from 1",
		"<null>|<null>|t|t|t")
	db.Is("select bool_and(p), bool_or(p), every(q) from v", "f|t|f")
}

// An operand that decides keeps the others from being computed: what they would raise is not raised.
func TestNarrowing(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table d (a int, b int)")
	db.Must("insert into d values (0, 1), (1, 0), (2, null), (null, 4)")
	db.Is("select a, case when a = 0 then -1 else 10 / a end from d order by a", "0|-1; 1|10; 2|5; <null>|<null>")
	db.Is("select a, case a when 0 then -1 when 1 then 10 / a else a end from d order by a",
		`42702: ORDER BY "a" is ambiguous`)
	db.Is("select a, case when a <> 0 and 10 / a > 4 then 'big' else 'small' end from d order by a",
		"0|small; 1|big; 2|big; <null>|small")
	db.Is("select a from d where a <> 0 and 10 / a > 4 order by a", "1; 2")
	db.Is("select a from d where a = 0 or 10 / a > 4 order by a", "0; 1; 2")
	db.Is("select a, coalesce(b, 10 / a) from d where a is not null order by a", "0|1; 1|0; 2|5")
	db.Is("select a, coalesce(a, 10 / b) from d order by a", "0|0; 1|1; 2|2; <null>|2")
	db.Rows("select a, nullif(a, 0), 10 / nullif(a, 0) from d order by a",
		"0|<null>|<null>", "1|1|10", "2|2|5", "<null>|<null>|<null>")
	db.Is("select case when false then 1 / 0 end, case when true then 1 else 1 / 0 end, coalesce(1, 1 / 0)", "<null>|1|1")
	db.Is("select case when null then 1 / 0 else 2 end, case 1 when 2 then 1 / 0 end", "2|<null>")
	db.Is("select true or 1 / 0 = 1, false and 1 / 0 = 1", "t|f")
	db.Is("select a, case when b = 0 then 1 / b end from d where b <> 0 or b is null order by a",
		"0|<null>; 2|<null>; <null>|<null>")
	db.Is("select 10 / a from d", "22012: division by zero")
	db.Is("select a from d where 10 / a > 0", "22012: division by zero")
	db.Is("select case when a >= 0 then 10 / a end from d", "22012: division by zero")
	db.Is("select greatest(a, 10 / a) from d", "22012: division by zero")
	db.Is("select a in (1, 10 / a) from d", "22012: division by zero")
	db.Is("select sum(case when a > 0 then 10 / a end), count(*) filter (where a > 0 and 10 / a = 5) from d", "15|1")
	db.IsWith("select case when $1::int = 0 then 0 else 1 / $1::int end", []string{"0"}, "0")
	db.IsWith("select case when $1::int = 0 then 1 / $1::int else 0 end", []string{"0"}, "22012: division by zero")
	db.Is("select a, case when a = 0 then case when b = 1 then 'x' else (1 / a)::text end else 'y' end from d order by a",
		"0|x; 1|y; 2|y; <null>|y")
	db.Is("select a, (select case when a = 0 then 0 else 6 / a end) from d order by a", "0|0; 1|6; 2|3; <null>|<null>")
}

// CASE has the type and the value of its arms, searched and simple, nested and without ELSE.
func TestCaseForms(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select case 1 when 1 then 'one' when 2 then 'two' else 'many' end", "one")
	db.Is("select case null when null then 'same' else 'other' end", "other")
	db.Is("select case when null then 1 end is null", "t")
	db.Is("select case 2 when 1 then 'a' end", "<null>")
	db.Is("select case 1::bigint when 1::smallint then 'same' end", "same")
	db.Is("select case 'a' when 'a'::varchar then 1 end", "1")
	db.Is("select case 1.0 when 1 then 'same' end", "same")
	db.Is("select case when true then 1 else 2.5 end, pg_typeof(case when true then 1 else 2.5 end)", "1|numeric")
	db.Is("select pg_typeof(case when true then 'x' end), pg_typeof(case when true then null end)", "text|text")
	db.Is("select case when 1 then 2 end", "42804: argument of CASE/WHEN must be type boolean, not type integer")
	db.Is("select case when true then 1 else 'x' end", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select case when true then 1 else true end", "42804: CASE types boolean and integer cannot be matched")
	db.Is("select case when true then array[1] else '{2}' end", "{1}")
	db.Is(`select case x when 1 then case y when 2 then 'b' else 'c' end else 'd' end
		from (values (1, 2), (1, 3), (2, 2)) v(x, y)`,
		"b; c; d")
	db.Is("select case (select 1) when 1 then (select 'q') end", "q")
	db.Is("select case row(1, 2) when row(1, 2) then 'row' end", "row")
	db.Is("select case array[1, 2] when '{1,2}' then 'array' end", "array")
}

// COALESCE, NULLIF, GREATEST and LEAST find their common type and treat nulls each in its way.
func TestConditionalForms(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select coalesce(null, null), coalesce(null, 1), coalesce(1, null, 2), pg_typeof(coalesce(null, 1, 2.5))",
		"<null>|1|1|numeric")
	db.Is("select coalesce(1, 'x')", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select coalesce(null, 'x'), pg_typeof(coalesce(null, 'x'))", "x|text")
	db.Is("select nullif(1, 1), nullif(1, 2), nullif(null, 1), nullif(1, null), pg_typeof(nullif(1, 2.0))",
		"<null>|1|<null>|1|numeric")
	db.Is("select nullif('a', 'a'), nullif('a', 'b'), nullif(1, 1.0), nullif(1.50, 1.5)", "<null>|a|<null>|<null>")
	db.Is("select nullif(array[1], array[1]), nullif(1, 'x')", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select nullif('{}'::json, '{}'::json)",
		"42883: operator does not exist: json = json "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select greatest(1, null, 3), least(1, null, 3), greatest(null, null), least(2)", "3|1|<null>|2")
	db.Is("select greatest(1, 2.5), pg_typeof(greatest(1, 2.5)), least('a', 'B', 'c'), greatest(1.0, 1.00)",
		"2.5|numeric|B|1.0")
	db.Is("select greatest('NaN'::float8, 1), least('NaN'::float8, 1), greatest('-0'::float8, 0)", "NaN|1|-0")
	db.Is("select greatest(date '2024-01-01', timestamp '2024-01-01 12:00'), least('1 mon'::interval, '31 days')",
		"2024-01-01 12:00:00|1 mon")
	db.Is("select greatest(array[1, 2], array[1, 3], null), least(false, true)", "{1,3}|f")
	db.Is("select greatest('{}'::json, '{}')", "42883: could not identify a comparison function for type json")
	db.Is("select greatest(1, 'x')", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select greatest(row(1, 2), row(1, 3))", "(1,3)")
}

// IN, ANY and ALL over lists, arrays and subqueries follow the rules of nulls, whatever the number of members.
func TestMembership(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table m (a int)")
	db.Must("insert into m values (1), (2), (5), (null)")
	db.Rows("select a, a in (1, 2), a in (1, null), a not in (1, 2), a not in (1, null) from m order by a",
		"1|t|t|f|f",
		"2|t|<null>|f|<null>",
		"5|f|<null>|t|<null>",
		"<null>|<null>|<null>|<null>|<null>")
	db.Rows(`select a, a in (1, 2, 3, 4, 5, 6), a in (1, 2, 3, 4, 6, null), a not in (1, 2, 3, 4, 6, null) from m
		order by a`,
		"1|t|t|f", "2|t|t|f", "5|t|<null>|<null>", "<null>|<null>|<null>|<null>")
	db.Rows(`select a, a = any ('{1,2}'), a = any ('{1,null}'), a = any ('{}'), a <> all ('{1,2}'), a <> all ('{}')
		from m order by a`,
		"1|t|t|f|f|t",
		"2|t|<null>|f|f|t",
		"5|f|<null>|f|t|t",
		"<null>|<null>|<null>|f|<null>|t")
	db.Rows(`select a, a = any (null::int[]), a <> all (null::int[]), a > any ('{1,3}'), a > all ('{1,3}'),
		a >= all ('{1,null}') from m order by a`,
		"1|<null>|<null>|f|f|<null>",
		"2|<null>|<null>|t|f|<null>",
		"5|<null>|<null>|t|t|<null>",
		"<null>|<null>|<null>|<null>|<null>|<null>")
	db.Rows("select a, a = any ('{{1,2},{3,5}}'), a = any ('[5:6]={5,null}') from m order by a",
		"1|t|<null>", "2|t|<null>", "5|t|t", "<null>|<null>|<null>")
	db.Rows(`select a, a in (select 1 union select 5), a in (select null::int), a in (select 1
		where false), a not in (select 1 where false) from m order by a`,
		"1|t|<null>|f|t", "2|f|<null>|f|t", "5|t|<null>|f|t", "<null>|<null>|<null>|f|t")
	db.Rows(`select a, a > all (select 1), a > any (select b from (values (1), (null)) v(b)), a < all (select 1
		where false) from m order by a`,
		"1|f|<null>|t", "2|t|t|t", "5|t|t|t", "<null>|<null>|<null>|t")
	db.Is("select a from m where a in (1, 2, 3, 4, 5, 6) order by a", "1; 2; 5")
	db.Is("select a from m where a not in (1, 2, 3, 4, 6, 7) order by a", "5")
	db.Is("select a from m where a not in (1, 2, 3, 4, 6, null) order by a", "")
	db.Is("select a from m where a = any (array[1, a]) order by a", "1; 2; 5")
	db.Is(`select 1.0 in (1, 2, 3, 4), 1.5 in (1, 2, 3, 4), 'a' in ('a ', 'b', 'c', 'd'),
		'a'::char(3) in ('a', 'b', 'c', 'd')`,
		"t|f|f|t")
	db.Is("select 'NaN'::float8 in ('NaN', 1, 2, 3), '-0'::float8 in (0, 1, 2, 3), 0::float4 in ('-0', 1, 2, 3)", "t|t|t")
	db.Is(`select interval '1 mon' in ('30 days', '1 day', '2 days', '3 days'),
		'12:00+01'::timetz in ('11:00+00', '1:00', '2:00', '3:00')`,
		"t|f")
	db.Is("select 1 in (1, 'x')", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select 1 in ('1', '2'), 1 in (2, 3.5, 1.0), true in (false, true)", "t|t|t")
	db.Is(`select (1, 2) in ((1, 2), (3, 4)), (1, null) in ((1, 2), (3, 4)), (1, null) in ((2, 2), (3, 4)),
		(1, 2) not in ((1, null), (3, 4))`,
		"t|<null>|f|<null>")
	db.Is(`select (1, 2) = any (select 1, 2), (1, 3) in (select 1, 2), (1, null) in (select 1, 2),
		(1, 2) <> all (select 3, null)`,
		"42883: operator does not exist: integer <> text "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select '2024-01-01' in (date '2024-01-01', timestamp '2024-01-01 00:00')", "t")
	db.Is("select 1 = any (array[]::int[]), 1 / 0 = any (array[]::int[])", "22012: division by zero")
	db.Is("select 1 = any ('x')",
		`22P02: malformed array literal: "x" DETAIL: Array value must start with "{" or dimension information.`)
	db.Is("select 1 = any (1)", "42809: op ANY/ALL (array) requires array on right side")
	db.Is("select 'abc' like any (array['a%', 'b%']), 'abc' like all (array['a%', '%c']), 'abc' ~ any (array['x', 'b'])",
		"t|t|t")
	db.Is("select array[1, 2] = any (array[array[1, 2]])",
		"42883: operator does not exist: integer[] = integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.IsWith("select a from m where a = any ($1) order by a", []string{"{1,5,null}"}, "1; 5")
	db.IsWith("select a from m where a in ($1, $2) order by a", []string{"1", "5"}, "1; 5")
}

// Rows compare field by field; a null leaves the comparison open unless a field has settled it.
func TestRowComparisons(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select (1, 2) = (1, 2), (1, 2) = (1, 3), (1, null) = (1, 2), (1, null) = (2, 2), (null, 1) = (null, 1)",
		"t|f|<null>|f|<null>")
	db.Is("select (1, 2) <> (1, 2), (1, 2) <> (1, 3), (1, null) <> (1, 2), (1, null) <> (2, 2), (null, 1) <> (2, 2)",
		"f|t|<null>|t|t")
	db.Is(`select (1, 2) < (1, 3), (1, 2) < (1, 2), (1, 2) < (0, 9), (1, null) < (2, 0), (1, null) < (1, 0),
		(null, 1) < (1, 1)`,
		"t|f|f|t|<null>|<null>")
	db.Is("select (1, 2) <= (1, 2), (1, 2) >= (1, 2), (1, 2) > (1, 1), (1, null) >= (0, 0), (1, null) <= (1, null)",
		"t|t|t|t|<null>")
	db.Is("select row(1) = row(1), row() = row(), row(1, 2) = row(1)", "0A000: cannot compare rows of zero length")
	db.Is("select row(1, 2) = row(1)", "42601: unequal number of entries in row expressions")
	db.Is("select (1, 'a') < (1, 'b'), (1.5, 2) > (1, 3), ('2024-01-01'::date, 1) < ('2024-01-02', 0)", "t|t|t")
	db.Is(`select row(1, null) is null, row(null, null) is null, row(1, 2) is not null, row(1, null) is not null,
		not row(1, null) is null`,
		"f|t|t|f|t")
	db.Is("select row(1, row(null)) is null, row(row(null), null) is null, (null::record) is null", "f|f|t")
	db.Is(`select row(1, null) is distinct from row(1, null), row(1, 2) is not distinct
		from row(1, 2), row(1, null) is distinct from row(1, 2)`,
		"f|t|t")
	db.Is("select (1, 2, 3) between (1, 2, 2) and (1, 2, 4), (a, b) > (1, 2) from (values (1, 3)) v(a, b)", "t|t")
	db.Is("select v from (values (1, 'x'), (1, null), (0, 'z')) v(a, b) order by (a, b)", "(0,z); (1,x); (1,)")
	db.Is("select (1, 2) = 1",
		"42883: operator does not exist: record = integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select (1, 'x'::json) = (1, 'x')", `22P02: invalid input syntax for type json DETAIL: Token "x" is invalid.`)
	db.Is("select (1, '{}'::json) = (1, '{}'::json)",
		"42883: operator does not exist: json = json "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	db.Must("create table pairs (a int, b int)")
	db.Must("insert into pairs values (1, 1), (1, 2), (1, null), (2, 0), (null, 5)")
	db.Is("select a, b from pairs where (a, b) > (1, 1) order by a, b", "1|2; 2|0")
	db.Is("select a, b from pairs where (a, b) <= (1, 2) order by a, b", "1|1; 1|2")
	db.Is("select a, b from pairs where (a, b) = (1, 2) or (a, b) <> (1, 2) order by a, b", "1|1; 1|2; 2|0; <null>|5")
	db.Is("select a, b from pairs where (a, b) is not distinct from (1, null) order by a, b", "1|<null>")
	db.Rows("select p, p.a, (p).b, p is null, p is not null from pairs p order by a, b",
		"(1,1)|1|1|f|t", "(1,2)|1|2|f|t", "(1,)|1|<null>|f|f", "(2,0)|2|0|f|t", "(,5)|<null>|5|f|f")
}
