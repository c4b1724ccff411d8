package types

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// Limits of JSON text.
const (
	jsonDepthMax        = 10000 // of nesting, so that recursion is bounded: as encoding/json has it
	jsonContextBytesMax = 50    // of a line, shown in an error's context
)

// jsonToken is the kind of a token: its first byte for punctuation, a letter for the rest.
type jsonToken byte

const (
	jsonEnd    jsonToken = 0
	jsonString jsonToken = '"'
	jsonNumber jsonToken = '1'
	jsonTrue   jsonToken = 't'
	jsonFalse  jsonToken = 'f'
	jsonNull   jsonToken = 'n'
)

// jsonParser checks JSON text and, when canonical is set, prints it as jsonb does on the way.
type jsonParser struct {
	s          string
	tok        jsonToken
	start, end int // of the token
	depth      int
	canonical  bool
	out        []byte
	text       []byte // canonical: the value of the string at hand
}

// parseJSON reads the whole text.
func (p *jsonParser) parseJSON() error {
	if err := p.next(); err != nil {
		return err
	}
	if err := p.value(); err != nil {
		return err
	}
	if p.tok != jsonEnd {
		return p.expected("end of input")
	}
	return nil
}

// fail makes an error about the token, with PostgreSQL's detail and context.
func (p *jsonParser) fail(detail string, args ...any) *pgerr.Error {
	e := pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type json").Detail(detail, args...)
	e.Where = p.context()
	return e
}

// context shows the line up to the token that is wrong.
func (p *jsonParser) context() string {
	lineStart := strings.LastIndexByte(p.s[:p.start], '\n') + 1
	from := lineStart
	for p.end-from >= jsonContextBytesMax {
		_, size := utf8.DecodeRuneInString(p.s[from:])
		from += size
	}
	if from-lineStart <= 3 {
		from = lineStart
	}
	var b strings.Builder
	b.WriteString("JSON data, line ")
	b.WriteString(strconv.Itoa(strings.Count(p.s[:p.start], "\n") + 1))
	b.WriteString(": ")
	if from > lineStart {
		b.WriteString("...")
	}
	b.WriteString(p.s[from:p.end])
	if p.end < len(p.s) && p.s[p.end] != '\n' && p.s[p.end] != '\r' {
		b.WriteString("...")
	}
	return b.String()
}

// expected is the error of a token at a place where something else must stand.
func (p *jsonParser) expected(what string) error {
	if p.tok == jsonEnd {
		return p.fail("The input string ended unexpectedly.")
	}
	return p.fail("Expected %s, but found \"%s\".", what, p.s[p.start:p.end])
}

func (p *jsonParser) invalid() error {
	return p.fail("Token \"%s\" is invalid.", p.s[p.start:p.end])
}

// next reads the next token.
func (p *jsonParser) next() error {
	i := p.end
	for i < len(p.s) && (p.s[i] == ' ' || p.s[i] == '\t' || p.s[i] == '\n' || p.s[i] == '\r') {
		i++
	}
	p.start, p.end = i, i
	if i == len(p.s) {
		p.tok = jsonEnd
		return nil
	}
	switch c := p.s[i]; {
	case strings.IndexByte("{}[],:", c) >= 0:
		p.tok, p.end = jsonToken(c), i+1
		return nil
	case c == '"':
		p.tok = jsonString
		return p.lexString()
	case c == '-' || isDigit(c):
		p.tok = jsonNumber
		return p.lexNumber()
	}
	p.end = p.wordEnd(i)
	switch p.s[p.start:p.end] {
	case "true":
		p.tok = jsonTrue
	case "false":
		p.tok = jsonFalse
	case "null":
		p.tok = jsonNull
	default:
		if p.end == i {
			p.end = i + 1
		}
		return p.invalid()
	}
	return nil
}

// wordEnd is where the letters, digits, underscores and non-ASCII bytes from i on end.
func (p *jsonParser) wordEnd(i int) int {
	for i < len(p.s) {
		c := p.s[i]
		if !isLetter(c|0x20) && !isDigit(c) && c != '_' && c < 0x80 {
			break
		}
		i++
	}
	return i
}

