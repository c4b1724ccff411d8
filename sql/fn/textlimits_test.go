package fn_test

import "testing"

// TestTextUnits holds that lengths and positions count characters and not bytes.
func TestTextUnits(t *testing.T) {
	f := selecter(t)
	f("length('ä€😀'), char_length('ä€😀'), octet_length('ä€😀'), bit_length('ä€😀')", "3|3|9|72")
	f(`length(e'e\u0301'), length('é'), e'e\u0301' = 'é'`, "2|1|f")
	f("length(''), length(' '), length('a  '::char(5)), octet_length('ä'::char(5))", "0|1|1|6")
	f("substr('ä€😀z', 2, 2), substr('ä€😀z', 4), substr('ä€😀z', 5), substr('ä€😀z', 0, 2)", "€😀|z||ä")
	f("substring('ä€😀z' from 3 for 1), substring('ä€😀z' for 2), substring('ä€😀z', -1, 3)", "😀|ä€|ä")
	f("substr('abc', 2, -1)", "22011: negative substring length not allowed")
	f("substr('abc', 2147483647, 2147483647), substr('abc', -2147483648, 2147483647)", "|")
	f("substr('abc', -5, 2147483647)", "abc")
	f("left('ä€😀', 2), left('ä€😀', -1), left('ä€😀', 0), left('ä€😀', -3), left('ä€😀', 2147483647), "+
		"left('ä€😀', -2147483648)",
		"ä€|ä€|||ä€😀|")
	f("right('ä€😀', 2), right('ä€😀', -1), right('ä€😀', 0), right('ä€😀', -3), right('ä€😀', 2147483647)", "€😀|€😀|||ä€😀")
	f("strpos('ä€😀z', 'z'), strpos('ä€😀z', '€😀'), strpos('abc', ''), strpos('', 'a'), strpos('', '')", "4|2|1|0|1")
	f("position('😀' in 'ä€😀z'), position('ba' in 'ababa')", "3|2")
	f(`reverse('ä€😀'), reverse(''), reverse(e'e\u0301') = e'\u0301e'`, "😀€ä||t")
	f("lpad('ä', 3, '€😀'), rpad('ä', 4, '€😀'), lpad('äöü', 2), rpad('äöü', 2), lpad('a', 0), lpad('a', -1)",
		"€😀ä|ä€😀€|äö|äö||")
	f("lpad('a', 5, ''), rpad('a', 5, ''), lpad('', 3, 'xy'), rpad('', 3, 'xy')", "a|a|xyx|xyx")
	f("lpad('a', 2147483647)", "54000: requested length too large")
	f("rpad('a', 2147483647, 'ä')", "54000: requested length too large")
	f("repeat('ä', 3), repeat('ä', 0), repeat('ä', -1), repeat('', 2147483647)", "äää|||")
	f("repeat('ä', 2147483647)", "54000: requested length too large")
	f("overlay('ä€😀z' placing 'XY' from 2 for 1), overlay('ä€😀z' placing '' from 2 for 2), "+
		"overlay('ä€' placing 'xyz' from 2)",
		"äXY😀z|äz|äxyz")
	f("overlay('abc' placing 'x' from 0)", "22011: negative substring length not allowed")
	f("overlay('abc' placing 'x' from 5), overlay('abc' placing 'x' from 1 for 0), "+
		"overlay('abc' placing 'x' from 2 for -1)",
		"abcx|xabc|axabc")
	f("overlay('abc' placing 'x' from -1 for 3)", "22011: negative substring length not allowed")
	f("translate('ä€😀', '€ä', 'xy'), translate('aabb', 'ab', 'b'), translate('abc', '', 'x'), "+
		"translate('abc', 'abc', ''), translate('aab', 'aa', 'xy')",
		"yx😀|bb|abc||xxb")
	f("replace('äxä', 'ä', '€'), replace('aaa', 'aa', 'b'), replace('abc', '', 'x'), replace('abc', 'b', ''), "+
		"replace('', '', 'x')",
		"€x€|ba|abc|ac|")
	f("starts_with('äbc', 'ä'), starts_with('abc', ''), starts_with('', 'a'), 'äbc' ^@ 'äb', starts_with('a', 'ab')",
		"t|t|f|t|f")
	f("ascii('ä'), ascii('€'), ascii('😀'), ascii(''), ascii('ab')", "228|8364|128512|0|97")
	f(`chr(8364), chr(1114111) = U&'\+10FFFF', ascii(chr(65535))`, "€|t|65535")
	f("to_hex(ascii('ß')), upper('ß'), lower('ẞ'), upper('ǆ')", "df|ß|ß|Ǆ")
	f("initcap('ab-cd ef_gh 1ij'), initcap('äb öc'), initcap('O''NEIL'), initcap('')", "Ab-Cd Ef_Gh 1ij|Äb Öc|O'Neil|")
	f("upper('äöüÿ'), lower('ÄÖÜŸ'), lower('ABC'), upper('straße')", "ÄÖÜŸ|äöüÿ|abc|STRAßE")
	f("btrim('äxä', 'ä'), ltrim('ääx', 'ä'), rtrim('x😀😀', '😀'), btrim('abcba', 'ab'), btrim('xx', 'x')", "x|x|x|c|")
	f(`trim(both from '  a  '), trim(e'\t a \n'), trim('' from 'a'), trim(both 'xyz' from 'yxTomxx')`, "a|\t a \n|a|Tom")
	f("trim(leading 'x' from 'xxa'), trim(trailing from 'a  ') || '|', trim(leading from '  a') || '|'", "a|a||a|")
	f("split_part('ä,€,😀', ',', 2), split_part('ä,€,😀', ',', -1), split_part('a,b', ',', 3), "+
		"split_part('a,b', ',', -3), split_part('a,b', '', 1), split_part('a,b', '', 2), split_part('', ',', 1)",
		"€|😀|||a,b||")
	f("split_part('a€€b€€c', '€€', 2), split_part('aaaa', 'aa', 2), split_part('a,b', ',', -2147483648), "+
		"split_part('a', 'a', -1)",
		"b|||")
	f("concat('a', null, 1, true, 1.50, date '2024-01-01', array[1, 2]), concat(null), concat(null, '')",
		"a1t1.502024-01-01{1,2}||")
	f("concat_ws(',', 'a', null, '', 1), concat_ws(null, 'a'), concat_ws('', 'a', 'b'), concat_ws(',')",
		"42883: function concat_ws(unknown) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("concat_ws(',', variadic array['a', null, 'b']), concat(variadic array[1, null, 2]), concat(variadic null::int[])",
		"a,b|12|<null>")
	f("'a' || null, 'a' || 1, 1 || 'a', 'a' || 1.50 || true, null || null", "<null>|a1|1a|a1.50true|<null>")
	f(`quote_literal('a''b'), quote_literal('a\b'), quote_literal(null), quote_nullable(null), `+
		`quote_literal(1.5), quote_nullable('')`,
		`'a''b'|E'a\\b'|<null>|NULL|'1.5'|''`)
	f(`quote_ident('a'), quote_ident('A'), quote_ident('select'), quote_ident('a"b'), quote_ident(''), `+
		`quote_ident('1a'), quote_ident('ä'), quote_ident('a$1')`,
		`a|"A"|"select"|"a""b"|""|"1a"|"ä"|"a$1"`)
}

