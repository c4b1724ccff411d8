package planner_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// answersSeed is the seed of the random tests of this file, whose failures print it.
const answersSeed = 7

// plansAgree asks a query under several settings and wants one answer; ordered answers must agree in order as well.
func plansAgree(t *testing.T, db *dbtest.DB, query string, settings ...string) {
	t.Helper()
	db.Must("reset all")
	want := answerOf(db, query)
	for _, set := range settings {
		db.Must("reset all; " + set)
		if got := answerOf(db, query); got != want {
			t.Fatalf("seed %d: %s\nafter %s\n got %s\nwant %s", answersSeed, query, set, got, want)
		}
	}
	db.Must("reset all")
}

func answerOf(db *dbtest.DB, query string) string {
	rows := strings.Split(db.Ask(query), "; ")
	if !strings.Contains(query, "order by") {
		slices.Sort(rows)
	}
	return strings.Join(rows, "; ")
}

// One query has one answer whichever index it reads: partial ones, ones over expressions, descending keys, nulls
// first; also after rows have moved in and out of the predicates.
func TestIndexAnswers(t *testing.T) {
	r := rand.New(rand.NewSource(answersSeed))
	db := dbtest.New(t)
	db.Must(`create table t (id int primary key, a int, b int, c text, f float8);
		create index on t (a) where b > 3;
		create index on t (b desc, a) where c is not null;
		create index on t (lower(c));
		create index on t ((a + b), id desc);
		create index on t (c desc nulls last) where a in (1, 2, 3);
		create index on t ((a % 4)) where f < 0.5 or b = 1;
		create unique index on t (id, (b * 2)) where a is not null`)
	value := func(n int) string {
		if r.Intn(7) == 0 {
			return "null"
		}
		return fmt.Sprint(r.Intn(n))
	}
	text := func() string { return []string{"null", "'a'", "'A1'", "'b2'", "'B'", "'c'"}[r.Intn(6)] }
	row := func(id int) string {
		return fmt.Sprintf("(%d, %s, %s, %s, %s::float8 / 10)", id, value(8), value(8), text(), value(10))
	}
	var rows []string
	for id := range 400 {
		rows = append(rows, row(id))
	}
	db.Must("insert into t values " + strings.Join(rows, ", ") + "; analyze t")
	conds := []func() string{
		func() string { return "a = " + value(8) },
		func() string { return "a in (1, " + value(4) + ")" },
		func() string { return "b > " + value(8) },
		func() string { return "b between 2 and " + value(8) },
		func() string { return "b = 1" },
		func() string { return "c is not null" },
		func() string { return "c = " + text() },
		func() string { return "lower(c) = lower(" + text() + ")" },
		func() string { return "lower(c) like 'b%'" },
		func() string { return "a + b = " + value(12) },
		func() string { return "a + b >= " + value(12) + " and id < " + value(400) },
		func() string { return "a % 4 = " + value(4) },
		func() string { return "f < 0." + value(5) },
		func() string { return "(f < 0.3 or b = 1)" },
		func() string { return "a is null" },
		func() string { return "(a = 2 and b > 4 or lower(c) = 'a')" },
	}
	ends := []string{
		"", " order by a + b, id desc limit 20", " order by lower(c), id",
		" order by c desc nulls last, id limit 7", " order by b desc, a, id",
	}
	check := func() {
		for range 80 {
			query := "select * from t where " + conds[r.Intn(len(conds))]()
			for range r.Intn(3) {
				query += " and " + conds[r.Intn(len(conds))]()
			}
			query += ends[r.Intn(len(ends))]
			plansAgree(t, db, query, "set enable_indexscan = off; set enable_bitmapscan = off", "set enable_seqscan = off",
				"set enable_seqscan = off; set enable_bitmapscan = off", "set enable_indexscan = off; set enable_seqscan = off")
		}
	}
	check()
	for range 200 {
		id := r.Intn(400)
		switch r.Intn(3) {
		case 0:
			db.Must(fmt.Sprintf("update t set a = %s, b = %s where id = %d", value(8), value(8), id))
		case 1:
			db.Must(fmt.Sprintf("update t set c = %s, f = %s::float8 / 10 where id = %d", text(), value(10), id))
		default:
			db.Must(fmt.Sprintf("delete from t where id = %d; insert into t values %s", id, row(id)))
		}
	}
	check()
	db.Settle()
	check()
}
