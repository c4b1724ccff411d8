package exec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Equal values of each type are one key for DISTINCT, GROUP BY, joins, set operations, IN and indexes, whatever they
// look like.
func TestKeysOfEveryType(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension vector")
	// f wants the numbers of: distinct values, groups with more than one row, pairs of a self join, values that a union
	// with themselves has, rows that are IN the values above the least, and the distinct values by count(distinct).
	f := func(typ, values, want string) {
		t.Helper()
		rows := strings.ReplaceAll(values, " | ", "), (")
		for _, settings := range []string{
			"", "set enable_hashjoin = off; set enable_hashagg = off", "set work_mem = '64kB'",
		} {
			db.Must(fmt.Sprintf("reset all; drop table if exists t; create table t (v %s); "+
				"insert into t values (%s), (null), (null); %s",
				typ, rows, settings))
			db.Is(`select (select count(*) from (select distinct v from t) d),
				(select count(*) from (select v from t group by v having count(*) > 1) g),
				(select count(*) from t a join t b on a.v = b.v),
				(select count(*) from (select v from t union select v from t) u),
				(select count(*) from t where v in (select v from t u
				where v > (select v from t where v is not null order by v limit 1))),
				(select count(distinct v) from t)`, want)
		}
	}
	f("int2", "1 | 1 | -1 | 0", "4|2|6|4|3|3")
	f("int4", "1 | 1 | -1 | 0 | 2147483647", "5|2|7|5|4|4")
	f("int8", "1 | 1 | 9223372036854775807 | -9223372036854775808", "4|2|6|4|3|3")
	f("float4", "0 | '-0' | 'NaN' | 'NaN' | 1.5 | 'Infinity'", "5|3|10|5|4|4")
	f("float8", "0 | '-0' | 'NaN' | 'NaN' | 1e300 | 1e-300", "5|3|10|5|4|4")
	f("numeric", "1 | 1.0 | 1.00 | 'NaN' | 'NaN' | 0 | -0.0 | 1e20 | 100000000000000000000", "5|5|21|5|7|4")
	f("numeric(6, 2)", "1 | 1.004 | 1.01 | 1.006", "3|3|8|3|2|2")
	f("bool", "true | 'yes' | false | 'off'", "3|3|8|3|2|2")
	f("text", "'' | ' ' | 'a' | 'a ' | 'A' | 'a'", "6|2|8|6|5|5")
	f("varchar(3)", "'' | 'abc' | 'abc' | 'ab'", "4|2|6|4|3|3")
	f("char(3)", "'a' | 'a  ' | 'ab' | ''", "4|2|6|4|3|3")
	f("name", "'a' | 'a' | 'b'", "3|2|5|3|1|2")
	f("bytea", `'\x' | '\x00' | '\x00' | '\x0000'`, "4|2|6|4|3|3")
	f("date", "'2024-02-29' | '2024-2-29' | 'infinity' | '-infinity' | 'infinity'", "4|3|9|4|4|3")
	f("time", "'12:00' | '12:00:00.000' | '24:00' | '00:00'", "4|2|6|4|3|3")
	f("timetz", "'12:00+00' | '13:00+01' | '12:00+00'", "3|2|5|3|2|2")
	f("timestamp", "'2024-01-01' | '2024-01-01 00:00' | 'infinity'", "3|2|5|3|1|2")
	f("timestamptz", "'2024-01-01 12:00+00' | '2024-01-01 13:00+01' | '2024-01-01 12:00+01'", "3|2|5|3|2|2")
	f("interval", "'1 day' | '24:00' | '1 mon' | '30 days' | '720:00'", "3|3|13|3|3|2")
	f("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' | 'a0eebc999c0b4ef8bb6d6bb9bd380a11' | "+
		"'00000000-0000-0000-0000-000000000000'",
		"3|2|5|3|2|2")
	f("jsonb", `'{"a": 1, "b": 2}' | '{"b": 2, "a": 1.0}' | '1' | '1.00' | 'null' | '[]'`, "5|3|10|5|5|4")
	f("int4[]", "'{1,2}' | '[5:6]={1,2}' | '{1,NULL}' | '{1,NULL}' | '{}'", "5|2|7|5|4|4")
	f("text[]", `'{a,b}' | '{"a","b"}' | '{a}'`, "3|2|5|3|2|2")
	f("numeric[]", "'{1,2}' | '{1.0,2.00}' | '{1}'", "3|2|5|3|2|2")
	f("oid", "1 | 1 | 4294967295", "3|2|5|3|1|2")
	f("vector(2)", "'[1,2]' | '[1.0,2]' | '[0,0]' | '[-0,0]' | '[1,3]'", "4|3|9|4|3|3")
}

// Values far larger than a batch's memory go through every operator that keeps rows.
func TestLargeValues(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t as select i, repeat(chr(97 + i % 3), 20000 + i % 3) as s, repeat('x', i * 100) as x
		from generate_series(1, 90) i`)
	for _, mem := range []string{"64kB", "64MB"} {
		db.Must("set work_mem = '" + mem + "'")
		db.Rows("select left(s, 1), count(*), length(min(s)), sum(length(x)) from t group by s order by s",
			"a|30|20000|139500", "b|30|20001|133500", "c|30|20002|136500")
		db.Is("select i, length(x) from t order by s desc, x desc limit 3", "89|8900; 86|8600; 83|8300")
		db.Is("select count(*), sum(length(s)) from (select distinct s from t) d", "3|60003")
		db.Is("select count(*) from t a join t b on a.s = b.s", "2700")
		db.Is("select count(*) from t a join t b on a.x = b.x and a.s <> b.s || 'y'", "90")
		db.Is("select count(*) from (select s from t except select s from t where i % 3 > 0) e", "1")
		db.Is("select length(string_agg(s, '' order by x)), length(string_agg(distinct s, '')) from t", "1800090|60003")
		db.Is("select sum(length(m)) from (select max(s) over (order by i rows 2 preceding) m from t) w", "1800179")
		db.Is(`with recursive r(n, s) as (select 1, repeat('r', 5000) union all select n + 1, s || 'q' from r
			where n < 60) select count(*), max(length(s)) from r`,
			"60|5059")
		db.Is(`with recursive r(n, s) as (select 1, repeat('r', 5000) union select n % 50 + 1, s from r)
			select count(*) from r`,
			"50")
		db.Is("select count(*), sum(length(u)) from t, unnest(array[s, x]) u", "180|2209590")
	}
	db.Must("create table c as table t; update c set s = s || x; insert into c select i + 1000, x, s from c where i <= 90")
	db.Is("select count(*), sum(length(s)), sum(length(x)) from c", "180|2619090|2619090")
	db.Is("delete from c using t where c.x = t.x returning c.i % 90 = t.i % 90",
		strings.TrimSuffix(strings.Repeat("t; ", 90), "; "))
	db.Is("select count(*) from c", "90")
}
