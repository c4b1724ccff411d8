package fn_test

import "testing"

// TestExtractOfEachType holds each field of each type, and the fields a type does not have.
func TestExtractOfEachType(t *testing.T) {
	f := selecter(t)
	f("extract(century from date '2000-12-31'), extract(century from date '2001-01-01'), "+
		"extract(century from date '0001-01-01 BC'), extract(decade from date '0001-01-01 BC'), "+
		"extract(millennium from date '2001-01-01')",
		"20|21|-1|0|3")
	f("extract(year from date '0044-03-15 BC'), extract(isoyear from date '2024-12-30'), "+
		"extract(isoyear from date '0001-01-01 BC'), extract(week from date '2021-01-03'), "+
		"extract(isodow from date '2024-09-01'), extract(dow from date '2024-09-01')",
		"-44|2025|-2|53|7|0")
	f("extract(doy from date '2024-12-31'), extract(quarter from date '2024-09-30'), "+
		"extract(julian from date '2024-02-29'), extract(epoch from date '1969-12-31'), "+
		"extract(day from date '2024-02-29'), extract(month from date '2024-02-29')",
		"366|3|2460370|-86400|29|2")
	f("extract(second from date '2024-02-29')", `0A000: unit "second" not supported for type date`)
	f("extract(nothing from date '2024-02-29')", `42601: syntax error at or near "nothing"`)
	f("extract(hour from time '23:59:59.5'), extract(minute from time '23:59:59.5'), "+
		"extract(second from time '23:59:59.5'), extract(milliseconds from time '23:59:59.5'), "+
		"extract(microseconds from time '23:59:59.5'), extract(epoch from time '23:59:59.5')",
		"23|59|59.500000|59500.000|59500000|86399.500000")
	f("extract(hour from time '24:00'), extract(epoch from time '24:00')", "24|86400.000000")
	f("extract(day from time '10:00')", `0A000: unit "day" not supported for type time without time zone`)
	f("extract(timezone from time '10:00')", `0A000: unit "timezone" not supported for type time without time zone`)
	f("extract(nothing from time '10:00')", `42601: syntax error at or near "nothing"`)
	f("extract(timezone from timetz '10:00+05:30'), extract(timezone_hour from timetz '10:00-03:30'), "+
		"extract(timezone_minute from timetz '10:00-03:30'), extract(epoch from timetz '10:00+05:30'), "+
		"extract(hour from timetz '10:00+05:30')",
		"19800|-3|-30|16200.000000|10")
	f("extract(year from timetz '10:00+00')", `0A000: unit "year" not supported for type time with time zone`)
	f("extract(timezone from timestamp '2024-01-01')",
		`0A000: unit "timezone" not supported for type timestamp without time zone`)
	f("extract(julian from timestamp '2024-02-29 12:00'), "+
		"extract(epoch from timestamp '1969-12-31 23:59:59.5'), "+
		"extract(milliseconds from timestamp '2024-01-01 00:00:01.2345'), "+
		"extract(microseconds from timestamp '2024-01-01 00:00:59.999999')",
		"2460370.50000000000000000000|-0.500000|1234.500|59999999")
	f("extract(timezone from timestamptz '2024-07-01'), extract(timezone_hour from timestamptz '2024-01-01'), "+
		"extract(timezone_minute from timestamptz '1880-01-01'), "+
		"extract(hour from timestamptz '2024-07-01 12:00+00'), extract(julian from timestamptz '2024-07-01 12:00')",
		"-14400|-5|-56|8|2460493.50000000000000000000")
	f("extract(century from interval '-101 years'), extract(decade from interval '95 years'), "+
		"extract(millennium from interval '1999 years'), extract(year from interval '-13 mons'), "+
		"extract(month from interval '-13 mons'), extract(quarter from interval '7 mons')",
		"-1|9|1|-1|-1|3")
	f("extract(day from interval '40 days 50:00'), extract(hour from interval '-50:30:15.5'), "+
		"extract(minute from interval '-50:30:15.5'), extract(second from interval '-50:30:15.5'), "+
		"extract(milliseconds from interval '-15.5 s'), extract(epoch from interval '1 year 1 mon 1 day 1 s')",
		"40|-50|-30|-15.500000|-15500.000|34236001.000000")
	f("extract(quarter from interval '-1 mon'), extract(epoch from interval '-1 mon'), "+
		"extract(microseconds from interval '1 min 1.000001 s')",
		"1|-2592000.000000|1000001")
	f("extract(week from interval '14 days')", `0A000: unit "week" not supported for type interval`)
	f("extract(doy from interval '1 day')", `0A000: unit "doy" not supported for type interval`)
	f("extract(isoyear from interval '1 year')", `0A000: unit "isoyear" not supported for type interval`)
	f("extract(julian from interval '1 day')", `0A000: unit "julian" not supported for type interval`)
	f("extract(timezone from interval '1 hour')", `0A000: unit "timezone" not supported for type interval`)
	f("extract(nothing from interval '1 hour')", `42601: syntax error at or near "nothing"`)
	f("extract(year from timestamp 'infinity'), extract(epoch from timestamp '-infinity'), "+
		"extract(day from timestamp 'infinity'), extract(century from date '-infinity'), "+
		"extract(julian from date 'infinity')",
		"Infinity|-Infinity|<null>|-Infinity|Infinity")
	f("date_part('second', timestamp '2024-01-01 00:00:01.25'), date_part('epoch', interval '0.1 s'), "+
		"date_part('YEAR', date '2024-01-01'), date_part('timezone', timetz '10:00+02')",
		"1.25|0.1|2024|7200")
	f("date_part('dow', time '10:00')", `0A000: unit "dow" not supported for type time without time zone`)
	f("extract(year from '2024-01-01')",
		"42725: function pg_catalog.extract(unknown, unknown) is not unique "+
			"HINT: Could not choose a best candidate function. You might need to add explicit type casts.")
	f("extract(year from 5)",
		"42883: function pg_catalog.extract(unknown, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("extract(year from null::date), date_part(null, date '2024-01-01'), "+
		"pg_typeof(extract(year from date '2024-01-01')), pg_typeof(date_part('year', date '2024-01-01'))",
		"<null>|<null>|numeric|double precision")
}

