package bind

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// expr binds an expression. Its type may stay unknown (a literal, NULL, a parameter): whoever uses it
// decides.
func (b *binder) expr(sc *scope, e sql.Expr) (eval.Expr, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	defer b.leave()
	switch e := e.(type) {
	case *sql.ColumnRef:
		if e.Star {
			return b.starValue(sc, e)
		}
		out, _, err := b.columnRef(sc, e)
		return out, err
	case *sql.Literal:
		return b.literal(e)
	case *sql.Param:
		return b.paramRef(e)
	case *sql.Op:
		return b.opExpr(sc, e)
	case *sql.BoolOp:
		return b.boolOp(sc, e)
	case *sql.Func:
		return b.call(sc, e)
	case *sql.Cast:
		return b.cast(sc, e)
	case *sql.In:
		return b.inList(sc, e)
	case *sql.Like:
		l, lok := e.Left.(*sql.Row)
		if r, ok := e.Right.(*sql.Row); ok && lok {
			return b.rowCompare(sc, e.Name, l, r, e.Pos())
		}
		return b.binary(sc, "", e.Name, e.Left, e.Right, e.Pos())
	case *sql.Between:
		return b.between(sc, e)
	case *sql.IsNull:
		arg, err := b.expr(sc, e.Arg)
		return &eval.IsNull{Arg: arg, Not: e.Not}, err
	case *sql.BoolTest:
		return b.boolTest(sc, e)
	case *sql.Subquery:
		return b.subquery(sc, e)
	default:
		return b.rareExpr(sc, e)
	}
}

// rareExpr binds the forms that are not in every statement.
func (b *binder) rareExpr(sc *scope, e sql.Expr) (eval.Expr, error) {
	switch e := e.(type) {
	case *sql.Case:
		return b.caseExpr(sc, e)
	case *sql.Coalesce:
		defer sc.forbidSets("COALESCE")()
		args, t, err := b.unified(sc, e.Args, "COALESCE")
		return &eval.Coalesce{Args: args, T: t}, err
	case *sql.MinMax:
		name := "LEAST"
		if e.Greatest {
			name = "GREATEST"
		}
		args, t, err := b.unified(sc, e.Args, name)
		return &eval.MinMax{Args: args, Greatest: e.Greatest, T: t}, err
	case *sql.NullIf:
		return b.nullIf(sc, e)
	case *sql.IsDistinct:
		return b.isDistinct(sc, e)
	case *sql.OpAnyAll:
		return b.opAnyAll(sc, e)
	case *sql.ValueFunc:
		return b.valueFunc(e)
	case *sql.Array:
		return b.array(sc, e, 0)
	case *sql.Row:
		return b.row(sc, e)
	case *sql.Indirection:
		return b.indirection(sc, e)
	case *sql.Collate:
		return b.collate(sc, e)
	case *sql.Grouping:
		return b.grouping(sc, e)
	case *sql.Default:
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "DEFAULT is not allowed in this context")
	case *sql.CurrentOf:
		return nil, unsupportedAt(e.Pos(), "WHERE CURRENT OF")
	case *sql.NamedArg:
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "a named argument may stand only in a call")
	case *sql.MultiAssign:
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "multiple assignment is not allowed in this context")
	}
	return nil, unsupportedAt(e.Pos(), "this expression")
}

// typedExpr is expr with what is still unknown made text.
func (b *binder) typedExpr(sc *scope, e sql.Expr) (eval.Expr, error) {
	out, err := b.expr(sc, e)
	if err != nil {
		return nil, err
	}
	return b.toText(out, e.Pos())
}

