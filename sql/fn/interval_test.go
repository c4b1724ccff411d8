package fn_test

import "testing"

// TestIntervalArithmetic holds that months, days and microseconds are added each for itself, and overflow is 22008.
func TestIntervalArithmetic(t *testing.T) {
	f := selecter(t)
	f("interval '1 month 2 days 03:00' + interval '-1 day 22:00', interval '1 day' - interval '1 hour'",
		"1 mon 1 day 25:00:00|1 day -01:00:00")
	f("- interval '1 mon -2 days 03:04:05.6', + interval '1 day', - interval '0'",
		"42883: operator does not exist: + interval "+
			"HINT: No operator matches the given name and argument type. You might need to add an explicit type cast.")
	f("interval '1 day' * 1.5, 2 * interval '1 mon 1 day 01:00', interval '1 month' * 0.5, interval '1 mon' * 0.333",
		"1 day 12:00:00|2 mons 2 days 02:00:00|15 days|9 days 23:45:36")
	f("interval '1 year 5 days' * 0.1, interval '1 second' * 0.0000001, interval '1 day' * -1, interval '1 mon' * 0",
		"1 mon 6 days 12:00:00|00:00:00|-1 days|00:00:00")
	f("interval '1 hour' / 1.5, interval '1 month' / 4, interval '1 year 1 day' / 7, interval '1 day' / -2",
		"00:40:00|7 days 12:00:00|1 mon 21 days 13:42:51.391543|-12:00:00")
	f("interval '1 day' / 0", "22012: division by zero")
	f("interval '1 day' * 'nan'::float8", "22008: interval out of range")
	f("interval '1 day' * 'inf'::float8", "22008: interval out of range")
	f("interval '1 day' / 'inf'::float8", "00:00:00")
	f("interval '1 day' * 1e10", "22008: interval out of range")
	f("interval '178956970 years 7 months' + interval '1 month'", "22008: interval out of range")
	f("interval '-178956970 years -8 months' - interval '1 month'", "22008: interval out of range")
	f("interval '2147483647 days' + interval '1 day'", "22008: interval out of range")
	f("interval '2562047788:00:54.775807' + interval '0.000001'", "22008: interval out of range")
	f("- interval '-178956970 years -8 months'", "22008: interval out of range")
	f("- interval '-2147483648 days'", "22008: interval out of range")
	f("interval '178956970 years' * 2", "22008: interval out of range")
	f("interval '2147483647 days' / 0.5", "22008: interval out of range")
	f("interval '1 day' + null, null * interval '1 day', interval '1 day' / null, -(null::interval)",
		"<null>|<null>|<null>|<null>")
	f("time '10:00' - time '12:30', time '10:00' + interval '15 hours', interval '-1 hour' + time '00:30', "+
		"time '01:00' - interval '1 mon 2 days 02:00'",
		"-02:30:00|01:00:00|23:30:00|23:00:00")
	f("interval '1 day' * 1.1::numeric, interval '1 day' * 2::bigint, 1.5::real * interval '1 day'",
		"1 day 02:24:00|2 days|1 day 12:00:00")
}

// TestIntervalOrder holds that an interval compares as if a month had 30 days and a day 24 hours.
func TestIntervalOrder(t *testing.T) {
	f := selecter(t)
	f("interval '1 month' = interval '30 days', interval '1 day' = interval '24 hours', "+
		"interval '1 year' = interval '360 days'",
		"t|t|t")
	f("interval '1 mon' < interval '31 days', interval '-1 mon' < interval '-29 days', "+
		"interval '1 year' > interval '365 days'",
		"t|t|f")
	f("interval '1 mon -30 days' = interval '0', interval '0' >= interval '-1 us', "+
		"interval '1 us' > interval '0', interval '1 day' <> interval '23:59:59.999999'",
		"t|t|t|t")
	f("interval '178956970 years' > interval '2147483647 days', interval '-178956970 years' < interval '-2147483648 days'",
		"t|t")
	f("greatest(interval '1 mon', interval '29 days', interval '31 days'), "+
		"least(interval '1 mon', null, interval '30 days')",
		"31 days|1 mon")
	f("interval_cmp('1 mon', '30 days'), interval_cmp('1 mon', '31 days'), "+
		"interval_larger('1 day', '25 hours'), interval_smaller('1 day', '25 hours')",
		"0|-1|25:00:00|1 day")
	f("array(select i from unnest(array['1 mon', '29 days', '744 hours', '-1 day', '0']::interval[]) i order by i)",
		`{"-1 days",00:00:00,"29 days","1 mon",744:00:00}`)
	f("count(distinct i) from unnest(array['1 mon', '30 days', '720 hours', '1 day']::interval[]) i", "2")
}

