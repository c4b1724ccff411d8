package ivfpq_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"reflect"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// TestLimitIsFilled: rows that are gone, excluded or filtered out never shorten an answer while others
// match, from however few probes the search starts.
func TestLimitIsFilled(t *testing.T) {
	d := clustered(6, 3000, 16)
	b := build(t, d, ivfpq.Params{}, ivfpq.BuilderOptions{})
	q := d.vec(11)
	f := func(name string, o ivfpq.Options, dead map[index.RowID]bool, keep func(i int) bool) {
		t.Helper()
		matching := len(d.exact(distance.L2, q, d.rows(), keep))
		for _, k := range []int{1, 10, 500, 4000} {
			o.K, o.NProbe, o.Refine, o.FixedProbes = k, 1, 1, true
			o.Vectors = &stored{data: d, q: distance.L2.NewQuery(q), dead: dead}
			got := b.search(t, q, o)
			if len(got) != min(k, matching) {
				t.Fatalf("%s k=%d: %d rows, %d match", name, k, len(got), matching)
			}
			seen := map[index.RowID]bool{}
			for _, n := range got {
				if !keep(int(n.Row-d.base)) || seen[n.Row] {
					t.Fatalf("%s k=%d: row %d does not belong", name, k, n.Row)
				}
				seen[n.Row] = true
			}
			if !slices.IsSortedFunc(got, index.Neighbor.Compare) {
				t.Fatalf("%s k=%d: not sorted", name, k)
			}
		}
	}
	all := func(int) bool { return true }
	few := func(i int) bool { return i%700 == 3 }
	none := func(int) bool { return false }
	most := func(i int) bool { return i%50 != 0 }
	f("all", ivfpq.Options{}, nil, all)
	filter, n := d.bitmap(few)
	f("few", ivfpq.Options{Filter: filter, FilterRows: n}, nil, few)
	filter, _ = d.bitmap(none)
	f("none", ivfpq.Options{Filter: filter}, nil, none)
	exclude, _ := d.bitmap(most)
	f("exclude", ivfpq.Options{Exclude: exclude}, nil, func(i int) bool { return !most(i) })
	dead := map[index.RowID]bool{}
	for i := range d.rows() {
		if !few(i) {
			dead[d.base+index.RowID(i)] = true
		}
	}
	f("gone", ivfpq.Options{}, dead, few)
	other := index.Bitmap{Base: 0, Bits: make([]uint64, 10)} // speaks for none of the rows
	f("elsewhere", ivfpq.Options{Filter: other}, nil, none)
}

func TestSearchErrors(t *testing.T) {
	d := clustered(6, 100, 16)
	b := build(t, d, ivfpq.Params{}, ivfpq.BuilderOptions{})
	ctx, cancel := context.WithCancel(context.Background())
	if _, _, err := b.searcher.Search(ctx, d.vec(0)[:3], ivfpq.Options{K: 1}, nil); !errors.Is(err, index.ErrDims) {
		t.Error(err)
	}
	if got, _, err := b.searcher.Search(ctx, d.vec(0), ivfpq.Options{}, nil); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
	boom := errors.New("boom")
	if _, _, err := b.searcher.Search(ctx, d.vec(0), ivfpq.Options{K: 1, Vectors: failing{boom}},
		nil); !errors.Is(err, boom) {
		t.Error(err)
	}
	cancel()
	if _, _, err := b.searcher.Search(ctx, d.vec(0), ivfpq.Options{K: 1}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Distances(context.Context, []ivfpq.Candidate) error { return f.err }

// TestEstimates: without vectors the distances are estimates, near the true ones for every metric.
func TestEstimates(t *testing.T) {
	for _, metric := range []distance.Metric{distance.L2, distance.InnerProduct} {
		d := clustered(8, 2000, 24)
		b := build(t, d, ivfpq.Params{Metric: metric, NumBits: 8, NumSubVectors: 24}, ivfpq.BuilderOptions{})
		q := d.vec(5)
		got, stats, err := b.searcher.Search(context.Background(), q, ivfpq.Options{K: 10, NProbe: 1000}, nil)
		if err != nil || len(got) != 10 || stats.Refined != 0 {
			t.Fatal(got, stats, err)
		}
		for _, n := range got {
			want := metric.Pair(q, d.vec(int(n.Row-d.base)))
			if diff := n.Distance - want; diff > 1 || diff < -1 {
				t.Errorf("%v row %d: estimate %v of %v", metric, n.Row, n.Distance, want)
			}
		}
	}
}

func TestStats(t *testing.T) {
	d := clustered(6, 2000, 16)
	b := build(t, d, ivfpq.Params{NumPartitions: 32}, ivfpq.BuilderOptions{})
	v := &stored{data: d, q: distance.L2.NewQuery(d.vec(0))}
	_, s, err := b.searcher.Search(context.Background(), d.vec(0),
		ivfpq.Options{K: 5, NProbe: 32, Refine: 40, Vectors: v}, nil)
	if err != nil || s.Partitions != 32 || s.Codes != 4000 || s.Refined != 40 || s.Bytes <= 0 ||
		s.Bytes >= b.segment.Bytes() {
		t.Errorf("%+v %v", s, err)
	}
}

// TestConcurrentSearches is for the race detector.
func TestConcurrentSearches(t *testing.T) {
	d := clustered(6, 1000, 16)
	b := build(t, d, ivfpq.Params{}, ivfpq.BuilderOptions{})
	for i := range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for j := range 50 {
				q := d.vec(i*50 + j)
				if got := b.search(t, q, ivfpq.Options{K: 1}); got[0].Distance != 0 {
					t.Errorf("row %d does not find itself", i*50+j)
				}
			}
		})
	}
}

