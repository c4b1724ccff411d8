package planner_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/planner/cat"
)

// kinds lists the operators of a plan from the top, by their Go names, but for projections.
func kinds(n planner.Node) []string {
	var out []string
	name := strings.TrimPrefix(fmt.Sprintf("%T", n), "*planner.")
	if name != "Project" {
		out = append(out, name)
	}
	for _, in := range n.Inputs() {
		out = append(out, kinds(in)...)
	}
	return out
}

// newCosts is a table with a primary key and one of a hundred to look up.
func newCosts(t *testing.T, rows float64) *fixture {
	t.Helper()
	f := newFixture(t, `CREATE TABLE t (id int PRIMARY KEY, a int, b int, c text);
		CREATE INDEX t_a ON t (a);
		CREATE TABLE s (id int PRIMARY KEY, a int)`)
	f.rows("t", rows)
	f.rows("s", 100)
	a := f.column("t", "a", cat.ColumnStats{Distinct: math.Max(1, rows/100)})
	for i := range 11 {
		a.Histogram = append(a.Histogram, intDatum(int64(i)*int64(rows)/1000))
	}
	return f
}

// More rows never cost less, the first row never more than all, and no number is wild.
func TestCostsGrowWithRows(t *testing.T) {
	for _, query := range []string{
		"SELECT * FROM t", "SELECT * FROM t WHERE b = 3", "SELECT * FROM t WHERE a = 3",
		"SELECT * FROM t WHERE a = 3 OR id < 5",
		"SELECT * FROM t ORDER BY b", "SELECT * FROM t ORDER BY b LIMIT 5", "SELECT * FROM t ORDER BY id",
		"SELECT DISTINCT b FROM t",
		"SELECT b, count(*) FROM t GROUP BY b", "SELECT count(*) FROM t", "SELECT * FROM t JOIN s ON s.id = t.a",
		"SELECT * FROM t LEFT JOIN s ON s.id = t.a", "SELECT * FROM t FULL JOIN s ON s.id = t.a",
		"SELECT * FROM t, s WHERE t.a < s.a",
		"SELECT * FROM s WHERE EXISTS (SELECT 1 FROM t WHERE t.b = s.a)", "SELECT rank() OVER (ORDER BY b) FROM t",
		"SELECT id FROM t UNION SELECT id FROM s", "SELECT id FROM t EXCEPT SELECT id FROM s", "UPDATE t SET b = 1",
		"DELETE FROM t WHERE b = 3",
		"WITH q AS MATERIALIZED (SELECT * FROM t) SELECT * FROM q", "SELECT generate_series(1, a) FROM t",
		"INSERT INTO s SELECT id, a FROM t",
	} {
		last := 0.0
		for _, rows := range []float64{0, 1, 2, 10, 1000, 1e5, 1e7, 1e9} {
			p := newCosts(t, rows).must(query)
			var walk func(n planner.Node)
			walk = func(n planner.Node) {
				i := n.Info()
				if math.IsNaN(i.Total) || math.IsInf(i.Total, 0) || i.Startup < 0 || i.Total < 0 || i.Rows < 0 ||
					i.Startup > i.Total+1e-6 {
					t.Errorf("%s over %v rows: %T costs %v..%v for %v rows", query, rows, n, i.Startup, i.Total, i.Rows)
				}
				for _, in := range n.Inputs() {
					walk(in)
				}
			}
			walk(p.Root)
			if c := p.Root.Info().Total; c < last-1e-9 {
				t.Errorf("%s: %v rows cost %v, fewer cost %v", query, rows, c, last)
			} else {
				last = c
			}
		}
	}
}

// The way to read a table changes from its index to a bitmap to a scan of all as more rows are asked for, and never
// back.
func TestIndexScanCrossover(t *testing.T) {
	order := []string{"IndexScan", "BitmapScan", "SeqScan"}
	for _, rows := range []float64{1000, 1e5, 1e7} {
		f := newCosts(t, rows)
		at := 0
		seen := map[string]bool{}
		for _, share := range []float64{1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1} {
			p := f.must(fmt.Sprintf("SELECT * FROM t WHERE a < %d", int(share*rows/100)))
			kind := kinds(p.Root)[0]
			i := slices.Index(order, kind)
			if i < at {
				t.Errorf("%v of %v rows: %s after %s", share, rows, kind, order[at])
			}
			at = max(at, i)
			seen[kind] = true
		}
		if !seen["IndexScan"] || !seen["SeqScan"] {
			t.Errorf("%v rows: only %v are chosen", rows, seen)
		}
	}
}

