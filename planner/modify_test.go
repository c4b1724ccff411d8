package planner_test

import (
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// A plan says which command it is, whether it writes, what it does with each relation and what it returns.
func TestPlanProperties(t *testing.T) {
	f := newRules(t)
	check := func(query, want string) {
		t.Helper()
		p := f.must(query)
		got := p.Kind
		if p.Writes {
			got += " writes"
		}
		for _, u := range p.Relations {
			got += " " + f.c.RelationByOID(u.OID).Table.Name + []string{":read", ":lock", ":write"}[u.Use]
		}
		got += " ->"
		for _, c := range p.Cols {
			got += " " + c.Name
		}
		same(t, query, got, want)
	}
	check("SELECT k, v + 1 AS n FROM w", "SELECT w:read -> k n")
	check("SELECT * FROM wv", "SELECT wv:read w:read -> k twice")
	check("SELECT * FROM w FOR UPDATE", "SELECT writes w:lock -> k v")
	check("SELECT * FROM w JOIN z USING (k) FOR SHARE OF z", "SELECT writes w:read z:lock -> k v v")
	check("SELECT * FROM w WHERE k IN (SELECT k FROM z FOR UPDATE)", "SELECT writes w:read z:lock -> k v")
	check("INSERT INTO w SELECT * FROM z", "INSERT writes w:write z:read ->")
	check("INSERT INTO w SELECT * FROM w RETURNING k AS key", "INSERT writes w:write -> key")
	check("UPDATE w SET v = 1", "UPDATE writes w:write ->")
	check("UPDATE w SET v = z.v FROM z WHERE z.k = w.k RETURNING w.*, z.v AS other",
		"UPDATE writes w:write z:read -> k v other")
	check("DELETE FROM w WHERE k = (SELECT max(k) FROM z)", "DELETE writes w:write z:read ->")
	check("WITH d AS (DELETE FROM w RETURNING k) SELECT * FROM d", "SELECT writes w:write -> k")
	check("WITH d AS (INSERT INTO w SELECT * FROM z) SELECT 1 AS one", "SELECT writes w:write z:read -> one")
	check("VALUES (1, 2)", "SELECT -> column1 column2")
}

// Parameters are values that are not known yet, wherever they stand.
func TestParameters(t *testing.T) {
	f := newRules(t)
	check := func(query, params, want string) {
		t.Helper()
		p := f.must(query)
		var names []string
		for _, x := range p.Params {
			names = append(names, types.FormatType(x))
		}
		same(t, query, strings.Join(names, ", "), params)
		same(t, query, f.text(p), want)
	}
	check("SELECT $1::int + 1", "integer", `
Result`)
	check("SELECT * FROM t WHERE id = $1", "integer", `
Index Scan using t_pkey on t
  Index Cond: (id = $1)`)
	check("SELECT * FROM t WHERE id = $1 AND c = $2 OR d > $3", "integer, text, double precision", `
Seq Scan on t
  Filter: (((id = $1) AND (c = $2)) OR (d > $3))`)
	check("SELECT * FROM t WHERE id IN ($1, $2, 3)", "integer, integer", `
Index Scan using t_pkey on t
  Index Cond: (id = ANY (ARRAY[$1, $2, 3]))`)
	check("SELECT * FROM t WHERE id = ANY ($1)", "integer[]", `
Index Scan using t_pkey on t
  Index Cond: (id = ANY ($1))`)
	check("SELECT * FROM t WHERE b = $1 AND a BETWEEN $2 AND $3", "integer, integer, integer", `
Index Scan using t_ba on t
  Index Cond: ((b = $1) AND (a >= $2) AND (a <= $3))`)
	check("SELECT * FROM t ORDER BY id LIMIT $1 OFFSET $2", "bigint, bigint", `
Limit
  ->  Index Scan using t_pkey on t`)
	check("SELECT * FROM t WHERE $1", "boolean", `
Result
  One-Time Filter: $1
  ->  Seq Scan on t`)
	check("SELECT * FROM t WHERE a = $1 OR $1 IS NULL", "integer", `
Seq Scan on t
  Filter: ((a = $1) OR ($1 IS NULL))`)
	check("SELECT * FROM w JOIN t ON t.id = w.k + $1", "integer", `
Nested Loop
  ->  Seq Scan on w
  ->  Index Scan using t_pkey on t
        Index Cond: (t.id = (w.k + $1))`)
	check("SELECT * FROM w WHERE EXISTS (SELECT 1 FROM t WHERE t.id = w.k AND t.c = $1)", "text", `
Nested Loop Semi Join
  Join Filter: (t.id = w.k)
  ->  Seq Scan on w
  ->  Index Scan using t_c on t
        Index Cond: (t.c = $1)`)
	check("SELECT b, sum(a * $1) FROM t GROUP BY b HAVING count(*) > $2", "integer, bigint", `
HashAggregate
  Group Key: b
  Filter: (count(*) > $2)
  ->  Seq Scan on t`)
	check("SELECT k, $1::int AS p FROM w ORDER BY p, k", "integer", `
Sort
  Sort Key: $1, k
  ->  Seq Scan on w`)
	check("SELECT k FROM w UNION ALL SELECT $1", "integer", `
Append
  ->  Seq Scan on w
  ->  Result`)
	check("SELECT * FROM generate_series(1, $1) g WHERE g > $2", "integer, integer", `
Function Scan on generate_series g
  Filter: (g > $2)`)
	check("VALUES ($1::int), ($2)", "integer, integer", `
Values Scan on "*VALUES*"`)
	check("INSERT INTO w VALUES ($1, $2) RETURNING v + $3", "integer, integer, integer", `
Insert on w
  ->  Values Scan on "*VALUES*"`)
	check("UPDATE w SET v = $1 WHERE k = $2", "integer, integer", `
Update on w
  ->  Seq Scan on w
        Filter: (k = $2)`)
	check("DELETE FROM t WHERE c LIKE $1", "text", `
Delete on t
  ->  Seq Scan on t
        Filter: (c ~~ $1)`)
	check("SELECT * FROM w WHERE k = (SELECT max(k) FROM z WHERE v < $1)", "integer", `
Seq Scan on w
  Filter: (w.k = $0)
  InitPlan 1 (returns $0)
    ->  Aggregate
          ->  Seq Scan on z
                Filter: (z.v < $1)`)
	check("SELECT rank() OVER (ORDER BY k + $1) FROM w", "integer", `
WindowAgg
  ->  Sort
        Sort Key: (k + $1)
        ->  Seq Scan on w`)
	check("SELECT CASE WHEN k = $1 THEN $2 ELSE v END FROM w", "integer, integer", `
Seq Scan on w`)
}

// A node's inputs and estimates hang together: outputs have what is asked for, and every column that a node uses
// comes from its inputs, a parameter or an outer query.
func TestPlanTrees(t *testing.T) {
	f := newRules(t)
	for _, query := range []string{
		"SELECT * FROM t", "SELECT v, k FROM w", "SELECT k AS a, k AS b FROM w", "SELECT count(*), sum(v) FROM w GROUP BY k",
		"SELECT * FROM w LEFT JOIN z ON w.k = z.k", "SELECT z.v, w.k FROM w, z WHERE w.k = z.k ORDER BY w.v",
		"SELECT DISTINCT ON (k) v FROM w ORDER BY k, v", "SELECT k FROM w UNION SELECT v FROM z",
		"SELECT rank() OVER (ORDER BY k), v FROM w",
		"SELECT * FROM w WHERE k IN (SELECT k FROM z)", "SELECT (SELECT max(v) FROM z WHERE z.k = w.k) FROM w",
		"VALUES (1, 2)",
		"WITH q AS MATERIALIZED (SELECT k FROM w) SELECT * FROM q, q AS p", "SELECT generate_series(1, 2), k FROM w",
		"SELECT 1 WHERE false",
		"INSERT INTO w SELECT * FROM z RETURNING v, k", "UPDATE w SET v = 1 RETURNING k", "DELETE FROM w RETURNING *",
	} {
		for _, off := range [][]string{nil, {"all"}} {
			p := f.must(query, off...)
			got := p.Root.Info().Cols
			if len(got) != len(p.Cols) {
				t.Errorf("%s (%v): %d columns, want %d", query, off, len(got), len(p.Cols))
				continue
			}
			for i := range got {
				if got[i].ID != p.Cols[i].ID || got[i].T != p.Cols[i].T {
					t.Errorf("%s (%v): column %d is %+v, want %+v", query, off, i, got[i], p.Cols[i])
				}
				if got[i].ID > p.MaxID {
					t.Errorf("%s (%v): column id %d above %d", query, off, got[i].ID, p.MaxID)
				}
			}
		}
	}
}

// Planning leaves the bound statement and the catalog as they are: a second plan of a statement is the first again.
func TestPlanningTwice(t *testing.T) {
	f := newRules(t)
	for _, query := range []string{
		"WITH q AS (SELECT * FROM w WHERE v > 1), r AS (SELECT k FROM q) SELECT * FROM r WHERE k = 3",
		"WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT * FROM r JOIN w ON w.k = r.n",
		`WITH d AS (UPDATE w SET v = (SELECT max(k) FROM z) WHERE k IN (SELECT k FROM z) RETURNING k) SELECT * FROM d
			WHERE EXISTS (SELECT 1 FROM u WHERE u.x = d.k)`,
		"SELECT * FROM w LEFT JOIN z ON w.k = z.k WHERE z.v = 3 AND (w.v, w.k) = (1, 2)",
	} {
		first := f.text(f.must(query))
		f.must(query, "all")
		same(t, query, f.text(f.must(query)), first)
	}
}

// Names of rules are read from text, and "all" stands for every one.
func TestRulesOff(t *testing.T) {
	off := planner.RulesOff("MergeFilters, PruneColumns")
	if len(off) != 2 || !off[planner.RuleMergeFilters] || !off[planner.RulePruneColumns] {
		t.Errorf("got %v", off)
	}
	all := planner.RulesOff("all")
	for _, r := range planner.Rules() {
		if !all[r] {
			t.Errorf("%s is not off", r)
		}
	}
	if len(all) != len(planner.Rules()) {
		t.Errorf("%d rules are off, there are %d", len(all), len(planner.Rules()))
	}
	if planner.Rules()[0] = "changed"; planner.Rules()[0] == "changed" {
		t.Error("the list of rules can be changed from outside")
	}
}

// What cannot be planned says so with its SQLSTATE.
func TestPlanErrors(t *testing.T) {
	f := newRules(t)
	f.must("SELECT k FROM w" + strings.Repeat(" INTERSECT SELECT k FROM w", 1000))
	_, err := f.make("SELECT k FROM w" + strings.Repeat(" INTERSECT SELECT k FROM w", 7000))
	same(t, "7000 levels", pgerr.Code(err), "54001")
}
