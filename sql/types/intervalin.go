package types

import (
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

func badInterval(s string) error {
	return pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid input syntax for type interval: \"%s\"", s)
}

func intervalRange(s string) error {
	return pgerr.New(pgerrcode.IntervalFieldOverflow, "interval field value out of range: \"%s\"", s)
}

// intervalUnit is what one of a unit adds. A unit may be given once: seen holds its bit. Years are kept
// apart from months until the end, since each part has its own range.
type intervalUnit struct {
	seen                uint32
	years, months, days int64
	micros              int64
}

// Bits of the units that have been given.
const (
	seenMicro uint32 = 1 << iota
	seenMilli
	seenSecond
	seenMinute
	seenHour
	seenDay
	seenWeek
	seenMonth
	seenYear
	seenDecade
	seenCentury
	seenMillennium

	seenClock = seenSecond | seenMinute | seenHour
)

var (
	unitSecond = intervalUnit{seen: seenSecond, micros: MicrosPerSecond}
	unitMinute = intervalUnit{seen: seenMinute, micros: MicrosPerMinute}
	unitHour   = intervalUnit{seen: seenHour, micros: MicrosPerHour}
	unitDay    = intervalUnit{seen: seenDay, days: 1}
	unitWeek   = intervalUnit{seen: seenWeek, days: 7}
	unitMonth  = intervalUnit{seen: seenMonth, months: 1}
	unitYear   = intervalUnit{seen: seenYear, years: 1}
)

// intervalUnits has the spellings of units; a plural's s may be left out.
var intervalUnits = map[string]intervalUnit{
	"microsecond": {seen: seenMicro, micros: 1}, "us": {seen: seenMicro, micros: 1},
	"usec": {seen: seenMicro, micros: 1}, "usecond": {seen: seenMicro, micros: 1},
	"millisecond": {seen: seenMilli, micros: 1000}, "ms": {seen: seenMilli, micros: 1000},
	"msec": {seen: seenMilli, micros: 1000}, "msecond": {seen: seenMilli, micros: 1000},
	"second": unitSecond, "sec": unitSecond, "s": unitSecond,
	"minute": unitMinute, "min": unitMinute, "m": unitMinute,
	"hour": unitHour, "hr": unitHour, "h": unitHour,
	"day": unitDay, "d": unitDay, "week": unitWeek, "w": unitWeek,
	"month": unitMonth, "mon": unitMonth, "year": unitYear, "yr": unitYear, "y": unitYear,
	"decade": {seen: seenDecade, years: 10}, "dec": {seen: seenDecade, years: 10},
	"century": {seen: seenCentury, years: 100}, "centurie": {seen: seenCentury, years: 100},
	"cent": {seen: seenCentury, years: 100}, "c": {seen: seenCentury, years: 100},
	"millennium": {seen: seenMillennium, years: 1000}, "millennia": {seen: seenMillennium, years: 1000},
	"mil": {seen: seenMillennium, years: 1000},
}

func unitNamed(w string) (intervalUnit, bool) {
	if u, ok := intervalUnits[w]; ok {
		return u, true
	}
	u, ok := intervalUnits[strings.TrimSuffix(w, "s")]
	return u, ok
}

// intervalSum gathers the parts of an interval's text.
type intervalSum struct {
	in                  string
	years, months, days int64
	micros              int64
	seen                uint32
	fields              int32 // of the typmod: what a number without unit means
}

// amount is a number with a fraction of the same sign.
type amount struct {
	whole int64
	frac  float64
}

// parseAmount reads [sign] digits [. digits].
func parseAmount(w string) (a amount, ok bool) {
	body := strings.TrimLeft(w, "+-")
	whole, frac, point := strings.Cut(body, ".")
	if len(w)-len(body) > 1 || whole == "" && frac == "" || !allDigits(whole) || !allDigits(frac) {
		return a, false
	}
	if whole != "" {
		v, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			return amount{whole: math.MaxInt64, frac: math.Inf(1)}, true // out of every range
		}
		a.whole = v
	}
	if point && frac != "" {
		a.frac, _ = strconv.ParseFloat("0."+frac, 64)
	}
	if w[0] == '-' {
		a.whole, a.frac = -a.whole, -a.frac
	}
	return a, true
}

// add adds n units. A fraction of a year is rounded to months; one of a month goes into days and from
// there, like one of a day, into time.
func (s *intervalSum) add(n amount, u intervalUnit) error {
	if s.seen&u.seen != 0 {
		return badInterval(s.in)
	}
	s.seen |= u.seen
	if math.IsInf(n.frac, 0) {
		return intervalRange(s.in)
	}
	ok := addScaled(&s.years, n.whole, u.years) && addScaled(&s.months, n.whole, u.months) &&
		addScaled(&s.days, n.whole, u.days) && addScaled(&s.micros, n.whole, u.micros)
	s.months += int64(math.RoundToEven(n.frac * float64(u.years) * 12))
	s.addDays(n.frac * float64(u.months) * 30)
	s.addDays(n.frac * float64(u.days))
	ok = s.addMicros(n.frac*float64(u.micros)) && ok
	ok = ok && isInt32(s.years) && isInt32(s.months) && isInt32(s.days)
	if !ok {
		return intervalRange(s.in)
	}
	return nil
}

