package storage

import (
	"fmt"
	"log/slog"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/internal/vfs"
)

// Pebble's identity. Pebble stores these names and refuses to open a store with others, so they stay
// for ever: a new order of keys is a new store.
const (
	comparerName = "vecdb.bytes.v1"
	mergerName   = "vecdb.none.v1"
	// pebbleFormat is pinned: a newer Pebble must not upgrade stores behind our back, since an older
	// vecdb could then not open them.
	pebbleFormat = pebble.FormatValueSeparation
	// memTableBytes bounds the part of the log that must be read again at start.
	memTableBytes = 16 << 20
)

// comparer orders keys by their bytes: every key is built so that this is the order wanted.
func comparer() *pebble.Comparer {
	c := *pebble.DefaultComparer
	c.Name = comparerName
	return &c
}

// merger is never used; having one of our own keeps the default's name out of the store.
func merger() *pebble.Merger {
	m := *pebble.DefaultMerger
	m.Name = mergerName
	return &m
}

// storeLogger passes Pebble's messages on. Fatalf is called when the log cannot be written: memory is
// then ahead of the disk, so the only safe continuation is none.
type storeLogger struct{ log *slog.Logger }

// Infof drops Pebble's chatter.
func (l storeLogger) Infof(string, ...any) {}

// Errorf passes an error on.
func (l storeLogger) Errorf(format string, args ...any) {
	l.log.Error(fmt.Sprintf(format, args...))
}

// Fatalf does not return, as Pebble wants.
func (l storeLogger) Fatalf(format string, args ...any) {
	err := fmt.Errorf("%w: "+format, append([]any{ErrFailed}, args...)...)
	l.log.Error(err.Error())
	panic(err)
}

func openPebble(fs vfs.FS, dir string, o Options) (*pebble.DB, *pebble.Options, error) {
	cache := pebble.NewCache(o.CacheBytes)
	defer cache.Unref()
	po := &pebble.Options{
		FS:                 fs,
		Cache:              cache,
		Comparer:           comparer(),
		Merger:             merger(),
		FormatMajorVersion: pebbleFormat,
		Logger:             storeLogger{o.Log},
		MemTableSize:       memTableBytes,
		// Tombstones of DROP are worth nothing to readers; do not flush a table just to get rid of them.
		FlushDelayDeleteRange: 0,
	}
	po.EnsureDefaults()
	db, err := pebble.Open(dir, po)
	return db, po, err
}
