package planner_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/tests/dbtest"
)

// ruleQueries are statements to which rules apply where NULL, empty sides, duplicates or the order of computing could
// make a difference. Those that end in ORDER BY 1 ... must agree in order.
var ruleQueries = []string{
	// push-down
	"select * from (select a + 1 as n, b from r) s where n > 3 and b is not null",
	"select * from r left join s on r.a = s.a where r.b > 2",
	"select * from r left join s on r.a = s.a and r.b > 2",
	"select * from r left join s on r.a = s.a and s.b > 2 where s.b is null",
	"select * from r full join s on r.a = s.a and r.b = 2",
	"select * from r full join s on r.a = s.a where r.b = 2",
	"select r.*, s.* from r full join s on r.a = s.a where s.b = 2",
	"select * from r full join s using (a) where a = 2",
	"select a, count(*), sum(b) from r group by a having a > 1 and count(*) > 1",
	"select a, b, count(*) from r group by grouping sets ((a, b), (a), ()) having a is null or a > 2",
	"select a, b, count(*) from r group by rollup (a, b) having a > 2",
	"select * from (select a, b, rank() over (partition by a order by b) as k from r) x where a = 2 and k = 1",
	"select * from (select distinct on (a) a, b from r order by a, b desc nulls last) x where b > 3",
	"select * from (select distinct on (a) a, b from r order by a, b) x where a = 3",
	"select * from (select a from r union select b from s) x where a > 2",
	"select * from (select a from r except all select b from s) x where a > 2",
	"select * from (select a from r intersect select b from s) x where a is not null",
	"select * from (select a, 1 as side from r union all select b, 2 from s) x where side = 2",
	"select * from (select a, 1 as side from r union select b, 2 from s) x where side = 1",
	"select * from (select a, 1 as side from r intersect select b, 2 from s) x where side = 1",
	"select * from (select a from r order by b limit 5) x where a > 1",
	"select * from (select a, generate_series(1, a) as g from r) x where g = 2",
	// constants
	"select * from r, s where r.a = s.a and r.a = 3",
	"select * from r left join s on r.a = s.a where r.a = 3",
	"select * from r where (a, b) = (2, 3) or (a, b) = (3, 2)",
	"select * from r where (a, b) in (select b, a from s)",
	"select * from r where (a, b) not in (select b, a from s where a is not null)",
	"select * from r where not (a = 1 and b = 2)",
	"select * from r where not (a = 1 or b is null)",
	"select * from r where not (a > b) and not (a <> 3 and b < 2)",
	"select * from r where not (a::float8 > 'NaN' or a::text like '2%')",
	"select * from r where (a = 1 and b = 2) or (a = 1 and b = 3) or (b = 4 and a = 1)",
	"select * from r where (a = 1 and b = 2) or a = 1",
	"select * from r where a = null or b = 2",
	"select a, (a = null) is null from r",
	"select * from r where case when a = 0 then false else 6 / a > 2 end",
	"select * from r where not (a is null)",
	"select * from r where not (row(a, b) is null)",
	// nothing
	"select * from r left join (select * from s where false) x on x.a = r.a",
	"select * from (select * from r where false) x full join s on x.a = s.a",
	"select * from (select * from r where false) x right join s on x.a = s.a where x.b is null",
	"select count(*), max(a) from r where false",
	"select a from r where false union select b from s",
	"select a from r except select b from s where 1 = 2",
	"select * from r where not exists (select 1 from s where s.a = r.a and false)",
	"select * from r where a > all (select a from s where false)",
	"select * from r where a > any (select a from s where false)",
	// subqueries
	"select * from r where exists (select 1 from s where s.a = r.a and s.b > r.b)",
	"select * from r where not exists (select 1 from s where s.a = r.a and r.b > 2)",
	"select * from r where a in (select b from s)",
	"select * from r where a not in (select b from s)",
	"select * from r where a not in (select b from s where b is not null)",
	"select * from r where a not in (select b from s where s.a = r.b)",
	"select * from r where d not in (select d from s)",
	"select * from r where a > all (select b from s where b is not null)",
	"select * from r where a <> all (select b from s where s.a = r.a)",
	"select * from r where not (a < any (select b from s))",
	"select * from r where not (a > all (select b from s where b < 3))",
	"select a, (select count(*) from s where s.a = r.a), (select max(b) from s where s.a = r.a) from r",
	"select a, (select count(b) + 10 from s where s.a = r.a and s.b = r.b) from r",
	"select * from r where b > (select avg(b) from s where s.a = r.a)",
	"select * from r where 0 = (select count(*) from s where s.a = r.a)",
	"select a, (select coalesce(sum(b), -1) from s where s.a = r.a) from r",
	"select a, (select array_agg(b order by b) from s where s.a = r.a) from r",
	"select a, (select max(b) from s where s.a < r.a) from r",
	"select a, exists (select 1 from s where s.a = r.a) from r",
	"select a, a in (select b from s) from r",
	"select * from r, lateral (select b as n from s where s.a = r.a order by b limit 1) x",
	"select * from r left join lateral (select max(b) as n from s where s.a = r.a) x on n > 2",
	// outer joins
	"select * from r left join s on r.a = s.a where s.b = any (array[1, 2, null])",
	"select * from r left join s on r.a = s.a where coalesce(s.b, 2) = 2",
	"select * from r left join s on r.a = s.a join q on q.a = s.b",
	"select * from r left join (s left join q on q.a = s.a) on q.b = r.b",
	"select * from (r left join s on r.a = s.a) left join (q left join s x on x.a = q.a) on x.b = s.b",
	"select * from (r full join s on r.a = s.a) full join q on q.a = s.b where q.b is not null and r.a > 1",
	"select * from r left join s on r.a = s.a left join q on q.a = s.a where (s.b > 1) is not false",
	"select * from r natural left join s",
	// limits, orders, projections
	"select a, b from (select * from r order by b) x order by 1, 2 limit 7",
	"select * from (select a, b from r order by 1, 2 limit 9) x where b > 1",
	"select a + 1 as n from r order by n limit 4 offset 2",
	"select a from r where a in (select a from s order by b) order by 1",
	"select array_agg(a) from (select a from r order by a, b) x",
	"select 5 as c, a from r order by c, 2",
	"select n * n from (select a + b as n from r) x",
	"select max(a), min(b) from (select a, b, count(*) from r group by a, b) x",
	"select count(*) from (select a, rank() over (order by b) from r) x",
	"select 1 from (select count(*) from r) x",
	"select a from (select a, sum(b) as s from r group by a) x",
	// WITH
	"with x as (select * from r where b > 1) select * from x where a = 2",
	"with x as (select * from r) select * from x join x y on x.a = y.b",
	"with recursive x (n) as (select 1 union all select n + 1 from x where n < 6) select * from x join r on r.a = n",
	"with x as (select a from r), y as (select a from x where a > 1) select * from s where a in (select a from y)",
	"select * from v where twice > 4",
	"select v.a, w.a from v left join v w on v.a = w.twice where w.twice > 2",
}

