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

// The literal 'now' is the time of the transaction, of the first statement of a session too.
func TestNowLiteral(t *testing.T) {
	db := dbtest.New(t)
	for range 3 {
		s := db.Beside()
		s.Is("select 'now'::timestamptz = now(), 'today'::date = now()::date, 'now'::timestamp = now()::timestamp", "t|t|t")
		s.Is("select 'now'::timestamptz = now(), 'tomorrow'::date - 'today'::date, date 'yesterday' < current_date", "t|1|t")
		s.Must("begin; select pg_sleep(0.001)")
		s.Is("select 'now'::timestamptz = now(), 'now'::timestamptz < clock_timestamp()", "t|t")
		s.Must("commit")
	}
}
