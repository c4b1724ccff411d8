package storage

import (
	"context"
	"fmt"
	"unsafe"

	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/types"
)

// rowFetcher reads columns of row versions whose places are known. It is the one place that knows how
// the vector of a row version is found.
type rowFetcher struct {
	store   *Store
	layout  *layout
	state   *tableState  // for vectors of earlier versions; nil: there are none
	own     *tableWrites // for rows in files of our own; nil: there are none
	scratch batch.Column
}

// column fills dst with a column (index in the layout) of the rows; a row with no place is null.
func (f *rowFetcher) column(dst *batch.Column, col int, places []place) error {
	c := &f.layout.cols[col]
	if !c.vector() {
		return f.plain(dst, c, places)
	}
	vectors := make([]place, len(places))
	older := false // some rows are older than the column
	for i, p := range places {
		if p.none() {
			continue
		}
		var err error
		if vectors[i], err = f.vectorPlace(p, c.num); err != nil {
			return err
		}
		older = older || vectors[i].none()
	}
	if err := f.plain(dst, c, vectors); err != nil || !older || c.missing.Null {
		return err
	}
	for i, p := range places {
		if !p.none() && vectors[i].none() {
			dst.SetDatum(i, c.missing)
		}
	}
	return nil
}

// plain fills dst with a column from places that hold it themselves.
func (f *rowFetcher) plain(dst *batch.Column, c *column, places []place) error {
	if dst.Phys != c.phys || dst.Type != c.typ {
		*dst = batch.Column{Type: c.typ, Phys: c.phys}
	}
	dst.Nulls = nil
	dst.Resize(len(places))
	for i := 0; i < len(places); {
		n := runLength(places[i:])
		if err := f.run(dst, i, c, places[i:i+n]); err != nil {
			return err
		}
		i += n
	}
	return nil
}

// runSpread is how many rows a run may read for each that it wants.
const runSpread = 4

// runLength is the number of first places that lie in one block of a fragment, ascending and near each
// other, so that reading what is between them costs less than reading them one by one.
func runLength(places []place) int {
	f := places[0].frag
	if f == nil {
		return 1
	}
	first, last := places[0].off, places[0].off
	n := 1
	for n < len(places) {
		p := places[n]
		if p.frag != f || p.off <= last || p.off/blockRows != first/blockRows ||
			int(p.off-first) > runSpread*(n+1) {
			break
		}
		last = p.off
		n++
	}
	return n
}

// run fills rows at and following of dst with a column of places that runLength put together, or of one
// place.
func (f *rowFetcher) run(dst *batch.Column, at int, c *column, places []place) error {
	p := places[0]
	switch {
	case p.chunk != nil:
		i := p.chunk.layout.at(c.num)
		if i < 0 {
			dst.SetDatum(at, c.missing)
			return nil
		}
		copyDatum(dst, at, &p.chunk.cols[i].col, int(p.off))
		return nil
	case p.frag == nil:
		dst.SetNull(at)
		return nil
	}
	from, to := int(p.off), int(places[len(places)-1].off)+1
	if err := p.frag.load(&f.scratch, c, from, to); err != nil {
		return err
	}
	for i, q := range places {
		copyDatum(dst, at+i, &f.scratch, int(q.off)-from)
	}
	return nil
}

// copyDatum copies one value; the bytes of a string are shared.
func copyDatum(dst *batch.Column, i int, src *batch.Column, j int) {
	if src.Null(j) {
		dst.SetNull(i)
		return
	}
	switch dst.Phys {
	case types.Bool:
		dst.B[i] = src.B[j]
	case types.Int:
		dst.I[i] = src.I[j]
	case types.Float:
		dst.F[i] = src.F[j]
	default:
		dst.S[i] = src.S[j]
	}
}

// vectorVersion returns the version whose vector of column num the row version at p has: its own when
// ref is 0.
func (f *rowFetcher) vectorVersion(p place, num int16) (ref Version, err error) {
	if p.frag != nil {
		return p.frag.vectorRef(num, p.off)
	}
	if i := p.chunk.layout.at(num); i >= 0 {
		return p.chunk.cols[i].refs[p.off], nil
	}
	return 0, nil
}

