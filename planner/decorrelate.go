package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// decorrelateFilter turns EXISTS, IN and their negations in a WHERE clause into semi and anti joins.
// What it cannot turn stays an expression, which exec computes once a row.
func decorrelateFilter(o *optimizer, r eval.Rel) eval.Rel {
	f, ok := r.(*bind.Filter)
	if !ok || !hasSubquery(f.Cond) {
		return nil
	}
	in := f.Input
	var rest []eval.Expr
	changed := false
	for _, c := range conjuncts(nil, f.Cond) {
		if j := o.asSemiJoin(in, c); j != nil {
			in, changed = j, true
			continue
		}
		rest = append(rest, c)
	}
	if !changed {
		return nil
	}
	if len(rest) == 0 {
		return in
	}
	return &bind.Filter{Input: in, Cond: conjoin(rest)}
}

// asSemiJoin joins in with the subquery that the condition c is, or returns nil.
func (o *optimizer) asSemiJoin(in eval.Rel, c eval.Expr) eval.Rel {
	not := false
	if n, ok := c.(*eval.Not); ok {
		not, c = true, n.Arg
	}
	q, ok := c.(*eval.Subquery)
	if !ok {
		return nil
	}
	left := outputSet(in)
	switch q.Kind {
	case eval.Exists:
		name, kind := RuleExistsToSemi, bind.Semi
		if not {
			name, kind = RuleNotExistsToAnti, bind.Anti
		}
		if !o.on(name) {
			return nil
		}
		rel, conds, ok := pullCorrelated(q.Rel, left)
		if !ok || len(conds) == 0 {
			return nil
		}
		o.fire(name)
		return &bind.Join{Kind: kind, Left: in, Right: rel, On: conjoin(conds)}
	case eval.Any, eval.All:
		return o.inToJoin(in, left, q, not)
	}
	return nil
}

// inToJoin handles IN, op ANY, and, when they keep a row only if no subquery row forbids it, NOT IN and
// op ALL.
func (o *optimizer) inToJoin(in eval.Rel, left colSet, q *eval.Subquery, not bool) eval.Rel {
	anti := not == (q.Kind == eval.Any)
	name := RuleInToSemi
	if anti {
		name = RuleNotInToAnti
	}
	if not && q.Kind == eval.All || !o.on(name) || q.Test == nil || isVolatile(q.Test) {
		return nil // NOT (x op ALL ...) is rare and stays an expression
	}
	if !exprCols(q.Test).meets(left) {
		return nil
	}
	rel, conds, ok := pullCorrelated(q.Rel, left)
	if !ok {
		return nil
	}
	o.fire(name)
	if !anti {
		return &bind.Join{Kind: bind.Semi, Left: in, Right: rel, On: conjoin(append(conds, conjuncts(nil, q.Test)...))}
	}
	// A row is kept when the test is false for every row of the subquery (NOT IN), or true for every one
	// (ALL): so a row that makes it otherwise, or unknown, forbids.
	var test eval.Expr
	want := eval.WantFalse
	if q.Kind == eval.All {
		want = eval.WantTrue
	}
	test = &eval.BoolTest{Arg: q.Test, Want: want, Not: true}
	if q.Kind == eval.Any && o.neverNullTest(q.Test, in, rel) {
		test = q.Test
	}
	return &bind.Join{Kind: bind.Anti, Left: in, Right: rel, On: conjoin(append(conds, test))}
}

// neverNullTest says whether the comparison cannot be unknown, for columns that cannot be null.
func (o *optimizer) neverNullTest(test eval.Expr, left, right eval.Rel) bool {
	ok := true
	for _, c := range conjuncts(nil, test) {
		cmp, is := asComparison(c)
		if !is || !cmp.call.F.Strict {
			return false
		}
		for _, side := range [2]eval.Expr{cmp.left, cmp.right} {
			switch x := stripRelabel(side).(type) {
			case *eval.Const:
				ok = ok && !x.D.Null
			case *eval.Col:
				ok = ok && (neverNull(left, x.ID) || neverNull(right, x.ID))
			default:
				return false
			}
		}
	}
	return ok
}

