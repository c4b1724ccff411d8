package types

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/keys"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// Limits of sparse vectors, pgvector's: of dimensions, and of elements that are not zero.
const (
	SparseDimsMax = 1_000_000_000
	SparseElemMax = 16000
)

const sparseName = "sparsevec"

// Sparse is a decoded sparsevec: the elements that are not zero, by ascending index from 0.
type Sparse struct {
	Dims    int
	Indices []int32
	Values  []float32
}

// The canonical form of a sparsevec: int32 dimensions, the int32 indices, the float32 values, little-endian. It never has
// a value of zero, so equal values have equal bytes.

// Encode returns the canonical form.
func (v Sparse) Encode() string {
	b := make([]byte, 0, 4+8*len(v.Indices))
	b = binary.LittleEndian.AppendUint32(b, uint32(v.Dims))
	for _, i := range v.Indices {
		b = binary.LittleEndian.AppendUint32(b, uint32(i))
	}
	for _, f := range v.Values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
	}
	return string(b)
}

// DecodeSparse reads the canonical form.
func DecodeSparse(s string) Sparse {
	if len(s) < 4 {
		return Sparse{}
	}
	word := func(i int) uint32 {
		return uint32(s[4*i]) | uint32(s[4*i+1])<<8 | uint32(s[4*i+2])<<16 | uint32(s[4*i+3])<<24
	}
	n := (len(s) - 4) / 8
	v := Sparse{Dims: int(word(0)), Indices: make([]int32, n), Values: make([]float32, n)}
	for i := range n {
		v.Indices[i] = int32(word(1 + i))
		v.Values[i] = math.Float32frombits(word(1 + n + i))
	}
	return v
}

// SparseOf returns the elements of a dense vector that are not zero.
func SparseOf(dense []float32) Sparse {
	v := Sparse{Dims: len(dense)}
	for i, f := range dense {
		if f != 0 {
			v.Indices, v.Values = append(v.Indices, int32(i)), append(v.Values, f)
		}
	}
	return v
}

// Dense returns all elements.
func (v Sparse) Dense() []float32 {
	out := make([]float32, v.Dims)
	for i, at := range v.Indices {
		out[at] = v.Values[i]
	}
	return out
}

// CheckSparseDims refuses a number of dimensions that a sparsevec cannot have.
func CheckSparseDims(n int) error { return checkDims(sparseName, n, SparseDimsMax) }

// Check refuses elements that a sparsevec must not have. The limit of their number is one of input alone, as in pgvector.
func (v Sparse) Check() error {
	for _, f := range v.Values {
		if err := checkElement(sparseName, f); err != nil {
			return err
		}
	}
	return nil
}

func checkElements(n, dims int) error {
	switch {
	case n < 0:
		return vectorError(pgerrcode.DataException, "sparsevec cannot have negative number of elements")
	case n > SparseElemMax:
		return vectorError(pgerrcode.ProgramLimitExceeded, "sparsevec cannot have more than %d non-zero elements", SparseElemMax)
	case n > dims:
		return vectorError(pgerrcode.ProgramLimitExceeded, "sparsevec cannot have more elements than dimensions")
	}
	return nil
}

// checkIndices wants indices that ascend within the dimensions.
func (v Sparse) checkIndices() error {
	for i, index := range v.Indices {
		switch {
		case index < 0 || int(index) >= v.Dims:
			return vectorError(pgerrcode.DataException, "sparsevec index out of bounds")
		case i > 0 && index < v.Indices[i-1]:
			return vectorError(pgerrcode.DataException, "sparsevec indices must be in ascending order")
		case i > 0 && index == v.Indices[i-1]:
			return vectorError(pgerrcode.DataException, "sparsevec indices must not contain duplicates")
		}
	}
	return nil
}

