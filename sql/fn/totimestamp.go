package fn

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// timeReader reads a text by a template, as to_timestamp and to_date do. A field that is 0 counts as not given.
type timeReader struct {
	in      string
	s       string // what is left of it
	fixed   bool   // FX: blanks count
	skipped int    // blanks passed over beyond what the template has
	fields  map[string]int64
	iso     bool // fields of the ISO week calendar were seen
	plain   bool // fields of the Gregorian calendar were seen
	hour12  bool
	short   bool // the year has at most two digits
}

// timeTarget says where the number of a pattern goes, and of how many digits it is.
type timeTarget struct {
	field  string
	digits int
	iso    bool // of the ISO week calendar
	plain  bool // of the Gregorian calendar
}

var timeTargets = map[string]timeTarget{
	"HH": {"hour", 2, false, false}, "HH12": {"hour", 2, false, false}, "HH24": {"hour", 2, false, false},
	"MI": {"minute", 2, false, false}, "SS": {"second", 2, false, false}, "SSSS": {"clock", 4, false, false}, "SSSSS": {"clock", 5, false, false},
	"MS": {"milli", 3, false, false}, "US": {"micro", 6, false, false}, "FF1": {"micro", 1, false, false}, "FF2": {"micro", 2, false, false},
	"FF3": {"micro", 3, false, false}, "FF4": {"micro", 4, false, false}, "FF5": {"micro", 5, false, false}, "FF6": {"micro", 6, false, false},
	"Y,YYY": {"year", 5, false, true}, "YYYY": {"year", 4, false, true}, "YYY": {"year", 3, false, true}, "YY": {"year", 2, false, true},
	"Y": {"year", 1, false, true}, "IYYY": {"year", 4, true, false}, "IYY": {"year", 3, true, false}, "IY": {"year", 2, true, false},
	"I": {"year", 1, true, false}, "CC": {"century", 2, false, false}, "MM": {"month", 2, false, true}, "DD": {"day", 2, false, true},
	"DDD": {"yearDay", 3, false, true}, "IDDD": {"yearDay", 3, true, false}, "D": {"weekDay", 1, false, true}, "ID": {"weekDay", 1, true, false},
	"WW": {"week", 2, false, true}, "IW": {"week", 2, true, false}, "W": {"monthWeek", 1, false, true}, "J": {"julian", 1, false, false},
	"Q": {"", 1, false, false}, "TZM": {"zoneMinute", 2, false, false},
}

func isBlank(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isSeparator(c byte) bool {
	return c > ' ' && c < 0x7f && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z')
}

func (r *timeReader) skipBlanks() {
	for r.s != "" && isBlank(r.s[0]) {
		r.s = r.s[1:]
		r.skipped++
	}
}

// readTime fills the fields of a template.
func readTime(in, template string) (*timeReader, error) {
	r := &timeReader{in: in, s: in, fields: make(map[string]int64)}
	tokens := parseTemplate(template)
	for i, t := range tokens {
		if r.s == "" {
			break
		}
		if !r.fixed && (i == 0 || t.pattern != nil) {
			r.skipBlanks()
		}
		switch {
		case t.fixed:
			r.fixed = true
		case t.pattern == nil:
			r.passLiteral(t)
		default:
			if err := r.take(t, numberEnds(tokens[i:])); err != nil {
				return nil, err
			}
			if !r.fixed {
				r.skipped = 0
				r.skipBlanks()
			}
		}
	}
	return r, nil
}

// numberEnds says that behind the first token no digit can follow, so that its number may be longer than it usually is.
func numberEnds(tokens []templateToken) bool {
	switch {
	case tokens[0].ordinal != "" || len(tokens) == 1:
		return true
	case tokens[1].pattern != nil:
		return tokens[1].pattern.number == nil
	}
	next := tokens[1].literal
	return next == "" || next[0] < '0' || next[0] > '9'
}

// passLiteral passes over the text of a literal. Outside of FX a blank or separator stands for one, or for none, and
// other characters for one that was not yet skipped as a blank.
func (r *timeReader) passLiteral(t templateToken) {
	for _, c := range t.literal {
		if r.s == "" {
			return
		}
		_, n := utf8.DecodeRuneInString(r.s)
		switch separates := c < utf8.RuneSelf && !t.quoted && (isBlank(byte(c)) || isSeparator(byte(c))); {
		case r.fixed:
			r.s = r.s[n:]
		case separates:
			r.skipped--
			if isBlank(r.s[0]) || isSeparator(r.s[0]) {
				r.s = r.s[1:]
				r.skipped++
			}
		case r.skipped > 0:
			r.skipped--
		default:
			r.s = r.s[n:]
		}
	}
}

func errTimeFormat(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerrcode.InvalidDatetimeFormat, format, args...)
}

