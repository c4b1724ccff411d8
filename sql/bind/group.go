package bind

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// query gathers what the expressions of one SELECT ask to be computed below its projection. Each such
// call is replaced in the expression by the column that will hold it.
type query struct {
	sc *scope

	aggs    []eval.Expr
	aggCols []eval.Column
	aggAt   []int // where they stand

	groups    []eval.Expr
	groupCols []eval.Column
	groupExpr []sql.Expr
	sets      [][]int
	written   *GroupClause
	grouped   bool // GROUP BY or HAVING was written
	// pending are GROUPING calls, which are bound before GROUP BY is.
	pending []pendingGrouping

	named map[string]*windowDef
	// windowClause is the WINDOW clause for the text of a view.
	windowClause []NamedWindow
	windows      []*Window

	rowSets setList
}

// setList is set-returning calls and the columns that stand for them.
type setList struct {
	calls []*eval.Call
	cols  []eval.Column
}

func (s *setList) add(call *eval.Call, col eval.Column) {
	s.calls, s.cols = append(s.calls, call), append(s.cols, col)
}

// pendingGrouping is a GROUPING call whose arguments wait to be found among the groups.
type pendingGrouping struct {
	node *eval.Grouping
	args []eval.Expr
	at   []int
}

// resolveGroupings finds the arguments of GROUPING among the groups.
func (q *query) resolveGroupings() error {
	for _, p := range q.pending {
		for i, x := range p.args {
			found := -1
			for j, g := range q.groups {
				if eval.Equal(g, x) {
					found = j
				}
			}
			if found < 0 {
				return errAt(p.at[i], pgerrcode.GroupingError,
					"arguments to GROUPING must be grouping expressions of the associated query level")
			}
			p.node.Groups = append(p.node.Groups, found)
		}
	}
	return nil
}

// hasAggregation says whether the query needs an Aggregate node.
func (q *query) hasAggregation() bool { return q.grouped || len(q.aggs) > 0 || len(q.groups) > 0 }

// addSet adds a set-returning call and returns its column.
func (q *query) addSet(b *binder, e eval.Expr) eval.Expr {
	call := e.(*eval.Call)
	for i, have := range q.rowSets.calls {
		if call.F.Vol != fn.Volatile && eval.Equal(have, call) {
			return &eval.Col{ID: q.rowSets.cols[i].ID, T: call.T, Name: call.F.Name}
		}
	}
	id := b.newID()
	q.rowSets.add(call, eval.Column{ID: id, Name: call.F.Name, T: call.T})
	b.noteFields(id, call)
	return &eval.Col{ID: id, T: call.T, Name: call.F.Name}
}

// setsOfGroups takes away the set-returning calls that the groups use: they give rows before these are grouped.
func (q *query) setsOfGroups() (below setList) {
	used := make(map[eval.ColID]bool)
	for _, g := range q.groups {
		eval.Columns(g, used)
	}
	var above setList
	for i := len(q.rowSets.calls) - 1; i >= 0; i-- { // a call comes behind those that its arguments use
		call, col := q.rowSets.calls[i], q.rowSets.cols[i]
		if !used[col.ID] {
			above.add(call, col)
			continue
		}
		eval.Columns(call, used)
		below.add(call, col)
	}
	slices.Reverse(above.calls)
	slices.Reverse(above.cols)
	q.rowSets = above
	return below
}

// aggAllowed refuses aggregates where the clause has none. An aggregate that belongs to an outer query
// is checked again there.
func (b *binder) aggAllowed(sc *scope, e *sql.Func) error {
	switch {
	case sc.clause == inFilter:
		return errAt(e.Pos(), pgerrcode.GroupingError, "aggregate functions are not allowed in %s", sc.clause)
	case sc.inAgg:
		return errAt(e.Pos(), pgerrcode.GroupingError, "aggregate function calls cannot be nested")
	}
	return nil
}

// aggClause says whether the clause of a scope may hold aggregates.
func aggClause(sc *scope) bool {
	if sc.q == nil {
		return false
	}
	switch sc.clause {
	case inTargets, inHaving, inOrderBy, inWindow:
		return true
	}
	return false
}

