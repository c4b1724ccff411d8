package fn

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// Regular expressions are PostgreSQL's advanced ones, translated for Go's engine, which takes time
// linear in the input. What that engine cannot do, lookaround and back references, is 0A000.

// regexOptions are the flags of a regexp_* function or of a pattern's own prefix.
type regexOptions struct {
	fold, expanded, literal, global bool
	newlineStops, newlineAnchors    bool // . and [^x] stop at newlines; ^ and $ match at them
}

// parseRegexFlags reads a flags argument.
func parseRegexFlags(flags string, allowGlobal bool) (regexOptions, error) {
	var o regexOptions
	for _, c := range flags {
		switch c {
		case 'g':
			if !allowGlobal {
				return o, errParameter("%s does not support the \"global\" option", "this function")
			}
			o.global = true
		case 'i':
			o.fold = true
		case 'c':
			o.fold = false
		case 'n', 'm':
			o.newlineStops, o.newlineAnchors = true, true
		case 'p':
			o.newlineStops, o.newlineAnchors = true, false
		case 'w':
			o.newlineStops, o.newlineAnchors = false, true
		case 's':
			o.newlineStops, o.newlineAnchors = false, false
		case 'x':
			o.expanded = true
		case 't':
			o.expanded = false
		case 'q':
			o.literal = true
		case 'e', 'b':
			return o, pgerr.Unsupported("basic syntax of regular expressions")
		default:
			return o, errParameter("invalid regular expression option: %q", string(c))
		}
	}
	return o, nil
}

func errRegex(format string, args ...any) error {
	return pgerr.New(pgerrcode.InvalidRegularExpression, "invalid regular expression: "+format, args...)
}

// regexRepeatMax is PostgreSQL's bound of {m,n}.
const regexRepeatMax = 255

// compileRegex translates and compiles a pattern.
func compileRegex(pattern string, o regexOptions) (*regexp.Regexp, error) {
	switch {
	case strings.HasPrefix(pattern, "***="):
		pattern, o.literal = pattern[4:], true
	case strings.HasPrefix(pattern, "***:"):
		pattern = pattern[4:]
	}
	if !o.literal && len(pattern) > 2 && strings.HasPrefix(pattern, "(?") && pattern[2] >= 'a' && pattern[2] <= 'z' {
		end := strings.IndexByte(pattern, ')')
		if end < 0 || strings.Trim(pattern[2:end], "bceimnpqstwx") != "" {
			return nil, errRegex("invalid embedded option")
		}
		p, err := parseRegexFlags(pattern[2:end], false)
		if err != nil {
			return nil, err
		}
		p.fold = p.fold || o.fold && !strings.Contains(pattern[2:end], "c")
		p.newlineStops, p.newlineAnchors = p.newlineStops || o.newlineStops, p.newlineAnchors || o.newlineAnchors
		p.global, pattern, o = o.global, pattern[end+1:], p
	}
	t := regexTranslator{src: pattern, o: o}
	if o.literal {
		t.out.WriteString(regexp.QuoteMeta(pattern))
	} else if err := t.translate(); err != nil {
		return nil, err
	}
	flags := ""
	if o.fold {
		flags += "i"
	}
	if o.newlineAnchors {
		flags += "m"
	}
	if !o.newlineStops {
		flags += "s"
	}
	expr := t.out.String()
	if flags != "" {
		expr = "(?" + flags + ":" + expr + ")"
	}
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, errRegex("%s", regexProblem(err))
	}
	if !t.lazy {
		re.Longest()
	}
	return re, nil
}

// regexProblem is PostgreSQL's phrase for what is wrong with a pattern.
func regexProblem(err error) string {
	text := err.Error()
	for _, p := range []struct{ ours, theirs string }{
		{"missing closing ]", "brackets [] not balanced"},
		{"missing closing )", "parentheses () not balanced"},
		{"unexpected )", "parentheses () not balanced"},
		{"missing argument to repetition", "quantifier operand invalid"},
		{"invalid nested repetition", "quantifier operand invalid"},
		{"invalid character class range", "invalid character range"},
		{"invalid repeat count", "invalid repetition count(s)"},
		{"trailing backslash", "invalid escape \\ sequence"},
		{"invalid escape", "invalid escape \\ sequence"},
	} {
		if strings.Contains(text, p.ours) {
			return p.theirs
		}
	}
	return text
}

