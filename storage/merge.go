package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"
)

// MergeOptions name the fragments to rewrite as one.
type MergeOptions struct {
	// Fragments are scalar fragments of the table.
	Fragments []uint64
	// Horizon is the version to keep readable: row versions that nobody from it on sees are dropped.
	Horizon Version
	// DeadMin is the number of row versions that must go; with fewer nothing is done.
	DeadMin int
}

// merge is a rewrite of fragments in progress.
type merge struct {
	store    *Store
	table    *table
	st       *tableState
	layout   *layout
	horizon  uint64
	inputs   []*fragment // scalars and vectors
	versions []rowVersion
	vectors  map[int16][]rowVersion // by column, for those that are rewritten too
	out      []*fragment
	dropped  int // scalar versions left out
	covers   map[fragmentID]fragmentID
}

// MergeTable rewrites fragments as one, without the row versions that nobody can see any more, and with
// their vectors when these are indexed alike. Statements go on meanwhile; ends that come during the rewrite are carried
// over when it is installed. It reports false when the table changed under it and nothing was done.
func (s *Store) MergeTable(ctx context.Context, oid OID, o MergeOptions) (bool, error) {
	tb := s.table(oid)
	ts := s.appliedCatalogTable(oid)
	if tb == nil || ts == nil {
		return false, nil
	}
	tb.upkeep.Lock()
	defer tb.upkeep.Unlock()
	l, err := s.layoutOf(ts)
	if err != nil {
		return false, err
	}
	m := &merge{
		store: s, table: tb, st: tb.pin(), layout: l, horizon: uint64(o.Horizon),
		vectors: map[int16][]rowVersion{}, covers: map[fragmentID]fragmentID{},
	}
	defer m.st.unpin()
	if ok, err := m.collect(ctx, o.Fragments); !ok || err != nil {
		return false, err
	}
	if m.dropped < o.DeadMin {
		return false, nil
	}
	if err := m.write(ctx); err != nil {
		return false, fmt.Errorf("merge fragments of table %d: %w", oid, err)
	}
	b := s.db.NewBatch()
	ok, err := m.install(b)
	if !ok {
		for _, f := range m.out {
			s.removeFile(f.path)
		}
		return false, errors.Join(err, b.Close())
	}
	if err := s.waitSynced(b); err != nil {
		return false, err
	}
	for _, f := range m.inputs {
		f.condemn()
	}
	return true, nil
}

// dead says whether no version from the horizon on sees the row version.
func (m *merge) dead(p place) bool {
	e := p.ended()
	return e != 0 && e <= m.horizon
}

// collect lists the row versions to keep, and the vectors to rewrite with them.
func (m *merge) collect(ctx context.Context, ids []uint64) (bool, error) {
	for _, id := range ids {
		f := m.st.groups[0].fragment(fragmentID(id))
		if f == nil {
			return false, nil
		}
		m.inputs = append(m.inputs, f)
		if err := ctx.Err(); err != nil {
			return false, err
		}
		for off := range rowOffset(f.rec.Rows) {
			p := place{frag: f, off: off}
			if m.dead(p) {
				m.dropped++
				continue
			}
			row, err := f.row(off)
			if err != nil {
				return false, err
			}
			created, err := f.created(off)
			if err != nil {
				return false, err
			}
			m.versions = append(m.versions, rowVersion{p, row, created})
		}
	}
	sortVersions(m.versions)
	for _, col := range m.layout.vectors {
		if err := m.collectVectors(m.layout.cols[col].num); err != nil {
			return false, err
		}
	}
	return true, nil
}

