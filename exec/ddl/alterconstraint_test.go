package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// ADD CONSTRAINT looks at the rows that are there; a CHECK that is NOT VALID looks at later rows only, until it is
// validated.
func TestAddCheck(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int)")
	db.Must("insert into t select g, -g from generate_series(1, 1200) g")
	db.Must("insert into t values (null, null)")
	db.Is("alter table t add check (a > 0)", "ALTER TABLE")
	db.Is("alter table t add constraint low check (a < 1200)",
		`23514: check constraint "low" of relation "t" is violated by some row`)
	db.Is("alter table t add check (b > 0)", `23514: check constraint "t_b_check" of relation "t" is violated by some row`)
	db.Is("alter table t add constraint later check (b > 0) not valid", "ALTER TABLE")
	db.Rows(shape("t"),
		"a integer",
		"b integer",
		"later CHECK ((b > 0)) NOT VALID",
		"t_a_check CHECK ((a > 0))",
	)
	db.Is("insert into t values (1, 0)",
		`23514: new row for relation "t" violates check constraint "later" DETAIL: Failing row contains (1, 0).`)
	db.Is("update t set b = b where a = 1",
		`23514: new row for relation "t" violates check constraint "later" DETAIL: Failing row contains (1, -1).`)
	db.Is("update t set b = 1 where a = 1", "UPDATE 1")
	db.Is("alter table t validate constraint later",
		`23514: check constraint "later" of relation "t" is violated by some row`)
	db.Must("update t set b = 1")
	db.Is("alter table t validate constraint later", "ALTER TABLE")
	db.Is("alter table t validate constraint later", "ALTER TABLE")
	db.Is("alter table t validate constraint nosuch", `42704: constraint "nosuch" of relation "t" does not exist`)
	db.Rows(shape("t"),
		"a integer",
		"b integer",
		"later CHECK ((b > 0))",
		"t_a_check CHECK ((a > 0))",
	)
	db.Is("alter table t add constraint later check (a > 0)", `42710: constraint "later" for relation "t" already exists`)
	db.Is("alter table t add constraint t_a_check check (a > 0)",
		`42710: constraint "t_a_check" for relation "t" already exists`)
	db.Is("alter table t add check (a + b > -1), add check (b < 5 and a is not null or b is null)",
		`23514: check constraint "t_check1" of relation "t" is violated by some row`)
	db.Is("alter table t add check (nosuch > 0)", `42703: column "nosuch" does not exist`)
	db.Is("alter table t add check (a)", "42804: argument of CHECK must be type boolean, not type integer")
	db.Is("alter table t drop constraint later, add constraint later check (b < 3)", "ALTER TABLE")
	db.Is("insert into t values (1, 3)",
		`23514: new row for relation "t" violates check constraint "later" DETAIL: Failing row contains (1, 3).`)
	db.Is("insert into t values (1, -3)", "INSERT 0 1")
	db.Restart()
	db.Is("insert into t values (1, 3)",
		`23514: new row for relation "t" violates check constraint "later" DETAIL: Failing row contains (1, 3).`)
	db.Must("create view v as select a from t")
	db.Is("alter table v add check (a > 0)",
		`42809: ALTER action ADD CONSTRAINT cannot be performed on relation "v" `+
			`DETAIL: This operation is not supported for views.`)
	db.Is("alter table v add unique (a)",
		`42809: ALTER action ADD CONSTRAINT cannot be performed on relation "v" `+
			`DETAIL: This operation is not supported for views.`)
	db.Is("alter table nosuch add check (a > 0)", `42P01: relation "nosuch" does not exist`)
}

