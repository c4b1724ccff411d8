package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// mapper applies f to lists, which stay as they are when nothing changes.
type mapper struct {
	f func(eval.Expr) eval.Expr
}

func (m *mapper) list(in []eval.Expr) []eval.Expr {
	var out []eval.Expr
	for i, e := range in {
		n := m.f(e)
		if n != e && out == nil {
			out = append(make([]eval.Expr, 0, len(in)), in[:i]...)
		}
		if out != nil {
			out = append(out, n)
		}
	}
	if out == nil {
		return in
	}
	return out
}

func (m *mapper) keys(in []eval.SortKey) []eval.SortKey {
	var out []eval.SortKey
	for i, k := range in {
		n := m.f(k.Expr)
		if n != k.Expr && out == nil {
			out = append([]eval.SortKey(nil), in...)
		}
		if out != nil {
			out[i].Expr = n
		}
	}
	if out == nil {
		return in
	}
	return out
}

// visit calls f for e and, when f returns true, for everything below it. Relations of subqueries are
// not entered. A nil expression has nothing to visit.
func visit(e eval.Expr, f func(eval.Expr) bool) {
	if e != nil {
		eval.Walk(e, f)
	}
}

// rewrite replaces bottom up: every node is given to f after its operands have been rewritten.
func rewrite(e eval.Expr, f func(eval.Expr) eval.Expr) eval.Expr {
	if e == nil {
		return nil
	}
	return eval.Rewrite(e, f)
}

// addExpr adds the ids of the columns that e uses, those that a subquery takes from outside included.
func (s *colSet) addExpr(e eval.Expr) {
	switch x := e.(type) {
	case nil, *eval.Const, *eval.Param:
		return
	case *eval.Col:
		s.add(x.ID)
		return
	}
	visit(e, func(x eval.Expr) bool {
		switch x := x.(type) {
		case *eval.Col:
			s.add(x.ID)
		case *eval.Subquery:
			s.addAll(subqueryUses(x))
			return false
		}
		return true
	})
}

// subqueryUses is what a subquery needs of the row it is computed for.
func subqueryUses(x *eval.Subquery) colSet {
	var s colSet
	for _, id := range x.Outer {
		s.add(id)
	}
	for _, l := range x.Left {
		s.addExpr(l)
	}
	if x.Test != nil {
		var t colSet
		t.addExpr(x.Test)
		inner := outputSet(x.Rel)
		t.each(func(id eval.ColID) {
			if !inner.has(id) {
				s.add(id)
			}
		})
	}
	return s
}

func exprCols(e eval.Expr) colSet {
	var s colSet
	s.addExpr(e)
	return s
}

func exprsCols(list []eval.Expr) colSet {
	var s colSet
	for _, e := range list {
		s.addExpr(e)
	}
	return s
}

// eachExpr calls f with every expression that the node r itself (not its inputs) holds.
func eachExpr(r eval.Rel, f func(eval.Expr)) {
	list := func(l []eval.Expr) {
		for _, e := range l {
			f(e)
		}
	}
	keys := func(l []eval.SortKey) {
		for _, k := range l {
			f(k.Expr)
		}
	}
	opt := func(e eval.Expr) {
		if e != nil {
			f(e)
		}
	}
	switch r := r.(type) {
	case *bind.Values:
		for _, row := range r.Rows {
			list(row)
		}
	case *bind.Project:
		list(r.Exprs)
	case *bind.Filter:
		f(r.Cond)
	case *bind.Join:
		opt(r.On)
	case *bind.Aggregate:
		list(r.Groups)
		list(r.Aggs)
	case *bind.Window:
		list(r.Partition)
		keys(r.Order)
		opt(r.Frame.StartOff)
		opt(r.Frame.EndOff)
		for _, c := range r.Calls {
			list(c.Args)
			opt(c.Filter)
		}
	case *bind.Distinct:
		list(r.On)
	case *bind.Sort:
		keys(r.Keys)
	case *bind.Limit:
		opt(r.Count)
		opt(r.Offset)
	case *bind.FuncScan:
		list(r.Calls)
	case *bind.ProjectSet:
		list(r.Exprs)
	}
}

// inputs lists the relations that r reads, CTEs and data-modifying sources included.
func inputs(r eval.Rel) []eval.Rel {
	switch r := r.(type) {
	case *bind.Project:
		return []eval.Rel{r.Input}
	case *bind.Filter:
		return []eval.Rel{r.Input}
	case *bind.Join:
		return []eval.Rel{r.Left, r.Right}
	case *bind.Aggregate:
		return []eval.Rel{r.Input}
	case *bind.Window:
		return []eval.Rel{r.Input}
	case *bind.Distinct:
		return []eval.Rel{r.Input}
	case *bind.Sort:
		return []eval.Rel{r.Input}
	case *bind.Limit:
		return []eval.Rel{r.Input}
	case *bind.SetOp:
		return []eval.Rel{r.Left, r.Right}
	case *bind.ProjectSet:
		return []eval.Rel{r.Input}
	case *bind.LockRows:
		return []eval.Rel{r.Input}
	case *bind.With:
		var out []eval.Rel
		for _, c := range r.CTEs {
			out = append(out, c.Rel)
			if c.Step != nil {
				out = append(out, c.Step)
			}
		}
		return append(out, r.Input)
	}
	return nil
}

// freeCols is the set of columns that the tree r uses and does not define: its correlation with
// enclosing queries or, below a lateral join, with the left side.
func freeCols(r eval.Rel) colSet {
	var used, defined colSet
	collectCols(r, &used, &defined)
	for i := range used {
		if i < len(defined) {
			used[i] &^= defined[i]
		}
	}
	return used
}

func collectCols(r eval.Rel, used, defined *colSet) {
	if sp, ok := r.(*SubPlan); ok {
		for _, id := range sp.Params {
			used.add(id)
		}
		defined.addCols(sp.Output())
		return
	}
	eachExpr(r, func(e eval.Expr) { used.addExpr(e) })
	for _, in := range inputs(r) {
		collectCols(in, used, defined)
	}
	if m, ok := r.(*bind.Modify); ok {
		collectModify(m, used, defined)
	}
	defined.addCols(r.Output())
}

func collectModify(m *bind.Modify, used, defined *colSet) {
	switch s := m.Stmt.(type) {
	case *bind.Insert:
		collectCols(s.Source, used, defined)
		defined.addCols(s.ReturnInput())
		if s.OnConflict != nil {
			defined.addCols(s.OnConflict.Existing)
		}
	case *bind.Update:
		collectCols(s.Source, used, defined)
		defined.addCols(s.New)
	case *bind.Delete:
		collectCols(s.Source, used, defined)
	}
}
