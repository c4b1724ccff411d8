// Package fn is the library of functions, operators, casts and aggregates. The names, arguments and
// flags of all of them are PostgreSQL's and pgvector's own, embedded as data (facts/); what we can run
// has a kernel, joined to its declaration by signature. Resolution by rule over these tables (package
// bind) is what makes a new function one line plus one kernel.
//
// Read fn.go (what an entry is, what kernels, aggregates and window functions promise), env.go (what
// kernels may ask of session and catalog), registry.go, classes.go and attach.go (how facts become
// tables), kernel.go (adaptors from a function of one row to a kernel), tables.go (the list of
// families), then the families: compare.go, integer.go, float.go, numeric.go, text.go, like.go,
// regex.go, datetime.go, json.go, array.go, vector.go, sparsevec.go, bit.go, system.go and the aggregates agg*.go.
//
// Entries are read-only after start and serve many goroutines. A kernel keeps no state between calls;
// an aggregate's State belongs to one operator. Strings that kernels return are never changed.
package fn
