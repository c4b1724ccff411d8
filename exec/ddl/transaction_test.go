package ddl_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// What definitions a transaction makes it sees itself, others only after the commit, and nobody after a rollback.
func TestDefinitionsInTransaction(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int primary key, b int); insert into t values (1, 10), (2, 20)")
	other := db.Beside()
	db.Must("begin")
	db.Must("create table made (x int); insert into made values (7)")
	db.Must("create view v as select x from made; create sequence s; create schema n; create index i on made (x)")
	db.Is("select x, nextval('s') from v", "7|1")
	other.Is("select * from made", `42P01: relation "made" does not exist`)
	other.Is("select * from v", `42P01: relation "v" does not exist`)
	other.Is("select count(*) from pg_class where relname in ('made', 'v', 's', 'i')", "0")
	db.Must("rollback")
	db.Is("select count(*) from pg_class where relname in ('made', 'v', 's', 'i')", "0")
	db.Is("select count(*) from pg_namespace where nspname = 'n'", "0")
	db.Must("begin")
	db.Must(`alter table t add c int default 5; alter table t drop column b; alter table t alter a type text;
		insert into t values ('3')`)
	db.Is("select * from t order by 1", "1|5; 2|5; 3|5")
	db.Must("rollback")
	db.Is("select * from t order by 1", "1|10; 2|20")
	db.Is("insert into t values (1, 1)",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`)
	db.Must("begin; drop table t; create table t (z text); insert into t values ('new'); commit")
	other.Is("select * from t", "new")
	db.Restart()
	db.Is("select * from t", "new")
	db.Rows(shape("t"),
		"z text",
	)
}

// ROLLBACK TO undoes the definitions since the savepoint, and only those; a failed statement undoes its own.
func TestDefinitionsWithSavepoints(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b int); insert into t values (1, 1)")
	db.Must("begin; alter table t add c int default 3; savepoint one")
	db.Must(`alter table t drop b; create table u (a int); create unique index i on t (a);
		insert into t values (2, 4); savepoint two`)
	db.Is("alter table t add primary key (c), add x int", "ALTER TABLE")
	db.Is("alter table t add y int default 1, add check (y > 1)",
		`23514: check constraint "t_y_check" of relation "t" is violated by some row`)
	db.Is("select 1", "25P02: current transaction is aborted, commands ignored until end of transaction block")
	db.Must("rollback to two")
	db.Is("select * from t order by a", "1|3; 2|4")
	db.Is("insert into t values (2, 2)",
		`23505: duplicate key value violates unique constraint "i" DETAIL: Key (a)=(2) already exists.`)
	db.Must("rollback to one")
	db.Is("select * from t", "1|1|3")
	db.Is("select * from u", `42P01: relation "u" does not exist`)
	db.Must("rollback to one; insert into t values (1, 5, 6); release one; commit")
	db.Rows(shape("t"),
		"a integer",
		"b integer",
		"c integer default 3",
	)
	db.Is("select * from t order by b", "1|1|3; 1|5|6")
	db.Is("alter table t add d int, drop nosuch", `42703: column "nosuch" of relation "t" does not exist`)
	db.Rows(shape("t"),
		"a integer",
		"b integer",
		"c integer default 3",
	)
}

// A read-only transaction defines nothing.
func TestDefinitionsReadOnly(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int)")
	for _, statement := range []string{
		"create table u (a int)", "alter table t add b int", "drop table t", "create index on t (a)",
		"create view v as select 1", "create sequence s",
		"truncate t", "comment on table t is 'x'", "create schema n", "create role ddl_ro", "grant select on t to public",
		"create table u as select 1 as a",
	} {
		db.Must("begin read only")
		db.Is(statement, "25006: cannot execute "+tagOf(statement)+" in a read-only transaction")
		db.Must("rollback")
	}
	db.Rows(shape("t"),
		"a integer",
	)
}

// tagOf is what errors call a statement.
func tagOf(statement string) string {
	words := strings.Fields(strings.ToUpper(statement))
	switch words[0] {
	case "TRUNCATE":
		return "TRUNCATE TABLE"
	case "COMMENT", "GRANT":
		return words[0]
	}
	if strings.Contains(statement, " as select") && words[1] == "TABLE" {
		return "CREATE TABLE AS"
	}
	return words[0] + " " + words[1]
}

// A reader that began before a change goes on with the rows and columns of then.
func TestReaderThroughChanges(t *testing.T) {
	db := dbtest.NewOwn(t)
	db.Must("create table t (a int primary key, b int)")
	db.Must("insert into t select g, g from generate_series(1, 2000) g")
	reader := db.Beside()
	reader.Must("begin isolation level repeatable read; declare c cursor for select a, b from t order by a")
	reader.Is("fetch 2 from c", "1|1; 2|2")
	db.Must("set lock_timeout = '50ms'")
	for _, change := range []string{
		"alter table t drop column b", "alter table t alter b type text", "truncate t", "drop table t",
	} {
		db.Is(change, "55P03: canceling statement due to lock timeout")
	}
	db.Must("create index on t (b)")
	reader.Is("fetch 1 from c", "3|3")
	reader.Must("commit")
	db.Must("alter table t drop column b")
	reader.Is("select * from t where a = 2000", "2000")
}

// Rows read right after any sequence of changes of columns: the table is compared with a plain model of it.
func TestRandomAlterations(t *testing.T) {
	seed := uint64(20261130)
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	db := dbtest.New(t)
	db.Must("create table t (id int primary key)")
	var names []string                  // the columns after id
	rows := map[int]map[string]string{} // by id: column to text
	next := 0
	check := func(what string) {
		t.Helper()
		var want []string
		for id := range next + 1 {
			if r, ok := rows[id]; ok {
				line := fmt.Sprint(id)
				for _, n := range names {
					line += "|" + r[n]
				}
				want = append(want, line)
			}
		}
		if got := db.Ask("select * from t order by id"); got != strings.Join(want, "; ") {
			t.Fatalf("after %s\n got %s\nwant %s", what, got, strings.Join(want, "; "))
		}
	}
	change := func(step int) string {
		pick := ""
		if len(names) > 0 {
			pick = names[rng.IntN(len(names))]
		}
		name := fmt.Sprintf("c%d", step)
		switch rng.IntN(8) {
		case 0, 1:
			for range 1 + rng.IntN(3) {
				next++
				r := map[string]string{}
				values := fmt.Sprint(next)
				for _, n := range names {
					r[n] = fmt.Sprint(rng.IntN(100))
					values += ", " + r[n]
				}
				rows[next] = r
				db.Must("insert into t values (" + values + ")")
			}
			return "insert"
		case 2:
			names = append(names, name)
			for _, r := range rows {
				r[name] = "7"
			}
			return "alter table t add " + name + " int default 7"
		case 3:
			names = append(names, name)
			for id, r := range rows {
				r[name] = fmt.Sprint(2 * id)
			}
			return "alter table t add " + name + " int; update t set " + name + " = 2 * id"
		case 4:
			if pick == "" {
				return ""
			}
			names = deleteName(names, pick)
			return "alter table t drop " + pick
		case 5:
			if pick == "" {
				return ""
			}
			for _, r := range rows {
				r[name] = r[pick]
			}
			for i, n := range names {
				if n == pick {
					names[i] = name
				}
			}
			return "alter table t rename " + pick + " to " + name
		case 6:
			if pick == "" {
				return ""
			}
			return "alter table t alter " + pick + " type " + []string{
				"bigint", "int",
				"numeric",
			}[rng.IntN(3)] + " using " + pick + "::int"
		}
		return "delete"
	}
	for step := range 120 {
		what := change(step)
		switch {
		case what == "delete" && next > 0:
			id := 1 + rng.IntN(next)
			delete(rows, id)
			db.Must(fmt.Sprintf("delete from t where id = %d", id))
		case strings.HasPrefix(what, "alter"):
			if rng.IntN(4) == 0 { // once for nothing
				db.Must("begin; " + what + "; rollback")
			}
			db.Must(what)
		}
		if step%25 == 24 {
			db.Settle()
			db.Restart()
		}
		check(fmt.Sprintf("step %d: %s", step, what))
	}
}

func deleteName(names []string, gone string) []string {
	var out []string
	for _, n := range names {
		if n != gone {
			out = append(out, n)
		}
	}
	return out
}
