package copyfmt_test

import (
	"strings"
	"testing"
)

// TestTextEscapes holds each escape of the text format, in the middle and at the end of a field.
func TestTextEscapes(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a text, b text", "", data, want) }
	f("\\b\\f\\n\\r\\t\\v\tx\n", "\b\f\n\r\t\v|x;")
	f("\\1\\12\\123\\1234\tx\n", "\x01\nSS4|x;")
	f("\\8\\9\tx\n", "89|x;")
	f("\\377\tx\n", "22021 invalid byte sequence for encoding \"UTF8\": 0xff @ COPY t, line 1: \"\\377\tx\"")
	f("\\303\\244\tx\n", "ä|x;")
	f("\\0\tx\n", "22021 invalid byte sequence for encoding \"UTF8\": 0x00 @ COPY t, line 1: \"\\0\tx\"")
	f("\\400\tx\n", "22021 invalid byte sequence for encoding \"UTF8\": 0x00 @ COPY t, line 1: \"\\400\tx\"")
	f("\\x1\\x41\\x414\\xc3\\xa4\\xg\\x\tx\n", "\x01AA4äxgx|x;")
	f("\\xC3\\XA4\tx\n",
		"22021 invalid byte sequence for encoding \"UTF8\": 0xc3 0x58 @ COPY t, line 1: \"\\xC3\\XA4\tx\"")
	f("\\a\\e\\q\\\"\\'\\ \tx\n", `aeq"' |x;`)
	f("\\\\\tx\n", `\|x;`)
	f("\\\\N\t\\N\n", `\N|NULL;`)
	f("\\Nx\t\\\\N\n", `Nx|\N;`)
	f("x\\N\t\\n\n", "xN|\n;")
	f("a\\\tb\tc\n", "a\tb|c;")
	f("a\\\nb\tc\n", "a\nb|c;")
	f("a\\\r\nb\tc\r\n", "22P04 missing data for column \"b\" @ COPY t, line 1: \"a\\\r\"")
	f("a\tb\\", "a|b;")
	f("a\tb\\\n", "a|b\n;")
	f("a\\\tb\n", "22P04 missing data for column \"b\" @ COPY t, line 1: \"a\\\tb\"")
	f("ä\\\tö\tü\n", "ä\tö|ü;")
	f("\\ä\tx\n", "ä|x;")
}

// TestTextEnds holds how lines end: the first one decides, and another end within the data is an error.
func TestTextEnds(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a text", "", data, want) }
	f("a\nb\n", "a;b;")
	f("a\r\nb\r\n", "a;b;")
	f("a\rb\r", "a;b;")
	f("a\r\nb", "a;b;")
	f("a\rb", "a;b;")
	f("\n", ";")
	f("\r", ";")
	f("\r\n", ";")
	f("\n\n", ";;")
	f("\r\r", ";;")
	f("\r\n\r\n", ";;")
	f("a\n\r\n", "22P04 literal carriage return found in data @ COPY t, line 2")
	f("a\r\n\n", "22P04 literal newline found in data @ COPY t, line 2")
	f("a\r\nb\r", "22P04 literal carriage return found in data @ COPY t, line 2")
	f("a\rb\r\n", "22P04 literal newline found in data @ COPY t, line 3")
	f("a\nb\r\nc\n", "22P04 literal carriage return found in data @ COPY t, line 2")
	f("a\\\nb\r\nc\r\n", "a\nb;c;")
	f("a\\\rb\nc\n", "a\rb;c;")
	f("\\n\r\n\\r\r\n", "\n;\r;")
}

// TestTextMarker holds where the end marker ends the data, and where it is an error.
func TestTextMarker(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a text", "", data, want) }
	f("a\n\\.\n", "a;")
	f("\\.\n", "")
	f("\\.\nrest is not read\tat all\n", "")
	f("\\.", "22P04 end-of-copy marker corrupt @ COPY t, line 1")
	f("a\n\\.", "22P04 end-of-copy marker corrupt @ COPY t, line 2")
	f("a\\.\nb\n", "a;")
	f("a\\.", "22P04 end-of-copy marker corrupt @ COPY t, line 1")
	f("a\n\\.b\n", "22P04 end-of-copy marker corrupt @ COPY t, line 2")
	f("\\.\\.\n", "22P04 end-of-copy marker corrupt @ COPY t, line 1")
	f("\\\\.\n", `\.;`)
	f("a\r\n\\.\r\nb\r\n", "a;")
	f("a\r\n\\.\nb\r\n", "22P04 end-of-copy marker does not match previous newline style @ COPY t, line 2")
	f("a\n\\.\r\nb\n", "22P04 end-of-copy marker does not match previous newline style @ COPY t, line 2")
	f("a\n\\.\rb\n", "22P04 end-of-copy marker does not match previous newline style @ COPY t, line 2")
	f("a\r\\.\rb\r", "a;")
	f("a\r\\.\nb\r", "22P04 end-of-copy marker does not match previous newline style @ COPY t, line 2")
	f("a\r\n\\.\rb\r\n", "22P04 end-of-copy marker corrupt @ COPY t, line 2")
	f("\\.\r\nb\n", "")
	f("\\.\rb\n", "")
	reads(t, "a text, b text", "", "a\t\\.\nb\tc\n", "a|;")
	reads(t, "a text, b text", "", "a\\.\tb\n", "22P04 end-of-copy marker corrupt @ COPY t, line 1")
	reads(t, "a text, b text", "", "a\n\\.\n", `22P04 missing data for column "b" @ COPY t, line 1: "a"`)
	reads(t, "a int4, b int4", "", "1\t2\n\\.\n3\n", "1|2;")
	reads(t, "a text", "null '\\.'", "\\.\n", "")
}

