package bind_test

import "testing"

// Set operations: as many columns on all sides, names of the first, and an order by names or positions only.
func TestSetOperations(t *testing.T) {
	f := answers(t, groupsDDL)
	f("select 1 union select 1, 2", "42601: each UNION query must have the same number of columns @ 1, 2")
	f("select 1, 2 intersect select a from t",
		"42601: each INTERSECT query must have the same number of columns @ a from t")
	f("select * from t except select * from u", "42601: each EXCEPT query must have the same number of columns @ * from u")
	f("select a as x from t union select n as y from u order by x", "1; 2; 10; 20")
	f("select a as x from t union select n as y from u order by y",
		`42703: column "y" does not exist `+
			`DETAIL: There is a column named "y" in table "*SELECT* 2", but it cannot be referenced `+
			`from this part of the query. @ y`)
	f("select a from t union select n from u order by 1 desc limit 2", "20; 10")
	f("select a from t union select n from u order by 2", "42P10: ORDER BY position 2 is not in select list @ 2")
	f("select a from t union select n from u order by a + 1",
		"0A000: invalid UNION/INTERSECT/EXCEPT ORDER BY clause "+
			"DETAIL: Only result column names can be used, not expressions or functions. "+
			"HINT: Add the expression/function to every SELECT, or move the UNION into a FROM clause. @ a + 1")
	f("select a from t order by a union select n from u", `42601: syntax error at or near "union" @ union select`)
	f("(select a from t order by id limit 1) union all (select n from u order by id limit 1)", "1; 10")
	f("select 1 union select 2 intersect select 2 order by 1", "1; 2")
	f("(select 1 union select 2) intersect select 2", "2")
	f("select a from t except all select 1 order by 1", "1; 2")
	f("select a from t intersect all select 1", "1")
	f("select '{}'::json union all select '{}'::json", "{}; {}")
	f("select a from t union select n from u for update", "0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT")
	f("values (1, 'a') union values (2, 'b') order by 1", "1|a; 2|b")
	f("values (1), (2) order by column1 desc", "2; 1")
	f("select a from t union select n from u limit a",
		`42703: column "a" does not exist `+
			`DETAIL: There is a column named "a" in table "*SELECT* 1", but it cannot be referenced `+
			`from this part of the query. @ a`)
	f("select count(*) from (select a from t union all select n from u) s", "5")
	f("select x from (select 1 as x union select 2) s where x > 1", "2")
	f("table u union table u order by id", "1|1|10; 2|1|20")
}

// Subqueries in expressions: one column where one value stands, any number of levels, and quantifiers.
func TestSubqueries(t *testing.T) {
	f := answers(t, groupsDDL)
	f("select (select 1, 2)", "42601: subquery must return only one column @ (select 1, 2")
	f("select (select from t)", "42601: subquery must return only one column @ (select from")
	f("select (select * from u)", "42601: subquery must return only one column @ (select * fr")
	f("select (select a from t)", "21000: more than one row returned by a subquery used as an expression")
	f("select (select a from t where false)", "<null>")
	f("select exists (select * from t), exists (select 1, 2 from u where false), not exists (table u)", "t|f|f")
	f("select 1 in (select 1, 2)", "42601: subquery has too many columns @ in (select 1")
	f("select (1, 2) in (select 1)", "42601: subquery has too few columns @ in (select 1")
	f("select 1 in (select a from t), 9 not in (select a from t), null in (select a from t where false)", "t|t|f")
	f("select 1 = any (select a from t), 3 > all (select a from t), 1 <> some (select a from t)", "t|t|t")
	f("select 1 + any (select a from t)",
		"42804: row comparison operator must yield type boolean, not type integer @ + any (selec")
	f("select 1 = any (5)", "42809: op ANY/ALL (array) requires array on right side @ = any (5)")
	f("select 1 = any ('{1,2}'), 'x' = any ('{x,y}'), 1 = any (null)", "t|t|<null>")
	f("select 1 = any (array['x'])", "42883: operator does not exist: integer = text (no operator) @ = any (array")
	f("select 1 + any (array[1])", "42809: op ANY/ALL (array) requires operator to yield boolean @ + any (array")
	f("select array(select a from t order by id), array(select id, a from t)",
		"42601: subquery must return only one column @ array(select")
	f("select id from t where exists (select 1 from u where t_id = t.id)", "1")
	f("select id from t where exists (select 1 from u where u.id = id) order by 1", "1; 2; 3")
	f("select id, (select (select t.a + u.n) from u where u.id = t.id) from t order by 1", "1|11; 2|21; 3|<null>")
	f("select id from t where a = (select max(x.a) from t x where x.b = t.b) order by 1", "2; 3")
	f(`select id from t x where exists (select 1 from t y
		where y.a = x.a and exists (select 1 from u where t_id = x.id and u.id = y.id))`,
		"1")
	f("select (select nosuch from u) from t", `42703: column "nosuch" does not exist @ nosuch from`)
	f("select (select t.nosuch from u) from t", "42703: column t.nosuch does not exist @ t.nosuch fro")
	f("select (select x.a from u) from t", `42P01: missing FROM-clause entry for table "x" @ x.a from u)`)
	f("select (select 1 limit t.id) from t order by 1", "1; 1; 1")
	f("select s.id from (select id from u) s where s.t_id = 1",
		`42703: column s.t_id does not exist HINT: Perhaps you meant to reference the column "s.id". @ s.t_id = 1`)
	f("select (select n from u order by t.id, u.id limit 1) from t order by 1", "10; 10; 10")
	f("select * from t where (select true)", "1|1|x|1.5; 2|1|y|2.5; 3|2|x|<null>")
	f("select id from t order by (select max(n) from u where t_id = t.id) nulls first, id", "2; 3; 1")
	f("select case when exists (select 1 from u) then (select max(n) from u) end", "20")
	f("select coalesce((select n from u where false), 7)", "7")
	f("select (select 'x') || 'y', pg_typeof((select 'x')), pg_typeof((select null))", "xy|text|text")
	f("select (values (1), (2))", "21000: more than one row returned by a subquery used as an expression")
	f("select 1 in (values (1), (2)), 3 in (values (1), (2))", "t|f")
}

