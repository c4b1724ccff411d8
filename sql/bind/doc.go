// Package bind gives a parsed statement its meaning: names become columns of relations, calls become
// functions chosen by PostgreSQL's resolution rules (manual, chapter 10) over the tables of package fn,
// literals get types, and the result is a tree of relations (rel.go) and statements (stmt.go).
//
// Read rel.go and stmt.go (what comes out), bind.go (the entry and the scopes), then select.go,
// expr.go, resolve.go (overloads and coercions), dml.go, and deparse.go (trees back to SQL text, for
// views, defaults, checks and EXPLAIN).
//
// Bound trees are immutable; the planner rewrites by building new nodes. Binding reads the catalog
// only through planner/cat and is safe for many goroutines.
package bind
