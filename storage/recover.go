package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage/catalog"
)

// metaNextOID is the meta key of the next object number.
const metaNextOID = "oid"

// recover reads the state of the store from Pebble, makes the first content of a new store, and removes
// files that nothing names.
func (s *Store) recover() error {
	cat, err := s.loadCatalog()
	if err != nil {
		return err
	}
	version, err := s.lastVersion()
	if err != nil {
		return err
	}
	s.applied = &published{version, cat}
	s.published.Store(s.applied)
	if err := s.loadOIDs(cat); err != nil {
		return err
	}
	if cat.Len() == 0 {
		if err := s.bootstrap(); err != nil {
			return fmt.Errorf("make the first content: %w", err)
		}
	}
	if err := s.dropIntents(); err != nil {
		return err
	}
	for _, t := range s.applied.catalog.Tables(0) {
		if t.Kind != schema.KindTable {
			continue
		}
		if err := s.loadTable(t); err != nil {
			return fmt.Errorf("load table %d: %w", t.OID, err)
		}
	}
	return s.removeOrphans()
}

// scanPrefix calls f for all keys with the prefix. The slices are valid during the call only.
func (s *Store) scanPrefix(prefix []byte, f func(key, value []byte) error) (err error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: prefix, UpperBound: prefixEnd(prefix)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	for it.First(); it.Valid(); it.Next() {
		value, err := it.ValueAndErr()
		if err != nil {
			return err
		}
		if err := f(it.Key(), value); err != nil {
			return err
		}
	}
	return it.Error()
}

