package ddl_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// After RENAME everything that named the object means it still: views, defaults, checks, keys, indexes.
func TestRenameFollows(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int primary key, b int check (b > 0 and b <> a),
		c int generated always as (a + b) stored, d serial)`)
	db.Must("create table f (x int references t (a))")
	db.Must("create index t_expr on t ((a * b)) where b > 1")
	db.Must(`create view v as select a, b as q, t.c, (select count(*) from f where f.x = t.a) as n from t
		where b > 0 order by b`)
	db.Must("create view w as select v.q, x.a from v join t as x on x.a = v.a")
	db.Must("insert into t values (1, 2), (2, 3)")
	db.Is("alter table t rename column a to \"Key\"", "ALTER TABLE")
	db.Is("alter table t rename b to bb", "ALTER TABLE")
	db.Is("alter table t rename to \"New T\"", "ALTER TABLE")
	db.Is("alter table f rename x to \"order\"", "ALTER TABLE")
	db.Is("alter sequence t_d_seq rename to d_seq", "ALTER SEQUENCE")
	db.Is("alter index t_expr rename to expr", "ALTER INDEX")
	db.Is("alter view v rename to vv", "ALTER VIEW")
	db.Is("alter view vv rename column q to qq", "ALTER VIEW")
	db.Rows(shape(`"New T"`),
		"Key integer not null",
		"bb integer",
		`c integer generated default ("Key" + bb)`,
		"d integer not null default nextval('d_seq'::regclass)",
		`t_check CHECK (((bb > 0) AND (bb <> "Key")))`,
		`t_pkey PRIMARY KEY ("Key")`,
		`CREATE INDEX expr ON public."New T" USING btree ((("Key" * bb))) WHERE (bb > 1)`,
		`CREATE UNIQUE INDEX t_pkey ON public."New T" USING btree ("Key")`,
	)
	db.Rows(shape("f"),
		"order integer",
		`f_x_fkey FOREIGN KEY ("order") REFERENCES "New T"("Key")`,
	)
	db.Is("select pg_get_viewdef('vv'::regclass)",
		` SELECT "Key" AS a,
    bb AS qq,
    c,
    ( SELECT count(*) AS count
           FROM f
          WHERE (f."order" = "New T"."Key")) AS n
   FROM "New T"
  WHERE (bb > 0)
  ORDER BY bb;`)
	db.Is("select pg_get_viewdef('w'::regclass)",
		" SELECT vv.qq AS q,\n    x.\"Key\" AS a\n   FROM (vv\n     JOIN \"New T\" x ON ((x.\"Key\" = vv.a)));")
	db.Is("select * from vv", "1|2|3|0; 2|3|5|0")
	db.Is("select * from w order by 1", "2|1; 3|2")
	db.Is(`insert into "New T" values (3, 4) returning *`, "3|4|7|3")
	db.Is(`insert into "New T" values (4, 4)`,
		`23514: new row for relation "New T" violates check constraint "t_check" DETAIL: Failing row contains (4, 4, 8, 4).`)
	db.Is("insert into f values (9)",
		`23503: insert or update on table "f" violates foreign key constraint "f_x_fkey" `+
			`DETAIL: Key (order)=(9) is not present in table "New T".`)
	db.Restart()
	db.Is("select * from w order by 1", "2|1; 3|2; 4|3")
	db.Is(`insert into "New T" values (5, 6) returning *`, "5|6|11|5")
}

// RENAME wants a thing that is there and a name that is free.
func TestRenameRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int)")
	db.Must("create view v as select a from t")
	db.Must("create sequence s")
	db.Must("create index i on t (b)")
	f := func(statement, want string) {
		t.Helper()
		db.Is("alter "+statement, want)
	}
	f("table nosuch rename to x", `42P01: relation "nosuch" does not exist`)
	f("table t rename to t", `42P07: relation "t" already exists`)
	f("table t rename to v", `42P07: relation "v" already exists`)
	f("table t rename to s", `42P07: relation "s" already exists`)
	f("table t rename to i", `42P07: relation "i" already exists`)
	f("table t rename to t_pkey", `42P07: relation "t_pkey" already exists`)
	f("table t rename a to b", `42701: column "b" of relation "t" already exists`)
	f("table t rename a to a", `42701: column "a" of relation "t" already exists`)
	f("table t rename nosuch to x", `42703: column "nosuch" does not exist`)
	f("table t rename ctid to x", `0A000: cannot rename system column "ctid"`)
	f("table t rename a to ctid", `42701: column name "ctid" conflicts with a system column name`)
	f("view v rename to t", `42P07: relation "t" already exists`)
	f("view t rename to x", `42809: "t" is not a view`)
	f("view s rename to x", `42809: "s" is not a view`)
	f("view nosuch rename to x", `42P01: relation "nosuch" does not exist`)
	f("view v rename nosuch to x", `42703: column "nosuch" does not exist`)
	f("sequence t rename to x", `42809: "t" is not a sequence`)
	f("sequence nosuch rename to x", `42P01: relation "nosuch" does not exist`)
	f("sequence s rename to t", `42P07: relation "t" already exists`)
	f("index i rename to t", `42P07: relation "t" already exists`)
	f("index nosuch rename to x", `42P01: relation "nosuch" does not exist`)
	f("index i rename to i", `42P07: relation "i" already exists`)
	f("schema nosuch rename to x", `3F000: schema "nosuch" does not exist`)
	f("table nosuch.t rename to x", `3F000: schema "nosuch" does not exist`)
	f("table pg_class rename to x", `42501: permission denied: "pg_class" is a system catalog`)
	f("table pg_class rename relname to x", `42501: permission denied: "pg_class" is a system catalog`)
	for _, kind := range []string{"table", "view", "sequence", "index"} {
		db.IsHeard("alter "+kind+" if exists nosuch rename to x", "ALTER "+strings.ToUpper(kind),
			`NOTICE: relation "nosuch" does not exist, skipping`,
		)
	}
	db.IsHeard("alter table if exists nosuch rename a to b", "ALTER TABLE",
		`NOTICE: relation "nosuch" does not exist, skipping`,
	)
	db.IsHeard("alter table if exists nosuch.t rename to b", "ALTER TABLE",
		`NOTICE: relation "t" does not exist, skipping`,
	)
	// ALTER TABLE renames any kind of relation, ALTER INDEX and ALTER SEQUENCE as well.
	f("table v rename to v2", "ALTER TABLE")
	f("table s rename to s2", "ALTER TABLE")
	f("table i rename to i2", "ALTER TABLE")
	f("index t rename to t2", "ALTER INDEX")
	f("table v2 rename column a to aa", "ALTER TABLE")
	f("table i2 rename column b to bb", "ALTER TABLE")
	f("table s2 rename column last_value to x",
		`42809: cannot rename columns of relation "s2" DETAIL: This operation is not supported for sequences.`)
	long := strings.Repeat("x", 64)
	db.IsHeard("alter table v2 rename to "+long, "ALTER TABLE",
		`NOTICE: identifier "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" will be truncated `+
			`to "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"`,
	)
	db.Rows("select relname, relkind from pg_class where relnamespace = 'public'::regnamespace order by 1",
		"i2|i",
		"s2|S",
		"t2|r",
		"t_pkey|i",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|v")
}

// SET SCHEMA moves a table with its indexes and its own sequences; names in other objects follow.
func TestSetSchema(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table t (a serial primary key, b int generated always as identity, c int unique)")
	db.Must("create index t_c on t (c)")
	db.Must("create table f (a int references t)")
	db.Must("create view v as select t.a from t")
	db.Must("insert into t (c) values (7)")
	db.Must("insert into f values (1)")
	db.Is("alter table t set schema s", "ALTER TABLE")
	db.Is("select * from t", `42P01: relation "t" does not exist`)
	db.Is("select * from s.t", "1|1|7")
	db.Rows("select relname from pg_class where relnamespace = 's'::regnamespace order by 1",
		"t", "t_a_seq", "t_b_seq", "t_c", "t_c_key", "t_pkey")
	db.Is("select pg_get_viewdef('v'::regclass)", " SELECT a\n   FROM s.t;")
	db.Rows(shape("s.t"),
		"a integer not null default nextval('s.t_a_seq'::regclass)",
		"b integer not null identity a",
		"c integer",
		"t_c_key UNIQUE (c)",
		"t_pkey PRIMARY KEY (a)",
		"CREATE INDEX t_c ON s.t USING btree (c)",
		"CREATE UNIQUE INDEX t_c_key ON s.t USING btree (c)",
		"CREATE UNIQUE INDEX t_pkey ON s.t USING btree (a)",
	)
	db.Rows(shape("f"),
		"a integer",
		"f_a_fkey FOREIGN KEY (a) REFERENCES s.t(a)",
	)
	db.Is("insert into s.t (c) values (8) returning a, b", "2|2")
	db.Is("insert into f values (3)",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(3) is not present in table "t".`)
	db.Is("select * from v order by 1", "1; 2")
	db.Is("alter view v set schema s", "ALTER VIEW")
	db.Is("select count(*) from s.v", "2")
	db.Must("create sequence q")
	db.Must("create table uses (a int default nextval('q'))")
	db.Is("alter sequence q set schema s", "ALTER SEQUENCE")
	db.Rows(shape("uses"),
		"a integer default nextval('s.q'::regclass)",
	)
	db.Is("insert into uses default values returning a", "1")
	db.Is("alter table s.t set schema s", "ALTER TABLE")
	db.Is("alter sequence s.t_a_seq set schema public",
		`0A000: cannot move an owned sequence into another schema DETAIL: Sequence "t_a_seq" is linked to table "t".`)
	db.Is("alter table s.t set schema nosuch", `3F000: schema "nosuch" does not exist`)
	db.Is("alter table nosuch set schema s", `42P01: relation "nosuch" does not exist`)
	db.IsHeard("alter table if exists nosuch set schema s", "ALTER TABLE",
		`NOTICE: relation "nosuch" does not exist, skipping`,
	)
	db.Is("alter table s.t_c set schema public",
		`42809: cannot change schema of index "t_c" HINT: Change the schema of the table instead.`)
	db.Is("alter view s.t set schema public", `42809: "t" is not a view`)
	db.Is("alter sequence s.t set schema public", `42809: "t" is not a sequence`)
	db.Is("alter table pg_class set schema s", `42501: permission denied: "pg_class" is a system catalog`)
	db.Must("create table t (a int)")
	db.Is("alter table s.t set schema public", `42P07: relation "t" already exists in schema "public"`)
	db.Must("drop table public.t")
	db.Must("create table t_c_key (a int)")
	db.Is("alter table s.t set schema public", `42P07: relation "t_c_key" already exists in schema "public"`)
	db.Must("drop table t_c_key")
	db.Is("alter table s.t set schema public", "ALTER TABLE")
	db.Restart()
	db.Is("select * from t order by a", "1|1|7; 2|2|8")
	db.Is("insert into t (c) values (9) returning a, b", "3|3")
}

