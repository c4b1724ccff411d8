package fn

import (
	"math"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// field is a part of a time as a decimal: value / 10^scale + plus.
type field struct {
	value int64
	scale int
	per   int64 // value is a number of parts of which this many are a whole; 0: of 10^scale
	plus  int64
}

func whole(v int64) (field, bool) { return field{value: v}, true }

func (f field) float() float64 {
	if f.per != 0 {
		return float64(f.value)/float64(f.per) + float64(f.plus)
	}
	return float64(f.value)/math.Pow10(f.scale) + float64(f.plus)
}

func (f field) numeric() (string, error) {
	s := numericScaled(f.value, f.scale)
	if f.per != 0 {
		var err error
		if s, err = types.NumericDiv(s, types.NumericFromInt64(f.per)); err != nil {
			return "", err
		}
	}
	if f.plus == 0 {
		return s, nil
	}
	return types.NumericAdd(s, types.NumericFromInt64(f.plus))
}

// fieldAliases are the names that fields have beside their own.
var fieldAliases = map[string]string{
	"years": "year", "y": "year", "yr": "year", "yrs": "year", "months": "month", "mon": "month", "mons": "month",
	"days": "day", "d": "day", "hours": "hour", "h": "hour", "hr": "hour", "hrs": "hour",
	"minutes": "minute", "min": "minute", "mins": "minute", "m": "minute",
	"seconds": "second", "sec": "second", "secs": "second", "s": "second",
	"millisecond": "milliseconds", "msec": "milliseconds", "msecs": "milliseconds", "ms": "milliseconds",
	"microsecond": "microseconds", "usec": "microseconds", "usecs": "microseconds", "us": "microseconds",
	"weeks": "week", "w": "week", "qtr": "quarter", "decades": "decade", "dec": "decade", "decs": "decade",
	"centuries": "century", "cent": "century", "c": "century",
	"millennia": "millennium", "mil": "millennium", "mils": "millennium",
	"timezone_h": "timezone_hour", "timezone_m": "timezone_minute",
}

func canonicalField(s string) string {
	s = fieldName(s)
	if a, ok := fieldAliases[s]; ok {
		return a
	}
	return s
}

// dateField is a field of a date.
func dateField(name string, date int64) (field, bool) {
	year, month, day := civil(date)
	shown := year
	if year <= 0 {
		shown-- // there is no year 0
	}
	switch name {
	case "day":
		return whole(day)
	case "month":
		return whole(month)
	case "quarter":
		return whole((month-1)/3 + 1)
	case "year":
		return whole(shown)
	case "decade":
		return whole(floorDiv(year, 10))
	case "century":
		return whole(upFrom(year, 100))
	case "millennium":
		return whole(upFrom(year, 1000))
	case "isoyear":
		y, _ := isoWeek(date)
		if y <= 0 {
			y--
		}
		return whole(y)
	case "week":
		_, w := isoWeek(date)
		return whole(w)
	case "dow":
		return whole(dayOfWeek(date))
	case "isodow":
		return whole((dayOfWeek(date)+6)%7 + 1)
	case "doy":
		return whole(date - dateOf(year, 1, 1) + 1)
	case "julian":
		return whole(date + julianEpoch)
	case "epoch":
		return whole(date*secondsDay + epochUnix)
	}
	return field{}, false
}

// upFrom is the number of the century (or millennium) that a year lies in: 2000 is in the 20th, and
// there is no 0th.
func upFrom(year, span int64) int64 {
	if year > 0 {
		return (year + span - 1) / span
	}
	return -((span - 1 - (year - 1)) / span)
}

// clockField is a field of a time of day.
func clockField(name string, micros int64) (field, bool) {
	switch name {
	case "hour":
		return whole(micros / microsHour)
	case "minute":
		return whole(micros / microsMinute % 60)
	case "second":
		return field{value: micros % microsMinute, scale: 6}, true
	case "milliseconds":
		return field{value: micros % microsMinute, scale: 3}, true
	case "microseconds":
		return whole(micros % microsMinute)
	case "epoch":
		return field{value: micros, scale: 6}, true
	}
	return field{}, false
}

// monotonic are the fields that grow with time, which are infinite for an infinite time; others are
// null.
var monotonic = map[string]bool{
	"year": true, "decade": true, "century": true, "millennium": true, "julian": true, "isoyear": true, "epoch": true,
}

// timeField is a field of a timestamp; loc is nil for one without time zone.
func timeField(c *Call, name string, t int64, loc *types.Zone) (field, bool) {
	local := t
	if loc != nil {
		switch offset := offsetAt(t, loc); name {
		case "timezone":
			return whole(offset)
		case "timezone_hour":
			return whole(offset / 3600)
		case "timezone_minute":
			return whole(offset / 60 % 60)
		}
		local = toLocal(t, loc)
	}
	if name == "epoch" {
		return field{value: t, scale: 6, plus: epochUnix}, true
	}
	date, micros := split(local)
	if name == "julian" {
		return field{value: micros, per: microsDay, plus: date + julianEpoch}, true
	}
	if f, ok := clockField(name, micros); ok {
		return f, true
	}
	return dateField(name, date)
}

// intervalField is a field of an interval.
func intervalField(name string, iv types.Interval) (field, bool) {
	years, months := int64(iv.Months)/monthsYear, int64(iv.Months)%monthsYear
	switch name {
	case "year":
		return whole(years)
	case "month":
		return whole(months)
	case "quarter":
		return whole(months/3 + 1)
	case "decade":
		return whole(years / 10)
	case "century":
		return whole(years / 100)
	case "millennium":
		return whole(years / 1000)
	case "day":
		return whole(int64(iv.Days))
	case "week":
		return field{}, false
	case "epoch":
		// A year is 365.25 days, a month 30 days.
		seconds := years*31557600 + months*daysMonth*secondsDay + int64(iv.Days)*secondsDay
		return field{value: seconds*microsSecond + iv.Micros, scale: 6}, true
	}
	return clockField(name, iv.Micros)
}

// extractor gives a field of a value; ok is false for a field that the type does not have.
type extractor struct {
	typeName string
	infinite func(d types.Datum) int // sign of an infinite value, else 0
	get      func(c *Call, name string, d types.Datum) (field, bool)
}

func infiniteSign(d types.Datum) int {
	switch d.I {
	case timeInfinity:
		return 1
	case timeNInfinity:
		return -1
	}
	return 0
}

var (
	extractTime = extractor{
		"timestamp without time zone", infiniteSign,
		func(c *Call, name string, d types.Datum) (field, bool) { return timeField(c, name, d.I, nil) },
	}
	extractInstant = extractor{
		"timestamp with time zone", infiniteSign,
		func(c *Call, name string, d types.Datum) (field, bool) { return timeField(c, name, d.I, zoneOf(c)) },
	}
	extractDate = extractor{
		"date", infiniteSign,
		func(_ *Call, name string, d types.Datum) (field, bool) { return dateField(name, d.I) },
	}
	extractClock = extractor{
		"time without time zone", nil,
		func(_ *Call, name string, d types.Datum) (field, bool) { return clockField(name, d.I) },
	}
	extractInterval = extractor{
		"interval", nil,
		func(_ *Call, name string, d types.Datum) (field, bool) {
			return intervalField(name, unpackInterval(d.S))
		},
	}
)

// knownFields are the fields that some type has: asking another type for one is 0A000, and anything
// else is 22023.
var knownFields = map[string]bool{
	"century": true, "day": true, "decade": true, "dow": true, "doy": true, "epoch": true, "hour": true,
	"isodow": true, "isoyear": true, "julian": true, "microseconds": true, "millennium": true,
	"milliseconds": true, "minute": true, "month": true, "quarter": true, "second": true, "timezone": true,
	"timezone_hour": true, "timezone_minute": true, "week": true, "year": true,
}

// part finds the field of a value: sign is not 0 when it is infinite.
func (x extractor) part(c *Call, name string, d types.Datum) (f field, sign int, null bool, err error) {
	canonical := canonicalField(name)
	if x.infinite != nil {
		if sign = x.infinite(d); sign != 0 {
			d = types.Datum{} // any finite value shows which fields there are
		}
	}
	f, ok := x.get(c, canonical, d)
	switch {
	case ok && sign != 0:
		return f, sign, !monotonic[canonical], nil
	case ok:
		return f, 0, false, nil
	case knownFields[canonical]:
		return f, 0, false, pgerr.New(pgerrcode.FeatureNotSupported, "unit %q not supported for type %s",
			fieldName(name), x.typeName)
	}
	return f, 0, false, errField(fieldName(name), x.typeName)
}

// datePart gives a field as a float, extract as a numeric.
func (x extractor) datePart() Kernel {
	return rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		f, sign, null, err := x.part(c, a[0].S, a[1])
		switch {
		case err != nil || null:
			return types.NullDatum, err
		case sign != 0:
			return types.FloatDatum(math.Inf(sign)), nil
		}
		return types.FloatDatum(f.float()), nil
	})
}

