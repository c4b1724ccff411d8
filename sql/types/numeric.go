package types

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// The canonical form of a numeric is its text as PostgreSQL prints it: an optional minus, digits, and
// as many digits after the point as its display scale has; or NaN, Infinity, -Infinity. It is what
// fragments hold and what goes to the client, and short ones parse in a few nanoseconds. Two numerics of
// equal value can have different scales, so equality goes through NumericCmp or NumericHashKey.

// Limits of numeric, PostgreSQL's.
const (
	numericScaleMax    = 16383   // digits after the point of any value
	numericDigitsMax   = 131072  // digits before the point
	numericPrecision   = 1000    // of a typmod
	numericExponentEnd = 1 << 30 // of literals
	displayScaleMax    = 1000    // of computed results
	significantDigits  = 16      // that computed results have at least
	baseDigits         = 4       // decimal digits of one base-10000 digit, in which PostgreSQL computes scales
)

// Special values.
const (
	numNaN    = "NaN"
	numInf    = "Infinity"
	numNegInf = "-Infinity"
)

// number is a decoded numeric: value = (small or big) / 10^scale. Big is nil when small holds it.
type number struct {
	small int64
	big   *big.Int
	scale int
}

func isSpecial(s string) bool {
	return s == "" || s[0] == 'N' || s[0] == 'I' || len(s) > 1 && s[1] == 'I'
}

// decode reads the canonical form of a finite numeric.
func decode(s string) number {
	neg, i := false, 0
	if s[0] == '-' {
		neg, i = true, 1
	}
	if n := len(s) - i; n <= 18 || n == 19 && strings.IndexByte(s, '.') >= 0 { // 18 digits
		var v int64
		scale, dot := 0, false
		for ; i < len(s); i++ {
			if s[i] == '.' {
				dot = true
				continue
			}
			v = v*10 + int64(s[i]-'0')
			if dot {
				scale++
			}
		}
		if neg {
			v = -v
		}
		return number{small: v, scale: scale}
	}
	digits, scale := s[i:], 0
	if dot := strings.IndexByte(digits, '.'); dot >= 0 {
		scale = len(digits) - dot - 1
		digits = digits[:dot] + digits[dot+1:]
	}
	b, _ := new(big.Int).SetString(digits, 10)
	if neg {
		b.Neg(b)
	}
	return number{big: b, scale: scale}
}

func (n number) bigInt() *big.Int {
	if n.big != nil {
		return n.big
	}
	return big.NewInt(n.small)
}

func (n number) sign() int {
	if n.big != nil {
		return n.big.Sign()
	}
	switch {
	case n.small > 0:
		return 1
	case n.small < 0:
		return -1
	}
	return 0
}

// encode returns the canonical form.
func (n number) encode() string {
	var buf [40]byte
	digits := buf[:0]
	if n.big == nil {
		digits = strconv.AppendInt(digits, n.small, 10)
	} else {
		digits = n.big.Append(digits, 10)
	}
	return string(placePoint(digits, n.scale))
}

// placePoint puts the decimal point scale digits from the end.
func placePoint(digits []byte, scale int) []byte {
	if scale <= 0 {
		return digits
	}
	neg := digits[0] == '-'
	if neg {
		digits = digits[1:]
	}
	out := make([]byte, 0, len(digits)+scale+3)
	if neg {
		out = append(out, '-')
	}
	if len(digits) <= scale {
		out = append(out, '0', '.')
		for range scale - len(digits) {
			out = append(out, '0')
		}
		return append(out, digits...)
	}
	out = append(out, digits[:len(digits)-scale]...)
	return append(append(out, '.'), digits[len(digits)-scale:]...)
}

var pow10Int = [...]int64{
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
}

