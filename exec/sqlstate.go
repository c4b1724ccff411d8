package exec

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/sql/bind"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// sqlstates gives the errors of the layers below their SQLSTATE, and PostgreSQL's text where it has one.
// The first that matches counts. ErrRetry is left as it is: the session starts the statement anew.
var sqlstates = []struct {
	err           error
	code, message string
}{
	{context.Canceled, pgerrcode.QueryCanceled, "canceling statement due to user request"},
	{context.DeadlineExceeded, pgerrcode.QueryCanceled, "canceling statement due to statement timeout"},
	{storage.ErrDeleted, pgerrcode.SerializationFailure, "could not serialize access due to concurrent delete"},
	{storage.ErrConflict, pgerrcode.SerializationFailure, "could not serialize access due to concurrent update"},
	{storage.ErrDeadlock, pgerrcode.DeadlockDetected, "deadlock detected"},
	{storage.ErrLockTimeout, pgerrcode.LockNotAvailable, "canceling statement due to lock timeout"},
	{storage.ErrLocked, pgerrcode.LockNotAvailable, "could not obtain lock on relation"},
	{storage.ErrCorrupt, pgerrcode.DataCorrupted, ""},
	{index.ErrCorrupt, pgerrcode.IndexCorrupted, ""},
	{storage.ErrDiskFull, pgerrcode.DiskFull, ""},
	{mem.ErrLimit, pgerrcode.OutOfMemory, "out of memory"},
	{storage.ErrReadOnly, pgerrcode.ReadOnlySQLTransaction, "cannot execute this statement in a read-only transaction"},
	{storage.ErrNoRelation, pgerrcode.UndefinedTable, ""},
	{storage.ErrVersion, "72000", "snapshot too old"},
	{storage.ErrUnsupported, pgerrcode.FeatureNotSupported, ""},
	{storage.ErrTooMany, pgerrcode.ProgramLimitExceeded, ""},
	{storage.ErrSequenceLimit, pgerrcode.SequenceGeneratorLimitExceeded, ""},
	{storage.ErrFailed, pgerrcode.IOError, ""},
	{syscall.EMFILE, pgerrcode.InsufficientResources, ""},
	{syscall.ENFILE, pgerrcode.InsufficientResources, ""},
	{syscall.EIO, pgerrcode.IOError, ""},
	{storage.ErrClosed, pgerrcode.AdminShutdown, "the database system is shutting down"},
}

// Translate gives an error from below its SQLSTATE. An error that has one stays as it is, and so does a
// storage.ErrRetry; what is not known becomes XX000.
func Translate(err error) error { return sqlError(err) }

func sqlError(err error) error {
	if err == nil || errors.Is(err, storage.ErrRetry) {
		return err
	}
	var pe *pgerr.Error
	if errors.As(err, &pe) {
		return err
	}
	err = storage.Marked(err)
	for _, s := range sqlstates {
		if errors.Is(err, s.err) {
			msg := s.message
			if msg == "" {
				msg = err.Error()
			}
			return pgerr.New(s.code, "%s", msg).Wrap(err)
		}
	}
	return pgerr.New(pgerrcode.InternalError, "%s", err.Error()).Wrap(err)
}

// UniqueViolation words a duplicate key in table t of a schema. Build says that it was found while making the index.
func UniqueViolation(u *storage.UniqueError, x *schema.Index, t *schema.Table, namespace string, build bool) error {
	var names, vals []string
	for i, k := range x.Keys {
		name := "expr"
		if c := t.Col(k.Column); c != nil {
			name = bind.QuoteIdent(c.Name)
		} else if k.Expr != "" {
			name = k.Expr
		}
		names = append(names, name)
		if i < len(u.Key) {
			vals = append(vals, ShownValue(k.Type, u.Key[i]))
		}
	}
	key := "(" + strings.Join(names, ", ") + ")=(" + strings.Join(vals, ", ") + ")"
	if build {
		return pgerr.New(pgerrcode.UniqueViolation, "could not create unique index %q", x.Name).
			Detail("Key %s is duplicated.", key).On(namespace, t.Name, "", x.Name)
	}
	return pgerr.New(pgerrcode.UniqueViolation, "duplicate key value violates unique constraint %q", x.Name).
		Detail("Key %s already exists.", key).On(namespace, t.Name, "", x.Name)
}

// ShownValue prints a value for DETAIL lines.
func ShownValue(t types.T, d types.Datum) string {
	if d.Null {
		return "null"
	}
	typ := types.Lookup(t.OID)
	if typ == nil || typ.Format == nil {
		return d.S
	}
	return string(typ.Format(nil, d, &types.Session{}))
}
