package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Locks of one session keep the conflicting ones of others off, and never its own; each kind of key is a space of its own.
func TestAdvisoryConflicts(t *testing.T) {
	db := dbtest.New(t)
	other := db.Beside()
	f := func(mine, theirs, want string) {
		t.Helper()
		db.Ask("begin; select " + mine)
		other.Is("begin; select "+theirs, want)
		db.Ask("select " + mine) // its own is never in the way
		other.Must("rollback; select pg_advisory_unlock_all()")
		db.Must("rollback; select pg_advisory_unlock_all()")
	}
	f("pg_advisory_lock(1)", "pg_try_advisory_lock(1)", "f")
	f("pg_advisory_lock(1)", "pg_try_advisory_lock(2)", "t")
	f("pg_advisory_lock(1)", "pg_try_advisory_lock_shared(1)", "f")
	f("pg_advisory_lock(1)", "pg_try_advisory_xact_lock(1)", "f")
	f("pg_advisory_lock_shared(1)", "pg_try_advisory_lock(1)", "f")
	f("pg_advisory_lock_shared(1)", "pg_try_advisory_lock_shared(1)", "t")
	f("pg_advisory_lock_shared(1)", "pg_try_advisory_xact_lock_shared(1)", "t")
	f("pg_advisory_xact_lock(1)", "pg_try_advisory_lock(1)", "f")
	f("pg_advisory_xact_lock(1)", "pg_try_advisory_xact_lock_shared(1)", "f")
	f("pg_advisory_xact_lock_shared(1)", "pg_try_advisory_lock_shared(1)", "t")
	f("pg_advisory_lock(0, 1)", "pg_try_advisory_lock(1)", "t")
	f("pg_advisory_lock(0, 1)", "pg_try_advisory_lock(0, 1)", "f")
	f("pg_advisory_lock(-1, -2)", "pg_try_advisory_lock(-1, -2)", "f")
	f("pg_advisory_lock(-1, -2)", "pg_try_advisory_lock(-2, -1)", "t")
	f("pg_advisory_lock(-9223372036854775808)", "pg_try_advisory_lock(-9223372036854775808)", "f")
	f("pg_advisory_lock(null)", "pg_try_advisory_lock(null)", "<null>")
	f("pg_advisory_lock(1), pg_advisory_lock(2)", "pg_try_advisory_lock(2)", "f")
	f("pg_try_advisory_lock(1)", "pg_try_advisory_lock(1)", "f")
	f("pg_advisory_lock(n) from generate_series(1, 3) n", "pg_try_advisory_lock(n) from generate_series(1, 4) n", "f; f; f; t")
	f("pg_advisory_lock(hashtext('migrations'))", "pg_try_advisory_lock(hashtext('migrations'))", "f")
}

