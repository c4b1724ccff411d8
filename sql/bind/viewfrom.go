package bind

import (
	"strconv"
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// countItems counts the entries of FROM.
func countItems(d *Deparser, r Rel) int {
	if _, ok := d.Origins[r]; ok {
		return 1
	}
	if j, ok := r.(*Join); ok && d.Joins[j].Alias == "" {
		return countItems(d, j.Left) + countItems(d, j.Right)
	}
	return 1
}

// nameFrom names the columns of FROM.
func (d *Deparser) nameFrom(r Rel, qualify bool) {
	r = unmarked(r)
	_, known := d.Origins[r]
	if j, ok := r.(*Join); ok && !known {
		d.nameFrom(j.Left, qualify)
		d.nameFrom(j.Right, qualify)
		return
	}
	alias, cols := d.entryName(r), r.Output()
	names := d.colNames(r)
	for i, c := range cols {
		name := names[i]
		text, full := QuoteIdent(name), QuoteIdent(alias)+"."+QuoteIdent(name)
		if qualify {
			text = full
		}
		if d.full == nil {
			d.full = make(map[eval.ColID]string)
		}
		if c.Attr == AttrRowID {
			full = QuoteIdent(alias) // only FOR UPDATE names it
		}
		d.env[c.ID], d.full[c.ID] = text, full
	}
}

// reserve names the entries of FROM before what stands in front of it is printed.
func (d *Deparser) reserve(r Rel) {
	r = unmarked(r)
	if j, ok := r.(*Join); ok {
		if _, known := d.Origins[r]; !known {
			d.reserve(j.Left)
			d.reserve(j.Right)
			return
		}
	}
	switch r.(type) {
	case *SetOp, *Values:
		if _, known := d.Origins[r]; !known {
			return
		}
	}
	d.entryName(r)
}

// entryName is what an entry of FROM is called: people see names that no query around has.
func (d *Deparser) entryName(r Rel) string {
	o := d.Origins[r]
	name := d.follow(o.View, o.Alias)
	if name == "" {
		name = d.aliasOf(r)
	}
	if d.Layout == LayoutPlain {
		return name
	}
	if have, ok := d.alias[r]; ok {
		return have
	}
	unique := name
	for n := 1; d.taken[unique]; n++ {
		unique = name + "_" + strconv.Itoa(n)
	}
	if d.taken == nil {
		d.taken = make(map[string]bool)
	}
	if d.alias == nil {
		d.alias = make(map[Rel]string)
	}
	d.taken[unique], d.alias[r] = true, unique
	return unique
}

// colNames are the names of the columns of an entry of FROM, made unique as a table's columns are.
func (d *Deparser) colNames(r Rel) []string {
	o := d.Origins[r]
	cols := r.Output()
	if c, ok := r.(*CTERef); ok {
		cols = c.CTE.Cols
	}
	given := o.Cols
	if o.View != nil {
		given = nil
		for _, c := range d.current(o.View).Table.Live() {
			given = append(given, c.Name)
		}
	}
	out := make([]string, len(cols))
	seen := make(map[string]bool)
	for i, c := range cols {
		name := c.Name
		if s, ok := r.(*Scan); ok && c.Attr > 0 {
			name = d.attrName(s, c)
		} else if i < len(given) {
			name = given[i]
		}
		out[i] = name
		for n := 1; seen[out[i]]; n++ {
			out[i] = name + "_" + strconv.Itoa(n)
		}
		seen[out[i]] = true
	}
	return out
}

// attrName is a column's name in the catalog as it is now, which may be newer than the bound tree.
func (d *Deparser) attrName(s *Scan, c eval.Column) string {
	if rel := d.Catalog.RelationByOID(s.Rel.Table.OID); rel != nil {
		if col := rel.Table.Col(c.Attr); col != nil {
			return col.Name
		}
	}
	return c.Name
}

func (d *Deparser) aliasOf(r Rel) string {
	switch r := r.(type) {
	case *Scan:
		return d.follow(r.Rel, r.Alias)
	case *FuncScan:
		return r.Alias
	case *CTERef:
		return r.CTE.Name
	}
	return "subquery" + strconv.Itoa(int(firstID(r)))
}

// firstID makes names of unnamed subqueries unique.
func firstID(r Rel) eval.ColID {
	if cols := r.Output(); len(cols) > 0 {
		return cols[0].ID
	}
	return 0
}

// fromText prints FROM.
func (d *Deparser) fromText(r Rel) string {
	r = unmarked(r)
	o, known := d.Origins[r]
	if known && o.View != nil {
		view := d.current(o.View)
		return d.named(d.relName(view), view.Table.Name, d.entryName(r))
	}
	switch n := r.(type) {
	case *Join:
		if !known && d.Joins[n].Comma {
			return d.fromText(n.Left) + "," + d.pad(4) + d.lateral(n) + d.fromText(n.Right)
		}
		if !known {
			return d.joinText(n)
		}
	case *Scan:
		rel := d.current(n.Rel)
		return d.named(d.relName(rel), rel.Table.Name, d.entryName(n))
	case *CTERef:
		return d.named(QuoteIdent(n.CTE.Name), n.CTE.Name, d.entryName(n))
	case *FuncScan:
		return d.funcScan(n)
	}
	alias := d.entryName(r)
	names := d.colNames(r)
	for i := range names {
		names[i] = QuoteIdent(names[i])
	}
	return "(" + d.inner().block(r) + ") " + QuoteIdent(alias) + d.columnNames(names, r)
}

// columnNames lists the names of a subquery's columns; people see them where they are others than it has itself.
func (d *Deparser) columnNames(names []string, of Rel) string {
	own := d.Layout != LayoutPlain
	for i, c := range of.Output() {
		own = own && i < len(names) && names[i] == QuoteIdent(c.Name)
	}
	if own || len(names) == 0 {
		return ""
	}
	return "(" + strings.Join(names, ", ") + ")"
}

// current is a relation as the catalog has it now: the tree may be bound against an older one, when a
// rename has dependents printed anew.
func (d *Deparser) current(rel *cat.Relation) *cat.Relation {
	if now := d.Catalog.RelationByOID(rel.Table.OID); now != nil {
		return now
	}
	return rel
}

// follow is the alias of a relation in FROM: its new name when it was its old one.
func (d *Deparser) follow(rel *cat.Relation, alias string) string {
	if d.Old == "" || rel == nil || alias != rel.Table.Name {
		return alias
	}
	if now := d.current(rel).Table.Name; !strings.Contains(d.Old, now) {
		return now
	}
	return alias
}

func (d *Deparser) named(text, name, alias string) string {
	if alias == "" || alias == name {
		return text
	}
	return text + " " + QuoteIdent(alias)
}

// joinText prints a join, for people in parentheses unless it is pretty.
func (d *Deparser) joinText(n *Join) string {
	if d.Layout == LayoutIndent {
		return "(" + d.bareJoin(n) + ")"
	}
	return d.bareJoin(n)
}

// lateral is the word before the right side of a join; a function does not need it to be read again.
func (d *Deparser) lateral(n *Join) string {
	_, isFunc := n.Right.(*FuncScan)
	return flag(n.Lateral && !(isFunc && d.Layout == LayoutPlain), "LATERAL ")
}

func (d *Deparser) bareJoin(n *Join) string {
	shape := d.Joins[n]
	l, r := n.Left, n.Right
	if shape.Right {
		l, r = r, l
	}
	left, right := d.fromText(l), d.fromText(r)
	if j, ok := r.(*Join); ok && d.Layout != LayoutIndent {
		if _, known := d.Origins[j]; !known {
			right = "(" + right + ")"
		}
	}
	word := map[JoinKind]string{Inner: "JOIN", Left: flag(!shape.Right, "LEFT JOIN") + flag(shape.Right, "RIGHT JOIN"), Full: "FULL JOIN"}[n.Kind]
	lateral := d.lateral(n)
	if d.canUse(n, shape) {
		names := make([]string, len(shape.Using))
		for i, name := range shape.Using {
			names[i] = QuoteIdent(name)
		}
		alias := ""
		if shape.UsingAlias != "" {
			alias = " AS " + QuoteIdent(shape.UsingAlias)
		}
		return left + d.pad(5) + word + " " + lateral + right + " USING (" + strings.Join(names, ", ") + ")" + alias
	}
	on := "true"
	if n.On != nil {
		on = d.Expr(n.On)
	}
	if d.Layout == LayoutIndent {
		on = "(" + on + ")"
	}
	if n.On == nil && n.Kind == Inner {
		return left + d.pad(5) + "CROSS JOIN " + lateral + right
	}
	return left + d.pad(5) + word + " " + lateral + right + " ON " + on
}

func (d *Deparser) funcScan(n *FuncScan) string {
	calls := make([]string, len(n.Calls))
	for i, e := range n.Calls {
		calls[i] = d.Expr(e)
		if !isFuncText(e) {
			calls[i] = "CAST(" + calls[i] + " AS " + formatType(d.Catalog, types.Of(e.Type().OID)) + ")"
		}
	}
	text := calls[0]
	switch {
	case n.Unnest:
		args := make([]eval.Expr, len(n.Calls))
		for i, c := range n.Calls {
			args[i] = c.(*eval.Call).Args[0]
		}
		text = "UNNEST(" + d.list(args) + ")"
	case len(calls) > 1:
		text = "ROWS FROM(" + strings.Join(calls, ", ") + ")"
	}
	if n.Ordinality {
		text += " WITH ORDINALITY"
	}
	cols := d.colNames(n)
	if n.Ordinality && n.Cols[len(n.Cols)-1].Name == "ordinality" {
		cols = cols[:len(cols)-1]
	}
	defined := len(n.Calls) == 1 && n.Calls[0].Type().OID == types.RecordOID && !hasOuts(n.Calls[0])
	for i := range cols {
		cols[i] = QuoteIdent(cols[i])
		if defined {
			cols[i] += " " + formatType(d.Catalog, n.Cols[i].T)
		}
	}
	return text + " " + QuoteIdent(d.entryName(n)) + "(" + strings.Join(cols, ", ") + ")"
}

// isFuncText says whether an expression prints as a function call, which is all that FROM takes.
func isFuncText(e eval.Expr) bool {
	switch e := e.(type) {
	case *eval.Call:
		return e.Form == eval.FormFunc
	case *eval.Coalesce, *eval.MinMax, *eval.NullIf:
		return true
	}
	return false
}

func hasOuts(e eval.Expr) bool {
	c, ok := e.(*eval.Call)
	return ok && len(c.F.Outs) > 0
}

// canUse says whether a join can be printed with USING: the columns of both sides have the names still, and no other
// column has one of them.
func (d *Deparser) canUse(n *Join, shape JoinShape) bool {
	return len(shape.Using) > 0 && usable(shape, d.namesIn(n.Left), d.namesIn(n.Right))
}

func usable(shape JoinShape, left, right map[string]int) bool {
	for _, name := range shape.Using {
		if left[name] != 1 || right[name] != 1 {
			return false
		}
	}
	return true
}

// namesIn counts the columns of an entry of FROM, or of a join, that go by each name. Those of a USING count once.
func (d *Deparser) namesIn(r Rel) map[string]int {
	out := make(map[string]int)
	r = unmarked(r)
	j, ok := r.(*Join)
	if s, ok := r.(*Scan); ok { // what is printed is read again with the columns that the table has now
		for _, c := range d.current(s.Rel).Table.Live() {
			out[c.Name]++
		}
		return out
	}
	if _, known := d.Origins[r]; !ok || known {
		for _, name := range d.colNames(r) {
			out[name]++
		}
		return out
	}
	left, right := d.namesIn(j.Left), d.namesIn(j.Right)
	for _, side := range []map[string]int{left, right} {
		for name, n := range side {
			out[name] += n
		}
	}
	if shape := d.Joins[j]; usable(shape, left, right) {
		for _, name := range shape.Using {
			out[name]--
		}
	}
	return out
}

// merged says whether the one column of a full join with USING goes by its name.
func (d *Deparser) merged(e *eval.Coalesce) bool {
	if e.Merged == "" || d.env == nil || d.bare[e.Merged] != 1 {
		return false
	}
	for _, a := range e.Args {
		if c, ok := hiddenCast(a).(*eval.Col); !ok || plainName(d.full[c.ID]) != e.Merged {
			return false
		}
	}
	return true
}

// wholeRow prints the row of an entry of FROM.
func (d *Deparser) wholeRow(e *eval.Row) string {
	for _, f := range e.Fields {
		if c, ok := f.(*eval.Col); ok {
			text := d.full[c.ID]
			if text == "" {
				text = d.env[c.ID]
			}
			if i := strings.LastIndex(text, "."); i > 0 {
				return text[:i] + ".*"
			}
		}
	}
	return QuoteIdent(e.Whole) + ".*"
}
