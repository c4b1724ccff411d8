package ann_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// uses says whether the plan of a query searches the index.
func (b *bench) uses(query string, want bool) {
	b.t.Helper()
	plan := b.Ask("explain (costs off) " + query)
	if got := strings.Contains(plan, "using t_v_idx"); got != want {
		b.t.Errorf("%s\nuses the index: %v, want %v\n%s", query, got, want, strings.ReplaceAll(plan, "; ", "\n"))
	}
}

// Every form in which people ask for the nearest rows is a search of the index, and gives what sorting gives.
func TestForms(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(10)
	b.loadNear(4000, centers)
	b.index(l2)
	b.Must("analyze t; set vecdb.target_recall = 1")
	q := b.near(centers)
	nearest, _ := b.exact(l2, q, 5, nil)
	want := make([]string, len(nearest))
	for i, n := range nearest {
		want[i] = fmt.Sprint(n.id)
	}
	literal := "'" + text(q) + "'"
	for _, form := range []string{
		"select id from t order by v <-> Q limit 5",
		"select id from t order by v <-> Q::vector limit 5",
		"select id from t order by Q <-> v limit 5",
		"select id from t order by l2_distance(v, Q) limit 5",
		"select id from (select id, v <-> Q as d from t order by d limit 5) s",
		"select id from (select id, v <-> Q as d from t) s order by d limit 5",
		"select id from t order by v <-> Q asc nulls last, id limit 5",
		"select id from t order by v <-> (select Q::vector) limit 5",
		"with q as (select Q::vector as e) select id from t order by v <-> (select e from q) limit 5",
		"select t.id from t order by v <-> Q fetch first 5 rows only",
		"select id from t where v is not null order by v <-> Q limit 5",
		"select id from t where v <-> Q < 1000 order by v <-> Q limit 5",
		"select x.id from t as x order by x.v <-> Q limit 5",
		"select n.id from (values (Q::vector)) as s (e), lateral (select id from t order by v <-> s.e limit 5) n",
	} {
		query := strings.ReplaceAll(form, "Q", literal)
		b.uses(query, true)
		b.Is(query, strings.Join(want, "; "))
	}
	b.IsWith("select id from t order by v <-> $1 limit 5", []string{text(q)}, strings.Join(want, "; "))
	b.IsWith("select id from t order by v <-> $1 limit $2", []string{text(q), "5"}, strings.Join(want, "; "))
	b.IsWith("select id from t order by v <-> $1::vector limit $2 offset $3", []string{text(q), "3", "2"},
		strings.Join(want[2:], "; "))
	b.Must("prepare p (vector, int) as select id from t order by v <-> $1 limit $2")
	for range 7 { // beyond the number of runs after which plans are kept
		b.Is(fmt.Sprintf("execute p (%s, 5)", literal), strings.Join(want, "; "))
	}
	// The distance that is shown is the one that the rows are sorted by.
	got := b.Ask(fmt.Sprintf("select round((v <-> %s)::numeric, 3) from t order by v <-> %s limit 5", literal, literal))
	var shown []string
	for _, n := range nearest {
		shown = append(shown, fmt.Sprintf("%.3f", n.distance))
	}
	if got != strings.Join(shown, "; ") {
		t.Errorf("distances %s, want %v", got, shown)
	}
}

// What the index cannot answer is sorted exactly: other metrics, other directions, other expressions.
func TestFormsWithoutTheIndex(t *testing.T) {
	b := newBench(t, 4)
	b.loadNear(2000, b.centers(5))
	b.index(l2)
	b.Must("analyze t")
	for _, query := range []string{
		"select id from t order by v <=> '[1,2,3,4]' limit 5",
		"select id from t order by v <#> '[1,2,3,4]' limit 5",
		"select id from t order by v <+> '[1,2,3,4]' limit 5",
		"select id from t order by v <-> '[1,2,3,4]' desc limit 5",
		"select id from t order by v + '[1,1,1,1]' <-> '[1,2,3,4]' limit 5",
		"select id from t order by share, v <-> '[1,2,3,4]' limit 5",
		"select max(id) from t",
	} {
		b.uses(query, false)
	}
	q := []float32{1, 2, 3, 4}
	b.same(cosine, q, "", 20, nil)
	b.same(product, q, "", 20, nil)
}

