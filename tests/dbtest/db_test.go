package dbtest_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// An answer has rows, a tag, the data of a COPY or an error; what else the server says is heard.
func TestAnswers(t *testing.T) {
	db := dbtest.New(t)
	db.Is("create table t (a int primary key, b text)", "CREATE TABLE")
	db.Is("insert into t values (1, 'x'), (2, null)", "INSERT 0 2")
	db.IsCopy("copy t from stdin", "3\ty\n4\tz\n", "COPY 2")
	db.Is("select * from t order by a", "1|x; 2|<null>; 3|y; 4|z")
	db.Is("copy (select a from t order by 1 desc) to stdout", "4\n3\n2\n1\n")
	db.Is("select a from t where false", "")
	db.Is("insert into t values (1, 'again')",
		`23505: duplicate key value violates unique constraint "t_pkey" DETAIL: Key (a)=(1) already exists.`)
	db.IsWith("select b from t where a = $1", []string{"3"}, "y")
	db.IsHeard("create table if not exists t (a int)", "CREATE TABLE", `NOTICE: relation "t" already exists, skipping`)
	db.IsHeard("set timezone to 'Asia/Tokyo'", "SET", "TimeZone=Asia/Tokyo")
	db.IsHeard("listen c; notify c, 'x'", "NOTIFY", "c: x")
	db.IsHeard("select 1", "1")
}

// Sessions stand beside each other, and what was committed is there after a restart.
func TestSessions(t *testing.T) {
	db := dbtest.New(t)
	other := db.Beside()
	db.Must("create table t (a int)")
	db.Must("begin; insert into t values (1)")
	other.Is("select count(*) from t", "0")
	db.Must("commit")
	other.Is("select count(*) from t", "1")
	db.Must("begin; insert into t values (2)")
	db.Restart()
	db.Is("select a from t", "1")
	db.Settle()
	db.Is("select a from t", "1")
}

// An error can show where in the query it points, and a statement how it is described.
func TestPlaces(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a varchar(3), b int)")
	db.Describes("select a, b + $1 as c, 'x' from t where a = $2",
		"integer, text -> a character varying(3) t.a; c integer; ?column? text")
	db.Describes("delete from t", "->")
	db.Is("select 'é', nosuch, 1", `42703: column "nosuch" does not exist`)
	db.ShowPosition()
	db.Is("select 'é', nosuch, 1", `42703: column "nosuch" does not exist @ nosuch, 1`)
	db.IsWith("select $1, nosuch", []string{"1"}, `42703: column "nosuch" does not exist @ nosuch`)
	db.Is("select 1/0", "22012: division by zero")
	db.Describes("select nosuch", `42703: column "nosuch" does not exist @ nosuch`)
}
