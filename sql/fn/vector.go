package fn

import (
	"math"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// A vector or halfvec is a string of its elements, which are computed with as float32. The texts and codes of errors
// are pgvector's.

func errDims(name string, a, b int) error {
	return pgerr.New(pgerrcode.DataException, "different %s dimensions %d and %d", name, a, b)
}

// dense has the functions of one type of dense vectors.
type dense struct{ *types.Dense }

// elementReader gives the elements of values; those of a value that comes again, such as a query's, are made once.
type elementReader struct {
	*types.ElementReader
	last   string
	floats []float32
}

func (d dense) reader() *elementReader { return &elementReader{ElementReader: d.Reader()} }

func (e *elementReader) of(s string) []float32 {
	if e.floats == nil || s != e.last {
		e.last, e.floats = s, e.Floats(s)
	}
	return e.floats
}

// distance makes the kernel of a metric between two columns of vectors.
func (d dense) distance(f func(a, b []float32) float64) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, r := args[0].S, args[1].S, out.F
		x, y := d.reader(), d.reader()
		for k := range selected(sel, n) {
			i := at(sel, k)
			if len(a[i]) != len(b[i]) {
				return errDims(d.Name, d.Dims(a[i]), d.Dims(b[i]))
			}
			r[i] = f(x.of(a[i]), y.of(b[i]))
		}
		return nil
	}
}

func l2Squared(a, b []float32) float64    { return float64(distance.L2Squared(a, b)) }
func l2Distance(a, b []float32) float64   { return math.Sqrt(l2Squared(a, b)) }
func innerProduct(a, b []float32) float64 { return float64(distance.Dot(a, b)) }
func l1Distance(a, b []float32) float64   { return float64(distance.Manhattan(a, b)) }

// sphericalDistance is the angle between unit vectors, in half turns.
func sphericalDistance(a, b []float32) float64 {
	return math.Acos(min(max(innerProduct(a, b), -1), 1)) / math.Pi
}

// denseKernels are the functions of vector and halfvec, which but for norm have the same names.
func denseKernels() []entry {
	list := []entry{{"vector_norm", map1(dense{types.Vectors}.norm)}, {"l2_norm(halfvec)", map1(dense{types.Halfvecs}.norm)}}
	for _, d := range []dense{{types.Vectors}, {types.Halfvecs}} {
		one, two := "("+d.Name+")", "("+d.Name+","+d.Name+")"
		list = append(list, []entry{
			{d.Name + "_cmp", rows(func(c *Call, a []types.Datum) (types.Datum, error) {
				return types.IntDatum(int64(comparer(c.Args[0].OID)(a[0], a[1]))), nil
			})},
			{"l2_distance" + two, d.distance(l2Distance)},
			{d.Name + "_l2_squared_distance", d.distance(l2Squared)},
			{"inner_product" + two, d.distance(innerProduct)},
			{d.Name + "_negative_inner_product", d.distance(func(a, b []float32) float64 { return -innerProduct(a, b) })},
			{"cosine_distance" + two, d.distance(distance.CosineDistance)},
			{"l1_distance" + two, d.distance(l1Distance)},
			{d.Name + "_spherical_distance", d.distance(sphericalDistance)},
			{"vector_dims" + one, map1(func(s string) int64 { return int64(d.Dims(s)) })},
			{"l2_normalize" + one, try1(d.normalize)},
			{"binary_quantize" + one, map1(d.quantize)},
			{d.Name + "_add", try2(d.add)},
			{d.Name + "_sub", try2(d.sub)},
			{d.Name + "_mul", try2(d.mul)},
			{d.Name + "_concat", try2(d.concat)},
			{"subvector(" + d.Name + ",int4,int4)", try3(d.subvector)},
		}...)
	}
	return list
}

func (d dense) norm(s string) float64 { return l2Norm(d.Floats(s)) }

func l2Norm(v []float32) float64 {
	sum := 0.0
	for _, f := range v {
		sum += float64(f) * float64(f)
	}
	return math.Sqrt(sum)
}

// normalize scales to unit length; the zero vector stays.
func (d dense) normalize(s string) (string, error) {
	v := d.Floats(s)
	by := l2Norm(v)
	out := make([]float32, len(v))
	if by == 0 {
		return d.Pack(out), nil
	}
	for i, f := range v {
		out[i] = float32(float64(f) / by)
	}
	return d.packed(out)
}

// packed makes a value of what was computed, unless an element has become infinite.
func (d dense) packed(v []float32) (string, error) {
	s := d.Pack(v)
	for _, f := range d.Floats(s) {
		if f-f != 0 {
			return "", errOverflow()
		}
	}
	return s, nil
}

// quantize is one bit a dimension: whether the element is positive.
func (d dense) quantize(s string) string {
	v := d.Floats(s)
	out := types.NewBits(len(v))
	for i, f := range v {
		if f > 0 {
			out.Set(i)
		}
	}
	return out.String()
}

// elementwise computes op element by element and refuses infinities.
func (d dense) elementwise(a, b string, op func(x, y float32) float32) (string, error) {
	if len(a) != len(b) {
		return "", errDims(d.Name, d.Dims(a), d.Dims(b))
	}
	x, y := d.Floats(a), d.Floats(b)
	out := make([]float32, len(x))
	for i := range x {
		out[i] = op(x[i], y[i])
	}
	return d.packed(out)
}

func (d dense) add(a, b string) (string, error) {
	return d.elementwise(a, b, func(x, y float32) float32 { return x + y })
}

func (d dense) sub(a, b string) (string, error) {
	return d.elementwise(a, b, func(x, y float32) float32 { return x - y })
}

func (d dense) mul(a, b string) (string, error) {
	s, err := d.elementwise(a, b, func(x, y float32) float32 { return x * y })
	if err != nil {
		return "", err
	}
	x, y := d.Floats(a), d.Floats(b)
	for i, v := range d.Floats(s) {
		if v == 0 && x[i] != 0 && y[i] != 0 {
			return "", errUnderflow()
		}
	}
	return s, nil
}

func (d dense) concat(a, b string) (string, error) {
	if err := d.CheckDims(d.Dims(a) + d.Dims(b)); err != nil {
		return "", err
	}
	return a + b, nil
}

// subvector takes count elements from start, from 1; like substring it clips at both ends.
func (d dense) subvector(s string, start, count int64) (string, error) {
	dims := int64(d.Dims(s))
	if count < 1 {
		return "", d.CheckDims(0)
	}
	end := min(start+count, dims+1)
	start = max(start, 1)
	if end <= start {
		return "", d.CheckDims(0)
	}
	width := int64(d.ElemBytes)
	return s[width*(start-1) : width*(end-1)], nil
}
