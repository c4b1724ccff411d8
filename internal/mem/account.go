package mem

import (
	"errors"
	"fmt"
	"sync"
)

// ErrBudget is wrapped by what Grow returns when memory is refused.
var ErrBudget = errors.New("memory budget exceeded")

// portionBytes is what an account takes from its parent at least, and keeps in reserve at most twice.
// It is small beside any work_mem (64 kB and more) and large beside the buffers of one batch's column.
const portionBytes = 16 << 10

// BudgetError tells which account refused, and why. It wraps ErrBudget.
type BudgetError struct {
	Account string // name of the account whose limit would be passed
	Asked   int64  // bytes
	Used    int64  // bytes, before
	Limit   int64  // bytes
}

// Error has the figures, for the server's log and the error's detail.
func (e *BudgetError) Error() string {
	return fmt.Sprintf("memory budget exceeded: %s uses %d of %d bytes and asked for %d more",
		e.Account, e.Used, e.Limit, e.Asked)
}

// Unwrap makes errors.Is(err, ErrBudget) true.
func (e *BudgetError) Unwrap() error { return ErrBudget }

// Account counts the bytes of one owner. Make the first with New and those below it with Child.
type Account struct {
	name   string
	parent *Account
	limit  int64 // bytes; 0 means that only the accounts above limit

	mu     sync.Mutex
	used   int64 // bytes that the owner and its children have
	held   int64 // bytes taken from the parent, at least used
	peak   int64 // greatest used
	closed bool
}

// New returns a root. A limit of 0 means none.
func New(name string, limit int64) *Account {
	return &Account{name: name, limit: limit}
}

// Child returns an account whose bytes count in a too. A limit of 0 means that only a and those above
// it limit. The child of nil is a root.
func (a *Account) Child(name string, limit int64) *Account {
	return &Account{name: name, parent: a, limit: limit}
}

// Grow takes n more bytes, or takes none and returns an error that wraps ErrBudget. n may be 0.
func (a *Account) Grow(n int64) error {
	if a == nil || n <= 0 {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.limit > 0 && a.used+n > a.limit {
		return &BudgetError{Account: a.name, Asked: n, Used: a.used, Limit: a.limit}
	}
	if err := a.hold(a.used + n); err != nil {
		return err
	}
	a.add(n)
	return nil
}

// Overdraw takes n bytes even past the limits and tells whether one was passed. It is for those who
// have the memory already, or cannot be refused it; they must stop growing soon.
func (a *Account) Overdraw(n int64) error {
	if a == nil || n <= 0 {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var err error
	if a.limit > 0 && a.used+n > a.limit {
		err = &BudgetError{Account: a.name, Asked: n, Used: a.used, Limit: a.limit}
	}
	if short := a.used + n - a.held; short > 0 {
		if upper := a.parent.Overdraw(short); err == nil {
			err = upper
		}
		a.held += short
	}
	a.add(n)
	return err
}

// hold makes sure that the parent gave at least want bytes. The caller has a.mu; locks are always taken
// upward, so that accounts cannot wait for each other in a ring.
func (a *Account) hold(want int64) error {
	short := want - a.held
	if short <= 0 {
		return nil
	}
	portion := (short + portionBytes - 1) / portionBytes * portionBytes
	if a.parent.Grow(portion) == nil {
		a.held += portion
		return nil
	}
	// Near a limit above, the reserve is what does not fit.
	if err := a.parent.Grow(short); err != nil {
		return err
	}
	a.held += short
	return nil
}

// add notes n more bytes in use.
func (a *Account) add(n int64) {
	a.used += n
	a.peak = max(a.peak, a.used)
}

// Shrink gives n bytes back. Giving back more than was taken is held to be all of it, since accounts
// must stay right for others whatever an operator's own sums say.
func (a *Account) Shrink(n int64) {
	if a == nil || n <= 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.used = max(0, a.used-n)
	if spare := a.held - a.used; spare > 2*portionBytes {
		a.parent.Shrink(spare - portionBytes)
		a.held -= spare - portionBytes
	}
}

// Resize changes what the owner has from old to now bytes: Grow or Shrink by the difference.
func (a *Account) Resize(old, now int64) error {
	if now > old {
		return a.Grow(now - old)
	}
	a.Shrink(old - now)
	return nil
}

// Close gives everything back, once. Children must have been closed before.
func (a *Account) Close() {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed {
		return
	}
	a.closed = true
	a.parent.Shrink(a.held)
	a.used, a.held = 0, 0
}

// Name is what the account was made with.
func (a *Account) Name() string {
	if a == nil {
		return ""
	}
	return a.name
}

// Used is the number of bytes taken now, with what children hold in reserve.
func (a *Account) Used() int64 {
	if a == nil {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.used
}

// Peak is the greatest Used so far.
func (a *Account) Peak() int64 {
	if a == nil {
		return 0
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.peak
}

// Limit is the account's own limit in bytes, 0 for none.
func (a *Account) Limit() int64 {
	if a == nil {
		return 0
	}
	return a.limit
}
