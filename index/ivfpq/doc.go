// Package ivfpq is the approximate index for vectors: an inverted file over k-means partitions, with
// product-quantiser codes of 4 or 8 bits that are scanned by vector instructions, two factors per
// entry that turn a table sum into a distance estimate, and re-ranking of the best candidates by the
// stored vectors. Rows go to two partitions (SOAR), which halves the probes a recall needs.
//
// An index is a Model (centroids and codebook, trained once) and segments over it, immutable files
// that are searched together. Files in reading order: params.go (what can be chosen, and defaults),
// model.go, kmeans.go and train.go (training), encode.go (a row becomes entries), builder.go and
// run.go (streaming build in bounded memory), segment.go (docs/format/ivfpq.md), search.go,
// effort.go, refine.go and cursor.go, calibrate.go and curve.go (how recall is measured and promised).
//
// Model, Segment, Searcher and Curve are immutable and safe for many goroutines; a Builder is not. A
// Segment maps its file, and is closed by whoever opened it, after the last search. Vectors given to
// Add and Search stay the caller's.
package ivfpq
