package fn

import (
	"math"

	"github.com/vecdb/vecdb/sql/types"
)

const (
	monthsYear  = 12
	daysMonth   = 30
	secondsDay  = 86400
	microsFloat = 1e6
)

func errInterval() error { return errDatetime("interval out of range") }

// makeInterval checks the parts, given wide, against their widths.
func makeInterval(months, days, micros int64) (types.Interval, error) {
	if months != int64(int32(months)) || days != int64(int32(days)) {
		return types.Interval{}, errInterval()
	}
	return types.Interval{Months: int32(months), Days: int32(days), Micros: micros}, nil
}

func addIntervals(a, b types.Interval) (types.Interval, error) {
	micros, err := addWide(a.Micros, b.Micros)
	if err != nil {
		return types.Interval{}, errInterval()
	}
	return makeInterval(int64(a.Months)+int64(b.Months), int64(a.Days)+int64(b.Days), micros)
}

func negateInterval(a types.Interval) (types.Interval, error) {
	if a.Micros == math.MinInt64 {
		return types.Interval{}, errInterval()
	}
	return makeInterval(-int64(a.Months), -int64(a.Days), -a.Micros)
}

// roundMicros rounds to the sixth digit.
func roundMicros(v float64) float64 { return math.RoundToEven(v*microsFloat) / microsFloat }

// scaleInterval multiplies by a factor: parts of a month become days of 30 a month, parts of a day
// become time.
func scaleInterval(a types.Interval, by func(float64) float64) (types.Interval, error) {
	months, days := by(float64(a.Months)), by(float64(a.Days))
	if math.IsNaN(months) || math.Abs(months) > math.MaxInt32 || math.IsNaN(days) || math.Abs(days) > math.MaxInt32 {
		return types.Interval{}, errInterval()
	}
	wholeMonths, wholeDays := math.Trunc(months), math.Trunc(days)
	monthDays := roundMicros((months - wholeMonths) * daysMonth)
	seconds := roundMicros((days - wholeDays + monthDays - math.Trunc(monthDays)) * secondsDay)
	if math.Abs(seconds) >= secondsDay {
		extra := math.Trunc(seconds / secondsDay)
		wholeDays += extra
		seconds -= extra * secondsDay
	}
	wholeDays += math.Trunc(monthDays)
	micros := math.RoundToEven(by(float64(a.Micros)) + seconds*microsFloat)
	if math.IsNaN(micros) || micros < math.MinInt64 || micros >= math.MaxInt64 {
		return types.Interval{}, errInterval()
	}
	return makeInterval(int64(wholeMonths), int64(wholeDays), int64(micros))
}

func multiplyInterval(a types.Interval, factor float64) (types.Interval, error) {
	return scaleInterval(a, func(v float64) float64 { return v * factor })
}

func divideInterval(a types.Interval, by float64) (types.Interval, error) {
	if by == 0 {
		return types.Interval{}, errDivisionByZero()
	}
	return scaleInterval(a, func(v float64) float64 { return v / by })
}

// justifyHours makes days of 24 hours, with one sign for both.
func justifyHours(a types.Interval) (types.Interval, error) {
	days, micros := int64(a.Days)+a.Micros/microsDay, a.Micros%microsDay
	if days > 0 && micros < 0 {
		days, micros = days-1, micros+microsDay
	} else if days < 0 && micros > 0 {
		days, micros = days+1, micros-microsDay
	}
	return makeInterval(int64(a.Months), days, micros)
}

// justifyDays makes months of 30 days, with one sign for both.
func justifyDays(a types.Interval) (types.Interval, error) {
	months, days := int64(a.Months)+int64(a.Days)/daysMonth, int64(a.Days)%daysMonth
	if months > 0 && days < 0 {
		months, days = months-1, days+daysMonth
	} else if months < 0 && days > 0 {
		months, days = months+1, days-daysMonth
	}
	return makeInterval(months, days, a.Micros)
}

func justifyInterval(a types.Interval) (types.Interval, error) {
	days, micros := int64(a.Days)+a.Micros/microsDay, a.Micros%microsDay
	months := int64(a.Months) + days/daysMonth
	days %= daysMonth
	if months > 0 && (days < 0 || days == 0 && micros < 0) {
		months, days = months-1, days+daysMonth
	} else if months < 0 && (days > 0 || days == 0 && micros > 0) {
		months, days = months+1, days-daysMonth
	}
	if days > 0 && micros < 0 {
		days, micros = days-1, micros+microsDay
	} else if days < 0 && micros > 0 {
		days, micros = days+1, micros-microsDay
	}
	return makeInterval(months, days, micros)
}

// addToTime adds an interval to a clock time: months, then days, then time.
func addToTime(t int64, iv types.Interval) (int64, error) {
	if infinite(t) {
		return t, nil
	}
	if iv.Months != 0 || iv.Days != 0 {
		date, micros := split(t)
		if iv.Months != 0 {
			date = types.AddMonths(date, int(iv.Months))
		}
		var err error
		if t, err = join(date+int64(iv.Days), micros); err != nil {
			return 0, err
		}
	}
	sum, err := addWide(t, iv.Micros)
	if err != nil {
		return 0, errDatetime("timestamp out of range")
	}
	return checkTime(sum)
}

// subtractTimes is the difference of two timestamps: days of 24 hours and time.
func subtractTimes(a, b int64) (types.Interval, error) {
	if infinite(a) || infinite(b) {
		return types.Interval{}, errDatetime("cannot subtract infinite timestamps")
	}
	diff, err := subWide(a, b)
	if err != nil {
		return types.Interval{}, errInterval()
	}
	return justifyHours(types.Interval{Micros: diff})
}

// age is the difference of two clock times in years, months, days and time, as a person counts it.
func age(a, b int64) (types.Interval, error) {
	if infinite(a) || infinite(b) {
		return types.Interval{}, errDatetime("cannot subtract infinite timestamps")
	}
	negative := a < b
	dateA, microsA := split(a)
	dateB, microsB := split(b)
	ya, ma, da := civil(dateA)
	yb, mb, db := civil(dateB)
	years, months, days, micros := ya-yb, ma-mb, da-db, microsA-microsB
	if negative {
		years, months, days, micros = -years, -months, -days, -micros
	}
	if micros < 0 {
		micros += microsDay
		days--
	}
	for days < 0 {
		if negative {
			days += monthDays(ya, ma)
		} else {
			days += monthDays(yb, mb)
		}
		months--
	}
	months += years * monthsYear
	if negative {
		months, days, micros = -months, -days, -micros
	}
	return makeInterval(months, days, micros)
}
