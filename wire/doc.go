// Package wire speaks PostgreSQL's frontend/backend protocol 3.0 and drives whatever implements
// wire/backend. It knows messages, authentication, the order of replies and the bytes of rows; it runs
// no query and knows no SQL.
//
// Read server.go (accepting, cancel, shutdown) with limits.go, conn.go (a connection's life and its
// message loop), input.go and output.go (framing, and what is written when) with messages.go and
// buffers.go, startup.go and auth.go, simple.go and extended.go (the two query protocols), rows.go
// (batches to DataRow), copy.go, errors.go and listen.go.
//
// A connection is one goroutine. While it is idle it holds no buffer: those are lent by the server, and
// the goroutine waits for its socket, not for a read. Output gathers until the client waits for it, which
// is when the input is used up after a Sync, a Flush or a simple query, or until it passes a limit; so a
// pipeline costs few writes, and an early answer in it may wait for a later statement.
//
// The statement of a client that has closed its connection is canceled: a watcher asks the sockets of
// statements that run longer than Limits.ClientCheck, on Linux, whether the other side has hung up. One
// that only closes its sending side counts as gone.
//
// Methods of Server may be called from any goroutine. Of a connection, the first block of conn's fields
// may be used from any goroutine, the rest by its own. A panic in a session is logged and told as XX000,
// and ends that connection only.
package wire
