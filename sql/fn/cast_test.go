package fn_test

import "testing"

// TestNumberCasts holds rounding and range between the numbers.
func TestNumberCasts(t *testing.T) {
	f := selecter(t)
	f("1.5::int, 2.5::int, -1.5::int, -2.5::int, 0.5::numeric::bigint, 1.5::float8::int, 2.5::float8::int, "+
		"-2.5::real::smallint, 32767.4::smallint, 1e3::int",
		"2|3|-2|-3|1|2|2|-2|32767|1000")
	f("32767.5::smallint", "22003: smallint out of range")
	f("2147483647.5::int", "22003: integer out of range")
	f("9223372036854775807.5::bigint", "22003: bigint out of range")
	f("2147483647.5::float8::int", "22003: integer out of range")
	f("2147483646.5::float8::int, -2147483648.5::float8::int", "22003: integer out of range")
	f("9223372036854775808::float8::bigint", "22003: bigint out of range")
	f("-9223372036854775808::float8::bigint, 9223372036854774784::float8::bigint", "22003: bigint out of range")
	f("'nan'::float8::int", "22003: integer out of range")
	f("'inf'::real::bigint", "22003: bigint out of range")
	f("'nan'::numeric::smallint", "0A000: cannot convert NaN to smallint")
	f("'inf'::numeric::bigint", "0A000: cannot convert infinity to bigint")
	f("40000::smallint", "22003: smallint out of range")
	f("3000000000::int", "22003: integer out of range")
	f("(-32769)::smallint", "22003: smallint out of range")
	f("1::bool, 0::bool, 5::bool, true::int, false::int, (-1)::bool", "t|f|t|1|0|t")
	f("1::bigint::bool", "42846: cannot cast type bigint to boolean")
	f("1.0::bool", "42846: cannot cast type numeric to boolean")
	f("5::oid, (-1)::oid, 4294967295::oid, 4294967295::oid::bigint, 2147483648::oid::int",
		"5|4294967295|4294967295|4294967295|-2147483648")
	f("4294967296::oid", "22003: OID out of range")
	f("(-1)::bigint::oid", "22003: OID out of range")
	f("' 12 '::int, '-0'::int, '+5'::int, '0x1F'::int, '0o17'::int, '0b101'::int, '1_000'::int, '-0x80000000'::int",
		"12|0|5|31|15|5|1000|-2147483648")
	f("'12x'::int", `22P02: invalid input syntax for type integer: "12x"`)
	f("''::int", `22P02: invalid input syntax for type integer: ""`)
	f("'1.5'::int", `22P02: invalid input syntax for type integer: "1.5"`)
	f("'2147483648'::int", `22003: value "2147483648" is out of range for type integer`)
	f("'32768'::smallint", `22003: value "32768" is out of range for type smallint`)
	f("'9223372036854775808'::bigint", `22003: value "9223372036854775808" is out of range for type bigint`)
	f("'1__0'::int", `22P02: invalid input syntax for type integer: "1__0"`)
	f("'0x'::int", `22P02: invalid input syntax for type integer: "0x"`)
	f("'1e3'::int", `22P02: invalid input syntax for type integer: "1e3"`)
	f("'- 5'::int", `22P02: invalid input syntax for type integer: "- 5"`)
}

