package wire

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// errClosed ends a connection without a word.
var errClosed = errors.New("connection closed")

// fatalError is an error that the client is told of and that ends the connection.
type fatalError struct{ e *pgerr.Error }

// Error is the message that the client sees.
func (f *fatalError) Error() string { return f.e.Message }

// Unwrap gives the error as the session or the wire made it.
func (f *fatalError) Unwrap() error { return f.e }

// fatal makes an error end the connection.
func fatal(err error) error {
	e := *pgerr.From(err)
	e.SQLState = pgerr.Code(err)
	e.Severity = "FATAL"
	return &fatalError{&e}
}

// lostError is an error of the network in the middle of a statement. It ends the connection.
type lostError struct{ cause error }

// Error names the cause.
func (l *lostError) Error() string { return "connection to client lost: " + l.cause.Error() }

// Unwrap gives the cause.
func (l *lostError) Unwrap() error { return l.cause }

// endsConnection says whether an error is one of those that leave nothing to be said or done.
func endsConnection(err error) bool {
	var f *fatalError
	var l *lostError
	return errors.As(err, &f) || errors.As(err, &l) || errors.Is(err, errClosed)
}

// isFatal says whether an error that a session gave means to end the connection.
func isFatal(e *pgerr.Error) bool { return e.Severity == "FATAL" || e.Severity == "PANIC" }

func protocolViolation(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerrcode.ProtocolViolation, format, args...)
}

// errShutdown is what clients are told when the server or an administrator ends their connection.
func errShutdown() error {
	return fatal(pgerr.New(pgerrcode.AdminShutdown, "terminating connection due to administrator command"))
}

// errorResponse fills an ErrorResponse or NoticeResponse. The position, which errors count in bytes,
// becomes one in characters of the query.
func errorResponse(e *pgerr.Error, code, query string) *pgproto3.ErrorResponse {
	severity := e.Severity
	if severity == "" {
		severity = "ERROR"
	}
	return &pgproto3.ErrorResponse{
		Severity: severity, SeverityUnlocalized: severity, Code: code, Message: e.Message, Detail: e.DetailMsg, Hint: e.HintMsg,
		Position: position(query, e.Position), Where: e.Where, SchemaName: e.Schema, TableName: e.Table, ColumnName: e.Column,
		DataTypeName: e.DataType, ConstraintName: e.Constraint,
	}
}

// position turns a byte position from 1 into a character position from 1. One outside of the query is
// not about it and becomes 0, which is not sent.
func position(query string, bytes int) int32 {
	if bytes <= 0 || bytes-1 > len(query) {
		return 0
	}
	return int32(utf8.RuneCountInString(query[:bytes-1]) + 1)
}

// sendError tells the client of an error, and the log if it is ours.
func (c *conn) sendError(err error) {
	e, code := pgerr.From(err), pgerr.Code(err)
	if strings.HasPrefix(code, "XX") {
		c.srv.log().Error("internal error", "code", code, "err", err, "query", shorten(c.query))
	}
	c.out.send(errorResponse(e, code, c.query))
	c.out.due = true // a client may wait for it before it sends Sync
}

// loggedQueryMax keeps a query in a log line readable.
const loggedQueryMax = 500

func shorten(q string) string {
	if len(q) > loggedQueryMax {
		return strings.ToValidUTF8(q[:loggedQueryMax], "") + "..."
	}
	return q
}

// checkUTF8 gives PostgreSQL's error for text that is not UTF-8, or has a zero byte.
func checkUTF8(s string) error {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return nil
	}
	at := 0
	for at < len(s) {
		r, size := utf8.DecodeRuneInString(s[at:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	var b strings.Builder
	for i := at; i < min(len(s), at+announcedLen(s[at])); i++ {
		fmt.Fprintf(&b, " 0x%02x", s[i])
	}
	return pgerr.New(pgerrcode.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\":%s", b.String())
}

// announcedLen is the length that the first byte of a UTF-8 sequence announces.
func announcedLen(first byte) int {
	switch {
	case first&0xe0 == 0xc0:
		return 2
	case first&0xf0 == 0xe0:
		return 3
	case first&0xf8 == 0xf0:
		return 4
	default:
		return 1
	}
}
