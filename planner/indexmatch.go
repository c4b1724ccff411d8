package planner

import (
	"math"
	"strings"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
)

// indexMatch is how far the conditions of a scan can use a BTree index.
type indexMatch struct {
	index  *schema.Index
	ranges IndexRanges
	used   []bool  // by condition: answered exactly by the ranges
	sel    float64 // of the ranges
	unique bool    // at most one row
	probes float64 // ranges to position at
}

// scanCols maps attribute numbers to column ids of one scan.
type scanCols struct {
	scan *bind.Scan
	set  colSet
}

func newScanCols(s *bind.Scan) *scanCols { return &scanCols{scan: s, set: setOf(s.Cols)} }

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

// matchIndex finds the longest usable prefix of the index's key.
func (o *optimizer) matchIndex(ix *schema.Index, sc *scanCols, conds []eval.Expr) *indexMatch {
	m := &indexMatch{index: ix, used: make([]bool, len(conds)), sel: 1, probes: 1}
	for _, key := range ix.Keys {
		if key.Column == 0 { // an expression key is matched by nobody yet: what follows cannot be used
			break
		}
		if m.equality(o, sc, key, conds) {
			continue
		}
		m.bounds(o, sc, key, conds)
		break
	}
	if len(m.ranges.Conds) == 0 {
		return nil
	}
	m.unique = ix.Unique && ix.Where == "" && len(m.ranges.Eq) == len(ix.Keys) && m.probes == 1
	for _, e := range m.ranges.Eq {
		m.unique = m.unique && !e.Null
	}
	return m
}

func (m *indexMatch) take(o *optimizer, i int, c eval.Expr) {
	m.used[i] = true
	m.ranges.Conds = append(m.ranges.Conds, c)
	m.sel *= o.selectivity(c)
}

// equality matches key = value, key IN (...) and key IS NULL.
func (m *indexMatch) equality(o *optimizer, sc *scanCols, key schema.IndexKey, conds []eval.Expr) bool {
	for i, c := range conds {
		if m.used[i] {
			continue
		}
		eq, probes, ok := asEquality(sc, key, c)
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

func asEquality(sc *scanCols, key schema.IndexKey, c eval.Expr) (IndexEq, float64, bool) {
	if n, ok := c.(*eval.IsNull); ok && !n.Not && sc.attr(n.Arg) == key.Column {
		return IndexEq{Null: true}, 1, true
	}
	if a, ok := c.(*eval.AnyAll); ok {
		return asList(sc, key, a)
	}
	cmp, ok := asComparison(c)
	if !ok || cmp.op != "=" {
		return IndexEq{}, 0, false
	}
	if sc.attr(cmp.left) != key.Column {
		cmp = cmp.flip()
	}
	if sc.attr(cmp.left) != key.Column || !indexable(key, cmp.left, cmp.right) || !sc.value(cmp.right) {
		return IndexEq{}, 0, false
	}
	return IndexEq{Value: cmp.right}, 1, true
}

func asList(sc *scanCols, key schema.IndexKey, a *eval.AnyAll) (IndexEq, float64, bool) {
	if a.All || a.Op != "=" || sc.attr(a.Left) != key.Column || !sc.value(a.Right) {
		return IndexEq{}, 0, false
	}
	if arr, ok := a.Right.(*eval.Array); ok && !arr.Multi {
		if len(arr.Elems) > listMax {
			return IndexEq{}, 0, false
		}
		for _, e := range arr.Elems {
			if !indexable(key, a.Left, e) {
				return IndexEq{}, 0, false
			}
		}
		return IndexEq{List: arr.Elems}, float64(len(arr.Elems)), true
	}
	t := types.Lookup(a.Right.Type().OID)
	if t == nil || t.Elem == 0 || !sameKeyType(key.Type.OID, t.Elem) {
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
	return familyOf(key) == familyOf(v) && familyOf(key) != oidFloat8
}

// bounds matches < <= > >= and a LIKE prefix on the key column.
func (m *indexMatch) bounds(o *optimizer, sc *scanCols, key schema.IndexKey, conds []eval.Expr) {
	var taken []eval.Expr
	for i, c := range conds {
		if m.used[i] {
			continue
		}
		if p, exact, ok := likePrefix(sc, key, c); ok && m.ranges.Prefix == "" && m.ranges.Lo == nil && m.ranges.Hi == nil {
			m.ranges.Prefix = p
			m.ranges.Conds = append(m.ranges.Conds, c)
			m.used[i] = exact
			m.sel *= defaultMatchSel
			return
		}
		if n, ok := c.(*eval.IsNull); ok && n.Not && sc.attr(n.Arg) == key.Column {
			m.ranges.NotNull, m.used[i] = true, true
			m.ranges.Conds = append(m.ranges.Conds, c)
			taken = append(taken, c)
			continue
		}
		cmp, ok := asComparison(c)
		if !ok || cmp.op == "=" || cmp.op == "<>" {
			continue
		}
		if sc.attr(cmp.left) != key.Column {
			cmp = cmp.flip()
		}
		if sc.attr(cmp.left) != key.Column || !indexable(key, cmp.left, cmp.right) || !sc.value(cmp.right) {
			continue
		}
		if !m.setBound(cmp) {
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
func likePrefix(sc *scanCols, key schema.IndexKey, c eval.Expr) (prefix string, exact, ok bool) {
	call, is := c.(*eval.Call)
	if !is || len(call.Args) != 2 || familyOf(key.Type.OID) != oidText || sc.attr(call.Args[0]) != key.Column {
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
	var b strings.Builder
	s := pat.D.S
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '%':
			return b.String(), i == len(s)-1, b.Len() > 0
		case '_':
			return b.String(), false, b.Len() > 0
		case '\\':
			if i++; i < len(s) {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), false, b.Len() > 0 // no wildcard: equality, checked on the row
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
