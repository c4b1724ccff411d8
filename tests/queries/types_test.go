package queries_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// life runs values of a type through all that a table does with them: sorting with and without an index, groups,
// ranges, joins, COPY both ways, arrays, a restart and the way into files.
type life struct {
	db *dbtest.DB
}

// values are SQL literals without quotes, nulls as NULL; middle is one of them.
func (l life) of(typ, values, middle, sorted, groups, above, pairs, copied, together string) {
	db := l.db
	db.Must("drop table if exists x, y")
	db.Must("create table x (id int generated always as identity primary key, v " + typ + ")")
	var rows []string
	for _, v := range strings.Split(values, "; ") {
		if v != "NULL" {
			v = "'" + v + "'"
		}
		rows = append(rows, "("+v+")")
	}
	db.Must("insert into x (v) values " + strings.Join(rows, ", "))
	for _, step := range []func(){
		func() {}, func() { db.Must("create index on x (v)"); db.Must("analyze x") }, db.Settle, db.Restart,
	} {
		step()
		db.Is("select v from x order by v, id", sorted)
		db.Is("select count(*), min(id) from x group by v order by v", groups)
		db.Is("select id from x where v > '"+middle+"' order by id", above)
		db.Is("select a.id, b.id from x a join x b on a.v = b.v and a.id < b.id order by 1, 2", pairs)
	}
	db.Is("copy (select v from x order by id) to stdout", copied)
	db.Must("create table y (v " + typ + ")")
	db.IsCopy("copy y from stdin", db.Ask("copy (select v from x order by id) to stdout"),
		db.Ask("select 'COPY ' || count(*) from x"))
	db.Is(`select count(*) from ((select v from x except all select v from y)
		union all (select v from y except all select v from x)) d`,
		"0")
	db.Is("select count(distinct v), array_agg(v::text order by v desc nulls last, id) from x", together)
}

