// Package eval has bound expressions and runs them over column batches. A bound expression knows the
// function behind every call and the type of every node; its columns are statement-wide ids that the
// compiler turns into positions.
//
// Read expr.go (the nodes), walk.go (visiting and rewriting), compile.go and program.go (compiling to
// column programs and the rules of selections and errors), then the files by node family.
//
// Expressions are immutable once bound and may be shared; a compiled Program belongs to one operator.
// Kernels see only the rows that are selected, and CASE, AND, OR and COALESCE narrow the selection, so
// an error is raised only for a row whose value is needed.
package eval
