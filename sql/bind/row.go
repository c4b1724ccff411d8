package bind

import (
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// rowFields binds the fields of ROW(...), with t.* spread out.
func (b *binder) rowFields(sc *scope, e *sql.Row) ([]operand, error) {
	out := make([]operand, 0, len(e.Fields))
	for _, f := range e.Fields {
		if ref, ok := f.(*sql.ColumnRef); ok && ref.Star {
			cols, err := b.expandStar(sc, ref)
			if err != nil {
				return nil, err
			}
			for _, c := range cols {
				out = append(out, operand{c.expr, f.Pos()})
			}
			continue
		}
		x, err := b.expr(sc, f)
		if err != nil {
			return nil, err
		}
		out = append(out, operand{x, f.Pos()})
	}
	return out, nil
}

func (b *binder) row(sc *scope, e *sql.Row) (eval.Expr, error) {
	fields, err := b.rowFields(sc, e)
	if err != nil {
		return nil, err
	}
	row := &eval.Row{T: types.Of(types.RecordOID)}
	for i, f := range fields {
		row.Fields = append(row.Fields, f.e)
		row.Names = append(row.Names, "f"+strconv.Itoa(i+1))
	}
	return row, nil
}

// strictOps maps a row comparison to the operator that decides at the first unequal field.
var strictOps = map[string]string{"<": "<", "<=": "<", ">": ">", ">=": ">"}

// rowCompare is (a, b) op (c, d).
func (b *binder) rowCompare(sc *scope, op string, l, r *sql.Row, at int) (eval.Expr, error) {
	left, err := b.rowFields(sc, l)
	if err != nil {
		return nil, err
	}
	right, err := b.rowFields(sc, r)
	if err != nil {
		return nil, err
	}
	if op != "=" && op != "<>" {
		return b.compareFields(op, left, right, at)
	}
	pairs, err := b.fieldPairs(op, left, right, at)
	if err != nil {
		return nil, err
	}
	return allOrOne(op, pairs), nil
}

// allOrOne is equality of rows, which is that of all fields, or its negation.
func allOrOne(op string, pairs []*eval.Call) eval.Expr {
	args := make([]eval.Expr, len(pairs))
	for i, p := range pairs {
		args[i] = p
	}
	switch {
	case len(args) == 1:
		return args[0]
	case op == "=":
		return &eval.And{Args: args}
	}
	return &eval.Or{Args: args}
}

// fieldPairs applies the operator to each pair of fields.
func (b *binder) fieldPairs(op string, left, right []operand, at int) ([]*eval.Call, error) {
	if len(left) != len(right) {
		return nil, errAt(at, pgerrcode.SyntaxError, "unequal number of entries in row expressions")
	}
	if len(left) == 0 {
		return nil, errAt(at, pgerrcode.FeatureNotSupported, "cannot compare rows of zero length")
	}
	pairs := make([]*eval.Call, len(left))
	for i := range left {
		x, err := b.apply("", op, left[i], right[i], at)
		if err != nil {
			return nil, err
		}
		pairs[i] = x.(*eval.Call)
		if oid := x.Type().OID; oid != types.BoolOID {
			return nil, errAt(at, pgerrcode.DatatypeMismatch, "row comparison operator must yield type boolean, not type %s", b.typeName(oid))
		}
	}
	return pairs, nil
}

// compareFields compares rows field by field in one expression, which computes what it compares once.
func (b *binder) compareFields(op string, left, right []operand, at int) (eval.Expr, error) {
	pairs, err := b.fieldPairs(op, left, right, at)
	if err != nil {
		return nil, err
	}
	if len(left) == 1 {
		return pairs[0], nil
	}
	strict := strictOps[op]
	if strict == "" && op != "=" && op != "<>" {
		return nil, pgerr.New(pgerrcode.FeatureNotSupported, "could not determine interpretation of row comparison operator %s", op).
			Hint("Row comparison operators must be associated with btree operator families.").At(at)
	}
	out := &eval.RowCompare{Op: op}
	for i, p := range pairs {
		eq, l, r, err := b.equality(operand{p.Args[0], left[i].at}, operand{p.Args[1], right[i].at}, at)
		if err != nil {
			return nil, err
		}
		out.Left, out.Right, out.Eq = append(out.Left, l), append(out.Right, r), append(out.Eq, eq)
		if strict == "" {
			continue
		}
		cmp, err := b.operator("", strict, l.Type().OID, r.Type().OID, at)
		if err != nil {
			return nil, err
		}
		out.Cmp = append(out.Cmp, cmp.Func)
	}
	return out, nil
}

// indirection is (expr).field, expr[i] and their chains.
func (b *binder) indirection(sc *scope, e *sql.Indirection) (eval.Expr, error) {
	arg, err := b.expr(sc, e.Arg)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(e.Steps); i++ {
		st := e.Steps[i]
		switch {
		case st.Star:
			return nil, errAt(e.Pos(), pgerrcode.SyntaxError, "row expansion via \"*\" is not supported here")
		case st.Field != "":
			arg, err = b.field(arg, st.Field, e.Pos())
		default:
			j := i
			for j < len(e.Steps) && e.Steps[j].Field == "" && !e.Steps[j].Star {
				j++
			}
			arg, err = b.subscript(sc, arg, e.Steps[i:j], sql.Start(e.Arg))
			i = j - 1
		}
		if err != nil {
			return nil, err
		}
	}
	return arg, nil
}

// rowColumns lists the fields of a composite expression, or nil when they are not known.
func (b *binder) rowColumns(e eval.Expr) []eval.Column {
	switch e := e.(type) {
	case *eval.Row:
		out := make([]eval.Column, len(e.Fields))
		for i, f := range e.Fields {
			out[i] = eval.Column{Name: e.Names[i], T: f.Type()}
		}
		return out
	case *eval.Call:
		if len(e.F.Outs) > 0 && e.T.OID == types.RecordOID {
			out := make([]eval.Column, len(e.F.Outs))
			for i, o := range e.F.Outs {
				out[i] = eval.Column{Name: o.Name, T: types.Of(b.outType(e, o.Type))}
			}
			return out
		}
	case *eval.Col:
		if cols := b.fields[e.ID]; cols != nil {
			return cols
		}
	}
	rel := b.Catalog.RowTypeRelation(e.Type().OID)
	if rel == nil {
		return nil
	}
	var out []eval.Column
	for _, c := range rel.Table.Live() {
		out = append(out, eval.Column{Name: c.Name, T: c.Type})
	}
	return out
}

// noteFields remembers which fields the record e has, for who selects them from the column that holds it.
func (b *binder) noteFields(id eval.ColID, e eval.Expr) {
	if e.Type().OID != types.RecordOID {
		return
	}
	if cols := b.rowColumns(e); cols != nil {
		if b.fields == nil {
			b.fields = make(map[eval.ColID][]eval.Column)
		}
		b.fields[id] = cols
	}
}

// outType is the actual type of an output column that may be declared polymorphic.
func (b *binder) outType(call *eval.Call, declared types.OID) types.OID {
	if !isPolymorphic(declared) {
		return declared
	}
	p := polyState{b: b}
	for i, d := range call.F.Args {
		if i < len(call.Args) && p.see(d, call.Args[i].Type().OID) != nil {
			return declared
		}
	}
	if p.settle() != nil {
		return declared
	}
	return p.actual(declared)
}

func (b *binder) field(arg eval.Expr, name string, at int) (eval.Expr, error) {
	if !b.isComposite(arg.Type().OID) {
		return nil, errAt(at, pgerrcode.WrongObjectType, "column notation .%s applied to type %s, which is not a composite type",
			name, b.typeName(arg.Type().OID))
	}
	cols := b.rowColumns(arg)
	for i, c := range cols {
		if c.Name != name {
			continue
		}
		if row, ok := arg.(*eval.Row); ok && (row.Whole != "" || !b.verbatim()) {
			return row.Fields[i], nil
		}
		return &eval.Field{Arg: arg, N: i, Name: name, T: c.T}, nil
	}
	if cols == nil || arg.Type().OID == types.RecordOID {
		return nil, errAt(at, pgerrcode.UndefinedColumn, "could not identify column %q in record data type", name)
	}
	return nil, errAt(at, pgerrcode.UndefinedColumn, "column %q not found in data type %s", name, b.typeName(arg.Type().OID))
}

func (b *binder) subscript(sc *scope, arg eval.Expr, steps []sql.Step, at int) (eval.Expr, error) {
	oid := arg.Type().OID
	elem := b.elemOf(oid)
	if elem == 0 && oid != types.JSONBOID {
		return nil, errAt(at, pgerrcode.DatatypeMismatch, "cannot subscript type %s because it does not support subscripting", b.typeName(oid))
	}
	out := &eval.Subscript{Arg: arg, T: types.T{OID: elem, Mod: arg.Type().Mod}}
	slice := false
	for _, st := range steps {
		slice = slice || st.Slice
		if st.Slice && oid == types.JSONBOID {
			return nil, errAt(max(start(st.Upper), start(st.Lower)), pgerrcode.DatatypeMismatch, "jsonb subscript does not support slices")
		}
		lower, err := b.subscriptValue(sc, oid, st.Lower)
		if err != nil {
			return nil, err
		}
		upper, err := b.subscriptValue(sc, oid, st.Upper)
		if err != nil {
			return nil, err
		}
		out.Indexes = append(out.Indexes, eval.SubscriptIndex{Slice: st.Slice, Lower: lower, Upper: upper})
	}
	if oid == types.JSONBOID || slice {
		out.T = arg.Type()
	}
	return out, nil
}

// subscriptValue is an int4 for arrays, an int4 or text for jsonb.
func (b *binder) subscriptValue(sc *scope, container types.OID, e sql.Expr) (eval.Expr, error) {
	if e == nil {
		return nil, nil //nolint:nilnil // an open bound
	}
	x, err := b.expr(sc, e)
	if err != nil {
		return nil, err
	}
	want := types.Int4OID
	if container == types.JSONBOID && (isUnknown(x) || b.category(x.Type().OID) == catString) {
		want = types.TextOID
	}
	if !b.canCoerce(x.Type().OID, want, fn.Assignment) {
		if container == types.JSONBOID {
			return nil, pgerr.New(pgerrcode.DatatypeMismatch, "subscript type %s is not supported", b.typeName(x.Type().OID)).
				Hint("jsonb subscript must be coercible to either integer or text.").At(sql.Start(e))
		}
		return nil, errAt(sql.Start(e), pgerrcode.DatatypeMismatch, "array subscript must have type integer")
	}
	return b.coerce(x, types.Of(want), fn.Assignment, e.Pos())
}
