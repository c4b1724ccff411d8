package planner

import (
	"fmt"
	"strings"
	"time"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// Actual is what running a node measured.
type Actual struct {
	Rows    int64
	Loops   int64
	Startup time.Duration // until the first row, all loops
	Total   time.Duration // all loops, the inputs' time included
	Note    string        // what the operator found out while it ran: the strategy of a distance search
}

// Explainer prints a plan as PostgreSQL's EXPLAIN does.
type Explainer struct {
	Plan    *Plan
	Catalog cat.Catalog
	Costs   bool
	Timing  bool
	// Actual gives what was measured of a node, nil when nothing was.
	Actual func(Node) *Actual
}

// property is one line below a node.
type property struct{ name, value string }

// shown is a node as it is printed.
type shown struct {
	title string // Seq Scan
	on    string // " on t" and its kin
	props []property
	kids  []kid
}

type kid struct {
	label string // SubPlan 1, CTE x
	node  Node
}

// Lines prints the plan as text.
func (e *Explainer) Lines() []string {
	var out []string
	e.lines(e.Plan.Root, 0, "", &out)
	for _, s := range e.Plan.SubPlans {
		out = append(out, fmt.Sprintf("  SubPlan %d", s.N))
		e.lines(s.Root, 2, "->  ", &out)
	}
	return out
}

func (e *Explainer) lines(n Node, depth int, arrow string, out *[]string) {
	s := e.describe(n)
	pad := strings.Repeat(" ", depth)
	*out = append(*out, pad+arrow+s.title+s.on+e.numbers(n))
	inner := strings.Repeat(" ", depth+2)
	if arrow != "" {
		inner = strings.Repeat(" ", depth+len(arrow)+2)
	}
	for _, p := range s.props {
		*out = append(*out, inner+p.name+": "+p.value)
	}
	for _, k := range s.kids {
		if k.label != "" {
			*out = append(*out, inner+k.label)
			e.lines(k.node, len(inner)+2, "->  ", out)
			continue
		}
		e.lines(k.node, len(inner), "->  ", out)
	}
}

// numbers prints estimates and measurements.
func (e *Explainer) numbers(n Node) string {
	b := n.Info()
	out := ""
	if e.Costs {
		out = fmt.Sprintf("  (cost=%.2f..%.2f rows=%.0f width=%d)", b.Startup, b.Total, max(b.Rows, 1), width(b.Cols))
	}
	if e.Actual == nil {
		return out
	}
	a := e.Actual(n)
	switch {
	case a == nil || a.Loops == 0:
		return out + " (never executed)"
	case e.Timing:
		loops := float64(a.Loops)
		return out + fmt.Sprintf(" (actual time=%.3f..%.3f rows=%d loops=%d)",
			ms(a.Startup)/loops, ms(a.Total)/loops, a.Rows/a.Loops, a.Loops)
	}
	return out + fmt.Sprintf(" (actual rows=%d loops=%d)", a.Rows/a.Loops, a.Loops)
}

func ms(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

// Tree is the plan for FORMAT JSON.
func (e *Explainer) Tree() map[string]any { return e.tree(e.Plan.Root) }

func (e *Explainer) tree(n Node) map[string]any {
	s := e.describe(n)
	m := map[string]any{"Node Type": s.title}
	b := n.Info()
	if e.Costs {
		m["Startup Cost"], m["Total Cost"], m["Plan Rows"], m["Plan Width"] = round2(b.Startup), round2(b.Total), int64(max(b.Rows, 1)), width(b.Cols)
	}
	if on := strings.TrimPrefix(s.on, " on "); on != s.on {
		m["Relation Name"] = strings.Fields(on)[0]
	}
	for _, p := range s.props {
		m[p.name] = p.value
	}
	if e.Actual != nil {
		if a := e.Actual(n); a != nil && a.Loops > 0 {
			m["Actual Rows"], m["Actual Loops"] = a.Rows/a.Loops, a.Loops
			if e.Timing {
				m["Actual Startup Time"], m["Actual Total Time"] = ms(a.Startup)/float64(a.Loops), ms(a.Total)/float64(a.Loops)
			}
		}
	}
	var plans []any
	for _, k := range s.kids {
		plans = append(plans, e.tree(k.node))
	}
	if plans != nil {
		m["Plans"] = plans
	}
	return m
}

func round2(f float64) float64 { return float64(int64(f*100+0.5)) / 100 }

func (e *Explainer) deparser() *bind.Deparser { return &bind.Deparser{Catalog: e.Catalog} }

func (e *Explainer) expr(x eval.Expr) string { return e.deparser().Expr(x) }

// cond prints a list of conditions, ANDed.
func (e *Explainer) cond(list []eval.Expr) string {
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = e.expr(x)
		if !strings.HasPrefix(parts[i], "(") {
			parts[i] = "(" + parts[i] + ")"
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

func (e *Explainer) keys(keys []eval.SortKey) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = e.expr(k.Expr)
		if k.Desc {
			parts[i] += " DESC"
		}
		if k.NullsFirst != k.Desc {
			parts[i] += map[bool]string{true: " NULLS FIRST", false: " NULLS LAST"}[k.NullsFirst]
		}
	}
	return strings.Join(parts, ", ")
}

func (e *Explainer) list(exprs []eval.Expr) string {
	parts := make([]string, len(exprs))
	for i, x := range exprs {
		parts[i] = e.expr(x)
	}
	return strings.Join(parts, ", ")
}

func (s *shown) add(name, value string) { s.props = append(s.props, property{name, value}) }

func (s *shown) addConds(e *Explainer, name string, list []eval.Expr) {
	if len(list) > 0 {
		s.add(name, e.cond(list))
	}
}

// onTable is " on table alias".
func onTable(rel *cat.Relation, alias string) string {
	on := " on " + bind.QuoteIdent(rel.Table.Name)
	if alias != "" && alias != rel.Table.Name {
		on += " " + bind.QuoteIdent(alias)
	}
	return on
}

func children(nodes ...Node) []kid {
	out := make([]kid, len(nodes))
	for i, n := range nodes {
		out[i] = kid{node: n}
	}
	return out
}

// describe says how a node is printed.
func (e *Explainer) describe(n Node) shown {
	switch n := n.(type) {
	case *SeqScan:
		s := shown{title: "Seq Scan", on: onTable(n.Rel, n.Alias)}
		s.addConds(e, "Filter", n.Conds)
		for _, why := range n.NotUsed {
			s.add("Index Not Used", why)
		}
		return s
	case *VirtualScan:
		s := shown{title: "Seq Scan", on: onTable(n.Rel, n.Alias)}
		s.addConds(e, "Filter", n.Conds)
		return s
	case *IndexScan:
		return e.indexScan(n)
	case *BitmapScan:
		s := shown{title: "Bitmap Heap Scan", on: onTable(n.Rel, n.Alias)}
		s.add("Bitmap", e.bitmap(n.Set))
		s.addConds(e, "Filter", n.Conds)
		return s
	case *AnnScan:
		return e.annScan(n)
	case *HashJoin:
		return e.hashJoin(n)
	case *NestLoop:
		s := shown{title: "Nested Loop" + joinWord(n.Kind), kids: children(n.Left, n.Right)}
		s.addConds(e, "Join Filter", n.Conds)
		return s
	}
	return e.describeRest(n)
}

func (e *Explainer) indexScan(n *IndexScan) shown {
	title := "Index Scan"
	if n.Reverse {
		title += " Backward"
	}
	s := shown{title: title + " using " + bind.QuoteIdent(n.Index.Name), on: onTable(n.Rel, n.Alias)}
	if n.Ranges != nil {
		s.addConds(e, "Index Cond", n.Ranges.Conds)
	}
	s.addConds(e, "Filter", n.Conds)
	for _, why := range n.NotUsed {
		s.add("Index Not Used", why)
	}
	return s
}

func (e *Explainer) annScan(n *AnnScan) shown {
	s := shown{title: "Index Scan using " + bind.QuoteIdent(n.Index.Name), on: onTable(n.Rel, n.Alias)}
	s.add("Order By", e.expr(n.DistExpr))
	s.addConds(e, "Filter", n.Conds)
	if n.Set != nil {
		s.add("Filter Bitmap", e.bitmap(n.Set))
	}
	strategy := n.Strategy
	if e.Actual != nil {
		if a := e.Actual(n); a != nil && a.Note != "" {
			strategy = a.Note
		}
	}
	if strategy != "" {
		s.add("Strategy", strategy)
	}
	if n.Probes > 0 {
		s.add("Search", fmt.Sprintf("probes=%d refine=%d estimated recall=%.3f", n.Probes, n.Refine, n.Recall))
	}
	return s
}

func (e *Explainer) bitmap(b BitmapNode) string {
	join := func(args []BitmapNode, op string) string {
		parts := make([]string, len(args))
		for i, a := range args {
			parts[i] = e.bitmap(a)
		}
		return "(" + strings.Join(parts, op) + ")"
	}
	switch b := b.(type) {
	case *BitmapIndex:
		return bind.QuoteIdent(b.Index.Name) + " " + e.cond(b.Ranges.Conds)
	case *BitmapAnd:
		return join(b.Args, " AND ")
	case *BitmapOr:
		return join(b.Args, " OR ")
	}
	return ""
}

func joinWord(k bind.JoinKind) string {
	return map[bind.JoinKind]string{
		bind.Left: " Left Join", bind.Full: " Full Join", bind.Semi: " Semi Join", bind.Anti: " Anti Join",
	}[k]
}

func (e *Explainer) hashJoin(n *HashJoin) shown {
	title := "Hash" + joinWord(n.Kind)
	if n.Kind == bind.Inner {
		title = "Hash Join"
	}
	s := shown{title: title, kids: children(n.Left, n.Right)}
	parts := make([]string, len(n.LeftKeys))
	for i := range n.LeftKeys {
		parts[i] = "(" + e.expr(n.LeftKeys[i]) + " = " + e.expr(n.RightKeys[i]) + ")"
	}
	cond := strings.Join(parts, " AND ")
	if len(parts) > 1 {
		cond = "(" + cond + ")"
	}
	s.add("Hash Cond", cond)
	s.addConds(e, "Join Filter", n.Conds)
	return s
}

func (e *Explainer) describeRest(n Node) shown {
	switch n := n.(type) {
	case *Filter:
		s := shown{title: "Result", kids: children(n.Input)}
		name := "Filter"
		if n.OneTime {
			name = "One-Time Filter"
		}
		s.addConds(e, name, n.Conds)
		return s
	case *Project:
		if v, ok := n.Input.(*Values); ok && len(v.Lists) == 1 && len(v.Cols) == 0 {
			return shown{title: "Result"}
		}
		return e.through(n.Input)
	case *Sort:
		s := shown{title: "Sort", kids: children(n.Input)}
		if n.Limit != nil {
			s.title = "Top-N Sort"
		}
		s.add("Sort Key", e.keys(n.Keys))
		return s
	case *Aggregate:
		s := shown{title: "Aggregate", kids: children(n.Input)}
		if len(n.Groups) > 0 {
			s.title = "HashAggregate"
			s.add("Group Key", e.list(n.Groups))
		}
		return s
	case *SetOp:
		word := map[bind.SetKind]string{bind.Union: "Union", bind.Intersect: "Intersect", bind.Except: "Except"}[n.Kind]
		if n.All {
			word += " All"
		}
		return shown{title: "HashSetOp " + word, kids: children(n.Left, n.Right)}
	case *With:
		s := shown{title: "With"}
		for _, c := range n.CTEs {
			s.kids = append(s.kids, kid{"CTE " + bind.QuoteIdent(c.Name), c.Plan})
		}
		s.kids = append(s.kids, kid{node: n.Input})
		return s
	case *Insert:
		return shown{title: "Insert", on: onTable(n.Stmt.Rel, ""), kids: children(n.Source)}
	case *Update:
		return shown{title: "Update", on: onTable(n.Stmt.Rel, ""), kids: children(n.Source)}
	case *Delete:
		return shown{title: "Delete", on: onTable(n.Stmt.Rel, ""), kids: children(n.Source)}
	case *CTEScan:
		return shown{title: "CTE Scan", on: " on " + bind.QuoteIdent(n.CTE.Name)}
	case *FuncScan:
		return shown{title: "Function Scan", on: " on " + bind.QuoteIdent(n.Alias)}
	}
	return shown{title: plainTitles[fmt.Sprintf("%T", n)], kids: children(n.Inputs()...)}
}

// through prints a projection as its input, which is how PostgreSQL shows it.
func (e *Explainer) through(n Node) shown { return e.describe(n) }

// plainTitles are the nodes that print nothing but their name.
var plainTitles = map[string]string{
	"*planner.Values": "Values Scan", "*planner.Empty": "Result", "*planner.ProjectSet": "ProjectSet", "*planner.Limit": "Limit",
	"*planner.Distinct": "HashAggregate", "*planner.Window": "WindowAgg", "*planner.Append": "Append", "*planner.LockRows": "LockRows",
	"*planner.Material": "Materialize",
}
