package bind

import (
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// Layout is how the text of an expression looks.
type Layout uint8

// Layouts. All but the first show the casts that resolution inserted where PostgreSQL shows them.
const (
	LayoutPlain  Layout = iota // to be read again
	LayoutFlat                 // on one line
	LayoutIndent               // CASE on lines of its own
	LayoutPretty               // and only the parentheses that are needed
)

// ShowExpr prints an expression for people, as pg_get_expr does.
func ShowExpr(c cat.Catalog, e eval.Expr, layout Layout) string {
	d := &Deparser{Catalog: c, Layout: layout}
	return joinLines(d.Expr(e))
}

// lineStart begins a line that takes away the spaces before it. No text has a zero byte.
const lineStart = "\x00\n"

// joinLines takes away what lineStart asks for.
func joinLines(s string) string {
	parts := strings.Split(s, lineStart[:1])
	for i := range parts[:len(parts)-1] {
		parts[i] = strings.TrimRight(parts[i], " ")
	}
	return strings.Join(parts, "")
}

// caseLine begins a line of a CASE.
func (d *Deparser) caseLine() string {
	if d.Layout < LayoutIndent {
		return ""
	}
	indent := 4 * d.cases
	if d.env != nil {
		indent += 8 * (d.depth + 1)
	}
	return lineStart + strings.Repeat(" ", indent)
}

// parens puts parentheses around an operator's text, which a pretty one has only where arg sees a need.
func (d *Deparser) parens(text string) string {
	if d.Layout == LayoutPretty {
		return text
	}
	return "(" + text + ")"
}

// value prints an expression with the cast around it, even one that resolution inserted.
func (d *Deparser) value(e eval.Expr) string {
	if arg, t, explicit := castOf(e); arg != nil && !explicit && d.Layout != LayoutPlain {
		return d.coercion(arg, t, e)
	}
	return d.Expr(e)
}

// arg prints what stands under parent: a value, in parentheses where it needs some.
func (d *Deparser) arg(e, parent eval.Expr) string {
	if d.Layout == LayoutPretty && !d.simple(e, parent) {
		return "(" + d.value(e) + ")"
	}
	return d.value(e)
}

// operand is arg without the cast that resolution inserted.
func (d *Deparser) operand(e, parent eval.Expr) string {
	if d.Layout == LayoutPretty && !d.simple(e, parent) {
		return "(" + d.Expr(e) + ")"
	}
	return d.Expr(e)
}

func (d *Deparser) operands(list []eval.Expr, parent eval.Expr) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = d.operand(e, parent)
	}
	return out
}

// coercion prints a cast.
func (d *Deparser) coercion(arg eval.Expr, t types.T, e eval.Expr) string {
	name := "::" + formatType(d.Catalog, t)
	if k, ok := arg.(*eval.Const); ok && k.T.OID == t.OID {
		return d.constant(k, false) + name
	}
	return d.parens(d.operand(arg, e)) + name
}

// castOf takes a cast apart. No argument: e is none.
func castOf(e eval.Expr) (arg eval.Expr, t types.T, explicit bool) {
	switch e := e.(type) {
	case *eval.IOCast:
		return e.Arg, e.T, e.Explicit
	case *eval.Relabel:
		if e.Collation != "" {
			return nil, types.T{}, false
		}
		return e.Arg, e.T, e.Explicit
	case *eval.ModCast:
		if valueFunction(e) != nil {
			return nil, types.T{}, false
		}
		return withoutCast(e.Arg, e.T.OID, e.Explicit), e.T, e.Explicit
	case *eval.ArrayCast:
		return e.Arg, e.T, explicitElem(e.Elem)
	case *eval.Call:
		if e.Form == eval.FormExplicitCast || e.Form == eval.FormImplicitCast {
			return e.Args[0], e.T, e.Form == eval.FormExplicitCast
		}
	}
	return nil, types.T{}, false
}

// node is what computes a column that is none of FROM, else the expression itself.
func (d *Deparser) node(e eval.Expr) eval.Expr {
	if c, ok := e.(*eval.Col); ok {
		if n := d.nodes[c.ID]; n != nil {
			return n
		}
	}
	return e
}

