package wire

import (
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// errorResponse fills an ErrorResponse or NoticeResponse. The position, which errors count in bytes,
// becomes one in characters of the current query.
func (c *conn) errorResponse(e *pgerr.Error) *pgproto3.ErrorResponse {
	severity := e.Severity
	if severity == "" {
		severity = "ERROR"
	}
	code := pgerr.Code(e)
	if e.SQLState == "00000" {
		code = e.SQLState
	}
	return &pgproto3.ErrorResponse{
		Severity: severity, SeverityUnlocalized: severity, Code: code, Message: e.Message, Detail: e.DetailMsg, Hint: e.HintMsg,
		Position: c.position(e.Position), Where: e.Where, SchemaName: e.Schema, TableName: e.Table, ColumnName: e.Column,
		DataTypeName: e.DataType, ConstraintName: e.Constraint,
	}
}

func (c *conn) position(bytes int) int32 {
	if bytes <= 0 {
		return 0
	}
	if bytes-1 > len(c.query) {
		return int32(bytes)
	}
	return int32(utf8.RuneCountInString(c.query[:bytes-1]) + 1)
}

func (c *conn) sendError(err error) {
	e := pgerr.From(err)
	if code := pgerr.Code(err); code[:2] == "XX" {
		c.srv.log().Error("internal error", "code", code, "err", err, "query", shorten(c.query))
	}
	c.be.Send(c.errorResponse(e))
}

// shorten keeps a query in a log line readable.
func shorten(q string) string {
	const most = 500
	if len(q) > most {
		return q[:most] + "..."
	}
	return q
}

// sendFatal sends an error that ends the connection, and returns it.
func (c *conn) sendFatal(err error) error {
	c.fatal = true
	e := *pgerr.From(err)
	e.Severity = "FATAL"
	c.be.Send(c.errorResponse(&e))
	_ = c.be.Flush()
	return &e
}
