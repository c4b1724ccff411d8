package ann_test

import (
	"fmt"
	"strings"
	"testing"
)

// alike says that queries, whose Q is the vector q, have with the index the answer that they have without it.
func (b *bench) alike(q []float32, queries ...string) {
	b.t.Helper()
	b.Must("set vecdb.target_recall = 1")
	for _, query := range queries {
		query = strings.ReplaceAll(query, "Q", "'"+text(q)+"'")
		got := b.Ask(query)
		b.Must("set enable_indexscan = off")
		want := b.Ask(query)
		b.Must("reset enable_indexscan")
		if got != want {
			b.t.Errorf("%s\n with the index %s\nwithout        %s", query, got, want)
		}
	}
}

// Searches stand in any place of a query.
func TestOddPlaces(t *testing.T) {
	b := newBench(t, 6)
	centers := b.centers(10)
	b.loadNear(2500, centers)
	b.load(nil, nil, nil)
	b.index(l2)
	b.Must("create index on t (share); create table o (id int primary key, v vector(6)); insert into o select id * 7, v from t where id <= 40")
	b.Must("analyze t; analyze o")
	b.alike(b.near(centers),
		"select id from t order by v <-> Q limit 5 offset 3",
		"select id from t order by v <-> Q limit 5 offset 2600",
		"select id from t order by v <-> Q limit 0",
		"select count(*), count(v) from (select v from t order by v <-> Q limit 4000) s",
		"select distinct share % 3 from (select share from t order by v <-> Q limit 9) s order by 1",
		"select distinct on (share % 5) id from (select * from t order by v <-> Q limit 30) s order by share % 5, id",
		"select sum(id) from (select id from t order by v <-> Q limit 10) s",
		"select id, row_number() over (order by v <-> Q) from t order by v <-> Q limit 6",
		"select id, rank() over () from (select id from t order by v <-> Q limit 6) s",
		"with n as (select id, v <-> Q as d from t order by v <-> Q limit 8) select n.id, o.id from n left join o on o.id = n.id order by n.d",
		"with n as materialized (select id from t order by v <-> Q limit 8) select a.id from n a join n c using (id) order by 1",
		"select o.id, n.id from o, lateral (select id from t where t.share > o.id order by t.v <-> o.v limit 2) n order by o.id, n.id",
		"select o.id, n.id from o left join lateral (select id from t where t.id < o.id order by t.v <-> o.v limit 1) n on true order by o.id",
		"select id, (select t.id from t order by t.v <-> o.v limit 1) from o order by id",
		"select id from o where id in (select id from t order by v <-> Q limit 50) order by id",
		"select id from o where exists (select from t where t.id = o.id order by t.v <-> o.v limit 1) order by id",
		"(select id from t order by v <-> Q limit 3) union all (select id from t order by v <-> Q limit 2 offset 3)",
		"(select id from t order by v <-> Q limit 9) except (select id from t order by v <-> Q limit 4) order by 1",
		"select array(select id from t order by v <-> Q limit 4)",
		"select id from t order by v <-> (select v from o where id = 7) limit 4",
		"select id from t order by v <-> (select v from o where id = -1) limit 0",
		"select t.id from t, o where o.id = 21 order by t.v <-> o.v limit 5",
		"select case when v <-> Q < 3 then 'near' else 'far' end, id from t order by v <-> Q limit 5",
		"select id from t where v <-> Q < 4 order by v <-> Q limit 30",
		"select id from t where v <-> Q >= 4 order by v <-> Q limit 10",
		"select id from t where v <-> Q between 3 and 5 order by v <-> Q limit 10",
		"select id from t where not v <-> Q < 4 order by v <-> Q limit 10",
		"select id from t where (v <-> Q) ^ 2 > 30 and share < 500 order by v <-> Q limit 10",
		"select count(*) from t where v <-> Q < 4",
		"select id from t where v is not null order by v <-> Q desc limit 4",
		"select id is not null from t order by v <-> Q desc limit 4",
		"select id from t where v is not null order by v <-> Q desc nulls last limit 4",
		"select id from t where v is not null order by (v <-> Q) * -1 desc limit 4",
		"select id from t order by v <-> Q, id desc limit 7",
		"select share > 500, id from t order by share > 500, v <-> Q limit 4",
		"select id from t where share = 3 or id < 9 order by v <-> Q limit 6",
		"select id from t where id between 100 and 120 order by v <-> Q limit 6",
		"select id from t where false order by v <-> Q limit 6",
		"select id from t tablesample system (100) where v is not null order by v <-> Q limit 3",
	)
}

