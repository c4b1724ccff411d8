package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/schema"
)

// sequences are the values of sequences. They are not transactional: a value once given is never given
// again. Values are promised in the log some ahead, so most calls write nothing; after a crash
// what was promised and not used is skipped, as in PostgreSQL.
type sequences struct {
	mu    sync.Mutex
	state map[OID]*SequenceState
	// logged counts the values that may still be given before the log must be written again.
	logged map[OID]int64
}

// SequenceState is what a SELECT from a sequence shows.
type SequenceState struct {
	Last   int64
	Called bool // Last was given; the next is one step further

	changes uint64 // how often it was changed since it was loaded, from 1
}

// Draws are the newest values that one user has drawn from a sequence with nobody else's between them. The zero value
// is ready for use.
type Draws struct {
	before SequenceState
	last   uint64 // SequenceState.changes after the newest
}

func (q *sequences) forget(oid OID) {
	q.mu.Lock()
	delete(q.state, oid)
	delete(q.logged, oid)
	q.mu.Unlock()
}

// sequenceValues is the OID under which the values of a sequence are kept.
func sequenceValues(oid OID, p *schema.Sequence) OID {
	if p.Values != 0 {
		return p.Values
	}
	return oid
}

// load returns the state, from Pebble on first use. Callers hold mu.
func (s *Store) loadSequence(oid OID, p *schema.Sequence) (*SequenceState, error) {
	q := &s.sequences
	if st := q.state[oid]; st != nil {
		return st, nil
	}
	st := &SequenceState{Last: p.Start, changes: 1}
	value, closer, err := s.db.Get(oidKey(spaceSequence, oid))
	if err == nil {
		r := keyReader{rest: value}
		st.Last, st.Called = int64(r.u64()), r.u8() != 0
		err = closer.Close()
	} else if errors.Is(err, pebble.ErrNotFound) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	if q.state == nil {
		q.state, q.logged = map[OID]*SequenceState{}, map[OID]int64{}
	}
	q.state[oid] = st
	return st, nil
}

func (s *Store) saveSequence(oid OID, st SequenceState, o *pebble.WriteOptions) error {
	b := binary.BigEndian.AppendUint64(nil, uint64(st.Last))
	called := byte(0)
	if st.Called {
		called = 1
	}
	return s.toLog(func() error { return s.db.Set(oidKey(spaceSequence, oid), append(b, called), o) })
}

// step returns the value after v, false at the bound of a sequence that does not cycle.
func step(p *schema.Sequence, v int64) (int64, bool) {
	next := v + p.Increment
	over := (p.Increment > 0 && (next > p.Max || next < v)) || (p.Increment < 0 && (next < p.Min || next > v))
	if !over {
		return next, true
	}
	if !p.Cycle {
		return 0, false
	}
	if p.Increment > 0 {
		return p.Min, true
	}
	return p.Max, true
}

// NextVal gives n values of a sequence and returns the first; they follow each other by the
// increment unless the sequence cycles, and then n must be 1. Values are durable before they are
// given as far as a commit that uses them is: both are in the same log, in this order.
func (s *Store) NextVal(oid OID, p *schema.Sequence, n int64) (int64, error) {
	s.sequences.mu.Lock()
	defer s.sequences.mu.Unlock()
	first, _, err := s.nextVal(sequenceValues(oid, p), p, n)
	return first, err
}

// nextVal is NextVal of the values under oid; it returns the state before too. Callers hold mu.
func (s *Store) nextVal(oid OID, p *schema.Sequence, n int64) (first int64, before SequenceState, err error) {
	q := &s.sequences
	st, err := s.loadSequence(oid, p)
	if err != nil {
		return 0, before, fmt.Errorf("sequence %d: %w", oid, err)
	}
	before = *st
	next := *st
	for i := range n {
		v, ok := next.Last, true
		if next.Called {
			v, ok = step(p, next.Last)
		}
		if !ok {
			return 0, before, fmt.Errorf("sequence %d: %w", oid, ErrSequenceLimit)
		}
		next.Last, next.Called = v, true
		if i == 0 {
			first = v
		}
	}
	if q.logged[oid] < n {
		ahead := next
		for range sequenceAhead {
			v, ok := step(p, ahead.Last)
			if !ok {
				break
			}
			ahead.Last = v
		}
		if err := s.saveSequence(oid, ahead, pebble.NoSync); err != nil {
			return 0, before, fmt.Errorf("sequence %d: %w", oid, err)
		}
		q.logged[oid] = sequenceAhead + n
	}
	q.logged[oid] -= n
	next.changes++
	*st = next
	return first, before, nil
}

// Draw is NextVal of one value, noted in d.
func (s *Store) Draw(oid OID, p *schema.Sequence, d *Draws) (int64, error) {
	s.sequences.mu.Lock()
	defer s.sequences.mu.Unlock()
	v, before, err := s.nextVal(sequenceValues(oid, p), p, 1)
	if err != nil {
		return 0, err
	}
	if d.last != before.changes {
		d.before = before
	}
	d.last = before.changes + 1
	return v, nil
}

// GiveBack makes the values of d the next ones again, which nobody must have seen, unless the sequence was drawn from
// or set since. The log keeps its promise, which a crash skips.
func (s *Store) GiveBack(oid OID, p *schema.Sequence, d Draws) error {
	oid = sequenceValues(oid, p)
	q := &s.sequences
	q.mu.Lock()
	defer q.mu.Unlock()
	st, err := s.loadSequence(oid, p)
	if err != nil {
		return fmt.Errorf("sequence %d: %w", oid, err)
	}
	if st.changes == d.last {
		st.Last, st.Called = d.before.Last, d.before.Called
		st.changes++
	}
	return nil
}

// SetVal sets a sequence; with called the next value is one step further. A change that a rollback undoes gives
// the sequence new Values first.
func (s *Store) SetVal(oid OID, p *schema.Sequence, v int64, called bool) error {
	oid = sequenceValues(oid, p)
	q := &s.sequences
	q.mu.Lock()
	defer q.mu.Unlock()
	st, err := s.loadSequence(oid, p)
	if err != nil {
		return fmt.Errorf("sequence %d: %w", oid, err)
	}
	next := SequenceState{v, called, st.changes + 1}
	if err := s.saveSequence(oid, next, pebble.Sync); err != nil {
		return fmt.Errorf("sequence %d: %w", oid, err)
	}
	*st = next
	q.logged[oid] = 0
	return nil
}

// keepSequences writes the values that were given in place of those that were promised, when the store closes.
func (s *Store) keepSequences() error {
	q := &s.sequences
	q.mu.Lock()
	defer q.mu.Unlock()
	for oid, left := range q.logged {
		if left == 0 {
			continue
		}
		if err := s.saveSequence(oid, *q.state[oid], pebble.NoSync); err != nil {
			return fmt.Errorf("sequence %d: %w", oid, err)
		}
		q.logged[oid] = 0
	}
	return nil
}

// Sequence returns the state of a sequence.
func (s *Store) Sequence(oid OID, p *schema.Sequence) (SequenceState, error) {
	oid = sequenceValues(oid, p)
	q := &s.sequences
	q.mu.Lock()
	defer q.mu.Unlock()
	st, err := s.loadSequence(oid, p)
	if err != nil {
		return SequenceState{}, err
	}
	return *st, nil
}
