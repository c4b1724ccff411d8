package copyfmt_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Damaged text data says line, column and value as PostgreSQL does, and stores nothing.
func TestCopyTextErrors(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b varchar(3), c numeric(4, 1) check (c >= 0), d date not null default '2024-01-01')")
	f := func(query, data, want string) { t.Helper(); db.IsCopy(query, data, want) }
	f("copy t from stdin", "1\tx\t1.5\t2024-02-29\n", "COPY 1")
	f("copy t from stdin", "1\tx\t1.5\t2024-02-30\n", `22008: date/time field value out of range: "2024-02-30"`)
	f("copy t from stdin", "1\tx\t1.5\t2024-02-29\nz\tx\t1\t2024-01-01\n",
		`22P02: invalid input syntax for type integer: "z"`)
	f("copy t from stdin", "99999999999\tx\t1\t2024-01-01\n",
		`22003: value "99999999999" is out of range for type integer`)
	f("copy t from stdin", "1\tfour\t1\t2024-01-01\n", "22001: value too long for type character varying(3)")
	f("copy t from stdin", "1\tx\t1000\t2024-01-01\n",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 4, scale 1 must round to an absolute value less than 10^3.")
	f("copy t from stdin", "1\tx\t-1\t2024-01-01\n",
		`23514: new row for relation "t" violates check constraint "t_c_check" `+
			`DETAIL: Failing row contains (1, x, -1.0, 2024-01-01).`)
	f("copy t from stdin", "1\tx\t1\t\\N\n",
		`23502: null value in column "d" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (1, x, 1.0, null).`)
	f("copy t from stdin", "1\tx\t1\n", `22P04: missing data for column "d"`)
	f("copy t from stdin", "\n", `22P02: invalid input syntax for type integer: ""`)
	f("copy t from stdin", "1\tx\tx\n", `22P02: invalid input syntax for type numeric: "x"`)
	f("copy t from stdin", "1\tx\t1\t2024-01-01\tmore\n", "22P04: extra data after last expected column")
	f("copy t from stdin", "1\tx\t1\t2024-01-01\r\n2\ty\t2\t2024-01-01\n",
		`22P04: literal newline found in data HINT: Use "\n" to represent newline.`)
	f("copy t from stdin", "1\tx\t1\t2024-01-01\n2\ty\t2\t2024-01-01\r\n",
		`22P04: literal carriage return found in data HINT: Use "\r" to represent carriage return.`)
	f("copy t from stdin", "1\tx\t1\t2024-01-01\n\\.\n2\tnot read", "COPY 1")
	f("copy t from stdin", "", "COPY 0")
	f("copy t (a) from stdin", "5\n\\N\n", "COPY 2")
	f("copy t (b, a) from stdin", "abc\t7\n", "COPY 1")
	f("copy t (a, a) from stdin", "1\t1\n", `42701: column "a" specified more than once`)
	f("copy t (a, nothing) from stdin", "1\t1\n", `42703: column "nothing" of relation "t" does not exist`)
	f("copy nothing from stdin", "1\n", `42P01: relation "nothing" does not exist`)
	f("copy t (a) from stdin where a > 5", "5\n6\n7\n\\N\n", "COPY 2")
	f("copy t (a, b) from stdin where b like 'x%' and a is not null", "5\txa\n6\ty\n\\N\txb\n", "COPY 1")
	f("copy t (a) from stdin where 10 / a > 1", "5\n0\n", "22012: division by zero")
	f("copy t (a) from stdin where nothing > 1", "5\n", `42703: column "nothing" does not exist`)
	f("copy t (a) from stdin where a", "5\n", "42804: argument of WHERE must be type boolean, not type integer")
	f("copy t (a) from stdin where a in (select 5)", "5\n", "0A000: cannot use subquery in COPY FROM WHERE condition")
	db.Rows("select * from t order by a, b, c, d",
		"1|x|1.0|2024-01-01",
		"1|x|1.5|2024-02-29",
		"5|xa|<null>|2024-01-01",
		"5|<null>|<null>|2024-01-01",
		"6|<null>|<null>|2024-01-01",
		"7|abc|<null>|2024-01-01",
		"7|<null>|<null>|2024-01-01",
		"<null>|<null>|<null>|2024-01-01")
}

