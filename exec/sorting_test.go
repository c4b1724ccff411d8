package exec_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Values of every type sort in the type's order, nulls last, and first when descending.
func TestSortTypes(t *testing.T) {
	db := dbtest.New(t)
	// f sorts values in both directions, with and without an index on them.
	f := func(typ, values, want string) {
		t.Helper()
		db.Must(fmt.Sprintf("drop table if exists t; create table t (v %s); insert into t values (%s), (null)", typ,
			strings.ReplaceAll(values, ", ", "), (")))
		db.Is("select v from t order by v", want)
		sorted := strings.Split(want, "; ")
		falling := slices.Clone(sorted)
		slices.Reverse(falling)
		for _, indexed := range []bool{false, true} {
			if indexed {
				db.Must("create index on t (v); set enable_sort = off")
			}
			db.Is("select v from t where true order by v", want)
			db.Is("select v from t order by v desc", strings.Join(falling, "; "))
			db.Is("select v from t order by v desc nulls last limit 1", falling[min(1, len(falling)-1)])
			db.Is("select v from t order by v nulls first limit 2", "<null>; "+sorted[0])
		}
		db.Must("reset enable_sort")
	}
	f("int2", "3, -32768, 32767, 0", "-32768; 0; 3; 32767; <null>")
	f("int4", "3, -2147483648, 2147483647, 0, -1", "-2147483648; -1; 0; 3; 2147483647; <null>")
	f("int8", "3, -9223372036854775808, 9223372036854775807, 0, -1",
		"-9223372036854775808; -1; 0; 3; 9223372036854775807; <null>")
	f("float4", "0.5, 'NaN', '-Infinity', 'Infinity', -1.5, 1e-40", "-Infinity; -1.5; 1e-40; 0.5; Infinity; NaN; <null>")
	f("float8", "0.5, 'NaN', '-Infinity', 'Infinity', -1.5, 5e-324, -5e-324",
		"-Infinity; -1.5; -5e-324; 5e-324; 0.5; Infinity; NaN; <null>")
	f("numeric", "0.5, 'NaN', '-Infinity', 'Infinity', -1.5, 1e30, 10, 9.99",
		"-Infinity; -1.5; 0.5; 9.99; 10; 1000000000000000000000000000000; Infinity; NaN; <null>")
	f("bool", "true, false", "f; t; <null>")
	f("text", "'b', 'B', 'a', 'ab', 'é', 'z', '0', '~', 'aaaaaaaab', 'aaaaaaaaa'",
		"0; B; a; aaaaaaaaa; aaaaaaaab; ab; b; z; ~; é; <null>")
	f("varchar(9)", "'b', 'B', 'ab', 'a'", "B; a; ab; b; <null>")
	f("name", "'tab', 'Tab', 'ta'", "Tab; ta; tab; <null>")
	f("char(3)", "'b', 'a', 'ab'", "a  ; ab ; b  ; <null>")
	f("bytea", `'\x00', '\xff', '\x0001', '\x7f'`, `\x00; \x0001; \x7f; \xff; <null>`)
	f("date", "'2024-02-29', '1999-12-31', 'infinity', '-infinity', '0044-03-15 BC'",
		"-infinity; 0044-03-15 BC; 1999-12-31; 2024-02-29; infinity; <null>")
	f("time", "'12:00', '00:00', '24:00', '23:59:59.999999'", "00:00:00; 12:00:00; 23:59:59.999999; 24:00:00; <null>")
	f("interval", "'1day', '23:00:00', '25:00:00', '-1day', '1mon', '29days', '31days'",
		"-1 days; 23:00:00; 1 day; 25:00:00; 29 days; 1 mon; 31 days; <null>")
	f("uuid", "'00000000-0000-0000-0000-000000000001', 'ffffffff-ffff-ffff-ffff-ffffffffffff', "+
		"'10000000-0000-0000-0000-000000000000'",
		"00000000-0000-0000-0000-000000000001; 10000000-0000-0000-0000-000000000000; "+
			"ffffffff-ffff-ffff-ffff-ffffffffffff; <null>")
	f("int4[]", "'{1,2}', '{1}', '{}', '{2}', '{1,NULL}', '{1,1,9}'", "{}; {1}; {1,1,9}; {1,2}; {1,NULL}; {2}; <null>")
	f("jsonb", `'1', '"a"', 'true', '[]', '{}', '[1,2]', 'null', '10', '{"a":1}'`,
		`[]; null; "a"; 1; 10; true; [1, 2]; {}; {"a": 1}; <null>`)
	f("oid", "4294967295, 0, 16384", "0; 16384; 4294967295; <null>")
}

