package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// Isolation is what a transaction promises.
type Isolation uint8

// ReadCommitted gives each statement a snapshot of its own, RepeatableRead the transaction one,
// Serializable also sees to it that what a writer read has not changed.
const (
	ReadCommitted Isolation = iota
	RepeatableRead
	Serializable
)

// TxnOptions are the options of Begin; the zero value reads and writes at READ COMMITTED.
type TxnOptions struct {
	Isolation Isolation
	ReadOnly  bool
	// AsOf, when not 0, reads the store as it was at that version; it implies ReadOnly.
	AsOf Version
	// Owner is whose transaction it is; nil: its own.
	Owner *Owner
}

// Txn is a transaction: one snapshot at a time, the pending writes, and locks. It belongs to one
// goroutine. Commit or Rollback ends it; every Reader must be closed before.
type Txn struct {
	store *Store
	opts  TxnOptions
	snap  *published // what is read; pinned
	locks lockOwner

	// entered is the table locks that the transaction has had granted, as sets of modes.
	entered map[OID]uint16
	// seq numbers the steps of the transaction. Writes carry the current number; a reader, a statement
	// and a savepoint each move it on, and so can tell what came before them.
	seq    uint64
	writes []*tableWrites
	ddl    []ddlStep
	own    *catalog.Catalog // snap.catalog with ddl; nil: to be made
	ownOf  *catalog.Catalog // the catalog that own was made from
	fresh  map[OID]*table   // tables that this transaction makes
	read   map[OID]bool     // tables read, for SERIALIZABLE
	built  []*builtIndex
	done   bool
	ahead  bool    // entries were written ahead of the commit
	number Version // Number; 0: nobody has asked

	lockTimeout time.Duration
}

// ddlStep is a change of the catalog or a TRUNCATE.
type ddlStep struct {
	seq      uint64
	change   catalog.Change
	truncate OID
}

// Mark is a point in a transaction to roll back to.
type Mark struct {
	seq   uint64
	locks int // how many were granted
}

// Begin starts a transaction on the newest durable version, or on o.AsOf.
func (s *Store) Begin(o TxnOptions) *Txn {
	t := &Txn{store: s, opts: o, seq: 1}
	if t.opts.Owner == nil {
		t.opts.Owner = &Owner{}
	}
	t.locks.who = t.opts.Owner
	if o.AsOf != 0 {
		t.opts.ReadOnly = true
		s.pinVersion(o.AsOf)
		t.snap = &published{o.AsOf, s.Catalog()}
		return t
	}
	t.snap = s.pinNewest()
	return t
}

// Version is the version that the transaction reads at.
func (t *Txn) Version() Version { return t.snap.version }

// Options are those of Begin.
func (t *Txn) Options() TxnOptions { return t.opts }

// SetIsolation changes the isolation; the caller has made sure that nothing was read yet.
func (t *Txn) SetIsolation(i Isolation) { t.opts.Isolation = i }

// SetLockTimeout bounds how long the transaction waits for any one lock before it fails with ErrLocked; 0
// waits as long as it takes, less than 0 not at all.
func (t *Txn) SetLockTimeout(d time.Duration) { t.lockTimeout = d }

// Written says whether there is anything to commit.
func (t *Txn) Written() bool {
	if len(t.ddl) > 0 {
		return true
	}
	for _, w := range t.writes {
		if !w.empty() {
			return true
		}
	}
	return false
}

// Wrote says whether there are changes of the rows of a table to commit.
func (t *Txn) Wrote(oid OID) bool {
	w := t.written(oid)
	return w != nil && !w.empty()
}

// StartStatement begins a statement: at READ COMMITTED it takes the newest snapshot. It returns the
// mark to roll back to when the statement fails or gets ErrRetry.
func (t *Txn) StartStatement() Mark {
	t.Refresh()
	return t.Savepoint()
}

// Refresh takes the newest snapshot, or at higher isolation the newest catalog with the old version:
// schema objects are never read as of the past, since tables have only one form on disk.
func (t *Txn) Refresh() {
	if t.opts.AsOf != 0 || t.store.published.Load().version == t.snap.version {
		return
	}
	if t.opts.Isolation != ReadCommitted {
		t.snap = &published{t.snap.version, t.store.Catalog()}
		return
	}
	p := t.store.pinNewest()
	t.store.unpinVersion(t.snap.version)
	t.snap = p
}

// Savepoint returns a mark to roll back to.
func (t *Txn) Savepoint() Mark {
	m := Mark{t.seq, len(t.locks.held)}
	t.seq++
	return m
}

// RollbackTo undoes all writes made since the mark. Locks stay, until UnlockTo.
func (t *Txn) RollbackTo(m Mark) {
	for _, w := range t.writes {
		w.rollbackTo(m.seq)
	}
	for len(t.ddl) > 0 && t.ddl[len(t.ddl)-1].seq > m.seq {
		t.ddl = t.ddl[:len(t.ddl)-1]
		t.own = nil
	}
	for len(t.built) > 0 && t.built[len(t.built)-1].seq > m.seq {
		t.discardBuilt(t.built[len(t.built)-1])
		t.built = t.built[:len(t.built)-1]
	}
	t.seq++
}

