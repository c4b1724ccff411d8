package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

func (s *shown) add(name, value string) {
	s.props = append(s.props, property{name: name, value: value})
}

func (s *shown) addKeys(name string, list []string) {
	s.props = append(s.props, property{name, strings.Join(list, ", "), list})
}

func (s *shown) addConds(e *Explainer, name string, list []eval.Expr) {
	if len(list) > 0 {
		s.add(name, e.cond(list))
	}
}

// addFilter adds conditions that rows are checked for; all of a node are one line.
func (s *shown) addFilter(e *Explainer, list []eval.Expr) {
	if len(s.filter) == 0 {
		s.filter = list
		s.addConds(e, "Filter", list)
		return
	}
	s.filter = append(s.filter[:len(s.filter):len(s.filter)], list...)
	for i := range s.props {
		if s.props[i].name == "Filter" {
			s.props[i].value = e.cond(s.filter)
		}
	}
}

// scanOf is a scan of a relation.
func scanOf(node string, rel *cat.Relation, alias string) shown {
	return shown{node: node, rel: rel, relation: rel.Table.Name, alias: aliasOf(rel, alias)}
}

func outer(n Node) kid { return kid{role: "Outer", node: n} }
func inner(n Node) kid { return kid{role: "Inner", node: n} }

// describe says how a node is printed. What is computed before it stands before its inputs, as in PostgreSQL.
func (e *Explainer) describe(n Node) shown {
	s := e.describeNode(n)
	slices.SortStableFunc(s.kids, func(a, b kid) int {
		return cmp.Compare(btoi(a.role != roleInit), btoi(b.role != roleInit))
	})
	return s
}

// roleInit is the role of what is computed once, before the node.
const roleInit = "InitPlan"

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (e *Explainer) describeNode(n Node) shown {
	var s shown
	switch n := n.(type) {
	case *SeqScan:
		s = scanOf("Seq Scan", n.Rel, n.Alias)
		s.addFilter(e, n.Conds)
		e.notUsed(&s, n.NotUsed)
		e.subPlans(&s, n.Conds)
	case *VirtualScan:
		s = scanOf("Seq Scan", n.Rel, n.Alias)
		s.addFilter(e, n.Conds)
		e.subPlans(&s, n.Conds)
	case *IndexScan:
		s = scanOf("Index Scan", n.Rel, n.Alias)
		s.index, s.backward = n.Index.Name, n.Reverse
		s.addConds(e, "Index Cond", n.Ranges.Conds)
		s.addFilter(e, n.Conds)
		e.notUsed(&s, n.NotUsed)
		e.subPlans(&s, n.Ranges.Conds, n.Conds)
	case *BitmapScan:
		s = scanOf("Bitmap Heap Scan", n.Rel, n.Alias)
		s.addConds(e, "Recheck Cond", n.Answered)
		s.addFilter(e, n.Conds)
		s.kids = append(s.kids, e.bitmap(n.Set))
		e.subPlans(&s, n.Answered, n.Conds)
	case *AnnScan:
		s = e.annScan(n)
	case *HashJoin:
		s = e.hashJoin(n)
	case *NestLoop:
		s = shown{node: "Nested Loop", join: joinWords[n.Kind], kids: []kid{outer(n.Left), inner(n.Right)}}
		s.addConds(e, "Join Filter", n.Conds)
		e.subPlans(&s, n.Conds)
	default:
		s = e.describeUnary(n)
	}
	return s
}

func (e *Explainer) notUsed(s *shown, list []string) {
	for _, why := range list {
		s.add("Index Not Used", why)
	}
}

// subPlans adds the subqueries in expressions as inputs.
func (e *Explainer) subPlans(s *shown, lists ...[]eval.Expr) {
	for _, list := range lists {
		for _, x := range list {
			visit(x, func(x eval.Expr) bool {
				q, ok := x.(*eval.Subquery)
				if !ok {
					return true
				}
				sp, ok := q.Rel.(*SubPlan)
				if !ok {
					return true
				}
				k := kid{node: sp.Root, role: "SubPlan", label: fmt.Sprintf("SubPlan %d", sp.N)}
				if len(sp.Params) == 0 && q.Kind != eval.Any && q.Kind != eval.All {
					k.role, k.label = roleInit, fmt.Sprintf("InitPlan %d (returns $%d)", sp.N, sp.N-1)
				}
				for _, have := range s.kids {
					if have.label == k.label {
						return true
					}
				}
				s.kids = append(s.kids, k)
				return true
			})
		}
	}
}

func (e *Explainer) annScan(n *AnnScan) shown {
	s := scanOf("Index Scan", n.Rel, n.Alias)
	s.index = n.Index.Name
	s.add("Order By", e.expr(n.DistExpr))
	s.addFilter(e, n.Conds)
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
	if n.Set != nil {
		s.kids = append(s.kids, e.bitmap(n.Set))
	}
	e.subPlans(&s, []eval.Expr{n.Query}, n.Conds)
	return s
}

