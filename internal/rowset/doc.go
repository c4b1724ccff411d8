// Package rowset is a set of row ids: what a filter leaves over, handed to a scan or into the
// partition scan of an ANN index. Read set.go.
//
// A Set is a roaring bitmap, so a dense range costs bits and a sparse set costs its members. It is
// not safe for concurrent change; any number of goroutines may read one that no longer changes. The
// binary operations change their receiver and leave their argument alone.
package rowset