// set stores a field that was found; one that was found before must be the same.
func (r *timeReader) set(field string, v int64, name string) error {
	if old := r.fields[field]; old != 0 && old != v {
		return errTimeFormat("conflicting values for %q field in formatting string", name).
			Detail("This value contradicts a previous setting for the same field type.")
	}
	r.fields[field] = v
	return nil
}

// take reads the value of one pattern. open says that a number may have more digits than the pattern.
func (r *timeReader) take(t templateToken, open bool) error {
	name := t.pattern.name
	target, isNumber := timeTargets[name]
	if r.iso, r.plain = r.iso || target.iso, r.plain || target.plain || name == "MONTH" || name == "MON" || name == "RM"; r.iso && r.plain {
		return errTimeFormat("invalid combination of date conventions").
			Hint("Do not mix Gregorian and ISO week date conventions in a formatting template.")
	}
	switch {
	case name == "Y,YYY":
		return r.takeCommaYear()
	case !isNumber:
		return r.takeWord(name, t.written)
	}
	r.hour12 = r.hour12 || name == "HH" || name == "HH12"
	if name == "TZM" && r.fields["zoneSign"] == 0 {
		r.fields["zoneSign"] = 1
	}
	before := len(r.s)
	v, err := r.number(target.digits, name, open || !t.fill)
	if err != nil {
		return err
	}
	used := before - len(r.s)
	if t.ordinal != "" {
		r.s = r.s[min(2, len(r.s)):]
	}
	switch target.field {
	case "":
		return nil
	case "milli":
		for ; used < 3; used++ {
			v *= 10
		}
	case "micro":
		for ; used < 6; used++ {
			v *= 10
		}
	case "year":
		if target.digits < 4 && used < 4 {
			v = nearestYear(v)
		}
		r.short = target.digits <= 2
	case "weekDay":
		if target.iso {
			v = v%7 + 1 // both calendars count from Sunday, 1
		}
	}
	return r.set(target.field, v, name)
}

// nearestYear completes a year by the century nearest to 2020.
func nearestYear(v int64) int64 {
	switch {
	case v < 70:
		return v + 2000
	case v < 100:
		return v + 1900
	case v < 520:
		return v + 2000
	case v < 1000:
		return v + 1000
	}
	return v
}

// number reads an integer of exactly so many digits, or of any number of them.
func (r *timeReader) number(digits int, name string, open bool) (int64, error) {
	text := strings.TrimLeft(r.s, " \t\n\v\f\r")
	part := text
	if !open {
		part = text[:min(digits, len(text))]
		if len(part) < digits {
			return 0, errTimeFormat("source string too short for %q formatting field", name).
				Detail("Field requires %d characters, but only %d remain.", digits, len(part)).Hint("%s", hintFill)
		}
	}
	n := 0
	if part != "" && (part[0] == '-' || part[0] == '+') {
		n = 1
	}
	for n < len(part) && part[n] >= '0' && part[n] <= '9' {
		n++
	}
	v, err := strconv.ParseInt(part[:n], 10, 64)
	switch shown := text[:min(digits, len(text))]; {
	case n == 0 || n == 1 && (part[0] < '0' || part[0] > '9'):
		return 0, errTimeFormat("invalid value %q for %q", shown, name).Detail("Value must be an integer.")
	case !open && n < digits:
		return 0, errTimeFormat("invalid value %q for %q", shown, name).
			Detail("Field requires %d characters, but only %d could be parsed.", digits, n).Hint("%s", hintFill)
	case err != nil || v < math.MinInt32 || v > math.MaxInt32:
		return 0, errDatetime("value for %q in source string is out of range", name).
			Detail("Value must be in the range %d to %d.", math.MinInt32, math.MaxInt32)
	}
	r.s = text[n:]
	return v, nil
}

const hintFill = `If your source string is not fixed-width, try using the "FM" modifier.`

// takeCommaYear reads a year with its comma: 2,024.
func (r *timeReader) takeCommaYear() error {
	thousands, rest, ok := strings.Cut(r.s, ",")
	n := 0
	for n < len(rest) && n < 3 && rest[n] >= '0' && rest[n] <= '9' {
		n++
	}
	high, err := strconv.ParseInt(thousands, 10, 32)
	low, err2 := strconv.ParseInt(rest[:n], 10, 32)
	if !ok || err != nil || err2 != nil {
		return errTimeFormat("invalid input string for %q", "Y,YYY")
	}
	r.s = rest[n:]
	return r.set("year", high*1000+low, "Y,YYY")
}