func pow10Big(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// rescale brings n to a scale, rounding half away from zero when digits go.
func (n number) rescale(scale int) number {
	d := scale - n.scale
	if d == 0 {
		return n
	}
	if n.big == nil {
		if d > 0 && d < len(pow10Int) {
			if v := n.small * pow10Int[d]; v/pow10Int[d] == n.small && n.small != math.MinInt64 {
				return number{small: v, scale: scale}
			}
		}
		if d < 0 && -d < len(pow10Int) {
			p := pow10Int[-d]
			q, r := n.small/p, n.small%p
			if r >= p-r && r > 0 {
				q++
			} else if -r >= p+r && r < 0 {
				q--
			}
			return number{small: q, scale: scale}
		}
	}
	b := n.bigInt()
	if d > 0 {
		return number{big: new(big.Int).Mul(b, pow10Big(d)), scale: scale}
	}
	return number{big: divRound(b, pow10Big(-d)), scale: scale}
}

// divRound divides, rounding half away from zero.
func divRound(a, b *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if r.Sign() != 0 {
		twice := new(big.Int).Abs(r)
		twice.Lsh(twice, 1)
		if twice.CmpAbs(b) >= 0 {
			q.Add(q, big.NewInt(int64(a.Sign()*b.Sign())))
		}
	}
	return q
}

// NumericParse reads text as numeric_in does and returns the canonical form. Errors are 22P02 and 22003.
func NumericParse(in string) (string, error) {
	s := trim(in)
	if canonicalNumber(s) {
		return s, nil
	}
	switch strings.ToLower(s) {
	case "nan":
		return numNaN, nil
	case "infinity", "+infinity", "inf", "+inf":
		return numInf, nil
	case "-infinity", "-inf":
		return numNegInf, nil
	}
	body, neg := s, false
	if body != "" && (body[0] == '+' || body[0] == '-') {
		neg = body[0] == '-'
		body = body[1:]
	}
	if len(body) > 1 && body[0] == '0' && strings.ContainsRune("xXoObB", rune(body[1])) {
		return parseRadix(in, body, neg)
	}
	exp := 0
	if i := strings.IndexAny(body, "eE"); i >= 0 {
		e, err := strconv.Atoi(body[i+1:])
		switch {
		case err != nil && !errors.Is(err, strconv.ErrRange):
			return "", badInput("numeric", in)
		case err != nil || e >= numericExponentEnd || e <= -numericExponentEnd:
			return "", numericOverflow()
		}
		exp, body = e, body[:i]
	}
	whole, frac, _ := strings.Cut(body, ".")
	whole, ok1 := withoutUnderscores(whole)
	frac, ok2 := withoutUnderscores(frac)
	if !ok1 || !ok2 || !allDigits(whole) || !allDigits(frac) || whole+frac == "" {
		return "", badInput("numeric", in)
	}
	return assemble(whole+frac, len(frac)-exp, neg)
}

// assemble makes the canonical form of digits with a scale.
func assemble(digits string, scale int, neg bool) (string, error) {
	digits = strings.TrimLeft(digits, "0")
	if scale < 0 {
		if digits != "" {
			if -scale > numericDigitsMax {
				return "", numericOverflow()
			}
			digits += strings.Repeat("0", -scale)
		}
		scale = 0
	}
	if scale > numericScaleMax {
		return "", numericOverflow()
	}
	if len(digits)-scale > numericDigitsMax {
		return "", numericOverflow()
	}
	if digits == "" {
		digits, neg = "0", false
	}
	if neg {
		digits = "-" + digits
	}
	return string(placePoint([]byte(digits), scale)), nil
}

func parseRadix(in, body string, neg bool) (string, error) {
	clean, ok := withoutUnderscores(strings.TrimPrefix(body[2:], "_"))
	base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[body[1]|0x20]
	v, good := new(big.Int).SetString(clean, base)
	if !ok || !good {
		return "", badInput("numeric", in)
	}
	if neg {
		v.Neg(v)
	}
	return v.String(), nil
}

func numericOverflow() error {
	return pgerr.New(pgerrcode.NumericValueOutOfRange, "value overflows numeric format")
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// canonicalNumber says whether s is in canonical form already.
func canonicalNumber(s string) bool {
	body := strings.TrimPrefix(s, "-")
	whole, frac, dot := strings.Cut(body, ".")
	if whole == "" || len(whole) > 1 && whole[0] == '0' || len(whole) > numericDigitsMax || len(frac) > numericScaleMax ||
		dot && frac == "" || !allDigits(whole) || !allDigits(frac) {
		return false
	}
	return len(body) == len(s) || strings.Trim(body, "0.") != "" // no -0
}

func registerNumeric(t *Type) {
	t.Physical = String
	t.Parse = func(s string, mod int32, _ *Session) (Datum, error) {
		n, err := NumericParse(s)
		if err == nil && mod >= 0 {
			n, err = numericMod(n, mod)
		}
		return StringDatum(n), err
	}
	t.Format = sendString
	t.Recv = recvNumeric
	t.Send = sendNumeric
	t.Compare = func(a, b Datum) int { return NumericCmp(a.S, b.S) }
	t.AppendKey = func(dst []byte, d Datum) []byte { return appendNumericKey(dst, d.S) }
	t.Arrow = arrowOf(arrow.BinaryTypes.String)
	t.ModIn = func(args []int32) (int32, error) {
		p, s := args[0], int32(0)
		if len(args) > 2 {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "invalid NUMERIC type modifier")
		}
		if len(args) == 2 {
			s = args[1]
		}
		if p < 1 || p > numericPrecision {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "NUMERIC precision %d must be between 1 and %d", p, numericPrecision)
		}
		if s < -numericPrecision || s > numericPrecision {
			return 0, pgerr.New(pgerrcode.InvalidParameterValue, "NUMERIC scale %d must be between -%d and %d", s, numericPrecision, numericPrecision)
		}
		return (p<<16 | s&0x7ff) + 4, nil
	}
	t.ModOut = func(mod int32) string {
		p, s := NumericTypmod(mod)
		return "(" + strconv.Itoa(p) + "," + strconv.Itoa(s) + ")"
	}
	t.ApplyMod = func(d Datum, mod int32, _ bool) (Datum, error) {
		n, err := numericMod(d.S, mod)
		return StringDatum(n), err
	}
}

