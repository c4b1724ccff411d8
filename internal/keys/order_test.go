package keys_test

import (
	"bytes"
	"cmp"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/internal/keys"
)

const orderSeed = 11

// spreadInt returns integers of every magnitude, so that encodings of all lengths meet.
func spreadInt(rng *rand.Rand) int64 {
	v := int64(rng.Uint64() >> rng.IntN(64))
	if rng.IntN(2) == 0 {
		v = -v
	}
	return v
}

// spreadFloat returns floats of every exponent, and the special ones.
func spreadFloat(rng *rand.Rand) float64 {
	switch rng.IntN(12) {
	case 0:
		return []float64{0, math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64}[rng.IntN(6)]
	case 1:
		return float64(rng.IntN(7) - 3)
	}
	return math.Float64frombits(rng.Uint64())
}

// spreadString returns short strings over bytes that the escaping treats in its own way.
func spreadString(rng *rand.Rand) string {
	const alphabet = "\x00\x01\x02\xfe\xffab"
	b := make([]byte, rng.IntN(6))
	for i := range b {
		b[i] = alphabet[rng.IntN(len(alphabet))]
	}
	return string(b)
}

// floatOrder is PostgreSQL's: -0 equals 0, NaN equals NaN and is the greatest.
func floatOrder(a, b float64) int {
	switch {
	case a != a || b != b:
		return cmp.Compare(boolInt(a != a), boolInt(b != b))
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Encodings compare as their values do, for random pairs of each kind.
func TestOrderOfRandomValues(t *testing.T) {
	rng := rand.New(rand.NewPCG(orderSeed, 1))
	f := func(what string, a, b any, x, y []byte, want int) {
		t.Helper()
		if got := bytes.Compare(x, y); got != want {
			t.Fatalf("seed %d: %s: %v is %x, %v is %x: %d, want %d", orderSeed, what, a, x, b, y, got, want)
		}
	}
	for range 20000 {
		a, b := spreadInt(rng), spreadInt(rng)
		f("int", a, b, keys.AppendInt(nil, a), keys.AppendInt(nil, b), cmp.Compare(a, b))
		u, v := rng.Uint64()>>rng.IntN(64), rng.Uint64()>>rng.IntN(64)
		f("uint64", u, v, keys.AppendUint64(nil, u), keys.AppendUint64(nil, v), cmp.Compare(u, v))
		f("uint32", u, v, keys.AppendUint32(nil, uint32(u)), keys.AppendUint32(nil, uint32(v)),
			cmp.Compare(uint32(u), uint32(v)))
		p, q := spreadFloat(rng), spreadFloat(rng)
		f("float", p, q, keys.AppendFloat(nil, p), keys.AppendFloat(nil, q), floatOrder(p, q))
		n, m := float32(p), float32(q)
		f("float32", n, m, keys.AppendFloat32(nil, n), keys.AppendFloat32(nil, m), floatOrder(float64(n), float64(m)))
		s, r := spreadString(rng), spreadString(rng)
		f("string", s, r, keys.AppendString(nil, s), keys.AppendString(nil, r), strings.Compare(s, r))
	}
	f("bool", false, true, keys.AppendBool(nil, false), keys.AppendBool(nil, true), -1)
}

// tuple is a composite key as an index makes it.
type tuple struct {
	s string
	i int64
	f float64
}

func (a tuple) compare(b tuple) int {
	return cmp.Or(strings.Compare(a.s, b.s), cmp.Compare(a.i, b.i), floatOrder(a.f, b.f))
}

func (a tuple) encode() []byte {
	return keys.AppendFloat(keys.AppendInt(keys.AppendString(nil, a.s), a.i), a.f)
}

// Keys of several columns compare column by column: no encoding is a prefix of another, so what follows
// a column never decides before it. Inverted bytes give the reverse order, as DESC columns want.
func TestOrderOfTuples(t *testing.T) {
	rng := rand.New(rand.NewPCG(orderSeed, 2))
	tuples := make([]tuple, 400)
	for i := range tuples {
		tuples[i] = tuple{spreadString(rng), spreadInt(rng) % 300, spreadFloat(rng)}
	}
	slices.SortFunc(tuples, tuple.compare)
	for i := 1; i < len(tuples); i++ {
		a, b := tuples[i-1], tuples[i]
		x, y := a.encode(), b.encode()
		if got, want := bytes.Compare(x, y), a.compare(b); got != want {
			t.Fatalf("seed %d: %v %x, %v %x: %d, want %d", orderSeed, a, x, b, y, got, want)
		}
		for _, k := range [][]byte{x, y} {
			for j := range k {
				k[j] = ^k[j]
			}
		}
		if got, want := bytes.Compare(x, y), -a.compare(b); got != want {
			t.Fatalf("seed %d: inverted %v, %v: %d, want %d", orderSeed, a, b, got, want)
		}
	}
}

// A tuple decodes to what was encoded, column after column, whatever follows.
func TestTupleRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(orderSeed, 3))
	for range 2000 {
		want := tuple{spreadString(rng), spreadInt(rng), spreadFloat(rng)}
		u := rng.Uint64()
		b := keys.AppendUint64(want.encode(), u)
		s, rest, err := keys.Bytes(nil, b)
		if err != nil {
			t.Fatal(err)
		}
		i, rest, err := keys.Int(rest)
		if err != nil {
			t.Fatal(err)
		}
		f, rest, err := keys.Float(rest)
		if err != nil {
			t.Fatal(err)
		}
		v, rest, err := keys.Uint64(rest)
		got := tuple{string(s), i, f}
		if err != nil || len(rest) != 0 || v != u || got.compare(want) != 0 {
			t.Fatalf("%v %d came back as %v %d, %x, %v", want, u, got, v, rest, err)
		}
	}
}

