package fn_test

import "testing"

// TestSubstringPositions holds that positions count characters, may lie outside of the text, and that only a
// negative length is an error.
func TestSubstringPositions(t *testing.T) {
	f := selecter(t)
	f("substring('vectors' from 3)", "ctors")
	f("substring('vectors' from 3 for 2)", "ct")
	f("substring('vectors' for 3)", "vec")
	f("substring('vectors' from 0)", "vectors")
	f("substring('vectors' from -2 for 5)", "ve")
	f("substring('vectors' from -2 for 3)", "")
	f("substring('vectors' from 8)", "")
	f("substring('vectors' from 7 for 100)", "s")
	f("substring('vectors' from 3 for 0)", "")
	f("substring('vectors' from 3 for -1)", "22011: negative substring length not allowed")
	f("substring('vectors' from -5 for -1)", "22011: negative substring length not allowed")
	f("substring('vectors' for -1)", "22011: negative substring length not allowed")
	f("substring('' from 1 for 1)", "")
	f("substring('größe😀x' from 3 for 4)", "öße😀")
	f("substring('größe😀x' from 6)", "😀x")
	f("substring(e'e\\u0301a' from 2 for 1) = e'\\u0301'", "t")
	f("substring('vectors' from 2 for 2147483647)", "ectors")
	f("substring('vectors' from 2147483647 for 2147483647)", "")
	f("substring('vectors' from -2147483648 for 2147483647)", "")
	f("substring('vectors' from -2147483648)", "vectors")
	f("substring(null from 1), substring('a' from null), substring('a' from 1 for null)", "<null>|<null>|<null>")
	f("substr('vectors', 2), substr('vectors', 2, 3), substr('vectors', -1, 3)", "ectors|ect|v")
	f("substr('vectors', 2, -1)", "22011: negative substring length not allowed")
	f("substring(1234 from 2)",
		"42883: function pg_catalog.substring(integer, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("substring('vec'::varchar(10) from 2), pg_typeof(substring('vec'::varchar from 2))", "ec|text")
	f("substring('ab  '::char(6) from 2) || '|'", "b|")
}

// TestSubstringBytes holds that positions of bytea count bytes.
func TestSubstringBytes(t *testing.T) {
	f := selecter(t)
	f(`substring('\x0102030405'::bytea from 2)`, `\x02030405`)
	f(`substring('\x0102030405'::bytea from 2 for 3)`, `\x020304`)
	f(`substring('\x0102030405'::bytea from 0 for 2)`, `\x01`)
	f(`substring('\x0102030405'::bytea from -3 for 2)`, `\x`)
	f(`substring('\x0102030405'::bytea from 9)`, `\x`)
	f(`substring('\x0102030405'::bytea for 2)`, `\x0102`)
	f(`substring('\x0102'::bytea from 1 for -1)`, "22011: negative substring length not allowed")
	f(`substring('\x0102'::bytea from 2 for 2147483647)`, `\x02`)
	f(`substr('\x0102030405'::bytea, 4), substr('\x0102030405'::bytea, 4, 1)`, `\x0405|\x04`)
	f(`substr('\x'::bytea, 1)`, `\x`)
	f(`overlay('\x01020304'::bytea placing '\xffee'::bytea from 2)`, `\x01ffee04`)
	f(`overlay('\x01020304'::bytea placing '\xffee'::bytea from 2 for 0)`, `\x01ffee020304`)
	f(`overlay('\x01020304'::bytea placing '\xff'::bytea from 2 for 2)`, `\x01ff04`)
	f(`overlay('\x01020304'::bytea placing '\xff'::bytea from 0)`, "22011: negative substring length not allowed")
	f(`overlay('\x01020304'::bytea placing '\xff'::bytea from 9)`, `\x01020304ff`)
	f(`position('\x0203'::bytea in '\x01020304'::bytea), position(''::bytea in '\x01'::bytea)`, "2|1")
	f(`position('\x05'::bytea in '\x01020304'::bytea), position('\x05'::bytea in ''::bytea)`, "0|0")
}

// TestOverlay holds the replaced stretch: as long as the new text unless FOR says otherwise.
func TestOverlay(t *testing.T) {
	f := selecter(t)
	f("overlay('Txxxxas' placing 'hom' from 2 for 4)", "Thomas")
	f("overlay('Txxxxas' placing 'hom' from 2)", "Thomxas")
	f("overlay('abc' placing 'xyz' from 1 for 0)", "xyzabc")
	f("overlay('abc' placing '' from 2 for 1)", "ac")
	f("overlay('abc' placing 'xyz' from 4)", "abcxyz")
	f("overlay('abc' placing 'xyz' from 10)", "abcxyz")
	f("overlay('abc' placing 'xyz' from 2 for 100)", "axyz")
	f("overlay('abc' placing 'xyz' from 2 for -1)", "axyzabc")
	f("overlay('abc' placing 'xyz' from 0)", "22011: negative substring length not allowed")
	f("overlay('abc' placing 'xyz' from -1 for 2)", "22011: negative substring length not allowed")
	f("overlay('größe' placing '😀' from 3 for 2)", "gr😀e")
	f("overlay('abc' placing 'x' from 2147483647 for 2147483647)", "22003: integer out of range")
	f("overlay('abc' placing 'x' from 2 for 2147483647)", "22003: integer out of range")
	f("overlay('abc' placing null from 1), overlay(null placing 'a' from 1), overlay('a' placing 'b' from null)",
		"<null>|<null>|<null>")
	f("overlay('' placing 'x' from 1)", "x")
}

// TestPosition holds 1-based positions in characters, 0 for none and 1 for the empty text.
func TestPosition(t *testing.T) {
	f := selecter(t)
	f("position('c' in 'abc'), position('x' in 'abc'), position('' in 'abc'), position('' in ''), position('a' in '')",
		"3|0|1|1|0")
	f("strpos('größe😀x', 'x'), strpos('größe', 'ße'), strpos('aaa', 'aa'), strpos('abc', 'abcd')", "7|4|1|0")
	f("strpos(null, 'a'), strpos('a', null)", "<null>|<null>")
	f("strpos('ab  '::char(4), ' ')", "0")
	f("position('b' in 'ab'::varchar)", "2")
	f("starts_with('größe', 'grö'), starts_with('a', ''), starts_with('', 'a'), starts_with(null, 'a')", "t|t|f|<null>")
	f("'größe' ^@ 'grö', 'größe' ^@ 'GR'", "t|f")
}

// TestLeftRight holds that a negative count leaves out from the other end.
func TestLeftRight(t *testing.T) {
	f := selecter(t)
	f("left('größe', 3), left('größe', -3), left('größe', 0), left('größe', 99), left('größe', -99)", "grö|gr||größe|")
	f("right('größe', 3), right('größe', -3), right('größe', 0), right('größe', 99), right('größe', -99)",
		"öße|ße||größe|")
	f("left('ab', 2147483647), left('ab', -2147483648), right('ab', 2147483647), right('ab', -2147483647)", "ab||ab|")
	f("left(null, 1), left('a', null), right(null, 1), right('a', null)", "<null>|<null>|<null>|<null>")
	f("left('ab   '::char(5), 4) || '|', right('ab'::char(5), 1) || '|'", "ab||b|")
	f("left('😀😁😂', 2), right('😀😁😂', 1), reverse('a😀é')", "😀😁|😂|é😀a")
	f("reverse(''), reverse(null), reverse('ab '::char(4)) || '|'", "|<null>|ba|")
}

// TestPad holds that a pad cuts on the right, repeats its fill from the fill's start, and counts characters.
func TestPad(t *testing.T) {
	f := selecter(t)
	f("lpad('hi', 5, 'xy'), lpad('hi', 6, 'xyz'), lpad('hi', 5) || '|'", "xyxhi|xyzxhi|   hi|")
	f("rpad('hi', 5, 'xy'), rpad('hi', 6, 'xyz'), rpad('hi', 5) || '|'", "hixyx|hixyzx|hi   |")
	f("lpad('vector', 3), rpad('vector', 3), lpad('vector', 0) || '|', rpad('vector', -1) || '|'", "vec|vec||||")
	f("lpad('hi', 5, ''), rpad('hi', 5, ''), lpad('vector', 3, ''), lpad('', 3, 'ab'), rpad('', 3, 'ab')",
		"hi|hi|vec|aba|aba")
	f("lpad('ä', 3, '😀ö'), rpad('ä', 3, '😀ö')", "😀öä|ä😀ö")
	f("lpad(null, 3), lpad('a', null), lpad('a', 3, null), rpad(null, 3, 'x'), rpad('a', null, 'x')",
		"<null>|<null>|<null>|<null>|<null>")
	f("lpad('a', 2147483647, 'b')", "54000: requested length too large")
	f("rpad('a', 1073741824, 'b')", "54000: requested length too large")
	f("lpad('a', -2147483648, 'b') = ''", "t")
}

// TestTrim holds that the trimmed characters are a set, and blanks alone when none is given.
func TestTrim(t *testing.T) {
	f := selecter(t)
	f("trim(both 'xy' from 'yxTomxx'), trim(leading 'xy' from 'yxTomxx'), trim(trailing 'xy' from 'yxTomxx')",
		"Tom|Tomxx|yxTom")
	f("trim('  a  ') || '|', trim(leading from '  a  ') || '|', trim(trailing from '  a  ') || '|'", "a||a  ||  a|")
	f("trim(e'\\t a \\n') = e'\\t a \\n', trim(e'\\u00a0a') = 'a'", "t|f")
	f("btrim('xyxtrimyyx', 'xyz'), ltrim('zzzytest', 'xyz'), rtrim('testxxzx', 'xyz')", "trim|test|test")
	f("btrim('aaa', 'a') = '', btrim('', 'a') = '', btrim('abc', ''), trim(both from '   ') = ''", "t|t|abc|t")
	f("btrim('😀äx😀', '😀'), ltrim('ääö', 'ä'), rtrim('öää', 'ä'), btrim('ä', e'\\u00e5')", "äx|ö|ö|ä")
	f("btrim(null), btrim('a', null), ltrim(null, 'a'), rtrim('a', null)", "<null>|<null>|<null>|<null>")
	f("trim(trailing 'x' from 'axx'::varchar), trim('ab  '::char(4)) || '|'", "a|ab|")
	f(`trim(both '\x01'::bytea from '\x0102010301'::bytea), ltrim('\x010203'::bytea, '\x0201'::bytea)`, `\x020103|\x03`)
	f(`rtrim('\x010203'::bytea, '\x0302'::bytea), btrim('\x0101'::bytea, '\x01'::bytea), btrim('\x01'::bytea, ''::bytea)`,
		`\x01|\x|\x01`)
	f("trim(both 'a', 'abca')", "")
}

// TestTranslate holds that a character without a partner is dropped and the first of a double counts.
func TestTranslate(t *testing.T) {
	f := selecter(t)
	f("translate('12345', '143', 'ax'), translate('12345', '143', ''), translate('12345', '', 'ax')", "a2x5|25|12345")
	f("translate('größe', 'öß', 'os'), translate('aaa', 'aa', 'bc'), translate('abc', 'abc', 'bca')", "grose|bbb|bca")
	f("translate('', 'a', 'b') = '', translate(null, 'a', 'b'), translate('a', null, 'b'), translate('a', 'a', null)",
		"t|<null>|<null>|<null>")
	f("translate('a😀b', '😀', 'é'), translate('abc', 'ab', '😀')", "aéb|😀c")
	f("replace('abcabc', 'b', 'xx'), replace('abc', '', 'x'), replace('', 'a', 'b') = '', replace('aaa', 'aa', 'b')",
		"axxcaxxc|abc|t|ba")
	f("replace('größe', 'öß', ''), replace('abc', 'abc', ''), replace('abab', 'ab', 'abab')", "gre||abababab")
	f("replace(null, 'a', 'b'), replace('a', null, 'b'), replace('a', 'a', null)", "<null>|<null>|<null>")
}

// TestSplitPart holds that fields count from 1, or from the end when negative.
func TestSplitPart(t *testing.T) {
	f := selecter(t)
	f("split_part('abc~@~def~@~ghi', '~@~', 2), split_part('abc,def,ghi,jkl', ',', -2)", "def|ghi")
	f("split_part('a,b', ',', 3) = '', split_part('a,b', ',', -3) = '', split_part('a,b', ',', -1), "+
		"split_part('a,b', ',', -2)",
		"t|t|b|a")
	f("split_part('a,b', '', 1), split_part('a,b', '', 2) = '', split_part('a,b', '', -1)", "a,b|t|a,b")
	f("split_part('', ',', 1) = '', split_part('', ',', -1) = '', split_part(',', ',', 2) = ''", "t|t|t")
	f("split_part('a,b', ',', 0)", "22023: field position must not be zero")
	f("split_part('aöböc', 'ö', 3), split_part('a😀b', '😀', 2), split_part('aaa', 'aa', 2)", "c|b|a")
	f("split_part('a,b', ',', 2147483647) = '', split_part('a,b', ',', -2147483648) = ''", "t|t")
	f("split_part(null, ',', 1), split_part('a', null, 1), split_part('a', ',', null)", "<null>|<null>|<null>")
	f("split_part('a|b|c', '|', 1) || split_part('a|b|c', '|', -1)", "ac")
}

// TestRepeatLimits holds the size of a text: what would be above a gigabyte is 54000 before it is made.
func TestRepeatLimits(t *testing.T) {
	f := selecter(t)
	f("repeat('Pg', 4), repeat('ä', 2), repeat('', 2147483647) = '', repeat('a', 0) = '', repeat('a', -1) = ''",
		"PgPgPgPg|ää|t|t|t")
	f("repeat(null, 1), repeat('a', null)", "<null>|<null>")
	f("repeat('ab', 2147483647)", "54000: requested length too large")
	f("repeat('a', 1073741824)", "54000: requested length too large")
	f("repeat('a', -2147483648) = ''", "t")
	f("length(repeat('ab', 1000000))", "2000000")
}

// TestLengths holds characters, bytes and bits of text, and that character(n) does not count its blanks.
func TestLengths(t *testing.T) {
	f := selecter(t)
	f("length('größe😀'), char_length('größe😀'), octet_length('größe😀'), bit_length('größe😀')", "6|6|11|88")
	f("length(''), octet_length(''), bit_length(''), length(null), octet_length(null::text)", "0|0|0|<null>|<null>")
	f("length(e'e\\u0301'), octet_length(e'e\\u0301'), character_length('a')", "2|3|1")
	f("length('ab'::char(5)), char_length('ab'::char(5)), octet_length('ab'::char(5)), bit_length('ab'::char(5))",
		"2|2|5|16")
	f("length('ab  '::varchar), length('a'::name), length('ab '::text)", "4|1|3")
	f(`length('\x0001'::bytea), octet_length('\x'::bytea), bit_length('\x00'::bytea), bit_count('\xff01'::bytea)`,
		"2|0|8|9")
	f(`length('\xc3a4'::bytea, 'utf8')`, "1")
	f(`length('\xc3'::bytea, 'utf8')`, `22021: invalid byte sequence for encoding "UTF8": 0xc3`)
}

// TestCase holds case mapping outside of ASCII and the words of initcap.
func TestCase(t *testing.T) {
	f := selecter(t)
	f("upper('größe'), lower('GRÖẞE'), upper('ÿ'), lower('ÀÉÎ'), upper('αβγς'), lower('ΑΣ')", "GRÖßE|größe|Ÿ|àéî|ΑΒΓΣ|ασ")
	f("upper('ß'), upper('ŉ'), lower('İ') = 'i', upper('ı'), upper('ﬁ')", "ß|ŉ|t|I|ﬁ")
	f("initcap('hi THOMAS'), initcap('öl über-all 3rd x_y o''brien'), initcap('ﬁx'), initcap('a1b c')",
		"Hi Thomas|Öl Über-All 3rd X_Y O'Brien|ﬁx|A1b C")
	f("upper(''), lower(null), initcap(null), upper(null)", "|<null>|<null>|<null>")
	f("upper('a😀b'), lower('ДЖ'), upper('ǆ'), initcap('ǆa')", "A😀B|дж|Ǆ|Ǆa")
	f("upper('ab '::char(4)) || '|', pg_typeof(upper('a'::varchar))", "AB||text")
}