// bitmap prints a set of rows made from indexes.
func (e *Explainer) bitmap(b BitmapNode) kid {
	s := &shown{}
	var args []BitmapNode
	switch b := b.(type) {
	case *BitmapIndex:
		s.node, s.index = "Bitmap Index Scan", b.Index.Name
		s.addConds(e, "Index Cond", b.Ranges.Conds)
	case *BitmapAnd:
		s.node, args = "BitmapAnd", b.Args
	case *BitmapOr:
		s.node, args = "BitmapOr", b.Args
	}
	for _, a := range args {
		k := e.bitmap(a)
		k.role = "Member"
		s.kids = append(s.kids, k)
	}
	return kid{role: "Outer", shown: s}
}

var joinWords = map[bind.JoinKind]string{
	bind.Inner: "Inner", bind.Left: "Left", bind.Full: "Full", bind.Semi: "Semi", bind.Anti: "Anti",
}

func (e *Explainer) hashJoin(n *HashJoin) shown {
	s := shown{node: "Hash Join", join: joinWords[n.Kind]}
	hash := &shown{node: "Hash", numbers: n.Right, kids: []kid{outer(n.Right)}}
	s.kids = []kid{outer(n.Left), {role: "Inner", shown: hash}}
	parts := ""
	for i := range n.LeftKeys {
		if i > 0 {
			parts += " AND "
		}
		parts += "(" + e.expr(n.LeftKeys[i]) + " = " + e.expr(n.RightKeys[i]) + ")"
	}
	if len(n.LeftKeys) > 1 {
		parts = "(" + parts + ")"
	}
	s.add("Hash Cond", parts)
	s.addConds(e, "Join Filter", n.Conds)
	e.subPlans(&s, n.LeftKeys, n.RightKeys, n.Conds)
	return s
}

// describeUnary prints the nodes with one input. PostgreSQL has no nodes for filters and projections:
// they are printed as part of their input.
func (e *Explainer) describeUnary(n Node) shown {
	switch n := n.(type) {
	case *Filter:
		if n.OneTime {
			s := shown{node: "Result", kids: []kid{outer(n.Input)}}
			s.addConds(e, "One-Time Filter", n.Conds)
			e.subPlans(&s, n.Conds)
			return s
		}
		s := e.describe(n.Input)
		if hasOwnLine(n.Input) {
			s = shown{node: "Subquery Scan", kids: []kid{outer(n.Input)}}
		}
		s.addFilter(e, n.Conds)
		e.subPlans(&s, n.Conds)
		return s
	case *Project:
		s := e.describe(n.Input)
		e.subPlans(&s, n.Exprs)
		return s
	case *Values:
		if len(n.Lists) == 1 && len(n.Cols) == 0 {
			return shown{node: "Result"}
		}
		s := shown{node: "Values Scan", onOther: "*VALUES*", otherKey: "Alias"}
		e.subPlans(&s, n.Lists...)
		return s
	case *Sort:
		s := shown{node: "Sort", kids: []kid{outer(n.Input)}}
		s.addKeys("Sort Key", e.keyList(n.Keys))
		if e.Actual != nil {
			s.add("Sort Method", map[bool]string{true: "top-N heapsort", false: "quicksort"}[n.Limit != nil])
		}
		return s
	case *Aggregate:
		return e.aggregate(n)
	case *Distinct:
		s := shown{node: "Aggregate", strategy: "Hashed", kids: []kid{outer(n.Input)}}
		if n.On != nil {
			s.node, s.strategy = "Unique", ""
		} else {
			list := make([]eval.Expr, len(n.Cols))
			for i := range n.Cols {
				list[i] = colOf(&n.Cols[i])
			}
			s.addKeys("Group Key", e.exprList(list))
		}
		return s
	case *Limit:
		s := shown{node: "Limit", kids: []kid{outer(n.Input)}}
		e.subPlans(&s, []eval.Expr{n.Count, n.Offset})
		return s
	}
	return e.describeRest(n)
}

// hasOwnLine says whether a filter over n must not be printed as n's: it sees what n lets through.
func hasOwnLine(n Node) bool {
	switch n := n.(type) {
	case *Project:
		return hasOwnLine(n.Input)
	case *Filter:
		return n.OneTime || hasOwnLine(n.Input)
	case *Limit, *Window, *Distinct, *Sort, *Append, *SetOp, *Material, *With, *LockRows, *ProjectSet:
		return true
	}
	return false
}

