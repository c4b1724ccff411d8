package planner

import (
	"fmt"
	"math"
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// DistanceForm says what a distance function makes of a metric's distance.
type DistanceForm uint8

// The forms.
const (
	DistancePlain   DistanceForm = iota
	DistanceSquared              // of l2
	DistanceNegated              // grows as the distance shrinks: the inner product
)

// distanceFuncs are the functions whose order a distance index serves: ascending, or descending for a negated
// one. The operators <-> <#> <=> <+> are these functions.
var distanceFuncs = map[string]struct {
	metric string
	form   DistanceForm
}{
	"l2_distance":                    {"l2", DistancePlain},
	"vector_l2_squared_distance":     {"l2", DistanceSquared},
	"halfvec_l2_squared_distance":    {"l2", DistanceSquared},
	"cosine_distance":                {"cosine", DistancePlain},
	"vector_negative_inner_product":  {"ip", DistancePlain},
	"halfvec_negative_inner_product": {"ip", DistancePlain},
	"inner_product":                  {"ip", DistanceNegated},
	"l1_distance":                    {"l1", DistancePlain},
}

// OpclassMetric is the metric of a vector operator class (vector_l2_ops, halfvec_cosine_ops ...).
func OpclassMetric(opclass string) string {
	for _, m := range [4]string{"l2", "ip", "cosine", "l1"} {
		if strings.Contains(opclass, "_"+m+"_") {
			return m
		}
	}
	return "l2"
}

// isDistanceIndex says whether an index orders rows by distance.
func isDistanceIndex(ix *schema.Index) bool { return ix.Method != "btree" }

// distanceKey is a sort key that ascends with the distance between a column and a value.
type distanceKey struct {
	call       *eval.Call
	col        *eval.Col
	query      eval.Expr
	metric     string
	form       DistanceForm
	nullsFirst bool
}

// sortKey orders by the distance in a column.
func (d *distanceKey) sortKey(col eval.Expr) eval.SortKey {
	return eval.SortKey{Expr: col, Desc: d.form == DistanceNegated, NullsFirst: d.nullsFirst}
}

// asDistance reads a sort key as a distance, also behind a monotone function of it: 1 - d DESC, -d
// DESC, d * 2, d + 1, sqrt(d).
func asDistance(k eval.SortKey, own colSet) (distanceKey, bool) {
	e, desc := k.Expr, k.Desc
	for range 16 {
		e = stripRelabel(e)
		c, ok := e.(*eval.Call)
		if !ok {
			return distanceKey{}, false
		}
		if d, ok := distanceFuncs[c.F.Name]; ok && len(c.Args) == 2 {
			if desc != (d.form == DistanceNegated) {
				return distanceKey{}, false
			}
			key, ok := distanceArgs(c, own)
			key.metric, key.form, key.nullsFirst = d.metric, d.form, k.NullsFirst
			return key, ok
		}
		next, flips, ok := monotone(c)
		if !ok {
			return distanceKey{}, false
		}
		e = next
		if flips {
			desc = !desc
		}
	}
	return distanceKey{}, false
}

// distanceArgs tells the column from the value that it is compared with.
func distanceArgs(c *eval.Call, own colSet) (distanceKey, bool) {
	for i := range 2 {
		col, ok := stripRelabel(c.Args[i]).(*eval.Col)
		other := c.Args[1-i]
		if ok && own.has(col.ID) && !exprCols(other).meets(own) && !isVolatile(other) {
			return distanceKey{call: c, col: col, query: other}, true
		}
	}
	return distanceKey{}, false
}

// monotone takes one strictly monotone step off an expression: flips says that it reverses the order.
func monotone(c *eval.Call) (arg eval.Expr, flips, ok bool) {
	if len(c.Args) == 1 {
		switch {
		case c.Op == "-" && c.Form == eval.FormOp:
			return c.Args[0], true, true
		case c.F.Name == "sqrt", c.Form == eval.FormImplicitCast || c.Form == eval.FormExplicitCast:
			// A cast to numeric or a narrower float keeps the order but may make ties; rounding casts would not.
			return c.Args[0], false, c.F.Name == "sqrt" || castKeepsOrder(c)
		}
		return nil, false, false
	}
	if len(c.Args) != 2 || c.Form != eval.FormOp {
		return nil, false, false
	}
	l, lok := numberConst(c.Args[0])
	r, rok := numberConst(c.Args[1])
	switch {
	case c.Op == "-" && lok:
		return c.Args[1], true, true
	case c.Op == "-" && rok, c.Op == "+" && rok:
		return c.Args[0], false, true
	case c.Op == "+" && lok:
		return c.Args[1], false, true
	case c.Op == "*" && lok && l != 0:
		return c.Args[1], l < 0, true
	case c.Op == "*" && rok && r != 0, c.Op == "/" && rok && r != 0:
		return c.Args[0], r < 0, true
	}
	return nil, false, false
}

func castKeepsOrder(c *eval.Call) bool {
	return c.T.OID == types.Float8OID || c.T.OID == types.NumericOID
}

func numberConst(e eval.Expr) (float64, bool) {
	c, ok := stripRelabel(e).(*eval.Const)
	if !ok || c.D.Null {
		return 0, false
	}
	v := number(c.T.OID, c.D)
	return v, !math.IsNaN(v) && !math.IsInf(v, 0)
}

// annSearch plans LIMIT over ORDER BY distance over one table as a search of a distance index. It returns nil
// when the shape or the indexes do not allow that.
func (o *optimizer) annSearch(r *bind.Limit, goal float64) (Node, error) {
	chain := &annChain{}
	in := r.Input
	for {
		if p, ok := in.(*bind.Project); ok {
			chain.above = append(chain.above, p)
			in = p.Input
			continue
		}
		break
	}
	s, ok := in.(*bind.Sort)
	if !ok || r.Count == nil {
		return nil, nil
	}
	below := belowProjects(s)
	if below == nil {
		return nil, nil
	}
	chain.below = below.projects
	chain.need = outputSet(r.Input)
	t := distanceTargetOf(below)
	if t == nil {
		return o.annJoin(r, below, chain, goal)
	}
	ix := o.distanceIndex(t.scan, t.key)
	if ix == nil {
		return nil, nil
	}
	return o.annNode(t, below.keys, ix, chain, r, goal), nil
}

// sortBelow is a sort whose keys have been carried through the projections under it.
type sortBelow struct {
	keys     []eval.SortKey
	projects []*bind.Project // outermost first
	input    eval.Rel        // under the projections
}

// belowProjects carries the keys of a sort down; nil when they may not be computed in another place, or twice.
func belowProjects(s *bind.Sort) *sortBelow {
	b := &sortBelow{keys: dedupKeys(s.Keys), input: s.Input}
	for {
		p, ok := b.input.(*bind.Project)
		if !ok {
			break
		}
		by := make(map[eval.ColID]eval.Expr, len(p.Cols))
		for i := range p.Cols {
			by[p.Cols[i].ID] = p.Exprs[i]
		}
		for i := range b.keys {
			b.keys[i].Expr = substitute(b.keys[i].Expr, by)
		}
		b.projects = append(b.projects, p)
		b.input = p.Input
	}
	for i, k := range b.keys {
		if isVolatile(k.Expr) || i > 0 && hasSubquery(k.Expr) {
			return nil
		}
	}
	if len(b.keys) == 0 {
		return nil
	}
	return b
}

// distanceTarget is the table that an ORDER BY distance sorts.
type distanceTarget struct {
	scan  *bind.Scan
	conds []eval.Expr
	key   distanceKey
}

// distanceTargetOf reads the first key of a sort as a distance over one table; nil when it is none.
func distanceTargetOf(b *sortBelow) *distanceTarget {
	t := &distanceTarget{}
	in := b.input
	if f, ok := in.(*bind.Filter); ok {
		t.conds, in = conjuncts(nil, f.Cond), f.Input
	}
	var ok bool
	if t.scan, ok = in.(*bind.Scan); !ok || t.scan.Rel.Virtual {
		return nil
	}
	if t.key, ok = asDistance(b.keys[0], setOf(t.scan.Cols)); !ok {
		return nil
	}
	return t
}

// annChain is the projections over the scan, outermost first: above the sort and below it.
type annChain struct {
	above, below []*bind.Project
	need         colSet
}

// distanceIndex finds an index for the distance and says for each other one why it does not serve.
func (o *optimizer) distanceIndex(s *bind.Scan, d distanceKey) *schema.Index {
	attr := newScanCols(s).attr(d.col)
	var found *schema.Index
	for _, ix := range s.Rel.Indexes {
		if !isDistanceIndex(ix) || found != nil {
			continue
		}
		why := ""
		switch m := OpclassMetric(ix.Keys[0].Opclass); {
		case ix.Keys[0].Column != attr:
			continue
		case m != d.metric:
			why = fmt.Sprintf("its operator class %s does not order by %s", ix.Keys[0].Opclass, d.call.F.Name)
		case ix.Where != "":
			why = whyPartial
		case o.set.NoAnn || o.set.NoIndexScan:
			why = "index scans are switched off"
		default:
			found = ix
			continue
		}
		o.reason(s.Rel, ix, why)
	}
	return found
}

// reason notes why an index of a table was not taken, for the scan that is planned instead.
func (o *optimizer) reason(rel *cat.Relation, ix *schema.Index, why string) {
	if o.reasons == nil {
		o.reasons = map[types.OID][]string{}
	}
	list := o.reasons[rel.Table.OID]
	o.reasons[rel.Table.OID] = appendReason(list, ix, why)
}

// annNode makes the search, what is left of the filter, and the projections above it. Keys after the distance
// need all rows that are as far as the last one: the search then goes on until a row is farther, and a sort
// decides among them.
func (o *optimizer) annNode(t *distanceTarget, keys []eval.SortKey, ix *schema.Index, chain *annChain, r *bind.Limit, goal float64) Node {
	dist := o.newCol("distance", t.key.call.T)
	n, after := o.annScan(t.scan, t.conds, ix, t.key, dist)
	replaced := chain.replace(t.key.call, colOf(&dist))
	need := chain.scanNeeds(replaced)
	n.Rows = math.Min(n.FilterRows, math.Max(goal, 1))
	if len(keys) == 1 {
		n.Limit, n.Offset = o.expr(r.Count), o.expr(r.Offset)
	} else {
		n.First = int(math.Min(goal, relRows(t.scan.Rel)) + candidatesMin)
		keys = replaceInKeys(keys, t.key.call, colOf(&dist))
		for _, k := range keys {
			need.addExpr(k.Expr)
		}
	}
	n.Total = n.Startup + n.Rows*costFetchRow
	n.setCols(t.scan, need, dist)
	var out Node = n
	if len(after) > 0 {
		out = o.filter(out, after)
	}
	if len(keys) > 1 {
		out = o.sortFirst(out, r, keys)
	}
	return o.projectAll(out, replaced)
}

// projectAll puts projections, outermost first, over a node.
func (o *optimizer) projectAll(n Node, list []*bind.Project) Node {
	for i := len(list) - 1; i >= 0; i-- {
		n = o.project(n, list[i].Cols, list[i].Exprs)
	}
	return n
}

// replaceInKeys takes the distance in sort keys from its column.
func replaceInKeys(keys []eval.SortKey, call *eval.Call, dist *eval.Col) []eval.SortKey {
	m := mapper{f: func(e eval.Expr) eval.Expr { return replaceCall(e, call, dist) }}
	return m.keys(keys)
}

func replaceCall(e eval.Expr, call *eval.Call, dist *eval.Col) eval.Expr {
	return eval.Rewrite(e, func(x eval.Expr) eval.Expr {
		if eval.Equal(x, call) {
			return dist
		}
		return x
	})
}

// setCols gives the scan its output: the columns of need and the distance.
func (n *AnnScan) setCols(s *bind.Scan, need colSet, dist eval.Column) {
	for i := range s.Cols {
		if need.has(s.Cols[i].ID) {
			n.Cols = append(n.Cols, s.Cols[i])
		}
	}
	n.Cols = append(n.Cols, dist)
	n.Order = []OrderKey{{Col: dist.ID, Desc: n.Form == DistanceNegated, NullsFirst: n.NullsFirst}}
}

// scanNeeds is what the innermost of the projections takes from below; without any, what is wanted above.
func (c *annChain) scanNeeds(replaced []*bind.Project) colSet {
	need := c.need
	for _, p := range replaced {
		var below colSet
		for i := range p.Cols {
			if need.has(p.Cols[i].ID) {
				below.addExpr(p.Exprs[i])
			}
		}
		need = below
	}
	return need
}

// annScan makes the search of an index under a filter; after are conditions on the distance that are
// checked on what it finds.
func (o *optimizer) annScan(s *bind.Scan, conds []eval.Expr, ix *schema.Index, d distanceKey, dist eval.Column) (n *AnnScan, after []eval.Expr) {
	o.track(s)
	n = &AnnScan{
		Rel: s.Rel, Alias: s.Alias, Index: ix, Metric: d.metric, Vector: ix.Keys[0].Column,
		Query: o.expr(d.query), DistCol: dist.ID, DistExpr: o.expr(d.call), Form: d.form, NullsFirst: d.nullsFirst,
	}
	conds, after = n.splitConds(conds, d, colOf(&dist), setOf(s.Cols))
	var rest []eval.Expr
	n.Set, rest = o.filterBitmap(s, conds)
	n.Conds, n.Rest = o.exprs(conds), o.exprs(rest)
	uses := exprsCols(rest)
	for i := range s.Cols {
		if uses.has(s.Cols[i].ID) {
			n.FilterCols = append(n.FilterCols, s.Cols[i])
		}
	}
	n.ReadsVectors = uses.has(d.col.ID)
	n.FilterRows = clampRows(relRows(s.Rel) * o.selectivityAll(conds))
	o.annEffort(n, s.Rel)
	return n, after
}

// splitConds parts the filter of a search. What must be known before it stays in conds; an upper bound of
// the distance itself is checked on the rows found, over the distance column: they come nearest first,
// so those that pass are the first ones. That the vector is not null needs no check at all.
func (n *AnnScan) splitConds(conds []eval.Expr, d distanceKey, dist *eval.Col, own colSet) (before, after []eval.Expr) {
	for _, c := range conds {
		if t, ok := c.(*eval.IsNull); ok && t.Not {
			if col, ok := stripRelabel(t.Arg).(*eval.Col); ok && col.ID == d.col.ID {
				n.SkipNulls = true
				continue
			}
		}
		if e, ok := upperBound(c, d, dist, own); ok && !d.nullsFirst {
			n.SkipNulls = true // a null distance passes no bound
			after = append(after, e)
			continue
		}
		before = append(before, c)
	}
	return before, after
}

// upperBound reads c as distance < value or distance <= value (of a negated one > or >=), with the distance
// taken from its column.
func upperBound(c eval.Expr, d distanceKey, dist *eval.Col, own colSet) (eval.Expr, bool) {
	cmp, ok := asComparison(c)
	if !ok || hasSubquery(c) {
		return nil, false
	}
	left := eval.Equal(cmp.left, d.call)
	if !left {
		cmp = cmp.flip()
	}
	op := cmp.op
	if d.form == DistanceNegated {
		op = flipped[op]
	}
	if (op != "<" && op != "<=") || !eval.Equal(cmp.left, d.call) || exprCols(cmp.right).meets(own) || isVolatile(cmp.right) {
		return nil, false
	}
	n := *cmp.call
	n.Args = []eval.Expr{dist, cmp.right}
	if !left {
		n.Args = []eval.Expr{cmp.right, dist}
	}
	return &n, true
}

// replace lists the chain's projections, outermost first, with the distance taken from the scan and
// without columns that nobody above needs.
func (c *annChain) replace(call *eval.Call, dist *eval.Col) []*bind.Project {
	all := append(append([]*bind.Project(nil), c.above...), c.below...)
	// The call is over scan columns: an expression above a projection is over the projection's, and only
	// the innermost projection can hold the call itself.
	need := c.need
	out := make([]*bind.Project, len(all))
	for i, p := range all {
		n := &bind.Project{}
		var below colSet
		for k := range p.Cols {
			if !need.has(p.Cols[k].ID) {
				continue
			}
			e := p.Exprs[k]
			if i == len(all)-1 {
				e = replaceCall(e, call, dist)
			}
			n.Cols, n.Exprs = append(n.Cols, p.Cols[k]), append(n.Exprs, e)
			below.addExpr(e)
		}
		out[i] = n
		need = below
	}
	return out
}

// annEffort picks probes and refine from the measured curve, or from the session's settings.
func (o *optimizer) annEffort(n *AnnScan, rel *cat.Relation) {
	var st *cat.ANNStats
	if rel.Stats != nil {
		st = rel.Stats.ANN(n.Index.OID)
	}
	n.Recall = 1
	if st != nil && st.Rows > 0 {
		p := curvePoint(st, o.set.Search.Recall(n.Index))
		n.Probes, n.Refine, n.Recall = p.Probes, p.Refine, p.Recall
		n.Probes = max(n.Probes, o.set.Search.LeastProbes(n.Index, st.Partitions))
	}
	if o.set.Search.Probes > 0 {
		n.Probes = o.set.Search.Probes
	}
	if o.set.Search.Refine > 0 {
		n.Refine = o.set.Search.Refine
	}
	if st != nil && st.Rows > 0 && (o.set.Search.Probes > 0 || o.set.Search.Refine > 0) {
		n.Recall = curveRecall(st, n.Probes, n.Refine)
	}
	n.Startup = float64(n.Probes)*costAnnProbe + float64(n.Refine)*costAnnRefine
	if st != nil {
		n.Startup += st.Unindexed * costRow
	} else {
		n.Startup += relRows(rel) * costRow
	}
	switch {
	case st == nil || st.Rows == 0:
		n.Strategy = "exact"
	case len(n.Conds) == 0:
		n.Strategy = "partitions"
	case n.FilterRows <= ExactRowsMax, n.ReadsVectors:
		n.Strategy = "exact over filtered rows"
	default:
		n.Strategy = "partitions with filter"
	}
}

// ExactRowsMax is the number of rows up to which a filtered search computes all distances: gathering that
// many vectors costs less than a search, and its recall is 1.
const ExactRowsMax = 2000

// curvePoint is the cheapest measured point that reaches the recall, or the best one.
func curvePoint(st *cat.ANNStats, recall float64) cat.ANNPoint {
	var best cat.ANNPoint
	found := false
	for _, p := range st.Curve {
		reaches := p.Recall >= recall
		cost := float64(p.Probes)*costAnnProbe + float64(p.Refine)*costAnnRefine
		bestCost := float64(best.Probes)*costAnnProbe + float64(best.Refine)*costAnnRefine
		switch {
		case reaches && (!found || cost < bestCost):
			best, found = p, true
		case !found && p.Recall > best.Recall:
			best = p
		}
	}
	return best
}

// curveRecall is the recall of the greatest measured effort that is not above the given one.
func curveRecall(st *cat.ANNStats, probes, refine int) float64 {
	best := 0.0
	for _, p := range st.Curve {
		if p.Probes <= probes && (refine == 0 || p.Refine <= refine) {
			best = math.Max(best, p.Recall)
		}
	}
	return best
}

// noteUnlimited says why an ORDER BY distance does not use an index although one has its distance.
func (o *optimizer) noteUnlimited(r *bind.Sort, limited bool) {
	if limited {
		return
	}
	b := belowProjects(r)
	if b == nil {
		return
	}
	t := distanceTargetOf(b)
	if t == nil {
		return
	}
	attr := newScanCols(t.scan).attr(t.key.col)
	for _, ix := range t.scan.Rel.Indexes {
		if isDistanceIndex(ix) && ix.Keys[0].Column == attr && OpclassMetric(ix.Keys[0].Opclass) == t.key.metric {
			o.reason(t.scan.Rel, ix, "ORDER BY distance has no LIMIT")
		}
	}
}
