package session

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/planner"
	"github.com/vecdb/vecdb/sql"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/wire/backend"
)

// txState is a session's transaction: none, an implicit one (a single statement, a simple query's
// statements, extended messages up to Sync) or a block (BEGIN).
type txState struct {
	txn        *storage.Txn // nil: none
	block      bool
	failed     bool // of a block: only ROLLBACK and its kin are taken
	many       bool // implicit, with several statements: those that need to be alone are refused
	wrote      bool // a statement has run: isolation can no longer change
	readOnly   bool // only temporary tables may change
	deferrable bool // shown, and nothing more: a read-only transaction never waits for others
	savepoints []savepoint
	start      int64  // µs
	limitedAt  uint64 // the version of the settings that lock_timeout was taken from
	messages   []message
}

// alone says whether a statement that must be alone in its transaction may run.
func (t *txState) alone() bool { return !t.block && !t.many }

// savepoint is what ROLLBACK TO goes back to.
type savepoint struct {
	name     string
	mark     storage.Mark
	readOnly bool
	messages int
}

// message is a LISTEN, UNLISTEN or NOTIFY, which takes effect at commit.
type message struct {
	kind             byte // 'l', 'u' or 'n'
	channel, payload string
}

// TxStatus implements backend.Session.
func (s *Session) TxStatus() backend.TxStatus {
	switch {
	case s.tx.failed:
		return backend.TxFailed
	case s.tx.block:
		return backend.TxActive
	}
	return backend.TxIdle
}

// The errors that end an idle session.
var (
	errIdle   = pgerr.New(pgerrcode.IdleSessionTimeout, "terminating connection due to idle-session timeout")
	errIdleTx = pgerr.New(pgerrcode.IdleInTransactionSessionTimeout, "terminating connection due to idle-in-transaction timeout")
)

// Idle implements backend.Session.
func (s *Session) Idle() (time.Duration, error) {
	if v := s.set.Version() + 1; s.idle.at != v {
		s.idle.at, s.idle.session, s.idle.tx = v, s.millis("idle_session_timeout"), s.millis("idle_in_transaction_session_timeout")
	}
	if s.TxStatus() == backend.TxIdle {
		return s.idle.session, errIdle
	}
	return s.idle.tx, errIdleTx
}

// millis reads a setting that is a time in milliseconds.
func (s *Session) millis(name string) time.Duration {
	v, _ := s.set.Get(name)
	n, _ := strconv.Atoi(v) // the setting's own check has read it
	return time.Duration(n) * time.Millisecond
}

// idleLimits are the settings behind Idle, as of a version of the settings.
type idleLimits struct {
	at          uint64
	session, tx time.Duration
}

// isolations maps names to levels; read uncommitted behaves as read committed.
var isolations = map[string]storage.Isolation{
	"read uncommitted": storage.ReadCommitted, "read committed": storage.ReadCommitted,
	"repeatable read": storage.RepeatableRead, "serializable": storage.Serializable,
}

// begin makes sure that there is a transaction.
func (s *Session) begin() {
	if s.tx.txn != nil {
		return
	}
	level, _ := s.set.Get("default_transaction_isolation")
	readOnly, _ := s.set.Get("default_transaction_read_only")
	deferrable, _ := s.set.Get("default_transaction_deferrable")
	s.tx = txState{start: nowMicros(), readOnly: readOnly == "on", deferrable: deferrable == "on"}
	s.io.NowMicros = s.tx.start
	s.tx.txn = s.srv.Store.Begin(storage.TxnOptions{Isolation: isolations[level], Owner: &s.owner})
	s.set.BeginLevel()
	s.showModes(level)
	s.view = nil
	s.cancelMu.Lock()
	s.info.tx = s.tx.start
	s.cancelMu.Unlock()
}

var errAborted = pgerr.New(pgerrcode.InFailedSQLTransaction,
	"current transaction is aborted, commands ignored until end of transaction block")

// ready makes sure that there is a transaction that statements may run in, and that they are read by the newest catalog.
func (s *Session) ready() error {
	if s.tx.failed {
		return errAborted
	}
	s.begin()
	s.tx.txn.Refresh()
	if v := s.set.Version() + 1; s.tx.limitedAt != v {
		s.tx.limitedAt = v
		s.tx.txn.SetLockTimeout(s.millis("lock_timeout"))
	}
	return nil
}

