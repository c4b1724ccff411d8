package types

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// Arithmetic over canonical numerics, with PostgreSQL's rules for the scale of results.

// NumericFromInt64 converts an integer.
func NumericFromInt64(v int64) string { return strconv.FormatInt(v, 10) }

// NumericIsNaN says whether s is NaN.
func NumericIsNaN(s string) bool { return s == numNaN }

// NumericIsInf says whether s is infinite.
func NumericIsInf(s string) bool { return s == numInf || s == numNegInf }

// special computes an operation when an operand is NaN or infinite; ok is false when neither is.
func special(a, b string, finite func(x, y float64) float64) (string, bool) {
	if !isSpecial(a) && !isSpecial(b) {
		return "", false
	}
	r := finite(floatOf(a), floatOf(b))
	switch {
	case math.IsNaN(r):
		return numNaN, true
	case math.IsInf(r, 1):
		return numInf, true
	case math.IsInf(r, -1):
		return numNegInf, true
	}
	return "0", true
}

// floatOf keeps only what special needs: the sign of finite values.
func floatOf(s string) float64 {
	switch s {
	case numNaN:
		return math.NaN()
	case numInf:
		return math.Inf(1)
	case numNegInf:
		return math.Inf(-1)
	}
	return float64(decode(s).sign())
}

// NumericAdd returns a + b.
func NumericAdd(a, b string) (string, error) {
	if r, ok := special(a, b, func(x, y float64) float64 { return x + y }); ok {
		return r, nil
	}
	x, y := decode(a), decode(b)
	scale := max(x.scale, y.scale)
	x, y = x.rescale(scale), y.rescale(scale)
	if x.big == nil && y.big == nil {
		if s := x.small + y.small; (s > x.small) == (y.small > 0) {
			return number{small: s, scale: scale}.encode(), nil
		}
	}
	return number{big: new(big.Int).Add(x.bigInt(), y.bigInt()), scale: scale}.checked()
}

// NumericSub returns a - b.
func NumericSub(a, b string) (string, error) { return NumericAdd(a, NumericNeg(b)) }

// checked encodes a result and refuses one beyond the limits.
func (n number) checked() (string, error) {
	s := n.encode()
	if len(s) > numericDigitsMax {
		whole, _, _ := strings.Cut(s, ".")
		if len(whole) > numericDigitsMax {
			return "", numericOverflow()
		}
	}
	return s, nil
}

// NumericNeg returns -a.
func NumericNeg(a string) string {
	switch {
	case a == numNaN:
		return a
	case a[0] == '-':
		return a[1:]
	case strings.Trim(a, "0.") == "":
		return a
	}
	return "-" + a
}

// NumericAbs returns |a|.
func NumericAbs(a string) string { return strings.TrimPrefix(a, "-") }

// NumericSign returns -1, 0 or 1; NaN counts as 1.
func NumericSign(a string) int {
	switch {
	case a[0] == '-':
		return -1
	case strings.Trim(a, "0.") == "":
		return 0
	}
	return 1
}

// NumericCmp orders: -Infinity < finite < Infinity < NaN.
func NumericCmp(a, b string) int {
	if a == b {
		return 0
	}
	if isSpecial(a) || isSpecial(b) {
		return specialRank(a) - specialRank(b)
	}
	x, y := decode(a), decode(b)
	if x.big == nil && y.big == nil && x.scale == y.scale {
		switch {
		case x.small < y.small:
			return -1
		case x.small > y.small:
			return 1
		}
		return 0
	}
	if sx, sy := x.sign(), y.sign(); sx != sy {
		return sx - sy
	}
	scale := max(x.scale, y.scale)
	x, y = x.rescale(scale), y.rescale(scale)
	return x.bigInt().Cmp(y.bigInt())
}

func specialRank(s string) int {
	switch s {
	case numNegInf:
		return -1
	case numInf:
		return 1
	case numNaN:
		return 2
	}
	return 0
}

