package wire_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/wire"
	"github.com/vecdb/vecdb/wire/backend"
	"github.com/vecdb/vecdb/wire/scram"
)

// ask opens a connection, sends bytes and expects messages.
func (f *fixture) ask(t *testing.T, b, want string) {
	t.Helper()
	nc := f.dial(t)
	c := &client{Frontend: pgproto3.NewFrontend(nc, nc), t: t, nc: nc}
	if _, err := nc.Write([]byte(b)); err != nil {
		t.Fatal(err)
	}
	c.until(want)
}

func TestStartup(t *testing.T) {
	f := serve(t, nil)
	f.ask(t, "\x00\x00\x00\x09\x00\x03\x00\x00\x00", "FATAL 28000, EOF")
	f.ask(t, "\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00",
		"?, S(server_version=16), S(client_encoding=UTF8), ?, ZI")
	f.ask(t, "\x00\x00\x00\x10\x00\x03\x00\x05user\x00u\x00\x00",
		"?, ?, S(server_version=16), S(client_encoding=UTF8), ?, ZI")
	f.ask(t, "\x00\x00\x00\x1e\x00\x03\x00\x00user\x00u\x00database\x00none\x00\x00", "?, FATAL 3D000, EOF")
	f.ask(t, "\x00\x00\x00\x0f\x00\x03\x00\x00user\x00u\x00", "FATAL 08P01, EOF")       // no end
	f.ask(t, "\x00\x00\x00\x0d\x00\x03\x00\x00user\x00", "FATAL 08P01, EOF")            // no value
	f.ask(t, "\x00\x00\x00\x0a\x00\x03\x00\x00\x00x", "FATAL 08P01, EOF")               // more after the end
	f.ask(t, "\x00\x00\x00\x0c\x00\x03\x00\x00user", "FATAL 08P01, EOF")                // no zero
	f.ask(t, "\x00\x00\x00\x09\x00\x02\x00\x00\x00", "FATAL 0A000, EOF")                // protocol 2
	f.ask(t, "\x00\x00\x00\x07\x00\x03\x00\x00\x00", "FATAL 08P01, EOF")                // too short
	f.ask(t, "\x00\x00\x27\x15\x00\x03\x00\x00\x00", "FATAL 08P01, EOF")                // too long
	f.ask(t, "\xff\xff\xff\xff\x00\x03\x00\x00\x00", "FATAL 08P01, EOF")                // negative
	f.ask(t, "\x16\x03\x01\x00\x00", "FATAL 08P01, EOF")                                // TLS, and there is none
	f.ask(t, "\x00\x00\x00\x10\x04\xd2\x16\x2e\x00\x00\x00\x63\x00\x00\x00\x01", "EOF") // a cancel that fits nobody
	f.ask(t, "\x00\x00\x00\x0c\x04\xd2\x16\x2e\x00\x00\x00\x63", "EOF")                 // and one cut short
}

func TestEncryptionRefused(t *testing.T) {
	f := serve(t, nil)
	nc := f.dial(t)
	for _, request := range []string{"\x00\x00\x00\x08\x04\xd2\x16\x30", "\x00\x00\x00\x08\x04\xd2\x16\x2f"} {
		if _, err := nc.Write([]byte(request)); err != nil {
			t.Fatal(err)
		}
		var b [1]byte
		if _, err := io.ReadFull(nc, b[:]); err != nil || b[0] != 'N' {
			t.Fatalf("%q %v", b, err)
		}
	}
	// A third request is one too many.
	c := &client{Frontend: pgproto3.NewFrontend(nc, nc), t: t, nc: nc}
	if _, err := nc.Write([]byte("\x00\x00\x00\x08\x04\xd2\x16\x2f")); err != nil {
		t.Fatal(err)
	}
	c.until("FATAL 0A000, EOF")
}

// certificate makes a certificate for 127.0.0.1 and a pool that trusts it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

func TestTLS(t *testing.T) {
	config, pool := certificate(t)
	f := serve(t, func(s *wire.Server, _ *fakeServer) { s.TLS = config })
	f.start(t) // without encryption, which is allowed
	for _, negotiation := range []string{"postgres", "direct"} {
		dsn := "postgres://u@" + f.addr + "/db?sslmode=verify-full&sslnegotiation=" + negotiation
		cc, err := pgconn.ParseConfig(dsn)
		if err != nil {
			t.Fatal(err)
		}
		cc.TLSConfig.RootCAs = pool
		conn, err := pgconn.ConnectConfig(t.Context(), cc)
		if err != nil {
			t.Fatalf("%s: %v", negotiation, err)
		}
		res, err := conn.Exec(t.Context(), "rows 20000").ReadAll()
		if err != nil || len(res[0].Rows) != 20000 {
			t.Fatalf("%s: %v", negotiation, err)
		}
		f.back.mu.Lock()
		encrypted := false
		for _, x := range f.back.sessions {
			encrypted = encrypted || x.start.TLS
		}
		f.back.mu.Unlock()
		if !encrypted {
			t.Fatal("the session was not told of TLS")
		}
		if err := conn.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	// TLS that is not meant for a database, and bytes in the clear behind the request.
	tc, err := tls.Dial("tcp", f.addr, &tls.Config{RootCAs: pool})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tc.Close() }()
	c := &client{Frontend: pgproto3.NewFrontend(tc, tc), t: t, nc: tc}
	c.until("FATAL 08P01, EOF")
	f.ask(t, "\x00\x00\x00\x08\x04\xd2\x16\x2f\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00", "FATAL 08P01, EOF")
}