// TestBooleanCasts holds the words of a boolean.
func TestBooleanCasts(t *testing.T) {
	f := selecter(t)
	f("'t'::bool, 'tru'::bool, 'YES'::bool, 'y'::bool, 'on'::bool, '1'::bool, ' true '::bool, 'f'::bool, "+
		"'fal'::bool, 'No'::bool, 'of'::bool, 'off'::bool, '0'::bool",
		"t|t|t|t|t|t|t|f|f|f|f|f|f")
	f("'o'::bool", `22P02: invalid input syntax for type boolean: "o"`)
	f("'2'::bool", `22P02: invalid input syntax for type boolean: "2"`)
	f("''::bool", `22P02: invalid input syntax for type boolean: ""`)
	f("'truee'::bool", `22P02: invalid input syntax for type boolean: "truee"`)
	f("true::text, false::varchar, true::char(1), true::char(5) || '|', true || 'x'", "true|false|t|true||truex")
	f("true and null, false and null, true or null, null or false, not null::bool, true = null, "+
		"true is distinct from null, null is not distinct from null::bool",
		"<null>|f|t|<null>|<null>|<null>|t|t")
	f("true > false, true >= true, false <> true, true < null, bool_and(b), bool_or(b) "+
		"from (values (true), (null), (false)) v(b)",
		"t|t|t|<null>|f|t")
	f("1 = 1 is true, null is unknown, (1 = 2) is not true, null is not unknown, null is false, null is not false",
		"t|t|t|f|f|t")
	f("'x' is true", `22P02: invalid input syntax for type boolean: "x"`)
	f("booleq(true, true), boolne(true, false), boollt(false, true), boolgt(true, false), "+
		"booland_statefunc(true, false), boolor_statefunc(true, false)",
		"t|t|t|t|f|t")
}

