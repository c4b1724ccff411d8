package bind

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// call binds f(...): a plain function, an aggregate, a window function, a set-returning function, or
// a cast written as a call.
func (b *binder) call(sc *scope, e *sql.Func) (eval.Expr, error) {
	name := e.Names[len(e.Names)-1]
	kind := b.kindOf(name, e)
	inner := sc
	top := sc.clause == inFrom && sc.topCall
	sc.topCall = false
	if (kind == 'a' || e.Within && len(fn.FuncsByName(name)) == 0) && e.Over == nil {
		if err := b.aggAllowed(sc, e); err != nil {
			return nil, err
		}
		return b.aggregate(sc, e, name)
	}
	if e.Over != nil {
		return b.windowCall(sc, e, name)
	}
	if e.Star || e.Distinct || e.Filter != nil || e.Within || len(e.OrderBy) > 0 {
		if len(fn.FuncsByName(name)) > 0 {
			return nil, errAt(e.Pos(), pgerrcode.WrongObjectType, "%s specified, but %s is not an aggregate function",
				aggOnly(e), name)
		}
	}
	c, args, err := b.resolveCall(inner, e, name)
	if err != nil {
		return nil, err
	}
	if c.f == nil {
		return args[0], nil // a cast
	}
	out, err := b.finishCall(e, c, args)
	if err != nil {
		return nil, err
	}
	switch c.f.Kind {
	case 'p':
		return nil, pgerr.New(pgerrcode.WrongObjectType, "%s is a procedure", b.signature(callShape{path: e.Names}, c.f.Args)).
			Hint("To call a procedure, use CALL.").At(e.Pos())
	case 'w':
		return nil, errAt(e.Pos(), pgerrcode.WrongObjectType, "window function %s requires an OVER clause", name)
	}
	if c.f.RetSet {
		return b.setReturning(sc, out, top, e.Pos())
	}
	return out, nil
}

func aggOnly(e *sql.Func) string {
	switch {
	case e.Star:
		return e.Names[len(e.Names)-1] + "(*)"
	case e.Distinct:
		return "DISTINCT"
	case e.Within:
		return "WITHIN GROUP"
	case e.Filter != nil:
		return "FILTER"
	}
	return "ORDER BY"
}

// checkNames refuses a name of an object whose database is another or whose schema does not exist.
func (b *binder) checkNames(names []string, at int) error {
	n := len(names)
	switch {
	case n > 3:
		return pgerr.New(pgerrcode.SyntaxError, "improper qualified name (too many dotted names): %s", strings.Join(names, "."))
	case n == 3 && names[0] != b.Catalog.Database():
		return errAt(at, pgerrcode.FeatureNotSupported, "cross-database references are not implemented: %s", strings.Join(names, "."))
	case n > 1 && names[n-2] != "pg_catalog" && !b.Catalog.SchemaExists(names[n-2]):
		return errAt(at, pgerrcode.InvalidSchemaName, "schema %q does not exist", names[n-2])
	}
	return nil
}

// livesIn says whether a function can be named with a schema.
func livesIn(f *fn.Func, namespace string) bool {
	home := schemaOfFunc(f)
	return home == namespace || home == "" && namespace != "pg_catalog"
}

// schemaOfFunc is the schema that a function lives in; "" is the one that CREATE EXTENSION chose.
func schemaOfFunc(f *fn.Func) string {
	switch {
	case f.Extension:
		return ""
	case strings.HasPrefix(f.Name, "_pg_"):
		return "information_schema"
	}
	return "pg_catalog"
}

// kindOf is the kind of the functions of that name. A few names are both aggregates and window
// functions (rank): WITHIN GROUP tells.
func (b *binder) kindOf(name string, e *sql.Func) byte {
	kind := byte('f')
	for _, f := range fn.FuncsByName(name) {
		if f.Kind == 'a' && (kind == 'f' || e.Within) || f.Kind == 'w' && !e.Within {
			kind = f.Kind
		}
	}
	return kind
}

