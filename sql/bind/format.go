package bind

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// Format prints a bound statement as a tree for tests and debugging: one line a node, children
// indented, columns as name:id.
func Format(s Stmt) string {
	p := &printer{}
	p.stmt(s)
	return p.b.String()
}

// FormatRel prints a relation as Format does.
func FormatRel(r Rel) string {
	p := &printer{}
	p.rel(r)
	return p.b.String()
}

// FormatExpr prints an expression as Format does, with function names and implicit casts shown.
func FormatExpr(e eval.Expr) string {
	p := &printer{}
	return p.expr(e)
}

type printer struct {
	b     strings.Builder
	depth int
	same  *sameness // prints to compare, not to show
}

// sameness makes two subqueries print alike when they mean the same: columns of their own are numbered in order, and what
// people know by name alone shows its number.
type sameness struct {
	outer  []eval.ColID
	number map[eval.ColID]eval.ColID
}

// sameSubquery says whether two subqueries of one query mean the same.
func sameSubquery(x, y *eval.Subquery) bool {
	text := func(e *eval.Subquery) string {
		p := &printer{same: &sameness{outer: e.Outer, number: make(map[eval.ColID]eval.ColID)}}
		return p.expr(e)
	}
	return text(x) == text(y)
}

func (p *printer) id(id eval.ColID) eval.ColID {
	if p.same == nil || slices.Contains(p.same.outer, id) {
		return id
	}
	if p.same.number[id] == 0 {
		p.same.number[id] = -eval.ColID(len(p.same.number) + 1)
	}
	return p.same.number[id]
}

// function is the name of a function.
func (p *printer) function(f *fn.Func) string {
	if p.same != nil {
		return fmt.Sprintf("%s#%d", f.Name, f.OID)
	}
	return f.Name
}

func (p *printer) line(format string, args ...any) {
	p.b.WriteString(strings.Repeat("  ", p.depth))
	fmt.Fprintf(&p.b, format, args...)
	p.b.WriteByte('\n')
}

func (p *printer) in(f func()) {
	p.depth++
	f()
	p.depth--
}

func (p *printer) stmt(s Stmt) {
	switch s := s.(type) {
	case *Query:
		p.rel(s.Rel)
	case *Insert:
		p.line("insert %s", s.Rel.Table.Name)
		p.in(func() {
			p.line("row (%s) = (%s)", p.cols(s.NewCols), p.list(s.Row))
			p.checks(s.Checks)
			p.conflict(s.OnConflict)
			p.returns(s.Return, s.ReturnCols)
			p.rel(s.Source)
		})
	case *Update:
		p.line("update %s rowid=%d", s.Rel.Table.Name, s.RowID)
		p.in(func() {
			p.line("new (%s) = (%s)", p.cols(s.New), p.list(s.NewExprs))
			p.checks(s.Checks)
			p.returns(s.Return, s.ReturnCols)
			p.rel(s.Source)
		})
	case *Delete:
		p.line("delete %s rowid=%d", s.Rel.Table.Name, s.RowID)
		p.in(func() {
			p.returns(s.Return, s.ReturnCols)
			p.rel(s.Source)
		})
	}
}

func (p *printer) checks(list []Check) {
	for _, c := range list {
		p.line("check %s: %s", c.Name, p.expr(c.Expr))
	}
}

func (p *printer) returns(exprs []eval.Expr, c []eval.Column) {
	if exprs != nil {
		p.line("returning (%s) = (%s)", p.cols(c), p.list(exprs))
	}
}

func (p *printer) conflict(o *OnConflict) {
	if o == nil {
		return
	}
	if !o.Update {
		p.line("on conflict %v do nothing", o.Indexes)
		return
	}
	p.line("on conflict %v do update (%s) = (%s)", o.Indexes, p.cols(o.Existing), p.list(o.Updated))
	if o.Where != nil {
		p.line("where %s", p.expr(o.Where))
	}
}

func (p *printer) cols(list []eval.Column) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = fmt.Sprintf("%s:%d", c.Name, p.id(c.ID))
	}
	return strings.Join(out, ", ")
}

func (p *printer) typedCols(list []eval.Column) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = fmt.Sprintf("%s:%d %s", c.Name, p.id(c.ID), shortType(c.T))
	}
	return strings.Join(out, ", ")
}

