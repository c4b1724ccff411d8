package copyfmt_test

import (
	"strings"
	"testing"
)

// TestCSVQuotes holds where quotes open and close, and what is a value without them.
func TestCSVQuotes(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a text, b text", "format csv", data, want) }
	f("a,b\n", "a|b;")
	f(" a , b \n", " a | b ;")
	f("\"a\",\"b\"\n", "a|b;")
	f("\"a,b\",c\n", "a,b|c;")
	f("\"a\"\"b\",c\n", `a"b|c;`)
	f("\"\"\"\",\"\"\"\"\"\"\n", `"|"";`)
	f("\"\",\n", "|NULL;")
	f(",\"\"\n", "NULL|;")
	f("x\"y\"z,w\n", "xyz|w;")
	f("x\"y,z\"w,v\n", "xy,zw|v;")
	f("\"a\"b,c\n", "ab|c;")
	f("\"a\" ,c\n", "a |c;")
	f(" \"a\",c\n", " a|c;")
	f("a\"\"b,c\n", "ab|c;")
	f("\"a\"\"\",c\n", `a"|c;`)
	f("\"a\"\"b\"\"\"\"c\",d\n", `a"b""c|d;`)
	f("a\\,b\n", `a\|b;`)
	f("\\N,\"\\N\"\n", `\N|\N;`)
	f("a\tb,c\n", "a\tb|c;")
	f("'a,b'\n", "'a|b';")
	f("ä,\"ö,ü\"\n", "ä|ö,ü;")
	f("a,b", "a|b;")
	f("a,\"b\"", "a|b;")
	f("a,\"b", `22P04 unterminated CSV quoted field @ COPY t, line 1: "a,"b"`)
	f("a,b\"\n", "22P04 unterminated CSV quoted field @ COPY t, line 1: \"a,b\"\n\"")
	f("\"a,b\nc,d\n", "22P04 unterminated CSV quoted field @ COPY t, line 1: \"\"a,b\nc,d\n\"")
}

// TestCSVLines holds ends of lines within quotes and without, and how rows are numbered behind them.
func TestCSVLines(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a text, b int4", "format csv", data, want) }
	f("x,1\r\ny,2\r\n", "x|1;y|2;")
	f("x,1\ry,2\r", "x|1;y|2;")
	f("\"x\ny\",1\nz,2\n", "x\ny|1;z|2;")
	f("\"x\r\ny\",1\r\nz,2\r\n", "x\r\ny|1;z|2;")
	f("\"x\ny\",1\r\nz,2\r\n", "x\ny|1;z|2;")
	f("\"x\ry\",1\nz,2\n", "x\ry|1;z|2;")
	f("x,1\r\ny,2\n", "22P04 unquoted newline found in data @ COPY t, line 2")
	f("x,1\ny,2\r\n", "22P04 unquoted carriage return found in data @ COPY t, line 2")
	f("x,1\ny\rz,2\n", "22P04 unquoted carriage return found in data @ COPY t, line 2")
	f("x,1\ry\nz,2\r", "22P04 unquoted newline found in data @ COPY t, line 2")
	f("\n", `22P04 missing data for column "b" @ COPY t, line 1: ""`)
	f("x,1\n\n", `22P04 missing data for column "b" @ COPY t, line 2: ""`)
	f("\"x\n\ny\",1\nz,bad\n", `22P02 invalid input syntax for type integer: "bad" @ COPY t, line 2, column b: "bad"`)
	f("a,1\n\"x\n\ny\",1\nz,bad\n", `22P02 invalid input syntax for type integer: "bad" @ COPY t, line 5, column b: "bad"`)
	f("a,1\r\n\"x\r\ny\",1\r\nz,bad\r\n",
		`22P02 invalid input syntax for type integer: "bad" @ COPY t, line 4, column b: "bad"`)
	f("a,1\n\"x\ny\",bad\n", `22P02 invalid input syntax for type integer: "bad" @ COPY t, line 3, column b: "bad"`)
	f("a,1\n\"x\ny\",1,2\n", "22P04 extra data after last expected column @ COPY t, line 3: \"\"x\ny\",1,2\"")
	f("a,1\n\"x\ny\"\n", "22P04 missing data for column \"b\" @ COPY t, line 3: \"\"x\ny\"\"")
	f("x,1\n\\.\ny,2\n", "x|1;")
	f("x,1\n\\.", `22P04 missing data for column "b" @ COPY t, line 2: "\."`)
	f("x,1\r\n\\.\r\ny,2\r\n", "x|1;")
	f("\"x\n\\.\n\",1\ny,2\n", "x\n\\.\n|1;y|2;")
	f("x,1\n\\.y,2\n", `x|1;\.y|2;`)
	f("\\.,1\n", `\.|1;`)
	f("\"\\.\",1\n", `\.|1;`)
	f("x\\.,1\n", `x\.|1;`)
	reads(t, "a text", "format csv", "\\.\n", "")
	reads(t, "a text", "format csv", "\"\\.\"\n", `\.;`)
	reads(t, "a text", "format csv", "a\n\n\"\"\n", "a;NULL;;")
	reads(t, "a text", "format csv", "\n\r\n", "22P04 unquoted carriage return found in data @ COPY t, line 2")
}

