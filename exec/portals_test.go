package exec_test

import (
	"context"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/tests/dbtest"
)

// operatorQueries have each kind of operator at or near the top, over several batches.
var operatorQueries = []string{
	"select i, g from t",
	"select i from t where i % 3 = 0 and g > 5",
	"select i, g * 2 from t order by g, i desc",
	"select i from t order by g desc, i limit 1500 offset 700",
	"select i from t where i > 2900 union all select i from t where i < 40",
	"select g from t union select i from t",
	"select i from t except select g from t",
	"select g, count(*), sum(i) from t group by g order by g",
	"select i % 1500, count(*) from t group by 1 order by 1",
	"select distinct g from t order by g",
	"select i, row_number() over (partition by g order by i), sum(i) over (order by i) from t order by i",
	"select a.i, b.i from t a join t b on a.g = b.i order by 1, 2",
	"select a.i, b.i from t a left join t b on a.i = b.g and b.i < 30 order by 1, 2",
	"select a.i, x from t a, lateral generate_series(1, a.i % 3) x order by 1, 2",
	"select i, generate_series(1, g % 4) from t",
	"with recursive r(n) as (select 1 union all select n + 1 from r where n < 2500) select n from r",
	"with c as materialized (select i from t where i < 1200) select c.i, d.i from c join c d on c.i = d.i + 1 order by 1",
	"select i, (select count(*) from t u where u.g = t.i) from t where i < 1100 order by i",
	"select i from t where exists (select from t u where u.g = t.i) order by i",
	"select x from generate_series(1, 2500) x",
	"values (1), (2), (3)",
	"select g, i from t order by g fetch first 3 rows with ties",
	"select i from t where false",
}

func operatorTable(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	db.Must("create table t as select i, i % 37 as g from generate_series(1, 3000) i; insert into t values (null, null)")
	return db
}

// suspended runs a query by steps of so many rows and returns the rows; work is done by another statement in between.
func suspended(t *testing.T, db *dbtest.DB, query string, rows int, between func()) ([]string, error) {
	t.Helper()
	ctx := context.Background()
	if err := db.Parse(ctx, "", query, nil); err != nil {
		return nil, err
	}
	if err := db.Bind(ctx, "p", "", nil, nil, nil); err != nil {
		return nil, err
	}
	p, err := db.Portal("p")
	if err != nil {
		return nil, err
	}
	var out []string
	for {
		if err := p.Start(); err != nil {
			return nil, err
		}
		b, err := p.Next(ctx, rows)
		if b == nil || err != nil {
			return out, err
		}
		if b.Rows() > rows {
			t.Fatalf("%d rows where %d were asked for", b.Rows(), rows)
		}
		for i := range b.Rows() {
			var cells []string
			for k, f := range p.Fields() {
				cell := "<null>"
				if d := b.Cols[k].Datum(b.Row(i)); !d.Null {
					cell = string(types.Lookup(f.Type.OID).Format(nil, d, db.Settings()))
				}
				cells = append(cells, cell)
			}
			out = append(out, strings.Join(cells, "|"))
		}
		between()
	}
}

// A portal that is run some rows at a time gives the rows of a whole run, in memory and by way of files.
func TestSuspendedPortals(t *testing.T) {
	db := operatorTable(t)
	for _, mem := range []string{"64MB", "64kB"} {
		for _, query := range operatorQueries {
			db.Must("set work_mem = '" + mem + "'")
			whole := db.Ask(query)
			for _, rows := range []int{1, 2, 1000} {
				db.Must("begin")
				got, err := suspended(t, db, query, rows, func() {})
				if err != nil {
					t.Fatalf("%s: %v", query, err)
				}
				if strings.Join(got, "; ") != whole {
					t.Errorf("%s\nby %d rows: other rows than whole, %d of them", query, rows, len(got))
				}
				db.Must("commit")
			}
		}
	}
}

