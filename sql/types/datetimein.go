package types

import (
	_ "embed" // facts
	"math"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/facts"
	"github.com/vecdb/vecdb/sql/pgerr"
)

//go:embed facts/timezone_abbrevs.tsv
var abbrevFacts string

// abbrevs maps zone abbreviations to seconds east of UTC.
var abbrevs = sync.OnceValue(func() map[string]int {
	m := map[string]int{"Z": 0, "UTC": 0, "GMT": 0, "ZULU": 0}
	for _, r := range facts.Read("timezone_abbrevs", abbrevFacts) {
		off := strings.TrimPrefix(r.Get("utc_offset"), "-")
		p := strings.Split(off, ":")
		if len(p) != 3 {
			continue
		}
		h, _ := strconv.Atoi(p[0])
		mi, _ := strconv.Atoi(p[1])
		s, _ := strconv.Atoi(p[2])
		sec := h*3600 + mi*60 + s
		if strings.HasPrefix(r.Get("utc_offset"), "-") {
			sec = -sec
		}
		m[r.Get("abbrev")] = sec
	}
	return m
})

var monthNames = []string{
	"january", "february", "march", "april", "may", "june", "july", "august", "september",
	"october", "november", "december",
}

var dayNames = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// namedNumber finds a name or its abbreviation of three letters or more; 0 when there is none.
func namedNumber(list []string, word string) int {
	if len(word) < 3 {
		return 0
	}
	for i, n := range list {
		if strings.HasPrefix(n, word) || word == n[:min(4, len(n))] {
			return i + 1
		}
	}
	return 0
}

// moment is what the text of a date or time says. Fields that it did not say are their zero.
type moment struct {
	year, month, day int
	hasDate          bool
	micros           int64 // of the day
	hasTime          bool
	zone             *Zone // nil: none given
	region           *Zone // the zone when it was given by name
	bc               bool
	special          string // now today tomorrow yesterday epoch infinity -infinity allballs
	julian           bool
}

type dateParser struct {
	in   string
	name string // SQL name of the type, for errors
	env  *Session
	m    moment
	// numbers of a date that are not placed yet, as text
	loose []string
	pm    byte // 'a' or 'p' after a time
	short bool // the year has two digits: of this century or the last, unless it is BC
}

