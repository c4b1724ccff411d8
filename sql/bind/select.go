package bind

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// queryOpts say what the user of a query's columns does with those of open type.
type queryOpts struct {
	// keepUnknown leaves literals of open type in the select list to a later retype, instead of making
	// them text: the target columns of INSERT or the other side of a UNION decide.
	keepUnknown bool
	// locks are FOR UPDATE clauses of the query around, which this one has as well.
	locks []sql.Lock
}

// queryOut is a bound query.
type queryOut struct {
	rel Rel
	// outer are the ids that it takes from the scopes around it.
	outer []eval.ColID
	// retype coerces output column i, whose type is still unknown; nil when none can be.
	retype func(i int, t types.T, at int) error
	// positions of the output columns, for errors.
	pos []int
}

// target is an entry of the select list, or one that only ORDER BY or DISTINCT ON needs (junk).
type target struct {
	expr   eval.Expr
	ast    sql.Expr
	name   string
	at     int
	table  types.OID
	attr   int16
	id     eval.ColID
	hasAgg bool
	junk   bool
}

// bindQuery binds a SELECT, VALUES or set operation. The scopes of outer names are parent and beyond.
func (b *binder) bindQuery(s *sql.Select, parent *scope, opts queryOpts) (*queryOut, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.leave()
	if len(opts.locks) > 0 && s.Values == nil {
		with := *s
		with.Locks = slices.Concat(s.Locks, opts.locks)
		s = &with
	}
	sc := &scope{parent: parent, made: new([]*item)}
	if parent != nil {
		sc.ctes = parent.ctes
	}
	ctes, err := b.bindWith(sc, s.With)
	if err != nil {
		return nil, err
	}
	var out *queryOut
	switch {
	case s.Op != sql.SetNone:
		out, err = b.bindSetOp(sc, s)
	case s.Values != nil:
		out, err = b.bindValues(sc, s)
	default:
		out, err = b.bindSelect(sc, s, opts)
	}
	if err != nil {
		return nil, err
	}
	if ctes != nil {
		out.rel = &With{CTEs: ctes, Input: out.rel}
	}
	out.outer = sc.outer
	return out, nil
}

// relay is a scope around a query within sc's level that sees none of sc's FROM but the items given.
// Ids that pass through it are ids that sc takes from outside.
func (sc *scope) relay(items []*item) *scope {
	return &scope{parent: sc.parent, ctes: sc.ctes, items: items, made: sc.made, clause: sc.clause}
}

func (sc *scope) absorb(r *scope) {
	for _, id := range r.outer {
		sc.addOuter(id)
	}
}

// bindSelect binds a plain SELECT.
func (b *binder) bindSelect(sc *scope, s *sql.Select, opts queryOpts) (*queryOut, error) {
	q := &query{sc: sc, grouped: len(s.GroupBy) > 0 || s.Having != nil}
	sc.locks = s.Locks
	rel, err := b.bindFrom(sc, s.From)
	if err != nil {
		return nil, err
	}
	if rel, err = b.where(sc, rel, s.Where); err != nil {
		return nil, err
	}
	sc.q = q
	if err := b.bindWindows(sc, s.Windows); err != nil {
		return nil, err
	}
	targets, err := b.targets(sc, s.Targets, opts)
	if err != nil {
		return nil, err
	}
	if err := b.bindGroupBy(sc, s, targets); err != nil {
		return nil, err
	}
	var having eval.Expr
	if s.Having != nil {
		sc.clause = inHaving
		if having, err = b.condition(sc, s.Having, inHaving); err != nil {
			return nil, err
		}
	}
	p := &projection{b: b, sc: sc, q: q, targets: targets, visible: len(targets)}
	if err := p.order(s); err != nil {
		return nil, err
	}
	if err := q.resolveGroupings(); err != nil {
		return nil, err
	}
	limit, err := b.limit(sc, s)
	if err != nil {
		return nil, err
	}
	locks, err := p.locks(s)
	if err != nil {
		return nil, err
	}
	if rel, err = p.below(rel, having); err != nil {
		return nil, err
	}
	return p.above(rel, s, limit, locks)
}

// where adds a Filter.
func (b *binder) where(sc *scope, rel Rel, cond sql.Expr) (Rel, error) {
	if cond == nil {
		return rel, nil
	}
	sc.clause = inWhere
	x, err := b.condition(sc, cond, inWhere)
	if err != nil {
		return nil, err
	}
	return &Filter{Input: rel, Cond: x}, nil
}

// condition binds the boolean expression of a clause.
func (b *binder) condition(sc *scope, e sql.Expr, c clause) (eval.Expr, error) {
	sc.clause = c
	x, err := b.expr(sc, e)
	if err != nil {
		return nil, err
	}
	what := string(c)
	if c == inJoin {
		what = "JOIN/ON"
	}
	return b.toBool(x, what, e)
}

