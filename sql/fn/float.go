package fn

import (
	"math"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Floats of both sizes are float64 here; a real result is rounded to float32 before it is checked.
// An infinity or a zero that the operands do not explain is an error, as in PostgreSQL.

// floatOp is one of + - * / over rows; the loop looks for suspicious results and only then asks why.
func floatOp(op byte, real4 bool) Kernel {
	return func(_ *Call, args []*batch.Column, sel []int32, n int, out *batch.Column) error {
		a, b, r := args[0].F, args[1].F, out.F[:n]
		if sel == nil {
			floatDense(op, a[:n], b[:n], r)
		} else {
			floatSelected(op, a, b, sel, r)
		}
		if real4 {
			for k := range selected(sel, n) {
				i := at(sel, k)
				r[i] = float64(float32(r[i]))
			}
		}
		for k := range selected(sel, n) {
			i := at(sel, k)
			if v := r[i]; v != v || v == 0 || v-v != 0 {
				if err := explainFloat(op, a[i], b[i], v); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func floatDense(op byte, a, b, r []float64) {
	a, b = a[:len(r)], b[:len(r)]
	switch op {
	case '+':
		for i := range r {
			r[i] = a[i] + b[i]
		}
	case '-':
		for i := range r {
			r[i] = a[i] - b[i]
		}
	case '*':
		for i := range r {
			r[i] = a[i] * b[i]
		}
	default:
		for i := range r {
			r[i] = a[i] / b[i]
		}
	}
}

func floatSelected(op byte, a, b []float64, sel []int32, r []float64) {
	switch op {
	case '+':
		for _, i := range sel {
			r[i] = a[i] + b[i]
		}
	case '-':
		for _, i := range sel {
			r[i] = a[i] - b[i]
		}
	case '*':
		for _, i := range sel {
			r[i] = a[i] * b[i]
		}
	default:
		for _, i := range sel {
			r[i] = a[i] / b[i]
		}
	}
}

// explainFloat says whether a result that is infinite, zero or NaN follows from its operands.
func explainFloat(op byte, a, b, v float64) error {
	if op == '/' && b == 0 && !math.IsNaN(a) {
		return errDivisionByZero()
	}
	if math.IsInf(v, 0) && !math.IsInf(a, 0) && !math.IsInf(b, 0) {
		return errOverflow()
	}
	if v == 0 && a != 0 {
		if op == '*' && b != 0 || op == '/' && !math.IsInf(b, 0) {
			return errUnderflow()
		}
	}
	return nil
}

// checked is the rule for functions of one argument: a result that overflowed or vanished.
func checked(v float64, inputs ...float64) (float64, error) {
	if math.IsInf(v, 0) {
		for _, x := range inputs {
			if math.IsInf(x, 0) {
				return v, nil
			}
		}
		return 0, errOverflow()
	}
	return v, nil
}

func floatArithmetic(prefix string, real4 bool) []entry {
	return []entry{
		{prefix + "pl", floatOp('+', real4)},
		{prefix + "mi", floatOp('-', real4)},
		{prefix + "mul", floatOp('*', real4)},
		{prefix + "div", floatOp('/', real4)},
	}
}

func floatUnary(prefix string) []entry {
	return []entry{
		{prefix + "um", map1(func(a float64) float64 { return -a })},
		{prefix + "up", same},
		{prefix + "abs", map1(math.Abs)},
		{prefix + "larger", map2(floatMax)},
		{prefix + "smaller", map2(floatMin)},
	}
}

func floatMax(a, b float64) float64 {
	if types.CompareFloat(a, b) > 0 {
		return a
	}
	return b
}

func floatMin(a, b float64) float64 {
	if types.CompareFloat(a, b) < 0 {
		return a
	}
	return b
}

// intFromFloat rounds half to even and checks the range.
func (w width) intFromFloat(a float64) (int64, error) {
	v := math.RoundToEven(a)
	// The upper bound is excluded as a power of two: float64(hi) of bigint rounds up to it.
	if math.IsNaN(v) || v < float64(w.lo) || v >= -float64(w.lo) {
		return 0, errOutOfRange(w.name)
	}
	return int64(v), nil
}

func float4FromFloat8(a float64) (float64, error) {
	v := float64(float32(a))
	if math.IsInf(v, 0) && !math.IsInf(a, 0) {
		return 0, errOverflow()
	}
	if v == 0 && a != 0 {
		return 0, errUnderflow()
	}
	return v, nil
}

var floatKernels = concat(
	floatArithmetic("float8", false), floatArithmetic("float4", true),
	floatArithmetic("float48", false), floatArithmetic("float84", false),
	floatUnary("float8"), floatUnary("float4"),
	[]entry{
		{"abs(float4)", map1(math.Abs)},
		{"abs(float8)", map1(math.Abs)},
		{"float8(float4)", same},
		{"float4(float8)", try1(float4FromFloat8)},
		{"float8(int2)", map1(floatOf)},
		{"float8(int4)", map1(floatOf)},
		{"float8(int8)", map1(floatOf)},
		{"float4(int2)", map1(float4Of)},
		{"float4(int4)", map1(float4Of)},
		{"float4(int8)", map1(float4Of)},
		{"int2(float4)", try1(int2.intFromFloat)},
		{"int2(float8)", try1(int2.intFromFloat)},
		{"int4(float4)", try1(int4.intFromFloat)},
		{"int4(float8)", try1(int4.intFromFloat)},
		{"int8(float4)", try1(int8.intFromFloat)},
		{"int8(float8)", try1(int8.intFromFloat)},
	},
	floatFunctions,
)

func floatOf(a int64) float64  { return float64(a) }
func float4Of(a int64) float64 { return float64(float32(a)) }

var floatFunctions = []entry{
	{"ceil(float8)", map1(math.Ceil)},
	{"ceiling(float8)", map1(math.Ceil)},
	{"floor(float8)", map1(math.Floor)},
	{"round(float8)", map1(math.RoundToEven)},
	{"dround", map1(math.RoundToEven)},
	{"trunc(float8)", map1(math.Trunc)},
	{"dtrunc", map1(math.Trunc)},
	{"sign(float8)", map1(signFloat)},
	{"sqrt(float8)", try1(sqrtFloat)},
	{"dsqrt", try1(sqrtFloat)},
	{"cbrt(float8)", map1(math.Cbrt)},
	{"dcbrt", map1(math.Cbrt)},
	{"exp(float8)", try1(expFloat)},
	{"dexp", try1(expFloat)},
	{"ln(float8)", try1(logOf(math.Log))},
	{"dlog1", try1(logOf(math.Log))},
	{"log(float8)", try1(logOf(math.Log10))},
	{"log10(float8)", try1(logOf(math.Log10))},
	{"dlog10", try1(logOf(math.Log10))},
	{"power(float8,float8)", try2(powFloat)},
	{"pow(float8,float8)", try2(powFloat)},
	{"dpow", try2(powFloat)},
	{"pi", rowsConst(math.Pi)},
	{"degrees", try1(func(a float64) (float64, error) { return checked(a*(180/math.Pi), a) })},
	{"radians", try1(func(a float64) (float64, error) {
		v := a * (math.Pi / 180)
		return v, explainFloat('*', a, math.Pi/180, v)
	})},
	{"sin", try1(finite(math.Sin))},
	{"cos", try1(finite(math.Cos))},
	{"tan", try1(finite(math.Tan))},
	{"cot", try1(finite(func(a float64) float64 { return 1 / math.Tan(a) }))},
	{"asin", try1(within1(math.Asin))},
	{"acos", try1(within1(math.Acos))},
	{"atan", map1(math.Atan)},
	{"atan2", map2(math.Atan2)},
	{"sinh", map1(math.Sinh)},
	{"cosh", map1(math.Cosh)},
	{"tanh", map1(math.Tanh)},
	{"asinh", map1(math.Asinh)},
	{"acosh", try1(acosh)},
	{"atanh", try1(within1(math.Atanh))},
	{"sind", try1(finite(sinDegrees))},
	{"cosd", try1(finite(cosDegrees))},
	{"tand", try1(finite(tanDegrees))},
	{"cotd", try1(finite(cotDegrees))},
	{"asind", try1(within1(asinDegrees))},
	{"acosd", try1(within1(acosDegrees))},
	{"atand", map1(func(a float64) float64 { return math.Atan(a) / atanOne * 45 })},
	{"atan2d", map2(func(a, b float64) float64 { return math.Atan2(a, b) / atanOne * 45 })},
	{"erf", map1(math.Erf)},
	{"erfc", map1(math.Erfc)},
	{"width_bucket(float8,float8,float8,int4)", rows(widthBucketFloat)},
	{"random()", randomRows},
	{"setseed", with1(setSeed)},
	{"random_normal", with2(randomNormal)},
}

func signFloat(a float64) float64 {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0
}

func sqrtFloat(a float64) (float64, error) {
	if a < 0 {
		return 0, pgerr.New(pgerrcode.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	return math.Sqrt(a), nil
}

func expFloat(a float64) (float64, error) {
	e := math.Exp(a)
	if math.IsInf(e, 1) { // math.Exp gives up a little below the greatest float
		e = math.Exp(a/2) * math.Exp(a/2)
	}
	v, err := checked(e, a)
	if err == nil && v == 0 && !math.IsInf(a, 0) {
		return 0, errUnderflow()
	}
	return v, err
}

func logOf(f func(float64) float64) func(float64) (float64, error) {
	return func(a float64) (float64, error) {
		if a == 0 {
			return 0, pgerr.New(pgerrcode.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
		}
		if a < 0 {
			return 0, pgerr.New(pgerrcode.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
		}
		return f(a), nil
	}
}

func powFloat(a, b float64) (float64, error) {
	const code = pgerrcode.InvalidArgumentForPowerFunction
	if a == 0 && b < 0 {
		return 0, pgerr.New(code, "zero raised to a negative power is undefined")
	}
	if a < 0 && !math.IsInf(a, 0) && !math.IsInf(b, 0) && b == b && math.Floor(b) != b {
		return 0, pgerr.New(code, "a negative number raised to a non-integer power yields a complex result")
	}
	v, err := checked(math.Pow(a, b), a, b)
	if err == nil && v == 0 && a != 0 && !math.IsInf(a, 0) && !math.IsInf(b, 0) {
		return 0, errUnderflow()
	}
	return v, err
}

func errInputRange() error {
	return pgerr.New(pgerrcode.NumericValueOutOfRange, "input is out of range")
}

func finite(f func(float64) float64) func(float64) (float64, error) {
	return func(a float64) (float64, error) {
		if math.IsInf(a, 0) {
			return 0, errInputRange()
		}
		return f(a), nil
	}
}

func within1(f func(float64) float64) func(float64) (float64, error) {
	return func(a float64) (float64, error) {
		if a < -1 || a > 1 {
			return 0, errInputRange()
		}
		return f(a), nil
	}
}

func acosh(a float64) (float64, error) {
	if a < 1 {
		return 0, errInputRange()
	}
	return math.Acosh(a), nil
}
