package storage

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	pvfs "github.com/cockroachdb/pebble/v2/vfs"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/batch/arrowcol"
	"github.com/vecdb/vecdb/sql/types"
)

// rowVersion is a row version on its way into a fragment.
type rowVersion struct {
	place   place
	row     RowID
	created uint64
}

func sortVersions(vs []rowVersion) {
	less := func(a, b rowVersion) int {
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.created, b.created))
	}
	if !slices.IsSortedFunc(vs, less) { // a load is
		slices.SortFunc(vs, less)
	}
}

// fragmentWriter writes row versions, sorted, into fragment files. What it writes is synced when it
// returns, but nothing names it yet: whoever does not commit removes it, or the next start does.
type fragmentWriter struct {
	store  *Store
	table  *table
	layout *layout
	fetch  *rowFetcher
	// own is set for a transaction's writes: versions are sequence numbers, which stay in memory.
	own bool
}

// column group file in the making.
type groupFile struct {
	w        *fragmentWriter
	rec      *fragmentRecord
	cols     []int // indexes in the layout
	refs     []int // of vector columns for which references are written
	created  bool  // versions differ and are written
	schema   *arrow.Schema
	arrow    *ipc.FileWriter
	sums     *sumWriter
	versions []rowVersion
}

// write writes scalars and vectors of the versions and returns the fragments, scalars last. Vectors
// that are references are not written again.
func (w *fragmentWriter) write(ctx context.Context, versions []rowVersion) (out []*fragment, err error) {
	defer func() {
		if err != nil {
			for _, f := range out {
				w.store.removeFile(f.path)
			}
			out = nil
		}
	}()
	sortVersions(versions)
	aligned := map[int16]fragmentID{}
	var refs []int
	for _, col := range w.layout.vectors {
		own, shared, err := w.split(versions, w.layout.cols[col].num)
		if err != nil {
			return out, err
		}
		if shared {
			refs = append(refs, col)
		}
		if len(own) == 0 {
			continue
		}
		f, err := w.writeGroup(ctx, w.layout.cols[col].num, []int{col}, nil, own)
		if err != nil {
			return out, err
		}
		out = append(out, f)
		if len(own) == len(versions) {
			aligned[w.layout.cols[col].num] = f.rec.ID
		}
	}
	var scalars []int
	for i := range w.layout.cols {
		if !w.layout.cols[i].vector() {
			scalars = append(scalars, i)
		}
	}
	f, err := w.writeGroup(ctx, scalarGroup, scalars, refs, versions)
	if err != nil {
		return out, err
	}
	f.rec.Aligned = aligned
	return append(out, f), nil
}

// split returns the versions that have a vector of their own, and whether some share an earlier one.
func (w *fragmentWriter) split(versions []rowVersion, num int16) (own []rowVersion, shared bool, err error) {
	for _, v := range versions {
		ref, err := w.fetch.vectorVersion(v.place, num)
		if err != nil {
			return nil, false, err
		}
		if ref != 0 {
			shared = true
			continue
		}
		p, err := w.fetch.vectorPlace(v.place, num)
		if err != nil {
			return nil, false, err
		}
		if p.none() || (p.chunk != nil && p.chunk.layout.at(num) < 0) {
			continue // older than the column
		}
		own = append(own, rowVersion{p, v.row, v.created})
	}
	return own, shared, nil
}

// writeGroup writes one file.
func (w *fragmentWriter) writeGroup(
	ctx context.Context, group int16, cols, refs []int, versions []rowVersion,
) (_ *fragment, err error) {
	id := fragmentID(w.table.nextFile.Add(1) - 1)
	rec := &fragmentRecord{
		ID: id, Group: group, File: strconv.FormatUint(uint64(id), 10) + ".arrow",
		Rows: len(versions), MinRow: versions[0].row, MaxRow: versions[len(versions)-1].row,
	}
	rec.Dense = uint64(rec.MaxRow-rec.MinRow)+1 == uint64(len(versions))
	g := &groupFile{w: w, rec: rec, cols: cols, refs: refs, versions: versions}
	for i, v := range versions {
		rec.MaxCreated = max(rec.MaxCreated, Version(v.created))
		g.created = g.created || v.created != versions[0].created
		rec.Dense = rec.Dense && v.row == rec.MinRow+RowID(i)
	}
	if w.own {
		g.created, rec.MaxCreated = false, 0
	} else if !g.created {
		rec.Created = rec.MaxCreated
	}
	for _, i := range refs {
		rec.Refs = append(rec.Refs, w.layout.cols[i].num)
	}
	path := w.store.fragmentPath(w.table.oid, rec.File)
	if err := g.writeFile(ctx, path); err != nil {
		w.store.removeFile(path)
		return nil, fmt.Errorf("write fragment %d of table %d: %w", id, w.table.oid, Marked(err))
	}
	f := w.store.newFragment(w.table.oid, rec)
	for _, s := range g.sums.sums {
		f.sums = binary.LittleEndian.AppendUint32(f.sums, s)
	}
	if w.own {
		f.seqs = make([]uint64, len(versions))
		for i, v := range versions {
			f.seqs[i] = v.created
		}
	}
	return f, nil
}

