package bind

import (
	"fmt"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

var setNames = map[sql.SetOp]string{sql.SetUnion: "UNION", sql.SetIntersect: "INTERSECT", sql.SetExcept: "EXCEPT"}

var setKinds = map[sql.SetOp]SetKind{sql.SetUnion: Union, sql.SetIntersect: Intersect, sql.SetExcept: Except}

// bindSetOp binds UNION, INTERSECT and EXCEPT with the ORDER BY and LIMIT over them.
func (b *binder) bindSetOp(sc *scope, s *sql.Select) (*queryOut, error) {
	if len(s.Locks) > 0 {
		return nil, errAt(-1, pgerrcode.FeatureNotSupported, "%s is not allowed with UNION/INTERSECT/EXCEPT", s.Locks[0].Words())
	}
	out, err := b.setOpTree(sc, s)
	if err != nil {
		return nil, err
	}
	rel, err := b.orderOutput(sc, out.rel, s, "UNION/INTERSECT/EXCEPT")
	if err != nil {
		return nil, err
	}
	return &queryOut{rel: rel, pos: out.pos}, nil
}

// leg binds one side: a nested set operation without clauses of its own, or any query.
func (b *binder) leg(sc *scope, s *sql.Select) (*queryOut, error) {
	if s.Op != sql.SetNone && s.OrderBy == nil && s.Limit == nil && s.Offset == nil && s.With == nil && len(s.Locks) == 0 {
		return b.setOpTree(sc, s)
	}
	inner := sc.relay(nil)
	inner.made = nil
	out, err := b.bindQuery(s, inner, queryOpts{keepUnknown: true})
	if err != nil {
		return nil, err
	}
	sc.absorb(inner)
	leaf := newItem("", out.rel.Output())
	sc.make(leaf)
	leaf.name = fmt.Sprintf("*SELECT* %d", len(*sc.made))
	return out, nil
}

func (b *binder) setOpTree(sc *scope, s *sql.Select) (*queryOut, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.leave()
	left, err := b.leg(sc, s.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.leg(sc, s.Right)
	if err != nil {
		return nil, err
	}
	name := setNames[s.Op]
	lc, rc := left.rel.Output(), right.rel.Output()
	if len(lc) != len(rc) {
		at := -1
		if len(right.pos) > 0 {
			at = right.pos[0]
		}
		return nil, errAt(at, pgerrcode.SyntaxError, "each %s query must have the same number of columns", name)
	}
	node := &SetOp{Kind: setKinds[s.Op], All: s.All, Cols: make([]eval.Column, len(lc))}
	for i := range lc {
		t, err := b.matchLegs(left, right, i, name)
		if err != nil {
			return nil, err
		}
		if !s.All || s.Op != sql.SetUnion {
			if err := b.checkEquality(t.OID, right.at(i)); err != nil {
				return nil, err
			}
		}
		node.Cols[i] = eval.Column{ID: b.newID(), Name: lc[i].Name, T: t}
	}
	if node.Left, err = b.castLeg(left, node.Cols, name); err != nil {
		return nil, err
	}
	if node.Right, err = b.castLeg(right, node.Cols, name); err != nil {
		return nil, err
	}
	return &queryOut{rel: node, pos: left.pos}, nil
}

func (o *queryOut) at(i int) int {
	if i < len(o.pos) {
		return o.pos[i]
	}
	return -1
}

// matchLegs settles the type of column i of both sides.
func (b *binder) matchLegs(left, right *queryOut, i int, name string) (types.T, error) {
	lt, rt := left.rel.Output()[i].T, right.rel.Output()[i].T
	pair := []eval.Expr{&eval.Col{T: lt}, &eval.Col{T: rt}}
	oid, err := b.commonType(pair, name, func(int) int { return right.at(i) })
	if err != nil {
		return types.T{}, err
	}
	t := types.Of(oid)
	if lt == rt {
		t = lt
	}
	for _, side := range []*queryOut{left, right} {
		if side.rel.Output()[i].T.OID == types.UnknownOID && side.retype != nil {
			if err := side.retype(i, types.Of(oid), -1); err != nil {
				return types.T{}, err
			}
		}
	}
	if t.OID == types.UnknownOID {
		t = types.Of(types.TextOID)
	}
	return t, nil
}

// castLeg projects a side to the common types where it differs.
func (b *binder) castLeg(o *queryOut, want []eval.Column, name string) (Rel, error) {
	cols := o.rel.Output()
	same := true
	exprs := make([]eval.Expr, len(cols))
	for i, c := range cols {
		exprs[i] = &eval.Col{ID: c.ID, T: c.T, Name: c.Name}
		if c.T.OID == want[i].T.OID {
			continue
		}
		same = false
		if !b.canCoerce(c.T.OID, want[i].T.OID, fn.Implicit) {
			return nil, errAt(o.at(i), pgerrcode.CannotCoerce, "%s could not convert type %s to %s",
				name, b.typeName(c.T.OID), b.typeName(want[i].T.OID))
		}
		var err error
		if exprs[i], err = b.coerceType(exprs[i], types.Of(want[i].T.OID), fn.Implicit, o.at(i)); err != nil {
			return nil, err
		}
	}
	if same {
		return o.rel, nil
	}
	return b.projectAs(o.rel, exprs), nil
}

// orderOutput adds ORDER BY and LIMIT over a set operation or VALUES, whose keys can only be output
// columns.
func (b *binder) orderOutput(sc *scope, rel Rel, s *sql.Select, what string) (Rel, error) {
	cols := rel.Output()
	targets := make([]target, len(cols))
	for i, c := range cols {
		targets[i] = target{expr: &eval.Col{ID: c.ID, T: c.T, Name: c.Name}, name: c.Name}
	}
	if len(s.OrderBy) > 0 {
		node := &Sort{Input: rel}
		for _, o := range s.OrderBy {
			t, err := b.outputKey(sc, o.Expr, targets, what)
			if err != nil {
				return nil, err
			}
			if err := b.checkSortable(t.expr, o); err != nil {
				return nil, err
			}
			node.Keys = append(node.Keys, sortKey(t.expr, o))
		}
		rel = node
	}
	limit, err := b.limit(sc, s)
	if err != nil {
		return nil, err
	}
	if limit.count != nil || limit.offset != nil {
		rel = &Limit{Input: rel, Count: limit.count, Offset: limit.offset, WithTies: s.WithTies}
	}
	return rel, nil
}

func (b *binder) outputKey(sc *scope, e sql.Expr, targets []target, what string) (*target, error) {
	switch k := e.(type) {
	case *sql.Literal:
		return ordinal(k, targets, "ORDER BY")
	case *sql.ColumnRef:
		if len(k.Names) == 1 && !k.Star {
			t, err := byAlias(k, targets, "ORDER BY")
			if err != nil {
				return nil, err
			}
			if t != nil {
				return t, nil
			}
			return nil, b.noColumn(sc, "", k.Names[0], k.Pos())
		}
	}
	return nil, pgerr.New(pgerrcode.FeatureNotSupported, "invalid %s ORDER BY clause", what).
		Detail("Only result column names can be used, not expressions or functions.").
		Hint("Add the expression/function to every SELECT, or move the %s into a FROM clause.", "UNION").At(sql.Start(e))
}

// bindValues binds VALUES as a query.
func (b *binder) bindValues(sc *scope, s *sql.Select) (*queryOut, error) {
	if len(s.Locks) > 0 {
		return nil, errAt(-1, pgerrcode.FeatureNotSupported, "%s cannot be applied to VALUES", s.Locks[0].Words())
	}
	sc.clause = inValues
	node := &Values{Rows: make([][]eval.Expr, len(s.Values))}
	for r, row := range s.Values {
		if len(row) != len(s.Values[0]) {
			return nil, errAt(rowPos(row), pgerrcode.SyntaxError, "VALUES lists must all be the same length")
		}
		var err error
		if node.Rows[r], err = b.exprs(sc, row); err != nil {
			return nil, err
		}
	}
	for i := range s.Values[0] {
		c := eval.Column{ID: b.newID(), Name: fmt.Sprintf("column%d", i+1)}
		var err error
		if c.T, err = b.valuesColumn(s, node, i); err != nil {
			return nil, err
		}
		node.Cols = append(node.Cols, c)
	}
	rel, err := b.orderOutput(sc, node, s, "VALUES")
	return &queryOut{rel: rel}, err
}

// valuesColumn settles the type of column i of VALUES.
func (b *binder) valuesColumn(s *sql.Select, node *Values, i int) (types.T, error) {
	list := make([]eval.Expr, len(node.Rows))
	for r := range node.Rows {
		list[r] = node.Rows[r][i]
	}
	t, err := b.unify(list, "VALUES", func(r int) int { return sql.Start(s.Values[r][i]) })
	if err != nil {
		return t, err
	}
	for r := range node.Rows {
		node.Rows[r][i] = list[r]
	}
	return t, nil
}

func rowPos(row []sql.Expr) int {
	if len(row) == 0 {
		return -1
	}
	return sql.Start(row[0])
}
