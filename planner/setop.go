package planner

import (
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
)

// setOp plans UNION, INTERSECT and EXCEPT. A chain of UNION ALL becomes one Append.
func (o *optimizer) setOp(r *bind.SetOp) (Node, error) {
	if r.Kind == bind.Union {
		a := &Append{}
		a.Cols = r.Cols
		if err := o.unionParts(r, r.All, a); err != nil {
			return nil, err
		}
		if r.All {
			return a, nil
		}
		return o.distinctOver(a, nil), nil
	}
	l, err := o.exact(r.Left, r.Left.Output())
	if err != nil {
		return nil, err
	}
	rt, err := o.exact(r.Right, r.Right.Output())
	if err != nil {
		return nil, err
	}
	n := &SetOp{Kind: r.Kind, All: r.All, Left: l, Right: rt}
	n.Cols = r.Cols
	li, ri := l.Info(), rt.Info()
	n.Total = li.Total + ri.Total + (li.Rows+ri.Rows)*costGroupRow
	n.Startup = n.Total
	n.Rows = clampRows(li.Rows / 2)
	if r.Kind == bind.Intersect {
		n.Rows = clampRows(math.Min(li.Rows, ri.Rows) / 2)
	}
	return n, nil
}

// unionParts collects the inputs of nested unions that may be flattened: duplicates below a UNION are
// dropped above anyway.
func (o *optimizer) unionParts(r eval.Rel, all bool, a *Append) error {
	if s, ok := r.(*bind.SetOp); ok && s.Kind == bind.Union && (s.All || !all) {
		if err := o.unionParts(s.Left, all, a); err != nil {
			return err
		}
		return o.unionParts(s.Right, all, a)
	}
	n, err := o.exact(r, r.Output())
	if err != nil {
		return err
	}
	a.Parts = append(a.Parts, n)
	a.Rows += n.Info().Rows
	a.Total += n.Info().Total
	return nil
}

// exact plans r for a consumer that goes by position.
func (o *optimizer) exact(r eval.Rel, cols []eval.Column) (Node, error) {
	n, err := o.node(r, want{})
	if err != nil {
		return nil, err
	}
	return exactColumns(n, cols), nil
}