// A search joined with other tables: filters by a join, neighbours of each row of another table, self-joins.
func TestJoins(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(10)
	b.loadNear(3000, centers)
	b.index(l2)
	b.Must(`create table tag (id int primary key, name text); insert into tag select g, 'tag ' || g % 10
		from generate_series(1, 3000) g`)
	b.Must("analyze t; analyze tag; set vecdb.target_recall = 1")
	q := b.near(centers)
	nearest, _ := b.exact(l2, q, 3000, nil)
	var want []string
	for _, n := range nearest {
		if n.id%10 == 3 && len(want) < 10 {
			want = append(want, fmt.Sprint(n.id))
		}
	}
	for _, query := range []string{
		"select t.id from t join tag on tag.id = t.id where tag.name = 'tag 3' order by t.v <-> 'Q' limit 10",
		"select id from t where id in (select id from tag where name = 'tag 3') order by v <-> 'Q' limit 10",
		`select id from t where exists (select 1 from tag where tag.id = t.id and name = 'tag 3') order by v <-> 'Q'
			limit 10`,
	} {
		b.Is(strings.ReplaceAll(query, "Q", text(q)), strings.Join(want, "; "))
	}
	// The two nearest of each of five rows: the row itself and one other.
	got := b.Ask(`select a.id, n.id from t a, lateral (select id from t b order by b.v <-> a.v limit 2) n
		where a.id <= 5 order by a.id, n.id <> a.id`)
	var pairs []string
	for id := 1; id <= 5; id++ {
		two, _ := b.exact(l2, b.rows[id].vec, 2, nil)
		pairs = append(pairs, fmt.Sprintf("%d|%d", id, id), fmt.Sprintf("%d|%d", id, two[1].id))
	}
	if got != strings.Join(pairs, "; ") {
		t.Errorf("neighbours\n got %s\nwant %s", got, strings.Join(pairs, "; "))
	}
	b.Is(`select count(*) from (select n.id from tag, lateral (select id from t
		order by v <-> (select v from t where id = tag.id) limit 3) n where tag.id <= 20) s`,
		"60")
}

// Rows within a distance, alone and with a limit, are those that the distances say.
func TestWithinDistance(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(10)
	b.loadNear(3000, centers)
	b.index(l2)
	b.Must("set vecdb.target_recall = 1")
	q := b.near(centers)
	all, _ := b.exact(l2, q, 3000, nil)
	radius := all[40].distance + 1e-4
	query := fmt.Sprintf("from t where v <-> '%s' < %v", text(q), radius)
	b.Is("select count(*) "+query, "41")
	got := ids(t, b.Session, fmt.Sprintf("select id %s order by v <-> '%s' limit 100", query, text(q)))
	if len(got) != 41 || got[0] != all[0].id {
		t.Errorf("%d rows within the distance of 41", len(got))
	}
	b.checkOrder(l2, q, got, nil)
	if got := ids(t, b.Session, fmt.Sprintf("select id %s order by v <-> '%s' limit 7", query, text(q))); len(got) != 7 {
		t.Errorf("%d rows, want 7", len(got))
	}
}

