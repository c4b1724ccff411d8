package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// relMapper rebuilds one node of a bound tree: inputs through rel, expressions through expr (either may
// be nil: unchanged). Nodes are immutable, so a changed one is a copy.
type relMapper struct {
	rel  func(eval.Rel) eval.Rel
	expr func(eval.Expr) eval.Expr
}

func (m *relMapper) in(r eval.Rel) eval.Rel {
	if m.rel == nil {
		return r
	}
	return m.rel(r)
}

func (m *relMapper) ex(e eval.Expr) eval.Expr {
	if m.expr == nil || e == nil {
		return e
	}
	return m.expr(e)
}

func (m *relMapper) list(in []eval.Expr) []eval.Expr {
	if m.expr == nil {
		return in
	}
	lm := mapper{f: m.expr}
	return lm.list(in)
}

func (m *relMapper) keys(in []eval.SortKey) []eval.SortKey {
	if m.expr == nil {
		return in
	}
	lm := mapper{f: m.expr}
	return lm.keys(in)
}

// node returns r with inputs and expressions replaced; r itself when nothing changed, as far as that
// is cheap to see.
func (m *relMapper) node(r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.Scan, *bind.CTERef, *SubPlan, *plannedRel:
		return r
	case *bind.Values:
		return m.values(r)
	case *bind.Project:
		in, ex := m.in(r.Input), m.list(r.Exprs)
		if in == r.Input && sameList(ex, r.Exprs) {
			return r
		}
		return &bind.Project{Input: in, Cols: r.Cols, Exprs: ex}
	case *bind.Filter:
		in, c := m.in(r.Input), m.ex(r.Cond)
		if in == r.Input && c == r.Cond {
			return r
		}
		return &bind.Filter{Input: in, Cond: c}
	case *bind.Join:
		l, rt, on := m.in(r.Left), m.in(r.Right), m.ex(r.On)
		if l == r.Left && rt == r.Right && on == r.On {
			return r
		}
		return &bind.Join{Kind: r.Kind, Left: l, Right: rt, On: on, Lateral: r.Lateral}
	case *bind.Sort:
		return &bind.Sort{Input: m.in(r.Input), Keys: m.keys(r.Keys)}
	case *bind.Limit:
		return &bind.Limit{Input: m.in(r.Input), Count: m.ex(r.Count), Offset: m.ex(r.Offset), WithTies: r.WithTies}
	case *bind.Distinct:
		return &bind.Distinct{Input: m.in(r.Input), On: m.list(r.On)}
	case *bind.Aggregate:
		c := *r
		c.Input, c.Groups, c.Aggs = m.in(r.Input), m.list(r.Groups), m.list(r.Aggs)
		return &c
	}
	return m.rareNode(r)
}

func (m *relMapper) rareNode(r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.Window:
		c := *r
		c.Input, c.Partition, c.Order = m.in(r.Input), m.list(r.Partition), m.keys(r.Order)
		c.Frame.StartOff, c.Frame.EndOff = m.ex(r.Frame.StartOff), m.ex(r.Frame.EndOff)
		c.Calls = append([]bind.WindowCall(nil), r.Calls...)
		for i := range c.Calls {
			c.Calls[i].Args, c.Calls[i].Filter = m.list(c.Calls[i].Args), m.ex(c.Calls[i].Filter)
		}
		return &c
	case *bind.SetOp:
		c := *r
		c.Left, c.Right = m.in(r.Left), m.in(r.Right)
		return &c
	case *bind.ProjectSet:
		return &bind.ProjectSet{Input: m.in(r.Input), Cols: r.Cols, Exprs: m.list(r.Exprs)}
	case *bind.FuncScan:
		c := *r
		c.Calls = m.list(r.Calls)
		return &c
	case *bind.LockRows:
		c := *r
		c.Input = m.in(r.Input)
		return &c
	case *bind.With:
		// CTERefs point to CTE records, so those are changed in place by whoever owns them (inline.go).
		return &bind.With{CTEs: r.CTEs, Input: m.in(r.Input)}
	}
	return r
}

func (m *relMapper) values(r *bind.Values) eval.Rel {
	if m.expr == nil {
		return r
	}
	var rows [][]eval.Expr
	for i, row := range r.Rows {
		n := m.list(row)
		if rows == nil && !sameList(n, row) {
			rows = append(make([][]eval.Expr, 0, len(r.Rows)), r.Rows[:i]...)
		}
		if rows != nil {
			rows = append(rows, n)
		}
	}
	if rows == nil {
		return r
	}
	return &bind.Values{Cols: r.Cols, Rows: rows}
}

// sameList says whether two lists are the same slice.
func sameList(a, b []eval.Expr) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// substituteRel replaces columns that the tree uses and does not define.
func substituteRel(r eval.Rel, by map[eval.ColID]eval.Expr) eval.Rel {
	m := relMapper{expr: func(e eval.Expr) eval.Expr { return substitute(e, by) }}
	m.rel = m.node
	if w, ok := r.(*bind.With); ok && len(w.CTEs) > 0 {
		for _, c := range w.CTEs {
			c.Rel = substituteRel(c.Rel, by)
		}
	}
	return m.node(r)
}

// reorder makes the output of r be exactly cols in that order; consumers that go by position need it
// after a rewrite below them.
func reorder(r eval.Rel, cols []eval.Column) eval.Rel {
	out := r.Output()
	if len(out) == len(cols) {
		same := true
		for i := range out {
			if out[i].ID != cols[i].ID {
				same = false
				break
			}
		}
		if same {
			return r
		}
	}
	p := &bind.Project{Input: r, Cols: cols, Exprs: make([]eval.Expr, len(cols))}
	for i := range cols {
		p.Exprs[i] = colOf(&cols[i])
	}
	return p
}

func isModify(r eval.Rel) bool {
	_, ok := r.(*bind.Modify)
	return ok
}