func TestCurve(t *testing.T) {
	d := clustered(6, 4000, 32)
	b := build(t, d, ivfpq.Params{}, ivfpq.BuilderOptions{})
	if b.curve.Queries < 200 || len(b.curve.Points) == 0 {
		t.Fatalf("%d queries, %d points", b.curve.Queries, len(b.curve.Points))
	}
	text, err := json.Marshal(b.curve)
	if err != nil {
		t.Fatal(err)
	}
	var back ivfpq.Curve
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(&back, b.curve) {
		t.Fatal("the curve changes through JSON", err)
	}
	last := ivfpq.Effort{}
	for _, target := range []float64{0.5, 0.8, 0.9, 0.95, 0.99, 1} {
		e := b.curve.Pick(target, 10)
		if e.NProbe < 1 || e.Refine < 10 || e.CostNanos < last.CostNanos {
			t.Errorf("target %v: %+v after %+v", target, e, last)
		}
		last = e
	}
	if last.NProbe != b.curve.Partitions {
		t.Errorf("target 1 reads %d of %d partitions", last.NProbe, b.curve.Partitions)
	}
	for _, k := range []int{0, 1, 10, 50, 100, 1000, 100000} {
		if e := b.curve.Pick(0.95, k); e.Refine < k || e.NProbe < 1 || e.NProbe > b.curve.Partitions {
			t.Errorf("k %d: %+v", k, e)
		}
	}
	var nothing ivfpq.Curve
	if e := nothing.Pick(0.95, 10); e.NProbe < 1 || e.Refine < 10 {
		t.Errorf("%+v", e)
	}
}

// corruptible is a small segment file with its model.
func corruptible(t testing.TB) []byte {
	b := build(t, clustered(9, 120, 8), ivfpq.Params{NumPartitions: 5}, ivfpq.BuilderOptions{})
	return contents(t, b.fs, "segment")
}

