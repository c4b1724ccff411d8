package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// subquery binds a query in an expression.
func (b *binder) subquery(sc *scope, e *sql.Subquery) (eval.Expr, error) {
	if err := subqueryAllowed(sc, e.Pos()); err != nil {
		return nil, err
	}
	out, err := b.bindQuery(e.Query, sc, queryOpts{})
	if err != nil {
		return nil, err
	}
	sub := &eval.Subquery{Rel: out.rel, Outer: out.outer, T: types.Of(types.BoolOID), Op: e.Op}
	cols := out.rel.Output()
	switch e.Kind {
	case sql.SubExists:
		sub.Kind = eval.Exists
		return sub, nil
	case sql.SubScalar, sql.SubArray:
		if len(cols) != 1 {
			return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "subquery must return only one column")
		}
		sub.Kind, sub.T = eval.Scalar, cols[0].T
		if e.Kind == sql.SubArray {
			sub.Kind = eval.ArrayOf
			return b.arraySubquery(sub, cols[0].T, e.Pos())
		}
		return sub, nil
	}
	return b.quantified(sc, e, sub, cols)
}

// subqueryAllowed refuses subqueries where expressions are stored or computed without a plan.
func subqueryAllowed(sc *scope, at int) error {
	switch sc.clause {
	case inDefault:
		return errAt(at, pgerrcode.FeatureNotSupported, "cannot use subquery in DEFAULT expression")
	case inCheck:
		return errAt(at, pgerrcode.FeatureNotSupported, "cannot use subquery in check constraint")
	case inIndex:
		return errAt(at, pgerrcode.FeatureNotSupported, "cannot use subquery in index expression")
	case inPredicate:
		return errAt(at, pgerrcode.FeatureNotSupported, "cannot use subquery in index predicate")
	case inGenerated:
		return errAt(at, pgerrcode.FeatureNotSupported, "cannot use subquery in column generation expression")
	case inUsing:
		return errAt(at, pgerrcode.FeatureNotSupported, "cannot use subquery in transform expression")
	}
	return nil
}

func (b *binder) arraySubquery(sub *eval.Subquery, elem types.T, at int) (eval.Expr, error) {
	array := b.arrayOf(elem.OID)
	if b.elemOf(elem.OID) != 0 {
		array = elem.OID
	}
	if array == 0 {
		return nil, errAt(at, pgerrcode.UndefinedObject, "could not find array type for data type %s", b.typeName(elem.OID))
	}
	sub.T = types.Of(array)
	return sub, nil
}

// quantified finishes x op ANY (query), x IN (query) and x op ALL (query).
func (b *binder) quantified(sc *scope, e *sql.Subquery, sub *eval.Subquery, cols []eval.Column) (eval.Expr, error) {
	sub.Kind = eval.Any
	if e.Kind == sql.SubAll {
		sub.Kind = eval.All
	}
	var left []operand
	if row, ok := e.Test.(*sql.Row); ok {
		fields, err := b.rowFields(sc, row)
		if err != nil {
			return nil, err
		}
		left = fields
	} else {
		x, err := b.expr(sc, e.Test)
		if err != nil {
			return nil, err
		}
		left = []operand{{x, e.Test.Pos()}}
	}
	if len(left) < len(cols) {
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "subquery has too many columns")
	}
	if len(left) > len(cols) {
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "subquery has too few columns")
	}
	right := make([]operand, len(cols))
	for i, c := range cols {
		right[i] = operand{&eval.Col{ID: c.ID, T: c.T, Name: c.Name}, e.Pos()}
	}
	test, err := b.compareFields(e.Op, left, right, e.Pos())
	if err != nil {
		return nil, err
	}
	if test.Type().OID != types.BoolOID {
		return nil, errAt(e.Pos(), pgerrcode.WrongObjectType, "operator %s must return type boolean, not type %s",
			e.Op, b.typeName(test.Type().OID))
	}
	sub.Test = test
	switch t := test.(type) {
	case *eval.Call:
		sub.Left = []eval.Expr{t.Args[0]}
	case *eval.RowCompare:
		sub.Left = t.Left
	}
	return sub, nil
}

// rowSubquery is (a, b) op (SELECT c, d): the query's row compared field by field.
func (b *binder) rowSubquery(sc *scope, op string, l *sql.Row, r *sql.Subquery, at int) (eval.Expr, error) {
	left, err := b.rowFields(sc, l)
	if err != nil {
		return nil, err
	}
	sub, _, err := b.rowOf(sc, r)
	if err != nil {
		return nil, err
	}
	cols := sub.Rel.Output()
	right := make([]operand, len(cols))
	for i, c := range cols {
		right[i] = operand{&eval.Field{Arg: sub, N: i, Name: c.Name, T: c.T}, r.Pos()}
	}
	if len(left) != len(right) {
		return nil, errAt(at, pgerrcode.SyntaxError, "subquery has too %s columns", map[bool]string{true: "many", false: "few"}[len(right) > len(left)])
	}
	return b.compareFields(op, left, right, at)
}

// rowOf binds a subquery whose one row is used as a whole.
func (b *binder) rowOf(sc *scope, e *sql.Subquery) (*eval.Subquery, *queryOut, error) {
	out, err := b.bindQuery(e.Query, sc, queryOpts{})
	if err != nil {
		return nil, nil, err
	}
	return &eval.Subquery{Kind: eval.RowOf, Rel: out.rel, Outer: out.outer, T: types.Of(types.RecordOID)}, out, nil
}