// NumericMul returns a * b; its scale is the sum of the scales.
func NumericMul(a, b string) (string, error) {
	if r, ok := special(a, b, func(x, y float64) float64 { return x * y }); ok {
		return r, nil
	}
	x, y := decode(a), decode(b)
	scale := x.scale + y.scale
	if x.big == nil && y.big == nil {
		hi, lo := bits.Mul64(uint64(abs64(x.small)), uint64(abs64(y.small)))
		if hi == 0 && lo < math.MaxInt64 && scale <= numericScaleMax {
			v := int64(lo)
			if (x.small < 0) != (y.small < 0) {
				v = -v
			}
			return number{small: v, scale: scale}.encode(), nil
		}
	}
	n := number{big: new(big.Int).Mul(x.bigInt(), y.bigInt()), scale: scale}
	if scale > numericScaleMax {
		n = n.rescale(numericScaleMax)
	}
	return n.checked()
}

func abs64(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

// weight returns the position of the first base-10000 digit that is not 0, and the digit: what
// PostgreSQL chooses result scales by.
func (n number) weight() (w int, first int) {
	digits := strings.TrimPrefix(number{small: n.small, big: n.big}.encode(), "-")
	if digits == "0" {
		return 0, 0
	}
	// The decimal position of the leading digit: 0 for units.
	pos := len(digits) - n.scale - 1
	w = floorDiv(pos, baseDigits)
	lead := pos - w*baseDigits + 1
	for len(digits) < lead {
		digits += "0"
	}
	first, _ = strconv.Atoi(digits[:lead])
	return w, first
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// divScale is PostgreSQL's select_div_scale: at least 16 significant digits and no less than either
// operand's scale.
func divScale(x, y number) int {
	w1, f1 := x.weight()
	w2, f2 := y.weight()
	q := w1 - w2
	if f1 <= f2 {
		q--
	}
	return min(max(significantDigits-q*baseDigits, x.scale, y.scale, 0), displayScaleMax)
}

// divSpecial treats division with NaN and infinities.
func divSpecial(a, b string) (string, bool, error) {
	if !isSpecial(a) && !isSpecial(b) {
		if decode(b).sign() == 0 {
			return "", true, divisionByZero()
		}
		return "", false, nil
	}
	switch {
	case a == numNaN || b == numNaN:
		return numNaN, true, nil
	case isSpecial(a) && isSpecial(b):
		return numNaN, true, nil
	case isSpecial(b):
		return "0", true, nil
	}
	switch decode(b).sign() {
	case 0:
		return "", true, divisionByZero()
	case -1:
		return NumericNeg(a), true, nil
	}
	return a, true, nil
}

func divisionByZero() error { return pgerr.New(pgerrcode.DivisionByZero, "division by zero") }

// NumericDiv returns a / b.
func NumericDiv(a, b string) (string, error) {
	if r, done, err := divSpecial(a, b); done {
		return r, err
	}
	x, y := decode(a), decode(b)
	return divTo(x, y, divScale(x, y)).checked()
}

// divTo divides to a scale, rounding half away from zero.
func divTo(x, y number, scale int) number {
	num := new(big.Int).Set(x.bigInt())
	den := new(big.Int).Set(y.bigInt())
	if e := scale + y.scale - x.scale; e >= 0 {
		num.Mul(num, pow10Big(e))
	} else {
		den.Mul(den, pow10Big(-e))
	}
	return number{big: divRound(num, den), scale: scale}
}

// NumericDivTrunc returns the integer quotient, truncated toward zero: div(a, b).
func NumericDivTrunc(a, b string) (string, error) {
	if r, done, err := divSpecial(a, b); done {
		return r, err
	}
	x, y := decode(a), decode(b)
	scale := max(x.scale, y.scale)
	q := new(big.Int).Quo(x.rescale(scale).bigInt(), y.rescale(scale).bigInt())
	return number{big: q}.checked()
}

// NumericMod returns the remainder, with the sign of a.
func NumericMod(a, b string) (string, error) {
	if isSpecial(a) || isSpecial(b) {
		switch {
		case a == numNaN || b == numNaN:
			return numNaN, nil
		case isSpecial(a):
			if !isSpecial(b) && decode(b).sign() == 0 {
				return "", divisionByZero()
			}
			return numNaN, nil
		}
		return a, nil
	}
	x, y := decode(a), decode(b)
	if y.sign() == 0 {
		return "", divisionByZero()
	}
	scale := max(x.scale, y.scale)
	r := new(big.Int).Rem(x.rescale(scale).bigInt(), y.rescale(scale).bigInt())
	return number{big: r, scale: scale}.encode(), nil
}

// NumericRound rounds half away from zero to a scale, which may be negative.
func NumericRound(a string, scale int) string {
	if isSpecial(a) {
		return a
	}
	scale = min(max(scale, -numericDigitsMax), numericScaleMax)
	n := decode(a).rescale(scale)
	if scale < 0 {
		n = n.rescale(0)
	}
	return n.encode()
}

// NumericTrunc cuts digits beyond a scale, which may be negative.
func NumericTrunc(a string, scale int) string {
	if isSpecial(a) {
		return a
	}
	scale = min(max(scale, -numericDigitsMax), numericScaleMax)
	n := decode(a)
	if scale >= n.scale {
		return n.rescale(scale).encode()
	}
	q := number{big: new(big.Int).Quo(n.bigInt(), pow10Big(n.scale-scale)), scale: scale}
	if scale < 0 {
		q = q.rescale(0)
	}
	return q.encode()
}

// NumericCeil and NumericFloor round to integers.
func NumericCeil(a string) string { return NumericNeg(NumericFloor(NumericNeg(a))) }

// NumericFloor returns the greatest integer that is not above a.
func NumericFloor(a string) string {
	if isSpecial(a) {
		return a
	}
	n := decode(a)
	q, r := new(big.Int).QuoRem(n.bigInt(), pow10Big(n.scale), new(big.Int))
	if r.Sign() < 0 {
		q.Sub(q, big.NewInt(1))
	}
	return number{big: q}.encode()
}

// NumericScale is the number of digits after the point.
func NumericScale(a string) int {
	if i := strings.IndexByte(a, '.'); i >= 0 {
		return len(a) - i - 1
	}
	return 0
}

// NumericMinScale is the least scale that holds the value.
func NumericMinScale(a string) int { return NumericScale(NumericHashKey(a)) }

// NumericTrimScale drops trailing zeros after the point.
func NumericTrimScale(a string) string { return NumericHashKey(a) }

// NumericToInt64 rounds half away from zero; 22003 when it does not fit. What names the type in errors.
func NumericToInt64(a, what string) (int64, error) {
	if isSpecial(a) {
		return 0, pgerr.New(pgerrcode.FeatureNotSupported, "cannot convert %s to %s", map[bool]string{true: "NaN", false: "infinity"}[a == numNaN], what)
	}
	n := decode(a).rescale(0)
	if n.big == nil {
		return n.small, nil
	}
	if !n.big.IsInt64() {
		return 0, pgerr.New(pgerrcode.NumericValueOutOfRange, "%s out of range", what)
	}
	return n.big.Int64(), nil
}

// NumericToFloat64 converts to the nearest float64.
func NumericToFloat64(a string) float64 {
	f, _ := strconv.ParseFloat(a, 64)
	return f
}

// NumericFromFloat64 converts as PostgreSQL does: 15 significant digits, or 6 for a float4.
func NumericFromFloat64(f float64, float4 bool) string {
	switch {
	case math.IsNaN(f):
		return numNaN
	case math.IsInf(f, 1):
		return numInf
	case math.IsInf(f, -1):
		return numNegInf
	}
	digits := 15
	if float4 {
		digits = 6
	}
	s, err := NumericParse(string(appendG(nil, f, digits)))
	if err != nil {
		return numNaN
	}
	return s
}

// context gives apd enough precision for a result with so many digits after the point.
func context(digits int) *apd.Context {
	c := apd.BaseContext.WithPrecision(uint32(max(digits, 20) + 12))
	c.Rounding = apd.RoundHalfUp
	return c
}

func toAPD(a string) *apd.Decimal {
	d, _, err := apd.NewFromString(a)
	if err != nil {
		return apd.New(0, 0)
	}
	return d
}

// fromAPD rounds a computed value to a scale.
func fromAPD(d *apd.Decimal, scale int) (string, error) {
	s, err := NumericParse(d.Text('f'))
	if err != nil {
		return "", err
	}
	return NumericRound(s, scale), nil
}

func clampScale(want int, others ...int) int {
	s := max(want, 0)
	for _, o := range others {
		s = max(s, o)
	}
	return min(s, displayScaleMax)
}

// NumericSqrt returns the square root: 2201F for negative input.
func NumericSqrt(a string) (string, error) {
	if a == numNaN || a == numInf {
		return a, nil
	}
	if NumericSign(a) < 0 {
		return "", pgerr.New(pgerrcode.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	n := decode(a)
	w, _ := n.weight()
	sweight := floorDiv((w+1)*baseDigits, 2) - 1
	if n.sign() == 0 {
		sweight = 1
	}
	scale := clampScale(significantDigits-sweight, n.scale)
	// Integer square root of a * 10^(2*(scale+1)), then one rounding.
	shift := 2*(scale+1) - n.scale
	v := n.bigInt()
	if shift < 0 {
		return fromBig(new(big.Int).Sqrt(v), scale)
	}
	root := new(big.Int).Sqrt(new(big.Int).Mul(v, pow10Big(shift)))
	return number{big: root, scale: scale + 1}.rescale(scale).encode(), nil
}

func fromBig(v *big.Int, scale int) (string, error) { return number{big: v, scale: scale}.checked() }

// expMax is the argument of exp from which on PostgreSQL refuses to compute.
const expMax = 6000

// NumericExp returns e^a.
func NumericExp(a string) (string, error) {
	switch a {
	case numNaN, numInf:
		return a, nil
	case numNegInf:
		return "0", nil
	}
	val := NumericToFloat64(a)
	if val >= expMax {
		return "", numericOverflow()
	}
	val = math.Max(val, -expMax) * math.Log10E
	scale := clampScale(significantDigits-int(val), NumericScale(a))
	d := new(apd.Decimal)
	if _, err := context(scale+max(int(val), 0)+1).Exp(d, toAPD(a)); err != nil {
		return "", numericOverflow()
	}
	return fromAPD(d, scale)
}

// lnWeight estimates the decimal weight of ln(a).
func lnWeight(a string) int {
	v := NumericToFloat64(a)
	if v >= 0.9 && v <= 1.1 { // ln(1+x) is about x
		x, err := NumericSub(a, "1")
		if err != nil || NumericSign(x) == 0 {
			return 0
		}
		w, first := decode(NumericAbs(x)).weight()
		return w*baseDigits + int(math.Log10(float64(first)))
	}
	f := math.Abs(math.Log(v))
	if f == 0 || math.IsNaN(f) {
		return 0
	}
	if math.IsInf(f, 0) {
		w, _ := decode(a).weight()
		f = math.Abs(float64(w)) * baseDigits * math.Ln10
	}
	return int(math.Log10(f))
}

func logDomain(a string) error {
	switch NumericSign(a) {
	case 0:
		return pgerr.New(pgerrcode.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
	case -1:
		return pgerr.New(pgerrcode.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
	}
	return nil
}

// NumericLn returns the natural logarithm: 2201E outside its domain.
func NumericLn(a string) (string, error) {
	if a == numNaN {
		return a, nil
	}
	if err := logDomain(a); err != nil || a == numInf {
		return a, err
	}
	scale := clampScale(significantDigits-lnWeight(a), NumericScale(a))
	d := new(apd.Decimal)
	if _, err := context(scale+10).Ln(d, toAPD(a)); err != nil {
		return "", numericOverflow()
	}
	return fromAPD(d, scale)
}

// NumericLog returns the logarithm of a to a base.
func NumericLog(base, a string) (string, error) {
	if a == numNaN || base == numNaN {
		return numNaN, nil
	}
	for _, v := range []string{base, a} {
		if err := logDomain(v); err != nil {
			return "", err
		}
	}
	if isSpecial(a) || isSpecial(base) {
		if isSpecial(a) && isSpecial(base) {
			return numNaN, nil
		}
		if isSpecial(base) {
			return "0", nil
		}
		return a, nil
	}
	if NumericCmp(base, "1") == 0 {
		return "", divisionByZero()
	}
	w := lnWeight(a) - lnWeight(base)
	scale := clampScale(significantDigits-w, NumericScale(base), NumericScale(a))
	c := context(scale + 20)
	la, lb, q := new(apd.Decimal), new(apd.Decimal), new(apd.Decimal)
	if _, err := c.Ln(la, toAPD(a)); err != nil {
		return "", numericOverflow()
	}
	if _, err := c.Ln(lb, toAPD(base)); err != nil {
		return "", numericOverflow()
	}
	if _, err := c.Quo(q, la, lb); err != nil {
		return "", numericOverflow()
	}
	return fromAPD(q, scale)
}

// NumericPower returns a^b: 2201F for a negative base with a fraction, or 0 to a negative power.
func NumericPower(a, b string) (string, error) {
	integer := isSpecial(b) || NumericMinScale(b) == 0
	bad := func(msg string) (string, error) {
		return "", pgerr.New(pgerrcode.InvalidArgumentForPowerFunction, "%s", msg)
	}
	if NumericSign(a) == 0 && b[0] == '-' {
		return bad("zero raised to a negative power is undefined")
	}
	if a[0] == '-' && !integer {
		return bad("a negative number raised to a non-integer power yields a complex result")
	}
	if isSpecial(a) || isSpecial(b) {
		return powerSpecial(a, b), nil
	}
	x, y := decode(a), decode(b)
	if x.sign() == 0 && y.sign() > 0 {
		return NumericRound("0", clampScale(significantDigits, x.scale, y.scale)), nil
	}
	if y.sign() == 0 {
		return NumericRound("1", clampScale(significantDigits, x.scale, y.scale)), nil
	}
	val := powerWeight(a, b, integer)
	if val > float64(numericDigitsMax) {
		return "", numericOverflow()
	}
	if val < -float64(numericScaleMax) {
		return NumericRound("0", displayScaleMax), nil
	}
	scale := clampScale(significantDigits-int(val), x.scale, y.scale)
	d := new(apd.Decimal)
	if _, err := context(scale+max(int(val), 0)+10).Pow(d, toAPD(a), toAPD(b)); err != nil {
		return "", numericOverflow()
	}
	return fromAPD(d, scale)
}

// powerWeight estimates the decimal weight of a^b as PostgreSQL does, for the scale of the result hangs on
// it: from the leading digits of a for an integer b, else from ln(a) to eight digits.
func powerWeight(a, b string, integer bool) float64 {
	exp := NumericToFloat64(b)
	abs := NumericAbs(a)
	if integer {
		f, p := decode(abs).leading()
		return exp * (math.Log10(f) + float64(p))
	}
	ln, err := NumericLn(abs)
	if err != nil {
		return 0
	}
	product, err := NumericMul(b, NumericRound(ln, max(8-lnWeight(abs), 0)))
	if err != nil {
		return 0
	}
	return NumericToFloat64(product) * math.Log10E
}

// leading returns the first digits of a positive number, up to four of base 10000, as a float, and the
// power of ten that they are to be multiplied by.
func (n number) leading() (f float64, exponent int) {
	digits := strings.TrimRight(number{small: n.small, big: n.big}.encode(), "0")
	w, first := n.weight()
	lead := len(strconv.Itoa(first))
	f = float64(first)
	for i := lead; i < len(digits) && i < lead+3*baseDigits; i += baseDigits {
		group := digits[i:min(i+baseDigits, len(digits))]
		group += strings.Repeat("0", baseDigits-len(group))
		v, _ := strconv.Atoi(group)
		f = f*10000 + float64(v)
		w--
	}
	return f, w * baseDigits
}

func powerSpecial(a, b string) string {
	if NumericCmp(a, "1") == 0 || !isSpecial(b) && NumericSign(b) == 0 {
		return "1"
	}
	r := math.Pow(NumericToFloat64(a), NumericToFloat64(b))
	switch {
	case math.IsNaN(r):
		return numNaN
	case math.IsInf(r, 1):
		return numInf
	case math.IsInf(r, -1):
		return numNegInf
	}
	return NumericFromFloat64(r, false)
}

// Binary form: ndigits, weight, sign, dscale, then base-10000 digits.
const (
	wirePositive = 0x0000
	wireNegative = 0x4000
	wireNaN      = 0xC000
	wireInf      = 0xD000
	wireNegInf   = 0xF000
	wireInfScale = 0x20 // what PostgreSQL's header of an infinity reads as
)

func sendNumeric(dst []byte, d Datum, _ *Session) []byte {
	head := func(digits, weight, sign, scale int) []byte {
		for _, v := range []int{digits, weight, sign, scale} {
			dst = binary.BigEndian.AppendUint16(dst, uint16(v))
		}
		return dst
	}
	switch d.S {
	case numNaN:
		return head(0, 0, wireNaN, 0)
	case numInf:
		return head(0, 0, wireInf, wireInfScale)
	case numNegInf:
		return head(0, 0, wireNegInf, wireInfScale)
	}
	sign := wirePositive
	body := d.S
	if body[0] == '-' {
		sign, body = wireNegative, body[1:]
	}
	whole, frac, _ := strings.Cut(body, ".")
	scale := len(frac)
	whole = strings.Repeat("0", (baseDigits-len(whole)%baseDigits)%baseDigits) + whole
	frac += strings.Repeat("0", (baseDigits-len(frac)%baseDigits)%baseDigits)
	all := whole + frac
	weight := len(whole)/baseDigits - 1
	var groups []int
	for i := 0; i < len(all); i += baseDigits {
		g, _ := strconv.Atoi(all[i : i+baseDigits])
		groups = append(groups, g)
	}
	for len(groups) > 0 && groups[0] == 0 {
		groups, weight = groups[1:], weight-1
	}
	for len(groups) > 0 && groups[len(groups)-1] == 0 {
		groups = groups[:len(groups)-1]
	}
	if len(groups) == 0 {
		weight = 0
	}
	dst = head(len(groups), weight, sign, scale)
	for _, g := range groups {
		dst = binary.BigEndian.AppendUint16(dst, uint16(g))
	}
	return dst
}

func recvNumeric(b []byte, mod int32, _ *Session) (Datum, error) {
	if len(b) < 8 {
		return Datum{}, cutBinary()
	}
	n, weight := int(binary.BigEndian.Uint16(b)), int(int16(binary.BigEndian.Uint16(b[2:])))
	sign, scale := int(binary.BigEndian.Uint16(b[4:])), int(binary.BigEndian.Uint16(b[6:]))
	special, isSpecial := map[int]string{wireNaN: numNaN, wireInf: numInf, wireNegInf: numNegInf}[sign]
	bad := func(what string) (Datum, error) {
		return Datum{}, pgerr.New(pgerrcode.InvalidBinaryRepresentation, "invalid %s in external \"numeric\" value", what)
	}
	switch {
	case !isSpecial && sign != wirePositive && sign != wireNegative:
		return bad("sign")
	case scale > numericScaleMax:
		return bad("scale")
	}
	b = b[8:]
	digits := make([]byte, 0, min(n, len(b))*baseDigits)
	for i := 0; i < n && 2*i+2 <= len(b); i++ {
		g := int(binary.BigEndian.Uint16(b[2*i:]))
		if g > 9999 {
			return bad("digit")
		}
		digits = append(digits, byte('0'+g/1000), byte('0'+g/100%10), byte('0'+g/10%10), byte('0'+g%10))
	}
	if err := exactly(b, 2*n); err != nil {
		return Datum{}, err
	}
	s := special
	if !isSpecial {
		have := (n - weight - 1) * baseDigits // digits after the point
		whole, err := assemble(string(digits), have, sign == wireNegative)
		if err != nil {
			return Datum{}, err
		}
		s = NumericTrunc(whole, scale)
	}
	if mod < 0 {
		return StringDatum(s), nil
	}
	s, err := numericMod(s, mod)
	return StringDatum(s), err
}
