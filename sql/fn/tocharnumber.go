package fn

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// numberTemplate is a template of to_char and to_number for numbers.
type numberTemplate struct {
	places   []numberPlace
	integers int // digits before the point
	decimals int
	fill     bool // not FM
	sign     byte // 'S' anchored, 'M' MI, 'P' PR, 'G' SG, '+' PL; 0: plain
	signLast bool
	currency bool
	ordinal  string
	roman    string
	shift    int // V: digits to multiply by
	exponent bool
	prefix   string
	suffix   string
	zeroFrom int // index of the first 0 among the integer digits, -1
}

// numberPlace is one place of a number: '9' or '0', ',' or 'G' as ',', '.', or 0 for text between digits.
type numberPlace struct {
	kind byte
	text string
}

// parseNumberTemplate reads a template.
func parseNumberTemplate(s string) (numberTemplate, error) {
	t := numberTemplate{fill: true, zeroFrom: -1}
	point := false
	literal := func(text string) {
		if len(t.places) == 0 {
			t.prefix += text
		} else {
			t.suffix += text
		}
	}
	for s != "" {
		upper := strings.ToUpper(s)
		if err := t.check(upper, point); err != nil {
			return t, err
		}
		switch {
		case strings.HasPrefix(upper, "FM"):
			t.fill, s = false, s[2:]
		case strings.HasPrefix(upper, "EEEE"):
			t.exponent, s = true, s[4:]
		case strings.HasPrefix(upper, "RN"):
			t.roman, s = s[:2], s[2:]
		case strings.HasPrefix(upper, "PR"):
			t.sign, s = 'P', s[2:]
		case strings.HasPrefix(upper, "MI"):
			t.sign, t.signLast, s = 'M', len(t.places) > 0, s[2:]
		case strings.HasPrefix(upper, "SG"):
			t.sign, t.signLast, s = 'G', len(t.places) > 0, s[2:]
		case strings.HasPrefix(upper, "PL"):
			t.sign, t.signLast, s = '+', len(t.places) > 0, s[2:]
		case strings.HasPrefix(upper, "TH"):
			t.ordinal, s = s[:2], s[2:]
		case upper[0] == 'S':
			t.sign, t.signLast, s = 'S', len(t.places) > 0, s[1:]
		case upper[0] == 'L':
			t.currency, s = true, s[1:]
		case upper[0] == 'B':
			s = s[1:] // blanks for zero, which PostgreSQL does not make either
		case s[0] == '9' || s[0] == '0':
			t.digit(s[0], point)
			s = s[1:]
		case s[0] == ',' || upper[0] == 'G':
			t.places, s = append(t.places, numberPlace{kind: ','}), s[1:]
		case s[0] == '.' || upper[0] == 'D':
			point = true
			t.places, s = append(t.places, numberPlace{kind: '.'}), s[1:]
		case upper[0] == 'V':
			for _, c := range s[1:] {
				if c == '9' || c == '0' {
					t.shift++
				}
			}
			s = s[1:]
		case s[0] == '"':
			text, rest := quotedText(s[1:])
			literal(text)
			s = rest
		default:
			if strings.HasPrefix(s, `\"`) {
				s = s[1:]
			}
			_, n := firstRune(s)
			literal(s[:n])
			s = s[n:]
		}
	}
	return t, nil
}

// check refuses patterns that cannot stand together, in PostgreSQL's words. The next one is at the front of upper.
func (t *numberTemplate) check(upper string, point bool) error {
	bad := func(format string, args ...any) *pgerr.Error {
		return pgerr.New(pgerrcode.SyntaxError, format, args...)
	}
	has := func(p string) bool { return strings.HasPrefix(upper, p) }
	signed := t.sign != 0 && t.sign != 'P' && t.sign != 'S'
	switch {
	case has("EEEE") && t.exponent:
		return bad(`cannot use "EEEE" twice`)
	case has("EEEE") && (!t.fill || t.sign != 0 || t.roman != "" || t.shift > 0):
		return bad(`"EEEE" is incompatible with other formats`).
			Detail(`"EEEE" may only be used together with digit and decimal point patterns.`)
	case t.exponent && strings.IndexByte("90.,GDSLVBMPR", upper[0]) >= 0:
		return bad(`"EEEE" must be the last pattern used`)
	case t.sign == 'P' && (upper[0] == '9' || upper[0] == '0'):
		return bad("%q must be ahead of %q", upper[:1], "PR")
	case has("PR") && t.sign != 0:
		return bad(`cannot use "PR" and "S"/"PL"/"MI"/"SG" together`)
	case (has("MI") || has("PL") || has("SG")) && t.sign == 'S':
		return bad("cannot use %q and %q together", "S", upper[:2])
	case has("MI") || has("PL") || has("SG"):
		return nil
	case upper[0] == 'S' && t.sign == 'S':
		return bad(`cannot use "S" twice`)
	case upper[0] == 'S' && (signed || t.sign == 'P'):
		return bad(`cannot use "S" and "PL"/"MI"/"SG"/"PR" together`)
	case (upper[0] == '.' || upper[0] == 'D') && point:
		return bad("multiple decimal points")
	case (upper[0] == '.' || upper[0] == 'D') && t.shift > 0, upper[0] == 'V' && point:
		return bad(`cannot use "V" and decimal point together`)
	}
	return nil
}

