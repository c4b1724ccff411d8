package session_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// FETCH in every direction gives the rows, and leaves the cursor, where PostgreSQL does.
func TestFetchDirections(t *testing.T) {
	db := dbtest.New(t)
	db.Must("begin; declare c scroll cursor for select generate_series(1, 6)")
	db.Is("fetch c", "1")
	db.Is("fetch next from c", "2")
	db.Is("fetch prior from c", "1")
	db.Is("fetch prior from c", "")
	db.Is("fetch first from c", "1")
	db.Is("fetch last from c", "6")
	db.Is("fetch next from c", "")
	db.Is("fetch prior in c", "6")
	db.Is("fetch absolute 3 from c", "3")
	db.Is("fetch relative 2 from c", "5")
	db.Is("fetch relative -3 from c", "2")
	db.Is("fetch relative 0 from c", "2")
	db.Is("fetch absolute -2 from c", "5")
	db.Is("fetch absolute 0 from c", "")
	db.Is("fetch absolute 7 from c", "")
	db.Is("fetch absolute -7 from c", "")
	db.Is("fetch 2 from c", "1; 2")
	db.Is("fetch forward 2 from c", "3; 4")
	db.Is("fetch backward 2 from c", "3; 2")
	db.Is("fetch 0 from c", "2")
	db.Is("fetch forward 0 from c", "2")
	db.Is("fetch backward 0 from c", "2")
	db.Is("fetch -1 from c", "1")
	db.Is("fetch all from c", "2; 3; 4; 5; 6")
	db.Is("fetch 0 from c", "")
	db.Is("fetch forward all in c", "")
	db.Is("fetch backward 4 in c", "6; 5; 4; 3")
	db.Is("fetch backward all in c", "2; 1")
	db.Is("fetch backward all in c", "")
	db.Is("fetch forward -1 in c", "")
	db.Is("fetch 100 c", "1; 2; 3; 4; 5; 6")
	db.Is("fetch backward -1 in c", "")
	db.Is("fetch relative -100 c", "")
	db.Is("fetch relative 100 c", "")
	db.Is("fetch backward c", "6")
	db.Is("fetch forward c", "")
	db.Is("fetch relative 2147483647 c", "")
	db.Is("fetch absolute -2147483648 c", `42601: syntax error at or near "2147483648"`)
}

// MOVE goes as FETCH does, and tells how many rows that would have been.
func TestMove(t *testing.T) {
	db := dbtest.New(t)
	db.Must("begin; declare c scroll cursor for select generate_series(1, 6)")
	db.Is("move c", "MOVE 1")
	db.Is("fetch c", "2")
	db.Is("move 3 in c", "MOVE 3")
	db.Is("fetch c", "6")
	db.Is("move all in c", "MOVE 0")
	db.Is("move all in c", "MOVE 0")
	db.Is("move prior in c", "MOVE 1")
	db.Is("fetch 0 in c", "6")
	db.Is("move backward all in c", "MOVE 5")
	db.Is("fetch c", "1")
	db.Is("move absolute 5 in c", "MOVE 1")
	db.Is("fetch c", "6")
	db.Is("move relative -2 in c", "MOVE 1")
	db.Is("fetch 0 from c", "4")
	db.Is("move absolute 0 in c", "MOVE 0")
	db.Is("move absolute 9 in c", "MOVE 0")
	db.Is("move last in c", "MOVE 1")
	db.Is("move 0 in c", "MOVE 1")
	db.Is("move first in c", "MOVE 1")
	db.Is("fetch c", "2")
}

// A cursor without SCROLL refuses to go back when its plan cannot, and one with NO SCROLL always.
func TestNoScroll(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); insert into t select generate_series(1, 5)")
	f := func(query, want string) {
		t.Helper()
		db.Must("begin; declare c no scroll cursor for select a from t order by a; fetch 3 from c")
		db.Is(query, want)
		db.Must("rollback")
	}
	f("fetch prior from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch backward 1 from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch backward all from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch -1 from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch absolute 2 from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch absolute 3 from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch absolute 4 from c", "4")
	f("fetch relative -1 from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch relative 0 from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch first from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch last from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("move prior in c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch 0 from c", "55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
	f("fetch 1 from c", "4")
	f("fetch backward 0 from c",
		"55000: cursor can only scan forward HINT: Declare it with SCROLL option to enable backward scan.")
}

