package rowset

import (
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2/roaring64"
)

// Set is a set of row ids. The zero value is not usable; call New.
type Set struct {
	b     *roaring64.Bitmap
	dense atomic.Pointer[dense] // what Bits returned last; nil when the set has changed since
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
func (s *Set) Add(id uint64) {
	s.changed()
	s.b.Add(id)
}

// AddMany puts all ids into the set; ascending ids are fastest.
func (s *Set) AddMany(ids []uint64) {
	s.changed()
	s.b.AddMany(ids)
}

// AddRange puts lo <= id < hi into the set.
func (s *Set) AddRange(lo, hi uint64) {
	if lo < hi {
		s.changed()
		s.b.AddRange(lo, hi)
	}
}

// Remove takes id out of the set.
func (s *Set) Remove(id uint64) {
	s.changed()
	s.b.Remove(id)
}

// Contains says whether id is in the set.
func (s *Set) Contains(id uint64) bool { return s.b.Contains(id) }

// Cardinality is the number of ids.
func (s *Set) Cardinality() int { return int(s.b.GetCardinality()) }

// Empty says whether there are none.
func (s *Set) Empty() bool { return s.b.IsEmpty() }

// And keeps the ids that are also in o.
func (s *Set) And(o *Set) {
	s.changed()
	s.b.And(o.b)
}

// Or adds the ids of o.
func (s *Set) Or(o *Set) {
	s.changed()
	s.b.Or(o.b)
}

// AndNot takes the ids of o out.
func (s *Set) AndNot(o *Set) {
	s.changed()
	s.b.AndNot(o.b)
}

// Clone returns a copy that changes independently.
func (s *Set) Clone() *Set { return &Set{b: s.b.Clone()} }

// Bytes is about the memory that the set takes, and may take for the bits it keeps.
func (s *Set) Bytes() int { return (1 + bitsKeepFactor) * int(s.b.GetSizeInBytes()) }

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

// bitsRun is how many ids Bits takes at once.
const bitsRun = 4096

// bitsKeepFactor is how many times the set's own size its bits may take to be kept.
const bitsKeepFactor = 8

// Bits returns the set in the form in which a kernel tests a filter: bit i%64 of word i/64 stands for
// base+i, and base is a multiple of 64. The words belong to the set, which keeps them until it changes
// unless it is so sparse that they are large beside it.
func (s *Set) Bits() (base uint64, words []uint64) {
	if d := s.dense.Load(); d != nil {
		return d.base, d.words
	}
	lo, hi, ok := s.Bounds()
	if !ok {
		return 0, []uint64{}
	}
	d := &dense{base: lo &^ 63}
	d.words = make([]uint64, (hi-d.base)/64+1)
	buf := make([]uint64, bitsRun)
	it := s.b.ManyIterator()
	for n := it.NextMany(buf); n > 0; n = it.NextMany(buf) {
		for _, id := range buf[:n] {
			i := id - d.base
			d.words[i/64] |= 1 << (i % 64)
		}
	}
	if 8*len(d.words) <= bitsKeepFactor*int(s.b.GetSizeInBytes()) {
		s.dense.Store(d)
	}
	return d.base, d.words
}

// dense is what Bits returned.
type dense struct {
	base  uint64
	words []uint64
}

// changed forgets the bits.
func (s *Set) changed() {
	if s.dense.Load() != nil {
		s.dense.Store(nil)
	}
}
