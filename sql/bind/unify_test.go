package bind_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// unified asks for the type of a pair of expressions in each construct that gives both one type: all answer alike.
func unified(t *testing.T, db *dbtest.DB) func(a, b, want string) {
	constructs := []string{
		"select pg_typeof(x) from (select $a as x union all select $b) s limit 1",
		"select pg_typeof(x) from (select $a as x intersect select $b union all select null limit 1) s",
		"select pg_typeof(x) from (values ($a), ($b)) s(x) limit 1",
		"select pg_typeof(case when random() < 2 then $a when true then $b end)",
		"select pg_typeof(coalesce($a, $b))",
		"select pg_typeof(greatest($a, $b))",
		"select pg_typeof(least($a, $b))",
	}
	return func(a, b, want string) {
		t.Helper()
		answer := ""
		for i, c := range constructs {
			got := db.Ask(strings.NewReplacer("$a", a, "$b", b).Replace(c))
			if i == 0 {
				answer = got
			} else if got != answer {
				t.Errorf("%s and %s\n got %s in %s\nwant %s as in a UNION", a, b, got, c, answer)
			}
		}
		if answer != want {
			t.Errorf("%s and %s\n got %s\nwant %s", a, b, answer, want)
		}
	}
}

// UNION, INTERSECT, VALUES, CASE, COALESCE, GREATEST and LEAST choose one type by the rules of manual 10.5.
func TestCommonType(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension vector")
	f := unified(t, db)
	f("1", "2", "integer")
	f("1", "2::int8", "bigint")
	f("1::int8", "2", "bigint")
	f("1::int2", "2", "integer")
	f("1", "2.5", "numeric")
	f("1.5", "2::int8", "numeric")
	f("1.5", "2::float4", "real")
	f("1::float4", "2", "real")
	f("1::float4", "2::float8", "double precision")
	f("1::float8", "2.5", "double precision")
	f("1::int8", "2::float4", "real")
	f("1::oid", "2", "oid")
	f("1", "2::oid", "oid")
	f("1::oid", "2::int8", "oid")
	f("'a'", "'b'", "text")
	f("'a'", "null", "text")
	f("null", "null", "text")
	f("null", "5", "integer")
	f("5", "'6'", "integer")
	f("'6'", "5", "integer")
	f("'6.5'", "5.5", "numeric")
	f("'a'::varchar", "'b'", "character varying")
	f("'a'::varchar", "'b'::text", "character varying")
	f("'a'::varchar(3)", "'b'::varchar(3)", "character varying")
	f("'a'::char(3)", "'b'::varchar", "character")
	f("'a'::char(3)", "'b'::text", "character")
	f("'a'::name", "'b'::text", "name")
	f("'a'::name", "'b'::varchar", "name")
	f("'a'::char(3)", "'b'::name", "name")
	f("date '2024-01-01'", "timestamp '2024-01-02'", "timestamp without time zone")
	f("timestamp '2024-01-02'", "date '2024-01-01'", "timestamp without time zone")
	f("date '2024-01-01'", "timestamptz '2024-01-02'", "timestamp with time zone")
	f("timestamp '2024-01-01'", "timestamptz '2024-01-02'", "timestamp with time zone")
	f("date '2024-01-01'", "'2024-01-02'", "date")
	f("time '10:00'", "timetz '11:00+00'", "time with time zone")
	f("interval '1 day'", "'2 days'", "interval")
	f("true", "'f'", "boolean")
	f("array[1]", "array[2]", "integer[]")
	f("array[1]", "'{2}'", "integer[]")
	f("array[1]", "null", "integer[]")
	f("'pg_class'::regclass", "1::oid", "regclass")
	f("'\\x01'::bytea", "'\\x02'", "bytea")
	f("'[1]'::jsonb", "'[2]'", "jsonb")
	f("'[1]'::vector", "'[2]'", "vector")
	f("'00000000-0000-0000-0000-000000000001'::uuid", "null", "uuid")
}

