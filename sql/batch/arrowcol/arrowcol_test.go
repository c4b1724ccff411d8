package arrowcol_test

import (
	"testing"

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
	f("timestamp", -1, "1969-12-31 23:59:59.999999", "infinity", "-infinity")
	f("timestamptz", -1, "2024-01-01 00:00:00+00")
	f("interval", -1, "1 mon -3 days 00:00:01")
	f("uuid", -1, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
	f("jsonb", -1, `{"a": 1}`)
	f("_text", -1, `{a,NULL}`)
	f("vector", 3, "[1,2,3]", "[-1,0,0.5]")
	f("vector", -1, "[1,2,3]", "[1]")
	f("char", -1, "x")
}
