package storage

import (
	"slices"
	"sync"
)

// SegmentID numbers the segments of an ANN index.
type SegmentID uint64

// Segment is the catalog's record of a part of an ANN index: a file of storage/upkeep's making over
// whole vector fragments.
type Segment struct {
	ID     SegmentID
	File   string
	Bytes  int64
	Rows   int64    // rows with a code
	Covers []uint64 // the vector fragments whose rows it has, as they are numbered now
	Model  uint64   // the model its codes belong to
	// Since is the version at which the build told live rows from dead ones: a row of Covers without a code had
	// ended by then. 0: every row has one.
	Since   Version `json:",omitempty"`
	Details []byte  `json:",omitempty"` // what the index method wants to know, its format
}

// annState is an ANN index at one moment: the trained model and the segments. Immutable.
type annState struct {
	index    OID
	column   int16
	model    []byte // nil: not trained yet
	segments []*segmentFile
	covered  map[fragmentID]SegmentID // vector fragments, with the segment that has their rows

	mu     sync.Mutex // guards cached
	cached any        // made of the model and the segments
}

// segmentFile is an open segment, shared by states as a fragment is.
type segmentFile struct {
	rec   Segment
	store *Store
	path  string
	life  lifetime

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
		s.life.refs.Add(1)
	}
}

func (a *annState) unref() {
	for _, s := range a.segments {
		s.unref()
	}
}

func (s *segmentFile) unref() {
	if s.life.refs.Add(-1) > 0 {
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
	s.life.reap(s.store, s.path)
}

// condemn makes the file go with the last reference, as for a fragment.
func (s *segmentFile) condemn() {
	s.life.condemned.Store(true)
	s.life.reap(s.store, s.path)
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

// newANNState returns an index without segments.
func newANNState(index OID, column int16) *annState {
	return &annState{index: index, column: column, covered: map[fragmentID]SegmentID{}}
}

// add adds a segment with what it covers.
func (a *annState) add(f *segmentFile) {
	a.segments = append(a.segments, f)
	for _, id := range f.rec.Covers {
		a.covered[fragmentID(id)] = f.rec.ID
	}
}

// records returns the segments with the fragments that they cover now: merges renumber them.
func (a *annState) records() []Segment {
	out := make([]Segment, len(a.segments))
	for i, f := range a.segments {
		out[i] = f.rec
		out[i].Covers = nil
		for id, seg := range a.covered {
			if seg == f.rec.ID {
				out[i].Covers = append(out[i].Covers, uint64(id))
			}
		}
		slices.Sort(out[i].Covers)
	}
	return out
}

// Cached returns what make made of this state of the index, once for all statements: a searcher over its
// segments. It must not need closing.
func (a *ANN) Cached(make func() (any, error)) (any, error) {
	s := a.state
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cached == nil || len(a.Segments) != len(s.segments) {
		v, err := make()
		if err != nil || len(a.Segments) != len(s.segments) {
			return v, err
		}
		s.cached = v
	}
	return s.cached, nil
}
