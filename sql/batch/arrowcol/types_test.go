package arrowcol_test

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/batch/arrowcol"
	"github.com/vecdb/vecdb/sql/types"
)

// storable lists the types that columns of tables can have, with literals of each.
func storable(t *testing.T) map[*types.Type][]string {
	t.Helper()
	literals := map[string][]string{
		"bool": {"t", "f"}, "uuid": {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}, "json": {`{"b": 1}`},
		"jsonb": {`{"a": 1}`, "null"}, "tid": {"(1,2)"},
		"pg_lsn": {"1/2"}, "vector": {"[1,2]", "[3]"}, "date": {"2024-02-29", "infinity"}, "interval": {"1 mon -2 days"},
		"time":   {"12:00"},
		"timetz": {"12:00+01"}, "timestamp": {"2024-02-29 12:00", "-infinity"}, "timestamptz": {"2024-02-29 12:00Z"},
		"bytea": {`\x`, `\x00ff`},
		"text":  {"", "häß"}, "numeric": {"1.50", "NaN"}, "halfvec": {"[1,2]", "[-0]"},
		"sparsevec": {"{}/3", "{2:1.5}/2"}, "bit": {"", "10101010"}, "varbit": {"", "0", "101010101"},
	}
	out := map[*types.Type][]string{}
	for _, typ := range types.All() {
		if typ.Arrow == nil || strings.HasSuffix(typ.Name, "record") {
			continue
		}
		list := literals[typ.Name]
		if list == nil && typ.Name[0] == '_' {
			list = []string{"{}", "{NULL}", "[0:1]={NULL,NULL}"}
		}
		if list == nil {
			list = []string{"1", "0"}
		}
		out[typ] = list
	}
	return out
}

func same(typ *types.Type, a, b types.Datum) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	return string(typ.Format(nil, a, nil)) == string(typ.Format(nil, b, nil))
}

// TestEveryType builds columns of every type that can be stored, without nulls, with some and with nothing else, and of
// sizes around a batch, and reads every part of them into a column that is used again.
func TestEveryType(t *testing.T) {
	const seed = 92
	r := rand.New(rand.NewSource(seed))
	for typ, literals := range storable(t) {
		ty := types.Of(typ.OID)
		var reused batch.Column
		for _, n := range []int{0, 1, 2, 9, batch.RowsMax - 1, batch.RowsMax + 1} {
			for _, nulls := range []int{0, 2, 1} { // none, every second, all
				col := batch.New(ty, typ.Physical, n)
				for i := range n {
					if nulls > 0 && i%nulls == 0 {
						col.Append(types.NullDatum)
						continue
					}
					d, err := typ.Parse(literals[i%len(literals)], -1, nil)
					if err != nil {
						t.Fatalf("%s: %v", typ.Name, err)
					}
					col.Append(d)
				}
				a, err := arrowcol.Build(memory.DefaultAllocator, ty, col, n)
				if err != nil {
					t.Fatalf("%s: %v", typ.Name, err)
				}
				if a.Len() != n {
					t.Fatalf("%s: %d rows of %d", typ.Name, a.Len(), n)
				}
				for range 4 {
					from := r.Intn(n + 1)
					to := from + r.Intn(n-from+1)
					if err := arrowcol.Read(&reused, ty, a, from, to); err != nil {
						t.Fatalf("%s: %v", typ.Name, err)
					}
					if reused.Len() != to-from || reused.Type != ty || reused.Phys != typ.Physical {
						t.Fatalf("%s: rows %d to %d of %d are %d", typ.Name, from, to, n, reused.Len())
					}
					for i := from; i < to; i++ {
						if !same(typ, col.Datum(i), reused.Datum(i-from)) {
							t.Fatalf("%s: row %d is %v, want %v", typ.Name, i, reused.Datum(i-from), col.Datum(i))
						}
					}
					if reused.Nulls != nil && !slices.Contains(reused.Nulls, true) {
						t.Fatalf("%s: a null mask without nulls", typ.Name)
					}
				}
				a.Release()
			}
		}
	}
}