// The fewest dimensions, all rows alike, and vectors without a direction.
func TestOddVectors(t *testing.T) {
	one := newBench(t, 1)
	one.Must("insert into t select g, g % 1000, array[g]::vector from generate_series(1, 3000) g")
	one.index(l2)
	one.alike([]float32{1500.25}, "select id from t order by v <-> Q limit 10", "select id from t where share < 9 order by v <-> Q limit 10",
		"select id from t order by v <-> '[-5]' limit 3", "select id from t order by v <-> '[9000]' limit 3 offset 2")
	one.Must("drop index t_v_idx")
	one.index(cosine)
	one.alike([]float32{2}, "select v <=> Q, count(*) from (select v from t order by v <=> Q limit 50) s group by 1",
		"select v <=> '[-2]', count(*) from (select v from t order by v <=> '[-2]' limit 50) s group by 1")

	zero := newBench(t, 3)
	zero.Must("insert into t select g, g % 1000, case when g % 3 = 0 then '[0,0,0]'::vector else array[g, 1, g % 7]::vector end from generate_series(1, 3000) g")
	zero.index(cosine)
	zero.alike([]float32{1, 2, 3},
		"select id from t order by v <=> Q limit 10",
		"select count(*), count(*) filter (where v = '[0,0,0]') from (select v from t order by v <=> Q limit 2100) s",
		"select count(*), count(*) filter (where v = '[0,0,0]') from (select v from t where share < 300 order by v <=> Q limit 250) s",
		"select count(*) from (select v from t order by v <=> '[0,0,0]' limit 7) s",
		"select count(*) from (select v from t where id % 3 = 0 order by v <=> Q limit 7) s")
	zero.Is("select count(*) from (select id from t order by v <=> '[0,0,0]' limit 2500) s", "2500")

	same := newBench(t, 4)
	same.Must("insert into t select g, g % 1000, '[1,2,3,4]' from generate_series(1, 3000) g")
	for _, m := range metrics {
		same.index(m)
		for _, where := range []string{"", "where share < 500", "where share = 7"} {
			query := fmt.Sprintf("select count(distinct id) from (select id from t %s order by v %s '[1,2,3,4]' limit 3) s", where, m.operator)
			same.Is(query, "3")
		}
		same.Must("drop index t_v_idx")
	}
}

// A column that was added with a value, to rows that are older than it, is searched like any other.
func TestColumnAddedLater(t *testing.T) {
	b := newBench(t, 2)
	b.Must("create table late (id int primary key); insert into late select generate_series(1, 2500)")
	b.Settle()
	b.Must("alter table late add column v vector(2) default '[3,4]', add column w vector(2)")
	b.Must("create index on late using ivfpq (v vector_l2_ops); create index on late using ivfpq (w vector_l2_ops)")
	check := func(where string) {
		t.Helper()
		b.Is("select v, count(*) from (select v from late "+where+" order by v <-> '[0,0]' limit 5) s group by 1", "[3,4]|5")
		b.Is("select count(*) from (select 1 from late order by v <-> '[0,0]' limit 5000) s", "2500")
		b.Is("select count(*), count(w) from (select w from late order by w <-> '[0,0]' limit 5000) s", "2500|0")
	}
	check("")
	b.Settle()
	check("where id % 2 = 0")
	b.Must("update late set id = -id where id <= 2000; update late set w = '[1,1]' where id = 2300")
	check2 := func() {
		t.Helper()
		b.Is("select id from late order by w <-> '[0,0]' limit 1", "2300")
		b.Is("select v, count(*) from (select v from late where id < 0 order by v <-> '[0,0]' limit 5) s group by 1", "[3,4]|5")
	}
	check2()
	b.Settle()
	check2()
	b.Restart()
	check2()
}

// A cursor over a search stays as it was while its index goes or another comes, and rows change.
func TestCursorsBesideDefinitions(t *testing.T) {
	b := newBench(t, 4)
	centers := b.centers(8)
	b.loadNear(2500, centers)
	b.index(l2)
	b.Must("set vecdb.target_recall = 1")
	q := text(b.near(centers))
	all := strings.Split(b.Ask("select id from t order by v <-> '"+q+"' limit 60"), "; ")
	for _, change := range []string{
		"create index again on t using ivfpq (v vector_cosine_ops)",
		"update t set v = '[99,99,99,99]' where id % 2 = 0",
		"delete from t where id % 3 = 0",
		"savepoint s; update t set v = null; rollback to s",
		"drop index t_v_idx",
		"reindex index t_v_idx",
		"truncate t",
	} {
		b.Must("begin; declare c cursor for select id from t order by v <-> '" + q + "' limit 60")
		b.Is("fetch 5 from c", strings.Join(all[:5], "; "))
		b.Must(change)
		b.Is("fetch 15 from c", strings.Join(all[5:20], "; "))
		b.Is("fetch all from c", strings.Join(all[20:], "; "))
		b.Must("rollback")
	}
	b.uses("select id from t order by v <-> '"+q+"' limit 60", true)
	b.Is("select id from t order by v <-> '"+q+"' limit 60", strings.Join(all, "; "))
}