func (x extractor) extract() Kernel {
	return rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		f, sign, null, err := x.part(c, a[0].S, a[1])
		switch {
		case err != nil || null:
			return types.NullDatum, err
		case sign != 0:
			return types.StringDatum(numericInfinity(sign)), nil
		}
		s, err := f.numeric()
		return types.StringDatum(s), err
	})
}

var extractKernels = []entry{
	{"date_part(text,timestamp)", extractTime.datePart()},
	{"extract(text,timestamp)", extractTime.extract()},
	{"date_part(text,timestamptz)", extractInstant.datePart()},
	{"extract(text,timestamptz)", extractInstant.extract()},
	{"date_part(text,date)", extractDate.datePart()},
	{"extract(text,date)", extractDate.extract()},
	{"date_part(text,time)", extractClock.datePart()},
	{"extract(text,time)", extractClock.extract()},
	{"date_part(text,interval)", extractInterval.datePart()},
	{"extract(text,interval)", extractInterval.extract()},
	{"date_trunc(text,timestamp)", try2(truncTime)},
	{"date_trunc(text,timestamptz)", with2(func(c *Call, f string, t int64) (int64, error) {
		return truncInstant(f, t, zoneOf(c))
	})},
	{"date_trunc(text,timestamptz,text)", try3(func(f string, t int64, zone string) (int64, error) {
		loc, err := zoneNamed(zone)
		if err != nil {
			return 0, err
		}
		return truncInstant(f, t, loc)
	})},
	{"date_trunc(text,interval)", try2(truncInterval)},
	{"date_bin(interval,timestamp,timestamp)", try3(dateBin)},
	{"date_bin(interval,timestamptz,timestamptz)", try3(dateBin)},
}

