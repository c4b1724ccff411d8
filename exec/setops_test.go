package exec_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// DISTINCT takes equal rows for one, nulls and values of other looks included.
func TestDistinctValues(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text, c numeric, d float8)")
	db.Must(`insert into t values (1, 'x', 1, 0), (1, 'x', 1.0, '-0'), (1, 'X', 1.00, 'NaN'),
		(null, null, null, null), (null, null, null, 'NaN'), (2, '', 2, 1)`)
	db.Is("select distinct a from t order by a", "1; 2; <null>")
	db.Is("select distinct a, b from t order by a, b", "1|X; 1|x; 2|; <null>|<null>")
	db.Is("select count(*) from (select distinct c from t) x", "3")
	db.Is("select count(*) from (select distinct d from t) x", "4")
	db.Is("select distinct a is null from t order by 1", "f; t")
	db.Is("select distinct on (a) a, b from t order by a, b desc nulls last", "1|x; 2|; <null>|<null>")
	db.Rows("select distinct on (a, b) a, b, d from t order by a nulls first, b, d desc",
		"<null>|<null>|<null>", "1|X|NaN", "1|x|0", "2||1")
	db.Is("select distinct on (a % 2) a % 2, b from t order by a % 2, b", "0|; 1|X; <null>|<null>")
	db.Is("select distinct on (1) a, b from t order by a desc, b", "<null>|<null>; 2|; 1|X")
	db.Is("select distinct on (a) a from t order by b",
		"42P10: SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
	db.Is("select distinct a from t order by b",
		"42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list")
	db.Is("select distinct a + 1 from t order by a + 1", "2; 3; <null>")
	db.Is("select distinct on (a) a, count(*) over () from t order by a", "1|6; 2|6; <null>|6")
	db.Is("select distinct count(*) from t group by a order by 1", "1; 2; 3")
	db.Is("select distinct a from t order by a limit 1 offset 1", "2")
	db.Is("select distinct row(a, b) from t order by 1", `(1,X); (1,x); (2,""); (,)`)
	db.Is("select distinct array[a, 1] from t order by 1", "{1,1}; {2,1}; {NULL,1}")
	db.Is("select distinct on (x) x, y from (values (1, 2), (1, 1), (2, 5)) v(x, y) order by x, y limit 1", "1|1")
	db.Is("select distinct from t", `42601: syntax error at or near "from"`)
}

// UNION, INTERSECT and EXCEPT count rows, and nest as they bind.
func TestSetOperations(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table a (x int, y text); insert into a
		values (1, 'p'), (1, 'p'), (1, 'p'), (2, 'q'), (null, null), (null, null), (3, 'r')`)
	db.Must(`create table b (x bigint, y varchar(3)); insert into b
		values (1, 'p'), (1, 'p'), (2, 'z'), (null, null), (4, 's')`)
	f := func(query, want string) {
		t.Helper()
		db.Is(query+" order by 1, 2", want)
	}
	f("select * from a union select * from b", "1|p; 2|q; 2|z; 3|r; 4|s; <null>|<null>")
	f("select * from a union all select * from b",
		"1|p; 1|p; 1|p; 1|p; 1|p; 2|q; 2|z; 3|r; 4|s; <null>|<null>; <null>|<null>; <null>|<null>")
	f("select * from a intersect select * from b", "1|p; <null>|<null>")
	f("select * from a intersect all select * from b", "1|p; 1|p; <null>|<null>")
	f("select * from a except select * from b", "2|q; 3|r")
	f("select * from a except all select * from b", "1|p; 2|q; 3|r; <null>|<null>")
	f("select * from b except all select * from a", "2|z; 4|s")
	f("select * from a union select * from b except select * from a", "2|z; 4|s")
	f("select * from a union all select * from b intersect select * from a",
		"1|p; 1|p; 1|p; 1|p; 2|q; 3|r; <null>|<null>; <null>|<null>; <null>|<null>")
	f("(select * from a union all select * from b) intersect all select * from a",
		"1|p; 1|p; 1|p; 2|q; 3|r; <null>|<null>; <null>|<null>")
	f("select * from a except (select * from b except select * from a)", "1|p; 2|q; 3|r; <null>|<null>")
	f("select * from a where false union all select * from b where false", "")
	f("select 1, null union select 1, null", "1|<null>")
	f("select 1, 'a' union select 2.5, 'b'", "1|a; 2.5|b")
	f("select '1', 1 union all select 2, 2", "1|1; 2|2")
	f("(select * from a order by x limit 2) union all (select * from b order by x desc nulls last limit 1)",
		"1|p; 1|p; 4|s")
	f("select * from a except select * from a", "")
	f("select x, count(*) from (select * from a union all select * from b) u group by x", "1|5; 2|2; 3|1; 4|1; <null>|3")
	f("values (1, 2), (1, 2), (3, 4) intersect all values (1, 2), (1, 2), (1, 2)", "1|2; 1|2")
	db.Is("select 1 union select 2, 3", "42601: each UNION query must have the same number of columns")
	db.Is("select 1 union select 'x'", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select 1 union select true", "42804: UNION types integer and boolean cannot be matched")
	db.Is("select x from a union select x from b order by y", `42703: column "y" does not exist`)
	db.Is("select x as q from a union select x from b order by q desc nulls last limit 2 offset 1", "3; 2")
	db.Is("select count(*) from (select from a union select from b) u", "1")
	db.Is("select x from a union select x from b for update",
		"0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT")
}

// Duplicates, nulls and keys that meet across the borders of batches, in memory and by way of files, as a model counts.
func TestSetOperationsOfManyRows(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table a as select i % 1500 as x, repeat('k', i % 3) as y from generate_series(1, 5000) i;
		create table b as select i % 2200 + 700 as x, repeat('k', i % 2) as y from generate_series(1, 4000) i;
		insert into a select null, null from generate_series(1, 5); insert into b select null, null
		from generate_series(1, 3)`)
	for _, mem := range []string{"64kB", "64MB"} {
		db.Must("set work_mem = '" + mem + "'")
		// f says how often an operation gives a row that is l times on the left and r times on the right.
		f := func(op, times string) {
			t.Helper()
			db.Is(`with counted as (
					select x, y, sum(l) as l, sum(r) as r from (
						select x, y, 1 as l, 0 as r from a union all select x, y, 0, 1 from b) s group by x, y),
				want as (select coalesce(x, -1) as x, coalesce(y, '-') as y, `+times+` as n from counted),
				got as (select coalesce(x, -1) as x, coalesce(y, '-') as y, count(*) as n
					from (select * from a `+op+` select * from b) o group by 1, 2)
				select count(*) from want full join got using (x, y) where coalesce(want.n, 0) <> coalesce(got.n, 0)`, "0")
		}
		f("union", "1")
		f("union all", "l + r")
		f("intersect", "least(l, r, 1)")
		f("intersect all", "least(l, r)")
		f("except", "case when r = 0 then 1 end")
		f("except all", "greatest(l - r, 0)")
		db.Is("select count(*), count(x), sum(x) from (select distinct x from a) d", "1501|1500|1124250")
		db.Is(`select count(*), sum(x) from (select distinct on (x) x, y from a order by x, y desc) d
			where y = 'kk' or x is null`,
			"501|375250")
	}
}