// resolveCall binds the arguments and chooses the function. A nil function says that args[0] is the
// result of a cast written as a call.
func (b *binder) resolveCall(sc *scope, e *sql.Func, name string) (*candidate, []eval.Expr, error) {
	if len(e.Args) > callArgsMax {
		return nil, nil, errAt(e.Pos(), pgerrcode.TooManyArguments, "cannot pass more than %d arguments to a function", callArgsMax)
	}
	shape := callShape{path: e.Names, variadic: e.Variadic}
	args := make([]eval.Expr, len(e.Args))
	oids := make([]types.OID, len(e.Args))
	for i, a := range e.Args {
		if na, ok := a.(*sql.NamedArg); ok {
			if shape.names == nil {
				shape.names = make([]string, len(e.Args))
			}
			if slices.Contains(shape.names[:i], na.Name) {
				return nil, nil, errAt(na.Pos(), pgerrcode.SyntaxError, "argument name %q used more than once", na.Name)
			}
			shape.names[i] = na.Name
			a = na.Arg
		} else if shape.names != nil {
			return nil, nil, errAt(a.Pos(), pgerrcode.SyntaxError, "positional argument cannot follow named argument")
		}
		var err error
		if args[i], err = b.expr(sc, a); err != nil {
			return nil, nil, err
		}
		oids[i] = args[i].Type().OID
	}
	if err := b.checkNames(e.Names, e.Pos()); err != nil {
		return nil, nil, err
	}
	list := b.candidates(shape, oids)
	if c := exactOf(list, oids); c != nil {
		return c, reorder(c, shape.names, args), nil
	}
	if t := b.castCallSyntax(e, name, oids); t != 0 {
		out, err := b.coerce(args[0], types.Of(t), fn.Explicit, e.Args[0].Pos())
		return &candidate{}, []eval.Expr{out}, err
	}
	c, err := b.best(shape, list, oids, e.Pos())
	if err != nil {
		if len(args) == 1 && len(e.Names) == 1 && shape.names == nil && b.isComposite(oids[0]) { // a(row) is row.a
			if x, err := b.field(args[0], name, e.Pos()); err == nil {
				return &candidate{}, []eval.Expr{x}, nil
			}
		}
		return nil, nil, err
	}
	return c, reorder(c, shape.names, args), nil
}

// castCallSyntax is the type that name(x) casts x to, since no function is for exactly x's type: name is a type, and x is
// a literal or the cast needs no function of its own. 0: it is no cast.
func (b *binder) castCallSyntax(e *sql.Func, name string, args []types.OID) types.OID {
	if len(args) != 1 || e.Variadic || len(e.Names) > 1 && e.Names[len(e.Names)-2] != "pg_catalog" {
		return 0
	}
	if _, named := e.Args[0].(*sql.NamedArg); named {
		return 0
	}
	t := types.ByName(name)
	if t == nil || t.Name != name || !b.visibleType(t.OID, "") {
		return 0
	}
	switch kind, _ := b.path(args[0], t.OID, fn.Explicit); {
	case args[0] == types.UnknownOID, kind == pathBinary:
		return t.OID
	case kind == pathIO && !(b.isComposite(args[0]) && t.Category == catString): // row.name is a column, not a cast
		return t.OID
	}
	return 0
}

// reorder puts named arguments in the declared order; nil marks those left to their defaults.
func reorder(c *candidate, names []string, args []eval.Expr) []eval.Expr {
	if names == nil {
		return args
	}
	out := make([]eval.Expr, len(c.f.Args))
	declared := make([]types.OID, len(c.f.Args))
	copy(declared, c.f.Args)
	for i, name := range names {
		j := i
		if name != "" {
			j = argIndex(c.f, name)
		}
		out[j] = args[i]
	}
	c.args, c.defaults = declared, 0
	return out
}

