package bind

import (
	"math"
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/types"
)

// literal gives a constant the type that its form alone decides.
func (b *binder) literal(l *sql.Literal) (eval.Expr, error) {
	switch l.Kind {
	case sql.LitInt, sql.LitNumber:
		return b.number(l)
	case sql.LitString:
		return &eval.Const{T: types.Of(types.UnknownOID), D: types.StringDatum(l.Text)}, nil
	case sql.LitBool:
		return &eval.Const{T: types.Of(types.BoolOID), D: types.BoolDatum(l.Text == "t")}, nil
	case sql.LitBit:
		return b.parseConst(l.Text, types.Of(types.BitOID), l.Pos())
	default:
		return &eval.Const{T: types.Of(types.UnknownOID), D: types.NullDatum}, nil
	}
}

// number is int4, int8 or numeric: the first that fits.
func (b *binder) number(l *sql.Literal) (eval.Expr, error) {
	if v, err := strconv.ParseInt(l.Text, 0, 64); err == nil {
		if v >= math.MinInt32 && v <= math.MaxInt32 {
			return &eval.Const{T: types.Of(types.Int4OID), D: types.IntDatum(v)}, nil
		}
		return &eval.Const{T: types.Of(types.Int8OID), D: types.IntDatum(v)}, nil
	}
	return b.parseConst(l.Text, types.Of(types.NumericOID), l.Pos())
}

// parseConst reads the text form of a value of type t, whose modifier is left to a ModCast.
func (b *binder) parseConst(text string, t types.T, at int) (eval.Expr, error) {
	bt := lookup(t.OID)
	if bt == nil || bt.Parse == nil {
		return nil, b.noInput(t.OID, at)
	}
	mod := int32(-1)
	if t.OID == types.IntervalOID { // its fields decide how the text is read
		mod = t.Mod
	}
	d, err := bt.Parse(text, mod, b.session())
	if err != nil {
		return nil, place(err, at)
	}
	return &eval.Const{T: types.T{OID: t.OID, Mod: mod}, D: d}, nil
}

func (b *binder) noInput(oid types.OID, at int) error {
	if oid == types.RecordOID || b.isComposite(oid) {
		return unsupportedAt(at, "input of composite types")
	}
	if b.category(oid) == catPseudo {
		return errAt(at, pgerrcode.FeatureNotSupported, "cannot accept a value of type %s", b.typeName(oid))
	}
	return unsupportedAt(at, "input of type %s", b.typeName(oid))
}

// paramRef is $n. A parameter that stands for a literal has the literal's type.
func (b *binder) paramRef(p *sql.Param) (eval.Expr, error) {
	if b.noParams {
		return nil, errAt(p.Pos(), pgerrcode.UndefinedParameter, "there is no parameter $%d", p.N)
	}
	if p.N < 1 || p.N > math.MaxUint16 {
		return nil, errAt(p.Pos(), pgerrcode.UndefinedParameter, "there is no parameter $%d", p.N)
	}
	for len(b.params) < p.N {
		b.params = append(b.params, param{t: types.Of(types.UnknownOID)})
	}
	state := &b.params[p.N-1]
	switch p.Class {
	case sql.ClassInt4:
		state.t = types.Of(types.Int4OID)
	case sql.ClassInt8:
		state.t = types.Of(types.Int8OID)
	case sql.ClassNumber:
		state.t = types.Of(types.NumericOID)
	}
	e := &eval.Param{N: p.N, T: state.t}
	if state.t.OID == types.UnknownOID {
		state.open = append(state.open, paramUse{e, p.Pos()})
	}
	return e, nil
}

// isUnknown says whether the type of e is still open: a string literal, NULL, or a parameter.
func isUnknown(e eval.Expr) bool { return e.Type().OID == types.UnknownOID }
