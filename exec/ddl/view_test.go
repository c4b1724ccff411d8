package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A view's columns are named by its list, as far as that goes, and typed by its query.
func TestCreateView(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b varchar(5), c numeric(6,2))")
	db.Must("insert into t values (1, 'x', 1.5), (2, null, 2)")
	columns := `select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum)
		from pg_attribute where attrelid = 'v'::regclass`
	f := func(view, want string) {
		t.Helper()
		db.Must("drop view if exists v")
		db.Must("create view v " + view)
		db.Is(columns, want)
	}
	f("as select * from t", "a integer, b character varying(5), c numeric(6,2)")
	f("(x, y) as select * from t", "x integer, y character varying(5), c numeric(6,2)")
	f("as select a + 1, b || 'z' as z, 'lit' as lit, null as nothing, count(*) over () as n, now() > now() as late from t",
		"?column? integer, z text, lit text, nothing text, n bigint, late boolean")
	f("as select 1 as a, 1.5 as b, '2024-01-01'::date as c, array[1] as d, row(1, 2) is null as e",
		"a integer, b numeric, c date, d integer[], e boolean")
	f("as values (1, 'a')", "column1 integer, column2 text")
	f("as select a from t union all select 1.5", "a numeric")
	f("as with q as (select a from t) select q.a, (select max(c) from t) as m from q", "a integer, m numeric")
	f("as table t", "a integer, b character varying(5), c numeric(6,2)")
	f("as select b as \"Mixed Case\", a as \"select\" from t", "Mixed Case character varying(5), select integer")
	db.Must("create or replace recursive view r (n) as values (1) union all select n + 1 from r where n < 4")
	db.Is("select string_agg(n::text, ',') from r", "1,2,3,4")
	db.Must("alter table t add d int")
	db.Must("drop view v")
	db.Must("create view v as select * from t")
	db.Must("alter table t add e int")
	db.Is(columns, "a integer, b character varying(5), c numeric(6,2), d integer")
	db.Is("select * from v where a = 1", "1|x|1.50|<null>")
	db.Restart()
	db.Is("select * from v where a = 1", "1|x|1.50|<null>")
}

// What is no query, or names a column twice or what is not there, makes no view.
func TestCreateViewRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int)")
	db.Must("create view taken as select 1 as a")
	f := func(view, want string) {
		t.Helper()
		db.Is("create view "+view, want)
	}
	f("v as select nosuch from t", `42703: column "nosuch" does not exist`)
	f("v as select * from nosuch", `42P01: relation "nosuch" does not exist`)
	f("v (x, y, z) as select a, b from t", "42601: CREATE VIEW specifies more column names than columns")
	f("v (x, x) as select a, b from t", `42701: column "x" specified more than once`)
	f("v as select a, a from t", `42701: column "a" specified more than once`)
	f("v as select 1, 2", `42701: column "?column?" specified more than once`)
	f("v as select a from t where a = $1", "42P02: there is no parameter $1")
	f("v as insert into t values (1) returning a", `42601: syntax error at or near "insert"`)
	f("v as with q as (delete from t returning a) select * from q",
		"0A000: views must not contain data-modifying statements in WITH")
	f("v as select * from v", `42P01: relation "v" does not exist`)
	f("taken as select 2 as a", `42P07: relation "taken" already exists`)
	f("t as select 2 as a", `42P07: relation "t" already exists`)
	f("nosuch.v as select 1 as a", `3F000: schema "nosuch" does not exist`)
	f("pg_catalog.v as select 1 as a",
		`42501: permission denied to create "pg_catalog.v" DETAIL: System catalog modifications are currently disallowed.`)
	f("v with (nosuch = 1) as select 1 as a", `22023: unrecognized parameter "nosuch"`)
	f("v with (security_barrier = maybe) as select 1 as a",
		`22023: invalid value for boolean option "security_barrier": maybe`)
	f("v with (security_barrier) as select 1 as a", "CREATE VIEW")
	db.Is("select reloptions from pg_class where relname = 'v'", "{security_barrier=true}")
	db.Is("create or replace view t as select 1 as a", `42809: "t" is not a view`)
	db.Is("create temp view public.w as select 1 as a", "42P16: cannot create temporary relation in non-temporary schema")
	db.Is("select relname from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace order by 1",
		"taken; v")
}

// REPLACE keeps the old columns where they are and may only add; what uses the view sees the new query.
func TestReplaceView(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	db.Must("insert into t values (1, 'x')")
	db.Must("create view v as select a, b from t")
	db.Must("create view w as select * from v")
	db.Must("comment on view v is 'kept'")
	f := func(query, want string) {
		t.Helper()
		db.Is("create or replace view v "+query, want)
	}
	f("as select a from t", "42P16: cannot drop columns from view")
	f("as select a, b as c from t",
		`42P16: cannot change name of view column "b" to "c" `+
			`HINT: Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.`)
	f("as select b, a from t",
		`42P16: cannot change name of view column "a" to "b" `+
			`HINT: Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.`)
	f("as select a::bigint, b from t", `42P16: cannot change data type of view column "a" from integer to bigint`)
	f("as select a, b::varchar(3) from t",
		`42P16: cannot change data type of view column "b" from text to character varying(3)`)
	f("as select a + 1 as a, b || '!' as b, 7 as c from t", "CREATE VIEW")
	db.Is("select * from v", "2|x!|7")
	db.Is("select * from w", "2|x!")
	f("(a, b, c, d) as select 3, 'y'::text, 4, 5", "CREATE VIEW")
	db.Is("select * from w", "3|y")
	db.Is("drop table t", "DROP TABLE")
	db.Is("select obj_description('v'::regclass)", "kept")
	db.Must("begin")
	f("as select 9 as a, 'z'::text as b, 1 as c, 2 as d", "CREATE VIEW")
	db.Is("select * from w", "9|z")
	db.Must("rollback")
	db.Is("select * from w", "3|y")
}

// A view reads with the rights of its owner, and only who may read it can.
func TestViewPrivileges(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create role view_reader login")
	db.Must("create table secret (a int, b int)")
	db.Must("insert into secret values (1, 2)")
	db.Must("create view shown as select a from secret")
	reader := db.Open(t, "view_reader", "postgres")
	reader.Is("select * from shown", "42501: permission denied for view shown")
	db.Must("grant select on shown to view_reader")
	reader.Is("select * from shown", "1")
	reader.Is("select * from secret", "42501: permission denied for table secret")
	reader.Is("create or replace view shown as select 2 as a", "42501: permission denied for schema public")
	reader.Is("drop view shown", "42501: must be owner of view shown")
	reader.Is("alter view shown rename to x", "42501: must be owner of view shown")
	db.Must("revoke select on shown from view_reader")
	reader.Is("select * from shown", "42501: permission denied for view shown")
	reader.Close()
	db.Must("drop role view_reader")
}
