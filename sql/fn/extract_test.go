package fn_test

import (
	"strings"
	"testing"
)

// fieldsOf asks a function of a field and a value for every field in turn and parts the answers by blanks.
func fieldsOf(call, value string, fields ...string) string {
	list := make([]string, len(fields))
	for i, field := range fields {
		list[i] = strings.NewReplacer("FIELD", field, "VALUE", value).Replace(call)
	}
	return strings.Join(list, ", ")
}

var (
	dateFields = []string{
		"century", "day", "decade", "dow", "doy", "epoch", "isodow", "isoyear", "julian", "millennium", "month", "quarter",
		"week", "year",
	}
	clockFields = []string{"epoch", "hour", "microseconds", "milliseconds", "minute", "second"}
)

// TestExtractFields holds every field of every type of date and time, as numeric and as double precision.
func TestExtractFields(t *testing.T) {
	f := selecter(t)
	const numeric, float = "extract(FIELD from VALUE)", "date_part('FIELD', VALUE)"
	f(fieldsOf(numeric, "date '2024-02-29'", dateFields...), "21|29|202|4|60|1709164800|4|2024|2460370|3|2|1|9|2024")
	f(fieldsOf(float, "date '2024-02-29'", dateFields...), "21|29|202|4|60|1709164800|4|2024|2460370|3|2|1|9|2024")
	f(fieldsOf(numeric, "date '2000-12-31'", dateFields...), "20|31|200|0|366|978220800|7|2000|2451910|2|12|4|52|2000")
	f(fieldsOf(numeric, "date '0044-03-15 BC'", dateFields...), "-1|15|-5|5|74|-63517824000|5|-44|1705428|-1|3|1|11|-44")
	f(fieldsOf(numeric, "timestamp '2024-12-30 23:59:59.123456'", dateFields...),
		"21|30|202|1|365|1735603199.123456|1|2025|2460675.99998985481481481481|3|12|4|1|2024")
	f(fieldsOf(numeric, "timestamp '2024-12-30 23:59:59.123456'", clockFields...),
		"1735603199.123456|23|59123456|59123.456|59|59.123456")
	f(fieldsOf(float, "timestamp '2024-12-30 23:59:59.123456'", clockFields...),
		"1735603199.123456|23|59123456|59123.456|59|59.123456")
	f(fieldsOf(numeric, "time '23:59:59.5'", clockFields...), "86399.500000|23|59500000|59500.000|59|59.500000")
	f(fieldsOf(numeric, "timetz '23:59:59.5-04:30'",
		append(clockFields, "timezone", "timezone_hour", "timezone_minute")...),
		"102599.500000|23|59500000|59500.000|59|59.500000|-16200|-4|-30")
	f(fieldsOf(numeric, "timestamptz '2024-07-01 12:00+00'",
		append(dateFields, "hour", "timezone", "timezone_hour", "timezone_minute")...),
		"21|1|202|1|183|1719835200.000000|1|2024|2460493.33333333333333333333|3|7|3|27|2024|8|-14400|-4|0")
	f(fieldsOf(numeric, "interval '-1 year -14 mons 3 days -04:05:06.7'", "century", "day", "decade", "epoch", "hour",
		"microseconds",
		"millennium", "milliseconds", "minute", "month", "quarter", "second", "year"),
		"0|3|0|-68054706.700000|-4|-6700000|0|-6700.000|-5|-2|1|-6.700000|-2")
	f(fieldsOf(float, "interval '2 years 7 mons 40 days 100:00:00.25'", "century", "day", "decade", "epoch", "hour",
		"microseconds",
		"millennium", "milliseconds", "minute", "month", "quarter", "second", "year"),
		"0|40|0|85075200.25|100|250000|0|250|0|7|3|0.25|2")
}

