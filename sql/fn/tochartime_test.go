package fn_test

import "testing"

// TestToCharTimePatterns holds each pattern of the manual for one moment of one digit each and one of two.
func TestToCharTimePatterns(t *testing.T) {
	f := selecter(t)
	both := func(pattern, want string) {
		t.Helper()
		f("to_char(timestamp '2024-02-05 03:04:06.007008', '"+pattern+"') || '/' || to_char(timestamp '1999-12-31 "+
			"23:59:58.999999', '"+pattern+"')",
			want)
	}
	both("HH", "03/11")
	both("HH12", "03/11")
	both("HH24", "03/23")
	both("MI", "04/59")
	both("SS", "06/58")
	both("MS", "007/999")
	both("US", "007008/999999")
	both("FF1", "0/9")
	both("FF2", "00/99")
	both("FF3", "007/999")
	both("FF4", "0070/9999")
	both("FF5", "00700/99999")
	both("FF6", "007008/999999")
	both("SSSS", "11046/86398")
	both("SSSSS", "11046/86398")
	both("AM A.M. am a.m.", "AM A.M. am a.m./PM P.M. pm p.m.")
	both("PM P.M. pm p.m.", "AM A.M. am a.m./PM P.M. pm p.m.")
	both("Y,YYY YYYY YYY YY Y", "2,024 2024 024 24 4/1,999 1999 999 99 9")
	both("IYYY IYY IY I", "2024 024 24 4/1999 999 99 9")
	both("BC B.C. bc b.c. AD A.D. ad a.d.", "AD A.D. ad a.d. AD A.D. ad a.d./AD A.D. ad a.d. AD A.D. ad a.d.")
	both("MONTH|Month|month", "FEBRUARY |February |february /DECEMBER |December |december ")
	both("MON Mon mon", "FEB Feb feb/DEC Dec dec")
	both("MM", "02/12")
	both("DAY|Day|day", "MONDAY   |Monday   |monday   /FRIDAY   |Friday   |friday   ")
	both("DY Dy dy", "MON Mon mon/FRI Fri fri")
	both("DDD IDDD DD D ID", "036 036 05 2 1/365 362 31 6 5")
	both("W WW IW", "1 06 06/5 53 52")
	both("CC J Q RM rm", "21 2460346 1 II   ii  /20 2451544 4 XII  xii ")
	both("FMMonth FMDay FMDD FMHH24 FMMI FMRM FMDDD FMSSSS FMMS",
		"February Monday 5 3 4 II 36 11046 007/December Friday 31 23 59 XII 365 86398 999")
	both("DDth DDTH Dth HH24th FMDDth", "05th 05TH 2nd 03rd 5th/31st 31ST 6th 23rd 31st")
	both(`YYYY"year"MM"month" \"x\" "a\\b" yyyy`, `2024year02month "x" a\b 2024/1999year12month "x" a\b 1999`)
	both("TMMonth TMDay TMMon TMDy", "February Monday Feb Mon/December Friday Dec Fri")
	both("hello Xx 123 --::..", "hello Xx 123 --::../hello Xx 123 --::..")
	both("", "<null>")
	both("YYYYMMDDHH24MISS", "20240205030406/19991231235958")
	both("SPDD FXYYYY", "SP05 2024/SP31 1999")
}

