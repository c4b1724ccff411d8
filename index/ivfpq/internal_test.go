package ivfpq

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/distance/simd"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// points draws n rows around k places, the first of which has most of them.
func points(seed uint64, n, d, k int) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, 0, n*d)
	for range n {
		place := 0
		if r.IntN(10) == 0 {
			place = r.IntN(k)
		}
		for j := range d {
			x = append(x, float32(10*((place>>j)&1))+float32(r.NormFloat64()))
		}
	}
	return x
}

func trained(t *testing.T, x []float32, d int, p Params) *Model {
	t.Helper()
	m, err := Train(context.Background(), p, d, len(x)/d, slices.Clone(x), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// spread returns how many times its mean the largest partition is.
func spread(x []float32, n, d int, centroids []float32) float64 {
	l := simd.Reference
	k := len(centroids) / d
	count := make([]int, k)
	for i := range n {
		best, at := float32(math.Inf(1)), 0
		for c := range k {
			if v := l.Pair(simd.L2, x[i*d:i*d+d], centroids[c*d:c*d+d]); v < best {
				best, at = v, c
			}
		}
		count[at]++
	}
	return float64(slices.Max(count)) * float64(k) / float64(n)
}

// TestKMeansBalances: places with many rows get many partitions.
func TestKMeansBalances(t *testing.T) {
	const n, d, k = 4000, 4, 40
	x := points(1, n, d, 16)
	km := &kmeans{level: simd.Best(), x: x, n: n, d: d, k: k, workers: 2, rng: rand.New(rand.NewPCG(1, 1))}
	rounds := 0
	centroids, err := km.run(context.Background(), 10, func(done int) { rounds = done })
	if err != nil || rounds != 10 {
		t.Fatal(rounds, err)
	}
	if s := spread(x, n, d, centroids); s > 4 {
		t.Errorf("the largest partition has %.1f times the mean", s)
	}
	for c, sum := range km.counts[0] {
		if sum == 0 {
			t.Errorf("partition %d is empty", c)
		}
	}
}

// TestKMeansOfFewPoints: fewer places than partitions leave no centroid that is not a number.
func TestKMeansOfFewPoints(t *testing.T) {
	f := func(n, k int, x []float32) {
		t.Helper()
		km := &kmeans{level: simd.Best(), x: x, n: n, d: len(x) / n, k: k, workers: 3, rng: rand.New(rand.NewPCG(1, 1))}
		centroids, err := km.run(context.Background(), 5, func(int) {})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range centroids {
			if v != v {
				t.Fatalf("n=%d k=%d: %v", n, k, centroids)
			}
		}
	}
	f(1, 1, []float32{1, 2})
	f(4, 4, []float32{1, 1, 1, 1})
	f(5, 3, []float32{0, 0, 0, 0, 0})
	f(6, 2, []float32{1, 1, 1, 2, 2, 2})
}

// TestFactor checks the algebra: with a lossless code the estimate is the distance, for any query.
func TestFactor(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	vec := func(d int) []float32 {
		x := make([]float32, d)
		for i := range x {
			x[i] = float32(r.NormFloat64())
		}
		return x
	}
	dot := func(a, b []float32) float32 { return simd.Reference.Pair(simd.Dot, a, b) }
	for range 200 {
		const d = 6
		q, c, res := vec(d), vec(d), vec(d)
		x := make([]float32, d)
		for i := range x {
			x[i] = c[i] + res[i]
		}
		rr, cr := dot(res, res), dot(c, res)
		l2 := &Model{metric: distance.L2}
		add, mul := l2.factor(rr, rr, cr, cr)
		near(t, "l2", simd.Reference.Pair(simd.L2, q, c)+add+mul*dot(q, res), simd.Reference.Pair(simd.L2, q, x))
		ip := &Model{metric: distance.InnerProduct}
		add, mul = ip.factor(rr, rr, cr, cr)
		near(t, "ip", -dot(q, c)+add+mul*dot(q, res), -dot(q, x))

		// A code of half the residual's length is stretched to the same estimate.
		add, mul = l2.factor(rr, rr/2, cr/2, cr)
		near(t, "half", simd.Reference.Pair(simd.L2, q, c)+add+mul*dot(q, res)/2, simd.Reference.Pair(simd.L2, q, x))
	}
	m := &Model{}
	if add, mul := m.factor(1, -1, 0, 0); add != 1 || mul != 0 {
		t.Errorf("a code that points away: %v %v", add, mul)
	}
	if add, mul := m.factor(float32(math.Inf(1)), 1, 0, 0); add != math.MaxFloat32 || mul != 0 {
		t.Errorf("an infinite residual: %v %v", add, mul)
	}
}

func near(t *testing.T, what string, got, want float32) {
	t.Helper()
	if math.Abs(float64(got-want)) > 1e-3*(1+math.Abs(float64(want))) {
		t.Errorf("%s: estimate %v of %v", what, got, want)
	}
}

// TestAssign: the first partition is the nearest, the second another one, and residuals belong to them,
// with the table of products and without.
func TestAssign(t *testing.T) {
	const n, d = 500, 7
	x := points(3, n, d, 8)
	m := trained(t, x, d, Params{NumPartitions: 20})
	with, without := newEncoder(m, m.gram()), newEncoder(m, nil)
	for lo := 0; lo < n; lo += tileRows {
		rows := min(tileRows, n-lo)
		for _, e := range []*encoder{with, without} {
			for i := range rows {
				m.prepareRow(e.x[i*m.padded:(i+1)*m.padded], x[(lo+i)*d:(lo+i+1)*d])
			}
			e.assign(rows)
		}
		if !slices.Equal(with.first, without.first) {
			t.Fatal("first partitions differ")
		}
		same := 0
		for i := range rows {
			if with.second[i] == without.second[i] {
				same++
			}
			if with.second[i] == with.first[i] {
				t.Fatalf("row %d is twice in partition %d", lo+i, with.first[i])
			}
			for j := range m.padded {
				at := i*m.padded + j
				if with.r2[at] != with.x[at]-m.centroids[int(with.second[i])*m.padded+j] {
					t.Fatal("residual of another partition")
				}
			}
		}
		if same < rows*95/100 {
			t.Errorf("only %d of %d second partitions are the same", same, rows)
		}
	}
}

func TestPackCode(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 5))
	for _, bits := range []int{4, 8} {
		for _, subs := range []int{1, 2, 5, 8} {
			m := &Model{bits: bits, book: simd.Codebook{M: subs, Dsub: 1, Ksub: 1 << bits}}
			block := make([]byte, m.blockBytes()-simd.BlockHead)
			var want [simd.BlockRows][]byte
			for j := range want {
				want[j] = make([]byte, subs)
				for s := range want[j] {
					want[j][s] = byte(r.IntN(1 << bits))
				}
				packed := make([]byte, m.codeBytes())
				m.packCode(packed, want[j])
				m.setBlockCode(block, j, packed)
			}
			got := make([]byte, subs)
			for j := range want {
				if m.blockCode(block, j, got); !slices.Equal(got, want[j]) {
					t.Errorf("bits=%d m=%d row %d: %v, want %v", bits, subs, j, got, want[j])
				}
			}
		}
	}
}

