package exec_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

var actualRows = regexp.MustCompile(`actual (?:time=[0-9.]+ )?rows=(\d+)(?:\.\d+)? loops=(\d+)`)

// EXPLAIN ANALYZE counts the rows that each node gave, and how often it was run.
func TestActualRows(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t as select i, i % 10 as g from generate_series(1, 3000) i; analyze t")
	// f wants rows and loops of the nodes from the top down.
	f := func(query string, want ...string) {
		t.Helper()
		plan := db.Ask("explain (analyze, timing off, costs off, summary off) " + query)
		var got []string
		for _, m := range actualRows.FindAllStringSubmatch(plan, -1) {
			got = append(got, m[1]+"x"+m[2])
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\n got %s\nwant %s\n%s", query, got, want, strings.ReplaceAll(plan, "; ", "\n"))
		}
	}
	f("select * from t", "3000x1")
	f("select * from t where i <= 1500", "1500x1")
	f("select count(*) from t", "1x1", "3000x1")
	f("select g, count(*) from t group by g", "10x1", "3000x1")
	f("select * from t order by g, i", "3000x1", "3000x1")
	f("select * from t where false", "0x1")
	f("select distinct g from t", "10x1", "3000x1")
}

// EXPLAIN ANALYZE has the effects of its statement, plain EXPLAIN has none.
func TestAnalyzeRuns(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key)")
	db.Must("explain insert into t values (1); explain delete from t; explain update t set a = 5")
	db.Is("select count(*) from t", "0")
	db.Must("explain analyze insert into t select generate_series(1, 1500)")
	db.Is("select count(*), sum(a) from t", "1500|1125750")
	db.Must("explain analyze update t set a = a - 1; explain analyze delete from t where a < 500")
	db.Is("select count(*), min(a) from t", "1000|500")
	db.Is("explain analyze insert into t values (500)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(500) already exists.`)
	db.Is("explain analyze select 1 / (a - 700) from t", "22012: division by zero")
	db.Is("select count(*) from t", "1000")
}

// Every operator gives the same rows whichever methods are allowed, with little memory and with much.
func TestOperatorsUnderSettings(t *testing.T) {
	db := operatorTable(t)
	db.Must("create index on t (g); create index on t (i); analyze t")
	for _, query := range operatorQueries {
		if !strings.Contains(query, "order by") {
			query = "select * from (" + query + ") q order by q"
		}
		db.Must("reset all")
		want := db.Ask(query)
		for _, off := range []string{"hashjoin", "nestloop", "seqscan", "sort", "hashagg", "indexscan"} {
			for _, mem := range []string{"64kB", "64MB"} {
				db.Must("reset all; set enable_" + off + " = off; set work_mem = '" + mem + "'")
				if got := db.Ask(query); got != want {
					t.Errorf("%s without %s, with %s: other rows", query, off, mem)
				}
			}
		}
	}
}

// A cancel from another session ends the statement that runs, and nothing when none does.
func TestCancelFromBeside(t *testing.T) {
	db := operatorTable(t)
	answer := make(chan string)
	go func() { answer <- db.Ask("select count(*) from t a, t b, t c, t d") }()
	other := db.Beside()
	for {
		other.Ask(`select pg_cancel_backend(pid) from pg_stat_activity
			where query like 'select count(*) from t a%' and state = 'active'`)
		select {
		case got := <-answer:
			if got != "57014: canceling statement due to user request" {
				t.Errorf("the answer is %s", got)
			}
			db.Is("select 1", "1")
			if _, err := db.Store.FS().List(db.Store.TempDir()); err != nil {
				t.Error(err)
			}
			return
		default:
			if context.Cause(t.Context()) != nil {
				return
			}
		}
	}
}