// TestCSVEscapes holds an escape that is not the quote.
func TestCSVEscapes(t *testing.T) {
	f := func(opts, data, want string) { t.Helper(); reads(t, "a text, b text", "format csv, "+opts, data, want) }
	f("escape \\", `"a\"b","c\\d"`+"\n", `a"b|c\d;`)
	f("escape \\", `"a\nb","c\"`+"\n", "22P04 unterminated CSV quoted field @ COPY t, line 1: \"\"a\\nb\",\"c\\\"\n\"")
	f("escape \\", `a\"b","c`+"\n", "22P04 unterminated CSV quoted field @ COPY t, line 1: \"a\\\"b\",\"c\n\"")
	f("escape \\", `"a""b",c`+"\n", "ab|c;")
	f("escape \\", "\"a\\\nb\",c\n", "a\\\nb|c;")
	f("escape \\", "\"a\\\"\nb\",c\n", "a\"\nb|c;")
	f("escape \\", `"a\\",b`+"\n", `a\|b;`)
	f("quote ', escape '", "'it''s',\"x\n", `it's|"x;`)
	f("quote '", "'it''s',\"x\n", `it's|"x;`)
	f("quote ', escape /", "'it/'s','a//b/c'\n", "it's|a/b/c;")
	f("quote |", "|a,b|,c\n", "a,b|c;")
	f("escape x", `"axx",axb`+"\n", "ax|axb;")
	f("delimiter \t", "a,b\tc\n", "a,b|c;")
	f("delimiter ;", "\"a;b\";c\n", "a;b|c;")
	f("delimiter  ", "a \"b c\"\n", "a|b c;")
	f("delimiter x", "axb\n", "a|b;")
	f("delimiter \\", "a\\b\n", "a|b;")
	f("delimiter .", "\\.b\n", `\|b;`)
}

