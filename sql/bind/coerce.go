package bind

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// pathKind says how a value of one type becomes one of another.
type pathKind uint8

const (
	pathNone pathKind = iota
	pathSame
	pathBinary
	pathFunc
	pathIO
	pathArray
)

// shownPseudo are the pseudotypes that values have which are shown.
var shownPseudo = []types.OID{types.RecordOID, types.CstringOID, types.AnyArrayOID}

// path finds the way from one type to another that context allows (manual 10.2 to 10.4).
func (b *binder) path(from, to types.OID, context fn.CastContext) (pathKind, *fn.Cast) {
	if from == to {
		return pathSame, nil
	}
	if c := fn.CastBetween(from, to); c != nil && (!c.Extension || b.extension()) {
		if !allows(context, c.Context) {
			return pathNone, nil
		}
		switch c.Method {
		case fn.CastFunc:
			return pathFunc, c
		case fn.CastInOut:
			return pathIO, c
		}
		return pathBinary, c
	}
	if fe, te := b.elemOf(from), b.elemOf(to); fe != 0 && te != 0 && !isIntVector(to) {
		switch kind, c := b.path(fe, te, context); kind {
		case pathNone:
			return pathNone, nil
		case pathBinary:
			return pathBinary, c
		default:
			return pathArray, c
		}
	}
	if from == types.RecordArrayOID || to == types.RecordArrayOID {
		return pathNone, nil
	}
	if context == fn.Implicit || b.category(from) == catPseudo && !slices.Contains(shownPseudo, from) {
		return pathNone, nil
	}
	if b.category(to) == catString {
		return pathIO, nil
	}
	if context == fn.Explicit && b.category(from) == catString {
		return pathIO, nil
	}
	return pathNone, nil
}

// allows says whether a cast declared for context have may be used where want is asked.
func allows(want, have fn.CastContext) bool {
	switch want {
	case fn.Explicit:
		return true
	case fn.Assignment:
		return have != fn.Explicit
	}
	return have == fn.Implicit
}

// canCoerce says whether a value of type from can become one of the declared type to.
func (b *binder) canCoerce(from, to types.OID, context fn.CastContext) bool {
	if from == to || to == types.AnyOID || from == types.UnknownOID {
		return true
	}
	switch to {
	case types.AnyElementOID, oidCompat:
		return true
	case types.AnyArrayOID, oidCompatArray:
		return b.elemOf(from) != 0
	case oidAnyNonArray, oidCompatNon:
		return b.elemOf(from) == 0
	case oidAnyEnum, oidAnyRange, oidCompatRange, oidAnyMulti, oidCompatMulti:
		t := lookup(from)
		return t != nil && (to == oidAnyEnum && t.Kind == 'e' ||
			(to == oidAnyRange || to == oidCompatRange) && t.Kind == 'r' ||
			(to == oidAnyMulti || to == oidCompatMulti) && t.Kind == 'm')
	case types.RecordOID:
		return b.isComposite(from)
	case types.RecordArrayOID:
		return b.elemOf(from) != 0 && b.isComposite(b.elemOf(from))
	}
	kind, _ := b.path(from, to, context)
	return kind != pathNone || from == types.RecordOID && b.isComposite(to)
}

// coerce turns e into type to, modifier included, or fails with 42846 (explicit) or 42804.
func (b *binder) coerce(e eval.Expr, to types.T, context fn.CastContext, at int) (eval.Expr, error) {
	out, err := b.coerceType(e, to, context, at)
	if err != nil {
		return nil, err
	}
	return b.applyMod(out, to, context == fn.Explicit), nil
}

// applyMod adds the length coercion that to asks for.
func (b *binder) applyMod(e eval.Expr, to types.T, explicit bool) eval.Expr {
	if to.Mod < 0 && e.Type().Mod >= 0 && explicit && b.verbatim() {
		return &eval.Relabel{Arg: e, T: to, Explicit: true}
	}
	if to.Mod < 0 || e.Type().Mod == to.Mod {
		return e
	}
	if k, ok := e.(*eval.Const); ok && k.D.Null {
		return &eval.Const{T: to, D: k.D}
	}
	oid := to.OID
	if elem := b.elemOf(oid); elem != 0 {
		elemT := types.T{OID: elem, Mod: to.Mod}
		if t := lookup(elem); t == nil || t.ApplyMod == nil {
			return e
		}
		inner := &eval.ModCast{Arg: &eval.ArrayElem{T: types.Of(elem)}, T: elemT, Explicit: explicit}
		return &eval.ArrayCast{Arg: e, Elem: inner, T: to}
	}
	if t := lookup(oid); t == nil || t.ApplyMod == nil {
		return e
	}
	return &eval.ModCast{Arg: e, T: to, Explicit: explicit}
}

