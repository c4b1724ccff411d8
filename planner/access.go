package planner

import (
	"fmt"
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
)

// scan chooses how to read a table under the given conditions. goal is the number of rows that will be
// read (0: all).
func (o *optimizer) scan(s *bind.Scan, conds []eval.Expr, goal float64) Node {
	o.track(s)
	if s.Rel.Virtual || s.Rel.Table.Kind == schema.KindSequence {
		return o.virtualScan(s, conds)
	}
	best := o.seqScan(s, conds)
	seq := best.(*SeqScan)
	sc := newScanCols(s)
	if len(conds) > 0 {
		var matches []*indexMatch
		for _, ix := range s.Rel.Indexes {
			m := o.matchIndex(ix, sc, conds)
			if m == nil || !m.narrows() {
				if m == nil && ix.Where != "" && !isDistanceIndex(ix) {
					seq.NotUsed = appendReason(seq.NotUsed, ix, whyPartial)
				}
				continue
			}
			matches = append(matches, m)
			n := o.indexScan(s, m, conds, false)
			if goalCost(n.Info(), goal) < goalCost(best.Info(), goal) {
				best = n
			} else {
				seq.NotUsed = appendReason(seq.NotUsed, ix, fmt.Sprintf("costs %.2f", n.Info().Total))
			}
		}
		if b := o.bitmapScan(s, sc, matches, conds); b != nil && goalCost(b.Info(), goal) < goalCost(best.Info(), goal) {
			best = b
		}
	}
	if o.corr != nil {
		return o.keep(s, best, conds)
	}
	return best
}

// whyPartial is why a partial index is not taken.
const whyPartial = "partial: its predicate is not implied by the conditions"

func appendReason(list []string, ix *schema.Index, why string) []string {
	return append(list, ix.Name+": "+why)
}

// goalCost is the cost of the first goal rows of a node.
func goalCost(i *Base, goal float64) float64 {
	if goal <= 0 || goal >= i.Rows {
		return i.Total
	}
	return i.Startup + (i.Total-i.Startup)*goal/i.Rows
}

// keep makes the reading of a table inside a correlated subquery cheap to repeat: what does not depend
// on the outer row is read once, the rest is a filter over what was kept.
func (o *optimizer) keep(s *bind.Scan, best Node, conds []eval.Expr) Node {
	if _, seq := best.(*SeqScan); !seq {
		return best
	}
	if relRows(s.Rel)*float64(width(s.Cols)) > float64(o.workMem())/4 {
		return best
	}
	var fixed, dep []eval.Expr
	for _, c := range conds {
		if exprCols(c).meets(o.corr) || isVolatile(c) {
			dep = append(dep, c)
		} else {
			fixed = append(fixed, c)
		}
	}
	n := material(o.seqScan(s, fixed))
	if len(dep) == 0 {
		return n
	}
	return o.filter(n, dep)
}

func (o *optimizer) workMem() int64 {
	if o.set.WorkMem > 0 {
		return o.set.WorkMem
	}
	return DefaultWorkMem
}

func material(in Node) Node {
	i := *in.Info()
	i.Total += i.Rows * costRow
	return &Material{Base: i, Input: in}
}

func (o *optimizer) seqScan(s *bind.Scan, conds []eval.Expr) Node {
	rows := relRows(s.Rel)
	n := &SeqScan{Rel: s.Rel, Alias: s.Alias, Conds: o.exprs(conds), NotUsed: o.reasons[s.Rel.Table.OID]}
	n.Cols = s.Cols
	n.Rows = clampRows(rows * o.selectivityAll(conds))
	n.Total = rows * (costRow + costColumn*float64(len(s.Cols)) + costCond*float64(len(conds)))
	if o.set.NoSeqScan {
		n.Total += costDisabled
	}
	sc := scanCols{scan: s, set: setOf(s.Cols)}
	for _, c := range n.Conds {
		if b, ok := asBound(&sc, c); ok {
			n.Prune = append(n.Prune, b)
		}
	}
	return n
}

// asBound reads a condition as column op value, for skipping blocks.
func asBound(sc *scanCols, c eval.Expr) (ColumnBound, bool) {
	cmp, ok := asComparison(c)
	if !ok || cmp.op == "<>" {
		return ColumnBound{}, false
	}
	if sc.attr(cmp.left) <= 0 {
		cmp = cmp.flip()
	}
	a := sc.attr(cmp.left)
	if a <= 0 || !sameFamily(cmp.left.Type().OID, cmp.right.Type().OID) || !sc.value(cmp.right) || hasSubquery(cmp.right) {
		return ColumnBound{}, false
	}
	return ColumnBound{Attr: a, Op: cmp.op, Value: cmp.right}, true
}