// TestToCharTimeZones holds zone patterns and values without a zone.
func TestToCharTimeZones(t *testing.T) {
	f := selecter(t)
	f("to_char(timestamptz '2024-07-01 12:00+00', 'HH24:MI TZ tz TZH:TZM OF'), "+
		"to_char(timestamptz '2024-01-01 12:00+00', 'TZ OF TZH')",
		"08:00 EDT edt -04:00 -04|EST -05 -05")
	f("to_char(timestamp '2024-07-01 12:00', 'TZ|tz|TZH:TZM|OF'), to_char(timestamptz '1900-01-01 12:00+00', 'OF')",
		"||+00:00|+00|-05")
	f("to_char(timestamptz '2024-07-01 12:00+00' at time zone 'Asia/Kolkata', 'HH24:MI')", "17:30")
	db := newDB(t)
	db.Must("set timezone = 'Asia/Kolkata'")
	db.Is("select to_char(timestamptz '2024-07-01 12:00+00', 'HH24:MI TZ TZH:TZM OF')", "17:30 IST +05:30 +05:30")
	db.Must("set timezone = '-03:30'")
	db.Is("select to_char(timestamptz '2024-07-01 12:00+00', 'HH24:MI TZH:TZM OF')", "15:30 +03:30 +03:30")
}