// TestJustify holds the carrying of hours to days and of days to months, both signs.
func TestJustify(t *testing.T) {
	f := selecter(t)
	f("justify_hours('27 hours'), justify_hours('-27 hours'), justify_hours('1 day -1 hour'), "+
		"justify_hours('-1 day 1 hour'), justify_hours('1 mon 50 hours')",
		"1 day 03:00:00|-1 days -03:00:00|23:00:00|-23:00:00|1 mon 2 days 02:00:00")
	f("justify_days('35 days'), justify_days('-35 days'), justify_days('1 mon -1 day'), "+
		"justify_days('-1 mon 1 day'), justify_days('29 days 25 hours')",
		"1 mon 5 days|-1 mons -5 days|29 days|-29 days|29 days 25:00:00")
	f("justify_interval('1 mon -1 hour'), justify_interval('-1 mon 1 hour'), "+
		"justify_interval('29 days 24 hours'), justify_interval('1 mon -60 days')",
		"29 days 23:00:00|-29 days -23:00:00|1 mon|-1 mons")
	f("justify_interval('6 months 3 days 52 hours 3 minutes 2 seconds'), justify_interval('-1 day 25 hours'), "+
		"justify_interval('0')",
		"6 mons 5 days 04:03:02|01:00:00|00:00:00")
	f("justify_hours(null), justify_days(null), justify_interval(null)", "<null>|<null>|<null>")
	f("justify_days('2147483647 mons 30 days')", "22008: interval out of range")
	f("justify_hours('2147483647 days 24 hours')", "22008: interval out of range")
	f("justify_interval('2147483647 mons 30 days')", "22008: interval out of range")
	f("justify_interval('2147483647 days 24 hours')", "5965232 years 4 mons 8 days")
	f("isfinite(interval '1 day'), isfinite(null::interval)", "t|<null>")
}

