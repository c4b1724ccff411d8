package session_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
	"github.com/vecdb/vecdb/wire/backend"
)

// SET ROLE and SET SESSION AUTHORIZATION change who acts, follow transactions, and need the right to.
func TestSetRole(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create role se_anna login; create role se_bert login; create role se_group; grant se_group to se_anna;
		create role se_boss superuser`)
	const who = "select current_user, session_user, current_setting('role'), current_setting('is_superuser')"
	db.Is(who, "postgres|postgres|none|on")
	db.Is("set role se_anna; "+who, "se_anna|postgres|se_anna|off")
	db.Is("set role se_bert; "+who, "se_bert|postgres|se_bert|off") // still the superuser's to choose
	db.Is("set role none; "+who, "postgres|postgres|none|on")
	db.Is("set role 'se_group'; reset role; "+who, "postgres|postgres|none|on")
	db.Is("set role se_nobody", `22023: role "se_nobody" does not exist`)
	db.Is("begin; set role se_anna; rollback; "+who, "postgres|postgres|none|on")
	db.Is("begin; set local role se_anna; "+who, "se_anna|postgres|se_anna|off")
	db.Is("commit; "+who, "postgres|postgres|none|on")
	db.Is("begin; savepoint s; set role se_anna; rollback to s; "+who, "postgres|postgres|none|on")
	db.Is("commit; set role se_anna; reset all; "+who, "se_anna|postgres|se_anna|off")
	db.Is("select set_config('role', 'se_bert', false); "+who, "se_bert|postgres|se_bert|off")
	db.Is("discard all; "+who, "25001: DISCARD ALL cannot run inside a transaction block")
	db.Is("set session authorization se_anna; "+who, "se_anna|se_anna|none|off")
	db.Is("set role se_group; "+who, "se_group|se_anna|se_group|off")
	db.Is("set role se_bert", `42501: permission denied to set role "se_bert"`)
	db.Is("set role se_group; set session authorization se_bert; "+who, "se_bert|se_bert|none|off")
	db.Is("set session authorization default; "+who, "postgres|postgres|none|on")
	db.Is("begin; set local session authorization 'se_anna'; "+who, "se_anna|se_anna|none|off")
	db.Is("rollback; "+who, "postgres|postgres|none|on")
	db.Is("set session authorization se_nobody", `22023: role "se_nobody" does not exist`)
	db.Is("set session authorization se_anna; reset session authorization; "+who, "postgres|postgres|none|on")

	anna := db.Open(t, "se_anna", "postgres")
	anna.Is(who, "se_anna|se_anna|none|off")
	anna.Is("set role se_group; "+who, "se_group|se_anna|se_group|off")
	anna.Is("set role se_anna; "+who, "se_anna|se_anna|se_anna|off")
	anna.Is("set role se_bert", `42501: permission denied to set role "se_bert"`)
	anna.Is("set role postgres", `42501: permission denied to set role "postgres"`)
	anna.Is("set session authorization se_bert", `42501: permission denied to set session authorization "se_bert"`)
	anna.Is("set session authorization se_anna; "+who, "se_anna|se_anna|none|off")
	anna.Is("select set_config('role', 'postgres', false)", `42501: permission denied to set role "postgres"`)
	anna.Is("reset role; "+who, "se_anna|se_anna|none|off")
	boss := db.Beside()
	boss.Is("set session authorization se_boss; set session authorization se_anna; "+who, "se_anna|se_anna|none|off")
}

// What a session may do follows its role, as that is at the time: grants and memberships count at once.
func TestRolesNow(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create role se_now login; create role se_club; create table t (a int); insert into t values (1);
		grant select on t to se_club`)
	now := db.Open(t, "se_now", "postgres")
	now.Is("select * from t", "42501: permission denied for table t")
	db.Must("grant se_club to se_now")
	now.Is("select * from t", "1")
	db.Must("revoke se_club from se_now")
	now.Is("select * from t", "42501: permission denied for table t")
	db.Must("grant select on t to se_now")
	now.Is("prepare p as select * from t; execute p", "1")
	db.Must("revoke select on t from se_now")
	now.Is("execute p", "42501: permission denied for table t")
	db.Must("alter role se_now superuser")
	now.Is("execute p", "1")
	db.Must("alter role se_now nosuperuser")
	now.Is("execute p", "42501: permission denied for table t")
	db.Must("grant insert on t to se_now")
	now.Is("insert into t values (2)", "INSERT 0 1")
	now.Is("insert into t values (2) returning a", "42501: permission denied for table t")
	now.Is("update t set a = 1", "42501: permission denied for table t")
	now.Is("delete from t", "42501: permission denied for table t")
	now.Is("lock table t in row exclusive mode", "25P01: LOCK TABLE can only be used in transaction blocks")
	now.Is("begin; lock table t in access share mode", "LOCK TABLE")
	now.Is("rollback; begin; lock table t in access exclusive mode", "42501: permission denied for table t")
	now.Is("rollback; vacuum t", "25001: VACUUM cannot run inside a transaction block")
	now.IsHeard("analyze t", "ANALYZE",
		`WARNING: permission denied to analyze "t", skipping it`,
	)
	now.Is("alter table t add b int", "42501: must be owner of table t")
	now.Is("drop table t", "42501: must be owner of table t")
	now.Is("create table u (a int)", "42501: permission denied for schema public")
	now.Is("create temp table u (a int); insert into u values (1); select * from u", "1")
	now.Is("create role se_more",
		"42501: permission denied to create role DETAIL: Only roles with the CREATEROLE attribute may create roles.")
	now.Is("create database se_more", "42501: permission denied to create database")
	now.Is("checkpoint",
		`42501: permission denied to execute CHECKPOINT command `+
			`DETAIL: Only roles with privileges of the "pg_checkpoint" role may execute this command.`)
	now.Is("select pg_terminate_backend(pg_backend_pid() + 1000)", "f")
	now.Is("copy t from stdin", "COPY 0")
	now.Is("copy t to stdout", "42501: permission denied for table t")
	now.Is("explain select * from t", "42501: permission denied for table t")
}

