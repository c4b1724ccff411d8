package planner_test

import (
	"strings"
	"testing"
	"time"

	"github.com/vecdb/vecdb/planner"
)

// Expressions in a plan are qualified when there is more than one relation, computed columns are shown by what
// computes them, and names are quoted where they have to be.
func TestExplainNames(t *testing.T) {
	f := newFixture(t, `CREATE TABLE t (id int, "Upper" int, "select" text); CREATE TABLE "My Table" (id int, v int);
		CREATE INDEX "My Index" ON "My Table" (id)`)
	f.rows("My Table", 1e6)
	f.is(`SELECT * FROM t WHERE "Upper" = 1 AND "select" = 'x'`, `
Seq Scan on t
  Filter: (("Upper" = 1) AND ("select" = 'x'::text))`)
	f.is(`SELECT * FROM "My Table" WHERE id = 5`, `
Bitmap Heap Scan on "My Table"
  Recheck Cond: (id = 5)
  ->  Bitmap Index Scan on "My Index"
        Index Cond: (id = 5)`)
	f.is(`SELECT * FROM t "T x" JOIN "My Table" AS m ON m.id = "T x"."Upper"`, `
Hash Join
  Hash Cond: (m.id = "T x"."Upper")
  ->  Seq Scan on "My Table" m
  ->  Hash
        ->  Seq Scan on t "T x"`)
	f.is(`SELECT a.id + b.id AS s FROM t a, t b WHERE a.id = b.id ORDER BY s DESC, a."Upper" NULLS FIRST`, `
Sort
  Sort Key: (a.id + b.id) DESC, a."Upper" NULLS FIRST
  ->  Hash Join
        Hash Cond: (a.id = b.id)
        ->  Seq Scan on t a
        ->  Hash
              ->  Seq Scan on t b`)
	f.is(`SELECT n * 2 FROM (SELECT id + 1 AS n FROM t) x WHERE n > 1 ORDER BY n * 2 DESC NULLS LAST`, `
Sort
  Sort Key: ((id + 1) * 2) DESC NULLS LAST
  ->  Seq Scan on t
        Filter: ((id + 1) > 1)`)
	f.is(`SELECT count(DISTINCT id) AS c FROM t GROUP BY "Upper" HAVING sum(id) FILTER (WHERE id > 1) > 3 ORDER BY c`, `
Sort
  Sort Key: count(DISTINCT id)
  ->  HashAggregate
        Group Key: "Upper"
        Filter: (sum(id) FILTER (WHERE (id > 1)) > 3)
        ->  Seq Scan on t`)
	f.is(`SELECT string_agg("select", ',' ORDER BY id) AS s FROM t ORDER BY s`, `
Sort
  Sort Key: string_agg("select", ','::text ORDER BY id)
  ->  Aggregate
        ->  Seq Scan on t`)
	f.is(`SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) AS p FROM t ORDER BY p`, `
Sort
  Sort Key: percentile_cont('0.5'::double precision) WITHIN GROUP (ORDER BY id)
  ->  Aggregate
        ->  Seq Scan on t`)
	f.is(`SELECT * FROM t WHERE id = ANY (ARRAY[1, "Upper"]) AND "select" LIKE 'a%' AND NOT (id BETWEEN 1 AND 2)`, `
Seq Scan on t
  Filter: ((id = ANY (ARRAY[1, "Upper"])) AND ("select" ~~ 'a%'::text) AND ((id < 1) OR (id > 2)))`)
}

