package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A foreign key is shown with its actions and match form, named after its columns.
func TestForeignKeyForms(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (a int primary key, b int unique, c text, d text, unique (c, d))")
	db.Must(`create table f1 (a int references p, b int references p (b) on delete cascade on update set null,
		c int constraint named references p (a) on delete restrict on update restrict, d int references p on delete
		set default on update no action)`)
	db.Rows(shape("f1"),
		"a integer",
		"b integer",
		"c integer",
		"d integer",
		"f1_a_fkey FOREIGN KEY (a) REFERENCES p(a)",
		"f1_b_fkey FOREIGN KEY (b) REFERENCES p(b) ON UPDATE SET NULL ON DELETE CASCADE",
		"f1_d_fkey FOREIGN KEY (d) REFERENCES p(a) ON DELETE SET DEFAULT",
		"named FOREIGN KEY (c) REFERENCES p(a) ON UPDATE RESTRICT ON DELETE RESTRICT",
	)
	db.Must(`create table f2 (a int, b int, c text, d text, foreign key (a) references p,
		constraint two foreign key (c, d) references p (c, d) on update cascade,
		foreign key (d, c) references p (d, c), foreign key (c, d) references p (d, c))`)
	db.Rows(shape("f2"),
		"a integer",
		"b integer",
		"c text",
		"d text",
		"f2_a_fkey FOREIGN KEY (a) REFERENCES p(a)",
		"f2_c_d_fkey FOREIGN KEY (c, d) REFERENCES p(d, c)",
		"f2_d_c_fkey FOREIGN KEY (d, c) REFERENCES p(d, c)",
		"two FOREIGN KEY (c, d) REFERENCES p(c, d) ON UPDATE CASCADE",
	)
	db.Must(`create table f3 (a int references p match simple, b int references p match full,
		c int references p deferrable, d int references p deferrable initially deferred,
		e int references p not deferrable initially immediate)`)
	db.Rows(shape("f3"),
		"a integer",
		"b integer",
		"c integer",
		"d integer",
		"e integer",
		"f3_a_fkey FOREIGN KEY (a) REFERENCES p(a)",
		"f3_b_fkey FOREIGN KEY (b) REFERENCES p(a) MATCH FULL",
		"f3_c_fkey FOREIGN KEY (c) REFERENCES p(a) DEFERRABLE",
		"f3_d_fkey FOREIGN KEY (d) REFERENCES p(a) DEFERRABLE INITIALLY DEFERRED",
		"f3_e_fkey FOREIGN KEY (e) REFERENCES p(a)",
	)
	db.Must("create table f4 (a int, b int, foreign key (a) references p not valid)")
	db.Rows(shape("f4"),
		"a integer",
		"b integer",
		"f4_a_fkey FOREIGN KEY (a) REFERENCES p(a)",
	)
	db.Must(`create table tree (id int primary key, up int references tree, other int,
		foreign key (other) references tree (id) on delete cascade)`)
	db.Rows(shape("tree"),
		"id integer not null",
		"up integer",
		"other integer",
		"tree_other_fkey FOREIGN KEY (other) REFERENCES tree(id) ON DELETE CASCADE",
		"tree_pkey PRIMARY KEY (id)",
		"tree_up_fkey FOREIGN KEY (up) REFERENCES tree(id)",
		"CREATE UNIQUE INDEX tree_pkey ON public.tree USING btree (id)",
	)
	db.Rows(`select conname, confupdtype, confdeltype, confmatchtype, condeferrable, condeferred,
		confrelid::regclass, conkey, confkey from pg_constraint where contype = 'f'
		order by conrelid::regclass::text, conname`,
		"f1_a_fkey|a|a|s|f|f|p|{1}|{1}",
		"f1_b_fkey|n|c|s|f|f|p|{2}|{2}",
		"f1_d_fkey|a|d|s|f|f|p|{4}|{1}",
		"named|r|r|s|f|f|p|{3}|{1}",
		"f2_a_fkey|a|a|s|f|f|p|{1}|{1}",
		"f2_c_d_fkey|a|a|s|f|f|p|{3,4}|{4,3}",
		"f2_d_c_fkey|a|a|s|f|f|p|{4,3}|{4,3}",
		"two|c|a|s|f|f|p|{3,4}|{3,4}",
		"f3_a_fkey|a|a|s|f|f|p|{1}|{1}",
		"f3_b_fkey|a|a|f|f|f|p|{2}|{1}",
		"f3_c_fkey|a|a|s|t|f|p|{3}|{1}",
		"f3_d_fkey|a|a|s|t|t|p|{4}|{1}",
		"f3_e_fkey|a|a|s|f|f|p|{5}|{1}",
		"f4_a_fkey|a|a|s|f|f|p|{1}|{1}",
		"tree_other_fkey|a|c|s|f|f|tree|{3}|{1}",
		"tree_up_fkey|a|a|s|f|f|tree|{2}|{1}",
	)
}