// ADD PRIMARY KEY and UNIQUE build an index over the rows, and refuse rows that break them.
func TestAddKey(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int, c int)")
	db.Must("insert into t select g, least(g, 1299), g from generate_series(1, 1300) g")
	db.Is("alter table t add unique (b)",
		`23505: could not create unique index "t_b_key" DETAIL: Key (b)=(1299) is duplicated.`)
	db.Is("alter table t add unique (a, b), add constraint named unique (c)", "ALTER TABLE")
	db.Is("alter table t add primary key (b)",
		`23505: could not create unique index "t_pkey" DETAIL: Key (b)=(1299) is duplicated.`)
	db.Is("alter table t add primary key (a)", "ALTER TABLE")
	db.Rows(shape("t"),
		"a integer not null",
		"b integer",
		"c integer",
		"named UNIQUE (c)",
		"t_a_b_key UNIQUE (a, b)",
		"t_pkey PRIMARY KEY (a)",
		"CREATE UNIQUE INDEX named ON public.t USING btree (c)",
		"CREATE UNIQUE INDEX t_a_b_key ON public.t USING btree (a, b)",
		"CREATE UNIQUE INDEX t_pkey ON public.t USING btree (a)",
	)
	db.Is("alter table t add primary key (c)", `42P16: multiple primary keys for table "t" are not allowed`)
	db.Is("alter table t add primary key (nosuch)", `42703: column "nosuch" of relation "t" does not exist`)
	db.Is("alter table t add unique (nosuch)", `42703: column "nosuch" named in key does not exist`)
	db.Is("alter table t add constraint named unique (a)", `42P07: relation "named" already exists`)
	db.Is("alter table t add constraint t unique (a)", `42P07: relation "t" already exists`)
	db.Is("insert into t values (5, 5, 2000)",
		`23505: duplicate key value violates unique constraint "t_a_b_key" DETAIL: Key (a, b)=(5, 5) already exists.`)
	db.Is("insert into t values (2000, 5, 5)",
		`23505: duplicate key value violates unique constraint "named" DETAIL: Key (c)=(5) already exists.`)
	db.Is("alter table t drop constraint t_pkey, add primary key (c)", "ALTER TABLE")
	db.Is("insert into t values (5, 6, 2000)", "INSERT 0 1")
	db.Is("insert into t values (null, 6, 2001)",
		`23502: null value in column "a" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, 6, 2001).`)
	db.Must("alter table t alter a drop not null")
	db.Is("insert into t values (null, 6, 2001)", "INSERT 0 1")
	db.Is("alter table t drop constraint t_pkey, add primary key (a)",
		`23505: could not create unique index "t_pkey" DETAIL: Key (a)=(5) is duplicated.`)
	db.Rows(shape("t"),
		"a integer",
		"b integer",
		"c integer not null",
		"named UNIQUE (c)",
		"t_a_b_key UNIQUE (a, b)",
		"t_pkey PRIMARY KEY (c)",
		"CREATE UNIQUE INDEX named ON public.t USING btree (c)",
		"CREATE UNIQUE INDEX t_a_b_key ON public.t USING btree (a, b)",
		"CREATE UNIQUE INDEX t_pkey ON public.t USING btree (c)",
	)
	db.Must("create table e (a int)")
	db.Is("alter table e add primary key (a), add unique (a)", "ALTER TABLE")
	db.Is("alter table e add b int primary key", `42P16: multiple primary keys for table "e" are not allowed`)
	db.Is("alter table e add b int, add unique (b)", "ALTER TABLE")
	db.Is("alter table e add unique (c), add c int", "ALTER TABLE")
	db.Rows(shape("e"),
		"a integer not null",
		"b integer",
		"c integer",
		"e_a_key UNIQUE (a)",
		"e_b_key UNIQUE (b)",
		"e_c_key UNIQUE (c)",
		"e_pkey PRIMARY KEY (a)",
		"CREATE UNIQUE INDEX e_a_key ON public.e USING btree (a)",
		"CREATE UNIQUE INDEX e_b_key ON public.e USING btree (b)",
		"CREATE UNIQUE INDEX e_c_key ON public.e USING btree (c)",
		"CREATE UNIQUE INDEX e_pkey ON public.e USING btree (a)",
	)
}