// Costs are printed with two digits, rows and widths as integers, never fewer than one row.
func TestExplainCosts(t *testing.T) {
	f := newRules(t)
	lines := func(query string) string {
		t.Helper()
		e := planner.Explainer{Plan: f.must(query), Catalog: f.c, Costs: true}
		return "\n" + strings.Join(e.Lines(), "\n")
	}
	same(t, "scan", lines("SELECT * FROM w"), `
Seq Scan on w  (cost=0.00..0.40 rows=20 width=8)`)
	same(t, "columns", lines("SELECT id, d FROM t"), `
Seq Scan on t  (cost=0.00..2000.00 rows=100000 width=12)`)
	same(t, "key", lines("SELECT * FROM t WHERE id = 5"), `
Index Scan using t_pkey on t  (cost=6.00..6.72 rows=1 width=52)
  Index Cond: (id = 5)`)
	same(t, "join", lines("SELECT t.c FROM w JOIN t ON t.id = w.k WHERE w.v = 3 ORDER BY t.c"), `
Sort  (cost=9.29..9.30 rows=1 width=32)
  Sort Key: t.c
  ->  Nested Loop  (cost=6.00..9.28 rows=1 width=32)
        ->  Seq Scan on w  (cost=0.00..0.56 rows=1 width=8)
              Filter: (w.v = 3)
        ->  Index Scan using t_pkey on t  (cost=6.00..6.71 rows=1 width=36)
              Index Cond: (t.id = w.k)`)
	same(t, "hash", lines("SELECT count(*) FROM u JOIN t ON t.id = u.t_id"), `
Aggregate  (cost=40000.00..40000.01 rows=1 width=8)
  ->  Hash Join  (cost=10600.00..37000.00 rows=300000 width=8)
        Hash Cond: (u.t_id = t.id)
        ->  Seq Scan on u  (cost=0.00..4800.00 rows=300000 width=4)
        ->  Hash  (cost=0.00..1600.00 rows=100000 width=4)
              ->  Seq Scan on t  (cost=0.00..1600.00 rows=100000 width=4)`)
	same(t, "empty", lines("SELECT * FROM w WHERE false"), `
Result  (cost=0.00..0.00 rows=1 width=8)
  One-Time Filter: false`)
	same(t, "insert", lines("INSERT INTO w VALUES (1, 2), (3, 4)"), `
Insert on w  (cost=0.00..2.02 rows=2 width=0)
  ->  Values Scan on "*VALUES*"  (cost=0.00..0.02 rows=2 width=8)`)
}

// measured gives every node the same measurements.
func measured(a planner.Actual) func(planner.Node) *planner.Actual {
	return func(planner.Node) *planner.Actual { return &a }
}

// EXPLAIN ANALYZE adds what was measured, a loop at a time; what never ran says so.
func TestExplainActual(t *testing.T) {
	f := newRules(t)
	lines := func(e planner.Explainer, query string) string {
		t.Helper()
		e.Plan, e.Catalog = f.must(query), f.c
		return "\n" + strings.Join(e.Lines(), "\n")
	}
	three := measured(planner.Actual{Rows: 30, Loops: 3, Startup: 3 * time.Millisecond, Total: 6 * time.Millisecond})
	same(t, "timing", lines(planner.Explainer{Costs: true, Timing: true, Actual: three}, "SELECT * FROM w"), `
Seq Scan on w  (cost=0.00..0.40 rows=20 width=8) (actual time=1.000..2.000 rows=10 loops=3)`)
	same(t, "no timing", lines(planner.Explainer{Actual: three}, "SELECT * FROM w"), `
Seq Scan on w (actual rows=10 loops=3)`)
	same(t, "top-N", lines(planner.Explainer{Actual: three}, "SELECT * FROM w ORDER BY k LIMIT 3"), `
Limit (actual rows=10 loops=3)
  ->  Sort (actual rows=10 loops=3)
        Sort Key: k
        Sort Method: top-N heapsort
        ->  Seq Scan on w (actual rows=10 loops=3)`)
	same(t, "sort", lines(planner.Explainer{Actual: three}, "SELECT * FROM w ORDER BY k"), `
Sort (actual rows=10 loops=3)
  Sort Key: k
  Sort Method: quicksort
  ->  Seq Scan on w (actual rows=10 loops=3)`)
	same(t, "never", lines(planner.Explainer{Actual: measured(planner.Actual{})}, "SELECT * FROM w JOIN z ON w.k = z.k"), `
Hash Join (never executed)
  Hash Cond: (z.k = w.k)
  ->  Seq Scan on z (never executed)
  ->  Hash (never executed)
        ->  Seq Scan on w (never executed)`)
	none := func(planner.Node) *planner.Actual { return nil }
	same(t, "not measured", lines(planner.Explainer{Costs: true, Actual: none}, "SELECT * FROM w"), `
Seq Scan on w  (cost=0.00..0.40 rows=20 width=8) (never executed)`)
	ann := newANN(t, 1e5)
	e := planner.Explainer{
		Plan: ann.must("SELECT id FROM items" + nearest), Catalog: ann.c,
		Actual: measured(planner.Actual{Rows: 5, Loops: 1, Note: "partitions: partitions=16"}),
	}
	same(t, "note", "\n"+strings.Join(e.Lines(), "\n"), `
Limit (actual rows=5 loops=1)
  ->  Index Scan using items_emb on items (actual rows=5 loops=1)
        Order By: (emb <-> '[1,2,3,4,5,6,7,8]'::vector)
        Strategy: partitions: partitions=16
        Search: probes=16 refine=40 estimated recall=0.960`)
}