// finishCall coerces the arguments, adds defaults and gathers VARIADIC ones.
func (b *binder) finishCall(e *sql.Func, c *candidate, args []eval.Expr) (eval.Expr, error) {
	if n := len(args); e.Variadic && c.f.Variadic == types.AnyOID && b.elemOf(args[n-1].Type().OID) == 0 {
		if k, ok := args[n-1].(*eval.Const); !ok || !k.D.Null {
			return nil, errAt(sql.Start(e.Args[n-1]), pgerrcode.DatatypeMismatch, "VARIADIC argument must be an array")
		}
	}
	call, err := b.coerceArgs(c, args, argPos(e, c.f), e.Pos())
	if err != nil {
		return nil, err
	}
	call.Variadic = e.Variadic
	if e.SQLSyntax {
		call.Form = eval.FormSyntax
	}
	return call, nil
}

// argPos gives the position of the argument for the i-th parameter as far as the call has one.
func argPos(e *sql.Func, f *fn.Func) func(int) int {
	return func(i int) int {
		for j, a := range e.Args {
			na, named := a.(*sql.NamedArg)
			switch {
			case !named && j == i:
				return a.Pos()
			case named && argIndex(f, na.Name) == i:
				return na.Arg.Pos()
			}
		}
		return e.Pos()
	}
}

// typeOfFunc is the one function that asks for the type of a literal as it is written: unknown.
const typeOfFunc = "pg_typeof"

// coerceArgs brings the arguments to the declared types and adds the defaults.
func (b *binder) coerceArgs(c *candidate, args []eval.Expr, pos func(int) int, at int) (*eval.Call, error) {
	f := c.f
	written := len(args)
	for len(args) < len(f.Args) && c.defaults > 0 {
		args = append(args, nil)
	}
	declared := make([]types.OID, len(args))
	actual := make([]types.OID, len(args))
	for i := range args {
		switch {
		case i < len(c.args):
			declared[i] = c.args[i]
		default:
			declared[i] = f.Args[i]
		}
		actual[i] = declared[i]
		if args[i] != nil {
			actual[i] = args[i].Type().OID
		}
	}
	ret, err := b.polymorphic(actual, declared, f.Ret)
	if err != nil {
		return nil, err
	}
	out := make([]eval.Expr, len(args))
	for i, a := range args {
		if a == nil {
			if out[i], err = b.defaultArg(f, i, declared[i]); err != nil {
				return nil, place(err, at)
			}
			continue
		}
		target := types.Of(declared[i])
		if declared[i] == types.AnyOID && isUnknown(a) {
			_, literal := a.(*eval.Const)
			if _, param := a.(*eval.Param); param || literal && f.Name == typeOfFunc {
				out[i] = a
				continue
			}
			target = types.Of(types.TextOID)
		}
		if out[i], err = b.coerceType(a, target, fn.Implicit, pos(i)); err != nil {
			return nil, err
		}
	}
	if c.variadic && f.Variadic != types.AnyOID {
		if out, err = b.gather(f, out, declared, at); err != nil {
			return nil, err
		}
	}
	return &eval.Call{F: f, Args: out, T: types.Of(ret), Defaults: max(0, len(args)-written)}, nil
}

// gather makes one array of the spread arguments of a VARIADIC function.
func (b *binder) gather(f *fn.Func, args []eval.Expr, declared []types.OID, at int) ([]eval.Expr, error) {
	fixed := len(f.Args) - 1
	elem := f.Variadic
	if fixed < len(declared) {
		elem = declared[fixed]
	}
	array := b.arrayOf(elem)
	if array == 0 {
		return nil, errAt(at, pgerrcode.UndefinedObject, "could not find array type for data type %s", b.typeName(elem))
	}
	for i := fixed; i < len(args); i++ { // of anycompatible ones the common type is known only now
		var err error
		if args[i], err = b.coerceType(args[i], types.Of(elem), fn.Implicit, at); err != nil {
			return nil, err
		}
	}
	return append(args[:fixed:fixed], &eval.Array{Elems: args[fixed:], T: types.Of(array)}), nil
}

