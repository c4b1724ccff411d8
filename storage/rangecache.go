package storage

import (
	"container/list"
	"encoding/binary"
	"sync"

	"github.com/vecdb/vecdb/internal/rowset"
)

const (
	// rangeCacheBytesMax bounds the sets that a store keeps of what index ranges gave.
	rangeCacheBytesMax = 32 << 20
	// rangeCacheRowsMin is the number of rows from which a set is kept: fewer are found as fast as looked up.
	rangeCacheRowsMin = 256
	// rangeEntryBytes is what an entry takes beside its key and its set, about.
	rangeEntryBytes = 256
)

// rangeCache keeps the rows that ranges of ordered indexes gave, so that a filter that is asked again and
// again is computed once for each state of its table. An entry holds for every reader that sees the table
// as its last change left it and that has written nothing to it itself. It is safe for many goroutines.
type rangeCache struct {
	mu    sync.Mutex
	byKey map[string]*list.Element // of *rangeEntry
	used  list.List                // most recently used first
	bytes int
}

// rangeEntry is the rows of ranges as of the change at version changed. The set is shared: nobody changes it.
type rangeEntry struct {
	key     string
	changed uint64
	set     *rowset.Set
	bytes   int
}

// get returns the set that holds as of the change, or nil.
func (c *rangeCache) get(key []byte, changed uint64) *rowset.Set {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.byKey[string(key)]
	if el == nil {
		return nil
	}
	if e := el.Value.(*rangeEntry); e.changed == changed {
		c.used.MoveToFront(el)
		return e.set
	}
	return nil
}

// put keeps a set and drops the least recently used ones when there are too many.
func (c *rangeCache) put(key []byte, changed uint64, set *rowset.Set) {
	e := &rangeEntry{key: string(key), changed: changed, set: set}
	e.bytes = set.Bytes() + len(key) + rangeEntryBytes
	if e.bytes > rangeCacheBytesMax/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.byKey[e.key]; el != nil {
		if el.Value.(*rangeEntry).changed > changed {
			return
		}
		c.drop(el)
	}
	if c.byKey == nil {
		c.byKey = map[string]*list.Element{}
	}
	c.byKey[e.key] = c.used.PushFront(e)
	for c.bytes += e.bytes; c.bytes > rangeCacheBytesMax; {
		c.drop(c.used.Back())
	}
}

func (c *rangeCache) drop(el *list.Element) {
	e := el.Value.(*rangeEntry)
	delete(c.byKey, e.key)
	c.used.Remove(el)
	c.bytes -= e.bytes
}

// settled returns the version of the table's last change when what the reader sees depends on nothing
// else: it sees that change and all before, and has written nothing itself. A commit notes its version in
// lastChange before anyone can read at it.
func (r *TableReader) settled() (changed uint64, ok bool) {
	changed = r.state.table.lastChange.Load()
	return changed, r.own == nil && !r.hidden && changed <= r.reader.v
}

// rangesKey is the name of ranges of an index in the cache: the index and the bounds of each.
func (s *keySpec) rangesKey(ranges []KeyRange) ([]byte, error) {
	key := binary.BigEndian.AppendUint32(nil, uint32(s.idx.OID))
	for _, r := range ranges {
		from, to, err := s.bounds(r)
		if err != nil {
			return nil, err
		}
		key = binary.AppendUvarint(key, uint64(len(from)))
		key = append(key, from...)
		key = binary.AppendUvarint(key, uint64(len(to)))
		key = append(key, to...)
	}
	return key, nil
}