// What is written while a portal rests is not in it.
func TestSuspendedPortalsKeepTheirSnapshot(t *testing.T) {
	db := operatorTable(t)
	other := db.Beside()
	for _, query := range []string{
		"select i from t where i > 0", "select i from t order by g, i",
		"select count(*) from t, generate_series(1, 2) group by g",
	} {
		whole := db.Ask(query)
		db.Must("begin")
		got, err := suspended(t, db, query, 999, func() {
			other.Must(`insert into t select 5000, 36 from generate_series(1, 10); update t set g = g where i = 7;
				delete from t where i = 5000`)
			db.Settle()
		})
		if err != nil {
			t.Fatal(err)
		}
		if strings.Join(got, "; ") != whole {
			t.Errorf("%s: other rows than before", query)
		}
		db.Must("commit")
	}
}

// A portal that is closed before its end leaves no temporary file, nor does an error or a rollback.
func TestClosedPortalsLeaveNothing(t *testing.T) {
	db := operatorTable(t)
	db.Must("set work_mem = '64kB'")
	files := func() int {
		names, err := db.Store.FS().List(db.Store.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	for _, query := range operatorQueries {
		for _, end := range []string{"close all", "rollback", "select 1 / 0; rollback"} {
			db.Must("begin; declare c cursor for " + query + "; fetch 3 from c")
			db.Ask(end)
			if n := files(); n != 0 {
				t.Fatalf("%s\n%s: %d files are left", query, end, n)
			}
			db.Ask("rollback")
		}
	}
	db.Must("begin; declare c cursor with hold for select * from t order by g, i; fetch 5 from c; commit")
	db.Is("fetch 2 from c", "222|0; 259|0")
	db.Must("close c")
	if n := files(); n != 0 {
		t.Errorf("%d files of a held cursor are left", n)
	}
}

// A canceled statement is 57014 wherever it is, and its session goes on.
func TestStatementTimeoutInOperators(t *testing.T) {
	db := operatorTable(t)
	f := func(query string) {
		t.Helper()
		for _, mem := range []string{"64kB", "64MB"} {
			// The limit is of the string's transaction: what follows has time.
			db.Is("set work_mem = '"+mem+"'; set statement_timeout = 20; "+query,
				"57014: canceling statement due to statement timeout")
			db.Is("show statement_timeout", "0")
		}
	}
	f("select count(*) from t a, t b, t c")
	f("select count(*) from t a join t b on a.g = b.g join t c on c.g = b.g")
	f("select count(*) from t a left join t b on a.i < b.i left join t c on b.i <> c.i")
	f("select count(*) from (select a.i from t a, t b order by a.g, b.i) x")
	f("select count(*) from (select distinct a.i * b.i from t a, t b) x")
	f("select count(*) from (select a.i, b.i from t a, t b group by a.i, b.i) x")
	f("select max(s) from (select sum(a.i) over (order by b.i rows 5000 preceding) s from t a, t b) x")
	f("with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r")
	f("with recursive r(n) as (select 1 union select n + 1 from r) select max(n) from r")
	f("select count(*) from generate_series(1, 9000000000)")
	f("select count(*) from (select generate_series(1, 9000000000)) x")
	f("select count(*) from (select i from t union select a.i * b.i from t a, t b) x")
	f("select count(*) from t where (select count(*) from t u, t v where u.i < t.i and v.i < u.i) > 0")
	f("select count(*) from t, lateral (select count(*) n from t u, t v where u.i <> t.i) x where n > 0")
	f("create table z as select a.i from t a, t b, t c")
	f("insert into t select a.i from t a, t b, t c")
	f("update t set i = i where (select count(*) from t u, t v where u.i <> t.i and v.g < u.g) > 0")
	f("delete from t using t b, t c where t.i > b.i * c.i")
	db.Is("select count(*) from t", "3001")
	db.Is("select count(*) from pg_class where relname = 'z'", "0")
}
