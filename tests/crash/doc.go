// Package crash stops the store after any write, sync or rename and looks at what a restart finds: every
// acknowledged commit, no half transaction, indexes that agree with the table, no stray file.
//
// Read run_test.go (a seeded list of operations and what they must leave), crash_test.go (a crash is a
// clone of the in-memory file system at that moment that keeps 0, 50 or 100 % of what was not synced),
// fault_test.go (writes that fail while the store lives on). A failure prints the seed that replays it.
package crash
