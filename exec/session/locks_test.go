package session_test

import (
	"runtime"
	"strings"
	"testing"
)

// Each mode of LOCK TABLE keeps off the modes that PostgreSQL's table of conflicts says, and no other.
func TestLockModes(t *testing.T) {
	_, a, b := accounts(t)
	modes := []string{
		"access share", "row share", "row exclusive", "share update exclusive", "share", "share row exclusive", "exclusive",
		"access exclusive",
	}
	conflicts := []string{ // of the mode with those above, x: yes
		".......x",
		"......xx",
		"....xxxx",
		"...xxxxx",
		"..xx.xxx",
		"..xxxxxx",
		".xxxxxxx",
		"xxxxxxxx",
	}
	for i, held := range modes {
		a.Must("begin; lock table t in " + held + " mode")
		for k, wanted := range modes {
			want := "LOCK TABLE"
			if conflicts[i][k] == 'x' {
				want = `55P03: could not obtain lock on relation "t"`
			}
			b.Must("begin")
			b.Is("lock table t in "+wanted+" mode nowait", want)
			b.Must("rollback")
		}
		a.Must("rollback")
	}
}

// Each strength of a row lock keeps off those that PostgreSQL says: NOWAIT is refused, SKIP LOCKED passes over the row.
func TestRowLocks(t *testing.T) {
	_, a, b := accounts(t)
	strengths := []string{"key share", "share", "no key update", "update"}
	conflicts := []string{"...x", "..xx", ".xxx", "xxxx"}
	for i, held := range strengths {
		a.Must("begin; select * from t where id = 1 for " + held)
		for k, wanted := range strengths {
			nowait, skip := "10; 20", "10; 20"
			if conflicts[i][k] == 'x' {
				nowait, skip = `55P03: could not obtain lock on row in relation "t"`, "20"
			}
			b.Is("select v from t order by id for "+wanted+" nowait", nowait)
			b.Is("select v from t order by id for "+wanted+" skip locked", skip)
		}
		a.Must("rollback")
	}
	// What statements hold: an UPDATE of other columns than the key lets FOR KEY SHARE through.
	f := func(holding, wanted, want string) {
		t.Helper()
		a.Must("begin; " + holding)
		b.Is("select v from t where id = 1 for "+wanted+" skip locked", want)
		a.Must("rollback")
	}
	f("update t set v = 11 where id = 1", "key share", "10")
	f("update t set v = 11 where id = 1", "share", "")
	f("update t set id = 11 where id = 1", "key share", "")
	f("delete from t where id = 1", "key share", "")
	f("select v from t where id = 1 for update", "update", "")
	f("select v from t order by id limit 1 for update", "update", "")
	f("select v from t where id = 2 for update", "update", "10")
}

// lock_timeout ends the wait for a table, a row or a key, wherever it was set; 0 waits on.
func TestLockTimeout(t *testing.T) {
	_, a, b := accounts(t)
	const refused = "55P03: canceling statement due to lock timeout"
	f := func(holding, query string) {
		t.Helper()
		a.Must("begin; " + holding)
		b.Must("set lock_timeout = '10ms'")
		b.Is(query, refused)
		b.Must("set lock_timeout = 0")
		b.Must("begin; set local lock_timeout = '10ms'")
		b.Is(query, refused)
		b.Must("rollback; begin; select 1; set lock_timeout = '10ms'")
		b.Is(query, refused)
		b.Must("rollback")
		a.Must("rollback")
	}
	f("lock table t", "select * from t")
	f("lock table t in share mode", "update t set v = 1")
	f("update t set v = 1", "update t set v = 2")
	f("update t set v = 1", "select * from t for update")
	f("insert into t values (5, 5)", "insert into t values (5, 6)")
	f("select * from t", "drop table t")
	b.Must("set lock_timeout = '10ms'")
	a.Must("begin; update t set v = 1")
	b.Must("reset lock_timeout")
	waits := later(b, "update t set v = v + 1")
	a.Must("commit")
	expect(t, <-waits, "UPDATE 2")
}

// LOCK TABLE names tables and modes; DDL and readers take theirs by themselves, until the transaction ends.
func TestLockTable(t *testing.T) {
	db, a, b := accounts(t)
	db.Must("create table u (a int); create view w as select 1 as x; create sequence s")
	db.Is("begin; lock t, u", "LOCK TABLE")
	db.Is("rollback; begin; lock table none", `42P01: relation "none" does not exist`)
	db.Is("rollback; begin; lock table w", "LOCK TABLE")
	db.Is("rollback; begin; lock table s",
		`42809: cannot lock relation "s" DETAIL: This operation is not supported for sequences.`)
	db.Is("rollback; begin; lock table only t in share mode", "LOCK TABLE")
	db.Is("rollback; begin; lock table t in no mode", `42601: syntax error at or near "no"`)
	db.Is("rollback; lock table t", "LOCK TABLE")
	f := func(holding, wanted string, free bool) {
		t.Helper()
		a.Must("begin; " + holding)
		got := b.Ask("begin; lock table t in " + wanted + " mode nowait")
		if (got == "LOCK TABLE") != free {
			t.Errorf("%s, then %s: %s", holding, wanted, got)
		}
		b.Must("rollback")
		a.Must("rollback")
	}
	f("select * from t", "exclusive", true)
	f("select * from t", "access exclusive", false)
	f("select 1 from u", "access exclusive", true)
	f("select * from t for share", "share row exclusive", true)
	f("select * from t for share", "exclusive", false)
	f("update t set v = 1 where false", "share", false)
	f("update t set v = 1 where false", "row exclusive", true)
	f("prepare p as select * from t; deallocate p", "exclusive", true)
	f("explain delete from t", "row share", true)
	f("create index i on t (v)", "row share", true)
	f("create index i on t (v)", "row exclusive", false)
	f("alter table t add c int", "access share", false)
	f("truncate t", "access share", false)
	f("analyze t", "row exclusive", true)
	f("analyze t", "share update exclusive", false)
	f("copy t to stdout", "access exclusive", false)
}

// SKIP LOCKED makes a queue: two workers take different jobs, and one that is taken back is free again.
func TestQueue(t *testing.T) {
	db, a, b := accounts(t)
	db.Must("create table job (id int primary key, done bool default false); insert into job select generate_series(1, 5)")
	const take = "select id from job where not done order by id limit 2 for update skip locked"
	a.Must("begin")
	a.Is(take, "1; 2")
	b.Must("begin")
	b.Is(take, "3; 4")
	b.Must("update job set done = true where id in (3, 4); commit")
	b.Is(take, "5")
	a.Must("rollback")
	b.Is(take, "1; 2")
	b.Is(`delete from job where id = (select id from job where not done order by id for update skip locked limit 1)
		returning id`,
		"1")
	a.Is(take, "2; 5")
}

// pg_locks shows who holds and who waits.
func TestPgLocks(t *testing.T) {
	db, a, b := accounts(t)
	watch := db.Beside()
	const locks = "select mode, granted from pg_locks where relation = 't'::regclass order by granted desc, mode"
	a.Must("begin; lock table t in exclusive mode")
	watch.Is(locks, "ExclusiveLock|t")
	waits := later(b, "update t set v = 1")
	for len(waits) == 0 && strings.Count(watch.Ask(locks), ";") == 0 {
		runtime.Gosched()
	}
	watch.Is(locks, "ExclusiveLock|t; RowExclusiveLock|f")
	a.Must("commit")
	expect(t, <-waits, "UPDATE 2")
	watch.Is(locks, "")
}
