package fn

import (
	"math"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
)

// moments are the sums that variances are made of, kept by the method of Youngs and Cramer so that
// nothing cancels: sxx is the sum of squared distances from the mean.
type moments struct {
	n, sx, sxx float64
}

func (m *moments) add(v float64) error {
	old := m.sx
	m.n++
	m.sx += v
	if m.n > 1 {
		d := v*m.n - m.sx
		m.sxx += d * d / (m.n * (m.n - 1))
	} else if math.IsNaN(v) || math.IsInf(v, 0) {
		m.sxx = math.NaN()
	}
	if math.IsInf(m.sx, 0) || math.IsInf(m.sxx, 0) {
		if !math.IsInf(old, 0) && !math.IsInf(v, 0) {
			return errOverflow()
		}
		m.sxx = math.NaN()
	}
	return nil
}

// momentState is avg, variance and stddev of floats.
type momentState struct {
	groups []moments
	least  float64 // fewer values give null
	result func(m moments) float64
}

func (s *momentState) Resize(n int) { s.groups = grown(s.groups, n) }
func (s *momentState) Bytes() int64 { return sliceBytes(s.groups) }

func (s *momentState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	a := args[0]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if a.Null(i) {
			continue
		}
		if err := s.groups[g].add(a.F[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *momentState) Result(n int, out *batch.Column) error {
	for g := range n {
		m := s.groups[g]
		if m.n < s.least {
			out.SetNull(g)
			continue
		}
		out.F[g] = s.result(m)
	}
	return nil
}

func momentAgg(least float64, result func(m moments) float64) func(AggCall) State {
	return func(AggCall) State { return &momentState{least: least, result: result} }
}

// momentAggs are the aggregates of one float argument, for both sizes.
func momentAggs() []aggEntry {
	var list []aggEntry
	for _, t := range []string{"(float4)", "(float8)"} {
		list = append(list,
			aggEntry{"avg" + t, momentAgg(1, func(m moments) float64 { return m.sx / m.n })},
			aggEntry{"var_pop" + t, momentAgg(1, func(m moments) float64 { return m.sxx / m.n })},
			aggEntry{"var_samp" + t, momentAgg(2, func(m moments) float64 { return m.sxx / (m.n - 1) })},
			aggEntry{"variance" + t, momentAgg(2, func(m moments) float64 { return m.sxx / (m.n - 1) })},
			aggEntry{"stddev_pop" + t, momentAgg(1, func(m moments) float64 { return math.Sqrt(m.sxx / m.n) })},
			aggEntry{"stddev_samp" + t, momentAgg(2, func(m moments) float64 { return math.Sqrt(m.sxx / (m.n - 1)) })},
			aggEntry{"stddev" + t, momentAgg(2, func(m moments) float64 { return math.Sqrt(m.sxx / (m.n - 1)) })})
	}
	return list
}

// pairMoments are those of two arguments, in SQL's order: y depends on x.
type pairMoments struct {
	n, sx, sxx, sy, syy, sxy float64
}

func (m *pairMoments) add(y, x float64) error {
	oldX, oldY := m.sx, m.sy
	m.n++
	m.sx += x
	m.sy += y
	if m.n > 1 {
		dx, dy := x*m.n-m.sx, y*m.n-m.sy
		scale := 1 / (m.n * (m.n - 1))
		m.sxx += dx * dx * scale
		m.syy += dy * dy * scale
		m.sxy += dx * dy * scale
	} else {
		if notFinite(x) {
			m.sxx, m.sxy = math.NaN(), math.NaN()
		}
		if notFinite(y) {
			m.syy, m.sxy = math.NaN(), math.NaN()
		}
	}
	if math.IsInf(m.sx+m.sxx+m.sy+m.syy+m.sxy, 0) &&
		!notFinite(oldX) && !notFinite(oldY) && !notFinite(x) && !notFinite(y) {
		return errOverflow()
	}
	return nil
}

func notFinite(v float64) bool { return v-v != 0 }

// pairState is the regr_* family, corr and covar. A result of NaN made of finite sums is null.
type pairState struct {
	groups []pairMoments
	result func(m pairMoments) (v float64, ok bool)
}

func (s *pairState) Resize(n int) { s.groups = grown(s.groups, n) }
func (s *pairState) Bytes() int64 { return sliceBytes(s.groups) }

func (s *pairState) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	y, x := args[0], args[1]
	for k, g := range groups[:selected(sel, n)] {
		i := at(sel, k)
		if y.Null(i) || x.Null(i) {
			continue
		}
		if err := s.groups[g].add(y.F[i], x.F[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *pairState) Result(n int, out *batch.Column) error {
	for g := range n {
		v, ok := s.result(s.groups[g])
		if !ok {
			out.SetNull(g)
			continue
		}
		out.F[g] = v
	}
	return nil
}

func pairAgg(name string, result func(m pairMoments) (float64, bool)) aggEntry {
	return aggEntry{name + "(float8,float8)", func(AggCall) State { return &pairState{result: result} }}
}

var pairAggs = []aggEntry{
	pairAgg("regr_sxx", func(m pairMoments) (float64, bool) { return m.sxx, m.n >= 1 }),
	pairAgg("regr_syy", func(m pairMoments) (float64, bool) { return m.syy, m.n >= 1 }),
	pairAgg("regr_sxy", func(m pairMoments) (float64, bool) { return m.sxy, m.n >= 1 }),
	pairAgg("regr_avgx", func(m pairMoments) (float64, bool) { return m.sx / m.n, m.n >= 1 }),
	pairAgg("regr_avgy", func(m pairMoments) (float64, bool) { return m.sy / m.n, m.n >= 1 }),
	pairAgg("covar_pop", func(m pairMoments) (float64, bool) { return m.sxy / m.n, m.n >= 1 }),
	pairAgg("covar_samp", func(m pairMoments) (float64, bool) { return m.sxy / (m.n - 1), m.n >= 2 }),
	pairAgg("corr", func(m pairMoments) (float64, bool) {
		return m.sxy / math.Sqrt(m.sxx*m.syy), m.n >= 1 && m.sxx != 0 && m.syy != 0
	}),
	pairAgg("regr_r2", func(m pairMoments) (float64, bool) {
		if m.syy == 0 {
			return 1, m.n >= 1 && m.sxx != 0
		}
		return m.sxy * m.sxy / (m.sxx * m.syy), m.n >= 1 && m.sxx != 0
	}),
	pairAgg("regr_slope", func(m pairMoments) (float64, bool) { return m.sxy / m.sxx, m.n >= 1 && m.sxx != 0 }),
	pairAgg("regr_intercept", func(m pairMoments) (float64, bool) {
		return (m.sy - m.sx*m.sxy/m.sxx) / m.n, m.n >= 1 && m.sxx != 0
	}),
	{"regr_count(float8,float8)", func(AggCall) State { return &pairCount{} }},
}

// pairCount counts rows whose two arguments are not null.
type pairCount struct{ countState }

func (s *pairCount) Add(groups []int32, args []*batch.Column, sel []int32, n int) error {
	for k, g := range groups[:selected(sel, n)] {
		if i := at(sel, k); !args[0].Null(i) && !args[1].Null(i) {
			s.counts[g]++
		}
	}
	return nil
}

func errPercentile(p float64) error {
	return pgerr.New(pgerrcode.NumericValueOutOfRange, "percentile value %v is not between 0 and 1", p)
}