// vectorPlace returns where the vector of the row version at p lies; none when the column was added
// after the row version.
func (f *rowFetcher) vectorPlace(p place, num int16) (place, error) {
	ref, err := f.vectorVersion(p, num)
	if err != nil {
		return place{}, err
	}
	if p.chunk != nil && ref == 0 {
		return p, nil
	}
	var row RowID
	if p.chunk != nil {
		row = p.chunk.rows[p.off]
	} else {
		if ref == 0 {
			if g := f.aligned(p.frag, num); g != nil {
				return place{frag: g, off: p.off}, nil
			}
		}
		if row, err = p.frag.row(p.off); err != nil {
			return place{}, err
		}
	}
	created := uint64(ref)
	if ref == 0 {
		if created, err = p.frag.created(p.off); err != nil {
			return place{}, err
		}
		if p.frag.seqs != nil {
			return f.ownVector(num, row, created)
		}
	}
	if f.state == nil {
		return place{}, nil
	}
	return f.state.locateVector(num, row, created)
}

// aligned returns the fragment that has the vectors of f's rows in the same order, or nil.
func (f *rowFetcher) aligned(frag *fragment, num int16) *fragment {
	id, ok := frag.rec.Aligned[num]
	if !ok {
		return nil
	}
	if frag.seqs != nil {
		for _, g := range f.own.frags {
			if g.rec.ID == id {
				return g
			}
		}
		return nil
	}
	if f.state == nil {
		return nil
	}
	return f.state.group(num).fragment(id)
}

func (f *rowFetcher) ownVector(num int16, row RowID, seq uint64) (place, error) {
	for _, g := range f.own.frags {
		if g.rec.Group != num {
			continue
		}
		if off, ok, err := g.findCreated(row, seq); ok || err != nil {
			return place{frag: g, off: off}, err
		}
	}
	return place{}, nil
}

// keys returns the encoded keys of the rows for an index.
func (f *rowFetcher) keys(t *Txn, spec *keySpec, places []place) (*rowKeys, error) {
	need, compute := spec.cols, func(b *batch.Batch) (*KeyCols, error) { return &KeyCols{Cols: b.Cols}, nil }
	if !spec.plain {
		var err error
		if need, compute, err = f.store.keyFunc(t, spec.idx); err != nil {
			return nil, err
		}
	}
	b := &batch.Batch{N: len(places), Cols: make([]*batch.Column, len(need))}
	for j, num := range need {
		at := f.layout.at(num)
		if at < 0 {
			return nil, fmt.Errorf("index %d: column %d: %w", spec.idx.OID, num, ErrNoRelation)
		}
		b.Cols[j] = new(batch.Column)
		if err := f.column(b.Cols[j], at, places); err != nil {
			return nil, err
		}
	}
	kc, err := compute(b)
	if err != nil {
		return nil, err
	}
	return spec.encode(kc, len(places)), nil
}

// Fetch returns the columns (attnums) of the rows, in the order of ids. found tells which are visible;
// the others are null. The batch is the caller's.
func (r *TableReader) Fetch(ctx context.Context, ids []RowID, cols []int16) (*batch.Batch, []bool, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	places := make([]place, len(ids))
	found := make([]bool, len(ids))
	for i, id := range ids {
		p, err := r.locate(id)
		if err != nil {
			return nil, nil, r.wrap(err)
		}
		places[i], found[i] = p, !p.none()
	}
	b := &batch.Batch{N: len(ids), Cols: make([]*batch.Column, len(cols))}
	columns := make([]batch.Column, len(cols))
	f := r.fetcher()
	for j, num := range cols {
		at := r.layout.at(num)
		if at < 0 {
			return nil, nil, r.wrap(fmt.Errorf("column %d: %w", num, ErrNoRelation))
		}
		b.Cols[j] = &columns[j]
		if err := f.column(b.Cols[j], at, places); err != nil {
			return nil, nil, r.wrap(err)
		}
	}
	return b, found, nil
}

// vectorAt is a vector on its way to the caller of FetchVectors.
type vectorAt struct {
	frag  *fragmentFile // nil: data is in memory
	data  []byte
	place place // set when the column has no plain form in its fragment
}

