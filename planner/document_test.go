package planner_test

import (
	"testing"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/tests/dbtest"
)

// sample has a field of each kind, and what must be escaped.
func sample() *planner.Group {
	inner := &planner.Group{}
	inner.Add("Node Type", "Seq <Scan>")
	inner.Add("Keys", []string{"a\"b", "c & d"})
	g := &planner.Group{}
	g.Add("Plan", inner)
	g.Add("Empty", "")
	g.Add("Plans", []*planner.Group{inner, inner})
	g.Add("Planning Time", planner.Fixed(1.5, 3))
	g.Add("Triggers", []*planner.Group{})
	return g
}

// Each form of a document nests its fields and escapes their values.
func TestDocumentForms(t *testing.T) {
	same(t, "json", "\n"+sample().JSON(), `
[
  {
    "Plan": {
      "Node Type": "Seq <Scan>",
      "Keys": ["a\"b", "c & d"]
    },
    "Plans": [
      {
        "Node Type": "Seq <Scan>",
        "Keys": ["a\"b", "c & d"]
      },
      {
        "Node Type": "Seq <Scan>",
        "Keys": ["a\"b", "c & d"]
      }
    ],
    "Planning Time": 1.500,
    "Triggers": [
    ]
  }
]`)
	same(t, "xml", "\n"+sample().XML(), `
<explain xmlns="http://www.postgresql.org/2009/explain">
  <Query>
    <Plan>
      <Node-Type>Seq &lt;Scan&gt;</Node-Type>
      <Keys>
        <Item>a"b</Item>
        <Item>c &amp; d</Item>
      </Keys>
    </Plan>
    <Plans>
      <Plan>
        <Node-Type>Seq &lt;Scan&gt;</Node-Type>
        <Keys>
          <Item>a"b</Item>
          <Item>c &amp; d</Item>
        </Keys>
      </Plan>
      <Plan>
        <Node-Type>Seq &lt;Scan&gt;</Node-Type>
        <Keys>
          <Item>a"b</Item>
          <Item>c &amp; d</Item>
        </Keys>
      </Plan>
    </Plans>
    <Planning-Time>1.500</Planning-Time>
    <Triggers>
    </Triggers>
  </Query>
</explain>`)
}

// EXPLAIN has the forms of PostgreSQL's, its keys in the same order.
func TestExplainForms(t *testing.T) {
	db := dbtest.New(t)
	db.Must("create table u (a int, c int); create table t (a int primary key)")
	db.Is("explain (format json, costs off) select 1", "[\n  {\n    \"Plan\": {\n      \"Node Type\": \"Result\",\n      \"Parallel Aware\": false,\n      \"Async Capable\": false\n    }\n  }\n]")
	db.Is("explain (format yaml, costs off) select 1", "- Plan: \n    Node Type: \"Result\"\n    Parallel Aware: false\n    Async Capable: false")
	db.Is("explain (format xml, costs off) select 1", "<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n  <Query>\n    <Plan>\n      <Node-Type>Result</Node-Type>\n      <Parallel-Aware>false</Parallel-Aware>\n      <Async-Capable>false</Async-Capable>\n    </Plan>\n  </Query>\n</explain>")
	db.Is("explain (format json, costs off) select * from u where c > 5 and a <> 3 order by a desc, c", "[\n  {\n    \"Plan\": {\n      \"Node Type\": \"Sort\",\n      \"Parallel Aware\": false,\n      \"Async Capable\": false,\n      \"Sort Key\": [\"a DESC\", \"c\"],\n      \"Plans\": [\n        {\n          \"Node Type\": \"Seq Scan\",\n          \"Parent Relationship\": \"Outer\",\n          \"Parallel Aware\": false,\n          \"Async Capable\": false,\n          \"Relation Name\": \"u\",\n          \"Alias\": \"u\",\n          \"Filter\": \"((c > 5) AND (a <> 3))\"\n        }\n      ]\n    }\n  }\n]")
	db.Is("explain (format yaml, costs off) select * from u where c > 5 and a <> 3 order by a desc, c", "- Plan: \n    Node Type: \"Sort\"\n    Parallel Aware: false\n    Async Capable: false\n    Sort Key: \n      - \"a DESC\"\n      - \"c\"\n    Plans: \n      - Node Type: \"Seq Scan\"\n        Parent Relationship: \"Outer\"\n        Parallel Aware: false\n        Async Capable: false\n        Relation Name: \"u\"\n        Alias: \"u\"\n        Filter: \"((c > 5) AND (a <> 3))\"")
	db.Is("explain (format xml, costs off, verbose) select * from u x where c > 5 and a <> 3 order by a desc, c", "<explain xmlns=\"http://www.postgresql.org/2009/explain\">\n  <Query>\n    <Plan>\n      <Node-Type>Sort</Node-Type>\n      <Parallel-Aware>false</Parallel-Aware>\n      <Async-Capable>false</Async-Capable>\n      <Output>\n        <Item>a</Item>\n        <Item>c</Item>\n      </Output>\n      <Sort-Key>\n        <Item>x.a DESC</Item>\n        <Item>x.c</Item>\n      </Sort-Key>\n      <Plans>\n        <Plan>\n          <Node-Type>Seq Scan</Node-Type>\n          <Parent-Relationship>Outer</Parent-Relationship>\n          <Parallel-Aware>false</Parallel-Aware>\n          <Async-Capable>false</Async-Capable>\n          <Relation-Name>u</Relation-Name>\n          <Schema>public</Schema>\n          <Alias>x</Alias>\n          <Output>\n            <Item>a</Item>\n            <Item>c</Item>\n          </Output>\n          <Filter>((x.c &gt; 5) AND (x.a &lt;&gt; 3))</Filter>\n        </Plan>\n      </Plans>\n    </Plan>\n  </Query>\n</explain>")
	db.Is("explain (format yaml, costs off, analyze, timing off, summary off) select 1 from u", "- Plan: \n    Node Type: \"Seq Scan\"\n    Parallel Aware: false\n    Async Capable: false\n    Relation Name: \"u\"\n    Alias: \"u\"\n    Actual Rows: 0\n    Actual Loops: 1\n  Triggers: ")
	db.Is("explain (format json, costs off, analyze, timing off, summary off) select 1 from u", "[\n  {\n    \"Plan\": {\n      \"Node Type\": \"Seq Scan\",\n      \"Parallel Aware\": false,\n      \"Async Capable\": false,\n      \"Relation Name\": \"u\",\n      \"Alias\": \"u\",\n      \"Actual Rows\": 0,\n      \"Actual Loops\": 1\n    },\n    \"Triggers\": [\n    ]\n  }\n]")
	db.Is("explain (format json, costs off) delete from u", "[\n  {\n    \"Plan\": {\n      \"Node Type\": \"ModifyTable\",\n      \"Operation\": \"Delete\",\n      \"Parallel Aware\": false,\n      \"Async Capable\": false,\n      \"Relation Name\": \"u\",\n      \"Alias\": \"u\",\n      \"Plans\": [\n        {\n          \"Node Type\": \"Seq Scan\",\n          \"Parent Relationship\": \"Outer\",\n          \"Parallel Aware\": false,\n          \"Async Capable\": false,\n          \"Relation Name\": \"u\",\n          \"Alias\": \"u\"\n        }\n      ]\n    }\n  }\n]")
	db.Is("explain (format html) select 1", `22023: unrecognized value for EXPLAIN option "format": "html"`)
}
