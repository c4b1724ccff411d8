package types

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
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
	p := jsonParser{s: s}
	return p.parseJSON()
}

func registerJSONB(t *Type) {
	t.Physical = String
	t.Parse = func(s string, _ int32, _ *Session) (Datum, error) {
		c, err := CanonicalJSONB(s)
		return StringDatum(c), err
	}
	t.Format = sendString
	t.Recv = func(b []byte, _ int32, _ *Session) (Datum, error) {
		if len(b) < 1 {
			return Datum{}, cutBinary()
		}
		if b[0] != 1 {
			return Datum{}, pgerr.New(pgerrcode.InternalError, "unsupported jsonb version number %d", b[0])
		}
		c, err := CanonicalJSONB(string(b[1:]))
		return StringDatum(c), err
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte { return append(append(dst, 1), d.S...) }
	t.Compare = func(a, b Datum) int { return CompareJSONB(a.S, b.S) }
	t.AppendKey = func(dst []byte, d Datum) []byte { return appendJSONBKey(dst, d.S) }
	t.Arrow = arrowOf(arrow.BinaryTypes.String)
}

// DecodeJSON reads JSON into nil, bool, json.Number, string, []any and map[string]any.
func DecodeJSON(s string) (any, error) {
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		if bad := CheckJSON(s); bad != nil {
			return nil, bad
		}
		return nil, pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type json").Wrap(err)
	}
	return v, nil
}

// CanonicalJSONB returns the canonical form of JSON text.
func CanonicalJSONB(s string) (string, error) {
	if err := CheckText(s); err != nil {
		return "", err
	}
	p := jsonParser{s: s, canonical: true, out: make([]byte, 0, len(s)+len(s)/8)}
	if err := p.parseJSON(); err != nil {
		return "", err
	}
	return string(p.out), nil
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
	sorted := make([]string, 0, len(m))
	for k := range m {
		sorted = append(sorted, k)
	}
	slices.SortFunc(sorted, compareJSONKeys)
	return sorted
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
	// At the root a scalar is an array of one that comes before a real one: a quirk that PostgreSQL
	// keeps for compatibility.
	i, xScalar := rootArray(x)
	k, yScalar := rootArray(y)
	if i == nil || k == nil {
		return compareJSON(x, y)
	}
	switch {
	case len(i) != len(k):
		return len(i) - len(k)
	case xScalar && !yScalar:
		return -1
	case yScalar && !xScalar:
		return 1
	}
	return compareJSON(i, k)
}

// rootArray views a value at the root as an array; nil for an object.
func rootArray(v any) (list []any, scalar bool) {
	switch v := v.(type) {
	case map[string]any:
		return nil, false
	case []any:
		return v, false
	}
	return []any{v}, true
}

func compareJSON(a, b any) int {
	if d := jsonRank(a) - jsonRank(b); d != 0 {
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

// compareObjects goes through the members in stored order; their keys compare as strings.
func compareObjects(x, y map[string]any) int {
	if d := len(x) - len(y); d != 0 {
		return d
	}
	kx, ky := JSONKeys(x), JSONKeys(y)
	for i := range kx {
		if d := strings.Compare(kx[i], ky[i]); d != 0 {
			return d
		}
		if d := compareJSON(x[kx[i]], y[ky[i]]); d != 0 {
			return d
		}
	}
	return 0
}

// Classes of a jsonb key's root. A scalar has the class of arrays and the count of one.
const (
	jsonKeyArray  = 1
	jsonKeyObject = 2
)

// appendJSONBKey encodes in the order of CompareJSONB: the root's class and, for arrays and scalars, count
// and whether it is an array; then the values, each by rank, with counts before members.
func appendJSONBKey(dst []byte, s string) []byte {
	v, _ := DecodeJSON(s)
	list, scalar := rootArray(v)
	if list == nil {
		if m, ok := v.(map[string]any); ok {
			return appendJSONKey(append(dst, jsonKeyObject), m)
		}
	}
	dst = keys.AppendInt(append(dst, jsonKeyArray), int64(len(list)))
	if scalar {
		return appendJSONKey(append(dst, 0), v)
	}
	dst = append(dst, 1)
	for _, e := range list {
		dst = appendJSONKey(dst, e)
	}
	return dst
}

func appendJSONKey(dst []byte, v any) []byte {
	dst = append(dst, byte(jsonRank(v)))
	switch v := v.(type) {
	case string:
		return keys.AppendString(dst, v)
	case json.Number:
		n, _ := NumericParse(v.String())
		return appendNumericKey(dst, n)
	case bool:
		return keys.AppendBool(dst, v)
	case []any:
		dst = keys.AppendInt(dst, int64(len(v)))
		for _, e := range v {
			dst = appendJSONKey(dst, e)
		}
	case map[string]any:
		dst = keys.AppendInt(dst, int64(len(v)))
		for _, k := range JSONKeys(v) {
			dst = appendJSONKey(keys.AppendString(dst, k), v[k])
		}
	}
	return dst
}
