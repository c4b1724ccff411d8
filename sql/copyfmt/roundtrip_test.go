package copyfmt_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/types"
)

// pieces gives a reader's data in reads of at most n bytes.
type pieces struct {
	r io.Reader
	n int
}

func (p pieces) Read(b []byte) (int, error) { return p.r.Read(b[:min(len(b), p.n)]) }

// values returns all rows that a reader gives, one string a value, null for NULL.
func values(t *testing.T, r *copyfmt.Reader, cols []copyfmt.Column, limit int) [][]string {
	t.Helper()
	var rows [][]string
	for {
		b, err := r.Next(limit)
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			return rows
		}
		if limit > 0 && b.N > limit || b.N == 0 || b.N > batch.RowsMax {
			t.Fatalf("a batch of %d rows, at most %d were wanted", b.N, limit)
		}
		for i := range b.N {
			row := make([]string, len(cols))
			for c, col := range cols {
				row[c] = null
				if d := b.Cols[c].Datum(i); !d.Null {
					row[c] = string(types.Lookup(col.Type.OID).Format(nil, d, nil))
				}
			}
			rows = append(rows, row)
		}
	}
}

// hardWords are values that mean something to one of the formats.
var hardWords = []string{
	"", "a", "b c", "\t", "\n", "\r", "\r\n", `\`, `\\`, `\N`, `\.`, `"`, `""`, `'`, ",", ";", "|", "NULL", "null", "N",
	".", " ", "\b", "\f", "\v", "\x01",
	"ä", "😀", "x\ny", "x\\", "\\x", "end", "0", "\\n", "\"q\"",
}

func randomRows(r *rand.Rand, n, cols int) [][]string {
	rows := make([][]string, n)
	for i := range rows {
		rows[i] = make([]string, cols)
		for c := range rows[i] {
			rows[i][c] = hardWords[r.Intn(len(hardWords))] + hardWords[r.Intn(len(hardWords))]
			if r.Intn(5) == 0 {
				rows[i][c] = null
			}
		}
	}
	return rows
}

// TestOutThenIn writes rows of hard values under every kind of option and reads them back, in pieces of every small
// size.
func TestOutThenIn(t *testing.T) {
	const seed = 81
	r := rand.New(rand.NewSource(seed))
	list := columns(t, "a text, b text, c text")
	for _, opts := range []struct{ out, in string }{
		{"", ""},
		{"delimiter |", "delimiter |"},
		{"delimiter ,, null ", "delimiter ,, null "},
		{"null nil", "null nil"},
		{"delimiter \b", "delimiter \b"},
		{"header true", "header match"},
		{"header true", "header true"},
		{"format csv", "format csv"},
		{"format csv, header true", "format csv, header match"},
		{"format csv, delimiter |, quote '", "format csv, delimiter |, quote '"},
		{"format csv, escape \\", "format csv, escape \\"},
		{"format csv, quote ', escape \"", "format csv, quote ', escape \""},
		{"format csv, null NULL", "format csv, null NULL"},
		{"format csv, force_quote *", "format csv"},
		{"format csv, force_quote a+c, null x", "format csv, null x"},
		{"format csv, delimiter \t, null \\N", "format csv, delimiter \t, null \\N"},
		{"format binary", "format binary"},
	} {
		for _, n := range []int{0, 1, 50} {
			rows := randomRows(r, n, 3)
			if strings.Contains(opts.out, "null  ") || strings.HasSuffix(opts.out, "null ") { // here the empty text is NULL
				for _, row := range rows {
					for c := range row {
						if row[c] == "" {
							row[c] = null
						}
					}
				}
			}
			data := write(t, "a text, b text, c text", opts.out, rows...)
			for _, size := range []int{1, 2, 3, 7, 1 << 20} {
				src := pieces{bytes.NewReader(data), size}
				rd := copyfmt.NewReader(src, "t", options(t, opts.in, true, list), list, nil)
				if got := values(t, rd, list, 0); !slices.EqualFunc(got, rows, slices.Equal) {
					t.Fatalf("seed %d: %q in pieces of %d: %q\n got %q\nwant %q", seed, opts.out, size, data, got, rows)
				}
			}
		}
	}
}

// TestOneColumn holds rows of one column, whose line may be empty or look like the end marker.
func TestOneColumn(t *testing.T) {
	list := columns(t, "a text")
	for _, opts := range []string{"", "format csv", "format csv, null NULL", "format binary", "null nil"} {
		var rows [][]string
		for _, w := range append(slices.Clone(hardWords), null) {
			rows = append(rows, []string{w})
		}
		data := write(t, "a text", opts, rows...)
		r := copyfmt.NewReader(bytes.NewReader(data), "t", options(t, opts, true, list), list, nil)
		if got := values(t, r, list, 0); !slices.EqualFunc(got, rows, slices.Equal) {
			t.Errorf("%q: %q\n got %q\nwant %q", opts, data, got, rows)
		}
	}
}

