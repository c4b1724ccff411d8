package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// visits is a table of moments around the ends of years, quarters and summer time.
func visits(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
set timezone = 'Europe/Berlin';
create table visit (id int primary key, at timestamptz, day date, stay interval);
insert into visit values
	(1, '2023-12-31 23:30+00', '2023-12-31', '1 h'), (2, '2024-01-01 00:10+01', '2024-01-01', '90 min'),
	(3, '2024-02-29 12:00+01', '2024-02-29', '1 day'),
	(4, '2024-03-31 00:59+00', '2024-03-31', '1 mon'), (5, '2024-03-31 01:01+00', '2024-04-01', '-5 min'),
	(6, '2024-10-27 00:30+00', '2024-10-27', null),
	(7, '2024-10-27 01:30+00', '2024-10-28', '1 year 2 mons'), (8, null, null, '0'),
	(9, '2024-12-30 08:00+00', '2024-12-30', '36:00:01.5')`)
	return db
}

// Reports count by week, month, quarter and fiscal year.
func TestCalendarReports(t *testing.T) {
	db := visits(t)
	db.Rows("select date_trunc('month', day)::date m, count(*), sum(stay) from visit group by m order by m",
		"2023-12-01|1|01:00:00",
		"2024-01-01|1|01:30:00",
		"2024-02-01|1|1 day",
		"2024-03-01|1|1 mon",
		"2024-04-01|1|-00:05:00",
		"2024-10-01|2|1 year 2 mons",
		"2024-12-01|1|36:00:01.5",
		"<null>|1|00:00:00",
	)
	db.Rows(`select extract(isoyear from day) y, extract(week from day) w, count(*) from visit group by y, w
		order by y, w`,
		"2023|52|1",
		"2024|1|1",
		"2024|9|1",
		"2024|13|1",
		"2024|14|1",
		"2024|43|1",
		"2024|44|1",
		"2025|1|1",
		"<null>|<null>|1",
	)
	db.Rows("select to_char(day, 'YYYY\"Q\"Q') q, array_agg(id order by id) from visit group by q order by q",
		"2023Q4|{1}",
		"2024Q1|{2,3,4}",
		"2024Q2|{5}",
		"2024Q4|{6,7,9}",
		"<null>|{8}",
	)
	db.Rows(`select extract(year from day + interval '9 months') fiscal, count(*) from visit group by fiscal
		order by fiscal`,
		"2024|4",
		"2025|4",
		"<null>|1",
	)
	db.Rows("select to_char(day, 'ID Dy'), count(*) from visit group by 1 order by 1",
		"1 Mon|4",
		"4 Thu|1",
		"7 Sun|3",
		"<null>|1",
	)
	db.Rows(`select d::date, count(v.id) from generate_series(date '2024-10-26', '2024-10-29', '1 day') d
		left join visit v on v.day = d::date group by d order by d`,
		"2024-10-26|0",
		"2024-10-27|1",
		"2024-10-28|1",
		"2024-10-29|0",
	)
	db.Rows(`select m::date, (m + interval '1 month - 1 day')::date last, count(v.id)
		from generate_series(timestamp '2023-12-01', '2024-04-01', '1 month') m
		left join visit v on v.day >= m and v.day < m + interval '1 month' group by m order by m`,
		"2023-12-01|2023-12-31|1",
		"2024-01-01|2024-01-31|1",
		"2024-02-01|2024-02-29|1",
		"2024-03-01|2024-03-31|1",
		"2024-04-01|2024-04-30|1",
	)
	db.Rows(`select id, extract(doy from day), extract(quarter from day), extract(dow from day),
		extract(isodow from day) from visit order by id`,
		"1|365|4|0|7",
		"2|1|1|1|1",
		"3|60|1|4|4",
		"4|91|1|0|7",
		"5|92|2|1|1",
		"6|301|4|0|7",
		"7|302|4|1|1",
		"8|<null>|<null>|<null>|<null>",
		"9|365|4|1|1",
	)
	db.Rows("select date_bin('7 days', day::timestamp, '2024-01-01')::date b, count(*) from visit group by b order by b",
		"2023-12-25|1",
		"2024-01-01|1",
		"2024-02-26|1",
		"2024-03-25|1",
		"2024-04-01|1",
		"2024-10-21|1",
		"2024-10-28|1",
		"2024-12-30|1",
		"<null>|1",
	)
	db.Rows("select id, day - lag(day) over (order by day) from visit where day is not null order by id",
		"1|<null>",
		"2|1",
		"3|59",
		"4|31",
		"5|1",
		"6|209",
		"7|1",
		"9|63",
	)
}

// A moment is shown and cut by the clock of a zone, whose hours repeat or are missing when summer time changes.
func TestCalendarZones(t *testing.T) {
	db := visits(t)
	db.Rows("select id, at, at at time zone 'UTC', at::date = day from visit order by id",
		"1|2024-01-01 00:30:00+01|2023-12-31 23:30:00|f",
		"2|2024-01-01 00:10:00+01|2023-12-31 23:10:00|t",
		"3|2024-02-29 12:00:00+01|2024-02-29 11:00:00|t",
		"4|2024-03-31 01:59:00+01|2024-03-31 00:59:00|t",
		"5|2024-03-31 03:01:00+02|2024-03-31 01:01:00|f",
		"6|2024-10-27 02:30:00+02|2024-10-27 00:30:00|t",
		"7|2024-10-27 02:30:00+01|2024-10-27 01:30:00|f",
		"8|<null>|<null>|<null>",
		"9|2024-12-30 09:00:00+01|2024-12-30 08:00:00|t",
	)
	db.Rows("select id, at at time zone 'America/New_York', extract(timezone_hour from at) from visit order by id",
		"1|2023-12-31 18:30:00|1",
		"2|2023-12-31 18:10:00|1",
		"3|2024-02-29 06:00:00|1",
		"4|2024-03-30 20:59:00|1",
		"5|2024-03-30 21:01:00|2",
		"6|2024-10-26 20:30:00|2",
		"7|2024-10-26 21:30:00|1",
		"8|<null>|<null>",
		"9|2024-12-30 03:00:00|1",
	)
	db.Rows("select date_trunc('day', at) d, count(*) from visit group by d order by d",
		"2024-01-01 00:00:00+01|2",
		"2024-02-29 00:00:00+01|1",
		"2024-03-31 00:00:00+01|2",
		"2024-10-27 00:00:00+02|2",
		"2024-12-30 00:00:00+01|1",
		"<null>|1",
	)
	db.Rows("select date_trunc('hour', at, 'Asia/Kolkata') h, count(*) from visit group by h order by h",
		"2023-12-31 23:30:00+01|1",
		"2024-01-01 00:30:00+01|1",
		"2024-02-29 11:30:00+01|1",
		"2024-03-31 01:30:00+01|2",
		"2024-10-27 02:30:00+02|1",
		"2024-10-27 02:30:00+01|1",
		"2024-12-30 08:30:00+01|1",
		"<null>|1",
	)
	db.Rows("select h from generate_series(timestamptz '2024-03-31 00:00', '2024-03-31 04:00', '1 hour') h order by h",
		"2024-03-31 00:00:00+01",
		"2024-03-31 01:00:00+01",
		"2024-03-31 03:00:00+02",
		"2024-03-31 04:00:00+02",
	)
	db.Rows("select h from generate_series(timestamptz '2024-10-27 01:00', '2024-10-27 03:00', '30 min') h order by h",
		"2024-10-27 01:00:00+02",
		"2024-10-27 01:30:00+02",
		"2024-10-27 02:00:00+02",
		"2024-10-27 02:30:00+02",
		"2024-10-27 02:00:00+01",
		"2024-10-27 02:30:00+01",
		"2024-10-27 03:00:00+01",
	)
	db.Rows("select d from generate_series(timestamptz '2024-03-30 02:30', '2024-04-01 12:00', '1 day') d order by d",
		"2024-03-30 02:30:00+01",
		"2024-03-31 03:30:00+02",
		"2024-04-01 03:30:00+02",
	)
	db.Rows(`select timestamptz '2024-03-30 12:00' + interval '1 day',
		timestamptz '2024-03-30 12:00' + interval '24 hours'`,
		"2024-03-31 12:00:00+02|2024-03-31 13:00:00+02",
	)
	db.Rows(`select timestamptz '2024-10-27 12:00' - timestamptz '2024-10-26 12:00',
		age(timestamptz '2024-10-27 12:00', timestamptz '2024-10-26 12:00')`,
		"1 day 01:00:00|1 day",
	)
	db.Rows("select timestamptz '2024-03-31 02:30', timestamp '2024-10-27 02:30' at time zone 'Europe/Berlin'",
		"2024-03-31 03:30:00+02|2024-10-27 02:30:00+01",
	)
	db.Rows("select make_timestamptz(2024, 7, 1, 12, 0, 0), make_timestamptz(2024, 7, 1, 12, 0, 0, 'UTC')",
		"2024-07-01 12:00:00+02|2024-07-01 14:00:00+02",
	)
	db.Is("select now() at time zone 'Nowhere/Town'", `22023: time zone "Nowhere/Town" not recognized`)
	db.Is("set timezone = 'Nowhere/Town'", `22023: invalid value for parameter "TimeZone": "Nowhere/Town"`)
	db.Must("set timezone = '-03:30'")
	db.Rows("select id, at from visit where id < 4 order by id",
		"1|2024-01-01 03:00:00+03:30",
		"2|2024-01-01 02:40:00+03:30",
		"3|2024-02-29 14:30:00+03:30",
	)
}

// Intervals add by months, days and time, each for itself.
func TestCalendarIntervals(t *testing.T) {
	db := visits(t)
	db.Rows("select id, day + stay, stay * 2, justify_interval(stay) from visit order by id",
		"1|2023-12-31 01:00:00|02:00:00|01:00:00",
		"2|2024-01-01 01:30:00|03:00:00|01:30:00",
		"3|2024-03-01 00:00:00|2 days|1 day",
		"4|2024-04-30 00:00:00|2 mons|1 mon",
		"5|2024-03-31 23:55:00|-00:10:00|-00:05:00",
		"6|<null>|<null>|<null>",
		"7|2025-12-28 00:00:00|2 years 4 mons|1 year 2 mons",
		"8|<null>|00:00:00|00:00:00",
		"9|2024-12-31 12:00:01.5|72:00:03|1 day 12:00:01.5",
	)
	db.Rows("select id, age(date '2025-01-01', day), extract(epoch from stay) from visit order by id",
		"1|1 year 1 day|3600.000000",
		"2|1 year|5400.000000",
		"3|10 mons 1 day|86400.000000",
		"4|9 mons 1 day|2592000.000000",
		"5|9 mons|-300.000000",
		"6|2 mons 5 days|<null>",
		"7|2 mons 4 days|36741600.000000",
		"8|<null>|0.000000",
		"9|2 days|129601.500000",
	)
	db.Rows("select sum(stay), avg(stay), min(stay), max(stay) from visit",
		"1 year 3 mons 1 day 38:25:01.5|1 mon 26 days 13:48:07.6875|-00:05:00|1 year 2 mons",
	)
	db.Rows(`select date '2024-01-31' + interval '1 month', date '2024-03-31' - interval '1 month',
		date '2024-02-29' + interval '1 year'`,
		"2024-02-29 00:00:00|2024-02-29 00:00:00|2025-02-28 00:00:00",
	)
	db.Rows("select id from visit order by stay desc nulls last, id",
		"7",
		"4",
		"9",
		"3",
		"2",
		"1",
		"8",
		"5",
		"6",
	)
	db.Rows(`select id, to_char(stay, 'DD HH24:MI:SS.MS'), to_char(at, 'FMDay, DD. FMMonth YYYY HH12:MI am TZ')
		from visit order by id`,
		"1|00 01:00:00.000|Monday, 01. January 2024 12:30 am CET",
		"2|00 01:30:00.000|Monday, 01. January 2024 12:10 am CET",
		"3|01 00:00:00.000|Thursday, 29. February 2024 12:00 pm CET",
		"4|00 00:00:00.000|Sunday, 31. March 2024 01:59 am CET",
		"5|00 00:-05:00.000|Sunday, 31. March 2024 03:01 am CEST",
		"6|<null>|Sunday, 27. October 2024 02:30 am CEST",
		"7|00 00:00:00.000|Sunday, 27. October 2024 02:30 am CET",
		"8|00 00:00:00.000|<null>",
		"9|00 36:00:01.500|Monday, 30. December 2024 09:00 am CET",
	)
	db.Rows(`select (date '2024-01-01', date '2024-02-01') overlaps (date '2024-02-01', date '2024-03-01'),
		(date '2024-01-01', interval '40 days') overlaps (date '2024-02-01', date '2024-03-01')`,
		"f|t",
	)
	db.Rows(`select to_date('31.12.2023', 'DD.MM.YYYY'), to_timestamp('2024-07-01 08', 'YYYY-MM-DD HH24'),
		to_date('2024-53', 'IYYY-IW')`,
		"2023-12-31|2024-07-01 08:00:00+02|2024-12-30",
	)
	db.Is("select date '2024-02-30'", `22008: date/time field value out of range: "2024-02-30"`)
	db.Is("select make_date(2023, 2, 29)", "22008: date field value out of range: 2023-02-29")
	db.Is("select interval '1 fortnight'", `22007: invalid input syntax for type interval: "1 fortnight"`)
	db.Is("select extract(fortnight from day) from visit", `22023: unit "fortnight" not recognized for type date`)
	db.Is("select generate_series(date '2024-01-01', date '2024-01-02', interval '0')",
		"22023: step size cannot equal zero")
}
