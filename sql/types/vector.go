package types

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// VectorDimsMax is the greatest number of dimensions of a vector or halfvec, pgvector's.
const VectorDimsMax = 16000

// The canonical form of a dense vector is its elements, little-endian, which on the machines we run on is the
// elements' own memory: float32 for vector (4 bytes a dimension, aligned to 4 bytes), IEEE half precision for
// halfvec (2 bytes).

// Dense is a type of vectors with a value for every dimension: vector, halfvec.
type Dense struct {
	Name      string
	ElemBytes int
	Elem      arrow.DataType

	// Floats returns the elements of a value, which must not be changed: those of a vector are the value's own
	// memory and live as long as the string.
	Floats func(s string) []float32
	// Pack returns elements as a value. It may keep v. Elements beyond the type's range become infinite.
	Pack func(v []float32) string
	// round returns the element that the type has for f, infinite when f is beyond its range; nil: f.
	round func(f float32) float32
}

// The two dense types.
var (
	Vectors = &Dense{
		Name: "vector", ElemBytes: 4, Elem: arrow.PrimitiveTypes.Float32, Floats: VectorFloats, Pack: VectorString,
	}
	Halfvecs = &Dense{
		Name: "halfvec", ElemBytes: 2, Elem: arrow.FixedWidthTypes.Float16, Floats: halfFloats, Pack: halfString,
		round: func(f float32) float32 { return HalfFloat(FloatHalf(f)) },
	}
)

// DenseOf returns the dense vectors that a type has for values, or nil.
func DenseOf(oid OID) *Dense {
	switch oid {
	case VectorOID:
		return Vectors
	case HalfvecOID:
		return Halfvecs
	}
	return nil
}

// ElementReader gives the elements of one value after the other like Floats, each valid until the next.
type ElementReader struct {
	dense *Dense
	buf   []float32
}

// Reader returns a reader of values of the type.
func (d *Dense) Reader() *ElementReader { return &ElementReader{dense: d} }

// Floats returns the elements of a value.
func (r *ElementReader) Floats(s string) []float32 {
	if r.dense == Vectors {
		return VectorFloats(s)
	}
	r.buf = AppendHalfFloats(r.buf[:0], s)
	return r.buf
}

// Dims is the number of dimensions of a value.
func (d *Dense) Dims(s string) int { return len(s) / d.ElemBytes }

// VectorFloats returns the values of a vector without copying. They must not be changed and live as
// long as the string.
func VectorFloats(s string) []float32 {
	if len(s) < 4 {
		return nil
	}
	p := unsafe.Pointer(unsafe.StringData(s))
	if uintptr(p)%4 != 0 {
		out := make([]float32, len(s)/4)
		for i := range out {
			out[i] = math.Float32frombits(binary.LittleEndian.Uint32([]byte(s[4*i : 4*i+4])))
		}
		return out
	}
	return unsafe.Slice((*float32)(p), len(s)/4)
}

// VectorString returns values as a vector without copying: v must not change afterwards.
func VectorString(v []float32) string {
	if len(v) == 0 {
		return ""
	}
	return unsafe.String((*byte)(unsafe.Pointer(unsafe.SliceData(v))), 4*len(v))
}

func vectorError(code, format string, args ...any) error { return pgerr.New(code, format, args...) }

// CheckVectorDims is pgvector's check of a value against the declared number of dimensions.
func CheckVectorDims(want int32, dims int) error {
	if want >= 0 && int(want) != dims {
		return vectorError(pgerrcode.DataException, "expected %d dimensions, not %d", want, dims)
	}
	return nil
}

// CheckDims refuses a number of dimensions that the type cannot have.
func (d *Dense) CheckDims(n int) error { return checkDims(d.Name, n, VectorDimsMax) }

func checkDims(name string, n, dimsMax int) error {
	if n < 1 {
		return vectorError(pgerrcode.DataException, "%s must have at least 1 dimension", name)
	}
	if n > dimsMax {
		return vectorError(pgerrcode.ProgramLimitExceeded, "%s cannot have more than %d dimensions", name, dimsMax)
	}
	return nil
}

// CheckElement refuses values that an element must not have.
func (d *Dense) CheckElement(f float32) error { return checkElement(d.Name, f) }

func checkElement(name string, f float32) error {
	if f != f { // NaN
		return vectorError(pgerrcode.DataException, "NaN not allowed in %s", name)
	}
	if math.IsInf(float64(f), 0) {
		return vectorError(pgerrcode.DataException, "infinite value not allowed in %s", name)
	}
	return nil
}

// Rounded is the element that the type has for f, infinite when f is beyond its range.
func (d *Dense) Rounded(f float32) float32 {
	if d.round == nil {
		return f
	}
	return d.round(f)
}

