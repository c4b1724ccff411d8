package copyfmt_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/copyfmt"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// be joins numbers, big-endian, and strings.
func be(parts ...any) string {
	var b bytes.Buffer
	for _, p := range parts {
		if s, ok := p.(string); ok {
			b.WriteString(s)
		} else if err := binary.Write(&b, binary.BigEndian, p); err != nil {
			panic(err)
		}
	}
	return b.String()
}

// value is a field of binary data with its length.
func value(s string) string { return be(int32(len(s)), s) }

// TestBinaryHeader holds each check of what begins binary data.
func TestBinaryHeader(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a int4", "format binary", data, want) }
	const signature = "PGCOPY\n\xff\r\n\x00"
	f("", "22P04 COPY file signature not recognized")
	f("P", "22P04 COPY file signature not recognized")
	f(signature[:10], "22P04 COPY file signature not recognized")
	f("PGCOPY\n\xff\n\x00\x00"+be(int32(0), int32(0)), "22P04 COPY file signature not recognized")
	f(signature, "22P04 invalid COPY file header (missing flags)")
	f(signature+"\x00\x00\x00", "22P04 invalid COPY file header (missing flags)")
	f(signature+be(int32(0)), "22P04 invalid COPY file header (missing length)")
	f(signature+be(int32(0))+"\x00\x00", "22P04 invalid COPY file header (missing length)")
	f(signature+be(int32(1), int32(0), int16(-1)), "")
	f(signature+be(int32(0xffff), int32(0), int16(-1)), "")
	f(signature+be(int32(1<<16), int32(0)), "22P04 invalid COPY file header (WITH OIDS)")
	f(signature+be(int32(1<<17), int32(0)), "22P04 unrecognized critical flags in COPY file header")
	f(signature+be(int32(math.MinInt32), int32(0)), "22P04 unrecognized critical flags in COPY file header")
	f(signature+be(int32(0), int32(-1)), "22P04 invalid COPY file header (missing length)")
	f(signature+be(int32(0), int32(3), "xyz", int16(-1)), "")
	f(signature+be(int32(0), int32(3), "xy"), "22P04 invalid COPY file header (wrong length)")
	f(signature+be(int32(0), int32(0)), "")
	f(signature+be(int32(0), int32(0), int16(-1)), "")
}