// Types without a common one are refused, at the first that does not fit, in words of the construct.
func TestNoCommonType(t *testing.T) {
	f := failing(t, "create table t (a int, b text, c date, d bool, i int[], n text[], j jsonb)")
	f("a from t union select b from t", "42804: UNION types integer and text cannot be matched @ b from t")
	f("a, a from t union all select a, b from t", "42804: UNION types integer and text cannot be matched @ b from t")
	f("a from t union select a from t union select d from t",
		"42804: UNION types integer and boolean cannot be matched @ d from t")
	f("a from t intersect select c from t", "42804: INTERSECT types integer and date cannot be matched @ c from t")
	f("a from t except all select d from t", "42804: EXCEPT types integer and boolean cannot be matched @ d from t")
	f("a from t union (select d from t union select d from t)",
		"42804: UNION types integer and boolean cannot be matched @ d from t uni")
	f("a from t union select 'x'", `22P02: invalid input syntax for type integer: "x" @ 'x'`)
	f("'x' union select a from t", `22P02: invalid input syntax for type integer: "x" @ 'x' union se`)
	f("'x' union select 'y' union select 1", "42804: UNION types text and integer cannot be matched @ 1")
	f("null union select null union select 1", "42804: UNION types text and integer cannot be matched @ 1")
	f("i from t union select n from t", "42846: UNION could not convert type text[] to integer[] @ n from t")
	f("i from t union select a from t", "42804: UNION types integer[] and integer cannot be matched @ a from t")
	f("array[1] union select array['x']", "42846: UNION could not convert type text[] to integer[] @ array['x']")
	f("1.5 union select date '2024-01-01'", "42804: UNION types numeric and date cannot be matched @ '2024-01-01'")
	f("a from t union values (true)", "42804: UNION types integer and boolean cannot be matched")
	f("case when d then a else b end from t", "42804: CASE types text and integer cannot be matched @ a else b end")
	f("case when d then b else a end from t", "42804: CASE types integer and text cannot be matched @ b else a end")
	f("case when d then a when true then c end from t",
		"42804: CASE types integer and date cannot be matched @ c end from t")
	f("case when d then 1 else 'x' end from t", `22P02: invalid input syntax for type integer: "x" @ 'x' end from`)
	f("case when d then 'x' else 1 end from t", `22P02: invalid input syntax for type integer: "x" @ 'x' else 1 e`)
	f("case when a then 1 end from t",
		"42804: argument of CASE/WHEN must be type boolean, not type integer @ a then 1 end")
	f("case when 'x' then 1 end", `22P02: invalid input syntax for type boolean: "x" @ 'x' then 1 e`)
	f("case when null then 1 end", "<null>")
	f("case a when 1 then 'x' when 2 then 5 end from t",
		`22P02: invalid input syntax for type integer: "x" @ 'x' when 2 t`)
	f("coalesce(a, b) from t", "42804: COALESCE types integer and text cannot be matched @ b) from t")
	f("coalesce(a, 'x') from t", `22P02: invalid input syntax for type integer: "x" @ 'x') from t`)
	f("coalesce('x', a) from t", `22P02: invalid input syntax for type integer: "x" @ 'x', a) from`)
	f("coalesce(a, 1.5, d) from t", "42804: COALESCE types numeric and boolean cannot be matched @ d) from t")
	f("coalesce(date '2024-01-01', time '10:00')",
		"42846: COALESCE could not convert type time without time zone to date @ '10:00')")
	f("coalesce(interval '1 day', date '2024-01-01')",
		"42804: COALESCE types interval and date cannot be matched @ '2024-01-01'")
	f("greatest(a, b) from t", "42804: GREATEST types integer and text cannot be matched @ b) from t")
	f("greatest(1, 'x')", `22P02: invalid input syntax for type integer: "x" @ 'x')`)
	f("least(a, c, d) from t", "42804: LEAST types integer and date cannot be matched @ c, d) from t")
	f("greatest(i, n) from t", "42846: GREATEST could not convert type text[] to integer[] @ n) from t")
	f("greatest('{}'::json, '{}'::json)", "42883: could not identify a comparison function for type json")
	f("least(j, '{}') from t", "")
	f("array[a, b] from t", "42804: ARRAY types integer and text cannot be matched @ b] from t")
	f("array[1, 'x']", `22P02: invalid input syntax for type integer: "x" @ 'x']`)
	f("array['x', 1]", `22P02: invalid input syntax for type integer: "x" @ 'x', 1]`)
	f("array[1, array[2]]", "42804: ARRAY types integer and integer[] cannot be matched @ array[2]]")
	f("array[array[1], 2]", "42804: ARRAY types integer[] and integer cannot be matched @ 2]")
	f("array[array[1], array['x']]", "42846: ARRAY could not convert type text[] to integer[] @ array['x']]")
	f("array[[1, 2], [3]]", "2202E: multidimensional arrays must have array expressions with matching dimensions")
	f("array[]",
		"42P18: cannot determine type of empty array "+
			"HINT: Explicitly cast to the desired type, for example ARRAY[]::integer[]. @ array[]")
	f("array[[]]",
		"42P18: cannot determine type of empty array "+
			"HINT: Explicitly cast to the desired type, for example ARRAY[]::integer[]. @ []]")
	f("array[null, true, 5]", "42804: ARRAY types boolean and integer cannot be matched @ 5]")
	f("array[i, n] from t", "42846: ARRAY could not convert type text[] to integer[] @ n] from t")
	f("* from (values (1), ('x')) v", `22P02: invalid input syntax for type integer: "x" @ 'x')) v`)
	f("* from (values (1, 2), (3, 'x')) v", `22P02: invalid input syntax for type integer: "x" @ 'x')) v`)
	f("* from (values (1), (true)) v", "42804: VALUES types integer and boolean cannot be matched @ true)) v")
	f("* from (values (1, 2), (3)) v", "42601: VALUES lists must all be the same length @ 3)) v")
	f("* from (values (a)) v, t", `42703: column "a" does not exist @ a)) v, t`)
	f("* from t join (select true as a) u using (a)", "42883: operator does not exist: integer = boolean (no operator)")
	f("* from t natural join (select 'x'::text as a) u", "42883: operator does not exist: integer = text (no operator)")
	f("a in (b, c) from t", "42883: operator does not exist: integer = text (no operator) @ in (b, c) fr")
	f("a in (1, d) from t", "42883: operator does not exist: integer = boolean (no operator) @ in (1, d) fr")
	f("a not in (1, 'x') from t", `22P02: invalid input syntax for type integer: "x" @ 'x') from t`)
	f("(a, b) in ((1, 2), ('x', 'y')) from t",
		"42883: operator does not exist: text = integer (no operator) @ in ((1, 2),")
}