// regexTranslator writes one pattern in Go's syntax.
type regexTranslator struct {
	src  string
	o    regexOptions
	pos  int
	out  strings.Builder
	lazy bool
}

func (t *regexTranslator) translate() error {
	for t.pos < len(t.src) {
		c := t.src[t.pos]
		switch {
		case c == '\\':
			if err := t.escape(); err != nil {
				return err
			}
		case c == '[':
			if err := t.bracket(); err != nil {
				return err
			}
		case c == '(':
			if err := t.open(); err != nil {
				return err
			}
		case c == '{':
			if err := t.bounds(); err != nil {
				return err
			}
		case c == '*' || c == '+' || c == '?':
			t.quantifier(string(c))
		case c == '$' && !t.o.newlineAnchors:
			t.out.WriteString(`\z`)
			t.pos++
		case t.o.expanded && (c == ' ' || c == '\t' || c == '\n' || c == '\r'):
			t.pos++
		case t.o.expanded && c == '#':
			for t.pos < len(t.src) && t.src[t.pos] != '\n' {
				t.pos++
			}
		default:
			t.out.WriteByte(c)
			t.pos++
		}
	}
	return nil
}

// quantifier writes a quantifier and the ? that makes it lazy.
func (t *regexTranslator) quantifier(q string) {
	t.out.WriteString(q)
	t.pos++
	if t.pos < len(t.src) && t.src[t.pos] == '?' {
		t.lazy = true
		t.out.WriteByte('?')
		t.pos++
	}
}

func (t *regexTranslator) open() error {
	rest := t.src[t.pos:]
	switch {
	case strings.HasPrefix(rest, "(?:"):
		t.out.WriteString("(?:")
		t.pos += 3
	case strings.HasPrefix(rest, "(?=") || strings.HasPrefix(rest, "(?!") || strings.HasPrefix(rest, "(?<"):
		return pgerr.Unsupported("lookaround in regular expressions")
	case strings.HasPrefix(rest, "(?#"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return errRegex("parentheses () not balanced")
		}
		t.pos += end + 1
	case strings.HasPrefix(rest, "(?"):
		return errRegex("quantifier operand invalid")
	default:
		t.out.WriteByte('(')
		t.pos++
	}
	return nil
}

// bounds reads {m}, {m,} or {m,n}; a brace that no digit follows is a plain character.
func (t *regexTranslator) bounds() error {
	rest := t.src[t.pos+1:]
	if rest == "" || rest[0] < '0' || rest[0] > '9' {
		t.out.WriteString(`\{`)
		t.pos++
		return nil
	}
	end := strings.IndexByte(rest, '}')
	if end < 0 {
		return errRegex("braces {} not balanced")
	}
	low, high, ranged := strings.Cut(rest[:end], ",")
	m, err := strconv.Atoi(low)
	n := m
	if err == nil && ranged && high != "" {
		n, err = strconv.Atoi(high)
	}
	if err != nil || m > regexRepeatMax || n > regexRepeatMax || n < m {
		return errRegex("invalid repetition count(s)")
	}
	t.pos += end + 1
	t.quantifier("{" + rest[:end] + "}")
	return nil
}

// wordClass are the characters of \w.
const wordClass = `\pL\pN\pM_`

