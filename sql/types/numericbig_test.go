package types_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// decimal is a canonical numeric as math/big has it: units / 10^scale.
type decimal struct {
	units *big.Int
	scale int
}

func toDecimal(t testing.TB, s string) decimal {
	t.Helper()
	whole, frac, _ := strings.Cut(s, ".")
	units, ok := new(big.Int).SetString(whole+frac, 10)
	if !ok {
		t.Fatalf("%q is no number", s)
	}
	return decimal{units, len(frac)}
}

func tenTo(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

func (d decimal) rat() *big.Rat { return new(big.Rat).SetFrac(d.units, tenTo(d.scale)) }

// roundedTo is r with so many digits after the point, half away from zero, as a canonical numeric.
func roundedTo(r *big.Rat, scale int) string {
	s := r.FloatString(scale) // rounds halves away from zero
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return s
}

// numerics are random numbers of up to 40 digits, many of them near the border of what an int64 holds.
func numerics(r *rand.Rand) string {
	digits := []string{
		"9223372036854775807", "9223372036854775808", "999999999999999999", "1000000000000000000", "5",
		"49999", "50000", "1",
	}
	s := digits[r.Intn(len(digits))]
	switch r.Intn(4) {
	case 0:
		s = fmt.Sprint(r.Int63() >> r.Intn(62))
	case 1:
		s = fmt.Sprint(r.Int63()) + fmt.Sprint(r.Int63())
	}
	if scale := r.Intn(25); scale > 0 {
		if len(s) <= scale {
			s = strings.Repeat("0", scale+1-len(s)) + s
		}
		s = s[:len(s)-scale] + "." + s[len(s)-scale:]
	}
	s = strings.TrimLeft(s, "0")
	if s == "" || s[0] == '.' {
		s = "0" + s
	}
	if r.Intn(2) == 0 && strings.Trim(s, "0.") != "" {
		s = "-" + s
	}
	return s
}

// TestArithmeticAgainstBig holds sum, difference, product, quotient, remainder and order of random numbers against
// exact arithmetic.
func TestArithmeticAgainstBig(t *testing.T) {
	const seed = 21
	r := rand.New(rand.NewSource(seed))
	for range 2000 {
		a, b := numerics(r), numerics(r)
		x, y := toDecimal(t, a), toDecimal(t, b)
		check := func(op, got string, err error, want string) {
			t.Helper()
			if err != nil || got != want {
				t.Fatalf("seed %d: %s %s %s is %s %v, want %s", seed, a, op, b, got, err, want)
			}
		}
		scale := max(x.scale, y.scale)
		got, err := types.NumericAdd(a, b)
		check("+", got, err, roundedTo(new(big.Rat).Add(x.rat(), y.rat()), scale))
		got, err = types.NumericSub(a, b)
		check("-", got, err, roundedTo(new(big.Rat).Sub(x.rat(), y.rat()), scale))
		got, err = types.NumericMul(a, b)
		check("*", got, err, roundedTo(new(big.Rat).Mul(x.rat(), y.rat()), x.scale+y.scale))
		if c, want := types.NumericCmp(a, b), x.rat().Cmp(y.rat()); sign(c) != want {
			t.Fatalf("seed %d: %s and %s compare %d, want %d", seed, a, b, c, want)
		}
		if same := types.NumericHashKey(a) == types.NumericHashKey(b); same != (x.rat().Cmp(y.rat()) == 0) {
			t.Fatalf("seed %d: the hash keys of %s and %s are equal: %v", seed, a, b, same)
		}
		if y.units.Sign() == 0 {
			continue
		}
		quotient := new(big.Rat).Quo(x.rat(), y.rat())
		got, err = types.NumericDiv(a, b)
		check("/", got, err, roundedTo(quotient, types.NumericScale(got)))
		if min := max(x.scale, y.scale); types.NumericScale(got) < min || significant(got) < 16 && x.units.Sign() != 0 {
			t.Fatalf("seed %d: %s / %s is %s: too few digits", seed, a, b, got)
		}
		whole := new(big.Int).Quo(quotient.Num(), quotient.Denom())
		got, err = types.NumericDivTrunc(a, b)
		check("div", got, err, whole.String())
		rest := new(big.Rat).Sub(x.rat(), new(big.Rat).Mul(new(big.Rat).SetInt(whole), y.rat()))
		got, err = types.NumericMod(a, b)
		check("%", got, err, roundedTo(rest, scale))
	}
}

// significant counts the digits from the first that is not zero.
func significant(s string) int {
	return len(strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(s, "-"), ".", ""), "0"))
}

