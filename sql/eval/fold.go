package eval

import (
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

// Fold replaces immutable subtrees of constants by their values and simplifies AND, OR, NOT, CASE and
// COALESCE with constant operands. A subtree whose computation fails is left as it is: the error is
// raised when, and only when, a row needs the value.
func Fold(e Expr) Expr { return Rewrite(e, foldNode) }

func foldNode(e Expr) Expr {
	switch e := e.(type) {
	case *Const, *Col, *Param, *CaseValue, *ArrayElem, *Subquery, *Agg, *Grouping, *Default:
		return e
	case *And:
		return foldLogic(e.Args, false)
	case *Or:
		return foldLogic(e.Args, true)
	case *Case:
		return foldCase(e)
	case *Coalesce:
		return foldCoalesce(e)
	case *Call:
		if e.F.Vol != fn.Immutable || e.F.Kernel == nil || e.F.ReadsSession() {
			return e
		}
		if e.F.Strict && hasNull(e.Args) {
			return &Const{T: e.T, D: types.NullDatum}
		}
	case *AnyAll:
		// Nothing compares with null, unless there is nothing to compare it with.
		if c, ok := e.Left.(*Const); ok && c.D.Null && e.F.Strict {
			if a, ok := e.Right.(*Array); ok && len(a.Elems) > 0 {
				return boolConst(types.NullDatum)
			}
		}
	case *Array:
		// ANY (ARRAY[...]) of constants is turned into a set when it runs; an array literal is one value.
	}
	if !allConst(operands(e)) || !IsImmutable(e) || some(e, bound) || some(e, bySettings) {
		return e
	}
	d, err := Constant(&Runtime{}, e)
	if err != nil {
		return e
	}
	return &Const{T: e.Type(), D: d}
}

// bound says whether a node refers to something around it.
func bound(e Expr) bool {
	switch e.(type) {
	case *CaseValue, *ArrayElem:
		return true
	}
	return false
}

func allConst(list []Expr) bool {
	for _, e := range list {
		if _, ok := e.(*Const); !ok {
			return false
		}
	}
	return true
}

func hasNull(list []Expr) bool {
	for _, e := range list {
		if c, ok := e.(*Const); ok && c.D.Null {
			return true
		}
	}
	return false
}

func boolConst(d types.Datum) Expr { return &Const{T: boolT, D: d} }

// foldLogic folds AND (stop false) and OR (stop true).
func foldLogic(args []Expr, stop bool) Expr {
	var rest []Expr
	null := false
	for _, a := range args {
		c, ok := a.(*Const)
		switch {
		case !ok:
			rest = append(rest, a)
		case c.D.Null:
			null = true
		case c.D.Bool() == stop:
			return boolConst(types.BoolDatum(stop))
		}
	}
	if null {
		if len(rest) == 0 {
			return boolConst(types.NullDatum)
		}
		rest = append(rest, boolConst(types.NullDatum))
	}
	switch len(rest) {
	case 0:
		return boolConst(types.BoolDatum(!stop))
	case 1:
		return rest[0]
	}
	if stop {
		return &Or{Args: rest}
	}
	return &And{Args: rest}
}

// foldCase drops arms that are never taken and those behind one that always is.
func foldCase(e *Case) Expr {
	var operand *Const
	if e.Arg != nil {
		var ok bool
		if operand, ok = e.Arg.(*Const); !ok {
			return e
		}
	}
	out := &Case{Else: e.Else, T: e.T}
	for _, w := range e.Whens {
		if operand != nil {
			w.Cond = withOperand(w.Cond, operand)
		}
		c, ok := w.Cond.(*Const)
		if !ok {
			out.Whens = append(out.Whens, w)
			continue
		}
		if !c.D.Null && c.D.Bool() {
			out.Else = w.Result
			break
		}
	}
	switch {
	case len(out.Whens) > 0:
		return out
	case out.Else == nil:
		return &Const{T: e.T, D: types.NullDatum}
	}
	return out.Else
}

// withOperand puts the constant operand of a simple CASE into a condition of it and folds what that
// makes constant. A CASE inside has an operand of its own.
func withOperand(e Expr, operand *Const) Expr {
	switch x := e.(type) {
	case *CaseValue:
		return operand
	case *Case:
		if x.Arg != nil {
			return e
		}
	}
	n := mapChildren(e, func(c Expr) Expr { return withOperand(c, operand) })
	if n == e {
		return e
	}
	return foldNode(n)
}

// foldCoalesce drops null constants and what stands behind a constant.
func foldCoalesce(e *Coalesce) Expr {
	var rest []Expr
	for _, a := range e.Args {
		c, ok := a.(*Const)
		if ok && c.D.Null {
			continue
		}
		rest = append(rest, a)
		if ok {
			break
		}
	}
	switch len(rest) {
	case 0:
		return &Const{T: e.T, D: types.NullDatum}
	case 1:
		return rest[0]
	}
	return &Coalesce{Args: rest, T: e.T}
}