// clockUnits are the units of date_trunc below a day.
var clockUnits = map[string]int64{
	"hour": microsHour, "minute": microsMinute, "second": microsSecond, "milliseconds": 1000, "microseconds": 1,
}

// neverTruncated are the fields that date_trunc knows of no type.
var neverTruncated = map[string]bool{"dow": true, "doy": true, "epoch": true, "isodow": true, "isoyear": true, "julian": true}

func truncTime(name string, t int64) (int64, error) {
	return truncNamed(name, t, "timestamp without time zone")
}

func truncNamed(name string, t int64, typeName string) (int64, error) {
	unit := canonicalField(name)
	if size, ok := clockUnits[unit]; ok {
		if infinite(t) {
			return t, nil
		}
		return t - (t - floorDiv(t, size)*size), nil
	}
	date, _ := split(t)
	first, ok := truncDate(unit, date)
	switch {
	case ok && infinite(t):
		return t, nil
	case ok:
		return join(first, 0)
	case knownFields[unit] && !neverTruncated[unit]:
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "unit %q not supported for type %s", fieldName(name), typeName)
	}
	return 0, errField(fieldName(name), typeName)
}

// truncDate is the first day of the unit that a date lies in.
func truncDate(unit string, date int64) (int64, bool) {
	year, month, _ := civil(date)
	switch unit {
	case "day":
		return date, true
	case "week":
		return date - (dayOfWeek(date)+6)%7, true
	case "month":
		return dateOf(year, month, 1), true
	case "quarter":
		return dateOf(year, (month-1)/3*3+1, 1), true
	case "year":
		return dateOf(year, 1, 1), true
	case "decade":
		return dateOf(floorDiv(year, 10)*10, 1, 1), true
	case "century":
		return dateOf(floorDiv(year-1, 100)*100+1, 1, 1), true
	case "millennium":
		return dateOf(floorDiv(year-1, 1000)*1000+1, 1, 1), true
	}
	return 0, false
}

func truncInstant(name string, t int64, loc *types.Zone) (int64, error) {
	if infinite(t) {
		return truncNamed(name, t, "timestamp with time zone")
	}
	offset := offsetAt(t, loc)
	local, err := truncNamed(name, t+offset*microsSecond, "timestamp with time zone")
	if err != nil {
		return 0, err
	}
	if _, ok := clockUnits[canonicalField(name)]; ok {
		return local - offset*microsSecond, nil // an hour that a change of clocks repeats stays itself
	}
	return toInstant(local, loc)
}

func truncInterval(name, s string) (string, error) {
	iv := unpackInterval(s)
	unit := canonicalField(name)
	if size, ok := clockUnits[unit]; ok {
		iv.Micros -= iv.Micros % size
		return packInterval(iv), nil
	}
	years, months := iv.Months/monthsYear, iv.Months%monthsYear
	iv.Micros = 0
	switch unit {
	case "day":
		return packInterval(iv), nil
	case "month":
	case "quarter":
		months -= months % 3
	case "year":
		months = 0
	case "decade":
		years, months = years/10*10, 0
	case "century":
		years, months = years/100*100, 0
	case "millennium":
		years, months = years/1000*1000, 0
	default:
		if knownFields[unit] && !neverTruncated[unit] {
			err := pgerr.New(pgerrcode.FeatureNotSupported, "unit %q not supported for type %s", fieldName(name), "interval")
			if unit == "week" {
				err = err.Detail("Months usually have fractional weeks.")
			}
			return "", err
		}
		return "", errField(fieldName(name), "interval")
	}
	return packInterval(types.Interval{Months: years*monthsYear + months}), nil
}

// dateBin puts a time into the bin of a width, counted from an origin.
func dateBin(stride string, t, origin int64) (int64, error) {
	iv := unpackInterval(stride)
	if iv.Months != 0 {
		return 0, pgerr.New(pgerrcode.FeatureNotSupported,
			"timestamps cannot be binned into intervals containing months or years")
	}
	days, err := mulWide(int64(iv.Days), microsDay)
	if err != nil {
		return 0, errInterval()
	}
	width, err := addWide(days, iv.Micros)
	if err != nil {
		return 0, errInterval()
	}
	if width <= 0 {
		return 0, errDatetime("stride must be greater than zero")
	}
	if infinite(t) {
		return t, nil
	}
	if infinite(origin) {
		return 0, errDatetime("origin out of range")
	}
	diff, err := subWide(t, origin)
	if err != nil {
		return 0, errInterval()
	}
	return checkTime(origin + floorDiv(diff, width)*width)
}
