package demodata_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/cmd/vecdb/demodata"
)

// firstBatch gives the first rows of a table and closes its reader when the test ends.
func firstBatch(t *testing.T, table string) *demodata.Batch {
	t.Helper()
	r, err := demodata.Open(table)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	b, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCopiedValuesAreThoseOfTheBatch reads rows in COPY's format back field by field: text, integers, NULL and vectors.
func TestCopiedValuesAreThoseOfTheBatch(t *testing.T) {
	for _, table := range demodata.Tables {
		b := firstBatch(t, table.Name)
		nulls := 0
		for row := range min(b.Rows, 200) {
			data := b.AppendCopy([]byte("before"), row)
			if !bytes.HasPrefix(data, []byte("before")) || int(binary.BigEndian.Uint16(data[6:])) != len(b.Names) {
				t.Fatalf("%s: row %d begins with %q", table.Name, row, data[:8])
			}
			data = data[8:]
			for c, name := range b.Names {
				n := int(int32(binary.BigEndian.Uint32(data)))
				data = data[4:]
				if name == "embedding" {
					checkVector(t, b, c, row, data[:n])
					data = data[n:]
					continue
				}
				text, ok := b.Text(c, row)
				switch {
				case !ok:
					nulls++
					if n != -1 {
						t.Fatalf("%s.%s: row %d is NULL and has %d bytes", table.Name, name, row, n)
					}
				case isInteger(table.Create, name):
					if n != 4 || text != strconv.Itoa(int(int32(binary.BigEndian.Uint32(data)))) {
						t.Fatalf("%s.%s: row %d is %s, copied as %x", table.Name, name, row, text, data[:n])
					}
				case string(data[:n]) != text:
					t.Fatalf("%s.%s: row %d is %q, copied as %q", table.Name, name, row, text, data[:n])
				}
				data = data[max(n, 0):]
			}
			if len(data) != 0 {
				t.Fatalf("%s: row %d has %d bytes too many", table.Name, row, len(data))
			}
		}
		if (nulls > 0) != (table.Name == "definitions") {
			t.Errorf("%s: %d nulls", table.Name, nulls)
		}
	}
}

// isInteger says whether CREATE TABLE makes the column an integer.
func isInteger(create, column string) bool {
	_, rest, _ := strings.Cut(create, "\n  "+column+" ")
	return strings.HasPrefix(strings.TrimLeft(rest, " "), "integer")
}

// checkVector compares a vector in its binary format with the batch's.
func checkVector(t *testing.T, b *demodata.Batch, c, row int, data []byte) {
	t.Helper()
	want := make([]float32, demodata.Dims)
	b.Vector(want, c, row)
	if len(data) != 4+4*demodata.Dims || binary.BigEndian.Uint16(data) != demodata.Dims || data[2] != 0 || data[3] != 0 {
		t.Fatalf("row %d: a vector of %d bytes begins with %x", row, len(data), data[:4])
	}
	for i, x := range want {
		if got := math.Float32frombits(binary.BigEndian.Uint32(data[4+4*i:])); got != x {
			t.Fatalf("row %d: element %d is %v, copied as %v", row, i, x, got)
		}
	}
}

// TestReaderEnds holds that a reader goes on saying that it is at the end.
func TestReaderEnds(t *testing.T) {
	r, err := demodata.Open("questions")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if b, err := r.Next(); err != nil || b.Rows != 15 {
		t.Fatal(b, err)
	}
	for range 2 {
		if b, err := r.Next(); b != nil || !errors.Is(err, io.EOF) {
			t.Errorf("behind the end: %v %v", b, err)
		}
	}
}

// breaking takes some writes and then fails.
type breaking struct{ left int }

func (w *breaking) Write(b []byte) (int, error) {
	if w.left--; w.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

// TestWriteCopyInChunks holds that progress is told after each chunk, ascending, and a destination that breaks ends it.
func TestWriteCopyInChunks(t *testing.T) {
	var told []int
	if err := demodata.WriteCopy(io.Discard, "words", func(rows int) { told = append(told, rows) }); err != nil {
		t.Fatal(err)
	}
	if len(told) < 10 || !slices.IsSorted(told) || told[len(told)-1] != 6000 {
		t.Errorf("told of %v", told)
	}
	for _, writes := range []int{0, 1, len(told) - 1} {
		calls := 0
		err := demodata.WriteCopy(&breaking{left: writes}, "words", func(int) { calls++ })
		if !errors.Is(err, io.ErrShortWrite) || calls != writes {
			t.Errorf("a destination that takes %d writes: told %d times, %v", writes, calls, err)
		}
	}
}

// TestSearchesAreWellFormed holds that each search uses its vector, names tables that there are, and is told apart
// by its title.
func TestSearchesAreWellFormed(t *testing.T) {
	titles := map[string]bool{}
	for _, s := range demodata.Searches {
		if s.Title == "" || titles[s.Title] || s.Expect == "" || !strings.Contains(s.SQL, "$1") ||
			strings.Contains(s.Vector, "$") {
			t.Errorf("search %q", s.Title)
		}
		titles[s.Title] = true
		known := slices.ContainsFunc(demodata.Tables,
			func(table demodata.Table) bool { return strings.Contains(s.SQL, "FROM "+table.Name) })
		if !known {
			t.Errorf("%s: reads no table of the demo", s.Title)
		}
	}
	for _, table := range demodata.Tables {
		for _, index := range table.Indexes {
			if !strings.Contains(index, " ON "+table.Name+" ") {
				t.Errorf("%s: %s", table.Name, index)
			}
		}
	}
}