// TestBinaryRows holds each check of rows and fields.
func TestBinaryRows(t *testing.T) {
	f := func(data, want string) { t.Helper(); reads(t, "a int4, b text", "format binary", head+data, want) }
	seven := value(be(int32(7)))
	f(be(int16(2), seven, value("x"), int16(-1)), "7|x;")
	f(be(int16(2), seven, value("")), "7|;")
	f(be(int16(2), int32(-1), int32(-1), int16(-1)), "NULL|NULL;")
	f(be(int16(2), seven, value("a\tb\nc")), "7|a\tb\nc;")
	f(be(int16(1), seven), "22P04 row field count is 1, expected 2 @ COPY t, line 1")
	f(be(int16(3), seven, value("x"), value("y")), "22P04 row field count is 3, expected 2 @ COPY t, line 1")
	f(be(int16(0)), "22P04 row field count is 0, expected 2 @ COPY t, line 1")
	f(be(int16(-2)), "22P04 row field count is -2, expected 2 @ COPY t, line 1")
	f("\x00", "")
	f(be(int16(2)), "22P04 unexpected EOF in COPY data @ COPY t, line 1, column a")
	f(be(int16(2), "\x00\x00"), "22P04 unexpected EOF in COPY data @ COPY t, line 1, column a")
	f(be(int16(2), int32(4), "\x00\x00\x00"), "22P04 unexpected EOF in COPY data @ COPY t, line 1, column a")
	f(be(int16(2), seven), "22P04 unexpected EOF in COPY data @ COPY t, line 1, column b")
	f(be(int16(2), seven, int32(5), "four"), "22P04 unexpected EOF in COPY data @ COPY t, line 1, column b")
	f(be(int16(2), int32(-2)), "22P04 invalid field size @ COPY t, line 1, column a")
	f(be(int16(2), seven, int32(math.MinInt32)), "22P04 invalid field size @ COPY t, line 1, column b")
	f(be(int16(2), seven, int32(math.MaxInt32), "x"), "54000 out of memory @ COPY t, line 1, column b")
	f(be(int16(2), value("\x00\x00\x07"), value("x")),
		"08P01 insufficient data left in message @ COPY t, line 1, column a")
	f(be(int16(2), value("\x00\x00\x00\x00\x07"), value("x")),
		"22P03 incorrect binary data format @ COPY t, line 1, column a")
	f(be(int16(2), value(""), value("x")), "08P01 insufficient data left in message @ COPY t, line 1, column a")
	f(be(int16(2), seven, value("\xff")),
		`22021 invalid byte sequence for encoding "UTF8": 0xff @ COPY t, line 1, column b`)
	f(be(int16(2), seven, value("a\x00b")),
		`22021 invalid byte sequence for encoding "UTF8": 0x00 @ COPY t, line 1, column b`)
	f(be(int16(2), seven, value("x"), int16(-1), "more"), "22P04 received copy data after EOF marker @ COPY t, line 2")
	f(be(int16(2), seven, value("x"), int16(-1), int16(-1)), "22P04 received copy data after EOF marker @ COPY t, line 2")
	f(be(int16(2), seven, value("x"), int16(2), seven, value("\xff")),
		`22021 invalid byte sequence for encoding "UTF8": 0xff @ COPY t, line 2, column b`)
	reads(t, "", "format binary", head+be(int16(0), int16(0), int16(-1)), ";;")
	reads(t, "a varchar(2)", "format binary", head+be(int16(1), value("abc")),
		"22001 value too long for type character varying(2) @ COPY t, line 1, column a")
	reads(t, "a numeric", "format binary",
		head+be(int16(1), value(be(uint16(1), int16(0), uint16(7), uint16(0), uint16(1)))),
		`22P03 invalid sign in external "numeric" value @ COPY t, line 1, column a`)
	reads(t, "a _int4", "format binary",
		head+be(int16(1), value(be(int32(1), int32(0), int32(23), int32(1), int32(1), value(be(int32(5)))))), "{5};")
	reads(t, "a _int4", "format binary", head+be(int16(1), value(be(int32(1), int32(0), int32(25), int32(0), int32(1)))),
		"42804 binary data has array element type 25 (text) instead of expected 23 (integer) @ COPY t, line 1, column a")
}

