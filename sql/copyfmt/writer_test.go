package copyfmt_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/types"
)

// null stands for NULL in rows of text.
const null = "\x00"

// rowsBatch parses rows of text into a batch.
func rowsBatch(t testing.TB, cols []copyfmt.Column, rows [][]string) *batch.Batch {
	t.Helper()
	b := &batch.Batch{N: len(rows)}
	for i, c := range cols {
		typ := types.Lookup(c.Type.OID)
		col := batch.New(c.Type, typ.Physical, len(rows))
		for _, row := range rows {
			if row[i] == null {
				col.Append(types.NullDatum)
				continue
			}
			d, err := typ.Parse(row[i], c.Type.Mod, nil)
			if err != nil {
				t.Fatal(err)
			}
			col.Append(d)
		}
		b.Cols = append(b.Cols, col)
	}
	return b
}

func TestWriteText(t *testing.T) {
	oracle := connect(t)
	f := func(cols, opts, want string, rows ...[]string) {
		t.Helper()
		if oracle != nil {
			if pg := oracle.copyTo(t, columns(t, cols), opts, rows); pg != want {
				t.Errorf("PostgreSQL %q", pg)
			}
		}
		if got := string(write(t, cols, opts, rows...)); got != want {
			t.Errorf("%v\n got %q\nwant %q", rows, got, want)
		}
	}
	f("a int4, b text", "", "1\tx\n2\t\\N\n", []string{"1", "x"}, []string{"2", null})
	f("a text", "", `\b\f\n\r\t\v\\a`+"\n", []string{"\b\f\n\r\t\v\\a"})
	f("a text, b text", "delimiter |, null ''", "a\\|b|''\n", []string{"a|b", null})
	f("a text", "header true", "a\nx\n", []string{"x"})
	f("a text", "", "\\\\N\n", []string{`\N`})

	f("a int4, b text", "format csv", "1,x\n2,\n3,\"\"\n", []string{"1", "x"}, []string{"2", null}, []string{"3", ""})
	f("a text", "format csv", "\"a,b\"\n\"c\"\"d\"\n\"e\nf\"\n\"g\rh\"\n g \n", []string{"a,b"}, []string{`c"d`},
		[]string{"e\nf"}, []string{"g\rh"}, []string{" g "})
	f("a text", "format csv", "\"\\.\"\n", []string{`\.`})
	f("a text, b text", "format csv", "\\.,x\n", []string{`\.`, "x"})
	f("a text", "format csv, quote ', escape \\", `'it\'s \\'`+"\n", []string{`it's \`})
	f("a int4, b text", "format csv, force_quote *, header true", "a,b\n\"1\",\"x\"\n\"2\",\n", []string{"1", "x"},
		[]string{"2", null})
	f("a int4, b text", "format csv, force_quote b, null NULL", "1,\"x\"\n2,\"NULL\"\nNULL,NULL\n", []string{"1", "x"},
		[]string{"2", "NULL"}, []string{null, null})

	f("a int4, b text", "format binary",
		head+"\x00\x02\x00\x00\x00\x04\x00\x00\x00\x07\x00\x00\x00\x01x\x00\x02\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff",
		[]string{"7", "x"}, []string{null, ""})
	f("a int4", "format binary", head+"\xff\xff")
}

// rowWriter counts calls and fails at the limit.
type rowWriter struct{ calls, limit int }

func (w *rowWriter) Write(b []byte) (int, error) {
	w.calls++
	if w.calls > w.limit {
		return 0, errors.New("closed")
	}
	return len(b), nil
}

func TestOneWriteARow(t *testing.T) {
	cols := columns(t, "a int4")
	b := rowsBatch(t, cols, [][]string{{"1"}, {"2"}, {"3"}})
	b.Sel = []int32{0, 2}
	dst := &rowWriter{limit: 2}
	w := copyfmt.NewWriter(dst, options(t, "", false, cols), cols, nil)
	if err := w.WriteBatch(b); err != nil || dst.calls != 2 {
		t.Fatalf("%d calls, %v", dst.calls, err)
	}
	if err := w.WriteBatch(b); err == nil {
		t.Fatal("an error of the destination is lost")
	}
}

// TestRoundTrip writes values of many types in every format and reads them back.
func TestRoundTrip(t *testing.T) {
	cols := "a bool, b int8, c float8, d numeric, e text, f bytea, g timestamptz, h uuid, i jsonb, j _text, " +
		"k vector, l interval"
	rows := [][]string{
		{
			"t", "-9", "0.1", "1.50", "tab\there, \"quoted\" \\ and\nline", `\x00ff`, "2024-02-29 12:00:00+00",
			"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", `{"a": [1, "x\ny"]}`, `{a,"b,c",NULL,"\\"}`, "[1,2.5]", "1 mon 2 days",
		},
		{null, null, null, null, null, null, null, null, null, null, null, null},
		{
			"f", "0", "NaN", "NaN", "", `\x`, "infinity", "00000000-0000-0000-0000-000000000000", `"\\."`, "{}", "[0]",
			"00:00:00",
		},
	}
	list := columns(t, cols)
	show := func(b *batch.Batch) string {
		var out strings.Builder
		for i := range b.N {
			for c, col := range b.Cols {
				if col.Null(i) {
					fmt.Fprintf(&out, "NULL|")
					continue
				}
				fmt.Fprintf(&out, "%s|", types.Lookup(list[c].Type.OID).Format(nil, col.Datum(i), nil))
			}
			out.WriteByte('\n')
		}
		return out.String()
	}
	want := show(rowsBatch(t, list, rows))
	for _, opts := range []string{
		"", "format csv", "format csv, force_quote *, quote ', escape \\", "format binary", "delimiter |, null x",
	} {
		data := write(t, cols, opts, rows...)
		readOpts := strings.Replace(opts, "force_quote *, ", "", 1)
		r := copyfmt.NewReader(bytes.NewReader(data), "t", options(t, readOpts, true, list), list, nil)
		b, err := r.Next(0)
		if err != nil || b == nil {
			t.Fatalf("%q: %v %v", opts, b, err)
		}
		if got := show(b); got != want {
			t.Errorf("%q:\n got %s\nwant %s", opts, got, want)
		}
		if b, err = r.Next(0); b != nil || err != nil {
			t.Errorf("%q: more at the end: %v %v", opts, b, err)
		}
	}
}

func fuzzReader(f *testing.F, opts string, seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		cols := columns(t, "a int4, b text, c vector")
		r := copyfmt.NewReader(strings.NewReader(data), "t", options(t, opts, true, cols), cols, nil)
		for {
			b, err := r.Next(0)
			if err != nil || b == nil {
				return
			}
			// What was read is written and read again: the same rows.
			var out bytes.Buffer
			w := copyfmt.NewWriter(&out, options(t, opts, false, cols), cols, nil)
			if err := w.WriteBatch(b); err != nil {
				t.Fatal(err)
			}
			again := copyfmt.NewReader(&out, "t", options(t, opts, true, cols), cols, nil)
			second, err := again.Next(0)
			if err != nil || second == nil || second.N != b.N {
				t.Fatalf("%q is read as %d rows, then as %v, %v", data, b.N, second, err)
			}
			for i := range b.N {
				for c := range b.Cols {
					if b.Cols[c].Datum(i) != second.Cols[c].Datum(i) {
						t.Fatalf("%q: row %d differs", data, i)
					}
				}
			}
		}
	})
}

func FuzzText(f *testing.F) {
	fuzzReader(f, "", "1\tx\t[1]\n", "1\t\\N\t[1,2]\r\n2\ta\\\nb\t[1]\r\n", "\\.\n", "1\tx\\.\n")
}

func FuzzCSV(f *testing.F) {
	fuzzReader(f, "format csv", "1,x,[1]\n", "1,\"a\"\"b\n\",\"[1,2]\"\r\n", "\\.\n")
}

func FuzzBinary(f *testing.F) {
	fuzzReader(f, "format binary",
		head+"\x00\x03\x00\x00\x00\x04\x00\x00\x00\x07\x00\x00\x00\x01x\xff\xff\xff\xff\xff\xff")
}

func BenchmarkReadVectors(b *testing.B) {
	var row strings.Builder
	row.WriteString("12345\t[")
	for i := range 384 {
		if i > 0 {
			row.WriteByte(',')
		}
		fmt.Fprintf(&row, "%v", float32(i)*0.0173-0.51234)
	}
	row.WriteString("]\n")
	data := []byte(strings.Repeat(row.String(), 1000))
	cols := columns(b, "a int4, b vector(384)")
	opt := options(b, "", true, cols)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		r := copyfmt.NewReader(bytes.NewReader(data), "t", opt, cols, nil)
		for {
			rows, err := r.Next(0)
			if err != nil {
				b.Fatal(err)
			}
			if rows == nil {
				break
			}
		}
	}
}
