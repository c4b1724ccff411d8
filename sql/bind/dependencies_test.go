package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A view depends on the tables, columns and views that its query names anywhere, and on no others.
func TestViewDependencies(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b text, c int, spare int); create table u (a int, b text, n int)")
	db.Must("create view plain as select a from t where c > 0")
	db.Must("create view over_view as select a + 1 as x from plain")
	db.Must("create view sub as select b from u where a in (select a from t)")
	db.Must("create view with_q as with q as (select n from u) select n from q")
	db.Must("create view sorted as select a from u order by b")
	db.Is("alter table t drop column c",
		`2BP01: cannot drop column c of table t because other objects depend on it `+
			`DETAIL: view plain depends on column c of table t
view over_view depends on view plain HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("alter table t drop column a",
		`2BP01: cannot drop column a of table t because other objects depend on it `+
			`DETAIL: view plain depends on column a of table t
view over_view depends on view plain
view sub depends on column a of table t HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("alter table u drop column n",
		"2BP01: cannot drop column n of table u because other objects depend on it "+
			"DETAIL: view with_q depends on column n of table u HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table u drop column b",
		`2BP01: cannot drop column b of table u because other objects depend on it `+
			`DETAIL: view sub depends on column b of table u
view sorted depends on column b of table u HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("alter table t drop column spare", "ALTER TABLE")
	db.Is("alter table t drop column b", "ALTER TABLE")
	db.Is("drop table t",
		`2BP01: cannot drop table t because other objects depend on it DETAIL: view plain depends on table t
view over_view depends on view plain
view sub depends on table t HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop table u",
		`2BP01: cannot drop table u because other objects depend on it DETAIL: view sub depends on table u
view with_q depends on table u
view sorted depends on table u HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("drop view plain",
		"2BP01: cannot drop view plain because other objects depend on it "+
			"DETAIL: view over_view depends on view plain HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("drop view plain, over_view", "DROP VIEW")
	db.Is("drop view plain cascade", `42P01: view "plain" does not exist`)
	db.Is("alter table t drop column c", "ALTER TABLE")
	db.Is("drop table u cascade", "DROP TABLE")
	db.Is("select count(*) from pg_views where schemaname = 'public'", "0")
}

// Checks, generated columns, indexes and defaults depend on what they name; a column takes those over it alone along.
func TestTableExpressionDependencies(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create sequence q; create table t (a int, b int default nextval('q'), c int check (c > 0), d int, e int)")
	db.Must("alter table t add check (a < d); create index i on t (lower(e::text)); create index p on t (a) where e > 0")
	db.Must("alter table t add g int generated always as (b + 1) stored")
	db.Is("drop sequence q",
		"2BP01: cannot drop sequence q because other objects depend on it "+
			"DETAIL: default value for column b of table t depends on sequence q "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table t drop column b",
		"2BP01: cannot drop column b of table t because other objects depend on it "+
			"DETAIL: column g of table t depends on column b of table t "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table t alter b type bigint",
		`0A000: cannot alter type of a column used by a generated column DETAIL: Column "b" is used by generated column "g".`)
	db.Is("alter table t drop column c", "ALTER TABLE")
	db.Is("alter table t drop column d", "ALTER TABLE")
	db.Is("select conname from pg_constraint where conrelid = 't'::regclass", "")
	db.Is("alter table t drop column e", "ALTER TABLE")
	db.Is("select indexrelid::regclass from pg_index where indrelid = 't'::regclass", "")
	db.Is("alter table t drop column b cascade", "ALTER TABLE")
	db.Is("select attname from pg_attribute where attrelid = 't'::regclass and attnum > 0 and not attisdropped", "a")
	db.Is("drop sequence q", "DROP SEQUENCE")
}