func shortType(t types.T) string {
	name := strconv.Itoa(int(t.OID))
	if bt := lookup(t.OID); bt != nil {
		name = bt.Name
		if t.Mod >= 0 && bt.ModOut != nil {
			name += bt.ModOut(t.Mod)
		}
	}
	return name
}

func (p *printer) rel(r Rel) {
	switch r := r.(type) {
	case *Scan:
		if p.same != nil {
			p.line("table %d", r.Rel.Table.OID)
		}
		p.line("scan %s as %s (%s)", r.Rel.Table.Name, r.Alias, p.cols(r.Cols))
	case *Values:
		p.line("values (%s)", p.typedCols(r.Cols))
		p.in(func() {
			for _, row := range r.Rows {
				p.line("(%s)", p.list(row))
			}
		})
	case *Project:
		p.line("project (%s) = (%s)", p.typedCols(r.Cols), p.list(r.Exprs))
		p.child(r.Input)
	case *Filter:
		p.line("filter %s", p.expr(r.Cond))
		p.child(r.Input)
	case *Join:
		p.join(r)
	case *Aggregate:
		p.line("aggregate groups (%s) = (%s)%s aggs (%s) = (%s)", p.cols(r.GroupCols), p.list(r.Groups), sets(r.Sets),
			p.typedCols(r.AggCols), p.list(r.Aggs))
		p.child(r.Input)
	case *Window:
		p.window(r)
	case *Distinct:
		p.line("distinct%s", p.on(r.On))
		p.child(r.Input)
	case *Sort:
		p.line("sort %s", p.keys(r.Keys))
		p.child(r.Input)
	case *Limit:
		p.limit(r)
	default:
		p.rare(r)
	}
}

func (p *printer) child(r Rel) { p.in(func() { p.rel(r) }) }

func (p *printer) rare(r Rel) {
	switch r := r.(type) {
	case *SetOp:
		p.line("%s all=%v (%s)", []string{"union", "intersect", "except"}[r.Kind], r.All, p.typedCols(r.Cols))
		p.child(r.Left)
		p.child(r.Right)
	case *With:
		p.line("with")
		p.in(func() {
			for _, c := range r.CTEs {
				p.line("cte %s (%s) refs=%d materialized=%c", c.Name, p.typedCols(c.Cols), c.Refs, c.Materialized)
				p.child(c.Rel)
				if c.Recursive {
					p.line("step all=%v", c.All)
					p.child(c.Step)
				}
			}
			p.rel(r.Input)
		})
	case *CTERef:
		p.line("cte ref %s (%s)%s", r.CTE.Name, p.cols(r.Cols), flag(r.Working, " working"))
	case *FuncScan:
		p.line("functions as %s (%s) = %s%s", r.Alias, p.typedCols(r.Cols), p.list(r.Calls), flag(r.Ordinality, " ordinality"))
	case *ProjectSet:
		p.line("project set (%s) = (%s)", p.typedCols(r.Cols), p.list(r.Exprs))
		p.child(r.Input)
	case *LockRows:
		p.line("lock")
		p.in(func() {
			for _, l := range r.Locks {
				p.line("table %d rowid=%d strength=%c", l.Table, p.id(l.RowID), l.Strength)
			}
			p.rel(r.Input)
		})
	case *Modify:
		p.line("modify")
		p.in(func() { p.stmt(r.Stmt) })
	}
}

func flag(on bool, text string) string {
	if on {
		return text
	}
	return ""
}

func (p *printer) join(r *Join) {
	kind := []string{"inner", "left", "full", "semi", "anti"}[r.Kind]
	on := "true"
	if r.On != nil {
		on = p.expr(r.On)
	}
	p.line("join %s%s on %s", kind, flag(r.Lateral, " lateral"), on)
	p.child(r.Left)
	p.child(r.Right)
}

func (p *printer) limit(r *Limit) {
	text := "limit"
	if r.Count != nil {
		text += " count " + p.expr(r.Count)
	}
	if r.Offset != nil {
		text += " offset " + p.expr(r.Offset)
	}
	p.line("%s%s", text, flag(r.WithTies, " with ties"))
	p.child(r.Input)
}