// end commits or rolls back the open transaction, if there is one.
func (s *Session) end(ctx context.Context, commit bool) error {
	t := s.tx
	if t.txn == nil {
		s.tx = txState{}
		return nil
	}
	s.closePortals()
	commit = commit && !t.failed
	var err error
	if commit {
		if err = s.holdCursors(ctx); err == nil {
			err = s.endTemp(ctx)
		}
		commit = err == nil
	}
	s.closeCursors(false)
	if commit {
		_, err = t.txn.Commit(ctx)
	} else {
		t.txn.Rollback()
	}
	s.tx = txState{}
	s.view = nil
	for range len(t.savepoints) + 1 {
		s.endLevel(commit && err == nil)
	}
	s.cancelMu.Lock()
	s.info.tx = 0
	s.cancelMu.Unlock()
	if err != nil {
		return translate(err)
	}
	if commit {
		s.srv.deliver(s, t.messages)
	}
	return nil
}

// abandon rolls back at the end of a session.
func (t *txState) abandon(s *Session) {
	if t.txn != nil {
		_ = s.end(context.Background(), false) // a rollback does not fail
	}
}

// Sync implements backend.Session.
func (s *Session) Sync(ctx context.Context, failed bool) (err error) {
	defer s.resting()
	s.endStatement()
	if s.tx.block {
		return nil
	}
	ctx, done := s.enter(ctx)
	defer done(&err)
	return s.end(ctx, !failed)
}

// Fail implements backend.Session.
func (s *Session) Fail(error) {
	if s.tx.block {
		s.tx.failed = true
		s.giveUp()
		return
	}
	_ = s.end(context.Background(), false) // a rollback does not fail
}

// giveUp undoes what a failed block has done since its last savepoint, or all of it, and lets go of the locks: who waits
// for them need not wait for its client.
func (s *Session) giveUp() {
	if n := len(s.tx.savepoints); n > 0 {
		s.undoTo(n - 1)
		return
	}
	s.closePortals()
	s.closeCursors(false)
	s.tx.txn.Rollback()
}

// runTx runs a transaction statement and returns its tag.
func (s *Session) runTx(ctx context.Context, n sql.Node) (string, error) {
	switch n := n.(type) {
	case *sql.Begin:
		return n.Tag(), s.beginBlock(n)
	case *sql.Commit:
		return s.commitBlock(ctx, n)
	case *sql.Rollback:
		return n.Tag(), s.rollbackBlock(ctx, n)
	case *sql.Savepoint:
		return n.Tag(), s.addSavepoint(n.Name)
	case *sql.Release:
		return n.Tag(), s.release(n.Name)
	case *sql.RollbackTo:
		return n.Tag(), s.rollbackTo(n.Name)
	case *sql.SetTransaction:
		return n.Tag(), s.setTransaction(n)
	}
	return "", pgerr.Unsupported("%s", n.Tag())
}

// isTx says whether a statement is one that runTx runs.
func isTx(n sql.Node) bool {
	switch n.(type) {
	case *sql.Begin, *sql.Commit, *sql.Rollback, *sql.Savepoint, *sql.Release, *sql.RollbackTo, *sql.SetTransaction:
		return true
	}
	return false
}

func (s *Session) warning(code, format string) {
	e := pgerr.New(code, "%s", format)
	e.Severity = "WARNING"
	s.notice(e)
}

func (s *Session) beginBlock(n *sql.Begin) error {
	if s.tx.failed {
		return errAborted
	}
	if s.tx.block {
		s.warning(pgerrcode.ActiveSQLTransaction, "there is already a transaction in progress")
		return s.applyOptions(n.Options)
	}
	s.begin()
	s.tx.block = true
	return s.applyOptions(n.Options)
}

// applyOptions sets the modes of the open transaction.
func (s *Session) applyOptions(o sql.TxOptions) error {
	if o.Isolation != "" {
		level := isolations[o.Isolation]
		if s.tx.wrote && level != s.tx.txn.Options().Isolation {
			return pgerr.New(pgerrcode.ActiveSQLTransaction, "SET TRANSACTION ISOLATION LEVEL must be called before any query")
		}
		if len(s.tx.savepoints) > 0 && level != s.tx.txn.Options().Isolation {
			return pgerr.New(pgerrcode.ActiveSQLTransaction, "SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction")
		}
		s.tx.txn.SetIsolation(level)
		s.showModes(o.Isolation)
	}
	if o.ReadOnly != nil {
		if !*o.ReadOnly && s.tx.readOnly {
			if n := len(s.tx.savepoints); n > 0 && s.tx.savepoints[n-1].readOnly {
				return pgerr.New(pgerrcode.ActiveSQLTransaction, "cannot set transaction read-write mode inside a read-only transaction")
			}
			if s.tx.wrote {
				return pgerr.New(pgerrcode.ActiveSQLTransaction, "transaction read-write mode must be set before any query")
			}
		}
		s.tx.readOnly = *o.ReadOnly
		s.showModes("")
	}
	if o.Deferrable != nil {
		if len(s.tx.savepoints) > 0 {
			return pgerr.New(pgerrcode.ActiveSQLTransaction, "SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction")
		}
		if s.tx.wrote {
			return pgerr.New(pgerrcode.ActiveSQLTransaction, "SET TRANSACTION [NOT] DEFERRABLE must be called before any query")
		}
		s.tx.deferrable = *o.Deferrable
		s.showModes("")
	}
	return nil
}

