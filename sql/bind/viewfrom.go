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
	if j, ok := r.(*Join); ok {
		return countItems(d, j.Left) + countItems(d, j.Right)
	}
	return 1
}

// nameFrom names the columns of FROM.
func (d *Deparser) nameFrom(r Rel, qualify bool) {
	o, known := d.Origins[r]
	if j, ok := r.(*Join); ok && !known {
		d.nameFrom(j.Left, qualify)
		d.nameFrom(j.Right, qualify)
		return
	}
	alias, cols := d.follow(o.View, o.Alias), r.Output()
	if !known || alias == "" {
		alias = d.aliasOf(r)
	}
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
	o, known := d.Origins[r]
	if known && o.View != nil {
		view := d.current(o.View)
		return d.named(d.relName(view), view.Table.Name, d.follow(o.View, o.Alias))
	}
	switch n := r.(type) {
	case *Join:
		if !known && d.Commas[n] {
			return d.fromText(n.Left) + "," + d.pad(4) + d.lateral(n) + d.fromText(n.Right)
		}
		if !known {
			return d.joinText(n)
		}
	case *Scan:
		rel := d.current(n.Rel)
		return d.named(d.relName(rel), rel.Table.Name, d.aliasOf(n))
	case *CTERef:
		return d.named(QuoteIdent(n.CTE.Name), n.CTE.Name, o.Alias)
	case *FuncScan:
		return d.funcScan(n)
	}
	alias := o.Alias
	if alias == "" {
		alias = d.aliasOf(r)
	}
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
	left, right := d.fromText(n.Left), d.fromText(n.Right)
	if j, ok := n.Right.(*Join); ok && d.Layout != LayoutIndent {
		if _, known := d.Origins[j]; !known {
			right = "(" + right + ")"
		}
	}
	word := map[JoinKind]string{Inner: "JOIN", Left: "LEFT JOIN", Full: "FULL JOIN"}[n.Kind]
	lateral := d.lateral(n)
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
	if len(calls) > 1 {
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
	return text + " " + QuoteIdent(n.Alias) + "(" + strings.Join(cols, ", ") + ")"
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