// simple says whether an expression needs no parentheses under parent. The rules are PostgreSQL's, which
// knows of precedence only that of plus and times, and of AND and OR.
func (d *Deparser) simple(e, parent eval.Expr) bool {
	e = d.node(e)
	switch x := e.(type) {
	case *eval.AnyAll, *eval.RowCompare:
		return false
	case *eval.Relabel:
		if x.Collation != "" {
			return enclosing(parent)
		}
		return d.simple(x.Arg, e)
	case *eval.Field:
		_, ok := parent.(*eval.Field)
		return !ok
	case *eval.IOCast, *eval.ArrayCast:
		arg, _, _ := castOf(e)
		return d.simple(arg, e)
	case *eval.Call:
		if x.Form != eval.FormOp {
			return true
		}
		if p, ok := parent.(*eval.Call); ok && p.Form == eval.FormOp {
			return bindsTighter(x, p)
		}
		_, inLogic := logicOp(parent)
		return inLogic || enclosing(parent)
	case *eval.IsNull, *eval.BoolTest, *eval.Distinct, *eval.Subquery:
		_, inLogic := logicOp(parent)
		return inLogic || enclosing(parent)
	case *eval.And, *eval.Or, *eval.Not:
		op, _ := logicOp(e)
		if p, inLogic := logicOp(parent); inLogic {
			return op != "OR" && p != "NOT" || op == "OR" && p == "OR"
		}
		return enclosing(parent)
	}
	return true
}

func logicOp(e eval.Expr) (string, bool) {
	switch e.(type) {
	case *eval.And:
		return "AND", true
	case *eval.Or:
		return "OR", true
	case *eval.Not:
		return "NOT", true
	}
	return "", false
}

// enclosing says whether an expression has delimiters around its arguments.
func enclosing(e eval.Expr) bool {
	switch e := e.(type) {
	case *eval.Call:
		return e.Form == eval.FormFunc
	case *eval.Subscript, *eval.Array, *eval.Row, *eval.Coalesce, *eval.MinMax, *eval.NullIf, *eval.Agg, *eval.Case:
		return true
	}
	return false
}

// bindsTighter compares two operators of plus, minus, times, divide and modulo.
func bindsTighter(op, parent *eval.Call) bool {
	rank := func(c *eval.Call) int {
		if len(c.Args) != 2 || len(c.Op) != 1 {
			return 0
		}
		return strings.IndexByte(" +-*/%", c.Op[0])
	}
	in, out := rank(op), rank(parent)
	if in <= 0 || out <= 0 {
		return false
	}
	high, outHigh := in >= 3, out >= 3
	if high != outHigh {
		return high
	}
	return parent.Args[0] == eval.Expr(op)
}

// shownKey prints an expression of GROUP BY or ORDER BY: a constant with its type, or else it would be a position,
// and what looks like a function call in parentheses.
func (d *Deparser) shownKey(e eval.Expr) string {
	text := d.value(e)
	switch n := d.node(e).(type) {
	case *eval.Const:
		if bareConstant(text) {
			text += "::" + formatType(d.Catalog, types.Of(e.Type().OID))
		}
		return text
	case *eval.Col:
		return text
	case *eval.Coalesce:
		if d.merged(n) {
			return text
		}
	case *eval.Call:
		if n.Form != eval.FormOp && n.Op == "" {
			return "(" + text + ")"
		}
	case *eval.Agg, *eval.ModCast:
		return "(" + text + ")"
	}
	if d.Layout == LayoutPretty {
		return "(" + text + ")"
	}
	return text
}

// computed notes what stands behind a column that is computed below the select list.
func (d *Deparser) computed(id eval.ColID, text string, e eval.Expr) {
	d.env[id] = text
	if d.nodes == nil {
		d.nodes = make(map[eval.ColID]eval.Expr)
	}
	d.nodes[id] = e
}

// windowNode stands for a window function's call, which is no expression of its own.
var windowNode = &eval.Agg{F: &fn.Func{}}