// neverNull says whether a column of r can never be null.
func neverNull(r eval.Rel, id eval.ColID) bool {
	switch r := r.(type) {
	case *bind.Scan:
		for i := range r.Cols {
			if r.Cols[i].ID != id {
				continue
			}
			if r.Cols[i].Attr < 0 {
				return true
			}
			c := r.Rel.Table.Col(r.Cols[i].Attr)
			return c != nil && c.NotNull && !r.Rel.Virtual
		}
	case *bind.Project:
		for i := range r.Cols {
			if r.Cols[i].ID == id {
				switch e := stripRelabel(r.Exprs[i]).(type) {
				case *eval.Col:
					return neverNull(r.Input, e.ID)
				case *eval.Const:
					return !e.D.Null
				}
			}
		}
	case *bind.Filter:
		if neverNull(r.Input, id) {
			return true
		}
		var one colSet
		one.add(id)
		return rejectsNulls(r.Cond, one)
	case *bind.Join:
		switch r.Kind {
		case bind.Inner:
			return neverNull(r.Left, id) || neverNull(r.Right, id)
		case bind.Left, bind.Semi, bind.Anti:
			return neverNull(r.Left, id)
		}
	case *bind.Sort, *bind.Limit, *bind.Distinct, *bind.LockRows:
		return neverNull(inputs(r)[0], id)
	}
	return false
}

// pullCorrelated takes the conditions that use columns of outer out of r. It fails when r uses them
// elsewhere as well. The conditions may use columns of r's output only, which is widened for them.
func pullCorrelated(r eval.Rel, outer colSet) (eval.Rel, []eval.Expr, bool) {
	free := freeCols(r)
	var corr colSet
	free.each(func(id eval.ColID) {
		if outer.has(id) {
			corr.add(id)
		}
	})
	if corr.empty() {
		return r, nil, true
	}
	var conds []eval.Expr
	n := pull(r, corr, &conds)
	if freeCols(n).meets(corr) {
		return nil, nil, false
	}
	out := outputSet(n)
	def := outer.clone()
	def.addAll(out)
	for _, c := range conds {
		// What is neither outer nor in the output must come from further out.
		ok := true
		exprCols(c).each(func(id eval.ColID) { ok = ok && (def.has(id) || free.has(id)) })
		if !ok {
			return nil, nil, false
		}
	}
	return n, conds, true
}

// pull removes correlated conjuncts where a semi join may apply them later as well.
func pull(r eval.Rel, corr colSet, conds *[]eval.Expr) eval.Rel {
	switch r := r.(type) {
	case *bind.Filter:
		var rest []eval.Expr
		for _, c := range conjuncts(nil, r.Cond) {
			if exprCols(c).meets(corr) && !isVolatile(c) {
				*conds = append(*conds, c)
			} else {
				rest = append(rest, c)
			}
		}
		in := pull(r.Input, corr, conds)
		if len(rest) == 0 {
			return in
		}
		return &bind.Filter{Input: in, Cond: conjoin(rest)}
	case *bind.Project:
		before := len(*conds)
		in := pull(r.Input, corr, conds)
		return passThrough(r, in, (*conds)[before:], corr)
	case *bind.Sort:
		return pull(r.Input, corr, conds)
	case *bind.Join:
		return pullJoin(r, corr, conds)
	}
	return r
}

func pullJoin(r *bind.Join, corr colSet, conds *[]eval.Expr) eval.Rel {
	switch r.Kind {
	case bind.Inner:
		l, rt := pull(r.Left, corr, conds), pull(r.Right, corr, conds)
		var rest []eval.Expr
		for _, c := range conjuncts(nil, r.On) {
			if exprCols(c).meets(corr) && !isVolatile(c) {
				*conds = append(*conds, c)
			} else {
				rest = append(rest, c)
			}
		}
		return &bind.Join{Kind: r.Kind, Left: l, Right: rt, On: conjoin(rest), Lateral: r.Lateral}
	case bind.Left, bind.Semi, bind.Anti:
		return &bind.Join{Kind: r.Kind, Left: pull(r.Left, corr, conds), Right: r.Right, On: r.On, Lateral: r.Lateral}
	}
	return r
}

// passThrough widens a projection by the input columns that conds use.
func passThrough(p *bind.Project, in eval.Rel, conds []eval.Expr, corr colSet) eval.Rel {
	have := setOf(p.Cols)
	below := in.Output()
	uses := exprsCols(conds)
	n := &bind.Project{Input: in, Cols: p.Cols[:len(p.Cols):len(p.Cols)], Exprs: p.Exprs[:len(p.Exprs):len(p.Exprs)]}
	for i := range below {
		if id := below[i].ID; uses.has(id) && !have.has(id) && !corr.has(id) {
			n.Cols = append(n.Cols, below[i])
			n.Exprs = append(n.Exprs, colOf(&below[i]))
		}
	}
	return n
}

