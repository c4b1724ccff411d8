package ivfpq_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// BenchmarkSearch searches 50,000 clustered rows of 384 dimensions at the effort picked for a recall of
// 0.95, from memory.
func BenchmarkSearch(b *testing.B) {
	all, probes := clustered(3, 50000+200, 384).take(200)
	x := build(b, all, ivfpq.Params{Metric: distance.L2}, ivfpq.BuilderOptions{})
	for _, target := range []float64{0.95, 0.99} {
		b.Run(fmt.Sprint(target), func(b *testing.B) {
			e := x.curve.Pick(target, 10)
			v := &stored{data: x.data, q: distance.L2.NewQuery(probes.vec(0))}
			dst, i := make([]index.Neighbor, 0, 10), 0
			b.ReportAllocs()
			for b.Loop() {
				q := probes.vec(i % probes.rows())
				v.q.Reset(distance.L2, q)
				var err error
				dst, _, err = x.searcher.Search(context.Background(), q,
					ivfpq.Options{K: 10, NProbe: e.NProbe, Refine: e.Refine, Vectors: v}, dst[:0])
				if err != nil {
					b.Fatal(err)
				}
				i++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "qps")
		})
	}
}

// BenchmarkBuild reports the steps of a build apart.
func BenchmarkBuild(b *testing.B) {
	all := clustered(3, 50000, 384)
	ctx := context.Background()
	for b.Loop() {
		start := time.Now()
		m := train(b, all, ivfpq.Params{})
		trained := time.Now()
		fs := pvfs.NewMem()
		w := ivfpq.NewBuilder(m, fs, "s", ivfpq.BuilderOptions{Calibrate: true})
		if err := w.Add(ctx, all.ids(), all.vectors); err != nil {
			b.Fatal(err)
		}
		added := time.Now()
		if err := w.Finish(ctx); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(trained.Sub(start).Seconds(), "s-train")
		b.ReportMetric(added.Sub(trained).Seconds(), "s-encode")
		b.ReportMetric(time.Since(added).Seconds(), "s-write")
		info, err := fs.Stat("s")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(info.Size())/float64(all.rows()), "B/row")
	}
}
