//go:build !linux

package wire

// hungUp is not known here: a statement's client is found gone when its result is written.
func hungUp(uintptr) bool { return false }
