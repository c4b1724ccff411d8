package ivfpq_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"
)

// everything searches so that all rows must come back.
func (b *built) everything(t testing.TB, query []float32) []index.Neighbor {
	t.Helper()
	return b.search(t, query, ivfpq.Options{K: b.rows() + 5, NProbe: 1})
}

// TestShapes builds indexes of odd sizes; no row may be lost and the nearest must come first.
func TestShapes(t *testing.T) {
	f := func(rows, dims int, p ivfpq.Params) {
		t.Helper()
		d := clustered(uint64(rows*dims), rows, dims)
		b := build(t, d, p, ivfpq.BuilderOptions{})
		q := d.vec(rows / 2)
		got, want := b.everything(t, q), d.exact(p.Metric, q, rows+5, nil)
		if !slices.Equal(got, want) {
			t.Fatalf("rows=%d dims=%d %+v: %d rows in another order than exact search, which has %d",
				rows, dims, p, len(got), len(want))
		}
		if b.segment.Rows() != int64(rows) || b.searcher.Rows() != int64(rows) {
			t.Fatalf("rows=%d: segment has %d", rows, b.segment.Rows())
		}
	}
	for _, metric := range []distance.Metric{distance.L2, distance.InnerProduct, distance.Cosine} {
		for _, bits := range []int{4, 8} {
			p := ivfpq.Params{Metric: metric, NumBits: bits}
			for _, rows := range []int{1, 2, 31, 33, 300} {
				f(rows, 5, p)
			}
			for _, dims := range []int{1, 2, 3, 7, 17, 65, 100} {
				f(70, dims, p)
			}
		}
	}
	for _, dims := range []int{384, 768, 1536} {
		f(600, dims, ivfpq.Params{})
		f(50, dims, ivfpq.Params{NumBits: 8})
	}
	f(5, 16000, ivfpq.Params{})
	f(40, 10, ivfpq.Params{NumPartitions: 100})                 // more partitions than rows
	f(400, 10, ivfpq.Params{NumPartitions: 20})                 // two partitions a row
	f(400, 10, ivfpq.Params{NumSubVectors: 3})                  // sub-spaces that do not divide the dimensions
	f(400, 10, ivfpq.Params{NumSubVectors: 1, NumBits: 8})      // one code a row
	f(400, 10, ivfpq.Params{SingleAssignment: true, Seed: 5})   //
	f(400, 10, ivfpq.Params{NumPartitions: 400, Iterations: 1}) // a row a partition
}

// TestDegenerate indexes what has no structure, or no finite distances.
func TestDegenerate(t *testing.T) {
	f := func(name string, dims int, vectors []float32) {
		t.Helper()
		for _, metric := range []distance.Metric{distance.L2, distance.InnerProduct, distance.Cosine} {
			d := &data{dims: dims, base: 1, vectors: vectors}
			b := build(t, d, ivfpq.Params{Metric: metric, NumPartitions: 20}, ivfpq.BuilderOptions{})
			for _, q := range [][]float32{d.vec(0), d.vec(d.rows() - 1), make([]float32, dims)} {
				got := b.everything(t, q)
				if len(got) != d.rows() {
					t.Fatalf("%s %v: %d of %d rows", name, metric, len(got), d.rows())
				}
				if ten := b.search(t, q, ivfpq.Options{K: 10}); len(ten) != 10 {
					t.Fatalf("%s %v: %d of 10 rows", name, metric, len(ten))
				}
				_ = b.curve.Pick(0.95, 10)
			}
		}
	}
	repeat := func(n int, v ...float32) (all []float32) {
		for range n {
			all = append(all, v...)
		}
		return all
	}
	f("duplicates", 3, repeat(500, 1, 2, 3))
	f("zeroes", 3, repeat(500, 0, 0, 0))
	f("some zeroes", 2, append(repeat(100, 0, 0), repeat(100, 1, 5)...))
	f("huge", 2, append(repeat(100, 3e38, -3e38), repeat(100, -3e38, 1)...))
	f("tiny", 2, append(repeat(100, 1e-38, 1e-40), repeat(100, 1e-39, 1e-38)...))
	f("not finite", 2, append(repeat(100, float32(math.Inf(1)), float32(math.NaN())), repeat(100, 1, 2)...))
	f("far from the origin", 2, append(repeat(100, 1e6, 1e6), repeat(100, 1e6+1, 1e6)...))
}

// TestZeroVectorsComeLast: under cosine a zero vector has no distance, and is found after all others.
func TestZeroVectorsComeLast(t *testing.T) {
	d := clustered(1, 300, 8)
	for i := range 50 {
		clear(d.vec(i * 6))
	}
	b := build(t, d, ivfpq.Params{Metric: distance.Cosine}, ivfpq.BuilderOptions{})
	got := b.search(t, d.vec(1), ivfpq.Options{K: 260})
	for i, n := range got {
		if zero := (n.Row-d.base)%6 == 0; zero != math.IsNaN(n.Distance) || zero != (i >= 250) {
			t.Fatalf("place %d: row %d at %v", i, n.Row, n.Distance)
		}
	}
}