// TestDateTruncOfEachUnit holds each unit on timestamps, zoned timestamps and intervals.
func TestDateTruncOfEachUnit(t *testing.T) {
	f := selecter(t)
	f("date_trunc('microseconds', timestamp '2024-08-19 13:47:58.123456'), "+
		"date_trunc('milliseconds', timestamp '2024-08-19 13:47:58.123456'), "+
		"date_trunc('second', timestamp '2024-08-19 13:47:58.9')",
		"2024-08-19 13:47:58.123456|2024-08-19 13:47:58.123|2024-08-19 13:47:58")
	f("date_trunc('minute', timestamp '2024-08-19 13:47:58'), "+
		"date_trunc('hour', timestamp '2024-08-19 13:47:58'), date_trunc('day', timestamp '2024-08-19 13:47:58')",
		"2024-08-19 13:47:00|2024-08-19 13:00:00|2024-08-19 00:00:00")
	f("date_trunc('week', timestamp '2024-09-01'), date_trunc('week', timestamp '2021-01-03'), "+
		"date_trunc('week', timestamp '2024-12-30'), date_trunc('month', timestamp '2024-08-19'), "+
		"date_trunc('quarter', timestamp '2024-08-19'), date_trunc('quarter', timestamp '2024-12-31')",
		"2024-08-26 00:00:00|2020-12-28 00:00:00|2024-12-30 00:00:00|2024-08-01 00:00:00|2024-07-01 00:00:00|"+
			"2024-10-01 00:00:00")
	f("date_trunc('year', timestamp '2024-08-19'), date_trunc('decade', timestamp '2029-08-19'), "+
		"date_trunc('century', timestamp '2000-12-31'), date_trunc('century', timestamp '2001-01-01'), "+
		"date_trunc('millennium', timestamp '2000-12-31')",
		"2024-01-01 00:00:00|2020-01-01 00:00:00|1901-01-01 00:00:00|2001-01-01 00:00:00|1001-01-01 00:00:00")
	f("date_trunc('decade', timestamp '0005-06-01 BC'), date_trunc('century', timestamp '0005-06-01 BC'), "+
		"date_trunc('millennium', timestamp '0005-06-01 BC'), date_trunc('year', timestamp '0005-06-01 BC'), "+
		"date_trunc('decade', timestamp '0015-06-01 BC')",
		"0011-01-01 00:00:00 BC|0100-01-01 00:00:00 BC|1000-01-01 00:00:00 BC|0005-01-01 00:00:00 BC|0021-01-01 00:00:00 BC")
	f("date_trunc('second', timestamp '1969-12-31 23:59:59.5'), "+
		"date_trunc('hour', timestamp '1900-01-01 00:30'), date_trunc('week', timestamp '0001-01-01')",
		"1969-12-31 23:59:59|1900-01-01 00:00:00|0001-01-01 00:00:00")
	f("date_trunc('hour', timestamptz '2024-11-03 01:30-05'), "+
		"date_trunc('day', timestamptz '2024-11-03 12:00'), date_trunc('day', timestamptz '2024-03-10 12:00'), "+
		"date_trunc('month', timestamptz '2024-03-31 23:00'), date_trunc('year', timestamptz '2024-07-01')",
		"2024-11-03 01:00:00-05|2024-11-03 00:00:00-04|2024-03-10 00:00:00-05|2024-03-01 00:00:00-05|2024-01-01 00:00:00-05")
	f("date_trunc('day', timestamptz '2024-07-01 02:00+00', 'UTC'), "+
		"date_trunc('day', timestamptz '2024-07-01 02:00+00', 'Asia/Tokyo'), "+
		"date_trunc('month', timestamptz '2024-07-01 02:00+00', 'America/Los_Angeles')",
		"2024-06-30 20:00:00-04|2024-06-30 11:00:00-04|2024-06-01 03:00:00-04")
	f("date_trunc('day', date '2024-07-01'), pg_typeof(date_trunc('day', date '2024-07-01')), "+
		"date_trunc('year', timestamp 'infinity'), date_trunc('week', timestamptz '-infinity')",
		"2024-07-01 00:00:00-04|timestamp with time zone|infinity|-infinity")
	f("date_trunc('year', interval '3 years 7 mons 5 days'), date_trunc('quarter', interval '8 mons 5 days'), "+
		"date_trunc('month', interval '8 mons 5 days'), date_trunc('day', interval '5 days 10:00'), "+
		"date_trunc('hour', interval '-10:30'), date_trunc('decade', interval '19 years'), "+
		"date_trunc('century', interval '-199 years'), date_trunc('second', interval '-1.5 s')",
		"3 years|6 mons|8 mons|5 days|-10:00:00|10 years|-100 years|-00:00:01")
	f("date_trunc('week', interval '10 days')",
		`0A000: unit "week" not supported for type interval DETAIL: Months usually have fractional weeks.`)
	f("date_trunc('dow', timestamp '2024-01-01')", `22023: unit "dow" not recognized for type timestamp without time zone`)
	f("date_trunc('timezone', timestamptz '2024-01-01')",
		`0A000: unit "timezone" not supported for type timestamp with time zone`)
	f("date_trunc('nothing', timestamp '2024-01-01')",
		`22023: unit "nothing" not recognized for type timestamp without time zone`)
	f("date_trunc('nothing', interval '1 day')", `22023: unit "nothing" not recognized for type interval`)
	f("date_trunc('epoch', timestamp '2024-01-01')",
		`22023: unit "epoch" not recognized for type timestamp without time zone`)
	f("date_trunc('isoyear', timestamp '2024-01-01')",
		`22023: unit "isoyear" not recognized for type timestamp without time zone`)
	f("date_trunc('day', time '10:30:45'), date_trunc('hour', time '10:30:45')", "00:00:00|10:00:00")
	f("date_trunc(null, timestamp '2024-01-01'), date_trunc('day', null::timestamp)", "<null>|<null>")
	f("date_bin('15 minutes', timestamp '2024-02-11 15:44:17', timestamp '2001-01-01'), "+
		"date_bin('7 days', timestamp '2024-02-11 15:44', timestamp '2024-02-05'), "+
		"date_bin('1 hour 20 min', timestamp '2024-02-11 15:44', timestamp '2024-02-11 00:02:30')",
		"2024-02-11 15:30:00|2024-02-05 00:00:00|2024-02-11 14:42:30")
	f("date_bin('15 minutes', timestamp '1999-12-31 23:59:59', timestamp '2001-01-01'), "+
		"date_bin('1 day', timestamp '2000-12-31 00:00', timestamp '2001-01-01 06:00'), "+
		"date_bin('1 us', timestamp '2024-01-01 00:00:00.000001', timestamp '2001-01-01')",
		"1999-12-31 23:45:00|2000-12-30 06:00:00|2024-01-01 00:00:00.000001")
	f("date_bin('1 day', timestamptz '2024-03-10 12:00', timestamptz '2024-03-09 00:00'), "+
		"date_bin('12 hours', timestamptz '2024-11-03 12:00', timestamptz '2024-11-03 00:00')",
		"2024-03-10 00:00:00-05|2024-11-03 11:00:00-05")
	f("date_bin('0 days', timestamp '2024-01-01', timestamp '2001-01-01')", "22008: stride must be greater than zero")
	f("date_bin('-1 day', timestamp '2024-01-01', timestamp '2001-01-01')", "22008: stride must be greater than zero")
	f("date_bin('1 month', timestamp '2024-01-01', timestamp '2001-01-01')",
		"0A000: timestamps cannot be binned into intervals containing months or years")
	f("date_bin('1 year', timestamptz '2024-01-01', timestamptz '2001-01-01')",
		"0A000: timestamps cannot be binned into intervals containing months or years")
	f("date_bin('1 day', timestamp '2024-01-01', timestamp 'infinity')", "22008: origin out of range")
	f("date_bin('1 day', timestamp '-infinity', timestamp '2001-01-01')", "-infinity")
	f("date_bin('200000000 days', timestamp '2024-01-01', timestamp '2024-01-01')", "22008: interval out of range")
}

