package exec_test

import (
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

const windowTable = `
create table t (id int, g text, o int, v int);
insert into t values (1, 'a', 1, 10), (2, 'a', 1, 20), (3, 'a', 2, null), (4, 'a', 4, 40), (5, 'a', null, 50),
	(6, 'b', 3, 5), (7, 'b', 3, 7), (8, null, 1, 1), (9, null, 2, 2)`

// Each window function over partitions with ties, nulls and one row, in order of each row's id.
func TestWindowFunctions(t *testing.T) {
	db := dbtest.New(t)
	db.Must(windowTable)
	f := func(call, want string) {
		t.Helper()
		db.Is("select "+call+" from t window w as (partition by g order by o, id), "+
			"k as (partition by g order by o) order by id",
			want)
	}
	f("row_number() over w", "1; 2; 3; 4; 5; 1; 2; 1; 2")
	f("rank() over k", "1; 1; 3; 4; 5; 1; 1; 1; 2")
	f("dense_rank() over k", "1; 1; 2; 3; 4; 1; 1; 1; 2")
	f("percent_rank() over k", "0; 0; 0.5; 0.75; 1; 0; 0; 0; 1")
	f("cume_dist() over k", "0.4; 0.4; 0.6; 0.8; 1; 1; 1; 0.5; 1")
	f("ntile(2) over w", "1; 1; 1; 2; 2; 1; 2; 1; 2")
	f("ntile(5) over w", "1; 2; 3; 4; 5; 1; 2; 1; 2")
	f("ntile(null) over w", "<null>; <null>; <null>; <null>; <null>; <null>; <null>; <null>; <null>")
	f("lag(v) over w", "<null>; 10; 20; <null>; 40; <null>; 5; <null>; 1")
	f("lag(v, 2) over w", "<null>; <null>; 10; 20; <null>; <null>; <null>; <null>; <null>")
	f("lag(v, 2, -1) over w", "-1; -1; 10; 20; <null>; -1; -1; -1; -1")
	f("lag(v, -1, 0) over w", "20; <null>; 40; 50; 0; 7; 0; 2; 0")
	f("lag(v, 0) over w", "10; 20; <null>; 40; 50; 5; 7; 1; 2")
	f("lag(v, o) over w", "<null>; 10; 10; <null>; <null>; <null>; <null>; <null>; <null>")
	f("lead(v) over w", "20; <null>; 40; 50; <null>; 7; <null>; 2; <null>")
	f("lead(v, 1, id) over w", "20; <null>; 40; 50; 5; 7; 7; 2; 9")
	f("lead(g || v, 1, 'end') over w", "a20; <null>; a40; a50; end; b7; end; <null>; end")
	f("first_value(v) over w", "10; 10; 10; 10; 10; 5; 5; 1; 1")
	f("last_value(v) over w", "10; 20; <null>; 40; 50; 5; 7; 1; 2")
	f("last_value(v) over (w rows between unbounded preceding and unbounded following)", "50; 50; 50; 50; 50; 7; 7; 2; 2")
	f("nth_value(v, 2) over w", "<null>; 20; 20; 20; 20; <null>; 7; <null>; 2")
	f("nth_value(v, 2) over (partition by g)", "20; 20; 20; 20; 20; 7; 7; 2; 2")
	f("nth_value(id, o) over (w rows between unbounded preceding and unbounded following)",
		"1; 1; 2; 4; <null>; <null>; <null>; 8; 9")
	f("sum(v) over k", "30; 30; 30; 70; 120; 12; 12; 1; 3")
	f("sum(v) over w", "10; 30; 30; 70; 120; 5; 12; 1; 3")
	f("sum(v) over ()", "135; 135; 135; 135; 135; 135; 135; 135; 135")
	f("count(*) over (order by o)", "3; 3; 5; 8; 9; 7; 7; 3; 5")
	f("count(v) filter (where v > 5) over k", "2; 2; 2; 3; 4; 1; 1; 0; 0")
	f("string_agg(v::text, ',') over w", "10; 10,20; 10,20; 10,20,40; 10,20,40,50; 5; 5,7; 1; 1,2")
	f("array_agg(id) over k", "{1,2}; {1,2}; {1,2,3}; {1,2,3,4}; {1,2,3,4,5}; {6,7}; {6,7}; {8}; {8,9}")
	f("avg(v) over k, max(v) over w, min(id) over (order by id desc)",
		"15.0000000000000000|10|1; 15.0000000000000000|20|2; 15.0000000000000000|20|3; 23.3333333333333333|40|4; "+
			"30.0000000000000000|50|5; 6.0000000000000000|5|6; 6.0000000000000000|7|7; 1.00000000000000000000|1|8; "+
			"1.5000000000000000|2|9")
	f("row_number() over (order by id desc) - row_number() over (order by id)", "8; 6; 4; 2; 0; -2; -4; -6; -8")
	f("sum(v) over (partition by g order by o desc nulls last)", "70; 70; 40; 40; 120; 12; 12; 3; 2")
	f("sum(v + 1) over (partition by o % 2, g is null)", "46; 46; 41; 41; 51; 46; 46; 2; 3")
	f("rank() over ()", "1; 1; 1; 1; 1; 1; 1; 1; 1")
	f("json_agg(v) over (partition by g order by id rows 1 preceding)",
		"[10]; [10, 20]; [20, null]; [null, 40]; [40, 50]; [5]; [5, 7]; [1]; [1, 2]")
	f("bool_and(v > 5) over k", "t; t; t; t; t; f; f; f; f")
	f("ntile(0) over w", "22014: argument of ntile must be greater than zero")
	f("nth_value(v, 0) over w", "22016: argument of nth_value must be greater than zero")
	f("row_number()", "42809: window function row_number requires an OVER clause")
	f("sum(distinct v) over w", "0A000: DISTINCT is not implemented for window functions")
	f("string_agg(v::text, ',' order by v) over w", "0A000: aggregate ORDER BY is not implemented for window functions")
	f("row_number() filter (where v > 1) over w", "0A000: FILTER is not implemented for non-aggregate window functions")
	f("sum(row_number() over w) over w", "42P20: window function calls cannot be nested")
	f("lower(g) over w", "42809: OVER specified, but lower is not a window function nor an aggregate function")
	f("rank() over nowhere", `42704: window "nowhere" does not exist`)
	f("first_value(v) ignore nulls over w", `42601: syntax error at or near "nulls"`)
	f("sum(v) over (w partition by id)", `42P20: cannot override PARTITION BY clause of window "w"`)
	f("sum(v) over (k order by id)", `42P20: cannot override ORDER BY clause of window "k"`)
}

// Every mode of frame with every kind of bound and exclusion, over ties and null keys.
func TestWindowFrameClauses(t *testing.T) {
	db := dbtest.New(t)
	db.Must(windowTable)
	f := func(frame, want string) {
		t.Helper()
		db.Is("select string_agg(id::text, '') over (partition by g order by o "+frame+") from t where g = 'a' order by id",
			want)
	}
	f("rows unbounded preceding", "1; 12; 123; 1234; 12345")
	f("rows between unbounded preceding and 1 preceding", "<null>; 1; 12; 123; 1234")
	f("rows between 1 preceding and 1 following", "12; 123; 234; 345; 45")
	f("rows between current row and unbounded following", "12345; 2345; 345; 45; 5")
	f("rows between 1 following and 2 following", "23; 34; 45; 5; <null>")
	f("rows between 2 preceding and 1 preceding", "<null>; 1; 12; 23; 34")
	f("rows between 1 preceding and 2 preceding", "<null>; <null>; <null>; <null>; <null>")
	f("rows between 2 following and 1 following", "<null>; <null>; <null>; <null>; <null>")
	f("rows between 0 preceding and 0 following", "1; 2; 3; 4; 5")
	f("rows between 9223372036854775807 preceding and 9223372036854775807 following", "12345; 12345; 12345; 12345; 12345")
	f("range unbounded preceding", "12; 12; 123; 1234; 12345")
	f("range between unbounded preceding and unbounded following", "12345; 12345; 12345; 12345; 12345")
	f("range between current row and current row", "12; 12; 3; 4; 5")
	f("range between 1 preceding and 1 following", "123; 123; 123; 4; 5")
	f("range between 1 preceding and current row", "12; 12; 123; 4; 5")
	f("range between 2 preceding and 1 preceding", "<null>; <null>; 12; 3; 5")
	f("range between 1 following and 2 following", "3; 3; 4; <null>; 5")
	f("range between unbounded preceding and 1 following", "123; 123; 123; 1234; 12345")
	f("range between 2147483647 preceding and 2147483647 following", "1234; 1234; 1234; 1234; 5")
	f("groups between 1 preceding and 1 following", "123; 123; 1234; 345; 45")
	f("groups between 1 preceding and current row", "12; 12; 123; 34; 45")
	f("groups between 1 following and 1 following", "3; 3; 4; 5; <null>")
	f("groups 2 preceding", "12; 12; 123; 1234; 345")
	f("groups between current row and unbounded following", "12345; 12345; 345; 45; 5")
	f("rows between 1 preceding and 1 following exclude current row", "2; 13; 24; 35; 4")
	f("rows between unbounded preceding and unbounded following exclude group", "345; 345; 1245; 1235; 1234")
	f("rows between unbounded preceding and unbounded following exclude ties", "1345; 2345; 12345; 12345; 12345")
	f("groups between 1 preceding and 1 following exclude ties", "13; 23; 1234; 345; 45")
	f("range between unbounded preceding and current row exclude current row", "2; 1; 12; 123; 1234")
	f("range between 1 preceding and 1 following exclude no others", "123; 123; 123; 4; 5")
	f("rows between (select 1) preceding and current row", "1; 12; 23; 34; 45")
	f("rows between -1 preceding and current row", "22013: frame starting offset must not be negative")
	f("rows between current row and null following", "22004: frame ending offset must not be null")
	f("range between -1 preceding and current row", "22013: invalid preceding or following size in window function")
	f("groups between current row and -1 following", "22013: frame ending offset must not be negative")
	f("rows between o preceding and current row", "42P10: argument of ROWS must not contain variables")
	f("rows between unbounded following and current row", "42P20: frame start cannot be UNBOUNDED FOLLOWING")
	f("rows between current row and 1 preceding", "42P20: frame starting from current row cannot have preceding rows")
	f("rows between 1 following and current row", "42P20: frame starting from following row cannot have preceding rows")
	f("rows between 'x' preceding and current row", `22P02: invalid input syntax for type bigint: "x"`)
	f("rows 1 following", "42P20: frame starting from following row cannot end with current row")
	db.Is("select sum(v) over (order by o, id range 1 preceding) from t",
		"42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	db.Is("select sum(v) over (range 1 preceding) from t",
		"42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	db.Is("select sum(v) over (groups 1 preceding) from t", "42P20: GROUPS mode requires an ORDER BY clause")
	db.Is("select sum(v) over (order by g range 1 preceding) from t",
		"0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type text")
}

// RANGE with an offset works by value over each type that has a distance, up and down.
func TestWindowRangeTypes(t *testing.T) {
	db := dbtest.New(t)
	f := func(typ, values, offset, want string) {
		t.Helper()
		db.Must(fmt.Sprintf("drop table if exists r; create table r as select v::%s, n "+
			"from unnest(array[%s]) with ordinality u(v, n)",
			typ, values))
		for _, by := range []string{"v", "v desc"} {
			db.Must("drop table if exists up; create table up as select n, array_agg(n) over (order by " + by + " " +
				"range between " + offset +
				" preceding and " + offset + " following) as near from r")
			db.Is("select string_agg(array_to_string(array(select unnest(near) order by 1), ''), ' ' order by n) from up", want)
		}
	}
	f("smallint", "1, 2, 4, null, 7, 32767", "2", "12 123 23 4 5 6")
	f("int", "1, 2, 4, null, 7, 2147483647", "2::smallint", "12 123 23 4 5 6")
	f("int", "1, 2, 4, null, 7, -2147483648", "2::bigint", "12 123 23 4 5 6")
	f("bigint", "1, 2, 4, null, 7, 9223372036854775807", "2", "12 123 23 4 5 6")
	f("numeric", "1, 2.5, 3.4, null, 'NaN', 'Infinity'", "1.5", "12 123 23 4 5 6")
	f("float8", "1, 2.5, 3.4, null, 'NaN', 'Infinity', '-Infinity'", "1.5", "12 123 23 4 5 6 7")
	f("float4", "1, 2.5, 3.4, null, 'NaN'", "1.5", "12 123 23 4 5")
	f("date", "'2024-01-31', '2024-02-29', '2024-03-01', null, 'infinity'", "'1 month'", "12 123 23 4 5")
	f("timestamp", "'2024-01-31 10:00', '2024-02-29 09:00', '2024-02-29 11:00', null, '-infinity'", "'1 month'",
		"12 123 123 4 5")
	f("timestamptz", "'2024-01-31 10:00+00', '2024-01-31 11:00+00', '2024-01-31 12:30+00', null", "'1 hour'", "12 12 3 4")
	f("interval", "'1 day', '2 days', '47:00:00', '1 mon', null", "'1 day'", "123 123 123 4 5")
	f("time", "'10:00', '11:00', '12:30', '24:00', null", "'1:00'", "12 12 3 4 5")
	db.Is("select sum(1) over (order by v range '-1 day' preceding) from r", "1; 1; 1; 1; 1")
	db.Is("select sum(1) over (order by v range 'x' preceding) from r",
		`22007: invalid input syntax for type interval: "x"`)
	db.Is("select sum(1) over (order by b range 1 preceding) from (values (true)) x(b)",
		"0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type boolean")
	db.Is("select sum(1) over (order by b range 'NaN' preceding) from (values (1.5)) x(b)",
		"22013: invalid preceding or following size in window function")
}

// Windows stand after grouping and before DISTINCT, ORDER BY and LIMIT.
func TestWindowPlace(t *testing.T) {
	db := dbtest.New(t)
	db.Must(windowTable)
	db.Is("select g, sum(v), rank() over (order by sum(v) desc) from t group by g order by g",
		"a|120|1; b|12|2; <null>|3|3")
	db.Is("select g, sum(sum(v)) over (order by g) from t group by g order by g", "a|120; b|132; <null>|135")
	db.Is("select g, count(*) over () from t group by g having count(*) > 2 order by g", "a|1")
	db.Is("select distinct count(*) over (partition by g) from t order by 1", "2; 5")
	db.Is("select id from t order by sum(v) over (partition by g), id desc limit 4", "9; 8; 7; 6")
	db.Is("select id, row_number() over (order by id desc) from t order by id limit 2", "1|9; 2|8")
	db.Is("select * from (select id, row_number() over (partition by g order by id) n from t) x where n = 1 order by id",
		"1|1; 6|1; 8|1")
	db.Is("select * from (select id, row_number() over (order by id) n from t) x where n <= 2 and id > 1", "2|2")
	db.Is("select * from (select id, g, count(*) over (partition by g) n from t) x where g = 'b' order by id",
		"6|b|2; 7|b|2")
	db.Is(`select id, lag(id) over (order by id), (select max(x.id) over () from t x where x.id < t.id limit 1)
		from t where id < 4 order by id`,
		"1|<null>|<null>; 2|1|1; 3|2|2")
	db.Is("select count(*) over (), sum(v) over (order by id) from t where false", "")
	db.Is("select rank() over (order by count(*)) from t", "1")
	db.Is(`select sum(count(*)) over (partition by g order by count(*) rows 1 preceding) from t group by rollup (g)
		order by 1`,
		"2; 2; 5; 11")
	db.Is("select generate_series(1, 2), row_number() over (order by id) from t where id < 3 order by 2, 1",
		"1|1; 2|1; 1|2; 2|2")
	db.Is("select id from t where row_number() over () = 1", "42P20: window functions are not allowed in WHERE")
	db.Is("select g from t group by rank() over ()", "42P20: window functions are not allowed in GROUP BY")
	db.Is("select 1 from t having rank() over () = 1", "42P20: window functions are not allowed in HAVING")
	db.Is("select 1 from t join t u on rank() over () = 1", "42P20: window functions are not allowed in JOIN conditions")
	db.Is("insert into t values (rank() over ())", "42P20: window functions are not allowed in VALUES")
	db.Is("update t set v = rank() over ()", "42P20: window functions are not allowed in UPDATE")
}

// Partitions that begin and end anywhere in a batch and reach over several give each row what a join says.
func TestWindowsAcrossBatches(t *testing.T) {
	db := dbtest.New(t)
	// Partitions of 1, 1, ..., then 1023, 1024, 1025, 2500 and again single rows.
	db.Must(`create table t as select i, case when i <= 700 then i when i <= 1723 then 1000 when i <= 2747 then
		2000 when i <= 3772 then 3000
		when i <= 6272 then 4000 else i end as g, i * 7919 % 1000 as o from generate_series(1, 6500) i`)
	for _, mem := range []string{"64MB", "64kB"} {
		db.Must("set work_mem = '" + mem + "'")
		db.Is(`with w as (select i, g, count(*) over (partition by g) c, row_number() over (partition by g order by o, i) n,
				sum(o) over (partition by g order by o) s, lag(i) over (partition by g order by o, i) p from t),
			agg as (select g, count(*) c, sum(o) s, min(o) o from t group by g)
			select count(*), sum(case when w.c <> agg.c then 1 else 0 end),
			sum(case when n = w.c and w.s <> agg.s then 1 else 0 end),
				sum(case when (p is null) <> (n = 1) then 1 else 0 end), count(distinct (w.g, n)) from w join agg using (g)`,
			"6500|0|0|0|6500")
		db.Rows(`select g, sum(s), sum(m), count(distinct f) from (select g, sum(o) over w s, max(o) over w m,
			first_value(i) over w f from t
			window w as (partition by g order by o, i rows between 3 preceding and 2 following exclude current row)) x
			where g >= 1000 and g % 1000 = 0 group by g order by g`,
			"1000|2549229|513040|1020", "2000|2552449|513684|1021", "3000|2551509|513496|1022", "4000|6232757|1249748|2497")
	}
}
