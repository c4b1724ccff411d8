package storage

import (
	"sync/atomic"
)

// endBlockRows is the number of rows whose ends are allocated together: a fragment of which no row has
// ended costs a pointer per 1024 rows.
const endBlockRows = 1024

// endSet mirrors the end keys of a fragment: for each row version the version that ended it. It only
// grows, and is read without a lock.
type endSet struct {
	count  atomic.Int64
	blocks []atomic.Pointer[[endBlockRows]atomic.Uint64]
}

func newEndSet(rows int) *endSet {
	return &endSet{blocks: make([]atomic.Pointer[[endBlockRows]atomic.Uint64], (rows+endBlockRows-1)/endBlockRows)}
}

// at returns the end of the row version at off, 0 for none.
func (e *endSet) at(off rowOffset) uint64 {
	b := e.blocks[off/endBlockRows].Load()
	if b == nil {
		return 0
	}
	return b[off%endBlockRows].Load()
}

// set ends the row version at off. It reports false when it has an end already. One goroutine at a
// time may call it.
func (e *endSet) set(off rowOffset, v uint64) bool {
	b := e.blocks[off/endBlockRows].Load()
	if b == nil {
		b = new([endBlockRows]atomic.Uint64)
		e.blocks[off/endBlockRows].Store(b)
	}
	if !b[off%endBlockRows].CompareAndSwap(0, v) {
		return false
	}
	e.count.Add(1)
	return true
}

// clear takes the end of the row version at off back.
func (e *endSet) clear(off rowOffset) {
	if b := e.blocks[off/endBlockRows].Load(); b != nil && b[off%endBlockRows].Swap(0) != 0 {
		e.count.Add(-1)
	}
}

// any says whether a row of from <= i < to may have an end.
func (e *endSet) any(from, to int) bool {
	if e.count.Load() == 0 || from >= to {
		return false
	}
	for i := from / endBlockRows; i <= (to-1)/endBlockRows; i++ {
		if e.blocks[i].Load() != nil {
			return true
		}
	}
	return false
}
