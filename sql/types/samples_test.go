package types_test

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
)

// borders has literals of each type in ascending order, equal ones side by side in one item parted by " = ". Every type
// that has an order is in it.
var borders = map[string][]string{
	"bool": {"f", "t"},
	"int2": {"-32768", "-256", "-255", "-129", "-128", "-1", "0", "1", "127", "128", "255", "256", "32767"},
	"int4": {
		"-2147483648", "-65537", "-65536", "-32769", "-1", "0", "1", "65535", "65536", "16777215", "16777216",
		"2147483647",
	},
	"int8": {
		"-9223372036854775808", "-4294967296", "-1", "0", "1", "4294967295", "1099511627776",
		"9223372036854775807",
	},
	"oid":    {"0", "1", "65535", "2147483647", "2147483648", "4294967295"},
	"xid8":   {"0", "9223372036854775807", "9223372036854775808", "18446744073709551615"},
	"pg_lsn": {"0/0", "0/FFFFFFFF", "1/0", "7FFFFFFF/FFFFFFFF", "80000000/0", "FFFFFFFF/FFFFFFFF"},
	"tid":    {"(0,0)", "(0,65535)", "(1,0)", "(4294967295,0)", "(4294967295,65535)"},
	"float4": {"-Infinity", "-3.4028235e38", "-1", "-1e-45", "-0 = 0", "1e-45", "1", "3.4028235e38", "Infinity", "NaN"},
	"float8": {
		"-Infinity", "-1.7976931348623157e308", "-1", "-5e-324", "-0 = 0", "5e-324", "1", "1.0000000000000002",
		"Infinity", "NaN",
	},
	"numeric": {
		"-Infinity", "-1e100", "-10", "-9.9", "-1.01", "-1 = -1.0 = -1.000", "-0.1", "-0.01", "0 = 0.00 = -0",
		"1e-100", "0.01", "0.1", "0.11", "1 = 1.00", "1.0001", "9", "9.9999", "10 = 1e1", "99", "100", "9999", "10000",
		"1e100", "Infinity", "NaN",
	},
	"text":    {"", "\x01", " ", "A", "Aa", "a", "a ", "a b", "aa", "b", "ä", "😀"},
	"varchar": {"", " ", "a", "a ", "b"},
	"bpchar":  {"", "a = a  ", "ab", "b"},
	"name":    {"", "a", "ab", "b"},
	"char":    {"", "\x01", "a", "b", "\\200", "\\377"},
	"bytea":   {`\x`, `\x00`, `\x0000`, `\x0001`, `\x00ff`, `\x01`, `\xff`, `\xff00`, `\xffff`},
	"uuid": {
		"00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001",
		"7fffffff-ffff-ffff-ffff-ffffffffffff", "80000000-0000-0000-0000-000000000000",
		"ffffffff-ffff-ffff-ffff-ffffffffffff",
	},
	"date": {
		"-infinity", "4714-11-24 BC", "0001-12-31 BC", "0001-01-01", "1969-12-31", "1999-12-31", "2000-01-01",
		"2024-02-29", "5874897-12-31", "infinity",
	},
	"time":   {"00:00:00", "00:00:00.000001", "12:00:00", "23:59:59.999999", "24:00:00"},
	"timetz": {"00:00:00+15:59", "00:00:00+00", "12:00:00+01", "11:00:00+00", "12:00:00+00", "24:00:00-15:59"},
	"timestamp": {
		"-infinity", "4714-11-24 00:00:00 BC", "0001-12-31 23:59:59.999999 BC", "1999-12-31 23:59:59.999999",
		"2000-01-01 00:00:00",
		"2000-01-01 00:00:00.000001", "294276-12-31 23:59:59.999999", "infinity",
	},
	"timestamptz": {
		"-infinity", "4714-11-24 00:00:00+00 BC", "2000-01-01 01:00:00+01 = 2000-01-01 00:00:00Z",
		"2000-01-01 00:00:00-01", "infinity",
	},
	"interval": {
		"-178956970 years -8 mons -2147483648 days", "-29 days -24:00:00 = -30 days = -1 mon", "-00:00:00.000001", "0",
		"00:00:00.000001",
		"23:59:59.999999", "24:00:00 = 1 day", "29 days", "30 days = 1 mon = 720:00:00", "1 mon 00:00:00.000001",
		"12 mons = 1 year = 360 days",
		"365 days", "178956970 years 7 mons 2147483647 days",
	},
	"jsonb": {
		"[]", "null", `"a"`, "1", "true", "[1]", "[1, 2]", "{}", `{"a": 1}`, `{"a": 2}`, `{"a": 1, "b": 2}`,
	},
	"int2vector": {"", "1", "1 2", "2"},
	"oidvector":  {"", "1", "2", "1 2"},
	"vector":     {"[-1]", "[-0.5,7]", "[0]", "[0,-1]", "[0,0]", "[1]", "[1,-3.4e38]", "[1,2]", "[2]"},
	"halfvec":    {"[-65504]", "[-1]", "[-0.5,7]", "[0] = [-0]", "[0,-6e-8]", "[0,0]", "[6e-8]", "[1]", "[1,-65504]", "[1,2]"},
	"bit":        {"", "0", "00", "00000000", "000000000", "000000001", "00000001", "01", "1", "100", "10000000", "101", "11111111", "111111110"},
	"varbit":     {"", "0", "00", "00000000", "000000000", "1", "10", "1000000000", "11"},
	"sparsevec": {
		"{1:-3e38}/1", "{1:-1}/1", "{1:-1,2:-1}/2", "{1:-1}/2", "{1:-1,2:1}/2", "{}/1", "{2:-1}/3", "{}/2", "{3:-1}/3", "{3:-1}/4", "{}/3",
		"{}/1000000000", "{1000000000:1}/1000000000", "{3:1}/3", "{2:1}/2", "{1:1}/1", "{1:1,2:-1}/2", "{1:1}/2", "{1:1,2:1}/2", "{1:2}/1",
	},
	"_int4": {
		"{}", "{-1}", "{1} = {1}", "[2:2]={1}", "{1,2}", "{{1,2}}", "{1,NULL}", "{2}", "{NULL}", "{NULL,NULL}",
	},
	"_text": {"{}", `{""}`, "{a}", "{a,a}", "{aa}", "{b}", "{NULL}"},
}