// Who may connect: a role that can log in, to a database that is there and takes it.
func TestConnect(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create role se_in login; create role se_out; create role se_few login connection limit 1;
		create role se_none login connection limit 0`)
	db.Must("create database se_open")
	db.Must("create database se_closed")
	db.Must("alter database se_closed allow_connections false; revoke connect on database se_open from public")
	connect := func(user, database, want string) *dbtest.Session {
		t.Helper()
		s, err := db.Connect(t, backend.Startup{User: user, Database: database})
		got := "in"
		if err != nil {
			got = dbtest.ErrorText(err)
		}
		if got != want {
			t.Errorf("%s to %s\n got %s\nwant %s", user, database, got, want)
		}
		return s
	}
	connect("se_in", "postgres", "in")
	connect("se_out", "postgres", `28000: role "se_out" is not permitted to log in`)
	connect("se_nobody", "postgres", `28000: role "se_nobody" does not exist`)
	connect("se_in", "se_nowhere", `3D000: database "se_nowhere" does not exist`)
	connect("se_in", "se_closed", `55000: database "se_closed" is not currently accepting connections`)
	connect("postgres", "se_closed", `55000: database "se_closed" is not currently accepting connections`)
	connect("se_in", "se_open",
		`42501: permission denied for database "se_open" DETAIL: User does not have CONNECT privilege.`)
	connect("postgres", "se_open", "in")
	first := connect("se_few", "postgres", "in")
	connect("se_few", "postgres", `53300: too many connections for role "se_few"`)
	first.Close()
	second := connect("se_few", "postgres", "in")
	// Who acts as another role is still counted as who it is.
	db.Must("grant se_in to se_few")
	second.Must("set role se_in")
	connect("se_few", "postgres", `53300: too many connections for role "se_few"`)
	connect("se_none", "postgres", `53300: too many connections for role "se_none"`)
	db.Must("alter role se_none connection limit -1")
	connect("se_none", "postgres", "in")
	db.Must("alter role se_none superuser connection limit 0")
	connect("se_none", "postgres", "in")
	db.Must("alter database se_open connection limit 1; grant connect on database se_open to se_in")
	connect("se_in", "se_open", `53300: too many connections for database "se_open"`)
	db.Must("alter database se_open connection limit 2")
	connect("se_in", "se_open", "in")
}

// CREATE and ALTER ROLE keep the attributes, and say what is wrong with them.
func TestRoleAttributes(t *testing.T) {
	db := dbtest.New(t)
	const shown = `; select rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil
		from pg_roles where rolname = 'se_attr'`
	db.Is("create role se_attr"+shown, "f|t|f|f|f|f|f|-1|<null>")
	db.Is("alter role se_attr login createdb createrole noinherit connection limit 5"+shown, "f|f|t|t|t|f|f|5|<null>")
	db.Is("alter role se_attr nologin nocreatedb nocreaterole inherit connection limit 0 bypassrls replication"+shown,
		"f|t|f|f|f|t|t|0|<null>")
	db.Is("alter role se_attr valid until '2030-01-02 03:04:05+02'"+shown, "f|t|f|f|f|t|t|0|2030-01-02 01:04:05+00")
	db.Is("alter role se_attr valid until 'infinity' connection limit -1"+shown, "f|t|f|f|f|t|t|-1|infinity")
	db.Is("alter role se_attr valid until 'some day'",
		`22007: invalid input syntax for type timestamp with time zone: "some day"`)
	db.Is("alter role se_attr connection limit -2", "22023: invalid connection limit: -2")
	db.Is("alter role se_attr login nologin", "42601: conflicting or redundant options")
	db.Is("create role se_attr", `42710: role "se_attr" already exists`)
	db.Is("alter role se_nobody login", `42704: role "se_nobody" does not exist`)
	db.Is("drop role se_nobody", `42704: role "se_nobody" does not exist`)
	db.IsHeard("drop role if exists se_nobody", "DROP ROLE",
		`NOTICE: role "se_nobody" does not exist, skipping`,
	)
	db.Is("create role pg_mine",
		`42939: role name "pg_mine" is reserved DETAIL: Role names starting with "pg_" are reserved.`)
	db.Is("create role \"\"", `42601: zero-length delimited identifier at or near """"`)
	db.Is("alter role se_attr rename to se_attr2; select rolname from pg_roles where rolname like 'se\\_attr%'",
		"se_attr2")
	db.Is("create user se_user; select rolcanlogin from pg_roles where rolname = 'se_user'", "t")
	db.Is("drop role current_user", "22023: cannot use special role specifier in DROP ROLE")
	db.Is("select rolpassword is null from pg_authid where rolname = 'se_user'", "t")
	db.Is(`alter role se_user password 'x'; select rolpassword like 'SCRAM-SHA-256$4096:%' from pg_authid
		where rolname = 'se_user'`,
		"t")
	db.Is(`alter role se_user password 'SCRAM-SHA-256$nonsense'; select rolpassword like 'SCRAM-SHA-256$4096:%'
		from pg_authid where rolname = 'se_user'`,
		"t")
	db.IsHeard("alter role se_user password ''", "ALTER ROLE",
		"NOTICE: empty string is not a valid password, clearing password",
	)
	db.Is("select rolpassword is null from pg_authid where rolname = 'se_user'", "t")
	db.Is("drop role se_user, se_attr2; select count(*) from pg_roles where rolname like 'se\\_attr%'", "0")
}
