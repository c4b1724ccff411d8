package settings

import (
	"math"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// unitScale gives, for each base unit, the accepted units in multiples of it, largest first.
var unitScale = map[string][]unit{
	"ms":  {{"d", 86400000}, {"h", 3600000}, {"min", 60000}, {"s", 1000}, {"ms", 1}, {"us", 0.001}},
	"s":   {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}, {"ms", 0.001}, {"us", 0.000001}},
	"min": {{"d", 1440}, {"h", 60}, {"min", 1}, {"s", 1.0 / 60}, {"ms", 1.0 / 60000}},
	"B":   {{"TB", 1 << 40}, {"GB", 1 << 30}, {"MB", 1 << 20}, {"kB", 1 << 10}, {"B", 1}},
	"kB":  {{"TB", 1 << 30}, {"GB", 1 << 20}, {"MB", 1 << 10}, {"kB", 1}, {"B", 1.0 / 1024}},
	"8kB": {{"TB", 1 << 27}, {"GB", 1 << 17}, {"MB", 128}, {"kB", 0.125}, {"B", 1.0 / 8192}},
	"MB":  {{"TB", 1 << 20}, {"GB", 1 << 10}, {"MB", 1}, {"kB", 1.0 / 1024}, {"B", 1.0 / (1 << 20)}},
}

type unit struct {
	name string
	mul  float64
}

// Parse checks v against the definition and returns its canonical form: booleans as on/off, numbers
// in the base unit. Errors are 22023.
func (d *Def) Parse(v string) (string, error) {
	var out string
	var err error
	switch d.Kind {
	case Bool:
		b, ok := parseBool(v)
		if !ok {
			return "", pgerr.New(pgerrcode.InvalidParameterValue, "parameter %q requires a Boolean value", d.Name)
		}
		out = map[bool]string{true: "on", false: "off"}[b]
	case Int, Real:
		out, err = d.parseNumber(v)
	case Enum:
		out, err = d.parseEnum(v)
	default:
		out = v
	}
	if err == nil && d.Check != nil {
		out, err = d.Check(out)
	}
	return out, err
}

// DefaultWord stands for the default where a value is wanted.
const DefaultWord = "default"

// parseBool accepts what PostgreSQL does: unambiguous prefixes of true, false, yes, no; on, off; 1, 0.
func parseBool(v string) (val, ok bool) {
	s := strings.ToLower(strings.TrimSpace(v))
	if s == "" {
		return false, false
	}
	switch {
	case s == "1" || s == "on" || strings.HasPrefix("true", s) || strings.HasPrefix("yes", s):
		return true, true
	case s == "0" || s == "of" || s == "off" || strings.HasPrefix("false", s) || strings.HasPrefix("no", s):
		return false, true
	}
	return false, false
}

func (d *Def) parseEnum(v string) (string, error) {
	for _, e := range d.Enum {
		if strings.EqualFold(e, v) {
			return e, nil
		}
	}
	// Booleans stand for on and off where the enumeration has those words.
	if b, ok := parseBool(v); ok {
		for _, e := range d.Enum {
			if (b && e == "on") || (!b && e == "off") {
				return e, nil
			}
		}
	}
	return "", invalid(strings.ToLower(d.Name), v).Hint("Available values: %s.", strings.Join(d.Enum, ", "))
}

