package fn

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Times are µs, dates days, both since 2000-01-01; the outermost values of both are infinities.
const (
	secondsHour  = 3600
	microsSecond = int64(types.MicrosPerSecond)
	microsMinute = int64(types.MicrosPerMinute)
	microsHour   = int64(types.MicrosPerHour)
	microsDay    = int64(types.MicrosPerDay)

	timeInfinity  = int64(types.Infinity)
	timeNInfinity = int64(types.NegInfinity)

	// Bounds of finite values: 4714-11-24 BC to 294276-12-31 (timestamps), 5874897-12-31 (dates).
	timeMin = -211813488000000000
	timeMax = 9223371331200000000
	dateMin = -2451545
	dateMax = 2145031949

	julianEpoch = 2451545 // Julian day of 2000-01-01
	epochUnix   = 946684800
)

func infinite(t int64) bool { return t == timeInfinity || t == timeNInfinity }

func errDatetime(format string, args ...any) *pgerr.Error {
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
	y, m, d := types.YMDFromDate(date)
	return int64(y), int64(m), int64(d)
}

// dateOf is the date of year, month and day.
func dateOf(year, month, day int64) int64 {
	return types.DateFromYMD(int(year), int(month), int(day))
}

func monthDays(year, month int64) int64 { return int64(types.DaysInMonth(int(year), int(month))) }

// split parts a timestamp into date and µs of the day.
func split(t int64) (date, micros int64) { return types.SplitTimestamp(t) }

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
func zoneOf(c *Call) *types.Zone {
	if z := sessionOf(c.Env).TimeZone; z != nil {
		return z
	}
	return types.UTC
}

// offsetAt is a zone's distance east of UTC, in seconds, at an instant.
func offsetAt(t int64, z *types.Zone) int64 {
	if z == types.UTC {
		return 0
	}
	return int64(types.ZoneOffset(z, t))
}

// toLocal turns an instant into the clock time of a zone.
func toLocal(t int64, z *types.Zone) int64 { return types.ToLocal(z, t) }

// instant turns a clock time of a zone into an instant, which may be out of range.
func instant(local int64, z *types.Zone) int64 {
	if infinite(local) || z == types.UTC {
		return local
	}
	return types.LocalToUTC(z, local)
}

// toInstant turns a clock time of a zone into an instant.
func toInstant(local int64, z *types.Zone) (int64, error) {
	if infinite(local) {
		return local, nil
	}
	return checkTime(instant(local, z))
}

// zoneNamed finds a zone by the name that AT TIME ZONE gives.
func zoneNamed(name string) (*types.Zone, error) {
	z := types.NamedZone(name)
	if z == nil {
		return nil, errParameter("time zone %q not recognized", name)
	}
	return z, nil
}

// packInterval and unpackInterval convert between the parts and the form in memory.
func packInterval(iv types.Interval) string  { return iv.Encode() }
func unpackInterval(s string) types.Interval { return types.DecodeInterval(s) }
