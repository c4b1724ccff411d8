package eval_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Subscripts and slices of arrays, within bounds and outside, of one dimension and more.
func TestSubscripts(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`select (array[10, 20, 30])[1], (array[10, 20, 30])[0], (array[10, 20, 30])[4],
		(array[10, 20, 30])[null], (null::int[])[1]`,
		"10|<null>|<null>|<null>|<null>")
	db.Is("select ('[0:2]={10,20,30}'::int[])[0], ('[-1:1]={1,2,3}'::int[])[-1], ('[5:5]={7}'::int[])[5]", "10|1|7")
	db.Is(`select (array[[1, 2], [3, 4]])[2][1], (array[[1, 2], [3, 4]])[2], (array[1, 2])[1][1],
		(array[[1, 2], [3, 4]])[3][1]`,
		"3|<null>|<null>|<null>")
	db.Is(`select (array[1, 2, 3, 4])[2:3], (array[1, 2, 3, 4])[:2], (array[1, 2, 3, 4])[3:],
		(array[1, 2, 3, 4])[:], (array[1, 2, 3])[2:1]`,
		"{2,3}|{1,2}|{3,4}|{1,2,3,4}|{}")
	db.Is("select (array[1, 2, 3])[0:9], (array[1, 2, 3])[4:9], (array[1, 2, 3])[null:2], (array[1, 2, 3])[1:null]",
		"{1,2,3}|{}|<null>|<null>")
	db.Is(`select (array[[1, 2, 3], [4, 5, 6], [7, 8, 9]])[1:2][2:3],
		(array[[1, 2, 3], [4, 5, 6], [7, 8, 9]])[2:3], (array[[1, 2], [3, 4]])[2:2][1]`,
		"{{2,3},{5,6}}|{{4,5,6},{7,8,9}}|{{3}}")
	db.Is(`select (array[[1, 2], [3, 4]])[1:1][:1], (array[[1, 2], [3, 4]])[:][2:], ('[0:2]={1,2,3}'::int[])[1:2],
		('[0:2]={1,2,3}'::int[])[:1]`,
		"{{1}}|{{2},{4}}|{2,3}|{1,2}")
	db.Is("select (array['a', 'b'])[1] || 'x', (array[true, null])[2], (array[array['q']])[1][1]", "ax|<null>|q")
	db.Rows("select a[i], a[i:i + 1] from (values (array[1, 2, 3], 1), (array[4, 5], 2), (null, 1), ('{}', 1)) v(a, i)",
		"1|{1,2}", "5|{5}", "<null>|<null>", "<null>|{}")
	db.Is("select (array[1, 2])['x']", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select (array[1, 2])[1.5], (array[1, 2])['2']", "2|2")
	db.Is("select (1)[1]", "42804: cannot subscript type integer because it does not support subscripting")
	db.Is("select (array[1])[1][1][1][1][1][1][1]",
		"54000: number of array dimensions (7) exceeds the maximum allowed (6)")
	db.Is(`select ('{"a": {"b": [1, 2]}}'::jsonb)['a'], ('{"a": {"b": [1, 2]}}'::jsonb)['a']['b'][0],
		('[1, 2]'::jsonb)[-1], ('[1, 2]'::jsonb)['1']`,
		`{"b": [1, 2]}|1|2|2`)
	db.Is(`select ('{"a": 1}'::jsonb)['x'], ('{"a": 1}'::jsonb)[0], ('{"a": 1}'::jsonb)[null], ('[1]'::jsonb)[5],
		('3'::jsonb)['a']`,
		"<null>|<null>|<null>|<null>|<null>")
	db.Is(`select ('[1, 2]'::jsonb)[0:1]`, "42804: jsonb subscript does not support slices")
	db.Is("select ('1 2 3'::int2vector)[0], ('1 2 3'::oidvector)[2], ('1 2'::int2vector)[2]", "1|3|<null>")
}

