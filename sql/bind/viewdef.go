package bind

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/schema"
)

// Origin says how a relation in FROM was written, which the bound tree alone does not tell.
type Origin struct {
	Alias string
	// Cols are the names that the columns have in the query around, in output order.
	Cols []string
	// View is the view whose query the relation is.
	View *cat.Relation
}

// JoinShape says how a join was written, where the bound tree alone does not tell.
type JoinShape struct {
	Comma bool
	// Right says RIGHT JOIN, which is bound as a left one with the sides exchanged.
	Right bool
	// Using are the columns of USING or NATURAL, UsingAlias the name for them.
	Using      []string
	UsingAlias string
	// Alias is the name of the whole join, Cols are the names of its columns.
	Alias string
	Cols  []string
}

// QueryStyle says what the text of a query is for.
type QueryStyle uint8

// Styles.
const (
	// DeparseShown is for people: pg_get_viewdef.
	DeparseShown QueryStyle = iota
	// DeparsePretty is shown with only the parentheses that are needed.
	DeparsePretty
	// DeparseStored qualifies every table, so that the text means the same under any search path.
	DeparseStored
)

// ShowView prints the query of a view with those names of its columns, as pg_get_viewdef does.
func ShowView(c cat.Catalog, r *Result, names []string, style QueryStyle) string {
	d := newQueryDeparser(c, r, style)
	d.names = names
	return joinLines(d.block(r.Stmt.(*Query).Rel))
}

// DeparseQuery prints a bound query as SQL in the style of pg_get_viewdef, without a semicolon.
func DeparseQuery(c cat.Catalog, r *Result, style QueryStyle) string {
	return joinLines(newQueryDeparser(c, r, style).block(r.Stmt.(*Query).Rel))
}

// ReprintQuery prints a stored query, which was bound from old under the names before a rename, with those of c. Where a
// relation goes by its own name it goes by the new one, unless old has that already.
func ReprintQuery(c cat.Catalog, r *Result, old string) string {
	d := newQueryDeparser(c, r, DeparseStored)
	d.Old = old
	return joinLines(d.block(r.Stmt.(*Query).Rel))
}

func newQueryDeparser(c cat.Catalog, r *Result, style QueryStyle) *Deparser {
	d := &Deparser{Catalog: c, Origins: r.Origins, Joins: r.Joins, Stored: style == DeparseStored, env: make(map[eval.ColID]string), taken: make(map[string]bool), alias: make(map[Rel]string)}
	d.Layout = map[QueryStyle]Layout{DeparseShown: LayoutIndent, DeparsePretty: LayoutPretty}[style]
	return d
}

func sortStrings(list []string) { slices.Sort(list) }

// defaultOpclass says whether the key's operator class is what an index of the method would take.
func defaultOpclass(ix *schema.Index, k schema.IndexKey) bool {
	c := fn.DefaultOpClass(ix.Method, k.Type.OID)
	return c != nil && c.Name == k.Opclass
}

// inner is a deparser for a subquery: it sees the columns of the queries around.
func (d *Deparser) inner() *Deparser {
	in := *d
	in.env = maps.Clone(d.env)
	maps.Copy(in.env, d.full) // from inside, plain columns of this query need its names
	in.taken = maps.Clone(d.taken)
	in.full, in.leg, in.names, in.noName = nil, false, nil, false
	in.depth++
	return &in
}

// selectParts are the clauses of one SELECT, taken off a bound tree from the top.
type selectParts struct {
	limit      *Limit
	lock       *LockRows
	sort       *Sort
	distinct   *Distinct
	distinctOn *Distinct
	project    *Project
	visible    []eval.Column
	sets       []*ProjectSet
	windows    []*Window
	having     *Filter
	agg        *Aggregate
	where      *Filter
	from       Rel
}

