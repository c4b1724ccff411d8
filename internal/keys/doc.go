// Package keys is the order-preserving codec: bytes.Compare on encoded keys orders as the values do.
// It is a leaf that BTree entries, table rows and sort runs are built on, and its encodings are on
// disk, so they never change (docs/format/keys.md is the page of the format).
//
// Read keys.go. Every encoding is self-delimiting, so that values can follow each other and a prefix of columns is
// a prefix of bytes. Functions append to a caller's slice and keep nothing; they are safe for many
// goroutines. Decoders return ErrMalformed, never panic, whatever bytes they are given.
package keys
