package eval

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Compile makes a program of e. slot gives the position of a column in the batches that the program
// will see, or false for a column of an enclosing query, whose value Runtime.Outer gives. The error
// is 0A000 when e calls a function that cannot run.
func Compile(e Expr, slot func(ColID) (int, bool)) (*Program, error) {
	c := compiler{slot: slot}
	n, traits, err := c.compile(e)
	if err != nil {
		return nil, err
	}
	if traits.constant() {
		n = c.once(n, e.Type(), traits)
	}
	return &Program{root: n, t: e.Type()}, nil
}

// traits say what a subtree's value depends on.
type traits uint8

const (
	usesRow     traits = 1 << iota // differs by row: columns, CaseValue, ArrayElem, volatile calls
	usesOuter                      // differs by call of the program
	usesRuntime                    // differs by Runtime: parameters, stable calls
	isLeaf                         // is cheap to broadcast again
)

// constant says that a subtree has one value for all rows of a call.
func (t traits) constant() bool { return t&usesRow == 0 }

type compiler struct {
	slot  func(ColID) (int, bool)
	cases []*caseNode      // enclosing simple CASEs, innermost last
	elems []*arrayCastNode // enclosing array casts
}

// compile makes the node of e.
func (c *compiler) compile(e Expr) (node, traits, error) {
	switch e := e.(type) {
	case *Const:
		return newConst(e), isLeaf, nil
	case *Col:
		if i, ok := c.slot(e.ID); ok {
			return &colNode{i}, usesRow | isLeaf, nil
		}
		return newOuter(e), usesOuter | isLeaf, nil
	case *Param:
		return newParam(e), usesRuntime | isLeaf, nil
	case *Call:
		return c.compileCall(e)
	case *And:
		return c.compileLogic(e.Args, false)
	case *Or:
		return c.compileLogic(e.Args, true)
	case *Relabel:
		return c.compileRelabel(e)
	case *Case:
		return c.compileCase(e)
	case *CaseValue:
		if len(c.cases) == 0 {
			return nil, 0, errInternal("CASE operand outside of CASE")
		}
		return &caseValueNode{c.cases[len(c.cases)-1]}, usesRow | isLeaf, nil
	case *ArrayElem:
		if len(c.elems) == 0 {
			return nil, 0, errInternal("array element outside of an array cast")
		}
		return &arrayElemNode{c.elems[len(c.elems)-1]}, usesRow | isLeaf, nil
	case *Subquery:
		return c.compileSubquery(e)
	case *Agg:
		return nil, 0, errInternal("aggregate " + e.F.Name + " outside of an aggregation")
	case *Grouping:
		return nil, 0, errInternal("GROUPING outside of an aggregation")
	case *Default:
		return nil, 0, pgerr.New(pgerrcode.SyntaxError, "DEFAULT is not allowed in this context")
	}
	return c.compileForm(e)
}

// compileForm makes the nodes that are neither leaves nor plain calls.
func (c *compiler) compileForm(e Expr) (node, traits, error) {
	switch e := e.(type) {
	case *Not:
		return c.unary(e.Arg, func(a node) node { return &notNode{arg: a, out: newResult(boolT)} })
	case *IsNull:
		return c.compileIsNull(e)
	case *BoolTest:
		return c.unary(e.Arg, func(a node) node {
			return &boolTestNode{arg: a, want: e.Want, not: e.Not, out: newResult(boolT)}
		})
	case *Distinct:
		return c.compileDistinct(e)
	case *Coalesce:
		return c.compileCoalesce(e)
	case *MinMax:
		return c.compileMinMax(e)
	case *NullIf:
		return c.compileNullIf(e)
	case *AnyAll:
		return c.compileAnyAll(e)
	case *Array:
		return c.compileArray(e)
	case *Subscript:
		return c.compileSubscript(e)
	case *Row:
		return c.compileRow(e)
	case *RowCompare:
		return c.compileRowCompare(e)
	case *Field:
		return c.compileField(e)
	case *IOCast:
		return c.compileIOCast(e)
	case *ModCast:
		return c.compileModCast(e)
	case *ArrayCast:
		return c.compileArrayCast(e)
	}
	return nil, 0, errInternal("unknown expression")
}

// args compiles operands. When together they differ by row, those that do not are computed once and
// repeated; self are the traits of the node above.
func (c *compiler) args(exprs []Expr, self traits) ([]node, traits, error) {
	nodes := make([]node, len(exprs))
	var buf [8]traits
	each := buf[:0]
	all := self
	for i, e := range exprs {
		n, t, err := c.compile(e)
		if err != nil {
			return nil, 0, err
		}
		nodes[i] = n
		each = append(each, t)
		all |= t &^ isLeaf
	}
	if !all.constant() {
		for i, t := range each {
			if t.constant() && t&isLeaf == 0 {
				nodes[i] = c.once(nodes[i], exprs[i].Type(), t)
			}
		}
	}
	return nodes, all, nil
}

// unary compiles a node of one operand.
func (c *compiler) unary(arg Expr, make func(node) node) (node, traits, error) {
	n, t, err := c.compile(arg)
	if err != nil {
		return nil, 0, err
	}
	return make(n), t &^ isLeaf, nil
}

func (c *compiler) once(n node, t types.T, tr traits) node {
	return &onceNode{arg: n, outer: tr&usesOuter != 0, repeat: newRepeat(t)}
}

// callTraits is what a call adds to its operands' traits.
func callTraits(v fn.Volatility) traits {
	switch v {
	case fn.Volatile:
		return usesRow
	case fn.Stable:
		return usesRuntime
	}
	return 0
}

func errInternal(text string) error { return pgerr.New(pgerrcode.InternalError, "%s", text) }
