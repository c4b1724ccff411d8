package bind_test

import "testing"

const groupsDDL = `create table t (id int primary key, a int, b text, c numeric);
	create table u (id int, t_id int, n int);
	create table w (x int, y int, z int, primary key (x, y));
	insert into t values (1, 1, 'x', 1.5), (2, 1, 'y', 2.5), (3, 2, 'x', null);
	insert into u values (1, 1, 10), (2, 1, 20);`

// Columns that the groups do not determine are refused; a primary key among the groups determines all of its table.
func TestGroupedColumns(t *testing.T) {
	f := answers(t, groupsDDL)
	f("select a, count(*) from t group by a order by 1", "1|2; 2|1")
	f("select a, b from t group by a",
		`42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function @ b from t gro`)
	f("select t.b from t x group by a",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ t.b from t x`)
	f("select x.b from t x group by x.a",
		`42803: column "x.b" must appear in the GROUP BY clause or be used in an aggregate function @ x.b from t x`)
	f("select a + 1, count(*) from t group by a + 1 order by 1", "2|2; 3|1")
	f("select a from t group by a + 1",
		`42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function @ a from t gro`)
	f("select a + 2 from t group by a + 1",
		`42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function @ a + 2 from t`)
	f("select (a + 1) * 2 from t group by a + 1 order by 1", "4; 6")
	f("select id, a, b, c from t group by id order by id", "1|1|x|1.5; 2|1|y|2.5; 3|2|x|<null>")
	f("select t.*, count(n) from t left join u on t_id = t.id group by t.id order by t.id",
		"1|1|x|1.5|2; 2|1|y|2.5|0; 3|2|x|<null>|0")
	f("select u.n from t left join u on t_id = t.id group by t.id",
		`42803: column "u.n" must appear in the GROUP BY clause or be used in an aggregate function @ u.n from t l`)
	f("select z from w group by x",
		`42803: column "w.z" must appear in the GROUP BY clause or be used in an aggregate function @ z from w gro`)
	f("select z from w group by y, x", "")
	f("select b from (select * from t) s group by id",
		`42803: column "s.b" must appear in the GROUP BY clause or be used in an aggregate function @ b from (sele`)
	f("select count(*) from t having a > 1",
		`42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function @ a > 1`)
	f("select a from t group by a having b = 'x'",
		`42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function @ b = 'x'`)
	f("select a from t group by a having count(*) > 1", "1")
	f("select a from t group by a order by b",
		`42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function @ b`)
	f("select a from t group by a order by max(c) desc nulls last", "1; 2")
	f("select * from t group by a",
		`42803: column "t.id" must appear in the GROUP BY clause or be used in an aggregate function @ * from t gro`)
	f("select a, (select max(n) from u where t_id = a) from t group by a order by 1", "1|20; 2|<null>")
	f("select 1 from t having true", "1")
	f("select 1 from t having count(*) > 10", "")
}

// GROUP BY takes positions, names of the select list behind those of columns, and sets of groups.
func TestGroupKeys(t *testing.T) {
	f := answers(t, groupsDDL)
	f("select a, count(*) from t group by 1 order by 1", "1|2; 2|1")
	f("select a as k, count(*) from t group by k order by k", "1|2; 2|1")
	f("select a as b, count(*) from t group by b",
		`42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function @ a as b, coun`)
	f("select a, count(*) from t group by 3", "42P10: GROUP BY position 3 is not in select list @ 3")
	f("select a, count(*) from t group by 0", "42P10: GROUP BY position 0 is not in select list @ 0")
	f("select a from t group by 'x'", "42601: non-integer constant in GROUP BY @ 'x'")
	f("select a from t group by 1.5", "42601: non-integer constant in GROUP BY @ 1.5")
	f("select a from t group by nosuch", `42703: column "nosuch" does not exist @ nosuch`)
	f("select a as k, b as k from t group by k", `42702: GROUP BY "k" is ambiguous @ k`)
	f("select a from t group by count(*)", "42803: aggregate functions are not allowed in GROUP BY @ count(*)")
	f("select a from t group by row_number() over ()",
		"42P20: window functions are not allowed in GROUP BY @ row_number()")
	f("select 'x' as k, count(*) from t group by k", "x|3")
	f("select '{}'::json from t group by 1", "42883: could not identify an equality operator for type json @ 1")
	f("select count(*) from t group by ()", "3")
	f("select a, b, count(*) from t group by (a, b) order by 1, 2", "1|x|1; 1|y|1; 2|x|1")
	f("select a, b, count(*) from t group by rollup (a, b) order by 1, 2, 3",
		"1|x|1; 1|y|1; 1|<null>|2; 2|x|1; 2|<null>|1; <null>|<null>|3")
	f("select a, b, count(*) from t group by cube (a, b) order by 1, 2, 3",
		"1|x|1; 1|y|1; 1|<null>|2; 2|x|1; 2|<null>|1; <null>|x|2; <null>|y|1; <null>|<null>|3")
	f("select a, b, count(*) from t group by grouping sets ((a), (b), ()) order by 1, 2, 3",
		"1|<null>|2; 2|<null>|1; <null>|x|2; <null>|y|1; <null>|<null>|3")
	f("select a, b, grouping(a, b) from t group by rollup (a), b order by 3, 1, 2",
		"1|x|0; 1|y|0; 2|x|0; <null>|x|2; <null>|y|2")
	f("select a, count(*) from t group by distinct rollup (a), rollup (a) order by 1", "1|2; 2|1; <null>|3")
	f("select grouping(b) from t group by a",
		"42803: arguments to GROUPING must be grouping expressions of the associated query level @ b) from t gr")
	f("select grouping(a) from t",
		"42803: arguments to GROUPING must be grouping expressions of the associated query level @ a) from t")
	f("select a from t where grouping(a) = 1 group by a",
		"42803: grouping operations are not allowed in WHERE @ grouping(a)")
	f("select id, b from t group by rollup (id)",
		`42803: column "t.b" must appear in the GROUP BY clause or be used in an aggregate function @ b from t gro`)
}

// Where aggregates may stand, and what their arguments may be.
func TestAggregates(t *testing.T) {
	f := answers(t, groupsDDL)
	f("select count(*), count(c), sum(a), avg(c), min(b), max(b) from t", "3|2|4|2.0000000000000000|x|y")
	f("select count(distinct a), sum(distinct a), string_agg(distinct b, ',' order by b) from t", "2|3|x,y")
	f("select string_agg(b, ',' order by id desc), array_agg(a order by a, id desc) from t", "x,y,x|{1,1,2}")
	f("select string_agg(distinct b, ',' order by id) from t",
		"42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list @ id) from t")
	f("select count(*) filter (where a = 1), sum(a) filter (where b = 'x') from t", "2|3")
	f("select percentile_cont(0.5) within group (order by a), mode() within group (order by b) from t", "1|x")
	f("select rank(1) within group (order by a), dense_rank(5) within group (order by a) from t", "1|3")
	f("select rank(1, 2) within group (order by a) from t",
		"42883: function rank(integer, integer, integer) does not exist "+
			"HINT: To use the hypothetical-set aggregate rank, "+
			"the number of hypothetical direct arguments (here 2) must match the number of ordering columns (here 1). "+
			"@ rank(1, 2) w")
	f("select percentile_cont(a / 2.0) within group (order by c) from t group by a order by a", "2; <null>")
	f("select sum(count(*)) from t", "42803: aggregate function calls cannot be nested @ count(*)) fr")
	f("select max(min(a) + 1) from t", "42803: aggregate function calls cannot be nested @ min(a) + 1)")
	f("select sum(a order by count(*)) from t", "42803: aggregate function calls cannot be nested @ count(*)) fr")
	f("select sum(a) filter (where count(*) > 1) from t",
		"42803: aggregate functions are not allowed in FILTER @ count(*) > 1")
	f("select sum(row_number() over ()) from t",
		"42803: aggregate function calls cannot contain window function calls @ row_number()")
	f("select sum(generate_series(1, a)) from t",
		"0A000: aggregate function calls cannot contain set-returning function calls "+
			"HINT: You might be able to move the set-returning function into a LATERAL FROM item. @ generate_ser")
	f("select a from t where count(*) > 1", "42803: aggregate functions are not allowed in WHERE @ count(*) > 1")
	f("select a from t where a = (select count(*) from u)", "2")
	f("select a from t where a in (select max(t.a) from u)",
		"42803: aggregate functions are not allowed in WHERE @ max(t.a) fro")
	f("select (select sum(t.a) from u limit 1) from t", "4")
	f("select (select sum(t.a + n) from u) from t order by 1", "32; 32; 34")
	f("select a from t join u on count(*) > 0",
		"42803: aggregate functions are not allowed in JOIN conditions @ count(*) > 0")
	f("select count(distinct *) from t", `42601: syntax error at or near "*" @ *) from t`)
	f("select abs(distinct a) from t", "42809: DISTINCT specified, but abs is not an aggregate function @ abs(distinct")
	f("select abs(a order by a) from t", "42809: ORDER BY specified, but abs is not an aggregate function @ abs(a order")
	f("select abs(a) filter (where true) from t",
		"42809: FILTER specified, but abs is not an aggregate function @ abs(a) filte")
	f("select count(a) within group (order by a) from t",
		"42883: function count(integer, integer) does not exist (no function) @ count(a) wit")
	f("select mode(a) from t", "42809: WITHIN GROUP is required for ordered-set aggregate mode @ mode(a) from")
	f("select mode() within group (order by a) over () from t",
		"0A000: OVER is not supported for ordered-set aggregate mode @ mode() withi")
	f("select count() from t", "42809: count(*) must be used to call a parameterless aggregate function @ count() from")
	f("select sum(*) from t", "42883: function sum() does not exist (no function) @ sum(*) from")
	f("update t set a = count(*)", "42803: aggregate functions are not allowed in UPDATE @ count(*)")
	f("update t set a = (select count(*) from u) where id = 3 returning a", "2")
	f("insert into t (id) values (count(*))", "42803: aggregate functions are not allowed in VALUES @ count(*))")
	f("insert into u (id) values (9) returning count(*)",
		"42803: aggregate functions are not allowed in RETURNING @ count(*)")
	f("delete from t where count(*) > 1", "42803: aggregate functions are not allowed in WHERE @ count(*) > 1")
	f("values (count(*))", "42803: aggregate functions are not allowed in VALUES @ count(*))")
	f("select 1 order by count(*)", "1")
	f("select a from t order by count(*)",
		`42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function @ a from t ord`)
	f("select * from generate_series(1, count(*))",
		"42803: aggregate functions are not allowed in functions in FROM @ count(*))")
}

// Windows: definitions by name and their inheritance, frames, and where calls may stand.
func TestWindows(t *testing.T) {
	f := answers(t, groupsDDL)
	f("select id, row_number() over (order by id desc), sum(a) over (partition by b order by id) from t order by id",
		"1|3|1; 2|2|1; 3|1|3")
	f("select id, sum(a) over w from t window w as (order by id) order by id", "1|1; 2|2; 3|4")
	f("select id, sum(a) over (w order by id) from t window w as (partition by b) order by id", "1|1; 2|1; 3|3")
	f("select sum(a) over w from t", `42704: window "w" does not exist @ w from t`)
	f("select sum(a) over (w) from t", `42704: window "w" does not exist @ (w) from t`)
	f("select 1 from t window w as (order by a), w as (order by b)", `42P20: window "w" is already defined @ (order by b)`)
	f("select sum(a) over (w partition by b) from t window w as (order by id)",
		`42P20: cannot override PARTITION BY clause of window "w" @ (w partition`)
	f("select sum(a) over (w order by b) from t window w as (order by id)",
		`42P20: cannot override ORDER BY clause of window "w" @ (w order by`)
	f("select sum(a) over w from t window w as (v), v as (order by id)", `42704: window "v" does not exist @ (v), v as (o`)
	f("select sum(a) over (order by id rows between 1 preceding and 1 following) from t order by id", "2; 4; 3")
	f("select sum(a) over (order by id rows between unbounded following and current row) from t",
		"42P20: frame start cannot be UNBOUNDED FOLLOWING @ unbounded fo")
	f("select sum(a) over (order by id rows between current row and 1 preceding) from t",
		"42P20: frame starting from current row cannot have preceding rows @ 1 preceding)")
	f("select sum(a) over (order by id rows between current row and unbounded preceding) from t",
		"42P20: frame end cannot be UNBOUNDED PRECEDING @ unbounded pr")
	f("select sum(a) over (rows a preceding) from t", "42P10: argument of ROWS must not contain variables @ a preceding)")
	f("select sum(a) over (rows 'x' preceding) from t", `22P02: invalid input syntax for type bigint: "x" @ 'x' precedin`)
	f("select sum(a) over (rows true preceding) from t",
		"42804: argument of ROWS must be type bigint, not type boolean @ true precedi")
	f("select sum(a) over (groups 1 preceding) from t", "42P20: GROUPS mode requires an ORDER BY clause @ (groups 1 pr")
	f("select sum(a) over (order by b range 1 preceding) from t",
		"0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type text @ 1 preceding)")
	f("select sum(a) over (order by id range between 1 preceding and 1 following) from t order by id", "2; 4; 3")
	f("select sum(sum(a)) over () from t group by b order by 1", "4; 4")
	f("select sum(a) over () from t group by b",
		`42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function @ a) over () f`)
	f("select sum(sum(a) over ()) from t",
		"42803: aggregate function calls cannot contain window function calls @ sum(a) over")
	f("select sum(sum(a) over ()) over () from t", "42P20: window function calls cannot be nested @ sum(a) over")
	f("select a from t where row_number() over () = 1", "42P20: window functions are not allowed in WHERE @ row_number()")
	f("select a from t group by a having rank() over () = 1",
		"42P20: window functions are not allowed in HAVING @ rank() over")
	f("select a from t order by rank() over (order by id desc), a", "2; 1; 1")
	f("select row_number() from t", "42809: window function row_number requires an OVER clause @ row_number()")
	f("select abs(a) over () from t",
		"42809: OVER specified, but abs is not a window function nor an aggregate function @ abs(a) over")
	f("select count(distinct a) over () from t", "0A000: DISTINCT is not implemented for window functions @ count(distin")
	f("select array_agg(a order by a) over () from t",
		"0A000: aggregate ORDER BY is not implemented for window functions @ array_agg(a")
	f("select row_number() filter (where true) over () from t",
		"0A000: FILTER is not implemented for non-aggregate window functions @ row_number()")
	f("select count(*) filter (where a = 1) over () from t", "2; 2; 2")
	f("select sum(a) over (order by '{}'::json) from t",
		"42883: could not identify an ordering operator for type json "+
			"HINT: Use an explicit ordering operator or modify the query. @ '{}'::json)")
	f("select sum(a) over (partition by '{}'::json) from t",
		"42883: could not identify an equality operator for type json @ '{}'::json)")
	f(`select lag(a, 1, 0) over (order by id), nth_value(b, 2) over (order by id), ntile(2) over (order by id)
		from t order by id`,
		"0|<null>|1; 1|y|1; 1|y|2")
	f("update t set a = row_number() over ()", "42P20: window functions are not allowed in UPDATE @ row_number()")
	f("select distinct count(*) over () from t", "3")
}