// TestBinaryAllTypes sends rows of a column of every type that can be copied out and in again.
func TestBinaryAllTypes(t *testing.T) {
	samples := map[string]string{
		"bool": "t", "date": "2024-02-29", "interval": "1 mon -2 days", "uuid": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"json": "{}", "jsonb": `{"a": 1}`,
		"tid": "(1,2)", "pg_lsn": "1/2", "vector": "[1,2]", "halfvec": "[1,2]", "sparsevec": "{1:2}/3", "void": "",
	}
	ran := 0
	for _, typ := range types.All() {
		cols := []copyfmt.Column{{Name: "a", Type: types.Of(typ.OID)}}
		o := copyfmt.Options{Format: copyfmt.Binary}
		if o.Check(true, cols) != nil || strings.HasSuffix(typ.Name, "record") || strings.HasPrefix(typ.Name, "any") {
			continue
		}
		sample, ok := samples[typ.Name]
		switch {
		case ok:
		case strings.HasPrefix(typ.Name, "time"):
			sample = "2024-02-29 12:00:00+00"
		case typ.Category == 'A' && typ.Name[0] == '_':
			sample = "{NULL}"
		default:
			sample = "1"
		}
		b := rowsBatch(t, cols, [][]string{{sample}, {null}})
		var data bytes.Buffer
		w := copyfmt.NewWriter(&data, o, cols, nil)
		if err := w.WriteBatch(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got, err := copyfmt.NewReader(&data, "t", o, cols, nil).Next(0)
		if err != nil || got.N != 2 || !got.Cols[0].Null(1) ||
			string(typ.Format(nil, got.Cols[0].Datum(0), nil)) != string(typ.Format(nil, b.Cols[0].Datum(0), nil)) {
			t.Errorf("%s: %v %v", typ.Name, got, err)
		}
		ran++
	}
	if ran < 60 {
		t.Errorf("only %d types", ran)
	}
}

// TestDamage flips bytes of good data of every format: rows or an error with a code come, never a panic, and the
// rows before the damage are those that were written.
func TestDamage(t *testing.T) {
	const seed = 82
	r := rand.New(rand.NewSource(seed))
	cols := "a int4, b text, c _text, d numeric"
	list := columns(t, cols)
	rows := [][]string{
		{"1", "x\ny", `{a,"b c",NULL}`, "1.50"},
		{null, "", "{}", "NaN"},
		{"3", `"\`, null, "-12345678901234567890"},
	}
	for _, opts := range []string{"", "format csv", "format binary"} {
		whole := write(t, cols, opts, rows...)
		for range 1500 {
			data := slices.Clone(whole)
			switch at := r.Intn(len(data)); r.Intn(3) {
			case 0:
				data[at] ^= byte(1 << r.Intn(8))
			case 1:
				data = data[:at]
			default:
				data = slices.Insert(data, at, byte(r.Intn(256)))
			}
			rd := copyfmt.NewReader(pieces{bytes.NewReader(data), 1 + r.Intn(9)}, "t", options(t, opts, true, list), list, nil)
			for {
				b, err := rd.Next(1)
				if code := pgerr.Code(err); strings.HasPrefix(code, "XX") && !strings.Contains(err.Error(), "jsonb") {
					t.Fatalf("seed %d: %q: %q: %v", seed, opts, data, err)
				}
				if err != nil || b == nil {
					break
				}
			}
		}
	}
}

// stuck is a stream that gives nothing and does not end.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

// TestStuckStream holds that a stream which gives nothing is given up.
func TestStuckStream(t *testing.T) {
	list := columns(t, "a int4")
	for _, opts := range []string{"", "format csv", "format binary"} {
		rd := copyfmt.NewReader(stuck{}, "t", options(t, opts, true, list), list, nil)
		if _, err := rd.Next(0); err != io.ErrNoProgress { //nolint:errorlint // it comes back as it is
			t.Errorf("%q: %v", opts, err)
		}
	}
}

// TestWriterSelections holds that only the selected rows are written, with one header whatever the number of batches.
func TestWriterSelections(t *testing.T) {
	list := columns(t, "a int4, b text")
	b := rowsBatch(t, list, [][]string{{"1", "x"}, {"2", null}, {"3", "z"}})
	f := func(opts string, want string, sels ...[]int32) {
		t.Helper()
		var out bytes.Buffer
		w := copyfmt.NewWriter(&out, options(t, opts, false, list), list, nil)
		for _, sel := range sels {
			if err := w.WriteBatch(&batch.Batch{Cols: b.Cols, N: b.N, Sel: sel}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if out.String() != want {
			t.Errorf("%q %v: %q, want %q", opts, sels, out.String(), want)
		}
	}
	f("", "1\tx\n2\t\\N\n3\tz\n", nil)
	f("", "2\t\\N\n3\tz\n1\tx\n", []int32{1, 2}, []int32{}, []int32{0})
	f("header true", "a\tb\n", []int32{})
	f("header true", "a\tb\n")
	f("header true", "a\tb\n1\tx\n3\tz\n", []int32{0}, []int32{2})
	f("format csv, header true", "a,b\n2,\n", []int32{1})
	f("format binary", head+"\xff\xff")
	f("format binary", head+"\x00\x02\x00\x00\x00\x04\x00\x00\x00\x02\xff\xff\xff\xff\xff\xff", []int32{1})
}

// TestFailingDestination holds that the error of the destination comes back, of the header, a row or the end.
func TestFailingDestination(t *testing.T) {
	list := columns(t, "a int4")
	b := rowsBatch(t, list, [][]string{{"1"}, {"2"}})
	for limit := range 3 {
		w := copyfmt.NewWriter(&rowWriter{limit: limit}, options(t, "header true", false, list), list, nil)
		if err := w.WriteBatch(b); err == nil {
			t.Errorf("a destination that takes %d writes of 3", limit)
		}
	}
	w := copyfmt.NewWriter(&rowWriter{}, options(t, "format binary", false, list), list, nil)
	if err := w.Close(); err == nil {
		t.Error("a destination that does not take the end")
	}
}
