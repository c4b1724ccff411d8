package fn_test

import "testing"

// TestToCharNumberPatterns holds each pattern of the manual for numbers of both signs.
func TestToCharNumberPatterns(t *testing.T) {
	f := selecter(t)
	of := func(pattern, want string) {
		t.Helper()
		f("concat_ws('/', to_char(485.8, '"+pattern+"'), to_char(-485.8, '"+pattern+"'), to_char(0.005, '"+pattern+"'), to_char(0, '"+pattern+"'), to_char(1234567.891, '"+pattern+"'))",
			want)
	}
	of("999", " 486/-486/   0/   0/ ###")
	of("9999.99", "  485.80/ -485.80/     .01/     .00/ ####.##")
	of("0000.000", " 0485.800/-0485.800/ 0000.005/ 0000.000/ ####.###")
	of("FM9999.99", "485.8/-485.8/.01/0./####.##")
	of("FM0000.000", "0485.800/-0485.800/0000.005/0000.000/####.###")
	of("FM999.009", "485.80/-485.80/.005/.00/###.###")
	of("9,999,999.9", "       485.8/      -485.8/          .0/          .0/ 1,234,567.9")
	of("0,000,000.0", " 0,000,485.8/-0,000,485.8/ 0,000,000.0/ 0,000,000.0/ 1,234,567.9")
	of("FM9,999,999.9", "485.8/-485.8/0./0./1,234,567.9")
	of("9G999G999D99", "       485.80/      -485.80/          .01/          .00/ 1,234,567.89")
	of("S9999", " +486/ -486/   +0/   +0/+####")
	of("9999S", " 486+/ 486-/   0+/   0+/####+")
	of("SG9999", "+ 486/- 486/+   0/+   0/+####")
	of("9999MI", " 486 / 486-/   0 /   0 /#### ")
	of("MI9999", "  486/- 486/    0/    0/ ####")
	of("PL9999", "+  486/  -486/+    0/+    0/+ ####")
	of("9999PR", "  486 / <486>/    0 /    0 / #### ")
	of("FM9999PR", "486/<486>/0/0/####")
	of("999V99", " 48580/-48580/     1/     0/ #####")
	of("L9999", "   486/  -486/     0/     0/  ####")
	of("9999EEEE", " 5e+02/-5e+02/ 5e-03/ 0e+00/ 1e+06")
	of("9.99EEEE", " 4.86e+02/-4.86e+02/ 5.00e-03/ 0.00e+00/ 1.23e+06")
	of("9.999eeee", " 4.858e+02/-4.858e+02/ 5.000e-03/ 0.000e+00/ 1.235e+06")
	of("RN", "       CDLXXXVI/###############/###############/###############/###############")
	of("FMRN", "CDLXXXVI/###############/###############/###############/###############")
	of("999th", " 486th/-486/   0th/   0th/ ###")
	of("999TH", " 486TH/-486/   0TH/   0TH/ ###")
	of(`"Good number:" 999`, "Good number:  486/Good number: -486/Good number:    0/Good number:    0/Good number:  ###")
	of(`\"999\"`, `" 486"/"-486"/"   0"/"   0"/" ###"`)
	of("9 9 9 9", "   4 8 6/  -4 8 6/       0/       0/ # # # #")
	of("B9999", "  486/ -486/    0/    0/ ####")
	of("99.99.99", "42601: multiple decimal points")
	of("", "////")
	of("FM", "////")
	of("9999.", "  486/ -486/    0/    0/ ####.")
	of(".99", " .##/-.##/ .##/ .##/ .##")
	of("0.9", " #.#/-#.#/ 0.0/ 0.0/ #.#")
	of("$9999.99", "$  485.80/$ -485.80/$     .01/$     .00/$ ####.##")
	of("9999.99999999999999999999",
		"  485.80000000000000000000/ "+
			"-485.80000000000000000000/     .00500000000000000000/     .00000000000000000000/ ####.####################")
	of("FM99999999.0099", "485.80/-485.80/.005/.00/1234567.891")
}

