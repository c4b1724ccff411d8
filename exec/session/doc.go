// Package session is what the wire drives: connections' settings, transactions, prepared statements,
// portals and cursors, from the text of a statement to batches of rows. It implements wire/backend over
// sql, bind, planner, exec and storage.
//
// Read server.go (the server and its sessions), session.go (one connection), txn.go (the states of a
// transaction), prepare.go (from text to a plan, and the plan cache), portal.go (running one), then the
// utility statements: utility.go (dispatch), advisory.go, set.go, cursor.go, copy.go, explain.go, temporary.go, definition.go (what
// package ddl asks of a session); and catalog.go, env.go and regtypes.go, the session as binding and kernels see it.
//
// A Session belongs to its connection's goroutine; only Cancel, and what Server's lists read, may be
// called from others.
package session
