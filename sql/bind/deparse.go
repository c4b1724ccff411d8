package bind

import (
	"strconv"
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// DeparseExpr prints an expression as SQL text that parses to it again, in the style of pg_get_expr.
// Columns are printed by name.
func DeparseExpr(c cat.Catalog, e eval.Expr) string {
	d := &Deparser{Catalog: c}
	return d.Expr(e)
}

// Deparser prints bound expressions as SQL.
type Deparser struct {
	Catalog cat.Catalog
	// Column names a column; nil prints the reference's own name, quoted. EXPLAIN qualifies with it.
	Column func(c *eval.Col) string
	// Layout is for people to read; zero prints what only has to be read again.
	Layout Layout
	// Stored qualifies every relation with its schema, so that the text does not depend on a search path.
	Stored bool
	// Origins say what stands behind relations in FROM (Result.Origins); needed for queries only.
	Origins map[Rel]Origin
	Joins   map[*Join]JoinShape
	// Old is the text that is printed anew after a rename: see ReprintQuery.
	Old string

	taken map[string]bool          // names in FROM of this query and of those around
	alias map[Rel]string           // what entries of FROM are called that people see
	bare  map[string]int           // how many columns of FROM go by a name alone
	env   map[eval.ColID]string    // the texts of columns in this query
	full  map[eval.ColID]string    // those of FROM's columns with the name of their table
	nodes map[eval.ColID]eval.Expr // what computes columns that are no columns of FROM
	depth int                      // of subqueries
	cases int                      // of CASE

	leg    bool     // it is a side of a set operation
	names  []string // what the query's columns are called, if not as they call themselves
	noName bool     // nobody sees the names of columns
}

// Expr prints an expression.
func (d *Deparser) Expr(e eval.Expr) string {
	switch e := e.(type) {
	case nil:
		return "NULL"
	case *eval.Const:
		return d.constant(e, true)
	case *eval.Col:
		return d.column(e)
	case *eval.Param:
		return "$" + strconv.Itoa(e.N)
	case *eval.Call:
		return d.call(e)
	case *eval.And:
		return d.parens(strings.Join(d.operands(e.Args, e), " AND "))
	case *eval.Or:
		return d.parens(strings.Join(d.operands(e.Args, e), " OR "))
	case *eval.Not:
		return d.parens("NOT " + d.operand(e.Arg, e))
	case *eval.IsNull:
		return d.parens(d.arg(e.Arg, e) + " IS " + flag(e.Not, "NOT ") + "NULL")
	case *eval.BoolTest:
		want := []string{"TRUE", "FALSE", "UNKNOWN"}[e.Want]
		return d.parens(d.operand(e.Arg, e) + " IS " + flag(e.Not, "NOT ") + want)
	case *eval.Distinct:
		text := d.parens(d.arg(e.Left, e) + " IS DISTINCT FROM " + d.arg(e.Right, e))
		if e.Not {
			return d.parens("NOT " + text)
		}
		return text
	case *eval.Case:
		return d.caseExpr(e)
	case *eval.Coalesce:
		if d.merged(e) {
			return QuoteIdent(e.Merged)
		}
		return "COALESCE(" + d.list(e.Args) + ")"
	case *eval.MinMax:
		if e.Greatest {
			return "GREATEST(" + d.list(e.Args) + ")"
		}
		return "LEAST(" + d.list(e.Args) + ")"
	case *eval.NullIf:
		return "NULLIF(" + d.value(e.Left) + ", " + d.value(e.Right) + ")"
	default:
		return d.rareExpr(e)
	}
}

func (d *Deparser) rareExpr(e eval.Expr) string {
	switch e := e.(type) {
	case *eval.AnyAll:
		word := "ANY"
		if e.All {
			word = "ALL"
		}
		return d.parens(d.arg(e.Left, e) + " " + e.Op + " " + word + " (" + d.arg(e.Right, e) + ")")
	case *eval.Array:
		text := "ARRAY[" + d.list(e.Elems) + "]"
		if len(e.Elems) == 0 {
			text += "::" + formatType(d.Catalog, e.T)
		}
		return text
	case *eval.Subscript:
		return d.subscript(e)
	case *eval.Row:
		if e.Whole != "" && d.env != nil {
			return d.wholeRow(e)
		}
		text := "ROW(" + strings.Join(d.topLevel(e.Fields), ", ") + ")"
		if e.T.OID != types.RecordOID {
			text += "::" + formatType(d.Catalog, e.T)
		}
		return text
	case *eval.RowCompare:
		if f, ok := e.Right[0].(*eval.Field); ok { // (a, b) op (SELECT ...), whose row is that of all fields
			if q, ok := f.Arg.(*eval.Subquery); ok && q.Kind == eval.RowOf {
				return "((" + d.list(e.Left) + ") " + e.Op + " " + d.subquery(q) + ")"
			}
		}
		return "(ROW(" + d.list(e.Left) + ") " + e.Op + " ROW(" + d.list(e.Right) + "))"
	case *eval.Field:
		return "(" + d.value(e.Arg) + ")." + QuoteIdent(e.Name)
	case *eval.IOCast, *eval.Relabel, *eval.ModCast, *eval.ArrayCast:
		if r, ok := e.(*eval.Relabel); ok && r.Collation != "" {
			return d.parens(d.arg(r.Arg, e) + " COLLATE " + QuoteIdent(r.Collation))
		}
		if c := valueFunction(e); c != nil {
			return c.Op + "(" + strconv.Itoa(int(e.Type().Mod)) + ")"
		}
		arg, t, explicit := castOf(e)
		return d.cast(arg, t, explicit, e)
	case *eval.Subquery:
		return d.subquery(e)
	case *eval.Agg:
		return d.agg(e)
	case *eval.Default:
		return "DEFAULT"
	case *eval.CaseValue:
		return "CASE_VALUE"
	}
	return "?"
}

// valueFunction is the call in CURRENT_TIME(2) and its kin, which are bound as casts to the precision.
func valueFunction(e eval.Expr) *eval.Call {
	m, ok := e.(*eval.ModCast)
	if !ok || m.Explicit {
		return nil
	}
	if c, ok := m.Arg.(*eval.Call); ok && c.Form == eval.FormFunc && c.Op != "" {
		return c
	}
	return nil
}

// withoutCast is what stands under an explicit cast to a type, which the cast to the same type with a
// modifier says already.
func withoutCast(e eval.Expr, to types.OID, explicit bool) eval.Expr {
	switch x := e.(type) {
	case *eval.Relabel:
		if explicit && x.Explicit && x.T.OID == to {
			return x.Arg
		}
	case *eval.IOCast:
		if explicit && x.Explicit && x.T.OID == to {
			return x.Arg
		}
	case *eval.Call:
		if explicit && x.Form == eval.FormExplicitCast && x.T.OID == to {
			return x.Args[0]
		}
	}
	return e
}

func explicitElem(e eval.Expr) bool {
	switch e := e.(type) {
	case *eval.ModCast:
		return e.Explicit
	case *eval.IOCast:
		return e.Explicit
	case *eval.Call:
		return e.Form == eval.FormExplicitCast
	}
	return true
}

func (d *Deparser) exprs(list []eval.Expr) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = d.value(e)
	}
	return out
}

