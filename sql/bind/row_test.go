package bind_test

import (
	"strings"
	"testing"
)

const rowsDDL = `create table p (a int, b text); create table one (one int);
	insert into p values (1, 'x'), (2, null), (null, null); insert into one values (5);`

// rowsOf asks, with q standing for a row of columns of composite types.
func rowsOf(t *testing.T) func(query, want string) {
	ask := answers(t, rowsDDL)
	return func(query, want string) {
		t.Helper()
		ask(strings.ReplaceAll(query, "from q",
			"from (select (1, 'x')::p as p, array[(1, 'x'), (2, 'y')]::p[] as ps, 3 as n) q"),
			want)
	}
}

// A table's name is its row where no column has that name, and t.* stands for the columns wherever a list is.
func TestWholeRow(t *testing.T) {
	f := rowsOf(t)
	f("select p from p order by a", "(1,x); (2,); (,)")
	f("select p.* from p order by a", "1|x; 2|<null>; <null>|<null>")
	f("select pg_typeof(p), pg_typeof(x) from p, p x limit 1", "p|p")
	f("select x from p x order by a", "(1,x); (2,); (,)")
	f("select public.p from p", `42P01: missing FROM-clause entry for table "public" @ public.p fro`)
	f("select x.p from p x", "42703: column x.p does not exist @ x.p from p x")
	f("select one from one", "5")
	f("select one.* from one", "5")
	f("select one.one from one", "5")
	f("select pg_typeof(one) from one", "integer")
	f("select pg_typeof(x) from one x", "one")
	f("select p from q", "(1,x)")
	f("select q.p from q", "(1,x)")
	f("select q from q", `("(1,x)","{""(1,x)"",""(2,y)""}",3)`)
	f("select s from (select 1 as a, 'z' as b) s", "(1,z)")
	f("select pg_typeof(s) from (select 1 as a, 'z' as b) s", "record")
	f("select s.* from (select p from p) s order by 1", "(1,x); (2,); (,)")
	f("select (s.p).a from (select p from p) s order by 1", "1; 2; <null>")
	f("select v from (values (1, 'a'), (2, 'b')) v", "(1,a); (2,b)")
	f("select g, pg_typeof(g) from generate_series(1, 2) g", "1|integer; 2|integer")
	f("select w from (select 7) w (n)", "(7)")
	f("with w as (select 1 as a, 2 as b) select w, w.* from w", "(1,2)|1|2")
	f("select x, y from p x join one y on x.a = 1", "(1,x)|(5)")
	f("select j from (p join one on a = 1) as j", "(1,x,5)")
	f("select row(p.*, 1) from p where a = 1", "(1,x,1)")
	f("select row(p, 1) from p where a = 1", `("(1,x)",1)`)
	f("select (p.*) from p where a = 1", "1|x")
	f("select p.*::text from p where a = 1", "(1,x)")
	f("select p::text, (p).* from p where a = 1", "(1,x)|1|x")
	f("select count(p), count(p.*), count(*) from p", "3|3|3")
	f("select p is null, p is not null from p order by a", "f|t; f|f; t|f")
	f("select p.* is null from p order by a", "f; f; t")
	f("select p in (select p from p x) from p where a = 1", "t")
	f("select array_agg(p order by a) from p", `{"(1,x)","(2,)","(,)"}`)
	f("select distinct p from p order by p", "(1,x); (2,); (,)")
	f("select p from p order by p desc", "(,); (2,); (1,x)")
	f("select p, count(*) from p group by p order by 1", "(1,x)|1; (2,)|1; (,)|1")
	f("select p.a from p group by p.*",
		`42803: column "p.a" must appear in the GROUP BY clause or be used in an aggregate function @ p.a from p g`)
	f("select max(p) from p", "42883: function max(p) does not exist (no function) @ max(p) from")
	f("select coalesce(p, row(0, '')) from p", "42804: COALESCE types p and record cannot be matched @ row(0, ''))")
	f("select case when p.a = 1 then p end from p order by a", "(1,x); <null>; <null>")
	f("select p from p union select (9, 'n')::p order by 1", "(1,x); (2,); (9,n); (,)")
	f("select p from p union select (9, 'n') order by 1",
		"42804: UNION types p and record cannot be matched @ (9, 'n') ord")
	f("select to_json(p), to_jsonb(p.*) from p where a = 1", `{"a":1,"b":"x"}|{"a": 1, "b": "x"}`)
	f("select json_agg(p) from p where a = 1", `[{"a":1,"b":"x"}]`)
	f("select row_to_json(p) from p where a = 1", `{"a":1,"b":"x"}`)
	f("select * from p where p is not null", "1|x")
	f("insert into p select p from p",
		`42804: column "a" is of type integer but expression is of type p (cast it) @ p from p`)
	f("insert into p select p.* from p where a = 1 returning p", "(1,x)")
	f("delete from p where p is null returning p", "(,)")
}