// TestCSVNulls holds the null string, quoted and not, and the options that change what it means.
func TestCSVNulls(t *testing.T) {
	f := func(opts, data, want string) { t.Helper(); reads(t, "a text, b text", "format csv"+opts, data, want) }
	f("", ",\n", "NULL|NULL;")
	f("", "\"\",\"\"\n", "|;")
	f(", null NULL", "NULL,\"NULL\"\n", "NULL|NULL;")
	f(", null NULL", ",null\n", "|null;")
	f(", null NULL", "N\"U\"LL,NULLL\n", "NULL|NULLL;")
	f(", null \\N", "\\N,\"\\N\"\n", `NULL|\N;`)
	f(", force_not_null a", ",\n", "|NULL;")
	f(", force_not_null a+b, null x", "x,\"x\"\n", "x|x;")
	f(", force_null a", "\"\",\"\"\n", "NULL|;")
	f(", force_null a+b, null x", "\"x\",x\n", "NULL|NULL;")
	f(", force_null a, force_not_null a", "\"\",\n", "NULL|NULL;")
	f(", force_null a, force_not_null a", ",\n", "|NULL;")
	reads(t, "a int4", "format csv, force_not_null a", "\n",
		`22P02 invalid input syntax for type integer: "" @ COPY t, line 1, column a: ""`)
	reads(t, "a int4, b int4", "format csv", "\"\",\n",
		`22P02 invalid input syntax for type integer: "" @ COPY t, line 1, column a: ""`)
}

// TestCSVColumns holds lines with too few and too many fields.
func TestCSVColumns(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a text, b int4", "format csv", data, want) }
	f("x\n", `22P04 missing data for column "b" @ COPY t, line 1: "x"`)
	f("x,1,\n", `22P04 extra data after last expected column @ COPY t, line 1: "x,1,"`)
	f("x,1,2\n", `22P04 extra data after last expected column @ COPY t, line 1: "x,1,2"`)
	f("\"x,1\n\",2,3\n", "22P04 extra data after last expected column @ COPY t, line 1: \"\"x,1\n\",2,3\"")
	f("x, 1\n", "x|1;")
	f("x,\"1\"\n", "x|1;")
	f("x,\"1x\"\n", `22P02 invalid input syntax for type integer: "1x" @ COPY t, line 1, column b: "1x"`)
	f("x,1e\n", `22P02 invalid input syntax for type integer: "1e" @ COPY t, line 1, column b: "1e"`)
	f(strings.Repeat("y", 98)+",zzz\n",
		`22P02 invalid input syntax for type integer: "zzz" @ COPY t, line 1, column b: "zzz"`)
	f("\xff,1\n", `22021 invalid byte sequence for encoding "UTF8": 0xff @ COPY t, line 1`)
	f("\"ok\n\xff\",1\n", `22021 invalid byte sequence for encoding "UTF8": 0xff @ COPY t, line 1`)
}

// TestCSVHeader holds headers, also such as go over several lines.
func TestCSVHeader(t *testing.T) {
	f := func(opts, data, want string) { t.Helper(); reads(t, "a text, b int4", "format csv, "+opts, data, want) }
	f("header true", "a,b\nx,1\n", "x|1;")
	f("header true", "\"a\nb\",c\nx,1\n", "x|1;")
	f("header true", "\"a\nb\",c\nx,bad\n",
		`22P02 invalid input syntax for type integer: "bad" @ COPY t, line 2, column b: "bad"`)
	f("header true", "a,b\r\nx,1\r\n", "x|1;")
	f("header true", "", "")
	f("header match", "a,b\nx,1\n", "x|1;")
	f("header match", "\"a\",\"b\"\nx,1\n", "x|1;")
	f("header match", "a, b\nx,1\n",
		`22P04 column name mismatch in header line field 2: got " b", expected "b" @ COPY t, line 1: "a, b"`)
	f("header match", "a,\nx,1\n",
		`22P04 column name mismatch in header line field 2: got null value (""), expected "b" @ COPY t, line 1: "a,"`)
	f("header match", "a\nx,1\n", `22P04 wrong number of fields in header line: got 1, expected 2 @ COPY t, line 1: "a"`)
	f("header match, force_not_null a", ",b\nx,1\n",
		`22P04 column name mismatch in header line field 1: got null value (""), expected "a" @ COPY t, line 1: ",b"`)
	f("header match, quote '", "'a',b\nx,1\n", "x|1;")
	f("header on", "a,b\nx,1\n", "x|1;")
	f("header off", "x,1\n", "x|1;")
	f("header 0", "x,1\n", "x|1;")
}
