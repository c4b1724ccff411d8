package types_test

import (
	"encoding/binary"
	"math/rand"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
)

// bitsFrom parses a bit string.
func bitsFrom(t *testing.T, text string) string {
	t.Helper()
	return datum(t, types.ByName("varbit"), text).S
}

// The binary form of a bit string is its length and bytes; what is set behind the last bit is dropped.
func TestBitBinary(t *testing.T) {
	wire := func(n uint32, bytes ...byte) []byte { return append(binary.BigEndian.AppendUint32(nil, n), bytes...) }
	f := func(name string, b []byte, mod int32, want string) {
		t.Helper()
		if got := received(types.ByName(name), b, mod); got != want {
			t.Errorf("%s(%d) %x: %q, want %q", name, mod, b, got, want)
		}
	}
	f("bit", wire(3, 0b10100000), -1, "101")
	f("bit", wire(3, 0b10111111), 3, "101")
	f("varbit", wire(9, 0xff, 0xff), -1, "111111111")
	f("varbit", wire(0), 4, "")
	f("bit", wire(3, 0xa0), 4, "22026 bit string length 3 does not match type bit(4)")
	f("varbit", wire(5, 0xff), 4, "22001 bit string too long for type bit varying(4)")
	f("varbit", wire(4, 0xff), 4, "1111")
	f("bit", wire(9, 0xff), -1, "08P01 insufficient data left in message")
	f("bit", wire(8, 0xff, 0), -1, "22P03 incorrect binary data format")
	f("bit", []byte{0, 0, 0}, -1, "08P01 insufficient data left in message")
	f("bit", wire(0xffffffff), -1, "22P03 invalid length in external bit string")
}

// A cast to a length cuts or fills up with zeros; an assignment refuses what has another.
func TestBitLengths(t *testing.T) {
	f := func(name, text string, mod int32, explicit bool, want string) {
		t.Helper()
		typ := types.ByName(name)
		d, err := typ.ApplyMod(types.StringDatum(bitsFrom(t, text)), mod, explicit)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = string(typ.Format(nil, d, nil))
		}
		if got != want {
			t.Errorf("%s as %s(%d), explicit %v: %q, want %q", text, name, mod, explicit, got, want)
		}
	}
	f("bit", "101", 3, false, "101")
	f("bit", "101", 5, true, "10100")
	f("bit", "111111111", 3, true, "111")
	f("bit", "1", 17, true, "1"+strings.Repeat("0", 16))
	f("bit", "101", 5, false, "bit string length 3 does not match type bit(5)")
	f("varbit", "101", 5, false, "101")
	f("varbit", "111111111", 8, true, "11111111")
	f("varbit", "111111111", 8, false, "bit string too long for type bit varying(8)")
}

// Copies of bits between any places are those of their texts.
func TestBitCopies(t *testing.T) {
	const seed = 3
	rng := rand.New(rand.NewSource(seed))
	for range 3000 {
		text := randomWord(rng, "01") + strings.Repeat("10", rng.Intn(20)) + randomWord(rng, "01")
		s := bitsFrom(t, text)
		if types.BitLen(s) != len(text) {
			t.Fatalf("%s has %d bits", text, types.BitLen(s))
		}
		from := rng.Intn(len(text) + 1)
		n := rng.Intn(len(text) - from + 1)
		if got, want := types.CutBits(s, from, n), bitsFrom(t, text[from:from+n]); got != want {
			t.Fatalf("seed %d: %d bits of %s from %d are %x, want %x", seed, n, text, from, got, want)
		}
		at, size := rng.Intn(20), len(text)+20
		x := types.NewBits(size)
		x.Copy(at, s, from, n)
		want := strings.Repeat("0", at) + text[from:from+n] + strings.Repeat("0", size-at-n)
		if got := x.String(); got != bitsFrom(t, want) {
			t.Fatalf("seed %d: bits of %s from %d at %d: %x, want %s", seed, text, from, at, got, want)
		}
	}
}

// Bits are set and cleared one by one, and a copy leaves its source alone.
func TestBitChanges(t *testing.T) {
	s := bitsFrom(t, "1010101010")
	x := types.BitsOf(s)
	x.Set(1)
	x.Clear(8)
	if got := x.String(); got != bitsFrom(t, "1110101000") {
		t.Errorf("changed bits are %x", got)
	}
	if s != bitsFrom(t, "1010101010") {
		t.Errorf("the source is %x", s)
	}
	if types.BitLen("") != 0 || types.BitBytes("") != "" {
		t.Error("nothing has bits")
	}
}