// Several keys count from the left, each with its own direction and place for nulls.
func TestSortKeys(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text, c int)")
	db.Must(`insert into t values (1, 'x', 1), (1, 'y', 2), (null, 'x', 3), (2, null, 4), (2, 'x', 5),
		(null, null, 6), (1, null, 7)`)
	f := func(by, want string) {
		t.Helper()
		db.Is("select c from t order by "+by, want)
		db.Is("select c from t order by "+by+" limit 100", want)
		db.Is("select string_agg(c::text, '; ' order by "+by+") from t", want)
	}
	f("a, b", "1; 2; 7; 5; 4; 3; 6")
	f("a desc, b", "3; 6; 5; 4; 1; 2; 7")
	f("a nulls first, b desc", "6; 3; 7; 2; 1; 4; 5")
	f("a desc nulls last, b nulls first", "4; 5; 7; 1; 2; 6; 3")
	f("a, b desc nulls last", "2; 1; 7; 5; 4; 3; 6")
	f("a desc nulls last, b desc nulls last", "5; 4; 2; 1; 7; 3; 6")
	f("b, a, c", "1; 5; 3; 2; 7; 4; 6")
	f("b || a, c", "1; 5; 2; 3; 4; 6; 7")
	f("a is null, -a, b nulls first", "4; 5; 7; 1; 2; 6; 3")
	f("c % 3, c desc", "6; 3; 7; 4; 1; 5; 2")
	f("a using >, c", "3; 6; 4; 5; 1; 2; 7")
	f("a using <, c", "1; 2; 7; 4; 5; 3; 6")
	f("coalesce(a, 0), length(coalesce(b, '')) desc, c", "3; 6; 1; 2; 7; 5; 4")
	f("case when c > 3 then c end, c", "4; 5; 6; 7; 1; 2; 3")
	db.Is("select a as x, c from t order by x desc, 2", "<null>|3; <null>|6; 2|4; 2|5; 1|1; 1|2; 1|7")
	db.Is("select a + c as x from t order by x", "2; 3; 6; 7; 8; <null>; <null>")
	db.Is("select a + c as x from t order by x + 1", `42703: column "x" does not exist`)
	db.Is("select c as a from t order by a", "1; 2; 3; 4; 5; 6; 7")
	db.Is("select c from t order by 3", "42P10: ORDER BY position 3 is not in select list")
	db.Is("select c from t order by 'a'", "42601: non-integer constant in ORDER BY")
	db.Is("select c from t order by a using =",
		`42809: operator = is not a valid ordering operator `+
			`HINT: Ordering operators must be "<" or ">" members of btree operator families.`)
	db.Is("select c from t order by c::text::json",
		"42883: could not identify an ordering operator for type json "+
			"HINT: Use an explicit ordering operator or modify the query.")
}

// ORDER BY with a bound keeps the same rows as a whole sort, whatever the bound, and rows that tie stay whole in
// number.
func TestTopRows(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t as select i, i * 7919 % 5003 as v, i % 7 as g from generate_series(1, 5000) i")
	f := func(limit, offset int) {
		t.Helper()
		page := fmt.Sprintf("limit %d offset %d", limit, offset)
		db.Is(`with ranked as (select i, row_number() over (order by g desc, v) - 1 as n from t),
			page as (select i from t order by g desc, v `+page+`)
			select count(*) from ranked full join page using (i)
			where (n is not null and n >= `+fmt.Sprint(offset)+" and n < "+fmt.Sprint(limit+offset)+") <> (page.i is not null)",
			"0")
		db.Is("select count(*) from (select i from t order by g "+page+") x", fmt.Sprint(max(min(limit, 5000-offset), 0)))
	}
	for _, mem := range []string{"64kB", "64MB"} {
		db.Must("set work_mem = '" + mem + "'")
		for _, n := range []int{1, 10, 1023, 1024, 1025, 2500, 4999, 5000, 6000} {
			f(n, 0)
			f(n, 1)
		}
		f(10, 1024)
		f(1024, 1024)
		f(1, 4999)
		f(10, 5000)
		f(0, 0)
	}
	db.Is("select v from t order by v limit 3", "1; 2; 3")
	db.Is("select v, i from t order by v desc, i limit 3", "5002|863; 5001|1726; 5000|2589")
	db.Is("select v from t order by v limit null offset 4998", "5001; 5002")
	db.IsWith("select v from t order by v limit $1 offset $2", []string{"2", "5"}, "6; 7")
	db.Is("select g, (select v from t u where u.g = t.g order by v limit 1) from t group by g order by g",
		"0|29; 1|2; 2|5; 3|1; 4|4; 5|6; 6|3")
}

