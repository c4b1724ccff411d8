package planner

import (
	"math"

	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

func (o *optimizer) funcScan(r *bind.FuncScan) Node {
	n := &FuncScan{Calls: o.exprs(r.Calls), CallCols: r.CallCols, Ordinality: r.Ordinality, Alias: r.Alias}
	n.Cols = r.Cols
	n.Rows = 1
	for _, c := range r.Calls {
		n.Rows = math.Max(n.Rows, funcRows(c))
	}
	n.Total = n.Rows * costRow
	return n
}

// funcRows estimates what a function in FROM yields.
func funcRows(e eval.Expr) float64 {
	c, ok := e.(*eval.Call)
	if !ok || !c.F.RetSet {
		return 1
	}
	switch c.F.Name {
	case "generate_series":
		lo, ok1 := intConst(c.Args[0])
		hi, ok2 := intConst(c.Args[1])
		if ok1 && ok2 && len(c.Args) == 2 && hi >= lo {
			return clampRows(hi - lo + 1)
		}
	case "unnest":
		if list, ok := listOf(c.Args[0]); ok {
			return float64(len(list))
		}
		return 10
	}
	return defaultFuncRows
}

func intConst(e eval.Expr) (float64, bool) {
	c, ok := e.(*eval.Const)
	if !ok || c.D.Null || familyOf(c.T.OID) != types.Int8OID {
		return 0, false
	}
	return float64(c.D.I), true
}
