package types

import (
	"encoding/json"
	"errors"
	"io"
	"sort"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// json keeps its text as written; the canonical form of jsonb is the text that PostgreSQL prints for it:
// keys once, ordered by length and then bytewise, one blank after colons and commas.

func registerJSON(t *Type) {
	t.Physical = String
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) { return StringDatum(s), CheckJSON(s) }
	t.Format = sendString
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		return StringDatum(string(b)), CheckJSON(string(b))
	}
	t.Send = sendString
	t.Arrow = arrowOf(arrow.BinaryTypes.String)
}

// CheckJSON refuses text that is not JSON: 22P02.
func CheckJSON(s string) error {
	if err := CheckText(s); err != nil {
		return err
	}
	if json.Valid([]byte(s)) {
		return nil
	}
	return badJSON(s)
}

func badJSON(s string) error {
	e := pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type json")
	dec := json.NewDecoder(strings.NewReader(s))
	for {
		_, err := dec.Token()
		if err == nil {
			continue
		}
		var syn *json.SyntaxError
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return e.Detail("The input string ended unexpectedly.")
		case errors.As(err, &syn):
			return e.Detail("Token %q is invalid.", tokenAt(s, int(syn.Offset)-1))
		}
		return e
	}
}

// tokenAt cuts the word around a position, as PostgreSQL shows the token that it could not read.
func tokenAt(s string, i int) string {
	i = min(max(i, 0), len(s))
	word := func(c byte) bool {
		return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
	}
	from, to := i, i
	for from > 0 && word(s[from-1]) {
		from--
	}
	for to < len(s) && word(s[to]) {
		to++
	}
	if from == to && to < len(s) {
		to++
	}
	return s[from:to]
}

func registerJSONB(t *Type) {
	t.Physical = String
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		c, err := CanonicalJSONB(s)
		return StringDatum(c), err
	}
	t.Format = sendString
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if len(b) < 1 || b[0] != 1 {
			return Datum{}, badBinary(t)
		}
		c, err := CanonicalJSONB(string(b[1:]))
		return StringDatum(c), err
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return append(append(dst, 1), d.S...) }
	t.Compare = func(a, b Datum) int { return CompareJSONB(a.S, b.S) }
	t.Arrow = arrowOf(arrow.BinaryTypes.String)
}

// DecodeJSON reads JSON into nil, bool, json.Number, string, []any and map[string]any.
func DecodeJSON(s string) (any, error) {
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, badJSON(s)
	}
	return v, nil
}

// CanonicalJSONB returns the canonical form of JSON text.
func CanonicalJSONB(s string) (string, error) {
	if err := CheckJSON(s); err != nil {
		return "", err
	}
	if strings.Contains(s, `\u0000`) {
		return "", pgerr.New(pgerrcode.UntranslatableCharacter, "unsupported Unicode escape sequence").
			Detail("\\u0000 cannot be converted to text.")
	}
	v, err := DecodeJSON(s)
	if err != nil {
		return "", err
	}
	dst, err := AppendJSONB(nil, v)
	return string(dst), err
}

// AppendJSONB prints a decoded value canonically.
func AppendJSONB(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		if v {
			return append(dst, "true"...), nil
		}
		return append(dst, "false"...), nil
	case json.Number:
		n, err := NumericParse(v.String())
		return append(dst, n...), err
	case string:
		return AppendJSONString(dst, v), nil
	case []any:
		dst = append(dst, '[')
		for i, e := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			var err error
			if dst, err = AppendJSONB(dst, e); err != nil {
				return dst, err
			}
		}
		return append(dst, ']'), nil
	case map[string]any:
		dst = append(dst, '{')
		for i, k := range JSONKeys(v) {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(AppendJSONString(dst, k), ": "...)
			var err error
			if dst, err = AppendJSONB(dst, v[k]); err != nil {
				return dst, err
			}
		}
		return append(dst, '}'), nil
	}
	return dst, pgerr.New(pgerrcode.InternalError, "not a JSON value: %T", v)
}

// JSONKeys lists the keys of an object in jsonb's order: by length, then bytewise.
func JSONKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		if len(keys[i]) != len(keys[j]) {
			return len(keys[i]) < len(keys[j])
		}
		return keys[i] < keys[j]
	})
	return keys
}

const hexDigits = "0123456789abcdef"

// AppendJSONString quotes a string as PostgreSQL does: only what must be escaped is.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		default:
			if c < 0x20 {
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
				continue
			}
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// jsonRank orders the kinds of jsonb values: Object > Array > Boolean > Number > String > Null.
func jsonRank(v any) int {
	switch v.(type) {
	case nil:
		return 0
	case string:
		return 1
	case json.Number:
		return 2
	case bool:
		return 3
	case []any:
		return 4
	}
	return 5
}

// CompareJSONB orders two canonical values as jsonb's btree class does.
func CompareJSONB(a, b string) int {
	if a == b {
		return 0
	}
	x, _ := DecodeJSON(a)
	y, _ := DecodeJSON(b)
	return compareJSON(x, y)
}

func compareJSON(a, b any) int {
	if d := jsonRank(a) - jsonRank(b); d != 0 {
		// An empty array sorts below everything, a quirk that PostgreSQL keeps for compatibility.
		if l, ok := a.([]any); ok && len(l) == 0 {
			return -1
		}
		if l, ok := b.([]any); ok && len(l) == 0 {
			return 1
		}
		return d
	}
	switch x := a.(type) {
	case string:
		return strings.Compare(x, b.(string))
	case json.Number:
		m, _ := NumericParse(x.String())
		n, _ := NumericParse(b.(json.Number).String())
		return NumericCmp(m, n)
	case bool:
		y := b.(bool)
		switch {
		case x == y:
			return 0
		case x:
			return 1
		}
		return -1
	case []any:
		y := b.([]any)
		if d := len(x) - len(y); d != 0 {
			return d
		}
		for i := range x {
			if d := compareJSON(x[i], y[i]); d != 0 {
				return d
			}
		}
	case map[string]any:
		return compareObjects(x, b.(map[string]any))
	}
	return 0
}

func compareObjects(x, y map[string]any) int {
	if d := len(x) - len(y); d != 0 {
		return d
	}
	kx, ky := JSONKeys(x), JSONKeys(y)
	for i := range kx {
		if kx[i] != ky[i] {
			if d := len(kx[i]) - len(ky[i]); d != 0 {
				return d
			}
			return strings.Compare(kx[i], ky[i])
		}
		if d := compareJSON(x[kx[i]], y[ky[i]]); d != 0 {
			return d
		}
	}
	return 0
}
