package pgcatalog_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Arguments and results of functions are shown by the names that their types have without modifiers.
func TestSignatureTypes(t *testing.T) {
	db := dbtest.New(t)
	db.Rows("select proname, pg_get_function_result(oid), pg_get_function_arguments(oid) from pg_proc where oid in (401, 668, 860, 871, 873, 1681, 1680, 2803) order by oid",
		"text|text|character",
		"bpchar|character|character, integer, boolean",
		`bpchar|character|"char"`,
		"upper|text|text",
		"lpad|text|text, integer, text",
		"substring|bit|bit, integer, integer",
		"length|integer|bit",
		"count|bigint|",
	)
}
