// Package exec runs plans: it builds operators for the nodes of a planner.Plan and pulls batches of
// rows through them. It also has the data-modifying statements with their constraints and foreign
// keys.
//
// Read operator.go (what an operator is and who owns a batch), runtime.go (one execution), build.go
// (plan nodes to operators), then rows.go and hash.go (the two containers that everything which keeps
// rows uses), and the operators by family: scan.go, indexscan.go, annscan.go; filter.go, limit.go,
// funcscan.go; order.go, sort.go; join.go, hashjoin.go, loopjoin.go; aggregate.go, distinct.go, setop.go;
// window.go; cte.go, subquery.go; modify.go, insert.go, update.go, foreignkey.go, lockrows.go. spill.go,
// spool.go, growing.go and rowparts.go have temporary files, sqlstate.go the one table from errors below to SQLSTATEs,
// actual.go what EXPLAIN ANALYZE measures.
//
// Operators belong to one execution and one goroutine; plans are shared. Every operator that keeps
// rows counts them against the statement's work_mem and goes to temporary files above it. Cancel is
// looked at once a batch, where rows come from.
package exec
