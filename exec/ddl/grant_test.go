package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// GRANT and REVOKE change the list of privileges, which is empty until the first of them.
func TestGrant(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_u; create role ddl_w")
	db.Must(`create table t (a int); create view v as select a from t; create sequence s; create schema n;
		create table n.t1 (a int); create table n.t2 (a int); create sequence n.s1`)
	acl := func(relation, want string) {
		t.Helper()
		db.Is("select relacl from pg_class where oid = '"+relation+"'::regclass", want)
	}
	f := func(statement, want string) {
		t.Helper()
		db.Is(statement, want)
	}
	acl("t", "<null>")
	f("grant select on t to ddl_u", "GRANT")
	acl("t", "{postgres=arwdDxt/postgres,ddl_u=r/postgres}")
	f("grant insert, update on table t to ddl_u, ddl_w", "GRANT")
	f("grant select on t to public", "GRANT")
	acl("t", "{postgres=arwdDxt/postgres,ddl_u=arw/postgres,ddl_w=aw/postgres,=r/postgres}")
	f("revoke update on t from ddl_u", "REVOKE")
	f("revoke delete on t from ddl_u", "REVOKE")
	acl("t", "{postgres=arwdDxt/postgres,ddl_u=ar/postgres,ddl_w=aw/postgres,=r/postgres}")
	f("revoke all on t from ddl_u, ddl_w, public", "REVOKE")
	acl("t", "{postgres=arwdDxt/postgres}")
	f("grant all privileges on v to ddl_u", "GRANT")
	acl("v", "{postgres=arwdDxt/postgres,ddl_u=arwdDxt/postgres}")
	f("grant usage, select on sequence s to ddl_u", "GRANT")
	acl("s", "{postgres=rwU/postgres,ddl_u=rU/postgres}")
	f("grant select on s to ddl_w", "GRANT")
	acl("s", "{postgres=rwU/postgres,ddl_u=rU/postgres,ddl_w=r/postgres}")
	f("grant usage on schema n to ddl_u", "GRANT")
	f("grant all on schema n to ddl_w", "GRANT")
	db.Is("select nspacl from pg_namespace where nspname = 'n'",
		"{postgres=UC/postgres,ddl_u=U/postgres,ddl_w=UC/postgres}")
	f("grant select on all tables in schema n to ddl_u", "GRANT")
	f("grant usage on all sequences in schema n to ddl_u", "GRANT")
	db.Rows("select relname, relacl from pg_class where relnamespace = 'n'::regnamespace order by 1",
		"s1|{postgres=rwU/postgres,ddl_u=U/postgres}",
		"t1|{postgres=arwdDxt/postgres,ddl_u=r/postgres}",
		"t2|{postgres=arwdDxt/postgres,ddl_u=r/postgres}")
	f("revoke all on all tables in schema n from ddl_u", "REVOKE")
	f("grant truncate, references, trigger on t to ddl_u", "GRANT")
	acl("t", "{postgres=arwdDxt/postgres,ddl_u=Dxt/postgres}")
	f("grant nosuch on t to ddl_u", `42601: unrecognized privilege type "nosuch"`)
	f("grant usage on t to ddl_u", "0LP01: invalid privilege type USAGE for table")
	f("grant select on schema n to ddl_u", "0LP01: invalid privilege type SELECT for schema")
	f("grant insert on sequence s to ddl_u", "0LP01: invalid privilege type INSERT for sequence")
	f("grant select on nosuch to ddl_u", `42P01: relation "nosuch" does not exist`)
	f("grant select on t to nosuch", `42704: role "nosuch" does not exist`)
	f("grant select on all tables in schema nosuch to ddl_u", `3F000: schema "nosuch" does not exist`)
	f("grant usage on sequence t to ddl_u", `42809: "t" is not a sequence`)
	f("grant usage on schema nosuch to ddl_u", `3F000: schema "nosuch" does not exist`)
	f("grant connect on database nosuch to ddl_u", `3D000: database "nosuch" does not exist`)
	f("alter role ddl_u rename to ddl_uu", "ALTER ROLE")
	acl("t", "{postgres=arwdDxt/postgres,ddl_uu=Dxt/postgres}")
	db.Restart()
	acl("t", "{postgres=arwdDxt/postgres,ddl_uu=Dxt/postgres}")
	f("drop owned by ddl_uu, ddl_w", "DROP OWNED")
	f("drop role ddl_uu, ddl_w", "DROP ROLE")
}

// Each statement needs its privilege, and says so.
func TestPrivilegesNeeded(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_r login")
	db.Must(`create table t (a int primary key, b int); create sequence s; create schema n;
		create table n.x (a int); create view v as select a from t`)
	db.Must("insert into t values (1, 1)")
	r := db.Open(t, "ddl_r", "postgres")
	f := func(statement, grant, want, then string) {
		t.Helper()
		r.Is(statement, want)
		db.Must("grant " + grant + " to ddl_r")
		r.Is(statement, then)
	}
	f("select b from t", "select on t", "42501: permission denied for table t", "1")
	f("insert into t values (2, 2)", "insert on t", "42501: permission denied for table t", "INSERT 0 1")
	f("update t set b = 3 where a = 2", "update on t", "42501: permission denied for table t", "UPDATE 1")
	f("delete from t where a = 2", "delete on t", "42501: permission denied for table t", "DELETE 1")
	f("select nextval('s')", "usage on sequence s", "42501: permission denied for sequence s", "1")
	f("select setval('s', 7)", "update on sequence s", "42501: permission denied for sequence s", "7")
	f("select * from n.x", "usage on schema n", "42501: permission denied for schema n",
		"42501: permission denied for table x")
	f("truncate t", "truncate on t", "42501: permission denied for table t", "TRUNCATE TABLE")
	f("create table made (a int)", "create on schema public", "42501: permission denied for schema public", "CREATE TABLE")
	f("select * from v", "select on v", "42501: permission denied for view v", "")
	r.Is("drop table t", "42501: must be owner of table t")
	r.Is("alter table t add c int", "42501: must be owner of table t")
	r.Is("create index on t (b)", "42501: must be owner of table t")
	r.Is("alter table t rename to u", "42501: must be owner of table t")
	r.Is("comment on table t is 'x'", "42501: must be owner of table t")
	r.Is("drop view v", "42501: must be owner of view v")
	r.Is("drop sequence s", "42501: must be owner of sequence s")
	r.Is("alter sequence s restart", "42501: must be owner of sequence s")
	r.Is("alter table made owner to postgres", `42501: must be able to SET ROLE "postgres"`)
	r.Is("alter table made set schema n", "42501: permission denied for schema n")
	r.Is("create table child (a int references t)", "42501: permission denied for table t")
	r.Is("reindex table t", "42501: must be owner of table t")
	r.Is("drop schema n", "42501: must be owner of schema n")
	r.Is("alter schema n rename to m", "42501: must be owner of schema n")
	r.Is("create extension vector",
		`42501: permission denied to create extension "vector" HINT: Must be superuser to create this extension.`)
	r.Is("drop table made", "DROP TABLE")
	r.Is(`select has_table_privilege('t', 'select'), has_table_privilege('t', 'references'),
		has_schema_privilege('n', 'usage'), has_schema_privilege('n', 'create'),
		has_sequence_privilege('s', 'usage'), has_database_privilege(current_database(), 'connect'),
		has_table_privilege('t', 'select, trigger')`,
		"t|f|t|f|t|t|t")
	r.Close()
	db.Must("drop owned by ddl_r; drop role ddl_r")
}