func (g *groupFile) writeFile(ctx context.Context, path string) (err error) {
	s := g.w.store
	dir := s.path(dataDir, oidName(g.w.table.oid))
	if err := s.fs.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := s.fs.Create(path, pvfs.WriteCategoryUnspecified)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := g.makeSchema(); err != nil {
		return err
	}
	g.sums = &sumWriter{w: file}
	if g.arrow, err = ipc.NewFileWriter(g.sums, ipc.WithSchema(g.schema)); err != nil {
		return err
	}
	for from := 0; from < len(g.versions); from += blockRows {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, g.arrow.Close())
		}
		if err := g.writeBlock(g.versions[from:min(from+blockRows, len(g.versions))]); err != nil {
			return errors.Join(err, g.arrow.Close())
		}
	}
	if err := g.arrow.Close(); err != nil {
		return err
	}
	if err := g.sums.flush(); err != nil {
		return err
	}
	g.rec.Bytes = g.sums.written
	g.rec.Blocks[0].Offset = g.sums.firstMessageEnd()
	if err := file.Sync(); err != nil {
		return err
	}
	if err := s.syncDir(dir); err != nil {
		return err
	}
	return s.syncDir(s.path(dataDir))
}

// makeSchema makes the Arrow schema: hidden columns first, then the columns under their names at this
// time, with the number that identifies them as metadata.
func (g *groupFile) makeSchema() error {
	u64 := arrow.PrimitiveTypes.Uint64
	fields := []arrow.Field{{Name: fieldRow, Type: u64}}
	if g.created {
		fields = append(fields, arrow.Field{Name: fieldCreated, Type: u64})
	}
	for _, i := range g.refs {
		fields = append(fields, arrow.Field{Name: fieldRef + strconv.Itoa(int(g.w.layout.cols[i].num)), Type: u64})
	}
	for _, i := range g.cols {
		c := &g.w.layout.cols[i]
		at, err := arrowcol.TypeOf(c.typ)
		if err != nil {
			return fmt.Errorf("column %d: %w: %w", c.num, ErrUnsupported, err)
		}
		md := arrow.NewMetadata([]string{metaColumn, metaType},
			[]string{strconv.Itoa(int(c.num)), fmt.Sprintf("%d,%d", c.typ.OID, c.typ.Mod)})
		fields = append(fields, arrow.Field{Name: c.name, Type: at, Nullable: true, Metadata: md})
		g.rec.Columns = append(g.rec.Columns, columnRecord{c.num, c.typ})
	}
	g.schema = arrow.NewSchema(fields, nil)
	return nil
}

func (g *groupFile) writeBlock(vs []rowVersion) error {
	block := blockRecord{Offset: g.sums.written, MinRow: vs[0].row}
	var arrays []arrow.Array
	defer func() {
		for _, a := range arrays {
			a.Release()
		}
	}()
	arrays = append(arrays, uintArray(vs, func(v rowVersion) uint64 { return uint64(v.row) }))
	if g.created {
		arrays = append(arrays, uintArray(vs, func(v rowVersion) uint64 { return v.created }))
	}
	for _, i := range g.refs {
		num := g.w.layout.cols[i].num
		var err error
		arrays = append(arrays, uintArray(vs, func(v rowVersion) uint64 {
			ref, rerr := g.w.fetch.vectorVersion(v.place, num)
			err = errors.Join(err, rerr)
			return uint64(ref)
		}))
		if err != nil {
			return err
		}
	}
	places := make([]place, len(vs))
	for i, v := range vs {
		places[i] = v.place
	}
	for _, i := range g.cols {
		c := &g.w.layout.cols[i]
		var col batch.Column
		if err := g.w.fetch.plain(&col, c, places); err != nil {
			return err
		}
		a, err := arrowcol.Build(memory.DefaultAllocator, c.typ, &col, len(vs))
		if err != nil {
			return err
		}
		arrays = append(arrays, a)
		block.Zones = append(block.Zones, zoneOf(c, &col))
	}
	rec := array.NewRecordBatch(g.schema, arrays, int64(len(vs)))
	defer rec.Release()
	g.rec.Blocks = append(g.rec.Blocks, block)
	return g.arrow.Write(rec)
}

