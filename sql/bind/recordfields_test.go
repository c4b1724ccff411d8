package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// The fields of a record are known behind a subquery, a WITH query and a set-returning call, as drivers that list the
// columns of a key need it.
func TestRecordFieldsBehindColumns(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table kk (a int, b int, c int, primary key (c, a))")
	db.Rows(`select (k).n, (k).x from (select information_schema._pg_expandarray(conkey) k from pg_constraint
		where conname = 'kk_pkey') s`,
		"1|3",
		"2|1",
	)
	db.Rows(`select (information_schema._pg_expandarray(indkey)).x from pg_index
		where indexrelid = 'kk_pkey'::regclass`,
		"3",
		"1",
	)
	db.Rows(`select (information_schema._pg_expandarray(indkey)).n, (information_schema._pg_expandarray(indkey)).x
		from pg_index where indexrelid = 'kk_pkey'::regclass`,
		"1|3",
		"2|1",
	)
	db.Rows(`select information_schema._pg_expandarray(indkey) from pg_index where indexrelid = 'kk_pkey'::regclass`,
		"(3,1)",
		"(1,2)",
	)
	db.Rows(`with w as (select information_schema._pg_expandarray(array['a', 'b']) k) select (k).x || '!', (k).n + 1
		from w where (k).n > 1`,
		"b!|3",
	)
	db.Rows("select (k).* from (select information_schema._pg_expandarray(array[1.5, 2.5]) k) s",
		"1.5|1",
		"2.5|2",
	)
	db.Rows("select (r).f1, (r).f2 from (select row(1, 'x'::text) r) s",
		"1|x",
	)
	db.Rows("select (r).f2 from (select r from (select row(1, 'x'::text) r offset 0) s) s2",
		"x",
	)
	db.Is("select (r).f3 from (select row(1, 'x'::text) r) s", `42703: could not identify column "f3" in record data type`)
	db.Rows(`select a.attname, k.n from (select i.indrelid, information_schema._pg_expandarray(i.indkey) keys
		from pg_index i where i.indexrelid = 'kk_pkey'::regclass) result
		join pg_attribute a on a.attrelid = result.indrelid and a.attnum = (result.keys).x,
		lateral (select (result.keys).n) k order by 2`,
		"c|1",
		"a|2",
	)
}

// A WITH query is visible to the values and conditions of a statement that changes data.
func TestWithAboveChange(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table u (n int check (n < 100)); insert into u values (1), (2)")
	db.Is("with w as (select 7 x) update u set n = (select x from w) where n = 1 returning n", "7")
	db.Is("with w as (select 8 x) update u set n = n + (select x from w), ctid = null",
		`0A000: cannot assign to system column "ctid"`)
	db.Is("with w as (select 8 x) update u set n = n + (select max(x) from w) where n in (select x - 1 from w)",
		"UPDATE 1")
	db.Is(`with w as (select 3 x) insert into u select x from w where x < (select x + 1 from w)
		returning (select x * 2 from w)`,
		"6")
	db.Is(`with w as (select 3 x), z as (select x + 1 y from w) delete from u where n = (select x from w)
		returning n, (select y from z)`,
		"3|4")
	db.Rows("select n from u order by 1",
		"2",
		"15",
	)
}
