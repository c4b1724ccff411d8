package copyfmt_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// columns parses "a text, b int4".
func columns(spec string) []copyfmt.Column {
	var out []copyfmt.Column
	if spec == "" {
		return nil
	}
	for _, s := range strings.Split(spec, ", ") {
		name, typ, _ := strings.Cut(s, " ")
		out = append(out, copyfmt.Column{Name: name, Type: types.Of(types.ByName(typ).OID)})
	}
	return out
}

// show prints the rows of a batch: values in brackets, NULL bare.
func show(b *batch.Batch, env *types.Session) string {
	var out []byte
	for i := range b.Rows() {
		r := b.Row(i)
		for k, c := range b.Cols {
			if k > 0 {
				out = append(out, ' ')
			}
			if c.Null(r) {
				out = append(out, "NULL"...)
				continue
			}
			out = append(types.Lookup(c.Type.OID).Format(append(out, '<'), c.Datum(r), env), '>')
		}
		out = append(out, ';')
	}
	return string(out)
}

// readAll reads all rows, or gives the error with its context.
func readAll(r io.Reader, o copyfmt.Options, cols []copyfmt.Column) (string, error) {
	env := &types.Session{}
	rd := copyfmt.NewReader(r, "t", o, cols, env)
	var out strings.Builder
	for {
		b, err := rd.Next(0)
		if err != nil {
			return out.String(), err
		}
		if b == nil {
			return out.String(), nil
		}
		out.WriteString(show(b, env))
	}
}

func ptr(s string) *string { return &s }

// tester reads input whole and byte by byte, and compares the rows, or the error and its context.
func tester(t *testing.T, o copyfmt.Options, spec string) func(in, want string) {
	cols := columns(spec)
	if err := o.Check(true, cols); err != nil {
		t.Fatal(err)
	}
	return func(in, want string) {
		t.Helper()
		for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in)), iotest.DataErrReader(strings.NewReader(in))} {
			got, err := readAll(r, o, cols)
			if err != nil {
				e := pgerr.From(err)
				got = e.SQLState + " " + e.Message + " | " + e.Where
			}
			if got != want {
				t.Fatalf("read %q:\n got %s\nwant %s", in, got, want)
			}
		}
	}
}

func TestReadText(t *testing.T) {
	f := tester(t, copyfmt.Options{}, "a text, b int4")
	f("", "")
	f("x\t1\ny\t2\n", "<x> <1>;<y> <2>;")
	f("x\t1\ny\t2", "<x> <1>;<y> <2>;")
	f("\t\\N\n\\N\t3\n", "<> NULL;NULL <3>;")
	f("x\t1\r\ny\t2\r\n", "<x> <1>;<y> <2>;")
	f("x\t1\ry\t2\r", "<x> <1>;<y> <2>;")
	f("a\\tb\\nc\\\\d\\re\\b\\f\\v\t1\n", "<a\tb\nc\\d\re\b\f\v> <1>;")
	f("\\101\\60\\7z\\x41\\x4g\\xg\\q\t1\n", "<A0\az"+"A\x04gxgq> <1>;")
	f("a\\\tb\t1\n", "<a\tb> <1>;")
	f("a\\\nb\t1\n", "<a\nb> <1>;")
	f("q\t0\na\\\\\\\nb\t1\n", "<q> <0>;<a\\\nb> <1>;")
	f("q\t0\na\\\rb\t1\n", "<q> <0>;<a\rb> <1>;")
	f("\\\\N\t1\n", `<\N> <1>;`)
	f("N\t1\n\\.\nrubbish", "<N> <1>;")
	f("x\t1\\", "<x> <1>;")
	f("x\n", `22P04 missing data for column "b" | COPY t, line 1: "x"`)
	f("x\t1\n\n", `22P04 missing data for column "b" | COPY t, line 2: ""`)
	f("x\t1\ny\t2\t3\n", `22P04 extra data after last expected column | COPY t, line 2: "y`+"\t2\t3\"")
	f("x\t1\ny\tzz\n", `22P02 invalid input syntax for type integer: "zz" | COPY t, line 2, column b: "zz"`)
	f("x\t1\ny\rz\t2\n", `22P04 literal carriage return found in data | COPY t, line 2`)
	f("x\t1\r\ny\t2\n", `22P04 literal newline found in data | COPY t, line 2`)
	f("x\t1\r\ny\rz\t2\r\n", `22P04 literal carriage return found in data | COPY t, line 2`)
	f("x\\.y\t1\n", `22P04 end-of-copy marker corrupt | COPY t, line 1: "x\.y`+"\t1\"")
	f("x\\.\n", `22P04 end-of-copy marker is not alone on its line | COPY t, line 1: "x\."`)
	f("\xff\t1\n", `22021 invalid byte sequence for encoding "UTF8": 0xff | COPY t, line 1, column a: "`+"\xff\"")
	f("\\0\t1\n", `22021 invalid byte sequence for encoding "UTF8": 0x00 | COPY t, line 1, column a: "`+"\x00\"")
	long := strings.Repeat("é", 60)
	f(long+"\n", `22P04 missing data for column "b" | COPY t, line 1: "`+long[:100]+`..."`)
}

