package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// ON COMMIT DELETE ROWS empties a temporary table at each commit, ON COMMIT DROP takes it away; a rollback does neither.
func TestOnCommit(t *testing.T) {
	db := dbtest.New(t)
	db.Is("create temp table d (a int primary key) on commit delete rows", "CREATE TABLE")
	db.Is("create temp table p (a int) on commit preserve rows; insert into p values (1)", "INSERT 0 1")
	db.Is("insert into d values (1); select count(*) from d", "1")
	db.Is("select count(*) from d", "0")
	db.Is("begin; insert into d values (1), (2); select count(*) from d", "2")
	db.Is("savepoint s; delete from d; rollback to s; select count(*) from d", "2")
	db.Is("commit; select count(*) from d", "0")
	db.Is("begin; insert into d values (1); rollback; insert into d values (1)", "INSERT 0 1")
	db.Is("select count(*) from d", "0")
	db.Is("begin; declare c cursor with hold for select a from d; insert into d values (7); commit; fetch all c", "")
	db.Is("begin; insert into d values (7); declare e cursor with hold for select a from d; commit; fetch all e", "7")
	db.Is("begin read only; insert into d values (3); select count(*) from d", "1")
	db.Is("commit; select count(*) from d", "0")
	db.Is("create temp table x (a int) on commit drop; select * from x", "")
	db.Is("begin; create temp table x (a serial primary key, b int) on commit drop; insert into x (b) values (5); create temp view v as select b from x; select * from v", "5")
	db.Is("commit; select * from x", `42P01: relation "x" does not exist`)
	db.Is("select * from v", `42P01: relation "v" does not exist`)
	db.Is("begin; create temp table x on commit drop as select 1 as one; select * from x", "1")
	db.Is("rollback; begin; create temp table x (a int) on commit drop; drop table x; commit", "COMMIT")
	db.Is("create temp table y on commit delete rows as select 1 as one; select count(*) from y", "1")
	db.Is("create table z (a int) on commit drop", "42P16: ON COMMIT can only be used on temporary tables")
	db.Is("select * from p", "1")
	db.Is("create temp table f (a int references d); begin; insert into d values (1); insert into f values (1); commit", `0A000: unsupported ON COMMIT and foreign key combination DETAIL: Table "f" references "d", but they do not have the same ON COMMIT setting.`)
	db.Is("select count(*) from f", `42P01: relation "f" does not exist`)
	db.Is("select relname from pg_class where relname in ('x', 'y', 'd', 'v', 'x_pkey', 'x_a_seq') order by 1", "d; y")
}
