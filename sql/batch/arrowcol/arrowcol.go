package arrowcol

import (
	"fmt"
	"math"
	"strings"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// TypeOf returns the Arrow type of a column, or an error when the type cannot be stored.
func TypeOf(t types.T) (arrow.DataType, error) {
	typ := types.Lookup(t.OID)
	if typ == nil || typ.Arrow == nil {
		return nil, fmt.Errorf("type %d has no Arrow form", t.OID)
	}
	return typ.Arrow(t.Mod), nil
}

// Build returns the first n rows of a column as an Arrow array, which the caller releases.
func Build(mem memory.Allocator, t types.T, col *batch.Column, n int) (arrow.Array, error) {
	at, err := TypeOf(t)
	if err != nil {
		return nil, err
	}
	b := array.NewBuilder(mem, at)
	defer b.Release()
	b.Reserve(n)
	if err := appendAll(b, t, col, n); err != nil {
		return nil, err
	}
	return b.NewArray(), nil
}

// valid returns Arrow's validity of the first n rows: nil when no value is null.
func valid(col *batch.Column, n int) []bool {
	if col.Nulls == nil {
		return nil
	}
	v := make([]bool, n)
	for i := range v {
		v[i] = !col.Nulls[i]
	}
	return v
}

func narrow[V any](n int, f func(i int) V) []V {
	out := make([]V, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

func appendAll(b array.Builder, t types.T, col *batch.Column, n int) error {
	ok := valid(col, n)
	switch b := b.(type) {
	case *array.BooleanBuilder:
		b.AppendValues(col.B[:n], ok)
	case *array.Int8Builder:
		b.AppendValues(narrow(n, func(i int) int8 { return int8(col.I[i]) }), ok)
	case *array.Int16Builder:
		b.AppendValues(narrow(n, func(i int) int16 { return int16(col.I[i]) }), ok)
	case *array.Int32Builder:
		b.AppendValues(narrow(n, func(i int) int32 { return int32(col.I[i]) }), ok)
	case *array.Uint32Builder:
		b.AppendValues(narrow(n, func(i int) uint32 { return uint32(col.I[i]) }), ok)
	case *array.Uint64Builder:
		b.AppendValues(narrow(n, func(i int) uint64 { return uint64(col.I[i]) }), ok)
	case *array.Int64Builder:
		b.AppendValues(col.I[:n], ok)
	case *array.Date32Builder:
		b.AppendValues(narrow(n, func(i int) arrow.Date32 { return dateOut(col.I[i]) }), ok)
	case *array.TimestampBuilder:
		b.AppendValues(narrow(n, func(i int) arrow.Timestamp { return stampOut(col.I[i]) }), ok)
	case *array.Time64Builder:
		b.AppendValues(narrow(n, func(i int) arrow.Time64 { return arrow.Time64(col.I[i]) }), ok)
	case *array.Float32Builder:
		b.AppendValues(narrow(n, func(i int) float32 { return float32(col.F[i]) }), ok)
	case *array.Float64Builder:
		b.AppendValues(col.F[:n], ok)
	case *array.StringBuilder:
		if asText(t) {
			appendText(b, t, col, n)
		} else {
			appendStrings(b, col, n)
		}
	case *array.BinaryBuilder:
		for i := range n {
			if col.Null(i) {
				b.AppendNull()
			} else {
				b.AppendString(col.S[i])
			}
		}
	case *array.FixedSizeBinaryBuilder:
		for i := range n {
			if col.Null(i) {
				b.AppendNull()
			} else {
				b.Append([]byte(col.S[i]))
			}
		}
	case *array.FixedSizeListBuilder:
		return appendVectors(b, t, col, n)
	default:
		return fmt.Errorf("no way to build a column of type %d", t.OID)
	}
	return nil
}

// asText says whether the values of a type are stored in their text form, because their form in memory
// is ours alone and fragments are for every reader of Arrow: arrays.
func asText(t types.T) bool { return types.Lookup(t.OID).Category == 'A' }

// appendText appends values in the text form that a session without settings prints.
func appendText(b *array.StringBuilder, t types.T, col *batch.Column, n int) {
	typ := types.Lookup(t.OID)
	var text []byte
	for i := range n {
		if col.Null(i) {
			b.AppendNull()
			continue
		}
		text = typ.Format(text[:0], col.Datum(i), nil)
		b.BinaryBuilder.Append(text)
	}
}

// parseText is the inverse of appendText.
func parseText(dst *batch.Column, t types.T) error {
	typ := types.Lookup(t.OID)
	for i, s := range dst.S {
		if dst.Null(i) {
			continue
		}
		d, err := typ.Parse(s, -1, nil)
		if err != nil {
			return fmt.Errorf("stored %s: %w", typ.SQLName, err)
		}
		dst.S[i] = d.S
	}
	return nil
}

func appendStrings(b *array.StringBuilder, col *batch.Column, n int) {
	size := 0
	for i := range n {
		if !col.Null(i) {
			size += len(col.S[i])
		}
	}
	b.ReserveData(size)
	for i := range n {
		if col.Null(i) {
			b.AppendNull()
		} else {
			b.Append(col.S[i])
		}
	}
}

// appendVectors appends vectors as lists of a fixed number of float32 or float16. A null still takes its place.
func appendVectors(b *array.FixedSizeListBuilder, t types.T, col *batch.Column, n int) error {
	dense := types.DenseOf(t.OID)
	if dense == nil {
		return fmt.Errorf("no way to build lists of type %d", t.OID)
	}
	dims := int(t.Mod)
	b.ValueBuilder().Reserve(n * dims)
	zeros := strings.Repeat("\x00", dims*dense.ElemBytes)
	for i := range n {
		v := zeros
		if !col.Null(i) {
			if v = col.S[i]; dense.Dims(v) != dims {
				return fmt.Errorf("a vector of %d dimensions in a column of %d", dense.Dims(v), dims)
			}
		}
		b.Append(!col.Null(i))
		switch values := b.ValueBuilder().(type) {
		case *array.Float32Builder:
			values.AppendValues(types.VectorFloats(v), nil)
		case *array.Float16Builder:
			for j := 0; j < len(v); j += 2 {
				values.Append(float16.FromBits(uint16(v[j]) | uint16(v[j+1])<<8))
			}
		}
	}
	return nil
}

// Arrow counts days and timestamps from 1970; the infinities keep their extremes.

const epochDays = 10957

func dateOut(d int64) arrow.Date32 {
	if d == types.Infinity || d == types.NegInfinity {
		return arrow.Date32(types.NarrowDate(d))
	}
	return arrow.Date32(d + epochDays)
}

func dateIn(d arrow.Date32) int64 {
	if v := types.WidenDate(int32(d)); v == types.Infinity || v == types.NegInfinity {
		return v
	}
	return int64(d) - epochDays
}

// stampShift is from our epoch to Arrow's. stampLast is the last timestamp, in the year 294247, that Arrow
// can count from 1970; later ones wrap around to times before any that PostgreSQL has, leaving the two extremes
// to the infinities.
const (
	stampShift = epochDays * types.MicrosPerDay
	stampLast  = math.MaxInt64 - stampShift - 1
)

func stampOut(us int64) arrow.Timestamp {
	switch {
	case us == types.Infinity || us == types.NegInfinity:
		return arrow.Timestamp(us)
	case us > stampLast:
		return arrow.Timestamp(math.MinInt64 + (us - stampLast))
	}
	return arrow.Timestamp(us + stampShift)
}

func stampIn(ts arrow.Timestamp) int64 {
	us := int64(ts)
	switch {
	case us == types.Infinity || us == types.NegInfinity:
		return us
	case us < math.MinInt64+stampShift:
		return stampLast + (us - math.MinInt64)
	}
	return us - stampShift
}

// Read makes dst rows from..to of an Arrow array.
func Read(dst *batch.Column, t types.T, a arrow.Array, from, to int) error {
	typ := types.Lookup(t.OID)
	if typ == nil {
		return fmt.Errorf("unknown type %d", t.OID)
	}
	dst.Type, dst.Phys, dst.Nulls = t, typ.Physical, nil
	n := to - from
	if a.NullN() > 0 {
		readNulls(dst, a, from, n)
	}
	switch a := a.(type) {
	case *array.Boolean:
		dst.B = sized(dst.B, n)
		for i := range dst.B {
			dst.B[i] = a.Value(from + i)
		}
	case *array.Int8:
		dst.I = widen(dst.I, a.Int8Values()[from:to])
	case *array.Int16:
		dst.I = widen(dst.I, a.Int16Values()[from:to])
	case *array.Int32:
		dst.I = widen(dst.I, a.Int32Values()[from:to])
	case *array.Uint32:
		dst.I = widen(dst.I, a.Uint32Values()[from:to])
	case *array.Uint64:
		dst.I = convert(dst.I, a.Uint64Values()[from:to], func(v uint64) int64 { return int64(v) })
	case *array.Time64:
		dst.I = widen(dst.I, a.Time64Values()[from:to])
	case *array.Int64:
		dst.I = append(dst.I[:0], a.Int64Values()[from:to]...)
	case *array.Date32:
		dst.I = convert(dst.I, a.Date32Values()[from:to], dateIn)
	case *array.Timestamp:
		dst.I = convert(dst.I, a.TimestampValues()[from:to], stampIn)
	case *array.Float32:
		dst.F = convert(dst.F, a.Float32Values()[from:to], func(f float32) float64 { return float64(f) })
	case *array.Float64:
		dst.F = append(dst.F[:0], a.Float64Values()[from:to]...)
	case *array.String:
		readBytes(dst, a.ValueOffsets()[from:to+1], a.ValueOffsets()[0], a.ValueBytes(), n)
		if asText(t) {
			return parseText(dst, t)
		}
	case *array.Binary:
		readBytes(dst, a.ValueOffsets()[from:to+1], a.ValueOffsets()[0], a.ValueBytes(), n)
	case *array.FixedSizeBinary:
		dst.S = sized(dst.S, n)
		for i := range dst.S {
			dst.S[i] = alias(a.Value(from + i))
		}
	case *array.FixedSizeList:
		return readVectors(dst, a, from, n)
	default:
		return fmt.Errorf("no way to read a column of Arrow type %s", a.DataType())
	}
	return nil
}

func readNulls(dst *batch.Column, a arrow.Array, from, n int) {
	nulls := make([]bool, n)
	any := false
	for i := range nulls {
		nulls[i] = a.IsNull(from + i)
		any = any || nulls[i]
	}
	if any {
		dst.Nulls = nulls
	}
}

func sized[V any](s []V, n int) []V {
	if cap(s) >= n {
		return s[:n]
	}
	return make([]V, n)
}

func widen[V ~int8 | ~int16 | ~int32 | ~uint32 | ~int64](dst []int64, src []V) []int64 {
	dst = sized(dst, len(src))
	for i, v := range src {
		dst[i] = int64(v)
	}
	return dst
}

func convert[D, V any](dst []D, src []V, f func(V) D) []D {
	dst = sized(dst, len(src))
	for i, v := range src {
		dst[i] = f(v)
	}
	return dst
}

// readBytes makes strings that alias an array's bytes, which begin at offset base.
func readBytes(dst *batch.Column, offsets []int32, base int32, data []byte, n int) {
	dst.S = sized(dst.S, n)
	for i := range n {
		dst.S[i] = alias(data[offsets[i]-base : offsets[i+1]-base])
	}
}

func alias(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func readVectors(dst *batch.Column, a *array.FixedSizeList, from, n int) error {
	data, size := Elements(a)
	if size == 0 {
		return fmt.Errorf("no way to read a list of %s", a.ListValues().DataType())
	}
	stride := size * int(a.DataType().(*arrow.FixedSizeListType).Len())
	dst.S = sized(dst.S, n)
	for i := range dst.S {
		at := (from + i + a.Data().Offset()) * stride
		dst.S[i] = alias(data[at : at+stride])
	}
	return nil
}

// Elements returns the bytes of all elements of a list of vectors and the size of one; size 0 when the elements
// are not those of vectors.
func Elements(a *array.FixedSizeList) (data []byte, size int) {
	switch values := a.ListValues().(type) {
	case *array.Float32:
		return arrow.Float32Traits.CastToBytes(values.Float32Values()), 4
	case *array.Float16:
		return arrow.Float16Traits.CastToBytes(values.Values()), 2
	}
	return nil, 0
}