// Looking rows up one by one gives way to a hash table as the outer side grows, and to a nested loop when both
// sides are tiny.
func TestJoinMethodCrossover(t *testing.T) {
	order := []string{"NestLoop", "HashJoin"}
	f := newCosts(t, 1e6)
	at := 0
	for _, n := range []float64{1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7} {
		f.rows("s", n)
		kind := kinds(f.must("SELECT * FROM s JOIN t ON t.id = s.a").Root)[0]
		i := slices.Index(order, kind)
		if i < at {
			t.Errorf("%v outer rows: %s after %s", n, kind, order[at])
		}
		at = max(at, i)
	}
	if at != 1 {
		t.Error("a hash join is never chosen")
	}
	f.rows("t", 2)
	f.rows("s", 2)
	same(t, "tiny", strings.Join(kinds(f.must("SELECT * FROM s JOIN t ON t.b = s.a").Root), " "),
		"NestLoop SeqScan SeqScan")
}

// An inner join builds its hash table of the smaller side, an outer one of the side that is not kept.
func TestHashBuildSide(t *testing.T) {
	f := newCosts(t, 1e5)
	build := func(query string) string {
		t.Helper()
		n := f.must(query).Root
		if p, ok := n.(*planner.Project); ok { // the columns in the order of FROM
			n = p.Input
		}
		h, ok := n.(*planner.HashJoin)
		if !ok {
			t.Fatalf("%s is a %T", query, n)
		}
		right := h.Right
		for len(right.Inputs()) > 0 {
			right = right.Inputs()[0]
		}
		return right.(*planner.SeqScan).Rel.Table.Name
	}
	for _, n := range []float64{1000, 1e4, 1e6, 1e7} {
		f.rows("s", n)
		want := "s"
		if n > 1e5 {
			want = "t"
		}
		same(t, fmt.Sprint("inner ", n), build("SELECT * FROM t JOIN s ON t.b = s.a"), want)
		same(t, fmt.Sprint("inner, written otherwise ", n), build("SELECT * FROM s JOIN t ON t.b = s.a"), want)
		same(t, fmt.Sprint("left ", n), build("SELECT * FROM t LEFT JOIN s ON t.b = s.a"), "s")
		same(t, fmt.Sprint("right ", n), build("SELECT * FROM t RIGHT JOIN s ON t.b = s.a"), "t")
		same(t, fmt.Sprint("semi ", n), build("SELECT * FROM t WHERE b IN (SELECT a FROM s)"), "s")
		same(t, fmt.Sprint("anti ", n), build("SELECT * FROM t WHERE NOT EXISTS (SELECT 1 FROM s WHERE s.a = t.b)"), "s")
	}
}

// A limit makes plans cheap that begin quickly: an index in order up to some number of rows, a sort from there on.
func TestLimitCrossover(t *testing.T) {
	f := newCosts(t, 1e5)
	at := "IndexScan"
	for _, n := range []int{1, 10, 100, 1000, 10000, 100000} {
		p := f.must(fmt.Sprintf("SELECT * FROM t ORDER BY id LIMIT %d", n))
		k := kinds(p.Root)
		kind := k[len(k)-1]
		if kind != at && kind != "SeqScan" {
			t.Errorf("LIMIT %d: %v", n, k)
		}
		at = kind
	}
	if at != "SeqScan" {
		t.Errorf("all rows in order are read by %s", at)
	}
	for _, n := range []int{1, 10, 100, 1000} {
		small := f.must(fmt.Sprintf("SELECT * FROM t ORDER BY b LIMIT %d", n)).Root.Info().Total
		if all := f.must("SELECT * FROM t ORDER BY b").Root.Info().Total; small > all {
			t.Errorf("LIMIT %d costs %v, all rows %v", n, small, all)
		}
	}
	// few rows pass the filter: the index in order would read nearly all of the table
	k := kinds(f.must("SELECT * FROM t WHERE c = 'x' AND b = 3 AND c LIKE '%y' ORDER BY id LIMIT 1000").Root)
	same(t, "rare", k[len(k)-1], "SeqScan")
}