func (p *dateParser) bad() error {
	return pgerr.New(pgerrcode.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", p.name, p.in)
}

func (p *dateParser) outOfRange() error {
	return pgerr.New(pgerrcode.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", p.in)
}

// parseMoment reads any of the accepted forms of dates, times and timestamps.
func parseMoment(in, name string, env *Session) (moment, error) {
	p := &dateParser{in: in, name: name, env: env}
	words := splitWords(strings.ToLower(in))
	if len(words) == 0 {
		return p.m, p.bad()
	}
	for i, w := range words {
		if err := p.word(w, i > 0); err != nil {
			return p.m, err
		}
	}
	if err := p.placeLoose(); err != nil {
		return p.m, err
	}
	if p.m.special == "" && !p.m.hasDate && !p.m.hasTime {
		return p.m, p.bad()
	}
	return p.m, p.check()
}

// splitWords cuts at blanks, at the T between date and time, and takes commas out. Words stay lower case.
func splitWords(s string) []string {
	s = strings.Map(func(r rune) rune {
		if r == ',' || r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' {
			return ' '
		}
		return r
	}, s)
	var out []string
	for _, w := range strings.Fields(s) {
		if len(w) > 1 && w[0] == 't' && isDigit(w[1]) {
			w = w[1:]
		}
		if i := strings.IndexByte(w, 't'); i > 0 && isDigit(w[i-1]) && i+1 < len(w) && isDigit(w[i+1]) {
			out = append(out, w[:i], w[i+1:])
			continue
		}
		out = append(out, w)
	}
	return out
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

var specialWords = map[string]bool{
	"now": true, "today": true, "tomorrow": true, "yesterday": true, "epoch": true, "infinity": true, "-infinity": true,
	"+infinity": true, "allballs": true,
}

func (p *dateParser) word(w string, later bool) error {
	switch {
	case specialWords[w]:
		p.m.special = strings.TrimPrefix(w, "+")
		if w == "allballs" {
			p.m.special, p.m.hasTime, p.m.zone = "", true, UTC
		}
		return nil
	case w == "bc" || w == "b.c.":
		p.m.bc = true
		return nil
	case w == "ad" || w == "a.d." || w == "at" || w == "on":
		return nil
	case w == "am" || w == "pm":
		return p.halfDay(w[0])
	case strings.Contains(w, ":") && isDigit(w[0]):
		return p.clock(w)
	case isDigit(w[0]):
		return p.number(w)
	case (w[0] == '+' || w[0] == '-') && len(w) > 1 && isDigit(w[1]) && (p.m.hasTime || p.m.hasDate):
		return p.offset(w)
	case w[0] == 'j' && len(w) > 1 && allDigits(w[1:]):
		n, err := strconv.Atoi(w[1:])
		if err != nil {
			return p.outOfRange()
		}
		p.m.year, p.m.month, p.m.day = YMDFromDate(int64(n) - julianEpoch)
		p.m.hasDate, p.m.julian = true, true
		return nil
	}
	return p.named(w, later)
}

// named reads month and day names, zone names and abbreviations, and dates like jan-8-1999.
func (p *dateParser) named(w string, later bool) error {
	if i := strings.IndexAny(w, "-/."); i > 0 && namedNumber(monthNames, w[:i]) > 0 {
		for _, part := range strings.FieldsFunc(w, isDateSeparator) {
			if err := p.word(part, later); err != nil {
				return err
			}
		}
		return nil
	}
	if m := namedNumber(monthNames, w); m > 0 {
		p.m.month = m
		return nil
	}
	if namedNumber(dayNames, w) > 0 {
		return nil
	}
	if later {
		if off, ok := abbrevs()[strings.ToUpper(w)]; ok {
			p.m.zone = FixedZone(off)
			return nil
		}
		if z := FindZone(w); z != nil && len(w) >= zoneNameMin && isLetter(w[0]) {
			p.m.region = z
			return p.setZone(z)
		}
		if strings.Contains(w, "/") {
			return pgerr.New(pgerrcode.InvalidParameterValue, "time zone \"%s\" not recognized", w)
		}
	}
	return p.bad()
}

// zoneNameMin is the length of the shortest name of a zone.
const zoneNameMin = 3

func isDateSeparator(r rune) bool { return r == '-' || r == '/' || r == '.' }

func (p *dateParser) halfDay(c byte) error {
	if !p.m.hasTime || p.pm != 0 {
		return p.bad()
	}
	p.pm = c
	h := p.m.micros / MicrosPerHour
	if h > 12 {
		return p.outOfRange()
	}
	if c == 'p' && h != 12 {
		p.m.micros += 12 * MicrosPerHour
	}
	if c == 'a' && h == 12 {
		p.m.micros -= 12 * MicrosPerHour
	}
	return nil
}

// clock reads hh:mm[:ss[.ffffff]] with what may follow without a blank: am, pm, a zone, an offset.
func (p *dateParser) clock(w string) error {
	end := strings.IndexFunc(w, func(r rune) bool { return !(r >= '0' && r <= '9') && r != ':' && r != '.' })
	rest := ""
	if end >= 0 {
		w, rest = w[:end], w[end:]
	}
	us, err := p.clockMicros(w)
	if err != nil {
		return err
	}
	if p.m.hasTime {
		return p.bad()
	}
	p.m.micros, p.m.hasTime = us, true
	if rest == "" {
		return nil
	}
	if rest == "z" {
		p.m.zone = UTC
		return nil
	}
	return p.word(rest, true)
}

func (p *dateParser) clockMicros(w string) (int64, error) {
	parts := strings.Split(w, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, p.bad()
	}
	h, err1 := strconv.Atoi(parts[0])
	m, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil {
		return 0, p.bad()
	}
	var sec int64
	if len(parts) == 3 {
		s, ok := secondsMicros(parts[2])
		if !ok {
			return 0, p.bad()
		}
		sec = s
	}
	us := int64(h)*MicrosPerHour + int64(m)*MicrosPerMinute + sec
	if h > 24 || m > 59 || sec > 60*MicrosPerSecond || us > MicrosPerDay {
		return 0, p.outOfRange()
	}
	return us, nil
}

// secondsMicros reads ss[.ffffff], rounding to microseconds.
func secondsMicros(s string) (int64, bool) {
	whole, frac, _ := strings.Cut(s, ".")
	if whole == "" || !allDigits(whole) || !allDigits(frac) || len(whole) > 9 {
		return 0, false
	}
	n, _ := strconv.Atoi(whole)
	us := int64(n) * MicrosPerSecond
	if frac != "" {
		f, err := strconv.ParseFloat("0."+frac, 64)
		if err != nil {
			return 0, false
		}
		us += int64(math.RoundToEven(f * MicrosPerSecond))
	}
	return us, true
}

// zoneSecondsMax is the displacement that no zone reaches.
const zoneSecondsMax = 16 * 3600

// offset reads +hh[:mm[:ss]] or +hhmm.
func (p *dateParser) offset(w string) error {
	sec, ok := ParseOffset(w)
	if !ok {
		return p.bad()
	}
	return p.setZone(FixedZone(sec))
}

// setZone takes a zone whose displacement values can have. A session may have one beyond.
func (p *dateParser) setZone(z *Zone) error {
	if sec := ZoneOffset(z, 0); sec >= zoneSecondsMax || sec <= -zoneSecondsMax {
		return pgerr.New(pgerrcode.InvalidTimeZoneDisplacementValue, "time zone displacement out of range: \"%s\"", p.in)
	}
	p.m.zone = z
	return nil
}

// ParseOffset reads ±hh, ±hhmm or ±hh:mm[:ss], the seconds east of UTC.
func ParseOffset(w string) (east int, ok bool) {
	if w == "" || w[0] != '+' && w[0] != '-' {
		return 0, false
	}
	body := w[1:]
	parts := strings.Split(body, ":")
	if len(parts) == 1 && len(body) > 2 {
		if len(body) == 3 {
			body = "0" + body
		}
		parts = []string{body[:2], body[2:4]}
		if len(body) == 6 {
			parts = append(parts, body[4:])
		}
	}
	sec, unit := 0, 3600
	if len(parts) > 3 {
		return 0, false
	}
	for _, s := range parts {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0, false
		}
		if unit < 3600 && n > 59 {
			return zoneSecondsMax, true // out of range, rather than malformed
		}
		sec += n * unit
		unit /= 60
	}
	if w[0] == '-' {
		sec = -sec
	}
	return sec, true
}

// number reads what starts with a digit and is no clock: a date with separators, ISO digits, or a
// number to be placed later.
func (p *dateParser) number(w string) error {
	if i := strings.IndexAny(w, "+-"); p.m.hasDate && !p.m.hasTime && (i == 4 || i == 6) && allDigits(w[:i]) {
		if err := p.number(w[:i]); err != nil {
			return err
		}
		return p.offset(w[i:])
	}
	if i := strings.IndexAny(w, "-/."); i > 0 {
		// 1999-01-08+02 carries an offset behind the date; 1999-01-08bc an era.
		parts := strings.FieldsFunc(w, isDateSeparator)
		if len(parts) == 3 || len(parts) == 2 && namedNumber(monthNames, parts[1]) > 0 {
			return p.dateParts(parts, strings.ContainsRune(w, '-'))
		}
		if len(parts) == 2 && allDigits(parts[0]) && allDigits(parts[1]) && len(parts[0]) == 4 && len(parts[1]) == 3 {
			n, _ := strconv.Atoi(parts[1]) // year.day
			y, _ := strconv.Atoi(parts[0])
			p.m.year, p.m.month, p.m.day = YMDFromDate(DateFromYMD(y, 1, 1) + int64(n) - 1)
			p.m.hasDate = true
			return nil
		}
		return p.bad()
	}
	if !allDigits(w) {
		if i := strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' }); w[i:] == "bc" || w[i:] == "ad" {
			p.m.bc = w[i:] == "bc"
			return p.number(w[:i])
		}
		return p.bad()
	}
	switch {
	case len(w) == 8 && !p.m.hasDate && len(p.loose) == 0 && p.m.month == 0:
		return p.setYMD(w[:4], w[4:6], w[6:8])
	case len(w) == 6 && !p.m.hasDate && len(p.loose) == 0 && p.m.month == 0:
		return p.setShort(w[:2], w[2:4], w[4:6])
	case (len(w) == 4 || len(w) == 6) && p.m.hasDate && !p.m.hasTime:
		clock := w[:2] + ":" + w[2:4]
		if len(w) == 6 {
			clock += ":" + w[4:6]
		}
		return p.clock(clock)
	}
	p.loose = append(p.loose, w)
	return nil
}

