// Package planner turns a bound statement into a physical plan. It is pure: a bound tree, the catalog
// with its statistics and the session's settings go in, an immutable Plan comes out, and nothing is read
// from a file. Plans are built anew into operators by package exec for each execution, so one Plan may be
// cached and run by many goroutines.
//
// Read plan.go (the entry and the settings) and node.go with node_scan.go and node_dml.go
// (what a plan is made of). A statement then goes through three stages:
//
//   - rewriting, by the named rules listed in rules.go: fold.go, inline.go, decorrelate.go, pushdown.go and prune.go.
//     Each rule can be turned off by name, and tests ask which rule has fired.
//   - choosing, bottom up: physical.go and, by node, grouping.go, setop.go, cte.go, funcscan.go and modify.go;
//     joingraph.go and joinplan.go for joins; access.go, indexmatch.go and indexpred.go for BTree indexes; ann.go, effort.go,
//     annjoin.go and annlateral.go for distance searches; order.go for sorts that an input already satisfies. stats.go,
//     selectivity.go and cost.go estimate.
//   - showing: explain.go and describe.go print a plan as PostgreSQL's EXPLAIN does.
//
// All of them use walk.go, maprel.go, expr.go, typeinfo.go and colset.go.
//
// Columns are known by statement-wide ids, never by position; exec resolves ids when it builds
// operators. A column that a node uses and that none of its inputs has belongs to an enclosing query
// or to the left side of a lateral join, and is a parameter of the subtree.
package planner
