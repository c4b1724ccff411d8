// Package upkeep keeps a store in shape while statements go on: it moves tails into fragments, merges
// small fragments and drops what nobody can see any more, sweeps stale index entries, trims the log,
// and builds, grows, merges and retrains ANN indexes.
//
// Read keeper.go (the steps and which comes first), then vector.go (segments of ivfpq indexes, and how
// CREATE INDEX builds one) and open.go (how a statement gets a searcher).
//
// A Keeper has one goroutine, which Close ends and waits for. Step does one step in the caller's
// goroutine, for tests; steps of one Keeper never overlap. Nothing here holds a lock that a statement
// waits for, except for the moments in which storage installs a result. A failed step is logged and
// tried again later; it fails no statement.
package upkeep
