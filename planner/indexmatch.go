package planner

import (
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// indexMatch is how far the conditions of a scan can use a BTree index.
type indexMatch struct {
	index  *scanIndex
	ranges IndexRanges
	used   []bool  // by condition: answered exactly by the ranges, or by the index's predicate
	sel    float64 // of the ranges and the predicate
	unique bool    // at most one row
	probes float64 // ranges to position at
}

// scanCols maps attribute numbers to column ids of one scan.
type scanCols struct {
	scan *bind.Scan
	set  colSet
}

func newScanCols(s *bind.Scan) *scanCols { return &scanCols{scan: s, set: setOf(s.Cols)} }

// isKey says whether e is key i of an index.
func (c *scanCols) isKey(ix *scanIndex, i int, e eval.Expr) bool {
	if x := ix.expr(i); x != nil {
		return eval.Equal(stripRelabel(x), stripRelabel(e))
	}
	return c.attr(e) == ix.Keys[i].Column
}

func (c *scanCols) attr(e eval.Expr) int16 {
	col, ok := stripRelabel(e).(*eval.Col)
	if !ok {
		return 0
	}
	for i := range c.scan.Cols {
		if c.scan.Cols[i].ID == col.ID {
			return c.scan.Cols[i].Attr
		}
	}
	return 0
}

// value says whether e has one value for the whole scan.
func (c *scanCols) value(e eval.Expr) bool { return !exprCols(e).meets(c.set) && !isVolatile(e) }

// usableIndex is an index that may be read for rows that satisfy the conditions; nil for a distance index, and
// for a partial one whose predicate they do not imply.
func (o *optimizer) usableIndex(ix *schema.Index, s *bind.Scan, conds []eval.Expr) *scanIndex {
	if isDistanceIndex(ix) {
		return nil
	}
	x := o.over(ix, s)
	if x == nil || !impliesAll(conds, x.pred) {
		return nil
	}
	return x
}

// matchIndex finds the longest usable prefix of the index's key; nil when the index cannot be used at all.
func (o *optimizer) matchIndex(ix *schema.Index, sc *scanCols, conds []eval.Expr) *indexMatch {
	x := o.usableIndex(ix, sc.scan, conds)
	if x == nil {
		return nil
	}
	m := &indexMatch{index: x, used: make([]bool, len(conds)), sel: 1, probes: 1}
	for i := range x.Keys {
		if m.equality(o, sc, i, conds) {
			continue
		}
		m.bounds(o, sc, i, conds)
		break
	}
	m.unique = ix.Unique && len(m.ranges.Eq) == len(ix.Keys) && m.probes == 1
	for _, e := range m.ranges.Eq {
		m.unique = m.unique && !e.Null
	}
	m.partial(o, conds)
	return m
}

// partial takes the predicate into account: what it says of the rows needs no check, and they are fewer.
func (m *indexMatch) partial(o *optimizer, conds []eval.Expr) {
	if m.index.pred == nil {
		return
	}
	for i, c := range conds {
		m.used[i] = m.used[i] || impliedBy(m.index.pred, c)
	}
	for _, p := range m.index.pred {
		if !impliedBy(m.ranges.Conds, p) {
			m.sel *= o.selectivity(p)
		}
	}
}

// narrows says whether the index yields fewer rows than the table has.
func (m *indexMatch) narrows() bool { return len(m.ranges.Conds) > 0 || m.index.pred != nil }

func (m *indexMatch) take(o *optimizer, i int, c eval.Expr) {
	m.used[i] = true
	m.ranges.Conds = append(m.ranges.Conds, c)
	m.sel *= o.selectivity(c)
}

// equality matches key = value, key IN (...) and key IS NULL.
func (m *indexMatch) equality(o *optimizer, sc *scanCols, key int, conds []eval.Expr) bool {
	for i, c := range conds {
		if m.used[i] {
			continue
		}
		eq, probes, ok := m.asEquality(sc, key, c)
		if !ok {
			continue
		}
		m.ranges.Eq = append(m.ranges.Eq, eq)
		m.probes *= probes
		m.take(o, i, c)
		return true
	}
	return false
}

// listMax bounds the values of an IN list that become index ranges.
const listMax = 1000

func (m *indexMatch) asEquality(sc *scanCols, key int, c eval.Expr) (IndexEq, float64, bool) {
	if n, ok := c.(*eval.IsNull); ok && !n.Not && sc.isKey(m.index, key, n.Arg) {
		return IndexEq{Null: true}, 1, true
	}
	if a, ok := c.(*eval.AnyAll); ok {
		return m.asList(sc, key, a)
	}
	cmp, ok := asComparison(c)
	if !ok || cmp.op != "=" {
		return IndexEq{}, 0, false
	}
	if cmp, ok = m.onKey(sc, key, cmp); !ok {
		return IndexEq{}, 0, false
	}
	return IndexEq{Value: cmp.right}, 1, true
}

// onKey turns a comparison of a key with a value so that the key is on the left.
func (m *indexMatch) onKey(sc *scanCols, key int, cmp comparison) (comparison, bool) {
	if !sc.isKey(m.index, key, cmp.left) {
		cmp = cmp.flip()
	}
	return cmp, sc.isKey(m.index, key, cmp.left) && indexable(m.index.Keys[key], cmp.left, cmp.right) && sc.value(cmp.right)
}

func (m *indexMatch) asList(sc *scanCols, key int, a *eval.AnyAll) (IndexEq, float64, bool) {
	if a.All || a.Op != "=" || !sc.isKey(m.index, key, a.Left) || !sc.value(a.Right) {
		return IndexEq{}, 0, false
	}
	if list, ok := listOf(a.Right); ok {
		if len(list) > listMax {
			return IndexEq{}, 0, false
		}
		for _, e := range list {
			if !indexable(m.index.Keys[key], a.Left, e) {
				return IndexEq{}, 0, false
			}
		}
		return IndexEq{List: list}, float64(max(len(list), 1)), true
	}
	t := types.Lookup(a.Right.Type().OID)
	if t == nil || t.Elem == 0 || !sameKeyType(m.index.Keys[key].Type.OID, t.Elem) {
		return IndexEq{}, 0, false
	}
	return IndexEq{Array: a.Right}, 10, true
}

// indexable says whether a comparison of the column with v can be done on the index's keys: the types
// must be such that their values have the same keys.
func indexable(key schema.IndexKey, col, v eval.Expr) bool {
	return sameKeyType(key.Type.OID, v.Type().OID) && sameKeyType(key.Type.OID, col.Type().OID)
}

func sameKeyType(key, v types.OID) bool {
	if key == v {
		return true
	}
	// float4 and float8 compare with each other, but a float8 bound need not be a float4 key.
	return familyOf(key) == familyOf(v) && familyOf(key) != types.Float8OID
}

// bounds matches < <= > >= and a LIKE prefix on the key column.
func (m *indexMatch) bounds(o *optimizer, sc *scanCols, key int, conds []eval.Expr) {
	var taken []eval.Expr
	for i, c := range conds {
		if m.used[i] {
			continue
		}
		if p, exact, ok := m.likePrefix(sc, key, c); ok && m.ranges.Prefix == "" && m.ranges.Lo == nil && m.ranges.Hi == nil {
			m.ranges.Prefix = p
			m.ranges.Conds = append(m.ranges.Conds, c)
			m.used[i] = exact
			m.sel *= o.startsSel(c, p)
			return
		}
		if n, ok := c.(*eval.IsNull); ok && n.Not && sc.isKey(m.index, key, n.Arg) {
			m.ranges.NotNull, m.used[i] = true, true
			m.ranges.Conds = append(m.ranges.Conds, c)
			taken = append(taken, c)
			continue
		}
		cmp, ok := asComparison(c)
		if !ok || cmp.op == "=" || cmp.op == "<>" {
			continue
		}
		if cmp, ok = m.onKey(sc, key, cmp); !ok || !m.setBound(cmp) {
			continue
		}
		m.used[i] = true
		m.ranges.Conds = append(m.ranges.Conds, c)
		taken = append(taken, c)
	}
	if len(taken) > 0 {
		m.sel *= o.selectivityAll(taken)
	}
}

// setBound takes one bound; a second one in the same direction stays a condition on the rows.
func (m *indexMatch) setBound(cmp comparison) bool {
	r := &m.ranges
	switch cmp.op {
	case ">", ">=":
		if r.Lo != nil {
			return false
		}
		r.Lo, r.LoOpen = cmp.right, cmp.op == ">"
	default:
		if r.Hi != nil {
			return false
		}
		r.Hi, r.HiOpen = cmp.right, cmp.op == "<"
	}
	return true
}

// likePrefix reads text LIKE 'abc%' with a constant pattern; exact says that the prefix says it all.
// Text collates bytewise, so a prefix is a range.
func (m *indexMatch) likePrefix(sc *scanCols, key int, c eval.Expr) (prefix string, exact, ok bool) {
	call, is := c.(*eval.Call)
	if !is || len(call.Args) != 2 || familyOf(m.index.Keys[key].Type.OID) != types.TextOID || !sc.isKey(m.index, key, call.Args[0]) {
		return "", false, false
	}
	pat, isConst := call.Args[1].(*eval.Const)
	if !isConst || pat.D.Null {
		return "", false, false
	}
	switch {
	case call.Form == eval.FormOp && call.Op == "~~":
	case call.F.Name == "starts_with":
		return pat.D.S, true, pat.D.S != ""
	default:
		return "", false, false
	}
	prefix, rest := likeParts(pat.D.S)
	return prefix, rest == "%", prefix != "" // no wildcard: equality, checked on the row
}

// startsSel is the share of rows whose text, the first argument of the condition c, begins with prefix.
func (o *optimizer) startsSel(c eval.Expr, prefix string) float64 {
	if st, or, ok := o.columnStats(c.(*eval.Call).Args[0]); ok && st != nil {
		return clampSel(prefixSel(st, or, prefix))
	}
	return defaultMatchSel
}

// rows estimates the rows in the ranges.
func (m *indexMatch) rows(total float64) float64 {
	if m.unique {
		return 1
	}
	return math.Max(1, total*m.sel)
}

// rest lists the conditions that the ranges do not answer.
func (m *indexMatch) rest(conds []eval.Expr) []eval.Expr {
	var out []eval.Expr
	for i, c := range conds {
		if !m.used[i] {
			out = append(out, c)
		}
	}
	return out
}