func (o *optimizer) virtualScan(s *bind.Scan, conds []eval.Expr) Node {
	n := &VirtualScan{Rel: s.Rel, Alias: s.Alias, Conds: o.exprs(conds)}
	n.Cols = s.Cols
	rows := relRows(s.Rel)
	n.Rows = clampRows(rows * o.selectivityAll(conds))
	n.Total = rows * 0.5
	sc := newScanCols(s)
	for _, c := range n.Conds {
		cmp, ok := asComparison(c)
		if !ok || cmp.op != "=" {
			continue
		}
		if sc.attr(cmp.left) == 0 {
			cmp = cmp.flip()
		}
		a := sc.attr(cmp.left)
		if !isKeyColumn(s.Rel.KeyColumns, a) || !sc.value(cmp.right) || !sameFamily(cmp.left.Type().OID, cmp.right.Type().OID) {
			continue
		}
		n.Keys = append(n.Keys, KeyEqual{Attr: a, Value: cmp.right})
		n.Total = costIndexStart + n.Rows*0.5
	}
	return n
}

func isKeyColumn(keys []int16, a int16) bool {
	for _, k := range keys {
		if k == a {
			return true
		}
	}
	return false
}

// indexScan is reading through one index.
func (o *optimizer) indexScan(s *bind.Scan, m *indexMatch, conds []eval.Expr, reverse bool) *IndexScan {
	n := &IndexScan{Rel: s.Rel, Alias: s.Alias, Index: m.index.Index, Reverse: reverse}
	n.Ranges = o.plannedRanges(&m.ranges)
	rest := m.rest(conds)
	n.Conds = o.exprs(rest)
	n.Cols = s.Cols
	total := relRows(s.Rel)
	read := m.rows(total)
	n.Rows = clampRows(read * o.selectivityAll(rest))
	n.Startup = costIndexStart
	n.Total = costIndexStart*m.probes + read*o.indexRowCost(s, rest)
	n.Order = o.indexOrder(s, m.index, reverse)
	for i, e := range m.ranges.Eq {
		if i < len(n.Order) && (e.Value != nil || e.Null) {
			n.Fixed = append(n.Fixed, n.Order[i].Col)
		}
	}
	if o.set.NoIndexScan {
		n.Total += costDisabled
	}
	return n
}

func (o *optimizer) indexRowCost(s *bind.Scan, conds []eval.Expr) float64 {
	return costIndexRow + costFetchRow + costColumn*float64(len(s.Cols)) + costCond*float64(len(conds))
}

// plannedRanges plans subqueries in the bounds.
func (o *optimizer) plannedRanges(r *IndexRanges) *IndexRanges {
	n := *r
	n.Eq = append([]IndexEq(nil), r.Eq...)
	for i := range n.Eq {
		e := &n.Eq[i]
		e.Value, e.Array, e.List = o.expr(e.Value), o.expr(e.Array), o.exprs(e.List)
	}
	n.Lo, n.Hi = o.expr(r.Lo), o.expr(r.Hi)
	n.Conds = o.exprs(r.Conds)
	return &n
}

// indexOrder is the sort order that reading the index yields. Rows of several ranges come in key order
// as well. An expression stands for a column that no node yields: orderedScan knows it by its place.
func (o *optimizer) indexOrder(s *bind.Scan, ix *scanIndex, reverse bool) []OrderKey {
	var out []OrderKey
	for i, k := range ix.Keys {
		id, ok := columnID(s, k.Column)
		if x := ix.expr(i); x != nil {
			c := o.newCol("", x.Type())
			id, ok = c.ID, true
		}
		if !ok {
			break
		}
		out = append(out, OrderKey{Col: id, Desc: k.Desc != reverse, NullsFirst: k.NullsFirst != reverse})
	}
	return out
}

func columnID(s *bind.Scan, attr int16) (eval.ColID, bool) {
	if attr == 0 {
		return 0, false
	}
	for i := range s.Cols {
		if s.Cols[i].Attr == attr {
			return s.Cols[i].ID, true
		}
	}
	return 0, false
}

// bitmapScan combines indexes: the arms of an OR, or two conditions that two indexes answer.
func (o *optimizer) bitmapScan(s *bind.Scan, sc *scanCols, matches []*indexMatch, conds []eval.Expr) Node {
	c := o.bitmapChoice(s, sc, matches, conds)
	if c == nil {
		return nil
	}
	rest, answered := c.split(conds)
	n := &BitmapScan{Rel: s.Rel, Alias: s.Alias, Set: c.set, Conds: o.exprs(rest), Answered: o.exprs(answered)}
	n.Cols = s.Cols
	total := relRows(s.Rel)
	n.Rows = clampRows(total * o.selectivityAll(conds))
	n.Startup = c.cost
	n.Total = c.cost + math.Max(1, total*c.sel)*(costFetchSort+costColumn*float64(len(s.Cols))+costCond*float64(len(rest)))
	n.Total += math.Min(total, total*c.sel*bitmapSkipMax) * costBitmapSkip
	if o.set.NoBitmapScan {
		n.Total += costDisabled
	}
	return n
}