// TestExtractNames holds that fields have abbreviations in any case, and that a type refuses what it has not.
func TestExtractNames(t *testing.T) {
	f := selecter(t)
	f("extract(years from date '2024-02-29'), extract('Y' from date '2024-02-29'), "+
		"extract(mon from date '2024-02-29'), date_part('DAYS', date '2024-02-29')",
		"2024|2024|2|29")
	f("date_part('msec', time '10:00:00.5'), date_part('us', time '10:00:00.5'), date_part('h', time '10:00'), "+
		"date_part('sec', time '10:00:07')",
		"500|500000|10|7")
	f("date_part('c', timestamp '2024-02-29'), date_part('mil', timestamp '2024-02-29'), "+
		"date_part('dec', timestamp '2024-02-29'), date_part('w', timestamp '2024-02-29'), "+
		"date_part('qtr', timestamp '2024-02-29')",
		"21|3|202|9|1")
	f("extract(hour from date '2024-02-29')", `0A000: unit "hour" not supported for type date`)
	f("extract(timezone from date '2024-02-29')", `0A000: unit "timezone" not supported for type date`)
	f("extract(timezone from timestamp '2024-02-29')",
		`0A000: unit "timezone" not supported for type timestamp without time zone`)
	f("extract(year from time '10:00')", `0A000: unit "year" not supported for type time without time zone`)
	f("extract(dow from interval '1 day')", `0A000: unit "dow" not supported for type interval`)
	f("extract(week from interval '1 day')", `0A000: unit "week" not supported for type interval`)
	f("extract(fortnight from date '2024-02-29')", `22023: unit "fortnight" not recognized for type date`)
	f("extract(fortnight from interval '1 day')", `22023: unit "fortnight" not recognized for type interval`)
	f("date_part('fortnight', timestamp '2024-02-29')",
		`22023: unit "fortnight" not recognized for type timestamp without time zone`)
	f("date_part('', timetz '10:00+00')", `22023: unit "" not recognized for type time with time zone`)
	f("date_part('year', date '2024-02-29'), pg_typeof(date_part('year', date '2024-02-29')), "+
		"pg_typeof(extract(year from date '2024-02-29'))",
		"2024|double precision|numeric")
	f("extract(year from null::date), date_part(null, date '2024-02-29'), extract(hour from null::time)",
		"<null>|<null>|<null>")
	f("extract(year from '2024-02-29')",
		"42725: function pg_catalog.extract(unknown, unknown) is not unique "+
			"HINT: Could not choose a best candidate function. You might need to add explicit type casts.")
}

// TestExtractInfinity holds that fields which grow with time are infinite, and the others null.
func TestExtractInfinity(t *testing.T) {
	f := selecter(t)
	f(fieldsOf("extract(FIELD from VALUE)", "date 'infinity'", dateFields...),
		"Infinity|<null>|Infinity|<null>|<null>|Infinity|<null>|Infinity|Infinity|Infinity|<null>|<null>|<null>|Infinity")
	f("extract(year from date 'infinity'), extract(epoch from date '-infinity'), "+
		"extract(month from date 'infinity'), extract(julian from date 'infinity')",
		"Infinity|-Infinity|<null>|Infinity")
	f("extract(year from timestamp '-infinity'), extract(epoch from timestamptz 'infinity'), "+
		"extract(dow from timestamp 'infinity'), extract(timezone from timestamptz 'infinity')",
		"-Infinity|Infinity|<null>|<null>")
	f("date_part('century', timestamp 'infinity'), date_part('hour', timestamp 'infinity'), "+
		"date_part('isoyear', date '-infinity')",
		"Infinity|<null>|-Infinity")
	f("extract(hour from date 'infinity')", `0A000: unit "hour" not supported for type date`)
	f("extract(fortnight from timestamp 'infinity')",
		`22023: unit "fortnight" not recognized for type timestamp without time zone`)
}

// TestISOWeeks holds the weeks around the turn of years.
func TestISOWeeks(t *testing.T) {
	f := selecter(t)
	f("extract(week from date '2004-12-31'), extract(isoyear from date '2005-01-01'), "+
		"extract(week from date '2005-01-02'), extract(week from date '2005-01-03')",
		"53|2004|53|1")
	f("extract(week from date '2020-12-31'), extract(week from date '2021-01-03'), "+
		"extract(isoyear from date '2021-01-03'), extract(isoyear from date '2018-12-31')",
		"53|53|2020|2019")
	f("extract(week from date '0001-01-01 BC'), extract(isoyear from date '0001-01-01 BC'), "+
		"extract(isodow from date '0001-01-01'), extract(dow from date '0001-12-31 BC')",
		"52|-2|1|0")
	f("extract(century from date '2000-12-31'), extract(century from date '2001-01-01'), "+
		"extract(century from date '0001-12-31 BC'), extract(century from date '0100-12-31'), "+
		"extract(century from date '0101-01-01')",
		"20|21|-1|1|2")
	f("extract(millennium from date '2000-12-31'), extract(millennium from date '2001-01-01'), "+
		"extract(millennium from date '0001-01-01 BC'), extract(decade from date '0001-01-01'), "+
		"extract(decade from date '0001-01-01 BC'), extract(decade from date '0011-01-01 BC'), "+
		"extract(decade from date '0012-01-01 BC')",
		"2|3|-1|0|0|-1|-2")
}

