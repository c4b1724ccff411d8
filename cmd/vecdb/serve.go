package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/user"
	"strings"
	"syscall"
	"time"

	"github.com/vecdb/vecdb/exec/session"
	"github.com/vecdb/vecdb/internal/guard"
	"github.com/vecdb/vecdb/storage"
	"github.com/vecdb/vecdb/storage/catalog"
	"github.com/vecdb/vecdb/storage/upkeep"
	"github.com/vecdb/vecdb/wire"
	"github.com/vecdb/vecdb/wire/scram"
)

// shutdownGrace is how long running statements may finish after SIGTERM.
const shutdownGrace = 10 * time.Second

// server is everything that a running vecdb is made of, from the store up.
type server struct {
	cfg       *config
	store     *storage.Store
	keeper    *upkeep.Keeper
	wire      *wire.Server
	listeners []net.Listener
	done      chan error
	log       *slog.Logger
}

func runServe(ctx context.Context, args []string, out io.Writer) error {
	cfg, err := readConfig("serve", args, out, nil)
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	s, err := startServer(ctx, cfg, os.Stderr)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "vecdb is ready: data in %s, listening on %s\nconnect with: %s\n", cfg.Data, s.addr(), s.psql()); err != nil {
		return errors.Join(err, s.stop())
	}
	select {
	case <-ctx.Done():
	case err = <-s.done:
	}
	return errors.Join(err, s.stop())
}

func logger(level string, w io.Writer) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // config.check has read it
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}

// startServer opens the store and listens. Nothing is left behind when it fails.
func startServer(ctx context.Context, cfg *config, logOut io.Writer) (*server, error) {
	s := &server{cfg: cfg, done: make(chan error, 2), log: logger(cfg.LogLevel, logOut)}
	// The port first: a taken one must not cost a start of the store.
	l, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, listenError(cfg.Listen, err)
	}
	s.listeners = append(s.listeners, l)
	if err := s.open(); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if cfg.Socket != "" {
		ul, err := wire.ListenUnix(cfg.Socket, s.port())
		if err != nil {
			return nil, errors.Join(err, s.stop())
		}
		s.listeners = append(s.listeners, ul)
	}
	for _, l := range s.listeners {
		guard.Go("accept connections", func(err error) {
			if err != nil {
				s.done <- err
			}
		}, func() error { return s.wire.Serve(context.WithoutCancel(ctx), l) })
	}
	return s, nil
}

func listenError(addr string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("cannot listen on %s: the port is taken by another process", addr)
	}
	return fmt.Errorf("cannot listen on %s: %w", addr, err)
}

