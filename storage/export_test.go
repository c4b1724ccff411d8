package storage

import "github.com/vecdb/vecdb/internal/rowset"

const (
	RangeCacheRowsMin  = rangeCacheRowsMin
	RangeCacheBytesMax = rangeCacheBytesMax
	RowLocksMax        = rowLocksMax
	DropKeysMax        = dropKeysMax
)

// RangeCache is a rangeCache of its own.
type RangeCache struct{ c rangeCache }

func (r *RangeCache) Get(key []byte, changed uint64) *rowset.Set      { return r.c.get(key, changed) }
func (r *RangeCache) Put(key []byte, changed uint64, set *rowset.Set) { r.c.put(key, changed, set) }

// Bytes is what the cache says that it takes.
func (r *RangeCache) Bytes() int { return r.c.bytes }

// Applied is the newest version in the log, synced or not.
func (s *Store) Applied() Version {
	s.commitMu.Lock()
	defer s.commitMu.Unlock()
	return s.applied.version
}

// Keys counts Pebble's keys of a table or index.
func (s *Store) Keys(oid OID) (n int) {
	for _, space := range []byte{spaceTable, spaceIndex} {
		err := s.scanPrefix(oidKey(space, oid), func(_, _ []byte) error { n++; return nil })
		if err != nil {
			return -1
		}
	}
	return n
}
