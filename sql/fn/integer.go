package fn

import (
	"math"
	"math/bits"
	"strconv"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// width is an integer type's range and the name that its overflow error has.
type width struct {
	name   string
	lo, hi int64
}

var (
	int2 = width{"smallint", math.MinInt16, math.MaxInt16}
	int4 = width{"integer", math.MinInt32, math.MaxInt32}
	int8 = width{"bigint", math.MinInt64, math.MaxInt64}
)

func (w width) check(v int64) (int64, error) {
	if v < w.lo || v > w.hi {
		return 0, errOutOfRange(w.name)
	}
	return v, nil
}

// narrow makes + - * of types whose results cannot leave int64 before the check: op 0, 1, 2.
func (w width) narrow(op int) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, r := args[0].I, args[1].I, out.I[:n]
		var ok bool
		switch op {
		case 0:
			ok = addNarrow(a, b, sel, r, w.lo, w.hi)
		case 1:
			ok = subNarrow(a, b, sel, r, w.lo, w.hi)
		default:
			ok = mulNarrow(a, b, sel, r, w.lo, w.hi)
		}
		if !ok {
			return errOutOfRange(w.name)
		}
		return nil
	}
}

func addNarrow(a, b []int64, sel []int32, r []int64, lo, hi int64) bool {
	ok := true
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			v := a[i] + b[i]
			r[i] = v
			ok = ok && v >= lo && v <= hi
		}
		return ok
	}
	for _, i := range sel {
		v := a[i] + b[i]
		r[i] = v
		ok = ok && v >= lo && v <= hi
	}
	return ok
}

func subNarrow(a, b []int64, sel []int32, r []int64, lo, hi int64) bool {
	ok := true
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			v := a[i] - b[i]
			r[i] = v
			ok = ok && v >= lo && v <= hi
		}
		return ok
	}
	for _, i := range sel {
		v := a[i] - b[i]
		r[i] = v
		ok = ok && v >= lo && v <= hi
	}
	return ok
}

func mulNarrow(a, b []int64, sel []int32, r []int64, lo, hi int64) bool {
	ok := true
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			v := a[i] * b[i]
			r[i] = v
			ok = ok && v >= lo && v <= hi
		}
		return ok
	}
	for _, i := range sel {
		v := a[i] * b[i]
		r[i] = v
		ok = ok && v >= lo && v <= hi
	}
	return ok
}

func addWide(a, b int64) (int64, error) {
	v := a + b
	if (a^v)&(b^v) < 0 {
		return 0, errOutOfRange(int8.name)
	}
	return v, nil
}

func subWide(a, b int64) (int64, error) {
	v := a - b
	if (a^b)&(a^v) < 0 {
		return 0, errOutOfRange(int8.name)
	}
	return v, nil
}

// addWideRows gathers the overflow bits of all rows and looks at them once.
func addWideRows(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
	a, b, r := args[0].I, args[1].I, out.I[:n]
	over := int64(0)
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			v := a[i] + b[i]
			r[i] = v
			over |= (a[i] ^ v) & (b[i] ^ v)
		}
	} else {
		for _, i := range sel {
			v := a[i] + b[i]
			r[i] = v
			over |= (a[i] ^ v) & (b[i] ^ v)
		}
	}
	if over < 0 {
		return errOutOfRange(int8.name)
	}
	return nil
}

func subWideRows(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
	a, b, r := args[0].I, args[1].I, out.I[:n]
	over := int64(0)
	if sel == nil {
		a, b = a[:len(r)], b[:len(r)]
		for i := range r {
			v := a[i] - b[i]
			r[i] = v
			over |= (a[i] ^ b[i]) & (a[i] ^ v)
		}
	} else {
		for _, i := range sel {
			v := a[i] - b[i]
			r[i] = v
			over |= (a[i] ^ b[i]) & (a[i] ^ v)
		}
	}
	if over < 0 {
		return errOutOfRange(int8.name)
	}
	return nil
}

