package backend

import (
	"context"
	"io"
	"time"

	"github.com/vecdb/vecdb/sql/batch"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Startup is what a client said before authentication.
type Startup struct {
	User, Database string
	Params         map[string]string // the other startup parameters: application_name, client_encoding, options ...
	RemoteAddr     string            // IP address, "" over a unix socket
	RemotePort     int               // -1 over a unix socket
	TLS            bool
}

// Server opens sessions. It is safe for many goroutines.
type Server interface {
	// Verifier returns how user proves itself: "" with ok means trust, else the SCRAM-SHA-256 verifier
	// ("SCRAM-SHA-256$4096:salt$StoredKey:ServerKey"). Not ok: there is no such role or it has no password; the wire then
	// goes through a mock exchange and fails with 28P01.
	Verifier(ctx context.Context, user string) (verifier string, ok bool, err error)
	// Open starts a session after authentication: 3D000 unknown database, 28000 unknown role,
	// 53300 too many connections.
	Open(ctx context.Context, s Startup, client Client) (Session, error)
}

// Client is what a session may tell the client out of turn. Its methods queue; they never block on
// the network and fail silently when the connection is gone. Notice and ParameterStatus belong to the
// session's goroutine; Notification may be called from any.
type Client interface {
	// Notice sends a NoticeResponse (severity from e), in order with the statement's other messages.
	Notice(e *pgerr.Error)
	// ParameterStatus reports a changed setting. The newest value goes out before ReadyForQuery.
	ParameterStatus(name, value string)
	// Notification delivers NOTIFY: at once to a client that is idle, else after its transaction.
	Notification(pid uint32, channel, payload string)
}

// TxStatus is the byte of ReadyForQuery.
type TxStatus byte

// Transaction states.
const (
	TxIdle   TxStatus = 'I'
	TxActive TxStatus = 'T'
	TxFailed TxStatus = 'E'
)

// Session is one connection's state: settings, transaction, prepared statements, portals.
type Session interface {
	// PID and Secret identify the session in CancelRequest and pg_backend_pid.
	PID() uint32
	Secret() uint32
	// Parameters returns the settings to report at start, in order.
	Parameters() [][2]string
	TxStatus() TxStatus
	// Idle is how long the session may wait for its client after ReadyForQuery, 0 for ever, and the error that
	// ends it then.
	Idle() (limit time.Duration, end error)

	// Simple splits a simple-query string into statements. Each call of the returned iterator's Next
	// runs the protocol of one statement: it parses, binds and returns a Portal ready to run. All
	// statements of one string form one implicit transaction; Sync ends it. The wire has closed the
	// unnamed statement and portal before.
	Simple(ctx context.Context, query string) (Script, error)

	// Parse makes a prepared statement ("" the unnamed one). paramOIDs may be shorter than the number
	// of parameters; 0 means infer.
	Parse(ctx context.Context, name, query string, paramOIDs []types.OID) error
	// DescribeStatement returns parameter types and the row description (nil: no rows).
	DescribeStatement(ctx context.Context, name string) ([]types.OID, []Field, error)
	// StatementText returns the text of a prepared statement, which positions in errors of its Bind and
	// of its portals refer to; "" when there is no such statement.
	StatementText(name string) string
	// Bind makes a portal. Formats follow the protocol's rules (none, one, or one each). The bytes of
	// values are the wire's and good until Bind returns.
	Bind(ctx context.Context, portal, statement string, formats []int16, values [][]byte, resultFormats []int16) error
	// Portal finds a portal made by Bind, 34000 when there is none.
	Portal(name string) (Portal, error)
	CloseStatement(name string) error
	ClosePortal(name string) error

	// Sync ends the implicit transaction of extended-query messages: commits it, or rolls it back when
	// failed says that a message since the last Sync has failed.
	Sync(ctx context.Context, failed bool) error
	// Fail is called with each error sent to the client; it moves an open transaction to TxFailed.
	Fail(err error)

	// Cancel asks the running statement to stop with 57014. It may be called from any goroutine.
	Cancel()
	// Settings returns what value input and output depend on, at this moment. Read-only, valid until
	// the next call into the session.
	Settings() *types.Session
	// Close rolls back and frees everything.
	Close()
}

// Script runs the statements of a simple query one by one.
type Script interface {
	// Next returns the portal of the next statement, or nil after the last. An empty query string gives
	// a nil portal at once, and Empty is true.
	Next(ctx context.Context) (Portal, error)
	Empty() bool
}

// Field describes one result column.
type Field struct {
	Name     string
	TableOID types.OID
	Attr     int16
	Type     types.T
	Len      int16
	Format   int16 // 0 text, 1 binary
}

// Kind says how a portal's execution speaks on the wire.
type Kind uint8

// Portal kinds.
const (
	Plain   Kind = iota // rows (perhaps none) and a command tag
	CopyIn              // wants CopyData
	CopyOut             // gives CopyData
)

// Portal is a bound statement that runs step by step.
type Portal interface {
	Kind() Kind
	// Fields describes the rows, formats filled in; nil when the statement returns none.
	Fields() []Field
	// Empty says that the statement was an empty string (EmptyQueryResponse).
	Empty() bool
	// Start begins one run of the portal: an Execute message, or the statement of a simple query. What
	// Tag counts begins here. 55000 when the portal has run and cannot again.
	Start() error
	// Next returns the next batch with at most limit rows (0: any number), nil at the end. A portal
	// stays where it is between calls, so that a row limit suspends it.
	Next(ctx context.Context, limit int) (*batch.Batch, error)
	// Tag is the command tag, known once Next has returned nil ("" : none, for PortalSuspended).
	Tag() string
	// Copy describes the stream of a COPY portal.
	Copy() CopyInfo
	// RunCopyIn reads the client's data from r until EOF and returns the command tag. An error from r
	// (CopyFail, 57014) aborts the statement.
	RunCopyIn(ctx context.Context, r io.Reader) (tag string, err error)
	// RunCopyOut writes the data to w, one Write a row (a CopyData message each), and returns the tag.
	RunCopyOut(ctx context.Context, w io.Writer) (tag string, err error)
}

// CopyInfo is the content of CopyInResponse and CopyOutResponse.
type CopyInfo struct {
	Binary  bool
	Columns int
}
