package arrowcol_test

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/batch/arrowcol"
	"github.com/vecdb/vecdb/sql/types"
)

// TestRoundTrip builds columns of every storable family, with nulls, and reads every range back.
func TestRoundTrip(t *testing.T) {
	f := func(name string, mod int32, values ...string) {
		t.Helper()
		alloc := memory.NewCheckedAllocator(memory.NewGoAllocator())
		defer alloc.AssertSize(t, 0)
		typ := types.ByName(name)
		ty := types.T{OID: typ.OID, Mod: mod}
		col := batch.New(ty, typ.Physical, 0)
		col.Append(types.NullDatum)
		for _, v := range values {
			d, err := typ.Parse(v, mod, nil)
			if err != nil {
				t.Fatal(err)
			}
			col.Append(d)
		}
		a, err := arrowcol.Build(alloc, ty, col, col.Len())
		if err != nil {
			t.Fatal(err)
		}
		defer a.Release()
		for from := range col.Len() {
			var got batch.Column
			if err := arrowcol.Read(&got, ty, a, from, col.Len()); err != nil {
				t.Fatal(err)
			}
			for i := from; i < col.Len(); i++ {
				if w, g := col.Datum(i), got.Datum(i-from); w != g && (w.Null || g.Null || typ.Compare(w, g) != 0) {
					t.Fatalf("%s row %d: %v, want %v", name, i, g, w)
				}
			}
		}
	}
	f("bool", -1, "t", "f")
	f("int2", -1, "-32768", "7")
	f("int4", -1, "1", "-2147483648")
	f("int8", -1, "9223372036854775807")
	f("oid", -1, "4294967295")
	f("float4", -1, "1.5", "NaN")
	f("float8", -1, "-1e300", "0.1")
	f("numeric", -1, "1.50", "NaN", "123456789012345678901234567890.5")
	f("text", -1, "", "häß", "x")
	f("bytea", -1, `\x00ff`, `\x`)
	f("date", -1, "2024-02-29", "infinity", "-infinity", "0044-03-15 BC")
	f("time", -1, "24:00:00", "00:00:00.000001")
	f("timetz", -1, "01:02:03+04")
	f("timestamp", -1, "1969-12-31 23:59:59.999999", "infinity", "-infinity",
		"4714-11-24 00:00:00 BC", "294276-12-31 23:59:59.999999", "294247-01-10 04:00:54.775806",
		"294247-01-10 04:00:54.775807")
	f("timestamptz", -1, "2024-01-01 00:00:00+00")
	f("interval", -1, "1 mon -3 days 00:00:01")
	f("uuid", -1, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
	f("jsonb", -1, `{"a": 1}`)
	f("_text", -1, `{a,NULL}`, "{}", `{"x y","\""}`)
	f("_int4", -1, "[2:3]={1,2}", "{{1,2},{3,4}}")
	f("_timestamptz", -1, `{"2024-01-01 00:00:00+00",infinity}`)
	f("_vector", -1, `{"[1,2]","[3]"}`)
	f("int2vector", -1, "1 2")
	f("pg_lsn", -1, "0/0", "FFFFFFFF/FFFFFFFF")
	f("xid8", -1, "18446744073709551615")
	f("vector", 3, "[1,2,3]", "[-1,0,0.5]")
	f("vector", -1, "[1,2,3]", "[1]")
	f("char", -1, "x")
}

// TestOpenForms checks that what other readers of Arrow see is the value itself.
func TestOpenForms(t *testing.T) {
	f := func(name string, mod int32, in, want string) {
		t.Helper()
		typ := types.ByName(name)
		ty := types.T{OID: typ.OID, Mod: mod}
		d, err := typ.Parse(in, mod, nil)
		if err != nil {
			t.Fatal(err)
		}
		col := batch.New(ty, typ.Physical, 1)
		col.Append(d)
		a, err := arrowcol.Build(memory.DefaultAllocator, ty, col, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Release()
		if got := a.DataType().String() + " " + a.ValueStr(0); got != want {
			t.Errorf("%s %s is stored as %s, want %s", name, in, got, want)
		}
	}
	f("int2", -1, "7", "int16 7")
	f("numeric", -1, "1.50", "utf8 1.50")
	f("date", -1, "2024-02-29", "date32 2024-02-29")
	f("timestamptz", -1, "2024-02-29 01:02:03+01", "timestamp[us, tz=UTC] 2024-02-29T00:02:03Z")
	f("_int4", -1, "{1,NULL,3}", "utf8 {1,NULL,3}")
	f("jsonb", -1, `{"b":1,"a":2}`, `utf8 {"a": 2, "b": 1}`)
	f("vector", 2, "[1,2.5]", "fixed_size_list<item: float32, nullable>[2] [1,2.5]")
}

// TestSlices reads arrays that do not start at their buffers' beginning, as fragments are cut.
func TestSlices(t *testing.T) {
	for _, name := range []string{"text", "bytea", "uuid", "int4", "bool"} {
		typ := types.ByName(name)
		ty := types.Of(typ.OID)
		col := batch.New(ty, typ.Physical, 0)
		for _, s := range map[string][]string{
			"text": {"a", "bb", "", "dddd"}, "bytea": {`\x00`, `\x`, `\x0102`, `\xff`}, "int4": {"1", "2", "3", "4"},
			"bool": {"t", "f", "t", "t"}, "uuid": {
				"00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002",
				"00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000004",
			},
		}[name] {
			d, err := typ.Parse(s, -1, nil)
			if err != nil {
				t.Fatal(err)
			}
			col.Append(d)
		}
		whole, err := arrowcol.Build(memory.DefaultAllocator, ty, col, 4)
		if err != nil {
			t.Fatal(err)
		}
		part := array.NewSlice(whole, 1, 4)
		var got batch.Column
		if err := arrowcol.Read(&got, ty, part, 1, 3); err != nil {
			t.Fatal(err)
		}
		if got.Len() != 2 || got.Datum(0) != col.Datum(2) || got.Datum(1) != col.Datum(3) {
			t.Errorf("%s: %v %v, want %v %v", name, got.Datum(0), got.Datum(1), col.Datum(2), col.Datum(3))
		}
		part.Release()
		whole.Release()
	}
}

func TestUnstorable(t *testing.T) {
	if _, err := arrowcol.TypeOf(types.Of(600)); err == nil {
		t.Error("a type without codecs is stored")
	}
	ty := types.T{OID: types.VectorOID, Mod: 3}
	col := batch.New(ty, types.String, 1)
	col.Append(types.StringDatum(types.VectorString([]float32{1})))
	if _, err := arrowcol.Build(memory.DefaultAllocator, ty, col, 1); err == nil {
		t.Error("a vector of one dimension is stored in a column of three")
	}
}
