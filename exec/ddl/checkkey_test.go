package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A check holds for each row that is written; null passes. Its name is given, or made of the column that it names.
func TestCheck(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int check (a > 0) check (a < 100), b int constraint b_even check (b % 2 = 0),
		c text check (c in ('x', 'y')),
		check (a < b), constraint "Odd Name" check (a is null or c is not null), check (length(c) = 1), check (true))`)
	db.Rows(shape("t"),
		"a integer",
		"b integer",
		"c text",
		"Odd Name CHECK (((a IS NULL) OR (c IS NOT NULL)))",
		"b_even CHECK (((b % 2) = 0))",
		"t_a_check CHECK ((a > 0))",
		"t_a_check1 CHECK ((a < 100))",
		"t_c_check CHECK ((c = ANY (ARRAY['x'::text, 'y'::text])))",
		"t_c_check1 CHECK ((length(c) = 1))",
		"t_check CHECK ((a < b))",
		"t_check1 CHECK (true)",
	)
	f := func(values, want string) {
		t.Helper()
		db.Is("insert into t values ("+values+")", want)
	}
	f("1, 2, 'x'", "INSERT 0 1")
	f("null, null, null", "INSERT 0 1")
	f("0, 2, 'x'",
		`23514: new row for relation "t" violates check constraint "t_a_check" DETAIL: Failing row contains (0, 2, x).`)
	f("100, 102, 'x'",
		`23514: new row for relation "t" violates check constraint "t_a_check1" DETAIL: Failing row contains (100, 102, x).`)
	f("1, 3, 'x'",
		`23514: new row for relation "t" violates check constraint "b_even" DETAIL: Failing row contains (1, 3, x).`)
	f("3, 2, 'x'",
		`23514: new row for relation "t" violates check constraint "t_check" DETAIL: Failing row contains (3, 2, x).`)
	f("1, 2, 'z'",
		`23514: new row for relation "t" violates check constraint "t_c_check" DETAIL: Failing row contains (1, 2, z).`)
	f("1, 2, null",
		`23514: new row for relation "t" violates check constraint "Odd Name" DETAIL: Failing row contains (1, 2, null).`)
	db.Is("update t set a = -1 where a = 1",
		`23514: new row for relation "t" violates check constraint "t_a_check" DETAIL: Failing row contains (-1, 2, x).`)
	db.Is("update t set b = b + 1",
		`23514: new row for relation "t" violates check constraint "b_even" DETAIL: Failing row contains (1, 3, x).`)
	db.Is("insert into t select g, 2 * g, 'y' from generate_series(90, 110) g",
		`23514: new row for relation "t" violates check constraint "t_a_check1" DETAIL: Failing row contains (100, 200, y).`)
	db.Is("insert into t values (1, 3, 'x') on conflict do nothing",
		`23514: new row for relation "t" violates check constraint "b_even" DETAIL: Failing row contains (1, 3, x).`)
	db.IsCopy("copy t from stdin", "5\t6\tx\n5\t4\tx\n",
		`23514: new row for relation "t" violates check constraint "t_check" DETAIL: Failing row contains (5, 4, x).`)
	db.Is("select count(*) from t", "2")
	db.Restart()
	f("0, 2, 'x'",
		`23514: new row for relation "t" violates check constraint "t_a_check" DETAIL: Failing row contains (0, 2, x).`)
}

// A check that is not a condition over the row is refused.
func TestCheckRefused(t *testing.T) {
	db := dbtest.New(t)
	f := func(check, want string) {
		t.Helper()
		db.Is("create table t (a int, b text, "+check+")", want)
	}
	f("check (a)", "42804: argument of CHECK must be type boolean, not type integer")
	f("check (b)", "42804: argument of CHECK must be type boolean, not type text")
	f("check (nosuch > 0)", `42703: column "nosuch" does not exist`)
	f("check (a > (select 1))", "0A000: cannot use subquery in check constraint")
	f("check (sum(a) > 0)", "42803: aggregate functions are not allowed in check constraints")
	f("check (row_number() over () > 0)", "42P20: window functions are not allowed in check constraints")
	f("check (generate_series(1, a) > 0)", "0A000: set-returning functions are not allowed in check constraints")
	f("check (a > $1)", "42P02: there is no parameter $1")
	f("check (b > 0)",
		"42883: operator does not exist: text > integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("check (other.a > 0)", `42P01: missing FROM-clause entry for table "other"`)
	f("constraint c check (a > 0), constraint c check (a < 9)", `42710: check constraint "c" already exists`)
	f("constraint c check (a > 0), constraint c unique (a)", `42710: constraint "c" for relation "t" already exists`)
	f("constraint t check (t.a > 0) not valid", "CREATE TABLE")
	db.Rows(shape("t"),
		"a integer",
		"b text",
		"t CHECK ((a > 0))",
	)
	db.Must("drop table t")
	f("check (a > 0) no inherit", "CREATE TABLE")
	db.Rows(shape("t"),
		"a integer",
		"b text",
		"t_a_check CHECK ((a > 0)) NO INHERIT",
	)
	db.Must("drop table t")
	f("check (a > 0) deferrable", "0A000: CHECK constraints cannot be marked DEFERRABLE")
	f("c int check (c > 0) not deferrable", "42601: misplaced NOT DEFERRABLE clause")
	f("check (null)", "CREATE TABLE")
	db.Is("insert into t values (1)", "INSERT 0 1")
}

// NOT NULL and NULL stand once and do not contradict.
func TestNotNull(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int not null, b text not null default 'x', c int null, d int not null not null,
		e int constraint named not null)`)
	db.Rows(shape("t"),
		"a integer not null",
		"b text not null default 'x'::text",
		"c integer",
		"d integer not null",
		"e integer not null",
	)
	db.Is("insert into t (a, d, e) values (1, 1, 1)", "INSERT 0 1")
	db.Is("insert into t (a, b, d, e) values (1, null, 1, 1)",
		`23502: null value in column "b" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (1, null, null, 1, 1).`)
	db.Is("insert into t (a, d) values (1, 1)",
		`23502: null value in column "e" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (1, x, null, 1, null).`)
	db.Is("update t set a = null",
		`23502: null value in column "a" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, x, null, 1, 1).`)
	db.Is("create table u (a int null not null)",
		`42601: conflicting NULL/NOT NULL declarations for column "a" of table "u"`)
	db.Is("create table u (a int not null null)",
		`42601: conflicting NULL/NOT NULL declarations for column "a" of table "u"`)
	db.Is("create table w (a int null primary key)", "CREATE TABLE")
	db.Is("create table u (a serial null)", `42601: conflicting NULL/NOT NULL declarations for column "a" of table "u"`)
	db.Is("create table u (a int null null)", "CREATE TABLE")
}

