package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// simplifyWith simplifies the WITH queries, drops those that nobody reads, and puts those that are
// read once in the place of their reference, as PostgreSQL does.
func (o *optimizer) simplifyWith(w *bind.With) eval.Rel {
	inline := map[*bind.CTE]bool{}
	var keep []*bind.CTE
	for i, c := range w.CTEs {
		switch refs := countRefs(c, w.CTEs[i+1:], w.Input); {
		case isModify(c.Rel), o.pinned[c]:
			keep = append(keep, c)
		case refs == 0 && o.on(RuleDropUnusedCTE):
			o.fire(RuleDropUnusedCTE)
		case refs == 1 && !c.Recursive && c.Materialized != 'm' && o.on(RuleInlineCTE) && !relVolatile(c.Rel):
			o.fire(RuleInlineCTE)
			inline[c] = true
		default:
			keep = append(keep, c)
		}
	}
	// A copy of each kept CTE, since bound trees are shared between plans; references follow.
	renew := map[*bind.CTE]*bind.CTE{}
	for i, c := range keep {
		n := *c
		renew[c] = &n
		keep[i] = &n
		if o.pinned[c] {
			o.pinned[&n] = true
			o.renewed[c] = &n
		}
	}
	sub := &cteSubst{inline: inline, renew: renew}
	for _, c := range keep {
		c.Rel = o.simplify(sub.rel(c.Rel))
		if c.Step != nil {
			c.Step = o.simplify(sub.rel(c.Step))
		}
	}
	in := o.simplify(sub.rel(w.Input))
	if len(keep) == 0 {
		return in
	}
	return &bind.With{CTEs: keep, Input: in}
}

// pinCTEs notes the WITH queries that a statement's own expressions read: they are planned before those, which stand
// outside of the relation that has the WITH.
func (o *optimizer) pinCTEs(st bind.Stmt) {
	if o.pinned == nil {
		o.pinned, o.renewed = map[*bind.CTE]bool{}, map[*bind.CTE]*bind.CTE{}
	}
	pins := &ctePins{seen: o.pinned}
	mapStmt(st, func(r eval.Rel) eval.Rel { return r }, pins.expr)
}

// ctePins collects references to CTEs.
type ctePins struct{ seen map[*bind.CTE]bool }

func (p *ctePins) rel(r eval.Rel) eval.Rel {
	if ref, ok := r.(*bind.CTERef); ok {
		p.seen[ref.CTE] = true
		return r
	}
	m := relMapper{rel: p.rel, expr: p.expr}
	return m.node(r)
}

func (p *ctePins) expr(e eval.Expr) eval.Expr {
	if hasSubquery(e) {
		rewrite(e, func(x eval.Expr) eval.Expr {
			if q, ok := x.(*eval.Subquery); ok {
				p.rel(q.Rel)
			}
			return x
		})
	}
	return e
}

// cteSubst replaces references to CTEs.
type cteSubst struct {
	inline map[*bind.CTE]bool
	renew  map[*bind.CTE]*bind.CTE
}

func (s *cteSubst) rel(r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.CTERef:
		if s.inline[r.CTE] {
			in := s.rel(r.CTE.Rel)
			out := in.Output()
			p := &bind.Project{Input: in, Cols: r.Cols, Exprs: make([]eval.Expr, len(r.Cols))}
			for i := range r.Cols {
				p.Exprs[i] = colOf(&out[i])
			}
			return p
		}
		if n := s.renew[r.CTE]; n != nil {
			return &bind.CTERef{CTE: n, Cols: r.Cols, Working: r.Working}
		}
		return r
	case *bind.With:
		ctes := make([]*bind.CTE, len(r.CTEs))
		for i, c := range r.CTEs {
			n := *c
			s.renew[c] = &n
			ctes[i] = &n
		}
		for _, n := range ctes {
			n.Rel = s.rel(n.Rel)
			if n.Step != nil {
				n.Step = s.rel(n.Step)
			}
		}
		return &bind.With{CTEs: ctes, Input: s.rel(r.Input)}
	case *bind.Modify:
		return &bind.Modify{Stmt: mapStmt(r.Stmt, s.rel, s.expr)}
	}
	m := relMapper{rel: s.rel, expr: s.expr}
	return m.node(r)
}

func (s *cteSubst) expr(e eval.Expr) eval.Expr {
	if !hasSubquery(e) {
		return e
	}
	return rewrite(e, func(x eval.Expr) eval.Expr {
		q, ok := x.(*eval.Subquery)
		if !ok {
			return x
		}
		c := *q
		c.Rel = s.rel(q.Rel)
		return &c
	})
}

// countRefs counts the references to c in what follows it, and in its own step.
func countRefs(c *bind.CTE, later []*bind.CTE, main eval.Rel) int {
	n := refsIn(c, main)
	for _, l := range later {
		n += refsIn(c, l.Rel)
		if l.Step != nil {
			n += refsIn(c, l.Step)
		}
	}
	return n
}

func refsIn(c *bind.CTE, r eval.Rel) int {
	n := 0
	if ref, ok := r.(*bind.CTERef); ok && ref.CTE == c {
		n++
	}
	expr := func(e eval.Expr) {
		visit(e, func(x eval.Expr) bool {
			if q, ok := x.(*eval.Subquery); ok {
				n += refsIn(c, q.Rel)
			}
			return true
		})
	}
	eachExpr(r, expr)
	for _, in := range inputs(r) {
		n += refsIn(c, in)
	}
	if m, ok := r.(*bind.Modify); ok {
		mapStmt(m.Stmt, func(in eval.Rel) eval.Rel {
			n += refsIn(c, in)
			return in
		}, func(e eval.Expr) eval.Expr {
			expr(e)
			return e
		})
	}
	return n
}

// mapStmt copies a data-modifying statement with its source and expressions replaced.
func mapStmt(st bind.Stmt, rel func(eval.Rel) eval.Rel, expr func(eval.Expr) eval.Expr) bind.Stmt {
	m := relMapper{rel: rel, expr: expr}
	assigns := func(in []bind.Assign) []bind.Assign {
		out := append([]bind.Assign(nil), in...)
		for i := range out {
			out[i].Expr = m.ex(out[i].Expr)
		}
		return out
	}
	checks := func(in []bind.Check) []bind.Check {
		out := append([]bind.Check(nil), in...)
		for i := range out {
			out[i].Expr = m.ex(out[i].Expr)
		}
		return out
	}
	switch st := st.(type) {
	case *bind.Insert:
		c := *st
		c.Source = m.in(st.Source)
		c.Row, c.Return, c.Checks = m.list(st.Row), m.list(st.Return), checks(st.Checks)
		if oc := st.OnConflict; oc != nil {
			n := *oc
			n.Set, n.Where, n.Updated = assigns(oc.Set), m.ex(oc.Where), m.list(oc.Updated)
			c.OnConflict = &n
		}
		return &c
	case *bind.Update:
		c := *st
		c.Source = m.in(st.Source)
		c.Set, c.NewExprs, c.Return, c.Checks = assigns(st.Set), m.list(st.NewExprs), m.list(st.Return), checks(st.Checks)
		return &c
	case *bind.Delete:
		c := *st
		c.Source = m.in(st.Source)
		c.Return = m.list(st.Return)
		return &c
	case *bind.Query:
		return &bind.Query{Rel: m.in(st.Rel)}
	}
	return st
}