// Renaming a schema renames it in all that shows it.
func TestRenameSchema(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create schema s")
	db.Must("create table s.t (a serial primary key, b int)")
	db.Must("create view v as select a from s.t")
	db.Must("create view s.w as select a from v")
	db.Must("create table f (a int references s.t)")
	db.Is("alter schema s rename to \"S 2\"", "ALTER SCHEMA")
	db.Is(`insert into "S 2".t (b) values (1) returning a`, "1")
	db.Is("select * from v", "1")
	db.Is(`select * from "S 2".w`, "1")
	db.Is("select pg_get_viewdef('v'::regclass)", " SELECT a\n   FROM \"S 2\".t;")
	db.Rows(shape(`"S 2".t`),
		`a integer not null default nextval('"S 2".t_a_seq'::regclass)`,
		"b integer",
		"t_pkey PRIMARY KEY (a)",
		`CREATE UNIQUE INDEX t_pkey ON "S 2".t USING btree (a)`,
	)
	db.Rows(shape("f"),
		"a integer",
		`f_a_fkey FOREIGN KEY (a) REFERENCES "S 2".t(a)`,
	)
	db.Is("select * from s.t", `42P01: relation "s.t" does not exist`)
	db.Is("alter schema nosuch rename to x", `3F000: schema "nosuch" does not exist`)
	db.Is(`alter schema "S 2" rename to public`, `42P06: schema "public" already exists`)
	db.Is(`alter schema "S 2" rename to pg_mine`,
		`42939: unacceptable schema name "pg_mine" DETAIL: The prefix "pg_" is reserved for system schemas.`)
	db.Is("alter schema pg_nosuch rename to x", `3F000: schema "pg_nosuch" does not exist`)
	db.Restart()
	db.Is(`insert into "S 2".t (b) values (1) returning a`, "2")
	db.Is("select * from v order by 1", "1; 2")
	db.Is(`drop schema "S 2"`,
		`2BP01: cannot drop schema S 2 because other objects depend on it DETAIL: table "S 2".t depends on schema S 2
view v depends on table "S 2".t
constraint f_a_fkey on table f depends on table "S 2".t
view "S 2".w depends on schema S 2 HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("insert into f values (3)",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(3) is not present in table "t".`)
}
