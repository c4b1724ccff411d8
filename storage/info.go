package storage

import (
	"time"

	"github.com/vecdb/vecdb/sql/schema"
)

// FragmentInfo describes a fragment for those who choose what to merge.
type FragmentInfo struct {
	ID     uint64
	Column int16 // 0: the scalars, else the vector column
	Rows   int
	Dead   int // row versions that have an end
	Bytes  int64
}

// TableInfo describes the physical state of a table.
type TableInfo struct {
	Table     OID
	Rows      int64 // visible, about
	Ended     int64 // row versions that ended since the store was opened
	TailRows  int64
	TailBytes int64
	LastWrite time.Time // zero: not since the start
	Fragments []FragmentInfo
	Indexes   []ANNInfo
}

// ANNInfo describes an ANN index.
type ANNInfo struct {
	Index     OID
	Column    int16
	Trained   bool
	Segments  []Segment
	Uncovered int64 // rows of fragments that are in no segment
}

// Tables describes all tables, in no order.
func (s *Store) Tables() []TableInfo {
	s.tablesMu.RLock()
	tables := make([]*table, 0, len(s.tables))
	for _, t := range s.tables {
		tables = append(tables, t)
	}
	s.tablesMu.RUnlock()
	out := make([]TableInfo, 0, len(tables))
	for _, t := range tables {
		out = append(out, t.info())
	}
	return out
}

// TableInfo describes one table; false when there is none.
func (s *Store) TableInfo(oid OID) (TableInfo, bool) {
	t := s.table(oid)
	if t == nil {
		return TableInfo{}, false
	}
	return t.info(), true
}

func (t *table) info() TableInfo {
	st := t.pin()
	defer st.unpin()
	in := TableInfo{Table: t.oid, Rows: t.rows.Load(), Ended: t.ended.Load()}
	in.TailRows, in.TailBytes = st.tail.size()
	if ns := t.lastWrite.Load(); ns != 0 {
		in.LastWrite = time.Unix(0, ns)
	}
	for _, f := range st.fragments() {
		in.Fragments = append(in.Fragments, FragmentInfo{
			uint64(f.rec.ID), f.rec.Group, f.rec.Rows,
			int(f.ends.count.Load()), f.rec.Bytes,
		})
	}
	for _, a := range st.ann {
		ai := ANNInfo{Index: a.index, Column: a.column, Trained: a.model != nil, Segments: a.records()}
		if g := st.group(a.column); g != nil {
			for _, f := range g.frags {
				if a.covered[f.rec.ID] == 0 {
					ai.Uncovered += int64(f.rec.Rows)
				}
			}
		}
		in.Indexes = append(in.Indexes, ai)
	}
	return in
}

// Sizes returns the bytes that a relation takes: of a table its files and tail, of an ordered index about
// its share of Pebble, of an ANN index its files and model.
func (s *Store) Sizes(relation OID) (int64, error) {
	c := s.Catalog()
	if idx := c.Index(relation); idx != nil {
		if isOrdered(idx) {
			prefix := oidKey(spaceIndex, relation)
			n, err := s.db.EstimateDiskUsage(prefix, prefixEnd(prefix))
			return int64(n), err
		}
		return s.annSize(idx), nil
	}
	t := s.table(relation)
	if t == nil {
		return 0, nil
	}
	in := t.info()
	n := in.TailBytes
	for _, f := range in.Fragments {
		n += f.Bytes
	}
	return n, nil
}

func (s *Store) annSize(idx *schema.Index) (n int64) {
	t := s.table(idx.Table)
	if t == nil {
		return 0
	}
	st := t.pin()
	defer st.unpin()
	for _, a := range st.ann {
		if a.index != idx.OID {
			continue
		}
		n += int64(len(a.model))
		for _, f := range a.segments {
			n += f.rec.Bytes
		}
	}
	return n
}

// Stats counts what the store holds.
type Stats struct {
	Version        Version
	Horizon        Version
	Snapshots      int // versions that transactions read at
	Tables         int
	Fragments      int
	TailRows       int64
	Unindexed      int64 // rows of fragments that an ANN index does not cover
	OrphansRemoved int   // files that Open found and no record named
	PebbleBytes    uint64
}

// Stats returns the counts of now.
func (s *Store) Stats() Stats {
	out := Stats{
		Version: s.Version(), Horizon: Version(s.horizon.Load()), OrphansRemoved: s.orphans,
		PebbleBytes: s.db.Metrics().DiskSpaceUsage(),
	}
	s.snapsMu.Lock()
	out.Snapshots = len(s.snapshots)
	s.snapsMu.Unlock()
	for _, t := range s.Tables() {
		out.Tables++
		out.Fragments += len(t.Fragments)
		out.TailRows += t.TailRows
		for _, a := range t.Indexes {
			out.Unindexed += a.Uncovered
		}
	}
	return out
}

// RowCount estimates the visible rows of a table, cheaply: what commits added and took.
func (s *Store) RowCount(oid OID) int64 {
	if t := s.table(oid); t != nil {
		return t.rows.Load()
	}
	return 0
}