// Numbers of every type keep their order and their equality on every way.
func TestLivesOfNumbers(t *testing.T) {
	l := life{dbtest.New(t)}
	l.of("smallint",
		"3; -32768; 32767; NULL; 0; 3; -1",
		"0",
		"-32768; -1; 0; 3; 3; 32767; <null>",
		"1|2; 1|7; 1|5; 2|1; 1|3; 1|4",
		"1; 3; 6",
		"1|6",
		"3\n-32768\n32767\n\\N\n0\n3\n-1\n",
		"5|{32767,3,3,0,-1,-32768,NULL}",
	)
	l.of("integer",
		"3; -2147483648; 2147483647; NULL; 0; 3; -1",
		"0",
		"-2147483648; -1; 0; 3; 3; 2147483647; <null>",
		"1|2; 1|7; 1|5; 2|1; 1|3; 1|4",
		"1; 3; 6",
		"1|6",
		"3\n-2147483648\n2147483647\n\\N\n0\n3\n-1\n",
		"5|{2147483647,3,3,0,-1,-2147483648,NULL}",
	)
	l.of("bigint",
		"3; -9223372036854775808; 9223372036854775807; NULL; 0; 3; 4294967296",
		"3",
		"-9223372036854775808; 0; 3; 3; 4294967296; 9223372036854775807; <null>",
		"1|2; 1|5; 2|1; 1|7; 1|3; 1|4",
		"3; 7",
		"1|6",
		"3\n-9223372036854775808\n9223372036854775807\n\\N\n0\n3\n4294967296\n",
		"5|{9223372036854775807,4294967296,3,3,0,-9223372036854775808,NULL}",
	)
	l.of("real",
		"1.5; -Infinity; Infinity; NaN; -0; 0; NULL; 1e-45; 3.4e38; 1.5; NaN",
		"0",
		"-Infinity; -0; 0; 1e-45; 1.5; 1.5; 3.4e+38; Infinity; NaN; NaN; <null>",
		"1|2; 2|5; 1|8; 2|1; 1|9; 1|3; 2|4; 1|7",
		"1; 3; 4; 8; 9; 10; 11",
		"1|10; 4|11; 5|6",
		"1.5\n-Infinity\nInfinity\nNaN\n-0\n0\n\\N\n1e-45\n3.4e+38\n1.5\nNaN\n",
		"7|{NaN,NaN,Infinity,3.4e+38,1.5,1.5,1e-45,-0,0,-Infinity,NULL}",
	)
	l.of("double precision",
		"1.5; -Infinity; Infinity; NaN; -0; 0; NULL; 5e-324; 1.7976931348623157e308; 0.1; NaN",
		"0.1",
		"-Infinity; -0; 0; 5e-324; 0.1; 1.5; 1.7976931348623157e+308; Infinity; NaN; NaN; <null>",
		"1|2; 2|5; 1|8; 1|10; 1|1; 1|9; 1|3; 2|4; 1|7",
		"1; 3; 4; 9; 11",
		"4|11; 5|6",
		"1.5\n-Infinity\nInfinity\nNaN\n-0\n0\n\\N\n5e-324\n1.7976931348623157e+308\n0.1\nNaN\n",
		"8|{NaN,NaN,Infinity,1.7976931348623157e+308,1.5,0.1,5e-324,-0,0,-Infinity,NULL}",
	)
	l.of("numeric",
		"1.50; 1.5; -Infinity; Infinity; NaN; 0; 0.000; NULL; 1e-20; -99999999999999999999999999999999999999999.5; "+
			"123456789012345678901234567890; NaN",
		"1.5",
		"-Infinity; -99999999999999999999999999999999999999999.5; 0; 0.000; 0.00000000000000000001; 1.50; 1.5; "+
			"123456789012345678901234567890; Infinity; NaN; NaN; <null>",
		"1|3; 1|10; 2|6; 1|9; 2|1; 1|11; 1|4; 2|5; 1|8",
		"4; 5; 11; 12",
		"1|2; 5|12; 6|7",
		"1.50\n1.5\n-Infinity\nInfinity\nNaN\n0\n0.000\n\\N\n0.00000000000000000001\n"+
			"-99999999999999999999999999999999999999999.5\n123456789012345678901234567890\nNaN\n",
		"8|{NaN,NaN,Infinity,123456789012345678901234567890,1.50,1.5,0.00000000000000000001,0,0.000,"+
			"-99999999999999999999999999999999999999999.5,-Infinity,NULL}",
	)
	l.of("numeric(12, 4)",
		"1.23456; 1.2346; -1.2345; 0; NULL; 99999999.9999; -99999999.9999",
		"0",
		"-99999999.9999; -1.2345; 0.0000; 1.2346; 1.2346; 99999999.9999; <null>",
		"1|7; 1|3; 1|4; 2|1; 1|6; 1|5",
		"1; 2; 6",
		"1|2",
		"1.2346\n1.2346\n-1.2345\n0.0000\n\\N\n99999999.9999\n-99999999.9999\n",
		"5|{99999999.9999,1.2346,1.2346,0.0000,-1.2345,-99999999.9999,NULL}",
	)
	l.of("boolean",
		"true; false; NULL; true; off; yes",
		"false",
		"f; f; t; t; t; <null>",
		"2|2; 3|1; 1|3",
		"1; 4; 6",
		"1|4; 1|6; 2|5; 4|6",
		"t\nf\n\\N\nt\nf\nt\n",
		"2|{true,true,true,false,false,NULL}",
	)
	l.of("oid",
		"3; 0; 4294967295; NULL; 3",
		"3",
		"0; 3; 3; 4294967295; <null>",
		"1|2; 2|1; 1|3; 1|4",
		"3",
		"1|5",
		"3\n0\n4294967295\n\\N\n3\n",
		"3|{4294967295,3,3,0,NULL}",
	)
}

