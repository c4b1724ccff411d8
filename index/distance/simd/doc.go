// Package simd holds the kernels under distances and vector indexes: pair and block distances, the
// blocked matrix product with its arg-min epilogues, product-quantiser encoding, look-up tables, and
// the scans of 4- and 8-bit codes. It is the one package of the index with cgo: C with vector
// intrinsics, compiled once per instruction set with target attributes and chosen by the Level that
// Best finds at start.
//
// Read level.go, then reference.go and reference_codes.go (what each kernel means, in plain Go), then
// kernels.h and float_template.h (the float kernels, one text for all instruction sets), generic.c,
// avx2.c, avx512.c (the scans), dispatch.c, and cgo.go, which joins the two sides.
//
// A kernel is called for a batch: a call into C costs about 20 ns. Everything is a flat slab with
// offsets; no kernel keeps a pointer, allocates or calls back, and all are safe for many goroutines
// as long as outputs differ. Callers keep a call below a millisecond, since Go cannot interrupt it.
// Slices must be as long as the doc comment of each kernel says: C does not check. Memory maps are
// touched in Go before they are given to a kernel.
package simd
