package session

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/exec/ddl"
	"github.com/vecdb/vecdb/exec/pgcatalog"
	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/wire/scram"
)

// define runs a statement that changes schema objects.
func (s *Session) define(ctx context.Context, n sql.Node, args arguments) (string, error) {
	if _, reindex := n.(*sql.Reindex); s.tx.readOnly && !reindex {
		return "", readOnlyError(n.Tag())
	}
	s.tx.wrote = true
	tag := ""
	err := s.attempt(func() (err error) {
		tag, err = s.defineOnce(ctx, n, args)
		return err
	})
	s.freshView()
	return tag, err
}

// defineOnce runs the statement on the catalog of now.
func (s *Session) defineOnce(ctx context.Context, n sql.Node, args arguments) (string, error) {
	d := definer{s, args}
	c := &ddl.Context{
		Txn: s.tx.txn, Store: s.srv.Store, DB: s.db, Role: s.role, Path: s.view.create, Binder: d, Data: d, Notice: s.notice,
		TempSchema: s.tempSchema, Within: s.within, InBlock: s.tx.block || s.tx.many, CheckSetting: s.checkSetting,
		SessionsIn: func(db schema.OID) int { return s.srv.sessionsIn(db, s) }, Disconnect: s.srv.disconnect,
		Timestamp: s.storedTimestamp,
		Password: func(p string) (string, error) {
			if scram.IsVerifier(p) {
				return p, nil
			}
			return scram.MakeVerifier(p)
		},
	}
	if s.temp != 0 && !slices.Contains(c.Path, s.temp) {
		c.Path = append([]schema.OID{s.temp}, c.Path...)
	}
	return c.Run(ctx, n)
}

// storedTimestamp is ddl.Context.Timestamp.
func (s *Session) storedTimestamp(text string) (string, error) {
	t := types.Lookup(types.TimestamptzOID)
	at, err := t.Parse(text, -1, s.Settings())
	if err != nil {
		return "", err
	}
	return string(t.Format(nil, at, &types.Session{})), nil
}

// within runs f with a schema before the search path.
func (s *Session) within(namespace string, f func() error) error {
	s.inside = namespace
	defer func() {
		s.inside = ""
		s.freshView()
	}()
	s.freshView()
	return f()
}

// definer implements ddl.Binder and ddl.Data over a session.
type definer struct {
	s    *Session
	args arguments // of the statement
}

// parseStored parses the text of a stored expression.
func parseStored(text string) (sql.Expr, error) { return sql.ParseExpr(text) }

// binder binds with the transaction's own changes.
func (d definer) binder() *bind.Binder {
	d.s.freshView()
	return d.s.binder()
}

// exprUses maps what ddl calls an expression to what bind does.
var exprUses = map[string]bind.ExprUse{
	"DEFAULT expressions": bind.UseDefault, "check constraints": bind.UseCheck, "index expressions": bind.UseIndex,
	"index predicates": bind.UsePredicate, "column generation expressions": bind.UseGenerated, "transform expressions": bind.UseTransform,
}

// Expr implements ddl.Binder.
func (d definer) Expr(e sql.Expr, t *schema.Table, w ddl.Wanted) (ddl.Stored, error) {
	b := d.binder()
	use := exprUses[w.What]
	var x *bind.TableExpr
	var err error
	if w.Type.OID != 0 && use != bind.UseCheck && use != bind.UsePredicate {
		x, err = b.BindAssign(e, t, w.Column, w.Type, use)
	} else {
		x, err = b.BindExpr(e, t, use)
	}
	if err != nil {
		return ddl.Stored{}, err
	}
	out := ddl.Stored{Type: x.Expr.Type(), Deps: x.Deps}
	out.Text = (&bind.Deparser{Catalog: b.Catalog, Stored: true}).Expr(x.Expr)
	if c, ok := x.Expr.(*eval.Col); ok {
		for _, col := range x.Cols {
			if col.ID == c.ID {
				out.Simple = col.Attr
			}
		}
	}
	return out, nil
}

