package rowset

import (
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
)

// Set is a set of row ids. The zero value is not usable; call New.
type Set struct {
	b *roaring64.Bitmap
}

// New returns the set of ids.
func New(ids ...uint64) *Set {
	return &Set{b: roaring64.BitmapOf(ids...)}
}

// Range returns the set of lo <= id < hi.
func Range(lo, hi uint64) *Set {
	s := New()
	s.AddRange(lo, hi)
	return s
}

// Add puts id into the set.
func (s *Set) Add(id uint64) { s.b.Add(id) }

// AddMany puts all ids into the set; ascending ids are fastest.
func (s *Set) AddMany(ids []uint64) { s.b.AddMany(ids) }

// AddRange puts lo <= id < hi into the set.
func (s *Set) AddRange(lo, hi uint64) {
	if lo < hi {
		s.b.AddRange(lo, hi)
	}
}

// Remove takes id out of the set.
func (s *Set) Remove(id uint64) { s.b.Remove(id) }

// Contains says whether id is in the set.
func (s *Set) Contains(id uint64) bool { return s.b.Contains(id) }

// Cardinality is the number of ids.
func (s *Set) Cardinality() int { return int(s.b.GetCardinality()) }

// Empty says whether there are none.
func (s *Set) Empty() bool { return s.b.IsEmpty() }

// And keeps the ids that are also in o.
func (s *Set) And(o *Set) { s.b.And(o.b) }

// Or adds the ids of o.
func (s *Set) Or(o *Set) { s.b.Or(o.b) }

// AndNot takes the ids of o out.
func (s *Set) AndNot(o *Set) { s.b.AndNot(o.b) }

// Clone returns a copy that changes independently.
func (s *Set) Clone() *Set { return &Set{b: s.b.Clone()} }

// Bytes is about the memory that the set takes.
func (s *Set) Bytes() int { return int(s.b.GetSizeInBytes()) }

// Bounds returns the least and the greatest id, and false for the empty set.
func (s *Set) Bounds() (lo, hi uint64, ok bool) {
	if s.b.IsEmpty() {
		return 0, 0, false
	}
	return s.b.Minimum(), s.b.Maximum(), true
}

// Iterator returns the ids in ascending order.
func (s *Set) Iterator() *Iterator {
	return &Iterator{it: s.b.ManyIterator()}
}

// Iterator walks a Set that must not change meanwhile.
type Iterator struct {
	it roaring64.ManyIntIterable64
}

// Next fills buf with the next ids and returns how many; 0 is the end.
func (it *Iterator) Next(buf []uint64) int { return it.it.NextMany(buf) }

// All calls f for each id in ascending order until f returns false.
func (s *Set) All(f func(id uint64) bool) {
	for it := s.b.Iterator(); it.HasNext(); {
		if !f(it.Next()) {
			return
		}
	}
}

// Dense appends to dst the bits of base <= id < base+n: bit i%64 of word i/64 stands for base+i. It
// is the form in which a kernel tests a filter.
func (s *Set) Dense(dst []uint64, base uint64, n int) []uint64 {
	start := len(dst)
	words := (n + 63) / 64
	dst = append(dst, make([]uint64, words)...)
	out := dst[start:]
	it := s.b.Iterator()
	it.AdvanceIfNeeded(base)
	for it.HasNext() {
		i := it.Next() - base
		if i >= uint64(n) {
			break
		}
		out[i/64] |= 1 << (i % 64)
	}
	return dst
}

// Count is the number of ids in base <= id < base+n.
func (s *Set) Count(base uint64, n int) int {
	if n <= 0 {
		return 0
	}
	upto := s.b.Rank(base + uint64(n) - 1)
	if base > 0 {
		upto -= s.b.Rank(base - 1)
	}
	return int(upto)
}

// OnesCount is the number of bits set in words, as Dense returns them.
func OnesCount(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}
