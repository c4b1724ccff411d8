package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

// conn is one connection. What stands below the first blank line belongs to its goroutine; the rest, and
// the methods stop, kill, abandonIfGone and Notification, may be used by any.
type conn struct {
	srv    *Server
	limits Limits
	sock   net.Conn                        // the socket, below TLS if there is some
	raw    syscall.RawConn                 // of sock, nil if it has none
	shared atomic.Pointer[backend.Session] // sess
	cancel context.CancelCauseFunc         // of the connection's context

	idle     atomic.Bool   // waiting for a message between statements
	stopping atomic.Bool   // to end when idle
	served   atomic.Uint64 // messages received
	tooMany  bool          // set before the goroutine starts
	seen     uint64        // served when the watcher last looked; the watcher's own

	notifyMu sync.Mutex
	notified []pgproto3.NotificationResponse

	in   input
	out  output
	msgs frontend
	sess backend.Session

	query     string            // the text that error positions refer to
	portals   map[string]string // text by portal, until the transaction ends
	failed    bool              // a message since the last Sync failed: skip until Sync
	started   bool              // authentication is over
	idleUntil time.Time         // when idleness ends the connection; zero: never
	idleEnd   error             // what it ends with
	resting   bool              // nothing has come since ReadyForQuery
	changed   [][2]string       // settings to report before ReadyForQuery
	columns   []columnEncoder   // of the rows that are being sent
}

func newConn(s *Server, nc net.Conn, limits Limits) *conn {
	c := &conn{srv: s, sock: nc, limits: limits, portals: map[string]string{}}
	if sc, ok := nc.(syscall.Conn); ok {
		c.raw, _ = sc.SyscallConn() // without one, a client that goes is noticed when it is written to
	}
	c.in = input{buffers: &s.buffers, waiting: c.out.flush, woken: c.woken}
	c.out = output{buffers: &s.buffers, limit: limits.OutputBytes}
	c.attach(nc)
	return c
}

// attach lets input and output go over nc.
func (c *conn) attach(nc net.Conn) {
	c.in.attach(nc)
	c.out.nc = nc
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
		c.wake()
	}
}

// wake lets the connection's goroutine look up from waiting for its client. A past deadline that comes
// when it does not wait any more costs one needless look at its next read.
func (c *conn) wake() {
	_ = c.sock.SetReadDeadline(time.Unix(1, 0)) // fails only on a connection that is closed already
}

// kill ends the connection now.
func (c *conn) kill() { _ = c.sock.Close() }

// errGone is the cause of a statement's end when its client has closed the connection.
var errGone = errors.New("connection to client lost")

// abandonIfGone cancels the running statement if the client has hung up.
func (c *conn) abandonIfGone() {
	if c.raw == nil || c.cancel == nil {
		return
	}
	gone := false
	if err := c.raw.Control(func(fd uintptr) { gone = hungUp(fd) }); err == nil && gone {
		c.cancel(errGone)
	}
}

// serve runs a connection from its first byte to its last, and frees all of it. A panic ends this
// connection and no other.
func (c *conn) serve(ctx context.Context) error {
	err := guard.Run("connection", func() error { return c.run(ctx) })
	var bug *guard.PanicError
	if errors.As(err, &bug) {
		c.srv.log().Error("panic in a session", "err", bug, "query", shorten(c.query), "stack", string(bug.Stack))
		err = fatal(pgerr.New(pgerrcode.InternalError, "%s", bug.Error()))
	}
	c.lastWord(err)
	return errors.Join(err, guard.Run("end of session", c.close))
}

// lastWord tells the client what ended the connection, if it does not know.
func (c *conn) lastWord(err error) {
	var f *fatalError
	if !errors.As(err, &f) || c.out.err != nil {
		return
	}
	_ = c.sock.SetDeadline(time.Now().Add(lastWordMax)) // a closed socket cannot be told anything anyway
	c.sendError(f.e)
	c.out.write()
}

func (c *conn) close() error {
	defer c.kill()
	defer c.cancel(nil)
	if c.sess != nil {
		c.srv.unregister(c.sess)
		c.sess.Close()
	}
	return nil
}

