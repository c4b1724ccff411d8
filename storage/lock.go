package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// LockMode is the strength of a lock. Table locks use all eight modes of PostgreSQL's LOCK TABLE, row
// locks the four of SELECT ... FOR.
type LockMode uint8

// Table lock modes, weakest first.
const (
	AccessShare LockMode = iota + 1
	RowShare
	RowExclusive
	ShareUpdateExclusive
	Share
	ShareRowExclusive
	Exclusive
	AccessExclusive
)

// Row lock modes, weakest first.
const (
	ForKeyShare LockMode = iota + 1
	ForShare
	ForNoKeyUpdate
	ForUpdate
)

// Row lock modes of writers: as ForNoKeyUpdate and ForUpdate, and telling seeChange that the row may be gone or
// have other keys when their transaction ends, which those who only lock a row do not.
const (
	changeRow LockMode = ForUpdate + 1 + iota
	changeKey
	// seeChange stands beside whoever locks a row and waits for whoever changes it.
	seeChange
)

// WaitMode says what to do when a lock is not free.
type WaitMode uint8

// Wait for the lock; fail with ErrLocked (NOWAIT); leave the row out (SKIP LOCKED).
const (
	Wait WaitMode = iota
	NoWait
	SkipLocked
)

// Modes of the locks that stand for all rows of a table or all keys of an index: intent is held by
// whoever has single locks, all by whoever has too many of them.
const (
	lockIntent LockMode = 1
	lockAll    LockMode = 2
)

// lockKind divides the space of locks.
type lockKind uint8

const (
	lockTable lockKind = iota
	lockRow
	lockRows // all rows of a table: the escalation of lockRow stands behind it
	lockKey  // a key of a unique index, by hash
	lockKeys // all keys of an index
	lockName // a Name
	lockPair // a Name that is a pair
	lockKinds
)

// conflicts[kind][mode] is the set of modes, as bits, that mode cannot be held beside.
var conflicts = [lockKinds][]uint16{
	lockTable: {
		AccessShare:          modes(AccessExclusive),
		RowShare:             modes(Exclusive, AccessExclusive),
		RowExclusive:         modes(Share, ShareRowExclusive, Exclusive, AccessExclusive),
		ShareUpdateExclusive: modes(ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive),
		Share:                modes(RowExclusive, ShareUpdateExclusive, ShareRowExclusive, Exclusive, AccessExclusive),
		ShareRowExclusive:    modes(RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive),
		Exclusive:            modes(RowShare, RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive),
		AccessExclusive:      modes(AccessShare, RowShare, RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive),
	},
	lockRow: {
		ForKeyShare:    modes(ForUpdate, changeKey),
		ForShare:       modes(ForNoKeyUpdate, ForUpdate, changeRow, changeKey),
		ForNoKeyUpdate: modes(ForShare, ForNoKeyUpdate, ForUpdate, changeRow, changeKey),
		ForUpdate:      modes(ForKeyShare, ForShare, ForNoKeyUpdate, ForUpdate, changeRow, changeKey),
		changeRow:      modes(ForShare, ForNoKeyUpdate, ForUpdate, changeRow, changeKey),
		changeKey:      modes(ForKeyShare, ForShare, ForNoKeyUpdate, ForUpdate, changeRow, changeKey),
		seeChange:      modes(changeRow, changeKey),
	},
	lockRows: {lockIntent: modes(lockAll), lockAll: modes(lockIntent, lockAll)},
	lockKey:  {lockIntent: modes(lockAll), lockAll: modes(lockIntent, lockAll)},
	lockKeys: {lockIntent: modes(lockAll), lockAll: modes(lockIntent, lockAll)},
	lockName: {lockIntent: modes(lockAll), lockAll: modes(lockIntent, lockAll)},
	lockPair: {lockIntent: modes(lockAll), lockAll: modes(lockIntent, lockAll)},
}

func modes(ms ...LockMode) (set uint16) {
	for _, m := range ms {
		set |= 1 << m
	}
	return set
}

// lockID names what is locked.
type lockID struct {
	kind lockKind
	obj  OID
	id   uint64
}

// lockManager grants locks to transactions, first come first served, and finds deadlocks by following
// who waits for whom before a wait begins. All of it is in memory: a restart has no transactions.
type lockManager struct {
	mu    sync.Mutex
	locks map[lockID]*lock
}

type lock struct {
	holders []holder
	queue   []*waiter
}

type holder struct {
	owner *lockOwner
	modes uint16
}

type waiter struct {
	owner *lockOwner
	id    lockID
	mode  LockMode
	ready chan struct{} // closed when granted
}