// count prints the argument of LIMIT and its kin: a constant without its type.
func (d *Deparser) count(e eval.Expr) string {
	if k, ok := e.(*eval.Const); ok && !k.D.Null && k.T.OID == types.Int8OID && k.D.I >= 0 {
		return strconv.FormatInt(k.D.I, 10)
	}
	return d.Expr(e)
}

// topLevel prints expressions where a row would be spread out to its columns, which its cast prevents.
func (d *Deparser) topLevel(list []eval.Expr) []string {
	out := d.exprs(list)
	for i, e := range list {
		if row, ok := e.(*eval.Row); ok && row.Whole != "" && d.env != nil {
			out[i] += "::" + formatType(d.Catalog, row.T)
		}
	}
	return out
}

func (d *Deparser) list(list []eval.Expr) string { return strings.Join(d.exprs(list), ", ") }

func (d *Deparser) column(e *eval.Col) string {
	if text, ok := d.env[e.ID]; ok {
		return text
	}
	if d.Column != nil {
		return d.Column(e)
	}
	return QuoteIdent(e.Name)
}

// constant prints a value with its type, which plain integers, numerics and booleans show by their
// form alone.
func (d *Deparser) constant(e *eval.Const, typed bool) string {
	t := types.Of(e.T.OID)
	if t.OID == types.IntervalOID {
		t = e.T // its fields decide how the text is read
	}
	suffix := "::" + formatType(d.Catalog, t)
	if !typed || e.T.OID == types.UnknownOID {
		suffix = ""
	}
	if e.D.Null {
		return "NULL" + suffix
	}
	text := d.valueText(e)
	switch e.T.OID {
	case types.BoolOID:
		if e.D.Bool() {
			return "true"
		}
		return "false"
	case types.Int4OID:
		if e.D.I >= 0 {
			return text
		}
	case types.NumericOID:
		if text != "" && text[0] >= '0' && text[0] <= '9' && strings.ContainsAny(text, ".e") {
			return text
		}
	}
	return QuoteLiteral(text) + suffix
}

