package session

import (
	"context"
	"io"
	"strconv"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/wire/backend"
)

// plainPortal has what portals that give rows share: nothing of COPY.
type plainPortal struct {
	fields []backend.Field
	atEnd  bool // commit when done, before the tag is told
}

// Kind implements backend.Portal.
func (p *plainPortal) Kind() backend.Kind { return backend.Plain }

// Fields implements backend.Portal.
func (p *plainPortal) Fields() []backend.Field { return p.fields }

// Empty implements backend.Portal.
func (p *plainPortal) Empty() bool { return false }

// Start implements backend.Portal.
func (p *plainPortal) Start() error { return nil }

// Copy implements backend.Portal.
func (p *plainPortal) Copy() backend.CopyInfo { return backend.CopyInfo{} }

// RunCopyIn implements backend.Portal.
func (p *plainPortal) RunCopyIn(context.Context, io.Reader) (string, error) {
	return "", pgerr.Unsupported("COPY of this statement")
}

// RunCopyOut implements backend.Portal.
func (p *plainPortal) RunCopyOut(context.Context, io.Writer) (string, error) {
	return "", pgerr.Unsupported("COPY of this statement")
}

func (p *plainPortal) commitAtEnd() { p.atEnd = true }

// finish ends the statement. It commits the implicit transaction when the portal is the last of a simple query, so that
// an error of the commit comes instead of the tag.
func (p *plainPortal) finish(ctx context.Context, s *Session) error {
	s.endStatement()
	if !p.atEnd || s.tx.block || s.tx.txn == nil {
		return nil
	}
	return s.end(ctx, true)
}

// portal makes the portal of a planned statement.
func (s *Session) portal(ctx context.Context, p *prepared, params []types.Datum, fields []backend.Field) (backend.Portal, error) {
	switch {
	case p.empty:
		return &emptyPortal{}, nil
	case isData(p.stmt.Node):
		return &dataPortal{plainPortal: plainPortal{fields: fields}, s: s, query: s.queryOf(p), params: params}, nil
	}
	return s.utilityPortal(ctx, p, params, fields)
}

// emptyPortal is the portal of an empty query string.
type emptyPortal struct{ plainPortal }

// Empty implements backend.Portal.
func (*emptyPortal) Empty() bool { return true }

// Next implements backend.Portal.
func (*emptyPortal) Next(context.Context, int) (*batch.Batch, error) { return nil, nil }

// Tag implements backend.Portal.
func (*emptyPortal) Tag() string { return "" }

// dataPortal runs a plan. A reading one runs step by step; a writing one runs whole at the first step,
// because it may have to start anew, and keeps the rows that it returns.
type dataPortal struct {
	plainPortal
	s *Session
	query
	params []types.Datum

	rt      *exec.Runtime
	op      exec.Operator
	pending *batch.Batch // rows not given yet
	kept    []*batch.Batch
	held    int64 // bytes of kept that the runtime counts
	started bool
	done    bool
	given   int64
	tag     string
}

// Tag implements backend.Portal.
func (p *dataPortal) Tag() string { return p.tag }

// Start implements backend.Portal. A SELECT that is read to its end gives no more rows; another
// statement must not have its effects twice.
func (p *dataPortal) Start() error {
	p.given = 0
	if !p.done {
		return nil
	}
	if p.plan.Kind != "SELECT" {
		return pgerr.New(pgerrcode.ObjectNotInPrerequisiteState, "portal cannot be run")
	}
	p.tag = commandTag(p.plan.Kind, 0, 0)
	return nil
}

// Next implements backend.Portal.
func (p *dataPortal) Next(ctx context.Context, limit int) (b *batch.Batch, err error) {
	if p.done {
		return nil, nil
	}
	ctx, end := p.s.enter(ctx)
	defer end(&err)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !p.started {
		if err := p.start(ctx); err != nil {
			return nil, translate(err)
		}
	}
	if p.rt != nil {
		p.rt.Env.Ctx = ctx // of this step: the one it was opened with has ended
	}
	if p.pending == nil {
		if p.pending, err = p.fetch(ctx); err != nil {
			return nil, translate(err)
		}
	}
	if p.pending == nil {
		return nil, p.complete(ctx)
	}
	out := p.pending
	p.pending = nil
	if limit > 0 && out.Rows() > limit {
		out, p.pending = split(out, limit)
	}
	p.given += int64(out.Rows())
	return out, nil
}

// split cuts the first n rows off a batch.
func split(b *batch.Batch, n int) (head, rest *batch.Batch) {
	sel := b.Sel
	if sel == nil {
		sel = make([]int32, b.N)
		for i := range sel {
			sel[i] = int32(i)
		}
	}
	return &batch.Batch{Cols: b.Cols, N: b.N, Sel: sel[:n]}, &batch.Batch{Cols: b.Cols, N: b.N, Sel: sel[n:]}
}

func (p *dataPortal) start(ctx context.Context) error {
	p.started = true
	p.s.tx.wrote = true
	return p.s.attempt(func() error {
		if err := p.current(ctx, p.s); err != nil {
			return err
		}
		if err := p.s.mayRun(p.plan); err != nil {
			return err
		}
		p.kept = nil
		if err := p.open(ctx); err != nil || !p.plan.Writes {
			return err
		}
		err := p.drain(ctx)
		if cerr := p.op.Close(); err == nil {
			err = cerr
		}
		return err
	})
}

// open builds the plan's operators.
func (p *dataPortal) open(ctx context.Context) error {
	p.release()
	p.rt = p.s.runtime(ctx, p.params)
	op, err := exec.Build(p.rt, p.plan)
	if err != nil {
		return err
	}
	p.op = op
	return op.Open(ctx)
}