// TestBufferBorders puts the interesting places of the formats at each position around the end of the buffer.
func TestBufferBorders(t *testing.T) {
	const bufferBytes = 64 << 10
	list := columns(t, "a text, b text")
	for _, c := range []struct{ opts, row, want string }{
		{"", "x\\\ny\t\\N\n", "x\ny"},
		{"", "x\\ty\t\\N\r\n", "x\ty"},
		{"", "x\\x41\\101\t\\N\n", "xAA"},
		{"format csv", "\"x\n\"\"y\",\n", "x\n\"y"},
		{"format csv", "\"x\r\n,y\",\r\n", "x\r\n,y"},
		{"format csv, escape \\", "\"x\\\"y\",\n", `x"y`},
	} {
		end := c.row[strings.LastIndexByte(c.row, 'N')+1:]
		if strings.Contains(c.opts, "csv") {
			end = c.row[strings.LastIndexByte(c.row, ',')+1:]
		}
		delim := "\t"
		if strings.Contains(c.opts, "csv") {
			delim = ","
		}
		for shift := range len(c.row) + 2 {
			filler := strings.Repeat("f", bufferBytes-shift-1-len(end)) + delim + end
			rd := copyfmt.NewReader(strings.NewReader(filler+c.row+"z"+delim+end), "t", options(t, c.opts, true, list), list,
				nil)
			got := values(t, rd, list, 0)
			if len(got) != 3 || got[1][0] != c.want || got[2][0] != "z" {
				t.Fatalf("%q %q, %d bytes before the border: %d rows, %q", c.opts, c.row, shift, len(got), got[1:])
			}
		}
	}
}

// TestLongRows reads lines and values that are longer than the buffer.
func TestLongRows(t *testing.T) {
	list := columns(t, "a text, b int4")
	long := strings.Repeat("0123456789abcdef", 20_000)
	for _, opts := range []string{"", "format csv", "format binary"} {
		rows := [][]string{{long, "1"}, {"short", "2"}, {long + "\n\"" + long, "3"}}
		data := write(t, "a text, b int4", opts, rows...)
		rd := copyfmt.NewReader(pieces{bytes.NewReader(data), 4093}, "t", options(t, opts, true, list), list, nil)
		if got := values(t, rd, list, 0); !slices.EqualFunc(got, rows, slices.Equal) {
			t.Errorf("%q: %d rows come back otherwise", opts, len(rows))
		}
	}
}

// TestBatchLimits holds the number of rows of a batch, and that one ends early when its rows are wide.
func TestBatchLimits(t *testing.T) {
	list := columns(t, "a int4")
	for _, n := range []int{1023, 1024, 1025, 2048, 2049} {
		var data strings.Builder
		for i := range n {
			fmt.Fprintf(&data, "%d\n", i)
		}
		for _, limit := range []int{0, 1, 7, 1024, 5000} {
			rd := copyfmt.NewReader(strings.NewReader(data.String()), "t", options(t, "", true, list), list, nil)
			rows := values(t, rd, list, min(limit, batch.RowsMax))
			if len(rows) != n || rows[n-1][0] != fmt.Sprint(n-1) {
				t.Errorf("%d rows by %d: %d come", n, limit, len(rows))
			}
			if b, err := rd.Next(0); b != nil || err != nil {
				t.Errorf("behind the end: %v %v", b, err)
			}
		}
	}
	wide := columns(t, "a text")
	line := strings.Repeat("w", 1<<20) + "\n"
	rd := copyfmt.NewReader(strings.NewReader(strings.Repeat(line, 20)), "t", options(t, "", true, wide), wide, nil)
	total := 0
	for {
		b, err := rd.Next(0)
		if err != nil {
			t.Fatal(err)
		}
		if b == nil {
			break
		}
		if b.N > 9 {
			t.Errorf("a batch of %d rows of a megabyte each", b.N)
		}
		total += b.N
	}
	if total != 20 {
		t.Errorf("%d rows", total)
	}
}

// TestLineOfRow holds the number of the line where each row of a batch ends.
func TestLineOfRow(t *testing.T) {
	list := columns(t, "a text")
	f := func(opts, data string, want ...int64) {
		t.Helper()
		rd := copyfmt.NewReader(strings.NewReader(data), "t", options(t, opts, true, list), list, nil)
		b, err := rd.Next(0)
		if err != nil {
			t.Fatal(err)
		}
		var got []int64
		for i := range b.N {
			got = append(got, rd.Line(i))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: lines %v, want %v", data, got, want)
		}
	}
	f("", "a\nb\nc\n", 1, 2, 3)
	f("", "a\\\nb\nc\n", 1, 2)
	f("header true", "h\na\nb\n", 2, 3)
	f("format csv", "a\n\"b\n\nc\"\nd\n", 1, 4, 5)
	f("format binary", head+"\x00\x01\x00\x00\x00\x01a\x00\x01\x00\x00\x00\x01b\xff\xff", 1, 2)
	rd := copyfmt.NewReader(strings.NewReader(""), "public.t", copyfmt.Options{}, list, nil)
	if got := rd.Where(7); got != "COPY public.t, line 7" {
		t.Errorf("context %q", got)
	}
}
