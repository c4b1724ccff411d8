package planner

import (
	"slices"
	"strings"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// Names of the rewrite rules, as EXPLAIN tests and Settings.Off know them.
const (
	RuleFoldConstants       = "FoldConstants"
	RuleFoldBooleans        = "FoldBooleans"
	RuleFoldQual            = "FoldCondition"
	RuleMergeFilters        = "MergeFilters"
	RuleEliminateFilter     = "EliminateFilter"
	RuleEmptyFalse          = "EmptyFalse"
	RuleEmptyInput          = "EmptyInput"
	RuleInlineCTE           = "InlineCTE"
	RuleDropUnusedCTE       = "DropUnusedCTE"
	RuleMergeProjects       = "MergeProjects"
	RuleEliminateProject    = "EliminateProject"
	RuleEliminateLimit      = "EliminateLimit"
	RuleDropSortBelow       = "DropSortBelow"
	RuleLimitBelowProject   = "PushLimitThroughProject"
	RulePostponeVolatile    = "PostponeVolatile"
	RuleAggregateNothing    = "AggregateOfNothing"
	RuleExistsToSemi        = "ExistsToSemiJoin"
	RuleNotExistsToAnti     = "NotExistsToAntiJoin"
	RuleInToSemi            = "InToSemiJoin"
	RuleNotInToAnti         = "NotInToAntiJoin"
	RuleScalarToJoin        = "ScalarAggregateToJoin"
	RulePushIntoScan        = "PushFilterIntoScan"
	RulePushThroughProject  = "PushFilterThroughProject"
	RulePushIntoJoinLeft    = "PushFilterIntoJoinLeft"
	RulePushIntoJoinRight   = "PushFilterIntoJoinRight"
	RulePushOnToRight       = "PushJoinConditionRight"
	RulePushIntoJoinOn      = "PushFilterIntoJoinCondition"
	RulePushThroughAgg      = "PushFilterThroughAggregate"
	RulePushThroughWindow   = "PushFilterThroughWindow"
	RulePushThroughDistinct = "PushFilterThroughDistinct"
	RulePushThroughSetOp    = "PushFilterThroughSetOp"
	RulePushThroughSort     = "PushFilterThroughSort"
	RulePushThroughLock     = "PushFilterThroughLock"
	RuleOuterToInner        = "OuterToInnerJoin"
	RuleFullToLeft          = "FullToLeftJoin"
	RuleInferConstant       = "InferConstant"
	RuleExtractOr           = "ExtractCommonOr"
	RulePruneColumns        = "PruneColumns"
	RulePruneAggregates     = "PruneAggregates"
	RulePruneWindow         = "PruneWindow"
	RuleJoinOrder           = "ReorderJoins"
)

// allRules lists the names, for whoever turns rules off.
var allRules = []string{
	RuleFoldConstants, RuleFoldBooleans, RuleFoldQual, RuleMergeFilters, RuleEliminateFilter, RuleEmptyFalse, RuleEmptyInput,
	RuleInlineCTE, RuleDropUnusedCTE, RuleMergeProjects, RuleEliminateProject, RuleEliminateLimit, RuleDropSortBelow,
	RuleLimitBelowProject, RulePostponeVolatile, RuleAggregateNothing,
	RuleExistsToSemi, RuleNotExistsToAnti, RuleInToSemi, RuleNotInToAnti, RuleScalarToJoin, RulePushIntoScan,
	RulePushThroughProject, RulePushIntoJoinLeft, RulePushIntoJoinRight, RulePushOnToRight, RulePushIntoJoinOn,
	RulePushThroughAgg, RulePushThroughWindow, RulePushThroughDistinct, RulePushThroughSetOp, RulePushThroughSort, RulePushThroughLock,
	RuleOuterToInner, RuleFullToLeft, RuleInferConstant, RuleExtractOr, RulePruneColumns, RulePruneAggregates, RulePruneWindow,
	RuleJoinOrder,
}

// Rules returns the names of all rewrite rules.
func Rules() []string { return slices.Clone(allRules) }

// RulesOff reads a list of rule names parted by commas into Settings.Off; "all" stands for every rule.
func RulesOff(text string) map[string]bool {
	off := map[string]bool{}
	for _, name := range strings.Split(text, ",") {
		if name = strings.TrimSpace(name); name != "all" {
			off[name] = true
			continue
		}
		for _, r := range allRules {
			off[r] = true
		}
	}
	return off
}

// rule is a rewrite of one node whose inputs have been rewritten already. apply returns nil when it
// does not match.
type rule struct {
	name  string
	apply func(o *optimizer, r eval.Rel) eval.Rel
}

// localRules are tried on every node, bottom up, until none matches. Push-down, inference and pruning
// go top down with what the nodes above want, and are not in this list (pushdown.go, prune.go).
//
// It is a function because the rules reach back to it through subqueries.
func localRules() []rule {
	return []rule{
		{RuleMergeFilters, mergeFilters},
		{RuleEliminateFilter, eliminateFilter},
		{RuleEmptyFalse, emptyFalse},
		{RuleEmptyInput, emptyInput},
		{RuleEliminateProject, eliminateProject},
		{RuleMergeProjects, mergeProjects},
		{RuleEliminateLimit, eliminateLimit},
		{RuleDropSortBelow, dropSortBelow},
		{RuleLimitBelowProject, limitBelowProject},
		{RulePostponeVolatile, postponeVolatile},
		{RuleAggregateNothing, aggregateNothing},
		{RuleExistsToSemi, decorrelateFilter},
		{RuleScalarToJoin, decorrelateScalar},
	}
}

// localRoundsMax bounds how often the list is tried on one node.
const localRoundsMax = 8

// simplify rewrites the tree bottom up: constants, then the local rules. Relations of subqueries in
// expressions are simplified too.
func (o *optimizer) simplify(r eval.Rel) eval.Rel {
	if w, ok := r.(*bind.With); ok {
		return o.simplifyWith(w)
	}
	m := relMapper{rel: o.simplify, expr: o.fold}
	r = m.node(r)
	if f, ok := r.(*bind.Filter); ok && o.on(RuleFoldQual) {
		if c := asQual(f.Cond); c != f.Cond {
			o.fire(RuleFoldQual)
			r = &bind.Filter{Input: f.Input, Cond: c}
		}
	}
	for range localRoundsMax {
		next := o.applyLocal(r)
		if next == nil {
			return r
		}
		r = next
	}
	return r
}

func (o *optimizer) applyLocal(r eval.Rel) eval.Rel {
	switch r.(type) {
	case *bind.Scan, *bind.Values, *bind.CTERef, *bind.Modify:
		return nil
	}
	if o.local == nil {
		o.local = localRules()
	}
	for i := range o.local {
		ru := &o.local[i]
		if !o.on(ru.name) {
			continue
		}
		if n := ru.apply(o, r); n != nil {
			if ru.name != RuleExistsToSemi { // it records the precise name itself
				o.fire(ru.name)
			}
			return n
		}
	}
	return nil
}

func mergeFilters(_ *optimizer, r eval.Rel) eval.Rel {
	f, ok := r.(*bind.Filter)
	if !ok {
		return nil
	}
	in, ok := f.Input.(*bind.Filter)
	if !ok {
		return nil
	}
	// The inner condition stays first: it may guard the outer one against errors.
	return &bind.Filter{Input: in.Input, Cond: conjoin(conjuncts(conjuncts(nil, in.Cond), f.Cond))}
}

func eliminateFilter(_ *optimizer, r eval.Rel) eval.Rel {
	f, ok := r.(*bind.Filter)
	if !ok || !isTrue(f.Cond) {
		return nil
	}
	return f.Input
}

func emptyFalse(_ *optimizer, r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.Filter:
		for _, c := range conjuncts(nil, r.Cond) {
			if isFalseOrNull(c) && !relVolatile(r.Input) {
				return emptyRel(r.Output())
			}
		}
	case *bind.Limit:
		if c, ok := r.Count.(*eval.Const); ok && !c.D.Null && c.D.I == 0 && !relVolatile(r.Input) {
			return emptyRel(r.Output())
		}
	case *bind.Join:
		if r.Kind == bind.Inner && r.On != nil && isFalseOrNull(r.On) {
			return emptyRel(r.Output())
		}
	}
	return nil
}

