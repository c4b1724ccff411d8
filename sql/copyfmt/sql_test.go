package copyfmt_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// COPY FROM loads some columns, leaves the others to their defaults, and checks what INSERT checks.
func TestCopyIntoTables(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (id int primary key, a text default 'none', b numeric(4, 1) check (b > 0),
		c int not null default 7)`)
	db.IsCopy("copy t from stdin", "1\tx\t1.25\t2\n2\t\\N\t\\N\t3\n", "COPY 2")
	db.IsCopy("copy t (id) from stdin", "3\n4\n", "COPY 2")
	db.IsCopy("copy t (c, id) from stdin", "9\t5\n", "COPY 1")
	db.Is("select * from t order by id", "1|x|1.3|2; 2|<null>|<null>|3; 3|none|<null>|7; 4|none|<null>|7; 5|none|<null>|9")
	db.IsCopy("copy t (id) from stdin", "6\n1\n",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (id)=(1) already exists.`)
	db.IsCopy("copy t (id, b) from stdin", "6\t1\n7\t-1\n",
		`23514: new row for relation "t" violates check constraint "t_b_check" `+
			`DETAIL: Failing row contains (7, none, -1.0, 7).`)
	db.IsCopy("copy t (id, c) from stdin", "6\t\\N\n",
		`23502: null value in column "c" of relation "t" violates not-null constraint `+
			`DETAIL: Failing row contains (6, none, null, null).`)
	db.IsCopy("copy t (id, b) from stdin", "6\t9999\n",
		"22003: numeric field overflow "+
			"DETAIL: A field with precision 4, scale 1 must round to an absolute value less than 10^3.")
	db.IsCopy("copy t (id, b) from stdin", "6\tx\n", `22P02: invalid input syntax for type numeric: "x"`)
	db.IsCopy("copy t (id, b) from stdin", "6\n", `22P04: missing data for column "b"`)
	db.Is("select count(*) from t", "5")
	db.IsCopy("copy t (id, id) from stdin", "1\t1\n", `42701: column "id" specified more than once`)
	db.IsCopy("copy t (nosuch) from stdin", "1\n", `42703: column "nosuch" of relation "t" does not exist`)
	db.IsCopy("copy nosuch from stdin", "1\n", `42P01: relation "nosuch" does not exist`)
	db.IsCopy("copy t (id) from stdin", "", "COPY 0")
	db.IsCopy("copy t (id) from stdin", "\\.\n", "COPY 0")
	db.IsCopy("copy t (id, a) from stdin where id > 10 and a <> 'no'", "8\tx\n11\tno\n12\tyes\n", "COPY 1")
	db.Is("select id, a from t where id > 5 order by id", "12|yes")
	db.IsCopy("copy t (id, a) from stdin where nosuch > 10", "8\tx\n", `42703: column "nosuch" does not exist`)
	db.IsCopy("copy t (id, a) from stdin where (select true)", "8\tx\n",
		"0A000: cannot use subquery in COPY FROM WHERE condition")
	db.IsCopy("copy t (id, a) from stdin where count(*) > 1", "8\tx\n",
		"42803: aggregate functions are not allowed in COPY FROM WHERE conditions")
}

// COPY FROM keeps the rules of identities, generated columns, foreign keys and unique indexes.
func TestCopyIntoRules(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table parent (id int primary key); insert into parent values (1), (2)")
	db.Must(`create table g (i int generated always as identity, p int references parent, x int,
		y int generated always as (x * 2) stored, unique (p, x))`)
	db.IsCopy("copy g (p, x) from stdin", "1\t5\n2\t6\n\\N\t7\n", "COPY 3")
	db.Is("select * from g order by i", "1|1|5|10; 2|2|6|12; 3|<null>|7|14")
	db.IsCopy("copy g (p, x) from stdin", "3\t5\n",
		`23503: insert or update on table "g" violates foreign key constraint "g_p_fkey" `+
			`DETAIL: Key (p)=(3) is not present in table "parent".`)
	db.IsCopy("copy g (p, x) from stdin", "1\t5\n",
		`23505: duplicate key value violates unique constraint "g_p_x_key" DETAIL: Key (p, x)=(1, 5) already exists.`)
	db.IsCopy("copy g (p, x) from stdin", "\\N\t7\n", "COPY 1")
	db.IsCopy("copy g (y) from stdin", "1\n",
		`42P10: column "y" is a generated column DETAIL: Generated columns cannot be used in COPY.`)
	db.IsCopy("copy g (i, x) from stdin", "50\t8\n", "COPY 1")
	db.IsCopy("copy g (p, x) from stdin", "1\t1073741824\n", "22003: integer out of range")
	db.Is("select p, x, y from g order by x, i", "1|5|10; 2|6|12; <null>|7|14; <null>|7|14; <null>|8|16")
	db.Must("create view v as select p, x from g")
	db.IsCopy("copy v from stdin", "1\t9\n",
		`42809: cannot copy to view "v" HINT: To enable copying to a view, provide an INSTEAD OF INSERT trigger.`)
	db.Is("copy v to stdout", `42809: cannot copy from view "v" HINT: Try the COPY (SELECT ...) TO variant.`)
	db.Is("copy (select * from v where x = 5) to stdout", "1\t5\n")
	db.Must("begin")
	db.IsCopy("copy g (p, x) from stdin", "2\t20\n", "COPY 1")
	db.Is("select count(*) from g where x = 20", "1")
	db.Must("rollback")
	db.Is("select count(*) from g where x = 20", "0")
}