func TestReadTextOptions(t *testing.T) {
	f := tester(t, copyfmt.Options{Delimiter: ptr("|"), Null: ptr("nil"), Header: copyfmt.HeaderLine}, "a text, b int4")
	f("", "")
	f("whatever\nx|1\n", "<x> <1>;")
	f("h\n\\nil|nil\n", "<\nil> NULL;")
	f("h\nnil\\||nil\n", "<nil|> NULL;")

	f = tester(t, copyfmt.Options{Header: copyfmt.HeaderMatch}, "a text, b int4")
	f("a\tb\nx\t1\n", "<x> <1>;")
	f("a\n", `22P04 wrong number of fields in header line: got 1, expected 2 | COPY t, line 1: "a"`)
	f("a\tc\n", `22P04 column name mismatch in header line field 2: got "c", expected "b" | COPY t, line 1: "a`+"\tc\"")
	f("a\t\\N\n", `22P04 column name mismatch in header line field 2: got null value ("\N"), expected "b" | COPY t, line 1: "a`+"\t\\N\"")

	f = tester(t, copyfmt.Options{}, "v vector")
	f("[1,2.5]\n\\N\n[3]\n", "<[1,2.5]>;NULL;<[3]>;")
	f("[1,NaN]\n", `22000 NaN not allowed in vector | COPY t, line 1, column v: "[1,NaN]"`)

	f = tester(t, copyfmt.Options{}, "")
	f("\n\n", ";;")
	f("\nx\n", `22P04 extra data after last expected column | COPY t, line 2: "x"`)
}

func TestReadCSV(t *testing.T) {
	f := tester(t, copyfmt.Options{Format: copyfmt.CSV}, "a text, b int4")
	f("x,1\ny,2", "<x> <1>;<y> <2>;")
	f(",\n\"\",3\n", "NULL NULL;<> <3>;")
	f("\"a,b\",1\r\n\"c\",2\r\n", "<a,b> <1>;<c> <2>;")
	f("\"a\"\"b\",1\n", `<a"b> <1>;`)
	f("\"a\nb\",1\nc,2\n", "<a\nb> <1>;<c> <2>;")
	f("a\"b,\"c,\"1\"\n", "<ab,c> <1>;")
	f("\\,1\n\\N,2\n\\.\nrubbish", `<\> <1>;<\N> <2>;`)
	f("\"\\.\",1\n", `<\.> <1>;`)
	f("x,1\n\"a,1\n", `22P04 unterminated CSV quoted field | COPY t, line 3: ""a,1`+"\n\"")
	f("\"a\n\n\",x\n", `22P02 invalid input syntax for type integer: "x" | COPY t, line 3, column b: "x"`)
	f("x,1\ny\rz,1\n", `22P04 unquoted carriage return found in data | COPY t, line 2`)
	f("x,1\r\ny,1\n", `22P04 unquoted newline found in data | COPY t, line 2`)
	f("x\n", `22P04 missing data for column "b" | COPY t, line 1: "x"`)
	f("x,1,2\n", `22P04 extra data after last expected column | COPY t, line 1: "x,1,2"`)

	f = tester(t, copyfmt.Options{Format: copyfmt.CSV, Delimiter: ptr(";"), Quote: ptr("'"), Escape: ptr("\\"), Null: ptr("-")}, "a text, b int4")
	f(`'it\'s; \\ \n';1`+"\n-;-\n'-';2\n", `<it's; \ \n> <1>;NULL NULL;<-> <2>;`)
	f(`'\\';1`+"\n", `<\> <1>;`)
	f(`'a`+"\n"+`b\'c';1`+"\n", "<a\nb'c> <1>;")

	o := copyfmt.Options{Format: copyfmt.CSV, Header: copyfmt.HeaderMatch}
	o.ForceNull, o.ForceNotNull = copyfmt.Columns{Names: []string{"b"}}, copyfmt.Columns{Names: []string{"a"}}
	f = tester(t, o, "a text, b int4")
	f("a,\"b\"\n,\"\"\n", "<> NULL;")
}