// TestFormatArguments holds each part of a format's specification and its errors.
func TestFormatArguments(t *testing.T) {
	f := selecter(t)
	f("format('%s %I %L', 'a b', 'a b', 'a b'), format('%%'), format('')", `a b "a b" 'a b'|%|`)
	f("format('%s|%I|%L', '', 'x', null), format('%s|', null::text)", "|x|NULL||")
	f("format('%3$s %1$s', 'a', 'b', 'c'), format('%2$s %s', 'a', 'b', 'c'), format('%1$s %1$L', 'x')", "c a|b c|x 'x'")
	f("format('|%10s|%-10s|%010s|', 'ä', 'ä', 'ä')", "|         ä|ä         |         ä|")
	f("format('|%*s|%-*s|', 4, 'a', 4, 'b'), format('|%*s|', -4, 'a'), format('|%*1$s|', 3, 'a'), "+
		"format('|%2$*1$s|', 3, 'a')",
		"|   a|b   |||a   |||  a|||  a|")
	f("format('|%*s|', null, 'a'), format('|%0s|%-s|', 'a', 'b')", "|a|||a|b|")
	f("format('%1$s')", "22023: too few arguments for format()")
	f("format('%0$s', 'a')", "22023: format specifies argument 0, but arguments are numbered from 1")
	f("format('%-1$s', 'a')", `22023: unrecognized format() type specifier "$" HINT: For a single "%" use "%%".`)
	f("format('%d', 1)", `22023: unrecognized format() type specifier "d" HINT: For a single "%" use "%%".`)
	f("format('%99999999999s', 'a')", "22003: number is out of range")
	f("format('%*s', 'x', 'a')", `22P02: invalid input syntax for type integer: "x"`)
	f("format('%s %s', variadic array['a', 'b']), format('%2$s', variadic array[1, 2]), format('x', variadic null::int[])",
		"a b|2|x")
	f("format('%s', variadic 1)", "42804: VARIADIC argument must be an array")
	f("format(null), format(null, 'a')", "<null>|<null>")
}

