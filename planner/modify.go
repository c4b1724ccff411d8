package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// modify plans INSERT, UPDATE and DELETE: the source as a query, the expressions for their subqueries.
func (o *optimizer) modify(st bind.Stmt) (Node, error) {
	var need colSet
	collect := func(e eval.Expr) eval.Expr {
		e = o.fold(e)
		need.addExpr(e)
		return e
	}
	keep := func(r eval.Rel) eval.Rel { return r }
	o.pinCTEs(st)
	switch s := st.(type) {
	case *bind.Insert:
		o.use(s.Rel.Table.OID, UseWrite)
		n := &Insert{Stmt: mapStmt(s, keep, collect).(*bind.Insert)}
		if err := o.source(s.Source, need, &n.Source, &n.Base); err != nil {
			return nil, err
		}
		n.Stmt, n.Cols = o.planStmt(n.Stmt).(*bind.Insert), s.ReturnCols
		return n, nil
	case *bind.Update:
		o.use(s.Rel.Table.OID, UseWrite)
		st := mapStmt(s, keep, func(e eval.Expr) eval.Expr { return o.fold(e) }).(*bind.Update)
		n := &Update{Stmt: st}
		if err := o.source(s.Source, updateNeeds(st), &n.Source, &n.Base); err != nil {
			return nil, err
		}
		n.Stmt, n.Cols = o.planStmt(n.Stmt).(*bind.Update), s.ReturnCols
		return n, nil
	case *bind.Delete:
		o.use(s.Rel.Table.OID, UseWrite)
		n := &Delete{Stmt: mapStmt(s, keep, collect).(*bind.Delete)}
		need.add(s.RowID)
		if err := o.source(s.Source, need, &n.Source, &n.Base); err != nil {
			return nil, err
		}
		n.Stmt, n.Cols = o.planStmt(n.Stmt).(*bind.Delete), s.ReturnCols
		return n, nil
	}
	return nil, pgerr.Unsupported("planning this statement")
}

// planStmt plans the subqueries in the statement's expressions.
func (o *optimizer) planStmt(st bind.Stmt) bind.Stmt {
	return mapStmt(st, func(r eval.Rel) eval.Rel { return r }, o.expr)
}

// source plans the rows that a statement works on.
func (o *optimizer) source(r eval.Rel, need colSet, out *Node, info *Base) error {
	r = o.simplify(r)
	r = o.push(r, nil)
	have := outputSet(r)
	for i := range need {
		if i < len(have) {
			need[i] &= have[i]
		} else {
			need[i] = 0
		}
	}
	r = o.prune(r, need)
	n, err := o.node(r, want{})
	if err != nil {
		return err
	}
	*out = n
	info.Rows, info.Startup, info.Total = n.Info().Rows, n.Info().Startup, n.Info().Total
	info.Total += info.Rows
	return nil
}

// wideColumn is the estimated width in bytes from which an unchanged column is not read for UPDATE.
const wideColumn = 64

// updateNeeds is what an UPDATE reads: the row id, what its expressions use, and the unchanged columns
// but for wide ones (vectors), which exec fetches in the rare case that it wants the whole row.
func updateNeeds(s *bind.Update) colSet {
	var need, later colSet
	need.add(s.RowID)
	for _, a := range s.Set {
		need.addExpr(a.Expr)
	}
	for _, c := range s.Checks {
		later.addExpr(c.Expr)
	}
	later.addAll(exprsCols(s.Return))
	need.addAll(later)
	for i, e := range s.NewExprs {
		c, plain := e.(*eval.Col)
		if plain && typeWidth(c.T) > wideColumn && !later.has(s.New[i].ID) {
			continue
		}
		need.addExpr(e)
	}
	return need
}
