package types

import (
	"encoding/binary"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// Zone is a session time zone: a location or a fixed offset, with the name that SHOW TimeZone prints.
type Zone struct {
	Name string
	Loc  *time.Location
}

// UTC is the zone of a session that has set none.
var UTC = &Zone{Name: "UTC", Loc: time.UTC}

// zoneNames has the IANA names that clients write in another case than the database has them.
var zoneNames = []string{"UTC", "GMT", "Etc/UTC", "Etc/GMT", "EST", "MST", "HST", "CET", "MET", "EET", "WET", "Zulu"}

// ParseZone reads the value of SET TimeZone: an IANA name in any case, a number of hours ("-7",
// "5.5"), or a POSIX-style offset ("<+02>-02", "UTC+3"). Errors are 22023.
func ParseZone(s string) (*Zone, error) {
	name := strings.TrimSpace(s)
	if h, err := strconv.ParseFloat(name, 64); err == nil {
		return FixedZone(int(h * 3600)), nil
	}
	for _, known := range zoneNames {
		if strings.EqualFold(known, name) {
			if loc, err := time.LoadLocation(known); err == nil {
				return &Zone{Name: known, Loc: loc}, nil
			}
		}
	}
	for _, try := range []string{name, titleZone(name), strings.ToUpper(name)} {
		if try == "" || strings.EqualFold(try, "local") {
			continue
		}
		if loc, err := time.LoadLocation(try); err == nil {
			return &Zone{Name: try, Loc: loc}, nil
		}
	}
	if z := posixZone(name); z != nil {
		return z, nil
	}
	return nil, pgerr.New(pgerrcode.InvalidParameterValue, "invalid value for parameter \"TimeZone\": \"%s\"", s)
}

// NamedZone finds a zone by the name that AT TIME ZONE gives: an abbreviation ("PDT"), an IANA name in any case, or
// a POSIX zone, with the rules for summer time or without, whose numbers count west of Greenwich. Nil when there is none.
func NamedZone(name string) *Zone {
	if east, ok := abbrevs()[strings.ToUpper(name)]; ok {
		return &Zone{Name: name, Loc: time.FixedZone(strings.ToUpper(name), east)}
	}
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		name = "+" + name
	}
	if z := posixZone(name); z != nil {
		return z
	}
	if strings.Contains(name, ",") {
		return ruleZone(name)
	}
	z, err := ParseZone(name)
	if err != nil {
		return nil
	}
	return z
}

// ruleZone reads a POSIX zone with rules, such as EST5EDT,M3.2.0,M11.1.0, by way of a zone file that has nothing
// else.
func ruleZone(rules string) *Zone {
	counts := [6]uint32{3: 0, 4: 1, 5: 1} // one type of local time, whose abbreviation is empty
	var file []byte
	for range 2 { // the second part is the one that is read; its numbers have 64 bits
		file = append(file, "TZif2"...)
		file = append(file, make([]byte, 15)...)
		for _, n := range counts {
			file = binary.BigEndian.AppendUint32(file, n)
		}
		file = append(file, make([]byte, 4+1+1+1)...)
	}
	loc, err := time.LoadLocationFromTZData(rules, append(file, "\n"+rules+"\n"...))
	if err != nil {
		return nil
	}
	return &Zone{Name: rules, Loc: loc}
}

// titleZone writes a name as the zone database does: Europe/Berlin, America/New_York.
func titleZone(s string) string {
	up := true
	b := []byte(strings.ToLower(s))
	for i, c := range b {
		if up && c >= 'a' && c <= 'z' {
			b[i] = c - 32
		}
		up = c == '/' || c == '_' || c == '-'
	}
	return string(b)
}

// FixedZone is a zone east of UTC by a number of seconds, named as PostgreSQL names it.
func FixedZone(east int) *Zone {
	sign, abs := "+", east
	posix := "-"
	if east < 0 {
		sign, posix, abs = "-", "+", -east
	}
	hm := twoDigits(abs/3600) + minutesPart(abs)
	return &Zone{Name: "<" + sign + hm + ">" + posix + hm, Loc: time.FixedZone(sign+hm, east)}
}

func minutesPart(abs int) string {
	if m := abs % 3600 / 60; m != 0 {
		return ":" + twoDigits(m)
	}
	return ""
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10%10), byte('0' + n%10)}) }

// posixZone reads NAME±hh[:mm], whose sign counts west of Greenwich.
func posixZone(s string) *Zone {
	rest := s
	if strings.HasPrefix(rest, "<") {
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			return nil
		}
		rest = rest[end+1:]
	} else {
		rest = strings.TrimLeft(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
		if rest == s {
			if !strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "-") {
				return nil
			}
		}
	}
	sign := -1
	switch {
	case strings.HasPrefix(rest, "-"):
		sign, rest = 1, rest[1:]
	case strings.HasPrefix(rest, "+"):
		rest = rest[1:]
	}
	hh, mm, _ := strings.Cut(rest, ":")
	h, err := strconv.Atoi(hh)
	if err != nil || h > 167 {
		return nil
	}
	m := 0
	if mm != "" {
		if m, err = strconv.Atoi(mm); err != nil || m > 59 {
			return nil
		}
	}
	z := FixedZone(sign * (h*3600 + m*60))
	z.Name = s
	return z
}
