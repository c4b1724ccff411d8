package upkeep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"strconv"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/internal/vfs"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
)

// Method is the index method that this package builds. pgvector's names mean the same (ADR 0015).
const Method = "ivfpq"

// isOurs says whether this package builds indexes of the method.
func isOurs(method string) bool { return method == Method || method == "hnsw" || method == "ivfflat" }

// Builders are the builders of all index methods that need one, for storage.Options.
func Builders() map[string]storage.Builder {
	return map[string]storage.Builder{Method: BuildVectors, "hnsw": BuildVectors, "ivfflat": BuildVectors}
}

// metrics maps operator classes to what they order by.
var metrics = map[string]distance.Metric{
	"":                   distance.L2,
	"vector_l2_ops":      distance.L2,
	"vector_ip_ops":      distance.InnerProduct,
	"vector_cosine_ops":  distance.Cosine,
	"halfvec_l2_ops":     distance.L2,
	"halfvec_ip_ops":     distance.InnerProduct,
	"halfvec_cosine_ops": distance.Cosine,
}

// HasOpclass says whether indexes of our methods can be made with an operator class.
func HasOpclass(name string) bool {
	_, ok := metrics[name]
	return ok
}

// parameters are the names of WITH (...) and what they set; lists is pgvector's name of the first. Those of a graph have
// nothing to say about partitions.
var parameters = map[string]func(p *ivfpq.Params, n int){
	"num_partitions":  func(p *ivfpq.Params, n int) { p.NumPartitions = n },
	"lists":           func(p *ivfpq.Params, n int) { p.NumPartitions = n },
	"num_sub_vectors": func(p *ivfpq.Params, n int) { p.NumSubVectors = n },
	"num_bits":        func(p *ivfpq.Params, n int) { p.NumBits = n },
	"m":               func(*ivfpq.Params, int) {},
	"ef_construction": func(*ivfpq.Params, int) {},
}

// Params returns the parameters that an index was declared with. Errors are ivfpq.ErrParams, so CREATE
// INDEX can check its options with it before there are rows.
func Params(idx *schema.Index) (ivfpq.Params, error) {
	var p ivfpq.Params
	if len(idx.Keys) != 1 || idx.Keys[0].Column == 0 {
		return p, fmt.Errorf("%w: an %s index is over one column", ivfpq.ErrParams, Method)
	}
	metric, ok := metrics[idx.Keys[0].Opclass]
	if !ok {
		return p, fmt.Errorf("%w: operator class %q", ivfpq.ErrParams, idx.Keys[0].Opclass)
	}
	p.Metric = metric
	for name, value := range idx.Options {
		set := parameters[name]
		if set == nil {
			return p, fmt.Errorf("%w: unrecognized parameter %q", ivfpq.ErrParams, name)
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			return p, fmt.Errorf("%w: %s is %q, must be a positive integer", ivfpq.ErrParams, name, value)
		}
		set(&p, n)
	}
	return p, nil
}

// source reads the live vectors of some fragments one after the other.
type source struct {
	vectors *storage.VectorSource
	frags   []int // indexes of the fragments
	counts  []int // rows of each that are live
	rows    int64
	covers  []uint64
}

// sourceOf returns the fragments for which want says so.
func sourceOf(ctx context.Context, v *storage.VectorSource, want func(storage.VectorFragment) bool) (source, error) {
	s := source{vectors: v}
	for i, f := range v.Fragments() {
		if !want(f) {
			continue
		}
		n, err := v.Live(ctx, i)
		if err != nil {
			return s, err
		}
		s.frags, s.counts, s.covers = append(s.frags, i), append(s.counts, n), append(s.covers, f.ID)
		s.rows += int64(n)
	}
	return s, nil
}

// everyFragment is what sourceOf takes for a whole column.
func everyFragment(storage.VectorFragment) bool { return true }

// readRows is the number of rows read at a time.
const readRows = 4096

