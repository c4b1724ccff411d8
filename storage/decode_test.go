package storage

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

func decodeLayout(t testing.TB) *layout {
	l, err := newLayout(&schema.Table{Columns: []schema.Column{
		{Num: 1, Type: types.Of(types.Int4OID)},
		{Num: 2, Type: types.Of(types.TextOID)},
		{Num: 3, Type: types.Of(types.Float8OID)},
		{Num: 4, Type: types.Of(types.BoolOID)},
		{Num: 5, Type: types.T{OID: types.VectorOID, Mod: 1}},
		{Num: 6, Type: types.Of(types.Int4OID), HasMissing: true, Missing: "7"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestRowBytes(t *testing.T) {
	l := decodeLayout(t)
	c := newChunk(0, l, 2)
	f := func(ref Version, ds ...types.Datum) {
		t.Helper()
		for i, d := range ds {
			c.setDatum(i, 0, d)
		}
		c.cols[4].refs[0] = ref
		b := appendRow(nil, c, 0)
		if err := decodeRow(c, 1, b); err != nil {
			t.Fatal(err)
		}
		if again := appendRow(nil, c, 1); !bytes.Equal(again, b) {
			t.Fatalf("%x came back as %x", b, again)
		}
	}
	null := types.NullDatum
	f(0, null, null, null, null, null, null)
	f(0, types.IntDatum(-5), types.StringDatum(""), types.FloatDatum(1.5), types.BoolDatum(true),
		types.StringDatum("\x00\x00\x80?"), types.IntDatum(1))
	f(99, types.IntDatum(1<<40), types.StringDatum("x\x00y"), types.FloatDatum(math.Copysign(0, -1)), types.BoolDatum(false), null, null)
	// Bytes with only the first column: the others have their missing values.
	if err := decodeRow(c, 0, []byte{rowFormat, 1, 1, tagInt, 4}); err != nil {
		t.Fatal(err)
	}
	if c.datum(0, 0).I != 2 || !c.datum(1, 0).Null || c.datum(5, 0).I != 7 {
		t.Fatal("missing values")
	}
}

func FuzzDecodeRow(f *testing.F) {
	l := decodeLayout(f)
	c := newChunk(0, l, 1)
	f.Add(appendRow(nil, c, 0))
	f.Add([]byte{rowFormat, 1, 1, tagInt, 4})
	f.Add([]byte{rowFormat, 2, 5, tagRef, 9, 2, tagString, 1, 'x'})
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := decodeRow(c, 0, b); err != nil && !errors.Is(err, ErrCorrupt) {
			t.Fatal(err)
		}
	})
}

func FuzzDecodeLog(f *testing.F) {
	r := logRecord{Time: 5, Tables: []tableChange{{20000, 3, 1}}}
	f.Add(r.encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeLog(b)
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			return
		}
		if back, err := decodeLog(r.encode()); err != nil || !reflect.DeepEqual(r, back) {
			t.Fatalf("%+v came back as %+v, %v", r, back, err)
		}
	})
}

func FuzzDecodeFragment(f *testing.F) {
	rec := &fragmentRecord{ID: 3, Rows: 1, MinRow: 1, MaxRow: 1, Blocks: []blockRecord{{}}}
	b, err := rec.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := decodeFragment(b); err != nil && !errors.Is(err, ErrCorrupt) {
			t.Fatal(err)
		}
	})
}

func TestEndSet(t *testing.T) {
	e := newEndSet(endBlockRows + 10)
	if e.any(0, endBlockRows+10) || e.at(5) != 0 {
		t.Fatal("ends in an empty set")
	}
	if !e.set(endBlockRows+5, 7) || e.set(endBlockRows+5, 8) || e.at(endBlockRows+5) != 7 {
		t.Fatal("set")
	}
	if e.any(0, endBlockRows) || !e.any(0, endBlockRows+1) || e.any(3, 3) {
		t.Fatal("any looks at the wrong blocks")
	}
	e.clear(endBlockRows + 5)
	if e.count.Load() != 0 || e.at(endBlockRows+5) != 0 {
		t.Fatal("clear")
	}
}