// TestToCharTimeEdges holds years before Christ and of five digits, infinity, and intervals.
func TestToCharTimeEdges(t *testing.T) {
	f := selecter(t)
	f("to_char(timestamp '0044-03-15 BC', 'YYYY BC YY Y,YYY CC'), to_char(timestamp '0001-01-01 BC', 'YYYY-MM-DD AD')",
		"0044 BC 44 0,044 -01|0001-01-01 BC")
	f("to_char(timestamp '12345-03-15', 'YYYY YYY YY Y Y,YYY CC'), to_char(timestamp '0044-03-15', 'YYYY Y FMYYYY')",
		"12345 345 45 5 12,345 124|0044 4 44")
	f("to_char(timestamp 'infinity', 'YYYY'), to_char(timestamptz '-infinity', 'YYYY'), to_char(date 'infinity', 'YYYY')",
		"<null>|<null>|<null>")
	f("to_char(date '2024-02-29', 'YYYY-MM-DD HH24'), to_char(timestamp '2000-01-01', 'CC WW IW IYYY ID'), "+
		"to_char(timestamp '2001-01-01', 'CC')",
		"2024-02-29 00|20 01 52 1999 6|21")
	f("to_char(timestamp '2024-01-01 00:00', 'HH HH12 HH24 AM'), to_char(timestamp '2024-01-01 12:00', 'HH HH12 HH24 AM')",
		"12 12 00 AM|12 12 12 PM")
	f("to_char(null::timestamp, 'YYYY'), to_char(timestamp '2024-01-01', null), to_char(timestamp '2024-01-01', '')",
		"<null>|<null>|<null>")
	f("to_char(interval '1 year 2 mons 3 days 04:05:06.789', 'YYYY-MM-DD HH24:MI:SS.MS US'), "+
		"to_char(interval '100 hours', 'HH24 HH12 HH SSSS'), to_char(interval '-1 day -02:03', 'DD HH24:MI')",
		"0001-02-03 04:05:06.789 789000|100 04 04 360000|-1 -02:-03")
	f("to_char(interval '15 mons', 'YYYY MM DDD RM Q'), to_char(interval '1 day', 'CC WW W'), "+
		"to_char(interval '0', 'HH24:MI:SS AM')",
		"0001 03 450 III  1|00 01 1|00:00:00 AM")
	f("to_char(interval '1 day', 'Day')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
	f("to_char(interval '1 mon', 'Month')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
	f("to_char(interval '1 day', 'TZ')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
	f("to_char(interval '1 day', 'BC')",
		"22007: invalid format specification for an interval value HINT: Intervals are not tied to specific calendar dates.")
	f("to_char(time '10:20', 'HH24:MI'), to_char(time '10:20:30.5', 'HH12:MI:SS.MS PM')", "10:20|10:20:30.500 AM")
}

// TestToTimestamp holds the reading of each pattern.
func TestToTimestamp(t *testing.T) {
	f := selecter(t)
	f("to_timestamp('2024-02-05 03:04:06.007008', 'YYYY-MM-DD HH24:MI:SS.US'), "+
		"to_timestamp('05 Dec 2000', 'DD Mon YYYY'), to_timestamp('0097/Feb/16 --> 08:14:30', 'YYYY/Mon/DD --> HH:MI:SS')",
		"2024-02-05 03:04:06.007008-05|2000-12-05 00:00:00-05|0097-02-16 08:14:30-04:56:02")
	f("to_timestamp('97/2/16 8:14:30', 'FMYYYY/FMMM/FMDD FMHH:FMMI:FMSS'), "+
		"to_timestamp('15 \"text between quote marks\" 98 54 45', E'HH24 \"\\\\text between quote marks\\\\\"\" YY MI SS')",
		"0097-02-16 08:14:30-04:56:02|1998-01-01 15:54:45-05")
	f("to_timestamp('05121445482000', 'MMDDHH24MISSYYYY'), "+
		"to_timestamp('2000January09Sunday', 'YYYYFMMonthDDFMDay'), to_timestamp('20000-1116', 'YYYY-MMDD')",
		"2000-05-12 14:45:48-04|2000-01-09 00:00:00-05|20000-11-16 00:00:00-05")
	f("to_timestamp('1997 AD 11 16', 'YYYY BC MM DD'), to_timestamp('1997 BC 11 16', 'YYYY BC MM DD'), "+
		"to_timestamp('1997 A.D. 11 16', 'YYYY B.C. MM DD')",
		"1997-11-16 00:00:00-05|1997-11-16 00:00:00-04:56:02 BC|1997-11-16 00:00:00-05")
	f("to_timestamp('9-1116', 'Y-MMDD'), to_timestamp('95-1116', 'YY-MMDD'), "+
		"to_timestamp('995-1116', 'YYY-MMDD'), to_timestamp('69-0101', 'YY-MMDD'), to_timestamp('70-0101', 'YY-MMDD')",
		"2009-11-16 00:00:00-05|1995-11-16 00:00:00-05|1995-11-16 00:00:00-05|2069-01-01 00:00:00-05|1970-01-01 00:00:00-05")
	f("to_timestamp('2005426', 'YYYYWWD'), to_timestamp('2005300', 'YYYYDDD'), "+
		"to_timestamp('2005527', 'IYYYIWID'), to_timestamp('005527', 'IYYIWID'), to_timestamp('2005364', 'IYYYIDDD')",
		"2005-10-15 00:00:00-04|2005-10-27 00:00:00-04|2006-01-01 00:00:00-05|2006-01-01 00:00:00-05|2006-01-01 00:00:00-05")
	f("to_timestamp('2020-01-05 02:03:04 PM', 'YYYY-MM-DD HH12:MI:SS PM'), "+
		"to_timestamp('2020-01-05 12 am', 'YYYY-MM-DD HH am'), to_timestamp('2020-01-05 12 p.m.', 'YYYY-MM-DD HH p.m.')",
		"2020-01-05 14:03:04-05|2020-01-05 00:00:00-05|2020-01-05 12:00:00-05")
	f("to_timestamp('2020-01-05 3661', 'YYYY-MM-DD SSSS'), to_timestamp('2451187', 'J'), "+
		"to_timestamp('IV 1999', 'RM YYYY'), to_timestamp('21', 'CC'), to_timestamp('20-98', 'CC-YY')",
		"2020-01-05 01:01:01-05|1999-01-08 00:00:00-05|1999-04-01 00:00:00-05|2001-01-01 00:00:00-05|1998-01-01 00:00:00-05")
	f("to_timestamp('2020-01-05 03:04:05.7', 'YYYY-MM-DD HH24:MI:SS.MS'), "+
		"to_timestamp('2020-01-05 .07', 'YYYY-MM-DD .FF2'), to_timestamp('12.3456', 'SS.FF4'), "+
		"to_timestamp('2020 1,234', 'YYYY US')",
		"2020-01-05 03:04:05.7-05|2020-01-05 00:00:00.07-05|0001-01-01 00:00:12.3456-04:56:02 BC|2020-01-01 00:00:00.1-05")
	f("to_timestamp('2020-01-05 03:04 -07:30', 'YYYY-MM-DD HH24:MI TZH:TZM'), "+
		"to_timestamp('2020-01-05 03:04 +05', 'YYYY-MM-DD HH24:MI TZH'), to_timestamp('1,234-05', 'Y,YYY-MM')",
		"2020-01-05 05:34:00-05|2020-01-04 17:04:00-05|1234-05-01 00:00:00-04:56:02")
	f("to_timestamp('  2020  12  ', 'YYYY MM'), to_timestamp('2020/12', 'YYYY-MM'), "+
		"to_timestamp('2020 12', 'YYYY/MM'), to_timestamp('2020', 'YYYY'), to_timestamp('2020-0', 'YYYY-MM')",
		"2020-12-01 00:00:00-05|2020-12-01 00:00:00-05|2020-12-01 00:00:00-05|2020-01-01 00:00:00-05|2020-01-01 00:00:00-05")
	f("to_timestamp('2011-12-18 11:38 20,000', 'YYYY-MM-DD HH12:MI SS'), to_timestamp('2020th', 'YYYYth'), "+
		"to_timestamp('5th Jan 2020', 'DDth Mon YYYY')",
		"2011-12-18 11:38:20-05|2020-01-01 00:00:00-05|2020-01-05 00:00:00-05")
	f("to_timestamp('', 'YYYY'), to_timestamp('2020', ''), to_timestamp(null, 'YYYY'), to_timestamp('2020', null)",
		"0001-01-01 00:00:00-04:56:02 BC|0001-01-01 00:00:00-04:56:02 BC|<null>|<null>")
}

// TestToTimestampErrors holds what a template refuses.
func TestToTimestampErrors(t *testing.T) {
	f := selecter(t)
	f("to_timestamp('2020-13-01', 'YYYY-MM-DD')", `22008: date/time field value out of range: "2020-13-01"`)
	f("to_timestamp('2020-02-30', 'YYYY-MM-DD')", `22008: date/time field value out of range: "2020-02-30"`)
	f("to_timestamp('2020-01-01 25', 'YYYY-MM-DD HH24')", `22008: date/time field value out of range: "2020-01-01 25"`)
	f("to_timestamp('2020-01-01 13', 'YYYY-MM-DD HH12')",
		`22007: hour "13" is invalid for the 12-hour clock HINT: Use the 24-hour clock, or give an hour between 1 and 12.`)
	f("to_timestamp('2020-01-01 10:60', 'YYYY-MM-DD HH24:MI')",
		`22008: date/time field value out of range: "2020-01-01 10:60"`)
	f("to_timestamp('2020-01-01 00', 'YYYY-MM-DD HH12')",
		`22007: hour "0" is invalid for the 12-hour clock HINT: Use the 24-hour clock, or give an hour between 1 and 12.`)
	f("to_timestamp('2020 Foo', 'YYYY Mon')",
		`22007: invalid value "Foo" for "Mon" `+
			`DETAIL: The given value did not match any of the allowed values for this field.`)
	f("to_timestamp('2020 Q', 'YYYY MM')", `22007: invalid value "Q" for "MM" DETAIL: Value must be an integer.`)
	f("to_timestamp('xyz', 'YYYY')", `22007: invalid value "xyz" for "YYYY" DETAIL: Value must be an integer.`)
	f("to_timestamp('2020-01', 'YYYY-IW')",
		"22007: invalid combination of date conventions "+
			"HINT: Do not mix Gregorian and ISO week date conventions in a formatting template.")
	f("to_timestamp('2005-01 01', 'YYYY-MM YYYY')",
		`22007: conflicting values for "YYYY" field in formatting string `+
			`DETAIL: This value contradicts a previous setting for the same field type.`)
	f("to_timestamp('2005 2006', 'YYYY YYYY')",
		`22007: conflicting values for "YYYY" field in formatting string `+
			`DETAIL: This value contradicts a previous setting for the same field type.`)
	f("to_timestamp('10 PM', 'HH24 PM')", "0001-01-01 22:00:00-04:56:02 BC")
	f("to_timestamp('2020 366 ', 'YYYY DDD'), to_timestamp('2020 60', 'YYYY DDD')",
		"2020-12-31 00:00:00-05|2020-02-29 00:00:00-05")
	f("to_timestamp('2021 366', 'YYYY DDD')", `22008: date/time field value out of range: "2021 366"`)
	f("to_timestamp('EST', 'TZ')", `0A000: formatting field "TZ" is only supported in to_char`)
	f("to_timestamp('2020 1', 'YYYY OF')", `0A000: formatting field "OF" is only supported in to_char`)
	f("to_timestamp('19:99', 'HH24:MI')", `22008: date/time field value out of range: "19:99"`)
	f("to_timestamp('99999999999', 'YYYY')",
		`22008: value for "YYYY" in source string is out of range `+
			`DETAIL: Value must be in the range -2147483648 to 2147483647.`)
	f("to_timestamp('2020/', 'YYYY/MM')", "2020-01-01 00:00:00-05")
	f("to_timestamp('x2020', 'FXYYYY')", `22007: invalid value "x202" for "YYYY" DETAIL: Value must be an integer.`)
	f("to_timestamp('2020 01', 'FXYYYY/MM')", "2020-01-01 00:00:00-05")
	f("to_timestamp('123', 'FXDD')", `22008: date/time field value out of range: "123"`)
	f("to_timestamp('12', 'FXDDD')", "22007: cannot calculate day of year without year information")
}

// TestToDate holds dates from text, which drop the time.
func TestToDate(t *testing.T) {
	f := selecter(t)
	f("to_date('2024-02-29', 'YYYY-MM-DD'), to_date('29 February 2024', 'DD Month YYYY'), "+
		"to_date('3 4 21 01', 'W MM CC YY'), to_date('2458872', 'J')",
		"2024-02-29|2024-02-29|2001-04-15|2020-01-23")
	f("to_date('20240229 10:30', 'YYYYMMDD HH24:MI'), to_date('44-02-01 BC', 'YYYY-MM-DD BC'), "+
		"to_date('-44-02-01', 'YYYY-MM-DD'), to_date('-44-02-01 BC', 'YYYY-MM-DD BC')",
		"2024-02-29|0044-02-01 BC|0044-02-01 BC|0044-02-01")
	f("to_date('Monday, 5 Feb 2024', 'Day, DD Mon YYYY'), to_date('2024 06', 'IYYY IW'), "+
		"to_date('2024-06-3', 'IYYY-IW-ID'), to_date('2024 200', 'YYYY DDD'), to_date('2024 II', 'YYYY RM')",
		"2024-02-05|2024-02-05|2024-02-07|2024-07-18|2024-02-01")
	f("to_date('2016-02-30', 'YYYY-MM-DD')", `22008: date/time field value out of range: "2016-02-30"`)
	f("to_date('2016-13-10', 'YYYY-MM-DD')", `22008: date/time field value out of range: "2016-13-10"`)
	f("to_date('2016-06-00', 'YYYY-MM-DD')", "2016-06-01")
	f("to_date('2016 367', 'YYYY DDD')", `22008: date/time field value out of range: "2016 367"`)
	f("to_date('0', 'IW')", "0001-01-01 BC")
	f("to_date('1 4 1902', 'Q MM YYYY'), to_date('0000-02-01', 'YYYY-MM-DD'), to_date('1/2/3', 'YYYY/MM/DD')",
		"1902-04-01|0001-02-01 BC|0001-02-03")
	f("to_date('100000000', 'CC')", `22008: date out of range: "100000000"`)
	f("to_date('5874898', 'YYYY')", `22008: date out of range: "5874898"`)
	f("to_date(null, 'YYYY'), to_date('2020', null), to_date('', 'YYYY')", "<null>|<null>|0001-01-01 BC")
}
