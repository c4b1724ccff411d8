package ivfpq

import (
	"context"
	"errors"
	"fmt"
	iofs "io/fs"
	"math"
	"runtime"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/internal/vfs"
)

// ErrRowRange says that a segment's rows lie further apart than its 32-bit row ids reach. The caller
// splits the rows over two segments.
var ErrRowRange = errors.New("row ids of one index segment span more than 2^32")

// BuilderOptions say how a segment is built. The zero value works.
type BuilderOptions struct {
	// TempName is the path that temporary files begin with, a number follows. Default: the segment's
	// name with ".run". They are removed by Finish and Abort; after a crash by the caller.
	TempName string
	// MemoryBytesMax bounds the entries kept in memory before they are spilled, in bytes. Default
	// 64 MB. Workers and the sort of a spill add about a tenth, and 10 MB.
	MemoryBytesMax int
	// OmitModel leaves the model out of the file: all but the first segment of an index want that.
	OmitModel bool
	// Calibrate makes the builder find the exact neighbors of the model's sampled queries among the
	// rows it is given, for Calibrate. It takes about a third more time than encoding alone.
	Calibrate bool
	// Workers is the number of goroutines that encode. Default GOMAXPROCS.
	Workers int
	// Rows is the number of rows to come, for progress reports.
	Rows     int64
	Progress Progress
}

// chunkRows bounds how many rows are encoded between two looks at the context and the budget.
const chunkRows = 8192

// Builder writes one segment. It is not safe for concurrent use; it works in parallel itself.
type Builder struct {
	m    *Model
	fs   vfs.FS
	name string
	o    BuilderOptions

	workers []*worker
	mem     entries
	spilled []spilledRun
	rows    int64
	lo, hi  index.RowID
	truth   *Truth
	done    bool
}

type spilledRun struct {
	name   string
	counts []uint32
}

// worker is one goroutine's scratch.
type worker struct {
	*encoder
	truth *truthTile
}

// NewBuilder starts the segment file name on fs. The caller ends it by Finish or Abort.
func NewBuilder(m *Model, fs vfs.FS, name string, o BuilderOptions) *Builder {
	if o.TempName == "" {
		o.TempName = name + ".run"
	}
	if o.MemoryBytesMax <= 0 {
		o.MemoryBytesMax = 64 << 20
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	b := &Builder{m: m, fs: fs, name: name, o: o, lo: math.MaxUint64}
	b.mem.size = recordHead + m.codeBytes()
	if o.Calibrate && len(m.queries) > 0 {
		b.truth = newTruth(m)
	}
	gram := m.gram()
	for range o.Workers {
		w := &worker{encoder: newEncoder(m, gram)}
		if b.truth != nil {
			w.truth = newTruthTile(b.truth)
		}
		b.workers = append(b.workers, w)
	}
	return b
}

// copies is the number of partitions that a row goes to.
func (m *Model) copies() int {
	if m.double {
		return 2
	}
	return 1
}

// Add encodes rows. vectors has the rows one after the other: Layout [len(ids)][dims]float32. No row
// is added twice.
func (b *Builder) Add(ctx context.Context, ids []index.RowID, vectors []float32) error {
	if len(vectors) != len(ids)*b.m.dims {
		return fmt.Errorf("%w: %d numbers for %d rows of %d dimensions", index.ErrDims, len(vectors), len(ids), b.m.dims)
	}
	for len(ids) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(len(ids), chunkRows)
		if err := b.span(ids[:n]); err != nil {
			return err
		}
		if err := b.encode(ctx, ids[:n], vectors[:n*b.m.dims]); err != nil {
			return err
		}
		b.rows += int64(n)
		b.o.Progress.report(PhaseEncode, b.rows, max(b.o.Rows, b.rows))
		if err := b.bound(); err != nil {
			return err
		}
		ids, vectors = ids[n:], vectors[n*b.m.dims:]
	}
	return nil
}

// span widens the range of row ids.
func (b *Builder) span(ids []index.RowID) error {
	for _, id := range ids {
		b.lo, b.hi = min(b.lo, id), max(b.hi, id)
	}
	if len(ids) > 0 && b.hi-b.lo >= math.MaxUint32 {
		return fmt.Errorf("build %s: %w", b.name, ErrRowRange)
	}
	return nil
}

// bound spills when the entries in memory are over the budget.
func (b *Builder) bound() error {
	if len(b.mem.data) < b.o.MemoryBytesMax {
		return nil
	}
	name := fmt.Sprintf("%s.%d", b.o.TempName, len(b.spilled))
	b.spilled = append(b.spilled, spilledRun{name: name})
	counts, err := spill(b.fs, name, &b.mem, b.m.nlist)
	if err != nil {
		return err
	}
	b.spilled[len(b.spilled)-1].counts = counts
	b.mem.reset()
	return nil
}