// Set operations settle their types pair by pair, from the left; a literal alone on its side becomes text there.
func TestUnionTypesPairwise(t *testing.T) {
	db := dbtest.New(t)
	f := func(query, want string) {
		t.Helper()
		db.Is("select pg_typeof(x), x from ("+query+") s(x) order by 2", want)
	}
	f("select 1 union select 2.5 union select 3::int8", "numeric|1; numeric|2.5; numeric|3")
	f("select 1 union all select '2'", "integer|1; integer|2")
	f("select '1' union all select 2", "integer|1; integer|2")
	f("select null union all select 2", "integer|2; integer|<null>")
	f("select null union all select null union all select '2'", "text|2; text|<null>; text|<null>")
	f("select null union all select 2 union all select '3'", "integer|2; integer|3; integer|<null>")
	f("select '1' union all (select 2 union all select 3)", "integer|1; integer|2; integer|3")
	f("select 1 union all (select '2' union all select 3.5)", "numeric|1; numeric|2; numeric|3.5")
	f("values ('1'), (2) union all select 3", "integer|1; integer|2; integer|3")
	f("values ('1'), ('2') union all select 3", "42804: UNION types text and integer cannot be matched")
	f("select 3 union all values ('1'), ('2')", "42804: UNION types integer and text cannot be matched")
	f("values (null), (null) union all values (7::int2)", "42804: UNION types text and smallint cannot be matched")
	f("(select '1' limit 1) union all select 2", "integer|1; integer|2")
	f("(select '1' order by 1) union all select 2", "42804: UNION types text and integer cannot be matched")
	f("select * from (select '1') q union all select '2'::varchar", "text|1; text|2")
	f("select 'a'::varchar(5) union all select 'b'::varchar(5)", "character varying|a; character varying|b")
	f("select 'a'::varchar(5) union all select 'b'::char(5)", "character varying|a; character varying|b")
	f("select 1::int2 union all select 2::float4", "real|1; real|2")
	f("select date '2024-01-01' union all select '2024-01-02'", "date|2024-01-01; date|2024-01-02")
	f("select array[1] union all select '{2}'", "integer[]|{1}; integer[]|{2}")
	f("select 1 except select '1'", "")
	f("select 1 intersect select '1'", "integer|1")
	f("with r as (select 1 union all select 2.5) select * from r", "numeric|1; numeric|2.5")
}

