package types

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// nameBytesMax is the length of a name: PostgreSQL's NAMEDATALEN - 1.
const nameBytesMax = 63

// CheckText refuses bytes that are not UTF-8, and zero bytes: 22021.
func CheckText(s string) error {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return nil
	}
	for i, r := range s {
		if r == 0 {
			return badEncoding(s[i : i+1])
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return badEncoding(s[i:])
			}
		}
	}
	return nil
}

// badEncoding names the bytes at the head of s that are wrong: as many as the first one announces.
func badEncoding(s string) error {
	n := 1
	switch c := s[0]; {
	case c >= 0xf0 && c < 0xf8:
		n = 4
	case c >= 0xe0 && c < 0xf0:
		n = 3
	case c >= 0xc0 && c < 0xe0:
		n = 2
	}
	shown := ""
	for _, c := range []byte(s[:min(n, len(s))]) {
		shown += " 0x" + hex.EncodeToString([]byte{c})
	}
	return pgerr.New(pgerrcode.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\":%s", shown)
}

func registerText(t *Type) {
	t.Physical = String
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) { return StringDatum(s), CheckText(s) }
	t.Format = sendString
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		s := string(b)
		return StringDatum(s), CheckText(s)
	}
	t.Send = sendString
	t.Compare, t.AppendKey = compareString, appendStringKey
	t.Arrow = arrowOf(arrow.BinaryTypes.String)
}

// charMod is the typmod of varchar(n) and char(n): n + 4.
func charMod(name string) func([]int32) (int32, error) {
	return func(args []int32) (int32, error) {
		if len(args) != 1 {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "invalid type modifier")
		}
		if args[0] < 1 {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "length for type %s must be at least 1", name)
		}
		if args[0] > 10485760 {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "length for type %s cannot exceed 10485760", name)
		}
		return args[0] + 4, nil
	}
}

func charModOut(mod int32) string { return "(" + strconv.Itoa(int(mod-4)) + ")" }

// fit cuts s to n characters. What is cut must be blanks unless the cast is explicit.
func fit(s string, n int, explicit bool, name string) (string, error) {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s, nil
	}
	end := 0
	for range n {
		_, w := utf8.DecodeRuneInString(s[end:])
		end += w
	}
	if !explicit && strings.Trim(s[end:], " ") != "" {
		return "", pgerr.New(pgerrcode.StringDataRightTruncationDataException, "value too long for type %s(%d)", name, n)
	}
	return s[:end], nil
}

func registerVarchar(t *Type) {
	registerText(t)
	t.ModIn, t.ModOut = charMod("varchar"), charModOut
	t.ApplyMod = func(d Datum, mod int32, explicit bool) (Datum, error) {
		if mod < 4 {
			return d, nil
		}
		s, err := fit(d.S, int(mod-4), explicit, t.SQLName)
		return StringDatum(s), err
	}
	applyOnInput(t)
}

// applyOnInput makes Parse and Recv apply the typmod as an assignment does.
func applyOnInput(t *Type) {
	parse, recv := t.Parse, t.Recv
	t.Parse = func(s string, mod int32, env *Session) (Datum, error) {
		d, err := parse(s, mod, env)
		if err != nil || mod < 0 {
			return d, err
		}
		return t.ApplyMod(d, mod, false)
	}
	t.Recv = func(b []byte, mod int32, env *Session) (Datum, error) {
		d, err := recv(b, mod, env)
		if err != nil || mod < 0 {
			return d, err
		}
		return t.ApplyMod(d, mod, false)
	}
}

// registerBpchar: the canonical form of char(n) is padded with blanks; they do not count in comparisons.
func registerBpchar(t *Type) {
	registerText(t)
	t.ModIn, t.ModOut = charMod("char"), charModOut
	t.Compare = func(a, b Datum) int {
		return strings.Compare(strings.TrimRight(a.S, " "), strings.TrimRight(b.S, " "))
	}
	t.AppendKey = func(dst []byte, d Datum) []byte { return keys.AppendString(dst, strings.TrimRight(d.S, " ")) }
	t.ApplyMod = func(d Datum, mod int32, explicit bool) (Datum, error) {
		if mod < 4 {
			return d, nil
		}
		n := int(mod - 4)
		s, err := fit(d.S, n, explicit, t.SQLName)
		if err != nil {
			return Datum{}, err
		}
		if k := utf8.RuneCountInString(s); k < n {
			s += strings.Repeat(" ", n-k)
		}
		return StringDatum(s), nil
	}
	applyOnInput(t)
}

