package types_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
)

// TestFloatsReadBack holds that the shortest text of random bits reads back as the same bits and that no shorter one
// does.
func TestFloatsReadBack(t *testing.T) {
	const seed = 51
	r := rand.New(rand.NewSource(seed))
	float4, float8 := types.ByName("float4"), types.ByName("float8")
	for range 20000 {
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		printed := text(float8, types.FloatDatum(f))
		if back := datum(t, float8, printed); math.Float64bits(back.Float()) != math.Float64bits(f) {
			t.Fatalf("seed %d: %x prints as %s, read as %x", seed, math.Float64bits(f), printed, math.Float64bits(back.Float()))
		}
		if want := strconv.FormatFloat(f, 'e', -1, 64); digitsOf(printed) != digitsOf(want) &&
			!middle(want, f, math.Nextafter(f, 0)) {
			t.Fatalf("seed %d: %s prints as %s", seed, want, printed)
		}
		g := math.Float32frombits(r.Uint32())
		if g != g || math.IsInf(float64(g), 0) {
			continue
		}
		printed = text(float4, types.FloatDatum(float64(g)))
		if back := datum(t, float4, printed); math.Float32bits(float32(back.Float())) != math.Float32bits(g) ||
			float64(float32(back.Float())) != back.Float() {
			t.Fatalf("seed %d: %x prints as %s, read as %v", seed, math.Float32bits(g), printed, back.Float())
		}
		want := strconv.FormatFloat(float64(g), 'e', -1, 32)
		if digitsOf(printed) != digitsOf(want) && !middle(want, float64(g), float64(math.Nextafter32(g, 0))) {
			t.Fatalf("seed %d: %s prints as %s", seed, want, printed)
		}
	}
}

// middle says whether a number is as far from f as half the way to the float before it: PostgreSQL prints no such
// number.
func middle(number string, f, before float64) bool {
	d, _ := new(big.Float).SetPrec(2000).SetString(number)
	diff := new(big.Float).SetPrec(2000).Sub(d, big.NewFloat(f))
	step := new(big.Float).SetPrec(2000).Sub(big.NewFloat(f), big.NewFloat(before))
	return new(big.Float).Mul(diff.Abs(diff), big.NewFloat(2)).Cmp(step.Abs(step)) == 0
}

// digitsOf are the digits of a number without sign, point, exponent and zeros around them.
func digitsOf(s string) string {
	s, _, _ = strings.Cut(s, "e")
	return strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(s), "0")
}

// TestFloatForms holds where numbers change from digits to an exponent, and words and signs.
func TestFloatForms(t *testing.T) {
	f := literal(t, "float8")
	f("123456789012345", "123456789012345")
	f("1234567890123456", "1.234567890123456e+15")
	f("999999999999999", "999999999999999")
	f("1e14", "100000000000000")
	f("1e15", "1e+15")
	f("0.0001", "0.0001")
	f("0.00001", "1e-05")
	f("0.00012345", "0.00012345")
	f("1e-5", "1e-05")
	f("-0", "-0")
	f("+.5", "0.5")
	f("5.", "5")
	f(" 1 ", "1")
	f("1e22", "1e+22")
	f("1e23", "9.999999999999999e+22")
	f("9007199254740993", "9.007199254740992e+15")
	f("1.7976931348623157e308", "1.7976931348623157e+308")
	f("1.7976931348623159e308", `ERROR 22003: "1.7976931348623159e308" is out of range for type double precision`)
	f("4.9e-324", "5e-324")
	f("2.4e-324", `ERROR 22003: "2.4e-324" is out of range for type double precision`)
	f("2.2250738585072011e-308", "2.225073858507201e-308")
	f("NaN", "NaN")
	f("-nan", "NaN")
	f("+inf", "Infinity")
	f("-INFINITY", "-Infinity")
	f("infinit", `ERROR 22P02: invalid input syntax for type double precision: "infinit"`)
	f("nanx", `ERROR 22P02: invalid input syntax for type double precision: "nanx"`)
	f("0x1p-2", "0.25")
	f("0x.8", "0.5")
	f("0X1F", "31")
	f("0x", `ERROR 22P02: invalid input syntax for type double precision: "0x"`)
	f("1e", `ERROR 22P02: invalid input syntax for type double precision: "1e"`)
	f("1e400x", `ERROR 22003: "1e400" is out of range for type double precision`)
	f("1_000", `ERROR 22P02: invalid input syntax for type double precision: "1_000"`)
	f("", `ERROR 22P02: invalid input syntax for type double precision: ""`)
	f("-", `ERROR 22P02: invalid input syntax for type double precision: "-"`)
	f(".", `ERROR 22P02: invalid input syntax for type double precision: "."`)
	f("1 2", `ERROR 22P02: invalid input syntax for type double precision: "1 2"`)
	f("--1", `ERROR 22P02: invalid input syntax for type double precision: "--1"`)
	f = literal(t, "float4")
	f("123456", "123456")
	f("1234567", "1.234567e+06")
	f("16777217", "1.6777216e+07")
	f("0.1", "0.1")
	f("3.4028236e38", `ERROR 22003: "3.4028236e38" is out of range for type real`)
	f("3.4028235e38", "3.4028235e+38")
	f("1e-45", "1e-45")
	f("7e-46", `ERROR 22003: "7e-46" is out of range for type real`)
	f("1.17549435e-38", "1.1754944e-38")
	f("0.3000000119", "0.3")
}

// TestExtraFloatDigits holds numbers under settings of extra_float_digits: 1 and more print what reads back, less
// prints so many digits fewer than 15 or 6.
func TestExtraFloatDigits(t *testing.T) {
	f := func(name, in string, digits int, want string) {
		t.Helper()
		literal(t, name, fmt.Sprintf("extra_float_digits=%d", digits))(in, want)
	}
	f("float8", "0.1", -15, "0.1")
	f("float8", "0.1", 0, "0.1")
	f("float8", "0.1", 3, "0.1")
	f("float8", "123456.789012345678", -15, "1e+05")
	f("float8", "123456.789012345678", -10, "1.2346e+05")
	f("float8", "123456.789012345678", -9, "123457")
	f("float8", "123456.789012345678", -1, "123456.78901235")
	f("float8", "123456.789012345678", 0, "123456.789012346")
	f("float8", "123456.789012345678", 1, "123456.78901234567")
	f("float8", "9.99e14", 0, "999000000000000")
	f("float8", "9.99e15", 0, "9.99e+15")
	f("float8", "9.999999e-5", -12, "0.0001")
	f("float8", "0.00001", 0, "1e-05")
	f("float8", "-0", 0, "-0")
	f("float8", "NaN", 0, "NaN")
	f("float8", "-Infinity", 0, "-Infinity")
	f("float8", "0.30000000000000004", 0, "0.3")
	f("float8", "5e-324", 0, "4.94065645841247e-324")
	f("float4", "0.1", 0, "0.1")
	f("float4", "123456.7", 0, "123457")
	f("float4", "1234567", 0, "1.23457e+06")
	f("float4", "123456.7", -3, "1.23e+05")
	f("float4", "123456.7", -15, "1e+05")
	f("float4", "1e-45", 0, "1.4013e-45")
	f("_float8", "{0.1,1e15,NaN,NULL}", 0, "{0.1,1e+15,NaN,NULL}")
	f("_float4", "{0.1,1e15,NaN,NULL}", -2, "{0.1,1e+15,NaN,NULL}")
}
