package types

import (
	"math"
	"time"
)

// Dates are days, times and timestamps microseconds since 2000-01-01, as in PostgreSQL. Infinity and
// -infinity are the extremes of int64, for dates too.
const (
	Infinity    = math.MaxInt64
	NegInfinity = math.MinInt64

	MicrosPerSecond = 1_000_000
	MicrosPerMinute = 60 * MicrosPerSecond
	MicrosPerHour   = 60 * MicrosPerMinute
	MicrosPerDay    = 24 * MicrosPerHour

	// julianEpoch is the Julian day of 2000-01-01, unixEpochDays its distance from 1970-01-01.
	julianEpoch   = 2451545
	unixEpochDays = 10957

	dateMin      = -2451545                // 4714-11-24 BC
	dateMax      = 2145031949 - 1          // 5874897-12-31
	timestampMin = -211813488000000000     // 4714-11-24 BC
	timestampMax = 9223371331200000000 - 1 // 294276-12-31 23:59:59.999999
)

// DateFromYMD returns the day of a proleptic Gregorian date; year 0 is 1 BC. Fliegel and van Flandern,
// CACM 11(10), 1968, in the form that PostgreSQL's manual (appendix B) describes Julian days by.
func DateFromYMD(year, month, day int) int64 {
	y, m := int64(year), int64(month)
	a := (14 - m) / 12
	y = y + 4800 - a
	m = m + 12*a - 3
	jdn := int64(day) + (153*m+2)/5 + 365*y + fdiv(y, 4) - fdiv(y, 100) + fdiv(y, 400) - 32045
	return jdn - julianEpoch
}

func fdiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// YMDFromDate is the inverse of DateFromYMD.
func YMDFromDate(days int64) (year, month, day int) {
	a := days + julianEpoch + 32044
	b := fdiv(4*a+3, 146097)
	c := a - fdiv(146097*b, 4)
	d := fdiv(4*c+3, 1461)
	e := c - fdiv(1461*d, 4)
	m := fdiv(5*e+2, 153)
	return int(100*b + d - 4800 + fdiv(m, 10)), int(m + 3 - 12*fdiv(m, 10)), int(e - fdiv(153*m+2, 5) + 1)
}

// SplitTimestamp separates a finite timestamp into its day and the microseconds within it.
func SplitTimestamp(us int64) (days, micros int64) {
	days = fdiv(us, MicrosPerDay)
	return days, us - days*MicrosPerDay
}

// DaysInMonth is the length of a month.
func DaysInMonth(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// AddMonths moves a day by months; the day of the month is cut to the month's length.
func AddMonths(days int64, months int) int64 {
	y, m, d := YMDFromDate(days)
	n := y*12 + m - 1 + months
	y, m = int(fdiv(int64(n), 12)), n-int(fdiv(int64(n), 12))*12+1
	return DateFromYMD(y, m, min(d, DaysInMonth(y, m)))
}

// zoneOf is the session's zone.
func zoneOf(env *Session) *Zone {
	if env != nil && env.TimeZone != nil {
		return env.TimeZone
	}
	return UTC
}

// ZoneOffset is the offset of a zone east of UTC, in seconds, at a UTC instant.
func ZoneOffset(z *Zone, us int64) int {
	_, off := timeOf(us).In(z.Loc).Zone()
	return off
}

// timeOf converts an instant. Instants beyond the range of package time's arithmetic keep their order.
func timeOf(us int64) time.Time {
	sec := fdiv(us, MicrosPerSecond)
	return time.Unix(sec+unixEpochDays*86400, (us-sec*MicrosPerSecond)*1000)
}

// LocalToUTC finds the instant of a local time. In a gap the offset before it counts, in an overlap the
// first of the two, as PostgreSQL's DetermineTimeZoneOffset decides by the standard offset.
func LocalToUTC(z *Zone, local int64) int64 {
	before := ZoneOffset(z, local-MicrosPerDay)
	after := ZoneOffset(z, local+MicrosPerDay)
	first := local - int64(before)*MicrosPerSecond
	if before == after && ZoneOffset(z, first) == before {
		return first
	}
	second := local - int64(after)*MicrosPerSecond
	firstFits, secondFits := ZoneOffset(z, first) == before, ZoneOffset(z, second) == after
	switch {
	case firstFits && secondFits: // overlap: standard time, the smaller offset
		if before < after {
			return first
		}
		return second
	case firstFits:
		return first
	case secondFits:
		return second
	}
	return first
}

// ToLocal shifts an instant to a zone's local time.
func ToLocal(z *Zone, us int64) int64 {
	if us == Infinity || us == NegInfinity {
		return us
	}
	return us + int64(ZoneOffset(z, us))*MicrosPerSecond
}
