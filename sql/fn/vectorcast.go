package fn

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// vectorForm is a type of vectors as casts see it: any becomes any other by way of its elements.
type vectorForm struct {
	name      string
	dims      func(s string) int
	checkDims func(dims int) error
	floats    func(s string) []float32
	pack      func(v []float32) (string, error)
}

func denseForm(d *types.Dense) vectorForm {
	return vectorForm{d.Name, d.Dims, d.CheckDims, d.Floats, d.Narrowed}
}

var sparseForm = vectorForm{
	name: "sparsevec", checkDims: types.CheckSparseDims,
	dims:   func(s string) int { return types.DecodeSparse(s).Dims },
	floats: func(s string) []float32 { return types.DecodeSparse(s).Dense() },
	pack: func(v []float32) (string, error) {
		out := types.SparseOf(v)
		return out.Encode(), out.Check()
	},
}

// vectorCasts are the casts among types of vectors and arrays of numbers. The second argument of a cast is the number
// of dimensions wanted, -1 for any.
func vectorCasts() []entry {
	forms := []vectorForm{denseForm(types.Vectors), denseForm(types.Halfvecs), sparseForm}
	var list []entry
	for _, to := range forms {
		list = append(list, entry{to.name + "(" + to.name + ",int4,bool)", rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
			return a[0], types.CheckVectorDims(int32(a[1].I), to.dims(a[0].S))
		})})
		for _, from := range forms {
			if from.name != to.name {
				list = append(list, entry{from.name + "_to_" + to.name, from.castTo(to)})
			}
		}
		for elem, number := range numbers {
			list = append(list, entry{"array_to_" + to.name + "(" + elem + ",int4,bool)", to.ofArray(number)})
		}
	}
	return append(list, entry{"vector_to_float4", forms[0].toReals()}, entry{"halfvec_to_float4", forms[1].toReals()})
}

func (from vectorForm) castTo(to vectorForm) Kernel {
	return rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		dims := from.dims(a[0].S)
		if err := to.checkDims(dims); err != nil {
			return types.Datum{}, err
		}
		if err := types.CheckVectorDims(int32(a[1].I), dims); err != nil {
			return types.Datum{}, err
		}
		s, err := to.pack(from.floats(a[0].S))
		return types.StringDatum(s), err
	})
}

func (from vectorForm) toReals() Kernel {
	return rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		v := from.floats(a[0].S)
		list := make([]types.Datum, len(v))
		for i, x := range v {
			list[i] = types.FloatDatum(float64(x))
		}
		return makeArray(realType, list), nil
	})
}

// numbers are the types of elements that make vectors.
var numbers = map[string]func(types.Datum) (float64, error){
	"_int4":    func(d types.Datum) (float64, error) { return float64(d.I), nil },
	"_float4":  func(d types.Datum) (float64, error) { return d.Float(), nil },
	"_float8":  func(d types.Datum) (float64, error) { return d.Float(), nil },
	"_numeric": func(d types.Datum) (float64, error) { return float4FromNumeric(d.S) },
}

// ofArray casts an array of numbers.
func (to vectorForm) ofArray(number func(types.Datum) (float64, error)) Kernel {
	return rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		array, err := types.DecodeArray(a[0].S)
		if err != nil || len(array.Dims) > 1 {
			return types.Datum{}, pgerr.New(pgerrcode.DataException, "array must be 1-D")
		}
		if slices.ContainsFunc(array.Items, func(d types.Datum) bool { return d.Null }) {
			return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "array must not contain nulls")
		}
		v := make([]float32, len(array.Items))
		if err := to.checkDims(len(v)); err != nil {
			return types.Datum{}, err
		}
		if err := types.CheckVectorDims(int32(a[1].I), len(v)); err != nil {
			return types.Datum{}, err
		}
		for i, d := range array.Items {
			f, err := number(d)
			if err != nil {
				return types.Datum{}, err
			}
			v[i] = float32(f)
		}
		s, err := to.pack(v)
		return types.StringDatum(s), err
	})
}
