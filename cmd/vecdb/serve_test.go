package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/exec/session"
	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
	"github.com/vecdb/vecdb/wire/backend"
)

// start starts a server in the test's process, on a port that is free.
func start(t *testing.T, cfg config) (*server, error) {
	t.Helper()
	if cfg.Listen == "" {
		cfg.Listen = "127.0.0.1:0"
	}
	if cfg.Auth == "" {
		cfg.Auth = "trust"
	}
	cfg.LogLevel = "error"
	if err := cfg.check(); err != nil {
		t.Fatal(err)
	}
	return startServer(t.Context(), &cfg, io.Discard)
}

// running is start for a server that must start; the test's end stops it.
func running(t *testing.T, cfg config) *server {
	t.Helper()
	s, err := start(t, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stopped(t, s) })
	return s
}

// stopped ends a server; a second time does nothing.
func stopped(t *testing.T, s *server) {
	t.Helper()
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	s.listeners, s.wire, s.keeper, s.store = nil, nil, nil, nil
}

// ask connects, runs a query and returns the first value of its answer, or the code of the error.
func ask(t *testing.T, connString, query string) string {
	t.Helper()
	conn, err := pgconn.Connect(t.Context(), connString)
	var res []*pgconn.Result
	if err == nil {
		defer func() { _ = conn.Close(context.Background()) }()
		res, err = conn.Exec(t.Context(), query).ReadAll()
	}
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &pe):
		return pe.Code
	case err != nil:
		t.Fatal(err)
	case len(res[0].Rows) == 0:
		return ""
	}
	return string(res[0].Rows[0][0])
}

// dsn connects as a user over TCP; more are further options.
func (s *server) dsn(user, more string) string {
	return "host=127.0.0.1 dbname=postgres sslmode=disable port=" + s.port() + " user=" + user + " " + more
}

// A server makes its folder, readable for its user only, and finds everything there again after a restart.
func TestServeFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := running(t, config{Data: dir})
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder: %v %v", info, err)
	}
	if got := ask(t, s.dsn("postgres", ""), "create table t as select 7 as a; select 1"); got != "" {
		t.Errorf("create: %s", got)
	}
	stopped(t, s)
	s = running(t, config{Data: dir})
	if got := ask(t, s.dsn("postgres", ""), "select a from t"); got != "7" {
		t.Errorf("after the restart: %s", got)
	}
}

// A server that cannot start says why in one line, and leaves nothing behind: not the port, not the folder's lock.
func TestServeRefuses(t *testing.T) {
	s := running(t, config{Data: filepath.Join(t.TempDir(), "used")})
	free := filepath.Join(t.TempDir(), "free")
	f := func(want string, cfg config) {
		t.Helper()
		if other, err := start(t, cfg); err == nil {
			stopped(t, other)
			t.Errorf("%+v started", cfg)
		} else if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: %v, want %s", cfg, err, want)
		}
	}
	folder := func(file, content string) string {
		t.Helper()
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	f("data folder "+s.cfg.Data+" is in use by another process", config{Data: s.cfg.Data})
	f("cannot listen on "+s.addr()+": the port is taken by another process", config{Data: free, Listen: s.addr()})
	f("cannot listen on 127.0.0.1:nonsense: ", config{Data: free, Listen: "127.0.0.1:nonsense"})
	newer := folder("FORMAT", "vecdb 99\n")
	f("data folder "+newer+" was written by a newer version of vecdb", config{Data: newer})
	foreign := folder("thesis.tex", "years of work")
	f("data folder "+foreign+" is not empty and holds no database", config{Data: foreign})
	f("not a directory", config{Data: filepath.Join(foreign, "thesis.tex")})
	f("listen on socket: ", config{Data: free, Socket: filepath.Join(free, "none")})
	f("load certificate: ", config{Data: free, TLSCert: "none.pem", TLSKey: "none.key"})
	// After all that the folder is free.
	stopped(t, running(t, config{Data: free}))
}