func TestOptions(t *testing.T) {
	f := func(o copyfmt.Options, from bool, want string) {
		t.Helper()
		got := "ok"
		if err := o.Check(from, columns("a text, b int4")); err != nil {
			got = pgerr.Code(err) + " " + err.Error()
		}
		if got != want {
			t.Fatalf("%+v: %s, want %s", o, got, want)
		}
	}
	csv, binary := copyfmt.CSV, copyfmt.Binary
	some := copyfmt.Columns{Names: []string{"a"}}
	f(copyfmt.Options{}, true, "ok")
	f(copyfmt.Options{Format: binary}, false, "ok")
	f(copyfmt.Options{Format: csv, ForceQuote: copyfmt.Columns{All: true}}, false, "ok")
	f(copyfmt.Options{Format: binary, Delimiter: ptr(",")}, true, "42601 cannot specify DELIMITER in BINARY mode")
	f(copyfmt.Options{Format: binary, Null: ptr("")}, true, "42601 cannot specify NULL in BINARY mode")
	f(copyfmt.Options{Format: binary, Header: copyfmt.HeaderLine}, true, "0A000 cannot specify HEADER in BINARY mode")
	f(copyfmt.Options{Delimiter: ptr("")}, true, "0A000 COPY delimiter must be a single one-byte character")
	f(copyfmt.Options{Delimiter: ptr("é")}, true, "0A000 COPY delimiter must be a single one-byte character")
	f(copyfmt.Options{Delimiter: ptr("\n")}, true, "22023 COPY delimiter cannot be newline or carriage return")
	f(copyfmt.Options{Delimiter: ptr("n")}, true, `22023 COPY delimiter cannot be "n"`)
	f(copyfmt.Options{Null: ptr("a\nb")}, true, "22023 COPY null representation cannot use newline or carriage return")
	f(copyfmt.Options{Null: ptr("\t")}, true, "22023 COPY delimiter character must not appear in the NULL specification")
	f(copyfmt.Options{Format: csv, Null: ptr(`"`)}, true, "22023 CSV quote character must not appear in the NULL specification")
	f(copyfmt.Options{Quote: ptr("'")}, true, "0A000 COPY QUOTE requires CSV mode")
	f(copyfmt.Options{Escape: ptr("'")}, true, "0A000 COPY ESCAPE requires CSV mode")
	f(copyfmt.Options{Format: csv, Quote: ptr("ab")}, true, "0A000 COPY quote must be a single one-byte character")
	f(copyfmt.Options{Format: csv, Quote: ptr(",")}, true, "22023 COPY delimiter and quote must be different")
	f(copyfmt.Options{ForceQuote: some}, false, "0A000 COPY FORCE_QUOTE requires CSV mode")
	f(copyfmt.Options{Format: csv, ForceQuote: some}, true, "0A000 COPY FORCE_QUOTE cannot be used with COPY FROM")
	f(copyfmt.Options{Format: csv, ForceNull: some}, false, "0A000 COPY FORCE_NULL cannot be used with COPY TO")
	f(copyfmt.Options{Format: csv, ForceNotNull: copyfmt.Columns{Names: []string{"z"}}}, true,
		`42P10 FORCE_NOT_NULL column "z" not referenced by COPY`)

	if _, err := copyfmt.ParseFormat("xml"); pgerr.Code(err) != "22023" {
		t.Fatal(err)
	}
	for value, want := range map[string]string{"": "", "on": "", "FALSE": "", "match": "0A000", "2": "42601"} {
		if _, err := copyfmt.ParseHeader(value, false); pgerr.Code(err) != want {
			t.Fatalf("header %s: %v", value, err)
		}
	}
}