func (b *binder) exprs(sc *scope, list []sql.Expr) ([]eval.Expr, error) {
	out := make([]eval.Expr, len(list))
	for i, e := range list {
		var err error
		if out[i], err = b.expr(sc, e); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// unified binds a list to its common type.
func (b *binder) unified(sc *scope, list []sql.Expr, context string) ([]eval.Expr, types.T, error) {
	out, err := b.exprs(sc, list)
	if err != nil {
		return nil, types.T{}, err
	}
	t, err := b.unify(out, context, positions(list))
	return out, t, err
}

func positions(list []sql.Expr) func(int) int {
	return func(i int) int { return sql.Start(list[i]) }
}

// starValue is t.* in an expression: the whole row.
func (b *binder) starValue(sc *scope, e *sql.ColumnRef) (eval.Expr, error) {
	if len(e.Names) == 0 {
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "row expansion via \"*\" is not supported here")
	}
	namespace, table := "", e.Names[len(e.Names)-1]
	if len(e.Names) > 1 {
		namespace = e.Names[len(e.Names)-2]
	}
	it, level, err := b.findItem(sc, namespace, table, e.Pos())
	if err != nil {
		return nil, err
	}
	if it == nil {
		return nil, b.noTable(sc, namespace, table, e.Pos())
	}
	return b.wholeRow(sc, it, level), nil
}

func (b *binder) opExpr(sc *scope, e *sql.Op) (eval.Expr, error) {
	if e.Left == nil {
		right, err := b.expr(sc, e.Right)
		if err != nil {
			return nil, err
		}
		return b.unary(e.Schema, e.Name, right, e.Right.Pos(), e.Pos())
	}
	if l, ok := e.Left.(*sql.Row); ok {
		switch r := e.Right.(type) {
		case *sql.Row:
			return b.rowCompare(sc, e.Name, l, r, e.Pos())
		case *sql.Subquery:
			if r.Kind == sql.SubScalar {
				return b.rowSubquery(sc, e.Name, l, r, e.Pos())
			}
		}
	}
	return b.binary(sc, e.Schema, e.Name, e.Left, e.Right, e.Pos())
}

// binary binds both sides and applies an operator.
func (b *binder) binary(sc *scope, schemaName, name string, l, r sql.Expr, at int) (eval.Expr, error) {
	left, err := b.expr(sc, l)
	if err != nil {
		return nil, err
	}
	right, err := b.expr(sc, r)
	if err != nil {
		return nil, err
	}
	return b.apply(schemaName, name, operand{left, l.Pos()}, operand{right, r.Pos()}, at)
}

// operand is a bound expression and where it stands.
type operand struct {
	e  eval.Expr
	at int
}

// apply makes the call of a binary operator.
func (b *binder) apply(schemaName, name string, l, r operand, at int) (eval.Expr, error) {
	op, err := b.operator(schemaName, name, l.e.Type().OID, r.e.Type().OID, at)
	if err != nil {
		return nil, err
	}
	declared := [2]types.OID{op.Left, op.Right}
	ret := op.Ret
	if isPolymorphic(op.Left) || isPolymorphic(op.Right) {
		actual := [2]types.OID{l.e.Type().OID, r.e.Type().OID}
		if actual[0] == types.UnknownOID && !isCompat(op.Left) && op.Left == op.Right {
			actual[0] = actual[1]
		} else if actual[1] == types.UnknownOID && !isCompat(op.Right) && op.Left == op.Right {
			actual[1] = actual[0]
		}
		if ret, err = b.polymorphic(actual[:], declared[:], ret); err != nil {
			return nil, err
		}
	}
	args := make([]eval.Expr, 2)
	if args[0], err = b.coerceType(l.e, types.Of(declared[0]), fn.Implicit, l.at); err != nil {
		return nil, err
	}
	if args[1], err = b.coerceType(r.e, types.Of(declared[1]), fn.Implicit, r.at); err != nil {
		return nil, err
	}
	if op.Func == nil {
		return nil, unsupportedAt(at, "operator %s", name)
	}
	return &eval.Call{F: op.Func, Args: args, T: types.Of(ret), Op: name, Form: eval.FormOp}, nil
}

func (b *binder) unary(schemaName, name string, arg eval.Expr, argAt, at int) (eval.Expr, error) {
	op, err := b.operator(schemaName, name, 0, arg.Type().OID, at)
	if err != nil {
		return nil, err
	}
	if op.Func == nil {
		return nil, unsupportedAt(at, "operator %s", name)
	}
	if arg, err = b.coerceType(arg, types.Of(op.Right), fn.Implicit, argAt); err != nil {
		return nil, err
	}
	return &eval.Call{F: op.Func, Args: []eval.Expr{arg}, T: types.Of(op.Ret), Op: name, Form: eval.FormOp}, nil
}

// equality returns the function of "=" for two operands and the coerced operands.
func (b *binder) equality(l, r operand, at int) (*fn.Func, eval.Expr, eval.Expr, error) {
	e, err := b.apply("", "=", l, r, at)
	if err != nil {
		return nil, nil, nil, err
	}
	call := e.(*eval.Call)
	return call.F, call.Args[0], call.Args[1], nil
}

var boolNames = map[sql.BoolKind]string{sql.BoolAnd: "AND", sql.BoolOr: "OR", sql.BoolNot: "NOT"}

func (b *binder) boolOp(sc *scope, e *sql.BoolOp) (eval.Expr, error) {
	args := make([]eval.Expr, len(e.Args))
	for i, a := range e.Args {
		arg, err := b.expr(sc, a)
		if err != nil {
			return nil, err
		}
		if args[i], err = b.toBool(arg, boolNames[e.Kind], a); err != nil {
			return nil, err
		}
	}
	switch e.Kind {
	case sql.BoolAnd:
		return &eval.And{Args: args}, nil
	case sql.BoolOr:
		return &eval.Or{Args: args}, nil
	}
	return &eval.Not{Arg: args[0]}, nil
}

func (b *binder) boolTest(sc *scope, e *sql.BoolTest) (eval.Expr, error) {
	arg, err := b.expr(sc, e.Arg)
	if err != nil {
		return nil, err
	}
	wants := map[byte]eval.BoolWant{'t': eval.WantTrue, 'f': eval.WantFalse, 'u': eval.WantUnknown}
	name := map[byte]string{'t': "TRUE", 'f': "FALSE", 'u': "UNKNOWN"}[e.Want]
	if e.Not {
		name = "NOT " + name
	}
	if arg, err = b.toBool(arg, "IS "+name, e.Arg); err != nil {
		return nil, err
	}
	return &eval.BoolTest{Arg: arg, Want: wants[e.Want], Not: e.Not}, nil
}

// between is two comparisons of one bound operand.
func (b *binder) between(sc *scope, e *sql.Between) (eval.Expr, error) {
	list, err := b.exprs(sc, []sql.Expr{e.Arg, e.Low, e.High})
	if err != nil {
		return nil, err
	}
	arg := operand{list[0], e.Arg.Pos()}
	low, high := operand{list[1], e.Low.Pos()}, operand{list[2], e.High.Pos()}
	in, err := b.rangeTest(arg, low, high, e.Not, e.Pos())
	if err != nil || !e.Symmetric {
		return in, err
	}
	other, err := b.rangeTest(arg, high, low, e.Not, e.Pos())
	if err != nil {
		return nil, err
	}
	if e.Not {
		return &eval.And{Args: []eval.Expr{in, other}}, nil
	}
	return &eval.Or{Args: []eval.Expr{in, other}}, nil
}

func (b *binder) rangeTest(arg, low, high operand, not bool, at int) (eval.Expr, error) {
	ops := [2]string{">=", "<="}
	if not {
		ops = [2]string{"<", ">"}
	}
	l, err := b.apply("", ops[0], arg, low, at)
	if err != nil {
		return nil, err
	}
	r, err := b.apply("", ops[1], arg, high, at)
	if err != nil {
		return nil, err
	}
	if not {
		return &eval.Or{Args: []eval.Expr{l, r}}, nil
	}
	return &eval.And{Args: []eval.Expr{l, r}}, nil
}

// inList is x IN (a, b): x = ANY (ARRAY[a, b]) when the values have one type, else a chain of
// comparisons.
func (b *binder) inList(sc *scope, e *sql.In) (eval.Expr, error) {
	op := "="
	if e.Not {
		op = "<>"
	}
	if l, ok := e.Left.(*sql.Row); ok {
		return b.rowIn(sc, op, l, e)
	}
	left, err := b.expr(sc, e.Left)
	if err != nil {
		return nil, err
	}
	list, err := b.exprs(sc, e.List)
	if err != nil {
		return nil, err
	}
	l := operand{left, e.Left.Pos()}
	if len(list) == 1 {
		return b.apply("", op, l, operand{list[0], e.List[0].Pos()}, e.Pos())
	}
	all := append([]eval.Expr{left}, list...)
	pos := func(i int) int {
		if i == 0 {
			return l.at
		}
		return sql.Start(e.List[i-1])
	}
	elem, err := b.commonType(all, "IN", pos)
	if err == nil && b.arrayOf(elem) != 0 && b.elemOf(elem) == 0 && !b.isComposite(elem) {
		if _, err = b.unify(all, "IN", pos); err != nil {
			return nil, err
		}
		if isUnknown(left) {
			l.e = all[0]
		}
		array := &eval.Array{Elems: all[1:], T: types.Of(b.arrayOf(elem))}
		return b.anyAll("", op, l, operand{array, e.Pos()}, e.Not, e.Pos())
	}
	tests := make([]eval.Expr, len(list))
	for i, v := range list {
		if tests[i], err = b.apply("", op, l, operand{v, e.List[i].Pos()}, e.Pos()); err != nil {
			return nil, err
		}
	}
	if e.Not {
		return &eval.And{Args: tests}, nil
	}
	return &eval.Or{Args: tests}, nil
}

func (b *binder) rowIn(sc *scope, op string, l *sql.Row, e *sql.In) (eval.Expr, error) {
	tests := make([]eval.Expr, 0, len(e.List))
	for _, v := range e.List {
		var test eval.Expr
		var err error
		if r, ok := v.(*sql.Row); ok {
			test, err = b.rowCompare(sc, op, l, r, e.Pos())
		} else {
			test, err = b.binary(sc, "", op, l, v, e.Pos())
		}
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
	}
	switch {
	case len(tests) == 1:
		return tests[0], nil
	case e.Not:
		return &eval.And{Args: tests}, nil
	}
	return &eval.Or{Args: tests}, nil
}

func (b *binder) opAnyAll(sc *scope, e *sql.OpAnyAll) (eval.Expr, error) {
	left, err := b.expr(sc, e.Left)
	if err != nil {
		return nil, err
	}
	right, err := b.expr(sc, e.Right)
	if err != nil {
		return nil, err
	}
	return b.anyAll(e.Schema, e.Name, operand{left, e.Left.Pos()}, operand{right, e.Right.Pos()}, e.All, e.Pos())
}

func (b *binder) anyAll(schemaName, name string, l, r operand, all bool, at int) (eval.Expr, error) {
	elem := types.UnknownOID
	if t := r.e.Type().OID; t != types.UnknownOID {
		if elem = b.elemOf(t); elem == 0 {
			return nil, errAt(at, pgerrcode.WrongObjectType, "op ANY/ALL (array) requires array on right side")
		}
	}
	op, err := b.operator(schemaName, name, l.e.Type().OID, elem, at)
	if err != nil {
		return nil, err
	}
	if op.Ret != types.BoolOID {
		return nil, errAt(at, pgerrcode.WrongObjectType, "op ANY/ALL (array) requires operator to yield boolean")
	}
	declared := [2]types.OID{op.Left, op.Right}
	if isPolymorphic(op.Left) || isPolymorphic(op.Right) {
		actual := [2]types.OID{l.e.Type().OID, elem}
		if _, err = b.polymorphic(actual[:], declared[:], op.Ret); err != nil {
			return nil, err
		}
	}
	left, err := b.coerceType(l.e, types.Of(declared[0]), fn.Implicit, l.at)
	if err != nil {
		return nil, err
	}
	array := b.arrayOf(declared[1])
	if array == 0 {
		return nil, errAt(at, pgerrcode.UndefinedObject, "could not find array type for data type %s", b.typeName(declared[1]))
	}
	right, err := b.coerceType(r.e, types.Of(array), fn.Implicit, r.at)
	if err != nil {
		return nil, err
	}
	return &eval.AnyAll{Left: left, Right: right, F: op.Func, Op: name, All: all}, nil
}

func (b *binder) nullIf(sc *scope, e *sql.NullIf) (eval.Expr, error) {
	list, err := b.exprs(sc, []sql.Expr{e.Left, e.Right})
	if err != nil {
		return nil, err
	}
	eq, l, r, err := b.equality(operand{list[0], e.Left.Pos()}, operand{list[1], e.Right.Pos()}, e.Pos())
	if err != nil {
		return nil, err
	}
	return &eval.NullIf{Left: l, CmpLeft: l, Right: r, Eq: eq}, nil
}

func (b *binder) isDistinct(sc *scope, e *sql.IsDistinct) (eval.Expr, error) {
	l, lok := e.Left.(*sql.Row)
	r, rok := e.Right.(*sql.Row)
	if lok && rok {
		return b.rowDistinct(sc, e, l, r)
	}
	if isNullLiteral(e.Right) || isNullLiteral(e.Left) {
		return b.distinctFromNull(sc, e)
	}
	list, err := b.exprs(sc, []sql.Expr{e.Left, e.Right})
	if err != nil {
		return nil, err
	}
	eq, left, right, err := b.equality(operand{list[0], e.Left.Pos()}, operand{list[1], e.Right.Pos()}, e.Pos())
	if err != nil {
		return nil, err
	}
	return &eval.Distinct{Left: left, Right: right, Eq: eq, Not: e.Not}, nil
}

// distinctFromNull is IS [NOT] DISTINCT FROM NULL, of a value of any type.
func (b *binder) distinctFromNull(sc *scope, e *sql.IsDistinct) (eval.Expr, error) {
	arg := e.Left
	if !isNullLiteral(e.Right) {
		arg = e.Right
	}
	x, err := b.expr(sc, arg)
	if err != nil {
		return nil, err
	}
	if b.isComposite(x.Type().OID) {
		return &eval.Distinct{Left: x, Right: &eval.Const{T: x.Type(), D: types.NullDatum}, Eq: fn.FindOperator("=", types.RecordOID, types.RecordOID).Func, Not: e.Not}, nil
	}
	return &eval.IsNull{Arg: x, Not: !e.Not}, nil
}

func (b *binder) rowDistinct(sc *scope, e *sql.IsDistinct, l, r *sql.Row) (eval.Expr, error) {
	if len(l.Fields) != len(r.Fields) {
		return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "unequal number of entries in row expressions")
	}
	tests := make([]eval.Expr, len(l.Fields))
	for i := range l.Fields {
		var err error
		tests[i], err = b.isDistinct(sc, &sql.IsDistinct{At: e.At, Not: e.Not, Left: l.Fields[i], Right: r.Fields[i]})
		if err != nil {
			return nil, err
		}
	}
	switch {
	case len(tests) == 1:
		return tests[0], nil
	case e.Not:
		return &eval.And{Args: tests}, nil
	}
	return &eval.Or{Args: tests}, nil
}