// TestRoundingAgainstBig holds round, trunc, ceil and floor of random numbers at every scale around the number's own.
func TestRoundingAgainstBig(t *testing.T) {
	const seed = 22
	r := rand.New(rand.NewSource(seed))
	for range 500 {
		a := numerics(r)
		x := toDecimal(t, a)
		for scale := -22; scale < 28; scale += 1 + r.Intn(4) {
			unit := new(big.Rat).SetInt(tenTo(max(-scale, 0)))
			scaled := new(big.Rat).Quo(x.rat(), unit)
			back := func(s string) string { return roundedTo(new(big.Rat).Mul(toDecimal(t, s).rat(), unit), max(scale, 0)) }
			if got, want := types.NumericRound(a, scale), back(roundedTo(scaled, max(scale, 0))); got != want {
				t.Fatalf("seed %d: round(%s, %d) is %s, want %s", seed, a, scale, got, want)
			}
			cut := new(big.Rat).Mul(scaled, new(big.Rat).SetInt(tenTo(max(scale, 0))))
			units := new(big.Int).Quo(cut.Num(), cut.Denom())
			want := back(roundedTo(new(big.Rat).SetFrac(units, tenTo(max(scale, 0))), max(scale, 0)))
			if got := types.NumericTrunc(a, scale); got != want {
				t.Fatalf("seed %d: trunc(%s, %d) is %s, want %s", seed, a, scale, got, want)
			}
		}
		floor := new(big.Int).Div(x.rat().Num(), x.rat().Denom()) // Euclidean: down
		ceil := new(big.Int).Neg(new(big.Int).Div(new(big.Int).Neg(x.rat().Num()), x.rat().Denom()))
		if got := types.NumericFloor(a); got != floor.String() {
			t.Fatalf("seed %d: floor(%s) is %s", seed, a, got)
		}
		if got := types.NumericCeil(a); got != ceil.String() {
			t.Fatalf("seed %d: ceil(%s) is %s", seed, a, got)
		}
	}
}

// TestSqrtAgainstBig holds that a root is the nearest number of its scale.
func TestSqrtAgainstBig(t *testing.T) {
	const seed = 23
	r := rand.New(rand.NewSource(seed))
	for range 1500 {
		a := types.NumericAbs(numerics(r))
		got, err := types.NumericSqrt(a)
		if err != nil {
			t.Fatal(err)
		}
		x, root := toDecimal(t, a).rat(), toDecimal(t, got)
		half := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Mul(big.NewInt(2), tenTo(root.scale)))
		low, high := new(big.Rat).Sub(root.rat(), half), new(big.Rat).Add(root.rat(), half)
		if low.Sign() > 0 && new(big.Rat).Mul(low, low).Cmp(x) > 0 || new(big.Rat).Mul(high, high).Cmp(x) < 0 {
			t.Fatalf("seed %d: sqrt(%s) is %s", seed, a, got)
		}
	}
	for _, a := range []string{
		"0", "1", "4", "100", "1000000000000000000000000", "0.25", "0.0001", "152415787532388367501905199875019052100",
	} {
		got, err := types.NumericSqrt(a)
		if err != nil {
			t.Fatal(err)
		}
		if square, _ := types.NumericMul(got, got); types.NumericCmp(square, a) != 0 {
			t.Errorf("sqrt(%s) is %s, not exact", a, got)
		}
	}
}

// bigPrecision are the bits that the oracles of exp and ln compute with.
const bigPrecision = 400

