package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Which locking clauses keep which others off, told by NOWAIT from a second session.
func TestRowLockStrengths(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (id int primary key, v int); insert into t values (1, 10), (2, 20), (3, 30)")
	other := db.Beside()
	const locked = `55P03: could not obtain lock on row in relation "t"`
	modes := []string{"update", "no key update", "share", "key share"}
	// By held mode: the modes that are refused.
	refused := map[string][]string{
		"update": modes, "no key update": modes[:3], "share": modes[:2], "key share": modes[:1],
	}
	for _, held := range modes {
		for _, wanted := range modes {
			db.Must("begin; select * from t where id = 1 for " + held)
			want := "1|10"
			for _, r := range refused[held] {
				if r == wanted {
					want = locked
				}
			}
			other.Is("select * from t where id = 1 for "+wanted+" nowait", want)
			other.Is("select id from t where id < 3 order by id for "+wanted+" skip locked",
				map[bool]string{true: "2", false: "1; 2"}[want == locked])
			other.Is("select id from t where id = 2 for "+wanted+" nowait", "2")
			db.Must("commit")
			other.Is("select id from t where id = 1 for "+wanted+" nowait", "1")
		}
	}
}

// Locks are of the rows that come out, of the tables that are named, and go with the transaction or its savepoint.
func TestRowLockScope(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (id int primary key, v int); create table u (id int, w int);
		insert into t values (1, 10), (2, 20), (3, 30); insert into u values (1, 100), (2, 200)`)
	other := db.Beside()
	free := func(want string) {
		t.Helper()
		other.Is("select 't' || id from t order by id for update skip locked", want)
	}
	f := func(query, want, left string) {
		t.Helper()
		db.Must("begin")
		db.Is(query, want)
		free(left)
		db.Must("commit")
		free("t1; t2; t3")
	}
	f("select id from t where v > 10 order by id for update", "2; 3", "t1")
	f("select id from t order by id limit 1 for update", "1", "t2; t3")
	f("select id from t order by id limit 1 offset 1 for update", "2", "t3")
	f("select t.id, w from t join u on t.id = u.id order by 1 for update of t", "1|100; 2|200", "t3")
	f("select t.id, w from t join u on t.id = u.id order by 1 for update of u", "1|100; 2|200", "t1; t2; t3")
	f("select t.id, w from t left join u on t.id = u.id order by 1 for update of t", "1|100; 2|200; 3|<null>", "")
	f("select * from (select id from t where id = 3 for update) x", "3", "t1; t2")
	f("with c as (select id from t where id = 3 for update) select * from c", "3", "t1; t2")
	f("select id from t where id = 1 for share", "1", "t2; t3")
	f("select id from t where false for update", "", "t1; t2; t3")
	f("update t set v = v where id = 2", "UPDATE 1", "t1; t3")
	f("delete from u where id = 1", "DELETE 1", "t1; t2; t3")
	f("select id from t where id = 1 for update; select id from t where id = 1 for key share", "1", "t2; t3")
}

// Where a locking clause cannot say which rows it means, it is refused.
func TestRowLockErrors(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (id int primary key, v int); create view w as select id from t; insert into t values (1, 1)")
	f := func(query, want string) {
		t.Helper()
		db.Is(query, want)
	}
	f("select distinct v from t for update", "0A000: FOR UPDATE is not allowed with DISTINCT clause")
	f("select v from t group by v for update", "0A000: FOR UPDATE is not allowed with GROUP BY clause")
	f("select count(*) from t for update", "0A000: FOR UPDATE is not allowed with aggregate functions")
	f("select row_number() over () from t for update", "0A000: FOR UPDATE is not allowed with window functions")
	f("select generate_series(1, 2) from t for share",
		"0A000: FOR SHARE is not allowed with set-returning functions in the target list")
	f("select id from t union select 2 for update", "0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT")
	f("select id from t for update of nope", `42P01: relation "nope" in FOR UPDATE clause not found in FROM clause`)
	f("select id from t x for update of t", `42P01: relation "t" in FOR UPDATE clause not found in FROM clause`)
	f("select id from t x for update of x", "1")
	f("select x from generate_series(1, 2) x for update", "1; 2")
	f("select * from w for update", "1")
	f("select id from t for update for share", "1")
	f("select id from t for no key update of t nowait", "1")
	db.Must("begin read only")
	f("select id from t for update", "25006: cannot execute SELECT FOR UPDATE in a read-only transaction")
	db.Must("rollback")
}

// SKIP LOCKED hands out the rows of a queue once, whoever asks.
func TestQueueBySkipLocked(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table jobs (id int primary key, done bool default false);
		insert into jobs select generate_series(1, 1100)`)
	workers := []*dbtest.Session{db.Session, db.Beside(), db.Beside()}
	const next = "select id from jobs where not done order by id limit 2 for update skip locked"
	for round := range 3 {
		for _, w := range workers {
			w.Must("begin")
		}
		if round == 0 {
			workers[0].Is(next, "1; 2")
			workers[1].Is(next, "3; 4")
			workers[2].Is(next, "5; 6")
			workers[0].Is("update jobs set done = true where id < 3", "UPDATE 2")
		}
		for k, w := range workers {
			w.Must(map[bool]string{true: "commit", false: "rollback"}[k == 0])
		}
	}
	workers[1].Is(next, "3; 4")
	workers[2].Must("begin; select id from jobs for update")
	workers[1].Is(next, "")
	workers[2].Must("rollback")
	workers[1].Is("select count(*) from (select id from jobs for update) x", "1100")
}