// coerceType is coerce without the modifier.
func (b *binder) coerceType(e eval.Expr, to types.T, context fn.CastContext, at int) (eval.Expr, error) {
	from := e.Type()
	if from.OID == to.OID && from.OID != types.UnknownOID {
		return e, nil
	}
	if to.OID == types.AnyOID || to.OID == types.UnknownOID || isPolymorphic(to.OID) {
		return e, nil
	}
	if from.OID == types.UnknownOID {
		return b.coerceUnknown(e, to, context, at)
	}
	if row, ok := e.(*eval.Row); ok && to.OID != types.RecordOID && b.isComposite(to.OID) {
		return b.coerceRow(row, to, context, at)
	}
	if to.OID == types.RecordOID && b.isComposite(from.OID) {
		return &eval.Relabel{Arg: e, T: types.Of(types.RecordOID)}, nil
	}
	kind, c := b.path(from.OID, to.OID, context)
	return b.followPath(kind, c, e, to, context, at)
}

// coerceUnknown gives a literal, NULL or parameter its type.
func (b *binder) coerceUnknown(e eval.Expr, to types.T, context fn.CastContext, at int) (eval.Expr, error) {
	switch e := e.(type) {
	case *eval.Const:
		if e.D.Null {
			return &eval.Const{T: types.Of(to.OID), D: types.NullDatum}, nil
		}
		return b.parseConst(e.D.S, to, at)
	case *eval.Param:
		return e, b.settleParam(e, to.OID)
	}
	return &eval.IOCast{Arg: e, T: types.Of(to.OID), Explicit: context == fn.Explicit}, nil
}

// settleParam gives a parameter the type that one of its uses asks for: all must ask for the same.
func (b *binder) settleParam(e *eval.Param, to types.OID) error {
	p := &b.params[e.N-1]
	i := slices.IndexFunc(p.open, func(u paramUse) bool { return u.node == e })
	at := p.open[i].at
	p.open = slices.Delete(p.open, i, i+1)
	switch p.t.OID {
	case types.UnknownOID:
		p.t = types.Of(to)
	case to:
	default:
		return pgerr.New(pgerrcode.AmbiguousParameter, "inconsistent types deduced for parameter $%d", e.N).
			Detail("%s versus %s", b.typeName(p.t.OID), b.typeName(to)).At(at)
	}
	e.T = p.t
	return nil
}

func (b *binder) followPath(kind pathKind, c *fn.Cast, e eval.Expr, to types.T, context fn.CastContext, at int) (eval.Expr, error) {
	explicit := context == fn.Explicit
	bare := types.Of(to.OID)
	switch kind {
	case pathSame:
		return e, nil
	case pathBinary:
		return &eval.Relabel{Arg: e, T: bare, Explicit: explicit}, nil
	case pathIO:
		return &eval.IOCast{Arg: e, T: bare, Explicit: explicit}, nil
	case pathFunc:
		if k := widenConst(e, to.OID); k != nil && !explicit && !b.columnDeps {
			return k, nil
		}
		return castCall(c, e, to, explicit), nil
	case pathArray:
		elem := b.elemOf(to.OID)
		var inner eval.Expr = &eval.ArrayElem{T: types.Of(b.elemOf(e.Type().OID))}
		inner, err := b.coerceType(inner, types.Of(elem), context, at)
		if err != nil {
			return nil, err
		}
		return &eval.ArrayCast{Arg: e, Elem: inner, T: bare}, nil
	}
	return nil, b.cannotCast(e.Type().OID, to.OID, context, at)
}

func (b *binder) cannotCast(from, to types.OID, context fn.CastContext, at int) error {
	return pgerr.New(pgerrcode.CannotCoerce, "cannot cast type %s to %s", b.typeName(from), b.typeName(to)).At(at)
}

// castCall calls a cast function, some of which take the modifier and whether the cast is explicit.
func castCall(c *fn.Cast, e eval.Expr, to types.T, explicit bool) eval.Expr {
	form := eval.FormImplicitCast
	if explicit {
		form = eval.FormExplicitCast
	}
	call := &eval.Call{F: c.Func, Args: []eval.Expr{e}, T: types.Of(to.OID), Form: form}
	if len(c.Func.Args) > 1 {
		call.Args = append(call.Args, &eval.Const{T: types.Of(types.Int4OID), D: types.IntDatum(int64(to.Mod))})
	}
	if len(c.Func.Args) > 2 {
		call.Args = append(call.Args, &eval.Const{T: types.Of(types.BoolOID), D: types.BoolDatum(explicit)})
	}
	return call
}

// widenConst is an integer constant as int8, which spares big inserts a call a value. What is stored keeps the cast, which
// is not shown.
func widenConst(e eval.Expr, to types.OID) eval.Expr {
	k, ok := e.(*eval.Const)
	if !ok || to != types.Int8OID || k.T.OID != types.Int4OID && k.T.OID != types.Int2OID {
		return nil
	}
	return &eval.Const{T: types.Of(types.Int8OID), D: k.D}
}

// coerceRow turns ROW(...) into a table's row type, field by field.
func (b *binder) coerceRow(row *eval.Row, to types.T, context fn.CastContext, at int) (eval.Expr, error) {
	rel := b.Catalog.RowTypeRelation(to.OID)
	live := rel.Table.Live()
	if len(live) != len(row.Fields) {
		e := pgerr.New(pgerrcode.CannotCoerce, "cannot cast type record to %s", rel.Table.Name).At(at)
		if len(live) > len(row.Fields) {
			return nil, e.Detail("Input has too few columns.")
		}
		return nil, e.Detail("Input has too many columns.")
	}
	out := &eval.Row{T: to, Fields: make([]eval.Expr, len(live)), Names: make([]string, len(live))}
	for i, c := range live {
		f, err := b.coerce(row.Fields[i], c.Type, context, at)
		if err != nil {
			return nil, err
		}
		out.Fields[i], out.Names[i] = f, c.Name
	}
	return out, nil
}