func TestSCRAM(t *testing.T) {
	verifier, err := scram.MakeVerifier("größe")
	if err != nil {
		t.Fatal(err)
	}
	f := serve(t, func(s *wire.Server, b *fakeServer) {
		s.Auth = wire.SCRAM
		b.verifiers = map[string]string{"u": verifier, "bare": ""}
	})
	login := func(user, password string) error {
		conn, err := pgconn.Connect(t.Context(), "postgres://"+user+":"+password+"@"+f.addr+"/db?sslmode=disable")
		if err == nil {
			_, err = conn.Exec(t.Context(), "rows 1").ReadAll()
			err = errors.Join(err, conn.Close(t.Context()))
		}
		return err
	}
	if err := login("u", "größe"); err != nil {
		t.Fatal(err)
	}
	refused := func(user, password, code string) {
		t.Helper()
		var pe *pgconn.PgError
		if err := login(user, password); !errors.As(err, &pe) || pe.Code != code || pe.Severity != "FATAL" {
			t.Fatalf("%s: %v", user, err)
		} else if code == "28P01" && pe.Message != `password authentication failed for user "`+user+`"` {
			t.Fatal(pe.Message)
		}
	}
	refused("u", "falsch", "28P01")
	refused("bare", "x", "28P01")
	refused("unknown", "x", "28P01")
	refused("broken", "x", "XX000")
	// Clients that do something else.
	const start = "\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00"
	f.ask(t, start+"p\x00\x00\x00\x08md5\x00", "?, FATAL 08P01, EOF")
	f.ask(t, start+"p\x00\x00\x00\x0dMD5\x00\x00\x00\x00\x01x", "?, FATAL 08P01, EOF")
	f.ask(t, start+"p\x00\x00\x00\x1bSCRAM-SHA-256\x00\x00\x00\x00\x05x,,,,", "?, FATAL 28P01, EOF")
	f.ask(t, start+"Q\x00\x00\x00\x05\x00", "?, FATAL 08P01, EOF")
	f.ask(t, start+"p\x00\x01\x00\x00", "?, FATAL 08P01, EOF")
}

func TestConnectionLimit(t *testing.T) {
	f := serve(t, func(s *wire.Server, _ *fakeServer) { s.Limits.Connections = 1 })
	c := f.start(t)
	const start = "\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00"
	f.ask(t, start, "FATAL 53300, EOF")
	// One too many may still cancel.
	c.send(query("wait"))
	<-f.back.waiting
	f.cancel(t, c)
	c.until("ERROR 57014, ZI")
}

// cancel sends a CancelRequest and waits until it was read.
func (f *fixture) cancel(t *testing.T, c *client) {
	t.Helper()
	b, err := (&pgproto3.CancelRequest{ProcessID: c.key.ProcessID, SecretKey: c.key.SecretKey}).Encode(nil)
	if err != nil {
		t.Fatal(err)
	}
	f.ask(t, string(b), "EOF")
}

func TestCancel(t *testing.T) {
	f := serve(t, nil)
	c := f.start(t)
	c.send(query("begin; rows 1; wait; rows 1"))
	<-f.back.waiting
	f.cancel(t, c)
	c.until("C(BEGIN), T, D(0), C(SELECT 1), ERROR 57014, ZE")
	f.cancel(t, c) // of nothing
	c.send(query("end"))
	c.until("C(END), ZI")
}

// TestClientGone holds that the statement of a client that has gone is canceled.
func TestClientGone(t *testing.T) {
	f := serve(t, func(s *wire.Server, _ *fakeServer) { s.Limits.ClientCheck = time.Millisecond })
	c := f.start(t)
	stays := f.start(t)
	stays.send(query("wait"))
	<-f.back.waiting
	c.send(query("wait"), query("rows 1")) // and something behind it
	<-f.back.waiting
	if err := c.nc.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-f.back.ended; err == nil || !strings.Contains(err.Error(), "lost") {
		t.Fatalf("the statement ended with %v", err)
	}
	f.cancel(t, stays)
	stays.until("ERROR 57014, ZI")
}

func TestAuthTimeout(t *testing.T) {
	f := serve(t, func(s *wire.Server, _ *fakeServer) { s.Limits.AuthTimeout = 10 * time.Millisecond })
	nc := f.dial(t)
	c := &client{Frontend: pgproto3.NewFrontend(nc, nc), t: t, nc: nc}
	c.until("FATAL 57014, EOF")
}

