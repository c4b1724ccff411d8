package wire_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/vecdb/vecdb/internal/testutil"
	"github.com/vecdb/vecdb/tests/wire"
)

func TestMain(m *testing.M) {
	code := m.Run()
	testutil.RemoveBuild()
	os.Exit(code)
}

// server gives the DSN of the server to test, and whether it is vecdb.
func server(t *testing.T) (dsn string, ours bool) {
	t.Helper()
	if given := os.Getenv("VECDB_DSN"); given != "" {
		return given, os.Getenv("VECDB_ENGINE") != "postgres"
	}
	s, err := testutil.Start(testutil.Options{})
	if errors.Is(err, testutil.ErrNoServer) {
		t.Skipf("%v; set VECDB_DSN to run on another server", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("the server ended with %v\n%s", err, s.Output())
		}
	})
	return s.DSN("postgres"), true
}

// TestScripts runs each file of testdata in a database of its own.
func TestScripts(t *testing.T) {
	dsn, ours := server(t)
	paths, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if strings.HasSuffix(name, ".vecdb") && !ours {
			continue
		}
		t.Run(name, func(t *testing.T) {
			h := fnv.New32a()
			_, _ = fmt.Fprint(h, path, os.Getpid()) // a hash takes everything
			database := fmt.Sprintf("wire_%08x", h.Sum32())
			if err := wire.Do(t.Context(), dsn, "CREATE DATABASE "+database); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := wire.Do(context.Background(), dsn, "DROP DATABASE "+database+" WITH (FORCE)"); err != nil {
					t.Error(err)
				}
			})
			s, err := wire.NewScript(dsn, database)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
				t.Helper()
				out, err := s.Run(d)
				if err != nil {
					d.Fatalf(t, "%v", err)
				}
				return out
			})
		})
	}
}

// TestScriptRefuses holds that a script with a mistake says so.
func TestScriptRefuses(t *testing.T) {
	u := url.URL{Scheme: "postgres", User: url.User("nobody"), Host: "127.0.0.1:1", Path: "/none"}
	if _, err := wire.NewScript("::", "x"); err == nil {
		t.Fatal("a DSN that is none was accepted")
	}
	s, err := wire.NewScript(u.String(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(&datadriven.TestData{Cmd: "dial"}); err == nil {
		t.Fatal("port 1 answered")
	}
}
