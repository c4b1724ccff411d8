package fn_test

import "testing"

// TestShifts holds that a shift counts modulo the width, and keeps the sign to the right.
func TestShifts(t *testing.T) {
	f := selecter(t)
	f("1 << 4, 1 << 31, 1 << 32, 1 << 33, 1 << -1, -1 >> 1, 256 >> 4, -256 >> 33, 1::bigint << 62, "+
		"1::bigint << 63, 1::bigint << 64, -1::bigint >> 63",
		"16|-2147483648|1|2|-2147483648|-1|16|-128|4611686018427387904|-9223372036854775808|1|-1")
	f("1::smallint << 15, 1::smallint << 16, 1::smallint << 31, -1::smallint >> 20, 5::smallint & 3::smallint, "+
		"5::smallint | 3::smallint, 5::smallint # 3::smallint, ~5::smallint",
		"-32768|0|0|-1|1|7|6|-6")
	f("91 & 15, 32 | 3, 17 # 5, ~1, -1 & 255, ~(-2147483648), 91::bigint & 15, 32::bigint | 3, 17::bigint # 5, ~0::bigint",
		"11|35|20|-2|255|2147483647|11|35|20|-1")
	f("1 << null, null >> 1, null & 1, 1 | null::int, ~null::int, 1 # null", "<null>|<null>|<null>|<null>|<null>|<null>")
	f("1.5 & 1",
		"42883: operator does not exist: numeric & integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("1 << 1::bigint",
		"42883: operator does not exist: integer << bigint "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// TestNumberFunctions holds divisors, remainders, roots and powers at the ends of the range.
func TestNumberFunctions(t *testing.T) {
	f := selecter(t)
	f("gcd(0, 0), gcd(12, 18), gcd(-12, 18), gcd(2147483647, 1), gcd(-2147483648, 6), lcm(4, 6), lcm(0, 5), "+
		"lcm(-4, 6), gcd(8::bigint, 12), lcm(1.5, 2), gcd(1.5, 2.25)",
		"0|6|6|1|2|12|0|12|4|6.0|0.75")
	f("gcd(-2147483648, 0)", "22003: integer out of range")
	f("gcd(-2147483648, -2147483648)", "22003: integer out of range")
	f("lcm(2147483647, 2)", "22003: integer out of range")
	f("lcm(9223372036854775807, 2)", "22003: bigint out of range")
	f("mod(7, -3), mod(-7, 3), -7 % 3, mod(-2147483648, -1), mod(5::smallint, 3::smallint), "+
		"mod(-9223372036854775808, -1), div(7, 2), div(-7, 2), div(7.5, 2)",
		"1|-1|-1|0|2|0|3|-3|3")
	f("mod(1, 0)", "22012: division by zero")
	f("-2147483648 / -1", "22003: integer out of range")
	f("(-9223372036854775808) / (-1)::bigint", "22003: bigint out of range")
	f("(-32768)::smallint / (-1)::smallint", "22003: smallint out of range")
	f("abs(-2147483648)", "22003: integer out of range")
	f("abs((-32768)::smallint)", "22003: smallint out of range")
	f("abs(-9223372036854775807), @ -5, abs(-0.0), abs(null::int), sign(-5), sign(0), sign(2.5), sign('nan'::float8)",
		"9223372036854775807|5|0.0|<null>|-1|0|1|0")
	f("factorial(0), factorial(20), factorial(25), 5 ! = 1", `42601: syntax error at or near "="`)
	f("factorial(5), factorial(0)", "120|1")
	f("factorial(-1)", "22003: factorial of a negative number is undefined")
	f("factorial(100000)", "22003: value overflows numeric format")
	f("width_bucket(5.35, 0.024, 10.06, 5), width_bucket(0, 1, 10, 5), width_bucket(10, 1, 10, 5), "+
		"width_bucket(5, 10, 1, 5), width_bucket(11::float8, 1, 10, 5), "+
		"width_bucket(now(), array['yesterday','today','tomorrow']::timestamptz[]), "+
		"width_bucket(5, array[1,3,5,7]), width_bucket('b', array['a','c'])",
		"3|0|6|3|6|2|3|1")
	f("width_bucket(5, 1, 1, 5)", "2201G: lower bound cannot equal upper bound")
	f("width_bucket(5, 1, 10, 0)", "2201G: count must be greater than zero")
	f("width_bucket('nan'::float8, 1, 10, 5)", "2201G: operand, lower bound, and upper bound cannot be NaN")
	f("width_bucket(5, 'inf'::numeric, 10, 5)", "2201G: lower and upper bounds must be finite")
	f("width_bucket(5, '{}'::int[]), width_bucket(5, array[1,null])", "22004: thresholds array must not contain NULLs")
	f("min_scale(8.4100), trim_scale(8.4100), scale(8.4100), scale(8), min_scale('nan'), trim_scale('inf'), scale(null)",
		"2|8.41|4|0|<null>|Infinity|<null>")
	f("bit_count('\\xff'::bytea), int4larger(1, 2), int8smaller(1, 2), int2larger(1::smallint, 2::smallint), "+
		"in_range(5, 3, 2, true, false), in_range(5::bigint, 3::bigint, 2::bigint, false, true)",
		"8|2|1|2|t|t")
	f("in_range(5, 3, -2, true, false)", "22013: invalid preceding or following size in window function")
}