// ARRAY makes arrays of values, of arrays and of a query's rows.
func TestArrayConstructors(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select array[1, 2.5, null], pg_typeof(array[1, 2.5]), array['a', null], array[]::text[], array[null]",
		"{1,2.5,NULL}|numeric[]|{a,NULL}|{}|{NULL}")
	db.Is("select array[array[1, 2], array[3, 4]], array[[1], [2]], array[array[1], null], array['{1,2}'::int[], '{3,4}']",
		"2202E: multidimensional arrays must have array expressions with matching dimensions")
	db.Is("select array[array[1, 2], array[3]]",
		"2202E: multidimensional arrays must have array expressions with matching dimensions")
	db.Is("select array[array[1], array[]::int[]]",
		"2202E: multidimensional arrays must have array expressions with matching dimensions")
	db.Is("select array[array[]::int[], array[]::int[]], array[[[1]], [[2]]]", "{}|{{{1}},{{2}}}")
	db.Is("select array[]",
		"42P18: cannot determine type of empty array "+
			"HINT: Explicitly cast to the desired type, for example ARRAY[]::integer[].")
	db.Is("select array[1, 'x']", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select array[1, true]", "42804: ARRAY types integer and boolean cannot be matched")
	db.Is("select array(select x from generate_series(1, 3) x), array(select 1 where false), array(select null::int)",
		"{1,2,3}|{}|{NULL}")
	db.Is("select array(select array[x, x + 1] from generate_series(1, 2) x), array(select '{}'::int[])",
		"2202E: cannot accumulate empty arrays")
	db.Is("select array(select array[x] || case when x = 2 then array[9] else '{}' end from generate_series(1, 2) x)",
		"2202E: cannot accumulate arrays of different dimensionality")
	db.Is("select array(select x from generate_series(1, a) x order by x desc) from (values (0), (3)) v(a)", "{}; {3,2,1}")
	db.Is("select array[a, b] from (values (1, 2), (null, 4)) v(a, b)", "{1,2}; {NULL,4}")
	db.Is("select array[row(1, 'a'), row(2, 'b')], array[current_date] = array[current_date]", `{"(1,a)","(2,b)"}|t`)
	db.Is("select array[array[array[array[array[array[array[1]]]]]]]",
		"54000: number of array dimensions (7) exceeds the maximum allowed (6)")
}

