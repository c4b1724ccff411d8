package bind_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner/cat/testcat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
)

const fuzzSchema = `create table t (id int primary key, a int default 3, b text, c numeric(10,2), d timestamp,
	j jsonb, arr int[]);
	create table u (id bigint primary key, t_id int, name varchar(20) not null, ok bool, check (t_id > 0));
	create view v as select id, a + 1 as a1 from t where a > 0`

// FuzzBind binds whatever parses: nothing may panic, what binds prints, and the stored text of a query
// binds to the same text again.
func FuzzBind(f *testing.F) {
	for _, q := range []string{
		"select a, count(*) from t group by a having count(*) > 1 order by 2 limit 3",
		"select * from t join u using (id) left join v on v.id = t.id where exists (select 1 from u where u.id = t.a)",
		`with recursive r(n) as (select 1 union all select n + 1 from r)
			select distinct on (n) n, row_number() over (order by n) from r`,
		"select a from t union select t_id from u except values (1) order by 1",
		`select generate_series(1, a), case a when 1 then 'x' else b end, a in (1,2), arr[1], (t).b,
			row(1,2) = row(a,3) from t`,
		"insert into t (a, b) select id, 'x' from u on conflict (id) do update set a = excluded.a returning *",
		"update t set (a, b) = (select 1, name from u limit 1) from u where u.id = t.id returning t.*",
		"delete from t using u where t.id = u.id returning ctid, t",
		"select grouping(a), sum(b::int) filter (where c > 1) from t group by cube (a, b)",
		"select x.* from lateral unnest(array[1,2], array['a']) with ordinality x, json_to_record('{}') as y(a int)",
		"select a between symmetric 1 and 2, nullif(a, $1), coalesce(b, $2), b similar to 'x', extract(year from d) from t",
		"select * from t full join u using (id) for update of t",
		"select max((select count(u.id + t.id) from u)) from t",
	} {
		f.Add(q)
	}
	c := testcat.New()
	if err := c.Exec(fuzzSchema); err != nil {
		f.Fatal(err)
	}
	cache := bind.NewCache()
	f.Fuzz(func(t *testing.T, text string) {
		stmts, err := sql.Parse(text)
		if err != nil {
			return
		}
		for _, s := range stmts {
			b := &bind.Binder{Catalog: c, Cache: cache}
			if r, err := b.Bind(s); err == nil {
				bind.Format(r.Stmt)
			}
			if q, ok := s.Node.(*sql.Select); ok {
				storedAlike(t, c, b, q)
			}
		}
	})
}

// storedAlike checks that a view's stored text means what it says.
func storedAlike(t *testing.T, c *testcat.Catalog, b *bind.Binder, q *sql.Select) {
	r, err := b.BindQueryForView(q)
	if err != nil || hasModify(q) {
		return
	}
	text := bind.DeparseQuery(c, r, bind.DeparseStored)
	again, err := sql.Parse(text)
	if err != nil {
		t.Fatalf("stored text does not parse: %v\n%s", err, text)
	}
	r2, err := b.BindQueryForView(again[0].Node.(*sql.Select))
	if err != nil {
		t.Fatalf("stored text does not bind: %v\n%s", err, text)
	}
	if got := bind.DeparseQuery(c, r2, bind.DeparseStored); !strings.EqualFold(got, text) {
		t.Fatalf("stored text changes from\n%s\nto\n%s", text, got)
	}
}

func hasModify(q *sql.Select) bool {
	if q.With == nil {
		return false
	}
	for _, c := range q.With.CTEs {
		if _, ok := c.Query.(*sql.Select); !ok {
			return true
		}
	}
	return false
}
