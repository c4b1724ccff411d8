package exec

import (
	"context"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// subqueries runs the subqueries that stay expressions. The operators of each are built once and opened
// again for each row.
type subqueries struct {
	rt    *Runtime
	scope *scope
	built map[*planner.SubPlan]*builtSubquery
}

type builtSubquery struct {
	op    Operator
	outer func(eval.ColID) types.Datum
	uses  map[eval.ColID]bool
}

// RunSubquery implements eval.SubqueryRunner.
func (s *subqueries) RunSubquery(
	sub *eval.Subquery, outer func(eval.ColID) types.Datum, emit func(*batch.Batch) (bool, error),
) error {
	plan, ok := sub.Rel.(*planner.SubPlan)
	if !ok {
		return pgerr.Unsupported("a subquery that was not planned")
	}
	q, err := s.get(plan)
	if err != nil {
		return err
	}
	saved := q.outer
	q.outer = outer
	defer func() { q.outer = saved }()
	ctx := context.Background()
	if s.rt.Env != nil && s.rt.Env.Ctx != nil {
		ctx = s.rt.Env.Ctx
	}
	if err := q.op.Open(ctx); err != nil {
		return err
	}
	for {
		b, err := q.op.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		more, err := emit(b)
		if err != nil || !more {
			return err
		}
	}
}

// get builds a subquery's operators in a scope of their own, whose row is the one it runs for.
func (s *subqueries) get(plan *planner.SubPlan) (*builtSubquery, error) {
	if q := s.built[plan]; q != nil {
		return q, nil
	}
	q := &builtSubquery{uses: make(map[eval.ColID]bool, len(plan.Params))}
	for _, id := range plan.Params {
		q.uses[id] = true
	}
	b := &builder{rt: s.rt, sc: s.rt.newScope(s.scope, func(id eval.ColID) (types.Datum, bool) {
		if !q.uses[id] || q.outer == nil {
			return types.Datum{}, false
		}
		return q.outer(id), true
	})}
	var err error
	if q.op, err = b.build(plan.Root); err != nil {
		return nil, err
	}
	if s.built == nil {
		s.built = map[*planner.SubPlan]*builtSubquery{}
	}
	s.built[plan] = q
	s.rt.subs = append(s.rt.subs, q.op)
	return q, nil
}
