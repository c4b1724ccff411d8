package rowset_test

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/internal/rowset"
)

func ids(s *rowset.Set) []uint64 {
	var out []uint64
	buf := make([]uint64, 7)
	for it := s.Iterator(); ; {
		n := it.Next(buf)
		if n == 0 {
			return out
		}
		out = append(out, buf[:n]...)
	}
}

func TestSetAgainstMap(t *testing.T) {
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, seed))
	model := func() (*rowset.Set, map[uint64]bool) {
		s, m := rowset.New(), map[uint64]bool{}
		for range rng.IntN(300) {
			id := rng.Uint64N(1000)
			if rng.IntN(20) == 0 {
				id += 1 << 40
			}
			s.Add(id)
			m[id] = true
		}
		lo := rng.Uint64N(1000)
		hi := lo + rng.Uint64N(100)
		s.AddRange(lo, hi)
		for i := lo; i < hi; i++ {
			m[i] = true
		}
		return s, m
	}
	check := func(what string, s *rowset.Set, m map[uint64]bool) {
		t.Helper()
		var want []uint64
		for id := range m {
			want = append(want, id)
		}
		slices.Sort(want)
		if got := ids(s); !slices.Equal(got, want) {
			t.Fatalf("seed %d: %s: got %v, want %v", seed, what, got, want)
		}
		if s.Cardinality() != len(m) || s.Empty() != (len(m) == 0) {
			t.Fatalf("%s: cardinality %d, want %d", what, s.Cardinality(), len(m))
		}
	}
	for range 100 {
		a, ma := model()
		b, mb := model()
		check("build", a, ma)
		and, or, not := a.Clone(), a.Clone(), a.Clone()
		and.And(b)
		or.Or(b)
		not.AndNot(b)
		mAnd, mOr, mNot := map[uint64]bool{}, map[uint64]bool{}, map[uint64]bool{}
		for id := range ma {
			mOr[id] = true
			if mb[id] {
				mAnd[id] = true
			} else {
				mNot[id] = true
			}
		}
		for id := range mb {
			mOr[id] = true
		}
		check("and", and, mAnd)
		check("or", or, mOr)
		check("and not", not, mNot)
	}
}

// Bits are the members, before and after each kind of change.
func TestBits(t *testing.T) {
	s := rowset.New(100, 130, 131, 9000)
	check := func(what string) {
		t.Helper()
		for range 2 { // made, and kept
			base, words := s.Bits()
			n := 0
			for i, w := range words {
				n += bits.OnesCount64(w)
				for k := range 64 {
					if id := base + uint64(64*i+k); w>>k&1 == 1 && !s.Contains(id) {
						t.Fatalf("%s: bit of %d, which is not in the set", what, id)
					}
				}
			}
			if n != s.Cardinality() {
				t.Fatalf("%s: %d bits of %d", what, n, s.Cardinality())
			}
		}
	}
	check("new")
	s.AddRange(200, 8000)
	check("add range")
	s.Add(64)
	check("add")
	s.AddMany([]uint64{10, 11, 9001})
	check("add many")
	s.Remove(300)
	check("remove")
	s.AndNot(rowset.Range(400, 500))
	check("and not")
	s.Or(rowset.Range(9100, 9200))
	check("or")
	s.And(rowset.Range(150, 9150))
	check("and")
	s.And(rowset.New())
	check("empty")
}

func TestSetEdges(t *testing.T) {
	s := rowset.New()
	if _, _, ok := s.Bounds(); ok || !s.Empty() {
		t.Fatal("the empty set is not empty")
	}
	s.AddRange(5, 5)
	s.AddRange(6, 2)
	if !s.Empty() {
		t.Fatal("an empty range added something")
	}
	s = rowset.Range(0, 130)
	s.Remove(64)
	s.AddMany([]uint64{200, 201})
	if lo, hi, _ := s.Bounds(); lo != 0 || hi != 201 {
		t.Fatal(lo, hi)
	}
	if s.Contains(64) || !s.Contains(63) || s.Bytes() == 0 {
		t.Fatal("contains")
	}
	n := 0
	s.All(func(uint64) bool { n++; return n < 3 })
	if n != 3 {
		t.Fatal("All does not stop")
	}
}
