package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// fold computes what is constant in e (package eval knows how), factors common parts out of OR, and
// simplifies the relations of subqueries on the way.
func (o *optimizer) fold(e eval.Expr) eval.Expr {
	switch e.(type) {
	case nil, *eval.Col, *eval.Const, *eval.Param:
		return e
	}
	if o.on(RuleFoldConstants) {
		if n := eval.Fold(e); n != e {
			o.fire(RuleFoldConstants)
			e = n
		}
	}
	return eval.Rewrite(e, o.foldNode)
}

func (o *optimizer) foldNode(e eval.Expr) eval.Expr {
	switch x := e.(type) {
	case *eval.Or:
		return o.extractOr(x)
	case *eval.Not:
		return o.foldNot(x)
	case *eval.RowCompare:
		return o.splitRows(x)
	case *eval.Subquery:
		return o.foldSubquery(x)
	}
	return e
}

// splitRows turns (a, b) = (c, d) into a = c AND b = d, each of which an index or a join may use.
func (o *optimizer) splitRows(x *eval.RowCompare) eval.Expr {
	if x.Op != "=" || !o.on(RuleFoldBooleans) {
		return x
	}
	o.fire(RuleFoldBooleans)
	fields := make([]eval.Expr, len(x.Left))
	for i := range fields {
		fields[i] = &eval.Call{F: x.Eq[i], Args: []eval.Expr{x.Left[i], x.Right[i]}, T: types.Of(types.BoolOID), Op: "=", Form: eval.FormOp}
	}
	return conjoin(fields)
}

// foldSubquery simplifies the relation below. EXISTS does not care for the select list, the order or a
// positive limit.
func (o *optimizer) foldSubquery(x *eval.Subquery) eval.Expr {
	if _, done := x.Rel.(*SubPlan); done {
		return x
	}
	c := *x
	rel := x.Rel
	if x.Kind == eval.Exists {
		rel = stripExists(rel)
	}
	c.Rel = o.simplify(rel)
	if x.Kind == eval.Exists && isEmptyRel(c.Rel) {
		return boolConst(false)
	}
	c.Outer = nil
	freeCols(c.Rel).each(func(id eval.ColID) { c.Outer = append(c.Outer, id) })
	return &c
}

// stripExists removes what cannot change whether there is a row.
func stripExists(r eval.Rel) eval.Rel {
	for {
		switch n := r.(type) {
		case *bind.Project:
			volatile := false
			for _, e := range n.Exprs {
				volatile = volatile || isVolatile(e)
			}
			if volatile {
				return r
			}
			r = n.Input
		case *bind.Sort:
			r = n.Input
		case *bind.Distinct:
			r = n.Input
		case *bind.Limit:
			c, ok := n.Count.(*eval.Const)
			if n.Offset != nil || !ok || c.D.Null || c.D.I <= 0 {
				return r
			}
			r = n.Input
		default:
			return r
		}
	}
}

// extractOr turns (a AND b) OR (a AND c) into a AND (b OR c), so that a may be pushed down or drive a
// join.
func (o *optimizer) extractOr(x *eval.Or) eval.Expr {
	if !o.on(RuleExtractOr) {
		return x
	}
	if _, ok := x.Args[0].(*eval.And); !ok {
		return x
	}
	first := conjuncts(nil, x.Args[0])
	var common []eval.Expr
	for _, c := range first {
		if isVolatile(c) || !inEveryArm(c, x.Args[1:]) {
			continue
		}
		common = append(common, c)
	}
	if len(common) == 0 {
		return x
	}
	o.fire(RuleExtractOr)
	arms := make([]eval.Expr, 0, len(x.Args))
	for _, a := range x.Args {
		var rest []eval.Expr
		for _, c := range conjuncts(nil, a) {
			if !containsExpr(common, c) {
				rest = append(rest, c)
			}
		}
		if len(rest) == 0 { // the arm is the common part: the OR adds nothing
			return conjoin(common)
		}
		arms = append(arms, conjoin(rest))
	}
	return conjoin(append(common, &eval.Or{Args: arms}))
}

func inEveryArm(c eval.Expr, arms []eval.Expr) bool {
	for _, a := range arms {
		if !containsExpr(conjuncts(nil, a), c) {
			return false
		}
	}
	return true
}

func containsExpr(list []eval.Expr, e eval.Expr) bool {
	for _, x := range list {
		if eval.Equal(x, e) {
			return true
		}
	}
	return false
}

