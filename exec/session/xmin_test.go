package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// xmin is the number of the transaction that wrote the row: the same inside of it, in RETURNING, and ever after, and
// another one after each change. So a mapper knows whether the row is still the one that it has read.
func TestXminIsAToken(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (id int primary key, v text)")
	other := db.Beside()
	token := db.Ask("insert into t values (1, 'a') returning xmin")
	db.Is("select xmin = '"+token+"' from t", "t")
	f := func(s *dbtest.Session, had, want string) {
		t.Helper()
		got := s.Ask("update t set v = v || 'b' where id = 1 and xmin = '" + had + "' returning xmin")
		if want == "" {
			if got != "" {
				t.Errorf("changed with an old token: %s", got)
			}
			return
		}
		if got == "" || got == had {
			t.Fatalf("token %s becomes %q", had, got)
		}
		token = got
		s.Is("select xmin::text from t where id = 1", got)
	}
	first := token
	f(db.Session, token, "new")
	f(db.Session, first, "")
	f(other, token, "new")
	second := token
	// Commits of others between the update and its own commit.
	db.Must("begin")
	f(db.Session, token, "new")
	other.Must("insert into t values (2, 'x'); update t set v = 'y' where id = 2")
	db.Is("select txid_current()::text = xmin::text, xmin = pg_current_xact_id()::xid from t where id = 1", "t|t")
	db.Must("commit")
	other.Is("select xmin::text = '"+token+"' from t where id = 1", "t")
	f(other, second, "")
	f(other, token, "new")
	db.Is("select a.xmin = b.xmin from t a, t b where a.id = 1 and b.id = 2", "f")
	db.Is("begin; update t set v = 'z' where id = 1; rollback; select xmin::text = '"+token+"' from t where id = 1", "t")
	db.Is("insert into t values (3, 'p'), (4, 'q'); select count(distinct xmin::text) from t where id > 2", "1")
	db.Is("delete from t where id = 1 and xmin = '"+first+"'", "DELETE 0")
	db.Is("delete from t where id = 1 and xmin = '"+token+"' returning xmin::text = '"+token+"'", "t")
}

// The numbers stay through a restart, upkeep, and in both orders of commits.
func TestXminStays(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create table t (id int primary key)")
	other := db.Beside()
	db.Must("begin; insert into t values (1)")
	other.Must("begin; insert into t values (2)")
	one, two := db.Ask("select xmin from t where id = 1"), other.Ask("select xmin from t where id = 2")
	db.Must("insert into t values (3)")
	other.Must("commit")
	db.Must("commit; insert into t select generate_series(10, 20)")
	check := func() {
		t.Helper()
		db.Is("select xmin from t where id < 4 order by id", one+"; "+two+"; "+one)
		db.Is("select count(distinct xmin::text), min(xmin::text::int) > "+two+" from t where id > 4", "1|t")
	}
	check()
	db.Restart()
	check()
	db.Settle()
	check()
}

// The other system columns: xmax tells an upsert's new rows from those it changed.
func TestSystemColumns(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (id int primary key, n int); insert into t values (1, 1), (3, 3)")
	db.Is("insert into t values (1, 5), (2, 6) on conflict (id) do update set n = excluded.n returning id, xmax = 0, xmin = pg_current_xact_id()::xid", "1|f|t; 2|t|t")
	db.Is("insert into t values (2, 7) on conflict (id) do update set n = excluded.n where t.n > 100 returning xmax = 0", "")
	db.Is("insert into t values (3, 7), (4, 8) on conflict do nothing returning id, xmax", "4|0")
	db.Is("insert into t values (9, 9) on conflict (id) do update set n = 0 returning *, (xmax = 0) as inserted", "9|9|t")
	db.Is("update t set n = 10 where id = 3 returning xmax, tableoid = 't'::regclass", "0|t")
	db.Is("select xmax, cmin, cmax from t where id = 3", "0|0|0")
	db.Is("select count(*) from t where ctid in (select min(ctid) from t group by id)", "5")
	db.Is("delete from t a using t b where a.ctid > b.ctid and a.id = b.id + 100", "DELETE 0")
	db.Is("select xmin from (select 1) s", `42703: column "xmin" does not exist`)
	db.Is("select t.xmin = u.xmin from t join t u using (id) where id = 3", "t")
	db.Is("create view v as select xmin as token, id from t; select token::text = t.xmin::text from v join t using (id) where id = 1", "t")
	db.Is("delete from t where ctid not in (select max(ctid) from t group by id % 2)", "DELETE 3")
	db.Is("select txid_current_if_assigned()", "<null>")
	db.Is("begin; select txid_current() = txid_current(), txid_current_if_assigned() = txid_current(), pg_current_xact_id()::text = txid_current()::text", "t|t|t")
	db.Is("commit; select xmin = 0 from t where id = 1", "")
	db.Is("select count(*) from pg_class where xmin is not null and relname = 't'", "1")
}
