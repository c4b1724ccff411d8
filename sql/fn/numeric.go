package fn

import (
	"cmp"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

var numericKernels = []entry{
	{"numeric_add", try2(types.NumericAdd)},
	{"numeric_sub", try2(types.NumericSub)},
	{"numeric_mul", try2(types.NumericMul)},
	{"numeric_div", try2(types.NumericDiv)},
	{"numeric_mod", try2(types.NumericMod)},
	{"mod(numeric,numeric)", try2(types.NumericMod)},
	{"numeric_div_trunc", try2(types.NumericDivTrunc)},
	{"div(numeric,numeric)", try2(types.NumericDivTrunc)},
	{"numeric_uminus", map1(types.NumericNeg)},
	{"numeric_uplus", same},
	{"numeric_abs", map1(types.NumericAbs)},
	{"abs(numeric)", map1(types.NumericAbs)},
	{"numeric_inc", try1(func(a string) (string, error) { return types.NumericAdd(a, "1") })},
	{"numeric_larger", map2(numericMax)},
	{"numeric_smaller", map2(numericMin)},
	{"numeric_cmp", map2(func(a, b string) int64 { return int64(cmp.Compare(types.NumericCmp(a, b), 0)) })},
	{"sign(numeric)", map1(numericSign)},
	{"round(numeric)", map1(func(a string) string { return types.NumericRound(a, 0) })},
	{"round(numeric,int4)", map2(func(a string, n int64) string { return types.NumericRound(a, boundedScale(n)) })},
	{"trunc(numeric)", map1(func(a string) string { return types.NumericTrunc(a, 0) })},
	{"trunc(numeric,int4)", map2(func(a string, n int64) string { return types.NumericTrunc(a, boundedScale(n)) })},
	{"ceil(numeric)", map1(types.NumericCeil)},
	{"ceiling(numeric)", map1(types.NumericCeil)},
	{"floor(numeric)", map1(types.NumericFloor)},
	{"sqrt(numeric)", try1(types.NumericSqrt)},
	{"numeric_sqrt", try1(types.NumericSqrt)},
	{"exp(numeric)", try1(types.NumericExp)},
	{"numeric_exp", try1(types.NumericExp)},
	{"ln(numeric)", try1(types.NumericLn)},
	{"numeric_ln", try1(types.NumericLn)},
	{"log(numeric,numeric)", try2(types.NumericLog)},
	{"numeric_log", try2(types.NumericLog)},
	{"log(numeric)", try1(log10)},
	{"log10(numeric)", try1(log10)},
	{"power(numeric,numeric)", try2(types.NumericPower)},
	{"pow(numeric,numeric)", try2(types.NumericPower)},
	{"numeric_power", try2(types.NumericPower)},
	{"gcd(numeric,numeric)", try2(numericGCD)},
	{"lcm(numeric,numeric)", try2(numericLCM)},
	{"factorial", try1(factorial)},
	{"scale", rows(scaleOf(types.NumericScale))},
	{"min_scale", rows(scaleOf(types.NumericMinScale))},
	{"trim_scale", map1(types.NumericTrimScale)},
	{"width_bucket(numeric,numeric,numeric,int4)", rows(widthBucketNumeric)},
	{"width_bucket(anycompatible,anycompatiblearray)", rows(widthBucketArray)},

	{"numeric(int2)", map1(types.NumericFromInt64)},
	{"numeric(int4)", map1(types.NumericFromInt64)},
	{"numeric(int8)", map1(types.NumericFromInt64)},
	{"numeric(float4)", map1(func(a float64) string { return types.NumericFromFloat64(a, true) })},
	{"numeric(float8)", map1(func(a float64) string { return types.NumericFromFloat64(a, false) })},
	{"int2(numeric)", try1(int2.intFromNumeric)},
	{"int4(numeric)", try1(int4.intFromNumeric)},
	{"int8(numeric)", try1(int8.intFromNumeric)},
	{"float8(numeric)", try1(float8FromNumeric)},
	{"float4(numeric)", try1(float4FromNumeric)},
	{"pg_size_pretty(numeric)", map1(prettyNumericSize)},
	{"to_char(numeric,text)", try2(func(a, f string) (string, error) { return numericToChar(a, f) })},
	{"to_char(int4,text)", try2(func(a int64, f string) (string, error) { return numericToChar(types.NumericFromInt64(a), f) })},
	{"to_char(int8,text)", try2(func(a int64, f string) (string, error) { return numericToChar(types.NumericFromInt64(a), f) })},
	{"to_char(float4,text)", try2(func(a float64, f string) (string, error) {
		return floatToChar(a, float4Digits, f)
	})},
	{"to_char(float8,text)", try2(func(a float64, f string) (string, error) {
		return floatToChar(a, float8Digits, f)
	})},
	{"to_number", rows(func(_ *Call, a []types.Datum) (types.Datum, error) {
		if a[1].S == "" {
			return types.NullDatum, nil
		}
		n, err := parseNumber(a[0].S, a[1].S)
		if err != nil {
			return types.Datum{}, err
		}
		n, err = types.NumericParse(n)
		return types.StringDatum(n), err
	})},
}

func numericMax(a, b string) string {
	if types.NumericCmp(a, b) > 0 {
		return a
	}
	return b
}

func numericMin(a, b string) string {
	if types.NumericCmp(a, b) < 0 {
		return a
	}
	return b
}

func numericSign(a string) string {
	if types.NumericIsNaN(a) {
		return a
	}
	return types.NumericFromInt64(int64(types.NumericSign(a)))
}

// Bounds of the scale that round and trunc can be asked for: a value has at most so many digits behind
// the point, and before it.
const (
	scaleMax = 16383
	scaleMin = -131073
)

func boundedScale(n int64) int { return int(max(scaleMin, min(n, scaleMax))) }

func log10(a string) (string, error) { return types.NumericLog("10", a) }

func numericParse(s string) (string, error) { return types.NumericParse(s) }

func numericInfinity(sign int) string {
	if sign < 0 {
		return "-Infinity"
	}
	return "Infinity"
}

// numericScaled is value / 10^scale with that scale.
func numericScaled(value int64, scale int) string {
	s := strconv.FormatInt(value, 10)
	if scale == 0 {
		return s
	}
	sign := ""
	if value < 0 {
		sign, s = "-", s[1:]
	}
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}

func (w width) intFromNumeric(a string) (int64, error) {
	if numericSpecial(a) {
		name := "infinity"
		if types.NumericIsNaN(a) {
			name = "NaN"
		}
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "cannot convert %s to %s", name, w.name)
	}
	v, err := types.NumericToInt64(a, w.name)
	if err != nil {
		return 0, err
	}
	return w.check(v)
}

