package fn_test

import "testing"

// TestFormat holds every specifier of format() with flags, widths and positions.
func TestFormat(t *testing.T) {
	f := selecter(t)
	f("format('Hello')", "Hello")
	f("format('Hello %s', 'World'), format('%s and %s', 1, true), format('100%%'), format('')",
		"Hello World|1 and t|100%|")
	f("format('INSERT INTO %I VALUES(%L)', 'Foo bar', E'O\\'Reilly')", `INSERT INTO "Foo bar" VALUES('O''Reilly')`)
	f("format('%I %I %I', 'plain', 'Up', 'select'), format('%L', e'a\\\\b'), format('%L %L', 1, null)",
		`plain "Up" "select"|E'a\\b'|'1' NULL`)
	f("format('|%10s|', 'foo'), format('|%-10s|', 'foo'), format('|%2s|', 'foo')", "|       foo|||foo       |||foo|")
	f("format('|%*s|', 10, 'foo'), format('|%*s|', -10, 'foo'), format('|%-*s|', 10, 'foo'), format('|%-*s|', -10, 'foo')",
		"|       foo|||foo       |||foo       |||foo       |")
	f("format('|%2$*1$s|', 10, 'foo'), format('|%3$s %2$s %1$s|', 'a', 'b', 'c'), format('%2$s%s', 'a', 'b', 'c')",
		"|       foo|||c b a||bc")
	f("format('%s|%s', null, ''), format('%10L|', null), format('%-10I|', 'ab'), format('%5L|', 'a')",
		"||      NULL||ab        ||  'a'|")
	f("format('|%*s|', null, 'foo'), format('|%5s|', 'ä😀')", "|foo|||   ä😀|")
	f("format('%I', null)", "22004: null values cannot be formatted as an SQL identifier")
	f("format('%s')", "22023: too few arguments for format()")
	f("format('%s %s', 'a')", "22023: too few arguments for format()")
	f("format('%3$s', 1, 2)", "22023: too few arguments for format()")
	f("format('%0$s', 1)", "22023: format specifies argument 0, but arguments are numbered from 1")
	f("format('%x', 1)", `22023: unrecognized format() type specifier "x" HINT: For a single "%" use "%%".`)
	f("format('%', 1)", `22023: unterminated format() type specifier HINT: For a single "%" use "%%".`)
	f("format('%1', 1)", `22023: unterminated format() type specifier HINT: For a single "%" use "%%".`)
	f("format('%1$', 1)", `22023: unterminated format() type specifier HINT: For a single "%" use "%%".`)
	f("format('%*0$s', 1)", "22023: format specifies argument 0, but arguments are numbered from 1")
	f("format('%99999999999s', 1)", "22003: number is out of range")
	f("format('%*s', 'x', 1)", `22P02: invalid input syntax for type integer: "x"`)
	f("format(null), format(null, 1)", "<null>|<null>")
	f("format('%s', variadic array[1,2,3]), format('%2$s', variadic array['a', null, 'c']) = ''", "1|t")
	f("format('%s, %s', variadic '{}'::text[])", "22023: too few arguments for format()")
	f("format('x', variadic null::text[]), format('%s', array[1,null]), format('%s', row(1,'a b'))",
		`x|{1,NULL}|(1,"a b")`)
	f("format('%s %s %s', 1.50, 'ab '::char(4), '1 day'::interval)", "1.50 ab   1 day")
	f("format('%s', variadic 3)", "42804: VARIADIC argument must be an array")
}

