package planner

import (
	"math"

	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// What is assumed of a relation without statistics. The selectivities are PostgreSQL's.
const (
	defaultRows        = 1000.0
	defaultVirtualRows = 100.0
	defaultFuncRows    = 1000.0
	defaultDistinct    = 200.0
	defaultEqSel       = 0.005
	defaultRangeSel    = 1.0 / 3
	defaultBetweenSel  = 0.005
	defaultMatchSel    = 0.005
	defaultNullFrac    = 0.005
	defaultBoolSel     = 0.5
	recursiveGrowth    = 10.0
)

// relRows is the number of rows of a stored or virtual relation.
func relRows(r *cat.Relation) float64 {
	if r.Stats != nil {
		return math.Max(r.Stats.Rows(), 0)
	}
	if r.Virtual {
		return defaultVirtualRows
	}
	return defaultRows
}

// track remembers where the columns of a scan come from.
func (o *optimizer) track(s *bind.Scan) {
	if o.origin == nil {
		o.origin = make(map[eval.ColID]origin, 16)
	}
	for i := range s.Cols {
		if s.Cols[i].Attr > 0 {
			o.origin[s.Cols[i].ID] = origin{rel: s.Rel, attr: s.Cols[i].Attr}
		}
	}
}

// alias gives the column id the origin of the plain column e.
func (o *optimizer) alias(id eval.ColID, e eval.Expr) {
	if c, ok := stripRelabel(e).(*eval.Col); ok && c.ID != id {
		if or, ok := o.origin[c.ID]; ok {
			o.origin[id] = or
		}
	}
}

// columnStats finds the statistics of the stored column that e is, or nil; rows is the relation's size.
func (o *optimizer) columnStats(e eval.Expr) (st *cat.ColumnStats, or origin, ok bool) {
	c, isCol := stripRelabel(e).(*eval.Col)
	if !isCol {
		return nil, origin{}, false
	}
	or, ok = o.origin[c.ID]
	if !ok {
		return nil, or, false
	}
	if or.rel.Stats != nil {
		st = or.rel.Stats.Column(or.attr)
	}
	return st, or, true
}

// distinct estimates the number of different values of e among rows rows.
func (o *optimizer) distinct(e eval.Expr, rows float64) float64 {
	if e.Type().OID == types.BoolOID {
		return math.Min(2, rows)
	}
	if _, ok := e.(*eval.Const); ok {
		return 1
	}
	st, or, ok := o.columnStats(e)
	switch {
	case !ok:
		return math.Max(1, math.Min(defaultDistinct, rows))
	case isUniqueColumn(or.rel, or.attr):
		return math.Max(1, math.Min(relRows(or.rel), rows))
	case st != nil && st.Distinct > 0:
		return math.Max(1, math.Min(st.Distinct, rows))
	}
	return math.Max(1, math.Min(defaultDistinct, rows))
}

// isUniqueColumn says whether a unique index over this column alone exists.
func isUniqueColumn(r *cat.Relation, attr int16) bool {
	for _, ix := range r.Indexes {
		if ix.Unique && ix.Where == "" && len(ix.Keys) == 1 && ix.Keys[0].Column == attr {
			return true
		}
	}
	return false
}

// groups estimates the number of groups by the expressions.
func (o *optimizer) groups(keys []eval.Expr, rows float64) float64 {
	if len(keys) == 0 {
		return 1
	}
	n := 1.0
	for _, k := range keys {
		n *= o.distinct(k, rows)
		if n >= rows {
			return clampRows(rows)
		}
	}
	return clampRows(math.Min(n, rows))
}

// guessRows is a rough size of a relation that has not been planned, for rules that must decide early.
func (o *optimizer) guessRows(r eval.Rel) float64 {
	switch r := r.(type) {
	case *bind.Scan:
		o.track(r)
		return relRows(r.Rel)
	case *bind.Filter:
		return o.guessRows(r.Input) * o.selectivity(r.Cond)
	case *bind.Values:
		return float64(len(r.Rows))
	case *plannedRel:
		return r.node.Info().Rows
	case *bind.Join:
		l := o.guessRows(r.Left)
		if r.Kind == bind.Semi || r.Kind == bind.Anti {
			return l
		}
		rt := o.guessRows(r.Right)
		if r.On == nil {
			return l * rt
		}
		return math.Max(l, rt)
	case *bind.Limit:
		if c, ok := r.Count.(*eval.Const); ok && !c.D.Null {
			return float64(c.D.I)
		}
		return o.guessRows(r.Input)
	case *bind.Aggregate:
		if len(r.Groups) == 0 {
			return 1
		}
		return math.Min(o.guessRows(r.Input), defaultDistinct)
	case *bind.Project, *bind.Sort, *bind.Distinct, *bind.Window, *bind.LockRows:
		return o.guessRows(inputs(r)[0])
	}
	return defaultRows
}
