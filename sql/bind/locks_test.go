package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

func lockTables(t *testing.T) *dbtest.DB {
	db := dbtest.New(t)
	db.Must(`create table tb (a int primary key, b text); insert into tb values (1, 'x'), (2, 'y');
		create view grouped as select a, count(*) c from tb group by a; create view plain as select * from tb`)
	return db
}

// TestNamedLocks holds what FOR UPDATE OF can name.
func TestNamedLocks(t *testing.T) {
	db := lockTables(t)
	db.Is("select * from generate_series(1, 2) g for update of g", "0A000: FOR UPDATE cannot be applied to a function")
	db.Is("with w as (select 1 x) select * from w for update of w", "0A000: FOR UPDATE cannot be applied to a WITH query")
	db.Is("select * from (tb join tb t2 using (a)) j for share of j", "0A000: FOR SHARE cannot be applied to a join")
	db.Is("select * from tb for update of nope", `42P01: relation "nope" in FOR UPDATE clause not found in FROM clause`)
	db.Is("select * from tb for update of public.tb", "42601: FOR UPDATE must specify unqualified relation names")
	db.Is("select * from tb t for no key update of tb",
		`42P01: relation "tb" in FOR NO KEY UPDATE clause not found in FROM clause`)
	db.Rows("select * from (values (1)) v for update of v",
		"1",
	)
	db.Rows("select * from tb join tb t2 using (a) for update of t2",
		"1|x|x",
		"2|y|y",
	)
	db.Rows("select * from generate_series(1, 2) g for update",
		"1",
		"2",
	)
	db.Rows("with w as (select 1 x) select * from w for update",
		"1",
	)
}

// TestLocksOfResults holds that rows which are no rows of a table cannot be locked, in subqueries and views as well.
func TestLocksOfResults(t *testing.T) {
	db := lockTables(t)
	db.Is("values (1) for key share", "0A000: FOR KEY SHARE cannot be applied to VALUES")
	db.Is("select a from tb having true for update", "0A000: FOR UPDATE is not allowed with HAVING clause")
	db.Is("select * from (select * from tb union select * from tb) s for update",
		"0A000: FOR UPDATE is not allowed with UNION/INTERSECT/EXCEPT")
	db.Is("select * from (select a, count(*) from tb group by a) s for update of s",
		"0A000: FOR UPDATE is not allowed with GROUP BY clause")
	db.Is("select * from (select distinct a from tb) s for share", "0A000: FOR SHARE is not allowed with DISTINCT clause")
	db.Is("select * from grouped for update", "0A000: FOR UPDATE is not allowed with GROUP BY clause")
	db.Is("select * from grouped v for share of v", "0A000: FOR SHARE is not allowed with GROUP BY clause")
	db.Rows("select t.a from tb t, grouped v where t.a = v.a and v.a = 2 for update of t", "2")
	db.Rows("select * from plain for update",
		"1|x",
		"2|y",
	)
	db.Rows("select * from (select a from tb limit 1) s for update",
		"1",
	)
}

// TestLocksOfOuterJoins holds that rows which an outer join may not find cannot be locked.
func TestLocksOfOuterJoins(t *testing.T) {
	db := lockTables(t)
	db.Is("select * from tb left join tb t2 using (a) for update",
		"0A000: FOR UPDATE cannot be applied to the nullable side of an outer join")
	db.Is("select * from tb left join tb t2 using (a) for update of t2",
		"0A000: FOR UPDATE cannot be applied to the nullable side of an outer join")
	db.Is("select * from tb right join tb t2 using (a) for share of tb",
		"0A000: FOR SHARE cannot be applied to the nullable side of an outer join")
	db.Is("select * from tb full join tb t2 on tb.a = t2.a for update of tb",
		"0A000: FOR UPDATE cannot be applied to the nullable side of an outer join")
	db.Rows("select * from tb left join tb t2 on tb.a = t2.a for update of tb",
		"1|x|1|x",
		"2|y|2|y",
	)
	db.Rows("select * from tb left join tb t2 on tb.a = t2.a where t2.b = 'x' for update",
		"1|x|1|x",
	)
}

// TestLocksReachIntoViews holds that the rows behind a view or a subquery are locked.
func TestLocksReachIntoViews(t *testing.T) {
	db := lockTables(t)
	for _, q := range []string{
		"select * from plain where a = 1 for update", "select * from (select a from tb) s for update",
	} {
		one, two := db.Beside(), db.Beside()
		one.Must("begin; " + q)
		two.Is("select a from tb where a = 1 for update nowait", `55P03: could not obtain lock on row in relation "tb"`)
		one.Must("rollback")
		two.Is("select a from tb where a = 1 for update nowait", "1")
	}
}
