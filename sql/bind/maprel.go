package bind

import (
	"github.com/vecdb/vecdb/sql/eval"
)

// renameOuter renames columns that a subquery takes from outside.
func renameOuter(s *eval.Subquery, names map[eval.ColID]eval.ColID) eval.Expr {
	m := relMapper{f: func(e eval.Expr) eval.Expr { return renameCols(e, names) }}
	out := *s
	out.Rel = m.rel(s.Rel)
	out.Outer = make([]eval.ColID, len(s.Outer))
	for i, id := range s.Outer {
		out.Outer[i] = id
		if n, ok := names[id]; ok {
			out.Outer[i] = n
		}
	}
	return &out
}

func renameCols(e eval.Expr, names map[eval.ColID]eval.ColID) eval.Expr {
	if e == nil {
		return nil
	}
	return eval.Rewrite(e, func(e eval.Expr) eval.Expr {
		switch x := e.(type) {
		case *eval.Col:
			if n, ok := names[x.ID]; ok {
				return &eval.Col{ID: n, T: x.T, Name: x.Name}
			}
		case *eval.Subquery:
			return renameOuter(x, names)
		}
		return e
	})
}

// relMapper rebuilds a relation with f applied to every expression in it.
type relMapper struct {
	f func(eval.Expr) eval.Expr
}

func (m relMapper) list(in []eval.Expr) []eval.Expr {
	out := make([]eval.Expr, len(in))
	for i, e := range in {
		out[i] = m.f(e)
	}
	return out
}

func (m relMapper) keys(in []eval.SortKey) []eval.SortKey {
	out := append([]eval.SortKey(nil), in...)
	for i := range out {
		out[i].Expr = m.f(out[i].Expr)
	}
	return out
}

func (m relMapper) rel(r Rel) Rel {
	switch r := r.(type) {
	case *Values:
		c := *r
		c.Rows = make([][]eval.Expr, len(r.Rows))
		for i := range r.Rows {
			c.Rows[i] = m.list(r.Rows[i])
		}
		return &c
	case *Project:
		return &Project{Input: m.rel(r.Input), Cols: r.Cols, Exprs: m.list(r.Exprs)}
	case *Filter:
		return &Filter{Input: m.rel(r.Input), Cond: m.f(r.Cond)}
	case *Join:
		c := *r
		c.Left, c.Right, c.On = m.rel(r.Left), m.rel(r.Right), m.f(r.On)
		return &c
	case *Aggregate:
		c := *r
		c.Input, c.Groups, c.Aggs = m.rel(r.Input), m.list(r.Groups), m.list(r.Aggs)
		return &c
	case *Window:
		return m.window(r)
	case *Distinct:
		c := &Distinct{Input: m.rel(r.Input)}
		if r.On != nil {
			c.On = m.list(r.On)
		}
		return c
	case *Sort:
		return &Sort{Input: m.rel(r.Input), Keys: m.keys(r.Keys)}
	case *Limit:
		c := *r
		c.Input, c.Count, c.Offset = m.rel(r.Input), m.f(r.Count), m.f(r.Offset)
		return &c
	default:
		return m.rest(r)
	}
}

func (m relMapper) rest(r Rel) Rel {
	switch r := r.(type) {
	case *SetOp:
		c := *r
		c.Left, c.Right = m.rel(r.Left), m.rel(r.Right)
		return &c
	case *With:
		c := &With{Input: m.rel(r.Input), CTEs: r.CTEs}
		for _, cte := range r.CTEs { // references point at the CTE itself, so it is changed in place
			cte.Rel = m.rel(cte.Rel)
			if cte.Step != nil {
				cte.Step = m.rel(cte.Step)
			}
		}
		return c
	case *FuncScan:
		c := *r
		c.Calls = m.list(r.Calls)
		return &c
	case *ProjectSet:
		return &ProjectSet{Input: m.rel(r.Input), Cols: r.Cols, Exprs: m.list(r.Exprs)}
	case *LockRows:
		c := *r
		c.Input = m.rel(r.Input)
		return &c
	}
	return r // Scan, CTERef and Modify hold no expression over outer columns
}

func (m relMapper) window(r *Window) Rel {
	c := *r
	c.Input, c.Partition, c.Order = m.rel(r.Input), m.list(r.Partition), m.keys(r.Order)
	c.Calls = append([]WindowCall(nil), r.Calls...)
	for i := range c.Calls {
		c.Calls[i].Args, c.Calls[i].Filter = m.list(c.Calls[i].Args), m.f(c.Calls[i].Filter)
	}
	return &c
}
