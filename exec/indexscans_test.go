package exec_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// Whatever index serves a condition, the rows are those that reading the whole table gives.
func TestIndexScansAgreeWithTheTable(t *testing.T) {
	const seed = 41
	r := rand.New(rand.NewSource(seed))
	db := dbtest.New(t)
	db.Must(`create table t (id int, a int, b text, c numeric, d date);
		insert into t select i, nullif(i * 7919 % 50, 0), case when i % 9 > 0 then chr(97 + i % 5) || i % 30 end,
		(i % 17)::numeric / 4,
			date '2024-01-01' + i % 40 from generate_series(1, 2000) i`)
	db.Settle()
	db.Must(`create index on t (a); create index on t (b, a desc); create index on t (a desc nulls last, c);
		create index on t (c, d);
		create index on t (lower(b)); create index on t (d) where a > 20; create unique index on t (id)`)
	db.Must(`insert into t select 2000 + i, i % 50, 'z' || i, i, null from generate_series(1, 300) i;
		delete from t where id % 10 = 3; update t set a = a + 1 where id % 10 = 4`)
	number := func() string { return fmt.Sprint(r.Intn(52)) }
	text := func() string { return fmt.Sprintf("'%c%d'", 'a'+r.Intn(5), r.Intn(30)) }
	day := func() string { return fmt.Sprintf("date '2024-01-01' + %d", r.Intn(42)) }
	ops := []string{"=", "<", "<=", ">", ">="}
	atom := func() string {
		op := ops[r.Intn(len(ops))]
		return []func() string{
			func() string { return "a " + op + " " + number() },
			func() string { return "b " + op + " " + text() },
			func() string { return "c " + op + " " + number() + " / 8.0" },
			func() string { return "d " + op + " " + day() },
			func() string { return "a between " + number() + " and " + number() },
			func() string { return "a in (" + number() + ", null, " + number() + ", " + number() + ")" },
			func() string { return "a = any (array[" + number() + ", " + number() + ", null]::int[])" },
			func() string { return "a is null" },
			func() string { return "b is not null and b < " + text() },
			func() string { return "b like '" + string(rune('a'+r.Intn(5))) + "1%'" },
			func() string { return "lower(b) = " + text() },
			func() string { return "d = " + day() + " and a > 20" },
			func() string { return "(a, c) > (" + number() + ", 2)" },
			func() string { return "id " + op + " " + fmt.Sprint(r.Intn(2400)) },
			func() string { return "a = null" },
		}[r.Intn(15)]()
	}
	for range 150 {
		cond := atom()
		for range r.Intn(3) {
			cond = "(" + cond + []string{" and ", " or "}[r.Intn(2)] + atom() + ")"
		}
		order := []string{
			"id", "a, id", "a desc, id", "b, a desc, id", "b desc nulls last, id", "c, d, id",
			"d desc, id",
		}[r.Intn(7)]
		query := "select id from t where " + cond + " order by " + order
		if r.Intn(2) == 0 {
			query += fmt.Sprintf(" limit %d offset %d", 1+r.Intn(30), r.Intn(3))
		}
		db.Must("set enable_indexscan = off; set enable_bitmapscan = off")
		want := db.Ask(query)
		if strings.HasPrefix(want, "XX") || strings.HasPrefix(want, "42") {
			t.Fatalf("seed %d: %s\n%s", seed, query, want)
		}
		for _, set := range []string{
			"set enable_seqscan = off", "reset enable_indexscan", "set enable_bitmapscan = on; set enable_indexscan = off",
			"reset all",
		} {
			db.Must(set)
			db.Is(query, want)
		}
	}
}

// A parameter, an outer row and a prepared plan give an index its values anew each time.
func TestIndexScanValues(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table t (a int primary key, b int); insert into t select i, i % 10
		from generate_series(1, 2000) i; create index on t (b); analyze t; set enable_seqscan = off;
		set enable_hashjoin = off`)
	db.IsWith("select b from t where a = $1", []string{"15"}, "5")
	db.IsWith("select count(*) from t where a > $1 and a <= $2", []string{"10", "20"}, "10")
	db.IsWith("select a from t where a = any ($1::int[]) order by a", []string{"{3,1,NULL,3,9999}"}, "1; 3")
	db.IsWith("select count(*) from t where b = $1", []string{"3"}, "200")
	db.Must("prepare p (int) as select a from t where a = $1")
	db.Is("execute p (7)", "7")
	db.Is("execute p (null)", "")
	db.Is("execute p (8)", "8")
	db.Is("select x, (select b from t where a = x) from (values (1), (null), (12), (5000)) v(x)",
		"1|1; <null>|<null>; 12|2; 5000|<null>")
	db.Is("select x, t.b from (values (1), (12)) v(x) join t on t.a = x + 1 order by x", "1|2; 12|3")
	db.Is("select count(*) from t x join t y on y.a = x.a + 1", "1999")
	db.Is("select count(*) from t x where exists (select from t y where y.a = x.a * 2)", "1000")
	db.Is("select a from t where a > 1998 order by a desc", "2000; 1999")
	db.Is("select min(a), max(a) from t", "1|2000")
	db.Is("select a from t where a > 5 and a < 5", "")
	db.Is("select a from t where a < 3 or a > 1999 or b = 11 order by a", "1; 2; 2000")
}
