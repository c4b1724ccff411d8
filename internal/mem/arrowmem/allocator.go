package arrowmem

import (
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/vecdb/vecdb/internal/mem"
)

// Allocator is a memory.Allocator whose bytes are counted in an account.
type Allocator struct {
	base    memory.Allocator
	account *mem.Account
	err     atomic.Pointer[error] // the first refusal
}

// New returns an allocator over Arrow's aligned Go allocator. The account may be nil.
func New(account *mem.Account) *Allocator {
	return &Allocator{base: memory.NewGoAllocator(), account: account}
}

// Err is nil as long as every allocation was within budget, and then the first refusal.
func (a *Allocator) Err() error {
	if err := a.err.Load(); err != nil {
		return *err
	}
	return nil
}

// Allocate implements memory.Allocator.
func (a *Allocator) Allocate(size int) []byte {
	a.take(int64(size))
	return a.base.Allocate(size)
}

// Reallocate implements memory.Allocator.
func (a *Allocator) Reallocate(size int, b []byte) []byte {
	old := int64(len(b))
	// For a moment both are there, but the collector may take the old one at any time.
	a.take(int64(size) - old)
	a.account.Shrink(old - int64(size))
	return a.base.Reallocate(size, b)
}

// Free implements memory.Allocator.
func (a *Allocator) Free(b []byte) {
	a.account.Shrink(int64(len(b)))
	a.base.Free(b)
}

// take counts n bytes and keeps the first refusal.
func (a *Allocator) take(n int64) {
	if err := a.account.Overdraw(n); err != nil {
		a.err.CompareAndSwap(nil, &err)
	}
}
