package types_test

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// plainJSONB writes a decoded document in jsonb's form by its rules: keys by length, then bytes, blanks behind
// colons and commas.
func plainJSONB(t testing.TB, v any) string {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprint(v)
	case json.Number:
		n, err := types.NumericParse(v.String())
		if err != nil {
			t.Fatal(err)
		}
		return n
	case string:
		return string(types.AppendJSONString(nil, v))
	case []any:
		var items []string
		for _, e := range v {
			items = append(items, plainJSONB(t, e))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		var keys []string
		for k := range v {
			keys = append(keys, k)
		}
		slices.SortFunc(keys, func(a, b string) int {
			if len(a) != len(b) {
				return len(a) - len(b)
			}
			return strings.Compare(a, b)
		})
		var items []string
		for _, k := range keys {
			items = append(items, string(types.AppendJSONString(nil, k))+": "+plainJSONB(t, v[k]))
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	t.Fatalf("%T", v)
	return ""
}

// TestCanonicalJSONB holds the form of random documents against one that is made from encoding/json, and that making it
// again changes nothing.
func TestCanonicalJSONB(t *testing.T) {
	const seed = 61
	r := rand.New(rand.NewSource(seed))
	for range 3000 {
		in := randomJSON(r, 4)
		got, err := types.CanonicalJSONB(in)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, in, err)
		}
		dec := json.NewDecoder(strings.NewReader(in))
		dec.UseNumber()
		var v any
		if err := dec.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if want := plainJSONB(t, v); got != want {
			t.Fatalf("seed %d: %s is\n%s, want\n%s", seed, in, got, want)
		}
		if again, err := types.CanonicalJSONB(got); err != nil || again != got {
			t.Fatalf("seed %d: %s becomes %s %v", seed, got, again, err)
		}
		decoded, err := types.DecodeJSON(got)
		if err != nil {
			t.Fatal(err)
		}
		if printed, err := types.AppendJSONB(nil, decoded); err != nil || string(printed) != got {
			t.Fatalf("seed %d: %s is decoded and printed as %s %v", seed, got, printed, err)
		}
		if err := types.CheckJSON(in); err != nil {
			t.Fatalf("seed %d: %s: %v", seed, in, err)
		}
		if c := types.CompareJSONB(got, got); c != 0 {
			t.Fatalf("seed %d: %s and itself compare %d", seed, got, c)
		}
	}
}

// TestJSONBForms holds what jsonb makes of keys, numbers and escapes.
func TestJSONBForms(t *testing.T) {
	f := literal(t, "jsonb")
	f(`{"b":1,"a":2}`, `{"a": 2, "b": 1}`)
	f(`{"bb":1,"a":2,"c":3,"":4}`, `{"": 4, "a": 2, "c": 3, "bb": 1}`)
	f(`{"a":1,"a":2}`, `{"a": 2}`)
	f(`{"a":{"x":1},"a":{"y":2},"b":0,"a":3}`, `{"a": 3, "b": 0}`)
	f(`{"\u0061":1,"a":2}`, `{"a": 2}`)
	f(`{"ä":1,"zz":2,"z":3}`, `{"z": 3, "zz": 2, "ä": 1}`)
	f("\t{ \"a\"\n:\r[ ] } ", `{"a": []}`)
	f("1.50", "1.50")
	f("-0", "0")
	f("-0.0", "0.0")
	f("1e2", "100")
	f("1E+2", "100")
	f("1.5e-3", "0.0015")
	f("1e-20", "0.00000000000000000001")
	f("123456789012345678901234567890.123", "123456789012345678901234567890.123")
	f(`"\u00e4\u20ac\ud83d\ude00"`, `"ä€😀"`)
	f(`"\/\b\f\n\r\t\"\\"`, `"/\\b\\f\\n\\r\\t\\"\\\\"`)
	f(`"\u0001\u001f\u007f"`, "\"\\\\u0001\\\\u001f\x7f\"")
	f(`"\u0000"`, `ERROR 22P05: unsupported Unicode escape sequence DETAIL: \\u0000 cannot be converted to text.`)
	f(`"\ud83d"`,
		"ERROR 22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`"\ude00"`,
		"ERROR 22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`"\ud83d\ud83d"`,
		"ERROR 22P02: invalid input syntax for type json DETAIL: Unicode high surrogate must not follow a high surrogate.")
	f(`"\ud83dx"`,
		"ERROR 22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`"\ud83d\n"`,
		"ERROR 22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f(`"\ud83d\u0041"`,
		"ERROR 22P02: invalid input syntax for type json DETAIL: Unicode low surrogate must follow a high surrogate.")
	f("[1,[2,[3,{}]],[]]", "[1, [2, [3, {}]], []]")
	f("1e131072", "ERROR 22003: value overflows numeric format")
	f("[1e-16384]", "ERROR 22003: value overflows numeric format")
	f = literal(t, "json")
	f(`{"b":1,  "a":2,"a":3}`, `{"b":1,  "a":2,"a":3}`)
	f(`"\u0000"`, `"\\u0000"`)
	f(`"\ud83d"`, `"\\ud83d"`)
	f("1e999999", "1e999999")
	f("-0", "-0")
}

