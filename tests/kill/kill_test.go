package kill_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/vecdb/vecdb/internal/testutil"
)

var (
	rounds = flag.Int("rounds", 3, "how often the server is killed")
	seed   = flag.Uint64("seed", 1, "of what the clients do, and when the server is killed")
)

// lifeMax is the longest time that the clients have before a kill, and lifeMin the shortest.
const (
	lifeMin = 20 * time.Millisecond
	lifeMax = 900 * time.Millisecond
)

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	testutil.RemoveBuild()
	os.Exit(code)
}

// TestKill kills the server in the middle of COPY, UPDATE and index builds, again and again on one folder.
func TestKill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	w := newWork(*seed)
	rng := rand.New(rand.NewPCG(*seed, 0))
	begin(t, dir)
	for round := range *rounds {
		life := lifeMin + time.Duration(rng.Int64N(int64(lifeMax-lifeMin)))
		w.run(t, start(t, dir), life)
		s, ready := startTimed(t, dir)
		w.verify(t, s)
		stop(t, s)
		checkFolder(t, dir)
		t.Logf("round %d: killed after %v, ready again after %v, %s", round, life.Round(time.Millisecond),
			ready.Round(time.Millisecond), w.sum())
		if t.Failed() {
			t.Fatalf("replay with: go test ./tests/kill -rounds %d -seed %d", round+1, *seed)
		}
	}
}

// begin makes the tables.
func begin(t *testing.T, dir string) {
	t.Helper()
	s := start(t, dir)
	c := connect(t, s)
	for _, sql := range []string{
		"CREATE EXTENSION vector",
		"CREATE TABLE items (id bigint PRIMARY KEY, batch int NOT NULL, gen int NOT NULL DEFAULT 0, v vector(16), note text)",
		"CREATE INDEX items_batch ON items (batch)",
		"CREATE INDEX items_v ON items USING ivfpq (v vector_l2_ops)",
		"CREATE TABLE accounts (grp int, id int, n bigint NOT NULL, PRIMARY KEY (grp, id))",
		"INSERT INTO accounts SELECT g, i, 0 FROM generate_series(1, 8) g, generate_series(1, 40) i",
	} {
		if _, err := c.Exec(t.Context(), sql).ReadAll(); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	stop(t, s)
}

func start(t *testing.T, dir string) *testutil.Server {
	t.Helper()
	s, err := testutil.Start(testutil.Options{Dir: dir})
	if errors.Is(err, testutil.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func startTimed(t *testing.T, dir string) (*testutil.Server, time.Duration) {
	t.Helper()
	from := time.Now()
	s := start(t, dir)
	return s, time.Since(from)
}

func stop(t *testing.T, s *testutil.Server) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Errorf("the server ended with %v\n%s", err, s.Output())
	}
}

func connect(t *testing.T, s *testutil.Server) *pgconn.PgConn {
	t.Helper()
	c, err := pgconn.Connect(t.Context(), s.DSN("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// checkFolder looks at the folder of a server that has ended well: nothing may be there that nothing names.
func checkFolder(t *testing.T, dir string) {
	t.Helper()
	path, err := testutil.Build()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(path, "check", "--data", dir).CombinedOutput()
	if err != nil || !strings.Contains(string(out), " 0 orphans removed") {
		t.Errorf("check: %v\n%s", err, out)
	}
}

// run lets the clients work for a while and kills the server.
func (w *work) run(t *testing.T, s *testutil.Server, life time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var clients sync.WaitGroup
	for _, f := range []func(context.Context, *pgconn.PgConn) error{w.load, w.update, w.book, w.index} {
		c := connect(t, s)
		clients.Go(func() {
			for {
				if err := f(ctx, c); err != nil {
					if p := new(pgconn.PgError); errors.As(err, &p) && p.Code[:2] != "57" {
						t.Errorf("a client got %v", err)
					}
					return
				}
			}
		})
	}
	select {
	case <-time.After(life):
	case <-ctx.Done():
	}
	s.Kill()
	clients.Wait()
}