func (d *Deparser) valueText(e *eval.Const) string {
	if e.T.OID == types.RegclassOID {
		if rel := d.Catalog.RelationByOID(types.OID(e.D.I)); rel != nil {
			return d.relName(rel)
		}
	}
	if t := lookup(e.T.OID); t != nil && t.Format != nil {
		names, _ := d.Catalog.(types.RegResolver)
		return string(t.Format(nil, e.D, &types.Session{Catalog: names}))
	}
	return e.D.S
}

// relName is a relation's name as it must be written.
func (d *Deparser) relName(rel *cat.Relation) string {
	if d.Stored {
		namespace, _ := d.Catalog.NamespaceOf(rel)
		return QuoteIdent(namespace) + "." + QuoteIdent(rel.Table.Name)
	}
	return qualifiedName(d.Catalog, rel)
}

// cast prints an explicit cast; one that resolution inserted is not shown.
func (d *Deparser) cast(arg eval.Expr, t types.T, explicit bool, e eval.Expr) string {
	if !explicit {
		return d.operand(arg, e)
	}
	if d.Layout != LayoutPlain {
		return d.coercion(arg, t, e)
	}
	name := formatType(d.Catalog, t)
	if k, ok := arg.(*eval.Const); ok && k.T.OID == t.OID {
		return d.plainConst(k) + "::" + name
	}
	text := d.Expr(arg)
	if strings.HasPrefix(text, "(") && closesAtEnd(text) {
		return text + "::" + name
	}
	return "(" + text + ")::" + name
}

func (d *Deparser) plainConst(k *eval.Const) string {
	if k.D.Null {
		return "NULL"
	}
	return QuoteLiteral(d.valueText(k))
}

// closesAtEnd says whether the parenthesis that opens text is closed by its last byte.
func closesAtEnd(text string) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\'', '"':
			return false // quotes would need a lexer: a pair of parentheses more does no harm
		case '(':
			depth++
		case ')':
			depth--
			if depth == 0 && i < len(text)-1 {
				return false
			}
		}
	}
	return depth == 0
}

func (d *Deparser) call(e *eval.Call) string {
	switch e.Form {
	case eval.FormImplicitCast, eval.FormExplicitCast:
		return d.cast(e.Args[0], e.T, e.Form == eval.FormExplicitCast, e)
	case eval.FormOp:
		if len(e.Args) == 1 {
			return d.parens(e.Op + " " + d.arg(e.Args[0], e))
		}
		return d.parens(d.arg(e.Args[0], e) + " " + e.Op + " " + d.arg(e.Args[1], e))
	case eval.FormSyntax:
		if text := d.syntax(e); text != "" {
			return text
		}
	}
	if e.Op != "" {
		return e.Op // CURRENT_DATE and its kin
	}
	args := e.Args[:len(e.Args)-e.Defaults]
	if n := len(args) - 1; n >= 0 && e.F.Variadic != 0 && e.F.Variadic != types.AnyOID && !e.Variadic {
		if a, ok := args[n].(*eval.Array); ok {
			args = append(args[:n:n], a.Elems...)
		}
	}
	texts := d.exprs(args)
	if e.Variadic && len(texts) > 0 {
		texts[len(texts)-1] = "VARIADIC " + texts[len(texts)-1]
	}
	return QuoteIdent(e.F.Name) + "(" + strings.Join(texts, ", ") + ")"
}

