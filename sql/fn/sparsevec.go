package fn

import (
	"cmp"
	"math"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// A sparsevec is computed with element by element over the indices that either operand has, in float32 as pgvector
// does.

// sparseDistance makes the kernel of a distance. f gets the elements of each index that is not zero in both, in turn.
func sparseDistance(f func(a, b types.Sparse) float64) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, r := args[0].S, args[1].S, out.F
		last, query := "", types.Sparse{}
		for k := range selected(sel, n) {
			i := at(sel, k)
			if b[i] != last { // mostly one query for all rows
				last, query = b[i], types.DecodeSparse(b[i])
			}
			v := types.DecodeSparse(a[i])
			if v.Dims != query.Dims {
				return errDims("sparsevec", v.Dims, query.Dims)
			}
			r[i] = f(v, query)
		}
		return nil
	}
}

// sparseSum adds up f of both elements, one of which may be 0, at each index of a or b.
func sparseSum(a, b types.Sparse, f func(x, y float32) float32) float32 {
	sum := float32(0)
	for i, j := 0, 0; i < len(a.Indices) || j < len(b.Indices); {
		order := 0
		switch {
		case i == len(a.Indices):
			order = 1
		case j == len(b.Indices):
			order = -1
		default:
			order = cmp.Compare(a.Indices[i], b.Indices[j])
		}
		x, y := float32(0), float32(0)
		if order <= 0 {
			x = a.Values[i]
			i++
		}
		if order >= 0 {
			y = b.Values[j]
			j++
		}
		sum += f(x, y)
	}
	return sum
}

func sparseL2Squared(a, b types.Sparse) float64 {
	return float64(sparseSum(a, b, func(x, y float32) float32 { return (x - y) * (x - y) }))
}

func sparseInner(a, b types.Sparse) float64 {
	return float64(sparseSum(a, b, func(x, y float32) float32 { return x * y }))
}

func sparseL1(a, b types.Sparse) float64 {
	return float64(sparseSum(a, b, func(x, y float32) float32 { return float32(math.Abs(float64(x - y))) }))
}

func sparseCosine(a, b types.Sparse) float64 {
	c := sparseInner(a, b) / math.Sqrt(sparseInner(a, a)*sparseInner(b, b))
	return 1 - min(max(c, -1), 1)
}

var sparseKernels = []entry{
	{"sparsevec_cmp", map2(func(a, b string) int64 {
		return int64(comparer(types.SparsevecOID)(types.StringDatum(a), types.StringDatum(b)))
	})},
	{"l2_distance(sparsevec,sparsevec)", sparseDistance(func(a, b types.Sparse) float64 { return math.Sqrt(sparseL2Squared(a, b)) })},
	{"sparsevec_l2_squared_distance", sparseDistance(sparseL2Squared)},
	{"inner_product(sparsevec,sparsevec)", sparseDistance(sparseInner)},
	{"sparsevec_negative_inner_product", sparseDistance(func(a, b types.Sparse) float64 { return -sparseInner(a, b) })},
	{"cosine_distance(sparsevec,sparsevec)", sparseDistance(sparseCosine)},
	{"l1_distance(sparsevec,sparsevec)", sparseDistance(sparseL1)},
	{"l2_norm(sparsevec)", map1(func(s string) float64 { return l2Norm(types.DecodeSparse(s).Values) })},
	{"l2_normalize(sparsevec)", try1(normalizeSparse)},
}

// normalizeSparse scales to unit length; what becomes zero by it is an element no more.
func normalizeSparse(s string) (string, error) {
	v := types.DecodeSparse(s)
	by := l2Norm(v.Values)
	out := types.Sparse{Dims: v.Dims}
	for i, f := range v.Values {
		f = float32(float64(f) / by)
		if math.IsInf(float64(f), 0) {
			return "", errOverflow()
		}
		if f != 0 {
			out.Indices, out.Values = append(out.Indices, v.Indices[i]), append(out.Values, f)
		}
	}
	return out.Encode(), nil
}
