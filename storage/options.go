package storage

import (
	"log/slog"
	"time"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// OID identifies a schema object.
type OID = schema.OID

// RowID identifies a row of one table for its whole life, through every UPDATE.
type RowID uint64

// Version numbers the states of the store: each commit makes the next one.
type Version uint64

// Limits and sizes. Each is named so that a test can stand at it.
const (
	// blockRows is the number of rows in a record batch of a fragment, and of a tail chunk at most.
	blockRows = 16384
	// chunkRowsMin and chunkRowsMax bound a tail chunk: small tables stay small, big ones get long runs.
	chunkRowsMin = 32
	chunkRowsMax = 4096
	// checksumBlockBytes is the unit of checksums over a fragment file.
	checksumBlockBytes = 64 << 10
	// dropKeysMax is how many keys a DROP deletes one by one; more become a range tombstone, of which
	// a store that makes and drops many small tables must not collect thousands.
	dropKeysMax = 1024
	// rowLocksMax is the number of row or key locks that a transaction has on one table or index before
	// they become one lock on all.
	rowLocksMax = 65536
	// sequenceAhead is how many values of a sequence one log record covers.
	sequenceAhead = 32
	// logKeepMin is how many log records stay, whatever their age.
	logKeepMin = 16
)

// Options configure a store. The zero value is usable.
type Options struct {
	// FS is the file system. Default: the operating system's.
	FS vfs.FS
	// CacheBytes bounds Pebble's block cache. Default 64 MB.
	CacheBytes int64
	// Retention is how long superseded row versions stay readable. Default 1 h; negative: not at all.
	Retention time.Duration
	// SpillBytes is the size at which the pending rows of a transaction's table become a fragment.
	// Default 32 MB: large enough that fragments are worth having, small enough for 100 sessions.
	SpillBytes int64
	// DirectRows is the number of pending rows from which a commit writes a fragment instead of tail
	// records. Default 8192: below it the sync of a file costs more than the log does.
	DirectRows int
	// DirectBytes is the same limit in bytes. Default 8 MB.
	DirectBytes int64
	// EntriesMax is how many index entries of one index a transaction keeps before it writes them
	// ahead of its commit, as hints. Default 65536.
	EntriesMax int
	// MustExist refuses to make a new store: Open fails with ErrNoStore.
	MustExist bool
	// Bootstrap is the content of a new store.
	Bootstrap catalog.BootstrapOptions
	// Now is the clock. Default time.Now.
	Now func() time.Time
	// Log gets what operators should see. Default: nothing.
	Log *slog.Logger
	// Keys computes the keys of expression and partial indexes; nil answers ErrUnsupported for them.
	Keys KeyFunc
	// Builders build the indexes of each method. storage/upkeep gives them; without, only an index on
	// an empty table can be made.
	Builders map[string]Builder
}

// KeyFunc returns how to compute the keys of an expression or partial index: the columns it needs
// (attnums) and the function from a batch with those columns to the keys.
type KeyFunc func(c *catalog.Catalog, idx *schema.Index) (cols []int16, keys func(*batch.Batch) (*KeyCols, error), err error)

// KeyCols are the key columns of an expression or partial index for a batch of rows.
type KeyCols struct {
	Cols []*batch.Column // one for each key, in the order of Index.Keys; each as long as the batch
	Sel  []int32         // the rows that are in the index, ascending; nil: all
}

func (o Options) withDefaults() Options {
	if o.FS == nil {
		o.FS = vfs.Default
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = 64 << 20
	}
	if o.Retention == 0 {
		o.Retention = time.Hour
	}
	if o.SpillBytes == 0 {
		o.SpillBytes = 32 << 20
	}
	if o.DirectRows == 0 {
		o.DirectRows = 8192
	}
	if o.DirectBytes == 0 {
		o.DirectBytes = 8 << 20
	}
	if o.EntriesMax == 0 {
		o.EntriesMax = 65536
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}