// block prints a query of any form.
func (d *Deparser) block(r Rel) string {
	switch n := r.(type) {
	case *With:
		return d.with(n)
	case *Modify:
		return "?"
	case *Project:
		if d.onlyCasts(n) {
			return d.block(n.Input)
		}
	}
	p := takeApart(r)
	if p.project == nil {
		return d.setBlock(p)
	}
	return d.selectBlock(p)
}

// onlyCasts says whether a projection does nothing but the casts that a set operation asks of its
// side, which are not shown.
func (d *Deparser) onlyCasts(p *Project) bool {
	if _, known := d.Origins[p.Input]; known {
		return false
	}
	switch p.Input.(type) {
	case *SetOp, *Values, *Sort, *Limit, *Distinct, *Project:
	default:
		return false
	}
	cols := p.Input.Output()
	if len(cols) != len(p.Cols) || len(cols) == 0 {
		return false
	}
	casts := false
	for i, e := range p.Exprs {
		inner := hiddenCast(e)
		casts = casts || inner != e
		if c, ok := inner.(*eval.Col); !ok || c.ID != cols[i].ID {
			return false
		}
	}
	return casts
}

// hiddenCast is what stands under casts that resolution inserted.
func hiddenCast(e eval.Expr) eval.Expr {
	switch x := e.(type) {
	case *eval.Relabel:
		if !x.Explicit {
			return hiddenCast(x.Arg)
		}
	case *eval.IOCast:
		if !x.Explicit {
			return hiddenCast(x.Arg)
		}
	case *eval.Call:
		if x.Form == eval.FormImplicitCast {
			return hiddenCast(x.Args[0])
		}
	}
	return e
}

// takeApart walks down from the top of a query as the binder builds it.
func takeApart(r Rel) *selectParts {
	p, junk := &selectParts{}, false
	if top, ok := r.(*Project); ok && isJunkDrop(top) {
		p.visible, junk = top.Cols, true
		r = top.Input
	}
	if n, ok := r.(*Limit); ok {
		p.limit, r = n, n.Input
	}
	if n, ok := r.(*LockRows); ok {
		p.lock, r = n, n.Input
	}
	if n, ok := r.(*Distinct); ok && n.On != nil {
		p.distinctOn, r = n, n.Input
	}
	if n, ok := r.(*Sort); ok {
		p.sort, r = n, n.Input
	}
	if n, ok := r.(*Distinct); ok && n.On == nil {
		p.distinct, r = n, n.Input
	}
	n, ok := r.(*Project)
	if !ok {
		p.from = r
		return p
	}
	p.project, r = n, n.Input
	if !junk {
		p.visible = n.Cols
	}
	for {
		n, ok := r.(*ProjectSet)
		if !ok {
			break
		}
		p.sets, r = append(p.sets, n), n.Input
	}
	for {
		n, ok := r.(*Window)
		if !ok {
			break
		}
		p.windows, r = append(p.windows, n), n.Input
	}
	p.grouping(r)
	return p
}

// grouping takes off HAVING, the aggregation and WHERE.
func (p *selectParts) grouping(r Rel) {
	f, ok := r.(*Filter)
	if ok {
		r = f.Input
	}
	if a, isAgg := r.(*Aggregate); isAgg {
		p.having, p.agg, r = f, a, a.Input
		if f, ok = r.(*Filter); ok {
			r = f.Input
		}
	}
	p.where, p.from = f, r
}

// isJunkDrop says whether a projection only leaves columns of the one below out.
func isJunkDrop(top *Project) bool {
	for _, e := range top.Exprs {
		if _, ok := e.(*eval.Col); !ok {
			return false
		}
	}
	switch n := top.Input.(type) {
	case *Limit, *LockRows, *Sort:
		return true
	case *Distinct:
		return n.On != nil
	case *Project:
		return len(n.Cols) > len(top.Cols)
	}
	return false
}

