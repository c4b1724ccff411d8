package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// UPDATE computes all new values from the old row, follows generated columns and checks what it changes.
func TestUpdateValues(t *testing.T) {
	db := dbtest.New(t)
	f := func(update, want, rows string) {
		t.Helper()
		db.Must("drop table if exists t")
		db.Must(`create table t (a int primary key, b int not null default 5, c text,
			g int generated always as (b * 10) stored, check (b < 1000));
			insert into t values (1, 10, 'x'), (2, 20, null), (3, 30, 'z')`)
		db.Is("update t "+update, want)
		db.Is("select * from t order by a", rows)
	}
	f("set a = b, b = a", "UPDATE 3", "10|1|x|10; 20|2|<null>|20; 30|3|z|30")
	f("set b = b + 1 where a > 1 returning a, b, g", "2|21|210; 3|31|310", "1|10|x|100; 2|21|<null>|210; 3|31|z|310")
	f("set (b, c) = (a, 'r') where c is null returning *", "2|2|r|20", "1|10|x|100; 2|2|r|20; 3|30|z|300")
	f("set (b, c) = (select b + 1, 'sub' from t u where u.a = t.a + 1) where a < 3", "UPDATE 2",
		"1|21|sub|210; 2|31|sub|310; 3|30|z|300")
	f("set b = default, c = default where a = 1", "UPDATE 1", "1|5|<null>|50; 2|20|<null>|200; 3|30|z|300")
	f("set c = c || b::text", "UPDATE 3", "1|10|x10|100; 2|20|<null>|200; 3|30|z30|300")
	f("as u set b = u.a where u.a = 2 returning u.*", "2|2|<null>|20", "1|10|x|100; 2|2|<null>|20; 3|30|z|300")
	f("set b = 0 where false returning a", "", "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = (select count(*) from t)", "UPDATE 3", "1|3|x|30; 2|3|<null>|30; 3|3|z|30")
	f("set a = a + 10 returning a, (select min(a) from t)", "11|1; 12|1; 13|1",
		"11|10|x|100; 12|20|<null>|200; 13|30|z|300")
	f("set c = null", "UPDATE 3", "1|10|<null>|100; 2|20|<null>|200; 3|30|<null>|300")
	f("set b = null where a = 2",
		`23502: null value in column "b" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (2, null, null, null).`,
		"1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = b * 40",
		`23514: new row for relation "t" violates check constraint "t_b_check" `+
			`DETAIL: Failing row contains (3, 1200, z, 12000).`,
		"1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set a = 2 where a = 1",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(2) already exists.`,
		"1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set g = 1", `428C9: column "g" can only be updated to DEFAULT DETAIL: Column "g" is a generated column.`,
		"1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set g = default", "UPDATE 3", "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = 1, b = 2", `42601: multiple assignments to same column "b"`, "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set nope = 1", `42703: column "nope" of relation "t" does not exist`, "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = 'x'", `22P02: invalid input syntax for type integer: "x"`, "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = 'x' where false", `22P02: invalid input syntax for type integer: "x"`,
		"1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = 1 / (a - 2)", "22012: division by zero", "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set (b, c) = (1)", "0A000: source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression",
		"1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set t.b = 1", `42703: column "t" of relation "t" does not exist`, "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = sum(a)", "42803: aggregate functions are not allowed in UPDATE", "1|10|x|100; 2|20|<null>|200; 3|30|z|300")
	f("set b = (select b from t)", "21000: more than one row returned by a subquery used as an expression",
		"1|10|x|100; 2|20|<null>|200; 3|30|z|300")
}

// A key may move to where no row has it at that moment, and not onto one that is still to move.
func TestUpdateKeysMove(t *testing.T) {
	db := dbtest.New(t)
	f := func(update, want string) {
		t.Helper()
		db.Must(`drop table if exists t; create table t (a int primary key, v int unique); insert into t select i, i
			from generate_series(1, 3000) i`)
		db.Is("update t set "+update, want)
		db.Is("select count(distinct a), count(distinct v) from t", "3000|3000")
	}
	f("a = a - 1", "UPDATE 3000")
	f("a = a + 1", `23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(2) already exists.`)
	f("a = a + 5000, v = -v", "UPDATE 3000")
	f("a = -a", "UPDATE 3000")
	f("a = 3001 - a",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(3000) already exists.`)
	f("a = 3 - a where a < 3",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(2) already exists.`)
	f("a = 5 where a = 5", "UPDATE 1")
	f("a = a, v = v + 0", "UPDATE 3000")
	f("v = v - 1 where v between 2000 and 2100",
		`23505: duplicate key value violates unique constraint "t_v_key" DETAIL: Key (v)=(1999) already exists.`)
	f("v = 10000 where a > 2998",
		`23505: duplicate key value violates unique constraint "t_v_key" DETAIL: Key (v)=(10000) already exists.`)
	f("v = nullif(v, v) where false", "UPDATE 0")
}

// UPDATE and DELETE take rows of other tables along; a row with several partners is changed once, a null side is no
// target.
func TestModifyWithJoins(t *testing.T) {
	db := dbtest.New(t)
	f := func(stmt, want, rows string) {
		t.Helper()
		db.Must("drop table if exists t, s; create table t (a int, b text); create table s (x int, y text)")
		db.Must(`insert into t values (1, 'one'), (2, 'two'), (2, 'too'), (null, 'nil');
			insert into s values (1, 'A'), (2, 'B'), (5, 'E'), (null, 'N')`)
		db.Is(stmt, want)
		db.Is("select * from t order by a, b", rows)
	}
	f("update t set b = y from s where a = x returning a, b, x, y", "1|A|1|A; 2|B|2|B; 2|B|2|B",
		"1|A; 2|B; 2|B; <null>|nil")
	f("update t set b = y || z from s join (values (1, 'p')) v(w, z) on w = x where a = x", "UPDATE 1",
		"1|Ap; 2|too; 2|two; <null>|nil")
	f("update t set b = s.y from s left join t t2 on t2.a = s.x where t.a = s.x and t2.b = 'one'", "UPDATE 1",
		"1|A; 2|too; 2|two; <null>|nil")
	f("update t set b = 'm' from (select max(x) m from s) q where a < m", "UPDATE 3", "1|m; 2|m; 2|m; <null>|nil")
	f("update t set b = u.b || '!' from t u where u.a = t.a and u.b < t.b", "UPDATE 1", "1|one; 2|too; 2|too!; <null>|nil")
	f("update t set b = l.y from s, lateral (select y || x as y) l where x = a", "UPDATE 3",
		"1|A1; 2|B2; 2|B2; <null>|nil")
	f("with c as (select 2 k) update t set b = 'c' from c where a = k", "UPDATE 2", "1|one; 2|c; 2|c; <null>|nil")
	f("update t set a = 9 where exists (select from s where x = a)", "UPDATE 3", "9|one; 9|too; 9|two; <null>|nil")
	f("update t set a = x from s where b = 'nil' and y = 'E' returning t.*", "5|nil", "1|one; 2|too; 2|two; 5|nil")
	f("delete from t using s where a = x and y = 'B' returning b, y", "two|B; too|B", "1|one; <null>|nil")
	f("delete from t using s, s s2 where a = s.x and s2.x = s.x", "DELETE 3", "<null>|nil")
	f("delete from t using t u where t.a = u.a and t.b > u.b", "DELETE 1", "1|one; 2|too; <null>|nil")
	f("delete from t where a in (select x from s) returning a", "1; 2; 2", "<null>|nil")
	f("delete from t where a not in (select x from s where x is not null)", "DELETE 0", "1|one; 2|too; 2|two; <null>|nil")
	f("delete from t where (a, b) = (2, 'too')", "DELETE 1", "1|one; 2|two; <null>|nil")
	f("delete from t returning count(*)", "42803: aggregate functions are not allowed in RETURNING",
		"1|one; 2|too; 2|two; <null>|nil")
	f("delete from t using t where true", `42712: table name "t" specified more than once`,
		"1|one; 2|too; 2|two; <null>|nil")
	f("update t set b = 'x' from s where nope = x", `42703: column "nope" does not exist`,
		"1|one; 2|too; 2|two; <null>|nil")
	f("update t set s.y = 'x' from s", `42703: column "s" of relation "t" does not exist`,
		"1|one; 2|too; 2|two; <null>|nil")
	f("with d as (delete from t where a = 2 returning b) update t set b = b || (select count(*) from d) where a = 1",
		"UPDATE 1", "1|one2; <null>|nil")
	f("truncate t", "TRUNCATE TABLE", "")
	db.Must(`insert into t select i, 'v' from generate_series(1, 3000) i; insert into s select i % 3000, 'w'
		from generate_series(1, 9000) i`)
	db.Is("update t set b = y from s where a = x", "UPDATE 2999")
	db.Is("delete from t using s where a = x", "DELETE 2999")
	db.Is("select * from t", "3000|v")
}

// Statements over several batches change each row once, in one piece, and RETURNING has each of them.
func TestModifyManyRows(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int, c text); create index on t (b)")
	for _, n := range []string{"1", "1023", "1024", "1025", "4000"} {
		db.Must("truncate t")
		db.Is("with i as (insert into t select i, i % 10, 'c' from generate_series(1, "+n+") i returning a) "+
			"select count(distinct a) from i",
			n)
		db.Is(`with u as (update t set b = b + 1, c = c || a returning a, b, c) select count(*) from u
			where b = a % 10 + 1 and c = 'c' || a`,
			n)
		db.Is("select count(*) from t where b = a % 10 + 1 and c = 'c' || a", n)
		db.Is(`with d as (delete from t where b <> 3 returning a)
			select count(*) + (select count(*) from t where b = 3) from d`,
			n)
		db.Is("select count(*) from t where b <> 3", "0")
	}
	db.Must("truncate t; insert into t select i, i, 'x' from generate_series(1, 3000) i")
	db.Is("update t set b = 10 / (a - 2900)", "22012: division by zero")
	db.Is("select count(*) from t where b = a", "3000")
	db.Must("begin; delete from t where a % 2 = 0; update t set b = -1 where a < 100; rollback")
	db.Is("select count(*), sum(b) from t", "3000|4501500")
}
