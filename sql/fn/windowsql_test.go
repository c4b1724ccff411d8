package fn_test

import "testing"

// TestRanks holds the numbering functions over ties and nulls.
func TestRanks(t *testing.T) {
	db := newDB(t)
	db.Must(`create table t (id int, g int, x int); insert into t
		values (1, 1, 10), (2, 1, 20), (3, 1, 20), (4, 1, null), (5, 2, 5), (6, 2, 5), (7, 3, null)`)
	db.Rows(`select id, row_number() over w, rank() over w, dense_rank() over w, percent_rank() over w,
		cume_dist() over w from t window w as (partition by g order by x) order by id`,
		"1|1|1|1|0|0.25",
		"2|2|2|2|0.3333333333333333|0.75",
		"3|3|2|2|0.3333333333333333|0.75",
		"4|4|4|3|1|1",
		"5|1|1|1|0|1",
		"6|2|1|1|0|1",
		"7|1|1|1|0|1")
	db.Rows("select id, rank() over (order by x desc nulls last), dense_rank() over (order by g, x) from t order by id",
		"1|3|1",
		"2|1|2",
		"3|1|2",
		"4|6|3",
		"5|4|4",
		"6|4|4",
		"7|6|5")
	db.Rows(`select id, rank() over (), row_number() over (order by id desc), percent_rank() over (),
		cume_dist() over () from t order by id`,
		"1|1|7|0|1",
		"2|1|6|0|1",
		"3|1|5|0|1",
		"4|1|4|0|1",
		"5|1|3|0|1",
		"6|1|2|0|1",
		"7|1|1|0|1")
	db.Rows(`select id, ntile(3) over (order by id), ntile(1) over (order by id), ntile(10) over (order by id),
		ntile(null) over (order by id) from t order by id`,
		"1|1|1|1|<null>",
		"2|1|1|2|<null>",
		"3|1|1|3|<null>",
		"4|2|1|4|<null>",
		"5|2|1|5|<null>",
		"6|3|1|6|<null>",
		"7|3|1|7|<null>")
	db.Is("select ntile(0) over () from t", "22014: argument of ntile must be greater than zero")
	db.Is("select ntile(-1) over () from t", "22014: argument of ntile must be greater than zero")
	db.Is("select rank() from t", "42809: window function rank requires an OVER clause")
	db.Is("select row_number() over (order by id) from t where row_number() over () > 1",
		"42P20: window functions are not allowed in WHERE")
	db.Is(`select row_number() over (rows unbounded preceding), rank() over (order by x rows 1 preceding) from t
		where id = 1`,
		"1|1")
	db.Is("select sum(rank() over ()) from t", "42803: aggregate function calls cannot contain window function calls")
	db.Is("select row_number() filter (where true) over () from t",
		"0A000: FILTER is not implemented for non-aggregate window functions")
	db.Is("select row_number(distinct) over () from t", `42601: syntax error at or near ")"`)
	db.Is("select rank() over w from t", `42704: window "w" does not exist`)
}

// TestLagLead holds offsets in both directions, defaults and nulls.
func TestLagLead(t *testing.T) {
	db := newDB(t)
	db.Must("create table t (id int, x int); insert into t values (1, 10), (2, null), (3, 30), (4, 40)")
	db.Rows(`select id, lag(x) over w, lead(x) over w, lag(x, 2) over w, lead(x, 2, -1) over w, lag(x, 0) over w
		from t window w as (order by id) order by id`,
		"1|<null>|<null>|<null>|30|10",
		"2|10|30|<null>|40|<null>",
		"3|<null>|40|10|-1|30",
		"4|30|<null>|<null>|-1|40")
	db.Rows(`select id, lag(x, -1) over w, lead(x, -2, 0) over w, lag(x, 1, id * 100) over w, lag(x, null) over w,
		lag(x, id) over w from t window w as (order by id) order by id`,
		"1|<null>|0|100|<null>|<null>",
		"2|30|0|10|<null>|<null>",
		"3|40|10|<null>|<null>|<null>",
		"4|<null>|<null>|30|<null>|<null>")
	db.Rows(`select id, lag(x, 1, 2.5) over w, pg_typeof(lag(x, 1, 2.5) over w) from t window w as (order by id)
		order by id`,
		"1|2.5|numeric",
		"2|10|numeric",
		"3|<null>|numeric",
		"4|30|numeric")
	db.Rows(`select id, lag('v'::text, 1, 'none') over (order by id), lead(x, 2147483647, 7) over (order by id),
		lead(id + x, 1) over (partition by id % 2 order by id) from t order by id`,
		"1|none|7|33",
		"2|v|7|44",
		"3|v|7|<null>",
		"4|v|7|<null>")
	db.Is("select lag(x, 1, 'a') over (order by id) from t", `22P02: invalid input syntax for type integer: "a"`)
	db.Is("select lag(x, 1.5) over (order by id) from t",
		"42883: function lag(integer, numeric) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select lag(x) ignore nulls over (order by id) from t", `42601: syntax error at or near "nulls"`)
}