// TestConcat holds that concat skips nulls, and concat_ws is null only without a separator.
func TestConcat(t *testing.T) {
	f := selecter(t)
	f("concat('a', null, 1, true, 2.50, '2024-02-29'::date)", "a1t2.502024-02-29")
	f("concat(null), concat(null, null) = '', concat('a'::char(3), '|'), concat(array[1,2], row(1,null))",
		"|t|a  ||{1,2}(1,)")
	f("concat_ws(',', 'a', null, 'b', ''), concat_ws('', 1, 2), concat_ws(null, 'a'), concat_ws(',') = '', "+
		"concat_ws(',', null) = ''",
		"42883: function concat_ws(unknown) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("concat(variadic array['a', null, 'b']), concat_ws('-', variadic array[1, null, 3]), concat(variadic null::text[])",
		"ab|1-3|<null>")
	f("concat_ws(',', variadic '{}'::int[]) = '', concat(variadic '{{1,2},{3,4}}'::int[])", "t|1234")
	f("concat()",
		"42883: function concat() does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("'a' || null, null || 'a', 'a' || 1, 1.5 || 'a', true || 'x', 'ab '::char(4) || '|'",
		"<null>|<null>|a1|1.5a|truex|ab|")
	f("'a' || '{b}'::text[], array[1] || 2, '2024-01-01'::date || ' x'",
		`22P02: malformed array literal: "a" DETAIL: Array value must start with "{" or dimension information.`)
	f("1 || 2", "42883: operator does not exist: integer || integer "+
		"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}

// TestQuote holds the quoting of names and literals.
func TestQuoting(t *testing.T) {
	f := selecter(t)
	f("quote_ident('foo'), quote_ident('Foo'), quote_ident('foo bar'), quote_ident('a\"b'), quote_ident('')",
		`foo|"Foo"|"foo bar"|"a""b"|""`)
	f("quote_ident('1a'), quote_ident('_a1$'), quote_ident('ä'), quote_ident('select'), quote_ident('abort'), "+
		"quote_ident('int')",
		`"1a"|"_a1$"|"ä"|"select"|abort|"int"`)
	f("quote_ident('user'), quote_ident('value'), quote_ident('between'), quote_ident('left')",
		`"user"|value|"between"|"left"`)
	f("quote_literal('foo'), quote_literal('it''s'), quote_literal(e'a\\\\b'), quote_literal(e'\\\\'''), "+
		"quote_literal('')",
		`'foo'|'it''s'|E'a\\b'|E'\\'''|''`)
	f("quote_literal(42.5), quote_literal(true), quote_literal('2024-02-29'::date), quote_literal(array['a','b c'])",
		`'42.5'|'true'|'2024-02-29'|'{a,"b c"}'`)
	f("quote_nullable(null), quote_nullable('a'), quote_nullable(1), quote_nullable(null::int)", "NULL|'a'|'1'|NULL")
	f("quote_ident(null), quote_literal(null), quote_literal(null::int)", "<null>|<null>|<null>")
}

// TestCharacters holds code points and their limits.
func TestCharacters(t *testing.T) {
	f := selecter(t)
	f("ascii('x'), ascii('äb'), ascii('😀'), ascii(''), ascii(null)", "120|228|128512|0|<null>")
	f("chr(65), chr(228), chr(128512), chr(1114111) = u&'\\+10FFFF', chr(127) = e'\\x7f', chr(null)", "A|ä|😀|t|t|<null>")
	f("chr(0)", "54000: null character not permitted")
	f("chr(-1)", "22023: character number must be positive")
	f("chr(1114112)", "54000: requested character too large for encoding: 1114112")
	f("chr(2147483647)", "54000: requested character too large for encoding: 2147483647")
	f("chr(55296)", "54000: requested character not valid for encoding: 55296")
	f("to_hex(255), to_hex(0), to_hex(-1), to_hex(-1::bigint), to_hex(9223372036854775807), to_hex(null::int)",
		"ff|0|ffffffff|ffffffffffffffff|7fffffffffffffff|<null>")
	f("u&'d\\0061t\\+000061', u&'d!0061t' uescape '!', e'\\u00e4\\U0001F600\\x41\\101'", "data|dat|ä😀AA")
}

// TestUnicode holds normal forms and escapes.
func TestUnicode(t *testing.T) {
	f := selecter(t)
	f("normalize(u&'a\\0308') = 'ä', normalize('ä', nfd) = u&'a\\0308', normalize('ﬁ', nfkc), "+
		"normalize('①', nfkd), normalize('')",
		"t|t|fi|1|")
	f("u&'a\\0308' is normalized, 'ä' is nfc normalized, 'ä' is nfd normalized, 'ﬁ' is nfkc normalized, "+
		"u&'a\\0308' is not nfc normalized",
		"f|t|f|f|t")
	f("normalize(null), normalize('Å', nfc) = 'Å', length(normalize('각', nfd))", "<null>|t|3")
	f("normalize('a', 'nfx')", `42601: syntax error at or near "'nfx'"`)
	f("is_normalized('a', 'nfx')", "22023: invalid normalization form: nfx")
	f("unistr('d\\0061t\\+000061'), unistr('\\u0441\\U0001F600'), unistr('a\\\\b'), unistr(''), unistr(null)",
		`data|с😀|a\b||<null>`)
	f("unistr('\\d83d\\de00')", "😀")
	f("unistr('wrong: \\db99')", "42601: invalid Unicode surrogate pair")
	f("unistr('wrong: \\de00')", "42601: invalid Unicode surrogate pair")
	f("unistr('wrong: \\db99a')", "42601: invalid Unicode surrogate pair")
	f("unistr('wrong: \\xyz')",
		`42601: invalid Unicode escape HINT: Unicode escapes must be \XXXX, \+XXXXXX, \uXXXX, or \UXXXXXXXX.`)
	f("unistr('\\+2FFFFF')", "22023: invalid Unicode code point: 2FFFFF")
	f("unistr('end \\')",
		`42601: invalid Unicode escape HINT: Unicode escapes must be \XXXX, \+XXXXXX, \uXXXX, or \UXXXXXXXX.`)
}

// TestStringToArray holds the separators null and empty, the null text, and nothing.
func TestStringToArray(t *testing.T) {
	f := selecter(t)
	f("string_to_array('1|2|3', '|'), string_to_array('1|2|3|', '|'), string_to_array('1||2||3||', '||')",
		`{1,2,3}|{1,2,3,""}|{1,2,3,""}`)
	f("string_to_array('1|2|3', ''), string_to_array('', '|'), string_to_array('1|2|3', null), string_to_array(null, '|')",
		"{1|2|3}|{}|{1,|,2,|,3}|<null>")
	f("string_to_array('1,2,3,4,,6', ','), string_to_array('1,2,3,4,,6', ',', ''), string_to_array('1,2,*,4', ',', '*')",
		`{1,2,3,4,"",6}|{1,2,3,4,NULL,6}|{1,2,NULL,4}`)
	f("string_to_array('abc', '', 'abc'), string_to_array('abc', ',', 'abc'), string_to_array('a*c', null, '*')",
		"{NULL}|{NULL}|{a,NULL,c}")
	f("string_to_array('ä-ö😀-', '-'), string_to_array('aaa', 'aa'), string_to_array('', ''), string_to_array('', '', '')",
		`{ä,ö😀,""}|{"",a}|{}|{}`)
	f("array_to_string(array[1,2,null,3], ','), array_to_string(array[1,2,null,3], ',', '*'), "+
		"array_to_string('{}'::int[], ',') = ''",
		"1,2,3|1,2,*,3|t")
	f("array_to_string(array[1,2], null), array_to_string(null::int[], ','), array_to_string(array[1,null], ',', null)",
		"<null>|<null>|1")
	f("array_to_string('{{1,2},{3,4}}'::int[], '-'), array_to_string(array['a b', 'c\"d', ''], ','), "+
		"array_to_string(array[null]::int[], ',') = ''",
		`1-2-3-4|a b,c"d,|t`)
	f("array_to_string(array[true, false], ','), array_to_string(array['a '::char(3), 'b'], ','), "+
		"array_to_string(array[1.50], '')",
		"t,f|a  ,b|1.50")
	f("array_to_string(1, ',')",
		"42883: function array_to_string(integer, unknown) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestEncode holds the three text forms of bytes and what they refuse.
func TestEncode(t *testing.T) {
	f := selecter(t)
	f(`encode('\x0001fe'::bytea, 'hex'), encode('\x0001fe'::bytea, 'base64'), encode('a\000\\ä', 'escape')`,
		`0001fe|AAH+|a\000\\\303\244`)
	f(`encode('', 'hex') = '', encode('', 'base64') = '', encode('', 'escape') = '', encode('\xff'::bytea, 'HEX')`,
		"t|t|t|ff")
	f("length(encode(repeat('a', 57)::bytea, 'base64')), length(encode(repeat('a', 58)::bytea, 'base64'))", "77|81")
	f("encode(repeat('a', 60)::bytea, "+
		"'base64') = replace('YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh/YWFh', "+
		"'/', e'\\n')",
		"t")
	f("decode('0aFF', 'hex'), decode(' 0a ff ', 'hex'), decode('', 'hex'), decode('YQ==', 'base64'), "+
		"decode(e'YW\\nJj', 'base64')",
		`\x0aff|\x0aff|\x|\x61|\x616263`)
	f("decode('0', 'hex')", "22023: invalid hexadecimal data: odd number of digits")
	f("decode('0g', 'hex')", `22023: invalid hexadecimal digit: "g"`)
	f("decode('Y', 'base64')",
		"22023: invalid base64 end sequence HINT: Input data is missing padding, is truncated, or is otherwise corrupted.")
	f("decode('YQ=', 'base64')",
		"22023: invalid base64 end sequence HINT: Input data is missing padding, is truncated, or is otherwise corrupted.")
	f("decode('Y*==', 'base64')", `22023: invalid symbol "*" found while decoding base64 sequence`)
	f("decode('YQ==YQ==', 'base64')", `\x6161`)
	f("decode('=', 'base64')", `22023: unexpected "=" while decoding base64 sequence`)
	f(`decode('a\101\\b', 'escape'), decode('ä', 'escape')`, `\x61415c62|\xc3a4`)
	f(`decode('a\1', 'escape')`, "22P02: invalid input syntax for type bytea")
	f(`decode('a\999', 'escape')`, "22P02: invalid input syntax for type bytea")
	f("encode('a', 'rot13')", `22023: unrecognized encoding: "rot13"`)
	f("decode('a', 'rot13')", `22023: unrecognized encoding: "rot13"`)
	f("encode(null, 'hex'), encode('a', null), decode(null, 'hex')", "<null>|<null>|<null>")
	f("encode(sha224('abc'), 'hex'), encode(sha256(''), 'hex')",
		"23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7|"+
			"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	f("encode(sha384('abc'), 'hex')",
		"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")
	f("encode(sha512('abc'), 'hex')",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
	f(`md5('abc'), md5(''), md5('ä'), md5('\x00'::bytea), md5(null::text)`,
		"900150983cd24fb0d6963f7d28e17f72|d41d8cd98f00b204e9800998ecf8427e|8419b71c87a225a2c70b50486fbee545|"+
			"93b885adfe0da089cdf634904fd59f71|<null>")
	f("crc32('abc')",
		"42883: function crc32(unknown) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f("convert_to('ä', 'utf8'), convert_from('\\xc3a4', 'UTF-8'), convert_to('ä', 'latin1'), "+
		"convert_from('\\xe4', 'latin1')",
		`\xc3a4|ä|\xe4|ä`)
	f("convert_from('\\xc3', 'utf8')", `22021: invalid byte sequence for encoding "UTF8": 0xc3`)
	f("convert_from('\\x610062', 'utf8')", `22021: invalid byte sequence for encoding "UTF8": 0x00`)
	f("convert_to('a', 'nothing')", `22023: invalid destination encoding name "nothing"`)
	f("convert_from('a', 'nothing')", `22023: invalid source encoding name "nothing"`)
	f("convert_to('😀', 'latin1')",
		`22P05: character with byte sequence 0xf0 0x9f 0x98 0x80 in encoding "UTF8" has no equivalent in encoding "LATIN1"`)
	f("convert('\\xe4', 'latin1', 'utf8'), convert('\\xc3a4', 'utf8', 'latin1')", `\xc3a4|\xe4`)
}

// TestByteaParts holds single bytes and bits, which count from 0.
func TestByteaParts(t *testing.T) {
	f := selecter(t)
	f(`get_byte('\x1234567890'::bytea, 4), get_byte('\xff'::bytea, 0), get_bit('\x1234567890'::bytea, 30), `+
		`get_bit('\x01'::bytea, 0)`,
		"144|255|1|1")
	f(`set_byte('\x1234567890'::bytea, 4, 64), set_byte('\x00'::bytea, 0, 256), set_byte('\x00'::bytea, 0, -1)`,
		`\x1234567840|\x00|\xff`)
	f(`set_bit('\x1234567890'::bytea, 30, 0), set_bit('\x00'::bytea, 7, 1)`, `\x1234563890|\x80`)
	f(`get_byte('\x12'::bytea, 1)`, "2202E: index 1 out of valid range, 0..0")
	f(`get_byte('\x12'::bytea, -1)`, "2202E: index -1 out of valid range, 0..0")
	f(`get_byte(''::bytea, 0)`, "2202E: index 0 out of valid range, 0..-1")
	f(`set_byte('\x12'::bytea, 1, 0)`, "2202E: index 1 out of valid range, 0..0")
	f(`get_bit('\x12'::bytea, 8)`, "2202E: index 8 out of valid range, 0..7")
	f(`get_bit('\x12'::bytea, -1)`, "2202E: index -1 out of valid range, 0..7")
	f(`set_bit('\x12'::bytea, 8, 1)`, "2202E: index 8 out of valid range, 0..7")
	f(`set_bit('\x12'::bytea, 0, 2)`, "22023: new bit must be 0 or 1")
	f(`'\x12'::bytea || '\x34'::bytea, '\x12'::bytea || null, ''::bytea || ''::bytea, '\x'::bytea = ''`,
		`\x1234|<null>|\x|t`)
	f(`'\x12'::bytea < '\x1200'::bytea, '\xff'::bytea > '\x00ff'::bytea, ''::bytea < '\x00'::bytea, `+
		`'\x12'::bytea <> '\x12'::bytea`,
		"t|t|t|f")
	f(`'\x61c3a4'::bytea::text, 'abc'::bytea, 'a\134b'::bytea, '\x 12 34'::bytea`, `\x61c3a4|\x616263|\x615c62|\x1234`)
	f(`'\x1'::bytea`, "22023: invalid hexadecimal data: odd number of digits")
	f(`'\xzz'::bytea`, `22023: invalid hexadecimal digit: "z"`)
	f(`'a\b'::bytea`, "22P02: invalid input syntax for type bytea")
	f(`'a\400'::bytea`, "22P02: invalid input syntax for type bytea")
	f(`'\x61'::bytea like 'a%', '\x6162'::bytea like '_b', '\x61'::bytea not like 'b', '\x6125'::bytea like 'a\\%'`,
		"t|t|t|t")
	f(`bit_count('\x'::bytea), bit_count('\xffff'::bytea), reverse('ab')`, "0|16|ba")
}

// TestParseIdent holds the parts of a qualified name.
func TestParseIdent(t *testing.T) {
	f := selecter(t)
	f(`parse_ident('"SomeSchema".someTable'), parse_ident('A.b . "c d"'), parse_ident('"a""b"')`,
		`{SomeSchema,sometable}|{a,b,"c d"}|{"a\"b"}`)
	f(`parse_ident('foo.boo[]', false), parse_ident('a1_$.ä'), parse_ident(null)`, "{foo,boo}|{a1_$,ä}|<null>")
	f(`parse_ident('foo.boo[]')`, `22023: string is not a valid identifier: "foo.boo[]"`)
	f(`parse_ident('foo.')`, `22023: string is not a valid identifier: "foo." DETAIL: No valid identifier after ".".`)
	f(`parse_ident('.foo')`, `22023: string is not a valid identifier: ".foo" DETAIL: No valid identifier before ".".`)
	f(`parse_ident('')`, `22023: string is not a valid identifier: ""`)
	f(`parse_ident('"x')`, `22023: string is not a valid identifier: ""x" DETAIL: String has unclosed double quotes.`)
	f(`parse_ident('1020')`, `22023: string is not a valid identifier: "1020"`)
	f(`parse_ident('a.""')`,
		`22023: string is not a valid identifier: "a.""" DETAIL: Quoted identifier must not be empty.`)
	f(`parse_ident(' a ')`, "{a}")
	f(`parse_ident('a b')`, `22023: string is not a valid identifier: "a b"`)
}

// TestNames holds the limit of 63 bytes of a name, cut at a whole character.
func TestNames(t *testing.T) {
	f := selecter(t)
	f("length(repeat('a', 70)::name), length(repeat('a', 70)::name::text), "+
		"octet_length((repeat('a', 62) || 'ä')::name::text)",
		"63|63|62")
	f("'a'::name || 'b', 'a'::name = 'a', 'a'::name < 'b'::text, 'b'::name > 'a'::name, 'a '::name = 'a'", "ab|t|t|t|f")
	f("'ab'::char(5)::name || '|', 'x'::\"char\", 'xy'::\"char\", ''::\"char\" = '', '\\101'::\"char\", "+
		"65::\"char\", 'a'::\"char\"::int",
		"ab||x|x|t|A|A|97")
	f("(-1)::\"char\"::int, 'a'::\"char\" < 'b', 128::\"char\"", `22003: "char" out of range`)
}