// Each option of COPY FROM does what PostgreSQL's does.
func TestCopyFromOptions(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text, c text)")
	f := func(options, data, want string) {
		t.Helper()
		db.Must("truncate t")
		db.IsCopy("copy t from stdin "+options, data, want)
	}
	rows := func(want string) {
		t.Helper()
		db.Is("select a, b, c, b is null, c is null, length(b), length(c) from t order by a", want)
	}
	f("(delimiter '|', null '-')", "1|-|x-\n2|\\-|-\n", "COPY 2")
	rows("1|<null>|x-|t|f|<null>|2; 2|-|<null>|f|t|1|<null>")
	f("with delimiter as ',' null as ''", "1,,\\,\n", "COPY 1")
	rows("1|<null>|,|t|f|<null>|1")
	f("(format csv)", "1,\"a,b\",\"\"\n2,,\"x\"\"y\"\n3,\"line\nline\",\" s \"\n", "COPY 3")
	rows("1|a,b||f|f|3|0; 2|<null>|x\"y|t|f|<null>|3; 3|line\nline| s |f|f|9|3")
	f("csv header", "h,h,h\n1,x,y\n", "COPY 1")
	rows("1|x|y|f|f|1|1")
	f("(format csv, header match)", "a,b,c\n1,x,y\n", "COPY 1")
	f("(format csv, header match)", "a,c,b\n1,x,y\n",
		`22P04: column name mismatch in header line field 2: got "c", expected "b"`)
	f("(format csv, header match)", "a,b\n1,x,y\n", "22P04: wrong number of fields in header line: got 2, expected 3")
	f("(header match)", "a\tb\tc\n1\tx\ty\n", "COPY 1")
	f("csv quote '''' escape '\\'", "1,'it\\'s',\"q\"\n", "COPY 1")
	rows(`1|it's|"q"|f|f|4|3`)
	f("(format csv, null 'NULL', force_not_null (b))", "1,NULL,NULL\n2,\"NULL\",\"NULL\"\n", "COPY 2")
	rows("1|NULL|<null>|f|t|4|<null>; 2|NULL|NULL|f|f|4|4")
	f("(format csv, null 'NULL', force_null (c))", "1,NULL,NULL\n2,\"NULL\",\"NULL\"\n", "COPY 2")
	rows("1|<null>|<null>|t|t|<null>|<null>; 2|NULL|<null>|f|t|4|<null>")
	f("(format csv, force_not_null (b, c), force_null (c))", "1,,\"\"\n2,\"\",\n", "COPY 2")
	rows("1||<null>|f|t|0|<null>; 2|||f|f|0|0")
	f("(format csv)", "1,\"open,x\n", "22P04: unterminated CSV quoted field")
	f("(format csv)", "1,a\"b\"c,\"d\"e\"f\"\n", "COPY 1")
	rows("1|abc|def|f|f|3|3")
	f("(format csv)", "1,x\n", `22P04: missing data for column "c"`)
	f("(format csv)", "1,x,y,z\n", "22P04: extra data after last expected column")
	f("(format csv)", "x,y,z\n", `22P02: invalid input syntax for type integer: "x"`)
	f("(format csv)", "1,x,y\n\n", `22P04: missing data for column "b"`)
	f("(format csv, delimiter E'\\t')", "1\t\"a\tb\"\t\\N\n", "COPY 1")
	rows(`1|a	b|\N|f|f|3|2`)
	f("(format csv)", "1,\\N,\\.\n", "COPY 1")
	rows(`1|\N|\.|f|f|2|2`)
	f("(encoding 'UTF8')", "1\tä\t\\xc3\\xa4\n", "COPY 1")
	rows("1|ä|ä|f|f|1|1")
	f("(encoding 'UTF8')", "1\t\xff\tx\n", `22021: invalid byte sequence for encoding "UTF8": 0xff`)
	f("(freeze false)", "1\tx\ty\n", "COPY 1")
}