// TestTruth: what rides along with a build is what an exact search finds, less the query's own row.
func TestTruth(t *testing.T) {
	const n, d = 900, 9
	for _, metric := range []distance.Metric{distance.L2, distance.InnerProduct, distance.Cosine} {
		x := points(7, n, d, 16)
		m := trained(t, x, d, Params{Metric: metric})
		b := NewBuilder(m, pvfs.NewMem(), "s", BuilderOptions{Calibrate: true})
		ids := make([]index.RowID, n)
		for i := range ids {
			ids[i] = index.RowID(i)
		}
		if err := b.Add(context.Background(), ids, x); err != nil {
			t.Fatal(err)
		}
		truth := b.Truth()
		for q := range truth.n {
			raw := m.queries[q*d : (q+1)*d]
			got, self, hasSelf, ok := truth.answer(q, 10)
			// By inner product a short row is far from itself.
			if !ok || !hasSelf && metric != distance.InnerProduct {
				t.Fatalf("%v query %d: answer %v, own row %v", metric, q, ok, hasSelf)
			}
			// Two products may differ by less than rounding; two places do not.
			if hasSelf && metric != distance.InnerProduct && !slices.Equal(x[int(self)*d:int(self+1)*d], raw) {
				t.Fatalf("%v query %d: row %d is not the query's own", metric, q, self)
			}
			top := index.NewTopK(10)
			for i := range n {
				if !hasSelf || index.RowID(i) != self {
					top.Push(index.RowID(i), metric.Pair(raw, x[i*d:(i+1)*d]))
				}
			}
			missed := 0
			for _, want := range top.Sorted(nil) {
				if !got.rows[want.Row] {
					missed++
				}
			}
			if missed > 0 {
				t.Errorf("%v query %d: %d exact neighbors are missing", metric, q, missed)
			}
		}
	}
}

