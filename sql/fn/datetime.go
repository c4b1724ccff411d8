package fn

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Adaptors for functions that take or give intervals, whose form in memory is packed.

func packed(iv types.Interval, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return packInterval(iv), nil
}

func interval1(f func(types.Interval) (types.Interval, error)) Kernel {
	return try1(func(a string) (string, error) { return packed(f(unpackInterval(a))) })
}

func interval2(f func(a, b types.Interval) (types.Interval, error)) Kernel {
	return try2(func(a, b string) (string, error) { return packed(f(unpackInterval(a), unpackInterval(b))) })
}

func intervalFactor(f func(a types.Interval, by float64) (types.Interval, error)) Kernel {
	return try2(func(a string, by float64) (string, error) { return packed(f(unpackInterval(a), by)) })
}

// shiftTime is timestamp + interval and its like: sign -1 subtracts, zoned works in the session's
// zone.
func shiftTime(sign int, zoned bool) Kernel {
	return with2(func(c *Call, t int64, s string) (int64, error) { return shift(c, t, s, sign, zoned) })
}

// shiftInZone is shiftTime in the zone that the third argument names.
func shiftInZone(sign int) Kernel {
	return try3(func(t int64, s, zone string) (int64, error) {
		loc, err := zoneNamed(zone)
		if err != nil {
			return 0, err
		}
		iv, err := signed(s, sign)
		if err != nil {
			return 0, err
		}
		return addToInstant(t, iv, loc)
	})
}

// signed is an interval times 1 or -1.
func signed(s string, sign int) (types.Interval, error) {
	if sign < 0 {
		return negateInterval(unpackInterval(s))
	}
	return unpackInterval(s), nil
}

func shift(c *Call, t int64, s string, sign int, zoned bool) (int64, error) {
	iv, err := signed(s, sign)
	if err != nil {
		return 0, err
	}
	if zoned {
		return addToInstant(t, iv, zoneOf(c))
	}
	return addToTime(t, iv)
}

// addToInstant adds months and days by the clock of a zone and the rest as elapsed time.
func addToInstant(t int64, iv types.Interval, loc *types.Zone) (int64, error) {
	if infinite(t) {
		return t, nil
	}
	if iv.Months != 0 || iv.Days != 0 {
		local, err := addToTime(toLocal(t, loc), types.Interval{Months: iv.Months, Days: iv.Days})
		if err != nil {
			return 0, err
		}
		if t, err = toInstant(local, loc); err != nil {
			return 0, err
		}
	}
	return addToTime(t, types.Interval{Micros: iv.Micros})
}

// dateToTime is the midnight of a date.
func dateToTime(d int64) (int64, error) {
	if infinite(d) {
		return d, nil
	}
	if d >= timeMax/microsDay || d < dateMin {
		return 0, errDatetime("date out of range for timestamp")
	}
	return d * microsDay, nil
}

func timeToDate(t int64) int64 {
	if infinite(t) {
		return t
	}
	return floorDiv(t, microsDay)
}

// clampedTime is dateToTime for comparisons: a date past the last timestamp is above all of them.
func clampedTime(d int64) int64 {
	t, err := dateToTime(d)
	if err != nil {
		return timeInfinity - 1
	}
	return t
}

func addDays(d, n int64) (int64, error) {
	if infinite(d) {
		return d, nil
	}
	return checkDate(d + n)
}

func subtractDates(a, b int64) (int64, error) {
	if infinite(a) || infinite(b) {
		return 0, errDatetime("cannot subtract infinite dates")
	}
	return a - b, nil
}

// dateShift is date ± interval, a timestamp.
func dateShift(sign int) Kernel {
	return with2(func(c *Call, d int64, s string) (int64, error) {
		t, err := dateToTime(d)
		if err != nil {
			return 0, err
		}
		return shift(c, t, s, sign, false)
	})
}

func dateAndTime(d, micros int64) (int64, error) {
	t, err := dateToTime(d)
	if err != nil || infinite(t) {
		return t, err
	}
	return checkTime(t + micros)
}

// timeShift is time ± interval, modulo a day.
func timeShift(t int64, iv types.Interval, sign int64) int64 {
	t = (t + sign*(iv.Micros%microsDay)) % microsDay
	if t < 0 {
		t += microsDay
	}
	return t
}