// sampleTexts are literals that a type accepts: its borders, or what arrays and types without an order have.
func sampleTexts(typ *types.Type) []string {
	if list, ok := samples[typ.OID]; ok {
		return list
	}
	list := makeSamples(typ)
	samples[typ.OID] = list
	return list
}

// samples keeps what sampleTexts has made.
var samples = map[types.OID][]string{}

func makeSamples(typ *types.Type) []string {
	var list []string
	for _, item := range borders[typ.Name] {
		list = append(list, strings.Split(item, " = ")...)
	}
	elem := types.Lookup(typ.Elem)
	switch {
	case list != nil:
	case typ.IsArray() && elem != nil:
		list = []string{"{}", "{NULL}"}
		for _, s := range sampleTexts(elem) {
			list = append(list, "{"+arrayItem(s)+"}", "[0:1]={NULL,"+arrayItem(s)+"}")
		}
	case typ.Name == "json":
		list = []string{"null", ` {"b": [1, "x"], "a":2} `}
	case typ.Name == "record" || typ.Name == "_record" || typ.Name == "anyarray": // they have no input
		list = nil
	case strings.HasPrefix(typ.Name, "reg"):
		list = []string{"0", "7"}
	default:
		list = []string{"1"}
	}
	return list
}

// arrayItem quotes a literal as an item of an array's.
func arrayItem(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// datum parses a literal.
func datum(t testing.TB, typ *types.Type, s string) types.Datum {
	t.Helper()
	d, err := typ.Parse(s, -1, nil)
	if err != nil {
		t.Fatalf("%s %q: %v", typ.Name, s, err)
	}
	return d
}

// text prints a value as a session without settings does.
func text(typ *types.Type, d types.Datum) string {
	if d.Null {
		return "<null>"
	}
	return string(typ.Format(nil, d, nil))
}

// ordered are the types that values can be made of and that have an order.
func ordered() []*types.Type {
	var list []*types.Type
	for _, typ := range types.All() {
		if typ.Compare != nil && typ.Parse != nil && len(sampleTexts(typ)) > 0 {
			list = append(list, typ)
		}
	}
	return list
}

// randomDatum makes a value of a type that is like what tables hold: small numbers beside extremes, values that share
// beginnings, equal values of other looks.
func randomDatum(t testing.TB, r *rand.Rand, typ *types.Type) types.Datum {
	t.Helper()
	if samples := sampleTexts(typ); r.Intn(8) == 0 {
		return datum(t, typ, samples[r.Intn(len(samples))])
	}
	switch typ.Physical {
	case types.Bool:
		return types.BoolDatum(r.Intn(2) == 0)
	case types.Float:
		return randomFloat(r, typ)
	case types.Int:
		return randomInt(t, r, typ)
	}
	return randomString(t, r, typ)
}

func randomFloat(r *rand.Rand, typ *types.Type) types.Datum {
	if typ.OID == types.Float4OID {
		return types.FloatDatum(float64(math.Float32frombits(r.Uint32())))
	}
	if r.Intn(2) == 0 {
		return types.FloatDatum(float64(r.Intn(20)-10) / 4)
	}
	return types.FloatDatum(math.Float64frombits(r.Uint64()))
}

// randomInt gives bits of any length that the type's binary form can hold.
func randomInt(t testing.TB, r *rand.Rand, typ *types.Type) types.Datum {
	t.Helper()
	for {
		v := r.Uint64() >> r.Intn(64)
		if r.Intn(2) == 0 {
			v = -v
		}
		size := len(typ.Send(nil, types.IntDatum(0), nil))
		d, err := typ.Recv(be(v)[8-min(size, 8):], -1, nil)
		if size == 6 { // tid
			d, err = typ.Recv(be(uint32(v), uint16(v>>40)), -1, nil)
		}
		if err == nil {
			return d
		}
	}
}

// randomWord is a short text over few letters, so that many share a beginning; some have odd bytes.
func randomWord(r *rand.Rand, alphabet string) string {
	letters := []rune(alphabet)
	var b strings.Builder
	for range r.Intn(5) {
		b.WriteRune(letters[r.Intn(len(letters))])
	}
	return b.String()
}

func randomString(t testing.TB, r *rand.Rand, typ *types.Type) types.Datum {
	t.Helper()
	switch typ.Name {
	case "text", "varchar", "name", "bpchar", "unknown", "cstring", "refcursor":
		return datum(t, typ, randomWord(r, "ab\x01\x02 äÿ😀"))
	case "bytea":
		return types.StringDatum(randomWord(r, "\x00\x01aÿ"))
	case "numeric":
		return datum(t, typ, randomNumeric(r))
	case "uuid":
		return types.StringDatum(string(be(r.Uint64()>>r.Intn(64), r.Uint64()>>r.Intn(64))))
	case "timetz":
		return types.StringDatum(types.Timetz{
			Micros: r.Int63n(4) * types.MicrosPerHour,
			West:   int32(r.Intn(5)-2) * 3600,
		}.Encode())
	case "interval":
		v := types.Interval{
			Months: int32(r.Intn(5) - 2), Days: int32(r.Intn(121) - 60),
			Micros: int64(r.Intn(97)-48) * types.MicrosPerHour,
		}
		if r.Intn(4) == 0 {
			v = types.Interval{Months: int32(r.Uint32()), Days: int32(r.Uint32()), Micros: int64(r.Uint64())}
		}
		return types.StringDatum(v.Encode())
	case "jsonb":
		return datum(t, typ, randomJSON(r, 3))
	case "vector", "halfvec":
		v := make([]float32, 1+r.Intn(3))
		for i := range v {
			v[i] = float32(r.Intn(5) - 2)
		}
		return types.StringDatum(types.DenseOf(typ.OID).Pack(v))
	case "sparsevec":
		v := make([]float32, 1+r.Intn(3))
		for i := range v {
			v[i] = float32(max(r.Intn(5)-2, 0) - r.Intn(2))
		}
		return types.StringDatum(types.SparseOf(v).Encode())
	case "bit", "varbit":
		return datum(t, typ, randomWord(r, "01"))
	case "int2vector", "oidvector":
		return datum(t, typ, strings.TrimSpace(strings.Repeat(fmt.Sprint(r.Intn(3))+" ", r.Intn(4))))
	}
	if elem := types.Lookup(typ.Elem); typ.Category == 'A' && elem != nil {
		return types.StringDatum(randomArray(t, r, elem).Encode())
	}
	return datum(t, typ, sampleTexts(typ)[0])
}

func randomNumeric(r *rand.Rand) string {
	s := fmt.Sprint(r.Int63() >> r.Intn(63))
	if r.Intn(2) == 0 {
		s += "." + fmt.Sprint(r.Int63()>>r.Intn(63)) + strings.Repeat("0", r.Intn(3))
	}
	if r.Intn(4) == 0 {
		s += fmt.Sprintf("e%d", r.Intn(61)-30)
	}
	if r.Intn(2) == 0 {
		s = "-" + s
	}
	return s
}

func randomArray(t testing.TB, r *rand.Rand, elem *types.Type) types.Array {
	t.Helper()
	a := types.Array{Elem: elem.OID}
	n := 1
	for range r.Intn(3) {
		k := 1 + r.Intn(2)
		a.Dims, a.Lower = append(a.Dims, k), append(a.Lower, r.Intn(3)-1+r.Intn(2))
		n *= k
	}
	if len(a.Dims) == 0 {
		return a
	}
	for range n {
		if r.Intn(4) == 0 {
			a.Items = append(a.Items, types.NullDatum)
			continue
		}
		a.Items = append(a.Items, randomDatum(t, r, elem))
	}
	return a
}

// randomJSON writes a document of at most so many levels, with blanks and keys in any order.
func randomJSON(r *rand.Rand, depth int) string {
	kinds := 7
	if depth == 0 {
		kinds = 5
	}
	switch r.Intn(kinds) {
	case 0:
		return []string{"null", "true", "false"}[r.Intn(3)]
	case 1, 2:
		return randomNumeric(r)
	case 3, 4:
		return fmt.Sprintf("%q", randomWord(r, "ab/ä"))
	case 5:
		var items []string
		for range r.Intn(4) {
			items = append(items, randomJSON(r, depth-1))
		}
		return "[" + strings.Join(items, ",") + " ]"
	}
	var items []string
	for range r.Intn(4) {
		items = append(items, fmt.Sprintf("%q : %s", randomWord(r, "ab"), randomJSON(r, depth-1)))
	}
	return "{" + strings.Join(items, ", ") + "}"
}