// open opens the store, starts upkeep and makes the wire server.
func (s *server) open() error {
	boot, err := bootstrapOptions(s.cfg)
	if err != nil {
		return err
	}
	s.store, err = storage.Open(s.cfg.Data, storage.Options{
		Log: s.log, Keys: session.IndexKeys, Builders: upkeep.Builders(), Bootstrap: boot,
		// A new store in which nobody could log in is not made: the password would come too late for it.
		MustExist: s.cfg.Auth == "scram" && s.cfg.Password == "",
	})
	if errors.Is(err, storage.ErrNoStore) {
		return errNoPassword
	}
	if err != nil {
		return openError(s.cfg.Data, err)
	}
	if err := dropTemporary(s.store); err != nil {
		return errors.Join(err, s.store.Close())
	}
	if err := s.checkPassword(); err != nil {
		return errors.Join(err, s.store.Close())
	}
	s.keeper = upkeep.Start(s.store, upkeep.Options{Log: s.log})
	memory, err := s.cfg.memoryBytes()
	if err != nil {
		return errors.Join(err, s.keeper.Close(), s.store.Close())
	}
	back := &session.Server{Store: s.store, Memory: limitMemory(memory)}
	s.wire = &wire.Server{Backend: back, Log: s.log}
	back.Terminate = func(pid uint32) bool {
		return s.wire.Disconnect(func(p uint32) bool { return p == pid }) > 0
	}
	if s.cfg.Auth == "scram" {
		s.wire.Auth = wire.SCRAM
	}
	if s.cfg.TLSCert != "" {
		cert, err := tls.LoadX509KeyPair(s.cfg.TLSCert, s.cfg.TLSKey)
		if err != nil {
			return errors.Join(fmt.Errorf("load certificate: %w", err), s.keeper.Close(), s.store.Close())
		}
		s.wire.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	return nil
}

// openError says in one line why a folder cannot be opened.
func openError(dir string, err error) error {
	switch {
	case errors.Is(err, storage.ErrInUse):
		return fmt.Errorf("data folder %s is in use by another process", dir)
	case errors.Is(err, storage.ErrFormat):
		return fmt.Errorf("data folder %s was written by a newer version of vecdb", dir)
	case errors.Is(err, storage.ErrNoStore):
		return fmt.Errorf("data folder %s holds no database", dir)
	case errors.Is(err, storage.ErrForeign):
		return fmt.Errorf("data folder %s is not empty and holds no database: choose another, or empty it", dir)
	}
	return fmt.Errorf("open data folder %s: %w", dir, err)
}

// bootstrapOptions names the superusers of a new store: postgres, and one like the operating system's user.
func bootstrapOptions(cfg *config) (catalog.BootstrapOptions, error) {
	b := catalog.BootstrapOptions{Superusers: []string{"postgres"}}
	if u, err := user.Current(); err == nil && u.Username != "postgres" && u.Username != "" {
		b.Superusers = append(b.Superusers, u.Username)
	}
	if cfg.Password == "" {
		return b, nil
	}
	var err error
	b.Verifier, err = scram.MakeVerifier(cfg.Password)
	return b, err
}

var errNoPassword = errors.New("--auth scram needs a role with a password: give --password (or VECDB_PASSWORD) at the first start, " +
	"or start with --auth trust on a loopback address and run ALTER ROLE postgres PASSWORD '...'")

// checkPassword refuses SCRAM when nobody could log in.
func (s *server) checkPassword() error {
	if s.cfg.Auth != "scram" {
		return nil
	}
	for _, r := range s.store.Catalog().Roles() {
		if r.Login && r.Verifier != "" {
			return nil
		}
	}
	return errNoPassword
}

// dropTemporary drops what sessions of an earlier process left in temporary schemas.
func dropTemporary(store *storage.Store) error {
	txn := store.Begin(storage.TxnOptions{})
	for _, ns := range txn.Catalog().Namespaces(0) {
		if ns.Temp {
			if err := session.DropNamespace(txn, ns.OID); err != nil {
				txn.Rollback()
				return err
			}
		}
	}
	_, err := txn.Commit(context.Background())
	return err
}

// stop ends connections, upkeep and the store, in that order.
func (s *server) stop() error {
	var err error
	for _, l := range s.listeners {
		if cerr := l.Close(); cerr != nil && !errors.Is(cerr, net.ErrClosed) {
			err = errors.Join(err, cerr)
		}
	}
	if s.wire != nil {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownGrace)
		s.wire.Shutdown(ctx)
		cancel()
	}
	if s.keeper != nil {
		err = errors.Join(err, s.keeper.Close())
	}
	if s.store != nil {
		err = errors.Join(err, s.store.Close())
	}
	return err
}

func (s *server) addr() string { return s.listeners[0].Addr().String() }

func (s *server) port() string {
	_, port, _ := net.SplitHostPort(s.addr())
	return port
}

// host is an address at which this machine reaches the server.
func (s *server) host() string {
	host, _, _ := net.SplitHostPort(s.addr())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}

// psql is the command that connects.
func (s *server) psql() string {
	return strings.Join([]string{"psql", "-h", s.host(), "-p", s.port(), "-U", "postgres", "postgres"}, " ")
}

// runCheck opens a folder, which verifies its catalog and removes what a crash left, and reports.
func runCheck(_ context.Context, args []string, out io.Writer) error {
	cfg, err := readConfig("check", args, out, nil)
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	store, err := storage.Open(cfg.Data, storage.Options{Keys: session.IndexKeys, Builders: upkeep.Builders(), MustExist: true})
	if err != nil {
		return openError(cfg.Data, err)
	}
	st := store.Stats()
	_, err = fmt.Fprintf(out, "ok: version %d, %d tables, %d fragments, %d rows in tails, %d orphans removed\n",
		st.Version, st.Tables, st.Fragments, st.TailRows, st.OrphansRemoved)
	return errors.Join(err, store.Close())
}