// numericSpecial says whether a value is NaN or infinite.
func numericSpecial(a string) bool { return strings.HasSuffix(a, "N") || strings.HasSuffix(a, "y") }

func float8FromNumeric(a string) (float64, error) {
	return floatInRange(a, types.NumericToFloat64(a), "double precision")
}

func float4FromNumeric(a string) (float64, error) {
	return floatInRange(a, float64(float32(types.NumericToFloat64(a))), "real")
}

// floatInRange refuses what became infinite or zero of a value that is not.
func floatInRange(a string, v float64, typ string) (float64, error) {
	if math.IsInf(v, 0) && !numericSpecial(a) || v == 0 && types.NumericSign(a) != 0 {
		return 0, pgerr.New(pgerrcode.NumericValueOutOfRange, "%q is out of range for type %s", a, typ)
	}
	return v, nil
}

func scaleOf(f func(string) int) func(*Call, []types.Datum) (types.Datum, error) {
	return func(_ *Call, args []types.Datum) (types.Datum, error) {
		if numericSpecial(args[0].S) {
			return types.NullDatum, nil
		}
		return types.IntDatum(int64(f(args[0].S))), nil
	}
}

// scaledInt is a finite numeric times 10^scale.
func scaledInt(a string, scale int) *big.Int {
	digits, decimals, _ := strings.Cut(a, ".")
	v, _ := new(big.Int).SetString(digits+decimals+strings.Repeat("0", scale-len(decimals)), 10)
	return v
}

