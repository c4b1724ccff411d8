package ddl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// An index is shown with all that was said of it, but for what is so anyway; it is used and kept right.
func TestCreateIndex(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text, c numeric, d timestamptz, e int)")
	db.Must("insert into t select g, 'b' || g % 7, g / 3.0, now(), g from generate_series(1, 1100) g")
	for _, columns := range []string{
		"(a)", "(a, b)", "(a desc)", "(a asc nulls first, b desc nulls last, c desc)", "(lower(b))", "((a + e))",
		"((a + e) desc, b)",
		"(a) include (b, c)", "(a) where b = 'b1' and e > 5", "(b text_pattern_ops)", "(b varchar_pattern_ops desc)",
		"(a int4_ops)", "(d) with (fillfactor = 70)", "(d) with (deduplicate_items = off)", "using btree (e)",
		"(a) tablespace pg_default",
		"(coalesce(b, 'x'), (b || 'y'))", "(upper(b), lower(b), a)", "(a, a)",
	} {
		db.Is("create index on t "+columns, "CREATE INDEX")
	}
	db.Must("create unique index named on only t (a, e)")
	db.Must("create unique index nulls on t (a) nulls not distinct")
	db.Rows(shape("t"),
		"a integer",
		"b text",
		"c numeric",
		"d timestamp with time zone",
		"e integer",
		"CREATE UNIQUE INDEX named ON public.t USING btree (a, e)",
		"CREATE UNIQUE INDEX nulls ON public.t USING btree (a) NULLS NOT DISTINCT",
		"CREATE INDEX t_a_a1_idx ON public.t USING btree (a, a)",
		"CREATE INDEX t_a_b_c_idx ON public.t USING btree (a NULLS FIRST, b DESC NULLS LAST, c DESC)",
		"CREATE INDEX t_a_b_c_idx1 ON public.t USING btree (a) INCLUDE (b, c)",
		"CREATE INDEX t_a_b_idx ON public.t USING btree (a, b)",
		"CREATE INDEX t_a_idx ON public.t USING btree (a)",
		"CREATE INDEX t_a_idx1 ON public.t USING btree (a DESC)",
		"CREATE INDEX t_a_idx2 ON public.t USING btree (a) WHERE ((b = 'b1'::text) AND (e > 5))",
		"CREATE INDEX t_a_idx3 ON public.t USING btree (a)",
		"CREATE INDEX t_a_idx4 ON public.t USING btree (a)",
		"CREATE INDEX t_b_idx ON public.t USING btree (b text_pattern_ops)",
		"CREATE INDEX t_b_idx1 ON public.t USING btree (b varchar_pattern_ops DESC)",
		"CREATE INDEX t_coalesce_expr_idx ON public.t USING btree (COALESCE(b, 'x'::text), ((b || 'y'::text)))",
		"CREATE INDEX t_d_idx ON public.t USING btree (d) WITH (fillfactor='70')",
		"CREATE INDEX t_d_idx1 ON public.t USING btree (d) WITH (deduplicate_items=off)",
		"CREATE INDEX t_e_idx ON public.t USING btree (e)",
		"CREATE INDEX t_expr_b_idx ON public.t USING btree (((a + e)) DESC, b)",
		"CREATE INDEX t_expr_idx ON public.t USING btree (((a + e)))",
		"CREATE INDEX t_lower_idx ON public.t USING btree (lower(b))",
		"CREATE INDEX t_upper_lower_a_idx ON public.t USING btree (upper(b), lower(b), a)",
	)
	db.Is("select count(*) from t where lower(b) = 'b1'", "158")
	db.Is("select a from t where a + e = 44", "22")
	db.Is("insert into t values (5)",
		`23505: duplicate key value violates unique constraint "nulls" DETAIL: Key (a)=(5) already exists.`)
	db.Must("delete from t where a > 3")
	db.Is("select a from t where b = 'b2' order by a", "2")
}

