package storage

import (
	"errors"
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
	err := &fatalError{text: fmt.Sprintf(format, args...), causes: []error{ErrFailed}}
	for _, a := range args {
		if cause, ok := a.(error); ok {
			err.causes = append(err.causes, cause)
		}
	}
	l.log.Error(err.Error())
	panic(err)
}

// fatalError is what Pebble cannot go on after.
type fatalError struct {
	text   string
	causes []error // ErrFailed first
}

func (e *fatalError) Error() string   { return ErrFailed.Error() + ": " + e.text }
func (e *fatalError) Unwrap() []error { return e.causes }

// toLog does a write to Pebble. When it cannot be done the log is in an unknown state, so the store takes
// nothing more: this and all later writes answer ErrFailed.
func (s *Store) toLog(write func() error) (err error) {
	switch {
	case s.failed.Load():
		return ErrFailed
	case s.closed.Load():
		return ErrClosed
	}
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if err, ok = r.(error); !ok {
				err = fmt.Errorf("%v", r)
			}
			if _, fatal := r.(*fatalError); !fatal {
				s.stuck.Store(true) // it may hold Pebble's locks for ever
			}
		}
		if err != nil {
			err = s.fail(err)
		}
	}()
	return write()
}

// fail ends the writing of the store for an error of the log.
func (s *Store) fail(err error) error {
	s.failed.Store(true)
	if !errors.Is(err, ErrFailed) {
		err = fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return Marked(err)
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
		// The default ends the process. Whoever reads the damaged part gets the error; the rest goes on.
		EventListener: &pebble.EventListener{DataCorruption: func(info pebble.DataCorruptionInfo) {
			o.Log.Error("catalog is damaged", "file", info.Path, "error", info.Details)
		}},
	}
	po.EnsureDefaults()
	db, err := pebble.Open(dir, po)
	return db, po, err
}