// COPY TO writes tables, columns and queries under every option.
func TestCopyOut(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text, c timestamptz, d float8[], e jsonb)")
	db.Must("set timezone = 'UTC'")
	db.Must(`insert into t values (1, E'tab\there', '2024-02-29 12:00Z', '{0.1,null}', '{"k": [1, "x"]}'),
		(2, null, null, '{}', 'null'), (3, 'a,"b"', 'infinity', null, '"q"')`)
	db.Is("copy t to stdout",
		"1\ttab\\there\t2024-02-29 12:00:00+00\t{0.1,NULL}\t{\"k\": [1, \"x\"]}\n2\t\\N\t\\N\t{}\tnull\n"+
			"3\ta,\"b\"\tinfinity\t\\N\t\"q\"\n")
	db.Is("copy t (b, a) to stdout", "tab\\there\t1\n\\N\t2\na,\"b\"\t3\n")
	db.Is("copy t to stdout (format csv)",
		"1,tab\there,2024-02-29 12:00:00+00,\"{0.1,NULL}\",\"{\"\"k\"\": [1, \"\"x\"\"]}\"\n2,,,{},null\n"+
			"3,\"a,\"\"b\"\"\",infinity,,\"\"\"q\"\"\"\n")
	db.Is("copy t to stdout (format csv, header)",
		"a,b,c,d,e\n1,tab\there,2024-02-29 12:00:00+00,\"{0.1,NULL}\",\"{\"\"k\"\": [1, \"\"x\"\"]}\"\n"+
			"2,,,{},null\n3,\"a,\"\"b\"\"\",infinity,,\"\"\"q\"\"\"\n")
	db.Is("copy t (a, b) to stdout (format csv, force_quote (b), null 'nil')",
		"1,\"tab\there\"\n2,nil\n3,\"a,\"\"b\"\"\"\n")
	db.Is("copy t (a, b) to stdout (format csv, force_quote *)", "\"1\",\"tab\there\"\n\"2\",\n\"3\",\"a,\"\"b\"\"\"\n")
	db.Is("copy t (a, b) to stdout (delimiter '|', null '', header true)", "a|b\n1|tab\\there\n2|\n3|a,\"b\"\n")
	db.Is("copy t (a, b) to stdout csv quote '''' escape E'\\\\'", "1,tab\there\n2,\n3,'a,\"b\"'\n")
	db.Is("copy t (a) to stdout with delimiter ',' null 'x'", "1\n2\n3\n")
	db.Is("copy (select a * 2, upper(b) as u from t order by a desc limit 2) to stdout (format csv, header)",
		"?column?,u\n6,\"A,\"\"B\"\"\"\n4,\n")
	db.Is("copy (values (1, 'x'), (2, null)) to stdout", "1\tx\n2\t\\N\n")
	db.Is("copy (select 1 where false) to stdout", "")
	db.Is("copy (select) to stdout", "\n")
	db.Is("copy (insert into t (a) values (9) returning a, b) to stdout", "9\t\\N\n")
	db.Is("copy (delete from t where a = 9) to stdout", "0A000: COPY query must have a RETURNING clause")
	db.Is("copy (select 1 / 0) to stdout", "22012: division by zero")
	db.Is("copy t (nosuch) to stdout", `42703: column "nosuch" of relation "t" does not exist`)
	db.Is("copy t to stdout (format xml)", `22023: COPY format "xml" not recognized`)
	db.Is("copy t to stdout (format csv, format text)", "42601: conflicting or redundant options")
	db.Is("copy t to stdout (nosuch)", `42601: option "nosuch" not recognized`)
	db.Is("copy t to stdout (delimiter)", "42601: delimiter requires a parameter")
	db.Is("copy t to stdout (freeze)",
		"1\ttab\\there\t2024-02-29 12:00:00+00\t{0.1,NULL}\t{\"k\": [1, \"x\"]}\n2\t\\N\t\\N\t{}\tnull\n"+
			"3\ta,\"b\"\tinfinity\t\\N\t\"q\"\n9\t\\N\t\\N\t\\N\t\\N\n")
	db.Is("copy t to stdout where a = 1", "42601: WHERE clause not allowed with COPY TO")
	db.Is("copy t to stdout (format csv, force_null (a))", "0A000: COPY force null only available using COPY FROM")
	db.Must(`set datestyle = 'German'; set intervalstyle = iso_8601; set extra_float_digits = 0;
		set bytea_output = escape`)
	db.Is("copy (select date '2024-02-01', interval '1 day 2:00', 0.1::float8 + 0.2, '\\x00ff'::bytea) to stdout",
		"01.02.2024\tP1DT2H\t0.3\t\\\\000\\\\377\n")
}