// What an index cannot be over is refused, before anything is made.
func TestCreateIndexRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text, j json, p int[])")
	db.Must("create view v as select a from t")
	db.Must("create sequence s")
	f := func(index, want string) {
		t.Helper()
		db.Is("create "+index, want)
	}
	f("index i on nosuch (a)", `42P01: relation "nosuch" does not exist`)
	f("index i on nosuch.t (a)", `3F000: schema "nosuch" does not exist`)
	f("index i on v (a)", `42809: cannot create index on relation "v" DETAIL: This operation is not supported for views.`)
	f("index i on s (last_value)",
		`42809: cannot create index on relation "s" DETAIL: This operation is not supported for sequences.`)
	f("index i on pg_class (relname)", `42501: permission denied: "pg_class" is a system catalog`)
	f("index i on t (nosuch)", `42703: column "nosuch" does not exist`)
	f("index i on t (a) include (nosuch)", `42703: column "nosuch" does not exist`)
	f("index i on t (a) where nosuch", `42703: column "nosuch" does not exist`)
	f("index i on t (a) where a", "42804: argument of WHERE must be type boolean, not type integer")
	f("index i on t ((a > (select 1)))", "0A000: cannot use subquery in index expression")
	f("index i on t ((sum(a)))", "42803: aggregate functions are not allowed in index expressions")
	f("index i on t ((generate_series(1, a)))", "0A000: set-returning functions are not allowed in index expressions")
	f("index i on t ((row_number() over ()))", "42P20: window functions are not allowed in index expressions")
	f("index i on t ((random()))", "42P17: functions in index expression must be marked IMMUTABLE")
	f("index i on t ((now()::text))", "42P17: functions in index expression must be marked IMMUTABLE")
	f("index i on t (a) where now() > '2024-01-01'", "42P17: functions in index predicate must be marked IMMUTABLE")
	f("index i on t (a) where a > (select 1)", "0A000: cannot use subquery in index predicate")
	f("index i on t (a) where sum(a) > 1", "42803: aggregate functions are not allowed in index predicates")
	f("index i on t (j)",
		`42704: data type json has no default operator class for access method "btree" `+
			`HINT: You must specify an operator class for the index or define a default operator class for the data type.`)
	f("index i on t (a nosuch_ops)", `42704: operator class "nosuch_ops" does not exist for access method "btree"`)
	f("index i on t (a text_ops)", `42804: operator class "text_ops" does not accept data type integer`)
	f("index i on t (a collate \"C\")", "42804: collations are not supported by type integer")
	f("index i on t (b collate nosuch)", `42704: collation "nosuch" for encoding "UTF8" does not exist`)
	f("index i on t using nosuch (a)", `42704: access method "nosuch" does not exist`)
	f("index i on t (a) with (nosuch = 1)", `22023: unrecognized parameter "nosuch"`)
	f("index i on t (a) with (fillfactor = 5)",
		`22023: value 5 out of bounds for option "fillfactor" DETAIL: Valid values are between "10" and "100".`)
	f("index i on t (a) with (deduplicate_items = maybe)",
		`22023: invalid value for boolean option "deduplicate_items": maybe`)
	f("index i on t (a) tablespace nosuch", `42704: tablespace "nosuch" does not exist`)
	f("index i on t ()", `42601: syntax error at or near ")"`)
	f("index t on t (a)", `42P07: relation "t" already exists`)
	f("index v on t (a)", `42P07: relation "v" already exists`)
	f("index if not exists on t (a)", `42601: syntax error at or near "on"`)
	f("unique index i on t (a) include (b) nulls not distinct where a > 0", "CREATE INDEX")
	f("index i on t (b)", `42P07: relation "i" already exists`)
	db.IsHeard("create index if not exists i on t (b)", "CREATE INDEX",
		`NOTICE: relation "i" already exists, skipping`,
	)
	db.IsHeard("create index if not exists i on nosuch (b)", `42P01: relation "nosuch" does not exist`)
	db.Rows(shape("t"),
		"a integer",
		"b text",
		"j json",
		"p integer[]",
		"CREATE UNIQUE INDEX i ON public.t USING btree (a) INCLUDE (b) NULLS NOT DISTINCT WHERE (a > 0)",
	)
}

