package upkeep

import (
	"encoding/json"
	"fmt"

	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/storage"
)

// Searcher is an ANN index ready to be searched: the segments over one model, and the measured curve
// from effort to recall.
type Searcher struct {
	*ivfpq.Searcher
	Curve *ivfpq.Curve
}

// details are what upkeep keeps in a segment's record.
type details struct {
	Curve *ivfpq.Curve `json:",omitempty"` // measured when the segment was built; small ones have none
}

// Open returns the searcher of an index as a statement sees it, nil when the index is not trained yet and all
// its rows are uncovered. It is made once for each state of the index and shared; it is valid as long
// as the statement's Reader.
func Open(fs vfs.FS, a *storage.ANN) (*Searcher, error) {
	if a.Model == nil || len(a.Segments) == 0 {
		return nil, nil
	}
	v, err := a.Cached(func() (any, error) { return open(fs, a.Model, a.Segments) })
	if err != nil {
		return nil, fmt.Errorf("open index %d: %w", a.Index, err)
	}
	return v.(*Searcher), nil
}

func open(fs vfs.FS, model []byte, open []*storage.OpenSegment) (*Searcher, error) {
	m, err := ivfpq.UnmarshalModel(model)
	if err != nil {
		return nil, err
	}
	segs := make([]*ivfpq.Segment, len(open))
	out := &Searcher{Curve: &ivfpq.Curve{
		Dims: m.Dims(), Partitions: m.NumPartitions(), SubVectors: m.NumSubVectors(),
		Bits: m.NumBits(),
	}}
	measured := int64(-1)
	for i, s := range open {
		if segs[i], err = openSegment(fs, s); err != nil {
			return nil, err
		}
		out.Curve.Rows += s.Rows
		var d details
		if len(s.Details) == 0 || s.Rows <= measured {
			continue
		}
		if err := json.Unmarshal(s.Details, &d); err != nil {
			return nil, fmt.Errorf("details of segment %d: %w", s.ID, err)
		}
		if d.Curve != nil { // the largest segment speaks for all
			out.Curve, measured = d.Curve, s.Rows
		}
	}
	if out.Searcher, err = ivfpq.NewSearcher(m, segs...); err != nil {
		return nil, err
	}
	return out, nil
}

func openSegment(fs vfs.FS, s *storage.OpenSegment) (*ivfpq.Segment, error) {
	p, err := s.Payload(func(path string, _ storage.Segment) (storage.Payload, error) {
		seg, err := ivfpq.OpenSegment(fs, path)
		if err != nil { // not (*ivfpq.Segment)(nil) in an interface
			return nil, err
		}
		return seg, nil
	})
	if err != nil {
		return nil, err
	}
	return p.(*ivfpq.Segment), nil
}

// CurveOf returns the curve that was measured when a segment was built, or nil.
func CurveOf(s storage.Segment) *ivfpq.Curve {
	var d details
	if len(s.Details) == 0 || json.Unmarshal(s.Details, &d) != nil {
		return nil
	}
	return d.Curve
}
