package planner_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/vecdb/vecdb/planner"
)

// tree is the plan of a query as EXPLAIN (FORMAT JSON) has it.
func (f *fixture) tree(e planner.Explainer, query string, off ...string) string {
	f.t.Helper()
	e.Plan, e.Catalog = f.must(query, off...), f.c
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(e.Tree()); err != nil {
		f.t.Fatal(err)
	}
	return "\n" + strings.TrimSuffix(b.String(), "\n")
}

// FORMAT JSON has PostgreSQL's keys, and the same numbers.
func TestExplainJSON(t *testing.T) {
	f := newRules(t)
	same(t, "scan", f.tree(planner.Explainer{}, "SELECT * FROM w x WHERE k = 3"), `
{
  "Alias": "x",
  "Async Capable": false,
  "Filter": "(k = 3)",
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Relation Name": "w"
}`)
	same(t, "costs", f.tree(planner.Explainer{Costs: true}, "SELECT * FROM t WHERE id = 3 ORDER BY id"), `
{
  "Alias": "t",
  "Async Capable": false,
  "Index Cond": "(id = 3)",
  "Index Name": "t_pkey",
  "Node Type": "Index Scan",
  "Parallel Aware": false,
  "Plan Rows": 1,
  "Plan Width": 52,
  "Relation Name": "t",
  "Scan Direction": "Forward",
  "Startup Cost": 6,
  "Total Cost": 6.72
}`)
	same(t, "backward", f.tree(planner.Explainer{}, "SELECT id FROM t ORDER BY id DESC, a LIMIT 3", "sort"), `
{
  "Async Capable": false,
  "Node Type": "Limit",
  "Parallel Aware": false,
  "Plans": [
    {
      "Async Capable": false,
      "Node Type": "Sort",
      "Parallel Aware": false,
      "Parent Relationship": "Outer",
      "Plans": [
        {
          "Alias": "t",
          "Async Capable": false,
          "Node Type": "Seq Scan",
          "Parallel Aware": false,
          "Parent Relationship": "Outer",
          "Relation Name": "t"
        }
      ],
      "Sort Key": [
        "id DESC",
        "a"
      ]
    }
  ]
}`)
	same(t, "join", f.tree(planner.Explainer{}, "SELECT * FROM w LEFT JOIN z ON w.k = z.k AND w.v < z.v"), `
{
  "Async Capable": false,
  "Hash Cond": "(w.k = z.k)",
  "Join Filter": "(w.v < z.v)",
  "Join Type": "Left",
  "Node Type": "Hash Join",
  "Parallel Aware": false,
  "Plans": [
    {
      "Alias": "w",
      "Async Capable": false,
      "Node Type": "Seq Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Outer",
      "Relation Name": "w"
    },
    {
      "Async Capable": false,
      "Node Type": "Hash",
      "Parallel Aware": false,
      "Parent Relationship": "Inner",
      "Plans": [
        {
          "Alias": "z",
          "Async Capable": false,
          "Node Type": "Seq Scan",
          "Parallel Aware": false,
          "Parent Relationship": "Outer",
          "Relation Name": "z"
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
  "Async Capable": false,
  "Group Key": "()",
  "Hash Key": "k, v; k",
  "Node Type": "Aggregate",
  "Parallel Aware": false,
  "Plans": [
    {
      "Alias": "w",
      "Async Capable": false,
      "Node Type": "Seq Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Outer",
      "Relation Name": "w"
    }
  ],
  "Strategy": "Hashed"
}`)
	same(t, "bitmap", f.tree(planner.Explainer{}, "SELECT * FROM t WHERE a = 5 OR c = 'x'"), `
{
  "Alias": "t",
  "Async Capable": false,
  "Node Type": "Bitmap Heap Scan",
  "Parallel Aware": false,
  "Plans": [
    {
      "Async Capable": false,
      "Node Type": "BitmapOr",
      "Parallel Aware": false,
      "Parent Relationship": "Outer",
      "Plans": [
        {
          "Async Capable": false,
          "Index Cond": "(a = 5)",
          "Index Name": "t_a",
          "Node Type": "Bitmap Index Scan",
          "Parallel Aware": false,
          "Parent Relationship": "Member"
        },
        {
          "Async Capable": false,
          "Index Cond": "(c = 'x'::text)",
          "Index Name": "t_c",
          "Node Type": "Bitmap Index Scan",
          "Parallel Aware": false,
          "Parent Relationship": "Member"
        }
      ]
    }
  ],
  "Recheck Cond": "((a = 5) OR (c = 'x'::text))",
  "Relation Name": "t"
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
  "Alias": "w",
  "Async Capable": false,
  "Filter": "(w.v = $0)",
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Plans": [
    {
      "Async Capable": false,
      "Node Type": "Aggregate",
      "Parallel Aware": false,
      "Parent Relationship": "InitPlan",
      "Plans": [
        {
          "Alias": "z",
          "Async Capable": false,
          "Node Type": "Seq Scan",
          "Parallel Aware": false,
          "Parent Relationship": "Outer",
          "Relation Name": "z"
        }
      ],
      "Strategy": "Plain",
      "Subplan Name": "InitPlan 1 (returns $0)"
    },
    {
      "Async Capable": false,
      "Node Type": "Limit",
      "Parallel Aware": false,
      "Parent Relationship": "SubPlan",
      "Plans": [
        {
          "Async Capable": false,
          "Filter": "(z.k = w.k)",
          "Node Type": "Subquery Scan",
          "Parallel Aware": false,
          "Parent Relationship": "Outer",
          "Plans": [
            {
              "Async Capable": false,
              "Node Type": "Materialize",
              "Parallel Aware": false,
              "Parent Relationship": "Outer",
              "Plans": [
                {
                  "Alias": "z",
                  "Async Capable": false,
                  "Node Type": "Seq Scan",
                  "Parallel Aware": false,
                  "Parent Relationship": "Outer",
                  "Relation Name": "z"
                }
              ]
            }
          ]
        }
      ],
      "Subplan Name": "SubPlan 2"
    }
  ],
  "Relation Name": "w"
}`)
}

