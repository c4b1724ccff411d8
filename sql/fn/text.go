package fn

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// textBytesMax is the longest text that a function may build, as in PostgreSQL (1 GB less a header).
const textBytesMax = 1<<30 - 4

func errTooLong() error {
	return pgerr.New(pgerrcode.ProgramLimitExceeded, "requested length too large")
}

// Text in and out of these functions is UTF-8; positions and lengths count characters.
var textKernels = []entry{
	{"textcat", map2(func(a, b string) string { return a + b })},
	{"byteacat", map2(func(a, b string) string { return a + b })},
	{"anytextcat", with2Any(func(a, b string) string { return a + b })},
	{"textanycat", with2Any(func(a, b string) string { return a + b })},
	{"text_larger", map2(maxOf[string])},
	{"text_smaller", map2(minOf[string])},
	{"bpchar_larger", map2(func(a, b string) string {
		if compareBlankPadded(a, b) >= 0 {
			return a
		}
		return b
	})},
	{"bpchar_smaller", map2(func(a, b string) string {
		if compareBlankPadded(a, b) <= 0 {
			return a
		}
		return b
	})},

	{"textlen", map1(charCount)},
	{"length(text)", map1(charCount)},
	{"char_length(text)", map1(charCount)},
	{"character_length(text)", map1(charCount)},
	{"length(bpchar)", map1(blankPaddedCount)},
	{"char_length(bpchar)", map1(blankPaddedCount)},
	{"character_length(bpchar)", map1(blankPaddedCount)},
	{"octet_length(text)", map1(byteCount)},
	{"octet_length(bpchar)", map1(byteCount)},
	{"bit_length(text)", map1(func(s string) int64 { return 8 * int64(len(s)) })},

	{"lower(text)", map1(strings.ToLower)},
	{"upper(text)", map1(strings.ToUpper)},
	{"initcap", map1(initcap)},
	{"btrim(text)", map1(func(s string) string { return strings.Trim(s, " ") })},
	{"ltrim(text)", map1(func(s string) string { return strings.TrimLeft(s, " ") })},
	{"rtrim(text)", map1(func(s string) string { return strings.TrimRight(s, " ") })},
	{"btrim(text,text)", map2(strings.Trim)},
	{"ltrim(text,text)", map2(strings.TrimLeft)},
	{"rtrim(text,text)", map2(strings.TrimRight)},

	{"substr(text,int4)", map2(substringFrom)},
	{"substring(text,int4)", map2(substringFrom)},
	{"substr(text,int4,int4)", try3(substring)},
	{"substring(text,int4,int4)", try3(substring)},
	{"overlay(text,text,int4,int4)", overlay(charCount, cut, joinText)},
	{"overlay(text,text,int4)", overlay(charCount, cut, joinText)},
	{"strpos", map2(position)},
	{"position(text,text)", map2(position)},
	{"left", map2(left)},
	{"right", map2(right)},
	{"replace", try3(replace)},
	{"translate", map3(translate)},
	{"lpad(text,int4)", try2(func(s string, n int64) (string, error) { return pad(s, n, " ", true) })},
	{"rpad(text,int4)", try2(func(s string, n int64) (string, error) { return pad(s, n, " ", false) })},
	{"lpad(text,int4,text)", try3(func(s string, n int64, f string) (string, error) { return pad(s, n, f, true) })},
	{"rpad(text,int4,text)", try3(func(s string, n int64, f string) (string, error) { return pad(s, n, f, false) })},
	{"repeat", try2(repeat)},
	{"reverse", map1(reverse)},
	{"split_part", try3(splitPart)},
	{"starts_with", map2(strings.HasPrefix)},
	{"ascii", map1(ascii)},
	{"chr", try1(chr)},
	{"concat", rows(concatAny)},
	{"concat_ws", rows(concatWithSeparator)},
	{"quote_ident", map1(QuoteIdent)},
	{"quote_literal(text)", map1(QuoteLiteral)},
	{"quote_nullable(text)", rows(quoteNullable)},
	{"quote_nullable(anyelement)", rows(quoteNullable)},
	{"quote_literal(anyelement)", rows(quoteNullable)},
	{"format", rows(format)},

	{"text(bpchar)", map1(trimBlanks)},
	{"text(name)", same},
	{"name(text)", map1(truncateName)},
	{"name(varchar)", map1(truncateName)},
	{"name(bpchar)", map1(func(s string) string { return truncateName(trimBlanks(s)) })},
	{"bpchar(name)", same},
	{"varchar(name)", same},
	{"text(char)", map1(charText)},
	{"bpchar(char)", map1(charText)},
	{"char(text)", map1(charOf)},
	{"nameconcatoid", map2(func(n string, oid int64) string { return truncateName(n) + "_" + formatInt(oid) })},
}