// TestFrameValues holds first, last and n-th value over frames of each kind.
func TestFrameValues(t *testing.T) {
	db := newDB(t)
	db.Must("create table t (id int, x int); insert into t values (1, 10), (2, 20), (3, 20), (4, null), (5, 50)")
	db.Rows(`select id, first_value(x) over w, last_value(x) over w, nth_value(x, 2) over w from t
		window w as (order by id) order by id`,
		"1|10|10|<null>",
		"2|10|20|20",
		"3|10|20|20",
		"4|10|<null>|20",
		"5|10|50|20")
	db.Rows(`select id, first_value(id) over w, last_value(id) over w, nth_value(id, 3) over w from t
		window w as (order by x) order by id`,
		"1|1|1|<null>",
		"2|1|3|3",
		"3|1|3|3",
		"4|1|4|3",
		"5|1|5|3")
	db.Rows(`select id, first_value(id) over w, last_value(id) over w, nth_value(id, 2) over w from t
		window w as (order by id rows between 1 preceding and 1 following) order by id`,
		"1|1|2|2",
		"2|1|3|2",
		"3|2|4|3",
		"4|3|5|4",
		"5|4|5|5")
	db.Rows(`select id, first_value(id) over w, last_value(id) over w, nth_value(id, 1) over w from t
		window w as (order by id rows between 1 following and 2 following) order by id`,
		"1|2|3|2",
		"2|3|4|3",
		"3|4|5|4",
		"4|5|5|5",
		"5|<null>|<null>|<null>")
	db.Rows(`select id, first_value(id) over w, last_value(id) over w from t
		window w as (order by x groups between 1 preceding and current row exclude ties) order by id`,
		"1|1|1",
		"2|1|2",
		"3|1|3",
		"4|5|4",
		"5|2|5")
	db.Rows(`select id, first_value(id) over w, last_value(id) over w from t
		window w as (order by x range between 10 preceding and 10 following) order by id`,
		"1|1|3",
		"2|1|3",
		"3|1|3",
		"4|4|4",
		"5|5|5")
	db.Rows(`select id, first_value(id) over w, last_value(id) over w from t
		window w as (order by id rows between unbounded preceding and unbounded following exclude current row) order by id`,
		"1|2|5",
		"2|1|5",
		"3|1|5",
		"4|1|5",
		"5|1|4")
	db.Rows(`select id, first_value(id) over w, last_value(id) over w from t
		window w as (order by x rows between unbounded preceding and unbounded following exclude group) order by id`,
		"1|2|4",
		"2|1|4",
		"3|1|4",
		"4|1|5",
		"5|1|4")
	db.Is("select nth_value(x, 0) over (order by id) from t", "22016: argument of nth_value must be greater than zero")
	db.Is("select nth_value(x, null) over (order by id), nth_value(x, 99) over (order by id) from t where id = 1",
		"<null>|<null>")
	db.Is(`select nth_value(x, id) over (order by id rows between unbounded preceding and unbounded following)
		from t where id < 3`,
		"10; 20")
}