// A key has an index with its name; a primary key's columns are not null.
func TestKeys(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int, b int unique, c int constraint c_once unique, d int, e int, f int,
		primary key (d, a), unique (e, f), unique (e) include (f),
		unique nulls not distinct (f), unique (f, e))`)
	db.Rows(shape("t"),
		"a integer not null",
		"b integer",
		"c integer",
		"d integer not null",
		"e integer",
		"f integer",
		"c_once UNIQUE (c)",
		"t_b_key UNIQUE (b)",
		"t_e_f_key UNIQUE (e, f)",
		"t_e_f_key1 UNIQUE (e) INCLUDE (f)",
		"t_f_e_key UNIQUE (f, e)",
		"t_f_key UNIQUE NULLS NOT DISTINCT (f)",
		"t_pkey PRIMARY KEY (d, a)",
		"CREATE UNIQUE INDEX c_once ON public.t USING btree (c)",
		"CREATE UNIQUE INDEX t_b_key ON public.t USING btree (b)",
		"CREATE UNIQUE INDEX t_e_f_key ON public.t USING btree (e, f)",
		"CREATE UNIQUE INDEX t_e_f_key1 ON public.t USING btree (e) INCLUDE (f)",
		"CREATE UNIQUE INDEX t_f_e_key ON public.t USING btree (f, e)",
		"CREATE UNIQUE INDEX t_f_key ON public.t USING btree (f) NULLS NOT DISTINCT",
		"CREATE UNIQUE INDEX t_pkey ON public.t USING btree (d, a)",
	)
	db.Must("create table u (a int primary key, b text, constraint other unique (b))")
	db.Rows(shape("u"),
		"a integer not null",
		"b text",
		"other UNIQUE (b)",
		"u_pkey PRIMARY KEY (a)",
		"CREATE UNIQUE INDEX other ON public.u USING btree (b)",
		"CREATE UNIQUE INDEX u_pkey ON public.u USING btree (a)",
	)
	db.Must("create table w (a int, b int, constraint pk primary key (a) include (b) with (fillfactor = 50))")
	db.Rows(shape("w"),
		"a integer not null",
		"b integer",
		"pk PRIMARY KEY (a) INCLUDE (b)",
		"CREATE UNIQUE INDEX pk ON public.w USING btree (a) INCLUDE (b) WITH (fillfactor='50')",
	)
	db.Is("insert into t values (1, 1, 1, 1, 1, 1)", "INSERT 0 1")
	db.Is("insert into t values (1, 2, 2, 1, 2, 2)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (d, a)=(1, 1) already exists.`)
	db.Is("insert into t values (2, 1, 2, 1, 2, 2)",
		`23505: duplicate key value violates unique constraint "t_b_key" DETAIL: Key (b)=(1) already exists.`)
	db.Is("insert into t values (2, 2, 1, 1, 2, 2)",
		`23505: duplicate key value violates unique constraint "c_once" DETAIL: Key (c)=(1) already exists.`)
	db.Is("insert into t values (2, 2, 2, 1, 1, 1)",
		`23505: duplicate key value violates unique constraint "t_e_f_key" DETAIL: Key (e, f)=(1, 1) already exists.`)
	db.Is("insert into t values (2, null, null, 1, null, null)", "INSERT 0 1")
	db.Is("insert into t values (3, null, null, 1, null, null)",
		`23505: duplicate key value violates unique constraint "t_f_key" DETAIL: Key (f)=(null) already exists.`)
	db.Is("insert into t values (null, null, null, 1, null, 3)",
		`23502: null value in column "a" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, null, null, 1, null, 3).`)
	db.Is("insert into u values (1, null), (2, null)", "INSERT 0 2")
}

