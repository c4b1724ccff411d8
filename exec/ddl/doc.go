// Package ddl runs the statements that change schema objects: CREATE, ALTER, DROP, COMMENT, GRANT and
// their kin. Each is a change of catalog records inside the session's transaction, so it commits and
// rolls back with it, together with whatever work on rows it needs (index builds, checks of existing
// rows, rewrites).
//
// Read context.go (what a statement runs in, and the dispatch), names.go (from names to objects), then a
// file per kind of object: table.go, column.go, constraint.go, index.go, adoptindex.go, alter.go, rename.go, drop.go,
// view.go, sequence.go, cluster.go (databases, schemas, extensions), role.go, comment.go, grant.go.
//
// A Context belongs to one statement. Records are immutable: each change puts a copy.
package ddl