// FetchVectors calls f with the vector of column col of each row, in the order of ids: nil when the row
// is not visible or the vector is null. A vector is valid until f returns. When files are read cold, the device is asked for all of them before
// the first is read.
func (r *TableReader) FetchVectors(ids []RowID, col int16, f func(i int, vec []float32)) error {
	return r.fetchVectors(ids, col, nil, f)
}

// fetchVectors is FetchVectors but for rows that are refused by the place of their version and that of its vector; they
// have nil as well.
func (r *TableReader) fetchVectors(
	ids []RowID, col int16, accept func(i int, row, vec place) (bool, error), f func(i int, vec []float32),
) error {
	at := r.layout.at(col)
	if at < 0 || !r.layout.cols[at].vector() {
		return r.wrap(fmt.Errorf("column %d is no vector: %w", col, ErrNoRelation))
	}
	fetch := r.fetcher()
	found := make([]vectorAt, len(ids))
	ahead := vfs.Cold()
	for i, id := range ids {
		row, vec, err := r.locateVector(fetch, id, col)
		ok := err == nil && !vec.none()
		if ok && accept != nil {
			ok, err = accept(i, row, vec)
		}
		if ok {
			found[i], err = findVector(vec, col)
		}
		if ahead && found[i].frag != nil {
			found[i].frag.verify.advise(found[i].data)
		}
		if err != nil {
			return r.wrap(err)
		}
	}
	elements := r.layout.cols[at].dense.Reader()
	for i := range found {
		vec, err := found[i].read(&r.layout.cols[at], elements.Floats)
		if err != nil {
			return r.wrap(err)
		}
		f(i, vec)
	}
	return nil
}

// locateVector returns the visible version of a row and where its vector lies.
func (r *TableReader) locateVector(fetch *rowFetcher, id RowID, col int16) (row, vec place, err error) {
	if row, err = r.locate(id); err == nil && !row.none() {
		vec, err = fetch.vectorPlace(row, col)
	}
	return row, vec, err
}

// read returns the vector, nil for null, after verifying its bytes. elements gives those of its
// canonical form.
func (v *vectorAt) read(c *column, elements func(s string) []float32) ([]float32, error) {
	if v.frag != nil {
		if err := v.frag.verify.checkSlice(v.data); err != nil {
			return nil, err
		}
	}
	if v.place.none() {
		if len(v.data) == 0 {
			return nil, nil
		}
		return elements(unsafe.String(unsafe.SliceData(v.data), len(v.data))), nil
	}
	var col batch.Column
	if err := v.place.frag.load(&col, c, int(v.place.off), int(v.place.off)+1); err != nil || col.Null(0) {
		return nil, err
	}
	return elements(col.S[0]), nil
}

// findVector finds the bytes of a vector, but does not read them. Whether it is null is verified.
func findVector(p place, num int16) (vectorAt, error) {
	switch {
	case p.chunk != nil:
		i := p.chunk.layout.at(num)
		if i < 0 || p.chunk.cols[i].col.Nulls[p.off] {
			return vectorAt{}, nil
		}
		s := p.chunk.cols[i].col.S[p.off]
		return vectorAt{data: unsafe.Slice(unsafe.StringData(s), len(s))}, nil
	case p.frag == nil:
		return vectorAt{}, nil
	}
	b, err := p.frag.block(int(p.off) / blockRows)
	if err != nil {
		return vectorAt{}, err
	}
	data, stride, nulls := b.vectors(num)
	if stride == 0 {
		return vectorAt{place: p}, nil
	}
	i := int(p.off) % blockRows
	if err := b.file.verify.checkSlice(nulls.NullBitmapBytes()); err != nil {
		return vectorAt{}, err
	}
	if nulls.IsNull(i) {
		return vectorAt{}, nil
	}
	return vectorAt{frag: b.file, data: data[i*stride : (i+1)*stride]}, nil
}

// adviseVectors asks for the vectors of rows from <= i < to, which lie in one block, when files are read cold.
func (f *fragment) adviseVectors(num int16, from, to int) error {
	if from >= to || !vfs.Cold() {
		return nil
	}
	b, err := f.block(from / blockRows)
	if err != nil {
		return err
	}
	if data, stride, _ := b.vectors(num); stride > 0 {
		first := from % blockRows
		b.file.verify.advise(data[first*stride : (first+to-from)*stride])
	}
	return nil
}
