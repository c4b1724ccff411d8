package storage

import (
	"sync"
	"sync/atomic"
)

// SegmentID numbers the segments of an ANN index.
type SegmentID uint64

// Segment is the catalog's record of a part of an ANN index: a file of storage/upkeep's making over
// whole vector fragments.
type Segment struct {
	ID      SegmentID
	File    string
	Bytes   int64
	Rows    int64    // rows with a code
	Covers  []uint64 // the vector fragments whose rows it has
	Model   uint64   // the model its codes belong to
	Details []byte   `json:",omitempty"` // what the index method wants to know, its format
}

// annState is an ANN index at one moment: the trained model and the segments. Immutable.
type annState struct {
	index    OID
	column   int16
	model    []byte // nil: not trained yet
	segments []*segmentFile
	covered  map[fragmentID]bool
}

// segmentFile is an open segment, shared by states as a fragment is.
type segmentFile struct {
	rec      Segment
	store    *Store
	path     string
	refs     atomic.Int32
	obsolete atomic.Bool

	mu      sync.Mutex // guards payload
	payload Payload
}

// Payload is an opened segment, of a type that storage does not know. It is closed when the last
// state that has the segment is gone.
type Payload interface {
	Close() error
}

func (a *annState) ref() {
	for _, s := range a.segments {
		s.refs.Add(1)
	}
}

func (a *annState) unref() {
	for _, s := range a.segments {
		s.unref()
	}
}

func (s *segmentFile) unref() {
	if s.refs.Add(-1) > 0 {
		return
	}
	s.mu.Lock()
	payload := s.payload
	s.payload = nil
	s.mu.Unlock()
	if payload != nil {
		if err := payload.Close(); err != nil {
			s.store.opts.Log.Error("close index segment", "file", s.path, "error", err)
		}
	}
	if s.obsolete.Load() {
		s.store.removeFile(s.path)
	}
}

// opened returns the payload, made by open on first use.
func (s *segmentFile) opened(open func(path string, rec Segment) (Payload, error)) (Payload, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.payload == nil {
		p, err := open(s.path, s.rec)
		if err != nil {
			return nil, err
		}
		s.payload = p
	}
	return s.payload, nil
}