func (p *printer) window(r *Window) {
	p.line("window (%s) partition (%s) order (%s) frame %s", p.typedCols(r.Cols), p.list(r.Partition), p.keys(r.Order), p.frame(r.Frame))
	p.in(func() {
		for _, c := range r.Calls {
			p.line("%s(%s)%s", p.function(c.F), p.list(c.Args), p.filterText(c.Filter))
		}
		p.rel(r.Input)
	})
}

func (p *printer) filterText(e eval.Expr) string {
	if e == nil {
		return ""
	}
	return " filter " + p.expr(e)
}

func (p *printer) frame(f Frame) string {
	bounds := []string{"unbounded preceding", "preceding", "current row", "following", "unbounded following"}
	bound := func(b Bound, off eval.Expr) string {
		if off == nil {
			return bounds[b]
		}
		return p.expr(off) + " " + bounds[b]
	}
	out := map[byte]string{'r': "range", 'o': "rows", 'g': "groups"}[f.Mode] + " " + bound(f.Start, f.StartOff) + ".." + bound(f.End, f.EndOff)
	if f.Exclude != 0 {
		out += " exclude " + string(f.Exclude)
	}
	return out
}

func (p *printer) on(list []eval.Expr) string {
	if list == nil {
		return ""
	}
	return " on " + p.list(list)
}

func (p *printer) keys(list []eval.SortKey) string {
	out := make([]string, len(list))
	for i, k := range list {
		out[i] = p.expr(k.Expr) + flag(k.Desc, " desc") + flag(k.NullsFirst, " nulls first")
	}
	return strings.Join(out, ", ")
}

func sets(list [][]int) string {
	if list == nil {
		return ""
	}
	return fmt.Sprintf(" sets %v", list)
}

func (p *printer) list(list []eval.Expr) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = p.expr(e)
	}
	return strings.Join(out, ", ")
}

func (p *printer) expr(e eval.Expr) string {
	switch e := e.(type) {
	case nil:
		return "<nil>"
	case *eval.Const:
		return p.constant(e)
	case *eval.Col:
		return fmt.Sprintf("%s:%d", e.Name, p.id(e.ID))
	case *eval.Param:
		return fmt.Sprintf("$%d:%s", e.N, shortType(e.T))
	case *eval.Call:
		return p.call(e)
	case *eval.And:
		return "and(" + p.list(e.Args) + ")"
	case *eval.Or:
		return "or(" + p.list(e.Args) + ")"
	case *eval.Not:
		return "not(" + p.expr(e.Arg) + ")"
	case *eval.IsNull:
		return "isnull" + flag(e.Not, "-not") + "(" + p.expr(e.Arg) + ")"
	case *eval.BoolTest:
		return fmt.Sprintf("booltest-%d%s(%s)", e.Want, flag(e.Not, "-not"), p.expr(e.Arg))
	case *eval.Distinct:
		return fmt.Sprintf("distinct%s-%s(%s, %s)", flag(e.Not, "-not"), p.function(e.Eq), p.expr(e.Left), p.expr(e.Right))
	case *eval.Case:
		return p.caseExpr(e)
	case *eval.CaseValue:
		return "casevalue"
	case *eval.Coalesce:
		return "coalesce:" + shortType(e.T) + "(" + p.list(e.Args) + ")"
	case *eval.MinMax:
		return map[bool]string{true: "greatest", false: "least"}[e.Greatest] + ":" + shortType(e.T) + "(" + p.list(e.Args) + ")"
	default:
		return p.rareExpr(e)
	}
}

