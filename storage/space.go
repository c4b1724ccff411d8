package storage

import (
	"fmt"

	"github.com/vecdb/vecdb/internal/vfs"
)

// Space on the device that new rows and index builds leave free, so that deletes, upkeep and what Pebble
// writes behind the log still have room: a share of small devices, never more than the maximum.
const (
	reserveBytesMax = 64 << 20
	reserveShare    = 16
)

// needSpace says whether there is room for the transaction's new rows. One that only ends rows or drops tables
// may use the reserve: that is how a full device gets space again.
func (t *Txn) needSpace() error {
	var bytes int64
	for _, w := range t.writes {
		bytes += w.tail.bytes
	}
	if bytes == 0 {
		return nil
	}
	return t.store.NeedSpace("the commit", bytes)
}

// NeedSpace answers ErrDiskFull when what is about to be written, by a prediction in bytes, does not fit on the
// device beside the reserve. A file system that does not know its free space has enough.
func (s *Store) NeedSpace(what string, bytes int64) error {
	free, total, ok := vfs.Space(s.fs, s.dir)
	reserve := min(reserveBytesMax, total/reserveShare)
	if !ok || free >= reserve+uint64(bytes) {
		return nil
	}
	return fmt.Errorf("%w: %s needs about %d bytes, %d are free and %d of them reserved",
		ErrDiskFull, what, bytes, free, min(free, reserve))
}