// A key over what is not a column, or over one twice, is refused, and so is a second primary key.
func TestKeysRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension if not exists vector")
	f := func(columns, want string) {
		t.Helper()
		db.Is("create table t ("+columns+")", want)
	}
	f("a int, primary key (nosuch)", `42703: column "nosuch" named in key does not exist`)
	f("a int, unique (nosuch)", `42703: column "nosuch" named in key does not exist`)
	f("a int, unique (a) include (nosuch)", `42703: column "nosuch" named in key does not exist`)
	f("a int, primary key (a, a)", `42701: column "a" appears twice in primary key constraint`)
	f("a int, unique (a, a)", `42701: column "a" appears twice in unique constraint`)
	f("a int primary key, b int primary key", `42P16: multiple primary keys for table "t" are not allowed`)
	f("a int primary key, primary key (a)", `42P16: multiple primary keys for table "t" are not allowed`)
	f("a int primary key primary key", `42P16: multiple primary keys for table "t" are not allowed`)
	f("a int unique unique", "CREATE TABLE")
	db.Rows(shape("t"),
		"a integer",
		"t_a_key UNIQUE (a)",
		"CREATE UNIQUE INDEX t_a_key ON public.t USING btree (a)",
	)
	db.Must("drop table t")
	f("a int primary key unique, unique (a)", "CREATE TABLE")
	db.Rows(shape("t"),
		"a integer not null",
		"t_pkey PRIMARY KEY (a)",
		"CREATE UNIQUE INDEX t_pkey ON public.t USING btree (a)",
	)
	db.Must("drop table t")
	f("a int, primary key ()", `42601: syntax error at or near ")"`)
	f("a int, primary key (lower(a))", `42601: syntax error at or near "("`)
	f("a int, unique (a desc)", `42601: syntax error at or near "desc"`)
	f("a json unique",
		`42704: data type json has no default operator class for access method "btree" `+
			`HINT: You must specify an operator class for the index or define a default operator class for the data type.`)
	f("a int constraint x unique, b int constraint x unique", `42P07: relation "x" already exists`)
	f("a int constraint t unique", `42P07: relation "t" already exists`)
	f("a int unique with (nosuch = 1)", `22023: unrecognized parameter "nosuch"`)
	f("a int unique using index tablespace nosuch", `42704: tablespace "nosuch" does not exist`)
	db.Must("create table taken (a int)")
	f("a int constraint taken unique", `42P07: relation "taken" already exists`)
	f("a int constraint taken check (a > 0)", "CREATE TABLE")
	db.Is("select count(*) from pg_class where relname in ('t', 'taken')", "2")
}

