package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A name of FROM as a value is its row, but of one function with one value it is that value, whatever its column is
// called.
func TestWholeRowOfFunction(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select x from generate_series(1, 2) as x (y)", "1; 2")
	db.Is("select f from json_array_elements_text('[\"a\"]') f", "a")
	db.Is("select f.f, count(f), max(f) from generate_series(1, 2) f group by 1 order by 1", "1|1|1; 2|1|2")
	db.Is("select x from (select 1 as x) x", "1")
	db.Is("select x from (select 1 as y) x", "(1)")
	db.Is("select e from jsonb_each('{\"a\": 1}') e", "(a,1)")
	db.Is("select f from generate_series(1, 2) with ordinality f", "1; 2")
	db.Is("select f from rows from (generate_series(1, 2)) f", "1; 2")
	db.Is("select tag from jsonb_array_elements_text('[\"b\", \"a\"]') tag order by tag", "a; b")
}
