package index

import "math/bits"

// RowID names a row for its whole life.
type RowID uint64

// Bitmap is a set of row ids as bits: bit i of Bits, counted through all words, is row Base+i. Bits
// nil stands for no bitmap at all, which searches read as "every row".
type Bitmap struct {
	Base RowID
	Bits []uint64
}

// Has tells whether the row is in the set.
func (b Bitmap) Has(id RowID) bool {
	i := uint64(id - b.Base)
	return i/64 < uint64(len(b.Bits)) && b.Bits[i/64]>>(i%64)&1 == 1
}

// Count returns the number of rows in the set.
func (b Bitmap) Count() int {
	n := 0
	for _, w := range b.Bits {
		n += bits.OnesCount64(w)
	}
	return n
}
