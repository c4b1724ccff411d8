package planner

import (
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/types"
)

var (
	trueExpr  = &eval.Const{T: types.Of(types.BoolOID), D: types.BoolDatum(true)}
	falseExpr = &eval.Const{T: types.Of(types.BoolOID), D: types.BoolDatum(false)}
)

// conjuncts appends the parts of an AND.
func conjuncts(dst []eval.Expr, e eval.Expr) []eval.Expr {
	switch e := e.(type) {
	case nil:
		return dst
	case *eval.And:
		for _, a := range e.Args {
			dst = conjuncts(dst, a)
		}
		return dst
	case *eval.Const:
		if !e.D.Null && e.D.Bool() {
			return dst
		}
	}
	return append(dst, e)
}

// conjoin is the AND of the list; nil for none.
func conjoin(list []eval.Expr) eval.Expr {
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return &eval.And{Args: list}
}

// colOf makes a reference to a column.
func colOf(c *eval.Column) *eval.Col { return &eval.Col{ID: c.ID, T: c.T, Name: c.Name} }

// substitute replaces columns by expressions; columns without an entry stay. A subquery is entered: the
// columns it takes from outside are replaced only by other columns (see canSubstitute).
func substitute(e eval.Expr, by map[eval.ColID]eval.Expr) eval.Expr {
	return rewrite(e, func(x eval.Expr) eval.Expr {
		switch x := x.(type) {
		case *eval.Col:
			if r, ok := by[x.ID]; ok {
				return r
			}
		case *eval.Subquery:
			return substituteOuter(x, by)
		}
		return x
	})
}

// substituteOuter renames the outer columns of a subquery.
func substituteOuter(x *eval.Subquery, by map[eval.ColID]eval.Expr) eval.Expr {
	changed := false
	for _, id := range x.Outer {
		if r, ok := by[id]; ok {
			if c, same := r.(*eval.Col); !same || c.ID != id {
				changed = true
			}
		}
	}
	if !changed {
		return x
	}
	c := *x
	c.Rel = substituteRel(x.Rel, by)
	c.Outer = nil
	freeCols(c.Rel).each(func(id eval.ColID) { c.Outer = append(c.Outer, id) })
	return &c
}

// isVolatile says whether e may give another value each time, or has an effect.
func isVolatile(e eval.Expr) bool {
	found := false
	visit(e, func(x eval.Expr) bool {
		switch x := x.(type) {
		case *eval.Call:
			found = found || x.F.Vol == fn.Volatile || x.F.RetSet
		case *eval.Subquery:
			found = found || relVolatile(x.Rel)
		}
		return !found
	})
	return found
}

// relVolatile says whether computing r may give other rows each time, or has an effect.
func relVolatile(r eval.Rel) bool {
	_, locks := r.(*bind.LockRows)
	found := isModify(r) || locks
	eachExpr(r, func(e eval.Expr) { found = found || isVolatile(e) })
	for _, in := range inputs(r) {
		found = found || relVolatile(in)
	}
	return found
}

func hasSubquery(e eval.Expr) bool {
	found := false
	visit(e, func(x eval.Expr) bool {
		if _, ok := x.(*eval.Subquery); ok {
			found = true
		}
		return !found
	})
	return found
}

// rejectsNulls says whether e, as a condition, is certainly not true when all columns of cols are
// null.
func rejectsNulls(e eval.Expr, cols colSet) bool {
	return rejectsWhen(e, func(x eval.Expr) bool {
		c, ok := x.(*eval.Col)
		return ok && cols.has(c.ID)
	})
}

// rejectsWhen says whether e, as a condition, is certainly not true when all expressions that isNull names are null.
func rejectsWhen(e eval.Expr, isNull func(eval.Expr) bool) bool {
	switch e := e.(type) {
	case *eval.And:
		for _, a := range e.Args {
			if rejectsWhen(a, isNull) {
				return true
			}
		}
		return false
	case *eval.Or:
		for _, a := range e.Args {
			if !rejectsWhen(a, isNull) {
				return false
			}
		}
		return true
	case *eval.IsNull:
		return e.Not && nullWhen(e.Arg, isNull)
	case *eval.BoolTest:
		return !e.Not && e.Want != eval.WantUnknown && nullWhen(e.Arg, isNull)
	case *eval.AnyAll:
		// An empty array makes ANY false, which is as good as null here.
		if !e.All && e.F.Strict && nullWhen(e.Left, isNull) {
			return true
		}
	}
	return nullWhen(e, isNull)
}

