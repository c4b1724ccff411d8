// Package demodata has the data set of `vecdb demo`: 30,000 WordNet definitions and 6,000 words with their
// embeddings, the categories they belong to, and questions in plain words.
//
// table.go lists the tables with their DDL and opens them; batch.go gives their rows, as vectors and as
// the stream of COPY ... (FORMAT binary); searches.go has the searches that the demo shows. The files
// beside it are Arrow IPC with zstd, vectors at half precision; bench/demo_data has the script that
// made them and says where the data comes from. The texts are under LICENSE.wordnet.
//
// A Reader and what it returns belong to one goroutine, and a Batch is valid until the next one is read. The
// files are part of the binary and cost no heap.
package demodata
