// Package settings holds the run-time settings (GUCs): which there are, how a value is checked and
// printed, and what one session has set. PostgreSQL's own and pgvector's come from facts (facts/),
// ours are declared in own.go; a new setting is one line there.
//
// Read registry.go (definitions), own.go (ours and what differs from PostgreSQL's defaults), value.go
// (parsing, units, printing) and session.go (levels: default, role, startup, session, transaction,
// SET LOCAL).
//
// The registry is read-only after start. A Session belongs to one connection and is not safe for
// concurrent use.
package settings
