// Package bind gives a parsed statement its meaning: names become columns of relations, calls become
// functions chosen by PostgreSQL's resolution rules (manual, chapter 10) over the tables of package fn,
// literals get types, and the result is a tree of relations (rel.go) and statements (stmt.go).
//
// Read rel.go and stmt.go (what comes out), bind.go (the entry) and scope.go (what names mean). Then
// queries: select.go, project.go (what stands above WHERE), from.go, cte.go, setop.go, group.go and
// regroup.go, window.go. Expressions: expr.go, call.go, row.go, subquery.go over resolve.go (overloads),
// coerce.go (casts), typename.go and literal.go. Statements that change data: insert.go, conflict.go,
// assign.go, update.go. table.go binds the expressions of table definitions. deparse.go, shown.go,
// viewdef.go and viewfrom.go turn trees back into SQL text, format.go prints them for tests.
//
// Bound trees are immutable; the planner rewrites by building new nodes. Binding reads the catalog
// only through planner/cat. A Binder serves one goroutine at a time; a Cache serves all of them.
package bind