// DECLARE, FETCH, MOVE and CLOSE say what is wrong with names, statements and options.
func TestCursorErrors(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int); create table u (a int)")
	f := func(query, want string) {
		t.Helper()
		db.Must("begin; declare c cursor for select 1")
		db.Is(query, want)
		db.Must("rollback")
	}
	f("declare c cursor for select 2", `42P03: cursor "c" already exists`)
	f("fetch d", `34000: cursor "d" does not exist`)
	f("move d", `34000: cursor "d" does not exist`)
	f("close d", `34000: cursor "d" does not exist`)
	f("close c; close c", `34000: cursor "c" does not exist`)
	f("close all; fetch c", `34000: cursor "c" does not exist`)
	f("close all; close all", "CLOSE CURSOR ALL")
	f("declare d cursor for select none", `42703: column "none" does not exist`)
	f("declare d cursor for insert into t values (1) returning a", `42601: syntax error at or near "insert"`)
	f("declare d cursor for select * from t for update", "DECLARE CURSOR")
	f("declare d cursor with hold for select * from t for update",
		"0A000: DECLARE CURSOR WITH HOLD ... FOR UPDATE is not supported DETAIL: Holdable cursors must be READ ONLY.")
	f("declare d scroll cursor for select * from t for update",
		"0A000: DECLARE SCROLL CURSOR ... FOR UPDATE is not supported DETAIL: Scrollable cursors must be READ ONLY.")
	f("declare d insensitive cursor for select * from t for share",
		"42P11: DECLARE INSENSITIVE CURSOR ... FOR SHARE is not valid DETAIL: Insensitive cursors must be READ ONLY.")
	f("declare d scroll no scroll cursor for select 1", "42P11: cannot specify both SCROLL and NO SCROLL")
	f("declare d asensitive insensitive cursor for select 1", "42P11: cannot specify both ASENSITIVE and INSENSITIVE")
	f("declare d cursor for values (1), (2); fetch all d", "1; 2")
	f("declare d cursor for table t; fetch all d", "")
	f("declare d cursor for with x as (insert into t values (1) returning a) select * from x",
		"0A000: DECLARE CURSOR must not contain data-modifying statements in WITH")
	f(`declare "D d" cursor for select 7; fetch "D d"`, "7")
	f("declare d binary cursor for select 1; move d", "MOVE 1")
	f("declare d asensitive cursor without hold for select 7; fetch d", "7")
	f("declare d cursor for select 1/(a-2) from generate_series(1, 3) a; fetch all d", "22012: division by zero")
	db.Is("fetch c", `34000: cursor "c" does not exist`)
	db.Is("declare d cursor for select 1", "25P01: DECLARE CURSOR can only be used in transaction blocks")
	db.Is("declare d cursor with hold for select 1", "DECLARE CURSOR")
	db.Is("close d", "CLOSE CURSOR")
}

// A holdable cursor outlives its transaction with the rows of its time, unless that rolls back; any other does not.
func TestCursorWithHold(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table t (a int, b text); insert into t select i, repeat('x', i) from generate_series(1, 2500) i")
	db.Must("begin; declare h scroll cursor with hold for select a, b from t order by a; declare c cursor for select 1")
	db.Is("fetch 2 from h", "1|x; 2|xx")
	db.Is("delete from t where a <= 5; commit", "COMMIT")
	db.Is("fetch h", "3|xxx")
	db.Is("fetch c", `34000: cursor "c" does not exist`)
	db.Is("fetch prior from h", "2|xx")
	db.Is("move last in h", "MOVE 1")
	db.Is("fetch 0 from h; move absolute -2 in h", "MOVE 1")
	db.Is("fetch next from h; select 1", "1")
	db.Is("begin; drop table t; commit", "COMMIT")
	db.Is("fetch absolute 5 from h", "5|xxxxx")
	db.Must("begin; select 1/1")
	db.Is("fetch h", "6|xxxxxx")
	db.Is("select 1/0", "22012: division by zero")
	db.Is("rollback", "ROLLBACK")
	db.Is("fetch h", "7|xxxxxxx")
	db.Must("begin; declare lost cursor with hold for select 1; rollback")
	db.Is("fetch lost", `34000: cursor "lost" does not exist`)
	db.Is("begin; close h; rollback; fetch h", `34000: cursor "h" does not exist`)
	// What it cannot compute fails the commit.
	db.Must("begin; create table u (a int); declare bad cursor with hold for select 1/(2-i) from generate_series(1, 3) i")
	db.Is("commit", "22012: division by zero")
	db.Is("fetch bad", `34000: cursor "bad" does not exist`)
	db.Is("select * from u", `42P01: relation "u" does not exist`)
}

