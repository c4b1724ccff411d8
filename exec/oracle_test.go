package exec_test

import (
	"flag"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/pgerr"
)

var oracleSeed = flag.Int64("oracle-seed", 1, "seed of the random queries of TestOracle")

// oracleQueries is how many random queries TestOracle makes.
const oracleQueries = 400

// TestOracle plans random queries in many ways, with rules, join methods and access paths switched off
// at random and little memory, and wants one answer. A seed that fails is run again by
// go test ./exec -run TestOracle -oracle-seed=N.
func TestOracle(t *testing.T) {
	db := newDB(t)
	g := &generator{r: rand.New(rand.NewSource(*oracleSeed))}
	for _, stmt := range g.schema() {
		db.must(stmt)
	}
	for i := range oracleQueries {
		query := g.query()
		db.must("RESET ALL")
		want := answer(db, query)
		for range 4 {
			settings := g.settings()
			db.must("RESET ALL; " + settings)
			if got := answer(db, query); got != want {
				t.Fatalf("seed %d, query %d:\n%s\nwith %s\ngot:\n%s\nwant:\n%s", *oracleSeed, i, query, settings, got, want)
			}
		}
	}
}

// answer is a query's result as a multiset, or that it failed. Which of several errors is met first is
// up to the plan.
func answer(db *testDB, query string) string {
	r, err := db.run("a", query)
	if err != nil {
		if code := pgerr.Code(err); strings.HasPrefix(code, "XX") || strings.HasPrefix(code, "42") || code == "0A000" {
			db.t.Fatalf("%s\n%v", query, err)
		}
		return "error"
	}
	lines := r.lines()
	slices.Sort(lines)
	return fmt.Sprintf("%d rows\n%s", len(lines), strings.Join(lines, "\n"))
}

// generator makes random queries over three small tables with nulls and indexes. Nothing in them
// overflows or divides, so an error is a fault unless it is one of cardinality.
type generator struct {
	r     *rand.Rand
	alias int
}

// tables have the same columns, so that any may stand for another.
var oracleTables = []string{"r0", "r1", "r2"}

func (g *generator) schema() []string {
	var out []string
	for i, name := range oracleTables {
		out = append(out, fmt.Sprintf("CREATE TABLE %s (a int, b int, c text, d int NOT NULL)", name))
		var rows []string
		for range 7 + 6*i {
			rows = append(rows, fmt.Sprintf("(%s, %s, %s, %d)", g.number(), g.number(), g.text(), g.r.Intn(6)))
		}
		out = append(out, fmt.Sprintf("INSERT INTO %s VALUES %s", name, strings.Join(rows, ", ")))
	}
	return append(out,
		"CREATE INDEX ON r1 (a)", "CREATE INDEX ON r1 (b DESC, c)", "CREATE INDEX ON r2 (d)", "CREATE INDEX ON r2 (c)",
		"CREATE INDEX ON r2 (a, b)")
}

func (g *generator) number() string {
	if g.r.Intn(6) == 0 {
		return "NULL"
	}
	return fmt.Sprint(g.r.Intn(8))
}

func (g *generator) text() string {
	if g.r.Intn(6) == 0 {
		return "NULL"
	}
	return fmt.Sprintf("'%c%d'", 'a'+g.r.Intn(3), g.r.Intn(4))
}

func (g *generator) pick(list ...string) string { return list[g.r.Intn(len(list))] }

func (g *generator) settings() string {
	var out []string
	for _, s := range []string{"seqscan", "indexscan", "bitmapscan", "hashjoin", "nestloop"} {
		if g.r.Intn(3) == 0 {
			out = append(out, "SET enable_"+s+" = off")
		}
	}
	switch g.r.Intn(3) {
	case 0:
		out = append(out, "SET vecdb.rules_off = 'all'")
	case 1:
		var off []string
		for _, r := range planner.Rules() {
			if g.r.Intn(3) == 0 {
				off = append(off, r)
			}
		}
		out = append(out, "SET vecdb.rules_off = '"+strings.Join(off, ",")+"'")
	}
	if g.r.Intn(2) == 0 {
		out = append(out, "SET work_mem = '64kB'")
	}
	return strings.Join(append(out, "SELECT 1"), "; ")
}

