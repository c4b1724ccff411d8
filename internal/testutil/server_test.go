package testutil

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestReadyLine(t *testing.T) {
	f := func(line, port string) {
		t.Helper()
		m := readyLine.FindStringSubmatch(line)
		if (m == nil) != (port == "") || m != nil && m[1] != port {
			t.Errorf("%q gives %q, want port %q", line, m, port)
		}
	}
	f("ready: psql -h 127.0.0.1 -p 5432 -U postgres", "5432")
	f("connect with: psql postgres://postgres@127.0.0.1:40123/postgres", "40123")
	f("connect with: psql --host 127.0.0.1 --port=40123", "40123")
	f("listening on 127.0.0.1:5432", "")
}

func TestModuleRoot(t *testing.T) {
	root, err := ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "internal", "testutil", "server.go")); err != nil {
		t.Fatal(err)
	}
}

// TestServer is the life of a server: started, stopped, started again on the same folder, killed.
func TestServer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and starts the server")
	}
	defer RemoveBuild()
	dir := filepath.Join(t.TempDir(), "data")
	s, err := Start(Options{Dir: dir})
	if errors.Is(err, ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Stop(); err != nil {
		t.Fatalf("after SIGTERM: %v\n%s", err, s.Output())
	}
	s, err = Start(Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	s.Kill()
	if s.waitErr == nil {
		t.Fatal("a killed server ended with 0")
	}
	if _, err := Start(Options{Dir: filepath.Join(os.DevNull, "data")}); err == nil {
		t.Fatal("a folder that cannot be made was served")
	}
}
