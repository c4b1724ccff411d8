package ddl_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// TRUNCATE empties tables at once, with what refers to them when CASCADE is said, and a rollback brings all back.
func TestTruncate(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table p (a serial primary key, b int unique);
		create table c (a int references p, id int primary key); create table g (c int references c (id));
		create table alone (a int)`)
	fill := func() {
		t.Helper()
		db.Must(`insert into p (b) select g from generate_series(1, 1500) g; insert into c select a, a from p;
			insert into g select id from c; insert into alone values (1)`)
	}
	counts := `select (select count(*) from p), (select count(*) from c), (select count(*)
		from g), (select count(*) from alone)`
	fill()
	db.Is("truncate p",
		`0A000: cannot truncate a table referenced in a foreign key constraint DETAIL: Table "c" references "p". `+
			`HINT: Truncate table "c" at the same time, or use TRUNCATE ... CASCADE.`)
	db.Is("truncate p, c",
		`0A000: cannot truncate a table referenced in a foreign key constraint DETAIL: Table "g" references "c". `+
			`HINT: Truncate table "g" at the same time, or use TRUNCATE ... CASCADE.`)
	db.Is("truncate p, c, nosuch", `42P01: relation "nosuch" does not exist`)
	db.Is(counts, "1500|1500|1500|1")
	db.Must("begin")
	db.IsHeard("truncate p cascade", "TRUNCATE TABLE",
		`NOTICE: truncate cascades to table "c"`,
		`NOTICE: truncate cascades to table "g"`,
	)
	db.Is(counts, "0|0|0|1")
	db.Must("insert into p (a, b) values (1, 1); savepoint s; truncate table p, c, g; insert into p (a, b) values (1, 1)")
	db.Is(counts, "1|0|0|1")
	db.Must("rollback to s")
	db.Is(counts, "1|0|0|1")
	db.Must("rollback")
	db.Is(counts, "1500|1500|1500|1")
	db.Is("select b from p where a = 700", "700")
	db.Is("truncate only p, c, g restart identity", "TRUNCATE TABLE")
	db.Is("insert into p (b) values (5) returning a", "1")
	db.Is("insert into c values (2, 2)",
		`23503: insert or update on table "c" violates foreign key constraint "c_a_fkey" `+
			`DETAIL: Key (a)=(2) is not present in table "p".`)
	db.Restart()
	db.Is(counts, "1|0|0|1")
	db.Is("truncate p, c, g continue identity", "TRUNCATE TABLE")
	db.Is("insert into p (b) values (5) returning a", "2")
	db.Must("create view v as select a from p; create sequence s; create index i on p (b)")
	db.Is("truncate v", `42809: "v" is not a table`)
	db.Is("truncate s", `42809: "s" is not a table`)
	db.Is("truncate i", `42809: "i" is not a table`)
	db.Is("truncate nosuch", `42P01: relation "nosuch" does not exist`)
	db.Is("truncate pg_class", `42501: permission denied: "pg_class" is a system catalog`)
	db.Is("truncate alone, alone", "TRUNCATE TABLE")
	db.Is("select b from p where b = 5", "5")
}
