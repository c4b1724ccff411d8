package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// CHECK sees the whole new row, nulls pass, and what stands in the way says which row it was.
func TestChecks(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table c (a int check (a > 0), b int, c text constraint short check (length(c) < 4),
		check (a < b), constraint either check (b is not null or c is not null))`)
	db.Is("insert into c values (1, 2, 'x')", "INSERT 0 1")
	db.Is("insert into c values (null, null, 'y')", "INSERT 0 1")
	db.Is("insert into c values (0, 2, 'x')",
		`23514: new row for relation "c" violates check constraint "c_a_check" DETAIL: Failing row contains (0, 2, x).`,
	)
	db.Is("insert into c values (3, 2, 'x')",
		`23514: new row for relation "c" violates check constraint "c_check" DETAIL: Failing row contains (3, 2, x).`,
	)
	db.Is("insert into c values (1, 2, 'long')",
		`23514: new row for relation "c" violates check constraint "short" DETAIL: Failing row contains (1, 2, long).`,
	)
	db.Is("insert into c values (1, null, null)",
		`23514: new row for relation "c" violates check constraint "either" DETAIL: Failing row contains (1, null, null).`,
	)
	db.Is("insert into c values (5, 6, 'a'), (6, 5, 'b')",
		`23514: new row for relation "c" violates check constraint "c_check" DETAIL: Failing row contains (6, 5, b).`,
	)
	db.Rows("select * from c order by a nulls last",
		"1|2|x",
		"<null>|<null>|y",
	)
	db.Is("update c set a = a + 1 where c = 'x'",
		`23514: new row for relation "c" violates check constraint "c_check" DETAIL: Failing row contains (2, 2, x).`,
	)
	db.Is("update c set a = a + 1, b = b + 1 where c = 'x'", "UPDATE 1")
	db.Is("update c set c = c || 'zzz'",
		`23514: new row for relation "c" violates check constraint "short" DETAIL: Failing row contains (null, null, yzzz).`,
	)
	db.Is("alter table c add check (b < 3)", `23514: check constraint "c_b_check" of relation "c" is violated by some row`)
	db.Is("alter table c add constraint small check (b < 3) not valid", "ALTER TABLE")
	db.Is("insert into c values (1, 3, 'n')",
		`23514: new row for relation "c" violates check constraint "small" DETAIL: Failing row contains (1, 3, n).`,
	)
	db.Is("alter table c validate constraint small",
		`23514: check constraint "small" of relation "c" is violated by some row`)
	db.Is("delete from c where b >= 3", "DELETE 1")
	db.Is("alter table c validate constraint small", "ALTER TABLE")
	db.Is("alter table c drop constraint either", "ALTER TABLE")
	db.Is("insert into c values (1, null, null)", "INSERT 0 1")
	db.Rows(`select conname, convalidated, pg_get_constraintdef(oid) from pg_constraint
		where conrelid = 'c'::regclass order by 1`,
		"c_a_check|t|CHECK ((a > 0))",
		"c_check|t|CHECK ((a < b))",
		"short|t|CHECK ((length(c) < 4))",
		"small|t|CHECK ((b < 3))",
	)
	db.Is("alter table c alter column a set not null", `23502: column "a" of relation "c" contains null values`)
	db.Is("update c set a = 1 where a is null; alter table c alter column a set not null", "ALTER TABLE")
	db.Is("insert into c (b) values (1)",
		`23502: null value in column "a" of relation "c" violates not-null constraint `+
			`DETAIL: Failing row contains (null, 1, null).`,
	)
}

// Keys: single, of several columns, with nulls, added to rows that break them, and changed by one statement.
func TestKeys(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table k (a int primary key, b int, c text, unique (b, c), d int unique nulls not distinct)")
	db.Is("insert into k values (1, 1, 'x', 1), (2, 1, 'y', null), (3, 1, null, 3), (4, 1, null, 4)", "INSERT 0 4")
	db.Is("insert into k values (1, 9, 'q', 9)",
		`23505: duplicate key value violates unique constraint "k_pkey" DETAIL: Key (a)=(1) already exists.`)
	db.Is("insert into k values (5, 1, 'x', 9)",
		`23505: duplicate key value violates unique constraint "k_b_c_key" DETAIL: Key (b, c)=(1, x) already exists.`,
	)
	db.Is("insert into k values (5, 2, 'x', null)",
		`23505: duplicate key value violates unique constraint "k_d_key" DETAIL: Key (d)=(null) already exists.`,
	)
	db.Is("insert into k values (null, 2, 'x', 5)",
		`23502: null value in column "a" of relation "k" violates not-null constraint `+
			`DETAIL: Failing row contains (null, 2, x, 5).`,
	)
	db.Is("insert into k values (5, 5, 'a', 5), (6, 5, 'a', 6)",
		`23505: duplicate key value violates unique constraint "k_b_c_key" DETAIL: Key (b, c)=(5, a) already exists.`,
	)
	db.Is("update k set a = a + 10", "UPDATE 4")
	db.Is("update k set a = a + 1",
		`23505: duplicate key value violates unique constraint "k_pkey" DETAIL: Key (a)=(12) already exists.`)
	db.Is("update k set a = 12 where a = 13",
		`23505: duplicate key value violates unique constraint "k_pkey" DETAIL: Key (a)=(12) already exists.`)
	db.Is("update k set a = case a when 12 then 13 when 13 then 12 else a end",
		`23505: duplicate key value violates unique constraint "k_pkey" DETAIL: Key (a)=(13) already exists.`,
	)
	db.Rows("select a, b, c, d from k order by a",
		"11|1|x|1",
		"12|1|y|<null>",
		"13|1|<null>|3",
		"14|1|<null>|4",
	)
	db.Is("create unique index on k (b)",
		`23505: could not create unique index "k_b_idx" DETAIL: Key (b)=(1) is duplicated.`)
	db.Is("create unique index k_low on k (lower(c)) where a > 12", "CREATE INDEX")
	db.Is("insert into k values (20, 7, 'Q', 20), (21, 7, 'q', 21)",
		`23505: duplicate key value violates unique constraint "k_low" DETAIL: Key (lower(c))=(q) already exists.`,
	)
	db.Is("insert into k values (20, 7, 'Q', 20) on conflict (lower(c)) where a > 12 do nothing", "INSERT 0 1")
	db.Is("insert into k values (21, 8, 'q', 21) on conflict (lower(c)) where a > 12 do update set d = -1 returning *",
		"20|7|Q|-1")
	db.Is(`insert into k values (20, 8, 'r', 30) on conflict on constraint k_pkey do update set b = excluded.b * 10
		returning a, b, c, d`,
		"20|80|Q|-1")
	db.Is("insert into k values (1, 1, 'z', 2) on conflict (c) do nothing",
		"42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification",
	)
	db.Is("begin; delete from k where a = 20; insert into k values (20, 99, 'back', 99); commit", "COMMIT")
	db.Rows("select a, b, c from k where a = 20",
		"20|99|back",
	)
	db.Is("alter table k drop constraint k_pkey", "ALTER TABLE")
	db.Is("insert into k values (20, 98, 'twice', 98)", "INSERT 0 1")
	db.Is("alter table k add primary key (a)",
		`23505: could not create unique index "k_pkey" DETAIL: Key (a)=(20) is duplicated.`)
	db.Is("delete from k where c = 'twice'; alter table k add primary key (a, b)", "ALTER TABLE")
	db.Rows("select indexdef from pg_indexes where tablename = 'k' order by 1",
		"CREATE UNIQUE INDEX k_b_c_key ON public.k USING btree (b, c)",
		"CREATE UNIQUE INDEX k_d_key ON public.k USING btree (d) NULLS NOT DISTINCT",
		"CREATE UNIQUE INDEX k_low ON public.k USING btree (lower(c)) WHERE (a > 12)",
		"CREATE UNIQUE INDEX k_pkey ON public.k USING btree (a, b)",
	)
}

// Foreign keys with every action, over several columns and onto the table itself.
func TestForeignKeys(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table p (a int, b text, primary key (a, b)); insert into p select g, 'r' || g
		from generate_series(1, 6) g`)
	db.Must(`create table f_none (id int, a int, b text, foreign key (a, b) references p);
create table f_cascade (id int, a int, b text, foreign key (a, b) references p on delete cascade on update cascade);
create table f_null (id int, a int, b text, foreign key (a, b) references p on delete set null on update set null);
create table f_default (id int, a int default 6, b text default 'r6', foreign key (a, b) references p on delete
set default on update set default);
create table f_restrict (id int, a int, b text, foreign key (a, b) references p on delete restrict on update restrict)`)
	db.Is("insert into f_none values (1, 9, 'r9')",
		`23503: insert or update on table "f_none" violates foreign key constraint "f_none_a_b_fkey" `+
			`DETAIL: Key (a, b)=(9, r9) is not present in table "p".`,
	)
	db.Is("insert into f_none values (1, null, 'r9'), (2, 1, null), (3, 1, 'r1')", "INSERT 0 3")
	db.Is("insert into f_cascade values (1, 2, 'r2'), (2, 3, 'r3')", "INSERT 0 2")
	db.Is("insert into f_null values (1, 2, 'r2'), (2, 3, 'r3')", "INSERT 0 2")
	db.Is("insert into f_default values (1, 2, 'r2'), (2, 3, 'r3')", "INSERT 0 2")
	db.Is("insert into f_restrict values (1, 4, 'r4')", "INSERT 0 1")
	db.Is("delete from p where a = 1",
		`23503: update or delete on table "p" violates foreign key constraint "f_none_a_b_fkey" on table "f_none" `+
			`DETAIL: Key (a, b)=(1, r1) is still referenced from table "f_none".`,
	)
	db.Is("delete from p where a = 4",
		`23503: update or delete on table "p" violates foreign key constraint "f_restrict_a_b_fkey" on table `+
			`"f_restrict" DETAIL: Key (a, b)=(4, r4) is still referenced from table "f_restrict".`,
	)
	db.Is("update p set b = 'new' where a = 1",
		`23503: update or delete on table "p" violates foreign key constraint "f_none_a_b_fkey" on table "f_none" `+
			`DETAIL: Key (a, b)=(1, r1) is still referenced from table "f_none".`,
	)
	db.Is("update p set b = b where a = 1", "UPDATE 1")
	db.Is("delete from p where a = 2", "DELETE 1")
	db.Is("update p set b = 'moved' where a = 3", "UPDATE 1")
	db.Rows(`select 'cascade', * from f_cascade union all select 'null', * from f_null union all
		select 'default', * from f_default order by 1, 2`,
		"cascade|2|3|moved",
		"default|1|6|r6",
		"default|2|6|r6",
		"null|1|<null>|<null>",
		"null|2|<null>|<null>",
	)
	db.Is("truncate p",
		`0A000: cannot truncate a table referenced in a foreign key constraint `+
			`DETAIL: Table "f_none" references "p". `+
			`HINT: Truncate table "f_none" at the same time, or use TRUNCATE ... CASCADE.`,
	)
	db.Is("drop table p",
		`2BP01: cannot drop table p because other objects depend on it DETAIL: constraint f_none_a_b_fkey on table f_none depends on table p
constraint f_cascade_a_b_fkey on table f_cascade depends on table p
constraint f_null_a_b_fkey on table f_null depends on table p
constraint f_default_a_b_fkey on table f_default depends on table p
constraint f_restrict_a_b_fkey on table f_restrict depends on table p HINT: Use DROP ... CASCADE to drop the dependent objects too.`,
	)
	db.Must("create table tree (id int primary key, up int references tree on delete cascade)")
	db.Is("insert into tree values (2, 1), (1, null), (3, 2), (4, 3)", "INSERT 0 4")
	db.Is("insert into tree values (9, 8)",
		`23503: insert or update on table "tree" violates foreign key constraint "tree_up_fkey" `+
			`DETAIL: Key (up)=(8) is not present in table "tree".`,
	)
	db.Is("delete from tree where id = 2", "DELETE 1")
	db.Rows("select * from tree order by id",
		"1|<null>",
	)
	db.Is("update tree set up = 1 where id = 1", "UPDATE 1")
	db.Is("delete from tree", "DELETE 1")
	db.Is("alter table f_none add foreign key (id) references tree",
		`23503: insert or update on table "f_none" violates foreign key constraint "f_none_id_fkey" `+
			`DETAIL: Key (id)=(1) is not present in table "tree".`,
	)
	db.Is("alter table f_none add constraint later foreign key (id) references tree not valid", "ALTER TABLE")
	db.Is("alter table f_none validate constraint later",
		`23503: insert or update on table "f_none" violates foreign key constraint "later" `+
			`DETAIL: Key (id)=(1) is not present in table "tree".`,
	)
	db.Is("insert into f_none values (77)",
		`23503: insert or update on table "f_none" violates foreign key constraint "later" `+
			`DETAIL: Key (id)=(77) is not present in table "tree".`,
	)
}