func uintArray(vs []rowVersion, value func(rowVersion) uint64) arrow.Array {
	b := array.NewUint64Builder(memory.DefaultAllocator)
	defer b.Release()
	b.Reserve(len(vs))
	for _, v := range vs {
		b.UnsafeAppend(value(v))
	}
	return b.NewArray()
}

// zoneStringMax is the length above which a string is no bound of a zone: the record holds both.
const zoneStringMax = 64

// zoneOf returns the bounds of a column's values.
func zoneOf(c *column, col *batch.Column) zone {
	var z zone
	for _, null := range col.Nulls {
		if null {
			z.Nulls++
		}
	}
	typ := types.Lookup(c.typ.OID)
	if typ.Compare == nil || c.vector() || col.Phys == types.Bool {
		return z
	}
	for i := range col.Len() {
		if col.Null(i) {
			continue
		}
		d := col.Datum(i)
		if !boundable(col.Phys, d) {
			return zone{Nulls: z.Nulls}
		}
		switch {
		case !z.HasBounds:
			z.HasBounds, z.Min, z.Max = true, d, d
		case typ.Compare(d, z.Min) < 0:
			z.Min = d
		case typ.Compare(d, z.Max) > 0:
			z.Max = d
		}
	}
	if col.Phys == types.String && z.HasBounds {
		z.Min.S, z.Max.S = string([]byte(z.Min.S)), string([]byte(z.Max.S))
	}
	return z
}

// boundable says whether a value can be a bound in a JSON record.
func boundable(phys types.Physical, d types.Datum) bool {
	switch phys {
	case types.Float:
		return !math.IsNaN(d.Float())
	case types.String:
		return len(d.S) <= zoneStringMax && utf8.ValidString(d.S)
	}
	return true
}

// firstMessageEnd returns where the first record batch starts: behind magic and schema message.
func (s *sumWriter) firstMessageEnd() int64 {
	// Magic padded to 8 bytes, marker, length of the schema message, the message.
	return 16 + int64(binary.LittleEndian.Uint32(s.head[12:16]))
}

// spillIfLarge writes the pending rows to files when they outgrow memory.
func (w *tableWrites) spillIfLarge(ctx context.Context) error {
	if w.tail.bytes < w.txn.store.opts.SpillBytes {
		return nil
	}
	return w.spill(ctx)
}

// spillForCommit writes the pending rows to files when there are too many for the log.
func (w *tableWrites) spillForCommit(ctx context.Context) error {
	o := &w.txn.store.opts
	if w.tail.rows < int64(o.DirectRows) && w.tail.bytes < o.DirectBytes {
		return nil
	}
	return w.spill(ctx)
}

// spill moves the pending rows from memory into files. Rows that are ended stay among them, since a
// rollback to a mark may bring them back.
func (w *tableWrites) spill(ctx context.Context) error {
	if w.tail.rows == 0 {
		return nil
	}
	if err := w.txn.store.NeedSpace("a load", w.tail.bytes); err != nil {
		return err
	}
	var versions []rowVersion
	for _, c := range w.tail.chunks {
		for off := range rowOffset(c.count()) {
			versions = append(versions, rowVersion{place{chunk: c, off: off}, c.rows[off], c.created[off]})
		}
	}
	fw := &fragmentWriter{
		store: w.txn.store, table: w.table, layout: w.layout, own: true,
		fetch: &rowFetcher{store: w.txn.store, layout: w.layout, own: w},
	}
	frags, err := fw.write(ctx, versions)
	if err != nil {
		return err
	}
	scalar := frags[len(frags)-1]
	moved := map[place]rowOffset{}
	for i, v := range versions {
		if e := v.place.ended(); e != 0 {
			scalar.ends.set(rowOffset(i), e)
			moved[v.place] = rowOffset(i)
		}
	}
	for i := range w.undo {
		if off, ok := moved[w.undo[i].own]; ok {
			w.undo[i].own = place{frag: scalar, off: off}
		}
	}
	for _, f := range frags {
		f.ref()
	}
	w.frags = append(w.frags, frags...)
	w.tail = newTail()
	return nil
}

// rowsAdded is by how many rows the transaction changes the table, about.
func (w *tableWrites) rowsAdded() int64 {
	n := w.tail.rows - int64(len(w.ends))
	for _, c := range w.tail.chunks {
		n -= int64(c.ends.Load())
	}
	for _, f := range w.frags {
		if f.rec.Group == scalarGroup {
			n += int64(f.rec.Rows) - f.ends.count.Load()
		}
	}
	return n
}
