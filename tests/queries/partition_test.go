package queries_test

import (
	"flag"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/vecdb/vecdb/tests/dbtest"
)

var partitionSeed = flag.Int64("partition-seed", 1, "seed of the random predicates")

// Every row is in just one of the parts that a predicate makes: those for which it is true, false and null (ternary
// logic partitioning, Rigger and Su, OOPSLA 2020, section 3). So a query is the union of itself over the three
// parts, whatever plans they take.

// predicates makes random conditions over columns a int, b text, c numeric, d boolean, e date, with a table's alias
// in front.
type predicates struct{ *rand.Rand }

func (p predicates) pick(list ...string) string { return list[p.Intn(len(list))] }

// of is a condition, at most so deep.
func (p predicates) of(alias string, depth int) string {
	if depth > 0 {
		switch p.Intn(6) {
		case 0, 1:
			return "(" + p.of(alias, depth-1) + p.pick(" and ", " or ") + p.of(alias, depth-1) + ")"
		case 2:
			return "not (" + p.of(alias, depth-1) + ")"
		case 3:
			return fmt.Sprintf("case when %s then %s else %s end", p.of(alias, depth-1), p.of(alias, depth-1),
				p.of(alias, depth-1))
		case 4:
			return "(" + p.of(alias, depth-1) + ") is " + p.pick("true", "not true", "unknown", "not false")
		}
	}
	return p.leaf(alias + ".")
}

func (p predicates) leaf(t string) string {
	compare := func() string { return p.pick(" = ", " <> ", " < ", " <= ", " > ", " >= ", " is distinct from ") }
	switch p.Intn(11) {
	case 0:
		return t + "a" + compare() + p.number()
	case 1:
		return p.number() + compare() + t + "a"
	case 2:
		return t + "b" + compare() + p.pick("'x'", "'row 5'", "''", "null", t+"b || ''")
	case 3:
		return t + "b like " + p.pick("'row 1%'", "'%5'", "'row _'", "'x'", "null")
	case 4:
		return t + "c" + compare() + p.pick("2.50", "0", "'NaN'", t+"a", "null::numeric")
	case 5:
		return p.pick("", "not ") + t + "d"
	case 6:
		return t + "e between date '2024-01-0" + fmt.Sprint(1+p.Intn(9)) + "' and date '2024-01-2" + fmt.Sprint(p.Intn(9)) + "'"
	case 7:
		return t + p.pick("a", "b", "c", "d", "e") + p.pick(" is null", " is not null")
	case 8:
		return t + "a " + p.pick("",
			"not ") + "in (" + p.number() + ", " + p.number() + ", " + p.pick(p.number(), "null") + ")"
	case 9:
		return "(" + t + "a, " + t + "b) " + p.pick("=", "<", ">=") + " (" + p.number() + ", 'row 3')"
	}
	return p.pick("exists", "not exists") + " (select from u z where z.a = " + t + "a and z.c > " + p.number() + ")"
}

func (p predicates) number() string {
	return p.pick("0", "1", "5", "17", "-3", "40", "null", "2 + 3")
}

// partitionTables makes t and u with duplicates and nulls in every column.
func partitionTables(t *testing.T) *dbtest.DB {
	t.Helper()
	db := dbtest.New(t)
	for _, name := range []string{"t", "u"} {
		db.Must("create table " + name + " (a int, b text, c numeric, d boolean, e date)")
		db.Must("insert into " + name + ` select nullif(g % 23, 7), case when g % 5 <> 0 then 'row ' || g % 30 end,
			case g % 11 when 3 then null when 4 then 'NaN' else g % 9 * 1.25 end,
	case when g % 4 < 3 then g % 4 = 1 end, case when g % 6 <> 2 then date '2024-01-01' + g % 40 end
	from generate_series(1, ` + map[string]string{"t": "300", "u": "60"}[name] + ") g")
	}
	db.Must("analyze")
	return db
}

// rows is the answer as a sorted list, so that its order does not count.
func rows(t *testing.T, db *dbtest.DB, query string) []string {
	t.Helper()
	answer := db.Ask(query)
	if len(answer) > 5 && answer[5] == ':' && !strings.Contains(answer[:5], "|") {
		t.Fatalf("%s\n%s", query, answer)
	}
	if answer == "" {
		return nil
	}
	list := strings.Split(answer, "; ")
	slices.Sort(list)
	return list
}

// sameRows compares two answers without regard to order.
func sameRows(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s (-partition-seed %d)\n got %d rows %.300v\nwant %d rows %.300v", what, *partitionSeed, len(got), got,
			len(want), want)
	}
}

// parts are the conditions that part rows by p.
func parts(p string) [3]string { return [3]string{p, "not (" + p + ")", "(" + p + ") is null"} }

// indexSets are what stands beside the table: the answers are the same.
var indexSets = []string{
	"select 1",
	"create index t_a on t (a); create index t_b on t (b desc nulls last); create index u_a on u (a)",
	"create index t_ce on t (c, e); create index t_part on t (e) where d; create index t_low on t (lower(b))",
}

// A query over one table is the union of itself over the parts of a random predicate.
func TestPartitionOfRows(t *testing.T) {
	db := partitionTables(t)
	p := predicates{rand.New(rand.NewSource(*partitionSeed))}
	for _, indexes := range indexSets {
		db.Must(indexes)
		db.Must("analyze")
		for range 60 {
			cond := p.of("t", 3)
			list := p.pick("a, b", "*", "c, d, e", "a")
			whole := rows(t, db, "select "+list+" from t")
			var union []string
			for _, part := range parts(cond) {
				union = append(union, rows(t, db, "select "+list+" from t where "+part)...)
			}
			slices.Sort(union)
			sameRows(t, cond, union, whole)
		}
	}
}