// Defaults, identities and generated columns: what is written, by which statement, and what may not be.
func TestMadeColumns(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create sequence s start 100 increment 5;
create table m (id int generated by default as identity (start 10), n int default nextval('s'),
low text default lower('ABC'), today date default '2024-01-01',
	twice int generated always as (n * 2) stored, tag text generated always as (low || '!') stored)`)
	db.Is("insert into m default values returning *", "10|100|abc|2024-01-01|200|abc!")
	db.Is("insert into m (n, low) values (1, default), (default, 'x') returning id, n, low, twice, tag",
		"11|1|abc|2|abc!; 12|105|x|210|x!")
	db.Is("insert into m (id) values (50) returning id, n", "50|110")
	db.Is("insert into m (twice) values (1)",
		`428C9: cannot insert a non-DEFAULT value into column "twice" DETAIL: Column "twice" is a generated column.`,
	)
	db.Is("insert into m (twice, n) values (default, 3) returning twice", "6")
	db.Is("update m set twice = 5",
		`428C9: column "twice" can only be updated to DEFAULT DETAIL: Column "twice" is a generated column.`)
	db.Is("update m set n = n + 1, low = default where id = 11 returning n, twice, low, tag", "2|4|abc|abc!")
	db.Is("update m set twice = default where id = 11 returning twice", "4")
	db.Is("insert into m (id) overriding user value values (99) returning id", "14")
	db.Is("alter table m alter column id set generated always", "ALTER TABLE")
	db.Is("insert into m (id) values (60)",
		`428C9: cannot insert a non-DEFAULT value into column "id" `+
			`DETAIL: Column "id" is an identity column defined as GENERATED ALWAYS. `+
			`HINT: Use OVERRIDING SYSTEM VALUE to override.`,
	)
	db.Is("insert into m (id) overriding system value values (60) returning id", "60")
	db.Is("update m set id = 61 where id = 60",
		`428C9: column "id" can only be updated to DEFAULT `+
			`DETAIL: Column "id" is an identity column defined as GENERATED ALWAYS.`,
	)
	db.Is("alter table m alter column low set default 'changed', alter column today drop default", "ALTER TABLE")
	db.Is("insert into m (n) values (0) returning low, today, tag", "changed|<null>|changed!")
	db.Is("alter table m alter column tag drop expression", "ALTER TABLE")
	db.Is("insert into m (n, tag) values (0, 'free') returning tag", "free")
	db.Is(`alter table m add column later int default 7 not null,
		add column sum int generated always as (n + later) stored`,
		"ALTER TABLE")
	db.Is("alter table m drop column later",
		"2BP01: cannot drop column later of table m because other objects depend on it "+
			"DETAIL: column sum of table m depends on column later of table m "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.",
	)
	db.IsCopy("copy m (n, low) from stdin", "3\tc\n4\t\\N\n", "COPY 2")
	db.Rows("select n, low, twice, later, sum from m where n in (3, 4) order by n",
		"3|abc|6|7|10",
		"3|c|6|7|10",
		"4|<null>|8|7|11",
	)
	db.Rows(`select column_name, column_default, is_identity, identity_generation, is_generated,
		generation_expression from information_schema.columns where table_name = 'm' order by ordinal_position`,
		"id|<null>|YES|ALWAYS|NEVER|<null>",
		"n|nextval('s'::regclass)|NO|<null>|NEVER|<null>",
		"low|'changed'::text|NO|<null>|NEVER|<null>",
		"today|<null>|NO|<null>|NEVER|<null>",
		"twice|<null>|NO|<null>|ALWAYS|(n * 2)",
		"tag|<null>|NO|<null>|NEVER|<null>",
		"later|7|NO|<null>|NEVER|<null>",
		"sum|<null>|NO|<null>|ALWAYS|(n + later)",
	)
	db.Is("truncate m restart identity; insert into m (n) values (1) returning id", "10")
	db.Is("select nextval('s'), currval('s'), lastval()", "125|125|125")
	db.Is("drop sequence s",
		"2BP01: cannot drop sequence s because other objects depend on it "+
			"DETAIL: default value for column n of table m depends on sequence s "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.",
	)
}
