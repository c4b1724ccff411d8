// Package vfs is how vecdb reaches files: Pebble's vfs.FS, so that one in-memory file system, one
// crash clone and one fault injector test everything that touches a disk, and beside it Map, which
// gives a whole file as one slice of bytes.
//
// Read map.go, then coldness.go (when to read ahead) and space.go (full devices). On a real file system Map is a memory map with random-access advice; on any other it
// is a copy of the file in memory. Whoever maps a file closes the Mapping, after the last slice of
// its Data is out of use. A Mapping is safe for many goroutines.
//
// An I/O error under a memory map is a signal, not an error value. Touch reads one byte of every page
// where that signal can be caught, so bytes are touched first and then given to code (C, kernels)
// that cannot catch it.
package vfs