func swapped[A, B, R value](f func(*Call, A, B) (R, error)) Kernel {
	return with2(func(c *Call, b B, a A) (R, error) { return f(c, a, b) })
}

var datetimeArithmetic = []entry{
	{"date_pli", try2(addDays)},
	{"date_mii", try2(func(d, n int64) (int64, error) { return addDays(d, -n) })},
	{"integer_pl_date", try2(func(n, d int64) (int64, error) { return addDays(d, n) })},
	{"date_mi", try2(subtractDates)},
	{"date_pl_interval", dateShift(1)},
	{"date_mi_interval", dateShift(-1)},
	{"interval_pl_date", swapped(func(c *Call, d int64, s string) (int64, error) {
		t, err := dateToTime(d)
		if err != nil {
			return 0, err
		}
		return shift(c, t, s, 1, false)
	})},
	{"datetime_pl", try2(dateAndTime)},
	{"timedate_pl", try2(func(t, d int64) (int64, error) { return dateAndTime(d, t) })},
	{"timestamp_pl_interval", shiftTime(1, false)},
	{"timestamp_mi_interval", shiftTime(-1, false)},
	{"timestamptz_pl_interval", shiftTime(1, true)},
	{"timestamptz_mi_interval", shiftTime(-1, true)},
	{"interval_pl_timestamp", swapped(func(c *Call, t int64, s string) (int64, error) { return shift(c, t, s, 1, false) })},
	{"interval_pl_timestamptz", swapped(func(c *Call, t int64, s string) (int64, error) { return shift(c, t, s, 1, true) })},
	{"timestamp_mi", try2(func(a, b int64) (string, error) { return packed(subtractTimes(a, b)) })},
	{"timestamptz_mi", try2(func(a, b int64) (string, error) { return packed(subtractTimes(a, b)) })},
	{"time_pl_interval", map2(func(t int64, s string) int64 { return timeShift(t, unpackInterval(s), 1) })},
	{"time_mi_interval", map2(func(t int64, s string) int64 { return timeShift(t, unpackInterval(s), -1) })},
	{"interval_pl_time", map2(func(s string, t int64) int64 { return timeShift(t, unpackInterval(s), 1) })},
	{"time_mi_time", map2(func(a, b int64) string { return packInterval(types.Interval{Micros: a - b}) })},
	{"interval_pl", interval2(addIntervals)},
	{"interval_mi", interval2(func(a, b types.Interval) (types.Interval, error) {
		b, err := negateInterval(b)
		if err != nil {
			return b, err
		}
		return addIntervals(a, b)
	})},
	{"interval_um", interval1(negateInterval)},
	{"interval_mul", intervalFactor(multiplyInterval)},
	{"interval_div", intervalFactor(divideInterval)},
	{"mul_d_interval", try2(func(by float64, a string) (string, error) {
		return packed(multiplyInterval(unpackInterval(a), by))
	})},
	{"justify_hours", interval1(justifyHours)},
	{"justify_days", interval1(justifyDays)},
	{"justify_interval", interval1(justifyInterval)},
	{"age(timestamp,timestamp)", try2(func(a, b int64) (string, error) { return packed(age(a, b)) })},
	{"age(timestamptz,timestamptz)", with2(func(c *Call, a, b int64) (string, error) {
		loc := zoneOf(c)
		return packed(age(toLocal(a, loc), toLocal(b, loc)))
	})},
	{"date_add(timestamptz,interval)", shiftTime(1, true)},
	{"date_subtract(timestamptz,interval)", shiftTime(-1, true)},
	{"date_add(timestamptz,interval,text)", shiftInZone(1)},
	{"date_subtract(timestamptz,interval,text)", shiftInZone(-1)},
	{"age(xid)", map1(func(int64) int64 { return 0 })},
	{"mxid_age", map1(func(int64) int64 { return 0 })},
	{"age(timestamp)", with1(func(c *Call, b int64) (string, error) { return packed(age(today(c), b)) })},
	{"age(timestamptz)", with1(func(c *Call, b int64) (string, error) {
		return packed(age(today(c), toLocal(b, zoneOf(c))))
	})},
}

// today is the midnight that began the transaction's day, by the session's clock.
func today(c *Call) int64 {
	date, _ := split(toLocal(c.Env.TxnStart, zoneOf(c)))
	return date * microsDay
}

