package planner_test

import (
	"strings"
	"testing"
	"time"

	"github.com/vecdb/vecdb/planner"
)

// tree is the plan of a query as EXPLAIN (FORMAT JSON) has it.
func (f *fixture) tree(e planner.Explainer, query string, off ...string) string {
	f.t.Helper()
	e.Plan, e.Catalog = f.must(query, off...), f.c
	lines := strings.Split(e.Tree().JSON(), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "  ")
	}
	return "\n" + strings.Join(lines[1:len(lines)-1], "\n")
}

// FORMAT JSON has PostgreSQL's keys in its order, and the same numbers.
func TestExplainJSON(t *testing.T) {
	f := newRules(t)
	same(t, "scan", f.tree(planner.Explainer{}, "SELECT * FROM w x WHERE k = 3"), `
{
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Async Capable": false,
  "Relation Name": "w",
  "Alias": "x",
  "Filter": "(k = 3)"
}`)
	same(t, "costs", f.tree(planner.Explainer{Costs: true}, "SELECT * FROM t WHERE id = 3 ORDER BY id"), `
{
  "Node Type": "Index Scan",
  "Parallel Aware": false,
  "Async Capable": false,
  "Scan Direction": "Forward",
  "Index Name": "t_pkey",
  "Relation Name": "t",
  "Alias": "t",
  "Startup Cost": 6.00,
  "Total Cost": 6.72,
  "Plan Rows": 1,
  "Plan Width": 52,
  "Index Cond": "(id = 3)"
}`)
	same(t, "backward", f.tree(planner.Explainer{}, "SELECT id FROM t ORDER BY id DESC, a LIMIT 3", "sort"), `
{
  "Node Type": "Limit",
  "Parallel Aware": false,
  "Async Capable": false,
  "Plans": [
    {
      "Node Type": "Sort",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Sort Key": ["id DESC", "a"],
      "Plans": [
        {
          "Node Type": "Seq Scan",
          "Parent Relationship": "Outer",
          "Parallel Aware": false,
          "Async Capable": false,
          "Relation Name": "t",
          "Alias": "t"
        }
      ]
    }
  ]
}`)
	same(t, "join", f.tree(planner.Explainer{}, "SELECT * FROM w LEFT JOIN z ON w.k = z.k AND w.v < z.v"), `
{
  "Node Type": "Hash Join",
  "Parallel Aware": false,
  "Async Capable": false,
  "Join Type": "Left",
  "Hash Cond": "(w.k = z.k)",
  "Join Filter": "(w.v < z.v)",
  "Plans": [
    {
      "Node Type": "Seq Scan",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Relation Name": "w",
      "Alias": "w"
    },
    {
      "Node Type": "Hash",
      "Parent Relationship": "Inner",
      "Parallel Aware": false,
      "Async Capable": false,
      "Plans": [
        {
          "Node Type": "Seq Scan",
          "Parent Relationship": "Outer",
          "Parallel Aware": false,
          "Async Capable": false,
          "Relation Name": "z",
          "Alias": "z"
        }
      ]
    }
  ]
}`)
}

// Grouping sets and bitmaps.
func TestExplainJSONGroups(t *testing.T) {
	f := newRules(t)
	same(t, "groups",
		f.tree(planner.Explainer{}, "SELECT k, v, count(*) FROM w GROUP BY GROUPING SETS ((k, v), (k), ())"), `
{
  "Node Type": "Aggregate",
  "Strategy": "Hashed",
  "Partial Mode": "Simple",
  "Parallel Aware": false,
  "Async Capable": false,
  "Hash Key": "k, v; k",
  "Group Key": "()",
  "Plans": [
    {
      "Node Type": "Seq Scan",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Relation Name": "w",
      "Alias": "w"
    }
  ]
}`)
	same(t, "bitmap", f.tree(planner.Explainer{}, "SELECT * FROM t WHERE a = 5 OR c = 'x'"), `
{
  "Node Type": "Bitmap Heap Scan",
  "Parallel Aware": false,
  "Async Capable": false,
  "Relation Name": "t",
  "Alias": "t",
  "Recheck Cond": "((a = 5) OR (c = 'x'::text))",
  "Plans": [
    {
      "Node Type": "BitmapOr",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Plans": [
        {
          "Node Type": "Bitmap Index Scan",
          "Parent Relationship": "Member",
          "Parallel Aware": false,
          "Async Capable": false,
          "Index Name": "t_a",
          "Index Cond": "(a = 5)"
        },
        {
          "Node Type": "Bitmap Index Scan",
          "Parent Relationship": "Member",
          "Parallel Aware": false,
          "Async Capable": false,
          "Index Name": "t_c",
          "Index Cond": "(c = 'x'::text)"
        }
      ]
    }
  ]
}`)
}