// bigExp is e^x by halving the argument and summing the series.
func bigExp(x *big.Float) *big.Float {
	const halvings = 40
	y := new(big.Float).SetPrec(bigPrecision).SetMantExp(x, -halvings)
	sum, term := big.NewFloat(1).SetPrec(bigPrecision), big.NewFloat(1).SetPrec(bigPrecision)
	for i := 1; i < 40; i++ {
		term.Mul(term, y)
		term.Quo(term, new(big.Float).SetInt64(int64(i)))
		sum.Add(sum, term)
	}
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigLn is ln x by Newton's iteration on bigExp.
func bigLn(x *big.Float) *big.Float {
	f, _ := x.Float64()
	y := new(big.Float).SetPrec(bigPrecision).SetFloat64(math.Log(f))
	for range 5 {
		e := bigExp(y)
		num, den := new(big.Float).SetPrec(bigPrecision).Sub(x, e), new(big.Float).SetPrec(bigPrecision).Add(x, e)
		num.Mul(num, big.NewFloat(2))
		y.Add(y, num.Quo(num, den))
	}
	return y
}

// near says whether a numeric is a number to within one unit of its last place.
func near(t testing.TB, s string, want *big.Float) bool {
	t.Helper()
	d := toDecimal(t, s)
	got := new(big.Float).SetPrec(bigPrecision).SetRat(d.rat())
	diff := got.Sub(got, want)
	ulp := new(big.Float).SetPrec(bigPrecision).SetRat(new(big.Rat).SetFrac(big.NewInt(1), tenTo(d.scale)))
	return diff.Abs(diff).Cmp(ulp) <= 0
}

// TestExpAndLnAgainstBig holds exp and ln against their series.
func TestExpAndLnAgainstBig(t *testing.T) {
	const seed = 24
	r := rand.New(rand.NewSource(seed))
	f := func(name, a, got string, err error, want *big.Float) {
		t.Helper()
		if err != nil || !near(t, got, want) {
			t.Fatalf("seed %d: %s(%s) is %s %v, want %s", seed, name, a, got, err, want.Text('f', 40))
		}
	}
	for range 150 {
		a := fmt.Sprintf("%d.%0*d", r.Intn(200)-100, 1+r.Intn(12), r.Intn(10))
		x := new(big.Float).SetPrec(bigPrecision).SetRat(toDecimal(t, a).rat())
		got, err := types.NumericExp(a)
		f("exp", a, got, err, bigExp(x))
		b := types.NumericAbs(numerics(r))
		if types.NumericSign(b) == 0 {
			continue
		}
		y := new(big.Float).SetPrec(bigPrecision).SetRat(toDecimal(t, b).rat())
		got, err = types.NumericLn(b)
		f("ln", b, got, err, bigLn(y))
		base := fmt.Sprint(2 + r.Intn(20))
		z := new(big.Float).SetPrec(bigPrecision).SetRat(toDecimal(t, base).rat())
		got, err = types.NumericLog(base, b)
		f("log"+base, b, got, err, new(big.Float).SetPrec(bigPrecision).Quo(bigLn(y), bigLn(z)))
	}
}

// TestPowerAgainstBig holds whole powers against exact products, and broken ones against exp and ln.
func TestPowerAgainstBig(t *testing.T) {
	const seed = 25
	r := rand.New(rand.NewSource(seed))
	for range 200 {
		a, n := fmt.Sprintf("%d.%d", r.Intn(40)-20, r.Intn(100)), r.Intn(30)
		x := toDecimal(t, a).rat()
		if x.Sign() == 0 {
			continue
		}
		product := big.NewRat(1, 1)
		for range n {
			product.Mul(product, x)
		}
		for _, exp := range []int{n, -n} {
			want := new(big.Float).SetPrec(bigPrecision).SetRat(product)
			if exp < 0 {
				want.Quo(big.NewFloat(1), want)
			}
			got, err := types.NumericPower(a, fmt.Sprint(exp))
			if err != nil || !near(t, got, want) {
				t.Fatalf("seed %d: %s ^ %d is %s %v, want %s", seed, a, exp, got, err, want.Text('f', 30))
			}
		}
		b, broken := types.NumericAbs(a), fmt.Sprintf("%d.%d", r.Intn(10)-5, 1+r.Intn(9))
		ln := bigLn(new(big.Float).SetPrec(bigPrecision).SetRat(toDecimal(t, b).rat()))
		ln.Mul(ln, new(big.Float).SetPrec(bigPrecision).SetRat(toDecimal(t, broken).rat()))
		got, err := types.NumericPower(b, broken)
		if err != nil || !near(t, got, bigExp(ln)) {
			t.Fatalf("seed %d: %s ^ %s is %s %v", seed, b, broken, got, err)
		}
	}
}

// TestTypmodAgainstBig holds that numeric(p, s) keeps what rounds to p digits, and refuses the rest, for every p and s
// around a number's own.
func TestTypmodAgainstBig(t *testing.T) {
	const seed = 26
	r := rand.New(rand.NewSource(seed))
	typ := types.ByName("numeric")
	for range 2000 {
		a := numerics(r)
		p, s := 1+r.Intn(30), r.Intn(30)-8
		mod, err := typ.ModIn([]int32{int32(p), int32(s)})
		if err != nil {
			t.Fatal(err)
		}
		want := types.NumericRound(a, s)
		limit := new(big.Rat).SetInt(tenTo(max(p-s, 0)))
		if p < s {
			limit.SetFrac(big.NewInt(1), tenTo(s-p))
		}
		fits := new(big.Rat).Abs(toDecimal(t, want).rat()).Cmp(limit) < 0
		got, err := typ.ApplyMod(types.StringDatum(a), mod, false)
		switch {
		case fits && (err != nil || got.S != want):
			t.Fatalf("seed %d: %s as numeric(%d,%d) is %s %v, want %s", seed, a, p, s, got.S, err, want)
		case !fits && (pgerr.Code(err) != "22003" || err.Error() != "numeric field overflow"):
			t.Fatalf("seed %d: %s as numeric(%d,%d) is %s %v", seed, a, p, s, got.S, err)
		}
	}
}

// TestNumericConversions holds numbers to and from int64 and float64.
func TestNumericConversions(t *testing.T) {
	const seed = 27
	r := rand.New(rand.NewSource(seed))
	for range 2000 {
		a := numerics(r)
		exact := toDecimal(t, a).rat()
		rounded := toDecimal(t, roundedTo(exact, 0)).units
		v, err := types.NumericToInt64(a, "bigint")
		switch {
		case rounded.IsInt64() && (err != nil || v != rounded.Int64()):
			t.Fatalf("seed %d: %s as bigint is %d %v", seed, a, v, err)
		case !rounded.IsInt64() && (pgerr.Code(err) != "22003" || err.Error() != "bigint out of range"):
			t.Fatalf("seed %d: %s as bigint is %d %v", seed, a, v, err)
		}
		want, _ := exact.Float64()
		if got := types.NumericToFloat64(a); got != want {
			t.Fatalf("seed %d: %s as float8 is %v, want %v", seed, a, got, want)
		}
		n := r.Int63() >> r.Intn(63)
		if back, err := types.NumericToInt64(types.NumericFromInt64(-n), "bigint"); err != nil || back != -n {
			t.Fatalf("seed %d: %d comes back as %d %v", seed, -n, back, err)
		}
	}
	for _, v := range []int64{math.MinInt64, math.MaxInt64, 0} {
		if back, err := types.NumericToInt64(types.NumericFromInt64(v), "bigint"); err != nil || back != v {
			t.Errorf("%d comes back as %d %v", v, back, err)
		}
	}
	for a, want := range map[string]string{
		"NaN": "cannot convert NaN to integer", "Infinity": "cannot convert infinity to integer",
		"-Infinity": "cannot convert infinity to integer",
	} {
		if _, err := types.NumericToInt64(a, "integer"); pgerr.Code(err) != "0A000" || err.Error() != want {
			t.Errorf("%s: %v", a, err)
		}
	}
}

// TestNumericLimits holds numbers at and beyond the greatest scale and size.
func TestNumericLimits(t *testing.T) {
	f := func(in string, ok bool) {
		t.Helper()
		n, err := types.NumericParse(in)
		if ok != (err == nil) || err != nil && pgerr.Code(err) != "22003" {
			t.Errorf("%.20s...: %v", in, err)
		}
		if err == nil && types.NumericCmp(n, in) != 0 && !strings.Contains(in, "e") {
			t.Errorf("%.20s... is read as another number", in)
		}
	}
	nines := strings.Repeat("9", 131072)
	f(nines, true)
	f(nines+"9", false)
	f("1e131071", true)
	f("1e131072", false)
	f("0."+strings.Repeat("0", 16382)+"1", true)
	f("0."+strings.Repeat("0", 16383)+"1", false)
	f("1e-16383", true)
	f("1e-16384", false)
	f("0e131073", true)
	f("0e1073741823", true)
	f("0e1073741824", false)
	f("0e-16383", true)
	f("0e-16384", false)
	overflow := func(name string, run func(a, b string) (string, error), a, b string) {
		t.Helper()
		if got, err := run(a, b); pgerr.Code(err) != "22003" || err.Error() != "value overflows numeric format" {
			t.Errorf("%s beyond the limit: %.20s %v", name, got, err)
		}
	}
	overflow("sum", types.NumericAdd, nines, "1")
	overflow("product", types.NumericMul, nines, "10")
	overflow("power", types.NumericPower, "10", "131072")
	overflow("quotient", types.NumericDiv, nines, "0.1")
	small := "0." + strings.Repeat("0", 9999) + "1"
	if got, err := types.NumericMul(small, small); err != nil || types.NumericScale(got) != 16383 ||
		types.NumericSign(got) != 0 {
		t.Errorf("a product of more digits than a scale can have: scale %d, %v", types.NumericScale(got), err)
	}
}