// TestJSONErrors holds message and detail of every kind of malformed text, the same for both types.
func TestJSONErrors(t *testing.T) {
	for _, name := range []string{"json", "jsonb"} {
		f := literal(t, name)
		bad := func(in, detail string) {
			t.Helper()
			f(in, "ERROR 22P02: invalid input syntax for type json DETAIL: "+detail)
		}
		bad("", "The input string ended unexpectedly.")
		bad(" ", "The input string ended unexpectedly.")
		bad("{", "The input string ended unexpectedly.")
		bad(`{"a"`, "The input string ended unexpectedly.")
		bad(`{"a":`, "The input string ended unexpectedly.")
		bad(`{"a":1`, "The input string ended unexpectedly.")
		bad(`{"a":1,`, "The input string ended unexpectedly.")
		bad("[", "The input string ended unexpectedly.")
		bad("[1", "The input string ended unexpectedly.")
		bad("[1,", "The input string ended unexpectedly.")
		bad("}", `Expected JSON value, but found "}".`)
		bad("{]", `Expected string or "}", but found "]".`)
		bad("{1:2}", `Expected string or "}", but found "1".`)
		bad(`{"a" 1}`, `Expected ":", but found "1".`)
		bad(`{"a":}`, `Expected JSON value, but found "}".`)
		bad(`{"a":1 "b"}`, `Expected "," or "}", but found ""b"".`)
		bad(`{"a":1,}`, `Expected string, but found "}".`)
		bad("[1 2]", `Expected "," or "]", but found "2".`)
		bad("[1,]", `Expected JSON value, but found "]".`)
		bad("1 2", `Expected end of input, but found "2".`)
		bad("{} {}", `Expected end of input, but found "{".`)
		bad("nul", `Token "nul" is invalid.`)
		bad("True", `Token "True" is invalid.`)
		bad("trueä1_x y", `Token "trueä1_x" is invalid.`)
		bad("01", `Token "01" is invalid.`)
		bad("-", `Token "-" is invalid.`)
		bad("1.", `Token "1." is invalid.`)
		bad(".5", `Token "." is invalid.`)
		bad("1e", `Token "1e" is invalid.`)
		bad("1e+", `Token "1e+" is invalid.`)
		bad("1x", `Token "1x" is invalid.`)
		bad("+1", `Token "+" is invalid.`)
		bad("NaN", `Token "NaN" is invalid.`)
		bad("'a'", `Token "'" is invalid.`)
		bad(`"a`, `Token ""a" is invalid.`)
		bad(`"a\`, `Token ""a\\" is invalid.`)
		bad(`"\x"`, `Escape sequence "\\x" is invalid.`)
		bad(`"\ä"`, `Escape sequence "\\ä" is invalid.`)
		bad(`"\u12"`, `"\\u" must be followed by four hexadecimal digits.`)
		bad(`"\u12g4"`, `"\\u" must be followed by four hexadecimal digits.`)
		bad("\"a\nb\"", "Character with value 0x0a must be escaped.")
		bad("\"\x1f\"", "Character with value 0x1f must be escaped.")
	}
}

// TestJSONContext holds the line that an error of JSON shows, cut to what is near.
func TestJSONContext(t *testing.T) {
	oracle := connect(t)
	f := func(in, want string) {
		t.Helper()
		err := types.CheckJSON(in)
		if got := pgerr.From(err).Where; err == nil || got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if oracle != nil {
			_, err := oracle.query("select " + quote(in) + "::json")
			if pg := serverContext(err); pg != want {
				t.Errorf("PostgreSQL %q", pg)
			}
		}
	}
	f("{", "JSON data, line 1: {")
	f("nul", "JSON data, line 1: nul")
	f("[1,\n2,\n3 4]", "JSON data, line 3: 3 4...")
	f("[1,\n2,\n3 4\n,5]", "JSON data, line 3: 3 4")
	f("[1,\r\n2 x]", "JSON data, line 2: 2 x...")
	f(`{"a": [1, 2, 3], "b": tru, "c": 1}`, `JSON data, line 1: {"a": [1, 2, 3], "b": tru...`)
	f(`{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": x, "b": 2}`,
		`JSON data, line 1: ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": x...`)
	f(`{"ääääääääääääääääääääääääääääääääääääääääääääääääääääää": x, "b": 2}`,
		`JSON data, line 1: ...ääääääääääääääääääääää": x...`)
	f(`"`+strings.Repeat("x", 60), "JSON data, line 1: ...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
	f(strings.Repeat("[", 45)+"x", "JSON data, line 1: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x")
	f(strings.Repeat("[", 48)+"x", "JSON data, line 1: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x")
	f(strings.Repeat("[", 52)+"x]", "JSON data, line 1: ...[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[x...")
}

// TestJSONDepth holds the limit of nesting, of reading and of what is made from values.
func TestJSONDepth(t *testing.T) {
	deep := func(open, end string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(end, n) }
	for _, c := range []struct{ open, end string }{{"[", "]"}, {`{"a":`, "}"}} {
		if _, err := types.CanonicalJSONB(deep(c.open, c.end, 10000)); err != nil {
			t.Errorf("10000 levels of %s: %v", c.open, err)
		}
		for _, check := range []func(string) error{
			types.CheckJSON, func(s string) error { _, err := types.CanonicalJSONB(s); return err },
		} {
			if err := check(deep(c.open, c.end, 100000)); pgerr.Code(err) != "54001" ||
				err.Error() != "stack depth limit exceeded" {
				t.Errorf("100000 levels of %s: %v", c.open, err)
			}
		}
	}
	a := deep("[", "]", 10000)
	if types.CompareJSONB(a, a) != 0 || types.CompareJSONB(a, deep("[", "]", 9999)) == 0 {
		t.Error("deep documents do not compare")
	}
}

// TestJSONStrings holds the quoting of all bytes.
func TestJSONStrings(t *testing.T) {
	for c := range 0x80 {
		s := string(rune(c)) + "ä"
		quoted := string(types.AppendJSONString(nil, s))
		var back string
		if err := json.Unmarshal([]byte(quoted), &back); err != nil || back != s {
			t.Errorf("%q is quoted as %s", s, quoted)
		}
		if c >= 0x20 && c != '"' && c != '\\' && quoted != `"`+s+`"` {
			t.Errorf("%q is quoted as %s without need", s, quoted)
		}
	}
	if _, err := types.AppendJSONB(nil, 1); pgerr.Code(err) != "XX000" {
		t.Errorf("a value that is not JSON's: %v", err)
	}
	if _, err := types.DecodeJSON("{"); pgerr.Code(err) != "22P02" {
		t.Errorf("DecodeJSON: %v", err)
	}
	if got := types.JSONKeys(map[string]any{
		"b": 1, "aa": 1, "a": 1,
		"": 1,
	}); !slices.Equal(got, []string{"", "a", "b", "aa"}) {
		t.Errorf("keys %q", got)
	}
}