// TestIntervalLimits holds arithmetic of intervals and where it leaves the range.
func TestIntervalLimits(t *testing.T) {
	f := selecter(t)
	f("interval '1 mon' * 1.5, interval '1 mon' * 0.1, interval '1 day' * 0.5, interval '1 day' * 0.333333333, "+
		"interval '-1 mon' * 0.5, interval '1 year 2 mons 3 days 04:05:06' * 2",
		"1 mon 15 days|3 days|12:00:00|07:59:59.999971|-15 days|2 years 4 mons 6 days 08:10:12")
	f("interval '1 mon' / 3, interval '1 mon' / 30, interval '1 day' / 7, interval '1 year' / 5, "+
		"interval '-1 year' / 7, interval '10:00' / 3, interval '1 s' / 3",
		"10 days|1 day|03:25:42.857143|2 mons 12 days|-1 mons -21 days -10:17:08.5344|03:20:00|00:00:00.333333")
	f("interval '2147483647 mons' * 2", "22008: interval out of range")
	f("interval '2147483647 days' * 2", "22008: interval out of range")
	f("interval '2147483647 mons' + interval '1 mon'", "22008: interval out of range")
	f("interval '-2147483648 days' - interval '1 day'", "22008: interval out of range")
	f("- interval '-2147483648 mons'", "22008: interval out of range")
	f("- interval '1 mon -2 days 03:00', + interval '1 day', 2 * interval '1 day', 0.5 * interval '1 mon 1 day'",
		"42883: operator does not exist: + interval "+
			"HINT: No operator matches the given name and argument type. You might need to add an explicit type cast.")
	f("interval '9223372036854775808 us'", `22015: interval field value out of range: "9223372036854775808 us"`)
	f("interval '9223372036854775807 us' + interval '1 us'", "22008: interval out of range")
	f("interval '178956970 years 7 mons', interval '178956970 years 8 mons'", "22008: interval out of range")
	f("interval '2147483648 days'", `22015: interval field value out of range: "2147483648 days"`)
	f("interval '306783379 weeks'", `22015: interval field value out of range: "306783379 weeks"`)
	f("justify_days(interval '35 days'), justify_days(interval '-35 days'), "+
		"justify_days(interval '1 mon -1 day'), justify_days(interval '-1 mon 65 days')",
		"1 mon 5 days|-1 mons -5 days|29 days|1 mon 5 days")
	f("justify_hours(interval '27:00'), justify_hours(interval '-27:00'), "+
		"justify_hours(interval '1 day -1 hour'), justify_hours(interval '-1 day 25:00')",
		"1 day 03:00:00|-1 days -03:00:00|23:00:00|01:00:00")
	f("justify_interval(interval '1 mon -1 hour'), justify_interval(interval '29 days 25:00'), "+
		"justify_interval(interval '-1 mon 1 hour'), justify_interval(interval '1 mon -33 days'), "+
		"justify_interval(interval '-35 days 49:00')",
		"29 days 23:00:00|1 mon 01:00:00|-29 days -23:00:00|-3 days|-1 mons -2 days -23:00:00")
	f("justify_days(interval '2147483647 mons 30 days')", "22008: interval out of range")
	f("justify_hours(interval '2147483647 days 24:00')", "22008: interval out of range")
	f("justify_interval(interval '2147483647 mons 30 days 24:00')", "22008: interval out of range")
	f("make_interval(), make_interval(1, 2, 3, 4, 5, 6, 7.5), make_interval(years => -1, months => 11), "+
		"make_interval(weeks => 2, days => -1), make_interval(secs => 0.000001), "+
		"make_interval(secs => 'infinity'::float8 - 'infinity'::float8) is null",
		"22008: interval out of range")
	f("make_interval(days => null)", "<null>")
	f("interval '1 mon' = interval '30 days', interval '1 day' = interval '24:00', "+
		"interval '1 year' > interval '365 days', interval '1 mon' < interval '31 days', interval '-1 day' < interval '0'",
		"t|t|f|t|t")
}

