package bind

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// fromPart is a bound element of FROM.
type fromPart struct {
	rel   Rel
	items []*item
	// lateral are the ids it takes from FROM elements to its left.
	lateral []eval.ColID
}

// bindFrom binds FROM into sc's namespace. Without FROM there is one row without columns.
func (b *binder) bindFrom(sc *scope, list []sql.TableExpr) (Rel, error) {
	if len(list) == 0 {
		return &Values{Rows: [][]eval.Expr{{}}}, nil
	}
	sc.clause = inFrom
	var all fromPart
	for i, t := range list {
		part, err := b.tableExpr(sc, t, beside{all.items, sc.barred})
		if err != nil {
			return nil, err
		}
		if err := uniqueNames(all.items, part.items); err != nil {
			return nil, err
		}
		if i == 0 {
			all = *part
			continue
		}
		join := &Join{Kind: Inner, Left: all.rel, Right: part.rel, Lateral: uses(part.lateral, all.rel)}
		if b.joins != nil && b.viewDepth == 0 {
			b.joins[join] = JoinShape{Comma: true}
		}
		all = fromPart{rel: join, items: append(all.items, part.items...)}
	}
	sc.items = all.items
	return all.rel, nil
}

// uses says whether some of the ids are columns of rel.
func uses(ids []eval.ColID, rel Rel) bool {
	if len(ids) == 0 {
		return false
	}
	for _, c := range rel.Output() {
		for _, id := range ids {
			if c.ID == id {
				return true
			}
		}
	}
	return false
}

// beside are the entries of FROM to the left of one: LATERAL refers to those seen.
type beside struct{ seen, barred []*item }

// uniqueNames refuses two FROM entries of one name, unless they are relations of two schemas.
func uniqueNames(left, right []*item) error {
	for _, r := range right {
		if !r.named {
			continue
		}
		for _, l := range left {
			two := l.rel != nil && r.rel != nil && !l.aliased && !r.aliased && l.rel.Table.OID != r.rel.Table.OID
			if l.named && l.name == r.name && !two {
				return pgerr.New(pgerrcode.DuplicateAlias, "table name %q specified more than once", r.name)
			}
		}
	}
	return nil
}

// tableExpr binds one element of FROM.
func (b *binder) tableExpr(sc *scope, t sql.TableExpr, left beside) (*fromPart, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.leave()
	switch t := t.(type) {
	case *sql.TableName:
		return b.tableName(sc, t)
	case *sql.Join:
		return b.join(sc, t, left)
	case *sql.SubqueryTable:
		return b.subqueryTable(sc, t, left)
	case *sql.FuncTable:
		return b.funcTable(sc, t, left)
	}
	return nil, pgerr.Unsupported("this element of FROM")
}

// tableName binds a CTE, table or view by name.
func (b *binder) tableName(sc *scope, t *sql.TableName) (*fromPart, error) {
	if t.Schema == "" {
		if c := sc.ctes.find(t.Name); c != nil {
			return b.cteRef(sc, c, t)
		}
	}
	rel, err := b.relation(t)
	if err != nil {
		return nil, err
	}
	if err := b.needPrivilege(rel, "SELECT"); err != nil {
		return nil, err
	}
	return b.relationPart(sc, rel, t)
}

// relation finds a table, view or sequence, or fails with 42P01.
func (b *binder) relation(t *sql.TableName) (*cat.Relation, error) {
	if t.Catalog != "" && t.Catalog != b.Catalog.Database() {
		return nil, errAt(t.Pos(), pgerrcode.FeatureNotSupported, "cross-database references are not implemented: \"%s.%s.%s\"",
			t.Catalog, t.Schema, t.Name)
	}
	rel, err := b.Catalog.Relation(t.Schema, t.Name)
	if err != nil && pgerr.Code(err) == pgerrcode.InvalidSchemaName {
		return nil, NoRelation(t) // as PostgreSQL words it where a relation is named in a query
	}
	if err != nil {
		return nil, place(err, t.Pos())
	}
	if rel == nil {
		return nil, NoRelation(t)
	}
	if rel.Table.Kind == schema.KindIndex {
		return nil, pgerr.New(pgerrcode.WrongObjectType, "cannot open relation %q", t.Name).
			Detail("This operation is not supported for indexes.").At(t.Pos())
	}
	return rel, nil
}

