package eval

import (
	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// subqueryNode runs a subquery that planning left in place: once a Runtime when nothing in it refers
// outward, else once a row, with the row's values laid over the outer ones.
type subqueryNode struct {
	e    *Subquery
	slot func(ColID) (int, bool)
	left []node // of Any and All: evaluated first, for the nulls and errors they have
	test *Program
	out  result

	// The rows of an uncorrelated subquery, kept for one Runtime.
	rt   *Runtime
	kept []*batch.Column
	rows int
	set  *memberSet // of kept rows, when the test is one equality
	key  node       // the left operand of that equality

	row   frameRow
	inner *Runtime // what the test runs with: its outer columns are those of the row
	// innerOf is the Runtime that inner was made for.
	innerOf *Runtime
}

// frameRow gives column values of one row of a frame, else the outer ones.
type frameRow struct {
	f    *frame
	i    int
	slot func(ColID) (int, bool)
}

func (r *frameRow) value(id ColID) types.Datum {
	if s, ok := r.slot(id); ok {
		return r.f.cols[s].Datum(r.i)
	}
	if r.f.rt.Outer == nil {
		return types.NullDatum
	}
	return r.f.rt.Outer(id)
}

func (c *compiler) compileSubquery(e *Subquery) (node, traits, error) {
	n := &subqueryNode{e: e, slot: c.slot, out: newResult(e.T)}
	n.row.slot = c.slot
	t := usesRuntime
	used := make(map[ColID]bool)
	Columns(e, used)
	for id := range used {
		if _, ok := c.slot(id); ok {
			t |= usesRow
		} else {
			t |= usesOuter
		}
	}
	if e.Kind != Any && e.Kind != All {
		return n, t, nil
	}
	left, lt, err := c.args(e.Left, usesRow)
	if err != nil {
		return nil, 0, err
	}
	n.left = left
	inner := make(map[ColID]int)
	for i, col := range e.Rel.Output() {
		inner[col.ID] = i
	}
	n.test, err = Compile(e.Test, func(id ColID) (int, bool) {
		i, ok := inner[id]
		return i, ok
	})
	if err != nil {
		return nil, 0, err
	}
	if err := n.compileKey(c, inner); err != nil {
		return nil, 0, err
	}
	return n, t | lt&^isLeaf, nil
}

// compileKey looks for the test Left = column, which a set answers.
func (n *subqueryNode) compileKey(c *compiler, inner map[ColID]int) error {
	call, ok := n.e.Test.(*Call)
	if !ok || len(n.e.Outer) > 0 || len(n.left) != 1 || !hashable(call.F) || n.e.Kind != Any {
		return nil
	}
	col, ok := call.Args[1].(*Col)
	if !ok || inner[col.ID] != 0 || !UsesOnly(call.Args[0], func(id ColID) bool { _, in := inner[id]; return !in }) {
		return nil
	}
	key, _, err := c.args(call.Args[:1], usesRow)
	if err != nil {
		return err
	}
	n.key, n.set = key[0], newMemberSet(call.F.Args[1])
	return nil
}

func (n *subqueryNode) eval(f *frame, sel []int32) (*batch.Column, error) {
	if f.rt.Subqueries == nil {
		return nil, errInternal("no runner for subqueries")
	}
	for _, l := range n.left {
		if _, err := l.eval(f, sel); err != nil {
			return nil, err
		}
	}
	out := n.out.start(f.n)
	if len(n.e.Outer) == 0 {
		if err := n.keep(f); err != nil {
			return nil, err
		}
		if n.set != nil {
			return out, n.evalSet(f, sel)
		}
	}
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		n.row.f, n.row.i = f, i
		if err := n.evalRow(f, i); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// keep runs an uncorrelated subquery, unless that has been done for this Runtime.
func (n *subqueryNode) keep(f *frame) error {
	if n.rt == f.rt {
		return nil
	}
	n.kept, n.rows = nil, 0
	for _, c := range n.e.Rel.Output() {
		n.kept = append(n.kept, batch.New(c.T, physical(c.T.OID), 0))
	}
	limit := n.enough()
	err := f.rt.Subqueries.RunSubquery(n.e, f.rt.Outer, func(b *batch.Batch) (bool, error) {
		for i, c := range n.kept {
			c.AppendFrom(b.Cols[i], b.Sel, b.N)
		}
		n.rows += b.Rows()
		return n.rows < limit, nil
	})
	if err != nil {
		return err
	}
	if n.set != nil {
		n.set.fill(n.kept[0], n.rows)
	}
	n.rt = f.rt
	return nil
}

// enough is the number of rows that decide the result.
func (n *subqueryNode) enough() int {
	switch n.e.Kind {
	case Exists:
		return 1
	case Scalar, RowOf:
		return 2
	}
	return int(^uint(0) >> 1)
}

// each gives the subquery's batches for the row that n.row is at.
func (n *subqueryNode) each(f *frame, emit func(*batch.Batch) (bool, error)) error {
	if len(n.e.Outer) == 0 {
		if n.rows == 0 {
			return nil
		}
		_, err := emit(&batch.Batch{Cols: n.kept, N: n.rows})
		return err
	}
	return f.rt.Subqueries.RunSubquery(n.e, n.row.value, emit)
}

func (n *subqueryNode) evalRow(f *frame, i int) error {
	switch n.e.Kind {
	case Exists:
		found := false
		err := n.each(f, func(b *batch.Batch) (bool, error) {
			found = found || b.Rows() > 0
			return !found, nil
		})
		n.out.col.B[i] = found
		return err
	case Scalar, RowOf:
		return n.scalarRow(f, i)
	case ArrayOf:
		return n.arrayRow(f, i)
	}
	return n.testRow(f, i)
}

func (n *subqueryNode) scalarRow(f *frame, i int) error {
	d, rows := types.NullDatum, 0
	err := n.each(f, func(b *batch.Batch) (bool, error) {
		if rows += b.Rows(); rows > 1 {
			return false, pgerr.New(pgerrcode.CardinalityViolation,
				"more than one row returned by a subquery used as an expression")
		}
		if b.Rows() == 1 {
			d = n.rowValue(b, b.Row(0))
		}
		return true, nil
	})
	n.put(f, i, d)
	return err
}

// rowValue is the value of a scalar subquery's row: its one column, or all of them as a record.
func (n *subqueryNode) rowValue(b *batch.Batch, r int) types.Datum {
	if n.e.Kind != RowOf {
		return b.Cols[0].Datum(r)
	}
	fields := make([]types.Field, len(b.Cols))
	for i, c := range b.Cols {
		fields[i] = types.Field{Type: n.e.Rel.Output()[i].T.OID, D: c.Datum(r)}
	}
	return types.StringDatum(types.EncodeRecord(fields))
}

func (n *subqueryNode) put(f *frame, i int, d types.Datum) {
	if d.Null {
		n.out.nulls(f.n)[i] = true
		return
	}
	n.out.col.SetDatum(i, d)
}

// testRow is ANY and ALL by trying the test on every row: ANY is true at the first true, ALL false at
// the first false; else a null makes the result null.
func (n *subqueryNode) testRow(f *frame, i int) error {
	stop := n.e.Kind == Any
	null, decided := false, false
	if n.inner == nil || n.innerOf != f.rt {
		n.inner = &Runtime{Env: f.rt.Env, Params: f.rt.Params, Outer: n.row.value, Subqueries: f.rt.Subqueries}
		n.innerOf = f.rt
	}
	err := n.each(f, func(b *batch.Batch) (bool, error) {
		col, err := n.test.Eval(n.inner, b)
		if err != nil {
			return false, err
		}
		for k := range b.Rows() {
			r := b.Row(k)
			if col.Null(r) {
				null = true
			} else if col.B[r] == stop {
				decided = true
				return false, nil
			}
		}
		return true, nil
	})
	switch {
	case decided:
		n.out.col.B[i] = stop
	case null:
		n.out.nulls(f.n)[i] = true
	default:
		n.out.col.B[i] = !stop
	}
	return err
}

// evalSet answers Left = ANY from the set of the kept rows.
func (n *subqueryNode) evalSet(f *frame, sel []int32) error {
	col, err := n.key.eval(f, sel)
	if err != nil {
		return err
	}
	for k := range selected(sel, f.n) {
		i := at(sel, k)
		switch {
		case n.rows == 0:
			n.out.col.B[i] = false
		case !col.Null(i) && n.set.has(col, i):
			n.out.col.B[i] = true
		case col.Null(i) || n.set.null:
			n.out.nulls(f.n)[i] = true
		default:
			n.out.col.B[i] = false
		}
	}
	return nil
}