// readAll opens a segment file of the given content and reads everything in it.
func readAll(t testing.TB, content []byte) error {
	t.Helper()
	fs := pvfs.NewMem()
	f, err := fs.Create("s", pvfs.WriteCategoryUnspecified)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(slices.Clone(content)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := ivfpq.OpenSegment(fs, "s")
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // in memory
	m, err := s.Model()
	if err != nil {
		return err
	}
	search, err := ivfpq.NewSearcher(m, s)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if _, _, err := search.Search(ctx, make([]float32, m.Dims()), ivfpq.Options{K: 3, NProbe: 1 << 20}, nil); err != nil {
		return err
	}
	return s.Verify(ctx)
}

// TestEveryByteIsChecked flips each byte of a file.
func TestEveryByteIsChecked(t *testing.T) {
	good := corruptible(t)
	if err := readAll(t, good); err != nil {
		t.Fatal(err)
	}
	unnoticed := 0
	for i := range good {
		bad := slices.Clone(good)
		bad[i] ^= 0x40
		err := readAll(t, bad)
		if err == nil {
			unnoticed++ // padding between sections
			continue
		}
		if !errors.Is(err, index.ErrCorrupt) && !errors.Is(err, index.ErrVersion) && !errors.Is(err, index.ErrStale) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
	if unnoticed > 128 {
		t.Errorf("%d of %d bytes are not checked", unnoticed, len(good))
	}
	for _, n := range []int{0, 1, 100, 128, 500, len(good) - 1} {
		if err := readAll(t, good[:n]); !errors.Is(err, index.ErrCorrupt) {
			t.Errorf("first %d bytes: %v", n, err)
		}
	}
}

func TestNewerVersionIsRefused(t *testing.T) {
	bad := corruptible(t)
	bad[8] = 2
	if err := readAll(t, bad); !errors.Is(err, index.ErrVersion) {
		t.Error(err)
	}
}

// seal makes the header's checksum right, so that the fuzzer gets behind it.
func seal(b []byte) {
	if len(b) >= 128 {
		binary.LittleEndian.PutUint32(b[124:], crc32.Checksum(b[:124], crc32.MakeTable(crc32.Castagnoli)))
		if dir := binary.LittleEndian.Uint64(b[56:]); dir < uint64(len(b)) {
			n := uint64(binary.LittleEndian.Uint32(b[20:])) * 16
			if n <= 1<<20 && dir+n+4 <= uint64(len(b)) {
				binary.LittleEndian.PutUint32(b[dir+n:], crc32.Checksum(b[dir:dir+n], crc32.MakeTable(crc32.Castagnoli)))
			}
		}
	}
}

func FuzzSegment(f *testing.F) {
	good := corruptible(f)
	f.Add(good, 20, byte(1))
	f.Add(good, 56, byte(7))
	f.Add(good[:200], 0, byte(0))
	f.Add([]byte(nil), 0, byte(0))
	f.Fuzz(func(t *testing.T, content []byte, at int, v byte) {
		content = slices.Clone(content)
		if at >= 0 && at < len(content) {
			content[at] ^= v
		}
		seal(content)
		_ = readAll(t, content) // whatever it says, it must not crash
	})
}

func FuzzModel(f *testing.F) {
	m := train(f, clustered(9, 60, 4), ivfpq.Params{})
	good, err := m.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:60])
	f.Fuzz(func(t *testing.T, b []byte) {
		b = slices.Clone(b)
		if len(b) >= 4 {
			binary.LittleEndian.PutUint32(b[len(b)-4:], crc32.Checksum(b[:len(b)-4], crc32.MakeTable(crc32.Castagnoli)))
		}
		if m, err := ivfpq.UnmarshalModel(b); err == nil {
			again, err := m.MarshalBinary()
			if err != nil || len(again) != len(b) {
				t.Fatalf("%d bytes became %d, %v", len(b), len(again), err)
			}
		}
	})
}

// TestCursor: batch by batch every row comes once, the nearest in the first batch, and filters hold.
func TestCursor(t *testing.T) {
	d := clustered(6, 3000, 16)
	b := build(t, d, ivfpq.Params{}, ivfpq.BuilderOptions{})
	for _, every := range []int{1, 7, 5000} {
		keep := func(i int) bool { return i%every == 0 }
		q := d.vec(12)
		o := ivfpq.Options{K: 10, NProbe: 8, Vectors: &stored{data: d, q: distance.L2.NewQuery(q)}}
		o.Filter, _ = d.bitmap(keep)
		c := b.searcher.Cursor(q, o)
		var all []index.Neighbor
		for batches := 0; ; batches++ {
			batch, err := c.Next(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if len(batch) == 0 {
				break
			}
			if !slices.IsSortedFunc(batch, index.Neighbor.Compare) || batches > 20 {
				t.Fatalf("every %d: batch %d is not sorted, or too many", every, batches)
			}
			all = append(all, batch...)
		}
		want := d.exact(distance.L2, q, d.rows(), keep)
		if r := recall(all[:min(10, len(all))], want[:min(10, len(want))]); r < 0.8 {
			t.Errorf("every %d: first batch has %v of the nearest", every, r)
		}
		slices.SortFunc(all, index.Neighbor.Compare)
		if !slices.Equal(all, want) {
			t.Errorf("every %d: %d rows, want %d", every, len(all), len(want))
		}
		if c.Stats().Codes == 0 {
			t.Error("no work")
		}
	}
}
