package types_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/vecdb/vecdb/sql/types"
)

// leap is the Gregorian rule; year 0 is 1 BC.
func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// TestCalendarDayByDay walks from the first day that dates have, one day at a time by the rules of a calendar on the
// wall, and holds both conversions against it.
func TestCalendarDayByDay(t *testing.T) {
	lengths := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
	year, month, day := -4713, 11, 24
	const first, last = -2451545, 300000 // to the year 2821
	for d := int64(first); d < last; d++ {
		if got := types.DateFromYMD(year, month, day); got != d {
			t.Fatalf("%d-%d-%d is day %d, want %d", year, month, day, got, d)
		}
		if y, m, dd := types.YMDFromDate(d); y != year || m != month || dd != day {
			t.Fatalf("day %d is %d-%d-%d, want %d-%d-%d", d, y, m, dd, year, month, day)
		}
		length := lengths[month-1]
		if month == 2 && leap(year) {
			length = 29
		}
		if day == 1 {
			if got := types.DaysInMonth(year, month); got != length {
				t.Fatalf("%d-%d has %d days, want %d", year, month, got, length)
			}
		}
		if day++; day > length {
			day, month = 1, month+1
		}
		if month > 12 {
			month, year = 1, year+1
		}
	}
}

// TestCalendarFarDays holds both conversions against each other for days as far as dates go, and against package time.
func TestCalendarFarDays(t *testing.T) {
	const seed = 31
	r := rand.New(rand.NewSource(seed))
	for range 20000 {
		d := r.Int63n(2145031949+2451545) - 2451545
		y, m, day := types.YMDFromDate(d)
		if back := types.DateFromYMD(y, m, day); back != d {
			t.Fatalf("seed %d: day %d is %d-%d-%d, which is day %d", seed, d, y, m, day, back)
		}
		if day < 1 || day > types.DaysInMonth(y, m) {
			t.Fatalf("seed %d: day %d is %d-%d-%d", seed, d, y, m, day)
		}
		gone := time.Date(2000, 1, 1+int(d), 0, 0, 0, 0, time.UTC)
		if gone.Year() != y || int(gone.Month()) != m || gone.Day() != day {
			t.Fatalf("seed %d: day %d is %d-%d-%d, package time has %s", seed, d, y, m, day, gone)
		}
	}
	for y, want := range map[int]int64{5874897: 2145031948, 2000: 0, -4713: -2451545} {
		m, day := 12, 31
		if y == 2000 {
			m, day = 1, 1
		} else if y < 0 {
			m, day = 11, 24
		}
		if got := types.DateFromYMD(y, m, day); got != want {
			t.Errorf("%d-%d-%d is day %d, want %d", y, m, day, got, want)
		}
	}
}

// TestAddMonths holds that a month later is the same day or the last one of a shorter month, there and back.
func TestAddMonths(t *testing.T) {
	f := func(in string, months int, want string) {
		t.Helper()
		typ := types.ByName("date")
		if got := text(typ, types.IntDatum(types.AddMonths(datum(t, typ, in).I, months))); got != want {
			t.Errorf("%s and %d months: %s, want %s", in, months, got, want)
		}
	}
	f("2024-01-31", 1, "2024-02-29")
	f("2023-01-31", 1, "2023-02-28")
	f("2024-02-29", 12, "2025-02-28")
	f("2024-02-29", -12, "2023-02-28")
	f("2024-02-29", 48, "2028-02-29")
	f("2024-03-31", -1, "2024-02-29")
	f("2024-12-15", 1, "2025-01-15")
	f("2024-01-15", -1, "2023-12-15")
	f("2024-01-15", -13, "2022-12-15")
	f("0001-01-31", -1, "0001-12-31 BC")
	f("0001-01-31 BC", 1, "0001-02-29 BC")
	f("0005-02-28 BC", 12, "0004-02-28 BC")
	const seed = 32
	r := rand.New(rand.NewSource(seed))
	for range 5000 {
		d, n := r.Int63n(4_000_000)-2_000_000, r.Intn(5000)-2500
		y, m, day := types.YMDFromDate(d)
		moved := types.AddMonths(d, n)
		y2, m2, day2 := types.YMDFromDate(moved)
		if y2*12+m2 != y*12+m+n || day2 != min(day, types.DaysInMonth(y2, m2)) {
			t.Fatalf("seed %d: %d-%d-%d and %d months: %d-%d-%d", seed, y, m, day, n, y2, m2, day2)
		}
		if day <= 28 && types.AddMonths(moved, -n) != d {
			t.Fatalf("seed %d: %d-%d-%d and %d months does not come back", seed, y, m, day, n)
		}
	}
}

