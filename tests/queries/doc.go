// Package queries runs the questions that people ask of a database of orders, people and events, whole: joins over many
// tables, correlated subqueries, windows, recursion, documents. What is wanted is what PostgreSQL answers (tests/dbtest).
// Read trade_test.go, then analysis_test.go.
//
// The package has no code of its own.
package queries