// TestToCharNumberTypes holds the same templates over integers, floats and what is no number.
func TestToCharNumberTypes(t *testing.T) {
	f := selecter(t)
	f("to_char(12, '9990999.9'), to_char(12, 'FM9990999.9'), to_char(-12, 'S99'), "+
		"to_char(12::int8, '9.99EEEE'), to_char(-9223372036854775808, '9999999999999999999999')",
		"    0012.0|0012.|-12| 1.20e+01|   -9223372036854775808")
	f("to_char(2, '9th'), to_char(11, '99th'), to_char(21, '99TH'), to_char(112, '999th'), "+
		"to_char(103, 'FM999th'), to_char(-1, '9th')",
		" 2nd| 11th| 21ST| 112th|103rd|-1")
	f("to_char(3999, 'RN'), to_char(4000, 'RN'), to_char(0, 'RN'), to_char(-1, 'RN'), to_char(485, 'FMrn'), "+
		"to_char(1.5, 'FMRN'), to_char(1949, 'rn')",
		"      MMMCMXCIX|###############|###############|###############|cdlxxxv|II|        mcmxlix")
	f("to_char(1.5::float4, '9.99'), to_char(1e20::float8, '9.99EEEE'), to_char(1.5::float8, '999D999'), "+
		"to_char(123456789.123::float4, '999999999.999'), to_char(1e-5::float8, '9.9EEEE')",
		" 1.50| 1.00e+20|   1.500| 123456792| 1.0e-05")
	f("to_char('nan'::float8, '999'), to_char('inf'::float8, '999.9'), to_char('-inf'::float8, '999'), "+
		"to_char('nan'::numeric, '9.9EEEE'), to_char('inf'::numeric, '9EEEE'), to_char('-inf'::float8, '9EEEE')",
		" NaN| ###.#|-###| #.#####| #.####| #.####")
	f("to_char(0.1 + 0.2, '9.9999999999999999999'), to_char(0.1::float8 + 0.2::float8, "+
		"'9.9999999999999999999'), to_char(12.45, '99V9'), to_char(12.4, '99V999'), to_char(-12.45, '99V9')",
		"  .3000000000000000000|  .30000000000000| 125| 12400|-125")
	f("to_char(148.5, '999.9'), to_char(148.55, '999.9'), to_char(148.45, '999.9'), to_char(0.5, '9'), "+
		"to_char(1.5, '9'), to_char(-0.5, '9'), to_char(-0.4, '9')",
		" 148.5| 148.6| 148.5| 1| 2|-1| 0")
	f("to_char(null::int, '9'), to_char(1, null), to_char(null::numeric, '9')", "<null>|<null>|<null>")
	f("to_char(1, '9EEEE9')", `42601: "EEEE" must be the last pattern used`)
	f("to_char(1, '9PR9S')", `42601: "9" must be ahead of "PR"`)
	f("to_char(1, 'S9S')", `42601: cannot use "S" twice`)
	f("to_char(1, '9MIPR')", `42601: cannot use "PR" and "S"/"PL"/"MI"/"SG" together`)
	f("to_char(1, '99.V9')", `42601: cannot use "V" and decimal point together`)
	f("to_char(1, '9EEEE.9')", `42601: "EEEE" must be the last pattern used`)
	f("to_char(1, 'RNEEEE')",
		`42601: "EEEE" is incompatible with other formats `+
			`DETAIL: "EEEE" may only be used together with digit and decimal point patterns.`)
	f("to_char(1, '9.9.9')", "42601: multiple decimal points")
	f("to_char(1, 'PR9')", `42601: "9" must be ahead of "PR"`)
	f("to_char(1e100, '9')", " #")
}

// TestToNumber holds the reading of numbers by template.
func TestToNumber(t *testing.T) {
	f := selecter(t)
	f("to_number('-34,338,492', '99G999G999'), to_number('-34,338,492.654,878', '99G999G999D999G999'), "+
		"to_number('<564646.654564>', '999999.999999PR'), to_number('0.00001-', '9.999999S')",
		"-34338492|-34338492.654878|-564646.654564|-0.00001")
	f("to_number('5.01-', 'FM9.999999S'), to_number('5 4 4 4 4 8 . 7 8', '9 9 9 9 9 9 . 9 9'), "+
		"to_number('.01', 'FM9.99'), to_number('.0', '99999999.99999999'), to_number('0', '99.99')",
		"-5.01|544448.78|0.01|0.0|0")
	f("to_number('.-01', 'S99.99'), to_number('.01-', '99.99S'), to_number(' . 0 1-', ' 9 9 . 9 9 S'), "+
		"to_number('34,50', '999,99'), to_number('123,000', '999G'), to_number('123456', '999G999')",
		"-0.01|-0.01|-0.01|3450|123|123456")
	f("to_number('$1234.56', 'L9,999.99'), to_number('1234.56', 'L9,999.99'), to_number('42nd', '99th'), "+
		"to_number('12,454.8-', '99G999D9S'), to_number('1,234', '9,999'), to_number('+12', 'S99')",
		"1234.56|1234.56|42|-12454.8|1234|12")
	f("to_number('12', '9'), to_number('12.345', '99.9'), to_number('1 2', '9 9'), to_number('-12', 'MI99'), "+
		"to_number('12-', '99MI')",
		"1|12.3|12|-12|-12")
	f("to_number('', '9')", `22P02: invalid input syntax for type numeric: " "`)
	f("to_number('abc', '999')", `22P02: invalid input syntax for type numeric: " "`)
	f("to_number('12', '')", "<null>")
	f("to_number(null, '9'), to_number('1', null)", "<null>|<null>")
	f("to_number('1E2', '9EEEE')", `0A000: "EEEE" not supported for input`)
	f("to_number('XII', 'RN')", `0A000: "RN" not supported for input`)
	f("to_number('12', 'B99')", "12")
	f("to_number('1.2.3', '9.9')", "1.2")
}
