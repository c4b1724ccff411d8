package fn_test

import "testing"

// TestDateForms holds the forms of a date, as far as the session's order of fields decides.
func TestDateForms(t *testing.T) {
	f := selecter(t)
	f("'2024-02-29'::date, '20240229'::date, '2024.060'::date, 'February 29, 2024'::date, '29-Feb-2024'::date, "+
		"'Feb-29-2024'::date, '2024-Feb-29'::date, '2/29/2024'::date, 'J2460370'::date",
		"2024-02-29|2024-02-29|2024-02-29|2024-02-29|2024-02-29|2024-02-29|2024-02-29|2024-02-29|2024-02-29")
	f("'99-01-08'::date, 'January 8, 99 BC'::date, '0001-01-01 BC'::date, '2024-02-29 AD'::date, "+
		"'12345-01-01'::date, 'epoch'::date, 'infinity'::date, '-infinity'::date, '2024-02-29 13:00'::date",
		`22008: date/time field value out of range: "99-01-08" HINT: Perhaps you need a different "datestyle" setting.`)
	f("'2023-02-29'::date", `22008: date/time field value out of range: "2023-02-29"`)
	f("'2024-13-01'::date",
		`22008: date/time field value out of range: "2024-13-01" HINT: Perhaps you need a different "datestyle" setting.`)
	f("'2024-00-01'::date",
		`22008: date/time field value out of range: "2024-00-01" HINT: Perhaps you need a different "datestyle" setting.`)
	f("'2024-01-32'::date",
		`22008: date/time field value out of range: "2024-01-32" HINT: Perhaps you need a different "datestyle" setting.`)
	f("'0000-01-01'::date", `22008: date/time field value out of range: "0000-01-01"`)
	f("''::date", `22007: invalid input syntax for type date: ""`)
	f("'x'::date", `22007: invalid input syntax for type date: "x"`)
	f("'5874898-01-01'::date", `22008: date out of range: "5874898-01-01"`)
	f("'4714-11-23 BC'::date", `22008: date out of range: "4714-11-23 BC"`)
	f("'29/2/2024'::date",
		`22008: date/time field value out of range: "29/2/2024" HINT: Perhaps you need a different "datestyle" setting.`)
	f("'2024-02-29x'::date", `22007: invalid input syntax for type date: "2024-02-29x"`)
	db := newDB(t)
	db.Must("set datestyle = 'ISO, DMY'")
	db.Is("select '29/2/2024'::date, '1/2/2024'::date, '2024-02-01'::date", "2024-02-29|2024-02-01|2024-02-01")
	db.Must("set datestyle = 'ISO, YMD'")
	db.Is("select '24/2/29'::date, '99-01-08'::date", "2024-02-29|1999-01-08")
	db.Is("select '2/29/2024'::date",
		`22008: date/time field value out of range: "2/29/2024" HINT: Perhaps you need a different "datestyle" setting.`)
}

// TestTimeForms holds times with and without a zone, their precision and limits.
func TestTimeForms(t *testing.T) {
	f := selecter(t)
	f("'04:05:06.789'::time, '04:05'::time, '040506'::time, '04:05 AM'::time, '12:05 AM'::time, "+
		"'12:05 PM'::time, '24:00:00'::time, '23:59:60'::time, 'allballs'::time, '04:05:06.7899996'::time(3), "+
		"'23:59:59.9999999'::time",
		"04:05:06.789|04:05:00|04:05:06|04:05:00|00:05:00|12:05:00|24:00:00|24:00:00|00:00:00|04:05:06.79|24:00:00")
	f("'04:05:06-08:00'::timetz, '04:05:06 PST'::timetz, '2003-04-12 04:05:06 America/New_York'::timetz, "+
		"'04:05:06.789Z'::timetz, '04:05+15:59'::timetz",
		"04:05:06-08|04:05:06-08|04:05:06-04|04:05:06.789+00|04:05:00+15:59")
	f("'25:00'::time", `22008: date/time field value out of range: "25:00"`)
	f("'24:00:01'::time", `22008: date/time field value out of range: "24:00:01"`)
	f("'04:60'::time", `22008: date/time field value out of range: "04:60"`)
	f("'04:05:61'::time", `22008: date/time field value out of range: "04:05:61"`)
	f("'13:05 PM'::time", `22008: date/time field value out of range: "13:05 PM"`)
	f("''::time", `22007: invalid input syntax for type time: ""`)
	f("'04:05+16'::timetz", `22009: time zone displacement out of range: "04:05+16"`)
	f("'04:05 America/Nowhere'::timetz", `22023: time zone "america/nowhere" not recognized`)
	f("'10:00'::time(7)", "10:00:00")
	f("'10:00'::time < '10:00:00.000001', '24:00'::time > '23:59', '10:00+01'::timetz < '10:00+00'::timetz, "+
		"'10:00+00'::timetz = '11:00+01'::timetz",
		"t|t|t|f")
}

