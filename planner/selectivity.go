package planner

import (
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// selectivity estimates the share of rows for which e is true.
func (o *optimizer) selectivity(e eval.Expr) float64 {
	switch e := e.(type) {
	case nil:
		return 1
	case *eval.And:
		return o.selectivityAll(e.Args)
	case *eval.Or:
		miss := 1.0
		for _, a := range e.Args {
			miss *= 1 - o.selectivity(a)
		}
		return 1 - miss
	case *eval.Not:
		if c, ok := e.Arg.(*eval.Col); ok {
			return o.boolSel(c, false)
		}
		return 1 - o.selectivity(e.Arg)
	case *eval.Const:
		if e.D.Null || !e.D.Bool() {
			return 0
		}
		return 1
	case *eval.IsNull:
		f := o.nullFrac(e.Arg)
		if e.Not {
			return 1 - f
		}
		return f
	case *eval.AnyAll:
		return o.anyAllSel(e)
	case *eval.Call:
		return o.callSel(e)
	case *eval.Col:
		return o.boolSel(e, true)
	case *eval.BoolTest:
		return o.boolTestSel(e)
	case *eval.Distinct:
		s := o.eqSel(e.Left, e.Right)
		if c, ok := e.Right.(*eval.Const); ok && c.D.Null {
			s = o.nullFrac(e.Left)
		}
		if e.Not {
			return s
		}
		return 1 - s
	}
	return defaultBoolSel
}

// boolSel is the share of rows in which a boolean is want.
func (o *optimizer) boolSel(e eval.Expr, want bool) float64 {
	if st, or, ok := o.columnStats(e); ok && st != nil {
		return eqConstSel(st, boolConst(want), or)
	}
	return defaultBoolSel
}

func (o *optimizer) boolTestSel(e *eval.BoolTest) float64 {
	var s float64
	switch e.Want {
	case eval.WantUnknown:
		s = o.nullFrac(e.Arg)
	default:
		want := e.Want == eval.WantTrue
		if st, or, ok := o.columnStats(e.Arg); ok && st != nil {
			s = eqConstSel(st, boolConst(want), or)
			break
		}
		if s = o.selectivity(e.Arg); !want {
			s = 1 - s
		}
	}
	if e.Not {
		return 1 - s
	}
	return s
}

// rangeOf is the share of rows above a lower bound and below an upper one of an expression; negative: no such bound.
type rangeOf struct {
	on           eval.Expr
	lower, upper float64
}

// selectivityAll multiplies, but takes the lower and the upper bounds of one expression together.
func (o *optimizer) selectivityAll(list []eval.Expr) float64 {
	s := 1.0
	var ranges []rangeOf
	for _, c := range list {
		on, isLower, frac, ok := o.bound(c)
		if !ok {
			s *= o.selectivity(c)
			continue
		}
		i := slices.IndexFunc(ranges, func(r rangeOf) bool { return eval.Equal(r.on, on) })
		if i < 0 {
			i = len(ranges)
			ranges = append(ranges, rangeOf{on: on, lower: -1, upper: -1})
		}
		at := &ranges[i].upper
		if isLower {
			at = &ranges[i].lower
		}
		if *at < 0 || frac < *at { // of several the narrowest counts
			*at = frac
		}
	}
	for i := range ranges {
		s *= o.between(&ranges[i])
	}
	return s
}

// between is the share of rows between two bounds, or beyond one.
func (o *optimizer) between(r *rangeOf) float64 {
	switch {
	case r.upper < 0:
		return r.lower
	case r.lower < 0:
		return r.upper
	case r.lower == defaultRangeSel && r.upper == defaultRangeSel:
		return defaultBetweenSel
	}
	// Both shares are of all rows, and nulls are in neither.
	return math.Max(r.lower+r.upper-1+o.nullFrac(r.on), 1e-6)
}

// bound reads c as expression < value or expression > value.
func (o *optimizer) bound(c eval.Expr) (on eval.Expr, lower bool, frac float64, ok bool) {
	cmp, is := asComparison(c)
	if !is || cmp.op == "=" || cmp.op == "<>" {
		return nil, false, 0, false
	}
	if exprCols(cmp.left).empty() {
		cmp = cmp.flip()
	}
	if exprCols(cmp.left).empty() || !exprCols(cmp.right).empty() {
		return nil, false, 0, false
	}
	return stripRelabel(cmp.left), cmp.op[0] == '>', o.rangeSel(cmp), true
}

func (o *optimizer) callSel(e *eval.Call) float64 {
	if cmp, ok := asComparison(e); ok {
		switch cmp.op {
		case "=":
			return o.eqSel(cmp.left, cmp.right)
		case "<>":
			return o.neSel(cmp.left, cmp.right)
		}
		if _, isCol := stripRelabel(cmp.left).(*eval.Col); !isCol {
			cmp = cmp.flip()
		}
		return o.rangeSel(cmp)
	}
	switch e.Op {
	case "~~":
		return o.likeSel(e)
	case "~~*", "~", "~*":
		return defaultMatchSel
	case "!~~":
		return math.Max(0, 1-o.likeSel(e)-o.nullFrac(e.Args[0]))
	case "!~~*", "!~", "!~*":
		return 1 - defaultMatchSel
	}
	if e.Type().OID == types.BoolOID {
		return defaultRangeSel
	}
	return defaultBoolSel
}

// anyAllSel takes the values of a list one by one; equal ones exclude each other, others count as independent.
func (o *optimizer) anyAllSel(e *eval.AnyAll) float64 {
	list, ok := listOf(e.Right)
	if !ok {
		const n = 10 // values that an unknown array is thought to have
		one := o.elementSel(e, e.Right)
		if e.All {
			return math.Pow(one, n)
		}
		return 1 - math.Pow(1-one, n)
	}
	sum, none, every := 0.0, 1.0, 1.0
	for _, el := range list {
		s := o.elementSel(e, el)
		sum, none, every = sum+s, none*(1-s), every*s
	}
	switch {
	case e.Op == "=" && !e.All:
		return math.Min(sum, 1)
	case e.Op == "<>" && e.All:
		equal := 0.0
		for _, el := range list {
			equal += o.eqSel(e.Left, el)
		}
		return math.Max(0, 1-equal-o.knownNulls(e.Left))
	case e.All:
		return every
	}
	return 1 - none
}

// elementSel is the selectivity of e for one element of its array.
func (o *optimizer) elementSel(e *eval.AnyAll, el eval.Expr) float64 {
	switch e.Op {
	case "=":
		return o.eqSel(e.Left, el)
	case "<>":
		return o.neSel(e.Left, el)
	case "<", "<=", ">", ">=":
		return o.rangeSel(comparison{op: e.Op, left: e.Left, right: el})
	}
	return defaultRangeSel
}

// likeSel is the selectivity of text LIKE pattern: of the values with the pattern's prefix, by the histogram, as
// many as the rest of it lets pass.
func (o *optimizer) likeSel(e *eval.Call) float64 {
	st, or, ok := o.columnStats(e.Args[0])
	pat, isConst := e.Args[1].(*eval.Const)
	if !ok || !isConst || pat.D.Null {
		return defaultMatchSel
	}
	prefix, rest := likeParts(pat.D.S)
	switch {
	case rest == "":
		return o.eqSel(e.Args[0], &eval.Const{T: types.Of(types.TextOID), D: types.StringDatum(prefix)})
	case st == nil || prefix == "":
		return defaultMatchSel
	}
	return clampSel(prefixSel(st, or, prefix) * patternRest(rest))
}

// likeParts splits a LIKE pattern before its first wildcard; the prefix is without escapes.
func likeParts(pattern string) (prefix, rest string) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '%', '_':
			return b.String(), pattern[i:]
		case '\\':
			if i++; i == len(pattern) {
				continue
			}
		}
		b.WriteByte(pattern[i])
	}
	return b.String(), ""
}