// TestMovingAggregates holds aggregates over frames that lose rows, where an inverse step would drift.
func TestMovingAggregates(t *testing.T) {
	db := newDB(t)
	db.Must(`create table t (id int, i int, f float8, n numeric, s text, v interval);
		insert into t values (1, 1, 1e20, 1.1, 'a', '1 day'), (2, null, 1, 'nan', null, null),
		(3, 3, -1e20, 2.25, 'c', '1 mon'), (4, 4, 'inf', 3, 'b', '02:00'), (5, 5, 2, 'inf', 'd', '-1 day'),
		(6, 6, 3, 4, '', '0')`)
	const w = " over (order by id rows between 1 preceding and current row)"
	db.Rows("select id, sum(i)"+w+", avg(i)"+w+", count(i)"+w+", min(i)"+w+", max(i)"+w+", stddev(i)"+w+" from "+
		"t order by id",
		"1|1|1.00000000000000000000|1|1|1|<null>",
		"2|1|1.00000000000000000000|1|1|1|<null>",
		"3|3|3.0000000000000000|1|3|3|<null>",
		"4|7|3.5000000000000000|2|3|4|0.70710678118654752440",
		"5|9|4.5000000000000000|2|4|5|0.70710678118654752440",
		"6|11|5.5000000000000000|2|5|6|0.70710678118654752440")
	db.Rows("select id, sum(f)"+w+", avg(f)"+w+", var_pop(f)"+w+" from t order by id",
		"1|1e+20|1e+20|0",
		"2|1e+20|5e+19|2.5e+39",
		"3|-1e+20|-5e+19|2.5e+39",
		"4|Infinity|Infinity|NaN",
		"5|Infinity|Infinity|NaN",
		"6|5|2.5|0.25")
	db.Rows("select id, sum(n)"+w+", avg(n)"+w+", stddev(n)"+w+" from t order by id",
		"1|1.1|1.10000000000000000000|<null>",
		"2|NaN|NaN|NaN",
		"3|NaN|NaN|NaN",
		"4|5.25|2.6250000000000000|0.53033008588991064330",
		"5|Infinity|Infinity|NaN",
		"6|Infinity|Infinity|NaN")
	db.Rows("select id, string_agg(s, '-')"+w+", array_agg(s)"+w+", json_agg(s)"+w+", min(s)"+w+" from t order by id",
		`1|a|{a}|["a"]|a`,
		`2|a|{a,NULL}|["a", null]|a`,
		`3|c|{NULL,c}|[null, "c"]|c`,
		`4|c-b|{c,b}|["c", "b"]|b`,
		`5|b-d|{b,d}|["b", "d"]|b`,
		`6|d-|{d,""}|["d", ""]|`)
	db.Rows("select id, sum(v)"+w+", avg(v)"+w+", bool_and(i > 2)"+w+", bit_or(i)"+w+" from t order by id",
		"1|1 day|1 day|f|1",
		"2|1 day|1 day|f|1",
		"3|1 mon|1 mon|t|3",
		"4|1 mon 02:00:00|15 days 01:00:00|t|7",
		"5|-1 days +02:00:00|-11:00:00|t|5",
		"6|-1 days|-12:00:00|t|7")
	db.Rows(`select id, sum(i) over (order by id rows between 2 following and 3 following),
		count(*) over (order by id rows between 2 following and 1 following) from t order by id`,
		"1|7|0",
		"2|9|0",
		"3|11|0",
		"4|6|0",
		"5|<null>|0",
		"6|<null>|0")
	db.Rows("select id, sum(i) filter (where i > 3)"+w+", count(*) filter (where s <> '')"+w+" from t order by id",
		"1|<null>|1",
		"2|<null>|1",
		"3|<null>|1",
		"4|4|2",
		"5|9|2",
		"6|11|1")
	db.Rows(`select id, sum(i) over (order by id groups between 1 preceding and 1 following exclude current row),
		corr(f, i)`+w+" from t where id <> 4 order by id",
		"1|<null>|<null>",
		"2|4|<null>",
		"3|5|<null>",
		"5|9|1",
		"6|5|1")
	db.Is("select count(distinct i) over () from t", "0A000: DISTINCT is not implemented for window functions")
	db.Is("select array_agg(i order by i) over () from t",
		"0A000: aggregate ORDER BY is not implemented for window functions")
	db.Is("select percentile_disc(0.5) within group (order by i) over () from t",
		"0A000: OVER is not supported for ordered-set aggregate percentile_disc")
	db.Is("select sum(i) over (order by id rows -1 preceding) from t", "22013: frame starting offset must not be negative")
	db.Is("select sum(i) over (order by id rows null preceding) from t", "22004: frame starting offset must not be null")
}

// TestLongPartitions holds windows over partitions longer than a batch.
func TestLongPartitions(t *testing.T) {
	db := newDB(t)
	db.Must("create table t (id int, g int); insert into t select x, x % 2 from generate_series(1, 2500) x")
	db.Is(`select max(r), max(dr), max(l), sum(l), max(f), min(la)
		from (select row_number() over w r, dense_rank() over w dr, lag(id) over w l, first_value(id) over w f,
		last_value(id) over w la from t window w as (partition by g order by id)) q`,
		"1250|1250|2498|3121251|2|1")
	db.Is("select sum(s) from (select sum(id) over (order by id rows between 1024 preceding and 1 preceding) s from t) q",
		"2068236800")
	db.Is(`select count(distinct n), min(c), max(c) from (select n, count(*) c
		from (select ntile(7) over (order by id) n from t) q group by n) q`,
		"7|357|358")
	db.Is("select max(s) from (select sum(1) over (order by g) s from t) q", "2500")
}
