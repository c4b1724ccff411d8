package pgcatalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// With many tables the system tables are joined by hashing, not row against row, and what describes one object finds it.
func TestManyTables(t *testing.T) {
	db := dbtest.New(t)
	const tables = 400
	var b strings.Builder
	for i := range tables {
		fmt.Fprintf(&b, "create table t%d (id int primary key, name text check (name <> ''), up int references t%d);", i, max(i-1, 0))
	}
	db.Must("begin; " + b.String() + "commit")
	const joined = "from pg_class c join pg_attribute a on a.attrelid = c.oid join pg_constraint k on k.conrelid = c.oid " +
		"where c.relname ~ '^t[0-9]+$' and a.attnum > 0"
	db.Is("select count(*), count(distinct c.oid), count(distinct k.oid) "+joined, "3600|400|1200")
	if plan := db.Ask("explain (costs off) select count(*) " + joined); strings.Contains(plan, "Nested Loop") {
		t.Errorf("%s", strings.ReplaceAll(plan, "; ", "\n"))
	}
	db.Is("select pg_get_constraintdef(oid) from pg_constraint where conname = 't399_up_fkey'", "FOREIGN KEY (up) REFERENCES t398(id)")
	db.Is("select t399::text, pg_typeof(t399)::text, pg_type_is_visible(pg_typeof(t399)) from t399 right join (select) on true",
		"<null>|t399|t")
	db.Is("select relhastriggers, relhasindex from pg_class where relname = 't399'", "t|t")
	db.Is("drop table t398", "2BP01: cannot drop table t398 because other objects depend on it "+
		"DETAIL: constraint t399_up_fkey on table t399 depends on table t398 HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Must("insert into t398 values (1, 'a', null); insert into t399 values (1, 'a', 1)")
	db.Is("delete from t398", "23503: update or delete on table \"t398\" violates foreign key constraint \"t399_up_fkey\" on table \"t399\" "+
		"DETAIL: Key (id)=(1) is still referenced from table \"t399\".")
	db.Must("alter table t399 drop constraint t399_up_fkey")
	db.Is("delete from t398; drop table t398 cascade", "DROP TABLE")
}
