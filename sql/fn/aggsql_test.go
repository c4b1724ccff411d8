package fn_test

import "testing"

// TestAggregatesOfNothing holds what each aggregate says of no rows and of nulls alone.
func TestAggregatesOfNothing(t *testing.T) {
	db := newDB(t)
	const list = "count(*), count(x), sum(x), avg(x), min(x), max(x), stddev(x), var_pop(x), bit_and(x), " +
		"bit_or(x), bit_xor(x), bool_and(x > 0), bool_or(x > 0), every(x > 0), " +
		"array_agg(x), string_agg(x::text, ','), json_agg(x), jsonb_agg(x), " +
		"json_object_agg(x::text, 1) filter (where x is not null), any_value(x), mode() within group (order by x), " +
		"percentile_disc(0.5) within group (order by x)"
	db.Is("select "+list+" from (select 1 where false) v(x)",
		"0|0|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|"+
			"<null>|<null>|<null>|<null>|<null>|<null>")
	db.Is("select "+list+" from (values (null::int), (null)) v(x)",
		"2|0|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|<null>|{NULL,NULL}|"+
			"<null>|[null, null]|[null, null]|<null>|<null>|<null>|<null>")
	db.Is(`select corr(x, x), covar_pop(x, x), covar_samp(x, x), regr_slope(x, x), regr_intercept(x, x),
		regr_r2(x, x), regr_count(x, x), regr_avgx(x, x), regr_sxx(x, x) from (select 1 where false) v(x)`,
		"<null>|<null>|<null>|<null>|<null>|<null>|0|<null>|<null>")
	db.Is(`select rank(3) within group (order by x), dense_rank(3) within group (order by x),
		percent_rank(3) within group (order by x), cume_dist(3) within group (order by x) from (select 1 where false) v(x)`,
		"1|1|0|1")
	db.Is("select sum(x), avg(x), count(x) from (select '[1,2]'::vector where false) v(x)", "<null>|<null>|0")
	db.Rows("select x, count(*) from (select 1 where false) v(x) group by x")
}

