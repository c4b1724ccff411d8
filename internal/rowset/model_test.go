package rowset_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/internal/rowset"
)

// pair is a set with the map that it must equal.
type pair struct {
	set   *rowset.Set
	model map[uint64]bool
}

// sorted lists the members of the model.
func (p *pair) sorted() []uint64 { return slices.Sorted(maps.Keys(p.model)) }

// mutate changes both in the same random way. Ids cluster around the borders of containers (2^16) and of
// the upper half (2^32), where bitmaps switch form.
func (p *pair) mutate(rng *rand.Rand, others []*pair) string {
	id := func() uint64 {
		base := []uint64{0, 1 << 16, 1<<32 - 100, 1 << 40}[rng.IntN(4)]
		return base + rng.Uint64N(200)
	}
	switch rng.IntN(7) {
	case 0:
		v := id()
		p.set.Add(v)
		p.model[v] = true
		return "Add"
	case 1:
		v := id()
		p.set.Remove(v)
		delete(p.model, v)
		return "Remove"
	case 2:
		lo := id()
		hi := lo + rng.Uint64N(150)
		p.set.AddRange(lo, hi)
		for v := lo; v < hi; v++ {
			p.model[v] = true
		}
		return "AddRange"
	case 3:
		vs := make([]uint64, rng.IntN(50))
		for i := range vs {
			vs[i] = id()
			p.model[vs[i]] = true
		}
		p.set.AddMany(vs)
		return "AddMany"
	case 4:
		o := others[rng.IntN(len(others))]
		p.set.Or(o.set)
		maps.Copy(p.model, o.model)
		return "Or"
	case 5:
		o := others[rng.IntN(len(others))]
		if o == p {
			return "none"
		}
		p.set.AndNot(o.set)
		maps.DeleteFunc(p.model, func(v uint64, _ bool) bool { return o.model[v] })
		return "AndNot"
	default:
		o := others[rng.IntN(len(others))]
		p.set.And(o.set)
		maps.DeleteFunc(p.model, func(v uint64, _ bool) bool { return !o.model[v] })
		return "And"
	}
}

// verify compares everything that can be asked of a set with the model.
func (p *pair) verify(t *testing.T, seed uint64, op string) {
	t.Helper()
	want := p.sorted()
	if got := ids(p.set); !slices.Equal(got, want) {
		t.Fatalf("seed %d: after %s: iterator gives %v, want %v", seed, op, got, want)
	}
	var all []uint64
	p.set.All(func(v uint64) bool { all = append(all, v); return true })
	if !slices.Equal(all, want) {
		t.Fatalf("seed %d: after %s: All gives %v, want %v", seed, op, all, want)
	}
	if p.set.Cardinality() != len(want) || p.set.Empty() != (len(want) == 0) {
		t.Fatalf("seed %d: after %s: %d ids, want %d", seed, op, p.set.Cardinality(), len(want))
	}
	lo, hi, ok := p.set.Bounds()
	if ok != (len(want) > 0) || (ok && (lo != want[0] || hi != want[len(want)-1])) {
		t.Fatalf("seed %d: after %s: bounds %d %d %v of %v", seed, op, lo, hi, ok, want)
	}
	for _, v := range []uint64{0, 1, 1 << 16, 1 << 32, 1<<40 + 7} {
		if p.set.Contains(v) != p.model[v] {
			t.Fatalf("seed %d: after %s: contains %d is %v", seed, op, v, p.set.Contains(v))
		}
	}
}

// Random changes of several sets, by each other too, leave what a map says.
func TestChangesAgainstMap(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		rng := rand.New(rand.NewPCG(seed, 1))
		pairs := make([]*pair, 3)
		for i := range pairs {
			pairs[i] = &pair{rowset.New(), map[uint64]bool{}}
		}
		for range 60 {
			p := pairs[rng.IntN(len(pairs))]
			op := p.mutate(rng, pairs)
			for _, q := range pairs {
				q.verify(t, seed, op)
			}
		}
	}
}

// The bits of a set near each other agree with it after every change, also those that were kept before.
func TestBitsAgainstMap(t *testing.T) {
	const seed = 5
	rng := rand.New(rand.NewPCG(seed, 2))
	s, model := rowset.New(), map[uint64]bool{}
	for step := range 300 {
		v := 1<<33 + rng.Uint64N(3000)
		if rng.IntN(3) == 0 {
			s.Remove(v)
			delete(model, v)
		} else {
			s.Add(v)
			model[v] = true
		}
		base, words := s.Bits()
		if base%64 != 0 {
			t.Fatalf("seed %d step %d: base %d", seed, step, base)
		}
		n := 0
		for i, w := range words {
			for b := range uint64(64) {
				if w>>b&1 == 1 {
					n++
					if !model[base+64*uint64(i)+b] {
						t.Fatalf("seed %d step %d: bit of %d", seed, step, base+64*uint64(i)+b)
					}
				}
			}
		}
		if n != len(model) {
			t.Fatalf("seed %d step %d: %d bits of %d", seed, step, n, len(model))
		}
	}
}

// A clone and its original change apart, and so do sets that were combined.
func TestCloneIsIndependent(t *testing.T) {
	a := rowset.Range(0, 70000)
	b := a.Clone()
	b.AddRange(70000, 70010)
	a.Remove(5)
	if a.Cardinality() != 69999 || b.Cardinality() != 70010 || !b.Contains(5) || a.Contains(70001) {
		t.Fatalf("%d and %d ids", a.Cardinality(), b.Cardinality())
	}
	c := rowset.New(1 << 40)
	c.Or(a)
	a.AddRange(0, 70000)
	if c.Contains(5) {
		t.Fatal("a change of the argument reaches the receiver of Or")
	}
	c.AddRange(80000, 80010)
	if a.Contains(80001) {
		t.Fatal("a change of the receiver reaches the argument of Or")
	}
}

// An iterator fills any size of buffer and stays at its end.
func TestIteratorBuffers(t *testing.T) {
	s := rowset.Range(10, 2000)
	s.Add(1 << 50)
	for _, size := range []int{1, 2, 63, 1990, 1991, 5000} {
		buf, total := make([]uint64, size), 0
		last := uint64(0)
		it := s.Iterator()
		for n := it.Next(buf); n > 0; n = it.Next(buf) {
			for _, v := range buf[:n] {
				if v <= last {
					t.Fatalf("size %d: %d after %d", size, v, last)
				}
				last = v
			}
			total += n
		}
		if total != 1991 || last != 1<<50 || it.Next(buf) != 0 {
			t.Fatalf("size %d: %d ids, the last %d", size, total, last)
		}
	}
	if n := s.Iterator().Next(nil); n != 0 {
		t.Fatalf("%d ids into no room", n)
	}
}

// The memory that a set says it takes grows with what is in it and covers its bits.
func TestBytes(t *testing.T) {
	small, dense, sparse := rowset.New(1), rowset.Range(0, 1<<20), rowset.New()
	for i := range uint64(1 << 12) {
		sparse.Add(i << 20)
	}
	if small.Bytes() >= sparse.Bytes() {
		t.Fatalf("one id takes %d bytes, 4096 far apart %d", small.Bytes(), sparse.Bytes())
	}
	if dense.Bytes() > 1<<20 {
		t.Fatalf("a range of a million takes %d bytes", dense.Bytes())
	}
}
