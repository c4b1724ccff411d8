package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A parameter has the type that its first use asks for; where none does it is a text, if it is a result.
func TestParameterTypes(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create extension vector; create table t (id int, a int8, b varchar(3), c numeric(5,2), d date,
		e vector(2), f text[], g bool)`)
	f := db.Describes
	f("select $1", "text -> ?column? text")
	f("select $1 + 1, 1.5 * $2", "integer, numeric -> ?column? integer; ?column? numeric")
	f("select $1 || 'x', $2 || $3", "text, text, text -> ?column? text; ?column? text")
	f("select id from t where id = $1 and a > $2 and b = $3 and c < $4 and d >= $5 and g = $6",
		"integer, bigint, text, numeric, date, boolean -> id integer t.id")
	f("select id from t where id in ($1, $2) and b like $3 and a between $4 and $5",
		"integer, integer, text, bigint, bigint -> id integer t.id")
	f("select id from t where id = any($1) and b = any($2) and d = any($3)",
		"integer[], text[], date[] -> id integer t.id")
	f("select id from t where f @> $1 and f[$2] = $3", "text[], integer, text -> id integer t.id")
	f("select id from t order by e <-> $1 limit $2 offset $3", "vector, bigint, bigint -> id integer t.id")
	f("insert into t values ($1, $2, $3, $4, $5, $6, $7, $8)",
		"integer, bigint, character varying, numeric, date, vector, text[], boolean ->")
	f("insert into t (d, id) values ($1, $2), ($3, $4)", "date, integer, date, integer ->")
	f("insert into t (d, id) select $1, $2", "date, integer ->")
	f("update t set a = $1, b = $2, g = $3 where id = $4 returning a + $5",
		"bigint, character varying, boolean, integer, bigint -> ?column? bigint")
	f("delete from t where d < $1", "date ->")
	f("select $1::int, cast($2 as date), $3::varchar(3)",
		"integer, date, character varying -> int4 integer; date date; varchar character varying(3)")
	f("select coalesce($1, id), greatest($2, d), case when $3 then $4 else c end, nullif($5, g) from t",
		"integer, date, boolean, numeric, boolean -> coalesce integer; greatest date; c numeric; nullif boolean")
	f("select upper($1), abs($2::int), substr($3, $4, $5), length($6::text)",
		"text, integer, text, integer, integer, text -> upper text; abs integer; substr text; length integer")
	f("select id from t where $1", "boolean -> id integer t.id")
	f("select id from t where g or $1 and not $2", "boolean, boolean -> id integer t.id")
	f("select ($1, $2) = (id, d) from t", "integer, date -> ?column? boolean")
	f("select id from t where (id, d) in (($1, $2))", "integer, date -> id integer t.id")
	f("select id from t where id = (select $1)",
		"42883: operator does not exist: integer = text "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("select $1 union select 1", "integer -> ?column? integer")
	f("values ($1, $2), (1, 'x')", "integer, text -> column1 integer; column2 text")
	f("select array[$1, 1], array[$2, $3]", "integer, text, text -> array integer[]; array text[]")
	f("select count(*) filter (where id > $1), string_agg(b, $2) from t", "integer, text -> count bigint; string_agg text")
	f("select * from generate_series(1, $1) x", "integer -> x integer")
	f("select sum(a) over (rows $1 preceding) from t", "bigint -> sum numeric")
	f("select now() - $1, d + $2, d - $3 from t",
		"42725: operator is not unique: date + unknown "+
			"HINT: Could not choose a best candidate operator. You might need to add explicit type casts.")
	f("select $2::int", "42P18: could not determine data type of parameter $1")
	f("select $1 = $1", "text -> ?column? boolean")
	f("select $1::int, $1::text", "integer -> int4 integer; text text")
	f("select id from t where id = $1 and b = $1",
		"42883: operator does not exist: character varying = integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	f("select id from t where id = $1 or a = $1", "integer -> id integer t.id")
	f("select $1 + $2",
		"42725: operator is not unique: unknown + unknown "+
			"HINT: Could not choose a best candidate operator. You might need to add explicit type casts.")
	f("select abs($1)", "double precision -> abs double precision")
	f("select $0", "42P02: there is no parameter $0")
	f("select $1 is null", "42P18: could not determine data type of parameter $1")
	f("select $1 is null and $1 = 1", "42P08: could not determine data type of parameter $1")
	f("select $1 is distinct from null", "42P18: could not determine data type of parameter $1")
	f("select ($1, $1) = (1, 'x'::text)",
		"42P08: inconsistent types deduced for parameter $1 DETAIL: integer versus text")
	f("select pg_typeof($1)", "42P18: could not determine data type of parameter $1")
	f("select count($1)", "42P18: could not determine data type of parameter $1")
	f("select concat($1, 'x')", "42P18: could not determine data type of parameter $1")
	f("select row($1)", "42P18: could not determine data type of parameter $1")
	f("select pg_typeof($1), to_jsonb($2)", "42804: could not determine polymorphic type because input has type unknown")
}

// The modifier of a column goes with it as long as nothing changes its value.
func TestDescribedModifiers(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create extension vector; create table t (a varchar(5), b char(3), c numeric(5,2), d timestamp(3),
		e vector(3), f varchar(4)[], g time(1), h interval(2));
		create view v as select a, c, c + 1 as c1 from t`)
	f := db.Describes
	f("select a, b, c, d, e, f, g, h from t",
		"-> a character varying(5) t.a; b character(3) t.b; c numeric(5,2) t.c; "+
			"d timestamp(3) without time zone t.d; e vector(3) t.e; f character varying(4)[] t.f; "+
			"g time(1) without time zone t.g; h interval(2) t.h")
	f("select x.a, s.c from t x, (select c from t) s", "-> a character varying(5) t.a; c numeric(5,2) t.c")
	f("select a || 'x', b || 'x', c + 1, d + interval '1 day', -c, abs(c) from t",
		"-> ?column? text; ?column? text; ?column? numeric; ?column? timestamp without time zone; "+
			"?column? numeric; abs numeric")
	f("select max(a), max(c), min(b), array_agg(a), sum(c) from t",
		"-> max text; max numeric; min bpchar; array_agg character varying[]; sum numeric")
	f("select coalesce(a, a), coalesce(a, 'x'), coalesce(c, 1), greatest(c, c), nullif(a, 'x'), nullif(c, 1) from t",
		"-> coalesce character varying(5); coalesce character varying; coalesce numeric; greatest numeric(5,2); "+
			"nullif text; nullif numeric(5,2)")
	f("select a from t union select a from t", "-> a character varying(5)")
	f("select a from t union select a::varchar(9) from t", "-> a character varying")
	f("select c from t union all select 1", "-> c numeric")
	f("values ('a'::varchar(3)), ('b'::varchar(3))", "-> column1 character varying(3)")
	f("values ('a'::varchar(3)), ('b'::varchar(4))", "-> column1 character varying")
	f("with w as (select a, c from t) select * from w", "-> a character varying(5) t.a; c numeric(5,2) t.c")
	f("select * from v", "-> a character varying(5) v.a; c numeric(5,2) v.c; c1 numeric v.c1")
	f("select distinct a from t order by a", "-> a character varying(5) t.a")
	f("select a, count(*) from t group by a", "-> a character varying(5) t.a; count bigint")
	f("select lag(a) over (), first_value(c) over () from t", "-> lag character varying; first_value numeric")
	f("insert into t (a) values ('x') returning a, c", "-> a character varying(5) t.a; c numeric(5,2) t.c")
	f("update t set c = 1 returning c, c * 2", "-> c numeric(5,2) t.c; ?column? numeric")
	f("select 'x'::char(3), 'x'::bpchar, 'x'::char, 'x'::varchar, '1'::time(2), '1 day'::interval day, '[1,2]'::vector(2)",
		`22007: invalid input syntax for type time: "1"`)
	f("select e + e, e <-> e, e::text, avg(e) over () from t",
		"-> ?column? vector; ?column? double precision; e text; avg vector")
}
