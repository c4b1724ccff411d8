package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// Node is one operator of a physical plan. Nodes are immutable once Plan has returned.
type Node interface {
	// Info is the estimate and the output of the node.
	Info() *Base
	// Inputs lists the nodes it reads, in order.
	Inputs() []Node
}

// Base is what every node has.
type Base struct {
	Cols    []eval.Column // output, in order
	Rows    float64       // estimated rows
	Startup float64       // cost until the first row; one unit is about a microsecond
	Total   float64       // cost of all rows
	// Order is how the output is sorted, as far as known.
	Order []OrderKey
	// Fixed are columns with one value in all rows, which count as sorted anywhere.
	Fixed []eval.ColID
}

// Info implements Node for everything that embeds it.
func (i *Base) Info() *Base { return i }

// OrderKey is one column of a known sort order.
type OrderKey struct {
	Col        eval.ColID
	Desc       bool
	NullsFirst bool
}

type (
	// Filter passes the rows for which all of Conds are true.
	Filter struct {
		Base
		Input Node
		Conds []eval.Expr
		// OneTime says that Conds have no columns of Input: they are looked at once, before Input is opened.
		OneTime bool
	}
	// Project computes Exprs into Info.Cols.
	Project struct {
		Base
		Input Node
		Exprs []eval.Expr
	}
	// ProjectSet computes a select list with set-returning functions.
	ProjectSet struct {
		Base
		Input Node
		Exprs []eval.Expr
	}
	// Sort orders its input. With Limit it keeps only the first rows (top-N): Limit is an int8 expression
	// without input columns, nil for no bound, to which Offset (or nil) is added.
	Sort struct {
		Base
		Input         Node
		Keys          []eval.SortKey
		Limit, Offset eval.Expr
		// Presorted is the number of leading keys by which Input is already ordered.
		Presorted int
	}
	// Limit skips Offset rows and passes Count. Ties are the sort keys of WITH TIES.
	Limit struct {
		Base
		Input         Node
		Count, Offset eval.Expr
		WithTies      bool
		Ties          []eval.SortKey
		// Sum: pass Count plus Offset rows and skip none, for a limit below the one that skips.
		Sum bool
	}
	// Distinct drops rows equal in On (nil: in all columns); the first stays. Sorted says that equal rows
	// come together.
	Distinct struct {
		Base
		Input  Node
		On     []eval.Expr
		Sorted bool
	}
	// Aggregate is bind.Aggregate. Sorted says that the input comes grouped.
	Aggregate struct {
		Base
		Input  Node
		Groups []eval.Expr
		Sets   [][]int
		Aggs   []eval.Expr
		Sorted bool
	}
	// Window is bind.Window over an input that Sort has already ordered by partition and order.
	Window struct {
		Base
		Input     Node
		Partition []eval.Expr
		Order     []eval.SortKey
		Frame     bind.Frame
		Calls     []bind.WindowCall
	}
	// SetOp combines by position.
	SetOp struct {
		Base
		Kind        bind.SetKind
		All         bool
		Left, Right Node
	}
	// Append is UNION ALL of any number of inputs, by position.
	Append struct {
		Base
		Parts []Node
	}
	// With makes CTEs before Input.
	With struct {
		Base
		CTEs  []*CTE
		Input Node
	}
	// LockRows locks the rows that pass through.
	LockRows struct {
		Base
		Input  Node
		Locks  []bind.RowLock
		NoWait bool
		Skip   bool
	}
	// Material keeps its input's rows, so that reading them again does not compute them again.
	Material struct {
		Base
		Input Node
	}
)

// CTE is one planned WITH query. CTEScan nodes point to it.
type CTE struct {
	Name      string
	Cols      []eval.Column
	Plan      Node
	Recursive bool
	Step      Node
	All       bool
	// Modifying CTEs run to their end even when nobody reads them.
	Modifying bool
}

// SubPlan is a planned subquery: what Subquery.Rel is inside a plan's expressions.
type SubPlan struct {
	N    int // number in the plan, from 1
	Root Node
	// Params lists the columns of enclosing queries that the subquery uses; empty: it runs once.
	Params []eval.ColID
}

// Output implements eval.Rel.
func (s *SubPlan) Output() []eval.Column { return s.Root.Info().Cols }

// Inputs implements Node.
func (n *Filter) Inputs() []Node     { return []Node{n.Input} }
func (n *Project) Inputs() []Node    { return []Node{n.Input} }
func (n *ProjectSet) Inputs() []Node { return []Node{n.Input} }
func (n *Sort) Inputs() []Node       { return []Node{n.Input} }
func (n *Limit) Inputs() []Node      { return []Node{n.Input} }
func (n *Distinct) Inputs() []Node   { return []Node{n.Input} }
func (n *Aggregate) Inputs() []Node  { return []Node{n.Input} }
func (n *Window) Inputs() []Node     { return []Node{n.Input} }
func (n *SetOp) Inputs() []Node      { return []Node{n.Left, n.Right} }
func (n *Append) Inputs() []Node     { return n.Parts }
func (n *LockRows) Inputs() []Node   { return []Node{n.Input} }
func (n *Material) Inputs() []Node   { return []Node{n.Input} }

// Inputs lists the CTEs' plans, then the main query.
func (n *With) Inputs() []Node {
	var out []Node
	for _, c := range n.CTEs {
		out = append(out, c.Plan)
		if c.Step != nil {
			out = append(out, c.Step)
		}
	}
	return append(out, n.Input)
}

// width estimates the bytes of a row of cols.
func width(cols []eval.Column) int {
	w := 0
	for i := range cols {
		w += typeWidth(cols[i].T)
	}
	return w
}

// typeWidth is the average size of a value when nothing is known, as PostgreSQL assumes it.
func typeWidth(t types.T) int {
	switch t.OID {
	case types.BoolOID:
		return 1
	case types.Int2OID:
		return 2
	case types.Int4OID, types.Float4OID, types.DateOID, types.OIDOID:
		return 4
	case types.Int8OID, types.Float8OID, types.TimestampOID, types.TimestamptzOID, types.TimeOID:
		return 8
	case types.UUIDOID, types.IntervalOID:
		return 16
	}
	if t.Mod > 0 && t.OID >= types.FirstExtensionOID {
		return int(t.Mod)*4 + 8
	}
	return 32
}
