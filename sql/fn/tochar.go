package fn

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// clockTime is a time taken apart for to_char, or put together by to_timestamp.
type clockTime struct {
	date    int64
	micros  int64 // of the day; of an interval its whole time part
	zone    string
	offset  int64 // seconds east
	zoned   bool
	year    int64
	month   int64
	day     int64
	yearDay int64
	span    bool // an interval: fields that belong to a calendar are unknown
}

func timeParts(t int64) clockTime {
	date, micros := split(t)
	c := clockTime{date: date, micros: micros}
	c.year, c.month, c.day = civil(date)
	c.yearDay = date - dateOf(c.year, 1, 1) + 1
	return c
}

func instantParts(t int64, loc *types.Zone) clockTime {
	offset := offsetAt(t, loc)
	c := timeParts(t + offset*microsSecond)
	c.zoned, c.offset = true, offset
	c.zone, _ = time.Unix(floorDiv(t, microsSecond)+epochUnix, 0).In(loc.Loc).Zone()
	if strings.HasPrefix(c.zone, "+") || strings.HasPrefix(c.zone, "-") {
		c.zone = ""
	}
	return c
}

func intervalParts(iv types.Interval) clockTime {
	months := int64(iv.Months)
	return clockTime{
		span: true, micros: iv.Micros, year: months / monthsYear, month: months % monthsYear, day: int64(iv.Days),
		yearDay: months/monthsYear*360 + months%monthsYear*daysMonth + int64(iv.Days),
	}
}

// templateToken is a piece of a template: a pattern of the table below, or literal text.
type templateToken struct {
	pattern  *timePattern
	literal  string
	fill     bool // not FM
	ordinal  string
	wordCase byte
}

// timePattern is one template pattern. A number has a width; a text pattern is written as its key is:
// upper case, lower case, or with a capital.
type timePattern struct {
	name   string
	width  int
	number func(c clockTime) int64
	text   func(c clockTime) string
	// set takes a parsed number; parsed text goes through words.
	set func(p *parsedTime, v int64)
}