func (b *binder) caseExpr(sc *scope, e *sql.Case) (eval.Expr, error) {
	defer sc.forbidSets("CASE")()
	out := &eval.Case{}
	var value eval.Expr
	if e.Arg != nil {
		arg, err := b.typedExpr(sc, e.Arg)
		if err != nil {
			return nil, err
		}
		out.Arg, value = arg, &eval.CaseValue{T: arg.Type()}
	}
	results := make([]eval.Expr, 0, len(e.Whens)+1)
	exprs := make([]sql.Expr, 0, len(e.Whens)+1)
	if e.Else != nil { // the default counts first when the common type is chosen
		def, err := b.expr(sc, e.Else)
		if err != nil {
			return nil, err
		}
		results, exprs = append(results, def), append(exprs, e.Else)
	}
	conds := make([]eval.Expr, len(e.Whens))
	for i, w := range e.Whens {
		cond, err := b.expr(sc, w.Cond)
		if err != nil {
			return nil, err
		}
		if value != nil {
			cond, err = b.apply("", "=", operand{value, e.Arg.Pos()}, operand{cond, w.Cond.Pos()}, w.Pos())
		} else {
			cond, err = b.toBool(cond, "CASE/WHEN", w.Cond)
		}
		if err != nil {
			return nil, err
		}
		conds[i] = cond
		res, err := b.expr(sc, w.Result)
		if err != nil {
			return nil, err
		}
		results, exprs = append(results, res), append(exprs, w.Result)
	}
	t, err := b.unify(results, "CASE", positions(exprs))
	if err != nil {
		return nil, err
	}
	out.T = t
	if e.Else != nil {
		out.Else, results = results[0], results[1:]
	}
	for i := range conds {
		out.Whens = append(out.Whens, eval.When{Cond: conds[i], Result: results[i]})
	}
	return out, nil
}

