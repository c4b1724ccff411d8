package session_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A savepoint hides an older one of its name until it is released; ROLLBACK TO keeps it, and takes those after it.
func TestSavepointNames(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int)")
	f := func(script, want, left string) {
		t.Helper()
		db.Must("delete from t")
		db.Is("begin; "+script, want)
		db.Ask("commit")
		db.Is("select string_agg(a::text, ' ' order by a) from t", left)
	}
	f("insert into t values (1); savepoint s; insert into t values (2); rollback to s", "ROLLBACK", "1")
	f("savepoint s; insert into t values (1); rollback to s; insert into t values (2); rollback to s; "+
		"insert into t values (3)",
		"INSERT 0 1", "3")
	f("savepoint s; insert into t values (1); savepoint s; insert into t values (2); rollback to s; release s; "+
		"rollback to s",
		"ROLLBACK", "<null>")
	f("savepoint s; insert into t values (1); savepoint s; insert into t values (2); rollback to s; rollback to s",
		"ROLLBACK", "1")
	f("savepoint a; insert into t values (1); savepoint b; insert into t values (2); rollback to a; rollback to b",
		`3B001: savepoint "b" does not exist`, "<null>")
	f("savepoint a; insert into t values (1); savepoint b; insert into t values (2); release a; rollback to b",
		`3B001: savepoint "b" does not exist`, "<null>")
	f("savepoint a; insert into t values (1); savepoint b; insert into t values (2); release a", "RELEASE", "1 2")
	f("savepoint a; insert into t values (1); release b", `3B001: savepoint "b" does not exist`, "<null>")
	f("savepoint a; insert into t values (1); rollback to savepoint a; release savepoint a; rollback to a",
		`3B001: savepoint "a" does not exist`, "<null>")
	f(`savepoint "A"; insert into t values (1); rollback to a`, `3B001: savepoint "a" does not exist`, "<null>")
	f(`savepoint "A b"; insert into t values (1); rollback to "A b"`, "ROLLBACK", "<null>")
	f("savepoint s; insert into t values (1); rollback transaction to savepoint s", "ROLLBACK", "<null>")
}

