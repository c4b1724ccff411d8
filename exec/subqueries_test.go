package exec_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A subquery as a value gives its one row, NULL for none, and more than one is an error only when it runs.
func TestScalarSubqueries(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table a (x int, y int); create table b (x int, z text);
		insert into a values (1, 10), (2, 20), (3, 30), (null, 40)`)
	db.Must("insert into b values (1, 'p'), (1, 'q'), (2, 'r'), (null, 's')")
	db.Is("select x, (select z from b where b.x = a.x and z > 'p') from a order by y", "1|q; 2|r; 3|<null>; <null>|<null>")
	db.Is("select x, (select count(*) from b where b.x = a.x) from a order by y", "1|2; 2|1; 3|0; <null>|0")
	db.Is("select (select z from b where x = 1)", "21000: more than one row returned by a subquery used as an expression")
	db.Is("select x, (select z from b where b.x = a.x) from a where x > 1 order by x", "2|r; 3|<null>")
	db.Is("select x, (select z from b where b.x = a.x) from a order by x",
		"21000: more than one row returned by a subquery used as an expression")
	db.Is("select case when true then 1 else (select z::int from b where x = 1) end", "1")
	db.Is("select x from a where y = (select max(y) from a a2 where a2.x < a.x or a.x is null) order by 1", "<null>")
	db.Is("select x from a where (x, y) = (select 2, 20)", "2")
	db.Is("select x from a where (x, y) > (select 1, 15) order by 1", "2; 3")
	db.Is("select (select a.x + b2.x from b b2 where b2.z = 'r') from a order by y", "3; 4; 5; <null>")
	db.Is("select (select (select a.y from b where b.x = a.x limit 1)) from a order by y", "10; 20; <null>; <null>")
	db.Is("select array(select z from b where b.x = a.x order by z desc) from a order by y", "{q,p}; {r}; {}; {}")
	db.Is("select array(select z from b where false), array(select null::int)", "{}|{NULL}")
	db.Is("select (select x, z from b)", "42601: subquery must return only one column")
	db.Is("select (select 1 union select 2)", "21000: more than one row returned by a subquery used as an expression")
	db.Is("select sum((select count(*) from b where b.x = a.x)) from a", "3")
	db.Is("select (select sum(a.x)) from a", "6")
	db.Is("select (select sum(a.x + b.x) from b) from a order by y", "7; 10; 13; <null>")
	db.Is("update a set y = (select y from a) where x = 1",
		"21000: more than one row returned by a subquery used as an expression")
	db.Is("select x, y from a order by y limit (select count(*) - 2 from b)", "1|10; 2|20")
}

// EXISTS, IN, ANY and ALL follow three-valued logic, in WHERE as in the select list.
func TestQuantifiedSubqueries(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table v (x int); insert into v values (1), (2), (3), (null)")
	db.Must(`create table s (x int); create table n (x int); insert into n values (2), (null);
		create table e (x int); insert into s values (2), (3)`)
	for _, table := range []string{"s", "n", "e"} {
		// The answers of the three tables stand beside each other: without nulls, with one, without rows.
		want := map[string][]string{
			"x in (select x from %)":                       {"2; 3", "2", ""},
			"x not in (select x from %)":                   {"1", "", "1; 2; 3; <null>"},
			"x = any (select x from %)":                    {"2; 3", "2", ""},
			"x <> all (select x from %)":                   {"1", "", "1; 2; 3; <null>"},
			"x > all (select x from %)":                    {"", "", "1; 2; 3; <null>"},
			"x >= any (select x from %)":                   {"2; 3", "2; 3", ""},
			"(x in (select x from %)) is null":             {"<null>", "1; 3; <null>", ""},
			"not (x < some (select x from %))":             {"3", "", "1; 2; 3; <null>"},
			"exists (select from % where %.x = v.x)":       {"2; 3", "2", ""},
			"not exists (select from % where %.x = v.x)":   {"1; <null>", "1; 3; <null>", "1; 2; 3; <null>"},
			"x in (select x from % where %.x <> v.x)":      {"", "", ""},
			"x not in (select %.x from % where %.x > v.x)": {"1; 2; 3; <null>", "1; 2; 3; <null>", "1; 2; 3; <null>"},
			"x in (select x from %) or x = 1":              {"1; 2; 3", "1; 2", "1"},
			"x not in (select x from %) and x > 0":         {"1", "", "1; 2; 3"},
			"(x in (select x from %)) = false":             {"1", "", "1; 2; 3; <null>"},
		}
		at := map[string]int{"s": 0, "n": 1, "e": 2}[table]
		for cond, answers := range want {
			query := "select x from v where " + strings.ReplaceAll(cond, "%", table) + " order by x"
			db.Is(query, answers[at])
		}
	}
	db.Rows("select x, x in (select x from n), x not in (select x from s), x > all (select x from e) from v order by x",
		"1|<null>|t|t", "2|t|f|t", "3|<null>|f|t", "<null>|<null>|<null>|t")
	db.Rows("select x, exists (select from n where n.x > v.x), x < any (select x from n) from v order by x",
		"1|t|t", "2|f|<null>", "3|f|<null>", "<null>|f|<null>")
	db.Is("select x from v where x in (select x from s union select 1) order by x", "1; 2; 3")
	db.Is("select x from v where x in (select x from s order by x desc limit 1)", "3")
	db.Is("select x from v where x in (select max(x) from s)", "3")
	db.Is("select x from v where x in (select v.x) order by 1", "1; 2; 3")
	db.Is("select x from v where (x, 1) in (select x, count(*) from s group by x) order by x", "2; 3")
	db.Is("select x from v where exists (select 1 from s having count(*) > 5)", "")
	db.Is("select x from v where exists (select sum(x) from s where false) order by x", "1; 2; 3; <null>")
	db.Is("select count(*) from v where x = any (array(select x from s))", "2")
	db.Is("select x from v where x in (select x, x from s)", "42601: subquery has too many columns")
	db.Is("select x from v where x in (select 'a'::text)",
		"42883: operator does not exist: integer = text "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
}