// WITH: names and their reach, column lists, what a recursive query may be, and data changed inside.
func TestWithQueries(t *testing.T) {
	f := answers(t, groupsDDL)
	f("with w as (select 1 as x) select x from w", "1")
	f("with w (p, q) as (select 1, 2) select p + q from w", "3")
	f("with w (p) as (select 1, 2) select * from w", "1|2")
	f("with w (p, q, r) as (select 1, 2) select 1",
		`42P10: WITH query "w" has 2 columns available but 3 columns specified @ w (p, q, r)`)
	f("with w as (select 1), w as (select 2) select 1",
		`42712: WITH query name "w" specified more than once @ w as (select`)
	f("with a as (select 1 as x), b as (select x + 1 as x from a) select a.x, b.x from a, b", "1|2")
	f("with t as (select 5 as five) select * from t", "5")
	f("with t as (select 5 as five) select * from public.t order by id limit 1", "1|1|x|1.5")
	f("with w as (select 1 as x) select (with w as (select 2 as x) select x from w), x from w", "2|1")
	f("with w as materialized (select 1 as x) select * from w, w v", "1|1")
	f("with w as not materialized (select 1 as x) select * from w, w v", "1|1")
	f("select * from (with w as (select 1 as x) select * from w) s", "1")
	f("select * from w", "")
	f("with w as (select 1 as x) select w.y from w", "42703: column w.y does not exist @ w.y from w")
	f("with w as (select 1 as x) select 1 from w v where w.x = 1",
		`42P01: invalid reference to FROM-clause entry for table "w" `+
			`HINT: Perhaps you meant to reference the table alias "v". @ w.x = 1`)
	f("with recursive r as (select 1 as n union all select n + 1 from r where n < 4) select n from r", "1; 2; 3; 4")
	f("with recursive r (n) as (values (1) union select n % 3 + 1 from r) select n from r order by n", "1; 2; 3")
	f("with recursive r as (select n + 1 from r) select * from r",
		`42P19: recursive query "r" does not have the form non-recursive-term UNION [ALL] recursive-term @ r as (select`)
	f("with recursive r as (select 1 intersect select 1 from r) select * from r",
		`42P19: recursive query "r" does not have the form non-recursive-term UNION [ALL] recursive-term @ r as (select`)
	f("with recursive r as (select 1 as n union all select a.n from r a, r b) select * from r",
		`42P19: recursive reference to query "r" must not appear more than once @ r b) select`)
	f("with recursive r as (select 1 as n union all select t.id from t left join r on true) select * from r",
		`42P19: recursive reference to query "r" must not appear within an outer join @ r on true) s`)
	f("with recursive r as (select 1 as n union all select 2 where exists (select 1 from r)) select * from r",
		`42P19: recursive reference to query "r" must not appear within a subquery @ r)) select *`)
	f("with d as (delete from u where id = 2 returning *) select n from d", "20")
	f("with d as (delete from u where id = 99) select * from d",
		`0A000: WITH query "d" does not have a RETURNING clause @ d`)
	f("with i as (insert into u values (3, 2, 30) returning id) select i.id, count(u.id) from i, u group by 1", "3|1")
	f("with p as (update u set n = n + 1 returning n) select sum(n) from p", "42")
	f("select * from (with d as (delete from u returning *) select * from d) s",
		"0A000: WITH clause containing a data-modifying statement must be at the top level @ d as (delete")
	f("with w as (select 1 as x) insert into u (id) select x from w returning id", "1")
	f("with w as (select 7 as x) update u set n = x from w where u.id = 1 returning n", "7; 7")
	f("with w as (select 7 as x) delete from u where n = (select x from w) returning id", "1; 1")
}