// The names that are made for constraints and their indexes are free and no longer than 63 bytes.
func TestConstraintNamesChosen(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t_a_key (a int)")
	db.Must("create sequence t_pkey")
	db.Must(`create table t (a int unique, b int check (b > 0) check (b < 5), c int, primary key (c),
		check (c > 0), check (c > b), check (1 > 0))`)
	db.Rows(shape("t"),
		"a integer",
		"b integer",
		"c integer not null",
		"t_a_key1 UNIQUE (a)",
		"t_b_check CHECK ((b > 0))",
		"t_b_check1 CHECK ((b < 5))",
		"t_c_check CHECK ((c > 0))",
		"t_check CHECK ((c > b))",
		"t_check1 CHECK ((1 > 0))",
		"t_pkey1 PRIMARY KEY (c)",
		"CREATE UNIQUE INDEX t_a_key1 ON public.t USING btree (a)",
		"CREATE UNIQUE INDEX t_pkey1 ON public.t USING btree (c)",
	)
	db.Must(`create table a_table_name_that_is_forty_bytes_long_x
		(a_column_name_that_is_forty_bytes_long__x int unique check (a_column_name_that_is_forty_bytes_long__x > 0)
		references a_table_name_that_is_forty_bytes_long_x (a_column_name_that_is_forty_bytes_long__x),
		b serial primary key)`)
	db.Rows(shape("a_table_name_that_is_forty_bytes_long_x"),
		"a_column_name_that_is_forty_bytes_long__x integer",
		"b integer not null default nextval('a_table_name_that_is_forty_bytes_long_x_b_seq'::regclass)",
		"a_table_name_that_is_forty_b_a_column_name_that_is_forty__check CHECK "+
			"((a_column_name_that_is_forty_bytes_long__x > 0))",
		"a_table_name_that_is_forty_by_a_column_name_that_is_forty__fkey FOREIGN KEY "+
			"(a_column_name_that_is_forty_bytes_long__x) REFERENCES "+
			"a_table_name_that_is_forty_bytes_long_x(a_column_name_that_is_forty_bytes_long__x)",
		"a_table_name_that_is_forty_by_a_column_name_that_is_forty_b_key UNIQUE (a_column_name_that_is_forty_bytes_long__x)",
		"a_table_name_that_is_forty_bytes_long_x_pkey PRIMARY KEY (b)",
		"CREATE UNIQUE INDEX a_table_name_that_is_forty_by_a_column_name_that_is_forty_b_key ON "+
			"public.a_table_name_that_is_forty_bytes_long_x USING btree (a_column_name_that_is_forty_bytes_long__x)",
		"CREATE UNIQUE INDEX a_table_name_that_is_forty_bytes_long_x_pkey ON "+
			"public.a_table_name_that_is_forty_bytes_long_x USING btree (b)",
	)
	db.Must(`create table "aéééééééééééééééééééééééééééééé" ("bééééééééééééééééééééééééééé" int unique)`)
	db.Rows(shape(`"aéééééééééééééééééééééééééééééé"`),
		"bééééééééééééééééééééééééééé integer",
		`aéééééééééééééé_béééééééééééééé_key UNIQUE ("bééééééééééééééééééééééééééé")`,
		`CREATE UNIQUE INDEX "aéééééééééééééé_béééééééééééééé_key" ON public."aéééééééééééééééééééééééééééééé" `+
			`USING btree ("bééééééééééééééééééééééééééé")`,
	)
	db.Must(`create table f (a int, b int, foreign key (a) references t (a), foreign key (a) references t (a),
		foreign key (a) references t (c))`)
	db.Rows(shape("f"),
		"a integer",
		"b integer",
		"f_a_fkey FOREIGN KEY (a) REFERENCES t(a)",
		"f_a_fkey1 FOREIGN KEY (a) REFERENCES t(a)",
		"f_a_fkey2 FOREIGN KEY (a) REFERENCES t(c)",
	)
}