func TestParams(t *testing.T) {
	f := func(p ivfpq.Params, dims int, want string) {
		t.Helper()
		_, err := p.Resolve(dims, 1000)
		if want == "" && err != nil || want != "" && (!errors.Is(err, ivfpq.ErrParams) ||
			!strings.Contains(err.Error(), want)) {
			t.Errorf("%+v dims=%d: %v, want %q", p, dims, err, want)
		}
	}
	f(ivfpq.Params{}, 1, "")
	f(ivfpq.Params{}, 16000, "")
	f(ivfpq.Params{}, 0, "0 dimensions")
	f(ivfpq.Params{}, 16001, "16001 dimensions")
	f(ivfpq.Params{NumBits: 5}, 8, "num_bits")
	f(ivfpq.Params{NumPartitions: -1}, 8, "num_partitions")
	f(ivfpq.Params{NumPartitions: 1 << 17}, 8, "num_partitions")
	f(ivfpq.Params{NumSubVectors: 9}, 8, "num_sub_vectors")
	f(ivfpq.Params{NumSubVectors: 1}, 65, "at least 2")
	f(ivfpq.Params{Metric: distance.L1}, 8, "l1")
	f(ivfpq.Params{Iterations: 1000}, 8, "iterations")
	big, err := ivfpq.Params{}.Resolve(384, 115912)
	if err != nil || big.NumPartitions != 510 || big.NumSubVectors != 128 || big.SingleAssignment {
		t.Errorf("defaults: %+v, %v", big, err)
	}
}

func TestTooFewRows(t *testing.T) {
	_, err := ivfpq.Train(context.Background(), ivfpq.Params{}, 4, 0, nil, nil)
	if !errors.Is(err, index.ErrTooFewRows) {
		t.Fatal(err)
	}
}

// TestEmptySegment: a model may exist before the rows of a segment do.
func TestEmptySegment(t *testing.T) {
	ctx, fs := context.Background(), pvfs.NewMem()
	m := train(t, clustered(1, 100, 4), ivfpq.Params{})
	w := ivfpq.NewBuilder(m, fs, "s", ivfpq.BuilderOptions{})
	if err := w.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	seg, err := ivfpq.OpenSegment(fs, "s")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ivfpq.NewSearcher(m, seg)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := s.Search(ctx, make([]float32, 4), ivfpq.Options{K: 3}, nil)
	if err != nil || len(got) != 0 {
		t.Fatal(got, err)
	}
}