func map3[A, B, C, R value](f func(A, B, C) R) Kernel {
	return try3(func(a A, b B, c C) (R, error) { return f(a, b, c), nil })
}

func charCount(s string) int64        { return int64(utf8.RuneCountInString(s)) }
func blankPaddedCount(s string) int64 { return charCount(trimBlanks(s)) }
func byteCount(s string) int64        { return int64(len(s)) }
func trimBlanks(s string) string      { return strings.TrimRight(s, " ") }

// nameBytesMax is the length of an identifier.
const nameBytesMax = 63

// truncateName cuts a name at a character boundary.
func truncateName(s string) string {
	if len(s) <= nameBytesMax {
		return s
	}
	n := nameBytesMax
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func charText(c int64) string {
	switch b := byte(c); {
	case b == 0:
		return ""
	case b < 0x80:
		return string(rune(b))
	default:
		return string([]byte{'\\', '0' + b>>6, '0' + b>>3&7, '0' + b&7})
	}
}

func charOf(s string) int64 {
	if s == "" {
		return 0
	}
	if len(s) == 4 && s[0] == '\\' {
		return signed8(int64(s[1]-'0')<<6 | int64(s[2]-'0')<<3 | int64(s[3]-'0'))
	}
	return signed8(int64(s[0]))
}

// with2Any is a kernel over the text forms of two arguments of any types.
func with2Any(f func(a, b string) string) Kernel {
	return func(c *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		for k := range selected(sel, n) {
			i := at(sel, k)
			a, err := textOf(c.Env, c.Args[0].OID, args[0].Datum(i))
			if err != nil {
				return err
			}
			b, err := textOf(c.Env, c.Args[1].OID, args[1].Datum(i))
			if err != nil {
				return err
			}
			out.S[i] = f(a, b)
		}
		return nil
	}
}

func initcap(s string) string {
	word := false
	return strings.Map(func(r rune) rune {
		was := word
		word = unicode.IsLetter(r) || unicode.IsDigit(r)
		if was {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

// isASCII says whether characters are bytes, so that positions need no counting.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// cut returns the characters [from, to) of s; both may lie outside.
func cut(s string, from, to int64) string {
	from = max(from, 0)
	if to <= from {
		return ""
	}
	if isASCII(s) {
		n := int64(len(s))
		return s[min(from, n):min(to, n)]
	}
	k, start := int64(0), len(s)
	for i := range s {
		if k == from {
			start = i
		}
		if k == to {
			return s[start:i]
		}
		k++
	}
	return s[start:]
}

const positionMax = 1 << 40

func substringFrom(s string, from int64) string { return cut(s, from-1, positionMax) }

func substring(s string, from, count int64) (string, error) {
	if count < 0 {
		return "", pgerr.New(pgerrcode.SubstringError, "negative substring length not allowed")
	}
	return cut(s, from-1, from-1+count), nil
}

// overlay is overlay(s placing p from start [for count]), where length and part say what s consists of, and join
// puts two parts together.
func overlay(
	length func(string) int64, part func(s string, from, to int64) string, join func(a, b string) (string, error),
) Kernel {
	return rows(func(_ *Call, args []types.Datum) (types.Datum, error) {
		s, p, from := args[0].S, args[1].S, args[2].I
		count := length(p)
		if len(args) == 4 {
			count = args[3].I
		}
		switch {
		case from <= 0:
			return types.Datum{}, pgerr.New(pgerrcode.SubstringError, "negative substring length not allowed")
		case from+count != int64(int32(from+count)):
			return types.Datum{}, errOutOfRange("integer")
		}
		head, err := join(part(s, 0, from-1), p)
		if err != nil {
			return types.Datum{}, err
		}
		all, err := join(head, part(s, from-1+count, positionMax))
		return types.StringDatum(all), err
	})
}

func joinText(a, b string) (string, error) { return a + b, nil }

// position is the character position of sub in s, from 1; 0 when it is not there.
func position(s, sub string) int64 {
	i := strings.Index(s, sub)
	if i < 0 {
		return 0
	}
	return charCount(s[:i]) + 1
}

func left(s string, n int64) string {
	if n < 0 {
		n += charCount(s)
	}
	return cut(s, 0, n)
}

func right(s string, n int64) string {
	count := charCount(s)
	if n < 0 {
		return cut(s, -n, count)
	}
	return cut(s, count-n, count)
}

func replace(s, from, to string) (string, error) {
	if from == "" {
		return s, nil
	}
	if len(to) > len(from) && strings.Count(s, from)*(len(to)-len(from)) > textBytesMax {
		return "", errTooLong()
	}
	return strings.ReplaceAll(s, from, to), nil
}

// translate replaces each character of s that is in from by the one at its place in to, or drops it.
func translate(s, from, to string) string {
	source, target := []rune(from), []rune(to)
	return strings.Map(func(r rune) rune {
		for i, f := range source {
			if f == r {
				if i < len(target) {
					return target[i]
				}
				return -1
			}
		}
		return r
	}, s)
}

func pad(s string, n int64, fill string, atLeft bool) (string, error) {
	n = max(n, 0)
	if n > textBytesMax/4 {
		return "", errTooLong()
	}
	count := charCount(s)
	if count >= n {
		return cut(s, 0, n), nil
	}
	if fill == "" {
		return s, nil
	}
	missing := n - count
	unit := charCount(fill)
	padding := strings.Repeat(fill, int(missing/unit)) + cut(fill, 0, missing%unit)
	if atLeft {
		return padding + s, nil
	}
	return s + padding, nil
}

func repeat(s string, n int64) (string, error) {
	if n <= 0 || s == "" {
		return "", nil
	}
	if n > textBytesMax/int64(len(s)) {
		return "", errTooLong()
	}
	return strings.Repeat(s, int(n)), nil
}

func reverse(s string) string {
	b := make([]byte, len(s))
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		copy(b[len(s)-i-n:], s[i:i+n])
		i += n
	}
	return string(b)
}

func splitPart(s, sep string, n int64) (string, error) {
	if n == 0 {
		return "", errParameter("field position must not be zero")
	}
	if s == "" {
		return "", nil
	}
	if sep == "" {
		if n == 1 || n == -1 {
			return s, nil
		}
		return "", nil
	}
	if n < 0 {
		n += int64(strings.Count(s, sep)) + 2
		if n < 1 {
			return "", nil
		}
	}
	for ; n > 1; n-- {
		_, after, ok := strings.Cut(s, sep)
		if !ok {
			return "", nil
		}
		s = after
	}
	s, _, _ = strings.Cut(s, sep)
	return s, nil
}

func ascii(s string) int64 {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(s)
	return int64(r)
}

func chr(n int64) (string, error) {
	switch {
	case n < 0:
		return "", errParameter("character number must be positive")
	case n == 0:
		return "", pgerr.New(pgerrcode.ProgramLimitExceeded, "null character not permitted")
	case n > unicode.MaxRune:
		return "", pgerr.New(pgerrcode.ProgramLimitExceeded, "requested character too large for encoding: %d", n)
	case !utf8.ValidRune(rune(n)):
		return "", pgerr.New(pgerrcode.ProgramLimitExceeded, "requested character not valid for encoding: %d", n)
	}
	return string(rune(n)), nil
}
