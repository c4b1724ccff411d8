package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Functions in FROM give rows; several in ROWS FROM stand beside each other, the shorter ones filled up with nulls.
func TestFunctionsInFrom(t *testing.T) {
	db := dbtest.New(t)
	f := func(from, want string) {
		t.Helper()
		db.Is("select * from "+from, want)
	}
	f("generate_series(1, 3)", "1; 2; 3")
	f("generate_series(3, 1)", "")
	f("generate_series(3, 1, -1) g", "3; 2; 1")
	f("generate_series(1, 2, null)", "")
	f("generate_series(1, 10, 4) as g(x) where x > 1", "5; 9")
	f("generate_series(9223372036854775806, 9223372036854775807)", "9223372036854775806; 9223372036854775807")
	f("generate_series(1.5, 3, 0.5)", "1.5; 2.0; 2.5; 3.0")
	f("generate_series(timestamp '2024-01-31', '2024-04-30', '1 month')",
		"2024-01-31 00:00:00; 2024-02-29 00:00:00; 2024-03-29 00:00:00; 2024-04-29 00:00:00")
	f("generate_series(1, 2, 0)", "22023: step size cannot equal zero")
	f("unnest(array[1, null, 3])", "1; <null>; 3")
	f("unnest(array[[1, 2], [3, 4]])", "1; 2; 3; 4")
	f("unnest(array[1, 2], array['x']) u(a, b)", "1|x; 2|<null>")
	f("unnest('{}'::int[])", "")
	f("unnest(null::int[])", "")
	f("unnest(array['b', 'a']) with ordinality", "b|1; a|2")
	f("unnest(array['b', 'a']) with ordinality as u(v, n) order by v", "a|2; b|1")
	f("rows from (generate_series(1, 3), unnest(array['a'])) with ordinality", "1|a|1; 2|<null>|2; 3|<null>|3")
	f("rows from (generate_series(1, 0), generate_series(1, 0)) with ordinality", "")
	f("abs(-3)", "3")
	f("abs(-3) with ordinality", "3|1")
	f("lower('X') l", "x")
	f("jsonb_each('{\"a\": 1, \"b\": [2]}') order by key desc", "b|[2]; a|1")
	f("json_array_elements_text('[1, null, \"x\"]')", "1; <null>; x")
	f("regexp_split_to_table('a,b,,c', ',') with ordinality", "a|1; b|2; |3; c|4")
	f("string_to_table('a-b', '-')", "a; b")
	f("regexp_matches('ab12cd34', '[a-z]+([0-9])', 'g')", "{1}; {3}")
	f("generate_subscripts(array[[1, 2, 3]], 2)", "1; 2; 3")
	f("generate_series(1, 3) a, generate_series(a, 2) b", "1|1; 1|2; 2|2")
	f("generate_series(1, 2) a cross join lateral unnest(array[a, a * 10]) b order by 1, 2", "1|1; 1|10; 2|2; 2|20")
	f("generate_series(1, count(*))", "42803: aggregate functions are not allowed in functions in FROM")
	f("generate_series(1)",
		"42883: function generate_series(integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("sum(1)", "42803: aggregate functions are not allowed in functions in FROM")
	db.Is("select count(*), sum(x) from generate_series(1, 200000) x", "200000|20000100000")
	db.IsWith("select * from generate_series($1::int, $2)", []string{"4", "5"}, "4; 5")
}

// Functions in the select list multiply the row: as many rows as the longest has, none when none has any.
func TestFunctionsInSelect(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t values (2), (0), (null), (3)")
	f := func(query, want string) {
		t.Helper()
		db.Is(query, want)
	}
	f("select generate_series(1, 3)", "1; 2; 3")
	f("select generate_series(1, 3), generate_series(1, 2)", "1|1; 2|2; 3|<null>")
	f("select generate_series(1, 2), 'x', unnest(array[5, 6, 7])", "1|x|5; 2|x|6; <null>|x|7")
	f("select a, generate_series(1, a) from t order by 1, 2", "2|1; 2|2; 3|1; 3|2; 3|3")
	f("select a, generate_series(1, a) g, generate_series(1, 2) h from t order by 1 nulls first, 2, 3",
		"<null>|<null>|1; <null>|<null>|2; 0|<null>|1; 0|<null>|2; 2|1|1; 2|2|2; 3|1|1; 3|2|2; 3|3|<null>")
	f("select generate_series(1, a) + 10 from t order by 1", "11; 11; 12; 12; 13")
	f("select generate_series(1, generate_series(1, 3))", "1; 1; 2; 1; 2; 3")
	f("select unnest(array[1, 2]) + unnest(array[10, 20])", "11; 22")
	f("select generate_series(1, 0), 1", "")
	f("select unnest('{}'::int[]), unnest(array[1])", "<null>|1")
	f("select generate_series(1, 4) g order by g desc limit 2", "4; 3")
	f("select generate_series(1, 4) g limit 1 offset 2", "3")
	f("select distinct unnest(array[2, 1, 2]) order by 1", "1; 2")
	f("select unnest(array[2, 1, 2]) u, count(*) from t group by u order by u", "1|4; 2|8")
	f("select count(*), generate_series(1, 2) from t", "4|1; 4|2")
	f("select sum(a), unnest(array['x', 'y']) from t group by a is null order by 1, 2", "5|x; 5|y; <null>|x; <null>|y")
	f("select a from t order by generate_series(1, a), a", "2; 3; 2; 3; 3")
	f("select x from (select unnest(array[3, 4]) x) y where x > 3", "4")
	f("select (select generate_series(1, 1)), generate_series(5, 6)", "1|5; 1|6")
	f("select array(select generate_series(1, a)) from t order by a", "{}; {1,2}; {1,2,3}; {}")
	f("select exists (select generate_series(1, 0)), exists (select unnest(array[null]))", "f|t")
	f("select jsonb_each('{\"a\": 1}'), (jsonb_each('{\"b\": 2}')).key", "(a,1)|b")
	f("select case when a > 1 then generate_series(1, a) end from t",
		"0A000: set-returning functions are not allowed in CASE "+
			"HINT: You might be able to move the set-returning function into a LATERAL FROM item.")
	f("select coalesce(generate_series(1, 2), 0)",
		"0A000: set-returning functions are not allowed in COALESCE "+
			"HINT: You might be able to move the set-returning function into a LATERAL FROM item.")
	f("select a from t where generate_series(1, 2) > 1", "0A000: set-returning functions are not allowed in WHERE")
	f("select sum(generate_series(1, 3))",
		"0A000: aggregate function calls cannot contain set-returning function calls "+
			"HINT: You might be able to move the set-returning function into a LATERAL FROM item.")
	f("select count(*) filter (where generate_series(1, 2) = 1) from t",
		"0A000: set-returning functions are not allowed in FILTER")
	f("select a from t group by a having generate_series(1, 2) > 1",
		"0A000: set-returning functions are not allowed in HAVING")
	f("select 1 limit generate_series(1, 2)", "0A000: set-returning functions are not allowed in LIMIT")
	f("update t set a = generate_series(1, 2)", "0A000: set-returning functions are not allowed in UPDATE")
	f("insert into t select generate_series(100, 102) returning a", "100; 101; 102")
	f("insert into t values (generate_series(200, 201)), (300) returning a",
		"0A000: set-returning functions are not allowed in VALUES")
	db.Is("select count(*), sum(g) from (select generate_series(1, 3000) g from t) x", "21000|31510500")
}

// A set in the select list is made as far as it is read: a bound above it ends it.
func TestEndlessSeries(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select generate_series(1, 9223372036854775807) limit 3", "1; 2; 3")
	db.Is("select generate_series(1, 9223372036854775807), generate_series(1, 2) offset 1 limit 2", "2|2; 3|<null>")
	db.Is("select x from (select generate_series(0, 9223372036854775807) x) y where x % 1000 = 999 limit 2", "999; 1999")
	db.Is("select exists (select generate_series(1, 9223372036854775807))", "t")
	db.Is("select (select generate_series(i, 9223372036854775807) limit 1) from generate_series(7, 9) i", "7; 8; 9")
}
