package bind

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
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
	inOwnFrom   clause = "FROM clause of their own query level"
	inJoin      clause = "JOIN conditions"
	inWhere     clause = "WHERE"
	inCopyWhere clause = "COPY FROM WHERE conditions"
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
	// made are all entries of FROM at this level so far, those included that names do not reach.
	made *[]*item
	// locks are the query's FOR UPDATE clauses, which go on to the subqueries and views in FROM.
	locks []sql.Lock
	// hidden are entries that only LATERAL would show, barred those that not even LATERAL does.
	hidden, barred []*item
}

// item is one entry of the FROM namespace.
type item struct {
	name string
	cols []itemCol
	// bare: the columns can be named without the item's name; named: with it.
	bare, named bool
	aliased     bool          // the name was given by AS
	joined      bool          // the alias of a join: its columns are other entries'
	target      bool          // the table that UPDATE or DELETE changes
	written     bool          // the row that INSERT or UPDATE has written, for RETURNING
	upsert      *Insert       // of written: the INSERT, if it has DO UPDATE
	rel         *cat.Relation // of a table or view
	cte         *CTE          // of a WITH query
	scan        *Scan         // of a table: where system columns can be added
	leaf        Rel           // of other entries: what stands in FROM
	present     *eval.Col     // see presence
	optional    *Join         // the innermost outer join that may not find its row
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
func (it *item) rename(a *sql.Alias) error {
	if a == nil {
		return nil
	}
	it.name, it.aliased = a.Name, true
	if len(a.Cols) > len(it.cols) {
		what := "table"
		if it.joined {
			what = "join expression"
		}
		return pgerr.New(pgerrcode.InvalidColumnReference, "%s %q has %d columns available but %d columns specified",
			what, a.Name, len(it.cols), len(a.Cols))
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
		it, level, err := b.findItem(sc, "", n[0], r.Pos())
		if err != nil {
			return nil, nil, err
		}
		if it != nil {
			return b.wholeRow(sc, it, level), nil, nil
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
		for _, it := range s.barred {
			if it.bare && slices.ContainsFunc(it.cols, func(c itemCol) bool { return c.name == name }) {
				return nil, nil, it.notLateral(at)
			}
		}
		if found == nil {
			var err error
			if found, owner, err = b.systemColumn(s, name, at); err != nil {
				return nil, nil, err
			}
		}
		if found != nil {
			return b.use(sc, owner, found, level, at), found, nil
		}
	}
	return nil, nil, nil
}

func (b *binder) qualifiedColumn(sc *scope, namespace, table, name string, at int) (eval.Expr, *itemCol, error) {
	it, level, err := b.findItem(sc, namespace, table, at)
	if err != nil {
		return nil, nil, err
	}
	if it == nil {
		return nil, nil, b.noTable(sc, namespace, table, at)
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
		if found, err = b.addSystem(it, name, at); err != nil {
			return nil, nil, err
		}
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

// findItem finds a FROM entry by its name, from the inside out; nil when there is none. A name with a schema is that of a
// relation without an alias.
func (b *binder) findItem(sc *scope, namespace, name string, at int) (*item, int, error) {
	var oid types.OID
	if namespace != "" {
		rel, err := b.Catalog.Relation(namespace, name)
		if err != nil || rel == nil {
			return nil, 0, nil // no relation, so no entry either
		}
		oid = rel.Table.OID
	}
	matches := func(it *item) bool {
		if namespace != "" {
			return it.named && !it.aliased && it.rel != nil && it.rel.Table.OID == oid
		}
		return it.named && it.name == name
	}
	for s, level := sc, 0; s != nil; s, level = s.parent, level+1 {
		var found *item
		for _, it := range s.items {
			if !matches(it) {
				continue
			}
			if found != nil {
				return nil, 0, errAt(at, pgerrcode.AmbiguousAlias, "table reference %q is ambiguous", name)
			}
			found = it
		}
		if found != nil {
			return found, level, nil
		}
		for _, it := range s.barred {
			if matches(it) {
				return nil, 0, it.notLateral(at)
			}
		}
	}
	return nil, 0, nil
}

// notLateral is the error for a reference from beside the entry, where LATERAL does not reach.
func (it *item) notLateral(at int) error {
	e := pgerr.New(pgerrcode.InvalidColumnReference, "invalid reference to FROM-clause entry for table %q", it.name).At(at)
	if it.target {
		return e.Hint("There is an entry for table %q, but it cannot be referenced from this part of the query.", it.name)
	}
	return e.Detail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.")
}

// systemCol is a column that every table has without being asked.
type systemCol struct {
	name string
	attr int16
	t    types.OID
}

var systemColumns = []systemCol{
	{"ctid", AttrCTID, types.TIDOID},
	{"xmin", AttrXmin, types.XIDOID},
	{"cmin", AttrCmin, types.CIDOID},
	{"xmax", AttrXmax, types.XIDOID},
	{"cmax", AttrCmax, types.CIDOID},
	{"tableoid", AttrTableOID, types.OIDOID},
}

func (b *binder) systemColumn(s *scope, name string, at int) (found *itemCol, owner *item, err error) {
	for _, sys := range systemColumns {
		if sys.name != name {
			continue
		}
		for _, it := range s.items {
			if it.bare {
				c, err := b.addSystem(it, name, at)
				if err != nil {
					return nil, nil, err
				}
				if c != nil && found != nil {
					return nil, nil, errAt(at, pgerrcode.AmbiguousColumn, "column reference %q is ambiguous", name)
				}
				if c != nil {
					found, owner = c, it
				}
			}
		}
	}
	return found, owner, nil
}

// addSystem makes the scan under it yield the system column name; nil when it has none.
func (b *binder) addSystem(it *item, name string, at int) (*itemCol, error) {
	if it.rel == nil || it.rel.Table.Kind != schema.KindTable {
		return nil, nil //nolint:nilnil // no such column
	}
	for _, sys := range systemColumns {
		if sys.name != name {
			continue
		}
		switch {
		case it.scan != nil:
			id := it.scan.column(b, sys.attr, sys.name, types.Of(sys.t))
			return &itemCol{
				name: name, expr: &eval.Col{ID: id, T: types.Of(sys.t), Name: name},
				table: it.rel.Table.OID, attr: sys.attr,
			}, nil
		case sys.attr == AttrTableOID:
			oid := &eval.Const{T: types.Of(sys.t), D: types.IntDatum(int64(it.rel.Table.OID))}
			return &itemCol{name: name, expr: oid, table: it.rel.Table.OID, attr: sys.attr}, nil
		case it.written && sys.attr != AttrCTID:
			return &itemCol{name: name, expr: b.writtenBy(it, sys), table: it.rel.Table.OID, attr: sys.attr}, nil
		default:
			return nil, unsupportedAt(at, "column %s of a new row", name)
		}
	}
	return nil, nil //nolint:nilnil // no such column
}

// writtenBy is a system column of a row that the statement has written: xmin is the transaction itself.
func (b *binder) writtenBy(it *item, sys systemCol) eval.Expr {
	t := types.Of(sys.t)
	switch {
	case sys.attr == AttrXmin:
		number := fn.FuncsByName("pg_current_xact_id")[0]
		to := fn.CastBetween(number.Ret, sys.t).Func
		return &eval.Call{F: to, Args: []eval.Expr{&eval.Call{F: number, T: types.Of(number.Ret)}}, T: t}
	case sys.attr == AttrXmax && it.upsert != nil:
		if it.upsert.Xmax == 0 {
			it.upsert.Xmax = b.newID()
		}
		return &eval.Col{ID: it.upsert.Xmax, T: t, Name: sys.name}
	}
	return &eval.Const{T: t, D: types.IntDatum(0)}
}

// IsSystemColumn says whether every table has a system column of that name.
func IsSystemColumn(name string) bool {
	return slices.ContainsFunc(systemColumns, func(c systemCol) bool { return c.name == name })
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