func (d *Def) parseNumber(v string) (string, error) {
	s := strings.TrimSpace(v)
	i := len(s)
	for i > 0 && (s[i-1] >= 'a' && s[i-1] <= 'z' || s[i-1] >= 'A' && s[i-1] <= 'Z') {
		i--
	}
	num, suffix := strings.TrimSpace(s[:i]), s[i:]
	if _, err := strconv.ParseFloat(s, 64); err == nil && d.Kind == Real { // also a word, as infinity
		num, suffix = s, ""
	}
	if num == "" || (suffix != "" && d.Unit == "") {
		return "", invalid(d.Name, v)
	}
	x, ok := d.readNumber(num)
	if !ok {
		return "", invalid(d.Name, v)
	}
	if suffix != "" {
		if x, ok = inBaseUnit(d.Unit, x, suffix); !ok {
			return "", invalid(d.Name, v).Hint("Valid units for this parameter are %s.", validUnits(d.Unit))
		}
	}
	if d.Kind == Int {
		if x = math.RoundToEven(x); x > math.MaxInt32 || x < math.MinInt32 {
			return "", invalid(d.Name, v).Hint("Value exceeds integer range.")
		}
	}
	if math.IsNaN(x) {
		return "", invalid(d.Name, v)
	}
	if x < d.Min || x > d.Max {
		return "", pgerr.New(pgerrcode.InvalidParameterValue, "%s%s is outside the valid range for parameter %q (%s .. %s)",
			Bound(x), unitSuffix(d.Unit), d.Name, Bound(d.Min), Bound(d.Max))
	}
	return d.number(x), nil
}

// ParseBytes reads a size as settings do: a number with B, kB, MB, GB or TB, or of bytes.
func ParseBytes(name, v string) (int64, error) {
	d := Def{Name: name, Kind: Real, Unit: "B", Max: 1 << 60} // whole settings are of 32 bits
	s, err := d.parseNumber(v)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseFloat(s, 64)
	return int64(n), err
}

// readNumber reads a number as PostgreSQL does: a whole one also in octal and hexadecimal.
func (d *Def) readNumber(num string) (float64, bool) {
	if d.Kind == Int && !strings.Contains(num, "_") {
		if n, err := strconv.ParseInt(num, 0, 64); err == nil {
			return float64(n), true
		}
	}
	x, err := strconv.ParseFloat(num, 64)
	return x, err == nil
}

func (d *Def) number(x float64) string {
	if d.Kind == Int {
		return strconv.FormatInt(int64(x), 10)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Bound prints a bound of a setting as C's %g does, whole numbers in full.
func Bound(x float64) string {
	switch {
	case math.IsInf(x, 0):
		return strings.TrimPrefix(strconv.FormatFloat(x, 'g', -1, 64)+"inity", "+")
	case x == math.Trunc(x) && math.Abs(x) <= math.MaxUint32:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

func unitSuffix(u string) string {
	if u == "" {
		return ""
	}
	return " " + u
}

// inBaseUnit converts a number of some unit, rounded to a whole number of the next smaller one.
func inBaseUnit(base string, x float64, name string) (float64, bool) {
	scale := unitScale[base]
	for i, u := range scale {
		if u.name != name {
			continue
		}
		x *= u.mul
		if i+1 < len(scale) {
			x = math.RoundToEven(x/scale[i+1].mul) * scale[i+1].mul
		}
		return x, true
	}
	return 0, false
}

func validUnits(base string) string {
	us := unitScale[base]
	names := make([]string, 0, len(us))
	for i := len(us) - 1; i >= 0; i-- {
		names = append(names, `"`+us[i].name+`"`)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + ", and " + names[len(names)-1]
}

// Show prints a canonical value as SHOW does: numbers with the largest unit that divides them.
func (d *Def) Show(v string) string {
	if d.Unit == "" || (d.Kind != Int && d.Kind != Real) {
		return v
	}
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || x <= 0 {
		return v
	}
	for _, u := range unitScale[d.Unit] {
		q := x / u.mul
		if u.mul < 1 && d.Kind == Int {
			break
		}
		if q >= 1 && q == math.Trunc(q) {
			return strconv.FormatFloat(q, 'f', -1, 64) + u.name
		}
	}
	return d.showSmall(x)
}

// showSmall prints a value that no unit above the base divides: in the base unit, or (8kB) in kB.
func (d *Def) showSmall(x float64) string {
	if d.Unit == "8kB" {
		return strconv.FormatFloat(x*8, 'f', -1, 64) + "kB"
	}
	return strconv.FormatFloat(x, 'g', -1, 64) + d.Unit
}
