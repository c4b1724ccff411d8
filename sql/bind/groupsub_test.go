package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A subquery may be grouped by, under its name or written again, whatever columns of the query around it it uses.
func TestGroupedSubqueries(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table s (x int, y text); insert into s values (1, 'a'), (1, 'b'), (2, 'c');
		create table d (id int, v int); insert into d values (1, 1), (2, 1), (3, 2), (3, 2)`)
	db.Rows("select (select count(*) from s where x = d.id) c, count(*) from d group by c order by 1",
		"0|2",
		"1|1",
		"2|1",
	)
	db.Rows(`select (select count(*) from s where x = d.id), count(*) from d
		group by (select count(*) from s where x = d.id) order by 1`,
		"0|2",
		"1|1",
		"2|1",
	)
	db.Rows(`select 1 + (select count(*) from s where x = d.id) c, count(*) from d
		group by (select count(*) from s where x = d.id) order by 1`,
		"1|2",
		"2|1",
		"3|1",
	)
	db.Rows("select exists (select 1 from s where x = d.id) e, count(*) from d group by e order by 1",
		"f|2",
		"t|2",
	)
	db.Rows("select id in (select x from s) e, count(*) from d group by e order by 1",
		"f|2",
		"t|2",
	)
	db.Rows("select array(select y from s where x = d.id order by 1) e, count(*) from d group by 1 order by 1",
		"{}|2",
		"{a,b}|1",
		"{c}|1",
	)
	db.Rows(`select (select count(*) from s where x = d.id) c, v, count(*) from d
		group by grouping sets ((c, v), (c), ()) order by 1, 2`,
		"0|2|2",
		"0|<null>|2",
		"1|1|1",
		"1|<null>|1",
		"2|1|1",
		"2|<null>|1",
		"<null>|<null>|4",
	)
	db.Rows(`select (select max(x) from s where x = d.id) c, count(*) from d group by c
		having (select max(x) from s where x = d.id) = 1`,
		"1|1",
	)
	db.Is("select (select count(*) from s where x = d.id) c, count(*) from d group by v",
		`42803: subquery uses ungrouped column "d.id" from outer query`)
	db.Is(`select (select count(*) from s where x = d.id), count(*) from d
		group by (select count(*) from s where x > d.id)`,
		`42803: subquery uses ungrouped column "d.id" from outer query`)
	db.Is(`select (select count(*) from s where y = 'x' and x = d.id), count(*) from d
		group by (select count(*) from s where y = 'y' and x = d.id)`,
		`42803: subquery uses ungrouped column "d.id" from outer query`)
}

// The direct arguments of an ordered-set aggregate have one value a group.
func TestGroupedDirectArguments(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table d (id int primary key, v int, b int); insert into d values (1, 1, 1), (2, 2, 1), (3, 3, 1)")
	db.Is("select percentile_cont(v) within group (order by b) from d",
		`42803: column "d.v" must appear in the GROUP BY clause or be used in an aggregate function `+
			`DETAIL: Direct arguments of an ordered-set aggregate must use only grouped columns.`)
	db.Is("select v, percentile_cont(id / 10.0) within group (order by b) from d group by v",
		`42803: column "d.id" must appear in the GROUP BY clause or be used in an aggregate function `+
			`DETAIL: Direct arguments of an ordered-set aggregate must use only grouped columns.`)
	db.Is("select rank(v) within group (order by b) from d",
		`42803: column "d.v" must appear in the GROUP BY clause or be used in an aggregate function `+
			`DETAIL: Direct arguments of an ordered-set aggregate must use only grouped columns.`)
	db.Rows("select percentile_cont(0.5) within group (order by b) from d",
		"1",
	)
	db.Rows("select percentile_cont(v / 10.0) within group (order by b) from d group by v order by 1",
		"1",
		"1",
		"1",
	)
	db.Rows("select rank(v) within group (order by b) from d group by id order by id",
		"1",
		"2",
		"2",
	)
}

// An aggregate that a recursive term may not have is pointed at where it stands.
func TestRecursiveAggregatePlace(t *testing.T) {
	f := answers(t, "create table t (a int)")
	f("with recursive x(n) as (select 1 union all select count(*) from x) select 1",
		"42P19: aggregate functions are not allowed in a recursive query's recursive term @ count(*) fro")
	f("with recursive x(n) as (select 1 union all select n from x group by n having max(n) > 1) select 1",
		"42P19: aggregate functions are not allowed in a recursive query's recursive term @ max(n) > 1)")
}