// TestZonesOverClockChanges holds both directions of AT TIME ZONE around the changes of three zones.
func TestZonesOverClockChanges(t *testing.T) {
	f := selecter(t)
	f("timestamptz '2024-03-31 00:59:59+00' at time zone 'Europe/Berlin', "+
		"timestamptz '2024-03-31 01:00:00+00' at time zone 'Europe/Berlin'",
		"2024-03-31 01:59:59|2024-03-31 03:00:00")
	f("timestamptz '2024-10-27 00:59:59+00' at time zone 'Europe/Berlin', "+
		"timestamptz '2024-10-27 01:00:00+00' at time zone 'Europe/Berlin'",
		"2024-10-27 02:59:59|2024-10-27 02:00:00")
	f("(timestamp '2024-03-31 02:00' at time zone 'Europe/Berlin') at time zone 'UTC', "+
		"(timestamp '2024-03-31 02:59:59' at time zone 'Europe/Berlin') at time zone 'UTC', "+
		"(timestamp '2024-03-31 03:00' at time zone 'Europe/Berlin') at time zone 'UTC'",
		"2024-03-31 01:00:00|2024-03-31 01:59:59|2024-03-31 01:00:00")
	f("(timestamp '2024-10-27 01:59:59' at time zone 'Europe/Berlin') at time zone 'UTC', "+
		"(timestamp '2024-10-27 02:00' at time zone 'Europe/Berlin') at time zone 'UTC', "+
		"(timestamp '2024-10-27 02:59:59' at time zone 'Europe/Berlin') at time zone 'UTC', "+
		"(timestamp '2024-10-27 03:00' at time zone 'Europe/Berlin') at time zone 'UTC'",
		"2024-10-26 23:59:59|2024-10-27 01:00:00|2024-10-27 01:59:59|2024-10-27 02:00:00")
	f("timestamptz '2024-04-06 14:59:59+00' at time zone 'Australia/Lord_Howe', "+
		"timestamptz '2024-04-06 15:00+00' at time zone 'Australia/Lord_Howe', "+
		"timestamptz '2024-10-05 15:29:59+00' at time zone 'Australia/Lord_Howe', "+
		"timestamptz '2024-10-05 15:30+00' at time zone 'Australia/Lord_Howe'",
		"2024-04-07 01:59:59|2024-04-07 01:30:00|2024-10-06 01:59:59|2024-10-06 02:30:00")
	f("(timestamp '2024-04-07 01:45' at time zone 'Australia/Lord_Howe') at time zone 'UTC', "+
		"(timestamp '2024-10-06 02:15' at time zone 'Australia/Lord_Howe') at time zone 'UTC', "+
		"(timestamp '2024-04-07 02:00' at time zone 'Australia/Lord_Howe') at time zone 'UTC'",
		"2024-04-06 15:15:00|2024-10-05 15:45:00|2024-04-06 15:30:00")
	f("(timestamp '2024-03-10 02:30' at time zone 'America/New_York') at time zone 'UTC', "+
		"(timestamp '2024-11-03 01:00' at time zone 'America/New_York') at time zone 'UTC', "+
		"(timestamp '2024-11-03 01:59:59.999999' at time zone 'America/New_York') at time zone 'UTC', "+
		"(timestamp '2024-11-03 02:00' at time zone 'America/New_York') at time zone 'UTC'",
		"2024-03-10 07:30:00|2024-11-03 06:00:00|2024-11-03 06:59:59.999999|2024-11-03 07:00:00")
	f("(timestamp '2011-12-30 12:00' at time zone 'Pacific/Apia') at time zone 'UTC', "+
		"timestamptz '2011-12-30 09:59:59+00' at time zone 'Pacific/Apia', "+
		"timestamptz '2011-12-30 10:00+00' at time zone 'Pacific/Apia'",
		"2011-12-30 22:00:00|2011-12-29 23:59:59|2011-12-31 00:00:00")
	f("timestamptz '2024-03-30 02:30+01' at time zone 'Europe/Berlin' + interval '1 day', "+
		"(timestamptz '2024-03-30 02:30+01' + interval '1 day') at time zone 'Europe/Berlin'",
		"2024-03-31 02:30:00|2024-03-31 03:30:00")
	f("timestamptz '2024-07-01 12:00+00' at time zone 'CET', "+
		"timestamptz '2024-01-01 12:00+00' at time zone 'CET', "+
		"timestamptz '2024-07-01 12:00+00' at time zone 'CEST', timestamptz '2024-07-01 12:00+00' at time zone 'MST7MDT'",
		"2024-07-01 13:00:00|2024-01-01 13:00:00|2024-07-01 14:00:00|2024-07-01 06:00:00")
	f("timestamptz '2024-07-01 12:00+00' at time zone '-00:30', "+
		"timestamptz '2024-07-01 12:00+00' at time zone interval '-00:30', "+
		"timestamptz '2024-07-01 12:00+00' at time zone interval '05:45:30'",
		"2024-07-01 12:30:00|2024-07-01 11:30:00|2024-07-01 17:45:30")
	f("timestamptz '2024-07-01 12:00+00' at time zone ''", `22023: time zone "" not recognized`)
	f("timestamptz '2024-07-01 12:00+00' at time zone '+25:00'", "2024-06-30 11:00:00")
	f("timestamptz '2024-07-01 12:00+00' at time zone interval '25:00'", "2024-07-02 13:00:00")
	f("date '2024-03-10' at time zone 'UTC', time '10:00' at time zone interval '00:00' is not null",
		"2024-03-10 05:00:00|t")
	f("timetz '23:30+00' at time zone interval '01:00', timetz '00:30+00' at time zone interval '-01:00', "+
		"timetz '24:00+00' at time zone interval '00:00'",
		"00:30:00+01|23:30:00-01|00:00:00+00")
}