func isInt32(v int64) bool { return v == int64(int32(v)) }

// addScaled adds n*unit to dst, false on overflow.
func addScaled(dst *int64, n, unit int64) bool {
	if unit == 0 {
		return true
	}
	p := n * unit
	sum := *dst + p
	if p/unit != n || (sum > *dst) != (p > 0) && p != 0 {
		return false
	}
	*dst = sum
	return true
}

// addDays adds days with a fraction that becomes time.
func (s *intervalSum) addDays(d float64) {
	whole := math.Trunc(d)
	s.days += int64(whole)
	s.addMicros((d - whole) * MicrosPerDay)
}

// addMicros adds microseconds, rounding half away from the fraction's zero as PostgreSQL does.
func (s *intervalSum) addMicros(us float64) bool {
	whole := math.Trunc(us)
	n := int64(whole)
	if rest := us - whole; rest > 0.5 {
		n++
	} else if rest < -0.5 {
		n--
	}
	return addScaled(&s.micros, n, 1)
}

func (s *intervalSum) interval(negate bool) (Interval, error) {
	months := s.years*12 + s.months
	if negate {
		months, s.days, s.micros = -months, -s.days, -s.micros
	}
	if !isInt32(months) || !isInt32(s.days) {
		return Interval{}, pgerr.New(pgerrcode.DatetimeFieldOverflow, "interval out of range")
	}
	return Interval{int32(months), int32(s.days), s.micros}, nil
}

// parseInterval reads PostgreSQL's, the SQL standard's and ISO 8601's forms. The typmod says what a
// number without a unit means.
func parseInterval(in string, mod int32, env *Session) (Interval, error) {
	s := intervalSum{in: in, fields: fieldsAll}
	if mod >= 0 {
		s.fields = mod >> 16 & fieldsAll
	}
	text := strings.ToLower(trim(in))
	if rest, ok := strings.CutPrefix(text, "p"); ok {
		if err := s.parseISO(rest); err != nil {
			return Interval{}, err
		}
		return s.interval(false)
	}
	words := intervalWords(strings.TrimPrefix(text, "@"))
	if env != nil && env.IntervalStyle == "sql_standard" {
		spreadSign(words)
	}
	ago := false
	for i := 0; i < len(words); i++ {
		if words[i] == "ago" && i > 0 {
			ago = true
			continue
		}
		used, err := s.word(words[i:])
		if err != nil {
			return Interval{}, err
		}
		i += used - 1
	}
	if s.seen == 0 {
		return Interval{}, badInterval(in)
	}
	return s.interval(ago)
}

// spreadSign makes a minus sign at the beginning count for all numbers when it is the only sign, as
// the SQL standard has it.
func spreadSign(words []string) {
	if len(words) == 0 || words[0][0] != '-' {
		return
	}
	for _, w := range words[1:] {
		if w[0] == '-' || w[0] == '+' {
			return
		}
	}
	for i, w := range words[1:] {
		if isDigit(w[0]) || w[0] == '.' {
			words[i+1] = "-" + w
		}
	}
}

// word reads the part at the head of words and says how many words it took.
func (s *intervalSum) word(words []string) (int, error) {
	w := words[0]
	switch {
	case strings.Contains(w, ":"):
		return 1, s.addClock(w)
	case strings.Contains(strings.TrimLeft(w, "+-"), "-"):
		return 1, s.addYearMonth(w)
	}
	n, ok := parseAmount(w)
	if !ok {
		return 0, badInterval(s.in)
	}
	if len(words) > 1 && s.isHours(words[1:]) {
		return 1, s.add(n, unitDay)
	}
	if len(words) > 1 && words[1] != "ago" {
		next := words[1]
		if strings.Contains(next, ":") { // the standard's days before a time
			return 1, s.add(n, unitDay)
		}
		if next[0] >= 'a' && next[0] <= 'z' {
			u, ok := unitNamed(next)
			if !ok {
				return 0, badInterval(s.in)
			}
			return 2, s.add(n, u)
		}
	}
	return 1, s.add(n, s.bareUnit())
}

// isHours says whether a number of hours is at the head of words: a number before it is of days.
func (s *intervalSum) isHours(words []string) bool {
	if _, ok := parseAmount(words[0]); !ok {
		return false
	}
	u := s.bareUnit()
	if len(words) > 1 {
		if named, ok := unitNamed(words[1]); ok {
			u = named
		}
	}
	return u.seen == seenHour
}

// bareUnit is the unit of a number that has none: the last field of the type, seconds for most.
func (s *intervalSum) bareUnit() intervalUnit {
	switch {
	case s.fields&fieldSecond != 0:
		return unitSecond
	case s.fields&fieldMinute != 0:
		return unitMinute
	case s.fields&fieldHour != 0:
		return unitHour
	case s.fields&fieldDay != 0:
		return unitDay
	case s.fields&fieldMonth != 0:
		return unitMonth
	case s.fields&fieldYear != 0:
		return unitYear
	}
	return unitSecond
}

