package ivfpq_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"
	"github.com/vecdb/vecdb/internal/vfs"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// data is a set of vectors whose row ids start at base.
type data struct {
	dims    int
	base    index.RowID
	vectors []float32
	group   []int // the cluster that a row was drawn from
}

func (d *data) rows() int { return len(d.vectors) / d.dims }

func (d *data) vec(i int) []float32 { return d.vectors[i*d.dims : (i+1)*d.dims] }

func (d *data) ids() []index.RowID {
	ids := make([]index.RowID, d.rows())
	for i := range ids {
		ids[i] = d.base + index.RowID(i)
	}
	return ids
}

// clustered draws rows around centres that lie around centres, with a few strong directions, off the
// origin and of unequal length: what makes quantisers err in real data.
func clustered(seed uint64, n, dims int) *data {
	r := rand.New(rand.NewPCG(seed, 77))
	d := &data{dims: dims, base: 1000}
	groups := max(n/100, 1)
	centres := make([]float32, groups*dims)
	weight := make([]float64, dims)
	for j := range weight {
		weight[j] = 1 / math.Sqrt(1+float64(j%32)/4)
	}
	for i := range centres {
		centres[i] = float32(0.5 + r.NormFloat64()*weight[i%dims])
	}
	for range n {
		g := r.IntN(groups)
		long := float32(math.Exp(0.25 * r.NormFloat64()))
		for j := range dims {
			d.vectors = append(d.vectors, long*(centres[g*dims+j]+float32(0.7*r.NormFloat64()*weight[j])))
		}
		d.group = append(d.group, g)
	}
	return d
}

// take splits the last n rows off.
func (d *data) take(n int) (rest, taken *data) {
	at := d.rows() - n
	rest, taken = &data{
		dims: d.dims, base: d.base,
		vectors: d.vectors[:at*d.dims],
	}, &data{dims: d.dims, vectors: d.vectors[at*d.dims:]}
	if d.group != nil {
		rest.group, taken.group = d.group[:at], d.group[at:]
	}
	return rest, taken
}

// stored is a search's access to the vectors.
type stored struct {
	*data
	q    *distance.Query
	dead map[index.RowID]bool
}

func (s *stored) Distances(_ context.Context, list []ivfpq.Candidate) error {
	for i, c := range list {
		list[i].Distance = s.q.Pair(s.vec(int(c.Row - s.base)))
		list[i].Live = !s.dead[c.Row]
	}
	return nil
}

// exact returns the k nearest rows that keep allows.
func (d *data) exact(m distance.Metric, query []float32, k int, keep func(i int) bool) []index.Neighbor {
	q, top := m.NewQuery(query), index.NewTopK(k)
	dist := make([]float64, d.rows())
	q.Rows(d.vectors, dist)
	for i, v := range dist {
		if keep == nil || keep(i) {
			top.Push(d.base+index.RowID(i), v)
		}
	}
	return top.Sorted(nil)
}

// recall is the share of want that got has, rows at the farthest wanted distance being as good.
func recall(got, want []index.Neighbor) float64 {
	if len(want) == 0 {
		return 1
	}
	edge := want[len(want)-1].Distance
	hits := 0
	for _, g := range got {
		if g.Distance <= edge || math.IsNaN(edge) {
			hits++
		}
	}
	return float64(min(hits, len(want))) / float64(len(want))
}

// built is an index over a data set, all in memory.
type built struct {
	*data
	model    *ivfpq.Model
	searcher *ivfpq.Searcher
	segment  *ivfpq.Segment
	curve    *ivfpq.Curve
	fs       vfs.FS
}

func train(t testing.TB, d *data, p ivfpq.Params) *ivfpq.Model {
	t.Helper()
	m, err := ivfpq.Train(context.Background(), p, d.dims, d.rows(), d.sample(t, p), nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (d *data) sample(t testing.TB, p ivfpq.Params) []float32 {
	t.Helper()
	n, err := p.SampleRows(d.dims, d.rows())
	if err != nil {
		t.Fatal(err)
	}
	sample := make([]float32, 0, n*d.dims)
	for i := range n {
		sample = append(sample, d.vec(i*d.rows()/n)...)
	}
	return sample
}

func build(t testing.TB, d *data, p ivfpq.Params, o ivfpq.BuilderOptions) *built {
	t.Helper()
	ctx := context.Background()
	b := &built{data: d, model: train(t, d, p), fs: pvfs.NewMem()}
	o.Calibrate = true
	w := ivfpq.NewBuilder(b.model, b.fs, "segment", o)
	if err := w.Add(ctx, d.ids(), d.vectors); err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	var err error
	if b.segment, err = ivfpq.OpenSegment(b.fs, "segment"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.segment.Close(); err != nil {
			t.Error(err)
		}
	})
	if b.searcher, err = ivfpq.NewSearcher(b.model, b.segment); err != nil {
		t.Fatal(err)
	}
	if b.curve, err = ivfpq.Calibrate(ctx, b.searcher, w.Truth(), nil); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *built) search(t testing.TB, query []float32, o ivfpq.Options) []index.Neighbor {
	t.Helper()
	if o.Vectors == nil {
		o.Vectors = &stored{data: b.data, q: b.model.Metric().NewQuery(query)}
	}
	got, _, err := b.searcher.Search(context.Background(), query, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
