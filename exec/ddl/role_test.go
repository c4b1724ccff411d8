package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A role has the attributes that it was given; USER can log in.
func TestCreateRole(t *testing.T) {
	db := dbtest.New(t)
	f := func(statement, want string) {
		t.Helper()
		db.Is(statement, want)
	}
	f("create role ddl_a", "CREATE ROLE")
	f("create user ddl_b", "CREATE ROLE")
	f("create group ddl_c", "CREATE ROLE")
	f(`create role ddl_d superuser createdb createrole login replication bypassrls noinherit connection
		limit 5 valid until '2040-01-01' in role ddl_a, ddl_b`,
		"CREATE ROLE")
	f("create role ddl_e nologin inherit nosuperuser valid until 'infinity' connection limit -1", "CREATE ROLE")
	db.Rows(`select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
		rolconnlimit, rolbypassrls, rolvaliduntil
		from pg_roles where rolname like 'ddl_%' order by 1`,
		"ddl_a|f|t|f|f|f|f|-1|f|<null>",
		"ddl_b|f|t|f|f|t|f|-1|f|<null>",
		"ddl_c|f|t|f|f|f|f|-1|f|<null>",
		"ddl_d|t|f|t|t|t|t|5|t|2040-01-01 00:00:00+00",
		"ddl_e|f|t|f|f|f|f|-1|f|infinity",
	)
	db.Is(`select roleid::regrole, member::regrole, admin_option from pg_auth_members
		where member = 'ddl_d'::regrole order by 1`,
		"ddl_a|ddl_d|f; ddl_b|ddl_d|f")
	f("create role ddl_a", `42710: role "ddl_a" already exists`)
	f("create role pg_mine", `42939: role name "pg_mine" is reserved DETAIL: Role names starting with "pg_" are reserved.`)
	f("create role public", `42939: role name "public" is reserved`)
	f("create role none", `42939: role name "none" is reserved`)
	f("create role current_user", "42939: CURRENT_USER cannot be used as a role name here")
	f("create role ddl_f in role nosuch", `42704: role "nosuch" does not exist`)
	f("create role ddl_f login nologin", "42601: conflicting or redundant options")
	f("create role ddl_f connection limit -2", "22023: invalid connection limit: -2")
	f("create role ddl_f nosuchoption", `42601: unrecognized role option "nosuchoption"`)
	f("create role ddl_f valid until 'whenever'",
		`22007: invalid input syntax for type timestamp with time zone: "whenever"`)
	f("alter role ddl_a login createdb", "ALTER ROLE")
	f("alter user ddl_a nocreatedb", "ALTER ROLE")
	f("alter role nosuch login", `42704: role "nosuch" does not exist`)
	f("alter role ddl_a rename to ddl_aa", "ALTER ROLE")
	f("alter role ddl_aa rename to ddl_b", `42710: role "ddl_b" already exists`)
	f("alter role ddl_aa rename to pg_x",
		`42939: role name "pg_x" is reserved DETAIL: Role names starting with "pg_" are reserved.`)
	f("alter role nosuch rename to ddl_x", `42704: role "nosuch" does not exist`)
	f("alter group ddl_c add user ddl_b", "ALTER ROLE")
	f("alter group ddl_c drop user ddl_b", "ALTER ROLE")
	f("drop role ddl_aa, nosuch", `42704: role "nosuch" does not exist`)
	f("select count(*) from pg_roles where rolname = 'ddl_aa'", "1")
	db.IsHeard("drop role if exists nosuch, ddl_aa", "DROP ROLE",
		`NOTICE: role "nosuch" does not exist, skipping`,
	)
	f("drop role current_user", "22023: cannot use special role specifier in DROP ROLE")
	f("drop user ddl_b", "DROP ROLE")
	f("drop group ddl_c", "DROP ROLE")
	f("drop role ddl_d, ddl_e", "DROP ROLE")
}

// Only who has CREATEROLE makes roles, only a superuser makes superusers; everyone changes the own settings.
func TestRoleRights(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_plain login; create role ddl_maker login createrole; create role ddl_boss superuser")
	plain, maker := db.Open(t, "ddl_plain", "postgres"), db.Open(t, "ddl_maker", "postgres")
	plain.Is("create role ddl_x",
		"42501: permission denied to create role DETAIL: Only roles with the CREATEROLE attribute may create roles.")
	plain.Is("drop role ddl_boss",
		"42501: permission denied to drop role "+
			"DETAIL: Only roles with the CREATEROLE attribute and the ADMIN option on the target roles may drop roles.")
	plain.Is("alter role ddl_maker nologin",
		`42501: permission denied to alter role `+
			`DETAIL: Only roles with the CREATEROLE attribute and the ADMIN option on role "ddl_maker" may alter this role.`)
	plain.Is("alter role ddl_plain set work_mem = '8MB'", "ALTER ROLE")
	plain.Is("alter role ddl_plain createdb",
		`42501: permission denied to alter role `+
			`DETAIL: Only roles with the CREATEROLE attribute and the ADMIN option on role "ddl_plain" may alter this role.`)
	plain.Is("alter role ddl_plain rename to ddl_y", "0A000: session user cannot be renamed")
	maker.Is("create role ddl_x", "CREATE ROLE")
	maker.Is("create role ddl_y superuser",
		"42501: permission denied to create role "+
			"DETAIL: Only roles with the SUPERUSER attribute may create roles with the SUPERUSER attribute.")
	maker.Is("alter role ddl_boss nosuperuser",
		"42501: permission denied to alter role "+
			"DETAIL: Only roles with the SUPERUSER attribute may alter roles with the SUPERUSER attribute.")
	maker.Is("drop role ddl_boss",
		"42501: permission denied to drop role "+
			"DETAIL: Only roles with the SUPERUSER attribute may drop roles with the SUPERUSER attribute.")
	maker.Is("drop role ddl_x", "DROP ROLE")
	maker.Is("drop role ddl_maker", "55006: current user cannot be dropped")
	plain.Close()
	plain = db.Open(t, "ddl_plain", "postgres")
	plain.Is("show work_mem", "8MB")
	plain.Close()
	maker.Close()
	db.Must("drop role ddl_plain, ddl_maker, ddl_boss")
}