// Fields are taken from composite values by name; .* spreads all of them.
func TestFields(t *testing.T) {
	f := rowsOf(t)
	f("select (p).a, (p).b from p order by 1", "1|x; 2|<null>; <null>|<null>")
	f("select (q.p).a, (q).n, ((q).p).b from q", "1|3|x")
	f("select (p).* from q", "1|x")
	f("select (q).*, 1 from q", `(1,x)|{"(1,x)","(2,y)"}|3|1`)
	f("select (row(1, 'z')).f1", "1")
	f("select (row(1, 'z')).f3", `42703: could not identify column "f3" in record data type @ row(1, 'z'))`)
	f("select (row(1, 'z')::p).b", "z")
	f("select ((1, 'z')::p).*", "1|z")
	f("select (s).a, (s).b from (select 1 as a, 2 as b) s", "1|2")
	f("select (p).nope from q", `42703: column "nope" not found in data type p @ p).nope from`)
	f("select (q.p).nope from q", `42703: column "nope" not found in data type p @ q.p).nope fr`)
	f("select (n).a from q",
		"42809: column notation .a applied to type integer, which is not a composite type @ n).a from (s")
	f("select n.a from q", `42P01: missing FROM-clause entry for table "n" @ n.a from (se`)
	f("select q.n.a from q", `42P01: missing FROM-clause entry for table "n" @ q.n.a from (`)
	f("select (1).a", "42809: column notation .a applied to type integer, which is not a composite type @ 1).a")
	f("select ('x').a", "42809: column notation .a applied to type unknown, which is not a composite type @ 'x').a")
	f("select (null).a", "42809: column notation .a applied to type unknown, which is not a composite type @ null).a")
	f("select (array[1]).a",
		"42809: column notation .a applied to type integer[], which is not a composite type @ array[1]).a")
	f("select p.a from q", `42P01: missing FROM-clause entry for table "p" @ p.a from (se`)
	f("select q.p.a from q", `42P01: missing FROM-clause entry for table "p" @ q.p.a from (`)
	f("select (select p from p where a = 1).a", "1")
	f("select ((select p from p where a = 1)).b", "x")
	f("select (select x from (select 1 as m, 2 as n) x).n",
		`42703: could not identify column "n" in record data type @ (select x fr`)
	f("select (max(p)).a from p", "42883: function max(p) does not exist (no function) @ max(p)).a fr")
	f("select (json_each('{\"k\": 1}')).*", "k|1")
	f("select (json_each('{\"k\": 1}')).key", "k")
	f("select (j).key, (j).value from json_each('{\"k\": 1}') j", "k|1")
	f("select (pg_get_keywords()).word limit 1", "abort")
	f("select (generate_series(1, 2)).a",
		"42809: column notation .a applied to type integer, which is not a composite type @ generate_ser")
	f("select (p).* from p where (p).a = 1", "1|x")
	f("select * from p where (p).b = 'x' order by (p).a", "1|x")
	f("select (p).a, count(*) from p group by (p).a order by 1", "1|1; 2|1; <null>|1")
	f("select lower(p) from p", "42883: function lower(p) does not exist (no function) @ lower(p) fro")
	f("select a(p), p.b, b(p) from p where a = 1", "1|x|x")
	f("select a(q.p) from q", "1")
	f("select nope(p) from p", "42883: function nope(p) does not exist (no function) @ nope(p) from")
	f("select p.upper from p", "42703: column p.upper does not exist @ p.upper from")
}

