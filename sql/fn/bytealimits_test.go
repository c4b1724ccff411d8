package fn_test

import "testing"

// TestByteaBits holds get_bit, set_bit, get_byte, set_byte and bit_count at their borders.
func TestByteaBits(t *testing.T) {
	f := selecter(t)
	f(`get_bit('\x80'::bytea, 7), get_bit('\x80'::bytea, 0), get_bit('\x0180'::bytea, 15)`, "1|0|1")
	f("get_bit(''::bytea, 0)", "2202E: index 0 out of valid range, 0..-1")
	f(`get_bit('\x00'::bytea, 9223372036854775807)`, "2202E: index 9223372036854775807 out of valid range, 0..7")
	f(`get_bit('\x00'::bytea, null)`, "<null>")
	f(`set_bit('\x0000'::bytea, 8, 1), set_bit('\xffff'::bytea, 15, 0), set_bit('\xff'::bytea, 0, 1)`,
		`\x0001|\xff7f|\xff`)
	f("set_bit(''::bytea, 0, 1)", "2202E: index 0 out of valid range, 0..-1")
	f(`set_bit('\x00'::bytea, -1, 1)`, "2202E: index -1 out of valid range, 0..7")
	f(`set_bit('\x00'::bytea, 0, -1)`, "22023: new bit must be 0 or 1")
	f(`set_byte('\x00ff'::bytea, 1, 0), set_byte('\x00'::bytea, 0, 255), set_byte('\x00'::bytea, 0, 511)`,
		`\x0000|\xff|\xff`)
	f("set_byte(''::bytea, 0, 0)", "2202E: index 0 out of valid range, 0..-1")
	f(`set_byte('\x00'::bytea, -1, 0)`, "2202E: index -1 out of valid range, 0..0")
	f(`get_byte('\x00'::bytea, 2147483647)`, "2202E: index 2147483647 out of valid range, 0..0")
	f(`bit_count('\x0102ff'::bytea), bit_count(null::bytea)`, "10|<null>")
	f(`length('\x0000'::bytea), octet_length(''::bytea), bit_length('\x0102'::bytea), length('ä'::bytea)`, "2|0|16|2")
	f(`length('\xe4'::bytea, 'latin1'), length('\xc3a4'::bytea, 'utf8')`, "1|1")
	f(`length('\xe4'::bytea, 'utf8')`, `22021: invalid byte sequence for encoding "UTF8": 0xe4`)
	f(`length('\xe4'::bytea, 'none')`, `22023: invalid encoding name "none"`)
}

