package arrowcol_test

import (
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/batch/arrowcol"
	"github.com/vecdb/vecdb/sql/types"
)

// A halfvec(n) is a list of n float16 for every reader of Arrow, a null one takes its place, and other lengths are refused.
func TestHalfvecLists(t *testing.T) {
	mem := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer mem.AssertSize(t, 0)
	of := types.T{OID: types.HalfvecOID, Mod: 3}
	col := batch.New(of, types.String, 0)
	col.Append(types.StringDatum(types.Halfvecs.Pack([]float32{1, -2, 0.5})))
	col.Append(types.NullDatum)
	col.Append(types.StringDatum(types.Halfvecs.Pack([]float32{65504, 0.1, 0})))
	a, err := arrowcol.Build(mem, of, col, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Release()
	if want := arrow.FixedSizeListOf(3, arrow.FixedWidthTypes.Float16); !arrow.TypeEqual(a.DataType(), want) {
		t.Errorf("type %s, want %s", a.DataType(), want)
	}
	values := a.(*array.FixedSizeList).ListValues().(*array.Float16)
	for i, want := range []float32{1, -2, 0.5, 0, 0, 0, 65504, 0.099975586, 0} {
		if got := values.Value(i).Float32(); got != want {
			t.Errorf("element %d is %v, want %v", i, got, want)
		}
	}
	data, size := arrowcol.Elements(a.(*array.FixedSizeList))
	if size != 2 || len(data) != 18 {
		t.Errorf("%d bytes of elements of %d", len(data), size)
	}
	col.Append(types.StringDatum(types.Halfvecs.Pack([]float32{1, 2})))
	if _, err := arrowcol.Build(mem, of, col, 4); err == nil {
		t.Error("a vector of two dimensions went into a column of three")
	}
	ints := array.NewFixedSizeListBuilder(mem, 2, arrow.PrimitiveTypes.Int32)
	defer ints.Release()
	list := ints.NewArray()
	defer list.Release()
	if _, size := arrowcol.Elements(list.(*array.FixedSizeList)); size != 0 {
		t.Errorf("integers are elements of %d bytes", size)
	}
}