// emptyInput carries emptiness upward.
func emptyInput(_ *optimizer, r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.Filter:
		return emptyIf(r, isEmptyRel(r.Input))
	case *bind.Project:
		return emptyIf(r, isEmptyRel(r.Input))
	case *bind.Sort:
		return emptyIf(r, isEmptyRel(r.Input))
	case *bind.Limit:
		return emptyIf(r, isEmptyRel(r.Input))
	case *bind.Distinct:
		return emptyIf(r, isEmptyRel(r.Input))
	case *bind.ProjectSet:
		return emptyIf(r, isEmptyRel(r.Input))
	case *bind.Join:
		l, rt := isEmptyRel(r.Left), isEmptyRel(r.Right)
		switch r.Kind {
		case bind.Inner, bind.Semi:
			return emptyIf(r, l || rt)
		case bind.Left:
			if rt && !l {
				return nullExtended(r.Left, r.Output())
			}
			return emptyIf(r, l)
		case bind.Anti:
			if rt {
				return r.Left
			}
			return emptyIf(r, l)
		case bind.Full:
			switch {
			case l && rt:
				return emptyRel(r.Output())
			case l:
				return nullExtended(r.Right, r.Output())
			case rt:
				return nullExtended(r.Left, r.Output())
			}
		}
	case *bind.SetOp:
		return emptySide(r)
	}
	return nil
}

