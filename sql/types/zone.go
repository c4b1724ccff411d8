package types

import (
	_ "embed" // facts
	"encoding/binary"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/facts"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// Zone is a session time zone: a location or a fixed offset, with the name that SHOW TimeZone prints.
type Zone struct {
	Name string
	Loc  *time.Location
}

// UTC is the zone of a session that has set none.
var UTC = &Zone{Name: "UTC", Loc: time.UTC}

//go:embed facts/timezone_names.tsv
var zoneFacts string

// ZoneNames lists the names of zones, sorted. The slice is the caller's.
func ZoneNames() []string {
	names := make([]string, 0, 600)
	for _, r := range facts.Read("timezone_names", zoneFacts) {
		names = append(names, r.Get("name"))
	}
	slices.Sort(names)
	return names
}

// zonesByLower finds a name that is written in any case.
var zonesByLower = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	for _, name := range ZoneNames() {
		m[strings.ToLower(name)] = name
	}
	return m
})

// zoneHoursEnd is the offset in hours that no zone reaches.
const zoneHoursEnd = 168

// ParseZone reads the value of SET TimeZone: a number of hours east ("-7", "5.5") or what FindZone finds. Errors are 22023.
func ParseZone(s string) (*Zone, error) {
	bad := pgerr.New(pgerrcode.InvalidParameterValue, "invalid value for parameter \"TimeZone\": \"%s\"", s)
	if h, n, _ := scanFloat(s, 64); n == len(s) && n > 0 {
		if math.IsNaN(h) || math.Abs(h) >= zoneHoursEnd {
			return nil, bad.Detail("UTC timezone offset is out of range.")
		}
		return FixedZone(int(h * 3600)), nil
	}
	if z := FindZone(s); z != nil {
		return z, nil
	}
	return nil, bad
}

// FindZone finds a zone by its IANA name in any case or in POSIX's form ("UTC+3", "<+02>-02", "CET-1CEST"); nil when there
// is none.
func FindZone(s string) *Zone {
	if name := zonesByLower()[strings.ToLower(s)]; name != "" {
		if loc, err := time.LoadLocation(name); err == nil {
			return &Zone{Name: name, Loc: loc}
		}
	}
	return posixZone(s)
}

// NamedZone finds a zone by what AT TIME ZONE takes: an abbreviation, or what FindZone finds. Nil when there is none.
func NamedZone(s string) *Zone {
	if east, ok := abbrevs()[strings.ToUpper(s)]; ok {
		return &Zone{Name: strings.ToUpper(s), Loc: time.FixedZone(strings.ToUpper(s), east)}
	}
	return FindZone(s)
}

// constant says whether a zone has had one offset always.
func (z *Zone) constant() bool {
	const months = 12 * 250
	first := AddMonths(0, -months+12*50)
	offset := ZoneOffset(z, first*MicrosPerDay)
	for i := range months {
		if ZoneOffset(z, AddMonths(first, i)*MicrosPerDay) != offset {
			return false
		}
	}
	return true
}

// FixedZone is a zone east of UTC by a number of seconds, named as PostgreSQL names it.
func FixedZone(east int) *Zone {
	sign, abs := "+", east
	posix := "-"
	if east < 0 {
		sign, posix, abs = "-", "+", -east
	}
	hms := string(pad(nil, abs/3600, 2))
	if abs%3600 != 0 {
		hms += ":" + twoDigits(abs/60%60)
	}
	if abs%60 != 0 {
		hms += ":" + twoDigits(abs%60)
	}
	return &Zone{Name: "<" + sign + hms + ">" + posix + hms, Loc: time.FixedZone(sign+hms, east)}
}

func twoDigits(n int) string { return string(pad(nil, n, 2)) }

// The parts of a zone in POSIX's form. Offsets count west of Greenwich.
var (
	posixOffset = regexp.MustCompile(`^(<[^>]*>|[^-+,0-9<]*)([-+]?)([0-9]{1,3})(?::([0-9]{1,2}))?(?::([0-9]{1,2}))?`)
	posixSummer = regexp.MustCompile(`^(<[^>]+>|[^-+,0-9<]+)([-+]?[0-9]{1,3}(:[0-9]{1,2}){0,2})?(,` + posixRule + `,` + posixRule + `)?$`)
)

const posixRule = `(M[0-9]{1,2}\.[1-5]\.[0-6]|J?[0-9]{1,3})(/[-+]?[0-9]{1,3}(:[0-9]{1,2}){0,2})?`

// posixZone reads NAME±hh[:mm], perhaps with a name, an offset and the rules of summer time behind it.
func posixZone(s string) *Zone {
	name := strings.ToUpper(s)
	m := posixOffset.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	h, _ := strconv.Atoi(m[3])
	mi, _ := strconv.Atoi(m[4])
	sec, _ := strconv.Atoi(m[5])
	if h >= zoneHoursEnd || mi > 59 || sec != 0 { // PostgreSQL takes seconds for leap seconds
		return nil
	}
	east := -(h*3600 + mi*60)
	if m[2] == "-" {
		east = -east
	}
	abbrev := strings.Trim(m[1], "<>")
	summer := name[len(m[0]):]
	if summer == "" {
		return &Zone{Name: name, Loc: time.FixedZone(abbrev, east)}
	}
	if !posixSummer.MatchString(summer) {
		return nil
	}
	loc, err := time.LoadLocationFromTZData(name, zoneData(name, abbrev, east))
	if err != nil {
		return nil
	}
	return &Zone{Name: name, Loc: loc}
}

// zoneData is a time zone file (RFC 8536) in which POSIX's form counts for all times: behind one change long ago.
func zoneData(posix, abbrev string, east int) []byte {
	const longAgo = -1 << 40
	head := func(dst []byte, changes, zones, letters uint32) []byte {
		dst = append(append(dst, "TZif2"...), make([]byte, 15+3*4)...)
		dst = binary.BigEndian.AppendUint32(dst, changes)
		dst = binary.BigEndian.AppendUint32(dst, zones)
		return binary.BigEndian.AppendUint32(dst, letters)
	}
	data := head(head(nil, 0, 0, 0), 1, 1, uint32(len(abbrev)+1))
	data = appendInt(data, longAgo, 8)
	data = append(data, 0)
	data = appendInt(data, int64(east), 4)
	data = append(data, 0, 0) // no summer time; the abbreviation begins at 0
	data = append(append(data, abbrev...), 0)
	return append(append(append(data, '\n'), posix...), '\n')
}
