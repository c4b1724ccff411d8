package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// indexTexts are an index's stored texts, bound once a statement: a key that is a column has none.
type indexTexts struct {
	keys []*bind.TableExpr
	pred *bind.TableExpr
	bad  bool // a text did not bind: the index is left alone
}

// isPlain says whether an index is over columns of all rows.
func isPlain(ix *schema.Index) bool {
	for _, k := range ix.Keys {
		if k.Column == 0 {
			return false
		}
	}
	return ix.Where == ""
}

// texts binds what an index has as text.
func (o *optimizer) texts(ix *schema.Index, t *schema.Table) *indexTexts {
	if x := o.indexes[ix.OID]; x != nil {
		return x
	}
	b := &bind.Binder{Catalog: o.cat, Cache: o.set.Exprs}
	x := &indexTexts{keys: make([]*bind.TableExpr, len(ix.Keys))}
	bindText := func(text string, use bind.ExprUse) *bind.TableExpr {
		e, err := b.BindText(text, t, use)
		if err != nil {
			x.bad = true
			return nil
		}
		if e.Expr = o.fold(e.Expr); use == bind.UsePredicate && o.on(RuleFoldQual) {
			e.Expr = asQual(e.Expr)
		}
		return e
	}
	for i, k := range ix.Keys {
		if k.Column == 0 {
			x.keys[i] = bindText(k.Expr, bind.UseIndex)
		}
	}
	if ix.Where != "" {
		x.pred = bindText(ix.Where, bind.UsePredicate)
	}
	if o.indexes == nil {
		o.indexes = map[types.OID]*indexTexts{}
	}
	o.indexes[ix.OID] = x
	return x
}

// scanIndex is an index with its expressions over the columns of one scan.
type scanIndex struct {
	*schema.Index
	exprs []eval.Expr // by key: its expression, nil for a column
	pred  []eval.Expr // the conjuncts of its predicate
}

// expr is the expression of key i; nil for a column.
func (x *scanIndex) expr(i int) eval.Expr {
	if x.exprs == nil {
		return nil
	}
	return x.exprs[i]
}

// over carries an index's expressions to the columns of a scan; nil when they could not be bound. A column that
// the scan does not read gets an id that nothing else has.
func (o *optimizer) over(ix *schema.Index, s *bind.Scan) *scanIndex {
	out := &scanIndex{Index: ix}
	if isPlain(ix) {
		return out
	}
	x := o.texts(ix, s.Rel.Table)
	if x.bad {
		return nil
	}
	carry := func(e *bind.TableExpr) eval.Expr {
		by := make(map[eval.ColID]eval.Expr, len(e.Cols))
		for i := range e.Cols {
			c := e.Cols[i]
			var ok bool
			if c.ID, ok = columnID(s, c.Attr); !ok {
				c = o.newCol(c.Name, c.T)
			}
			by[e.Cols[i].ID] = colOf(&c)
		}
		return substitute(e.Expr, by)
	}
	for _, k := range x.keys {
		var e eval.Expr
		if k != nil {
			e = carry(k)
		}
		out.exprs = append(out.exprs, e)
	}
	if x.pred != nil {
		out.pred = conjuncts(nil, carry(x.pred))
	}
	return out
}

// impliesAll says whether every one of preds is true where all of conds are.
func impliesAll(conds, preds []eval.Expr) bool {
	for _, p := range preds {
		if !impliedBy(conds, p) {
			return false
		}
	}
	return true
}

// impliedBy says whether p is true where all of conds are. Like PostgreSQL's predicate_implied_by it knows AND, OR,
// lists of values, comparisons of one expression with constants, and IS NOT NULL of what a strict condition
// is about; what it does not know it denies.
func impliedBy(conds []eval.Expr, p eval.Expr) bool {
	switch p := p.(type) {
	case *eval.And:
		return impliesAll(conds, p.Args)
	case *eval.Or:
		for _, a := range p.Args {
			if impliedBy(conds, a) {
				return true
			}
		}
	}
	for _, c := range conds {
		if implies(c, p) {
			return true
		}
	}
	return false
}

