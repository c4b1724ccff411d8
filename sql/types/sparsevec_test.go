package types_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// received is what a type reads of binary bytes: its text, or the code and message of the error.
func received(typ *types.Type, b []byte, mod int32) string {
	d, err := typ.Recv(b, mod, nil)
	if err != nil {
		return pgerr.Code(err) + " " + err.Error()
	}
	return string(typ.Format(nil, d, nil))
}

// The binary form of a sparsevec is checked in the order of its parts.
func TestSparsevecBinary(t *testing.T) {
	typ := types.ByName("sparsevec")
	wire := func(head []int32, indices []int32, values ...float32) []byte {
		var b []byte
		for _, n := range append(head, indices...) {
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		}
		for _, f := range values {
			b = binary.BigEndian.AppendUint32(b, math.Float32bits(f))
		}
		return b
	}
	f := func(b []byte, mod int32, want string) {
		t.Helper()
		if got := received(typ, b, mod); got != want {
			t.Errorf("%x: %q, want %q", b, got, want)
		}
	}
	f(wire([]int32{5, 2, 0}, []int32{0, 4}, 1, -2), -1, "{1:1,5:-2}/5")
	f(wire([]int32{5, 0, 0}, nil), 5, "{}/5")
	f(wire([]int32{5, 0, 0}, nil), 6, "22000 expected 6 dimensions, not 5")
	f(wire([]int32{5, 0}, nil), -1, "08P01 insufficient data left in message")
	f(wire([]int32{5, 2, 0}, []int32{0, 4}, 1), -1, "08P01 insufficient data left in message")
	f(wire([]int32{5, 1, 0}, []int32{0}, 1, 2), -1, "22P03 incorrect binary data format")
	f(wire([]int32{0, 0, 0}, nil), -1, "22000 sparsevec must have at least 1 dimension")
	f(wire([]int32{1000000001, 0, 0}, nil), -1, "54000 sparsevec cannot have more than 1000000000 dimensions")
	f(wire([]int32{5, -1, 0}, nil), -1, "22000 sparsevec cannot have negative number of elements")
	f(wire([]int32{20000, 16001, 0}, nil), -1, "54000 sparsevec cannot have more than 16000 non-zero elements")
	f(wire([]int32{5, 6, 0}, nil), -1, "54000 sparsevec cannot have more elements than dimensions")
	f(wire([]int32{5, 0, 7}, nil), -1, "22000 expected unused to be 0, not 7")
	f(wire([]int32{5, 1, 0}, []int32{5}, 1), -1, "22000 sparsevec index out of bounds")
	f(wire([]int32{5, 1, 0}, []int32{-1}, 1), -1, "22000 sparsevec index out of bounds")
	f(wire([]int32{5, 2, 0}, []int32{3, 1}, 1, 1), -1, "22000 sparsevec indices must be in ascending order")
	f(wire([]int32{5, 2, 0}, []int32{3, 3}, 1, 1), -1, "22000 sparsevec indices must not contain duplicates")
	f(wire([]int32{5, 1, 0}, []int32{3}, 0), -1, "22000 binary representation of sparsevec cannot contain zero values")
	f(wire([]int32{5, 1, 0}, []int32{3}, float32(math.NaN())), -1, "22000 NaN not allowed in sparsevec")
	f(wire([]int32{5, 1, 0}, []int32{3}, float32(math.Inf(1))), -1, "22000 infinite value not allowed in sparsevec")
}

// Sparse vectors and the dense ones that they stand for have one order, and keys that agree with it.
func TestSparsevecOrderIsDense(t *testing.T) {
	const seed = 7
	rng := rand.New(rand.NewSource(seed))
	sparse, dense := types.ByName("sparsevec"), types.ByName("vector")
	random := func() []float32 {
		v := make([]float32, 1+rng.Intn(4))
		for i := range v {
			v[i] = float32(max(rng.Intn(5)-2, 0) - rng.Intn(2))
		}
		return v
	}
	sign := func(n int) int { return max(min(n, 1), -1) }
	for range 5000 {
		x, y := random(), random()
		a, b := types.StringDatum(types.SparseOf(x).Encode()), types.StringDatum(types.SparseOf(y).Encode())
		want := sign(dense.Compare(types.StringDatum(types.VectorString(x)), types.StringDatum(types.VectorString(y))))
		if got := sign(sparse.Compare(a, b)); got != want {
			t.Fatalf("seed %d: %v and %v compare %d, want %d", seed, x, y, got, want)
		}
		if got := strings.Compare(string(sparse.AppendKey(nil, a)), string(sparse.AppendKey(nil, b))); got != want {
			t.Fatalf("seed %d: the keys of %v and %v compare %d, want %d", seed, x, y, got, want)
		}
		if got := types.DecodeSparse(a.S).Dense(); fmt.Sprint(got) != fmt.Sprint(x) {
			t.Fatalf("seed %d: %v came back as %v", seed, x, got)
		}
	}
}

// A list of as many elements as pgvector takes is read, one more is not.
func TestSparsevecLimits(t *testing.T) {
	typ := types.ByName("sparsevec")
	f := func(n int, want string) {
		t.Helper()
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, ",%d:1", i+1)
		}
		d, err := typ.Parse("{"+b.String()[1:]+"}/20000", -1, nil)
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%d elements: %s, want %s", n, got, want)
		}
		if err == nil && len(types.DecodeSparse(d.S).Indices) != n {
			t.Errorf("%d elements became %d", n, len(types.DecodeSparse(d.S).Indices))
		}
	}
	f(types.SparseElemMax, "<nil>")
	f(types.SparseElemMax+1, "sparsevec cannot have more than 16000 non-zero elements")
}
