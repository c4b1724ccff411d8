package ivfpq

import (
	"context"
	"math/rand/v2"

	"github.com/vecdb/vecdb/index/distance/simd"
	"github.com/vecdb/vecdb/internal/guard"
)

// tileRows is how many rows meet all centroids at once: their dot products stay in the second-level
// cache between the matrix product and its arg-min.
const tileRows = 64

// kmeans is Lloyd's algorithm over rows that fit into memory.
type kmeans struct {
	level   simd.Level
	x       []float32 // Layout: [n][d]float32
	n, d, k int
	workers int

	centroids []float32 // Layout: [k][d]float32
	sums      [][]float32
	counts    [][]int32
	rng       *rand.Rand
}

// run returns the centroids after the given rounds. The first rounds see a quarter of the rows: they
// only have to find the rough places.
func (km *kmeans) run(ctx context.Context, rounds int, progress func(done int)) ([]float32, error) {
	km.centroids = make([]float32, km.k*km.d)
	for i, row := range km.rng.Perm(km.n)[:km.k] {
		copy(km.centroids[i*km.d:(i+1)*km.d], km.x[row*km.d:])
	}
	if km.k == 1 {
		rounds = 1
	}
	for w := range km.workers {
		km.sums = append(km.sums, make([]float32, km.k*km.d))
		km.counts = append(km.counts, make([]int32, km.k))
		_ = w
	}
	for r := range rounds {
		step := 1
		if r < rounds/2 && km.n/4 >= 32*km.k {
			step = 4
		}
		if err := km.round(ctx, step); err != nil {
			return nil, err
		}
		progress(r + 1)
	}
	return km.centroids, nil
}

// round assigns every step-th tile and moves the centroids.
func (km *kmeans) round(ctx context.Context, step int) error {
	packed := km.level.Pack(km.centroids, km.k, km.d)
	cnorm := norms(km.level, km.centroids, km.k, km.d)
	tiles := (km.n + tileRows - 1) / tileRows
	g, ctx := guard.NewGroup(ctx)
	for w := range km.workers {
		g.Go("assign rows to partitions", func() error {
			stride := km.level.Stride(km.k)
			dots, val := make([]float32, tileRows*stride), make([]float32, tileRows)
			idx := make([]int32, tileRows)
			clear(km.sums[w])
			clear(km.counts[w])
			for t := w * step; t < tiles; t += km.workers * step {
				if err := ctx.Err(); err != nil {
					return err
				}
				lo := t * tileRows
				n := min(tileRows, km.n-lo)
				x := km.x[lo*km.d : (lo+n)*km.d]
				km.level.Dots(x, n, km.d, packed, km.k, dots)
				km.level.Argmin(dots, stride, cnorm, idx[:n], val)
				km.level.ScatterAdd(x, km.d, idx[:n], km.sums[w])
				for _, c := range idx[:n] {
					km.counts[w][c]++
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	km.move()
	return nil
}

// move puts each centroid at the mean of its rows, and empty ones beside the fullest.
func (km *kmeans) move() {
	sum, count := km.sums[0], km.counts[0]
	for w := 1; w < km.workers; w++ {
		for i, v := range km.sums[w] {
			sum[i] += v
		}
		for i, v := range km.counts[w] {
			count[i] += v
		}
	}
	for c, n := range count {
		if n == 0 {
			continue
		}
		inv := 1 / float32(n)
		to := km.centroids[c*km.d : (c+1)*km.d]
		for i, v := range sum[c*km.d : (c+1)*km.d] {
			to[i] = v * inv
		}
	}
	for c, n := range count {
		if n == 0 {
			km.split(c, count)
		}
	}
}

// split moves the empty centroid c next to the one with the most rows, so that they share them.
func (km *kmeans) split(c int, count []int32) {
	const apart = 1.0 / 1024
	full := 0
	for i, n := range count {
		if n > count[full] {
			full = i
		}
	}
	a, b := km.centroids[full*km.d:(full+1)*km.d], km.centroids[c*km.d:(c+1)*km.d]
	for i, v := range a {
		shift := v * apart
		if km.rng.Uint32()&1 == 0 {
			shift = -shift
		}
		a[i], b[i] = v+shift, v-shift
	}
	count[c] = count[full] / 2
	count[full] -= count[c]
}