func (d *Deparser) selectBlock(p *selectParts) string {
	d.nameSources(p)
	var b strings.Builder
	b.WriteString(" SELECT ")
	if p.distinct != nil {
		b.WriteString("DISTINCT ")
	}
	texts, keys := make(map[eval.ColID]string, len(p.project.Cols)), make(map[eval.ColID]string, len(p.project.Cols))
	for i, text := range d.topLevel(p.project.Exprs) {
		c := p.project.Cols[i]
		texts[c.ID], keys[c.ID] = text, d.key(p.project.Exprs[i])
	}
	if p.distinctOn != nil {
		b.WriteString("DISTINCT ON (" + d.outputs(p.distinctOn.On, keys) + ") ")
	}
	for i, c := range p.visible {
		text, name := texts[c.ID], c.Name
		if i < len(d.names) {
			name = d.names[i]
		}
		if i > 0 {
			b.WriteString(",")
		}
		if i > 0 && !strings.HasPrefix(text, lineStart) {
			b.WriteString(d.pad(4))
		}
		b.WriteString(text)
		if plainName(text) != name && (!d.noName || name != "?column?") {
			b.WriteString(" AS " + QuoteIdent(name))
		}
	}
	if v, ok := p.from.(*Values); !ok || len(v.Cols) > 0 {
		b.WriteString(d.pad(3) + "FROM " + d.fromText(p.from))
	}
	if p.where != nil {
		b.WriteString(d.pad(2) + "WHERE " + d.Expr(p.where.Cond))
	}
	b.WriteString(d.groupText(p))
	if p.having != nil {
		b.WriteString(d.pad(1) + "HAVING " + d.Expr(p.having.Cond))
	}
	b.WriteString(d.windowClause(p))
	b.WriteString(d.tail(p, keys))
	return b.String()
}

// plainName is the column name that a text would have without AS, if it is a column.
func plainName(text string) string {
	if i := strings.LastIndexByte(text, '.'); i >= 0 && !strings.ContainsAny(text, "( '") {
		text = text[i+1:]
	}
	return strings.Trim(text, `"`)
}

// pad begins a new line, indented as deep as the query is nested.
func (d *Deparser) pad(n int) string { return "\n" + strings.Repeat(" ", 8*d.depth+n) }

func (d *Deparser) tail(p *selectParts, texts map[eval.ColID]string) string {
	out := ""
	if p.sort != nil {
		parts := make([]string, len(p.sort.Keys))
		for i, k := range p.sort.Keys {
			parts[i] = d.output(k.Expr, texts) + keyOrder(k)
		}
		out += d.pad(2) + "ORDER BY " + strings.Join(parts, ", ")
	}
	if l := p.limit; l != nil {
		if l.Offset != nil {
			out += d.pad(1) + "OFFSET " + d.count(l.Offset)
		}
		switch {
		case l.WithTies:
			out += d.pad(1) + "FETCH FIRST (" + d.count(l.Count) + ") ROWS WITH TIES"
		case l.Count != nil:
			out += d.pad(1) + "LIMIT " + d.count(l.Count)
		}
	}
	if p.lock != nil {
		out += d.lockText(p.lock)
	}
	return out
}

// lockText prints FOR UPDATE and its kin, table by table.
func (d *Deparser) lockText(n *LockRows) string {
	out := ""
	for _, l := range n.Locks {
		out += d.pad(1) + sql.LockWords(l.Strength) + " OF " + d.full[l.RowID] + flag(n.NoWait, " NOWAIT") + flag(n.Skip, " SKIP LOCKED")
	}
	return out
}

// output prints a key that is an output column by the expression behind it.
func (d *Deparser) output(e eval.Expr, texts map[eval.ColID]string) string {
	if c, ok := e.(*eval.Col); ok {
		if text, ok := texts[c.ID]; ok {
			return text
		}
	}
	if d.Layout != LayoutPlain {
		return d.key(e)
	}
	return d.Expr(e)
}