func (s *Store) loadCatalog() (*catalog.Catalog, error) {
	var changes []catalog.Change
	for _, space := range []byte{spaceObject, spaceStats} {
		err := s.scanPrefix([]byte{space}, func(key, value []byte) error {
			object, err := catalog.Decode(value)
			if err != nil {
				return fmt.Errorf("catalog record %x: %w", key, err)
			}
			changes = append(changes, catalog.Change{Object: object})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return new(catalog.Catalog).With(changes...)
}

// lastVersion is the version of the last log record; upkeep never removes that one.
func (s *Store) lastVersion() (Version, error) {
	it, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{spaceLog}, UpperBound: []byte{spaceLog + 1}})
	if err != nil {
		return 0, err
	}
	var v Version
	if it.Last() {
		r := keyReader{rest: it.Key()[1:]}
		v = Version(r.u64())
	}
	return v, errors.Join(it.Error(), it.Close())
}

func (s *Store) loadOIDs(cat *catalog.Catalog) error {
	next := schema.FirstUserOID
	value, closer, err := s.db.Get(spaceKey(spaceMeta, metaNextOID))
	switch {
	case err == nil:
		r := keyReader{rest: value}
		next = max(next, OID(r.u64()))
		if err := closer.Close(); err != nil {
			return err
		}
	case !errors.Is(err, pebble.ErrNotFound):
		return err
	}
	s.nextOID.Store(uint32(next))
	s.oidLogged.Store(uint32(next))
	return nil
}

// bootstrap commits the first content.
func (s *Store) bootstrap() error {
	var changes []catalog.Change
	b := s.db.NewBatch()
	defer func() { _ = b.Close() }() // releases memory, cannot fail
	for _, object := range catalog.Bootstrap(s.opts.Bootstrap) {
		changes = append(changes, catalog.Change{Object: object})
		if err := putObject(b, object); err != nil {
			return err
		}
	}
	cat, err := s.applied.catalog.With(changes...)
	if err != nil {
		return err
	}
	p := &published{s.applied.version + 1, cat}
	rec := logRecord{Time: s.opts.Now().UnixMicro()}
	if err := b.Set(logKey(p.version), rec.encode(), nil); err != nil {
		return err
	}
	if err := s.db.Apply(b, pebble.Sync); err != nil {
		return err
	}
	s.applied = p
	s.published.Store(p)
	return nil
}

// putObject writes the record of a schema object.
func putObject(b *pebble.Batch, object any) error {
	oid, db, err := catalog.OIDOf(object)
	if err != nil {
		return err
	}
	rec, err := catalog.Encode(object)
	if err != nil {
		return err
	}
	if _, ok := object.(*catalog.Stats); ok {
		return b.Set(oidKey(spaceStats, oid), rec, nil)
	}
	return b.Set(objectKey(db, oid), rec, nil)
}

// loadTable reads the physical state of a table.
func (s *Store) loadTable(ts *schema.Table) error {
	l, err := s.layoutOf(ts)
	if err != nil {
		return err
	}
	t := s.newTable(ts.OID)
	frags, err := s.loadFragments(t)
	if err != nil {
		return err
	}
	tl, err := s.loadTail(t, l)
	if err != nil {
		return err
	}
	if value, closer, err := s.db.Get(tableKey(t.oid, tableMeta)); err == nil {
		r := keyReader{rest: value}
		t.nextRow.Store(max(t.nextRow.Load(), r.u64()))
		t.nextFile.Store(max(t.nextFile.Load(), r.u64()))
		if err := closer.Close(); err != nil {
			return err
		}
	} else if !errors.Is(err, pebble.ErrNotFound) {
		return err
	}
	ann, err := s.loadANN(ts)
	if err != nil {
		return err
	}
	st := newState(t, frags, tl, ann)
	t.install(st)
	var live int64
	for _, f := range st.scalars() {
		live += int64(f.rec.Rows) - f.ends.count.Load()
	}
	for _, c := range tl.chunks {
		live += int64(c.count()) - int64(c.ends.Load())
	}
	t.rows.Store(live)
	s.tables[t.oid] = t
	return nil
}

func (s *Store) loadFragments(t *table) ([]*fragment, error) {
	var frags []*fragment
	byID := map[fragmentID]*fragment{}
	err := s.scanPrefix(tableKey(t.oid, tableFragment), func(_, value []byte) error {
		rec, err := decodeFragment(value)
		if err != nil {
			return err
		}
		f := s.newFragment(t.oid, rec)
		frags = append(frags, f)
		byID[rec.ID] = f
		t.nextFile.Store(max(t.nextFile.Load(), uint64(rec.ID)+1))
		t.nextRow.Store(max(t.nextRow.Load(), uint64(rec.MaxRow)+1))
		t.lastChange.Store(max(t.lastChange.Load(), uint64(rec.MaxCreated)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.scanPrefix(tableKey(t.oid, tableEnd), func(key, value []byte) error {
		r, v := keyReader{rest: key[6:]}, keyReader{rest: value}
		f, off, ended := byID[fragmentID(r.u64())], r.u32(), v.u64()
		if f == nil || r.bad || v.bad || int(off) >= f.rec.Rows {
			return fmt.Errorf("%w: end key %x", ErrCorrupt, key)
		}
		f.ends.set(rowOffset(off), ended)
		t.lastChange.Store(max(t.lastChange.Load(), ended))
		return nil
	})
	return frags, err
}

// tailVersion is a row version on its way from Pebble into the tail, in the order it was made.
type tailVersion struct {
	row     RowID
	created Version
	bytes   []byte
}

func (s *Store) loadTail(t *table, l *layout) (*tail, error) {
	var rows []tailVersion
	err := s.scanPrefix(tableKey(t.oid, tableTail), func(key, value []byte) error {
		r := keyReader{rest: key[6:]}
		v := tailVersion{RowID(r.u64()), Version(r.u64()), slices.Clone(value)}
		if r.bad {
			return fmt.Errorf("%w: tail key %x", ErrCorrupt, key)
		}
		rows = append(rows, v)
		t.nextRow.Store(max(t.nextRow.Load(), uint64(v.row)+1))
		t.lastChange.Store(max(t.lastChange.Load(), uint64(v.created)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b tailVersion) int { return int(int64(a.created) - int64(b.created)) })
	tl := newTail()
	for len(rows) > 0 {
		c := tl.reserve(l, len(rows))
		n := min(c.room(), len(rows))
		var bytes int64
		for i, v := range rows[:n] {
			at := c.count() + i
			c.rows[at], c.created[at] = v.row, uint64(v.created)
			if err := decodeRow(c, at, v.bytes); err != nil {
				return nil, err
			}
			bytes += l.width + int64(len(v.bytes))
		}
		tl.publish(c, n, bytes)
		rows = rows[n:]
	}
	err = s.scanPrefix(tableKey(t.oid, tableTailEnd), func(key, value []byte) error {
		r, v := keyReader{rest: key[6:]}, keyReader{rest: value}
		c, off := tl.findCreated(RowID(r.u64()), r.u64())
		ended := v.u64()
		if c == nil || r.bad || v.bad {
			return fmt.Errorf("%w: tail end key %x", ErrCorrupt, key)
		}
		c.end(off, ended)
		t.lastChange.Store(max(t.lastChange.Load(), ended))
		return nil
	})
	return tl, err
}

func (s *Store) loadANN(ts *schema.Table) ([]*annState, error) {
	var out []*annState
	for _, idx := range s.applied.catalog.IndexesOf(ts.OID) {
		if isOrdered(idx) {
			continue
		}
		a := newANNState(idx.OID, idx.Keys[0].Column)
		value, closer, err := s.db.Get(indexKey(idx.OID, indexModel))
		if err == nil {
			a.model = slices.Clone(value)
			err = closer.Close()
		} else if errors.Is(err, pebble.ErrNotFound) {
			err = nil
		}
		if err != nil {
			return nil, err
		}
		err = s.scanPrefix(indexKey(idx.OID, indexSegment), func(key, value []byte) error {
			var rec Segment
			if len(value) == 0 || value[0] != fragmentFormat {
				return fmt.Errorf("%w: segment record %x", ErrCorrupt, key)
			}
			if err := json.Unmarshal(value[1:], &rec); err != nil {
				return fmt.Errorf("%w: segment record: %w", ErrCorrupt, err)
			}
			a.add(&segmentFile{rec: rec, store: s, path: s.segmentPath(idx.OID, rec.File)})
			return nil
		})
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// dropIntents undoes what a build left that did not come to its commit: index entries written ahead
// for an index that the catalog does not name. Files need no intent, removeOrphans finds them.
func (s *Store) dropIntents() error {
	b := s.db.NewBatch()
	defer func() { _ = b.Close() }() // releases memory, cannot fail
	err := s.scanPrefix([]byte{spaceIntent}, func(key, _ []byte) error {
		r := keyReader{rest: key[1:]}
		oid := OID(r.u32())
		if !r.bad && s.applied.catalog.Index(oid) == nil {
			prefix := oidKey(spaceIndex, oid)
			if err := b.DeleteRange(prefix, prefixEnd(prefix), nil); err != nil {
				return err
			}
		}
		return b.Delete(slices.Clone(key), nil)
	})
	if err != nil || b.Empty() {
		return err
	}
	return s.db.Apply(b, pebble.Sync)
}

// removeOrphans deletes the files that no record names.
func (s *Store) removeOrphans() error {
	named := map[string]bool{}
	for _, t := range s.tables {
		st := t.state.Load()
		for _, f := range st.fragments() {
			named[f.path] = true
		}
		for _, a := range st.ann {
			for _, seg := range a.segments {
				named[seg.path] = true
			}
		}
	}
	for _, dir := range []string{dataDir, indexDir} {
		folders, err := s.fs.List(s.path(dir))
		if err != nil {
			return err
		}
		for _, folder := range folders {
			path := s.path(dir, folder)
			info, err := s.fs.Stat(path)
			if err != nil {
				return err
			}
			if !info.IsDir() {
				err = s.removeOrphan(path)
			} else {
				err = s.removeUnnamed(path, named)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// removeUnnamed empties a folder of files that are not named, and removes it when nothing is left.
func (s *Store) removeUnnamed(folder string, named map[string]bool) error {
	files, err := s.fs.List(folder)
	if err != nil {
		return err
	}
	kept := 0
	for _, file := range files {
		path := s.fs.PathJoin(folder, file)
		if named[path] {
			kept++
			continue
		}
		if err := s.removeOrphan(path); err != nil {
			return err
		}
	}
	if kept == 0 {
		return s.fs.Remove(folder)
	}
	return nil
}

// removeOrphan removes a file, or a folder, that nothing names.
func (s *Store) removeOrphan(path string) error {
	s.opts.Log.Info("remove a file that nothing names", "file", path)
	s.orphans++
	return s.fs.RemoveAll(path)
}