func registerName(t *Type) {
	registerText(t)
	parse := t.Parse
	t.Parse = func(s string, mod int32, env *Session) (Datum, error) { return parse(TruncateName(s), mod, env) }
	recv := t.Recv
	t.Recv = func(b []byte, mod int32, env *Session) (Datum, error) {
		d, err := recv(b, mod, env)
		if err == nil && len(b) > nameBytesMax {
			err = pgerr.New(pgerrcode.NameTooLong, "identifier too long").Detail("Identifier must be less than %d characters.", nameBytesMax+1)
		}
		return d, err
	}
}

// TruncateName cuts s to the length of a name, at a character's end.
func TruncateName(s string) string {
	if len(s) <= nameBytesMax {
		return s
	}
	n := nameBytesMax
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// registerChar fills "char": one byte, physical Int, signed.
func registerChar(t *Type) {
	t.Physical = Int
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		if len(s) == 4 && s[0] == '\\' {
			if v, err := strconv.ParseUint(s[1:], 8, 16); err == nil { // the low byte of it counts
				return IntDatum(int64(int8(v))), nil
			}
		}
		if s == "" {
			return IntDatum(0), nil
		}
		return IntDatum(int64(int8(s[0]))), nil
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte {
		switch b := byte(d.I); {
		case b == 0:
			return dst
		case b >= 0x80:
			return append(dst, '\\', '0'+b>>6, '0'+b>>3&7, '0'+b&7)
		default:
			return append(dst, b)
		}
	}
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if err := exactly(b, 1); err != nil {
			return Datum{}, err
		}
		return IntDatum(int64(int8(b[0]))), nil
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return append(dst, byte(d.I)) }
	t.Compare = func(a, b Datum) int { return int(uint8(a.I)) - int(uint8(b.I)) }
	t.AppendKey = func(dst []byte, d Datum) []byte { return append(dst, byte(d.I)) }
	t.Arrow = arrowOf(arrow.PrimitiveTypes.Int8)
}

func registerBytea(t *Type) {
	t.Physical = String
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		decode := DecodeEscape
		body, ok := strings.CutPrefix(s, `\x`)
		if ok {
			decode = DecodeHex
		}
		out, err := decode(body)
		return StringDatum(out), err
	}
	t.Format = func(dst []byte, d Datum, env *Session) []byte {
		if env != nil && env.ByteaEscape {
			return appendEscape(dst, d.S)
		}
		return hex.AppendEncode(append(dst, '\\', 'x'), []byte(d.S))
	}
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) { return StringDatum(string(b)), nil }
	t.Send = sendString
	t.Compare, t.AppendKey = compareString, appendStringKey
	t.Arrow = arrowOf(arrow.BinaryTypes.Binary)
}

// DecodeHex is the bytes of pairs of hexadecimal digits.
func DecodeHex(s string) (string, error) {
	if b, err := hex.DecodeString(s); err == nil {
		return string(b), nil
	}
	out := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); i++ {
		if strings.IndexByte(" \n\t\r", s[i]) >= 0 { // white space may stand between pairs
			continue
		}
		var pair byte
		for k := range 2 {
			if i+k == len(s) {
				return "", pgerr.New(pgerrcode.InvalidParameterValue, "invalid hexadecimal data: odd number of digits")
			}
			v := hexDigit(s[i+k])
			if v < 0 {
				r, _ := utf8.DecodeRuneInString(s[i+k:])
				return "", pgerr.New(pgerrcode.InvalidParameterValue, "invalid hexadecimal digit: \"%c\"", r)
			}
			pair = pair<<4 | byte(v)
		}
		out = append(out, pair)
		i++
	}
	return string(out), nil
}

// DecodeEscape is the bytes of a text in which a backslash goes before another one or three octal digits.
func DecodeEscape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\\' {
			out = append(out, '\\')
			i++
			continue
		}
		if i+3 >= len(s) || s[i+1] > '3' {
			return "", pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type bytea")
		}
		v, err := strconv.ParseUint(s[i+1:i+4], 8, 8)
		if err != nil {
			return "", pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type bytea")
		}
		out = append(out, byte(v))
		i += 3
	}
	return string(out), nil
}

func appendEscape(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		switch b := s[i]; {
		case b == '\\':
			dst = append(dst, '\\', '\\')
		case b < 0x20 || b > 0x7e:
			dst = append(dst, '\\', '0'+b>>6, '0'+b>>3&7, '0'+b&7)
		default:
			dst = append(dst, b)
		}
	}
	return dst
}