// lexNumber reads -? (0 | [1-9] digits) [. digits] [e sign digits], and the word that spoils it.
func (p *jsonParser) lexNumber() error {
	i, ok := p.start, true
	digits := func() {
		from := i
		for i < len(p.s) && isDigit(p.s[i]) {
			i++
		}
		ok = ok && i > from
	}
	if p.s[i] == '-' {
		i++
	}
	if i < len(p.s) && p.s[i] == '0' {
		i++
	} else {
		digits()
	}
	if i < len(p.s) && p.s[i] == '.' {
		i++
		digits()
	}
	if i < len(p.s) && p.s[i]|0x20 == 'e' {
		i++
		if i < len(p.s) && (p.s[i] == '+' || p.s[i] == '-') {
			i++
		}
		digits()
	}
	p.end = p.wordEnd(i)
	if !ok || p.end > i {
		return p.invalid()
	}
	return nil
}

// lexString reads a string; its value goes to p.text when the canonical form is wanted.
func (p *jsonParser) lexString() error {
	p.text = p.text[:0]
	i := p.start + 1
	high := rune(-1) // of a surrogate pair, waiting for its low half
	for i < len(p.s) {
		c := p.s[i]
		if c == '\\' {
			n, r, err := p.escape(i)
			if err != nil {
				return err
			}
			i += n
			if p.canonical {
				if high, err = p.addRune(r, high, n == 6, i); err != nil {
					return err
				}
			}
			continue
		}
		if high >= 0 {
			return p.lowSurrogate(i)
		}
		switch {
		case c == '"':
			p.end = i + 1
			return nil
		case c < 0x20:
			p.end = i
			return p.fail("Character with value 0x%02x must be escaped.", c)
		}
		if p.canonical {
			p.text = append(p.text, c)
		}
		i++
	}
	p.end = len(p.s)
	return p.invalid()
}

// jsonEscapes are the values of the letters that may stand behind a backslash.
var jsonEscapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads the escape at i and returns its length and value.
func (p *jsonParser) escape(i int) (n int, r rune, err error) {
	if i+1 >= len(p.s) {
		p.end = len(p.s)
		return 0, 0, p.invalid()
	}
	c := p.s[i+1]
	if v := jsonEscapes[c]; v != 0 {
		return 2, rune(v), nil
	}
	if c != 'u' {
		_, size := utf8.DecodeRuneInString(p.s[i+1:])
		p.start, p.end = i+1, i+1+size
		return 0, 0, p.fail("Escape sequence \"\\%s\" is invalid.", p.s[p.start:p.end])
	}
	for k := i + 2; k < i+6; k++ {
		if k >= len(p.s) {
			p.end = len(p.s)
			return 0, 0, p.invalid()
		}
		v := hexDigit(p.s[k])
		if v < 0 {
			_, size := utf8.DecodeRuneInString(p.s[k:])
			p.end = k + size
			return 0, 0, p.fail("\"\\u\" must be followed by four hexadecimal digits.")
		}
		r = r<<4 | rune(v)
	}
	return 6, r, nil
}

// addRune adds an escape's value to the text. Halves of surrogate pairs are joined; the returned high half
// waits for the next escape. Only \u escapes can be halves.
func (p *jsonParser) addRune(r, high rune, unicode bool, end int) (rune, error) {
	switch {
	case unicode && r >= 0xd800 && r < 0xdc00:
		if high >= 0 {
			p.end = end
			return -1, p.fail("Unicode high surrogate must not follow a high surrogate.")
		}
		return r, nil
	case unicode && r >= 0xdc00 && r < 0xe000:
		if high < 0 {
			return -1, p.lowSurrogate(end)
		}
		r = (high-0xd800)<<10 + (r - 0xdc00) + 0x10000
	case high >= 0:
		return -1, p.lowSurrogate(end)
	}
	if r == 0 {
		p.end = end
		e := pgerr.New(pgerrcode.UntranslatableCharacter, "unsupported Unicode escape sequence").
			Detail("\\u0000 cannot be converted to text.")
		e.Where = p.context()
		return -1, e
	}
	p.text = utf8.AppendRune(p.text, r)
	return -1, nil
}