// targets binds a select list, stars spread out.
func (b *binder) targets(sc *scope, list []sql.Target, opts queryOpts) ([]target, error) {
	sc.clause = inTargets
	if sc.q == nil {
		sc.clause = inReturning
	}
	out := make([]target, 0, len(list)+4)
	for i := range list {
		t := &list[i]
		if ref, ok := t.Expr.(*sql.ColumnRef); ok && ref.Star {
			cols, err := b.expandStar(sc, ref)
			if err != nil {
				return nil, err
			}
			out = append(out, cols...)
			continue
		}
		if ind, ok := t.Expr.(*sql.Indirection); ok && ind.Steps[len(ind.Steps)-1].Star {
			cols, err := b.expandRow(sc, ind)
			if err != nil {
				return nil, err
			}
			out = append(out, cols...)
			continue
		}
		x, err := b.target(sc, t, opts)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	if len(out) > targetsMax {
		return nil, errAt(-1, pgerrcode.TooManyColumns, "target lists can have at most %d entries", targetsMax)
	}
	return out, nil
}

func (b *binder) target(sc *scope, t *sql.Target, opts queryOpts) (target, error) {
	out := target{ast: t.Expr, at: sql.Start(t.Expr), name: t.Name}
	var err error
	aggs := 0
	if sc.q != nil {
		aggs = len(sc.q.aggs) + countCalls(sc.q)
	}
	if ref, ok := t.Expr.(*sql.ColumnRef); ok {
		var c *itemCol
		out.expr, c, err = b.columnRef(sc, ref)
		if c != nil {
			out.table, out.attr = c.table, c.attr
		}
	} else {
		out.expr, err = b.expr(sc, t.Expr)
	}
	if err != nil {
		return out, err
	}
	out.hasAgg = sc.q != nil && aggs != len(sc.q.aggs)+countCalls(sc.q)
	if !opts.keepUnknown {
		if out.expr, err = b.toText(out.expr, out.at); err != nil {
			return out, err
		}
	}
	if out.name == "" {
		out.name = columnName(t.Expr)
	}
	return out, nil
}

func countCalls(q *query) int {
	n := 0
	for _, w := range q.windows {
		n += len(w.Calls)
	}
	return n
}

// expandStar lists the columns that * or t.* means.
func (b *binder) expandStar(sc *scope, ref *sql.ColumnRef) ([]target, error) {
	if len(ref.Names) == 0 {
		if len(sc.items) == 0 {
			return nil, errAt(ref.Pos(), pgerrcode.SyntaxError, "SELECT * with no tables specified is not valid")
		}
		var out []target
		for _, it := range sc.items {
			if it.bare {
				out = append(out, b.itemTargets(sc, it, 0, ref)...)
			}
		}
		return out, nil
	}
	namespace, name := "", ref.Names[len(ref.Names)-1]
	if len(ref.Names) > 1 {
		namespace = ref.Names[len(ref.Names)-2]
	}
	it, level, err := b.findItem(sc, namespace, name, ref.Pos())
	if err != nil {
		return nil, err
	}
	if it == nil {
		return nil, b.noTable(sc, namespace, name, ref.Pos())
	}
	return b.itemTargets(sc, it, level, ref), nil
}

func (b *binder) itemTargets(sc *scope, it *item, level int, ref *sql.ColumnRef) []target {
	out := make([]target, 0, len(it.cols))
	for i := range it.cols {
		c := &it.cols[i]
		x := b.use(sc, it, c, level, ref.Pos())
		out = append(out, target{expr: x, ast: ref, name: c.name, at: ref.Pos(), table: c.table, attr: c.attr})
	}
	return out
}

// expandRow is (expr).*: a column for each field.
func (b *binder) expandRow(sc *scope, e *sql.Indirection) ([]target, error) {
	base := &sql.Indirection{At: e.At, Arg: e.Arg, Steps: e.Steps[:len(e.Steps)-1]}
	x, err := b.expr(sc, base)
	if err != nil {
		return nil, err
	}
	cols := b.rowColumns(x)
	if cols == nil {
		return nil, errAt(e.Pos(), pgerrcode.WrongObjectType, "record type has not been registered")
	}
	out := make([]target, len(cols))
	for i, c := range cols {
		f := eval.Expr(&eval.Field{Arg: x, N: i, Name: c.Name, T: c.T})
		if row, ok := x.(*eval.Row); ok {
			f = row.Fields[i]
		}
		out[i] = target{expr: f, ast: e, name: c.Name, at: e.Pos()}
	}
	return out, nil
}

// ordinal is the select list entry that a bare constant in ORDER BY, GROUP BY or DISTINCT ON names.
func ordinal(l *sql.Literal, targets []target, what string) (*target, error) {
	n, err := strconv.Atoi(l.Text)
	if l.Kind != sql.LitInt || err != nil {
		return nil, errAt(l.Pos(), pgerrcode.SyntaxError, "non-integer constant in %s", what)
	}
	visible := 0
	for i := range targets {
		if !targets[i].junk {
			visible++
		}
	}
	if n < 1 || n > visible {
		return nil, errAt(l.Pos(), pgerrcode.InvalidColumnReference, "%s position %d is not in select list", what, n)
	}
	return &targets[n-1], nil
}

// byAlias finds the select list entry of that name; nil when there is none.
func byAlias(ref *sql.ColumnRef, targets []target, what string) (*target, error) {
	var found *target
	for i := range targets {
		t := &targets[i]
		if t.junk || t.name != ref.Names[0] {
			continue
		}
		if found != nil && !eval.Equal(found.expr, t.expr) {
			return nil, errAt(ref.Pos(), pgerrcode.AmbiguousColumn, "%s %q is ambiguous", what, ref.Names[0])
		}
		if found == nil {
			found = t
		}
	}
	return found, nil
}

// limitClause is LIMIT and OFFSET.
type limitClause struct{ count, offset eval.Expr }

func (b *binder) limit(sc *scope, s *sql.Select) (l limitClause, err error) {
	switch none := s.Limit == nil || isNullLiteral(s.Limit); {
	case none && s.Limit != nil && s.WithTies:
		return l, errAt(sql.Start(s.Limit), pgerrcode.InvalidRowCountInLimitClause, "row count cannot be null in FETCH FIRST ... WITH TIES clause")
	case !none:
		if l.count, err = b.limitExpr(sc, s.Limit, "LIMIT"); err != nil {
			return l, err
		}
	}
	if s.WithTies && len(s.OrderBy) == 0 {
		return l, errAt(-1, pgerrcode.SyntaxError, "WITH TIES cannot be specified without ORDER BY clause")
	}
	if s.Offset != nil {
		l.offset, err = b.limitExpr(sc, s.Offset, "OFFSET")
	}
	return l, err
}

func isNullLiteral(e sql.Expr) bool {
	l, ok := e.(*sql.Literal)
	return ok && l.Kind == sql.LitNull
}

// limitExpr binds an argument of LIMIT or OFFSET, which may use columns of enclosing queries only.
func (b *binder) limitExpr(sc *scope, e sql.Expr, what string) (eval.Expr, error) {
	inner := *sc
	inner.clause, inner.q, inner.outer = clause(what), nil, nil
	refs := len(b.refs)
	x, err := b.expr(&inner, e)
	if err != nil {
		return nil, err
	}
	sc.absorb(&inner)
	if x, err = b.toInt8(x, what, e); err != nil {
		return nil, err
	}
	for _, r := range b.refs[refs:] {
		if sc.owns(r.col.ID) {
			return nil, errAt(r.at, pgerrcode.InvalidColumnReference, "argument of %s must not contain variables", what)
		}
	}
	return x, nil
}

// sortKeys binds ORDER BY where names mean columns only: in aggregates and windows.
func (b *binder) sortKeys(sc *scope, list []sql.OrderItem) ([]eval.SortKey, error) {
	if len(list) == 0 {
		return nil, nil
	}
	out := make([]eval.SortKey, len(list))
	for i, o := range list {
		x, err := b.typedExpr(sc, o.Expr)
		if err != nil {
			return nil, err
		}
		if err := b.checkSortable(x, o); err != nil {
			return nil, err
		}
		out[i] = sortKey(x, o)
	}
	return out, nil
}

// sortKey applies ASC, DESC, USING and NULLS.
func sortKey(x eval.Expr, o sql.OrderItem) eval.SortKey {
	k := eval.SortKey{Expr: x, Desc: o.Desc || strings.HasPrefix(o.Using, ">")}
	k.NullsFirst = k.Desc
	if o.Nulls != 0 {
		k.NullsFirst = o.Nulls == 'f'
	}
	return k
}

func (b *binder) checkSortable(x eval.Expr, o sql.OrderItem) error {
	oid := x.Type().OID
	if t := lookup(oid); t != nil && t.Compare == nil && t.Category != catPseudo {
		return pgerr.New(pgerrcode.UndefinedFunction, "could not identify an ordering operator for type %s", b.typeName(oid)).
			Hint("Use an explicit ordering operator or modify the query.").At(sql.Start(o.Expr))
	}
	if o.Using == "" || o.Using == "<" || o.Using == ">" {
		return nil
	}
	if op, err := b.operator("", o.Using, oid, oid, o.Expr.Pos()); err != nil {
		return err
	} else if !isOrdering(op) {
		return pgerr.New(pgerrcode.WrongObjectType, "operator %s is not a valid ordering operator", o.Using).
			Hint(`Ordering operators must be "<" or ">" members of btree operator families.`).At(o.Expr.Pos())
	}
	return nil
}

// isOrdering says whether the operator is the less-than or greater-than of a btree class.
func isOrdering(op *fn.Operator) bool {
	for _, m := range fn.BtreeMembers(op.OID) {
		if m.Strategy == 1 || m.Strategy == 5 {
			return true
		}
	}
	return false
}
