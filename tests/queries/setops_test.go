package queries_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// bags is two tables with repeated rows and NULLs, and an empty one.
func bags(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must(`
create table a (x int, y text);
create table b (x int, y text);
create table c (x bigint, y varchar(3));
create table nil (x int, y text);
insert into a values (1, 'p'), (1, 'p'), (1, 'p'), (2, 'q'), (3, null), (3, null), (null, null), (null, 'z'), (5, 'e');
insert into b values (1, 'p'), (1, 'p'), (2, 'r'), (3, null), (null, null), (null, null), (6, 'f');
insert into c values (1, 'p'), (6, 'f'), (7, 'g')`)
	return db
}

// UNION, INTERSECT and EXCEPT take NULLs as equal; with ALL each row counts as often as it is there.
func TestSetOperations(t *testing.T) {
	db := bags(t)
	f := func(op string, want string) {
		t.Helper()
		db.Is("select x, y from a "+op+" select x, y from b order by 1, 2", want)
	}
	f("union", "1|p; 2|q; 2|r; 3|<null>; 5|e; 6|f; <null>|z; <null>|<null>")
	f("union all",
		"1|p; 1|p; 1|p; 1|p; 1|p; 2|q; 2|r; 3|<null>; 3|<null>; 3|<null>; 5|e; 6|f; <null>|z; <null>|<null>; "+
			"<null>|<null>; <null>|<null>")
	f("union distinct", "1|p; 2|q; 2|r; 3|<null>; 5|e; 6|f; <null>|z; <null>|<null>")
	f("intersect", "1|p; 3|<null>; <null>|<null>")
	f("intersect all", "1|p; 1|p; 3|<null>; <null>|<null>")
	f("except", "2|q; 5|e; <null>|z")
	f("except all", "1|p; 2|q; 3|<null>; 5|e; <null>|z")
	f("where false union", "1|p; 2|r; 3|<null>; 6|f; <null>|<null>")
	f("where false union all", "1|p; 1|p; 2|r; 3|<null>; 6|f; <null>|<null>; <null>|<null>")
	f("where false intersect", "")
	f("where false except all", "")
	f("where x = 1 intersect all", "1|p; 1|p")
	f("where x = 1 except all", "1|p")
	f("where x is null except all", "<null>|z")
	f("where x is null intersect all", "<null>|<null>")
	db.Rows("select x, y from a except select x, y from nil order by 1, 2",
		"1|p", "2|q", "3|<null>", "5|e", "<null>|z", "<null>|<null>")
	db.Rows("select x, y from a except all select x, y from nil order by 1, 2",
		"1|p", "1|p", "1|p", "2|q", "3|<null>", "3|<null>", "5|e", "<null>|z", "<null>|<null>")
	db.Is("select x, y from a intersect all select x, y from nil", "")
	db.Is("select x, y from nil union select x, y from nil", "")
	db.Is("select x from a union select x from b order by x desc", "<null>; 6; 5; 3; 2; 1")
	db.Is("select y from a intersect select y from b order by 1 nulls first", "<null>; p")
	db.Is("select x from a except select x from a", "")
	db.Is("select x from a except all select distinct x from a order by x", "1; 1; 3; <null>")
	db.Is("select count(*) from (select x, y from a union all select x, y from b) q", "16")
	db.Is("select count(*) from (select from a union all select from b) q", "16")
}

