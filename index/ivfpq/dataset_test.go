package ivfpq_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
	"golang.org/x/sys/unix"
)

// datasetEnv names a folder as make_data.py of the benchmarks writes it: base.npy, queries.npy,
// exact answers, and for filters mask_NAME.npy beside gt_filter_NAME_ids.npy. Without it the benchmark of
// real data is skipped. VECDB_PARAMS has fields of Params as JSON, without the braces.
const datasetEnv = "VECDB_DATASET"

// readArray reads a little-endian .npy file of 4-byte numbers.
func readArray(t testing.TB, name string) (words []uint32, rows, cols int) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Skip(err)
	}
	n := int(binary.LittleEndian.Uint16(b[8:]))
	head := string(b[10 : 10+n])
	shape := head[strings.Index(head, "(")+1:]
	if k, _ := fmt.Sscanf(shape, "%d, %d", &rows, &cols); k != 2 {
		if _, err := fmt.Sscanf(shape, "%d,", &rows); err != nil {
			t.Fatal(name, head)
		}
		cols = 1
	}
	words = make([]uint32, rows*cols)
	if err := binary.Read(bytes.NewReader(b[10+n:]), binary.LittleEndian, words); err != nil {
		t.Fatal(name, err)
	}
	return words, rows, cols
}

func readVectors(t testing.TB, name string) *data {
	words, _, dims := readArray(t, name)
	d := &data{dims: dims, base: 1, vectors: make([]float32, len(words))}
	for i, w := range words {
		d.vectors[i] = math.Float32frombits(w)
	}
	return d
}

// cpuSeconds is the processor time used so far: figures hold on a busy machine, too.
func cpuSeconds() float64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// dataset is a real data set with exact answers.
type dataset struct {
	base, queries *data
	truth         [][]index.RowID
	dir           string
}

func openDataset(t testing.TB, metric distance.Metric) *dataset {
	dir := os.Getenv(datasetEnv)
	if dir == "" {
		t.Skip(datasetEnv + " is not set")
	}
	s := &dataset{
		dir: dir, base: readVectors(t, filepath.Join(dir, "base.npy")),
		queries: readVectors(t, filepath.Join(dir, "queries.npy")),
	}
	truth := map[distance.Metric]string{
		distance.L2: "gt_l2_ids.npy", distance.Cosine: "gt_cos_ids.npy",
		distance.InnerProduct: "gt_ip_ids.npy",
	}
	s.truth = s.answers(t, truth[metric])
	// Exact answers may cover the first queries only.
	s.queries.vectors = s.queries.vectors[:len(s.truth)*s.queries.dims]
	return s
}

func (s *dataset) answers(t testing.TB, name string) [][]index.RowID {
	words, rows, cols := readArray(t, filepath.Join(s.dir, name))
	all := make([][]index.RowID, rows)
	for i := range all {
		for _, w := range words[i*cols : i*cols+min(cols, 10)] {
			if int32(w) >= 0 {
				all[i] = append(all[i], s.base.base+index.RowID(w))
			}
		}
	}
	return all
}

// try searches for all queries and returns the mean recall and the rate.
func (s *dataset) try(t testing.TB, b *built, o ivfpq.Options, truth [][]index.RowID) (recall, qps float64, stats ivfpq.Stats) {
	t.Helper()
	metric := b.model.Metric()
	v := &stored{data: s.base, q: metric.NewQuery(s.queries.vec(0))}
	o.Vectors = v
	var dst []index.Neighbor
	ctx := context.Background()
	hits, want := 0, 0
	best := math.Inf(1)
	for round := range 3 {
		start := cpuSeconds()
		for i := range s.queries.rows() {
			q := s.queries.vec(i)
			v.q.Reset(metric, q)
			var st ivfpq.Stats
			var err error
			dst, st, err = b.searcher.Search(context.WithoutCancel(ctx), q, o, dst[:0])
			if err != nil {
				t.Fatal(err)
			}
			if round > 0 {
				continue
			}
			stats.Codes += st.Codes
			stats.Partitions += st.Partitions
			for _, id := range truth[i] {
				want++
				for _, n := range dst {
					if n.Row == id {
						hits++
					}
				}
			}
		}
		best = min(best, cpuSeconds()-start)
	}
	stats.Codes /= s.queries.rows()
	stats.Partitions /= s.queries.rows()
	return float64(hits) / float64(want), float64(s.queries.rows()) / best, stats
}

