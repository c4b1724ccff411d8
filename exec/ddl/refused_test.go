package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// What PostgreSQL can define and vecdb cannot is refused by its name, and nothing of the statement is done.
func TestDefinitionsUnsupported(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create table p (a int, b int, unique (a, b))")
	db.Must("create unique index p_a on p (a)")
	f := func(statement, feature string) {
		t.Helper()
		db.Is(statement, "0A000: "+feature+" is not supported")
	}
	f("create table t (a int) inherits (p)", "table inheritance")
	f("create table t (a int) partition by range (a)", "CREATE TABLE ... PARTITION BY")
	f("create table t partition of p for values in (1)", "CREATE TABLE ... PARTITION OF")
	f("create table t of point", "CREATE TABLE ... OF type")
	f("create table t (a int, exclude using gist (a with =))", "EXCLUDE constraints")
	f("create table t (a int unique deferrable)", "DEFERRABLE on unique constraints")
	f("create table t (a int, primary key (a) deferrable initially deferred)", "DEFERRABLE on unique constraints")
	f("create table t (a int, b int, foreign key (a, b) references p (a, b) match full)", "MATCH FULL of several columns")
	f("create table t (a point)", "a column of type point")
	f("create table t (a int4range)", "a column of type int4range")
	f("create table t (a tsvector)", "a column of type tsvector")
	f("create view t with (security_invoker) as select a from p", "security_invoker")
	f("create view t as select a from p with check option", "WITH CHECK OPTION")
	f("create view t with (check_option = local) as select a from p", "WITH CHECK OPTION")
	f("create materialized view t as select a from p", "CREATE MATERIALIZED VIEW")
	f("create foreign table t (a int) server s", "CREATE FOREIGN TABLE")
	db.Is("select count(*) from pg_class where relname = 't'", "0")
	f("alter table p enable row level security", "ALTER TABLE ENABLE ROW SECURITY")
	f("alter table p enable trigger x", "ALTER TABLE ENABLE TRIG")
	f("alter table p inherit p", "ALTER TABLE ADD INHERIT")
	f("alter table p no inherit p", "ALTER TABLE DROP INHERIT")
	f("alter table p attach partition p default", "ALTER TABLE ATTACH PARTITION")
	f("alter table p detach partition p", "ALTER TABLE DETACH PARTITION")
	db.Must("create view v as select a from p")
	f("alter view v set (security_invoker = on)", "security_invoker")
	f("alter view v set (check_option = cascaded)", "WITH CHECK OPTION")
}
