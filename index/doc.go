// Package index holds what the vector indexes share: row ids, row bitmaps, the accumulator of the k
// nearest rows, and the errors that callers tell apart. The indexes themselves are in packages of
// their own: ivfpq. They know vectors, codes, row ids and files, and no SQL.
//
// Read row.go, topk.go, errors.go; then ivfpq/doc.go. distance has the metrics and, under it, the
// kernels.
package index
