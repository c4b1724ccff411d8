package bind_test

import "testing"

const changesDDL = `create table t (id int primary key, a int default 5, b varchar(3), unique (a, b));
	create table n (x int not null);
	create table g (id int generated always as identity, v int, d int generated always as (v * 2) stored);
	create unique index on n ((x + 1)) where x > 0; create table src (k int, s text);
	create view v as select count(*) from t;
	insert into t values (1, 1, 'one'), (2, 2, 'two'); insert into src values (1, 'uno'), (3, 'tre');`

// INSERT: columns and their number, DEFAULT, identity and generated columns, what RETURNING sees.
func TestInsert(t *testing.T) {
	f := answers(t, changesDDL)
	f("insert into t (id, nosuch) values (9, 1)", `42703: column "nosuch" of relation "t" does not exist @ nosuch) valu`)
	f("insert into t (id, id) values (9, 1)", `42701: column "id" specified more than once @ id) values (`)
	f("insert into t (id, a) values (9)", "42601: INSERT has more target columns than expressions @ a) values (9")
	f("insert into t (id) values (9, 1)", "42601: INSERT has more expressions than target columns @ 1)")
	f("insert into t values (9, 1, 'x', 2)", "42601: INSERT has more expressions than target columns @ 2)")
	f("insert into t (id, a) values (9, 1), (10)", "42601: VALUES lists must all be the same length @ 10)")
	f("insert into t (id, a) select 9", "42601: INSERT has more target columns than expressions @ a) select 9")
	f("insert into t (id) select 9, 1", "42601: INSERT has more expressions than target columns @ 1")
	f("insert into t values (10) returning *", "10|5|<null>")
	f("insert into t values (11, default, default), (12, 7, 'q') returning *", "11|5|<null>; 12|7|q")
	f("insert into t (id, a) values (13, default + 1)", "42601: DEFAULT is not allowed in this context @ default + 1)")
	f("insert into t default values",
		`23502: null value in column "id" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (null, 5, null).`)
	f("insert into t (id, b) select k + 20, s from src returning id, b", "21|uno; 23|tre")
	f("insert into t (b, id) select 'ab', k + 30 from src returning *",
		`23505: duplicate key value violates unique constraint "t_a_b_key" DETAIL: Key (a, b)=(5, ab) already exists.`)
	f("insert into t (id) select s from src",
		`42804: column "id" is of type integer but expression is of type text (cast it) @ s from src`)
	f("insert into t (id) values (14) returning nosuch", `42703: column "nosuch" does not exist @ nosuch`)
	f("insert into t as x (id) values (14) returning x.id, x.*", "14|14|5|<null>")
	f("insert into t (id) values (15) returning id * 2 as twice, (select max(k) from src)", "30|3")
	f("insert into t (id) values (16) returning generate_series(1, 2)",
		"0A000: set-returning functions are not allowed in RETURNING @ generate_ser")
	f("insert into nosuch values (1)", `42P01: relation "nosuch" does not exist @ nosuch value`)
	f("insert into g (v) values (4) returning *", "1|4|8")
	f("insert into g (id, v) values (9, 4)",
		`428C9: cannot insert a non-DEFAULT value into column "id" `+
			`DETAIL: Column "id" is an identity column defined as GENERATED ALWAYS. `+
			`HINT: Use OVERRIDING SYSTEM VALUE to override.`)
	f("insert into g (id, v) overriding system value values (9, 4) returning *", "9|4|8")
	f("insert into g (id, v) overriding user value values (99, 4) returning id", "2")
	f("insert into g (d) values (1)",
		`428C9: cannot insert a non-DEFAULT value into column "d" DETAIL: Column "d" is a generated column.`)
	f("insert into g (v, d) values (1, default) returning v, d", "1|2")
	f("insert into g (d) select 1",
		`428C9: cannot insert a non-DEFAULT value into column "d" DETAIL: Column "d" is a generated column.`)
	f("insert into n values (null)",
		`23502: null value in column "x" of relation "n" violates not-null constraint DETAIL: Failing row contains (null).`)
	f("insert into t (id) (values (40), (41) order by 1 desc limit 1) returning id", "41")
}