// each calls f with the rows that have a vector, flat.
func (s *source) each(ctx context.Context, f func(ids []index.RowID, flat []float32, dims int) error) error {
	var ids []index.RowID
	var flat []float32
	for n, i := range s.frags {
		for from := 0; from < s.counts[n]; from += readRows {
			rows, vecs, err := s.vectors.Read(ctx, i, from, min(from+readRows, s.counts[n]))
			if err != nil {
				return err
			}
			ids, flat = ids[:0], flat[:0]
			dims := 0
			for j, v := range vecs {
				if v != nil {
					ids, flat, dims = append(ids, index.RowID(rows[j])), append(flat, v...), len(v)
				}
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if len(ids) == 0 {
				continue
			}
			if err := f(ids, flat, dims); err != nil {
				return err
			}
		}
	}
	return nil
}

// sample reads n vectors spread evenly over the rows.
func (s *source) sample(ctx context.Context, n int) (flat []float32, dims int, err error) {
	step := max(float64(s.rows)/float64(max(n, 1)), 1)
	next, base := 0.0, 0
	for j, i := range s.frags {
		for ; int(next)-base < s.counts[j]; next += step {
			at := int(next) - base
			_, vecs, err := s.vectors.Read(ctx, i, at, at+1)
			if err != nil {
				return nil, 0, err
			}
			if vecs[0] != nil {
				flat, dims = append(flat, vecs[0]...), len(vecs[0])
			}
		}
		base += s.counts[j]
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
	}
	return flat, dims, nil
}

// dims returns the dimensions of the first vector, 0 when there is none.
func (s *source) dims(ctx context.Context) (d int, err error) {
	stop := errors.New("found")
	err = s.each(ctx, func(_ []index.RowID, _ []float32, dims int) error {
		d = dims
		return stop
	})
	if errors.Is(err, stop) {
		err = nil
	}
	return d, err
}

// work says how a build may go about it.
type work struct {
	store    *storage.Store
	idx      *schema.Index
	memory   int64
	workers  int
	progress ivfpq.Progress
}

// needSpace says whether a segment of that many rows and what lies beside it meanwhile fit on the device.
func (w *work) needSpace(p ivfpq.Params, dims int, rows int64) error {
	file, temp, err := p.Sizes(dims, int(rows), int(w.memory/2))
	if err != nil {
		return err
	}
	return w.store.NeedSpace("the index", file+temp)
}

// train makes a model from the source's rows, nil when there are none.
func (w *work) train(ctx context.Context, s *source) (*ivfpq.Model, error) {
	p, err := Params(w.idx)
	if err != nil {
		return nil, err
	}
	dims, err := s.dims(ctx)
	if err != nil || dims == 0 {
		return nil, err
	}
	if err := w.needSpace(p, dims, s.rows); err != nil {
		return nil, err
	}
	p.SampleBytesMax, p.Workers = int(w.memory/2), w.workers
	n, err := p.SampleRows(dims, int(s.rows))
	if err != nil {
		return nil, err
	}
	flat, _, err := s.sample(ctx, n)
	if err != nil {
		return nil, err
	}
	m, err := ivfpq.Train(ctx, p, dims, int(s.rows), flat, w.progress)
	if errors.Is(err, index.ErrTooFewRows) {
		return nil, nil
	}
	return m, err
}

// segment writes a segment of the source's rows and of what is live in older segments, which it replaces. With
// measure the recall curve is measured on the way; without, the one of the largest older segment stays.
func (w *work) segment(
	ctx context.Context, m *ivfpq.Model, s *source, old []*storage.OpenSegment, measure bool,
) (rec storage.Segment, err error) {
	id, err := w.store.NewSegmentID()
	if err != nil {
		return rec, err
	}
	rec = storage.Segment{
		ID: id, File: strconv.FormatUint(uint64(id), 10) + ".ivfpq", Covers: s.covers, Since: s.vectors.Version(),
	}
	path, err := w.store.SegmentPath(w.idx.OID, rec.File)
	if err != nil {
		return rec, err
	}
	fs := w.store.FS()
	b := ivfpq.NewBuilder(m, fs, path, ivfpq.BuilderOptions{
		Calibrate: measure, Workers: w.workers, Rows: s.rows,
		MemoryBytesMax: int(w.memory / 2), Progress: w.progress, OmitModel: true,
		TempName: fs.PathJoin(w.store.TempDir(), "ivfpq-"+strconv.FormatUint(uint64(id), 10)),
	})
	defer func() {
		if err != nil {
			err = errors.Join(storage.Marked(err), b.Abort())
		}
	}()
	measured := int64(-1)
	for _, o := range old {
		if err := addLive(ctx, fs, b, s.vectors, o); err != nil {
			return rec, err
		}
		rec.Covers = append(rec.Covers, o.Covers...)
		if len(o.Details) > 0 && o.Rows > measured {
			rec.Details, measured = o.Details, o.Rows
		}
	}
	err = s.each(ctx, func(ids []index.RowID, flat []float32, _ int) error { return b.Add(ctx, ids, flat) })
	if err != nil {
		return rec, err
	}
	if err := b.Finish(ctx); err != nil {
		return rec, err
	}
	if err := w.store.SyncSegments(w.idx.OID); err != nil {
		return rec, err
	}
	rec.Rows = b.Rows()
	return rec, w.describe(ctx, m, b, path, &rec, measure)
}

// addLive takes over the codes of an older segment but for those of rows that have no longer the vector there.
func addLive(ctx context.Context, fs vfs.FS, b *ivfpq.Builder, v *storage.VectorSource, o *storage.OpenSegment) error {
	seg, err := openSegment(fs, o)
	if err != nil {
		return err
	}
	live, err := v.LiveRows(ctx, o.Covers)
	if err != nil {
		return err
	}
	return b.AddSegment(ctx, seg, func(id index.RowID) bool { return !live.Contains(uint64(id)) })
}

// describe fills in what is known of a finished segment file.
func (w *work) describe(
	ctx context.Context, m *ivfpq.Model, b *ivfpq.Builder, path string, rec *storage.Segment, measure bool,
) (err error) {
	seg, err := ivfpq.OpenSegment(w.store.FS(), path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, seg.Close()) }()
	rec.Bytes = seg.Bytes()
	if !measure {
		return nil
	}
	s, err := ivfpq.NewSearcher(m, seg)
	if err != nil {
		return err
	}
	c, err := ivfpq.Calibrate(ctx, s, b.Truth(), w.progress)
	if err != nil {
		return err
	}
	rec.Details, err = json.Marshal(details{Curve: c})
	return err
}

// BuildVectors is the storage.Builder of ivfpq: it trains on the rows there are and puts them into one
// segment. An index over too few rows stays untrained; upkeep trains it when rows have come.
func BuildVectors(ctx context.Context, b *storage.Build) error {
	w := &work{store: b.Store(), idx: b.Index, memory: b.Options.WorkMem, workers: runtime.GOMAXPROCS(0)}
	if report := b.Options.Progress; report != nil {
		w.progress = func(_ ivfpq.Phase, done, total int64) { report(done, total) }
	}
	if _, err := Params(b.Index); err != nil {
		return err
	}
	s, err := sourceOf(ctx, b.Vectors, everyFragment)
	if err != nil || s.rows < trainRowsMin {
		return err
	}
	m, err := w.train(ctx, &s)
	if err != nil || m == nil {
		return err
	}
	rec, err := w.segment(ctx, m, &s, nil, true)
	if err != nil {
		return err
	}
	model, err := m.MarshalBinary()
	if err != nil {
		return err
	}
	b.SetModel(model)
	b.AddSegment(rec)
	return nil
}
