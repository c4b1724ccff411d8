package ivfpq

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"

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
		if r < rounds-settleRounds {
			km.balance()
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
		if n != 0 {
			continue
		}
		full := 0
		for i, n := range count {
			if n > count[full] {
				full = i
			}
		}
		km.split(c, full)
	}
}

// Partitions hold rows that are alike, but queries fall where rows are dense: without a correction, a
// tenth of the partitions can hold half of the rows, and all queries read those.
const (
	settleRounds = 3 // of plain Lloyd at the end
	heavy        = 3 // times the mean: a partition worth splitting
	light        = 3 // one of a mean's parts: a partition that may go
)

// balance takes centroids away from light partitions and puts them beside the heaviest, a sixteenth
// of them at most in one round.
func (km *kmeans) balance() {
	count := km.counts[0]
	total := 0
	order := make([]int, km.k)
	for i, n := range count {
		total += int(n)
		order[i] = i
	}
	mean := float64(total) / float64(km.k)
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(count[a], count[b]), a-b) })
	for i := range km.k / 16 {
		small, big := order[i], order[km.k-1-i]
		if float64(count[small])*light > mean || float64(count[big]) < heavy*mean {
			return
		}
		km.split(small, big)
	}
}

// split moves the centroid c next to that of full, so that they share its rows.
func (km *kmeans) split(c, full int) {
	const apart = 1.0 / 1024
	count := km.counts[0]
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