// timePatterns is in the order of matching: a longer name before its prefix.
var timePatterns = []*timePattern{
	{name: "HH24", width: 2, number: func(c clockTime) int64 { return c.micros / microsHour }, set: func(p *parsedTime, v int64) { p.hour = v }},
	{name: "HH12", width: 2, number: hour12, set: setHour12},
	{name: "HH", width: 2, number: hour12, set: setHour12},
	{name: "MI", width: 2, number: func(c clockTime) int64 { return abs64(c.micros / microsMinute % 60) }, set: func(p *parsedTime, v int64) { p.minute = v }},
	{name: "SSSSS", width: 1, number: func(c clockTime) int64 { return c.micros / microsSecond }, set: setDaySeconds},
	{name: "SSSS", width: 1, number: func(c clockTime) int64 { return c.micros / microsSecond }, set: setDaySeconds},
	{name: "SS", width: 2, number: func(c clockTime) int64 { return abs64(c.micros / microsSecond % 60) }, set: func(p *parsedTime, v int64) { p.second = v }},
	{name: "MS", width: 3, number: func(c clockTime) int64 { return abs64(c.micros % microsSecond / 1000) }},
	{name: "US", width: 6, number: func(c clockTime) int64 { return abs64(c.micros % microsSecond) }},
	fraction(1), fraction(2), fraction(3), fraction(4), fraction(5), fraction(6),
	{name: "A.M.", text: meridiem("A.M.", "P.M.")},
	{name: "P.M.", text: meridiem("A.M.", "P.M.")},
	{name: "AM", text: meridiem("AM", "PM")},
	{name: "PM", text: meridiem("AM", "PM")},
	{name: "Y,YYY", text: func(c clockTime) string { return fmt.Sprintf("%d,%03d", shownYear(c)/1000, shownYear(c)%1000) }},
	{name: "IYYY", width: 4, number: isoYearOf, set: func(p *parsedTime, v int64) { p.year = v }},
	{name: "IYY", width: 3, number: func(c clockTime) int64 { return isoYearOf(c) % 1000 }},
	{name: "IY", width: 2, number: func(c clockTime) int64 { return isoYearOf(c) % 100 }},
	{name: "YYYY", width: 4, number: shownYear, set: func(p *parsedTime, v int64) { p.year = v }},
	{name: "YYY", width: 3, number: func(c clockTime) int64 { return shownYear(c) % 1000 }, set: setShortYear},
	{name: "YY", width: 2, number: func(c clockTime) int64 { return shownYear(c) % 100 }, set: setShortYear},
	{name: "Y", width: 1, number: func(c clockTime) int64 { return shownYear(c) % 10 }, set: setShortYear},
	{name: "B.C.", text: era("A.D.", "B.C.")},
	{name: "A.D.", text: era("A.D.", "B.C.")},
	{name: "BC", text: era("AD", "BC")},
	{name: "AD", text: era("AD", "BC")},
	{name: "MONTH", width: 9, text: func(c clockTime) string { return monthName(c.month) }},
	{name: "MON", text: func(c clockTime) string { return shorten(monthName(c.month)) }},
	{name: "MM", width: 2, number: func(c clockTime) int64 { return c.month }, set: func(p *parsedTime, v int64) { p.month = v }},
	{name: "DAY", width: 9, text: func(c clockTime) string { return dayName(c.date) }},
	{name: "DDD", width: 3, number: func(c clockTime) int64 { return c.yearDay }, set: func(p *parsedTime, v int64) { p.yearDay = v }},
	{name: "DD", width: 2, number: func(c clockTime) int64 { return c.day }, set: func(p *parsedTime, v int64) { p.day = v }},
	{name: "DY", text: func(c clockTime) string { return shorten(dayName(c.date)) }},
	{name: "D", width: 1, number: func(c clockTime) int64 { return dayOfWeek(c.date) + 1 }, set: func(*parsedTime, int64) {}},
	{name: "IDDD", width: 3, number: isoYearDay},
	{name: "ID", width: 1, number: func(c clockTime) int64 { return (dayOfWeek(c.date)+6)%7 + 1 }, set: func(*parsedTime, int64) {}},
	{name: "IW", width: 2, number: func(c clockTime) int64 { _, w := isoWeek(c.date); return w }},
	{name: "I", width: 1, number: func(c clockTime) int64 { return isoYearOf(c) % 10 }},
	{name: "WW", width: 2, number: func(c clockTime) int64 { return (c.yearDay-1)/7 + 1 }},
	{name: "W", width: 1, number: func(c clockTime) int64 { return (c.day-1)/7 + 1 }},
	{name: "CC", width: 2, number: func(c clockTime) int64 { return upFrom(c.year, 100) }},
	{name: "J", width: 1, number: func(c clockTime) int64 { return c.date + julianEpoch }, set: func(p *parsedTime, v int64) { p.julian = v }},
	{name: "Q", width: 1, number: func(c clockTime) int64 { return (c.month-1)/3 + 1 }, set: func(*parsedTime, int64) {}},
	{name: "RM", width: 4, text: romanMonth},
	{name: "TZH", text: func(c clockTime) string { return fmt.Sprintf("%+03d", c.offset/3600) }},
	{name: "TZM", width: 2, number: func(c clockTime) int64 { return abs64(c.offset / 60 % 60) }},
	{name: "TZ", text: func(c clockTime) string { return c.zone }},
	{name: "OF", text: offsetText},
}

func fraction(digits int) *timePattern {
	unit := int64(1)
	for range 6 - digits {
		unit *= 10
	}
	return &timePattern{
		name: "FF" + strconv.Itoa(digits), width: digits,
		number: func(c clockTime) int64 { return abs64(c.micros%microsSecond) / unit },
	}
}