// With SCRAM nobody gets in without the password that was given at the first start; later ones change nothing.
func TestServeSCRAM(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := start(t, config{Data: dir, Auth: "scram"}); !errors.Is(err, errNoPassword) {
		t.Fatalf("no password: %v", err)
	}
	s := running(t, config{Data: dir, Auth: "scram", Password: "first"})
	const query = "select current_user"
	login := func(want, user, password string) {
		t.Helper()
		if got := ask(t, s.dsn(user, "password='"+password+"'"), query); got != want {
			t.Errorf("%s/%s: %s, want %s", user, password, got, want)
		}
	}
	login("postgres", "postgres", "first")
	login("28P01", "postgres", "wrong")
	login("28P01", "nobody", "first")
	if got := ask(t, s.dsn("postgres", "password=first"),
		"create role bare login; create role anna login password 'anna''s'"); got != "" {
		t.Error(got)
	}
	login("28P01", "bare", "")
	login("anna", "anna", `anna\'s`)
	stopped(t, s)
	s = running(t, config{Data: dir, Auth: "scram", Password: "second"})
	login("28P01", "postgres", "second")
	login("postgres", "postgres", "first")
	stopped(t, s)
	// Passwords stay when they are not asked for.
	s = running(t, config{Data: dir})
	login("bare", "bare", "")
	if got := ask(t, s.dsn("postgres", ""),
		"alter role postgres password null; alter role anna password null"); got != "" {
		t.Error(got)
	}
	if u := ask(t, s.dsn("postgres", ""), "select rolname from pg_authid where rolpassword is not null"); u != "" {
		if got := ask(t, s.dsn("postgres", ""), `alter role "`+u+`" password null`); got != "" {
			t.Error(got)
		}
	}
	stopped(t, s)
	if _, err := start(t, config{Data: dir, Auth: "scram", Password: "third"}); !errors.Is(err, errNoPassword) {
		t.Errorf("nobody could log in: %v", err)
	}
}

// A Unix socket serves beside the port, and is gone when the server is.
func TestServeSocket(t *testing.T) {
	dir := t.TempDir()
	s := running(t, config{Data: filepath.Join(dir, "data"), Socket: dir})
	if got := ask(t, "host="+dir+" port="+s.port()+" user=postgres dbname=postgres",
		"select inet_client_addr() is null"); got != "t" {
		t.Errorf("over the socket: %s", got)
	}
	path := filepath.Join(dir, ".s.PGSQL."+s.port())
	stopped(t, s)
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket is still there: %v", err)
	}
}

// writeCertificate makes a certificate for 127.0.0.1 and returns its files.
func writeCertificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, b []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", der), write("key.pem", "PRIVATE KEY", pkcs8)
}

// With a certificate connections may be encrypted, and clients that check it are content.
func TestServeTLS(t *testing.T) {
	cert, key := writeCertificate(t)
	s := running(t, config{Data: filepath.Join(t.TempDir(), "data"), TLSCert: cert, TLSKey: key})
	if got := ask(t, s.dsn("postgres", "sslmode=verify-full sslrootcert="+cert), "select 1"); got != "1" {
		t.Errorf("encrypted: %s", got)
	}
	if got := ask(t, s.dsn("postgres", ""), "select 1"); got != "1" {
		t.Errorf("in the clear: %s", got)
	}
	// Files that do not belong together.
	_, other := writeCertificate(t)
	if _, err := start(t, config{Data: filepath.Join(t.TempDir(), "data"), TLSCert: cert, TLSKey: other}); err == nil {
		t.Error("a key that is not the certificate's was taken")
	}
}

// output is what a command prints, for its test to wait for.
type output struct {
	io.Writer
	lines chan string
}

func (o *output) Write(p []byte) (int, error) {
	o.lines <- string(p)
	return len(p), nil
}