var datetimeCasts = []entry{
	{"timestamp(date)", try1(dateToTime)},
	{"date(timestamp)", map1(timeToDate)},
	{"timestamptz(date)", with1(func(c *Call, d int64) (int64, error) {
		t, err := dateToTime(d)
		if err != nil {
			return 0, err
		}
		return toInstant(t, zoneOf(c))
	})},
	{"date(timestamptz)", with1(func(c *Call, t int64) (int64, error) { return timeToDate(toLocal(t, zoneOf(c))), nil })},
	{"timestamptz(timestamp)", with1(func(c *Call, t int64) (int64, error) { return toInstant(t, zoneOf(c)) })},
	{"timestamp(timestamptz)", with1(func(c *Call, t int64) (int64, error) { return toLocal(t, zoneOf(c)), nil })},
	{"timestamp(date,time)", try2(dateAndTime)},
	{"timestamptz(date,time)", with2(func(c *Call, d, t int64) (int64, error) {
		local, err := dateAndTime(d, t)
		if err != nil {
			return 0, err
		}
		return toInstant(local, zoneOf(c))
	})},
	{"time(timestamp)", rows(func(_ *Call, a []types.Datum) (types.Datum, error) { return timeOfDay(a[0].I), nil })},
	{"time(timestamptz)", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		return timeOfDay(toLocal(a[0].I, zoneOf(c))), nil
	})},
	{"time(interval)", map1(func(s string) int64 { return timeShift(0, unpackInterval(s), 1) })},
	{"interval(time)", map1(func(t int64) string { return packInterval(types.Interval{Micros: t}) })},
	{"isfinite(timestamp)", map1(func(t int64) bool { return !infinite(t) })},
	{"isfinite(timestamptz)", map1(func(t int64) bool { return !infinite(t) })},
	{"isfinite(date)", map1(func(d int64) bool { return !infinite(d) })},
	{"isfinite(interval)", map1(func(string) bool { return true })},
}

func timeOfDay(t int64) types.Datum {
	if infinite(t) {
		return types.NullDatum
	}
	_, micros := split(t)
	return types.IntDatum(micros)
}

// datetimeComparisons are those between dates, timestamps and timestamps with time zone.
func datetimeComparisons() []entry {
	local := func(c *Call, t int64) int64 { return instant(t, zoneOf(c)) }
	plain := func(_ *Call, t int64) int64 { return t }
	date := func(_ *Call, d int64) int64 { return clampedTime(d) }
	dateLocal := func(c *Call, d int64) int64 { return instant(clampedTime(d), zoneOf(c)) }
	var list []entry
	for _, p := range []struct {
		a, b string
		x, y func(*Call, int64) int64
	}{
		{"date", "timestamp", date, plain},
		{"timestamp", "date", plain, date},
		{"date", "timestamptz", dateLocal, plain},
		{"timestamptz", "date", plain, dateLocal},
		{"timestamp", "timestamptz", local, plain},
		{"timestamptz", "timestamp", plain, local},
	} {
		for op, name := range operatorNames {
			list = append(list, entry{p.a + "_" + name + "_" + p.b, with2(func(c *Call, a, b int64) (bool, error) {
				order := cmp.Compare(p.x(c, a), p.y(c, b))
				return (EQ + Comparison(op)).Holds(order < 0, order == 0), nil
			})})
		}
	}
	return list
}

// now and its kin.
var clockKernels = []entry{
	{"now", clock(func(c *Call) int64 { return c.Env.TxnStart })},
	{"transaction_timestamp", clock(func(c *Call) int64 { return c.Env.TxnStart })},
	{"statement_timestamp", clock(func(c *Call) int64 { return c.Env.StmtStart })},
	{"clock_timestamp", clock(func(*Call) int64 { return wallMicros() })},
	{"timeofday", rows(func(c *Call, _ []types.Datum) (types.Datum, error) {
		return types.StringDatum(time.Now().In(zoneOf(c).Loc).Format("Mon Jan 02 15:04:05.000000 2006 MST")), nil
	})},
	{"to_timestamp(float8)", try1(epochToTime)},
	{"make_date", try3(makeDate)},
	{"make_time", try3(makeTime)},
	{"make_timestamp", rows(makeTimestamp(false))},
	{"make_timestamptz(int4,int4,int4,int4,int4,float8)", rows(makeTimestamp(true))},
	{"make_timestamptz(int4,int4,int4,int4,int4,float8,text)", rows(makeTimestamp(true))},
	{"make_interval", rows(makeIntervalParts)},
	{"timezone(text,timestamptz)", try2(func(zone string, t int64) (int64, error) {
		loc, err := zoneNamed(zone)
		if err != nil {
			return 0, err
		}
		return toLocal(t, loc), nil
	})},
	{"timezone(text,timestamp)", try2(func(zone string, t int64) (int64, error) {
		loc, err := zoneNamed(zone)
		if err != nil {
			return 0, err
		}
		return toInstant(t, loc)
	})},
	{"timezone(interval,timestamptz)", try2(func(s string, t int64) (int64, error) { return byInterval(s, t, 1) })},
	{"timezone(interval,timestamp)", try2(func(s string, t int64) (int64, error) { return byInterval(s, t, -1) })},
	{"overlaps", rows(overlaps)},
}