// assign coerces e for storage in a column.
func (b *binder) assign(e eval.Expr, column string, to types.T, at int) (eval.Expr, error) {
	if d, ok := e.(*eval.Default); ok {
		return d, nil
	}
	from := e.Type().OID
	if from != to.OID && !b.canCoerce(from, to.OID, fn.Assignment) {
		return nil, pgerr.New(pgerrcode.DatatypeMismatch, "column %q is of type %s but expression is of type %s",
			column, b.typeName(to.OID), b.typeName(e.Type().OID)).
			Hint("You will need to rewrite or cast the expression.").At(at)
	}
	return b.coerce(e, to, fn.Assignment, at)
}

// toBool coerces the condition of a clause; ast is what it was written as, nil when it was stored.
func (b *binder) toBool(e eval.Expr, what string, ast sql.Expr) (eval.Expr, error) {
	if e.Type().OID == types.BoolOID {
		return e, nil
	}
	if !b.canCoerce(e.Type().OID, types.BoolOID, fn.Assignment) || b.category(e.Type().OID) == catString {
		return nil, errAt(start(ast), pgerrcode.DatatypeMismatch, "argument of %s must be type boolean, not type %s",
			what, b.typeName(e.Type().OID))
	}
	return b.coerce(e, types.Of(types.BoolOID), fn.Assignment, start(ast))
}

// toInt8 coerces the argument of LIMIT and its kin.
func (b *binder) toInt8(e eval.Expr, what string, ast sql.Expr) (eval.Expr, error) {
	if !b.canCoerce(e.Type().OID, types.Int8OID, fn.Assignment) {
		return nil, errAt(start(ast), pgerrcode.DatatypeMismatch, "argument of %s must be type bigint, not type %s",
			what, b.typeName(e.Type().OID))
	}
	return b.coerce(e, types.Of(types.Int8OID), fn.Assignment, start(ast))
}

// start is where an expression begins in the statement's text, -1 when it is not from there.
func start(e sql.Expr) int {
	if e == nil {
		return -1
	}
	return sql.Start(e)
}

// toText gives an expression whose type is still open the type text, as select lists do.
func (b *binder) toText(e eval.Expr, at int) (eval.Expr, error) {
	if isUnknown(e) {
		return b.coerceType(e, types.Of(types.TextOID), fn.Implicit, at)
	}
	return e, nil
}

// commonType is the type of UNION, CASE, ARRAY, VALUES and their kin (manual 10.5). context names the
// construct in the error.
func (b *binder) commonType(list []eval.Expr, context string, pos func(int) int) (types.OID, error) {
	best := list[0].Type().OID
	for i, e := range list[1:] {
		next := e.Type().OID
		switch {
		case next == best || next == types.UnknownOID:
		case best == types.UnknownOID:
			best = next
		case b.category(best) != b.category(next):
			return 0, errAt(pos(i+1), pgerrcode.DatatypeMismatch, "%s types %s and %s cannot be matched",
				context, b.typeName(best), b.typeName(next))
		case !b.preferred(best) && b.canCoerce(best, next, fn.Implicit) && !b.canCoerce(next, best, fn.Implicit):
			best = next
		}
	}
	if best == types.UnknownOID {
		best = types.TextOID
	}
	return best, nil
}

// commonMod is the modifier that all of list share, or -1.
func commonMod(list []eval.Expr, oid types.OID) types.T {
	t := types.Of(oid)
	for i, e := range list {
		have := e.Type()
		if have.OID != oid {
			return types.Of(oid)
		}
		if i > 0 && have.Mod != t.Mod {
			return types.Of(oid)
		}
		t.Mod = have.Mod
	}
	return t
}

// unify coerces list to its common type, in place.
func (b *binder) unify(list []eval.Expr, context string, pos func(int) int) (types.T, error) {
	oid, err := b.commonType(list, context, pos)
	if err != nil {
		return types.T{}, err
	}
	t := commonMod(list, oid)
	for i, e := range list {
		if !b.canCoerce(e.Type().OID, oid, fn.Implicit) {
			return types.T{}, errAt(pos(i), pgerrcode.CannotCoerce, "%s could not convert type %s to %s",
				context, b.typeName(e.Type().OID), b.typeName(oid))
		}
		if list[i], err = b.coerceType(e, types.Of(oid), fn.Implicit, pos(i)); err != nil {
			return types.T{}, err
		}
	}
	return t, nil
}

// CanCast says whether a value of one type can become one of another in the context: exec asks
// before ALTER COLUMN TYPE.
func (bn *Binder) CanCast(from, to types.OID, context fn.CastContext) bool {
	return bn.start(0).canCoerce(from, to, context)
}