func (b *binder) cast(sc *scope, e *sql.Cast) (eval.Expr, error) {
	t, err := b.typeOf(e.Type)
	if err != nil {
		return nil, err
	}
	if lookup(t.OID) == nil && b.elemOf(t.OID) != 0 {
		t.OID = b.arrayOf(b.elemOf(t.OID)) // what values of it are
	}
	if a, ok := e.Arg.(*sql.Array); ok && b.elemOf(t.OID) != 0 {
		arr, err := b.array(sc, a, t.OID)
		if err != nil {
			return nil, err
		}
		return b.applyMod(arr, t, true), nil
	}
	arg, err := b.expr(sc, e.Arg)
	if err != nil {
		return nil, err
	}
	at := e.Arg.Pos()
	if !isUnknown(arg) {
		at = e.Pos()
	}
	return b.coerce(arg, t, fn.Explicit, at)
}

// knownCollations are those under which our order is the collation's.
var knownCollations = map[string]bool{"C": true, "POSIX": true, "default": true, "ucs_basic": true, "C.utf8": true, "C.UTF-8": true}

// CheckCollation says whether a collation can be named: our strings have the order of "C" alone.
func CheckCollation(names []string, at int) error {
	if name := names[len(names)-1]; !knownCollations[name] {
		return errAt(at, pgerrcode.UndefinedObject, "collation %q for encoding \"UTF8\" does not exist", name)
	}
	return nil
}

