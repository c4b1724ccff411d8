package pgerr

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgerrcode"
)

// Error is an error with a SQLSTATE. The zero value of every optional field means "not sent".
type Error struct {
	SQLState  string // five characters, see pgerrcode
	Severity  string // ERROR when empty; FATAL, PANIC, WARNING, NOTICE, DEBUG, INFO, LOG
	Message   string
	DetailMsg string
	HintMsg   string
	Position  int // character position in the statement, from 1; 0 when unknown
	Where     string

	// Names of the object that the error is about, when there is one.
	Schema, Table, Column, DataType, Constraint string

	cause error
}

// New makes an error of the given SQLSTATE. The message is PostgreSQL's own text where PostgreSQL
// has the error, since clients match it.
func New(code, format string, args ...any) *Error {
	return &Error{SQLState: code, Message: sprintf(format, args)}
}

// verbatim is a string that %q shows between quotes as it is, as PostgreSQL does, without Go's escapes.
type verbatim string

// Format implements fmt.Formatter.
func (v verbatim) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		_, _ = io.WriteString(f, `"`+string(v)+`"`)
		return
	}
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), string(v))
}

func sprintf(format string, args []any) string {
	if strings.Contains(format, "%q") {
		args = append([]any(nil), args...)
		for i, a := range args {
			if s, ok := a.(string); ok {
				args[i] = verbatim(s)
			}
		}
	}
	return fmt.Sprintf(format, args...)
}

// Unsupported says that a feature is left out: 0A000 with the feature's name.
func Unsupported(format string, args ...any) *Error {
	return New(pgerrcode.FeatureNotSupported, "%s is not supported", sprintf(format, args))
}

// Error returns the message alone, as PostgreSQL shows it.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause given to Wrap, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Detail sets the DETAIL line and returns e.
func (e *Error) Detail(format string, args ...any) *Error {
	e.DetailMsg = sprintf(format, args)
	return e
}

// Hint sets the HINT line and returns e.
func (e *Error) Hint(format string, args ...any) *Error {
	e.HintMsg = sprintf(format, args)
	return e
}

// At sets the position, a byte offset from 0 as the parser gives it; a negative one is ignored.
// The wire turns it into PostgreSQL's character position.
func (e *Error) At(offset int) *Error {
	if offset >= 0 && e.Position == 0 {
		e.Position = offset + 1
	}
	return e
}

// Wrap sets the cause and returns e.
func (e *Error) Wrap(cause error) *Error {
	e.cause = cause
	return e
}

// On names the table and, when not empty, the column or constraint.
func (e *Error) On(schema, table, column, constraint string) *Error {
	e.Schema, e.Table, e.Column, e.Constraint = schema, table, column, constraint
	return e
}

// Code walks the chain of err and returns its SQLSTATE: an XX code wins, else the innermost code,
// else XX000. Of errors that were joined the first that has a code counts. It returns "" for nil.
func Code(err error) string {
	if err == nil {
		return ""
	}
	if code := chainCode(err); code != "" {
		return code
	}
	return pgerrcode.InternalError
}

// chainCode is Code of a chain that may have no code: "".
func chainCode(err error) string {
	code := ""
	for ; err != nil; err = errors.Unwrap(err) {
		switch e := err.(type) { //nolint:errorlint // the chain is walked by hand
		case *Error:
			code = e.SQLState
		case interface{ Unwrap() []error }:
			for _, part := range e.Unwrap() {
				if c := chainCode(part); c != "" {
					return c
				}
			}
		}
		if strings.HasPrefix(code, "XX") {
			return code
		}
	}
	return code
}

// From returns the outermost *Error of err, or wraps err as an internal error. Nil stays nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	var pe *Error
	if errors.As(err, &pe) {
		return pe
	}
	return New(pgerrcode.InternalError, "%s", err.Error()).Wrap(err)
}