// What one more part of a LIKE pattern lets pass, as PostgreSQL guesses it.
const (
	fixedCharSel = 0.20
	anyCharSel   = 0.9
	wildcardSel  = 5.0
)

// patternRest guesses how much the part of a pattern from its first wildcard on lets pass.
func patternRest(rest string) float64 {
	if strings.Trim(rest, "%") == "" {
		return 1
	}
	s := 1.0
	for _, c := range rest {
		switch c {
		case '%':
			s *= wildcardSel
		case '_':
			s *= anyCharSel
		default:
			s *= fixedCharSel
		}
	}
	return math.Min(s, 1)
}

// prefixSel is the share of values that begin with prefix.
func prefixSel(st *cat.ColumnStats, or origin, prefix string) float64 {
	share, common := 0.0, 0.0
	for i, v := range st.MCV {
		common += st.MCVFreq[i]
		if strings.HasPrefix(v.S, prefix) {
			share += st.MCVFreq[i]
		}
	}
	others := math.Max(0, 1-common-st.NullFrac)
	if len(st.Histogram) < 2 {
		return share + others*defaultMatchSel
	}
	text := func(s string) *eval.Const { return &eval.Const{T: types.Of(types.TextOID), D: types.StringDatum(s)} }
	// Above all that begin with it: no text holds a byte 0xff.
	in := histogramBelow(st, text(prefix+"\xff"), or, false) - histogramBelow(st, text(prefix), or, false)
	return share + others*math.Max(in, 1/math.Max(st.Distinct, float64(len(st.Histogram))))
}

func (o *optimizer) nullFrac(e eval.Expr) float64 {
	st, or, ok := o.columnStats(e)
	if !ok {
		return defaultNullFrac
	}
	if c := or.rel.Table.Col(or.attr); c != nil && c.NotNull {
		return 0
	}
	if st != nil {
		return st.NullFrac
	}
	return defaultNullFrac
}

// neSel is the selectivity of l <> r.
func (o *optimizer) neSel(l, r eval.Expr) float64 {
	return math.Max(0, 1-o.eqSel(l, r)-math.Max(o.knownNulls(l), o.knownNulls(r)))
}

