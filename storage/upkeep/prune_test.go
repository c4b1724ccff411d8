package upkeep_test

import (
	"testing"

	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/upkeep"
)

// index is the state of the ANN index: its segments and the rows its model was trained with.
func (w *world) index() (segments []*storage.OpenSegment, trained int64) {
	w.t.Helper()
	v, err := w.s.Vectors(tableOID, 2)
	w.check(err)
	defer v.Close()
	model, segments := v.Index(annOID)
	m, err := ivfpq.UnmarshalModel(model)
	w.check(err)
	return segments, m.TrainedRows()
}

// codes is the number of rows with codes in all segments.
func (w *world) codes() (n int64) {
	segments, _ := w.index()
	for _, s := range segments {
		n += s.Rows
	}
	return n
}

// A segment a good part of whose rows have ended is rewritten without them, once and within the retention; it keeps the
// measured curve, and older snapshots still find what it no longer has.
func TestDeadCodesArePruned(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 6000)
	w.createIndex()
	w.remove(0, upkeep.DeadRowsMin-1)
	w.keep()
	if n := w.codes(); n != 6000 {
		t.Fatalf("%d codes although few rows have ended", n)
	}
	w.reopen() // at a start the first look is for nothing but to know
	w.keep()
	if n := w.codes(); n != 6000 {
		t.Fatalf("%d codes", n)
	}
	old := w.s.Begin(storage.TxnOptions{ReadOnly: true})
	w.remove(2000, 1100)
	if w.keep() == 0 {
		t.Fatal("nothing was done about a third of dead codes")
	}
	segments, trained := w.index()
	if len(segments) != 1 || segments[0].Rows != 6000-upkeep.DeadRowsMin+1-1100 || trained != 6000 {
		t.Fatalf("%d segments, %d codes, trained with %d rows", len(segments), w.codes(), trained)
	}
	if c := upkeep.CurveOf(segments[0].Segment); c == nil || c.Rows != 6000 {
		t.Fatalf("curve %+v", c)
	}
	if w.keep() != 0 {
		t.Fatal("it is done again")
	}
	w.verify()
	r := old.Reader()
	tr, err := r.Table(tableOID)
	w.check(err)
	a, err := tr.ANN(annOID)
	w.check(err)
	n := int64(0)
	for u := a.Uncovered(); ; {
		ids, _, err := u.Next(ctx)
		w.check(err)
		if len(ids) == 0 {
			break
		}
		n += int64(len(ids))
	}
	// The snapshot is of before the second removal only.
	if n != 1100 {
		t.Fatalf("an older snapshot finds %d rows beside the segment", n)
	}
	w.check(r.Close())
	old.Rollback()
	w.reopen()
	w.verify()
}

// When most of the rows are gone that the model was trained with, it is trained with those that there are.
func TestTrainedAnewWhenRowsAreGone(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 5000)
	w.createIndex()
	w.insert(5000, 3000)
	w.remove(0, 2600)
	w.keep()
	if _, trained := w.index(); trained != 5400 {
		t.Fatalf("trained with %d rows", trained)
	}
	if n := w.codes(); n != 5400 {
		t.Fatalf("%d codes", n)
	}
	w.verify()
	// Fewer than training takes are left to the model that there is.
	w.remove(2600, 5000)
	w.keep()
	if _, trained := w.index(); trained != 5400 || w.codes() != 400 {
		t.Fatalf("trained with %d rows, %d codes", trained, w.codes())
	}
	w.verify()
	w.remove(7600, 400)
	w.keep()
	if got := w.search(make([]float32, dims), 5); len(got) != 0 {
		t.Fatalf("found %v", got)
	}
	if w.keep() != 0 {
		t.Fatal("upkeep does not come to rest")
	}
}

// An index over a column without vectors, or whose rows have all ended, is not tried again and again.
func TestNothingToTrain(t *testing.T) {
	w := newWorld(t)
	defer func() { w.check(w.s.Close()) }()
	w.insert(0, 3000)
	w.remove(0, 2990)
	w.createIndex()
	w.keep()
	w.verify()
}