// ON CONFLICT: how the index is found, what excluded is, what may be set.
func TestOnConflict(t *testing.T) {
	f := answers(t, changesDDL)
	f("insert into t values (1) on conflict do nothing", "INSERT 0 0")
	f("insert into t values (1) on conflict (id) do nothing returning id", "")
	f("insert into t values (1, 9, 'x') on conflict (id) do update set a = excluded.a returning *", "1|9|one")
	f("insert into t values (1, 8) on conflict (id) do update set a = t.a + excluded.a where t.id = 1 returning a", "17")
	f("insert into t values (1, 8) on conflict (id) do update set a = a", `42702: column reference "a" is ambiguous @ a`)
	f("insert into t values (1, 8) on conflict (id) do update set a = nosuch.a",
		`42P01: missing FROM-clause entry for table "nosuch" @ nosuch.a`)
	f("insert into t values (1, 8) on conflict (id) do update set nosuch = 1",
		`42703: column "nosuch" of relation "t" does not exist @ nosuch = 1`)
	f("insert into t values (1, 8) on conflict (id) do update set a = 1, a = 2",
		`42601: multiple assignments to same column "a"`)
	f("insert into t values (1, 8) on conflict (id) do update set a = excluded.nosuch",
		"42703: column excluded.nosuch does not exist @ excluded.nos")
	f("insert into t values (1, 8) on conflict (id) do update set a = count(*)",
		"42803: aggregate functions are not allowed in UPDATE @ count(*)")
	f("insert into t values (1, 8) on conflict do update set a = 1",
		"42601: ON CONFLICT DO UPDATE requires inference specification or constraint name "+
			"HINT: For example, ON CONFLICT (column_name). @ on conflict")
	f("insert into t values (1, 8) on conflict (a) do nothing",
		"42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification")
	f("insert into t values (5, 2, 'two') on conflict (b, a) do nothing", "INSERT 0 0")
	f("insert into t values (5, 2, 'two') on conflict on constraint t_a_b_key do nothing", "INSERT 0 0")
	f("insert into t values (5, 2, 'two') on conflict on constraint nosuch do nothing",
		`42704: constraint "nosuch" for table "t" does not exist`)
	f("insert into n values (3) on conflict ((x + 1)) where x > 0 do nothing", "INSERT 0 1")
	f("insert into n values (3) on conflict ((x + 1)) do nothing",
		"42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification")
	f("insert into n values (3) on conflict ((x + 2)) where x > 0 do nothing",
		"42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification")
	f("insert into t as x values (1, 6) on conflict (id) do update set a = x.a + 1 returning x.a", "18")
	f("insert into t as x values (1, 6) on conflict (id) do update set a = t.a + 1",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ t.a + 1`)
	f("insert into t values (1, 6) on conflict (id) do update set (a, b) = (excluded.a, 'new') returning a, b", "6|new")
	f(`insert into t values (1, 6) on conflict (id) do update set (a, b) = (select k, s from src where k = 3)
		returning a, b`,
		"3|tre")
	f("insert into t values (1, 6) on conflict (id) do update set a = default returning a", "5")
	f("insert into t values (7, 1, 'a'), (7, 2, 'b') on conflict (id) do update set a = 3",
		"21000: ON CONFLICT DO UPDATE command cannot affect row a second time "+
			"HINT: Ensure that no rows proposed for insertion within the same command have duplicate constrained values.")
}

// UPDATE and DELETE: targets and sources, several columns at once, FROM and USING.
func TestUpdateAndDelete(t *testing.T) {
	f := answers(t, changesDDL)
	f("update t set nosuch = 1", `42703: column "nosuch" of relation "t" does not exist @ nosuch = 1`)
	f("update t set t.a = 1", `42703: column "t" of relation "t" does not exist @ t.a = 1`)
	f("update t set a = 1, a = 2", `42601: multiple assignments to same column "a"`)
	f("update t set (a, b) = (7, 'xx') where id = 1 returning *", "1|7|xx")
	f("update t set (a, b) = row(8, 'yy') where id = 1 returning *", "1|8|yy")
	f("update t set (a, b) = (1, 2, 3)", "42601: number of columns does not match number of values @ (1, 2, 3)")
	f("update t set (a, b) = (select k, s from src where k = t.id) returning *", "2|<null>|<null>; 1|1|uno")
	f("update t set (a, b) = (select 1)", "42601: number of columns does not match number of values @ (select 1)")
	f("update t set (a, b) = 5",
		"0A000: source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression @ 5")
	f("update t set (a, a) = (1, 2)", `42601: multiple assignments to same column "a"`)
	f("update t set a = default where id = 1 returning a", "5")
	f("update t set a = s.k, b = s.s from src s where s.k = t.id returning t.*, s.*", "1|1|uno|1|uno")
	f("update t set a = k from src where k = id and nosuch = 1", `42703: column "nosuch" does not exist @ nosuch = 1`)
	f("update t x set a = x.id returning x.a", "2; 1")
	f("update t x set a = 1 where t.id = 1",
		`42P01: invalid reference to FROM-clause entry for table "t" `+
			`HINT: Perhaps you meant to reference the table alias "x". @ t.id = 1`)
	f("update g set d = 1", `428C9: column "d" can only be updated to DEFAULT DETAIL: Column "d" is a generated column.`)
	f("update g set id = 1",
		`428C9: column "id" can only be updated to DEFAULT `+
			`DETAIL: Column "id" is an identity column defined as GENERATED ALWAYS.`)
	f("update g set id = default, d = default", "UPDATE 0")
	f("update nosuch set a = 1", `42P01: relation "nosuch" does not exist @ nosuch set a`)
	f("update t set b = 'long' where id = 1", "22001: value too long for type character varying(3)")
	f("update t set a = id from t y where y.id = 2", `42702: column reference "id" is ambiguous @ id from t y`)
	f("delete from t using src where k = id returning id, s", "1|uno")
	f("delete from t where nosuch = 1", `42703: column "nosuch" does not exist @ nosuch = 1`)
	f("delete from t returning nosuch", `42703: column "nosuch" does not exist @ nosuch`)
	f("delete from t x where x.id = 2 returning *", "2|2|<null>")
}
