package bind_test

import (
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

// A name of FROM as a value is its row, but of one function with one value it is that value, whatever its column is
// called.
func TestWholeRowOfFunction(t *testing.T) {
	db := dbtest.New(t)
	db.Is("select x from generate_series(1, 2) as x (y)", "1; 2")
	db.Is("select f from json_array_elements_text('[\"a\"]') f", "a")
	db.Is("select f.f, count(f), max(f) from generate_series(1, 2) f group by 1 order by 1", "1|1|1; 2|1|2")
	db.Is("select x from (select 1 as x) x", "1")
	db.Is("select x from (select 1 as y) x", "(1)")
	db.Is("select e from jsonb_each('{\"a\": 1}') e", "(a,1)")
	db.Is("select f from generate_series(1, 2) with ordinality f", "1; 2")
	db.Is("select f from rows from (generate_series(1, 2)) f", "1; 2")
	db.Is("select tag from jsonb_array_elements_text('[\"b\", \"a\"]') tag order by tag", "a; b")
}

// The row of a table, view or subquery that an outer join did not find is NULL, not a row of nulls.
func TestWholeRowNotFound(t *testing.T) {
	db := dbtest.New(t)
	db.Must(`create table a (id int); create table d (id int primary key, v int); create view dv as select id, v from d;
		insert into a values (1), (9); insert into d values (1, null), (2, 2)`)
	db.Rows("select d from a left join d on a.id = d.id order by a.id",
		"(1,)",
		"<null>",
	)
	db.Rows("select d is null, d is not null, d.* is null from a left join d on a.id = d.id order by a.id",
		"f|f|f",
		"t|f|t",
	)
	db.Rows("select coalesce(d, row(7, 7)::d), to_json(d), d::text, (d).v from a left join d on a.id = d.id order by a.id",
		`(1,)|{"id":1,"v":null}|(1,)|<null>`,
		"(7,7)|<null>|<null>|<null>",
	)
	db.Rows(`select count(d), count(*), array_agg(d order by a.id), jsonb_agg(d order by a.id) from a
		left join d on a.id = d.id`,
		`1|2|{"(1,)",NULL}|[{"v": null, "id": 1}, null]`,
	)
	db.Rows("select d, a from a full join d on a.id = d.id order by a.id, d.id",
		"(1,)|(1)",
		"<null>|(9)",
		"(2,2)|<null>",
	)
	db.Rows("select d from d right join a on a.id = d.id order by a.id",
		"(1,)",
		"<null>",
	)
	db.Rows("select a.id, q from a left join (select id, v from d) q on a.id = q.id order by a.id",
		"1|(1,)",
		"9|<null>",
	)
	db.Rows("select a.id, dv from a left join dv on a.id = dv.id order by a.id",
		"1|(1,)",
		"9|<null>",
	)
	db.Rows("with w as materialized (select * from d) select w from a left join w on a.id = w.id order by a.id",
		"(1,)",
		"<null>",
	)
	db.Rows("select f from a left join generate_series(1, 3, 2) with ordinality f(x, n) on a.id = f.x order by a.id",
		"(1,1)",
		"<null>",
	)
	db.Rows("select j from a left join (d join d e using (id)) j on a.id = j.id order by a.id",
		"(1,,)",
		"<null>",
	)
	db.Rows("select d, e from a left join (d join d e using (id)) on a.id = d.id order by a.id",
		"(1,)|(1,)",
		"<null>|<null>",
	)
	db.Rows("select d, count(*) from a left join d on a.id = d.id group by d order by 2, 1",
		"(1,)|1",
		"<null>|1",
	)
	db.Rows("select d.id, d from a left join d on a.id = d.id group by d.id order by 1",
		"1|(1,)",
		"<null>|<null>",
	)
	db.Rows("select n from a left join pg_namespace n on n.nspname = a.id::text limit 1",
		"<null>",
	)
	db.Rows("select a.id, (select count(d)) from a left join d on a.id = d.id group by a.id order by 1",
		"1|1",
		"9|0",
	)
	db.Rows("select x.d from (select d from a left join d on a.id = d.id) x where x.d is null",
		"<null>",
	)
}