// aggregate binds an aggregate call and returns the column that will hold its value.
func (b *binder) aggregate(sc *scope, e *sql.Func, name string) (eval.Expr, error) {
	marks := outerMarks(sc)
	wasIn := sc.inAgg
	sc.inAgg = true
	agg, err := b.aggCall(sc, e, name)
	sc.inAgg = wasIn
	if err != nil {
		return nil, err
	}
	level := b.aggLevel(sc, agg)
	owner := sc
	for range level {
		owner = owner.parent
	}
	if !aggClause(owner) {
		return nil, errAt(e.Pos(), pgerrcode.GroupingError, "aggregate functions are not allowed in %s", owner.clause)
	}
	if level > 0 {
		if owner.inAgg {
			return nil, errAt(e.Pos(), pgerrcode.GroupingError, "aggregate function calls cannot be nested")
		}
		marks.restore(sc, level)
	}
	col := owner.q.addAgg(b, agg, e.Pos())
	sc.noteOuter(col.ID, level)
	return col, nil
}

// marks are the lengths of the outer lists of a scope and its parents.
type marks []int

func outerMarks(sc *scope) marks {
	var m marks
	for s := sc; s != nil; s = s.parent {
		m = append(m, len(s.outer))
	}
	return m
}

// restore forgets the outer ids noted in the innermost levels since the marks were taken: they are used
// below the outer query's aggregation, not in the inner query.
func (m marks) restore(sc *scope, levels int) {
	for s, i := sc, 0; i < levels; s, i = s.parent, i+1 {
		s.outer = s.outer[:m[i]]
	}
}

// aggLevel is the number of levels outward of the query that an aggregate belongs to: that of the
// innermost column in its arguments.
func (b *binder) aggLevel(sc *scope, agg *eval.Agg) int {
	used := columnsOf(agg)
	if len(used) == 0 {
		return 0
	}
	for s, level := sc, 0; s != nil; s, level = s.parent, level+1 {
		for id := range used {
			if s.owns(id) {
				return level
			}
		}
	}
	return 0
}

// owns says whether the id is a column of this level's FROM.
func (sc *scope) owns(id eval.ColID) bool {
	for _, it := range sc.items {
		if it.owns(id) {
			return true
		}
	}
	return false
}

func (it *item) owns(id eval.ColID) bool {
	if it.scan != nil {
		for _, c := range it.scan.Cols {
			if c.ID == id {
				return true
			}
		}
	}
	if it.present != nil && it.present.ID == id {
		return true
	}
	for i := range it.cols {
		if c, ok := it.cols[i].expr.(*eval.Col); ok {
			if c.ID == id {
				return true
			}
		} else if columnsOf(it.cols[i].expr)[id] {
			return true
		}
	}
	return false
}

func (q *query) addAgg(b *binder, agg eval.Expr, at int) *eval.Col {
	name := "grouping"
	if a, ok := agg.(*eval.Agg); ok {
		name = a.F.Name
	}
	for i, have := range q.aggs {
		if eval.Equal(have, agg) {
			return &eval.Col{ID: q.aggCols[i].ID, T: agg.Type(), Name: name}
		}
	}
	c := eval.Column{ID: b.newID(), Name: name, T: agg.Type()}
	q.aggs, q.aggCols, q.aggAt = append(q.aggs, agg), append(q.aggCols, c), append(q.aggAt, at)
	return &eval.Col{ID: c.ID, T: c.T, Name: name}
}