// bitmapSkipMax is how many rows a bitmap scan passes over for each one that it reads; with fewer rows in
// the bitmap it fetches them one by one.
const bitmapSkipMax = 16

// bitmapChoice is a set of rows made from indexes, with the conditions that it answers to the full.
type bitmapChoice struct {
	set       BitmapNode
	cost, sel float64
	exact     []bool // by condition
}

// split parts the conditions into those that rows must still be checked for and the others.
func (c *bitmapChoice) split(conds []eval.Expr) (rest, answered []eval.Expr) {
	for i, e := range conds {
		if c.exact[i] {
			answered = append(answered, e)
		} else {
			rest = append(rest, e)
		}
	}
	return rest, answered
}

func (o *optimizer) bitmapChoice(s *bind.Scan, sc *scanCols, matches []*indexMatch, conds []eval.Expr) *bitmapChoice {
	total := relRows(s.Rel)
	var parts []BitmapNode
	out := &bitmapChoice{cost: costBitmap, sel: 1, exact: make([]bool, len(conds))}
	used := make([]bool, len(conds))
	for i, c := range conds {
		or, ok := c.(*eval.Or)
		if !ok {
			continue
		}
		set, cost, exact, ok := o.bitmapOr(s, sc, or)
		if !ok {
			continue
		}
		parts = append(parts, set)
		out.cost += cost
		out.sel *= o.selectivity(c)
		used[i], out.exact[i] = true, exact
	}
	// Add the most selective single indexes whose conditions are not yet answered.
	for range matches {
		var best *indexMatch
		for _, m := range matches {
			if !overlaps(m.used, used) && (best == nil || m.sel < best.sel) {
				best = m
			}
		}
		if best == nil || best.sel > 0.5 {
			break
		}
		c := costIndexStart*best.probes + best.rows(total)*costBitmapRow
		if len(parts) > 0 && c > total*out.sel*costFetchRow {
			break
		}
		parts = append(parts, o.bitmapIndex(best, total))
		out.cost += c
		out.sel *= best.sel
		for i, u := range best.used {
			used[i] = used[i] || u
			out.exact[i] = out.exact[i] || u
		}
	}
	if len(parts) == 0 {
		return nil
	}
	out.set = bitmapAll(parts)
	return out
}

func overlaps(a, b []bool) bool {
	for i := range a {
		if a[i] && b[i] {
			return true
		}
	}
	return false
}

func bitmapAll(parts []BitmapNode) BitmapNode {
	if len(parts) == 1 {
		return parts[0]
	}
	return &BitmapAnd{Args: parts}
}

func (o *optimizer) bitmapIndex(m *indexMatch, total float64) *BitmapIndex {
	rows := m.rows(total)
	return &BitmapIndex{
		Index: m.index.Index, Ranges: o.plannedRanges(&m.ranges), Rows: clampRows(rows),
		Cost: costIndexStart*m.probes + rows*costBitmapRow,
	}
}

// bitmapOr makes the union of one index each for the arms of an OR; not ok when an arm has none. Exact
// says that the union is just the rows for which the OR is true.
func (o *optimizer) bitmapOr(s *bind.Scan, sc *scanCols, or *eval.Or) (set BitmapNode, cost float64, exact, ok bool) {
	total := relRows(s.Rel)
	out := &BitmapOr{}
	exact = true
	for _, arm := range or.Args {
		list := conjuncts(nil, arm)
		var best *indexMatch
		for _, ix := range s.Rel.Indexes {
			if m := o.matchIndex(ix, sc, list); m != nil && m.narrows() && (best == nil || m.sel < best.sel) {
				best = m
			}
		}
		if best == nil {
			return nil, 0, false, false
		}
		exact = exact && len(best.rest(list)) == 0
		b := o.bitmapIndex(best, total)
		cost += b.Cost
		out.Args = append(out.Args, b)
	}
	return out, cost, exact, true
}

// filterBitmap is the part of a filter that indexes can answer, as a set of rows, with the conditions that
// are left to check; nil when reading the filter's columns of all rows is cheaper. For distance searches,
// where the whole filter becomes a bitmap.
func (o *optimizer) filterBitmap(s *bind.Scan, conds []eval.Expr) (BitmapNode, []eval.Expr) {
	sc := newScanCols(s)
	var matches []*indexMatch
	for _, ix := range s.Rel.Indexes {
		if m := o.matchIndex(ix, sc, conds); m != nil && m.narrows() {
			matches = append(matches, m)
		}
	}
	c := o.bitmapChoice(s, sc, matches, conds)
	if c == nil || c.cost > relRows(s.Rel)*(costRow+costCond*float64(len(conds))) {
		return nil, conds
	}
	rest, _ := c.split(conds)
	return c.set, rest
}