func (e *Explainer) aggregate(n *Aggregate) shown {
	s := shown{node: "Aggregate", kids: []kid{outer(n.Input)}}
	switch {
	case len(n.Sets) > 1:
		s.strategy = "Hashed"
		for _, set := range n.Sets {
			if len(set) == 0 {
				s.add("Group Key", "()")
				continue
			}
			list := make([]eval.Expr, len(set))
			for i, g := range set {
				list[i] = n.Groups[g]
			}
			s.add("Hash Key", e.list(list))
		}
	case len(n.Groups) > 0:
		s.strategy = "Hashed"
		s.addKeys("Group Key", e.exprList(n.Groups))
	default:
		s.strategy = "Plain"
	}
	e.subPlans(&s, n.Groups, n.Aggs)
	return s
}

func (e *Explainer) describeRest(n Node) shown {
	switch n := n.(type) {
	case *SetOp:
		word := map[bind.SetKind]string{bind.Union: "Union", bind.Intersect: "Intersect", bind.Except: "Except"}[n.Kind]
		if n.All {
			word += " All"
		}
		return shown{node: "HashSetOp " + word, strategy: "Hashed", command: word, kids: []kid{outer(n.Left), inner(n.Right)}}
	case *Append:
		s := shown{node: "Append"}
		for _, p := range n.Parts {
			s.kids = append(s.kids, kid{role: "Member", node: p})
		}
		return s
	case *With:
		s := e.describe(n.Input)
		var ctes []kid
		for _, c := range n.CTEs {
			k := kid{label: "CTE " + bind.QuoteIdent(c.Name), role: roleInit, node: c.Plan}
			if c.Step != nil {
				k.shown = &shown{node: "Recursive Union", numbers: c.Plan, kids: []kid{outer(c.Plan), inner(c.Step)}}
			}
			ctes = append(ctes, k)
		}
		s.kids = append(ctes, s.kids...)
		return s
	case *Insert:
		s := e.modified("Insert", n.Stmt.Rel, n.Source, n.Stmt)
		if n.Stmt.OnConflict != nil {
			e.conflict(&s, n.Stmt.Rel, n.Stmt.OnConflict)
		}
		return s
	case *Update:
		return e.modified("Update", n.Stmt.Rel, n.Source, n.Stmt)
	case *Delete:
		return e.modified("Delete", n.Stmt.Rel, n.Source, n.Stmt)
	case *CTEScan:
		if n.Working {
			return shown{node: "WorkTable Scan", onOther: n.CTE.Name, otherKey: "CTE Name"}
		}
		return shown{node: "CTE Scan", onOther: n.CTE.Name, otherKey: "CTE Name"}
	case *FuncScan:
		name := n.Alias
		if c, ok := n.Calls[0].(*eval.Call); ok {
			name = c.F.Name
		}
		s := shown{node: "Function Scan", onOther: name, otherKey: "Function Name", alias: n.Alias}
		e.subPlans(&s, n.Calls)
		return s
	case *Empty:
		s := shown{node: "Result"}
		s.add("One-Time Filter", "false")
		return s
	}
	s := shown{node: plainTitles[fmt.Sprintf("%T", n)]}
	for _, in := range n.Inputs() {
		s.kids = append(s.kids, outer(in))
	}
	switch n := n.(type) {
	case *ProjectSet:
		e.subPlans(&s, n.Exprs)
	case *Window:
		for _, c := range n.Calls {
			e.subPlans(&s, c.Args, []eval.Expr{c.Filter})
		}
	}
	return s
}

// modified is a node that changes rows.
func (e *Explainer) modified(command string, rel *cat.Relation, source Node, st bind.Stmt) shown {
	s := scanOf(command, rel, "")
	s.command, s.kids = command, []kid{outer(source)}
	mapStmt(st, func(r eval.Rel) eval.Rel { return r }, func(x eval.Expr) eval.Expr {
		e.subPlans(&s, []eval.Expr{x})
		return x
	})
	return s
}

// conflict adds what INSERT does with rows that are there already.
func (e *Explainer) conflict(s *shown, rel *cat.Relation, c *bind.OnConflict) {
	s.add("Conflict Resolution", map[bool]string{false: "NOTHING", true: "UPDATE"}[c.Update])
	var names []string
	for _, ix := range rel.Indexes {
		if slices.Contains(c.Indexes, ix.OID) {
			names = append(names, bind.QuoteIdent(ix.Name))
		}
	}
	if names != nil {
		s.addKeys("Conflict Arbiter Indexes", names)
	}
	if c.Where != nil {
		s.addConds(e, "Conflict Filter", []eval.Expr{c.Where})
	}
}

// plainTitles are the nodes that print nothing but their name.
var plainTitles = map[string]string{
	"*planner.ProjectSet": "ProjectSet", "*planner.Window": "WindowAgg",
	"*planner.LockRows": "LockRows", "*planner.Material": "Materialize",
}