func mulWide(a, b int64) (int64, error) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	// The signed high word is the unsigned one less each operand that the other's sign adds.
	high := int64(hi)
	if a < 0 {
		high -= b
	}
	if b < 0 {
		high -= a
	}
	if high != int64(lo)>>63 {
		return 0, errOutOfRange(int8.name)
	}
	return int64(lo), nil
}

func (w width) div(a, b int64) (int64, error) {
	if b == 0 {
		return 0, errDivisionByZero()
	}
	if b == -1 {
		if a == w.lo {
			return 0, errOutOfRange(w.name)
		}
		return -a, nil
	}
	return a / b, nil
}

func modInt(a, b int64) (int64, error) {
	switch b {
	case 0:
		return 0, errDivisionByZero()
	case -1:
		return 0, nil
	}
	return a % b, nil
}

func (w width) negate(a int64) (int64, error) {
	if a == w.lo {
		return 0, errOutOfRange(w.name)
	}
	return -a, nil
}

func (w width) abs(a int64) (int64, error) {
	if a < 0 {
		return w.negate(a)
	}
	return a, nil
}

func (w width) gcd(a, b int64) (int64, error) {
	x, y := magnitude(a), magnitude(b)
	for y != 0 {
		x, y = y, x%y
	}
	if x > uint64(w.hi) {
		return 0, errOutOfRange(w.name)
	}
	return int64(x), nil
}

