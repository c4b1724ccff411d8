package session

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/exec/ddl"
	"github.com/vecdb/vecdb/planner/cat"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/eval"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/wire/backend"
)

// utilityPortal runs a statement that is not planned: run does it all and returns the tag and the rows,
// if the statement gives some.
type utilityPortal struct {
	plainPortal
	s    *Session
	text string
	run  func(ctx context.Context) (tag string, rows *batch.Batch, err error)
	rows *batch.Batch
	tag  string
	ran  bool
	done bool
}

// Tag implements backend.Portal.
func (p *utilityPortal) Tag() string { return p.tag }

// Next implements backend.Portal.
func (p *utilityPortal) Next(ctx context.Context, limit int) (b *batch.Batch, err error) {
	if p.done {
		return nil, nil
	}
	ctx, end := p.s.enter(ctx)
	defer end(&err)
	if !p.ran {
		p.ran = true
		if p.tag, p.rows, err = p.run(ctx); err != nil {
			return nil, translate(err)
		}
	}
	if p.rows == nil || p.rows.Rows() == 0 {
		p.done = true
		return nil, p.finish(ctx, p.s)
	}
	out := p.rows
	p.rows = nil
	if limit > 0 && out.Rows() > limit {
		out, p.rows = split(out, limit)
	}
	return out, nil
}

// utilityPortal makes the portal of a utility statement.
func (s *Session) utilityPortal(ctx context.Context, p *prepared, params []types.Datum, fields []backend.Field) (backend.Portal, error) {
	n := p.stmt.Node
	base := utilityPortal{plainPortal: plainPortal{fields: fields}, s: s, text: p.text}
	switch n := n.(type) {
	case *sql.Copy:
		return s.copyPortal(ctx, n)
	case *sql.Execute:
		return s.executePortal(ctx, n)
	case *sql.Unsupported:
		if n.Err != nil {
			return nil, n.Err
		}
		return nil, pgerr.Unsupported("%s", n.Feature)
	}
	run := s.runner(n, p, params)
	if run == nil {
		return nil, pgerr.Unsupported("%s", n.Tag())
	}
	base.run = run
	return &base, nil
}

// runner returns what runs a utility statement, or nil.
func (s *Session) runner(n sql.Node, p *prepared, params []types.Datum) func(context.Context) (string, *batch.Batch, error) {
	tagged := func(f func(context.Context) error) func(context.Context) (string, *batch.Batch, error) {
		return func(ctx context.Context) (string, *batch.Batch, error) { return n.Tag(), nil, f(ctx) }
	}
	if isTx(n) {
		return func(ctx context.Context) (string, *batch.Batch, error) {
			tag, err := s.runTx(ctx, n)
			return tag, nil, err
		}
	}
	if ddl.Handles(n) {
		return func(ctx context.Context) (string, *batch.Batch, error) {
			tag, err := s.define(ctx, n, arguments{p.params, params})
			return tag, nil, err
		}
	}
	switch n := n.(type) {
	case *sql.Set:
		return tagged(func(context.Context) error { return s.runSet(n) })
	case *sql.Show:
		return func(context.Context) (string, *batch.Batch, error) { return s.runShow(n) }
	case *sql.Discard:
		return tagged(func(context.Context) error { return s.discard(n) })
	case *sql.Prepare:
		return tagged(func(ctx context.Context) error { return s.prepareSQL(ctx, n) })
	case *sql.Deallocate:
		return tagged(func(context.Context) error { return s.deallocate(n) })
	case *sql.Explain:
		return func(ctx context.Context) (string, *batch.Batch, error) {
			return s.explain(ctx, n, arguments{p.params, params})
		}
	case *sql.DeclareCursor:
		return tagged(func(ctx context.Context) error { return s.declare(ctx, n, p, params) })
	case *sql.Fetch:
		return func(ctx context.Context) (string, *batch.Batch, error) { return s.fetch(ctx, n) }
	case *sql.CloseCursor:
		return tagged(func(context.Context) error { return s.closeCursor(n.Name) })
	case *sql.Listen:
		return tagged(func(context.Context) error { return s.announce(message{'l', n.Channel, ""}) })
	case *sql.Unlisten:
		return tagged(func(context.Context) error { return s.announce(message{'u', n.Channel, ""}) })
	case *sql.Notify:
		return tagged(func(context.Context) error { return s.announce(message{'n', n.Channel, n.Payload}) })
	case *sql.LockTable:
		return tagged(func(ctx context.Context) error { return s.lockTables(ctx, n) })
	case *sql.Vacuum:
		return tagged(func(ctx context.Context) error { return s.vacuum(ctx, n) })
	case *sql.Checkpoint:
		return tagged(func(context.Context) error { return s.mayCheckpoint() })
	case *sql.SetConstraints:
		return tagged(func(context.Context) error { return nil })
	}
	return nil
}

// utilityFields describes the rows of a utility statement; nil: none.
func (s *Session) utilityFields(n sql.Node) ([]backend.Field, error) {
	switch n := n.(type) {
	case *sql.Show:
		return s.showFields(n)
	case *sql.Explain:
		return []backend.Field{explainField(n)}, nil
	case *sql.Execute:
		p, err := s.statement(n.Name)
		if err != nil {
			return nil, err
		}
		if err := s.makePlan(p); err != nil {
			return nil, err
		}
		return p.fields, nil
	case *sql.Fetch:
		if n.Move {
			return nil, nil
		}
		c, err := s.cursor(n.Cursor)
		if err != nil {
			return nil, err
		}
		return c.fields, nil
	}
	return nil, nil
}

func (s *Session) mayCheckpoint() error {
	if !s.role.Super {
		return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied to execute CHECKPOINT command").
			Detail("Only roles with privileges of the \"pg_checkpoint\" role may execute this command.")
	}
	return nil
}