// nullExtended is r with the columns of cols that it has not as nulls: an outer join with nothing.
func nullExtended(r eval.Rel, cols []eval.Column) eval.Rel {
	have := outputSet(r)
	p := &bind.Project{Input: r, Cols: cols, Exprs: make([]eval.Expr, len(cols))}
	for i := range cols {
		if have.has(cols[i].ID) {
			p.Exprs[i] = colOf(&cols[i])
		} else {
			p.Exprs[i] = &eval.Const{T: cols[i].T, D: types.NullDatum}
		}
	}
	return p
}

// emptySide is a set operation of which one side has no rows; nil when both may have some.
func emptySide(r *bind.SetOp) eval.Rel {
	l, rt := isEmptyRel(r.Left), isEmptyRel(r.Right)
	side := r.Left
	switch {
	case !l && !rt:
		return nil
	case l && (rt || r.Kind != bind.Union) || rt && r.Kind == bind.Intersect:
		if relVolatile(r) {
			return nil
		}
		return emptyRel(r.Cols)
	case l:
		side = r.Right
	}
	p := &bind.Project{Input: side, Cols: r.Cols, Exprs: make([]eval.Expr, len(r.Cols))}
	for i, c := range side.Output() {
		p.Exprs[i] = colOf(&c)
	}
	if r.All {
		return p
	}
	return &bind.Distinct{Input: p}
}

func emptyIf(r eval.Rel, yes bool) eval.Rel {
	if !yes {
		return nil
	}
	return emptyRel(r.Output())
}

// emptyRel is a relation of no rows.
func emptyRel(cols []eval.Column) eval.Rel { return &bind.Values{Cols: cols} }

func isEmptyRel(r eval.Rel) bool {
	v, ok := r.(*bind.Values)
	return ok && len(v.Rows) == 0
}

func eliminateProject(_ *optimizer, r eval.Rel) eval.Rel {
	p, ok := r.(*bind.Project)
	if !ok {
		return nil
	}
	out := p.Input.Output()
	if len(out) != len(p.Cols) {
		return nil
	}
	for i := range out {
		c, ok := p.Exprs[i].(*eval.Col)
		// Names and origins are the result's: they differ where a column was renamed.
		if !ok || c.ID != out[i].ID || p.Cols[i].ID != out[i].ID || p.Cols[i].Name != out[i].Name {
			return nil
		}
	}
	return p.Input
}

// mergeProjects joins two projections when no computation of the inner one would be done twice.
func mergeProjects(_ *optimizer, r eval.Rel) eval.Rel {
	p, ok := r.(*bind.Project)
	if !ok {
		return nil
	}
	in, ok := p.Input.(*bind.Project)
	if !ok {
		return nil
	}
	uses := map[eval.ColID]int{}
	sub := false
	for _, e := range p.Exprs {
		visit(e, func(x eval.Expr) bool {
			switch x := x.(type) {
			case *eval.Col:
				uses[x.ID]++
			case *eval.Subquery:
				sub = true
			}
			return true
		})
	}
	if sub {
		return nil
	}
	by := make(map[eval.ColID]eval.Expr, len(in.Cols))
	for i, e := range in.Exprs {
		switch e.(type) {
		case *eval.Col, *eval.Const, *eval.Param:
		default:
			if uses[in.Cols[i].ID] > 1 || isVolatile(e) {
				return nil
			}
		}
		by[in.Cols[i].ID] = e
	}
	ex := make([]eval.Expr, len(p.Exprs))
	for i, e := range p.Exprs {
		ex[i] = substitute(e, by)
	}
	return &bind.Project{Input: in.Input, Cols: p.Cols, Exprs: ex}
}