// The nearest beyond a distance are found whatever the recall wanted, though an index cannot tell them apart: the condition
// reads all vectors anyway.
func TestBeyondDistance(t *testing.T) {
	b := newBench(t, 16)
	centers := b.centers(10)
	b.loadNear(6000, centers)
	b.index(l2)
	b.Must("analyze t; set vecdb.target_recall = 0.5")
	q := b.near(centers)
	all, _ := b.exact(l2, q, 6000, nil)
	for _, from := range []int{100, 1500, 5900} {
		want := make([]string, 20)
		for i := range want {
			want[i] = fmt.Sprint(all[from+i].id)
		}
		edge := (all[from].distance + all[from-1].distance) / 2
		for _, cond := range []string{"v <-> 'Q' > R", "not v <-> 'Q' <= R", "v <-> 'Q' between R and 1000 and share >= 0"} {
			query := "select id from t where " + cond + " order by v <-> 'Q' limit 20"
			query = strings.ReplaceAll(strings.ReplaceAll(query, "Q", text(q)), "R", fmt.Sprint(edge))
			b.Is(query, strings.Join(want, "; "))
		}
	}
}

// Writing statements use searches like any other.
func TestWritesByNearest(t *testing.T) {
	b := newBench(t, 8)
	centers := b.centers(10)
	b.loadNear(2000, centers)
	b.index(l2)
	b.Must("set vecdb.target_recall = 1; create table kept (id int, d float8)")
	q := b.near(centers)
	nearest, _ := b.exact(l2, q, 6, nil)
	b.Is(fmt.Sprintf("insert into kept select id, v <-> '%s' from t order by v <-> '%s' limit 6", text(q), text(q)),
		"INSERT 0 6")
	b.Is("select id from kept order by d limit 1", fmt.Sprint(nearest[0].id))
	b.Is(fmt.Sprintf("update t set share = -1 where id in (select id from t order by v <-> '%s' limit 4)", text(q)),
		"UPDATE 4")
	changed := ids(t, b.Session, "select id from t where share = -1 order by id")
	want := make([]int, 0, 4)
	for _, n := range nearest[:4] {
		want = append(want, n.id)
	}
	slices.Sort(want)
	if !slices.Equal(changed, want) {
		t.Errorf("changed %v, want %v", changed, want)
	}
	b.Is(fmt.Sprintf("delete from t where id = (select id from t order by v <-> '%s' limit 1) returning id", text(q)),
		fmt.Sprint(nearest[0].id))
	b.Is(fmt.Sprintf("select id from t order by v <-> '%s' limit 1", text(q)), fmt.Sprint(nearest[1].id))
}

// Vectors that do not fit are refused by the code that pgvector has, and nothing is lost by the try.
func TestWrongVectors(t *testing.T) {
	b := newBench(t, 3)
	b.loadNear(1500, b.centers(4))
	b.index(l2)
	b.Is("insert into t values (9001, 1, '[1,2]')", "22000: expected 3 dimensions, not 2")
	b.Is("insert into t values (9001, 1, '[1,2,nan]')", "22000: NaN not allowed in vector")
	b.Is("insert into t values (9001, 1, '[1,2,infinity]')", "22000: infinite value not allowed in vector")
	b.Is("insert into t values (9001, 1, '[1,2,3')", `22P02: invalid input syntax for type vector: "[1,2,3"`)
	b.Is("insert into t values (9001, 1, '[1,2,1e40]')", `22003: "1e40" is out of range for type vector`)
	b.Is("update t set v = '[1]' where id = 1", "22000: expected 3 dimensions, not 1")
	b.Is("select id from t order by v <-> '[1,2]' limit 1", "22000: different vector dimensions 3 and 2")
	b.Is("select id from t order by v <-> '{1,2,3}' limit 1",
		`22P02: invalid input syntax for type vector: "{1,2,3}" DETAIL: Vector contents must start with "[".`)
	b.Is("select id from t order by v <-> 3 limit 1",
		"42883: operator does not exist: vector <-> integer "+
			"HINT: No operator matches the given name and argument types. You might need to add explicit type casts.")
	b.IsCopy("copy t from stdin", "9001\t1\t[1,2,3]\n9002\t1\t[1,2]\n", "22000: expected 3 dimensions, not 2")
	b.Is("select count(*) from t", "1500")
	b.Is("select count(*) from (select id from t order by v <-> '[1,2,3]' limit 2000) s", "1500")
}