func abs64(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

func hour12(c clockTime) int64 {
	h := c.micros / microsHour
	if h %= 12; h == 0 {
		return 12
	}
	return h
}

func shownYear(c clockTime) int64 {
	if !c.span && c.year <= 0 {
		return 1 - c.year
	}
	return c.year
}

func isoYearOf(c clockTime) int64 {
	y, _ := isoWeek(c.date)
	return y
}

func isoYearDay(c clockTime) int64 {
	_, w := isoWeek(c.date)
	return (w-1)*7 + (dayOfWeek(c.date)+6)%7 + 1
}

func meridiem(before, after string) func(clockTime) string {
	return func(c clockTime) string {
		if c.micros/microsHour%24 >= 12 {
			return after
		}
		return before
	}
}

func era(after, before string) func(clockTime) string {
	return func(c clockTime) string {
		if c.year <= 0 {
			return before
		}
		return after
	}
}

var romanMonths = []string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

// romanMonth counts the months of a negative interval from the end of the year.
func romanMonth(c clockTime) string {
	switch {
	case c.month > 0:
		return romanMonths[c.month-1]
	case c.month < 0:
		return romanMonths[12+c.month]
	case c.year > 0:
		return "XII"
	case c.year < 0:
		return "I"
	}
	return ""
}

func monthName(m int64) string {
	if m < 1 || m > 12 {
		return ""
	}
	return time.Month(m).String()
}

func dayName(date int64) string { return time.Weekday(dayOfWeek(date)).String() }

func shorten(s string) string { return s[:min(3, len(s))] }

func offsetText(c clockTime) string {
	s := fmt.Sprintf("%+03d", c.offset/3600)
	if m := abs64(c.offset / 60 % 60); m != 0 {
		s += fmt.Sprintf(":%02d", m)
	}
	return s
}

// parseTemplate parts a template into tokens.
func parseTemplate(s string) []templateToken {
	var list []templateToken
	literal := func(text string) {
		if n := len(list); n > 0 && list[n-1].pattern == nil {
			list[n-1].literal += text
			return
		}
		list = append(list, templateToken{literal: text})
	}
	fill := true
	for s != "" {
		switch {
		case strings.HasPrefix(s, "FM") || strings.HasPrefix(s, "fm"):
			fill, s = false, s[2:]
			continue
		case strings.HasPrefix(s, "FX") || strings.HasPrefix(s, "TM") || strings.HasPrefix(s, "fx") || strings.HasPrefix(s, "tm"):
			s = s[2:]
			continue
		case s[0] == '"':
			text, rest := quotedText(s[1:])
			literal(text)
			s = rest
			continue
		}
		p := matchPattern(s)
		if p == nil {
			_, n := firstRune(s)
			if s[0] == '\\' && len(s) > 1 && s[1] == '"' {
				s = s[1:]
			}
			literal(s[:n])
			s = s[n:]
			continue
		}
		t := templateToken{pattern: p, fill: fill, wordCase: caseOf(s[:len(p.name)])}
		fill = true
		s = s[len(p.name):]
		if strings.HasPrefix(s, "TH") || strings.HasPrefix(s, "th") {
			t.ordinal, s = s[:2], s[2:]
		}
		list = append(list, t)
	}
	return list
}

func firstRune(s string) (rune, int) {
	for i := range s {
		if i > 0 {
			return 0, i
		}
	}
	return 0, len(s)
}

// quotedText reads up to the closing quote; a backslash takes the next character as it is.
func quotedText(s string) (text, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == '"':
			return b.String(), s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}

func matchPattern(s string) *timePattern {
	for _, p := range timePatterns {
		if len(s) >= len(p.name) && strings.EqualFold(s[:len(p.name)], p.name) {
			return p
		}
	}
	return nil
}

// caseOf is how a pattern was written: 'U' upper, 'l' lower, 'C' capital and lower.
func caseOf(s string) byte {
	switch {
	case unicode.IsLower(rune(s[0])):
		return 'l'
	case len(s) > 1 && unicode.IsLower(rune(s[1])):
		return 'C'
	}
	return 'U'
}

// formatTime is to_char of a time.
func formatTime(c clockTime, template string) string {
	var b strings.Builder
	for _, t := range parseTemplate(template) {
		if t.pattern == nil {
			b.WriteString(t.literal)
			continue
		}
		b.WriteString(t.format(c))
	}
	return b.String()
}

func (t templateToken) format(c clockTime) string {
	p := t.pattern
	if p.number != nil {
		v := p.number(c)
		s := strconv.FormatInt(v, 10)
		if t.fill {
			width := p.width
			if v < 0 {
				width++
			}
			s = fmt.Sprintf("%0*d", width, v)
		}
		return s + ordinalSuffix(v, t.ordinal)
	}
	s := p.text(c)
	switch t.wordCase {
	case 'l':
		s = strings.ToLower(s)
	case 'U':
		s = strings.ToUpper(s)
	}
	if t.fill && len(s) < p.width {
		s += strings.Repeat(" ", p.width-len(s))
	}
	return s
}

// ordinalSuffix is st, nd, rd or th in the case of the modifier; "" without one.
func ordinalSuffix(v int64, modifier string) string {
	if modifier == "" {
		return ""
	}
	suffix := "th"
	if n := abs64(v) % 100; n < 11 || n > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	if modifier == "TH" {
		return strings.ToUpper(suffix)
	}
	return suffix
}

// parsedTime gathers what to_timestamp finds; -1 and 0 mean not given.
type parsedTime struct {
	year, month, day, yearDay, julian int64
	hour, minute, second, micros      int64
	hour12, pm, am, bc                bool
	offset                            int64
	hasOffset                         bool
}

func setHour12(p *parsedTime, v int64) { p.hour, p.hour12 = v, true }

func setDaySeconds(p *parsedTime, v int64) {
	p.hour, p.minute, p.second = v/3600, v/60%60, v%60
}

// setShortYear takes the century nearest to 2020.
func setShortYear(p *parsedTime, v int64) {
	switch {
	case v < 70:
		v += 2000
	case v < 100:
		v += 1900
	case v < 520:
		v += 2000
	case v < 1000:
		v += 1000
	}
	p.year = v
}

func errTemplate(value, pattern string) error {
	return pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid value %q for %q", value, pattern)
}

// parseTime reads a text by a template.
func parseTime(s, template string) (parsedTime, error) {
	p := parsedTime{year: 0, month: 1, day: 1}
	tokens := parseTemplate(template)
	s = strings.TrimLeft(s, " ")
	for i, t := range tokens {
		if s == "" {
			break
		}
		if t.pattern == nil {
			s = skipLiteral(s, t.literal)
			continue
		}
		s = strings.TrimLeft(s, " ")
		next := i+1 < len(tokens) && tokens[i+1].pattern != nil && tokens[i+1].pattern.number != nil
		var err error
		if s, err = p.take(t, s, next); err != nil {
			return p, err
		}
	}
	return p, nil
}

// skipLiteral passes over the text of a template's literal: separators match any separators, letters
// skip a character each.
func skipLiteral(s, literal string) string {
	for range literal {
		if s == "" || s[0] >= '0' && s[0] <= '9' || s[0] == '-' || s[0] == '+' {
			if s == "" || s[0] != literal[0] {
				return s
			}
		}
		_, n := firstRune(s)
		s = s[n:]
	}
	return s
}

// take reads the value of one pattern from the front of s; numeric says that digits of another number
// follow without a separator, so that the width holds.
func (p *parsedTime) take(t templateToken, s string, nextNumeric bool) (string, error) {
	name := t.pattern.name
	switch {
	case t.pattern.number == nil:
		return p.takeWord(name, s)
	case t.pattern.set == nil && name != "MS" && name != "US" && !strings.HasPrefix(name, "FF") && name != "TZM":
		return "", pgerr.Unsupported("formatting field %q in to_timestamp", name)
	}
	n := 0
	if n < len(s) && (s[n] == '-' || s[n] == '+') && t.pattern.width == 4 {
		n++
	}
	limit := len(s)
	if nextNumeric || t.pattern.width == 2 || strings.HasPrefix(name, "FF") || name == "MS" || name == "US" {
		limit = min(limit, n+max(t.pattern.width, 1))
	}
	for n < limit && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	v, err := strconv.ParseInt(s[:n], 10, 64)
	if err != nil {
		return "", errTemplate(s[:min(len(s), max(n, t.pattern.width))], name).(*pgerr.Error).Detail("Value must be an integer.")
	}
	rest := s[n:]
	if t.ordinal != "" && len(rest) >= 2 {
		rest = rest[2:]
	}
	if t.pattern.set != nil {
		t.pattern.set(p, v)
		return rest, nil
	}
	for range 6 - n {
		v *= 10
	}
	p.micros = v
	return rest, nil
}

// takeWord reads a name: of a month, a day, a half of the day, an era, or a zone's offset.
func (p *parsedTime) takeWord(name, s string) (string, error) {
	switch name {
	case "MONTH", "MON":
		for m := int64(1); m <= 12; m++ {
			word := monthName(m)
			if name == "MON" {
				word = word[:3]
			}
			if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) {
				p.month = m
				return s[len(word):], nil
			}
		}
		return "", pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid value %q for %q", firstWord(s), name).
			Detail("The given value did not match any of the allowed values for this field.")
	case "DAY", "DY":
		return s[len(firstWord(s)):], nil
	case "AM", "PM", "A.M.", "P.M.":
		if len(s) < len(name) {
			return "", errTemplate(s, name)
		}
		p.pm, p.am = s[0] == 'p' || s[0] == 'P', s[0] == 'a' || s[0] == 'A'
		return s[len(name):], nil
	case "BC", "AD", "B.C.", "A.D.":
		p.bc = s[0] == 'b' || s[0] == 'B'
		return s[min(len(s), len(name)):], nil
	case "TZH", "OF", "TZ":
		n := 0
		for n < len(s) && strings.IndexByte("+-:0123456789", s[n]) >= 0 {
			n++
		}
		return s[n:], p.takeOffset(s[:n])
	}
	return "", pgerr.Unsupported("formatting field %q in to_timestamp", name)
}