// rows makes a batch from values, NULL being null.
func rows(t *testing.T, cols []copyfmt.Column, values ...string) *batch.Batch {
	t.Helper()
	b := &batch.Batch{}
	for _, c := range cols {
		b.Cols = append(b.Cols, batch.New(c.Type, types.Lookup(c.Type.OID).Physical, 0))
	}
	for i, v := range values {
		d := types.NullDatum
		if c := cols[i%len(cols)]; v != "NULL" {
			var err error
			if d, err = types.Lookup(c.Type.OID).Parse(v, -1, nil); err != nil {
				t.Fatal(err)
			}
		}
		b.Cols[i%len(cols)].Append(d)
	}
	b.N = len(values) / len(cols)
	return b
}

// writes collects each Write.
type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

func TestWrite(t *testing.T) {
	f := func(o copyfmt.Options, spec, want string, values ...string) {
		t.Helper()
		cols := columns(spec)
		if err := o.Check(false, cols); err != nil {
			t.Fatal(err)
		}
		var got writes
		w := copyfmt.NewWriter(&got, o, cols, &types.Session{})
		if err := w.WriteBatch(rows(t, cols, values...)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if s := strings.Join(got, "~"); s != want {
			t.Fatalf("wrote %q, want %q", s, want)
		}
	}
	text, csv := copyfmt.Options{}, copyfmt.Options{Format: copyfmt.CSV}
	f(text, "a text, b int4", "x\t1\n~\\N\t\\N\n", "x", "1", "NULL", "NULL")
	f(text, "a text, b int4", "a\\tb\\nc\\\\d\\r\\b\\f\\v|\t1\n", "a\tb\nc\\d\r\b\f\v|", "1")
	f(copyfmt.Options{Delimiter: ptr("|"), Null: ptr("")}, "a text, b int4", "a\\|\\t|1\n~|\n", "a|\t", "1", "NULL", "NULL")
	f(copyfmt.Options{Header: copyfmt.HeaderLine}, "a text, b int4", "a\tb\n~x\t1\n", "x", "1")
	f(csv, "a text, b int4", "x,1\n~,\n~\"\",2\n", "x", "1", "NULL", "NULL", "", "2")
	f(csv, "a text, b int4", "\"a,b\",1\n~\"a\"\"b\",2\n~\"a\nb\",3\n~\\.,4\n", "a,b", "1", `a"b`, "2", "a\nb", "3", `\.`, "4")
	f(csv, "a text", "\"\\.\"\n", `\.`)
	f(copyfmt.Options{Format: copyfmt.CSV, Header: copyfmt.HeaderLine, ForceQuote: copyfmt.Columns{Names: []string{"b"}}},
		"a text, b int4", "a,b\n~x,\"1\"\n~y,\n", "x", "1", "y", "NULL")
	f(copyfmt.Options{Format: copyfmt.CSV, Quote: ptr("'"), Escape: ptr(`\`)}, "a text, b int4", `'it\'s\\',1`+"\n", `it's\`, "1")
	f(copyfmt.Options{Format: copyfmt.Binary}, "a text, b int4",
		"PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x01x\x00\x00\x00\x04\x00\x00\x00\x01~"+
			"\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff~\xff\xff", "x", "1", "NULL", "NULL")
	f(text, "a text", "")
}

func TestReadBinary(t *testing.T) {
	f := tester(t, copyfmt.Options{Format: copyfmt.Binary}, "a text, b int4")
	const head = "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	const row = "\x00\x02\x00\x00\x00\x01x\x00\x00\x00\x04\x00\x00\x00\x07"
	f(head+"\xff\xff", "")
	f(head+row+"\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "<x> <7>;NULL NULL;")
	f(head+row, "<x> <7>;")
	f("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x03abc"+row, "<x> <7>;")
	f("PGCOPY\n", "22P04 COPY file signature not recognized | COPY t, line 0")
	f(head[:13], "22P04 invalid COPY file header (missing flags) | COPY t, line 0")
	f(head[:17], "22P04 invalid COPY file header (missing length) | COPY t, line 0")
	f("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x03ab", "22P04 invalid COPY file header (wrong length) | COPY t, line 0")
	f("PGCOPY\n\xff\r\n\x00\x00\x01\x00\x00\x00\x00\x00\x00", "22P04 invalid COPY file header (WITH OIDS) | COPY t, line 0")
	f("PGCOPY\n\xff\r\n\x00\x80\x00\x00\x00\x00\x00\x00\x00", "22P04 unrecognized critical flags in COPY file header | COPY t, line 0")
	f(head+row+"\xff\xffz", "22P04 received copy data after EOF marker | COPY t, line 2")
	f(head+"\x00\x03", "22P04 row field count is 3, expected 2 | COPY t, line 1")
	f(head+row[:8], "22P04 unexpected EOF in COPY data | COPY t, line 1")
	f(head+row[:13], "22P04 unexpected EOF in COPY data | COPY t, line 1")
	f(head+"\x00\x02\xff\xff\xff\xfe", "22P04 invalid field size | COPY t, line 1")
	f(head+"\x00\x02\x00\x00\x00\x01x\x00\x00\x00\x02\x00\x01", "22P03 incorrect binary data format for type integer | COPY t, line 1, column b")
}

// TestBatches reads more rows than fit one batch: earlier batches stay as they are, rows know their lines.
func TestBatches(t *testing.T) {
	const n = 3000
	in := strings.Repeat("some text\t1\n", n)
	rd := copyfmt.NewReader(strings.NewReader(in), "t", copyfmt.Options{}, columns("a text, b int4"), &types.Session{})
	first, err := rd.Next(0)
	if err != nil || first.N != batch.RowsMax || rd.Line(0) != 1 || rd.Line(batch.RowsMax-1) != batch.RowsMax {
		t.Fatal(first, err)
	}
	before := show(first, nil)
	total := first.N
	for {
		b, err := rd.Next(100)
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			break
		}
		if b.N > 100 || rd.Line(0) != int64(total)+1 {
			t.Fatalf("%d rows from line %d after %d", b.N, rd.Line(0), total)
		}
		total += b.N
	}
	if total != n || show(first, nil) != before {
		t.Fatalf("%d rows", total)
	}
	err = rd.At(pgerr.New("23502", "null"), 7)
	if e := pgerr.From(err); e.Where != "COPY t, line 7" {
		t.Fatal(e.Where)
	}
}

// TestStreamError passes errors of the stream through.
func TestStreamError(t *testing.T) {
	broken := errors.New("broken")
	for _, format := range []copyfmt.Format{copyfmt.Text, copyfmt.CSV, copyfmt.Binary} {
		r := io.MultiReader(strings.NewReader("PGCOPY"), iotest.ErrReader(broken))
		if _, err := readAll(r, copyfmt.Options{Format: format}, columns("a text")); !errors.Is(err, broken) {
			t.Fatal(err)
		}
	}
}

// FuzzRead reads anything; what can be read is the same when it is written and read again.
func FuzzRead(f *testing.F) {
	f.Add([]byte("x\t1\n\\N\t\\N\n\\.\n"), byte(0))
	f.Add([]byte("\"a\"\"b\nc\",1\r\n,\r\n"), byte(1))
	f.Add([]byte("'a\\'b';1\n"), byte(5))
	f.Add([]byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x01x\xff\xff\xff\xff\xff\xff"), byte(2))
	f.Fuzz(func(t *testing.T, in []byte, kind byte) {
		o := copyfmt.Options{Format: copyfmt.Format(kind % 3)}
		if o.Format == copyfmt.CSV && kind&4 != 0 {
			o.Delimiter, o.Quote, o.Escape, o.Null = ptr(";"), ptr("'"), ptr(`\`), ptr("-")
		}
		cols := columns("a text, b int4")
		env := &types.Session{}
		rd := copyfmt.NewReader(bytes.NewReader(in), "t", o, cols, env)
		var out bytes.Buffer
		w := copyfmt.NewWriter(&out, o, cols, env)
		var want strings.Builder
		for {
			b, err := rd.Next(0)
			if err != nil {
				return
			}
			if b == nil {
				break
			}
			want.WriteString(show(b, env))
			if err := w.WriteBatch(b); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := readAll(iotest.HalfReader(bytes.NewReader(out.Bytes())), o, cols)
		if err != nil || got != want.String() {
			t.Fatalf("%q was written as %q: %v\n got %s\nwant %s", in, out.Bytes(), err, got, want.String())
		}
	})
}

// BenchmarkReadVectors is the usual load: a number and a vector.
func BenchmarkReadVectors(b *testing.B) {
	line := "12345\t[" + strings.Repeat("0.12345678,", 127) + "0.5]\n"
	in := strings.Repeat(line, 1000)
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		rd := copyfmt.NewReader(strings.NewReader(in), "t", copyfmt.Options{}, columns("a int8, v vector"), &types.Session{})
		if _, err := rd.Next(0); err != nil {
			b.Fatal(err)
		}
	}
}