func registerSparsevec(t *Type) {
	t.Physical = String
	t.Parse = func(s string, mod int32, _ *Session) (Datum, error) {
		v, err := parseSparse(s)
		if err == nil {
			err = CheckVectorDims(mod, v.Dims)
		}
		return StringDatum(v.Encode()), err
	}
	t.Format = func(dst []byte, d Datum, _ *Session) []byte { return appendSparse(dst, DecodeSparse(d.S)) }
	t.Recv = func(b []byte, mod int32, _ *Session) (Datum, error) {
		v, err := recvSparse(b)
		if err == nil {
			err = CheckVectorDims(mod, v.Dims)
		}
		return StringDatum(v.Encode()), err
	}
	t.Send = func(dst []byte, d Datum, _ *Session) []byte {
		v := DecodeSparse(d.S)
		for _, n := range []int{v.Dims, len(v.Indices), 0} {
			dst = binary.BigEndian.AppendUint32(dst, uint32(n))
		}
		for _, i := range v.Indices {
			dst = binary.BigEndian.AppendUint32(dst, uint32(i))
		}
		for _, f := range v.Values {
			dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(f))
		}
		return dst
	}
	t.Compare = func(a, b Datum) int { return compareSparse(DecodeSparse(a.S), DecodeSparse(b.S)) }
	t.AppendKey = func(dst []byte, d Datum) []byte { return appendSparseKey(dst, DecodeSparse(d.S)) }
	t.Arrow = arrowOf(arrow.BinaryTypes.Binary)
	t.ModIn, t.ModOut = dimsMod(sparseName, SparseDimsMax), parenthesized
	t.ApplyMod = func(d Datum, mod int32, _ bool) (Datum, error) {
		return d, CheckVectorDims(mod, DecodeSparse(d.S).Dims)
	}
}

func appendSparse(dst []byte, v Sparse) []byte {
	dst = append(dst, '{')
	for i, index := range v.Indices {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(strconv.AppendInt(dst, int64(index)+1, 10), ':')
		dst = AppendFloat(dst, float64(v.Values[i]), 32, nil)
	}
	return strconv.AppendInt(append(dst, '}', '/'), int64(v.Dims), 10)
}

// compareSparse orders as the dense vectors: element by element, then by number of dimensions.
func compareSparse(a, b Sparse) int {
	for i := 0; ; i++ {
		x, y := a.token(i), b.token(i)
		if c := x.compare(y); c != 0 {
			return c
		}
		if x.end {
			return 0
		}
	}
}

// sparseToken is an element at its index, or the end, which is less than any value at the index behind the last one.
// In the order of tokens the first difference of two vectors decides as it does between the dense ones: a
// negative element comes before the zeros that the other vector has there, a positive one after them.
type sparseToken struct {
	index int32
	value float32
	end   bool
}

func (v Sparse) token(i int) sparseToken {
	if i < len(v.Indices) {
		return sparseToken{index: v.Indices[i], value: v.Values[i]}
	}
	return sparseToken{index: int32(v.Dims), end: true}
}

// low says whether the token stands before zeros.
func (t sparseToken) low() bool { return t.end || t.value < 0 }

func (t sparseToken) compare(o sparseToken) int {
	switch {
	case t.low() != o.low():
		return lessIf(t.low())
	case t.index != o.index && t.low():
		return cmp.Compare(t.index, o.index)
	case t.index != o.index:
		return cmp.Compare(o.index, t.index)
	case t.end != o.end:
		return lessIf(t.end)
	}
	return cmp.Compare(t.value, o.value)
}

func lessIf(less bool) int {
	if less {
		return -1
	}
	return 1
}

// appendSparseKey writes the tokens: 1 and the index before zeros, 2 and the complement of the index after them, then
// the value in the order of bytes, where the end has zeros, which no number has.
func appendSparseKey(dst []byte, v Sparse) []byte {
	for i := 0; ; i++ {
		t := v.token(i)
		if t.low() {
			dst = keys.AppendUint32(append(dst, 1), uint32(t.index))
		} else {
			dst = keys.AppendUint32(append(dst, 2), ^uint32(t.index))
		}
		if t.end {
			return keys.AppendUint32(dst, 0)
		}
		dst = keys.AppendFloat32(dst, t.value)
	}
}