// TestTextColumns holds lines with too few and too many fields, and the numbers of lines in errors.
func TestTextColumns(t *testing.T) {
	f := func(cols, data, want string) { t.Helper(); reads(t, cols, "", data, want) }
	f("a text, b text", "\n", `22P04 missing data for column "b" @ COPY t, line 1: ""`)
	f("a text, b text", "x\n", `22P04 missing data for column "b" @ COPY t, line 1: "x"`)
	f("a text, b text", "x\ty\tz\n", "22P04 extra data after last expected column @ COPY t, line 1: \"x\ty\tz\"")
	f("a text, b text", "x\ty\t\n", "22P04 extra data after last expected column @ COPY t, line 1: \"x\ty\t\"")
	f("a text, b text", "\t\n", "|;")
	f("a text, b text, c text", "a\tb\tc\na\tb\n", "22P04 missing data for column \"c\" @ COPY t, line 2: \"a\tb\"")
	f("a int4", "\n", `22P02 invalid input syntax for type integer: "" @ COPY t, line 1, column a: ""`)
	f("a int4", " 1 \n", "1;")
	f("a int4", "1\n\n", `22P02 invalid input syntax for type integer: "" @ COPY t, line 2, column a: ""`)
	f("a int4", "1\\n\n", "1;")
	f("a int4", "1\n\\\n2\n", "1;2;")
	f("a int4, b int4", "1\t2\n\\\n3\t4x\n",
		`22P02 invalid input syntax for type integer: "4x" @ COPY t, line 2, column b: "4x"`)
	f("a text, b int4", "a\\\nb\t1\nc\tx\n",
		`22P02 invalid input syntax for type integer: "x" @ COPY t, line 2, column b: "x"`)
	f("a int4", "1\n2147483648\n",
		`22003 value "2147483648" is out of range for type integer @ COPY t, line 2, column a: "2147483648"`)
	f("a numeric(3)", "1234\n", `22003 numeric field overflow @ COPY t, line 1, column a: "1234"`)
	f("a bool, b bool", "t\tmaybe\n",
		`22P02 invalid input syntax for type boolean: "maybe" @ COPY t, line 1, column b: "maybe"`)
	f("a date", "2024-02-30\n",
		`22008 date/time field value out of range: "2024-02-30" @ COPY t, line 1, column a: "2024-02-30"`)
	f("a uuid", "x\n", `22P02 invalid input syntax for type uuid: "x" @ COPY t, line 1, column a: "x"`)
	f("a jsonb", "{\"a\":1\n",
		"22P02 invalid input syntax for type json @ JSON data, line 1: {\"a\":1\nCOPY t, line 1, column a: \"{\"a\":1\"")
	f("a bytea", "\\\\x0\n", `22023 invalid hexadecimal data: odd number of digits @ COPY t, line 1, column a: "\x0"`)
	f("a bytea", "\\x0041\n", `22021 invalid byte sequence for encoding "UTF8": 0x00 @ COPY t, line 1: "\x0041"`)
	f("a _int4", "{1,2\n", `22P02 malformed array literal: "{1,2" @ COPY t, line 1, column a: "{1,2"`)
	f("a text", "a\xffb\n", `22021 invalid byte sequence for encoding "UTF8": 0xff @ COPY t, line 1`)
	f("a text", "ok\n\xc3\n", `22021 invalid byte sequence for encoding "UTF8": 0xc3 0x0a @ COPY t, line 2`)
	f("a text", "\\xff\n", `22021 invalid byte sequence for encoding "UTF8": 0xff @ COPY t, line 1: "\xff"`)
	f("a int4", strings.Repeat("x", 99)+"\n",
		`22P02 invalid input syntax for type integer: `+
			`"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" @ `+
			`COPY t, line 1, column a: `+
			`"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"`)
	f("a int4", strings.Repeat("x", 100)+"\n",
		`22P02 invalid input syntax for type integer: `+
			`"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" @ `+
			`COPY t, line 1, column a: `+
			`"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"`)
	f("a int4", strings.Repeat("x", 101)+"\n",
		`22P02 invalid input syntax for type integer: `+
			`"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" `+
			`@ COPY t, line 1, column a: `+
			`"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."`)
	f("a text, b text", strings.Repeat("x", 101)+"\n",
		`22P04 missing data for column "b" @ COPY t, line 1: `+
			`"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..."`)
	f("a int4", "tab\\there\n",
		"22P02 invalid input syntax for type integer: \"tab\there\" @ COPY t, line 1, column a: \"tab\there\"")
	f("a int4", "new\\nline\n",
		"22P02 invalid input syntax for type integer: \"new\nline\" @ COPY t, line 1, column a: \"new\nline\"")
}

