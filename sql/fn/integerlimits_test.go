package fn_test

import "testing"

// TestSmallintLimits holds smallint where each operator leaves its range.
func TestSmallintLimits(t *testing.T) {
	f := selecter(t)
	f("32767::smallint + 1::smallint", "22003: smallint out of range")
	f("(-32768)::smallint - 1::smallint", "22003: smallint out of range")
	f("256::smallint * 128::smallint", "22003: smallint out of range")
	f("(-256)::smallint * 128::smallint", "-32768")
	f("- (-32768)::smallint", "22003: smallint out of range")
	f("@ (-32768)::smallint", "22003: smallint out of range")
	f("(-32768)::smallint % (-1)::smallint", "0")
	f("1::smallint / 0::smallint", "22012: division by zero")
	f("1::smallint % 0::smallint", "22012: division by zero")
	f("mod(1::smallint, 0::smallint)", "22012: division by zero")
	f("32767::smallint + 1", "32768")
	f("32767::smallint + 1::bigint", "32768")
	f("pg_typeof(1::smallint + 1::smallint), pg_typeof(1::smallint + 1), pg_typeof(1::smallint + 1::bigint), "+
		"pg_typeof(1::smallint + 1.0), pg_typeof(1::smallint + 1::real)",
		"smallint|integer|bigint|numeric|double precision")
	f("32768::smallint", "22003: smallint out of range")
	f("'-32769'::smallint", `22003: value "-32769" is out of range for type smallint`)
	f("40000::int::smallint", "22003: smallint out of range")
	f("40000::bigint::smallint", "22003: smallint out of range")
	f("32767::smallint << 1, 1::smallint << 14, 1::smallint << 15, (-32768)::smallint >> 15", "-2|16384|-32768|-1")
	f("~32767::smallint, ~(-32768)::smallint, 32767::smallint # (-1)::smallint", "-32768|32767|-32768")
	f("abs((-32767)::smallint), sign((-5)::smallint), pg_typeof(abs((-5)::smallint))", "32767|-1|smallint")
}