func (d *Deparser) outputs(list []eval.Expr, texts map[eval.ColID]string) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = d.output(e, texts)
	}
	return strings.Join(out, ", ")
}

// nameSources gives every column below the projection its text: those of FROM by name, those of
// aggregates, windows and set-returning calls by what computes them.
func (d *Deparser) nameSources(p *selectParts) {
	qualify := d.depth > 0 || d.leg || countItems(d, p.from) > 1 || p.agg != nil && p.hasSubquery()
	d.nameFrom(p.from, qualify)
	d.bare = d.namesIn(p.from)
	if p.agg != nil {
		for i, c := range p.agg.GroupCols {
			d.computed(c.ID, d.value(p.agg.Groups[i]), p.agg.Groups[i])
		}
		for i, c := range p.agg.AggCols {
			d.computed(c.ID, d.aggText(p.agg, i), p.agg.Aggs[i])
		}
	}
	for i := len(p.windows) - 1; i >= 0; i-- {
		w := p.windows[i]
		for j, c := range w.Cols {
			d.computed(c.ID, d.windowText(w, j), windowNode)
		}
	}
	for i := len(p.sets) - 1; i >= 0; i-- {
		for j, c := range p.sets[i].Cols {
			if call, ok := p.sets[i].Exprs[j].(*eval.Call); ok {
				d.computed(c.ID, d.Expr(call), call)
			}
		}
	}
}

// hasSubquery says whether an expression above the aggregation holds a subquery, in which an aggregate
// of this query may stand: its text must then be right in there too.
func (p *selectParts) hasSubquery() bool {
	list := p.project.Exprs
	if p.having != nil {
		list = append(list[:len(list):len(list)], p.having.Cond)
	}
	return slices.ContainsFunc(list, eval.HasSubquery)
}

func (d *Deparser) aggText(a *Aggregate, i int) string {
	g, ok := a.Aggs[i].(*eval.Grouping)
	if !ok {
		return d.Expr(a.Aggs[i])
	}
	parts := make([]string, len(g.Groups))
	for j, n := range g.Groups {
		parts[j] = d.Expr(a.Groups[n])
	}
	return "GROUPING(" + strings.Join(parts, ", ") + ")"
}

func (d *Deparser) windowText(w *Window, i int) string {
	c := w.Calls[i]
	args := d.list(c.Args)
	if c.Star {
		args = "*"
	}
	out := QuoteIdent(c.F.Name) + "(" + args + ")"
	if c.Filter != nil {
		out += " FILTER (WHERE " + d.Expr(c.Filter) + ")"
	}
	if c.Over.Name != "" {
		return out + " OVER " + QuoteIdent(c.Over.Name)
	}
	return out + " OVER " + d.windowSpec(c.Over, w.Partition, w.Order, w.Frame)
}

// windowSpec prints what OVER and WINDOW have in parentheses.
func (d *Deparser) windowSpec(over Over, partition []eval.Expr, order []eval.SortKey, frame Frame) string {
	var parts []string
	if over.Base != "" {
		parts = append(parts, QuoteIdent(over.Base))
	} else if len(partition) > 0 {
		parts = append(parts, "PARTITION BY "+d.partition(partition))
	}
	if len(order) > 0 && (over.Order || over.Base == "") {
		parts = append(parts, "ORDER BY "+d.keys(order))
	}
	if f := d.frameText(frame); f != "" {
		parts = append(parts, f)
	}
	return "(" + strings.Join(parts, " ") + ")"
}