func (b *binder) collate(sc *scope, e *sql.Collate) (eval.Expr, error) {
	if err := CheckCollation(e.Names, e.Pos()); err != nil {
		return nil, err
	}
	arg, err := b.typedExpr(sc, e.Arg)
	if err != nil {
		return nil, err
	}
	t := lookup(arg.Type().OID)
	if t == nil || t.Category != catString && b.elemOf(t.OID) == 0 {
		return nil, errAt(e.Pos(), pgerrcode.DatatypeMismatch, "collations are not supported by type %s", b.typeName(arg.Type().OID))
	}
	if b.verbatim() {
		return &eval.Relabel{Arg: arg, T: arg.Type(), Explicit: true, Collation: e.Names[len(e.Names)-1]}, nil
	}
	return arg, nil
}

// array binds ARRAY[...]. want is the array type when a cast around it names one, else 0.
func (b *binder) array(sc *scope, e *sql.Array, want types.OID) (eval.Expr, error) {
	elems := make([]eval.Expr, len(e.Elems))
	for i, x := range e.Elems {
		var err error
		if inner, ok := x.(*sql.Array); ok {
			elems[i], err = b.array(sc, inner, want)
		} else {
			elems[i], err = b.expr(sc, x)
		}
		if err != nil {
			return nil, err
		}
	}
	if want != 0 {
		return b.arrayAs(e, elems, want)
	}
	if len(elems) == 0 {
		return nil, pgerr.New(pgerrcode.IndeterminateDatatype, "cannot determine type of empty array").
			Hint("Explicitly cast to the desired type, for example ARRAY[]::integer[].").At(e.Pos())
	}
	t, err := b.unify(elems, "ARRAY", positions(e.Elems))
	if err != nil {
		return nil, err
	}
	if b.elemOf(t.OID) != 0 {
		return &eval.Array{Elems: elems, T: types.Of(t.OID), Multi: true}, nil
	}
	array := b.arrayOf(t.OID)
	if array == 0 {
		return nil, errAt(e.Pos(), pgerrcode.UndefinedObject, "could not find array type for data type %s", b.typeName(t.OID))
	}
	return &eval.Array{Elems: elems, T: types.Of(array)}, nil
}

// arrayAs coerces the elements to those of the array type want.
func (b *binder) arrayAs(e *sql.Array, elems []eval.Expr, want types.OID) (eval.Expr, error) {
	out := &eval.Array{Elems: elems, T: types.Of(want)}
	for i, x := range elems {
		target := types.Of(b.elemOf(want))
		if b.elemOf(x.Type().OID) != 0 {
			out.Multi, target = true, types.Of(want)
		}
		var err error
		if elems[i], err = b.coerceType(x, target, fn.Explicit, e.Elems[i].Pos()); err != nil {
			return nil, err
		}
	}
	return out, nil
}
