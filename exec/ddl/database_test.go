package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
	"github.com/vecdb/vecdb/wire/backend"
)

// A database has its own schemas and relations; roles are everyone's.
func TestCreateDatabase(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_dba")
	db.Must("create table here (a int)")
	db.Is("create database ddl_one owner ddl_dba", "CREATE DATABASE")
	db.Is("create database ddl_one", `42P04: database "ddl_one" already exists`)
	db.Is("create database ddl_two template nosuch", `3D000: template database "nosuch" does not exist`)
	db.Is("create database ddl_two owner nosuch", `42704: role "nosuch" does not exist`)
	db.Is("create database ddl_two nosuch = 1", `42601: option "nosuch" not recognized`)
	db.Is("create database ddl_two connection_limit = -2", "22023: invalid connection limit: -2")
	db.Must("begin")
	db.Is("create database ddl_two", "25001: CREATE DATABASE cannot run inside a transaction block")
	db.Must("rollback")
	one := db.Open(t, "postgres", "ddl_one")
	one.Is("select current_database()", "ddl_one")
	one.Is("select * from here", `42P01: relation "here" does not exist`)
	one.Must("create table there (a int); insert into there values (1)")
	one.Is("select count(*) from pg_roles where rolname = 'ddl_dba'", "1")
	one.Is("drop database ddl_one", "55006: cannot drop the currently open database")
	one.Is("alter database ddl_one rename to x", "0A000: current database cannot be renamed")
	one.Close()
	db.Is(`select datname, datdba::regrole, datistemplate, datallowconn, datconnlimit from pg_database
		where datname like 'ddl%'`,
		"ddl_one|ddl_dba|f|t|-1")
	db.Is("alter database ddl_one rename to ddl_uno", "ALTER DATABASE")
	db.Is("alter database nosuch rename to x", `3D000: database "nosuch" does not exist`)
	db.Is("alter database ddl_uno rename to template1", `42P04: database "template1" already exists`)
	db.Is("alter database ddl_uno owner to current_user", "ALTER DATABASE")
	db.Is("alter database ddl_uno owner to nosuch", `42704: role "nosuch" does not exist`)
	db.Is("alter database nosuch set work_mem = '8MB'", `3D000: database "nosuch" does not exist`)
	db.Is("alter database ddl_uno set work_mem = '8MB'", "ALTER DATABASE")
	db.Is("alter database ddl_uno set nosuch_setting = 1", `42704: unrecognized configuration parameter "nosuch_setting"`)
	db.Is("alter database ddl_uno set work_mem = 'x'", `22023: invalid value for parameter "work_mem": "x"`)
	uno := db.Open(t, "postgres", "ddl_uno")
	uno.Is("show work_mem", "8MB")
	uno.Is("select * from there", "1")
	uno.Close()
	db.Is("alter database ddl_uno reset work_mem", "ALTER DATABASE")
	db.Restart()
	uno = db.Open(t, "postgres", "ddl_uno")
	uno.Is("show work_mem", "4MB")
	uno.Is("select * from there", "1")
	uno.Close()
	db.Is("drop database ddl_uno", "DROP DATABASE")
	db.Is("drop database ddl_uno", `3D000: database "ddl_uno" does not exist`)
	db.IsHeard("drop database if exists ddl_uno", "DROP DATABASE",
		`NOTICE: database "ddl_uno" does not exist, skipping`,
	)
	db.Is("drop database template1", "42809: cannot drop a template database")
	db.Must("begin")
	db.Is("drop database nosuch", "25001: DROP DATABASE cannot run inside a transaction block")
	db.Must("rollback")
	db.Must("drop role ddl_dba")
}

// A database that takes no connections refuses them, and so does one that is not there.
func TestConnectToDatabase(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create database closed allow_connections = false")
	if _, err := db.Connect(t, startupOf("closed")); err == nil ||
		dbtest.ErrorText(err) != `55000: database "closed" is not currently accepting connections` {
		t.Errorf("connect to a closed database: %v", err)
	}
	if _, err := db.Connect(t, startupOf("nosuch")); err == nil ||
		dbtest.ErrorText(err) != `3D000: database "nosuch" does not exist` {
		t.Errorf("connect to no database: %v", err)
	}
	db.Must("alter database closed allow_connections true")
	db.Open(t, "postgres", "closed").Is("select current_database()", "closed")
	db.Is("create database u encoding 'LATIN1'", "0A000: database encoding LATIN1 is not supported")
	db.Is("create database u template closed", "CREATE DATABASE")
}

// What a role may do that is not a superuser: CREATEDB and CREATEROLE allow, ownership allows the rest.
func TestDatabaseRights(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_plain login")
	db.Must("create role ddl_maker login createdb")
	plain := db.Open(t, "ddl_plain", "postgres")
	maker := db.Open(t, "ddl_maker", "postgres")
	plain.Is("create database ddl_three", "42501: permission denied to create database")
	maker.Is("create database ddl_three", "CREATE DATABASE")
	plain.Is("drop database ddl_three", "42501: must be owner of database ddl_three")
	plain.Is("alter database ddl_three set work_mem = '8MB'", "42501: must be owner of database ddl_three")
	plain.Is("alter database ddl_three rename to ddl_four", "42501: must be owner of database ddl_three")
	plain.Is("comment on database ddl_three is 'x'", "42501: must be owner of database ddl_three")
	maker.Is("comment on database ddl_three is 'x'", "COMMENT")
	maker.Is("alter database ddl_three rename to ddl_four", "ALTER DATABASE")
	maker.Is("alter database ddl_four owner to ddl_plain", `42501: must be able to SET ROLE "ddl_plain"`)
	db.Is("alter database ddl_four owner to ddl_plain", "ALTER DATABASE")
	maker.Is("drop database ddl_four", "42501: must be owner of database ddl_four")
	plain.Is("drop database ddl_four", "DROP DATABASE")
	plain.Close()
	maker.Close()
	db.Must("drop role ddl_plain, ddl_maker")
}

// startupOf asks for a session of postgres in a database.
func startupOf(database string) backend.Startup {
	return backend.Startup{User: "postgres", Database: database}
}