// Texts order by their bytes, keep what is written, and blanks count where PostgreSQL counts them.
func TestLivesOfTexts(t *testing.T) {
	l := life{dbtest.New(t)}
	l.of("text",
		"b; a; ; NULL; B; ä; a; aa; ab; 日本; z\tq; 😀",
		"a",
		"; B; a; a; aa; ab; b; z\tq; ä; 日本; 😀; <null>",
		"1|3; 1|5; 2|2; 1|8; 1|9; 1|1; 1|11; 1|6; 1|10; 1|12; 1|4",
		"1; 6; 8; 9; 10; 11; 12",
		"2|7",
		"b\na\n\n\\N\nB\nä\na\naa\nab\n日本\nz\\tq\n😀\n",
		`10|{😀,日本,ä,"z	q",b,ab,aa,a,a,B,"",NULL}`,
	)
	l.of("varchar(4)",
		"b; a; ; NULL; abcd; abcd    ; Ünïc",
		"a",
		"; a; abcd; abcd; b; Ünïc; <null>",
		"1|3; 1|2; 2|5; 1|1; 1|7; 1|4",
		"1; 5; 6; 7",
		"5|6",
		"b\na\n\n\\N\nabcd\nabcd\nÜnïc\n",
		`5|{Ünïc,b,abcd,abcd,a,"",NULL}`,
	)
	l.of("char(4)",
		"b; a; ; NULL; a   ; abcd; ab",
		"a",
		"    ; a   ; a   ; ab  ; abcd; b   ; <null>",
		"1|3; 2|2; 1|7; 1|6; 1|1; 1|4",
		"1; 6; 7",
		"2|5",
		"b   \na   \n    \n\\N\na   \nabcd\nab  \n",
		`5|{b,abcd,ab,a,a,"",NULL}`,
	)
	l.of("name",
		"b; a; NULL; a; public",
		"a",
		"a; a; b; public; <null>",
		"2|2; 1|1; 1|5; 1|3",
		"1; 5",
		"2|4",
		"b\na\n\\N\na\npublic\n",
		"3|{public,b,a,a,NULL}",
	)
	l.of("bytea",
		`\x01; \x; \x00; NULL; \xff; \x0102; \x01`,
		`\x01`,
		`\x; \x00; \x01; \x01; \x0102; \xff; <null>`,
		"1|2; 1|3; 2|1; 1|6; 1|5; 1|4",
		"5; 6",
		"1|7",
		"\\\\x01\n\\\\x\n\\\\x00\n\\N\n\\\\xff\n\\\\x0102\n\\\\x01\n",
		`5|{"\\xff","\\x0102","\\x01","\\x01","\\x00","\\x",NULL}`,
	)
	l.of("uuid",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11; 00000000-0000-0000-0000-000000000000; NULL; "+
			"ffffffff-ffff-ffff-ffff-ffffffffffff; A0EEBC999C0B4EF8BB6D6BB9BD380A11",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"00000000-0000-0000-0000-000000000000; a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11; "+
			"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11; ffffffff-ffff-ffff-ffff-ffffffffffff; <null>",
		"1|2; 2|1; 1|4; 1|3",
		"4",
		"1|5",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\n00000000-0000-0000-0000-000000000000\n\\N\n"+
			"ffffffff-ffff-ffff-ffff-ffffffffffff\na0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\n",
		"3|{ffffffff-ffff-ffff-ffff-ffffffffffff,a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,"+
			"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,00000000-0000-0000-0000-000000000000,NULL}",
	)
	l.of(`"char"`, "b; a; NULL; Z; a", "a", "Z; a; a; b; <null>", "1|4; 2|2; 1|1; 1|3", "1", "2|5", "b\na\n\\N\nZ\na\n",
		"3|{b,a,a,Z,NULL}")
}

