package mem

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// ErrLimit is returned when an account would pass its limit. The error that wraps it is a *LimitError.
var ErrLimit = errors.New("memory limit reached")

// LimitError says which account refused to grow.
type LimitError struct {
	Account string
	Limit   int64 // bytes
	Asked   int64 // bytes by which the account should have grown
}

// Error implements error.
func (e *LimitError) Error() string {
	return fmt.Sprintf("%s: %d bytes more would pass the limit of %d", e.Account, e.Asked, e.Limit)
}

// Unwrap returns ErrLimit.
func (e *LimitError) Unwrap() error { return ErrLimit }

// Account counts bytes. Those of its children are counted in it too.
type Account struct {
	name   string
	parent *Account
	limit  int64
	used   atomic.Int64
}

// New makes an account at the top of a tree. A limit of 0 is none; limits are in bytes.
func New(name string, limit int64) *Account { return &Account{name: name, limit: limit} }

// Child makes an account below a. A nil account has children without a parent.
func (a *Account) Child(name string, limit int64) *Account {
	return &Account{name: name, parent: a, limit: limit}
}

// Used is what is counted now, in bytes.
func (a *Account) Used() int64 { return a.used.Load() }

// Grow counts n bytes more, or fewer when n is negative. It returns a *LimitError, and counts nothing, when n is
// positive and the account or one above it would pass its limit.
func (a *Account) Grow(n int64) error {
	for at := a; at != nil; at = at.parent {
		used := at.used.Add(n)
		if n > 0 && at.limit > 0 && used > at.limit {
			for back := a; ; back = back.parent {
				back.used.Add(-n)
				if back == at {
					return &LimitError{Account: at.name, Limit: at.limit, Asked: n}
				}
			}
		}
	}
	return nil
}

// Close gives back what is still counted. The account may be used again.
func (a *Account) Close() {
	if n := a.used.Swap(0); n != 0 && a.parent != nil {
		_ = a.parent.Grow(-n) // shrinking is never refused
	}
}

// Resize says that an owner, who held *held bytes of the account, holds so many now. When that is refused, as Grow says,
// the old number stays. A nil account refuses nothing.
func (a *Account) Resize(held *int64, bytes int64) error {
	if a != nil && bytes != *held {
		if err := a.Grow(bytes - *held); err != nil {
			return err
		}
	}
	*held = bytes
	return nil
}