// source is one table expression of FROM, and its alias.
func (g *generator) source(depth int) (text, alias string) {
	g.alias++
	alias = fmt.Sprintf("t%d", g.alias)
	if depth > 0 && g.r.Intn(4) == 0 {
		return "(" + g.derived(depth-1) + ") " + alias, alias
	}
	return g.pick(oracleTables...) + " " + alias, alias
}

// derived is a subquery with the columns of a table.
func (g *generator) derived(depth int) string {
	src, x := g.source(depth)
	where := ""
	if g.r.Intn(2) == 0 {
		where = " WHERE " + g.cond([]string{x}, nil, depth)
	}
	switch g.r.Intn(6) {
	case 0:
		return fmt.Sprintf("SELECT %s.a, max(%s.b) AS b, min(%s.c) AS c, count(*)::int AS d FROM %s%s GROUP BY %s.a", x, x,
			x, src, where, x)
	case 1:
		return fmt.Sprintf("SELECT DISTINCT %s.a, %s.b, %s.c, %s.d FROM %s%s", x, x, x, x, src, where)
	case 2:
		other, y := g.source(0)
		return fmt.Sprintf("SELECT a, b, c, d FROM %s%s %s SELECT %s.a, %s.b, %s.c, %s.d FROM %s", src, where,
			g.pick("UNION ALL", "UNION", "INTERSECT", "EXCEPT", "EXCEPT ALL"), y, y, y, y, other)
	case 3:
		return fmt.Sprintf("SELECT %s.a, rank() OVER (PARTITION BY %s.a ORDER BY %s.b)::int AS b, %s.c, %s.d FROM %s%s", x,
			x, x, x, x, src, where)
	case 4:
		return fmt.Sprintf("SELECT %s.a, %s.b + 1 AS b, %s.c, %s.d * 2 AS d FROM %s%s ORDER BY %s.a, b, %s.c, d LIMIT %d",
			x, x, x, x, src, where, x, x, g.r.Intn(20))
	}
	return fmt.Sprintf("SELECT %s.a, %s.b, %s.c, %s.d FROM %s%s", x, x, x, x, src, where)
}

// from is a join of some sources; the aliases that WHERE may use come back.
func (g *generator) from(depth int) (string, []string) {
	text, x := g.source(depth)
	aliases := []string{x}
	for range g.r.Intn(3) {
		src, y := g.source(depth)
		on := g.join(aliases, y)
		switch k := g.pick(",", "JOIN", "JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN"); k {
		case ",":
			text += " CROSS JOIN " + src
		default:
			text = text + " " + k + " " + src + " ON " + on
		}
		aliases = append(aliases, y)
	}
	return text, aliases
}

// join is a condition between what is there and a new source; a FULL JOIN wants an equality.
func (g *generator) join(left []string, right string) string {
	col := g.pick("a", "b", "d")
	out := fmt.Sprintf("%s.%s = %s.%s", g.pick(left...), g.pick("a", "b", "d"), right, col)
	if g.r.Intn(3) == 0 {
		out += " AND " + g.simple([]string{right, g.pick(left...)}, nil)
	}
	return out
}

// simple is a condition without subqueries.
func (g *generator) simple(aliases, outer []string) string {
	x := g.pick(aliases...)
	y := g.pick(append(slices.Clone(aliases), outer...)...)
	n := g.pick("a", "b", "d")
	switch g.r.Intn(9) {
	case 0:
		return fmt.Sprintf("%s.%s = %d", x, n, g.r.Intn(8))
	case 1:
		return fmt.Sprintf("%s.%s %s %s.%s", x, n, g.pick("<", "<=", ">", "<>", "="), y, g.pick("a", "b", "d"))
	case 2:
		return fmt.Sprintf("%s.%s IN (%s, %s)", x, n, g.number(), g.number())
	case 3:
		return fmt.Sprintf("%s.%s IS %sNULL", x, g.pick("a", "b", "c"), g.pick("", "NOT "))
	case 4:
		return fmt.Sprintf("%s.c LIKE '%s%%'", x, g.pick("a", "b", "b1", "z"))
	case 5:
		return fmt.Sprintf("%s.%s BETWEEN %d AND %d", x, n, g.r.Intn(4), 3+g.r.Intn(5))
	case 6:
		return fmt.Sprintf("coalesce(%s.%s, %d) > %d", x, n, g.r.Intn(8), g.r.Intn(8))
	case 7:
		return fmt.Sprintf("%s.%s IS %sDISTINCT FROM %s.%s", x, n, g.pick("", "NOT "), y, g.pick("a", "b"))
	}
	return fmt.Sprintf("%s.c = %s", x, g.text())
}