func (t *numberTemplate) digit(c byte, point bool) {
	if t.suffix != "" {
		t.places = append(t.places, numberPlace{text: t.suffix})
		t.suffix = ""
	}
	t.places = append(t.places, numberPlace{kind: c})
	if point {
		t.decimals++
		return
	}
	if c == '0' && t.zeroFrom < 0 {
		t.zeroFrom = t.integers
	}
	t.integers++
}

// format shows a number given as its sign and its digits, rounded to the template's decimals.
func (t numberTemplate) format(negative bool, integer, decimals string) string {
	if t.roman != "" {
		if negative {
			integer = "0" // which Roman numbers have not either
		}
		return t.formatRoman(integer)
	}
	integer = strings.TrimLeft(integer, "0")
	overflow := len(integer) > t.integers || t.integers == 0
	body := t.body(integer, decimals, overflow)
	s := t.withSign(body, negative)
	if t.ordinal != "" && !negative && t.decimals == 0 && !overflow {
		v, _ := strconv.ParseInt("0"+lastDigits(integer, 3), 10, 64) // digits only
		s += ordinalSuffix(v, t.ordinal)
	}
	return t.prefix + s + t.suffix
}

func lastDigits(s string, n int) string { return s[max(0, len(s)-n):] }

// body writes digits, separators and point without the sign.
func (t numberTemplate) body(integer, decimals string, overflow bool) string {
	var b strings.Builder
	pending := t.integers - len(integer) // integer places without a digit
	place, shown := 0, false
	behind := 0
	point := false
	whole := !t.fill && t.decimals > 0 && strings.Trim(decimals, "0") == "" && !t.zeroBehind()
	for _, p := range t.places {
		switch c := p.kind; {
		case c == 0:
			b.WriteString(p.text)
		case c == '.':
			point = true
			if t.decimals > 0 || overflow {
				b.WriteByte('.')
			}
		case c == ',':
			if shown {
				b.WriteByte(',')
			} else if t.fill {
				b.WriteByte(' ')
			}
		case overflow:
			b.WriteByte('#')
			shown = true
		case point:
			b.WriteByte(decimals[behind])
			behind++
		case place < pending:
			switch {
			case t.zeroFrom >= 0 && place >= t.zeroFrom:
				b.WriteByte('0')
				shown = true
			case place == t.integers-1 && (t.decimals == 0 || whole):
				b.WriteByte('0') // 0 itself
				shown = true
			case t.fill:
				b.WriteByte(' ')
			}
			place++
		default:
			b.WriteByte(integer[place-pending])
			shown = true
			place++
		}
	}
	s := b.String()
	if !t.fill {
		s = t.trimDecimals(s)
	}
	return s
}

// zeroBehind says whether the template has a 0 behind its point.
func (t numberTemplate) zeroBehind() bool {
	point := false
	for _, p := range t.places {
		point = point || p.kind == '.'
		if point && p.kind == '0' {
			return true
		}
	}
	return false
}

// limitDecimals drops the places behind the point that a float has no digits for.
func (t *numberTemplate) limitDecimals(n int) {
	if n >= t.decimals {
		return
	}
	point, behind := false, 0
	t.places = slices.DeleteFunc(t.places, func(p numberPlace) bool {
		point = point || p.kind == '.'
		if point && (p.kind == '9' || p.kind == '0') {
			behind++
			return behind > n
		}
		return false
	})
	t.decimals = n
}

// trimDecimals drops zeros that FM leaves out: those behind the last 0 of the template.
func (t numberTemplate) trimDecimals(s string) string {
	i := strings.IndexByte(s, '.')
	if i < 0 {
		return s
	}
	keep := 0
	at := 0
	point := false
	for _, p := range t.places {
		c := p.kind
		if c == '.' {
			point = true
			continue
		}
		if point && (c == '9' || c == '0') {
			at++
			if c == '0' {
				keep = at
			}
		}
	}
	for len(s) > i+1+keep && s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	return s
}