// INTERSECT binds more than the others, which go from the left; parentheses decide otherwise.
func TestSetOperationsNest(t *testing.T) {
	db := bags(t)
	f := func(query, want string) {
		t.Helper()
		db.Is(query+" order by 1", want)
	}
	f("select 1 union select 2 intersect select 3", "1")
	f("(select 1 union select 2) intersect select 2", "2")
	f("select 1 except select 1 union select 1", "1")
	f("select 1 except (select 1 union select 1)", "")
	f("select 1 union all select 1 union select 1", "1")
	f("select 1 union select 1 union all select 1", "1; 1")
	f("select 1 union all (select 1 union select 1)", "1; 1")
	f("select x from a except all select x from b except select 5", "1; 3")
	f("select x from a except all (select x from b except select 1)", "1; 1; 1; 3; 5; <null>")
	f("select x from a union select x from b except select x from c intersect select x from b", "2; 3; 5; <null>")
	f("(select x from a order by x limit 1) union all (select x from b order by x desc nulls last limit 1)", "1; 6")
	f("(select x from a order by x desc nulls last limit 2) intersect (select x from b)", "3")
	f("((select 1)) union ((select 2) except (select 3))", "1; 2")
	f("values (1), (2), (2) union values (3)", "1; 2; 3")
	f("values (1), (2), (2) intersect all values (2), (2), (2)", "2; 2")
	f("table c intersect table c", "1|p; 6|f; 7|g")
	f("(with w as (select 9 n) select n from w) union select 1", "1; 9")
	f("select x from (select x from a union select x from b) q where x > 2", "3; 5; 6")
	f("select x from (select x, 'a' src from a union all select x, 'b' from b) q where src = 'b'",
		"1; 1; 2; 3; 6; <null>; <null>")
	f("select count(*) from (select x from a except select x from b) q group by x", "1")
	f("select sum(x) from a union all select max(x) from b union all select count(*) from nil", "0; 6; 16")
	f("select x from a where x in (select x from b except select 1 union select 5)", "2; 3; 3; 5")
	f("select x from a where exists (select a.x intersect select b.x from b)", "1; 1; 1; 2; 3; 3; <null>; <null>")
	f("select distinct y from a union all select distinct y from b", "e; f; p; p; q; r; z; <null>; <null>")
	f("select x from a group by x having count(*) > 1 union all select x from b group by x having count(*) > 1",
		"1; 1; 3; <null>; <null>")
	f("select row_number() over (order by x) from nil union all select 0", "0")
}

// The result of a set operation is ordered by its own columns, limited, and named by the first query.
func TestSetOperationsOrdered(t *testing.T) {
	db := bags(t)
	db.Is("select x as first, y from a union select x as second, y from b order by first, y limit 3", "1|p; 2|q; 2|r")
	db.Is("select x, y from a union all select x, y from b order by y desc nulls last, x limit 4 offset 2",
		"2|q; 1|p; 1|p; 1|p")
	db.Is("select x from a union all select x from b order by x desc nulls last limit 1 + 2", "6; 5; 3")
	db.Is("select x from a union select x from b order by 1 nulls first fetch first 2 rows only", "<null>; 1")
	db.Is("select x from a union all select x from b order by x fetch first 2 rows with ties", "1; 1; 1; 1; 1")
	db.Is("select q.n from (select 1 as n union select 2 as m) q order by n", "1; 2")
	db.Is("select x, y from a union select x, y from b order by x + 1",
		"0A000: invalid UNION/INTERSECT/EXCEPT ORDER BY clause "+
			"DETAIL: Only result column names can be used, not expressions or functions. "+
			"HINT: Add the expression/function to every SELECT, or move the UNION into a FROM clause.",
	)
	db.Is("select x as first from a union select x as second from b order by second",
		`42703: column "second" does not exist `+
			`DETAIL: There is a column named "second" in table "*SELECT* 2", but it cannot be referenced `+
			`from this part of the query.`,
	)
	db.Is("select x from a union select x from b order by y", `42703: column "y" does not exist`)
	db.Is("select x from a union select x from b order by 2", "42P10: ORDER BY position 2 is not in select list")
	db.Is("select x from a order by x union select x from b", `42601: syntax error at or near "union"`)
	db.Is("select x from a limit 1 union select x from b", `42601: syntax error at or near "union"`)
	db.Is("select x from a union select x from b for update",
		"0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT")
}