// TestSums holds the result types of sum and avg, their scales, and overflow.
func TestSums(t *testing.T) {
	db := newDB(t)
	db.Is("select sum(x), pg_typeof(sum(x)), avg(x), pg_typeof(avg(x)) from (values (1::smallint), (2), (4)) v(x)",
		"7|bigint|2.3333333333333333|numeric")
	db.Is("select sum(x), pg_typeof(sum(x)), avg(x) from (values (2147483647), (2147483647)) v(x)",
		"4294967294|bigint|2147483647.00000000")
	db.Is("select sum(x), pg_typeof(sum(x)), avg(x) from (values (9223372036854775807), (9223372036854775807)) v(x)",
		"18446744073709551614|numeric|9223372036854775807")
	db.Is("select sum(x), avg(x) from (values (1.50), (2.250), (null)) v(x)", "3.750|1.8750000000000000")
	db.Is("select sum(x), avg(x) from (values (1.5), ('nan'), (2)) v(x)", "NaN|NaN")
	db.Is("select sum(x), avg(x) from (values (1.5), ('inf'), (2)) v(x)", "Infinity|Infinity")
	db.Is("select sum(x), avg(x) from (values ('inf'::numeric), ('-inf')) v(x)", "NaN|NaN")
	db.Is("select sum(x), pg_typeof(sum(x)), avg(x), pg_typeof(avg(x)) from (values (1.5::real), (2.25)) v(x)",
		"3.75|real|1.875|double precision")
	db.Is("select sum(x) from (values (3e38::real), (3e38)) v(x)", "22003: value out of range: overflow")
	db.Is("select sum(x) from (values (1.7e308::float8), (1.7e308)) v(x)", "22003: value out of range: overflow")
	db.Is("select sum(x), avg(x) from (values ('inf'::float8), ('-inf')) v(x)", "NaN|NaN")
	db.Is("select avg(x) from (values (1.7e308::float8), (1.7e308)) v(x)", "22003: value out of range: overflow")
	db.Is("select sum(x), avg(x) from (values (interval '1 mon 1 day'), ('2 days 03:00'), (null)) v(x)",
		"1 mon 3 days 03:00:00|16 days 13:30:00")
	db.Is("select sum(x) from (values (interval '178956970 years'), ('178956970 years')) v(x)",
		"22008: interval out of range")
	db.Is("select avg(x) from (values (interval '1 year'), ('1 day')) v(x)", "6 mons 12:00:00")
	db.Is("select sum(distinct x), avg(distinct x), count(distinct x) from (values (1), (1), (2), (null)) v(x)",
		"3|1.5000000000000000|2")
	db.Is("select sum(1e-10 * x), sum(x / 3.0) from generate_series(1, 10) x", "0.0000000055|18.33333333333333330000")
	db.Is("select sum('a'::text)",
		"42883: function sum(text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select sum(true)",
		"42883: function sum(boolean) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select avg(date '2024-01-01')",
		"42883: function avg(date) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select sum()",
		"42883: function sum() does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestStatistics holds variance and deviation of one, two and equal values, in numeric and float.
func TestStatistics(t *testing.T) {
	db := newDB(t)
	const list = "var_pop(x), var_samp(x), variance(x), stddev_pop(x), stddev_samp(x), stddev(x)"
	db.Is("select "+list+" from (values (7)) v(x)", "0|<null>|<null>|0|<null>|<null>")
	db.Is("select "+list+" from (values (1), (2)) v(x)",
		"0.25000000000000000000|0.50000000000000000000|0.50000000000000000000|0.50000000000000000000|"+
			"0.70710678118654752440|0.70710678118654752440")
	db.Is("select "+list+" from (values (5), (5), (5)) v(x)", "0|0|0|0|0|0")
	db.Is("select "+list+" from (values (1.5), (2.25), (null), (10)) v(x)",
		"14.7638888888888889|22.1458333333333333|22.1458333333333333|3.8423806277995012|4.7059359678318333|"+
			"4.7059359678318333")
	db.Is("select "+list+" from (values (1::bigint), (9223372036854775807)) v(x)",
		"21267647932558653957237540927630737409|42535295865117307914475081855261474818|"+
			"42535295865117307914475081855261474818|4611686018427387903|6521908912666391105|6521908912666391105")
	db.Is("select "+list+" from (values (7::float8)) v(x)", "0|<null>|<null>|0|<null>|<null>")
	db.Is("select "+list+" from (values (1::float8), (2), (4)) v(x)",
		"1.5555555555555556|2.3333333333333335|2.3333333333333335|1.247219128924647|1.5275252316519468|1.5275252316519468")
	db.Is("select "+list+" from (values (0.1::float8), (0.1), (0.1)) v(x)", "0|0|0|0|0|0")
	db.Is("select "+list+" from (values (1::float8), ('inf')) v(x)", "NaN|NaN|NaN|NaN|NaN|NaN")
	db.Is("select "+list+" from (values ('nan'::float8)) v(x)", "NaN|<null>|<null>|NaN|<null>|<null>")
	db.Is("select "+list+" from (values ('inf'::numeric)) v(x)", "NaN|<null>|<null>|NaN|<null>|<null>")
	db.Is("select "+list+" from (values ('nan'::numeric), (1)) v(x)", "NaN|NaN|NaN|NaN|NaN|NaN")
	db.Is("select "+list+" from (values (1e200::float8), (-1e200)) v(x)", "22003: value out of range: overflow")
	db.Is("select "+list+" from (values (1.5::real), (2.5)) v(x)",
		"0.25|0.5|0.5|0.5|0.7071067811865476|0.7071067811865476")
	db.Is("select stddev(x), variance(x) from generate_series(1, 100) x", "29.0114919758820171|841.6666666666666667")
}

// TestRegression holds the aggregates of pairs; a pair with a null is left out.
func TestRegression(t *testing.T) {
	db := newDB(t)
	const list = "regr_count(y, x), regr_sxx(y, x), regr_syy(y, x), regr_sxy(y, x), regr_avgx(y, x), " +
		"regr_avgy(y, x), regr_r2(y, x), regr_slope(y, x), regr_intercept(y, x), covar_pop(y, x), " +
		"covar_samp(y, x), corr(y, x)"
	db.Is("select "+list+" from (values (1.0::float8, 2.0::float8), (2, 4), (3, 7), (null, 1), (1, null)) v(y, x)",
		"3|12.666666666666666|2|5|4.333333333333333|2|0.986842105263158|0.39473684210526316|0.28947368421052627|"+
			"1.6666666666666667|2.5|0.9933992677987828")
	db.Is("select "+list+" from (values (1.0::float8, 2.0::float8)) v(y, x)",
		"1|0|0|0|2|1|<null>|<null>|<null>|0|<null>|<null>")
	db.Is("select "+list+" from (values (1.0::float8, 2.0::float8), (1, 3)) v(y, x)", "2|0.5|0|0|2.5|1|1|0|1|0|0|<null>")
	db.Is("select "+list+" from (values (1.0::float8, 2.0::float8), (3, 2)) v(y, x)",
		"2|0|2|0|2|2|<null>|<null>|<null>|0|0|<null>")
	db.Is("select "+list+" from (values (0.1::float8, 0.1::float8), (0.1, 0.1)) v(y, x)",
		"2|0|0|0|0.1|0.1|<null>|<null>|<null>|0|0|<null>")
	db.Is("select "+list+" from (values ('nan'::float8, 1::float8), (1, 2)) v(y, x)",
		"2|0.5|NaN|NaN|1.5|NaN|NaN|NaN|NaN|NaN|NaN|NaN")
	db.Is("select "+list+" from (values ('inf'::float8, 1::float8), (1, 2)) v(y, x)",
		"2|0.5|NaN|NaN|1.5|Infinity|NaN|NaN|NaN|NaN|NaN|NaN")
	db.Is(`select corr(x, -x), regr_slope(2*x+1, x), regr_intercept(2*x+1, x), regr_r2(x, x)
		from generate_series(1, 10) x`,
		"-1|2|1|1")
}

// TestBitAndBool holds the aggregates of bits and truth values.
func TestBitAndBool(t *testing.T) {
	db := newDB(t)
	db.Is("select bit_and(x), bit_or(x), bit_xor(x) from (values (12), (10), (null)) v(x)", "8|14|6")
	db.Is("select bit_and(x), bit_or(x), bit_xor(x), pg_typeof(bit_xor(x)) from (values (-1::smallint), (4)) v(x)",
		"4|-1|-5|integer")
	db.Is("select bit_and(x), bit_or(x), bit_xor(distinct x) from (values (9223372036854775807), (1), (1)) v(x)",
		"1|9223372036854775807|9223372036854775806")
	db.Is("select bool_and(x), bool_or(x), every(x) from (values (true), (null), (false)) v(x)", "f|t|f")
	db.Is("select bool_and(x), bool_or(x) from (values (true), (null)) v(x)", "t|t")
	db.Is("select bit_and(1.5)",
		"42883: function bit_and(numeric) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select bool_and(1)",
		"42883: function bool_and(integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestExtremes holds min and max of every type that has an order.
func TestExtremes(t *testing.T) {
	db := newDB(t)
	f := func(typ, values, want string) {
		t.Helper()
		db.Is("select min(x), max(x) from unnest('"+values+"'::"+typ+"[]) x", want)
	}
	f("int", "{3,NULL,-1}", "-1|3")
	f("float8", "{1,NaN,-Infinity,NULL}", "-Infinity|NaN")
	f("real", "{1,NaN,0}", "0|NaN")
	f("numeric", "{1.50,NaN,-Infinity,1.5}", "-Infinity|NaN")
	f("text", "{b,B,ä,NULL,\"\"}", "|ä")
	f("varchar", "{b,a}", "a|b")
	f("char(3)", "{b,a}", "a  |b  ")
	f("date", "{2024-02-29,infinity,0044-03-15 BC}", "0044-03-15 BC|infinity")
	f("timestamptz", "{2024-02-29,-infinity}", "-infinity|2024-02-29 00:00:00-05")
	f("timestamp", "{2024-02-29,2024-03-01}", "2024-02-29 00:00:00|2024-03-01 00:00:00")
	f("time", "{10:00,09:59:59.999999}", "09:59:59.999999|10:00:00")
	f("timetz", "{10:00+00,10:00+02}", "10:00:00+02|10:00:00+00")
	f("interval", "{1 mon,29 days,31 days}", "29 days|31 days")
	f("oid", "{4294967295,1}", "1|4294967295")
	f("smallint", "{-32768,32767}", "-32768|32767")
	f("bool", "{t}",
		"42883: function min(boolean) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("jsonb", "{1}",
		"42883: function min(jsonb) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("uuid", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
		"42883: function min(uuid) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("bytea", `{"\\x01"}`,
		"42883: function min(bytea) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select min(x), max(x) from (values (array[1,2]), (array[1]), (array[2])) v(x)", "{1}|{2}")
	db.Is("select max(x) from (values ('[1,2]'::vector)) v(x)",
		"42883: function max(vector) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select min(x) from (values ('{}'::json)) v(x)",
		"42883: function min(json) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select min(distinct x), max(x) filter (where x < 3) from (values (3), (1), (2)) v(x)", "1|2")
}

// TestLists holds array_agg and string_agg with ORDER BY, DISTINCT and FILTER.
func TestLists(t *testing.T) {
	db := newDB(t)
	db.Must(`create table t (g int, n int, s text); insert into t
		values (1, 3, 'c'), (1, 1, 'a'), (2, null, 'b'), (1, 1, null), (2, 2, 'ä')`)
	db.Rows(`select g, array_agg(n order by n), array_agg(n order by n desc nulls last),
		string_agg(s, ',' order by s desc) from t group by g order by g`,
		"1|{1,1,3}|{3,1,1}|c,a",
		"2|{2,NULL}|{2,NULL}|ä,b")
	db.Rows("select array_agg(distinct n), array_agg(distinct n order by n desc), string_agg(distinct s, '') from t",
		"{1,2,3,NULL}|{NULL,3,2,1}|abcä")
	db.Rows(`select array_agg(n) filter (where n > 1), count(*) filter (where s is null),
		string_agg(s, '-') filter (where false) from t`,
		"{3,2}|1|<null>")
	db.Rows(`select string_agg(s, null order by s), string_agg(s, n::text order by n, s),
		string_agg(s, '' order by s) from t`,
		"abcä|a2ä3cb|abcä")
	db.Rows(`select string_agg(b, '\x00'::bytea order by b) from (values ('\x01'::bytea), ('\x02'), (null)) v(b)`,
		`\x010002`)
	db.Rows("select array_agg(array[n, g] order by n, g) from t where n is not null", "{{1,1},{1,1},{2,2},{3,1}}")
	db.Rows("select array_agg(a) from (values ('{}'::int[]), ('{}')) v(a)", "2202E: cannot accumulate empty arrays")
	db.Rows("select array_agg(a) from (values (array[1,2]), (null)) v(a)", "22004: cannot accumulate null arrays")
	db.Rows("select array_agg(a) from (values (array[1,2]), (array[3])) v(a)",
		"2202E: cannot accumulate arrays of different dimensionality")
	db.Rows("select array_agg(row(n, s) order by n, s) from t", `{"(1,a)","(1,)","(2,ä)","(3,c)","(,b)"}`)
	db.Rows("select array_agg(null), array_agg(null::int)",
		"42725: function array_agg(unknown) is not unique "+
			"HINT: Could not choose a best candidate function. You might need to add explicit type casts.")
	db.Rows("select string_agg(distinct s, ',' order by s) from t", "a,b,c,ä")
	db.Rows("select string_agg(distinct s, ',' order by n) from t",
		"42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
	db.Rows("select array_agg(n order by s, n desc) from t", "{1,NULL,3,2,1}")
	db.Rows("select string_agg(n, ',') from t",
		"42883: function string_agg(integer, unknown) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Rows("select any_value(g) from t where g = 2", "2")
	db.Rows("select json_agg(n order by n), jsonb_agg(s order by s), json_agg(distinct n) from t",
		`[1, 1, 2, 3, null]|["a", "b", "c", "ä", null]|[1, 2, 3, null]`)
	db.Rows("select json_object_agg(coalesce(s, 'z'), n order by s), jsonb_object_agg(coalesce(s, 'z'), n) from t",
		`{ "a" : 1, "b" : null, "c" : 3, "ä" : 2, "z" : 1 }|{"a": 1, "b": null, "c": 3, "z": 1, "ä": 2}`)
	db.Rows("select json_object_agg(s, n) from t", "22004: null value not allowed for object key")
	db.Rows("select jsonb_object_agg(s, n) from t", "22023: field name must not be null")
	db.Rows(`select json_agg_strict(n), jsonb_agg_strict(s order by s),
		json_object_agg_strict(coalesce(s, 'z'), n order by s), json_object_agg_unique(s, n) from t
		where s is not null and n is null or s = 'a'`,
		`[1]|["a", "b"]|{ "a" : 1 }|{ "a" : 1, "b" : null }`)
	db.Rows("select json_object_agg_unique(g::text, n) from t", `22030: duplicate JSON object key value: "1"`)
	db.Rows("select jsonb_object_agg_unique(g::text, n) from t", "22030: duplicate JSON object key value")
}

// TestPercentiles holds ordered-set aggregates with their fractions, ties, nulls and errors.
func TestPercentiles(t *testing.T) {
	db := newDB(t)
	db.Is(`select percentile_cont(0.5) within group (order by x), percentile_cont(0.25) within group (order by x),
		percentile_disc(0.5) within group (order by x), percentile_disc(0) within group (order by x),
		percentile_disc(1) within group (order by x) from (values (1), (2), (4), (null), (10)) v(x)`,
		"3|1.75|2|1|10")
	db.Is(`select percentile_cont(array[0, 0.5, 1, null]) within group (order by x),
		percentile_disc(array[[0, 0.5], [0.75, 1]]) within group (order by x),
		percentile_disc('{}'::float8[]) within group (order by x) from (values (1), (2), (4)) v(x)`,
		"{1,2,4,NULL}|{{1,2},{4,4}}|{}")
	db.Is(`select percentile_cont(0.5) within group (order by x desc),
		percentile_disc(0.3) within group (order by x desc) from (values (1.5::float8), (2), (9)) v(x)`,
		"2|9")
	db.Is(`select percentile_cont(0.5) within group (order by x), percentile_disc(0.5) within group (order by x)
		from (values (interval '1 day'), ('3 days'), ('1 mon')) v(x)`,
		"3 days|3 days")
	db.Is("select percentile_cont(0.4) within group (order by x) from (values (interval '1 day'), ('2 days 01:00')) v(x)",
		"1 day 10:00:00")
	db.Is("select percentile_disc(0.5) within group (order by x) from (values ('b'), ('a'), ('c')) v(x)", "b")
	db.Is(`select percentile_disc(null) within group (order by x), percentile_cont(null) within group (order by x)
		from (values (1)) v(x)`,
		"<null>|<null>")
	db.Is("select percentile_cont(1.1) within group (order by x) from (values (1)) v(x)",
		"22003: percentile value 1.1 is not between 0 and 1")
	db.Is("select percentile_disc(-0.1) within group (order by x) from (values (1)) v(x)",
		"22003: percentile value -0.1 is not between 0 and 1")
	db.Is("select percentile_disc(array[0.5, 2]) within group (order by x) from (values (1)) v(x)",
		"22003: percentile value 2 is not between 0 and 1")
	db.Is("select percentile_cont('nan') within group (order by x) from (values (1)) v(x)",
		"22003: percentile value NaN is not between 0 and 1")
	db.Is("select percentile_cont(0.5) within group (order by x) from (values ('a')) v(x)",
		"42883: function percentile_cont(numeric, text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select percentile_cont(0.5) within group (order by x) from (values (1.0::numeric), (2)) v(x)", "1.5")
	db.Is("select percentile_cont(0.5) within group (order by x) from (values ('inf'::float8), (1)) v(x)", "Infinity")
	db.Is(`select mode() within group (order by x), mode() within group (order by x desc)
		from (values (1), (2), (2), (1), (null), (3)) v(x)`,
		"1|2")
	db.Is("select mode() within group (order by x) from (values ('b'), ('a')) v(x)", "a")
	db.Is("select percentile_disc(0.5) within group (order by x) filter (where x > 1) from (values (1), (2), (4)) v(x)",
		"2")
	db.Rows(`select g, percentile_disc(g / 4.0) within group (order by x)
		from (values (1, 5), (1, 6), (3, 7), (3, 8)) v(g, x) group by g order by g`,
		"1|5",
		"3|8")
	db.Is("select percentile_disc(0.5)",
		"42883: function percentile_disc(numeric) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select sum(1) within group (order by 1)",
		"42883: function sum(integer, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("select mode(1) within group (order by 1)",
		"42883: function mode(integer, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestHypothetical holds the ranks that a row would have.
func TestHypothetical(t *testing.T) {
	db := newDB(t)
	const from = " from (values (1, 'a'), (3, 'b'), (3, 'c'), (7, null)) v(x, s)"
	db.Is(`select rank(3) within group (order by x), dense_rank(3) within group (order by x),
		percent_rank(3) within group (order by x), cume_dist(3) within group (order by x)`+from,
		"2|2|0.25|0.8")
	db.Is(`select rank(0) within group (order by x), rank(9) within group (order by x),
		dense_rank(9) within group (order by x desc), cume_dist(9) within group (order by x),
		percent_rank(0) within group (order by x)`+from,
		"1|5|1|1|0")
	db.Is(`select rank(3, 'bb') within group (order by x, s), rank(null) within group (order by x),
		rank(null) within group (order by x nulls first), rank('b') within group (order by s)`+from,
		"3|5|1|2")
	db.Is("select rank(1, 2) within group (order by x)"+from,
		"42883: function rank(integer, integer, integer) does not exist "+
			"HINT: To use the hypothetical-set aggregate rank, "+
			"the number of hypothetical direct arguments (here 2) must match the number of ordering columns (here 1).")
	db.Is("select rank('z') within group (order by x)"+from, `22P02: invalid input syntax for type integer: "z"`)
}

// TestAggregateErrors holds where aggregates may not stand.
func TestAggregateErrors(t *testing.T) {
	db := newDB(t)
	db.Must("create table t (a int)")
	db.Is("select sum(sum(a)) from t", "42803: aggregate function calls cannot be nested")
	db.Is("select a from t where sum(a) > 1", "42803: aggregate functions are not allowed in WHERE")
	db.Is("select a, sum(a) from t",
		`42803: column "t.a" must appear in the GROUP BY clause or be used in an aggregate function`)
	db.Is("select sum(distinct a order by a + 1) from t",
		"42P10: in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
	db.Is("select abs(distinct a) from t", "42809: DISTINCT specified, but abs is not an aggregate function")
	db.Is("select abs(a) filter (where true) from t", "42809: FILTER specified, but abs is not an aggregate function")
	db.Is("select count(distinct *) from t", `42601: syntax error at or near "*"`)
	db.Is("select count() from t", "42809: count(*) must be used to call a parameterless aggregate function")
	db.Is("select string_agg(a::text) from t",
		"42883: function string_agg(text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	db.Is("update t set a = sum(a)", "42803: aggregate functions are not allowed in UPDATE")
	db.Is("insert into t values (sum(1))", "42803: aggregate functions are not allowed in VALUES")
	db.Is("select sum(a) over (partition by sum(a)) from t group by a", "")
	db.Is("select count(*), count(1), count(null) from t", "0|0|0")
}