// TestSpillGivesTheSameFile: the memory budget, the chunks and the workers must not show.
func TestSpillGivesTheSameFile(t *testing.T) {
	ctx := context.Background()
	d := clustered(2, 3000, 20)
	m := train(t, d, ivfpq.Params{})
	make1 := func(o ivfpq.BuilderOptions, chunk int) []byte {
		t.Helper()
		fs := pvfs.NewMem()
		w := ivfpq.NewBuilder(m, fs, "s", o)
		for lo := 0; lo < d.rows(); lo += chunk {
			hi := min(lo+chunk, d.rows())
			if err := w.Add(ctx, d.ids()[lo:hi], d.vectors[lo*d.dims:hi*d.dims]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Finish(ctx); err != nil {
			t.Fatal(err)
		}
		names, err := fs.List("")
		if err != nil || len(names) != 1 {
			t.Fatalf("left behind: %v %v", names, err)
		}
		return contents(t, fs, "s")
	}
	want := make1(ivfpq.BuilderOptions{}, 3000)
	for _, o := range []ivfpq.BuilderOptions{
		{Workers: 1}, {Workers: 5}, {MemoryBytesMax: 1}, {MemoryBytesMax: 50000, TempName: "tmp"},
	} {
		if got := make1(o, 700); !slices.Equal(got, want) {
			t.Errorf("%+v: another file", o)
		}
	}
}

func contents(t testing.TB, fs pvfs.FS, name string) []byte {
	t.Helper()
	f, err := fs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, info.Size())
	if _, err := f.ReadAt(b, 0); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSegments: rows spread over segments of one model are found as in one, and merged back without
// their vectors, less the dead.
func TestSegments(t *testing.T) {
	ctx, fs := context.Background(), pvfs.NewMem()
	for _, bits := range []int{4, 8} {
		d := clustered(4, 2000, 21)
		m := train(t, d, ivfpq.Params{NumBits: bits, Metric: distance.Cosine})
		var segs []*ivfpq.Segment
		for i := range 4 {
			name := fmt.Sprintf("s%d-%d", bits, i)
			w := ivfpq.NewBuilder(m, fs, name, ivfpq.BuilderOptions{OmitModel: i > 0})
			lo, hi := i*500, i*500+500
			if err := errors.Join(w.Add(ctx, d.ids()[lo:hi], d.vectors[lo*d.dims:hi*d.dims]), w.Finish(ctx)); err != nil {
				t.Fatal(err)
			}
			seg, err := ivfpq.OpenSegment(fs, name)
			if err != nil {
				t.Fatal(err)
			}
			if seg.HasModel() != (i == 0) {
				t.Fatal("model in the wrong file")
			}
			segs = append(segs, seg)
		}
		loaded, err := segs[0].Model()
		if err != nil || loaded.Fingerprint() != m.Fingerprint() {
			t.Fatal("the model changed on its way through the file", err)
		}
		dead := func(id index.RowID) bool { return id%3 == 0 }
		w := ivfpq.NewBuilder(loaded, fs, "merged", ivfpq.BuilderOptions{})
		for _, s := range segs {
			if err := w.AddSegment(ctx, s, dead); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Finish(ctx); err != nil {
			t.Fatal(err)
		}
		merged, err := ivfpq.OpenSegment(fs, "merged")
		if err != nil {
			t.Fatal(err)
		}
		many, one := &built{data: d, model: m}, &built{data: d, model: m}
		if many.searcher, err = ivfpq.NewSearcher(m, segs...); err != nil {
			t.Fatal(err)
		}
		if one.searcher, err = ivfpq.NewSearcher(m, merged); err != nil {
			t.Fatal(err)
		}
		q := d.vec(7)
		if got, want := many.everything(t, q), d.exact(distance.Cosine, q, 5000, nil); !slices.Equal(got, want) {
			t.Fatalf("four segments: %d rows, want %d", len(got), len(want))
		}
		want := d.exact(distance.Cosine, q, 5000, func(i int) bool { return !dead(d.base + index.RowID(i)) })
		if got := one.everything(t, q); !slices.Equal(got, want) {
			t.Fatalf("merged: %d rows, want %d", len(got), len(want))
		}
	}
}

func TestStaleModel(t *testing.T) {
	b := build(t, clustered(1, 200, 8), ivfpq.Params{}, ivfpq.BuilderOptions{OmitModel: true})
	other := train(t, clustered(2, 200, 8), ivfpq.Params{})
	if _, err := ivfpq.NewSearcher(other, b.segment); !errors.Is(err, index.ErrStale) {
		t.Error(err)
	}
	w := ivfpq.NewBuilder(other, b.fs, "x", ivfpq.BuilderOptions{})
	if err := w.AddSegment(context.Background(), b.segment, nil); !errors.Is(err, index.ErrStale) {
		t.Error(err)
	}
	if _, err := b.segment.Model(); !errors.Is(err, index.ErrStale) {
		t.Error(err)
	}
}

func TestBuilderErrors(t *testing.T) {
	ctx := context.Background()
	d := clustered(1, 500, 8)
	m := train(t, d, ivfpq.Params{})
	w := ivfpq.NewBuilder(m, pvfs.NewMem(), "s", ivfpq.BuilderOptions{})
	if err := w.Add(ctx, d.ids()[:3], d.vectors[:7]); !errors.Is(err, index.ErrDims) {
		t.Error(err)
	}
	if err := w.Add(ctx, []index.RowID{1, 1 << 40}, d.vectors[:16]); !errors.Is(err, ivfpq.ErrRowRange) {
		t.Error(err)
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if err := w.Add(canceled, d.ids(), d.vectors); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := ivfpq.Train(canceled, ivfpq.Params{}, 8, 500, d.vectors, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	w = ivfpq.NewBuilder(m, pvfs.NewMem(), "s", ivfpq.BuilderOptions{})
	if err := errors.Join(w.Add(ctx, d.ids(), d.vectors), w.Abort()); err != nil {
		t.Error(err)
	}
}

// TestFaults fails each write in turn: the builder reports it and Abort leaves nothing behind.
func TestFaults(t *testing.T) {
	ctx := context.Background()
	d := clustered(1, 500, 8)
	m := train(t, d, ivfpq.Params{})
	for n := range int32(1000) {
		mem := pvfs.NewMem()
		fs := errorfs.Wrap(mem, errorfs.ErrInjected.If(errorfs.And(errorfs.Writes, errorfs.OnIndex(n))))
		w := ivfpq.NewBuilder(m, fs, "s", ivfpq.BuilderOptions{MemoryBytesMax: 1 << 12})
		err := func() error {
			for lo := 0; lo < 500; lo += 100 {
				if err := w.Add(ctx, d.ids()[lo:lo+100], d.vectors[lo*8:lo*8+800]); err != nil {
					return err
				}
			}
			return w.Finish(ctx)
		}()
		if err == nil {
			if n < 5 {
				t.Fatalf("only %d writes", n)
			}
			return
		}
		if !strings.Contains(err.Error(), "injected") {
			t.Fatal(err)
		}
		if err := w.Abort(); err != nil {
			t.Fatal(err)
		}
		if left, _ := mem.List(""); len(left) != 0 {
			t.Fatalf("write %d failed: %v left behind", n, left)
		}
	}
	t.Fatal("never succeeds")
}