// drain runs a writing plan to its end.
func (p *dataPortal) drain(ctx context.Context) error {
	p.held = 0 // of a runtime that an earlier attempt has closed
	var kept int64
	for {
		b, err := p.op.Next(ctx)
		if err != nil || b == nil {
			return err
		}
		if p.fields != nil {
			p.kept = append(p.kept, cloneBatch(b))
			kept += exec.BatchBytes(b)
			if err := p.rt.Keep(&p.held, kept); err != nil {
				return err
			}
		}
	}
}

// cloneBatch copies the rows that count.
func cloneBatch(b *batch.Batch) *batch.Batch {
	out := &batch.Batch{N: b.Rows()}
	for _, c := range b.Cols {
		n := batch.New(c.Type, c.Phys, b.Rows())
		n.AppendFrom(c, b.Sel, b.N)
		out.Cols = append(out.Cols, n)
	}
	return out
}

func (p *dataPortal) fetch(ctx context.Context) (*batch.Batch, error) {
	if p.plan.Writes {
		if len(p.kept) == 0 {
			return nil, nil
		}
		b := p.kept[0]
		p.kept = p.kept[1:]
		return b, nil
	}
	return p.op.Next(ctx)
}

// complete ends the statement.
func (p *dataPortal) complete(ctx context.Context) error {
	p.done = true
	affected := p.rt.Affected
	if p.fields != nil { // RETURNING gives a row for each, perhaps over several runs of the portal
		affected = p.given
	}
	p.tag = commandTag(p.plan.Kind, p.given, affected)
	p.release()
	return p.finish(ctx, p.s)
}

func commandTag(kind string, given, affected int64) string {
	switch kind {
	case "INSERT":
		return "INSERT 0 " + strconv.FormatInt(affected, 10)
	case "SELECT":
		return "SELECT " + strconv.FormatInt(given, 10)
	}
	return kind + " " + strconv.FormatInt(affected, 10)
}

// release frees operators and the snapshot.
func (p *dataPortal) release() {
	if p.op != nil {
		_ = p.op.Close() // a second Close of operators that are read to their end does nothing
		p.op = nil
	}
	if p.rt != nil {
		_ = p.rt.Close() // closing a reader and removing temporary files cannot undo the statement
	}
}

func (p *dataPortal) close() error {
	p.done = true
	p.release()
	return nil
}

// runtime makes what a plan runs in.
func (s *Session) runtime(ctx context.Context, params []types.Datum) *exec.Runtime {
	return &exec.Runtime{
		Txn: s.tx.txn, Env: s.environment(ctx), Params: params, Catalog: s.catalogView(), Virtual: virtualTables{s},
		WorkMem: s.workMem(), Memory: s.memory.Child("statement", s.kilobytes("vecdb.statement_memory")),
		FS: s.srv.Store.FS(), TempDir: s.srv.Store.TempDir(), Search: s.searchEffort(), Binder: exprBinder{s},
	}
}

// virtualTables serves the system catalog to scans.
type virtualTables struct{ s *Session }

// Scan implements exec.VirtualTables.
func (v virtualTables) Scan(ctx context.Context, rel *cat.Relation, keys []exec.KeyValue, emit func(*batch.Batch) error) error {
	only := types.OID(0)
	for _, k := range keys {
		if !k.Value.Null && len(rel.KeyColumns) > 0 && k.Attr == rel.KeyColumns[0] {
			only = types.OID(k.Value.I)
		}
	}
	live := rel.Table.Live()
	fresh := func() *batch.Batch {
		b := &batch.Batch{}
		for _, c := range live {
			b.Cols = append(b.Cols, batch.New(c.Type, types.Lookup(c.Type.OID).Physical, 0))
		}
		return b
	}
	b := fresh()
	var err error
	flush := func() {
		if err == nil && b.N > 0 {
			if err = emit(b); err == nil {
				err = ctx.Err()
			}
			b = fresh()
		}
	}
	v.s.systemView().Scan(rel.Table, only, func(row []types.Datum) {
		for i, c := range live {
			b.Cols[i].Append(row[c.Num-1])
		}
		if b.N++; b.N == batch.RowsMax {
			flush()
		}
	})
	flush()
	return err
}

// exprBinder binds stored expressions for operators.
type exprBinder struct{ s *Session }

// BindTableExpr implements exec.ExprBinder.
func (e exprBinder) BindTableExpr(t *schema.Table, cols []eval.Column, text string, want types.T) (eval.Expr, error) {
	b := e.s.binder()
	use := bind.UseTransform
	if cols == nil {
		use = bind.UseDefault
	}
	x, err := b.BindText(text, t, use)
	if err != nil {
		return nil, err
	}
	if want.OID != 0 && x.Expr.Type() != want {
		parsed, err := parseStored(text)
		if err != nil {
			return nil, err
		}
		if x, err = b.BindAssign(parsed, t, "", want, use); err != nil {
			return nil, err
		}
	}
	return renumber(x, cols), nil
}

// renumber gives the columns of a bound table expression the ids of cols.
func renumber(x *bind.TableExpr, cols []eval.Column) eval.Expr {
	ids := make(map[eval.ColID]eval.Column, len(cols))
	for i, c := range x.Cols {
		if i < len(cols) {
			ids[c.ID] = cols[i]
		}
	}
	return eval.Rewrite(x.Expr, func(e eval.Expr) eval.Expr {
		if c, ok := e.(*eval.Col); ok {
			if to, ok := ids[c.ID]; ok {
				return &eval.Col{ID: to.ID, T: c.T, Name: c.Name}
			}
		}
		return e
	})
}
