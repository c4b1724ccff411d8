package storage

import (
	"context"
	"slices"
)

// Owner is who transactions are of, a session say. It is used by one goroutine at a time, for one transaction after the
// other. Its locks do not stand in each other's way, and those on names may outlive its transactions.
type Owner struct {
	ID uint32 // by which Locks, Waiting and Blocking name it

	waiting *waiter // under the manager's mutex
	beyond  lockOwner
	count   map[grant]int // how often names were locked beyond transactions
}

// Name is something to lock of the callers' making: a number within a space. Numbers that are pairs of smaller ones do
// not meet those that are not.
type Name struct {
	Space OID
	Key   uint64
	Pair  bool
}

func (n Name) grant(shared bool) grant {
	g := grant{lockID{lockName, n.Space, n.Key}, lockAll}
	if n.Pair {
		g.kind = lockPair
	}
	if shared {
		g.mode = lockIntent
	}
	return g
}

// LockName locks a name, shared or not, to the end of the transaction.
func (t *Txn) LockName(ctx context.Context, n Name, shared bool, wait WaitMode) error {
	g := n.grant(shared)
	_, err := t.acquire(ctx, g.lockID, g.mode, wait)
	return err
}

// LockNameBeyond locks a name for the transaction's owner until it has unlocked it as often.
func (t *Txn) LockNameBeyond(ctx context.Context, n Name, shared bool, wait WaitMode) error {
	o, g := t.opts.Owner, n.grant(shared)
	o.beyond.who = o
	if _, err := t.acquireFor(ctx, &o.beyond, g.lockID, g.mode, wait); err != nil {
		if o.count[g] == 0 { // it may have come when nobody waited any more
			t.store.locks.giveBack(&o.beyond, g)
		}
		return err
	}
	if o.count == nil {
		o.count = map[grant]int{}
	}
	o.count[g]++
	return nil
}

// UnlockName takes back one LockNameBeyond. It says whether there was one.
func (s *Store) UnlockName(o *Owner, n Name, shared bool) bool {
	g := n.grant(shared)
	if o.count[g] == 0 {
		return false
	}
	if o.count[g]--; o.count[g] > 0 {
		return true
	}
	delete(o.count, g)
	s.locks.giveBack(&o.beyond, g)
	return true
}

// giveBack takes a grant from o, if it is there.
func (m *lockManager) giveBack(o *lockOwner, g grant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at := slices.Index(o.held, g); at >= 0 {
		o.held = slices.Delete(o.held, at, at+1)
		m.drop(o, g)
	}
}

// UnlockNames takes back all LockNameBeyond of an owner.
func (s *Store) UnlockNames(o *Owner) {
	clear(o.count)
	s.locks.release(&o.beyond, 0)
}
