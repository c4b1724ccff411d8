package planner

import (
	"math"
	"strconv"

	"github.com/vecdb/vecdb/sql/schema"
)

// SearchEffort is what a session says about the effort of approximate searches. The zero value aims at DefaultRecall.
type SearchEffort struct {
	// TargetRecall is vecdb.target_recall; 0 means DefaultRecall.
	TargetRecall float64
	// Probes and Refine are ivfpq.probes and ivfpq.refine; 0 lets the recall decide.
	Probes, Refine int
	// EfSearch is hnsw.ef_search, for indexes that were made by that name; 0 asks for nothing.
	EfSearch int
	// ListProbes is ivfflat.probes when it has been set, for indexes that were made by that name; 0: it has not.
	ListProbes int
}

// listsDefault is how many lists an ivfflat index of pgvector has that does not say so.
const listsDefault = 100

// Recall is what a search of the index aims at: the target, or what hnsw.ef_search would give in pgvector, if that is more.
// A graph searched with a list of ef candidates finds about 1 - 1/ef of the ten nearest (0.90 at 10, 0.97 at 40, 0.995 at 200).
func (e *SearchEffort) Recall(ix *schema.Index) float64 {
	recall := DefaultRecall
	if e.TargetRecall > 0 {
		recall = e.TargetRecall
	}
	if ix.Method == "hnsw" && e.EfSearch > 0 {
		recall = math.Max(recall, 1-1/float64(e.EfSearch))
	}
	return recall
}

// LeastProbes is how many of an index's partitions a search reads at least: the part that ivfflat.probes is of the lists
// that the index was declared with. All of them mean that the search shall be exact.
func (e *SearchEffort) LeastProbes(ix *schema.Index, partitions int) int {
	if ix.Method != "ivfflat" || e.ListProbes == 0 {
		return 0
	}
	lists, err := strconv.Atoi(ix.Options["lists"])
	if err != nil {
		lists = listsDefault
	}
	return min((e.ListProbes*partitions+lists-1)/lists, partitions)
}
