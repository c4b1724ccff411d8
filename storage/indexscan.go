package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/sql/batch"
)

// firstIndexBatch is the number of rows that an index scan looks at first; it grows up to
// batch.RowsMax, so that LIMIT 1 costs little and a long range costs little a row.
const firstIndexBatch = 16

// IndexScan returns the visible rows of ranges of an ordered index, in the order of the index. It
// belongs to one goroutine; Close it before its Reader.
type IndexScan struct {
	table   *TableReader
	spec    *keySpec
	ranges  []KeyRange
	reverse bool
	cur     int // range
	open    bool
	it      *pebble.Iterator
	valid   bool
	entries []ownEntry // own entries, sorted
	lo, hi  int        // those of the current range that are left
	size    int
	keys    []byte
	ends    []int
	places  []place
	rows    []RowID
	out     []RowID
	fetch   *rowFetcher
	err     error
}

// IndexScan starts a scan of ranges, which must be disjoint and in the order of the index. With
// reverse the rows come last first, and the ranges too.
func (r *TableReader) IndexScan(index OID, ranges []KeyRange, reverse bool) *IndexScan {
	s := &IndexScan{table: r, ranges: ranges, reverse: reverse, size: firstIndexBatch, fetch: r.fetcher()}
	idx := r.reader.txn.Catalog().Index(index)
	if idx == nil || !isOrdered(idx) || idx.Table != r.schema.OID {
		s.err = r.wrap(fmt.Errorf("index %d: %w", index, ErrNoRelation))
		return s
	}
	if s.spec, s.err = newKeySpec(idx); s.err != nil {
		return s
	}
	if r.own != nil {
		if l := r.own.list(index); l != nil && len(l.entries) > 0 {
			for _, e := range l.sorted() {
				if e.seq <= r.reader.seq {
					s.entries = append(s.entries, e)
				}
			}
		}
	}
	if reverse {
		s.cur = len(ranges) - 1
	}
	return s
}

// Close gives the iterator back.
func (s *IndexScan) Close() error {
	it := s.it
	s.it = nil
	s.err = ErrClosed
	if it == nil {
		return nil
	}
	r := s.table.reader
	if r.iters == nil {
		r.iters = map[OID]*pebble.Iterator{}
	}
	if r.iters[s.spec.idx.OID] != nil {
		return it.Close()
	}
	r.iters[s.spec.idx.OID] = it
	return nil
}

// Next returns the next visible rows, none at the end. They are valid until the following call.
func (s *IndexScan) Next(ctx context.Context) ([]RowID, error) {
	for s.err == nil {
		if s.err = ctx.Err(); s.err != nil {
			break
		}
		more, err := s.candidates()
		if err != nil {
			s.err = s.table.wrap(err)
			break
		}
		if err := s.check(); err != nil {
			s.err = s.table.wrap(err)
			break
		}
		if len(s.out) > 0 || !more {
			return s.out, nil
		}
	}
	return nil, s.err
}

// candidates collects the next entries into rows, places and keys; false when there are no more.
func (s *IndexScan) candidates() (bool, error) {
	s.rows, s.places, s.keys, s.ends = s.rows[:0], s.places[:0], s.keys[:0], s.ends[:0]
	for len(s.rows) < s.size {
		if !s.open {
			if s.cur < 0 || s.cur >= len(s.ranges) {
				return false, nil
			}
			if err := s.openRange(s.ranges[s.cur]); err != nil {
				return false, err
			}
		}
		key, row, ok := s.step()
		if !ok {
			if err := s.it.Error(); err != nil {
				return false, err
			}
			s.open = false
			if s.reverse {
				s.cur--
			} else {
				s.cur++
			}
			continue
		}
		p, err := s.table.locate(row)
		if err != nil {
			return false, err
		}
		if p.none() {
			continue
		}
		s.rows, s.places = append(s.rows, row), append(s.places, p)
		s.keys = append(s.keys, key...)
		s.ends = append(s.ends, len(s.keys))
	}
	s.size = min(4*s.size, batch.RowsMax)
	return true, nil
}