// A lock of the session counts how often it was taken, and stays through the ends of transactions; one of the
// transaction goes with it, or with its savepoint.
func TestAdvisoryScope(t *testing.T) {
	db := dbtest.New(t)
	other := db.Beside()
	taken := func(want string) {
		t.Helper()
		other.Is("select pg_try_advisory_lock(1)", want)
		other.Ask("select pg_advisory_unlock_all()")
	}
	db.Is("select pg_advisory_lock(1)", "")
	db.Is("select pg_advisory_lock(1)", "")
	taken("f")
	db.Is("select pg_advisory_unlock(1)", "t")
	taken("f")
	db.IsHeard("select pg_advisory_unlock(1)", "t")
	taken("t")
	db.IsHeard("select pg_advisory_unlock(1)", "f",
		"WARNING: you don't own a lock of type ExclusiveLock",
	)
	db.IsHeard("select pg_advisory_unlock_shared(1)", "f",
		"WARNING: you don't own a lock of type ShareLock",
	)
	db.Is("begin; select pg_advisory_lock(1); rollback", "ROLLBACK")
	taken("f")
	db.IsHeard("select pg_advisory_unlock_shared(1)", "f",
		"WARNING: you don't own a lock of type ShareLock",
	)
	db.Is("select pg_advisory_unlock_all()", "")
	taken("t")
	db.Is("begin; select pg_advisory_xact_lock(1)", "")
	taken("f")
	db.IsHeard("select pg_advisory_unlock(1)", "f",
		"WARNING: you don't own a lock of type ExclusiveLock",
	)
	db.Is("select pg_advisory_unlock_all()", "")
	taken("f")
	db.Must("commit")
	taken("t")
	db.Must("begin; savepoint s; select pg_advisory_xact_lock(1); select pg_advisory_lock(2); rollback to s")
	taken("t")
	other.Is("select pg_try_advisory_lock(2)", "f")
	db.Must("rollback")
	db.Is("select pg_advisory_xact_lock(1)", "")
	taken("t")
	db.Is("select pg_advisory_lock(1)", "")
	db.Is("discard all; select 1", "25001: DISCARD ALL cannot run inside a transaction block")
	taken("f")
	db.Is("discard all", "DISCARD ALL")
	taken("t")
	third := db.Beside()
	third.Is("select pg_advisory_lock(1)", "")
	taken("f")
	db.Must("begin; set local lock_timeout = '10ms'")
	db.Is("select pg_advisory_lock(1)", "55P03: canceling statement due to lock timeout")
	db.Must("rollback")
	db.Is("set statement_timeout = '10ms'; select pg_advisory_xact_lock(1)", "57014: canceling statement due to statement timeout")
}

// pg_locks shows advisory locks with the parts of their keys.
func TestAdvisoryInLocks(t *testing.T) {
	db := dbtest.New(t)
	db.Must("select pg_advisory_lock(1), pg_advisory_lock_shared(7, -8), pg_advisory_lock(4294967297), pg_advisory_lock(-1); begin; select pg_advisory_xact_lock_shared(1)")
	db.Rows(`select locktype, database = (select oid from pg_database where datname = current_database()), relation, classid, objid, objsubid, mode, granted
		from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() order by objsubid, classid, objid, mode`,
		"advisory|t|<null>|0|1|1|ExclusiveLock|t",
		"advisory|t|<null>|0|1|1|ShareLock|t",
		"advisory|t|<null>|1|1|1|ExclusiveLock|t",
		"advisory|t|<null>|4294967295|4294967295|1|ExclusiveLock|t",
		"advisory|t|<null>|7|4294967288|2|ShareLock|t",
	)
	db.Must("commit; select pg_advisory_unlock_all()")
	db.Is("select count(*) from pg_locks where locktype = 'advisory'", "0")
}

// Who waits for an advisory lock gets it when it is free; two that wait for each other are told, whatever they wait for.
func TestAdvisoryWaits(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t values (1); select pg_advisory_lock(5)")
	other := db.Beside()
	got := make(chan string, 1)
	ask := func(query string) { go func() { got <- other.Ask(query) }() }
	pid := other.Ask("select pg_backend_pid()")
	waits := func(event string) {
		t.Helper()
		for db.Ask("select wait_event from pg_stat_activity where pid = "+pid) != event {
			if t.Context().Err() != nil {
				t.Fatal("nobody waits")
			}
		}
	}
	ask("select pg_advisory_lock(5)")
	waits("advisory")
	db.Is("select pg_blocking_pids("+pid+") = array[pg_backend_pid()]", "t")
	db.Is("select locktype, objid, mode from pg_locks where not granted", "advisory|5|ExclusiveLock")
	db.Must("select pg_advisory_unlock(5)")
	if g := <-got; g != "" {
		t.Fatal(g)
	}
	db.Is("select pg_blocking_pids("+pid+")", "{}")
	db.Must("begin; update t set a = 2")
	ask("update t set a = 3")
	waits("transactionid")
	if g := db.Ask("select pg_advisory_lock(5)"); g == "" { // one of them is told
		if g := <-got; g[:5] != "40P01" {
			t.Fatal(g)
		}
	} else {
		if g[:5] != "40P01" {
			t.Fatal(g)
		}
		db.Must("rollback")
		if g := <-got; g != "UPDATE 1" {
			t.Fatal(g)
		}
	}
}
