package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// ALTER TYPE casts each row as an assignment does, or as USING says.
func TestAlterType(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension if not exists vector")
	db.Must("create table t (a int, b text, c varchar(10), d numeric(8,3), e timestamp, f vector(3), g int[])")
	db.Must(`insert into t values (1, '10', 'abcdef', 1.2345, '2024-01-02 03:04:05', '[1,2,3]', '{1,2}'),
		(2, ' 20 ', 'xyz', -9.9995, '1999-12-31 23:59:59.9', null, null), (null, null, null, null, null, null, null)`)
	f := func(what, want string) {
		t.Helper()
		db.Is("alter table t alter "+what, want)
	}
	f("a type bigint", "ALTER TABLE")
	f("a type numeric(5,1)", "ALTER TABLE")
	f("a type text", "ALTER TABLE")
	f("b type int",
		`42804: column "b" cannot be cast automatically to type integer HINT: You might need to specify "USING b::integer".`)
	f("b type int using b::int", "ALTER TABLE")
	f("c type varchar(6)", "ALTER TABLE")
	f("c type varchar(5)", "22001: value too long for type character varying(5)")
	f("c type varchar(3) using left(c, 3)", "ALTER TABLE")
	f("c set data type char(5)", "ALTER TABLE")
	f("d type numeric(8,1)", "ALTER TABLE")
	f("d type numeric(2,1)",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 2, scale 1 must round to an absolute value less than 10^1.")
	f("d type int", "ALTER TABLE")
	f("e type date", "ALTER TABLE")
	f("e type timestamptz using e + interval '1 hour'", "ALTER TABLE")
	f("f type vector(2)", "22000: expected 2 dimensions, not 3")
	f("f type vector", "ALTER TABLE")
	f("f type vector(2) using subvector(f, 1, 2)", "ALTER TABLE")
	f("f type real[]", "ALTER TABLE")
	f("g type text[]", "ALTER TABLE")
	f("g type int using cardinality(g)", "ALTER TABLE")
	db.Rows(shape("t"),
		"a text",
		"b integer",
		"c character(5)",
		"d integer",
		"e timestamp with time zone",
		"f real[]",
		"g integer",
	)
	db.Rows("select a, b, c, d, e at time zone 'UTC', f, g from t order by a",
		"1.0|10|abc  |1|2024-01-02 01:00:00|{1,2}|2",
		"2.0|20|xyz  |-10|1999-12-31 01:00:00|<null>|<null>",
		"<null>|<null>|<null>|<null>|<null>|<null>|<null>",
	)
	f("b type int using a",
		`42804: result of USING clause for column "b" cannot be cast automatically to type integer `+
			`HINT: You might need to add an explicit cast.`)
	f("b type int using a::int * 2", `22P02: invalid input syntax for type integer: "1.0"`)
	f("b type int using (select 1)", "0A000: cannot use subquery in transform expression")
	f("b type int using sum(b)", "42803: aggregate functions are not allowed in transform expressions")
	f("b type int using nosuch", `42703: column "nosuch" does not exist`)
	f("b type int using 'x'", `22P02: invalid input syntax for type integer: "x"`)
	f("b type int using 1 / (b - 2)", "ALTER TABLE")
	f("b type nosuch", `42704: type "nosuch" does not exist`)
	f("b type anyelement", `42P16: column "b" has pseudo-type anyelement`)
	f("nosuch type int", `42703: column "nosuch" of relation "t" does not exist`)
	f("ctid type int", `0A000: cannot alter system column "ctid"`)
	f("b type date",
		`42804: column "b" cannot be cast automatically to type date HINT: You might need to specify "USING b::date".`)
	db.Rows("select a, b, c, d, e at time zone 'UTC', f, g from t order by a",
		"1.0|0|abc  |1|2024-01-02 01:00:00|{1,2}|2",
		"2.0|0|xyz  |-10|1999-12-31 01:00:00|<null>|<null>",
		"<null>|<null>|<null>|<null>|<null>|<null>|<null>",
	)
	db.Restart()
	db.Rows("select a, b, c, d, e at time zone 'UTC', f, g from t order by a",
		"1.0|0|abc  |1|2024-01-02 01:00:00|{1,2}|2",
		"2.0|0|xyz  |-10|1999-12-31 01:00:00|<null>|<null>",
		"<null>|<null>|<null>|<null>|<null>|<null>|<null>",
	)
}

// Defaults, checks, keys and indexes follow a changed type, or refuse it.
func TestAlterTypeDependents(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int primary key, b int default 5 check (b > 0), c text default 'x', d int unique,
		e int default 1, f varchar(10) default 'abc',
		check (a < b * 100), check (length(c) < 9))`)
	db.Must("create index t_lower on t (lower(c))")
	db.Must("create index t_sum on t ((b + e) desc)")
	db.Must("create index t_part on t (e desc nulls last) where e > 0")
	db.Must("create index t_pattern on t (c text_pattern_ops)")
	db.Must("insert into t select g, g, 'c' || g, g, g, 'f' from generate_series(1, 1500) g")
	db.Is("alter table t alter a type bigint", "ALTER TABLE")
	db.Is("alter table t alter b type numeric(10,2)", "ALTER TABLE")
	db.Is("alter table t alter c type varchar(20)", "ALTER TABLE")
	db.Is("alter table t alter d type text", "ALTER TABLE")
	db.Is("alter table t alter e type bigint using e * 2", "ALTER TABLE")
	db.Is("alter table t alter f type char(12)", "ALTER TABLE")
	db.Rows(shape("t"),
		"a bigint not null",
		"b numeric(10,2) default 5",
		"c character varying(20) default 'x'::text",
		"d text",
		"e bigint default 1",
		"f character(12) default 'abc'::character varying",
		"t_b_check CHECK ((b > (0)::numeric))",
		"t_c_check CHECK ((length((c)::text) < 9))",
		"t_check CHECK (((a)::numeric < (b * (100)::numeric)))",
		"t_d_key UNIQUE (d)",
		"t_pkey PRIMARY KEY (a)",
		"CREATE UNIQUE INDEX t_d_key ON public.t USING btree (d)",
		"CREATE INDEX t_lower ON public.t USING btree (lower((c)::text))",
		"CREATE INDEX t_part ON public.t USING btree (e DESC NULLS LAST) WHERE (e > 0)",
		"CREATE INDEX t_pattern ON public.t USING btree (c text_pattern_ops)",
		"CREATE UNIQUE INDEX t_pkey ON public.t USING btree (a)",
		"CREATE INDEX t_sum ON public.t USING btree (((b + (e)::numeric)) DESC)",
	)
	db.Is("select a, b, c, d, e, f from t where a = 1500", "1500|1500.00|c1500|1500|3000|f           ")
	db.Is("select a from t where d = '77'", "77")
	db.Is("select count(*) from t where e > 2900 and e > 0", "50")
	db.Is("select a from t where lower(c) = 'c9'", "9")
	db.Is("insert into t (a, d) values (1, 'q')",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`)
	db.Is("insert into t (a, d) values (1501, '9')",
		`23514: new row for relation "t" violates check constraint "t_check" `+
			`DETAIL: Failing row contains (1501, 5.00, x, 9, 1, abc         ).`)
	db.Is("insert into t (a, d) values (400, 'q')",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(400) already exists.`)
	db.Is("insert into t (a, d, b) values (1600, 'q', 99) returning *", "1600|99.00|x|q|1|abc         ")
	db.Is("alter table t alter c type int using 0",
		`42804: default for column "c" cannot be cast automatically to type integer`)
	db.Is("alter table t alter d type int using 1",
		`23505: could not create unique index "t_d_key" DETAIL: Key (d)=(1) is duplicated.`)
	db.Is("alter table t alter c drop default", "ALTER TABLE")
	db.Is("alter table t alter f type int using 3",
		`42804: default for column "f" cannot be cast automatically to type integer`)
	db.Is("alter table t alter f drop default, alter f type int using 3, alter f set default 4", "ALTER TABLE")
	db.Rows(shape("t"),
		"a bigint not null",
		"b numeric(10,2) default 5",
		"c character varying(20)",
		"d text",
		"e bigint default 1",
		"f integer default 4",
		"t_b_check CHECK ((b > (0)::numeric))",
		"t_c_check CHECK ((length((c)::text) < 9))",
		"t_check CHECK (((a)::numeric < (b * (100)::numeric)))",
		"t_d_key UNIQUE (d)",
		"t_pkey PRIMARY KEY (a)",
		"CREATE UNIQUE INDEX t_d_key ON public.t USING btree (d)",
		"CREATE INDEX t_lower ON public.t USING btree (lower((c)::text))",
		"CREATE INDEX t_part ON public.t USING btree (e DESC NULLS LAST) WHERE (e > 0)",
		"CREATE INDEX t_pattern ON public.t USING btree (c text_pattern_ops)",
		"CREATE UNIQUE INDEX t_pkey ON public.t USING btree (a)",
		"CREATE INDEX t_sum ON public.t USING btree (((b + (e)::numeric)) DESC)",
	)
}

// A view, a generated column or a foreign key keeps the type of the columns that it uses.
func TestAlterTypeNeeded(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int, c int generated always as (b + 1) stored, d text)")
	db.Must("create view v as select a from t where d = 'x'")
	db.Must("create table f (a int references t)")
	db.Must("insert into t values (1, 1, default, 'x')")
	db.Must("insert into f values (1)")
	db.Is("alter table t alter a type bigint",
		`0A000: cannot alter type of a column used by a view or rule DETAIL: rule _RETURN on view v depends on column "a"`)
	db.Is("alter table t alter d type varchar(5)",
		`0A000: cannot alter type of a column used by a view or rule DETAIL: rule _RETURN on view v depends on column "d"`)
	db.Is("alter table t alter b type bigint",
		`0A000: cannot alter type of a column used by a generated column DETAIL: Column "b" is used by generated column "c".`)
	db.Is("alter table t alter c type bigint", "ALTER TABLE")
	db.Is("alter table t alter c type bigint using 3",
		`42611: cannot specify USING when altering type of generated column DETAIL: Column "c" is a generated column.`)
	db.Is("select * from t", "1|1|2|x")
	db.Is("alter table v alter a type bigint",
		`42809: ALTER action ALTER COLUMN ... SET DATA TYPE cannot be performed on relation "v" `+
			`DETAIL: This operation is not supported for views.`)
	db.Is("drop view v", "DROP VIEW")
	db.Is("alter table t alter a type bigint", "ALTER TABLE")
	db.Is("alter table t alter a type date using '2024-01-01'",
		`42804: foreign key constraint "f_a_fkey" cannot be implemented `+
			`DETAIL: Key columns "a" and "a" are of incompatible types: integer and date.`)
	db.Is("alter table f alter a type text",
		`42804: foreign key constraint "f_a_fkey" cannot be implemented `+
			`DETAIL: Key columns "a" and "a" are of incompatible types: text and bigint.`)
	db.Is("alter table f alter a type smallint", "ALTER TABLE")
	db.Is("insert into f values (2)",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(2) is not present in table "t".`)
	db.Is("alter table f alter a type int using 5",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(5) is not present in table "t".`)
	db.Is("alter table t alter a type int using a + 1",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(1) is not present in table "t".`)
	db.Is("select * from t, f", "1|1|2|x|1")
}

// An index on a vector column follows a change that keeps its dimensions known, and refuses others.
func TestAlterTypeOfVector(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create extension if not exists vector")
	db.Must("create table t (id int, v vector(3))")
	db.Must("insert into t select g, ('[' || g || ',0,1]')::vector from generate_series(1, 300) g")
	db.Must("create index on t using ivfpq (v vector_cosine_ops)")
	db.Is("alter table t alter v type vector(2) using subvector(v, 1, 2)", "ALTER TABLE")
	db.Is("select pg_get_indexdef('t_v_idx'::regclass)",
		"CREATE INDEX t_v_idx ON public.t USING ivfpq (v vector_cosine_ops)")
	db.Is("select id, v from t order by v <=> '[3,0]', id limit 1", "1|[1,0]")
	db.Is("alter table t alter v type vector", "22023: column does not have dimensions")
	db.Is("alter table t alter v type text", `42804: operator class "vector_cosine_ops" does not accept data type text`)
	db.Is("insert into t values (0, '[1,2,3]')", "22000: expected 2 dimensions, not 3")
	db.Is("select count(*), max(vector_dims(v)) from t", "300|2")
}