// NumericTypmod splits a typmod into precision and scale.
func NumericTypmod(mod int32) (precision, scale int) {
	v := mod - 4
	return int(v >> 16 & 0xffff), int(v&0x7ff^1024) - 1024
}

// numericMod rounds to the typmod's scale and refuses what its precision cannot hold.
func numericMod(s string, mod int32) (string, error) {
	if mod < 4 {
		return s, nil
	}
	p, scale := NumericTypmod(mod)
	if s == numNaN {
		return s, nil
	}
	overflow := func(detail string, args ...any) (string, error) {
		return "", pgerr.New(pgerrcode.NumericValueOutOfRange, "numeric field overflow").Detail(detail, args...)
	}
	if isSpecial(s) {
		return overflow("A field with precision %d, scale %d cannot hold an infinite value.", p, scale)
	}
	n := decode(s).rescale(scale)
	digits := len(strings.TrimPrefix(number{small: n.small, big: n.big}.encode(), "-"))
	if n.sign() != 0 && digits > p {
		if p == scale {
			return overflow("A field with precision %d, scale %d must round to an absolute value less than 1.", p, scale)
		}
		return overflow("A field with precision %d, scale %d must round to an absolute value less than 10^%d.", p, scale, p-scale)
	}
	if scale < 0 {
		n = n.rescale(0)
	}
	return n.encode(), nil
}

// appendNumericKey encodes sign, magnitude and digits, so that bytes order as values do whatever the
// scales: class byte, then for finite values the decimal exponent (inverted when negative) and the
// digits in pairs, ended by 0 (by 255 when negative).
func appendNumericKey(dst []byte, s string) []byte {
	switch s {
	case numNaN:
		return append(dst, 6)
	case numInf:
		return append(dst, 5)
	case numNegInf:
		return append(dst, 1)
	}
	body, neg := s, false
	if s[0] == '-' {
		body, neg = s[1:], true
	}
	whole, frac, _ := strings.Cut(body, ".")
	digits := whole + frac
	exp := len(whole)
	for digits != "" && digits[0] == '0' {
		digits, exp = digits[1:], exp-1
	}
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return append(dst, 3)
	}
	if len(digits)%2 != 0 {
		digits += "0"
	}
	flip := byte(0)
	if neg {
		dst = append(dst, 2)
		flip = 0xff
	} else {
		dst = append(dst, 4)
	}
	e := uint32(int32(exp)) ^ 1<<31
	dst = append(dst, byte(e>>24)^flip, byte(e>>16)^flip, byte(e>>8)^flip, byte(e)^flip)
	for i := 0; i < len(digits); i += 2 {
		dst = append(dst, (10*(digits[i]-'0')+digits[i+1]-'0'+1)^flip)
	}
	return append(dst, flip)
}

// NumericHashKey returns the same string for equal values: the canonical form without trailing zeros.
func NumericHashKey(s string) string {
	if strings.IndexByte(s, '.') < 0 {
		return s
	}
	s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}