// Narrowed packs elements from another type, which may be beyond this one's range, not numbers or infinite.
func (d *Dense) Narrowed(v []float32) (string, error) {
	for _, f := range v {
		if math.IsInf(float64(d.Rounded(f)), 0) && !math.IsInf(float64(f), 0) {
			return "", outOfRange(string(AppendFloat(nil, float64(f), 32, nil)), d.Name)
		}
	}
	for _, f := range v {
		if err := d.CheckElement(f); err != nil {
			return "", err
		}
	}
	return d.Pack(v), nil
}

func registerDense(d *Dense) func(*Type) {
	return func(t *Type) {
		t.Physical = String
		t.Parse = func(s string, mod int32, _ *Session) (Datum, error) {
			v, err := d.parse(s)
			if err == nil {
				err = CheckVectorDims(mod, len(v))
			}
			return StringDatum(d.Pack(v)), err
		}
		t.Format = func(dst []byte, v Datum, _ *Session) []byte { return AppendVector(dst, d.Floats(v.S)) }
		t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
			s, err := d.recv(b)
			if err == nil {
				err = CheckVectorDims(mod, d.Dims(s))
			}
			return StringDatum(s), err
		}
		t.Send = func(dst []byte, v Datum, _ *Session) []byte { return d.send(dst, v.S) }
		t.Compare = func(a, b Datum) int { return compareVectors(d.Floats(a.S), d.Floats(b.S)) }
		t.AppendKey = func(dst []byte, v Datum) []byte {
			for _, f := range d.Floats(v.S) {
				dst = keys.AppendFloat32(append(dst, keys.Present), f)
			}
			return append(dst, keys.End)
		}
		t.Arrow = func(mod int32) arrow.DataType {
			if mod < 1 {
				return arrow.BinaryTypes.Binary
			}
			return arrow.FixedSizeListOf(mod, d.Elem)
		}
		t.ModIn, t.ModOut = dimsMod(d.Name, VectorDimsMax), parenthesized
		t.ApplyMod = func(v Datum, mod int32, _ bool) (Datum, error) { return v, CheckVectorDims(mod, d.Dims(v.S)) }
	}
}

// dimsMod reads a modifier that is a number of dimensions.
func dimsMod(name string, dimsMax int32) func(args []int32) (int32, error) {
	return func(args []int32) (int32, error) {
		switch {
		case len(args) != 1:
			return 0, vectorError(pgerrcode.InvalidParameterValue, "invalid type modifier")
		case args[0] < 1:
			return 0, vectorError(pgerrcode.InvalidParameterValue, "dimensions for type %s must be at least 1", name)
		case args[0] > dimsMax:
			return 0, vectorError(pgerrcode.InvalidParameterValue, "dimensions for type %s cannot exceed %d", name, dimsMax)
		}
		return args[0], nil
	}
}

// parenthesized is the text of a modifier that is a number.
func parenthesized(mod int32) string { return "(" + strconv.Itoa(int(mod)) + ")" }

// compareVectors orders as pgvector does: element by element, then by number of dimensions.
func compareVectors(a, b []float32) int {
	for i := range min(len(a), len(b)) {
		if a[i] < b[i] {
			return -1
		}
		if a[i] > b[i] {
			return 1
		}
	}
	return len(a) - len(b)
}

// send appends the binary form: the number of dimensions, a zero, and the elements, all big-endian.
func (d *Dense) send(dst []byte, s string) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(d.Dims(s)))
	dst = binary.BigEndian.AppendUint16(dst, 0)
	for i := 0; i < len(s); i += d.ElemBytes {
		for j := d.ElemBytes - 1; j >= 0; j-- {
			dst = append(dst, s[i+j])
		}
	}
	return dst
}

func (d *Dense) recv(b []byte) (string, error) {
	if len(b) < 4 {
		return "", cutBinary()
	}
	dims, unused := int(int16(binary.BigEndian.Uint16(b))), binary.BigEndian.Uint16(b[2:])
	if err := d.CheckDims(dims); err != nil {
		return "", err
	}
	if unused != 0 {
		return "", vectorError(pgerrcode.DataException, "expected unused to be 0, not %d", unused)
	}
	if err := exactly(b, 4+d.ElemBytes*dims); err != nil {
		return "", err
	}
	raw := make([]byte, 0, d.ElemBytes*dims)
	for i := 4; i < len(b); i += d.ElemBytes {
		for j := d.ElemBytes - 1; j >= 0; j-- {
			raw = append(raw, b[i+j])
		}
	}
	s := string(raw)
	for _, f := range d.Floats(s) {
		if err := d.CheckElement(f); err != nil {
			return "", err
		}
	}
	return s, nil
}