func (p *printer) rareExpr(e eval.Expr) string {
	switch e := e.(type) {
	case *eval.NullIf:
		return fmt.Sprintf("nullif-%s(%s, %s)", p.function(e.Eq), p.expr(e.Left), p.expr(e.Right))
	case *eval.AnyAll:
		return fmt.Sprintf("%s-%s(%s, %s)", map[bool]string{true: "all", false: "any"}[e.All], p.function(e.F), p.expr(e.Left), p.expr(e.Right))
	case *eval.Array:
		return "array" + flag(e.Multi, "-multi") + ":" + shortType(e.T) + "[" + p.list(e.Elems) + "]"
	case *eval.Subscript:
		return p.subscript(e)
	case *eval.Row:
		return "row(" + p.list(e.Fields) + ")"
	case *eval.RowCompare:
		return fmt.Sprintf("rowcompare(%s %s %s)", p.list(e.Left), e.Op, p.list(e.Right))
	case *eval.Field:
		return fmt.Sprintf("%s.%s:%s", p.expr(e.Arg), e.Name, shortType(e.T))
	case *eval.IOCast:
		return "io:" + shortType(e.T) + "(" + p.expr(e.Arg) + ")"
	case *eval.Relabel:
		return "relabel:" + shortType(e.T) + "(" + p.expr(e.Arg) + ")"
	case *eval.ModCast:
		return "mod:" + shortType(e.T) + flag(e.Explicit, "!") + "(" + p.expr(e.Arg) + ")"
	case *eval.ArrayCast:
		return "arraycast:" + shortType(e.T) + "(" + p.expr(e.Arg) + ", " + p.expr(e.Elem) + ")"
	case *eval.ArrayElem:
		return "elem"
	case *eval.Subquery:
		return p.subquery(e)
	case *eval.Agg:
		return p.agg(e)
	case *eval.Grouping:
		return fmt.Sprintf("grouping%v", e.Groups)
	case *eval.Default:
		return "default"
	}
	return fmt.Sprintf("%T", e)
}

func (p *printer) constant(e *eval.Const) string {
	if e.D.Null {
		return "null:" + shortType(e.T)
	}
	text := e.D.S
	if bt := lookup(e.T.OID); bt != nil && bt.Format != nil {
		text = string(bt.Format(nil, e.D, &types.Session{}))
	}
	if e.T.OID == types.Int4OID || e.T.OID == types.BoolOID {
		return text
	}
	return "'" + text + "':" + shortType(e.T)
}

func (p *printer) call(e *eval.Call) string {
	name := p.function(e.F)
	if e.Form == eval.FormImplicitCast {
		name = "~" + name
	}
	return name + ":" + shortType(e.T) + "(" + flag(e.Variadic, "variadic ") + p.list(e.Args) + ")"
}

func (p *printer) caseExpr(e *eval.Case) string {
	out := "case:" + shortType(e.T) + "("
	if e.Arg != nil {
		out += p.expr(e.Arg) + "; "
	}
	for _, w := range e.Whens {
		out += p.expr(w.Cond) + " -> " + p.expr(w.Result) + "; "
	}
	if e.Else != nil {
		out += "else " + p.expr(e.Else)
	}
	return out + ")"
}

func (p *printer) subscript(e *eval.Subscript) string {
	out := "subscript:" + shortType(e.T) + "(" + p.expr(e.Arg) + ")"
	for _, i := range e.Indexes {
		switch {
		case !i.Slice:
			out += "[" + p.expr(i.Upper) + "]"
		default:
			out += "[" + p.bound(i.Lower) + ":" + p.bound(i.Upper) + "]"
		}
	}
	return out
}

func (p *printer) bound(e eval.Expr) string {
	if e == nil {
		return ""
	}
	return p.expr(e)
}

func (p *printer) subquery(e *eval.Subquery) string {
	kind := []string{"scalar", "exists", "any", "all", "array", "row"}[e.Kind]
	out := kind + ":" + shortType(e.T)
	if len(e.Outer) > 0 && p.same == nil {
		out += fmt.Sprintf(" outer%v", e.Outer)
	}
	out += flag(len(e.Left) > 0 && p.same != nil, p.list(e.Left))
	if e.Test != nil {
		out += " test " + p.expr(e.Test)
	}
	inner := &printer{depth: p.depth + 2, same: p.same}
	inner.rel(e.Rel)
	return out + " {\n" + inner.b.String() + strings.Repeat("  ", p.depth+1) + "}"
}

func (p *printer) agg(e *eval.Agg) string {
	out := p.function(e.F) + ":" + shortType(e.T) + "(" + flag(e.Distinct, "distinct ") + flag(e.Star, "*") + p.list(e.Args) + ")"
	if len(e.Order) > 0 {
		out += flag(e.Within, " within") + " order " + p.keys(e.Order)
	}
	return out + p.filterText(e.Filter)
}