// knownNulls is the share of nulls in a column with statistics.
func (o *optimizer) knownNulls(e eval.Expr) float64 {
	if st, _, ok := o.columnStats(e); ok && st != nil {
		return o.nullFrac(e)
	}
	return 0
}

// eqSel is the selectivity of l = r.
func (o *optimizer) eqSel(l, r eval.Expr) float64 {
	ls, lor, lok := o.columnStats(l)
	rs, ror, rok := o.columnStats(r)
	if !lok && rok {
		l, r, ls, lor, lok, rok = r, l, rs, ror, true, false
	}
	if lok && rok { // join
		dl, dr := o.distinct(l, relRows(lor.rel)), o.distinct(r, relRows(ror.rel))
		return 1 / math.Max(1, math.Max(dl, dr))
	}
	if !lok {
		return defaultEqSel
	}
	if !exprCols(r).empty() { // with something computed from columns
		return 1 / math.Max(defaultDistinct, o.distinct(l, relRows(lor.rel)))
	}
	if isUniqueColumn(lor.rel, lor.attr) {
		return 1 / math.Max(1, relRows(lor.rel))
	}
	if ls == nil {
		return math.Max(defaultEqSel, 1/math.Max(1, relRows(lor.rel)))
	}
	return eqConstSel(ls, r, lor)
}

// eqConstSel uses the most common values.
func eqConstSel(st *cat.ColumnStats, v eval.Expr, or origin) float64 {
	common := 0.0
	c, isConst := stripRelabel(v).(*eval.Const)
	if isConst && c.D.Null {
		return 0
	}
	for i := range st.MCV {
		common += st.MCVFreq[i]
		if isConst && compareStats(or, st.MCV[i], c) == 0 {
			return st.MCVFreq[i]
		}
	}
	rest := math.Max(st.Distinct-float64(len(st.MCV)), 1)
	return math.Max(0, 1-common-st.NullFrac) / rest
}

// rangeSel is the selectivity of column op value.
func (o *optimizer) rangeSel(cmp comparison) float64 {
	st, or, ok := o.columnStats(cmp.left)
	c, isConst := stripRelabel(cmp.right).(*eval.Const)
	if !ok || st == nil || !isConst || c.D.Null || len(st.Histogram) < 2 && len(st.MCV) == 0 ||
		!sameFamily(typeOf(or), c.T.OID) {
		return defaultRangeSel
	}
	passing, common := 0.0, 0.0 // of the most common values, each of which is known to pass or not
	for i, v := range st.MCV {
		common += st.MCVFreq[i]
		if compareIs(compareStats(or, v, c), cmp.op) {
			passing += st.MCVFreq[i]
		}
	}
	share := defaultRangeSel
	if len(st.Histogram) >= 2 {
		if share = histogramBelow(st, c, or, cmp.op == "<=" || cmp.op == ">"); cmp.op[0] == '>' {
			share = 1 - share
		}
	}
	return clampSel(passing + share*math.Max(0, 1-common-st.NullFrac))
}

func clampSel(s float64) float64 { return math.Min(1, math.Max(s, 1e-6)) }

// histogramBelow is the share of values below c, or up to it, interpolated within a bucket.
func histogramBelow(st *cat.ColumnStats, c *eval.Const, or origin, upTo bool) float64 {
	h := st.Histogram
	i := sort.Search(len(h), func(i int) bool {
		d := compareStats(or, h[i], c)
		return d > 0 || d == 0 && !upTo
	})
	switch i {
	case 0:
		return 0
	case len(h):
		return 1
	}
	return (float64(i-1) + partOf(typeOf(or), h[i-1], h[i], c)) / float64(len(h)-1)
}

// partOf is where between two bounds a value lies, from 0 to 1; the middle for what is no place on a line.
func partOf(t types.OID, lo, hi types.Datum, c *eval.Const) float64 {
	a, b, v := number(t, lo), number(t, hi), number(c.T.OID, c.D)
	if familyOf(t) == types.TextOID && familyOf(c.T.OID) == types.TextOID {
		common := 0
		for common < min(len(lo.S), len(hi.S)) && lo.S[common] == hi.S[common] {
			common++
		}
		a, b, v = fraction(lo.S[common:]), fraction(hi.S[common:]), fraction(c.D.S[min(common, len(c.D.S)):])
	}
	if !(b > a) || math.IsNaN(v) {
		return 0.5
	}
	return math.Min(1, math.Max(0, (v-a)/(b-a)))
}

// fraction reads the first bytes of a text as digits behind the point.
func fraction(s string) float64 {
	v, digit := 0.0, 1.0
	for i := range min(len(s), 6) {
		digit /= 256
		v += float64(s[i]) * digit
	}
	return v
}

func typeOf(or origin) types.OID {
	if c := or.rel.Table.Col(or.attr); c != nil {
		return c.Type.OID
	}
	return 0
}

// number is the value of a datum as a point on a line; NaN for what is none.
func number(t types.OID, d types.Datum) float64 {
	switch physicalOf(t) {
	case types.Int:
		return float64(d.I)
	case types.Float:
		return d.Float()
	}
	return math.NaN()
}
