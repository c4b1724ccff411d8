package fn

import (
	"math"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Times are µs, dates days, both since 2000-01-01; the outermost values of each are infinities.
const (
	microsSecond = int64(1_000_000)
	microsMinute = 60 * microsSecond
	microsHour   = 60 * microsMinute
	microsDay    = 24 * microsHour

	timeInfinity  = int64(math.MaxInt64)
	timeNInfinity = int64(math.MinInt64)
	dateInfinity  = int64(math.MaxInt32)
	dateNInfinity = int64(math.MinInt32)

	// Bounds of finite values: 4714-11-24 BC to 294276-12-31 (timestamps), 5874897-12-31 (dates).
	timeMin = -211813488000000000
	timeMax = 9223371331200000000
	dateMin = -2451545
	dateMax = 2145031948

	julianEpoch = 2451545 // Julian day of 2000-01-01
	epochUnix   = 946684800
)

func infinite(t int64) bool     { return t == timeInfinity || t == timeNInfinity }
func infiniteDate(d int64) bool { return d == dateInfinity || d == dateNInfinity }

func errDatetime(format string, args ...any) error {
	return pgerr.New(pgerrcode.DatetimeFieldOverflow, format, args...)
}

func checkTime(t int64) (int64, error) {
	if t < timeMin || t >= timeMax {
		return 0, errDatetime("timestamp out of range")
	}
	return t, nil
}

func checkDate(d int64) (int64, error) {
	if d < dateMin || d >= dateMax {
		return 0, errDatetime("date out of range")
	}
	return d, nil
}

// floorDiv rounds towards minus infinity; b is positive.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// civil gives year (0 is 1 BC), month and day of a date.
func civil(date int64) (year, month, day int64) {
	z := date + 730425 // days since 0000-03-01
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	month = mp + 3
	if month > 12 {
		month -= 12
	}
	year = yoe + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

// dateOf is the date of year, month and day; day may lie outside the month.
func dateOf(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := floorDiv(year, 400)
	yoe := year - era*400
	doy := (153*(month-3)+2)/5 + day - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 730425
}

func isLeap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func monthDays(year, month int64) int64 {
	switch month {
	case 2:
		if isLeap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// split parts a timestamp into date and µs of the day.
func split(t int64) (date, micros int64) {
	date = floorDiv(t, microsDay)
	return date, t - date*microsDay
}

// join is the opposite of split, with the range checked.
func join(date, micros int64) (int64, error) {
	if date < dateMin-1 || date > timeMax/microsDay+1 {
		return 0, errDatetime("timestamp out of range")
	}
	return checkTime(date*microsDay + micros)
}

// dayOfWeek counts from Sunday, 0.
func dayOfWeek(date int64) int64 {
	d := (date + 6) % 7 // 2000-01-01 was a Saturday
	if d < 0 {
		d += 7
	}
	return d
}

// isoWeek is the ISO year and week of a date.
func isoWeek(date int64) (year, week int64) {
	weekday := (dayOfWeek(date) + 6) % 7 // Monday 0
	thursday := date - weekday + 3
	year, _, _ = civil(thursday)
	return year, (thursday-dateOf(year, 1, 1))/7 + 1
}

// zoneOf is the session's time zone.
func zoneOf(c *Call) *time.Location {
	if c.Env == nil || c.Env.Session == nil || c.Env.Session.TimeZone == nil || c.Env.Session.TimeZone.Loc == nil {
		return time.UTC
	}
	return c.Env.Session.TimeZone.Loc
}

// offsetAt is a zone's distance east of UTC, in seconds, at an instant.
func offsetAt(t int64, loc *time.Location) int64 {
	if loc == time.UTC {
		return 0
	}
	seconds := floorDiv(t, microsSecond) + epochUnix
	_, offset := time.Unix(seconds, 0).In(loc).Zone()
	return int64(offset)
}

// toLocal turns an instant into the clock time of a zone.
func toLocal(t int64, loc *time.Location) int64 {
	if infinite(t) {
		return t
	}
	return t + offsetAt(t, loc)*microsSecond
}

// toInstant turns a clock time of a zone into an instant. A time that a change of clocks skips or
// repeats is read with the smaller offset, as PostgreSQL reads it.
func toInstant(local int64, loc *time.Location) int64 {
	if infinite(local) || loc == time.UTC {
		return local
	}
	before := offsetAt(local-microsDay, loc)
	after := offsetAt(local+microsDay, loc)
	if before == after {
		return local - before*microsSecond
	}
	fitsBefore := offsetAt(local-before*microsSecond, loc) == before
	fitsAfter := offsetAt(local-after*microsSecond, loc) == after
	switch {
	case fitsBefore && !fitsAfter:
		return local - before*microsSecond
	case fitsAfter && !fitsBefore:
		return local - after*microsSecond
	}
	return local - min(before, after)*microsSecond
}

// zoneNamed finds a zone by the name an AT TIME ZONE clause gives. There a number or POSIX offset is
// west of UTC, which types.ParseZone knows.
func zoneNamed(name string) (*time.Location, error) {
	z, err := types.ParseZone(name)
	if err != nil {
		return nil, errParameter("time zone %q not recognized", name)
	}
	return z.Loc, nil
}
