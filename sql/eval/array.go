package eval

import (
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/fn"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// arrayNode is ARRAY[...].
type arrayNode struct {
	elems []node
	cols  []*batch.Column
	elem  types.OID
	multi bool
	out   result
	items []types.Datum
}

func (c *compiler) compileArray(e *Array) (node, traits, error) {
	args, t, err := c.args(e.Elems, 0)
	if err != nil {
		return nil, 0, err
	}
	return &arrayNode{
		elems: args, cols: make([]*batch.Column, len(args)), elem: elementOf(e.T.OID), multi: e.Multi,
		out: newResult(e.T), items: make([]types.Datum, len(args)),
	}, t, nil
}

func (n *arrayNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	for i, e := range n.elems {
		col, err := e.eval(f, sel)
		if err != nil {
			return nil, err
		}
		n.cols[i] = col
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		for j, col := range n.cols {
			n.items[j] = col.Datum(i)
		}
		if !n.multi {
			out.S[i] = types.ArrayOf(n.elem, n.items)
			continue
		}
		s, err := stackArrays(n.elem, n.items)
		if err != nil {
			return nil, err
		}
		out.S[i] = s
	}
	return out, nil
}

// stackArrays makes arrays the slices of one with a dimension more. Empty ones may only stand
// together.
func stackArrays(elem types.OID, items []types.Datum) (string, error) {
	out := types.Array{Elem: elem}
	slices, empty := 0, 0
	for _, d := range items {
		if d.Null {
			empty++
			continue
		}
		a, err := types.DecodeArray(d.S)
		if err != nil {
			return "", err
		}
		if len(a.Dims) == 0 {
			empty++
			continue
		}
		if len(a.Dims) == types.ArrayDimsMax {
			return "", types.ErrDimensions(types.ArrayDimsMax + 1)
		}
		if slices == 0 {
			out.Dims, out.Lower = append([]int{0}, a.Dims...), append([]int{1}, a.Lower...)
		} else if !sameInts(out.Dims[1:], a.Dims) {
			return "", errRagged()
		}
		slices++
		out.Items = append(out.Items, a.Items...)
	}
	if slices > 0 && empty > 0 {
		return "", errRagged()
	}
	if slices > 0 {
		out.Dims[0] = slices
	}
	return out.Encode(), nil
}

func sameInts(a, b []int) bool { return slices.Equal(a, b) }

func errRagged() error {
	return pgerr.New(pgerrcode.ArraySubscriptError,
		"multidimensional arrays must have array expressions with matching dimensions")
}

// arrayRow is ARRAY(SELECT ...) for one row.
func (n *subqueryNode) arrayRow(f *frame, i int) error {
	var list []types.Datum
	err := n.each(f, func(b *batch.Batch) (bool, error) {
		for k := range b.Rows() {
			list = append(list, b.Cols[0].Datum(b.Row(k)))
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	elem := elementOf(n.e.T.OID)
	if isArray(n.e.Rel.Output()[0].T.OID) {
		s, err := fn.GatherArrays(elem, list)
		n.out.col.S[i] = s
		return err
	}
	n.out.col.S[i] = types.ArrayOf(elem, list)
	return nil
}

// subscriptNode is arr[i], arr[a:b] and jsonb['key'].
type subscriptNode struct {
	arg    node
	bounds []node // lower and upper of each index; nil where absent
	cols   []*batch.Column
	e      *Subscript
	slice  bool
	out    result
}

func (c *compiler) compileSubscript(e *Subscript) (node, traits, error) {
	if e.Arg.Type().OID == types.JSONBOID {
		return c.compileJSONSubscript(e)
	}
	if len(e.Indexes) > types.ArrayDimsMax {
		return nil, 0, types.ErrDimensions(len(e.Indexes))
	}
	exprs := []Expr{e.Arg}
	slice := false
	for _, x := range e.Indexes {
		slice = slice || x.Slice
		if x.Lower != nil {
			exprs = append(exprs, x.Lower)
		}
		if x.Upper != nil {
			exprs = append(exprs, x.Upper)
		}
	}
	args, t, err := c.args(exprs, 0)
	if err != nil {
		return nil, 0, err
	}
	n := &subscriptNode{arg: args[0], e: e, slice: slice, out: newResult(e.T)}
	next := args[1:]
	for _, x := range e.Indexes {
		for _, bound := range []Expr{x.Lower, x.Upper} {
			var b node
			if bound != nil {
				b, next = next[0], next[1:]
			}
			n.bounds = append(n.bounds, b)
		}
	}
	n.cols = make([]*batch.Column, len(n.bounds))
	return n, t, nil
}

func (n *subscriptNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	arg, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	for i, b := range n.bounds {
		if b == nil {
			continue
		}
		if n.cols[i], err = b.eval(f, sel); err != nil {
			return nil, err
		}
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		d, err := n.row(arg, i)
		if err != nil {
			return nil, err
		}
		if d.Null {
			n.out.nulls(f.n)[i] = true
			continue
		}
		out.SetDatum(i, d)
	}
	return out, nil
}

// row takes the element or slice for one row; a null bound makes the result null.
func (n *subscriptNode) row(arg *batch.Column, i int) (types.Datum, error) {
	if arg.Null(i) {
		return types.NullDatum, nil
	}
	for _, col := range n.cols {
		if col != nil && col.Null(i) {
			return types.NullDatum, nil
		}
	}
	a, err := types.DecodeArray(arg.S[i])
	if err != nil {
		return types.Datum{}, err
	}
	if n.slice {
		return n.sliceOf(a, i), nil
	}
	if len(n.e.Indexes) != len(a.Dims) {
		return types.NullDatum, nil
	}
	at := 0
	for d := range a.Dims {
		x := int(n.cols[2*d+1].I[i]) - a.Lower[d]
		if x < 0 || x >= a.Dims[d] {
			return types.NullDatum, nil
		}
		at = at*a.Dims[d] + x
	}
	return a.Items[at], nil
}

// sliceOf cuts a rectangle out of an array; what lies outside gives an empty array.
func (n *subscriptNode) sliceOf(a types.Array, i int) types.Datum {
	empty := types.StringDatum(types.Array{Elem: a.Elem}.Encode())
	if len(n.e.Indexes) > len(a.Dims) {
		return empty
	}
	from, count := make([]int, len(a.Dims)), slices.Clone(a.Dims)
	for d := range n.e.Indexes {
		low, high := a.Lower[d], a.Lower[d]+a.Dims[d]-1
		if col := n.cols[2*d]; col != nil {
			low = max(low, int(col.I[i]))
		} else if !n.e.Indexes[d].Slice {
			low = max(low, 1) // a plain index beside a slice means 1:index
		}
		if col := n.cols[2*d+1]; col != nil {
			high = min(high, int(col.I[i]))
		}
		if high < low {
			return empty
		}
		from[d], count[d] = low-a.Lower[d], high-low+1
	}
	out := types.Array{Elem: a.Elem, Dims: count, Lower: make([]int, len(count))}
	for d := range out.Lower {
		out.Lower[d] = 1
	}
	copyBox(&out, &a, from, 0, 0)
	return types.StringDatum(out.Encode())
}

// copyBox appends the items of the box of a that begins at from, dimension by dimension.
func copyBox(out, a *types.Array, from []int, dim, base int) {
	for k := range out.Dims[dim] {
		at := base*a.Dims[dim] + from[dim] + k
		if dim == len(a.Dims)-1 {
			out.Items = append(out.Items, a.Items[at])
			continue
		}
		copyBox(out, a, from, dim+1, at)
	}
}

// arrayCastNode casts an array element by element: the cast runs once over the items of a row.
type arrayCastNode struct {
	arg      node
	elem     node
	elemCol  *batch.Column
	elemType types.T
	to       types.OID
	out      result
}

// arrayElemNode is the element that an array cast is at.
type arrayElemNode struct{ owner *arrayCastNode }

func (n *arrayElemNode) eval(*frame, []int32) (*batch.Column, error) { return n.owner.elemCol, nil }

func (c *compiler) compileArrayCast(e *ArrayCast) (node, traits, error) {
	arg, t, err := c.compile(e.Arg)
	if err != nil {
		return nil, 0, err
	}
	from := types.Of(elementOf(e.Arg.Type().OID))
	n := &arrayCastNode{arg: arg, elemType: from, to: elementOf(e.T.OID), out: newResult(e.T)}
	c.elems = append(c.elems, n)
	elem, et, err := c.compile(e.Elem)
	c.elems = c.elems[:len(c.elems)-1]
	if err != nil {
		return nil, 0, err
	}
	n.elem = elem
	// The element differs by item, not by row: only what else it depends on counts.
	return n, (t | et&(usesOuter|usesRuntime)) &^ isLeaf, nil
}

func (n *arrayCastNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	arg, err := n.arg.eval(f, sel)
	if err != nil {
		return nil, err
	}
	out := n.out.start(f.n)
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		if arg.Null(i) {
			n.out.nulls(f.n)[i] = true
			continue
		}
		a, err := types.DecodeArray(arg.S[i])
		if err != nil {
			return nil, err
		}
		if err := n.castItems(f, &a); err != nil {
			return nil, err
		}
		out.S[i] = a.Encode()
	}
	return out, nil
}

func (n *arrayCastNode) castItems(f *frame, a *types.Array) error {
	a.Elem = n.to
	if len(a.Items) == 0 {
		return nil
	}
	n.elemCol = batch.New(n.elemType, physical(n.elemType.OID), len(a.Items))
	for _, d := range a.Items {
		n.elemCol.Append(d)
	}
	inner := frame{rt: f.rt, n: len(a.Items), seq: f.seq}
	col, err := n.elem.eval(&inner, nil)
	if err != nil {
		return err
	}
	for i := range a.Items {
		a.Items[i] = col.Datum(i)
	}
	return nil
}
