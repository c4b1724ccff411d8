package eval

import (
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// rowNode is ROW(...) as a value.
type rowNode struct {
	fields []node
	cols   []*batch.Column
	// present, when there is one, says by a null that there is no row.
	present node
	row     []types.Field
	out     result
}

func (c *compiler) compileRow(e *Row) (node, traits, error) {
	operands := e.Fields
	if e.Present != nil {
		operands = append(operands[:len(operands):len(operands)], e.Present)
	}
	args, t, err := c.args(operands, 0)
	if err != nil {
		return nil, 0, err
	}
	var present node
	if e.Present != nil {
		present, args = args[len(e.Fields)], args[:len(e.Fields)]
	}
	n := &rowNode{
		present: present, fields: args, cols: make([]*batch.Column, len(args)), row: make([]types.Field, len(args)),
		out: newResult(e.T),
	}
	for i, f := range e.Fields {
		n.row[i].Type = f.Type().OID
		if types.Lookup(n.row[i].Type) == nil { // a table's row type
			n.row[i].Type = types.RecordOID
		}
	}
	return n, t, nil
}

func (n *rowNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	for i, field := range n.fields {
		col, err := field.eval(f, sel)
		if err != nil {
			return nil, err
		}
		n.cols[i] = col
	}
	var present *batch.Column
	if n.present != nil {
		var err error
		if present, err = n.present.eval(f, sel); err != nil {
			return nil, err
		}
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if present != nil && present.Null(i) {
			n.out.nulls(f.n)[i] = true
			continue
		}
		for j, col := range n.cols {
			n.row[j].D = col.Datum(i)
		}
		out.S[i] = types.EncodeRecord(n.row)
	}
	return out, nil
}

// compileField takes a field of a composite value; of a written ROW it is the field itself, as long as
// leaving out the others leaves out nothing that must happen.
func (c *compiler) compileField(e *Field) (node, traits, error) {
	if row, ok := e.Arg.(*Row); ok && e.N < len(row.Fields) && !HasVolatile(row) {
		return c.compile(row.Fields[e.N])
	}
	return c.unary(e.Arg, func(a node) node { return &fieldNode{arg: a, field: e.N, out: newResult(e.T)} })
}

// fieldNode is (composite).field.
type fieldNode struct {
	arg   node
	field int
	out   result
}

func (n *fieldNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if col.Null(i) {
			n.out.nulls(f.n)[i] = true
			continue
		}
		fields, err := types.DecodeRecord(col.S[i])
		if err != nil {
			return nil, err
		}
		if n.field >= len(fields) || fields[n.field].D.Null {
			n.out.nulls(f.n)[i] = true
			continue
		}
		out.SetDatum(i, fields[n.field].D)
	}
	return out, nil
}

// recordNullNode is IS [NOT] NULL of a composite value: every field is null, or none is.
type recordNullNode struct {
	arg node
	not bool
	out result
}

func (n *recordNullNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	col, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if col.Null(i) {
			out.B[i] = !n.not
			continue
		}
		fields, err := types.DecodeRecord(col.S[i])
		if err != nil {
			return nil, err
		}
		out.B[i] = true
		for _, field := range fields {
			if field.D.Null == n.not {
				out.B[i] = false
			}
		}
	}
	return out, nil
}

// compileJSONSubscript turns jsonb['a'][1] into the path operator.
func (c *compiler) compileJSONSubscript(e *Subscript) (node, traits, error) {
	f := fn.FindOperator("#>", types.JSONBOID, types.TextArrayOID).Func
	path := &Array{T: types.Of(types.TextArrayOID)}
	for _, x := range e.Indexes {
		if x.Slice || x.Upper == nil {
			return nil, 0, pgerr.New(pgerrcode.DatatypeMismatch, "jsonb subscript does not support slices")
		}
		path.Elems = append(path.Elems, asText(x.Upper))
	}
	return c.compile(&Call{F: f, Args: []Expr{e.Arg, path}, T: e.T, Variadic: true})
}

// asText is a subscript of jsonb, an integer or a text, as a step of a path.
func asText(e Expr) Expr {
	if isText(e.Type().OID) {
		return e
	}
	if c, ok := e.(*Const); ok && !c.D.Null && physical(c.T.OID) == types.Int {
		return &Const{T: types.Of(types.TextOID), D: types.StringDatum(strconv.FormatInt(c.D.I, 10))}
	}
	return &IOCast{Arg: e, T: types.Of(types.TextOID)}
}