// TestTextNulls holds the null string: it is compared before escapes are read.
func TestTextNulls(t *testing.T) {
	f := func(opts, data, want string) { t.Helper(); reads(t, "a text, b text", opts, data, want) }
	f("", "\\N\tN\n", "NULL|N;")
	f("", "\\\\N\tNULL\n", `\N|NULL;`)
	f("null ", "\tx\n", "NULL|x;")
	f("null NULL", "NULL\tnull\n", "NULL|null;")
	f("null NULL", "\\NULL\tN\\ULL\n", "NULL|NULL;")
	f("null \\n", "\\n\tn\n", "NULL|n;")
	f("null \\\\", "\\\\\tx\n", "NULL|x;")
	f("null a b", "a b\ta\n", "NULL|a;")
	f("null ä", "ä\t\\xc3\\xa4\n", "NULL|ä;")
	f("null \\., delimiter |", "x|\\.\n", "x|;")
}

// TestTextDelimiters holds other delimiters, plain and escaped.
func TestTextDelimiters(t *testing.T) {
	f := func(opts, data, want string) { t.Helper(); reads(t, "a text, b text", opts, data, want) }
	f("delimiter |", "a|b\n", "a|b;")
	f("delimiter |", "a\\|b|c\n", "a|b|c;")
	f("delimiter |", "a\tb|\n", "a\tb|;")
	f("delimiter |", "a|b|\n", `22P04 extra data after last expected column @ COPY t, line 1: "a|b|"`)
	f("delimiter  ", "a b\n", "a|b;")
	f("delimiter A", "xAy\n", "x|y;")
	f("delimiter \"", "x\"y\n", "x|y;")
	f("delimiter \x01", "x\x01y\n", "x|y;")
	f("delimiter \b", "x\\by\bz\n", "x\by|z;")
	f("delimiter N, null x", "aNx\n", "a|NULL;")
	f("delimiter -", "\\N-\\-\n", "NULL|-;")
}

// TestTextHeader holds headers that are passed over and headers that must match.
func TestTextHeader(t *testing.T) {
	f := func(opts, data, want string) { t.Helper(); reads(t, "a int4, b text", opts, data, want) }
	f("header true", "anything\n1\tx\n", "1|x;")
	f("header true", "", "")
	f("header true", "a\tb", "")
	f("header true", "a\r\n1\tx\r\n", "1|x;")
	f("header true", "a\n1\tx\r\n", "22P04 literal carriage return found in data @ COPY t, line 2")
	f("header true", "\\.\n1\tx\n", "")
	f("header true", "a\tb\n1\n", `22P04 missing data for column "b" @ COPY t, line 2: "1"`)
	f("header match", "", `22P04 wrong number of fields in header line: got 1, expected 2 @ COPY t, line 1: ""`)
	f("header match", "a\tb\n1\tx\n", "1|x;")
	f("header match", "a\tb\tc\n1\tx\n",
		"22P04 wrong number of fields in header line: got 3, expected 2 @ COPY t, line 1: \"a\tb\tc\"")
	f("header match", "b\ta\n1\tx\n",
		"22P04 column name mismatch in header line field 1: got \"b\", expected \"a\" @ COPY t, line 1: \"b\ta\"")
	f("header match", "A\tb\n1\tx\n",
		"22P04 column name mismatch in header line field 1: got \"A\", expected \"a\" @ COPY t, line 1: \"A\tb\"")
	f("header match", "\\x61\tb\n1\tx\n", "1|x;")
	f("header match", "\n1\tx\n", `22P04 wrong number of fields in header line: got 1, expected 2 @ COPY t, line 1: ""`)
	f("header match, null a", "a\tb\n1\tx\n",
		"22P04 column name mismatch in header line field 1: got null value (\"a\"), expected \"a\" @ COPY t, "+
			"line 1: \"a\tb\"")
	f("header match, delimiter |", "a|b\n1|x\n", "1|x;")
	f("header match", "\\.\n", `22P04 wrong number of fields in header line: got 1, expected 2 @ COPY t, line 1: ""`)
}
