// Package fn is the library of functions, operators, casts and aggregates. The names, arguments and
// flags of all of them are PostgreSQL's and pgvector's own, generated as data; what we can run has a
// kernel beside its declaration. Resolution by rule over these tables (package bind) is what makes a
// new function one entry plus one kernel.
//
// Read fn.go (what an entry is, what a kernel and an aggregate promise) and env.go (what kernels may
// ask of session and catalog), then one file per family of kernels: integer.go, float.go, text.go ...
//
// Entries are read-only after start. A kernel keeps no state and may run on many goroutines; an
// aggregate's State belongs to one operator.
package fn