// Rows compare field by field, with as many on both sides.
func TestRowComparison(t *testing.T) {
	f := failing(t, rowsDDL)
	f("(1, 2) = (1, 2), (1, 2) <> (1, 3), (1, 2) < (1, 3), (1, 2) >= (1, 3)", "t|t|t|f")
	f("(1, null) = (1, 2), (1, null) = (2, 2), (1, null) <> (2, null), (2, null) > (1, null)", "<null>|f|t|t")
	f("row(1) = row(2), row(1) < row(2)", "f|t")
	f("(1, '2') = ('1', 2)", "t")
	f("(1, 2.5) = (1::int8, 2.5::float8)", "t")
	f("(1, 2) is distinct from (1, null), (1, null) is not distinct from (1, null)", "t|t")
	f("row(1, 2) is null, row(null, null) is null, row(1, null) is null, row(1, null) is not null", "f|t|f|f")
	f("(1, 2) = (1, 2, 3)", "42601: unequal number of entries in row expressions @ = (1, 2, 3)")
	f("(1, 2) < (1, 2, 3)", "42601: unequal number of entries in row expressions @ < (1, 2, 3)")
	f("(1, 2) is distinct from (1, 2, 3)", "42601: unequal number of entries in row expressions @ is distinct")
	f("row() = row()", "0A000: cannot compare rows of zero length @ = row()")
	f("row() is null", "t")
	f("(1, 2) + (3, 4)", "42804: row comparison operator must yield type boolean, not type integer @ + (3, 4)")
	f("(1, 2) || (3, 4)", "42883: operator does not exist: integer || integer (no operator) @ || (3, 4)")
	f("(1, 'a') ~ (1, 'b')", "42883: operator does not exist: integer ~ integer (no operator) @ ~ (1, 'b')")
	f("('a', 'b') ~ ('a', 'b')",
		"0A000: could not determine interpretation of row comparison operator ~ "+
			"HINT: Row comparison operators must be associated with btree operator families. @ ~ ('a', 'b')")
	f("('a', 'b') like ('a', 'b')",
		"0A000: could not determine interpretation of row comparison operator ~~ "+
			"HINT: Row comparison operators must be associated with btree operator families. @ like ('a', '")
	f("(1, true) = (true, 1)", "42883: operator does not exist: integer = boolean (no operator) @ = (true, 1)")
	f("(1, '{}'::json) = (1, '{}'::json)", "42883: operator does not exist: json = json (no operator) @ = (1, '{}'::")
	f("(1, 2) in ((1, 2), (3, 4)), (1, 2) not in ((1, 3), (3, null))", "t|t")
	f("(1, 2) in ((1, 2, 3))", "42601: unequal number of entries in row expressions @ in ((1, 2, 3")
	f("(1, 2) in (1, 2)", "42883: operator does not exist: record = integer (no operator) @ in (1, 2)")
	f("1 in ((1, 2))", "42883: operator does not exist: integer = record (no operator) @ in ((1, 2))")
	f("(1, 2) in (select a, 2 from p)", "t")
	f("(1, 'x') = (select a, b from p where a = 1)", "t")
	f("(1, 2) = (select a from p)", "42601: subquery has too few columns @ = (select a")
	f("(1, 2) = (select 1, 2, 3)", "42601: subquery has too many columns @ = (select 1,")
	f("(select 1, 2) = (1, 2)", "42601: subquery must return only one column @ (select 1, 2")
	f("(1, 2) = any (select 1, 2)", "t")
	f("(1, 2) < any (select 1, 3)", "t")
	f("(1, 2) >= all (select 1, 2 union select 0, 9)", "t")
	f("(1, 2) = any (array[1])", "42883: operator does not exist: record = integer (no operator) @ = any (array")
	f("row(1, 2) = any (array[row(1, 2), row(3, 4)])", "t")
	f("row(1, 2) = row(1, 2) and true", "t")
	f("(1, 2) between (0, 0) and (1, 2)", "t")
	f("(1, 2) = null", "<null>")
	f("null = (1, 2)", "<null>")
	f("(1, 2) = '(1,2)'", "0A000: input of anonymous composite types is not implemented @ '(1,2)'")
	f("(1, 2)::p", "(1,2)")
	f("(1, 'x')::p = '(1,x)'", "0A000: input of anonymous composite types is not implemented @ '(1,x)'")
	f("(1, 2, 3)::p", "42846: cannot cast type record to p DETAIL: Input has too many columns. @ ::p")
	f("row(1, 2)::p, row(null, null)::p", "(1,2)|(,)")
	f("(1, 2)::int", "42846: cannot cast type record to integer @ ::int")
	f("null::p is null", "t")
}
