package fn

import (
	"math"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// The steps of avg, which pgvector declares as functions of their own. Their state is an array of doubles: the number
// of vectors and the sum of each dimension. The aggregate itself does not go by them.
func vectorStateKernels() []entry {
	var list []entry
	for _, d := range []dense{{types.Vectors}, {types.Halfvecs}} {
		list = append(list,
			entry{d.Name + "_accum", rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
				v := []float64{1}
				for _, f := range d.Floats(a[1].S) {
					v = append(v, float64(f))
				}
				return addStates(d.Name+"_accum", a[0], makeState(v))
			})},
			entry{d.Name + "_combine", rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
				return addStates("vector_combine", a[0], a[1])
			})},
			entry{d.Name + "_avg", rows(func(_ *Call, a []types.Datum) (types.Datum, error) { return d.average(a[0]) })})
	}
	return list
}

func makeState(v []float64) types.Datum {
	list := make([]types.Datum, len(v))
	for i, f := range v {
		list[i] = types.FloatDatum(f)
	}
	return makeArray(types.Float8OID, list)
}

// readState reads a state for the function of that name.
func readState(name string, d types.Datum) ([]float64, error) {
	a, err := types.DecodeArray(d.S)
	if err != nil || len(a.Dims) != 1 || slices.ContainsFunc(a.Items, func(d types.Datum) bool { return d.Null }) {
		return nil, pgerr.New(pgerrcode.InternalError, "%s: expected state array", name)
	}
	v := make([]float64, len(a.Items))
	for i, d := range a.Items {
		v[i] = d.Float()
	}
	return v, nil
}

// addStates adds the states of two sets of vectors. One without vectors has no dimensions.
func addStates(name string, a, b types.Datum) (types.Datum, error) {
	x, err := readState(name, a)
	if err != nil {
		return types.Datum{}, err
	}
	y, err := readState(name, b)
	if err != nil {
		return types.Datum{}, err
	}
	switch {
	case x[0] == 0 || len(x) == 1:
		return b, nil
	case y[0] == 0:
		return a, nil
	}
	if err := types.CheckVectorDims(int32(len(x)-1), len(y)-1); err != nil {
		return types.Datum{}, err
	}
	for i := range x {
		if x[i] += y[i]; i > 0 && math.IsInf(x[i], 0) {
			return types.Datum{}, errOverflow()
		}
	}
	return makeState(x), nil
}

// average is the vector that a state stands for, NULL when there was none.
func (d dense) average(state types.Datum) (types.Datum, error) {
	x, err := readState(d.Name+"_avg", state)
	if err != nil || x[0] == 0 {
		return types.NullDatum, err
	}
	v := make([]float32, len(x)-1)
	if err := d.CheckDims(len(v)); err != nil {
		return types.Datum{}, err
	}
	for i := range v {
		v[i] = float32(x[i+1] / x[0])
	}
	s, err := d.Narrowed(v)
	return types.StringDatum(s), err
}