// Casts: explicit ones cut and convert, assignments refuse, elements are cast one by one.
func TestCastForms(t *testing.T) {
	db := dbtest.New(t)
	db.Is(`select 'abc'::varchar(2), 'abc'::char(5) || '|', 12.345::numeric(4, 1), 1.5::int, 2.5::int, -1.5::int,
		2.5::float8::int`,
		"ab|abc||12.3|2|3|-2|2")
	db.Is("select '42'::int, 42::text, 't'::bool, 1::bool, true::int, 'x'::bool",
		`22P02: invalid input syntax for type boolean: "x"`)
	db.Is("select 1::bool, 0::bool, true::int, true::text, 'on'::bool, 'no'::bool", "t|f|1|true|t|f")
	db.Is("select 32768::smallint", "22003: smallint out of range")
	db.Is("select 1e10::int", "22003: integer out of range")
	db.Is("select 'NaN'::float8::int", "22003: integer out of range")
	db.Is("select 'x'::int", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select '{1,2}'::int[]::text[], array[1.5, 2.5, null]::int[], '{1,x}'::int[]",
		`22P02: invalid input syntax for type integer: "x"`)
	db.Is(`select array[1.5, 2.5, null]::int[], array['1', '2']::int[], array[[1, 2], [3, 4]]::text[],
		'[0:1]={1,2}'::int[]::bigint[]`,
		"{2,3,NULL}|{1,2}|{{1,2},{3,4}}|[0:1]={1,2}")
	db.Is("select array['abc', 'de']::varchar(2)[], array[1.25, 9.96]::numeric(2, 1)[], array['a']::char(3)[]",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 2, scale 1 must round to an absolute value less than 10^1.")
	db.Is("select array[100000]::smallint[]", "22003: smallint out of range")
	db.Is("select array[12.5]::numeric(2, 1)[]",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 2, scale 1 must round to an absolute value less than 10^1.")
	db.Is("select array[1, 2]::vector, '[1,2,3]'::vector::real[], array[1, null]::vector",
		`42704: type "vector" does not exist`)
	db.Is("select array[1, 2]::vector, '[1,2,3]'::vector::real[], '[1,2]'::vector(2), array[1, 2]::vector(3)",
		`42704: type "vector" does not exist`)
	db.Is("select row(1, 'a')::text, row(1, null)::text, (1, 2)::record", "(1,a)|(1,)|(1,2)")
	db.Is(`select date '2024-02-29' + 1, timestamp '2024-01-01 12:34:56.789'::timestamp(0),
		time '23:59:59.9'::time(0), interval '1 day 2:03:04' day to hour`,
		"2024-03-01|2024-01-01 12:34:57|24:00:00|1 day 02:00:00")
	db.Is("select cast(null as int), null::text is null, cast('7' as smallint) + 1, int '5', float8 '1e3', bool 'yes'",
		"<null>|t|8|5|1000|t")
	db.Is("select 1::oid, (-1)::oid, 4294967295::oid::int, 'int4'::regtype::oid, 23::regtype",
		"1|4294967295|-1|23|integer")
	db.Is("select 'a'::text::\"char\", 97::\"char\", 'a'::\"char\"::int, 'abc'::name, 'abc'::text::name", "a|a|97|abc|abc")
	db.Is("select 1::text::int::float8::numeric::text, '1.50'::numeric::float8, 1.0::float4::text, 0.1::float4::float8",
		"1|1.5|1|0.10000000149011612")
	db.Is(`select '{"a":1}'::json::jsonb, '{"b":1, "a":2}'::jsonb::text, '1'::jsonb::int, '"x"'::jsonb::text,
		'true'::jsonb::bool`,
		`{"a": 1}|{"a": 2, "b": 1}|1|"x"|t`)
	db.Is(`select '"x"'::jsonb::int`, "22023: cannot cast jsonb string to type integer")
	db.Must("create table c (v varchar(3), b char(3), n numeric(3, 1), s smallint, a int[], t timestamp(0))")
	db.Is("insert into c (v) values ('abcd')", "22001: value too long for type character varying(3)")
	db.Is("insert into c (v, b) values ('abc  ', 'a') returning v || '|', b || '|', length(b)", "abc||a||1")
	db.Is("insert into c (n) values (12.35), (-0.05) returning n", "12.4; -0.1")
	db.Is("insert into c (n) values (99.95)",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 3, scale 1 must round to an absolute value less than 10^2.")
	db.Is("insert into c (s) values (40000)", "22003: smallint out of range")
	db.Is("insert into c (s) values ('7'), (2.5) returning s", "7; 3")
	db.Is("insert into c (s) values (true)",
		`42804: column "s" is of type smallint but expression is of type boolean `+
			`HINT: You will need to rewrite or cast the expression.`)
	db.Is("insert into c (a) values ('{1,2}'), (array[3.5]) returning a", "{1,2}; {4}")
	db.Rows("insert into c (t) values ('2024-01-01 00:00:00.5'), (date '2024-01-02') returning t",
		"2024-01-01 00:00:01", "2024-01-02 00:00:00")
	db.Is("insert into c (v) values (12), (true) returning v", "22001: value too long for type character varying(3)")
	db.Is("insert into c (s) values ('x'::text)",
		`42804: column "s" is of type smallint but expression is of type text `+
			`HINT: You will need to rewrite or cast the expression.`)
}

// Composite values: fields by name and number, whole rows, rows within rows.
func TestComposites(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (a int, b text)")
	db.Must("insert into p values (1, 'x y'), (2, null)")
	db.Is("select p, (p).a, (p).b, (p).* from p order by a", `(1,"x y")|1|x y|1|x y; (2,)|2|<null>|2|<null>`)
	db.Rows("select row(p.*), row(p, 1), row(p.*, 1) from p order by a",
		`(1,"x y")|("(1,""x y"")",1)|(1,"x y",1)`,
		`(2,)|("(2,)",1)|(2,,1)`)
	db.Is("select (select p from p order by a limit 1), (select p from p where false) is null", `(1,"x y")|t`)
	db.Is("select row(1, 'a b', null, '', '\"', E'\\\\', '(', ',')", `(1,"a b",,"","""","\\","(",",")`)
	db.Is("select (row(1, 2)).f1, (row(1, 2)).f2, (row(1, 2)).f3",
		`42703: could not identify column "f3" in record data type`)
	db.Is("select (row(1, 2)).f1 + (row(1, 2)).f2", "3")
	db.Is("select count(p), count(distinct p), min(b) from p", "2|2|x y")
	db.Is("select p from p order by p desc", `(2,); (1,"x y")`)
	db.Is("select p = row(1, 'x y'::text), p = p, p > row(1, 'a'::text) from p order by a", "t|t|t; f|t|t")
	db.Is("select p is null, p is not null, p.* is null from p order by a", "f|t|f; f|f|f")
	db.Is("select q.p, (q.p).b from (select p from p) q order by (q.p).a", `(1,"x y")|x y; (2,)|<null>`)
	db.Is("select row(1, row(2, 'x')), row(array[1, 2], row())", `(1,"(2,x)")|("{1,2}","()")`)
}

// Parameters take the type that stands around them and are one value for all rows.
func TestParameters(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table q (a int, b text)")
	db.Must("insert into q select x, 'v' || x from generate_series(1, 5) x")
	db.IsWith("select $1 + 1, $1 * 2", []string{"20"}, "21|40")
	db.IsWith("select a from q where a > $1 and b <> $2 order by a", []string{"2", "v4"}, "3; 5")
	db.IsWith("select $1::text || a from q order by a limit 2", []string{"p"}, "p1; p2")
	db.IsWith("select a from q where a in ($1, $2, $3, 1) order by a", []string{"2", "3", "9"}, "1; 2; 3")
	db.IsWith("select a from q where b = any ($1) order by a", []string{"{v1,v5}"}, "1; 5")
	db.IsWith("select case when $1::int > 3 then 'big' else 'small' end, coalesce($2, 'none')", []string{"5", "x"},
		"big|x")
	db.IsWith("select $1", []string{"untyped"}, "untyped")
	db.IsWith("select $1::int", []string{"x"}, `22P02: invalid input syntax for type integer: "x"`)
	db.IsWith("select $1 + 1", []string{"2147483647"}, "22003: integer out of range")
	db.IsWith("select $1::date + 1, $2::interval * 2, $3::numeric(3, 1)", []string{"2024-02-28", "1 day", "12.35"},
		"2024-02-29|2 days|12.4")
	db.IsWith("select a from q order by a limit $1 offset $2", []string{"2", "1"}, "2; 3")
	db.IsWith("select (array[1, 2, 3])[$1], $2::int[]", []string{"2", "{4,5}"}, "2|{4,5}")
	db.IsWith("insert into q values ($1, $2) returning a, b", []string{"9", "new"}, "9|new")
	db.IsWith("select $1::int is null, $2 is not distinct from 'x'", []string{"1", "x"}, "f|t")
}

// What depends on settings follows them when it is computed, not when it was folded.
func TestSettingsInExpressions(t *testing.T) {
	db := dbtest.New(t)
	db.Must("set timezone = 'America/New_York'; set datestyle = 'ISO, DMY'")
	db.Is("select '2024-07-01 12:00+00'::timestamptz, '1/2/2024'::date, timestamptz '2024-01-01 00:00+00'::text",
		"2024-07-01 08:00:00-04|2024-02-01|2023-12-31 19:00:00-05")
	db.Must(`prepare s as select timestamptz '2024-07-01 12:00+00', date '2024-02-01', 0.1::float8 + 0.2,
		'\x00'::bytea, interval '1 day -2:00'`)
	db.Is("execute s", `2024-07-01 08:00:00-04|2024-02-01|0.30000000000000004|\x00|1 day -02:00:00`)
	db.Must(`set timezone = 'Asia/Tokyo'; set datestyle = 'SQL, DMY'; set extra_float_digits = 0;
		set bytea_output = escape; set intervalstyle = 'iso_8601'`)
	db.Is("execute s", `01/07/2024 21:00:00 JST|01/02/2024|0.3|\000|P1DT-2H`)
	db.Must("set extra_float_digits = -1")
	db.Is("select 123456.789012345678::float8, 0.1::float4, array[1.0e15, 0.3]::float8[]",
		"123456.78901235|0.1|{1e+15,0.3}")
	db.Is("select 123456.789012345678::float8::text, 1e23::float8, 9007199254740993::float8",
		"123456.78901235|1e+23|9.007199254741e+15")
	db.Is("select now() = current_timestamp, current_date = now()::date, pg_typeof(localtime)",
		"t|t|time without time zone")
	db.Is(`select current_setting('timezone'), timestamp '2024-01-01 12:00' at time zone 'us/pacific',
		timestamptz '2024-07-01 00:00Z' at time zone 'CET-1CEST'`,
		"Asia/Tokyo|02/01/2024 05:00:00 JST|01/07/2024 02:00:00")
}
