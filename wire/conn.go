package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

// conn is one connection. All of it but stop, kill and notify belongs to its goroutine.
type conn struct {
	srv    *Server
	nc     net.Conn
	limits Limits
	be     *pgproto3.Backend
	sess   backend.Session
	shared atomic.Pointer[backend.Session] // sess, for other goroutines

	tooMany bool
	fatal   bool // an error that ends the connection was sent

	query  string            // the text that error positions refer to
	texts  map[string]string // of prepared statements
	failed bool              // a message since the last Sync failed: skip until Sync
	rows   rowEncoder

	idle     atomic.Bool // waiting for a message
	stopping atomic.Bool

	notifyMu sync.Mutex
	notified []*pgproto3.NotificationResponse
}

func newConn(s *Server, nc net.Conn, limits Limits) *conn {
	c := &conn{srv: s, nc: nc, limits: limits, texts: map[string]string{}}
	c.attach(nc)
	return c
}

// attach makes the protocol's reader and writer over a network connection.
func (c *conn) attach(nc net.Conn) {
	c.nc = nc
	c.be = pgproto3.NewBackend(nc, nc)
	c.be.SetMaxBodyLen(startupBytesMax)
}

func (c *conn) session() backend.Session {
	if p := c.shared.Load(); p != nil {
		return *p
	}
	return nil
}

// stop ends the connection as soon as it is idle.
func (c *conn) stop() {
	c.stopping.Store(true)
	if c.idle.Load() {
		_ = c.nc.SetReadDeadline(time.Now())
	}
}

// kill ends the connection now.
func (c *conn) kill() { _ = c.nc.Close() }

func (c *conn) close() {
	if c.sess != nil {
		c.sess.Close()
	}
	_ = c.nc.Close()
}

// errClosed ends a connection without a word.
var errClosed = errors.New("connection closed")

// serve runs a connection from its first byte to its last.
func (c *conn) serve(ctx context.Context) error {
	_ = c.nc.SetDeadline(time.Now().Add(c.limits.AuthTimeout))
	if err := c.startup(ctx); err != nil {
		return err
	}
	_ = c.nc.SetDeadline(time.Time{})
	c.be.SetMaxBodyLen(c.limits.MessageBytes)
	defer c.srv.register(c.sess)()
	for {
		msg, err := c.receive()
		if err != nil {
			return c.endOfInput(err)
		}
		if err := c.handle(ctx, msg); err != nil {
			return err
		}
	}
}

// receive waits for the next message, and can be woken by stop.
func (c *conn) receive() (pgproto3.FrontendMessage, error) {
	c.idle.Store(true)
	defer c.idle.Store(false)
	if c.stopping.Load() {
		return nil, errClosed
	}
	return c.be.Receive()
}

// endOfInput says what ended the connection, when the client can still hear it.
func (c *conn) endOfInput(err error) error {
	switch {
	case c.stopping.Load():
		_ = c.nc.SetDeadline(time.Now().Add(time.Second))
		c.sendError(shutdownNotice())
		_ = c.be.Flush()
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed):
	default:
		var ne net.Error
		if errors.As(err, &ne) {
			return err
		}
		c.sendFatal(protocolViolation("%s", err.Error()))
	}
	return nil
}

func protocolViolation(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerrcode.ProtocolViolation, format, args...)
}

// handle serves one message.
func (c *conn) handle(ctx context.Context, msg pgproto3.FrontendMessage) error {
	switch m := msg.(type) {
	case *pgproto3.Query:
		c.failed = false
		return c.simpleQuery(ctx, m.String)
	case *pgproto3.Sync:
		return c.sync(ctx)
	case *pgproto3.Flush:
		return c.flush()
	case *pgproto3.Terminate:
		return errClosed
	case *pgproto3.FunctionCall:
		c.fail(pgerr.Unsupported("the function call protocol"))
		return c.ready(ctx)
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		return nil // left over from a COPY that failed
	}
	if c.failed {
		return nil
	}
	if err := c.extended(ctx, msg); err != nil {
		if c.fatal {
			return err
		}
		c.fail(err)
		c.failed = true
	}
	return nil
}

// fail tells the session and the client of an error.
func (c *conn) fail(err error) {
	c.sess.Fail(err)
	c.sendError(err)
}

func (c *conn) flush() error { return c.be.Flush() }

// ready ends an exchange: notifications, ReadyForQuery, and everything goes out.
func (c *conn) ready(context.Context) error {
	c.notifyMu.Lock()
	for _, n := range c.notified {
		c.be.Send(n)
	}
	c.notified = nil
	c.notifyMu.Unlock()
	c.be.Send(&pgproto3.ReadyForQuery{TxStatus: byte(c.sess.TxStatus())})
	return c.flush()
}

// Notice implements backend.Client.
func (c *conn) Notice(e *pgerr.Error) {
	c.be.Send((*pgproto3.NoticeResponse)(c.errorResponse(e)))
}

// ParameterStatus implements backend.Client.
func (c *conn) ParameterStatus(name, value string) {
	c.be.Send(&pgproto3.ParameterStatus{Name: name, Value: value})
}

// Notification implements backend.Client. It goes out with the next ReadyForQuery.
func (c *conn) Notification(pid uint32, channel, payload string) {
	c.notifyMu.Lock()
	defer c.notifyMu.Unlock()
	c.notified = append(c.notified, &pgproto3.NotificationResponse{PID: pid, Channel: channel, Payload: payload})
}