// TestSplitTimestamp holds that a time of day is never negative.
func TestSplitTimestamp(t *testing.T) {
	f := func(us, days, micros int64) {
		t.Helper()
		if d, m := types.SplitTimestamp(us); d != days || m != micros {
			t.Errorf("%d: %d and %d, want %d and %d", us, d, m, days, micros)
		}
	}
	f(0, 0, 0)
	f(-1, -1, types.MicrosPerDay-1)
	f(types.MicrosPerDay-1, 0, types.MicrosPerDay-1)
	f(types.MicrosPerDay, 1, 0)
	f(-types.MicrosPerDay, -1, 0)
	f(-types.MicrosPerDay-1, -2, types.MicrosPerDay-1)
}

// TestDatesAsText holds dates printed in ISO form against package time, and their reading in other forms.
func TestDatesAsText(t *testing.T) {
	const seed = 33
	r := rand.New(rand.NewSource(seed))
	typ := types.ByName("date")
	layouts := []string{
		"2006-01-02", "January 2, 2006", "2 Jan 2006", "20060102", "2006/01/02", "2006-Jan-02",
		"02-Jan-2006", "Jan-02-2006", "Jan 02 2006", "2006.002", "01/02/2006", "Monday, January 2, 2006",
	}
	for range 3000 {
		day := time.Date(1000+r.Intn(9000), time.Month(1+r.Intn(12)), 1+r.Intn(28), 0, 0, 0, 0, time.UTC)
		want := types.DateFromYMD(day.Year(), int(day.Month()), day.Day())
		if got := text(typ, types.IntDatum(want)); got != day.Format("2006-01-02") {
			t.Fatalf("seed %d: %s prints as %s", seed, day, got)
		}
		in := day.Format(layouts[r.Intn(len(layouts))])
		for _, s := range []string{in, strings.ToUpper(in), "  " + in + "\n"} {
			if got := datum(t, typ, s); got.I != want {
				t.Fatalf("seed %d: %q is read as %s", seed, s, text(typ, got))
			}
		}
	}
}

// styles are the settings of DateStyle.
var styles = []struct{ style, order string }{
	{"ISO", "MDY"},
	{"ISO", "DMY"},
	{"ISO", "YMD"},
	{"SQL", "MDY"},
	{"SQL", "DMY"},
	{"Postgres", "MDY"},
	{"Postgres", "DMY"},
	{"German", "DMY"},
}

// TestStylesReadBack holds that what a session prints under a DateStyle it reads as the same moment.
func TestStylesReadBack(t *testing.T) {
	const seed = 34
	r := rand.New(rand.NewSource(seed))
	zones := []string{"UTC", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "<+05:30>-05:30", "<-02>+02"}
	for _, style := range styles {
		for _, zone := range zones {
			z, err := types.ParseZone(zone)
			if err != nil {
				t.Fatal(err)
			}
			env := &types.Session{DateStyle: style.style, DateOrder: style.order, TimeZone: z}
			for range 60 {
				us := r.Int63n(2*types.MicrosPerDay*365*200) - types.MicrosPerDay*365*20 // 1980 to 2380
				if r.Intn(2) == 0 {
					us -= us % types.MicrosPerSecond
				}
				for _, name := range []string{"timestamp", "timestamptz", "date"} {
					typ := types.ByName(name)
					d := types.IntDatum(us)
					if name == "date" {
						days, _ := types.SplitTimestamp(us)
						d = types.IntDatum(days)
						if r.Intn(4) == 0 {
							d.I -= 1_000_000 // BC
						}
					}
					if name == "timestamptz" && ambiguous(z, us) {
						continue
					}
					printed := string(typ.Format(nil, d, env))
					back, err := typ.Parse(printed, -1, env)
					if err != nil || back != d {
						t.Fatalf("seed %d: %v %s: %s %d prints as %q, read as %d %v", seed, style, zone, name, d.I, printed, back.I, err)
					}
				}
			}
		}
	}
}