// TestTextConversions holds text from and to other forms.
func TestTextConversions(t *testing.T) {
	f := selecter(t)
	f("to_hex(0), to_hex(16), to_hex(9223372036854775807)", "0|10|7fffffffffffffff")
	f("string_to_array('a,b,,c', ','), string_to_array('a,b,,c', ',', ''), string_to_array('abc', null), "+
		"string_to_array('', ','), string_to_array('a', ''), string_to_array(null, ','), string_to_array('äxä', 'x')",
		`{a,b,"",c}|{a,b,NULL,c}|{a,b,c}|{}|{a}|<null>|{ä,ä}`)
	f("array_to_string(array['a', null, 'b'], ','), array_to_string(array['a', null, 'b'], ',', '*'), "+
		"array_to_string(array[[1, 2], [3, 4]], '-'), array_to_string('{}'::int[], ','), array_to_string(array[1], null)",
		"a,b|a,*,b|1-2-3-4||<null>")
	f("string_to_table('a,b', ',')", "a; b")
	f(`regexp_split_to_array('a1b22c', '\d+'), regexp_split_to_array('abc', ''), `+
		`regexp_split_to_array('', 'x'), regexp_split_to_array('äxöx', 'x')`,
		`{a,b,c}|{a,b,c}|{""}|{ä,ö,""}`)
	f(`normalize(e'e\u0301') = 'é', normalize('é', nfd) = e'e\u0301', normalize('ﬁ', nfkc), normalize('ﬁ', nfc) = 'ﬁ'`,
		"t|t|fi|t")
	f(`'é' is normalized, e'e\u0301' is normalized, e'e\u0301' is nfd normalized, 'ﬁ' is nfkc normalized, `+
		`'' is not normalized`,
		"t|f|t|f|f")
	f("normalize('a', nfx)", `42601: syntax error at or near "nfx"`)
	f(`unistr('d\0061t\+000061'), unistr('\u00e4\U0001F600'), unistr('a\\b')`, `data|ä😀|a\b`)
	f(`unistr('\xyz')`,
		`42601: invalid Unicode escape HINT: Unicode escapes must be \XXXX, \+XXXXXX, \uXXXX, or \UXXXXXXXX.`)
	f(`unistr('\d800')`, "42601: invalid Unicode surrogate pair")
	f(`unistr('\d83d\de00')`, "😀")
	f(`U&'\00e4\+01F600', U&'d!0061t' uescape '!'`, "ä😀|dat")
	f("casefold('A')",
		"42883: function casefold(unknown) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f(`'abc' collate "C" < 'abd', 'a' < 'B', 'a' < 'ä', 'Z' < 'a'`, "t|f|t|t")
	f(`'abc' collate "nope"`, `42704: collation "nope" for encoding "UTF8" does not exist`)
	f("'a'::char(3) = 'a', 'a'::char(3) = 'a  '::text, 'a '::char(3) || '|', length('a '::char(3))", "t|f|a||1")
	f("'abcd'::char(3), 'abcd'::varchar(3), 'ä€😀'::varchar(2), 'ab'::varchar(0 + 0)", `42601: syntax error at or near "+"`)
	f("'a'::varchar(0)", "22023: length for type varchar must be at least 1")
	f("'a'::char(10485761)", "22023: length for type char cannot exceed 10485760")
	f(`'abc'::text::"char", ''::"char" = '', 'true'::boolean::text, 1.50::text, 1e20::float8::text`, "a|t|true|1.50|1e+20")
	f("text(1), varchar(5), text '1' || 2, cast(12 as char), cast(12 as char(3)) || '|', cast(1.5 as varchar(2))",
		`42601: syntax error at or near ","`)
}
