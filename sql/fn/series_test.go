package fn_test

import "testing"

// TestSeries holds generate_series over every type it has: direction, ends, steps and limits.
func TestSeries(t *testing.T) {
	db := newDB(t)
	f := func(call, want string) {
		t.Helper()
		db.Is("select array_agg(s order by n) from generate_series("+call+") with ordinality g(s, n)", want)
	}
	f("1, 4", "{1,2,3,4}")
	f("4, 1", "<null>")
	f("4, 1, -2", "{4,2}")
	f("1, 10, 4", "{1,5,9}")
	f("1, 1, 5", "{1}")
	f("-2, 2, 2", "{-2,0,2}")
	f("2147483646, 2147483647", "{2147483646,2147483647}")
	f("-2147483647, -2147483648, -1", "{-2147483647,-2147483648}")
	f("9223372036854775806, 9223372036854775807, 5", "{9223372036854775806}")
	f("-9223372036854775807, -9223372036854775808, -1", "{-9223372036854775807,-9223372036854775808}")
	f("null, 4", "<null>")
	f("1, null", "<null>")
	f("1, 4, null::int", "<null>")
	f("1, 4, 0", "22023: step size cannot equal zero")
	f("1::bigint, 4, 0", "22023: step size cannot equal zero")
	f("1.5, 3", "{1.5,2.5}")
	f("1.10, 2, 0.3", "{1.10,1.40,1.70,2.00}")
	f("2, 1.1, -0.5::numeric", "{2,1.5}")
	f("1::numeric, 2, 0", "22023: step size cannot equal zero")
	f("1::numeric, 'NaN'", "22023: stop value cannot be NaN")
	f("'NaN'::numeric, 1", "22023: start value cannot be NaN")
	f("1::numeric, 2, 'NaN'", "22023: step size cannot be NaN")
	f("'inf'::numeric, 1", "22023: start value cannot be infinity")
	f("1, 'inf'::numeric", "22023: stop value cannot be infinity")
	f("1::numeric, 2, 'inf'", "22023: step size cannot be infinity")
	f("timestamp '2024-02-28', '2024-03-01', '1 day'",
		`{"2024-02-28 00:00:00","2024-02-29 00:00:00","2024-03-01 00:00:00"}`)
	f("timestamp '2024-01-31', '2024-04-30', '1 month'",
		`{"2024-01-31 00:00:00","2024-02-29 00:00:00","2024-03-29 00:00:00","2024-04-29 00:00:00"}`)
	f("timestamp '2024-03-01', '2024-02-28', '-1 day'",
		`{"2024-03-01 00:00:00","2024-02-29 00:00:00","2024-02-28 00:00:00"}`)
	f("timestamp '2024-03-01', '2024-02-28', '1 day'", "<null>")
	f("timestamp '2024-03-01', '2024-03-02', '0'", "22023: step size cannot equal zero")
	f("date '2024-02-28', date '2024-02-29', '1 day'", `{"2024-02-28 00:00:00-05","2024-02-29 00:00:00-05"}`)
	f("timestamptz '2024-03-09', '2024-03-11', '1 day'",
		`{"2024-03-09 00:00:00-05","2024-03-10 00:00:00-05","2024-03-11 00:00:00-04"}`)
	f("timestamptz '2024-03-10', '2024-03-10 06:00', '2 hours'",
		`{"2024-03-10 00:00:00-05","2024-03-10 03:00:00-04","2024-03-10 05:00:00-04"}`)
	f("timestamptz '2024-03-30 12:00+01', '2024-04-01 12:00+02', '1 day', 'Europe/Berlin'",
		`{"2024-03-30 07:00:00-04","2024-03-31 06:00:00-04","2024-04-01 06:00:00-04"}`)
	f("timestamptz '2024-03-30', '2024-04-01', '0', 'Europe/Berlin'", "22023: step size cannot equal zero")
	f("timestamptz '2024-03-30', '2024-04-01', '1 day', 'Mars'", `22023: time zone "Mars" not recognized`)
	f("timestamp '2024-03-30', '2024-04-01'",
		"42883: function generate_series(timestamp without time zone, unknown) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("'a', 'b'",
		"42725: function generate_series(unknown, unknown) is not unique "+
			"HINT: Could not choose a best candidate function. You might need to add explicit type casts.")
	f("1, 2, 3, 4",
		"42883: function generate_series(integer, integer, integer, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestSeriesInQueries holds sets in the select list and beside tables, and what has none of a set.
func TestSeriesInQueries(t *testing.T) {
	db := newDB(t)
	db.Rows("select generate_series(1,3), generate_series(1,2)", "1|1", "2|2", "3|<null>")
	db.Rows("select x, generate_series(1,x) from generate_series(0,2) x order by 1, 2", "1|1", "2|1", "2|2")
	db.Rows("select sum(generate_series) from generate_series(1, 1000000)", "500000500000")
	db.Rows("select count(*) from generate_series(1, 2500) a where a % 1024 = 0", "2")
	db.Rows("select generate_series(1,3) limit 2", "1", "2")
	db.Rows("select generate_series(1,3) + 10 order by 1 desc", "13", "12", "11")
	db.Rows("select (select generate_series(1,1))", "1")
	db.Is("select (select generate_series(1,2))", "21000: more than one row returned by a subquery used as an expression")
	db.Is("select 1 where generate_series(1,2) = 1", "0A000: set-returning functions are not allowed in WHERE")
	db.Rows("select string_to_table('a,b,,c', ','), 1", "a|1", "b|1", "|1", "c|1")
	db.Rows("select string_to_table('a,b,,c', ',', '')", "a", "b", "<null>", "c")
	db.Rows("select string_to_table('abc', null)", "a", "b", "c")
	db.Rows("select string_to_table('', ',')")
	db.Rows("select string_to_table(null, ',')")
}
