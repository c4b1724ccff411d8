package planner

import (
	"math"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// want is what the node above would like.
type want struct {
	// rows is how many rows will be read; 0 means all.
	rows float64
}

// node chooses operators for a rewritten relation.
func (o *optimizer) node(r eval.Rel, w want) (Node, error) {
	o.depth++
	defer func() { o.depth-- }()
	if o.depth > depthMax {
		return nil, pgerr.New("54001", "statement is nested too deeply")
	}
	if o.corr != nil {
		if n, err := o.fixedPart(r); n != nil || err != nil {
			return n, err
		}
	}
	switch r := r.(type) {
	case *bind.Scan:
		return o.scan(r, nil, w.rows), nil
	case *bind.Filter:
		return o.filterNode(r, w)
	case *bind.Project:
		in, err := o.node(r.Input, w)
		if err != nil {
			return nil, err
		}
		return o.project(in, r.Cols, r.Exprs), nil
	case *bind.Join:
		return o.join(r, nil)
	case *bind.Sort:
		return o.sort(r, w.rows, nil, nil)
	case *bind.Limit:
		return o.limit(r)
	case *bind.Aggregate:
		return o.aggregate(r)
	case *bind.Distinct:
		return o.distinctNode(r)
	case *bind.Values:
		return o.values(r), nil
	case *plannedRel:
		return r.node, nil
	}
	return o.rareNode(r, w)
}

func (o *optimizer) rareNode(r eval.Rel, w want) (Node, error) {
	switch r := r.(type) {
	case *bind.SetOp:
		return o.setOp(r)
	case *bind.Window:
		return o.window(r)
	case *bind.With:
		return o.with(r, w)
	case *bind.CTERef:
		return o.cteScan(r)
	case *bind.FuncScan:
		return o.funcScan(r), nil
	case *bind.ProjectSet:
		in, err := o.node(r.Input, w)
		if err != nil {
			return nil, err
		}
		n := &ProjectSet{Base: *in.Info(), Input: in, Exprs: o.exprs(r.Exprs)}
		n.Cols, n.Order, n.Fixed = r.Cols, nil, nil
		n.Rows = clampRows(n.Rows * 10)
		n.Total += n.Rows * costExpr * float64(len(r.Exprs))
		return n, nil
	case *bind.LockRows:
		in, err := o.node(r.Input, w)
		if err != nil {
			return nil, err
		}
		o.writes = true
		for _, l := range r.Locks {
			if mayMiss(r.Input, l.RowID) {
				return nil, pgerr.New(pgerrcode.FeatureNotSupported,
					"%s cannot be applied to the nullable side of an outer join", sql.LockWords(l.Strength))
			}
			o.use(l.Table, UseLock)
		}
		return &LockRows{Base: *in.Info(), Input: in, Locks: r.Locks, NoWait: r.NoWait, Skip: r.Skip}, nil
	case *bind.Modify:
		o.writes = true
		return o.modify(r.Stmt)
	}
	return nil, pgerr.Unsupported("planning %T", r)
}

// mayMiss says whether an outer join may leave a column of r without its row.
func mayMiss(r eval.Rel, id eval.ColID) bool {
	j, ok := r.(*bind.Join)
	if !ok {
		return slices.ContainsFunc(inputs(r), func(in eval.Rel) bool { return mayMiss(in, id) })
	}
	switch {
	case outputSet(j.Left).has(id):
		return j.Kind == bind.Full || mayMiss(j.Left, id)
	case outputSet(j.Right).has(id):
		return j.Kind == bind.Full || j.Kind == bind.Left || mayMiss(j.Right, id)
	}
	return false
}

// fixedPart plans a subtree of a correlated subquery that does not depend on the outer row: it is
// computed once and kept.
func (o *optimizer) fixedPart(r eval.Rel) (Node, error) {
	switch r.(type) {
	case *bind.Scan, *bind.Values, *bind.CTERef, *bind.With, *bind.Limit, *bind.Modify:
		return nil, nil // a scan decides itself; the others are cheap or must not be kept
	}
	if freeCols(r).meets(o.corr) || relVolatile(r) {
		return nil, nil
	}
	saved := o.corr
	o.corr = nil
	n, err := o.node(r, want{})
	o.corr = saved
	if err != nil {
		return nil, err
	}
	if n.Info().Rows*float64(width(n.Info().Cols)) > float64(o.workMem())/4 {
		return n, nil
	}
	return material(n), nil
}

func (o *optimizer) filterNode(r *bind.Filter, w want) (Node, error) {
	conds := conjuncts(nil, r.Cond)
	switch in := r.Input.(type) {
	case *bind.Scan:
		return o.scanOnce(in, conds, w.rows), nil
	case *bind.Join:
		if in.Kind == bind.Inner {
			return o.join(in, conds)
		}
	}
	n, err := o.node(r.Input, want{})
	if err != nil {
		return nil, err
	}
	return o.filter(n, conds), nil
}

// scanOnce reads a table; conditions without columns of it are looked at before.
func (o *optimizer) scanOnce(s *bind.Scan, conds []eval.Expr, goal float64) Node {
	own := setOf(s.Cols)
	var once, each []eval.Expr
	for _, c := range conds {
		if !exprCols(c).meets(own) && !isVolatile(c) {
			once = append(once, c)
		} else {
			each = append(each, c)
		}
	}
	n := o.scan(s, each, goal)
	if len(once) == 0 {
		return n
	}
	return o.filter(n, once)
}

// filter puts conditions over a node. Conditions without columns of the node are looked at first, once.
func (o *optimizer) filter(in Node, conds []eval.Expr) Node {
	own := setOf(in.Info().Cols)
	var once, each []eval.Expr
	for _, c := range conds {
		if !exprCols(c).meets(own) && !isVolatile(c) {
			once = append(once, c)
		} else {
			each = append(each, c)
		}
	}
	n := in
	if len(each) > 0 {
		f := &Filter{Base: *n.Info(), Input: n, Conds: o.exprs(each)}
		f.Rows = clampRows(f.Rows * o.selectivityAll(each))
		f.Total += in.Info().Rows * costCond * float64(len(each))
		n = f
	}
	if len(once) > 0 {
		n = &Filter{Base: *n.Info(), Input: n, Conds: o.exprs(once), OneTime: true}
	}
	return n
}

func (o *optimizer) project(in Node, cols []eval.Column, exprs []eval.Expr) Node {
	for i := range cols {
		o.alias(cols[i].ID, exprs[i])
	}
	n := &Project{Base: *in.Info(), Input: in, Exprs: o.exprs(exprs)}
	n.Cols = cols
	n.Order, n.Fixed = throughProject(in.Info(), cols, exprs)
	computed := 0
	for i, e := range exprs {
		if isValue(e) {
			n.Fixed = append(n.Fixed, cols[i].ID)
		}
		if _, ok := e.(*eval.Col); !ok {
			computed++
		}
	}
	n.Total += n.Rows * costExpr * float64(computed)
	return n
}

// exprs plans the subqueries in a list of expressions.
func (o *optimizer) exprs(list []eval.Expr) []eval.Expr {
	m := mapper{f: o.expr}
	return m.list(list)
}

func (o *optimizer) keys(list []eval.SortKey) []eval.SortKey {
	m := mapper{f: o.expr}
	return m.keys(list)
}

// expr plans the subqueries in an expression. The first error is kept for Make.
func (o *optimizer) expr(e eval.Expr) eval.Expr {
	switch e.(type) {
	case nil, *eval.Col, *eval.Const, *eval.Param:
		return e
	}
	if !hasSubquery(e) {
		return e
	}
	return eval.Rewrite(e, func(x eval.Expr) eval.Expr {
		q, ok := x.(*eval.Subquery)
		if !ok {
			return x
		}
		if _, done := q.Rel.(*SubPlan); done {
			return x
		}
		c := *q
		sp, err := o.subPlan(q)
		if err != nil {
			if o.err == nil {
				o.err = err
			}
			return x
		}
		c.Rel, c.Outer = sp, sp.Params
		return &c
	})
}

// subPlan plans the relation of a subquery expression. A subquery met twice (in alternatives that are
// compared) is planned once.
func (o *optimizer) subPlan(q *eval.Subquery) (*SubPlan, error) {
	if sp := o.planned[q.Rel]; sp != nil {
		return sp, nil
	}
	var params colSet
	for _, id := range q.Outer {
		params.add(id)
	}
	saved := o.corr
	o.corr = nil
	if !params.empty() {
		o.corr = params
		o.corr.addAll(saved)
	}
	root, err := o.block(q.Rel)
	o.corr = saved
	if err != nil {
		return nil, err
	}
	sp := &SubPlan{N: len(o.subs) + 1, Root: root, Params: q.Outer}
	o.subs = append(o.subs, sp)
	if o.planned == nil {
		o.planned = map[eval.Rel]*SubPlan{}
	}
	o.planned[q.Rel] = sp
	return sp, nil
}

// constCount is the value of a constant LIMIT or OFFSET; def when it is none.
func constCount(e eval.Expr, def float64) float64 {
	switch c := e.(type) {
	case nil:
		return 0
	case *eval.Const:
		if c.D.Null {
			return 0
		}
		return math.Max(float64(c.D.I), 0)
	}
	return def
}

// defaultLimit is what a LIMIT parameter is taken for.
const defaultLimit = 10.0

func (o *optimizer) limit(r *bind.Limit) (Node, error) {
	off := constCount(r.Offset, 0)
	goal := 0.0
	if r.Count != nil {
		goal = constCount(r.Count, defaultLimit) + off
	}
	var in Node
	var err error
	var ties []eval.SortKey
	done := false
	if r.WithTies {
		if s, ok := r.Input.(*bind.Sort); ok {
			ties = s.Keys
		}
		in, err = o.node(r.Input, want{})
	} else {
		in, done, err = o.limitInput(r, goal)
	}
	if err != nil {
		return nil, err
	}
	if done {
		return in, nil
	}
	n := &Limit{Base: *in.Info(), Input: in, Count: o.expr(r.Count), Offset: o.expr(r.Offset), WithTies: r.WithTies, Ties: ties}
	if r.Count != nil {
		n.Total = goalCost(in.Info(), math.Max(goal, 1))
		n.Rows = clampRows(math.Min(n.Rows, goal) - off)
	}
	return n, nil
}

// limitInput plans what is below a LIMIT: an index on distance, the first rows of a sort, or anything
// that may stop early. A projection between the limit and the sort stays above the sort.
func (o *optimizer) limitInput(r *bind.Limit, goal float64) (n Node, done bool, err error) {
	if l := o.annLateral(r); l != nil {
		r = l
	}
	if n, err := o.annSearch(r, goal); n != nil || err != nil {
		return n, false, err
	}
	in := r.Input
	var projects []*bind.Project
	for {
		p, ok := in.(*bind.Project)
		if !ok {
			break
		}
		projects = append(projects, p)
		in = p.Input
	}
	s, ok := in.(*bind.Sort)
	if !ok || r.Count == nil {
		n, err = o.node(r.Input, want{rows: goal})
		return n, false, err
	}
	n, err = o.sort(s, goal, r.Count, r.Offset)
	if err != nil {
		return nil, false, err
	}
	for i := len(projects) - 1; i >= 0; i-- {
		n = o.project(n, projects[i].Cols, projects[i].Exprs)
	}
	return n, false, nil
}

func (o *optimizer) values(r *bind.Values) Node {
	if len(r.Rows) == 0 {
		return &Empty{Base{Cols: r.Cols, Rows: 0}}
	}
	n := &Values{Lists: make([][]eval.Expr, len(r.Rows))}
	for i, row := range r.Rows {
		n.Lists[i] = o.exprs(row)
	}
	n.Cols, n.Rows = r.Cols, float64(len(r.Rows))
	n.Total = n.Rows * costRow
	return n
}