// Options that contradict each other, or that are not there, are refused with PostgreSQL's words.
func TestCopyOptionErrors(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	f := func(query, want string) { t.Helper(); db.IsCopy(query, "1\tx\n", want) }
	f("copy t from stdin (format nothing)", `22023: COPY format "nothing" not recognized`)
	f("copy t from stdin (nothing true)", `42601: option "nothing" not recognized`)
	f("copy t from stdin (format csv, format text)", "42601: conflicting or redundant options")
	f("copy t from stdin (delimiter ',', delimiter ';')", "42601: conflicting or redundant options")
	f("copy t from stdin (header, header)", "42601: conflicting or redundant options")
	f("copy t from stdin (delimiter 'ab')", "0A000: COPY delimiter must be a single one-byte character")
	f("copy t from stdin (delimiter 'ä')", "0A000: COPY delimiter must be a single one-byte character")
	f("copy t from stdin (delimiter '')", "0A000: COPY delimiter must be a single one-byte character")
	f("copy t from stdin (delimiter E'\\n')", "22023: COPY delimiter cannot be newline or carriage return")
	f("copy t from stdin (delimiter 'a')", `22023: COPY delimiter cannot be "a"`)
	f("copy t from stdin (delimiter '\\')", `22023: COPY delimiter cannot be "\"`)
	f("copy t from stdin (null E'x\\n')", "22023: COPY null representation cannot use newline or carriage return")
	f("copy t from stdin (delimiter '|', null 'a|b')", "0A000: COPY delimiter must not appear in the NULL specification")
	f("copy t from stdin (quote '\"')", "0A000: COPY quote available only in CSV mode")
	f("copy t from stdin (escape '\"')", "0A000: COPY escape available only in CSV mode")
	f("copy t from stdin (format csv, quote 'ab')", "0A000: COPY quote must be a single one-byte character")
	f("copy t from stdin (format csv, escape '')", "0A000: COPY escape must be a single one-byte character")
	f("copy t from stdin (format csv, delimiter '\"')", "22023: COPY delimiter and quote must be different")
	f("copy t from stdin (format csv, null '\"')", "0A000: CSV quote character must not appear in the NULL specification")
	f("copy t from stdin (format csv, force_quote *)", "0A000: COPY force quote only available using COPY TO")
	f("copy t from stdin (format csv, force_not_null (c))", `42703: column "c" of relation "t" does not exist`)
	f("copy t (a) from stdin (format csv, force_null (b))", `42P10: FORCE_NULL column "b" not referenced by COPY`)
	f("copy t from stdin (force_null (b))", "0A000: COPY force null available only in CSV mode")
	f("copy t from stdin (force_not_null (b))", "0A000: COPY force not null available only in CSV mode")
	f("copy t from stdin (format binary, delimiter ',')", "42601: cannot specify DELIMITER in BINARY mode")
	f("copy t from stdin (format binary, null '')", "42601: cannot specify NULL in BINARY mode")
	f("copy t from stdin (format binary, header)", "0A000: cannot specify HEADER in BINARY mode")
	f("copy t from stdin (header maybe)", `42601: header requires a Boolean value or "match"`)
	f("copy t from stdin (header 2)", `42601: header requires a Boolean value or "match"`)
	f("copy t from stdin (encoding 'nothing')", `22023: argument to option "encoding" must be a valid encoding name`)
	f("copy t from stdin (freeze maybe)", "42601: freeze requires a Boolean value")
	f("copy (select 1) from stdin", `42601: syntax error at or near "from"`)
	f("copy t from stdin (format csv, force_null b)",
		`22023: argument to option "force_null" must be a list of column names`)
	f("copy t to stdout (format csv, force_null (b))", "0A000: COPY force null only available using COPY FROM")
	f("copy t to stdout (format csv, force_not_null (b))", "0A000: COPY force not null only available using COPY FROM")
	f("copy t to stdout (force_quote (b))", "0A000: COPY force quote available only in CSV mode")
	f("copy t to stdout (format csv, force_quote (c))", `42703: column "c" of relation "t" does not exist`)
	f("copy t to stdout (header match)", `0A000: cannot use "match" with HEADER in COPY TO`)
	f("copy t (a) to stdout (format csv, force_quote (b))", `42P10: FORCE_QUOTE column "b" not referenced by COPY`)
	f("copy t (c) to stdout", `42703: column "c" of relation "t" does not exist`)
	f("copy t to stdout where a > 1", "42601: WHERE clause not allowed with COPY TO")
	f("copy (insert into t values (1)) to stdout", "0A000: COPY query must have a RETURNING clause")
	f("copy (create table u ()) to stdout", `42601: syntax error at or near "create"`)
}

