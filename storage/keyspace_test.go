package storage

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// The end of a prefix is above every key that has it, and no key lies between them.
func TestPrefixEnd(t *testing.T) {
	f := func(prefix, want string) {
		t.Helper()
		if got := prefixEnd([]byte(prefix)); string(got) != want {
			t.Fatalf("%x: got %x, want %x", prefix, got, want)
		}
	}
	f("\x00", "\x01")
	f("a", "b")
	f("a\xff", "b")
	f("a\xff\xff", "b")
	f("\x01\xfe", "\x01\xff")
	f("\xff\xff", "") // nothing is above
	const seed = 8
	rng := rand.New(rand.NewPCG(seed, 1))
	random := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = []byte{0, 1, 0x7f, 0xfe, 0xff}[rng.IntN(5)]
		}
		return b
	}
	for range 5000 {
		prefix := append([]byte{byte(rng.IntN(10))}, random(rng.IntN(4))...)
		end, key := prefixEnd(prefix), random(1+rng.IntN(6))
		in := bytes.Compare(key, prefix) >= 0 && bytes.Compare(key, end) < 0
		if in != bytes.HasPrefix(key, prefix) {
			t.Fatalf("seed %d: key %x, prefix %x to %x", seed, key, prefix, end)
		}
	}
}

// All keys of a relation lie within its range, those of its neighbours do not, and kinds do not meet.
func TestKeysOfRelations(t *testing.T) {
	const oid = OID(0x01ff)
	keys := func(oid OID) [][]byte {
		return [][]byte{
			fragmentKey(oid, 1), sumsKey(oid, 1), endKey(nil, oid, 1, 0), endKey(nil, oid, 1<<40, 1<<31),
			tailKey(nil, oid, tableTail, 1, 1), tailKey(nil, oid, tableTailEnd, 1<<60, 1<<60), tableKey(oid, tableMeta),
		}
	}
	lo := oidKey(spaceTable, oid)
	hi := prefixEnd(lo)
	for _, other := range []OID{oid - 1, oid, oid + 1, 0, 0xffffffff} {
		for _, k := range keys(other) {
			if in := bytes.Compare(lo, k) <= 0 && bytes.Compare(k, hi) < 0; in != (other == oid) {
				t.Fatalf("key %x of %d: within the range of %d: %v", k, other, oid, in)
			}
		}
	}
	seen := map[string]bool{}
	for _, k := range append(keys(oid), indexKey(oid, indexModel), segmentKey(oid, 1), intentKey(oid), objectKey(5, oid),
		oidKey(spaceSequence, oid), oidKey(spaceStats, oid), logKey(Version(oid)), numberKey(Version(oid)), spaceKey(spaceMeta, metaNextOID)) {
		if seen[string(k)] {
			t.Fatalf("key %x twice", k)
		}
		seen[string(k)] = true
	}
	// Ends lie in the order of fragments and rows, tail records in that of rows and versions.
	sorted := [][]byte{
		endKey(nil, 1, 1, 0), endKey(nil, 1, 1, 255), endKey(nil, 1, 1, 256), endKey(nil, 1, 2, 0), endKey(nil, 1, 256, 0),
		tailKey(nil, 1, tableTail, 1, 1), tailKey(nil, 1, tableTail, 1, 256), tailKey(nil, 1, tableTail, 256, 1),
	}
	if !slices.IsSortedFunc(sorted, bytes.Compare) {
		t.Fatal("keys are out of order")
	}
}

// A key reader takes what is there, and says when something is missing.
func TestKeyReader(t *testing.T) {
	key := append(append(u64(7), 0, 0, 0, 9), 3)
	r := keyReader{rest: key}
	if r.u64() != 7 || r.u32() != 9 || r.u8() != 3 || r.bad || len(r.rest) != 0 {
		t.Fatalf("%+v", r)
	}
	if r.u8() != 0 || !r.bad {
		t.Fatal("a byte of nothing")
	}
	for n := range key {
		r := keyReader{rest: key[:n]}
		r.u64()
		r.u32()
		r.u8()
		if !r.bad {
			t.Fatalf("%d bytes are enough", n)
		}
	}
}

// An index entry comes apart into its key and row; what is too short is none.
func TestEntries(t *testing.T) {
	f := func(key string, row RowID) {
		t.Helper()
		e := appendEntry(nil, 77, []byte(key), row)
		k, r, ok := splitEntry(e)
		if !ok || string(k) != key || r != row || !bytes.HasPrefix(e, indexKey(77, indexEntry)) {
			t.Fatalf("%x: %x, %d, %v", e, k, r, ok)
		}
		if _, _, ok := splitEntry(e[:entryPrefixBytes+7]); ok {
			t.Fatal("a short entry")
		}
	}
	f("", 0)
	f("key", 1<<63)
	f("\x00\xff", 1)
}