// ORDER BY and DISTINCT: by name, position and expression; DISTINCT sorts by what it shows.
func TestOrderAndDistinct(t *testing.T) {
	f := answers(t, groupsDDL)
	f("select id from t order by -id", "3; 2; 1")
	f("select id as a, a as id from t order by id, a", "1|1; 2|1; 3|2")
	f("select -id as id from t order by id", "-3; -2; -1")
	f("select -id as id from t order by id + 0", "-1; -2; -3")
	f("select id from t order by 2", "42P10: ORDER BY position 2 is not in select list @ 2")
	f("select id from t order by 'x'", "42601: non-integer constant in ORDER BY @ 'x'")
	f("select id as k, a as k from t order by k", `42702: ORDER BY "k" is ambiguous @ k`)
	f("select id from t order by null, id desc", "42601: non-integer constant in ORDER BY @ null, id des")
	f("select '{}'::json as j from t order by j",
		"42883: could not identify an ordering operator for type json "+
			"HINT: Use an explicit ordering operator or modify the query. @ j")
	f("select id from t order by id using >", "3; 2; 1")
	f("select distinct a from t order by a desc", "2; 1")
	f("select distinct a from t order by id",
		"42P10: for SELECT DISTINCT, ORDER BY expressions must appear in select list @ id")
	f("select distinct a + 1 from t order by a + 1", "2; 3")
	f("select distinct '{}'::json from t", "42883: could not identify an equality operator for type json @ '{}'::json f")
	f("select distinct on (a) a, id from t order by a, id desc", "1|2; 2|3")
	f("select distinct on (1) b, id from t order by 1, 2", "x|1; y|2")
	f("select distinct on (3) b, id from t", "42P10: DISTINCT ON position 3 is not in select list @ 3) b, id fro")
	f("select distinct on (nosuch) b from t", `42703: column "nosuch" does not exist @ nosuch) b fr`)
	f("select c from t order by c nulls first, id", "<null>; 1.5; 2.5")
	f("select c from t order by c desc", "<null>; 2.5; 1.5")
	f("select id from t order by id for update of nosuch",
		`42P01: relation "nosuch" in FOR UPDATE clause not found in FROM clause @ nosuch`)
	f("select count(*) from t for update", "0A000: FOR UPDATE is not allowed with aggregate functions")
	f("select distinct a from t for share", "0A000: FOR SHARE is not allowed with DISTINCT clause")
	f("select a from t group by a for update", "0A000: FOR UPDATE is not allowed with GROUP BY clause")
	f("select generate_series(1, 2), id from t where id = 1 order by 1 desc", "2|1; 1|1")
	f("select id from t where generate_series(1, 2) = 1",
		"0A000: set-returning functions are not allowed in WHERE @ generate_ser")
	f("select case when true then generate_series(1, 2) end",
		"0A000: set-returning functions are not allowed in CASE "+
			"HINT: You might be able to move the set-returning function into a LATERAL FROM item. @ generate_ser")
	f("select coalesce(generate_series(1, 2), 1)",
		"0A000: set-returning functions are not allowed in COALESCE "+
			"HINT: You might be able to move the set-returning function into a LATERAL FROM item. @ generate_ser")
}