// romanNumerals are the months in the order of matching: a longer numeral before its prefix.
var romanNumerals = []struct {
	name  string
	month int64
}{
	{"viii", 8}, {"vii", 7}, {"iii", 3}, {"xii", 12}, {"ii", 2}, {"iv", 4}, {"vi", 6}, {"ix", 9}, {"xi", 11}, {"i", 1}, {"v", 5}, {"x", 10},
}

// prefix takes one of the names from the front, in any case.
func (r *timeReader) prefix(name string) bool {
	if len(r.s) < len(name) || !strings.EqualFold(r.s[:len(name)], name) {
		return false
	}
	r.s = r.s[len(name):]
	return true
}

// takeWord reads a name: of a month, a day, a half of the day, an era, or a zone's hours.
func (r *timeReader) takeWord(name, written string) error {
	switch name {
	case "MONTH", "MON":
		for m := int64(1); m <= 12; m++ {
			word := monthName(m)
			if name == "MON" {
				word = word[:3]
			}
			if r.prefix(word) {
				return r.set("month", m, written)
			}
		}
	case "RM":
		for _, m := range romanNumerals {
			if r.prefix(m.name) {
				return r.set("month", m.month, written)
			}
		}
	case "DAY", "DY":
		for d := int64(0); d < 7; d++ {
			word := time.Weekday(d).String()
			if name == "DY" {
				word = word[:3]
			}
			if r.prefix(word) {
				return r.set("weekDay", d+1, written)
			}
		}
	case "AM", "PM", "A.M.", "P.M.", "BC", "AD", "B.C.", "A.D.":
		return r.takeHalf(name, written)
	case "TZH":
		return r.takeZoneHour()
	default:
		return pgerr.New(pgerrcode.FeatureNotSupported, "formatting field %q is only supported in to_char", written)
	}
	return r.errWord(written)
}

func (r *timeReader) errWord(written string) error {
	word := r.s
	if i := strings.IndexAny(word, " \t\n\v\f\r"); i >= 0 {
		word = word[:i]
	}
	return errTimeFormat("invalid value %q for %q", word, written).
		Detail("The given value did not match any of the allowed values for this field.")
}

// takeHalf reads a half of the day or an era, with points or without as the pattern has them.
func (r *timeReader) takeHalf(name, written string) error {
	field, first, second := "half", "am", "pm"
	if strings.HasSuffix(strings.TrimSuffix(name, "."), "M") {
		r.hour12 = true
	} else {
		field, first, second = "era", "ad", "bc"
	}
	if strings.HasSuffix(name, ".") {
		first, second = first[:1]+"."+first[1:]+".", second[:1]+"."+second[1:]+"."
	}
	switch {
	case r.prefix(first):
		return r.set(field, 0, written)
	case r.prefix(second):
		return r.set(field, 1, written)
	}
	return r.errWord(written)
}

// takeZoneHour reads the hours of a zone with their sign, which may have been taken for a separator.
func (r *timeReader) takeZoneHour() error {
	r.fields["zoneSign"] = 1
	switch c := r.s[0]; {
	case c == '+' || c == '-' || c == ' ':
		r.s = r.s[1:]
		if c == '-' {
			r.fields["zoneSign"] = -1
		}
	case r.skipped > 0 && r.in[len(r.in)-len(r.s)-1] == '-':
		r.fields["zoneSign"] = -1
	}
	v, err := r.number(2, "TZH", true)
	if err != nil {
		return err
	}
	return r.set("zoneHour", v, "TZH")
}

func (r *timeReader) errRange() error {
	return errDatetime("date/time field value out of range: %q", r.in)
}

// year is the year of the fields, where 0 is 1 BC and stands for none too.
func (r *timeReader) year() int64 {
	year, century, bc := r.fields["year"], r.fields["century"], r.fields["era"] == 1
	if bc {
		century = -century
	}
	switch {
	case year != 0 && (century == 0 || !r.short):
		if bc {
			year = -year
		}
		if year < 0 {
			year++
		}
		return year
	case year != 0 && year%100 != 0 && century > 0:
		return (century-1)*100 + year%100
	case year != 0 && year%100 != 0:
		return (century+1)*100 - year%100 + 1
	case year != 0 && century > 0:
		return century * 100
	case year != 0:
		return century*100 + 1
	case century > 0:
		return (century-1)*100 + 1
	case century < 0:
		return century*100 + 1
	}
	return 0
}