func (d *Deparser) caseExpr(e *eval.Case) string {
	var b strings.Builder
	b.WriteString(d.caseLine() + "CASE")
	if e.Arg != nil {
		b.WriteString(" " + d.value(e.Arg))
	}
	in := *d
	in.cases++
	next := " "
	if d.Layout >= LayoutIndent {
		next = in.caseLine()
	}
	for _, w := range e.Whens {
		cond := w.Cond
		if e.Arg != nil {
			cond = caseOperand(cond)
		}
		b.WriteString(next + "WHEN " + in.Expr(cond) + " THEN " + in.value(w.Result))
	}
	if e.Else != nil {
		b.WriteString(next + "ELSE " + in.value(e.Else))
	} else {
		b.WriteString(next + "ELSE NULL::" + formatType(d.Catalog, types.Of(e.T.OID)))
	}
	if d.Layout < LayoutIndent {
		b.WriteString(" ")
	}
	b.WriteString(d.caseLine() + "END")
	return b.String()
}

// caseOperand is the value that a simple CASE compares with.
func caseOperand(cond eval.Expr) eval.Expr {
	if c, ok := cond.(*eval.Call); ok && len(c.Args) == 2 {
		return c.Args[1]
	}
	return cond
}

func (d *Deparser) subscript(e *eval.Subscript) string {
	arg := d.value(e.Arg)
	if _, ok := e.Arg.(*eval.Col); !ok {
		arg = "(" + arg + ")"
	}
	for _, x := range e.Indexes {
		if !x.Slice {
			arg += "[" + d.Expr(x.Upper) + "]"
			continue
		}
		arg += "[" + d.open(x.Lower) + ":" + d.open(x.Upper) + "]"
	}
	return arg
}

func (d *Deparser) open(e eval.Expr) string {
	if e == nil {
		return ""
	}
	return d.Expr(e)
}

func (d *Deparser) agg(e *eval.Agg) string {
	args := d.list(e.Args)
	if e.Star {
		args = "*"
	}
	if e.Distinct {
		args = "DISTINCT " + args
	}
	if len(e.Order) > 0 && !e.Within {
		args += " ORDER BY " + d.keys(e.Order)
	}
	out := QuoteIdent(e.F.Name) + "(" + args + ")"
	if e.Within {
		out += " WITHIN GROUP (ORDER BY " + d.keys(e.Order) + ")"
	}
	if e.Filter != nil {
		out += " FILTER (WHERE " + d.Expr(e.Filter) + ")"
	}
	return out
}

func (d *Deparser) keys(list []eval.SortKey) string {
	out := make([]string, len(list))
	for i, k := range list {
		out[i] = d.key(k.Expr) + keyOrder(k)
	}
	return strings.Join(out, ", ")
}

// key prints an expression of GROUP BY or ORDER BY, where a constant shows its type: bare it would be a
// position in the select list.
func (d *Deparser) key(e eval.Expr) string {
	if d.Layout != LayoutPlain {
		return d.shownKey(e)
	}
	text := d.Expr(e)
	if bareConstant(text) {
		return text + "::" + formatType(d.Catalog, types.Of(e.Type().OID))
	}
	return text
}

// bareConstant says whether a text is a number, a boolean, NULL or a string, and nothing more.
func bareConstant(text string) bool {
	if strings.HasPrefix(text, "'") {
		return strings.IndexByte(text[1:], '\'') == len(text)-2
	}
	return text == "true" || text == "false" || text == "NULL" || strings.Trim(text, "0123456789.") == ""
}

func keyOrder(k eval.SortKey) string {
	switch {
	case k.Desc && k.NullsFirst:
		return " DESC"
	case k.Desc:
		return " DESC NULLS LAST"
	case k.NullsFirst:
		return " NULLS FIRST"
	}
	return ""
}

func (d *Deparser) subquery(e *eval.Subquery) string {
	in := d.inner()
	in.noName = d.Layout != LayoutPlain
	inner := in.block(e.Rel)
	switch e.Kind {
	case eval.Exists:
		return "(EXISTS (" + inner + "))"
	case eval.ArrayOf:
		return "ARRAY(" + inner + ")"
	case eval.Any, eval.All:
		left := d.list(e.Left)
		if len(e.Left) > 1 {
			left = "(" + left + ")"
		}
		word := " ANY ("
		if e.Kind == eval.All {
			word = " ALL ("
		} else if e.Op == "=" {
			return "(" + left + " IN (" + inner + "))"
		}
		return "(" + left + " " + e.Op + word + inner + "))"
	}
	return "(" + inner + ")"
}