func fromScaled(v *big.Int, scale int) string {
	s := v.String()
	if scale == 0 {
		return s
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	return sign + s[:len(s)-scale] + "." + s[len(s)-scale:]
}

func numericGCD(a, b string) (string, error) {
	if numericSpecial(a) || numericSpecial(b) {
		return "NaN", nil
	}
	scale := max(types.NumericScale(a), types.NumericScale(b))
	x, y := scaledInt(a, scale), scaledInt(b, scale)
	return fromScaled(new(big.Int).GCD(nil, nil, x.Abs(x), y.Abs(y)), scale), nil
}

func numericLCM(a, b string) (string, error) {
	if numericSpecial(a) || numericSpecial(b) {
		return "NaN", nil
	}
	scale := max(types.NumericScale(a), types.NumericScale(b))
	x, y := scaledInt(a, scale), scaledInt(b, scale)
	if x.Sign() == 0 || y.Sign() == 0 {
		return fromScaled(new(big.Int), scale), nil
	}
	x.Abs(x)
	y.Abs(y)
	g := new(big.Int).GCD(nil, nil, x, y)
	return fromScaled(x.Mul(x.Quo(x, g), y), scale), nil
}

// factorialMax is the largest argument whose factorial numeric can hold.
const factorialMax = 32177

func factorial(n int64) (string, error) {
	if n < 0 {
		return "", pgerr.New(pgerrcode.NumericValueOutOfRange, "factorial of a negative number is undefined")
	}
	if n > factorialMax {
		return "", pgerr.New(pgerrcode.NumericValueOutOfRange, "value overflows numeric format")
	}
	return new(big.Int).MulRange(1, n).String(), nil
}

func widthBucketNumeric(_ *Call, args []types.Datum) (types.Datum, error) {
	v, lo, hi, count := args[0].S, args[1].S, args[2].S, args[3].I
	switch {
	case count <= 0:
		return types.Datum{}, errBuckets("count must be greater than zero")
	case types.NumericIsNaN(v) || types.NumericIsNaN(lo) || types.NumericIsNaN(hi):
		return types.Datum{}, errBuckets("operand, lower bound, and upper bound cannot be NaN")
	case numericSpecial(lo) || numericSpecial(hi):
		return types.Datum{}, errBuckets("lower and upper bounds must be finite")
	}
	order := types.NumericCmp(lo, hi)
	if order == 0 {
		return types.Datum{}, errBuckets("lower bound cannot equal upper bound")
	}
	if order > 0 {
		v, lo, hi = types.NumericNeg(v), types.NumericNeg(lo), types.NumericNeg(hi)
	}
	switch {
	case types.NumericCmp(v, lo) < 0:
		return types.IntDatum(0), nil
	case types.NumericCmp(v, hi) >= 0:
		return bucketAbove(count)
	}
	scale := max(types.NumericScale(v), types.NumericScale(lo), types.NumericScale(hi))
	low := scaledInt(lo, scale)
	part := new(big.Int).Sub(scaledInt(v, scale), low)
	part.Mul(part, big.NewInt(count))
	return types.IntDatum(part.Quo(part, new(big.Int).Sub(scaledInt(hi, scale), low)).Int64() + 1), nil
}

// widthBucketArray is the number of thresholds that are not above the value.
func widthBucketArray(c *Call, args []types.Datum) (types.Datum, error) {
	list, err := elements(args[1])
	if err != nil {
		return types.Datum{}, err
	}
	if dims, err := arrayDims(args[1]); err != nil || dims > 1 {
		return types.Datum{}, pgerr.New(pgerrcode.ArraySubscriptError, "thresholds must be one-dimensional array")
	}
	compare := comparer(c.Args[0].OID)
	low, high := 0, len(list)
	for low < high {
		mid := (low + high) / 2
		if list[mid].Null {
			return types.Datum{}, pgerr.New(pgerrcode.NullValueNotAllowedDataException, "thresholds array must not contain NULLs")
		}
		if compare(args[0], list[mid]) < 0 {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return types.IntDatum(int64(low)), nil
}

// numericToChar is to_char of a number.
func numericToChar(a, template string) (string, error) {
	t, err := parseNumberTemplate(template)
	if err != nil {
		return "", err
	}
	return t.numeric(a), nil
}

// numeric shows a numeric by a template.
func (t numberTemplate) numeric(a string) string {
	return t.number(
		func(decimals int) string { return types.NumericRound(a, decimals) },
		func(decimals int) string {
			if numericSpecial(a) {
				return strings.Repeat("#", t.integers) + "." + strings.Repeat("#", decimals+4)
			}
			return scientific(a, decimals)
		},
		func(shift int) func(int) string {
			return func(decimals int) string {
				shifted, err := types.NumericMul(a, "1"+strings.Repeat("0", shift))
				if err != nil {
					return a
				}
				return types.NumericRound(shifted, decimals)
			}
		})
}

// floatToChar shows a float, which has no more than so many digits.
func floatToChar(v float64, digits int, template string) (string, error) {
	t, err := parseNumberTemplate(template)
	if err != nil {
		return "", err
	}
	a := types.NumericFromFloat64(v, digits == float4Digits)
	if !t.exponent && t.shift == 0 && !numericSpecial(a) {
		t.limitDecimals(max(0, digits-len(strconv.FormatFloat(math.Abs(v), 'f', 0, 64))))
		a = strconv.FormatFloat(v, 'f', t.decimals, 64)
	}
	return t.numeric(a), nil
}

// The decimal digits that a float keeps.
const (
	float4Digits = 6
	float8Digits = 15
)

// scientific shows a number with one digit before the point and an exponent.
func scientific(a string, decimals int) string {
	sign := ""
	if strings.HasPrefix(a, "-") {
		sign, a = "-", a[1:]
	}
	whole, part, _ := strings.Cut(a, ".")
	digits := strings.TrimLeft(whole+part, "0")
	exponent := len(whole) - 1 - (len(whole) + len(part) - len(digits))
	if digits == "" {
		digits, exponent = "0", 0
	}
	mantissa := digits[:1] + "." + digits[1:] + "0"
	rounded := types.NumericRound(mantissa, decimals)
	if strings.HasPrefix(rounded, "10") {
		rounded = types.NumericRound("1.0", decimals)
		exponent++
	}
	mark := "+"
	if exponent < 0 {
		mark, exponent = "-", -exponent
	}
	e := strconv.Itoa(exponent)
	if len(e) < 2 {
		e = "0" + e
	}
	return sign + rounded + "e" + mark + e
}

func seriesNumeric(_ *Call, args []types.Datum, emit func([]types.Datum) error) error {
	step := "1"
	if len(args) == 3 {
		step = args[2].S
	}
	for i, name := range []string{"start", "stop", "step"} {
		v := step
		if i < 2 {
			v = args[i].S
		}
		if types.NumericIsNaN(v) {
			return errParameter("%s %s cannot be NaN", name, map[bool]string{true: "size", false: "value"}[i == 2])
		}
		if numericSpecial(v) {
			return errParameter("%s %s cannot be infinity", name, map[bool]string{true: "size", false: "value"}[i == 2])
		}
	}
	sign := types.NumericSign(step)
	if sign == 0 {
		return errZeroStep()
	}
	v, err := args[0].S, error(nil)
	row := make([]types.Datum, 1)
	for err == nil && sign*types.NumericCmp(v, args[1].S) <= 0 {
		row[0] = types.StringDatum(v)
		if err := emit(row); err != nil {
			return err
		}
		v, err = types.NumericAdd(v, step)
	}
	return err
}

// prettyNumericSize is pg_size_pretty of a numeric, which keeps its places below the first larger unit.
func prettyNumericSize(a string) string {
	if numericSpecial(a) || types.NumericCmp(types.NumericAbs(a), "10240") < 0 {
		return a + " bytes"
	}
	n := scaledInt(types.NumericTrunc(a, 0), 0)
	if n.IsInt64() {
		return prettySize(n.Int64())
	}
	n.Quo(n, big.NewInt(1<<49)) // twice the largest unit, so that the end can round
	n.Add(n, big.NewInt(int64(n.Sign())))
	return n.Quo(n, big.NewInt(2)).String() + " " + sizeUnits[len(sizeUnits)-1]
}
