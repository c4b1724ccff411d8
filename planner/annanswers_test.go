package planner_test

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// gridRows are rows with vectors on a small grid, so that many are equally far from everything, and some without.
const gridRows = 1500

// newGrid is a table of vectors with a trained index for each metric, and a small table to join with.
func newGrid(t *testing.T) *dbtest.DB {
	t.Helper()
	r := rand.New(rand.NewSource(answersSeed))
	db := dbtest.New(t)
	db.Must(`create extension vector; create table e (id int primary key, g int, v vector(3));
		create table s (k int, w int)`)
	var rows []string
	for id := range gridRows {
		v := fmt.Sprintf("'[%d,%d,%d]'", r.Intn(4), r.Intn(4), 1+r.Intn(4))
		if r.Intn(20) == 0 {
			v = "null"
		}
		rows = append(rows, fmt.Sprintf("(%d, %d, %s)", id, r.Intn(10), v))
	}
	db.Must("insert into e values " + strings.Join(rows, ", "))
	db.Must("insert into s select i % 7, i from generate_series(1, 12) i")
	for _, m := range []string{"l2", "ip", "cosine"} {
		db.Must("create index e_" + m + " on e using ivfpq (v vector_" + m + "_ops) with (num_partitions = 8, " +
			"num_sub_vectors = 3)")
	}
	db.Must("create index on e (g)")
	db.Settle()
	db.Must("analyze e; analyze s")
	return db
}

// exhaustive settings make a search look at everything; exact ones sort without an index.
const (
	exhaustive = "set ivfpq.probes = 8; set ivfpq.refine = 4000"
	exact      = "set enable_indexscan = off"
)

