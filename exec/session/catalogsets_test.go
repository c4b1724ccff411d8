package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// aclexplode takes privileges apart, acldefault has those that nobody granted.
func TestACLFunctions(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`drop role if exists se_acl; drop role if exists "se Acl"; create role se_acl; create role "se Acl"; create table t (a int); grant select, update on t to se_acl; grant insert on t to public; grant delete on t to "se Acl"`)
	const names = "select coalesce(pg_get_userbyid(nullif(grantee, 0)), 'PUBLIC'), pg_get_userbyid(grantor), privilege_type, is_grantable from "
	db.Rows(names+"pg_class c, aclexplode(relacl) where c.oid = 't'::regclass order by 1, 3",
		"PUBLIC|postgres|INSERT|f",
		"postgres|postgres|DELETE|f",
		"postgres|postgres|INSERT|f",
		"postgres|postgres|REFERENCES|f",
		"postgres|postgres|SELECT|f",
		"postgres|postgres|TRIGGER|f",
		"postgres|postgres|TRUNCATE|f",
		"postgres|postgres|UPDATE|f",
		"se Acl|postgres|DELETE|f",
		"se_acl|postgres|SELECT|f",
		"se_acl|postgres|UPDATE|f",
	)
	db.Rows(names+"pg_class c, aclexplode(coalesce(relacl, acldefault('r', relowner))) where c.relname = 'pg_class' order by 1, 3",
		"PUBLIC|postgres|SELECT|f",
		"postgres|postgres|DELETE|f",
		"postgres|postgres|INSERT|f",
		"postgres|postgres|REFERENCES|f",
		"postgres|postgres|SELECT|f",
		"postgres|postgres|TRIGGER|f",
		"postgres|postgres|TRUNCATE|f",
		"postgres|postgres|UPDATE|f",
	)
	db.Rows(names+"aclexplode('{postgres=r*w/postgres,=X/postgres}'::aclitem[])",
		"postgres|postgres|SELECT|t",
		"postgres|postgres|UPDATE|f",
		"PUBLIC|postgres|EXECUTE|f",
	)
	db.Is("select count(*) from aclexplode(null)", "0")
	db.Is("select acldefault('r', 10), acldefault('s', 10), acldefault('d', 10), acldefault('n', 10)", "{postgres=arwdDxt/postgres}|{postgres=rwU/postgres}|{=Tc/postgres,postgres=CTc/postgres}|{postgres=UC/postgres}")
	db.Is("select acldefault('f', 10), acldefault('l', 10), acldefault('T', 10), acldefault('t', 10), acldefault('c', 10)", "{=X/postgres,postgres=X/postgres}|{=U/postgres,postgres=U/postgres}|{=U/postgres,postgres=U/postgres}|{postgres=C/postgres}|{}")
	db.Is("select acldefault('r', null)", "<null>")
	db.Is(`select (acldefault('r', oid))[1] from pg_roles where rolname = 'se Acl'`, `"se Acl"=arwdDxt/"se Acl"`)
	db.Must(`drop table t; drop role se_acl; drop role "se Acl"`)
}

// pg_listening_channels lists what the session listens on, once the LISTEN has committed.
func TestListeningChannels(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select * from pg_listening_channels()", "")
	db.Is(`listen b; listen "A b"; begin; listen c; select pg_listening_channels() order by 1`, "")
	db.Is("rollback; unlisten b; select * from pg_listening_channels() order by 1", "")
	db.Beside().Is("select count(*) from pg_listening_channels()", "0")
	db.Is("unlisten *; select count(*) from pg_listening_channels()", "0")
	db.Is("create table t (a int); select * from pg_partition_tree('t')", "")
	db.Is("select pg_partition_root('t'), (select count(*) from pg_partition_ancestors('t'))", "<null>|0")
}