// prepareSQL is PREPARE.
func (s *Session) prepareSQL(ctx context.Context, n *sql.Prepare) error {
	p := &prepared{name: n.Name, text: s.info.query, stmt: n.Query, fromSQL: true, made: nowMicros()}
	b := s.binder()
	for _, t := range n.Types {
		typ, err := b.ResolveType(t)
		if err != nil {
			return err
		}
		p.declare = append(p.declare, typ)
	}
	if err := s.planned(ctx, p); err != nil {
		return err
	}
	if s.statements[n.Name] != nil {
		return pgerr.New(pgerrcode.DuplicatePreparedStatement, "prepared statement %q already exists", n.Name)
	}
	p.told = true
	s.statements[n.Name] = p
	return nil
}

// executePortal is EXECUTE: the portal of the prepared statement itself.
func (s *Session) executePortal(ctx context.Context, n *sql.Execute) (backend.Portal, error) {
	p, err := s.statement(n.Name)
	if err != nil {
		return nil, err
	}
	if err := s.planned(ctx, p); err != nil {
		return nil, err
	}
	args, err := s.executeArgs(n, p)
	if err != nil {
		return nil, err
	}
	return s.portal(ctx, p, args, p.fields)
}

// executeArgs computes the arguments of EXECUTE.
func (s *Session) executeArgs(n *sql.Execute, p *prepared) ([]types.Datum, error) {
	if len(n.Args) != len(p.params) {
		return nil, pgerr.New(pgerrcode.SyntaxError, "wrong number of parameters for prepared statement %q", n.Name).
			Detail("Expected %d parameters but got %d.", len(p.params), len(n.Args))
	}
	args := make([]types.Datum, len(n.Args))
	b := s.binder()
	for i, a := range n.Args {
		e, err := b.BindValue(a, p.params[i])
		if err != nil {
			return nil, err
		}
		eval.Walk(e, func(x eval.Expr) bool {
			if _, ok := x.(*eval.Subquery); ok {
				err = pgerr.New(pgerrcode.FeatureNotSupported, "cannot use subquery in EXECUTE parameter")
			}
			return err == nil
		})
		if err != nil {
			return nil, err
		}
		if args[i], err = s.evalConst(e); err != nil {
			return nil, err
		}
	}
	return args, nil
}

// evalConst computes an expression without columns.
func (s *Session) evalConst(e eval.Expr) (types.Datum, error) {
	return eval.Constant(&eval.Runtime{Env: s.environment(context.Background())}, e)
}

func (s *Session) deallocate(n *sql.Deallocate) error {
	if n.Name == "" {
		clear(s.statements)
		return nil
	}
	if _, err := s.statement(n.Name); err != nil {
		return err
	}
	delete(s.statements, n.Name)
	return nil
}

// lockTables is LOCK TABLE.
func (s *Session) lockTables(ctx context.Context, n *sql.LockTable) error {
	if s.tx.alone() {
		return pgerr.New(pgerrcode.NoActiveSQLTransaction, "LOCK TABLE can only be used in transaction blocks")
	}
	for _, name := range n.Tables {
		if err := s.attempt(func() error { return s.lockTable(ctx, n, name) }); err != nil {
			return err
		}
	}
	return nil
}

func noRelation(n *sql.TableName) error {
	name := n.Name
	if n.Schema != "" {
		name = n.Schema + "." + name
	}
	return pgerr.New(pgerrcode.UndefinedTable, "relation %q does not exist", name).At(n.Pos())
}

func (s *Session) lockTable(ctx context.Context, n *sql.LockTable, name *sql.TableName) error {
	rel, err := s.catalogView().Relation(name.Schema, name.Name)
	if err != nil {
		return err
	}
	if rel == nil {
		return noRelation(name)
	}
	if rel.Table.Kind == schema.KindSequence {
		return pgerr.New(pgerrcode.WrongObjectType, "cannot lock relation %q", rel.Table.Name).
			Detail("This operation is not supported for sequences.")
	}
	if !s.mayLock(rel, storage.LockMode(n.Mode)) {
		return pgerr.New(pgerrcode.InsufficientPrivilege, "permission denied for table %s", rel.Table.Name)
	}
	wait := storage.Wait
	if n.NoWait {
		wait = storage.NoWait
	}
	err = s.tx.txn.LockWait(ctx, rel.Table.OID, storage.LockMode(n.Mode), wait)
	if n.NoWait && errors.Is(err, storage.ErrLocked) && !errors.Is(err, storage.ErrLockTimeout) {
		return pgerr.New(pgerrcode.LockNotAvailable, "could not obtain lock on relation %q", rel.Table.Name)
	}
	return err
}

// mayLock says whether the role may do with the table what the lock is for.
func (s *Session) mayLock(rel *cat.Relation, mode storage.LockMode) bool {
	privileges := []string{"UPDATE", "DELETE", "TRUNCATE"}
	if mode == storage.AccessShare {
		privileges = append(privileges, "SELECT")
	}
	if mode <= storage.RowExclusive {
		privileges = append(privileges, "INSERT")
	}
	return slices.ContainsFunc(privileges, func(p string) bool { return s.catalogView().Allowed(rel, p) })
}

// textRows makes a batch of one text column.
func textRows(lines []string) *batch.Batch {
	c := batch.New(types.Of(types.TextOID), types.String, len(lines))
	for _, l := range lines {
		c.Append(types.StringDatum(l))
	}
	return &batch.Batch{Cols: []*batch.Column{c}, N: len(lines)}
}

func textField(name string) backend.Field {
	return backend.Field{Name: name, Type: types.Of(types.TextOID), Len: -1}
}