// date is the day of the fields.
func (r *timeReader) date() (int64, error) {
	f := r.fields
	year, month, day, yearDay := r.year(), int64(1), int64(1), f["yearDay"]
	if f["julian"] != 0 {
		year, month, day = civil(f["julian"] - julianEpoch)
	}
	switch {
	case f["week"] != 0 && r.iso:
		weekDay := f["weekDay"]
		if weekDay > 1 {
			weekDay -= 2
		} else if weekDay == 1 {
			weekDay = 6
		}
		year, month, day = civil(isoMonday(year) + 7*(f["week"]-1) + weekDay)
	case f["week"] != 0:
		yearDay = (f["week"]-1)*7 + 1
	}
	if f["monthWeek"] != 0 {
		day = (f["monthWeek"]-1)*7 + 1
	}
	if f["day"] != 0 {
		day = f["day"]
	}
	if f["month"] != 0 {
		month = f["month"]
	}
	if yearDay != 0 && (month <= 1 || day <= 1) {
		if year == 0 && f["era"] == 0 {
			return 0, errTimeFormat("cannot calculate day of year without year information")
		}
		if r.iso {
			return isoMonday(year) + yearDay - 1, nil
		}
		if yearDay < 1 || yearDay > dateOf(year+1, 1, 1)-dateOf(year, 1, 1) {
			return 0, r.errRange()
		}
		_, m, d := civil(dateOf(year, 1, 1) + yearDay - 1)
		if month <= 1 {
			month = m
		}
		if day <= 1 {
			day = d
		}
	}
	if year < -4713 || year > 5874897 {
		return 0, errDatetime("date out of range: %q", r.in)
	}
	if month < 1 || month > 12 || day < 1 || day > monthDays(year, month) {
		return 0, r.errRange()
	}
	return dateOf(year, month, day), nil
}

// isoMonday is the first day of an ISO year.
func isoMonday(year int64) int64 {
	fourth := dateOf(year, 1, 4)
	return fourth - (dayOfWeek(fourth)+6)%7
}

// clock is the time of day of the fields, in µs.
func (r *timeReader) clock() (int64, error) {
	f := r.fields
	hour, minute, second := f["clock"]/secondsHour, f["clock"]/60%60, f["clock"]%60
	if f["hour"] != 0 {
		hour = f["hour"]
	}
	if f["minute"] != 0 {
		minute = f["minute"]
	}
	if f["second"] != 0 {
		second = f["second"]
	}
	if r.hour12 {
		if hour < 1 || hour > 12 {
			return 0, errTimeFormat("hour %q is invalid for the 12-hour clock", strconv.FormatInt(hour, 10)).
				Hint("Use the 24-hour clock, or give an hour between 1 and 12.")
		}
		hour = hour%12 + 12*f["half"]
	}
	micros := f["milli"]*1000 + f["micro"]
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || micros < 0 || micros >= microsSecond {
		return 0, r.errRange()
	}
	return hour*microsHour + minute*microsMinute + second*microsSecond + micros, nil
}

func toDate(s, template string) (int64, error) {
	r, err := readTime(s, template)
	if err != nil {
		return 0, err
	}
	date, err := r.date()
	if err != nil {
		return 0, err
	}
	if _, err := r.clock(); err != nil {
		return 0, err
	}
	if date, err = checkDate(date); err != nil {
		return 0, errDatetime("date out of range: %q", s)
	}
	return date, nil
}

func toTimestamp(c *Call, s, template string) (int64, error) {
	r, err := readTime(s, template)
	if err != nil {
		return 0, err
	}
	date, err := r.date()
	if err != nil {
		return 0, err
	}
	micros, err := r.clock()
	if err != nil {
		return 0, err
	}
	t, err := join(date, micros)
	if err != nil {
		return 0, err
	}
	sign := r.fields["zoneSign"]
	if sign == 0 {
		return toInstant(t, zoneOf(c))
	}
	h, m := r.fields["zoneHour"], r.fields["zoneMinute"]
	if h < 0 || h > zoneHoursMax || m < 0 || m > 59 {
		return 0, r.errRange()
	}
	return checkTime(t - sign*(h*secondsHour+m*60)*microsSecond)
}

// zoneHoursMax is the most hours that TZH may be.
const zoneHoursMax = 15

var toTimeKernels = []entry{
	{"to_date", rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		d, err := toDate(a[0].S, a[1].S)
		return types.IntDatum(d), err
	})},
	{"to_timestamp(text,text)", with2(toTimestamp)},
}