func (o *optimizer) foldNot(x *eval.Not) eval.Expr {
	if !o.on(RuleFoldBooleans) {
		return x
	}
	switch a := x.Arg.(type) {
	case *eval.Not:
		o.fire(RuleFoldBooleans)
		return a.Arg
	case *eval.IsNull:
		if !isRowType(a.Arg) {
			return &eval.IsNull{Arg: a.Arg, Not: !a.Not}
		}
	}
	return x
}

// isRowType says whether e is a row value, whose IS NULL and IS NOT NULL may both be false.
func isRowType(e eval.Expr) bool {
	_, row := e.(*eval.Row)
	return row || e.Type().OID == types.RecordOID || e.Type().OID >= types.FirstExtensionOID
}

// asQual simplifies a condition of which only being true matters: NOT moves inward to where it is of no
// further use, and a constant that is null counts as false. So a part that can never be true goes
// without being computed, as in PostgreSQL.
func asQual(e eval.Expr) eval.Expr {
	switch x := e.(type) {
	case *eval.Const:
		if x.D.Null {
			return falseExpr
		}
	case *eval.And:
		m := mapper{f: asQual}
		args := m.list(x.Args)
		for _, a := range args {
			if isFalse(a) {
				return falseExpr
			}
		}
		if !sameList(args, x.Args) {
			return &eval.And{Args: args}
		}
	case *eval.Or:
		return orQual(x)
	case *eval.Not:
		if n := negated(x.Arg); n != nil {
			return asQual(n)
		}
	}
	return e
}

func orQual(x *eval.Or) eval.Expr {
	changed := false
	var args []eval.Expr
	for _, a := range x.Args {
		n := asQual(a)
		changed = changed || n != a
		switch {
		case isTrue(n):
			return trueExpr
		case isFalse(n):
			changed = true
		default:
			args = append(args, n)
		}
	}
	switch {
	case !changed:
		return x
	case len(args) == 0:
		return falseExpr
	case len(args) == 1:
		return args[0]
	}
	return &eval.Or{Args: args}
}

// negated is NOT e with the NOT moved inward; nil when it stays where it is.
func negated(e eval.Expr) eval.Expr {
	not := func(list []eval.Expr) []eval.Expr {
		out := make([]eval.Expr, len(list))
		for i, a := range list {
			if out[i] = negated(a); out[i] == nil {
				out[i] = &eval.Not{Arg: a}
			}
		}
		return out
	}
	switch x := e.(type) {
	case *eval.Const:
		if x.D.Null {
			return x
		}
		return boolConst(!x.D.Bool())
	case *eval.And:
		return &eval.Or{Args: not(x.Args)}
	case *eval.Or:
		return &eval.And{Args: not(x.Args)}
	case *eval.Not:
		return x.Arg
	case *eval.Call:
		return negatedCall(x)
	}
	return nil
}

// negatedCall is NOT (a op b) by the operator that says the opposite: it may be looked up in an index. Nil when there
// is none.
func negatedCall(x *eval.Call) eval.Expr {
	if x.Form != eval.FormOp || len(x.Args) != 2 {
		return nil
	}
	op := fn.FindOperator(x.Op, x.Args[0].Type().OID, x.Args[1].Type().OID)
	if op == nil || op.Func != x.F || op.Negator == 0 {
		return nil
	}
	neg := fn.OperatorByOID(op.Negator)
	if neg == nil || neg.Func == nil || neg.Func.Kernel == nil || neg.Func.Strict != x.F.Strict || neg.Func.Vol != x.F.Vol {
		return nil
	}
	return &eval.Call{F: neg.Func, Args: x.Args, T: x.T, Op: neg.Name, Form: eval.FormOp}
}

func boolConst(b bool) *eval.Const {
	if b {
		return trueExpr
	}
	return falseExpr
}

func isTrue(e eval.Expr) bool {
	c, ok := e.(*eval.Const)
	return ok && !c.D.Null && c.T.OID == types.BoolOID && c.D.Bool()
}

func isFalse(e eval.Expr) bool {
	c, ok := e.(*eval.Const)
	return ok && !c.D.Null && c.T.OID == types.BoolOID && !c.D.Bool()
}

func isFalseOrNull(e eval.Expr) bool {
	c, ok := e.(*eval.Const)
	return ok && (c.D.Null || !c.D.Bool())
}