// TestIntLimits holds integer and bigint where each operator and function leaves its range.
func TestIntLimits(t *testing.T) {
	f := selecter(t)
	f("2147483647 + 1", "22003: integer out of range")
	f("-2147483648 - 1", "22003: integer out of range")
	f("65536 * 32768", "22003: integer out of range")
	f("-65536 * 32769", "22003: integer out of range")
	f("- (-2147483648)", "2147483648")
	f("@ (-2147483648)", "22003: integer out of range")
	f("(-2147483648) / (-1)", "22003: integer out of range")
	f("(-2147483648) % (-1)", "0")
	f("1 / 0", "22012: division by zero")
	f("1 % 0", "22012: division by zero")
	f("2147483648", "2147483648")
	f("-2147483649", "-2147483649")
	f("2147483648::int", "22003: integer out of range")
	f("(-2147483649)::int", "22003: integer out of range")
	f("'-2147483649'::int", `22003: value "-2147483649" is out of range for type integer`)
	f("9223372036854775807 + 1", "22003: bigint out of range")
	f("(-9223372036854775808) - 1", "22003: bigint out of range")
	f("3037000500 * 3037000500", "22003: bigint out of range")
	f("3037000499 * 3037000499", "9223372030926249001")
	f("4294967296 * 2147483648", "22003: bigint out of range")
	f("- (-9223372036854775808)", "9223372036854775808")
	f("@ (-9223372036854775808)", "22003: bigint out of range")
	f("abs(-9223372036854775808)", "22003: bigint out of range")
	f("(-9223372036854775808) / (-1)", "22003: bigint out of range")
	f("(-9223372036854775808) % (-1)", "0")
	f("1::bigint / 0", "22012: division by zero")
	f("1::bigint % 0", "22012: division by zero")
	f("9223372036854775808::bigint", "22003: bigint out of range")
	f("'-9223372036854775809'::bigint", `22003: value "-9223372036854775809" is out of range for type bigint`)
	f("pg_typeof(9223372036854775807), pg_typeof(9223372036854775808), pg_typeof(-9223372036854775808), "+
		"pg_typeof(2147483648)",
		"bigint|numeric|bigint|bigint")
	f("gcd(-9223372036854775808, -9223372036854775808)", "22003: bigint out of range")
	f("gcd(-9223372036854775808, 1), gcd(-9223372036854775808, 6), gcd(0::bigint, -5)", "1|2|5")
	f("lcm(-9223372036854775808, 1)", "22003: bigint out of range")
	f("lcm(-2147483648, 1)", "22003: integer out of range")
	f("lcm(65536, 65537)", "22003: integer out of range")
	f("lcm(4294967296, 4294967297)", "22003: bigint out of range")
	f("lcm(0, -2147483648), lcm(-3, -4), lcm(2147483647, 1), lcm(2147483647, 2147483647)", "0|12|2147483647|2147483647")
	f("1 << 31, 1 << 32, 1 << -1, -1 >> 31, -1 >> 32, 2147483647 >> 30", "-2147483648|1|-2147483648|-1|-1|1")
	f("1::bigint << 63, 1::bigint << 64, (-1)::bigint >> 63, 9223372036854775807 >> 62", "-9223372036854775808|1|-1|1")
	f("~2147483647, ~(-1), ~9223372036854775807, 5 & -2, 5 | -8, 5 # -1", "-2147483648|0|-9223372036854775808|4|-3|-6")
	f("5 & 3::bigint, pg_typeof(5 & 3::bigint), pg_typeof(5::smallint | 3), pg_typeof(1::bigint << 2)",
		"1|bigint|integer|bigint")
	f("1::bigint << 2::bigint",
		"42883: operator does not exist: bigint << bigint "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("1.0 << 2",
		"42883: operator does not exist: numeric << integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("~1.5", "42883: operator does not exist: ~ numeric "+
		"HINT: No operator matches the given name and argument type. You might need to add an explicit type cast.")
	f("1 & true",
		"42883: operator does not exist: integer & boolean "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("7 / 2, -7 / 2, 7 / -2, -7 / -2, 7 % 2, -7 % 2, 7 % -2, -7 % -2", "3|-3|-3|3|1|-1|1|-1")
	f("1 + null, 1 / null::int, null::int % 0, 0 / null::int", "<null>|<null>|<null>|<null>")
	f("int '5' / int '2' * 2.0, 5 / 2 * 2, 5 / 2.0 * 2, 5 * 2 / 2", "4.0|4|5.0000000000000000|5")
	f("- - 5, - + 5, + - 5, 5 - -5, 5 - - -5", "5|-5|-5|10|0")
	f("2 ^ 62, 2::numeric ^ 63, (2 ^ 31)::bigint, (2 ^ 63)::numeric",
		"4.611686018427388e+18|9223372036854775808|2147483648|9223372036854780000")
	f("(2 ^ 63)::bigint", "22003: bigint out of range")
	f("'1_000'::int", "1000")
	f("1_000 + 1", "1001")
	f("0x7fffffff, 0x80000000, 0o17, 0b1010, -0x1", "2147483647|2147483648|15|10|-1")
	f("0x7fffffffffffffff, 0x8000000000000000, pg_typeof(0xffffffffffffffff)",
		"9223372036854775807|9223372036854775808|numeric")
	f("'0x10'::int, '0b11'::int, '0o17'::int, '-0x10'::int", "16|3|15|-16")
	f("'0b2'::int", `22P02: invalid input syntax for type integer: "0b2"`)
	f("' 12 '::int, '+5'::int, '-0'::int, '007'::int", "12|5|0|7")
	f("' '::int", `22P02: invalid input syntax for type integer: " "`)
	f("'1 2'::int", `22P02: invalid input syntax for type integer: "1 2"`)
	f("'+-1'::int", `22P02: invalid input syntax for type integer: "+-1"`)
	f("null::int", "<null>")
	f("to_hex(255), to_hex(-1), to_hex(0), to_hex(-1::bigint), to_hex(2147483648)",
		"ff|ffffffff|0|ffffffffffffffff|80000000")
	f("to_hex(1.5)",
		"42883: function to_hex(numeric) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("chr(65), chr(228), chr(128512), chr(1114111) is not null", "A|ä|😀|t")
}
