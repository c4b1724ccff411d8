package types_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vecdb/vecdb/sql/types"
)

// operation is one of numeric's: ours, and how SQL writes it.
type operation struct {
	sql string
	run func(a []string) (string, error)
}

func plain(f func(a string) string) func([]string) (string, error) {
	return func(a []string) (string, error) { return f(a[0]), nil }
}

func one(f func(a string) (string, error)) func([]string) (string, error) {
	return func(a []string) (string, error) { return f(a[0]) }
}

func two(f func(a, b string) (string, error)) func([]string) (string, error) {
	return func(a []string) (string, error) { return f(a[0], a[1]) }
}

func scaled(f func(a string, scale int) string) func([]string) (string, error) {
	return func(a []string) (string, error) {
		scale, err := strconv.Atoi(a[1])
		return f(a[0], scale), err
	}
}

func number(f func(a string) int) func([]string) (string, error) {
	return func(a []string) (string, error) { return strconv.Itoa(f(a[0])), nil }
}

var operations = map[string]operation{
	"add":        {"%s::numeric + %s", two(types.NumericAdd)},
	"sub":        {"%s::numeric - %s", two(types.NumericSub)},
	"mul":        {"%s::numeric * %s", two(types.NumericMul)},
	"div":        {"%s::numeric / %s", two(types.NumericDiv)},
	"divtrunc":   {"div(%s::numeric, %s)", two(types.NumericDivTrunc)},
	"mod":        {"%s::numeric %% %s", two(types.NumericMod)},
	"power":      {"power(%s::numeric, %s)", two(types.NumericPower)},
	"log":        {"log(%s::numeric, %s)", two(types.NumericLog)},
	"sqrt":       {"sqrt(%s::numeric)", one(types.NumericSqrt)},
	"exp":        {"exp(%s::numeric)", one(types.NumericExp)},
	"ln":         {"ln(%s::numeric)", one(types.NumericLn)},
	"neg":        {"- %s::numeric", plain(types.NumericNeg)},
	"abs":        {"abs(%s::numeric)", plain(types.NumericAbs)},
	"ceil":       {"ceil(%s::numeric)", plain(types.NumericCeil)},
	"floor":      {"floor(%s::numeric)", plain(types.NumericFloor)},
	"trim_scale": {"trim_scale(%s::numeric)", plain(types.NumericTrimScale)},
	"scale":      {"scale(%s::numeric)", number(types.NumericScale)},
	"min_scale":  {"min_scale(%s::numeric)", number(types.NumericMinScale)},
	"sign":       {"case when %s::numeric = 'NaN' then 1 else sign(%[1]s::numeric) end", number(types.NumericSign)},
	"round":      {"round(%s::numeric, %s::int)", scaled(types.NumericRound)},
	"trunc":      {"trunc(%s::numeric, %s::int)", scaled(types.NumericTrunc)},
	"int8": {"%s::numeric::int8", one(func(a string) (string, error) {
		v, err := types.NumericToInt64(a, "bigint")
		return strconv.FormatInt(v, 10), err
	})},
	"float8": {"%s::numeric::float8", one(func(a string) (string, error) {
		return string(types.AppendFloat(nil, types.NumericToFloat64(a), 64, nil)), nil
	})},
	"fromfloat8": {"%s::float8::numeric", one(func(a string) (string, error) {
		f, err := strconv.ParseFloat(a, 64)
		return types.NumericFromFloat64(f, false), err
	})},
	"fromfloat4": {"%s::float4::numeric", one(func(a string) (string, error) {
		f, err := strconv.ParseFloat(a, 32)
		return types.NumericFromFloat64(f, true), err
	})},
}

// TestNumericMath runs testdata/numericmath: each line is an operation and its operands. With a server
// the expected answers come from it, see TestIO.
func TestNumericMath(t *testing.T) {
	oracle := connect(t)
	datadriven.RunTest(t, "testdata/numericmath", func(t *testing.T, d *datadriven.TestData) string {
		var got, want []string
		lines := strings.Split(d.Input, "\n")
		for _, line := range lines {
			words := strings.Fields(line)
			op, ok := operations[words[0]]
			if !ok {
				t.Fatalf("%s: no operation %q", d.Pos, words[0])
			}
			got = append(got, calculate(op, words[1:]))
			if oracle != nil {
				want = append(want, oracle.calculate(op, words[1:]))
			}
		}
		if oracle == nil {
			return strings.Join(got, "\n") + "\n"
		}
		if diff := difference(strings.Join(got, "\n"), strings.Join(want, "\n"), lines); diff != "" {
			t.Log(d.Pos, "differs from PostgreSQL:\n", diff)
			defer t.Fail()
		}
		return strings.Join(want, "\n") + "\n"
	})
}

func calculate(op operation, args []string) string {
	operands := make([]string, len(args))
	for i, a := range args {
		n, err := types.NumericParse(a)
		if err != nil {
			return errorText(err)
		}
		operands[i] = n
	}
	v, err := op.run(operands)
	if err != nil {
		return errorText(err)
	}
	return escape(v)
}

func (p *postgres) calculate(op operation, args []string) string {
	quoted := make([]any, len(args))
	for i, a := range args {
		quoted[i] = quote(a)
	}
	rows, err := p.query("select " + fmt.Sprintf(op.sql, quoted...))
	if err != nil {
		return serverError(err)
	}
	return escape(rows[0])
}

// TestNumericInvariants checks what must hold for all numbers, over numbers of many sizes.
func TestNumericInvariants(t *testing.T) {
	var values []string
	for _, digits := range []string{
		"1", "9", "10", "123", "9223372036854775807", "9223372036854775808", "99999999999999999999999999",
		"5000000000000000000",
	} {
		for _, scale := range []int{0, 1, 4, 18, 19, 40} {
			n := digits
			if len(n) <= scale {
				n = strings.Repeat("0", scale-len(n)+1) + n
			}
			if scale > 0 {
				n = n[:len(n)-scale] + "." + n[len(n)-scale:]
			}
			values = append(values, n, "-"+n)
		}
	}
	must := func(s string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, a := range values {
		if got := must(types.NumericParse(a)); got != a {
			t.Fatalf("%s is read as %s", a, got)
		}
		for _, b := range values {
			sum := must(types.NumericAdd(a, b))
			if back := must(types.NumericSub(sum, b)); types.NumericCmp(back, a) != 0 {
				t.Fatalf("%s + %s - %s is %s", a, b, b, back)
			}
			if product := must(types.NumericMul(a, b)); product != must(types.NumericMul(b, a)) {
				t.Fatalf("%s * %s is %s and does not commute", a, b, product)
			}
			quotient, rest := must(types.NumericDivTrunc(a, b)), must(types.NumericMod(a, b))
			if again := must(types.NumericAdd(must(types.NumericMul(quotient, b)), rest)); types.NumericCmp(again, a) != 0 {
				t.Fatalf("%s = %s * %s + %s does not hold: %s", a, quotient, b, rest, again)
			}
			if c := types.NumericCmp(a, b); c != -types.NumericCmp(b, a) ||
				(c == 0) != (types.NumericHashKey(a) == types.NumericHashKey(b)) {
				t.Fatalf("%s and %s compare %d", a, b, c)
			}
		}
	}
}
