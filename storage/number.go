package storage

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"
)

// Number is the transaction's number, by which Numbers knows its rows once it has committed. It is a version of the
// store that no other transaction gets; the commit takes it as its own unless a later one came before.
func (t *Txn) Number() Version {
	if t.number == 0 {
		s := t.store
		s.commitMu.Lock()
		defer s.commitMu.Unlock()
		t.number = s.nextVersion(0)
		s.reserved = t.number
	}
	return t.number
}

// Numbered says whether somebody has asked for the Number.
func (t *Txn) Numbered() bool { return t.number != 0 }

// nextVersion is the version of the next commit, of a transaction with that number. Callers hold commitMu.
func (s *Store) nextVersion(number Version) Version {
	if number > s.applied.version {
		return number
	}
	return max(s.applied.version, s.reserved) + 1
}

// Numbers returns the numbers of the transactions that made the visible versions of rows, 0 for those that are not
// visible.
func (r *TableReader) Numbers(ids []RowID) ([]Version, error) {
	out := make([]Version, len(ids))
	known := map[uint64]Version{}
	for i, id := range ids {
		own, err := place{}, error(nil)
		if r.own != nil {
			own, err = r.own.locate(id, r.reader.seq)
		}
		if err == nil && !own.none() {
			out[i] = r.reader.txn.Number()
			continue
		}
		p, err := r.locate(id)
		if err != nil || p.none() {
			if err != nil {
				return nil, r.wrap(err)
			}
			continue
		}
		created, err := p.created()
		if err != nil {
			return nil, r.wrap(err)
		}
		if known[created] == 0 {
			if known[created], err = r.reader.txn.store.numberOf(Version(created)); err != nil {
				return nil, r.wrap(err)
			}
		}
		out[i] = known[created]
	}
	return out, nil
}

// numberOf is the number of the transaction that committed as a version.
func (s *Store) numberOf(v Version) (Version, error) {
	value, closer, err := s.db.Get(numberKey(v))
	if errors.Is(err, pebble.ErrNotFound) {
		return v, nil
	}
	if err != nil {
		return 0, err
	}
	defer func() { _ = closer.Close() }() // it was read
	if len(value) != 8 {
		return 0, fmt.Errorf("number of version %d: %w", v, ErrCorrupt)
	}
	return Version(binary.BigEndian.Uint64(value)), nil
}