func TestShutdown(t *testing.T) {
	f := serve(t, nil)
	idle, running, block := f.start(t), f.start(t), f.start(t)
	block.send(query("begin"))
	block.until("C(BEGIN), ZT")
	running.send(query("wait"))
	<-f.back.waiting
	strange := f.dial(t) // has not said anything yet
	_ = strange
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); f.Shutdown(ctx) }()
	idle.until("FATAL 57P01, EOF")
	block.until("FATAL 57P01, EOF")
	select {
	case <-done:
		t.Fatal("a statement that runs was not waited for")
	default:
	}
	_ = strange.Close() // or it would be waited for until it is killed
	cancel()
	running.until("FATAL 57P01, EOF")
	<-done
	// Whoever comes now is not let in.
	nc := f.dial(t)
	if _, err := nc.Read(make([]byte, 1)); err == nil {
		t.Fatal("a connection was served after Shutdown")
	}
}

// TestShutdownKills holds that a connection that does not move is cut in the end.
func TestShutdownKills(t *testing.T) {
	f := serve(t, nil)
	c := f.start(t)
	c.send(query("copyin"))
	c.until("G")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.Shutdown(ctx)
	c.until("EOF")
}

func TestDisconnect(t *testing.T) {
	f := serve(t, nil)
	idle, running, other := f.start(t), f.start(t), f.start(t)
	running.send(query("wait"))
	<-f.back.waiting
	n := f.Disconnect(func(pid uint32) bool { return pid != other.key.ProcessID })
	if n != 2 {
		t.Fatalf("%d connections ended", n)
	}
	idle.until("FATAL 57P01, EOF")
	running.until("FATAL 57P01, EOF")
	other.send(query("rows 1"))
	other.until("T, D(0), C(SELECT 1), ZI")
}

func TestUnixSocket(t *testing.T) {
	dir := t.TempDir()
	l, err := wire.ListenUnix(dir, "5432")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wire.ListenUnix(dir, "5432"); err == nil || !strings.Contains(err.Error(), "another server") {
		t.Fatalf("a second server on the socket: %v", err)
	}
	// What a killed server leaves.
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if l, err = wire.ListenUnix(dir, "5432"); err != nil {
		t.Fatal(err)
	}
	f := serve(t, nil)
	done := make(chan error, 1)
	go func() { done <- f.Serve(t.Context(), l) }()
	conn, err := pgconn.Connect(t.Context(), "host="+dir+" port=5432 user=u database=db")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "rows 1").ReadAll(); err != nil {
		t.Fatal(err)
	}
	f.back.mu.Lock()
	for _, x := range f.back.sessions {
		if x.start.RemoteAddr != "" || x.start.RemotePort != -1 {
			t.Errorf("address %q %d", x.start.RemoteAddr, x.start.RemotePort)
		}
	}
	f.back.mu.Unlock()
	if err := errors.Join(conn.Close(t.Context()), l.Close(), <-done); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, ".s.PGSQL.5432")); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("the socket is still there")
	}
	if _, err := wire.ListenUnix(filepath.Join(dir, "none"), "5432"); err == nil {
		t.Fatal("a folder that is not there")
	}
}

func TestStartupParameters(t *testing.T) {
	f := serve(t, nil)
	connect(t, f, "&application_name=app&options=-c%20a%3Db")
	f.back.mu.Lock()
	defer f.back.mu.Unlock()
	for _, x := range f.back.sessions {
		s := x.start
		if s.User != "u" || s.Database != "db" || s.Params["application_name"] != "app" || s.Params["options"] != "-c a=b" ||
			s.RemoteAddr != "127.0.0.1" || s.RemotePort <= 0 || s.TLS {
			t.Fatalf("%+v", s)
		}
	}
}

// tiredListener fails some times before it works, as one without file descriptors does.
type tiredListener struct {
	net.Listener
	mu    sync.Mutex
	fails int
}

func (l *tiredListener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fails > 0 {
		l.fails--
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept", syscall.EMFILE)}
	}
	return l.Listener.Accept()
}

func TestAcceptFails(t *testing.T) {
	f := serve(t, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Serve(ctx, &tiredListener{Listener: l, fails: 2}) }()
	f2 := &fixture{addr: l.Addr().String(), back: f.back}
	f2.start(t)
	cancel() // ends the listener and the connection
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// failingServer opens no sessions.
type failingServer struct {
	fakeServer
	err error
}

func (s *failingServer) Open(context.Context, backend.Startup, backend.Client) (backend.Session, error) {
	return nil, s.err
}

func TestOpenFails(t *testing.T) {
	f := serve(t, func(s *wire.Server, _ *fakeServer) {
		s.Backend = &failingServer{err: pgerr.New("28000", "role \"u\" does not exist")}
	})
	f.ask(t, "\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00", "?, FATAL 28000, EOF")
}