// TestMakeInterval holds every part of make_interval, by position and name.
func TestMakeInterval(t *testing.T) {
	f := selecter(t)
	f("make_interval(), make_interval(1), make_interval(1, 2, 3, 4, 5, 6, 7.5), make_interval(days => 10), "+
		"make_interval(secs => -1.5, mins => 1)",
		"00:00:00|1 year|1 year 2 mons 25 days 05:06:07.5|10 days|00:00:58.5")
	f("make_interval(months => 14, weeks => -1), make_interval(hours => 100, secs => 0.0000004), "+
		"make_interval(years => null)",
		"1 year 2 mons -7 days|100:00:00|<null>")
	f("make_interval(secs => 'nan')", "22008: interval out of range")
	f("make_interval(secs => 'inf')", "22008: interval out of range")
	f("make_interval(hours => 2147483647), make_interval(mins => -2147483648)", "2147483647:00:00|-35791394:08:00")
	f("make_interval(eras => 1)",
		"42883: function make_interval(eras => integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestIntervalFields holds the qualifiers of an interval: what they cut away, and their precision.
func TestIntervalFields(t *testing.T) {
	f := selecter(t)
	f("interval '1-2' year to month, interval '1 2:03:04' day to second, interval '1' year, interval '1' month, "+
		"interval '1' day, interval '1' hour",
		"1 year 2 mons|1 day 02:03:04|1 year|1 mon|1 day|01:00:00")
	f("interval '1' minute, interval '1.5' second, interval '1.23456' second(2), interval(3) '1.23456', "+
		"interval '2:03' minute to second",
		"00:01:00|00:00:01.5|00:00:01.23|00:00:01.235|00:02:03")
	f("('1 year 2 mons 3 days 04:05:06.789'::interval)::interval year, "+
		"'1 year 2 mons 3 days 04:05:06.789'::interval year to month",
		"1 year|1 year 2 mons")
	f("'1 year 2 mons 3 days 04:05:06.789'::interval day, '1 year 2 mons 3 days 04:05:06.789'::interval day to hour",
		"1 year 2 mons 3 days|1 year 2 mons 3 days 04:00:00")
	f("'1 year 2 mons 3 days 04:05:06.789'::interval hour to minute, '1 year 2 mons 3 days 04:05:06.789'::interval minute",
		"1 year 2 mons 3 days 04:05:00|1 year 2 mons 3 days 04:05:00")
	f("'1 year 2 mons 3 days 04:05:06.789'::interval second(1), '1 day 04:05:06.789'::interval day to second(0)",
		"1 year 2 mons 3 days 04:05:06.8|1 day 04:05:07")
	f("'04:05:06.9999995'::interval(6), '-04:05:06.55'::interval(1), '1.999'::interval second(0)",
		"04:05:07|-04:05:06.6|00:00:02")
	f("interval '1' day to month", `42601: syntax error at or near "month"`)
	f("interval(7) '1'", "00:00:01")
	f("interval(-1) '1'", `42601: syntax error at or near "-"`)
	f("'1 day'::interval::time, '-1 hour'::interval::time, time '01:02:03'::interval, '25:00'::interval::text::interval",
		"00:00:00|23:00:00|01:02:03|25:00:00")
}

// TestIntervalInput holds the forms that an interval is read from.
func TestIntervalInput(t *testing.T) {
	f := selecter(t)
	f("'P1Y2M3DT4H5M6S'::interval, 'P0001-02-03T04:05:06'::interval, 'PT36H'::interval, 'P1W'::interval, "+
		"'P-1Y-2M'::interval, 'P1.5D'::interval",
		"1 year 2 mons 3 days 04:05:06|1 year 2 mons 3 days 04:05:06|36:00:00|7 days|-1 years -2 mons|1 day 12:00:00")
	f("'1-2'::interval, '+1-2 -3 +4:05:06'::interval, '3 4:05:06'::interval, '@ 1 day ago'::interval, "+
		"'1 day ago'::interval, '-1 day +02:03'::interval",
		"1 year 2 mons|1 year 2 mons -3 days +04:05:06|3 days 04:05:06|-1 days|-1 days|-1 days +02:03:00")
	f("'1.5 years'::interval, '1.5 mons'::interval, '1.5 weeks'::interval, '1.5 days'::interval, "+
		"'1.5 hours'::interval, '.5 min'::interval",
		"1 year 6 mons|1 mon 15 days|10 days 12:00:00|1 day 12:00:00|01:30:00|00:00:30")
	f("'1 millennium 2 centuries 3 decades'::interval, '1 ms'::interval, '1.5 us'::interval, "+
		"'1 y 2 mon 3 w 4 d 5 h 6 m 7 s'::interval",
		"1230 years|00:00:00.001|00:00:00.000001|1 year 2 mons 25 days 05:06:07")
	f("'4:05'::interval, '4:05:06.7'::interval, '100:00:00'::interval, '-4:05'::interval, '5'::interval, '0'::interval",
		"04:05:00|04:05:06.7|100:00:00|-04:05:00|00:00:05|00:00:00")
	f("'1 day 1 day'::interval", `22007: invalid input syntax for type interval: "1 day 1 day"`)
	f("'1 dayz'::interval", `22007: invalid input syntax for type interval: "1 dayz"`)
	f("''::interval", `22007: invalid input syntax for type interval: ""`)
	f("'4:60'::interval", `22015: interval field value out of range: "4:60"`)
	f("'4:05:61'::interval", `22015: interval field value out of range: "4:05:61"`)
	f("'P'::interval", `22007: invalid input syntax for type interval: "P"`)
	f("'P1'::interval", "1 year")
	f("'infinity'::interval", `22007: invalid input syntax for type interval: "infinity"`)
	f("'2147483648 days'::interval", `22015: interval field value out of range: "2147483648 days"`)
	f("'178956971 years'::interval", "22008: interval out of range")
	f("'1000000000000000000000 s'::interval", `22015: interval field value out of range: "1000000000000000000000 s"`)
	f("'1 2 3'::interval", `22007: invalid input syntax for type interval: "1 2 3"`)
}

// TestIntervalStyles holds the four forms of output.
func TestIntervalStyles(t *testing.T) {
	db := newDB(t)
	const list = `select interval '1-2', interval '3 4:05:06.7', interval '-1 mon 3 days -02:03', interval '0',
		interval '-1.5 s', interval '2 mons -1 us'`
	db.Must("set intervalstyle = postgres")
	db.Is(list, "1 year 2 mons|3 days 04:05:06.7|-1 mons +3 days -02:03:00|00:00:00|-00:00:01.5|2 mons -00:00:00.000001")
	db.Must("set intervalstyle = postgres_verbose")
	db.Is(list, "@ 1 year 2 mons|@ 3 days 4 hours 5 mins 6.7 secs|@ 1 mon -3 days 2 hours 3 mins ago|@ 0|"+
		"@ 1.5 secs ago|@ 2 mons -0.000001 secs")
	db.Must("set intervalstyle = sql_standard")
	db.Is(list, "1-2|3 4:05:06.7|-0-1 +3 -2:03:00|0|-0:00:01.5|+0-2 +0 -0:00:00.000001")
	db.Is("select '-1 2:03'::interval, '-1-2 3'::interval", "-1 2:03:00|-1-2 +0 -0:00:03")
	db.Must("set intervalstyle = iso_8601")
	db.Is(list, "P1Y2M|P3DT4H5M6.7S|P-1M3DT-2H-3M|PT0S|PT-1.5S|P2MT-0.000001S")
}
