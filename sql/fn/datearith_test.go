package fn_test

import "testing"

// TestDateArithmetic holds sums and differences of days, which leave the calendar with 22008.
func TestDateArithmetic(t *testing.T) {
	f := selecter(t)
	f("date '2024-02-28' + 2, 1 + date '2024-12-31', date '2024-03-01' - 1, "+
		"date '2024-03-01' - date '2023-03-01', date '0001-01-01' - 1",
		"2024-03-01|2025-01-01|2024-02-29|366|0001-12-31 BC")
	f("date '2024-01-31' + interval '1 month', date '2024-02-29' - interval '1 year', "+
		"interval '1 day 01:00' + date '2024-01-01'",
		"2024-02-29 00:00:00|2023-02-28 00:00:00|2024-01-02 01:00:00")
	f("date '2024-01-01' + time '10:30', time '23:59' + date '2024-01-01', date '2024-01-01' + timetz '10:30+02'",
		"2024-01-01 10:30:00|2024-01-01 23:59:00|2024-01-01 03:30:00-05")
	f("date 'infinity' + 1, date '-infinity' - 5, date 'infinity' + interval '1 day', date '-infinity' + time '10:00'",
		"infinity|-infinity|infinity|-infinity")
	f("date 'infinity' - date '2024-01-01'", "22008: cannot subtract infinite dates")
	f("date '2024-01-01' - date '-infinity'", "22008: cannot subtract infinite dates")
	f("date '5874897-12-31' + 1", "22008: date out of range")
	f("date '4714-11-24 BC' - 1", "22008: date out of range")
	f("date '2024-01-01' + 2147483647", "22008: date out of range")
	f("date '5874897-12-31'::timestamp", "22008: date out of range for timestamp")
	f("date '294277-01-01' + interval '1 day'", "22008: date out of range for timestamp")
	f("date '4714-11-24 BC' + interval '1 day', date '4714-11-24 BC'::timestamp, "+
		"date '4714-11-24 BC' - date '5874897-12-31'",
		"4714-11-25 00:00:00 BC|4714-11-24 00:00:00 BC|-2147483493")
	f("date '2024-01-01' + null, null + date '2024-01-01', date '2024-01-01' - null::date, "+
		"date '2024-01-01' + null::interval",
		"42725: operator is not unique: date + unknown "+
			"HINT: Could not choose a best candidate operator. You might need to add explicit type casts.")
	f("date '2024-01-01' + date '2024-01-01'",
		"42883: operator does not exist: date + date "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// TestTimestampArithmetic holds that months are added by the calendar, then days, then time.
func TestTimestampArithmetic(t *testing.T) {
	f := selecter(t)
	f("timestamp '2024-01-31 10:00' + interval '1 month', timestamp '2024-03-31' - interval '1 mon 1 day', "+
		"timestamp '2024-02-29' + interval '1 year -1 day'",
		"2024-02-29 10:00:00|2024-02-28 00:00:00|2025-02-27 00:00:00")
	f("timestamp '2024-03-01' - timestamp '2024-02-28 12:00', "+
		"timestamp '2024-01-01' - timestamp '2024-03-01 00:00:00.000001'",
		"1 day 12:00:00|-60 days -00:00:00.000001")
	f("interval '1 day' + timestamp '2024-12-31 23:00', timestamp '2024-12-31' + interval '24:00:00'",
		"2025-01-01 23:00:00|2025-01-01 00:00:00")
	f("timestamp 'infinity' + interval '1 day', timestamp '-infinity' - interval '1 mon', "+
		"timestamp 'infinity' > timestamp '294276-12-31'",
		"infinity|-infinity|t")
	f("timestamp 'infinity' - timestamp '2024-01-01'", "22008: cannot subtract infinite timestamps")
	f("timestamp '294276-12-31 23:59:59' + interval '1 second'", "22008: timestamp out of range")
	f("timestamp '4714-11-24 00:00 BC' - interval '1 us'", "22008: timestamp out of range")
	f("timestamp '2024-01-01' + interval '178000000 years'", "22008: timestamp out of range")
	f("timestamp '2024-01-01' + interval '2147483647 days'", "22008: timestamp out of range")
	f("timestamp '294276-12-31' - timestamp '4714-11-24 BC'", "22008: interval out of range")
	f("timestamp '0001-01-01' - interval '1 day', timestamp '0044-03-15 BC' + interval '44 years'",
		"0001-12-31 00:00:00 BC|0001-03-15 00:00:00")
	f("timestamp '2024-01-01' + null, null::timestamp - timestamp '2024-01-01'", "<null>|<null>")
	f("timestamp '2024-01-01' = date '2024-01-01', timestamp '2024-01-01 00:00:01' > date '2024-01-01', "+
		"date 'infinity' = timestamp 'infinity'",
		"t|t|t")
	f("date '5874897-12-31' > timestamp '294276-12-31', date '2024-01-01' < timestamptz '2024-01-01 00:00-05', "+
		"timestamp '2024-01-01' = timestamptz '2024-01-01 00:00-05'",
		"t|f|t")
}

// TestZoneArithmetic holds the hours of New York's clock changes: days keep the wall clock, hours do not.
func TestZoneArithmetic(t *testing.T) {
	f := selecter(t)
	f("timestamptz '2024-03-09 12:00' + interval '1 day', timestamptz '2024-03-09 12:00' + interval '24 hours', "+
		"timestamptz '2024-11-02 12:00' + interval '1 day'",
		"2024-03-10 12:00:00-04|2024-03-10 13:00:00-04|2024-11-03 12:00:00-05")
	f("timestamptz '2024-03-10 02:30', timestamptz '2024-11-03 01:30', timestamptz '2024-03-09 02:30' + interval '1 day'",
		"2024-03-10 03:30:00-04|2024-11-03 01:30:00-05|2024-03-10 03:30:00-04")
	f("timestamptz '2024-03-11' - timestamptz '2024-03-10', timestamptz '2024-11-04' - timestamptz '2024-11-03'",
		"23:00:00|1 day 01:00:00")
	f("timestamptz '2024-11-03 00:30' + interval '1 hour', timestamptz '2024-11-03 00:30' + interval '2 hours', "+
		"timestamptz '2024-01-31' + interval '1 mon'",
		"2024-11-03 01:30:00-04|2024-11-03 01:30:00-05|2024-02-29 00:00:00-05")
	f("date_add(timestamptz '2024-03-09 12:00 America/New_York', '1 day'), "+
		"date_add(timestamptz '2024-03-30 12:00+01', '1 day', 'Europe/Berlin')",
		"2024-03-10 12:00:00-04|2024-03-31 06:00:00-04")
	f("date_subtract(timestamptz '2024-03-31 12:00+02', '1 day', 'Europe/Berlin'), "+
		"date_subtract(timestamptz '2024-03-11 00:00', '24 hours')",
		"2024-03-30 07:00:00-04|2024-03-09 23:00:00-05")
	f("date_add(timestamptz '2024-03-30', '1 day', 'Mars')", `22023: time zone "Mars" not recognized`)
	f("timestamptz 'infinity' + interval '1 day', timestamptz '-infinity' - interval '1 day'", "infinity|-infinity")
	f("timestamptz '294276-12-31 23:59:59+00' + interval '1 s'", "22008: timestamp out of range")
	f("timestamp '2024-03-10 02:30'::timestamptz, timestamp '2024-11-03 01:30'::timestamptz, "+
		"timestamptz '2024-03-10 07:30+00'::timestamp, date '2024-03-10'::timestamptz",
		"2024-03-10 03:30:00-04|2024-11-03 01:30:00-05|2024-03-10 03:30:00|2024-03-10 00:00:00-05")
	f("timestamptz '2024-11-03 05:30+00'::timestamp, timestamptz '2024-11-03 06:30+00'::timestamp, "+
		"timestamptz '2024-07-01 03:00+00'::date, timestamptz '2024-07-01 03:00+00'::time",
		"2024-11-03 01:30:00|2024-11-03 01:30:00|2024-06-30|23:00:00")
	f("timestamptz '2024-07-01 03:00+00'::timetz, time '10:00'::timetz is not null, timetz '10:00+03'::time",
		"23:00:00-04|t|10:00:00")
}

// TestAtTimeZone holds both directions, by name, abbreviation, POSIX form and interval.
func TestAtTimeZone(t *testing.T) {
	f := selecter(t)
	f("timestamp '2024-07-01 12:00' at time zone 'UTC', "+
		"timestamptz '2024-07-01 12:00+00' at time zone 'Europe/Berlin', "+
		"timestamptz '2024-07-01 12:00+00' at time zone 'EST'",
		"2024-07-01 08:00:00-04|2024-07-01 14:00:00|2024-07-01 07:00:00")
	f("timestamp '2024-07-01 12:00' at time zone 'Europe/Berlin', "+
		"timestamp '2024-07-01 12:00' at time zone 'PDT', timestamp '2024-07-01 12:00' at time zone interval '-08:00'",
		"2024-07-01 06:00:00-04|2024-07-01 15:00:00-04|2024-07-01 16:00:00-04")
	f("timestamptz '2024-07-01 12:00+00' at time zone interval '5:30', "+
		"timestamptz '2024-07-01 12:00+00' at time zone '+05:30', timestamptz '2024-07-01 12:00+00' at time zone 'UTC+3'",
		"2024-07-01 17:30:00|2024-07-01 06:30:00|2024-07-01 09:00:00")
	f("timestamptz '2024-07-01 12:00+00' at time zone 'utc', "+
		"timestamptz '2024-07-01 12:00+00' at time zone 'europe/berlin', "+
		"timestamptz '2024-07-01 12:00+00' at time zone 'est5edt'",
		"2024-07-01 12:00:00|2024-07-01 14:00:00|2024-07-01 08:00:00")
	f("timestamptz '2024-03-10 12:00+00' at time zone 'EST5EDT,M3.2.0,M11.1.0', "+
		"timestamptz '2024-07-01 12:00+00' at time zone '<+03>-3'",
		"2024-03-10 08:00:00|2024-07-01 15:00:00")
	f("timetz '10:00+02' at time zone 'UTC', timetz '10:00+02' at time zone interval '-01:00', "+
		"timetz '01:00+02' at time zone '+5'",
		"08:00:00+00|07:00:00-01|18:00:00-05")
	f("timestamp 'infinity' at time zone 'UTC', timestamptz '-infinity' at time zone 'UTC', "+
		"timezone('UTC', timestamp '2024-07-01'), timezone(interval '1 hour', timestamptz '2024-07-01 00:00+00')",
		"infinity|-infinity|2024-06-30 20:00:00-04|2024-07-01 01:00:00")
	f("timestamptz '2024-07-01 12:00+00' at time zone 'Mars/Olympus'", `22023: time zone "Mars/Olympus" not recognized`)
	f("timestamp '2024-07-01 12:00' at time zone 'Mars/Olympus'", `22023: time zone "Mars/Olympus" not recognized`)
	f("timestamp '2024-07-01 12:00' at time zone interval '1 month'",
		`22023: interval time zone "1 mon" must not include months or days`)
	f("timestamptz '2024-07-01 12:00' at time zone interval '1 day'",
		`22023: interval time zone "1 day" must not include months or days`)
	f("timestamp '294276-12-31 23:59' at time zone 'America/New_York'", "22008: timestamp out of range")
	f("timestamp '2024-07-01' at time zone null, null::timestamptz at time zone 'UTC'", "<null>|<null>")
	f("timestamptz '2024-03-31 00:59:59+00' at time zone 'Europe/London', "+
		"timestamptz '2024-03-31 01:00+00' at time zone 'Europe/London'",
		"2024-03-31 00:59:59|2024-03-31 02:00:00")
	f("timestamp '2024-03-31 01:30' at time zone 'Europe/London', "+
		"timestamp '2024-10-27 01:30' at time zone 'Europe/London'",
		"2024-03-30 21:30:00-04|2024-10-26 21:30:00-04")
	f("timestamptz '1900-01-01 00:00+00' at time zone 'America/New_York', "+
		"timestamptz '1883-01-01 12:00+00' at time zone 'America/New_York', "+
		"timestamptz '2040-07-01 00:00+00' at time zone 'America/New_York'",
		"1899-12-31 19:00:00|1883-01-01 07:03:58|2040-06-30 20:00:00")
	f("timestamptz '2024-07-01 12:00 Asia/Kolkata', timestamptz '2024-07-01 12:00 -3:30', "+
		"timestamptz '2024-07-01 12:00 CEST', timestamptz '2024-07-01T12:00Z'",
		"2024-07-01 02:30:00-04|2024-07-01 11:30:00-04|2024-07-01 06:00:00-04|2024-07-01 08:00:00-04")
}

// TestAge holds the symbolic difference, which is in years, months and days.
func TestAge(t *testing.T) {
	f := selecter(t)
	f("age(timestamp '2001-04-10', timestamp '1957-06-13'), age(timestamp '1957-06-13', timestamp '2001-04-10')",
		"43 years 9 mons 27 days|-43 years -9 mons -27 days")
	f("age(timestamp '2024-03-31', timestamp '2024-02-29'), "+
		"age(timestamp '2024-02-29', timestamp '2024-03-31'), age(timestamp '2024-03-01', timestamp '2024-01-31')",
		"1 mon 2 days|-1 mons -2 days|1 mon 1 day")
	f("age(timestamp '2024-01-01 10:00', timestamp '2024-01-01 12:00:00.5'), "+
		"age(timestamp '2024-01-01', timestamp '2024-01-01')",
		"-02:00:00.5|00:00:00")
	f("age(timestamptz '2024-03-11 00:00', timestamptz '2024-03-09 00:00'), "+
		"age(timestamptz '2024-11-04', timestamptz '2024-11-02 12:00')",
		"2 days|1 day 12:00:00")
	f("age(timestamp '2000-01-01', timestamp '0001-01-01 BC'), age(null::timestamp, '2024-01-01'), "+
		"age('2024-01-01', null::timestamp)",
		"2000 years|<null>|<null>")
	f("age(current_date::timestamp) = interval '0', age(timestamptz 'epoch') > interval '50 years'", "t|t")
}

// TestOverlaps holds half-open periods given by two ends or a length, in any order.
func TestOverlaps(t *testing.T) {
	f := selecter(t)
	f("(date '2024-01-01', date '2024-02-01') overlaps (date '2024-02-01', date '2024-03-01'), "+
		"(date '2024-01-01', date '2024-02-02') overlaps (date '2024-02-01', date '2024-03-01')",
		"f|t")
	f("(date '2024-02-01', date '2024-01-01') overlaps (date '2024-01-15', interval '1 day'), "+
		"(timestamp '2024-01-01', interval '1 hour') overlaps (timestamp '2024-01-01 00:59', timestamp '2024-01-02')",
		"t|t")
	f("(date '2024-01-01', date '2024-01-01') overlaps (date '2024-01-01', date '2024-01-01'), "+
		"(time '10:00', time '11:00') overlaps (time '10:59', interval '2 hours')",
		"t|t")
	f("(timestamptz '2024-01-01', interval '1 day') overlaps (timestamptz '2024-01-02', interval '1 day'), "+
		"(timetz '10:00+00', timetz '11:00+00') overlaps (timetz '10:30+00', timetz '12:00+00')",
		"f|t")
	f("(null::date, date '2024-02-01') overlaps (date '2024-01-01', date '2024-03-01'), "+
		"(date '2024-01-01', null) overlaps (date '2024-01-01', date '2024-03-01'), "+
		"(null::date, null::date) overlaps (date '2024-01-01', date '2024-03-01')",
		"t|<null>|<null>")
	f("(date '2024-01-05', date '2024-02-01') overlaps (null::date, date '2024-01-04'), "+
		"(date '2024-01-05', null) overlaps (date '2024-01-06', null::date)",
		"<null>|<null>")
	f("(time '23:00', interval '2 hours') overlaps (time '00:30', time '01:30'), "+
		"(date '2024-01-01', date 'infinity') overlaps (date '2030-01-01', date 'infinity')",
		"t|t")
}

// TestMakeTimes holds the parts that make_date and its kin accept.
func TestMakeTimes(t *testing.T) {
	f := selecter(t)
	f("make_date(2024, 2, 29), make_date(-44, 3, 15), make_date(1, 1, 1), make_date(5874897, 12, 31)",
		"2024-02-29|0044-03-15 BC|0001-01-01|5874897-12-31")
	f("make_date(2023, 2, 29)", "22008: date field value out of range: 2023-02-29")
	f("make_date(0, 1, 1)", "22008: date field value out of range: 0-01-01")
	f("make_date(2024, 13, 1)", "22008: date field value out of range: 2024-13-01")
	f("make_date(2024, -1, 1)", "22008: date field value out of range: 2024--1-01")
	f("make_date(5874898, 1, 1)", "22008: date out of range: 5874898-01-01")
	f("make_time(8, 20, 0.0), make_time(23, 59, 59.9999996), make_time(24, 0, 0), make_time(0, 0, 60)",
		"08:20:00|24:00:00|24:00:00|00:01:00")
	f("make_time(24, 0, 1)", "22008: time field value out of range: 24:00:01")
	f("make_time(10, 55, 100.1)", "22008: time field value out of range: 10:55:100.1")
	f("make_time(-1, 0, 0)", "22008: time field value out of range: -1:00:00")
	f("make_time(1, 60, 0)", "22008: time field value out of range: 1:60:00")
	f("make_time(1, 1, 'nan')", "22008: time field value out of range: 1:01:NaN")
	f("make_timestamp(2014, 12, 28, 6, 30, 45.887), make_timestamp(-1, 1, 1, 0, 0, 0), "+
		"make_timestamp(2024, 2, 29, 24, 0, 0)",
		"2014-12-28 06:30:45.887|0001-01-01 00:00:00 BC|2024-03-01 00:00:00")
	f("make_timestamp(2024, 2, 30, 0, 0, 0)", "22008: date field value out of range: 2024-02-30")
	f("make_timestamp(294277, 1, 1, 0, 0, 0)", "22008: timestamp out of range: 294277-01-01 0:00:00")
	f("make_timestamp(0, 1, 1, 0, 0, 0)", "22008: date field value out of range: 0-01-01")
	f("make_timestamp(2024, 1, 1, 25, 0, 0)", "22008: time field value out of range: 25:00:00")
	f("make_timestamptz(1973, 7, 15, 8, 15, 55.33), make_timestamptz(1973, 7, 15, 8, 15, 55.33, 'UTC'), "+
		"make_timestamptz(2024, 7, 1, 12, 0, 0, 'Europe/Berlin'), make_timestamptz(2024, 7, 1, 12, 0, 0, '+2')",
		"1973-07-15 08:15:55.33-04|1973-07-15 04:15:55.33-04|2024-07-01 06:00:00-04|2024-07-01 06:00:00-04")
	f("make_timestamptz(2024, 7, 1, 12, 0, 0, '+16')", `22023: numeric time zone "+16" out of range`)
	f("make_timestamptz(2024, 7, 1, 12, 0, 0, 'Nehwon/Lankhmar')", `22023: time zone "Nehwon/Lankhmar" not recognized`)
	f("make_timestamptz(2024, 7, 1, 12, 0, 0, '2')",
		`22023: invalid input syntax for type numeric time zone: "2" `+
			`HINT: Numeric time zones must have "-" or "+" as first character.`)
	f("make_timestamptz(2024, 3, 10, 2, 30, 0), make_timestamptz(2024, 11, 3, 1, 30, 0)",
		"2024-03-10 03:30:00-04|2024-11-03 01:30:00-05")
	f("make_date(null, 1, 1), make_time(1, null, 1), make_timestamp(2024, 1, 1, 1, 1, null), "+
		"make_timestamptz(2024, 1, 1, 1, 1, 1, null)",
		"<null>|<null>|<null>|<null>")
	f("to_timestamp(0), to_timestamp(1284352323.5), to_timestamp(-1e10), to_timestamp('infinity'), "+
		"to_timestamp('-infinity'), to_timestamp(0.0000005)",
		"1969-12-31 19:00:00-05|2010-09-13 00:32:03.5-04|1653-02-10 01:17:18-04:56:02|infinity|-infinity|"+
			"1969-12-31 19:00:00-05")
	f("to_timestamp('nan'::float8)", "22008: timestamp cannot be NaN")
	f("to_timestamp(1e14)", `22008: timestamp out of range: "1e+14"`)
	f("isfinite(date 'infinity'), isfinite(timestamp '2024-01-01'), isfinite(timestamptz '-infinity'), "+
		"isfinite(null::date)",
		"f|t|f|<null>")
}
