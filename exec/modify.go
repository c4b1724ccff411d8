package exec

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/invariants"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// writer has what INSERT, UPDATE and DELETE share: the target, its checks, and RETURNING.
type writer struct {
	rt     *Runtime
	sc     *scope
	table  *schema.Table
	live   []*schema.Column
	checks []rowCheck
	ret    []*eval.Program
	out    batch.Batch
	fk     *foreignKeys
}

type rowCheck struct {
	name string
	p    *eval.Program
}

// newWriter compiles checks and RETURNING over rows of the given columns.
func newWriter(b *builder, t *schema.Table, checks []bind.Check, ret []eval.Expr, cols []eval.Column) (*writer, error) {
	w := &writer{rt: b.rt, sc: b.sc, table: t, live: t.Live(), fk: newForeignKeys(b.rt, t)}
	for _, c := range checks {
		p, err := b.compile(c.Expr, cols)
		if err != nil {
			return nil, err
		}
		w.checks = append(w.checks, rowCheck{c.Name, p})
	}
	var err error
	if w.ret, err = b.compileList(ret, cols); err != nil {
		return nil, err
	}
	w.out.Cols = make([]*batch.Column, len(w.ret))
	return w, nil
}

// check refuses rows that break NOT NULL or a CHECK. Row has the whole new row, one column a live one,
// then whatever the checks' columns need; only changed columns are looked at for nulls (nil: all).
func (w *writer) check(b *batch.Batch, changed map[int16]bool, whole func(i int) []types.Datum) error {
	for k, c := range w.live {
		if !c.NotNull || changed != nil && !changed[c.Num] || b.Cols[k].Nulls == nil {
			continue
		}
		for i := range b.Rows() {
			if r := b.Row(i); b.Cols[k].Null(r) {
				return pgerr.New(pgerrcode.NotNullViolation, "null value in column %q of relation %q violates not-null constraint", c.Name, w.table.Name).
					Detail("Failing row contains (%s).", w.shown(whole(r))).On(w.rt.Txn.Catalog().NamespaceName(w.table), w.table.Name, c.Name, "")
			}
		}
	}
	for _, c := range w.checks {
		col, err := c.p.Eval(&w.sc.ev, b)
		if err != nil {
			return err
		}
		for i := range b.Rows() {
			if r := b.Row(i); !col.Null(r) && !col.B[r] {
				return pgerr.New(pgerrcode.CheckViolation, "new row for relation %q violates check constraint %q", w.table.Name, c.name).
					Detail("Failing row contains (%s).", w.shown(whole(r))).On(w.rt.Txn.Catalog().NamespaceName(w.table), w.table.Name, "", c.name)
			}
		}
	}
	return nil
}

// shownBytesMax is how much of a value DETAIL shows, as in PostgreSQL.
const shownBytesMax = 64

func (w *writer) shown(row []types.Datum) string {
	parts := make([]string, len(row))
	for i, d := range row {
		s := ShownValue(w.live[i].Type, d)
		if len(s) > shownBytesMax {
			s = s[:shownBytesMax] + "..."
		}
		parts[i] = s
	}
	return strings.Join(parts, ", ")
}

// rowOf returns one row of the first columns of a batch.
func rowOf(b *batch.Batch, n, r int) []types.Datum {
	out := make([]types.Datum, n)
	for i := range out {
		out[i] = b.Cols[i].Datum(r)
	}
	return out
}

// attempt marks where the transaction and its sequences are; the function that it returns goes back there.
func (rt *Runtime) attempt() (undo func() error) {
	mark := rt.Txn.Savepoint()
	seqs := rt.Env.Sequences
	if seqs != nil {
		seqs.Mark()
	}
	return func() error {
		rt.Txn.RollbackTo(mark)
		if seqs == nil {
			return nil
		}
		return seqs.GiveBack()
	}
}

// oneByOne finds the row of b that an error is about, and its error: a batch does not know which of its rows failed
// first, but one by one they do. So also no more values of sequences are used up than rows came to their turn. bad is
// the row's position among those that count; -1, and the error of the batch, when none fails alone.
func oneByOne(b *batch.Batch, cause error, undo func() error, do func(row *batch.Batch) error) (bad int, err error) {
	if err := undo(); err != nil {
		return -1, err
	}
	for i := range b.Rows() {
		if err := do(&batch.Batch{Cols: b.Cols, N: b.N, Sel: []int32{int32(b.Row(i))}}); err != nil {
			return i, err
		}
	}
	return -1, cause
}

// aboutRow says whether an error is of the values of a row: SQLSTATE classes 22 and 23.
func aboutRow(err error) bool {
	var pe *pgerr.Error
	return errors.As(err, &pe) && (strings.HasPrefix(pe.SQLState, "22") || strings.HasPrefix(pe.SQLState, "23"))
}