// run is the connection's life. The error that ends it is errClosed when the client wanted the end.
func (c *conn) run(ctx context.Context) error {
	if err := c.sock.SetDeadline(time.Now().Add(c.limits.AuthTimeout)); err != nil {
		return err
	}
	if err := c.startup(ctx); err != nil {
		return err
	}
	c.started = true
	if err := c.sock.SetDeadline(time.Time{}); err != nil {
		return err
	}
	for {
		msg, err := c.receive()
		if err == nil {
			err = c.handle(ctx, msg)
		} else if msg != nil { // a message that cannot be read, between others that can
			err = c.unreadable(ctx, msg, err)
		}
		if err == nil {
			err = c.out.err
		}
		if err != nil {
			return c.ending(err)
		}
	}
}

// receive waits for the next message between statements. Whoever waits long holds no buffers.
func (c *conn) receive() (pgproto3.FrontendMessage, error) {
	if c.in.buffered() == 0 {
		if err := c.out.flush(); err != nil {
			return nil, err
		}
		c.in.release()
		c.out.release()
	}
	if err := c.limitIdle(); err != nil {
		return nil, err
	}
	c.idle.Store(true)
	defer c.idle.Store(false)
	// After idle is set, so that what comes later wakes us.
	if err := c.lookUp(); err != nil {
		return nil, err
	}
	typ, body, err := c.in.message(c.limits.MessageBytes)
	if err != nil {
		return nil, err
	}
	c.served.Add(1)
	return c.msgs.decode(typ, body)
}

// woken is called when a read deadline has passed.
func (c *conn) woken() error {
	if !c.started {
		if c.stopping.Load() {
			return errShutdown()
		}
		return fatal(pgerr.New(pgerrcode.QueryCanceled, "canceling authentication due to timeout"))
	}
	idle := c.idle.Load()
	if !idle {
		c.idleUntil = time.Time{}
	}
	if !c.idleUntil.IsZero() && !time.Now().Before(c.idleUntil) {
		return fatal(c.idleEnd)
	}
	// First the deadline, then the reasons: one that comes in between sets it again.
	if err := c.sock.SetReadDeadline(c.idleUntil); err != nil {
		return err
	}
	if !idle {
		return nil
	}
	return c.lookUp()
}

// limitIdle sets for how long the connection may be idle, before it is: a wake that comes later has a deadline of
// its own.
func (c *conn) limitIdle() error {
	limit := time.Duration(0)
	if c.resting {
		limit, c.idleEnd = c.sess.Idle()
	}
	switch {
	case limit > 0:
		c.idleUntil = time.Now().Add(limit)
	case c.idleUntil.IsZero():
		return nil
	default:
		c.idleUntil = time.Time{}
	}
	return c.sock.SetReadDeadline(c.idleUntil)
}

// lookUp serves what others want of an idle connection.
func (c *conn) lookUp() error {
	if c.stopping.Load() {
		return errShutdown()
	}
	if c.resting && c.sess.TxStatus() == backend.TxIdle && c.sendNotifications() {
		c.out.due = true
		return c.out.flush()
	}
	return nil
}

// ending gives the error that ended a connection its meaning.
func (c *conn) ending(err error) error {
	var f *fatalError
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, os.ErrDeadlineExceeded):
		return errClosed
	default:
		return err
	}
}

// handle serves one message. The error ends the connection.
func (c *conn) handle(ctx context.Context, msg pgproto3.FrontendMessage) error {
	c.resting = false
	switch msg.(type) {
	case *pgproto3.Sync:
		return c.sync(ctx)
	case *pgproto3.Terminate:
		return c.goodbye()
	}
	if c.failed {
		return nil
	}
	switch m := msg.(type) {
	case *pgproto3.Query:
		return c.simpleQuery(ctx, m.String)
	case *pgproto3.Flush:
		c.out.due = true
		return nil
	case *pgproto3.FunctionCall:
		return c.refuse(ctx, pgerr.Unsupported("the function call protocol"))
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		return nil // left over from a COPY that failed
	case *saslMessage:
		return fatal(protocolViolation("invalid frontend message type %d", 'p'))
	}
	if err := c.extended(ctx, msg); err != nil {
		c.failed = true
		return c.fail(err)
	}
	return nil
}

