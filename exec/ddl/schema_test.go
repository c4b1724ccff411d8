package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// CREATE SCHEMA may hold the definitions of what goes into it.
func TestCreateSchema(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_owner")
	db.Is(`create schema s create table t (a int primary key, b int) create view v as select a
		from t create index i on t (b) create sequence q`,
		"CREATE SCHEMA")
	db.Is("select relname, relkind from pg_class where relnamespace = 's'::regnamespace order by 1",
		"i|i; q|S; t|r; t_pkey|i; v|v")
	db.Is("select * from s.v", "")
	db.Is("create schema s", `42P06: schema "s" already exists`)
	db.IsHeard("create schema if not exists s", "CREATE SCHEMA",
		`NOTICE: schema "s" already exists, skipping`,
	)
	db.Is("create schema if not exists s create table u (a int)",
		"0A000: CREATE SCHEMA IF NOT EXISTS cannot include schema elements")
	db.Is("create schema pg_mine",
		`42939: unacceptable schema name "pg_mine" DETAIL: The prefix "pg_" is reserved for system schemas.`)
	db.Is("create schema authorization ddl_owner", "CREATE SCHEMA")
	db.Is("create schema x authorization ddl_owner", "CREATE SCHEMA")
	db.Is("create schema y authorization nosuch", `42704: role "nosuch" does not exist`)
	db.Is("create schema public", `42P06: schema "public" already exists`)
	db.Is("create schema \"Odd Name\"", "CREATE SCHEMA")
	db.Is("create schema broken create table t (a int) create table t (a int)", `42P07: relation "t" already exists`)
	db.Is("create schema other create table public.t (a int)",
		"42P15: CREATE specifies a schema (public) different from the one being created (other)")
	db.Rows(`select nspname, nspowner::regrole from pg_namespace
		where nspname !~ '^pg_' and nspname not in ('information_schema', 'public') order by 1`,
		"Odd Name|postgres", "ddl_owner|ddl_owner", "s|postgres", "x|ddl_owner")
	db.Is("alter schema x owner to current_user", "ALTER SCHEMA")
	db.Is("alter schema nosuch owner to current_user", `3F000: schema "nosuch" does not exist`)
	db.Is("alter schema x owner to nosuch", `42704: role "nosuch" does not exist`)
	db.Must("drop schema x, ddl_owner")
	db.Must("drop role ddl_owner")
}

// Names are looked for along the search path; what is made goes into its first schema.
func TestSearchPath(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema a; create schema b")
	db.Must("create table b.t as select 'b' as x")
	db.Must("create table public.t as select 'public' as x")
	db.Is("select x from t", "public")
	db.Must("set search_path = a, b, public")
	db.Is("select x from t", "b")
	db.Is("create table t as select 'a' as x", "SELECT 1")
	db.Is("select x from t", "a")
	db.Is("select schemaname from pg_tables where tablename = 't' order by 1", "a; b; public")
	db.Is("drop table t", "DROP TABLE")
	db.Is("select x from t", "b")
	db.Must("create view v as select x from t")
	db.Must("set search_path = public")
	db.Is("select x from a.v", "b")
	db.Is("select pg_get_viewdef('a.v'::regclass)", " SELECT x\n   FROM b.t;")
	db.Is("select current_schema, current_schemas(true), current_schemas(false)", "public|{pg_catalog,public}|{public}")
	db.Must("set search_path = nosuch, b")
	db.Is("select current_schema, current_schemas(true)", "b|{pg_catalog,b}")
	db.Is("create table made (a int)", "CREATE TABLE")
	db.Is("select 'made'::regclass, 'b.made'::regclass::oid = 'made'::regclass::oid", "made|t")
	db.Must("set search_path = nosuch")
	db.Is("create table lost (a int)", "3F000: no schema has been selected to create in")
	db.Is("select current_schema", "<null>")
	db.Is("select x from t", `42P01: relation "t" does not exist`)
	db.Must("set search_path = ''")
	db.Is("create table lost (a int)", "3F000: no schema has been selected to create in")
	db.Is("create index on b.t (x)", "CREATE INDEX")
	db.Must("set search_path = pg_catalog, b")
	db.Is("create table lost (a int)",
		`42501: permission denied to create "pg_catalog.lost" DETAIL: System catalog modifications are currently disallowed.`)
	db.Must("set search_path = \"$user\", public")
	db.Must("create schema postgres")
	db.Is("create table mine (a int)", "CREATE TABLE")
	db.Is("select schemaname from pg_tables where tablename = 'mine'", "postgres")
	db.Must("begin; set local search_path = b")
	db.Is("select x from t", "b")
	db.Must("rollback")
	db.Is("select x from t", "public")
}

// DROP SCHEMA takes what is in it only with CASCADE, and what depends on that.
func TestDropSchemaCascade(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table s.t (a serial primary key)")
	db.Must("create table f (a int references s.t, b int default nextval('s.t_a_seq'))")
	db.Must("create view v as select a from s.t")
	db.Must("insert into s.t default values")
	db.Must("insert into f values (1)")
	db.Must("begin")
	db.Is("drop schema s cascade", "DROP SCHEMA")
	db.Is("select a, b from f", "1|2")
	db.Rows(shape("f"),
		"a integer",
		"b integer",
	)
	db.Is("select * from v", `42P01: relation "v" does not exist`)
	db.Must("rollback")
	db.Is("select * from v", "1")
	db.Is("drop schema s, nosuch cascade", `3F000: schema "nosuch" does not exist`)
	db.IsHeard("drop schema if exists nosuch, s cascade", "DROP SCHEMA",
		`NOTICE: schema "nosuch" does not exist, skipping`,
		"NOTICE: drop cascades to 4 other objects",
	)
	db.Is("insert into f values (77)", "INSERT 0 1")
	db.Restart()
	db.Is("select count(*) from f where b is null", "1")
	db.Is("create schema s", "CREATE SCHEMA")
	db.Is("create table s.t (a serial)", "CREATE TABLE")
	db.Is("insert into s.t default values returning a", "1")
}