// Switching a method off makes it dear, so another is taken when there is one.
func TestMethodsOff(t *testing.T) {
	f := newCosts(t, 1e5)
	check := func(query string, want string, off ...string) {
		t.Helper()
		same(t, query+" without "+strings.Join(off, ", "), strings.Join(kinds(f.must(query, off...).Root), " "), want)
	}
	check("SELECT * FROM t WHERE a = 3", "BitmapScan")
	check("SELECT * FROM t WHERE a = 3", "IndexScan", "bitmapscan")
	check("SELECT * FROM t WHERE a = 3", "SeqScan", "bitmapscan", "indexscan")
	check("SELECT * FROM t WHERE a > 3", "SeqScan")
	check("SELECT * FROM t WHERE a > 3", "IndexScan", "seqscan")
	check("SELECT * FROM t WHERE b > 3", "SeqScan", "seqscan")
	check("SELECT * FROM t JOIN s ON t.b = s.a", "HashJoin SeqScan SeqScan")
	check("SELECT * FROM t JOIN s ON t.b = s.a", "NestLoop SeqScan SeqScan", "hashjoin")
	check("SELECT * FROM t JOIN s ON t.b < s.a", "NestLoop SeqScan SeqScan", "nestloop")
	check("SELECT * FROM t ORDER BY id", "Sort SeqScan")
	check("SELECT * FROM t ORDER BY id", "IndexScan", "sort")
	check("SELECT * FROM t ORDER BY b", "Sort SeqScan", "sort")
}

const annSchema = `CREATE TABLE items (id int PRIMARY KEY, cat int, price float8, emb vector(8));
	CREATE INDEX items_cat ON items (cat);
	CREATE INDEX items_emb ON items USING ivfpq (emb vector_l2_ops);
	CREATE TABLE cats (id int, name text)`

// newANN is a table with a distance index of which a curve is known.
func newANN(t *testing.T, rows float64) *fixture {
	t.Helper()
	f := newFixture(t, annSchema)
	f.rows("items", rows)
	f.rows("cats", 50)
	f.curve("items", "items_emb", rows, 0, cat.ANNPoint{Probes: 4, Refine: 40, Recall: 0.8},
		cat.ANNPoint{Probes: 16, Refine: 40, Recall: 0.96}, cat.ANNPoint{Probes: 16, Refine: 80, Recall: 0.97},
		cat.ANNPoint{Probes: 64, Refine: 80, Recall: 0.99})
	return f
}

// search is the search of a plan, nil when it has none.
func search(n planner.Node) *planner.AnnScan {
	if a, ok := n.(*planner.AnnScan); ok {
		return a
	}
	for _, in := range n.Inputs() {
		if a := search(in); a != nil {
			return a
		}
	}
	return nil
}

const nearest = " ORDER BY emb <-> '[1,2,3,4,5,6,7,8]' LIMIT 5"

// A filter that leaves few rows is searched exactly over those rows, one that leaves many inside of the partitions.
func TestSearchStrategyByFilterShare(t *testing.T) {
	f := newANN(t, 1e6)
	for _, c := range []struct {
		distinct float64
		want     string
	}{
		{1e6, "exact over filtered rows"},
		{1e4, "exact over filtered rows"},
		{500, "exact over filtered rows"},
		{499, "partitions with filter"},
		{10, "partitions with filter"},
		{1, "partitions with filter"},
	} {
		f.column("items", "cat", cat.ColumnStats{Distinct: c.distinct})
		a := search(f.must("SELECT id FROM items WHERE cat = 7" + nearest).Root)
		same(t, fmt.Sprint("distinct ", c.distinct), a.Strategy, c.want)
		if rows := 1e6 / c.distinct; math.Abs(a.FilterRows-rows) > 1 {
			t.Errorf("%v rows pass, want %v", a.FilterRows, rows)
		}
	}
	same(t, "no filter", search(f.must("SELECT id FROM items"+nearest).Root).Strategy, "partitions")
	same(t, "not null is no filter", search(f.must("SELECT id FROM items WHERE emb IS NOT NULL"+nearest).Root).Strategy,
		"partitions")
}