// escape translates a backslash and what follows it outside brackets.
func (t *regexTranslator) escape() error {
	if t.pos+1 == len(t.src) {
		return errRegex("invalid escape \\ sequence")
	}
	c := t.src[t.pos+1]
	t.pos += 2
	switch c {
	case 'w':
		t.out.WriteString("[" + wordClass + "]")
	case 'W':
		t.out.WriteString("[^" + wordClass + "]")
	case 'y', 'm', 'M':
		// A word's beginning and end are both boundaries, and what stands beside them tells which.
		t.out.WriteString(`\b`)
	case 'Y':
		t.out.WriteString(`\B`)
	case 'Z':
		t.out.WriteString(`\z`)
	case 'A', 'd', 'D', 's', 'S':
		t.out.WriteString(`\` + string(c))
	default:
		if c >= '1' && c <= '9' {
			return pgerr.Unsupported("back reference in regular expressions")
		}
		r, err := t.charEscape(c)
		if err != nil {
			return err
		}
		t.out.WriteString(regexp.QuoteMeta(string(r)))
	}
	return nil
}

// charEscape reads an escape that stands for one character; t.pos is behind its letter.
func (t *regexTranslator) charEscape(c byte) (rune, error) {
	hex := func(digits int) (rune, error) {
		if t.pos+digits > len(t.src) {
			return 0, errRegex("invalid escape \\ sequence")
		}
		v, err := strconv.ParseUint(t.src[t.pos:t.pos+digits], 16, 32)
		if err != nil || v > utf8.MaxRune {
			return 0, errRegex("invalid escape \\ sequence")
		}
		t.pos += digits
		return rune(v), nil
	}
	switch c {
	case 'a':
		return '\a', nil
	case 'b':
		return '\b', nil
	case 'B':
		return '\\', nil
	case 'e':
		return 27, nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'v':
		return '\v', nil
	case '0':
		return 0, nil
	case 'u':
		return hex(4)
	case 'U':
		return hex(8)
	case 'x':
		return hex(2)
	}
	if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
		return 0, errRegex("invalid escape \\ sequence")
	}
	if c < utf8.RuneSelf {
		return rune(c), nil
	}
	r, n := utf8.DecodeRuneInString(t.src[t.pos-1:])
	t.pos += n - 1
	return r, nil
}

// bracket translates a bracket expression.
func (t *regexTranslator) bracket() error {
	rest := t.src[t.pos:]
	if strings.HasPrefix(rest, "[[:<:]]") || strings.HasPrefix(rest, "[[:>:]]") {
		t.out.WriteString(`\b`)
		t.pos += len("[[:<:]]")
		return nil
	}
	t.out.WriteByte('[')
	t.pos++
	negated := t.pos < len(t.src) && t.src[t.pos] == '^'
	if negated {
		t.out.WriteByte('^')
		t.pos++
		if t.o.newlineStops {
			t.out.WriteString(`\n`)
		}
	}
	for first := true; ; first = false {
		if t.pos >= len(t.src) {
			return errRegex("brackets [] not balanced")
		}
		c := t.src[t.pos]
		rest := t.src[t.pos:]
		switch {
		case c == ']' && !first:
			t.out.WriteByte(']')
			t.pos++
			return nil
		case strings.HasPrefix(rest, "[:"):
			end := strings.Index(rest, ":]")
			if end < 0 {
				return errRegex("brackets [] not balanced")
			}
			class := regexClasses[rest[2:end]]
			if class == "" {
				return errRegex("invalid character class")
			}
			t.out.WriteString(class)
			t.pos += end + 2
		case strings.HasPrefix(rest, "[.") || strings.HasPrefix(rest, "[="):
			end := strings.Index(rest[2:], rest[1:2]+"]")
			if end != 1 {
				return errRegex("invalid collating element")
			}
			t.out.WriteString(regexp.QuoteMeta(rest[2:3]))
			t.pos += 5
		case c == '\\':
			if err := t.bracketEscape(); err != nil {
				return err
			}
		case c == '[' || c == ']' || c == '^' || c == '&' || c == '~':
			t.out.WriteString(`\` + string(c))
			t.pos++
		default:
			t.out.WriteByte(c)
			t.pos++
		}
	}
}

// regexClasses are the named character classes.
var regexClasses = map[string]string{
	"alpha": `\pL`, "alnum": `\pL\pN`, "upper": `\p{Lu}`, "lower": `\p{Ll}`, "word": wordClass,
	"digit": `[:digit:]`, "space": `[:space:]`, "blank": `[:blank:]`, "punct": `[:punct:]`,
	"cntrl": `[:cntrl:]`, "xdigit": `[:xdigit:]`, "graph": `[:graph:]`, "print": `[:print:]`,
}

func (t *regexTranslator) bracketEscape() error {
	if t.pos+1 == len(t.src) {
		return errRegex("invalid escape \\ sequence")
	}
	c := t.src[t.pos+1]
	t.pos += 2
	switch c {
	case 'w':
		t.out.WriteString(wordClass)
		return nil
	case 'd', 's':
		t.out.WriteString(`\` + string(c))
		return nil
	}
	r, err := t.charEscape(c)
	if err != nil {
		return err
	}
	if strings.ContainsRune(`[]^-\`, r) {
		t.out.WriteByte('\\')
	}
	t.out.WriteRune(r)
	return nil
}
