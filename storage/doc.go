// Package storage keeps tables: rows in versions, in memory and on disk, with transactions over them.
// Pebble is the only commit point; bulk lies in immutable Arrow files.
//
// Read, in this order: store.go (Open, the data folder), keyspace.go and pebble.go (what lies where),
// state.go (what a statement pins of a table), layout.go, chunk.go and tail.go (rows in memory),
// fragment.go, fragmentfile.go, fragmentwrite.go, ends.go and checksum.go (rows in files), txn.go (snapshots,
// marks), writes.go, insert.go and update.go (pending writes), lock.go, namelock.go and locklist.go, number.go, commit.go and ddl.go (the way to
// the log), reader.go, scan.go and fetch.go (rows by scan and by id), key.go, indexscan.go, rangecache.go, build.go and ingest.go
// (ordered indexes), annstate.go, ann.go and vectors.go (ANN segments, whose content other packages know),
// sequence.go, space.go (full devices), flush.go, merge.go, sweep.go and horizon.go (what upkeep calls), info.go, recover.go. Why it is so: docs/adr/0002 to 0004. Formats: docs/format/store.md
// and fragment.md.
//
// A Store is safe for many goroutines. A Txn and its Readers and Scans belong to one. Readers never wait
// for writers or upkeep. Batches are valid until the next call of what returned them; strings and
// vectors point into chunks and mapped files and are valid until their Reader is closed. Whoever opens a
// Reader, an IndexScan or a VectorSource closes it.
package storage
