package ivfpq_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/index/ivfpq"
)

// work is the mean recall of searches for ten rows, and the mean work of one.
func (b *built) work(t *testing.T, probes *data, keep func(probe, i int) bool, dead bool) (mean float64, st ivfpq.Stats) {
	t.Helper()
	n := probes.rows()
	for p := range n {
		q := probes.vec(p)
		of := func(i int) bool { return keep(p, i) }
		v := &stored{data: b.data, q: b.model.Metric().NewQuery(q)}
		o := ivfpq.Options{K: 10, Curve: b.curve, Recall: 0.95, Vectors: v}
		if dead {
			v.dead = map[index.RowID]bool{}
			for i := range b.rows() {
				v.dead[b.base+index.RowID(i)] = !of(i)
			}
		} else {
			o.Filter, o.FilterRows = b.bitmap(of)
		}
		got, s, err := b.searcher.Search(context.Background(), q, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := b.exact(b.model.Metric(), q, 10, of)
		if len(got) != len(want) {
			t.Fatalf("%d rows, want %d", len(got), len(want))
		}
		mean += recall(got, want) / float64(n)
		st.Partitions += s.Partitions
		st.Codes += s.Codes
		st.Refined += s.Refined
	}
	st.Partitions, st.Codes, st.Refined = st.Partitions/n, st.Codes/n, st.Refined/n
	return mean, st
}

// ranks are the places of all rows in the order of their distances to each probe.
func (d *data) ranks(m distance.Metric, probes *data) [][]int {
	out := make([][]int, probes.rows())
	for p := range out {
		out[p] = make([]int, d.rows())
		for rank, n := range d.exact(m, probes.vec(p), d.rows(), nil) {
			out[p][int(n.Row-d.base)] = rank
		}
	}
	return out
}

// Whatever a filter has to do with the vectors' places, the recall is kept; and one that has nothing to do with them costs
// little more than the share of rows asks for.
func TestFiltersSettle(t *testing.T) {
	const rows = 20000
	all, probes := clustered(9, rows+30, 32).take(30)
	b := build(t, all, ivfpq.Params{}, ivfpq.BuilderOptions{})
	ranks := all.ranks(distance.L2, probes)
	pivot := all.ranks(distance.L2, &data{dims: all.dims, vectors: all.vec(77)})[0]
	draw := rand.New(rand.NewPCG(1, 2))
	u := make([]float64, rows)
	for i := range u {
		u[i] = draw.Float64()
	}
	f := func(name string, partitions float64, keep func(p, i int) bool) {
		t.Helper()
		mean, st := b.work(t, probes, keep, false)
		most := int(partitions * float64(b.model.NumPartitions()))
		t.Logf("%s: recall %.3f, %+v of %d partitions", name, mean, st, b.model.NumPartitions())
		if mean < 0.95 || st.Partitions > most {
			t.Errorf("%s: recall %.3f, %d partitions read, at most %d wanted", name, mean, st.Partitions, most)
		}
	}
	f("half", 0.2, func(_, i int) bool { return u[i] < 0.5 })
	f("tenth", 0.3, func(_, i int) bool { return u[i] < 0.1 })
	f("hundredth", 0.8, func(_, i int) bool { return u[i] < 0.01 })
	f("around one place", 1, func(_, i int) bool { return pivot[i] < rows/20 })
	f("all but around one place", 0.3, func(_, i int) bool { return pivot[i] > rows/20 })
	f("the farther half", 2, func(p, i int) bool { return ranks[p][i] > rows/2 && u[i] < 0.2 })
	f("the farthest", 1.5, func(p, i int) bool { return ranks[p][i] > rows-rows/50 })
	f("the nearest", 0.2, func(p, i int) bool { return ranks[p][i] < rows/10 })
	f("near and far", 1.5, func(p, i int) bool { return ranks[p][i] < 5 || ranks[p][i] > rows-500 })
}

// Rows that are gone are like a filter that nobody knows: those that are left are found behind them.
func TestDeadRowsSettle(t *testing.T) {
	const rows = 12000
	all, probes := clustered(10, rows+20, 24).take(20)
	b := build(t, all, ivfpq.Params{}, ivfpq.BuilderOptions{})
	ranks := all.ranks(distance.L2, probes)
	f := func(name string, keep func(p, i int) bool) {
		t.Helper()
		mean, st := b.work(t, probes, keep, true)
		t.Logf("%s: recall %.3f, %+v", name, mean, st)
		if mean < 0.95 {
			t.Errorf("%s: recall %.3f", name, mean)
		}
	}
	f("every tenth", func(_, i int) bool { return i%10 != 0 })
	f("half", func(_, i int) bool { return i%2 == 0 })
	f("nine of ten", func(_, i int) bool { return i%10 == 0 })
	f("the nearest 30", func(p, i int) bool { return ranks[p][i] > 30 })
	f("the nearest third", func(p, i int) bool { return ranks[p][i] > rows/3 })
	f("all but the farthest", func(p, i int) bool { return ranks[p][i] > rows-20 })
	f("all", func(_, _ int) bool { return false })
}

// A row with codes in several segments comes once, from the segment whose code is its own.
func TestCodesOfSeveralSegments(t *testing.T) {
	all := clustered(11, 3000, 16)
	b := build(t, all, ivfpq.Params{}, ivfpq.BuilderOptions{})
	moved := clustered(12, 3000, 16)
	w := ivfpq.NewBuilder(b.model, b.fs, "moved", ivfpq.BuilderOptions{OmitModel: true})
	ids := all.ids()[:1500]
	if err := w.Add(context.Background(), ids, moved.vectors[:1500*16]); err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	second, err := ivfpq.OpenSegment(b.fs, "moved")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.Close() }()
	if b.searcher, err = ivfpq.NewSearcher(b.model, b.segment, second); err != nil {
		t.Fatal(err)
	}
	now := &data{dims: 16, base: all.base, vectors: slices.Concat(moved.vectors[:1500*16], all.vectors[1500*16:])}
	mean := 0.0
	for i := 0; i < 3000; i += 250 {
		q := now.vec(i)
		v := &bySegment{stored: stored{data: now, q: distance.L2.NewQuery(q)}, moved: 1500}
		got := b.search(t, q, ivfpq.Options{K: 10, Curve: b.curve, Vectors: v})
		seen := map[index.RowID]bool{}
		for _, n := range got {
			if seen[n.Row] {
				t.Fatalf("row %d twice", n.Row)
			}
			seen[n.Row] = true
		}
		if got[0].Distance != 0 {
			t.Errorf("row %d: the nearest is at %v", i, got[0].Distance)
		}
		mean += recall(got, now.exact(distance.L2, q, 10, nil)) / 12
		if got := b.search(t, q, ivfpq.Options{K: 3000, NProbe: 1 << 16, Vectors: v}); len(got) != 3000 {
			t.Fatalf("%d rows in all", len(got))
		}
	}
	if mean < 0.9 {
		t.Errorf("recall %.3f", mean)
	}
}

// bySegment knows that the first rows have the vectors of the second segment.
type bySegment struct {
	stored
	moved int
}

func (v *bySegment) Distances(ctx context.Context, list []ivfpq.Candidate) error {
	err := v.stored.Distances(ctx, list)
	for i, c := range list {
		list[i].Live = (c.Segment == 1) == (int(c.Row-v.base) < v.moved)
	}
	return err
}
