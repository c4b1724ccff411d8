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
	written  string // the pattern as the template has it
	literal  string
	quoted   bool // the literal stood in quotes
	fixed    bool // FX, which has neither pattern nor literal
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
}

// timePatterns is in the order of matching: a longer name before its prefix.
var timePatterns = []*timePattern{
	{name: "HH24", width: 2, number: func(c clockTime) int64 { return c.micros / microsHour }},
	{name: "HH12", width: 2, number: hour12},
	{name: "HH", width: 2, number: hour12},
	{name: "MI", width: 2, number: func(c clockTime) int64 { return c.micros / microsMinute % 60 }},
	{name: "SSSSS", width: 1, number: func(c clockTime) int64 { return c.micros / microsSecond }},
	{name: "SSSS", width: 1, number: func(c clockTime) int64 { return c.micros / microsSecond }},
	{name: "SS", width: 2, number: func(c clockTime) int64 { return c.micros / microsSecond % 60 }},
	{name: "MS", width: 3, number: func(c clockTime) int64 { return abs64(c.micros % microsSecond / 1000) }},
	{name: "US", width: 6, number: func(c clockTime) int64 { return abs64(c.micros % microsSecond) }},
	fraction(1), fraction(2), fraction(3), fraction(4), fraction(5), fraction(6),
	{name: "A.M.", text: meridiem("A.M.", "P.M.")},
	{name: "P.M.", text: meridiem("A.M.", "P.M.")},
	{name: "AM", text: meridiem("AM", "PM")},
	{name: "PM", text: meridiem("AM", "PM")},
	{name: "Y,YYY", text: func(c clockTime) string { return fmt.Sprintf("%d,%03d", shownYear(c)/1000, shownYear(c)%1000) }},
	{name: "IYYY", width: 4, number: isoYearOf},
	{name: "IYY", width: 3, number: func(c clockTime) int64 { return isoYearOf(c) % 1000 }},
	{name: "IY", width: 2, number: func(c clockTime) int64 { return isoYearOf(c) % 100 }},
	{name: "YYYY", width: 4, number: shownYear},
	{name: "YYY", width: 3, number: func(c clockTime) int64 { return shownYear(c) % 1000 }},
	{name: "YY", width: 2, number: func(c clockTime) int64 { return shownYear(c) % 100 }},
	{name: "Y", width: 1, number: func(c clockTime) int64 { return shownYear(c) % 10 }},
	{name: "B.C.", text: era("A.D.", "B.C.")},
	{name: "A.D.", text: era("A.D.", "B.C.")},
	{name: "BC", text: era("AD", "BC")},
	{name: "AD", text: era("AD", "BC")},
	{name: "MONTH", width: 9, text: func(c clockTime) string { return monthName(c.month) }},
	{name: "MON", text: func(c clockTime) string { return shorten(monthName(c.month)) }},
	{name: "MM", width: 2, number: func(c clockTime) int64 { return c.month }},
	{name: "DAY", width: 9, text: func(c clockTime) string { return dayName(c.date) }},
	{name: "DDD", width: 3, number: func(c clockTime) int64 { return c.yearDay }},
	{name: "DD", width: 2, number: func(c clockTime) int64 { return c.day }},
	{name: "DY", text: func(c clockTime) string { return shorten(dayName(c.date)) }},
	{name: "D", width: 1, number: func(c clockTime) int64 { return dayOfWeek(c.date) + 1 }},
	{name: "IDDD", width: 3, number: isoYearDay},
	{name: "ID", width: 1, number: func(c clockTime) int64 { return (dayOfWeek(c.date)+6)%7 + 1 }},
	{name: "IW", width: 2, number: func(c clockTime) int64 { _, w := isoWeek(c.date); return w }},
	{name: "I", width: 1, number: func(c clockTime) int64 { return isoYearOf(c) % 10 }},
	{name: "WW", width: 2, number: func(c clockTime) int64 { return (c.yearDay-1)/7 + 1 }},
	{name: "W", width: 1, number: func(c clockTime) int64 { return (c.day-1)/7 + 1 }},
	{name: "CC", width: 2, number: centuryOf},
	{name: "J", width: 1, number: func(c clockTime) int64 { return c.date + julianEpoch }},
	{name: "Q", width: 1, number: func(c clockTime) int64 { return (c.month-1)/3 + 1 }},
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

func centuryOf(c clockTime) int64 {
	if c.span {
		return c.year / 100
	}
	return upFrom(c.year, 100)
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
	literal := func(text string, quoted bool) {
		if n := len(list); n > 0 && list[n-1].pattern == nil && list[n-1].quoted == quoted && !list[n-1].fixed {
			list[n-1].literal += text
			return
		}
		list = append(list, templateToken{literal: text, quoted: quoted})
	}
	fill, translated := true, false
	for s != "" {
		switch {
		case strings.HasPrefix(s, "FM") || strings.HasPrefix(s, "fm"):
			fill, s = false, s[2:]
			continue
		case strings.HasPrefix(s, "TM") || strings.HasPrefix(s, "tm"):
			translated, s = true, s[2:]
			continue
		case strings.HasPrefix(s, "FX") || strings.HasPrefix(s, "fx"):
			list = append(list, templateToken{fixed: true})
			s = s[2:]
			continue
		case s[0] == '"':
			text, rest := quotedText(s[1:])
			literal(text, true)
			s = rest
			continue
		}
		p := matchPattern(s)
		if p == nil {
			_, n := firstRune(s)
			if s[0] == '\\' && len(s) > 1 && s[1] == '"' {
				s = s[1:]
			}
			literal(s[:n], false)
			s = s[n:]
			continue
		}
		written := s[:len(p.name)]
		t := templateToken{pattern: p, written: written, fill: fill && !(translated && p.text != nil), wordCase: caseOf(written)}
		fill, translated = true, false
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

// fixedWidth says that the digits of a number stand in for places behind a point, which FM leaves as they are.
func (p *timePattern) fixedWidth() bool {
	return p.name == "MS" || p.name == "US" || p.name == "TZM" || strings.HasPrefix(p.name, "FF")
}

func (t templateToken) format(c clockTime) string {
	p := t.pattern
	if p.number != nil {
		v := p.number(c)
		s := strconv.FormatInt(v, 10)
		if t.fill || p.fixedWidth() {
			width := p.width
			if v < 0 && p.name != "DD" {
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

// calendarPatterns are those that an interval has no value for.
var calendarPatterns = map[string]bool{
	"BC": true, "AD": true, "B.C.": true, "A.D.": true, "MONTH": true, "MON": true, "DAY": true, "DY": true, "D": true, "ID": true,
	"TZ": true, "TZH": true, "TZM": true, "OF": true,
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
		for _, t := range parseTemplate(a[1].S) {
			if t.pattern != nil && calendarPatterns[t.pattern.name] {
				return types.Datum{}, pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid format specification for an interval value").
					Hint("Intervals are not tied to specific calendar dates.")
			}
		}
		return types.StringDatum(formatTime(intervalParts(unpackInterval(a[0].S)), a[1].S)), nil
	})},
}