// TestSlicedArrays reads arrays that are slices of slices, of every type.
func TestSlicedArrays(t *testing.T) {
	for typ, literals := range storable(t) {
		ty := types.Of(typ.OID)
		if types.DenseOf(typ.OID) != nil {
			ty.Mod, literals = 2, []string{"[1,2]", "[3,4]"}
		}
		col := batch.New(ty, typ.Physical, 0)
		for i := range 12 {
			d, err := typ.Parse(literals[i%len(literals)], ty.Mod, nil)
			if err != nil {
				t.Fatal(err)
			}
			d.Null = i%5 == 4
			col.Append(d)
		}
		whole, err := arrowcol.Build(memory.DefaultAllocator, ty, col, 12)
		if err != nil {
			t.Fatal(err)
		}
		outer := array.NewSlice(whole, 2, 11)
		inner := array.NewSlice(outer, 1, 8)
		empty := array.NewSlice(inner, 3, 3)
		var got batch.Column
		if err := arrowcol.Read(&got, ty, inner, 1, 6); err != nil {
			t.Fatal(err)
		}
		for i := range got.Len() {
			if !same(typ, col.Datum(i+4), got.Datum(i)) {
				t.Errorf("%s: row %d of the slice is %v, want %v", typ.Name, i, got.Datum(i), col.Datum(i+4))
			}
		}
		if err := arrowcol.Read(&got, ty, empty, 0, 0); err != nil || got.Len() != 0 {
			t.Errorf("%s: an empty slice: %d rows, %v", typ.Name, got.Len(), err)
		}
		for _, a := range []arrow.Array{empty, inner, outer, whole} {
			a.Release()
		}
	}
}

// TestBuildOfPart holds that the first rows alone are built, and that what a null slot holds does not show.
func TestBuildOfPart(t *testing.T) {
	ty := types.Of(types.TextOID)
	col := batch.New(ty, types.String, 0)
	for i := range 5 {
		col.Append(types.StringDatum(fmt.Sprint("row ", i)))
	}
	col.SetNull(1)
	a, err := arrowcol.Build(memory.DefaultAllocator, ty, col, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Release()
	if a.Len() != 3 || a.NullN() != 1 || !a.IsNull(1) || string(a.(*array.String).ValueBytes()) != "row 0row 2" {
		t.Errorf("%v", a)
	}
	vec := types.T{OID: types.VectorOID, Mod: 2}
	vectors := batch.New(vec, types.String, 0)
	vectors.Append(types.StringDatum(types.VectorString([]float32{1, 2})))
	vectors.Append(types.NullDatum)
	vectors.Append(types.StringDatum(types.VectorString([]float32{3, 4})))
	b, err := arrowcol.Build(memory.DefaultAllocator, vec, vectors, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Release()
	if got := b.(*array.FixedSizeList).ListValues().(*array.Float32).Float32Values(); !slices.Equal(got,
		[]float32{1, 2, 0, 0, 3, 4}) {
		t.Errorf("%v", got)
	}
}

// TestTimesThereAndBack holds dates and timestamps as far as they go, whose epoch Arrow has elsewhere.
func TestTimesThereAndBack(t *testing.T) {
	const seed = 93
	r := rand.New(rand.NewSource(seed))
	for name, limits := range map[string][2]int64{
		"date": {-2451545, 2145031948}, "timestamp": {-211813488000000000, 9223371331199999999},
		"timestamptz": {-211813488000000000, 9223371331199999999},
	} {
		typ := types.ByName(name)
		ty := types.Of(typ.OID)
		col := batch.New(ty, types.Int, 0)
		for _, v := range []int64{
			limits[0], limits[0] + 1, -1, 0, 1, limits[1] - 1, limits[1], types.Infinity, types.NegInfinity,
		} {
			col.Append(types.IntDatum(v))
		}
		for range 500 {
			col.Append(types.IntDatum(limits[0] + int64(r.Uint64()%(uint64(limits[1])-uint64(limits[0])+1))))
		}
		a, err := arrowcol.Build(memory.DefaultAllocator, ty, col, col.Len())
		if err != nil {
			t.Fatal(err)
		}
		var got batch.Column
		if err := arrowcol.Read(&got, ty, a, 0, col.Len()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.I, col.I) {
			t.Errorf("seed %d: %s does not come back", seed, name)
		}
		a.Release()
	}
}

// TestBadArrays holds the errors of arrays that are no column of a type.
func TestBadArrays(t *testing.T) {
	var dst batch.Column
	read := func(oid types.OID, a arrow.Array) error {
		defer a.Release()
		return arrowcol.Read(&dst, types.Of(oid), a, 0, a.Len())
	}
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	texts.Append("{1,2")
	if err := read(types.Int4ArrayOID, texts.NewArray()); err == nil ||
		!strings.Contains(err.Error(), "malformed array literal") {
		t.Errorf("a damaged array: %v", err)
	}
	if err := read(3, array.NewNull(1)); err == nil {
		t.Error("a type that is not known")
	}
	if err := read(types.Int4OID, array.NewNull(1)); err == nil {
		t.Error("an Arrow type that no column has")
	}
	lists := array.NewFixedSizeListBuilder(memory.DefaultAllocator, 1, arrow.PrimitiveTypes.Float64)
	lists.Append(true)
	lists.ValueBuilder().(*array.Float64Builder).Append(math.Pi)
	if err := read(types.VectorOID, lists.NewArray()); err == nil {
		t.Error("a list of float64 as vectors")
	}
}