// A role that owns something, or has been granted something, cannot go; REASSIGN and DROP OWNED make it free.
func TestDropRoleInUse(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_o; create role ddl_p")
	db.Must("create table t (a serial primary key); alter table t owner to ddl_o")
	db.Must("create schema s authorization ddl_o")
	db.Must("create view v as select 1 as a; alter view v owner to ddl_o")
	db.Must("create table u (a int); grant select on u to ddl_o; grant usage on schema public to ddl_o")
	db.Rows("select relname, relowner::regrole from pg_class where relname in ('t', 't_a_seq', 't_pkey', 'v') order by 1",
		"t|ddl_o", "t_a_seq|ddl_o", "t_pkey|ddl_o", "v|ddl_o")
	db.Is("reassign owned by ddl_o to ddl_p", "REASSIGN OWNED")
	db.Rows("select relname, relowner::regrole from pg_class where relname in ('t', 't_a_seq', 't_pkey', 'v') order by 1",
		"t|ddl_p", "t_a_seq|ddl_p", "t_pkey|ddl_p", "v|ddl_p")
	db.Is("select nspowner::regrole from pg_namespace where nspname = 's'", "ddl_p")
	db.Is("drop role ddl_o",
		`2BP01: role "ddl_o" cannot be dropped because some objects depend on it DETAIL: privileges for schema public
privileges for table u`)
	db.Is("drop owned by ddl_o", "DROP OWNED")
	db.Is("drop role ddl_o", "DROP ROLE")
	db.Is("select relacl from pg_class where relname = 'u'", "{postgres=arwdDxt/postgres}")
	db.Is("drop owned by ddl_p", "DROP OWNED")
	db.Is("select count(*) from pg_class where relname in ('t', 'v')", "0")
	db.Is("select count(*) from pg_namespace where nspname = 's'", "0")
	db.Is("drop role ddl_p", "DROP ROLE")
	db.Is("drop owned by nosuch", `42704: role "nosuch" does not exist`)
	db.Is("reassign owned by nosuch to postgres", `42704: role "nosuch" does not exist`)
	db.Is("reassign owned by current_user to nosuch", `42704: role "nosuch" does not exist`)
}

// A member has what its roles have, unless it does not inherit; there are no circles.
func TestMembership(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role ddl_g; create role ddl_h; create role ddl_m login; create role ddl_n login noinherit")
	db.Must("create table t (a int); insert into t values (1); grant select on t to ddl_g")
	db.Is("grant ddl_g to ddl_h", "GRANT ROLE")
	db.Is("grant ddl_h to ddl_m, ddl_n", "GRANT ROLE")
	db.IsHeard("grant ddl_h to ddl_m", "GRANT ROLE",
		`NOTICE: role "ddl_m" has already been granted membership in role "ddl_h" by role "postgres"`,
	)
	db.Is("grant ddl_m to ddl_g", `0LP01: role "ddl_m" is a member of role "ddl_g"`)
	db.Is("grant ddl_g to ddl_g", `0LP01: role "ddl_g" is a member of role "ddl_g"`)
	db.Is("grant nosuch to ddl_m", `42704: role "nosuch" does not exist`)
	db.Is("grant ddl_g to nosuch", `42704: role "nosuch" does not exist`)
	m, n := db.Open(t, "ddl_m", "postgres"), db.Open(t, "ddl_n", "postgres")
	m.Is("select * from t", "1")
	n.Is("select * from t", "42501: permission denied for table t")
	n.Is("set role ddl_g", "SET")
	n.Is("select * from t", "1")
	n.Is("select current_user, session_user", "ddl_g|ddl_n")
	n.Must("reset role")
	n.Is("set role postgres", `42501: permission denied to set role "postgres"`)
	m.Is(`select pg_has_role('ddl_g', 'usage'), pg_has_role('ddl_g', 'member'),
		pg_has_role('ddl_n', 'ddl_g', 'usage'), pg_has_role('ddl_n', 'ddl_g', 'member')`,
		"t|t|f|t")
	db.Is("revoke ddl_h from ddl_m", "REVOKE ROLE")
	db.IsHeard("revoke ddl_h from ddl_m", "REVOKE ROLE",
		`WARNING: role "ddl_m" has not been granted membership in role "ddl_h" by role "postgres"`,
	)
	m.Is("select * from t", "42501: permission denied for table t")
	m.Close()
	n.Close()
	db.Must("revoke all on t from ddl_g")
	db.Must("drop role ddl_g, ddl_h, ddl_m, ddl_n")
}