func clock(f func(*Call) int64) Kernel {
	return func(c *Call, _ []*batch.Column, sel []int32, n int, out *batch.Column) error {
		for k := range selected(sel, n) {
			out.I[at(sel, k)] = f(c)
		}
		return nil
	}
}

func wallMicros() int64 { return time.Now().UnixMicro() - epochUnix*microsSecond }

func epochToTime(v float64) (int64, error) {
	switch {
	case math.IsNaN(v):
		return 0, errDatetime("timestamp cannot be NaN")
	case math.IsInf(v, 1):
		return timeInfinity, nil
	case math.IsInf(v, -1):
		return timeNInfinity, nil
	}
	micros := math.RoundToEven((v - epochUnix) * microsFloat)
	if micros < timeMin || micros >= timeMax {
		return 0, errDatetime("timestamp out of range: \"%g\"", v)
	}
	return int64(micros), nil
}

func makeDate(year, month, day int64) (int64, error) {
	y := year
	if y < 0 {
		y++ // -1 is 1 BC
	}
	if year == 0 || month < 1 || month > 12 || day < 1 || day > monthDays(y, month) {
		return 0, errDatetime("date field value out of range: %d-%02d-%02d", year, month, day)
	}
	d, err := checkDate(dateOf(y, month, day))
	if err != nil {
		return 0, errDatetime("date out of range: %d-%02d-%02d", year, month, day)
	}
	return d, nil
}

func makeTime(hour, minute int64, seconds float64) (int64, error) {
	whole := hour*microsHour + minute*microsMinute
	if hour < 0 || hour > 24 || minute < 0 || minute > 59 || math.IsNaN(seconds) || seconds < 0 || seconds > 60 ||
		hour == 24 && (minute > 0 || seconds > 0) {
		return 0, errDatetime("time field value out of range: %d:%02d:%02s", hour, minute, strconv.FormatFloat(seconds, 'g', 6, 64))
	}
	return whole + int64(math.RoundToEven(seconds*microsFloat)), nil
}

func makeTimestamp(zoned bool) func(c *Call, a []types.Datum) (types.Datum, error) {
	return func(c *Call, a []types.Datum) (types.Datum, error) {
		for _, d := range a {
			if d.Null {
				return types.NullDatum, nil
			}
		}
		date, err := makeDate(a[0].I, a[1].I, a[2].I)
		if err != nil {
			return types.Datum{}, err
		}
		micros, err := makeTime(a[3].I, a[4].I, a[5].Float())
		if err != nil {
			return types.Datum{}, err
		}
		t, err := join(date, micros)
		if err != nil {
			return types.Datum{}, errDatetime("timestamp out of range: %d-%02d-%02d %d:%02d:%02s", a[0].I, a[1].I, a[2].I, a[3].I, a[4].I,
				strconv.FormatFloat(a[5].Float(), 'g', 6, 64))
		}
		if !zoned {
			return types.IntDatum(t), nil
		}
		loc := zoneOf(c)
		if len(a) == 7 {
			if loc, err = offsetOrZone(a[6].S); err != nil {
				return types.Datum{}, err
			}
		}
		t, err = toInstant(t, loc)
		return types.IntDatum(t), err
	}
}

