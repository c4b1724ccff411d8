package session_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// later asks in the background; the answer comes when what the session waits for is over.
func later(s *dbtest.Session, query string) <-chan string {
	answer := make(chan string, 1)
	go func() { answer <- s.Ask(query) }()
	return answer
}

// accounts makes two sessions over a table of two rows.
func accounts(t *testing.T) (db *dbtest.DB, a, b *dbtest.Session) {
	t.Helper()
	db = dbtest.New(t)
	db.Must("create table t (id int primary key, v int)")
	db.Must("insert into t values (1, 10), (2, 20)")
	return db, db.Session, db.Beside()
}

// expect fails the test when an answer is another.
func expect(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

const (
	conflict = "40001: could not serialize access due to concurrent update"
	lost     = "40001: could not serialize access due to concurrent delete"
)

// The anomalies of the SQL standard: which level shows which.
func TestAnomalies(t *testing.T) {
	db, a, b := accounts(t)
	for _, level := range []struct {
		name       string
		repeatable bool
	}{{"read uncommitted", false}, {"read committed", false}, {"repeatable read", true}, {"serializable", true}} {
		db.Must("delete from t; insert into t values (1, 10), (2, 20)")
		seen := func(changed, same string) string {
			if level.repeatable {
				return same
			}
			return changed
		}
		begin := "begin isolation level " + level.name
		// Dirty read: never. Non-repeatable read and phantom: below repeatable read.
		a.Must(begin)
		a.Is("select v from t where id = 1", "10")
		b.Must("begin; update t set v = 11 where id = 1; insert into t values (3, 30)")
		a.Is("select v from t where id = 1", "10")
		b.Must("commit")
		a.Is("select v from t where id = 1", seen("11", "10"))
		a.Is("select count(*) from t where v >= 20", seen("2", "1"))
		a.Must("commit")
		a.Is("select v from t where id = 1", "11")
		// Read skew: two rows of different times.
		a.Must(begin)
		a.Is("select v from t where id = 1", "11")
		b.Must("update t set v = v + 100 where id in (1, 2)")
		a.Is("select v from t where id = 2", seen("120", "20"))
		a.Must("commit")
		// Lost update: read, then write what was computed of it.
		a.Must(begin)
		a.Is("select v from t where id = 1", "111")
		b.Must("update t set v = 1 where id = 1")
		a.Is("update t set v = 112 where id = 1", seen("UPDATE 1", conflict))
		a.Ask("commit")
		a.Is("select v from t where id = 1", seen("112", "1"))
		// The same with a delete, and with a lock.
		a.Must(begin)
		a.Is("select count(*) from t", "3")
		b.Must("delete from t where id = 2; update t set v = 5 where id = 3")
		a.Is("select v from t where id = 3 for update", seen("5", conflict))
		a.Ask("rollback")
		db.Must("insert into t values (2, 20)")
		a.Must(begin)
		a.Is("select count(*) from t", "3")
		b.Must("delete from t where id = 2")
		a.Is("delete from t where id = 2", seen("DELETE 0", lost))
		a.Ask("rollback")
	}
}

// Write skew: each of two transactions reads what the other writes. Serializable lets one of them do it.
func TestWriteSkew(t *testing.T) {
	_, a, b := accounts(t)
	run := func(level string) (second string) {
		a.Must("update t set v = 10")
		a.Must("begin isolation level " + level)
		b.Must("begin isolation level " + level)
		a.Is("select sum(v) from t", "20")
		b.Is("select sum(v) from t", "20")
		a.Is("update t set v = v - 15 where id = 1", "UPDATE 1")
		got := b.Ask("update t set v = v - 15 where id = 2")
		a.Is("commit", "COMMIT")
		if got == "UPDATE 1" {
			got = b.Ask("commit")
		} else {
			b.Ask("rollback")
		}
		return got
	}
	expect(t, run("repeatable read"), "COMMIT")
	if got := run("serializable"); !strings.HasPrefix(got, "40001: could not serialize access") {
		t.Errorf("serializable: %s", got)
	}
	a.Is("select count(*) from t where v < 0", "1")
}

// A READ COMMITTED statement that waited for a row looks at it again: it takes the new values, or leaves the row when
// it no longer fits.
func TestRecheckAfterWaiting(t *testing.T) {
	db, a, b := accounts(t)
	f := func(first, second, answer, left string) {
		t.Helper()
		db.Must("delete from t; insert into t values (1, 10), (2, 20)")
		a.Must("begin; " + first)
		waits := later(b, second)
		a.Must("commit")
		expect(t, <-waits, answer)
		db.Is("select string_agg(id || '=' || v, ' ' order by id) from t", left)
	}
	f("update t set v = v + 1", "update t set v = v * 2", "UPDATE 2", "1=22 2=42")
	f("update t set v = 99 where id = 1", "update t set v = 0 where v = 10", "UPDATE 0", "1=99 2=20")
	f("update t set v = 10 where id = 2", "delete from t where v = 20", "DELETE 0", "1=10 2=10")
	f("delete from t where id = 1", "update t set v = 5", "UPDATE 1", "2=5")
	f("delete from t where id = 1", "select * from t order by id for update", "2|20", "2=20")
	f("update t set id = 3 where id = 1", "update t set v = 0 where id = 1", "UPDATE 0", "2=20 3=10")
	f("insert into t values (3, 30)", "insert into t values (3, 31)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (id)=(3) already exists.`,
		"1=10 2=20 3=30")
	f("insert into t values (3, 30)", "insert into t values (3, 31) on conflict do nothing", "INSERT 0 0",
		"1=10 2=20 3=30")
	f("insert into t values (3, 30)", "insert into t values (3, 31) on conflict (id) do update set v = t.v + excluded.v",
		"INSERT 0 1",
		"1=10 2=20 3=61")
}

// What is rolled back was never there: who waited for it goes on as if it had not been.
func TestWaitForRollback(t *testing.T) {
	db, a, b := accounts(t)
	f := func(level, first, second, answer, left string) {
		t.Helper()
		db.Must("delete from t; insert into t values (1, 10), (2, 20)")
		a.Must("begin; " + first)
		b.Must("begin isolation level " + level)
		b.Is("select 1 from t limit 1", "1")
		waits := later(b, second)
		a.Must("rollback")
		expect(t, <-waits, answer)
		b.Must("commit")
		db.Is("select string_agg(id || '=' || v, ' ' order by id) from t", left)
	}
	for _, level := range []string{"read committed", "repeatable read", "serializable"} {
		f(level, "update t set v = 0", "update t set v = v + 1", "UPDATE 2", "1=11 2=21")
		f(level, "delete from t", "delete from t where id = 1", "DELETE 1", "2=20")
		f(level, "insert into t values (3, 0)", "insert into t values (3, 30)", "INSERT 0 1", "1=10 2=20 3=30")
	}
}

// Of two transactions that wait for each other one is told, and the other goes on.
func TestDeadlock(t *testing.T) {
	db, a, b := accounts(t)
	f := func(firstA, firstB, secondA, secondB string) {
		t.Helper()
		db.Must("update t set v = 0")
		a.Must("begin; " + firstA)
		b.Must("begin; " + firstB)
		waits := later(a, secondA)
		gotB := b.Ask(secondB)
		if strings.HasPrefix(gotB, "40P01: deadlock detected") {
			b.Must("rollback")
			if gotA := <-waits; strings.HasPrefix(gotA, "4") {
				t.Errorf("%s: both were refused: %s", secondA, gotA)
			}
			a.Must("commit")
			return
		}
		// The other was told: it gives up its locks, and this one has come through.
		if gotA := <-waits; !strings.HasPrefix(gotA, "40P01: deadlock detected") {
			t.Errorf("%s | %s: %s | %s", secondA, secondB, gotA, gotB)
		}
		a.Must("rollback")
		b.Must("commit")
	}

	update := func(id int) string { return fmt.Sprintf("update t set v = v + 1 where id = %d", id) }
	f("select * from t where id = 1 for update", "select * from t where id = 2 for update", update(2), update(1))
	f("lock table t in share mode", "lock table t in share mode", update(1), update(2))
	f("insert into t values (11, 0)", "insert into t values (12, 0)", "insert into t values (12, 0)",
		"insert into t values (11, 0)")
}

// Many sessions that add to the same rows lose nothing, whatever the level; who is refused tries again.
func TestNoUpdateIsLost(t *testing.T) {
	const sessions, rounds = 4, 25
	db, _, _ := accounts(t)
	db.Must("update t set v = 0")
	var wg sync.WaitGroup
	for i := range sessions {
		s := db.Beside()
		level := []string{"read committed", "repeatable read", "serializable"}[i%3]
		wg.Go(func() {
			for n := 0; n < rounds; {
				switch got := s.Ask("begin isolation level " + level + "; update t set v = v + 1 where id = 1; update t set v = v - 1 where id = 2; commit"); {
				case got == "COMMIT":
					n++
				case strings.HasPrefix(got, "40"):
					s.Ask("rollback")
				default:
					t.Errorf("%s: %s", level, got)
					return
				}
			}
		})
	}
	wg.Wait()
	db.Is("select v from t order by id", fmt.Sprintf("%d; %d", sessions*rounds, -sessions*rounds))
}