// encode fills the records of a chunk. Tiles have fixed places, so the file does not depend on how the
// workers take turns.
func (b *Builder) encode(ctx context.Context, ids []index.RowID, vectors []float32) error {
	first := b.mem.extend(len(ids) * b.m.copies())
	g, _ := guard.NewGroup(ctx)
	for w := range min(len(b.workers), (len(ids)+tileRows-1)/tileRows) {
		g.Go("encode rows", func() error {
			for lo := w * tileRows; lo < len(ids); lo += len(b.workers) * tileRows {
				n := min(tileRows, len(ids)-lo)
				b.tile(b.workers[w], ids[lo:lo+n], vectors[lo*b.m.dims:], first+lo*b.m.copies())
			}
			return nil
		})
	}
	return g.Wait()
}

// tile encodes up to tileRows rows into the records from at on.
func (b *Builder) tile(w *worker, ids []index.RowID, vectors []float32, at int) {
	m, n := b.m, len(ids)
	for i := range n {
		w.zero[i] = m.prepareRow(w.x[i*m.padded:(i+1)*m.padded], vectors[i*m.dims:(i+1)*m.dims])
	}
	w.assign(n)
	put := func(r []float32, part []int32, copy int) {
		w.factors(r, part, n, func(i int, add, mul float32) {
			code := b.mem.put(at+i*m.copies()+copy, part[i], ids[i], add, mul)
			m.packCode(code, w.codes[i*m.book.M:(i+1)*m.book.M])
		})
	}
	put(w.r, w.first, 0)
	if m.double {
		put(w.r2, w.second, 1)
	}
	if w.truth != nil {
		w.truth.add(w.x, ids, w.zero)
	}
}

// AddSegment takes over the entries of a segment of the same model, without the vectors; dead, which
// may be nil, names rows to leave out. That is how small segments become one.
func (b *Builder) AddSegment(ctx context.Context, s *Segment, dead func(index.RowID) bool) error {
	if s.print != b.m.print {
		return fmt.Errorf("merge %s: %w", s.name, index.ErrStale)
	}
	taken := int64(0)
	for p := range b.m.nlist {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := s.entries(p, b.m, func(id index.RowID, add, mul float32, code []byte) error {
			if dead != nil && dead(id) {
				return nil
			}
			copy(b.mem.put(b.mem.extend(1), int32(p), id, add, mul), code)
			taken++
			return b.span([]index.RowID{id})
		})
		if err == nil {
			err = b.bound()
		}
		if err != nil {
			return err
		}
	}
	b.rows += taken / int64(b.m.copies())
	return nil
}

// Rows returns the number of rows added.
func (b *Builder) Rows() int64 { return b.rows }

// Finish writes and syncs the segment file, and removes temporary files. The directory it is in is
// the caller's to sync. After an error the caller calls Abort.
func (b *Builder) Finish(ctx context.Context) (err error) {
	runs := make([]*run, 0, len(b.spilled)+1)
	defer func() {
		for _, r := range runs {
			if cerr := r.close(); err == nil {
				err = cerr
			}
		}
		if err == nil {
			err = b.removeRuns()
		}
	}()
	for _, s := range b.spilled {
		r, err := openRun(b.fs, s.name, s.counts, b.mem.size)
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	runs = append(runs, memoryRun(&b.mem, b.m.nlist))
	if b.rows == 0 {
		b.lo = 0
	}
	b.done = true
	return b.writeSegment(ctx, runs)
}

// Truth returns the exact neighbors found on the way, for Calibrate; nil if they were not asked for.
func (b *Builder) Truth() *Truth {
	if b.truth == nil {
		return nil
	}
	for _, w := range b.workers {
		if w.truth != nil {
			b.truth.merge(w.truth)
			w.truth = nil
		}
	}
	return b.truth
}

// Abort removes what was written. It may be called after Finish failed, or instead of it, and again
// when it fails itself.
func (b *Builder) Abort() error {
	err := b.removeRuns()
	if b.done {
		err = errors.Join(err, remove(b.fs, b.name))
	}
	return err
}

// removeRuns removes temporary files and remembers those it could not.
func (b *Builder) removeRuns() error {
	var err error
	left := b.spilled[:0]
	for _, s := range b.spilled {
		if rerr := remove(b.fs, s.name); rerr != nil {
			err = errors.Join(err, rerr)
			left = append(left, s)
		}
	}
	b.spilled = left
	return err
}

// remove removes a file that may never have come to be.
func remove(fs vfs.FS, name string) error {
	if err := fs.Remove(name); err != nil && !errors.Is(err, iofs.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return nil
}