// A search of an index answers as sorting all rows does: each metric and each function of it, with bounds on
// the distance, filters, offsets, keys that decide among equal distances, and nulls on either side.
func TestSearchAnswers(t *testing.T) {
	db := newGrid(t)
	f := func(query string) {
		t.Helper()
		db.Must("reset all; " + exhaustive)
		if plan := db.Ask("explain (costs off) " + query); !strings.Contains(plan, "Order By: ") {
			t.Errorf("%s\nis not planned as a search:\n%s", query, strings.ReplaceAll(plan, "; ", "\n"))
		}
		got := db.Ask(query)
		db.Must("reset all; " + exact)
		if plan := db.Ask("explain (costs off) " + query); strings.Contains(plan, "Order By: ") {
			t.Errorf("%s\nis planned as a search although that is off:\n%s", query, strings.ReplaceAll(plan, "; ", "\n"))
		}
		if want := db.Ask(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
	const q = "'[1,2,1]'"
	// the forms of a distance
	f("select v <-> " + q + " from e order by 1 limit 40")
	f("select l2_distance(v, " + q + ") from e order by 1 limit 40")
	f("select vector_l2_squared_distance(v, " + q + ") from e order by 1 limit 40")
	f("select v <#> " + q + " from e order by 1 limit 40")
	f("select inner_product(v, " + q + ") from e order by 1 desc nulls last limit 40")
	f("select v <=> " + q + " from e order by 1 limit 40")
	f("select " + q + "::vector <-> v from e order by 1 limit 40")
	f("select 1 - (v <=> " + q + ") from e order by 1 desc nulls last limit 40")
	f("select -(v <-> " + q + ") * 2 + 1 from e order by 1 desc nulls last limit 40")
	f("select sqrt(v <-> " + q + "), v <-> " + q + " from e order by 1 limit 40")
	// bounds on the distance
	f("select v <-> " + q + " from e where v <-> " + q + " < 2 order by 1 limit 1000")
	f("select v <-> " + q + " from e where 2 >= v <-> " + q + " order by 1 limit 1000")
	f("select v <-> " + q + " from e where v <-> " + q + " > 2 order by 1 limit 30")
	f("select v <-> " + q + " from e where v <-> " + q + " between 1 and 2 order by 1 limit 1000")
	f("select inner_product(v, " + q + ") from e where inner_product(v, " + q + ") < 9 order by 1 desc nulls " +
		"last limit 30")
	f("select inner_product(v, " + q + ") from e where inner_product(v, " + q + ") > 9 order by 1 desc nulls " +
		"last limit 1000")
	f("select vector_l2_squared_distance(v, " + q + ") from e where vector_l2_squared_distance(v, " + q + ") <= " +
		"2 order by 1 limit 1000")
	f("select v <#> " + q + " from e where v <#> " + q + " < -9 and g = 3 order by 1 limit 1000")
	f("select d from (select v <-> " + q + " as d from e) x where d < 1.5 order by d limit 10")
	// limits and offsets at their limits
	f("select v <-> " + q + " from e order by 1 limit 1")
	f("select v <-> " + q + " from e order by 1 limit 7 offset 30")
	f("select v <-> " + q + " from e order by 1 limit 10 offset 1490")
	f("select v <-> " + q + " from e order by 1 limit 10 offset 2000")
	f("select v <-> " + q + " from e order by 1 limit 5000")
	// keys after the distance
	f("select id, v <-> " + q + " from e order by v <-> " + q + ", id limit 25")
	f("select id, v <-> " + q + " from e order by v <-> " + q + ", id desc limit 25 offset 13")
	f("select id from e where g = 3 order by v <-> " + q + ", id limit 25")
	f("select id from e where g < 8 order by v <=> " + q + ", g desc, id limit 300")
	f("select id from e order by 1 - (v <=> " + q + ") desc nulls last, id limit 25")
	f("select id from e order by inner_product(v, " + q + ") desc nulls last, id limit 25")
	f("select id from e order by inner_product(v, " + q + ") desc, id limit 90")
	f("select id from e order by v <-> " + q + ", id % 10, id limit 25")
	f("select id from e order by v <-> " + q + ", v <+> " + q + " desc, id limit 25")
	f("select id from e order by v <-> " + q + ", id limit 5000")
	f("select id from e order by v <-> " + q + ", id limit 20 offset 1450")
	f("select id from e where v <-> " + q + " <= 2 order by v <-> " + q + ", id limit 40 offset 3")
	f("select id from e order by v <-> " + q + " nulls first, id limit 100")
	f("select id from e order by v <-> " + q + ", v <-> " + q + ", id limit 10")
	f("select id + 1 as n from e order by v <-> " + q + ", n desc limit 10")
	f("select n from (select g * 1000 + id as n, v <-> " + q + " as d from e where g <> 2) x order by d, n limit 33")
	f("select id from e order by v <-> (select v from e where v is null limit 1), id limit 10")
	f("select id from e order by v <-> (select v from e where id = 3), id limit 10")
	f("select id from e where v is not null order by v <-> " + q + ", id limit 1600")
	// below joins
	f("select e.id, s.w from e join s on s.k = e.g order by e.v <-> " + q + ", e.id, s.w limit 30")
	f("select e.id, s.w from e join s on s.k = e.g order by e.v <-> " + q + ", s.w desc, e.id limit 30 offset 4")
	f("select e.id from e where g in (select k from s) order by e.v <-> " + q + ", e.id desc limit 30")
	f("select e.id, s.w from e join s on s.k = e.g order by e.v <-> " + q + ", e.id, s.w limit 900 offset 500")
	f("select e.id, s.w from e left join s on s.k = e.g and s.w > 6 order by e.v <-> " + q + ", e.id, " +
		"s.w nulls first limit 30")
	f("select inner_product(e.v, " + q + ") from e join s on s.k = e.g order by 1 desc nulls last limit 30")
	f("select vector_l2_squared_distance(e.v, " + q + ") from e join s on s.k = e.g order by 1 limit 30")
	// the query vector comes from a relation of one row
	f("with x as (select v from e where id = 3) select e.id from e, x order by e.v <-> x.v, e.id limit 10")
	f("with x as (select v from e where id = 3) select e.id, e.v <-> x.v as d from e, x where e.id <> 3 " +
		"order by d, e.id limit 10 offset 4")
	f("select e.id, o.id from e join e o on o.id = 12 and o.g = e.g order by e.v <=> o.v, e.id desc limit 200")
	f("select e.id from e cross join (select avg(v) as v from e) o order by e.v <-> o.v, e.id limit 20")
	f("select e.id from e cross join (select v from e where v is null limit 1) o order by e.v <-> o.v, e.id limit 10")
	f("select e.id from e join e o on o.id = -1 order by e.v <-> o.v limit 10")
	f(`select e.id from (values ('[1,1,2]'::vector)) o (v), e
		order by inner_product(e.v, o.v) desc nulls last, e.id limit 30`)
	// a prepared statement's parameters are values of each run
	for _, args := range [][]string{{"[0,0,1]", "5", "0"}, {"[3,3,4]", "200", "17"}} {
		const query = "select id from e order by v <-> $1, id limit $2 offset $3"
		db.Must("reset all; " + exhaustive)
		got := db.AskWith(query, args)
		db.Must("reset all; " + exact)
		if want := db.AskWith(query, args); got != want {
			t.Errorf("%s %q\n got %s\nwant %s", query, args, got, want)
		}
	}
}

// After rows have changed, been deleted and come in anew, beside and before upkeep, searches still answer exactly.
func TestSearchAnswersAfterChanges(t *testing.T) {
	db := newGrid(t)
	check := func(when string) {
		t.Helper()
		for _, query := range []string{
			"select id from e order by v <-> '[2,2,2]', id limit 60",
			"select id from e where g = 4 order by v <=> '[2,2,3]', id limit 60",
			"select id from e where g > 4 order by v <#> '[2,2,3]', id limit 60 offset 5",
		} {
			db.Must("reset all; " + exhaustive)
			got := db.Ask(query)
			db.Must("reset all; " + exact)
			if want := db.Ask(query); got != want {
				t.Errorf("%s, %s\n got %s\nwant %s", when, query, got, want)
			}
		}
	}
	db.Must(`update e set v = '[2,2,2]' where id % 50 = 1; update e set v = null where id % 50 = 2;
		delete from e where id % 50 = 3`)
	check("changed")
	db.Must("insert into e select 2000 + i, i % 10, ARRAY[i % 4, 2, 3]::vector from generate_series(1, 100) i")
	check("inserted")
	db.Must("begin; insert into e select 3000 + i, i % 10, '[2,2,2]' from generate_series(1, 20) i; " +
		"delete from e where id < 100")
	check("in a transaction")
	db.Must("rollback")
	check("rolled back")
	db.Settle()
	check("after upkeep")
}
