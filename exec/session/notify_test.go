package session_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// heard compares what a session was told since it last was asked; an empty query brings it over a socket.
func heard(t *testing.T, s *dbtest.Session, want ...string) {
	t.Helper()
	s.Ask("select 1")
	if got := strings.Join(s.Heard(), " | "); got != strings.Join(want, " | ") {
		t.Errorf("heard %s\nwant %s", got, strings.Join(want, " | "))
	}
}

// A NOTIFY comes to who listens when its transaction commits, in order, equal ones once.
func TestNotify(t *testing.T) {
	db := dbtest.New(t)
	a, b := db.Beside(), db.Beside()
	a.Must("listen x; listen y")
	b.Must("listen x")
	db.Must("notify x; notify x, 'one'; notify y, 'two'; notify z, 'three'")
	heard(t, a, "x: ", "x: one", "y: two")
	heard(t, b, "x: ", "x: one")
	heard(t, db.Session)
	db.Must("begin; notify x, 'a'; notify x, 'b'; notify x, 'a'")
	heard(t, a)
	db.Must("commit")
	heard(t, a, "x: a", "x: b")
	heard(t, b, "x: a", "x: b")
	db.Must("begin; notify x, 'lost'; rollback")
	db.Must("begin; notify x, 'before'; savepoint s; notify x, 'within'; rollback to s; notify x, 'after'; commit")
	heard(t, a, "x: before", "x: after")
	heard(t, b, "x: before", "x: after")
	if got := db.Ask("notify x, 'string'; select 1/0"); got != "22012: division by zero" {
		t.Error(got)
	}
	heard(t, a)
	// Who sends hears itself.
	a.Must("notify y, 'self'")
	heard(t, a, "y: self")
	// Not while its own transaction is open.
	a.Must("begin")
	db.Must("notify x, 'waits'")
	a.Must("commit")
	heard(t, a, "x: waits")
}

// LISTEN and UNLISTEN take effect at commit, and DISCARD ALL or the end of the session end them.
func TestListen(t *testing.T) {
	db := dbtest.New(t)
	a := db.Beside()
	f := func(query string, listens bool) {
		t.Helper()
		a.Must("unlisten *")
		a.Must(query)
		a.Ask("rollback")
		a.Heard()
		db.Must("notify x")
		if listens {
			heard(t, a, "x: ")
		} else {
			heard(t, a)
		}
	}
	f("listen x", true)
	f("listen x; listen x", true)
	f("listen X", true)
	f(`listen "X"`, false)
	f("listen y", false)
	f("begin; listen x; commit", true)
	f("begin; listen x; rollback", false)
	f("begin; savepoint s; listen x; rollback to s; commit", false)
	f("begin; savepoint s; listen x; release s; commit", true)
	f("listen x; unlisten x", false)
	f("listen x; unlisten y", true)
	f("unlisten x; listen x", true)
	a.Must("unlisten *")
	a.Must("listen x")
	f2 := func(query string, listens bool) {
		t.Helper()
		a.Must(query)
		db.Must("notify x")
		if listens {
			heard(t, a, "x: ")
		} else {
			heard(t, a)
		}
	}
	f2("begin; unlisten x; rollback", true)
	f2("begin; unlisten *; commit", false)
	f2("listen x", true)
	f2("discard all", false)
	gone := db.Beside()
	gone.Must("listen x")
	gone.Close()
	db.Must("notify x") // nobody is there
}

// pg_notify is NOTIFY as a function, and channels and payloads have limits.
func TestNotifyLimits(t *testing.T) {
	db := dbtest.New(t)
	db.Must("listen ch")
	db.Is("select pg_notify('ch', 'x')", "")
	heard(t, db.Session, "ch: x")
	db.Is("select pg_notify('CH', 'x')", "")
	db.Is("select pg_notify('ch', null)", "")
	heard(t, db.Session, "ch: ")
	db.Is("select pg_notify('', 'x')", "22023: channel name cannot be empty")
	db.Is("select pg_notify(null, 'x')", "22023: channel name cannot be empty")
	db.Is("select pg_notify(repeat('c', 63), 'x')", "")
	db.Is("select pg_notify(repeat('c', 64), 'x')", "22023: channel name too long")
	db.Is("select pg_notify('ch', repeat('x', 7999))", "")
	heard(t, db.Session, "ch: "+strings.Repeat("x", 7999))
	db.Is("select pg_notify('ch', repeat('x', 8000))", "22023: payload string too long")
	db.Is("select count(*) from (select pg_notify('ch', (i % 2)::text) from generate_series(1, 100) i) q", "100")
	heard(t, db.Session, "ch: 1", "ch: 0")
}