// View implements ddl.Binder.
func (d definer) View(q *sql.Select, names []string) (string, []schema.Column, []schema.Dep, error) {
	b := d.binder()
	r, err := b.BindQueryForView(q)
	if err != nil {
		return "", nil, nil, err
	}
	cols := columnsOf(r.Stmt.Returning())
	if len(names) > len(cols) {
		return "", nil, nil, pgerr.New(pgerrcode.SyntaxError, "CREATE VIEW specifies more column names than columns")
	}
	for i, n := range names {
		cols[i].Name = n
	}
	return bind.DeparseQuery(b.Catalog, r, bind.DeparseStored), cols, r.Deps, nil
}

func columnsOf(out []eval.Column) []schema.Column {
	cols := make([]schema.Column, len(out))
	for i, c := range out {
		cols[i] = schema.Column{Num: int16(i + 1), Name: c.Name, Type: c.T}
		if c.T.OID == types.UnknownOID {
			cols[i].Type = types.Of(types.TextOID)
		}
	}
	return cols
}

// Type implements ddl.Binder.
func (d definer) Type(t *sql.TypeName) (types.T, error) { return d.binder().ResolveType(t) }

// Columns implements ddl.Data.
func (d definer) Columns(_ context.Context, query sql.Node) ([]schema.Column, error) {
	if x, ok := query.(*sql.Execute); ok {
		p, err := d.s.statement(x.Name)
		if err != nil {
			return nil, err
		}
		query = p.stmt.Node
	}
	r, err := d.binder().BindNode(query)
	if err != nil {
		return nil, err
	}
	return columnsOf(r.Stmt.Returning()), nil
}

// plan binds and plans a statement inside another.
func (d definer) plan(n sql.Node, params []types.T) (*planner.Plan, error) {
	b := d.binder()
	b.ParamTypes = params
	r, err := b.BindNode(n)
	if err != nil {
		return nil, err
	}
	return planner.Make(r, d.s.view, d.s.planSettings())
}

// each runs a plan and gives its batches to f.
func (d definer) each(ctx context.Context, p *planner.Plan, params []types.Datum, f func(*batch.Batch) error) (int64, error) {
	if err := d.s.lockPlan(ctx, p); err != nil {
		return 0, err
	}
	rt := d.s.runtime(ctx, params)
	op, err := exec.Build(rt, p)
	if err != nil {
		return 0, errors.Join(err, rt.Close())
	}
	rows := int64(0)
	err = op.Open(ctx)
	for err == nil {
		var b *batch.Batch
		if b, err = op.Next(ctx); err != nil || b == nil {
			break
		}
		rows += int64(b.Rows())
		if f != nil {
			err = f(b)
		}
	}
	err = errors.Join(err, op.Close(), rt.Close())
	if p.Kind != "SELECT" {
		rows = rt.Affected
	}
	return rows, err
}

// First implements ddl.Data.
func (d definer) First(ctx context.Context, text string) (row []string, err error) {
	stmts, err := sql.Parse(text)
	if err != nil {
		return nil, err
	}
	d.s.tx.txn.StartStatement()
	d.s.freshView()
	p, err := d.plan(stmts[0].Node, nil)
	if err != nil {
		return nil, err
	}
	_, err = d.each(ctx, p, nil, func(b *batch.Batch) error {
		if row != nil || b.Rows() == 0 {
			return nil
		}
		for _, c := range b.Cols {
			row = append(row, exec.ShownValue(c.Type, c.Datum(b.Row(0))))
		}
		return nil
	})
	return row, err
}

// Fill implements ddl.Data.
func (d definer) Fill(ctx context.Context, table *schema.Table, query sql.Node) (int64, error) {
	args := d.args
	if x, ok := query.(*sql.Execute); ok {
		p, err := d.s.statement(x.Name)
		if err != nil {
			return 0, err
		}
		if args.values, err = d.s.executeArgs(x, p); err != nil {
			return 0, err
		}
		query, args.types = p.stmt.Node, p.params
	}
	p, err := d.plan(query, args.types)
	if err != nil {
		return 0, err
	}
	return d.each(ctx, p, args.values, func(b *batch.Batch) error {
		rows := cloneBatch(b)
		for i, c := range rows.Cols {
			c.Type = table.Columns[i].Type
		}
		_, err := d.s.tx.txn.Insert(ctx, table.OID, &storage.Rows{N: rows.N, Cols: rows.Cols})
		return err
	})
}

