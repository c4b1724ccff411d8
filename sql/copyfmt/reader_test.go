package copyfmt_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// columns makes a target list from "a int4, b varchar(3)".
func columns(t testing.TB, list string) []copyfmt.Column {
	t.Helper()
	var cols []copyfmt.Column
	if list == "" {
		return nil
	}
	for _, item := range strings.Split(list, ", ") {
		name, spec, _ := strings.Cut(item, " ")
		base, arg, sized := strings.Cut(strings.TrimSuffix(spec, ")"), "(")
		typ := types.ByName(base)
		if typ == nil {
			t.Fatalf("no type %q", base)
		}
		col := copyfmt.Column{Name: name, Type: types.Of(typ.OID)}
		if sized {
			var n int32
			if _, err := fmt.Sscan(arg, &n); err != nil {
				t.Fatal(err)
			}
			mod, err := typ.ModIn([]int32{n})
			if err != nil {
				t.Fatal(err)
			}
			col.Type.Mod = mod
		}
		cols = append(cols, col)
	}
	return cols
}

// options parses "format csv, header match, force_null a+b" and checks the result.
func options(t testing.TB, text string, from bool, cols []copyfmt.Column) copyfmt.Options {
	t.Helper()
	o, err := parseOptions(text, from)
	if err == nil {
		err = o.Check(from, cols)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func parseOptions(text string, from bool) (o copyfmt.Options, err error) {
	if text == "" {
		return o, nil
	}
	for _, item := range strings.Split(text, ", ") {
		name, value, _ := strings.Cut(item, " ")
		columns := copyfmt.Columns{All: value == "*"}
		if !columns.All {
			columns.Names = strings.Split(value, "+")
		}
		switch name {
		case "format":
			o.Format, err = copyfmt.ParseFormat(value)
		case "header":
			o.Header, err = copyfmt.ParseHeader(value, from)
		case "delimiter":
			o.Delimiter = &value
		case "null":
			o.Null = &value
		case "quote":
			o.Quote = &value
		case "escape":
			o.Escape = &value
		case "force_quote":
			o.ForceQuote = columns
		case "force_not_null":
			o.ForceNotNull = columns
		case "force_null":
			o.ForceNull = columns
		}
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

// show reads all rows and prints each as its values between bars; an error is its code, message and
// context.
func show(r *copyfmt.Reader, cols []copyfmt.Column) string {
	var out strings.Builder
	for {
		b, err := r.Next(0)
		if err != nil {
			e := pgerr.From(err)
			fmt.Fprintf(&out, "%s %s", e.SQLState, e.Message)
			if e.Where != "" {
				fmt.Fprintf(&out, " @ %s", e.Where)
			}
			return out.String()
		}
		if b == nil {
			return out.String()
		}
		for i := range b.N {
			for c, col := range cols {
				if c > 0 {
					out.WriteByte('|')
				}
				d := b.Cols[c].Datum(i)
				if d.Null {
					out.WriteString("NULL")
					continue
				}
				out.Write(types.Lookup(col.Type.OID).Format(nil, d, nil))
			}
			out.WriteByte(';')
		}
	}
}

// reads checks what reading data gives, whole and byte by byte.
func reads(t *testing.T, cols, opts, data, want string) {
	t.Helper()
	list := columns(t, cols)
	if oracle := connect(t); oracle != nil {
		if pg := oracle.copyFrom(t, list, opts, data); pg != want {
			t.Errorf("PostgreSQL %q", pg)
		}
	}
	for name, src := range map[string]io.Reader{
		"whole": strings.NewReader(data), "bytewise": iotest.OneByteReader(strings.NewReader(data)),
		"data with EOF": iotest.DataErrReader(strings.NewReader(data)),
	} {
		r := copyfmt.NewReader(src, "t", options(t, opts, true, list), list, nil)
		if got := show(r, list); got != want {
			t.Errorf("%s: %q\n got %q\nwant %q", name, data, got, want)
		}
	}
}

func TestReadText(t *testing.T) {
	f := func(cols, data, want string) { t.Helper(); reads(t, cols, "", data, want) }
	f("a int4, b text", "1\tx\n2\t\\N\n", "1|x;2|NULL;")
	f("a int4, b text", "1\tx\n2\ty", "1|x;2|y;")
	f("a int4, b text", "", "")
	f("a text", "\n\nx\n", ";;x;")
	f("a text, b text", "a\\tb\tc\\\\d\n", "a\tb|c\\d;")
	f("a text", `\b\f\n\r\t\v\101\x41\x4a4\7\q\'`+"\n", "\b\f\n\r\t\vAAJ4\aq';")
	f("a text", "x\\\ny\n", "x\ny;")
	f("a text", "x\\\\\ny\n", "x\\;y;")
	f("a text, b text", "x\\\ty\tz\n", "x\ty|z;")
	f("a text", "\\\\N\n", "\\N;")
	f("a int4", "1\n\\.\n2\n", "1;")
	f("a int4", "1\n\\.", `22P04 end-of-copy marker corrupt @ COPY t, line 2`)
	f("a text", "x\\.\ny\n", "x;")
	f("a text", "x\\.y\n", `22P04 end-of-copy marker corrupt @ COPY t, line 1`)
	f("a int4", "1\r\n2\r\n", "1;2;")
	f("a int4", "1\r2\r", "1;2;")
	f("a text", "a\r\nb\nc\r\n", `22P04 literal newline found in data @ COPY t, line 2`)
	f("a text", "a\nb\rc\n", `22P04 literal carriage return found in data @ COPY t, line 2`)
	f("a text", "a\rb\nc\r", `22P04 literal newline found in data @ COPY t, line 2`)
	f("a vector", "[1,2]\n[3,4.5]\n", "[1,2];[3,4.5];")

	f("a int4, b text", "1\n", `22P04 missing data for column "b" @ COPY t, line 1: "1"`)
	f("a int4, b text", "1\tx\n2\ty\tz\n", `22P04 extra data after last expected column @ COPY t, line 2: "2	y	z"`)
	f("a int4, b int4", "1\t1\n2\t2\n3\tx\n",
		`22P02 invalid input syntax for type integer: "x" @ COPY t, line 3, column b: "x"`)
	f("a varchar(3)", "abc\nabcd\n",
		`22001 value too long for type character varying(3) @ COPY t, line 2, column a: "abcd"`)
	f("a vector(3)", "[1,2]\n", `22000 expected 3 dimensions, not 2 @ COPY t, line 1, column a: "[1,2]"`)
	f("a text", "\xff\n", `22021 invalid byte sequence for encoding "UTF8": 0xff @ COPY t, line 1`)
	long := strings.Repeat("ä", 60)
	f("a int4", long+"\n",
		`22P02 invalid input syntax for type integer: "`+long+`" @ COPY t, line 1, column a: "`+strings.Repeat("ä",
			50)+`..."`)
	f("", "\n\n", ";;")
}

func TestReadTextOptions(t *testing.T) {
	reads(t, "a int4, b text", "delimiter |, null NULL", "1|x\n2|NULL\n3|\\N\n", "1|x;2|NULL;3|N;")
	reads(t, "a int4", "header true", "a\n1\n", "1;")
	reads(t, "a int4, b int4", "header match", "a\tb\n1\t2\n", "1|2;")
	reads(t, "a int4, b int4", "header match", "a\tc\n1\t2\n",
		`22P04 column name mismatch in header line field 2: got "c", expected "b" @ COPY t, line 1: "a	c"`)
	reads(t, "a int4, b int4", "header match", "a\n",
		`22P04 wrong number of fields in header line: got 1, expected 2 @ COPY t, line 1: "a"`)
	reads(t, "a int4, b int4", "header match", "a\t\\N\n",
		`22P04 column name mismatch in header line field 2: got null value ("\N"), expected "b" @ COPY t, line 1: "a	\N"`)
}

func TestReadCSV(t *testing.T) {
	f := func(cols, opts, data, want string) { t.Helper(); reads(t, cols, "format csv"+opts, data, want) }
	f("a int4, b text", "", "1,x\n2,\n3,\"\"\n", "1|x;2|NULL;3|;")
	f("a text, b text", "", "\"a,b\",\"c\"\"d\"\n", `a,b|c"d;`)
	f("a text", "", "\"a\nb\"\nc\n", "a\nb;c;")
	f("a text", "", "\"a\r\nb\"\r\nc\r\n", "a\r\nb;c;")
	f("a text", "", "pre\"quo,ted\"post\n", "prequo,tedpost;")
	f("a text", "", "a\\nb\n", `a\nb;`)
	f("a text", "", "x\n\\.\ny\n", "x;")
	f("a text, b text", ", quote ', escape \\", `'it\'s','a\\b'`+"\n", `it's|a\b;`)
	f("a text", ", quote ', escape \\", "'a\\'\nb'\n", "a'\nb;")
	f("a text, b text", ", null NULL", "NULL,\"NULL\"\n", "NULL|NULL;")
	f("a text, b text", ", force_not_null a", ",\n", "|NULL;")
	f("a text, b text", ", force_null a", "\"\",\"\"\n", "NULL|;")
	f("a text", ", delimiter ;", "a,b\n", "a,b;")
	f("a int4, b text", ", header true", "x,y\n1,2\n", "1|2;")
	f("a text", "", "\"abc\n", `22P04 unterminated CSV quoted field @ COPY t, line 1: ""abc`+"\n"+`"`)
	f("a text", "", "a\nb\rc\n", `22P04 unquoted carriage return found in data @ COPY t, line 2`)
	f("a text", "", "a\n\"b\nc\"\n\"x\n", `22P04 unterminated CSV quoted field @ COPY t, line 5: ""x`+"\n"+`"`)
	f("a int4", "", "1\n\"\n2\"\nx\n", `22P02 invalid input syntax for type integer: "x" @ COPY t, line 4, column a: "x"`)
	f("a int4, b int4", "", "1\n", `22P04 missing data for column "b" @ COPY t, line 1: "1"`)
	f("a vector(2), b text", "", "\"[1,2]\",x\n", "[1,2]|x;")
}

func TestReadManyRows(t *testing.T) {
	cols := columns(t, "a int4, b text")
	var data strings.Builder
	const rows = 5000
	for i := range rows {
		fmt.Fprintf(&data, "%d\tvalue %d\n", i, i)
	}
	r := copyfmt.NewReader(strings.NewReader(data.String()), "t", options(t, "", true, cols), cols, nil)
	var kept []string
	read := int64(0)
	for {
		b, err := r.Next(0)
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			break
		}
		if got, want := r.Line(b.N-1), read+int64(b.N); got != want {
			t.Fatalf("the last row is of line %d, want %d", got, want)
		}
		read += int64(b.N)
		kept = append(kept, b.Cols[1].S...)
	}
	if len(kept) != rows {
		t.Fatalf("%d rows", len(kept))
	}
	for i, s := range kept {
		if s != fmt.Sprintf("value %d", i) {
			t.Fatalf("row %d is %q: its bytes were written again", i, s)
		}
	}
}

func TestSourceErrors(t *testing.T) {
	cols := columns(t, "a int4")
	cancel := pgerr.New("57014", "COPY from stdin failed: no more")
	src := io.MultiReader(strings.NewReader("1\n2"), iotest.ErrReader(cancel))
	r := copyfmt.NewReader(src, "t", options(t, "", true, cols), cols, nil)
	if got := show(r, cols); got != "57014 COPY from stdin failed: no more" {
		t.Fatal(got)
	}
	void := []copyfmt.Column{{Name: "a", Type: types.Of(600)}}
	if err := new(copyfmt.Options).Check(true, void); pgerr.Code(err) != "0A000" {
		t.Fatalf("a type without input: %v", err)
	}
}

// head is the header of a binary file.
const head = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"

func TestReadBinary(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a int4, b text", "format binary", data, want) }
	row := "\x00\x02\x00\x00\x00\x04\x00\x00\x00\x07\x00\x00\x00\x01x"
	null := "\x00\x02\xff\xff\xff\xff\x00\x00\x00\x00"
	f(head+row+null+"\xff\xff", "7|x;NULL|;")
	f(head+row, "7|x;")
	f("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x02zz"+row+"\xff\xff", "7|x;")
	f("", "22P04 COPY file signature not recognized")
	f("PGCOPX\n\xff\r\n\x00", "22P04 COPY file signature not recognized")
	f(head[:13], "22P04 invalid COPY file header (missing flags)")
	f("PGCOPY\n\xff\r\n\x00\x80\x00\x00\x00\x00\x00\x00\x00", "22P04 unrecognized critical flags in COPY file header")
	f("PGCOPY\n\xff\r\n\x00\x00\x01\x00\x00\x00\x00\x00\x00", "22P04 invalid COPY file header (WITH OIDS)")
	f(head+"\x00\x03", "22P04 row field count is 3, expected 2 @ COPY t, line 1")
	f(head+row+"\x00\x02\x00\x00\x00\x04\x00", "22P04 unexpected EOF in COPY data @ COPY t, line 2, column a")
	f(head+row+"\x00\x02\x80\x00\x00\x04\x00", "22P04 invalid field size @ COPY t, line 2, column a")
	f(head+"\xff\xffx", "22P04 received copy data after EOF marker @ COPY t, line 1")
	f(head+"\x00\x02\x00\x00\x00\x03\x00\x00\x00\xff\xff\xff\xff",
		"08P01 insufficient data left in message @ COPY t, line 1, column a")
	f(head+"\x00\x02\x00\x00\x00\x05\x00\x00\x00\x00\x00\xff\xff\xff\xff",
		"22P03 incorrect binary data format @ COPY t, line 1, column a")
}

func TestOptions(t *testing.T) {
	f := func(text string, from bool, want string) {
		t.Helper()
		o, err := parseOptions(text, from)
		if err == nil {
			err = o.Check(from, columns(t, "a int4, b text"))
		}
		got := ""
		if err != nil {
			got = pgerr.Code(err) + " " + err.Error()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	f("", true, "")
	f("format csv, delimiter ;, quote ', escape \\, header", true, "")
	f("format binary", false, "")
	f("format xml", true, `22023 COPY format "xml" not recognized`)
	f("delimiter ab", true, "0A000 COPY delimiter must be a single one-byte character")
	f("delimiter a", true, `22023 COPY delimiter cannot be "a"`)
	f("delimiter \n", true, "22023 COPY delimiter cannot be newline or carriage return")
	f("format binary, delimiter ;", true, "42601 cannot specify DELIMITER in BINARY mode")
	f("format binary, null x", true, "42601 cannot specify NULL in BINARY mode")
	f("format binary, header", true, "0A000 cannot specify HEADER in BINARY mode")
	f("null a\nb", true, "22023 COPY null representation cannot use newline or carriage return")
	f("null a;b, delimiter ;", true, "0A000 COPY delimiter must not appear in the NULL specification")
	f("quote x", true, "0A000 COPY quote available only in CSV mode")
	f("format csv, quote ,", true, "22023 COPY delimiter and quote must be different")
	f("format csv, quote xx", true, "0A000 COPY quote must be a single one-byte character")
	f("escape x", true, "0A000 COPY escape available only in CSV mode")
	f("format csv, null \"", true, "0A000 CSV quote character must not appear in the NULL specification")
	f("format csv, force_quote a", true, "0A000 COPY force quote only available using COPY TO")
	f("format csv, force_quote *", false, "")
	f("format csv, force_null c", true, `42P10 FORCE_NULL column "c" not referenced by COPY`)
	f("format csv, force_not_null a", false, "0A000 COPY force not null only available using COPY FROM")
	f("force_null a", true, "0A000 COPY force null available only in CSV mode")
	f("header maybe", true, `42601 header requires a Boolean value or "match"`)
	f("header match", false, `0A000 cannot use "match" with HEADER in COPY TO`)
}

// write prints rows given as text, "\x00" for NULL.
func write(t *testing.T, cols, opts string, rows ...[]string) []byte {
	t.Helper()
	list := columns(t, cols)
	var out bytes.Buffer
	w := copyfmt.NewWriter(&out, options(t, opts, false, list), list, nil)
	b := rowsBatch(t, list, rows)
	if err := w.WriteBatch(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