// collectVectors lists the vectors of the inputs that are still needed, when the vector fragments can
// become one: each input has one, and all are indexed by the same segments.
func (m *merge) collectVectors(num int16) error {
	var frags []*fragment
	for _, f := range m.inputs {
		if f.rec.Group != scalarGroup {
			continue
		}
		id, ok := f.rec.Aligned[num]
		g := m.st.group(num).fragment(id)
		if !ok || g == nil {
			return nil
		}
		frags = append(frags, g)
	}
	for _, a := range m.st.ann {
		for _, g := range frags {
			if a.column == num && a.covered[g.rec.ID] != a.covered[frags[0].rec.ID] {
				return nil
			}
		}
	}
	keep := []rowVersion{}
	fetch := &rowFetcher{store: m.store, layout: m.layout, state: m.st}
	for _, g := range frags {
		for off := range rowOffset(g.rec.Rows) {
			row, err := g.row(off)
			if err != nil {
				return err
			}
			created, err := g.created(off)
			if err != nil {
				return err
			}
			needed, err := m.st.vectorNeeded(fetch, num, row, created, m.horizon)
			if err != nil {
				return err
			}
			if needed && g.ends.at(off) != created {
				keep = append(keep, rowVersion{place{frag: g, off: off}, row, created})
			}
		}
	}
	m.inputs = append(m.inputs, frags...)
	m.vectors[num] = keep
	return nil
}

// eachVersionOf calls f for all versions of a row until stop is set.
func (st *tableState) eachVersionOf(row RowID, f func(place) error, stop *bool) (err error) {
	for _, p := range st.tail.versionsOf(row) {
		if err = f(p); err != nil || *stop {
			return err
		}
	}
	st.groups[0].each(row, func(fr *fragment) bool {
		var lo, hi rowOffset
		lo, hi, err = fr.find(row)
		for off := lo; off < hi && err == nil && !*stop; off++ {
			err = f(place{frag: fr, off: off})
		}
		return err == nil && !*stop
	})
	return err
}

// versionsOf returns where the versions of a row lie, newest first.
func (t *tail) versionsOf(id RowID) (out []place) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for pos := t.newest[id]; pos != 0; {
		c, off := t.at(pos - 1)
		if c == nil {
			break
		}
		out = append(out, place{chunk: c, off: off})
		pos = c.prev[off]
	}
	return out
}

// write writes the new fragments: vectors first, scalars last.
func (m *merge) write(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			for _, f := range m.out {
				m.store.removeFile(f.path)
			}
			m.out = nil
		}
	}()
	w := &fragmentWriter{
		store: m.store, table: m.table, layout: m.layout,
		fetch: &rowFetcher{store: m.store, layout: m.layout, state: m.st},
	}
	if len(m.versions) == 0 && len(m.vectors) == 0 {
		return nil
	}
	aligned := map[int16]fragmentID{}
	for num, versions := range m.vectors {
		if len(versions) == 0 {
			continue
		}
		sortVersions(versions)
		f, err := w.writeGroup(ctx, num, []int{m.layout.at(num)}, nil, versions)
		if err != nil {
			return err
		}
		m.out = append(m.out, f)
		for _, in := range m.inputs {
			if in.rec.Group == num {
				m.covers[in.rec.ID] = f.rec.ID
			}
		}
		if slices.EqualFunc(versions, m.versions, func(a, b rowVersion) bool {
			return a.row == b.row && a.created == b.created
		}) {
			aligned[num] = f.rec.ID
		}
	}
	if len(m.versions) == 0 {
		return nil
	}
	var scalars, refs []int
	for i := range m.layout.cols {
		if !m.layout.cols[i].vector() {
			scalars = append(scalars, i)
		} else if m.hasRefs(m.layout.cols[i].num) {
			refs = append(refs, i)
		}
	}
	f, err := w.writeGroup(ctx, scalarGroup, scalars, refs, m.versions)
	if err != nil {
		return err
	}
	for _, i := range refs {
		delete(aligned, m.layout.cols[i].num)
	}
	f.rec.Aligned = aligned
	m.out = append(m.out, f)
	return nil
}

func (m *merge) hasRefs(num int16) bool {
	return slices.ContainsFunc(m.inputs, func(f *fragment) bool { return slices.Contains(f.rec.Refs, num) })
}

// scalar returns the new scalar fragment, nil when no row is left.
func (m *merge) scalar() *fragment {
	if len(m.versions) == 0 {
		return nil
	}
	return m.out[len(m.out)-1]
}