// The columns of a set operation get the common type of their queries, or there is an error.
func TestSetOperationTypes(t *testing.T) {
	db := bags(t)
	f := func(query, want string) {
		t.Helper()
		db.Is("select distinct pg_typeof(v) from ("+query+") q(v)", want)
	}
	f("select 1 union select 2.5", "numeric")
	f("select 1 union select 2::bigint", "bigint")
	f("select 1::smallint union all select 2::real", "real")
	f("select 1::numeric union select 2::float8", "double precision")
	f("select null union select 1", "integer")
	f("select null union select null", "text")
	f("select 'a' union select 'b'", "text")
	f("select '1' union select 2", "integer")
	f("select null union all select null union all select 1.5", "42804: UNION types text and numeric cannot be matched")
	f("select 'a'::varchar(3) union select 'b'::text", "character varying")
	f("select 'a'::char(3) union select 'b'::varchar", "character")
	f("select date '2024-01-01' union select timestamp '2024-01-01 10:00'", "timestamp without time zone")
	f("select timestamptz '2024-01-01' union select date '2024-01-01'", "timestamp with time zone")
	f("select '2024-01-01' union select date '2024-01-02'", "date")
	f("select array[1] union select array[2, null]", "integer[]")
	f("select '{1}' union select array[2]", "integer[]")
	f("select x from a union select x from c", "bigint")
	f("select y from a except select y from c", "text")
	f("select '[1,2]'::vector union all select '[1,3]'", `42704: type "vector" does not exist`)
	f("select 1 union select 'a'", `22P02: invalid input syntax for type integer: "a"`)
	f("select 1 union select true", "42804: UNION types integer and boolean cannot be matched")
	f("select 1 union select date '2024-01-01'", "42804: UNION types integer and date cannot be matched")
	f("select 1 union select 1, 2", "42601: each UNION query must have the same number of columns")
	f("select null union select null union select 1", "42804: UNION types text and integer cannot be matched")
	f("select array[1] union select array['a'::text]", "42846: UNION could not convert type text[] to integer[]")
	f("select '{}'::json union select '{}'::json", "42883: could not identify an equality operator for type json")
	f("select '{}'::json union all select '{}'::json", "json")
	f("select '{}'::jsonb intersect select '{}'::jsonb", "jsonb")
	db.Is("select 1.50 union select 1.5 order by 1", "1.50")
	db.Is("select 1::float8 intersect select 1::numeric", "1")
	db.Is("select 'NaN'::float8 union select 'NaN' union select '-0' union select '0' order by 1", "-0; NaN")
	db.Is("select array[1, null] except select array[1, null]", "")
	db.Is("select 'a '::char(3) intersect select 'a'::char(3)", "a  ")
	db.Is("select interval '1 day' union select interval '24 hours'", "1 day")
}

// Set operations of thousands of rows, past the borders of batches.
func TestSetOperationsOfManyRows(t *testing.T) {
	db := bags(t)
	f := func(op string, want string) {
		t.Helper()
		db.Is("select count(*), count(n), sum(n) from (select nullif(g % 1500, 3) n from generate_series(1, 4000) g "+op+
			" select g from generate_series(1000, 3100) g) q", want)
	}
	f("union", "3101|3100|4806547")
	f("union all", "6101|6098|7056041")
	f("intersect", "500|500|624750")
	f("intersect all", "500|500|624750")
	f("except", "1000|999|499497")
	f("except all", "3500|3497|2124241")
}

// Set operations feed views, inserts, cursors, CREATE TABLE AS and recursive questions.
func TestSetOperationsAsSources(t *testing.T) {
	db := bags(t)
	db.Is("create view both as select x, y, 'a' src from a union all select x, y, 'b' from b",
		`42601: syntax error at or near "both"`)
	db.Is("select src, count(*), sum(x) from both group by src order by src", `42601: syntax error at or near "both"`)
	db.Is("select x, y from both where x = 1 order by src", `42601: syntax error at or near "both"`)
	db.Is("create table t as select x from a union select x from b", "SELECT 6")
	db.Is("insert into t select 1, 2 union select 3, 4", "42601: INSERT has more expressions than target columns")
	db.Is("insert into t select x + 100 from a except select 101", "INSERT 0 4")
	db.Is("select count(*), sum(x) from t", "10|327")
	db.Is("delete from t where x in (select x from a intersect select x from b)", "DELETE 3")
	db.Is("update t set x = (select max(v) from (select 1 v union select x) q) where x is not null and x < 105",
		"UPDATE 4")
	db.Is("select x from t order by x", "5; 6; 102; 103; 105; <null>; <null>")
	db.Is("begin; declare cur cursor for select x from a union all select x from b order by 1; fetch 3 from cur",
		"1; 1; 1")
	db.Is("fetch 2 from cur", "1; 1")
	db.Is("commit", "COMMIT")
	db.IsWith("select $1::int union select x from a where x > $1 order by 1", []string{"2"}, "2; 3; 5")
	db.IsWith("select $1 union all select $2 order by 1", []string{"b", "a"}, "a; b")
}