// Aggregates of the parts add up to those of the whole, and DISTINCT and GROUP BY see what the parts have together.
func TestPartitionOfAggregates(t *testing.T) {
	db := partitionTables(t)
	p := predicates{rand.New(rand.NewSource(*partitionSeed + 1))}
	db.Must(indexSets[1])
	for range 60 {
		cond := p.of("t", 3)
		part := parts(cond)
		sum := func(query string) string {
			return "select sum(n), sum(s), min(low), max(high) from (" + strings.Join([]string{
				fmt.Sprintf(query, part[0]), fmt.Sprintf(query, part[1]), fmt.Sprintf(query, part[2]),
			}, " union all ") + ") x"
		}
		got := db.Ask(sum("select count(*) as n, sum(a) as s, min(b) as low, max(e) as high from t where %s"))
		want := db.Ask("select count(*), sum(a), min(b), max(e) from t")
		sameRows(t, cond, []string{got}, []string{want})

		var distinct []string
		for _, c := range part {
			distinct = append(distinct, rows(t, db, "select distinct a, d from t where "+c)...)
		}
		slices.Sort(distinct)
		sameRows(t, "distinct "+cond, slices.Compact(distinct), rows(t, db, "select distinct a, d from t"))

		groups := `select a, sum(n) from (select a, count(*) as n from t where %s group by a union all
			select a, count(*) from t where %s group by a union all select a, count(*) from t where %s group by a) x group by a`
		sameRows(t, "group by "+cond, rows(t, db, fmt.Sprintf(groups, part[0], part[1], part[2])),
			rows(t, db, "select a, count(*) from t group by a"))
	}
}

// A condition finds as many rows as there are for which it is true when it is only shown (NoREC, Rigger and Su,
// ESEC/FSE 2020).
func TestConditionFoundAndShown(t *testing.T) {
	db := partitionTables(t)
	p := predicates{rand.New(rand.NewSource(*partitionSeed + 2))}
	for _, indexes := range indexSets {
		db.Must(indexes)
		db.Must("analyze")
		for range 80 {
			cond := p.of("t", 3)
			found := db.Ask("select count(*) from t where " + cond)
			shown := db.Ask("select count(*) filter (where x) from (select (" + cond + ") is true as x from t offset 0) s")
			sameRows(t, cond, []string{found}, []string{shown})
		}
	}
}

// Joins by a random condition: inner, outer, semi and anti joins agree with the cross product that is filtered.
func TestJoinsAgree(t *testing.T) {
	db := partitionTables(t)
	p := predicates{rand.New(rand.NewSource(*partitionSeed + 3))}
	db.Must(indexSets[1])
	db.Must("analyze")
	for range 25 {
		cond := p.pick("t.a = u.a", "t.a = u.a and t.b = u.b", "t.a = u.a and t.c < u.c", "t.e = u.e", "t.a = u.a + 1") +
			p.pick("", " and "+p.of("t", 1), " and "+p.of("u", 1), " and ("+p.of("t", 1)+" or "+p.of("u", 1)+")")
		inner := rows(t, db, "select t.ctid, t.a, u.a, u.b from t join u on "+cond)
		sameRows(t, "cross: "+cond, rows(t, db, "select t.ctid, t.a, u.a, u.b from t, u where "+cond), inner)
		sameRows(t, "order: "+cond, rows(t, db, "select t.ctid, t.a, u.a, u.b from u join t on "+cond), inner)

		semi := rows(t, db, "select t.ctid, t.a, t.b from t where exists (select from u where "+cond+")")
		anti := rows(t, db, "select t.ctid, t.a, t.b from t where not exists (select from u where "+cond+")")
		both := append(slices.Clone(semi), anti...)
		slices.Sort(both)
		sameRows(t, "semi and anti: "+cond, both, rows(t, db, "select ctid, a, b from t"))

		left := rows(t, db, "select t.ctid, t.a, u.a, u.b from t left join u on "+cond)
		padded := slices.Clone(inner)
		padded = append(padded,
			rows(t, db, "select t.ctid, t.a, null, null from t where not exists (select from u where "+cond+")")...)
		slices.Sort(padded)
		sameRows(t, "left: "+cond, left, padded)
		sameRows(t, "right: "+cond, rows(t, db, "select t.ctid, t.a, u.a, u.b from u right join t on "+cond), left)
		full := rows(t, db, "select t.ctid, t.a, u.a, u.b from t full join u on true and "+cond)
		left = append(left,
			rows(t, db, "select null, null, u.a, u.b from u where not exists (select from t where "+cond+")")...)
		slices.Sort(left)
		sameRows(t, "full: "+cond, full, left)
	}
}

// Pages of a sorted query put together are the whole, with ties broken by all columns.
func TestPagesOfSortedRows(t *testing.T) {
	db := partitionTables(t)
	p := predicates{rand.New(rand.NewSource(*partitionSeed + 4))}
	db.Must(indexSets[1])
	for range 20 {
		cond := p.of("t", 2)
		order := p.pick("a, ctid", "a desc nulls last, ctid", "b desc nulls last, ctid", "c nulls first, e desc, ctid",
			"d, a desc, ctid")
		query := "select ctid, a from t where " + cond + " order by " + order
		whole := strings.Split(db.Ask(query), "; ")
		var pages []string
		for offset := 0; ; offset += 37 {
			page := db.Ask(fmt.Sprintf("%s limit 37 offset %d", query, offset))
			if page == "" {
				break
			}
			pages = append(pages, strings.Split(page, "; ")...)
		}
		if len(pages) == 0 {
			pages = []string{""}
		}
		if !slices.Equal(pages, whole) {
			t.Fatalf("%s (-partition-seed %d): %d rows in pages, %d at once", query, *partitionSeed, len(pages), len(whole))
		}
	}
}
