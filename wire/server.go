package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/wire/backend"
	"github.com/vecdb/vecdb/wire/scram"
)

// AuthMode says how clients prove who they are.
type AuthMode uint8

// Authentication modes.
const (
	Trust AuthMode = iota // whoever can connect is who it says
	SCRAM                 // SCRAM-SHA-256
)

// Server accepts connections. Set the fields before Serve.
type Server struct {
	Backend backend.Server
	Auth    AuthMode
	TLS     *tls.Config  // nil: connections are not encrypted
	Log     *slog.Logger // nil: silent
	Limits  Limits

	buffers buffers
	decoy   scram.Decoy

	mu       sync.Mutex
	conns    map[*conn]struct{}
	byKey    map[cancelKey]backend.Session
	serving  int           // Serve calls that run
	unwatch  chan struct{} // closed to end the watcher
	stopping bool
	wg       sync.WaitGroup // of connections
}

type cancelKey struct{ pid, secret uint32 }

func (s *Server) log() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

// Serve accepts connections until the listener is closed or ctx ends, and returns nil then and after
// Shutdown. Connections live on; ctx is their context too. It may be called for several listeners.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	limits := s.Limits.withDefaults()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // an error means that it is closed
	defer stop()
	s.watch(limits.ClientCheck)
	defer s.endWatch()
	for {
		nc, err := l.Accept()
		if err == nil {
			s.start(ctx, nc, limits)
			continue
		}
		if s.ended() || ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			return nil
		}
		// Out of file descriptors, or the client has gone already: neither ends the server.
		s.log().Warn("cannot accept a connection", "err", err)
		select {
		case <-time.After(acceptPause):
		case <-ctx.Done():
		}
	}
}

func (s *Server) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// start gives a connection its goroutine.
func (s *Server) start(ctx context.Context, nc net.Conn, limits Limits) {
	c := newConn(s, nc, limits)
	ctx, c.cancel = context.WithCancelCause(ctx)
	if !s.add(c) {
		c.cancel(nil)
		c.kill()
		return
	}
	guard.Go("connection", func(err error) {
		s.remove(c)
		if err != nil && !errors.Is(err, errClosed) {
			s.log().Info("connection ended", "client", nc.RemoteAddr().String(), "err", err)
		}
	}, func() error { return c.serve(ctx) })
}

// add notes a connection; false: it must not start.
func (s *Server) add(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping || len(s.conns) >= c.limits.Connections+strangersMax {
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

// register makes a session known to CancelRequest.
func (s *Server) register(sess backend.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byKey[cancelKey{sess.PID(), sess.Secret()}] = sess
}

func (s *Server) unregister(sess backend.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byKey, cancelKey{sess.PID(), sess.Secret()})
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

// watch starts the watcher with the first Serve. It looks at the socket of each connection that has
// served the same message at two looks, so that a fast statement costs nothing.
func (s *Server) watch(every time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.serving++; s.serving > 1 || every < 0 {
		return
	}
	unwatch := make(chan struct{})
	s.unwatch = unwatch
	guard.Go("watch clients", func(err error) {
		if err != nil {
			s.log().Error("clients are not watched any more", "err", err)
		}
	}, func() error {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.lookAtClients()
			case <-unwatch:
				return nil
			}
		}
	})
}

func (s *Server) endWatch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.serving--; s.serving == 0 && s.unwatch != nil {
		close(s.unwatch)
		s.unwatch = nil
	}
}

func (s *Server) lookAtClients() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		served := c.served.Load()
		if !c.idle.Load() && served == c.seen {
			c.abandonIfGone()
		}
		c.seen = served
	}
}

// Shutdown stops accepting, ends idle connections at once, cancels running statements when ctx ends, and
// waits until all connections are gone. Close the listeners before or after.
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
	s.mu.Unlock()
	select {
	case <-done:
		return
	case <-time.After(killGrace):
	}
	s.mu.Lock()
	for c := range s.conns {
		c.kill()
		c.cancel(nil)
	}
	s.mu.Unlock()
	<-done
}

// Disconnect ends the connections whose session match says so, as pg_terminate_backend does, and counts
// them.
func (s *Server) Disconnect(match func(pid uint32) bool) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for c := range s.conns {
		if sess := c.session(); sess != nil && match(sess.PID()) {
			c.stop()
			sess.Cancel()
			n++
		}
	}
	return n
}