// makeIntervalParts is make_interval(years, months, weeks, days, hours, mins, secs).
func makeIntervalParts(_ *Call, a []types.Datum) (types.Datum, error) {
	seconds := a[6].Float()
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return types.Datum{}, errInterval()
	}
	micros := math.RoundToEven(seconds*microsFloat) + float64(a[4].I*microsHour+a[5].I*microsMinute)
	if math.Abs(micros) >= math.MaxInt64 {
		return types.Datum{}, errInterval()
	}
	s, err := packed(makeInterval(a[0].I*monthsYear+a[1].I, a[2].I*7+a[3].I,
		int64(math.RoundToEven(seconds*microsFloat))+a[4].I*microsHour+a[5].I*microsMinute))
	return types.StringDatum(s), err
}

// byInterval reads a clock time at a fixed distance from UTC.
func byInterval(s string, t, sign int64) (int64, error) {
	east, err := intervalZone(s)
	if err != nil || infinite(t) {
		return t, err
	}
	return checkTime(t + sign*east)
}

// intervalZone is the distance east of UTC, in µs, that an interval stands for.
func intervalZone(s string) (int64, error) {
	iv := unpackInterval(s)
	if iv.Months != 0 || iv.Days != 0 {
		text, err := outputText(nil, intervalType, types.StringDatum(s))
		if err != nil {
			return 0, err
		}
		return 0, errParameter("interval time zone %q must not include months or days", text)
	}
	return iv.Micros, nil
}

// offsetOrZone reads the zone of make_timestamptz: a distance east of UTC with its sign, or a name.
func offsetOrZone(name string) (*types.Zone, error) {
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		return nil, errParameter("invalid input syntax for type %s: %q", "numeric time zone", name).
			Hint(`Numeric time zones must have "-" or "+" as first character.`)
	}
	east, numeric := types.ParseOffset(name)
	if !numeric {
		return zoneNamed(name)
	}
	if east <= -16*secondsHour || east >= 16*secondsHour {
		return nil, errParameter("numeric time zone %q out of range", name)
	}
	return types.FixedZone(east), nil
}

// periodEnd is the end of a period that is given by its start and its end or length.
func periodEnd(c *Call, start, end types.Datum, starts, ends types.T) (types.Datum, error) {
	switch {
	case ends.OID != intervalType:
		return end, nil
	case start.Null || end.Null:
		return types.NullDatum, nil
	case starts.OID == types.TimeOID:
		return types.IntDatum(timeShift(start.I, unpackInterval(end.S), 1)), nil
	}
	v, err := shift(c, start.I, end.S, 1, starts.OID == types.TimestamptzOID)
	return types.IntDatum(v), err
}

// overlaps follows the SQL standard: pairs are ordered, and an end that is null may still be decided.
func overlaps(c *Call, a []types.Datum) (types.Datum, error) {
	e1, err := periodEnd(c, a[0], a[1], c.Args[0], c.Args[1])
	if err != nil {
		return types.Datum{}, err
	}
	e2, err := periodEnd(c, a[2], a[3], c.Args[2], c.Args[3])
	if err != nil {
		return types.Datum{}, err
	}
	compare := comparer(c.Args[0].OID)
	s1, e1, ok1 := orderPair(compare, a[0], e1)
	s2, e2, ok2 := orderPair(compare, a[2], e2)
	if !ok1 || !ok2 {
		return types.NullDatum, nil
	}
	order := compare(s1, s2)
	if order > 0 {
		e1, s2, e2 = e2, s1, e1
	}
	switch {
	case order == 0:
		if e1.Null || e2.Null {
			return types.NullDatum, nil
		}
		return types.BoolDatum(true), nil
	case e1.Null:
		return types.NullDatum, nil
	case compare(s2, e1) < 0:
		return types.BoolDatum(true), nil
	case e2.Null:
		return types.NullDatum, nil
	}
	return types.BoolDatum(false), nil
}

// orderPair puts the earlier value first; a single null goes to the end.
func orderPair(compare func(a, b types.Datum) int, s, e types.Datum) (types.Datum, types.Datum, bool) {
	switch {
	case s.Null && e.Null:
		return s, e, false
	case s.Null:
		return e, s, true
	case !e.Null && compare(s, e) > 0:
		return e, s, true
	}
	return s, e, true
}

// fieldName is the name of a field as functions take it: in any case.
func fieldName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func errField(name, typeName string) error {
	return pgerr.New("22023", "unit %q not recognized for type %s", name, typeName)
}