// BenchmarkDataset prints build times, size, and recall against rate of a real data set.
func BenchmarkDataset(b *testing.B) {
	var p ivfpq.Params
	if err := json.Unmarshal([]byte("{"+os.Getenv("VECDB_PARAMS")+"}"), &p); err != nil {
		b.Fatal(err)
	}
	s := openDataset(b, p.Metric)
	ctx := context.Background()
	for b.Loop() {
		fs := pvfs.NewMem()
		sample := s.base.sample(b, p)
		start, cpu := time.Now(), cpuSeconds()
		m, err := ivfpq.Train(ctx, p, s.base.dims, s.base.rows(), sample, nil)
		if err != nil {
			b.Fatal(err)
		}
		trained := time.Now()
		w := ivfpq.NewBuilder(m, fs, "s", ivfpq.BuilderOptions{Calibrate: true})
		ids := s.base.ids()
		if err := w.Add(ctx, ids, s.base.vectors); err != nil {
			b.Fatal(err)
		}
		added := time.Now()
		if err := w.Finish(ctx); err != nil {
			b.Fatal(err)
		}
		written := time.Now()
		x := &built{data: s.base, model: m}
		if x.segment, err = ivfpq.OpenSegment(fs, "s"); err != nil {
			b.Fatal(err)
		}
		if x.searcher, err = ivfpq.NewSearcher(m, x.segment); err != nil {
			b.Fatal(err)
		}
		if x.curve, err = ivfpq.Calibrate(ctx, x.searcher, w.Truth(), nil); err != nil {
			b.Fatal(err)
		}
		b.Logf("%v rows=%d sample=%d\ntrain %.2fs encode %.2fs write %.2fs calibrate %.2fs, cpu %.2fs, %.1f B/row", m,
			s.base.rows(),
			len(sample)/s.base.dims, trained.Sub(start).Seconds(), added.Sub(trained).Seconds(), written.Sub(added).Seconds(),
			time.Since(written).Seconds(), cpuSeconds()-cpu, float64(x.segment.Bytes())/float64(s.base.rows()))
		for _, target := range []float64{0.9, 0.95, 0.98, 0.99} {
			e := x.curve.Pick(target, 10)
			r, qps, st := s.try(b, x, ivfpq.Options{K: 10, NProbe: e.NProbe, Refine: e.Refine}, s.truth)
			b.Logf("target %.2f: recall %.4f (promised %.4f) %.0f qps, probes %d refine %d codes %d cost %.1fus",
				target, r, e.Recall, qps, e.NProbe, e.Refine, st.Codes, e.CostNanos/1000)
		}
		for _, np := range []int{4, 8, 16, 32, 64} {
			r, qps, st := s.try(b, x, ivfpq.Options{K: 10, NProbe: np, Refine: 80}, s.truth)
			b.Logf("probes %d refine 80: recall %.4f %.0f qps codes %d", np, r, qps, st.Codes)
		}
		if p.Metric == distance.L2 {
			s.filtered(b, x)
		}
	}
}

// filtered tries the data set's filters at the default effort.
func (s *dataset) filtered(b *testing.B, x *built) {
	masks, err := filepath.Glob(filepath.Join(s.dir, "mask_*.npy"))
	if err != nil {
		b.Fatal(err)
	}
	e := x.curve.Pick(0.95, 10)
	for _, mask := range masks {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(mask), "mask_"), ".npy")
		words, _, _ := readArray(b, mask)
		o := ivfpq.Options{K: 10, NProbe: e.NProbe, Refine: e.Refine}
		o.Filter, o.FilterRows = s.base.bitmap(func(i int) bool { return words[i] != 0 })
		r, qps, st := s.try(b, x, o, s.answers(b, "gt_filter_"+name+"_ids.npy"))
		b.Logf("filter %s, %d rows: recall %.4f %.0f qps, partitions %d codes %d", name, o.FilterRows, r, qps,
			st.Partitions, st.Codes)
	}
}
