package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire/backend"
)

// AuthMode says how clients prove who they are.
type AuthMode uint8

// Authentication modes.
const (
	Trust AuthMode = iota // whoever can connect is who it says
	SCRAM                 // SCRAM-SHA-256
)

// Limits. Zero fields mean the defaults.
type Limits struct {
	Connections  int           // open at once; default 10,000
	AuthTimeout  time.Duration // from connect to ready; default 60 s
	MessageBytes int           // one message; default 1 GB - 1, PostgreSQL's
	OutputBytes  int           // gathered before it is written; default 64 KB
}

const (
	connectionsDefault  = 10000
	authTimeoutDefault  = time.Minute
	messageBytesDefault = 1<<30 - 1
	outputBytesDefault  = 64 << 10
	// startupBytesMax bounds the first message, which anyone can send.
	startupBytesMax = 10000
)

func (l Limits) withDefaults() Limits {
	if l.Connections == 0 {
		l.Connections = connectionsDefault
	}
	if l.AuthTimeout == 0 {
		l.AuthTimeout = authTimeoutDefault
	}
	if l.MessageBytes == 0 {
		l.MessageBytes = messageBytesDefault
	}
	if l.OutputBytes == 0 {
		l.OutputBytes = outputBytesDefault
	}
	return l
}

// Server accepts connections. Set the fields before Serve.
type Server struct {
	Backend backend.Server
	Auth    AuthMode
	TLS     *tls.Config  // nil: connections are not encrypted
	Log     *slog.Logger // nil: silent
	Limits  Limits

	mu       sync.Mutex
	conns    map[*conn]struct{}
	byKey    map[cancelKey]backend.Session
	stopping bool
	wg       sync.WaitGroup
}

type cancelKey struct{ pid, secret uint32 }

func (s *Server) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

// Serve accepts connections until the listener is closed or ctx ends. It returns nil after Shutdown.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	limits := s.Limits.withDefaults()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	for {
		nc, err := l.Accept()
		if err != nil {
			s.mu.Lock()
			stopping := s.stopping
			s.mu.Unlock()
			if stopping || ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		c := newConn(s, nc, limits)
		if !s.add(c) {
			_ = nc.Close()
			continue
		}
		guard.Go("connection", func(err error) {
			s.remove(c)
			var pe *guard.PanicError
			if errors.As(err, &pe) {
				s.log().Error("session failed", "err", pe.Value, "stack", string(pe.Stack))
			}
		}, func() error {
			defer c.close()
			return c.serve(ctx)
		})
	}
}

func (s *Server) add(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	if s.conns == nil {
		s.conns = map[*conn]struct{}{}
		s.byKey = map[cancelKey]backend.Session{}
	}
	s.conns[c] = struct{}{}
	c.tooMany = len(s.conns) > c.limits.Connections
	s.wg.Add(1)
	return true
}

func (s *Server) remove(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.wg.Done()
}

func (s *Server) register(sess backend.Session) (unregister func()) {
	key := cancelKey{sess.PID(), sess.Secret()}
	s.mu.Lock()
	s.byKey[key] = sess
	s.mu.Unlock()
	return func() {
		s.mu.Lock()
		delete(s.byKey, key)
		s.mu.Unlock()
	}
}

// cancel serves a CancelRequest. A wrong key is ignored, as the protocol wants.
func (s *Server) cancel(pid, secret uint32) {
	s.mu.Lock()
	sess := s.byKey[cancelKey{pid, secret}]
	s.mu.Unlock()
	if sess != nil {
		sess.Cancel()
	}
}

// shutdownNotice is what clients are told when the server stops.
func shutdownNotice() *pgerr.Error {
	e := pgerr.New(pgerrcode.AdminShutdown, "terminating connection due to administrator command")
	e.Severity = "FATAL"
	return e
}

// Shutdown stops accepting, ends idle connections at once and running statements when ctx ends, and
// waits until all connections are gone. Close the listener before or after.
func (s *Server) Shutdown(ctx context.Context) {
	s.mu.Lock()
	s.stopping = true
	for c := range s.conns {
		c.stop()
	}
	s.mu.Unlock()
	done := make(chan struct{})
	guard.Go("wait for connections", func(error) { close(done) }, func() error {
		s.wg.Wait()
		return nil
	})
	select {
	case <-done:
		return
	case <-ctx.Done():
	}
	s.mu.Lock()
	for _, sess := range s.byKey {
		sess.Cancel()
	}
	for c := range s.conns {
		c.kill()
	}
	s.mu.Unlock()
	<-done
}

// Disconnect ends the connections whose session match says so, as pg_terminate_backend does.
func (s *Server) Disconnect(match func(pid uint32) bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for c := range s.conns {
		if sess := c.session(); sess != nil && match(sess.PID()) {
			sess.Cancel()
			c.stop()
			n++
		}
	}
	return n
}
