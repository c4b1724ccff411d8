package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// races is a table with ties, NULLs and two partitions.
func races(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
create table run (id int primary key, team text, points int, at date, secs float8, took interval);
insert into run values
	(1, 'a', 10, '2024-01-01', 1.5, '1 min'), (2, 'a', 20, '2024-01-03', 2.5, '2 min'),
	(3, 'a', 20, '2024-01-03', 2.75, '3 min'),
	(4, 'a', null, '2024-01-10', null, null), (5, 'a', 50, '2024-01-12', 9, '1 hour'),
	(6, 'b', 5, '2024-02-01', 0, '10 s'), (7, 'b', 5, '2024-02-02', -1, '20 s'), (8, 'b', null, null, 4, '30 s'),
	(9, null, 7, '2024-02-29', 'NaN', '1 day')`)
	return db
}

// Each ranking function in its partition, where peers share.
func TestRankingFunctions(t *testing.T) {
	db := races(t)
	f := func(call, want string) {
		t.Helper()
		db.Is("select id, "+call+" from run order by id", want)
	}
	f("row_number() over (order by id desc), row_number() over (partition by team order by id)",
		"1|9|1; 2|8|2; 3|7|3; 4|6|4; 5|5|5; 6|4|1; 7|3|2; 8|2|3; 9|1|1")
	f("rank() over (order by points), dense_rank() over (order by points)",
		"1|4|3; 2|5|4; 3|5|4; 4|8|6; 5|7|5; 6|1|1; 7|1|1; 8|8|6; 9|3|2")
	f("rank() over (partition by team order by points desc), dense_rank() over (partition by team order by points desc)",
		"1|5|4; 2|3|3; 3|3|3; 4|1|1; 5|2|2; 6|2|2; 7|2|2; 8|1|1; 9|1|1")
	f("rank() over (partition by team), dense_rank() over (), row_number() over (order by id)",
		"1|1|1|1; 2|1|1|2; 3|1|1|3; 4|1|1|4; 5|1|1|5; 6|1|1|6; 7|1|1|7; 8|1|1|8; 9|1|1|9")
	f("percent_rank() over (order by points), round(cume_dist() over (order by points)::numeric, 4)",
		"1|0.375|0.4444; 2|0.5|0.6667; 3|0.5|0.6667; 4|0.875|1.0000; 5|0.75|0.7778; 6|0|0.2222; 7|0|0.2222; "+
			"8|0.875|1.0000; 9|0.25|0.3333")
	f("percent_rank() over (partition by team order by id), cume_dist() over (partition by team)",
		"1|0|1; 2|0.25|1; 3|0.5|1; 4|0.75|1; 5|1|1; 6|0|1; 7|0.5|1; 8|1|1; 9|0|1")
	f("ntile(2) over (order by id), ntile(4) over (order by id), ntile(20) over (order by id)",
		"1|1|1|1; 2|1|1|2; 3|1|1|3; 4|1|2|4; 5|1|2|5; 6|2|3|6; 7|2|3|7; 8|2|4|8; 9|2|4|9")
	f("ntile(3) over (partition by team order by id), ntile(null) over ()",
		"1|1|<null>; 2|1|<null>; 3|2|<null>; 4|2|<null>; 5|3|<null>; 6|1|<null>; 7|2|<null>; 8|3|<null>; 9|1|<null>")
	f("rank() over (order by points nulls first), rank() over (order by points desc nulls last)",
		"1|6|4; 2|7|2; 3|7|2; 4|1|8; 5|9|1; 6|3|6; 7|3|6; 8|1|8; 9|5|5")
	f("row_number() over (order by team nulls first, points desc nulls last, id)",
		"1|5; 2|3; 3|4; 4|6; 5|2; 6|7; 7|8; 8|9; 9|1")
	f("rank() over (order by team, points), rank() over (order by (team, points))",
		"1|1|1; 2|2|2; 3|2|2; 4|5|5; 5|4|4; 6|6|6; 7|6|6; 8|8|8; 9|9|9")
	f("rank() over (order by secs), rank() over (order by took desc)",
		"1|3|6; 2|4|5; 3|5|4; 4|9|1; 5|7|3; 6|2|9; 7|1|8; 8|6|7; 9|8|2")
	db.Is("select ntile(0) over () from run", "22014: argument of ntile must be greater than zero")
	db.Is("select ntile(-1) over () from run", "22014: argument of ntile must be greater than zero")
	db.Is("select rank()", "42809: window function rank requires an OVER clause")
	db.Is("select rank() from run", "42809: window function rank requires an OVER clause")
	db.Is("select row_number(1) over () from run",
		"42883: function row_number(integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.",
	)
	db.Is("select rank(distinct) over () from run", `42601: syntax error at or near ")"`)
}

// Functions that fetch a value from another row of the partition or frame.
func TestValueFunctions(t *testing.T) {
	db := races(t)
	f := func(call, want string) {
		t.Helper()
		db.Is("select id, "+call+" from run order by id", want)
	}
	f("lag(points) over (order by id), lead(points) over (order by id)",
		"1|<null>|20; 2|10|20; 3|20|<null>; 4|20|50; 5|<null>|5; 6|50|5; 7|5|<null>; 8|5|7; 9|<null>|<null>")
	f("lag(points, 2) over (partition by team order by id), lead(points, 2, -1) over (partition by team order by id)",
		"1|<null>|20; 2|<null>|<null>; 3|10|50; 4|20|-1; 5|20|-1; 6|<null>|<null>; 7|<null>|-1; 8|5|-1; 9|<null>|-1")
	f("lag(points, 0) over (order by id), lag(points, -1) over (order by id), lead(points, null) over (order by id)",
		"1|10|20|<null>; 2|20|20|<null>; 3|20|<null>|<null>; 4|<null>|50|<null>; 5|50|5|<null>; 6|5|5|<null>; "+
			"7|5|<null>|<null>; 8|<null>|7|<null>; 9|7|<null>|<null>")
	f("lag(points, id % 3, id * 100) over (order by id), lead(team, 1, 'end') over (order by id)",
		"1|100|a; 2|200|a; 3|20|a; 4|20|a; 5|20|b; 6|5|b; 7|5|b; 8|5|<null>; 9|7|end")
	f("first_value(points) over (partition by team order by id desc), "+
		"last_value(points) over (partition by team order by id desc)",
		"1|50|10; 2|50|20; 3|50|20; 4|50|<null>; 5|50|50; 6|<null>|5; 7|<null>|5; 8|<null>|<null>; 9|7|7")
	f("first_value(id) over (order by points, id), last_value(id) over (partition by points)",
		"1|6|1; 2|6|3; 3|6|3; 4|6|8; 5|6|5; 6|6|7; 7|6|7; 8|6|8; 9|6|9")
	f("last_value(id) over (partition by team order by id rows between unbounded preceding and unbounded following)",
		"1|5; 2|5; 3|5; 4|5; 5|5; 6|8; 7|8; 8|8; 9|9")
	f("nth_value(id, 2) over (partition by team order by id), "+
		"nth_value(id, 2) over (order by id rows between 1 following and 3 following)",
		"1|<null>|3; 2|2|4; 3|2|5; 4|2|6; 5|2|7; 6|<null>|8; 7|7|9; 8|7|<null>; 9|<null>|<null>")
	f("nth_value(id, 1) over (), nth_value(id, null) over (), nth_value(points, 4) over (order by id)",
		"1|1|<null>|<null>; 2|1|<null>|<null>; 3|1|<null>|<null>; 4|1|<null>|<null>; 5|1|<null>|<null>; "+
			"6|1|<null>|<null>; 7|1|<null>|<null>; 8|1|<null>|<null>; 9|1|<null>|<null>")
	db.Is("select nth_value(id, 0) over () from run", "22016: argument of nth_value must be greater than zero")
	db.Is("select lag(points, 1, 'x') over () from run", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select lag() over () from run",
		"42883: function lag() does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.",
	)
	db.Is("select lag(points) ignore nulls over () from run", `42601: syntax error at or near "nulls"`)
}

// Frames by ROWS count rows.
func TestRowsFrames(t *testing.T) {
	db := races(t)
	f := func(frame, want string) {
		t.Helper()
		db.Is(`select id, sum(points) over w, count(*) over w, array_agg(id) over w from run where id < 7
			window w as (order by id rows `+frame+") order by id",
			want,
		)
	}
	f("unbounded preceding",
		"1|10|1|{1}; 2|30|2|{1,2}; 3|50|3|{1,2,3}; 4|50|4|{1,2,3,4}; 5|100|5|{1,2,3,4,5}; 6|105|6|{1,2,3,4,5,6}")
	f("current row", "1|10|1|{1}; 2|20|1|{2}; 3|20|1|{3}; 4|<null>|1|{4}; 5|50|1|{5}; 6|5|1|{6}")
	f("2 preceding", "1|10|1|{1}; 2|30|2|{1,2}; 3|50|3|{1,2,3}; 4|40|3|{2,3,4}; 5|70|3|{3,4,5}; 6|55|3|{4,5,6}")
	f("between 1 preceding and 1 following",
		"1|30|2|{1,2}; 2|50|3|{1,2,3}; 3|40|3|{2,3,4}; 4|70|3|{3,4,5}; 5|55|3|{4,5,6}; 6|55|2|{5,6}")
	f("between 2 following and 3 following",
		"1|20|2|{3,4}; 2|50|2|{4,5}; 3|55|2|{5,6}; 4|5|1|{6}; 5|<null>|0|<null>; 6|<null>|0|<null>")
	f("between 3 preceding and 2 preceding",
		"1|<null>|0|<null>; 2|<null>|0|<null>; 3|10|1|{1}; 4|30|2|{1,2}; 5|40|2|{2,3}; 6|20|2|{3,4}")
	f("between current row and unbounded following",
		"1|105|6|{1,2,3,4,5,6}; 2|95|5|{2,3,4,5,6}; 3|75|4|{3,4,5,6}; 4|55|3|{4,5,6}; 5|55|2|{5,6}; 6|5|1|{6}")
	f("between unbounded preceding and 1 preceding",
		"1|<null>|0|<null>; 2|10|1|{1}; 3|30|2|{1,2}; 4|50|3|{1,2,3}; 5|50|4|{1,2,3,4}; 6|100|5|{1,2,3,4,5}")
	f("between 1 following and 1 preceding", "42P20: frame starting from following row cannot have preceding rows")
	f("between 0 preceding and 0 following", "1|10|1|{1}; 2|20|1|{2}; 3|20|1|{3}; 4|<null>|1|{4}; 5|50|1|{5}; 6|5|1|{6}")
	f("between 100 preceding and 100 following",
		"1|105|6|{1,2,3,4,5,6}; 2|105|6|{1,2,3,4,5,6}; 3|105|6|{1,2,3,4,5,6}; 4|105|6|{1,2,3,4,5,6}; "+
			"5|105|6|{1,2,3,4,5,6}; 6|105|6|{1,2,3,4,5,6}")
	f("between 1 + 1 preceding and (select 1) following",
		"1|30|2|{1,2}; 2|50|3|{1,2,3}; 3|50|4|{1,2,3,4}; 4|90|4|{2,3,4,5}; 5|75|4|{3,4,5,6}; 6|55|3|{4,5,6}")
	f("between unbounded preceding and unbounded following exclude current row",
		"1|95|5|{2,3,4,5,6}; 2|85|5|{1,3,4,5,6}; 3|85|5|{1,2,4,5,6}; 4|105|5|{1,2,3,5,6}; 5|55|5|{1,2,3,4,6}; "+
			"6|100|5|{1,2,3,4,5}")
	f("between 1 preceding and 1 following exclude current row",
		"1|20|1|{2}; 2|30|2|{1,3}; 3|20|2|{2,4}; 4|70|2|{3,5}; 5|5|2|{4,6}; 6|50|1|{5}")
	f("between 1 preceding and 1 following exclude no others",
		"1|30|2|{1,2}; 2|50|3|{1,2,3}; 3|40|3|{2,3,4}; 4|70|3|{3,4,5}; 5|55|3|{4,5,6}; 6|55|2|{5,6}")
	f("between current row and current row exclude current row",
		"1|<null>|0|<null>; 2|<null>|0|<null>; 3|<null>|0|<null>; 4|<null>|0|<null>; 5|<null>|0|<null>; 6|<null>|0|<null>")
	f("-1 preceding", "22013: frame starting offset must not be negative")
	f("null preceding", "22004: frame starting offset must not be null")
	f("between unbounded following and current row", "42P20: frame start cannot be UNBOUNDED FOLLOWING")
	f("between current row and 1 preceding", "42P20: frame starting from current row cannot have preceding rows")
	f("between current row and unbounded preceding", "42P20: frame end cannot be UNBOUNDED PRECEDING")
	f("between 1 following and current row", "42P20: frame starting from following row cannot have preceding rows")
	f("1 following", "42P20: frame starting from following row cannot end with current row")
	f("id preceding", "42P10: argument of ROWS must not contain variables")
	f("'x' preceding", `22P02: invalid input syntax for type bigint: "x"`)
}

// Frames by RANGE go by the value, with peers and NULLs; frames by GROUPS count groups of peers.
func TestRangeAndGroupsFrames(t *testing.T) {
	db := races(t)
	f := func(window, want string) {
		t.Helper()
		db.Is("select id, sum(id) over w, count(*) over w from run window w as ("+window+") order by id", want)
	}
	f("order by points", "1|23|4; 2|28|6; 3|28|6; 4|45|9; 5|33|7; 6|13|2; 7|13|2; 8|45|9; 9|22|3")
	f("order by points range unbounded preceding exclude current row",
		"1|22|3; 2|26|5; 3|25|5; 4|41|8; 5|28|6; 6|7|1; 7|6|1; 8|37|8; 9|13|2")
	f("order by points range between 5 preceding and current row",
		"1|23|4; 2|5|2; 3|5|2; 4|12|2; 5|5|1; 6|13|2; 7|13|2; 8|12|2; 9|22|3")
	f("order by points range between 10 preceding and 15 following",
		"1|28|6; 2|6|3; 3|6|3; 4|12|2; 5|5|1; 6|28|6; 7|28|6; 8|12|2; 9|28|6")
	f("order by points desc range between 10 preceding and current row",
		"1|6|3; 2|5|2; 3|5|2; 4|12|2; 5|5|1; 6|23|4; 7|23|4; 8|12|2; 9|10|2")
	f("order by points nulls first range between 5 preceding and 5 following",
		"1|23|4; 2|5|2; 3|5|2; 4|12|2; 5|5|1; 6|23|4; 7|23|4; 8|12|2; 9|23|4")
	f("order by points range between current row and unbounded following",
		"1|23|6; 2|22|5; 3|22|5; 4|12|2; 5|17|3; 6|45|9; 7|45|9; 8|12|2; 9|32|7")
	f("order by points range between 1 following and 15 following",
		"1|5|2; 2|<null>|0; 3|<null>|0; 4|12|2; 5|<null>|0; 6|15|4; 7|15|4; 8|12|2; 9|6|3")
	f("partition by team order by points range between 10 preceding and 10 following",
		"1|6|3; 2|6|3; 3|6|3; 4|4|1; 5|5|1; 6|13|2; 7|13|2; 8|8|1; 9|9|1")
	f("order by at range between '2 days' preceding and '1 day' following",
		"1|1|1; 2|6|3; 3|6|3; 4|4|1; 5|9|2; 6|13|2; 7|13|2; 8|8|1; 9|9|1")
	f("order by at desc range between interval '1 month' preceding and current row",
		"1|21|6; 2|27|6; 3|27|6; 4|22|4; 5|18|3; 6|22|3; 7|16|2; 8|8|1; 9|9|1")
	f("order by secs range between 1.5 preceding and 1.5 following",
		"1|12|4; 2|14|4; 3|14|4; 4|4|1; 5|5|1; 6|14|3; 7|13|2; 8|13|3; 9|9|1")
	f("order by took range between '1 min' preceding and '1 min' following",
		"1|24|5; 2|6|3; 3|5|2; 4|4|1; 5|5|1; 6|22|4; 7|22|4; 8|22|4; 9|9|1")
	f("order by points range between unbounded preceding and unbounded following exclude group",
		"1|44|8; 2|40|7; 3|40|7; 4|33|7; 5|40|8; 6|32|7; 7|32|7; 8|33|7; 9|36|8")
	f("order by points range between unbounded preceding and current row exclude ties",
		"1|23|4; 2|25|5; 3|26|5; 4|37|8; 5|33|7; 6|6|1; 7|7|1; 8|41|8; 9|22|3")
	f("order by points groups current row", "1|1|1; 2|5|2; 3|5|2; 4|12|2; 5|5|1; 6|13|2; 7|13|2; 8|12|2; 9|9|1")
	f("order by points groups between 1 preceding and 1 following",
		"1|15|4; 2|11|4; 3|11|4; 4|17|3; 5|22|5; 6|22|3; 7|22|3; 8|17|3; 9|23|4")
	f("order by points groups between 1 following and 2 following",
		"1|10|3; 2|17|3; 3|17|3; 4|<null>|0; 5|12|2; 6|10|2; 7|10|2; 8|<null>|0; 9|6|3")
	f("order by points groups between unbounded preceding and 1 preceding",
		"1|22|3; 2|23|4; 3|23|4; 4|33|7; 5|28|6; 6|<null>|0; 7|<null>|0; 8|33|7; 9|13|2")
	f("order by points groups between 1 preceding and 1 following exclude current row",
		"1|14|3; 2|9|3; 3|8|3; 4|13|2; 5|17|4; 6|16|2; 7|15|2; 8|9|2; 9|14|3")
	f("order by points groups between 1 preceding and 1 following exclude group",
		"1|14|3; 2|6|2; 3|6|2; 4|5|1; 5|17|4; 6|9|1; 7|9|1; 8|5|1; 9|14|3")
	f("order by points groups between 1 preceding and 1 following exclude ties",
		"1|15|4; 2|8|3; 3|9|3; 4|9|2; 5|22|5; 6|15|2; 7|16|2; 8|13|2; 9|23|4")
	f("order by team, points groups between 0 preceding and 1 following",
		"1|6|3; 2|10|3; 3|10|3; 4|17|3; 5|9|2; 6|21|3; 7|21|3; 8|17|2; 9|9|1")
	f("partition by team order by points desc groups 1 preceding",
		"1|6|3; 2|10|3; 3|10|3; 4|4|1; 5|9|2; 6|21|3; 7|21|3; 8|8|1; 9|9|1")
	f("rows between unbounded preceding and unbounded following exclude ties",
		"1|1|1; 2|2|1; 3|3|1; 4|4|1; 5|5|1; 6|6|1; 7|7|1; 8|8|1; 9|9|1")
	f("range between unbounded preceding and unbounded following exclude ties",
		"1|1|1; 2|2|1; 3|3|1; 4|4|1; 5|5|1; 6|6|1; 7|7|1; 8|8|1; 9|9|1")
	f("range between 1 preceding and current row",
		"42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	f("order by team, id range between 1 preceding and current row",
		"42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column")
	f("order by team range between 1 preceding and current row",
		"0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type text")
	f("order by points range between -1 preceding and current row",
		"22013: invalid preceding or following size in window function")
	f("order by points range between null preceding and current row", "22004: frame starting offset must not be null")
	f("order by at range between '-1 day' preceding and current row",
		"22013: invalid preceding or following size in window function")
	f("groups between 1 preceding and current row", "42P20: GROUPS mode requires an ORDER BY clause")
}

// Aggregates over a window take FILTER; running ones come back from what leaves the frame.
func TestWindowAggregates(t *testing.T) {
	db := races(t)
	f := func(call, want string) {
		t.Helper()
		db.Is("select id, "+call+" from run order by id", want)
	}
	f("sum(points) over (partition by team order by id), avg(points) over (partition by team order by id)",
		"1|10|10.0000000000000000; 2|30|15.0000000000000000; 3|50|16.6666666666666667; 4|50|16.6666666666666667; "+
			"5|100|25.0000000000000000; 6|5|5.0000000000000000; 7|10|5.0000000000000000; 8|10|5.0000000000000000; "+
			"9|7|7.0000000000000000")
	f("min(points) over (order by id rows 1 preceding), max(points) over (order by id desc rows 1 preceding)",
		"1|10|20; 2|10|20; 3|20|20; 4|20|50; 5|50|50; 6|5|5; 7|5|5; 8|5|7; 9|7|7")
	f("count(*) filter (where points > 5) over (order by id), sum(points) filter (where team = 'a') over ()",
		"1|1|100; 2|2|100; 3|3|100; 4|3|100; 5|4|100; 6|4|100; 7|4|100; 8|4|100; 9|5|100")
	f("string_agg(team, '' order by id) over (), 1", "0A000: aggregate ORDER BY is not implemented for window functions")
	f("string_agg(team, '') over (order by id), array_agg(points) over (partition by team order by id)",
		"1|a|{10}; 2|aa|{10,20}; 3|aaa|{10,20,20}; 4|aaaa|{10,20,20,NULL}; 5|aaaaa|{10,20,20,NULL,50}; "+
			"6|aaaaab|{5}; 7|aaaaabb|{5,5}; 8|aaaaabbb|{5,5,NULL}; 9|aaaaabbb|{7}")
	f("bool_and(points > 5) over (order by id), bool_or(points > 15) over (order by id rows 1 preceding)",
		"1|t|f; 2|t|t; 3|t|t; 4|t|t; 5|t|t; 6|f|t; 7|f|f; 8|f|f; 9|f|f")
	f("round(stddev(points) over (order by id), 3), round(var_pop(points) over (order by id rows 2 preceding), 3)",
		"1|<null>|0.000; 2|7.071|25.000; 3|5.774|22.222; 4|5.774|0.000; 5|17.321|225.000; 6|17.464|506.250; "+
			"7|16.931|450.000; 8|16.931|0.000; 9|16.039|1.000")
	f("sum(secs) over (order by id rows 1 preceding), avg(took) over (order by id rows 1 preceding)",
		"1|1.5|00:01:00; 2|4|00:01:30; 3|5.25|00:02:30; 4|2.75|00:03:00; 5|9|01:00:00; 6|9|00:30:05; "+
			"7|-1|00:00:15; 8|3|00:00:25; 9|NaN|12:00:15")
	f("max(at) over (order by at rows between 1 following and 1 following), min(team) over (order by id rows 2 preceding)",
		"1|2024-01-03|a; 2|2024-01-03|a; 3|2024-01-10|a; 4|2024-01-12|a; 5|2024-02-01|a; 6|2024-02-02|a; "+
			"7|2024-02-29|a; 8|<null>|b; 9|<null>|b")
	f("points - avg(points) over (partition by team) as above, round(100.0 * points / sum(points) over (), 1)",
		"1|-15.0000000000000000|8.5; 2|-5.0000000000000000|17.1; 3|-5.0000000000000000|17.1; 4|<null>|<null>; "+
			"5|25.0000000000000000|42.7; 6|0.0000000000000000|4.3; 7|0.0000000000000000|4.3; 8|<null>|<null>; "+
			"9|0.0000000000000000|6.0")
	f("sum(points) over (order by id) + sum(points) over (order by id desc) - coalesce(points, 0)",
		"1|117; 2|117; 3|117; 4|117; 5|117; 6|117; 7|117; 8|117; 9|117")
	f("count(distinct team) over ()", "0A000: DISTINCT is not implemented for window functions")
	f("percentile_cont(0.5) within group (order by points) over ()",
		"0A000: OVER is not supported for ordered-set aggregate percentile_cont")
	f("upper(team) over ()", "42809: OVER specified, but upper is not a window function nor an aggregate function")
}

// Windows have names, which others extend, and each query its own.
func TestNamedWindows(t *testing.T) {
	db := races(t)
	db.Rows(`select id, sum(points) over w, rank() over (w order by points) from run
		window w as (partition by team) order by id`,
		"1|100|1",
		"2|100|2",
		"3|100|2",
		"4|100|5",
		"5|100|4",
		"6|10|1",
		"7|10|1",
		"8|10|3",
		"9|7|1",
	)
	db.Rows(`select id, sum(points) over b, count(*) over (b rows 1 preceding) from run
		window a as (partition by team), b as (a order by id) order by id`,
		"1|10|1",
		"2|30|2",
		"3|50|2",
		"4|50|2",
		"5|100|2",
		"6|5|1",
		"7|10|2",
		"8|10|2",
		"9|7|1",
	)
	db.Rows(`select id, first_value(id) over v, last_value(id) over w from run where team = 'a'
		window v as (order by id), w as (order by id desc) order by id`,
		"1|1|1",
		"2|1|2",
		"3|1|3",
		"4|1|4",
		"5|1|5",
	)
	db.Is("select sum(id) over w from run", `42704: window "w" does not exist`)
	db.Is("select sum(id) over w from run window w as (order by id), w as ()", `42P20: window "w" is already defined`)
	db.Is("select sum(id) over (w partition by team) from run window w as (order by id)",
		`42P20: cannot override PARTITION BY clause of window "w"`)
	db.Is("select sum(id) over (w order by team) from run window w as (order by id)",
		`42P20: cannot override ORDER BY clause of window "w"`)
	db.Is("select sum(id) over (w order by id) from run window w as (rows 1 preceding)",
		`42P20: cannot copy window "w" because it has a frame clause`)
	db.Is("select sum(id) over (w) from run window w as (order by id rows 1 preceding)",
		`42P20: cannot copy window "w" because it has a frame clause HINT: Omit the parentheses in this OVER clause.`,
	)
	db.Is("select sum(id) over a from run window a as (b), b as (order by id)", `42704: window "b" does not exist`)
}

// Windows come after groups and before DISTINCT, ORDER BY and LIMIT, and stand in no other clause.
func TestWindowsInQueries(t *testing.T) {
	db := races(t)
	db.Rows(`select team, sum(points), rank() over (order by sum(points) desc nulls last),
		sum(sum(points)) over (order by team) from run group by team order by team`,
		"a|100|1|100",
		"b|10|2|110",
		"<null>|7|3|117",
	)
	db.Rows(`select team, count(*), sum(count(*)) over (), round(100.0 * count(*) / sum(count(*)) over (), 2)
		from run group by team having count(*) > 1 order by team`,
		"a|5|8|62.50",
		"b|3|8|37.50",
	)
	db.Rows("select distinct team, count(*) over (partition by team) from run order by 1",
		"a|5",
		"b|3",
		"<null>|1",
	)
	db.Rows("select id from run order by rank() over (order by points desc nulls last), id limit 4",
		"5",
		"2",
		"3",
		"1",
	)
	db.Rows("select id, row_number() over (order by id desc) from run order by 2 limit 3 offset 1",
		"8|2",
		"7|3",
		"6|4",
	)
	db.Rows(`select * from (select id, team, row_number() over (partition by team
		order by points desc nulls last, id) n from run) q where n = 1 order by team`,
		"5|a|1",
		"6|b|1",
		"9|<null>|1",
	)
	db.Rows("select * from (select id, rank() over (order by points) r from run) q where r <= 2 and id > 5 order by id",
		"6|1",
		"7|1",
	)
	db.Rows(`select r.id, q.n from run r join (select team, count(*) over (partition by team) n, id
		from run) q using (id) where r.team = 'b' order by 1`,
		"6|3",
		"7|3",
		"8|3",
	)
	db.Rows("select id, sum(points) over (order by id) from run where points is not null union all select 0, 0 order by 1",
		"0|0",
		"1|10",
		"2|30",
		"3|50",
		"5|100",
		"6|105",
		"7|110",
		"9|117",
	)
	db.Rows(`select id, case when lag(team) over (order by id) is distinct from team then 'new' else 'same' end
		from run order by id`,
		"1|new",
		"2|same",
		"3|same",
		"4|same",
		"5|same",
		"6|new",
		"7|same",
		"8|same",
		"9|new",
	)
	db.Rows(`with gaps as (select at, at - lag(at) over (order by at) gap from run where at is not null) select *
		from gaps where gap > 2 order by at`,
		"2024-01-10|7",
		"2024-02-01|20",
		"2024-02-29|27",
	)
	db.Rows(`select min(id), max(id), count(*) from (select id, id - row_number() over (order by id) island
		from run where id not in (3, 7)) q group by island order by 1`,
		"1|2|2",
		"4|6|3",
		"8|9|2",
	)
	db.Rows("select x, sum(x) over (order by x) from (values (1), (2), (2), (null)) v(x) order by x",
		"1|1",
		"2|5",
		"2|5",
		"<null>|5",
	)
	db.Is("select sum(points) over (), count(*) over () from run where false", "")
	db.Is("select rank() over (order by count(*)), count(*) from run where false", "1|0")
	db.Is("select id from run where rank() over (order by id) = 1", "42P20: window functions are not allowed in WHERE")
	db.Is("select team from run group by team having rank() over (order by team) = 1",
		"42P20: window functions are not allowed in HAVING")
	db.Is("select team from run group by rank() over ()", "42P20: window functions are not allowed in GROUP BY")
	db.Is("select sum(rank() over ()) over () from run", "42P20: window function calls cannot be nested")
	db.Is("select max(rank() over ()) from run", "42803: aggregate function calls cannot contain window function calls")
	db.Is("update run set points = rank() over ()", "42P20: window functions are not allowed in UPDATE")
	db.Is("select id from run limit row_number() over ()", "42P20: window functions are not allowed in LIMIT")
}

// Windows over several batches: the totals of a running sum are what plain arithmetic gives.
func TestWindowsOverManyRows(t *testing.T) {
	db := races(t)
	db.Must("create table many as select g, g % 3 p, g / 7 h from generate_series(1, 3000) g")
	f := func(call, window, want string) {
		t.Helper()
		db.Is("select count(x), sum(x), min(x), max(x) from (select "+call+" over ("+window+") x from many) q", want)
	}
	f("sum(g)", "order by g", "3000|4504501000|1|4501500")
	f("sum(g)", "partition by p order by g", "3000|1503001500|1|1501500")
	f("sum(g)", "order by h", "3000|4518002483|21|4501500")
	f("sum(g)", "order by g rows between 1024 preceding and 1 preceding", "2999|3214092800|1|2547200")
	f("max(g)", "order by g desc rows between 500 preceding and 500 following", "3000|5876250|501|3000")
	f("count(*)", "order by h groups between 2 preceding and 1 following exclude group", "3000|62804|7|21")
	f("count(*)", "order by h range between 100 preceding and 10 following", "3000|2080839|76|777")
	f("row_number()", "partition by h order by g", "3000|11992|1|7")
	f("rank()", "order by h", "3000|4492508|1|2996")
	f("ntile(7)", "order by g", "3000|11994|1|7")
	f("lag(g, 1025)", "order by g", "1975|1951300|1|1975")
	f("lead(g, 1, 0)", "partition by h order by g", "3000|3858857|0|3000")
	f("first_value(g)", "partition by p order by g desc", "3000|8997000|2998|3000")
	f("nth_value(g, 3)", "partition by h order by g rows between unbounded preceding and unbounded following",
		"3000|4498508|3|2998")
}