// Log records come back as they were, and no part of one is taken for a whole.
func TestLogRecords(t *testing.T) {
	in := logRecord{Time: -5, Tables: []tableChange{{1 << 31, 0, 1 << 62}, {7, 1, 2}}}
	b := in.encode()
	out, err := decodeLog(b)
	if err != nil || out.Time != in.Time || !slices.Equal(out.Tables, in.Tables) {
		t.Fatalf("%+v, %v", out, err)
	}
	for n := range b {
		if _, err := decodeLog(b[:n]); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("%d bytes: %v", n, err)
		}
	}
	for _, bad := range [][]byte{append(bytes.Clone(b), 0), append([]byte{logFormat + 1}, b[1:]...)} {
		if _, err := decodeLog(bad); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("%x: %v", bad, err)
		}
	}
}

// A fragment record whose counts do not agree, of another format, or cut, is refused.
func TestFragmentRecords(t *testing.T) {
	rec := &fragmentRecord{
		ID: 3, Group: 5, File: "3.arrow", Bytes: 9, Rows: blockRows + 1, MinRow: 1, MaxRow: 1 << 40, Created: 4,
		MaxCreated: 4,
		Aligned:    map[int16]fragmentID{5: 2}, Refs: []int16{5}, Columns: []columnRecord{{1, types.Of(types.Int4OID)}},
		Blocks: []blockRecord{{Offset: 8, MinRow: 1}, {Offset: 900, MinRow: 7, Zones: []zone{{Nulls: 2}}}},
	}
	b, err := rec.encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := decodeFragment(b)
	if err != nil || back.Rows != rec.Rows || back.Aligned[5] != 2 || len(back.Blocks) != 2 ||
		back.Blocks[1].Zones[0].Nulls != 2 {
		t.Fatalf("%+v, %v", back, err)
	}
	f := func(what string, b []byte) {
		t.Helper()
		if _, err := decodeFragment(b); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("%s: %v", what, err)
		}
	}
	f("empty", nil)
	f("newer", append([]byte{fragmentFormat + 1}, b[1:]...))
	f("cut", b[:len(b)-1])
	for _, rows := range []int{0, -1, 1, blockRows, 2*blockRows + 1} {
		wrong := *rec
		wrong.Rows = rows
		b, err := wrong.encode()
		if err != nil {
			t.Fatal(err)
		}
		f("other rows", b)
	}
}

// What bounds a block: nothing when a value has no place in a record, the least and greatest otherwise.
func TestZones(t *testing.T) {
	f := func(name string, bounds bool, lo, hi string, texts ...string) {
		t.Helper()
		typ := types.ByName(name)
		l, err := newLayout(&schema.Table{Columns: []schema.Column{{Num: 1, Type: types.Of(typ.OID)}}})
		if err != nil {
			t.Fatal(err)
		}
		c := newChunk(0, l, len(texts)+1)
		c.setDatum(0, 0, types.NullDatum)
		for i, s := range texts {
			d, err := typ.Parse(s, -1, &types.Session{})
			if err != nil {
				t.Fatal(err)
			}
			c.setDatum(0, i+1, d)
		}
		z := zoneOf(&l.cols[0], &c.cols[0].col)
		if z.Nulls != 1 || z.HasBounds != bounds {
			t.Fatalf("%s %q: %+v", name, texts, z)
		}
		if !bounds {
			return
		}
		format := func(d types.Datum) string { return string(typ.Format(nil, d, &types.Session{})) }
		if format(z.Min) != lo || format(z.Max) != hi {
			t.Fatalf("%s %q: %s to %s, want %s to %s", name, texts, format(z.Min), format(z.Max), lo, hi)
		}
	}
	long := string(bytes.Repeat([]byte{'x'}, zoneStringMax))
	f("int4", true, "-5", "9", "3", "9", "-5")
	f("int4", false, "", "")
	f("float8", true, "-Infinity", "1.5", "1.5", "-Infinity")
	f("float8", false, "", "", "1", "NaN")
	f("text", true, "", long, long, "", "a")
	f("text", false, "", "", "a", long+"x")
	f("numeric", true, "-1.5", "10", "10", "9.99", "-1.5")
	f("bool", false, "", "", "t")
	f("json", false, "", "", "1")
}