// VERBOSE adds what each node yields and the schemas, and qualifies every column.
func TestExplainVerbose(t *testing.T) {
	f := newRules(t)
	if err := f.c.Exec("CREATE SCHEMA far; CREATE TABLE far.away (a int, b int)"); err != nil {
		t.Fatal(err)
	}
	f.verbose("SELECT * FROM w WHERE k = 3", `
Seq Scan on public.w
  Output: k, v
  Filter: (w.k = 3)`)
	f.verbose("SELECT x.v + 1 AS n FROM w x ORDER BY k LIMIT 2", `
Limit
  Output: (v + 1)
  ->  Sort
        Output: (v + 1), k
        Sort Key: x.k
        ->  Seq Scan on public.w x
              Output: (v + 1), k`)
	f.verbose("SELECT a FROM far.away", `
Seq Scan on far.away
  Output: a`)
	f.verbose("SELECT w.k, z.v FROM w JOIN z ON w.k = z.k", `
Hash Join
  Output: w.k, z.v
  Hash Cond: (z.k = w.k)
  ->  Seq Scan on public.z
        Output: z.k, z.v
  ->  Hash
        Output: w.k
        ->  Seq Scan on public.w
              Output: w.k`)
	f.verbose("SELECT k, count(*) FROM w GROUP BY k", `
HashAggregate
  Output: k, count(*)
  Group Key: w.k
  ->  Seq Scan on public.w
        Output: k`)
	f.verbose("SELECT count(*) FROM w", `
Aggregate
  Output: count(*)
  ->  Seq Scan on public.w`)
	f.verbose("SELECT * FROM t WHERE a = 5 AND d > 1", `
Bitmap Heap Scan on public.t
  Output: id, a, b, c, d
  Recheck Cond: (t.a = 5)
  Filter: (t.d > '1'::double precision)
  ->  Bitmap Index Scan on t_a
        Index Cond: (t.a = 5)`)
	f.verbose("SELECT k FROM w UNION SELECT v FROM z", `
HashAggregate
  Output: k
  Group Key: k
  ->  Append
        Output: k
        ->  Seq Scan on public.w
              Output: w.k
        ->  Seq Scan on public.z
              Output: z.v`)
	f.verbose("SELECT g, (SELECT max(v) FROM z WHERE z.k < g) FROM generate_series(1, 3) g", `
Function Scan on generate_series g
  Output: g.g, (SubPlan 1)
  SubPlan 1
    ->  Aggregate
          Output: max(z.v)
          ->  Subquery Scan
                Output: z.k, z.v
                Filter: (z.k < g.g)
                ->  Materialize
                      Output: z.k, z.v
                      ->  Seq Scan on public.z
                            Output: z.k, z.v`)
	f.verbose("WITH q AS MATERIALIZED (SELECT k FROM w) SELECT q.k * 2 FROM q", `
CTE Scan on q
  Output: (q.k * 2)
  CTE q
    ->  Seq Scan on public.w
          Output: w.k`)
	f.verbose("INSERT INTO w SELECT k, v + 1 FROM z RETURNING v, k + 1", `
Insert on public.w
  Output: w.v, (w.k + 1)
  ->  Seq Scan on public.z
        Output: z.k, (z.v + 1)`)
	f.verbose("UPDATE w SET v = 1 WHERE k = 3 RETURNING v", `
Update on public.w
  Output: v
  ->  Seq Scan on public.w
        Output: k, rowid
        Filter: (w.k = 3)`)
	f.verbose("DELETE FROM w WHERE k = 3", `
Delete on public.w
  ->  Seq Scan on public.w
        Output: k, rowid
        Filter: (w.k = 3)`)
	e := planner.Explainer{Plan: f.must("SELECT k FROM w"), Catalog: f.c, Verbose: true}
	same(t, "verbose", "\n"+e.Tree().YAML(), `
- Node Type: "Seq Scan"
  Parallel Aware: false
  Async Capable: false
  Relation Name: "w"
  Schema: "public"
  Alias: "w"
  Output: 
    - "k"`)
}

