// Package eval has bound expressions and runs them over column batches. A bound expression knows the
// function behind every call and the type of every node; its columns are statement-wide ids that the
// compiler turns into positions.
//
// Read expr.go (the nodes), walk.go (visiting, rewriting, comparing), fold.go (constants), then program.go
// (Program and Runtime, the rules of results and selections) and compile.go (what depends on what, and
// is therefore computed once). The nodes stand in leaf.go, call.go, compare.go, logic.go,
// conditional.go, row.go, record.go, array.go, anyall.go, set.go, cast.go and subquery.go.
//
// Expressions are immutable once bound and may be shared; a compiled Program belongs to one operator
// and owns the columns that it returns until its next call. What a subtree without columns gives is
// kept per Runtime, so every execution of a statement has a Runtime of its own. Kernels see only the rows
// that are selected, and CASE, AND, OR and COALESCE narrow the selection, so an error is raised only
// for a row whose value is needed.
package eval