func recvSparse(b []byte) (Sparse, error) {
	if len(b) < 12 {
		return Sparse{}, cutBinary()
	}
	word := func(at int) int { return int(int32(binary.BigEndian.Uint32(b[at:]))) }
	v, n, unused := Sparse{Dims: word(0)}, word(4), word(8)
	if err := CheckSparseDims(v.Dims); err != nil {
		return v, err
	}
	if err := checkElements(n, v.Dims); err != nil {
		return v, err
	}
	if unused != 0 {
		return v, vectorError(pgerrcode.DataException, "expected unused to be 0, not %d", unused)
	}
	if err := exactly(b, 12+8*n); err != nil {
		return v, err
	}
	v.Indices, v.Values = make([]int32, n), make([]float32, n)
	for i := range n {
		v.Indices[i] = int32(word(12 + 4*i))
	}
	if err := v.checkIndices(); err != nil {
		return v, err
	}
	for i := range n {
		f := math.Float32frombits(uint32(word(12 + 4*n + 4*i)))
		if err := checkElement(sparseName, f); err != nil {
			return v, err
		}
		if f == 0 {
			return v, vectorError(pgerrcode.DataException, "binary representation of sparsevec cannot contain zero values")
		}
		v.Values[i] = f
	}
	return v, nil
}

// sparseReader reads "{1:1.5,3:2}/5", with blanks between the parts.
type sparseReader struct {
	in string
	i  int
}

func (r *sparseReader) malformed() *pgerr.Error { return malformedVector(sparseName, r.in) }

func (r *sparseReader) blanks() { r.i = skipBlanks(r.in, r.i) }

// take skips blanks and c, if it is there.
func (r *sparseReader) take(c byte) bool {
	r.blanks()
	if r.i >= len(r.in) || r.in[r.i] != c {
		return false
	}
	r.i++
	return true
}

// integer reads a number as C's strtol does; what int32 cannot hold becomes its limit.
func (r *sparseReader) integer() (int, bool) {
	r.blanks()
	from := r.i
	if r.i < len(r.in) && (r.in[r.i] == '-' || r.in[r.i] == '+') {
		r.i++
	}
	digits := r.i
	for r.i < len(r.in) && r.in[r.i] >= '0' && r.in[r.i] <= '9' {
		r.i++
	}
	if r.i == digits {
		return 0, false
	}
	n, _ := strconv.ParseInt(r.in[from:r.i], 10, 64) // out of range it is the limit, as wanted
	return int(min(max(n, math.MinInt32+1), math.MaxInt32)), true
}

func parseSparse(in string) (Sparse, error) {
	if strings.Count(in, ",") >= SparseElemMax {
		return Sparse{}, checkElements(SparseElemMax+1, SparseDimsMax)
	}
	r := &sparseReader{in: in}
	if !r.take('{') {
		return Sparse{}, r.malformed().Detail("Vector contents must start with \"{\".")
	}
	var list []sparseToken
	for empty := r.take('}'); !empty; {
		t, err := r.element()
		if err != nil {
			return Sparse{}, err
		}
		if t.value != 0 {
			list = append(list, t)
		}
		if r.take('}') {
			break
		}
		if !r.take(',') {
			return Sparse{}, r.malformed()
		}
	}
	if !r.take('/') {
		return Sparse{}, r.malformed().Detail("Unexpected end of input.")
	}
	dims, ok := r.integer()
	if !ok {
		return Sparse{}, r.malformed()
	}
	if r.blanks(); r.i < len(in) {
		return Sparse{}, r.malformed().Detail("Junk after closing.")
	}
	v := Sparse{Dims: dims}
	if err := CheckSparseDims(dims); err != nil {
		return v, err
	}
	slices.SortStableFunc(list, func(a, b sparseToken) int { return cmp.Compare(a.index, b.index) })
	for _, t := range list {
		v.Indices, v.Values = append(v.Indices, t.index), append(v.Values, t.value)
	}
	return v, v.checkIndices()
}

// element reads "index:value".
func (r *sparseReader) element() (t sparseToken, err error) {
	index, ok := r.integer()
	if !ok || !r.take(':') {
		return t, r.malformed()
	}
	r.blanks()
	x, n, inRange := scanFloat(r.in[r.i:], 32)
	if n == 0 {
		return t, r.malformed()
	}
	if !inRange && (x == 0 || math.IsInf(x, 0)) {
		return t, outOfRange(r.in[r.i:r.i+n], sparseName)
	}
	r.i += n
	return sparseToken{index: int32(index - 1), value: float32(x)}, checkElement(sparseName, float32(x))
}
