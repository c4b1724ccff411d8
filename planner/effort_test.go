package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/schema"
)

// hnsw.ef_search raises the recall that searches of an hnsw index aim at, never lowers it, and says nothing to others.
func TestRecallOfEfSearch(t *testing.T) {
	f := func(method string, e planner.SearchEffort, want float64) {
		t.Helper()
		if got := e.Recall(&schema.Index{Method: method}); got != want {
			t.Errorf("%s %+v: %v, want %v", method, e, got, want)
		}
	}
	f("ivfpq", planner.SearchEffort{}, planner.DefaultRecall)
	f("hnsw", planner.SearchEffort{}, planner.DefaultRecall)
	f("hnsw", planner.SearchEffort{EfSearch: 40}, 0.975)
	f("hnsw", planner.SearchEffort{EfSearch: 40, TargetRecall: 0.99}, 0.99)
	f("hnsw", planner.SearchEffort{EfSearch: 10, TargetRecall: 0.8}, 0.9)
	f("hnsw", planner.SearchEffort{EfSearch: 1, TargetRecall: 0.5}, 0.5)
	f("hnsw", planner.SearchEffort{EfSearch: 1000}, 0.999)
	f("ivfpq", planner.SearchEffort{EfSearch: 1000}, planner.DefaultRecall)
	f("ivfflat", planner.SearchEffort{EfSearch: 1000, ListProbes: 7}, planner.DefaultRecall)
}

// ivfflat.probes is the part of the declared lists, 100 by default, that a search of an ivfflat index reads at least.
func TestLeastProbes(t *testing.T) {
	f := func(method, lists string, probes, partitions, want int) {
		t.Helper()
		ix := &schema.Index{Method: method}
		if lists != "" {
			ix.Options = map[string]string{"lists": lists}
		}
		e := planner.SearchEffort{ListProbes: probes}
		if got := e.LeastProbes(ix, partitions); got != want {
			t.Errorf("%s lists %q, %d probes: %d of %d partitions, want %d", method, lists, probes, got, partitions, want)
		}
	}
	f("ivfflat", "", 0, 50, 0)
	f("ivfflat", "", 10, 50, 5)
	f("ivfflat", "", 1, 50, 1)
	f("ivfflat", "", 3, 50, 2)
	f("ivfflat", "", 100, 50, 50)
	f("ivfflat", "", 32768, 50, 50)
	f("ivfflat", "1000", 100, 50, 5)
	f("ivfflat", "20", 10, 20, 10)
	f("ivfflat", "20", 20, 20, 20)
	f("ivfflat", "20", 10, 0, 0)
	f("ivfpq", "20", 10, 20, 0)
	f("hnsw", "", 10, 20, 0)
}