// The part of a filter that an index answers is a bitmap, unless reading the filter's column of all rows is cheaper.
func TestSearchFilterBitmap(t *testing.T) {
	f := newANN(t, 1e6)
	for _, c := range []struct {
		distinct float64
		want     bool
	}{{1e6, true}, {1000, true}, {100, true}, {10, false}, {2, false}} {
		f.column("items", "cat", cat.ColumnStats{Distinct: c.distinct})
		a := search(f.must("SELECT id FROM items WHERE cat = 7 AND price < 3" + nearest).Root)
		if got := a.Set != nil; got != c.want {
			t.Errorf("%v categories: bitmap %v, want %v", c.distinct, got, c.want)
		}
		if want := 2 - btoi(c.want); len(a.Conds) != 2 || len(a.Rest) != want || len(a.FilterCols) != want {
			t.Errorf("%v categories: %d conditions, %d to check over %d columns", c.distinct, len(a.Conds), len(a.Rest),
				len(a.FilterCols))
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// The effort of a search is the cheapest measured one that reaches the wanted recall, or what the session says.
func TestSearchEffort(t *testing.T) {
	f := newANN(t, 1e6)
	check := func(s planner.Settings, probes, refine int, recall float64) {
		t.Helper()
		f.set = s
		a := search(f.must("SELECT id FROM items" + nearest).Root)
		if a.Probes != probes || a.Refine != refine || a.Recall != recall {
			t.Errorf("%+v: probes %d, refine %d, recall %v; want %d, %d, %v", s, a.Probes, a.Refine, a.Recall, probes, refine,
				recall)
		}
	}
	check(planner.Settings{}, 16, 40, 0.96)
	check(planner.Settings{Search: planner.SearchEffort{TargetRecall: 0.5}}, 4, 40, 0.8)
	check(planner.Settings{Search: planner.SearchEffort{TargetRecall: 0.8}}, 4, 40, 0.8)
	check(planner.Settings{Search: planner.SearchEffort{TargetRecall: 0.81}}, 16, 40, 0.96)
	check(planner.Settings{Search: planner.SearchEffort{TargetRecall: 0.965}}, 16, 80, 0.97)
	check(planner.Settings{Search: planner.SearchEffort{TargetRecall: 0.98}}, 64, 80, 0.99)
	check(planner.Settings{Search: planner.SearchEffort{TargetRecall: 1}}, 64, 80, 0.99)
	check(planner.Settings{Search: planner.SearchEffort{Probes: 5}}, 5, 40, 0.8)
	check(planner.Settings{Search: planner.SearchEffort{Probes: 3}}, 3, 40, 0)
	check(planner.Settings{Search: planner.SearchEffort{Probes: 100, Refine: 100}}, 100, 100, 0.99)
	check(planner.Settings{Search: planner.SearchEffort{Refine: 80}}, 16, 80, 0.97)
	check(planner.Settings{Search: planner.SearchEffort{EfSearch: 1000, ListProbes: 9}}, 16, 40, 0.96)
	f.set = planner.Settings{}
	f.curve("items", "items_emb", 0, 1e6)
	a := search(f.must("SELECT id FROM items" + nearest).Root)
	same(t, "untrained", fmt.Sprint(a.Strategy, " ", a.Probes, " ", a.Recall), "exact 0 1")
	few := a.Startup
	f.curve("items", "items_emb", 1e6, 1e5, cat.ANNPoint{Probes: 4, Refine: 40, Recall: 0.99})
	if a = search(f.must("SELECT id FROM items" + nearest).Root); a.Startup >= few {
		t.Errorf("a search with a tenth outside of the index costs %v, all of them %v", a.Startup, few)
	}
}

// Below joins a search is taken when enough rows come through, else what comes through is sorted; the first search
// looks for as many rows as should do.
func TestSearchBelowJoinByShare(t *testing.T) {
	f := newANN(t, 1e5)
	first := 0
	for _, c := range []struct {
		distinct float64
		want     bool
	}{{1, true}, {50, true}, {1000, true}, {5000, true}, {20000, false}, {1e5, false}} {
		f.column("items", "cat", cat.ColumnStats{Distinct: c.distinct})
		p := f.must("SELECT items.id FROM items JOIN cats ON cats.id = items.cat" + nearest)
		a := search(p.Root)
		if (a != nil) != c.want {
			t.Errorf("%v categories: search %v, want %v\n%s", c.distinct, a != nil, c.want, f.text(p))
		}
		if a == nil {
			continue
		}
		if a.Limit != nil || a.First < first || a.First < 5 {
			t.Errorf("%v categories: the first search looks for %d rows", c.distinct, a.First)
		}
		first = a.First
	}
	f.is("SELECT items.id FROM items JOIN cats ON cats.id = items.cat ORDER BY emb <-> '[1,2,3,4,5,6,7,8]' LIMIT 5", `
Limit
  ->  Sort
        Sort Key: (items.emb <-> '[1,2,3,4,5,6,7,8]'::vector)
        ->  Nested Loop
              ->  Seq Scan on cats
              ->  Index Scan using items_cat on items
                    Index Cond: (cats.id = items.cat)`)
}