// LIMIT, OFFSET and FETCH take any expression without columns, NULL is no bound, and what is negative is refused.
func TestLimitValues(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t as select i from generate_series(1, 10) i")
	f := func(page, want string) {
		t.Helper()
		db.Is("select i from t order by i "+page, want)
	}
	f("limit 3", "1; 2; 3")
	f("limit 0", "")
	f("limit all offset 8", "9; 10")
	f("limit null offset null", "1; 2; 3; 4; 5; 6; 7; 8; 9; 10")
	f("offset 10", "")
	f("offset 9 rows fetch first row only", "10")
	f("fetch first 2 rows only", "1; 2")
	f("fetch next (1 + 1) rows only", "1; 2")
	f("limit (select 2)", "1; 2")
	f("limit 2.4", "1; 2")
	f("limit 2.5 offset 1.5", "3; 4; 5")
	f("limit '2'", "1; 2")
	f("limit 1 + 1 offset abs(-7)", "8; 9")
	f("limit 9223372036854775807 offset 8", "9; 10")
	f("limit 9223372036854775807 offset 9223372036854775807", "")
	f("limit -1", "2201W: LIMIT must not be negative")
	f("offset -1", "2201X: OFFSET must not be negative")
	f("limit i", "42P10: argument of LIMIT must not contain variables")
	f("limit 'x'", `22P02: invalid input syntax for type bigint: "x"`)
	f("limit 10000000000000000000", "22003: bigint out of range")
	f("limit count(*)", "42803: aggregate functions are not allowed in LIMIT")
	f("limit 1 limit 2", `42601: syntax error at or near "limit"`)
	db.Is("(select i from t order by i limit 5) order by i desc limit 2", "42601: multiple ORDER BY clauses not allowed")
	db.Is("select (select i from t order by i desc limit 1)", "10")
	db.Is("select count(*) from (select i from t limit 4) x", "4")
	db.Is("select i from t where i > 5 order by i limit 2", "6; 7")
	db.Is("(select 1 limit 0) union all (select 2 limit 1)", "2")
	db.IsWith("select i from t order by i limit $1", []string{"2"}, "1; 2")
	db.IsWith("select i from t order by i limit $1", []string{"-2"}, "2201W: LIMIT must not be negative")
	db.IsWith("select i from t order by i offset $1::int limit $2::bigint", []string{"3", "2"}, "4; 5")
}

// WITH TIES gives the rows that equal the last one as well, also when they are in later batches.
func TestWithTies(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t as select i, (i - 1) / 3 as g from generate_series(1, 10) i;
		insert into t values (11, null), (12, null)`)
	f := func(query, want string) {
		t.Helper()
		db.Is(query, want)
	}
	f("select i, g from t order by g fetch first 1 rows with ties", "1|0; 2|0; 3|0")
	f("select g from t order by g fetch first 3 rows with ties", "0; 0; 0")
	f("select g from t order by g fetch first 4 rows with ties", "0; 0; 0; 1; 1; 1")
	f("select g from t order by g offset 2 fetch first 2 rows with ties", "0; 1; 1; 1")
	f("select g from t order by g offset 4 fetch first 2 rows with ties", "1; 1")
	f("select g from t order by g desc fetch first 1 row with ties", "<null>; <null>")
	f("select g from t order by g fetch first 11 rows with ties", "0; 0; 0; 1; 1; 1; 2; 2; 2; 3; <null>; <null>")
	f("select g from t order by g fetch first 0 rows with ties", "")
	f("select g from t order by g offset 20 fetch first 1 rows with ties", "")
	f("select g, i from t order by g, i fetch first 2 rows with ties", "0|1; 0|2")
	f("select g % 2 as o from t where g is not null order by g % 2 fetch first 1 rows with ties", "0; 0; 0; 0; 0; 0")
	f("select g from t fetch first 1 rows with ties", "42601: WITH TIES cannot be specified without ORDER BY clause")
	f("select g from t order by g fetch first null rows with ties",
		"2201W: row count cannot be null in FETCH FIRST ... WITH TIES clause")
	f("select g from t order by g fetch first -1 rows with ties", "2201W: LIMIT must not be negative")
	f("select g from t order by g fetch first 1 rows with ties for update skip locked",
		"42601: SKIP LOCKED and WITH TIES options cannot be used together")
	db.Must("create table many as select i, i / 1500 as g from generate_series(0, 5999) i")
	f("select count(*), min(g), max(g) from (select g from many order by g fetch first 1 rows with ties) x", "1500|0|0")
	f("select count(*), min(g), max(g) from (select g from many order by g fetch first 1500 rows with ties) x", "1500|0|0")
	f("select count(*), min(g), max(g) from (select g from many order by g fetch first 1501 rows with ties) x", "3000|0|1")
	f(`select count(*), min(g), max(g) from (select g from many order by g desc
		offset 2000 fetch first 1 rows with ties) x`,
		"1000|2|2")
}

// A sort that goes to disk gives what one in memory gives, for keys of every physical form.
func TestSortSpills(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t as select i, (i * 7919 % 5003)::float8 / 8 as f, i % 3 = 0 as b, md5(i::text) as s,
		case when i % 11 > 0 then (i * 31 % 977)::numeric / 7 end as n, date '2000-01-01' + i * 17 % 800 as d
		from generate_series(1, 6000) i`)
	for _, by := range []string{
		"f, i", "b, i desc", "s", "n, i", "n desc, i", "d desc, s", "s desc, f", "b desc, n nulls first, i",
	} {
		query := `select md5(string_agg(i::text || ':' || f || b || s || coalesce(n::text, '-') || d, ','))
			from (select * from t order by ` + by + ") x"
		db.Must("set work_mem = '64MB'")
		want := db.Ask(query)
		db.Must("set work_mem = '64kB'")
		db.Is(query, want)
	}
}