// What is scanned that is no table has a name, and what is changed a command.
func TestExplainJSONOthers(t *testing.T) {
	f := newRules(t)
	same(t, "cte",
		f.tree(planner.Explainer{}, "WITH q AS MATERIALIZED (SELECT * FROM w) SELECT * FROM q UNION ALL SELECT * FROM z"), `
{
  "Async Capable": false,
  "Node Type": "Append",
  "Parallel Aware": false,
  "Plans": [
    {
      "Alias": "w",
      "Async Capable": false,
      "Node Type": "Seq Scan",
      "Parallel Aware": false,
      "Parent Relationship": "InitPlan",
      "Relation Name": "w",
      "Subplan Name": "CTE q"
    },
    {
      "Alias": "q",
      "Async Capable": false,
      "CTE Name": "q",
      "Node Type": "CTE Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Member"
    },
    {
      "Alias": "z",
      "Async Capable": false,
      "Node Type": "Seq Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Member",
      "Relation Name": "z"
    }
  ]
}`)
	same(t, "function", f.tree(planner.Explainer{}, "SELECT * FROM generate_series(1, 3) AS g, (VALUES (1), (2)) v"), `
{
  "Async Capable": false,
  "Join Type": "Inner",
  "Node Type": "Nested Loop",
  "Parallel Aware": false,
  "Plans": [
    {
      "Alias": "g",
      "Async Capable": false,
      "Function Name": "generate_series",
      "Node Type": "Function Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Outer"
    },
    {
      "Alias": "*VALUES*",
      "Async Capable": false,
      "Node Type": "Values Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Inner"
    }
  ]
}`)
	same(t, "set operation", f.tree(planner.Explainer{}, "SELECT k FROM w EXCEPT ALL SELECT k FROM z"), `
{
  "Async Capable": false,
  "Command": "Except All",
  "Node Type": "SetOp",
  "Parallel Aware": false,
  "Plans": [
    {
      "Alias": "w",
      "Async Capable": false,
      "Node Type": "Seq Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Outer",
      "Relation Name": "w"
    },
    {
      "Alias": "z",
      "Async Capable": false,
      "Node Type": "Seq Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Inner",
      "Relation Name": "z"
    }
  ],
  "Strategy": "Hashed"
}`)
}

// Commands and aggregates.
func TestExplainJSONCommands(t *testing.T) {
	f := newRules(t)
	same(t, "modification", f.tree(planner.Explainer{}, "INSERT INTO w VALUES (1, 2)"), `
{
  "Alias": "w",
  "Async Capable": false,
  "Node Type": "ModifyTable",
  "Operation": "Insert",
  "Parallel Aware": false,
  "Plans": [
    {
      "Alias": "*VALUES*",
      "Async Capable": false,
      "Node Type": "Values Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Outer"
    }
  ],
  "Relation Name": "w"
}`)
	same(t, "aggregate", f.tree(planner.Explainer{}, "SELECT count(*) FROM w WHERE k < 3"), `
{
  "Async Capable": false,
  "Node Type": "Aggregate",
  "Parallel Aware": false,
  "Plans": [
    {
      "Alias": "w",
      "Async Capable": false,
      "Filter": "(k < 3)",
      "Node Type": "Seq Scan",
      "Parallel Aware": false,
      "Parent Relationship": "Outer",
      "Relation Name": "w"
    }
  ],
  "Strategy": "Plain"
}`)
}

// Measurements and reasons.
func TestExplainJSONActual(t *testing.T) {
	f := newRules(t)
	three := measured(planner.Actual{Rows: 30, Loops: 3, Startup: 3 * time.Millisecond, Total: 6 * time.Millisecond})
	same(t, "timing", f.tree(planner.Explainer{Costs: true, Timing: true, Actual: three}, "SELECT * FROM w"), `
{
  "Actual Loops": 3,
  "Actual Rows": 10,
  "Actual Startup Time": 1,
  "Actual Total Time": 2,
  "Alias": "w",
  "Async Capable": false,
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Plan Rows": 20,
  "Plan Width": 8,
  "Relation Name": "w",
  "Startup Cost": 0,
  "Total Cost": 0.4
}`)
	same(t, "never", f.tree(planner.Explainer{Actual: measured(planner.Actual{})}, "SELECT * FROM w"), `
{
  "Actual Loops": 0,
  "Actual Rows": 0,
  "Alias": "w",
  "Async Capable": false,
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Relation Name": "w"
}`)
	same(t, "reasons", f.tree(planner.Explainer{}, "SELECT * FROM t WHERE a > 3 AND b > 1"), `
{
  "Alias": "t",
  "Async Capable": false,
  "Filter": "((a > 3) AND (b > 1))",
  "Index Not Used": "t_a: costs 71861.78; t_ba: costs 24272.67",
  "Node Type": "Seq Scan",
  "Parallel Aware": false,
  "Relation Name": "t"
}`)
}
