// Package sql turns query text into statements of our own. The grammar is PostgreSQL's, through
// pg_query; its tree stays behind this package, so that everything above sees only the plain structs
// declared here.
//
// Read statement.go (Statement, Parse), expr.go and query.go (expressions and the data statements),
// ddl.go and utility.go (everything else), then convert*.go (from pg_query's tree), and shape.go (the
// lexer that cuts literals out of a text, for plan caches).
//
// What the grammar knows and we do not execute becomes Unsupported, which names the feature; whether
// a name exists or a type fits is package bind's business. All positions are byte offsets into the
// query string, -1 when unknown. Statements are immutable once parsed and safe to share.
package sql
