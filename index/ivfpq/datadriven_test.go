package ivfpq_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vecdb/vecdb/index/distance/simd"
	"github.com/vecdb/vecdb/index/ivfpq"

	pvfs "github.com/cockroachdb/pebble/v2/vfs"
)

// TestWork runs testdata/*: goldens of what a build writes and of the work that a search does.
//
//	train rows=N dims=D [partitions=P] [bits=B] [metric=l2|ip|cosine] [single]
//	segment from=A to=B          builds a segment of these rows and adds it to the searcher
//	search row=R k=K probes=P [refine=F] [every=E] [fixed]
//
// every=E filters to each E-th row. Distances are printed to two digits.
func TestWork(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("other machines fuse multiplications and additions, which shows in the goldens")
	}
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		w := &work{fs: pvfs.NewMem()}
		datadriven.RunTest(t, path, func(t *testing.T, td *datadriven.TestData) string {
			switch td.Cmd {
			case "train":
				return w.train(t, td)
			case "segment":
				return w.segment(t, td)
			case "search":
				return w.search(t, td)
			}
			td.Fatalf(t, "unknown command")
			return ""
		})
	})
}

// work is the state of one file of commands.
type work struct {
	fs pvfs.FS
	b  built
	ss []*ivfpq.Segment
}

func intArg(td *datadriven.TestData, name string, otherwise int) int {
	td.MaybeScanArgs(&testing.T{}, name, &otherwise)
	return otherwise
}

func (w *work) train(t *testing.T, td *datadriven.TestData) string {
	w.b.data = clustered(1, intArg(td, "rows", 0), intArg(td, "dims", 0))
	p := ivfpq.Params{
		NumPartitions: intArg(td, "partitions", 0), NumBits: intArg(td, "bits", 0), Workers: 1,
		SingleAssignment: td.HasArg("single"),
	}
	metric := "l2"
	td.MaybeScanArgs(t, "metric", &metric)
	for p.Metric.String() != metric {
		p.Metric++
	}
	// The Go kernels, so that no rounding of vector units shows.
	w.b.model, w.ss = train(t, w.b.data, p.At(simd.Reference)), nil
	return w.b.model.String() + "\n"
}

func (w *work) segment(t *testing.T, td *datadriven.TestData) string {
	ctx := context.Background()
	from, to := intArg(td, "from", 0), intArg(td, "to", 0)
	name := fmt.Sprint("s", len(w.ss))
	b := ivfpq.NewBuilder(w.b.model, w.fs, name, ivfpq.BuilderOptions{OmitModel: len(w.ss) > 0})
	if err := b.Add(ctx, w.b.ids()[from:to], w.b.vectors[from*w.b.dims:to*w.b.dims]); err != nil {
		return err.Error() + "\n"
	}
	if err := b.Finish(ctx); err != nil {
		return err.Error() + "\n"
	}
	s, err := ivfpq.OpenSegment(w.fs, name)
	if err != nil {
		t.Fatal(err)
	}
	w.ss = append(w.ss, s)
	if w.b.searcher, err = ivfpq.NewSearcher(w.b.model, w.ss...); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("rows=%d bytes=%d model=%v\n", s.Rows(), s.Bytes(), s.HasModel())
}

func (w *work) search(t *testing.T, td *datadriven.TestData) string {
	query := w.b.vec(intArg(td, "row", 0))
	o := ivfpq.Options{
		K: intArg(td, "k", 1), NProbe: intArg(td, "probes", 0), Refine: intArg(td, "refine", 0),
		FixedProbes: td.HasArg("fixed"), Vectors: &stored{data: w.b.data, q: w.b.model.Metric().NewQuery(query)},
	}
	if every := intArg(td, "every", 0); every > 0 {
		o.Filter, o.FilterRows = w.b.bitmap(func(i int) bool { return i%every == 0 })
	}
	got, stats, err := w.b.searcher.Search(context.Background(), query, o, nil)
	if err != nil {
		return err.Error() + "\n"
	}
	var out strings.Builder
	for _, n := range got {
		fmt.Fprintf(&out, "row %d: %.2f\n", n.Row, n.Distance)
	}
	fmt.Fprintf(&out, "partitions=%d codes=%d refined=%d bytes=%d\n", stats.Partitions, stats.Codes, stats.Refined,
		stats.Bytes)
	return out.String()
}
