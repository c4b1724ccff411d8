package exec

import (
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"

	"github.com/vecdb/vecdb/sql/batch"
)

// Build makes the operators of a plan for one execution.
func Build(rt *Runtime, p *planner.Plan) (Operator, error) {
	b := &builder{rt: rt, sc: rt.newScope(nil, nil)}
	return b.build(p.Root)
}

// builder makes operators that run in one scope.
type builder struct {
	oneByOne bool // of the LockRows that is built next: lock no row before it is asked for
	rt       *Runtime
	sc       *scope
}

// inner is a builder for a subtree with a scope of its own.
func (b *builder) inner(row func(eval.ColID) (types.Datum, bool)) *builder {
	return &builder{rt: b.rt, sc: b.rt.newScope(b.sc, row)}
}

func (b *builder) build(n planner.Node) (Operator, error) {
	op, err := b.operator(n)
	if err != nil {
		return nil, err
	}
	if b.rt.Analyze {
		op = b.rt.measured(n, op)
	}
	return op, nil
}

func (b *builder) operator(n planner.Node) (Operator, error) {
	switch n := n.(type) {
	case *planner.SeqScan:
		return newSeqScan(b, n)
	case *planner.IndexScan:
		return newIndexScan(b, n)
	case *planner.BitmapScan:
		return newBitmapScan(b, n)
	case *planner.AnnScan:
		return newAnnScan(b, n)
	case *planner.VirtualScan:
		return newVirtualScan(b, n)
	case *planner.Values:
		return newValues(b, n)
	case *planner.Empty:
		return empty{}, nil
	case *planner.FuncScan:
		return newFuncScan(b, n)
	case *planner.CTEScan:
		return newCTEScan(b, n)
	}
	return b.unary(n)
}

// unary makes the operators with one input.
func (b *builder) unary(n planner.Node) (Operator, error) {
	switch n := n.(type) {
	case *planner.Filter:
		return newFilter(b, n)
	case *planner.Project:
		return newProject(b, n)
	case *planner.ProjectSet:
		return newProjectSet(b, n)
	case *planner.Sort:
		return newSort(b, n)
	case *planner.Limit:
		return newLimit(b, n)
	case *planner.Distinct:
		return newDistinct(b, n)
	case *planner.Aggregate:
		return newAggregate(b, n)
	case *planner.Window:
		return newWindow(b, n)
	case *planner.Material:
		return newMaterial(b, n)
	case *planner.LockRows:
		return newLockRows(b, n)
	}
	return b.wide(n)
}

// wide makes the operators with several inputs and those that write.
func (b *builder) wide(n planner.Node) (Operator, error) {
	switch n := n.(type) {
	case *planner.HashJoin:
		return newHashJoin(b, n)
	case *planner.NestLoop:
		return newLoopJoin(b, n)
	case *planner.SetOp:
		return newSetOp(b, n)
	case *planner.Append:
		return newAppend(b, n)
	case *planner.With:
		return newWith(b, n)
	case *planner.Insert:
		return newInsert(b, n)
	case *planner.Update:
		return newUpdate(b, n)
	case *planner.Delete:
		return newDelete(b, n)
	}
	return nil, pgerr.Unsupported("running %T", n)
}

// compile makes a program over rows of the given layout; e nil gives nil.
func (b *builder) compile(e eval.Expr, cols []eval.Column) (*eval.Program, error) {
	if e == nil {
		return nil, nil
	}
	return eval.Compile(e, slots(cols))
}

func (b *builder) compileList(list []eval.Expr, cols []eval.Column) ([]*eval.Program, error) {
	out := make([]*eval.Program, len(list))
	slot := slots(cols)
	for i, e := range list {
		p, err := eval.Compile(e, slot)
		if err != nil {
			return nil, err
		}
		out[i] = p
	}
	return out, nil
}

// condition compiles the AND of a list; nil for none.
func (b *builder) condition(list []eval.Expr, cols []eval.Column) (*eval.Program, error) {
	return b.compile(eval.Conjunction(list), cols)
}

// value is an expression without input columns, computed when an operator is opened.
type value struct {
	p *eval.Program
	d types.Datum // when p is nil
}

// oneRow is the input of such an expression.
var oneRow = &batch.Batch{N: 1}

// newValue compiles e; nil is NULL.
func (b *builder) newValue(e eval.Expr) (value, error) {
	if e == nil {
		return value{d: types.NullDatum}, nil
	}
	if c, ok := e.(*eval.Const); ok {
		return value{d: c.D}, nil
	}
	p, err := eval.Compile(e, func(eval.ColID) (int, bool) { return 0, false })
	return value{p: p}, err
}

func (v *value) get(sc *scope) (types.Datum, error) {
	if v.p == nil {
		return v.d, nil
	}
	c, err := v.p.Eval(&sc.ev, oneRow)
	if err != nil {
		return types.Datum{}, err
	}
	return c.Datum(0), nil
}

// evalAll computes programs over a batch into out.
func evalAll(sc *scope, progs []*eval.Program, b *batch.Batch, out []*batch.Column) error {
	for i, p := range progs {
		c, err := p.Eval(&sc.ev, b)
		if err != nil {
			return err
		}
		out[i] = c
	}
	return nil
}
