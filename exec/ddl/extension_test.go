package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// The vector extension has one version; its types are there from CREATE until DROP, and columns of them go only with
// CASCADE.
func TestExtension(t *testing.T) {
	db := dbtest.New(t)
	db.Must("drop extension if exists vector")
	db.Is("select '[1,2]'::vector", `42704: type "vector" does not exist`)
	db.Is("create table t (a int, v vector(2))", `42704: type "vector" does not exist`)
	db.Is("create extension vector version '0.0.1'",
		`22023: extension "vector" has no installation script nor update path for version "0.0.1"`)
	db.Is("create extension vector schema nosuch", `3F000: schema "nosuch" does not exist`)
	db.Is("create extension vector", "CREATE EXTENSION")
	db.Is("create extension vector", `42710: extension "vector" already exists`)
	db.IsHeard("create extension if not exists vector", "CREATE EXTENSION",
		`NOTICE: extension "vector" already exists, skipping`,
	)
	db.Is("select extversion, extnamespace::regnamespace, extrelocatable from pg_extension where extname = 'vector'",
		"0.8.5|public|t")
	db.Is("select '[1,2]'::vector", "[1,2]")
	db.IsHeard("alter extension vector update", "ALTER EXTENSION",
		`NOTICE: version "0.8.5" of extension "vector" is already installed`,
	)
	db.IsHeard("alter extension vector update to '0.8.5'", "ALTER EXTENSION",
		`NOTICE: version "0.8.5" of extension "vector" is already installed`,
	)
	db.Is("alter extension vector update to '9.9'",
		`22023: extension "vector" has no update path from version "0.8.5" to version "9.9"`)
	db.Is("alter extension nosuch update", `42704: extension "nosuch" does not exist`)
	db.Must("create table t (a int, v vector(2)); insert into t values (1, '[1,2]'); create table u (vs vector[])")
	db.Must("create view w as select a, v <-> '[0,0]' as d from t")
	db.Is("drop extension nosuch", `42704: extension "nosuch" does not exist`)
	db.Must("begin")
	db.Is("drop extension vector cascade", "DROP EXTENSION")
	db.Is("select * from t", "1")
	db.Is("select '[1,2]'::vector", `42704: type "vector" does not exist`)
	db.Must("rollback")
	db.Is("select * from t", "1|[1,2]")
	db.Is("drop extension vector cascade", "DROP EXTENSION")
	db.Is("select * from t", "1")
	db.Is("select * from w", `42P01: relation "w" does not exist`)
	db.Is(`select attname from pg_attribute where attrelid in ('t'::regclass, 'u'::regclass) and attnum > 0
		and not attisdropped`,
		"a")
	db.IsHeard("drop extension if exists vector", "DROP EXTENSION",
		`NOTICE: extension "vector" does not exist, skipping`,
	)
	db.Must("create schema x; create extension vector schema x")
	db.Is("select '[1,2]'::x.vector", "[1,2]")
	db.Restart()
	db.Is("select extnamespace::regnamespace from pg_extension where extname = 'vector'", "x")
	db.Is("drop extension vector", "DROP EXTENSION")
}
