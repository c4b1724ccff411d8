package storage

import (
	"fmt"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// buildArray returns the Arrow form of a column.
func buildArray(t types.T, col *batch.Column, n int) (arrow.Array, error) {
	b := array.NewBuilder(memory.DefaultAllocator, types.Lookup(t.OID).Arrow(t.Mod))
	defer b.Release()
	for i := range n {
		if col.Null(i) {
			b.AppendNull()
			continue
		}
		switch b := b.(type) {
		case *array.Int64Builder:
			b.Append(col.I[i])
		case *array.Int32Builder:
			b.Append(int32(col.I[i]))
		case *array.BooleanBuilder:
			b.Append(col.B[i])
		case *array.Float64Builder:
			b.Append(col.F[i])
		case *array.StringBuilder:
			b.Append(col.S[i])
		case *array.FixedSizeListBuilder:
			b.Append(true)
			s := col.S[i]
			b.ValueBuilder().(*array.Float32Builder).AppendValues(unsafe.Slice((*float32)(unsafe.Pointer(unsafe.StringData(s))), len(s)/4), nil)
		default:
			return nil, fmt.Errorf("column of type %d: %w", t.OID, ErrUnsupported)
		}
	}
	return b.NewArray(), nil
}

// readArray fills dst with rows from <= i < to of an Arrow array.
func readArray(dst *batch.Column, t types.T, a arrow.Array, from, to int) error {
	*dst = batch.Column{Type: t, Phys: types.Lookup(t.OID).Physical}
	dst.Resize(to - from)
	for i := range to - from {
		j := from + i
		if a.IsNull(j) {
			dst.SetNull(i)
			continue
		}
		switch a := a.(type) {
		case *array.Int64:
			dst.I[i] = a.Value(j)
		case *array.Int32:
			dst.I[i] = int64(a.Value(j))
		case *array.Boolean:
			dst.B[i] = a.Value(j)
		case *array.Float64:
			dst.F[i] = a.Value(j)
		case *array.String:
			dst.S[i] = a.Value(j)
		case *array.FixedSizeList:
			n := int(a.DataType().(*arrow.FixedSizeListType).Len())
			v := a.ListValues().(*array.Float32).Float32Values()[j*n : (j+1)*n]
			dst.S[i] = unsafe.String((*byte)(unsafe.Pointer(&v[0])), 4*n)
		}
	}
	return nil
}
