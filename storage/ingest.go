package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/cockroachdb/pebble/v2/objstorage/objstorageprovider"
	"github.com/cockroachdb/pebble/v2/sstable"
	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// buildEntriesFactor is how many times Options.EntriesMax an index build collects before it sorts
// them into a table for Pebble: by default about 20 MB.
const buildEntriesFactor = 4

// buildAhead hands the entries collected so far to Pebble as a sorted table, behind an intent that lets a
// restart find and remove them. Tables of one build overlap; Pebble merges them as it does its own. That
// writes each entry once, and none to the log.
func (t *Txn) buildAhead(ctx context.Context, l *entryList, b *builtIndex) error {
	s := t.store
	if !b.ahead {
		if err := s.markIntent(b.idx.OID); err != nil {
			return err
		}
		b.ahead = true
	}
	b.tables++
	path := s.path(tempDir, "entries-"+oidName(b.idx.OID)+"-"+strconv.Itoa(b.tables))
	err := s.writeEntries(path, l)
	if err == nil {
		err = s.db.Ingest(ctx, []string{path})
	}
	if err != nil {
		if _, statErr := s.fs.Stat(path); statErr == nil {
			s.removeFile(path)
		}
		return fmt.Errorf("build index %d: %w", b.idx.OID, Marked(err))
	}
	l.ahead, l.entries, l.bytes = true, nil, 0
	clear(l.byKey)
	return nil
}

// writeEntries writes the entries, sorted and each once, as a table of Pebble's.
func (s *Store) writeEntries(path string, l *entryList) (err error) {
	file, err := s.fs.Create(path, pvfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	w := sstable.NewWriter(objstorageprovider.NewFileWritable(file),
		s.pebbleOptions.MakeWriterOptions(0, s.db.TableFormat()))
	defer func() { err = errors.Join(err, w.Close()) }() // closes and syncs the file, too
	var key []byte
	for _, e := range l.sorted() {
		key = appendEntry(key[:0], l.spec.idx.OID, []byte(e.key), e.row)
		if err := w.Set(key, nil); err != nil {
			return err
		}
	}
	return nil
}
