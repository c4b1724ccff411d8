// Package schema is the shape of schema objects: databases, roles, namespaces, tables, views,
// sequences, indexes, constraints. Plain immutable records that storage/catalog persists and the
// planner reads; a changed object is a new record. Read object.go, then table.go, index.go and
// privilege.go (who may do what with an object).
//
// Every object has a store-wide OID and names its database, so that one store holds many databases.
// Columns are known by their number (attnum), which is never reused: a dropped column stays in the
// list, marked. Expressions (defaults, checks, view queries) are kept as deparsed SQL text with the
// list of objects they depend on; a rename deparses the dependents anew.
package schema