// A cursor sees the table as it was at DECLARE, not what its own session writes later.
func TestCursorSnapshot(t *testing.T) {
	db := dbtest.New(t)
	other := db.Beside()
	db.Must("create table t (a int); insert into t values (1), (2), (3)")
	db.Must("begin; declare c cursor for select a from t order by a")
	db.Must("insert into t values (4); delete from t where a = 2")
	other.Must("insert into t values (5)")
	db.Is("fetch all from c", "1; 2; 3")
	db.Is("select a from t order by a", "1; 3; 4; 5")
	db.Rows("select name, statement, is_holdable, is_binary, is_scrollable from pg_cursors",
		"c|begin",
		"declare c cursor for select a from t order by a|f|f|t")
	db.Is("commit; select count(*) from pg_cursors", "0")
}

// A DECLARE in one string with its FETCH works without a block, and is gone behind it.
func TestCursorInString(t *testing.T) {
	db := dbtest.New(t)
	db.Is("declare c cursor for select 5; fetch c", "5")
	db.Is("fetch c", `34000: cursor "c" does not exist`)
	db.Is("select 1; declare c cursor for select 6", "DECLARE CURSOR")
	db.Is("begin; declare c cursor for select 6; fetch c; commit; fetch c", `34000: cursor "c" does not exist`)
	db.Is("rollback", "ROLLBACK")
}

// The position after random moves is that of a model: 0 before the first row, n+1 behind the last.
func TestCursorLikeAModel(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	db := dbtest.New(t)
	for _, n := range []int{0, 1, 2, 1023, 1024, 1025, 3000} {
		db.Must(fmt.Sprintf("begin; declare c scroll cursor for select i from generate_series(1, %d) i", n))
		pos := 0
		for range 40 {
			count := rng.IntN(2*n+5) - n - 2
			if rng.IntN(3) == 0 {
				count = rng.IntN(7) - 3
			}
			query := ""
			var rows []string
			switch rng.IntN(4) {
			case 0:
				query = fmt.Sprintf("fetch absolute %d from c", count)
				if pos = count; count < 0 {
					pos = max(n+1+count, 0)
				}
				pos = min(pos, n+1)
				rows = row(pos, n)
			case 1:
				query = fmt.Sprintf("fetch relative %d from c", count)
				pos = min(max(pos+count, 0), n+1)
				rows = row(pos, n)
			case 2:
				query = fmt.Sprintf("fetch forward %d from c", count)
				rows = pass(&pos, count, n)
			case 3:
				query = fmt.Sprintf("fetch backward %d from c", count)
				rows = pass(&pos, -count, n)
			}
			db.Is(query, strings.Join(rows, "; "))
			if t.Failed() {
				t.Fatalf("of %d rows", n)
			}
		}
		db.Must("rollback")
	}
}

// row is the row of that number among n, if there is one.
func row(i, n int) []string {
	if i < 1 || i > n {
		return nil
	}
	return []string{strconv.Itoa(i)}
}

// pass moves by count rows and returns those that are passed; count 0 is the row itself.
func pass(pos *int, count, n int) (rows []string) {
	if count == 0 {
		return row(*pos, n)
	}
	step := 1
	if count < 0 {
		step = -1
	}
	for range max(count, -count) {
		*pos = min(max(*pos+step, 0), n+1)
		rows = append(rows, row(*pos, n)...)
	}
	return rows
}