// Subqueries have a name and what they are to their parent.
func TestExplainJSONSubqueries(t *testing.T) {
	f := newRules(t)
	same(t, "subqueries",
		f.tree(planner.Explainer{},
			"SELECT (SELECT z.v FROM z WHERE z.k = w.k LIMIT 1) FROM w WHERE v = (SELECT max(v) FROM z)"),
		`
{
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Async Capable": false,
  "Relation Name": "w",
  "Alias": "w",
  "Filter": "(w.v = $0)",
  "Plans": [
    {
      "Node Type": "Aggregate",
      "Strategy": "Plain",
      "Partial Mode": "Simple",
      "Parent Relationship": "InitPlan",
      "Subplan Name": "InitPlan 1 (returns $0)",
      "Parallel Aware": false,
      "Async Capable": false,
      "Plans": [
        {
          "Node Type": "Seq Scan",
          "Parent Relationship": "Outer",
          "Parallel Aware": false,
          "Async Capable": false,
          "Relation Name": "z",
          "Alias": "z"
        }
      ]
    },
    {
      "Node Type": "Limit",
      "Parent Relationship": "SubPlan",
      "Subplan Name": "SubPlan 2",
      "Parallel Aware": false,
      "Async Capable": false,
      "Plans": [
        {
          "Node Type": "Subquery Scan",
          "Parent Relationship": "Outer",
          "Parallel Aware": false,
          "Async Capable": false,
          "Filter": "(z.k = w.k)",
          "Plans": [
            {
              "Node Type": "Materialize",
              "Parent Relationship": "Outer",
              "Parallel Aware": false,
              "Async Capable": false,
              "Plans": [
                {
                  "Node Type": "Seq Scan",
                  "Parent Relationship": "Outer",
                  "Parallel Aware": false,
                  "Async Capable": false,
                  "Relation Name": "z",
                  "Alias": "z"
                }
              ]
            }
          ]
        }
      ]
    }
  ]
}`)
}

