package upkeep

import "github.com/vecdb/vecdb/storage"

// Limits of which tests stand at the border.
const (
	TrainRowsMin  = trainRowsMin
	MergeCountMin = mergeCountMin
	SmallRows     = smallRows
	MergeRowsMax  = mergeRowsMax
	DeadRowsMin   = deadRowsMin
	RetryAfter    = retryAfter
)

// Choose picks the fragments to merge.
func Choose(all []storage.FragmentInfo) (pick []uint64, dead int) { return choose(all) }