// AppendVector prints a vector as pgvector does.
func AppendVector(dst []byte, v []float32) []byte {
	dst = append(dst, '[')
	for i, f := range v {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendFloat(dst, float64(f), 32, nil)
	}
	return append(dst, ']')
}

func malformedVector(name, in string) *pgerr.Error {
	return pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", name, in)
}

// parse reads "[1,2,3]". Numbers of up to 19 digits with small exponents take a path that rounds
// exactly without the general parser (see shortFloat).
func (d *Dense) parse(in string) ([]float32, error) {
	i := skipBlanks(in, 0)
	if i >= len(in) || in[i] != '[' {
		return nil, malformedVector(d.Name, in).Detail("Vector contents must start with \"[\".")
	}
	i = skipBlanks(in, i+1)
	if i < len(in) && in[i] == ']' {
		return nil, d.CheckDims(0)
	}
	v := make([]float32, 0, countDims(in))
	for {
		i = skipBlanks(in, i)
		f, next, err := d.parseElement(in, i)
		if err != nil {
			return nil, err
		}
		if len(v) == VectorDimsMax {
			return nil, d.CheckDims(len(v) + 1)
		}
		v = append(v, f)
		i = skipBlanks(in, next)
		if i < len(in) && in[i] == ',' {
			i++
			continue
		}
		if i >= len(in) || in[i] != ']' {
			return nil, malformedVector(d.Name, in)
		}
		break
	}
	if skipBlanks(in, i+1) != len(in) {
		return nil, malformedVector(d.Name, in).Detail("Junk after closing right brace.")
	}
	return v, nil
}

func skipBlanks(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r' || s[i] == '\v' || s[i] == '\f') {
		i++
	}
	return i
}

func countDims(s string) int { return min(strings.Count(s, ",")+1, VectorDimsMax) }

// parseElement reads one number at i and returns where it ends.
func (d *Dense) parseElement(in string, i int) (float32, int, error) {
	f, next, ok := shortFloat(in, i)
	if !ok {
		x, n, inRange := scanFloat(in[i:], 32)
		switch {
		case n == 0:
			return 0, 0, malformedVector(d.Name, in)
		case !inRange && math.IsInf(x, 0): // what is too small becomes 0 of its sign
			return 0, 0, outOfRange(in[i:i+n], d.Name)
		}
		f, next = float32(x), i+n
	}
	if d.round != nil {
		r := d.round(f)
		if math.IsInf(float64(r), 0) && !math.IsInf(float64(f), 0) {
			return 0, 0, outOfRange(in[i:next], d.Name)
		}
		f = r
	} else if ok {
		return f, next, nil
	}
	return f, next, d.CheckElement(f)
}

// pow10 are the powers of ten that a float64 holds exactly.
var pow10 = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// shortFloat reads a number whose digits fit 53 bits and whose power of ten is exact in float64: then one
// division or product of two exact numbers is correctly rounded to float64 (Clinger, How to read
// floating point numbers accurately, 1990), and it is refused when rounding that once more to float32
// could differ from rounding the decimal: when the float64 lies at the middle of two float32.
func shortFloat(s string, i int) (float32, int, bool) {
	neg := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		neg = s[i] == '-'
		i++
	}
	var mant uint64
	digits, frac, exp := 0, 0, 0
	start := i
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		mant = mant*10 + uint64(s[i]-'0')
		i++
	}
	digits = i - start
	if i < len(s) && s[i] == '.' {
		i++
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			mant = mant*10 + uint64(s[i]-'0')
			i++
		}
		frac = i - from
	}
	if digits+frac == 0 || digits+frac > 19 {
		return 0, 0, false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j, eneg := i+1, false
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			eneg = s[j] == '-'
			j++
		}
		from := j
		for j < len(s) && s[j] >= '0' && s[j] <= '9' && j-from < 4 {
			exp = exp*10 + int(s[j]-'0')
			j++
		}
		if j == from {
			return 0, 0, false
		}
		if eneg {
			exp = -exp
		}
		i = j
	}
	if i < len(s) && s[i] != ',' && s[i] != ']' && s[i] != ' ' {
		return 0, 0, false
	}
	exp -= frac
	if mant >= 1<<53 || exp < -22 || exp > 22 {
		return 0, 0, false
	}
	f := float64(mant)
	if exp < 0 {
		f /= pow10[-exp]
	} else {
		f *= pow10[exp]
	}
	const middle = 1 << 28 // the 29 bits that float32 drops, at their middle
	if bits := math.Float64bits(f) & (1<<29 - 1); bits == middle || f != 0 && (f < 1e-37 || f > 3e38) {
		return 0, 0, false
	}
	if neg {
		f = -f
	}
	return float32(f), i, true
}