// TestDateTrunc holds every unit, by the session's clock or that of a zone.
func TestDateTrunc(t *testing.T) {
	f := selecter(t)
	units := []string{
		"microseconds", "milliseconds", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade",
		"century", "millennium",
	}
	f(fieldsOf("date_trunc('FIELD', VALUE)", "timestamp '2024-08-29 13:47:58.123456'", units...),
		"2024-08-29 13:47:58.123456|2024-08-29 13:47:58.123|2024-08-29 13:47:58|2024-08-29 13:47:00|"+
			"2024-08-29 13:00:00|2024-08-29 00:00:00|"+
			"2024-08-26 00:00:00|2024-08-01 00:00:00|2024-07-01 00:00:00|2024-01-01 00:00:00|2020-01-01 00:00:00|"+
			"2001-01-01 00:00:00|2001-01-01 00:00:00")
	f(fieldsOf("date_trunc('FIELD', VALUE)", "timestamptz '2024-08-29 13:47:58.123456'", units...),
		"2024-08-29 13:47:58.123456-04|2024-08-29 13:47:58.123-04|2024-08-29 13:47:58-04|2024-08-29 13:47:00-04|"+
			"2024-08-29 13:00:00-04|2024-08-29 00:00:00-04|"+
			"2024-08-26 00:00:00-04|2024-08-01 00:00:00-04|2024-07-01 00:00:00-04|2024-01-01 00:00:00-05|"+
			"2020-01-01 00:00:00-05|2001-01-01 00:00:00-05|2001-01-01 00:00:00-05")
	f(fieldsOf("date_trunc('FIELD', VALUE)", "interval '1234 years 8 mons 29 days 13:47:58.123456'",
		"microseconds", "milliseconds", "second", "minute", "hour", "day", "month", "quarter", "year", "decade", "century",
		"millennium"),
		"1234 years 8 mons 29 days 13:47:58.123456|1234 years 8 mons 29 days 13:47:58.123|"+
			"1234 years 8 mons 29 days 13:47:58|"+
			"1234 years 8 mons 29 days 13:47:00|1234 years 8 mons 29 days 13:00:00|1234 years 8 mons 29 days|"+
			"1234 years 8 mons|1234 years 6 mons|"+
			"1234 years|1230 years|1200 years|1000 years")
	f("date_trunc('day', timestamptz '2024-07-01 03:00+00', 'Asia/Tokyo'), "+
		"date_trunc('month', timestamptz '2024-07-01 03:00+00', 'America/Los_Angeles'), "+
		"date_trunc('hour', timestamptz '2024-07-01 03:47+00', 'Asia/Kolkata')",
		"2024-06-30 11:00:00-04|2024-06-01 03:00:00-04|2024-06-30 23:30:00-04")
	f("date_trunc('day', timestamptz '2024-03-10 12:00'), date_trunc('day', timestamptz '2024-11-03 12:00'), "+
		"date_trunc('hour', timestamptz '2024-11-03 06:30+00'), date_trunc('hour', timestamptz '2024-11-03 05:30+00')",
		"2024-03-10 00:00:00-05|2024-11-03 00:00:00-04|2024-11-03 01:00:00-05|2024-11-03 01:00:00-04")
	f("date_trunc('day', date '2024-02-29'), date_trunc('week', date '2024-01-01'), "+
		"date_trunc('week', timestamp '2023-01-01'), date_trunc('MONTH', timestamp '2024-02-29')",
		"2024-02-29 00:00:00-05|2024-01-01 00:00:00-05|2022-12-26 00:00:00|2024-02-01 00:00:00")
	f("date_trunc('century', timestamp '0044-03-15 BC'), date_trunc('millennium', timestamp '0044-03-15 BC'), "+
		"date_trunc('decade', timestamp '0044-03-15 BC'), date_trunc('year', timestamp '0044-03-15 BC')",
		"0100-01-01 00:00:00 BC|1000-01-01 00:00:00 BC|0051-01-01 00:00:00 BC|0044-01-01 00:00:00 BC")
	f("date_trunc('day', timestamp 'infinity'), date_trunc('year', timestamptz '-infinity'), "+
		"date_trunc('hour', interval '-1:30'), date_trunc('month', interval '-45 days')",
		"infinity|-infinity|-01:00:00|00:00:00")
	f("date_trunc('week', interval '1 day')",
		`0A000: unit "week" not supported for type interval DETAIL: Months usually have fractional weeks.`)
	f("date_trunc('fortnight', timestamp '2024-02-29')",
		`22023: unit "fortnight" not recognized for type timestamp without time zone`)
	f("date_trunc('dow', timestamp '2024-02-29')", `22023: unit "dow" not recognized for type timestamp without time zone`)
	f("date_trunc('timezone', timestamptz '2024-02-29')",
		`0A000: unit "timezone" not supported for type timestamp with time zone`)
	f("date_trunc('fortnight', interval '1 day')", `22023: unit "fortnight" not recognized for type interval`)
	f("date_trunc('day', timestamptz '2024-07-01', 'Mars')", `22023: time zone "Mars" not recognized`)
	f("date_trunc(null, timestamp '2024-02-29'), date_trunc('day', null::timestamp), "+
		"date_trunc('day', timestamptz '2024-07-01', null)",
		"<null>|<null>|<null>")
	f("date_trunc('day', time '10:30')", "00:00:00")
}