// returning computes RETURNING for the rows of b; nil when there is none.
func (w *writer) returning(b *batch.Batch) (*batch.Batch, error) {
	if len(w.ret) == 0 {
		return nil, nil
	}
	if err := evalAll(w.sc, w.ret, b, w.out.Cols); err != nil {
		return nil, err
	}
	w.out.N, w.out.Sel = b.N, b.Sel
	return &w.out, nil
}

// unique words a duplicate key.
func (w *writer) unique(err error) error {
	var u *storage.UniqueError
	if !errors.As(err, &u) {
		return sqlError(err)
	}
	if x := w.rt.Txn.Catalog().Index(u.Index); x != nil {
		return UniqueViolation(u, x, w.table, w.rt.Txn.Catalog().NamespaceName(w.table), false)
	}
	return sqlError(err)
}

// stored compiles an expression of the catalog over whole rows, one column a live one.
func (w *writer) stored(text string, want types.T) (*eval.Program, error) {
	if w.rt.Binder == nil {
		return nil, invariants.Broken("stored expressions cannot be bound here")
	}
	cols := make([]eval.Column, len(w.live))
	for i, c := range w.live {
		cols[i] = eval.Column{ID: eval.ColID(i + 1), Name: c.Name, T: c.Type}
	}
	e, err := w.rt.Binder.BindTableExpr(w.table, cols, text, want)
	if err != nil {
		return nil, err
	}
	return eval.Compile(e, slots(cols))
}

// compact makes dense columns of the rows that count, for storage.
func compact(cols []*batch.Column, live []*schema.Column, b *batch.Batch) []*batch.Column {
	out := make([]*batch.Column, len(cols))
	for i, c := range cols {
		if b.Sel == nil && c.Len() == b.N {
			n := *c
			n.Type = live[i].Type
			out[i] = &n
			continue
		}
		n := batch.New(live[i].Type, c.Phys, b.Rows())
		n.AppendFrom(c, b.Sel, b.N)
		out[i] = n
	}
	return out
}

// modifyOp runs a data-modifying statement as an operator: step changes the rows of one batch of the
// source and returns the RETURNING rows, end does what the whole statement has to.
type modifyOp struct {
	in   Operator
	rt   *Runtime
	step func(ctx context.Context, b *batch.Batch) (*batch.Batch, error)
	end  func(ctx context.Context) error
	done bool
}

// Open implements Operator.
func (m *modifyOp) Open(ctx context.Context) error {
	m.done = false
	m.rt.Reader() // the statement must not see what it writes itself
	return m.in.Open(ctx)
}

// Next implements Operator.
func (m *modifyOp) Next(ctx context.Context) (*batch.Batch, error) {
	for !m.done {
		b, err := m.in.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			m.done = true
			if m.end != nil {
				return nil, m.end(ctx)
			}
			return nil, nil
		}
		out, err := m.step(ctx, b)
		if err != nil {
			return nil, err
		}
		if out != nil && out.Rows() > 0 {
			return out, nil
		}
	}
	return nil, nil
}

// Close implements Operator.
func (m *modifyOp) Close() error { return m.in.Close() }

func rowIDDatum(id storage.RowID) types.Datum { return types.IntDatum(int64(id)) }

// columnTypes lists the types of columns.
func columnTypes(cols []*batch.Column) []types.T {
	out := make([]types.T, len(cols))
	for i, c := range cols {
		out[i] = c.Type
	}
	return out
}

// columnAt is the position of a column in a row layout.
func columnAt(cols []eval.Column, id eval.ColID) int {
	for i := range cols {
		if cols[i].ID == id {
			return i
		}
	}
	return -1
}

// targets are the rows that a statement has taken already: of several source rows for one target the
// first counts.
type targets struct {
	at   int // column of row ids in the source
	seen map[storage.RowID]bool
	ids  []storage.RowID
	sel  []int32
}

func newTargets(cols []eval.Column, id eval.ColID) *targets {
	return &targets{at: columnAt(cols, id), seen: map[storage.RowID]bool{}}
}

// take lists the rows of b whose target is new, with the targets. A null row id (the outer side of a
// join) is no target.
func (t *targets) take(b *batch.Batch) ([]storage.RowID, []int32) {
	t.ids, t.sel = t.ids[:0], t.sel[:0]
	c := b.Cols[t.at]
	for i := range b.Rows() {
		r := b.Row(i)
		id := storage.RowID(c.I[r])
		if c.Null(r) || t.seen[id] {
			continue
		}
		t.seen[id] = true
		t.ids = append(t.ids, id)
		t.sel = append(t.sel, int32(r))
	}
	return t.ids, t.sel
}

// arrayElements takes an array apart.
func arrayElements(_ types.T, d types.Datum) ([]types.Datum, error) {
	if d.Null {
		return nil, nil
	}
	a, err := types.DecodeArray(d.S)
	return a.Items, err
}