// verbose compares a plan as EXPLAIN (VERBOSE, COSTS OFF) prints it.
func (f *fixture) verbose(query, want string) {
	f.t.Helper()
	e := planner.Explainer{Plan: f.must(query), Catalog: f.c, Verbose: true}
	same(f.t, query, "\n"+strings.Join(e.Lines(), "\n"), want)
}

// An index that could have served says why it was not taken.
func TestExplainReasons(t *testing.T) {
	f := newANN(t, 1e5)
	f.column("items", "cat", *newRules(t).stats["t"].cols[2])
	if err := f.c.Exec(`CREATE INDEX items_part ON items (price) WHERE cat = 3;
		CREATE INDEX items_ip ON items USING ivfpq (emb vector_ip_ops) WHERE cat = 4`); err != nil {
		t.Fatal(err)
	}
	f.is("SELECT * FROM items WHERE cat > 1", `
Seq Scan on items
  Filter: (cat > 1)
  Index Not Used: items_cat: costs 70819.12
  Index Not Used: items_part: partial: its predicate is not implied by the conditions`)
	f.is("SELECT * FROM items WHERE price = 1", `
Seq Scan on items
  Filter: (price = '1'::double precision)
  Index Not Used: items_part: partial: its predicate is not implied by the conditions`)
	f.is("SELECT id FROM items ORDER BY emb <=> '[1,2,3,4,5,6,7,8]' LIMIT 5", `
Limit
  ->  Sort
        Sort Key: (emb <=> '[1,2,3,4,5,6,7,8]'::vector)
        ->  Seq Scan on items
              Index Not Used: items_emb: its operator class vector_l2_ops does not order by cosine_distance
              Index Not Used: items_ip: its operator class vector_ip_ops does not order by cosine_distance`)
	f.is("SELECT id FROM items ORDER BY emb <#> '[1,2,3,4,5,6,7,8]' LIMIT 5", `
Limit
  ->  Sort
        Sort Key: (emb <#> '[1,2,3,4,5,6,7,8]'::vector)
        ->  Seq Scan on items
              Index Not Used: items_emb: its operator class vector_l2_ops does not order by vector_negative_inner_product
              Index Not Used: items_ip: partial: its predicate is not implied by the conditions`)
	f.is("SELECT id FROM items ORDER BY emb <-> '[1,2,3,4,5,6,7,8]'", `
Sort
  Sort Key: (emb <-> '[1,2,3,4,5,6,7,8]'::vector)
  ->  Seq Scan on items
        Index Not Used: items_emb: ORDER BY distance has no LIMIT`)
	f.is("SELECT id FROM items ORDER BY emb <-> '[1,2,3,4,5,6,7,8]' LIMIT 5", `
Limit
  ->  Sort
        Sort Key: (emb <-> '[1,2,3,4,5,6,7,8]'::vector)
        ->  Seq Scan on items
              Index Not Used: items_emb: index scans are switched off
              Index Not Used: items_ip: its operator class vector_ip_ops does not order by l2_distance`, "ann")
	f.is("SELECT id FROM items ORDER BY emb <-> '[1,2,3,4,5,6,7,8]' LIMIT 5", `
Limit
  ->  Sort
        Sort Key: (emb <-> '[1,2,3,4,5,6,7,8]'::vector)
        ->  Seq Scan on items
              Index Not Used: items_emb: index scans are switched off
              Index Not Used: items_ip: its operator class vector_ip_ops does not order by l2_distance`, "indexscan")
	f.is("SELECT items.id FROM items JOIN cats ON cats.id = items.id ORDER BY emb <-> '[1,2,3,4,5,6,7,8]' LIMIT 5", `
Limit
  ->  Sort
        Sort Key: (items.emb <-> '[1,2,3,4,5,6,7,8]'::vector)
        ->  Nested Loop
              ->  Seq Scan on cats
              ->  Index Scan using items_pkey on items
                    Index Cond: (cats.id = items.id)`)
}