// NoRelation is the error for a relation that does not exist.
func NoRelation(t *sql.TableName) error {
	name := t.Name
	if t.Schema != "" {
		name = t.Schema + "." + name
	}
	return errAt(t.Pos(), pgerrcode.UndefinedTable, "relation %q does not exist", name)
}

// needPrivilege checks a privilege of the current user. What a view's query reads is the view owner's
// business.
func (b *binder) needPrivilege(rel *cat.Relation, privilege string) error {
	if b.unchecked || b.viewDepth > 0 || rel.Virtual || b.Catalog.Allowed(rel, privilege) {
		return nil
	}
	what := "table"
	switch rel.Table.Kind {
	case schema.KindView:
		what = "view"
	case schema.KindSequence:
		what = "sequence"
	}
	return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for %s %s", what, rel.Table.Name)
}

// relationPart makes the scan of a table, or puts a view's query in its place.
func (b *binder) relationPart(sc *scope, rel *cat.Relation, t *sql.TableName) (*fromPart, error) {
	if b.viewDepth == 0 || !b.columnDeps {
		b.dep(rel.Table.OID, 0)
	}
	var part *fromPart
	text := rel.VirtualView
	if rel.Table.Kind == schema.KindView {
		text = rel.Table.View
	}
	if text != "" {
		var err error
		name := rel.Table.Name
		if t.Alias != nil {
			name = t.Alias.Name
		}
		if part, err = b.view(rel, text, sc.locksOf(name)); err != nil {
			return nil, err
		}
	} else {
		scan := b.scan(rel, rel.Table.Name)
		it := newItem(rel.Table.Name, scan.Cols)
		it.scan = scan
		part = &fromPart{rel: scan, items: []*item{it}}
	}
	it := part.items[0]
	it.rel = rel
	if err := it.rename(t.Alias); err != nil {
		return nil, err
	}
	sc.make(it)
	if scan, ok := part.rel.(*Scan); ok {
		scan.Alias = it.name
	} else {
		it.leaf = part.rel
		b.origin(part.rel, it, rel)
	}
	return part, nil
}

// origin remembers how an entry of FROM was written.
func (b *binder) origin(r Rel, it *item, view *cat.Relation) {
	if b.origins == nil || b.viewDepth > 0 {
		return
	}
	o := Origin{Alias: it.name, View: view}
	if view == nil {
		for i := range it.cols {
			o.Cols = append(o.Cols, it.cols[i].name)
		}
	} else {
		for _, c := range view.Table.Live() {
			o.Cols = append(o.Cols, c.Name)
		}
	}
	b.origins[r] = o
}

// scan makes a Scan of all live columns.
func (b *binder) scan(rel *cat.Relation, alias string) *Scan {
	s := &Scan{Rel: rel, Alias: alias, Cols: make([]eval.Column, 0, len(rel.Table.Columns)+1)}
	for i := range rel.Table.Columns {
		c := &rel.Table.Columns[i]
		if !c.Dropped {
			s.Cols = append(s.Cols, eval.Column{ID: b.newID(), Name: c.Name, T: c.Type, Table: rel.Table.OID, Attr: c.Num})
		}
	}
	return s
}

// view binds a view's query in its place. The text names everything with its schema, so that the
// search path does not matter.
func (b *binder) view(rel *cat.Relation, text string, locks []sql.Lock) (*fromPart, error) {
	if b.viewDepth >= viewDepthMax {
		return nil, pgerr.New(pgerrcode.StatementTooComplex, "views nest more than %d levels deep", viewDepthMax)
	}
	q, err := b.Cache.query(text)
	if err != nil {
		return nil, err
	}
	b.viewDepth++
	savedDeps, savedNoParams := b.deps, b.noParams
	b.noParams = true
	out, err := b.bindQuery(q, nil, queryOpts{locks: locks})
	b.viewDepth--
	b.noParams = savedNoParams
	if b.columnDeps {
		b.deps = savedDeps // a stored view depends on this one, not on what is below it
	}
	if err != nil {
		e := *pgerr.From(err)
		e.Position = 0 // it counts in the view's text
		return nil, &e
	}
	cols := append([]eval.Column(nil), out.rel.Output()...)
	live := rel.Table.Live()
	for i := range cols {
		cols[i].Table, cols[i].Attr = rel.Table.OID, int16(i+1)
		if i < len(live) {
			cols[i].Name, cols[i].Attr = live[i].Name, live[i].Num
		}
	}
	return &fromPart{rel: out.rel, items: []*item{newItem(rel.Table.Name, cols)}}, nil
}