// TestTextCasts holds lengths: a cast cuts, an assignment does not.
func TestTextCasts(t *testing.T) {
	f := selecter(t)
	f("'abcdef'::varchar(3), 'abc'::char(5) || '|', 'abcdef'::char(3), 'größe'::varchar(3), 'größe'::char(2), "+
		"'ab  '::varchar(3) || '|', 12345::varchar(3), 'x'::varchar",
		"abc|abc||abc|grö|gr|ab ||123|x")
	f("'ab '::char(5) = 'ab', 'ab '::char(5) = 'ab '::text, 'ab '::char(5) || 'x', length('ab '::char(5)), "+
		"'a'::char, 'abc'::char, 'abc'::bpchar || '|', 'ab  '::char(4)::text || '|', 'ab  '::char(4)::varchar || '|'",
		"t|f|abx|2|a|a|abc||ab||ab|")
	f("1.50::text, 1e20::float8::text, (-0.0)::float8::text, 1e-7::real::text, 123456789012::float8::text, "+
		"0.1::real::float8, 1.1::float8::real",
		"1.50|1e+20|0|1e-07|123456789012|0.10000000149011612|1.1")
	f("'abc'::varchar(0)", "22023: length for type varchar must be at least 1")
	f("'abc'::char(10485761)", "22023: length for type char cannot exceed 10485760")
	db := newDB(t)
	db.Must("create table t (v varchar(3), c char(3), n numeric(4,1), i smallint, tm time(0))")
	db.Is("insert into t (v) values ('abcd')", "22001: value too long for type character varying(3)")
	db.Is("insert into t (v) values ('abc   ')", "INSERT 0 1")
	db.Is("insert into t (c) values ('abcd')", "22001: value too long for type character(3)")
	db.Is("insert into t (c) values ('ab')", "INSERT 0 1")
	db.Is("insert into t (n) values (999.94), (-0.05)", "INSERT 0 2")
	db.Is("insert into t (n) values (999.95)",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 4, scale 1 must round to an absolute value less than 10^3.")
	db.Is("insert into t (i) values (40000)", "22003: smallint out of range")
	db.Is("insert into t (i) values (1.5)", "INSERT 0 1")
	db.Is("insert into t (i) values ('7')", "INSERT 0 1")
	db.Is("insert into t (i) values ('7'::text)",
		`42804: column "i" is of type smallint but expression is of type text `+
			`HINT: You will need to rewrite or cast the expression.`)
	db.Is("insert into t (tm) values ('10:00:00.5'), ('10:00:01.5')", "INSERT 0 2")
	db.Rows("select v || '|', c || '|', n, i, tm from t",
		"abc||<null>|<null>|<null>|<null>",
		"<null>|ab||<null>|<null>|<null>",
		"<null>|<null>|999.9|<null>|<null>",
		"<null>|<null>|-0.1|<null>|<null>",
		"<null>|<null>|<null>|2|<null>",
		"<null>|<null>|<null>|7|<null>",
		"<null>|<null>|<null>|<null>|10:00:01",
		"<null>|<null>|<null>|<null>|10:00:02")
}

// TestUUID holds input in several forms, order and its functions.
func TestUUID(t *testing.T) {
	f := selecter(t)
	f("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid, '{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}'::uuid, "+
		"'a0eebc999c0b4ef8bb6d6bb9bd380a11'::uuid, 'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11'::uuid",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|"+
			"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")
	f("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1'::uuid",
		`22P02: invalid input syntax for type uuid: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1"`)
	f("'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
		`22P02: invalid input syntax for type uuid: "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"`)
	f("'g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
		`22P02: invalid input syntax for type uuid: "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"`)
	f("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11x'::uuid",
		`22P02: invalid input syntax for type uuid: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11x"`)
	f("'a0e-ebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid",
		`22P02: invalid input syntax for type uuid: "a0e-ebc99-9c0b-4ef8-bb6d-6bb9bd380a11"`)
	f("''::uuid", `22P02: invalid input syntax for type uuid: ""`)
	f("'00000000-0000-0000-0000-000000000001'::uuid < '00000000-0000-0000-0000-000000000002', "+
		"'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid > '7fffffff-ffff-ffff-ffff-ffffffffffff', "+
		"uuid_cmp('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001')",
		"t|t|0")
	f("gen_random_uuid() <> gen_random_uuid(), length(gen_random_uuid()::text), "+
		"substr(gen_random_uuid()::text, 15, 1), substr(gen_random_uuid()::text, 20, 1) in ('8', '9', 'a', 'b')",
		"t|36|4|t")
	f("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid::text, uuid_send('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), "+
		"'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid = null",
		`a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|\xa0eebc999c0b4ef8bb6d6bb9bd380a11|<null>`)
	f("1::uuid", "42846: cannot cast type integer to uuid")
	f("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid::int", "42846: cannot cast type uuid to integer")
}

// TestInputChecks holds pg_input_is_valid and the length of casts written as functions.
func TestInputChecks(t *testing.T) {
	f := selecter(t)
	f("pg_input_is_valid('42', 'integer'), pg_input_is_valid('4x', 'integer'), "+
		"pg_input_is_valid('42000000000', 'integer'), pg_input_is_valid('2024-02-30', 'date'), "+
		"pg_input_is_valid('{1,2}', 'int[]'), pg_input_is_valid('[1,2]', 'vector')",
		"t|f|f|f|t|t")
	f("pg_input_is_valid('x', 'no_such_type')", `42704: type "no_such_type" does not exist`)
	f("int4(5.5::numeric), int8('7'::text::int), text('x'::varchar), float8(5), numeric(5), "+
		"date('2024-02-29'::timestamp), bool(1)",
		`42601: syntax error at or near ","`)
	f("cast('5' as int), int '5', '5'::int4, cast(null as date), cast(array['1','2'] as int[]), "+
		"'{1,2}'::text[]::int[], array[1.5,2.5]::int[]",
		"5|5|5|<null>|{1,2}|{1,2}|{2,3}")
	f("array['a']::int[]", `22P02: invalid input syntax for type integer: "a"`)
	f("cast(row(1,2) as int)", "42846: cannot cast type record to integer")
	f("'2024-01-01'::date::int", "42846: cannot cast type date to integer")
	f("1::date", "42846: cannot cast type integer to date")
	f("cast(5 as no_such_type)", `42704: type "no_such_type" does not exist`)
	f("num_nulls(1, null, 2), num_nonnulls(1, null, 2), num_nulls(variadic array[1,null]), "+
		"num_nonnulls(variadic '{}'::int[]), num_nulls(variadic null::int[])",
		"1|2|1|0|<null>")
	f("num_nulls()",
		"42883: function num_nulls() does not exist "+
			"HINT: No function matches the given name and argument types. You might need to add explicit type casts.")
}