// aggCall binds the call itself.
func (b *binder) aggCall(sc *scope, e *sql.Func, name string) (*eval.Agg, error) {
	if e.Within {
		return b.orderedSet(sc, e, name)
	}
	c, args, err := b.resolveCall(sc, e, name)
	if err != nil {
		return nil, err
	}
	if c.f == nil || c.f.Kind != 'a' {
		return nil, errAt(e.Pos(), pgerrcode.UndefinedFunction, "function %s is not an aggregate function", name)
	}
	if c.f.AggKind == 'o' || c.f.AggKind == 'h' {
		return nil, errAt(e.Pos(), pgerrcode.WrongObjectType, "WITHIN GROUP is required for ordered-set aggregate %s", name)
	}
	if len(e.Args) == 0 && !e.Star {
		return nil, errAt(e.Pos(), pgerrcode.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", name)
	}
	call, err := b.coerceArgs(c, args, argPos(e, c.f), e.Pos())
	if err != nil {
		return nil, err
	}
	agg := &eval.Agg{F: c.f, Args: call.Args, T: call.T, Distinct: e.Distinct, Star: e.Star}
	if agg.Order, err = b.sortKeys(sc, e.OrderBy); err != nil {
		return nil, err
	}
	if e.Distinct {
		if err := b.checkDistinctAgg(agg, e); err != nil {
			return nil, err
		}
	}
	agg.Filter, err = b.filter(sc, e)
	return agg, err
}

func (b *binder) checkDistinctAgg(agg *eval.Agg, e *sql.Func) error {
	if e.Star {
		return errAt(e.Pos(), pgerrcode.SyntaxError, "DISTINCT specified, but %s(*) has no arguments", agg.F.Name)
	}
	for i, a := range agg.Args {
		if err := b.checkEquality(a.Type().OID, sql.Start(e.Args[i])); err != nil {
			return err
		}
	}
	for i, k := range agg.Order {
		found := false
		for _, a := range agg.Args {
			found = found || eval.Equal(a, k.Expr)
		}
		if !found {
			return errAt(sql.Start(e.OrderBy[i].Expr), pgerrcode.InvalidColumnReference,
				"in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
		}
	}
	return nil
}

func (b *binder) filter(sc *scope, e *sql.Func) (eval.Expr, error) {
	if e.Filter == nil {
		return nil, nil //nolint:nilnil // no filter
	}
	outer := sc.clause
	sc.clause = inFilter
	cond, err := b.expr(sc, e.Filter)
	sc.clause = outer
	if err != nil {
		return nil, err
	}
	return b.toBool(cond, "FILTER", e.Filter)
}

// orderedSet binds f(direct) WITHIN GROUP (ORDER BY aggregated).
func (b *binder) orderedSet(sc *scope, e *sql.Func, name string) (*eval.Agg, error) {
	direct, err := b.exprs(sc, e.Args)
	if err != nil {
		return nil, err
	}
	keys := make([]eval.Expr, len(e.OrderBy))
	all := append([]eval.Expr(nil), direct...)
	pos := make([]int, 0, len(direct)+len(keys))
	for _, a := range e.Args {
		pos = append(pos, sql.Start(a))
	}
	for i, o := range e.OrderBy {
		if keys[i], err = b.expr(sc, o.Expr); err != nil {
			return nil, err
		}
		all, pos = append(all, keys[i]), append(pos, sql.Start(o.Expr))
	}
	oids := make([]types.OID, len(all))
	for i, a := range all {
		oids[i] = a.Type().OID
	}
	c, err := b.function(callShape{path: e.Names, variadic: e.Variadic}, oids, e.Pos())
	if err != nil {
		return nil, err
	}
	if c.f.Kind != 'a' || c.f.AggKind != 'o' && c.f.AggKind != 'h' {
		return nil, errAt(e.Pos(), pgerrcode.WrongObjectType, "%s is not an ordered-set aggregate, so it cannot have WITHIN GROUP", name)
	}
	if c.f.AggKind == 'h' {
		if len(direct) != len(keys) {
			return nil, pgerr.New(pgerrcode.UndefinedFunction, "function %s does not exist", b.signature(callShape{path: e.Names}, oids)).
				Hint("To use the hypothetical-set aggregate %s, the number of hypothetical direct arguments (here %d) "+
					"must match the number of ordering columns (here %d).", name, len(direct), len(keys)).At(e.Pos())
		}
		if err := b.unifyHypothetical(all, len(direct), pos); err != nil {
			return nil, err
		}
	}
	call, err := b.coerceArgs(c, all, func(i int) int { return pos[i] }, e.Pos())
	if err != nil {
		return nil, err
	}
	agg := &eval.Agg{F: c.f, Args: call.Args[:len(direct)], T: call.T, Within: true}
	for i, o := range e.OrderBy {
		if err := b.checkSortable(call.Args[len(direct)+i], o); err != nil {
			return nil, err
		}
		agg.Order = append(agg.Order, sortKey(call.Args[len(direct)+i], o))
	}
	agg.Filter, err = b.filter(sc, e)
	return agg, err
}

// unifyHypothetical gives each direct argument of rank(...) WITHIN GROUP the type of its sort key.
func (b *binder) unifyHypothetical(all []eval.Expr, direct int, pos []int) error {
	for i := range direct {
		pair := []eval.Expr{all[direct+i], all[i]}
		if _, err := b.unify(pair, "WITHIN GROUP", func(j int) int { return pos[i+(1-j)*direct] }); err != nil {
			return err
		}
		all[direct+i], all[i] = pair[0], pair[1]
	}
	return nil
}

// grouping binds GROUPING(...).
func (b *binder) grouping(sc *scope, e *sql.Grouping) (eval.Expr, error) {
	if !aggClause(sc) {
		return nil, errAt(e.Pos(), pgerrcode.GroupingError, "grouping operations are not allowed in %s", sc.clause)
	}
	if len(e.Args) > 31 {
		return nil, errAt(e.Pos(), pgerrcode.TooManyArguments, "GROUPING must have fewer than 32 arguments")
	}
	p := pendingGrouping{node: &eval.Grouping{}}
	for _, a := range e.Args {
		x, err := b.expr(sc, a)
		if err != nil {
			return nil, err
		}
		p.args, p.at = append(p.args, x), append(p.at, a.Pos())
	}
	sc.q.pending = append(sc.q.pending, p)
	return sc.q.addAgg(b, p.node, e.Pos()), nil
}

// bindGroupBy binds GROUP BY into groups and sets.
func (b *binder) bindGroupBy(sc *scope, s *sql.Select, targets []target) error {
	q := sc.q
	sc.clause = inGroupBy
	simple := true
	for _, g := range s.GroupBy {
		if _, ok := g.(*sql.GroupSet); ok {
			simple = false
		}
	}
	if simple {
		for _, g := range s.GroupBy {
			for _, k := range groupList(g) {
				if _, err := b.groupKey(sc, k, targets); err != nil {
					return err
				}
			}
		}
		return nil
	}
	sets, written := [][]int{nil}, &GroupClause{Distinct: s.GroupDistinct}
	for _, g := range s.GroupBy {
		more, item, err := b.groupSets(sc, g, targets)
		if err != nil {
			return err
		}
		written.Items = append(written.Items, item)
		if sets = cross(sets, more); len(sets) > groupSetsMax {
			return errAt(g.Pos(), pgerrcode.StatementTooComplex, "too many grouping sets present (maximum %d)", groupSetsMax)
		}
	}
	if s.GroupDistinct {
		sets = distinctSets(sets)
	}
	q.sets, q.written = sets, written
	return nil
}

// groupSetsMax is PostgreSQL's limit of grouping sets.
const groupSetsMax = 4096

// cubeMax is PostgreSQL's limit of elements of CUBE.
const cubeMax = 12

// groupList is the fields of a row in parentheses, else the expression alone.
func groupList(e sql.Expr) []sql.Expr {
	if r, ok := e.(*sql.Row); ok && !r.Explicit {
		return r.Fields
	}
	return []sql.Expr{e}
}

// groupSets lists the grouping sets that one element of GROUP BY stands for.
func (b *binder) groupSets(sc *scope, e sql.Expr, targets []target) ([][]int, GroupItem, error) {
	gs, ok := e.(*sql.GroupSet)
	if !ok {
		set, err := b.groupKeys(sc, groupList(e), targets)
		return [][]int{set}, GroupItem{Groups: set}, err
	}
	item := GroupItem{Word: groupWords[gs.Kind]}
	if gs.Kind == sql.GroupSets {
		var out [][]int
		for _, a := range gs.Args {
			more, inner, err := b.groupSets(sc, a, targets)
			if err != nil {
				return nil, item, err
			}
			out, item.Items = append(out, more...), append(item.Items, inner)
		}
		return out, item, nil
	}
	parts := make([][]int, len(gs.Args))
	for i, a := range gs.Args {
		var err error
		if parts[i], err = b.groupKeys(sc, groupList(a), targets); err != nil {
			return nil, item, err
		}
		item.Items = append(item.Items, GroupItem{Groups: parts[i]})
	}
	switch {
	case gs.Kind == sql.GroupRollup:
		return rollup(parts), item, nil
	case gs.Kind == sql.GroupEmpty:
		return [][]int{{}}, item, nil
	case len(parts) > cubeMax:
		return nil, item, errAt(gs.Pos(), pgerrcode.TooManyColumns, "CUBE is limited to %d elements", cubeMax)
	}
	return cube(parts), item, nil
}

var groupWords = map[sql.GroupSetKind]string{sql.GroupSets: "GROUPING SETS", sql.GroupRollup: "ROLLUP", sql.GroupCube: "CUBE"}

func rollup(parts [][]int) [][]int {
	out := make([][]int, 0, len(parts)+1)
	for n := len(parts); n >= 0; n-- {
		out = append(out, join(parts[:n]))
	}
	return out
}

func cube(parts [][]int) [][]int {
	var out [][]int
	for mask := 1<<len(parts) - 1; mask >= 0; mask-- {
		set := []int{}
		for i := range parts {
			if mask&(1<<(len(parts)-1-i)) != 0 {
				set = union(set, parts[i])
			}
		}
		out = append(out, set)
	}
	return out
}

func join(parts [][]int) []int {
	out := []int{}
	for _, p := range parts {
		out = union(out, p)
	}
	return out
}

func union(x, y []int) []int {
	out := append([]int{}, x...)
	for _, v := range y {
		if !contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func contains(list []int, v int) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func cross(x, y [][]int) [][]int {
	out := make([][]int, 0, len(x)*len(y))
	for _, a := range x {
		for _, c := range y {
			out = append(out, union(a, c))
		}
	}
	return out
}

func distinctSets(sets [][]int) [][]int {
	var out [][]int
	for _, s := range sets {
		seen := false
		for _, o := range out {
			seen = seen || len(o) == len(s) && len(union(o, s)) == len(s)
		}
		if !seen {
			out = append(out, s)
		}
	}
	return out
}

func (b *binder) groupKeys(sc *scope, list []sql.Expr, targets []target) ([]int, error) {
	out := []int{}
	for _, e := range list {
		i, err := b.groupKey(sc, e, targets)
		if err != nil {
			return nil, err
		}
		if !contains(out, i) {
			out = append(out, i)
		}
	}
	return out, nil
}

// groupKey binds one grouping expression and returns its index in groups. A bare name is a column of
// FROM first, then a name of the select list; a bare integer is a position there.
func (b *binder) groupKey(sc *scope, e sql.Expr, targets []target) (int, error) {
	q := sc.q
	x, err := b.groupExpr(sc, e, targets)
	if err != nil {
		return 0, err
	}
	for i, g := range q.groups {
		if eval.Equal(g, x) {
			return i, nil
		}
	}
	if err := b.checkEquality(x.Type().OID, e.Pos()); err != nil {
		return 0, err
	}
	c := eval.Column{T: x.Type(), Name: columnName(e)}
	if col, ok := x.(*eval.Col); ok {
		c.Name = col.Name
	}
	q.groups, q.groupCols, q.groupExpr = append(q.groups, x), append(q.groupCols, c), append(q.groupExpr, e)
	return len(q.groups) - 1, nil
}

func (b *binder) groupExpr(sc *scope, e sql.Expr, targets []target) (eval.Expr, error) {
	switch k := e.(type) {
	case *sql.Literal:
		t, err := ordinal(k, targets, "GROUP BY")
		if err != nil {
			return nil, err
		}
		return b.groupTarget(t, e.Pos())
	case *sql.ColumnRef:
		if len(k.Names) != 1 || k.Star {
			break
		}
		x, _, err := b.bareColumn(sc, k.Names[0], k.Pos())
		if x != nil || err != nil {
			return x, err
		}
		t, err := byAlias(k, targets, "GROUP BY")
		if err != nil {
			return nil, err
		}
		if t != nil {
			return b.groupTarget(t, e.Pos())
		}
	}
	return b.typedExpr(sc, e)
}

// groupTarget refuses a select list entry that cannot be grouped by, and makes one whose type is open a text.
func (b *binder) groupTarget(t *target, at int) (eval.Expr, error) {
	if t.hasAgg {
		return nil, errAt(at, pgerrcode.GroupingError, "aggregate functions are not allowed in GROUP BY")
	}
	var err error
	t.expr, err = b.toText(t.expr, t.at)
	return t.expr, err
}

// checkEquality refuses types that cannot be grouped, sorted out as DISTINCT, or merged by UNION.
func (b *binder) checkEquality(oid types.OID, at int) error {
	if t := lookup(oid); t != nil && t.Compare == nil && t.Category != catPseudo {
		return errAt(at, pgerrcode.UndefinedFunction, "could not identify an equality operator for type %s", b.typeName(oid))
	}
	return nil
}
