package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/pgerr"
)

func (o *optimizer) with(r *bind.With, w want) (Node, error) {
	if o.ctes == nil {
		o.ctes = map[*bind.CTE]*CTE{}
	}
	n := &With{}
	for _, c := range r.CTEs {
		p := &CTE{Name: c.Name, Cols: c.Rel.Output(), Recursive: c.Recursive, All: c.All}
		o.ctes[c] = p
		var err error
		if m, ok := c.Rel.(*bind.Modify); ok {
			o.writes, p.Modifying = true, true
			p.Plan, err = o.modify(m.Stmt)
		} else {
			p.Plan, err = o.exact(c.Rel, c.Rel.Output())
		}
		if err != nil {
			return nil, err
		}
		n.Total += p.Plan.Info().Total
		if c.Step != nil {
			if p.Step, err = o.exact(c.Step, c.Step.Output()); err != nil {
				return nil, err
			}
			n.Total += p.Step.Info().Total * recursiveGrowth
		}
		n.CTEs = append(n.CTEs, p)
	}
	in, err := o.node(r.Input, w)
	if err != nil {
		return nil, err
	}
	cost := n.Total
	n.Base = *in.Info()
	n.Startup, n.Total = n.Startup+cost, n.Total+cost
	n.Input = in
	return n, nil
}

func (o *optimizer) cteScan(r *bind.CTERef) (Node, error) {
	p := o.ctes[r.CTE]
	for c := r.CTE; p == nil && o.renewed[c] != nil; p = o.ctes[c] {
		c = o.renewed[c]
	}
	if p == nil {
		return nil, pgerr.New("XX000", "WITH query %q is not visible here", r.CTE.Name)
	}
	n := &CTEScan{CTE: p, Working: r.Working}
	n.Cols = r.Cols
	n.Rows = defaultRows
	if p.Plan != nil {
		n.Rows = p.Plan.Info().Rows
		if p.Recursive {
			n.Rows *= recursiveGrowth
		}
	}
	n.Total = n.Rows * costRow
	return n, nil
}