// Times, with their ends.
func TestLivesOfTimes(t *testing.T) {
	l := life{dbtest.New(t)}
	l.of("date",
		"2024-02-29; 0044-03-15 BC; infinity; -infinity; NULL; 5874897-12-31; 4713-01-01 BC; 2024-02-29",
		"2024-01-01",
		"-infinity; 4713-01-01 BC; 0044-03-15 BC; 2024-02-29; 2024-02-29; 5874897-12-31; infinity; <null>",
		"1|4; 1|7; 1|2; 2|1; 1|6; 1|3; 1|5",
		"1; 3; 6; 8",
		"1|8",
		"2024-02-29\n0044-03-15 BC\ninfinity\n-infinity\n\\N\n5874897-12-31\n4713-01-01 BC\n2024-02-29\n",
		`6|{infinity,5874897-12-31,2024-02-29,2024-02-29,"0044-03-15 BC","4713-01-01 BC",-infinity,NULL}`,
	)
	l.of("time",
		"13:14:15.123456; 00:00; 24:00; NULL; 23:59:60; 13:14:15.123456",
		"12:00",
		"00:00:00; 13:14:15.123456; 13:14:15.123456; 24:00:00; 24:00:00; <null>",
		"1|2; 2|1; 2|3; 1|4",
		"1; 3; 5; 6",
		"1|6; 3|5",
		"13:14:15.123456\n00:00:00\n24:00:00\n\\N\n24:00:00\n13:14:15.123456\n",
		"3|{24:00:00,24:00:00,13:14:15.123456,13:14:15.123456,00:00:00,NULL}",
	)
	l.of("time with time zone",
		"13:14:15+02; 11:14:15+00; 00:00-12; 24:00+15:59; NULL; 13:14:15+02",
		"11:14:15+00",
		"24:00:00+15:59; 13:14:15+02; 13:14:15+02; 11:14:15+00; 00:00:00-12; <null>",
		"1|4; 2|1; 1|2; 1|3; 1|5",
		"3",
		"1|6",
		"13:14:15+02\n11:14:15+00\n00:00:00-12\n24:00:00+15:59\n\\N\n13:14:15+02\n",
		"4|{00:00:00-12,11:14:15+00,13:14:15+02,13:14:15+02,24:00:00+15:59,NULL}",
	)
	l.of("timestamp",
		"2024-02-29 13:14:15.5; 4713-01-01 00:00:00 BC; infinity; -infinity; NULL; 294276-12-31 23:59:59.999999; "+
			"2024-02-29 13:14:15.5",
		"2024-01-01",
		"-infinity; 4713-01-01 00:00:00 BC; 2024-02-29 13:14:15.5; 2024-02-29 13:14:15.5; "+
			"294276-12-31 23:59:59.999999; infinity; <null>",
		"1|4; 1|2; 2|1; 1|6; 1|3; 1|5",
		"1; 3; 6; 7",
		"1|7",
		"2024-02-29 13:14:15.5\n4713-01-01 00:00:00 BC\ninfinity\n-infinity\n\\N\n294276-12-31 23:59:59.999999\n"+
			"2024-02-29 13:14:15.5\n",
		`5|{infinity,"294276-12-31 23:59:59.999999","2024-02-29 13:14:15.5","2024-02-29 13:14:15.5","4713-01-01 `+
			`00:00:00 BC",-infinity,NULL}`,
	)
	l.of("timestamptz",
		"2024-02-29 13:14:15+02; 2024-02-29 11:14:15Z; infinity; -infinity; NULL; 1970-01-01; 2024-07-01 12:00 Europe/Berlin",
		"2024-01-01",
		"-infinity; 1970-01-01 00:00:00+00; 2024-02-29 11:14:15+00; 2024-02-29 11:14:15+00; "+
			"2024-07-01 10:00:00+00; infinity; <null>",
		"1|4; 1|6; 2|1; 1|7; 1|3; 1|5",
		"1; 2; 3; 7",
		"1|2",
		"2024-02-29 11:14:15+00\n2024-02-29 11:14:15+00\ninfinity\n-infinity\n\\N\n1970-01-01 00:00:00+00\n"+
			"2024-07-01 10:00:00+00\n",
		`5|{infinity,"2024-07-01 10:00:00+00","2024-02-29 11:14:15+00","2024-02-29 11:14:15+00","1970-01-01 `+
			`00:00:00+00",-infinity,NULL}`,
	)
	l.of("timestamp(1)",
		"2024-02-29 13:14:15.55; 2024-02-29 13:14:15.649; NULL",
		"2024-01-01",
		"2024-02-29 13:14:15.6; 2024-02-29 13:14:15.6; <null>",
		"2|1; 1|3",
		"1; 2",
		"1|2",
		"2024-02-29 13:14:15.6\n2024-02-29 13:14:15.6\n\\N\n",
		`1|{"2024-02-29 13:14:15.6","2024-02-29 13:14:15.6",NULL}`,
	)
	l.of("interval",
		"1 day; 24:00; 1 mon; 30 days; -1 year; 00:00:00.000001; NULL; 178000000 years; -1 day +23:00; 720:00",
		"24:00",
		"-1 years; -1 days +23:00:00; 00:00:00.000001; 1 day; 24:00:00; 1 mon; 30 days; 720:00:00; 178000000 years; <null>",
		"1|5; 1|9; 1|6; 2|1; 3|3; 1|8; 1|7",
		"3; 4; 8; 10",
		"1|2; 3|4; 3|10; 4|10",
		"1 day\n24:00:00\n1 mon\n30 days\n-1 years\n00:00:00.000001\n\\N\n178000000 years\n-1 days +23:00:00\n720:00:00\n",
		`6|{"178000000 years","1 mon","30 days",720:00:00,"1 day",24:00:00,00:00:00.000001,"-1 days +23:00:00","-1 `+
			`years",NULL}`,
	)
}