// DeparseConstraint prints a constraint as pg_get_constraintdef does.
func DeparseConstraint(c cat.Catalog, t *schema.Table, k *schema.Constraint, index *schema.Index) string {
	names := func(t *schema.Table, nums []int16) string {
		out := make([]string, len(nums))
		for i, n := range nums {
			out[i] = QuoteIdent(t.Columns[n-1].Name)
		}
		return strings.Join(out, ", ")
	}
	var b strings.Builder
	switch k.Type {
	case 'c':
		b.WriteString("CHECK (" + k.Expr + ")")
		b.WriteString(flag(k.NoInherit, " NO INHERIT"))
	case 'p', 'u':
		b.WriteString(map[byte]string{'p': "PRIMARY KEY ", 'u': "UNIQUE "}[k.Type])
		b.WriteString(flag(index != nil && index.NullsNotDistinct, "NULLS NOT DISTINCT "))
		b.WriteString("(" + names(t, k.Columns) + ")")
		if index != nil && len(index.Include) > 0 {
			b.WriteString(" INCLUDE (" + names(t, index.Include) + ")")
		}
	case 'f':
		ref := c.RelationByOID(k.RefTable)
		if ref == nil {
			return ""
		}
		b.WriteString("FOREIGN KEY (" + names(t, k.Columns) + ") REFERENCES " + qualifiedName(c, ref) + "(" + names(ref.Table, k.RefColumns) + ")")
		b.WriteString(action(" ON UPDATE ", k.OnUpdate) + action(" ON DELETE ", k.OnDelete))
	}
	b.WriteString(flag(k.Deferrable, " DEFERRABLE") + flag(k.Deferred, " INITIALLY DEFERRED") + flag(k.NotValid, " NOT VALID"))
	return b.String()
}

func action(prefix string, a byte) string {
	names := map[byte]string{'r': "RESTRICT", 'c': "CASCADE", 'n': "SET NULL", 'd': "SET DEFAULT"}
	if names[a] == "" {
		return ""
	}
	return prefix + names[a]
}

// DeparseIndex prints CREATE INDEX as pg_get_indexdef does.
func DeparseIndex(c cat.Catalog, rel *cat.Relation, ix *schema.Index) string {
	namespace, _ := c.NamespaceOf(rel)
	var b strings.Builder
	b.WriteString("CREATE " + flag(ix.Unique, "UNIQUE ") + "INDEX " + QuoteIdent(ix.Name) + " ON " +
		QuoteIdent(namespace) + "." + QuoteIdent(rel.Table.Name) + " USING " + QuoteIdent(ix.Method) + " (")
	for i := range ix.Keys {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(DeparseIndexKey(rel.Table, ix, i, true))
	}
	b.WriteString(")")
	if len(ix.Include) > 0 {
		b.WriteString(" INCLUDE (")
		for i, n := range ix.Include {
			b.WriteString(flag(i > 0, ", ") + QuoteIdent(rel.Table.Columns[n-1].Name))
		}
		b.WriteString(")")
	}
	b.WriteString(flag(ix.NullsNotDistinct, " NULLS NOT DISTINCT"))
	if len(ix.Options) > 0 {
		b.WriteString(" WITH (" + options(ix.Options) + ")")
	}
	if ix.Where != "" {
		b.WriteString(" WHERE " + ix.Where)
	}
	return b.String()
}

// DeparseIndexKey prints key i of an index, with its operator class and order when full.
func DeparseIndexKey(t *schema.Table, ix *schema.Index, i int, full bool) string {
	k := ix.Keys[i]
	text := k.Expr
	if k.Column != 0 {
		text = QuoteIdent(t.Columns[k.Column-1].Name)
	} else if !isCallText(text) && !strings.HasPrefix(text, "(") {
		text = "(" + text + ")"
	}
	if !full {
		return text
	}
	if k.Opclass != "" && !defaultOpclass(ix, k) {
		text += " " + QuoteIdent(k.Opclass)
	}
	return text + keyOrder(eval.SortKey{Desc: k.Desc, NullsFirst: k.NullsFirst})
}

// isCallText says whether the text is one function call, which needs no parentheses as an index key.
func isCallText(text string) bool {
	i := strings.IndexByte(text, '(')
	return i > 0 && strings.HasSuffix(text, ")") && closesAtEnd(text[i:])
}

func options(m map[string]string) string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sortStrings(names)
	for i, name := range names {
		names[i] = QuoteIdent(name) + "='" + strings.ReplaceAll(m[name], "'", "''") + "'"
	}
	return strings.Join(names, ", ")
}
