// Package wire runs scripts of protocol messages against a server: what a client sends, and all that
// comes back until a message of some type. The same files run on vecdb and on PostgreSQL, so that the
// expected answers are PostgreSQL's. Read script.go (the commands of a script), render.go (how answers
// are written) and wire_test.go.
//
// `go test ./tests/wire` builds and starts a server. With VECDB_DSN=postgres://... the files run on that
// server, and with -rewrite its answers become the expected ones. Where vecdb differs on purpose, or has
// its own words, the section is in a file whose name ends in .vecdb and runs there only.
//
// A Script belongs to one goroutine and closes its connections in Close.
package wire
