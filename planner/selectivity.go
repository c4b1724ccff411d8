package planner

import (
	"math"
	"sort"

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
	case *eval.Distinct:
		s := o.eqSel(e.Left, e.Right)
		if e.Not {
			return s
		}
		return 1 - s
	}
	return defaultBoolSel
}

// selectivityAll multiplies, but takes a lower and an upper bound of one column together.
func (o *optimizer) selectivityAll(list []eval.Expr) float64 {
	s := 1.0
	var lower, upper map[eval.ColID]float64
	for _, c := range list {
		id, isLower, frac, ok := o.bound(c)
		if !ok {
			s *= o.selectivity(c)
			continue
		}
		if lower == nil {
			lower, upper = map[eval.ColID]float64{}, map[eval.ColID]float64{}
		}
		if isLower {
			lower[id] = frac
		} else {
			upper[id] = frac
		}
	}
	for id, lo := range lower {
		hi, both := upper[id]
		switch {
		case !both:
			s *= lo
		case lo == defaultRangeSel && hi == defaultRangeSel:
			s *= defaultBetweenSel
		default:
			s *= math.Max(lo+hi-1, 1e-6)
		}
		delete(upper, id)
	}
	for _, hi := range upper {
		s *= hi
	}
	return s
}

// bound reads c as column < value or column > value.
func (o *optimizer) bound(c eval.Expr) (id eval.ColID, lower bool, frac float64, ok bool) {
	cmp, is := asComparison(c)
	if !is || cmp.op == "=" || cmp.op == "<>" {
		return 0, false, 0, false
	}
	col, isCol := stripRelabel(cmp.left).(*eval.Col)
	if !isCol {
		cmp = cmp.flip()
		col, isCol = stripRelabel(cmp.left).(*eval.Col)
	}
	if !isCol {
		return 0, false, 0, false
	}
	return col.ID, cmp.op[0] == '>', o.rangeSel(cmp), true
}

func (o *optimizer) callSel(e *eval.Call) float64 {
	if cmp, ok := asComparison(e); ok {
		switch cmp.op {
		case "=":
			return o.eqSel(cmp.left, cmp.right)
		case "<>":
			return 1 - o.eqSel(cmp.left, cmp.right)
		}
		if _, isCol := stripRelabel(cmp.left).(*eval.Col); !isCol {
			cmp = cmp.flip()
		}
		return o.rangeSel(cmp)
	}
	switch e.Op {
	case "~~", "~~*", "~", "~*":
		return defaultMatchSel
	case "!~~", "!~~*", "!~", "!~*":
		return 1 - defaultMatchSel
	}
	if e.Type().OID == oidBool {
		return defaultRangeSel
	}
	return defaultBoolSel
}

func (o *optimizer) anyAllSel(e *eval.AnyAll) float64 {
	n := 10.0
	var one float64
	if a, ok := e.Right.(*eval.Array); ok {
		n = float64(len(a.Elems))
		if e.Op == "=" && !e.All {
			s := 0.0
			for _, el := range a.Elems {
				s += o.eqSel(e.Left, el)
			}
			return math.Min(s, 1)
		}
	}
	one = defaultRangeSel
	switch e.Op {
	case "=":
		one = o.eqSel(e.Left, e.Right)
	case "<>":
		one = 1 - o.eqSel(e.Left, e.Right)
	}
	if e.All {
		return math.Pow(one, n)
	}
	return 1 - math.Pow(1-one, n)
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
	for i := range st.MCV {
		if i < len(st.MCVFreq) {
			common += st.MCVFreq[i]
		}
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
	if !ok || st == nil || !isConst || c.D.Null || len(st.Histogram) < 2 {
		return defaultRangeSel
	}
	below := histogramBelow(st, c, or)
	rest := 1 - st.NullFrac
	if cmp.op[0] == '<' {
		return clampSel(below * rest)
	}
	return clampSel((1 - below) * rest)
}

func clampSel(s float64) float64 { return math.Min(1, math.Max(s, 1e-6)) }

// histogramBelow is the share of values below c, interpolated within a bucket when values are numbers.
func histogramBelow(st *cat.ColumnStats, c *eval.Const, or origin) float64 {
	h := st.Histogram
	i := sort.Search(len(h), func(i int) bool { return compareStats(or, h[i], c) > 0 })
	switch i {
	case 0:
		return 0
	case len(h):
		return 1
	}
	part := 0.5
	t := typeOf(or)
	lo, hi, v := number(t, h[i-1]), number(t, h[i]), number(c.T.OID, c.D)
	if hi > lo && !math.IsNaN(v) {
		part = math.Min(1, math.Max(0, (v-lo)/(hi-lo)))
	}
	return (float64(i-1) + part) / float64(len(h)-1)
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