// windowClause prints WINDOW.
func (d *Deparser) windowClause(p *selectParts) string {
	var parts []string
	for _, w := range p.windows {
		for _, n := range w.Named {
			parts = append(parts, QuoteIdent(n.Name)+" AS "+d.windowSpec(n.Over, n.Partition, n.Order, n.Frame))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return d.pad(2) + "WINDOW " + strings.Join(parts, ", ")
}

// partition prints PARTITION BY, in which an expression is a key as in GROUP BY.
func (d *Deparser) partition(list []eval.Expr) string {
	if d.Layout == LayoutPlain {
		return d.list(list)
	}
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = d.key(e)
	}
	return strings.Join(out, ", ")
}

func (d *Deparser) frameText(f Frame) string {
	if f.Form == FrameDefault {
		return ""
	}
	names := []string{"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"}
	bound := func(b Bound, off eval.Expr) string {
		if off == nil {
			return names[b]
		}
		return d.count(off) + " " + names[b]
	}
	mode := map[byte]string{'r': "RANGE", 'o': "ROWS", 'g': "GROUPS"}[f.Mode]
	exclude := map[byte]string{'c': " EXCLUDE CURRENT ROW", 'g': " EXCLUDE GROUP", 't': " EXCLUDE TIES"}[f.Exclude]
	if f.Form == FrameStart {
		return mode + " " + bound(f.Start, f.StartOff) + exclude
	}
	return mode + " BETWEEN " + bound(f.Start, f.StartOff) + " AND " + bound(f.End, f.EndOff) + exclude
}

func (d *Deparser) groupText(p *selectParts) string {
	if p.agg == nil || len(p.agg.Groups) == 0 && p.agg.Sets == nil {
		return ""
	}
	key := func(i int) string { return d.key(p.agg.Groups[i]) }
	if p.agg.Sets == nil {
		out := make([]string, len(p.agg.Groups))
		for i := range out {
			out[i] = key(i)
		}
		return d.pad(2) + "GROUP BY " + strings.Join(out, ", ")
	}
	items := make([]string, len(p.agg.Written.Items))
	for i, g := range p.agg.Written.Items {
		items[i] = groupItem(g, key, true)
	}
	return d.pad(2) + "GROUP BY " + flag(p.agg.Written.Distinct, "DISTINCT ") + strings.Join(items, ", ")
}

// groupItem prints an element of GROUP BY; bare says that one group needs no parentheses.
func groupItem(g GroupItem, key func(int) string, bare bool) string {
	parts := make([]string, 0, len(g.Groups)+len(g.Items))
	for _, n := range g.Groups {
		parts = append(parts, key(n))
	}
	for _, inner := range g.Items {
		parts = append(parts, groupItem(inner, key, g.Word != "GROUPING SETS"))
	}
	list := strings.Join(parts, ", ")
	switch {
	case g.Word == "GROUPING SETS":
		return g.Word + " (" + list + ")"
	case g.Word == "" && bare && len(parts) == 1:
		return list
	}
	return g.Word + "(" + list + ")"
}

// setBlock prints VALUES and set operations with their ORDER BY and LIMIT.
func (d *Deparser) setBlock(p *selectParts) string {
	texts := make(map[eval.ColID]string)
	var body string
	switch n := p.from.(type) {
	case *SetOp:
		body = d.setOp(n)
		for i, c := range n.Cols {
			texts[c.ID] = QuoteIdent(c.Name)
			if d.Layout != LayoutPlain {
				texts[c.ID] = strconv.Itoa(i + 1)
			}
		}
	case *Values:
		rows := make([]string, len(n.Rows))
		for i, row := range n.Rows {
			rows[i] = "(" + strings.Join(d.exprs(row), ",") + ")"
		}
		body = d.valuesText(n, "VALUES "+strings.Join(rows, ", "))
		for _, c := range n.Cols {
			texts[c.ID] = QuoteIdent(c.Name)
		}
	default: // a cast over a leg of a set operation
		body = d.selectBlock(&selectParts{from: p.from, project: passThrough(p.from), visible: p.from.Output()})
	}
	return body + d.tail(p, texts)
}

// valuesText is a VALUES as a query: one that is called otherwise than it calls itself is selected from.
func (d *Deparser) valuesText(n *Values, text string) string {
	cols, own := make([]string, len(n.Cols)), true
	for i, c := range n.Cols {
		cols[i] = QuoteIdent(c.Name)
		if !d.leg && i < len(d.names) && d.names[i] != c.Name {
			cols[i] += " AS " + QuoteIdent(d.names[i])
			own = false
		}
	}
	if own {
		return " " + text
	}
	return " SELECT " + strings.Join(cols, ","+d.pad(4)) + d.pad(3) + "FROM (" + text + `) "*VALUES*"`
}

// setOp prints a set operation: people see one inside another indented.
func (d *Deparser) setOp(n *SetOp) string {
	word := []string{"UNION", "INTERSECT", "EXCEPT"}[n.Kind] + flag(n.All, " ALL")
	if d.Layout == LayoutPlain {
		return d.side(n.Left) + d.pad(0) + word + d.pad(0) + d.side(n.Right)
	}
	in := *d
	in.leg = true
	left, right := in.setOpOf(n.Left), in.setOpOf(n.Right)
	text := ""
	switch {
	case left == nil:
		text = in.side(n.Left) + d.pad(0)
	case left.Kind == n.Kind && left.All == n.All:
		text = in.setOp(left) + d.pad(0)
	default:
		deeper := in
		deeper.depth++
		text = "(" + deeper.pad(0) + deeper.setOp(left) + d.pad(0) + ") "
	}
	in.noName = true
	if right == nil {
		return text + word + d.pad(0) + in.side(n.Right)
	}
	in.depth++
	return text + word + " (" + in.pad(0) + in.setOp(right) + d.pad(0) + ")"
}

// setOpOf is the set operation that a side is, with nothing else on it.
func (d *Deparser) setOpOf(r Rel) *SetOp {
	if p, ok := r.(*Project); ok && d.onlyCasts(p) {
		r = p.Input
	}
	n, _ := r.(*SetOp)
	return n
}

// side prints one side of a set operation, in parentheses when it has clauses of its own.
func (d *Deparser) side(r Rel) string {
	in := d.inner()
	in.depth, in.leg, in.names, in.noName = d.depth, d.leg, d.names, d.noName
	text := in.block(r)
	if d.setOpOf(r) != nil {
		return "(" + text + ")"
	}
	switch r.(type) {
	case *Sort, *Limit, *With:
		return "(" + text + ")"
	}
	return text
}

func passThrough(r Rel) *Project {
	p := &Project{Input: r, Cols: r.Output()}
	for _, c := range p.Cols {
		p.Exprs = append(p.Exprs, &eval.Col{ID: c.ID, T: c.T, Name: c.Name})
	}
	return p
}

func (d *Deparser) with(n *With) string {
	var b strings.Builder
	b.WriteString(" WITH ")
	for _, c := range n.CTEs {
		if c.Recursive {
			b.WriteString("RECURSIVE ")
			break
		}
	}
	d.reserve(takeApart(n.Input).from)
	for i, c := range n.CTEs {
		names := d.colNames(&CTERef{CTE: c, Cols: c.Cols})
		for j := range names {
			names[j] = QuoteIdent(names[j])
		}
		mode := map[byte]string{'m': "MATERIALIZED ", 'n': "NOT MATERIALIZED "}[c.Materialized]
		b.WriteString(flag(i > 0, ", ") + QuoteIdent(c.Name) + d.columnNames(names, c.Rel) + " AS " + mode + "(" + d.pad(8))
		b.WriteString(d.inner().block(c.Rel))
		if c.Recursive {
			step := d.inner()
			step.noName = d.Layout != LayoutPlain
			b.WriteString(d.pad(8) + "UNION" + flag(c.All, " ALL") + d.pad(8) + step.block(c.Step))
		}
		b.WriteString(d.pad(8) + ")")
	}
	b.WriteString(d.pad(0) + d.block(n.Input))
	return b.String()
}