// TestTimeArithmetic holds times, which wrap at midnight, and their limits.
func TestTimeArithmetic(t *testing.T) {
	f := selecter(t)
	f("time '23:30' + interval '1 hour', time '00:30' - interval '1 hour', time '10:00' + interval '1 day', "+
		"time '10:00' + interval '1 mon -25:00', time '24:00' + interval '0'",
		"00:30:00|23:30:00|10:00:00|09:00:00|00:00:00")
	f("time '10:00' - time '12:30', time '24:00' - time '00:00', timetz '10:00+02' + interval '20:00', "+
		"timetz '10:00+02' - interval '11:00'",
		"-02:30:00|24:00:00|06:00:00+02|23:00:00+02")
	f("timetz '10:00+02' - timetz '10:00+01'",
		"42883: operator does not exist: time with time zone - time with time zone "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("time '10:00' + time '01:00'",
		"42725: operator is not unique: time without time zone + time without time zone "+
			"HINT: Could not choose a best candidate operator. You might need to add explicit type casts.")
	f("time '10:00' * 2", "20:00:00")
	f("time '24:00:00.000001'", `22008: date/time field value out of range: "24:00:00.000001"`)
	f("time '25:00'", `22008: date/time field value out of range: "25:00"`)
	f("time '10:60'", `22008: date/time field value out of range: "10:60"`)
	f("time '23:59:60', time '23:59:59.9999999', time '10:00:60'", "24:00:00|24:00:00|10:01:00")
	f("time '10:00:61'", `22008: date/time field value out of range: "10:00:61"`)
	f("make_time(23, 59, 59.999999), make_time(0, 0, 0)", "23:59:59.999999|00:00:00")
	f("make_time(25, 0, 0)", "22008: time field value out of range: 25:00:00")
	f("make_time(24, 0, 0.000001)", "22008: time field value out of range: 24:00:1e-06")
	f("make_time(0, 0, 60.5)", "22008: time field value out of range: 0:00:60.5")
	f("make_date(2024, 0, 1)", "22008: date field value out of range: 2024-00-01")
	f("make_date(2024, 4, 31)", "22008: date field value out of range: 2024-04-31")
	f("make_date(-4714, 11, 24), make_date(-1, 12, 31)", "4714-11-24 BC|0001-12-31 BC")
	f("make_date(2147483647, 1, 1)", "22008: date out of range: 2147483647-01-01")
	f("make_timestamp(-4714, 11, 24, 0, 0, 0), make_timestamp(294276, 12, 31, 23, 59, 59.999999)",
		"4714-11-24 00:00:00 BC|294276-12-31 23:59:59.999999")
	f("make_timestamptz(2024, 10, 27, 2, 30, 0, 'Europe/Berlin'), "+
		"make_timestamptz(2024, 3, 31, 2, 30, 0, 'Europe/Berlin')",
		"2024-10-26 21:30:00-04|2024-03-30 21:30:00-04")
	f("to_timestamp(0), to_timestamp(-0.5), to_timestamp('infinity'::float8), to_timestamp(1e11)",
		"1969-12-31 19:00:00-05|1969-12-31 18:59:59.5-05|infinity|5138-11-16 04:46:40-05")
	f("to_timestamp(1e20)", `22008: timestamp out of range: "1e+20"`)
	f("to_timestamp(-1e12)", `22008: timestamp out of range: "-1e+12"`)
	f("isfinite(date 'infinity'), isfinite(timestamp '2024-01-01'), isfinite(interval '1 day')", "f|t|t")
}

// TestToCharPatternsAlone holds each pattern of times alone, with its case, its suffix and its fill.
func TestToCharPatternsAlone(t *testing.T) {
	f := selecter(t)
	f("to_char(timestamp '2024-02-05 03:04:06.007008', 'HH'), "+
		"to_char(timestamp '2024-02-05 15:04', 'HH12 HH24 FMHH'), to_char(timestamp '2024-02-05 00:00', 'HH12 HH24')",
		"03|03 15 3|12 00")
	f("to_char(timestamp '2024-02-05 03:04:06.007008', 'MS US FF1 FF2 FF3 FF4 FF5 FF6'), "+
		"to_char(timestamp '2024-02-05 03:04:06', 'MI SS SSSS SSSSS')",
		"007 007008 0 00 007 0070 00700 007008|04 06 11046 11046")
	f("to_char(timestamp '2024-02-05 12:00', 'AM am A.M. a.m. PM pm P.M. p.m.'), "+
		"to_char(timestamp '2024-02-05', 'AD ad A.D. a.d. BC bc B.C. b.c.')",
		"PM pm P.M. p.m. PM pm P.M. p.m.|AD ad A.D. a.d. AD ad A.D. a.d.")
	f("to_char(timestamp '0012-02-05', 'Y,YYY YYYY YYY YY Y'), "+
		"to_char(timestamp '0012-02-05', 'FMY,YYY FMYYYY FMYYY FMYY FMY'), "+
		"to_char(timestamp '2024-12-30', 'IYYY IYY IY I IW ID IDDD')",
		"0,012 0012 012 12 2|0,012 12 12 12 2|2025 025 25 5 01 1 001")
	f("to_char(timestamp '2024-05-05', 'MONTH|Month|month|FMMONTH|MON|Mon|mon|MM|FMMM'), "+
		"to_char(timestamp '2024-05-05', 'DAY|Day|day|FMDay|DY|Dy|dy')",
		"MAY      |May      |may      |MAY|MAY|May|may|05|5|SUNDAY   |Sunday   |sunday   |Sunday|SUN|Sun|sun")
	f("to_char(timestamp '2024-05-05', 'DDD FMDDD DD FMDD D ID W WW IW CC J Q RM rm FMRM')",
		"126 126 05 5 1 7 1 18 18 21 2460436 2 V    v    V")
	f("to_char(timestamp '2024-05-01', 'DDth DDTH FMDDth'), to_char(timestamp '2024-05-12', 'DDth'), "+
		"to_char(timestamp '2024-05-22', 'DDth'), to_char(timestamp '2024-05-23', 'DDTH'), "+
		"to_char(timestamp '2024-05-11', 'DDth')",
		"01st 01ST 1st|12th|22nd|23RD|11th")
	f("to_char(interval '25:04:05.5', 'HH24:MI:SS.MS'), to_char(interval '-25:04:05', 'HH24:MI:SS'), "+
		"to_char(interval '1 year 14 mons 40 days', 'YYYY MM DD DDD'), to_char(interval '-1 year', 'YYYY')",
		"25:04:05.500|-25:-04:-05|0002 02 40 820|-0001")
	f("to_char(interval '1 day', 'Dy')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
	f("to_char(interval '1 day', 'D')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
	f("to_char(interval '1 day', 'AD')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
	f("to_char(interval '1 day', 'TZH')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
}
