package fn

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// json and jsonb are both their text here: json as it was written, jsonb in its one canonical form.
// What reads them finds parts of that text, so that a part of a jsonb is canonical again.

// jsonKind is the kind of a value.
type jsonKind byte

const (
	jsonNull jsonKind = iota
	jsonBool
	jsonNumber
	jsonString
	jsonArray
	jsonObject
)

var jsonKindNames = [...]string{"null", "boolean", "number", "string", "array", "object"}

// jsonValue is a parsed value.
type jsonValue struct {
	kind  jsonKind
	raw   string // the text it was read from
	elems []jsonValue
	keys  []string // of an object, one an element
}

// jsonReader reads text that is known to be valid JSON.
type jsonReader struct {
	s   string
	pos int
}

// parseJSON parses a valid text whole.
func parseJSON(s string) jsonValue {
	r := jsonReader{s: s}
	return r.value()
}

func (r *jsonReader) space() {
	for r.pos < len(r.s) {
		switch r.s[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

// next is the next byte that is not blank, 0 at the end.
func (r *jsonReader) next() byte {
	r.space()
	if r.pos == len(r.s) {
		return 0
	}
	return r.s[r.pos]
}

func (r *jsonReader) value() jsonValue {
	start := 0
	v := jsonValue{}
	switch c := r.next(); c {
	case '{', '[':
		start = r.pos
		v = r.container(c)
	case '"':
		start = r.pos
		v.kind = jsonString
		r.skipString()
	default:
		start = r.pos
		v.kind = scalarKind(c)
		for r.pos < len(r.s) && strings.IndexByte(" \t\n\r,]}", r.s[r.pos]) < 0 {
			r.pos++
		}
	}
	v.raw = r.s[start:r.pos]
	return v
}

func scalarKind(c byte) jsonKind {
	switch c {
	case 'n':
		return jsonNull
	case 't', 'f':
		return jsonBool
	}
	return jsonNumber
}

func (r *jsonReader) container(open byte) jsonValue {
	v := jsonValue{kind: jsonArray}
	closing := byte(']')
	if open == '{' {
		v.kind, closing = jsonObject, '}'
	}
	r.pos++
	for {
		switch c := r.next(); c {
		case closing, 0:
			r.pos = min(r.pos+1, len(r.s))
			return v
		case ',':
			r.pos++
			continue
		}
		if v.kind == jsonObject {
			start := r.pos
			r.skipString()
			v.keys = append(v.keys, unquoteJSON(r.s[start:r.pos]))
			r.next()
			r.pos++ // the colon
		}
		v.elems = append(v.elems, r.value())
	}
}

func (r *jsonReader) skipString() {
	for r.pos++; r.pos < len(r.s); r.pos++ {
		switch r.s[r.pos] {
		case '\\':
			r.pos++
		case '"':
			r.pos++
			return
		}
	}
}

var jsonEscapes = map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unquoteJSON is the text of a JSON string.
func unquoteJSON(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`)
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		switch c := s[i]; {
		case c == 'u' && i+4 < len(s):
			r := hexRune(s[i+1 : i+5])
			i += 4
			if utf16.IsSurrogate(r) && i+6 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
				r = utf16.DecodeRune(r, hexRune(s[i+3:i+7]))
				i += 6
			}
			b = utf8.AppendRune(b, r)
		case jsonEscapes[c] != 0:
			b = append(b, jsonEscapes[c])
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func hexRune(s string) rune {
	v, _ := strconv.ParseUint(s, 16, 32) // the text is valid JSON
	return rune(v)
}

// text is the value as ->> gives it: a string without quotes, null as NULL.
func (v jsonValue) text() (types.Datum, error) {
	switch v.kind {
	case jsonNull:
		return types.NullDatum, nil
	case jsonString:
		return types.StringDatum(unquoteJSON(v.raw)), checkEscapes(v.raw)
	}
	return types.StringDatum(v.raw), nil
}

// checkEscapes refuses what a json value may hold and a text may not: \u0000 and halves of surrogate pairs.
func checkEscapes(s string) error {
	high := false
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			if high {
				return errSurrogates("Unicode low surrogate must follow a high surrogate.")
			}
			continue
		}
		if i++; s[i] != 'u' {
			if high {
				return errSurrogates("Unicode low surrogate must follow a high surrogate.")
			}
			continue
		}
		r := hexRune(s[i+1 : i+5])
		i += 4
		switch low := r >= 0xdc00 && r < 0xe000; {
		case r == 0:
			return pgerr.New(pgerrcode.UntranslatableCharacter, "unsupported Unicode escape sequence").
				Detail(`\u0000 cannot be converted to text.`)
		case high && !low && utf16.IsSurrogate(r):
			return errSurrogates("Unicode high surrogate must not follow a high surrogate.")
		case low != high:
			return errSurrogates("Unicode low surrogate must follow a high surrogate.")
		default:
			high = utf16.IsSurrogate(r) && !low
		}
	}
	return nil
}

func errSurrogates(detail string) error {
	return pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type json").Detail("%s", detail)
}

// field is the value of a key; of several the last.
func (v jsonValue) field(key string) (jsonValue, bool) {
	if v.kind != jsonObject {
		return jsonValue{}, false
	}
	for i := len(v.keys) - 1; i >= 0; i-- {
		if v.keys[i] == key {
			return v.elems[i], true
		}
	}
	return jsonValue{}, false
}

// index is the element at a position, negative from the end.
func (v jsonValue) index(i int64) (jsonValue, bool) {
	if v.kind != jsonArray {
		return jsonValue{}, false
	}
	if i < 0 {
		i += int64(len(v.elems))
	}
	if i < 0 || i >= int64(len(v.elems)) {
		return jsonValue{}, false
	}
	return v.elems[i], true
}

// indexOrScalar is index for ->, to which a jsonb that is a scalar is an array of one.
func (v jsonValue) indexOrScalar(i int64) (jsonValue, bool) {
	if v.kind != jsonArray && v.kind != jsonObject {
		return v, i == 0 || i == -1
	}
	return v.index(i)
}

// step goes one step of a path.
func (v jsonValue) step(key string) (jsonValue, bool) {
	if v.kind == jsonObject {
		return v.field(key)
	}
	i, err := strconv.ParseInt(strings.TrimSpace(key), 10, 32)
	if err != nil {
		return jsonValue{}, false
	}
	return v.index(i)
}

// write appends the canonical text of a value of jsonb that may have been put together anew.
func (v jsonValue) write(dst []byte) []byte {
	switch v.kind {
	case jsonArray:
		dst = append(dst, '[')
		for i, e := range v.elems {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = e.write(dst)
		}
		return append(dst, ']')
	case jsonObject:
		dst = append(dst, '{')
		for i, e := range v.elems {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = types.AppendJSONString(dst, v.keys[i])
			dst = append(dst, ": "...)
			dst = e.write(dst)
		}
		return append(dst, '}')
	}
	return append(dst, v.raw...)
}

func (v jsonValue) datum() types.Datum { return types.StringDatum(string(v.write(nil))) }

// canonical sorts the keys of an object as jsonb does, shorter first, and keeps the last of equal
// ones.
func (v jsonValue) canonical() jsonValue {
	if v.kind != jsonObject {
		return v
	}
	order := make([]int, len(v.keys))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return lessKey(v.keys[order[a]], v.keys[order[b]]) })
	out := jsonValue{kind: jsonObject}
	for i, k := range order {
		if i+1 < len(order) && v.keys[order[i+1]] == v.keys[k] {
			continue
		}
		out.keys = append(out.keys, v.keys[k])
		out.elems = append(out.elems, v.elems[k])
	}
	return out
}

func lessKey(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// equal compares two values of jsonb.
func (v jsonValue) equal(w jsonValue) bool {
	if v.kind != w.kind {
		return false
	}
	switch v.kind {
	case jsonArray, jsonObject:
		if len(v.elems) != len(w.elems) {
			return false
		}
		for i := range v.elems {
			if v.kind == jsonObject && v.keys[i] != w.keys[i] || !v.elems[i].equal(w.elems[i]) {
				return false
			}
		}
		return true
	case jsonNumber:
		return v.raw == w.raw || trimNumber(v.raw) == trimNumber(w.raw)
	case jsonString:
		return v.raw == w.raw || unquoteJSON(v.raw) == unquoteJSON(w.raw)
	}
	return v.raw == w.raw
}

// trimNumber drops zeros behind the point; jsonb has no exponents.
func trimNumber(s string) string {
	if strings.IndexByte(s, '.') < 0 {
		return s
	}
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// contains is @>: every part of w has its like in v.
func (v jsonValue) contains(w jsonValue) bool {
	switch {
	case v.kind == jsonObject && w.kind == jsonObject:
		for i, key := range w.keys {
			e, ok := v.field(key)
			if !ok || !e.containsPart(w.elems[i]) {
				return false
			}
		}
		return true
	case v.kind == jsonArray && w.kind == jsonArray:
		for _, want := range w.elems {
			if !v.hasElement(want) {
				return false
			}
		}
		return true
	case v.kind == jsonArray && w.kind != jsonObject:
		return v.hasElement(w) // an array contains a plain value at the top
	}
	return v.equal(w)
}

// containsPart is containment below the top, where kinds must agree.
func (v jsonValue) containsPart(w jsonValue) bool { return v.kind == w.kind && v.contains(w) }

func (v jsonValue) hasElement(w jsonValue) bool {
	for _, e := range v.elems {
		if e.containsPart(w) {
			return true
		}
	}
	return false
}

// exists is ?: a key of an object, or a string of an array or alone.
func (v jsonValue) exists(key string) bool {
	switch v.kind {
	case jsonObject:
		_, ok := v.field(key)
		return ok
	case jsonArray:
		for _, e := range v.elems {
			if e.kind == jsonString && unquoteJSON(e.raw) == key {
				return true
			}
		}
	case jsonString:
		return unquoteJSON(v.raw) == key
	}
	return false
}