func (p *dateParser) setYMD(y, m, d string) error {
	if p.m.hasDate {
		return p.bad()
	}
	var err error
	if p.m.year, err = strconv.Atoi(y); err != nil {
		return p.outOfRange()
	}
	p.m.month, _ = strconv.Atoi(m)
	p.m.day, _ = strconv.Atoi(d)
	p.m.hasDate = true
	return nil
}

// setShort is setYMD for a year that may have two digits.
func (p *dateParser) setShort(y, m, d string) error {
	p.short = len(y) <= 2
	return p.setYMD(y, m, d)
}

// dateParts places the three numbers of a date with separators.
func (p *dateParser) dateParts(parts []string, dashes bool) error {
	for i, s := range parts {
		if m := namedNumber(monthNames, s); m > 0 {
			p.m.month = m
			rest := append(append([]string(nil), parts[:i]...), parts[i+1:]...)
			p.loose = append(p.loose, rest...)
			return nil
		}
		if !allDigits(s) {
			if j := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }); i == 2 && j > 0 && (s[j:] == "bc" || s[j:] == "ad") {
				p.m.bc = s[j:] == "bc"
				parts[i] = s[:j]
				continue
			}
			return p.bad()
		}
	}
	if dashes && len(parts[0]) >= 3 {
		return p.setYMD(parts[0], parts[1], parts[2])
	}
	return p.order(parts)
}

