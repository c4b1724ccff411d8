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

// VectorDimsMax is the greatest number of dimensions of a vector, pgvector's.
const VectorDimsMax = 16000

// The canonical form of a vector is its float32 values, little-endian, which on the machines we run on
// are the values' own memory: 4 bytes a dimension, aligned to 4 bytes.

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

// CheckVector refuses values that a vector must not have.
func CheckVector(v []float32) error {
	if len(v) < 1 {
		return vectorError(pgerrcode.DataException, "vector must have at least 1 dimension")
	}
	if len(v) > VectorDimsMax {
		return vectorError(pgerrcode.ProgramLimitExceeded, "vector cannot have more than %d dimensions", VectorDimsMax)
	}
	for _, f := range v {
		if err := checkVectorElement(f); err != nil {
			return err
		}
	}
	return nil
}

func checkVectorElement(f float32) error {
	if f != f { //nolint:gocritic // NaN
		return vectorError(pgerrcode.DataException, "NaN not allowed in vector")
	}
	if math.IsInf(float64(f), 0) {
		return vectorError(pgerrcode.DataException, "infinite value not allowed in vector")
	}
	return nil
}

func registerVector(t *Type) {
	t.Physical = String
	t.Parse = func(s string, mod int32, _ *Session) (Datum, error) {
		v, err := parseVector(s)
		if err == nil {
			err = CheckVectorDims(mod, len(v))
		}
		return StringDatum(VectorString(v)), err
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte { return AppendVector(dst, VectorFloats(d.S)) }
	t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
		v, err := recvVector(t, b)
		if err == nil {
			err = CheckVectorDims(mod, len(v))
		}
		return StringDatum(VectorString(v)), err
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte {
		v := VectorFloats(d.S)
		dst = binary.BigEndian.AppendUint16(dst, uint16(len(v)))
		dst = binary.BigEndian.AppendUint16(dst, 0)
		for _, f := range v {
			dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(f))
		}
		return dst
	}
	t.Compare = func(a, b Datum) int { return compareVectors(VectorFloats(a.S), VectorFloats(b.S)) }
	t.AppendKey = func(dst []byte, d Datum) []byte {
		for _, f := range VectorFloats(d.S) {
			dst = keys.AppendFloat32(append(dst, keys.Present), f)
		}
		return append(dst, keys.End)
	}
	t.Arrow = func(mod int32) arrow.DataType {
		if mod < 1 {
			return arrow.BinaryTypes.Binary
		}
		return arrow.FixedSizeListOf(mod, arrow.PrimitiveTypes.Float32)
	}
	t.ModIn = func(args []int32) (int32, error) {
		switch {
		case len(args) != 1:
			return 0, vectorError(pgerrcode.InvalidParameterValue, "invalid type modifier")
		case args[0] < 1:
			return 0, vectorError(pgerrcode.InvalidParameterValue, "dimensions for type vector must be at least 1")
		case args[0] > VectorDimsMax:
			return 0, vectorError(pgerrcode.InvalidParameterValue, "dimensions for type vector cannot exceed %d", VectorDimsMax)
		}
		return args[0], nil
	}
	t.ModOut = func(mod int32) string { return "(" + strconv.Itoa(int(mod)) + ")" }
	t.ApplyMod = func(d Datum, mod int32, _ bool) (Datum, error) { return d, CheckVectorDims(mod, len(d.S)/4) }
}

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

func recvVector(t *Type, b []byte) ([]float32, error) {
	if len(b) < 4 {
		return nil, cutBinary()
	}
	dims, unused := int(int16(binary.BigEndian.Uint16(b))), binary.BigEndian.Uint16(b[2:])
	switch {
	case dims < 1:
		return nil, vectorError(pgerrcode.DataException, "vector must have at least 1 dimension")
	case dims > VectorDimsMax:
		return nil, vectorError(pgerrcode.ProgramLimitExceeded, "vector cannot have more than %d dimensions", VectorDimsMax)
	case unused != 0:
		return nil, vectorError(pgerrcode.DataException, "expected unused to be 0, not %d", unused)
	}
	if err := exactly(b, 4+4*dims); err != nil {
		return nil, err
	}
	v := make([]float32, dims)
	for i := range v {
		v[i] = math.Float32frombits(binary.BigEndian.Uint32(b[4+4*i:]))
		if err := checkVectorElement(v[i]); err != nil {
			return nil, err
		}
	}
	return v, nil
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

func malformedVector(in string) *pgerr.Error {
	return pgerr.New(pgerrcode.InvalidTextRepresentation, "invalid input syntax for type vector: \"%s\"", in)
}

// parseVector reads "[1,2,3]". Numbers of up to 19 digits with small exponents take a path that rounds
// exactly without the general parser (see shortFloat).
func parseVector(in string) ([]float32, error) {
	i := skipBlanks(in, 0)
	if i >= len(in) || in[i] != '[' {
		return nil, malformedVector(in).Detail("Vector contents must start with \"[\".")
	}
	i = skipBlanks(in, i+1)
	if i < len(in) && in[i] == ']' {
		return nil, vectorError(pgerrcode.DataException, "vector must have at least 1 dimension")
	}
	v := make([]float32, 0, countDims(in))
	for {
		i = skipBlanks(in, i)
		f, next, err := parseElement(in, i)
		if err != nil {
			return nil, err
		}
		if len(v) == VectorDimsMax {
			return nil, vectorError(pgerrcode.ProgramLimitExceeded, "vector cannot have more than %d dimensions", VectorDimsMax)
		}
		v = append(v, f)
		i = skipBlanks(in, next)
		if i < len(in) && in[i] == ',' {
			i++
			continue
		}
		if i >= len(in) || in[i] != ']' {
			return nil, malformedVector(in)
		}
		break
	}
	if skipBlanks(in, i+1) != len(in) {
		return nil, malformedVector(in).Detail("Junk after closing right brace.")
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
func parseElement(in string, i int) (float32, int, error) {
	if f, next, ok := shortFloat(in, i); ok {
		return f, next, nil
	}
	x, n, inRange := scanFloat(in[i:], 32)
	switch {
	case n == 0:
		return 0, 0, malformedVector(in)
	case !inRange && math.IsInf(x, 0): // what is too small becomes 0 of its sign
		return 0, 0, outOfRange(in[i:i+n], "vector")
	}
	return float32(x), i + n, checkVectorElement(float32(x))
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