// defaultArg is the default value of argument i.
func (b *binder) defaultArg(f *fn.Func, i int, t types.OID) (eval.Expr, error) {
	j := i - (len(f.Args) - f.Defaults)
	if j < 0 || j >= len(f.DefaultArgs) {
		return nil, pgerr.Unsupported("default arguments of %s", f.Name)
	}
	text := f.DefaultArgs[j]
	if strings.EqualFold(text, "null") {
		return &eval.Const{T: types.Of(t), D: types.NullDatum}, nil
	}
	return b.parseConst(text, types.Of(t), -1)
}

// setReturning puts a set-returning call where it may stand: at the top of a function in FROM, or in
// the select list, where a column of the query's ProjectSet stands for it.
func (b *binder) setReturning(sc *scope, call eval.Expr, top bool, at int) (eval.Expr, error) {
	if top {
		return call, nil
	}
	const hint = "You might be able to move the set-returning function into a LATERAL FROM item."
	switch {
	case sc.noSets != "":
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "set-returning functions are not allowed in %s", sc.noSets).Hint(hint).At(at)
	case sc.clause == inFilter:
		return nil, errAt(at, pgerrcode.FeatureNotSupported, "set-returning functions are not allowed in %s", sc.clause)
	case sc.inAgg:
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "aggregate function calls cannot contain set-returning function calls").Hint(hint).At(at)
	case sc.inWindow:
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "window function calls cannot contain set-returning function calls").Hint(hint).At(at)
	case sc.q == nil || sc.clause != inTargets && sc.clause != inOrderBy && sc.clause != inGroupBy:
		return nil, errAt(at, pgerrcode.FeatureNotSupported, "set-returning functions are not allowed in %s", sc.clause)
	}
	return sc.q.addSet(b, call), nil
}

// valueFuncs are the functions and casts behind CURRENT_DATE and its kin.
var valueFuncs = map[string]struct {
	f    string
	cast types.OID // 0: the function's own type
}{
	"CURRENT_DATE":      {"now", types.DateOID},
	"CURRENT_TIME":      {"now", types.TimetzOID},
	"CURRENT_TIMESTAMP": {"now", 0},
	"LOCALTIME":         {"now", types.TimeOID},
	"LOCALTIMESTAMP":    {"now", types.TimestampOID},
	"CURRENT_ROLE":      {"current_user", 0},
	"CURRENT_USER":      {"current_user", 0},
	"USER":              {"current_user", 0},
	"SESSION_USER":      {"session_user", 0},
	"CURRENT_CATALOG":   {"current_database", 0},
	"CURRENT_SCHEMA":    {"current_schema", 0},
}

// valueFunc binds CURRENT_DATE and its kin. The call's Op keeps the keyword, for deparse.
func (b *binder) valueFunc(e *sql.ValueFunc) (eval.Expr, error) {
	v, ok := valueFuncs[e.Name]
	if !ok {
		return nil, unsupportedAt(e.Pos(), "%s", e.Name)
	}
	c, err := b.function(callShape{path: []string{v.f}}, nil, e.Pos())
	if err != nil {
		return nil, err
	}
	var out eval.Expr = &eval.Call{F: c.f, T: types.Of(c.f.Ret), Op: e.Name}
	if v.cast != 0 {
		if out, err = b.coerceType(out, types.Of(v.cast), fn.Explicit, e.Pos()); err != nil {
			return nil, err
		}
		if call, ok := out.(*eval.Call); ok {
			call.Op, call.Form = e.Name, eval.FormFunc
		}
	}
	if e.Mod >= 0 {
		out = b.applyMod(out, types.T{OID: out.Type().OID, Mod: e.Mod}, false)
	}
	return out, nil
}