// An array's elements, nested or not, have one type; ARRAY around a query has the query's.
func TestArrayTypes(t *testing.T) {
	f := typed(t)
	f("array[1, 2.5]", "numeric[]|{1,2.5}")
	f("array[1::int2, 2]", "integer[]|{1,2}")
	f("array['a', null]", "text[]|{a,NULL}")
	f("array[null]", "text[]|{NULL}")
	f("array['1', 2]", "integer[]|{1,2}")
	f("array[date '2024-01-01', '2024-01-02']", "date[]|{2024-01-01,2024-01-02}")
	f("array['a'::varchar(2), 'b'::text]", "character varying[]|{a,b}")
	f("array['a'::char(2), 'b'::char(3)]", `character[]|{"a ","b  "}`)
	f("array[[1, 2], [3, 4.5]]", "numeric[]|{{1,2},{3,4.5}}")
	f("array[array[1, 2], '{3,4}']", "integer[]|{{1,2},{3,4}}")
	f("array['{1,2}', array[3, 4]]", "integer[]|{{1,2},{3,4}}")
	f("array[array[1]::int8[], array[2]]", "bigint[]|{{1},{2}}")
	f("array[array['x'], null]", "2202E: multidimensional arrays must have array expressions with matching dimensions")
	f("array[[1], [null]]", "42846: ARRAY could not convert type text[] to integer[] @ [null]] as x")
	f("array[row(1, 'a'), row(2, 'b')]", `record[]|{"(1,a)","(2,b)"}`)
	f("array(select 1)", "integer[]|{1}")
	f("array(select 'a')", "text[]|{a}")
	f("array(select array[1, 2])", "integer[]|{{1,2}}")
	f("array(select 1::int2 union all select 2.5 order by 1)", "numeric[]|{1,2.5}")
	f("array(select 'a'::varchar(3))", "character varying[]|{a}")
	f("(array[1, 2])[1]", "integer|1")
	f("('{5,6}'::int8[])[2]", "bigint|6")
	f("(array[[1, 2], [3, 4]])[2][1]", "integer|3")
	f("(array[[1, 2], [3, 4]])[2]", "integer|<null>")
	f("(array[1, 2, 3])[2:]", "integer[]|{2,3}")
	f("(array[1, 2, 3])[:'2']", "integer[]|{1,2}")
	f("(array['a', 'b'])[1.6]", "text|b")
	f("(array['a', 'b'])['2']", "text|b")
	f("('{\"a\":[7]}'::jsonb)['a'][0]", "jsonb|7")
	g := failing(t, "create table t (a int, b text, i int[], n text[])")
	g("i['x'] from t", `22P02: invalid input syntax for type integer: "x" @ 'x'] from t`)
	g("i[b] from t", "42804: array subscript must have type integer @ b] from t")
	g("i[true] from t", "42804: array subscript must have type integer @ true] from t")
	g("a[1] from t", "42804: cannot subscript type integer because it does not support subscripting @ a[1] from t")
	g("b[1] from t", "42804: cannot subscript type text because it does not support subscripting @ b[1] from t")
	g("(1)[1]", "42804: cannot subscript type integer because it does not support subscripting @ 1)[1]")
	g("(array[1])[1][2:'x']", `22P02: invalid input syntax for type integer: "x" @ 'x']`)
	g("array(select 1, 2)", "42601: subquery must return only one column @ array(select")
	g("array(select from t)", "42601: subquery must return only one column @ array(select")
	g("(row(1))[1]", "42804: cannot subscript type record because it does not support subscripting @ row(1))[1]")
	g("('{}'::json)['a']", "42804: cannot subscript type json because it does not support subscripting @ '{}'::json)[")
	g("('{}'::jsonb)[1:2]", "42804: jsonb subscript does not support slices @ 2]")
	g("('{}'::jsonb)[true]",
		"42804: subscript type boolean is not supported "+
			"HINT: jsonb subscript must be coercible to either integer or text. @ true]")
}