// intervalWords splits at blanks and between a number and its unit, and joins a sign with its number.
func intervalWords(s string) []string {
	var out []string
	for _, w := range strings.Fields(s) {
		for w != "" {
			i, number := 1, !isLetter(w[0])
			for i < len(w) && isLetter(w[i]) != number {
				i++
			}
			if n := len(out); n > 0 && (out[n-1] == "-" || out[n-1] == "+") && isDigit(w[0]) {
				out[n-1] += w[:i]
			} else {
				out = append(out, w[:i])
			}
			w = w[i:]
		}
	}
	return out
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

// addClock adds [sign] hh:mm[:ss[.f]], or mm:ss when a fraction or the type's fields say so.
func (s *intervalSum) addClock(w string) error {
	if s.seen&seenClock != 0 {
		return badInterval(s.in)
	}
	s.seen |= seenClock
	parts := strings.Split(strings.TrimLeft(w, "+-"), ":")
	minutesFirst := len(parts) == 2 && (strings.Contains(parts[1], ".") || s.fields == fieldMinute|fieldSecond)
	if minutesFirst {
		parts = append([]string{"0"}, parts...)
	}
	if len(parts) > 3 || !allDigits(parts[0]) || !allDigits(parts[1]) || parts[0] == "" || parts[1] == "" {
		return badInterval(s.in)
	}
	h, err1 := strconv.ParseInt(parts[0], 10, 64)
	m, err2 := strconv.ParseInt(parts[1], 10, 64)
	var sec int64
	if len(parts) == 3 {
		var ok bool
		if sec, ok = secondsMicros(parts[2]); !ok {
			return badInterval(s.in)
		}
	}
	var total int64
	if err1 != nil || err2 != nil || m > 59 || sec > 60*MicrosPerSecond || !addScaled(&total, h, MicrosPerHour) {
		return intervalRange(s.in)
	}
	if !addScaled(&total, m, MicrosPerMinute) || !addScaled(&total, sec, 1) {
		return intervalRange(s.in)
	}
	if w[0] == '-' {
		total = -total
	}
	if !addScaled(&s.micros, total, 1) {
		return intervalRange(s.in)
	}
	return nil
}

// addYearMonth adds [sign] years-months.
func (s *intervalSum) addYearMonth(w string) error {
	y, m, _ := strings.Cut(strings.TrimLeft(w, "+-"), "-")
	years, ok1 := parseAmount(y)
	months, ok2 := parseAmount(m)
	if !ok1 || !ok2 || years.frac != 0 || months.frac != 0 {
		return badInterval(s.in)
	}
	if months.whole > 11 {
		return intervalRange(s.in)
	}
	if w[0] == '-' {
		years.whole, months.whole = -years.whole, -months.whole
	}
	if err := s.add(years, unitYear); err != nil {
		return err
	}
	return s.add(months, unitMonth)
}

// The designators of ISO 8601, and the order of parts in its alternative form without them.
var (
	isoDate    = map[byte]intervalUnit{'y': unitYear, 'm': unitMonth, 'w': unitWeek, 'd': unitDay}
	isoTime    = map[byte]intervalUnit{'h': unitHour, 'm': unitMinute, 's': unitSecond}
	isoDateSeq = []intervalUnit{unitYear, unitMonth, unitDay}
	isoTimeSeq = []intervalUnit{unitHour, unitMinute, unitSecond}
	isoWidth   = map[byte]int{'-': 4, ':': 2} // digits of the first part
)

// parseISO reads what follows the P.
func (s *intervalSum) parseISO(text string) error {
	if text == "" {
		return badInterval(s.in)
	}
	date, clock, _ := strings.Cut(text, "t")
	if err := s.isoPart(date, isoDate, isoDateSeq, '-'); err != nil {
		return err
	}
	return s.isoPart(clock, isoTime, isoTimeSeq, ':')
}

// isoPart reads amounts with designators, or (alternative form) amounts in order with separators.
func (s *intervalSum) isoPart(part string, units map[byte]intervalUnit, seq []intervalUnit, separator byte) error {
	if width := isoWidth[separator]; allDigits(part) && len(part) == 2*len(seq)+width-2 { // no separators
		part = part[:width] + string(separator) + part[width:width+2] + string(separator) + part[width+2:]
	}
	for k := 0; part != ""; k++ {
		i := 0
		if part[0] == '-' || part[0] == '+' {
			i = 1
		}
		for i < len(part) && (isDigit(part[i]) || part[i] == '.') {
			i++
		}
		n, ok := parseAmount(part[:i])
		if !ok {
			return badInterval(s.in)
		}
		var u intervalUnit
		if i < len(part) && part[i] != separator {
			if u, ok = units[part[i]]; !ok {
				return badInterval(s.in)
			}
		} else if k < len(seq) {
			u = seq[k]
		} else {
			return badInterval(s.in)
		}
		if err := s.add(n, u); err != nil {
			return err
		}
		part = part[min(i+1, len(part)):]
	}
	return nil
}