// showModes lets the settings show the modes of the open transaction; an empty level stays as it is shown.
func (s *Session) showModes(level string) {
	if level != "" {
		s.set.Force("transaction_isolation", level)
	}
	s.set.Force("transaction_read_only", onOff(s.tx.readOnly))
	s.set.Force("transaction_deferrable", onOff(s.tx.deferrable))
}

// mayChange refuses a command of a read-only transaction, unless all that it changes is temporary.
func (s *Session) mayChange(command string, relations ...schema.OID) error {
	if !s.tx.readOnly {
		return nil
	}
	for _, oid := range relations {
		t := s.tx.txn.Catalog().Table(oid)
		if t == nil || t.Namespace != s.temp {
			return readOnlyError(command)
		}
	}
	if len(relations) == 0 {
		return readOnlyError(command)
	}
	return nil
}

func readOnlyError(command string) error {
	return pgerr.New(pgerrcode.ReadOnlySQLTransaction, "cannot execute %s in a read-only transaction", command)
}

// mayRun refuses a plan that changes or locks rows in a read-only transaction.
func (s *Session) mayRun(p *planner.Plan) error {
	if !s.tx.readOnly || !p.Writes {
		return nil
	}
	for _, r := range p.Relations {
		if r.Use == planner.UseRead {
			continue
		}
		if err := s.mayChange(p.Command(), r.OID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) commitBlock(ctx context.Context, n *sql.Commit) (string, error) {
	if !s.tx.block {
		if n.Chain {
			return "", s.needBlock("COMMIT AND CHAIN")
		}
		s.warning(pgerrcode.NoActiveSQLTransaction, "there is no transaction in progress")
		return n.Tag(), s.end(ctx, true)
	}
	tag := n.Tag()
	if s.tx.failed {
		tag = "ROLLBACK"
	}
	again := s.modes()
	err := s.end(ctx, true)
	if err == nil && n.Chain {
		err = s.chain(again)
	}
	return tag, err
}

// modes are those of the open transaction.
func (s *Session) modes() sql.TxOptions {
	level, _ := s.set.Get("transaction_isolation")
	t := s.tx
	return sql.TxOptions{Isolation: level, ReadOnly: &t.readOnly, Deferrable: &t.deferrable}
}

// chain begins a block with the modes of the one that ended.
func (s *Session) chain(modes sql.TxOptions) error {
	s.begin()
	s.tx.block = true
	return s.applyOptions(modes)
}

func (s *Session) rollbackBlock(ctx context.Context, n *sql.Rollback) error {
	if !s.tx.block {
		if n.Chain {
			return s.needBlock("ROLLBACK AND CHAIN")
		}
		s.warning(pgerrcode.NoActiveSQLTransaction, "there is no transaction in progress")
		return s.end(ctx, false)
	}
	again := s.modes()
	err := s.end(ctx, false)
	if err == nil && n.Chain {
		err = s.chain(again)
	}
	return err
}

func (s *Session) needBlock(what string) error {
	if !s.tx.block {
		return pgerr.New(pgerrcode.NoActiveSQLTransaction, "%s can only be used in transaction blocks", what)
	}
	return nil
}

func (s *Session) addSavepoint(name string) error {
	if err := s.needBlock("SAVEPOINT"); err != nil {
		return err
	}
	if s.tx.failed {
		return errAborted
	}
	s.tx.savepoints = append(s.tx.savepoints, savepoint{name, s.tx.txn.Savepoint(), s.tx.readOnly, len(s.tx.messages)})
	s.set.BeginLevel()
	return nil
}

// findSavepoint is the index of the newest savepoint of that name.
func (s *Session) findSavepoint(name string) (int, error) {
	for i := len(s.tx.savepoints) - 1; i >= 0; i-- {
		if s.tx.savepoints[i].name == name {
			return i, nil
		}
	}
	return 0, pgerr.New(pgerrcode.InvalidSavepointSpecification, "savepoint %q does not exist", name)
}

func (s *Session) release(name string) error {
	if err := s.needBlock("RELEASE SAVEPOINT"); err != nil {
		return err
	}
	if s.tx.failed {
		return errAborted
	}
	i, err := s.findSavepoint(name)
	if err != nil {
		return err
	}
	for range len(s.tx.savepoints) - i {
		s.endLevel(true)
	}
	s.tx.savepoints = s.tx.savepoints[:i]
	for _, c := range s.cursors {
		c.depth = min(c.depth, i)
	}
	return nil
}

func (s *Session) rollbackTo(name string) error {
	if err := s.needBlock("ROLLBACK TO SAVEPOINT"); err != nil {
		return err
	}
	i, err := s.findSavepoint(name)
	if err != nil {
		return err
	}
	s.undoTo(i)
	to := &s.tx.savepoints[i]
	for range len(s.tx.savepoints) - i {
		s.endLevel(false)
	}
	s.set.BeginLevel()
	s.tx.savepoints = s.tx.savepoints[:i+1]
	to.mark = s.tx.txn.Savepoint()
	s.tx.readOnly, s.tx.messages = to.readOnly, s.tx.messages[:to.messages]
	s.showModes("")
	s.tx.failed = false
	s.view = nil
	return nil
}

// undoTo undoes what was done since a savepoint.
func (s *Session) undoTo(i int) {
	s.closePortals()
	for name, c := range s.cursors {
		if c.depth > i {
			c.free()
			delete(s.cursors, name)
		}
	}
	mark := s.tx.savepoints[i].mark
	s.tx.txn.RollbackTo(mark)
	s.tx.txn.UnlockTo(mark)
}

func (s *Session) setTransaction(n *sql.SetTransaction) error {
	if n.Session {
		if n.Options.Isolation != "" {
			if err := s.set.Set("default_transaction_isolation", n.Options.Isolation, false); err != nil {
				return err
			}
		}
		if n.Options.ReadOnly != nil {
			if err := s.set.Set("default_transaction_read_only", onOff(*n.Options.ReadOnly), false); err != nil {
				return err
			}
		}
		if n.Options.Deferrable != nil {
			return s.set.Set("default_transaction_deferrable", onOff(*n.Options.Deferrable), false)
		}
		return nil
	}
	if s.tx.failed {
		return errAborted
	}
	if !s.tx.block {
		s.warning(pgerrcode.NoActiveSQLTransaction, "SET TRANSACTION can only be used in transaction blocks")
		return nil
	}
	return s.applyOptions(n.Options)
}

// retriesMax bounds how often a READ COMMITTED statement starts anew because rows changed under it.
const retriesMax = 1000

// attempt runs a statement and starts it anew, with a new snapshot and the newest catalog, when rows
// or tables changed under it. run must have no effect outside of the transaction.
func (s *Session) attempt(run func() error) error {
	for range retriesMax {
		mark := s.tx.txn.StartStatement()
		s.freshView()
		err := run()
		if err == nil {
			return nil
		}
		if !errors.Is(err, storage.ErrRetry) {
			return err
		}
		s.tx.txn.RollbackTo(mark)
	}
	return errRetries
}

// errRetries is the end of all attempts.
var errRetries = pgerr.New(pgerrcode.SerializationFailure, "could not serialize access due to concurrent update")

// query is a plan with the means to make it anew.
type query struct {
	plan *planner.Plan
	view uint64 // the version of the view that it was made with
	make func() (*planner.Plan, error)
}

// current makes the plan anew when the catalog has changed since it was made, and locks its tables.
func (q *query) current(ctx context.Context, s *Session) (err error) {
	if q.plan == nil || q.view != s.view.version {
		if q.plan, err = q.make(); err != nil {
			return err
		}
		q.view = s.view.version
	}
	return s.lockPlan(ctx, q.plan)
}

// useLocks are the locks on tables that statements take for what they do there.
var useLocks = [...]storage.LockMode{
	planner.UseRead: storage.AccessShare, planner.UseLock: storage.RowShare, planner.UseWrite: storage.RowExclusive,
}

// lockPlan locks the tables that a plan names, or returns storage.ErrRetry.
func (s *Session) lockPlan(ctx context.Context, p *planner.Plan) error {
	for _, r := range p.Relations {
		if t := s.tx.txn.Catalog().Table(r.OID); t == nil || t.Kind != schema.KindTable {
			continue
		}
		if err := s.lock(ctx, r.OID, useLocks[r.Use]); err != nil {
			return err
		}
	}
	return nil
}

// lock gets a table lock, or returns storage.ErrRetry. It can be canceled also where no step of a statement runs,
// as in Parse.
func (s *Session) lock(ctx context.Context, oid schema.OID, mode storage.LockMode) (err error) {
	if err = s.tx.txn.LockWait(ctx, oid, mode, storage.NoWait); !errors.Is(err, storage.ErrLocked) {
		return err
	}
	ctx, end := s.enter(ctx)
	defer end(&err)
	return s.tx.txn.Lock(ctx, oid, mode)
}