// What is scanned that is no table has a name, and what is changed a command.
func TestExplainJSONOthers(t *testing.T) {
	f := newRules(t)
	same(t, "cte",
		f.tree(planner.Explainer{}, "WITH q AS MATERIALIZED (SELECT * FROM w) SELECT * FROM q UNION ALL SELECT * FROM z"), `
{
  "Node Type": "Append",
  "Parallel Aware": false,
  "Async Capable": false,
  "Plans": [
    {
      "Node Type": "Seq Scan",
      "Parent Relationship": "InitPlan",
      "Subplan Name": "CTE q",
      "Parallel Aware": false,
      "Async Capable": false,
      "Relation Name": "w",
      "Alias": "w"
    },
    {
      "Node Type": "CTE Scan",
      "Parent Relationship": "Member",
      "Parallel Aware": false,
      "Async Capable": false,
      "CTE Name": "q",
      "Alias": "q"
    },
    {
      "Node Type": "Seq Scan",
      "Parent Relationship": "Member",
      "Parallel Aware": false,
      "Async Capable": false,
      "Relation Name": "z",
      "Alias": "z"
    }
  ]
}`)
	same(t, "function", f.tree(planner.Explainer{}, "SELECT * FROM generate_series(1, 3) AS g, (VALUES (1), (2)) v"), `
{
  "Node Type": "Nested Loop",
  "Parallel Aware": false,
  "Async Capable": false,
  "Join Type": "Inner",
  "Plans": [
    {
      "Node Type": "Function Scan",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Function Name": "generate_series",
      "Alias": "g"
    },
    {
      "Node Type": "Values Scan",
      "Parent Relationship": "Inner",
      "Parallel Aware": false,
      "Async Capable": false,
      "Alias": "*VALUES*",
      "Alias": "*VALUES*"
    }
  ]
}`)
	same(t, "set operation", f.tree(planner.Explainer{}, "SELECT k FROM w EXCEPT ALL SELECT k FROM z"), `
{
  "Node Type": "SetOp",
  "Strategy": "Hashed",
  "Parallel Aware": false,
  "Async Capable": false,
  "Command": "Except All",
  "Plans": [
    {
      "Node Type": "Seq Scan",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Relation Name": "w",
      "Alias": "w"
    },
    {
      "Node Type": "Seq Scan",
      "Parent Relationship": "Inner",
      "Parallel Aware": false,
      "Async Capable": false,
      "Relation Name": "z",
      "Alias": "z"
    }
  ]
}`)
}

// Commands and aggregates.
func TestExplainJSONCommands(t *testing.T) {
	f := newRules(t)
	same(t, "modification", f.tree(planner.Explainer{}, "INSERT INTO w VALUES (1, 2)"), `
{
  "Node Type": "ModifyTable",
  "Operation": "Insert",
  "Parallel Aware": false,
  "Async Capable": false,
  "Relation Name": "w",
  "Alias": "w",
  "Plans": [
    {
      "Node Type": "Values Scan",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Alias": "*VALUES*",
      "Alias": "*VALUES*"
    }
  ]
}`)
	same(t, "aggregate", f.tree(planner.Explainer{}, "SELECT count(*) FROM w WHERE k < 3"), `
{
  "Node Type": "Aggregate",
  "Strategy": "Plain",
  "Partial Mode": "Simple",
  "Parallel Aware": false,
  "Async Capable": false,
  "Plans": [
    {
      "Node Type": "Seq Scan",
      "Parent Relationship": "Outer",
      "Parallel Aware": false,
      "Async Capable": false,
      "Relation Name": "w",
      "Alias": "w",
      "Filter": "(k < 3)"
    }
  ]
}`)
}

// Measurements and reasons.
func TestExplainJSONActual(t *testing.T) {
	f := newRules(t)
	three := measured(planner.Actual{Rows: 30, Loops: 3, Startup: 3 * time.Millisecond, Total: 6 * time.Millisecond})
	same(t, "timing", f.tree(planner.Explainer{Costs: true, Timing: true, Actual: three}, "SELECT * FROM w"), `
{
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Async Capable": false,
  "Relation Name": "w",
  "Alias": "w",
  "Startup Cost": 0.00,
  "Total Cost": 0.40,
  "Plan Rows": 20,
  "Plan Width": 8,
  "Actual Startup Time": 1.000,
  "Actual Total Time": 2.000,
  "Actual Rows": 10,
  "Actual Loops": 3
}`)
	same(t, "never", f.tree(planner.Explainer{Actual: measured(planner.Actual{})}, "SELECT * FROM w"), `
{
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Async Capable": false,
  "Relation Name": "w",
  "Alias": "w",
  "Actual Rows": 0,
  "Actual Loops": 0
}`)
	same(t, "reasons", f.tree(planner.Explainer{}, "SELECT * FROM t WHERE a > 3 AND b > 1"), `
{
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Async Capable": false,
  "Relation Name": "t",
  "Alias": "t",
  "Filter": "((a > 3) AND (b > 1))",
  "Index Not Used": "t_a: costs 71861.78; t_ba: costs 24272.67"
}`)
}
