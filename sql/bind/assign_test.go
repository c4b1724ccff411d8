package bind_test

import (
	"testing"
)

const everyType = `create table t (i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric,
	n52 numeric(5,2), b bool, t text, v3 varchar(3),
	c3 char(3), nm name, c "char", d date, ts timestamp, ts0 timestamp(0), tz timestamptz, tm time, iv interval,
	o oid, r regclass, u uuid,
	by bytea, j json, jb jsonb, ai int[], at text[], av varchar(2)[], v vector(2), w vector)`

// A value is stored in a column by an assignment cast, which may be one that expressions do not make by themselves.
func TestAssignmentCasts(t *testing.T) {
	ask := answers(t, everyType)
	f := func(column, value, want string) {
		t.Helper()
		ask("insert into t ("+column+") values ("+value+") returning "+column, want)
	}
	f("i2", "5", "5")
	f("i2", "5.5", "6")
	f("i2", "70000", "22003: smallint out of range")
	f("i2", "'70000'", `22003: value "70000" is out of range for type smallint @ '70000') ret`)
	f("i4", "5::int8", "5")
	f("i4", "5000000000", "22003: integer out of range")
	f("i4", "2.5::float8", "2")
	f("i4", "3.5::float4", "4")
	f("i4", "1e10", "22003: integer out of range")
	f("i4", "'abc'", `22P02: invalid input syntax for type integer: "abc" @ 'abc') retur`)
	f("i4", "' 7 '", "7")
	f("i4", "true", `42804: column "i4" is of type integer but expression is of type boolean (cast it) @ true) return`)
	f("i4", "'5'::text", `42804: column "i4" is of type integer but expression is of type text (cast it) @ '5'::text) r`)
	f("i4", "date '2024-01-01'",
		`42804: column "i4" is of type integer but expression is of type date (cast it) @ '2024-01-01'`)
	f("i4", "1::oid", "1")
	f("i8", "'pg_class'::regclass", "1259")
	f("i8", "'x'::regclass", `42P01: relation "x" does not exist @ 'x'::regclas`)
	f("f4", "1.1::float8", "1.1")
	f("f4", "1e300",
		`22003: `+
			`"1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000" is out of range for type real`)
	f("f8", "1.5", "1.5")
	f("n", "1.5::float4", "1.5")
	f("n52", "123.456", "123.46")
	f("n52", "1234.5",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 5, scale 2 must round to an absolute value less than 10^3.")
	f("n52", "'NaN'", "NaN")
	f("n52", "123", "123.00")
	f("b", "1", `42804: column "b" is of type boolean but expression is of type integer (cast it) @ 1) returning`)
	f("b", "'yes'", "t")
	f("b", "'yes'::text", `42804: column "b" is of type boolean but expression is of type text (cast it) @ 'yes'::text)`)
	f("t", "5", "5")
	f("t", "true", "true")
	f("t", "1.50", "1.50")
	f("t", "date '2024-01-02'", "2024-01-02")
	f("t", "array[1, 2]", "{1,2}")
	f("t", "row(1, 'a')", "(1,a)")
	f("t", "'ab '::char(5)", "ab")
	f("t", "interval '1 day'", "1 day")
	f("t", "'[1,2]'::vector", "[1,2]")
	f("v3", "'abc'", "abc")
	f("v3", "'abc  '", "abc")
	f("v3", "'abcd'", "22001: value too long for type character varying(3)")
	f("v3", "1234", "22001: value too long for type character varying(3)")
	f("v3", "12", "12")
	f("v3", "'abcd'::text", "22001: value too long for type character varying(3)")
	f("v3", "'abcd'::varchar(3)", "abc")
	f("c3", "'a'", "a  ")
	f("c3", "'abcd'", "22001: value too long for type character(3)")
	f("c3", "'abc   '", "abc")
	f("c3", "true", "22001: value too long for type character(3)")
	f("nm", "'abc'::text", "abc")
	f("nm", "5", "5")
	f("c", "'xyz'", "x")
	f("c", "65", `42804: column "c" is of type "char" but expression is of type integer (cast it) @ 65) returnin`)
	f("c", "'x'::text", "x")
	f("d", "timestamp '2024-01-02 03:04'", "2024-01-02")
	f("d", "timestamptz '2024-01-02 03:04+00'", "2024-01-02")
	f("d", "'2024-01-02'::text",
		`42804: column "d" is of type date but expression is of type text (cast it) @ '2024-01-02'`)
	f("d", "5", `42804: column "d" is of type date but expression is of type integer (cast it) @ 5) returning`)
	f("ts", "date '2024-01-02'", "2024-01-02 00:00:00")
	f("ts0", "timestamp '2024-01-02 03:04:05.6'", "2024-01-02 03:04:06")
	f("ts0", "'2024-01-02 03:04:05.6'", "2024-01-02 03:04:06")
	f("tz", "date '2024-01-02'", "2024-01-02 00:00:00+00")
	f("tm", "timestamp '2024-01-02 03:04'", "03:04:00")
	f("tm", "interval '3 hours'", "03:00:00")
	f("iv", "time '03:04'", "03:04:00")
	f("iv", "5", `42804: column "iv" is of type interval but expression is of type integer (cast it) @ 5) returning`)
	f("o", "5", "5")
	f("o", "-5", "4294967291")
	f("r", "'pg_class'", "pg_class")
	f("r", "'pg_class'::text", "pg_class")
	f("r", "1259", "pg_class")
	f("u", "'00000000000000000000000000000001'", "00000000-0000-0000-0000-000000000001")
	f("u", "'x'::text", `42804: column "u" is of type uuid but expression is of type text (cast it) @ 'x'::text) r`)
	f("by", "'abc'", `\x616263`)
	f("by", "'abc'::text", `42804: column "by" is of type bytea but expression is of type text (cast it) @ 'abc'::text)`)
	f("j", "'{\"a\": 1}'", `{"a": 1}`)
	f("j", "'{}'::jsonb", "{}")
	f("jb", "'{\"a\": 1}'::json", `{"a": 1}`)
	f("jb", "'{}'::text", `42804: column "jb" is of type jsonb but expression is of type text (cast it) @ '{}'::text)`)
	f("jb", "5", `42804: column "jb" is of type jsonb but expression is of type integer (cast it) @ 5) returning`)
	f("ai", "'{1,2}'", "{1,2}")
	f("ai", "array[1.5, 2.5]", "{2,3}")
	f("ai", "array['1', '2']",
		`42804: column "ai" is of type integer[] but expression is of type text[] (cast it) @ array['1', '`)
	f("ai", "array[1::int8]", "{1}")
	f("ai", "5", `42804: column "ai" is of type integer[] but expression is of type integer (cast it) @ 5) returning`)
	f("ai", "array[]::int[]", "{}")
	f("at", "array[1, 2]", "{1,2}")
	f("av", "array['abc']", "22001: value too long for type character varying(2)")
	f("av", "array['ab', 'c ']", `{ab,"c "}`)
	f("av", "'{abc}'", "22001: value too long for type character varying(2)")
	f("v", "'[1,2]'", "[1,2]")
	f("v", "'[1,2,3]'", "22000: expected 2 dimensions, not 3")
	f("v", "'[1]'", "22000: expected 2 dimensions, not 1")
	f("v", "array[1, 2]", "[1,2]")
	f("v", "array[1.5, 2.5]", "[1.5,2.5]")
	f("v", "array[1]", "22000: expected 2 dimensions, not 1")
	f("v", "'{1,2}'::float4[]", "[1,2]")
	f("v", "'[1,2]'::text", `42804: column "v" is of type vector but expression is of type text (cast it) @ '[1,2]'::tex`)
	f("w", "array[1, 2, 3]::float8[]", "[1,2,3]")
	f("w", "5", `42804: column "w" is of type vector but expression is of type integer (cast it) @ 5) returning`)
}

// What has no assignment cast is refused with the column's type and the expression's place.
func TestAssignmentRefused(t *testing.T) {
	f := answers(t, everyType)
	f("insert into t (i4) values (true)",
		`42804: column "i4" is of type integer but expression is of type boolean (cast it) @ true)`)
	f("insert into t (i4) values (1), (true)",
		`42804: column "i4" is of type integer but expression is of type boolean (cast it) @ true)`)
	f("insert into t (i4, t) values (1, 'x'), ('y', 2)", `22P02: invalid input syntax for type integer: "y" @ 'y', 2)`)
	f("insert into t (i4) select t from t",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ t from t`)
	f("insert into t (i4, t) select i4, t from t union select 1, 'x'", "INSERT 0 1")
	f("insert into t (t, i4) select i4, t from t union select 1, 'x'",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ t from t uni`)
	f("insert into t (i4) select 'x'", `22P02: invalid input syntax for type integer: "x" @ 'x'`)
	f("insert into t (i4) select 'x' union all select 'y'",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ 'x' union al`)
	f("insert into t (i4) values (1), ('2' || '3')",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ '2' || '3')`)
	f("insert into t (i4) select * from (select 'x') s",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ * from (sele`)
	f("insert into t (d) select '2024-01-01' union all select '2024-01-02'",
		`42804: column "d" is of type date but expression is of type text (cast it) @ '2024-01-01'`)
	f("insert into t (d) values ('2024-01-01'), (null), ('someday')",
		`22007: invalid input syntax for type date: "someday" @ 'someday')`)
	f("update t set i4 = b", `42804: column "i4" is of type integer but expression is of type boolean (cast it) @ b`)
	f("update t set i4 = t", `42804: column "i4" is of type integer but expression is of type text (cast it) @ t`)
	f("update t set b = i4", `42804: column "b" is of type boolean but expression is of type integer (cast it) @ i4`)
	f("update t set d = 'someday'", `22007: invalid input syntax for type date: "someday" @ 'someday'`)
	f("update t set (i4, d) = (1, i4)",
		`42804: column "d" is of type date but expression is of type integer (cast it) @ i4)`)
	f("update t set (i4, d) = (select 1, 2)",
		`42804: column "d" is of type date but expression is of type integer (cast it) @ 2)`)
	f("update t set (i4, d) = row(t, d)",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ t, d)`)
	f("update t set i4 = (select t from t limit 1)",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ (select t fr`)
	f("update t set i4 = (select '5')",
		`42804: column "i4" is of type integer but expression is of type text (cast it) @ (select '5')`)
	f("update t set ai = array['x']",
		`42804: column "ai" is of type integer[] but expression is of type text[] (cast it) @ array['x']`)
	f("update t set ai = i4", `42804: column "ai" is of type integer[] but expression is of type integer (cast it) @ i4`)
	f("update t set n52 = t", `42804: column "n52" is of type numeric but expression is of type text (cast it) @ t`)
	f("update t set jb = '{}'::json", "UPDATE 1")
	f("update t set jb = t", `42804: column "jb" is of type jsonb but expression is of type text (cast it) @ t`)
	f("update t set u = t", `42804: column "u" is of type uuid but expression is of type text (cast it) @ t`)
	f("update t set v = t", `42804: column "v" is of type vector but expression is of type text (cast it) @ t`)
	f("update t set v = ai", "UPDATE 1")
	f("update t set by = t", `42804: column "by" is of type bytea but expression is of type text (cast it) @ t`)
	f("update t set iv = i4", `42804: column "iv" is of type interval but expression is of type integer (cast it) @ i4`)
	f("insert into t (i4) values (1) on conflict do nothing returning i4 + 'x'",
		`22P02: invalid input syntax for type integer: "x" @ 'x'`)
	f("create table x (a int default 'y')", `22P02: invalid input syntax for type integer: "y" @ 'y')`)
	f("create table x (a int default true)",
		`42804: column "a" is of type integer but default expression is of type boolean (cast it)`)
	f("create table x (a date default 5)",
		`42804: column "a" is of type date but default expression is of type integer (cast it)`)
	f("create table x (a int generated always as ('y') stored)",
		`22P02: invalid input syntax for type integer: "y" @ 'y') stored)`)
	f("create table x (a int check (a))", "42804: argument of CHECK must be type boolean, not type integer @ a))")
	f("create table x (a int check (a + 'y' > 1))", `22P02: invalid input syntax for type integer: "y" @ 'y' > 1))`)
	f("alter table t alter i4 set default now()",
		`42804: column "i4" is of type integer but default expression is of type timestamp with time zone (cast it)`)
	f("alter table t alter t type int",
		`42804: column "t" cannot be cast automatically to type integer HINT: You might need to specify "USING t::integer".`)
	f("alter table t alter t type int using b",
		`42804: result of USING clause for column "t" cannot be cast automatically to type integer `+
			`HINT: You might need to add an explicit cast.`)
	f("alter table t alter t type int using d",
		`42804: result of USING clause for column "t" cannot be cast automatically to type integer `+
			`HINT: You might need to add an explicit cast.`)
}

// Conditions are boolean: what is not is refused at its place, and a literal is read as a boolean.
func TestConditions(t *testing.T) {
	f := answers(t, "create table t (a int, b text, c bool); insert into t values (1, 'x', true), (2, 'y', null)")
	f("select a from t where 'true'", "1; 2")
	f("select a from t where 'maybe'", `22P02: invalid input syntax for type boolean: "maybe" @ 'maybe'`)
	f("select a from t where null", "")
	f("select a from t where c", "1")
	f("select a from t where a", "42804: argument of WHERE must be type boolean, not type integer @ a")
	f("select a from t where b", "42804: argument of WHERE must be type boolean, not type text @ b")
	f("select a from t where 1", "42804: argument of WHERE must be type boolean, not type integer @ 1")
	f("select a from t where c and a", "42804: argument of AND must be type boolean, not type integer @ a")
	f("select a from t where b or c", "42804: argument of OR must be type boolean, not type text @ b or c")
	f("select a from t where not a", "42804: argument of NOT must be type boolean, not type integer @ a")
	f("select a from t where not 'f' and 'on'", "1; 2")
	f("select a from t where (select a from t limit 1)",
		"42804: argument of WHERE must be type boolean, not type integer @ (select a fr")
	f("select a from t where (select true)", "1; 2")
	f("select a from t where array[true]",
		"42804: argument of WHERE must be type boolean, not type boolean[] @ array[true]")
	f("select a from t where t", "42804: argument of WHERE must be type boolean, not type t @ t")
	f("select a from t group by a having a", "42804: argument of HAVING must be type boolean, not type integer @ a")
	f("select count(*) from t having 'no'", "")
	f("select count(*) from t having count(*)",
		"42804: argument of HAVING must be type boolean, not type bigint @ count(*)")
	f("select * from t x join t y on x.a", "42804: argument of JOIN/ON must be type boolean, not type integer @ x.a")
	f("select count(*) from t x join t y on 'yes'", "4")
	f("select * from t x left join t y on x.b", "42804: argument of JOIN/ON must be type boolean, not type text @ x.b")
	f("select count(*) filter (where a) from t",
		"42804: argument of FILTER must be type boolean, not type integer @ a) from t")
	f("select count(*) filter (where 'true') from t", "2")
	f("select a is true from t", "42804: argument of IS TRUE must be type boolean, not type integer @ a is true fr")
	f("select b is not false from t", "42804: argument of IS NOT FALSE must be type boolean, not type text @ b is not fal")
	f("select a is unknown from t", "42804: argument of IS UNKNOWN must be type boolean, not type integer @ a is unknown")
	f("select 'x' is true", `22P02: invalid input syntax for type boolean: "x" @ 'x' is true`)
	f("select 'true' is true, null is unknown", "t|t")
	f("select case when b then 1 end from t",
		"42804: argument of CASE/WHEN must be type boolean, not type text @ b then 1 end")
	f("update t set a = 1 where a", "42804: argument of WHERE must be type boolean, not type integer @ a")
	f("delete from t where b", "42804: argument of WHERE must be type boolean, not type text @ b")
	f("insert into t values (1) on conflict do nothing returning a and c",
		"42804: argument of AND must be type boolean, not type integer @ a and c")
	f("create index on t (a) where b", "42804: argument of WHERE must be type boolean, not type text @ b")
	f("create index on t (a) where a", "42804: argument of WHERE must be type boolean, not type integer @ a")
	f("select 1 limit true", "42804: argument of LIMIT must be type bigint, not type boolean @ true")
	f("select 1 limit 'x'", `22P02: invalid input syntax for type bigint: "x" @ 'x'`)
	f("select 1 limit '1'", "1")
	f("select 1 limit 1.4", "1")
	f("select 1 offset b from t", `42601: syntax error at or near "from" @ from t`)
	f("select a from t limit a", "42P10: argument of LIMIT must not contain variables @ a")
	f("select a from t limit t.a", "42P10: argument of LIMIT must not contain variables @ t.a")
	f("select a from t offset a + 1", "42P10: argument of OFFSET must not contain variables @ a + 1")
	f("select a from t limit (select count(*) from t)", "1; 2")
	f("select a from t limit count(*)", "42803: aggregate functions are not allowed in LIMIT @ count(*)")
	f("select a from t limit generate_series(1, 2)",
		"0A000: set-returning functions are not allowed in LIMIT @ generate_ser")
	f("select a from t limit row_number() over ()", "42P20: window functions are not allowed in LIMIT @ row_number()")
	f("select a from t limit date '2024-01-01'",
		"42804: argument of LIMIT must be type bigint, not type date @ '2024-01-01'")
	f("select a from t fetch first 1 rows with ties", "42601: WITH TIES cannot be specified without ORDER BY clause")
	f("select a from t order by a fetch first 'x' rows with ties",
		`22P02: invalid input syntax for type bigint: "x" @ 'x' rows wit`)
}
