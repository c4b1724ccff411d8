// Package pgcatalog answers pg_catalog and information_schema: the system tables as data computed from
// catalog records and facts, never canned answers. A table is one entry: its name, the columns that its
// provider fills, and the provider; columns left out are null, or their type's zero where PostgreSQL
// has NOT NULL; tables without an entry exist and are empty.
//
// Read relations.go (which relations there are), view.go (what a provider sees), scan.go (running one),
// then the providers by subject: objects.go, attributes.go, indexes.go, types.go, functions.go, access.go,
// cluster.go, activity.go, infoschema.go, and describe.go (pg_get_*def and their kin).
//
// A View is made for one statement and is not safe for concurrent use; everything else is read-only.
package pgcatalog