// Encoders append behind what is there, and Bytes appends to what it is given.
func TestAppendKeepsTheFront(t *testing.T) {
	f := func(what string, got []byte) {
		t.Helper()
		if !bytes.HasPrefix(got, []byte("front")) {
			t.Fatalf("%s: %q", what, got)
		}
	}
	front := []byte("front")
	f("int", keys.AppendInt(slices.Clone(front), -7))
	f("uint32", keys.AppendUint32(slices.Clone(front), 7))
	f("uint64", keys.AppendUint64(slices.Clone(front), 7))
	f("float", keys.AppendFloat(slices.Clone(front), 7))
	f("float32", keys.AppendFloat32(slices.Clone(front), 7))
	f("bool", keys.AppendBool(slices.Clone(front), true))
	f("string", keys.AppendString(slices.Clone(front), "x"))
	s, _, err := keys.Bytes(slices.Clone(front), keys.AppendString(nil, "x\x00y"))
	if err != nil || string(s) != "frontx\x00y" {
		t.Fatalf("Bytes: %q, %v", s, err)
	}
}

// Every proper prefix of an encoding is malformed, and says so with the sentinel.
func TestPrefixesAreMalformed(t *testing.T) {
	f := func(what string, whole []byte, decode func([]byte) error) {
		t.Helper()
		if err := decode(whole); err != nil {
			t.Fatalf("%s: the whole: %v", what, err)
		}
		for n := range whole {
			if err := decode(whole[:n]); !errors.Is(err, keys.ErrMalformed) {
				t.Fatalf("%s: %d bytes of %x: %v", what, n, whole, err)
			}
		}
	}
	anInt := func(b []byte) error { _, _, err := keys.Int(b); return err }
	aString := func(b []byte) error { _, _, err := keys.Bytes(nil, b); return err }
	for _, v := range []int64{0, 1, -1, 255, 256, -257, math.MaxInt64, math.MinInt64} {
		f("int", keys.AppendInt(nil, v), anInt)
	}
	for _, s := range []string{"", "a", "\x00", "a\x00b\xff"} {
		f("string", keys.AppendString(nil, s), aString)
	}
	f("float", keys.AppendFloat(nil, 1.5), func(b []byte) error { _, _, err := keys.Float(b); return err })
	f("uint64", keys.AppendUint64(nil, 9), func(b []byte) error { _, _, err := keys.Uint64(b); return err })
}