func (p *parsedTime) takeOffset(s string) error {
	sign := int64(1)
	if strings.HasPrefix(s, "-") {
		sign = -1
	}
	hours, minutes, _ := strings.Cut(strings.TrimLeft(s, "+-"), ":")
	h, err := strconv.ParseInt(hours, 10, 64)
	if err != nil {
		return errTemplate(s, "TZH")
	}
	m, _ := strconv.ParseInt(minutes, 10, 64) // absent minutes are 0
	p.offset, p.hasOffset = sign*(h*3600+m*60), true
	return nil
}

func firstWord(s string) string {
	n := 0
	for n < len(s) && (unicode.IsLetter(rune(s[n])) || s[n] >= 0x80) {
		n++
	}
	return s[:n]
}

// value joins the parts into date and µs of the day.
func (p *parsedTime) value(s string) (date, micros int64, err error) {
	year := p.year
	switch {
	case p.bc && year > 0:
		year = 1 - year
	case year <= 0 && !p.bc:
		year++ // without a year it is 1 BC, as in PostgreSQL
		if p.year == 0 {
			year = 0
		}
	}
	if p.hour12 && (p.hour < 1 || p.hour > 12) {
		return 0, 0, pgerr.New(pgerrcode.InvalidDatetimeFormat, "hour %q is invalid for the 12-hour clock", strconv.FormatInt(p.hour, 10)).
			Hint("Use the 24-hour clock, or give an hour between 1 and 12.")
	}
	hour := p.hour
	if p.pm && hour < 12 {
		hour += 12
	} else if p.am && hour == 12 {
		hour = 0
	}
	switch {
	case p.julian != 0:
		date = p.julian - julianEpoch
	case p.yearDay != 0:
		date = dateOf(year, 1, 1) + p.yearDay - 1
	default:
		if p.month < 1 || p.month > 12 || p.day < 1 || p.day > monthDays(year, p.month) {
			return 0, 0, errDatetime("date/time field value out of range: %q", s)
		}
		date = dateOf(year, p.month, p.day)
	}
	if hour > 24 || p.minute > 59 || p.second > 60 {
		return 0, 0, errDatetime("date/time field value out of range: %q", s)
	}
	return date, hour*microsHour + p.minute*microsMinute + p.second*microsSecond + p.micros, nil
}

