package exec_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// contest is two sessions of which the second waits for the first.
type contest struct {
	t     *testing.T
	db    *dbtest.DB
	other *dbtest.Session
	watch *dbtest.Session
	pid   string // of other
}

func newContest(t *testing.T) *contest {
	t.Helper()
	db := dbtest.New(t)
	c := &contest{t: t, db: db, other: db.Beside(), watch: db.Beside()}
	c.pid = c.other.Ask("select pg_backend_pid()")
	return c
}

// meet runs first in a transaction and second beside it until it waits or has its answer, ends the transaction and
// compares what second answers, and what is left.
func (c *contest) meet(first, second, end, want, check, left string) {
	c.t.Helper()
	c.db.Must("begin; " + first)
	answer := make(chan string, 1)
	go func() { answer <- c.other.Ask(second) }()
	for len(answer) == 0 &&
		c.watch.Ask("select wait_event_type = 'Lock' from pg_stat_activity where pid = "+c.pid) != "t" {
		runtime.Gosched()
	}
	c.db.Must(end)
	if got := <-answer; got != want {
		c.t.Errorf("%s, beside it %s, then %s\n got %s\nwant %s", first, second, end, got, want)
	}
	c.db.Is(check, left)
}

// A key that another transaction has inserted or removed is there or not as that transaction ends, whenever it was
// looked at.
func TestInsertBesideAnother(t *testing.T) {
	c := newContest(t)
	c.db.Must("create table t (k int primary key, v int)")
	const dup = `23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (k)=(1) already exists.`
	const all = "select * from t order by k"
	f := func(first, second, end, want, left string) {
		t.Helper()
		c.db.Must("truncate t; insert into t values (5, 50)")
		c.meet(first, second, end, want, all, left)
	}
	f("insert into t values (1, 10)", "insert into t values (1, 11)", "commit", dup, "1|10; 5|50")
	f("insert into t values (1, 10)", "insert into t values (1, 11)", "rollback", "INSERT 0 1", "1|11; 5|50")
	f("insert into t values (1, 10)", "insert into t values (2, 11)", "commit", "INSERT 0 1", "1|10; 2|11; 5|50")
	f("insert into t values (1, 10)", "insert into t values (1, 11) on conflict do nothing", "commit", "INSERT 0 0",
		"1|10; 5|50")
	f("insert into t values (1, 10)", "insert into t values (1, 11) on conflict do nothing", "rollback", "INSERT 0 1",
		"1|11; 5|50")
	f("insert into t values (1, 10)", "insert into t values (1, 11) on conflict (k) do update set v = t.v + excluded.v",
		"commit", "INSERT 0 1", "1|21; 5|50")
	f("delete from t where k = 5", "insert into t values (5, 51)", "commit", "INSERT 0 1", "5|51")
	f("delete from t where k = 5", "insert into t values (5, 51) on conflict (k) do update set v = -1", "rollback",
		"INSERT 0 1", "5|-1")
	f("delete from t where k = 5", "insert into t values (5, 51) on conflict (k) do update set v = -1", "commit",
		"INSERT 0 1", "5|51")
	f("update t set k = 1", "insert into t values (5, 51)", "commit", "INSERT 0 1", "1|50; 5|51")
	f("update t set k = 1", "insert into t values (1, 11)", "commit", dup, "1|50")
	f("update t set v = 60", "insert into t values (5, 1) on conflict (k) do update set v = t.v + 1", "commit",
		"INSERT 0 1", "5|61")
	f("insert into t values (6, 60); commit; begin; delete from t where k = 5", "update t set k = 5 where k = 6", "commit",
		"UPDATE 1", "5|60")
	f("delete from t where k = 5", "begin isolation level repeatable read; insert into t values (5, 51); commit",
		"commit", "COMMIT", "5|51")
	f("delete from t where k = 5; insert into t values (5, 52)", "insert into t values (5, 51)", "commit",
		strings.ReplaceAll(dup, "(1)", "(5)"), "5|52")
	f("savepoint a; delete from t where k = 5; rollback to a", "insert into t values (5, 51)", "commit",
		strings.ReplaceAll(dup, "(1)", "(5)"), "5|50")
	f("select * from t for update", "insert into t values (5, 51)", "commit",
		strings.ReplaceAll(dup, "(1)", "(5)"), "5|50")
	c.db.Must("truncate t")
	c.meet("insert into t select i, i from generate_series(1000, 3000) i",
		"insert into t select i, -i from generate_series(2990, 3010) i on conflict do nothing",
		"commit", "INSERT 0 10", "select count(*), count(*) filter (where v < 0), min(v) from t", "2011|10|-3010")
}