// TestByteaPieces holds substring, overlay, position, trim and concatenation of bytes.
func TestByteaPieces(t *testing.T) {
	f := selecter(t)
	f(`substring('\x0102030405'::bytea from 2 for 2), substring('\x0102030405'::bytea from 4), `+
		`substring('\x0102'::bytea for 1)`,
		`\x0203|\x0405|\x01`)
	f(`substring('\x010203'::bytea from -1 for 3), substring('\x010203'::bytea from 0), `+
		`substring('\x010203'::bytea from 4), substring('\x010203'::bytea from 9 for 1)`,
		`\x01|\x010203|\x|\x`)
	f(`substring('\x010203'::bytea from 1 for -1)`, "22011: negative substring length not allowed")
	f(`substring('\x010203'::bytea from 2 for 2147483647), substring('\x010203'::bytea from -2147483648 for 2147483647)`,
		`\x0203|\x`)
	f(`substr('\x010203'::bytea, 2), substr('\x010203'::bytea, 2, 1), substr('\x010203'::bytea, 0, 2)`, `\x0203|\x02|\x01`)
	f(`overlay('\x01020304'::bytea placing '\xff'::bytea from 2), `+
		`overlay('\x01020304'::bytea placing '\xffff'::bytea from 2 for 1), `+
		`overlay('\x01020304'::bytea placing ''::bytea from 2 for 2)`,
		`\x01ff0304|\x01ffff0304|\x0104`)
	f(`overlay('\x0102'::bytea placing '\xff'::bytea from 3), overlay('\x0102'::bytea placing '\xff'::bytea from 9)`,
		`\x0102ff|\x0102ff`)
	f(`overlay('\x0102'::bytea placing '\xff'::bytea from 0)`, "22011: negative substring length not allowed")
	f(`overlay('\x0102'::bytea placing '\xff'::bytea from 1 for -1)`, `\xff0102`)
	f(`overlay('\x0102'::bytea placing '\xff'::bytea from 2147483647 for 2147483647)`, "22003: integer out of range")
	f(`position('\x03'::bytea in '\x010203'::bytea), position('\x04'::bytea in '\x010203'::bytea), `+
		`position(''::bytea in '\x01'::bytea), position('\x01'::bytea in ''::bytea)`,
		"3|0|1|0")
	f(`position('\x0203'::bytea in '\x01020203'::bytea)`, "3")
	f(`trim('\x00'::bytea from '\x0001000200'::bytea), trim(leading '\x00'::bytea from '\x0001000200'::bytea), `+
		`trim(trailing '\x00'::bytea from '\x0001000200'::bytea)`,
		`\x010002|\x01000200|\x00010002`)
	f(`btrim('\x010203'::bytea, '\x0103'::bytea), ltrim('\x010203'::bytea, '\x0201'::bytea), `+
		`rtrim('\x010203'::bytea, '\x0302'::bytea)`,
		`\x02|\x03|\x01`)
	f(`btrim('\x0101'::bytea, '\x01'::bytea), btrim('\x0102'::bytea, ''::bytea), `+
		`btrim(''::bytea, '\x01'::bytea), btrim('\x01'::bytea, null)`,
		`\x|\x0102|\x|<null>`)
	f(`trim('\x01'::bytea)`,
		"42883: function pg_catalog.btrim(bytea) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f(`'\x01'::bytea || 'a', 'a' || '\x01'::bytea, '\x01'::bytea || ''`, `\x0161|\x6101|\x01`)
	f(`'\x01'::bytea || 'a'::text`, `\x01a`)
	f(`'\x01'::bytea || 1`,
		"42883: operator does not exist: bytea || integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f(`upper('\x61'::bytea)`,
		"42883: function upper(bytea) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f(`left('\x6162'::bytea, 1)`,
		"42883: function left(bytea, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f(`reverse('\x6162'::bytea)`,
		"42883: function reverse(bytea) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
	f(`repeat('\x61'::bytea, 2)`,
		"42883: function repeat(bytea, integer) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestByteaHashes holds digests of nothing, of text and of bytes, on both sides of a block.
func TestByteaHashes(t *testing.T) {
	f := selecter(t)
	f("md5(repeat('a', 55)), md5(repeat('a', 56))", "ef1772b6dff9a122358552954ad0df65|3b0c8ac703f828b04c6c197006d17218")
	f("md5(repeat('a', 63)::bytea), md5(repeat('a', 64)::bytea)",
		"b06521f39153d618550606be297466d5|014842d480b571495a4a0363793f7367")
	f("sha224('')", `\xd14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f`)
	f("sha256('abc')", `\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad`)
	f("sha384('')", `\x38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b`)
	f("sha512('')",
		`\xcf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e`)
	f("sha256(repeat('a', 55)::bytea) <> sha256(repeat('a', 56)::bytea), length(sha224('x')), "+
		"length(sha256('x')), length(sha384('x')), length(sha512('x'))",
		"t|28|32|48|64")
	f("sha256(null), md5(null::bytea)", "<null>|<null>")
	f("sha256('abc'::text)",
		"42883: function sha256(text) does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}

// TestByteaFormats holds encode and decode of each format and what each refuses.
func TestByteaFormats(t *testing.T) {
	f := selecter(t)
	f(`encode('\x00'::bytea, 'base64'), encode('\x0000'::bytea, 'base64'), encode('\x000000'::bytea, 'base64')`,
		"AA==|AAA=|AAAA")
	f(`encode('\xfbff'::bytea, 'base64'), encode('\xffffff'::bytea, 'Base64')`, "+/8=|////")
	f("decode('+/==', 'base64')", `\xfb`)
	f("decode('-_==', 'base64')", `22023: invalid symbol "-" found while decoding base64 sequence`)
	f("decode('YWI=', 'base64'), decode('YWJj', 'base64'), decode(' Y W J j ', 'base64')", `\x6162|\x616263|\x616263`)
	f("decode('YWJ', 'base64')",
		"22023: invalid base64 end sequence HINT: Input data is missing padding, is truncated, or is otherwise corrupted.")
	f("decode('YW', 'base64')",
		"22023: invalid base64 end sequence HINT: Input data is missing padding, is truncated, or is otherwise corrupted.")
	f("decode('YWJjZ', 'base64')",
		"22023: invalid base64 end sequence HINT: Input data is missing padding, is truncated, or is otherwise corrupted.")
	f("decode('====', 'base64')", `22023: unexpected "=" while decoding base64 sequence`)
	f("decode('Y=Jj', 'base64')", `22023: unexpected "=" while decoding base64 sequence`)
	f("decode('YW=j', 'base64')", `\x61`)
	f("decode('YWJjä', 'base64')", `22023: invalid symbol "ä" found while decoding base64 sequence`)
	f("decode('abc', 'hex')", "22023: invalid hexadecimal data: odd number of digits")
	f(`decode('ab cd', 'hex'), decode(e'ab\n\tcd', 'hex')`, `\xabcd|\xabcd`)
	f("decode('a b', 'hex')", `22023: invalid hexadecimal digit: " "`)
	f("decode('xy', 'hex')", `22023: invalid hexadecimal digit: "x"`)
	f("decode('äb', 'hex')", `22023: invalid hexadecimal digit: "ä"`)
	f("decode('0x61', 'hex')", `22023: invalid hexadecimal digit: "x"`)
	f(`encode('\x005c7f80ff41'::bytea, 'escape')`, "\\000\\\\\x7f\\200\\377A")
	f(`decode('\\', 'escape'), decode('\000', 'escape'), decode('\377', 'escape')`, `\x5c|\x00|\xff`)
	f(`decode('\', 'escape')`, "22P02: invalid input syntax for type bytea")
	f(`decode('\378', 'escape')`, "22P02: invalid input syntax for type bytea")
	f(`decode('\4000', 'escape')`, "22P02: invalid input syntax for type bytea")
	f(`decode('\x41', 'escape')`, "22P02: invalid input syntax for type bytea")
	f("decode('a', '')", `22023: unrecognized encoding: ""`)
	f(`encode('\x41'::bytea, 'hexa')`, `22023: unrecognized encoding: "hexa"`)
	f("encode('a', 'base64url')", `22023: unrecognized encoding: "base64url"`)
	f(`'\'::bytea`, "22P02: invalid input syntax for type bytea")
	f(`'\x4'::bytea`, "22023: invalid hexadecimal data: odd number of digits")
	f(`'\x4g'::bytea`, `22023: invalid hexadecimal digit: "g"`)
	f(`'\x41 42'::bytea, '\x'::bytea, '\X'::text`, `\x4142|\x|\X`)
	f(`'\X41'::bytea`, "22P02: invalid input syntax for type bytea")
	f(`'\x4 1'::bytea`, `22023: invalid hexadecimal digit: " "`)
	f(`'a\\b'::bytea, '\001\177'::bytea`, `\x615c62|\x017f`)
	f(`'\01'::bytea`, "22P02: invalid input syntax for type bytea")
	f(`'\x41'::bytea::text, '\x41'::bytea::varchar(3)`, `\x41|\x4`)
	f(`'\x41'::bytea::int`, "42846: cannot cast type bytea to integer")
	f("65::bytea", "42846: cannot cast type integer to bytea")
	f(`convert_from('\xed9f'::bytea, 'utf8')`, `22021: invalid byte sequence for encoding "UTF8": 0xed 0x9f`)
	f(`convert_from('\xeda080'::bytea, 'utf8')`, `22021: invalid byte sequence for encoding "UTF8": 0xed 0xa0 0x80`)
	f(`convert_from('\xf4908080'::bytea, 'utf8')`, `22021: invalid byte sequence for encoding "UTF8": 0xf4 0x90 0x80 0x80`)
	f(`convert_from('\xc080'::bytea, 'utf8')`, `22021: invalid byte sequence for encoding "UTF8": 0xc0 0x80`)
	f("convert_to('ä', 'sql_ascii')", `\xc3a4`)
	f("convert_to('€', 'latin1')",
		`22P05: character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"`)
}
