package fn_test

import (
	"math/rand/v2"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// sampleTexts are values of each type that properties of its functions and operators are held over: usual ones, ends of
// the range, and values that are equal but look different.
var sampleTexts = map[string][]string{
	"bool":   {"t", "f"},
	"int2":   {"-32768", "-1", "0", "1", "2", "7", "32767"},
	"int4":   {"-2147483648", "-3", "-1", "0", "1", "2", "5", "100", "2147483647"},
	"int8":   {"-9223372036854775808", "-1", "0", "1", "3", "100", "9223372036854775807"},
	"oid":    {"0", "1", "4294967295"},
	"float4": {"NaN", "Infinity", "-Infinity", "0", "-0", "1", "-1.5", "1e-45", "3.4e38", "0.5"},
	"float8": {"NaN", "Infinity", "-Infinity", "0", "-0", "1", "-1.5", "2.5", "5e-324", "1.7e308", "0.1"},
	"numeric": {
		"NaN", "Infinity", "-Infinity", "0", "0.00", "1", "1.0", "-1.5", "2.25", "100",
		"12345678901234567890.5", "0.001",
	},
	"text":    {"", "a", "A", "ab", "ab ", "b", "ä", "größe", "😀", "a%", "12", "true", "2024-02-29"},
	"varchar": {"", "a", "B", "ä"},
	"bpchar":  {"", "a", "a  ", "ab", "ä"},
	"name":    {"", "a", "pg_class", "ä"},
	"char":    {"", "a", "b"},
	"bytea":   {"", `\x00`, `\x01ff`, `\x6162`, `\x61`},
	"date":    {"-infinity", "4714-11-24 BC", "0001-01-01", "1999-12-31", "2024-02-29", "5874897-12-31", "infinity"},
	"time":    {"00:00", "12:34:56.789", "23:59:59.999999", "24:00:00"},
	"timetz":  {"00:00+00", "10:00+02", "08:00+00", "10:00-05", "23:59:59.5+15:59"},
	"timestamp": {
		"-infinity", "4714-11-24 00:00 BC", "2024-02-29 12:34:56.789", "2024-03-10 02:30",
		"294276-12-31 23:59:59", "infinity",
	},
	"timestamptz": {
		"-infinity", "2024-02-29 12:00+00", "2024-02-29 13:00+01", "2024-11-03 05:30+00",
		"294276-12-31 00:00+00", "infinity",
	},
	"interval": {
		"0", "1 mon", "30 days", "720:00:00", "-1 day", "1 mon -30 days", "1 year 2 days 03:04:05.6",
		"178956970 years", "-00:00:00.000001",
	},
	"uuid": {
		"00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"ffffffff-ffff-ffff-ffff-ffffffffffff",
	},
	"json": {"1", `"a"`, "null", `{"a": [1, {"b": null}]}`, "[]", "[1, 2]"},
	"jsonb": {
		"1", "1.0", `"a"`, "null", "true", `{"a": [1, {"b": null}]}`, "[]", "{}", "[1, 2]",
		`{"b": 1, "a": 2}`,
	},
	"vector":    {"[0]", "[-0]", "[1]", "[1,2]", "[1,-2]", "[3e38,1]", "[0,0]", "[1e-30,0]"},
	"halfvec":   {"[0]", "[-0]", "[1]", "[1,2]", "[1,-2]", "[65504,1]", "[0,0]", "[6e-8,0]"},
	"sparsevec": {"{}/1", "{1:1}/1", "{1:1,2:2}/2", "{2:-1}/2", "{1:3e38}/2", "{}/2", "{3:1}/1000000000"},
	"bit":       {"", "0", "1", "00", "101", "00000000", "000000001", "x123456789abcdef01"},
	"varbit":    {"", "0", "1", "00", "101", "00000000", "000000001"},
	"_int4":     {"{}", "{1}", "{1,2}", "{2,1}", "{NULL}", "{1,NULL}", "{{1,2},{3,4}}", "[0:1]={1,2}"},
	"_int8":     {"{}", "{1}", "{1,2,3}"},
	"_text":     {"{}", "{a}", "{a,b}", `{"",NULL}`, "{b,a}", "{{a,b}}"},
	"_float4":   {"{1}", "{1,2}", "{NaN}"},
	"_float8":   {"{}", "{1,2}", "{NaN,0.5}", "{2,3,5}"},
	"_numeric":  {"{}", "{1.0,2}", "{NaN}"},
}

// samplesOf parses the sample values of a type; nil when it has none.
func samplesOf(t testing.TB, env *types.Session, oid types.OID) []types.Datum {
	t.Helper()
	typ := types.Lookup(oid)
	if typ == nil {
		return nil
	}
	var list []types.Datum
	for _, text := range sampleTexts[typ.Name] {
		d, err := typ.Parse(text, -1, env)
		if err != nil {
			t.Fatalf("%s: %v", typ.Name, err)
		}
		list = append(list, d)
	}
	return list
}

// randomColumn is n sample values of a type, of which some are null.
func randomColumn(r *rand.Rand, oid types.OID, samples []types.Datum, n int, nulls bool) *batch.Column {
	c := batch.New(types.Of(oid), types.Lookup(oid).Physical, n)
	for range n {
		if nulls && r.IntN(6) == 0 {
			c.Append(types.NullDatum)
			continue
		}
		c.Append(samples[r.IntN(len(samples))])
	}
	return c
}

// shown is a value as text.
func shown(env *types.Session, oid types.OID, d types.Datum) string {
	if d.Null {
		return "null"
	}
	return string(types.Lookup(oid).Format(nil, d, env))
}
