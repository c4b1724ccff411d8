package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// projection builds what stands above a SELECT's filter: aggregation, windows, set-returning
// functions, the select list with DISTINCT, ORDER BY and LIMIT.
type projection struct {
	b       *binder
	sc      *scope
	q       *query
	targets []target
	visible int // the first so many are the select list, the rest junk

	keys       []projKey // ORDER BY
	distinctOn []int     // targets of DISTINCT ON
	rowIDs     []eval.Column
	proj       *Project
	final      []eval.Column // columns above junk, when there is junk
}

// projKey is one ORDER BY key as an index into targets.
type projKey struct {
	target int
	item   sql.OrderItem
}

// order binds ORDER BY and DISTINCT ON: each key is an entry of the select list or becomes junk.
func (p *projection) order(s *sql.Select) error {
	p.sc.clause = inOrderBy
	for _, o := range s.OrderBy {
		i, err := p.find(o.Expr, "ORDER BY")
		if err != nil {
			return err
		}
		if s.Distinct && s.DistinctOn == nil && i >= p.visible {
			return errAt(o.Expr.Pos(), pgerrcode.InvalidColumnReference,
				"for SELECT DISTINCT, ORDER BY expressions must appear in select list")
		}
		if err := p.b.checkSortable(p.targets[i].expr, o); err != nil {
			return err
		}
		p.keys = append(p.keys, projKey{i, o})
	}
	if s.Distinct && s.DistinctOn == nil {
		for i := range p.visible {
			if _, err := p.typed(&p.targets[i]); err != nil {
				return err
			}
			if err := p.b.checkEquality(p.targets[i].expr.Type().OID, p.targets[i].at); err != nil {
				return err
			}
		}
	}
	for _, e := range s.DistinctOn {
		i, err := p.find(e, "DISTINCT ON")
		if err != nil {
			return err
		}
		p.distinctOn = append(p.distinctOn, i)
	}
	return p.checkDistinctOn(s)
}

