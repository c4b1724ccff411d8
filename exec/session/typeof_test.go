package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A literal has the same type when its statement comes again and has a plan for its like.
func TestLiteralsOfStatementsThatComeAgain(t *testing.T) {
	db := dbtest.New(t)
	for range 4 {
		db.Is("select pg_typeof('x'), pg_typeof(null), 'x' is null, pg_typeof(coalesce('a', 'b'))", "unknown|unknown|f|text")
		db.Is("select count('x'), row('a'), json_build_object('a', 'b'), concat('a', 'b')", `1|(a)|{"a" : "b"}|ab`)
	}
}