// lockOwner is what one transaction holds, or its Owner beyond transactions. Its fields belong to the manager's mutex.
type lockOwner struct {
	who  *Owner
	held []grant
	rows map[lockID]int // single grants below an escalation lock, by its id
}

// grant is a mode of a lock that was granted, in the order of the grants.
type grant struct {
	lockID
	mode LockMode
}

func newLockManager() *lockManager { return &lockManager{locks: map[lockID]*lock{}} }

// blocked says whether the holders (other than o) or the first n waiters stand against the mode.
func (l *lock) blocked(o *lockOwner, id lockID, mode LockMode, n int) bool {
	against := conflicts[id.kind][mode]
	var own uint16
	for _, h := range l.holders {
		if h.owner.who == o.who {
			own |= h.modes
		} else if h.modes&against != 0 {
			return true
		}
	}
	if own != 0 {
		return false // an upgrade does not queue behind those who wait for its own lock
	}
	for _, w := range l.queue[:n] {
		if w.owner.who != o.who && 1<<w.mode&against != 0 {
			return true
		}
	}
	return false
}

// grant makes o a holder.
func (l *lock) grant(o *lockOwner, id lockID, mode LockMode) {
	at := slices.IndexFunc(l.holders, func(h holder) bool { return h.owner == o })
	if at < 0 {
		at = len(l.holders)
		l.holders = append(l.holders, holder{owner: o})
	}
	if h := &l.holders[at]; h.modes&(1<<mode) == 0 {
		h.modes |= 1 << mode
		o.held = append(o.held, grant{id, mode})
	}
}

// free says whether o could have the lock in this mode at once.
func (m *lockManager) free(o *lockOwner, id lockID, mode LockMode) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := m.locks[id]
	return l == nil || !l.blocked(o, id, mode, len(l.queue))
}