// cond is a condition, perhaps with subqueries that refer outward.
func (g *generator) cond(aliases, outer []string, depth int) string {
	all := append(slices.Clone(aliases), outer...)
	switch k := g.r.Intn(12); {
	case k < 5 || depth == 0:
		return g.simple(aliases, outer)
	case k == 5:
		return "(" + g.cond(aliases, outer, depth-1) + " OR " + g.cond(aliases, outer, depth-1) + ")"
	case k == 6:
		return "(" + g.cond(aliases, outer, depth-1) + " AND " + g.cond(aliases, outer, depth-1) + ")"
	case k == 7:
		return "NOT (" + g.cond(aliases, outer, depth-1) + ")"
	case k == 8:
		from, in := g.from(0)
		return g.pick("", "NOT ") + fmt.Sprintf("EXISTS (SELECT 1 FROM %s WHERE %s)", from, g.cond(in, all, depth-1))
	case k == 9:
		from, in := g.from(0)
		return fmt.Sprintf("%s.%s %s (SELECT %s.%s FROM %s WHERE %s)", g.pick(aliases...), g.pick("a", "b", "d"),
			g.pick("IN", "NOT IN", "> ANY", "<= ALL"), in[0], g.pick("a", "b", "d"), from, g.cond(in, all, depth-1))
	case k == 10:
		from, in := g.from(0)
		return fmt.Sprintf("%s.%s %s (SELECT %s(%s.%s) FROM %s WHERE %s)", g.pick(aliases...), g.pick("a", "b", "d"),
			g.pick("<", ">=", "="), g.pick("count", "max", "min", "sum"), in[0], g.pick("a", "b"), from,
			g.cond(in, all, depth-1))
	}
	src, x := g.source(0)
	return fmt.Sprintf("%s.%s = (SELECT %s.a FROM %s WHERE %s.d = %s.d ORDER BY 1 LIMIT 1)", g.pick(aliases...),
		g.pick("a", "b"),
		x, src, x, g.pick(all...))
}

// query is a whole statement.
func (g *generator) query() string {
	g.alias = 0
	from, aliases := g.from(2)
	where := " WHERE " + g.cond(aliases, nil, 3)
	x, y := g.pick(aliases...), g.pick(aliases...)
	switch g.r.Intn(5) {
	case 0:
		return fmt.Sprintf("SELECT %s.a, count(*), sum(%s.b), min(%s.c) FROM %s%s GROUP BY %s.a HAVING count(*) > %d", x, y,
			y, from, where, x, g.r.Intn(3))
	case 1:
		return fmt.Sprintf("SELECT count(*), max(%s.a), min(%s.d) FROM %s%s", x, y, from, where)
	case 2:
		return fmt.Sprintf("WITH q AS (SELECT %s.a, %s.b FROM %s%s) SELECT * FROM q JOIN r0 ON q.a = r0.d WHERE q.b > %d", x,
			y, from, where, g.r.Intn(6))
	case 3:
		return fmt.Sprintf("SELECT %s.a, %s.c, (SELECT count(*) FROM r1 z WHERE z.a = %s.%s), (SELECT max(z.b) "+
			"FROM r2 z WHERE z.d < %s.d) FROM %s%s",
			x, y, x, g.pick("a", "b"), y, from, where)
	}
	return fmt.Sprintf("SELECT %s.a, %s.b, %s.c FROM %s%s ORDER BY 1, 2, 3", x, y, x, from, where)
}