// A query has one answer with every rule, with none, and with any single one switched off.
func TestAnswersWithoutRules(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table r (a int, b int, d int not null); create table s (a int, b int, d int not null);
		create table q (a int, b int);
		insert into r select nullif(i % 6, 0), nullif(i % 5, 4), i % 3 from generate_series(1, 40) i;
		insert into s select nullif(i % 7, 0), nullif(i % 4, 3), i % 2 from generate_series(1, 25) i;
		insert into q select nullif(i % 3, 0), i from generate_series(1, 9) i;
		create index on r (a); create index on s (a, b);
		create view v as select a, b * 2 as twice from r where b is not null`)
	settings := []string{"all"}
	settings = append(settings, planner.Rules()...)
	wants := make([]string, len(ruleQueries))
	for i, query := range ruleQueries {
		wants[i] = answerOf(db, query)
		if strings.Contains(wants[i], "42") && strings.Contains(wants[i], ": ") {
			t.Fatalf("%s\n%s", query, wants[i])
		}
	}
	for _, off := range settings {
		db.Must("set vecdb.rules_off = '" + off + "'")
		for i, query := range ruleQueries {
			if got := answerOf(db, query); got != wants[i] {
				t.Errorf("%s\nwithout %s\n got %s\nwant %s", query, off, got, wants[i])
			}
		}
	}
}