// implies says whether p is true where the condition c is.
func implies(c, p eval.Expr) bool {
	if eval.Equal(c, p) {
		return true
	}
	switch c := c.(type) {
	case *eval.And:
		return impliedBy(c.Args, p)
	case *eval.Or:
		for _, a := range c.Args {
			if !impliedBy([]eval.Expr{a}, p) {
				return false
			}
		}
		return true
	case *eval.AnyAll:
		if arms := asEqualities(c); arms != nil {
			for _, a := range arms {
				if !impliedByEquality(a, p) {
					return false
				}
			}
			return true
		}
	case *eval.BoolTest:
		if !c.Not && c.Want == eval.WantTrue && implies(c.Arg, p) {
			return true
		}
	}
	return impliesAtom(c, p)
}

// impliedByEquality is implies for one value of an IN list.
func impliedByEquality(c constBound, p eval.Expr) bool {
	if q, ok := p.(*eval.Or); ok {
		for _, a := range q.Args {
			if impliedByEquality(c, a) {
				return true
			}
		}
		return false
	}
	if b, ok := asConstBound(p); ok {
		return c.within(b)
	}
	if l, ok := p.(*eval.AnyAll); ok {
		for _, b := range asEqualities(l) {
			if c.within(b) {
				return true
			}
		}
	}
	n, ok := p.(*eval.IsNull)
	return ok && n.Not && !isRowType(n.Arg) && eval.Equal(n.Arg, c.on)
}

// impliesAtom is implies for a condition that has no further parts.
func impliesAtom(c, p eval.Expr) bool {
	switch p := p.(type) {
	case *eval.IsNull:
		// What is not null follows from any condition that could not be true without it.
		return p.Not && !isRowType(p.Arg) && rejectsWhen(c, func(x eval.Expr) bool { return eval.Equal(x, p.Arg) })
	case *eval.BoolTest:
		return !p.Not && p.Want == eval.WantTrue && implies(c, p.Arg)
	case *eval.AnyAll:
		b, ok := asConstBound(c)
		for _, q := range asEqualities(p) {
			if ok && b.within(q) {
				return true
			}
		}
		return false
	}
	b, ok := asConstBound(c)
	if !ok {
		return false
	}
	q, ok := asConstBound(p)
	return ok && b.within(q)
}

// constBound is a comparison of an expression with a constant that is not null.
type constBound struct {
	on  eval.Expr
	op  string
	val *eval.Const
}

// asConstBound reads c as expression op constant.
func asConstBound(c eval.Expr) (constBound, bool) {
	cmp, ok := asComparison(c)
	if !ok {
		return constBound{}, false
	}
	v, ok := stripRelabel(cmp.right).(*eval.Const)
	if !ok {
		cmp = cmp.flip()
		v, ok = stripRelabel(cmp.right).(*eval.Const)
	}
	if !ok || v.D.Null || !sameFamily(cmp.left.Type().OID, v.T.OID) {
		return constBound{}, false
	}
	return constBound{on: stripRelabel(cmp.left), op: cmp.op, val: v}, true
}

// asEqualities reads expression IN (constants) as one equality a value; nil when it is something else.
func asEqualities(a *eval.AnyAll) []constBound {
	var out []constBound
	if a.All || a.Op != "=" {
		return nil
	}
	list, _ := listOf(a.Right)
	for _, e := range list {
		v, ok := stripRelabel(e).(*eval.Const)
		if !ok || !sameFamily(a.Left.Type().OID, v.T.OID) {
			return nil
		}
		if !v.D.Null { // null equals nothing
			out = append(out, constBound{on: stripRelabel(a.Left), op: "=", val: v})
		}
	}
	return out
}

// within says whether all values that b allows are allowed by q.
func (b constBound) within(q constBound) bool {
	t := types.Lookup(b.val.T.OID)
	if !eval.Equal(b.on, q.on) || !sameFamily(b.val.T.OID, q.val.T.OID) || t == nil || t.Compare == nil {
		return false
	}
	c := t.Compare(b.val.D, q.val.D)
	switch b.op {
	case "=":
		return compareIs(c, q.op)
	case "<":
		return (q.op == "<" || q.op == "<=" || q.op == "<>") && c <= 0
	case "<=":
		return (q.op == "<" || q.op == "<>") && c < 0 || q.op == "<=" && c <= 0
	case ">":
		return (q.op == ">" || q.op == ">=" || q.op == "<>") && c >= 0
	case ">=":
		return (q.op == ">" || q.op == "<>") && c > 0 || q.op == ">=" && c >= 0
	}
	return q.op == "<>" && c == 0
}

// compareIs says whether a comparison that came out as c satisfies op.
func compareIs(c int, op string) bool {
	switch op {
	case "=":
		return c == 0
	case "<>":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}
