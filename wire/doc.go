// Package wire speaks PostgreSQL's frontend/backend protocol 3.0 and drives whatever implements
// wire/backend. It knows messages, authentication, the order of replies and the bytes of rows; it runs
// no query and knows no SQL.
//
// Read server.go (listening, limits, shutdown, cancel), conn.go (a connection's life and its message
// loop), startup.go and auth.go, simple.go and extended.go (the two query protocols), rows.go (batches
// to DataRow), copy.go and errors.go.
//
// A connection is one goroutine and two small buffers. Output gathers in a buffer of the connection that
// is written at Sync, Flush, the end of a simple query, or when it passes a limit, so pipelined
// statements cost one write. Only Server's methods may be called from several goroutines.
package wire
