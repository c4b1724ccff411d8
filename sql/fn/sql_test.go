package fn_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// newDB is a server with the vector extension whose first session lives in New York.
func newDB(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must("set client_min_messages = error; create extension if not exists vector; reset client_min_messages")
	db.Must("set timezone = 'America/New_York'")
	return db
}

// selecter returns an f-test of select lists: f(list, row), in the words of package dbtest.
func selecter(t *testing.T) func(list, want string) {
	t.Helper()
	db := newDB(t)
	return func(list, want string) {
		t.Helper()
		db.Is("select "+list, want)
	}
}