// What is made of other values: arrays, documents, vectors.
func TestLivesOfComposites(t *testing.T) {
	l := life{dbtest.New(t)}
	l.of("int[]",
		"{1,2}; {}; {1}; NULL; {1,2,3}; {NULL}; {{1,2},{3,4}}; {1,2}; [0:1]={1,2}",
		"{1}",
		"{}; {1}; [0:1]={1,2}; {1,2}; {1,2}; {1,2,3}; {{1,2},{3,4}}; {NULL}; <null>",
		"1|2; 1|3; 1|9; 2|1; 1|5; 1|7; 1|6; 1|4",
		"1; 5; 6; 7; 8; 9",
		"1|8",
		"{1,2}\n{}\n{1}\n\\N\n{1,2,3}\n{NULL}\n{{1,2},{3,4}}\n{1,2}\n[0:1]={1,2}\n",
		`7|{"{NULL}","{{1,2},{3,4}}","{1,2,3}","{1,2}","{1,2}","[0:1]={1,2}","{1}","{}",NULL}`,
	)
	l.of("text[]",
		`{a,b}; {}; {"a b",NULL}; {"NULL"}; NULL; {"x\"y"}; {a,b}`,
		"{a}",
		`{}; {"NULL"}; {a,b}; {a,b}; {"a b",NULL}; {"x\"y"}; <null>`,
		"1|2; 1|4; 2|1; 1|3; 1|6; 1|5",
		"1; 3; 6; 7",
		"1|7",
		"{a,b}\n{}\n{\"a b\",NULL}\n{\"NULL\"}\n\\N\n{\"x\\\\\"y\"}\n{a,b}\n",
		`5|{"{\"x\\\"y\"}","{\"a b\",NULL}","{a,b}","{a,b}","{\"NULL\"}","{}",NULL}`,
	)
	l.of("jsonb",
		`{"a": 1}; {"a":1.0}; []; null; NULL; "x"; 3; true; {"b": [1, {"c": null}]}; [1, 2]; {"a": 1, "a": 1}; ""`,
		"3",
		`[]; null; ""; "x"; 3; true; [1, 2]; {"a": 1}; {"a": 1.0}; {"a": 1}; {"b": [1, {"c": null}]}; <null>`,
		"1|3; 1|4; 1|12; 1|6; 1|7; 1|8; 1|10; 3|1; 1|9; 1|5",
		"1; 2; 8; 9; 10; 11",
		"1|2; 1|11; 2|11",
		"{\"a\": 1}\n{\"a\": 1.0}\n[]\nnull\n\\N\n\"x\"\n3\ntrue\n{\"b\": [1, {\"c\": null}]}\n[1, 2]\n{\"a\": 1}\n\"\"\n",
		`9|{"{\"b\": [1, {\"c\": null}]}","{\"a\": 1}","{\"a\": 1.0}","{\"a\": 1}","[1, `+
			`2]",true,3,"\"x\"","\"\"","null",[],NULL}`,
	)
	l.db.Must("create extension vector")
	l.of("vector",
		"[1,2]; [1]; NULL; [1,2.5]; [-1,3,4]; [1,2]; [0.1]",
		"[1]",
		"[-1,3,4]; [0.1]; [1]; [1,2]; [1,2]; [1,2.5]; <null>",
		"1|5; 1|7; 1|2; 2|1; 1|4; 1|3",
		"1; 4; 6",
		"1|6",
		"[1,2]\n[1]\n\\N\n[1,2.5]\n[-1,3,4]\n[1,2]\n[0.1]\n",
		`5|{"[1,2.5]","[1,2]","[1,2]",[1],[0.1],"[-1,3,4]",NULL}`,
	)
	l.of("vector(2)",
		"[1,2]; NULL; [1,2.5]; [-1,3]; [1e-40,2]; [1,2]",
		"[1,2]",
		"[-1,3]; [1e-40,2]; [1,2]; [1,2]; [1,2.5]; <null>",
		"1|4; 1|5; 2|1; 1|3; 1|2",
		"3",
		"1|6",
		"[1,2]\n\\N\n[1,2.5]\n[-1,3]\n[1e-40,2]\n[1,2]\n",
		`4|{"[1,2.5]","[1,2]","[1,2]","[1e-40,2]","[-1,3]",NULL}`,
	)
}