func toDate(s, template string) (int64, error) {
	p, err := parseTime(s, template)
	if err != nil {
		return 0, err
	}
	date, _, err := p.value(s)
	if err != nil {
		return 0, err
	}
	return checkDate(date)
}

func toTimestamp(c *Call, s, template string) (int64, error) {
	p, err := parseTime(s, template)
	if err != nil {
		return 0, err
	}
	date, micros, err := p.value(s)
	if err != nil {
		return 0, err
	}
	t, err := join(date, micros)
	if err != nil {
		return 0, err
	}
	if p.hasOffset {
		return t - p.offset*microsSecond, nil
	}
	return toInstant(t, zoneOf(c))
}

var timeFormatKernels = []entry{
	{"to_char(timestamp,text)", rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		if infinite(a[0].I) || a[1].S == "" {
			return types.NullDatum, nil
		}
		return types.StringDatum(formatTime(timeParts(a[0].I), a[1].S)), nil
	})},
	{"to_char(timestamptz,text)", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
		if infinite(a[0].I) || a[1].S == "" {
			return types.NullDatum, nil
		}
		return types.StringDatum(formatTime(instantParts(a[0].I, zoneOf(c)), a[1].S)), nil
	})},
	{"to_char(interval,text)", rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		if a[1].S == "" {
			return types.NullDatum, nil
		}
		return types.StringDatum(formatTime(intervalParts(unpackInterval(a[0].S)), a[1].S)), nil
	})},
	{"to_date", try2(toDate)},
	{"to_timestamp(text,text)", with2(toTimestamp)},
}