// order places three numbers by DateOrder.
func (p *dateParser) order(n []string) error {
	if len(n[0]) >= 3 {
		return p.setYMD(n[0], n[1], n[2])
	}
	switch p.dateOrder() {
	case "YMD":
		return p.setShort(n[0], n[1], n[2])
	case "DMY":
		return p.setShort(n[2], n[1], n[0])
	}
	return p.setShort(n[2], n[0], n[1])
}

func (p *dateParser) dateOrder() string {
	if p.env != nil && p.env.DateOrder != "" {
		return p.env.DateOrder
	}
	return "MDY"
}

// placeLoose gives the numbers that stood alone their meaning: around a month name, day and year.
func (p *dateParser) placeLoose() error {
	n := p.loose
	switch {
	case len(n) == 0:
		if p.m.month != 0 && !p.m.hasDate {
			return p.bad()
		}
		return nil
	case p.m.hasDate:
		return p.bad()
	case p.m.month != 0 && len(n) == 2:
		day, year := n[0], n[1]
		if len(day) > 2 || p.dateOrder() == "YMD" && len(year) <= 2 {
			day, year = year, day
		}
		return p.setShort(year, strconv.Itoa(p.m.month), day)
	case p.m.month == 0 && len(n) == 3:
		return p.order(n)
	}
	return p.bad()
}

// check refuses dates that no calendar has.
func (p *dateParser) check() error {
	if !p.m.hasDate {
		return nil
	}
	if p.m.bc {
		if p.m.year < 1 {
			return p.outOfRange()
		}
		p.m.year = 1 - p.m.year
	} else if p.short {
		if p.m.year += 1900; p.m.year < 1970 { // 1970 to 2069
			p.m.year += 100
		}
	} else if p.m.year == 0 && !p.m.julian {
		return p.outOfRange()
	}
	if p.m.month < 1 || p.m.month > 12 || p.m.day < 1 || p.m.day > DaysInMonth(p.m.year, p.m.month) {
		e := pgerr.New(pgerrcode.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", p.in)
		if p.m.month < 1 || p.m.month > 12 || p.m.day < 1 || p.m.day > 31 {
			return e.Hint("Perhaps you need a different \"datestyle\" setting.")
		}
		return e
	}
	return nil
}
