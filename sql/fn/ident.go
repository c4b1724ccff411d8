package fn

import (
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// parseIdent is parse_ident: the parts of a qualified name, folded to lower case where not quoted.
func parseIdent(_ *Call, args []types.Datum) (types.Datum, error) {
	s := strings.TrimSpace(args[0].S)
	bad := func(detail string) error {
		err := errParameter("string is not a valid identifier: %q", args[0].S)
		if detail != "" {
			return err.Detail("%s", detail)
		}
		return err
	}
	var parts []types.Datum
	for {
		part, rest, ok := cutIdent(s)
		if !ok {
			return types.Datum{}, bad(identDetail(s))
		}
		parts = append(parts, types.StringDatum(part))
		rest = strings.TrimSpace(rest)
		if rest == "" {
			break
		}
		if rest[0] != '.' {
			if args[1].Bool() {
				return types.Datum{}, bad("")
			}
			break
		}
		if s = strings.TrimSpace(rest[1:]); s == "" {
			return types.Datum{}, bad(`No valid identifier after ".".`)
		}
	}
	return makeArray(textType, parts), nil
}

// identDetail says what is wrong with s, of which cutIdent finds no identifier.
func identDetail(s string) string {
	switch {
	case strings.HasPrefix(s, `""`):
		return "Quoted identifier must not be empty."
	case strings.HasPrefix(s, `"`):
		return "String has unclosed double quotes."
	case strings.HasPrefix(s, "."):
		return `No valid identifier before ".".`
	}
	return ""
}

// cutIdent reads one identifier from the front.
func cutIdent(s string) (ident, rest string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		var b strings.Builder
		for i := 1; i < len(s); i++ {
			if s[i] != '"' {
				b.WriteByte(s[i])
				continue
			}
			if i+1 < len(s) && s[i+1] == '"' {
				b.WriteByte('"')
				i++
				continue
			}
			return b.String(), s[i+1:], b.Len() > 0
		}
		return "", "", false
	}
	n := 0
	for n < len(s) {
		c := s[n]
		letter := c == '_' || c >= 0x80 || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (n == 0 || c != '$' && (c < '0' || c > '9')) {
			break
		}
		n++
	}
	return strings.ToLower(s[:n]), s[n:], n > 0
}

// SplitName splits a qualified name as the input of regclass has it: parts between dots, each quoted or up to a
// space and folded to lower case. False: it is not a name.
func SplitName(text string) ([]string, bool) {
	var parts []string
	for {
		text = strings.TrimLeft(text, " \t\n\r\f")
		part, rest, ok := text, "", text != ""
		if strings.HasPrefix(text, `"`) {
			part, rest, ok = cutIdent(text)
		} else if end := strings.IndexAny(text, ". \t\n\r\f"); end >= 0 {
			part, rest, ok = text[:end], text[end:], end > 0
		}
		if !ok {
			return nil, false
		}
		if text[0] != '"' {
			part = strings.ToLower(part)
		}
		parts = append(parts, part)
		rest = strings.TrimLeft(rest, " \t\n\r\f")
		if rest == "" {
			return parts, true
		}
		if rest[0] != '.' {
			return nil, false
		}
		text = rest[1:]
	}
}

// unescapeUnicode is unistr: \XXXX, \+XXXXXX, \uXXXX, \UXXXXXXXX and \\.
func unescapeUnicode(s string) (string, error) {
	var b strings.Builder
	var high rune // the first half of a surrogate pair, which waits for the second
	for i := 0; i < len(s); i++ {
		if high != 0 && (s[i] != '\\' || strings.HasPrefix(s[i:], `\\`)) {
			return "", errSurrogate()
		}
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\\' {
			b.WriteByte('\\')
			i++
			continue
		}
		from, digits := i+1, 4
		if from < len(s) {
			switch s[from] {
			case '+':
				from, digits = from+1, 6
			case 'u':
				from, digits = from+1, 4
			case 'U':
				from, digits = from+1, 8
			}
		}
		r, ok := hexDigits(s, from, digits)
		if !ok {
			return "", pgerr.New(pgerrcode.SyntaxError, "invalid Unicode escape").
				Hint(`Unicode escapes must be \XXXX, \+XXXXXX, \uXXXX, or \UXXXXXXXX.`)
		}
		if r <= 0 || r > unicode.MaxRune {
			return "", errParameter("invalid Unicode code point: %04X", uint32(r))
		}
		i = from + digits - 1
		if high != 0 {
			if r = utf16.DecodeRune(high, r); r == unicode.ReplacementChar {
				return "", errSurrogate()
			}
			high = 0
		} else if utf16.IsSurrogate(r) {
			high = r
			continue
		}
		b.WriteRune(r)
	}
	if high != 0 {
		return "", errSurrogate()
	}
	return b.String(), nil
}

func errSurrogate() error { return pgerr.New(pgerrcode.SyntaxError, "invalid Unicode surrogate pair") }

func hexDigits(s string, from, count int) (rune, bool) {
	if from+count > len(s) {
		return 0, false
	}
	v := rune(0)
	for _, c := range []byte(s[from : from+count]) {
		d := strings.IndexByte("0123456789abcdef", c|0x20)
		if d < 0 || c < '0' {
			return 0, false
		}
		v = v<<4 | rune(d)
	}
	return v, true
}