// An index has at most 32 columns, INCLUDE counted.
func TestCreateIndexColumnsMax(t *testing.T) {
	db := dbtest.New(t)
	names := make([]string, 33)
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i+1)
	}
	db.Must("create table t (" + strings.Join(names, " int, ") + " int)")
	all, most := strings.Join(names, ", "), strings.Join(names[:32], ", ")
	db.Is("create index on t ("+all+")", "54011: cannot use more than 32 columns in an index")
	db.Is("create index on t ("+most+") include (c33)", "54011: cannot use more than 32 columns in an index")
	db.Is("alter table t add unique ("+all+")", "54011: cannot use more than 32 columns in an index")
	db.Is("alter table t add primary key ("+most+")", "ALTER TABLE")
	db.Is("create index on t ("+most+")", "CREATE INDEX")
	db.Rows("select relname from pg_class where relkind = 'i' and relnamespace = 'public'::regnamespace order by 1",
		"t_c1_c2_c3_c4_c5_c6_c7_c8_c9_c10_c11_c12_c13_c14_c15_c16_c1_idx",
		"t_pkey")
	db.Is("insert into t select from generate_series(1, 1)",
		`23502: null value in column "c1" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, null, null, null, null, null, null, null, null, null, null, null, `+
			`null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, `+
			`null, null, null, null).`)
}

// CONCURRENTLY builds the same index, and not within a transaction block.
func TestCreateIndexConcurrently(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int)")
	db.Must("insert into t select g, g / 2 from generate_series(1, 1500) g")
	db.Is("create index concurrently on t (a)", "CREATE INDEX")
	db.Is("create index concurrently if not exists t_a_idx on t (b)", "CREATE INDEX")
	db.Must("begin")
	db.Is("create index concurrently i on t (b)", "25001: CREATE INDEX CONCURRENTLY cannot run inside a transaction block")
	db.Must("rollback")
	db.Is("create index concurrently t_a_idx on t (b)", `42P07: relation "t_a_idx" already exists`)
	db.Is("select a from t where a = 1499", "1499")
	db.Must("begin")
	db.Is("drop index concurrently t_a_idx", "25001: DROP INDEX CONCURRENTLY cannot run inside a transaction block")
	db.Must("rollback")
	db.Is("drop index concurrently t_a_idx", "DROP INDEX")
	db.Is("drop index concurrently t_a_idx", `42704: index "t_a_idx" does not exist`)
	db.IsHeard("drop index concurrently if exists t_a_idx", "DROP INDEX",
		`NOTICE: index "t_a_idx" does not exist, skipping`,
	)
	db.Is("reindex table concurrently t", "REINDEX")
	db.Must("begin")
	db.Is("reindex table concurrently t", "25001: REINDEX CONCURRENTLY cannot run inside a transaction block")
	db.Must("rollback")
}

// A unique index refuses rows that break it, when it is made and after.
func TestUniqueIndex(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	db.Must("insert into t values (1, 'x'), (2, 'X'), (3, null), (4, null)")
	db.Is("create unique index i on t (b) nulls not distinct",
		`23505: could not create unique index "i" DETAIL: Key (b)=(null) is duplicated.`)
	db.Is("create unique index i on t (b)", "CREATE INDEX")
	db.Is("create unique index part on t (lower(b)) where a > 1", "CREATE INDEX")
	db.Is("insert into t values (0, 'Y'), (0, 'y')", "INSERT 0 2")
	db.Is("insert into t values (5, 'x')",
		`23505: duplicate key value violates unique constraint "i" DETAIL: Key (b)=(x) already exists.`)
	db.Is("insert into t values (0, 'x')",
		`23505: duplicate key value violates unique constraint "i" DETAIL: Key (b)=(x) already exists.`)
	db.Is("insert into t values (5, null)", "INSERT 0 1")
	db.Must("drop index part")
	db.Is("update t set a = 9 where a = 0", "UPDATE 2")
	db.Restart()
	db.Is("insert into t values (0, 'x')",
		`23505: duplicate key value violates unique constraint "i" DETAIL: Key (b)=(x) already exists.`)
}