// An UPDATE or DELETE of a row that another changes waits, and then looks at the newest row; at REPEATABLE READ it
// fails.
func TestModifyBesideAnother(t *testing.T) {
	c := newContest(t)
	c.db.Must("create table t (k int primary key, v int)")
	f := func(first, second, end, want, left string) {
		t.Helper()
		c.db.Must("truncate t; insert into t values (1, 10), (2, 20)")
		c.meet(first, second, end, want, "select * from t order by k", left)
	}
	f("update t set v = v + 1 where k = 1", "update t set v = v + 5 where k = 1", "commit", "UPDATE 1", "1|16; 2|20")
	f("update t set v = v + 1 where k = 1", "update t set v = v + 5 where k = 1", "rollback", "UPDATE 1", "1|15; 2|20")
	f("update t set v = 99 where k = 1", "update t set v = 0 where v = 10", "commit", "UPDATE 0", "1|99; 2|20")
	f("update t set v = 99 where k = 1", "delete from t where v < 50", "commit", "DELETE 1", "1|99")
	f("delete from t where k = 1", "update t set v = v + 5", "commit", "UPDATE 1", "2|25")
	f("delete from t where k = 1", "delete from t", "commit", "DELETE 1", "")
	f("delete from t where k = 1", "delete from t returning k", "rollback", "1; 2", "")
	f("update t set v = 11 where k = 1", "select v from t where k = 1 for update", "commit", "11", "1|11; 2|20")
	f("update t set k = 3 where k = 1", "update t set v = -1 where k = 1", "commit", "UPDATE 0", "2|20; 3|10")
	f("select * from t where k = 1 for update", "update t set v = v + 1 where k = 1", "commit", "UPDATE 1", "1|11; 2|20")
	const late = "40001: could not serialize access due to concurrent update"
	c.other.Must("set default_transaction_isolation = 'repeatable read'")
	f("update t set v = 11 where k = 1", "update t set v = v + 1 where k = 1", "rollback", "UPDATE 1", "1|11; 2|20")
	f("select 1", "update t set v = v + 1 where k = 2", "commit", "UPDATE 1", "1|10; 2|21")
	c.db.Must("truncate t; insert into t values (1, 10), (2, 20)")
	c.other.Must("begin; select * from t")
	c.db.Must("update t set v = 99 where k = 1")
	c.other.Is("select v from t where k = 1", "10")
	c.other.Is("update t set v = v + 1 where k = 2", "UPDATE 1")
	c.other.Is("update t set v = v + 1 where k = 1", late)
	c.other.Must("rollback")
	c.db.Is("select * from t order by k", "1|99; 2|20")
}

// A child waits for what becomes of its parent, and a parent for what becomes of its child.
func TestForeignKeysBesideAnother(t *testing.T) {
	c := newContest(t)
	c.db.Must("create table p (id int primary key, v int); create table c (p_id int references p)")
	const noParent = `23503: insert or update on table "c" violates foreign key constraint "c_p_id_fkey" ` +
		`DETAIL: Key (p_id)=(1) is not present in table "p".`
	const hasChild = `23503: update or delete on table "p" violates foreign key constraint "c_p_id_fkey" on ` +
		`table "c" DETAIL: Key (id)=(1) is still referenced from table "c".`
	f := func(first, second, end, want, left string) {
		t.Helper()
		c.db.Must("truncate p, c; insert into p values (1, 1), (2, 2)")
		c.meet(first, second, end, want, "select (select count(*) from p), (select count(*) from c)", left)
	}
	f("delete from p where id = 1", "insert into c values (1)", "commit", noParent, "1|0")
	f("delete from p where id = 1", "insert into c values (1)", "rollback", "INSERT 0 1", "2|1")
	f("insert into c values (1)", "delete from p where id = 1", "commit", hasChild, "2|1")
	f("insert into c values (1)", "delete from p where id = 1", "rollback", "DELETE 1", "1|0")
	f("insert into c values (1)", "update p set v = 5 where id = 1", "commit", "UPDATE 1", "2|1")
	f("insert into c values (1)", "insert into c values (1)", "commit", "INSERT 0 1", "2|2")
	f("insert into p values (3, 3)", "insert into c values (2)", "commit", "INSERT 0 1", "3|1")
	f("update p set id = 9 where id = 1", "insert into c values (1)", "commit", noParent, "2|0")
}

// Of two transactions that wait for each other one fails, and the other goes on.
func TestDeadlock(t *testing.T) {
	c := newContest(t)
	c.db.Must("create table t (k int primary key, v int); insert into t values (1, 0), (2, 0)")
	c.db.Must("begin; update t set v = 1 where k = 1")
	c.other.Must("begin; update t set v = 2 where k = 2")
	answer := make(chan string)
	go func() { answer <- c.other.Ask("update t set v = 2 where k = 1") }()
	mine := c.db.Ask("update t set v = 1 where k = 2")
	c.db.Ask("commit")
	theirs := <-answer
	c.other.Ask("commit")
	const failed = "40P01: deadlock detected"
	switch {
	case mine == "UPDATE 1" && len(theirs) >= len(failed) && theirs[:len(failed)] == failed:
		c.db.Is("select * from t order by k", "1|1; 2|1")
	case theirs == "UPDATE 1" && len(mine) >= len(failed) && mine[:len(failed)] == failed:
		c.db.Is("select * from t order by k", "1|2; 2|2")
	default:
		t.Errorf("one has %s, the other %s", mine, theirs)
	}
}