// Rollback ends the transaction without its writes. It may be called after Commit, and does nothing
// then.
func (t *Txn) Rollback() {
	if t.done {
		return
	}
	for _, w := range t.writes {
		w.discard()
	}
	for _, b := range t.built {
		t.discardBuilt(b)
	}
	t.finish()
}

// finish gives back snapshot and locks.
func (t *Txn) finish() {
	t.done = true
	if t.ahead {
		t.store.ahead.Add(-1)
	}
	t.store.locks.release(&t.locks, 0)
	t.store.unpinVersion(t.snap.version)
	t.writes, t.ddl, t.fresh, t.built = nil, nil, nil, nil
}

// Catalog returns the catalog that the current statement sees, with the transaction's own changes.
func (t *Txn) Catalog() *catalog.Catalog {
	if len(t.ddl) == 0 {
		return t.snap.catalog
	}
	if t.own == nil || t.ownOf != t.snap.catalog {
		c, err := t.snap.catalog.With(t.changes()...)
		if err != nil {
			// Somebody took a name meanwhile; Commit will say so. Until then the old view stands.
			if t.own != nil {
				return t.own
			}
			return t.snap.catalog
		}
		t.own, t.ownOf = c, t.snap.catalog
	}
	return t.own
}

// changes are the catalog changes of the transaction, in order.
func (t *Txn) changes() []catalog.Change {
	var out []catalog.Change
	for _, d := range t.ddl {
		if d.change.Object != nil {
			out = append(out, d.change)
		}
	}
	return out
}

// Lock gets a table lock and holds it to the end of the transaction. ErrRetry says that the lock is held
// now, but that others may have changed the table or its indexes since the statement began: roll back to the
// statement's mark and begin it anew.
func (t *Txn) Lock(ctx context.Context, relation OID, mode LockMode) error {
	return t.LockWait(ctx, relation, mode, Wait)
}

// LockWait is Lock that can refuse to wait, with ErrLocked.
func (t *Txn) LockWait(ctx context.Context, relation OID, mode LockMode, wait WaitMode) error {
	if t.fresh[relation] != nil || t.entered[relation]&(1<<mode) != 0 {
		return nil
	}
	waited, err := t.acquire(ctx, lockID{lockTable, relation, 0}, mode, wait)
	if err != nil {
		return fmt.Errorf("lock relation %d: %w", relation, err)
	}
	if t.entered == nil {
		t.entered = map[OID]uint16{}
	}
	t.entered[relation] |= 1 << mode
	if waited || t.outdated(relation) {
		return fmt.Errorf("lock relation %d: %w", relation, ErrRetry)
	}
	return nil
}

// outdated says whether the relation or its indexes are not what the transaction's catalog says.
func (t *Txn) outdated(relation OID) bool {
	old, now := t.snap.catalog, t.store.Catalog()
	return old != now && (old.Table(relation) != now.Table(relation) ||
		!slices.Equal(old.IndexesOf(relation), now.IndexesOf(relation)))
}

// physical returns the table to read or write, those made by this transaction included, or nil.
func (t *Txn) physical(oid OID) *table {
	if tb := t.fresh[oid]; tb != nil {
		return tb
	}
	return t.store.table(oid)
}

// truncatedAt returns the newest step at which the transaction truncated the table before or at seq.
func (t *Txn) truncatedAt(oid OID, seq uint64) (uint64, bool) {
	for i := len(t.ddl) - 1; i >= 0; i-- {
		if d := t.ddl[i]; d.truncate == oid && d.seq <= seq {
			return d.seq, true
		}
	}
	return 0, false
}

// writable returns the pending writes of a table, made on first use.
func (t *Txn) writable(oid OID) (*tableWrites, error) {
	if t.done {
		return nil, ErrClosed
	}
	if t.opts.ReadOnly {
		return nil, ErrReadOnly
	}
	ts := t.Catalog().Table(oid)
	if ts == nil || ts.Kind != schema.KindTable {
		return nil, fmt.Errorf("table %d: %w", oid, ErrNoRelation)
	}
	l, err := t.store.layoutOf(ts)
	if err != nil {
		return nil, err
	}
	w := t.written(oid)
	if w == nil {
		tb := t.physical(oid)
		if tb == nil {
			return nil, fmt.Errorf("table %d: %w", oid, ErrNoRelation)
		}
		w = &tableWrites{txn: t, table: tb, tail: newTail(), ends: map[RowID]uint64{}}
		t.writes = append(t.writes, w)
	}
	if err := w.prepare(l); err != nil {
		return nil, err
	}
	return w, nil
}

// written returns the pending writes of a table, or nil.
func (t *Txn) written(oid OID) *tableWrites {
	for _, w := range t.writes {
		if w.table.oid == oid {
			return w
		}
	}
	return nil
}