// ALTER INDEX changes parameters and names, and nothing that a table's column has.
func TestAlterIndex(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	db.Must("create index i on t (a, lower(b)) with (fillfactor = 80)")
	f := func(what, want string) {
		t.Helper()
		db.Is("alter index "+what, want)
	}
	f("i set (fillfactor = 60)", "ALTER INDEX")
	db.Is("select pg_get_indexdef('i'::regclass), (select reloptions from pg_class where relname = 'i')",
		"CREATE INDEX i ON public.t USING btree (a, lower(b)) WITH (fillfactor='60')|{fillfactor=60}")
	f("i reset (fillfactor)", "ALTER INDEX")
	db.Is("select pg_get_indexdef('i'::regclass)", "CREATE INDEX i ON public.t USING btree (a, lower(b))")
	f("i set (fillfactor = 101)",
		`22023: value 101 out of bounds for option "fillfactor" DETAIL: Valid values are between "10" and "100".`)
	f("i set (nosuch = 1)", `22023: unrecognized parameter "nosuch"`)
	f("i set tablespace pg_default", "ALTER INDEX")
	f("i set tablespace nosuch", `42704: tablespace "nosuch" does not exist`)
	f("nosuch set (fillfactor = 60)", `42P01: relation "nosuch" does not exist`)
	f("if exists nosuch set (fillfactor = 60)", "ALTER INDEX")
	f("t set (fillfactor = 60)", `42809: "t" is not an index`)
	db.Is("alter table i add a int",
		`42809: ALTER action ADD COLUMN cannot be performed on relation "i" `+
			`DETAIL: This operation is not supported for indexes.`)
	db.Is("alter table i alter a set default 1",
		`42809: ALTER action ALTER COLUMN ... SET DEFAULT cannot be performed on relation "i" `+
			`DETAIL: This operation is not supported for indexes.`)
	db.Is("alter table i drop column a",
		`42809: ALTER action DROP COLUMN cannot be performed on relation "i" `+
			`DETAIL: This operation is not supported for indexes.`)
	db.IsHeard("alter table i owner to postgres", "ALTER TABLE")
	db.Is("alter table i rename to j", "ALTER TABLE")
	db.Is("alter index j rename to k", "ALTER INDEX")
	db.Is("select indexrelid::regclass from pg_index where indrelid = 't'::regclass", "k")
}

// REINDEX makes indexes anew under their names; they answer as before.
func TestReindex(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int unique, c text)")
	db.Must("create index i on t (lower(c)) include (a) where b > 0")
	db.Must("create table f (a int references t)")
	db.Must("insert into t select g, g, 'C' || g from generate_series(1, 1200) g")
	db.Must("create view v as select a from t")
	db.Is("reindex index i", "REINDEX")
	db.Is("reindex index t_pkey", "REINDEX")
	db.Is("reindex table t", "REINDEX")
	db.Is("reindex (verbose) table public.t", "REINDEX")
	db.Is("reindex schema public", "REINDEX")
	db.Is("reindex index nosuch", `42P01: relation "nosuch" does not exist`)
	db.Is("reindex index t", `42809: "t" is not an index`)
	db.Is("reindex table i", `42809: "i" is not a table or materialized view`)
	db.Is("reindex table v", `42809: "v" is not a table or materialized view`)
	db.Is("reindex table nosuch", `42P01: relation "nosuch" does not exist`)
	db.Is("reindex schema nosuch", `3F000: schema "nosuch" does not exist`)
	db.Rows(shape("t"),
		"a integer not null",
		"b integer",
		"c text",
		"t_b_key UNIQUE (b)",
		"t_pkey PRIMARY KEY (a)",
		"CREATE INDEX i ON public.t USING btree (lower(c)) INCLUDE (a) WHERE (b > 0)",
		"CREATE UNIQUE INDEX t_b_key ON public.t USING btree (b)",
		"CREATE UNIQUE INDEX t_pkey ON public.t USING btree (a)",
	)
	db.Is("insert into t values (1, 5000)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`)
	db.Is("select a from t where lower(c) = 'c77' and b > 0", "77")
	db.Is("insert into f values (1201)",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(1201) is not present in table "t".`)
	db.Must("begin")
	db.Is("reindex table t", "REINDEX")
	db.Is("select a from t where b = 3", "3")
	db.Must("rollback")
	db.Is("select a from t where b = 3", "3")
	db.Restart()
	db.Is("insert into t values (1, 5000)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`)
}
