package exec_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"
	"testing"

	"github.com/vecdb/vecdb/exec"
	"github.com/vecdb/vecdb/index"
	"github.com/vecdb/vecdb/internal/mem"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/schema"
	"github.com/vecdb/vecdb/sql/types"
	"github.com/vecdb/vecdb/storage"
)

// Each error from below has its SQLSTATE, however deep it is wrapped, and keeps its cause.
func TestTranslate(t *testing.T) {
	f := func(cause error, code, message string) {
		t.Helper()
		err := exec.Translate(fmt.Errorf("read fragment 7: %w", cause))
		if got := pgerr.Code(err); got != code {
			t.Errorf("%v: code %s, want %s", cause, got, code)
		}
		if got := pgerr.From(err).Message; got != message {
			t.Errorf("%v: message %q, want %q", cause, got, message)
		}
		if !errors.Is(err, cause) {
			t.Errorf("%v: the cause is lost", cause)
		}
	}
	own := func(cause error, code string) { // the text is that of the error below
		t.Helper()
		f(cause, code, "read fragment 7: "+cause.Error())
	}
	f(context.Canceled, "57014", "canceling statement due to user request")
	f(context.DeadlineExceeded, "57014", "canceling statement due to statement timeout")
	f(storage.ErrConflict, "40001", "could not serialize access due to concurrent update")
	f(storage.ErrDeadlock, "40P01", "deadlock detected")
	f(storage.ErrLocked, "55P03", "could not obtain lock on relation")
	f(storage.ErrReadOnly, "25006", "cannot execute this statement in a read-only transaction")
	f(storage.ErrVersion, "72000", "snapshot too old")
	f(mem.ErrLimit, "53200", "out of memory")
	f(storage.ErrClosed, "57P01", "the database system is shutting down")
	own(storage.ErrCorrupt, "XX001")
	own(index.ErrCorrupt, "XX002")
	own(storage.ErrDiskFull, "53100")
	own(storage.ErrNoRelation, "42P01")
	own(storage.ErrUnsupported, "0A000")
	own(storage.ErrTooMany, "54000")
	own(storage.ErrSequenceLimit, "2200H")
	own(storage.ErrFailed, "58030")
	for _, full := range []error{&fs.PathError{Op: "write", Path: "rows-1.tmp", Err: syscall.ENOSPC}, syscall.EDQUOT} {
		f(full, "53100", storage.ErrDiskFull.Error()+": read fragment 7: "+full.Error())
	}
	own(syscall.EIO, "58030")
	own(&fs.PathError{Op: "open", Path: "rows-1.tmp", Err: syscall.EMFILE}, "53000")
	own(syscall.ENFILE, "53000")
	own(io.ErrUnexpectedEOF, "XX000")
}

// What is told to the session, and what has a SQLSTATE already, is left alone.
func TestTranslateLeaves(t *testing.T) {
	if err := exec.Translate(nil); err != nil {
		t.Errorf("nil became %v", err)
	}
	retry := fmt.Errorf("insert: %w", storage.ErrRetry)
	if err := exec.Translate(retry); err != retry { //nolint:errorlint // the very same
		t.Errorf("a retry became %v", err)
	}
	worded := fmt.Errorf("cast: %w", pgerr.New("22P02", "invalid input").Wrap(storage.ErrCorrupt))
	if err := exec.Translate(worded); err != worded { //nolint:errorlint // the very same
		t.Errorf("an error with a SQLSTATE became %v", err)
	}
	many := exec.Translate(errors.Join(storage.ErrCorrupt, storage.ErrConflict))
	if got := pgerr.Code(many); got != "40001" {
		t.Errorf("of several marks the first of the table counts, not %s", got)
	}
}

// A duplicate key is shown with the names and values of its columns, quoted and worded as PostgreSQL does.
func TestUniqueViolation(t *testing.T) {
	table := &schema.Table{Name: "t", Columns: []schema.Column{
		{Num: 1, Name: "a", Type: types.Of(types.Int4OID)}, {Num: 2, Name: "Two words", Type: types.Of(types.TextOID)},
	}}
	index := &schema.Index{Name: "t_key", Keys: []schema.IndexKey{
		{Column: 1, Type: types.Of(types.Int4OID)},
		{Column: 2, Type: types.Of(types.TextOID)},
		{Expr: "lower(b)", Type: types.Of(types.TextOID)},
	}}
	f := func(key []types.Datum, build bool, message, detail string) {
		t.Helper()
		e := pgerr.From(exec.UniqueViolation(&storage.UniqueError{Key: key}, index, table, "s", build))
		if e.SQLState != "23505" || e.Message != message || e.DetailMsg != detail {
			t.Errorf("%s: %s, %s", e.SQLState, e.Message, e.DetailMsg)
		}
		if e.Schema != "s" || e.Table != "t" || e.Constraint != "t_key" {
			t.Errorf("about %s.%s %s", e.Schema, e.Table, e.Constraint)
		}
	}
	whole := []types.Datum{types.IntDatum(-5), types.NullDatum, types.StringDatum("x, y")}
	f(whole, false, `duplicate key value violates unique constraint "t_key"`,
		`Key (a, "Two words", lower(b))=(-5, null, x, y) already exists.`)
	f(whole, true, `could not create unique index "t_key"`,
		`Key (a, "Two words", lower(b))=(-5, null, x, y) is duplicated.`)
	f(nil, false, `duplicate key value violates unique constraint "t_key"`,
		`Key (a, "Two words", lower(b))=() already exists.`)
}
