package planner

import (
	"cmp"
	"fmt"
	"maps"
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

// Explainer prints a plan as PostgreSQL's EXPLAIN does. It is for one use.
type Explainer struct {
	Plan    *Plan
	Catalog cat.Catalog
	Costs   bool
	Timing  bool
	Verbose bool // output columns, schemas, and names always qualified
	// Actual gives what was measured of a node, nil when nothing was.
	Actual func(Node) *Actual

	names map[eval.ColID]columnName
	bare  map[eval.ColID]columnName // without tables, when there is one alone: the output has these even if Verbose
}

// columnName is how a column is printed: a stored or renamed column by its table's alias, a computed one
// by its expression.
type columnName struct {
	table, name string
	expr        eval.Expr
}

// property is one line below a node.
type property struct {
	name, value string
	list        []string // of keys, whose names programs read one by one
}

// shown is a node as it is printed.
type shown struct {
	node     string // PostgreSQL's node type: Seq Scan
	strategy string // Hashed of HashAggregate, for JSON
	join     string // Inner, Left, Full, Semi, Anti
	index    string
	backward bool
	relation string
	rel      *cat.Relation
	schema   string // for VERBOSE
	alias    string
	onOther  string // what is scanned when it is no relation: a function, a CTE
	otherKey string // what FORMAT JSON calls that
	command  string // of SetOp and ModifyTable, for JSON: Insert, Except All
	props    []property
	filter   []eval.Expr // behind the property Filter
	kids     []kid
	// numbers overrides the estimates of the node that is printed (the Hash above a hash join's side).
	numbers Node
}

// kid is an input, with the label that PostgreSQL puts above it.
type kid struct {
	label string // SubPlan 1, CTE x
	role  string // Outer, Inner, SubPlan, InitPlan, Member
	node  Node
	shown *shown // set when it is no node of the plan: a Hash, a bitmap
}

// Lines prints the plan as text.
func (e *Explainer) Lines() []string {
	e.prepare()
	var out []string
	e.lines(kid{node: e.Plan.Root}, 0, "", &out)
	return out
}

func (e *Explainer) lines(k kid, depth int, arrow string, out *[]string) {
	s, n := e.open(k)
	pad := strings.Repeat(" ", depth)
	*out = append(*out, pad+arrow+s.title()+e.numbers(n))
	inner := depth + len(arrow) + 2
	if cols := e.output(n); len(cols) > 0 {
		*out = append(*out, strings.Repeat(" ", inner)+"Output: "+strings.Join(cols, ", "))
	}
	for _, p := range s.props {
		*out = append(*out, strings.Repeat(" ", inner)+p.name+": "+p.value)
	}
	for _, c := range s.kids {
		if c.label == "" {
			e.lines(c, inner, "->  ", out)
			continue
		}
		*out = append(*out, strings.Repeat(" ", inner)+c.label)
		e.lines(c, inner+2, "->  ", out)
	}
}

// open returns what is printed for a kid and the node whose numbers it has.
func (e *Explainer) open(k kid) (*shown, Node) {
	if k.shown != nil {
		return k.shown, k.shown.numbers
	}
	s := e.describe(k.node)
	if e.Verbose && s.rel != nil {
		s.schema, _ = e.Catalog.NamespaceOf(s.rel)
	}
	return &s, k.node
}

// output lists what a node yields, for VERBOSE.
func (e *Explainer) output(n Node) []string {
	if !e.Verbose || n == nil {
		return nil
	}
	if e.bare != nil {
		defer func(names map[eval.ColID]columnName) { e.names = names }(e.names)
		e.names = e.bare
	}
	switch n := n.(type) {
	case *Insert:
		return e.exprList(n.Stmt.Return)
	case *Update:
		return e.exprList(n.Stmt.Return)
	case *Delete:
		return e.exprList(n.Stmt.Return)
	}
	cols := n.Info().Cols
	list := make([]eval.Expr, len(cols))
	for i := range cols {
		list[i] = colOf(&cols[i])
	}
	return e.exprList(list)
}

// title is the first line: type, index and relation.
func (s *shown) title() string {
	t := s.node
	if s.strategy == "Hashed" && s.command == "" {
		t = "Hash" + t
	}
	if s.join != "" && s.join != "Inner" {
		t = strings.TrimSuffix(t, " Join") + " " + s.join + " Join"
	}
	if s.backward {
		t += " Backward"
	}
	switch {
	case s.index != "" && s.relation == "":
		t += " on " + bind.QuoteIdent(s.index)
	case s.index != "":
		t += " using " + bind.QuoteIdent(s.index)
	}
	switch {
	case s.relation != "":
		t += " on "
		if s.schema != "" {
			t += bind.QuoteIdent(s.schema) + "."
		}
		t += bind.QuoteIdent(s.relation)
		if s.alias != "" && s.alias != s.relation {
			t += " " + bind.QuoteIdent(s.alias)
		}
	case s.onOther != "":
		t += " on " + bind.QuoteIdent(s.onOther)
		if s.alias != "" && s.alias != s.onOther {
			t += " " + bind.QuoteIdent(s.alias)
		}
	}
	return t
}

// numbers prints estimates and measurements.
func (e *Explainer) numbers(n Node) string {
	if n == nil {
		return ""
	}
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

// Tree is the plan as programs read it.
func (e *Explainer) Tree() *Group {
	e.prepare()
	return e.tree(kid{node: e.Plan.Root})
}

func (e *Explainer) tree(k kid) *Group {
	s, n := e.open(k)
	kind := s.jsonType()
	g := &Group{}
	g.Add("Node Type", kind)
	g.Add("Strategy", s.strategy)
	if kind == "Aggregate" {
		g.Add("Partial Mode", "Simple")
	}
	if kind == modifyTable {
		g.Add("Operation", s.command)
	}
	g.Add("Parent Relationship", k.role)
	g.Add("Subplan Name", k.label)
	g.Add("Parallel Aware", false)
	g.Add("Async Capable", false)
	if s.node == "Index Scan" {
		g.Add("Scan Direction", map[bool]string{false: "Forward", true: "Backward"}[s.backward])
	}
	g.Add("Index Name", s.index)
	g.Add("Relation Name", s.relation)
	alias := s.alias
	if s.otherKey != "" {
		g.Add(s.otherKey, s.onOther)
		alias = cmp.Or(alias, s.onOther)
	}
	g.Add("Schema", s.schema)
	g.Add("Alias", alias)
	g.Add("Join Type", s.join)
	if kind != modifyTable {
		g.Add("Command", s.command)
	}
	if n != nil {
		e.treeNumbers(g, n)
	}
	if out := e.output(n); len(out) > 0 {
		g.Add("Output", out)
	}
	for _, p := range s.props {
		switch have := g.find(p.name); {
		case have != nil: // reasons, and the keys of grouping sets
			have.Value = fmt.Sprint(have.Value, "; ", p.value)
		case p.list != nil:
			g.Add(p.name, p.list)
		default:
			g.Add(p.name, p.value)
		}
	}
	if len(s.kids) > 0 {
		plans := make([]*Group, len(s.kids))
		for i, c := range s.kids {
			plans[i] = e.tree(c)
		}
		g.Add("Plans", plans)
	}
	return g
}

// modifyTable is what FORMAT JSON calls INSERT, UPDATE and DELETE.
const modifyTable = "ModifyTable"

// jsonType is the node type of FORMAT JSON, which is not always the first word of the text.
func (s *shown) jsonType() string {
	switch {
	case s.command == "":
		return s.node
	case s.relation != "":
		return modifyTable
	}
	return "SetOp"
}

func (e *Explainer) treeNumbers(g *Group, n Node) {
	b := n.Info()
	if e.Costs {
		g.Add("Startup Cost", Fixed(b.Startup, 2))
		g.Add("Total Cost", Fixed(b.Total, 2))
		g.Add("Plan Rows", int64(max(b.Rows, 1)))
		g.Add("Plan Width", width(b.Cols))
	}
	if e.Actual == nil {
		return
	}
	a := e.Actual(n)
	if a == nil || a.Loops == 0 {
		a = &Actual{Loops: 0}
	}
	loops := max(a.Loops, 1)
	if e.Timing {
		g.Add("Actual Startup Time", Fixed(ms(a.Startup)/float64(loops), 3))
		g.Add("Actual Total Time", Fixed(ms(a.Total)/float64(loops), 3))
	}
	g.Add("Actual Rows", a.Rows/loops)
	g.Add("Actual Loops", a.Loops)
}

// prepare learns the names of all columns. With more than one relation names are qualified.
func (e *Explainer) prepare() {
	e.names = map[eval.ColID]columnName{}
	tables := 0
	e.learn(e.Plan.Root, &tables)
	for _, s := range e.Plan.SubPlans {
		e.learn(s.Root, &tables)
	}
	if _, ok := e.Plan.Root.(*Insert); ok && e.Verbose { // the table that it goes to counts
		tables++
	}
	if tables > 1 {
		return
	}
	e.bare = maps.Clone(e.names)
	for id, n := range e.bare {
		n.table = ""
		e.bare[id] = n
	}
	if !e.Verbose {
		e.names = e.bare
	}
}

func (e *Explainer) learn(n Node, tables *int) {
	for _, in := range n.Inputs() {
		e.learn(in, tables)
	}
	name := func(alias string, cols []eval.Column) {
		for i := range cols {
			e.names[cols[i].ID] = columnName{table: alias, name: cols[i].Name}
		}
	}
	scan := func(alias string, cols []eval.Column) {
		*tables++
		name(alias, cols)
	}
	exprs := func(cols []eval.Column, list []eval.Expr) {
		for i, x := range list {
			if c, ok := x.(*eval.Col); !ok || c.ID != cols[i].ID {
				e.names[cols[i].ID] = columnName{expr: x}
			}
		}
	}
	switch n := n.(type) {
	case *SeqScan:
		scan(aliasOf(n.Rel, n.Alias), n.Cols)
	case *VirtualScan:
		scan(aliasOf(n.Rel, n.Alias), n.Cols)
	case *IndexScan:
		scan(aliasOf(n.Rel, n.Alias), n.Cols)
	case *BitmapScan:
		scan(aliasOf(n.Rel, n.Alias), n.Cols)
	case *AnnScan:
		scan(aliasOf(n.Rel, n.Alias), append(n.Cols[:len(n.Cols):len(n.Cols)], n.FilterCols...))
		e.names[n.DistCol] = columnName{expr: n.DistExpr}
	case *CTEScan:
		scan(n.CTE.Name, n.Cols)
	case *FuncScan:
		scan(n.Alias, n.Cols)
	case *Insert:
		name(n.Stmt.Rel.Table.Name, n.Stmt.NewCols)
		if c := n.Stmt.OnConflict; c != nil {
			scan(n.Stmt.Rel.Table.Name, c.Existing)
			scan("excluded", n.Stmt.NewCols)
		}
	case *Update:
		name(n.Stmt.Rel.Table.Name, n.Stmt.New)
	case *Project:
		exprs(n.Cols, n.Exprs)
	case *ProjectSet:
		exprs(n.Cols, n.Exprs)
	case *Aggregate:
		exprs(n.Cols, append(n.Groups[:len(n.Groups):len(n.Groups)], n.Aggs...))
	}
}

func aliasOf(r *cat.Relation, alias string) string {
	if alias != "" {
		return alias
	}
	return r.Table.Name
}

// expandMax bounds how deep computed columns are replaced by their expressions.
const expandMax = 32

// expand replaces computed columns by what computes them and subqueries by their numbers.
func (e *Explainer) expand(x eval.Expr, depth int) eval.Expr {
	if x == nil {
		return nil
	}
	return eval.Rewrite(x, func(x eval.Expr) eval.Expr {
		switch x := x.(type) {
		case *eval.Col:
			if n, ok := e.names[x.ID]; ok && n.expr != nil && depth < expandMax {
				return e.expand(n.expr, depth+1)
			}
		case *eval.Subquery:
			if sp, ok := x.Rel.(*SubPlan); ok {
				return &eval.Col{ID: subPlanCol, Name: subPlanText(x, sp), T: x.T}
			}
			return &eval.Col{ID: subPlanCol, Name: "(SubPlan)", T: x.T}
		case *eval.Agg:
			return &eval.Col{ID: subPlanCol, Name: e.aggText(x), T: x.T}
		}
		return x
	})
}

// subPlanCol is the id of columns that stand for ready text.
const subPlanCol eval.ColID = -1

func subPlanText(x *eval.Subquery, sp *SubPlan) string {
	switch {
	case len(sp.Params) > 0:
		return fmt.Sprintf("(SubPlan %d)", sp.N)
	case x.Kind == eval.Any || x.Kind == eval.All:
		return fmt.Sprintf("(hashed SubPlan %d)", sp.N)
	}
	return fmt.Sprintf("$%d", sp.N-1)
}

func (e *Explainer) aggText(x *eval.Agg) string {
	args := "*"
	if !x.Star {
		args = e.list(x.Args)
	}
	if x.Distinct {
		args = "DISTINCT " + args
	}
	if len(x.Order) > 0 && !x.Within {
		args += " ORDER BY " + e.keys(x.Order)
	}
	out := bind.QuoteIdent(x.F.Name) + "(" + args + ")"
	if x.Within {
		out += " WITHIN GROUP (ORDER BY " + e.keys(x.Order) + ")"
	}
	if x.Filter != nil {
		out += " FILTER (WHERE " + e.expr(x.Filter) + ")"
	}
	return out
}

func (e *Explainer) expr(x eval.Expr) string {
	d := &bind.Deparser{Catalog: e.Catalog, Column: e.column}
	return d.Expr(e.expand(x, 0))
}

// column prints a reference.
func (e *Explainer) column(c *eval.Col) string {
	if c.ID == subPlanCol {
		return c.Name
	}
	n, ok := e.names[c.ID]
	switch {
	case !ok || n.name == "":
		return bind.QuoteIdent(c.Name)
	case n.table == "":
		return bind.QuoteIdent(n.name)
	}
	return bind.QuoteIdent(n.table) + "." + bind.QuoteIdent(n.name)
}

// cond prints a list of conditions, ANDed.
func (e *Explainer) cond(list []eval.Expr) string {
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = e.expr(x)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

func (e *Explainer) keys(keys []eval.SortKey) string { return strings.Join(e.keyList(keys), ", ") }

func (e *Explainer) keyList(keys []eval.SortKey) []string {
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
	return parts
}

func (e *Explainer) list(exprs []eval.Expr) string { return strings.Join(e.exprList(exprs), ", ") }

func (e *Explainer) exprList(exprs []eval.Expr) []string {
	parts := make([]string, len(exprs))
	for i, x := range exprs {
		parts[i] = e.expr(x)
	}
	return parts
}
