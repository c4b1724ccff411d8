package fn

import (
	"math"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// A vector is a string of its float32 elements. The texts and codes of errors are pgvector's.

func errDims(a, b int) error {
	return pgerr.New(pgerrcode.DataException, "different vector dimensions %d and %d", a, b)
}

func checkDims(n int) error {
	if n < 1 {
		return pgerr.New(pgerrcode.DataException, "vector must have at least 1 dimension")
	}
	if n > types.VectorDimsMax {
		return pgerr.New(pgerrcode.ProgramLimitExceeded, "vector cannot have more than %d dimensions", types.VectorDimsMax)
	}
	return nil
}

// distanceKernel computes a metric between two columns of vectors.
func distanceKernel(f func(a, b []float32) float64) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, r := args[0].S, args[1].S, out.F
		for k := range selected(sel, n) {
			i := at(sel, k)
			if len(a[i]) != len(b[i]) {
				return errDims(len(a[i])/4, len(b[i])/4)
			}
			r[i] = f(types.VectorFloats(a[i]), types.VectorFloats(b[i]))
		}
		return nil
	}
}

func l2Distance(a, b []float32) float64 { return math.Sqrt(float64(distance.L2Squared(a, b))) }

// sphericalDistance is the angle between unit vectors, in half turns.
func sphericalDistance(a, b []float32) float64 {
	return math.Acos(min(max(float64(distance.Dot(a, b)), -1), 1)) / math.Pi
}

var vectorKernels = concat(
	[]entry{
		{"vector_cmp", map2(func(a, b string) int64 {
			return int64(comparer(types.VectorOID)(types.StringDatum(a), types.StringDatum(b)))
		})},
		{"l2_distance(vector,vector)", distanceKernel(l2Distance)},
		{"vector_l2_squared_distance", distanceKernel(func(a, b []float32) float64 { return float64(distance.L2Squared(a, b)) })},
		{"inner_product(vector,vector)", distanceKernel(func(a, b []float32) float64 { return float64(distance.Dot(a, b)) })},
		{"vector_negative_inner_product", distanceKernel(func(a, b []float32) float64 { return -float64(distance.Dot(a, b)) })},
		{"cosine_distance(vector,vector)", distanceKernel(distance.CosineDistance)},
		{"l1_distance(vector,vector)", distanceKernel(func(a, b []float32) float64 { return float64(distance.Manhattan(a, b)) })},
		{"vector_spherical_distance", distanceKernel(sphericalDistance)},
		{"vector_dims(vector)", map1(func(s string) int64 { return int64(len(s) / 4) })},
		{"vector_norm", map1(vectorNorm)},
		{"l2_normalize(vector)", try1(normalize)},
		{"vector_add", try2(addVectors)},
		{"vector_sub", try2(subVectors)},
		{"vector_mul", try2(mulVectors)},
		{"vector_concat", try2(concatVectors)},
		{"subvector(vector,int4,int4)", try3(subvector)},
		{"vector(vector,int4,bool)", rows(coerceVector)},
		{"vector_to_float4", rows(vectorToReals)},
		{"array_to_vector(_int4,int4,bool)", arrayToVector(func(d types.Datum) float64 { return float64(d.I) })},
		{"array_to_vector(_float4,int4,bool)", arrayToVector(types.Datum.Float)},
		{"array_to_vector(_float8,int4,bool)", arrayToVector(types.Datum.Float)},
		{"array_to_vector(_numeric,int4,bool)", arrayToVector(func(d types.Datum) float64 { return numericFloat(d.S) })},
	},
)

func vectorNorm(s string) float64 {
	sum := 0.0
	for _, v := range types.VectorFloats(s) {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum)
}

// normalize scales to unit length; the zero vector stays.
func normalize(s string) (string, error) {
	norm := vectorNorm(s)
	out := make([]float32, len(s)/4)
	if norm == 0 {
		return types.VectorString(out), nil
	}
	for i, v := range types.VectorFloats(s) {
		out[i] = float32(float64(v) / norm)
		if math.IsInf(float64(out[i]), 0) {
			return "", errOverflow()
		}
	}
	return types.VectorString(out), nil
}

// elementwise computes op element by element and refuses infinities.
func elementwise(a, b string, op func(x, y float32) float32) ([]float32, error) {
	x, y := types.VectorFloats(a), types.VectorFloats(b)
	if len(x) != len(y) {
		return nil, errDims(len(x), len(y))
	}
	out := make([]float32, len(x))
	for i := range x {
		out[i] = op(x[i], y[i])
	}
	for _, v := range out {
		if v-v != 0 {
			return nil, errOverflow()
		}
	}
	return out, nil
}

