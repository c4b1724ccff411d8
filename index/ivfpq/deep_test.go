package ivfpq_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"
)

// Vectors whose lengths differ by orders of magnitude have the shortest ones for nearest, which their codes hardly tell
// apart: the curve goes on to refinements that suffice, and no further than that for other data.
func TestDeepRefinement(t *testing.T) {
	const rows, dims = 20000, 64
	draw := rand.New(rand.NewPCG(11, 12))
	unequal := &data{dims: dims}
	for range rows + 30 {
		size := math.Exp(draw.NormFloat64())
		for range dims {
			unequal.vectors = append(unequal.vectors, float32(size*draw.NormFloat64()))
		}
	}
	f := func(name string, d *data, deep bool) {
		t.Helper()
		all, probes := d.take(30)
		b := build(t, all, ivfpq.Params{Metric: distance.L2}, ivfpq.BuilderOptions{})
		hits := 0.0
		for p := range probes.rows() {
			q := probes.vec(p)
			got := b.search(t, q, ivfpq.Options{K: 10, Curve: b.curve, Recall: 0.95})
			hits += recall(got, b.exact(distance.L2, q, 10, nil))
		}
		e := b.curve.Pick(0.95, 10)
		if mean := hits / float64(probes.rows()); mean < 0.93 || deep != (e.Refine > 512) {
			t.Errorf("%s: recall %.3f with %d rows refined", name, mean, e.Refine)
		}
	}
	f("unequal lengths", unequal, true)
	f("clusters", clustered(13, rows+30, dims), false)
}