// A foreign key needs a table, columns of both sides and a key over those of the other.
func TestForeignKeyRefused(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (a int primary key, b int, c int, d text unique, unique (b, c))")
	db.Must("create unique index on p (c) where c > 0")
	db.Must("create unique index on p (abs(c))")
	db.Must("create table nokey (a int)")
	db.Must("create view v as select a from p")
	db.Must("create sequence s")
	f := func(columns, want string) {
		t.Helper()
		db.Is("create table f ("+columns+")", want)
	}
	f("a int references nosuch", `42P01: relation "nosuch" does not exist`)
	f("a int references nosuch.p", `3F000: schema "nosuch" does not exist`)
	f("a int references p (nosuch)", `42703: column "nosuch" referenced in foreign key constraint does not exist`)
	f("a int, foreign key (nosuch) references p",
		`42703: column "nosuch" referenced in foreign key constraint does not exist`)
	f("a int references nokey", `42704: there is no primary key for referenced table "nokey"`)
	f("a int references nokey (a)",
		`42830: there is no unique constraint matching given keys for referenced table "nokey"`)
	f("a int references p (b)", `42830: there is no unique constraint matching given keys for referenced table "p"`)
	f("a int references p (c)", `42830: there is no unique constraint matching given keys for referenced table "p"`)
	f("a int references v", `42809: referenced relation "v" is not a table`)
	f("a int references v (a)", `42809: referenced relation "v" is not a table`)
	f("a int references s", `42809: referenced relation "s" is not a table`)
	f("a int references pg_class (oid)", `42501: permission denied: "pg_class" is a system catalog`)
	f("a int, b int, foreign key (a, b) references p",
		"42830: number of referencing and referenced columns for foreign key disagree")
	f("a int, b int, foreign key (a, b) references p (a)",
		"42830: number of referencing and referenced columns for foreign key disagree")
	f("a int, b int, foreign key (a) references p (b, c)",
		"42830: number of referencing and referenced columns for foreign key disagree")
	f("a int, b int, foreign key (a, b) references p (b, b)",
		"42830: foreign key referenced-columns list must not contain duplicates")
	f("a int, b int, foreign key (a, a) references p (b, c)", "CREATE TABLE")
	f("a int, foreign key (a) references p (ctid)", `42P07: relation "f" already exists`)
	f("a text references p", `42P07: relation "f" already exists`)
	f("a int references p (d)", `42P07: relation "f" already exists`)
	f("a bool references p", `42P07: relation "f" already exists`)
	f("a date, b int, foreign key (a, b) references p (b, c)", `42P07: relation "f" already exists`)
	f("a int constraint x references p constraint x references p", `42P07: relation "f" already exists`)
	f("a int constraint x references p, b int constraint x check (b > 0)", `42P07: relation "f" already exists`)
	f("a int references p match partial", "0A000: MATCH PARTIAL not yet implemented")
	f("a int, b int, foreign key (a, b) references p (b, c) match full", `42P07: relation "f" already exists`)
	f("a int, b int, foreign key (a, b) references p (b, c) on delete set null (a)", `42P07: relation "f" already exists`)
	f("a int references p on delete nothing", `42601: syntax error at or near "nothing"`)
	f("a int references p on delete cascade on delete cascade", `42601: syntax error at or near "delete"`)
	f("a int references p initially deferred not deferrable",
		"42601: constraint declared INITIALLY DEFERRED must be DEFERRABLE")
	db.Is("select count(*) from pg_class where relname = 'f'", "1")
}

// Types of the two sides need only be comparable.
func TestForeignKeyTypes(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table p (i int primary key, n numeric unique, t text unique, v varchar(3) unique,
		d date unique, ts timestamp unique)`)
	db.Must("insert into p values (1, 1.0, 'a', 'b', '2024-01-01', '2024-01-01')")
	f := func(column, good, bad, want string) {
		t.Helper()
		db.Must("create table f (a " + column + ")")
		db.Is("insert into f values ("+good+")", "INSERT 0 1")
		db.Is("insert into f values ("+bad+")", want)
		db.Must("drop table f")
	}
	f("bigint references p", "1", "2",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(2) is not present in table "p".`)
	f("smallint references p (i)", "1", "2",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(2) is not present in table "p".`)
	f("int references p (n)", "1", "2",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(2) is not present in table "p".`)
	f("numeric(5,2) references p (n)", "1.00", "1.01",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(1.01) is not present in table "p".`)
	f("varchar references p (t)", "'a'", "'b'",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(b) is not present in table "p".`)
	f("text references p (v)", "'b'", "'a'",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(a) is not present in table "p".`)
	f("date references p (d)", "'2024-01-01'", "'2024-01-02'",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(2024-01-02) is not present in table "p".`)
	db.Is("create table f (a numeric references p (i))",
		`42804: foreign key constraint "f_a_fkey" cannot be implemented `+
			`DETAIL: Key columns "a" and "i" are of incompatible types: numeric and integer.`)
	db.Is("create table f (a float references p (n))",
		`42804: foreign key constraint "f_a_fkey" cannot be implemented `+
			`DETAIL: Key columns "a" and "n" are of incompatible types: double precision and numeric.`)
	db.Is("create table f (a timestamp references p (d))", "CREATE TABLE")
	db.Is("create table f (a char(3) references p (t))", `42P07: relation "f" already exists`)
}

