package bind

import (
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// clause says where in a statement an expression stands: it decides what may be in it, and names the
// place in messages.
type clause string

// Clauses.
const (
	inFrom      clause = "functions in FROM"
	inJoin      clause = "JOIN conditions"
	inWhere     clause = "WHERE"
	inTargets   clause = "SELECT"
	inGroupBy   clause = "GROUP BY"
	inHaving    clause = "HAVING"
	inOrderBy   clause = "ORDER BY"
	inWindow    clause = "window definitions"
	inValues    clause = "VALUES"
	inSet       clause = "UPDATE"
	inReturning clause = "RETURNING"
	inDefault   clause = "DEFAULT expressions"
	inCheck     clause = "check constraints"
	inIndex     clause = "index expressions"
	inPredicate clause = "index predicates"
	inGenerated clause = "column generation expressions"
	inFilter    clause = "FILTER"
	inUsing     clause = "transform expressions"
)

// scope is what names mean at one level of a query. Lookups go on in parent, the enclosing query.
type scope struct {
	parent *scope
	items  []*item
	ctes   *cteScope
	clause clause
	// q collects aggregates, window calls and set-returning functions of this level; nil where none
	// may stand.
	q *query
	// inAgg: inside the arguments of an aggregate of this level; inCall the same of a window function.
	inAgg    bool
	inWindow bool
	// outer gathers the ids that this level took from enclosing ones. A subquery and LATERAL read it.
	outer []eval.ColID
	// noSets names the construct around an expression that admits no set-returning calls: CASE or COALESCE.
	noSets string
	// topCall: the next call is the top of a function in FROM.
	topCall bool
	// hidden are FROM items that exist but may not be seen from here.
	hidden []*item
}

// item is one entry of the FROM namespace.
type item struct {
	name, schema string
	cols         []itemCol
	// bare: the columns can be named without the item's name; named: with it.
	bare, named bool
	rel         *cat.Relation // of a table or view
	scan        *Scan         // of a table: where system columns can be added
	scalar      bool          // one function that gives no rows of several columns: the whole row is its value
	read        bool          // some expression refers to it
}

// itemCol is a column of an item. Its expression is a plain column, but for the merged columns of a
// full join.
type itemCol struct {
	name  string
	expr  eval.Expr
	table types.OID
	attr  int16
}

func newItem(name string, cols []eval.Column) *item {
	it := &item{name: name, bare: true, named: true, cols: make([]itemCol, len(cols))}
	refs := make([]eval.Col, len(cols))
	for i, c := range cols {
		refs[i] = eval.Col{ID: c.ID, T: c.T, Name: c.Name}
		it.cols[i] = itemCol{name: c.Name, expr: &refs[i], table: c.Table, attr: c.Attr}
	}
	return it
}

// rename applies AS name (columns).
func (it *item) rename(a *sql.Alias, at int) error {
	if a == nil {
		return nil
	}
	it.name, it.schema = a.Name, ""
	if len(a.Cols) > len(it.cols) {
		return errAt(at, pgerrcode.InvalidColumnReference, "table %q has %d columns available but %d columns specified",
			a.Name, len(it.cols), len(a.Cols))
	}
	for i, name := range a.Cols {
		it.cols[i].name = name
		if c, ok := it.cols[i].expr.(*eval.Col); ok {
			renamed := *c
			renamed.Name = name
			it.cols[i].expr = &renamed
		}
	}
	return nil
}

// columnRef resolves a, t.a or s.t.a; also a whole-row reference t, and t.a where a is a function or
// field of the row.
func (b *binder) columnRef(sc *scope, r *sql.ColumnRef) (eval.Expr, *itemCol, error) {
	switch n := r.Names; len(n) {
	case 1:
		e, c, err := b.bareColumn(sc, n[0], r.Pos())
		if e != nil || err != nil {
			return e, c, err
		}
		if it, lv := sc.findItem("", n[0]); it != nil {
			return b.wholeRow(sc, it, lv), nil, nil
		}
		return nil, nil, b.noColumn(sc, "", n[0], r.Pos())
	case 2:
		return b.qualifiedColumn(sc, "", n[0], n[1], r.Pos())
	case 3:
		return b.qualifiedColumn(sc, n[0], n[1], n[2], r.Pos())
	case 4:
		if n[0] != b.Catalog.Database() {
			return nil, nil, errAt(r.Pos(), pgerrcode.FeatureNotSupported, "cross-database references are not implemented: %s", strings.Join(n, "."))
		}
		return b.qualifiedColumn(sc, n[1], n[2], n[3], r.Pos())
	}
	return nil, nil, errAt(r.Pos(), pgerrcode.SyntaxError, "improper qualified name (too many dotted names): %s", strings.Join(r.Names, "."))
}

// bareColumn looks name up from the inside out; nil, nil, nil when nothing has it.
func (b *binder) bareColumn(sc *scope, name string, at int) (eval.Expr, *itemCol, error) {
	for s, level := sc, 0; s != nil; s, level = s.parent, level+1 {
		var found *itemCol
		var owner *item
		for _, it := range s.items {
			if !it.bare {
				continue
			}
			for i := range it.cols {
				if it.cols[i].name != name {
					continue
				}
				if found != nil {
					return nil, nil, errAt(at, pgerrcode.AmbiguousColumn, "column reference %q is ambiguous", name)
				}
				found, owner = &it.cols[i], it
			}
		}
		if found == nil {
			found, owner = b.systemColumn(s, name)
		}
		if found != nil {
			return b.use(sc, owner, found, level, at), found, nil
		}
	}
	return nil, nil, nil
}

func (b *binder) qualifiedColumn(sc *scope, namespace, table, name string, at int) (eval.Expr, *itemCol, error) {
	it, level := sc.findItem(namespace, table)
	if it == nil {
		return nil, nil, sc.noTable(namespace, table, at)
	}
	var found *itemCol
	for i := range it.cols {
		if it.cols[i].name == name {
			if found != nil {
				return nil, nil, errAt(at, pgerrcode.AmbiguousColumn, "column reference %q is ambiguous", name)
			}
			found = &it.cols[i]
		}
	}
	if found == nil {
		found = b.addSystem(it, name)
	}
	if found == nil {
		return nil, nil, b.noColumn(sc, table, name, at)
	}
	return b.use(sc, it, found, level, at), found, nil
}

// use returns a reference to c, found level scopes outward of sc.
func (b *binder) use(sc *scope, it *item, c *itemCol, level, at int) eval.Expr {
	it.read = true
	if it.rel != nil && c.attr > 0 {
		b.dep(it.rel.Table.OID, c.attr)
	}
	col, ok := c.expr.(*eval.Col)
	if !ok {
		for id := range columnsOf(c.expr) {
			sc.noteOuter(id, level)
		}
		return c.expr
	}
	sc.noteOuter(col.ID, level)
	ref2 := *col
	b.refs = append(b.refs, ref{&ref2, at})
	return &ref2
}

// forbidSets says that no set-returning call may stand in a construct, until the returned function is called.
func (sc *scope) forbidSets(construct string) (end func()) {
	outer := sc.noSets
	sc.noSets = construct
	return func() { sc.noSets = outer }
}

func columnsOf(e eval.Expr) map[eval.ColID]bool {
	set := make(map[eval.ColID]bool)
	eval.Columns(e, set)
	return set
}

// noteOuter records in every level between sc and the one that owns id that id comes from outside.
func (sc *scope) noteOuter(id eval.ColID, level int) {
	for s := sc; level > 0; s, level = s.parent, level-1 {
		s.addOuter(id)
	}
}

func (sc *scope) addOuter(id eval.ColID) {
	for _, have := range sc.outer {
		if have == id {
			return
		}
	}
	sc.outer = append(sc.outer, id)
}

// findItem finds a FROM entry by its name, from the inside out.
func (sc *scope) findItem(namespace, name string) (*item, int) {
	for s, level := sc, 0; s != nil; s, level = s.parent, level+1 {
		for _, it := range s.items {
			if it.named && it.name == name && (namespace == "" || it.schema == namespace) {
				return it, level
			}
		}
	}
	return nil, 0
}

// noTable is the error for a table that FROM does not have.
func (sc *scope) noTable(namespace, table string, at int) error {
	for s := sc; s != nil; s = s.parent {
		for _, it := range s.hidden {
			if it.named && it.name == table {
				return pgerr.New(pgerrcode.UndefinedTable, "invalid reference to FROM-clause entry for table %q", table).
					Detail("There is an entry for table %q, but it cannot be referenced from this part of the query.", table).At(at)
			}
		}
		for _, it := range s.items {
			if it.rel != nil && it.rel.Table.Name == table && it.name != table {
				return pgerr.New(pgerrcode.UndefinedTable, "invalid reference to FROM-clause entry for table %q", table).
					Hint("Perhaps you meant to reference the table alias %q.", it.name).At(at)
			}
		}
	}
	if namespace != "" {
		table = namespace + "." + table
	}
	return errAt(at, pgerrcode.UndefinedTable, "missing FROM-clause entry for table %q", table)
}

// noColumn is the error for a column that nothing in scope has, with a hint at a near name.
func (b *binder) noColumn(sc *scope, table, name string, at int) error {
	e := pgerr.New(pgerrcode.UndefinedColumn, "column %q does not exist", name)
	if table != "" {
		e = pgerr.New(pgerrcode.UndefinedColumn, "column %s.%s does not exist", table, name)
	}
	best, bestDist := "", len(name)/2+1
	for s := sc; s != nil; s = s.parent {
		for _, it := range s.items {
			for i := range it.cols {
				d := editDistance(name, it.cols[i].name, bestDist)
				if table != "" && it.name != table {
					continue
				}
				if d < bestDist {
					best, bestDist = it.name+"."+it.cols[i].name, d
				}
			}
		}
	}
	if best != "" {
		e = e.Hint("Perhaps you meant to reference the column %q.", best)
	}
	return e.At(at)
}

// editDistance is the number of edits between two names, or limit when it is not below that.
func editDistance(x, y string, limit int) int {
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	prev := make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		diag := prev[0]
		prev[0] = i
		for j := 1; j <= len(y); j++ {
			cost := diag
			if x[i-1] != y[j-1] {
				cost++
			}
			diag = prev[j]
			prev[j] = min(cost, prev[j]+1, prev[j-1]+1)
		}
	}
	return min(prev[len(y)], limit)
}

