package types_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// sorts holds the order of a type's values in SQL, without an index, by one that is ascending and by one that is
// descending with nulls first, and how equal values meet in groups and joins. Values are the rows of a VALUES list.
func sorts(db *dbtest.DB, typ, values, up, down, groups string) {
	db.Must("drop table if exists s; create table s (v " + typ + ", w " + typ + ")")
	db.Must("insert into s (v) values " + values)
	db.Must("update s set w = v")
	db.Is("select v from s order by v, v::text", up)
	db.Is("select v from s order by v desc nulls last, v::text desc", down)
	db.Is("select count(*), min(v::text) from s group by v order by v", groups)
	db.Must(`create index on s (v); create index on s (w desc nulls first); analyze s; set enable_seqscan = off;
		set enable_sort = off`)
	db.Is("select v from s order by v, v::text", up)
	db.Is("select w from s order by w desc nulls last, w::text desc", down)
	db.Is("select count(*), min(w::text) from s group by w order by w", groups)
	pairs := db.Ask("select sum(n * n) from (select count(*) n from s where v is not null group by v) g")
	db.Is("select count(*) from s a join s b on a.v = b.w", pairs)
	db.Is("select count(*) from s where v >= (select w from s where w is not null order by w limit 1)",
		db.Ask("select count(v) from s"))
	db.Is("select count(*) from s where v < (select w from s where w is not null order by w limit 1)", "0")
	db.Must("reset enable_seqscan; reset enable_sort")
}

