package storage

import (
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/types"
)

// What can go wrong below execution. Callers test with errors.Is; the text says what was being done.
var (
	// ErrConflict: a transaction that promised one snapshot met a change made after it (SQLSTATE 40001).
	ErrConflict = errors.New("could not serialize access due to concurrent update")
	// ErrDeleted comes with an ErrConflict when the change was that the row was deleted.
	ErrDeleted = errors.New("could not serialize access due to concurrent delete")
	// ErrRetry: a READ COMMITTED statement met a row changed after its snapshot, or a statement waited for a
	// table that others have changed. Roll back to the
	// statement's mark, start the statement anew with a new snapshot. The locks gained are kept.
	ErrRetry = errors.New("a row changed after the statement's snapshot")
	// ErrDeadlock: waiting would never end (40P01).
	ErrDeadlock = errors.New("deadlock detected")
	// ErrLocked: a lock was not free and the caller would not wait (55P03).
	ErrLocked = errors.New("could not obtain lock")
	// ErrLockTimeout comes with an ErrLocked when the transaction has waited for as long as it may.
	ErrLockTimeout = errors.New("canceling statement due to lock timeout")
	// ErrCorrupt: stored bytes do not match their checksum or format (XX001). One table is affected.
	ErrCorrupt = errors.New("data corrupted")
	// ErrDiskFull: the device or a limit is full (53100).
	ErrDiskFull = errors.New("could not write: no space left on device")
	// ErrReadOnly: a write in a read-only transaction (25006).
	ErrReadOnly = errors.New("transaction is read-only")
	// ErrNoRelation: the table, index or sequence is not there, or no longer (42P01).
	ErrNoRelation = errors.New("relation does not exist")
	// ErrInUse: another process has the data folder open.
	ErrInUse = errors.New("data folder is in use by another process")
	// ErrFormat: the data folder was written by a newer version.
	ErrFormat = errors.New("data folder has a format this version does not know")
	// ErrNoStore: the folder holds no store, and Options.MustExist wants one.
	ErrNoStore = errors.New("data folder holds no store")
	// ErrForeign: the folder is not empty and holds no store.
	ErrForeign = errors.New("folder is not empty and holds no store")
	// ErrFailed: the log could not be written; the store answers nothing more until it is opened again.
	ErrFailed = errors.New("the store has failed and must be opened again")
	// ErrClosed: the store or transaction is closed.
	ErrClosed = errors.New("closed")
	// ErrVersion: the version asked for is older than what is kept, or not there yet.
	ErrVersion = errors.New("version is older than the retention")
	// ErrUnsupported: an operation that this index method or type does not have (0A000).
	ErrUnsupported = errors.New("not supported")
	// ErrSequenceLimit: nextval ran over a sequence's bound (2200H).
	ErrSequenceLimit = errors.New("nextval: reached the limit of the sequence")
	// ErrTooMany: a named limit was reached (54000).
	ErrTooMany = errors.New("too many")
)

// Marked gives an error of the file system or of Pebble the sentinel that it stands for.
func Marked(err error) error {
	switch {
	case vfs.IsFull(err):
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	case pebble.IsCorruptionError(err):
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return err
}

// UniqueError says that a key is already in a unique index.
type UniqueError struct {
	Index    OID
	Key      []types.Datum
	Existing RowID
}

// Error implements error.
func (e *UniqueError) Error() string {
	return fmt.Sprintf("duplicate key in unique index %d (row %d)", e.Index, e.Existing)
}

func isLocked(err error) bool { return errors.Is(err, ErrLocked) }
