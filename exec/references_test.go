package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Each action of a foreign key on delete and on update of the row that is referred to.
func TestForeignKeyActions(t *testing.T) {
	db := dbtest.New(t)
	f := func(action, change, want, children string) {
		t.Helper()
		db.Must(`drop table if exists c, p; create table p (id int primary key, v text);
			insert into p values (0, 'zero'), (1, 'one'), (2, 'two')`)
		db.Must("create table c (n int, p_id int default 0 references p " + action + "); insert into c " +
			"values (10, 1), (11, 1), (20, 2), (30, null)")
		db.Is(change, want)
		db.Is("select * from c order by n", children)
	}
	const del, upd = "delete from p where id = 1", "update p set id = 5 where id = 1"
	f("", del, `23503: update or delete on table "p" violates foreign key constraint "c_p_id_fkey" on table "c" `+
		`DETAIL: Key (id)=(1) is still referenced from table "c".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("", upd, `23503: update or delete on table "p" violates foreign key constraint "c_p_id_fkey" on table "c" `+
		`DETAIL: Key (id)=(1) is still referenced from table "c".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("on delete restrict on update restrict", del,
		`23503: update or delete on table "p" violates foreign key constraint "c_p_id_fkey" on table "c" `+
			`DETAIL: Key (id)=(1) is still referenced from table "c".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("on delete restrict on update restrict", upd,
		`23503: update or delete on table "p" violates foreign key constraint "c_p_id_fkey" on table "c" `+
			`DETAIL: Key (id)=(1) is still referenced from table "c".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("on delete cascade", del, "DELETE 1", "20|2; 30|<null>")
	f("on delete cascade", upd,
		`23503: update or delete on table "p" violates foreign key constraint "c_p_id_fkey" on table "c" `+
			`DETAIL: Key (id)=(1) is still referenced from table "c".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("on update cascade", upd, "UPDATE 1", "10|5; 11|5; 20|2; 30|<null>")
	f("on delete set null on update set null", del, "DELETE 1", "10|<null>; 11|<null>; 20|2; 30|<null>")
	f("on delete set null on update set null", upd, "UPDATE 1", "10|<null>; 11|<null>; 20|2; 30|<null>")
	f("on delete set default on update set default", del, "DELETE 1", "10|0; 11|0; 20|2; 30|<null>")
	f("on delete set default on update set default", upd, "UPDATE 1", "10|0; 11|0; 20|2; 30|<null>")
	f("on delete set default", "delete from p where id < 2",
		`23503: insert or update on table "c" violates foreign key constraint "c_p_id_fkey" `+
			`DETAIL: Key (p_id)=(0) is not present in table "p".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("on delete cascade", "delete from p", "DELETE 3", "30|<null>")
	f("", "update p set v = 'x', id = id", "UPDATE 3", "10|1; 11|1; 20|2; 30|<null>")
	f("", "delete from p where id = 0", "DELETE 1", "10|1; 11|1; 20|2; 30|<null>")
	f("", "insert into c values (40, 2), (41, 9)",
		`23503: insert or update on table "c" violates foreign key constraint "c_p_id_fkey" `+
			`DETAIL: Key (p_id)=(9) is not present in table "p".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("", "update c set p_id = 9 where n = 10",
		`23503: insert or update on table "c" violates foreign key constraint "c_p_id_fkey" `+
			`DETAIL: Key (p_id)=(9) is not present in table "p".`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("", "update c set p_id = 2", "UPDATE 4", "10|2; 11|2; 20|2; 30|2")
	f("", "truncate p",
		`0A000: cannot truncate a table referenced in a foreign key constraint DETAIL: Table "c" references "p". `+
			`HINT: Truncate table "c" at the same time, or use TRUNCATE ... CASCADE.`,
		"10|1; 11|1; 20|2; 30|<null>")
	f("", "truncate p cascade", "TRUNCATE TABLE", "")
	f("", "drop table p",
		"2BP01: cannot drop table p because other objects depend on it "+
			"DETAIL: constraint c_p_id_fkey on table c depends on table p "+
			"HINT: Use DROP ... CASCADE to drop the dependent objects too.",
		"10|1; 11|1; 20|2; 30|<null>")
	f("", "with d as (delete from c) delete from p where id = 1", "DELETE 1", "")
}

// Keys of several columns match whole; one null makes the reference empty, unless MATCH FULL says otherwise.
func TestForeignKeysOfSeveralColumns(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (a int, b text, primary key (a, b)); insert into p values (1, 'x'), (1, 'y'), (2, 'x')")
	db.Must(`create table c (n int, pa bigint, pb varchar(5),
		foreign key (pa, pb) references p on update cascade on delete set null)`)
	db.Is("insert into c values (1, 1, 'x'), (2, 1, 'y'), (3, null, 'zz'), (4, 2, null)", "INSERT 0 4")
	db.Is("insert into c values (5, 2, 'y')",
		`23503: insert or update on table "c" violates foreign key constraint "c_pa_pb_fkey" `+
			`DETAIL: Key (pa, pb)=(2, y) is not present in table "p".`)
	db.Is("update p set b = 'w' where b = 'x'", "UPDATE 2")
	db.Is("select * from c order by n", "1|1|w; 2|1|y; 3|<null>|zz; 4|2|<null>")
	db.Is("delete from p where b = 'y'", "DELETE 1")
	db.Is("select * from c order by n", "1|1|w; 2|<null>|<null>; 3|<null>|zz; 4|2|<null>")
	db.Is("update c set pb = 'q' where n = 1",
		`23503: insert or update on table "c" violates foreign key constraint "c_pa_pb_fkey" `+
			`DETAIL: Key (pa, pb)=(1, q) is not present in table "p".`)
	db.Is("create table wrong (pa int, foreign key (pa) references p)",
		"42830: number of referencing and referenced columns for foreign key disagree")
	db.Is("create table wrong (pa int references p (a))",
		`42830: there is no unique constraint matching given keys for referenced table "p"`)
	db.Is("create table wrong (pa text, pb int, foreign key (pa, pb) references p)",
		`42804: foreign key constraint "wrong_pa_pb_fkey" cannot be implemented `+
			`DETAIL: Key columns "pa" and "a" are of incompatible types: text and integer.`)
}

// A table may refer to itself, and chains of cascades go as far as they reach.
func TestForeignKeyChains(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table tree (id int primary key, up int references tree on delete cascade on update cascade,
		also int references tree on delete cascade)`)
	db.Is("insert into tree values (2, 1, null), (1, null, null), (3, 2, null), (4, 3, 1), (5, 5, 5), (6, 5, 4)",
		"INSERT 0 6")
	db.Is("update tree set id = id + 100 where id = 2", "UPDATE 1")
	db.Is("select id, up from tree order by id", "1|<null>; 3|102; 4|3; 5|5; 6|5; 102|1")
	db.Is("insert into tree values (7, 99, null)",
		`23503: insert or update on table "tree" violates foreign key constraint "tree_up_fkey" `+
			`DETAIL: Key (up)=(99) is not present in table "tree".`)
	db.Is("delete from tree where id in (102, 3)", "DELETE 2")
	db.Is("select id, up, also from tree order by id", "1|<null>|<null>; 5|5|5")
	db.Is("delete from tree where id = 5", "DELETE 1")
	db.Is("delete from tree", "DELETE 1")
	db.Must("insert into tree select i, nullif(i - 1, 0) from generate_series(1, 60) i")
	db.Is("delete from tree where id = 1", "DELETE 1")
	db.Is("select count(*) from tree", "0")
	db.Must(`create table a (id int primary key); create table b
		(id int primary key references a on delete cascade); create table c (id int references b on delete restrict, v int)`)
	db.Must("insert into a values (1), (2); insert into b values (1), (2); insert into c values (2, 7)")
	db.Is("delete from a where id = 1", "DELETE 1")
	db.Is("delete from a where id = 2",
		`23503: update or delete on table "b" violates foreign key constraint "c_id_fkey" on table "c" `+
			`DETAIL: Key (id)=(2) is still referenced from table "c".`)
	db.Is("select (select count(*) from a), (select count(*) from b), (select count(*) from c)", "1|1|1")
	db.Must(`create table d (x int references a on delete cascade, y int references a on delete cascade);
		insert into a values (3), (4); insert into d values (3, 4), (4, 3), (3, 3)`)
	db.Is("delete from a where id in (3, 4)", "DELETE 2")
	db.Is("select count(*) from d", "0")
}

// Rows that refer to each other may come in one statement, and a cascade checks what it changes.
func TestForeignKeyCascadesAreChecked(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (id int primary key); insert into p values (1), (2)")
	db.Must("create table n (p_id int not null references p on delete set null); insert into n values (1)")
	db.Is("delete from p where id = 1",
		`23502: null value in column "p_id" of relation "n" violates not-null constraint `+
			`DETAIL: Failing row contains (null).`)
	db.Must(`drop table n; create table k (p_id int check (p_id < 10) references p on update cascade);
		insert into k values (1)`)
	db.Is("update p set id = 50 where id = 1",
		`23514: new row for relation "k" violates check constraint "k_p_id_check" DETAIL: Failing row contains (50).`)
	db.Must(`delete from k; update p set id = 50 where id = 1; drop table k;
		create table u (p_id int unique references p on update cascade on delete set default, v int);
		insert into u values (50, 1), (2, 2)`)
	db.Is("update p set id = 3 where id = 50", "UPDATE 1")
	db.Is("select * from u order by v", "3|1; 2|2")
	db.Must(`create table g (p_id int references p on update cascade,
		twice int generated always as (p_id * 2) stored); insert into g values (2)`)
	db.Is("update p set id = 20 where id = 2", "UPDATE 1")
	db.Is("select * from g", "20|40")
	db.Must(`create table many (p_id int references p on delete cascade);
		insert into many select 3 from generate_series(1, 2500)`)
	db.Is("delete from p where id = 3", "DELETE 1")
	db.Is("select count(*) from many", "0")
}
