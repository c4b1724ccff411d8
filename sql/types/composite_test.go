package types_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

func TestArrayForms(t *testing.T) {
	f := func(elem types.OID, items []types.Datum, want string) {
		t.Helper()
		s := types.ArrayOf(elem, items)
		a, err := types.DecodeArray(s)
		if err != nil {
			t.Fatal(err)
		}
		if a.Elem != elem || !slices.Equal(a.Items, items) || a.Encode() != s {
			t.Errorf("%v decodes to %+v", items, a)
		}
		typ := types.Lookup(types.Lookup(elem).Array)
		if got := string(typ.Format(nil, types.StringDatum(s), nil)); got != want {
			t.Errorf("%v: %s, want %s", items, got, want)
		}
		for n := range len(s) {
			if _, err := types.DecodeArray(s[:n]); err == nil {
				t.Errorf("%v: cut to %d bytes it decodes", items, n)
			} else if pgerr.Code(err) != "XX001" {
				t.Errorf("%v: %v", items, err)
			}
		}
	}
	f(types.Int4OID, []types.Datum{types.IntDatum(1), types.NullDatum, types.IntDatum(math.MinInt32)},
		"{1,NULL,-2147483648}")
	f(types.BoolOID, []types.Datum{types.BoolDatum(true), types.BoolDatum(false)}, "{t,f}")
	f(types.Float8OID, []types.Datum{types.FloatDatum(0.1), types.FloatDatum(math.Inf(1))}, "{0.1,Infinity}")
	f(types.TextOID,
		[]types.Datum{types.StringDatum(""), types.StringDatum("null"), types.StringDatum(`a"b\`), types.StringDatum("x y")},
		`{"","null","a\"b\\","x y"}`)
	f(types.VectorOID, []types.Datum{types.StringDatum(types.VectorString([]float32{1, 2}))}, `{"[1,2]"}`)
}

func TestEmptyArray(t *testing.T) {
	a, err := types.DecodeArray(types.ArrayOf(types.Int4OID, nil))
	if err != nil || len(a.Items) != 0 {
		t.Fatal(a, err)
	}
	typ := types.ByName("_int4")
	if got := string(typ.Format(nil, types.StringDatum(a.Encode()), nil)); got != "{}" {
		t.Fatal(got)
	}
}

func TestRecordForms(t *testing.T) {
	typ := types.ByName("record")
	record := func(fields ...types.Field) types.Datum { return types.StringDatum(types.EncodeRecord(fields)) }
	num := func(v int64) types.Field { return types.Field{Type: types.Int4OID, D: types.IntDatum(v)} }
	text := func(s string) types.Field { return types.Field{Type: types.TextOID, D: types.StringDatum(s)} }
	null := types.Field{Type: types.TextOID, D: types.NullDatum}

	f := func(d types.Datum, want string) {
		t.Helper()
		if got := string(typ.Format(nil, d, nil)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		fields, err := types.DecodeRecord(d.S)
		if err != nil || types.EncodeRecord(fields) != d.S {
			t.Errorf("%s does not round trip: %v", want, err)
		}
	}
	f(record(), "()")
	f(record(num(1), text("a b"), null), `(1,"a b",)`)
	f(record(text(""), text(`"\`), text("(,)")), `("","""\\","(,)")`)

	order := []types.Datum{
		record(num(1), text("a")), record(num(1), text("aa")), record(num(1), text("b")), record(num(1), null),
		record(num(2), text("a")),
	}
	for i, a := range order {
		for k, b := range order {
			c := typ.Compare(a, b)
			byKey := strings.Compare(string(typ.AppendKey(nil, a)), string(typ.AppendKey(nil, b)))
			if (c < 0) != (i < k) || (c > 0) != (i > k) || byKey != min(max(c, -1), 1) {
				t.Errorf("records %d and %d: %d, by key %d", i, k, c, byKey)
			}
		}
	}
	if _, err := typ.Parse("(1)", -1, nil); pgerr.Code(err) != "0A000" {
		t.Error(err)
	}
	if got := typ.Send(nil, record(num(7)),
		nil); string(got) != "\x00\x00\x00\x01\x00\x00\x00\x17\x00\x00\x00\x04\x00\x00\x00\x07" {
		t.Errorf("%x", got)
	}
}

// FuzzCanonical gives arbitrary bytes to the decoders of stored forms: they may refuse, never panic.
func FuzzCanonical(f *testing.F) {
	f.Add(types.ArrayOf(types.TextOID, []types.Datum{types.StringDatum("x"), types.NullDatum}))
	f.Add(types.EncodeRecord([]types.Field{{Type: types.Int4OID, D: types.IntDatum(1)}}))
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := types.DecodeArray(s); err == nil {
			if typ := types.Lookup(a.Elem); typ != nil && typ.Array != 0 && len(a.Items) < 100 {
				if b, err := types.DecodeArray(a.Encode()); err != nil || !slices.Equal(a.Items, b.Items) {
					t.Fatalf("%x: %v", s, err)
				}
			}
		}
		if fields, err := types.DecodeRecord(s); err == nil && len(fields) < 100 {
			if _, err := types.DecodeRecord(types.EncodeRecord(fields)); err != nil {
				t.Fatalf("%x: %v", s, err)
			}
		}
		types.DecodeInterval(s)
		types.DecodeTimetz(s)
	})
}

// FuzzText gives arbitrary text to every type's input. What it accepts must print as text that reads
// back as an equal value with an equal key, and go through the binary form.
func FuzzText(f *testing.F) {
	for _, s := range []string{
		"1", "-1.5e3", "2024-02-29 12:00:00+01", "1 mon -2 days 03:04:05", `{"a": [1, null]}`, "{1,NULL,{", `\x00ff`,
		"infinity", "[1:2]={3,4}", "12:30 PM", "Jan 8 99 BC",
	} {
		f.Add(s)
	}
	var list []*types.Type
	for _, typ := range types.All() {
		if typ.Parse != nil && typ.Name != "void" {
			list = append(list, typ)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, typ := range list {
			d, err := typ.Parse(s, -1, nil)
			if err != nil {
				if code := pgerr.Code(err); strings.HasPrefix(code, "XX") {
					t.Fatalf("%s %q: %v", typ.Name, s, err)
				}
				continue
			}
			text := string(typ.Format(nil, d, nil))
			again, err := typ.Parse(text, -1, nil)
			if err != nil {
				t.Fatalf("%s %q prints as %q: %v", typ.Name, s, text, err)
			}
			if typ.Compare != nil &&
				(typ.Compare(d, again) != 0 || string(typ.AppendKey(nil, d)) != string(typ.AppendKey(nil, again))) {
				t.Fatalf("%s %q prints as %q, which is another value", typ.Name, s, text)
			}
			if second := string(typ.Format(nil, again, nil)); second != text {
				t.Fatalf("%s %q prints as %q, then as %q", typ.Name, s, text, second)
			}
			if typ.Send == nil || typ.Recv == nil {
				continue
			}
			back, err := typ.Recv(typ.Send(nil, d, nil), -1, nil)
			if err != nil || string(typ.Format(nil, back, nil)) != text {
				t.Fatalf("%s %q does not go through binary: %v", typ.Name, s, err)
			}
		}
	})
}

// FuzzBinary gives arbitrary bytes to every type's Recv: what it accepts must send as an equal value.
func FuzzBinary(f *testing.F) {
	for _, typ := range types.All() {
		for _, s := range []string{"1", "{1}", "2024-01-01", "t", "[1,2]"} {
			if typ.Parse == nil || typ.Send == nil {
				continue
			}
			if d, err := typ.Parse(s, -1, nil); err == nil {
				f.Add(uint32(typ.OID), typ.Send(nil, d, nil))
			}
		}
	}
	f.Fuzz(func(t *testing.T, oid uint32, b []byte) {
		typ := types.Lookup(types.OID(oid))
		if typ == nil || typ.Recv == nil {
			return
		}
		d, err := typ.Recv(b, -1, nil)
		if err != nil {
			return
		}
		again, err := typ.Recv(typ.Send(nil, d, nil), -1, nil)
		if err != nil {
			t.Fatalf("%s: %x is sent as what it refuses: %v", typ.Name, b, err)
		}
		if typ.Compare != nil && typ.Compare(d, again) != 0 {
			t.Fatalf("%s: %x is sent as another value", typ.Name, b)
		}
	})
}