// goodbye sends what the client may still wait for, since it has sent its Terminate without waiting.
func (c *conn) goodbye() error {
	if err := c.sock.SetWriteDeadline(time.Now().Add(lastWordMax)); err == nil {
		_ = c.out.flush() // a client that does not take it is gone
	}
	return errClosed
}

// refuse ends an exchange of its own with an error.
func (c *conn) refuse(ctx context.Context, err error) error {
	if err := c.fail(err); err != nil {
		return err
	}
	if err := c.sess.Sync(ctx, true); err != nil {
		if err := c.fail(err); err != nil {
			return err
		}
	}
	return c.ready()
}

// unreadable answers a message whose content is wrong, as its kind wants it.
func (c *conn) unreadable(ctx context.Context, msg pgproto3.FrontendMessage, err error) error {
	switch msg.(type) {
	case *pgproto3.Query, *pgproto3.FunctionCall:
		if c.failed {
			return nil
		}
		return c.refuse(ctx, err)
	case *pgproto3.CopyData, *pgproto3.CopyDone, *pgproto3.CopyFail:
		return nil // left over
	}
	if c.failed {
		return nil
	}
	c.failed = true
	return c.fail(err)
}

// fail tells the session and the client of an error. What it returns ends the connection.
func (c *conn) fail(err error) error {
	if endsConnection(err) {
		return err
	}
	if c.out.err != nil {
		return c.out.err
	}
	if c.stopping.Load() && pgerr.Code(err) == pgerrcode.QueryCanceled {
		return errShutdown() // the statement was canceled to end the connection
	}
	c.sess.Fail(err)
	if e := pgerr.From(err); isFatal(e) {
		return fatal(e)
	}
	c.sendError(err)
	return nil
}

// sync ends an exchange of extended messages.
func (c *conn) sync(ctx context.Context) error {
	failed := c.failed
	c.failed = false
	if err := c.sess.Sync(ctx, failed); err != nil {
		if err := c.fail(err); err != nil {
			return err
		}
	}
	return c.ready()
}

// ready ends an exchange: notifications, changed settings, ReadyForQuery.
func (c *conn) ready() error {
	status := c.sess.TxStatus()
	if status == backend.TxIdle {
		clear(c.portals)
		c.sendNotifications()
	}
	for _, p := range c.changed {
		c.out.send(&pgproto3.ParameterStatus{Name: p[0], Value: p[1]})
	}
	c.changed = c.changed[:0]
	c.out.ready(byte(status))
	c.resting = true
	return c.out.err
}

// sendNotifications sends what has gathered and says whether there was something.
func (c *conn) sendNotifications() bool {
	c.notifyMu.Lock()
	list := c.notified
	c.notified = nil
	c.notifyMu.Unlock()
	for i := range list {
		c.out.send(&list[i])
	}
	return len(list) > 0
}

// Notice implements backend.Client.
func (c *conn) Notice(e *pgerr.Error) {
	code := e.SQLState
	if code == "" {
		code = pgerrcode.SuccessfulCompletion
	}
	c.out.send((*pgproto3.NoticeResponse)(errorResponse(e, code, c.query)))
}

// ParameterStatus implements backend.Client.
func (c *conn) ParameterStatus(name, value string) {
	for i := range c.changed {
		if c.changed[i][0] == name {
			c.changed[i][1] = value
			return
		}
	}
	c.changed = append(c.changed, [2]string{name, value})
}

// Notification implements backend.Client.
func (c *conn) Notification(pid uint32, channel, payload string) {
	c.notifyMu.Lock()
	full := len(c.notified) >= notificationsMax
	if !full {
		c.notified = append(c.notified, pgproto3.NotificationResponse{PID: pid, Channel: channel, Payload: payload})
	}
	c.notifyMu.Unlock()
	if full {
		c.srv.log().Warn("notification dropped: the client takes none", "channel", channel)
		return
	}
	if c.idle.Load() {
		c.wake()
	}
}