// TestTimestampForms holds timestamps of several writings, zones and ends of the range.
func TestTimestampForms(t *testing.T) {
	f := selecter(t)
	f("'2024-02-29 04:05:06.789'::timestamp, '2024-02-29T04:05:06'::timestamp, '20240229T040506'::timestamp, "+
		"'Thu Feb 29 04:05:06 2024'::timestamp, 'Feb 29 2024 4:05 PM'::timestamp, '2024-02-29 24:00'::timestamp, "+
		"'2024-02-29 04:05:06+09'::timestamp, 'epoch'::timestamp",
		"2024-02-29 04:05:06.789|2024-02-29 04:05:06|2024-02-29 04:05:06|2024-02-29 04:05:06|2024-02-29 16:05:00|"+
			"2024-03-01 00:00:00|2024-02-29 04:05:06|1970-01-01 00:00:00")
	f("'2024-02-29 04:05:06.789+02'::timestamptz, '2024-02-29 04:05 EST'::timestamptz, "+
		"'2024-07-01 04:05 Europe/Berlin'::timestamptz, '2024-02-29 04:05:06.9999999'::timestamptz(2), "+
		"'2024-02-29T04:05:06Z'::timestamptz, '0044-03-15 12:00 BC'::timestamptz, 'epoch'::timestamptz",
		"2024-02-28 21:05:06.789-05|2024-02-29 04:05:00-05|2024-06-30 22:05:00-04|2024-02-29 04:05:07-05|"+
			"2024-02-28 23:05:06-05|0044-03-15 12:00:00-04:56:02 BC|1969-12-31 19:00:00-05")
	f("'294276-12-31 23:59:59.999999'::timestamp, '4714-11-24 00:00 BC'::timestamp, 'infinity'::timestamptz, "+
		"'2024-02-29 12:00:00.5'::timestamp(0), '2024-02-29 12:00:01.5'::timestamp(0)",
		"294276-12-31 23:59:59.999999|4714-11-24 00:00:00 BC|infinity|2024-02-29 12:00:01|2024-02-29 12:00:02")
	f("'294277-01-01'::timestamp", `22008: timestamp out of range: "294277-01-01"`)
	f("'4714-11-23 23:59:59 BC'::timestamp", `22008: timestamp out of range: "4714-11-23 23:59:59 BC"`)
	f("'2024-02-30 00:00'::timestamp", `22008: date/time field value out of range: "2024-02-30 00:00"`)
	f("'2024-02-29 25:00'::timestamp", `22008: date/time field value out of range: "2024-02-29 25:00"`)
	f("'2024-02-29 10:00 Mars'::timestamptz",
		`22007: invalid input syntax for type timestamp with time zone: "2024-02-29 10:00 Mars"`)
	f("'2024-02-29 10:00 +25'::timestamptz", `22009: time zone displacement out of range: "2024-02-29 10:00 +25"`)
	f("'today'::date = current_date, 'tomorrow'::date = current_date + 1, "+
		"'yesterday'::timestamp = (current_date - 1)::timestamp",
		"t|t|t")
	db := newDB(t)
	const list = `select timestamp '2024-02-29 04:05:06.5', timestamptz '2024-07-01 12:00+00', date '2024-02-29',
		timestamp '0044-03-15 BC', timestamp 'infinity'`
	for _, style := range []struct{ name, want string }{
		{"SQL, MDY", "02/29/2024 04:05:06.5|07/01/2024 08:00:00 EDT|02/29/2024|03/15/0044 00:00:00 BC|infinity"},
		{"SQL, DMY", "29/02/2024 04:05:06.5|01/07/2024 08:00:00 EDT|29/02/2024|15/03/0044 00:00:00 BC|infinity"},
		{
			"Postgres, MDY",
			"Thu Feb 29 04:05:06.5 2024|Mon Jul 01 08:00:00 2024 EDT|02-29-2024|Fri Mar 15 00:00:00 0044 BC|infinity",
		},
		{
			"Postgres, DMY",
			"Thu 29 Feb 04:05:06.5 2024|Mon 01 Jul 08:00:00 2024 EDT|29-02-2024|Fri 15 Mar 00:00:00 0044 BC|infinity",
		},
		{"German", "29.02.2024 04:05:06.5|01.07.2024 08:00:00 EDT|29.02.2024|15.03.0044 00:00:00 BC|infinity"},
		{"ISO", "2024-02-29 04:05:06.5|2024-07-01 08:00:00-04|2024-02-29|0044-03-15 00:00:00 BC|infinity"},
	} {
		db.Must("set datestyle = '" + style.name + "'")
		db.Is(list, style.want)
	}
}