func (s *IndexScan) openRange(r KeyRange) error {
	from, to, err := s.spec.bounds(r)
	if err != nil {
		return err
	}
	if s.it == nil {
		if err := s.takeIterator(); err != nil {
			return err
		}
	}
	if bytes.Compare(from, to) >= 0 {
		to = from // an empty range
	}
	s.it.SetBounds(from, to)
	if s.reverse {
		s.valid = s.it.Last()
	} else {
		s.valid = s.it.First()
	}
	lo, hi := string(from[entryPrefixBytes:]), string(to)
	s.lo = sort.Search(len(s.entries), func(i int) bool { return s.entries[i].key >= lo })
	// The bound may be the next index's prefix, which compares as a whole entry does.
	prefix := string(from[:entryPrefixBytes])
	s.hi = sort.Search(len(s.entries), func(i int) bool { return prefix+s.entries[i].key >= hi })
	s.hi = max(s.lo, s.hi)
	s.open = true
	return nil
}

func (s *IndexScan) takeIterator() (err error) {
	r := s.table.reader
	if it := r.iters[s.spec.idx.OID]; it != nil {
		delete(r.iters, s.spec.idx.OID)
		s.it = it
		return nil
	}
	if s.it, err = r.txn.store.db.NewIter(nil); err != nil {
		s.it = nil
	}
	return err
}

// step takes the next entry of Pebble's and our own, in order, the same one once.
func (s *IndexScan) step() (key []byte, row RowID, ok bool) {
	var own *ownEntry
	if s.lo < s.hi {
		own = &s.entries[s.lo]
		if s.reverse {
			own = &s.entries[s.hi-1]
		}
	}
	for s.valid {
		k, r, good := splitEntry(s.it.Key())
		if !good {
			s.advance()
			continue
		}
		order := -1 // Pebble's comes first
		if own != nil {
			order = compareEntry(k, r, own)
			if s.reverse {
				order = -order
			}
		}
		if order > 0 {
			break
		}
		key, row = append([]byte(nil), k...), r
		s.advance()
		if order == 0 {
			s.dropOwn()
		}
		return key, row, true
	}
	if own == nil {
		return nil, 0, false
	}
	s.dropOwn()
	return []byte(own.key), own.row, true
}

func (s *IndexScan) advance() {
	if s.reverse {
		s.valid = s.it.Prev()
	} else {
		s.valid = s.it.Next()
	}
}

func (s *IndexScan) dropOwn() {
	if s.reverse {
		s.hi--
	} else {
		s.lo++
	}
}

func compareEntry(key []byte, row RowID, e *ownEntry) int {
	if c := bytes.Compare(key, []byte(e.key)); c != 0 {
		return c
	}
	switch {
	case row < e.row:
		return -1
	case row > e.row:
		return 1
	}
	return 0
}

// check puts into out the candidates whose visible row version still has the key of the entry.
func (s *IndexScan) check() error {
	s.out = s.out[:0]
	if len(s.rows) == 0 {
		return nil
	}
	keys, err := s.fetch.keys(s.table.reader.txn, s.spec, s.places)
	if err != nil {
		return err
	}
	from := 0
	for i, row := range s.rows {
		key := s.keys[from:s.ends[i]]
		from = s.ends[i]
		if keys.has(i) && bytes.Equal(key, keys.key(i)) {
			s.out = append(s.out, row)
		}
	}
	return nil
}

// IndexRows returns the visible rows of ranges of an ordered index as a set. The set is shared with others:
// Clone it before changing it.
func (r *TableReader) IndexRows(ctx context.Context, index OID, ranges []KeyRange) (_ *rowset.Set, err error) {
	changed, settled := r.settled()
	s := r.IndexScan(index, ranges, false)
	defer func() { err = errors.Join(err, s.Close()) }()
	cache := &r.reader.txn.store.ranges
	var key []byte
	if settled && s.err == nil {
		if key, err = s.spec.rangesKey(ranges); err != nil {
			return nil, r.wrap(err)
		}
		if set := cache.get(key, changed); set != nil {
			return set, nil
		}
	}
	set, err := s.rowSet(ctx)
	if err == nil && key != nil && set.Cardinality() >= rangeCacheRowsMin {
		cache.put(key, changed, set)
	}
	return set, err
}

// rowSet reads the scan to its end.
func (s *IndexScan) rowSet(ctx context.Context) (*rowset.Set, error) {
	set := rowset.New()
	for {
		rows, err := s.Next(ctx)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return set, nil
		}
		for _, id := range rows {
			set.Add(uint64(id))
		}
	}
}
