// Package distance computes distances of float32 vectors: L2, inner product, cosine and L1, pair by
// pair or one query against many rows. SQL's operators and the exact search use it, so that a row
// has the same distance to the bit wherever it is computed.
//
// Read metric.go; the kernels are in distance/simd, the one package with C. Functions here keep no
// state and are safe for many goroutines. Slices given belong to the caller and are not kept.
package distance