// A value is the same whether it comes as text, as a parameter, from a cast or from another column; and what does
// not fit says so.
func TestAssignments(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table a (i int, s smallint, n numeric(6,2), v varchar(3), c char(3), d date, ts timestamp,
		tz timestamptz, b boolean, f real, j jsonb, arr int[])`)
	f := func(column, value, want string) {
		t.Helper()
		db.Is("insert into a ("+column+") values ("+value+") returning "+column, want)
	}
	f("i", "1.5", "2")
	f("i", "2.5", "3")
	f("i", "'7'", "7")
	f("i", "' 7 '", "7")
	f("i", "'7.0'", `22P02: invalid input syntax for type integer: "7.0"`)
	f("i", "3000000000", "22003: integer out of range")
	f("i", "1e3", "1000")
	f("i", "true",
		`42804: column "i" is of type integer but expression is of type boolean `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("i", "'x'", `22P02: invalid input syntax for type integer: "x"`)
	f("i", "(select 5)", "5")
	f("i", "(select 5::bigint)", "5")
	f("i", "'5'::text",
		`42804: column "i" is of type integer but expression is of type text `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("s", "32768", "22003: smallint out of range")
	f("s", "-32768", "-32768")
	f("s", "12.5::double precision", "12")
	f("n", "1234.565", "1234.57")
	f("n", "9999.995",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 6, scale 2 must round to an absolute value less than 10^4.")
	f("n", "'NaN'", "NaN")
	f("n", "1::real / 3", "0.33")
	f("v", "'abcd'", "22001: value too long for type character varying(3)")
	f("v", "'abc   '", "abc")
	f("v", "12", "12")
	f("v", "1234", "22001: value too long for type character varying(3)")
	f("v", "true", "22001: value too long for type character varying(3)")
	f("v", "date '2024-01-01'", "22001: value too long for type character varying(3)")
	f("c", "'a'", "a  ")
	f("c", "'abcd'", "22001: value too long for type character(3)")
	f("c", "'abc  '", "abc")
	f("d", "'2024-02-30'", `22008: date/time field value out of range: "2024-02-30"`)
	f("d", "'Feb 29 2024'", "2024-02-29")
	f("d", "timestamp '2024-02-29 13:00'", "2024-02-29")
	f("d", "'20240229'", "2024-02-29")
	f("d", "20240229",
		`42804: column "d" is of type date but expression is of type integer `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("d", "'yesterday'::text",
		`42804: column "d" is of type date but expression is of type text `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("ts", "date '2024-02-29'", "2024-02-29 00:00:00")
	f("ts", "timestamptz '2024-02-29 12:00+02'", "2024-02-29 10:00:00")
	f("ts", "'2024-02-29T12:00:00Z'", "2024-02-29 12:00:00")
	f("tz", "timestamp '2024-02-29 12:00'", "2024-02-29 12:00:00+00")
	f("tz", "'2024-02-29 12:00 America/New_York'", "2024-02-29 17:00:00+00")
	f("tz", "time '12:00'",
		`42804: column "tz" is of type timestamp with time zone but expression is of type time without time zone `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("b", "'t'", "t")
	f("b", "1", `42804: column "b" is of type boolean but expression is of type integer `+
		`HINT: You will need to rewrite or cast the expression.`)
	f("b", "'maybe'", `22P02: invalid input syntax for type boolean: "maybe"`)
	f("f", "1e39", `22003: "1000000000000000000000000000000000000000" is out of range for type real`)
	f("f", "0.1::double precision", "0.1")
	f("f", "16777217", "1.6777216e+07")
	f("j", "'{\"b\": 1, \"a\": [1.0, null]}'", `{"a": [1.0, null], "b": 1}`)
	f("j", "'{'", "22P02: invalid input syntax for type json DETAIL: The input string ended unexpectedly.")
	f("j", "to_jsonb(1)", "1")
	f("j", "1", `42804: column "j" is of type jsonb but expression is of type integer `+
		`HINT: You will need to rewrite or cast the expression.`)
	f("arr", "'{1,2}'", "{1,2}")
	f("arr", "array[1.4, 2.6]", "{1,3}")
	f("arr", "array['1', '2']",
		`42804: column "arr" is of type integer[] but expression is of type text[] `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("arr", "array['1'::text]",
		`42804: column "arr" is of type integer[] but expression is of type text[] `+
			`HINT: You will need to rewrite or cast the expression.`)
	f("arr", "'{1,x}'", `22P02: invalid input syntax for type integer: "x"`)
	f("arr", "5",
		`42804: column "arr" is of type integer[] but expression is of type integer `+
			`HINT: You will need to rewrite or cast the expression.`)
	db.IsWith("insert into a (i, n, d, b, arr) values ($1, $2, $3, $4, $5) returning i, n, d, b, arr",
		[]string{"8", "1.005", "2024-12-31", "off", "{3,NULL}"}, "8|1.01|2024-12-31|f|{3,NULL}")
	db.IsWith("insert into a (i) values ($1 + 1) returning i", []string{"8"}, "9")
	db.IsWith("insert into a (v) values ($1) returning v", []string{"long one"},
		"22001: value too long for type character varying(3)")
	db.IsWith("update a set i = $1 where v = $2", []string{"x", "12"}, `22P02: invalid input syntax for type integer: "x"`)
	db.Is("update a set s = i where i = 3000", "UPDATE 0")
	db.Is("update a set s = i * 100000 where i = 7", "22003: smallint out of range")
	db.Is("insert into a (i, s) select n, f from (values (1.6, 2.4), (-1.5, 3.5)) x (n, f) returning i, s", "2|2; -2|4")
}