func (p *jsonParser) lowSurrogate(end int) error {
	p.end = end
	return p.fail("Unicode low surrogate must follow a high surrogate.")
}

// value reads one value and the token behind it.
func (p *jsonParser) value() error {
	switch p.tok {
	case '{':
		return p.nested(p.object)
	case '[':
		return p.nested(p.array)
	case jsonString:
		if p.canonical {
			p.out = AppendJSONString(p.out, string(p.text))
		}
	case jsonNumber:
		if p.canonical {
			n, err := NumericParse(p.s[p.start:p.end])
			if err != nil {
				return err
			}
			p.out = append(p.out, n...)
		}
	case jsonTrue, jsonFalse, jsonNull:
		if p.canonical {
			p.out = append(p.out, p.s[p.start:p.end]...)
		}
	default:
		return p.expected("JSON value")
	}
	return p.next()
}

func (p *jsonParser) nested(read func() error) error {
	if p.depth++; p.depth > jsonDepthMax {
		return pgerr.New(pgerrcode.StatementTooComplex, "stack depth limit exceeded")
	}
	err := read()
	p.depth--
	return err
}

func (p *jsonParser) array() error {
	p.out = append(p.out, '[')
	if err := p.next(); err != nil {
		return err
	}
	for n := 0; p.tok != ']' || n > 0; n++ {
		if n > 0 {
			p.out = append(p.out, ", "...)
		}
		if err := p.value(); err != nil {
			return err
		}
		if p.tok == ']' {
			break
		}
		if p.tok != ',' {
			return p.expected("\",\" or \"]\"")
		}
		if err := p.next(); err != nil {
			return err
		}
	}
	p.out = append(p.out, ']')
	return p.next()
}

// jsonMember is a member of an object; its canonical value is out[from:to].
type jsonMember struct {
	key      string
	from, to int
}

func (p *jsonParser) object() error {
	var members []jsonMember
	begin := len(p.out)
	if err := p.next(); err != nil {
		return err
	}
	for p.tok != '}' || len(members) > 0 {
		m, err := p.member(len(members) == 0)
		if err != nil {
			return err
		}
		members = append(members, m)
		if p.tok == '}' {
			break
		}
		if p.tok != ',' {
			return p.expected("\",\" or \"}\"")
		}
		if err := p.next(); err != nil {
			return err
		}
	}
	if p.canonical {
		p.arrange(begin, members)
	}
	return p.next()
}

func (p *jsonParser) member(first bool) (m jsonMember, err error) {
	if p.tok != jsonString {
		if first {
			return m, p.expected("string or \"}\"")
		}
		return m, p.expected("string")
	}
	m.key = string(p.text)
	if err := p.next(); err != nil {
		return m, err
	}
	if p.tok != ':' {
		return m, p.expected("\":\"")
	}
	if err := p.next(); err != nil {
		return m, err
	}
	m.from = len(p.out)
	err = p.value()
	m.to = len(p.out)
	return m, err
}

// arrange rewrites the values in out[begin:] as an object in jsonb's order of keys; of equal keys the
// last one stays.
func (p *jsonParser) arrange(begin int, members []jsonMember) {
	values := append([]byte(nil), p.out[begin:]...)
	slices.SortStableFunc(members, func(a, b jsonMember) int { return compareJSONKeys(a.key, b.key) })
	p.out = append(p.out[:begin], '{')
	written := 0
	for i, m := range members {
		if i+1 < len(members) && members[i+1].key == m.key {
			continue
		}
		if written > 0 {
			p.out = append(p.out, ", "...)
		}
		p.out = append(AppendJSONString(p.out, m.key), ": "...)
		p.out = append(p.out, values[m.from-begin:m.to-begin]...)
		written++
	}
	p.out = append(p.out, '}')
}

// compareJSONKeys is the order of keys within a jsonb object: by length, then bytewise.
func compareJSONKeys(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
