package storage

import (
	"slices"
	"sync"
	"sync/atomic"
)

// table is the physical side of a relation: its newest state and its counters. It exists as long as the
// catalog names the relation; states may live longer, for those who still read them.
type table struct {
	store *Store
	oid   OID

	state      atomic.Pointer[tableState]
	nextRow    atomic.Uint64 // the next row id
	nextFile   atomic.Uint64 // the next fragment id
	lastChange atomic.Uint64 // the version of the last commit that changed it
	lastWrite  atomic.Int64  // unix nanoseconds of it
	rows       atomic.Int64  // visible rows, about: what commits added and took
	ended      atomic.Int64  // row versions that commits ended since the store was opened
	upkeep     sync.Mutex    // held by the one who flushes, merges or truncates it
}

// tableState is all that a statement reads of a table: immutable but for the tail, which grows, and the
// ends of rows; both carry versions, so who holds a state sees at one version always the same.
type tableState struct {
	table  *table
	refs   atomic.Int32
	groups []*groupState // scalars first, then by column
	tail   *tail
	ann    []*annState // by index
}

// groupState lists the fragments of a column group, sorted by their first row.
type groupState struct {
	group  int16
	frags  []*fragment
	maxRow []RowID // the greatest MaxRow of frags[:i+1]
}

func newGroupState(group int16, frags []*fragment) *groupState {
	slices.SortFunc(frags, func(a, b *fragment) int {
		if a.rec.MinRow != b.rec.MinRow {
			if a.rec.MinRow < b.rec.MinRow {
				return -1
			}
			return 1
		}
		return int(int64(a.rec.ID) - int64(b.rec.ID))
	})
	g := &groupState{group: group, frags: frags, maxRow: make([]RowID, len(frags))}
	var top RowID
	for i, f := range frags {
		top = max(top, f.rec.MaxRow)
		g.maxRow[i] = top
	}
	return g
}

// newState makes a state of fragments of all groups, and takes a reference to each.
func newState(t *table, frags []*fragment, tl *tail, ann []*annState) *tableState {
	st := &tableState{table: t, tail: tl, ann: ann}
	byGroup := map[int16][]*fragment{scalarGroup: nil}
	for _, f := range frags {
		f.ref()
		byGroup[f.rec.Group] = append(byGroup[f.rec.Group], f)
	}
	for group, l := range byGroup {
		st.groups = append(st.groups, newGroupState(group, l))
	}
	slices.SortFunc(st.groups, func(a, b *groupState) int { return int(a.group) - int(b.group) })
	for _, a := range ann {
		a.ref()
	}
	st.refs.Store(1)
	return st
}

// fragments returns all fragments of all groups.
func (st *tableState) fragments() []*fragment {
	var out []*fragment
	for _, g := range st.groups {
		out = append(out, g.frags...)
	}
	return out
}

// group returns the fragments of a column group, or nil.
func (st *tableState) group(group int16) *groupState {
	for _, g := range st.groups {
		if g.group == group {
			return g
		}
	}
	return nil
}

// scalars returns the fragments of the scalar group.
func (st *tableState) scalars() []*fragment { return st.groups[0].frags }

// fragment returns the fragment id of a group, or nil.
func (g *groupState) fragment(id fragmentID) *fragment {
	if g == nil {
		return nil
	}
	for _, f := range g.frags {
		if f.rec.ID == id {
			return f
		}
	}
	return nil
}

// each calls f for every fragment that may have row id until f returns false.
func (g *groupState) each(id RowID, f func(*fragment) bool) {
	if g == nil {
		return
	}
	// Fragments of a load lie side by side, those of updates overlap; so this is one step or a few.
	lo, hi := 0, len(g.frags)
	for lo < hi {
		if mid := (lo + hi) / 2; g.frags[mid].rec.MinRow <= id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for i := lo - 1; i >= 0 && g.maxRow[i] >= id; i-- {
		if g.frags[i].rec.MaxRow >= id && !f(g.frags[i]) {
			return
		}
	}
}

// pin returns the newest state with a reference that the caller gives back by unpin.
func (t *table) pin() *tableState {
	for {
		st := t.state.Load()
		for n := st.refs.Load(); n > 0; n = st.refs.Load() {
			if st.refs.CompareAndSwap(n, n+1) {
				return st
			}
		}
	}
}

// unpin gives a reference back. The last one gives back those to the fragments.
func (st *tableState) unpin() {
	if st.refs.Add(-1) > 0 {
		return
	}
	for _, g := range st.groups {
		for _, f := range g.frags {
			f.unref()
		}
	}
	for _, a := range st.ann {
		a.unref()
	}
}

// install makes next the newest state. Callers hold the store's commit lock.
func (t *table) install(next *tableState) {
	old := t.state.Swap(next)
	if old != nil {
		old.unpin()
	}
}

// place is where a row version lies: in a chunk or in a fragment.
type place struct {
	chunk *chunk
	frag  *fragment
	off   rowOffset
}

func (p place) none() bool { return p.chunk == nil && p.frag == nil }

// created returns the version (or sequence number) that made the row version.
func (p place) created() (uint64, error) {
	if p.chunk != nil {
		return p.chunk.created[p.off], nil
	}
	return p.frag.created(p.off)
}

// ended returns the version that ended it, 0 for none.
func (p place) ended() uint64 {
	if p.chunk != nil {
		return p.chunk.ended[p.off].Load()
	}
	return p.frag.ends.at(p.off)
}

// locate returns the version of row id that is seen at v.
func (st *tableState) locate(id RowID, v uint64) (p place, err error) {
	if c, off := st.tail.find(id, v); c != nil {
		return place{chunk: c, off: off}, nil
	}
	st.groups[0].each(id, func(f *fragment) bool {
		off, ok, ferr := f.findVisible(id, v)
		if ok {
			p = place{frag: f, off: off}
		}
		err = ferr
		return !ok && err == nil
	})
	return p, err
}

// newestVersion is above every version, and below the bits of a row that has no end.
const newestVersion = ^uint64(0) - 1

// locateLive returns the version of row id that has no end, as the newest commit left it.
func (st *tableState) locateLive(id RowID) (place, error) {
	if c, off := st.tail.last(id); c != nil && c.ended[off].Load() == 0 {
		return place{chunk: c, off: off}, nil
	}
	// A large commit may have put a newer version into a fragment.
	return st.locate(id, newestVersion)
}

// locateVector returns where the vector that version created of row id has in a group lies.
func (st *tableState) locateVector(group int16, id RowID, created uint64) (p place, err error) {
	if c, off := st.tail.findCreated(id, created); c != nil {
		return place{chunk: c, off: off}, nil
	}
	st.group(group).each(id, func(f *fragment) bool {
		off, ok, ferr := f.findCreated(id, created)
		if ok {
			p = place{frag: f, off: off}
		}
		err = ferr
		return !ok && err == nil
	})
	return p, err
}