// COPY FROM in csv and with other options, through SQL.
func TestCopyOptionsInSQL(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text)")
	db.IsCopy("copy t from stdin (format csv)", "1,\"x,\"\"y\"\"\"\n2,\n3,\"\"\n", "COPY 3")
	db.IsCopy("copy t from stdin csv header", "a,b\n4,z\n", "COPY 1")
	db.IsCopy("copy t from stdin (format csv, header match)", "a,c\n4,z\n",
		`22P04: column name mismatch in header line field 2: got "c", expected "b"`)
	db.IsCopy("copy t from stdin (format csv, delimiter ';', quote '''', null 'nil')", "5;'q;r'\nnil;nil\n", "COPY 2")
	db.IsCopy("copy t from stdin (format csv, force_not_null (b), force_null (a))", "\"\",\n", "COPY 1")
	db.IsCopy("copy t from stdin (delimiter '|', null '-')", "6|-\n-|x\\|y\n", "COPY 2")
	db.IsCopy("copy t from stdin with delimiter ',' null as 'x'", "7,x\n", "COPY 1")
	db.IsCopy("copy t from stdin (format text, header)", "any\tthing\n8\tw\n", "COPY 1")
	db.IsCopy("copy t from stdin (format csv, force_quote (a))", "1,2\n",
		"0A000: COPY force quote only available using COPY TO")
	db.IsCopy("copy t from stdin (format csv, force_null *)", "1,2\n",
		`22023: argument to option "force_null" must be a list of column names`)
	db.IsCopy("copy t from stdin (format csv, quote 'ab')", "1,2\n",
		"0A000: COPY quote must be a single one-byte character")
	db.IsCopy("copy t from stdin (encoding 'utf8')", "9\tä\n", "COPY 1")
	db.IsCopy("copy t from stdin (encoding 'nosuch')", "9\tä\n",
		`22023: argument to option "encoding" must be a valid encoding name`)
	db.IsCopy("copy t from stdin", "1\t\xff\n", `22021: invalid byte sequence for encoding "UTF8": 0xff`)
	db.IsCopy("copy t from stdin", "1\tx\n2\ty\r\n",
		`22P04: literal carriage return found in data HINT: Use "\r" to represent carriage return.`)
	db.IsCopy("copy t from stdin (format csv)", "1,\"x\n", "22P04: unterminated CSV quoted field")
	db.IsCopy("copy t from stdin (format binary)", "PGCOPY", "22P04: COPY file signature not recognized")
	db.Rows("select a, b from t order by a, b",
		`1|x,"y"`, "2|<null>", "3|", "4|z", "5|q;r", "6|<null>", "7|<null>", "8|w", "9|ä", "<null>|", "<null>|x|y",
		"<null>|<null>")
	db.Must("create table empty ()")
	db.IsCopy("copy empty from stdin", "\n\n", "COPY 2")
	db.Is("select count(*) from empty", "2")
	db.Is("copy empty to stdout", "\n\n")
}