// TestTruthOfDuplicates: when more rows are equally near than are kept, any of them is a hit.
func TestTruthOfDuplicates(t *testing.T) {
	const n, d = 500, 3
	x := make([]float32, n*d)
	for i := range 20 {
		x[i] = 1 + float32(i) // some rows differ, or there would be no scale
	}
	ctx, fs := context.Background(), pvfs.NewMem()
	m := trained(t, x, d, Params{})
	b := NewBuilder(m, fs, "s", BuilderOptions{Calibrate: true})
	ids := make([]index.RowID, n)
	for i := range ids {
		ids[i] = index.RowID(i)
	}
	if err := b.Add(ctx, ids, x); err != nil {
		t.Fatal(err)
	}
	if err := b.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	tied := 0
	for q := range b.Truth().n {
		if a, _, _, ok := b.Truth().answer(q, 10); ok && a.ties {
			tied++
		}
	}
	if tied < b.Truth().n/2 {
		t.Fatalf("%d of %d queries have ties", tied, b.Truth().n)
	}
	seg, err := OpenSegment(fs, "s")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSearcher(m, seg)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Calibrate(ctx, s, b.Truth(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if e := c.Pick(0.95, 10); e.Recall < 0.97 || e.Refine > 64 {
		t.Errorf("duplicates make %d queries expensive: %+v", c.Queries, e)
	}
}

func TestProbeGrid(t *testing.T) {
	for _, nlist := range []int{1, 2, 3, 10, 510, PartitionsMax} {
		grid := probeGrid(nlist)
		if grid[len(grid)-1] != nlist || !slices.IsSorted(grid) || len(slices.Compact(slices.Clone(grid))) != len(grid) ||
			len(grid) > 40 {
			t.Errorf("%d: %v", nlist, grid)
		}
	}
}

func TestRowTable(t *testing.T) {
	var table rowTable
	r := rand.New(rand.NewPCG(8, 9))
	for range 200 {
		n := r.IntN(300)
		est, id := make([]float32, n), make([]uint64, n)
		want := map[uint64]float32{}
		for i := range est {
			est[i], id[i] = r.Float32(), uint64(r.IntN(100))<<r.IntN(40)
			if v, ok := want[id[i]]; !ok || est[i] < v {
				want[id[i]] = est[i]
			}
		}
		got := table.unique(est, id)
		if got != len(want) {
			t.Fatalf("%d of %d ids", got, len(want))
		}
		for i := range got {
			if want[id[i]] != est[i] {
				t.Fatalf("id %d: %v, want %v", id[i], est[i], want[id[i]])
			}
		}
	}
	table.epoch = math.MaxUint32 // the next one starts over
	if n := table.unique([]float32{1, 2}, []uint64{7, 7}); n != 1 {
		t.Error("the table is not emptied when its counter wraps")
	}
}

// TestModelsOfAllLevelsRead: a model and its codes mean the same to every set of kernels.
func TestModelsOfAllLevelsRead(t *testing.T) {
	const n, d = 400, 10
	x := points(11, n, d, 16)
	ids := make([]index.RowID, n)
	for i := range ids {
		ids[i] = index.RowID(i)
	}
	ctx := context.Background()
	for _, writer := range simd.Levels() {
		fs := pvfs.NewMem()
		m := trained(t, x, d, Params{NumPartitions: 18}.At(writer))
		b := NewBuilder(m, fs, "s", BuilderOptions{})
		if err := b.Add(ctx, ids, x); err != nil {
			t.Fatal(err)
		}
		if err := b.Finish(ctx); err != nil {
			t.Fatal(err)
		}
		seg, err := OpenSegment(fs, "s")
		if err != nil {
			t.Fatal(err)
		}
		var first []index.Neighbor
		for _, reader := range simd.Levels() {
			back, err := seg.Model()
			if err != nil {
				t.Fatal(err)
			}
			back.level = reader
			back.packed = reader.Pack(back.centroids, back.nlist, back.padded)
			s, err := NewSearcher(back, seg)
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := s.Search(ctx, x[:d], Options{K: 5, NProbe: 18}, nil)
			if err != nil || len(got) != 5 {
				t.Fatal(got, err)
			}
			if first == nil {
				first = got
			}
			for i, g := range got {
				if math.Abs(g.Distance-first[i].Distance) > 0.02*(1+math.Abs(first[i].Distance)) {
					t.Errorf("written by %v, read by %v: %v, want %v", writer, reader, got, first)
				}
			}
		}
	}
}

func TestModelString(t *testing.T) {
	m := trained(t, points(1, 100, 5, 4), 5, Params{Metric: distance.Cosine})
	want := "cosine dims=5 partitions=6 sub_vectors=5 bits=4"
	if got := fmt.Sprint(m); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if m.Metric() != distance.Cosine || m.Dims() != 5 || m.NumPartitions() != 6 || m.NumSubVectors() != 5 ||
		m.NumBits() != 4 || m.TrainedRows() != 100 {
		t.Error("the parts do not match the whole")
	}
}