// serve prints how to connect, ends without an error when its context does, and tells clients so.
func TestServeCommand(t *testing.T) {
	clearEnv(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &output{lines: make(chan string, 10)}
	done := make(chan error, 1)
	go func() {
		done <- runServe(ctx,
			[]string{"--data", filepath.Join(t.TempDir(), "data"), "--listen", "127.0.0.1:0", "--log-level", "error"}, out)
	}()
	ready := ""
	select {
	case ready = <-out.lines:
	case err := <-done:
		t.Fatal(err)
	}
	_, args, ok := strings.Cut(ready, "connect with: psql -h ")
	var host, port, user, database string
	if words := strings.Fields(args); ok && len(words) == 6 {
		host, port, user, database = words[0], words[2], words[4], words[5]
	}
	conn, err := pgconn.Connect(t.Context(), "sslmode=disable host="+host+" port="+port+" user="+user+" dbname="+database)
	if err != nil {
		t.Fatalf("%s: %v", ready, err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	var pe *pgconn.PgError
	if _, err := conn.Exec(t.Context(), "select 1").ReadAll(); !errors.As(err, &pe) || pe.Code != "57P01" {
		t.Errorf("the client heard %v", err)
	}
}

// silent is a client that is told nothing.
type silent struct{}

func (silent) Notice(*pgerr.Error)                 {}
func (silent) ParameterStatus(string, string)      {}
func (silent) Notification(uint32, string, string) {}

// What the sessions of a server that was killed kept in temporary tables is gone after the next start.
func TestServeDropsTemporaryTables(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	store, err := storage.Open(dir,
		storage.Options{Keys: session.IndexKeys, Bootstrap: catalog.BootstrapOptions{Superusers: []string{"postgres"}}})
	if err != nil {
		t.Fatal(err)
	}
	x, err := (&session.Server{Store: store}).Open(t.Context(), backend.Startup{User: "postgres", Database: "postgres"},
		silent{})
	if err != nil {
		t.Fatal(err)
	}
	script, err := x.Simple(t.Context(), "create temp table left_over (a int)")
	if err != nil {
		t.Fatal(err)
	}
	p, err := script.Next(t.Context())
	if err == nil {
		_, err = p.Next(t.Context(), 0)
	}
	if err := errors.Join(err, x.Sync(t.Context(), false), store.Close()); err != nil { // and no x.Close
		t.Fatal(err)
	}
	s := running(t, config{Data: dir})
	if got := ask(t, s.dsn("postgres", ""), "select count(*) from pg_class where relname = 'left_over'"); got != "0" {
		t.Errorf("%s tables are left", got)
	}
}

// check reports on a folder that nobody has open, and changes nothing in it.
func TestCheckCommand(t *testing.T) {
	clearEnv(t)
	dir := filepath.Join(t.TempDir(), "data")
	s := running(t, config{Data: dir})
	if got := ask(t, s.dsn("postgres", ""), "create table t as select 7 as a; select 1"); got != "" {
		t.Error(got)
	}
	var out strings.Builder
	if err := runCheck(t.Context(), []string{"--data", dir}, &out); err == nil ||
		!strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("a folder in use: %v", err)
	}
	stopped(t, s)
	for range 2 {
		out.Reset()
		if err := runCheck(t.Context(), []string{"--data", dir}, &out); err != nil ||
			!strings.HasPrefix(out.String(), "ok: version ") ||
			!strings.Contains(out.String(), " 1 tables, 0 fragments, 1 rows in tails, 0 orphans removed") {
			t.Errorf("%q, %v", out.String(), err)
		}
	}
}

// The address to connect to is one that works from this machine.
func TestPsqlCommand(t *testing.T) {
	f := func(listen, want string) {
		t.Helper()
		l, err := net.Listen("tcp", listen)
		if err != nil {
			t.Skip(err) // no IPv6 here
		}
		s := &server{listeners: []net.Listener{l}}
		if got := s.psql(); got != "psql -h "+want+" -p "+s.port()+" -U postgres postgres" {
			t.Errorf("%s: %s", listen, got)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	f("127.0.0.1:0", "127.0.0.1")
	f("0.0.0.0:0", "127.0.0.1")
	f("[::]:0", "127.0.0.1")
	f("[::1]:0", "::1")
}
