package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A full join needs an equality between its sides, or a condition that is constant.
func TestFullJoinConditions(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table a (id int, x int, day date); insert into a values (1, 1, '2024-01-01'), (9, 2, '2024-01-09');
		create table d (id int, v int, at timestamp); insert into d values (1, 1, '2024-01-01'), (2, 2, '2024-01-02')`)
	f := func(on, want string) {
		t.Helper()
		db.Is("select a.id, d.id from a full join d on "+on+" order by 1, 2", want)
	}
	const refused = "0A000: FULL JOIN is only supported with merge-joinable or hash-joinable join conditions"
	f("a.id < d.id", refused)
	f("a.id = 1", refused)
	f("a.id + d.id = 4", refused)
	f("a.id = 3 and d.id = 2", refused)
	f("a.id is not distinct from d.id", refused)
	f("a.id = d.id or a.x = d.v", refused)
	f("a.id = d.id and a.x <= d.v", "1|1; 9|<null>; <null>|2")
	f("a.id = d.id + 1 and a.id > 0", "1|<null>; 9|<null>; <null>|1; <null>|2")
	f("(a.id, a.x) = (d.id, d.v)", "1|1; 9|<null>; <null>|2")
	f("a.day = d.at", "1|1; 9|<null>; <null>|2")
	f("false", "1|<null>; 9|<null>; <null>|1; <null>|2")
	f("1 = 1 and true", "1|1; 1|2; 9|1; 9|2")
	db.Is("select count(*) from a full join d on a.id < d.id where a.id > 0", "2")
	db.Is("select count(*) from a full join d on a.id < d.id where a.id > 0 and d.id > 0", "1")
}