// nullWhen says whether e is certainly null when all expressions that isNull names are.
func nullWhen(e eval.Expr, isNull func(eval.Expr) bool) bool {
	if isNull(e) {
		return true
	}
	switch e := e.(type) {
	case *eval.Const:
		return e.D.Null
	case *eval.Call:
		if !e.F.Strict || e.F.RetSet {
			return false
		}
		for _, a := range e.Args {
			if nullWhen(a, isNull) {
				return true
			}
		}
		return false
	case *eval.And:
		return allNull(e.Args, isNull)
	case *eval.Or:
		return allNull(e.Args, isNull)
	case *eval.Not:
		return nullWhen(e.Arg, isNull)
	case *eval.Relabel:
		return nullWhen(e.Arg, isNull)
	case *eval.ModCast:
		return nullWhen(e.Arg, isNull)
	case *eval.IOCast:
		return nullWhen(e.Arg, isNull)
	case *eval.AnyAll:
		// An empty array makes it true or false even for a null operand, a literal list is not empty.
		list, ok := listOf(e.Right)
		return ok && len(list) > 0 && e.F.Strict && nullWhen(e.Left, isNull)
	}
	return false
}

func allNull(list []eval.Expr, isNull func(eval.Expr) bool) bool {
	for _, a := range list {
		if !nullWhen(a, isNull) {
			return false
		}
	}
	return true
}

// listOf gives the elements of an array that is written out: ARRAY[...], an IN list, or a constant.
func listOf(e eval.Expr) ([]eval.Expr, bool) {
	switch e := stripRelabel(e).(type) {
	case *eval.Array:
		return e.Elems, !e.Multi
	case *eval.Const:
		t := types.Lookup(e.T.OID)
		if t == nil || t.Elem == 0 || e.D.Null {
			return nil, false
		}
		a, err := types.DecodeArray(e.D.S)
		if err != nil {
			return nil, false
		}
		out := make([]eval.Expr, len(a.Items))
		for i, d := range a.Items {
			out[i] = &eval.Const{T: types.Of(t.Elem), D: d}
		}
		return out, true
	}
	return nil, false
}

// comparison is a binary condition left op right, with op one of = <> < <= > >=.
type comparison struct {
	call        *eval.Call
	op          string
	left, right eval.Expr
}

// flipped maps a comparison operator to the one with operands exchanged.
var flipped = map[string]string{"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// asComparison takes e apart when it is a comparison by the operators of a type's default order.
func asComparison(e eval.Expr) (comparison, bool) {
	c, ok := e.(*eval.Call)
	if !ok || c.Form != eval.FormOp || len(c.Args) != 2 {
		return comparison{}, false
	}
	op := c.Op
	if op == "!=" {
		op = "<>"
	}
	if _, ok := flipped[op]; !ok {
		return comparison{}, false
	}
	return comparison{call: c, op: op, left: c.Args[0], right: c.Args[1]}, true
}

// flip exchanges the sides. The call stays: it is the condition itself.
func (c comparison) flip() comparison {
	c.left, c.right, c.op = c.right, c.left, flipped[c.op]
	return c
}

// stripRelabel removes casts that do not change the value.
func stripRelabel(e eval.Expr) eval.Expr {
	for {
		r, ok := e.(*eval.Relabel)
		if !ok {
			return e
		}
		e = r.Arg
	}
}

// family numbers groups of types whose values compare with each other by their physical form; types
// outside the table are a family of their own.
var family = map[types.OID]types.OID{
	types.Int2OID: types.Int8OID, types.Int4OID: types.Int8OID, types.Int8OID: types.Int8OID,
	types.TextOID: types.TextOID, types.VarcharOID: types.TextOID,
	types.Float4OID: types.Float8OID, types.Float8OID: types.Float8OID,
	types.TimestampOID: types.TimestampOID, types.TimestamptzOID: types.TimestamptzOID,
}

// sameFamily says whether equal values of two types have equal keys.
func sameFamily(a, b types.OID) bool { return a == b || familyOf(a) == familyOf(b) }

func familyOf(o types.OID) types.OID {
	if f, ok := family[o]; ok {
		return f
	}
	return o
}