func addVectors(a, b string) (string, error) {
	out, err := elementwise(a, b, func(x, y float32) float32 { return x + y })
	return types.VectorString(out), err
}

func subVectors(a, b string) (string, error) {
	out, err := elementwise(a, b, func(x, y float32) float32 { return x - y })
	return types.VectorString(out), err
}

func mulVectors(a, b string) (string, error) {
	out, err := elementwise(a, b, func(x, y float32) float32 { return x * y })
	if err != nil {
		return "", err
	}
	x, y := types.VectorFloats(a), types.VectorFloats(b)
	for i, v := range out {
		if v == 0 && x[i] != 0 && y[i] != 0 {
			return "", errUnderflow()
		}
	}
	return types.VectorString(out), nil
}

func concatVectors(a, b string) (string, error) {
	if err := checkDims((len(a) + len(b)) / 4); err != nil {
		return "", err
	}
	return a + b, nil
}

// subvector takes count elements from start, from 1; like substring it clips at both ends.
func subvector(s string, start, count int64) (string, error) {
	dims := int64(len(s) / 4)
	if count < 1 {
		return "", checkDims(0)
	}
	end := min(start+count, dims+1)
	start = max(start, 1)
	if end <= start {
		return "", checkDims(0)
	}
	return s[4*(start-1) : 4*(end-1)], nil
}

func coerceVector(_ *Call, a []types.Datum) (types.Datum, error) {
	return a[0], types.CheckVectorDims(int32(a[1].I), len(a[0].S)/4)
}

func vectorToReals(_ *Call, a []types.Datum) (types.Datum, error) {
	v := types.VectorFloats(a[0].S)
	list := make([]types.Datum, len(v))
	for i, x := range v {
		list[i] = types.FloatDatum(float64(x))
	}
	return makeArray(realType, list), nil
}

// arrayToVector casts an array of numbers.
func arrayToVector(number func(types.Datum) float64) Kernel {
	return rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		if dims, err := arrayDims(a[0]); err != nil || dims > 1 {
			return types.Datum{}, pgerr.New(pgerrcode.DataException, "array must be 1-D")
		}
		list, err := elements(a[0])
		if err != nil {
			return types.Datum{}, err
		}
		if err := checkDims(len(list)); err != nil {
			return types.Datum{}, err
		}
		if err := types.CheckVectorDims(int32(a[1].I), len(list)); err != nil {
			return types.Datum{}, err
		}
		out := make([]float32, len(list))
		for i, d := range list {
			if d.Null {
				return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "array must not contain nulls")
			}
			out[i] = float32(number(d))
		}
		if err := types.CheckVector(out); err != nil {
			return types.Datum{}, err
		}
		return types.StringDatum(types.VectorString(out)), nil
	})
}

// vectorState is sum and avg of vectors: one sum of doubles a group.
type vectorState struct {
	sums   [][]float64
	counts []int64
	avg    bool
	bytes  int64
}

func (s *vectorState) Resize(n int) { s.sums, s.counts = grown(s.sums, n), grown(s.counts, n) }
func (s *vectorState) Bytes() int64 { return sliceBytes(s.sums) + sliceBytes(s.counts) + s.bytes }

func (s *vectorState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a := args[0]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if a.Null(i) {
			continue
		}
		v := types.VectorFloats(a.S[i])
		sum := s.sums[g]
		if sum == nil {
			sum = make([]float64, len(v))
			s.sums[g] = sum
			s.bytes += 8 * int64(len(v))
		}
		if len(sum) != len(v) {
			return s.errDims(len(sum), len(v))
		}
		for j, x := range v {
			sum[j] += float64(x)
		}
		s.counts[g]++
	}
	return nil
}

// errDims words the error as pgvector does: its two aggregates differ.
func (s *vectorState) errDims(want, got int) error {
	if s.avg {
		return pgerr.New(pgerrcode.DataException, "expected %d dimensions, not %d", want, got)
	}
	return errDims(want, got)
}

func (s *vectorState) Result(n int, out *batch.Column) error {
	for g := range n {
		if s.counts[g] == 0 {
			out.SetNull(g)
			continue
		}
		by := 1.0
		if s.avg {
			by = float64(s.counts[g])
		}
		v := make([]float32, len(s.sums[g]))
		for j, x := range s.sums[g] {
			v[j] = float32(x / by)
			if v[j]-v[j] != 0 {
				return errOverflow()
			}
		}
		out.S[g] = types.VectorString(v)
	}
	return nil
}

var vectorAggs = []aggEntry{
	{"sum(vector)", func(AggCall) State { return &vectorState{} }},
	{"avg(vector)", func(AggCall) State { return &vectorState{avg: true} }},
}