func (w width) lcm(a, b int64) (int64, error) {
	if a == 0 || b == 0 {
		return 0, nil
	}
	g, err := w.gcd(a, b)
	if err != nil {
		return 0, err
	}
	v, err := mulWide(a/g, b)
	if err != nil || v == math.MinInt64 {
		return 0, errOutOfRange(w.name)
	}
	if v < 0 {
		v = -v
	}
	return w.check(v)
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// Shifts take the count modulo the type's bits, as PostgreSQL's do on its usual machines.
func shiftLeft(bitCount int64) func(a, b int64) int64 {
	return func(a, b int64) int64 {
		v := a << uint64(b&(bitCount-1))
		switch bitCount {
		case 16:
			return int64(int16(v))
		case 32:
			return int64(int32(v))
		}
		return v
	}
}

func shiftRight(bitCount int64) func(a, b int64) int64 {
	return func(a, b int64) int64 { return a >> uint64(b&(bitCount-1)) }
}

// shift2 is smallint's: the count is taken modulo 32, so that counts from 16 shift everything out.
func shift2Left(a, b int64) int64  { return int64(int16(int32(a) << uint64(b&31))) }
func shift2Right(a, b int64) int64 { return a >> uint64(b&31) }

var integerKernels = concat(
	arithmetic("int2", int2), arithmetic("int4", int4),
	mixedArithmetic("int24", int4), mixedArithmetic("int42", int4),
	mixedArithmetic("int28", int8), mixedArithmetic("int82", int8),
	mixedArithmetic("int48", int8), mixedArithmetic("int84", int8),
	arithmetic("int8", int8),
	[]entry{
		{"int2shl", map2(shift2Left)},
		{"int2shr", map2(shift2Right)},
		{"int4shl", map2(shiftLeft(32))},
		{"int4shr", map2(shiftRight(32))},
		{"int8shl", map2(shiftLeft(64))},
		{"int8shr", map2(shiftRight(64))},
		{"mod(int2,int2)", try2(modInt)},
		{"mod(int4,int4)", try2(modInt)},
		{"mod(int8,int8)", try2(modInt)},
		{"abs(int2)", try1(int2.abs)},
		{"abs(int4)", try1(int4.abs)},
		{"abs(int8)", try1(int8.abs)},
		{"gcd(int4,int4)", try2(int4.gcd)},
		{"gcd(int8,int8)", try2(int8.gcd)},
		{"lcm(int4,int4)", try2(int4.lcm)},
		{"lcm(int8,int8)", try2(int8.lcm)},
		{"int8inc(int8)", try1(func(a int64) (int64, error) { return addWide(a, 1) })},
		{"int8dec(int8)", try1(func(a int64) (int64, error) { return subWide(a, 1) })},
		{"oidlarger", map2(maxOf[int64])},
		{"oidsmaller", map2(minOf[int64])},

		{"int4(int2)", same},
		{"int8(int2)", same},
		{"int8(int4)", same},
		{"int8(oid)", same},
		{"int2(int4)", try1(int2.check)},
		{"int2(int8)", try1(int2.check)},
		{"int4(int8)", try1(int4.check)},
		{"oid(int8)", try1(checkOID)},
		{"int4(char)", map1(func(a int64) int64 { return signed8(a) })},
		{"char(int4)", try1(charFromInt)},
		{"int4(bool)", map1(boolToInt)},
		{"bool(int4)", map1(func(a int64) bool { return a != 0 })},

		{"to_hex(int4)", map1(func(a int64) string { return strconv.FormatUint(uint64(uint32(a)), 16) })},
		{"to_hex(int8)", map1(func(a int64) string { return strconv.FormatUint(uint64(a), 16) })},
	},
)

func maxOf[T int64 | float64 | string](a, b T) T { return max(a, b) }
func minOf[T int64 | float64 | string](a, b T) T { return min(a, b) }

func checkOID(a int64) (int64, error) {
	if a < 0 || a > math.MaxUint32 {
		return 0, errOutOfRange("OID")
	}
	return a, nil
}

func charFromInt(a int64) (int64, error) {
	if a < math.MinInt8 || a > math.MaxInt8 {
		return 0, errOutOfRange(`"char"`)
	}
	return a, nil
}

// signed8 is the signed value of a "char".
func signed8(a int64) int64 { return a << 56 >> 56 }

func boolToInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// same copies: the cast changes the type and not the value.
func same(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
	a := args[0]
	switch a.Phys {
	case types.Bool:
		copyRows(out.B, a.B, sel, n)
	case types.Int:
		copyRows(out.I, a.I, sel, n)
	case types.Float:
		copyRows(out.F, a.F, sel, n)
	default:
		copyRows(out.S, a.S, sel, n)
	}
	return nil
}

func copyRows[T any](dst, src []T, sel []int32, n int) {
	if sel == nil {
		copy(dst[:n], src[:n])
		return
	}
	for _, i := range sel {
		dst[i] = src[i]
	}
}

func concat(lists ...[]entry) []entry {
	var all []entry
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// mixedArithmetic are the operators of two integer types: + - * /.
func mixedArithmetic(prefix string, w width) []entry {
	list := []entry{{prefix + "div", try2(w.div)}}
	if w == int8 {
		return append(list, entry{prefix + "pl", addWideRows}, entry{prefix + "mi", subWideRows},
			entry{prefix + "mul", try2(mulWide)})
	}
	return append(list, entry{prefix + "pl", w.narrow(0)}, entry{prefix + "mi", w.narrow(1)},
		entry{prefix + "mul", w.narrow(2)})
}

// arithmetic are the operators of one integer type.
func arithmetic(prefix string, w width) []entry {
	return append(mixedArithmetic(prefix, w),
		entry{prefix + "mod", try2(modInt)},
		entry{prefix + "um", try1(w.negate)},
		entry{prefix + "up", same},
		entry{prefix + "abs", try1(w.abs)},
		entry{prefix + "and", map2(func(a, b int64) int64 { return a & b })},
		entry{prefix + "or", map2(func(a, b int64) int64 { return a | b })},
		entry{prefix + "xor", map2(func(a, b int64) int64 { return a ^ b })},
		entry{prefix + "not", map1(func(a int64) int64 { return ^a })},
		entry{prefix + "larger", map2(maxOf[int64])},
		entry{prefix + "smaller", map2(minOf[int64])},
	)
}