// What happened since a savepoint is undone with it: rows, tables, settings, cursors, prepared statements stay.
func TestRollbackToUndoes(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int primary key); create sequence q; insert into t values (1), (2);
		set work_mem = '1MB'; begin; savepoint s`)
	db.Must(`create table u (a int); alter table t add b int default 5; drop table if exists none;
		insert into t values (3, 3)`)
	db.Must(`set work_mem = '2MB'; set local statement_timeout = '1h'; select nextval('q'); prepare p as select 7;
		declare c cursor for select 8`)
	db.Is("select * from t order by a", "1|5; 2|5; 3|3")
	db.Is("rollback to s", "ROLLBACK")
	db.Is("select * from t order by a", "1; 2")
	db.Is("savepoint x; select * from u", `42P01: relation "u" does not exist`)
	db.Is("rollback to x; show work_mem", "1MB")
	db.Is("show statement_timeout", "0")
	db.Is("select nextval('q')", "2")
	db.Is("execute p", "7")
	db.Is("savepoint y; fetch c", `34000: cursor "c" does not exist`)
	db.Is("rollback to y; insert into t values (3)", "INSERT 0 1")
	db.Is("commit; select count(*) from t", "3")
}

// A cursor that is older than the savepoint lives through ROLLBACK TO, at the place that it has come to.
func TestCursorsAndSavepoints(t *testing.T) {
	db := dbtest.New(t)
	db.Must("begin; declare old cursor for select generate_series(1, 5)")
	db.Is("fetch 2 from old", "1; 2")
	db.Must("savepoint s; declare new cursor for select 9")
	db.Is("fetch new", "9")
	db.Is("fetch old", "3")
	db.Must("rollback to s")
	db.Is("fetch old", "4")
	db.Is("savepoint b; fetch new", `34000: cursor "new" does not exist`)
	db.Must("rollback to b; savepoint c; close old; rollback to c")
	db.Is("fetch old", `34000: cursor "old" does not exist`)
	db.Must("rollback; begin; savepoint s; declare kept cursor for select 3; release s")
	db.Is("fetch kept", "3")
	db.Must("rollback; begin; savepoint s; declare held cursor with hold for select 4; rollback to s; commit")
	db.Is("fetch held", `34000: cursor "held" does not exist`)
}

// After an error a savepoint gives the transaction back, as often as need be, and deep ones too.
func TestSavepointAfterErrors(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key); begin")
	for i := range 50 {
		db.Must(fmt.Sprintf("savepoint s; insert into t values (%d)", i))
		db.Is("insert into t values (0)",
			`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(0) already exists.`)
		db.Must("rollback to s")
		if i == 0 {
			db.Must("insert into t values (0)")
		}
		if i%2 == 0 {
			db.Must("release s")
		}
	}
	db.Is("commit", "COMMIT")
	db.Is("select * from t", "0")
	var deep strings.Builder
	for i := range 300 {
		fmt.Fprintf(&deep, "savepoint d%d; insert into t values (%d);", i, 1000+i)
	}
	db.Must("begin;" + deep.String() + "rollback to d100; commit")
	db.Is("select count(*), max(a) from t", "101|1099")
}

// ledger is a model of a table of unique keys with values under transactions and savepoints.
type ledger struct {
	now    map[int]int
	before []mark // savepoints; the first is BEGIN
	failed bool   // the block is
}

type mark struct {
	name string
	rows map[int]int
}

func (l *ledger) find(name string) int {
	for i := len(l.before) - 1; i > 0; i-- {
		if l.before[i].name == name {
			return i
		}
	}
	return -1
}

func (l *ledger) String() string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(l.now)) {
		fmt.Fprintf(&b, "%d=%d ", k, l.now[k])
	}
	return strings.TrimSpace(b.String())
}

// Random inserts, updates and deletes between savepoints leave what a model of them leaves.
func TestSavepointsLikeAModel(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	db := dbtest.New(t)
	db.Must("create table t (k int primary key, v int unique)")
	l := &ledger{now: map[int]int{}}
	for step := range 600 {
		query, fails := l.step(rng, step)
		got := db.Ask(query)
		if isError := len(got) > 6 && got[5] == ':'; isError != fails {
			t.Fatalf("step %d: %s: %s", step, query, got)
		}
		if !l.failed {
			db.Is("select string_agg(k || '=' || v, ' ' order by k) from t", orNull(l.String()))
		}
		if t.Failed() {
			t.Fatalf("after step %d: %s", step, query)
		}
	}
}

func orNull(s string) string {
	if s == "" {
		return "<null>"
	}
	return s
}

// step makes a statement, does to the model what it does, and says whether it is an error.
func (l *ledger) step(rng *rand.Rand, step int) (query string, fails bool) {
	name := string(rune('a' + rng.IntN(3)))
	at := l.find(name)
	switch {
	case len(l.before) == 0:
		l.before = []mark{{"", maps.Clone(l.now)}}
		return "begin", false
	case (l.failed || rng.IntN(8) == 0) && at > 0:
		l.now, l.failed = maps.Clone(l.before[at].rows), false
		l.before = l.before[:at+1]
		return "rollback to " + name, false
	case l.failed || rng.IntN(20) == 0:
		l.now, l.failed = l.before[0].rows, false
		l.before = nil
		return "rollback", false
	case rng.IntN(20) == 0:
		l.before = nil
		return "commit", false
	case rng.IntN(4) == 0:
		l.before = append(l.before, mark{name, maps.Clone(l.now)})
		return "savepoint " + name, false
	case rng.IntN(8) == 0:
		if l.failed = at < 0; !l.failed {
			l.before = l.before[:at]
		}
		return "release " + name, l.failed
	}
	k := rng.IntN(10)
	_, there := l.now[k]
	switch rng.IntN(3) {
	case 0:
		if l.failed = there; !there {
			l.now[k] = step
		}
		return fmt.Sprintf("insert into t values (%d, %d)", k, step), there
	case 1:
		if there {
			l.now[k] = step
		}
		return fmt.Sprintf("update t set v = %d where k = %d", step, k), false
	}
	delete(l.now, k)
	return fmt.Sprintf("delete from t where k = %d", k), false
}

// ROLLBACK TO gives the locks back that were taken since the savepoint, and keeps the older ones; so does an error, at once.
func TestLocksAndSavepoints(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (id int primary key, v int); insert into t values (1, 10), (2, 20), (3, 30); create table u (a int)")
	other := db.Beside()
	free := func(rows, u string) {
		t.Helper()
		other.Is("select id from t order by id for update skip locked", rows)
		other.Is("begin; lock u nowait; rollback", u)
	}
	const locked, unlocked = `55P03: could not obtain lock on relation "u"`, "ROLLBACK"
	db.Must("begin; select from t where id = 1 for update; savepoint a")
	free("2; 3", unlocked)
	db.Must("update t set v = 0 where id = 2; lock u; savepoint b; delete from t where id = 3")
	free("", locked)
	other.Must("rollback")
	db.Must("rollback to b")
	free("3", locked)
	other.Must("rollback")
	db.Must("select from t for update; release b")
	free("", locked)
	other.Must("rollback")
	db.Must("rollback to a")
	free("2; 3", unlocked)
	db.Must("savepoint b; select from t where id > 1 for update")
	free("", unlocked)
	db.Is("select 1 / 0", "22012: division by zero")
	free("2; 3", unlocked)
	db.Is("select 1", "25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Must("rollback to b; update t set v = 5 where id = 3")
	other.Must("update t set v = 6 where id = 2")
	db.Must("commit")
	db.Is("select * from t order by id", "1|10; 2|6; 3|5")
	free("1; 2; 3", unlocked)
	// A stronger lock on a row that was locked before falls back to what it was.
	db.Must("begin; select from t where id = 1 for key share; savepoint a; select from t where id = 1 for update")
	other.Is("select id from t where id = 1 for share skip locked", "")
	db.Must("rollback to a")
	other.Is("select id from t where id = 1 for share skip locked", "1")
	other.Is("select id from t where id = 1 for update skip locked", "")
	db.Must("rollback")
}

// A key that ROLLBACK TO has given up is free for others, and a table changes under who had used it since the savepoint.
func TestKeysAndTablesAfterRollbackTo(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (id int primary key, v int)")
	other := db.Beside()
	db.Must("begin; savepoint a; insert into t values (1, 1); rollback to a")
	other.Is("insert into t values (1, 2)", "INSERT 0 1")
	db.Must("savepoint b; insert into t values (2, 2)")
	db.Is("insert into t values (1, 3)", `23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (id)=(1) already exists.`)
	other.Is("insert into t values (2, 3)", "INSERT 0 1")
	db.Must("rollback to b; insert into t values (5, 5); rollback to a")
	other.Is("alter table t add w int default 7", "ALTER TABLE")
	db.Is("insert into t values (3, 3, 3)", "INSERT 0 1")
	db.Is("select * from t order by id", "1|2|7; 2|3|7; 3|3|3")
	db.Must("rollback to a")
	other.Is("truncate t", "TRUNCATE TABLE")
	db.Is("insert into t values (4, 4, 4)", "INSERT 0 1")
	db.Must("rollback to a")
	other.Is("drop table t; create table t (id text)", "CREATE TABLE")
	db.Is("insert into t values ('x')", "INSERT 0 1")
	db.Is("commit; select * from t", "x")
}
