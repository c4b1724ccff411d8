package exec

import (
	"context"
	"fmt"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/index/distance"
	"github.com/vecdb/vecdb/internal/rowset"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// annScan yields the rows of a table by ascending distance of a vector column to a query, rows without a
// distance last (or first). How it finds them is decided when it is opened: see annsearch.go.
type annScan struct {
	*tableOutput // the table's columns of the output
	rt           *Runtime
	plan         *planner.AnnScan
	metric       distance.Metric
	query        value
	limit, off   value
	distAt       int           // position of the distance in the output, -1: not wanted
	dist         *eval.Program // over the table's columns and the vector
	fetch        []int16       // stored columns, then the vector when the distance is wanted
	filter       *annFilter

	table *storage.TableReader
	q     *distance.Query
	k     int // rows wanted; 0: all
	found []index.Neighbor
	nulls []storage.RowID // rows without a distance, when they are wanted
	pos   int
	note  *Actual
	out   batch.Batch
	ids   []storage.RowID // buffer of Distances
}

// metrics by the planner's names.
var metrics = map[string]distance.Metric{
	"l2": distance.L2, "ip": distance.InnerProduct, "cosine": distance.Cosine, "l1": distance.L1,
}

func newAnnScan(b *builder, n *planner.AnnScan) (Operator, error) {
	a := &annScan{rt: b.rt, plan: n, metric: metrics[n.Metric], distAt: -1}
	cols := make([]eval.Column, 0, len(n.Cols))
	for i, c := range n.Cols {
		if c.ID == n.DistCol {
			a.distAt = i
			continue
		}
		cols = append(cols, c)
	}
	var err error
	if a.tableOutput, err = newTableOutput(b, n.Rel, cols, nil); err != nil {
		return nil, err
	}
	a.fetch = a.stored
	if a.distAt >= 0 {
		if err := a.compileDistance(b, cols); err != nil {
			return nil, err
		}
	}
	a.out.Cols = make([]*batch.Column, len(n.Cols))
	if a.query, err = b.newValue(n.Query); err != nil {
		return nil, err
	}
	if a.limit, err = b.newValue(n.Limit); err != nil {
		return nil, err
	}
	if a.off, err = b.newValue(n.Offset); err != nil {
		return nil, err
	}
	a.filter, err = newAnnFilter(b, n)
	return a, err
}

// compileDistance compiles the expression that the distance column replaces, so that its values are
// those of the function itself.
func (a *annScan) compileDistance(b *builder, cols []eval.Column) error {
	layout := append([]eval.Column(nil), cols...)
	eval.Walk(a.plan.DistExpr, func(e eval.Expr) bool {
		c, ok := e.(*eval.Col)
		if !ok || columnAt(layout, c.ID) >= 0 {
			return true
		}
		layout = append(layout, eval.Column{ID: c.ID, T: c.T, Attr: a.plan.Vector})
		a.fetch = append(a.stored[:len(a.stored):len(a.stored)], a.plan.Vector)
		return true
	})
	var err error
	a.dist, err = b.compile(a.plan.DistExpr, layout)
	return err
}

func (a *annScan) noteTo(n *Actual) { a.note = n }

// Open implements Operator: it finds the rows.
func (a *annScan) Open(ctx context.Context) error {
	a.found, a.nulls, a.pos, a.k = a.found[:0], a.nulls[:0], 0, 0
	if err := a.openLimit(); err != nil {
		return err
	}
	d, err := a.query.get(a.sc)
	if err != nil {
		return err
	}
	if a.table, err = a.rt.Reader().Table(a.rel.Table.OID); err != nil {
		return sqlError(err)
	}
	a.q = nil
	if !d.Null {
		v := types.VectorFloats(d.S)
		if want := int(a.rel.Table.Col(a.plan.Vector).Type.Mod); want > 0 && want != len(v) {
			return pgerr.New(pgerrcode.DataException, "different vector dimensions %d and %d", want, len(v))
		}
		a.q = a.metric.NewQuery(v)
	}
	return sqlError(a.search(ctx, types.VectorFloats(d.S)))
}

func (a *annScan) openLimit() error {
	l, err := a.limit.get(a.sc)
	if err != nil || l.Null {
		return err
	}
	o, err := a.off.get(a.sc)
	if err != nil {
		return err
	}
	// The limit node above raises the errors of negative values.
	a.k = int(min(max(l.I, 0)+max(o.I, 0), 1<<31))
	return nil
}

// Next implements Operator.
func (a *annScan) Next(ctx context.Context) (*batch.Batch, error) {
	for a.pos < len(a.found)+len(a.nulls) {
		n := min(len(a.found)+len(a.nulls)-a.pos, batch.RowsMax)
		ids := make([]storage.RowID, n)
		for i := range ids {
			ids[i] = a.rowAt(a.pos + i)
		}
		a.pos += n
		b, err := a.rows(ctx, ids)
		if b != nil || err != nil {
			return b, err
		}
	}
	return nil, nil
}

// rowAt is the i-th row of the result.
func (a *annScan) rowAt(i int) storage.RowID {
	if a.plan.NullsFirst {
		if i < len(a.nulls) {
			return a.nulls[i]
		}
		return storage.RowID(a.found[i-len(a.nulls)].Row)
	}
	if i < len(a.found) {
		return storage.RowID(a.found[i].Row)
	}
	return a.nulls[i-len(a.found)]
}

// rows fetches the output of some rows, in their order.
func (a *annScan) rows(ctx context.Context, ids []storage.RowID) (*batch.Batch, error) {
	b, found, err := a.table.Fetch(ctx, ids, a.fetch)
	if err != nil {
		return nil, sqlError(err)
	}
	for i, ok := range found {
		if !ok {
			b.Sel = without(found, i)
			break
		}
	}
	all := b.Cols
	b.Cols = all[:len(a.stored)]
	t, err := a.emit(b, ids)
	if t == nil || err != nil {
		return nil, err
	}
	from := 0
	for i := range a.out.Cols {
		if i != a.distAt {
			a.out.Cols[i] = t.Cols[from]
			from++
		}
	}
	a.out.N, a.out.Sel = t.N, t.Sel
	if a.distAt >= 0 {
		in := &batch.Batch{Cols: append(append([]*batch.Column(nil), t.Cols...), all[len(a.stored):]...), N: t.N, Sel: t.Sel}
		c, err := a.dist.Eval(&a.sc.ev, in)
		if err != nil {
			return nil, err
		}
		a.out.Cols[a.distAt] = c
	}
	return &a.out, nil
}

// without lists the rows that were found, of which the first missing is known.
func without(found []bool, missing int) []int32 {
	sel := make([]int32, 0, len(found))
	for i, ok := range found {
		if i != missing && ok {
			sel = append(sel, int32(i))
		}
	}
	return sel
}

// Close implements Operator.
func (a *annScan) Close() error {
	a.table = nil
	return nil
}

// say notes the strategy for EXPLAIN ANALYZE.
func (a *annScan) say(format string, args ...any) {
	if a.note != nil {
		a.note.Note = fmt.Sprintf(format, args...)
	}
}

// annFilter computes the rows that a condition lets through.
type annFilter struct {
	set  *bitmapPlan // nil: no index helps
	scan *tableOutput
	cond bool
}

func newAnnFilter(b *builder, n *planner.AnnScan) (*annFilter, error) {
	if len(n.Conds) == 0 {
		return nil, nil
	}
	f := &annFilter{}
	used := map[eval.ColID]bool{}
	for _, c := range n.Conds {
		eval.Columns(c, used)
	}
	var cols []eval.Column
	for _, c := range n.Rel.Table.Live() {
		for _, out := range n.FilterCols {
			if out.Attr == c.Num && used[out.ID] {
				cols = append(cols, out)
			}
		}
	}
	for _, out := range n.FilterCols {
		if out.Attr < 0 && used[out.ID] {
			cols = append(cols, out)
		}
	}
	var err error
	if f.scan, err = newTableOutput(b, n.Rel, cols, n.Conds); err != nil {
		return nil, err
	}
	if n.Set != nil {
		f.set, err = newBitmapPlan(b, n.Rel.Table.OID, n.Set)
	}
	return f, err
}

// rows returns the visible rows that satisfy the condition: those of the indexes that help, checked by
// reading only the columns of the condition.
func (f *annFilter) rows(ctx context.Context, t *storage.TableReader) (*rowset.Set, error) {
	o := storage.ScanOptions{Cols: f.scan.stored}
	if f.set != nil {
		set, err := f.set.rows(ctx, t)
		if err != nil {
			return nil, err
		}
		o.Filter = set
	}
	out := rowset.New()
	scan := t.Scan(o)
	var ids []uint64
	for {
		b, rows, err := scan.Next(ctx)
		if b == nil || err != nil {
			return out, err
		}
		pass, err := f.scan.emit(b, rows)
		if err != nil {
			return nil, err
		}
		if pass == nil {
			continue
		}
		ids = ids[:0]
		for i := range pass.Rows() {
			ids = append(ids, uint64(rows[pass.Row(i)]))
		}
		out.AddMany(ids)
	}
}