// TestDateBin holds bins before and after their origin.
func TestDateBin(t *testing.T) {
	f := selecter(t)
	f("date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01'), "+
		"date_bin('15 minutes', timestamp '2020-02-11 15:44:17', timestamp '2001-01-01 00:02:30')",
		"2020-02-11 15:30:00|2020-02-11 15:32:30")
	f("date_bin('1 day', timestamp '2020-02-11 15:44:17', timestamp '2030-01-01 10:00'), "+
		"date_bin('5 s', timestamp '2001-01-01 00:00:00', timestamp '2001-01-01 00:00:01')",
		"2020-02-11 10:00:00|2000-12-31 23:59:56")
	f("date_bin('7 days 00:00:01', timestamp '2020-02-11', timestamp '2020-02-11'), "+
		"date_bin('1 us', timestamp '2020-02-11 15:44:17.123456', timestamp '2001-01-01')",
		"2020-02-11 00:00:00|2020-02-11 15:44:17.123456")
	f("date_bin('1 day', timestamptz '2024-03-11 12:00', timestamptz '2024-03-01 00:00'), "+
		"date_bin('1 hour', timestamptz 'infinity', timestamptz '2024-01-01')",
		"2024-03-11 01:00:00-04|infinity")
	f("date_bin('0 days', timestamp '2020-02-11', timestamp '2001-01-01')", "22008: stride must be greater than zero")
	f("date_bin('-1 day', timestamp '2020-02-11', timestamp '2001-01-01')", "22008: stride must be greater than zero")
	f("date_bin('1 month', timestamp '2020-02-11', timestamp '2001-01-01')",
		"0A000: timestamps cannot be binned into intervals containing months or years")
	f("date_bin('1 mon 1 day', timestamp '2020-02-11', timestamp '2001-01-01')",
		"0A000: timestamps cannot be binned into intervals containing months or years")
	f("date_bin('200000000 days', timestamp '2020-02-11', timestamp '2001-01-01')", "22008: interval out of range")
	f("date_bin('1 day', timestamp '2020-02-11', timestamp 'infinity')", "22008: origin out of range")
	f("date_bin('1 day', timestamp '-infinity', timestamp '2001-01-01'), "+
		"date_bin(null, timestamp '2020-02-11', timestamp '2001-01-01'), "+
		"date_bin('1 day', null::timestamp, timestamp '2001-01-01')",
		"-infinity|<null>|<null>")
}
