// Package catalog is the set of schema objects of a store: databases, roles, namespaces, tables,
// views, sequences, indexes and extensions, as the records of sql/schema.
//
// A Catalog is an immutable snapshot. With returns a changed one and shares all that did not change,
// so a statement can hold the catalog it was planned with while others alter tables. Look-ups by OID
// and by name are one map access; lists are sorted by name or OID.
//
// Read catalog.go (the snapshot), change.go (With), list.go (lists), deps.go (what depends on what, for
// DROP), record.go (the bytes of an object in Pebble), bootstrap.go (the content of a new store),
// stats.go (table statistics), persist.go (the persistent map underneath).
//
// Everything here is safe for many goroutines. The objects belong to the catalog and are never
// changed; whoever alters a table puts a new record.
package catalog