// Values of each type that has an order sort as PostgreSQL sorts them, with an index and without, up and down, nulls
// at either end.
func TestOrdersInSQL(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create extension if not exists vector; set timezone = 'UTC'")
	sorts(db, "bool", "(true), (null), (false), (true)", "f; t; t; <null>", "t; t; f; <null>", "1|false; 2|true; 1|<null>")
	sorts(db, "smallint", "(1), (-32768), (null), (32767), (0), (-1), (256), (1)",
		"-32768; -1; 0; 1; 1; 256; 32767; <null>", "32767; 256; 1; 1; 0; -1; -32768; <null>",
		"1|-32768; 1|-1; 1|0; 2|1; 1|256; 1|32767; 1|<null>")
	sorts(db, "int", "(65536), (-2147483648), (null), (2147483647), (0), (-1), (-65537), (0)",
		"-2147483648; -65537; -1; 0; 0; 65536; 2147483647; <null>",
		"2147483647; 65536; 0; 0; -1; -65537; -2147483648; <null>",
		"1|-2147483648; 1|-65537; 1|-1; 2|0; 1|65536; 1|2147483647; 1|<null>")
	sorts(db, "bigint", "(4294967296), (-9223372036854775808), (null), (9223372036854775807), (-4294967297), (0), (null)",
		"-9223372036854775808; -4294967297; 0; 4294967296; 9223372036854775807; <null>; <null>",
		"9223372036854775807; 4294967296; 0; -4294967297; -9223372036854775808; <null>; <null>",
		"1|-9223372036854775808; 1|-4294967297; 1|0; 1|4294967296; 1|9223372036854775807; 2|<null>")
	sorts(db, "real", "(1.5), ('-0'), (0), ('NaN'), ('Infinity'), ('-Infinity'), (null), (-1e-30), ('NaN')",
		"-Infinity; -1e-30; -0; 0; 1.5; Infinity; NaN; NaN; <null>",
		"NaN; NaN; Infinity; 1.5; 0; -0; -1e-30; -Infinity; <null>",
		"1|-Infinity; 1|-1e-30; 2|-0; 1|1.5; 1|Infinity; 2|NaN; 1|<null>")
	sorts(db, "float8", "(1e300), ('-0'), (0), ('NaN'), ('Infinity'), ('-Infinity'), (null), (5e-324), (-5e-324)",
		"-Infinity; -5e-324; -0; 0; 5e-324; 1e+300; Infinity; NaN; <null>",
		"NaN; Infinity; 1e+300; 5e-324; 0; -0; -5e-324; -Infinity; <null>",
		"1|-Infinity; 1|-5e-324; 2|-0; 1|5e-324; 1|1e+300; 1|Infinity; 1|NaN; 1|<null>")
	sorts(db, "numeric",
		"(1.0), (1.00), (1), ('NaN'), ('Infinity'), ('-Infinity'), (null), (-0.01), (1e20), (99.99), (100), (-100)",
		"-Infinity; -100; -0.01; 1; 1.0; 1.00; 99.99; 100; 100000000000000000000; Infinity; NaN; <null>",
		"NaN; Infinity; 100000000000000000000; 100; 99.99; 1.00; 1.0; 1; -0.01; -100; -Infinity; <null>",
		"1|-Infinity; 1|-100; 1|-0.01; 3|1; 1|99.99; 1|100; 1|100000000000000000000; 1|Infinity; 1|NaN; 1|<null>")
	sorts(db, "text", "(''), ('a'), ('aa'), ('b'), (null), (' '), ('a b'), ('ab'), ('a')",
		";  ; a; a; a b; aa; ab; b; <null>", "b; ab; aa; a b; a; a;  ; ; <null>",
		"1|; 1| ; 2|a; 1|a b; 1|aa; 1|ab; 1|b; 1|<null>")
	sorts(db, "char(3)", "(''), ('a'), ('a '), ('ab'), (null), ('b')", "   ; a  ; a  ; ab ; b  ; <null>",
		"b  ; ab ; a  ; a  ;    ; <null>", "1|; 2|a; 1|ab; 1|b; 1|<null>")
	sorts(db, "varchar(5)", "('z'), ('y '), ('y'), (null), ('yy')", "y; y ; yy; z; <null>", "z; yy; y ; y; <null>",
		"1|y; 1|y ; 1|yy; 1|z; 1|<null>")
	sorts(db, "name", "('z'), ('y'), (null), ('yy')", "y; yy; z; <null>", "z; yy; y; <null>", "1|y; 1|yy; 1|z; 1|<null>")
	sorts(db, "\"char\"", "('z'), ('a'), (null), ('')", "; a; z; <null>", "z; a; ; <null>", "1|; 1|a; 1|z; 1|<null>")
	sorts(db, "bytea", "('\\x'), ('\\x00'), ('\\x0000'), ('\\xff'), (null), ('\\x0001'), ('\\x7f')",
		`\x; \x00; \x0000; \x0001; \x7f; \xff; <null>`, `\xff; \x7f; \x0001; \x0000; \x00; \x; <null>`,
		`1|\x; 1|\x00; 1|\x0000; 1|\x0001; 1|\x7f; 1|\xff; 1|<null>`)
	sorts(db, "uuid",
		"('ffffffff-0000-0000-0000-000000000000'), ('00000000-0000-0000-0000-000000000001'), (null), "+
			"('7fffffff-0000-0000-0000-000000000000')",
		"00000000-0000-0000-0000-000000000001; 7fffffff-0000-0000-0000-000000000000; "+
			"ffffffff-0000-0000-0000-000000000000; <null>",
		"ffffffff-0000-0000-0000-000000000000; 7fffffff-0000-0000-0000-000000000000; "+
			"00000000-0000-0000-0000-000000000001; <null>",
		"1|00000000-0000-0000-0000-000000000001; 1|7fffffff-0000-0000-0000-000000000000; "+
			"1|ffffffff-0000-0000-0000-000000000000; 1|<null>")
	sorts(db, "date",
		"('2024-02-29'), ('infinity'), ('-infinity'), (null), ('0044-03-15 BC'), ('1999-12-31'), ('2000-01-01')",
		"-infinity; 0044-03-15 BC; 1999-12-31; 2000-01-01; 2024-02-29; infinity; <null>",
		"infinity; 2024-02-29; 2000-01-01; 1999-12-31; 0044-03-15 BC; -infinity; <null>",
		"1|-infinity; 1|0044-03-15 BC; 1|1999-12-31; 1|2000-01-01; 1|2024-02-29; 1|infinity; 1|<null>")
	sorts(db, "time", "('24:00'), ('00:00'), (null), ('12:00:00.000001'), ('12:00')",
		"00:00:00; 12:00:00; 12:00:00.000001; 24:00:00; <null>", "24:00:00; 12:00:00.000001; 12:00:00; 00:00:00; <null>",
		"1|00:00:00; 1|12:00:00; 1|12:00:00.000001; 1|24:00:00; 1|<null>")
	sorts(db, "timetz", "('12:00+01'), ('11:00+00'), (null), ('12:00+00'), ('10:00-02')",
		"12:00:00+01; 11:00:00+00; 12:00:00+00; 10:00:00-02; <null>",
		"10:00:00-02; 12:00:00+00; 11:00:00+00; 12:00:00+01; <null>",
		"1|12:00:00+01; 1|11:00:00+00; 1|12:00:00+00; 1|10:00:00-02; 1|<null>")
	sorts(db, "timestamp",
		"('2024-02-29 12:00'), ('infinity'), ('-infinity'), (null), ('1999-12-31 23:59:59.999999'), ('0044-03-15 BC')",
		"-infinity; 0044-03-15 00:00:00 BC; 1999-12-31 23:59:59.999999; 2024-02-29 12:00:00; infinity; <null>",
		"infinity; 2024-02-29 12:00:00; 1999-12-31 23:59:59.999999; 0044-03-15 00:00:00 BC; -infinity; <null>",
		"1|-infinity; 1|0044-03-15 00:00:00 BC; 1|1999-12-31 23:59:59.999999; 1|2024-02-29 12:00:00; 1|infinity; 1|<null>")
	sorts(db, "timestamptz",
		"('2024-02-29 12:00Z'), ('2024-02-29 13:00+01'), ('infinity'), (null), ('2024-02-29 12:00-01')",
		"2024-02-29 12:00:00+00; 2024-02-29 12:00:00+00; 2024-02-29 13:00:00+00; infinity; <null>",
		"infinity; 2024-02-29 13:00:00+00; 2024-02-29 12:00:00+00; 2024-02-29 12:00:00+00; <null>",
		"2|2024-02-29 12:00:00+00; 1|2024-02-29 13:00:00+00; 1|infinity; 1|<null>")
	sorts(db, "interval",
		"('1 mon'), ('30 days'), ('720:00'), (null), ('29 days 23:59'), ('-1 mon'), ('0'), ('1 year'), ('360 days')",
		"-1 mons; 00:00:00; 29 days 23:59:00; 1 mon; 30 days; 720:00:00; 1 year; 360 days; <null>",
		"360 days; 1 year; 720:00:00; 30 days; 1 mon; 29 days 23:59:00; 00:00:00; -1 mons; <null>",
		"1|-1 mons; 1|00:00:00; 1|29 days 23:59:00; 3|1 mon; 2|1 year; 1|<null>")
	sorts(db, "oid", "(4294967295), (0), (null), (2147483648), (1)", "0; 1; 2147483648; 4294967295; <null>",
		"4294967295; 2147483648; 1; 0; <null>", "1|0; 1|1; 1|2147483648; 1|4294967295; 1|<null>")
	sorts(db, "jsonb",
		"('null'), ('\"a\"'), ('1'), ('1.0'), ('true'), ('[]'), ('[1, 2]'), ('{}'), (null), ('{\"a\": 1}'), ('[2]')",
		`[]; null; "a"; 1; 1.0; true; [2]; [1, 2]; {}; {"a": 1}; <null>`,
		`{"a": 1}; {}; [1, 2]; [2]; true; 1.0; 1; "a"; null; []; <null>`,
		`1|[]; 1|null; 1|"a"; 2|1; 1|true; 1|[2]; 1|[1, 2]; 1|{}; 1|{"a": 1}; 1|<null>`)
	sorts(db, "int[]",
		"('{}'), ('{1}'), ('{1,2}'), ('{1,null}'), ('{{1,2}}'), (null), ('{0,9}'), ('[2:2]={1}'), ('{null}')",
		"{}; {0,9}; {1}; [2:2]={1}; {1,2}; {{1,2}}; {1,NULL}; {NULL}; <null>",
		"{NULL}; {1,NULL}; {{1,2}}; {1,2}; [2:2]={1}; {1}; {0,9}; {}; <null>",
		"1|{}; 1|{0,9}; 1|{1}; 1|[2:2]={1}; 1|{1,2}; 1|{{1,2}}; 1|{1,NULL}; 1|{NULL}; 1|<null>")
	sorts(db, "text[]", "('{}'), ('{a}'), ('{\"\"}'), ('{a,b}'), ('{aa}'), (null), ('{null}')",
		`{}; {""}; {a}; {a,b}; {aa}; {NULL}; <null>`, `{NULL}; {aa}; {a,b}; {a}; {""}; {}; <null>`,
		`1|{}; 1|{""}; 1|{a}; 1|{a,b}; 1|{aa}; 1|{NULL}; 1|<null>`)
	sorts(db, "numeric[]", "('{1.0}'), ('{1.00}'), ('{NaN}'), (null), ('{1,2}'), ('{-1}')",
		"{-1}; {1.00}; {1.0}; {1,2}; {NaN}; <null>", "{NaN}; {1,2}; {1.0}; {1.00}; {-1}; <null>",
		"1|{-1}; 2|{1.00}; 1|{1,2}; 1|{NaN}; 1|<null>")
	sorts(db, "vector", "('[1,2]'), ('[1]'), ('[0,5]'), (null), ('[-1,0]'), ('[1,2]'), ('[2]')",
		"[-1,0]; [0,5]; [1]; [1,2]; [1,2]; [2]; <null>", "[2]; [1,2]; [1,2]; [1]; [0,5]; [-1,0]; <null>",
		"1|[-1,0]; 1|[0,5]; 1|[1]; 2|[1,2]; 1|[2]; 1|<null>")
}