// A constraint that is dropped holds no more; a key goes with its index, and only CASCADE takes foreign keys along.
func TestDropConstraint(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (a int primary key, b int unique, constraint pos check (a > 0))")
	db.Must("create table f (a int references p, b int references p (b))")
	db.Must("insert into p values (1, 1), (2, 2)")
	db.Must("insert into f values (1, 1)")
	db.Is("alter table p drop constraint pos", "ALTER TABLE")
	db.Is("insert into p values (-1, -1)", "INSERT 0 1")
	db.Is("alter table p drop constraint pos", `42704: constraint "pos" of relation "p" does not exist`)
	db.IsHeard("alter table p drop constraint if exists pos", "ALTER TABLE",
		`NOTICE: constraint "pos" of relation "p" does not exist, skipping`,
	)
	db.Is("alter table p drop constraint p_pkey",
		"2BP01: cannot drop constraint p_pkey on table p because other objects depend on it "+
			"DETAIL: constraint f_a_fkey on table f depends on index p_pkey "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.Is("alter table p drop constraint p_pkey restrict",
		"2BP01: cannot drop constraint p_pkey on table p because other objects depend on it "+
			"DETAIL: constraint f_a_fkey on table f depends on index p_pkey "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.")
	db.IsHeard("alter table p drop constraint p_pkey cascade", "ALTER TABLE",
		"NOTICE: drop cascades to constraint f_a_fkey on table f",
	)
	db.Rows(shape("p"),
		"a integer not null",
		"b integer",
		"p_b_key UNIQUE (b)",
		"CREATE UNIQUE INDEX p_b_key ON public.p USING btree (b)",
	)
	db.Rows(shape("f"),
		"a integer",
		"b integer",
		"f_b_fkey FOREIGN KEY (b) REFERENCES p(b)",
	)
	db.Is("insert into f values (77, 1)", "INSERT 0 1")
	db.Is("insert into f values (1, 77)",
		`23503: insert or update on table "f" violates foreign key constraint "f_b_fkey" `+
			`DETAIL: Key (b)=(77) is not present in table "p".`)
	db.Is("alter table f drop constraint f_b_fkey", "ALTER TABLE")
	db.Is("insert into f values (1, 77)", "INSERT 0 1")
	db.Is("delete from p where b = 1", "DELETE 1")
	db.Is("alter table p drop constraint p_b_key", "ALTER TABLE")
	db.Is("alter table nosuch drop constraint x", `42P01: relation "nosuch" does not exist`)
	db.Restart()
	db.Is("insert into p values (2, 2)", "INSERT 0 1")
	db.Rows(shape("p"),
		"a integer not null",
		"b integer",
	)
}

// RENAME CONSTRAINT renames a key's index too, and the other way round.
func TestRenameConstraint(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int unique, c int constraint pos check (c > 0), d int references t)")
	db.Must("create index plain on t (c)")
	db.Must("create table other (a int)")
	f := func(what, want string) {
		t.Helper()
		db.Is("alter table t rename constraint "+what, want)
	}
	f("pos to positive", "ALTER TABLE")
	f("t_pkey to pk", "ALTER TABLE")
	f("t_d_fkey to fk", "ALTER TABLE")
	f("nosuch to x", `42704: constraint "nosuch" for table "t" does not exist`)
	f("positive to pk", `42710: constraint "pk" for relation "t" already exists`)
	f("positive to positive", `42710: constraint "positive" for relation "t" already exists`)
	f("t_b_key to other", `42P07: relation "other" already exists`)
	f("t_b_key to plain", `42P07: relation "plain" already exists`)
	f("positive to other", "ALTER TABLE")
	db.Is("alter index t_b_key rename to b_once", "ALTER INDEX")
	db.Is("alter index b_once rename to pk", `42P07: relation "pk" already exists`)
	db.Is("alter index b_once rename to fk", `42710: constraint "fk" for relation "t" already exists`)
	db.Rows(shape("t"),
		"a integer not null",
		"b integer",
		"c integer",
		"d integer",
		"b_once UNIQUE (b)",
		"fk FOREIGN KEY (d) REFERENCES t(a)",
		"other CHECK ((c > 0))",
		"pk PRIMARY KEY (a)",
		"CREATE UNIQUE INDEX b_once ON public.t USING btree (b)",
		"CREATE UNIQUE INDEX pk ON public.t USING btree (a)",
		"CREATE INDEX plain ON public.t USING btree (c)",
	)
	db.Is("insert into t values (1, 1, 0)",
		`23514: new row for relation "t" violates check constraint "other" DETAIL: Failing row contains (1, 1, 0, null).`)
	db.Must("insert into t values (1, 1, 1)")
	db.Is("insert into t values (1, 2, 1)",
		`23505: duplicate key value violates unique constraint "pk" DETAIL: Key (a)=(1) already exists.`)
	db.Is("insert into t values (2, 1, 1)",
		`23505: duplicate key value violates unique constraint "b_once" DETAIL: Key (b)=(1) already exists.`)
	db.Is("insert into t values (2, 2, 2, 3)",
		`23503: insert or update on table "t" violates foreign key constraint "fk" `+
			`DETAIL: Key (d)=(3) is not present in table "t".`)
	db.Is("alter table nosuch rename constraint a to b", `42P01: relation "nosuch" does not exist`)
	db.IsHeard("alter table if exists nosuch rename constraint a to b", "ALTER TABLE",
		`NOTICE: relation "nosuch" does not exist, skipping`,
	)
	db.Restart()
	db.Is("insert into t values (2, 1, 1)",
		`23505: duplicate key value violates unique constraint "b_once" DETAIL: Key (b)=(1) already exists.`)
}
