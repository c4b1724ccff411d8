package ivfpq_test

import (
	"fmt"
	"testing"

	"github.com/vecdb/vecdb/index/ivfpq"
)

// drawn is a curve of the shape that real ones have.
func drawn() *ivfpq.Curve {
	c := &ivfpq.Curve{Rows: 1000000, Dims: 128, Partitions: 400, SubVectors: 44, Bits: 4, Queries: 256}
	for _, p := range []struct {
		nprobe int
		best   float64
	}{{1, 0.6}, {2, 0.75}, {4, 0.87}, {8, 0.94}, {16, 0.975}, {32, 0.99}, {64, 0.998}} {
		for _, refine := range []int{10, 32, 128, 512} {
			lost := 0.3 * 10 / float64(refine)
			c.Points = append(c.Points, ivfpq.Point{
				NProbe: p.nprobe, Refine: refine, Codes: float64(p.nprobe) * 500,
				Recall: [2]float64{p.best - 0.3*lost, p.best - lost}, Error: [2]float64{0.002, 0.002},
			})
		}
	}
	return c
}

// TestPick: the effort is the cheapest that keeps the promise with caution, and never above what helps.
func TestPick(t *testing.T) {
	f := func(target float64, k, nprobe, refine int) {
		t.Helper()
		e := drawn().Pick(target, k)
		if e.NProbe != nprobe || e.Refine != refine {
			t.Errorf("target %v k %d: probes %d refine %d, want %d %d", target, k, e.NProbe, e.Refine, nprobe, refine)
		}
	}
	f(0, 10, 6, 40)        // never less than a 64th of the partitions
	f(0.5, 10, 6, 40)      // 4*k are always refined
	f(0.9, 10, 16, 40)     // 0.93 is needed: 16 probes with 32 refined are cheaper than 8 with 128
	f(0.95, 10, 16, 128)   // 0.965
	f(0.98, 10, 64, 128)   // 0.986: cheaper than 32 probes with 512
	f(0.99, 10, 64, 512)   // 0.993
	f(0.95, 1, 16, 128)    // fewer rows are not easier than 10
	f(0.95, 100, 64, 128)  // more lie further apart
	f(0.95, 400, 128, 512) // and beyond what was measured both grow
	f(0.999, 10, 64, 512)  // out of reach: all that was measured
	f(1, 10, 400, 512)     // a promise that only reading everything keeps
	f(1, 100000, 400, 512000)
}

func TestPickedEffortIsConsistent(t *testing.T) {
	c := drawn()
	before := ivfpq.Effort{}
	for target := 0.5; target < 1; target += 0.01 {
		e := c.Pick(target, 10)
		if e.CostNanos < before.CostNanos || e.Codes < before.Codes && e.Refine <= before.Refine {
			t.Errorf("target %.2f costs less than the one before: %+v after %+v", target, e, before)
		}
		if e.Recall < target && e.NProbe < 64 {
			t.Errorf("target %.2f: promises %v", target, e.Recall)
		}
		before = e
	}
}

func ExampleCurve_Pick() {
	e := drawn().Pick(0.95, 10)
	fmt.Printf("probes=%d refine=%d recall=%.3f\n", e.NProbe, e.Refine, e.Recall)
	// Output: probes=16 refine=128 recall=0.968
}
