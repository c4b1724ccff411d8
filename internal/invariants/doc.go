// Package invariants states what must hold if our own code is right. Read check.go.
//
// Check gives nil when the condition holds. When it does not, the fault is ours, not the user's and
// not the disk's: a build with the tag invariants panics on the spot, so that tests stop where the
// fault is, and any other build returns an error that wraps ErrBroken, so that one statement fails
// (SQLSTATE XX000) and the server goes on. Code that is too slow for every build looks at Enabled, a
// constant, so that the compiler drops it. All functions are safe for concurrent use.
package invariants