func (b *binder) subqueryTable(sc *scope, t *sql.SubqueryTable, left beside) (*fromPart, error) {
	inner := sc.relay(nil)
	inner.clause = inOwnFrom
	if t.Lateral {
		inner.items, inner.barred = left.seen, left.barred
	} else {
		inner.hidden = left.seen
	}
	name := ""
	if t.Alias != nil {
		name = t.Alias.Name
	}
	out, err := b.bindQuery(t.Query, inner, queryOpts{locks: sc.locksOf(name)})
	if err != nil {
		return nil, err
	}
	sc.absorb(inner)
	it := newItem("unnamed_subquery", out.rel.Output())
	it.named, it.leaf = t.Alias != nil, out.rel
	if err := it.rename(t.Alias); err != nil {
		return nil, err
	}
	sc.make(it)
	b.origin(out.rel, it, nil)
	return &fromPart{rel: out.rel, items: []*item{it}, lateral: beyond(out.outer, inner)}, nil
}

// beyond lists the ids that were found in the relay itself, not farther out.
func beyond(outer []eval.ColID, relay *scope) []eval.ColID {
	if len(relay.items) == 0 {
		return nil
	}
	var ids []eval.ColID
	for _, id := range outer {
		if relay.owns(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// join binds JOIN. RIGHT is LEFT with the sides exchanged.
func (b *binder) join(sc *scope, t *sql.Join, left beside) (*fromPart, error) {
	l, err := b.tableExpr(sc, t.Left, left)
	if err != nil {
		return nil, err
	}
	near := left // a right or full join bars its left side from LATERAL
	if t.Kind != sql.JoinRight && t.Kind != sql.JoinFull {
		near.seen = slices.Concat(left.seen, l.items)
	} else {
		near.barred = slices.Concat(left.barred, l.items)
	}
	r, err := b.tableExpr(sc, t.Right, near)
	if err != nil {
		return nil, err
	}
	if err := uniqueNames(l.items, r.items); err != nil {
		return nil, err
	}
	node := &Join{Left: l.rel, Right: r.rel, Lateral: uses(r.lateral, l.rel)}
	switch t.Kind {
	case sql.JoinLeft:
		node.Kind = Left
	case sql.JoinFull:
		node.Kind = Full
	case sql.JoinRight:
		node.Kind = Left
		node.Left, node.Right = r.rel, l.rel
	}
	if t.Kind == sql.JoinLeft || t.Kind == sql.JoinFull {
		makeOptional(r.items, node)
	}
	if t.Kind == sql.JoinRight || t.Kind == sql.JoinFull {
		makeOptional(l.items, node)
	}
	part := &fromPart{rel: node, items: append(l.items[:len(l.items):len(l.items)], r.items...)}
	part.lateral = append(l.lateral, r.lateral...)
	using := t.Using
	if t.Natural {
		using = commonNames(l.items, r.items)
	}
	if b.joins != nil && b.viewDepth == 0 {
		b.joins[node] = JoinShape{Right: t.Kind == sql.JoinRight, Using: using, UsingAlias: t.UsingAlias}
	}
	switch {
	case t.Natural || using != nil:
		merged, err := b.joinUsing(node, t, using, l.items, r.items)
		if err != nil {
			return nil, err
		}
		part.items = append([]*item{merged}, part.items...)
		if t.UsingAlias != "" {
			named := usingAlias(merged, t.UsingAlias, len(using))
			if err := uniqueNames(part.items, []*item{named}); err != nil {
				return nil, err
			}
			part.items = append(part.items, named)
		}
	case t.On != nil:
		on := sc.relay(part.items)
		if node.On, err = b.condition(on, t.On, inJoin); err != nil {
			return nil, err
		}
		sc.absorb(on)
	}
	return part, aliasJoin(sc, part, t)
}

// aliasJoin applies an alias to a whole join, which hides the names inside.
func aliasJoin(sc *scope, part *fromPart, t *sql.Join) error {
	if t.Alias == nil {
		return nil
	}
	whole := &item{bare: true, named: true, joined: true, leaf: part.rel}
	for _, it := range part.items {
		if it.bare {
			whole.cols = append(whole.cols, it.cols...)
		}
	}
	part.items = []*item{whole}
	if err := whole.rename(t.Alias); err != nil {
		return err
	}
	sc.make(whole)
	return nil
}

func usingAlias(merged *item, name string, n int) *item {
	return &item{name: name, named: true, cols: merged.cols[:n:n]}
}

// commonNames are the columns of NATURAL JOIN.
func commonNames(left, right []*item) []string {
	var names []string
	for _, it := range left {
		if !it.bare {
			continue
		}
		for i := range it.cols {
			if _, n := bareIn(right, it.cols[i].name); n > 0 {
				names = append(names, it.cols[i].name)
			}
		}
	}
	return names
}

// bareIn finds a column by its name alone and counts how many have it.
func bareIn(items []*item, name string) (found *itemCol, n int) {
	for _, it := range items {
		if !it.bare {
			continue
		}
		for i := range it.cols {
			if it.cols[i].name == name {
				found = &it.cols[i]
				n++
			}
		}
	}
	return found, n
}

// joinUsing makes the join condition of USING and NATURAL and the item of the merged columns: those
// first, then the rest of the left and of the right side.
func (b *binder) joinUsing(node *Join, t *sql.Join, using []string, left, right []*item) (*item, error) {
	merged := &item{bare: true}
	var tests []eval.Expr
	for i, name := range using {
		if slices.Contains(using[:i], name) {
			return nil, pgerr.New(pgerrcode.DuplicateColumn, "column name %q appears more than once in USING clause", name)
		}
		l, err := usingColumn(left, name, "left")
		if err != nil {
			return nil, err
		}
		r, err := usingColumn(right, name, "right")
		if err != nil {
			return nil, err
		}
		test, err := b.apply("", "=", operand{l.expr, -1}, operand{r.expr, -1}, -1)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
		col, err := b.mergedColumn(t.Kind, name, l, r)
		if err != nil {
			return nil, err
		}
		merged.cols = append(merged.cols, col)
	}
	switch len(tests) {
	case 0:
	case 1:
		node.On = tests[0]
	default:
		node.On = &eval.And{Args: tests}
	}
	for _, side := range [][]*item{left, right} {
		for _, it := range side {
			if !it.bare {
				continue
			}
			for i := range it.cols {
				if !slices.Contains(using, it.cols[i].name) {
					merged.cols = append(merged.cols, it.cols[i])
				}
			}
			it.bare = false
		}
	}
	return merged, nil
}

func usingColumn(items []*item, name, side string) (*itemCol, error) {
	c, n := bareIn(items, name)
	switch n {
	case 0:
		return nil, pgerr.New(pgerrcode.UndefinedColumn, "column %q specified in USING clause does not exist in %s table", name, side)
	case 1:
		return c, nil
	}
	return nil, pgerr.New(pgerrcode.AmbiguousColumn, "common column name %q appears more than once in %s table", name, side)
}

// mergedColumn is the one column for both sides: the side that is never null-extended, or the first
// that is not null in a full join.
func (b *binder) mergedColumn(kind sql.JoinKind, name string, l, r *itemCol) (itemCol, error) {
	pair := []eval.Expr{l.expr, r.expr}
	t, err := b.unify(pair, "JOIN/USING", func(int) int { return -1 })
	if err != nil {
		return itemCol{}, err
	}
	for i, e := range pair {
		if e.Type() != t {
			pair[i] = &eval.Relabel{Arg: e, T: t}
		}
	}
	out := itemCol{name: name}
	switch {
	case kind == sql.JoinFull:
		out.expr = &eval.Coalesce{Args: pair, T: t, Merged: name}
	case kind == sql.JoinRight, kind == sql.JoinInner && pair[0] != l.expr && pair[1] == r.expr:
		out.expr, l = pair[1], r
	default:
		out.expr = pair[0]
	}
	if out.expr == l.expr {
		out.table, out.attr = l.table, l.attr
	}
	return out, nil
}

// funcTable binds functions in FROM.
func (b *binder) funcTable(sc *scope, t *sql.FuncTable, left beside) (*fromPart, error) {
	inner := sc.relay(left.seen) // functions are LATERAL without the word
	inner.barred, inner.clause = left.barred, inFrom
	node := &FuncScan{Ordinality: t.Ordinality}
	funcs := t.Funcs
	if !t.RowsFrom && len(funcs) == 1 {
		funcs = spreadUnnest(funcs[0])
		node.Unnest = len(funcs) > 1
	}
	sub := &scope{parent: inner, ctes: sc.ctes, clause: inFrom}
	for _, f := range funcs {
		defs := f.Cols
		if len(t.Cols) > 0 {
			defs = t.Cols
		}
		if err := b.tableFunc(sub, node, f.Call, defs, soleAlias(t, funcs)); err != nil {
			return nil, err
		}
	}
	if t.Ordinality {
		node.Cols = append(node.Cols, eval.Column{ID: b.newID(), Name: "ordinality", T: types.Of(types.Int8OID)})
	}
	sc.absorb(inner)
	name := columnName(funcs[0].Call)
	it := newItem(name, node.Cols)
	if err := it.rename(t.Alias); err != nil {
		return nil, err
	}
	it.leaf = node
	it.scalar = len(node.Calls) == 1 && len(node.Cols) == 1 && node.Calls[0].Type().OID != types.RecordOID
	sc.make(it)
	node.Alias = it.name
	for i := range node.Cols {
		node.Cols[i].Name = it.cols[i].name
	}
	return &fromPart{rel: node, items: []*item{it}, lateral: beyond(sub.outer, inner)}, nil
}

// soleAlias is the alias of a FROM entry with one function: it names the function's one column as well.
func soleAlias(t *sql.FuncTable, funcs []sql.TableFunc) string {
	if t.Alias == nil || len(funcs) != 1 {
		return ""
	}
	return t.Alias.Name
}

// spreadUnnest turns unnest(a, b) into one unnest an argument.
func spreadUnnest(f sql.TableFunc) []sql.TableFunc {
	call, ok := f.Call.(*sql.Func)
	if !ok || call.Names[len(call.Names)-1] != "unnest" || len(call.Args) < 2 {
		return []sql.TableFunc{f}
	}
	out := make([]sql.TableFunc, len(call.Args))
	for i, a := range call.Args {
		one := *call
		one.Args = []sql.Expr{a}
		out[i] = sql.TableFunc{Call: &one}
	}
	return out
}

// tableFunc binds one function of FROM and adds its columns.
func (b *binder) tableFunc(sc *scope, node *FuncScan, e sql.Expr, defs []sql.ColumnDef, alias string) error {
	sc.topCall = true
	call, err := b.typedExpr(sc, e)
	sc.topCall = false
	if err != nil {
		return err
	}
	cols, err := b.funcColumns(call, e, defs, alias)
	if err != nil {
		return err
	}
	for i := range cols {
		cols[i].ID = b.newID()
	}
	node.Calls = append(node.Calls, call)
	node.CallCols = append(node.CallCols, len(cols))
	node.Cols = append(node.Cols, cols...)
	return nil
}

// funcColumns are the output columns of a function in FROM.
func (b *binder) funcColumns(call eval.Expr, e sql.Expr, defs []sql.ColumnDef, alias string) ([]eval.Column, error) {
	oid := call.Type().OID
	var f *fn.Func
	if c, ok := call.(*eval.Call); ok {
		f = c.F
	}
	if len(defs) > 0 {
		if oid != types.RecordOID || f != nil && len(f.Outs) > 0 {
			return nil, errAt(e.Pos(), pgerrcode.SyntaxError,
				"a column definition list is only allowed for functions returning \"record\"")
		}
		return b.definedColumns(defs)
	}
	if b.isComposite(oid) {
		if cols := b.rowColumns(call); cols != nil {
			return cols, nil
		}
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "a column definition list is required for functions returning \"record\"")
	}
	name := columnName(e)
	switch {
	case f != nil && len(f.Outs) == 1:
		name = f.Outs[0].Name
	case f != nil && valueColumn[f.Name]:
		name = "value"
	case alias != "":
		name = alias
	}
	return []eval.Column{{Name: name, T: call.Type()}}, nil
}

// valueColumn are the functions whose one output column is named.
var valueColumn = map[string]bool{
	"json_array_elements": true, "json_array_elements_text": true, "jsonb_array_elements": true, "jsonb_array_elements_text": true,
}

func (b *binder) definedColumns(defs []sql.ColumnDef) ([]eval.Column, error) {
	out := make([]eval.Column, len(defs))
	for i := range defs {
		t, err := b.typeOf(defs[i].Type)
		if err != nil {
			return nil, err
		}
		out[i] = eval.Column{Name: defs[i].Name, T: t}
	}
	return out, nil
}