// decorrelateScalar turns scalar subqueries that are one aggregate over rows chosen by equality with
// the outer row into a left join with a grouped aggregate.
func decorrelateScalar(o *optimizer, r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.Filter:
		if !hasSubquery(r.Cond) {
			return nil
		}
		s := &scalarJoin{o: o, in: r.Input, left: outputSet(r.Input)}
		cond := rewrite(r.Cond, s.expr)
		if !s.changed {
			return nil
		}
		return &bind.Filter{Input: s.in, Cond: cond}
	case *bind.Project:
		s := &scalarJoin{o: o, in: r.Input, left: outputSet(r.Input)}
		ex := make([]eval.Expr, len(r.Exprs))
		for i, e := range r.Exprs {
			ex[i] = e
			if hasSubquery(e) {
				ex[i] = rewrite(e, s.expr)
			}
		}
		if !s.changed {
			return nil
		}
		return &bind.Project{Input: s.in, Cols: r.Cols, Exprs: ex}
	}
	return nil
}

// scalarJoin collects the joins for the scalar subqueries of one node.
type scalarJoin struct {
	o       *optimizer
	in      eval.Rel
	left    colSet
	changed bool
}

func (s *scalarJoin) expr(e eval.Expr) eval.Expr {
	q, ok := e.(*eval.Subquery)
	if !ok || q.Kind != eval.Scalar || len(q.Outer) == 0 {
		return e
	}
	rel := q.Rel
	p, _ := rel.(*bind.Project)
	if p != nil {
		rel = p.Input
	}
	agg, ok := rel.(*bind.Aggregate)
	if !ok || len(agg.Groups) > 0 || agg.Sets != nil {
		return e
	}
	if p != nil && exprsCols(p.Exprs).meets(s.left) {
		return e
	}
	for _, a := range agg.Aggs {
		if exprCols(a).meets(s.left) {
			return e
		}
	}
	return s.join(e, q, p, agg)
}

// emptyZero names the aggregates that are 0 over no rows; all others are null.
var emptyZero = map[string]bool{"count": true, "regr_count": true, "approx_count_distinct": true}

func (s *scalarJoin) join(e eval.Expr, q *eval.Subquery, p *bind.Project, agg *bind.Aggregate) eval.Expr {
	in, conds, ok := pullCorrelated(agg.Input, s.left)
	if !ok || len(conds) == 0 || s.o.keepParameterised(s.in, in, conds) {
		return e
	}
	inner := outputSet(in)
	n := &bind.Aggregate{Input: in, AggCols: agg.AggCols, Aggs: agg.Aggs}
	var on []eval.Expr
	for _, c := range conds {
		cmp, is := asComparison(c)
		if !is || cmp.op != "=" || hasSubquery(c) {
			return e
		}
		if exprCols(cmp.left).within(inner) && exprCols(cmp.right).within(s.left) {
			cmp = cmp.flip()
		}
		if !exprCols(cmp.left).within(s.left) || !exprCols(cmp.right).within(inner) {
			return e
		}
		key := s.o.newCol("key", cmp.right.Type())
		n.Groups = append(n.Groups, cmp.right)
		n.GroupCols = append(n.GroupCols, key)
		call := *cmp.call
		call.Args = []eval.Expr{cmp.call.Args[0], colOf(&key)}
		if eval.Equal(cmp.call.Args[0], cmp.right) {
			call.Args = []eval.Expr{colOf(&key), cmp.call.Args[1]}
		}
		on = append(on, &call)
	}
	by := map[eval.ColID]eval.Expr{}
	for i, a := range agg.Aggs {
		if ag, ok := a.(*eval.Agg); ok && emptyZero[ag.F.Name] {
			c := &agg.AggCols[i]
			by[c.ID] = &eval.Coalesce{T: c.T, Args: []eval.Expr{colOf(c), &eval.Const{T: c.T, D: types.IntDatum(0)}}}
		}
	}
	var val eval.Expr = colOf(&q.Rel.Output()[0])
	if p != nil {
		val = p.Exprs[0]
	}
	s.in = &bind.Join{Kind: bind.Left, Left: s.in, Right: n, On: conjoin(on)}
	s.left = outputSet(s.in)
	s.changed = true
	return substitute(val, by)
}

// keepParameterised says that running the subquery for each outer row through an index is better than
// grouping all of it: few outer rows, and an index on a compared column of a large table.
func (o *optimizer) keepParameterised(outer, inner eval.Rel, conds []eval.Expr) bool {
	rows := o.guessRows(inner)
	if rows < 1000 || o.guessRows(outer)*20 > rows {
		return false
	}
	uses := exprsCols(conds)
	for {
		switch n := inner.(type) {
		case *bind.Filter:
			inner = n.Input
			continue
		case *bind.Project:
			inner = n.Input
			continue
		case *bind.Scan:
			for _, ix := range n.Rel.Indexes {
				for i := range n.Cols {
					if ix.Method == "btree" && ix.Keys[0].Column == n.Cols[i].Attr && uses.has(n.Cols[i].ID) {
						return true
					}
				}
			}
		}
		return false
	}
}