// Keys of several columns, each up or down with nulls first or last, give the order that a sort gives.
func TestCompositeOrdersInSQL(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table c (a numeric, b text, d float8, n int)")
	db.Must(`insert into c select case when x % 7 = 0 then null else (x % 5) * 1.50 end,
		case when x % 11 = 0 then null else chr(97 + x % 3) || repeat('z', x % 2) end, ` +
		"case when x % 13 = 0 then null when x % 17 = 0 then 'NaN' else (x % 4) - 1.5 end, x from generate_series(1, 300) x")
	for _, order := range []string{
		"a, b, d, n", "a desc, b, d, n", "a, b desc nulls last, d, n", "a nulls first, b nulls first, d desc, n",
		"a desc nulls last, b desc, d nulls first, n desc",
		"b, d desc, a, n", "d, a desc nulls last, b, n desc", "d desc, b desc, a desc, n",
	} {
		want := db.Ask("select n from c order by " + order)
		db.Must("create index c_order on c (" + order + "); analyze c; set enable_seqscan = off; set enable_sort = off")
		db.Is("select n from c order by "+order, want)
		db.Is("select n from c where a = 3.0 and b >= 'b' order by "+order,
			db.Ask("select n from (select * from c offset 0) c where a = 3 and b >= 'b' order by "+order))
		db.Is("select n from c where a is null order by "+order,
			db.Ask("select n from (select * from c offset 0) c where a is null order by "+order))
		db.Must("drop index c_order; reset enable_seqscan; reset enable_sort")
	}
	db.Is("select string_agg(n::text, ' ' order by a desc nulls last, b, d desc, n) from c where n < 40",
		"24 39 9 34 4 19 29 18 3 13 38 8 23 33 12 27 37 2 32 17 22 6 36 16 31 1 26 11 30 15 10 25 20 5 21 28 7 14 35")
	db.Rows("select n from c where n < 30 order by a, b desc, d nulls first, n desc",
		"5", "20", "25", "10", "15", "11", "26", "1", "16", "6", "22", "17", "2", "27", "12", "23", "8", "13", "3", "18",
		"29", "19", "4", "9", "24", "14", "7", "28", "21")
}
