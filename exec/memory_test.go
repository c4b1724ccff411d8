package exec_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/tests/dbtest"
)

// nothingCounted says that no session keeps anything.
func nothingCounted(t *testing.T, db *dbtest.DB) {
	t.Helper()
	if used := db.Memory.Used(); used != 0 {
		t.Errorf("%d bytes are still counted", used)
	}
}

// What an operator must keep and cannot put on disk is refused above the statement's limit, and the session goes on.
func TestStatementMemory(t *testing.T) {
	db := dbtest.New(t)
	db.Must("set work_mem = '1MB'")
	db.Must("create table t as select g as a, repeat('x', 100) || g as b from generate_series(1, 30000) g")
	for _, query := range []string{
		"select string_agg(b, ',') from t",
		"select array_agg(b) from t",
		"select json_agg(b) from t",
		"insert into t select a, b from t returning b",
		"delete from t returning *",
	} {
		db.Must("set vecdb.statement_memory = '2MB'")
		if got := db.Ask(query); !strings.HasPrefix(got, "53200: out of memory DETAIL: statement: ") {
			t.Errorf("%s\n got %.200s", query, got)
		}
		nothingCounted(t, db)
		db.Must("reset vecdb.statement_memory")
		db.Is("select count(*), sum(a) from t", "30000|450015000")
	}
}

// What goes to disk above work_mem never reaches the limit.
func TestSpillingStaysBelowStatementMemory(t *testing.T) {
	db := dbtest.New(t)
	db.Must("set work_mem = '64kB'; set vecdb.statement_memory = '4MB'")
	db.Must("create table t as select g as a, g % 5000 as b, repeat('x', 100) || g as c from generate_series(1, 30000) g")
	db.Is("select a, length(c) from t order by c desc, a limit 1 offset 29999", "1|101")
	db.Is("select count(*) from (select distinct c from t) s", "30000")
	db.Is("select count(*), max(n) from (select c, count(*) as n from t group by c) s", "30000|1")
	db.Is("select count(*) from t x join t y on x.c = y.c", "30000")
	db.Is("select count(*) from (select c from t except select c from t where a <= 10) s", "29990")
	db.Is("with q as materialized (select c from t) select count(*) from q x, (values (1), (2)) v", "60000")
	nothingCounted(t, db)
}

// The limit of the process holds for the sum of what sessions keep: a suspended portal keeps what it has.
func TestCursorRowsAreCounted(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t as select g as a, repeat('x', 100) as b from generate_series(1, 3000) g")
	db.Must("begin; declare c cursor with hold for select * from t; fetch 2000 from c")
	if used := db.Memory.Used(); used < 200_000 {
		t.Errorf("%d bytes are counted of 2000 rows of a cursor", used)
	}
	db.Must("commit")
	if used := db.Memory.Used(); used < 300_000 {
		t.Errorf("%d bytes are counted of a held cursor", used)
	}
	db.Must("close c")
	nothingCounted(t, db)
	db.Must("set vecdb.statement_memory = '64kB'; begin; declare c cursor for select * from t")
	if got := db.Ask("fetch all from c"); !strings.HasPrefix(got, "53200: out of memory") {
		t.Errorf("fetch all: %.200s", got)
	}
	db.Must("rollback")
	nothingCounted(t, db)
}

// Large values are made a few rows at a time: what is alive at once does not grow with the rows of a batch.
func TestLargeValuesInFewRows(t *testing.T) {
	db := dbtest.New(t)
	// A batch of 1024 such values would be 5 GB.
	db.Is("select sum(length(repeat('x', 5000000))) from generate_series(1, 40)", "200000000")
	db.Is("select count(*) from generate_series(1, 30) g where length(repeat('y', 5000000 + g)) > 5000010", "20")
	db.Is(`select g, length(s) from (select g, repeat('z', 5000000) as s from generate_series(1, 20) g offset 0) q
		where g > 18`,
		"19|5000000; 20|5000000")
}

// A narrow hands on every row once and in order, one at first, then as many as what is made of them allows.
func TestNarrow(t *testing.T) {
	f := func(bytesEach int64, sizes []int, want ...int) {
		t.Helper()
		var made int64
		var got []int
		next := int64(0)
		err := exec.RunNarrow(sizes, &made, func(values []int64) {
			got = append(got, len(values))
			for _, v := range values {
				if v != next {
					t.Errorf("row %d came in place of %d", v, next)
				}
				next++
			}
			made += bytesEach * int64(len(values))
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%d bytes a row, batches of %v: got %v, %v, want %v", bytesEach, sizes, got, err, want)
		}
	}
	f(0, nil)
	f(10, []int{1, 1, 1}, 1, 1, 1)
	f(10, []int{1024, 1024, 1024}, 1, 8, 64, 512, 439, 1024, 1024)
	f(10, []int{3, 5, 1}, 1, 2, 5, 1)
	f(16<<20, []int{5}, 1, 2, 2)
	f(1<<30, []int{4, 1}, 1, 1, 1, 1, 1)
}
