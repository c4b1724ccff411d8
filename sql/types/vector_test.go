package types_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// vectorText prints dims random numbers as programs print embeddings.
func vectorText(r *rand.Rand, dims int) string {
	var b strings.Builder
	b.WriteByte('[')
	for i := range dims {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatFloat(float64(float32(r.NormFloat64()*0.05)), 'g', -1, 32))
	}
	b.WriteByte(']')
	return b.String()
}

// TestVectorNumbers holds the fast path of numbers against strconv, for texts that are easy to round
// wrongly: middles of neighbouring float32, long digits, extremes.
func TestVectorNumbers(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewSource(seed))
	var texts []string
	for range 20000 {
		f := math.Float32frombits(r.Uint32())
		if f != f || math.IsInf(float64(f), 0) {
			continue
		}
		next := math.Nextafter32(f, math.MaxFloat32)
		middle := (float64(f) + float64(next)) / 2
		texts = append(texts, strconv.FormatFloat(float64(f), 'g', -1, 32), strconv.FormatFloat(float64(f), 'f', 9, 64),
			strconv.FormatFloat(middle, 'g', 17, 64), strconv.FormatFloat(middle, 'e', 18, 64),
			strconv.FormatFloat(middle, 'g', -1, 64))
		texts = append(texts, fmt.Sprintf("%d.%d", r.Intn(1000), r.Intn(1<<30)),
			fmt.Sprintf("%de%d", r.Int63(), r.Intn(40)-30))
	}
	typ := types.ByName("vector")
	for _, s := range texts {
		want, err := strconv.ParseFloat(s, 32)
		if err != nil {
			continue
		}
		d, err := typ.Parse("["+s+"]", -1, nil)
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, s, err)
		}
		if got := types.VectorFloats(d.S)[0]; got != float32(want) {
			t.Fatalf("seed %d: %s is read as %v, want %v", seed, s, got, float32(want))
		}
	}
}

func TestVectorLimits(t *testing.T) {
	typ := types.ByName("vector")
	f := func(dims int, code, message string) {
		t.Helper()
		_, err := typ.Parse("["+strings.Repeat("1,", dims-1)+"1]", -1, nil)
		if pgerr.Code(err) != code || err != nil && err.Error() != message {
			t.Errorf("%d dimensions: %v", dims, err)
		}
	}
	f(1, "", "")
	f(types.VectorDimsMax, "", "")
	f(types.VectorDimsMax+1, "54000", "vector cannot have more than 16000 dimensions")
	g := func(dims int32, message string) {
		t.Helper()
		_, err := typ.ModIn([]int32{dims})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != message {
			t.Errorf("vector(%d): %q, want %q", dims, got, message)
		}
	}
	g(1, "")
	g(16000, "")
	g(0, "dimensions for type vector must be at least 1")
	g(16001, "dimensions for type vector cannot exceed 16000")
	if _, err := typ.ApplyMod(types.StringDatum(types.VectorString([]float32{1, 2})), 3, true); err == nil ||
		err.Error() != "expected 3 dimensions, not 2" {
		t.Errorf("ApplyMod: %v", err)
	}
	for _, bad := range [][]float32{{1, float32(math.NaN())}, {float32(math.Inf(1))}} {
		if _, err := types.Vectors.Narrowed(bad); pgerr.Code(err) != "22000" {
			t.Errorf("Narrowed(%v): %v", bad, err)
		}
	}
}

func TestVectorBinary(t *testing.T) {
	typ := types.ByName("vector")
	head := func(dims, unused uint16, floats ...float32) []byte {
		b := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, dims), unused)
		for _, f := range floats {
			b = binary.BigEndian.AppendUint32(b, math.Float32bits(f))
		}
		return b
	}
	f := func(b []byte, want string) {
		t.Helper()
		d, err := typ.Recv(b, -1, nil)
		got := ""
		if err != nil {
			got = pgerr.Code(err) + " " + err.Error()
		} else {
			got = string(typ.Format(nil, d, nil))
		}
		if got != want {
			t.Errorf("%x: %q, want %q", b, got, want)
		}
	}
	f(head(2, 0, 1, -2.5), "[1,-2.5]")
	f(head(2, 0, 1), "08P01 insufficient data left in message")
	f(head(1, 0, 1, 2), "22P03 incorrect binary data format")
	f(head(0, 0), "22000 vector must have at least 1 dimension")
	f(head(16001, 0), "54000 vector cannot have more than 16000 dimensions")
	f(head(1, 7, 1), "22000 expected unused to be 0, not 7")
	f(head(1, 0, float32(math.NaN())), "22000 NaN not allowed in vector")
	f(head(1, 0, float32(math.Inf(-1))), "22000 infinite value not allowed in vector")
	f(nil, "08P01 insufficient data left in message")
}

func TestVectorFloatsUnaligned(t *testing.T) {
	want := []float32{1, -2, 3.5}
	s := types.VectorString(want)
	padded := "x" + s
	for _, view := range []string{s, padded[1:], ("xy" + s)[2:]} {
		got := types.VectorFloats(view)
		if len(got) != len(want) {
			t.Fatal(got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	}
	if types.VectorFloats("") != nil || types.VectorString(nil) != "" {
		t.Fatal("the empty vector")
	}
}

func FuzzVector(f *testing.F) {
	for _, s := range []string{"[1,2,3]", "[1e-40]", " [ .5 , 5. ] ", "[0x1p3]", "[1,]", "[123456789012345678]"} {
		f.Add(s)
	}
	typ := types.ByName("vector")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := typ.Parse(s, -1, nil)
		if err != nil {
			return
		}
		text := string(typ.Format(nil, d, nil))
		again, err := typ.Parse(text, -1, nil)
		if err != nil || again.S != d.S {
			t.Fatalf("%q prints as %q, which reads as %x, %v", s, text, again.S, err)
		}
	})
}

func BenchmarkParseVector(b *testing.B) {
	s := vectorText(rand.New(rand.NewSource(1)), 384)
	typ := types.ByName("vector")
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		if _, err := typ.Parse(s, -1, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFormatVector(b *testing.B) {
	typ := types.ByName("vector")
	d, err := typ.Parse(vectorText(rand.New(rand.NewSource(1)), 384), -1, nil)
	if err != nil {
		b.Fatal(err)
	}
	var buf []byte
	for b.Loop() {
		buf = typ.Format(buf[:0], d, nil)
	}
}