// Rewrite implements ddl.Data: it reads the old rows, replaces the table's contents and stores the new
// ones, a batch at a time.
func (d definer) Rewrite(ctx context.Context, from, to *schema.Table, exprs map[int16]string) error {
	txn := d.s.tx.txn
	live := to.Live()
	programs, cols, err := d.rewriteExprs(from, live, exprs)
	if err != nil {
		return err
	}
	txn.StartStatement()
	reader := txn.Reader()
	defer func() { _ = reader.Close() }() // it only reads
	tr, err := reader.Table(from.OID)
	if err != nil {
		return err
	}
	attrs := make([]int16, len(cols))
	for i, c := range cols {
		attrs[i] = c.Attr
	}
	scan := tr.Scan(storage.ScanOptions{Cols: attrs})
	if err := txn.Truncate(from.OID); err != nil {
		return err
	}
	if from != to {
		if err := txn.Put(to); err != nil {
			return err
		}
	}
	rt := &eval.Runtime{Env: d.s.environment(ctx)}
	for {
		b, _, err := scan.Next(ctx)
		if err != nil || b == nil {
			return err
		}
		rows := &storage.Rows{N: b.N}
		for i, p := range programs {
			c, err := p.Eval(rt, b)
			if err != nil {
				return err
			}
			n := batch.New(live[i].Type, c.Phys, b.N)
			n.AppendFrom(c, nil, b.N)
			rows.Cols = append(rows.Cols, n)
		}
		if _, err := txn.Insert(ctx, to.OID, rows); err != nil {
			return err
		}
	}
}

// rewriteExprs compiles one expression a column of the new row over the old one.
func (d definer) rewriteExprs(
	from *schema.Table, live []*schema.Column, exprs map[int16]string,
) ([]*eval.Program, []eval.Column, error) {
	b := d.binder()
	var cols []eval.Column
	for i, c := range from.Live() {
		cols = append(cols, eval.Column{ID: eval.ColID(i + 1), Name: c.Name, T: c.Type, Attr: c.Num})
	}
	slot := func(id eval.ColID) (int, bool) { return int(id) - 1, id >= 1 && int(id) <= len(cols) }
	out := make([]*eval.Program, len(live))
	for i, c := range live {
		var e eval.Expr
		if text, ok := exprs[c.Num]; ok {
			parsed, err := parseStored(text)
			if err != nil {
				return nil, nil, err
			}
			x, err := b.BindAssign(parsed, from, c.Name, c.Type, bind.UseTransform)
			if err != nil {
				return nil, nil, err
			}
			e = renumber(x, cols)
		} else {
			for _, col := range cols {
				if col.Attr == c.Num {
					e = &eval.Col{ID: col.ID, T: col.T, Name: col.Name}
				}
			}
		}
		p, err := eval.Compile(e, slot)
		if err != nil {
			return nil, nil, err
		}
		out[i] = p
	}
	return out, cols, nil
}

// BuildIndex implements ddl.Data.
func (d definer) BuildIndex(ctx context.Context, x *schema.Index, _ bool) error {
	s := d.s
	command := "CREATE INDEX"
	progress := pgcatalog.BuildProgress{PID: s.pid, Database: s.db.OID, Table: x.Table, Index: x.OID, Command: command, Phase: "building index"}
	s.srv.setProgress(s.pid, &progress)
	defer s.srv.setProgress(s.pid, nil)
	s.tx.txn.StartStatement()
	err := s.tx.txn.BuildIndex(ctx, x, storage.BuildOptions{
		WorkMem: s.kilobytes("maintenance_work_mem"),
		Progress: func(done, total int64) {
			p := progress
			p.TuplesDone, p.TuplesTotal = done, total
			s.srv.setProgress(s.pid, &p)
		},
	})
	var dup *storage.UniqueError
	if errors.As(err, &dup) {
		c := s.tx.txn.Catalog()
		t := c.Table(x.Table)
		return exec.UniqueViolation(dup, x, t, c.NamespaceName(t), true)
	}
	return err
}

// Rename implements ddl.Binder: it binds each stored text with the names as they were and prints it with
// the names as they will be.
func (d definer) Rename(t *schema.Table) (*schema.Table, error) {
	return d.reprint(t)
}

// RenameIndex implements ddl.Binder.
func (d definer) RenameIndex(x *schema.Index) (*schema.Index, error) { return d.reprintIndex(x) }