// checkDistinctOn wants the DISTINCT ON expressions before all others in ORDER BY.
func (p *projection) checkDistinctOn(s *sql.Select) error {
	if s.DistinctOn == nil {
		return nil
	}
	left := make(map[int]bool)
	for _, i := range p.distinctOn {
		left[i] = true
	}
	for _, k := range p.keys {
		if len(left) == 0 {
			return nil
		}
		if !contains(p.distinctOn, k.target) {
			return errAt(k.item.Expr.Pos(), pgerrcode.InvalidColumnReference,
				"SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
		}
		delete(left, k.target)
	}
	return nil
}

// find resolves a key: a position, a name of the select list, or an expression over FROM.
func (p *projection) find(e sql.Expr, what string) (int, error) {
	switch k := e.(type) {
	case *sql.Literal:
		t, err := ordinal(k, p.targets[:p.visible], what)
		if err != nil {
			return 0, err
		}
		return p.typed(t)
	case *sql.ColumnRef:
		if len(k.Names) == 1 && !k.Star {
			t, err := byAlias(k, p.targets[:p.visible], what)
			if err != nil {
				return 0, err
			}
			if t != nil {
				return p.typed(t)
			}
		}
	}
	x, err := p.b.typedExpr(p.sc, e)
	if err != nil {
		return 0, err
	}
	for i := range p.targets {
		if eval.Equal(p.targets[i].expr, x) {
			return i, nil
		}
	}
	name := columnName(e)
	if c, ok := x.(*eval.Col); ok {
		name = c.Name
	}
	p.targets = append(p.targets, target{expr: x, ast: e, name: name, at: e.Pos(), junk: true})
	return len(p.targets) - 1, nil
}

// typed returns the index of an entry of the select list, which as a key is a text when its type is still open.
func (p *projection) typed(t *target) (int, error) {
	var err error
	t.expr, err = p.b.toText(t.expr, t.at)
	for i := range p.targets {
		if &p.targets[i] == t {
			return i, err
		}
	}
	return 0, err
}

// below adds Aggregate, HAVING, windows and ProjectSet to rel.
func (p *projection) below(rel Rel, having eval.Expr) (Rel, error) {
	q := p.q
	if q.hasAggregation() {
		rel = projectSets(rel, q.setsOfGroups())
		agg, r := p.b.aggregateNode(q, rel)
		if err := r.direct(); err != nil {
			return nil, err
		}
		for i := range p.targets {
			var err error
			if p.targets[i].expr, err = r.expr(p.targets[i].expr); err != nil {
				return nil, err
			}
		}
		having, err := r.expr(having)
		if err != nil {
			return nil, err
		}
		for _, w := range q.windows {
			if err := w.regroup(r); err != nil {
				return nil, err
			}
		}
		for _, c := range q.rowSets.calls {
			if err := r.exprs(c.Args); err != nil {
				return nil, err
			}
		}
		agg.Groups, agg.GroupCols = q.groups, q.groupCols // determined columns may have come
		rel = agg
		if having != nil {
			rel = &Filter{Input: rel, Cond: having}
		}
	}
	for _, w := range q.windows {
		w.Input = rel
		rel = w
	}
	return projectSets(rel, q.rowSets), nil
}

// projectSets adds ProjectSet nodes. Calls whose arguments use other calls' results go above those.
func projectSets(rel Rel, sets setList) Rel {
	done := make([]bool, len(sets.calls))
	for left := len(done); left > 0; {
		node := &ProjectSet{Input: rel}
		for _, c := range rel.Output() {
			node.Cols = append(node.Cols, c)
			node.Exprs = append(node.Exprs, &eval.Col{ID: c.ID, T: c.T, Name: c.Name})
		}
		var now []int
		for i, c := range sets.calls {
			if !done[i] && !sets.waits(c, done) {
				now = append(now, i)
				node.Cols, node.Exprs = append(node.Cols, sets.cols[i]), append(node.Exprs, c)
			}
		}
		for _, i := range now {
			done[i] = true
		}
		left -= len(now)
		rel = node
	}
	return rel
}

// waits says whether a call uses the result of one that is not computed yet.
func (s setList) waits(c *eval.Call, done []bool) bool {
	used := columnsOf(c)
	for i, col := range s.cols {
		if used[col.ID] && !done[i] {
			return true
		}
	}
	return false
}

// above adds the select list and what follows it.
func (p *projection) above(rel Rel, s *sql.Select, limit limitClause, locks *LockRows) (*queryOut, error) {
	b := p.b
	p.proj = &Project{
		Input: rel, Cols: make([]eval.Column, len(p.targets), len(p.targets)+len(p.rowIDs)),
		Exprs: make([]eval.Expr, len(p.targets), len(p.targets)+len(p.rowIDs)),
	}
	used := make(map[eval.ColID]bool)
	for i := range p.targets {
		t := &p.targets[i]
		t.id = 0
		if c, ok := t.expr.(*eval.Col); ok && !used[c.ID] && !p.takenLater(c.ID) {
			t.id = c.ID // a plain column passes through under its own id
		} else {
			t.id = b.newID()
		}
		used[t.id] = true
		b.noteFields(t.id, t.expr)
		p.proj.Exprs[i] = t.expr
		p.proj.Cols[i] = eval.Column{ID: t.id, Name: t.name, T: t.expr.Type(), Table: t.table, Attr: t.attr}
	}
	for _, c := range p.rowIDs {
		p.proj.Exprs = append(p.proj.Exprs, &eval.Col{ID: c.ID, T: c.T, Name: c.Name})
		p.proj.Cols = append(p.proj.Cols, c)
	}
	rel = p.proj
	rel = p.sorted(rel, s)
	if locks != nil {
		locks.Input = rel
		rel = locks
	}
	if limit.count != nil || limit.offset != nil {
		rel = &Limit{Input: rel, Count: limit.count, Offset: limit.offset, WithTies: s.WithTies}
	}
	if len(p.proj.Cols) > p.visible {
		rel = p.dropJunk(rel)
	}
	out := &queryOut{rel: rel, retype: p.retype}
	for i := range p.visible {
		out.pos = append(out.pos, p.targets[i].at)
	}
	return out, nil
}

// takenLater says whether the id is an outer query's: it must not be defined again here.
func (p *projection) takenLater(id eval.ColID) bool {
	for _, o := range p.sc.outer {
		if o == id {
			return true
		}
	}
	return false
}

// sorted adds DISTINCT and ORDER BY: DISTINCT ON keeps the first rows of the order, so it comes after.
func (p *projection) sorted(rel Rel, s *sql.Select) Rel {
	if s.Distinct && s.DistinctOn == nil {
		rel = &Distinct{Input: rel}
	}
	if len(p.keys) > 0 {
		sort := &Sort{Input: rel, Keys: make([]eval.SortKey, len(p.keys))}
		for i, k := range p.keys {
			sort.Keys[i] = sortKey(p.col(k.target), k.item)
		}
		rel = sort
	}
	if s.DistinctOn != nil {
		d := &Distinct{Input: rel}
		for _, i := range p.distinctOn {
			d.On = append(d.On, p.col(i))
		}
		rel = d
	}
	return rel
}

func (p *projection) col(i int) *eval.Col {
	t := &p.targets[i]
	return &eval.Col{ID: t.id, T: t.expr.Type(), Name: t.name}
}

// dropJunk projects the select list alone.
func (p *projection) dropJunk(rel Rel) Rel {
	top := &Project{Input: rel, Cols: append([]eval.Column(nil), p.proj.Cols[:p.visible]...)}
	for i := range top.Cols {
		c := top.Cols[i]
		top.Exprs = append(top.Exprs, &eval.Col{ID: c.ID, T: c.T, Name: c.Name})
	}
	p.final = top.Cols
	return top
}

// retype gives a select list entry of open type the type t.
func (p *projection) retype(i int, t types.T, at int) error {
	if at < 0 {
		at = p.targets[i].at
	}
	x, err := p.b.coerceType(p.proj.Exprs[i], t, fn.Implicit, at)
	if err != nil {
		return err
	}
	p.proj.Exprs[i], p.proj.Cols[i].T = x, x.Type()
	p.targets[i].expr = x
	if p.final != nil {
		p.final[i].T = x.Type()
	}
	return nil
}