// withSign puts the sign where the template wants it.
func (t numberTemplate) withSign(body string, negative bool) string {
	digits := strings.TrimLeft(body, " ")
	blanks := body[:len(body)-len(digits)]
	mark := "+"
	if negative {
		mark = "-"
	}
	currency := ""
	if t.currency {
		currency = " "
	}
	switch t.sign {
	case 'S', 'G':
		if t.signLast {
			return currency + body + mark
		}
		if t.sign == 'G' {
			return mark + currency + body
		}
		return blanks + mark + currency + digits
	case 'M':
		if !negative {
			mark = " "
			if !t.fill {
				mark = ""
			}
		}
		if t.signLast {
			return currency + body + mark
		}
		return mark + currency + body
	case '+':
		if negative && !t.signLast && t.fill {
			return " " + currency + blanks + "-" + digits
		}
		if negative {
			return currency + blanks + "-" + digits
		}
		if t.signLast {
			return " " + currency + body + "+"
		}
		return "+" + currency + " " + body
	case 'P':
		if negative {
			return blanks + "<" + digits + ">"
		}
		if t.fill {
			return " " + body + " "
		}
		return body
	}
	if negative {
		return currency + blanks + "-" + digits
	}
	if t.fill {
		return " " + currency + body
	}
	return currency + body
}

var romanDigits = []struct {
	value int
	text  string
}{
	{1000, "M"},
	{900, "CM"},
	{500, "D"},
	{400, "CD"},
	{100, "C"},
	{90, "XC"},
	{50, "L"},
	{40, "XL"},
	{10, "X"},
	{9, "IX"},
	{5, "V"},
	{4, "IV"},
	{1, "I"},
}

// romanWidth is the width of a Roman number in a template.
const romanWidth = 15

func (t numberTemplate) formatRoman(integer string) string {
	v, err := strconv.Atoi("0" + integer)
	if err != nil || v < 1 || v > 3999 {
		return strings.Repeat("#", romanWidth)
	}
	var b strings.Builder
	for _, d := range romanDigits {
		for v >= d.value {
			b.WriteString(d.text)
			v -= d.value
		}
	}
	s := b.String()
	if t.roman == "rn" {
		s = strings.ToLower(s)
	}
	if t.fill {
		s = strings.Repeat(" ", romanWidth-len(s)) + s
	}
	return s
}

// number shows a number: round gives it in plain digits with a count of decimals, scientific with an exponent, and
// times as round does, but multiplied by a power of ten.
func (t numberTemplate) number(round func(decimals int) string, scientific func(decimals int) string, times func(shift int) func(int) string) string {
	if len(t.places) == 0 && t.roman == "" {
		return t.prefix
	}
	if t.exponent {
		s := scientific(t.decimals)
		if !strings.HasPrefix(s, "-") {
			s = " " + s
		}
		return s
	}
	if t.shift > 0 {
		round = times(t.shift)
	}
	s := round(t.decimals)
	negative := strings.HasPrefix(s, "-")
	integer, decimals, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return t.format(negative, integer, decimals+strings.Repeat("0", max(0, t.decimals-len(decimals))))
}

// parseNumber is to_number: the digits of the text, with what the template has between them passed
// over. The result is the text of a number.
func parseNumber(s, template string) (string, error) {
	t, err := parseNumberTemplate(template)
	if err != nil {
		return "", err
	}
	if t.exponent || t.roman != "" {
		name := "EEEE"
		if t.roman != "" {
			name = t.roman
		}
		return "", pgerr.New(pgerrcode.FeatureNotSupported, "%q not supported for input", name)
	}
	negative := strings.ContainsAny(s, "-<")
	var b strings.Builder
	point, decimals, integers := false, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if point && decimals >= t.decimals || !point && integers >= t.integers {
				continue
			}
			if point {
				decimals++
			} else {
				integers++
			}
			b.WriteByte(c)
		case c == '.' && !point && t.decimals > 0:
			point = true
			b.WriteByte('.')
		}
	}
	digits := b.String()
	if strings.Trim(digits, ".") == "" {
		return "", pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type %s: %q", "numeric", " ")
	}
	digits = strings.TrimSuffix(digits, ".")
	if strings.HasPrefix(digits, ".") {
		digits = "0" + digits
	}
	if negative {
		digits = "-" + digits
	}
	return digits, nil
}
