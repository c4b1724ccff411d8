package exec

import (
	"context"
	"time"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
)

// Actual is what EXPLAIN ANALYZE measured of a node.
type Actual = planner.Actual

// Actuals returns what was measured of a node, or nil.
func (rt *Runtime) Actuals(n planner.Node) *Actual { return rt.actuals[n] }

// measuring wraps an operator.
type measuring struct {
	op    Operator
	a     *Actual
	first bool
}

func (rt *Runtime) measured(n planner.Node, op Operator) Operator {
	if rt.actuals == nil {
		rt.actuals = map[planner.Node]*Actual{}
	}
	a := rt.actuals[n]
	if a == nil {
		a = &Actual{}
		rt.actuals[n] = a
	}
	if t, ok := op.(interface{ noteTo(*Actual) }); ok {
		t.noteTo(a)
	}
	return &measuring{op: op, a: a}
}

// Open implements Operator.
func (m *measuring) Open(ctx context.Context) error {
	start := time.Now()
	m.a.Loops++
	m.first = true
	err := m.op.Open(ctx)
	d := time.Since(start)
	m.a.Total += d
	m.a.Startup += d
	return err
}

// Next implements Operator.
func (m *measuring) Next(ctx context.Context) (*batch.Batch, error) {
	start := time.Now()
	b, err := m.op.Next(ctx)
	d := time.Since(start)
	m.a.Total += d
	if m.first {
		m.first = false
		m.a.Startup += d
	}
	if b != nil {
		m.a.Rows += int64(b.Rows())
	}
	return b, err
}

// Close implements Operator.
func (m *measuring) Close() error { return m.op.Close() }