// What COPY reads meets the table's constraints, defaults, generated and identity columns.
func TestCopyAndConstraints(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table p (id int primary key)")
	db.Must("insert into p values (1), (2)")
	db.Must(`create table t (id int default 0, k int unique, p int references p, n text not null,
		d int default 7, g int generated always as (k * 2) stored, check (k < 100))`)
	f := func(query, data, want string) { t.Helper(); db.IsCopy(query, data, want) }
	f("copy t (k, p, n) from stdin", "1\t1\tx\n2\t2\ty\n3\t\\N\tz\n", "COPY 3")
	f("copy t (k, p, n) from stdin", "4\t1\tx\n1\t1\tagain\n",
		`23505: duplicate key value violates unique constraint "t_k_key" DETAIL: Key (k)=(1) already exists.`)
	f("copy t (k, p, n) from stdin", "4\t9\tx\n",
		`23503: insert or update on table "t" violates foreign key constraint "t_p_fkey" `+
			`DETAIL: Key (p)=(9) is not present in table "p".`)
	f("copy t (k, p, n) from stdin", "4\t1\t\\N\n",
		`23502: null value in column "n" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (0, 4, 1, null, 7, 8).`)
	f("copy t (k, p) from stdin", "4\t1\n",
		`23502: null value in column "n" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (0, 4, 1, null, 7, 8).`)
	f("copy t (k, n) from stdin", "5\tx\n100\tx\n",
		`23514: new row for relation "t" violates check constraint "t_k_check" `+
			`DETAIL: Failing row contains (0, 100, null, x, 7, 200).`)
	f("copy t (k, n, d) from stdin", "6\tx\t\\N\n", "COPY 1")
	f("copy t (k, n, g) from stdin", "7\tx\t1\n",
		`42P10: column "g" is a generated column DETAIL: Generated columns cannot be used in COPY.`)
	f("copy t (id, k, n) from stdin", "50\t8\tx\n", "COPY 1")
	f("copy t (k, n) from stdin", "5\tx\n5\ty\n",
		`23505: duplicate key value violates unique constraint "t_k_key" DETAIL: Key (k)=(5) already exists.`)
	f("copy t from stdin", "60\t9\t1\tx\t1\n", "COPY 1")
	f("copy p from stdin", "2\n",
		`23505: duplicate key value violates unique constraint "p_pkey" DETAIL: Key (id)=(2) already exists.`)
	f("copy p from stdin", "\\N\n",
		`23502: null value in column "id" of relation "p" violates not-null constraint DETAIL: Failing row contains (null).`)
	f("copy p from stdin (format csv)", "3\n4\n", "COPY 2")
	db.Rows("select k, p, n, d, g from t order by k",
		"1|1|x|7|2", "2|2|y|7|4", "3|<null>|z|7|6", "6|<null>|x|<null>|12", "8|<null>|x|7|16", "9|1|x|1|18")
	db.Is("select id from p order by id", "1; 2; 3; 4")
	db.Must("create view v as select * from p")
	f("copy v from stdin", "5\n",
		`42809: cannot copy to view "v" HINT: To enable copying to a view, provide an INSTEAD OF INSERT trigger.`)
	db.Must("create sequence s")
	f("copy s from stdin", "5\n", `42809: cannot copy to sequence "s"`)
	db.Must("begin")
	f("copy p from stdin", "5\n", "COPY 1")
	f("copy p from stdin", "x\n", `22P02: invalid input syntax for type integer: "x"`)
	db.Is("select count(*) from p",
		"25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Must("rollback")
	db.Is("select count(*) from p", "4")
}

// COPY reads values of types whose text has delimiters, escapes and nulls of its own.
func TestCopyTypedValues(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a text[], b jsonb, c bytea, d timestamptz, e interval, f bool, g float8, h uuid, i \"char\")")
	f := func(options, data, want, row string) {
		t.Helper()
		db.Must("truncate t; set timezone = 'UTC'")
		db.IsCopy("copy t from stdin "+options, data, want)
		db.Is("select * from t", row)
	}
	f("", "{a,NULL,\"b c\",\"\\\\\\\\\"}\t{\"a\": \"\\\\n\"}\t\\\\x00ff\t2024-01-01 12:00+02\t1 mon -2 "+
		"days\tyes\tNaN\ta0eebc999c0b4ef8bb6d6bb9bd380a11\tx\n",
		"COPY 1", `{a,NULL,"b c","\\"}|{"a": "\n"}|\x00ff|2024-01-01 10:00:00+00|1 mon -2 days|t|NaN|`+
			`a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|x`)
	f("(format csv)", "\"{a,\"\"b,c\"\"}\",\"[1, \"\"x\"\"]\",\\x41,infinity,P1Y,off,-Infinity,,\n", "COPY 1",
		`{a,"b,c"}|[1, "x"]|\x41|infinity|1 year|f|-Infinity|<null>|<null>`)
	f("", "{}\tnull\t\\\\101\t2024-07-01 00:00:00-07\t00:00:00.5\t0\t1e-5\t\\N\t\\N\n", "COPY 1",
		`{}|null|\x41|2024-07-01 07:00:00+00|00:00:00.5|f|1e-05|<null>|<null>`)
	f("", "{a\t1\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n",
		`22P02: malformed array literal: "{a" DETAIL: Unexpected end of input.`, "")
	f("", "{}\t{a}\t\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n",
		`22P02: invalid input syntax for type json DETAIL: Token "a" is invalid.`, "")
	f("", "{}\t1\t\\\\xabc\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n", "22023: invalid hexadecimal data: odd number of digits", "")
	f("", "{}\t1\tx\tyesterdayish\t\\N\t\\N\t\\N\t\\N\t\\N\n",
		`22007: invalid input syntax for type timestamp with time zone: "yesterdayish"`, "")
	f("", "{}\t1\tx\t\\N\t1 parsec\t\\N\t\\N\t\\N\t\\N\n", `22007: invalid input syntax for type interval: "1 parsec"`, "")
	f("", "{}\t1\tx\t\\N\t\\N\tmaybe\t\\N\t\\N\t\\N\n", `22P02: invalid input syntax for type boolean: "maybe"`, "")
	f("", "{}\t1\tx\t\\N\t\\N\tt\t1e400\t\\N\t\\N\n", `22003: "1e400" is out of range for type double precision`, "")
	f("", "{}\t1\tx\t\\N\t\\N\tt\t1\ta0eebc\t\\N\n", `22P02: invalid input syntax for type uuid: "a0eebc"`, "")
}