// install commits the rewrite in one batch: new fragments, ends, the indexes' coverage, and the end of
// the old ones.
func (m *merge) install(b *pebble.Batch) (bool, error) {
	s := m.store
	s.commitMu.Lock()
	defer s.commitMu.Unlock()
	st := m.table.state.Load()
	for _, f := range m.inputs {
		if s.table(m.table.oid) != m.table || st.group(f.rec.Group).fragment(f.rec.ID) != f {
			return false, nil
		}
	}
	ann, err := m.encode(b, st)
	if err != nil {
		return false, err
	}
	if err := s.applyBatch(b); err != nil {
		return false, err
	}
	for _, f := range m.out {
		f.sums = nil // Pebble has them
	}
	frags := slices.DeleteFunc(st.fragments(), func(f *fragment) bool { return slices.Contains(m.inputs, f) })
	m.table.install(newState(m.table, append(frags, m.out...), st.tail, ann))
	return true, nil
}

// encode fills the batch and returns the ANN states that go with it.
func (m *merge) encode(b *pebble.Batch, st *tableState) ([]*annState, error) {
	oid := m.table.oid
	var key []byte
	for _, f := range m.inputs {
		if err := dropFragment(b, oid, f); err != nil {
			return nil, err
		}
	}
	for _, f := range m.out {
		if err := putFragment(b, oid, f); err != nil {
			return nil, err
		}
	}
	if f := m.scalar(); f != nil {
		for i, v := range m.versions {
			if e := v.place.ended(); e != 0 {
				f.ends.set(rowOffset(i), e)
				key = endKey(key, oid, f.rec.ID, rowOffset(i))
				if err := b.Set(key, u64(e), nil); err != nil {
					return nil, err
				}
			}
		}
	}
	// Numbers that the remaining fragments no longer show must not be given again: others refer to them.
	if err := b.Set(tableKey(oid, tableMeta), m.table.meta(), nil); err != nil {
		return nil, err
	}
	ann := make([]*annState, len(st.ann))
	for i, a := range st.ann {
		ann[i] = a
		if _, rewritten := m.vectors[a.column]; !rewritten {
			continue
		}
		ann[i] = a.recovered(m.inputs, m.covers)
		if err := encodeANN(b, a.index, nil, ann[i]); err != nil {
			return nil, err
		}
	}
	return ann, nil
}

// recovered returns the index with old fragments replaced by those that took their rows.
func (a *annState) recovered(inputs []*fragment, covers map[fragmentID]fragmentID) *annState {
	next := &annState{
		index: a.index, column: a.column, model: a.model, segments: a.segments,
		covered: map[fragmentID]SegmentID{},
	}
	for id, seg := range a.covered {
		if slices.ContainsFunc(inputs, func(f *fragment) bool { return f.rec.Group == a.column && f.rec.ID == id }) {
			if id = covers[id]; id == 0 {
				continue // no row of it is left
			}
		}
		next.covered[id] = seg
	}
	return next
}

// dropFragment deletes the record, the checksums and the ends of a fragment.
func dropFragment(b *pebble.Batch, oid OID, f *fragment) error {
	if err := f.keepSums(); err != nil {
		return err
	}
	if err := b.Delete(fragmentKey(oid, f.rec.ID), nil); err != nil {
		return err
	}
	if err := b.Delete(sumsKey(oid, f.rec.ID), nil); err != nil {
		return err
	}
	n := f.ends.count.Load()
	if n > dropKeysMax {
		from := endKey(nil, oid, f.rec.ID, 0)
		return b.DeleteRange(from, endKey(nil, oid, f.rec.ID+1, 0), nil)
	}
	var key []byte
	for off := rowOffset(0); n > 0 && int(off) < f.rec.Rows; off++ {
		if f.ends.at(off) == 0 {
			continue
		}
		n--
		key = endKey(key, oid, f.rec.ID, off)
		if err := b.Delete(key, nil); err != nil {
			return err
		}
	}
	return nil
}

// meta is the table's record of numbers that must not be given again: the next row and fragment.
func (t *table) meta() []byte {
	return binary.BigEndian.AppendUint64(u64(t.nextRow.Load()), t.nextFile.Load())
}

// waitSynced waits until a batch of applyBatch is durable.
func (s *Store) waitSynced(b *pebble.Batch) error {
	if err := b.SyncWait(); err != nil {
		return s.fail(err)
	}
	return b.Close()
}