// system columns by name.
var systemColumns = []struct {
	name string
	attr int16
	t    types.OID
}{
	{"ctid", AttrCTID, types.TIDOID},
	{"xmin", AttrXmin, types.XIDOID},
	{"tableoid", AttrTableOID, types.OIDOID},
}

func (b *binder) systemColumn(s *scope, name string) (*itemCol, *item) {
	for _, sys := range systemColumns {
		if sys.name != name {
			continue
		}
		for _, it := range s.items {
			if it.bare {
				if c := b.addSystem(it, name); c != nil {
					return c, it
				}
			}
		}
	}
	return nil, nil
}

// addSystem makes the scan under it yield the system column name; nil when it has none.
func (b *binder) addSystem(it *item, name string) *itemCol {
	if it.scan == nil || it.rel.Table.Kind != schema.KindTable {
		return nil
	}
	for _, sys := range systemColumns {
		if sys.name == name {
			id := it.scan.column(b, sys.attr, sys.name, types.Of(sys.t))
			return &itemCol{
				name: name, expr: &eval.Col{ID: id, T: types.Of(sys.t), Name: name},
				table: it.rel.Table.OID, attr: sys.attr,
			}
		}
	}
	return nil
}

// column returns the id of a computed column of the scan, which is added when missing.
func (r *Scan) column(b *binder, attr int16, name string, t types.T) eval.ColID {
	for _, c := range r.Cols {
		if c.Attr == attr {
			return c.ID
		}
	}
	id := b.newID()
	r.Cols = append(r.Cols, eval.Column{ID: id, Name: name, T: t, Table: r.Rel.Table.OID, Attr: attr})
	return id
}

// wholeRow is the row of an item as one value.
func (b *binder) wholeRow(sc *scope, it *item, level int) eval.Expr {
	if it.scalar {
		return b.use(sc, it, &it.cols[0], level, -1)
	}
	row := &eval.Row{T: types.Of(types.RecordOID)}
	if it.rel != nil && it.rel.Table.RowType != 0 {
		row.T = types.Of(it.rel.Table.RowType)
	}
	for i := range it.cols {
		row.Fields = append(row.Fields, b.use(sc, it, &it.cols[i], level, -1))
		row.Names = append(row.Names, it.cols[i].name)
	}
	return row
}