// acquire gets the lock, waiting as wait says. waited tells whether another transaction held it.
func (m *lockManager) acquire(
	ctx context.Context, o *lockOwner, id lockID, mode LockMode, wait WaitMode,
) (waited bool, err error) {
	m.mu.Lock()
	l := m.locks[id]
	if l == nil {
		l = &lock{}
		m.locks[id] = l
	}
	if !l.blocked(o, id, mode, len(l.queue)) {
		l.grant(o, id, mode)
		m.mu.Unlock()
		return false, nil
	}
	if wait != Wait {
		m.mu.Unlock()
		return false, ErrLocked
	}
	w := &waiter{owner: o, id: id, mode: mode, ready: make(chan struct{})}
	l.queue = append(l.queue, w)
	o.who.waiting = w
	if m.deadlocked(o.who) {
		m.leave(l, w)
		m.mu.Unlock()
		return false, ErrDeadlock
	}
	m.mu.Unlock()
	select {
	case <-w.ready:
		return true, nil
	case <-ctx.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if o.who.waiting != w { // granted meanwhile: the transaction will release it
		return true, ctx.Err()
	}
	m.leave(l, w)
	return false, ctx.Err()
}

// leave takes w out of the queue; those behind it may be free now.
func (m *lockManager) leave(l *lock, w *waiter) {
	w.owner.who.waiting = nil
	if i := slices.Index(l.queue, w); i >= 0 {
		l.queue = slices.Delete(l.queue, i, i+1)
	}
	m.wake(w.id, l)
}

// wake grants the lock to all waiters, in order, that nothing stands against any more.
func (m *lockManager) wake(id lockID, l *lock) {
	for i := 0; i < len(l.queue); {
		w := l.queue[i]
		if l.blocked(w.owner, id, w.mode, i) {
			i++
			continue
		}
		l.grant(w.owner, id, w.mode)
		w.owner.who.waiting = nil
		l.queue = slices.Delete(l.queue, i, i+1)
		close(w.ready)
	}
	if len(l.holders) == 0 && len(l.queue) == 0 {
		delete(m.locks, id)
	}
}

// deadlocked says whether o, which waits, waits for itself through others.
func (m *lockManager) deadlocked(o *Owner) bool {
	seen := map[*Owner]bool{}
	var visit func(w *Owner) bool
	visit = func(w *Owner) bool {
		if seen[w] {
			return false
		}
		seen[w] = true
		return slices.ContainsFunc(m.blockers(w), func(b *Owner) bool { return b == o || visit(b) })
	}
	return visit(o)
}

// blockers are those who must do something before what w waits for is its own, the holders first.
func (m *lockManager) blockers(w *Owner) (out []*Owner) {
	if w.waiting == nil {
		return nil
	}
	id := w.waiting.id
	l, against := m.locks[id], conflicts[id.kind][w.waiting.mode]
	holds := false
	for _, h := range l.holders {
		if h.owner.who == w {
			holds = true
		} else if h.modes&against != 0 {
			out = append(out, h.owner.who)
		}
	}
	if holds { // an upgrade does not queue
		return out
	}
	for _, q := range l.queue {
		if q == w.waiting {
			break
		}
		if q.owner.who != w && 1<<q.mode&against != 0 {
			out = append(out, q.owner.who)
		}
	}
	return out
}

// release gives back what was granted to o after its first n grants, the newest first.
func (m *lockManager) release(o *lockOwner, n int) []grant {
	if len(o.held) == n {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	gone := o.held[n:]
	o.held = o.held[:n]
	for _, g := range slices.Backward(gone) {
		m.drop(o, g)
	}
	return gone
}

// drop takes one mode of a lock from o.
func (m *lockManager) drop(o *lockOwner, g grant) {
	l := m.locks[g.lockID]
	at := slices.IndexFunc(l.holders, func(h holder) bool { return h.owner == o })
	if l.holders[at].modes &^= 1 << g.mode; l.holders[at].modes == 0 {
		l.holders = slices.Delete(l.holders, at, at+1)
	}
	m.wake(g.lockID, l)
}

// UnlockTo gives back the locks that were taken since the mark. The transaction was rolled back to it.
func (t *Txn) UnlockTo(m Mark) {
	for _, g := range slices.Backward(t.store.locks.release(&t.locks, m.locks)) {
		switch g.kind {
		case lockTable:
			t.entered[g.obj] &^= 1 << g.mode
		case lockRow, lockKey:
			if g.mode != seeChange {
				t.locks.rows[lockID{g.kind + 1, g.obj, 0}]--
			}
		case lockRows, lockKeys:
			if g.mode == lockAll {
				t.locks.rows[g.lockID] = rowLocksMax
			} else {
				delete(t.locks.rows, g.lockID)
			}
		}
	}
	// Others may now make the table anew, which writes are made for.
	t.writes = slices.DeleteFunc(t.writes, func(w *tableWrites) bool { return w.empty() && t.entered[w.table.oid] == 0 })
}

// lockOne gets a single lock below an escalation lock: a row of a table, a key of an index. Above
// rowLocksMax the transaction takes all of them at once instead of one more.
func (t *Txn) lockOne(
	ctx context.Context, kind, all lockKind, obj OID, id uint64, mode LockMode, wait WaitMode,
) (waited bool, err error) {
	o := &t.locks
	allID := lockID{all, obj, 0}
	n, known := o.rows[allID]
	if n > rowLocksMax {
		return false, nil
	}
	if !known {
		if waited, err = t.acquire(ctx, allID, lockIntent, wait); err != nil {
			return waited, err
		}
		if o.rows == nil {
			o.rows = map[lockID]int{}
		}
	}
	if n == rowLocksMax {
		w, err := t.acquire(ctx, allID, lockAll, wait)
		if err == nil {
			o.rows[allID] = n + 1
		}
		return waited || w, err
	}
	before := len(o.held)
	w, err := t.acquire(ctx, lockID{kind, obj, id}, mode, wait)
	if err == nil {
		o.rows[allID] = n + len(o.held) - before
	}
	return waited || w, err
}

// awaitChange waits until no other transaction that may have changed or ended a row of a table is under way. It
// holds on to nothing where it need not wait.
func (t *Txn) awaitChange(ctx context.Context, table OID, row RowID) (waited bool, err error) {
	for _, l := range []struct {
		id   lockID
		mode LockMode
	}{{lockID{lockRows, table, 0}, lockIntent}, {lockID{lockRow, table, uint64(row)}, seeChange}} {
		if t.store.locks.free(&t.locks, l.id, l.mode) {
			continue
		}
		w, err := t.acquire(ctx, l.id, l.mode, Wait)
		if waited = waited || w; err != nil {
			return waited, err
		}
	}
	return waited, nil
}

// acquire gets a lock within the transaction's lock timeout.
func (t *Txn) acquire(ctx context.Context, id lockID, mode LockMode, wait WaitMode) (waited bool, err error) {
	return t.acquireFor(ctx, &t.locks, id, mode, wait)
}

func (t *Txn) acquireFor(
	ctx context.Context, o *lockOwner, id lockID, mode LockMode, wait WaitMode,
) (waited bool, err error) {
	if wait == Wait && t.lockTimeout < 0 {
		wait = NoWait
	}
	if wait != Wait || t.lockTimeout == 0 {
		return t.store.locks.acquire(ctx, o, id, mode, wait)
	}
	limited, cancel := context.WithTimeout(ctx, t.lockTimeout)
	defer cancel()
	waited, err = t.store.locks.acquire(limited, o, id, mode, wait)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = fmt.Errorf("%w within %v: %w", ErrLocked, t.lockTimeout, ErrLockTimeout)
	}
	return waited, err
}
