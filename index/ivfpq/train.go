package ivfpq

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance/simd"
	"github.com/vecdb/vecdb/internal/guard"
)

// calibrationQueries is how many sampled rows measure recall. The mean of 10 neighbors each over 256
// queries is known to about half a percent.
const calibrationQueries = 256

// Train makes a model from a sample (Layout: [n][dims]float32) of an index of rows vectors; see
// Params.SampleRows for how large it should be. It returns index.ErrTooFewRows for an empty sample.
func Train(ctx context.Context, p Params, dims, rows int, sample []float32, progress Progress) (*Model, error) {
	if dims < 1 {
		return nil, fmt.Errorf("%w: %d dimensions", ErrParams, dims)
	}
	n := len(sample) / dims
	rows = max(rows, n)
	asked := p.NumPartitions
	p, err := p.Resolve(dims, rows)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, index.ErrTooFewRows
	}
	if p.NumPartitions > n || asked > n {
		p.NumPartitions = min(p.NumPartitions, n)
		p.SingleAssignment = p.SingleAssignment || p.NumPartitions < 16
	}
	m := &Model{
		metric: p.Metric, dims: dims, nlist: p.NumPartitions, double: !p.SingleAssignment,
		bits: p.NumBits, rows: int64(rows), seed: p.Seed, level: simd.Best(),
	}
	if p.kernels != nil {
		m.level = p.kernels()
	}
	dsub := (dims + p.NumSubVectors - 1) / p.NumSubVectors
	m.book = simd.Codebook{M: (dims + dsub - 1) / dsub, Dsub: dsub, Ksub: 1 << p.NumBits}
	m.padded = m.book.M * dsub
	rng := rand.New(rand.NewPCG(p.Seed, 0x1f))
	for _, i := range rng.Perm(n)[:min(n, calibrationQueries)] {
		m.queries = append(m.queries, sample[i*dims:(i+1)*dims]...)
	}
	x := m.centre(sample, n)
	total := int64(p.Iterations + bookRounds)
	km := &kmeans{level: m.level, x: x, n: n, d: m.padded, k: m.nlist, workers: p.Workers, rng: rng}
	m.centroids, err = km.run(ctx, p.Iterations, func(done int) { progress.report(PhaseTrain, int64(done), total) })
	if err != nil {
		return nil, fmt.Errorf("train partitions: %w", err)
	}
	if err := m.trainBook(ctx, x, n, p.Workers, rng); err != nil {
		return nil, fmt.Errorf("train codebook: %w", err)
	}
	progress.report(PhaseTrain, total, total)
	data, err := m.MarshalBinary()
	if err != nil {
		return nil, err
	}
	m.derive(data)
	return m, nil
}

// centre sets the mean and returns the sample as rows are indexed. Layout: [n][padded]float32.
func (m *Model) centre(sample []float32, n int) []float32 {
	m.mean = make([]float32, m.dims)
	x := make([]float32, n*m.padded)
	sum := make([]float64, m.dims)
	for i := range n {
		row := x[i*m.padded : (i+1)*m.padded]
		m.prepareRow(row, sample[i*m.dims:(i+1)*m.dims])
		for j, v := range row[:m.dims] {
			sum[j] += float64(v)
		}
	}
	for j := range m.mean {
		mean := float32(sum[j] / float64(n))
		if mean-mean == 0 { // an infinite sum must not take every row with it
			m.mean[j] = mean
		}
	}
	for i := range n {
		row := x[i*m.padded : (i+1)*m.padded]
		for j, v := range m.mean {
			row[j] -= v
		}
	}
	return x
}

const (
	bookRounds = 8
	// bookRowsPerWord bounds the codebook's training rows: it has few parameters per sub-space.
	bookRowsPerWord = 512
	bookRowsMax     = 16384
)

// trainBook trains the codebook on residuals, half of them to the second partition if there is one:
// those are longer and the codes have to serve them too.
func (m *Model) trainBook(ctx context.Context, x []float32, n, workers int, rng *rand.Rand) error {
	m.cnorm = norms(m.level, m.centroids, m.nlist, m.padded)
	m.packed = m.level.Pack(m.centroids, m.nlist, m.padded)
	picks := rng.Perm(n)[:min(n, bookRowsMax, bookRowsPerWord*m.book.Ksub)]
	e := newEncoder(m, m.gram())
	res := make([]float32, 0, len(picks)*m.padded)
	for tile := range slices.Chunk(picks, tileRows) {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i, row := range tile {
			copy(e.x[i*m.padded:(i+1)*m.padded], x[row*m.padded:])
		}
		e.assign(len(tile))
		for i := range tile {
			r := e.r
			if m.double && i%2 == 1 {
				r = e.r2
			}
			res = append(res, r[i*m.padded:(i+1)*m.padded]...)
		}
	}
	return m.lloydBook(ctx, res, len(picks), workers, rng)
}

// lloydBook runs k-means in all sub-spaces at once.
func (m *Model) lloydBook(ctx context.Context, res []float32, n, workers int, rng *rand.Rand) error {
	b := &m.book
	b.Words = make([]float32, b.M*b.Ksub*b.Dsub)
	for s := range b.M {
		first := rng.Perm(n)
		for k := range b.Ksub {
			row := first[k%n]
			copy(b.Words[(s*b.Ksub+k)*b.Dsub:][:b.Dsub], res[row*m.padded+s*b.Dsub:])
		}
	}
	codes := make([]byte, n*b.M)
	for range bookRounds {
		b.Norms = norms(m.level, b.Words, b.M*b.Ksub, b.Dsub)
		g, ctx := guard.NewGroup(ctx)
		for w := range workers {
			g.Go("encode for the codebook", func() error {
				lo, hi := n*w/workers, n*(w+1)/workers
				for ; lo < hi; lo += tileRows {
					if err := ctx.Err(); err != nil {
						return err
					}
					t := min(tileRows, hi-lo)
					m.level.Encode(res[lo*m.padded:], t, *b, codes[lo*b.M:])
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		moveWords(b, res, codes, n, rng)
	}
	return nil
}

// moveWords puts each codeword at the mean of its sub-vectors, and unused ones onto a random row.
func moveWords(b *simd.Codebook, res []float32, codes []byte, n int, rng *rand.Rand) {
	d := b.M * b.Dsub
	sums, counts := make([]float32, b.Ksub*b.Dsub), make([]int, b.Ksub)
	for s := range b.M {
		clear(sums)
		clear(counts)
		for i := range n {
			k := int(codes[i*b.M+s])
			counts[k]++
			to := sums[k*b.Dsub : (k+1)*b.Dsub]
			for j, v := range res[i*d+s*b.Dsub:][:b.Dsub] {
				to[j] += v
			}
		}
		for k, count := range counts {
			word := b.Words[(s*b.Ksub+k)*b.Dsub:][:b.Dsub]
			if count == 0 {
				copy(word, res[rng.IntN(n)*d+s*b.Dsub:])
				continue
			}
			for j := range word {
				word[j] = sums[k*b.Dsub+j] / float32(count)
			}
		}
	}
}