// ambiguous says whether the clock of a zone shows the time of an instant twice.
func ambiguous(z *types.Zone, us int64) bool {
	at := types.ZoneOffset(z, us)
	return types.ZoneOffset(z, us-types.MicrosPerHour) != at || types.ZoneOffset(z, us+types.MicrosPerHour) != at
}

// TestIntervalStylesReadBack holds that what a session prints under an IntervalStyle it reads as the same interval.
func TestIntervalStylesReadBack(t *testing.T) {
	const seed = 35
	r := rand.New(rand.NewSource(seed))
	typ := types.ByName("interval")
	for _, style := range []string{"postgres", "postgres_verbose", "sql_standard", "iso_8601"} {
		env := &types.Session{IntervalStyle: style}
		for range 3000 {
			v := types.Interval{}
			if r.Intn(2) == 0 {
				v.Months = int32(r.Intn(60) - 30)
			}
			if r.Intn(2) == 0 {
				v.Days = int32(r.Intn(60) - 30)
			}
			if r.Intn(2) == 0 {
				v.Micros = (r.Int63() >> r.Intn(63)) / 1000
				if r.Intn(2) == 0 {
					v.Micros = -v.Micros
				}
			}
			printed := string(typ.Format(nil, types.StringDatum(v.Encode()), env))
			back, err := typ.Parse(printed, -1, env)
			if err != nil || types.DecodeInterval(back.S) != v {
				t.Fatalf("seed %d: %s: %+v prints as %q, read as %+v %v", seed, style, v, printed, types.DecodeInterval(back.S),
					err)
			}
		}
	}
}

// TestIntervalForms holds the decoded parts of an interval and their canonical form.
func TestIntervalForms(t *testing.T) {
	const seed = 36
	r := rand.New(rand.NewSource(seed))
	for range 1000 {
		v := types.Interval{Months: int32(r.Uint32()), Days: int32(r.Uint32()), Micros: int64(r.Uint64())}
		if got := types.DecodeInterval(v.Encode()); got != v {
			t.Fatalf("%+v comes back as %+v", v, got)
		}
		w := types.Interval{
			Months: int32(r.Intn(3) - 1), Days: int32(r.Intn(60) - 30),
			Micros: int64(r.Intn(49)-24) * types.MicrosPerHour,
		}
		if types.IntervalCmp(w, w.Neg()) != -types.IntervalCmp(w.Neg(), w) || w.Neg().Neg() != w {
			t.Fatalf("%+v and its negative", w)
		}
		tz := types.Timetz{Micros: r.Int63n(types.MicrosPerDay), West: int32(r.Intn(7200) - 3600)}
		if got := types.DecodeTimetz(tz.Encode()); got != tz {
			t.Fatalf("%+v comes back as %+v", tz, got)
		}
	}
	if types.DecodeInterval("short") != (types.Interval{}) || types.DecodeTimetz("short") != (types.Timetz{}) {
		t.Error("a damaged form is not the zero value")
	}
	if fmt.Sprint(types.NarrowDate(types.Infinity), types.NarrowDate(types.NegInfinity),
		types.NarrowDate(7)) != "2147483647 -2147483648 7" {
		t.Error("the infinities of dates in four bytes")
	}
}