// ADD FOREIGN KEY looks at the rows that are there, unless it is NOT VALID; VALIDATE looks later.
func TestAddForeignKey(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (a int primary key)")
	db.Must("insert into p select generate_series(1, 2000)")
	db.Must("create table f (a int)")
	db.Must("insert into f select generate_series(1, 1500)")
	db.Must("insert into f values (null)")
	db.Is("alter table f add foreign key (a) references p", "ALTER TABLE")
	db.Is("alter table f drop constraint f_a_fkey", "ALTER TABLE")
	db.Must("insert into f values (2001)")
	db.Is("alter table f add foreign key (a) references p",
		`23503: insert or update on table "f" violates foreign key constraint "f_a_fkey" `+
			`DETAIL: Key (a)=(2001) is not present in table "p".`)
	db.Is("select count(*) from pg_constraint where conrelid = 'f'::regclass", "0")
	db.Is("alter table f add constraint late foreign key (a) references p not valid", "ALTER TABLE")
	db.Is("insert into f values (2002)",
		`23503: insert or update on table "f" violates foreign key constraint "late" `+
			`DETAIL: Key (a)=(2002) is not present in table "p".`)
	db.Is("update f set a = 2003 where a = 1",
		`23503: insert or update on table "f" violates foreign key constraint "late" `+
			`DETAIL: Key (a)=(2003) is not present in table "p".`)
	db.Is("alter table f validate constraint late",
		`23503: insert or update on table "f" violates foreign key constraint "late" `+
			`DETAIL: Key (a)=(2001) is not present in table "p".`)
	db.Is("select convalidated from pg_constraint where conname = 'late'", "f")
	db.Is("delete from f where a = 2001", "DELETE 1")
	db.Is("alter table f validate constraint late", "ALTER TABLE")
	db.Is("alter table f validate constraint late", "ALTER TABLE")
	db.Is("select convalidated from pg_constraint where conname = 'late'", "t")
	db.Is("alter table f validate constraint nosuch", `42704: constraint "nosuch" of relation "f" does not exist`)
	db.Is("alter table p validate constraint p_pkey",
		`42809: constraint "p_pkey" of relation "p" is not a foreign key or check constraint`)
	db.Is("delete from p where a = 7",
		`23503: update or delete on table "p" violates foreign key constraint "late" on table "f" `+
			`DETAIL: Key (a)=(7) is still referenced from table "f".`)
	db.Is("alter table f add column b int references p default 3", "ALTER TABLE")
	db.Is("alter table f add column c int references p default 3000",
		`23503: insert or update on table "f" violates foreign key constraint "f_c_fkey" `+
			`DETAIL: Key (c)=(3000) is not present in table "p".`)
	db.Is("alter table f add column c int default 3000 references p (a) not valid",
		`42601: syntax error at or near "valid"`)
	db.Is("truncate p",
		`0A000: cannot truncate a table referenced in a foreign key constraint DETAIL: Table "f" references "p". `+
			`HINT: Truncate table "f" at the same time, or use TRUNCATE ... CASCADE.`)
	db.Is("alter table p drop column a",
		`2BP01: cannot drop column a of table p because other objects depend on it DETAIL: constraint late on table f depends on column a of table p
constraint f_b_fkey on table f depends on column a of table p HINT: Use DROP ... CASCADE to drop the dependent objects too.`)
	db.Is("alter table p alter a type bigint", "ALTER TABLE")
	db.Rows(shape("f"),
		"a integer",
		"b integer default 3",
		"f_b_fkey FOREIGN KEY (b) REFERENCES p(a)",
		"late FOREIGN KEY (a) REFERENCES p(a)",
	)
	db.Is("delete from p where a = 7",
		`23503: update or delete on table "p" violates foreign key constraint "late" on table "f" `+
			`DETAIL: Key (a)=(7) is still referenced from table "f".`)
	db.Restart()
	db.Is("delete from p where a = 7",
		`23503: update or delete on table "p" violates foreign key constraint "late" on table "f" `+
			`DETAIL: Key (a)=(7) is still referenced from table "f".`)
	db.Is("insert into f values (0)",
		`23503: insert or update on table "f" violates foreign key constraint "late" `+
			`DETAIL: Key (a)=(0) is not present in table "p".`)
}
