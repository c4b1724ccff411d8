package sql

// WalkTables calls f for every table name in a query, those in subqueries, WITH and expressions
// included.
func WalkTables(q *Select, f func(*TableName)) {
	w := &tableWalk{f: f}
	w.query(q)
}

type tableWalk struct{ f func(*TableName) }

func (w *tableWalk) query(q *Select) {
	if q == nil {
		return
	}
	if q.With != nil {
		for _, c := range q.With.CTEs {
			if s, ok := c.Query.(*Select); ok {
				w.query(s)
			}
		}
	}
	w.query(q.Left)
	w.query(q.Right)
	for _, t := range q.From {
		w.table(t)
	}
	for _, t := range q.Targets {
		w.expr(t.Expr)
	}
	for _, row := range q.Values {
		w.exprs(row)
	}
	w.expr(q.Where)
	w.expr(q.Having)
	w.exprs(q.GroupBy)
	w.exprs(q.DistinctOn)
	for _, o := range q.OrderBy {
		w.expr(o.Expr)
	}
	w.expr(q.Limit)
	w.expr(q.Offset)
}

func (w *tableWalk) table(t TableExpr) {
	switch t := t.(type) {
	case *TableName:
		w.f(t)
	case *Join:
		w.table(t.Left)
		w.table(t.Right)
		w.expr(t.On)
	case *SubqueryTable:
		w.query(t.Query)
	case *FuncTable:
		for _, c := range t.Funcs {
			w.expr(c.Call)
		}
	}
}

func (w *tableWalk) exprs(list []Expr) {
	for _, e := range list {
		w.expr(e)
	}
}

func (w *tableWalk) expr(e Expr) {
	if e == nil {
		return
	}
	if s, ok := e.(*Subquery); ok {
		w.query(s.Query)
	}
	w.exprs(operands(e))
}

// operands lists the direct operands of an expression.
func operands(e Expr) []Expr {
	switch e := e.(type) {
	case *Op:
		return []Expr{e.Left, e.Right}
	case *OpAnyAll:
		return []Expr{e.Left, e.Right}
	case *In:
		return append([]Expr{e.Left}, e.List...)
	case *Between:
		return []Expr{e.Arg, e.Low, e.High}
	case *Like:
		return []Expr{e.Left, e.Right}
	case *IsDistinct:
		return []Expr{e.Left, e.Right}
	case *NullIf:
		return []Expr{e.Left, e.Right}
	case *BoolOp:
		return e.Args
	case *IsNull:
		return []Expr{e.Arg}
	case *BoolTest:
		return []Expr{e.Arg}
	case *Case:
		out := []Expr{e.Arg, e.Else}
		for _, w := range e.Whens {
			out = append(out, w.Cond, w.Result)
		}
		return out
	case *Coalesce:
		return e.Args
	case *MinMax:
		return e.Args
	case *Func:
		out := append([]Expr{e.Filter}, e.Args...)
		for _, o := range e.OrderBy {
			out = append(out, o.Expr)
		}
		return out
	case *NamedArg:
		return []Expr{e.Arg}
	case *Cast:
		return []Expr{e.Arg}
	case *Collate:
		return []Expr{e.Arg}
	case *Subquery:
		return []Expr{e.Test}
	case *Array:
		return e.Elems
	case *Row:
		return e.Fields
	case *Indirection:
		return []Expr{e.Arg}
	}
	return nil
}

// Start is where an expression begins: the leftmost of its operator's place and its operands'. PostgreSQL's errors
// about a bound expression point there.
func Start(e Expr) int {
	at := e.Pos()
	switch x := e.(type) {
	case *Case, *Coalesce, *MinMax, *Array, *Row:
		return at
	case *Func:
		if !x.SQLSyntax { // what is written as a call begins with its name
			return at
		}
	case *Cast:
		switch x.Arg.(type) {
		case *Literal, *Param: // stand for the whole once they have the type
			return x.Arg.Pos()
		}
	}
	for _, operand := range operands(e) {
		if operand == nil {
			continue
		}
		if start := Start(operand); start >= 0 && (at < 0 || start < at) {
			at = start
		}
	}
	return at
}