func eliminateLimit(_ *optimizer, r eval.Rel) eval.Rel {
	l, ok := r.(*bind.Limit)
	if !ok {
		return nil
	}
	zero := l.Offset == nil
	if c, ok := l.Offset.(*eval.Const); ok && (c.D.Null || c.D.I == 0) {
		zero = true
	}
	all := l.Count == nil
	if c, ok := l.Count.(*eval.Const); ok && c.D.Null {
		all = true
	}
	if zero && all {
		return l.Input
	}
	return nil
}

// dropSortBelow removes an ordering that the node above does not see.
func dropSortBelow(_ *optimizer, r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.Sort:
		if s, ok := r.Input.(*bind.Sort); ok {
			// The outer sort is stable in effect only by luck; SQL promises nothing of the inner order.
			return &bind.Sort{Input: s.Input, Keys: r.Keys}
		}
	case *bind.Join:
		if r.Kind == bind.Semi || r.Kind == bind.Anti {
			if in := unsorted(r.Right); in != nil {
				return &bind.Join{Kind: r.Kind, Left: r.Left, Right: in, On: r.On, Lateral: r.Lateral}
			}
		}
	}
	return nil
}

// unsorted is r without the sort under its projections; nil when there is none.
func unsorted(r eval.Rel) eval.Rel {
	switch r := r.(type) {
	case *bind.Sort:
		return r.Input
	case *bind.Project:
		if in := unsorted(r.Input); in != nil {
			return &bind.Project{Input: in, Cols: r.Cols, Exprs: r.Exprs}
		}
	}
	return nil
}

// limitBelowProject computes a select list only for the rows that a limit passes. Volatile functions then
// run as often as there are rows in the result.
func limitBelowProject(_ *optimizer, r eval.Rel) eval.Rel {
	l, ok := r.(*bind.Limit)
	if !ok || l.WithTies {
		return nil
	}
	p, ok := l.Input.(*bind.Project)
	if !ok {
		return nil
	}
	in := &bind.Limit{Input: p.Input, Count: l.Count, Offset: l.Offset}
	return &bind.Project{Input: in, Cols: p.Cols, Exprs: p.Exprs}
}

// postponeVolatile computes volatile columns that the order does not need behind a sort with a limit.
func postponeVolatile(_ *optimizer, r eval.Rel) eval.Rel {
	l, ok := r.(*bind.Limit)
	if !ok || l.WithTies {
		return nil
	}
	s, ok := l.Input.(*bind.Sort)
	if !ok {
		return nil
	}
	p, ok := s.Input.(*bind.Project)
	if !ok {
		return nil
	}
	var keys colSet
	for _, k := range s.Keys {
		keys.addExpr(k.Expr)
	}
	above := &bind.Project{Cols: p.Cols}
	below := &bind.Project{Input: p.Input}
	var later colSet
	moved := false
	for i, e := range p.Exprs {
		if !keys.has(p.Cols[i].ID) && isVolatile(e) {
			above.Exprs = append(above.Exprs, e)
			later.addExpr(e)
			moved = true
			continue
		}
		above.Exprs = append(above.Exprs, colOf(&p.Cols[i]))
		below.Cols, below.Exprs = append(below.Cols, p.Cols[i]), append(below.Exprs, e)
	}
	if !moved {
		return nil
	}
	have := setOf(below.Cols)
	for _, c := range p.Input.Output() {
		if later.has(c.ID) && !have.has(c.ID) {
			below.Cols, below.Exprs = append(below.Cols, c), append(below.Exprs, colOf(&c))
		}
	}
	above.Input = &bind.Limit{Input: &bind.Sort{Input: below, Keys: s.Keys}, Count: l.Count, Offset: l.Offset}
	return above
}

// aggregateNothing: without groups and aggregates an aggregation is one row, whatever its input.
func aggregateNothing(_ *optimizer, r eval.Rel) eval.Rel {
	a, ok := r.(*bind.Aggregate)
	if !ok || len(a.Groups) > 0 || a.Sets != nil || len(a.Aggs) > 0 || relVolatile(a.Input) {
		return nil
	}
	return &bind.Values{Rows: [][]eval.Expr{{}}}
}
